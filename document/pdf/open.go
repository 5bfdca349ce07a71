package pdf

import (
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document/blocks"
)

// openTable returns the table without rules in r: rows of cells that stand
// apart, one close below the other.
func openTable(r *region) *tableArea {
	c := r.caption
	rows := gatherLines(slices.Clone(r.segs))
	i := captionEnd(c, rows)
	t := &tableArea{x0: 1e6, posts: r.posts}
	last := c.y
	if i > 0 {
		last = rows[i-1].y
	}
	var taken []*line
	wide, single := 0, 0
gather:
	for ; i < len(rows) && len(taken) < 400; i++ {
		row := rows[i]
		gap := 3 * c.size
		if len(taken) == 0 {
			gap = 5 * c.size // between caption and table
		}
		if row.y-last > gap {
			break
		}
		cells := len(splitCells(row.segs))
		switch {
		case cells < 2 && len(taken) > 0 && row.y-last < 0.85*row.size:
			// Beside a taller cell, as heads of several heights stand.
		case cells < 2:
			single++
			// A head above several columns, a group of rows, the rest of a
			// cell above; but not the text that follows the table.
			if single > 2 || runs(row) && !(len(taken) == 0 && heads(row, rows[i+1:])) {
				break gather
			}
		default:
			if longCell(row) && !aligned(row, taken) || noteMark(row) && len(taken) > 2 {
				break gather
			}
			single = 0
		}
		if cells >= 3 || cells == 2 && len(taken) > 0 {
			wide++
		}
		taken = append(taken, row)
		last = row.y
	}
	taken = taken[:tableEnd(taken)]
	for _, row := range taken {
		t.segs = append(t.segs, row.segs...)
		t.x0, t.x1 = min(t.x0, row.x0), max(t.x1, row.x1)
		t.bottom = row.y
	}
	if len(taken) < 2 || len(t.segs) < 4 || wide < 2 {
		return nil
	}
	t.top = taken[0].y - taken[0].size
	for _, o := range r.rules {
		if o.y > t.top && o.y < t.bottom {
			t.rules = append(t.rules, o)
		}
	}
	return t
}

// captionEnd returns how many of rows, which stand below the first line c of a
// caption, are more lines of it: of its size, close below one another, without
// cells, beginning where it begins or centred below it.
func captionEnd(c *segment, rows []*line) int {
	y, size := c.y, c.size
	leading := float32(0)
	for i, row := range rows {
		step := row.y - y
		if abs(row.y-c.y) < 0.35*size {
			continue // the rest of the caption's first line
		}
		if i > 12 || step > 1.9*size || leading > 0 && step > 1.2*leading || abs(row.size-size) > 0.08*size {
			return i
		}
		aligned := abs(row.x0-c.x0) < 1.2*size || abs((row.x0+row.x1)-(c.x0+c.x1)) < 1.5*size
		if !aligned || len(row.segs) > 1 {
			return i
		}
		if leading == 0 {
			leading = step
		}
		y = row.y
	}
	return len(rows)
}

// heads reports whether row, the first of a table, is a head above some columns
// of the rows below: between the ends of what stands close below it, which is
// more than one cell.
func heads(row *line, below []*line) bool {
	x0, x1, cells := row.x1, row.x0, 0
	for _, l := range below {
		if l.y-row.y > 1.6*row.size {
			break
		}
		x0, x1 = min(x0, l.x0), max(x1, l.x1)
		cells += len(splitCells(l.segs))
	}
	return cells > 1 && row.x0 > x0+row.size && row.x1 < x1+row.size
}

// runs reports whether row looks like running text: long or bold.
func runs(row *line) bool {
	if row.bold && row.length() > 3 {
		return true // a heading, or a caption
	}
	return row.x1-row.x0 > 20*row.size
}

// longCell reports whether a cell of row is as long as a line of text, or all
// its cells stand as close as the words of a line set to full measure.
func longCell(row *line) bool {
	cells := splitCells(row.segs)
	widest, gap := float32(0), float32(0)
	for i, s := range cells {
		widest = max(widest, s.width())
		if i > 0 {
			gap = max(gap, s.x0-cells[i-1].x1)
		}
	}
	return widest > 24*row.size || row.x1-row.x0 > 20*row.size && gap < 1.2*row.size
}

// aligned reports whether the cells of row stand below cells of rows: all but
// the first begin, end or have their middle where one of them has.
func aligned(row *line, rows []*line) bool {
	for _, s := range splitCells(row.segs)[1:] {
		if !under(rows, s, 0) {
			return false
		}
	}
	return len(rows) > 0
}

// noteMark reports whether row begins as the notes below a table do: with a
// raised letter or sign, or the word "Note".
func noteMark(row *line) bool {
	s := row.segs[0]
	first := s.chars[0]
	if first.level == blocks.Raised && (len(s.chars) == 1 || s.chars[1].level != blocks.Raised) {
		return unicode.IsLetter(first.r) || first.r == '*' || first.r == '†' || first.r == '‡' || unicode.IsDigit(first.r)
	}
	text := s.text()
	return strings.HasPrefix(text, "Note") || strings.HasPrefix(text, "NOTE") || first.r == '†' || first.r == '‡'
}

// tableEnd returns how many of the rows are the table: those of one cell at its
// end are not, unless they stand closer below than rows do and go on with a cell
// above.
func tableEnd(rows []*line) int {
	full, most := make([]*line, len(rows)), 0
	for i, row := range rows {
		full[i] = &line{segs: splitCells(row.segs), y: row.y}
		most = max(most, len(full[i].segs))
	}
	usual := rowStep(full, most)
	n := len(rows)
	for n > 0 && len(full[n-1].segs) < 2 {
		closed := n
		for closed >= 2 && len(full[closed-1].segs) < 2 && rows[closed-1].y-rows[closed-2].y < 0.85*usual {
			closed--
		}
		if closed < n && len(full[closed-1].segs) >= 2 {
			return n
		}
		n--
	}
	return n
}
