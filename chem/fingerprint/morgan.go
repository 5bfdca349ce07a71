// Package fingerprint describes molecules by the environments of their atoms, as
// sets of bits or counts, and searches large sets of molecules by similarity.
package fingerprint

import (
	"slices"
	"sync"

	"github.com/alkahest/alkahest/chem/isotope"
	"github.com/alkahest/alkahest/chem/molecule"
)

// Environment is an atom with its surroundings up to some number of bonds.
type Environment struct {
	ID     uint32 // the same for the same surroundings
	Atom   int32
	Radius int32
}

// Morgan returns the different environments of m up to radius bonds around every
// atom: extended-connectivity fingerprints (Rogers and Hahn, J. Chem. Inf. Model.
// 50 (2010) 742), ECFP4 for radius 2. An environment that covers the same bonds as
// one before is left out. Configurations do not count. The numbers are those of
// RDKit's Morgan generator with its defaults.
func Morgan(m *molecule.Molecule, radius int) []Environment {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	return slices.Clone(w.morgan(m, radius))
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// workspace is memory that fingerprints use again.
type workspace struct {
	out        []Environment
	now, next  []uint32
	dead       []bool
	cover, new []uint64 // bonds covered by the environment of every atom
	seen       []uint64 // covered sets of the environments found
	round      []cover
	around     []link
}

// cover is an environment of the present round.
type cover struct {
	id   uint32
	atom int32
}

// link is a neighbour by the kind of its bond and its own environment.
type link struct {
	bond int32
	id   uint32
}

// combine mixes v into the hash seed (boost::hash_combine with 32 bits).
func combine(seed, v uint32) uint32 { return seed ^ (v + 0x9e3779b9 + seed<<6 + seed>>2) }

// invariant hashes what an atom is: element, neighbours, hydrogens, charge,
// isotope, whether it lies in a ring.
func invariant(m *molecule.Molecule, i int) uint32 {
	a := &m.Atoms()[i]
	mass := int32(0)
	if a.Isotope != 0 && a.Element != 0 {
		mass = int32(isotope.Mass(a.Element, int(a.Isotope)) - a.Element.Weight())
	}
	h := combine(0, uint32(a.Element))
	h = combine(h, uint32(m.Degree(i))+uint32(a.Hydrogens))
	h = combine(h, uint32(m.TotalHydrogens(i)))
	h = combine(h, uint32(int32(a.Charge)))
	h = combine(h, uint32(mass))
	if m.AtomRings(i) > 0 {
		h = combine(h, 1)
	}
	return h
}

// bondKind is the number that RDKit has for kinds of bonds.
func bondKind(b *molecule.Bond) int32 {
	switch {
	case b.Aromatic:
		return 12
	case b.Order == molecule.Dative:
		return 17
	}
	return int32(b.Order)
}

func resize[T any](buf *[]T, n int) []T {
	if cap(*buf) < n {
		*buf = make([]T, n, n+n/2)
	}
	*buf = (*buf)[:n]
	clear(*buf)
	return *buf
}

func (w *workspace) morgan(m *molecule.Molecule, radius int) []Environment {
	n := m.NumAtoms()
	words := (m.NumBonds() + 63) / 64
	now, next := resize(&w.now, n), resize(&w.next, n)
	dead := resize(&w.dead, n)
	old, wide := resize(&w.cover, n*words), resize(&w.new, n*words)
	seen := w.seen[:0]
	out := w.out[:0]
	for i := range n {
		now[i] = invariant(m, i)
		out = append(out, Environment{ID: now[i], Atom: int32(i)})
	}
	for layer := range radius {
		round := w.round[:0]
		for i := range n {
			if dead[i] {
				continue
			}
			nbs := m.Neighbors(i)
			if len(nbs) == 0 {
				dead[i] = true
				continue
			}
			set := wide[i*words : (i+1)*words]
			around := w.around[:0]
			for _, nb := range nbs {
				set[nb.Bond/64] |= 1 << (nb.Bond % 64)
				for k, x := range old[int(nb.Atom)*words : (int(nb.Atom)+1)*words] {
					set[k] |= x
				}
				around = append(around, link{bondKind(&m.Bonds()[nb.Bond]), now[nb.Atom]})
			}
			w.around = around
			for a := 1; a < len(around); a++ {
				for b := a; b > 0 && (around[b].bond < around[b-1].bond || around[b].bond == around[b-1].bond && around[b].id < around[b-1].id); b-- {
					around[b], around[b-1] = around[b-1], around[b]
				}
			}
			id := combine(uint32(layer), now[i])
			for _, l := range around {
				id = combine(id, combine(combine(0, uint32(l.bond)), l.id))
			}
			next[i] = id
			round = append(round, cover{id, int32(i)})
		}
		w.round = round
		// Of environments with the same bonds the one with the smallest number
		// stays.
		slices.SortFunc(round, func(a, b cover) int {
			switch {
			case a.id < b.id:
				return -1
			case a.id > b.id:
				return 1
			}
			return int(a.atom - b.atom)
		})
		for _, c := range round {
			set := wide[int(c.atom)*words : (int(c.atom)+1)*words]
			known := false
			for k := 0; k < len(seen) && !known; k += words {
				known = slices.Equal(seen[k:k+words], set)
			}
			if known {
				dead[c.atom] = true
				continue
			}
			seen = append(seen, set...)
			out = append(out, Environment{ID: c.id, Atom: c.atom, Radius: int32(layer + 1)})
		}
		copy(now, next)
		copy(old, wide)
	}
	w.seen, w.out = seen, out
	return out
}

// MorganBits returns the environments of m as a fingerprint of the given number of
// bits, a multiple of 64.
func MorganBits(m *molecule.Molecule, radius, bits int) Bits {
	fp := NewBits(bits)
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	for _, e := range w.morgan(m, radius) {
		fp.Set(int(e.ID % uint32(bits)))
	}
	return fp
}

// MorganCounts returns how often m has each environment.
func MorganCounts(m *molecule.Molecule, radius int) map[uint32]int {
	out := map[uint32]int{}
	for _, e := range Morgan(m, radius) {
		out[e.ID]++
	}
	return out
}
