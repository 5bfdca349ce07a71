package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// Bounds for tables whose cells stand one a line.
const (
	maxCells   = 3000
	maxColumns = 16
)

// kind is what a cell of a flattened table holds.
type kind uint8

const (
	blank kind = iota
	number
	words
	cites // references, "[12, 13]"
)

// flatCell is a piece of a flattened table: a cell or part of one.
type flatCell struct {
	text string
	kind kind
	end  int // lines of the table up to and with this cell
}

// flattened reads a table that was taken apart into about one cell a line, row
// by row, as tools do that take the text out of PDFs. It finds the number of
// columns by which numbers and words repeat, and refuses when they do not: the
// first column must hold words, another numbers, and at least two rows must
// agree. The cells above them name the columns.
func (r *reader) flattened(i int) (int, document.Block, bool) {
	cells := r.flatCells(i)
	if len(cells) < 6 {
		return 0, document.Block{}, false
	}
	a, b := periodic(cells), cited(cells)
	best := a
	if b.used > a.used {
		best = b
	}
	if best.used == 0 {
		return 0, document.Block{}, false
	}
	var t blocks.Table
	write := func(rowSpan, columnSpan int, head bool, pieces ...flatCell) {
		if !t.Cell(rowSpan, columnSpan, head) {
			return
		}
		for k, piece := range pieces {
			if k > 0 && !strings.HasSuffix(pieces[k-1].text, "-") {
				t.Space()
			}
			t.WriteString(piece.text)
		}
	}
	heads := headCells(best.head, best.columns)
	switch {
	case len(heads) == 0:
	case len(heads) == best.columns-1: // the corner above the names is empty
		t.Row(true)
		write(1, 1, true)
		for _, h := range heads {
			write(1, 1, true, h)
		}
	case len(heads)%best.columns == 0:
		for k, h := range heads {
			if k%best.columns == 0 {
				t.Row(true)
			}
			write(1, 1, true, h)
		}
	default: // which cell stands over which column is not known
		t.Row(true)
		write(1, best.columns, true, heads...)
	}
	for _, row := range best.rows {
		t.Row(false)
		if len(row) == 1 {
			write(1, best.columns, false, row[0]...)
			continue
		}
		for _, pieces := range row {
			write(1, 1, false, pieces...)
		}
	}
	block, ok := t.Block()
	return cells[best.used-1].end, block, ok
}

// flatCells returns the pieces from line i on, as far as lines are as short as
// cells. Lists of references that go over several lines are one piece; several
// numbers on a line are several.
func (r *reader) flatCells(i int) []flatCell {
	var cells []flatCell
	for n := 0; i+n < len(r.lines) && n < maxCells; n++ {
		l := r.lines[i+n]
		if l.blank {
			break
		}
		if l.width > 60 && strings.Count(l.text, " ") < 30 && !numbersOnly(l.text) && len(cells) > 0 || l.width > 100 || l.width > 40 && terminal(l.text) {
			break
		}
		if _, _, ok := captionLabel(l.text); ok {
			break
		}
		if k := len(cells) - 1; k >= 0 && cells[k].kind == cites && !strings.Contains(cells[k].text, "]") && len(cells[k].text) < 200 {
			cells[k].text += " " + l.text
			cells[k].end = n + 1
			continue
		}
		if strings.Contains(l.text, " ") && numbersOnly(l.text) {
			for token := range strings.FieldsSeq(l.text) {
				cells = append(cells, flatCell{token, kindOf(token), n + 1})
			}
			continue
		}
		cells = append(cells, flatCell{l.text, kindOf(l.text), n + 1})
	}
	return cells
}

// numbersOnly reports a line of bare numbers divided by spaces.
func numbersOnly(s string) bool {
	for token := range strings.FieldsSeq(s) {
		token = strings.TrimLeft(token, "-−–+~<>")
		if token == "" || strings.Trim(token, "0123456789.,") != "" {
			return false
		}
	}
	return true
}

func kindOf(s string) kind {
	if len(s) > 1 && s[0] == '[' && s[1] >= '0' && s[1] <= '9' {
		return cites
	}
	switch blocks.ContentOf(s) {
	case blocks.Blank:
		return blank
	case blocks.Number:
		return number
	}
	// A symbol set equal to a number is a value: "μ = 70 (SC)".
	if i := strings.IndexAny(s, "=~∼≈"); i > 0 && i < 12 && blocks.ContentOf(s[i+1:]) == blocks.Number {
		return number
	}
	return words
}

// flatTable is a reading of flattened cells.
type flatTable struct {
	head    []flatCell
	rows    [][][]flatCell // row, cell, pieces; a row of one cell is a title across
	columns int
	used    int // cells
}

// headCells joins the pieces of the head of a table until they are as many as
// its columns, or one less: units and the rest of a name go to the name before
// them, as do single figures, which are subscripts that lost their place.
func headCells(head []flatCell, columns int) []flatCell {
	cells := append([]flatCell(nil), head...)
	stray := func(c flatCell) bool { return c.kind == number && len(c.text) == 1 }
	if k := slices.IndexFunc(cells, stray); k > 0 && !slices.ContainsFunc(cells[k+1:], stray) {
		cells[k-1].text += cells[k].text
		cells = slices.Delete(cells, k, k+1)
	}
	joins := [...]func(before, cell flatCell) bool{
		func(before, cell flatCell) bool { return strings.HasPrefix(cell.text, "(") },
		func(before, cell flatCell) bool {
			return strings.HasPrefix(cell.text, "[") || strings.Count(before.text, "(") > strings.Count(before.text, ")") || strings.Count(before.text, "[") > strings.Count(before.text, "]")
		},
		func(before, cell flatCell) bool {
			first, _ := utf8.DecodeRuneInString(cell.text)
			return unicode.IsLower(first) || first == '@' || first == '/' || first == ')'
		},
	}
	for _, join := range joins {
		if len(cells) <= columns {
			break
		}
		kept := cells[:0]
		left := len(cells) - columns // joins still to do
		for k, c := range cells {
			if k > 0 && left > 0 && join(kept[len(kept)-1], c) {
				left--
				kept[len(kept)-1].text += " " + c.text
				continue
			}
			kept = append(kept, c)
		}
		cells = kept
	}
	if len(cells) == 1 && columns > 1 { // a line that holds all names
		if names := strings.Fields(cells[0].text); len(names) == columns || len(names) == columns-1 {
			one := cells[0]
			cells = cells[:0]
			for _, name := range names {
				cells = append(cells, flatCell{name, words, one.end})
			}
		}
	}
	return cells
}

// periodic reads cells whose kinds repeat with each row.
func periodic(cells []flatCell) flatTable {
	best := struct{ offset, columns, rows, score int }{}
	n := len(cells)
	for columns := 2; columns <= min(maxColumns, n/2); columns++ {
		for offset := 0; offset <= min(n-2*columns, 3*columns); offset++ {
			rows := period(cells[offset:], columns)
			if rows < 2 || columns == 2 && rows < 3 {
				continue
			}
			score := 4 * rows * columns
			values := 0
			for _, c := range cells[:offset] {
				if c.kind == number && len(c.text) > 1 {
					values++
				}
			}
			names := len(headCells(cells[:offset], columns))
			switch {
			case values > 0 && values*4 > offset:
				score -= 8 * columns // a row of the body was taken for the head
			case names == columns && offset == columns:
				score += 2 * columns
			case names == columns || names == columns-1:
				score += columns
			case names > 0 && names%columns == 0:
			default:
				score -= 3 * columns
			}
			if score > best.score {
				best.offset, best.columns, best.rows, best.score = offset, columns, rows, score
			}
		}
	}
	if best.rows == 0 {
		return flatTable{}
	}
	t := flatTable{head: cells[:best.offset], columns: best.columns, used: best.offset + best.rows*best.columns}
	// A row that ends within a line is none: the rest of the line would be lost.
	for t.used < n && t.used > best.offset && cells[t.used].end == cells[t.used-1].end {
		t.used -= best.columns
	}
	if t.used < best.offset+2*best.columns {
		return flatTable{}
	}
	for k := best.offset; k < t.used; k += best.columns {
		row := make([][]flatCell, best.columns)
		for c := range row {
			row[c] = cells[k+c : k+c+1]
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// period counts the rows of the given number of columns that agree in which
// columns hold numbers: the first holds words and at least one other numbers.
func period(cells []flatCell, columns int) int {
	var want [maxColumns]kind
	numbers := 0
	for c := range columns {
		for k := c; k < min(len(cells), c+3*columns); k += columns {
			if want[c] == blank {
				want[c] = cells[k].kind
			}
		}
		if want[c] == number {
			numbers++
		}
	}
	if want[0] != words || numbers == 0 {
		return 0
	}
	rows := 0
	for (rows+1)*columns <= len(cells) {
		misses := 0
		for c := range columns {
			if k := cells[rows*columns+c].kind; k != blank && k != want[c] {
				misses++
				if c == 0 {
					misses++
				}
			}
		}
		if misses > 0 && (columns < 5 || misses > 1) {
			break
		}
		rows++
	}
	return rows
}

// cited reads cells whose rows end with a list of references, whatever number
// of pieces the cells before it were broken into: each row is aligned with what
// the columns hold in the rows that are whole.
func cited(cells []flatCell) flatTable {
	var ends []int // behind each list of references
	for k, c := range cells {
		if c.kind == cites {
			ends = append(ends, k+1)
		}
	}
	if len(ends) < 3 {
		return flatTable{}
	}
	// The number of columns is the commonest length of a row, the first row,
	// which has the head before it, aside.
	var lengths [maxColumns + 1]int
	for k := 1; k < len(ends); k++ {
		if n := ends[k] - ends[k-1]; n <= maxColumns {
			lengths[n]++
		}
	}
	columns := 0
	for n := 3; n <= maxColumns; n++ {
		if lengths[n] > lengths[columns] {
			columns = n
		}
	}
	if columns == 0 || lengths[columns] < 2 || lengths[columns]*4 < len(ends) || ends[0] < columns {
		return flatTable{}
	}
	var seen [maxColumns][cites + 1]int
	for k := 1; k < len(ends); k++ {
		if ends[k]-ends[k-1] == columns {
			for c := range columns {
				seen[c][cells[ends[k-1]+c].kind]++
			}
		}
	}
	if seen[0][words]*2 < lengths[columns] {
		return flatTable{}
	}
	t := flatTable{columns: columns}
	begin := 0
	for k, end := range ends {
		row := cells[begin:end]
		if k == 0 {
			// The head ends where the best alignment of a first row begins.
			cut, least := end-columns, 1e9
			for at := max(0, end-2*columns); at <= end-columns; at++ {
				if cells[at].kind != words {
					continue
				}
				if _, cost := align(cells[at:end], columns, &seen); cost < least {
					cut, least = at, cost
				}
			}
			t.head, row = cells[:cut], cells[cut:end]
			// The head ends with the name of the column of references; what
			// follows it is a title across the table.
			for h := cut - 1; h > 0; h-- {
				if strings.HasPrefix(t.head[h].text, "Ref") {
					if h+1 < cut {
						t.rows = append(t.rows, [][]flatCell{t.head[h+1 : cut]})
					}
					t.head = t.head[:h+1]
					break
				}
			}
		}
		if len(row) > 4*columns {
			break // running text came between
		}
		aligned, cost := align(row, columns, &seen)
		if cost > 3*float64(columns) {
			break
		}
		t.rows = append(t.rows, aligned...)
		begin, t.used = end, end
	}
	if len(t.rows) < 3 {
		return flatTable{}
	}
	return t
}

// align divides the pieces of a row among the columns at the least cost: of a
// kind that the column does not hold in other rows, of joining pieces, of
// leaving a cell empty, of titles across the table before the row. It returns
// the title, if any, as a row of one cell, then the row.
func align(pieces []flatCell, columns int, seen *[maxColumns][cites + 1]int) (rows [][][]flatCell, cost float64) {
	const infinite = 1e18
	n := len(pieces)
	misfit := func(c, k int) float64 {
		total := 0
		for _, m := range seen[c] {
			total += m
		}
		if pieces[k].kind == blank {
			return 0.3
		}
		return 2 * (1 - float64(seen[c][pieces[k].kind]+1)/float64(total+2))
	}
	join := func(k int) float64 { // of piece k to the one before
		s := pieces[k].text
		first, _ := utf8.DecodeRuneInString(s)
		before, _ := utf8.DecodeRuneInString(pieces[k-1].text)
		switch {
		case pieces[k-1].kind == blank, pieces[k].kind == blank, pieces[k-1].kind == cites:
			return 4
		case first == '(', unicode.IsLower(first) && before == first:
			return 0.3
		case first == before && first > unicode.MaxLatin1:
			return 0.3 // "μh = …", "μe = …"
		case pieces[k-1].kind == words && pieces[k].kind == words:
			return 1.2
		}
		return 1.6
	}
	// least[c][k] is the least cost of k pieces in the first c columns.
	least := make([][]float64, columns+1)
	from := make([][]int, columns+1) // the number of pieces before column c
	for c := range least {
		least[c], from[c] = make([]float64, n+1), make([]int, n+1)
		for k := range least[c] {
			least[c][k] = infinite
		}
	}
	least[0][0] = 0
	for k := 1; k <= min(n-columns, 4); k++ { // a title of k pieces
		if pieces[k-1].kind != words {
			break
		}
		least[0][k] = 0.8 + 0.3*float64(k)
	}
	for c := 1; c <= columns; c++ {
		for k := 0; k <= n; k++ {
			if empty := least[c-1][k] + 2.5; empty < least[c][k] && c > 1 {
				least[c][k], from[c][k] = empty, k
			}
			joined := 0.0
			for j := k - 1; j >= max(0, k-6); j-- {
				if total := least[c-1][j] + misfit(c-1, j) + joined; total < least[c][k] {
					least[c][k], from[c][k] = total, j
				}
				if j > 0 {
					joined += join(j)
				}
			}
		}
	}
	cost = least[columns][n]
	if cost >= infinite {
		return nil, cost
	}
	row := make([][]flatCell, columns)
	k := n
	for c := columns; c > 0; c-- {
		row[c-1] = pieces[from[c][k]:k]
		k = from[c][k]
	}
	if k > 0 {
		rows = append(rows, [][]flatCell{pieces[:k]})
	}
	return append(rows, row), cost
}
