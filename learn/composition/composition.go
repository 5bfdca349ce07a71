// Package composition turns chemical compositions into features: statistics of
// the properties of their elements, stoichiometry, occupation of valence
// orbitals, ionic character, oxidation states and the fraction of each element.
//
// The statistics follow Ward et al., npj Comput. Mater. 2 (2016) 16028
// (Magpie), over their table of elements and those of Oliynyk et al., Chem.
// Mater. 28 (2016) 7324 and Choudhary et al., Phys. Rev. Mater. 2 (2018)
// 083801 (JARVIS).
package composition

import (
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/chem/oxidation"
)

// Amount is a number of atoms of an element.
type Amount = oxidation.Amount

// MaxElements bounds the elements of a composition.
const MaxElements = 16

// counts are numbers of atoms by atomic number.
type counts [119]float64

// Parse appends the amounts of the formula s to dst, one for each element, by
// atomic number. Formulas of symbols, numbers and brackets are read here, in
// well below a microsecond; all others are left to package formula. It reports
// an error if s is no formula, has variables, more than MaxElements elements,
// or elements of which too little is known.
func Parse(dst []Amount, s string) ([]Amount, error) {
	var atoms counts
	if !plain(s, &atoms) {
		f, err := formula.Parse(s)
		if err != nil {
			return dst, err
		}
		amounts, ok := f.Amounts()
		if !ok {
			return dst, fmt.Errorf("formula %q: it has variables or sites without an element; give their values", s)
		}
		clear(atoms[:])
		for e, n := range amounts {
			atoms[e] = n
		}
	}
	start := len(dst)
	for e, n := range atoms {
		if n == 0 {
			continue
		}
		if n < 1e-6 || n > 1e9 || len(dst)-start == MaxElements {
			return dst[:start], fmt.Errorf("formula %q: amount %g of %s, or more than %d elements", s, n, chem.Element(e).Symbol(), MaxElements)
		}
		if e > lastKnown {
			return dst[:start], fmt.Errorf("formula %q: too little is known of %s to compare it", s, chem.Element(e).Symbol())
		}
		dst = append(dst, Amount{Element: chem.Element(e), Atoms: n})
	}
	if len(dst) == start {
		return dst, fmt.Errorf("formula %q: no element has an amount", s)
	}
	return dst, nil
}

// plain adds the amounts of a formula of symbols, decimal numbers and nested
// brackets to atoms. It reports false for everything else.
//
// Formulas of very many symbols are left to package formula, which has a limit.
func plain(s string, atoms *counts) bool {
	const maxItems = 30
	if len(s) == 0 || len(s) > 200 {
		return false
	}
	if s[len(s)-1] == ')' {
		if k := strings.LastIndexByte(s, '('); k >= 0 && formula.IsLabel(s[k+1:len(s)-1]) {
			return false // "TiO2(B)"
		}
	}
	// A group multiplies what stands in it by a number that comes after it, so
	// the formula is read from its end.
	const maxDepth = 6
	var factors [maxDepth + 1]float64
	var opening [maxDepth + 1]byte
	factors[0] = 1
	depth := 0
	end := len(s)
	number := 1.0
	items := 0
	for i := len(s) - 1; i >= 0; i-- {
		if c := s[i]; c >= 'A' && c <= 'Z' || c == ')' || c == ']' {
			if items++; items > maxItems {
				return false
			}
		}
		switch c := s[i]; {
		case c >= '0' && c <= '9' || c == '.':
			j := i
			for j > 0 && (s[j-1] >= '0' && s[j-1] <= '9' || s[j-1] == '.') {
				j--
			}
			var ok bool
			if number, ok = decimal(s[j : i+1]); !ok || j == 0 || i+1 != end {
				return false
			}
			i = j
			end = j
			if last := s[j-1]; last == '(' || last == '[' {
				return false
			}
		case c == ')' || c == ']':
			if depth == maxDepth || i+1 != end {
				return false
			}
			depth++
			factors[depth] = factors[depth-1] * number
			opening[depth] = '('
			if c == ']' {
				opening[depth] = '['
			}
			number, end = 1, i
		case c == '(' || c == '[':
			if depth == 0 || c != opening[depth] || i+1 != end || i+1 == len(s) || s[i+1] == ')' || s[i+1] == ']' {
				return false
			}
			depth--
			number, end = 1, i
		case c >= 'A' && c <= 'Z':
			e := symbols[symbolKey(s[i:end])]
			if e == 0 {
				return false
			}
			atoms[e] += number * factors[depth]
			number, end = 1, i
		case c >= 'a' && c <= 'z':
			if end-i > 1 {
				return false
			}
		default:
			return false
		}
	}
	if depth != 0 || end != 0 {
		return false
	}
	return true
}

// decimal reads digits with at most one point among them, as many as programs
// write; package formula takes fewer, as none of a text are so long.
func decimal(s string) (float64, bool) {
	if len(s) > 24 || s[0] == '.' || s[len(s)-1] == '.' {
		return 0, false
	}
	mantissa, scale, point := uint64(0), 1.0, false
	for i := range len(s) {
		if s[i] == '.' {
			if point {
				return 0, false
			}
			point = true
			continue
		}
		if mantissa >= 1e17 { // more digits than a float64 holds
			if !point {
				return 0, false
			}
			break
		}
		mantissa = mantissa*10 + uint64(s[i]-'0')
		if point {
			scale *= 10
		}
	}
	return float64(mantissa) / scale, true
}

// symbolKey numbers the symbols of one and two letters, 0 for anything else.
func symbolKey(s string) int {
	switch {
	case len(s) == 1:
		return int(s[0]-'A'+1) * 32
	case len(s) == 2 && s[1] >= 'a' && s[1] <= 'z':
		return int(s[0]-'A'+1)*32 + int(s[1]-'a'+1)
	}
	return 0
}

var symbols = func() (table [27 * 32]chem.Element) {
	for e := chem.Element(1); int(e) < len(counts{}); e++ {
		table[symbolKey(e.Symbol())] = e
	}
	return table
}()
