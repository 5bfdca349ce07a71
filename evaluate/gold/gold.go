// Package gold makes annotation sheets from a reader's own papers, and scores
// what is read in them against her answers.
//
// A sheet is a CSV file of passages: sentences and tables, each with the
// records that were read in it, and sentences in which none was read although
// there is a quantity. She writes a verdict beside every record and adds what
// was missed. Passages without all verdicts do not count.
package gold

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Passage is a sentence, or a table, of a document.
type Passage struct {
	Document document.ID
	Name     string // of the document
	Block    int
	Page     int
	Table    bool   // the passage is a whole table, not a sentence
	Text     string // the sentence, or the table's label and caption
	Rows     []Row
}

// Row is a record of a passage, with what the reader says of it. A passage
// without a record has one row that holds none.
type Row struct {
	Subject, Property, Value string  // as read; empty where nothing was
	Conditions               string  // as read, for her information
	Confidence               float64 // as read

	Verdict                                 Verdict
	RightSubject, RightProperty, RightValue string // what the passage says instead; empty where what was read stands

	Line int // row of the sheet that it was read from, the head being row 1; 0 for others
}

// Verdict is what the reader says of a row.
type Verdict string

// The verdicts.
const (
	Open   Verdict = ""       // not judged yet
	Right  Verdict = "right"  // stated so; on a row without a record: nothing is stated
	Wrong  Verdict = "wrong"  // not stated so; what is, may stand in the corrections
	Missed Verdict = "missed" // stated, and not read; a row that she added
)

// empty reports whether the row holds no record.
func (r *Row) empty() bool { return r.Subject == "" && r.Property == "" && r.Value == "" }

// truth returns what the passage states where the row stands, and whether it
// states anything.
func (r *Row) truth() (subject, property, value string, ok bool) {
	pick := func(right, read string) string {
		if right != "" {
			return right
		}
		return read
	}
	subject, property, value = pick(r.RightSubject, r.Subject), pick(r.RightProperty, r.Property), pick(r.RightValue, r.Value)
	corrected := r.RightSubject != "" || r.RightProperty != "" || r.RightValue != ""
	switch r.Verdict {
	case Right:
		return subject, property, value, !r.empty()
	case Wrong:
		return subject, property, value, corrected
	case Missed:
		return subject, property, value, true
	}
	return "", "", "", false
}

// Judged reports whether every row of p has a verdict.
func (p *Passage) Judged() bool {
	return !slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Verdict == Open })
}

// Draft returns the passages of doc: those that records were read in, and the
// sentences that x thinks may hold one and where none was read.
func Draft(x *extract.Extractor, doc *document.Document, records []*record.Record) []*Passage {
	type place struct {
		block int
		text  string
	}
	byPlace := map[place]*Passage{}
	begins := map[*Passage]int{} // byte of the block
	var out []*Passage
	at := func(block int, text string) *Passage {
		b := &doc.Blocks[block]
		table := b.Table != nil
		if table {
			text = strings.TrimSpace(b.Table.Label + " " + b.Table.Caption)
		}
		p := byPlace[place{block, text}]
		if p == nil {
			p = &Passage{Document: doc.ID, Name: doc.Name, Block: block, Page: b.Page, Table: table, Text: text}
			byPlace[place{block, text}] = p
			begins[p] = strings.Index(b.Text, text)
			out = append(out, p)
		}
		return p
	}
	for _, r := range records {
		p := at(r.Evidence.Block, r.Evidence.Sentence)
		p.Rows = append(p.Rows, Row{Subject: r.Subject.Text, Property: r.Property, Value: valueOf(r), Conditions: conditions(r), Confidence: r.Confidence})
	}
	c := x.Checker(doc)
	for b := range doc.Blocks {
		for _, s := range c.Sentences(b) {
			if p := at(b, doc.Blocks[b].Text[s.Start:s.End]); len(p.Rows) == 0 {
				p.Rows = []Row{{}}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *Passage) int {
		return cmp.Or(a.Block-b.Block, begins[a]-begins[b])
	})
	return out
}

// valueOf returns the value of r as written or, where that does not say it all,
// because the unit or a power of ten stands in a table's head, in r's unit.
func valueOf(r *record.Record) string {
	unit, err := quantity.ParseUnit(r.Unit)
	if err != nil {
		return strings.TrimSpace(r.Text + " " + r.Unit)
	}
	if found := quantity.Scan(r.Text, nil); len(found) == 1 && found[0].UnitSpan.End > found[0].UnitSpan.Start {
		if in, err := found[0].Quantity.In(unit); err == nil && same(in.Low, r.Low) && same(in.High, r.High) {
			return r.Text
		}
	}
	q := quantity.Quantity{Low: math.Inf(-1), High: math.Inf(1), Uncertainty: r.Error, Approximate: r.Approx, Unit: unit}
	if r.Low != nil {
		q.Low = *r.Low
	}
	if r.High != nil {
		q.High = *r.High
	}
	return q.String()
}

func conditions(r *record.Record) string {
	var out []string
	for _, c := range r.Conditions {
		out = append(out, c.Name+" "+c.Text)
	}
	return strings.Join(out, "; ")
}

// Sampler keeps a random choice of passages, every one with the same chance:
// half of the places for passages with a record, half for those without. Places
// that one half does not need go to the other.
type Sampler struct {
	n            int
	rng          *rand.Rand
	with, others reservoir
}

// NewSampler returns a sampler of n passages. The choice depends on rng and the
// order of the passages alone.
func NewSampler(n int, rng *rand.Rand) *Sampler {
	return &Sampler{n: n, rng: rng}
}

// reservoir is a sample of unknown many (Vitter, ACM Trans. Math. Softw. 11
// (1985) 37, algorithm R).
type reservoir struct {
	seen int
	kept []sampled
}

// sampled is a passage with its place in the order in which passages came.
type sampled struct {
	order   int
	passage *Passage
}

// Add offers p to the sample.
func (s *Sampler) Add(p *Passage) {
	r := &s.others
	if !p.Rows[0].empty() {
		r = &s.with
	}
	r.seen++
	item := sampled{s.with.seen + s.others.seen, p}
	if len(r.kept) < s.n {
		r.kept = append(r.kept, item)
	} else if i := s.rng.IntN(r.seen); i < s.n {
		r.kept[i] = item
	}
}

// Passages returns the sample, in the order in which the passages came.
func (s *Sampler) Passages() []*Passage {
	with := min(len(s.with.kept), max(s.n-s.n/2, s.n-len(s.others.kept)))
	others := min(len(s.others.kept), s.n-with)
	chosen := slices.Concat(s.draw(s.with.kept, with), s.draw(s.others.kept, others))
	slices.SortFunc(chosen, func(a, b sampled) int { return a.order - b.order })
	var out []*Passage
	for _, c := range chosen {
		out = append(out, c.passage)
	}
	return out
}

// draw returns n of kept by chance.
func (s *Sampler) draw(kept []sampled, n int) []sampled {
	kept = slices.Clone(kept)
	s.rng.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
	return kept[:n]
}

// String names p for a message.
func (p *Passage) String() string {
	if p.Page > 0 {
		return fmt.Sprintf("%s: page %d, block %d", p.Name, p.Page, p.Block)
	}
	return fmt.Sprintf("%s: block %d", p.Name, p.Block)
}
