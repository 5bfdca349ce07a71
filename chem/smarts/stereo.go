package smarts

import "github.com/alkahest/alkahest/chem/molecule"

// accepts reports whether a complete match keeps component groups and, if asked
// for, configurations.
func (x *matcher) accepts(p *Pattern, atoms []int32) bool {
	if p.groups && !x.groupsFit(p, atoms) {
		return false
	}
	if !x.options.Stereo {
		return true
	}
	for i := range p.atoms {
		if p.atoms[i].chirality != molecule.Achiral && !x.centreFits(p, int32(i), atoms) {
			return false
		}
	}
	for k := range p.bonds {
		if !x.doubleFits(p, int32(k), atoms) {
			return false
		}
	}
	return true
}

// groupsFit checks that atoms of the same component group lie in the same part of
// the molecule and those of different groups in different parts.
func (x *matcher) groupsFit(p *Pattern, atoms []int32) bool {
	part, _ := x.m.Components()
	for i := range p.atoms {
		for j := range i {
			gi, gj := p.atoms[i].group, p.atoms[j].group
			if gi == 0 || gj == 0 {
				continue
			}
			if (gi == gj) != (part[atoms[i]] == part[atoms[j]]) {
				return false
			}
		}
	}
	return true
}

// centreFits compares the handedness of atom i of the pattern with that of the
// atom that it matches.
func (x *matcher) centreFits(p *Pattern, i int32, atoms []int32) bool {
	q := &p.atoms[i]
	have := x.m.Atom(int(atoms[i]))
	if have.Chirality == molecule.Achiral {
		return q.unsure
	}
	// The neighbours in the order of writing, -1 for hydrogen or a lone pair.
	var order []int32
	for _, k := range q.neighbours {
		b := &p.bonds[k]
		order = append(order, atoms[b.a+b.b-i])
	}
	switch {
	case len(order) == 3 && q.atStart && q.hydrogen:
		order = append([]int32{-1}, order...)
	case len(order) == 3:
		order = append(order[:1], append([]int32{-1}, order[1:]...)...)
	case len(order) != 4:
		return true // too few neighbours to tell
	}
	var real []int32
	if x.m.Degree(int(atoms[i])) == 3 {
		real = append(real, -1)
	}
	for _, n := range x.m.Neighbors(int(atoms[i])) {
		real = append(real, n.Atom)
	}
	if len(real) != 4 {
		return true
	}
	// A neighbour that the pattern does not name takes the free place.
	if x.m.Degree(int(atoms[i])) == 4 {
		for _, a := range real {
			named := false
			for _, o := range order {
				named = named || o == a
			}
			if !named {
				for k := range order {
					if order[k] == -1 {
						order[k] = a
					}
				}
			}
		}
	}
	odd := false
	place := func(a int32) int {
		for k, r := range real {
			if r == a {
				return k
			}
		}
		return -1
	}
	for a := range order {
		for b := range a {
			odd = odd != (place(order[b]) > place(order[a]))
		}
	}
	want := q.chirality
	if odd {
		want = want.Inverted()
	}
	return want == have.Chirality
}

// doubleFits compares the configuration that the directions beside bond k say
// with that of the bond it matches.
func (x *matcher) doubleFits(p *Pattern, k int32, atoms []int32) bool {
	b := &p.bonds[k]
	side := func(i int32) (ref int32, up, known bool) {
		for _, j := range p.atoms[i].neighbours {
			if n := &p.bonds[j]; j != k && n.direction != 0 {
				return n.a + n.b - i, (n.direction > 0) == (n.a == i), true
			}
		}
		return 0, false, false
	}
	refA, upA, knownA := side(b.a)
	refB, upB, knownB := side(b.b)
	if !knownA || !knownB {
		return true
	}
	bond := x.m.Bond(x.m.BondBetween(int(atoms[b.a]), int(atoms[b.b])))
	if bond.Order != molecule.Double {
		return true
	}
	if bond.Stereo == molecule.NoStereo {
		return false
	}
	together := upA == upB
	realA, realB := bond.RefA, bond.RefB
	if bond.A != atoms[b.a] {
		realA, realB = realB, realA
	}
	if realA != atoms[refA] {
		together = !together
	}
	if realB != atoms[refB] {
		together = !together
	}
	return together == (bond.Stereo == molecule.Together)
}
