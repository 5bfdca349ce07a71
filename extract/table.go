package extract

import (
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// head is what the heads of one column (or row) of a table say.
type head struct {
	text     string
	property *pairing // nil when no property is named
	unit     quantity.Unit
	hasUnit  bool
	scale    float64 // "10−3 S cm−1" in a head multiplies the values
	subject  *subjectMention
	several  bool // names more than one property
}

// table reads the records of block b, which is a table. Properties are looked
// for in the heads of columns, then of rows (a transposed table), then in the
// caption.
func (r *reading) table(b int) []*record.Record {
	block := &r.doc.Blocks[b]
	t := block.Table
	if t == nil || t.Rows == 0 || t.Columns == 0 {
		return nil
	}
	grid := t.Grid()
	columns := make([]head, t.Columns)
	for c := range columns {
		columns[c] = r.head(b, headText(block, grid, 0, max(t.HeaderRows, 1), c, c+1))
	}
	// Unit rows below the heads are part of the heads already; a table whose
	// column heads name no property may be transposed.
	rows := make([]head, t.Rows)
	for row := range rows {
		rows[row] = r.head(b, headText(block, grid, row, row+1, 0, max(t.HeaderColumns, 1)))
	}
	caption := r.head(b, t.Caption)
	byColumn, byRow := countProperties(columns[min(1, len(columns)):]), countProperties(rows[min(t.HeaderRows, len(rows)):])
	switch {
	case byColumn > 0 && byColumn >= byRow:
		return r.cells(b, grid, columns, rows, caption, false)
	case byRow > 0:
		return r.cells(b, grid, columns, rows, caption, true)
	case caption.property != nil:
		return r.cells(b, grid, columns, rows, caption, false)
	}
	return nil
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

// headText joins the cells of a stretch of the grid, each once.
func headText(block *document.Block, grid [][]int, fromRow, toRow, fromColumn, toColumn int) string {
	var parts []string
	seen := map[int]bool{}
	for row := fromRow; row < min(toRow, len(grid)); row++ {
		for c := fromColumn; c < min(toColumn, len(grid[row])); c++ {
			i := grid[row][c]
			if i < 0 || seen[i] {
				continue
			}
			seen[i] = true
			cell := block.Table.Cells[i]
			if text := strings.TrimSpace(block.Text[cell.Start:cell.End]); text != "" {
				parts = append(parts, text)
			}
		}
	}
	return strings.Join(parts, " ")
}

// head reads what the text of a head names.
func (r *reading) head(b int, text string) head {
	h := head{text: text, scale: 1}
	if text == "" {
		return h
	}
	h.unit, h.scale, h.hasUnit = headUnit(text)
	mentions := r.x.lexicon.find(text, words(text, span{0, len(text)}))
	for i := range mentions {
		m := &mentions[i]
		h.several = h.several || !samePlace(m, &mentions[0])
		for _, w := range r.meaning(text, m) {
			score := 1.6 + 1.2*(w.weight-1)
			if h.hasUnit {
				q := quantity.Quantity{Low: w.property.Low, High: w.property.High, Unit: h.unit}
				if _, _, ok := convert(w.property, quantity.Quantity{Unit: h.unit}); !ok && !sameDimension(w.property.Unit, q.Unit) {
					continue
				}
				score += 0.5
			} else if w.weight < 0.5 {
				continue
			}
			if h.property == nil || score > h.property.score || score == h.property.score && r.fields[w.property.Field] > r.fields[h.property.property.Field] {
				h.property = &pairing{property: w.property, mention: m, score: score, reasons: []string{"head “" + clip(text, 60) + "”"}}
			}
		}
	}
	found := r.subjectsIn(b, text)
	if len(found) > 0 {
		h.subject = &found[0]
	}
	return h
}

func sameDimension(a, b quantity.Unit) bool { return a.Dimension == b.Dimension }

// headUnit reads the unit of "σ (10−4 S cm−1)", "Capacity / mAh g−1",
// "Tg [°C]" or "E, eV" and the power of ten before it.
func headUnit(text string) (quantity.Unit, float64, bool) {
	for _, inner := range brackets(text) {
		if u, scale, ok := scaledUnit(inner); ok {
			return u, scale, true
		}
	}
	for _, sep := range []string{" / ", "/ ", ", ", "/"} {
		if i := strings.LastIndex(text, sep); i > 0 {
			if u, scale, ok := scaledUnit(text[i+len(sep):]); ok {
				return u, scale, true
			}
		}
	}
	return quantity.Unit{}, 1, false
}

// brackets returns what stands inside ( ) and [ ] in text, last first.
func brackets(text string) []string {
	var out []string
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] != ')' && text[i] != ']' {
			continue
		}
		open := byte('(')
		if text[i] == ']' {
			open = '['
		}
		depth := 0
		for j := i; j >= 0; j-- {
			if text[j] == text[i] {
				depth++
			} else if text[j] == open {
				depth--
			}
			if depth == 0 {
				out = append(out, text[j+1:i])
				i = j
				break
			}
		}
	}
	return out
}

// scaledUnit reads "mAh g−1", "10−4 S cm−1", "×10−4 S/cm".
func scaledUnit(s string) (quantity.Unit, float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 40 {
		return quantity.Unit{}, 1, false
	}
	if u, err := quantity.ParseUnit(s); err == nil && !u.Unknown && u.Symbol != "" {
		return u, 1, true
	}
	s = strings.TrimSpace(strings.TrimLeft(s, "×x* "))
	found := quantity.Scan(s, nil)
	if len(found) == 1 && found[0].Start == 0 && found[0].End == len(s) && found[0].UnitSpan.End > found[0].UnitSpan.Start && !found[0].Quantity.Unit.Unknown {
		if q := found[0].Quantity; q.Low == q.High && q.Low > 0 {
			return q.Unit, q.Low, true
		}
	}
	return quantity.Unit{}, 1, false
}

// cells reads the value cells. Heads that name the property stand over the
// columns, or before the rows if transposed.
func (r *reading) cells(b int, grid [][]int, columns, rows []head, caption head, transposed bool) []*record.Record {
	block := &r.doc.Blocks[b]
	t := block.Table
	var out []*record.Record
	raised := shifted(block)
	var section *subjectMention // a row of one cell that names what follows
	for row := t.HeaderRows; row < t.Rows; row++ {
		if s := spanningSubject(t, grid, row); s >= 0 {
			if found := r.subjectsAt(b, t.Cells[s]); len(found) > 0 {
				section = &found[0]
			}
			continue
		}
		for c := 0; c < t.Columns; c++ {
			i := grid[row][c]
			if i < 0 {
				continue
			}
			cell := t.Cells[i]
			if cell.Row != row || cell.Column != c || cell.Header {
				continue
			}
			named := &columns[c]
			if transposed {
				named = &rows[row]
			}
			p := named.property
			if p == nil {
				p = caption.property
				if p == nil || caption.several || named.hasUnit && !sameDimension(named.unit, p.property.Unit) || c < t.HeaderColumns {
					continue
				}
			} else if transposed && c == 0 || !transposed && c < t.HeaderColumns {
				continue
			}
			h := named
			if named.property == nil {
				h = &caption
			}
			subject, score, why := r.cellSubject(b, grid, row, c, columns, rows, caption, section, transposed)
			if subject == nil {
				continue
			}
			for line, part := range r.lines(b, grid, row, cell) {
				rec := r.cell(b, part, p, h, raised)
				if rec == nil {
					continue
				}
				if other := fitting(*p, subject.subject.Kind, quantity.Quantity{Unit: p.property.Unit}); other != p.property {
					again := *p
					again.property = other
					if moved := r.cell(b, part, &again, h, raised); moved != nil {
						rec = moved
					}
				}
				rec.Subject = subject.subject
				rec.Reasons = append(append([]string{}, p.reasons...), why)
				rec.Evidence.Sentence = strings.TrimSpace(t.Label + " | " + clip(rows[row].text, 120) + " | " + clip(columns[c].text, 120) + " | " + rec.Text)
				if transposed {
					rec.Conditions = r.cellConditions(b, grid, line, rows, func(k int) int { return grid[k][c] })
				} else {
					rec.Conditions = r.cellConditions(b, grid, line, columns, func(k int) int { return grid[row][k] })
				}
				out = r.judge(out, rec, r.tableCues(b, p, score, subject, rec))
			}
		}
	}
	return out
}

// lines returns the parts of a cell that are values of their own. Cells of
// several lines reach us as one text ("581.2 298.5"); numbers divided by spaces
// are taken apart if another cell of the row has as many.
func (r *reading) lines(b int, grid [][]int, row int, cell document.Cell) []span {
	block := &r.doc.Blocks[b]
	own := numbers(block.Text, cell)
	if len(own) > 1 {
		for _, i := range grid[row] {
			if i < 0 {
				continue
			}
			if other := block.Table.Cells[i]; other != cell && len(numbers(block.Text, other)) == len(own) {
				return own
			}
		}
	}
	return []span{{cell.Start, cell.End}}
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

// cell reads one value, all of a cell or a part, as property p, or returns nil.
func (r *reading) cell(b int, cell span, p *pairing, h *head, raised []quantity.Span) *record.Record {
	block := &r.doc.Blocks[b]
	text := block.Text[cell.start:cell.end]
	if len(text) > 80 {
		return nil
	}
	var local []quantity.Span
	for _, s := range raised {
		if s.Start >= cell.start && s.End <= cell.end {
			local = append(local, quantity.Span{Start: s.Start - cell.start, End: s.End - cell.start})
		}
	}
	q, err := quantity.ParseCell(text, local)
	if err != nil {
		return nil
	}
	if q.Unit.Symbol == "" {
		switch {
		case h.hasUnit:
			q.Unit = h.unit
			q.Low, q.High, q.Uncertainty = q.Low*h.scale, q.High*h.scale, q.Uncertainty*h.scale
		case p.property.Unit.Symbol == "":
		case p.property.Fraction && q.Low >= 0 && q.High <= 1:
		default:
			return nil
		}
	}
	trimmed := strings.TrimSpace(text)
	start := cell.start + strings.Index(text, trimmed)
	value := span{start, start + len(trimmed)}
	rec, ok := r.newRecord(b, p.property, q, value, value)
	if !ok {
		return nil
	}
	return rec
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

// cellSubject finds what the value at row, c is about: the row's head, another
// cell of the row, the column's head, a section row, the caption, or the
// document's main subject.
func (r *reading) cellSubject(b int, grid [][]int, row, c int, columns, rows []head, caption head, section *subjectMention, transposed bool) (*subjectMention, float64, string) {
	block := &r.doc.Blocks[b]
	t := block.Table
	if transposed {
		if s := columns[c].subject; s != nil {
			return r.place(b, grid, 0, t.HeaderRows, c, c+1, s), 1, "subject in the column's head"
		}
		if s := r.label(b, grid, 0, max(t.HeaderRows, 1), c); s != nil {
			return s, 0, "sample named in the column's head"
		}
	} else {
		for k := 0; k < t.Columns; k++ {
			i := grid[row][k]
			if i < 0 || k == c || columns[k].property != nil && k >= max(t.HeaderColumns, 1) {
				continue
			}
			if found := r.subjectsAt(b, t.Cells[i]); len(found) > 0 {
				return &found[0], 1, "subject in the same row"
			}
			if k >= max(t.HeaderColumns, 1)+1 {
				break
			}
		}
		if s := columns[c].subject; s != nil && columns[c].property == nil {
			return r.place(b, grid, 0, t.HeaderRows, c, c+1, s), 0.7, "subject in the column's head"
		}
		if s := r.label(b, grid, row, row+1, 0); s != nil {
			if section != nil {
				return section, 0.4, "subject in a section row"
			}
			return s, 0, "sample named in the row's head"
		}
	}
	if section != nil {
		return section, 0.4, "subject in a section row"
	}
	if i := r.captionBlock(b); i >= 0 && len(r.mentions[i].subjects) > 0 {
		return &r.mentions[i].subjects[0], 0.2, "subject in the caption"
	}
	if r.main != nil {
		return r.main, -0.4, "the document's main subject"
	}
	return nil, 0, ""
}

// captionBlock returns the index of the caption block of table block b, or -1.
func (r *reading) captionBlock(b int) int {
	if b > 0 && r.doc.Blocks[b-1].Kind == document.Caption {
		return b - 1
	}
	return -1
}

// place points subject s, read from a joined head, at the cell that shows it.
func (r *reading) place(b int, grid [][]int, fromRow, toRow, fromColumn, toColumn int, s *subjectMention) *subjectMention {
	t := r.doc.Blocks[b].Table
	for row := fromRow; row < max(toRow, fromRow+1) && row < len(grid); row++ {
		for c := fromColumn; c < toColumn; c++ {
			if i := grid[row][c]; i >= 0 {
				for _, found := range r.subjectsAt(b, t.Cells[i]) {
					if found.key == s.key {
						return &found
					}
				}
			}
		}
	}
	return nil
}

// label returns the text of a head cell as an unresolved sample name.
func (r *reading) label(b int, grid [][]int, fromRow, toRow, c int) *subjectMention {
	block := &r.doc.Blocks[b]
	for row := fromRow; row < min(toRow, len(grid)); row++ {
		i := grid[row][c]
		if i < 0 {
			continue
		}
		cell := block.Table.Cells[i]
		text := strings.TrimSpace(block.Text[cell.Start:cell.End])
		if text == "" || len(text) > 60 || !strings.ContainsFunc(text, letter) || !labels(text) {
			continue
		}
		start := cell.Start + strings.Index(block.Text[cell.Start:cell.End], text)
		return &subjectMention{
			span: span{start, start + len(text)}, block: b, key: text, weak: true,
			subject: record.Subject{Text: text, Kind: record.Named, Name: tidy(text), Block: b, Start: start, End: start + len(text)},
		}
	}
	return nil
}

// labels reports whether the head of a row or column may name a sample: it is no
// quantity ("74 nm"), no statistic ("Mean") and no reference ("Kim et al. (2006)").
func labels(text string) bool {
	if found := quantity.Scan(text, nil); len(found) == 1 && found[0].Start == 0 && found[0].End == len(text) {
		return false
	}
	first, _, _ := strings.Cut(asciiLower(text), " ")
	switch strings.TrimRight(first, ".:,") {
	case "mean", "average", "median", "minimum", "maximum", "min", "max", "std", "sd", "s.d", "total", "sum", "range", "n", "rsd", "ref", "refs", "reference", "references", "literature", "unit", "units", "value", "values", "parameter", "parameters", "property", "result", "results":
		return false
	}
	return !strings.Contains(text, "et al") && !yearInParentheses(text)
}

// yearInParentheses reports whether text cites a work: "(2006)".
func yearInParentheses(text string) bool {
	for i := 0; i+5 < len(text); i++ {
		if text[i] == '(' && (text[i+1:i+3] == "19" || text[i+1:i+3] == "20") && allDigits(text[i+1:i+5]) {
			return true
		}
	}
	return false
}

func letter(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x370 && unicode.IsLetter(r)
}

// subjectsAt finds the subjects in a cell.
func (r *reading) subjectsAt(b int, cell document.Cell) []subjectMention {
	block := &r.doc.Blocks[b]
	text := block.Text[cell.Start:cell.End]
	if len(text) > 200 {
		return nil
	}
	found := r.subjectsIn(b, text)
	for i := range found {
		s := &found[i]
		s.start, s.end = s.start+cell.Start, s.end+cell.Start
		s.subject.Start, s.subject.End = s.start, s.end
	}
	return found
}

// headConditions lists the words in a head, lower case, whose cells are
// conditions of the values beside them.
var headConditions = []struct{ word, name string }{
	{"current density", "current-density"}, {"current rate", "current-rate"}, {"c-rate", "current-rate"}, {"rate", "current-rate"}, {"current", "current-density"},
	{"cycle", "cycle"}, {"temperature", "temperature"}, {"temp.", "temperature"}, {"voltage", "voltage-window"}, {"potential", "voltage-window"},
	{"pressure", "pressure"}, {"frequency", "frequency"}, {"wavelength", "wavelength"}, {"heating rate", "heating-rate"}, {"scan rate", "scan-rate"},
}

// made lists words in a head that tell how a sample was made rather than how it
// was measured.
var made = []string{"sinter", "anneal", "calcin", "pyroly", "carboni", "deposit", "growth", "synthes", "firing", "reaction", "curing", "drying"}

// conditionHead returns the condition whose values stand under h.
func (r *reading) conditionHead(h *head) (conditionUnit, bool) {
	low := asciiLower(h.text)
	for _, w := range made {
		if strings.Contains(low, w) {
			return conditionUnit{}, false
		}
	}
	for _, hc := range headConditions {
		if !strings.Contains(low, hc.word) {
			continue
		}
		for _, cu := range r.x.conditionUnits {
			if cu.name != hc.name {
				continue
			}
			if !h.hasUnit {
				return cu, true
			}
			if _, ok := cu.in(quantity.Quantity{Unit: h.unit}); ok {
				return cu, true
			}
		}
	}
	return conditionUnit{}, false
}

// cellConditions reads the conditions that the caption and the cells beside a
// value state: those at place k have head k. line is the line of the value in
// its cell.
func (r *reading) cellConditions(b int, grid [][]int, line int, heads []head, at func(k int) int) []record.Condition {
	var out []record.Condition
	if i := r.captionBlock(b); i >= 0 {
		text := r.doc.Blocks[i].Text
		out = r.conditions(i, span{0, len(text)}, r.mentions[i].quantities, nil)
	}
	block := &r.doc.Blocks[b]
	for k := range heads {
		h := &heads[k]
		if h.property != nil && !h.property.mention.symbol {
			continue
		}
		cu, ok := r.conditionHead(h)
		if !ok || at(k) < 0 {
			continue
		}
		cell := block.Table.Cells[at(k)]
		part := span{cell.Start, cell.End}
		if ns := numbers(block.Text, cell); len(ns) > 1 && line < len(ns) {
			part = ns[line]
		}
		text := strings.TrimSpace(block.Text[part.start:part.end])
		q, err := quantity.ParseCell(text, nil)
		if err != nil {
			continue
		}
		if q.Unit.Symbol == "" {
			switch {
			case h.hasUnit:
				q.Unit, q.Low, q.High = h.unit, q.Low*h.scale, q.High*h.scale
			case cu.name == "cycle":
				q.Unit = cu.units[0]
			default:
				continue
			}
		}
		if in, ok := cu.in(q); ok {
			start := part.start + strings.Index(block.Text[part.start:part.end], text)
			out = append(out, record.Condition{Name: cu.name, Text: text, Low: finite(in.Low), High: finite(in.High), Unit: in.Unit.Symbol, Block: b, Start: start, End: start + len(text)})
		}
	}
	return out
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
