package pdf

import (
	"cmp"
	"slices"
	"strings"
)

// lattice is a table whose cells are parted by level and upright lines.
type lattice struct {
	xs, ys []float32 // the lines, from the left and from the top
	cells  []latticeCell
}

// latticeCell covers rows [row, row+rows) and columns [column, column+columns).
type latticeCell struct {
	row, column, rows, columns int
	segs                       []*segment
}

// maxLines bounds the lines of one lattice in each direction.
const maxLines = 500

// latticeTable returns the table in r that is a lattice of lines, or nil.
func latticeTable(r *region) *tableArea {
	c := r.caption
	// The first level line below the caption that upright lines hang from.
	var t *tableArea
	for _, top := range r.rules {
		if top.y > c.y+14*c.size || top.x1-top.x0 < 8*c.size {
			continue
		}
		bottom, posts := float32(0), 0
		for _, p := range r.posts {
			if p.y > top.x0-3 && p.y < top.x1+3 && p.x0 < top.y+4 && p.x1 > top.y+c.size {
				bottom = max(bottom, p.x1)
				posts++
			}
		}
		if posts >= 2 {
			t = &tableArea{x0: top.x0, x1: top.x1, top: top.y, bottom: bottom}
			break
		}
	}
	if t == nil {
		return nil
	}
	// Upright lines are drawn anew for each row: they may go on below.
	posts := slices.Clone(r.posts)
	slices.SortFunc(posts, func(a, b rule) int { return cmp.Compare(a.x0, b.x0) })
	for _, p := range posts {
		if p.y > t.x0-3 && p.y < t.x1+3 && p.x0 < t.bottom+4 && p.x1 > t.top {
			t.bottom = max(t.bottom, p.x1)
			t.posts = append(t.posts, p)
		}
	}
	var xs, ys []float32
	for _, p := range t.posts {
		xs = append(xs, p.y)
	}
	for _, o := range r.rules {
		if o.y > t.top-2 && o.y < t.bottom+2 && o.x0 > t.x0-4 && o.x1 < t.x1+4 {
			t.rules = append(t.rules, o)
			ys = append(ys, o.y)
		}
	}
	// Open at the left or right, the table ends where its level lines do.
	l := &lattice{xs: distinct(append(xs, t.x0, t.x1)), ys: distinct(append(ys, t.top, t.bottom))}
	least := 3
	if r.continued {
		least = 2 // one row
	}
	if len(l.xs) < 3 || len(l.ys) < least || len(l.xs) > maxLines || len(l.ys) > maxLines {
		return nil
	}
	for _, s := range r.segs {
		mid := (s.x0 + s.x1) / 2
		if y := s.y - 0.3*s.size; y > t.top && y < t.bottom && mid > t.x0 && mid < t.x1 {
			t.segs = append(t.segs, s)
		}
	}
	if len(t.segs) < 2 || !l.fill(t) {
		return nil
	}
	t.cells = l
	return t
}

// rowText returns what stands in a row.
func (l *lattice) rowText(row int) string {
	var b strings.Builder
	for _, cell := range l.cells {
		if cell.row == row {
			for _, s := range cell.segs {
				b.WriteString(s.text())
			}
			b.WriteByte('\t')
		}
	}
	return b.String()
}

// distinct sorts places and joins those that are one line.
func distinct(places []float32) []float32 {
	slices.Sort(places)
	var out []float32
	for _, v := range places {
		if len(out) == 0 || v-out[len(out)-1] > 4 {
			out = append(out, v)
		}
	}
	return out
}

// fill joins the places of the lattice that no line parts into cells and puts
// the segments of t into them. It reports false where rows of text are not
// parted by lines, so that the lattice is only a frame.
func (l *lattice) fill(t *tableArea) bool {
	rows, columns := len(l.ys)-1, len(l.xs)-1
	owner := make([][]int, rows)
	for r := range owner {
		owner[r] = make([]int, columns)
		for c := range owner[r] {
			owner[r][c] = -1
		}
	}
	// parted reports whether one of lines stands at place and crosses at.
	parted := func(lines []rule, place, at float32) bool {
		return slices.ContainsFunc(lines, func(o rule) bool { return abs(o.y-place) <= 4 && o.x0 < at && o.x1 > at })
	}
	middle := func(v []float32, i int) float32 { return (v[i] + v[i+1]) / 2 }
	for r := range rows {
		for c := range columns {
			if owner[r][c] >= 0 {
				continue
			}
			cell := latticeCell{row: r, column: c, rows: 1, columns: 1}
			for c+cell.columns < columns && owner[r][c+cell.columns] < 0 && !parted(t.posts, l.xs[c+cell.columns], middle(l.ys, r)) {
				cell.columns++
			}
			for r+cell.rows < rows && !parted(t.rules, l.ys[r+cell.rows], middle(l.xs, c)) {
				cell.rows++
			}
			for i := r; i < r+cell.rows; i++ {
				for j := c; j < c+cell.columns; j++ {
					owner[i][j] = len(l.cells)
				}
			}
			l.cells = append(l.cells, cell)
		}
	}
	index := func(v []float32, at float32) int {
		i, _ := slices.BinarySearch(v, at)
		return min(max(i-1, 0), len(v)-2)
	}
	for _, s := range splitAt(t.segs, l.xs) {
		r, c := index(l.ys, s.y-0.3*s.size), index(l.xs, (s.x0+s.x1)/2)
		cell := &l.cells[owner[r][c]]
		cell.segs = append(cell.segs, s)
	}
	// A row of several lines most of which have text in most cells is several rows.
	many := 0
	for r := range rows {
		lines := map[float32]int{}
		filled := 0
		for _, cell := range l.cells {
			if cell.row != r || len(cell.segs) == 0 {
				continue
			}
			filled++
			for _, line := range gatherLines(slices.Clone(cell.segs)) {
				lines[float32(int(line.y/2))]++
			}
		}
		full := 0
		for _, n := range lines {
			if filled >= 2 && n*10 >= filled*7 {
				full++
			}
		}
		if full >= 3 {
			many++
		}
	}
	return many == 0
}

// splitAt divides segments at the upright lines xs.
func splitAt(segs []*segment, xs []float32) []*segment {
	var out []*segment
	for _, s := range segs {
		from := 0
		for i := 1; i < len(s.chars); i++ {
			a, b := s.chars[i-1].x1, s.chars[i].x0
			if slices.ContainsFunc(xs, func(x float32) bool { return x > a-0.5 && x < b+0.5 && b > a }) {
				out = append(out, part(s, from, i))
				from = i
			}
		}
		if from == 0 {
			out = append(out, s)
		} else {
			out = append(out, part(s, from, len(s.chars)))
		}
	}
	return out
}

// write writes the cells to b, by row and column.
func (l *lattice) write(b *tableScribe) {
	at := 0
	for r := range len(l.ys) - 1 {
		if !b.Row(false) {
			return
		}
		for at < len(l.cells) && l.cells[at].row == r {
			cell := l.cells[at]
			at++
			if !b.Cell(cell.rows, cell.columns, false) {
				continue
			}
			b.writeCell(cell.segs)
		}
	}
}
