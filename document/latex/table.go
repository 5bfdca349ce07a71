package latex

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document/blocks"
)

// table reads the rows of a tabular environment.
func (r *reader) table(name, body string, depth int) {
	r.flush()
	_, body, _ = option(body)
	switch name {
	case "tabularx", "tabulary", "xltabular":
		_, body = argument(body)
	case "tabular":
		if strings.HasPrefix(strings.TrimLeft(body, " "), `{`) {
			// tabular* has a width before the columns
			if width, after := argument(body); strings.Contains(width, "width") || strings.HasSuffix(width, "cm") || strings.HasSuffix(width, "pt") || strings.HasSuffix(width, "in") {
				body = after
				_, body, _ = option(body)
			}
		}
	}
	_, body = argument(body) // the columns
	var t blocks.Table
	outer, outerCell := r.b, r.cell
	kind := r.kind
	from := len(r.doc.Blocks)
	r.b = &t.Builder
	rows := splitRows(body)
	head := headOf(rows)
	t.Expect(len(rows) + strings.Count(body, "&"))
	written := 0
	var covered []int // by column: the rows below this one that a cell from above covers
	for _, row := range rows {
		cells := splitCells(row.text)
		if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
			continue
		}
		if caption, ok := captionRow(row.text); ok { // of a longtable
			r.b, r.cell = outer, outerCell
			r.read(caption, depth+1)
			r.b = &t.Builder
			continue
		}
		if !t.Row(written < head) {
			break
		}
		written++
		column := 0
		next := append([]int(nil), covered...)
		for i := range next {
			next[i] = max(0, next[i]-1)
		}
		for _, cell := range cells {
			text, columns, height := spans(cell)
			if column < len(covered) && covered[column] > 0 && strings.TrimSpace(text) == "" {
				column += columns
				continue
			}
			t.Skip(column)
			if !t.Cell(height, columns, written <= head) {
				break
			}
			r.cell = true
			r.read(strings.ReplaceAll(text, "\n\n", "\n"), depth+1)
			for len(next) < column+columns {
				next = append(next, 0)
			}
			for k := column; k < column+columns; k++ {
				next[k] = max(next[k], height-1)
			}
			column += columns
		}
		covered = next
	}
	r.b, r.cell, r.kind = outer, outerCell, kind
	if t.Full() {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("a table is larger than %d places and was cut", blocks.MaxPlaces))
	}
	if block, ok := t.Block(); ok {
		r.add(block)
	}
	r.flush() // notes of its cells
	if name == "longtable" || name == "deluxetable" {
		number := ""
		if m := labelIn.FindStringSubmatch(body); m != nil {
			number = r.labels[m[1]]
		}
		r.arrange(true, from, number)
	}
}

// row is a row of a table; ruled says that a line is drawn above it.
type row struct {
	text  string
	ruled bool
}

// rules are the commands between rows, with the number of their arguments.
var rules = map[string]int{
	"hline": 0, "toprule": 0, "midrule": 0, "bottomrule": 0, "cline": 1, "cmidrule": 1, "addlinespace": 0, "specialrule": 3, "endhead": 0, "endfirsthead": 0,
	"endfoot": 0, "endlastfoot": 0, "colrule": 0, "botrule": 0, "hhline": 1, "startdata": 0, "enddata": 0, "noalign": 1, "morecmidrules": 0, "rowcolor": 1, "Xhline": 1,
}

// splitRows divides the body of a table at its line ends.
func splitRows(s string) []row {
	var rows []row
	var current strings.Builder
	ruled := false
	depth := 0
	end := func() {
		text := current.String()
		current.Reset()
		if strings.TrimSpace(text) == "" {
			return
		}
		rows = append(rows, row{text, ruled})
		ruled = false
	}
	for s != "" {
		i := strings.IndexAny(s, "\\{}")
		if i < 0 {
			current.WriteString(s)
			break
		}
		current.WriteString(s[:i])
		s = s[i:]
		if s[0] != '\\' {
			if s[0] == '{' {
				depth++
			} else {
				depth = max(0, depth-1)
			}
			current.WriteByte(s[0])
			s = s[1:]
			continue
		}
		n := commandEnd(s)
		name := s[1:n]
		switch count, rule := rules[name]; {
		case (name == "\\" || name == "tabularnewline" || name == "cr") && depth == 0:
			s = strings.TrimPrefix(s[n:], "*")
			if strings.HasPrefix(s, "[") {
				_, s, _ = option(s)
			}
			end()
		case rule && depth == 0:
			s = s[n:]
			if strings.TrimSpace(current.String()) == "" {
				ruled = ruled || name != "addlinespace" && name != "cline" && name != "cmidrule"
			}
			_, s, _ = option(s)
			if strings.HasPrefix(s, "(") {
				_, after, _ := strings.Cut(s, ")")
				s = after
			}
			for range count {
				_, s = argument(s)
			}
		case name == "begin": // a table inside a cell
			inner, after := argument(s[n:])
			body, rest := inside(after, inner)
			current.WriteString(body)
			s = rest
		default:
			current.WriteString(s[:n])
			s = s[n:]
		}
	}
	end()
	return rows
}

// headOf returns how many rows stand above the first line between two rows.
func headOf(rows []row) int {
	for i := 1; i < len(rows); i++ {
		if rows[i].ruled {
			if i <= 6 {
				return i
			}
			return 0
		}
	}
	return 0
}

// splitCells divides a row at the marks between cells.
func splitCells(s string) []string {
	var cells []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			depth = max(0, depth-1)
		case '&':
			if depth == 0 && len(cells) < blocks.MaxColumns {
				cells = append(cells, s[from:i])
				from = i + 1
			}
		}
	}
	return append(cells, s[from:])
}

// spans takes \multicolumn and \multirow off a cell.
func spans(cell string) (text string, columns, rows int) {
	columns, rows = 1, 1
	for range 2 {
		s := strings.TrimSpace(cell)
		switch {
		case strings.HasPrefix(s, `\multicolumn`):
			count, rest := argument(s[len(`\multicolumn`):])
			_, rest = argument(rest)
			cell, _ = argument(rest)
			columns = bounded(count, blocks.MaxColumns)
		case strings.HasPrefix(s, `\multirow`):
			rest := s[len(`\multirow`):]
			_, rest, _ = option(rest)
			count, rest := argument(rest)
			_, rest, _ = option(rest)
			_, rest = argument(rest)
			_, rest, _ = option(rest)
			cell, _ = argument(rest)
			rows = bounded(count, 1<<15)
		}
	}
	return cell, columns, rows
}

func bounded(s string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 1
	}
	if n < 0 {
		n = -n // \multirow counts upwards with a minus
	}
	return min(max(1, n), most)
}

// captionRow reports a row that is the caption of a longtable.
func captionRow(s string) (string, bool) {
	s = strings.TrimSpace(s)
	return s, strings.HasPrefix(s, `\caption`) || strings.HasPrefix(s, `\label`)
}
