package molecule

import (
	"cmp"
	"slices"
)

// refiner divides the atoms of one part of a molecule into ordered classes: cells
// of atoms that their surroundings do not tell apart. The rank of an atom is the
// number of atoms in the cells before its own. Splitting by the neighbours in one
// cell after the other is Hopcroft's algorithm, as McKay uses it (Congressus
// Numerantium 30 (1981) 45).
//
// Nothing here depends on the numbers of atoms, except the order inside cells.
type refiner struct {
	m      *Molecule
	atoms  []int32  // the part
	order  []int32  // atoms by rank
	place  []int32  // of every atom in order
	rank   []int32  // of every atom: first place of its cell
	size   []int32  // of every cell, at its first place
	queued []bool   // of every cell, at its first place
	queue  []int32  // cells by which others are still to be split
	weight []uint64 // of every atom; 0 between uses
	hit    []int32  // atoms with a weight
	centre []int32  // atoms of the part with a chirality
	double []int32  // double bonds of the part with a configuration
}

// newRefiner returns a refiner for molecules with n atoms.
func newRefiner(m *Molecule) *refiner {
	r := refiners.Get().(*refiner)
	n := len(m.atoms)
	r.m = m
	if cap(r.place) < n {
		ints := make([]int32, 4*n)
		r.order, r.place, r.rank, r.size = ints[:0:n], ints[n:2*n:2*n], ints[2*n:3*n:3*n], ints[3*n:]
		r.queued = make([]bool, n)
		r.weight = make([]uint64, n)
	}
	r.place, r.rank, r.size = r.place[:n], r.rank[:n], r.size[:n]
	r.queued, r.weight = r.queued[:n], r.weight[:n]
	return r
}

func (r *refiner) release() {
	r.m = nil
	refiners.Put(r)
}

// mix spreads the bits of x (the finaliser of SplitMix64; Steele et al., OOPSLA
// 2014).
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// bondWeights are the weights of bonds by kind. Sums of up to 255 of them differ.
var bondWeights = func() (w [16]uint64) {
	for i := range w {
		w[i] = mix(uint64(i)) | 1
	}
	return w
}()

// parityWeight is the weight of an atom of known handedness.
func parityWeight(c Chirality) uint64 {
	if c.Tetrahedral() {
		return bondWeights[8+c]
	}
	return mix(uint64(16+c)) | 1
}

// kind tells bonds apart that a canonical form must tell apart; from is one of
// its atoms.
func (b *Bond) kind(from int32) int {
	switch {
	case b.Aromatic:
		return 0
	case b.Order == Dative && b.A == from:
		return 7
	}
	return int(b.Order)
}

// constitution tells atoms apart by what they are, without their surroundings.
// Atoms with few neighbours come first, so that canonical SMILES begin at an end.
func (m *Molecule) constitution(i int) uint64 {
	a := &m.atoms[i]
	key := uint64(min(m.Degree(i), 15))<<60 |
		uint64(a.Element)<<52 |
		uint64(uint8(a.Charge)^0x80)<<44 |
		uint64(min(a.Hydrogens, 127))<<37 |
		uint64(a.Isotope)<<27
	if a.Aromatic {
		key |= 1 << 26
	}
	if m.rings.atom(i) {
		key |= 1 << 25
	}
	if a.Map != 0 {
		key |= 1<<24 | mix(uint64(a.Map))>>40
	}
	return key
}

// begin puts the atoms of a part into classes by what they are.
func (r *refiner) begin(atoms []int32) {
	r.atoms = atoms
	r.order = append(r.order[:0], atoms...)
	for _, a := range atoms {
		r.weight[a] = r.m.constitution(int(a))
	}
	r.sort(r.order)
	r.queue = r.queue[:0]
	start := 0
	for k, a := range r.order {
		if k > 0 && r.weight[a] != r.weight[r.order[k-1]] {
			r.cell(start, k)
			start = k
		}
		r.place[a] = int32(k)
	}
	if len(atoms) > 0 {
		r.cell(start, len(atoms))
	}
	for _, a := range atoms {
		r.weight[a] = 0
	}
	r.stereo()
}

// resume puts the atoms of a part into the classes that they have, which must be
// stable.
func (r *refiner) resume(atoms, classes []int32) {
	r.atoms = atoms
	n := len(atoms)
	r.order = r.order[:n]
	fill := r.size // number of atoms placed, by class
	for k := range n {
		fill[k] = 0
	}
	for _, a := range atoms {
		c := classes[a]
		p := c + fill[c]
		fill[c]++
		r.order[p], r.place[a], r.rank[a] = a, p, c
	}
	r.queue = r.queue[:0]
	for k := range n {
		r.queued[k] = false
	}
	r.stereo()
}

// stereo finds the atoms and bonds with a configuration.
func (r *refiner) stereo() {
	r.centre, r.double = r.centre[:0], r.double[:0]
	for _, a := range r.atoms {
		if r.m.atoms[a].Chirality != Achiral {
			r.centre = append(r.centre, a)
		}
		for _, n := range r.m.Neighbors(int(a)) {
			if b := &r.m.bonds[n.Bond]; b.Stereo != NoStereo && b.A == a {
				r.double = append(r.double, n.Bond)
			}
		}
	}
}

// cell makes a cell of the places from start to end and queues it.
func (r *refiner) cell(start, end int) {
	r.size[start] = int32(end - start)
	for _, a := range r.order[start:end] {
		r.rank[a] = int32(start)
	}
	r.queued[start] = true
	r.queue = append(r.queue, int32(start))
}

// sort sorts atoms by weight.
func (r *refiner) sort(atoms []int32) {
	if len(atoms) > 32 {
		slices.SortFunc(atoms, func(a, b int32) int { return cmp.Compare(r.weight[a], r.weight[b]) })
		return
	}
	for i := 1; i < len(atoms); i++ {
		a := atoms[i]
		w := r.weight[a]
		j := i
		for j > 0 && r.weight[atoms[j-1]] > w {
			atoms[j] = atoms[j-1]
			j--
		}
		atoms[j] = a
	}
}

// refine splits cells until the neighbours of all atoms of a cell lie in the same
// cells.
func (r *refiner) refine() {
	for head := 0; head < len(r.queue); head++ {
		start := r.queue[head]
		r.queued[start] = false
		for _, a := range r.order[start : start+r.size[start]] {
			for _, n := range r.m.Neighbors(int(a)) {
				if r.size[r.rank[n.Atom]] == 1 {
					continue
				}
				if r.weight[n.Atom] == 0 {
					r.hit = append(r.hit, n.Atom)
				}
				r.weight[n.Atom] += bondWeights[r.m.bonds[n.Bond].kind(a)]
			}
		}
		r.split()
	}
	r.queue = r.queue[:0]
}

// split divides the cells of the atoms in hit by weight: atoms without one, then
// the others by theirs. It queues the new cells, without the largest part of
// each if the old cell was not queued. The work is that of sorting the hits.
func (r *refiner) split() {
	hit := r.hit
	if len(hit) > 32 {
		slices.SortFunc(hit, func(a, b int32) int {
			return cmp.Or(cmp.Compare(r.rank[a], r.rank[b]), cmp.Compare(r.weight[a], r.weight[b]))
		})
	} else {
		for i := 1; i < len(hit); i++ {
			a := hit[i]
			c, w := r.rank[a], r.weight[a]
			j := i
			for j > 0 && (r.rank[hit[j-1]] > c || r.rank[hit[j-1]] == c && r.weight[hit[j-1]] > w) {
				hit[j] = hit[j-1]
				j--
			}
			hit[j] = a
		}
	}
	for from := 0; from < len(hit); {
		c := r.rank[hit[from]]
		to := from + 1
		for to < len(hit) && r.rank[hit[to]] == c {
			to++
		}
		if r.size[c] > 1 {
			r.splitCell(c, hit[from:to])
		}
		from = to
	}
	for _, a := range hit {
		r.weight[a] = 0
	}
	r.hit = hit[:0]
}

// splitCell divides cell c, of which the atoms of hit, sorted by weight, have one.
func (r *refiner) splitCell(c int32, hit []int32) {
	size, n := r.size[c], int32(len(hit))
	if n == size && r.weight[hit[0]] == r.weight[hit[n-1]] {
		return
	}
	// The hit atoms take the last places of the cell.
	front := size - n
	for k := n - 1; k >= 0; k-- {
		a := hit[k]
		p, last := r.place[a], c+front+k
		other := r.order[last]
		r.order[p], r.place[other] = other, p
		r.order[last], r.place[a] = a, last
	}
	wasQueued := r.queued[c]
	largest, largestSize := c, front
	first := len(r.queue)
	add := func(start, length int32) {
		r.size[start] = length
		if start > c || !wasQueued {
			r.queued[start] = true
			r.queue = append(r.queue, start)
		}
		if length > largestSize {
			largest, largestSize = start, length
		}
	}
	if front > 0 {
		add(c, front)
	}
	for s := int32(0); s < n; {
		e := s + 1
		for e < n && r.weight[hit[e]] == r.weight[hit[s]] {
			e++
		}
		start := c + front + s
		for _, a := range hit[s:e] {
			r.rank[a] = start
		}
		add(start, e-s)
		s = e
	}
	if !wasQueued {
		// The largest part need not split others: the rest does it.
		at := first + slices.Index(r.queue[first:], largest)
		r.queue = slices.Delete(r.queue, at, at+1)
		r.queued[largest] = false
	}
}

// parity returns the handedness of atom a for neighbours in the order of their
// ranks, 0 if some of them have the same.
func (r *refiner) parity(a int32) Chirality {
	nbs := r.m.Neighbors(int(a))
	switch x := &r.m.atoms[a]; {
	case !x.Chirality.Tetrahedral():
		return r.arrangement(a)
	case len(nbs) == 2 && x.Hydrogens == 0:
		return r.axisParity(a)
	}
	odd := false
	for i, n := range nbs {
		for _, before := range nbs[:i] {
			x, y := r.rank[before.Atom], r.rank[n.Atom]
			if x == y {
				return Achiral
			}
			odd = odd != (x > y)
		}
	}
	c := r.m.atoms[a].Chirality
	if odd {
		c = c.Inverted()
	}
	return c
}

// arrangement is parity for atoms that are not tetrahedral.
func (r *refiner) arrangement(a int32) Chirality {
	c := r.m.atoms[a].Chirality
	keys := r.m.hiddenLigands(int(a), c.geometry().places)
	hidden := len(keys)
	for _, n := range r.m.Neighbors(int(a)) {
		rank := r.rank[n.Atom]
		if slices.Contains(keys[hidden:], rank) {
			return Achiral
		}
		keys = append(keys, rank)
	}
	return c.Arranged(keys)
}

// axisParity is parity for the middle of cumulated double bonds.
func (r *refiner) axisParity(a int32) Chirality {
	c := r.m.atoms[a].Chirality
	ends, _ := r.m.axis(int(a))
	for _, e := range ends {
		first, second := e.ligands(r.m)
		if second < 0 {
			continue
		}
		nbs := r.m.Neighbors(int(e.atom))
		switch x, y := r.rank[nbs[first].Atom], r.rank[nbs[second].Atom]; {
		case x == y:
			return Achiral
		case x > y:
			c = c.Inverted()
		}
	}
	return c
}

// configuration returns the configuration of bond k about the neighbours with
// the highest ranks, none if they are not unique.
func (r *refiner) configuration(k int32) Stereo {
	b := &r.m.bonds[k]
	s := b.Stereo
	endA, beforeA, endB, beforeB := r.m.StereoEnds(int(k))
	for _, end := range [2][3]int32{{endA, beforeA, b.RefA}, {endB, beforeB, b.RefB}} {
		for _, n := range r.m.Neighbors(int(end[0])) {
			if n.Atom == end[1] || n.Atom == end[2] {
				continue
			}
			switch x, ref := r.rank[n.Atom], r.rank[end[2]]; {
			case x == ref:
				return NoStereo
			case x > ref:
				s = Together + Opposite - s
			}
		}
	}
	return s
}

// refineStereo refines by constitution and configuration. It reports whether all
// configurations are determined by the ranks of the neighbours.
func (r *refiner) refineStereo() (determined bool) {
	r.refine()
	if len(r.centre) == 0 && len(r.double) == 0 {
		return true
	}
	cells := -1
	for {
		determined = true
		weigh := func(a int32, w uint64) {
			if r.size[r.rank[a]] == 1 {
				return
			}
			if r.weight[a] == 0 {
				r.hit = append(r.hit, a)
			}
			r.weight[a] += w
		}
		for _, a := range r.centre {
			p := r.parity(a)
			determined = determined && p != Achiral
			if p != Achiral {
				weigh(a, parityWeight(p))
			}
		}
		for _, k := range r.double {
			b := &r.m.bonds[k]
			c := r.configuration(k)
			determined = determined && c != NoStereo
			if c != NoStereo {
				weigh(b.A, bondWeights[10+c])
				weigh(b.B, bondWeights[10+c])
			}
		}
		r.split()
		r.refine()
		n := r.countCells()
		if n == cells {
			return determined
		}
		cells = n
	}
}

func (r *refiner) countCells() int {
	n := 0
	for k := int32(0); int(k) < len(r.order); k += r.size[k] {
		n++
	}
	return n
}

// individualize makes atom a the first of its cell and a cell of its own.
func (r *refiner) individualize(a int32) {
	c, size := r.rank[a], r.size[r.rank[a]]
	p := r.place[a]
	first := r.order[c]
	r.order[c], r.order[p] = a, first
	r.place[a], r.place[first] = c, p
	r.size[c], r.size[c+1] = 1, size-1
	for _, x := range r.order[c+1 : c+size] {
		r.rank[x] = c + 1
	}
	r.queued[c] = true
	r.queue = append(r.queue, c)
}

// twins reports whether the cell at place c has only ends of the graph.
func (r *refiner) twins(c int32) bool {
	for _, a := range r.order[c : c+r.size[c]] {
		if r.m.Degree(int(a)) > 1 {
			return false
		}
	}
	return true
}

// pairs reports whether all cells have one or two atoms, apart from cells of
// ends. Then all ways to tell the remaining atoms apart give the same form,
// since exchanging the atoms of every pair, with their ends, is a symmetry
// (McKay, lemma 2.25).
func (r *refiner) pairs() bool {
	for c := int32(0); int(c) < len(r.order); c += r.size[c] {
		if r.size[c] > 2 && !r.twins(c) {
			return false
		}
	}
	return true
}

// label gives every atom a rank of its own, the same for all orders in which the
// atoms may be numbered. The atoms must have been put into classes by begin or
// resume.
func (r *refiner) label() {
	determined := r.refineStereo()
	if !determined || !r.pairs() {
		if r.target() >= 0 {
			s := search{r: r, determined: determined}
			s.run()
		}
		return
	}
	r.finish()
}

// finish tells the remaining atoms apart if all ways to do it give the same form:
// the first cell with several atoms is as good as any, and cells before it stay as
// they are.
func (r *refiner) finish() {
	for c := int32(0); int(c) < len(r.order); c += r.size[c] {
		for r.size[c] > 1 {
			r.individualize(r.order[c])
			r.refine()
		}
	}
}

// target returns the smallest cell that has several atoms, the first one of
// these, -1 if there is none.
func (r *refiner) target() int32 {
	best, bestSize := int32(-1), int32(0)
	for c := int32(0); int(c) < len(r.order); c += r.size[c] {
		if s := r.size[c]; s > 1 && (best < 0 || s < bestSize) {
			best, bestSize = c, s
			if s == 2 {
				break
			}
		}
	}
	return best
}
