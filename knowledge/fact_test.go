package knowledge_test

import (
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/record"
)

func stated(subject record.Subject, low float64, unit string, conditions ...record.Condition) *record.Record {
	return &record.Record{Document: "sha256:1", Subject: subject, Property: "battery/ionic-conductivity", Low: &low, High: &low, Unit: unit, Conditions: conditions}
}

func TestFact(t *testing.T) {
	at := func(name string, x float64, unit string) record.Condition {
		return record.Condition{Name: name, Text: "as written", Low: &x, High: &x, Unit: unit}
	}
	llzo := record.Subject{Text: "LLZO", Kind: record.Composition, Formula: "Li7La3Zr2O12", Name: "LLZO"}
	base := stated(llzo, 12, "mS cm^-1", at("temperature", 25, "°C"), record.Condition{Name: "atmosphere", Text: "dry Argon"})
	open := stated(llzo, 12, "mS cm^-1", base.Conditions...)
	open.High = nil
	for _, test := range []struct {
		name string
		r    *record.Record
		same bool
	}{
		{"other unit", stated(llzo, 0.012, "S cm^-1", base.Conditions...), true},
		{"other order of conditions, other unit", stated(llzo, 1.2, "S m^-1", record.Condition{Name: "Atmosphere", Text: " dry  argon"}, at("temperature", 298.15, "K")), true},
		{"other words", stated(record.Subject{Text: "lithium lanthanum zirconate", Kind: record.Composition, Formula: "Li7La3Zr2O12"}, 12, "mS cm^-1", base.Conditions...), true},
		{"a condition less", stated(llzo, 12, "mS cm^-1", base.Conditions[0]), false},
		{"other condition", stated(llzo, 12, "mS cm^-1", at("temperature", 60, "°C"), base.Conditions[1]), false},
		{"other value", stated(llzo, 12.1, "mS cm^-1", base.Conditions...), false},
		{"open end", open, false},
		{"other subject", stated(record.Subject{Text: "LLTO", Kind: record.Composition, Formula: "Li0.5La0.5TiO3"}, 12, "mS cm^-1", base.Conditions...), false},
		{"other dimension", stated(llzo, 12, "K", base.Conditions...), false},
	} {
		if got := knowledge.Fact(test.r) == knowledge.Fact(base); got != test.same {
			t.Errorf("%s: the same fact: %v, want %v", test.name, got, test.same)
		}
	}
	// Names that were not resolved mean the same in all documents of a work.
	a, b := stated(record.Subject{Text: "Sample A", Kind: record.Named}, 1, "K"), stated(record.Subject{Text: "sample  a", Kind: record.Named}, 1, "K")
	b.Document = "sha256:2"
	if knowledge.Fact(a) != knowledge.Fact(b) || knowledge.SubjectKey(a) == knowledge.SubjectKey(b) {
		t.Error("a sample's name is the same within a work, and only there")
	}
}

func TestPrecedence(t *testing.T) {
	doc := func(f document.Format) *document.Document {
		return &document.Document{Format: f, Blocks: []document.Block{{Kind: document.Paragraph}, {Kind: document.Tabular, Table: &document.Table{}}}}
	}
	r := func(block int, confidence float64) *record.Record {
		return &record.Record{Evidence: record.Evidence{Block: block}, Confidence: confidence}
	}
	order := []int{
		knowledge.Precedence(doc(document.JATS), r(1, 0.9)),
		knowledge.Precedence(doc(document.JATS), r(0, 0.95)),
		knowledge.Precedence(doc(document.PDF), r(1, 0.95)),
		knowledge.Precedence(doc(document.PDF), r(0, 0.95)),
		knowledge.Precedence(doc(document.Text), r(0, 0.99)),
		knowledge.Precedence(doc(document.JATS), r(1, 0.7)),
		knowledge.Precedence(doc(document.JATS), r(1, 0.3)),
	}
	for i := 1; i < len(order); i++ {
		if order[i-1] >= order[i] {
			t.Errorf("place %d does not stand before place %d: %v", i-1, i, order)
		}
	}
}

func BenchmarkFact(b *testing.B) {
	x := 25.0
	r := stated(record.Subject{Text: "LLZO", Formula: "Li7La3Zr2O12"}, 12, "mS cm^-1", record.Condition{Name: "temperature", Low: &x, High: &x, Unit: "°C"})
	b.ReportAllocs()
	for b.Loop() {
		knowledge.Fact(r)
	}
}
