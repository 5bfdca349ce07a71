package tree

import (
	"errors"
	"math"

	"github.com/alkahest/alkahest/learn/internal/wire"
)

// maxColumns bounds the features of a model that is read.
const maxColumns = 1 << 20

// Encode writes m.
func (m *Boosted) Encode(w *wire.Writer) {
	w.Float(m.start)
	encode(w, m.columns, m.trees)
}

// DecodeBoosted reads what Boosted.Encode wrote; errors are those of r.
func DecodeBoosted(r *wire.Reader) *Boosted {
	m := &Boosted{start: r.Float()}
	m.columns, m.trees = decode(r)
	return m
}

// Encode writes m.
func (m *Grove) Encode(w *wire.Writer) { encode(w, m.columns, m.trees) }

// DecodeGrove reads what Grove.Encode wrote; errors are those of r.
func DecodeGrove(r *wire.Reader) *Grove {
	m := &Grove{}
	m.columns, m.trees = decode(r)
	return m
}

// encode writes trees. Splits and leaves stand in the order of their nodes: of
// a split the column plus one and where missing values go, of a leaf 0; then
// the number of each.
func encode(w *wire.Writer, columns int, trees []grown) {
	w.Uint(uint64(columns))
	w.Uint(uint64(len(trees)))
	for _, t := range trees {
		w.Uint(uint64(len(t)))
		for _, n := range t {
			switch {
			case n.column == leaf:
				w.Uint(0)
			default:
				missingLeft := uint64(0)
				if n.left < 0 {
					missingLeft = 1
				}
				w.Uint(uint64(n.column+1)<<1 | missingLeft)
				w.Uint(uint64(max(n.left, -n.left)))
			}
			w.Float(n.threshold)
		}
	}
}

var errTree = errors.New("no sound tree")

// decode reads trees and checks that every walk down ends at a leaf.
func decode(r *wire.Reader) (columns int, trees []grown) {
	c := r.Uint()
	if c > maxColumns {
		r.Fail(errTree)
		return 0, nil
	}
	columns = int(c)
	trees = make([]grown, r.Len(10))
	for k := range trees {
		t := make(grown, r.Len(9))
		if len(t) == 0 {
			r.Fail(errTree)
			return columns, nil
		}
		for i := range t {
			code := r.Uint()
			if code == 0 {
				t[i] = node{column: leaf, threshold: r.Float()}
			} else {
				left := r.Uint()
				if code>>1 > c || code>>1 == 0 || left <= uint64(i) || left+1 >= uint64(len(t)) {
					r.Fail(errTree)
					return columns, nil
				}
				t[i] = node{column: int32(code>>1) - 1, left: int32(left), threshold: r.Float()}
				if code&1 == 1 {
					t[i].left = -t[i].left
				}
			}
			if v := t[i].threshold; math.IsNaN(v) || math.IsInf(v, 0) {
				r.Fail(errTree)
				return columns, nil
			}
		}
		trees[k] = t
	}
	return columns, trees
}
