package molecule

import (
	"slices"
	"sync"
)

var refiners = sync.Pool{New: func() any { return new(refiner) }}

// maxSearch bounds the search for the canonical form of very regular molecules,
// in atoms copied. Symmetries that are found prune the search, so that no known
// molecule comes near; one that does gets the best form found so far, which may
// depend on the order of its atoms.
const maxSearch = 1 << 23

// search tells the atoms of a very symmetric part apart: of all ways to do it, it
// takes the one with the smallest form.
type search struct {
	r          *refiner
	determined bool
	path       []int32 // atoms told apart so far
	work       int     // atoms copied so far
	first      leaf    // found first
	best       leaf
	symmetries [][]int32 // permutations of atoms, by place in atoms
	index      []int32   // place of every atom in r.atoms
}

// leaf is a way to tell all atoms apart.
type leaf struct {
	path  []int32
	order []int32
	form  []uint64
}

func (s *search) run() {
	r := s.r
	s.index = make([]int32, len(r.m.atoms))
	for k, a := range r.atoms {
		s.index[a] = int32(k)
	}
	s.visit(s.determined)
	copy(r.order, s.best.order)
	for k, a := range r.order {
		r.place[a], r.rank[a], r.size[k] = int32(k), int32(k), 1
	}
}

// visit looks at all leaves below the present classes. It returns the length of
// the path to return to.
func (s *search) visit(determined bool) int {
	r := s.r
	depth := len(s.path)
	target := r.target()
	if target < 0 {
		return s.leaf()
	}
	if determined && r.pairs() {
		r.finish()
		return s.leaf()
	}
	s.work += len(r.order)
	cell := slices.Clone(r.order[target : target+r.size[target]])
	if r.twins(target) && s.oneParent(cell) {
		cell = cell[:1] // the others are symmetric to it
	}
	if s.work > maxSearch {
		cell = cell[:1]
	}
	order, rank, size := slices.Clone(r.order), make([]int32, len(r.order)), slices.Clone(r.size[:len(r.order)])
	for k, a := range order {
		rank[k] = r.rank[a]
	}
	for k, a := range cell {
		if k > 0 {
			if s.work > maxSearch {
				return depth
			}
			if s.symmetric(cell[:k], a) {
				continue
			}
			copy(r.order, order)
			copy(r.size, size)
			for k, x := range order {
				r.place[x], r.rank[x] = int32(k), rank[k]
			}
		}
		r.individualize(a)
		s.path = append(s.path, a)
		back := s.visit(r.refineStereo())
		s.path = s.path[:depth]
		if back < depth {
			return back
		}
	}
	return depth
}

// oneParent reports whether all atoms of cell, ends of the graph, are bound to
// the same atom, and its configuration does not depend on them.
func (s *search) oneParent(cell []int32) bool {
	m := s.r.m
	parent := int32(-1)
	for _, a := range cell {
		for _, n := range m.Neighbors(int(a)) {
			if parent >= 0 && n.Atom != parent {
				return false
			}
			parent = n.Atom
		}
	}
	return parent < 0 || m.atoms[parent].Chirality == Achiral
}

// symmetric reports whether a known symmetry that keeps the path takes one of
// seen to a.
func (s *search) symmetric(seen []int32, a int32) bool {
	s.work += len(s.r.atoms) * (1 + len(s.symmetries))
	orbit := make([]int32, 0, len(s.r.atoms))
	for k := range s.r.atoms {
		orbit = append(orbit, int32(k))
	}
	find := func(k int32) int32 {
		for orbit[k] != k {
			orbit[k] = orbit[orbit[k]]
			k = orbit[k]
		}
		return k
	}
	for _, p := range s.symmetries {
		if slices.ContainsFunc(s.path, func(x int32) bool { return p[s.index[x]] != s.index[x] }) {
			continue
		}
		for k, to := range p {
			if x, y := find(int32(k)), find(to); x != y {
				orbit[x] = y
			}
		}
	}
	for _, x := range seen {
		if find(s.index[x]) == find(s.index[a]) {
			return true
		}
	}
	return false
}

// leaf compares a complete numbering with those found before.
func (s *search) leaf() int {
	r := s.r
	s.work += len(r.order)
	here := leaf{path: slices.Clone(s.path), order: slices.Clone(r.order), form: r.form()}
	if s.first.order == nil {
		s.first, s.best = here, here
		return len(s.path)
	}
	for _, known := range [2]*leaf{&s.first, &s.best} {
		if !slices.Equal(known.form, here.form) {
			continue
		}
		p := make([]int32, len(r.atoms))
		for k, a := range known.order {
			p[s.index[a]] = s.index[here.order[k]]
		}
		s.symmetries = append(s.symmetries, p)
		common := 0
		for common < len(s.path) && common < len(known.path) && known.path[common] == s.path[common] {
			common++
		}
		return common
	}
	if slices.Compare(here.form, s.best.form) < 0 {
		s.best = here
	}
	return len(s.path)
}

// form writes the part as numbers: equal ones mean that a symmetry takes one
// numbering to the other.
func (r *refiner) form() []uint64 {
	out := make([]uint64, 0, 3*len(r.order))
	for k, a := range r.order {
		own := uint64(k)<<32 | 1<<31
		if r.m.atoms[a].Chirality != Achiral {
			own |= uint64(r.parity(a))
		}
		out = append(out, own)
		from := len(out)
		for _, n := range r.m.Neighbors(int(a)) {
			if b := &r.m.bonds[n.Bond]; r.rank[n.Atom] < int32(k) {
				x := uint64(r.rank[n.Atom])<<8 | uint64(b.kind(a))<<4
				if b.Stereo != NoStereo {
					x |= uint64(r.configuration(n.Bond))
				}
				out = append(out, x)
			}
		}
		slices.Sort(out[from:])
	}
	return out
}
