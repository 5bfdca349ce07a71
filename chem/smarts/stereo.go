package smarts

import (
	"slices"

	"github.com/alkahest/alkahest/chem/molecule"
)

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
	places := q.chirality.Places()
	if have.Chirality.Tetrahedral() != q.chirality.Tetrahedral() || have.Chirality.Places() != places {
		return false
	}
	// The neighbours in the order of writing. What the pattern does not name, be it a
	// hydrogen, an empty place or an atom, follows the first.
	var named []int32
	for _, k := range q.neighbours {
		b := &p.bonds[k]
		named = append(named, atoms[b.a+b.b-i])
	}
	neighbours := x.m.Neighbors(int(atoms[i]))
	hidden := places - len(named)
	if len(named) < 3 || hidden < 0 || len(neighbours) > places {
		return true // too few to tell
	}
	var want, is []int32
	for k := range named {
		if k == 1 && !(q.atStart && q.hydrogen) || k == 0 && q.atStart && q.hydrogen {
			want = append(want, slices.Repeat([]int32{-1}, hidden)...)
		}
		want = append(want, int32(k))
	}
	for range places - len(neighbours) {
		is = append(is, -1)
	}
	for _, n := range neighbours {
		is = append(is, int32(slices.Index(named, n.Atom)))
	}
	return q.chirality.Arranged(want) == have.Chirality.Arranged(is)
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
