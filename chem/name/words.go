package name

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// text is a name made ready for reading: typographic variants replaced, and for
// every byte the byte of the original that it comes from.
type text struct {
	original   string
	raw, small string
	from       []int
}

// plain are characters that names have in several forms.
var plain = map[rune]string{
	'′': "'", '’': "'", '‘': "'", '`': "'", 'ʹ': "'", '″': "''", '”': "''", '"': "''", '‴': "'''",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-", '\u00ad': "", '\u200b': "",
	'\u00a0': " ", '\u2009': " ", '\u202f': " ", '\t': " ", '\n': " ",
	'₀': "0", '₁': "1", '₂': "2", '₃': "3", '₄': "4", '₅': "5", '₆': "6", '₇': "7", '₈': "8", '₉': "9",
	'⁰': "0", '¹': "1", '²': "2", '³': "3", '⁴': "4", '⁵': "5", '⁶': "6", '⁷': "7", '⁸': "8", '⁹': "9",
	'ϵ': "ε", 'є': "ε",
}

func prepare(name string) text {
	t := text{original: name, from: make([]int, 0, len(name)+1)}
	raw := make([]byte, 0, len(name))
	for i, r := range name {
		if r < utf8.RuneSelf && r != '`' && r != '"' && r != '\t' && r != '\n' && r != ' ' {
			raw = append(raw, byte(r))
			t.from = append(t.from, i)
			continue
		}
		s, ok := plain[r]
		if !ok {
			s = string(r)
		}
		// Leading spaces, all but one of several, and those that a line break leaves
		// behind a hyphen say nothing.
		if s == " " && (len(raw) == 0 || raw[len(raw)-1] == ' ' || raw[len(raw)-1] == '-') {
			continue
		}
		for range len(s) {
			t.from = append(t.from, i)
		}
		raw = append(raw, s...)
	}
	t.raw = strings.TrimRight(string(raw), " ")
	t.from = append(t.from[:len(t.raw)], len(name))
	t.small = small(t.raw)
	return t
}

// small returns s in small letters, where those take as many bytes.
func small(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		switch l := unicode.ToLower(r); {
		case r >= 'A' && r <= 'Z':
			out = append(out, byte(r)+'a'-'A')
		case utf8.RuneLen(l) == utf8.RuneLen(r):
			out = utf8.AppendRune(out, l)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

// fail returns err with the name, and its place in the name as it was given.
func (t *text) fail(err error) error {
	if e, ok := err.(*Error); ok {
		return &Error{Name: t.original, At: t.from[min(max(e.At, 0), len(t.from)-1)], Reason: e.Reason}
	}
	return err
}

// reader reads one name.
type reader struct {
	t       text
	scan    *scanner
	failure error // the first reason why a reading that parsed makes no structure
}

// splitWords returns the words of s[i:j], which spaces outside of brackets
// separate. "acid" belongs to the word before it.
func (r *reader) splitWords(i, j int) [][2]int {
	var out [][2]int
	depth := 0
	begin := i
	for k := i; k < j; k++ {
		switch r.t.small[k] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ' ':
			if depth == 0 && !strings.HasPrefix(r.t.small[k:j], " acid") {
				out = append(out, [2]int{begin, k})
				begin = k + 1
			}
		}
	}
	return append(out, [2]int{begin, j})
}

// attempt runs build on a fresh builder and returns the finished structure.
func (r *reader) attempt(build func(b *builder) error) *builder {
	b := &builder{}
	err := build(b)
	if err == nil {
		err = b.finish()
	}
	if err != nil {
		if r.failure == nil {
			r.failure = err
		}
		return nil
	}
	return b
}

// finish places double bonds and checks the structure.
func (b *builder) finish() error {
	for i := range b.atoms {
		if b.atoms[i].reserved > 0 {
			return errorAt(b.atoms[i].at, "a free valence is left")
		}
	}
	if err := b.kekulize(); err != nil {
		return err
	}
	return b.check()
}

// each calls build with each reading of s[i:j] until one makes a structure. If
// another reading with the same parent makes a different structure, the name is
// ambiguous and none is returned.
func (r *reader) each(i, j int, build func(b *builder, n *node) error) *builder {
	nodes := r.scan.nodes(i, j)
	for k, n := range nodes {
		b := r.attempt(func(b *builder) error { return build(b, n) })
		if b == nil {
			continue
		}
		before := r.failure
		ambiguous := errorAt(n.at, "this can be read in more than one way; brackets would tell which is meant")
		for m, other := range nodes {
			if m == k || other.parentAt() != n.parentAt() || other.loose > n.loose {
				continue
			}
			r.failure = nil
			c := r.attempt(func(b *builder) error { return build(b, other) })
			var open *Error
			if m > k && c != nil && !b.same(c) || m < k && other.loose == n.loose && errors.As(r.failure, &open) && open.open {
				r.failure = ambiguous
				return nil
			}
		}
		r.failure = before
		return b
	}
	return nil
}

// same reports whether two structures are the same.
func (b *builder) same(c *builder) bool {
	x, y := b.smiles(), c.smiles()
	if x == y {
		return true
	}
	m, err := molecule.ParseSMILES(x)
	if err != nil {
		return false
	}
	n, err := molecule.ParseSMILES(y)
	return err == nil && m.SMILES() == n.SMILES()
}

// systematic reads a systematic name.
func (r *reader) systematic() (*builder, error) {
	words := r.splitWords(0, len(r.t.small))
	if b := r.compound(words); b != nil {
		return b, nil
	}
	if b := r.respaced(); b != nil {
		return b, nil
	}
	if r.failure != nil {
		return nil, r.failure
	}
	at := r.scan.furthest
	return nil, errorAt(at, "not understood: %q", excerpt(r.t.raw[at:]))
}

// glued are words of functional class that are often written without the space
// in front of them.
var glued = []string{"ether", "ketone", "chloride", "bromide", "iodide", "fluoride", "alcohol", "carbonate", "phthalate", "phosphate", "acetate", "acrylate", "methacrylate"}

// respaced reads names with a space left out, as in "diethylether", or put in,
// as in "ethyl benzene".
func (r *reader) respaced() *builder {
	var other string
	if strings.Contains(r.t.raw, " ") {
		if strings.HasSuffix(r.t.small, " acid") {
			return nil
		}
		other = strings.ReplaceAll(r.t.raw, " ", "")
	} else {
		for _, word := range glued {
			if front, ok := strings.CutSuffix(r.t.small, word); ok && front != "" && !strings.HasSuffix(front, "-") {
				other = r.t.raw[:len(front)] + " " + r.t.raw[len(front):]
			}
		}
	}
	if other == "" {
		return nil
	}
	t := prepare(other)
	again := &reader{t: t, scan: &scanner{s: t.small, raw: t.raw, memo: map[[2]int][]*node{}}}
	return again.compound(again.splitWords(0, len(t.small)))
}

func excerpt(s string) string {
	if utf8.RuneCountInString(s) > 24 {
		n := 0
		for i := range s {
			if n++; n > 24 {
				return s[:i] + "…"
			}
		}
	}
	return s
}

// compound reads the words of a name.
func (r *reader) compound(words [][2]int) *builder {
	n := len(words)
	begin, end := words[0][0], words[n-1][1]
	if b := r.each(begin, end, func(b *builder, n *node) error { // one parent
		g, err := b.build(n)
		if err != nil {
			return err
		}
		if len(g.outs) > 0 {
			return errorAt(n.at, "this is the name of a substituent")
		}
		return b.charge(g)
	}); b != nil {
		return b
	}
	if n == 1 {
		return nil
	}
	last := r.t.small[words[n-1][0]:words[n-1][1]]
	for _, hydrate := range []struct{ word, smiles string }{{"hydrochloride", "Cl"}, {"hydrobromide", "Br"}, {"dihydrochloride", "Cl.Cl"}} {
		if last == hydrate.word {
			b := r.compound(words[:n-1])
			if b != nil {
				if _, _, err := b.skeleton(hydrate.smiles, words[n-1][0]); err != nil {
					return nil
				}
			}
			return b
		}
	}
	if b := r.functionalClass(words, last); b != nil {
		return b
	}
	if b := r.ester(words); b != nil {
		return b
	}
	return r.salt(words)
}

// charge takes the protons of an acid named as anion.
func (b *builder) charge(g *group) error {
	if !g.anion {
		return nil
	}
	for _, a := range g.acids {
		b.atoms[a.oxygen].charge = -1
	}
	return nil
}

// joined are the words for a function that stands between substituents.
var joined = map[string]string{
	"ether": "*O*", "ketone": "*C(*)=O", "sulfide": "*S*", "sulphide": "*S*", "thioether": "*S*", "sulfone": "*S(*)(=O)=O", "sulphone": "*S(*)(=O)=O",
	"sulfoxide": "*S(*)=O", "sulphoxide": "*S(*)=O", "disulfide": "*SS*", "disulphide": "*SS*", "peroxide": "*OO*", "selenide": "*[Se]*",
}

// ending are the words for a function at the end of a substituent.
var ending = map[string]string{
	"alcohol": "*O", "chloride": "*Cl", "bromide": "*Br", "iodide": "*I", "fluoride": "*F", "cyanide": "*C#N", "azide": "*N=[N+]=[N-]", "isocyanate": "*N=C=O",
	"isothiocyanate": "*N=C=S", "thiocyanate": "*SC#N", "hydroperoxide": "*OO", "mercaptan": "*S", "amine": "*N", "nitrite": "*ON=O", "nitrate": "*O[N+](=O)[O-]", "isocyanide": "*[N+]#[C-]", "cyanate": "*OC#N",
}

// functionalClass reads names like "ethyl methyl ketone" and "acetyl chloride".
func (r *reader) functionalClass(words [][2]int, last string) *builder {
	n := len(words)
	at := words[n-1][0]
	if last == "anhydride" || last == "dianhydride" {
		return r.anhydride(words)
	}
	if locants, ok := strings.CutSuffix(last, "oxide"); ok && strings.ContainsAny(locants, "-") && locants != "n-" {
		return r.oxides(words, locants)
	}
	if last == "oxide" || last == "n-oxide" {
		return r.each(words[0][0], words[n-2][1], func(b *builder, n *node) error {
			g, err := b.build(n)
			if err != nil {
				return err
			}
			var place []int
			for _, a := range g.skel {
				if b.atoms[a].element == 7 && (b.hydrogens(a) == 0) {
					place = append(place, a)
				}
			}
			if len(place) != 1 || len(g.outs) > 0 {
				return errorAt(at, "the place of the oxide is not clear")
			}
			b.atoms[place[0]].charge = 1
			o := b.add(8, at)
			b.atoms[o].charge = -1
			b.join(place[0], o, 1)
			return nil
		})
	}
	if skeleton, ok := joined[last]; ok {
		return r.attempt(func(b *builder) error {
			subs, err := r.substituents(b, words[:n-1])
			if err != nil {
				return err
			}
			_, outs, err := b.skeleton(skeleton, at)
			if err != nil {
				return err
			}
			if len(subs) != 2 || subs[0].order != 1 || subs[1].order != 1 {
				return errorAt(at, "%s needs two substituents", last)
			}
			for k := range subs {
				b.link(subs[k], outs[k])
			}
			return nil
		})
	}
	count, k := r.scan.multiplier(at, at+len(last))
	skeleton, ok := ending[r.t.small[k:at+len(last)]]
	if !ok || n != 2 {
		return nil
	}
	return r.each(words[0][0], words[0][1], func(b *builder, n *node) error {
		if n.linking() && !n.substituent() || n.times == nil && n.core.kind == entryCore && n.core.entry.kind == groupEntry && n.core.entry.several != "" {
			m := *n
			m.several = true
			n = &m
		}
		g, err := b.build(n)
		if err != nil {
			return err
		}
		var subs []out
		for _, o := range g.outs {
			for range o.order {
				subs = append(subs, out{o.atom, 1})
			}
		}
		if len(subs) == 0 || count > 0 && count != len(subs) || len(subs) > 1 && count == 0 && !halide(last) {
			return errorAt(at, "%s does not fit what is before it", last)
		}
		for _, o := range subs {
			_, outs, err := b.skeleton(skeleton, at)
			if err != nil {
				return err
			}
			b.link(o, outs[0])
		}
		return nil
	})
}

// oxides reads "1,2-oxathiolane 2,2-dioxide".
func (r *reader) oxides(words [][2]int, locants string) *builder {
	n := len(words)
	at := words[n-1][0]
	count := 1
	if front, ok := strings.CutSuffix(locants, "di"); ok {
		locants, count = front, 2
	}
	list, end := r.scan.locants(at, at+len(locants))
	if len(list) != count || end != at+len(locants)-1 {
		return nil
	}
	return r.each(words[0][0], words[n-2][1], func(b *builder, n *node) error {
		g, err := b.build(n)
		if err != nil {
			return err
		}
		if len(g.outs) > 0 {
			return errorAt(n.at, "this is the name of a substituent")
		}
		for _, l := range list {
			a, ok := g.locant[l]
			if !ok && l == "S" {
				for _, x := range g.skel {
					if b.atoms[x].element == 16 {
						a, ok = x, !ok
					}
				}
			}
			if !ok {
				return errorAt(at, "there is no position %s", l)
			}
			o := b.add(8, at)
			switch b.atoms[a].element {
			case 16, 34:
				b.join(a, o, 2)
			case 15:
				b.atoms[a].valence = 5
				b.join(a, o, 2)
			case 7:
				b.atoms[a].charge, b.atoms[o].charge = 1, -1
				b.join(a, o, 1)
			default:
				return errorAt(at, "no place for an oxide at %s", l)
			}
		}
		return nil
	})
}

func halide(s string) bool {
	return s == "chloride" || s == "fluoride" || s == "bromide" || s == "iodide"
}

// link joins two free valences.
func (b *builder) link(x, y out) {
	b.atoms[x.atom].reserved -= x.order
	b.atoms[y.atom].reserved -= x.order
	b.join(x.atom, y.atom, x.order)
}

// substituents builds the substituents that words name, with their multipliers,
// and returns their free valences.
func (r *reader) substituents(b *builder, words [][2]int) ([]out, error) {
	var out []out
	for _, w := range words {
		g, n, err := r.substituent(b, w)
		if err != nil {
			return nil, err
		}
		for k := range n {
			if k > 0 {
				if g, _, err = r.substituent(b, w); err != nil {
					return nil, err
				}
			}
			if len(g.outs) != 1 {
				return nil, errorAt(w[0], "a substituent with %d free valences", len(g.outs))
			}
			out = append(out, g.outs[0])
		}
	}
	return out, nil
}

// substituent builds the substituent that a word names, and returns how many
// times it is meant.
func (r *reader) substituent(b *builder, w [2]int) (*group, int, error) {
	i, j := w[0], w[1]
	ways := [][3]int{{i, j, 1}}
	if n, k := r.scan.multiplier(i, j); n > 0 && k < j {
		if closing := r.scan.closing(k, j); closing == j-1 {
			ways = append([][3]int{{k + 1, closing, n}}, ways...)
		}
		ways = append([][3]int{{k, j, n}}, ways...)
	} else if closing := r.scan.closing(i, j); closing == j-1 {
		ways = append(ways, [3]int{i + 1, closing, 1})
	}
	var first error
	for _, way := range ways {
		for _, n := range r.scan.nodes(way[0], way[1]) {
			if !n.substituent() {
				continue
			}
			size, claims := len(b.atoms), len(b.claims)
			g, err := b.build(n)
			if err == nil && len(g.outs) == 1 {
				return g, way[2], nil
			}
			if err != nil && first == nil {
				first = err
			}
			b.atoms, b.claims = b.atoms[:size], b.claims[:claims]
		}
	}
	if first == nil {
		first = errorAt(max(i, min(r.scan.furthest, j)), "not understood: %q", excerpt(r.t.raw[max(i, min(r.scan.furthest, j)):j]))
	}
	return nil, 0, first
}

// anhydride reads "acetic anhydride" and "X dianhydride" of one acid.
func (r *reader) anhydride(words [][2]int) *builder {
	n := len(words)
	i, j := words[0][0], words[n-2][1]
	acidName := r.t.small[i:j] + " acid"
	raw := r.t.raw[i:j] + " acid"
	scan := &scanner{s: acidName, raw: raw, memo: map[[2]int][]*node{}}
	for _, node := range scan.nodes(0, len(acidName)) {
		if b := r.attempt(func(b *builder) error {
			g, err := b.build(node)
			if err != nil {
				return err
			}
			switch len(g.acids) {
			case 1:
				other, err := b.build(node)
				if err != nil {
					return err
				}
				o := b.add(8, words[n-1][0])
				b.remove(g.acids[0].oxygen)
				b.remove(other.acids[0].oxygen)
				b.join(g.acids[0].center, o, 1)
				b.join(other.acids[0].center, o, 1)
			case 2:
				o := b.add(8, words[n-1][0])
				for _, a := range g.acids {
					b.remove(a.oxygen)
					b.join(a.center, o, 1)
				}
			case 4:
				if r.t.small[words[n-1][0]:] != "dianhydride" {
					return errorAt(words[n-1][0], "which acid groups make the anhydride is not clear")
				}
				return b.dianhydride(g, words[n-1][0])
			default:
				return errorAt(words[n-1][0], "which acid groups make the anhydride is not clear")
			}
			return nil
		}); b != nil {
			return b
		}
	}
	return nil
}

// dianhydride joins four acid groups in neighbouring pairs: those at adjacent
// carbon atoms, or else those at carbon atoms with one between them.
func (b *builder) dianhydride(g *group, at int) error {
	for between := 1; between <= 2; between++ {
		near := func(x, y acid) bool { return b.distance(x.center, y.center) == between+2 }
		for k := 1; k < 4; k++ {
			var rest []acid
			for m := 1; m < 4; m++ {
				if m != k {
					rest = append(rest, g.acids[m])
				}
			}
			if !near(g.acids[0], g.acids[k]) || !near(rest[0], rest[1]) {
				continue
			}
			for _, pair := range [][2]acid{{g.acids[0], g.acids[k]}, {rest[0], rest[1]}} {
				o := b.add(8, at)
				for _, a := range pair {
					b.remove(a.oxygen)
					b.join(a.center, o, 1)
				}
			}
			return nil
		}
	}
	return errorAt(at, "which acid groups make the anhydrides is not clear")
}

// distance returns the number of bonds between two atoms, 0 if they are not
// joined.
func (b *builder) distance(from, to int) int {
	dist := map[int]int{from: 0}
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		for _, bo := range b.atoms[queue[0]].bonds {
			if _, seen := dist[bo.to]; !seen {
				dist[bo.to] = dist[queue[0]] + 1
				queue = append(queue, bo.to)
			}
		}
	}
	return dist[to]
}

// ester reads "ethyl acetate", "dimethyl terephthalate", "tributyl phosphate".
func (r *reader) ester(words [][2]int) *builder {
	n := len(words)
	last := words[n-1]
	return r.each(last[0], last[1], func(b *builder, node *node) error {
		g, err := b.build(node)
		if err != nil {
			return err
		}
		if !g.anion || len(g.acids) == 0 {
			return errorAt(last[0], "not the anion of an acid")
		}
		front := words[:n-1]
		free := 0
		if r.t.small[front[len(front)-1][0]:front[len(front)-1][1]] == "hydrogen" {
			front = front[:len(front)-1]
			free = 1
		}
		if len(front) == 1 && len(g.acids) == 2 && free == 0 {
			if done, err := r.cyclicEster(b, g, front[0]); done || err != nil {
				return err
			}
		}
		subs, err := r.substituents(b, front)
		if err != nil {
			return err
		}
		// A bivalent alcohol or a monoester would leave acid groups over.
		if len(subs) != len(g.acids)-free {
			return errorAt(last[0], "%d acid groups for %d ester groups", len(g.acids), len(subs))
		}
		if len(subs) > 1 && len(front) > 1 {
			var oxygens []int
			for _, a := range g.acids {
				oxygens = append(oxygens, a.oxygen)
			}
			if !b.equivalent(oxygens) {
				return errorAt(front[0][0], "which acid group is the ester of which alcohol is not given")
			}
		}
		for k, s := range subs {
			if s.order != 1 {
				return errorAt(front[0][0], "a double bond to an ester")
			}
			b.atoms[s.atom].reserved--
			b.join(g.acids[k].oxygen, s.atom, 1)
		}
		return nil
	})
}

// cyclicEster builds the ester of a diacid with a bivalent group, as in ethylene
// carbonate, if the word w names one.
func (r *reader) cyclicEster(b *builder, g *group, w [2]int) (bool, error) {
	if g.acids[0].center != g.acids[1].center {
		return false, nil
	}
	for _, n := range r.scan.nodes(w[0], w[1]) {
		if !n.linking() {
			continue
		}
		link, err := b.bivalent(n)
		if err != nil {
			return false, err
		}
		if len(link.outs) != 2 || link.outs[0].order != 1 || link.outs[1].order != 1 || link.outs[0].atom == link.outs[1].atom {
			return false, errorAt(w[0], "not a bivalent group")
		}
		for k, o := range link.outs {
			b.atoms[o.atom].reserved--
			b.join(g.acids[k].oxygen, o.atom, 1)
		}
		return true, nil
	}
	return false, nil
}

// anions are inorganic anions (IUPAC 2005, table IX) and organic ones with a
// name of their own.
var anions = map[string]string{
	"chloride": "[Cl-]", "bromide": "[Br-]", "iodide": "[I-]", "fluoride": "[F-]", "hydroxide": "[O-]", "nitrate": "O=[N+]([O-])[O-]", "nitrite": "O=N[O-]",
	"perchlorate": "O=Cl(=O)(=O)[O-]", "hexafluorophosphate": "F[P-](F)(F)(F)(F)F", "tetrafluoroborate": "F[B-](F)(F)F", "hexafluoroarsenate": "F[As-](F)(F)(F)(F)F",
	"bis(trifluoromethylsulfonyl)imide": "O=S(=O)([N-]S(=O)(=O)C(F)(F)F)C(F)(F)F", "bis(trifluoromethanesulfonyl)imide": "O=S(=O)([N-]S(=O)(=O)C(F)(F)F)C(F)(F)F",
	"bis(trifluoromethanesulfonyl)amide": "O=S(=O)([N-]S(=O)(=O)C(F)(F)F)C(F)(F)F", "bis(trifluoromethylsulfonyl)amide": "O=S(=O)([N-]S(=O)(=O)C(F)(F)F)C(F)(F)F",
	"bis(fluorosulfonyl)imide": "O=S(=O)(F)[N-]S(=O)(=O)F", "bis(fluorosulfonyl)amide": "O=S(=O)(F)[N-]S(=O)(=O)F", "bis(pentafluoroethanesulfonyl)imide": "O=S(=O)([N-]S(=O)(=O)C(F)(F)C(F)(F)F)C(F)(F)C(F)(F)F",
	"triflate": "O=S(=O)([O-])C(F)(F)F", "dicyanamide": "N#C[N-]C#N", "thiocyanate": "N#C[S-]", "cyanide": "[C-]#N", "azide": "[N-]=[N+]=[N-]", "cyanate": "N#C[O-]",
	"sulfate": "O=S(=O)([O-])[O-]", "hydrogen sulfate": "O=S(=O)(O)[O-]", "hydrogensulfate": "O=S(=O)(O)[O-]", "carbonate": "O=C([O-])[O-]", "hydrogen carbonate": "O=C(O)[O-]", "bicarbonate": "O=C(O)[O-]",
	"bis(oxalato)borate": "O=C1C(=O)O[B-]2(O1)OC(=O)C(=O)O2", "difluoro(oxalato)borate": "O=C1C(=O)O[B-](F)(F)O1", "tetraphenylborate": "c1(ccccc1)[B-](c1ccccc1)(c1ccccc1)c1ccccc1",
	"difluorophosphate": "O=[P^5](F)(F)[O-]", "tosylate": "O=S(=O)([O-])c1ccc(C)cc1",
}

// metals are the charges of metal ions with one usual charge.
var metals = map[string]int8{"lithium": 1, "sodium": 1, "potassium": 1, "rubidium": 1, "cesium": 1, "caesium": 1, "silver": 1, "magnesium": 2, "calcium": 2, "strontium": 2, "barium": 2, "zinc": 2, "aluminium": 3, "aluminum": 3}

// salt reads a cation and an anion.
func (r *reader) salt(words [][2]int) *builder {
	for cut := 1; cut < len(words); cut++ {
		front, back := words[:cut], words[cut:]
		i, j := back[0][0], back[len(back)-1][1]
		tail := r.t.small[i:j]
		build := func(b *builder, anion func() (int, error), cation func() (int, error)) error {
			plus, err := cation()
			if err != nil {
				return err
			}
			minus, err := anion()
			if err != nil {
				return err
			}
			if plus <= 0 || minus <= 0 {
				return errorAt(i, "not a cation and an anion")
			}
			// as many of each as make the charges equal
			for k := plus; k < lcm(plus, minus); k += plus {
				if _, err := cation(); err != nil {
					return err
				}
			}
			for k := minus; k < lcm(plus, minus); k += minus {
				if _, err := anion(); err != nil {
					return err
				}
			}
			return nil
		}
		cationOf := func(b *builder) func() (int, error) {
			return func() (int, error) {
				word := r.t.small[front[0][0]:front[len(front)-1][1]]
				if c, ok := metals[word]; ok {
					e, _ := chem.ByName(word)
					a := b.add(e, front[0][0])
					b.atoms[a].charge = c
					return int(c), nil
				}
				return r.ion(b, front[0][0], front[len(front)-1][1], 1)
			}
		}
		count, k := r.scan.multiplier(i, j)
		smiles, known := anions[tail]
		if !known && count > 0 && !strings.HasPrefix(tail, "bis(") {
			smiles, known = anions[r.t.small[k:j]]
		}
		var b *builder
		if known {
			b = r.attempt(func(b *builder) error {
				return build(b, func() (int, error) {
					from := len(b.atoms)
					_, _, err := b.skeleton(smiles, i)
					return -b.total(from), err
				}, cationOf(b))
			})
		} else {
			b = r.attempt(func(b *builder) error {
				return build(b, func() (int, error) {
					n, err := r.ion(b, i, j, -1)
					return -n, err
				}, cationOf(b))
			})
		}
		if b != nil {
			return b
		}
	}
	return nil
}

func lcm(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// total returns the charge of the atoms from number from on.
func (b *builder) total(from int) int {
	n := 0
	for _, a := range b.atoms[from:] {
		n += int(a.charge)
	}
	return n
}

// ammoniums are the parents of cations of one atom.
var ammoniums = map[string]chem.Element{"ammonium": 7, "azanium": 7, "phosphonium": 15, "phosphanium": 15, "sulfonium": 16, "sulfanium": 16}

// ion builds the ion that s[i:j] names, of the given sign, and returns its
// charge.
func (r *reader) ion(b *builder, i, j int, sign int) (int, error) {
	if sign > 0 {
		for word, e := range ammoniums {
			front, ok := strings.CutSuffix(r.t.small[i:j], word)
			if !ok {
				continue
			}
			// read as substituents of the neutral parent, plus one more
			parent := map[chem.Element]string{7: "amine", 15: "phosphine", 16: "sulfane"}[e]
			scan := &scanner{s: front + parent, raw: r.t.raw[i:i+len(front)] + parent, memo: map[[2]int][]*node{}}
			var first error
			for _, n := range scan.nodes(0, len(scan.s)) {
				size := len(b.atoms)
				err := func() error {
					m := *n
					m.prefixes = nil
					g, err := b.build(&m)
					if err != nil {
						return err
					}
					if len(g.skel) != 1 {
						return errorAt(i, "not understood")
					}
					b.atoms[g.skel[0]].charge = 1
					return b.attachAll(g, n)
				}()
				if err == nil {
					return 1, nil
				}
				b.atoms = b.atoms[:size]
				first = err
			}
			if first != nil {
				return 0, errorAt(i, "not understood as a cation")
			}
		}
	}
	words := r.splitWords(i, j)
	if sign < 0 && len(words) > 1 {
		return r.partialEster(b, words)
	}
	for _, n := range r.scan.nodes(i, j) {
		from := len(b.atoms)
		g, err := b.build(n)
		if err == nil && len(g.outs) == 0 {
			if err = b.charge(g); err == nil {
				if c := b.total(from); c*sign > 0 {
					return c, nil
				}
			}
		}
		if r.failure == nil {
			r.failure = err
		}
		b.atoms = b.atoms[:from]
	}
	return 0, errorAt(i, "not understood as an ion: %q", excerpt(r.t.raw[i:j]))
}

// partialEster builds the anion of an acid some of whose groups are esters, as
// dodecyl sulfate, and returns its charge.
func (r *reader) partialEster(b *builder, words [][2]int) (int, error) {
	last := words[len(words)-1]
	for _, n := range r.scan.nodes(last[0], last[1]) {
		from := len(b.atoms)
		g, err := b.build(n)
		if err == nil && g.anion && len(g.outs) == 0 {
			subs, err := r.substituents(b, words[:len(words)-1])
			if err == nil && len(subs) < len(g.acids) {
				for k, a := range g.acids {
					if k < len(subs) {
						b.atoms[subs[k].atom].reserved -= subs[k].order
						b.join(a.oxygen, subs[k].atom, subs[k].order)
					} else {
						b.atoms[a.oxygen].charge = -1
					}
				}
				return b.total(from), nil
			}
		}
		b.atoms = b.atoms[:from]
	}
	return 0, errorAt(words[0][0], "not understood as an anion")
}

// unique returns s without repetitions, in order.
func unique(s []string) []string {
	var out []string
	for _, x := range s {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
