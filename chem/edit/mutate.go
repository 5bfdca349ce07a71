package edit

import (
	"math/rand/v2"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// bonds are the usual numbers of bonds of the elements that edits bring in.
var bonds = map[chem.Element]int{1: 1, 5: 3, 6: 4, 7: 3, 8: 2, 9: 1, 14: 4, 15: 3, 16: 2, 17: 1, 34: 2, 35: 1, 53: 1}

// element returns an element to bring in with room for n bonds.
func (e *Editor) element(n int, random *rand.Rand) (chem.Element, bool) {
	list := e.Constraints.elements()
	k := pick(len(list), random, func(k int) bool { return bonds[list[k]] >= n })
	if k < 0 {
		return 0, false
	}
	return list[k], true
}

// used returns the sum of the orders of the bonds of atom i.
func (d *draft) used(i int) int {
	n := 0
	for _, x := range d.m.Neighbors(i) {
		n += int(d.m.Bond(int(x.Bond)).Order-molecule.Single) + 1
	}
	return n
}

func (e *Editor) changeAtom(d *draft, random *rand.Rand) bool {
	i := pick(d.m.NumAtoms(), random, func(i int) bool {
		a := d.m.Atom(i)
		return a.Element > 1 && a.Charge == 0 && bonds[a.Element] > 0 && d.used(i) <= 4
	})
	if i < 0 {
		return false
	}
	element, ok := e.element(d.used(i), random)
	if !ok || element == d.m.Atom(i).Element {
		return false
	}
	d.touched(i)
	*d.b.Atom(i) = molecule.Atom{Element: element}
	return true
}

func (e *Editor) addAtom(d *draft, random *rand.Rand) bool {
	i := pick(d.m.NumAtoms(), random, d.open)
	element, ok := e.element(1, random)
	if i < 0 || !ok {
		return false
	}
	d.touched(i)
	d.b.AddBond(i, d.b.AddAtom(molecule.Atom{Element: element}), molecule.Single)
	return true
}

// insertAtom puts an atom between two that are joined by a single bond.
func (e *Editor) insertAtom(d *draft, random *rand.Rand) bool {
	k := pick(d.m.NumBonds(), random, func(k int) bool {
		b := d.m.Bond(k)
		return b.Order == molecule.Single && !b.Aromatic && d.m.Atom(int(b.A)).Element > 1 && d.m.Atom(int(b.B)).Element > 1
	})
	element, ok := e.element(2, random)
	if k < 0 || !ok {
		return false
	}
	b := d.m.Bond(k)
	i, j := int(b.A), int(b.B)
	d.touched(i)
	d.touched(j)
	d.b.RemoveBond(k)
	x := d.b.AddAtom(molecule.Atom{Element: element})
	d.b.AddBond(i, x, molecule.Single)
	d.b.AddBond(x, j, molecule.Single)
	return true
}

// deleteAtom removes an atom at the end of the molecule, or one with two
// neighbours, which are then joined.
func (e *Editor) deleteAtom(d *draft, random *rand.Rand) bool {
	i := pick(d.m.NumAtoms(), random, func(i int) bool {
		a := d.m.Atom(i)
		if a.Element < 2 || a.Charge != 0 {
			return false
		}
		switch d.m.Degree(i) {
		case 1:
			return true
		case 2:
			n := d.m.Neighbors(i)
			return d.m.BondBetween(int(n[0].Atom), int(n[1].Atom)) < 0
		}
		return false
	})
	if i < 0 {
		return false
	}
	next := d.m.Neighbors(i)
	for _, n := range next {
		d.touched(int(n.Atom))
	}
	if len(next) == 2 {
		order := molecule.Single
		// In an aromatic ring the double bond of the atom goes on as one.
		for _, n := range next {
			if d.m.Bond(int(n.Bond)).Aromatic {
				order = max(order, d.m.Bond(int(n.Bond)).Order)
			}
		}
		d.b.AddBond(int(next[0].Atom), int(next[1].Atom), order)
	}
	d.gone[i] = true
	return true
}

// changeBond makes a bond of another order.
func (e *Editor) changeBond(d *draft, random *rand.Rand) bool {
	k := pick(d.m.NumBonds(), random, func(k int) bool {
		b := d.m.Bond(k)
		x, y := d.m.Atom(int(b.A)), d.m.Atom(int(b.B))
		if b.Aromatic || b.Order > molecule.Triple || b.Order == molecule.Unset || x.Charge != 0 || y.Charge != 0 || x.Element < 2 || y.Element < 2 {
			return false
		}
		return b.Order > molecule.Single || x.Hydrogens > 0 && y.Hydrogens > 0
	})
	if k < 0 {
		return false
	}
	b := d.m.Bond(k)
	order := molecule.Order(int(molecule.Single) + random.IntN(3))
	if order == b.Order {
		return false
	}
	d.touched(int(b.A))
	d.touched(int(b.B))
	d.b.Bond(k).Order = order
	return true
}

// closeRing joins two atoms that are two to six bonds apart, most often so that
// the ring has five or six atoms.
func (e *Editor) closeRing(d *draft, random *rand.Rand) bool {
	i := pick(d.m.NumAtoms(), random, d.open)
	if i < 0 {
		return false
	}
	size := []int{3, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7}[random.IntN(12)]
	dist := map[int]int{i: 0}
	for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
		if dist[queue[0]] == size-1 {
			break
		}
		for _, n := range d.m.Neighbors(queue[0]) {
			if _, seen := dist[int(n.Atom)]; !seen {
				dist[int(n.Atom)] = dist[queue[0]] + 1
				queue = append(queue, int(n.Atom))
			}
		}
	}
	j := pick(d.m.NumAtoms(), random, func(j int) bool { return dist[j] == size-1 && d.open(j) })
	if j < 0 {
		return false
	}
	d.touched(i)
	d.touched(j)
	d.b.AddBond(i, j, molecule.Single)
	return true
}

// openRing removes a single bond of a ring.
func (e *Editor) openRing(d *draft, random *rand.Rand) bool {
	k := pick(d.m.NumBonds(), random, func(k int) bool {
		b := d.m.Bond(k)
		return d.m.BondRings(k) > 0 && !b.Aromatic && b.Order == molecule.Single
	})
	if k < 0 {
		return false
	}
	b := d.m.Bond(k)
	d.touched(int(b.A))
	d.touched(int(b.B))
	d.b.RemoveBond(k)
	return true
}

// addFragment puts a fragment in the place of a hydrogen.
func (e *Editor) addFragment(d *draft, random *rand.Rand) bool {
	i := pick(d.m.NumAtoms(), random, d.open)
	if i < 0 {
		return false
	}
	return e.attach(d, i, 0, random)
}

// replaceFragment puts a fragment in the place of one side of a bond. Where BRICS
// cuts the bond, only fragments that it joins there are taken.
func (e *Editor) replaceFragment(d *draft, random *rand.Rand) bool {
	cuts := Cuts(d.m)
	if len(cuts) > 0 && random.IntN(4) > 0 {
		c := cuts[random.IntN(len(cuts))]
		if d.m.Bond(c.Bond).Order != molecule.Single {
			return false
		}
		if random.IntN(2) == 0 {
			c.A, c.B, c.LabelA, c.LabelB = c.B, c.A, c.LabelB, c.LabelA
		}
		d.touched(c.A)
		d.loseSide(c.A, c.B)
		return e.attach(d, c.A, c.LabelA, random)
	}
	at, ok := d.splitOff(random)
	return ok && e.attach(d, at, 0, random)
}

// attach joins a fragment to atom i, one that BRICS joins to the environment
// label unless that is 0.
func (e *Editor) attach(d *draft, i int, label uint16, random *rand.Rand) bool {
	k := pick(len(e.Fragments), random, func(k int) bool {
		end := openEnd(e.Fragments[k])
		if end < 0 {
			return false
		}
		isotope := e.Fragments[k].Atom(end).Isotope
		if label == 0 || isotope == 0 {
			return true
		}
		order, ok := linked(label, isotope)
		return ok && order == molecule.Single
	})
	if k < 0 {
		return false
	}
	f := e.Fragments[k]
	end := openEnd(f)
	d.touched(i)
	d.drop()
	piece := newDraft(f)
	inner := int(f.Neighbors(end)[0].Atom)
	piece.touched(inner)
	piece.gone[end] = true
	piece.drop()
	rest, err := piece.b.BuildWith(0)
	if err != nil {
		return false
	}
	offset := d.b.AddMolecule(rest)
	d.b.AddBond(d.number(i), offset+piece.number(inner), molecule.Single)
	return true
}

// openEnd returns the one atom "*" of f, with a single bond, or -1.
func openEnd(f *molecule.Molecule) int {
	end := -1
	for i := range f.NumAtoms() {
		if f.Atom(i).Element != 0 {
			continue
		}
		if end >= 0 || f.Degree(i) != 1 || f.Bond(int(f.Neighbors(i)[0].Bond)).Order != molecule.Single {
			return -1
		}
		end = i
	}
	return end
}
