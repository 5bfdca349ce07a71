package molecule

import (
	"cmp"
	"slices"
)

// Directions returns the marks beside double bonds, '/' and '\\' as SMILES has them,
// that tell their configurations in a notation that writes the atoms in the order of
// rank: for each bond seen from the atom that is written first, 0 for none.
func (m *Molecule) Directions(rank []int32) []byte {
	marks := make([]byte, len(m.bonds))
	if !m.hasConfigurations() {
		return marks
	}
	w := writers.Get().(*smilesWriter)
	defer writers.Put(w)
	w.reset(m)
	copy(w.visit, rank)
	for i := range m.atoms {
		w.walk = append(w.walk, int32(i))
	}
	slices.SortFunc(w.walk, func(a, b int32) int { return cmp.Compare(rank[a], rank[b]) })
	w.direct()
	for k, d := range w.dirs {
		switch d {
		case rising:
			marks[k] = '/'
		case falling:
			marks[k] = '\\'
		}
	}
	return marks
}

// direct gives bonds beside double bonds the directions that tell the
// configurations of the double bonds. Double bonds that share a bond with a
// direction are handled together, from one to the next, so that each finds at
// most one side decided.
func (w *smilesWriter) direct() {
	m := w.m
	done := make([]bool, len(m.bonds))
	for _, a := range w.walk {
		for _, n := range m.Neighbors(int(a)) {
			if m.bonds[n.Bond].Stereo == NoStereo || done[n.Bond] {
				continue
			}
			w.queue = append(w.queue[:0], n.Bond)
			for head := 0; head < len(w.queue); head++ {
				if k := w.queue[head]; !done[k] {
					done[k] = true
					w.directOne(k)
				}
			}
		}
	}
}

// directOne gives directions to the bonds beside double bond k.
func (w *smilesWriter) directOne(k int32) {
	b := &w.m.bonds[k]
	x, beforeX, y, beforeY := w.m.StereoEnds(int(k))
	refX, refY := b.RefA, b.RefB
	if w.visit[x] > w.visit[y] {
		x, beforeX, refX, y, beforeY, refY = y, beforeY, refY, x, beforeX, refX
	}
	// Whether the reference atoms stand above the double bond.
	upX, knownX := w.side(x, beforeX, refX)
	upY, knownY := w.side(y, beforeY, refY)
	switch {
	case knownX && knownY:
		if (upX == upY) != (b.Stereo == Together) {
			// A ring of conjugated double bonds that no directions can tell.
			return
		}
	case knownY:
		upX = upY == (b.Stereo == Together)
		w.mark(x, beforeX, refX, upX)
	case knownX:
		upY = upX == (b.Stereo == Together)
		w.mark(y, beforeY, refY, upY)
	default:
		n := w.choose(x, beforeX)
		// The first direction that is written is "/".
		up := w.visit[x] < w.visit[n.Atom]
		w.set(x, n, up)
		upX = up == (n.Atom == refX)
		w.mark(x, beforeX, refX, upX)
		upY = upX == (b.Stereo == Together)
		w.mark(y, beforeY, refY, upY)
	}
	w.spread(x, beforeX, refX, upX)
	w.spread(y, beforeY, refY, upY)
}

// side returns whether ref, a neighbour of x, stands above the double bond from
// x to y, if a bond of x has a direction.
func (w *smilesWriter) side(x, y, ref int32) (up, known bool) {
	for _, n := range w.m.Neighbors(int(x)) {
		if n.Atom == y || w.dirs[n.Bond] == level {
			continue
		}
		up := w.dirs[n.Bond] == rising
		if w.visit[x] > w.visit[n.Atom] { // written from the neighbour to x
			up = !up
		}
		return up == (n.Atom == ref), true
	}
	return false, false
}

// set gives the bond from x to n a direction: whether n stands above x.
func (w *smilesWriter) set(x int32, n Neighbor, up bool) {
	w.dirs[n.Bond] = falling
	if up == (w.visit[x] < w.visit[n.Atom]) {
		w.dirs[n.Bond] = rising
	}
}

// mark gives one of the bonds of x, which has a double bond to y, a direction,
// unless one has it: up says whether ref stands above.
func (w *smilesWriter) mark(x, y, ref int32, up bool) {
	if _, known := w.side(x, y, ref); known {
		return
	}
	n := w.choose(x, y)
	w.set(x, n, up == (n.Atom == ref))
}

// choose returns the neighbour of x, beside y, whose bond should have a
// direction: none whose bond has a mark of its own; not one between aromatic atoms, which could be read as aromatic; not
// one next to a double bond without configuration, which could seem to have one;
// the one that is written first.
func (w *smilesWriter) choose(x, y int32) Neighbor {
	m := w.m
	var best Neighbor
	bestCost := int32(-1)
	for _, n := range m.Neighbors(int(x)) {
		if n.Atom == y || !m.mayBeDirected(n.Bond) {
			continue
		}
		cost := w.visit[n.Atom]
		if b := &m.bonds[n.Bond]; !b.Aromatic && m.atoms[x].Aromatic && m.atoms[n.Atom].Aromatic {
			cost += 2 << 28
		}
		for _, z := range m.Neighbors(int(n.Atom)) {
			if b := &m.bonds[z.Bond]; z.Atom != x && b.Order == Double && !b.Aromatic && b.Stereo == NoStereo {
				cost += 1 << 28
				break
			}
		}
		if bestCost < 0 || cost < bestCost {
			best, bestCost = n, cost
		}
	}
	return best
}

// spread gives the second bond of x a direction too if it leads to another double
// bond with a configuration, and queues the double bonds next to directed bonds.
func (w *smilesWriter) spread(x, y, ref int32, up bool) {
	m := w.m
	for _, n := range m.Neighbors(int(x)) {
		if n.Atom == y || !m.mayBeDirected(n.Bond) {
			continue
		}
		for _, z := range m.Neighbors(int(n.Atom)) {
			if z.Atom == x || m.bonds[z.Bond].Order != Double {
				continue
			}
			k := m.middleBond(n.Atom, z.Bond)
			if k < 0 || m.bonds[k].Stereo == NoStereo {
				continue
			}
			if w.dirs[n.Bond] == level {
				w.set(x, n, up == (n.Atom == ref))
			}
			w.queue = append(w.queue, k)
		}
	}
}
