package descriptor

import (
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

// The SMARTS of RDKit's definitions (Lipinski.cpp, release 2026.09).
var (
	donors    = smarts.MustParse("[N&!H0&v3,N&!H0&+1&v4,O&H1&+0,S&H1&+0,n&H1&+0]")
	acceptors = smarts.MustParse("[$([O,S;H1;v2]-[!$(*=[O,N,P,S])]),$([O,S;H0;v2]),$([O,S;-]),$([N;v3;!$(N-*=!@[O,N,P,S])]),$([nH0X2,o,s;+0])]")
	// A bond is rotatable if it is single, out of rings, and not next to a triple
	// bond, at an end, at CX3, or an amide.
	rotatable = smarts.MustParse("[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])&!$([CH3])&!$([CD3](=[N,O,S])-!@[#7,O,S!D1])&!$([#7,O,S!D1]-!@[CD3]=[N,O,S])&!$([CD3](=[N+])-!@[#7!D1])&!$([#7!D1]-!@[CD3]=[N+])]-,:;!@[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])&!$([CH3])]")
)

// Donors returns the number of hydrogen-bond donors.
func Donors(m *molecule.Molecule) int { return donors.Count(m) }

// Acceptors returns the number of hydrogen-bond acceptors.
func Acceptors(m *molecule.Molecule) int { return acceptors.Count(m) }

// RotatableBonds returns the number of rotatable bonds, amides and the like not
// counted.
func RotatableBonds(m *molecule.Molecule) int { return rotatable.Count(m) }

// AromaticRings returns the number of smallest rings whose bonds are all aromatic; a
// triple bond between aromatic atoms counts as one.
func AromaticRings(m *molecule.Molecule) int {
	n := 0
rings:
	for k := range m.NumRings() {
		_, bonds := m.Ring(k)
		for _, b := range bonds {
			x := &m.Bonds()[b]
			if !x.Aromatic && (x.Order != molecule.Triple || !m.Atoms()[x.A].Aromatic || !m.Atoms()[x.B].Aromatic) {
				continue rings
			}
		}
		n++
	}
	return n
}

// FractionSP3 returns the share of carbons with four neighbours, 0 if there is no
// carbon.
func FractionSP3(m *molecule.Molecule) float64 {
	carbons, saturated := 0, 0
	for i, a := range m.Atoms() {
		if a.Element != 6 {
			continue
		}
		carbons++
		if m.Degree(i)+int(a.Hydrogens) == 4 {
			saturated++
		}
	}
	if carbons == 0 {
		return 0
	}
	return float64(saturated) / float64(carbons)
}

// HeavyAtoms returns the number of atoms that are not hydrogen.
func HeavyAtoms(m *molecule.Molecule) int {
	n := 0
	for _, a := range m.Atoms() {
		if a.Element != 1 {
			n++
		}
	}
	return n
}

// Stereocentres returns the numbers of atoms and of double bonds that have a
// configuration.
func Stereocentres(m *molecule.Molecule) (atoms, bonds int) {
	for _, a := range m.Atoms() {
		if a.Chirality != molecule.Achiral {
			atoms++
		}
	}
	for _, b := range m.Bonds() {
		if b.Stereo != molecule.NoStereo {
			bonds++
		}
	}
	return atoms, bonds
}
