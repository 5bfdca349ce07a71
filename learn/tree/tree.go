// Package tree grows decision trees on binned features: gradient boosting,
// random forests and extremely randomised trees, for numbers and for two
// classes.
//
// Features are rows of float64, one column for each feature, NaN where a value
// is missing. Every split learns on which side missing values belong. All
// randomness comes from the seed in the settings: the same data and settings
// give the same trees, whatever the machine.
package tree

import (
	"errors"
	"fmt"
	"math"
)

// node is a split or a leaf. The children of a split stand side by side, the
// left one first.
type node struct {
	column    int32   // of a split; leaf for a leaf
	left      int32   // index of the left child; the sign tells where missing values go: negative for left
	threshold float64 // of a split: a value up to it goes left; of a leaf: its value
}

// leaf marks a node that is not a split.
const leaf = -1

// grown is one tree: its nodes, root first, children after their parents.
type grown []node

// value returns the value of the leaf that x belongs to.
func (t grown) value(x []float64) float64 {
	n := &t[0]
	for n.column != leaf {
		v := x[n.column]
		next := n.left
		if v != v { // missing
			if next < 0 {
				next = -next
			} else {
				next++
			}
		} else {
			if next < 0 {
				next = -next
			}
			if v > n.threshold {
				next++
			}
		}
		n = &t[next]
	}
	return n.threshold
}

// check checks x, which must be rectangular with y and w beside it, and
// returns its number of columns. A nil w stands for equal weights.
func check(x [][]float64, y, w []float64) (columns int, err error) {
	if len(x) == 0 {
		return 0, errors.New("tree: no rows to learn from")
	}
	if len(y) != len(x) || w != nil && len(w) != len(x) {
		return 0, fmt.Errorf("tree: %d rows, %d targets, %d weights", len(x), len(y), len(w))
	}
	columns = len(x[0])
	for i, row := range x {
		if len(row) != columns {
			return 0, fmt.Errorf("tree: row %d has %d columns, row 0 has %d", i, len(row), columns)
		}
		for j, v := range row {
			if math.IsInf(v, 0) {
				return 0, fmt.Errorf("tree: row %d, column %d is infinite", i, j)
			}
		}
		if math.IsNaN(y[i]) || math.IsInf(y[i], 0) {
			return 0, fmt.Errorf("tree: target %d is %g", i, y[i])
		}
		if w != nil && !(w[i] > 0 && w[i] <= math.MaxFloat64) {
			return 0, fmt.Errorf("tree: weight %d is %g, want a positive number", i, w[i])
		}
	}
	return columns, nil
}
