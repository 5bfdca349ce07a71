package tagger

import (
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/quantity"
)

// Text is a text made ready for tagging: its tokens, and for each the hashes
// of what it looks like, what stands around it and what the grammars of
// quantities and formulas read there.
type Text struct {
	Text   string
	Tokens []Span
	words  []word
	// features holds perToken hashes for each token.
	features []uint32
}

// word is what one token looks like, each as a hash.
type word struct {
	lower    uint32 // the word in lower case, digits as 0
	shape    uint32
	mark     uint32 // what the grammars read here
	prefixes [3]uint32
	suffixes [3]uint32
	class    uint32 // coarse: number, word, capital, sign …
	glued    bool   // no space before it
}

// Prepare returns text made ready for tagging.
func Prepare(text string) *Text {
	t := &Text{Text: text, Tokens: Tokens(text)}
	t.words = make([]word, len(t.Tokens))
	for i, tok := range t.Tokens {
		t.words[i] = look(text[tok.Start:tok.End])
		t.words[i].glued = tok.Start > 0 && i > 0 && t.Tokens[i-1].End == tok.Start
	}
	t.markGrammars()
	t.features = make([]uint32, 0, len(t.Tokens)*perToken)
	for i := range t.Tokens {
		t.features = t.appendFeatures(t.features, i)
	}
	return t
}

// Features returns the hashes of the features of token i.
func (t *Text) Features(i int) []uint32 { return t.features[i*perToken : (i+1)*perToken] }

// Word returns the hash of token i in lower case, and 0 outside the text.
func (t *Text) Word(i int) uint32 { return t.at(i).lower }

// Mark returns a hash of what the grammars read at token i.
func (t *Text) Mark(i int) uint32 { return t.at(i).mark }

// Material reports whether the grammar of formulas reads one that begins or goes
// on at token i.
func (t *Text) Material(i int) bool { return t.at(i).mark >= markFormula }

// Class returns a coarse class of token i.
func (t *Text) Class(i int) uint32 { return t.at(i).class }

// Suffix returns a hash of the last three letters of token i.
func (t *Text) Suffix(i int) uint32 { return t.at(i).suffixes[1] }

var outside = word{}

func (t *Text) at(i int) *word {
	if i < 0 || i >= len(t.words) {
		return &outside
	}
	return &t.words[i]
}

// Hash combines a and the values after it into one feature. Its values are part
// of the format of stored taggers.
func Hash(template uint32, values ...uint32) uint32 {
	h := template*0x9E3779B1 + 0x7F4A7C15
	for _, v := range values {
		h = (h ^ v) * 0x01000193
		h ^= h >> 15
		h *= 0x85EBCA6B
		h ^= h >> 13
	}
	return h
}

// DistanceClass puts distances in tokens into classes that grow.
func DistanceClass(d int) uint32 {
	for i, limit := range []int{0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40} {
		if d <= limit {
			return uint32(i)
		}
	}
	return 12
}

// hashString is the FNV-1a hash of s.
func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// Coarse classes of tokens.
const (
	classNumber = 1 + iota
	classYear
	classLower
	classCapital
	classUpper
	classMixed
	classSign
)

// look describes one token.
func look(s string) word {
	var w word
	var lower, shape [64]byte
	nl, ns := 0, 0
	last := byte(0)
	upper, lowers, digits := 0, 0, 0
	for i, r := range s {
		var c byte
		switch {
		case r >= '0' && r <= '9':
			c = '0'
			digits++
		case unicode.IsUpper(r):
			c = 'A'
			upper++
		case unicode.IsLetter(r):
			c = 'a'
			if r > 0x370 {
				c = 'g'
			}
			lowers++
		default:
			c = s[i]
		}
		if (c != last || i < 2) && ns < len(shape) {
			shape[ns] = c
			ns++
		}
		last = c
		if r >= '0' && r <= '9' {
			r = '0'
		} else {
			r = unicode.ToLower(r)
		}
		if nl+utf8.UTFMax <= len(lower) {
			nl += utf8.EncodeRune(lower[nl:], r)
		}
	}
	low := string(lower[:nl])
	w.lower = hashString(low)
	w.shape = hashString(string(shape[:ns]))
	for k := range 3 {
		n := k + 2
		w.prefixes[k], w.suffixes[k] = hashString(low[:min(n, nl)]), hashString(low[max(0, nl-n):])
	}
	switch {
	case digits > 0 && digits == len(s) && len(s) == 4 && (s[0] == '1' && s[1] == '9' || s[0] == '2' && s[1] == '0'):
		w.class = classYear
	case digits > 0 && upper+lowers == 0:
		w.class = classNumber
	case upper == 0 && lowers > 0 && digits == 0:
		w.class = classLower
	case upper == 1 && digits == 0 && s[0] >= 'A' && s[0] <= 'Z' && len(s) > 1:
		w.class = classCapital
	case upper > 0 && lowers == 0 && digits == 0:
		w.class = classUpper
	case upper+lowers > 0:
		w.class = classMixed
	default:
		w.class = classSign
	}
	return w
}

// The marks that the grammars leave, by the part of a mention they stand on.
const (
	markNumber = 1 + iota
	markNumberMore
	markUnit
	markUnitMore
	markBefore // "about", "<" in front of a number
	markBare   // a number without a unit
	markBareMore
	markFormula
	markFormulaMore
	markElement
	markAlias
)

// markGrammars notes on every token what the grammars of quantities and
// formulas read there.
func (t *Text) markGrammars() {
	for _, m := range formula.Find(t.Text) {
		first, more := uint32(markFormula), uint32(markFormulaMore)
		if m.Alias != nil {
			first = markAlias
		} else if m.Formula != nil && len(m.Formula.Elements().Symbols()) == 1 {
			first = markElement
		}
		t.mark(m.Start, m.End, first, more)
	}
	for _, q := range quantity.Scan(t.Text, nil) {
		t.mark(q.Start, q.Number.Start, markBefore, markBefore)
		if q.UnitSpan.End > q.UnitSpan.Start {
			t.mark(q.Number.Start, q.Number.End, markNumber, markNumberMore)
			t.mark(q.UnitSpan.Start, q.UnitSpan.End, markUnit, markUnitMore)
		} else {
			t.mark(q.Number.Start, q.Number.End, markBare, markBareMore)
		}
	}
}

// mark notes first on the first token of [start, end) and more on the rest.
func (t *Text) mark(start, end int, first, more uint32) {
	for i := t.Search(start); i < len(t.Tokens) && t.Tokens[i].Start < end; i++ {
		t.words[i].mark = first
		first = more
	}
}

// Search returns the index of the first token that ends behind offset.
func (t *Text) Search(offset int) int {
	lo, hi := 0, len(t.Tokens)
	for lo < hi {
		mid := (lo + hi) / 2
		if t.Tokens[mid].End <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// perToken is how many features a token has.
const perToken = 48

// appendFeatures appends the features of token i. The order of the templates is
// part of the format of stored taggers.
func (t *Text) appendFeatures(out []uint32, i int) []uint32 {
	a, b, w, c, d := t.at(i-2), t.at(i-1), t.at(i), t.at(i+1), t.at(i+2)
	template := uint32(0)
	one := func(x uint32) { template++; out = append(out, Hash(template, x)) }
	two := func(x, y uint32) { template++; out = append(out, Hash(template, x, y)) }
	three := func(x, y, z uint32) { template++; out = append(out, Hash(template, x, y, z)) }
	glue := uint32(0)
	if w.glued {
		glue = 1
	}
	if c.glued {
		glue |= 2
	}
	one(0)
	one(w.lower)
	one(w.shape)
	for k := range 3 {
		one(w.prefixes[k])
		one(w.suffixes[k])
	}
	two(w.class, glue)
	one(a.lower)
	one(b.lower)
	one(c.lower)
	one(d.lower)
	two(b.lower, w.lower)
	two(w.lower, c.lower)
	two(b.lower, c.lower)
	two(a.lower, b.lower)
	two(c.lower, d.lower)
	three(b.lower, w.lower, c.lower)
	one(b.suffixes[1])
	one(c.suffixes[1])
	two(b.suffixes[1], w.suffixes[1])
	two(w.suffixes[1], c.suffixes[1])
	one(b.shape)
	one(c.shape)
	two(b.shape, w.shape)
	two(w.shape, c.shape)
	three(b.shape, w.shape, c.shape)
	three(a.class, b.class, w.class)
	three(w.class, c.class, d.class)
	three(b.class, w.class, c.class)
	one(w.mark)
	one(b.mark)
	one(c.mark)
	two(b.mark, w.mark)
	two(w.mark, c.mark)
	three(a.mark, b.mark, w.mark)
	three(w.mark, c.mark, d.mark)
	three(b.mark, w.mark, c.mark)
	two(w.mark, w.lower)
	two(w.mark, b.lower)
	two(w.mark, c.lower)
	two(w.mark, w.shape)
	two(w.class, b.lower)
	two(w.class, c.lower)
	one(t.at(i - 3).lower)
	one(t.at(i + 3).lower)
	return out
}
