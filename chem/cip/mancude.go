package cip

import "github.com/alkahest/alkahest/chem/molecule"

// mean is the mean of atomic numbers, number/parts; parts is 0 if there is none.
type mean struct{ number, parts int32 }

// mancude returns, for every atom whose double bond may lead to several neighbours in
// rings of alternating double bonds, the mean of their atomic numbers: what the
// duplicate that the double bond gives counts as (rule 1a, P-92.1.4.4 of the
// recommendations). So a name does not depend on the Kekulé structure.
func mancude(m *molecule.Molecule) []mean {
	in := make([]bool, m.NumAtoms())
	for i := range in {
		in[i] = alternating(m, i)
	}
	out := make([]mean, m.NumAtoms())
	for i := range out {
		if !in[i] {
			continue
		}
		for _, n := range m.Neighbors(i) {
			if in[n.Atom] && m.BondRings(int(n.Bond)) > 0 {
				out[i].number += int32(m.Atom(int(n.Atom)).Element)
				out[i].parts++
			}
		}
	}
	return out
}

// alternating reports whether atom i has a double bond in a ring and no other one, as
// the atoms of mancude rings have.
func alternating(m *molecule.Molecule, i int) bool {
	a := m.Atom(i)
	doubles := 0
	for _, n := range m.Neighbors(i) {
		switch b := m.Bond(int(n.Bond)); {
		case b.Order == molecule.Single:
		case b.Order == molecule.Double && m.BondRings(int(n.Bond)) > 0:
			doubles++
		default:
			return false
		}
	}
	if doubles != 1 {
		return false
	}
	switch ligands := m.Degree(i) + int(a.Hydrogens); a.Element {
	case 6:
		return ligands == 3 && a.Charge == 0
	case 7:
		return ligands == 2 && a.Charge == 0 || ligands == 3 && a.Charge == 1
	case 8:
		return ligands == 2 && a.Charge == 1
	}
	return false
}
