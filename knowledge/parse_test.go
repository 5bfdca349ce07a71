package knowledge_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/storetest"
)

// parseTests are queries and how they are written back.
var parseTests = []struct{ query, want string }{
	{"", ""},
	{"  ", ""},
	{"battery/specific-capacity", "battery/specific-capacity"},
	{"battery/specific-capacity>150", "battery/specific-capacity > 150 mA h g^-1"},
	{"battery/specific-capacity > 150 mAh/g and subject has Na", "battery/specific-capacity > 150 mA h g^-1 and subject has all (Na)"},
	{"Specific Capacity >= 1.5e2 mAh g−1", "battery/specific-capacity >= 150 mA h g^-1"},
	{"specific_capacity ≥ 0.15 Ah/g", "battery/specific-capacity >= 0.15 A h g^-1"},
	{"비용량 > 150", "battery/specific-capacity > 150 mA h g^-1"},
	{"방전 용량 between 100 and 200 mAh/g", "battery/specific-capacity between 100 and 200 mA h g^-1"},
	{"Eg between 500 meV and 1.5 eV", "solid/band-gap between 0.5 and 1.5 eV"},
	{"Eg = 1.2×10^-1 eV", "solid/band-gap = 0.12 eV"},
	{"Eg = 1.2 x 10^−1 eV", "solid/band-gap = 0.12 eV"},
	{"Eg <> -.5", "solid/band-gap != -0.5 eV"},
	{`"band gap" < 3 eV`, "solid/band-gap < 3 eV"},
	{"Tc > 20 °C", "solid/curie-temperature > 20 °C"},
	{"subject has Na and Fe", "subject has all (Na, Fe)"},
	{"subject has Fe, Na, Na", "subject has all (Na, Fe)"},
	{"subject has any(Na, K)", "subject has any (Na, K)"},
	{"subject has any (Na and K)", "subject has any (Na, K)"},
	{"subject only (Li, P, S)", "subject only (Li, P, S)"},
	{"subject only Li, P, S", "subject only (Li, P, S)"},
	// Tc is an element and a symbol of the Curie temperature.
	{"subject has Cu and Tc", "subject has all (Cu, Tc)"},
	{"subject has Cu and Tc > 30", "subject has all (Cu) and solid/curie-temperature > 30 K"},
	{`subject = "LiFePO4"`, `subject = "LiFePO4"`},
	{`subject = LiFePO4`, `subject = "LiFePO4"`},
	{`subject != 'a "b"'`, `not subject = "a \"b\""`},
	{`subject like “LLZ*”`, `subject like "LLZ*"`},
	{`subject not like LLZ*`, `not subject like "LLZ*"`},
	{"condition temperature between 20 and 30 °C", "condition temperature between 20 and 30 °C"},
	{"condition Cycle >= 100", "condition cycle >= 100"},
	{`condition atmosphere = "argon"`, `condition atmosphere = "argon"`},
	{`condition atmosphere = argon`, `condition atmosphere = "argon"`},
	{`condition temperature = 300`, `condition temperature = 300`},
	{`condition atmosphere like *air*`, `condition atmosphere like "*air*"`},
	{"condition temperature and confidence >= 0.5", "condition temperature and confidence >= 0.5"},
	{`document like "*.pdf"`, `document like "*.pdf"`},
	{`text "solid electrolyte"`, `text "solid electrolyte"`},
	{"Eg or Tc and hardness", "solid/band-gap or (solid/curie-temperature and solid/hardness)"},
	{"(Eg or Tc) and hardness", "(solid/band-gap or solid/curie-temperature) and solid/hardness"},
	{"not not Eg", "not not solid/band-gap"},
	{"NOT (Eg AND Tc)", "not (solid/band-gap and solid/curie-temperature)"},
	{"(((Eg)))", "solid/band-gap"},
	{"Eg 그리고 Tc 또는 hardness", "(solid/band-gap and solid/curie-temperature) or solid/hardness"},
	{"(activation energy > 30 kJ/mol)", "solid/activation-energy > 30 kJ mol^-1"},
	{"(activation energy > 30 kJ/(mol))", "solid/activation-energy > 30 kJ mol^-1"},
}

func TestParseQuery(t *testing.T) {
	fields := storetest.Fields(t)
	for _, test := range parseTests {
		q, err := knowledge.ParseQuery(test.query, fields)
		if err != nil {
			t.Errorf("%q: %v", test.query, err)
			continue
		}
		if got := q.String(); got != test.want {
			t.Errorf("%q is %s, want %s", test.query, got, test.want)
		}
	}
}

func TestParseQueryErrors(t *testing.T) {
	fields := storetest.Fields(t)
	for _, test := range []struct{ query, want string }{
		{"and", `column 1: a term should stand here, not "and"`},
		{"Eg >", "column 5: the query ends where a number should stand"},
		{"Eg > x", `column 6: a number should stand here, not "x"`},
		{"Eg > 5 kg", "column 8: kg is not a unit of solid/band-gap; write a value in eV"},
		{"밴드갭 > 5 kg", "column 9: kg is not a unit of solid/band-gap; write a value in eV"},
		{"Eg > 5 foozle", `column 8: "foozle" is not a unit that is known`},
		{"Eg between 1", `column 13: "and" and the second value are missing; write between 1 and 2`},
		{"Eg between 2 and 1 eV", "column 18: between 2 and 1 is empty; write the smaller value first"},
		{"Eg between 2 kg and 3 eV", "column 14: cannot convert kg to eV"},
		{"band-gapp > 1", `column 1: no field declares a property "band-gapp"; did you mean solid/band-gap?`},
		{"solid/bandgap", `no field declares a property "solid/bandgap"; did you mean solid/band-gap?`},
		{"zyzzyva > 1", `column 1: no field declares a property "zyzzyva"`},
		{"open-circuit-voltage > 1", `column 1: "open-circuit-voltage" names several properties: battery/open-circuit-voltage, fuelcell/open-circuit-voltage; write one of them in full`},
		{"subject has Xx", `column 13: "Xx" is not the symbol of an element`},
		{"subject has na", `column 13: "na" is not the symbol of an element; write Na`},
		{"subject has iron", `column 13: "iron" is not the symbol of an element; write Fe`},
		{"subject has", "column 12: an element symbol should stand here"},
		{"subject", "column 8: subject needs has, only, = or like"},
		{"subject has any (Na, K", "column 17: this parenthesis is not closed"},
		{"(Eg", "column 1: this parenthesis is not closed"},
		{"Eg)", "column 3: there is no parenthesis for this one to close"},
		{`subject = "abc`, "column 11: this quotation mark is not closed"},
		{`subject = ""`, "column 11: a name should stand here"},
		{"confidence", "column 11: confidence needs a comparison; write confidence >= 0.5"},
		{"document", "column 9: document needs = or like"},
		{"text", "column 5: text needs the words to look for"},
		{`text "--"`, "text needs the words to look for"},
		{"condition", "column 10: the name of the condition is missing"},
		{"Eg > 1e999", "column 6: this number is too large"},
		{"Eg > 1 eV Tc > 1", `column 8: "eV Tc" is not a unit that is known`},
		{"Eg Tc", `no field declares a property "Eg Tc"`},
		{`subject = a b`, `column 13: cannot go on with "b"; join terms with "and" or "or"`},
		{strings.Repeat("(", 100) + "Eg", "nested more than 32 deep"},
		{strings.Repeat("not ", 100) + "Eg", "nested more than 32 deep"},
		{strings.Repeat("Eg and ", 100) + "Eg", "more than 64 terms"},
		{strings.Repeat(" ", 9000), "more than 8192"},
		{"Eg\xff", "not valid UTF-8"},
	} {
		q, err := knowledge.ParseQuery(test.query, fields)
		var syntax *knowledge.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q: %v, %v, want a *SyntaxError", test.query, q, err)
			continue
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.40q: %v\nwant %s", test.query, err, test.want)
		}
	}
}

func TestParseQueryWithoutFields(t *testing.T) {
	q, err := knowledge.ParseQuery("law/fine > 100 and law/years between 1 and 2 year", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := q.String(); !strings.HasPrefix(got, "law/fine > 100 and law/years between 1 and 2 ") {
		t.Errorf("got %s", got)
	}
	if _, err := knowledge.ParseQuery("fine > 100", nil); err == nil {
		t.Error("a name without its field is not an error")
	}
}

func TestComparison(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	fields := storetest.Fields(t)
	ev := fields.Property("solid/band-gap").Unit
	for _, test := range []struct {
		query     string
		low, high *float64
		want      bool
	}{
		{"> 6", f(5), f(8), true},
		{"< 6", f(5), f(8), true},
		{"= 6", f(5), f(8), true},
		{"= 5", f(5), f(8), true},
		{"!= 6", f(5), f(8), false},
		{"> 8", f(5), f(8), false},
		{">= 8", f(5), f(8), true},
		{"> 6", nil, f(8), true},
		{"< 6", nil, f(8), false},
		{"> 6", f(5), nil, false},
		{"= 6", f(5), nil, false},
		{"between 8 and 9", f(5), f(8), true},
		{"between 8.1 and 9", f(5), f(8), false},
		{"= 0.3", f(0.1 + 0.2), f(0.1 + 0.2), true},
		{"> 0.3", f(0.1 + 0.2), f(0.1 + 0.2), false},
		{"= 300 meV", f(0.3), f(0.3), true},
		{"< 6", nil, nil, false},
		{"!= 6", nil, nil, false},
	} {
		q, err := knowledge.ParseQuery("Eg "+test.query, fields)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Root.(*knowledge.Property).Comparison.Matches(test.low, test.high, ev); got != test.want {
			t.Errorf("%s of %v to %v: %v", test.query, test.low, test.high, got)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, s string
		like, want bool
	}{
		{"lifepo4", "LiFePO4", false, true},
		{"LLZ*", "LLZTO", true, true},
		{"LLZ*", "LLZ", true, true},
		{"LLZ?", "LLZ", true, false},
		{"*a*b", "xaxbxb", true, true},
		{"*a*b", "xaxbx", true, false},
		{"LLZ*", "LLZTO", false, false},
		{"한?", "한글", true, true},
		{strings.Repeat("*a", 50) + "b", strings.Repeat("a", 2000), true, false}, // must not take forever
	} {
		m := knowledge.Match{Like: test.like, Pattern: test.pattern}
		if got := m.Matches(test.s); got != test.want {
			t.Errorf("%+v of %.20q: %v", m, test.s, got)
		}
	}
}

// FuzzParseQuery checks that a query is written so that it reads as the same
// question, and that errors stand inside the query.
func FuzzParseQuery(f *testing.F) {
	for _, test := range parseTests {
		f.Add(test.query)
	}
	fields := storetest.Fields(f)
	f.Fuzz(func(t *testing.T, s string) {
		q, err := knowledge.ParseQuery(s, fields)
		if err != nil {
			var syntax *knowledge.SyntaxError
			if !errors.As(err, &syntax) || syntax.Column < 1 || syntax.Column > utf8.RuneCountInString(s)+1 {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		again, err := knowledge.ParseQuery(q.String(), fields)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", s, q, err)
		}
		if !reflect.DeepEqual(q.Root, again.Root) {
			t.Fatalf("%q is written as %q, which reads as %q", s, q, again)
		}
	})
}

func BenchmarkParseQuery(b *testing.B) {
	fields := storetest.Fields(b)
	const s = "battery/specific-capacity > 150 mAh/g and subject has Na and condition temperature between 20 and 30 °C"
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := knowledge.ParseQuery(s, fields); err != nil {
			b.Fatal(err)
		}
	}
}
