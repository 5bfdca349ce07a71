package name

import (
	"slices"
	"strings"
)

// parsePolymer reads "poly(...)": structure-based names, the repeat unit of
// which is a row of groups, and source-based names of common kinds of monomers
// (IUPAC, Compendium of Polymer Terminology and Nomenclature 2008, chapters 15
// and 19). Where a monomer can react in several ways, the name is refused.
func parsePolymer(t text) (*Structure, error) {
	i, j := len("poly"), len(t.raw)
	if len(t.raw) > maxName {
		return nil, t.fail(errorAt(maxName, "longer than %d bytes", maxName))
	}
	r := &reader{t: t, scan: &scanner{s: t.small, raw: t.raw, memo: map[[2]int][]*node{}}}
	for i < j && (t.small[i] == '-' || t.small[i] == ' ') {
		i++
	}
	if closing := r.scan.closing(i, j); closing == j-1 {
		i, j = i+1, j-1
	}
	if i >= j {
		return nil, t.fail(errorAt(i, "the name of the polymer ends here"))
	}
	var units, dropped []string
	for _, part := range r.comonomers(i, j) {
		b, err := r.repeatUnit(part[0], part[1])
		if err != nil {
			return nil, t.fail(err)
		}
		smiles, notKept := b.structure()
		units = append(units, smiles)
		dropped = append(dropped, notKept...)
	}
	return &Structure{Kind: Polymer, SMILES: strings.Join(units, "."), NotKept: unique(dropped)}, nil
}

// comonomers returns the parts of s[i:j] between "-co-" and the like.
func (r *reader) comonomers(i, j int) [][2]int {
	var out [][2]int
	depth, begin := 0, i
	for k := i; k < j; k++ {
		switch r.t.small[k] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth != 0 {
			continue
		}
		for _, word := range []string{"-co-", "-alt-", "-ran-", "-stat-", "-block-", "-b-", "-graft-"} {
			if strings.HasPrefix(r.t.small[k:j], word) && k > begin {
				out = append(out, [2]int{begin, k})
				begin = k + len(word)
				k = begin - 1
				break
			}
		}
	}
	out = append(out, [2]int{begin, j})
	for n, part := range out { // each may stand in brackets
		if closing := r.scan.closing(part[0], part[1]); closing == part[1]-1 && len(out) > 1 {
			out[n] = [2]int{part[0] + 1, closing}
		}
	}
	return out
}

// repeatUnit reads one unit.
func (r *reader) repeatUnit(i, j int) (*builder, error) {
	r.failure, r.scan.furthest = nil, i
	for _, kind := range []func(i, j int) *builder{r.row, r.siloxane, r.condensation, r.chainOxide, r.hydroxyAcid, r.heteroarene, r.lactone, r.vinyl} {
		if b := kind(i, j); b != nil {
			return b, nil
		}
	}
	if r.failure != nil {
		return nil, r.failure
	}
	if r.scan.furthest >= j {
		return nil, errorAt(i, "the repeat unit does not follow from %q", excerpt(r.t.raw[i:j]))
	}
	return nil, errorAt(r.scan.furthest, "not understood: %q", excerpt(r.t.raw[r.scan.furthest:j]))
}

// quietly runs build without keeping the reason for a failure: the next kind of
// polymer may fit.
func (r *reader) quietly(build func(b *builder) error) *builder {
	before := r.failure
	b := r.attempt(build)
	r.failure = before
	return b
}

// end closes the free valence at a with an end of the repeat unit.
func (b *builder) end(a int) {
	b.join(b.add(0, b.atoms[a].at), a, 1)
}

// row reads a row of bivalent groups: "oxy-1,4-phenylene".
func (r *reader) row(i, j int) *builder {
	const most = 160
	if j-i > most {
		return nil
	}
	tries := 0
	var find func(i int, before []*node) *builder
	find = func(i int, before []*node) *builder {
		for i < j && r.t.small[i] == '-' {
			i++
		}
		if i >= j {
			return r.attempt(func(b *builder) error { return b.row(before) })
		}
		if tries++; tries > 200 || len(before) > 16 {
			return nil
		}
		next := func(from, to, end int) *builder {
			for _, n := range r.scan.nodes(from, to) {
				if n.linking() && !n.swallows(r.t.small) {
					if b := find(end, append(slices.Clip(before), n)); b != nil {
						return b
					}
				}
			}
			return nil
		}
		if closing := r.scan.closing(i, j); closing > 0 {
			if b := next(i+1, closing, closing+1); b != nil {
				return b
			}
		}
		for k := j; k > i; k-- {
			if r.scan.balanced(i, k) {
				if b := next(i, k, k); b != nil {
					return b
				}
			}
		}
		return nil
	}
	return find(i, nil)
}

// swallows reports whether a prefix of n that stands without brackets is a group
// of a row itself: oxy·ethylene is a row, not an ethylene with a substituent.
func (n *node) swallows(s string) bool {
	return slices.ContainsFunc(n.prefixes, func(p prefix) bool {
		return p.sub != nil && p.sub.linking() && p.sub.at > 0 && s[p.sub.at-1] != '('
	})
}

// row joins bivalent groups, and closes both ends.
func (b *builder) row(groups []*node) error {
	var last *out
	for k, n := range groups {
		g, err := b.bivalent(n)
		if err != nil {
			return err
		}
		if len(g.outs) == 1 && g.outs[0].order == 2 { // methylene read as =C
			a := g.outs[0].atom
			g.outs = []out{{a, 1}, {a, 1}}
		}
		if len(g.outs) != 2 || g.outs[0].order != 1 || g.outs[1].order != 1 {
			return errorAt(n.at, "a group with %d free valences in a row", len(g.outs))
		}
		if k == 0 {
			b.atoms[g.outs[0].atom].reserved--
			b.end(g.outs[0].atom)
		} else {
			b.link(*last, g.outs[0])
		}
		last = &g.outs[1]
	}
	b.atoms[last.atom].reserved--
	b.end(last.atom)
	return nil
}

// balanced reports whether the brackets in s[i:j] close each other.
func (p *scanner) balanced(i, j int) bool {
	depth := 0
	for k := i; k < j; k++ {
		switch p.s[k] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// siloxane reads "dimethylsiloxane" and "dimethyl siloxane".
func (r *reader) siloxane(i, j int) *builder {
	front, ok := strings.CutSuffix(r.t.small[i:j], "siloxane")
	if !ok {
		return nil
	}
	front = strings.ReplaceAll(front, " ", "")
	scan := &scanner{s: front + "silane", raw: front + "silane", memo: map[[2]int][]*node{}}
	for _, n := range scan.nodes(0, len(scan.s)) {
		if b := r.quietly(func(b *builder) error {
			g, err := b.build(n)
			if err != nil {
				return err
			}
			if len(g.skel) != 1 || b.hydrogens(g.skel[0]) != 2 {
				return errorAt(i, "silicon needs two substituents")
			}
			o := b.add(8, i)
			b.join(g.skel[0], o, 1)
			b.end(g.skel[0])
			b.end(o)
			return nil
		}); b != nil {
			return b
		}
	}
	return nil
}

// condensation reads polyesters, polycarbonates and polyamides of a bivalent
// group and a diacid: "ethylene terephthalate", "hexamethylene adipamide".
func (r *reader) condensation(i, j int) *builder {
	words := r.splitWords(i, j)
	if len(words) != 2 {
		return nil
	}
	for _, acidNode := range r.scan.nodes(words[1][0], words[1][1]) {
		for _, n := range r.scan.nodes(words[0][0], words[0][1]) {
			if !n.linking() {
				continue
			}
			if b := r.quietly(func(b *builder) error {
				acid, err := b.build(acidNode)
				if err != nil {
					return err
				}
				var sites []int // O or N that the bivalent group is joined to, and their carbonyl carbons
				var centers []int
				switch {
				case acid.anion && len(acid.acids) == 2:
					for _, a := range acid.acids {
						sites = append(sites, a.oxygen)
						centers = append(centers, a.center)
					}
				case acid.amines == 2 && len(acid.outs) == 0 && strings.HasSuffix(r.t.small[words[1][0]:words[1][1]], "amide"):
					for _, l := range []string{"N", "N'"} {
						a := acid.locant[l]
						sites = append(sites, a)
						centers = append(centers, b.atoms[a].bonds[0].to)
					}
				default:
					return errorAt(words[1][0], "not a diacid")
				}
				link, err := b.bivalent(n)
				if err != nil {
					return err
				}
				if len(link.outs) != 2 || link.outs[0].order != 1 || link.outs[1].order != 1 {
					return errorAt(n.at, "not a bivalent group")
				}
				// One heteroatom joins the two parts, the other moves to the far end
				// of the group, where the unit begins.
				b.atoms[link.outs[0].atom].reserved--
				b.join(sites[0], link.outs[0].atom, 1)
				other := sites[1]
				b.unjoin(other, centers[1])
				b.end(centers[1])
				b.atoms[link.outs[1].atom].reserved--
				b.join(other, link.outs[1].atom, 1)
				b.end(other)
				return nil
			}); b != nil {
				return b
			}
		}
	}
	return nil
}

// unjoin removes the bond between two atoms.
func (g *graph) unjoin(x, y int) {
	for _, p := range [2][2]int{{x, y}, {y, x}} {
		g.atoms[p[0]].bonds = slices.DeleteFunc(g.atoms[p[0]].bonds, func(b bond) bool { return b.to == p[1] })
	}
}

// chainOxide reads "ethylene oxide", "1,4-phenylene sulfide", "p-phenylene
// vinylene" and the like: bivalent groups and a last word.
func (r *reader) chainOxide(i, j int) *builder {
	words := r.splitWords(i, j)
	if len(words) != 2 {
		return nil
	}
	last := map[string]string{"oxide": "*O*", "sulfide": "*S*", "sulphide": "*S*", "vinylene": "*C=C*", "ethynylene": "*C#C*", "imine": "*N*", "sulfone": "*S(*)(=O)=O"}[r.t.small[words[1][0]:words[1][1]]]
	if last == "" {
		return nil
	}
	for _, n := range r.scan.nodes(words[0][0], words[0][1]) {
		if !n.linking() {
			continue
		}
		if b := r.quietly(func(b *builder) error {
			_, outs, err := b.skeleton(last, words[1][0])
			if err != nil {
				return err
			}
			link, err := b.bivalent(n)
			if err != nil {
				return err
			}
			if len(link.outs) != 2 || link.outs[0].order != 1 || link.outs[1].order != 1 {
				return errorAt(n.at, "not a bivalent group")
			}
			b.link(outs[1], link.outs[0])
			b.atoms[outs[0].atom].reserved--
			b.end(outs[0].atom)
			b.atoms[link.outs[1].atom].reserved--
			b.end(link.outs[1].atom)
			return nil
		}); b != nil {
			return b
		}
	}
	return nil
}

// monomers calls join on every structure that s[i:j] may be, until it makes a
// repeat unit of one.
func (r *reader) monomers(i, j int, join func(b *builder) error) *builder {
	raw := r.t.raw[i:j]
	if m, ambiguous, ok := Lookup(raw); ok && !ambiguous && m.Kind == Molecule {
		if b := r.quietly(func(b *builder) error {
			t, err := b.fromSMILES(m.SMILES, i)
			if err != nil || !t {
				return errorAt(i, "not understood")
			}
			return join(b)
		}); b != nil {
			return b
		}
	}
	t := prepare(raw)
	inner := &reader{t: t, scan: &scanner{s: t.small, raw: t.raw, memo: map[[2]int][]*node{}}}
	b, err := inner.systematic()
	if err != nil {
		r.scan.furthest = max(r.scan.furthest, i+inner.scan.furthest)
		if e, ok := err.(*Error); ok && r.failure == nil {
			r.failure = &Error{At: i + e.At, Reason: e.Reason}
		}
		return nil
	}
	return r.quietly(func(fresh *builder) error {
		*fresh = *b
		return join(fresh)
	})
}

// fromSMILES adds the structure of a SMILES of the table that has no aromatic
// atoms and no more than the notation of skeletons.
func (b *builder) fromSMILES(s string, at int) (bool, error) {
	for _, c := range s {
		if c >= 'a' && c <= 'z' && c != 'l' && c != 'r' || c == '[' || c == '.' {
			return false, nil
		}
	}
	_, _, err := b.skeleton(s, at)
	return err == nil, err
}

// hydroxyAcid makes a polyester of a hydroxy acid, or a polyamide of an amino
// acid.
func (r *reader) hydroxyAcid(i, j int) *builder {
	s := r.t.small[i:j]
	if !strings.HasSuffix(s, "acid") && !strings.HasSuffix(s, "ate") {
		return nil
	}
	return r.monomers(i, j, func(b *builder) error {
		acid, oxygen, base := -1, -1, -1
		for a := range b.atoms {
			at := &b.atoms[a]
			if at.gone || len(at.bonds) != 1 || at.bonds[0].order != 1 {
				continue
			}
			carbon := at.bonds[0].to
			carbonyl := slices.ContainsFunc(b.atoms[carbon].bonds, func(o bond) bool { return o.order == 2 && b.atoms[o.to].element == 8 })
			switch {
			case at.element == 8 && carbonyl && b.atoms[carbon].element == 6:
				if acid >= 0 {
					return errorAt(i, "more than one acid group")
				}
				acid, oxygen = carbon, a
			case (at.element == 8 || at.element == 7) && at.charge == 0 && b.atoms[carbon].element == 6 && !carbonyl:
				if base >= 0 {
					return errorAt(i, "more than one group that the acid can react with")
				}
				base = a
			}
		}
		if acid < 0 || base < 0 {
			return errorAt(i, "not a hydroxy acid")
		}
		b.remove(oxygen)
		b.end(base)
		b.end(acid)
		return nil
	})
}

// heteroarene makes a conjugated polymer of a five-membered ring by its
// positions 2 and 5: poly(3-hexylthiophene).
func (r *reader) heteroarene(i, j int) *builder {
	for _, n := range r.scan.nodes(i, j) {
		if n.times != nil || n.inner != nil || n.core.kind != entryCore || len(n.suffixes) > 0 || !slices.Contains([]string{"thiophene", "pyrrole", "furan", "selenophene"}, n.core.entry.name) {
			continue
		}
		if b := r.quietly(func(b *builder) error {
			g, err := b.build(n)
			if err != nil {
				return err
			}
			for _, l := range []string{"2", "5"} {
				a := g.locant[l]
				if b.hydrogens(a) != 1 {
					return errorAt(n.at, "position %s is taken", l)
				}
				b.end(a)
			}
			return nil
		}); b != nil {
			return b
		}
	}
	return nil
}

// lactone opens the ring of a lactone or lactam.
func (r *reader) lactone(i, j int) *builder {
	s := r.t.small[i:j]
	if !strings.HasSuffix(s, "lactone") && !strings.HasSuffix(s, "lactam") && !strings.HasSuffix(s, "one") {
		return nil
	}
	return r.monomers(i, j, func(b *builder) error {
		acyl, hetero := -1, -1
		for a := range b.atoms {
			at := &b.atoms[a]
			if at.gone || at.element != 6 || !slices.ContainsFunc(at.bonds, func(o bond) bool { return o.order == 2 && b.atoms[o.to].element == 8 }) {
				continue
			}
			for _, bo := range at.bonds {
				e := b.atoms[bo.to].element
				if bo.order != 1 || e != 8 && e != 7 || !b.inRing(a, bo.to) {
					continue
				}
				if acyl >= 0 {
					return errorAt(i, "the ring can open in more than one way")
				}
				acyl, hetero = a, bo.to
			}
		}
		if acyl < 0 {
			return errorAt(i, "no lactone")
		}
		b.unjoin(acyl, hetero)
		b.end(hetero)
		b.end(acyl)
		return nil
	})
}

// inRing reports whether the bond between x and y is in a ring.
func (g *graph) inRing(x, y int) bool {
	seen := map[int]bool{x: true}
	for queue := []int{x}; len(queue) > 0; queue = queue[1:] {
		for _, b := range g.atoms[queue[0]].bonds {
			if queue[0] == x && b.to == y || seen[b.to] {
				continue
			}
			if b.to == y {
				return true
			}
			seen[b.to] = true
			queue = append(queue, b.to)
		}
	}
	return false
}

// vinyl makes an addition polymer of a monomer with one double bond between
// carbon atoms outside of rings, or by 1,4- or 1,2-addition of a diene whose
// name says which.
func (r *reader) vinyl(i, j int) *builder {
	addition := ""
	for _, a := range []string{"1,4-", "1,2-", "cis-1,4-", "trans-1,4-", "cis-", "trans-"} {
		if rest, ok := strings.CutPrefix(r.t.small[i:j], a); ok && (strings.HasSuffix(rest, "butadiene") || strings.HasSuffix(rest, "isoprene") || strings.HasSuffix(rest, "chloroprene")) {
			addition = strings.TrimPrefix(strings.TrimPrefix(a, "cis-"), "trans-")
			i += len(a)
			break
		}
	}
	return r.monomers(i, j, func(b *builder) error {
		var doubles [][2]int
		for a := range b.atoms {
			for _, bo := range b.atoms[a].bonds {
				if bo.order == 2 && !bo.open && bo.to > a && b.atoms[a].element == 6 && b.atoms[bo.to].element == 6 && !b.inRing(a, bo.to) {
					doubles = append(doubles, [2]int{a, bo.to})
				}
			}
		}
		switch {
		case len(doubles) == 1 && addition == "":
			d := doubles[0]
			if len(b.atoms[d[0]].bonds) > 1+2 && len(b.atoms[d[1]].bonds) > 1+2 && !b.fluorinated(d[0]) && !b.fluorinated(d[1]) {
				return errorAt(i, "the double bond is not at an end")
			}
			b.setOrder(d[0], d[1], 1)
			b.end(d[0])
			b.end(d[1])
			return nil
		case len(doubles) == 2 && addition == "1,4-":
			for _, x := range doubles[0] {
				for _, y := range doubles[1] {
					if b.setOrder(x, y, 2) {
						for _, d := range doubles {
							b.setOrder(d[0], d[1], 1)
							far := d[0] + d[1] - x
							if d[0] == y || d[1] == y {
								far = d[0] + d[1] - y
							}
							b.end(far)
						}
						return nil
					}
				}
			}
		case len(doubles) == 2 && addition == "1,2-":
			d := doubles[0]
			b.setOrder(d[0], d[1], 1)
			b.end(d[0])
			b.end(d[1])
			return nil
		}
		return errorAt(i, "the repeat unit does not follow from %q", excerpt(r.t.raw[i:j]))
	})
}

// fluorinated reports whether carbon a carries fluorine.
func (b *builder) fluorinated(a int) bool {
	return slices.ContainsFunc(b.atoms[a].bonds, func(o bond) bool { return b.atoms[o.to].element == 9 })
}
