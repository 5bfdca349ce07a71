package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// reading is the work on one document: what was found in each block and what
// the document defines.
type reading struct {
	x        *Extractor
	doc      *document.Document
	mentions []mentions // by block
	defined  map[string]record.Subject
	foreign  map[string]definition      // symbols that the document defines as something that no field knows
	symbols  map[string]*field.Property // symbols that the document defines: "Curie temperature (Tc)"
	named    map[*field.Property]int    // how often each property is named by a name that is not weak
	fields   map[string]int             // how often properties of each field are named by a name that no other field shares
	main     *subjectMention

	serial        map[string]bool // labels of series of samples: "S1", "S2", "S3"
	vacancies     bool            // the document speaks of vacancies, whose symbols look like formulas
	contexts      map[string]int  // how often the document has words with the beginnings that properties declare
	abbreviations map[string]bool // of words that are no subjects: "PSCs"
	cues          map[*record.Record]Cues
}

// mentions is what stands in one block.
type mentions struct {
	sentences  []span
	subjects   []subjectMention
	ranges     []labelRange
	properties []propertyMention
	quantities []quantity.Found
}

func newReading(x *Extractor, doc *document.Document) *reading {
	r := &reading{
		x: x, doc: doc, mentions: make([]mentions, len(doc.Blocks)),
		defined: map[string]record.Subject{}, cues: map[*record.Record]Cues{}, abbreviations: map[string]bool{}, symbols: map[string]*field.Property{}, named: map[*field.Property]int{}, fields: map[string]int{}, contexts: map[string]int{}, serial: map[string]bool{}, foreign: map[string]definition{},
	}
	r.vacancies = slices.ContainsFunc(doc.Blocks, func(b document.Block) bool { return strings.Contains(b.Text, "vacanc") })
	for i := range doc.Blocks {
		if k := doc.Blocks[i].Kind; k != document.Reference && k != document.Tabular {
			r.mentions[i].ranges = labelRanges(i, doc.Blocks[i].Text)
			for _, series := range r.mentions[i].ranges {
				for _, s := range series.members {
					r.serial[s.subject.Name] = true
				}
			}
			enumeratedLabels(doc.Blocks[i].Text, r.serial)
		}
	}
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		if b.Kind == document.Reference {
			continue
		}
		m := &r.mentions[i]
		m.properties = x.lexicon.find(b.Text, words(b.Text, span{0, len(b.Text)}))
		m.properties = slices.DeleteFunc(m.properties, func(p propertyMention) bool { return p.symbol && r.serial[p.key] })
		r.defineSymbols(b.Text, m.properties)
		if b.Kind == document.Tabular {
			continue
		}
		m.subjects = r.subjects(i)
		r.define(i, m.subjects)
		m.sentences = sentences(b.Text)
		m.quantities = changesApart(b.Text, quantity.Scan(b.Text, shifted(b)))
		bounds(b.Text, m.quantities)
	}
	if len(r.defined) > 0 {
		for i := range doc.Blocks {
			if k := doc.Blocks[i].Kind; k != document.Reference && k != document.Tabular {
				r.mentions[i].subjects = r.subjects(i)
			}
		}
	}
	for i := range r.mentions {
		m := &r.mentions[i]
		m.quantities = slices.DeleteFunc(m.quantities, func(q quantity.Found) bool {
			s, ok := overlapping(m.subjects, subjectSpan, span{q.Number.Start, q.Number.End})
			return ok && s.start <= q.Number.Start && q.Number.End <= s.end
		})
		r.tag(i)
		r.enumerate(i)
		ingredients(doc.Blocks[i].Text, m.sentences, m.subjects)
		r.formerAndLatter(i)
	}
	r.spread()
	r.main = r.mainSubject()
	return r
}

// defineSymbols learns from "Curie temperature (Tc)" that Tc is the Curie
// temperature in this document, and counts how often properties are named.
func (r *reading) defineSymbols(text string, properties []propertyMention) {
	for i, m := range properties {
		if m.symbol {
			if len(m.entries) == 1 && !m.entries[0].weak {
				r.fields[m.entries[0].property.Field]++
			}
			r.foreign[m.key] = max(r.foreign[m.key], definedAsOther(text, properties, i))
			continue
		}
		for _, e := range m.entries {
			if !e.weak {
				r.named[e.property]++
				if len(m.entries) == 1 {
					r.fields[e.property.Field]++
				}
			}
		}
		if i+1 == len(properties) || len(m.entries) != 1 || m.entries[0].weak {
			continue
		}
		next := properties[i+1]
		gap := strings.TrimLeft(text[m.end:next.start], " ")
		if next.symbol && (gap == "(" || gap == "($" || gap == ", " || gap == "") {
			if r.symbols[next.key] == nil {
				r.symbols[next.key] = m.entries[0].property
			}
		}
	}
}

// definition says how a document defines a symbol as something that no field knows.
type definition int

const (
	undefined definition = iota
	worded               // "soil temperature (TS)"
	spelled              // with words that have its letters: "loss on ignition (LOI)"
)

// definedAsOther returns how text defines mention i, a symbol, by the words of
// something that is none of the properties it can stand for.
func definedAsOther(text string, properties []propertyMention, i int) definition {
	m := &properties[i]
	if !strings.HasSuffix(text[:m.start], " (") || !strings.HasPrefix(text[m.end:], ")") {
		return undefined
	}
	before := text[:m.start-len(" (")]
	n := len(before)
	for n > 0 && before[n-1] >= 'a' && before[n-1] <= 'z' {
		n--
	}
	if len(before)-n < 3 {
		return undefined
	}
	for k := i - 1; k >= 0 && m.start-properties[k].end < 80; k-- {
		if samePlace(&properties[k], m) {
			return undefined
		}
	}
	if abbreviates(text, m.span) {
		return spelled
	}
	return worded
}

// meaning returns the properties that m, a mention in text, can stand for, with
// the strength of that reading: 1 for a name of its own, less for a weak word.
// Of several properties that share a weak word, one whose first word stands
// nearby is preferred: "superconducting (Tc = 56 K)".
func (r *reading) meaning(text string, m *propertyMention) []weighted {
	if m.symbol {
		if p := r.symbols[m.key]; p != nil {
			return []weighted{{p, 0.9}}
		}
	}
	near := asciiLower(text[max(0, m.start-40):m.start])
	letter := m.symbol && utf8.RuneCountInString(m.key) == 1
	out := make([]weighted, 0, len(m.entries))
	cued := false
	for _, e := range m.entries {
		if d := r.foreign[m.key]; m.symbol && (d == spelled || d == worded && e.weak) {
			continue
		}
		w := 1.0
		if e.weak {
			w = 0.1
			if r.named[e.property] > 0 || r.about(e.property) > 0 {
				w = 0.6
				if !m.symbol {
					w = 0.4
				}
			}
			if heralded(e.property, near) {
				w, cued = 0.8, true
			}
			if letter && w < 0.4 {
				continue // θ is an angle in most documents, and no contact angle
			}
		} else if m.symbol {
			w = 0.8
		}
		out = append(out, weighted{e.property, w})
	}
	if cued {
		for i := range out {
			if out[i].weight < 0.8 {
				out[i].weight = 0.05
			}
		}
	}
	if len(out) > 1 {
		if m.symbol && !slices.ContainsFunc(out, func(w weighted) bool { return w.weight != 0.1 }) {
			return nil // "Tc" where nothing tells of what
		}
		most := 0
		for i := range out {
			most = max(most, r.about(out[i].property))
		}
		for i := range out {
			switch n := r.about(out[i].property); {
			case n == most && most > 0:
				out[i].weight += 0.04
			case n > 0 && out[i].weight < 0.8:
				out[i].weight -= 0.04
			}
		}
	}
	return out
}

// heralded reports whether near, in lower case, has the first word of p's title or a
// word that goes with p.
func heralded(p *field.Property, near string) bool {
	first, _, _ := strings.Cut(p.Title, " ")
	if len(first) >= 5 && strings.Contains(near, asciiLower(first[:min(len(first), 9)])) {
		return true
	}
	return slices.ContainsFunc(p.Context, func(c string) bool { return strings.Contains(near, c) })
}

// about returns how often the document has words that go with p.
func (r *reading) about(p *field.Property) int {
	n := 0
	for _, c := range p.Context {
		found, known := r.contexts[c]
		if !known {
			for i := range r.doc.Blocks {
				if r.doc.Blocks[i].Kind != document.Reference {
					found += strings.Count(asciiLower(r.doc.Blocks[i].Text), c)
				}
			}
			r.contexts[c] = found
		}
		n += found
	}
	return n
}

type weighted struct {
	property *field.Property
	weight   float64
}

// pairing is a quantity read as the value of a property.
type pairing struct {
	quantity int // index into mentions.quantities
	property *field.Property
	mention  *propertyMention
	score    float64
	reasons  []string
}

// prose reads the records of block b, which is running text.
func (r *reading) prose(b int) []*record.Record {
	var out []*record.Record
	m := &r.mentions[b]
	for i, s := range m.sentences {
		out = append(out, r.sentence(b, i, s)...)
	}
	return out
}

func (r *reading) sentence(b, index int, s span) []*record.Record {
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	quantities := within(m.quantities, quantitySpan, s)
	if len(quantities) == 0 {
		return nil
	}
	properties := within(m.properties, propertySpan, s)
	subjects := within(m.subjects, subjectSpan, s)
	pairs := r.pairs(b, index, s, quantities, properties, subjects)
	if len(pairs) == 0 {
		return nil
	}
	taken := map[int]bool{}
	for _, p := range pairs {
		taken[p.quantity] = true
	}
	conditions := r.conditions(b, s, quantities, taken)
	assigned := r.assign(b, index, s, quantities, pairs, subjects)
	places := map[*field.Property][]span{} // of the values of each property
	for _, p := range pairs {
		places[p.property] = append(places[p.property], span{quantities[p.quantity].Start, quantities[p.quantity].End})
	}
	var out []*record.Record
	for k, p := range pairs {
		q := &quantities[p.quantity]
		values := places[p.property]
		if assigned[k].subject != nil {
			p.property = fitting(p, assigned[k].subject.subject.Kind, q.Quantity)
		}
		rec, ok := r.newRecord(b, p.property, q.Quantity, span{q.Start, q.End}, s)
		if !ok {
			continue
		}
		a := assigned[k]
		if a.subject == nil {
			continue
		}
		if p.score+a.score < leastScore {
			continue
		}
		rec.Reasons = append(p.reasons, a.reasons...)
		rec.Conditions = ownConditions(conditions, values, slices.Index(values, span{q.Start, q.End}))
		if measured(text, s, q) {
			rec.Conditions = slices.DeleteFunc(rec.Conditions, computes)
		}
		for _, subject := range r.sharers(text, pairs, k, a, subjects) {
			each := *rec
			each.Subject = subject.subject
			c := r.proseCues(b, s, quantities, pairs, k, a, subject, subjects, properties)
			c.extreme(&each, p.property.Low, p.property.High)
			out = r.judge(out, &each, c)
		}
	}
	return out
}

// pairs finds the properties whose values the quantities of sentence index of block b
// are.
func (r *reading) pairs(b, index int, s span, quantities []quantity.Found, properties []propertyMention, subjects []subjectMention) []pairing {
	if !r.stateable(quantities, properties) {
		return r.carried(b, index, quantities, subjects)
	}
	text := r.doc.Blocks[b].Text
	around := newParentheses(text, s)
	var pairs []pairing
	for i := range quantities {
		p, ok := r.pair(text, &around, quantities, i, properties)
		if !ok {
			p, ok = r.bracketed(text, s, quantities, i, properties, subjects)
		}
		if !ok {
			p, ok = r.implied(text, quantities, i)
		}
		if ok {
			pairs = append(pairs, p)
		}
	}
	pairs = r.distribute(text, quantities, properties, subjects, pairs)
	return r.crossed(text, quantities, properties, subjects, pairs)
}

// distribute pairs the values of a list with as many enumerated properties before
// it by their order: "the HOMO and LUMO energies of ZnPc were −5.2 and −3.1 eV", "Voc,
// Jsc and FF of 0.58 V, 1.5 mA/cm2 and 0.34". It leaves lists alone that may belong
// to as many subjects. It returns pairs with those of such lists anew.
func (r *reading) distribute(text string, quantities []quantity.Found, properties []propertyMention, subjects []subjectMention, pairs []pairing) []pairing {
	for from := 0; from < len(quantities); {
		to := from + 1
		for to < len(quantities) && enumerated(text[quantities[to-1].End:quantities[to].Start]) {
			to++
		}
		values, first := quantities[from:to], from
		from = to
		run := enumeratedBefore(text, properties, values[0].Start)
		if len(values) < 2 || len(run) != len(values) || wordCount(text[run[len(run)-1].end:values[0].Start]) > 40 ||
			slices.ContainsFunc(coordinated(text, subjects), func(l []*subjectMention) bool { return len(l) == len(values) }) {
			continue
		}
		var ordered []pairing
		read := slices.Clone(values)
		for i := range read {
			p := r.orderedProperty(text, run[i], &read[i])
			if p == nil && fractional(&read[i]) {
				// "0.34 and 0.3%" for a fill factor and an efficiency
				read[i].Quantity.Unit, read[i].UnitSpan = quantity.Unit{Factor: 1}, quantity.Span{Start: read[i].End, End: read[i].End}
				p = r.orderedProperty(text, run[i], &read[i])
			}
			if p == nil {
				break
			}
			ordered = append(ordered, pairing{first + i, p, run[i], 1, []string{"properties and values in order"}})
		}
		if len(ordered) < len(values) {
			continue
		}
		copy(values, read)
		kept := slices.DeleteFunc(slices.Clone(pairs), func(p pairing) bool { return p.quantity >= first && p.quantity < to })
		pairs = append(kept, ordered...)
		slices.SortFunc(pairs, func(a, b pairing) int { return a.quantity - b.quantity })
	}
	return pairs
}

// orderedProperty returns the property that m names and q can be a value of, nil if
// there is none; of several the likeliest, and of those the one whose field the
// document names most.
func (r *reading) orderedProperty(text string, m *propertyMention, q *quantity.Found) *field.Property {
	var best *field.Property
	weight := 0.0
	for _, w := range r.meaning(text, m) {
		if _, _, ok := convert(w.property, q.Quantity); ok && !bare(q, w.property) && (best == nil || w.weight > weight || w.weight == weight && r.fields[w.property.Field] > r.fields[best.Field]) {
			best, weight = w.property, w.weight
		}
	}
	return best
}

// fractional reports whether q may be a fraction although a list gives it the
// percent sign behind the last of its members.
func fractional(q *quantity.Found) bool {
	return q.UnitSpan.Start >= q.End && q.Quantity.Unit.Dimension == (quantity.Dimension{}) && q.Quantity.High <= 1
}

// enumerated reports whether gap joins the members of a list of values.
func enumerated(gap string) bool {
	switch strings.TrimSpace(gap) {
	case ",", "and", ", and", "/":
		return true
	}
	return false
}

// enumeratedBefore returns the last run of mentions of different properties before
// start that are joined by commas and "and".
func enumeratedBefore(text string, properties []propertyMention, start int) []*propertyMention {
	var run []*propertyMention
	for i := len(properties) - 1; i >= 0; i-- {
		m := &properties[i]
		if m.end > start {
			continue
		}
		if len(run) > 0 && (!coordinates(text[m.end:run[0].start]) && text[m.end:run[0].start] != "/" || samePlace(m, run[0])) {
			break
		}
		run = slices.Insert(run, 0, m)
	}
	return run
}

// fitting returns the property of p, or, if that is not stated of subjects of
// this kind, the one of another field that shares the words and is: the melting
// temperature of a polymer is not that of a solid.
func fitting(p pairing, kind record.Kind, q quantity.Quantity) *field.Property {
	statedOf := func(p *field.Property) bool {
		return len(p.Subjects) == 0 || kind == record.Named || slices.Contains(p.Subjects, string(kind))
	}
	if statedOf(p.property) {
		return p.property
	}
	for _, strong := range []bool{true, false} {
		for _, e := range p.mention.entries {
			if e.weak != strong && statedOf(e.property) {
				if _, _, ok := convert(e.property, q); ok {
					return e.property
				}
			}
		}
	}
	return p.property
}

// sharers returns the subjects to which the value of pairs[k] belongs: the
// assigned one, and those that are enumerated with it before the property, as
// in "BiOI and BiSI have band gaps of 1.6–1.9 eV", if the property has no other
// value in the sentence.
func (r *reading) sharers(text string, pairs []pairing, k int, a assignment, subjects []subjectMention) []*subjectMention {
	alone := []*subjectMention{a.subject}
	if a.subject.end > pairs[k].mention.start {
		return alone
	}
	for o := range pairs {
		if o != k && pairs[o].property == pairs[k].property {
			return alone
		}
	}
	for _, list := range coordinated(text, subjects) {
		for _, s := range list {
			last := list[len(list)-1]
			if s == a.subject && last.end <= pairs[k].mention.start && joined(text[list[len(list)-2].end:last.start]) {
				return list
			}
		}
	}
	return alone
}

// joined reports whether gap, in front of the last member of an enumeration, has
// more than a comma: "A, B" alone may be two phrases.
func joined(gap string) bool {
	for _, w := range []string{"and", "or", "&", "및", "와", "과"} {
		if strings.Contains(gap, w) {
			return true
		}
	}
	return false
}

// within returns the part of items, which ascend, whose spans lie inside s.
func within[T any](items []T, at func(T) span, s span) []T {
	from, _ := slices.BinarySearchFunc(items, s.start, func(item T, start int) int { return at(item).start - start })
	to := from
	for to < len(items) && at(items[to]).end <= s.end {
		to++
	}
	return items[from:to]
}

// overlapping returns the span of the one of items, which ascend and do not overlap
// each other, that overlaps s, the last if there are several.
func overlapping[T any](items []T, at func(T) span, s span) (span, bool) {
	n, _ := slices.BinarySearchFunc(items, s.end, func(item T, end int) int { return at(item).start - end })
	if n == 0 || !at(items[n-1]).overlaps(s) {
		return span{}, false
	}
	return at(items[n-1]), true
}

func subjectSpan(s subjectMention) span   { return s.span }
func propertySpan(p propertyMention) span { return p.span }
func quantitySpan(q quantity.Found) span  { return span{q.Start, q.End} }

// leastScore is the sum of cues under which a reading is not looked at further.
const leastScore = -1.4

// judge gives rec its confidence and appends it to out, unless that is below
// the floor.
func (r *reading) judge(out []*record.Record, rec *record.Record, c Cues) []*record.Record {
	rec.Confidence = r.x.judge.Confidence(c)
	if rec.Confidence < r.x.floor {
		return out
	}
	r.cues[rec] = c
	return append(out, rec)
}

// pair finds the property whose value quantity i most likely is.
func (r *reading) pair(text string, around *parentheses, quantities []quantity.Found, i int, properties []propertyMention) (pairing, bool) {
	q := &quantities[i]
	best := pairing{score: -1}
	for j := range properties {
		m := &properties[j]
		for _, w := range r.meaning(text, m) {
			if _, _, ok := convert(w.property, q.Quantity); !ok || bare(q, w.property) || w.weight < 0.6 && unitless(q, w.property) {
				continue
			}
			score, reasons := r.link(text, around, quantities, i, properties, j)
			score += 1.2 * (w.weight - 1)
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
	return best, best.property != nil && best.score > -0.5
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
			if _, _, ok := convert(w.property, q.Quantity); !ok || q.UnitSpan.End == q.UnitSpan.Start || m.overlaps(span{q.Start, q.End}) {
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
	if leadWord(text, q.Start) == "by" {
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
	if m.end <= q.Start {
		gap := outside(text[m.end:q.Start])
		switch words := wordCount(gap); {
		case strings.TrimSpace(gap) == "" || isJoin(gap):
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
		if others := between(around, properties, m.end, q.Start, m); others > 0 {
			say(-0.8*float64(min(others, 3)), "another property stands between")
		}
		if n := rivals(around, quantities, i, m.end, q.Start); n > 0 && q.List == 0 && !listed(text, quantities, i) {
			say(-0.35*float64(min(n, 3)), "another value stands between")
		}
		if strings.ContainsAny(gap, ";") {
			score -= 0.5
		}
	} else {
		gap := text[q.End:m.start]
		switch words := wordCount(gap); {
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
	if other := symbolBefore(text, first.Number.Start); other != "" && !ends(text, m, first.Number.Start) {
		say(-2.2, "the value of “"+other+"”")
	}
	if lead := leadWord(text, q.Start); lead == "by" && moved(text, q.Start) {
		say(-3, "by how much the property changes")
	} else if lead != "" && circumstance(lead, text, q.Start, m) {
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
	if word := changed(text, m, q); word != "" {
		say(-3, "a change of the property (“"+word+"”)")
	}
	after := asciiLower(text[q.End:min(len(text), q.End+12)])
	if strings.HasPrefix(after, " above the ") || strings.HasPrefix(after, " below the ") {
		say(-2.5, "a distance from a level, not the value")
	}
	switch word, rest := nextWord(text[q.End:]); {
	case !comparative[word]:
	case word == "above" || word == "below" || rest != "" && rest[0] == ' ' && !strings.HasPrefix(rest, " than "):
		say(-0.9, "a difference or a side of a limit, not the value")
	default:
		say(-2.5, "a difference (“"+word+"”)")
	}
	if m.start >= q.End && q.Quantity.Unit.Symbol == "%" && shareOf(text[q.End:m.start]) && keeps(text, q.Start) {
		say(-3, "a share of the property")
	}
	return score, reasons
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

// shareOf reports whether gap joins a share and what it is a share of: "70% of the
// initial capacity".
func shareOf(gap string) bool {
	switch strings.TrimSpace(gap) {
	case "of", "of the", "of its", "of their", "of the initial", "of its initial", "of the original", "of its original", "of the maximum":
		return true
	}
	return false
}

// keeps reports whether a verb that says what is left of a property stands shortly
// before start: "recovered 80%".
func keeps(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-32):start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-3; i-- {
		for _, stem := range []string{"recover", "retain", "maintain", "keep", "kept", "preserv", "regain", "restor", "lost", "loses", "losing"} {
			if strings.HasPrefix(w[i], stem) {
				return true
			}
		}
	}
	return false
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
	return g == "" || isJoin(g) || g == "to" || g == "by" || strings.HasSuffix(g, "=")
}

// unlisted returns gap, from a property to a number, without the numbers that are
// enumerated before that one: " of 2.8, 2.5 and " is " of".
func unlisted(gap string) string {
	listed := strings.TrimRight(gap, " ")
	for {
		rest := strings.TrimSuffix(listed, "and")
		rest = strings.TrimRight(rest, ", ")
		number := strings.TrimRight(rest, "0123456789.")
		if len(rest) == len(listed) || len(number) == len(rest) {
			return gap
		}
		gap = number
		listed = strings.TrimRight(number, " ")
	}
}

func wordCount(s string) int { return len(strings.Fields(s)) }

func startsWithWord(s string, words ...string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return slices.Contains(words, first)
}

// outside returns s without what stands in parentheses that open and close in it.
func outside(s string) string {
	if strings.IndexByte(s, ')') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	var open []int // where the parentheses that are open begin in out
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ')' && len(open) > 0:
			out, open = out[:open[len(open)-1]], open[:len(open)-1]
			continue
		case s[i] == '(':
			open = append(open, len(out))
		}
		out = append(out, s[i])
	}
	return string(out)
}

// parentheses tells which parentheses stand around the bytes of a sentence.
type parentheses struct {
	start  int // of the sentence
	end    int
	pairs  []span  // from "(" to ")"
	around []int32 // of each byte, 1 + the index of the innermost pair, 0 for none
}

func newParentheses(text string, s span) parentheses {
	b := parentheses{start: s.start, end: s.end}
	if strings.IndexByte(text[s.start:s.end], ')') < 0 {
		return b
	}
	var open []int
	pairAt := map[int]int32{} // by "(" and by ")"
	for i := s.start; i < s.end; i++ {
		switch {
		case text[i] == '(':
			open = append(open, i)
		case text[i] == ')' && len(open) > 0:
			b.pairs = append(b.pairs, span{open[len(open)-1], i})
			pairAt[open[len(open)-1]], pairAt[i] = int32(len(b.pairs)), int32(len(b.pairs))
			open = open[:len(open)-1]
		}
	}
	b.around = make([]int32, s.end-s.start)
	var inside []int32
	for i := range b.around {
		p := pairAt[s.start+i]
		if p > 0 && b.pairs[p-1].end == s.start+i {
			inside = inside[:len(inside)-1]
		}
		if len(inside) > 0 {
			b.around[i] = inside[len(inside)-1]
		}
		if p > 0 && b.pairs[p-1].start == s.start+i {
			inside = append(inside, p)
		}
	}
	return b
}

// aside reports whether what stands at i is in parentheses that open and close
// between from and to.
func (b *parentheses) aside(from, to, i int) bool {
	if b.around == nil || b.around[i-b.start] == 0 {
		return false
	}
	p := b.pairs[b.around[i-b.start]-1]
	return p.start >= from && p.end < to
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

// listed reports whether quantity i is one of several that are enumerated:
// "1930 K for Fe and 2550 K for fcc Co", "from 25 K … to 69–102 K".
func listed(text string, quantities []quantity.Found, i int) bool {
	if quantities[i].List > 0 {
		return true
	}
	if i == 0 {
		return false
	}
	gap := asciiLower(outside(text[quantities[i-1].End:quantities[i].Start]))
	if wordCount(gap) > 9 {
		return false
	}
	for _, w := range []string{" and ", " or ", ", ", " to ", " while ", " whereas "} {
		if strings.Contains(gap, w) {
			return true
		}
	}
	return strings.HasSuffix(gap, " to ")
}

// symbolBefore returns the symbol that a value is set equal to, as in
// "TK = 14 K", or nothing.
func symbolBefore(text string, start int) string {
	before := strings.TrimRight(text[max(0, start-40):start], " ~∼≈−-")
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
	between := strings.Trim(text[m.end:start], " =~∼≈){}$−-,")
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

// changed returns the word by which a value of m is a change of the property and
// not the property, "the band gap reduction (0.58 eV)", "an increase in the band
// gap of 0.1 eV", or nothing. What the property changes to is its value.
func changed(text string, m *propertyMention, q *quantity.Found) string {
	if lead := leadWord(text, q.Start); q.Start < m.end || lead == "to" || lead == "from" || q.Quantity.Low != q.Quantity.High {
		return ""
	}
	after := strings.TrimLeft(asciiLower(text[m.end:min(q.Start, m.end+24)]), " ")
	if first, _, _ := strings.Cut(after, " "); changes[strings.TrimRight(first, ",")] || strings.HasSuffix(first, "ions") && changes[strings.TrimSuffix(first, "s")] {
		return first
	} else if changes[strings.TrimSuffix(first, "s")] && wordCount(text[m.end:q.Start]) <= 2 {
		return first // "increases about 20 K", but not "decreases with x, being 3.2 eV"
	}
	before := strings.Fields(asciiLower(text[max(0, m.start-48):m.start]))
	for i := len(before) - 1; i > 0 && i >= len(before)-4; i-- {
		if w := before[i]; (w == "in" || w == "of") && changes[strings.TrimSuffix(before[i-1], "s")] {
			return before[i-1]
		}
	}
	return ""
}

// moved reports whether a verb of change stands shortly before start: "decreases by
// nearly 580 K".
func moved(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-48):start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-4; i-- {
		for _, stem := range []string{"increas", "decreas", "reduc", "rais", "lower", "shift", "drop", "enhanc", "improv", "differ", "exceed", "chang", "widen", "narrow", "var", "rose", "fell", "fall", "grew", "boost"} {
			if strings.HasPrefix(w[i], stem) {
				return true
			}
		}
	}
	return false
}

// changes are the words for a change of a property.
var changes = map[string]bool{
	"reduction": true, "decrease": true, "increase": true, "change": true, "shift": true, "difference": true, "variation": true, "narrowing": true,
	"widening": true, "renormalization": true, "renormalisation": true, "enhancement": true, "improvement": true, "drop": true, "gain": true, "loss": true, "rise": true, "splitting": true, "correction": true,
	"lowering": true, "modulation": true, "broadening": true,
	"uncertainty": true, "error": true, "accuracy": true, "precision": true, "deviation": true, "discrepancy": true, "underestimation": true, "overestimation": true, "scatter": true,
}
