package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/record"
)

// canned is an extractor that knows what it will find in documents of a name.
type canned map[string][]*record.Record

func (c canned) Extract(d *document.Document) []*record.Record {
	for _, r := range c[d.Name] {
		if r.Evidence.Sentence == "table" {
			r.Evidence.Block = tableBlock(d)
		}
	}
	return c[d.Name]
}

func tableBlock(d *document.Document) int {
	for i, b := range d.Blocks {
		if b.Kind == document.Tabular {
			return i
		}
	}
	return -1
}

func at(x float64) *float64 { return &x }

// rec returns a record of subject with the value from low to high in unit.
func rec(property, subject, text string, low, high *float64, unit string, conditions ...record.Condition) *record.Record {
	return &record.Record{Property: property, Subject: record.Subject{Text: subject, Name: subject}, Text: text, Low: low, High: high, Unit: unit, Conditions: conditions}
}

// inTable marks records as standing in the table of their document.
func inTable(rs ...*record.Record) []*record.Record {
	for _, r := range rs {
		r.Evidence.Sentence = "table"
	}
	return rs
}

// want is the expected score of one task.
type want struct {
	task        string
	correct     float64
	found, gold int
	p, r, f1    float64
}

func check(t *testing.T, tasks []Task, wants ...want) {
	t.Helper()
	for _, w := range wants {
		seen := false
		for _, got := range tasks {
			if got.Name != w.task {
				continue
			}
			seen = true
			if got.Correct != w.correct || got.Found != w.found || got.Gold != w.gold {
				t.Errorf("%s: %g correct of %d found and %d gold, want %g of %d and %d", w.task, got.Correct, got.Found, got.Gold, w.correct, w.found, w.gold)
			}
			for _, x := range []struct {
				name      string
				got, want float64
			}{{"precision", got.Precision, w.p}, {"recall", got.Recall, w.r}, {"F1", got.F1, w.f1}} {
				if math.Abs(x.got-x.want) > 5e-4 {
					t.Errorf("%s: %s %.4f, want %.4f", w.task, x.name, x.got, x.want)
				}
			}
		}
		if !seen {
			var names []string
			for _, got := range tasks {
				names = append(names, got.Name)
			}
			t.Errorf("no task %q among %q", w.task, names)
		}
	}
}

func run(t *testing.T, corpus string, x Extractor) *Report {
	t.Helper()
	r, err := Run(context.Background(), corpus, filepath.Join("testdata", corpus), Options{Extractor: x})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range r.Notes {
		t.Log(n)
	}
	return r
}

func TestCurie(t *testing.T) {
	tc := func(subject, text string) *record.Record { return rec(curieProperty, subject, text, nil, nil, "K") }
	all := func() canned {
		return canned{
			"0.txt": {tc("Iron", "1043 K"), tc("cobalt", "1388 K")},
			"2.txt": {tc("Fe3GeTe2", "220 K"), tc("CrI3", "between 45 and 61 K")},
		}
	}
	other := all()
	other["1.txt"] = []*record.Record{rec("solid/neel-temperature", "Iron", "5 K", nil, nil, "K")}
	double := all()
	double["0.txt"] = append(double["0.txt"], tc("cobalt", "1388 K"), tc("Iron", "1388 K"))
	for _, tt := range []struct {
		name string
		x    canned
		want want
	}{
		{"perfect", all(), want{"", 4, 4, 4, 1, 1, 1}},
		{"empty", canned{}, want{"", 0, 0, 4, 0, 0, 0}},
		{"half of an interval is wrong", canned{"2.txt": {tc("Fe3GeTe2", "220 K"), tc("CrI3", "61 K")}}, want{"", 1, 2, 4, .5, .25, 1. / 3}},
		{"wrong abstract", canned{"1.txt": {tc("Iron", "1043 K")}}, want{"", 0, 1, 4, 0, 0, 0}},
		{"other property", other, want{"", 4, 4, 4, 1, 1, 1}},
		{"double and wrong", double, want{"", 4, 5, 4, .8, 1, 8. / 9}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, "curie-temperature", tt.x)
			tt.want.task = "compound and temperature"
			check(t, r.Tasks, tt.want)
			check(t, r.Peers,
				want{"ChemDataExtractor", 2, 3, 4, 2. / 3, .5, 4. / 7},
				want{"BERT-PSIE", 0, 1, 4, 0, 0, 0})
			missed, wrong := 0, 0
			for _, m := range r.Mistakes {
				switch m.Kind {
				case Missed:
					missed++
				case Wrong:
					wrong++
				}
			}
			if missed != tt.want.gold-int(tt.want.correct) || wrong != tt.want.found-int(tt.want.correct) {
				t.Errorf("%d missed and %d wrong do not add up", missed, wrong)
			}
		})
	}
}

func TestBandGaps(t *testing.T) {
	const first, second, third = "1_10.1000_first.txt", "2_10.1000_second.txt", "7_10.1000_third.txt"
	eg := func(subject string, low, high *float64) *record.Record {
		return rec(bandGapProperty, subject, "", low, high, "eV")
	}
	one := func(subject string, x float64) *record.Record { return eg(subject, at(x), at(x)) }
	all := func() canned {
		return canned{
			first: {one("Zinc Oxide", 3.37), rec(bandGapProperty, "TiO2", "", at(3000), at(3000), "meV")},
			third: {eg("wz–AlN", at(6), at(6.2)), eg("InN", nil, at(.7))},
		}
	}
	spurious := all()
	spurious[second] = []*record.Record{one("SiO2", 9)}
	double := all()
	double[first] = append(double[first], one("zinc oxide", 3.37), one("ZnO", 3.4))
	const task, strict = "material and band gap", "material and band gap, alias as annotated"
	for _, tt := range []struct {
		name  string
		x     canned
		wants []want
	}{
		// One annotated record belongs to a paper without text.
		{"all there is", all(), []want{{task, 4, 4, 5, 1, .8, 8. / 9}, {strict, 2, 4, 5, .5, .4, 4. / 9}}},
		{"empty", canned{}, []want{{task, 0, 0, 5, 0, 0, 0}}},
		{"in a paper without band gaps", spurious, []want{{task, 4, 5, 5, .8, .8, .8}}},
		{"double, and another rounding", double, []want{{task, 4, 5, 5, .8, .8, .8}}},
		{"an interval is no number", canned{third: {one("AlN", 6), one("AlN", 6.2), eg("InN", at(.6), at(.7))}}, []want{{task, 0, 3, 5, 0, 0, 0}}},
		{"wrong paper", canned{second: {one("ZnO", 3.37)}}, []want{{task, 0, 1, 5, 0, 0, 0}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, run(t, "bandgap-papers", tt.x).Tasks, tt.wants...)
		})
	}
	r := run(t, "bandgap-papers", spurious)
	// Two papers are read right, the one without text is not.
	if a := r.Tasks[0].Average; a == nil || a.Documents != 3 || a.Barren != 1 || a.Clean != 0 || math.Abs(a.F1-2./3) > 1e-9 {
		t.Errorf("average %+v, want F1 2/3 of 3 papers and 1 without band gaps that is not clean", a)
	}
	notes := strings.Join(r.Notes, "\n")
	for _, want := range []string{"no text for paper 9", "paper 3 is 7_10.1000_third.txt"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes %q do not say %q", notes, want)
		}
	}
}

func TestAliases(t *testing.T) {
	for _, tt := range []struct {
		alias, text string
		bare        bool // agrees only without its qualification
		agrees      bool
	}{
		{"ZnO", "ZnO", false, true},
		{"ZnO", "OZn", false, true},
		{"SmN (FM phase, LSDA+U+SO)", "SmN", true, true},
		{"wz-AlN(HSE06+G0W0)", "wz−AlN", true, true},
		{"wz-AlN(HSE06+G0W0)", "AlN", true, false},
		{"Cs3Sb2I9 2D", "Cs3Sb2I9", true, true},
		{"0D Cs3Bi2Br9", "Cs3Bi2Br9", true, true},
		{"MgSO4·H2O (100) surface (GGA-PBE)", "MgSO4·H2O", true, false},
		{"MgSO4·H2O GGA-PBE", "MgSO4·H2O", true, true},
		{"Ca(OH)2", "Ca", true, false},
		{"MA(Pb1-xSnx)I3", "MA", true, false},
		{"SiO(CH3)", "SiO", true, false},
		{"Graphene", "graphene", false, true},
		{"CO", "Co", true, false},
		{"white phosphorus", "White phosphorus", false, true},
		{"LaYS3", "LaYS3 thin films", true, true},
		{"Ag3AuSe2 compressed 4%", "Ag3AuSe2", true, false},
		{"films", "film", true, false},
	} {
		s := &record.Subject{Text: tt.text}
		if got := aliasAgrees(tt.alias, s, true); got != tt.agrees {
			t.Errorf("%q and %q: %t, want %t", tt.alias, tt.text, got, tt.agrees)
		}
		if got := aliasAgrees(tt.alias, s, false); got != (tt.agrees && !tt.bare) {
			t.Errorf("%q and %q as annotated: %t, want %t", tt.alias, tt.text, got, tt.agrees && !tt.bare)
		}
	}
}

func TestParseValue(t *testing.T) {
	for _, tt := range []struct {
		text      string
		low, high float64
		half      float64
		interval  bool
	}{
		{"3.43", 3.43, 3.43, .005, false},
		{"~-0.15", -.15, -.15, .005, false},
		{"<0.002", .002, .002, .0005, false},
		{"1.23-1.4", 1.23, 1.4, .005, true},
		{"-0.2 to 0.8", -.2, .8, .05, true},
		{"1.67±0.09", 1.67, 1.67, .005, false},
		{"~0.010-0.030", .01, .03, .0005, true},
		{"2.4*10-7", 2.4e-7, 2.4e-7, .05e-7, false},
		{"3.2 * 10-3", 3.2e-3, 3.2e-3, .05e-3, false},
		{"10-4", 1e-4, 1e-4, .5e-4, false},
		{"7*10-6 to 2*10-6", 2e-6, 7e-6, .5e-6, true},
		{"1,200", 1200, 1200, .5, false},
	} {
		v, ok := parseValue(tt.text)
		if !ok || !near(v.low, tt.low, 0) || !near(v.high, tt.high, 0) || !near(v.half, tt.half, 0) || v.interval != tt.interval {
			t.Errorf("%q: %+v, %t; want %g to %g ± %g, interval %t", tt.text, v, ok, tt.low, tt.high, tt.half, tt.interval)
		}
	}
	for _, s := range []string{"", "eV", "0." + strings.Repeat("0", 400), "1.2.3", "-", "to", "1 to", "1-2-3"} {
		if v, ok := parseValue(s); ok {
			t.Errorf("%q read as %+v", s, v)
		}
	}
}

func TestRounds(t *testing.T) {
	for _, tt := range []struct {
		gold  string
		found float64
		want  bool
	}{
		{"3.44", 3.437, true},
		{"3.44", 3.43, false},
		{"3.2", 3.18, true},
		{"2", 2.3, false}, // within half a unit, but not within 1 %
		{"2", 2.01, true},
		{"0", 0, true},
		{"0", 0.01, false},
		{"0.0138", 0.0138, true},
	} {
		v, ok := parseValue(tt.gold)
		if !ok {
			t.Fatalf("%q is not a value", tt.gold)
		}
		if got := v.rounds(tt.found, tt.found); got != tt.want {
			t.Errorf("%s and %g: %t, want %t", tt.gold, tt.found, got, tt.want)
		}
	}
}

func TestSameCompound(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"Sn0.95Co0.05O2", "Sn0.95Co0.05O2-d", true},
		{"La0.6Sr0.4CoO3", "La0.6Sr0.4CoO3−δ", true},
		{"RuSr  2 GdCu  2 O  8", "RuSr2GdCu2O8", true},
		{"(Ga,Mn)As", "(Ga, Mn)As", true},
		{"Fe2O3", "O3Fe2", true},
		{"iron", "Iron", false},
		{"Cd", "C", false},
		{"", "", false},
		{"-d", "", false},
	} {
		if got := sameCompound(tt.name, &record.Subject{Text: tt.text}); got != tt.want {
			t.Errorf("%q and %q: %t, want %t", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestNumberSet(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"700-900K.", "700 900"}, {"586to543K.", "543 586"}, {"~54 K", "54"}, {"3.30 K", "3.3"}, {"78 5 K", "785"}, {"2 . 4 K", "2.4"}, {"5, 5", "5"}, {"K", ""},
	} {
		if got := numberSet(tt.text); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestBatteryTables(t *testing.T) {
	kelvin := record.Condition{Name: "temperature", Low: at(298.15), High: at(298.15), Unit: "K"}
	cycle := record.Condition{Name: "cycle", Low: at(10), High: at(10), Unit: "cycle"}
	current := record.Condition{Name: "current-density", Low: at(.1), High: at(.1), Unit: "A g^-1"}
	const s, c = "battery/ionic-conductivity", "battery/specific-capacity"
	one := func(p, subject string, x float64, unit string, cs ...record.Condition) *record.Record {
		return rec(p, subject, "", at(x), at(x), unit, cs...)
	}
	prose := one(s, "Garnet A-1", .0005, "S cm^-1")
	const values, conditions = "jats: values of tables", "jats: values of tables with conditions"
	for _, tt := range []struct {
		name  string
		x     canned
		wants []want
	}{
		{"perfect", canned{"PMC1.xml": inTable(one(s, "Garnet A-1", .5, "mS cm^-1", kelvin), one(s, "A-2", .0003, "S cm^-1", kelvin), one(c, "Garnet A-1", 150, "mA h g^-1", cycle, current))},
			[]want{{values, 3, 3, 3, 1, 1, 1}, {conditions, 3, 3, 3, 1, 1, 1}}},
		{"without conditions", canned{"PMC1.xml": inTable(one(s, "Garnet A-1", .0005, "S cm^-1"), one(s, "Garnet A-2", .0003, "S cm^-1", kelvin), one(c, "Garnet A-1", 150, "mA h g^-1", cycle))},
			[]want{{values, 3, 3, 3, 1, 1, 1}, {conditions, 1, 3, 3, 1. / 3, 1. / 3, 1. / 3}}},
		{"half right", canned{"PMC1.xml": inTable(one(s, "Garnet A-2", .0005, "S cm^-1"), one(c, "Garnet A-1", 150, "mA h g^-1"))},
			[]want{{values, 1, 2, 3, .5, 1. / 3, .4}, {conditions, 0, 2, 3, 0, 0, 0}}},
		{"prose does not count", canned{"PMC1.xml": {prose}}, []want{{values, 0, 0, 3, 0, 0, 0}}},
		{"empty", canned{}, []want{{values, 0, 0, 3, 0, 0, 0}, {conditions, 0, 0, 3, 0, 0, 0}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, "battery-papers", tt.x)
			check(t, r.Tasks, tt.wants...)
			notes := strings.Join(r.Notes, "\n")
			for _, want := range []string{`"colour"`, "no pdf"} {
				if !strings.Contains(notes, want) {
					t.Errorf("notes %q do not mention %s", notes, want)
				}
			}
		})
	}
}

func TestBatterySentences(t *testing.T) {
	one := func(p, subject string, x float64, unit string) *record.Record {
		return rec(p, subject, "", at(x), at(x), unit)
	}
	const c = "battery/specific-capacity"
	all := canned{
		"capacity 1.txt":             {one(c, "LiFePO4", 160, "mA h g^-1"), one(c, "LiFePO4", 150, "mA h g^-1"), one(c, "LiFePO4", 140, "mA h g^-1")},
		"capacity 2.txt":             {one(c, "LiMn2O4", 120, "mA h g^-1")},
		"capacity 3.txt":             {one(c, "LiCoO2", .14, "A h g^-1")},
		"conductivity 4.txt":         {one("battery/ionic-conductivity", "Li3N", 1.2e-3, "S cm^-1")},
		"coulombic efficiency 5.txt": {rec("battery/coulombic-efficiency", "Si/C", "", at(98), at(99), "%")},
		"energy 6.txt":               {one("battery/energy-density", "Li-S cell", 400, "W h kg^-1")},
		"voltage 7.txt":              {one("battery/discharge-voltage", "LiCoPO4", 4.8, "V"), one(c, "LiCoPO4", 1, "mA h g^-1")},
	}
	check(t, run(t, "battery-sentences", all).Tasks, want{"capacity", 5, 5, 5, 1, 1, 1}, want{"all properties", 9, 9, 9, 1, 1, 1})
	half := canned{
		"capacity 1.txt":     {one(c, "LiFePO4", 160, "mA h g^-1"), one(c, "LiCoO2", 150, "mA h g^-1"), one(c, "LiFePO4", 999, "mA h g^-1"), one(c, "LiFePO4", 999, "mA h g^-1")},
		"conductivity 4.txt": {one("battery/ionic-conductivity", "Li3N", 1.3e-3, "S cm^-1")},
		"voltage 7.txt":      {one("battery/discharge-voltage", "LiCoPO4", 4.8, "V")},
	}
	r := run(t, "battery-sentences", half)
	check(t, r.Tasks, want{"capacity", 1, 3, 5, 1. / 3, .2, .25}, want{"conductivity", 0, 1, 1, 0, 0, 0}, want{"voltage", 1, 1, 1, 1, 1, 1}, want{"all properties", 2, 5, 9, .4, 2. / 9, 2. / 7})
	check(t, run(t, "battery-sentences", canned{}).Tasks, want{"all properties", 0, 0, 9, 0, 0, 0})
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "capacity.csv: 1 rows are torn") {
		t.Errorf("notes %q do not tell of the torn row", notes)
	}
}

func TestMeasEval(t *testing.T) {
	r := run(t, "measeval", nil)
	// "about 30 mA" is annotated without "about"; "20 min" is not annotated.
	check(t, r.Tasks,
		want{"quantity, exact span", 3, 5, 4, .6, .75, 2. / 3},
		want{"quantity, overlap F1", 3.8, 5, 4, .76, .95, 7.6 / 9},
		want{"quantity, unit", 4, 5, 4, .8, 1, 8. / 9},
		want{"quantity with unit, exact span", 3, 5, 4, .6, .75, 2. / 3})
	if r.Documents != 3 || r.Split != "train and trial" {
		t.Errorf("%d documents of %q", r.Documents, r.Split)
	}
}

func TestSOFC(t *testing.T) {
	check(t, run(t, "sofc-exp", nil).Tasks,
		want{"material mentions, exact span", 2, 3, 3, 2. / 3, 2. / 3, 2. / 3},
		want{"material mentions, overlapping span", 3, 3, 3, 1, 1, 1},
		want{"value mentions, exact span", 1, 1, 1, 1, 1, 1})
}

func TestMuLMS(t *testing.T) {
	check(t, run(t, "mulms", nil).Tasks,
		want{"MAT mentions, exact span", 1, 1, 2, 1, .5, 2. / 3},
		want{"NUM mentions, exact span", 3, 3, 3, 1, 1, 1},
		want{"VALUE mentions, exact span", 2, 2, 2, 1, 1, 1})
}

func TestPolyIE(t *testing.T) {
	check(t, run(t, "polyie", nil).Tasks,
		want{"compound mentions, exact span", 1, 1, 2, 1, .5, 2. / 3},
		want{"property value mentions, exact span", 1, 1, 1, 1, 1, 1})
}

// TestMentionCount scores spans that are all right, all missing and half right.
func TestMentionCount(t *testing.T) {
	const text = "LiFePO4 and LiCoO2 in a cell"
	gold := []span{{0, 7}, {12, 18}}
	for _, tt := range []struct {
		name           string
		gold, found    []span
		exact, overlap want
	}{
		{"perfect", gold, []span{{12, 18}, {0, 7}, {0, 7}}, want{"m, exact span", 2, 2, 2, 1, 1, 1}, want{"m, overlapping span", 2, 2, 2, 1, 1, 1}},
		{"empty", gold, nil, want{"m, exact span", 0, 0, 2, 0, 0, 0}, want{"m, overlapping span", 0, 0, 2, 0, 0, 0}},
		{"half", gold, []span{{0, 7}, {12, 14}}, want{"m, exact span", 1, 2, 2, .5, .5, .5}, want{"m, overlapping span", 2, 2, 2, 1, 1, 1}},
		{"one over two", gold, []span{{0, 18}}, want{"m, exact span", 0, 1, 2, 0, 0, 0}, want{"m, overlapping span", 1, 1, 2, 1, .5, 2. / 3}},
		{"nothing to find", nil, []span{{0, 7}}, want{"m, exact span", 0, 1, 0, 0, 0, 0}, want{"m, overlapping span", 0, 1, 0, 0, 0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newMentionCount("m")
			c.add("d", text, tt.gold, tt.found)
			check(t, c.tasks(), tt.exact, tt.overlap)
		})
	}
}

func TestMatch(t *testing.T) {
	// A greedy pairing in order would give gold 0 the only found of gold 1.
	edges := [][]bool{{true, true, false}, {true, false, false}, {false, true, true}}
	m := match(3, 3, func(g, f int) bool { return edges[g][f] })
	if got := fmt.Sprint(m); got != "[1 0 2]" {
		t.Errorf("match %s, want [1 0 2]", got)
	}
	if got := fmt.Sprint(unmatched([]int{2, -1}, 4)); got != "[0 1 3]" {
		t.Errorf("unmatched %s, want [0 1 3]", got)
	}
}

func TestErrors(t *testing.T) {
	ctx := context.Background()
	if _, err := Run(ctx, "no-such", "testdata", Options{}); !errors.Is(err, ErrUnknownCorpus) || !strings.Contains(err.Error(), "polyie") {
		t.Errorf("unknown corpus: %v", err)
	}
	for _, c := range Corpora() {
		if _, err := c.Score(ctx, t.TempDir(), Options{Extractor: canned{}}); err == nil {
			t.Errorf("%s: no error for an empty folder", c.Name)
		}
	}
	if _, err := Run(ctx, "curie-temperature", "testdata/curie-temperature", Options{}); !errors.Is(err, ErrNoExtractor) {
		t.Errorf("without an extractor: %v", err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range Corpora() {
		if _, err := c.Score(ended, filepath.Join("testdata", c.Name), Options{Extractor: canned{}}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: an ended context gives %v", c.Name, err)
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"abstracts.json": `{"abstracts":["a"]}`, "gold.csv": "compound,Tc,source\nFe,5 K,one\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Run(ctx, "curie-temperature", dir, Options{Extractor: canned{}}); !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("malformed row: %v", err)
	}
}

// TestProgress wants every corpus to count up to its total and to write itself
// as JSON with lower-case names.
func TestProgress(t *testing.T) {
	for _, c := range Corpora() {
		done, total := 0, 0
		r, err := c.Score(context.Background(), filepath.Join("testdata", c.Name), Options{Extractor: canned{}, Progress: func(d, n int) {
			if d != done+1 {
				t.Errorf("%s: progress %d after %d", c.Name, d, done)
			}
			done, total = d, n
		}})
		if err != nil {
			t.Fatal(err)
		}
		if done == 0 || done != total {
			t.Errorf("%s: ended at %d of %d", c.Name, done, total)
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"corpus":"` + c.Name + `"`, `"precision":`, `"recall":`, `"f1":`, `"tasks":`} {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s: JSON has no %s: %s", c.Name, want, data)
			}
		}
	}
}

func FuzzParseValue(f *testing.F) {
	for _, s := range []string{"3.43", "~0.7", "1.23-1.4", "7*10-6 to 2*10-6", "1.67±0.09", "-0.2 to 0.8", "totototo"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := parseValue(s)
		if !ok {
			return
		}
		if !(v.low <= v.high) || !(v.half > 0) || !v.interval && v.low != v.high {
			t.Errorf("%q: %+v", s, v)
		}
		if !v.rounds(v.low, v.high) || !v.is(v.low, v.high, 0) {
			t.Errorf("%q is not itself", s)
		}
	})
}

func FuzzUnqualify(f *testing.F) {
	for _, s := range []string{"SmN (FM phase, LSDA+U+SO)", "Ca(OH)2", "(a)(b) (c", ")))(((", "0D Cs3Bi2Br9", "with and without"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u := unqualify(s)
		if len(u) > len(s) {
			t.Errorf("%q became longer: %q", s, u)
		}
		if strings.TrimSpace(s) != "" && !aliasAgrees(s, &record.Subject{Text: s}, true) && plain(s) != "" {
			t.Errorf("%q does not agree with itself", s)
		}
	})
}

func FuzzWholeRows(f *testing.F) {
	data, err := os.ReadFile("testdata/battery-sentences/capacity.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add("h\n\"a\n\"b\n")
	f.Fuzz(func(t *testing.T, s string) {
		rows, torn := wholeRows(s, "Capacity")
		if n := strings.Count(s, "\n") + 1; len(rows)+torn > n {
			t.Errorf("%d rows and %d torn lines of %d lines", len(rows), torn, n)
		}
		for _, row := range rows {
			if len(row) != 6 || row[0] != "Capacity" {
				t.Errorf("row %q", row)
			}
		}
	})
}

func BenchmarkMatchSpans(b *testing.B) {
	var gold, found []span
	for i := range 2000 {
		gold = append(gold, span{10 * i, 10*i + 7})
		found = append(found, span{10*i + i%3, 10*i + 7})
	}
	b.ReportAllocs()
	for b.Loop() {
		matchSpans(gold, found, func(x, y span) bool { return x == y })
	}
}

// TestDoping trains on too little to find anything, but reads all that is
// annotated.
func TestDoping(t *testing.T) {
	r, err := Run(context.Background(), "nerre-doping", filepath.Join("testdata", "nerre-doping"), Options{Train: true})
	if err != nil {
		t.Fatal(err)
	}
	gold := map[string]int{}
	for _, task := range r.Tasks {
		gold[task.Name] = task.Gold
	}
	for name, want := range map[string]int{"host–dopant pairs, exact": 3, "hosts, exact": 2, "dopants, exact": 3} {
		if gold[name] != want {
			t.Errorf("%s: %d annotated, want %d", name, gold[name], want)
		}
	}
}
