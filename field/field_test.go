package field_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

func unit(t testing.TB, s string) quantity.Unit {
	t.Helper()
	u, err := quantity.ParseUnit(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func bandGap(t testing.TB) *field.Property {
	return &field.Property{
		Field: "solid", Name: "band-gap", Unit: unit(t, "eV"), Low: -1, High: 23,
		Alternatives: []quantity.Unit{unit(t, "kJ/mol")}, Ranges: []field.Range{{Low: 0, High: 2000}},
		Names: []string{"band gap", "gap"}, Korean: []string{"밴드갭"}, Symbols: []string{"Eg"}, Weak: []string{"gap", "Eg"},
		Not: []string{"gap distance"}, Conditions: []string{"temperature"}, Subjects: []string{"composition"},
	}
}

func TestPlausible(t *testing.T) {
	inf := math.Inf(1)
	p := bandGap(t)
	for _, c := range []struct {
		low, high float64
		want      bool
	}{
		{1.12, 1.12, true}, {-1, 23, true}, {1, 24, false}, {-2, 0, false},
		{5, inf, true}, {25, inf, false}, {-inf, 3, true}, {-inf, -3, false},
		{-inf, inf, false}, {3, 2, false}, {math.NaN(), 2, false}, {2, math.NaN(), false}, {inf, inf, false},
	} {
		if got := p.Plausible(c.low, c.high); got != c.want {
			t.Errorf("Plausible(%v, %v) = %t", c.low, c.high, got)
		}
	}
	for _, c := range []struct {
		unit  string
		value float64
		want  bool
	}{
		{"eV", 3, true}, {"eV", 30, false}, {"kJ/mol", 300, true}, {"kJ/mol", 3000, false}, {"meV", 3, false},
	} {
		if got := p.PlausibleIn(unit(t, c.unit), c.value, c.value); got != c.want {
			t.Errorf("PlausibleIn(%s, %v) = %t", c.unit, c.value, got)
		}
	}
}

func TestPropertyValidate(t *testing.T) {
	if err := bandGap(t).Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(p *field.Property)
		want   string
	}{
		{"name", func(p *field.Property) { p.Name = "Band gap" }, "a name is lower-case"},
		{"unit", func(p *field.Property) { p.Unit = quantity.Unit{Symbol: "furlong", Unknown: true} }, `unknown unit "furlong"`},
		{"no unit", func(p *field.Property) { p.Unit = quantity.Unit{} }, "unknown unit"},
		{"range", func(p *field.Property) { p.Low, p.High = 3, 3 }, "not below its end"},
		{"infinite range", func(p *field.Property) { p.High = math.Inf(1) }, "no finite number"},
		{"alternative of the same dimension", func(p *field.Property) { p.Alternatives[0] = unit(t, "meV") }, "because it converts to eV"},
		{"alternative without range", func(p *field.Property) { p.Ranges = nil }, "1 alternative units, but 0 ranges"},
		{"alternative's range", func(p *field.Property) { p.Ranges[0].Low = 3000 }, "alternative unit kJ mol^-1: the range"},
		{"fraction", func(p *field.Property) { p.Fraction = true }, "only a percentage"},
		{"no words", func(p *field.Property) { p.Names, p.Korean, p.Symbols, p.Weak = nil, nil, nil, nil }, "no names"},
		{"upper case", func(p *field.Property) { p.Names[0] = "Band gap" }, "is not lower case"},
		{"hyphens", func(p *field.Property) { p.Names = append(p.Names, "band-gap") }, "but for hyphens"},
		{"twice", func(p *field.Property) { p.Not = []string{"gap distance", "gap distance"} }, "stands twice"},
		{"context", func(p *field.Property) { p.Context = []string{"Semi"} }, "beginning of a word"},
		{"short context", func(p *field.Property) { p.Context = []string{"gap"} }, "beginning of a word"},
		{"empty", func(p *field.Property) { p.Names[0] = "" }, "empty name"},
		{"white space", func(p *field.Property) { p.Names[0] = "band  gap" }, "spare white space"},
		{"Korean", func(p *field.Property) { p.Korean[0] = "band gap" }, "no Korean letter"},
		{"one letter", func(p *field.Property) { p.Symbols[0], p.Weak[1] = "E", "E" }, "single Latin letter"},
		{"weak", func(p *field.Property) { p.Weak = append(p.Weak, "chasm") }, `weak word "chasm" is none of its names`},
		{"condition", func(p *field.Property) { p.Conditions[0] = "room temperature" }, "joined by hyphens"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := bandGap(t)
			c.change(p)
			err := p.Validate()
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "property solid/") {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestSet(t *testing.T) {
	solid := &field.Field{Name: "solid", Version: 1, Properties: []*field.Property{bandGap(t)}}
	other := &field.Field{Name: "other", Version: 1, Properties: []*field.Property{{Field: "other", Name: "gap", Unit: unit(t, "mm"), High: 1, Names: []string{"gap"}}}}
	s, err := field.NewSet(solid, other)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for p := range s.Properties() {
		ids = append(ids, p.ID())
	}
	if want := []string{"solid/band-gap", "other/gap"}; !slices.Equal(ids, want) || s.Len() != len(want) {
		t.Errorf("properties %v, %d; want %v", ids, s.Len(), want)
	}
	if s.Field("other") != other || s.Field("absent") != nil || s.Property("solid/band-gap") != solid.Properties[0] || s.Property("solid/gap") != nil {
		t.Error("look-up by name finds the wrong thing")
	}
	if _, err := field.NewSet(solid, other, &field.Field{Name: "solid", Version: 2}); err == nil {
		t.Error("two fields of one name are no error")
	}
	newer := &field.Field{Name: "solid", Version: 2, Replaces: true}
	s, err = field.NewSet(solid, other, newer)
	if err != nil {
		t.Fatal(err)
	}
	if s.Field("solid") != newer || s.Property("solid/band-gap") != nil || s.Len() != 1 {
		t.Error("the newer field did not take the place of the older")
	}
	var none *field.Set
	if none.Len() != 0 || none.Property("solid/band-gap") != nil || none.Field("solid") != nil {
		t.Error("a nil set is not empty")
	}
	shared := &field.Field{Name: "solid", Version: 1, Properties: []*field.Property{bandGap(t), bandGap(t)}}
	shared.Properties[1].Name = "other-gap"
	err = shared.Validate()
	if err == nil || !strings.Contains(err.Error(), `property solid/other-gap: "band gap" also names solid/band-gap`) {
		t.Errorf("a shared name: %v", err)
	}
	shared.Properties[1].Names, shared.Properties[1].Korean = []string{"gap distance"}, []string{"간격"}
	shared.Properties[1].Not, shared.Properties[1].Weak, shared.Properties[1].Symbols = nil, nil, nil
	err = shared.Validate()
	if err == nil || !strings.Contains(err.Error(), `"gap distance" cannot be excluded, because it names solid/other-gap`) {
		t.Errorf("an excluded name: %v", err)
	}
}

func TestIsName(t *testing.T) {
	for s, want := range map[string]bool{
		"specific-capacity": true, "t1-energy": true, "a": true, "": false, "1a": false, "a-": false, "-a": false, "a--b": false,
		"A": false, "a b": false, "a_b": false, "é": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
	} {
		if field.IsName(s) != want {
			t.Errorf("IsName(%q) = %t", s, !want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"band gap": "band gap", "Band-Gap": "band gap", " band  gap ": "band gap", "homo–lumo gap": "homo lumo gap", "e/s ratio": "e s ratio",
		"": "", " ": "", "néel temperature": "néel temperature", "a b-": "a b", "밴드 갭": "밴드 갭", "x ": "x",
	} {
		if got := field.Fold(in); got != want || field.Fold(got) != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if field.Fold("open circuit voltage") == "" || field.Fold("Open-circuit voltage") == "" {
			b.Fatal("empty")
		}
	}
}

func BenchmarkPlausible(b *testing.B) {
	p := bandGap(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if p.Plausible(1.1, 1.2) {
			n++
		}
	}
	if n == 0 {
		b.Fatal("never plausible")
	}
}

func ExampleFold() {
	fmt.Println(field.Fold("Open-circuit  voltage"))
	// Output: open circuit voltage
}
