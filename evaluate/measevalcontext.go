package evaluate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/extract/chooser"
	"github.com/alkahest/alkahest/extract/tagger"
	"github.com/alkahest/alkahest/quantity"
)

// stretch is a run of tokens, both ends included.
type stretch struct{ first, last int }

// nothing is the stretch of what is not there.
var nothing = stretch{-1, -1}

// f1 is that of the tokens of a against those of b.
func (a stretch) f1(b stretch) float64 {
	if a == nothing || b == nothing {
		if a == b {
			return 1
		}
		return 0
	}
	shared := min(a.last, b.last) - max(a.first, b.first) + 1
	return 2 * float64(max(0, shared)) / float64(a.last-a.first+b.last-b.first+2)
}

// measText is a text with what the surroundings of all its quantities share.
type measText struct {
	*tagger.Text
	sentences []tagger.Span
	chunks    []chunk
	chunkOf   []int          // of each token, -1 between chunks
	often     map[uint32]int // how often each word stands in the text
	closed    []bool         // words of the closed classes
	signs     []bool         // tokens without letter or digit
	numbers   []quantity.Found
}

func newMeasText(t *tagger.Text) *measText {
	m := &measText{Text: t, sentences: tagger.Sentences(t.Text), often: map[uint32]int{}, numbers: quantity.Scan(t.Text, nil)}
	m.chunks, m.chunkOf = chunks(t)
	for k, tok := range t.Tokens {
		w := t.Text[tok.Start:tok.End]
		m.often[t.Word(k)]++
		m.closed = append(m.closed, closedClass[strings.ToLower(w)])
		m.signs = append(m.signs, !strings.ContainsFunc(w, letterOrDigit))
	}
	return m
}

// token returns the characters of token k.
func (m *measText) token(k int) string { return m.Text.Text[m.Tokens[k].Start:m.Tokens[k].End] }

// surroundings are the sentence of a quantity and the one before it, in which its
// entity, property and qualifier are looked for.
type surroundings struct {
	*measText
	quantity        measQuantity
	first, end      int    // tokens
	own             int    // first token of the sentence of the quantity
	inside          []bool // tokens of any quantity
	unit, dimension uint32 // what the unit is, and what it measures
}

func (m *measText) around(qs []measQuantity, n int) *surroundings {
	q := qs[n]
	own := 0
	for own+1 < len(m.sentences) && m.sentences[own].End <= m.Tokens[q.first].Start {
		own++
	}
	s := &surroundings{measText: m, quantity: q, first: m.Search(m.sentences[max(0, own-1)].Start), own: m.Search(m.sentences[own].Start)}
	s.end = m.Search(m.sentences[own].End)
	if s.end < len(m.Tokens) && m.Tokens[s.end].Start < m.sentences[own].End {
		s.end++
	}
	s.end = max(s.end, q.last+1)
	s.inside = make([]bool, len(m.Tokens))
	for _, o := range qs {
		for k := max(o.first, s.first); k <= o.last && k < s.end; k++ {
			s.inside[k] = true
		}
	}
	s.unit, s.dimension = m.Class(q.first), 1
	if q.unitLast >= q.unitFirst {
		s.unit, s.dimension = m.Word(q.unitFirst), 2
		if u, err := quantity.ParseUnit(m.Text.Text[m.Tokens[q.unitFirst].Start:m.Tokens[q.unitLast].End]); err == nil && !u.Unknown {
			for _, x := range u.Dimension {
				s.dimension = tagger.Hash(3, s.dimension, uint32(int32(x)))
			}
		}
	}
	return s
}

// opens reports whether a quantity begins at token k.
func (s *surroundings) opens(k int) bool { return s.inside[k] && (k == s.first || !s.inside[k-1]) }

// cues are the features of token k seen from the quantity.
func (s *surroundings) cues(k int) []uint32 {
	q := s.quantity
	d, side := 0, uint32(0)
	from, to := 0, 0 // what stands between
	switch {
	case k < q.first:
		d, side, from, to = q.first-k, 1, k+1, q.first
	case k > q.last:
		d, side, from, to = k-q.last, 2, q.last+1, k
	}
	rivals, commas := uint32(0), uint32(0)
	for j := from; j < to; j++ {
		if s.opens(j) {
			rivals = min(rivals+1, 3)
		}
		if w := s.token(j); len(w) == 1 && strings.Contains(",;()", w) {
			commas = min(commas+1, 3)
		}
	}
	here := uint32(0)
	if s.inside[k] {
		here = 1
	}
	if k < s.own {
		side += 4
	}
	place := tagger.Hash(1, side, tagger.DistanceClass(d))
	near := tagger.Hash(2, side, min(uint32(d), 4))
	x := []uint32{
		tagger.Hash(1000, place), tagger.Hash(1001, side, s.Word(k)), tagger.Hash(1002, place, s.Class(k)),
		tagger.Hash(1003, side, rivals), tagger.Hash(1004, side, rivals, commas), tagger.Hash(1005, side, here),
		tagger.Hash(1006, s.unit, s.Word(k)), tagger.Hash(1007, s.unit, side), tagger.Hash(1008, s.unit, s.Suffix(k)), tagger.Hash(1009, s.unit, place),
		tagger.Hash(1010, side, s.Word(q.first-1), s.Word(k)), tagger.Hash(1011, place, s.Word(q.first-1)), tagger.Hash(1012, place, s.Word(q.last+1)),
		tagger.Hash(1013, side, rivals, s.Mark(k)), tagger.Hash(1014, near, s.Word(k-1), s.Word(k+1)), tagger.Hash(1015, side, s.Suffix(k)),
		tagger.Hash(1016, near, s.Word(k)), tagger.Hash(1017, place, rivals, commas),
		tagger.Hash(1018, side, s.Word(k-1)), tagger.Hash(1019, side, s.Word(k+1)), tagger.Hash(1020, side, rivals, s.Class(k)),
		tagger.Hash(1021, near, s.Word(q.first-1), s.Word(q.last+1)), tagger.Hash(1022, s.dimension, s.Word(k)), tagger.Hash(1023, s.dimension, s.Suffix(k)),
	}
	return append(x, chunkCues(s.Text, s.chunks, s.chunkOf, k, q.first, q.last, side, s.unit)...)
}

// longestContext bounds what is chosen, in tokens; longer mentions are rare.
const longestContext = 10

// question asks which stretch is the entity, the property or the qualifier of the
// quantity. The first candidate is nothing. Stretches begin and end with a word
// that is not of the closed classes, and share the features of their first token,
// their last token and all their tokens with others.
func (s *surroundings) question() (chooser.Question, []stretch) {
	var out chooser.Question
	for k := s.first; k < s.end; k++ {
		cues := s.cues(k)
		out.Parts = append(out.Parts,
			roles(10, cues, tagger.Hash(1, s.Word(k)), tagger.Hash(2, s.Word(k-1)), tagger.Hash(3, s.Suffix(k)), tagger.Hash(4, s.Mark(k)), tagger.Hash(5, s.Class(k), s.Class(k-1)), tagger.Hash(6, s.Word(k-1), s.Word(k-2)), tagger.Hash(7, s.Mark(k-1))),
			roles(20, cues, tagger.Hash(1, s.Word(k)), tagger.Hash(2, s.Word(k+1)), tagger.Hash(3, s.Suffix(k)), tagger.Hash(4, s.Mark(k)), tagger.Hash(5, s.Class(k), s.Class(k+1)), tagger.Hash(6, s.Word(k+1), s.Word(k+2)), tagger.Hash(7, s.Mark(k+1))),
			[]uint32{tagger.Hash(30, s.Word(k)), tagger.Hash(31, s.Class(k)), tagger.Hash(32, s.Mark(k)), tagger.Hash(33, s.Suffix(k)), cues[3]})
	}
	out.Candidates = []chooser.Candidate{{Features: s.absence()}}
	all := []stretch{nothing}
	for first := s.first; first < s.end; first++ {
		if s.closed[first] || s.signs[first] && !strings.Contains("([−-%", s.token(first)) {
			continue
		}
		joints := 0
		for last := first; last < min(s.end, first+longestContext); last++ {
			w := s.token(last)
			if w == ";" || w == "." && last > first && (last+1 == len(s.Tokens) || s.Tokens[last+1].Start > s.Tokens[last].End) {
				break
			}
			if s.closed[last] || w == "," {
				joints++
			}
			if joints > 4 {
				break
			}
			if s.closed[last] || s.signs[last] && !strings.Contains(")]%+−-", w) {
				continue
			}
			a, b := 3*int32(first-s.first), 3*int32(last-s.first)
			parts := []int32{a, b + 1}
			for k := a; k <= b; k += 3 {
				parts = append(parts, k+2)
			}
			c := stretch{first, last}
			out.Candidates = append(out.Candidates, chooser.Candidate{Parts: parts, Features: s.features(c)})
			all = append(all, c)
		}
	}
	return out, all
}

// given returns question with what its candidates, entities, are to a property.
func (s *surroundings) given(question *chooser.Question, all []stretch, property stretch) *chooser.Question {
	out := &chooser.Question{Parts: question.Parts, Candidates: slices.Clone(question.Candidates)}
	for i := range out.Candidates {
		c := &out.Candidates[i]
		c.Features = append(slices.Clip(c.Features), s.beside(all[i], property)...)
	}
	return out
}

// beside are the features of how an entity stands to a property.
func (s *surroundings) beside(c, property stretch) []uint32 {
	if c == nothing {
		return nil
	}
	q := stretch{s.quantity.first, s.quantity.last}
	if property == nothing {
		return []uint32{tagger.Hash(300, s.order(c, q)), tagger.Hash(301, s.path(c, q)), tagger.Hash(302, s.order(c, q), s.unit), tagger.Hash(303, s.order(c, q), s.dimension)}
	}
	order := tagger.Hash(64, s.order(c, property), s.order(property, q), s.order(c, q))
	path, distance := s.path(c, property), tagger.DistanceClass(max(property.first-c.last, c.first-property.last)-1)
	edge := uint32(0)
	if c.first == property.first {
		edge |= 1
	}
	if c.last == property.last {
		edge |= 2
	}
	return []uint32{
		tagger.Hash(310, order), tagger.Hash(311, order, path), tagger.Hash(312, order, distance), tagger.Hash(313, path), tagger.Hash(314, order, edge),
		tagger.Hash(315, s.order(c, property), path, s.Word(property.last)), tagger.Hash(316, order, distance, s.Suffix(c.last)), tagger.Hash(317, order, s.Word(c.first-1)),
	}
}

// order tells whether a stands before b, behind it, or they overlap.
func (s *surroundings) order(a, b stretch) uint32 {
	switch {
	case a.last < b.first:
		return 1
	case a.first > b.last:
		return 2
	case a.first <= b.first && a.last >= b.last:
		return 3
	}
	return 4
}

// path is a hash of what leads from one stretch to another.
func (s *surroundings) path(a, b stretch) uint32 {
	path, _, _ := s.way(min(a.last, b.last)+1, max(a.first, b.first))
	return path
}

// way returns a hash of what stands in tokens from to to, which is 1 where that is
// long, the last word of the closed classes or sign there, and how many things
// they are: such words, and noun phrases and quantities as wholes.
func (s *surroundings) way(from, to int) (path, joint uint32, steps int) {
	for k := from; k < to; k++ {
		switch {
		case s.closed[k] || s.signs[k]:
			path, joint = tagger.Hash(60, path, s.Word(k)), s.Word(k)
			steps++
		case s.inside[k]:
			if s.opens(k) {
				path = tagger.Hash(61, path)
				steps++
			}
		case k == from || s.chunkOf[k] != s.chunkOf[k-1]:
			path = tagger.Hash(62, path)
			steps++
		}
	}
	if steps > 5 {
		path = 1
	}
	return path, joint, steps
}

// roles are features of a token as the first or the last of a stretch.
func roles(role uint32, cues []uint32, more ...uint32) []uint32 {
	out := make([]uint32, 0, len(cues)+len(more))
	for _, f := range cues {
		out = append(out, tagger.Hash(role, f))
	}
	for _, f := range more {
		out = append(out, tagger.Hash(role+1, f))
	}
	return out
}

// absence are the features of there being nothing to choose.
func (s *surroundings) absence() []uint32 {
	q := s.quantity
	return []uint32{
		tagger.Hash(40, 0), tagger.Hash(41, s.unit), tagger.Hash(42, s.Word(q.first-1)), tagger.Hash(43, s.Word(q.last+1)), tagger.Hash(44, s.Word(q.first-2), s.Word(q.first-1)), tagger.Hash(45, s.Word(q.last+1), s.Word(q.last+2)),
		tagger.Hash(46, s.Class(q.last)), tagger.Hash(47, s.unit, s.Word(q.first-1)), tagger.Hash(48, s.Suffix(q.last+1)), tagger.Hash(49, s.Mark(q.first)), tagger.Hash(50, s.Word(q.last)), tagger.Hash(51, s.dimension), tagger.Hash(52, s.dimension, s.Word(q.first-1)),
	}
}

// features are those of a stretch as a whole: how it fits noun phrases, which of
// its words is its head, what leads from it to the quantity.
func (s *surroundings) features(c stretch) []uint32 {
	q := s.quantity
	align := uint32(0)
	if x := s.chunkOf[c.first]; x >= 0 && s.chunks[x].first == c.first {
		align |= 1
	}
	if x := s.chunkOf[c.last]; x >= 0 && s.chunks[x].last == c.last {
		align |= 2
	}
	var phrases, quantities, nested uint32
	head := c.last // what stands before "of", "in" or a bracket
	for k := c.first; k <= c.last; k++ {
		if s.chunkOf[k] >= 0 && (k == c.first || s.chunkOf[k] != s.chunkOf[k-1]) {
			phrases = min(phrases+1, 3)
		}
		if s.inside[k] && (k == c.first || !s.inside[k-1]) {
			quantities = min(quantities+1, 2)
		}
		if w := s.Word(k); k > c.first && nested == 0 && (w == wordOf || w == wordIn || w == wordOpen) {
			nested, head = 1, k-1
		}
	}
	length := uint32(min(c.last-c.first+1, 8))
	side, from, to := uint32(1), c.last+1, q.first
	switch {
	case c.first > q.last:
		side, from, to = 2, q.last+1, c.first
	case c.last >= q.first:
		side, from, to = 3, 0, 0
	}
	path, joint, steps := s.way(from, to)
	var verbs, rivals uint32
	for k := from; k < to; k++ {
		if s.opens(k) {
			rivals = min(rivals+1, 3)
		}
		if strings.HasSuffix(s.token(k), "ed") {
			verbs = min(verbs+1, 2)
		}
	}
	apart := uint32(min(steps, 10))
	again := uint32(min(s.often[s.Word(c.last)]-1, 4))
	name := uint32(0) // begins like a name
	if r, _ := utf8.DecodeRuneInString(s.token(c.first)); unicode.IsUpper(r) {
		name = 1
	}
	before, after := s.Word(c.first-1), s.Word(c.last+1)
	article := uint32(0)
	if before == articleThe || before == articleA {
		before, article = s.Word(c.first-2), 1
	}
	shape := tagger.Hash(63, align, phrases, min(length, 4))
	// The first noun phrase of a sentence is often its subject.
	opening := uint32(min(max(0, c.first-s.own), 4))
	if c.first < s.own {
		opening = 5
	}
	word, suffix := s.Word(head), s.Suffix(head)
	return []uint32{
		tagger.Hash(200, align), tagger.Hash(201, align, phrases), tagger.Hash(202, length), tagger.Hash(203, align, length), tagger.Hash(204, quantities, side), tagger.Hash(205, nested, align),
		tagger.Hash(206, side, path), tagger.Hash(207, side, apart), tagger.Hash(208, side, tagger.DistanceClass(to-from)), tagger.Hash(209, side, apart, align), tagger.Hash(210, side, apart, rivals),
		tagger.Hash(211, word), tagger.Hash(212, suffix), tagger.Hash(213, s.unit, word), tagger.Hash(214, s.unit, suffix), tagger.Hash(215, side, path, s.unit),
		tagger.Hash(216, before, after), tagger.Hash(217, before, shape), tagger.Hash(218, after, shape), tagger.Hash(219, side, joint, apart),
		tagger.Hash(220, again, align), tagger.Hash(221, name, again), tagger.Hash(222, side, article, apart), tagger.Hash(223, shape), tagger.Hash(224, side, verbs, apart),
		tagger.Hash(225, side, before, apart), tagger.Hash(226, side, after, apart), tagger.Hash(227, side, path, align), tagger.Hash(228, side, path, suffix),
		tagger.Hash(229, word, side), tagger.Hash(230, side, s.Word(q.first-1), apart), tagger.Hash(231, side, s.Word(q.last+1), apart),
		tagger.Hash(232, s.Word(c.first), s.Word(c.last), length), tagger.Hash(233, name, side, apart), tagger.Hash(234, side, rivals, path),
		tagger.Hash(235, s.dimension, word), tagger.Hash(236, s.dimension, suffix), tagger.Hash(237, s.dimension, side, apart), tagger.Hash(238, side, opening), tagger.Hash(239, side, opening, align, article), tagger.Hash(240, s.dimension, side, path),
	}
}

var wordOf, wordIn, wordOpen = tagger.Prepare("of").Word(0), tagger.Prepare("in").Word(0), tagger.Prepare("(").Word(0)
