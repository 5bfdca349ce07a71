package cli

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// column describes a column of a grid.
type column struct {
	head  string
	right bool // numbers stand at the right
	rare  bool // left out when all its cells are empty
	least int  // columns of the terminal below which it is not clipped; 0 to never clip it
}

// grid lays out rows of text in columns for a terminal.
type grid struct {
	columns []column
	rows    [][]string
}

// add adds a row of one cell for each column.
func (g *grid) add(cells ...string) {
	for i, c := range cells {
		cells[i] = visible(c)
	}
	g.rows = append(g.rows, cells)
}

// used returns g without rare columns that are empty.
func (g *grid) used() *grid {
	keep := func(i int) bool {
		return !g.columns[i].rare || slices.ContainsFunc(g.rows, func(row []string) bool { return row[i] != "" })
	}
	out := &grid{rows: make([][]string, len(g.rows))}
	for i, c := range g.columns {
		if !keep(i) {
			continue
		}
		out.columns = append(out.columns, c)
		for j, row := range g.rows {
			out.rows[j] = append(out.rows[j], row[i])
		}
	}
	return out
}

// gap stands between columns.
const gap = "  "

// write writes g to w in at most limit columns, if it can be done by clipping
// the columns that may be clipped; 0 means that there is no limit.
func (g *grid) write(w io.Writer, limit int) error {
	g = g.used()
	widths := make([]int, len(g.columns))
	total := len(gap) * (len(g.columns) - 1)
	for i, c := range g.columns {
		widths[i] = width(c.head)
		for _, row := range g.rows {
			widths[i] = max(widths[i], width(row[i]))
		}
		total += widths[i]
	}
	// Take one terminal column at a time from the widest that still has some
	// to give.
	for limit > 0 && total > limit {
		widest := -1
		for i, c := range g.columns {
			if c.least > 0 && widths[i] > max(c.least, width(c.head)) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	out := bufio.NewWriter(w)
	line := func(cells func(int) string) {
		var b strings.Builder
		for i, c := range g.columns {
			cell := clip(cells(i), widths[i])
			if i > 0 {
				b.WriteString(gap)
			}
			if c.right {
				b.WriteString(strings.Repeat(" ", max(0, widths[i]-width(cell))))
				b.WriteString(cell)
			} else {
				b.WriteString(pad(cell, widths[i]))
			}
		}
		out.WriteString(strings.TrimRight(b.String(), " "))
		out.WriteByte('\n')
	}
	line(func(i int) string { return g.columns[i].head })
	for _, row := range g.rows {
		line(func(i int) string { return row[i] })
	}
	return out.Flush()
}
