package pdf

import (
	"cmp"
	"slices"
)

// headCell is a cell of the head of a table: some lines, one close below the
// other.
type headCell struct {
	segs        []*segment
	x0, x1      float32
	first, last float32 // base lines
	level       int     // how many cells stand above it, one above the other
	above       bool    // it is above another
}

// headLines returns how many of lines are the head of a table that has cells of
// several heights, so that their lines stand at less than the height of a line
// from one another; 0 where rows are lines. The head ends at headEnd, where a
// rule says so, or else before the first full line that the next follows at the
// usual step.
func headLines(lines []*line, columns int, headEnd float32) int {
	usual := rowStep(lines, columns)
	n, cells, staggered := 0, 0, false
	for i, l := range lines {
		beside := i > 0 && l.y-lines[i-1].y < 0.85*l.size
		if headEnd > 0 {
			if l.y > headEnd {
				break
			}
		} else if full := len(l.segs)*10 >= columns*7; full && !beside && (i+1 == len(lines) || lines[i+1].y-l.y >= 0.85*max(usual, l.size)) {
			break
		}
		n, cells, staggered = i+1, cells+len(l.segs), staggered || beside
	}
	if !staggered || n > 12 || cells > 200 || n == len(lines) {
		return 0
	}
	return n
}

// headRows puts the lines of a staggered head into rows. Lines are one cell where
// they stand below one another no further than the closest do, and, where some
// span columns, closer than rows, which are usually so far apart, if that is not
// 0; a cell with others
// below it is of a higher row than they; and a cell beside both, which stands at
// the height of neither, is of the upper one.
func headRows(lines []*line, edges []float32, header bool, usual float32, parted func(a, b float32) bool) []row {
	var segs []*segment
	for _, l := range lines {
		segs = append(segs, l.segs...)
	}
	slices.SortStableFunc(segs, func(a, b *segment) int { return cmp.Compare(a.y, b.y) })
	step := float32(1e6) // the least between lines of one column
	below := map[*segment]bool{}
	for i, s := range segs {
		for _, o := range segs[:i] {
			if d := s.y - o.y; o.x0 < s.x1 && s.x0 < o.x1 && d > 0.5*s.size {
				step = min(step, d)
				below[s] = true
			}
		}
	}
	within := 1.15 * step
	if usual > 0 && spanned(segs, below) {
		within = min(within, 0.95*usual)
	}
	var cells []*headCell
	for _, s := range segs {
		var host *headCell // the lowest above it
		for _, c := range cells {
			if c.x0 < s.x1 && s.x0 < c.x1 && s.y > c.last && (host == nil || c.last > host.last) {
				host = c
			}
		}
		if host != nil && s.y-host.last < min(within, 1.6*s.size) && !parted(host.last, s.y) {
			host.segs = append(host.segs, s)
			host.x0, host.x1, host.last = min(host.x0, s.x0), max(host.x1, s.x1), s.y
			continue
		}
		cells = append(cells, &headCell{segs: []*segment{s}, x0: s.x0, x1: s.x1, first: s.y, last: s.y})
	}
	deepest := 0
	for i, c := range cells { // from the top
		for _, o := range c.headOf(cells[i+1:]) {
			c.above = true
			o.level = max(o.level, c.level+1)
			deepest = max(deepest, o.level)
		}
	}
	rows := make([]row, deepest+1)
	for i := range rows {
		rows[i] = row{cells: make([]place, len(edges)+1), first: 1e6, size: lines[0].size, header: header}
	}
	for _, c := range cells {
		level := c.level
		if !c.above && level == 0 {
			for _, o := range cells {
				beside := abs(o.first-c.first) < 2 || abs(o.last-c.last) < 2 || abs(o.first+o.last-c.first-c.last) < 4
				if o.level > level && beside {
					level = o.level
				}
			}
		}
		r := &rows[level]
		r.add(row{cells: placesOf(&line{segs: c.segs}, edges), last: c.last})
		r.first = min(r.first, c.first)
	}
	return rows
}

// spanned reports whether segs, those of a head of which some stand below others,
// have cells that span columns: two stand side by side below one, or beside one
// that stands below another is one that does not.
func spanned(segs []*segment, below map[*segment]bool) bool {
	for i, s := range segs {
		under := 0
		for _, o := range segs {
			beside := abs(o.y-s.y) < 2
			if beside && below[o] && !below[s] {
				return true
			}
			if beside && below[o] && slices.ContainsFunc(segs[:i], func(h *segment) bool {
				return h.y < s.y-0.5*s.size && h.x0 < s.x1 && s.x0 < h.x1 && h.x0 < o.x1 && o.x0 < h.x1
			}) {
				under++
			}
		}
		if under >= 2 {
			return true
		}
	}
	return false
}

// headOf returns the cells of others that c stands above: those that it reaches,
// or, where it stands above a gap, those beside the gap.
func (c *headCell) headOf(others []*headCell) []*headCell {
	var out []*headCell
	var left, right *headCell
	for _, o := range others {
		switch {
		case o.first <= c.last+2:
		case o.x1 <= c.x0:
			if left == nil || o.x1 > left.x1 {
				left = o
			}
		case o.x0 >= c.x1:
			if right == nil || o.x0 < right.x0 {
				right = o
			}
		default:
			out = append(out, o)
		}
	}
	if out == nil && left != nil && right != nil {
		return []*headCell{left, right}
	}
	return out
}

// spreadHeads widens the cells of the upper rows of a head over the columns
// beside them that are empty there and filled in the row below. A row may be
// such a head where all above it are.
func (t *tableArea) spreadHeads(rows []row) {
	last := -1 // the lowest
	for last+2 < len(rows) && last < 2 && sparse(rows[last+1].cells) && (last < 0 || rows[last+1].header) {
		last++
	}
	if last < 0 {
		return
	}
	columns := extents(rows[last+1:], len(rows[0].cells))
	for i := last; i >= 0; i-- {
		t.spread(&rows[i], &rows[i+1], columns)
	}
}

// sparse reports whether one of cells but the first is empty.
func sparse(cells []place) bool {
	covered := 0
	for c, p := range cells {
		if len(p.segs) > 0 {
			covered = c + max(1, p.span)
		}
		if c > 0 && c >= covered {
			return true
		}
	}
	return false
}

// extents returns from where to where the text of each column stands in rows.
func extents(rows []row, columns int) []rule {
	out := make([]rule, columns)
	for c := range out {
		out[c] = rule{x0: 1e6, x1: -1e6}
		for _, r := range rows {
			if p := r.cells[c]; p.span <= 1 {
				for _, s := range p.segs {
					out[c].x0, out[c].x1 = min(out[c].x0, s.x0), max(out[c].x1, s.x1)
				}
			}
		}
	}
	return out
}

// spread widens the cells of head, the row above below, over free columns: those
// that a rule under the cell spans; or those that it stands in the middle of, the
// most there are; or, where it begins as its column does, those to the right.
func (t *tableArea) spread(head, below *row, columns []rule) {
	free := func(c int) bool {
		if c < 1 || c >= len(head.cells) || len(head.cells[c].segs) > 0 {
			return false
		}
		for from, p := range below.cells[:c+1] {
			if len(p.segs) > 0 && from+max(1, p.span) > c {
				return true
			}
		}
		return false
	}
	done := 0 // columns before it belong to cells on the left
	for c := 1; c < len(head.cells); c++ {
		p := &head.cells[c]
		if len(p.segs) == 0 {
			continue
		}
		from, to := c, c+max(1, p.span) // what it covers
		least, most := from, to         // what it could
		for least-1 >= done && free(least-1) {
			least--
		}
		for free(most) {
			most++
		}
		x0, x1 := p.segs[0].x0, p.segs[0].x1
		for _, s := range p.segs {
			x0, x1 = min(x0, s.x0), max(x1, s.x1)
		}
		if r := t.underline(head, below, x0, x1); r != nil {
			for from > least && (columns[from-1].x0+columns[from-1].x1)/2 > r.x0 {
				from--
			}
			for to < most && (columns[to].x0+columns[to].x1)/2 < r.x1 {
				to++
			}
		} else {
			widest := 0
			for a := least; a <= from; a++ {
				for b := to; b <= most; b++ {
					if off := abs(columns[a].x0 + columns[b-1].x1 - x0 - x1); off < 1.6*head.size && b-a > widest {
						widest, from, to = b-a, a, b
					}
				}
			}
			if widest == 0 || widest == 1 && abs(x0-columns[c].x0) < 2 {
				to = most
			}
		}
		p.span = to - from
		if from < c {
			head.cells[from], head.cells[c] = *p, place{}
		}
		done, c = to, to-1
	}
}

// underline returns the rule between two rows of a head that spans only some
// columns, among them those from x0 to x1, or nil.
func (t *tableArea) underline(head, below *row, x0, x1 float32) *rule {
	for i := range t.rules {
		if r := &t.rules[i]; r.y > head.last && r.y < below.first && r.x0 < x0+2 && r.x1 > x1-2 && r.x1-r.x0 < 0.95*(t.x1-t.x0) {
			return r
		}
	}
	return nil
}
