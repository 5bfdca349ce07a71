package molecule

import (
	"fmt"

	"github.com/alkahest/alkahest/chem"
)

// kekulize gives the bonds that are only known to be aromatic an order, so that
// every atom that needs a double bond has one: a perfect matching, found by
// Edmonds' algorithm (Can. J. Math. 17 (1965) 449).
func (m *Molecule) kekulize() error {
	any := false
	for i := range m.bonds {
		b := &m.bonds[i]
		if b.Order != Unset {
			continue
		}
		if !m.rings.bond(i) {
			if !b.Aromatic { // no symbol stood between two aromatic atoms
				b.Order = Single
				continue
			}
			return &AtomError{Atom: int(b.A), Reason: "aromatic bond outside of a ring"}
		}
		any = true
	}
	for i := range m.atoms {
		if a := &m.atoms[i]; a.Aromatic && a.Element != 0 && !m.rings.atom(i) {
			return &AtomError{Atom: i, Reason: "aromatic atom outside of a ring"}
		}
	}
	if any {
		if err := m.matchDoubleBonds(); err != nil {
			return err
		}
	}
	m.releaseHydrogens()
	return nil
}

// Needs of atoms for a double bond.
const (
	needsNone uint8 = iota
	mayHave         // "*"
	needsOne
)

func (m *Molecule) matchDoubleBonds() error {
	s := getScratch()
	defer putScratch(s)
	n := len(m.atoms)
	need := grow(&s.bytes, n)
	for i := range m.atoms {
		need[i] = m.doubleBondNeed(i)
	}
	mate := grow(&s.ints[0], n)
	for i := range mate {
		mate[i] = -1
	}
	// First the atoms with one possible partner, again and again, then any:
	// that is nearly always the whole matching.
	free := grow(&s.ints[1], n)
	stack := s.ints[2][:0]
	for i := range need {
		free[i] = 0
		if need[i] == needsOne {
			for _, nb := range m.Neighbors(i) {
				if m.bonds[nb.Bond].Order == Unset && need[nb.Atom] == needsOne {
					free[i]++
				}
			}
		}
	}
	pair := func(i int32) {
		for _, nb := range m.Neighbors(int(i)) {
			j := nb.Atom
			if m.bonds[nb.Bond].Order != Unset || need[j] != needsOne || mate[j] >= 0 {
				continue
			}
			mate[i], mate[j] = j, i
			for _, x := range m.Neighbors(int(j)) {
				if m.bonds[x.Bond].Order == Unset && need[x.Atom] == needsOne && mate[x.Atom] < 0 {
					if free[x.Atom]--; free[x.Atom] == 1 {
						stack = append(stack, x.Atom)
					}
				}
			}
			for _, x := range m.Neighbors(int(i)) {
				if m.bonds[x.Bond].Order == Unset && need[x.Atom] == needsOne && mate[x.Atom] < 0 {
					if free[x.Atom]--; free[x.Atom] == 1 {
						stack = append(stack, x.Atom)
					}
				}
			}
			return
		}
	}
	for i := range need {
		if need[i] == needsOne && free[i] == 1 {
			stack = append(stack, int32(i))
		}
	}
	for next := 0; ; {
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if mate[i] < 0 {
				pair(i)
			}
		}
		for next < n && (need[next] != needsOne || mate[next] >= 0) {
			next++
		}
		if next == n {
			break
		}
		pair(int32(next))
		next++
	}
	s.ints[2] = stack
	for i := range need {
		if need[i] == needsOne && mate[i] < 0 && !m.augment(int32(i), mate, need) {
			return &AtomError{Atom: i, Reason: "cannot be kekulised: no alternating double bonds fit the aromatic atoms around " + m.atoms[i].describe()}
		}
	}
	for i := range m.bonds {
		b := &m.bonds[i]
		if b.Order != Unset {
			continue
		}
		b.Order = Single
		if mate[b.A] == b.B {
			b.Order = Double
		}
	}
	for i := range m.atoms {
		if limit := maxValence(&m.atoms[i]); limit >= 0 && m.Valence(i) > limit {
			return &AtomError{Atom: i, Reason: fmt.Sprintf("%s has valence %d, more than %d", m.atoms[i].describe(), m.Valence(i), limit)}
		}
	}
	return nil
}

// doubleBondNeed says whether an atom with aromatic bonds needs one of them to
// be double. The rule is that of RDKit's kekulisation.
func (m *Molecule) doubleBondNeed(i int) uint8 {
	a := &m.atoms[i]
	degree, orders, unset := 0, 0, false
	for _, n := range m.Neighbors(i) {
		degree++
		switch b := &m.bonds[n.Bond]; b.Order {
		case Unset:
			unset = true
			orders++
		case Dative:
			if int(b.B) == i {
				orders++
			}
		default:
			orders += int(b.Order)
		}
	}
	if !unset {
		return needsNone
	}
	if a.Element == 0 {
		return mayHave
	}
	h := int(a.Hydrogens)
	orders += h
	charge := int(a.Charge)
	if early(a.Element) || a.Element == 6 && charge > 0 {
		charge = -charge
	}
	half, _ := m.halfOrders(i)
	total := (roundAromatic(a, half+2*h, true) + 1) / 2
	vs := valences[a.Element]
	valence := int(vs[0]) + charge
	for _, v := range vs[1:] {
		if total <= valence || v == anyNumber {
			break
		}
		valence = int(v) + charge
	}
	implicit := h
	if a.Fixed {
		implicit = 0
	}
	if degree+implicit >= valence {
		return needsNone
	}
	if valence == orders+1 || a.Fixed && valence == orders+2 {
		return needsOne
	}
	return needsNone
}

// early reports whether e stands left of carbon's column, where a positive
// charge takes a bond away instead of allowing one more.
func early(e chem.Element) bool {
	return outerElectrons[e] < 4 && e != 1
}

// augment extends the matching by atom root along an alternating path and
// reports whether there is one. A path may also end by leaving an atom without a
// mate that does not need one.
func (m *Molecule) augment(root int32, mate []int32, need []uint8) bool {
	n := len(mate)
	parent, base := make([]int32, n), make([]int32, n)
	outer, inBlossom := make([]bool, n), make([]bool, n)
	for i := range parent {
		parent[i], base[i] = -1, int32(i)
	}
	commonBase := func(a, b int32) int32 {
		seen := make([]bool, n)
		for {
			a = base[a]
			seen[a] = true
			if mate[a] < 0 {
				break
			}
			a = parent[mate[a]]
		}
		for {
			b = base[b]
			if seen[b] {
				return b
			}
			b = parent[mate[b]]
		}
	}
	mark := func(v, top, child int32) {
		for base[v] != top {
			inBlossom[base[v]], inBlossom[base[mate[v]]] = true, true
			parent[v] = child
			child = mate[v]
			v = parent[mate[v]]
		}
	}
	flip := func(v int32) { // v has a parent; give it as mate, up to the root
		for v >= 0 {
			p := parent[v]
			next := mate[p]
			mate[v], mate[p] = p, v
			v = next
		}
	}
	outer[root] = true
	queue := []int32{root}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, nb := range m.Neighbors(int(v)) {
			to := nb.Atom
			if m.bonds[nb.Bond].Order != Unset || need[to] == needsNone || base[v] == base[to] || mate[v] == to {
				continue
			}
			if to == root || mate[to] >= 0 && parent[mate[to]] >= 0 {
				top := commonBase(v, to)
				clear(inBlossom)
				mark(v, top, to)
				mark(to, top, v)
				for i := range base {
					if inBlossom[base[i]] {
						base[i] = top
						if !outer[i] {
							outer[i] = true
							queue = append(queue, int32(i))
						}
					}
				}
				continue
			}
			if parent[to] >= 0 {
				continue
			}
			parent[to] = v
			if mate[to] < 0 {
				flip(to)
				return true
			}
			if spare := mate[to]; need[spare] == mayHave {
				mate[spare] = -1
				mate[to] = -1
				flip(to)
				return true
			}
			outer[mate[to]] = true
			queue = append(queue, mate[to])
		}
	}
	return false
}
