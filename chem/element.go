// Package chem holds the chemical elements. Formulas stand in chem/formula.
package chem

import (
	"math/bits"
	"strings"
)

// Element is an atomic number, from 1 (hydrogen) to 118 (oganesson).
type Element uint8

// Symbol returns the symbol: "Fe".
func (e Element) Symbol() string { return elements[e].symbol }

// Name returns the English name of IUPAC: "iron".
func (e Element) Name() string { return elements[e].name }

// Korean returns the Korean name: "철".
func (e Element) Korean() string { return elements[e].korean }

// Weight returns the abridged standard atomic weight, or for elements without
// one the mass number of the longest-lived isotope.
func (e Element) Weight() float64 { return elements[e].weight }

// Electronegativity returns Pauling's electronegativity, 0 if unknown.
func (e Element) Electronegativity() float64 { return elements[e].electronegativity }

// Metal reports whether e is a metal. The metalloids boron, silicon, germanium,
// arsenic, antimony and tellurium are not counted as such (Vernon, J. Chem. Educ. 90
// (2013) 1703), nor are those from copernicium on, whose nature is not known.
func (e Element) Metal() bool {
	switch {
	case e >= 112:
		return false
	case e == 1, e == 2, e >= 5 && e <= 10, e >= 14 && e <= 18, e >= 32 && e <= 36, e >= 51 && e <= 54, e == 85, e == 86:
		return false
	}
	return e > 0
}

var bySymbol, byName = func() (map[string]Element, map[string]Element) {
	symbols, names := map[string]Element{}, map[string]Element{}
	for z := 1; z < len(elements); z++ {
		symbols[elements[z].symbol] = Element(z)
		names[elements[z].name] = Element(z)
		names[elements[z].korean] = Element(z)
	}
	for other, name := range map[string]string{"aluminum": "aluminium", "cesium": "caesium", "sulphur": "sulfur", "실리콘": "silicon", "게르마늄": "germanium", "망간": "manganese", "티타늄": "titanium", "크롬": "chromium", "요오드": "iodine", "불소": "fluorine"} {
		names[other] = names[name]
	}
	return symbols, names
}()

// BySymbol returns the element with the symbol s, in its proper case.
func BySymbol(s string) (Element, bool) {
	e, ok := bySymbol[s]
	return e, ok
}

// ByName returns the element with the English or Korean name s, in any case.
func ByName(s string) (Element, bool) {
	e, ok := byName[strings.ToLower(s)]
	return e, ok
}

// Set is a set of elements: bit Z%64 of word Z/64 stands for atomic number Z.
type Set [2]uint64

// Add puts e into s.
func (s *Set) Add(e Element) { s[e/64] |= 1 << (e % 64) }

// Has reports whether e is in s.
func (s Set) Has(e Element) bool { return s[e/64]&(1<<(e%64)) != 0 }

// Contains reports whether all elements of t are in s.
func (s Set) Contains(t Set) bool { return s[0]&t[0] == t[0] && s[1]&t[1] == t[1] }

// Union returns the elements of s and t.
func (s Set) Union(t Set) Set { return Set{s[0] | t[0], s[1] | t[1]} }

// Len returns the number of elements in s.
func (s Set) Len() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// Symbols returns the symbols of s by atomic number.
func (s Set) Symbols() []string {
	var out []string
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			out = append(out, elements[w*64+bits.TrailingZeros64(word)].symbol)
		}
	}
	return out
}
