package name

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// attached are the names of rings in front of the ring that they are fused to, where
// they are not the name of the ring with o for the final e or behind it (IUPAC 1998,
// FR-2.4 and FR-3; 2013, P-25.2.2.4 and P-25.3.1.2).
var attached = map[string]string{
	"benzo": "benzene", "benz": "benzene", "naphtho": "naphthalene", "naphth": "naphthalene", "anthra": "anthracene", "phenanthro": "phenanthrene",
	"thieno": "thiophene", "furo": "furan", "pyrido": "pyridine", "pyrimido": "pyrimidine", "pyrano": "pyran", "imidazo": "imidazole", "imidaz": "imidazole",
	"isoquino": "isoquinoline", "quino": "quinoline", "acenaphtho": "acenaphthylene", "perylo": "perylene", "benzothieno": "benzothiophene", "benzofuro": "benzofuran",
}

// cycles are attached rings of carbon that are named by the number of their atoms.
var cycles = map[string]int{"cyclopropa": 3, "cyclobuta": 4, "cyclopenta": 5, "cyclohepta": 7, "cycloocta": 8}

// fusionPart is a ring in front of another one: how often, and how it is fused.
type fusionPart struct {
	ring  *entry
	times int
	// own are the positions of the ring, at those of what follows it: letters of
	// bonds of the base, or positions of the ring in between. One list for each time.
	own     [][]string
	letters []string
	outer   [][]string
}

// fused returns the systems of fused rings at i that are named by their parts, as
// thieno[3,2-b]thiophene.
func (p *scanner) fused(i, j int) []skeletonMatch {
	if !strings.Contains(p.s[i:j], "[") {
		return nil
	}
	var out []skeletonMatch
	p.fusionParts(i, i, j, nil, &out)
	return out
}

// maxParts bounds the rings in front of a base.
const maxParts = 4

// fusionParts reads what follows parts.
func (p *scanner) fusionParts(begin, i, j int, parts []fusionPart, out *[]skeletonMatch) {
	if p.steps++; p.steps > maxSteps {
		return
	}
	if n := len(parts); n > 0 && parts[n-1].outer == nil {
		p.fusionBase(begin, i, j, parts, out)
	}
	if len(parts) == maxParts {
		return
	}
	ways := [][2]int{{1, i}}
	if n, k := p.multiplier(i, j); n == 2 || n == 3 {
		ways = append(ways, [2]int{n, k})
	}
	for _, way := range ways {
		for _, m := range p.attachedRings(way[1], j) {
			closing := p.closing(m.end, j)
			if closing == 0 || p.s[m.end] != '[' {
				continue
			}
			part := fusionPart{ring: m.core.entry, times: way[0]}
			if part.read(p.s[m.end+1 : closing]) {
				p.fusionParts(begin, closing+1, j, append(slices.Clip(parts), part), out)
			}
		}
	}
}

// read reads what stands between the brackets: "b", "3,2-b", "b,d",
// "3,2-b:2',3'-d", "4,5", "3',2':4,5".
func (f *fusionPart) read(s string) bool {
	if first, _, _ := strings.Cut(s, "-"); !strings.Contains(s, "-") && strings.Trim(first, "abcdefghijklmnopqrstuvwxyz',") == "" {
		f.letters = strings.Split(s, ",") // no positions of the ring, which are all alike
		return true
	}
	pieces := strings.Split(s, ":")
	if !strings.Contains(s, "-") { // of a ring that is fused to one that is attached itself
		for k, piece := range pieces {
			pieces[k] = strings.ReplaceAll(piece, "'", "")
		}
		switch last := strings.Split(pieces[len(pieces)-1], ","); {
		case len(last) != 2 || len(pieces) > 2:
			return false
		case len(pieces) == 2:
			f.own = [][]string{strings.Split(pieces[0], ",")}
			fallthrough
		default:
			f.outer = [][]string{last}
		}
		return len(f.own) == 0 || len(f.own[0]) == 2
	}
	for _, piece := range pieces {
		locants, letter, ok := strings.Cut(piece, "-")
		own := strings.Split(strings.ReplaceAll(locants, "'", ""), ",")
		if !ok || len(own) != 2 {
			return false
		}
		f.own = append(f.own, own)
		f.letters = append(f.letters, letter)
	}
	return true
}

// attachedRings returns the rings whose names for an attached ring begin at i.
func (p *scanner) attachedRings(i, j int) []skeletonMatch {
	var out []skeletonMatch
	s, k, numbers := p.s[i:j], i, ""
	if strings.HasPrefix(s, "[") { // [1,2,5]thiadiazolo
		end := p.closing(i, j)
		if end == 0 || strings.Trim(p.s[i+1:end], "0123456789,") != "" {
			return nil
		}
		numbers, k = p.s[i+1:end]+"-", end+1
		s = p.s[k:j]
	}
	add := func(ring string, length int) {
		for _, e := range words().match(ring) {
			if e.kind == ringEntry && e.name == ring && e.mancude && !e.stem {
				out = append(out, skeletonMatch{core{kind: entryCore, entry: e}, k + length})
				return
			}
		}
	}
	for word, ring := range attached {
		if strings.HasPrefix(s, word+"[") {
			add(numbers+ring, len(word))
		}
	}
	for word, n := range cycles {
		if strings.HasPrefix(s, word+"[") && numbers == "" {
			e := &entry{name: word, kind: ringEntry, mancude: true, skeleton: "c1" + strings.Repeat("c", n-2) + "c1"}
			for l := range n {
				e.locants = append(e.locants, strconv.Itoa(l+1))
			}
			out = append(out, skeletonMatch{core{kind: entryCore, entry: e}, k + len(word)})
		}
	}
	if open := strings.IndexByte(s, '['); open > 3 && s[open-1] == 'o' {
		add(numbers+s[:open-1]+"e", open)
		add(numbers+s[:open-1], open)
	}
	return out
}

// fusionBase reads the base at i, which may be there twice or more.
func (p *scanner) fusionBase(begin, i, j int, parts []fusionPart, out *[]skeletonMatch) {
	ways := [][2]int{{1, i}}
	if n, k := p.multiplier(i, j); n == 2 || n == 3 {
		ways = append(ways, [2]int{n, k})
	}
	for _, way := range ways {
		k, numbers := way[1], ""
		if k < j && p.s[k] == '[' { // [1,2,5]thiadiazole
			end := p.closing(k, j)
			if end == 0 || strings.Trim(p.s[k+1:end], "0123456789,") != "" {
				continue
			}
			numbers, k = p.s[k+1:end]+"-", end+1
		}
		s := numbers + p.s[k:j]
		if s == "" {
			continue
		}
		for _, e := range words().byStart[start(s)] {
			if e.kind != ringEntry || !e.mancude || e.stem || strings.Contains(e.name, "[") || strings.HasPrefix(e.name, "dibenzo") {
				continue
			}
			length := len(e.name)
			if !strings.HasPrefix(s, e.name) {
				// The final e is left out before a suffix.
				if length--; !strings.HasSuffix(e.name, "e") || !strings.HasPrefix(s, e.name[:length]) || len(s) == length {
					continue
				}
			}
			end := k + length - len(numbers)
			*out = append(*out, skeletonMatch{core{kind: entryCore, at: begin, entry: fuse(p.s[begin:end], parts, e, way[0])}, end})
		}
	}
}

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
		if part.outer != nil {
			if inner == nil || part.times > 1 {
				return fmt.Errorf("the bond of the base where a ring is fused is not given")
			}
			c, err := f.add(part.ring)
			if err != nil {
				return err
			}
			own := []string{"1", "2"}
			switch {
			case part.own != nil:
				own = part.own[0]
			case !part.alike():
				return fmt.Errorf("the positions of %s are not given", part.ring.name)
			}
			x, ok := inner.at[part.outer[0][0]]
			y, ok2 := inner.at[part.outer[0][1]]
			a, ok3 := c.at[own[0]]
			b, ok4 := c.at[own[1]]
			if !ok || !ok2 || !ok3 || !ok4 {
				return fmt.Errorf("there is no such position where rings are fused")
			}
			if err := f.merge(a, b, x, y); err != nil {
				return err
			}
			inner = c
			continue
		}
		if len(part.letters) != part.times || part.own != nil && len(part.own) != part.times {
			return fmt.Errorf("%d bonds for %d rings", len(part.letters), part.times)
		}
		for n := range part.times {
			c, err := f.add(part.ring)
			if err != nil {
				return err
			}
			own := []string{"1", "2"}
			switch {
			case part.own != nil:
				own = part.own[n]
			case !part.alike():
				return fmt.Errorf("the positions of %s are not given", part.ring.name)
			}
			if err := f.fuseAt(c, own, center, part.letters[n]); err != nil {
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

// alike reports whether all bonds of the ring are alike, so that its positions need
// not be given.
func (f *fusionPart) alike() bool {
	_, cycle := cycles[f.ring.name]
	return cycle || f.ring.name == "benzene"
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
