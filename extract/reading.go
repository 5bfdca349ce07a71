package extract

import (
	"slices"
	"strings"

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
	numbers  map[string]record.Subject  // that the document gives to its compounds: "1", "3a"
	foreign  map[string]definition      // symbols that the document defines as something that no field knows
	symbols  map[string]*field.Property // symbols that the document defines: "Curie temperature (Tc)"
	named    map[*field.Property]int    // how often each property is named by a name that is not weak
	fields   map[string]int             // how often properties of each field are named by a name that no other field shares
	main     *subjectMention

	serial        map[string]bool // labels of series of samples: "S1", "S2", "S3"
	vacancies     bool            // the document speaks of vacancies, whose symbols look like formulas
	lower         []string        // the texts of blocks in lower case, once something is looked for in them
	contexts      map[string]int  // how often the document has words with the beginnings that properties declare
	abbreviations map[string]bool // of words that are no subjects: "PSCs"
	cues          map[*record.Record]Cues
	circum        carried
}

// mentions is what stands in one block.
type mentions struct {
	words         []word
	sentences     []span
	subjects      []subjectMention
	known         []subjectMention // those without labels, as read when the document had so many
	abbreviations int              // abbreviations of words that are no subjects
	ranges        []labelRange
	properties    []propertyMention
	occurrences   []propertyMention // of what happens at values
	quantities    []quantity.Found
	announcing    []bool         // whether each sentence says what was made or studied; nil until asked
	valued        map[int]string // key of the subject of the sentence that has the last value
}

func newReading(x *Extractor, doc *document.Document) *reading {
	r := &reading{
		x: x, doc: doc, mentions: make([]mentions, len(doc.Blocks)),
		defined: map[string]record.Subject{}, numbers: map[string]record.Subject{}, cues: map[*record.Record]Cues{}, abbreviations: map[string]bool{}, symbols: map[string]*field.Property{}, named: map[*field.Property]int{}, fields: map[string]int{}, contexts: map[string]int{}, serial: map[string]bool{}, foreign: map[string]definition{},
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
		m.words = words(b.Text, span{0, len(b.Text)})
		m.properties = x.lexicon.find(b.Text, m.words)
		m.properties = slices.DeleteFunc(m.properties, func(p propertyMention) bool { return p.symbol && r.serial[p.key] })
		r.defineSymbols(b.Text, m.properties)
		if b.Kind == document.Tabular {
			continue
		}
		m.occurrences = x.lexicon.occurrences(b.Text, m.words)
		m.subjects = r.subjects(i)
		r.define(i, m.subjects)
		r.number(i, m.subjects)
		m.sentences = sentences(b.Text)
		m.quantities = changesApart(b.Text, quantity.Scan(b.Text, shifted(b)))
		bounds(b.Text, m.quantities)
	}
	if len(r.defined)+len(r.numbers) > 0 {
		for i := range doc.Blocks {
			if k := doc.Blocks[i].Kind; k != document.Reference && k != document.Tabular {
				r.mentions[i].subjects = r.subjects(i)
			}
		}
	}
	templates := map[string]string{}
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.sentences != nil {
			r.placeholders(i, templates)
		}
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
	r.devices()
	r.main = r.mainSubject()
	return r
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
		r.setUp(b, s)
		return nil
	}
	subjects = slices.DeleteFunc(slices.Clone(subjects), func(s subjectMention) bool { // "Mn of PLA" is no manganese
		return slices.ContainsFunc(pairs, func(p pairing) bool { return p.mention.overlaps(s.span) })
	})
	taken := map[int]bool{}
	for _, p := range pairs {
		taken[p.quantity] = true
	}
	conditions := r.conditions(b, s, quantities, taken)
	defer r.remember(b, conditions)
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
		rec.Reasons = slices.Clip(slices.Concat(p.reasons, a.reasons)) // members of a list share theirs, subjects of a value these
		rec.Conditions = ownConditions(text, suited(conditions, p.property), values, slices.Index(values, span{q.Start, q.End}))
		rec.Conditions = r.carry(b, s, p.property, rec.Conditions)
		if p.property.Name == "lattice-parameter" {
			if axis, ok := cellAxis(text, b, p.mention, q); ok {
				rec.Conditions = append(rec.Conditions, axis)
			}
		}
		if p.property.Unit.Dimension == kelvin {
			// a temperature is measured at none
			rec.Conditions = slices.DeleteFunc(rec.Conditions, func(c record.Condition) bool { return c.Name == "temperature" })
		}
		if measured(text, s, q) {
			rec.Conditions = slices.DeleteFunc(rec.Conditions, computes)
		}
		if a.subject.block == b && a.subject.start >= s.start && a.subject.end <= s.end {
			if m.valued == nil {
				m.valued = map[int]string{}
			}
			m.valued[index] = a.subject.key
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

// sharers returns the subjects to which the value of pairs[k] belongs: the
// assigned one, and those that are enumerated with it before the property, as
// in "BiOI and BiSI have band gaps of 1.6–1.9 eV", if the property is in the plural
// or said of each and has no other value in the sentence.
func (r *reading) sharers(text string, pairs []pairing, k int, a assignment, subjects []subjectMention) []*subjectMention {
	alone := []*subjectMention{a.subject}
	m := pairs[k].mention
	if a.subject.end > m.start {
		return alone
	}
	gap := text[a.subject.end:m.start]
	if !strings.HasSuffix(text[m.start:m.end], "s") && !strings.Contains(gap, " both ") && !strings.Contains(gap, " each ") {
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
			if s == a.subject && last.end <= m.start && joined(text[list[len(list)-2].end:last.start]) {
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

func subjectSpan(s subjectMention) span { return s.span }

func wordSpan(w word) span { return w.span }

func propertySpan(p propertyMention) span { return p.span }

func quantitySpan(q quantity.Found) span { return span{q.Start, q.End} }

// kelvin is the dimension of temperatures.
var kelvin = mustParse("K").Dimension

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
