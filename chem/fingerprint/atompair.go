package fingerprint

import "github.com/alkahest/alkahest/chem/molecule"

// Pair is two kinds of atoms and the number of bonds between them, [AtomPairs].
type Pair struct {
	A, B     PairAtom // A is not after B
	Distance uint8    // bonds on the shortest path
}

// PairAtom is a kind of atom: its element, its neighbours without hydrogen, and the
// electrons that it gives to π bonds.
type PairAtom struct{ Element, Neighbours, Pi uint8 }

// maxPairDistance is the largest distance that atom pairs have.
const maxPairDistance = 30

// AtomPairs counts the pairs of atoms of m by kind and distance, up to 30 bonds
// apart (Carhart, Smith and Venkataraghavan, J. Chem. Inf. Comput. Sci. 25 (1985)
// 64). Hydrogens that are atoms do not count.
func AtomPairs(m *molecule.Molecule) map[Pair]int {
	n := m.NumAtoms()
	kinds := make([]PairAtom, n)
	for i := range kinds {
		kinds[i] = pairAtom(m, i)
	}
	out := map[Pair]int{}
	distance := make([]int32, n)
	queue := make([]int32, 0, n)
	for i := range n {
		if kinds[i].Element == 1 {
			continue
		}
		for k := range distance {
			distance[k] = -1
		}
		distance[i] = 0
		queue = append(queue[:0], int32(i))
		for head := 0; head < len(queue); head++ {
			at := queue[head]
			if int(at) > i && kinds[at].Element != 1 {
				a, b := kinds[i], kinds[at]
				if b.before(a) {
					a, b = b, a
				}
				out[Pair{a, b, uint8(distance[at])}]++
			}
			if distance[at] == maxPairDistance {
				continue
			}
			for _, nb := range m.Neighbors(int(at)) {
				if distance[nb.Atom] < 0 {
					distance[nb.Atom] = distance[at] + 1
					queue = append(queue, nb.Atom)
				}
			}
		}
	}
	return out
}

func (a PairAtom) before(b PairAtom) bool {
	if a.Element != b.Element {
		return a.Element < b.Element
	}
	if a.Neighbours != b.Neighbours {
		return a.Neighbours < b.Neighbours
	}
	return a.Pi < b.Pi
}

func pairAtom(m *molecule.Molecule, i int) PairAtom {
	a := m.Atom(i)
	p := PairAtom{Element: uint8(a.Element)}
	saturated := true // no bond of higher order, as in sp3
	for _, n := range m.Neighbors(i) {
		if m.Atom(int(n.Atom)).Element != 1 {
			p.Neighbours++
		}
		b := m.Bond(int(n.Bond))
		saturated = saturated && b.Order == molecule.Single && !b.Aromatic
	}
	switch {
	case a.Aromatic:
		p.Pi = 1
	case !saturated:
		p.Pi = uint8(max(0, m.Valence(i)-m.Degree(i)-int(a.Hydrogens)))
	}
	return p
}
