// Package molecular turns molecules into features: counts and descriptors that
// every molecule has, and how often it has each environment of atoms, from a
// list that is taken from the molecules that are learned from.
package molecular

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/descriptor"
	"github.com/alkahest/alkahest/chem/fingerprint"
	"github.com/alkahest/alkahest/chem/molecule"
)

// Radius is how many bonds around an atom an environment reaches.
const Radius = 2

// MaxAtoms bounds the atoms of a molecule, hydrogens aside.
const MaxAtoms = 2000

// counted are the elements whose atoms are counted one by one.
var counted = []chem.Element{5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53}

var names = func() (out []string) {
	for _, e := range counted {
		out = append(out, "atoms "+e.Symbol())
	}
	return append(out,
		"atoms", "hydrogens", "heavy mass", "charge", "positive atoms", "negative atoms", "molecules",
		"rings", "rings of 5", "rings of 6", "aromatic rings", "aromatic atoms", "aromatic heteroatoms",
		"logP", "molar refractivity", "polar surface", "donors", "acceptors", "rotatable bonds", "sp3 share", "stereocentres",
		"double bonds", "triple bonds", "largest conjugated system", "conjugated atoms", "heteroatoms in it", "donors on it", "acceptors on it", "length of it",
		"aromatic share", "heteroatom share", "refractivity per atom", "logP per atom",
	)
}()

// Count is the number of descriptors.
var Count = len(names)

// Names returns the names of the descriptors. The caller must not change it.
func Names() []string { return names }

// Parse reads a molecule from SMILES.
func Parse(s string) (*molecule.Molecule, error) {
	m, err := molecule.ParseSMILES(s)
	if err != nil {
		return nil, err
	}
	if n := m.NumAtoms(); n == 0 || n > MaxAtoms {
		return nil, fmt.Errorf("a molecule of %d atoms; 1 to %d can be compared", n, MaxAtoms)
	}
	return m, nil
}

// Descriptors sets dst, which must have Count elements, to the descriptors of m.
func Descriptors(dst []float64, m *molecule.Molecule) {
	logP, refractivity := descriptor.Crippen(m)
	next := 0
	put := func(v float64) { dst[next] = v; next++ }
	var of [119]float64
	var hydrogens, heavyMass, charge, positive, negative, aromatic, aromaticHetero, hetero float64
	for i := range m.NumAtoms() {
		a := m.Atom(i)
		of[a.Element]++
		hydrogens += float64(a.Hydrogens)
		heavyMass += a.Element.Weight()
		charge += float64(a.Charge)
		switch {
		case a.Charge > 0:
			positive++
		case a.Charge < 0:
			negative++
		}
		if a.Aromatic {
			aromatic++
			if a.Element != 6 {
				aromaticHetero++
			}
		}
		if a.Element != 6 && a.Element != 1 {
			hetero++
		}
	}
	for _, e := range counted {
		put(of[e])
	}
	atoms := float64(m.NumAtoms())
	put(atoms)
	put(hydrogens)
	put(heavyMass)
	put(charge)
	put(positive)
	put(negative)
	_, parts := m.Components()
	put(float64(parts))
	put(float64(m.NumRings()))
	five, six := 0.0, 0.0
	for k := range m.NumRings() {
		ring, _ := m.Ring(k)
		switch len(ring) {
		case 5:
			five++
		case 6:
			six++
		}
	}
	put(five)
	put(six)
	put(float64(descriptor.AromaticRings(m)))
	put(aromatic)
	put(aromaticHetero)
	put(logP)
	put(refractivity)
	put(descriptor.TPSA(m))
	put(float64(descriptor.Donors(m)))
	put(float64(descriptor.Acceptors(m)))
	put(float64(descriptor.RotatableBonds(m)))
	put(descriptor.FractionSP3(m))
	centres, bonds := descriptor.Stereocentres(m)
	put(float64(centres + bonds))
	double, triple := 0.0, 0.0
	for i := range m.NumBonds() {
		b := m.Bond(i)
		switch {
		case b.Aromatic:
		case b.Order == molecule.Double:
			double++
		case b.Order == molecule.Triple:
			triple++
		}
	}
	put(double)
	put(triple)
	c := conjugation(m)
	put(c.largest)
	put(c.all)
	put(c.hetero)
	put(c.donors)
	put(c.acceptors)
	put(c.length)
	put(aromatic / atoms)
	put(hetero / atoms)
	put(refractivity / atoms)
	put(logP / atoms)
}

// Environments returns how often m has each environment.
func Environments(m *molecule.Molecule) map[uint32]int { return fingerprint.MorganCounts(m, Radius) }

// Vocabulary is a list of environments, ascending.
type Vocabulary []uint32

// NewVocabulary returns the environments that at least least of the molecules
// have, at most most of them: those that the most molecules have.
func NewVocabulary(counts []map[uint32]int, least, most int) Vocabulary {
	molecules := map[uint32]int{}
	for _, c := range counts {
		for id := range c {
			molecules[id]++
		}
	}
	var ids []uint32
	for id, n := range molecules {
		if n >= least {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uint32) int { return cmp.Or(molecules[b]-molecules[a], cmp.Compare(a, b)) })
	ids = ids[:min(most, len(ids))]
	slices.Sort(ids)
	return ids
}

// Counts sets dst, which is as long as v, to the counts of the environments of v.
func (v Vocabulary) Counts(dst []float64, counts map[uint32]int) {
	clear(dst)
	for id, n := range counts {
		if k, ok := slices.BinarySearch(v, id); ok {
			dst[k] = float64(n)
		}
	}
}
