package name

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// node is a parent with its prefixes and suffixes: a whole name, or a
// substituent within one.
type node struct {
	at, end  int // bytes of the scanned text
	prefixes []prefix
	lead     []string // locants directly in front of the parent
	// indicated is the hydrogen that the name indicates: "9" of 9H-.
	indicated []string
	core      core
	unsat     []unsaturation
	suffixes  []suffix
	stereo    []string // descriptors in front
	inner     *node    // the substituent in front of an inline group, as in phenyl·oxy
	times     *times   // identical parents around a linking group
	// loose counts prefixes that are read as if they did not belong to what
	// follows them directly, although by the usual way of writing they would.
	loose   int
	several bool // a group of the lexicon is meant with several free valences
}

// times is the multiplicative part of a node: 4,4'-methylenebis(...).
type times struct {
	locants []string
	linker  []*node // from the outside in: the last one is in the middle
	n       int
	inner   *node
}

type prefix struct {
	at      int
	locants []string
	n       int
	sub     *node
	special string // "hydro", "perfluoro"
}

type suffix struct {
	at      int
	locants []string
	added   []string // added hydrogen: "1" of 2(1H)
	n       int
	word    string
}

type unsaturation struct {
	at      int
	locants []string
	n       int
	order   int8
}

type coreKind uint8

const (
	entryCore coreKind = iota
	chainCore
	cycloCore
	vonBaeyerCore
	spiroCore      // spiro[4.5]
	assemblyCore   // bi-, ter- of a ring
	spiroRingsCore // spiro[fluorene-9,9'-xanthene]
	methylenesCore // hexamethylene
)

// core is the skeleton of a parent.
type core struct {
	kind     coreKind
	at       int
	entry    *entry
	n        int // atoms of a chain or ring
	bridges  []bridge
	swaps    []swap
	rings    []*core    // of an assembly or a spiro compound
	joints   [][]string // locants at which rings are joined
	hydrogen [][]string // indicated hydrogen of the rings
}

type bridge struct {
	length   int
	from, to int // for secondary bridges
}

// swap is a skeletal replacement.
type swap struct {
	locants []string
	n       int
	symbol  string
	at      int
}

// scanner reads a name into nodes. A name may be read in several ways; all are
// returned, the likeliest first.
type scanner struct {
	s, raw   string // in small letters, and as written
	steps    int
	furthest int
	depth    int
	memo     map[[2]int][]*node
}

// The limits keep hostile names cheap.
const (
	maxName  = 600
	maxSteps = 60_000
	maxWays  = 12
	maxDepth = 16
)

// reached notes how far the name is understood.
func (p *scanner) reached(i int) { p.furthest = max(p.furthest, i) }

// nodes returns the ways to read s[i:j].
func (p *scanner) nodes(i, j int) []*node {
	key := [2]int{i, j}
	if out, ok := p.memo[key]; ok {
		return out
	}
	if p.depth >= maxDepth {
		return nil
	}
	p.depth++
	var out []*node
	p.parts(i, i, j, nil, nil, &out)
	p.depth--
	// The longest parent is the likeliest: ethyl·thiourea, not ethylthio·urea.
	slices.SortStableFunc(out, func(a, b *node) int { return a.parentAt() - b.parentAt() })
	p.memo[key] = out
	return out
}

// parentAt returns where the parent of n begins.
func (n *node) parentAt() int {
	switch {
	case n.times != nil:
		return n.end
	case n.inner != nil:
		return n.inner.parentAt()
	}
	return n.core.at
}

// parts reads what follows the prefixes before up to j.
func (p *scanner) parts(begin, i, j int, before []prefix, stereo []string, out *[]*node) {
	if p.steps++; p.steps > maxSteps || len(*out) >= maxWays {
		return
	}
	p.reached(i)
	for i < j && p.s[i] == '-' {
		i++
	}
	if i >= j {
		return
	}
	if end, descriptors := p.stereo(i, j); end > i {
		p.parts(begin, end, j, before, append(slices.Clip(stereo), descriptors...), out)
		return
	}
	// "n-" before an unbranched substituent says nothing new.
	if p.raw[i] == 'n' && i+2 < j && p.s[i+1] == '-' && p.s[i+2] >= 'a' && p.s[i+2] <= 'z' {
		p.parts(begin, i+2, j, before, stereo, out)
	}
	try := func(i int, locants []string) {
		p.multiplicative(begin, i, j, locants, before, stereo, out)
		p.unit(begin, i, j, locants, before, stereo, out)
	}
	try(i, nil)
	if locants, end := p.locants(i, j); end > i && end < j && p.s[end] == '-' {
		try(end+1, locants)
	} else if end > i && end < j && (p.s[end] == '(' || p.s[end] == '[') { // 4,4'(phenyl) is sloppy but clear
		try(end, locants)
	}
}

// unit reads one prefix, or the parent with which s[:j] ends.
func (p *scanner) unit(begin, i, j int, locants []string, before []prefix, stereo []string, out *[]*node) {
	p.reached(i)
	// The parent.
	k := i
	indicated, end := p.indicated(k, j)
	if end > k {
		k = end
	}
	for _, c := range p.cores(k, j) {
		if c.end == j {
			n := c.node
			n.at, n.end, n.prefixes, n.lead, n.indicated, n.stereo = begin, j, before, locants, indicated, stereo
			*out = append(*out, p.regroup(&n)...)
			p.reached(j)
		}
	}
	at := i
	n, i := p.multiplier(i, j)
	counts := [][2]int{{n, i}}
	if n > 0 {
		counts = append(counts, [2]int{0, at}) // "di" may begin a name, as in diazenyl
	}
	for _, c := range counts {
		n, i := c[0], c[1]
		if i >= j {
			continue
		}
		// A prefix in brackets.
		if closing := p.closing(i, j); closing > 0 && closing+1 < j {
			for _, sub := range p.nodes(i+1, closing) {
				if !sub.substituent() {
					continue
				}
				p.parts(begin, closing+1, j, append(slices.Clip(before), prefix{at: at, locants: locants, n: max(n, 1), sub: sub}), stereo, out)
			}
			if n == 0 || p.s[i] == '(' {
				continue
			}
		}
		if rest, ok := strings.CutPrefix(p.s[i:j], "hydro"); ok && (n > 0 || locants != nil) && !strings.HasPrefix(rest, "xy") && !strings.HasPrefix(rest, "peroxy") {
			p.parts(begin, i+5, j, append(slices.Clip(before), prefix{at: at, locants: locants, n: max(n, 1), special: "hydro"}), stereo, out)
			continue
		}
		if strings.HasPrefix(p.s[i:j], "perfluoro") && n == 0 {
			p.parts(begin, i+9, j, append(slices.Clip(before), prefix{at: at, locants: locants, n: 1, special: "perfluoro"}), stereo, out)
			continue
		}
		k := i
		hydrogen, end := p.indicated(k, j)
		if end > k {
			k = end
		}
		var own []string // di-2-thienyl
		if l, end := p.locants(k, j); n > 0 && p.s[i-1] == '-' && len(l) == 1 && end < j && p.s[end] == '-' {
			own, k = l, end+1
		}
		for _, c := range p.cores(k, j) {
			if c.end == j || !c.node.substituent() {
				continue
			}
			if n > 1 && c.node.inner != nil && p.s[i-1] != 's' && c.node.core.entry.class == "inline" {
				continue // diphenylamino is one amino group
			}
			sub := c.node
			sub.at, sub.end, sub.indicated, sub.lead = k, c.end, hydrogen, own
			p.parts(begin, c.end, j, append(slices.Clip(before), prefix{at: at, locants: locants, n: max(n, 1), sub: &sub}), stereo, out)
		}
	}
}

// multiplicative reads a linking group, a multiplier and the parent that is
// there several times: oxydianiline, (1,3-phenylene)bis(9H-carbazole).
func (p *scanner) multiplicative(begin, i, j int, locants []string, before []prefix, stereo []string, out *[]*node) {
	if len(locants) == 1 || len(before) > 0 && locants == nil || p.depth > maxDepth/2 {
		return
	}
	type link struct {
		nodes []*node
		end   int
	}
	var links []link
	if closing := p.closing(i, j); closing > 0 {
		for _, sub := range p.nodes(i+1, closing) {
			links = append(links, link{[]*node{sub}, closing + 1})
		}
	} else {
		for _, c := range p.cores(i, j) {
			sub := c.node
			sub.at, sub.end = i, c.end
			links = append(links, link{[]*node{&sub}, c.end})
		}
	}
	for _, l := range links {
		sub := l.nodes[0]
		if !sub.linking() {
			continue
		}
		k := l.end
		for k < j && p.s[k] == '-' {
			k++
		}
		// linkers on both sides of the middle: methylenebis(oxy), as a chain
		// is left to names of the kind (methylenebis(oxy))di…
		at := k
		n, k := p.multiplier(k, j)
		// Without locants only bis and the like say that it is the parent that is
		// there several times, and not a prefix of it.
		if n < 2 || k >= j || locants == nil && !strings.HasSuffix(strings.TrimRight(p.s[at:k], "-"), "s") {
			continue
		}
		inner := [2]int{k, j}
		if closing := p.closing(k, j); closing == j-1 {
			inner = [2]int{k + 1, closing}
		}
		for _, parent := range p.nodes(inner[0], inner[1]) {
			*out = append(*out, &node{at: begin, end: j, prefixes: before, stereo: stereo, times: &times{locants: locants, linker: l.nodes, n: n, inner: parent}})
		}
	}
}

// regroup returns the readings of n in which prefixes belong to what follows
// them rather than to the parent: dimethylamino·pyridine is
// (dimethylamino)pyridine, and 2-chlorophenyl·acetic acid (2-chlorophenyl)acetic
// acid. The reading as it stands comes last.
func (p *scanner) regroup(n *node) []*node {
	var all []*node
	loose := false
	for k := len(n.prefixes) - 1; k > 0; k-- {
		first, second := n.prefixes[k-1], n.prefixes[k]
		if second.sub == nil || first.sub == nil && first.special != "perfluoro" || second.locants != nil || second.n != 1 || strings.IndexByte("- ", p.s[second.at-1]) >= 0 || strings.IndexByte("([{", p.s[second.at]) >= 0 {
			continue
		}
		with := func(first prefix, locants []string) *node {
			m, sub := *n, *second.sub
			sub.prefixes = append([]prefix{first}, sub.prefixes...)
			m.prefixes = slices.Clone(n.prefixes[:k-1])
			m.prefixes = append(m.prefixes, prefix{at: first.at, locants: locants, n: 1, sub: &sub})
			m.prefixes = append(m.prefixes, n.prefixes[k+1:]...)
			return &m
		}
		bare := first
		bare.locants = nil
		var ways []*node
		inline := second.sub.inline()
		switch {
		case second.sub.times != nil, second.sub.core.kind == entryCore && second.sub.core.entry.class == "leaf":
			continue
		case inline:
			ways = append(ways, with(bare, first.locants))
			loose = true
		case first.special != "" || first.sub.hetero():
			if len(first.locants) > 0 {
				ways = append(ways, with(first, nil))
				loose = true
			}
			ways = append(ways, with(bare, first.locants))
		case len(first.locants) > 0 && first.locants[0][0] >= '0' && first.locants[0][0] <= '9':
			ways = append(ways, with(first, nil))
			loose = true
		}
		for _, w := range ways {
			if len(all) < maxWays {
				all = append(all, p.regroup(w)...)
			}
		}
	}
	if loose {
		m := *n
		m.loose++
		n = &m
	}
	return append(all, n)
}

// substituent reports whether n has a free valence.
func (n *node) substituent() bool {
	if n.times != nil {
		return n.times.inner.substituent()
	}
	if n.core.kind == methylenesCore {
		return true
	}
	if len(n.suffixes) > 0 {
		return substituents[n.suffixes[len(n.suffixes)-1].word]
	}
	if n.core.kind != entryCore {
		return false
	}
	e := n.core.entry
	return e.kind == groupEntry || e.kind == acidEntry && (e.form == "yl" || e.form == "amido")
}

// linking reports whether n may have several free valences.
func (n *node) linking() bool {
	if n.core.kind == methylenesCore {
		return true
	}
	if n.times != nil {
		return n.times.inner.linking()
	}
	if n.inner != nil {
		return false
	}
	if len(n.suffixes) > 0 {
		last := n.suffixes[len(n.suffixes)-1]
		return last.word == "ylene" || substituents[last.word] && last.n > 1 || len(n.suffixes) > 1 && last.word == "ylidene"
	}
	return n.core.kind == entryCore && n.core.entry.kind == groupEntry && n.core.entry.several != "" ||
		n.core.kind == entryCore && n.core.entry.kind == acidEntry && n.core.entry.form == "yl"
}

// inline reports whether n is a group like amino that takes what stands in
// front of it.
func (n *node) inline() bool {
	return n.inner == nil && n.times == nil && n.core.kind == entryCore && strings.HasPrefix(n.core.entry.class, "inline")
}

// hetero reports whether n is a simple substituent that is not made of carbon,
// or an alkoxy group.
func (n *node) hetero() bool {
	if n.times != nil {
		return false
	}
	if n.core.kind == entryCore && n.core.entry.class == "leaf" {
		return true
	}
	if n.inline() && n.core.entry.name == "amino" {
		return true
	}
	return len(n.suffixes) > 0 && n.suffixes[len(n.suffixes)-1].word == "oxy"
}

// closing returns the place of the bracket that closes the one at i, 0 if there
// is none.
func (p *scanner) closing(i, j int) int {
	if i >= j || !strings.ContainsRune("([{", rune(p.s[i])) {
		return 0
	}
	depth := 0
	for k := i; k < j; k++ {
		switch p.s[k] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return 0
}

// multiplier reads a multiplying prefix at i and returns its value, 0 for none.
func (p *scanner) multiplier(i, j int) (int, int) {
	for _, m := range multipliers {
		if strings.HasPrefix(p.s[i:j], m.word) {
			end := i + len(m.word)
			for end < j && p.s[end] == '-' {
				end++
			}
			return m.n, end
		}
	}
	return 0, i
}

// locants reads a list of locants at i: "1,3,5", "N,N'", "4'", "o".
func (p *scanner) locants(i, j int) ([]string, int) {
	var out []string
	for {
		l, end := p.locant(i, j)
		if end == i {
			return nil, i
		}
		out = append(out, l)
		i = end
		if i+1 < j && p.s[i] == ',' {
			i++
			continue
		}
		return out, i
	}
}

// locant reads one locant: a number with a letter and primes, or a symbol of an
// element, with a number or primes.
func (p *scanner) locant(i, j int) (string, int) {
	k := i
	digits := func() {
		for k < j && p.s[k] >= '0' && p.s[k] <= '9' {
			k++
		}
	}
	primes := func() {
		for k < j && p.s[k] == '\'' {
			k++
		}
	}
	if i >= j {
		return "", i
	}
	digits()
	switch {
	case k > i:
		if k < j && p.s[k] >= 'a' && p.s[k] <= 'g' && (k+1 == j || strings.ContainsRune(",-'", rune(p.s[k+1]))) {
			k++
		}
		primes()
		if k+1 < j && p.s[k] == '(' && p.s[k+1] >= '0' && p.s[k+1] <= '9' { // 1(6) of a bridged ring
			m := k + 1
			for m < j && p.s[m] >= '0' && p.s[m] <= '9' {
				m++
			}
			if m < j && p.s[m] == ')' {
				k = m + 1
			}
		}
		return p.s[i:k], k
	case strings.HasPrefix(p.s[i:j], "ortho-"), strings.HasPrefix(p.s[i:j], "meta-"), strings.HasPrefix(p.s[i:j], "para-"):
		return p.s[i : i+1], i + strings.IndexByte(p.s[i:], '-')
	case i+1 < j && strings.ContainsRune("omp", rune(p.raw[i])) && p.s[i+1] == '-':
		return p.s[i : i+1], i + 1
	case strings.HasPrefix(p.s[i:j], "α"), strings.HasPrefix(p.s[i:j], "β"):
		k = i + len("α")
		primes()
		return p.s[i:k], k
	case i+1 < j && strings.ContainsRune("NOSPB", rune(p.raw[i])) || strings.HasPrefix(p.s[i:j], "n,n"):
		k++
		digits()
		primes()
		if k < j && (p.s[k] == ',' || p.s[k] == '-') {
			return strings.ToUpper(p.s[i:i+1]) + p.s[i+1:k], k
		}
		if k-i == 1 && i > 1 && p.s[i-1] == ',' && p.s[i-2] == 'n' { // the second of n,n
			return "N", k
		}
	case p.s[i] == 'n' && i > 1 && p.s[i-1] == ',' && i+1 < j && p.s[i+1] == '-':
		return "N", i + 1
	}
	return "", i
}

// indicated reads indicated hydrogen: "9H-", "1H,3H-".
func (p *scanner) indicated(i, j int) ([]string, int) {
	var out []string
	k := i
	for {
		m := k
		for m < j && p.s[m] >= '0' && p.s[m] <= '9' {
			m++
		}
		if m == k {
			return nil, i
		}
		if m+1 < j && p.s[m] >= 'a' && p.s[m] <= 'g' && (p.s[m+1] == 'h' || p.s[m+1] == '\'') {
			m++
		}
		for m < j && p.s[m] == '\'' {
			m++
		}
		if m >= j || p.s[m] != 'h' && !strings.HasPrefix(p.s[m:], "-h") {
			return nil, i
		}
		out = append(out, p.s[k:m])
		if p.s[m] == '-' {
			m++
		}
		m++
		switch {
		case m < j && p.s[m] == ',':
			k = m + 1
		case m < j && p.s[m] == '-':
			return out, m + 1
		default:
			return nil, i
		}
	}
}

// stereo reads descriptors at i that stand in front of what they describe.
func (p *scanner) stereo(i, j int) (int, []string) {
	for _, word := range []string{"cis-", "trans-", "rac-", "meso-", "(±)-", "(+)-", "(-)-", "(+/-)-", "dl-", "d-", "l-", "(e)-", "(z)-", "(r)-", "(s)-"} {
		if strings.HasPrefix(p.s[i:j], word) && i+len(word) < j {
			if word == "d-" || word == "l-" || word == "dl-" {
				if p.raw[i] < 'A' || p.raw[i] > 'Z' {
					continue
				}
			}
			return i + len(word), []string{strings.Trim(p.raw[i:i+len(word)], "-()")}
		}
	}
	closing := p.closing(i, j)
	if closing == 0 || closing+1 >= j || p.s[closing+1] != '-' {
		return i, nil
	}
	var out []string
	for d := range strings.SplitSeq(p.raw[i+1:closing], ",") {
		d = strings.TrimSpace(strings.TrimSuffix(d, "*"))
		rest := strings.TrimLeft(d, "0123456789")
		rest = strings.TrimLeft(rest, "abcdefgh'")
		if !slices.Contains([]string{"R", "S", "E", "Z", "r", "s", "RS", "SR"}, rest) {
			return i, nil
		}
		out = append(out, d)
	}
	return closing + 2, out
}

// coreMatch is a parent with its endings, which ends at byte end.
type coreMatch struct {
	node node
	end  int
}

// cores returns the parents with endings that begin at i, longest first.
func (p *scanner) cores(i, j int) []coreMatch {
	if i >= j {
		return nil
	}
	var out []coreMatch
	for _, b := range p.skeletons(i, j) {
		out = append(out, p.endings(b.core, b.end, j)...)
	}
	for n := 0; n < len(out); n++ {
		m := out[n]
		if m.end >= j || !m.node.substituent() {
			continue
		}
		// A heteroatom directly behind: phenyl·oxy, hexyl·thio.
		for _, e := range words().match(p.s[m.end:j]) {
			if e.kind == groupEntry && strings.HasPrefix(e.class, "inline") {
				inner := m.node
				inner.at, inner.end = i, m.end
				out = append(out, coreMatch{node{core: core{kind: entryCore, entry: e, at: m.end}, inner: &inner}, m.end + len(e.name)})
				break
			}
		}
		if len(out) > 64 {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b coreMatch) int { return b.end - a.end })
	for _, m := range out {
		p.reached(m.end)
	}
	return out
}

type skeletonMatch struct {
	core core
	end  int
}

// skeletons returns the skeletons that begin at i.
func (p *scanner) skeletons(i, j int) []skeletonMatch {
	var out []skeletonMatch
	for _, e := range words().match(p.s[i:j]) {
		out = append(out, skeletonMatch{core{kind: entryCore, entry: e, at: i}, i + len(e.name)})
	}
	out = append(out, p.elided(i, j)...)
	if len(out) == 0 || strings.IndexByte(p.s[out[0].end:j], '[') >= 0 {
		out = append(out, p.fused(i, j)...)
	}
	swaps, k := p.swaps(i, j)
	for _, m := range p.chains(k, j) {
		m.core.swaps = swaps
		m.core.at = i
		out = append(out, m)
	}
	if swaps == nil {
		out = append(out, p.assemblies(i, j)...)
		out = append(out, p.spiroRings(i, j)...)
	}
	return out
}

// elided returns the rings and compounds at i whose final "e" is left out
// before a suffix.
func (p *scanner) elided(i, j int) []skeletonMatch {
	var out []skeletonMatch
	for _, e := range words().byStart[start(p.s[i:j])] {
		if (e.kind == ringEntry || e.kind == compoundEntry) && strings.HasSuffix(e.name, "e") && !e.stem {
			short := e.name[:len(e.name)-1]
			if strings.HasPrefix(p.s[i:j], short) && !strings.HasPrefix(p.s[i:j], e.name) && i+len(short) < j {
				out = append(out, skeletonMatch{core{kind: entryCore, entry: e, at: i}, i + len(short)})
			}
		}
	}
	return out
}

// swaps reads skeletal replacements: "2,5,8-trioxa", "1-oxa-4-aza".
func (p *scanner) swaps(i, j int) ([]swap, int) {
	var out []swap
	k := i
	for {
		at := k
		for k < j && p.s[k] == '-' {
			k++
		}
		locants, end := p.locants(k, j)
		if end == k || end >= j || p.s[end] != '-' {
			if len(out) == 0 {
				return nil, i
			}
			return out, at
		}
		n, m := p.multiplier(end+1, j)
		found := false
		for _, r := range replacements {
			// the "a" is elided before a vowel
			if strings.HasPrefix(p.s[m:j], r.word) {
				out = append(out, swap{locants, max(n, 1), r.symbol, k})
				k = m + len(r.word)
				found = true
				break
			}
		}
		if !found {
			if len(out) == 0 {
				return nil, i
			}
			return out, at
		}
	}
}

// chains returns the chains and rings of carbon at i whose name is made of the
// number of their atoms.
func (p *scanner) chains(i, j int) []skeletonMatch {
	for i < j && p.s[i] == '-' {
		i++
	}
	var out []skeletonMatch
	s := p.s[i:j]
	kind, k := chainCore, i
	var bridges []bridge
	switch {
	case strings.HasPrefix(s, "cyclo"):
		kind, k = cycloCore, i+len("cyclo")
	case strings.HasPrefix(s, "spiro["):
		end := p.closing(i+5, j)
		b, ok := parseBridges(p.s[i+6 : max(i+6, end)])
		if end == 0 || !ok || len(b) != 2 {
			return nil
		}
		kind, k, bridges = spiroCore, end+1, b
	default:
		for n, word := range []string{"bicyclo[", "tricyclo[", "tetracyclo[", "pentacyclo[", "hexacyclo["} {
			if !strings.HasPrefix(s, word) {
				continue
			}
			open := i + len(word) - 1
			end := p.closing(open, j)
			b, ok := parseBridges(p.s[open+1 : max(open+1, end)])
			if end == 0 || !ok || len(b) != n+3 {
				return nil
			}
			kind, k, bridges = vonBaeyerCore, end+1, b
		}
	}
	for k < j && p.s[k] == '-' && kind != chainCore {
		k++
	}
	for _, c := range chainStems {
		if strings.HasPrefix(p.s[k:j], c.stem) {
			out = append(out, skeletonMatch{core{kind: kind, n: c.n, bridges: bridges, at: i}, k + len(c.stem)})
			break
		}
	}
	if kind == chainCore {
		if n, k := p.multiplier(i, j); n > 1 && strings.HasPrefix(p.s[k:j], "methylene") {
			out = append(out, skeletonMatch{core{kind: methylenesCore, n: n, at: i}, k + len("methylene")})
		}
	}
	return out
}

// parseBridges reads the numbers in the brackets of a von Baeyer name: "2.2.1",
// "3.3.1.1{3,7}".
func parseBridges(s string) ([]bridge, bool) {
	var out []bridge
	s = strings.NewReplacer("^", "", "{", "(", "}", ")").Replace(s)
	for s != "" {
		k := 0
		for k < len(s) && s[k] >= '0' && s[k] <= '9' {
			k++
		}
		n, err := strconv.Atoi(s[:k])
		if err != nil || n > 99 {
			return nil, false
		}
		b := bridge{length: n}
		if k >= 2 && k < len(s) && s[k] == ',' { // superscripts that were set flat: 13,7
			b.length = int(s[0] - '0')
			if _, err := fmt.Sscanf(s[1:], "%d,%d", &b.from, &b.to); err != nil {
				return nil, false
			}
			k++
			for k < len(s) && s[k] >= '0' && s[k] <= '9' {
				k++
			}
		}
		s = s[k:]
		if strings.HasPrefix(s, "(") {
			end := strings.IndexByte(s, ')')
			if end < 0 {
				return nil, false
			}
			if _, err := fmt.Sscanf(s[1:end], "%d,%d", &b.from, &b.to); err != nil {
				return nil, false
			}
			s = s[end+1:]
		}
		out = append(out, b)
		if strings.HasPrefix(s, ".") {
			s = s[1:]
		} else if s != "" {
			return nil, false
		}
	}
	return out, true
}

// assemblies returns the assemblies of identical rings at i:
// "2,2'-bipyridine", "[9,9'-bicarbazole]", "2,2':6',2”-terpyridine".
func (p *scanner) assemblies(i, j int) []skeletonMatch {
	bracket := p.s[i] == '['
	k, stop := i, j
	if bracket {
		if stop = p.closing(i, j); stop == 0 {
			return nil
		}
		k++
	}
	var joints [][]string
	for {
		locants, end := p.locants(k, stop)
		if end == k || len(locants) != 2 || end >= stop {
			return nil
		}
		joints = append(joints, locants)
		k = end
		if p.s[k] == ':' {
			k++
			continue
		}
		break
	}
	if p.s[k] != '-' {
		return nil
	}
	k++
	hydrogen, end := p.indicated(k, stop)
	if end > k {
		k = end
	}
	n := 0
	for _, m := range []struct {
		word string
		n    int
	}{{"bi", 2}, {"ter", 3}, {"quater", 4}, {"quinque", 5}, {"sexi", 6}} {
		if rest, ok := strings.CutPrefix(p.s[k:stop], m.word); ok && !strings.HasPrefix(rest, "cyclo") {
			n = m.n
			k += len(m.word)
			break
		}
	}
	if n == 0 || len(joints) != n-1 {
		return nil
	}
	inner := false
	if k < stop && (p.s[k] == '(' || p.s[k] == '[') && p.closing(k, stop) > 0 {
		if close := p.closing(k, stop); !bracket || close == stop-1 {
			inner = true
			k++
		}
	}
	if more, end := p.indicated(k, stop); end > k {
		hydrogen, k = more, end
	}
	var out []skeletonMatch
	add := func(e *entry, end int) {
		if inner {
			if end >= stop || !strings.ContainsRune(")]", rune(p.s[end])) {
				return
			}
			end++
		}
		if bracket {
			if end != stop {
				return
			}
			end++
		}
		c := core{kind: assemblyCore, at: i, n: n, joints: joints}
		for range n {
			c.rings = append(c.rings, &core{kind: entryCore, entry: e, at: i})
		}
		c.hydrogen = spread(hydrogen, n)
		out = append(out, skeletonMatch{c, end})
	}
	rest := p.s[k:stop]
	for _, e := range words().match(rest) {
		if e.kind == ringEntry && !e.stem || e.kind == compoundEntry {
			add(e, k+len(e.name))
		}
	}
	for _, e := range words().byStart[start(rest)] {
		if e.kind == ringEntry && strings.HasSuffix(e.name, "e") && strings.HasPrefix(rest, e.name[:len(e.name)-1]) && !strings.HasPrefix(rest, e.name) {
			add(e, k+len(e.name)-1)
		}
	}
	if strings.HasPrefix(rest, "phenyl") {
		for _, e := range words().match("benzene") {
			if e.name == "benzene" {
				add(e, k+len("phenyl"))
			}
		}
	}
	return out
}

// spread deals locants with primes out to the n rings they belong to.
func spread(locants []string, n int) [][]string {
	out := make([][]string, n)
	for _, l := range locants {
		base := strings.TrimRight(l, "'")
		if primes := len(l) - len(base); primes < n {
			out[primes] = append(out[primes], base)
		}
	}
	return out
}

// spiroRings returns spiro[A-x,y'-B] at i.
func (p *scanner) spiroRings(i, j int) []skeletonMatch {
	if !strings.HasPrefix(p.s[i:j], "spiro[") {
		return nil
	}
	end := p.closing(i+5, j)
	if end == 0 {
		return nil
	}
	k := i + 6
	ring := func() (*core, []string) {
		hydrogen, next := p.indicated(k, end)
		if next > k {
			k = next
		}
		for _, m := range append(p.skeletons(k, end), p.cyclanes(k, end)...) {
			if m.core.kind == entryCore && m.core.entry.kind == ringEntry && !m.core.entry.stem || m.core.kind == cycloCore {
				k = m.end
				c := m.core
				return &c, hydrogen
			}
		}
		return nil, nil
	}
	a, ha := ring()
	if a == nil || k >= end || p.s[k] != '-' {
		return nil
	}
	k++
	locants, next := p.locants(k, end)
	if len(locants) != 2 || next >= end || p.s[next] != '-' {
		return nil
	}
	k = next + 1
	b, hb := ring()
	if b == nil || k != end {
		return nil
	}
	for n := range hb {
		hb[n] = strings.TrimRight(hb[n], "'")
	}
	return []skeletonMatch{{core{kind: spiroRingsCore, at: i, rings: []*core{a, b}, joints: [][]string{locants}, hydrogen: [][]string{ha, hb}}, end + 1}}
}

// cyclanes returns a cycloalkane with its ending, as it stands within a spiro
// name.
func (p *scanner) cyclanes(i, j int) []skeletonMatch {
	var out []skeletonMatch
	for _, m := range p.chains(i, j) {
		if m.core.kind == cycloCore && strings.HasPrefix(p.s[m.end:j], "ane") {
			out = append(out, skeletonMatch{m.core, m.end + 3})
		}
	}
	return out
}

// endings reads the unsaturation and the suffixes of the skeleton c, which ends
// at i.
func (p *scanner) endings(c core, i, j int) []coreMatch {
	var out []coreMatch
	switch {
	case c.kind == methylenesCore:
		return []coreMatch{{node{core: c}, i}}
	case c.kind == entryCore && (c.entry.kind == groupEntry || c.entry.kind == acidEntry):
		return []coreMatch{{node{core: c}, i}}
	case c.kind == entryCore && c.entry.stem:
		p.suffixes(node{core: c}, i, j, &out)
		return slices.DeleteFunc(out, func(m coreMatch) bool {
			if len(m.node.suffixes) == 0 || m.node.suffixes[0].locants != nil {
				return true
			}
			switch m.node.suffixes[0].word {
			case "yl", "ylene", "oxy", "ylidene":
				return false
			case "ol":
				return c.entry.name != "naphth"
			}
			return true
		})
	case c.kind == entryCore || c.kind == assemblyCore || c.kind == spiroRingsCore:
		n := node{core: c}
		out = append(out, coreMatch{n, i})
		p.suffixes(n, i, j, &out)
		if c.kind == entryCore && c.entry.kind == compoundEntry {
			// "ethyleneoxy" is not the ether of ethene, but two groups in a row.
			out = slices.DeleteFunc(out, func(m coreMatch) bool {
				return len(m.node.suffixes) > 0 && m.node.suffixes[0].word == "oxy"
			})
		}
		return out
	}
	// A hydrocarbon stem: what follows says whether it has multiple bonds.
	n := node{core: c}
	if c.kind == chainCore || c.kind == cycloCore || c.kind == spiroCore || c.kind == vonBaeyerCore {
		p.suffixes(n, i, j, &out) // methyl, methoxy
		out = slices.DeleteFunc(out, func(m coreMatch) bool {
			if len(m.node.suffixes) == 0 {
				return true
			}
			switch m.node.suffixes[0].word {
			case "yl", "ylidene", "ylidyne", "oxy", "ylene":
				return false
			}
			return true
		})
	}
	if strings.HasPrefix(p.s[i:j], "an") {
		k := i + 2
		if k < j && p.s[k] == 'e' {
			out = append(out, coreMatch{n, k + 1})
			p.suffixes(n, k+1, j, &out)
		} else {
			p.suffixes(n, k, j, &out)
		}
	}
	p.multipleBonds(n, i, j, &out)
	return out
}

// multipleBonds reads -en- and -yn- with what follows.
func (p *scanner) multipleBonds(n node, i, j int, out *[]coreMatch) {
	k := i
	if k < j && p.s[k] == 'a' {
		k++
	}
	at := k
	var locants []string
	if k < j && p.s[k] == '-' {
		l, end := p.locants(k+1, j)
		if len(l) == 0 || end >= j || p.s[end] != '-' {
			return
		}
		locants, k = l, end+1
	}
	count, m := p.multiplier(k, j)
	if count > 0 {
		k = m
	}
	var order int8
	switch {
	case strings.HasPrefix(p.s[k:j], "en"):
		order = 2
	case strings.HasPrefix(p.s[k:j], "yn"):
		order = 3
	default:
		return
	}
	k += 2
	n.unsat = append(slices.Clip(n.unsat), unsaturation{at, locants, max(count, 1), order})
	if k < j && p.s[k] == 'e' {
		*out = append(*out, coreMatch{n, k + 1})
		p.suffixes(n, k+1, j, out)
	}
	p.suffixes(n, k, j, out)
	if len(n.unsat) < 3 {
		p.multipleBonds(n, k, j, out)
	}
}

// suffixes reads one or more suffixes at i. Matches are added to out.
func (p *scanner) suffixes(n node, i, j int, out *[]coreMatch) {
	if p.steps++; p.steps > maxSteps {
		return
	}
	k := i
	var locants, added []string
	if k < j && p.s[k] == '-' {
		l, end := p.locants(k+1, j)
		if len(l) == 0 {
			return
		}
		k = end
		if h, end := p.addedHydrogen(k, j); end > k {
			added, k = h, end
		}
		if k >= j || p.s[k] != '-' {
			return
		}
		locants, k = l, k+1
	}
	counts := [][2]int{{0, k}}
	if c, m := p.multiplier(k, j); c > 0 {
		counts = append(counts, [2]int{c, m})
	}
	for _, short := range []struct {
		word string
		n    int
	}{{"tetr", 4}, {"pent", 5}, {"hex", 6}} { // tetramine, hexol
		if rest, ok := strings.CutPrefix(p.s[k:j], short.word); ok && (strings.HasPrefix(rest, "amine") || strings.HasPrefix(rest, "ol") || strings.HasPrefix(rest, "one")) {
			counts = append(counts, [2]int{short.n, k + len(short.word)})
		}
	}
	for _, c := range counts {
		for _, word := range suffixes {
			if !strings.HasPrefix(p.s[c[1]:j], word) {
				continue
			}
			next := n
			next.suffixes = append(slices.Clip(n.suffixes), suffix{at: i, locants: locants, added: added, n: max(c[0], 1), word: word})
			end := c[1] + len(word)
			*out = append(*out, coreMatch{next, end})
			if len(next.suffixes) < 3 && !substituents[word] || word == "yl" || word == "ylidene" {
				p.suffixes(next, end, j, out)
			}
			break
		}
	}
}

// addedHydrogen reads "(1H)" behind a locant.
func (p *scanner) addedHydrogen(i, j int) ([]string, int) {
	closing := p.closing(i, j)
	if closing == 0 {
		return nil, i
	}
	var out []string
	for h := range strings.SplitSeq(p.s[i+1:closing], ",") {
		l, ok := strings.CutSuffix(h, "h")
		if !ok || l == "" || l[0] < '0' || l[0] > '9' {
			return nil, i
		}
		out = append(out, l)
	}
	return out, closing + 1
}
