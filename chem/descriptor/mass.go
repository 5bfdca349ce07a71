// Package descriptor computes numbers that describe molecules: masses, counts of
// groups, the partition coefficient, the polar surface, drug-likeness. Where
// definitions differ between programs they are those of RDKit's defaults.
package descriptor

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/isotope"
	"github.com/alkahest/alkahest/chem/molecule"
)

const electronMass = 0.00054857990907 // u, CODATA 2018

// ExactMass returns the mass in u of the molecule of the most common isotopes, or
// of those stated. Atoms "*" weigh nothing; electrons lost or won are not counted.
func ExactMass(m *molecule.Molecule) float64 {
	var sum float64
	for _, a := range m.Atoms() {
		switch {
		case a.Isotope != 0 && a.Element != 0:
			sum += isotope.Mass(a.Element, int(a.Isotope))
		case a.Element != 0:
			sum += isotope.Common(a.Element)
		}
		sum += float64(a.Hydrogens)*isotope.Common(1) - float64(a.Charge)*electronMass
	}
	return sum
}

// Mass returns the average mass in u, with standard atomic weights
// ([chem.Element.Weight]) except for stated isotopes. Atoms "*" weigh nothing.
func Mass(m *molecule.Molecule) float64 {
	var sum float64
	for _, a := range m.Atoms() {
		switch {
		case a.Isotope != 0 && a.Element != 0:
			sum += isotope.Mass(a.Element, int(a.Isotope))
		case a.Element != 0:
			sum += a.Element.Weight()
		}
		sum += float64(a.Hydrogens) * chem.Element(1).Weight()
	}
	return sum
}

// Formula returns the molecular formula in Hill's order (J. Am. Chem. Soc. 22
// (1900) 478): carbon and hydrogen first if there is carbon, the others by
// symbol, then the charge: "C2H3O2-".
func Formula(m *molecule.Molecule) string {
	var counts [119]int
	charge := 0
	for _, a := range m.Atoms() {
		counts[a.Element]++
		counts[1] += int(a.Hydrogens)
		charge += int(a.Charge)
	}
	type entry struct {
		symbol string
		count  int
	}
	var entries []entry
	for e, n := range counts {
		if n == 0 {
			continue
		}
		symbol := "*"
		if e > 0 {
			symbol = chem.Element(e).Symbol()
		}
		entries = append(entries, entry{symbol, n})
	}
	rank := func(s string) int {
		switch {
		case counts[6] > 0 && s == "C":
			return 0
		case counts[6] > 0 && s == "H":
			return 1
		}
		return 2
	}
	sort.Slice(entries, func(i, j int) bool {
		a, b := entries[i].symbol, entries[j].symbol
		if ra, rb := rank(a), rank(b); ra != rb {
			return ra < rb
		}
		return a < b
	})
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(e.symbol)
		if e.count > 1 {
			b.WriteString(strconv.Itoa(e.count))
		}
	}
	switch {
	case charge == 1:
		b.WriteByte('+')
	case charge == -1:
		b.WriteByte('-')
	case charge != 0:
		fmt.Fprintf(&b, "%+d", charge)
	}
	return b.String()
}
