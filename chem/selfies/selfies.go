// Package selfies reads and writes SELFIES, a notation in which every sequence of
// symbols is a molecule (Krenn et al., Mach. Learn.: Sci. Technol. 1 (2020) 045024;
// version 2: Lo et al., Digit. Discov. 2 (2023) 897). Limits of valence are the
// default ones of its reference implementation, release 2.
//
// Configurations of tetrahedral atoms and of double bonds are kept.
package selfies

import (
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// indexSymbols stand for the digits of numbers in base 16.
var indexSymbols = [16]string{
	"[C]", "[Ring1]", "[Ring2]", "[Branch1]", "[=Branch1]", "[#Branch1]", "[Branch2]", "[=Branch2]", "[#Branch2]",
	"[O]", "[N]", "[=N]", "[=C]", "[#C]", "[S]", "[P]",
}

var indexCodes = func() map[string]int {
	codes := map[string]int{}
	for i, s := range indexSymbols {
		codes[s] = i
	}
	return codes
}()

// capacity returns how many bonds an atom may have to others than its hydrogens.
func capacity(a *molecule.Atom) int {
	n := 8
	switch key := [2]int{int(a.Element), int(a.Charge)}; key {
	case [2]int{1, 0}, [2]int{9, 0}, [2]int{17, 0}, [2]int{35, 0}, [2]int{53, 0}:
		n = 1
	case [2]int{5, 0}, [2]int{7, 0}, [2]int{8, 1}, [2]int{6, 1}, [2]int{6, -1}:
		n = 3
	case [2]int{5, 1}, [2]int{8, 0}, [2]int{7, -1}:
		n = 2
	case [2]int{5, -1}, [2]int{7, 1}, [2]int{6, 0}, [2]int{15, 1}:
		n = 4
	case [2]int{8, -1}:
		n = 1
	case [2]int{15, 0}, [2]int{16, 1}, [2]int{16, -1}:
		n = 5
	case [2]int{15, -1}, [2]int{16, 0}:
		n = 6
	}
	return n - int(a.Hydrogens)
}

// prefixes are the signs of bonds by order.
var prefixes = [4]string{"", "", "=", "#"}

// plain reports whether an atom is written without hydrogens, as in the organic
// subset of SMILES.
func plain(m *molecule.Molecule, i int) bool {
	a := m.Atom(i)
	if a.Charge != 0 || a.Isotope != 0 || a.Chirality != molecule.Achiral || a.Map != 0 {
		return false
	}
	switch a.Element {
	case 5, 6, 7, 8, 9, 15, 16, 17, 35, 53:
		h, ok := usual(m, i)
		return ok && h == int(a.Hydrogens)
	}
	return false
}

// usual returns the hydrogens of atom i when none are stated and all bonds have the
// orders of the Kekulé structure.
func usual(m *molecule.Molecule, i int) (int, bool) {
	a := m.Atom(i)
	v := m.Valence(i) - int(a.Hydrogens)
	for _, n := range map[chem.Element][]int{5: {3}, 6: {4}, 7: {3}, 8: {2}, 9: {1}, 15: {3, 5}, 16: {2, 4, 6}, 17: {1}, 35: {1}, 53: {1, 3, 5}}[a.Element] {
		if v <= n {
			return n - v, true
		}
	}
	return 0, false
}

// atomSymbol returns what stands in the brackets of an atom, without the bond.
func atomSymbol(m *molecule.Molecule, i int, chirality molecule.Chirality) string {
	a := m.Atom(i)
	symbol := "*"
	if a.Element > 0 {
		symbol = a.Element.Symbol()
	}
	if plain(m, i) {
		return symbol
	}
	var b strings.Builder
	if a.Isotope != 0 {
		b.WriteString(strconv.Itoa(int(a.Isotope)))
	}
	b.WriteString(symbol)
	switch chirality {
	case molecule.Counterclockwise:
		b.WriteByte('@')
	case molecule.Clockwise:
		b.WriteString("@@")
	}
	if a.Hydrogens > 0 || a.Charge == 0 && b.Len() == len(symbol) {
		b.WriteString("H" + strconv.Itoa(int(a.Hydrogens))) // "H0" tells a bare atom from one that is filled up
	}
	if a.Charge != 0 {
		if a.Charge > 0 {
			b.WriteByte('+')
		}
		b.WriteString(strconv.Itoa(int(a.Charge)))
	}
	return b.String()
}
