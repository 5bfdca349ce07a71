package discover

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/record"
)

// ink has settings, choices, a mixture, a limit, a constraint and costs.
const ink = `campaign: ink
seed: 3
batch: 3
outcomes:
  gain: {goal: maximise, unit: dB}
  noise: {at-most: 20}
variables:
  temperature: {range: [60, 150], step: 5, unit: °C}
  time: {range: [1, 60], log: true}
  solvent: {choices: [DMF, DMSO, NMP]}
  a: {range: [0, 100], step: 5}
  b: {range: [0, 100], step: 5}
  c: {range: [0, 50], step: 5}
mixtures:
  - {components: [a, b, c], total: 100, at-most: 2}
constraints:
  - "0.5*temperature + time <= 120"
cost: 1 + 0.1*time
`

// crystals is a list of compositions with two goals and a target.
const crystals = `campaign: crystals
outcomes:
  gap: {target: 1.5, unit: eV, property: solid/band-gap}
  price: {goal: minimise}
variables:
  crystal:
    formulas: {pattern: "{A}{X}", sites: {A: [Mg, Ca, Zn, Cd, Sr, Ba], X: [O, S, Se, Te]}}
literature: {confidence: 0.6}
`

// declare writes files into a new folder and loads the campaign of the first.
func declare(t testing.TB, files ...string) *Campaign {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return load(t, filepath.Join(dir, files[0]))
}

func load(t testing.TB, file string) *Campaign {
	t.Helper()
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// make1 is a made-up experiment on ink: some fail, some measure one outcome.
func make1(c *Campaign, point []float64, i int) string {
	cells := make([]string, len(point))
	for j := range point {
		cells[j] = c.Space.Text(point, j)
	}
	gain := 10 - math.Pow((point[0]-100)/20, 2) + 2*math.Log(point[1]) + point[2] - math.Abs(point[3]-40)/20
	noise := fmt.Sprint(10 + point[1]/4)
	status := ""
	if i%5 == 4 {
		noise = ""
	}
	if point[0] > 140 {
		return strings.Join(cells, ",") + ",,,failed\n"
	}
	return strings.Join(cells, ",") + fmt.Sprintf(",%.3f,%s,%s\n", gain, noise, status)
}

const inkHead = "temperature,time,solvent,a,b,c,gain,noise,status\n"

// TestLoop runs a whole campaign. In it no constraint is broken, nothing is
// proposed twice, the same state gives the same proposal, and the goal is
// nearly reached.
func TestLoop(t *testing.T) {
	c := declare(t, "ink.yaml", ink)
	seen := map[string]bool{}
	made := 0
	for batch := 1; batch <= 10; batch++ {
		p, err := c.Propose(3)
		if err != nil {
			t.Fatal(err)
		}
		again, err := load(t, c.File).Propose(3)
		if err != nil {
			t.Fatal(err)
		}
		sheet := inkHead
		for i, x := range p.Candidates {
			if ok, why := c.Space.Contains(x.Point); !ok {
				t.Fatalf("batch %d proposes %v: %s", batch, x.Point, why)
			}
			if key := c.Space.Key(x.Point); seen[key] {
				t.Fatalf("batch %d proposes %v again", batch, x.Point)
			} else {
				seen[key] = true
			}
			if !reflect.DeepEqual(x.Point, again.Candidates[i].Point) || !reflect.DeepEqual(x.Reasons, again.Candidates[i].Reasons) {
				t.Fatalf("batch %d differs when proposed again:\n%v\n%v", batch, x, again.Candidates[i])
			}
			if len(x.Reasons) == 0 || x.Cost < 1 {
				t.Errorf("candidate without reasons or cost: %+v", x)
			}
			// The last of a batch stays pending.
			if i < 2 {
				sheet += make1(c, x.Point, made)
				made++
			}
		}
		if err := c.Accept(p); err != nil {
			t.Fatal(err)
		}
		s, err := c.ReadResults("results.csv", strings.NewReader(sheet))
		if err != nil {
			t.Fatal(err)
		}
		if added, _, err := c.Tell(s); err != nil || len(added) != 2 {
			t.Fatalf("%d of 2 taken: %v", len(added), err)
		}
		if len(c.Pending) != batch {
			t.Fatalf("%d are pending after batch %d", len(c.Pending), batch)
		}
	}
	best := c.Best(0)
	if best == nil || best.Outcomes[0] < 14 { // of about 20, at random about 8
		t.Errorf("the best of 20 experiments is %+v", best)
	}
	if len(c.Standing()) != 1 {
		t.Errorf("standing: %q", c.Standing())
	}
}

// TestPolicies proposes with every rule and combination of goals.
func TestPolicies(t *testing.T) {
	results := "x,y,s,f,g,h\n0.1,0.2,u,1,5,2\n0.9,0.8,v,2,4,3\n0.5,0.5,u,3,3,1\n0.3,0.9,v,1.5,2,4\n0.7,0.1,u,2.5,1,5\n"
	for _, goals := range []string{
		"f: {goal: maximise}", "f: {goal: minimise}", "f: {target: 2.2}", "f: {goal: maximise}\n  g: {goal: minimise}",
		"f: {goal: maximise}\n  g: {goal: minimise}\n  h: {target: 3}", "f: {goal: maximise, at-least: 2}\n  g: {at-most: 4}", "f: {goal: maximise, at-least: 99}",
	} {
		for _, manner := range []string{"rule: improvement", "rule: bound", "rule: thompson", "compromise: weighted", "compromise: weighted\nrule: many\nshare: 0.1", "cost: 1 + x"} {
			c := declare(t, "c.yaml", "campaign: c\nresults: r.csv\noutcomes:\n  "+goals+"\nvariables:\n  x: {range: [0, 1]}\n  y: {range: [0, 1], step: 0.1}\n  s: {choices: [u, v, w]}\n"+manner+"\n", "r.csv", results)
			p, err := c.Propose(2)
			if err != nil {
				t.Fatalf("%s, %s: %v", goals, manner, err)
			}
			if len(p.Candidates) != 2 || !p.Modelled {
				t.Errorf("%s, %s: %d candidates, modelled: %v", goals, manner, len(p.Candidates), p.Modelled)
			}
			seen := map[string]bool{}
			for _, x := range p.Candidates {
				seen[c.Space.Key(x.Point)] = true
				for j := range x.Expected {
					if math.IsNaN(x.Expected[j]) || !(x.Deviation[j] > 0) {
						t.Errorf("%s, %s: expected %v ± %v", goals, manner, x.Expected, x.Deviation)
					}
				}
			}
			if len(seen) != 2 {
				t.Errorf("%s, %s: candidates stand twice", goals, manner)
			}
		}
	}
}

func TestExhausted(t *testing.T) {
	c := declare(t, "c.yaml", "campaign: c\noutcomes: {f: {goal: maximise}}\nvariables: {x: {range: [1, 3], step: 1}}\n")
	p, err := c.Propose(5)
	if err != nil || len(p.Candidates) != 3 || !p.Exhausted {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := c.Accept(p); err != nil {
		t.Fatal(err)
	}
	if p, err := c.Propose(1); err != nil || len(p.Candidates) != 0 {
		t.Errorf("after all: %+v, %v", p, err)
	}
}

// TestLiterature: records change the first suggestions.
func TestLiterature(t *testing.T) {
	c := declare(t, "c.yaml", crystals)
	cold, err := c.Propose(2)
	if err != nil {
		t.Fatal(err)
	}
	number := func(x float64) *float64 { return &x }
	var records []Experiment
	for formula, gap := range map[string]float64{"CdTe": 1.5, "CdSe": 1.7, "ZnTe": 2.3, "MgO": 7.8, "CaO": 7, "ZnO": 3.3, "ZnS": 3.6, "BaO": 4.2} {
		r := &record.Record{ID: formula, Name: "paper", Property: "solid/band-gap", Low: number(gap), High: number(gap), Unit: "eV", Confidence: 0.9, Subject: record.Subject{Formula: formula}}
		x, ok := c.FromRecord(r)
		if !ok {
			t.Fatalf("the record of %s is not used", formula)
		}
		records = append(records, x)
		r.Confidence = 0.3
		if _, ok := c.FromRecord(r); ok {
			t.Error("a doubtful record is used")
		}
	}
	c.AddRecords(records)
	warm, err := c.Propose(2)
	if err != nil {
		t.Fatal(err)
	}
	if cold.Modelled || !warm.Modelled {
		t.Errorf("modelled: cold %v, warm %v", cold.Modelled, warm.Modelled)
	}
	// With the gaps known, no oxides are proposed for 1.5 eV.
	for _, x := range warm.Candidates {
		if name := c.Space.Text(x.Point, 0); strings.HasSuffix(name, "O") {
			t.Errorf("%s is proposed: %v", name, x.Reasons)
		}
	}
	if c.Best(0) != nil {
		t.Error("a record counts as an experiment")
	}
}

func TestLog(t *testing.T) {
	c := declare(t, "ink.yaml", ink)
	p, err := c.Propose(2)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Accept(p); err != nil {
		t.Fatal(err)
	}
	s, err := c.ReadResults("r.csv", strings.NewReader(inkHead+make1(c, p.Candidates[0].Point, 0)+"100,10,DMF,50,50,0,1,2,\n100,10,DMF,50,50,0,1,2,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if added, _, err := c.Tell(s); err != nil || len(added) != 3 {
		t.Fatalf("%d taken: %v; two equal rows are two experiments", len(added), err)
	}
	whole, err := os.ReadFile(LogFile(c.File))
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range []*Campaign{c, load(t, c.File)} {
		if added, _, err := again.Tell(s); err != nil || len(added) != 0 {
			t.Fatalf("told again: %d taken, %v", len(added), err)
		}
		if len(again.Experiments) != 3 || len(again.Pending) != 1 {
			t.Fatalf("%d experiments, %d pending", len(again.Experiments), len(again.Pending))
		}
	}
	// Cut at any place, the log gives what was whole, and telling the rest
	// mends it.
	for cut := 0; cut < len(whole); cut += 11 {
		if err := os.WriteFile(LogFile(c.File), whole[:cut], 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := Load(c.File)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if _, _, err := c.Tell(s); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if c := load(t, c.File); len(c.Experiments) != 3 {
			t.Fatalf("cut at %d: %d experiments after telling again", cut, len(c.Experiments))
		}
	}
	if err := os.WriteFile(LogFile(c.File), bytes.Replace(whole, []byte(`"version":1`), []byte(`"version":9`), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(c.File); err == nil || !strings.Contains(err.Error(), "ink.log.jsonl:1: the log has version 9") {
		t.Errorf("a log of the future: %v", err)
	}
}

// TestReplaced: of one ID only what was told last counts, also after loading,
// and nothing that was told once is told again.
func TestReplaced(t *testing.T) {
	c := declare(t, "ink.yaml", ink)
	p, err := c.Propose(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Accept(p); err != nil {
		t.Fatal(err)
	}
	cells := strings.Split(make1(c, p.Candidates[0].Point, 0), ",")[:6]
	head := "id," + inkHead
	row := func(id, gain, status string) string {
		noise := "10"
		if gain == "" {
			noise = ""
		}
		return id + "," + strings.Join(cells, ",") + "," + gain + "," + noise + "," + status + "\n"
	}
	early, late := head+row("c1", "5", "")+row("c2", "6", "")+row("", "7", "")+row("", "7", ""), head+row("c1", "4", "")
	for i, step := range []struct {
		sheet                  string
		added, replaced, known int
		gains                  string
	}{
		{early, 4, 0, 4, "5 6 7 7"},
		{early, 0, 0, 4, "5 6 7 7"},
		{late, 0, 1, 4, "4 6 7 7"},
		{early, 0, 0, 4, "4 6 7 7"}, // what was replaced does not come back
		{head + row("c2", "", "failed") + row("c3", "8", "") + row("c3", "9", ""), 1, 2, 5, "4 NaN 7 7 9"},
		{head + row("c2", "", "skipped"), 0, 1, 4, "4 7 7 9"},
		{head + row("c2", "3", ""), 1, 0, 5, "4 7 7 9 3"},
		{early + late[len(head):], 0, 0, 5, "4 7 7 9 3"},
	} {
		s, err := c.ReadResults("r.csv", strings.NewReader(step.sheet))
		if err != nil {
			t.Fatal(err)
		}
		added, replaced, err := c.Tell(s)
		if err != nil || len(added) != step.added || len(replaced) != step.replaced {
			t.Fatalf("step %d: %d added, %d replaced, %v", i+1, len(added), len(replaced), err)
		}
		for _, c := range []*Campaign{c, load(t, c.File)} {
			var gains []string
			for _, e := range c.Experiments {
				gains = append(gains, fmt.Sprint(e.Outcomes[0]))
			}
			if got := strings.Join(gains, " "); got != step.gains || len(c.Pending) != 0 {
				t.Fatalf("step %d: gains %s, want %s; %d pending", i+1, got, step.gains, len(c.Pending))
			}
		}
	}
	// Where telling fails, nothing was told.
	s, err := c.ReadResults("r.csv", strings.NewReader(head+row("c1", "1", "")))
	if err != nil {
		t.Fatal(err)
	}
	c.File = filepath.Join(t.TempDir(), "nowhere", "ink.yaml")
	if _, _, err := c.Tell(s); err == nil || c.Experiments[0].Outcomes[0] != 4 {
		t.Errorf("%v; gain %v", err, c.Experiments[0].Outcomes[0])
	}
}

func TestSkipped(t *testing.T) {
	c := declare(t, "ink.yaml", ink)
	p, err := c.Propose(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Accept(p); err != nil {
		t.Fatal(err)
	}
	row := strings.SplitN(make1(c, p.Candidates[0].Point, 0), ",", 7)
	s, err := c.ReadResults("r.csv", strings.NewReader(inkHead+strings.Join(row[:6], ",")+",,,skipped\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Tell(s); err != nil {
		t.Fatal(err)
	}
	if len(c.Pending) != 0 || len(c.Experiments) != 0 {
		t.Errorf("%d pending, %d experiments", len(c.Pending), len(c.Experiments))
	}
}

// TestDeclarationErrors: a mistake is reported at its place.
func TestDeclarationErrors(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"seed: 3", "sed: 3", `c.yaml:2:1: unknown key "sed" in the campaign; did you mean "seed"?`},
		{"seed: 3", "seed: -3", "c.yaml:2:7: the seed should be a whole number from 0"},
		{"goal: maximise", "goal: best", `c.yaml:5:16: a goal should be maximise or minimise, not "best"`},
		{"{at-most: 20}", "{}", "c.yaml:6:3: an outcome needs a goal"},
		{"goal: maximise, unit: dB", "at-least: 1", "c.yaml:5:3: no outcome has a goal"},
		{"[60, 150]", "[150, 60]", "c.yaml:8:24: the range starts at 150"},
		{"step: 5, unit", "step: 500, unit", "c.yaml:8:41: a step should be above 0"},
		{"[1, 60], log", "[0, 60], log", "c.yaml:9:17: a logarithmic scale begins above 0"},
		{"[DMF, DMSO, NMP]", "[DMF, DMF]", `c.yaml:10:28: "DMF" stands twice`},
		{"choices:", "choices: [x], range:", "c.yaml:10:3: a variable has a range, or choices, or formulas"},
		{"[a, b, c], total", "[a, b, d], total", `c.yaml:15:25: component "d" is not declared`},
		{"at-most: 2}", "at-most: 9}", "c.yaml:15:50: at most 9 of 3 components says nothing"},
		{"total: 100", "total: 500", "no mixture of at most 2 components adds up to 500"},
		{"+ time <= 120", "+ tim <= 120", `"tim" is neither a variable nor a number`},
		{"1 + 0.1*time", "0.1*time - 1", "should always be above 0"},
		{"  noise: {", "  time: {", "is declared twice, first in line 9"},
		{"cost:", "results: nowhere.csv\ncost:", "nowhere.csv"},
		{"cost:", "literature: {}\ncost:", "no outcome names the property"},
		{"cost:", "rule: most\ncost:", "rule should be improvement, bound, thompson or many"},
		{"cost:", "share: 0.1\ncost:", "the rule is another one"},
		{"cost:", "rule: many\nshare: 5\ncost:", "share should be above 0 and at most 0.5, not 5"},
		{"{at-most: 20}", "{goal: minimise}\nrule: many", "of a front there is no best share"},
		{"  noise: {", "  status: {", "every sheet of results may have"},
	} {
		if !strings.Contains(ink, test.old) {
			t.Fatalf("%q is not in the declaration", test.old)
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "c.yaml")
		if err := os.WriteFile(file, []byte(strings.Replace(ink, test.old, test.new, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Load(file)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v\nwant %s", test.new, err, test.want)
		}
	}
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("a folder is a campaign")
	}
}

func TestReadResultsErrors(t *testing.T) {
	c := declare(t, "ink.yaml", ink)
	for _, test := range []struct{ sheet, want string }{
		{"", "empty"}, {"temperature,time\n1,2\n", `r.csv:1: the column of variable "solvent" is missing`},
		{strings.Replace(inkHead, ",gain,noise,status", "", 1), "no column is an outcome"},
		{inkHead + "hot,1,DMF,1,1,1,1,1,\n", `r.csv:2: temperature should be a number, not "hot"`},
		{inkHead + "1,0,DMF,1,1,1,1,1,\n", "r.csv:2: time is on a logarithmic scale"},
		{inkHead + "1,1,,1,1,1,1,1,\n", "r.csv:2: solvent is empty"},
		{inkHead + "1,1,DMF,1,1,1,>5,1,\n", `r.csv:2: gain should be a number or empty, not ">5"`},
		{inkHead + "1,1,DMF,1,1,1,NaN,1,\n", "gain should be a number or empty"},
		{inkHead + "1,1,DMF,1,1,1,,,\n", "r.csv:2: nothing was measured"},
		{inkHead + "1,1,DMF,1,1,1,3,,failed\n", "r.csv:2: the experiment is failed, but has an outcome"},
		{inkHead + "1,1,DMF,1,1,1,3,,broken\n", `status should be ok, failed or skipped, not "broken"`},
		{inkHead + "1,1\n", "wrong number of fields"}, {"a,a\n", "stands twice"},
		{inkHead + "1,1,\xca\xcf,1,1,1,,,failed\n", "r.csv:2:5: the cell is not valid UTF-8"},
	} {
		if _, err := c.ReadResults("r.csv", strings.NewReader(test.sheet)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v\nwant %s", test.sheet, err, test.want)
		}
	}
	s, err := c.ReadResults("r.csv", strings.NewReader("\ufeffextra,"+inkHead+"?,999,1,water,1,1,1,3,,OK\n"))
	if err != nil || len(s.Experiments) != 1 || len(s.Notes) != 1 {
		t.Errorf("what lies outside of the space teaches too: %+v, %v", s, err)
	}
}

func TestList(t *testing.T) {
	const list = "campaign: c\noutcomes: {f: {goal: maximise}}\nlist: {file: l.csv, formulas: [material], ignore: [id]}\nvariables: {T: {range: [1, 2], step: 1}}\n"
	c := declare(t, "c.yaml", list, "l.csv", "id,material,size,form\n1,NaCl,1,cubic\n2,ClNa,1,cubic\n3,KCl,2,cubic\n4,ZnO,3,hexagonal\n")
	if all, ok := c.Space.All(); !ok || len(all) != 6 { // NaCl stands twice
		t.Errorf("%v", all)
	}
	for _, bad := range []string{"", "id,material\n", "id,material\n1,Qq\n", "id,material,T\n1,NaCl,3\n", "id,stuff\n1,NaCl\n"} {
		dir := t.TempDir()
		for name, data := range map[string]string{"c.yaml": list, "l.csv": bad} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Load(filepath.Join(dir, "c.yaml")); err == nil || !strings.Contains(err.Error(), "c.yaml:") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzParse: whatever a declaration holds, it is refused with places, or it is
// a campaign that proposes what keeps to it.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{ink, crystals, "campaign: c\noutcomes: {f: {target: 1}}\nvariables: {x: {range: [0, 1]}}\n", "campaign: [", "a: &a [*a]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte("list")) || bytes.Contains(data, []byte("results")) {
			return // these name files
		}
		c, err := Parse("c.yaml", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "c.yaml:") {
				t.Fatalf("no place: %v", err)
			}
			return
		}
		if len(c.Space.Variables) > 10 {
			return
		}
		p, err := c.Propose(2)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range p.Candidates {
			if ok, why := c.Space.Contains(x.Point); !ok {
				t.Fatalf("%s: proposed %v: %s", data, x.Point, why)
			}
		}
	})
}

// FuzzReadResults: whatever a sheet holds, it is refused, or its experiments
// can be written to the log and read back.
func FuzzReadResults(f *testing.F) {
	for _, seed := range []string{inkHead + "100,10,DMF,50,50,0,1,2,\n", inkHead + "1,1,\"a,\n\"\"b\",1,1,1,,,failed\n", inkHead, "x", "\"", "id," + inkHead + "a,100,10,DMF,50,50,0,1,2,\n\xff,100,10,DMF,50,50,0,1,2,\na,100,10,DMF,50,50,0,,,skipped\n", inkHead + "1e308,1,DMF,-0,1,1e-320,3,,\n", inkHead + "1,1,\xca\xcf,1,1,1,,,failed\n"} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	file := filepath.Join(dir, "ink.yaml")
	if err := os.WriteFile(file, []byte(ink), 0o666); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		os.Remove(LogFile(file))
		c := load(t, file)
		s, err := c.ReadResults("r.csv", bytes.NewReader(data))
		if err != nil {
			return
		}
		if _, _, err := c.Tell(s); err != nil {
			t.Fatal(err)
		}
		back := load(t, file)
		if len(back.Experiments) != len(c.Experiments) {
			t.Fatalf("%d experiments written, %d read", len(c.Experiments), len(back.Experiments))
		}
		for i := range c.Experiments {
			if got, want := back.identity(back.Experiments[i]), c.identity(c.Experiments[i]); got != want {
				t.Fatalf("written %q, read %q", want, got)
			}
		}
	})
}

func BenchmarkPropose(b *testing.B) {
	c := declare(b, "ink.yaml", ink)
	sheet := inkHead
	for i := range 30 {
		p := []float64{60 + float64(i%17)*5, 1 + float64(i), float64(i % 3), float64(5 * (i % 10)), float64(100 - 5*(i%10)), 0}
		sheet += make1(c, p, i)
	}
	s, err := c.ReadResults("r.csv", strings.NewReader(sheet))
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := c.Tell(s); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Propose(8); err != nil {
			b.Fatal(err)
		}
	}
}

// dyes are molecules that edits may lead away from.
const dyes = `campaign: dyes
outcomes: {size: {goal: maximise}}
variables:
  dye: {molecules: [c1ccccc1N, c1ccccc1O, CCN(CC)c1ccccc1, c1ccc2ccccc2c1, Cc1ccncc1], invent: true, max-atoms: 15}
  solvent: {choices: [water, toluene]}
`

// TestInvent: molecules are proposed that nobody has listed, each once and
// within the limits, and they lead to the goal.
func TestInvent(t *testing.T) {
	c := declare(t, "dyes.yaml", dyes)
	listed := map[string]bool{}
	for _, s := range c.Space.Variables[0].Choices {
		listed[s] = true
	}
	seen := map[string]bool{}
	invented, largest := 0, 0.0
	for range 4 {
		p, err := c.Propose(3)
		if err != nil {
			t.Fatal(err)
		}
		twin := load(t, c.File)
		again, err := twin.Propose(3)
		if err != nil {
			t.Fatal(err)
		}
		sheet := "dye,solvent,size\n"
		for i, x := range p.Candidates {
			if ok, why := c.Space.Contains(x.Point); !ok || seen[c.Space.Key(x.Point)] {
				t.Fatalf("proposed %v: %s", x.Point, why)
			}
			seen[c.Space.Key(x.Point)] = true
			name := c.Space.Text(x.Point, 0)
			if name != twin.Space.Text(again.Candidates[i].Point, 0) {
				t.Fatalf("proposed %s, and another when asked again", name)
			}
			m, err := molecule.ParseSMILES(name)
			if err != nil {
				t.Fatal(err)
			}
			if m.NumAtoms() > 15 {
				t.Errorf("%s has more than 15 atoms", name)
			}
			if !listed[name] {
				invented++
			}
			largest = max(largest, float64(m.NumAtoms()))
			sheet += fmt.Sprintf("%s,%s,%d\n", name, c.Space.Text(x.Point, 1), m.NumAtoms())
		}
		if err := c.Accept(p); err != nil {
			t.Fatal(err)
		}
		s, err := c.ReadResults("r.csv", strings.NewReader(sheet))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Tell(s); err != nil {
			t.Fatal(err)
		}
	}
	if invented < 6 || largest < 13 {
		t.Errorf("%d of 12 molecules are invented, the largest has %v atoms", invented, largest)
	}
}
