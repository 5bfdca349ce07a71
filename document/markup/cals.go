package markup

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// A table of the CALS model (OASIS Technical Memorandum TR 9901:1999, XML
// Exchange Table Model) has groups of rows, each with its own columns. Patents
// use several groups for one table, with other columns for the head than for
// the body; what belongs together then shows only in the widths. So the columns
// of all groups are laid over each other by their edges.

// calsCell is an entry of a CALS table.
type calsCell struct {
	node     *Node
	from, to int // columns of the whole table that it covers: from ≤ column < to
	rows     int
	empty    bool
}

// calsRow is a row of a CALS table.
type calsRow struct {
	cells []calsCell
	head  bool
	rule  bool // nothing but a line from side to side
}

// calsGroup is a tgroup with the edges of its columns, from 0.
type calsGroup struct {
	node  *Node
	names []string          // of the columns, in lower case
	spans map[string][2]int // spanspec; nil for none
	edges []float64         // one more than columns, ascending
	sized bool              // in units of length
}

// sameEdge is how far, in points, edges of columns in different groups may lie
// apart and still be the same: about two letters.
const sameEdge = 12

func newGroup(n *Node) calsGroup {
	columns := min(max(1, number(n.Attribute("cols"))), blocks.MaxColumns, nodes(n))
	g := calsGroup{node: n, names: make([]string, columns), edges: make([]float64, columns+1), sized: true}
	at := 0
	for _, c := range n.Children {
		switch c.Name {
		case "colspec":
			if k := number(c.Attribute("colnum")); k >= 1 {
				at = k - 1
			}
			if at >= columns {
				continue
			}
			g.names[at] = strings.ToLower(c.Attribute("colname"))
			at++
			g.edges[at] = length(c.Attribute("colwidth"))
		case "spanspec":
			from, to := g.column(c.Attribute("namest")), g.column(c.Attribute("nameend"))
			if from >= 0 && from <= to {
				if g.spans == nil {
					g.spans = make(map[string][2]int)
				}
				g.spans[strings.ToLower(c.Attribute("spanname"))] = [2]int{from, to + 1}
			}
		}
	}
	for i := range columns {
		if g.edges[i+1] == 0 {
			g.sized = false
		}
		g.edges[i+1] += g.edges[i]
	}
	if !g.sized {
		for i := range g.edges {
			g.edges[i] = float64(i)
		}
	}
	return g
}

// nodes counts the children of n and of its parts, up to rows and entries: a
// group has no use for more columns.
func nodes(n *Node) int {
	count := len(n.Children)
	for _, part := range n.Children {
		for _, row := range part.Children {
			count += 1 + len(row.Children)
		}
	}
	return max(1, count)
}

// column returns the column of that name, or -1.
func (g *calsGroup) column(name string) int {
	if name == "" {
		return -1
	}
	return slices.Index(g.names, strings.ToLower(name))
}

func number(s string) int {
	if s == "" {
		return 0 // most often; an error would be made for nothing
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 1<<16 {
		return 0
	}
	return n
}

// lengths are the units of widths, the commonest first.
var lengths = [...]struct {
	unit   string
	points float64
}{{"pt", 1}, {"pi", 12}, {"pc", 12}, {"mm", 72 / 25.4}, {"cm", 72 / 2.54}, {"in", 72}, {"px", 0.75}}

// length returns a width in points, or 0 for proportional and unknown ones.
func length(s string) float64 {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, u := range lengths {
		if digits, ok := strings.CutSuffix(s, u.unit); ok {
			if v, err := strconv.ParseFloat(digits, 64); err == nil && v > 0 && v < 1e4 {
				return v * u.points
			}
		}
	}
	return 0
}

// cals writes the groups of the CALS table n.
func (w *Writer) cals(t *table, n *Node) (block document.Block, dropped, ok bool) {
	var groups []calsGroup
	for _, c := range n.Children {
		if c.Name == "tgroup" && len(groups) < 1<<12 {
			groups = append(groups, newGroup(c))
		}
	}
	edges := overlay(groups)
	t.rows, t.cells = t.rows[:0], t.cells[:0]
	for i := range groups {
		groups[i].rows(t, edges)
	}
	rows, columns := t.rows, len(edges)-1
	var label, caption string
	var notes []string
	if w.Titled {
		label, caption, rows = w.titles(rows, columns)
		notes, rows = w.notes(rows, columns)
		markHead(rows, columns)
	}
	shown, columns := places(rows, columns)
	for _, r := range rows {
		if r.rule || !t.Row(r.head) {
			continue
		}
		for _, c := range r.cells {
			from, to := shown[c.from], shown[c.to]
			if from == to {
				if c.empty {
					continue // in a column that is left out
				}
				from, to = min(from, columns-1), min(from, columns-1)+1
			}
			t.Skip(from)
			if t.Cell(c.rows, to-from, r.head) {
				w.flow(c.node)
			}
		}
	}
	dropped = t.Full()
	block, ok = t.Block()
	if ok {
		block.Table.Label, block.Table.Caption, block.Table.Footnotes = label, caption, notes
	}
	return block, dropped, ok
}

// overlay returns the edges of the columns of all groups together.
func overlay(groups []calsGroup) []float64 {
	widest := 0
	sized := true
	for i, g := range groups {
		sized = sized && g.sized
		if len(g.edges) > len(groups[widest].edges) {
			widest = i
		}
	}
	if !sized { // by number
		for i := range groups {
			for k := range groups[i].edges {
				groups[i].edges[k] = float64(k)
			}
		}
		return groups[widest].edges
	}
	edges := slices.Clone(groups[widest].edges)
	for _, g := range groups {
		for _, e := range g.edges {
			k, _ := slices.BinarySearch(edges, e)
			near := k < len(edges) && edges[k]-e < sameEdge || k > 0 && e-edges[k-1] < sameEdge
			if !near && len(edges) < blocks.MaxColumns {
				edges = slices.Insert(edges, k, e)
			}
		}
	}
	return edges
}

// nearest returns the index of the edge closest to e.
func nearest(edges []float64, e float64) int {
	k, _ := slices.BinarySearch(edges, e)
	if k == len(edges) || k > 0 && e-edges[k-1] <= edges[k]-e {
		k--
	}
	return k
}

// rows adds the rows of a group to t, head first.
func (g *calsGroup) rows(t *table, edges []float64) {
	columns := len(g.edges) - 1
	at := make([]int, columns+1) // column of the group → column of the table
	for i, e := range g.edges {
		at[i] = nearest(edges, e)
	}
	until := make([]int, columns) // by column: the rows of this group that a cell from above covers
	row := 0
	add := func(n *Node, head bool) {
		rule, first, next := true, len(t.cells), 0
		for _, c := range n.Children {
			if c.Name != "entry" && c.Name != "entrytbl" {
				continue
			}
			for next < columns && until[next] > row {
				next++
			}
			from, to := g.columns(c, next, columns)
			if from >= columns {
				break
			}
			cell := calsCell{node: c, from: at[from], to: at[to], rows: min(1+number(c.Attribute("morerows")), 1<<15)}
			cell.empty = c.Blank() && c.Find("math") == nil
			cell.to = max(cell.to, cell.from+1)
			if cell.to >= len(edges) {
				cell.to = len(edges) - 1
				cell.from = min(cell.from, cell.to-1)
			}
			for k := from; k < to; k++ {
				until[k] = row + cell.rows
			}
			next = to
			rule = rule && cell.empty
			t.cells = append(t.cells, cell)
		}
		row++
		t.rows = append(t.rows, calsRow{cells: t.cells[first:len(t.cells):len(t.cells)], head: head, rule: rule})
	}
	for _, part := range [...]string{"thead", "tbody", "tfoot"} {
		for _, c := range g.node.Children {
			if c.Name == part {
				for _, r := range c.Children {
					if r.Name == "row" {
						add(r, part == "thead")
					}
				}
			}
		}
	}
}

// columns returns the columns of the group that an entry covers, of which next
// is the first free one.
func (g *calsGroup) columns(entry *Node, next, columns int) (from, to int) {
	if len(g.spans) > 0 {
		if span, ok := g.spans[strings.ToLower(entry.Attribute("spanname"))]; ok {
			return span[0], span[1]
		}
	}
	from, to = next, next+1
	if k := g.column(entry.Attribute("colname")); k >= next {
		from, to = k, k+1
	}
	if k := g.column(entry.Attribute("namest")); k >= next {
		from, to = k, k+1
	}
	if k := g.column(entry.Attribute("nameend")); k >= from {
		to = k + 1
	}
	return from, min(to, columns)
}

// across returns the only cell of r that is not empty, if it runs over at least
// three quarters of the columns.
func (r *calsRow) across(columns int) *calsCell {
	var only *calsCell
	for i := range r.cells {
		if c := &r.cells[i]; !c.empty {
			if only != nil {
				return nil
			}
			only = c
		}
	}
	if only == nil || columns > 1 && 4*(only.to-only.from) < 3*columns || columns > 1 && only.to-only.from < 2 {
		return nil
	}
	return only
}

var labelPattern = regexp.MustCompile(`^(?i:table)\s*[-.]?\s*(?:[0-9]+|[IVXivx]+)(?:[-.]?[0-9A-Za-z]{1,2})?\b|^[\[<【]?표\s*\d+(?:-\d+)?[\]>】]?`)

// TableLabel returns the label, such as "TABLE 2" or "[표 1]", that the caption
// of a table begins with, or "".
func TableLabel(s string) string {
	if s == "" || strings.IndexByte("tT[<\xe3\xed", s[0]) < 0 { // the first bytes of 【 and 표 are the last two
		return ""
	}
	return labelPattern.FindString(s)
}

// titles takes the rows that hold label and caption off the top.
func (w *Writer) titles(rows []calsRow, columns int) (label, caption string, rest []calsRow) {
	taken := 0
	for taken < len(rows) {
		if rows[taken].rule {
			if label != "" && caption != "" {
				break
			}
			taken++
			continue
		}
		cell := rows[taken].across(columns)
		if cell == nil && len(rows[taken].cells) == 1 && label == "" {
			cell = &rows[taken].cells[0]
		}
		if cell == nil {
			break
		}
		text := w.text(cell.node)
		if label == "" {
			if label = TableLabel(text); label == "" && strings.EqualFold(text, "table") {
				label = text // the only one
			}
			if label == "" {
				break // a heading of columns, not of the table
			}
			caption = strings.TrimLeft(text[len(label):], " .:-–—")
		} else if caption != "" || taken > 3 {
			break
		} else {
			caption = text
		}
		taken++
	}
	if label == "" {
		return "", "", rows
	}
	if caption == "" {
		return label, label, rows[taken:]
	}
	return label, label + ". " + caption, rows[taken:]
}

// notes takes the rows that hold footnotes off the end.
func (w *Writer) notes(rows []calsRow, columns int) (notes []string, rest []calsRow) {
	for len(rows) > 1 {
		last := &rows[len(rows)-1]
		if !last.rule {
			cell := last.across(columns)
			if cell == nil {
				break
			}
			notes = append(notes, w.text(cell.node))
		}
		rows = rows[:len(rows)-1]
	}
	slices.Reverse(notes)
	return notes, rows
}

// text returns what a cell shows.
func (w *Writer) text(n *Node) string {
	var b blocks.Builder
	outer := w.Builder
	w.Builder = &b
	w.flow(n)
	w.Builder = outer
	text, _ := b.Take()
	return text
}

// markHead marks the rows before the first rule below them as head, where no
// row that names single columns is marked: titles have been taken off, and a
// rule follows the head.
func markHead(rows []calsRow, columns int) {
	named := func(rows []calsRow) bool {
		return slices.ContainsFunc(rows, func(r calsRow) bool { return !r.rule && r.across(columns) == nil })
	}
	marked := 0
	for marked < len(rows) && rows[marked].head {
		marked++
	}
	if named(rows[:marked]) {
		return
	}
	for i := range rows {
		if !rows[i].rule || !named(rows[:i]) {
			continue
		}
		if i < len(rows)-1 && i <= 12 {
			for k := range i {
				rows[k].head = true
			}
		}
		return
	}
}

// places leaves out the columns that hold nothing, and joins columns that no
// cell tells apart. It returns for each edge of the table the column that
// begins there, and the number of columns that are left.
func places(rows []calsRow, columns int) (shown []int, left int) {
	used, divided := make([]bool, columns), make([]bool, columns+1)
	for i := range rows {
		r := &rows[i]
		wide := r.across(columns) != nil && columns > 1
		for _, c := range r.cells {
			if c.empty || wide {
				continue
			}
			divided[c.from], divided[c.to] = true, true
			for k := c.from; k < c.to; k++ {
				used[k] = true
			}
		}
	}
	shown = make([]int, columns+1)
	open := false // a column that is shown has begun and not been divided
	for k := range columns {
		if divided[k] && open {
			left++
			open = false
		}
		shown[k] = left
		open = open || used[k]
	}
	if open {
		left++
	}
	left = max(left, 1)
	shown[columns] = left
	return shown, left
}
