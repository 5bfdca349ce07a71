package fingerprint

import "github.com/alkahest/alkahest/chem/molecule"

// Scaffold returns the scaffold of m: its rings, the chains between them, and what
// is bound to these by double bonds (Bemis and Murcko, J. Med. Chem. 39 (1996)
// 2887). It has no atoms if m has no ring.
func Scaffold(m *molecule.Molecule) (*molecule.Molecule, error) {
	n := m.NumAtoms()
	// Ends that lie in no ring fall off, again and again.
	degree := make([]int, n)
	gone := make([]bool, n)
	var ends []int32
	for i := range n {
		if degree[i] = m.Degree(i); degree[i] < 2 {
			ends = append(ends, int32(i))
		}
	}
	for len(ends) > 0 {
		i := ends[len(ends)-1]
		ends = ends[:len(ends)-1]
		gone[i] = true
		for _, nb := range m.Neighbors(int(i)) {
			if !gone[nb.Atom] {
				if degree[nb.Atom]--; degree[nb.Atom] < 2 {
					ends = append(ends, nb.Atom)
				}
			}
		}
	}
	frame := append([]bool(nil), gone...)
	for _, b := range m.Bonds() {
		if b.Order == molecule.Double && frame[b.A] != frame[b.B] {
			gone[b.A], gone[b.B] = false, false
		}
	}
	b := m.Edit()
	for i := range n {
		if !gone[i] {
			for _, nb := range m.Neighbors(i) {
				if gone[nb.Atom] {
					b.Atom(i).Fixed = false // a hydrogen takes the place
				}
			}
		}
	}
	b.RemoveAtoms(func(i int) bool { return gone[i] })
	return b.Build()
}

// Framework returns the scaffold of m with all atoms carbon and all bonds single.
func Framework(m *molecule.Molecule) (*molecule.Molecule, error) {
	scaffold, err := Scaffold(m)
	if err != nil {
		return nil, err
	}
	b := scaffold.Edit()
	for i := range b.NumAtoms() {
		*b.Atom(i) = molecule.Atom{Element: 6}
	}
	for i := range b.NumBonds() {
		x := b.Bond(i)
		x.Order, x.Aromatic, x.Stereo = molecule.Single, false, molecule.NoStereo
	}
	return b.Build()
}
