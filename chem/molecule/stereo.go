package molecule

import "slices"

// cleanStereo removes the configurations of atoms and double bonds where there is
// nothing to tell apart, so that molecules that are the same have the same form.
// What may be a tetrahedral stereocentre at all follows RDKit: carbon and other atoms with
// four neighbours; nitrogen with three only in rings of three atoms and at
// bridgeheads; phosphorus, arsenic, and sulfur and selenium with a double bond or
// a charge with three; double bonds out of rings or in rings of at least eight.
// Square-planar, trigonal-bipyramidal and octahedral atoms have at least three
// ligands and may have empty places.
func (m *Molecule) cleanStereo() {
	centres := false
	for i := range m.atoms {
		a := &m.atoms[i]
		if a.Chirality == Achiral {
			continue
		}
		possible := false
		switch g := a.Chirality.geometry(); {
		case g != nil:
			ligands := m.Degree(i) + int(a.Hydrogens)
			possible = ligands >= 3 && ligands <= g.places
		case m.Degree(i) == 2 && a.Hydrogens == 0:
			possible = m.mayBeAxis(i)
		default:
			possible = m.mayBeCentre(i)
		}
		if !possible {
			a.Chirality = Achiral
		}
		centres = centres || a.Chirality != Achiral
	}
	for i := range m.bonds {
		b := &m.bonds[i]
		if b.Stereo == NoStereo {
			continue
		}
		if !m.mayHaveConfiguration(b, i) {
			b.Stereo = NoStereo
		}
		centres = centres || b.Stereo != NoStereo
	}
	if !centres {
		return
	}
	m.findClasses()
	m.dropTwins()
	s := getScratch()
	defer putScratch(s)
	m.eachPart(s, func(part []int32) {
		for m.dropRedundant(part) {
		}
	})
}

// mayBeCentre reports whether atom i is of a kind that can be a stereocentre.
func (m *Molecule) mayBeCentre(i int) bool {
	a := &m.atoms[i]
	degree, h := m.Degree(i), int(a.Hydrogens)
	switch {
	case degree+h > 4 || degree+h < 3 || h > 1:
		return false
	case degree < 3:
		return degree == 2 && h == 1 && (a.Element == 15 || a.Element == 33)
	case degree == 4:
		return true
	case h == 1:
		for _, n := range m.Neighbors(i) {
			if x := &m.atoms[n.Atom]; x.Element == 1 && x.Isotope == 0 {
				return false
			}
		}
		return true
	}
	switch a.Element {
	case 7:
		return m.SmallestRing(i) == 3 || m.bridgehead(i)
	case 15, 33:
		return true
	case 16, 34:
		v := m.Valence(i)
		return v == 4 || v == 3 && a.Charge == 1
	}
	return false
}

// bridgehead reports whether atom i has three ring bonds and two rings meet in it
// that share more than one bond.
func (m *Molecule) bridgehead(i int) bool {
	ringBonds := 0
	for _, n := range m.Neighbors(i) {
		if m.rings.bond(int(n.Bond)) {
			ringBonds++
		}
	}
	if ringBonds < 3 {
		return false
	}
	for k := range m.NumRings() {
		atoms, bonds := m.Ring(k)
		if !slices.Contains(atoms, int32(i)) {
			continue
		}
		for j := range k {
			atoms2, bonds2 := m.Ring(j)
			if !slices.Contains(atoms2, int32(i)) {
				continue
			}
			shared := 0
			for _, b := range bonds {
				if slices.Contains(bonds2, b) {
					shared++
				}
			}
			if shared > 1 {
				// The shared bonds must meet the atom at the end of the bridge.
				at := 0
				for _, b := range bonds {
					if slices.Contains(bonds2, b) && (m.bonds[b].A == int32(i) || m.bonds[b].B == int32(i)) {
						at++
					}
				}
				if at == 1 {
					return true
				}
			}
		}
	}
	return false
}

// mayHaveConfiguration reports whether b, bond number i, can be cis or trans.
func (m *Molecule) mayHaveConfiguration(b *Bond, i int) bool {
	if b.Order != Double || b.Aromatic {
		return false
	}
	endA, beforeA, endB, beforeB := m.StereoEnds(i)
	if m.BondBetween(int(endA), int(b.RefA)) < 0 || m.BondBetween(int(endB), int(b.RefB)) < 0 || b.RefA == beforeA || b.RefB == beforeB {
		return false
	}
	for _, end := range [2][2]int32{{endA, beforeA}, {endB, beforeB}} {
		d := m.Degree(int(end[0]))
		if d < 2 || d > 3 || m.atoms[end[0]].Hydrogens > 1 {
			return false
		}
		if !slices.ContainsFunc(m.Neighbors(int(end[0])), func(n Neighbor) bool { return n.Atom != end[1] && m.mayBeDirected(n.Bond) }) {
			return false
		}
	}
	if m.rings.bond(i) {
		for k := range m.NumRings() {
			if _, bonds := m.Ring(k); len(bonds) < 8 && slices.Contains(bonds, int32(i)) {
				return false
			}
		}
	}
	return true
}

// mayBeDirected reports whether a bond can be written as "/" or "\\".
func (m *Molecule) mayBeDirected(bond int32) bool {
	return m.bonds[bond].Order == Single || m.bonds[bond].Aromatic
}

// findClasses finds the symmetry classes by constitution: without regard to
// configurations.
func (m *Molecule) findClasses() {
	if m.classes == nil {
		m.classes = m.constitutionClasses()
	}
}

func (m *Molecule) constitutionClasses() []int32 {
	classes := make([]int32, len(m.atoms))
	s := getScratch()
	defer putScratch(s)
	r := newRefiner(m)
	defer r.release()
	m.eachPart(s, func(part []int32) {
		r.begin(part)
		r.refine()
		for _, a := range part {
			classes[a] = r.rank[a]
		}
	})
	return classes
}

// eachPart calls f with the atoms of every connected part. It uses ints 0 and 1
// of s.
func (m *Molecule) eachPart(s *scratch, f func(part []int32)) {
	n := len(m.atoms)
	seen := grow(&s.ints[0], n)
	clear(seen)
	part := grow(&s.ints[1], n)[:0]
	for i := range n {
		if seen[i] != 0 {
			continue
		}
		seen[i] = 1
		part = append(part[:0], int32(i))
		for k := 0; k < len(part); k++ {
			for _, nb := range m.Neighbors(int(part[k])) {
				if seen[nb.Atom] == 0 {
					seen[nb.Atom] = 1
					part = append(part, nb.Atom)
				}
			}
		}
		f(part)
	}
}

// dropTwins removes configurations about two equal neighbours that are ends of
// the graph.
func (m *Molecule) dropTwins() {
	twins := func(i int32, skip int32) bool {
		nbs := m.Neighbors(int(i))
		for k, n := range nbs {
			for _, before := range nbs[:k] {
				if n.Atom != skip && before.Atom != skip && m.Degree(int(n.Atom)) == 1 && m.classes[n.Atom] == m.classes[before.Atom] {
					return true
				}
			}
		}
		return false
	}
	for i := range m.atoms {
		a := &m.atoms[i]
		if !a.Chirality.Tetrahedral() {
			continue
		}
		if ends, ok := m.axis(i); ok {
			if twins(ends[0].atom, ends[0].inner) || twins(ends[1].atom, ends[1].inner) {
				a.Chirality = Achiral
			}
		} else if twins(int32(i), -1) {
			a.Chirality = Achiral
		}
	}
	for i := range m.bonds {
		if b := &m.bonds[i]; b.Stereo != NoStereo {
			endA, beforeA, endB, beforeB := m.StereoEnds(i)
			if twins(endA, beforeA) || twins(endB, beforeB) {
				b.Stereo = NoStereo
			}
		}
	}
}

// dropRedundant removes the configurations of a part whose inversion, or any other
// arrangement of the ligands, gives the same molecule, and reports whether there were any. Others may become redundant
// by that.
func (m *Molecule) dropRedundant(part []int32) bool {
	r := newRefiner(m)
	defer r.release()
	r.resume(part, m.classes)
	if r.refineStereo() {
		return false
	}
	// Those with neighbours of different ranks matter for certain.
	var atoms, bonds []int32
	for _, a := range r.centre {
		if r.parity(a) == Achiral {
			atoms = append(atoms, a)
		}
	}
	for _, k := range r.double {
		if r.configuration(k) == NoStereo {
			bonds = append(bonds, k)
		}
	}
	form := func() []uint64 {
		r.resume(part, m.classes)
		r.label()
		return r.form()
	}
	own := form()
	drop := 0
	for k, a := range atoms {
		x := &m.atoms[a]
		is := x.Chirality
		for _, other := range is.others() {
			if x.Chirality = other; !slices.Equal(form(), own) {
				atoms[k] = -1
				break
			}
		}
		x.Chirality = is
	}
	for k, i := range bonds {
		b := &m.bonds[i]
		b.Stereo = Together + Opposite - b.Stereo
		if !slices.Equal(form(), own) {
			bonds[k] = -1
		}
		b.Stereo = Together + Opposite - b.Stereo
	}
	for _, a := range atoms {
		if a >= 0 {
			m.atoms[a].Chirality = Achiral
			drop++
		}
	}
	for _, i := range bonds {
		if i >= 0 {
			m.bonds[i].Stereo = NoStereo
			drop++
		}
	}
	return drop > 0
}

// PossibleCentres returns the number of atoms that have a configuration or could
// have one: neighbours that differ by constitution.
func (m *Molecule) PossibleCentres() int {
	classes := m.classes
	if classes == nil {
		classes = m.constitutionClasses()
	}
	n := 0
	for i := range m.atoms {
		if m.atoms[i].Chirality != Achiral {
			n++
			continue
		}
		if !m.mayBeCentre(i) {
			continue
		}
		distinct := true
		nbs := m.Neighbors(i)
		for k := range nbs {
			for j := range k {
				distinct = distinct && classes[nbs[k].Atom] != classes[nbs[j].Atom]
			}
		}
		if distinct {
			n++
		}
	}
	return n
}
