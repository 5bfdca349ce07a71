// Package extract turns the blocks of a document into records: it finds
// quantities, subjects, properties and conditions in sentences and tables and
// decides which belong together.
//
// The decision is a sum of weighted cues, each with a reason that the record
// keeps. Nothing here invents text: every part of a record is a span of the
// document.
package extract

import (
	"sort"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract/tagger"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Extractor reads records of the properties of its fields. It is safe for
// concurrent use.
type Extractor struct {
	fields         *field.Set
	lexicon        *lexicon
	conditionUnits []conditionUnit
	judge          *Judge
	subjects       *tagger.Tagger // nil for the built-in one, which is read when it is first needed
	floor          float64
}

// New returns an extractor that knows the properties of fields, with the judge
// that is part of the program.
func New(fields *field.Set) *Extractor {
	return &Extractor{fields: fields, lexicon: newLexicon(fields), conditionUnits: newConditionUnits(), judge: builtIn(), floor: Floor}
}

// WithJudge returns x with another judge.
func (x *Extractor) WithJudge(j *Judge) *Extractor {
	y := *x
	y.judge = j
	return &y
}

// WithSubjects returns x with another tagger of subjects.
func (x *Extractor) WithSubjects(t *tagger.Tagger) *Extractor {
	y := *x
	y.subjects = t
	return &y
}

// WithFloor returns x with another confidence under which readings are not
// reported.
func (x *Extractor) WithFloor(least float64) *Extractor {
	y := *x
	y.floor = least
	return &y
}

// Extract returns the records that doc states, in reading order. Records below
// the floor are left out.
func (x *Extractor) Extract(doc *document.Document) []*record.Record {
	return newReading(x, doc).records()
}

// Readings returns all that doc may state, however unlikely, with the cues of
// each: what judges are trained on.
func (x *Extractor) Readings(doc *document.Document) ([]*record.Record, []Cues) {
	r := newReading(x.WithFloor(0), doc)
	records := r.records()
	out := make([]Cues, len(records))
	for i, rec := range records {
		out[i] = r.cues[rec]
	}
	return records, out
}

// records reads all blocks.
func (r *reading) records() []*record.Record {
	doc := r.doc
	var out []*record.Record
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		switch b.Kind {
		case document.Reference, document.Heading:
			continue
		case document.Tabular:
			out = append(out, r.table(i)...)
		default:
			out = append(out, r.prose(i)...)
		}
	}
	recognised(doc, out)
	return r.merge(out)
}

// Floor is the confidence under which a reading is not reported. On the papers of
// the bandgap-papers corpus, which are for development, readings below it cost
// more precision than they give recall.
const Floor = 0.3

// merge drops records that say the same of the same subject in the same
// sentence or cell, keeping the most confident, and gives each its identity.
func (r *reading) merge(records []*record.Record) []*record.Record {
	sort.SliceStable(records, func(i, j int) bool { return records[i].Evidence.Block < records[j].Evidence.Block })
	seen := map[string]*record.Record{}
	out := records[:0]
	for _, rec := range records {
		rec.Identify()
		if old := seen[rec.ID]; old != nil {
			if rec.Confidence > old.Confidence {
				*old, r.cues[old] = *rec, r.cues[rec]
			}
			continue
		}
		seen[rec.ID] = rec
		out = append(out, rec)
	}
	return out
}

// shifted returns the superscripts of b as quantity wants them.
func shifted(b *document.Block) []quantity.Span {
	var out []quantity.Span
	for _, s := range b.Shifts {
		if s.Raised {
			out = append(out, quantity.Span{Start: s.Start, End: s.End})
		}
	}
	return out
}

// newRecord makes a record of q, read at value in block b, for property p.
// It reports false if the unit does not fit or the value is implausible.
func (r *reading) newRecord(b int, p *field.Property, q quantity.Quantity, value span, sentence span) (*record.Record, bool) {
	unit, in, ok := convert(p, q)
	if !ok {
		return nil, false
	}
	block := &r.doc.Blocks[b]
	rec := &record.Record{
		Document: r.doc.ID,
		Name:     r.doc.Name,
		Property: p.ID(),
		Text:     block.Text[value.start:value.end],
		Low:      finite(in.Low),
		High:     finite(in.High),
		Error:    in.Uncertainty,
		Approx:   in.Approximate,
		Unit:     unit.Symbol,
		Evidence: record.Evidence{
			Block: b, Page: block.Page, Start: value.start, End: value.end,
			Text: block.Text[value.start:value.end], Sentence: block.Text[sentence.start:sentence.end],
		},
	}
	return rec, true
}

// share reports whether u says what part of a whole something is, which is no value
// of a property without unit: "10 wt%".
func share(u quantity.Unit) bool {
	switch u.Symbol {
	case "wt%", "at%", "mol%", "vol%":
		return true
	}
	return false
}

// convert brings q to p's canonical unit, or leaves it in one of the units of
// another dimension that p also takes. Values outside the plausible range do
// not pass.
func convert(p *field.Property, q quantity.Quantity) (quantity.Unit, quantity.Quantity, bool) {
	if q.Unit.Unknown || !p.IsPercentage() && share(q.Unit) {
		return quantity.Unit{}, q, false
	}
	if in, err := q.In(p.Unit); err == nil {
		return p.Unit, in, p.Plausible(in.Low, in.High)
	}
	for _, u := range p.Alternatives {
		if in, err := q.In(u); err == nil {
			return u, in, p.PlausibleIn(u, in.Low, in.High)
		}
	}
	return quantity.Unit{}, q, false
}
