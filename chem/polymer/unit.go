// Package polymer holds polymers as repeat units: molecules with two open ends.
// The same chain can be cut into repeat units in many ways; the canonical unit
// is the same for all of them.
package polymer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem/molecule"
)

// Unit is the repeat unit of a polymer. It does not change once it is made.
type Unit struct {
	mol *molecule.Molecule
	// ends are the atoms "*", next the atoms that they stand at: in the chain,
	// next[1] of a unit is bonded to next[0] of the following one.
	ends, next [2]int
	segments   []segment
}

// segment is a part of the unit between single bonds of the backbone that are in
// no ring.
type segment struct {
	atoms       []int
	left, right int // atoms that are bonded to the segments before and behind
}

// Parse reads a repeat unit from SMILES with two ends "*".
func Parse(smiles string) (*Unit, error) {
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		return nil, err
	}
	u, err := New(m)
	if err != nil {
		return nil, fmt.Errorf("repeat unit %s: %w", smiles, err)
	}
	return u, nil
}

// New returns the repeat unit m, which must be one connected part with two atoms
// of element 0, each bonded once, and by bonds of the same order.
func New(m *molecule.Molecule) (*Unit, error) {
	u := &Unit{mol: m}
	n := 0
	for i := range m.NumAtoms() {
		if m.Atom(i).Element != 0 {
			continue
		}
		if n == 2 {
			return nil, fmt.Errorf("more than two ends “*”")
		}
		if m.Degree(i) != 1 {
			return nil, fmt.Errorf("end “*” with %d bonds", m.Degree(i))
		}
		u.ends[n], u.next[n] = i, int(m.Neighbors(i)[0].Atom)
		n++
	}
	if n < 2 {
		return nil, fmt.Errorf("%d ends “*”, want 2", n)
	}
	if u.next[0] == u.ends[1] {
		return nil, fmt.Errorf("nothing between the ends")
	}
	if _, parts := m.Components(); parts != 1 {
		return nil, fmt.Errorf("%d parts that are not connected", parts)
	}
	if a, b := u.endOrder(0), u.endOrder(1); a != b {
		return nil, fmt.Errorf("the bonds at the two ends are of different order")
	}
	u.cut()
	return u, nil
}

// Molecule returns the repeat unit as a molecule with two atoms of element 0.
func (u *Unit) Molecule() *molecule.Molecule { return u.mol }

func (u *Unit) endOrder(k int) molecule.Order {
	return u.mol.Bond(int(u.mol.Neighbors(u.ends[k])[0].Bond)).Order
}

// path returns the atoms of a shortest path from next[0] to next[1].
func (u *Unit) path() []int {
	from := map[int]int{u.next[0]: -1}
	for queue := []int{u.next[0]}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == u.next[1] {
			break
		}
		for _, n := range u.mol.Neighbors(queue[0]) {
			a := int(n.Atom)
			if _, seen := from[a]; !seen && a != u.ends[0] && a != u.ends[1] {
				from[a] = queue[0]
				queue = append(queue, a)
			}
		}
	}
	var out []int
	for a := u.next[1]; a >= 0; a = from[a] {
		out = append(out, a)
	}
	slices.Reverse(out)
	return out
}

// cut divides the unit into segments. Bonds that are in no ring and on the path
// between the ends separate them.
func (u *Unit) cut() {
	path := u.path()
	cuts := map[[2]int]bool{}
	left := []int{path[0]}
	var right []int
	single := u.endOrder(0) == molecule.Single
	for k := 1; k < len(path); k++ {
		b := u.mol.BondBetween(path[k-1], path[k])
		if single && u.mol.BondRings(b) == 0 && u.mol.Bond(b).Order == molecule.Single {
			cuts[[2]int{path[k-1], path[k]}] = true
			right = append(right, path[k-1])
			left = append(left, path[k])
		}
	}
	right = append(right, path[len(path)-1])
	for k := range left {
		s := segment{left: left[k], right: right[k], atoms: []int{left[k]}}
		seen := map[int]bool{left[k]: true, u.ends[0]: true, u.ends[1]: true}
		for n := 0; n < len(s.atoms); n++ {
			a := s.atoms[n]
			for _, x := range u.mol.Neighbors(a) {
				b := int(x.Atom)
				if !seen[b] && !cuts[[2]int{a, b}] && !cuts[[2]int{b, a}] {
					seen[b] = true
					s.atoms = append(s.atoms, b)
				}
			}
		}
		slices.Sort(s.atoms)
		u.segments = append(u.segments, s)
	}
}

// build returns the unit made of the segments in row, which follow one another
// in the chain. With marks, the left end is told from the right one.
func (u *Unit) build(row []int, marks bool) (*molecule.Molecule, error) {
	var b molecule.Builder
	number := map[int]int{}
	var atoms []int
	for _, k := range row {
		atoms = append(atoms, u.segments[k].atoms...)
	}
	slices.Sort(atoms)
	for _, a := range atoms {
		number[a] = b.AddAtom(u.mol.Atom(a))
	}
	left := b.AddAtom(molecule.Atom{Fixed: true})
	right := b.AddAtom(molecule.Atom{Fixed: true})
	if marks {
		b.Atom(left).Isotope, b.Atom(right).Isotope = 1, 2
	}
	order := u.endOrder(0)
	type joint struct{ a, b int }
	var joints []joint // bonds between segments, by the old numbers of their atoms
	for k := 1; k < len(row); k++ {
		joints = append(joints, joint{u.segments[row[k-1]].right, u.segments[row[k]].left})
	}
	first, last := u.segments[row[0]].left, u.segments[row[len(row)-1]].right

	// to gives the new neighbour that stands for the old neighbour x of a. An
	// old end stands for the atom beyond it in the chain.
	to := func(a, x int) int {
		if x == u.ends[0] || x == u.ends[1] {
			beyond := u.next[1]
			if x == u.ends[1] {
				beyond = u.next[0]
			}
			for _, j := range joints {
				if x == u.ends[0] && j.a == beyond && j.b == a || x == u.ends[1] && j.a == a && j.b == beyond {
					return number[beyond]
				}
			}
			if x == u.ends[0] {
				return left
			}
			return right
		}
		if n, ok := number[x]; ok && (u.sameSegment(a, x) || slices.Contains(joints, joint{a, x}) || slices.Contains(joints, joint{x, a})) {
			return n
		}
		if a == first && a == last {
			// one atom between two others of the backbone: which one is x?
			if u.leftOf(x, a) {
				return left
			}
			return right
		}
		if a == first && u.leftOf(x, a) {
			return left
		}
		return right
	}
	for k := range u.mol.NumBonds() {
		x := u.mol.Bond(k)
		i, ok := number[int(x.A)]
		j, ok2 := number[int(x.B)]
		if !ok || !ok2 || !u.sameSegment(int(x.A), int(x.B)) {
			continue
		}
		n := b.AddBond(i, j, x.Order)
		nb := b.Bond(n)
		nb.Aromatic = x.Aromatic
		if x.Stereo != molecule.NoStereo && u.mol.BondBetween(int(x.A), int(x.RefA)) >= 0 { // those of cumulated ones are not followed
			nb.Stereo = x.Stereo
			nb.RefA, nb.RefB = int32(to(int(x.A), int(x.RefA))), int32(to(int(x.B), int(x.RefB)))
		}
	}
	for _, j := range joints {
		b.AddBond(number[j.a], number[j.b], order)
	}
	b.AddBond(left, number[first], order)
	b.AddBond(number[last], right, order)

	// Handedness is about the order of neighbours, which is a new one.
	for _, a := range atoms {
		n := number[a]
		if u.mol.Atom(a).Chirality == molecule.Achiral {
			continue
		}
		var want, got []int
		if u.mol.Degree(a) == 2 { // of cumulated double bonds: not followed
			b.Atom(n).Chirality = molecule.Achiral
			continue
		}
		for _, x := range u.mol.Neighbors(a) {
			want = append(want, to(a, int(x.Atom)))
		}
		for k := range b.NumBonds() {
			switch x := b.Bond(k); n {
			case int(x.A):
				got = append(got, int(x.B))
			case int(x.B):
				got = append(got, int(x.A))
			}
		}
		keys := make([]int32, 0, len(want))
		for k, w := range want {
			// The neighbour may be there twice, as both ends of a ring.
			for at, g := range got {
				if g == w && !slices.Contains(keys, int32(at)) {
					keys = append(keys, int32(at))
					break
				}
			}
			if len(keys) == k {
				break
			}
		}
		if len(keys) < len(want) || len(want) != len(got) {
			b.Atom(n).Chirality = molecule.Achiral
			continue
		}
		b.Atom(n).Chirality = b.Atom(n).Chirality.Arranged(keys)
	}
	return b.Build()
}

// sameSegment reports whether two atoms are in one segment.
func (u *Unit) sameSegment(a, b int) bool {
	for _, s := range u.segments {
		_, ok := slices.BinarySearch(s.atoms, a)
		_, ok2 := slices.BinarySearch(s.atoms, b)
		if ok || ok2 {
			return ok && ok2
		}
	}
	return false
}

// leftOf reports whether x, of the segment next to that of a, comes before it.
func (u *Unit) leftOf(x, a int) bool {
	for k, s := range u.segments {
		if s.left == a && k > 0 && u.segments[k-1].right == x {
			return true
		}
	}
	return false
}

// period returns the number of segments after which the chain repeats.
func (u *Unit) period() (int, error) {
	n := len(u.segments)
	labels := make([]string, n)
	for k := range u.segments {
		m, err := u.build([]int{k}, true)
		if err != nil {
			return 0, err
		}
		labels[k] = m.SMILES()
	}
	for p := 1; p < n; p++ {
		if n%p != 0 {
			continue
		}
		repeats := true
		for k := p; k < n && repeats; k++ {
			repeats = labels[k] == labels[k-p]
		}
		if repeats {
			return p, nil
		}
	}
	return n, nil
}

// Canonical returns the shortest repeat unit of the chain, the same wherever the
// chain was cut into units, in whichever direction it was written and however
// often the shortest unit was repeated: of the units that begin at any single
// bond of the backbone, the one whose canonical SMILES is shortest and then
// comes first, among those that keep most configurations: an atom between two
// like halves has none where the unit is cut beside it.
func (u *Unit) Canonical() (*Unit, error) {
	period, err := u.period()
	if err != nil {
		return nil, err
	}
	var best *molecule.Molecule
	bestSMILES, kept := "", 0
	for begin := range period {
		row := make([]int, period)
		for k := range row {
			row[k] = (begin + k) % len(u.segments)
		}
		m, err := u.build(row, false)
		if err != nil {
			return nil, err
		}
		s := m.SMILES()
		n := strings.Count(strings.ReplaceAll(s, "@@", "@"), "@")
		if best == nil || n > kept || n == kept && (len(s) < len(bestSMILES) || len(s) == len(bestSMILES) && s < bestSMILES) {
			best, bestSMILES, kept = m, s, n
		}
	}
	return New(best)
}

// SMILES returns the canonical SMILES of the unit as it is cut.
func (u *Unit) SMILES() string { return u.mol.SMILES() }

// CanonicalSMILES returns the canonical SMILES of the canonical unit.
func CanonicalSMILES(smiles string) (string, error) {
	u, err := Parse(smiles)
	if err != nil {
		return "", err
	}
	c, err := u.Canonical()
	if err != nil {
		return "", err
	}
	return c.SMILES(), nil
}
