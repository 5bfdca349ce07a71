package extract

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// lexicon finds the words and symbols of properties in text.
type lexicon struct {
	names   *node
	happens *node // processes and states
	symbols map[string][]entry
	equated map[string][]entry          // symbols that count in front of an equals sign: "a" of "a = 5.43 Å"
	korean  []koreanName                // longest first
	implied map[unitKey]*field.Property // nil where several properties imply a unit
}

// unitKey is what units have in common that are the same.
type unitKey struct {
	dimension quantity.Dimension
	factor    float64
}

// node is a place in the tree of names, one word to an edge.
type node struct {
	next    map[string]*node
	entries []entry
}

// entry is what a name or symbol stands for. If not is set, the words contain
// a name of the property but mean something else.
type entry struct {
	property *field.Property
	weak     bool
	not      bool
	state    bool // of what happens: it holds up to the value
}

type koreanName struct {
	name  string
	entry entry
}

// propertyMention is a place in a block that names a property. Several
// properties may share the words.
type propertyMention struct {
	span
	key     string // the words as looked up
	entries []entry
	symbol  bool
}

func newLexicon(fields *field.Set) *lexicon {
	lx := &lexicon{names: &node{}, happens: &node{}, symbols: map[string][]entry{}, equated: map[string][]entry{}, implied: map[unitKey]*field.Property{}}
	for p := range fields.Properties() {
		if p.Implied {
			k := unitKey{p.Unit.Dimension, p.Unit.Factor}
			if _, taken := lx.implied[k]; taken {
				lx.implied[k] = nil
			} else {
				lx.implied[k] = p
			}
		}
		for _, name := range p.Names {
			lx.names.add(name, entry{property: p, weak: p.IsWeak(name)})
		}
		for _, process := range p.Processes {
			lx.happens.add(process, entry{property: p})
		}
		for _, process := range p.Unclear {
			lx.happens.add(process, entry{property: p, weak: true})
		}
		for _, state := range p.States {
			lx.happens.add(state, entry{property: p, state: true})
		}
		for _, name := range p.Korean {
			lx.korean = append(lx.korean, koreanName{name, entry{property: p, weak: p.IsWeak(name)}})
		}
		for _, symbol := range p.Symbols {
			if letter, ok := strings.CutSuffix(symbol, " ="); ok {
				lx.equated[letter] = append(lx.equated[letter], entry{property: p, weak: p.IsWeak(symbol)})
				continue
			}
			lx.symbols[symbol] = append(lx.symbols[symbol], entry{property: p, weak: p.IsWeak(symbol)})
		}
		for _, phrase := range p.Not {
			lx.names.add(phrase, entry{property: p, not: true})
		}
	}
	sort.SliceStable(lx.korean, func(i, j int) bool { return len(lx.korean[i].name) > len(lx.korean[j].name) })
	return lx
}

// implies returns the property that the unit of q tells, nil if there is none.
func (lx *lexicon) implies(q *quantity.Found) *field.Property {
	u := &q.Quantity.Unit
	if q.UnitSpan.End == q.UnitSpan.Start || u.Unknown || u.Offset != 0 {
		return nil
	}
	return lx.implied[unitKey{u.Dimension, u.Factor}]
}

func hangul(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) >= 0
}

// add gives the words of name, from n on, the meaning e.
func (n *node) add(name string, e entry) {
	at := n
	for _, w := range words(name, span{0, len(name)}) {
		child := at.next[w.key]
		if child == nil {
			child = &node{}
			if at.next == nil {
				at.next = map[string]*node{}
			}
			at.next[w.key] = child
		}
		at = child
	}
	if at != n {
		at.entries = append(at.entries, e)
	}
}

// find returns the property mentions in text, whose words are ws, left to
// right and not overlapping: the longest name at each place wins.
func (lx *lexicon) find(text string, ws []word) []propertyMention {
	var out []propertyMention
	for i := 0; i < len(ws); {
		n, entries := lx.names.longest(text, ws[i:])
		symbol := false
		if n == 0 {
			if es := lx.symbols[ws[i].text]; es != nil && !beginsLabel(text, ws[i].end) {
				n, entries, symbol = 1, es, true
			} else if es := lx.ordinal(ws[i].text); es != nil {
				n, entries, symbol = 1, es, true
			} else if es := lx.equated[ws[i].text]; es != nil && equals(text[ws[i].end:]) {
				n, entries, symbol = 1, es, true
			} else {
				n, entries = lx.parted(text, ws[i:])
				symbol = n > 0
			}
		}
		if n == 0 {
			if hangul(ws[i].text) {
				if m, ok := lx.findKorean(text, ws[i:]); ok {
					out = append(out, m)
					for i < len(ws) && ws[i].start < m.end {
						i++
					}
					continue
				}
			}
			i++
			continue
		}
		if len(entries) > 0 {
			m := propertyMention{span: span{ws[i].start, ws[i+n-1].end}, entries: entries, symbol: symbol}
			if symbol {
				m.key = ""
				for _, w := range ws[i : i+n] {
					m.key += w.text
				}
			} else {
				m.key = strings.ToLower(text[m.start:m.end])
				out = lx.elliptic(text, ws, i, n, out)
			}
			out = append(out, m)
		}
		i += n
	}
	return out
}

// elliptic adds to out the names in front of the one at ws[i:i+n] that share its last
// words: "bulk" and "shear" of "the bulk, shear and Young's moduli".
func (lx *lexicon) elliptic(text string, ws []word, i, n int, out []propertyMention) []propertyMention {
	var found []propertyMention
	k := i - 1 // the word in front of the modifier
	for k > 0 && (ws[k].key == "and" || ws[k].key == "or" || len(found) > 0 && strings.TrimSpace(text[ws[k].end:ws[k+1].start]) == ",") {
		if len(found) == 0 {
			k--
		}
		size, entries := lx.modified(text, ws[:k+1], ws[i:i+n])
		if entries == nil {
			break
		}
		s := span{ws[k+1-size].start, ws[k].end}
		found = append(found, propertyMention{span: s, key: strings.ToLower(text[s.start:s.end]), entries: entries})
		k -= size
	}
	if len(found) == 0 {
		return out
	}
	slices.Reverse(found)
	kept := len(out) // without words that mean something else alone
	for kept > 0 && out[kept-1].start >= found[0].start {
		kept--
	}
	if kept > 0 && out[kept-1].end > found[0].start {
		return out
	}
	return append(out[:kept], found...)
}

// modified returns how many of the words at the end of before are a name together with
// the last ones of name, and what that stands for.
func (lx *lexicon) modified(text string, before, name []word) (int, []entry) {
	for size := min(2, len(before)); size > 0; size-- {
		modifier := before[len(before)-size:]
		if size == 2 && !nameGap(text[modifier[0].end:modifier[1].start]) {
			continue
		}
		for j := 1; j < len(name); j++ {
			at := lx.names
			for _, w := range slices.Concat(modifier, name[j:]) {
				if at = at.next[w.key]; at == nil {
					break
				}
			}
			if at == nil {
				continue
			}
			if live := slices.DeleteFunc(slices.Clone(at.entries), func(e entry) bool { return e.not }); len(live) > 0 {
				return size, live
			}
		}
	}
	return 0, nil
}

// occurrences returns the places in text, whose words are ws, that tell what happens
// at values, left to right and not overlapping.
func (lx *lexicon) occurrences(text string, ws []word) []propertyMention {
	var out []propertyMention
	for i := 0; i < len(ws); {
		n, entries := lx.happens.longest(text, ws[i:])
		if n > 0 {
			s := span{ws[i].start, ws[i+n-1].end}
			out = append(out, propertyMention{span: s, key: strings.ToLower(text[s.start:s.end]), entries: entries})
		}
		i += max(n, 1)
	}
	return out
}

// ordinal returns what a symbol of a temperature stands for that is one of several:
// "TN1" and "TN2".
func (lx *lexicon) ordinal(text string) []entry {
	n := len(text) - 1
	if n < 2 || text[0] != 'T' || text[n] < '1' || text[n] > '3' {
		return nil
	}
	return lx.symbols[text[:n]]
}

// equals reports whether rest begins with an equals sign.
func equals(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "≈")
}

// beginsLabel reports whether what ends at i goes on as a label: the "CP" of "CP-1".
func beginsLabel(text string, i int) bool {
	return i+1 < len(text) && text[i] == '-' && text[i+1] >= '0' && text[i+1] <= '9'
}

// parted returns how many words the symbol at the start of ws has, of one letter
// and, behind spaces, the subscripts that taking text out of a file parted from it
// ("V oc", "E g opt", "T(C)", "T-c"), and what it stands for.
func (lx *lexicon) parted(text string, ws []word) (int, []entry) {
	if utf8.RuneCountInString(ws[0].text) != 1 {
		return 0, nil
	}
	whole, n, found := ws[0].text, 0, []entry(nil)
	for i := 1; i < min(3, len(ws)) && len(ws[i].text) <= 6 && subscribes(text, ws[i-1].end, ws[i].span); i++ {
		whole += ws[i].text
		if es := lx.symbols[whole]; es != nil {
			n, found = i+1, es
		}
	}
	return n, found
}

// subscribes reports whether what stands between end, of a symbol, and the word at s
// may have taken the place of its being a subscript.
func subscribes(text string, end int, s span) bool {
	switch text[end:s.start] {
	case " ", "-":
		return true
	case "(":
		return strings.HasPrefix(text[s.end:], ")")
	}
	return false
}

// longest returns how many words the longest name at the start of ws has, and
// what it stands for: nothing, if the words only keep a shorter name from
// being read. Words of one name are divided by a space, a hyphen or a line
// break only.
func (n *node) longest(text string, ws []word) (int, []entry) {
	type stop struct {
		n       int
		entries []entry
	}
	var stops [8]stop
	found := 0
	at := n
	aside := false // the word before stands in parentheses
	for i, w := range ws {
		if i > 0 && initialled(text, ws[i-1].end, w.span) {
			aside = true // "antiferromagnetic (AFM) transition"
			continue
		}
		if i > 0 && !(aside && text[ws[i-1].end:w.start] == ") ") && !nameGap(text[ws[i-1].end:w.start]) {
			break
		}
		aside = false
		at = at.next[w.key]
		if at == nil {
			break
		}
		if at.entries != nil && found < len(stops) {
			stops[found] = stop{i + 1, at.entries}
			found++
		}
	}
	if found == 0 {
		return 0, nil
	}
	var hidden []*field.Property
	for k := found - 1; k >= 0; k-- {
		var live []entry
		for _, e := range stops[k].entries {
			if e.not {
				hidden = append(hidden, e.property)
			}
		}
		for _, e := range stops[k].entries {
			if !e.not && !slices.Contains(hidden, e.property) {
				live = append(live, e)
			}
		}
		if live != nil {
			return stops[k].n, live
		}
	}
	return stops[found-1].n, nil
}

// initialled reports whether the word at s, behind another one that ends at end, is
// its abbreviation in parentheses: capitals only.
func initialled(text string, end int, s span) bool {
	return text[end:s.start] == " (" && strings.HasPrefix(text[s.end:], ") ") && s.end-s.start >= 2 && s.end-s.start <= 4 && strings.Trim(text[s.start:s.end], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func nameGap(s string) bool {
	switch s {
	case " ", "-", "‐", "‑", "–", "−", "/", "", "'", "’", "+ ", "' ", "’ ", "% ", ")":
		return true
	}
	return false
}

// findKorean looks for the longest Korean name that starts inside the first
// word of ws; names may have spaces and particles may follow them.
func (lx *lexicon) findKorean(text string, ws []word) (propertyMention, bool) {
	for _, k := range lx.korean {
		i := strings.Index(ws[0].text, firstWord(k.name))
		if i < 0 {
			continue
		}
		start := ws[0].start + i
		if !strings.HasPrefix(text[start:], k.name) {
			continue
		}
		m := propertyMention{span: span{start, start + len(k.name)}, key: k.name}
		for _, o := range lx.korean {
			if o.name == k.name {
				m.entries = append(m.entries, o.entry)
			}
		}
		return m, true
	}
	return propertyMention{}, false
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, " -"); i >= 0 {
		return s[:i]
	}
	return s
}
