package space

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// spaces returns spaces of all kinds.
func spaces(t testing.TB) map[string]*Space {
	t.Helper()
	all := map[string]*Space{
		"grid": {Variables: []Variable{{Name: "x", Low: 0, High: 1, Step: 0.1}, {Name: "y", Low: -3, High: 3, Step: 1}, {Name: "s", Kind: Choice, Choices: []string{"a", "b"}}}},
		"box":  {Variables: []Variable{{Name: "x", Low: -5, High: 5}, {Name: "t", Low: 1e-3, High: 1e3, Log: true}}},
		"mixture": {
			Variables: []Variable{{Name: "a", High: 1, Step: 0.05}, {Name: "b", High: 1, Step: 0.05}, {Name: "c", Low: 0.1, High: 0.5, Step: 0.05}, {Name: "d", High: 0.3, Step: 0.05}},
			Mixtures:  []Mixture{{Variables: []int{0, 1, 2, 3}, Total: 1, AtMost: 3}},
		},
		"smooth mixture": {
			Variables: []Variable{{Name: "a", High: 100}, {Name: "b", High: 100}, {Name: "c", Low: 10, High: 50}, {Name: "T", Low: 20, High: 80}},
			Mixtures:  []Mixture{{Variables: []int{0, 1, 2}, Total: 100, AtMost: 2}},
		},
		"list": {
			Variables: []Variable{{Name: "f", Kind: Formula, Choices: []string{"NaCl", "KCl", "MgO"}}, {Name: "size", Low: 1, High: 3}, {Name: "T", Low: 300, High: 400, Step: 50}},
			Joint:     []int{0, 1}, Rows: [][]float64{{0, 1}, {1, 2}, {2, 3}},
		},
	}
	for name, s := range all {
		if name == "box" || name == "smooth mixture" {
			l, err := s.ParseLinear("2*" + s.Variables[0].Name + " + " + s.Variables[1].Name + " >= 3")
			if err != nil {
				t.Fatal(err)
			}
			s.Linear = append(s.Linear, l)
		}
		if err := s.Prepare(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return all
}

// TestDrawAndVary: every point that is drawn or varied is a candidate, and in
// spaces that can be enumerated it is among all.
func TestDrawAndVary(t *testing.T) {
	for name, s := range spaces(t) {
		rnd := rand.New(rand.NewPCG(1, 2))
		all, enumerated := s.All()
		keys := map[string]bool{}
		for _, p := range all {
			if ok, why := s.Contains(p); !ok {
				t.Fatalf("%s: enumerated %v: %s", name, p, why)
			}
			if keys[s.Key(p)] {
				t.Fatalf("%s: enumerated %v twice", name, p)
			}
			keys[s.Key(p)] = true
		}
		seen := map[string]bool{}
		var before []float64
		for range 2000 {
			p := s.Draw(rnd)
			if p == nil {
				t.Fatalf("%s: nothing drawn", name)
			}
			if before != nil && rnd.IntN(2) == 0 {
				if varied := s.Vary(p, before, rnd); varied != nil {
					p = varied
				}
			}
			before = p
			if ok, why := s.Contains(p); !ok {
				t.Fatalf("%s: %v: %s", name, p, why)
			}
			if enumerated && !keys[s.Key(p)] {
				t.Fatalf("%s: %v is not among all %d", name, p, len(all))
			}
			seen[s.Key(p)] = true
			// A value that is written can be read.
			for j := range s.Variables {
				x, err := s.Read(j, s.Text(p, j))
				if err != nil || math.Abs(x-p[j]) > 1e-9*(1+math.Abs(p[j])) {
					t.Fatalf("%s: %s written as %s is read as %v, %v", name, s.Variables[j].Name, s.Text(p, j), x, err)
				}
			}
		}
		if enumerated && len(seen) < len(all)*9/10 && len(all) < 200 {
			t.Errorf("%s: %d of %d points were ever drawn", name, len(seen), len(all))
		}
		if want := map[string]int{"grid": 11 * 7 * 2, "list": 9}[name]; want != 0 && len(all) != want {
			t.Errorf("%s: %d points, want %d", name, len(all), want)
		}
	}
}

func TestContains(t *testing.T) {
	all := spaces(t)
	for _, test := range []struct {
		space string
		point []float64
		want  string // in the reason, or empty
	}{
		{"grid", []float64{0.3, 2, 1}, ""}, {"grid", []float64{0.35, 2, 1}, "grid"}, {"grid", []float64{0.3, 4, 1}, "outside"},
		{"grid", []float64{0.3, 2, 2}, "choices"}, {"grid", []float64{math.NaN(), 2, 1}, "outside"},
		{"mixture", []float64{0.5, 0.4, 0.1, 0}, ""}, {"mixture", []float64{0.5, 0.3, 0.1, 0.1}, "4 components"},
		{"mixture", []float64{0.5, 0.3, 0.1, 0}, "adds up"}, {"mixture", []float64{1, 0, 0, 0}, "outside"},
		{"box", []float64{-5, 1}, "breaks"}, {"list", []float64{0, 2, 300}, "list"},
	} {
		ok, why := all[test.space].Contains(test.point)
		if ok != (test.want == "") || !strings.Contains(why, test.want) {
			t.Errorf("%s %v: %v, %q; want %q", test.space, test.point, ok, why, test.want)
		}
	}
	s := all["grid"]
	s.Allow = func(p []float64) bool { return p[0] < 0.5 }
	if ok, _ := s.Contains([]float64{0.6, 0, 0}); ok {
		t.Error("what is not allowed is contained")
	}
}

func TestPrepareErrors(t *testing.T) {
	for name, s := range map[string]*Space{
		"nothing":          {},
		"reversed":         {Variables: []Variable{{Name: "x", Low: 1, High: 0}}},
		"log of zero":      {Variables: []Variable{{Name: "x", High: 1, Log: true}}},
		"no choices":       {Variables: []Variable{{Name: "x", Kind: Choice}}},
		"cannot add up":    {Variables: []Variable{{Name: "x", High: 0.3}, {Name: "y", High: 0.3}}, Mixtures: []Mixture{{Variables: []int{0, 1}, Total: 1}}},
		"too much":         {Variables: []Variable{{Name: "x", Low: 0.7, High: 1}, {Name: "y", Low: 0.7, High: 1}}, Mixtures: []Mixture{{Variables: []int{0, 1}, Total: 1}}},
		"two mixtures":     {Variables: []Variable{{Name: "x", High: 1}, {Name: "y", High: 1}}, Mixtures: []Mixture{{Variables: []int{0, 1}, Total: 1}, {Variables: []int{0, 1}, Total: 1}}},
		"steps differ":     {Variables: []Variable{{Name: "x", High: 1, Step: 0.1}, {Name: "y", High: 1}}, Mixtures: []Mixture{{Variables: []int{0, 1}, Total: 1}}},
		"names in mixture": {Variables: []Variable{{Name: "x", Kind: Choice, Choices: []string{"a"}}, {Name: "y", High: 1}}, Mixtures: []Mixture{{Variables: []int{0, 1}, Total: 1}}},
	} {
		if err := s.Prepare(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestParseLinear(t *testing.T) {
	s := &Space{Variables: []Variable{{Name: "a", High: 1}, {Name: "flow rate", High: 1}, {Name: "s", Kind: Choice, Choices: []string{"x"}}, {Name: "x-y", High: 1}}}
	for _, test := range []struct{ text, want string }{
		{"2*a + [flow rate] <= 3", "map[0:2 1:1] -Inf 3"}, {"a >= 0.5 - 2 * a", "map[0:3] 0.5 +Inf"}, {"-a + x-y = 1 + 1", "map[0:-1 3:1] 2 2"},
		{"a*2*3 - 1 <= 5", "map[0:6] -Inf 6"}, {"a - a + x-y <= 1", "map[3:1] -Inf 1"},
		{"a", "compares nothing"}, {"a < 1", "write <="}, {"1 <= 2", "holds no variable"}, {"b <= 1", "neither"}, {"s <= 1", "no number"},
		{"a*x-y <= 1", "multiplied"}, {"[flow rate <= 1", "does not close"}, {"<= 1", "empty"}, {"a a <= 1", "missing"}, {"2* <= 1", "missing"}, {"a + <= 1", "missing"},
	} {
		l, err := s.ParseLinear(test.text)
		got := fmt.Sprint(err)
		if err == nil {
			factors := map[int]float64{}
			for _, term := range l.Terms {
				factors[term.Variable] = term.Factor
			}
			got = fmt.Sprint(factors, l.Low, l.High)
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%q: %s, want %s", test.text, got, test.want)
		}
	}
}

func FuzzParseLinear(f *testing.F) {
	for _, seed := range []string{"2*a + [b c] <= 3", "a >= - 1", "a = 1e3*a - 2", "[", "a*a<=1", "- - a <= 1"} {
		f.Add(seed)
	}
	s := &Space{Variables: []Variable{{Name: "a", High: 1}, {Name: "b c", High: 1}}}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := s.ParseLinear(text)
		if err != nil {
			return
		}
		if len(l.Terms) == 0 || math.IsNaN(l.Low) || math.IsNaN(l.High) {
			t.Fatalf("%q limits nothing: %+v", text, l)
		}
		// Both sides turned round say the same.
		for _, op := range []string{"<=", ">=", "="} {
			left, right, ok := strings.Cut(text, op)
			if !ok {
				continue
			}
			back, err := s.ParseLinear(right + map[string]string{"<=": ">=", ">=": "<=", "=": "="}[op] + left)
			if err != nil || len(back.Terms) != len(l.Terms) || back.Terms[0].Factor != -l.Terms[0].Factor {
				t.Fatalf("%q turned round: %+v, %v; before %+v", text, back, err, l)
			}
			break
		}
	})
}

func TestFormulas(t *testing.T) {
	s := Substitution{Pattern: "{A}2{B}{X}4", Sites: []Site{{"A", []string{"Cu", "Ag", "Mg"}}, {"B", []string{"Zn", "Si"}}, {"X", []string{"S", "O"}}}}
	got, charged, err := s.Formulas()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Mg2SiO4"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %v", want, got)
		}
	}
	if slices.Contains(got, "Mg2ZnO4") || charged == 0 {
		t.Errorf("Mg2ZnO4 is not neutral, but among %v (%d left out)", got, charged)
	}
	s.Charged = true
	if all, _, err := s.Formulas(); err != nil || len(all) != 12 {
		t.Errorf("%v, %v", all, err)
	}
	group := Substitution{Pattern: "{A}PbI3", Sites: []Site{{"A", []string{"CH6N", "Cs"}}}, Charged: true}
	if all, _, err := group.Formulas(); err != nil || len(all) != 2 {
		t.Errorf("%v, %v", all, err)
	}
	for _, bad := range []Substitution{
		{Pattern: "A2", Sites: []Site{{"A", []string{"Na"}}}}, {Pattern: "{A}2", Sites: []Site{{"A", nil}}}, {Pattern: "{A}Qq", Sites: []Site{{"A", []string{"Na"}}}},
	} {
		if _, _, err := bad.Formulas(); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}

func TestEncode(t *testing.T) {
	s := spaces(t)["list"]
	if _, err := s.Read(0, "CaO"); err != nil { // tried elsewhere, no candidate
		t.Fatal(err)
	}
	e, err := s.Encoder()
	if err != nil {
		t.Fatal(err)
	}
	a, b := []float64{0, 1, 300}, []float64{3, 1, 300}
	if len(e.Encode(a)) != len(e.Columns()) || len(e.Columns()) < 20 {
		t.Errorf("%d columns, %d values", len(e.Columns()), len(e.Encode(a)))
	}
	if e.Distance(a, a) != 0 || e.Distance(a, b) <= 0 {
		t.Error("distances")
	}
	if mgo := []float64{2, 1, 300}; e.Distance(b, mgo) >= e.Distance(b, a) {
		t.Error("CaO is nearer to NaCl than to MgO")
	}
	if ok, _ := s.Contains(b); ok {
		t.Error("CaO was tried elsewhere, but is a candidate")
	}
}

func BenchmarkDraw(b *testing.B) {
	s := spaces(b)["smooth mixture"]
	rnd := rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	for b.Loop() {
		s.Draw(rnd)
	}
}
