package extract

import (
	"math"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/record"
)

func TestRecognised(t *testing.T) {
	doc := &document.Document{Blocks: []document.Block{
		{Text: "The gap of TiO2 is 3.2 eV."},
		{Text: "The gap of TiO2 is 3.2 eV.", Recognition: 0.9},
		{Text: "The gap of TiO2 is 3.2 eV.", Recognition: 0.9, Repairs: []document.Repair{{Start: 11, End: 15, Was: "Ti02"}}},
	}}
	for b, want := range []float64{0.5, 0.45, 0.36} {
		r := &record.Record{Confidence: 0.5, Subject: record.Subject{Block: b, Start: 11, End: 15}, Evidence: record.Evidence{Block: b, Start: 19, End: 25}}
		recognised(doc, []*record.Record{r})
		if math.Abs(r.Confidence-want) > 1e-9 || len(r.Reasons) != b {
			t.Errorf("block %d: confidence %v, reasons %q, want %v and %d", b, r.Confidence, r.Reasons, want, b)
		}
	}
}
