package blocks

import (
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document"
)

// Bounds of one table. A grid of the largest size takes 32 MiB.
const (
	MaxColumns = 1024
	MaxPlaces  = 1 << 22 // rows times columns
)

// Table gathers the cells of one table: call Row for each row, Cell for each of
// its cells, and write what the cell holds to the embedded builder. The zero
// value is ready to use; after Block, a table is ready for the next one, which
// it gathers in the same memory.
type Table struct {
	Builder
	table  document.Table
	row    int     // -1 + number of calls of Row
	next   int     // first column that may be free in this row
	until  []int32 // by column: the first row that no cell from above covers
	begun  bool    // a row was begun
	cells  int     // cells in this row
	marked int     // leading rows marked as head
	open   bool    // a cell is being written
	full   bool    // rows were dropped
}

// Row begins a row. Rows marked as head count only at the top of the table. It
// reports whether there is room; false means that the row and what is written
// for it are dropped.
func (t *Table) Row(head bool) bool {
	t.close()
	if t.full || (t.row+2)*max(1, len(t.until)) > MaxPlaces {
		t.full = true
		return false
	}
	if t.begun {
		t.row++
		t.Builder.separate('\n')
	}
	t.begun, t.next, t.cells = true, 0, 0
	if head && t.marked == t.row {
		t.marked++
	}
	return true
}

// Cell begins a cell of the present row; spans below 1 count as 1. A row span
// beyond the table ends with it. It reports whether there is room.
func (t *Table) Cell(rowSpan, columnSpan int, header bool) bool {
	t.close()
	if !t.begun || t.full {
		return false
	}
	for t.next < len(t.until) && int(t.until[t.next]) > t.row {
		t.next++
	}
	width := max(1, columnSpan)
	if t.next+width > MaxColumns {
		width = MaxColumns - t.next
	}
	if width < 1 {
		return false
	}
	for i := 1; i < width; i++ { // a cell from above ends a wide cell early
		if c := t.next + i; c < len(t.until) && int(t.until[c]) > t.row {
			width = i
		}
	}
	if columns := max(len(t.until), t.next+width); (t.row+1)*columns > MaxPlaces {
		return false
	}
	height := min(max(1, rowSpan), MaxPlaces)
	for len(t.until) < t.next+width {
		t.until = append(t.until, 0)
	}
	for c := t.next; c < t.next+width; c++ {
		t.until[c] = int32(t.row + height)
	}
	if t.cells > 0 {
		t.Builder.separate('\t')
	} else {
		t.Builder.open()
	}
	if len(t.table.Cells) == cap(t.table.Cells) {
		t.Expect(len(t.table.Cells) + 16)
	}
	t.table.Cells = append(t.table.Cells, document.Cell{
		Row: t.row, Column: t.next, RowSpan: height, ColumnSpan: width,
		Start: t.Builder.Len(), Header: header,
	})
	t.cells++
	t.next += width
	t.open = true
	return true
}

// Expect makes room for that many cells more, where they have been counted: it
// saves half of the memory that gathering them takes.
func (t *Table) Expect(cells int) { t.table.Cells = slices.Grow(t.table.Cells, cells) }

// Skip leaves the places of the present row before column empty, without cells.
func (t *Table) Skip(column int) {
	t.close()
	t.next = max(t.next, min(column, MaxColumns))
}

func (t *Table) close() {
	if t.open {
		t.table.Cells[len(t.table.Cells)-1].End = t.Builder.Len()
		t.open = false
	}
}

// Full reports whether rows were dropped because the table was too large.
func (t *Table) Full() bool { return t.full }

// Block returns the table. Where no row was marked as head, the rows before the
// first one that holds mostly numbers are; the columns that name rows are the
// leading ones that are marked or hold mostly words. It reports false for a
// table without any text.
func (t *Table) Block() (document.Block, bool) {
	t.close()
	text, shifts := t.Builder.Take()
	cells, marked := t.table.Cells, t.marked
	rows, columns := t.row+1, len(t.until)
	*t = Table{Builder: t.Builder, until: t.until[:0]}
	if cap(cells)-len(cells) > len(cells)/8 { // else it is as good as the exact size
		t.table.Cells, cells = cells[:0], slices.Clone(cells)
	}
	if len(cells) == 0 || strings.TrimSpace(text) == "" {
		return document.Block{}, false
	}
	table := document.Table{Rows: rows, Columns: columns, Cells: cells}
	for i := range table.Cells {
		c := &table.Cells[i]
		c.RowSpan = min(c.RowSpan, table.Rows-c.Row)
	}
	table.HeaderRows = marked
	if marked == 0 || marked == rows {
		table.HeaderRows = headerRows(&table, text)
	}
	table.HeaderColumns = headerColumns(&table, text)
	for i := range table.Cells {
		c := &table.Cells[i]
		c.Header = c.Header || c.Row < table.HeaderRows || c.Column < table.HeaderColumns
	}
	return document.Block{Kind: document.Tabular, Text: text, Shifts: shifts, Table: &table}, true
}

// Content is what a cell holds.
type Content uint8

const (
	Blank  Content = iota // nothing, or a sign that a value is missing
	Number                // a value, perhaps with a unit or a mark
	Words
)

// ContentOf classifies the text of a cell by its first character and by how
// many letters it has: "0.11 (320 K)" is a number, "3-ω method" and "LiFePO4"
// are words.
func ContentOf(s string) Content {
	s = strings.TrimSpace(s)
	sign := s
	if len(s) <= len("n.d.") { // a longer text is none
		sign = strings.ToLower(s)
	}
	switch sign {
	case "", "-", "–", "—", "−", "/", "...", "…", "n/a", "na", "n.a.", "nd", "n.d.", "nr", "n.r.", "×", "x":
		return Blank
	}
	body := strings.TrimLeft(s, "<>≤≥~∼≈±+-–−( ")
	if rest, ok := strings.CutPrefix(body, "ca."); ok {
		body = strings.TrimLeft(rest, " ")
	}
	if body == "" || body[0] < '0' || body[0] > '9' {
		return Words
	}
	digits, letters, first := 0, 0, 0
	for _, r := range body {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			if letters == 1 {
				first = digits
			}
		}
	}
	if letters <= 3 && digits >= letters || digits >= 2*letters || letters <= 6 && strings.Contains(body, " ") && first > 0 && digits >= 1 {
		return Number
	}
	return Words
}

// headerRows counts the rows before the first that holds mostly numbers. A
// table without such a row has one header row if it has two rows at all.
func headerRows(t *document.Table, text string) int {
	if t.Rows < 2 {
		return 0
	}
	row, numbers, filled := 0, 0, 0
	for _, c := range t.Cells {
		if c.Row != row {
			if numbers > 0 && 2*numbers >= filled {
				break
			}
			row, numbers, filled = c.Row, 0, 0
		}
		if c.Column == 0 && t.Columns > 1 {
			continue
		}
		switch ContentOf(text[c.Start:c.End]) {
		case Number:
			numbers++
			filled++
		case Words:
			filled++
		}
	}
	if numbers > 0 && 2*numbers >= filled && (row <= 4 || row <= t.Rows/2) {
		return row
	}
	return 1
}

// headerColumns counts the leading columns that name rows: all their cells are
// marked as headers, or their cells hold mostly words, or they count the rows
// ("Entry 1, 2, 3"). At least one column is left for values.
func headerColumns(t *document.Table, text string) int {
	if t.Columns < 2 || t.Rows <= t.HeaderRows {
		return 0
	}
	type tally struct{ numbers, words, marked, cells, counted, last int }
	columns := make([]tally, min(t.Columns, len(t.Cells)+1)) // one without a cell names nothing, and is the last that is looked at
	for _, c := range t.Cells {
		if c.Row < t.HeaderRows || c.ColumnSpan > 1 || c.Column >= len(columns) {
			continue
		}
		k := &columns[c.Column]
		k.cells++
		if c.Header {
			k.marked++
		}
		s := text[c.Start:c.End]
		switch ContentOf(s) {
		case Number:
			k.numbers++
			if countsTo(s, k.last+1) {
				k.last++
				k.counted++
			} else if countsTo(s, 1) { // a new group of rows
				k.last = 1
				k.counted++
			}
		case Words:
			k.words++
		}
	}
	n := 0
	for n < t.Columns-1 {
		k := columns[n]
		named := k.marked > 0 && k.marked == k.cells || k.words > k.numbers
		entry := n == 0 && k.numbers >= 2 && k.counted == k.numbers && columns[1].words > columns[1].numbers
		if !named && !entry {
			break
		}
		n++
	}
	return n
}

// countsTo reports whether s is the integer n, perhaps followed by a dot.
func countsTo(s string, n int) bool {
	s = strings.TrimSuffix(s, ".")
	v := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || v > 1<<20 {
			return false
		}
		v = 10*v + int(s[i]-'0')
	}
	return s != "" && v == n
}

// Width returns how many columns of a fixed-width display s takes: Hangul, Han,
// kana and full-width forms take two (Unicode Standard Annex 11).
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	if r < 0x1100 {
		return 1
	}
	if r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 || r >= 0xFFE0 && r <= 0xFFE6 {
		return 2
	}
	return 1
}
