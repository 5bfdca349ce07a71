// Package isotope holds the masses of isotopes.
package isotope

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem"
)

//go:embed isotopes.tsv
var tsv string

// isotopes holds the masses of an element's isotopes by mass number and the mass of
// the common one.
type isotopes struct {
	common float64
	masses map[int]float64
}

var table = sync.OnceValue(func() (all [119]isotopes) {
	for line := range strings.Lines(tsv) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(fields) != 3 {
			continue
		}
		e, _ := chem.BySymbol(fields[0])
		entry := isotopes{masses: map[int]float64{}}
		common, _ := strconv.Atoi(fields[1])
		for pair := range strings.FieldsSeq(fields[2]) {
			number, mass, _ := strings.Cut(pair, ":")
			a, _ := strconv.Atoi(number)
			entry.masses[a], _ = strconv.ParseFloat(mass, 64)
		}
		entry.common = entry.masses[common]
		all[e] = entry
	}
	return all
})

// Mass returns the mass in u of the isotope of e with the given mass number, the
// number itself for isotopes that nobody has weighed.
func Mass(e chem.Element, number int) float64 {
	if m, ok := table()[e].masses[number]; ok {
		return m
	}
	return float64(number)
}

// Common returns the mass in u of the isotope of e that is the most common one in
// nature, or the longest-lived.
func Common(e chem.Element) float64 { return table()[e].common }
