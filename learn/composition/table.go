package composition

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// elements.tsv holds properties of the elements from hydrogen to berkelium; a
// field is empty where a value is unknown. By column:
//
//	mendeleev … space-group              Ward et al. 2016: Mendeleev number of Pettifor; melting point, K; covalent radius, pm;
//	                                     electrons and vacancies of the valence orbitals; of the solid element at 0 K: volume, Å³/atom,
//	                                     band gap, eV, moment, μB/atom, number of the space group
//	metal … cohesive-energy              Oliynyk et al. 2016: radii, Å (metallic radius of Miracle, pm); electronegativities;
//	                                     ionisation energy, kJ/mol; polarisability, Å³; boiling point, K; density, g/cm³; specific heat, J/(g K);
//	                                     heats of fusion, vaporisation and atomisation, kJ/mol; thermal conductivity, W/(m K); cohesive energy, eV/atom
//	shear-modulus … mean-ionic-radius    Choudhary et al. 2018: of the solid element: moduli, GPa, energy, eV/atom; electron affinity, eV;
//	                                     molar volume, cm³/mol; neighbours in the Voronoi construction; ionic radius, Å
//
//go:embed elements.tsv
var elementsTSV string

// lastKnown is the last element of the table.
const lastKnown = 97

// properties are the columns of the table of elements, with atomic number,
// weight and Pauling's electronegativity of package chem before them; known is
// the table itself, by atomic number, without gaps.
var properties, known = load(elementsTSV)

func load(table string) (names []string, values [lastKnown + 1][]float64) {
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	names = append([]string{"number", "weight", "pauling"}, strings.Split(lines[0], "\t")[1:]...)
	for z := range values {
		values[z] = make([]float64, len(names))
		for j := range values[z] {
			values[z][j] = math.NaN()
		}
	}
	for _, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		e, ok := chem.BySymbol(fields[0])
		if !ok || int(e) > lastKnown || len(fields) != len(names)-2 {
			panic(fmt.Sprintf("composition: elements.tsv: %q", line))
		}
		row := values[e]
		row[0], row[1] = float64(e), e.Weight()
		if x := e.Electronegativity(); x > 0 {
			row[2] = x
		}
		for j, field := range fields[1:] {
			if field == "" {
				continue
			}
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				panic(fmt.Sprintf("composition: elements.tsv: %s of %s: %v", names[j+3], fields[0], err))
			}
			row[j+3] = v
		}
	}
	impute(&values)
	return names, values
}

// mendeleev is the column of the Mendeleev number.
const mendeleev = 3

// impute gives each unknown value that of the chemically nearest element which
// has it: nearest by Pettifor's Mendeleev number (J. Phys. C 19 (1986) 285),
// which puts like elements side by side.
func impute(values *[lastKnown + 1][]float64) {
	given := *values
	for z := 1; z <= lastKnown; z++ {
		row := append([]float64(nil), given[z]...)
		for j, v := range row {
			if !math.IsNaN(v) {
				continue
			}
			nearest := math.Inf(1)
			for other := 1; other <= lastKnown; other++ {
				d := math.Abs(given[other][mendeleev] - given[z][mendeleev])
				if d < nearest && !math.IsNaN(given[other][j]) {
					nearest, row[j] = d, given[other][j]
				}
			}
		}
		values[z] = row
	}
}

// column returns the index of a property.
func column(name string) int {
	for j, n := range properties {
		if n == name {
			return j
		}
	}
	panic("composition: no property " + name)
}
