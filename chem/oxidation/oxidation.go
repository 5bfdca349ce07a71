// Package oxidation holds the usual oxidation states of the elements and
// guesses which of them a composition has.
package oxidation

import (
	"math"

	"github.com/alkahest/alkahest/chem"
)

// Amount is a number of atoms of an element.
type Amount struct {
	Element chem.Element
	Atoms   float64
}

// States returns the usual oxidation states of e in compounds, most usual
// first. It is empty for elements without any. The caller must not change it.
//
// Reference: Greenwood and Earnshaw, Chemistry of the Elements, 2nd ed. (1997),
// the chapters of the elements and the table of p. 28.
func States(e chem.Element) []int8 {
	if int(e) >= len(states) {
		return nil
	}
	return states[e]
}

var states = [...][]int8{
	1: {1, -1},
	3: {1}, 4: {2}, 5: {3, -3}, 6: {4, -4, 2}, 7: {-3, 5, 3}, 8: {-2, -1}, 9: {-1},
	11: {1}, 12: {2}, 13: {3}, 14: {4, -4}, 15: {5, -3, 3}, 16: {-2, 6, 4}, 17: {-1, 7, 5},
	19: {1}, 20: {2}, 21: {3}, 22: {4, 3, 2}, 23: {5, 4, 3, 2}, 24: {3, 6, 2}, 25: {2, 3, 4, 7}, 26: {3, 2}, 27: {2, 3}, 28: {2, 3},
	29: {1, 2}, 30: {2}, 31: {3, 1}, 32: {4, -4, 2}, 33: {3, 5, -3}, 34: {-2, 4, 6}, 35: {-1, 5, 1}, 36: {2},
	37: {1}, 38: {2}, 39: {3}, 40: {4}, 41: {5, 4, 3}, 42: {6, 4, 5, 3, 2}, 43: {7, 4}, 44: {4, 3, 8}, 45: {3}, 46: {2, 4},
	47: {1}, 48: {2}, 49: {3, 1}, 50: {4, 2, -4}, 51: {3, 5, -3}, 52: {-2, 4, 6}, 53: {-1, 5, 7}, 54: {2, 4, 6},
	55: {1}, 56: {2}, 57: {3}, 58: {3, 4}, 59: {3, 4}, 60: {3}, 61: {3}, 62: {3, 2}, 63: {3, 2}, 64: {3}, 65: {3, 4}, 66: {3},
	67: {3}, 68: {3}, 69: {3}, 70: {3, 2}, 71: {3}, 72: {4}, 73: {5}, 74: {6, 4}, 75: {7, 4, 5}, 76: {4, 8}, 77: {4, 3}, 78: {4, 2},
	79: {3, 1}, 80: {2, 1}, 81: {1, 3}, 82: {2, 4}, 83: {3, 5}, 84: {4, 2, -2}, 85: {-1},
	87: {1}, 88: {2}, 89: {3}, 90: {4}, 91: {5, 4}, 92: {6, 4, 5, 3}, 93: {5, 4}, 94: {4, 3}, 95: {3}, 96: {3}, 97: {3, 4},
}

// maxTried bounds the assignments that Guess looks at.
const maxTried = 1 << 13

// Guess sets guess, which must have an element for each of amounts, to the
// oxidation state of each element that makes the composition most nearly
// neutral: one state for an element, the usual ones first. Negative states are
// only given to the more electronegative elements: no cation is more
// electronegative than an anion.
//
// It returns the charge left for each atom, 0 for a neutral composition. It
// reports false, with states of 0, if an element has no usual state or if
// there are too many assignments to try.
func Guess(amounts []Amount, guess []int8) (charge float64, ok bool) {
	clear(guess)
	total, tries := 0.0, 1
	for _, a := range amounts {
		total += a.Atoms
		tries *= len(States(a.Element))
		if tries == 0 || tries > maxTried {
			return 0, false
		}
	}
	if len(amounts) == 0 || len(amounts) > maxElements {
		return 0, false
	}
	s := search{amounts: amounts, best: guess, cost: math.Inf(1), total: total}
	s.try(0, 0, 0, 0, 5)
	if math.IsInf(s.cost, 1) {
		clear(guess)
		return 0, false
	}
	return s.charge / total, true
}

// maxElements bounds the elements of a composition that Guess looks at.
const maxElements = 16

// search is a depth-first search of assignments.
type search struct {
	amounts []Amount
	now     [maxElements]int8
	best    []int8
	cost    float64 // of best: charge for each atom, then how unusual its states are
	charge  float64
	total   float64
}

// try assigns states to the elements from i on. The elements before have that
// charge together; cation is the electronegativity of the most electronegative
// cation, anion that of the least electronegative anion.
func (s *search) try(i int, charge, unusual, cation, anion float64) {
	if i == len(s.amounts) {
		cost := math.Abs(charge)/s.total + 1e-3*unusual
		if cost < s.cost {
			s.cost, s.charge = cost, charge
			copy(s.best, s.now[:i])
		}
		return
	}
	e := s.amounts[i].Element
	x := e.Electronegativity()
	for rank, q := range States(e) {
		c, a := cation, anion
		if q > 0 {
			c = max(c, x)
		} else {
			a = min(a, x)
		}
		if c > a {
			continue
		}
		s.now[i] = q
		s.try(i+1, charge+float64(q)*s.amounts[i].Atoms, unusual+float64(rank), c, a)
	}
}
