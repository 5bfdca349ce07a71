package pdf

import (
	"slices"
)

// lastTable returns the table that ends a page: nothing stands below it, and no
// column to the right of it.
func lastTable(found []*tableArea, rest []*segment) *tableArea {
	for _, t := range found {
		end := t.end()
		later := func(s *segment) bool {
			return s.y > end.bottom && s.x1 > end.x0 && s.x0 < end.x1 || t.cells == nil && s.x0 > end.x1 && s.width() > 12*s.size
		}
		if !slices.ContainsFunc(rest, later) &&
			!slices.ContainsFunc(found, func(o *tableArea) bool { return o != t && o.end().top > end.bottom }) {
			return t
		}
	}
	return nil
}

// end returns the last part of t.
func (t *tableArea) end() *tableArea {
	if len(t.more) > 0 {
		return t.more[len(t.more)-1]
	}
	return t
}

// goOn takes the rest of t, which ended the page before, from the top of l: a
// lattice with the same upright lines, or rows with the same columns. It reports
// whether there is some, and whether it ends that page too.
func (t *tableArea) goOn(l *leaf) (ends bool) {
	if t.cells != nil {
		return t.latticeGoesOn(l)
	}
	x1 := float32(1e6)
	if gutters := allGutters(l.segs, 0); len(gutters) > 0 {
		x1 = gutters[0]
	}
	rest, ok := t.rowsGoOn(l, l.segs, -1e6, x1)
	if !ok {
		return false
	}
	l.segs = rest
	return lastTable([]*tableArea{t}, rest) != nil
}

// latticeGoesOn takes the rest of the lattice t from the top of l. Rows of the
// head that are repeated there are left out.
func (t *tableArea) latticeGoesOn(l *leaf) (ends bool) {
	top := &segment{x0: t.x0, x1: t.x1, size: t.caption.size}
	more := latticeTable(&region{caption: top, segs: l.segs, rules: l.rules, posts: l.posts, continued: true})
	if more == nil || len(more.cells.xs) != len(t.cells.xs) {
		return false
	}
	for i, x := range more.cells.xs {
		if abs((x-more.cells.xs[0])-(t.cells.xs[i]-t.cells.xs[0])) > 4 {
			return false
		}
	}
	in := map[*segment]bool{}
	for _, s := range more.segs {
		in[s] = true
	}
	if slices.ContainsFunc(l.segs, func(s *segment) bool { return !in[s] && s.y < more.top }) {
		return false // something stands above it
	}
	l.segs = slices.DeleteFunc(slices.Clone(l.segs), func(s *segment) bool { return in[s] })
	skip := 0
	for skip < len(more.cells.ys)-2 && skip < len(t.cells.ys)-1 && more.cells.rowText(skip) == t.cells.rowText(skip) {
		skip++
	}
	rows := len(t.cells.ys) - 1
	for _, cell := range more.cells.cells {
		if cell.row >= skip {
			cell.row += rows - skip
			t.cells.cells = append(t.cells.cells, cell)
		}
	}
	for range len(more.cells.ys) - 1 - skip {
		t.cells.ys = append(t.cells.ys, t.bottom) // only their number counts from here on
	}
	t.segs = append(t.segs, more.segs...)
	return !slices.ContainsFunc(l.segs, func(s *segment) bool { return s.y > more.bottom })
}

// rowsGoOn takes more rows of t, which ended the column or the page before, from
// the top of the column of l from x0 to x1. It returns what of segs remains.
func (t *tableArea) rowsGoOn(l *leaf, segs []*segment, x0, x1 float32) (rest []*segment, ok bool) {
	var column []*segment
	for _, s := range segs {
		if s.x0 >= x0-2 && s.x1 <= x1+2 {
			column = append(column, s)
		}
	}
	if len(column) == 0 {
		return segs, false
	}
	own := gatherLines(slices.Clone(t.segs))
	lines := gatherLines(column)
	// The columns stand as far from the edge of the text as before, or begin
	// where the first row does.
	for _, shift := range []float32{lines[0].x0 - own[len(own)-1].x0, lines[0].x0 - own[0].x0, 0} {
		taken := goesOn(own, lines, shift)
		if len(taken) == 0 {
			continue
		}
		more := &tableArea{x0: 1e6, x1: -1e6, top: taken[0].y - taken[0].size, shift: shift}
		in := map[*segment]bool{}
		for _, row := range taken {
			more.segs = append(more.segs, row.segs...)
			more.x0, more.x1, more.bottom = min(more.x0, row.x0), max(more.x1, row.x1), row.y
			for _, s := range row.segs {
				in[s] = true
			}
		}
		for _, o := range l.rules {
			if o.y > taken[0].y && o.y < more.bottom && o.x0 < more.x1 && o.x1 > more.x0 {
				more.rules = append(more.rules, o)
			}
		}
		t.more = append(t.more, more)
		return slices.DeleteFunc(slices.Clone(segs), func(s *segment) bool { return in[s] }), true
	}
	return segs, false
}

// goesOn returns the first of lines that are rows like own, shifted: all their
// cells begin, end or have their middle where one of own does. A line of one
// cell goes on with the one above.
func goesOn(own, lines []*line, shift float32) []*line {
	var taken []*line
	full := 0
	for _, row := range lines {
		cells := splitCells(row.segs)
		if abs(row.size-own[len(own)-1].size) > 0.1*row.size || longCell(row) || noteMark(row) {
			break
		}
		if n := len(taken); n > 0 {
			step := row.y - taken[n-1].y
			if step > 3*row.size || len(cells) < 2 && (step > 1.45*row.size || runs(row)) {
				break
			}
		} else if len(cells) < 2 {
			return nil
		}
		if !slices.ContainsFunc(cells, func(s *segment) bool { return !under(own, s, shift) && !under(taken, s, 0) }) {
			taken = append(taken, row)
			if len(cells) >= 2 {
				full++
			}
			continue
		}
		break
	}
	if full == 0 {
		return nil
	}
	return taken[:tableEnd(taken)]
}

// under reports whether s, moved back by shift, begins, ends or has its middle
// where a cell of rows has.
func under(rows []*line, s *segment, shift float32) bool {
	x0, x1 := s.x0-shift, s.x1-shift
	for _, row := range rows {
		for _, o := range splitCells(row.segs) {
			if abs(o.x0-x0) < 2 || abs(o.x1-x1) < 2 || abs(o.x0+o.x1-x0-x1) < 4 {
				return true
			}
		}
	}
	return false
}

// column returns the number of gutters left of t, and from where to where its
// column reaches between them.
func (t *tableArea) column(gutters []float32) (i int, x0, x1 float32) {
	x0, x1 = -1e6, 1e6
	for i < len(gutters) && gutters[i] < t.x1-2 {
		x0 = gutters[i]
		i++
	}
	if i < len(gutters) {
		x1 = gutters[i]
	}
	return i, x0, x1
}

// fillColumns takes the rest of t from the columns to the right of l, as long as
// nothing stands below it in its own. It returns what of segs remains.
func (t *tableArea) fillColumns(l *leaf, segs []*segment, gutters []float32) []*segment {
	for t.cells == nil {
		end := t.end()
		i, x0, x1 := end.column(gutters)
		if i == len(gutters) || slices.ContainsFunc(segs, func(s *segment) bool { return s.y > end.bottom && s.x1 > x0 && s.x0 < x1 }) {
			break
		}
		next := float32(1e6)
		if i+1 < len(gutters) {
			next = gutters[i+1]
		}
		rest, ok := t.rowsGoOn(l, segs, gutters[i], next)
		if !ok {
			break
		}
		segs = rest
	}
	return segs
}
