package wire

import (
	"math"
	"slices"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	var w Writer
	w.Uint(300)
	w.Int(-5)
	w.Bool(true)
	w.Float(math.Pi)
	w.Floats([]float64{1, math.Inf(1)})
	w.String("Fe₂O₃")
	for cut := range len(w.Bytes()) + 1 {
		r := NewReader(w.Bytes()[:cut])
		u, i, b, f, s, text := r.Uint(), r.Int(), r.Bool(), r.Float(), r.Floats(), r.String()
		if cut < len(w.Bytes()) {
			if r.Err() == nil {
				t.Errorf("%d of %d bytes are read without an error", cut, len(w.Bytes()))
			}
			continue
		}
		if r.Err() != nil || r.Left() != 0 || u != 300 || i != -5 || !b || f != math.Pi || !slices.Equal(s, []float64{1, math.Inf(1)}) || text != "Fe₂O₃" {
			t.Error(r.Err(), u, i, b, f, s, text)
		}
	}
}

// TestAnnounced checks that nothing is allocated for elements that cannot be there.
func TestAnnounced(t *testing.T) {
	var w Writer
	w.Uint(1 << 60)
	r := NewReader(w.Bytes())
	if v := r.Floats(); len(v) != 0 || r.Err() == nil {
		t.Errorf("%d elements, error %v", len(v), r.Err())
	}
	if r.Float(); r.String() != "" || r.Err() == nil {
		t.Error("a reader goes on after an error")
	}
}
