// Package cip names configurations by the sequence rules of Cahn, Ingold and Prelog:
// R and S of tetrahedral atoms, E and Z of double bonds (IUPAC Recommendations 2013,
// P-91 to P-93; Hanson et al., J. Chem. Inf. Model. 58 (2018) 1755).
//
// Of the rules 1a (atomic numbers), 1b (nearness of duplicated atoms), 2 (masses) and
// 3 (Z before E) are applied, on the whole hierarchical digraph up to a bound of its
// size. Rules 4 and 5, which compare the configurations of branches that are the same
// otherwise, are not: their centres are [Undecided]. So are axes and centres that are
// not tetrahedral.
package cip

import (
	"github.com/alkahest/alkahest/chem/molecule"
)

// Label is the name of a configuration: "R", "S", "E" or "Z", or none.
type Label string

const (
	None      Label = ""  // there is no configuration
	Undecided Label = "?" // there is one, and the rules that are applied do not name it
)

// Labels returns the names of the configurations of all atoms and bonds of m.
func Labels(m *molecule.Molecule) (atoms, bonds []Label) {
	l := &labeller{m: m, mancude: mancude(m), bonds: make([]Label, m.NumBonds())}
	for k, b := range m.Bonds() {
		if b.Stereo != molecule.NoStereo {
			l.bonds[k] = l.bond(k, b)
		}
	}
	atoms = make([]Label, m.NumAtoms())
	for i, a := range m.Atoms() {
		if a.Chirality != molecule.Achiral {
			atoms[i] = l.atom(i)
		}
	}
	return atoms, l.bonds
}

// labeller names the configurations of a molecule.
type labeller struct {
	m       *molecule.Molecule
	mancude []mean
	bonds   []Label // those found so far, for rule 3
}

// side orders branches by the double bond that they pass: Z, E, others.
func (l *labeller) side(n *node) int {
	if n.bond < 0 || n.duplicate {
		return 0
	}
	switch l.bonds[n.bond] {
	case "Z":
		return 2
	case "E":
		return 1
	}
	return 0
}

// atom names the configuration of atom i.
func (l *labeller) atom(i int) Label {
	m := l.m
	c := m.Atom(i).Chirality
	if !c.Tetrahedral() || m.Degree(i) < 3 {
		return Undecided
	}
	d := l.digraph(i)
	sorted, decided := d.ranks(-1)
	if !decided {
		return Undecided
	}
	// The place of every ligand, in the order that chirality is about, in that of the
	// ranks. A lone pair is the last of them.
	place := map[int32]int32{-1: 4}
	for k, n := range sorted {
		place[n.atom] = int32(k)
	}
	var keys []int32
	if m.Degree(i) == 3 {
		keys = append(keys, place[-1])
	}
	for _, n := range m.Neighbors(i) {
		keys = append(keys, place[n.Atom])
	}
	if c.Arranged(keys) == molecule.Clockwise {
		return "R"
	}
	return "S"
}

// bond names the configuration of double bond k.
func (l *labeller) bond(k int, b molecule.Bond) Label {
	together := b.Stereo == molecule.Together
	endA, beforeA, endB, beforeB := l.m.StereoEnds(k)
	for _, end := range [2][3]int32{{endA, beforeA, b.RefA}, {endB, beforeB, b.RefB}} {
		d := l.digraph(int(end[0]))
		sorted, decided := d.ranks(end[1])
		if !decided || len(sorted) == 0 {
			return Undecided
		}
		if sorted[0].atom != end[2] {
			together = !together
		}
	}
	if together {
		return "Z"
	}
	return "E"
}
