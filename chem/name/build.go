package name

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// builder turns nodes into a structure.
type builder struct {
	graph
	claims []claim // what the name says of configurations
}

// maxAtoms bounds the structure that a name can ask for.
const maxAtoms = 2000

// group is a part of the structure: a parent with what is attached to it.
type group struct {
	node    *node
	begin   int // its first atom; its atoms follow one another until all is attached
	skel    []int
	locant  map[string]int
	outs    []out
	acids   []acid
	barred  map[int]bool // atoms whose hydrogens no prefix replaces
	amines  int
	cation  bool  // -ium whose place is still to be found
	over    []int // atoms that took a substituent only as a cation
	must    bool  // has to be completed by a substituent
	chain   bool
	ring    bool // of carbon, numbered from 1 to its size
	anion   bool // written as -ate
	mancude bool
	// floats is indicated hydrogen that the name leaves out: it goes to the atom
	// that needs it, or to its usual place.
	floats  []float
	implied int // atoms that give up their double bond for a substituent
}

// float is one indicated hydrogen of a ring.
type float struct {
	ring  []int // the atoms it may be at
	usual int
}

// acid is the place of an acid's hydroxyl group.
type acid struct{ center, oxygen int }

func errorAt(at int, format string, args ...any) error {
	return &Error{At: at, Reason: fmt.Sprintf(format, args...)}
}

// aPrefix is what errors call a prefix whose text the reader sees anyway.
const aPrefix = "this prefix"

// notGiven reports that the position of what is not given.
func notGiven(at int, what string) error {
	return &Error{At: at, Reason: fmt.Sprintf("the position of %s is not given", what), open: what == aPrefix}
}

// build adds the structure of n.
func (b *builder) build(n *node) (*group, error) {
	if len(b.atoms) > maxAtoms {
		return nil, errorAt(n.at, "more than %d atoms", maxAtoms)
	}
	if n.times != nil {
		g, err := b.multiply(n)
		if err == nil {
			b.claim(g, n)
		}
		return g, err
	}
	if n.inner != nil {
		return b.inline(n)
	}
	g, err := b.core(n)
	if err != nil {
		return nil, err
	}
	if err := b.attachAll(g, n); err != nil {
		return nil, err
	}
	b.claim(g, n)
	return g, nil
}

// claim notes the descriptors of n, whose structure is g.
func (b *builder) claim(g *group, n *node) {
	for _, text := range n.stereo {
		b.claims = append(b.claims, claim{text, g, len(b.atoms)})
	}
}

// inline builds a group like phenyl·oxy. Prefixes with numbers belong to the
// first part, all others to the second.
func (b *builder) inline(n *node) (*group, error) {
	inner, outer := *n.inner, *n
	outer.inner, outer.prefixes, outer.stereo = nil, nil, nil
	multiple := n.core.entry.skeleton != "" && (n.core.entry.name == "amino" || n.core.entry.name == "silyl" || strings.HasPrefix(n.core.entry.name, "phosph"))
	for _, p := range n.prefixes {
		simple := p.sub != nil && p.sub.hetero()
		if multiple && !simple && (len(p.locants) == 0 || p.locants[0] == "N") {
			outer.prefixes = append(outer.prefixes, p)
		} else {
			inner.prefixes = append(inner.prefixes, p)
		}
	}
	if n.lead != nil {
		inner.lead = n.lead
	}
	if n.indicated != nil {
		inner.indicated = n.indicated
	}
	outer.lead, outer.indicated = nil, nil
	outer.prefixes = append(outer.prefixes, prefix{at: inner.at, n: 1, sub: &inner})
	return b.build(&outer)
}

// multiply builds identical parents around a linking group.
func (b *builder) multiply(n *node) (*group, error) {
	link, err := b.bivalent(n.times.linker[0])
	if err != nil {
		return nil, err
	}
	if len(link.outs) == 1 && link.outs[0].order == int8(n.times.n) {
		a := link.outs[0].atom
		link.outs = slices.Repeat([]out{{a, 1}}, n.times.n)
	}
	if len(link.outs) != n.times.n {
		return nil, errorAt(n.times.linker[0].at, "the group in the middle has %d free valences for %d parents", len(link.outs), n.times.n)
	}
	locants := n.times.locants
	if locants != nil && len(locants) != n.times.n {
		return nil, errorAt(n.at, "%d locants for %d parents", len(locants), n.times.n)
	}
	var first *group
	for k, free := range link.outs {
		inner := *n.times.inner
		for _, p := range n.prefixes { // prefixes in front of it all belong to the parent with as many primes
			q := p
			q.locants = nil
			for _, l := range p.locants {
				base := strings.TrimRight(l, "'")
				if len(l)-len(base) == k {
					q.locants = append(q.locants, base)
				}
			}
			if p.locants == nil {
				return nil, errorAt(p.at, "the position of this prefix is not given")
			}
			if q.n = len(q.locants); q.n > 0 {
				inner.prefixes = append([]prefix{q}, inner.prefixes...)
			}
		}
		inner.several = true
		g, err := b.build(&inner)
		if err != nil {
			return nil, err
		}
		var l []string
		if locants != nil {
			l = []string{strings.TrimRight(locants[k], "'")}
		}
		if len(g.outs) == 2 && l == nil && g.outs[0].order == free.order { // sulfonylbis(4,1-phenylene)
			b.link(free, g.outs[0])
			g.outs = g.outs[1:]
		} else {
			places, err := b.places(g, l, 1, free.order, n.at, "the linking group", nil)
			if err != nil {
				return nil, err
			}
			b.atoms[free.atom].reserved -= free.order
			if err := b.attach(g, places[0], free.atom, free.order, n.at); err != nil {
				return nil, err
			}
		}
		if first == nil {
			first = g
		} else {
			first.acids = append(first.acids, g.acids...)
			first.outs = append(first.outs, g.outs...)
		}
	}
	first.locant = map[string]int{}
	return first, nil
}

// bivalent builds n as a group between others.
func (b *builder) bivalent(n *node) (*group, error) {
	m := *n
	m.several = true
	return b.build(&m)
}

// core builds the skeleton of n with its unsaturation, hydrogen and suffixes.
func (b *builder) core(n *node) (*group, error) {
	g, err := b.bare(&n.core, n)
	if err != nil {
		return nil, err
	}
	lead := n.lead
	for k := range n.unsat {
		u := n.unsat[k]
		if u.locants == nil && lead != nil && len(lead) == u.n && !(len(n.suffixes) > 0 && n.suffixes[0].locants == nil && n.suffixes[0].n == len(lead) && !terminal[n.suffixes[0].word] && u.n == 1 && n.core.n > 2 && n.core.kind == cycloCore) {
			u.locants, lead = lead, nil
		}
		if err := b.unsaturate(g, u, n); err != nil {
			return nil, err
		}
	}
	for _, s := range n.suffixes {
		for _, h := range s.added {
			if err := b.hydrogenate(g, h, s.at); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range n.prefixes {
		if p.special == "hydro" {
			if err := b.hydro(g, p); err != nil {
				return nil, err
			}
		}
	}
	for _, s := range n.suffixes {
		if n := s.n; s.locants == nil && lead != nil && (len(lead) == n || s.word == "ylene" && len(lead) <= 2) {
			s.locants, lead = lead, nil
		}
		if err := b.suffix(g, s, n); err != nil {
			return nil, err
		}
	}
	if lead != nil && n.core.kind == entryCore && n.core.entry.kind == groupEntry && len(g.outs) > 0 {
		return nil, errorAt(n.at, "the locants in front of %q have nothing to place", n.core.entry.name)
	}
	if lead != nil {
		return nil, errorAt(n.at, "the locants %s have nothing to place", strings.Join(lead, ","))
	}
	return g, nil
}

// bare builds a skeleton alone.
func (b *builder) bare(c *core, n *node) (*group, error) {
	g := &group{node: n, begin: len(b.atoms), locant: map[string]int{}, barred: map[int]bool{}}
	switch c.kind {
	case chainCore, methylenesCore:
		for k := range c.n {
			a := b.add(6, c.at)
			g.skel = append(g.skel, a)
			g.locant[strconv.Itoa(k+1)] = a
			if k > 0 {
				b.join(a-1, a, 1)
			}
		}
		g.chain = true
		if c.kind == methylenesCore {
			g.outs = []out{{g.skel[0], 1}, {g.skel[c.n-1], 1}}
			b.atoms[g.skel[0]].reserved++
			b.atoms[g.skel[c.n-1]].reserved++
		}
	case cycloCore:
		if c.n < 3 {
			return nil, errorAt(c.at, "a ring of %d atoms", c.n)
		}
		for k := range c.n {
			a := b.add(6, c.at)
			g.skel = append(g.skel, a)
			g.locant[strconv.Itoa(k+1)] = a
			if k > 0 {
				b.join(a-1, a, 1)
			}
		}
		b.join(g.skel[c.n-1], g.skel[0], 1)
		g.ring = true
	case spiroCore:
		if err := b.spiro(g, c); err != nil {
			return nil, err
		}
	case vonBaeyerCore:
		if err := b.vonBaeyer(g, c); err != nil {
			return nil, err
		}
	case assemblyCore, spiroRingsCore:
		return g, b.rings(g, c, n)
	case entryCore:
		return g, b.entry(g, c, n)
	}
	for _, s := range c.swaps {
		if len(s.locants) != s.n {
			return nil, errorAt(s.at, "%d locants for %d replacements", len(s.locants), s.n)
		}
		e, _ := chem.BySymbol(s.symbol)
		for _, l := range s.locants {
			a, ok := g.locant[l]
			if !ok {
				return nil, errorAt(s.at, "there is no position %s", l)
			}
			b.atoms[a].element = e
		}
	}
	return g, nil
}

// entry builds a skeleton of the lexicon.
func (b *builder) entry(g *group, c *core, n *node) error {
	e := c.entry
	if e.problem != "" {
		return errorAt(c.at, "%s", e.problem)
	}
	skeleton := e.skeleton
	if skeleton == "" || n.several && e.several != "" {
		skeleton = e.several
	}
	atoms, outs, err := b.skeleton(skeleton, c.at)
	if err != nil {
		return err
	}
	g.skel, g.outs, g.mancude = atoms, outs, e.mancude
	for k, l := range e.locants {
		if l == "-" || k >= len(atoms) {
			continue
		}
		for alternative := range strings.SplitSeq(l, "|") {
			g.locant[alternative] = atoms[k]
		}
	}
	g.must = e.class == "inline!" && !n.several
	if e.kind == ringEntry {
		nitrogen := -1
		for _, a := range atoms {
			if b.atoms[a].element == 7 {
				if nitrogen >= 0 {
					nitrogen = -1
					break
				}
				nitrogen = a
			}
		}
		if nitrogen >= 0 {
			g.locant["N"] = nitrogen
		}
	}
	if e.kind != ringEntry {
		for _, a := range atoms {
			// acids: an oxygen with a hydrogen on an atom that carries =O
			if b.atoms[a].element != 8 || len(b.atoms[a].bonds) != 1 || b.atoms[a].bonds[0].order != 1 || b.atoms[a].reserved > 0 || b.atoms[a].charge != 0 {
				continue
			}
			g.barred[a] = true
			center := b.atoms[a].bonds[0].to
			if e.kind == acidEntry && slices.ContainsFunc(b.atoms[center].bonds, func(o bond) bool { return o.order == 2 && b.atoms[o.to].element == 8 }) ||
				e.kind == acidEntry && b.atoms[center].element != 6 {
				g.acids = append(g.acids, acid{center, a})
			}
		}
	}
	if e.kind == compoundEntry || e.kind == groupEntry {
		for _, a := range atoms {
			if b.atoms[a].element == 8 && e.name != "oxy" || b.atoms[a].element == 16 && e.name == "thiophenol" {
				g.barred[a] = true
			}
		}
	}
	if e.class == "leaf" {
		for _, a := range atoms {
			g.barred[a] = true
		}
	}
	if e.kind == acidEntry {
		return b.acidForm(g, e.form, c.at)
	}
	if e.mancude {
		for _, h := range n.indicated {
			if err := b.hydrogenate(g, h, c.at); err != nil {
				return err
			}
		}
		if n.indicated == nil {
			for _, h := range e.indicated {
				g.floats = append(g.floats, float{atoms, g.locant[h]})
			}
		}
	} else if n.indicated != nil && e.kind == ringEntry {
		for _, h := range n.indicated { // "1H-isoindoline" says nothing new
			if _, ok := g.locant[h]; !ok {
				return errorAt(c.at, "there is no position %s", h)
			}
		}
	}
	return nil
}

// acidForm turns an acid into what the ending says.
func (b *builder) acidForm(g *group, form string, at int) error {
	if len(g.acids) == 0 {
		return errorAt(at, "no acid group")
	}
	switch form {
	case "ic acid":
	case "ate":
		g.anion = true
	case "yl":
		for _, a := range g.acids {
			b.remove(a.oxygen)
			g.outs = append(g.outs, out{a.center, 1})
			b.atoms[a.center].reserved++
		}
		g.acids = nil
	case "amide", "amido":
		for _, a := range g.acids {
			b.amidate(g, a)
		}
		acids := g.acids
		g.acids = nil
		if form == "amido" {
			if len(acids) != 1 {
				return errorAt(at, "more than one amide")
			}
			g.outs = append(g.outs, out{acids[0].oxygen, 1})
			b.atoms[acids[0].oxygen].reserved++
		}
	case "onitrile", "aldehyde":
		for _, a := range g.acids {
			if b.atoms[a.center].element != 6 {
				return errorAt(at, "not an acid of carbon")
			}
			b.remove(a.oxygen)
			if form == "aldehyde" {
				g.barred[a.center] = true
				continue
			}
			for _, o := range b.atoms[a.center].bonds {
				if o.order == 2 {
					b.atoms[o.to].element = 7
					b.setOrder(a.center, o.to, 3)
				}
			}
		}
		g.acids = nil
	}
	return nil
}

// amidate replaces the hydroxyl group of a by an amino group.
func (b *builder) amidate(g *group, a acid) {
	b.atoms[a.oxygen].element = 7
	delete(g.barred, a.oxygen)
	b.nitrogen(g, a.oxygen, "")
}

// nitrogen gives the nitrogen a of a suffix its locants: N, N', N” in turn, and
// N with the locant of the atom that it stands at.
func (b *builder) nitrogen(g *group, a int, locant string) {
	g.locant["N"+strings.Repeat("'", g.amines)] = a
	if locant != "" {
		g.locant["N"+locant] = a
	}
	g.amines++
}

// hydrogenate marks the position l as one that holds hydrogen.
func (b *builder) hydrogenate(g *group, l string, at int) error {
	a, ok := g.locant[l]
	if !ok {
		return errorAt(at, "there is no position %s for a hydrogen", l)
	}
	b.atoms[a].single = true
	return nil
}

// hydro adds pairs of hydrogens to double bonds.
func (b *builder) hydro(g *group, p prefix) error {
	if p.n%2 != 0 {
		return errorAt(p.at, "hydrogens are added in pairs")
	}
	if p.locants == nil {
		n := 0
		for _, a := range g.skel {
			if b.atoms[a].mancude && !b.atoms[a].single && b.wantsDouble(a) {
				n++
			}
		}
		if n != p.n {
			return errorAt(p.at, "the positions of the added hydrogens are not given")
		}
		for _, a := range g.skel {
			b.atoms[a].single = true
		}
		return nil
	}
	if len(p.locants) != p.n {
		return errorAt(p.at, "%d locants for %d hydrogens", len(p.locants), p.n)
	}
	for _, l := range p.locants {
		a, ok := g.locant[l]
		if !ok || !b.atoms[a].mancude {
			return errorAt(p.at, "position %s takes no hydrogen", l)
		}
		b.atoms[a].single = true
	}
	return nil
}

// unsaturate places double or triple bonds.
func (b *builder) unsaturate(g *group, u unsaturation, n *node) error {
	locants := u.locants
	size := len(g.skel)
	if locants == nil {
		small := g.chain && size <= 3 && u.n == 1 || g.chain && size == 2
		if u.n != 1 || !small && !g.ring || n.core.swaps != nil {
			return errorAt(u.at, "the position of the multiple bond is not given")
		}
		if g.chain && size == 3 && len(n.suffixes) > 0 && n.suffixes[0].locants == nil && n.lead == nil && !terminal[n.suffixes[0].word] {
			return errorAt(u.at, "the position of the multiple bond is not given")
		}
		if g.chain && size == 3 && len(n.suffixes) > 0 && terminal[n.suffixes[0].word] {
			locants = []string{"2"} // propenoic acid has no other
		} else {
			locants = []string{"1"}
		}
	}
	if len(locants) != u.n {
		return errorAt(u.at, "%d locants for %d multiple bonds", len(locants), u.n)
	}
	for _, l := range locants {
		first, second := l, ""
		if open := strings.IndexByte(l, '('); open >= 0 {
			first, second = l[:open], strings.TrimSuffix(l[open+1:], ")")
		} else if k, err := strconv.Atoi(l); err == nil {
			second = strconv.Itoa(k + 1)
			if g.ring && k == size {
				second = "1"
			}
		}
		a, ok := g.locant[first]
		c, ok2 := g.locant[second]
		if !ok || !ok2 || !b.setOrder(a, c, u.order) {
			return errorAt(u.at, "there is no bond from position %s to the next", l)
		}
	}
	return nil
}

// vonBaeyer builds a bridged ring system (IUPAC 2013, P-23.2).
func (b *builder) vonBaeyer(g *group, c *core) error {
	total := 2
	for k, br := range c.bridges {
		total += br.length
		if k < 3 && (br.from != 0 || k > 0 && br.length > c.bridges[k-1].length) || k >= 3 && br.from == 0 {
			return errorAt(c.at, "the numbers in the brackets are not those of a ring system")
		}
	}
	if total != c.n {
		return errorAt(c.at, "the brackets describe %d atoms, the name says %d", total, c.n)
	}
	for k := range total {
		a := b.add(6, c.at)
		g.skel = append(g.skel, a)
		g.locant[strconv.Itoa(k+1)] = a
	}
	path := func(from, to int, between []int) {
		previous := from
		for _, a := range between {
			b.join(g.skel[previous], g.skel[a], 1)
			previous = a
		}
		b.join(g.skel[previous], g.skel[to], 1)
	}
	run := func(from, n int) []int {
		var out []int
		for k := range n {
			out = append(out, from+k)
		}
		return out
	}
	// The main bridgeheads are 1 and the one behind the first bridge; the third
	// bridge is numbered on from the atom next to 1.
	first, second, third := c.bridges[0].length, c.bridges[1].length, c.bridges[2].length
	head := first + 1
	path(0, head, run(1, first))
	path(head, 0, run(head+1, second))
	at := head + 1 + second
	if third == 0 {
		b.join(g.skel[0], g.skel[head], 1)
	} else {
		path(0, head, run(at, third))
	}
	at += third
	for _, br := range c.bridges[3:] {
		if br.from < 1 || br.to < 1 || br.from > total || br.to > total || br.from == br.to {
			return errorAt(c.at, "a bridge from %d to %d", br.from, br.to)
		}
		// numbered on from the end with the higher number
		high, low := max(br.from, br.to), min(br.from, br.to)
		path(high-1, low-1, run(at, br.length))
		at += br.length
	}
	return nil
}

// spiro builds spiro[m.n] (IUPAC 2013, P-24.2.1).
func (b *builder) spiro(g *group, c *core) error {
	small, large := c.bridges[0].length, c.bridges[1].length
	if small > large || small < 2 || small+large+1 != c.n {
		return errorAt(c.at, "the numbers in the brackets do not make %d atoms", c.n)
	}
	for k := range c.n {
		a := b.add(6, c.at)
		g.skel = append(g.skel, a)
		g.locant[strconv.Itoa(k+1)] = a
		if k > 0 {
			b.join(a-1, a, 1)
		}
	}
	b.join(g.skel[0], g.skel[small], 1)
	b.join(g.skel[c.n-1], g.skel[small], 1)
	return nil
}

// rings builds assemblies of rings and spiro compounds of named rings.
func (b *builder) rings(g *group, c *core, n *node) error {
	var parts []*group
	given := spread(n.indicated, len(c.rings))
	for k, ring := range c.rings {
		bare := &node{at: n.at, core: *ring, indicated: c.hydrogen[k]}
		if len(bare.indicated) == 0 {
			bare.indicated = nil
		}
		if len(given[k]) > 0 {
			bare.indicated = given[k]
		}
		part, err := b.bare(ring, bare)
		if err != nil {
			return err
		}
		if c.kind == assemblyCore && part.ring {
			return errorAt(c.at, "not a ring that can be joined")
		}
		parts = append(parts, part)
		g.skel = append(g.skel, part.skel...)
		g.floats = append(g.floats, part.floats...)
		for l, a := range part.locant {
			g.locant[l+strings.Repeat("'", k)] = a
		}
	}
	g.mancude = true
	if c.kind == assemblyCore {
		for _, joint := range c.joints {
			x, ok := g.locant[joint[0]]
			y, ok2 := g.locant[joint[1]]
			if !ok || !ok2 {
				return errorAt(c.at, "there is no position %s", strings.Join(joint, " or "))
			}
			for _, a := range []int{x, y} {
				if !b.makeRoom(g, a, 1) {
					return errorAt(c.at, "no hydrogen to join the rings at")
				}
			}
			b.join(x, y, 1)
		}
		return nil
	}
	// A spiro atom belongs to both rings: that of the second one goes.
	x, ok := parts[0].locant[c.joints[0][0]]
	l := strings.TrimRight(c.joints[0][1], "'")
	y, ok2 := parts[1].locant[l]
	if !ok || !ok2 {
		return errorAt(c.at, "there is no position %s", strings.Join(c.joints[0], " or "))
	}
	b.atoms[x].single = true
	g.drop(x)
	g.drop(y)
	for _, bo := range slices.Clone(b.atoms[y].bonds) {
		b.join(x, bo.to, 1)
	}
	b.remove(y)
	g.skel = slices.DeleteFunc(g.skel, func(a int) bool { return a == y })
	g.locant[l+"'"] = x
	return nil
}
