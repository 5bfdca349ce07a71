package descriptor

import "github.com/alkahest/alkahest/chem/molecule"

// polar is an environment of nitrogen or oxygen with its contribution in Å².
type polar struct {
	element, charge                         int8
	hydrogens                               uint8
	single, double, triple, aromatic, three uint8 // bonds to others than hydrogen; three: 1 if it lies in a ring of three atoms
	area                                    float64
}

// polarTable holds the contributions of nitrogen and oxygen: Ertl, Rohde and
// Selzer, J. Med. Chem. 43 (2000) 3714, doi:10.1021/jm000942e, table 1. Where the
// table does not ask for a ring of three atoms there is an entry for both.
var polarTable = func() map[polar]float64 {
	table := map[polar]float64{}
	for _, p := range []polar{
		{7, 0, 0, 0, 0, 1, 0, 0, 23.79},
		{7, 0, 1, 0, 1, 0, 0, 0, 23.85},
		{7, 0, 2, 1, 0, 0, 0, 0, 26.02},
		{7, 1, 2, 0, 1, 0, 0, 0, 25.59},
		{7, 1, 3, 1, 0, 0, 0, 0, 27.64},
		{7, 0, 0, 1, 1, 0, 0, 0, 12.36},
		{7, 0, 0, 0, 1, 1, 0, 0, 13.60},
		{7, 0, 1, 2, 0, 0, 0, 1, 21.94},
		{7, 0, 1, 2, 0, 0, 0, 0, 12.03},
		{7, 1, 0, 1, 0, 1, 0, 0, 4.36},
		{7, 1, 1, 1, 1, 0, 0, 0, 13.97},
		{7, 1, 2, 2, 0, 0, 0, 0, 16.61},
		{7, 0, 0, 0, 0, 0, 2, 0, 12.89},
		{7, 0, 1, 0, 0, 0, 2, 0, 15.79},
		{7, 1, 1, 0, 0, 0, 2, 0, 14.14},
		{7, 0, 0, 3, 0, 0, 0, 1, 3.01},
		{7, 0, 0, 3, 0, 0, 0, 0, 3.24},
		{7, 0, 0, 1, 2, 0, 0, 0, 11.68},
		{7, 1, 0, 2, 1, 0, 0, 0, 3.01},
		{7, 1, 1, 3, 0, 0, 0, 0, 4.44},
		{7, 0, 0, 0, 0, 0, 3, 0, 4.41},
		{7, 0, 0, 1, 0, 0, 2, 0, 4.93},
		{7, 0, 0, 0, 1, 0, 2, 0, 8.39},
		{7, 1, 0, 0, 0, 0, 3, 0, 4.10},
		{7, 1, 0, 1, 0, 0, 2, 0, 3.88},
		{7, 1, 0, 4, 0, 0, 0, 0, 0},
		{8, 0, 0, 0, 1, 0, 0, 0, 17.07},
		{8, 0, 1, 1, 0, 0, 0, 0, 20.23},
		{8, -1, 0, 1, 0, 0, 0, 0, 23.06},
		{8, 0, 0, 2, 0, 0, 0, 1, 12.53},
		{8, 0, 0, 2, 0, 0, 0, 0, 9.23},
		{8, 0, 0, 0, 0, 0, 2, 0, 13.14},
	} {
		area := p.area
		p.area = 0
		table[p] = area
		if p.three = 1; table[p] == 0 {
			table[p] = area
		}
	}
	return table
}()

// TPSA returns the topological polar surface area in Å², of nitrogen and oxygen.
// Environments that Ertl's table does not have are estimated from the numbers of
// neighbours and hydrogens, as in the paper's program.
func TPSA(m *molecule.Molecule) float64 {
	var sum float64
	for i, a := range m.Atoms() {
		if a.Element != 7 && a.Element != 8 {
			continue
		}
		p := polar{element: int8(a.Element), charge: a.Charge, hydrogens: uint8(m.TotalHydrogens(i))}
		neighbours := 0
		for _, n := range m.Neighbors(i) {
			if m.Atom(int(n.Atom)).Element == 1 {
				continue
			}
			neighbours++
			switch b := m.Bond(int(n.Bond)); {
			case b.Aromatic:
				p.aromatic++
			case b.Order == molecule.Single:
				p.single++
			case b.Order == molecule.Double:
				p.double++
			case b.Order == molecule.Triple:
				p.triple++
			}
		}
		if m.InRingOfSize(i, 3) {
			p.three = 1
		}
		area, known := polarTable[p]
		if !known {
			if a.Element == 7 {
				area = 30.5 - 8.2*float64(neighbours) + 1.5*float64(p.hydrogens)
			} else {
				area = 28.5 - 8.6*float64(neighbours) + 1.5*float64(p.hydrogens)
			}
			area = max(area, 0)
		}
		sum += area
	}
	return sum
}
