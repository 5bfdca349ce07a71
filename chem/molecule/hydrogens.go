package molecule

import "slices"

// removableHydrogens appends to out the hydrogen atoms that can become part of
// the atom that they are bound to without losing what the molecule says.
func (m *Molecule) removableHydrogens(out []int32) []int32 {
	for i := range m.atoms {
		a := &m.atoms[i]
		if a.Element != 1 || a.Isotope != 0 || a.Charge != 0 || a.Hydrogens != 0 || m.Degree(i) != 1 {
			continue
		}
		n := m.Neighbors(i)[0]
		other := &m.atoms[n.Atom]
		if other.Element <= 1 || m.bonds[n.Bond].Order != Single || other.Hydrogens > 200 {
			continue
		}
		needed := false
		for _, nb := range m.Neighbors(int(n.Atom)) {
			b := m.stereoAt(n.Atom, nb.Bond)
			if b.Stereo != NoStereo && (b.RefA == int32(i) || b.RefB == int32(i)) && m.Degree(int(n.Atom)) < 3 {
				needed = true
			}
		}
		if !needed {
			out = append(out, int32(i))
		}
	}
	return out
}

// stereoAt returns the bond that holds the configuration of the double bond from atom a,
// or of the cumulated ones that begin there: the bond itself if there is none.
func (m *Molecule) stereoAt(a, bond int32) *Bond {
	if m.bonds[bond].Order == Double {
		if k := m.middleBond(a, bond); k >= 0 {
			return &m.bonds[k]
		}
	}
	return &m.bonds[bond]
}

// withoutHydrogens returns m with the hydrogen atoms drop, in ascending order,
// made part of their neighbours.
func (m *Molecule) withoutHydrogens(drop []int32) *Molecule {
	number := make([]int32, len(m.atoms))
	next := 0
	for i := range number {
		number[i] = int32(i - next)
		if next < len(drop) && drop[next] == int32(i) {
			number[i] = -1
			next++
		}
	}
	m.hideLigands(number)
	for _, h := range drop {
		n := m.Neighbors(int(h))[0]
		other := int(n.Atom)
		a := &m.atoms[other]
		a.Hydrogens++
		if a.Chirality.Tetrahedral() {
			// The hydrogen moves before all neighbours.
			place := slices.IndexFunc(m.Neighbors(other), func(x Neighbor) bool { return x.Atom == h })
			if m.Degree(other)+int(a.Hydrogens)-1 != 4 || a.Hydrogens > 1 {
				a.Chirality = Achiral
			} else if place%2 == 1 {
				a.Chirality = a.Chirality.Inverted()
			}
		}
		for _, nb := range m.Neighbors(other) {
			b := m.stereoAt(n.Atom, nb.Bond)
			if b.Stereo == NoStereo || b.RefA != h && b.RefB != h {
				continue
			}
			for _, x := range m.Neighbors(other) { // the other neighbour stands at the other side
				if x.Bond != nb.Bond && x.Atom != h {
					if b.RefA == h {
						b.RefA = x.Atom
					} else {
						b.RefB = x.Atom
					}
					b.Stereo = Together + Opposite - b.Stereo
					break
				}
			}
		}
	}
	out := &Molecule{perceived: m.perceived}
	out.atoms = make([]Atom, 0, len(m.atoms)-len(drop))
	for i := range m.atoms {
		if number[i] >= 0 {
			out.atoms = append(out.atoms, m.atoms[i])
		}
	}
	out.bonds = make([]Bond, 0, len(m.bonds)-len(drop))
	for _, b := range m.bonds {
		if number[b.A] < 0 || number[b.B] < 0 {
			continue
		}
		b.A, b.B = number[b.A], number[b.B]
		if b.Stereo != NoStereo {
			b.RefA, b.RefB = number[b.RefA], number[b.RefB]
		}
		out.bonds = append(out.bonds, b)
	}
	out.connect()
	return out
}

// hideLigands turns the chiralities of atoms that are not tetrahedral, and of
// cumulated double bonds, to what they are when the atoms without a number become
// hydrogens of their neighbours: these stand before all neighbours.
func (m *Molecule) hideLigands(number []int32) {
	for i := range m.atoms {
		a := &m.atoms[i]
		if a.Chirality == Achiral {
			continue
		}
		if g := a.Chirality.geometry(); g != nil {
			keys := m.hiddenLigands(i, g.places)
			for k, n := range m.Neighbors(i) {
				key := int32(k)
				if number[n.Atom] < 0 {
					key = -2
				}
				keys = append(keys, key)
			}
			if len(keys) == g.places {
				a.Chirality = a.Chirality.Arranged(keys)
			}
			continue
		}
		ends, ok := m.axis(i)
		for _, e := range ends {
			if !ok {
				break
			}
			_, second := e.ligands(m)
			if second >= 0 && number[m.Neighbors(int(e.atom))[second].Atom] < 0 {
				a.Chirality = a.Chirality.Inverted()
			}
		}
	}
}

// WithoutHydrogens returns m with hydrogen atoms made part of the atoms that
// they are bound to, where that loses nothing; see [ParseSMILES].
func (m *Molecule) WithoutHydrogens() (*Molecule, error) {
	drop := m.removableHydrogens(nil)
	if len(drop) == 0 {
		return m, nil
	}
	b := m.Edit()
	for i := range b.bonds {
		b.bonds[i].Aromatic = false
	}
	c := &Molecule{atoms: b.atoms, bonds: b.bonds}
	c.connect()
	c = c.withoutHydrogens(drop)
	if err := c.perceive(m.perceived &^ (Normalize | Valence | Kekule)); err != nil {
		return nil, err
	}
	return c, nil
}

// RemovableHydrogens returns the hydrogen atoms that [Molecule.WithoutHydrogens]
// makes part of their neighbours, in ascending order.
func (m *Molecule) RemovableHydrogens() []int32 { return m.removableHydrogens(nil) }
