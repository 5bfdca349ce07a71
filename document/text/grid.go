package text

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// maxTableLines bounds the lines of one table.
const maxTableLines = 1 << 16

// gapped reports whether s has cells divided by tabs, bars or wide gaps.
func gapped(s string) bool {
	return strings.Contains(s, "\t") || strings.Contains(s, "   ") || strings.Count(s, "|") >= 2
}

// grid reads a table from line i on whose rows are lines and whose columns are
// divided by tabs, bars or aligned gaps. It returns the number of lines, or,
// without a table, the number of lines that were looked at and hold none.
func (r *reader) grid(i int) (int, document.Block, bool) {
	s := r.lines[i].text
	switch {
	case strings.Contains(s, "\t"):
		return r.divided(i, func(s string) []string {
			if !strings.Contains(s, "\t") {
				return nil
			}
			return strings.Split(s, "\t")
		})
	case strings.Count(s, "|") >= 1:
		return r.divided(i, bars)
	case strings.Contains(s, "  ") || r.lines[i].indent > 0 && i+1 < len(r.lines) && strings.Contains(r.lines[i+1].text, "  "):
		return r.aligned(i)
	}
	return 0, document.Block{}, false
}

// bars divides a row at bars, as in Markdown. The rule below the head,
// |---|:-:|, gives an empty row that is not nil.
func bars(s string) []string {
	if !strings.Contains(s, "|") {
		return nil
	}
	if strings.Trim(s, "|-:+= \t") == "" {
		return []string{}
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "|"), "|")
	return strings.Split(s, "|")
}

// divided reads rows that have the same number of cells, give or take empty
// ones at the end.
func (r *reader) divided(i int, split func(string) []string) (int, document.Block, bool) {
	var rows [][]string
	head, columns, n := 0, 0, 0
	for ; i+n < len(r.lines) && n < maxTableLines; n++ {
		l := r.lines[i+n]
		if l.blank {
			break
		}
		cells := split(l.text)
		if cells == nil {
			// A rule of dashes may run through.
			if len(rows) > 0 && strings.Trim(l.text, "-=_+ ") == "" {
				continue
			}
			break
		}
		if len(cells) == 0 {
			if head == 0 && len(rows) > 0 && len(rows) <= 3 {
				head = len(rows)
			}
			continue
		}
		if len(cells) > blocks.MaxColumns {
			return n + 1, document.Block{}, false
		}
		// The label of a row that stands apart by an indent leaves its cell empty.
		if len(rows) > 0 && l.indent >= 8 && len(cells) < columns && strings.Contains(l.text, "\t") {
			cells = append([]string{""}, cells...)
		}
		columns = max(columns, len(cells))
		rows = append(rows, cells)
	}
	if len(rows) < 2 || columns < 2 {
		return n, document.Block{}, false
	}
	full, cells, long, odd := 0, 0, 0, 0
	for _, row := range rows {
		if len(row) == columns || len(row)*2 > columns && columns > 3 {
			full++
		}
		for _, c := range row {
			cells++
			c = strings.TrimSpace(c)
			if len(c) > 300 || strings.Count(c, " ") >= 8 {
				long++
			}
			if c == "" || strings.ContainsAny(c, "=≈⟩⟨{}∆") {
				odd++
			}
		}
	}
	// |x| in a formula or a stray tab in running text makes no table: there
	// cells hold half a line, and rows differ.
	if full*4 < len(rows)*3 || long*5 > cells || odd*3 > cells && head == 0 {
		return n, document.Block{}, false
	}
	if bar := strings.Contains(r.lines[i].text, "|") && head == 0; bar && (len(rows) < 3 || full < len(rows) || !tabular(rows)) {
		return n, document.Block{}, false
	}
	block, ok := tableOf(rows, head)
	return n, block, ok
}

// aligned reads rows whose columns are divided by gaps of at least two spaces
// that stand at the same place in all rows.
func (r *reader) aligned(i int) (int, document.Block, bool) {
	n := 0
	several := 0 // rows with a gap
	for ; i+n < len(r.lines) && n < maxTableLines; n++ {
		l := r.lines[i+n]
		if l.blank || l.width+l.indent > 400 {
			break
		}
		rule := strings.Trim(l.text, "-=_+ ") == ""
		if !strings.Contains(l.text, "  ") && !rule {
			// A line without gap is a row only between rows: a title across
			// the table, a cell alone in its row.
			if n == 0 && l.indent < 4 || n > 0 && l.width > 40 || i+n+1 >= len(r.lines) || !strings.Contains(r.lines[i+n+1].text, "  ") {
				break
			}
			if l.indent == 0 && n > 0 && !strings.Contains(r.lines[i+n+1].text, "  ") {
				break
			}
		} else if !rule {
			several++
		}
	}
	if several < 2 {
		return n, document.Block{}, false
	}
	// Which display columns are empty in all rows?
	width := 0
	for _, l := range r.lines[i : i+n] {
		width = max(width, l.indent+l.width)
	}
	used := make([]bool, width)
	for _, l := range r.lines[i : i+n] {
		if strings.Trim(l.text, "-=_+ ") == "" {
			continue
		}
		at := l.indent
		for k, c := range l.text {
			w := blocks.Width(string(c))
			// A single space inside a cell does not divide it.
			if c != ' ' || k > 0 && k+1 < len(l.text) && l.text[k-1] != ' ' && l.text[k+1] != ' ' {
				for j := at; j < min(at+w, width); j++ {
					used[j] = true
				}
			}
			at += w
		}
	}
	type stretch struct{ from, to int }
	var columns []stretch
	for at := 0; at < width; {
		if !used[at] {
			at++
			continue
		}
		end := at
		for end < width && (used[end] || end+1 < width && used[end+1]) {
			end++
		}
		columns = append(columns, stretch{at, end})
		at = end
	}
	if len(columns) < 2 || len(columns) > 64 {
		return r.sameCount(i, n)
	}
	var rows [][]string
	head := 0
	filled := 0
	for _, l := range r.lines[i : i+n] {
		if strings.Trim(l.text, "-=_+ ") == "" {
			if head == 0 && len(rows) > 0 && len(rows) <= 3 {
				head = len(rows)
			}
			continue
		}
		row := make([]string, len(columns))
		at, column := l.indent, 0
		from := -1
		for k, c := range l.text {
			for column < len(columns)-1 && at >= columns[column].to {
				if from >= 0 {
					row[column] = l.text[from:k]
					from = -1
				}
				column++
			}
			if from < 0 && c != ' ' {
				from = k
			}
			at += blocks.Width(string(c))
		}
		if from >= 0 {
			row[column] = l.text[from:]
		}
		for _, c := range row {
			if strings.TrimSpace(c) != "" {
				filled++
			}
		}
		rows = append(rows, row)
	}
	if len(rows) < 2 || filled*2 < len(rows)*len(columns) || !tabular(rows) {
		return r.sameCount(i, n)
	}
	block, ok := tableOf(rows, head)
	return n, block, ok
}

// sameCount reads rows whose cells are divided by two spaces or more but not
// aligned, if all rows have the same number of them.
func (r *reader) sameCount(i, n int) (int, document.Block, bool) {
	var rows [][]string
	k := 0
	for ; k < n; k++ {
		s := r.lines[i+k].text
		if strings.Trim(s, "-=_+ ") == "" {
			continue
		}
		var cells []string
		for c := range strings.SplitSeq(s, "  ") {
			if c = strings.TrimSpace(c); c != "" {
				cells = append(cells, c)
			}
		}
		if len(rows) > 0 && len(cells) != len(rows[0]) {
			break
		}
		rows = append(rows, cells)
	}
	if len(rows) < 2 || len(rows[0]) < 2 || !tabular(rows) {
		return n, document.Block{}, false
	}
	block, ok := tableOf(rows, 0)
	return k, block, ok
}

// tabular tells cells from justified running text: most are short, and a
// quarter hold numbers or there are three columns.
func tabular(rows [][]string) bool {
	cells, short, numbers := 0, 0, 0
	for _, row := range rows {
		for _, c := range row {
			c = strings.TrimSpace(c)
			if c == "" {
				continue
			}
			cells++
			if utf8.RuneCountInString(c) <= 40 {
				short++
			}
			if blocks.ContentOf(c) == blocks.Number {
				numbers++
			}
		}
	}
	return short*5 >= cells*4 && (numbers*5 >= cells || len(rows[0]) >= 3 && len(rows) >= 3 && numbers > 0)
}

// tableOf builds a table from rows of cells; head is the number of rows above a
// rule, 0 when there is none.
func tableOf(rows [][]string, head int) (document.Block, bool) {
	var t blocks.Table
	cells := 0
	for _, row := range rows {
		cells += len(row)
	}
	t.Expect(cells)
	for k, row := range rows {
		if !t.Row(k < head) {
			break
		}
		for _, c := range row {
			if t.Cell(1, 1, k < head) {
				t.WriteString(c)
			}
		}
	}
	return t.Block()
}
