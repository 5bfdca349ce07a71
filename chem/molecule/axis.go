package molecule

// axisEnd is an end of a chain of cumulated double bonds and the atom before it.
type axisEnd struct{ atom, inner int32 }

// axis returns the ends of the chain of cumulated double bonds of which atom i is
// the middle, as in allene; false if it is none. Its chirality is that of the
// neighbours of the ends, beside the chain: those of one end and then those of the
// other, in the order of [Molecule.Neighbors]. At an end with one of them, hydrogen
// or a lone pair stands before it. Which end comes first does not matter.
func (m *Molecule) axis(i int) (ends [2]axisEnd, ok bool) {
	if m.Degree(i) != 2 {
		return ends, false
	}
	lengths := [2]int{}
	for side, n := range m.Neighbors(i) {
		before, at, bond := int32(i), n.Atom, n.Bond
		for {
			if m.bonds[bond].Order != Double || m.bonds[bond].Aromatic || at == int32(i) {
				return ends, false
			}
			lengths[side]++
			next, along := m.along(at, bond)
			if !along {
				break
			}
			before, at, bond = at, next.Atom, next.Bond
		}
		if d := m.Degree(int(at)); d < 2 || d > 3 {
			return ends, false
		}
		ends[side] = axisEnd{at, before}
	}
	return ends, lengths[0] == lengths[1]
}

// along returns the neighbour of atom a beyond bond if a has two double bonds and
// nothing else.
func (m *Molecule) along(a, bond int32) (Neighbor, bool) {
	nbs := m.Neighbors(int(a))
	if len(nbs) != 2 || m.atoms[a].Hydrogens > 0 {
		return Neighbor{}, false
	}
	n := nbs[0]
	if n.Bond == bond {
		n = nbs[1]
	}
	return n, m.bonds[n.Bond].Order == Double && !m.bonds[n.Bond].Aromatic
}

// ligands returns the places, among the neighbours of the end, of those beside the
// chain; second is -1 if there is one.
func (e axisEnd) ligands(m *Molecule) (first, second int) {
	first, second = -1, -1
	for k, n := range m.Neighbors(int(e.atom)) {
		switch {
		case n.Atom == e.inner:
		case first < 0:
			first = k
		default:
			second = k
		}
	}
	return first, second
}

// mayBeAxis reports whether atom i is the middle of cumulated double bonds whose
// ends have two ligands each, lone pairs included.
func (m *Molecule) mayBeAxis(i int) bool {
	ends, ok := m.axis(i)
	for _, e := range ends {
		if h := int(m.atoms[e.atom].Hydrogens); ok && (h > 1 || m.Degree(int(e.atom))+h > 3) {
			return false
		}
	}
	return ok
}

// StereoEnds returns the atoms whose neighbours the configuration of bond k is about,
// and for each the one before it on the way from the other: the atoms of the bond, or,
// if it is the middle of cumulated double bonds as in butatriene, the ends of these.
func (m *Molecule) StereoEnds(k int) (a, beforeA, b, beforeB int32) {
	x := &m.bonds[k]
	end := func(at, before int32) (int32, int32, int) {
		bond, n := int32(k), 0
		for n < len(m.bonds) {
			next, along := m.along(at, bond)
			if !along {
				break
			}
			before, at, bond = at, next.Atom, next.Bond
			n++
		}
		return at, before, n
	}
	a, beforeA, stepsA := end(x.A, x.B)
	b, beforeB, stepsB := end(x.B, x.A)
	if stepsA != stepsB {
		return x.A, x.B, x.B, x.A
	}
	return a, beforeA, b, beforeB
}

// middleBond returns the bond in the middle of the cumulated double bonds that begin at
// atom a with a double bond: that bond itself if there are no others, -1 if there is
// none in the middle.
func (m *Molecule) middleBond(a, bond int32) int32 {
	chain := []int32{bond}
	at := int32(m.bonds[bond].Other(int(a)))
	for len(chain) <= len(m.bonds) {
		next, along := m.along(at, bond)
		if !along {
			break
		}
		at, bond = next.Atom, next.Bond
		chain = append(chain, bond)
	}
	if len(chain)%2 == 0 {
		return -1
	}
	return chain[len(chain)/2]
}
