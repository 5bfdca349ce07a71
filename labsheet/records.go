package labsheet

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Confidence is that of a record whose column a person has confirmed. What is
// left is mistakes in the sheet itself.
const Confidence = 0.97

// Records reads doc as m says. A cell that cannot be read as its column says is
// left out and reported among rejected, with the place and the reason. The error
// says where m does not fit doc, as one that was made for another sheet.
func (m *Mapping) Records(doc *document.Document, fields *field.Set) (records []*record.Record, rejected []string, err error) {
	found := tables(doc)
	for _, t := range m.Tables {
		if t.Table < 1 || t.Table > len(found) {
			return nil, nil, fmt.Errorf("%s:%d: there is no table %d in %s, which has %d; %s", m.file, t.line, t.Table, doc.Name, len(found), another)
		}
		r := rows{doc: doc, block: found[t.Table-1], fields: fields, table: t}
		if err := r.read(); err != nil {
			return nil, nil, fmt.Errorf("%s:%w", m.file, err)
		}
		records = append(records, r.records...)
		rejected = append(rejected, r.rejected...)
	}
	return records, rejected, nil
}

// another says what to do with a mapping that does not fit its sheet.
const another = "if the mapping is of another sheet, move it away and make one: alkahest sheet --save"

// rows reads the rows of one table.
type rows struct {
	doc      *document.Document
	block    int
	fields   *field.Set
	table    Table
	records  []*record.Record
	rejected []string
}

func (r *rows) read() error {
	b := &r.doc.Blocks[r.block]
	grid := b.Table.Grid()
	names := heads(b, grid)
	subject := -1
	for _, c := range r.table.Columns {
		if c.Column > len(names) || names[c.Column-1] != c.Head {
			have := "no such column"
			if c.Column <= len(names) {
				have = fmt.Sprintf("%q", names[c.Column-1])
			}
			return fmt.Errorf("%d: column %d is headed %q, table %d of %s has %s; %s", c.line, c.Column, c.Head, r.table.Table, r.doc.Name, have, another)
		}
		if c.Is == Subject {
			subject = c.Column - 1
		}
	}
	if subject < 0 {
		return nil // nothing is said of anything
	}
	for row := b.Table.HeaderRows; row < b.Table.Rows; row++ {
		s, ok := r.subject(b, grid[row][subject])
		if !ok {
			continue
		}
		conditions := r.conditions(b, grid[row])
		for _, c := range r.table.Columns {
			p := r.fields.Property(c.Is)
			i := grid[row][c.Column-1]
			if p == nil || i < 0 || b.Table.Cells[i].Row != row {
				continue
			}
			r.value(b, row, b.Table.Cells[i], c, p, s, conditions)
		}
	}
	return nil
}

func (r *rows) value(b *document.Block, row int, cell document.Cell, c Column, p *field.Property, s record.Subject, conditions []record.Condition) {
	text := b.Text[cell.Start:cell.End]
	if strings.TrimSpace(text) == "" {
		return
	}
	reject := func(why string) {
		if len(r.rejected) < 10_000 {
			r.rejected = append(r.rejected, fmt.Sprintf("table %d, row %d, %s: %q %s", r.table.Table, row-b.Table.HeaderRows+1, c.Head, text, why))
		}
	}
	var raised []quantity.Span
	for _, shift := range b.Shifts {
		if shift.Raised && shift.Start >= cell.Start && shift.End <= cell.End {
			raised = append(raised, quantity.Span{Start: shift.Start - cell.Start, End: shift.End - cell.Start})
		}
	}
	q, err := parse(text, raised)
	if err != nil {
		reject("is not a value")
		return
	}
	if q.Unit.Symbol == "" && c.Unit != "" {
		q.Unit, _ = quantity.ParseUnit(c.Unit)
	}
	unit, in, ok := convert(p, q)
	if !ok {
		reject(fmt.Sprintf("is not a plausible %s in %s", p.Title, q.Unit))
		return
	}
	record := &record.Record{
		Document: r.doc.ID, Name: r.doc.Name, Subject: s, Property: p.ID(), Text: text,
		Low: finite(in.Low), High: finite(in.High), Error: in.Uncertainty, Approx: in.Approximate, Unit: unit.Symbol, Conditions: conditions,
		Evidence:   record.Evidence{Block: r.block, Page: b.Page, Start: cell.Start, End: cell.End, Text: text, Sentence: strings.Join([]string{b.Table.Label, s.Text, c.Head, text}, " | ")},
		Confidence: Confidence,
		Reasons:    []string{fmt.Sprintf("column %d is mapped to %s", c.Column, p.ID())},
	}
	record.Identify()
	r.records = append(r.records, record)
}

// subject returns what a row is about.
func (r *rows) subject(b *document.Block, i int) (record.Subject, bool) {
	if i < 0 {
		return record.Subject{}, false
	}
	cell := b.Table.Cells[i]
	text := b.Text[cell.Start:cell.End]
	if text == "" {
		return record.Subject{}, false
	}
	s := record.Subject{Text: text, Kind: record.Named, Name: text, Block: r.block, Start: cell.Start, End: cell.End}
	if m := formula.Find(text); len(m) == 1 && m[0].Start == 0 && m[0].End == len(text) && m[0].Formula != nil {
		s.Kind, s.Formula, s.Elements = record.Composition, m[0].Formula.String(), m[0].Formula.Elements().Symbols()
	}
	return s, true
}

// conditions reads the cells of a row that are conditions. Temperatures are in
// kelvin, as all conditions of records are; others stay in their unit.
func (r *rows) conditions(b *document.Block, grid []int) []record.Condition {
	var out []record.Condition
	for _, c := range r.table.Columns {
		name, ok := strings.CutPrefix(c.Is, Condition)
		if !ok || grid[c.Column-1] < 0 {
			continue
		}
		cell := b.Table.Cells[grid[c.Column-1]]
		text := b.Text[cell.Start:cell.End]
		if text == "" {
			continue
		}
		k := record.Condition{Name: name, Text: text, Block: r.block, Start: cell.Start, End: cell.End}
		if q, err := parse(text, nil); err == nil {
			if q.Unit.Symbol == "" && c.Unit != "" {
				q.Unit, _ = quantity.ParseUnit(c.Unit)
			}
			if in, err := q.In(kelvin); err == nil && name == "temperature" {
				q = in
			}
			if q.Unit.Symbol != "" {
				k.Low, k.High, k.Unit = finite(q.Low), finite(q.High), q.Unit.Symbol
			}
		}
		out = append(out, k)
	}
	return out
}

// decimalComma matches a number with the decimal mark of most of Europe. Three
// digits behind a comma may be thousands, so that these are left alone.
var decimalComma = regexp.MustCompile(`^([-−+]?\d+),(\d{1,2}|\d{4,})(\D.*)?$`)

func parse(text string, raised []quantity.Span) (quantity.Quantity, error) {
	text = strings.TrimSpace(text)
	if m := decimalComma.FindStringSubmatch(text); m != nil {
		text = m[1] + "." + m[2] + m[3]
	}
	return quantity.ParseCell(text, raised)
}

// convert brings q to the unit of p, or leaves it in one of p's alternatives.
// Values outside the plausible range do not pass.
func convert(p *field.Property, q quantity.Quantity) (quantity.Unit, quantity.Quantity, bool) {
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

func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}
