package molecule

import (
	"fmt"
	"math/bits"
	"slices"
)

// Bounds of the search for rings, far above what molecules have.
const (
	maxRingSystem = 4096    // atoms of one fused system
	maxFamily     = 4096    // rings of one size that go different ways around the same atoms
	maxCycleWords = 1 << 22 // memory for the candidates of one fused system, in words of 8 bytes
)

// rings are the smallest rings of a molecule.
type rings struct {
	start   []int32 // first atom of every ring in atoms, and the end
	atoms   []int32
	bonds   []int32 // bonds[k] joins atoms[k] and the next atom of the ring
	ofAtom  []uint8 // number of rings that an atom is in, 255 for more
	ofBond  []uint8
	minimum []uint16 // size of the smallest ring that an atom is in, 0 for none
}

func (r *rings) atom(i int) bool { return len(r.ofAtom) > 0 && r.ofAtom[i] > 0 }
func (r *rings) bond(i int) bool { return len(r.ofBond) > 0 && r.ofBond[i] > 0 }
func (r *rings) count() int      { return max(0, len(r.start)-1) }

// NumRings returns the number of smallest rings.
//
// They are the relevant cycles: rings that are not the sum of smaller ones
// (Vismara, Electron. J. Combin. 4 (1997) R9). A smallest set of smallest rings
// chooses some of them arbitrarily where several are as good; these are all of
// them, so cubane has six. RDKit's symmetrised SSSR are the same.
func (m *Molecule) NumRings() int { return m.rings.count() }

// Ring returns the atoms and bonds of ring k in order around it; bonds[j] joins
// atoms[j] and the next atom. The caller must not change them.
func (m *Molecule) Ring(k int) (atoms, bonds []int32) {
	from, to := m.rings.start[k], m.rings.start[k+1]
	return m.rings.atoms[from:to], m.rings.bonds[from:to]
}

// AtomRings returns the number of smallest rings that atom i is in.
func (m *Molecule) AtomRings(i int) int {
	if len(m.rings.ofAtom) == 0 {
		return 0
	}
	return int(m.rings.ofAtom[i])
}

// BondRings returns the number of smallest rings that bond i is in.
func (m *Molecule) BondRings(i int) int {
	if len(m.rings.ofBond) == 0 {
		return 0
	}
	return int(m.rings.ofBond[i])
}

// SmallestRing returns the size of the smallest ring that atom i is in, 0 if it
// is in none.
func (m *Molecule) SmallestRing(i int) int {
	if len(m.rings.minimum) == 0 {
		return 0
	}
	return int(m.rings.minimum[i])
}

// InRingOfSize reports whether atom i is in a smallest ring of size atoms.
func (m *Molecule) InRingOfSize(i, size int) bool {
	if m.SmallestRing(i) == 0 || m.SmallestRing(i) > size {
		return false
	}
	for k := range m.rings.count() {
		atoms, _ := m.Ring(k)
		if len(atoms) == size && slices.Contains(atoms, int32(i)) {
			return true
		}
	}
	return false
}

// findRings finds the smallest rings, one biconnected block of the graph at a
// time.
func (m *Molecule) findRings() error {
	m.rings = rings{}
	if len(m.bonds) < 3 {
		return nil
	}
	f := ringFinder{m: m, s: getScratch()}
	defer putScratch(f.s)
	return f.blocks()
}

// ringFinder holds what the search for rings works with.
type ringFinder struct {
	m *Molecule
	s *scratch
}

// add adds the ring of atoms, which lie around it.
func (f *ringFinder) add(atoms []int32) {
	r := &f.m.rings
	if r.ofAtom == nil {
		r.ofAtom = make([]uint8, len(f.m.atoms)+len(f.m.bonds))
		r.ofBond = r.ofAtom[len(f.m.atoms):]
		r.ofAtom = r.ofAtom[:len(f.m.atoms):len(f.m.atoms)]
		r.minimum = make([]uint16, len(f.m.atoms))
		r.start = append(make([]int32, 0, 8), 0)
	}
	if need := len(r.atoms) + len(atoms); need > cap(r.atoms) {
		// Atoms and bonds of rings have the same length and share memory.
		size := max(2*need, 24)
		both := make([]int32, 2*size)
		r.atoms = append(both[0:0:size], r.atoms...)
		r.bonds = append(both[size:size:2*size], r.bonds...)
	}
	for k, a := range atoms {
		next := atoms[0]
		if k+1 < len(atoms) {
			next = atoms[k+1]
		}
		b := f.m.BondBetween(int(a), int(next))
		r.atoms = append(r.atoms, a)
		r.bonds = append(r.bonds, int32(b))
		if r.ofAtom[a] < 255 {
			r.ofAtom[a]++
		}
		if r.ofBond[b] < 255 {
			r.ofBond[b]++
		}
		if r.minimum[a] == 0 || int(r.minimum[a]) > len(atoms) {
			r.minimum[a] = uint16(min(len(atoms), 1<<16-1))
		}
	}
	r.start = append(r.start, int32(len(r.atoms)))
}

// blocks walks through the graph by depth and calls block for the bonds of every
// biconnected part with a ring (Hopcroft and Tarjan, Commun. ACM 16 (1973) 372).
func (f *ringFinder) blocks() error {
	m, n := f.m, len(f.m.atoms)
	depth, low := grow(&f.s.ints[0], n), grow(&f.s.ints[1], n)
	clear(depth)
	next := grow(&f.s.ints[2], n) // neighbour to look at next
	path := f.s.ints[3][:0]       // atoms from the root
	edges := f.s.ints[4][:0]      // bonds not yet given to a block
	came := grow(&f.s.ints[5], n) // bond by which an atom was reached
	defer func() { f.s.ints[3], f.s.ints[4] = path, edges }()
	for root := range n {
		if depth[root] != 0 || m.Degree(root) == 0 {
			continue
		}
		depth[root], low[root], next[root], came[root] = 1, 1, 0, -1
		path = append(path[:0], int32(root))
		for len(path) > 0 {
			a := path[len(path)-1]
			nbs := m.Neighbors(int(a))
			if int(next[a]) < len(nbs) {
				nb := nbs[next[a]]
				next[a]++
				switch {
				case nb.Bond == came[a]:
				case depth[nb.Atom] == 0:
					edges = append(edges, nb.Bond)
					depth[nb.Atom] = depth[a] + 1
					low[nb.Atom], next[nb.Atom], came[nb.Atom] = depth[nb.Atom], 0, nb.Bond
					path = append(path, nb.Atom)
				case depth[nb.Atom] < depth[a]:
					edges = append(edges, nb.Bond)
					low[a] = min(low[a], depth[nb.Atom])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) == 0 {
				break
			}
			p := path[len(path)-1]
			low[p] = min(low[p], low[a])
			if low[a] < depth[p] {
				continue
			}
			k := len(edges) - 1
			for edges[k] != came[a] {
				k--
			}
			if len(edges)-k >= 3 {
				if err := f.block(edges[k:]); err != nil {
					return err
				}
			}
			edges = edges[:k]
		}
	}
	return nil
}

// edge is a bond of a block, by the numbers of its atoms there.
type edge struct{ to, edge int32 }

// block finds the rings of the biconnected block with the given bonds.
func (f *ringFinder) block(bonds []int32) error {
	m := f.m
	local := grow(&f.s.ints[6], len(m.atoms)) // number in the block + 1; only entries of the block count
	for _, b := range bonds {
		local[m.bonds[b].A], local[m.bonds[b].B] = 0, 0
	}
	atoms := f.s.ints[7][:0]
	for _, b := range bonds {
		for _, a := range [2]int32{m.bonds[b].A, m.bonds[b].B} {
			if local[a] == 0 {
				atoms = append(atoms, a)
				local[a] = int32(len(atoms))
			}
		}
	}
	f.s.ints[7] = atoms
	if len(bonds) == len(atoms) {
		// One ring: walk around it. A bond between two of its atoms is one of it.
		ring := f.s.ints[8][:0]
		prev, at := int32(-1), m.bonds[bonds[0]].A
		for range atoms {
			ring = append(ring, at)
			for _, nb := range m.Neighbors(int(at)) {
				if nb.Atom != prev && nb.Atom != ring[0] && m.inBlock(local, atoms, nb.Atom) {
					prev, at = at, nb.Atom
					break
				}
			}
		}
		f.s.ints[8] = ring
		f.add(ring)
		return nil
	}
	if len(atoms) > maxRingSystem {
		return &AtomError{Atom: int(atoms[0]), Reason: fmt.Sprintf("in a fused ring system of %d atoms, more than %d", len(atoms), maxRingSystem)}
	}
	return f.fused(bonds, atoms, local)
}

func (m *Molecule) inBlock(local, atoms []int32, a int32) bool {
	k := local[a] - 1
	return k >= 0 && int(k) < len(atoms) && atoms[k] == a
}

// cycle is a candidate for a smallest ring: from root by shortest paths to p and
// to q, which are neighbours or have the common neighbour x.
type cycle struct {
	root, p, q, x int32
	size          int32
	edges         int // first word of its set of edges
}

// fused finds the relevant cycles of a block with several rings by Vismara's
// algorithm. Every ring of such a block has an atom with three neighbours, so it
// is enough to start from those if they count as the last in the order of atoms.
func (f *ringFinder) fused(bonds, atoms, local []int32) error {
	m, n := f.m, len(atoms)
	start := make([]int32, n+1)
	next := make([]edge, 2*len(bonds))
	for _, b := range bonds {
		start[local[m.bonds[b].A]-1]++
		start[local[m.bonds[b].B]-1]++
	}
	var sum int32
	for i := range start {
		sum += start[i]
		start[i] = sum
	}
	for e, b := range bonds {
		i, j := local[m.bonds[b].A]-1, local[m.bonds[b].B]-1
		start[i]--
		next[start[i]] = edge{j, int32(e)}
		start[j]--
		next[start[j]] = edge{i, int32(e)}
	}
	degree := func(i int32) int32 { return start[i+1] - start[i] }

	words := (len(bonds) + 63) / 64
	var sets []uint64
	var cycles []cycle
	dist, inside := make([]int32, n), make([]int32, n) // distances from the root, in the block and by atoms before the root; -1 if not reached
	parent := make([]int32, n)
	onPath := make([]int32, n)
	queue := make([]int32, 0, n)
	before := func(i, root int32) bool { return degree(i) == 2 || i < root }
	search := func(root int32, dist, parent []int32, restrict bool) {
		for i := range dist {
			dist[i] = -1
		}
		dist[root] = 0
		queue = append(queue[:0], root)
		for k := 0; k < len(queue); k++ {
			at := queue[k]
			for _, e := range next[start[at]:start[at+1]] {
				if dist[e.to] >= 0 || restrict && !before(e.to, root) {
					continue
				}
				dist[e.to] = dist[at] + 1
				if parent != nil {
					parent[e.to] = at
				}
				queue = append(queue, e.to)
			}
		}
	}
	edgeOf := func(i, j int32) int32 {
		for _, e := range next[start[i]:start[i+1]] {
			if e.to == j {
				return e.edge
			}
		}
		return -1
	}
	for root := range int32(n) {
		if degree(root) == 2 {
			continue
		}
		search(root, dist, nil, false)
		search(root, inside, parent, true)
		near := func(i int32) bool { return inside[i] >= 0 && inside[i] == dist[i] }
		for i := range onPath {
			onPath[i] = -1
		}
		stamp := int32(0)
		apart := func(p, q int32) bool { // the paths from the root to p and q meet nowhere else
			stamp++
			for at := p; at != root; at = parent[at] {
				onPath[at] = stamp
			}
			for at := q; at != root; at = parent[at] {
				if onPath[at] == stamp {
					return false
				}
			}
			return true
		}
		record := func(p, q, x, size int32) {
			c := cycle{root, p, q, x, size, len(sets)}
			sets = append(sets, make([]uint64, words)...)
			set := sets[c.edges:]
			put := func(i, j int32) { e := edgeOf(i, j); set[e/64] ^= 1 << (e % 64) }
			for _, end := range [2]int32{p, q} {
				for at := end; at != root; at = parent[at] {
					put(at, parent[at])
				}
			}
			if x < 0 {
				put(p, q)
			} else {
				put(p, x)
				put(x, q)
			}
			cycles = append(cycles, c)
		}
		if len(sets) > maxCycleWords {
			return &AtomError{Atom: int(atoms[root]), Reason: "in a fused ring system with too many rings"}
		}
		for _, y := range queue { // those that the restricted search has reached
			if y == root || !near(y) {
				continue
			}
			around := next[start[y]:start[y+1]]
			for k, e := range around {
				if !near(e.to) {
					continue
				}
				switch {
				case dist[e.to] == dist[y] && e.to < y:
					if apart(y, e.to) {
						record(y, e.to, -1, 2*dist[y]+1)
					}
				case dist[e.to] == dist[y]-1:
					for _, other := range around[:k] {
						if near(other.to) && dist[other.to] == dist[y]-1 && other.to != root && e.to != root && apart(e.to, other.to) {
							record(e.to, other.to, y, 2*dist[y])
						}
					}
				}
			}
		}
	}
	slices.SortStableFunc(cycles, func(a, b cycle) int { return int(a.size - b.size) })

	// A cycle is relevant if smaller ones do not add up to it.
	basis := make([][]uint64, len(bonds)) // by their lowest edge
	rank, full := 0, len(bonds)-n+1
	reduce := func(set []uint64) (lowest int) {
		for w := 0; w < words; {
			if set[w] == 0 {
				w++
				continue
			}
			e := w*64 + bits.TrailingZeros64(set[w])
			if basis[e] == nil {
				return e
			}
			for k := w; k < words; k++ {
				set[k] ^= basis[e][k]
			}
		}
		return -1
	}
	work := make([]uint64, words)
	for first := 0; first < len(cycles) && rank < full; {
		last := first
		for last < len(cycles) && cycles[last].size == cycles[first].size {
			last++
		}
		relevant := cycles[first:first]
		for _, c := range cycles[first:last] {
			copy(work, sets[c.edges:c.edges+words])
			if reduce(work) >= 0 {
				relevant = append(relevant, c)
			}
		}
		for _, c := range relevant {
			set := sets[c.edges : c.edges+words]
			f.family(&c, atoms, start, next, before, search, dist, inside)
			if e := reduce(set); e >= 0 {
				basis[e] = set
				rank++
			}
		}
		first = last
	}
	return nil
}

// family adds all rings that differ from c by taking other shortest paths.
func (f *ringFinder) family(c *cycle, atoms, start []int32, next []edge, before func(i, root int32) bool,
	search func(root int32, dist, parent []int32, restrict bool), dist, inside []int32) {
	search(c.root, dist, nil, false)
	search(c.root, inside, nil, true)
	var left, right [][]int32
	var walk func(at int32, path []int32, out *[][]int32)
	walk = func(at int32, path []int32, out *[][]int32) {
		if at == c.root {
			*out = append(*out, slices.Clone(path))
			return
		}
		path = append(path, at)
		for _, e := range next[start[at]:start[at+1]] {
			if inside[e.to] >= 0 && inside[e.to] == dist[e.to] && dist[e.to] == dist[at]-1 && len(*out) < maxFamily {
				walk(e.to, path, out)
			}
		}
	}
	walk(c.p, nil, &left)
	walk(c.q, nil, &right)
	added := 0
	for _, l := range left {
		for _, r := range right {
			if added >= maxFamily {
				return
			}
			if slices.ContainsFunc(l, func(a int32) bool { return slices.Contains(r, a) }) {
				continue
			}
			added++
			ring := make([]int32, 0, c.size)
			ring = append(ring, atoms[c.root])
			for k := len(l) - 1; k >= 0; k-- {
				ring = append(ring, atoms[l[k]])
			}
			if c.x >= 0 {
				ring = append(ring, atoms[c.x])
			}
			for _, a := range r {
				ring = append(ring, atoms[a])
			}
			f.add(ring)
		}
	}
}
