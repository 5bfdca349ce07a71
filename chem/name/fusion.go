package name

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// fuse returns the entry of a fused ring system. What is wrong with it stands in the
// entry.
func fuse(name string, parts []fusionPart, base *entry, times int) *entry {
	e := &entry{name: name, kind: ringEntry, mancude: true}
	f := &fusion{}
	if err := f.join(parts, base, times); err != nil {
		e.problem = err.Error()
		return e
	}
	s := f.system()
	locants, err := s.number()
	if err != nil {
		e.problem = err.Error()
		return e
	}
	var order []int
	e.skeleton, order = s.skeleton()
	for _, a := range order {
		e.locants = append(e.locants, locants[a])
	}
	if !slices.ContainsFunc(append(parts, fusionPart{ring: base}), func(p fusionPart) bool { return p.ring.methylene() }) {
		e.indicated = s.pyrrole(locants)
	}
	return e
}

// fusion is a ring system that is being put together of its parts.
type fusion struct {
	elements []chem.Element
	bonds    [][2]int
	same     []int // an atom that this one is merged with, or itself
}

// ringCopy is a ring of a fusion: its atoms by locant, and around it from position 1 to
// position 2 and on; none if they are not known.
type ringCopy struct {
	at     map[string]int
	around []int
}

// add adds a ring.
func (f *fusion) add(e *entry) (*ringCopy, error) {
	var g graph
	atoms, _, err := g.skeleton(e.skeleton, 0)
	if err != nil {
		return nil, err
	}
	s := g.ringSystem(atoms)
	offset := len(f.elements)
	for k, z := range s.elements {
		f.elements = append(f.elements, z)
		f.same = append(f.same, offset+k)
	}
	for _, b := range s.bonds {
		f.bonds = append(f.bonds, [2]int{offset + b[0], offset + b[1]})
	}
	c := &ringCopy{at: map[string]int{}}
	for k, l := range e.locants {
		for alternative := range strings.SplitSeq(l, "|") {
			c.at[alternative] = offset + k
		}
	}
	n := &numberer{s: s, in: make([]int, len(s.elements))}
	if n.findRings() != nil {
		return c, nil
	}
	around := n.around()
	first, second := slices.Index(around, c.at["1"]-offset), slices.Index(around, c.at["2"]-offset)
	if first < 0 || second < 0 {
		return c, nil
	}
	if around[(first+1)%len(around)] != around[second] {
		slices.Reverse(around)
		first = len(around) - 1 - first
	}
	for k := range around {
		c.around = append(c.around, offset+around[(first+k)%len(around)])
	}
	return c, nil
}

// find returns the atom that stands for a.
func (f *fusion) find(a int) int {
	for f.same[a] != a {
		a = f.same[a]
	}
	return a
}

// bonded reports whether there is a bond between two atoms.
func (f *fusion) bonded(a, b int) bool {
	a, b = f.find(a), f.find(b)
	return slices.ContainsFunc(f.bonds, func(x [2]int) bool {
		x[0], x[1] = f.find(x[0]), f.find(x[1])
		return x == [2]int{a, b} || x == [2]int{b, a}
	})
}

// merge makes the bond from a to b that from x to y.
func (f *fusion) merge(a, b, x, y int) error {
	if !f.bonded(a, b) || !f.bonded(x, y) {
		return fmt.Errorf("the positions at which rings are fused are not next to each other")
	}
	for _, pair := range [2][2]int{{a, x}, {b, y}} {
		from, to := f.find(pair[0]), f.find(pair[1])
		if f.elements[from] != f.elements[to] {
			return fmt.Errorf("the rings have different atoms where they are fused")
		}
		f.same[from] = to
	}
	return nil
}

// side returns the atoms of a bond of ring c by its letter: a is that from position 1
// to the next, and so on around the ring.
func (c *ringCopy) side(letter string) (from, to int, ok bool) {
	letter = strings.TrimRight(letter, "'")
	if len(letter) != 1 || len(c.around) == 0 {
		return 0, 0, false
	}
	k := int(letter[0] - 'a')
	if k < 0 || k >= len(c.around) {
		return 0, 0, false
	}
	return c.around[k], c.around[(k+1)%len(c.around)], true
}

// join fuses the parts to the base, which is there as often as times says.
func (f *fusion) join(parts []fusionPart, base *entry, times int) error {
	last := len(parts) - 1
	if times > 1 { // benzo[1,2-b:4,5-b']dithiophene: the part is in the middle
		part := parts[last]
		if last > 0 || part.times > 1 || len(part.own) != times {
			return fmt.Errorf("a base that is there %d times must stand around one ring", times)
		}
		middle, err := f.add(part.ring)
		if err != nil {
			return err
		}
		for k := range times {
			c, err := f.add(base)
			if err != nil {
				return err
			}
			if err := f.fuseAt(middle, part.own[k], c, part.letters[k]); err != nil {
				return err
			}
		}
		return nil
	}
	center, err := f.add(base)
	if err != nil {
		return err
	}
	var inner *ringCopy // the ring that was fused last, to which those before it may be fused
	for k := last; k >= 0; k-- {
		part := parts[k]
		if part.outer != nil && (inner == nil || part.times > 1) {
			return fmt.Errorf("the bond of the base where a ring is fused is not given")
		}
		if part.outer == nil && len(part.letters) != part.times || part.own != nil && len(part.own) != part.times {
			return fmt.Errorf("%d bonds for %d rings", len(part.letters), part.times)
		}
		for n := range part.times {
			c, err := f.add(part.ring)
			if err != nil {
				return err
			}
			own, err := part.positions(n)
			if err != nil {
				return err
			}
			if part.outer != nil {
				err = f.fuse(c, own, inner, part.outer)
			} else {
				err = f.fuseAt(c, own, center, part.letters[n])
			}
			if err != nil {
				return err
			}
			inner = c
		}
		if part.times > 1 {
			inner = nil
		}
	}
	return nil
}

// positions returns the positions at which the ring is fused for the time n.
func (p *fusionPart) positions(n int) ([]string, error) {
	_, cycle := cycles[p.ring.name]
	switch {
	case p.own != nil:
		return p.own[n], nil
	case cycle || p.ring.name == "benzene": // all bonds are alike
		return []string{"1", "2"}, nil
	}
	return nil, fmt.Errorf("the positions of %s are not given", p.ring.name)
}

// fuse fuses ring c by its positions own to the positions of another ring.
func (f *fusion) fuse(c *ringCopy, own []string, other *ringCopy, positions []string) error {
	a, ok := c.at[own[0]]
	b, ok2 := c.at[own[1]]
	x, ok3 := other.at[positions[0]]
	y, ok4 := other.at[positions[1]]
	if !ok || !ok2 || !ok3 || !ok4 {
		return fmt.Errorf("there is no such position where rings are fused")
	}
	return f.merge(a, b, x, y)
}

// fuseAt fuses ring c by its positions own to the bond of base with the letter.
func (f *fusion) fuseAt(c *ringCopy, own []string, base *ringCopy, letter string) error {
	x, y, ok := base.side(letter)
	if !ok {
		return fmt.Errorf("rings that are fused at %q are not understood", letter)
	}
	a, ok := c.at[own[0]]
	b, ok2 := c.at[own[1]]
	if !ok || !ok2 {
		return fmt.Errorf("there is no such position where rings are fused")
	}
	return f.merge(a, b, x, y)
}

// system returns the ring system with merged atoms made one.
func (f *fusion) system() *ringSystem {
	s := &ringSystem{}
	place := map[int]int{}
	for a, e := range f.elements {
		if f.find(a) == a {
			place[a] = len(s.elements)
			s.elements = append(s.elements, e)
		}
	}
	seen := map[[2]int]bool{}
	for _, b := range f.bonds {
		x, y := place[f.find(b[0])], place[f.find(b[1])]
		key := [2]int{min(x, y), max(x, y)}
		if x != y && !seen[key] {
			seen[key] = true
			s.bonds = append(s.bonds, key)
		}
	}
	return s
}

// graph returns the system as a structure of mancude atoms.
func (s *ringSystem) graph() *graph {
	g := &graph{}
	for _, e := range s.elements {
		g.atoms[g.add(e, 0)].mancude = true
	}
	for _, b := range s.bonds {
		g.openBond(b[0], b[1])
	}
	return g
}

// methylene reports whether the ring has indicated hydrogen at a carbon, as indene.
func (e *entry) methylene() bool {
	var g graph
	atoms, _, err := g.skeleton(e.skeleton, 0)
	if err != nil {
		return false
	}
	for k, l := range e.locants {
		if slices.Contains(e.indicated, l) && g.atoms[atoms[k]].element == 6 {
			return true
		}
	}
	_, cycle := cycles[e.name]
	return cycle && len(atoms)%2 == 1
}

// pyrrole returns the locant of the one nitrogen in a ring of five that may hold the
// hydrogen which the system needs, none if it needs none, or others could hold it as
// well.
func (s *ringSystem) pyrrole(locants []string) []string {
	if s.graph().kekulize() == nil {
		return nil
	}
	var out []string
	for a, e := range s.elements {
		g := s.graph()
		if g.atoms[a].single = true; e == 7 && len(g.atoms[a].bonds) == 2 && s.inFive(a) && g.kekulize() == nil {
			out = append(out, locants[a])
		}
	}
	if len(out) != 1 {
		return nil
	}
	return out
}

// inFive reports whether atom a is in a ring of five.
func (s *ringSystem) inFive(a int) bool {
	n := &numberer{s: s, in: make([]int, len(s.elements))}
	return n.findRings() == nil && slices.ContainsFunc(n.rings, func(ring []int) bool { return len(ring) == 5 && slices.Contains(ring, a) })
}

// skeleton writes the system in the notation of the data files, and returns the atoms
// in the order of writing.
func (s *ringSystem) skeleton() (string, []int) {
	text, order := s.graph().write()
	var b strings.Builder
	for k := 0; k < len(text); k++ {
		switch c := text[k]; {
		case c == '[':
			// Heavier atoms and those with brackets: the symbol alone is enough.
			end := k + strings.IndexByte(text[k:], ']')
			symbol := strings.TrimRight(strings.TrimLeft(text[k+1:end], "["), "H0123456789")
			b.WriteString("[" + strings.ToLower(symbol) + "]")
			k = end
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), order
}

// ringSystem returns the ring system of some atoms.
func (g *graph) ringSystem(atoms []int) *ringSystem {
	place := map[int]int{}
	s := &ringSystem{}
	for k, a := range atoms {
		place[a] = k
		s.elements = append(s.elements, g.atoms[a].element)
	}
	for k, a := range atoms {
		for _, b := range g.atoms[a].bonds {
			if j, ok := place[b.to]; ok && k < j {
				s.bonds = append(s.bonds, [2]int{k, j})
			}
		}
	}
	return s
}
