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

// tableReading is a table while its cells are read.
type tableReading struct {
	*reading
	b            int
	block        *document.Block
	grid         [][]int
	raised       []quantity.Span
	columns      []head
	rows         []head
	caption      head
	transposed   bool
	lead         []int // of each row, the row whose first cell heads it: of a group, the first
	notes        []note
	captionSays  []scoped
	announcement []scoped                                 // of the paragraph before the table
	general      map[*field.Property][][]record.Condition // of both, the nearest first
	headSays     [][]record.Condition                     // conditions that the heads of each column state
	circum       []circumstances                          // of each column, or row if transposed: whether it holds conditions
	holders      []int                                    // those that do, maxHolders at most
	reach        []span                                   // of each of holders: the columns, or rows, whose values have its conditions
	last         rowSaid                                  // what the heads of the row that was looked at last state
	forms        map[string]map[int]span                  // of subjects that several rows name: where which form of each stands
	making       bool                                     // the caption speaks of how samples were made
}

// table reads the records of block b, which is a table. Properties are looked
// for in the heads of columns, then of rows (a transposed table), then in the
// caption.
func (r *reading) table(b int) []*record.Record {
	block := &r.doc.Blocks[b]
	if block.Table == nil || block.Table.Rows == 0 || block.Table.Columns == 0 {
		return nil
	}
	t := &tableReading{reading: r, b: b, block: block, grid: block.Table.Grid(), raised: shifted(block)}
	in := &tableWords{votes: map[string]int{}, names: map[string]bool{}, caption: block.Table.Caption}
	in.symbols, in.letters = r.captionSymbols(in.caption)
	t.heads(in)
	for _, h := range append(slices.Clone(t.columns), t.rows...) {
		if h.property == nil {
			continue
		}
		in.names[h.property.property.Name] = true
		if len(h.property.mention.entries) == 1 {
			in.votes[h.property.property.Field]++
		}
	}
	if len(in.names) > 0 { // which tell of the others what they mean
		for k := range t.columns {
			r.nameProperties(&t.columns[k], in)
		}
		for k := range t.rows {
			r.nameProperties(&t.rows[k], in)
		}
		r.nameProperties(&t.caption, in)
	}
	byColumn, byRow := countProperties(t.columns[min(1, len(t.columns)):]), countProperties(t.rows[min(block.Table.HeaderRows, len(t.rows)):])
	switch {
	case byColumn > 0 && byColumn >= byRow:
	case byRow > 0:
		t.transposed = true
	case t.caption.property == nil:
		return nil
	}
	return t.cells()
}

// heads reads the heads of all columns and rows, and the caption.
func (t *tableReading) heads(in *tableWords) {
	table := t.block.Table
	t.columns = make([]head, table.Columns)
	units := -1 // the column that gives the units of transposed rows
	for c := range t.columns {
		line := headText(t.block, t.grid, 0, max(table.HeaderRows, 1), c, c+1)
		t.columns[c] = t.head(t.b, line, in)
		switch strings.TrimRight(asciiLower(line.text), ".") {
		case "unit", "units":
			units = c
		}
	}
	if named := func(s string) bool {
		return slices.ContainsFunc(t.columns, func(h head) bool { return h.text == s })
	}; named("x") && named("y") && named("z") {
		for c := range t.columns {
			t.columns[c].coordinate = len(t.columns[c].text) == 1
		}
	}
	// Unit rows below the heads are part of the heads already; a table whose
	// column heads name no property may be transposed.
	t.rows = make([]head, table.Rows)
	for row := range t.rows {
		line := headText(t.block, t.grid, row, row+1, 0, max(table.HeaderColumns, 1))
		if units > 0 && line.text != "" && len(headUnits(line)) == 0 {
			u := headText(t.block, t.grid, row, row+1, units, units+1)
			line.raised = append(line.raised, quantityShift(u.raised, 0, len(line.text)+len(" ("))...)
			line.text += " (" + u.text + ")"
		}
		t.rows[row] = t.head(t.b, line, in)
	}
	var line headline
	if i := t.captionBlock(t.b); i >= 0 {
		line.add(&t.doc.Blocks[i], span{0, len(t.doc.Blocks[i].Text)})
	} else {
		line.text = table.Caption
	}
	t.caption = t.head(t.b, line, in)
}

func countProperties(heads []head) int {
	n := 0
	for _, h := range heads {
		if h.property != nil {
			n++
		}
	}
	return n
}

// cells reads the value cells. Heads that name the property stand over the
// columns, or before the rows if transposed.
func (t *tableReading) cells() []*record.Record {
	table := t.block.Table
	t.prepare()
	var out []*record.Record
	var section *subjectMention // a row of one cell that names what follows
	var sectionSays []record.Condition
	for row := table.HeaderRows; row < table.Rows; row++ {
		if i := spanningSubject(table, t.grid, row); i >= 0 {
			if found := t.subjectsAt(t.b, table.Cells[i]); len(found) > 0 {
				section = &found[0]
			}
			sectionSays = t.said(span{table.Cells[i].Start, table.Cells[i].End}, true)
			continue
		}
		for c := 0; c < table.Columns; c++ {
			i := t.grid[row][c]
			if i < 0 {
				continue
			}
			cell := table.Cells[i]
			if cell.Row != row || cell.Column != c || cell.Header {
				continue
			}
			h := t.named(row, c)
			if h == nil {
				continue
			}
			subject, score, why := t.cellSubject(row, c, section)
			if subject == nil || h == &t.caption && t.other(c) && why == sameRow {
				continue
			}
			for line, part := range t.lines(h, row, cell) {
				v, ok := t.value(part, h)
				if !ok {
					continue
				}
				p := part.property
				rec := t.record(v, p, h)
				if rec == nil {
					continue
				}
				if other := fitting(*p, subject.subject.Kind, quantity.Quantity{Unit: p.property.Unit}); other != p.property {
					again := *p
					again.property = other
					if moved := t.record(v, &again, h); moved != nil {
						rec = moved
					}
				}
				rec.Subject = subject.subject
				rec.Reasons = append(append([]string{}, p.reasons...), why)
				rec.Evidence.Sentence = strings.TrimSpace(table.Label + " | " + clip(t.rows[row].text, 120) + " | " + clip(t.columns[c].text, 120) + " | " + rec.Text)
				rec.Conditions = t.conditionsOf(p.property, row, c, line, t.own(v, p, h), cellMarks(t.block, span{cell.Start, cell.End}), sectionSays)
				out = t.judge(out, rec, t.tableCues(t.b, p, score, subject, rec))
			}
		}
	}
	return out
}

// prepare reads what all values of the table share.
func (t *tableReading) prepare() {
	table := t.block.Table
	t.making = madeAt(table.Caption)
	t.notes = t.tableNotes(t.b)
	t.captionSays, t.announcement = t.captionScopes(), t.announced()
	t.general = map[*field.Property][][]record.Condition{}
	t.headSays = make([][]record.Condition, table.Columns)
	for c := range t.headSays {
		t.headSays[c] = t.columnConditions(c)
	}
	t.findCircumstances()
	t.last.row = -1
	t.findForms()
	t.lead = make([]int, table.Rows)
	for row := range t.lead {
		t.lead[row] = row
		if i := t.grid[row][0]; row > table.HeaderRows && i >= 0 && blank(t.block.Text[table.Cells[i].Start:table.Cells[i].End]) {
			t.lead[row] = t.lead[row-1]
		}
	}
	for k := range t.columns {
		if h := &t.columns[k]; h.inverse != 0 && !t.transposed && h.property != nil {
			t.scale(h, table.HeaderRows, table.Rows, k, k+1)
		}
	}
	for k := range t.rows {
		if h := &t.rows[k]; h.inverse != 0 && t.transposed && h.property != nil {
			t.scale(h, k, k+1, max(table.HeaderColumns, 1), table.Columns)
		}
	}
}

// blank reports whether a cell says that it repeats the one above.
func blank(text string) bool {
	switch strings.TrimSpace(text) {
	case "", "\"", "〃", "''", "”":
		return true
	}
	return false
}

// scale decides how the power of ten in h, which stands over the cells of a stretch
// of the grid, is meant: the other way if alone by that the values are plausible.
func (t *tableReading) scale(h *head, fromRow, toRow, fromColumn, toColumn int) {
	usual, other := 0, 0
	for row := fromRow; row < toRow; row++ {
		for c := fromColumn; c < toColumn; c++ {
			if i := t.grid[row][c]; i >= 0 {
				usual += t.plausible(h, t.block.Table.Cells[i], h.scale)
				other += t.plausible(h, t.block.Table.Cells[i], h.inverse)
			}
		}
	}
	if other > usual {
		h.scale = h.inverse
	}
}

// plausible returns 1 if cell holds a number that scale makes a plausible value of the
// property of h, and 0 if not.
func (t *tableReading) plausible(h *head, cell document.Cell, scale float64) int {
	s := span{cell.Start, cell.End}
	q, err := quantity.ParseCell(t.block.Text[s.start:s.end], localShifts(t.raised, s))
	if err != nil || q.Unit.Symbol != "" {
		return 0
	}
	q.Unit, q.Low, q.High = h.property.property.Unit, q.Low*scale, q.High*scale
	if h.hasUnit {
		q.Unit = h.unit
	}
	if _, _, ok := convert(h.property.property, q); ok {
		return 1
	}
	return 0
}

// named returns the head whose property the cell at row, c has a value of, nil if it
// is no cell with a value.
func (t *tableReading) named(row, c int) *head {
	h, k, names := &t.columns[c], c, c < t.block.Table.HeaderColumns
	if t.transposed {
		h, k, names = &t.rows[row], row, c == 0
	}
	if t.circum[k].ok {
		return nil
	}
	if h.property != nil {
		if names {
			return nil
		}
		return h
	}
	p := t.caption.property
	if p == nil || t.caption.several || c < t.block.Table.HeaderColumns || aside(h.text) {
		return nil
	}
	if h.hasUnit && !sameDimension(h.unit, p.property.Unit) && !t.headStatesUnit(c, h.unit) {
		return nil
	}
	return &t.caption
}

// other reports whether the head of column c is a symbol, of something else than
// what the caption names: "C11" beside "bulk modulus" in the caption.
func (t *tableReading) other(c int) bool {
	text := t.columns[c].text
	return !t.transposed && len(t.headSays[c]) == 0 && t.columns[c].subject == nil && len(text) <= 5 && symbolic(text) &&
		(utf8.RuneCountInString(text) <= 3 || strings.ContainsAny(text, "0123456789")) && !experimental(text)
}

// headStatesUnit reports whether the unit of column c's head is that of a condition
// that it states: "600" below "Temperature (°C)".
func (t *tableReading) headStatesUnit(c int, u quantity.Unit) bool {
	return slices.ContainsFunc(t.headSays[c], func(condition record.Condition) bool {
		unit, err := quantity.ParseUnit(condition.Unit)
		return err == nil && sameDimension(unit, u)
	})
}

// aside reports whether the head of a column names something that is no property:
// a number of the row, a reference, a year.
func aside(head string) bool {
	first, _, _ := strings.Cut(asciiLower(head), " ")
	switch strings.TrimRight(first, ".:,") {
	case "ref", "refs", "reference", "references", "year", "no", "entry", "#", "run", "source":
		return true
	}
	return false
}

// part is a stretch of a cell with a value of its own, and the property that it is
// of.
type part struct {
	span
	property *pairing
}

// lines returns the parts of a cell under h that are values of their own. Cells of
// several lines reach us as one text ("581.2 298.5"); numbers divided by spaces
// are taken apart if another cell of the row has as many. Under "HOMO/LUMO" a cell
// has a value of each.
func (t *tableReading) lines(h *head, row int, cell document.Cell) []part {
	all := span{cell.Start, cell.End}
	own := numbers(t.block.Text, cell)
	if len(own) > 1 {
		for _, i := range t.grid[row] {
			if i < 0 {
				continue
			}
			if other := t.block.Table.Cells[i]; other != cell && len(numbers(t.block.Text, other)) == len(own) {
				out := make([]part, len(own))
				for k, s := range own {
					out[k] = part{s, h.property}
				}
				return out
			}
		}
	}
	if h.list != nil {
		if parts := t.listed(all, len(h.list)); parts != nil {
			out := make([]part, len(parts))
			for k, s := range parts {
				out[k] = part{s, h.list[k]}
			}
			return out
		}
	}
	return []part{{all, h.property}}
}

// listed returns the n values in s that slashes or commas divide, with or without
// brackets around them all, nil if there are not as many.
func (t *tableReading) listed(s span, n int) []span {
	s = trimmed(t.block.Text, s)
	if text := t.block.Text[s.start:s.end]; strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		s.start, s.end = s.start+1, s.end-1
	}
	for _, sign := range []string{"/", ", ", ";"} {
		if strings.Count(t.block.Text[s.start:s.end], sign) != n-1 {
			continue
		}
		var out []span
		for from := s.start; from <= s.end; {
			to := s.end
			if i := strings.Index(t.block.Text[from:s.end], sign); i >= 0 {
				to = from + i
			}
			out = append(out, trimmed(t.block.Text, span{from, to}))
			from = to + len(sign)
		}
		return out
	}
	return nil
}

// numbers returns the numbers in a cell that has nothing else.
func numbers(text string, cell document.Cell) []span {
	if cell.End-cell.Start > 80 {
		return nil
	}
	var out []span
	for i := cell.Start; i < cell.End; {
		if text[i] == ' ' {
			i++
			continue
		}
		start := i
		for i < cell.End && text[i] != ' ' {
			if text[i] != '.' && (text[i] < '0' || text[i] > '9') {
				return nil
			}
			i++
		}
		out = append(out, span{start, i})
	}
	return out
}

// value returns what of part, a cell or a part of one, is the value, and what stands
// behind it.
func (t *tableReading) value(p part, h *head) (valueSpan, bool) {
	s := trimmed(t.block.Text, p.span)
	if s.end-s.start > 80 || s.start == s.end {
		return valueSpan{}, false
	}
	v := valueSpan{s, span{s.end, s.end}}
	for _, at := range []string{"@", " at "} {
		if i := strings.Index(t.block.Text[s.start:s.end], at); i > 0 {
			v.span, v.rest = trimmed(t.block.Text, span{s.start, s.start + i}), span{s.start + i, s.end}
			return v, true
		}
	}
	if i := strings.IndexAny(t.block.Text[s.start:s.end], "(["); i > 0 && t.block.Text[s.start+i-1] == ' ' {
		v.rest = span{s.start + i, s.end}
	}
	return v, true
}

// valueSpan is a value in a cell, and what stands behind it there.
type valueSpan struct {
	span
	rest span
}

// own returns the conditions that stand behind the value in its cell: "140 (0.1C)",
// or "140 (0.1)" where the head tells what is in brackets. A second value of p is
// none.
func (t *tableReading) own(v valueSpan, p *pairing, h *head) []record.Condition {
	if v.rest.start == v.rest.end {
		return nil
	}
	if text := t.block.Text[v.rest.start:v.rest.end]; h.aside != nil && len(text) > 2 && strings.HasSuffix(text, ")") && text[0] == '(' {
		if cu, ok := t.conditionHead(h.aside); ok {
			if c, ok := t.under(cu, h.aside, span{v.rest.start + 1, v.rest.end - 1}); ok {
				return []record.Condition{c}
			}
		}
	}
	return slices.DeleteFunc(t.said(v.rest, false), func(c record.Condition) bool {
		unit, err := quantity.ParseUnit(c.Unit)
		return err == nil && c.Unit != "" && sameDimension(unit, p.property.Unit)
	})
}

// record reads v as a value of property p under h, or returns nil.
func (t *tableReading) record(v valueSpan, p *pairing, h *head) *record.Record {
	text := t.block.Text[v.start:v.end]
	q, err := quantity.ParseCell(text, localShifts(t.raised, v.span))
	if err != nil {
		return nil
	}
	if q.Unit.Symbol == "" {
		switch {
		case h.hasUnit:
			q.Unit = h.unit
			q.Low, q.High, q.Uncertainty = q.Low*h.scale, q.High*h.scale, q.Uncertainty*h.scale
		case t.caption.givesUnit(p.property):
			q.Unit = t.caption.unit
			q.Low, q.High, q.Uncertainty = q.Low*t.caption.scale, q.High*t.caption.scale, q.Uncertainty*t.caption.scale
		case p.property.Unit.Symbol == "":
			q.Low, q.High, q.Uncertainty = q.Low*h.scale, q.High*h.scale, q.Uncertainty*h.scale
		case p.property.Fraction && q.Low >= 0 && q.High <= 1:
		default:
			return nil
		}
	}
	rec, ok := t.newRecord(t.b, p.property, q, v.span, v.span)
	if !ok {
		return nil
	}
	return rec
}

// givesUnit reports whether h, a caption, has a unit directly behind property p, or
// behind its symbol.
func (h *head) givesUnit(p *field.Property) bool {
	return h.hasUnit && h.property != nil && h.property.property == p && h.unitAt >= h.property.mention.end && h.unitAt-h.property.mention.end <= len(" Eg (")
}

// spanningSubject returns the cell that fills row alone, or -1.
func spanningSubject(t *document.Table, grid [][]int, row int) int {
	only := -1
	for c := 0; c < t.Columns; c++ {
		i := grid[row][c]
		if i < 0 || t.Cells[i].Start == t.Cells[i].End {
			continue
		}
		if only >= 0 && only != i {
			return -1
		}
		only = i
	}
	return only
}

// clip shortens s to about n bytes at a rune border.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
