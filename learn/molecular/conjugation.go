package molecular

import "github.com/alkahest/alkahest/chem/molecule"

// conjugated describes the π systems of a molecule: atoms of aromatic rings and
// of double and triple bonds that are bound to one another.
type conjugated struct {
	all       float64 // atoms of all systems
	largest   float64 // atoms of the largest
	hetero    float64 // of the largest: atoms other than carbon
	donors    float64 // neutral N, O and S beside it with a lone pair and no π bond
	acceptors float64 // atoms of it that are O, S or N with a double or triple bond outside of rings
	length    float64 // bonds on the longest of the shortest paths in it
}

// conjugation finds the π systems of m.
func conjugation(m *molecule.Molecule) conjugated {
	n := m.NumAtoms()
	pi := make([]bool, n)
	multiple := make([]bool, n) // has a double or triple bond that is not aromatic
	for i := range m.NumBonds() {
		b := m.Bond(i)
		if b.Aromatic || b.Order == molecule.Double || b.Order == molecule.Triple {
			pi[b.A], pi[b.B] = true, true
			if !b.Aromatic {
				multiple[b.A], multiple[b.B] = true, true
			}
		}
	}
	var c conjugated
	seen := make([]bool, n)
	var best []int
	for i := range n {
		if !pi[i] || seen[i] {
			continue
		}
		system := []int{i}
		seen[i] = true
		for k := 0; k < len(system); k++ {
			for _, j := range m.Neighbors(system[k]) {
				if j := int(j.Atom); pi[j] && !seen[j] {
					seen[j] = true
					system = append(system, j)
				}
			}
		}
		c.all += float64(len(system))
		if len(system) > len(best) {
			best = system
		}
	}
	c.largest = float64(len(best))
	beside := map[int]bool{}
	for _, i := range best {
		a := m.Atom(i)
		if a.Element != 6 {
			c.hetero++
			if multiple[i] && !a.Aromatic && (a.Element == 7 || a.Element == 8 || a.Element == 16) {
				c.acceptors++
			}
		}
		for _, j := range m.Neighbors(i) {
			other := m.Atom(int(j.Atom))
			if !pi[j.Atom] && !beside[int(j.Atom)] && other.Charge <= 0 && (other.Element == 7 || other.Element == 8 || other.Element == 16) {
				beside[int(j.Atom)] = true
				c.donors++
			}
		}
	}
	if len(best) > 0 {
		// Two sweeps of breadth-first search: from any atom to one that is
		// farthest, and on from there. It is exact for trees of rings.
		far, _ := farthest(m, best[0], pi)
		_, length := farthest(m, far, pi)
		c.length = float64(length)
	}
	return c
}

// farthest returns an atom of the system of start that is most bonds away.
func farthest(m *molecule.Molecule, start int, pi []bool) (atom, bonds int) {
	distance := map[int]int{start: 0}
	queue := []int{start}
	for k := 0; k < len(queue); k++ {
		i := queue[k]
		for _, j := range m.Neighbors(i) {
			if j := int(j.Atom); pi[j] {
				if _, ok := distance[j]; !ok {
					distance[j] = distance[i] + 1
					queue = append(queue, j)
				}
			}
		}
	}
	last := queue[len(queue)-1]
	return last, distance[last]
}
