package extract

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// pairing is a quantity read as the value of a property.
type pairing struct {
	quantity int // index into mentions.quantities
	property *field.Property
	mention  *propertyMention
	score    float64
	reasons  []string
}

// pairs finds the properties whose values the quantities of sentence index of block b
// are.
func (r *reading) pairs(b, index int, s span, quantities []quantity.Found, properties []propertyMention, subjects []subjectMention) []pairing {
	occurrences := within(r.mentions[b].occurrences, propertySpan, s)
	if len(occurrences) == 0 && !r.stateable(quantities, properties) {
		return r.carried(b, index, quantities, subjects)
	}
	text := r.doc.Blocks[b].Text
	around := newParentheses(text, s)
	var pairs []pairing
	for i := range quantities {
		if measuresOut(text, &quantities[i], subjects) || layered(text, &quantities[i]) || appliedField(text, &quantities[i]) {
			continue
		}
		p, ok := r.pair(text, &around, quantities, i, properties)
		if !ok {
			p, ok = r.bracketed(text, s, quantities, i, properties, subjects)
		}
		if !ok {
			p, ok = r.implied(text, quantities, i)
		}
		if o, happens := r.happening(text, quantities, i, occurrences); happens && (!ok || o.score > p.score) {
			p, ok = o, true
			exact(&quantities[i])
		}
		word, _ := nextWord(text[quantities[i].End:])
		differs := comparative[word]
		if n := len(pairs) - 1; !differs && n >= 0 && quantities[i].List > 0 && quantities[i].List == quantities[i-1].List && pairs[n].quantity == i-1 && (!ok || p.score < pairs[n].score) {
			// a member of a list is as near to the property as the first one
			if _, _, fits := convert(pairs[n].property, quantities[i].Quantity); fits {
				p, ok = pairs[n], true
				p.quantity = i
			}
		}
		if n := len(pairs) - 1; !differs && n >= 0 && pairs[n].quantity < i && (!ok || p.property == pairs[n].property && p.score < pairs[n].score) && (r.continues(text, quantities, pairs[n].quantity, i, subjects) || stands(text, quantities, pairs[n].quantity, i, properties)) {
			if _, _, fits := convert(pairs[n].property, quantities[i].Quantity); fits {
				p, ok = pairs[n], true
				p.quantity = i
				if s := stateBehind(text, &quantities[i], occurrences); s != nil {
					p.property, p.mention = s.entries[0].property, s
				}
			}
		}
		if ok {
			pairs = append(pairs, p)
		}
	}
	pairs = alike(text, s, quantities, properties, pairs)
	coordinatePairs(text, quantities, pairs)
	return r.distribute(text, quantities, properties, subjects, pairs)
}

// pair finds the property whose value quantity i most likely is.
func (r *reading) pair(text string, around *parentheses, quantities []quantity.Found, i int, properties []propertyMention) (pairing, bool) {
	q := &quantities[i]
	best := pairing{score: -1}
	for j := range properties {
		m := &properties[j]
		for _, w := range r.meaning(text, m) {
			of := withPower(text, q, w.property)
			if _, _, ok := convert(w.property, of.Quantity); !ok || bare(q, w.property) || w.weight < 0.6 && unitless(q, w.property) && !(w.weight >= 0.4 && decimal(text, q)) || (w.weight < 0.2 || r.better(m, w.property)) && r.elsewhere(w.property) {
				continue
			}
			score, reasons := r.link(text, around, quantities, i, properties, j)
			score += 1.2 * (w.weight - 1)
			if r.surrounding(text, q, w.property) || r.setting(text, m, q, w.property) {
				score -= 3
				reasons = append(reasons, "a condition of the property")
			}
			if q.UnitSpan.End == q.UnitSpan.Start && (m.end > q.Start || !leadsTo(unlisted(text[m.end:q.Start]))) && !resumed(text, quantities, i) {
				score -= 2.5
				reasons = append(reasons, "a number without a unit, away from the property")
			}
			if w.weight < 1 {
				reasons = append(reasons, "“"+m.key+"” has other meanings")
			}
			if score > best.score || best.property != nil && score == best.score && r.fields[w.property.Field] > r.fields[best.property.Field] {
				best = pairing{i, w.property, m, score, reasons}
			}
		}
	}
	if best.property != nil && best.score > -0.5 {
		*q = withPower(text, q, best.property)
		return best, true
	}
	return best, false
}

// surrounding reports whether q, behind "at", "in" or "under", is a condition on which
// p depends, though p may have its unit too: a magnetisation "at 5 T".
func (r *reading) surrounding(text string, q *quantity.Found, p *field.Property) bool {
	switch leadWord(text, q.Start) {
	case "at", "in", "under":
	default:
		return false
	}
	if q.Quantity.Unit.Dimension == p.Unit.Dimension {
		return false
	}
	return slices.ContainsFunc(r.x.conditionUnits, func(c conditionUnit) bool {
		_, is := c.in(q.Quantity)
		return is && slices.Contains(p.Conditions, c.name)
	})
}

// withPower returns q with the power of ten that it is where p is told by decades and
// the superscript was lost: 10⁷ for "107".
func withPower(text string, q *quantity.Found, p *field.Property) quantity.Found {
	out := *q
	digits := text[q.Number.Start:q.Number.End]
	if !p.Decades || len(digits) < 3 || len(digits) > 4 || digits[:2] != "10" || digits[2] == '0' || digits[2] == '1' && len(digits) == 3 {
		return out
	}
	n, err := strconv.Atoi(digits[2:])
	if err != nil {
		return out
	}
	power := math.Pow10(n)
	for _, v := range []*float64{&out.Quantity.Low, &out.Quantity.High} {
		if !math.IsInf(*v, 0) {
			*v = power
		}
	}
	return out
}

// elsewhere reports whether the document is of other fields than that of p: no property
// of that goes by a name of its own here, those of others do, and no word tells of p.
func (r *reading) elsewhere(p *field.Property) bool {
	return len(r.fields) > 0 && r.fields[p.Field] == 0 && r.about(p) == 0
}

// decimal reports whether q is a number below one with a point, as fractions are
// written: "0.58".
func decimal(text string, q *quantity.Found) bool {
	return q.Quantity.High < 1 && strings.HasPrefix(text[q.Number.Start:q.Number.End], "0.")
}

// better reports whether the words of m name p weakly, and a property of a field that
// the document names.
func (r *reading) better(m *propertyMention, p *field.Property) bool {
	return len(m.entries) > 1 && slices.ContainsFunc(m.entries, func(e entry) bool { return e.property == p && e.weak }) &&
		slices.ContainsFunc(m.entries, func(e entry) bool { return r.fields[e.property.Field] > 0 })
}

// setting reports whether the words before m, at the value q, say that this is what was
// set when something else was measured: "at an initial luminance of 100 cd/m2", "under an
// oxygen pressure of". Behind "at" that holds of what is read as a condition too.
func (r *reading) setting(text string, m *propertyMention, q *quantity.Found, p *field.Property) bool {
	if m.end > q.Start {
		return false
	}
	w := strings.Fields(asciiLower(text[max(0, m.start-40):m.start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-4; i-- {
		switch w[i] {
		case "a", "an", "the", "constant", "initial", "fixed", "applied", "high", "low", "same", "given", "different", "various", "autogenous", "tensile", "hydrostatic", "practical":
		case "at":
			return slices.ContainsFunc(r.x.conditionUnits, func(c conditionUnit) bool { return c.name == p.Name })
		case "under":
			return true
		default:
			return false
		}
	}
	return false
}

// coordinatePairs gives the second of two numbers "(0.30, 0.62)" the property that is
// the other coordinate of the first one's, where one name stands for both.
func coordinatePairs(text string, quantities []quantity.Found, pairs []pairing) {
	for i := 1; i < len(pairs); i++ {
		a, b := &pairs[i-1], &pairs[i]
		x, is := strings.CutSuffix(a.property.Name, "-x")
		if !is || a.mention != b.mention || a.property != b.property || strings.TrimSpace(text[quantities[a.quantity].End:quantities[b.quantity].Start]) != "," {
			continue
		}
		for _, e := range a.mention.entries {
			if e.property.Field == a.property.Field && e.property.Name == x+"-y" {
				b.property = e.property
			}
		}
	}
}

// resumed reports whether number i goes on after another one and its circumstance:
// "a zT of 0.12 at 300 K and 2.6 at 923 K".
func resumed(text string, quantities []quantity.Found, i int) bool {
	if i < 2 || !strings.HasPrefix(text[quantities[i].End:], " at ") || !enumerated(text[quantities[i-1].End:quantities[i].Start]) {
		return false
	}
	before := &quantities[i-2]
	return before.UnitSpan.End == before.UnitSpan.Start && strings.TrimSpace(text[before.End:quantities[i-1].Start]) == "at"
}

// bracketed pairs a value that stands in parentheses with or behind the name of a
// subject, "ZnO (3.3 eV)" or "(ZnO, 3.3 eV)", with the property of its unit that the
// sentence names, however far away.
func (r *reading) bracketed(text string, sentence span, quantities []quantity.Found, i int, properties []propertyMention, subjects []subjectMention) (pairing, bool) {
	q := &quantities[i]
	if !slices.ContainsFunc(subjects, func(s subjectMention) bool {
		return apposed(text, sentence, s.span, q.Start)
	}) {
		return pairing{}, false
	}
	best := pairing{score: -1}
	for j := range properties {
		m := &properties[j]
		for _, w := range r.meaning(text, m) {
			if _, _, ok := convert(w.property, q.Quantity); !ok || q.UnitSpan.End == q.UnitSpan.Start || m.overlaps(span{q.Start, q.End}) || w.weight < 0.2 && r.elsewhere(w.property) {
				continue
			}
			score := 0.3 + 0.5*(w.weight-1)
			if m.end > q.Start {
				score -= 0.5
			}
			if score > best.score {
				best = pairing{i, w.property, m, score, []string{"value in parentheses with a subject"}}
			}
		}
	}
	return best, best.property != nil && best.score > -0.5
}

// implied pairs a value with the property that its unit tells, if what stands around
// it does not tell that the value is a difference or a circumstance.
func (r *reading) implied(text string, quantities []quantity.Found, i int) (pairing, bool) {
	q := &quantities[i]
	p := r.x.lexicon.implies(q)
	if p == nil {
		return pairing{}, false
	}
	if _, _, ok := convert(p, q.Quantity); !ok {
		return pairing{}, false
	}
	m := &propertyMention{span: span{q.UnitSpan.Start, q.UnitSpan.End}, entries: []entry{{property: p}}}
	score, reasons := 0.0, []string{"the unit alone tells the property"}
	if word, _ := nextWord(text[q.End:]); leadWord(text, q.Start) == "by" || comparative[word] {
		score = -0.9
	}
	return pairing{i, p, m, score, reasons}, score > -0.5
}

// carried pairs the values of a sentence that names no property with the property of
// the sentence before, where that has one: "The value for GaN is 288 GPa".
func (r *reading) carried(b, index int, quantities []quantity.Found, subjects []subjectMention) []pairing {
	m := &r.mentions[b]
	if index == 0 || len(subjects) == 0 || !resumes(r.doc.Blocks[b].Text[m.sentences[index].start:m.sentences[index].end]) {
		return nil
	}
	before := within(m.properties, propertySpan, m.sentences[index-1])
	if len(before) == 0 || slices.ContainsFunc(before[0].entries, func(e entry) bool { return e.weak }) || !slices.ContainsFunc(within(m.quantities, quantitySpan, m.sentences[index-1]), func(q quantity.Found) bool { return q.UnitSpan.End > q.UnitSpan.Start }) {
		return nil
	}
	for i := 1; i < len(before); i++ {
		if !samePlace(&before[0], &before[i]) {
			return nil
		}
	}
	var out []pairing
	text := r.doc.Blocks[b].Text
	for i := range quantities {
		q := &quantities[i]
		if q.UnitSpan.End == q.UnitSpan.Start || leadWord(text, q.Start) == "by" || circumstance(leadWord(text, q.Start), text, q.Start, &before[0]) {
			continue
		}
		if p := r.orderedProperty(text, &before[0], q); p != nil {
			out = append(out, pairing{i, p, &propertyMention{span: span{q.UnitSpan.Start, q.UnitSpan.End}, entries: before[0].entries}, -0.2, []string{"the property of the sentence before"}})
		}
	}
	return out
}

// resumes reports whether sentence has a word that stands for a property named
// before: "the value", "those of".
func resumes(sentence string) bool {
	for _, w := range words(sentence, span{0, len(sentence)}) {
		switch w.key {
		case "value", "those", "counterpart":
			return true
		}
	}
	return false
}

// apposed reports whether a value at start stands in parentheses behind the
// subject at s, or behind a comma in the same parentheses as it.
func apposed(text string, sentence, s span, start int) bool {
	if s.end > start {
		return false
	}
	switch strings.Trim(text[s.end:start], " ~∼≈") {
	case "(":
		return true
	case ",":
		return strings.HasSuffix(strings.TrimRight(text[sentence.start:s.start], " "), "(")
	}
	return false
}

// bare reports whether q has no unit although p has one: a count, a year, a
// reference. Of a percentage that is also stated as a fraction, a number up to 1
// is not bare.
func bare(q *quantity.Found, p *field.Property) bool {
	if q.UnitSpan.End > q.UnitSpan.Start || p.Unit.Symbol == "" {
		return false
	}
	return !p.Fraction || q.Quantity.Low < 0 || q.Quantity.High > 1
}

// unitless reports whether q is a number for p, which has a unit: a fraction.
func unitless(q *quantity.Found, p *field.Property) bool {
	return q.UnitSpan.End == q.UnitSpan.Start && p.Unit.Symbol != ""
}
