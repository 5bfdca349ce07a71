package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/quantity"
)

// link scores how the words between property j and quantity i join them.
func (r *reading) link(text string, around *parentheses, quantities []quantity.Found, i int, properties []propertyMention, j int) (float64, []string) {
	q, m := &quantities[i], &properties[j]
	score := 0.6
	var reasons []string
	say := func(d float64, why string) {
		score += d
		reasons = append(reasons, why)
	}
	if m.overlaps(span{q.Start, q.End}) {
		return -9, nil
	}
	said := m.start >= q.End && identified(text[q.End:m.start]) && !valued(text, quantities[i+1:], m)
	if m.end <= q.Start {
		aside := inserted(text, m.end, q.Start)
		gap := outside(text[m.end:aside.start] + text[aside.end:q.Start])
		switch words := wordCount(gap); {
		case strings.TrimSpace(gap) == "" || isJoin(gap) || renamed(text, properties, j, q.Start):
			say(1.6, "value directly behind the property")
		case words <= 4:
			score += 1.1
		case words <= 9:
			score += 0.6
		case words <= 18:
			score += 0.1
		default:
			score -= 0.6
		}
		if others := between(around, properties, m.end, aside.start, m) + between(around, properties, aside.end, q.Start, m); others > 0 {
			say(-0.8*float64(min(others, 3)), "another property stands between")
		}
		if n := rivals(around, quantities, i, m.end, aside.start) + rivals(around, quantities, i, aside.end, q.Start); n > 0 && q.List == 0 && !listed(text, quantities, i) {
			say(-0.35*float64(min(n, 3)), "another value stands between")
		}
		if strings.ContainsAny(gap, ";") {
			score -= 0.5
		}
	} else {
		gap := text[q.End:m.start]
		switch words := wordCount(gap); {
		case strings.TrimSpace(gap) == "의":
			say(1.6, "value directly before the property")
		case said:
			say(0.9, "the value is said to be the property")
		case words == 0 || words <= 2 && !strings.ContainsAny(gap, ",;()") && !strings.Contains(gap, " and ") && !strings.Contains(gap, " the "):
			say(0.9, "value directly before the property")
		case words <= 5 && startsWithWord(gap, "for", "in", "as", "is", "of"):
			score += 0.2
		case words <= 6:
			score -= 0.4
		default:
			score -= 1.0
		}
		if others := between(around, properties, q.End, m.start, m); others > 0 {
			score -= 0.8
		}
		if n := rivals(around, quantities, i, q.End, m.start); n > 0 && !listed(text, quantities, i) {
			score -= 0.9
		}
		if strings.ContainsAny(gap, ".;") {
			score -= 0.6
		}
	}
	first := q // of the list
	for k := i; q.List > 0 && k >= 0 && quantities[k].List == q.List; k-- {
		first = &quantities[k]
	}
	if other := symbolBefore(text, first.Number.Start); other != "" && !ends(text, m, first.Number.Start) && !defines(text, m, first.Number.Start, len(other)) {
		say(-2.2, "the value of “"+other+"”")
	}
	if lead := leadWord(text, q.Start); lead == "by" && moved(text, q.Start) {
		say(-3, "by how much the property changes")
	} else if (lead == "at" || lead == "from" || lead == "to") && processed(text, q.Start) {
		say(-3, "how a sample was made")
	} else if lead == "at" && m.end <= q.Start && besides(text, m.start) {
		say(-3, "where something else was measured")
	} else if lead != "" && circumstance(lead, text, q.Start, m) && !said {
		say(-1.5, "reads as a circumstance (“"+lead+"”)")
	}
	if q.Start >= m.end && source(text, m.start) {
		say(-1.5, "what another property was derived from")
	}
	if sentence := (span{around.start, around.end}); absent(text, sentence, m) || refuted(text, q.Start) {
		say(-3, "denied")
	} else if hoped(text, sentence, q.Start) {
		say(-1, "expected, not found")
	}
	if word := extent(text, m, q.Start); word != "" {
		say(-3, "how far something reaches (“"+word+"”)")
	}
	if word := changed(text, m, q); word != "" {
		say(-3, "a change of the property (“"+word+"”)")
	}
	after := asciiLower(text[q.End:min(len(text), q.End+12)])
	named := m.start == q.End+1 // "38 meV above the hull"
	if !named && (strings.HasPrefix(after, " above the ") || strings.HasPrefix(after, " below the ")) {
		say(-2.5, "a distance from a level, not the value")
	}
	switch word, rest := nextWord(text[q.End:]); {
	case !comparative[word] || named:
	case !strings.HasPrefix(rest, " that ") && (word == "above" || word == "below" || rest != "" && rest[0] == ' ' && !strings.HasPrefix(rest, " than ")):
		say(-0.9, "a difference or a side of a limit, not the value")
	default:
		say(-2.5, "a difference (“"+word+"”)")
	}
	if m.start >= q.End && q.Quantity.Unit.Symbol == "%" && shareOf(text[q.End:m.start]) && keeps(text, q.Start) {
		say(-3, "a share of the property")
	}
	return score, reasons
}

// inserted returns where, from a property to its value, a clause is inserted between
// commas in front of the verb: ", determined in a field of 0.1 T," in "The Curie
// temperature, determined in a field of 0.1 T, is 416 K". Both ends are to if there is
// none.
func inserted(text string, from, to int) span {
	none := span{to, to}
	gap := text[from:to]
	comma := strings.IndexByte(gap, ',')
	last := strings.LastIndexByte(gap, ',')
	if comma < 0 || last == comma || wordCount(gap[:comma]) > 6 || strings.IndexByte(gap, ';') >= 0 {
		return none
	}
	verb, _, _ := strings.Cut(strings.TrimLeft(gap[last+1:], " "), " ")
	switch verb {
	case "is", "was", "are", "were", "amounts", "amounted", "amount", "reaches", "reached", "equals", "lies", "has", "increases", "decreases", "falls", "rises", "drops", "shifts", "decreased", "increased":
		return span{from + comma, from + last + 1}
	}
	return none
}

// identified reports whether gap, from a value to a property, says that the one is the
// other: "611 K, which marks the Néel temperature", "643 K, which we identify with the
// Curie temperature".
func identified(gap string) bool {
	w := strings.Fields(asciiLower(gap))
	if len(w) > 0 && (w[len(w)-1] == "the" || w[len(w)-1] == "its" || w[len(w)-1] == "a" || w[len(w)-1] == "an") {
		w = w[:len(w)-1]
	}
	if len(w) == 0 || len(w) > 16 {
		return false
	}
	last := w[len(w)-1]
	if last == "to" || last == "with" || last == "as" {
		if w = w[:len(w)-1]; len(w) == 0 {
			return false
		}
		last = w[len(w)-1]
	}
	switch last {
	case "marks", "marking", "mark", "signals", "signalling", "signaling", "defines", "defining", "attribute", "attributed", "ascribe", "ascribed", "assign", "assigned", "identify", "identified", "corresponds", "corresponding", "coincides", "associated", "associate", "interpreted", "taken":
		return true
	}
	return false
}

// renamed reports whether between property j and a value at start stands its symbol
// alone: "a lattice parameter of a = ".
func renamed(text string, properties []propertyMention, j, start int) bool {
	if properties[j].symbol || j+1 == len(properties) {
		return false
	}
	m, next := &properties[j], &properties[j+1]
	return next.symbol && next.end <= start && samePlace(m, next) && isJoin(text[m.end:next.start]) && isJoin(text[next.end:start])
}

// valued reports whether one of quantities is the value of m: "a Stokes shift of 74 nm".
func valued(text string, quantities []quantity.Found, m *propertyMention) bool {
	for i := range quantities {
		if q := &quantities[i]; q.Start >= m.end {
			return isJoin(text[m.end:q.Start])
		}
	}
	return false
}

// defines reports whether the symbol of size bytes in front of "=" and the value at
// start is introduced by m, a name of its property, and a verb: "the refractive indices
// at 633 nm are no = 2.27 and ne = 2.19".
func defines(text string, m *propertyMention, start, size int) bool {
	if m.symbol || m.end > start || start-m.end > 120 {
		return false
	}
	gap := strings.TrimRight(text[m.end:start], " ~∼≈−–-")
	gap = strings.TrimRight(strings.TrimSuffix(gap, "="), " ")
	if len(gap) < size {
		return false
	}
	w := strings.Fields(gap[:len(gap)-size])
	for len(w) >= 5 && w[len(w)-1] == "and" && (w[len(w)-4] == "=" || w[len(w)-3] == "=") {
		// another symbol and its value
		at := len(w) - 3
		if w[at] != "=" {
			at--
		}
		w = w[:at-1]
	}
	if len(w) == 0 {
		return false
	}
	switch w[len(w)-1] {
	case "is", "are", "was", "were", "of", "yields", "gives", "and":
		return true
	}
	return false
}

// nextWord returns the first word of rest, in lower case, and what stands behind it.
func nextWord(rest string) (word, behind string) {
	rest, ok := strings.CutPrefix(rest, " ")
	if !ok {
		return "", rest
	}
	end := 0
	for end < len(rest) && (rest[end] >= 'a' && rest[end] <= 'z' || rest[end] >= 'A' && rest[end] <= 'Z') {
		end++
	}
	return asciiLower(rest[:end]), rest[end:]
}

// comparative are the words behind a number that make it a difference.
var comparative = map[string]bool{
	"above": true, "below": true, "higher": true, "lower": true, "larger": true, "smaller": true, "less": true, "more": true, "greater": true, "longer": true,
	"shorter": true, "thicker": true, "thinner": true, "faster": true, "slower": true, "better": true, "worse": true, "wider": true, "narrower": true,
}

// isJoin reports whether gap is what stands between a name and its value in
// "Tc = 5 K", "Curie temperature (Tc) of 5 K" or "band gap (5 eV)".
func isJoin(gap string) bool {
	g := strings.Trim(asciiLower(gap), " (~≈∼$:=,")
	switch g {
	case "", "of", "is", "was", "is about", "of about", "at", "around", "of around", "are", "were", "as", "of the order of", "of ca.", "equal to", "close to", "near", "reaches", "reached", "up to", "of up to", "above", "is above", "of more than", ") of", ")", ") is", ") =", ") at", "value of", "value is", "values of", "as high as", "는", "은", "이", "가":
		return true
	}
	return false
}

// leadsTo reports whether gap ends in a word or sign that a value follows.
func leadsTo(gap string) bool {
	g := strings.TrimRight(asciiLower(gap), " (~≈∼$")
	if i := strings.LastIndexByte(g, ' '); i >= 0 {
		g = g[i+1:]
	}
	return g == "" || isJoin(g) || g == "to" || g == "by" || g == "from" || strings.HasSuffix(g, "=")
}

func wordCount(s string) int { return len(strings.Fields(s)) }

func startsWithWord(s string, words ...string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return slices.Contains(words, first)
}

// between counts the mentions of other properties in [from, to), without those
// aside.
func between(around *parentheses, properties []propertyMention, from, to int, except *propertyMention) int {
	n := 0
	for k := range properties {
		p := &properties[k]
		if p.start >= from && p.end <= to && p != except && !samePlace(p, except) && !around.aside(from, to, p.start) {
			n++
		}
	}
	return n
}

// samePlace reports whether a repeats b: "Curie temperature (TC)".
func samePlace(a, b *propertyMention) bool {
	for _, e := range a.entries {
		for _, f := range b.entries {
			if e.property == f.property {
				return true
			}
		}
	}
	return false
}

// rivals counts the quantities in [from, to) of the same dimension as quantity i,
// without those aside.
func rivals(around *parentheses, quantities []quantity.Found, i, from, to int) int {
	n := 0
	for k := range quantities {
		o := &quantities[k]
		if k != i && o.Start >= from && o.End <= to && o.Quantity.Unit.Dimension == quantities[i].Quantity.Unit.Dimension && o.UnitSpan.End > o.UnitSpan.Start && !around.aside(from, to, o.Start) {
			n++
		}
	}
	return n
}

// symbolBefore returns the symbol that a value is set equal to, as in
// "TK = 14 K", or nothing.
func symbolBefore(text string, start int) string {
	before := strings.TrimRight(text[max(0, start-40):start], " ~∼≈−–-")
	before, ok := strings.CutSuffix(before, "=")
	if !ok {
		return ""
	}
	before = strings.TrimRight(before, " ")
	if i := strings.LastIndexAny(before, " (,;"); i >= 0 {
		before = before[i+1:]
	}
	return before
}

// ends reports whether mention m, or a repetition of it in parentheses, is what
// stands before "=" and the value at start.
func ends(text string, m *propertyMention, start int) bool {
	if m.end > start {
		return false
	}
	between := strings.TrimPrefix(strings.Trim(text[m.end:start], " =~∼≈){}$−-,"), "of ")
	// "lattice parameter a = 5.43 Å": a sign for the property itself
	return between == "" || signs(between) || len(between) <= 2 && strings.Trim(between, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && !m.symbol
}

// signs reports whether between, from a property to a value, has nothing but values
// with signs of one letter: "a = 8.21 Å, b = 8.26 Å and c".
func signs(between string) bool {
	w := strings.Fields(between)
	if len(w) < 3 || len(w[0]) != 1 || w[1] != "=" && !strings.HasPrefix(w[1], "=") {
		return false
	}
	for _, s := range w {
		s = strings.Trim(s, ",;=()")
		if s != "" && s != "and" && utf8.RuneCountInString(s) > 2 && (s[0] < '0' || s[0] > '9') {
			return false
		}
	}
	return true
}

// leadWord returns the word before start.
func leadWord(text string, start int) string {
	before := strings.TrimRight(text[max(0, start-24):start], " (~∼≈")
	if i := strings.LastIndexByte(before, ' '); i >= 0 {
		before = before[i+1:]
	}
	return asciiLower(before)
}

// circumstance reports whether a quantity behind the word lead, such as "at"
// or "after", is what holds while something else is measured. Directly behind
// the property's own name ("Curie temperature at 66 K") it is not.
func circumstance(lead, text string, start int, m *propertyMention) bool {
	switch lead {
	case "by":
		return true
	case "at", "after", "under", "over", "below", "annealed", "sintered", "heated", "within", "for", "every", "between", "from":
		if m.end <= start && wordCount(text[m.end:start]) <= 2 {
			return false
		}
		if lead == "between" || lead == "from" || lead == "over" {
			return m.end > start
		}
		return m.end > start || !located(text[m.end:start]) || excited(text, start)
	}
	return false
}

// excited reports whether what stands before start is the wavelength or the like
// at which a sample is excited.
func excited(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-40):start]))
	if n := len(w); n >= 2 && w[n-1] == "at" {
		return strings.HasPrefix(w[n-2], "excit") || strings.HasPrefix(w[n-2], "irradiat")
	}
	return false
}

// located reports whether gap, from a property to its value, ends in a verb that
// says where something is: "a hump is observed at", "the transition occurs at".
func located(gap string) bool {
	w := strings.Fields(strings.TrimRight(asciiLower(gap), " (~∼≈"))
	if len(w) < 2 || w[len(w)-1] != "at" {
		return false
	}
	switch w[len(w)-2] {
	case "observed", "located", "found", "seen", "detected", "situated", "positioned", "centered", "centred", "appear", "appears", "appeared", "appearing", "occur", "occurs", "occurred", "occurring", "lies", "lie", "lay", "peaks", "peaked", "sets", "identified", "noticed", "maintained", "remained", "remains", "stays", "stayed", "stabilized", "stabilised":
		return true
	}
	return false
}
