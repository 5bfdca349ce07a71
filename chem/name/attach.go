package name

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// terminal are the suffixes whose carbon is the end of a chain.
var terminal = map[string]bool{"oic acid": true, "oate": true, "oyl": true, "amide": true, "amido": true, "nitrile": true, "al": true, "thioamide": true, "hydrazide": true}

// suffix adds what a suffix stands for.
func (b *builder) suffix(g *group, s suffix, n *node) error {
	word := strings.ReplaceAll(s.word, "sulph", "sulf")
	if terminal[word] {
		return b.terminalSuffix(g, s)
	}
	order := int8(1)
	switch word {
	case "one", "thione", "imine", "ylidene":
		order = 2
	case "ylidyne":
		order = 3
	}
	count := s.n
	switch word {
	case "ylene":
		count = 2
		if g.chain && s.locants == nil && len(g.skel) != 2 && len(g.skel) < 4 {
			return errorAt(s.at, "not understood") // methylene and propylene are groups of their own
		}
	case "ium":
		return b.ium(g, s)
	}
	var places []int
	var err error
	switch {
	case (word == "yl" || word == "oxy" || word == "ylidene") && s.locants == nil && count == 1 && g.chain:
		places = []int{g.skel[0]}
	case word == "yl" && s.locants == nil && count == 2 && g.chain && len(g.skel) == 1:
		places = []int{g.skel[0], g.skel[0]}
	case word == "ylene" && s.locants == nil && g.chain:
		places = []int{g.skel[0], g.skel[len(g.skel)-1]}
	case word == "ylene" && len(s.locants) == 1 && strings.Contains("omp", s.locants[0]):
		places, err = b.places(g, []string{"1", map[string]string{"o": "2", "m": "3", "p": "4"}[s.locants[0]]}, 2, 1, s.at, "-"+s.word, nil)
	default:
		places, err = b.places(g, s.locants, count, order, s.at, "-"+s.word, func(a int) bool {
			// A ketone's carbon is not the end of a chain.
			return !(word == "one" && g.chain && (a == g.skel[0] || a == g.skel[len(g.skel)-1]))
		})
	}
	if err != nil {
		return err
	}
	for k, a := range places {
		locant := ""
		if k < len(s.locants) {
			locant = s.locants[k]
		}
		if err := b.function(g, word, a, locant, s.at); err != nil {
			return err
		}
	}
	return nil
}

// function adds one function to atom a.
func (b *builder) function(g *group, word string, a int, locant string, at int) error {
	simple := func(e chem.Element, order int8) (int, error) {
		x := b.add(e, at)
		return x, b.attach(g, a, x, order, at)
	}
	acidOf := func(center chem.Element, valence int8, double, single int) (int, []acid, error) {
		c := b.add(center, at)
		b.atoms[c].valence = valence
		if err := b.attach(g, a, c, 1, at); err != nil {
			return 0, nil, err
		}
		var acids []acid
		for range double {
			b.join(c, b.add(8, at), 2)
		}
		for range single {
			o := b.add(8, at)
			b.join(c, o, 1)
			g.barred[o] = true
			acids = append(acids, acid{c, o})
		}
		return c, acids, nil
	}
	free := func(c int) {
		g.outs = append(g.outs, out{c, 1})
		b.atoms[c].reserved++
	}
	var err error
	switch word {
	case "yl", "ylene", "ylidene", "ylidyne":
		order := map[string]int8{"ylidene": 2, "ylidyne": 3}[word]
		order = max(order, 1)
		if !b.makeRoom(g, a, order) {
			return errorAt(at, "no hydrogen left at the free valence")
		}
		g.outs = append(g.outs, out{a, order})
		b.atoms[a].reserved += order
	case "oxy":
		x, err := simple(8, 1)
		if err != nil {
			return err
		}
		free(x)
	case "ol":
		x, err := simple(8, 1)
		g.barred[x] = true
		if err != nil {
			return err
		}
	case "olate", "thiolate":
		x, err := simple(map[string]chem.Element{"olate": 8, "thiolate": 16}[word], 1)
		if err != nil {
			return err
		}
		b.atoms[x].charge = -1
	case "thiol":
		x, err := simple(16, 1)
		g.barred[x] = true
		if err != nil {
			return err
		}
	case "selenol":
		_, err = simple(34, 1)
	case "one":
		_, err = simple(8, 2)
	case "thione":
		_, err = simple(16, 2)
	case "imine":
		x, err := simple(7, 2)
		if err != nil {
			return err
		}
		b.nitrogen(g, x, locant)
	case "amine", "aminium":
		x, err := simple(7, 1)
		if err != nil {
			return err
		}
		b.nitrogen(g, x, locant)
		if word == "aminium" {
			b.atoms[x].charge = 1
		}
	case "carboxylic acid", "carboxylate", "carbonyl", "carboxamide", "carboxamido", "carbohydrazide", "carbothioamide", "thiocarboxamide", "carboximidamide":
		c, acids, err := acidOf(6, 0, 1, 1)
		if err != nil {
			return err
		}
		double := b.atoms[c].bonds[1].to
		switch word {
		case "carboxylic acid", "carboxylate":
			g.acids = append(g.acids, acids...)
			g.anion = word == "carboxylate"
		case "carbonyl":
			b.remove(acids[0].oxygen)
			free(c)
		default:
			b.amidate(g, acids[0])
			switch word {
			case "carboxamido":
				free(acids[0].oxygen)
			case "carbohydrazide":
				x := b.add(7, at)
				b.join(acids[0].oxygen, x, 1)
				b.nitrogen(g, x, "")
			case "carbothioamide", "thiocarboxamide":
				b.atoms[double].element = 16
			case "carboximidamide":
				b.atoms[double].element = 7
				b.nitrogen(g, double, "")
			}
		}
	case "carbaldehyde", "carboxaldehyde":
		c, acids, err := acidOf(6, 0, 1, 1)
		if err != nil {
			return err
		}
		b.remove(acids[0].oxygen)
		g.barred[c] = true
	case "carbonitrile":
		c := b.add(6, at)
		if err := b.attach(g, a, c, 1, at); err != nil {
			return err
		}
		b.join(c, b.add(7, at), 3)
	case "sulfonic acid", "sulfonate", "sulfonyl", "sulfonamide", "sulfonamido":
		c, acids, err := acidOf(16, 0, 2, 1)
		if err != nil {
			return err
		}
		switch word {
		case "sulfonyl":
			b.remove(acids[0].oxygen)
			free(c)
		case "sulfonamide", "sulfonamido":
			b.amidate(g, acids[0])
			if word == "sulfonamido" {
				free(acids[0].oxygen)
			}
		default:
			g.acids = append(g.acids, acids...)
			g.anion = word == "sulfonate"
		}
	case "sulfinic acid", "sulfinate", "sulfinyl":
		c, acids, err := acidOf(16, 0, 1, 1)
		if err != nil {
			return err
		}
		if word == "sulfinyl" {
			b.remove(acids[0].oxygen)
			free(c)
		} else {
			g.acids = append(g.acids, acids...)
			g.anion = word == "sulfinate"
		}
	case "phosphonic acid", "phosphonate":
		_, acids, err := acidOf(15, 5, 1, 2)
		if err != nil {
			return err
		}
		g.acids = append(g.acids, acids...)
		g.anion = word == "phosphonate"
	case "boronic acid", "boronate":
		_, acids, err := acidOf(5, 0, 0, 2)
		if err != nil {
			return err
		}
		g.acids = append(g.acids, acids...)
		g.anion = word == "boronate"
	default:
		return errorAt(at, "not understood: -%s", word)
	}
	return err
}

// terminalSuffix makes the ends of a chain into functions.
func (b *builder) terminalSuffix(g *group, s suffix) error {
	if !g.chain || s.n > 2 || s.n == 2 && len(g.skel) == 1 {
		return errorAt(s.at, "-%s is for the end of a chain", s.word)
	}
	ends := []int{g.skel[0]}
	if s.n == 2 {
		ends = append(ends, g.skel[len(g.skel)-1])
	}
	if s.locants != nil && !(len(s.locants) == s.n && s.locants[0] == "1") {
		return errorAt(s.at, "-%s is at the ends of a chain", s.word)
	}
	for _, c := range ends {
		if b.atoms[c].element != 6 || b.hydrogens(c) < 3 && len(g.skel) > 1 || b.hydrogens(c) < 2 {
			return errorAt(s.at, "no room for -%s at the end of the chain", s.word)
		}
		g.barred[c] = g.barred[c] || s.word != "oyl"
		switch s.word {
		case "nitrile":
			b.join(c, b.add(7, s.at), 3)
			continue
		}
		double := b.add(8, s.at)
		b.join(c, double, 2)
		switch s.word {
		case "al":
			continue
		case "oyl":
			g.outs = append(g.outs, out{c, 1})
			b.atoms[c].reserved++
			g.barred[c] = true
			continue
		}
		o := b.add(8, s.at)
		b.join(c, o, 1)
		g.barred[o] = true
		a := acid{c, o}
		switch s.word {
		case "oic acid", "oate":
			g.acids = append(g.acids, a)
			g.anion = s.word == "oate"
		case "amide", "amido", "thioamide", "hydrazide":
			b.amidate(g, a)
			switch s.word {
			case "amido":
				g.outs = append(g.outs, out{o, 1})
				b.atoms[o].reserved++
			case "thioamide":
				b.atoms[double].element = 16
			case "hydrazide":
				x := b.add(7, s.at)
				b.join(o, x, 1)
				b.nitrogen(g, x, "")
			}
		}
	}
	return nil
}

// ium makes a nitrogen, phosphorus or sulfur a cation.
func (b *builder) ium(g *group, s suffix) error {
	if s.locants == nil {
		g.cation = true
		return nil
	}
	for _, l := range s.locants {
		a, ok := g.locant[l]
		if !ok {
			return errorAt(s.at, "there is no position %s", l)
		}
		b.atoms[a].charge++
	}
	return nil
}

// settle places the charge of an -ium without locant on the one heteroatom that
// can carry it.
func (b *builder) settle(g *group, at int) error {
	if !g.cation {
		return nil
	}
	g.cation = false
	over := g.over
	var hetero []int
	for _, a := range g.skel {
		switch b.atoms[a].element {
		case 7, 15, 16, 34:
			hetero = append(hetero, a)
		}
	}
	if len(over) == 0 {
		over = hetero
	}
	if len(over) != 1 {
		return errorAt(at, "the place of the charge is not clear")
	}
	b.atoms[over[0]].charge = 1
	return nil
}

// attachAll adds the prefixes of n to g.
func (b *builder) attachAll(g *group, n *node) error {
	// Perfluoro replaces what the other prefixes leave.
	var last *prefix
	for k := range n.prefixes {
		p := &n.prefixes[k]
		switch {
		case p.special == "hydro":
		case p.special == "perfluoro":
			last = p
		default:
			if err := b.prefix(g, p); err != nil {
				return err
			}
		}
	}
	if last != nil {
		for _, a := range g.skel {
			if g.barred[a] || b.atoms[a].element != 6 {
				continue
			}
			for range max(b.hydrogens(a), 0) {
				b.join(a, b.add(9, last.at), 1)
			}
		}
	}
	if g.must {
		for _, a := range g.skel {
			if b.hydrogens(a) > 0 {
				return errorAt(n.core.at, "%q says not what it is joined to", n.core.entry.name)
			}
		}
	}
	for _, f := range g.floats {
		b.atoms[f.usual].single = true
	}
	g.floats = nil
	if g.implied > 0 {
		exocyclic := 0
		for _, a := range g.skel {
			if !b.atoms[a].mancude {
				continue
			}
			for _, bo := range b.atoms[a].bonds {
				if !bo.open && bo.order == 2 {
					exocyclic++
				}
			}
			for _, o := range g.outs {
				if o.atom == a && o.order == 2 {
					exocyclic++
				}
			}
		}
		if g.implied > exocyclic {
			return errorAt(n.at, "a ring nitrogen without hydrogen carries a substituent: added hydrogen is missing")
		}
	}
	return b.settle(g, n.at)
}

// prefix adds the substituents of p to g.
func (b *builder) prefix(g *group, p *prefix) error {
	const what = aPrefix
	if p.sub == nil {
		return errorAt(p.at, "not understood")
	}
	// A probe tells how many and which bonds the substituent makes.
	sub, err := b.build(p.sub)
	if err != nil {
		return err
	}
	if len(sub.outs) == 2 && p.n == 1 && len(p.locants) == 2 && sub.outs[0].order == 1 && sub.outs[1].order == 1 {
		for k, l := range p.locants { // a bridge: ethylenedioxy
			places, err := b.places(g, []string{l}, 1, 1, p.at, what, nil)
			if err != nil {
				return err
			}
			b.atoms[sub.outs[k].atom].reserved--
			if err := b.attach(g, places[0], sub.outs[k].atom, 1, p.at); err != nil {
				return err
			}
		}
		return nil
	}
	if len(sub.outs) != 1 {
		return errorAt(p.at, "a substituent with %d free valences", len(sub.outs))
	}
	locants := p.locants
	if locants == nil && p.n == 1 && g.firstIsFree() {
		locants = []string{"1"}
	}
	order := sub.outs[0].order
	hetero := b.atoms[sub.outs[0].atom].element != 6
	siblings := slices.ContainsFunc(g.node.prefixes, func(q prefix) bool {
		return len(q.locants) > 0 && q.special == "" && q.locants[0][0] >= '0' && q.locants[0][0] <= '9'
	})
	places, err := b.places(g, locants, p.n, order, p.at, what, func(a int) bool {
		// Without a locant, halogen and the like are not meant on the nitrogen of
		// an amine.
		e := b.atoms[a].element
		return !(hetero && (e == 8 || e == 16 || e == 7 && !g.inRingSkeleton(b, a)))
	})
	if err == nil && locants == nil && siblings && p.n == 1 && (g.chain || g.ring || g.mancude) {
		// Where others have locants, one without is not placed by symmetry.
		err = notGiven(p.at, what)
	}
	if err != nil {
		return err
	}
	for k, a := range places {
		if k > 0 {
			if len(b.atoms) > maxAtoms {
				return errorAt(p.at, "more than %d atoms", maxAtoms)
			}
			if sub, err = b.build(p.sub); err != nil {
				return err
			}
		}
		free := sub.outs[0]
		b.atoms[free.atom].reserved -= free.order
		if err := b.attach(g, a, free.atom, free.order, p.at); err != nil {
			return err
		}
	}
	return nil
}

// firstIsFree reports whether g is benzene whose other substituents all have
// locants, none of them 1, so that the one without can only be meant to be at 1:
// 3,4-dichloronitrobenzene.
func (g *group) firstIsFree() bool {
	n := g.node
	if n.core.kind != entryCore || n.core.entry.name != "benzene" || len(n.suffixes) > 0 {
		return false
	}
	given, without := 0, 0
	for _, p := range n.prefixes {
		if p.locants == nil {
			without += p.n
		}
		for _, l := range p.locants {
			if l == "1" {
				return false
			}
			given++
		}
	}
	return given > 0 && without == 1
}

// inRingSkeleton reports whether a is an atom of the rings of g.
func (g *group) inRingSkeleton(b *builder, a int) bool {
	return g.node.core.kind == entryCore && g.node.core.entry.kind == ringEntry && slices.Contains(g.skel, a) || len(b.atoms[a].bonds) == 0
}

// room reports whether atom a can take a bond of this order in exchange for
// hydrogens.
func (b *builder) room(a int, order int8) bool {
	if h := b.hydrogens(a); h >= int(order) {
		return true
	}
	at := &b.atoms[a]
	// A mancude atom may give up its share of a double bond of the ring.
	if order >= 2 && at.mancude && b.wantsDouble(a) {
		if vs := valences(at); len(vs) > 0 && b.used(a)+int(order) <= vs[0] {
			return true
		}
	}
	return false
}

// makeRoom is room, and if there is none, lets indicated hydrogen that the name
// leaves out be at a, or lets the ring nitrogen a give up its double bond, which
// settle later checks against the groups like oxo that allow it.
func (b *builder) makeRoom(g *group, a int, order int8) bool {
	if b.room(a, order) {
		return true
	}
	at := &b.atoms[a]
	if !at.mancude || at.single || !b.wantsDouble(a) {
		return false
	}
	for k, f := range g.floats {
		if slices.Contains(f.ring, a) {
			at.single = true
			if b.room(a, order) {
				g.floats = slices.Delete(slices.Clone(g.floats), k, k+1)
				return true
			}
			at.single = false
			return false
		}
	}
	if at.element == 7 && !g.cation && at.charge == 0 {
		at.single = true
		if b.room(a, order) {
			g.implied++
			return true
		}
		at.single = false
	}
	return false
}

// drop forgets indicated hydrogen whose usual place is a.
func (g *group) drop(a int) {
	g.floats = slices.DeleteFunc(slices.Clone(g.floats), func(f float) bool { return f.usual == a })
}

// attach joins x to atom a of g.
func (b *builder) attach(g *group, a, x int, order int8, at int) error {
	if !b.makeRoom(g, a, order) {
		e := b.atoms[a].element
		if g.cation && (e == 7 || e == 15 || e == 16) && order == 1 {
			b.join(a, x, order)
			g.over = append(g.over, a)
			return nil
		}
		return errorAt(at, "no hydrogen left where this is to be attached")
	}
	b.join(a, x, order)
	return nil
}

// places returns the atoms of g that locants name, or that are the only choice
// when there are none.
func (b *builder) places(g *group, locants []string, n int, order int8, at int, what string, fits func(int) bool) ([]int, error) {
	if locants != nil {
		return b.named(g, locants, n, at)
	}
	var candidates []int
	total := 0
	// When a group is attached later, its own free valences count as taken.
	for a := g.begin; a < len(b.atoms); a++ {
		if !g.owns(b, a) || g.barred[a] || fits != nil && !fits(a) {
			continue
		}
		if b.room(a, order) || g.floating(a) || g.cation && b.atoms[a].element == 7 {
			candidates = append(candidates, a)
			total += max(b.hydrogens(a)/int(order), 1)
		}
	}
	if len(candidates) == 0 {
		return nil, errorAt(at, "no place for %s", what)
	}
	if len(candidates) == 1 {
		return slices.Repeat(candidates, n), nil
	}
	if n < total && !(b.equivalent(candidates) && (n == 1 || n >= total-1)) {
		return nil, notGiven(at, what)
	}
	var out []int
	for _, a := range candidates {
		for range max(b.hydrogens(a)/int(order), 1) {
			if len(out) < n {
				out = append(out, a)
			}
		}
	}
	if len(out) < n {
		return nil, errorAt(at, "%d times is more than there are places", n)
	}
	return out, nil
}

// floating reports whether the name leaves it open that a holds indicated
// hydrogen, and a is its usual place.
func (g *group) floating(a int) bool {
	return slices.ContainsFunc(g.floats, func(f float) bool { return f.usual == a })
}

// owns reports whether atom a is of the parent g itself: its skeleton and its
// nitrogens.
func (g *group) owns(b *builder, a int) bool {
	if slices.Contains(g.skel, a) {
		return true
	}
	for _, x := range g.locant {
		if x == a {
			return true
		}
	}
	return false
}

// named returns the atoms that locants name.
func (b *builder) named(g *group, locants []string, n, at int) ([]int, error) {
	if n == 2 && len(locants) == 1 && strings.Contains("omp", locants[0]) {
		locants = []string{"1", locants[0]}
	}
	if len(locants) != n {
		return nil, errorAt(at, "%d locants for %d", len(locants), n)
	}
	var out []int
	for _, l := range locants {
		switch l {
		case "o":
			l = "2"
		case "m":
			l = "3"
		case "p":
			l = "4"
		}
		a, ok := g.locant[l]
		if !ok {
			a, ok = g.locant[strings.TrimRight(l, "'")+"'"]
			ok = ok && l == "N'"
		}
		if !ok {
			return nil, errorAt(at, "there is no position %s", l)
		}
		out = append(out, a)
	}
	return out, nil
}

// equivalent reports whether the atoms are equivalent by symmetry, judged by
// the atoms around them to any distance.
func (b *builder) equivalent(atoms []int) bool {
	class := make([]string, len(b.atoms))
	number := make([]int, len(b.atoms))
	classes := func() int {
		ids := map[string]int{}
		for i := range class {
			id, ok := ids[class[i]]
			if !ok {
				id = len(ids)
				ids[class[i]] = id
			}
			number[i] = id
		}
		return len(ids)
	}
	for i := range b.atoms {
		a := &b.atoms[i]
		class[i] = strconv.Itoa(int(a.element)) + "/" + strconv.Itoa(int(a.charge)) + "/" + strconv.Itoa(len(a.bonds)) + "/" + strconv.Itoa(b.hydrogens(i)) + "/" + strconv.Itoa(int(a.reserved)) + "/" + strconv.FormatBool(a.single)
	}
	for n := 0; ; {
		m := classes()
		if m <= n {
			break
		}
		n = m
		next := make([]string, len(class))
		for i := range b.atoms {
			var around []string
			for _, bo := range b.atoms[i].bonds {
				order := strconv.Itoa(int(bo.order))
				if bo.open {
					order = "~"
				}
				around = append(around, order+strconv.Itoa(number[bo.to]))
			}
			slices.Sort(around)
			next[i] = strconv.Itoa(number[i]) + " " + strings.Join(around, " ")
		}
		class = next
	}
	for _, a := range atoms[1:] {
		if number[a] != number[atoms[0]] {
			return false
		}
	}
	return true
}
