package extract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Claim is a record as another reader states it, such as a language model: in
// block Block, Subject has Property with Value. Subject and Value are words of
// the document.
type Claim struct {
	Block    int    // index into Document.Blocks
	Subject  string // as written in the block, or before it
	Property string // "solid/band-gap"
	Value    string // number and unit as written in the block
}

// Checker holds claims about one document against what stands there.
type Checker struct{ reading *reading }

// Checker returns a checker of claims about doc.
func (x *Extractor) Checker(doc *document.Document) *Checker {
	return &Checker{newReading(x, doc)}
}

// Stated reports whether block b is running text in which a record may stand:
// it holds a quantity with a unit, and names a property or a subject.
func (c *Checker) Stated(b int) bool {
	block := &c.reading.doc.Blocks[b]
	if block.Kind == document.Reference || block.Kind == document.Heading || block.Kind == document.Tabular {
		return false
	}
	m := &c.reading.mentions[b]
	if len(m.properties) == 0 && len(m.subjects) == 0 {
		return false
	}
	for _, q := range m.quantities {
		if q.UnitSpan.End > q.UnitSpan.Start {
			return true
		}
	}
	return false
}

// Record returns the record that claim states, without confidence and reasons.
// It reports an error that says what is wrong if a part of claim does not stand
// where it must, if the value is no quantity of the property's dimension, or if
// it is implausible.
func (c *Checker) Record(claim Claim) (*record.Record, error) {
	r := c.reading
	if claim.Block < 0 || claim.Block >= len(r.doc.Blocks) {
		return nil, fmt.Errorf("block %d does not exist; the document has %d", claim.Block, len(r.doc.Blocks))
	}
	b := claim.Block
	block := &r.doc.Blocks[b]
	if block.Kind == document.Tabular || block.Kind == document.Reference {
		return nil, fmt.Errorf("block %d is a %s, not running text", b, block.Kind)
	}
	p := r.x.fields.Property(claim.Property)
	if p == nil {
		return nil, fmt.Errorf("no field declares a property %q", claim.Property)
	}
	subject, ok := c.subject(b, claim.Subject)
	if !ok {
		return nil, fmt.Errorf("block %d: the subject %q stands neither there nor before", b, claim.Subject)
	}
	q, err := c.value(b, p, claim.Value, subject)
	if err != nil {
		return nil, fmt.Errorf("block %d: %w", b, err)
	}
	s := span{q.Start, q.End}
	rec, _ := r.newRecord(b, p, q.Quantity, s, r.sentenceAt(b, s))
	rec.Subject = subject
	rec.Identify()
	return rec, nil
}

// value finds the quantity that text is. Where the same words stand several
// times, the place nearest behind the subject counts.
func (c *Checker) value(b int, p *field.Property, text string, subject record.Subject) (*quantity.Found, error) {
	block := &c.reading.doc.Blocks[b]
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, fmt.Errorf("the value is empty")
	}
	var best *quantity.Found
	stands, fits := false, false
	far := len(block.Text) + 1
	for from := 0; ; {
		i := strings.Index(block.Text[from:], text)
		if i < 0 {
			break
		}
		at := span{from + i, from + i + len(text)}
		from = at.start + 1
		stands = true
		found := c.reading.mentions[b].quantities
		for k := range found {
			q := &found[k]
			if !at.overlaps(span{q.Number.Start, q.Number.End}) {
				continue
			}
			if _, _, ok := convert(p, q.Quantity); !ok || bare(q, p) {
				continue
			}
			fits = true
			distance := q.Start
			if subject.Block == b {
				if distance -= subject.Start; distance < 0 {
					distance = -2 * distance
				}
			}
			if distance < far {
				best, far = q, distance
			}
		}
	}
	switch {
	case !stands:
		return nil, fmt.Errorf("the value %q does not stand there", text)
	case !fits:
		return nil, fmt.Errorf("the value %q is no plausible value of %s in %s", text, p.ID(), p.Unit.Symbol)
	}
	return best, nil
}

// subject finds name in block b or, failing that, in the blocks before it.
func (c *Checker) subject(b int, name string) (record.Subject, bool) {
	name = strings.TrimSpace(name)
	if name == "" {
		return record.Subject{}, false
	}
	for at := b; at >= 0; at-- {
		text := c.reading.doc.Blocks[at].Text
		if c.reading.doc.Blocks[at].Kind == document.Reference {
			continue
		}
		for _, m := range c.reading.mentions[at].subjects {
			if m.subject.Text == name {
				return m.subject, true
			}
		}
		if i := strings.Index(text, name); i >= 0 && wholeWord(text, i, i+len(name)) {
			s := record.Subject{Text: name, Name: nominal(name), Kind: record.Named, Block: at, Start: i, End: i + len(name)}
			return s, true
		}
	}
	return record.Subject{}, false
}

// sentenceAt returns the sentence of block b that holds s.
func (r *reading) sentenceAt(b int, s span) span {
	for _, sentence := range r.mentions[b].sentences {
		if sentence.start <= s.start && s.end <= sentence.end {
			return sentence
		}
	}
	return s
}

// Sentences returns the sentences of block b that may hold a record, as Stated
// says of the block: in order, as bytes of its text.
func (c *Checker) Sentences(b int) []quantity.Span {
	if !c.Stated(b) {
		return nil
	}
	m := &c.reading.mentions[b]
	var out []quantity.Span
	for _, s := range m.sentences {
		quantities := within(m.quantities, func(q quantity.Found) span { return span{q.Start, q.End} }, s)
		named := len(within(m.properties, func(p propertyMention) span { return p.span }, s)) + len(within(m.subjects, func(p subjectMention) span { return p.span }, s))
		if named > 0 && slices.ContainsFunc(quantities, func(q quantity.Found) bool { return q.UnitSpan.End > q.UnitSpan.Start }) {
			out = append(out, quantity.Span{Start: s.start, End: s.end})
		}
	}
	return out
}
