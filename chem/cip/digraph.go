package cip

import (
	"cmp"
	"slices"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// maxNodes bounds the digraph of one centre. Fused cages have paths without number.
const maxNodes = 50_000

// node is an atom at the end of a path from the root, or a duplicate of one: for
// each further bond of a double or triple bond, and where a ring closes.
type node struct {
	atom     int32 // -1 for a hydrogen that is not an atom of the graph
	bond     int32 // to the parent, -1 for such a hydrogen
	parent   *node
	distance int32 // from the root; of a duplicate, that of what it duplicates
	// The atomic number is number/parts: duplicates in rings of alternating double
	// bonds have the mean of the neighbours that the double bond may lead to.
	number, parts int32
	mass          float64
	duplicate     bool
	ring          bool // a duplicate where a ring closes
	expanded      bool
	sorted        rule // rules by which children are sorted
	children      []*node
}

// digraph is the hierarchical digraph of a molecule seen from one atom.
type digraph struct {
	l     *labeller
	nodes int
	root  *node
}

func (l *labeller) digraph(root int) *digraph {
	d := &digraph{l: l}
	d.root = &node{atom: int32(root), bond: -1}
	d.expand(d.root)
	return d
}

// expand finds the children of n.
func (d *digraph) expand(n *node) {
	if n.expanded || n.duplicate || n.atom < 0 {
		return
	}
	n.expanded = true
	m := d.l.m
	add := func(c *node) {
		c.parent = n
		n.children = append(n.children, c)
		d.nodes++
	}
	for _, nb := range m.Neighbors(int(n.atom)) {
		if d.nodes > maxNodes {
			return
		}
		order := orderOf(m, nb.Bond)
		z := int32(m.Atoms()[nb.Atom].Element)
		if nb.Bond != n.bond {
			c := &node{atom: nb.Atom, bond: nb.Bond, distance: n.distance + 1, number: z, parts: 1, mass: massOf(m, nb.Atom)}
			if before := n.ancestor(nb.Atom); before != nil {
				c.duplicate, c.ring, c.distance, c.mass = true, true, before.distance, 0
			}
			add(c)
		}
		for range order - 1 {
			c := &node{atom: nb.Atom, bond: nb.Bond, distance: n.distance + 1, number: z, parts: 1, duplicate: true}
			if mean := d.l.mancude[n.atom]; mean.parts > 0 {
				c.number, c.parts = mean.number, mean.parts
			}
			if before := n.ancestor(nb.Atom); before != nil {
				c.distance = before.distance
			}
			add(c)
		}
	}
	for range m.Atoms()[n.atom].Hydrogens {
		add(&node{atom: -1, bond: -1, distance: n.distance + 1, number: 1, parts: 1, mass: chem.Element(1).Weight()})
	}
}

// orderOf returns the order that a bond counts with: double bonds of sulfur,
// phosphorus and heavier atoms with three or more ligands, as in S=O, count as single
// ones (P-91.1.4.2.4: contributions of d orbitals are neglected).
func orderOf(m *molecule.Molecule, bond int32) int {
	b := &m.Bonds()[bond]
	switch b.Order {
	case molecule.Double, molecule.Triple, molecule.Quadruple:
	default:
		return 1
	}
	for _, i := range [2]int32{b.A, b.B} {
		if a := m.Atom(int(i)); a.Element > 13 && m.Degree(int(i))+int(a.Hydrogens) > 2 {
			return 1
		}
	}
	return int(b.Order)
}

// ancestor returns the node of an atom on the path to n, nil if it is not on it.
func (n *node) ancestor(atom int32) *node {
	for ; n != nil; n = n.parent {
		if n.atom == atom {
			return n
		}
	}
	return nil
}

// massOf returns the mass of an atom in u: the mass number if it is an isotope, else
// the atomic weight.
func massOf(m *molecule.Molecule, i int32) float64 {
	a := &m.Atoms()[i]
	if a.Isotope > 0 {
		return float64(a.Isotope)
	}
	return a.Element.Weight()
}

// rule is one of the sequence rules, counted from 1; 0 for none.
type rule int8

const (
	rule1a   rule = iota + 1 // higher atomic number first
	rule1b                   // duplicates of atoms nearer to the root first
	rule2                    // higher mass first
	rule3                    // Z before E
	lastRule = rule3
)

// compare compares two nodes by a rule: positive if a comes first.
func (d *digraph) compare(a, b *node, r rule) int {
	switch r {
	case rule1a:
		return cmp.Compare(a.number*b.parts, b.number*a.parts)
	case rule1b:
		if a.ring && b.ring {
			return cmp.Compare(b.distance, a.distance)
		}
	case rule2:
		return cmp.Compare(a.mass, b.mass)
	case rule3:
		return cmp.Compare(d.l.side(a), d.l.side(b))
	}
	return 0
}

// deep compares two branches by a rule, sphere by sphere; earlier rules do not tell
// them apart.
func (d *digraph) deep(a, b *node, r rule) int {
	if c := d.compare(a, b, r); c != 0 {
		return c
	}
	type pair struct{ a, b *node }
	for queue := []pair{{a, b}}; len(queue) > 0; queue = queue[1:] {
		as, bs := d.sort(queue[0].a, r), d.sort(queue[0].b, r)
		for i := range min(len(as), len(bs)) {
			if c := d.compare(as[i], bs[i], r); c != 0 {
				return c
			}
		}
		if c := cmp.Compare(len(as), len(bs)); c != 0 {
			return c
		}
		if d.nodes > maxNodes {
			return 0
		}
		for i := range as {
			queue = append(queue, pair{as[i], bs[i]})
		}
	}
	return 0
}

// order compares two branches by all rules up to r.
func (d *digraph) order(a, b *node, r rule) int {
	for k := rule1a; k <= r; k++ {
		if c := d.deep(a, b, k); c != 0 {
			return c
		}
	}
	return 0
}

// sort returns the children of n sorted by all rules up to r, first ones first.
func (d *digraph) sort(n *node, r rule) []*node {
	d.expand(n)
	if n.sorted < r {
		n.sorted = r // the children of children are sorted in between, these are not
		slices.SortStableFunc(n.children, func(a, b *node) int {
			if c := d.order(b, a, r); c != 0 || a.ring == b.ring {
				return c
			}
			// No rule tells duplicates of both kinds apart; that of a ring stands
			// first, so that rule 1b meets it at the same place in all branches.
			if a.ring {
				return -1
			}
			return 1
		})
	}
	return n.children
}

// ranks returns the children of the root that are neighbours, first ones first, and
// whether all have different ranks, without that to the atom skip.
func (d *digraph) ranks(skip int32) (sorted []*node, decided bool) {
	for r := rule1a; r <= lastRule; r++ {
		sorted = sorted[:0]
		for _, n := range d.sort(d.root, r) {
			if !n.duplicate && (n.atom != skip || n.atom < 0) {
				sorted = append(sorted, n)
			}
		}
		decided = true
		for i := 1; i < len(sorted); i++ {
			decided = decided && d.order(sorted[i-1], sorted[i], r) != 0
		}
		if d.nodes > maxNodes {
			return nil, false
		}
		if decided {
			return sorted, true
		}
	}
	return sorted, false
}
