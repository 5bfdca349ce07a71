// Package sheet reads spreadsheets: workbooks of Excel since 2007 (ECMA-376,
// SpreadsheetML) and of OpenDocument, and files of comma-, semicolon- or
// tab-separated values. Each
// stretch of rows without a blank row in it becomes a table, with the row that
// names its columns as head; lines of text around it become its caption and
// notes.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// Bounds on what is read.
const (
	MaxBytes = 128 << 20
	MaxCells = 2 << 20 // that hold something, of all sheets together
)

// Errors that [Read] wraps; those of packages office and xmltree are wrapped,
// too.
var (
	ErrTooLarge = errors.New("too large")
	ErrNoText   = errors.New("no cells")
)

// Read reads a workbook or a file of separated values. The name is used in
// messages and kept as the document's name. Reading takes memory of at
// most 160 times the size of separated values, which is what those of one digit
// take, and of a workbook 60 times the size of what is unpacked.
func Read(name string, data []byte) (*document.Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: %w: %d bytes, a sheet may have %d", name, ErrTooLarge, len(data), MaxBytes)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.Sheet}
	r := &reader{doc: doc}
	var err error
	if bytes.HasPrefix(data, []byte("PK")) {
		err = r.packed(data)
	} else {
		err = r.values(name, data)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	if doc.Title == "" {
		doc.Title = strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), path.Ext(name))
	}
	doc.Language = blocks.LanguageOf(doc)
	return doc, nil
}

// cell is a cell that holds something.
type cell struct {
	column        int32
	columns, rows int32 // that it covers
	text          string
	runs          []run // instead of text, where levels change
}

// run is text at one level.
type run struct {
	text  string
	level blocks.Level
}

// row is a row that holds something.
type row struct {
	number int // from 0
	cells  []cell
}

// reader makes blocks of rows.
type reader struct {
	doc     *document.Document
	section string // the name of the sheet
	cells   int
	b       blocks.Builder
}

// count counts a cell, and reports whether there is room for it.
func (r *reader) count() error {
	if r.cells++; r.cells > MaxCells {
		return fmt.Errorf("%w: more than %d cells", ErrTooLarge, MaxCells)
	}
	return nil
}

func (r *reader) add(b document.Block) {
	if r.section == "" {
		blocks.Append(r.doc, nil, b)
	} else {
		blocks.Append(r.doc, []string{r.section}, b)
	}
}

// sheet makes blocks of the rows of one sheet, which are in order.
func (r *reader) sheet(rows []row) {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && !r.parted(rows[n-1], rows[n]) {
			n++
		}
		r.stretch(rows[:n])
		rows = rows[n:]
	}
}

// parted reports whether there is a blank row between two rows, not counting
// the rows that cells of the first cover.
func (r *reader) parted(a, b row) bool {
	last := a.number
	for _, c := range a.cells {
		last = max(last, a.number+int(c.rows)-1)
	}
	return b.number > last+1
}

// stretch makes a table of rows without a blank one between them; rows of one
// cell before and after it are text.
func (r *reader) stretch(rows []row) {
	first := 0
	for first < len(rows) && len(rows[first].cells) < 2 {
		first++
	}
	last := len(rows)
	for last > first && len(rows[last-1].cells) < 2 && r.words(rows[last-1]) {
		last--
	}
	if last-first < 2 { // a line or two of text
		if len(r.doc.Blocks) == 0 { // most often nothing follows
			r.doc.Blocks = slices.Grow(r.doc.Blocks, len(rows))
		}
		for _, row := range rows {
			r.text(row, document.Paragraph)
		}
		return
	}
	above := len(r.doc.Blocks)
	for i, row := range rows[:first] {
		if i == first-1 {
			r.text(row, document.Caption)
		} else {
			r.text(row, document.Paragraph)
		}
	}
	caption := ""
	if len(r.doc.Blocks) > above {
		caption = r.doc.Blocks[len(r.doc.Blocks)-1].Text
	}
	at := len(r.doc.Blocks)
	r.table(rows[first:last], caption)
	for _, row := range rows[last:] {
		r.text(row, document.Footnote)
	}
	if at < len(r.doc.Blocks) {
		if t := r.doc.Blocks[at].Table; t != nil {
			for _, b := range r.doc.Blocks[at+1:] {
				t.Footnotes = append(t.Footnotes, b.Text)
			}
		}
	}
}

// words reports whether a row of one cell is a note rather than a value.
func (r *reader) words(row row) bool {
	for _, c := range row.cells {
		c.write(&r.b)
	}
	text, _ := r.b.Take()
	return blocks.ContentOf(text) == blocks.Words && utf8.RuneCountInString(text) > 12
}

func (c *cell) write(b *blocks.Builder) {
	b.WriteString(c.text)
	for _, run := range c.runs {
		old := b.SetLevel(run.level)
		b.WriteString(run.text)
		b.SetLevel(old)
	}
}

// text adds a row as a line.
func (r *reader) text(row row, kind document.Kind) {
	for _, c := range row.cells {
		c.write(&r.b)
		r.b.Space()
	}
	text, shifts := r.b.Take()
	r.add(document.Block{Kind: kind, Text: text, Shifts: shifts})
}

func (r *reader) table(rows []row, caption string) {
	left := rows[0].cells[0].column
	for _, row := range rows {
		if len(row.cells) > 0 {
			left = min(left, row.cells[0].column)
		}
	}
	var t blocks.Table
	cells := 0
	for _, row := range rows {
		cells += len(row.cells)
	}
	t.Expect(cells)
	number := rows[0].number
	for _, row := range rows {
		for ; number < row.number; number++ { // covered by cells above
			t.Row(false)
		}
		if !t.Row(false) {
			break
		}
		number = row.number + 1
		for _, c := range row.cells {
			t.Skip(int(c.column - left))
			if t.Cell(int(c.rows), int(c.columns), false) {
				c.write(&t.Builder)
			}
		}
	}
	if t.Full() {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("a table is larger than %d places and was cut", blocks.MaxPlaces))
	}
	if block, ok := t.Block(); ok {
		block.Table.Caption = caption
		block.Table.Label = r.section
		r.add(block)
	}
}
