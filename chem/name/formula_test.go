package name

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem/molecule"
)

// hillFormula returns the molecular formula in the order of Hill.
func hillFormula(m *molecule.Molecule) string {
	count := map[string]int{}
	for i := range m.NumAtoms() {
		if e := m.Atom(i).Element; e > 0 {
			count[e.Symbol()]++
		}
		count["H"] += int(m.Atom(i).Hydrogens)
	}
	var symbols []string
	for s, n := range count {
		if n > 0 {
			symbols = append(symbols, s)
		}
	}
	slices.SortFunc(symbols, func(a, b string) int {
		rank := func(s string) string {
			if count["C"] > 0 && s == "C" {
				return " 1"
			}
			if count["C"] > 0 && s == "H" {
				return " 2"
			}
			return s
		}
		return strings.Compare(rank(a), rank(b))
	})
	var out strings.Builder
	for _, s := range symbols {
		out.WriteString(s)
		if count[s] > 1 {
			out.WriteString(strconv.Itoa(count[s]))
		}
	}
	return out.String()
}
