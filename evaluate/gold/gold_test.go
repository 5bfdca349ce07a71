package gold

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

func fields(t testing.TB) *field.Set {
	t.Helper()
	eV, err := quantity.ParseUnit("eV")
	if err != nil {
		t.Fatal(err)
	}
	gpa, err := quantity.ParseUnit("GPa")
	if err != nil {
		t.Fatal(err)
	}
	set, err := field.NewSet(&field.Field{Name: "solid", Title: "Solids", Version: 1, Properties: []*field.Property{
		{Field: "solid", Name: "band-gap", Title: "band gap", Unit: eV, High: 20, Names: []string{"band gap"}},
		{Field: "solid", Name: "hardness", Title: "hardness", Unit: gpa, High: 200, Names: []string{"hardness"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func paper() *document.Document {
	return &document.Document{ID: document.IDOf([]byte("paper")), Name: "paper.txt", Blocks: []document.Block{
		{Kind: document.Paragraph, Text: "The band gap of GaAs is 1.42 eV. That of InP amounts to 1340 meV. The band gap of GaN is 3.4 eV. The hardness of TiN is 21 GPa."},
	}}
}

func draft(t testing.TB) ([]*Passage, []*record.Record) {
	x := extract.New(fields(t))
	doc := paper()
	records := x.Extract(doc)
	return Draft(x, doc, records), records
}

func TestDraft(t *testing.T) {
	passages, _ := draft(t)
	var got []string
	for _, p := range passages {
		for _, r := range p.Rows {
			got = append(got, r.Subject+" "+r.Value)
		}
	}
	if want := []string{"GaAs 1.42 eV", " ", "GaN 3.4 eV", "TiN 21 GPa"}; !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("drafted %q, want %q", got, want)
	}
}

func TestScore(t *testing.T) {
	passages, records := draft(t)
	for _, p := range passages {
		for i := range p.Rows {
			switch r := &p.Rows[i]; r.Subject {
			case "GaAs":
				r.Verdict = Right
			case "GaN":
				r.Verdict, r.RightValue = Wrong, "3.5 eV"
			case "":
				r.Verdict = Right
				p.Rows = append(p.Rows, Row{Verdict: Missed, Subject: "InP", Property: "solid/band-gap", Value: "1.34 eV"})
			} // TiN is left open
		}
	}
	var b bytes.Buffer
	if err := Write(&b, passages); err != nil {
		t.Fatal(err)
	}
	again, err := Read("gold.csv", &b)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Score(again, fields(t), func(*Passage) ([]*record.Record, error) { return records, nil })
	if err != nil {
		t.Fatal(err)
	}
	// GaAs is right; GaN has another value; InP was not read. TiN does not count.
	if len(report.Tasks) != 2 || report.Tasks[0].Correct != 1 || report.Tasks[0].Found != 2 || report.Tasks[0].Gold != 3 || report.Tasks[1].Name != "solid/band-gap" {
		t.Errorf("tasks %+v", report.Tasks)
	}
	var mistakes []string
	for _, m := range report.Mistakes {
		mistakes = append(mistakes, m.Kind+" "+m.Gold+m.Found)
	}
	if want := "missed InP: 1.34 eV, missed GaN: 3.5 eV, wrong GaN: 3.4 eV"; strings.Join(mistakes, ", ") != want {
		t.Errorf("mistakes %q", mistakes)
	}
	if len(report.Notes) != 1 || !strings.HasPrefix(report.Notes[0], "1 of 4 passages") {
		t.Errorf("notes %q", report.Notes)
	}
}

func TestReadErrors(t *testing.T) {
	head := strings.Join(columns, ",") + "\n"
	for _, c := range []struct{ sheet, want string }{
		{"", "empty"},
		{"a,b\n", `row 1: there is no column "passage"`},
		{head + ",p.txt,0,,sentence,t,A,solid/band-gap,1 eV,,,right,,,,id\n", "row 2: the number of the passage is missing"},
		{head + "1,p.txt,0,,sentence,t,A,solid/band-gap,1 eV,,,perhaps,,,,id\n", `row 2: "perhaps" is no verdict`},
		{head + "1,p.txt,-3,,sentence,t,A,solid/band-gap,1 eV,,,right,,,,id\n", `row 2: "-3" is no number of a block`},
		{head + "1,,0,,sentence,t,A,solid/band-gap,1 eV,,,right,,,,\n", "does not name its document"},
		{head + "1,p.txt,0,,sentence,t,A,solid/band-gap,1 eV,,,right,,,,id\n77,,,,,,B,solid/band-gap,2 eV,,,missed,,,,\n", "row 3: there is no passage 77 above"},
		{strings.ReplaceAll(head, ",", ";") + "1;p.txt;0;;sentence;t;A;solid/band-gap;1 eV;;;perhaps;;;;id\n", `row 2: "perhaps" is no verdict`},
		{head + "1,p.txt,0,,sentence,t,A,solid/band-gap,,,,right,,,,id\n", "needs a subject, a property and a value"},
		{head + "1,p.txt,0,,sentence,t,A,solid/band-gap,1 eV,,2,right,,,,id\n", "no number from 0 to 1"},
	} {
		if _, err := Read("gold.csv", strings.NewReader(c.sheet)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "gold.csv: ") {
			t.Errorf("Read(%q): %v, want %q", c.sheet, err, c.want)
		}
	}
}

// Spreadsheet programs write semicolons or tabs in many countries.
func TestReadSpreadsheets(t *testing.T) {
	sheet := func(d string) string {
		row := []string{"1", "p.txt", "0", "", "sentence", "The gap, at 5 °C", "A", "solid/band-gap", "1 eV", "", "", "right", "", "", "", "id"}
		return strings.Join(columns, d) + "\r\n" + strings.ReplaceAll(strings.Join(row, d), "The gap, at 5 °C", `"The gap, at 5 °C"`) + "\r\n"
	}
	for _, s := range []string{sheet(","), sheet(";"), sheet("\t"), byteOrderMark + sheet(";")} {
		passages, err := Read("gold.csv", strings.NewReader(s))
		if err != nil || len(passages) != 1 || passages[0].Text != "The gap, at 5 °C" || passages[0].Rows[0].Verdict != Right || passages[0].Rows[0].Line != 2 {
			t.Errorf("%q: %+v, %v", s, passages, err)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ property, value, want string }{
		{"solid/band-gap", "1.4 eV", ""},
		{"solid/band-gap", "1400 meV at 300 K", ""},
		{"solid/band-gap", "1.4", ""},
		{"solid/bandgap", "1.4 eV", `row 7: no field declares a property "solid/bandgap"`},
		{"solid/band-gap", "9.9 parsecs", `row 7: the value "9.9 parsecs" of A: "parsecs" is no unit that is known; solid/band-gap is in eV`},
		{"solid/band-gap", "9.9 K", "solid/band-gap is in eV"},
		{"solid/band-gap", "wide", "this is no quantity"},
	} {
		row := Row{Verdict: Missed, Subject: "A", Property: c.property, Value: c.value, Line: 7}
		err := row.Check(fields(t))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s, %s: %v, want %q", c.property, c.value, err, c.want)
		}
	}
}

func TestSampler(t *testing.T) {
	chosen := func(seed uint64, with, without, n int) (string, int) {
		s := NewSampler(n, rand.New(rand.NewPCG(seed, 0)))
		for i := range with {
			s.Add(&Passage{Block: i, Rows: []Row{{Subject: "GaAs", Property: "solid/band-gap", Value: "1 eV"}}})
		}
		for i := range without {
			s.Add(&Passage{Block: with + i, Rows: []Row{{}}})
		}
		records, blocks := 0, []int{}
		for _, p := range s.Passages() {
			blocks = append(blocks, p.Block)
			if !p.Rows[0].empty() {
				records++
			}
		}
		if !slices.IsSorted(blocks) || len(slices.Compact(slices.Clone(blocks))) != len(blocks) {
			t.Errorf("blocks %v are not in order, each once", blocks)
		}
		return fmt.Sprint(blocks), records
	}
	for _, c := range []struct{ with, without, n, records, total int }{{50, 50, 10, 5, 10}, {50, 2, 10, 8, 10}, {2, 50, 10, 2, 10}, {3, 3, 10, 3, 6}, {50, 50, 1, 1, 1}, {0, 0, 5, 0, 0}} {
		blocks, records := chosen(1, c.with, c.without, c.n)
		if records != c.records || len(strings.Fields(blocks)) != c.total && c.total > 0 {
			t.Errorf("%+v: %d with records of %s", c, records, blocks)
		}
		if again, _ := chosen(1, c.with, c.without, c.n); again != blocks {
			t.Errorf("%+v: the same seed chose %s and %s", c, blocks, again)
		}
	}
	a, _ := chosen(1, 100, 100, 10)
	if b, _ := chosen(2, 100, 100, 10); a == b {
		t.Error("two seeds chose the same")
	}
}

func FuzzRead(f *testing.F) {
	passages, _ := draft(f)
	var b bytes.Buffer
	if err := Write(&b, passages); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add(strings.Join(columns, ",") + "\n1,p.txt,0,,table,\"=1+1\",'-A,solid/band-gap,1 eV,,0.5,n,,,2 eV,id\n")
	f.Fuzz(func(t *testing.T, sheet string) {
		passages, err := Read("gold.csv", strings.NewReader(sheet))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := Write(&first, passages); err != nil {
			t.Fatal(err)
		}
		again, err := Read("gold.csv", bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, first.String())
		}
		if err := Write(&second, again); err != nil {
			t.Fatal(err)
		}
		if first.String() != second.String() {
			t.Fatalf("written twice:\n%s\n%s", first.String(), second.String())
		}
	})
}
