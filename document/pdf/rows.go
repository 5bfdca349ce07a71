package pdf

import (
	"slices"
	"unicode"
)

// place is what stands in one column of a row, and how many columns it covers.
type place struct {
	segs []*segment
	span int
}

// row is a row of a table in the making.
type row struct {
	cells       []place // by column
	first, last float32 // base lines
	size        float32
	header      bool
}

// add adds the cells of another row.
func (r *row) add(o row) {
	for c, p := range o.cells {
		r.cells[c].segs = append(r.cells[c].segs, p.segs...)
		r.cells[c].span = max(r.cells[c].span, p.span)
	}
	r.last = max(r.last, o.last)
}

// same reports whether two rows say the same.
func (r *row) same(o row) bool {
	for c := range r.cells {
		if !slices.EqualFunc(r.cells[c].segs, o.cells[c].segs, func(a, b *segment) bool { return a.text() == b.text() }) {
			return false
		}
	}
	return true
}

// moved returns where the cells of l stand, moved to the right by dx.
func (l *line) moved(dx float32) *line {
	out := &line{x0: l.x0 + dx, x1: l.x1 + dx, y: l.y, size: l.size}
	for _, s := range l.segs {
		out.segs = append(out.segs, &segment{x0: s.x0 + dx, x1: s.x1 + dx, y: s.y, size: s.size})
	}
	return out
}

// writeRows builds rows and columns from where the text stands, and writes them
// to b. It reports false where there is no table.
func (t *tableArea) writeRows(b *tableScribe) bool {
	parts := append([]*tableArea{t}, t.more...)
	lines := make([][]*line, len(parts))
	var all []*line // where they would stand without a break
	for i, part := range parts {
		lines[i] = gatherLines(splitCells(part.segs))
		for _, l := range lines[i] {
			all = append(all, l.moved(-part.shift))
		}
	}
	if len(all) == 0 || len(all) > 2000 {
		return false
	}
	edges := columnEdges(all, t.x0, t.x1)
	columns := len(edges) + 1
	if columns < 2 || columns > 64 {
		return false
	}
	var rows []row
	for i, part := range parts {
		own := slices.Clone(edges)
		for k := range own {
			own[k] += part.shift
		}
		splitAtColumns(lines[i], own)
		more := part.gatherRows(lines[i], own)
		for k := 0; i > 0 && k < len(rows) && len(more) > 1 && rows[k].same(more[0]); k++ {
			more = more[1:] // a head that is repeated
		}
		rows = append(rows, more...)
	}
	if len(rows) < 2 {
		return false
	}
	t.spreadHeads(rows)
	for _, r := range rows {
		if !b.Row(r.header) {
			break
		}
		for c := 0; c < columns; {
			p := r.cells[c]
			span := 1
			for span < p.span && c+span < columns && len(r.cells[c+span].segs) == 0 {
				span++
			}
			if !b.Cell(1, span, r.header) {
				break
			}
			b.writeCell(p.segs)
			c += span
		}
	}
	return true
}

// splitAtColumns divides cells that stand so close that only the columns tell
// them apart: at a gap wider than a space is set, where what follows begins as
// the column does.
func splitAtColumns(lines []*line, edges []float32) {
	begins := make([]map[int]int, len(edges)+1) // where the cells of each column begin, in points
	numbers := make([]int, len(edges)+1)        // how many of them begin with a digit
	column := func(x float32) int {
		i, _ := slices.BinarySearch(edges, x)
		return i
	}
	for i := range begins {
		begins[i] = map[int]int{}
	}
	for _, l := range lines {
		for _, s := range l.segs {
			c := column(s.x0 + 0.3*s.size)
			begins[c][int(s.x0)]++
			if unicode.IsDigit(s.chars[0].r) {
				numbers[c]++
			}
		}
	}
	// gap returns how wide the gap before first must be, in em, where column c
	// begins there: less before a number among numbers. A space is a quarter.
	gap := func(c int, first *char) float32 {
		n, total := 0, 0
		for at, k := range begins[c] {
			total += k
			if abs(float32(at)-first.x0) < 2 {
				n += k
			}
		}
		switch {
		case n >= 3 && n*2 > total && numbers[c]*2 > total && unicode.IsDigit(first.r):
			return 0.3
		case n >= 2 && n*2 > total:
			return 0.4
		}
		return 1e6
	}
	for _, l := range lines {
		var out []*segment
		for _, s := range l.segs {
			from := 0
			for i := 1; i < len(s.chars); i++ {
				x := s.chars[i].x0
				if c := column(x + 0.3*s.size); c > column(s.chars[from].x0+0.3*s.size) && x-s.chars[i-1].x1 > gap(c, &s.chars[i])*s.size {
					out = append(out, part(s, from, i))
					from = i
				}
			}
			if from > 0 {
				s = part(s, from, len(s.chars))
			}
			out = append(out, s)
		}
		l.segs = out
	}
}

// gatherRows puts lines into rows: most lines are one, some continue the cells
// of the one above.
func (t *tableArea) gatherRows(lines []*line, edges []float32) []row {
	columns := len(edges) + 1
	headEnd := float32(-1)
	grid := 0 // rules along the whole table: more than a head has
	for _, r := range t.rules {
		if abs(r.x0-t.x0) > 12 || abs(r.x1-t.x1) > 12 {
			continue
		}
		grid++
		// The rule below the head has rows above.
		if headEnd < 0 && r.y > lines[0].y-lines[0].size*0.3 {
			headEnd = r.y
		}
	}
	between := func(a, b float32) bool {
		return slices.ContainsFunc(t.rules, func(r rule) bool { return r.y > a && r.y < b })
	}
	// Lines that overlap, as where short cells stand at half the height of tall
	// ones, are one row.
	var parts, rows []row
	if n := headLines(lines, columns, headEnd); n > 0 {
		rows = headRows(lines[:n], edges, headEnd > 0, rowStep(lines[n:], columns), between)
		lines = lines[n:]
	}
	head := len(rows)
	for i, l := range lines {
		part := row{placesOf(l, edges), l.y, l.y, l.size, headEnd > 0 && l.y < headEnd}
		if n := len(parts); n > 0 && !between(lines[i-1].y, l.y) && parts[n-1].overlaps(part) {
			parts[n-1].add(part)
			continue
		}
		parts = append(parts, part)
	}
	usual := rowStep(lines, columns)
	for _, part := range parts {
		n := len(rows)
		if n == head || between(rows[n-1].last, part.first) {
			rows = append(rows, part)
			continue
		}
		prev := &rows[n-1]
		step := part.first - prev.last
		filled, fits := 0, true
		for c, p := range part.cells {
			if len(p.segs) > 0 {
				filled++
				fits = fits && len(prev.cells[c].segs) > 0 && p.span <= 1 && prev.cells[c].span <= 1
			}
		}
		// A head without cells that span is one row, however many lines it has.
		head := part.header && prev.header && step < 2.2*part.size && !spans(part.cells) && !spans(prev.cells)
		more := fits && len(part.cells[0].segs) == 0 && step < 1.45*part.size && filled*2 <= columns+1
		inGrid := fits && grid >= max(3, len(rows)/2) && !part.header && step < 1.6*part.size
		close := fits && usual > 0 && step < 0.85*usual && filled < columns
		if head || more || inGrid || close {
			prev.add(part)
		} else {
			rows = append(rows, part)
		}
	}
	return rows
}

// overlaps reports whether line o stands beside r: at less than the height of a
// line below its last, with text in another column than that, and where it has
// text in the same columns, a line below it.
func (r *row) overlaps(o row) bool {
	if o.first-r.last >= 0.85*o.size || spans(o.cells) || spans(r.cells) {
		return false
	}
	for c, p := range o.cells {
		if len(p.segs) == 0 || len(r.cells[c].segs) == 0 {
			continue
		}
		if above := r.cells[c].segs; o.first-above[len(above)-1].y < 0.8*o.size {
			return false
		}
	}
	return true
}

func spans(cells []place) bool {
	return slices.ContainsFunc(cells, func(p place) bool { return p.span > 1 })
}

// placesOf puts the segments of l into columns.
func placesOf(l *line, edges []float32) []place {
	cells := make([]place, len(edges)+1)
	for _, s := range l.segs {
		from, to := 0, 0
		for _, e := range edges {
			if s.x0+0.3*s.size >= e {
				from++
			}
			if s.x1-0.3*s.size > e {
				to++
			}
		}
		to = max(to, from)
		cells[from].segs = append(cells[from].segs, s)
		cells[from].span = max(cells[from].span, to-from+1)
	}
	return cells
}

// rowStep returns the usual distance from one full line to the next, or 0 where
// too few lines are full to tell.
func rowStep(lines []*line, columns int) float32 {
	var steps []float32
	last := -1
	for i, l := range lines {
		if len(l.segs)*10 < columns*7 {
			continue
		}
		if last >= 0 {
			steps = append(steps, l.y-lines[last].y)
		}
		last = i
	}
	if len(steps) < 2 {
		return 0
	}
	slices.Sort(steps)
	return steps[len(steps)/2]
}

// columnEdges returns where white stripes part the columns, from the left. A
// cell that spans columns, as heads do, may cross a stripe in a fifth of the
// rows.
func columnEdges(lines []*line, x0, x1 float32) []float32 {
	for _, l := range lines {
		x0, x1 = min(x0, l.x0), max(x1, l.x1)
	}
	n := int(x1-x0) + 2
	if n > 5000 || n < 10 {
		return nil
	}
	cover, all := make([]int, n), make([]int, n) // by lines that are asked, by all with their weight
	most := 0
	for _, l := range lines {
		most = max(most, len(l.segs))
	}
	fullest := 0
	for _, l := range lines {
		if len(l.segs) == most {
			fullest++
		}
	}
	// Heads and notes that span say nothing; where enough rows have a cell in
	// every column, only these are asked.
	least := (most + 1) / 2
	if fullest >= 3 && fullest*3 >= len(lines) {
		least = most
	}
	rows := 0
	for k, l := range lines {
		weight := min(k+1, 8) // heads that span stand above those that do not
		asked := len(l.segs) >= least
		if asked {
			rows++
		}
		for _, s := range l.segs {
			for i := max(0, int(s.x0-x0)); i <= min(n-1, int(s.x1-x0)); i++ {
				all[i] += weight
				if asked {
					cover[i]++
				}
			}
		}
	}
	allowed := rows / 8
	var edges []float32
	started := false
	for i := 0; i < n; {
		if cover[i] > allowed {
			started = true
			i++
			continue
		}
		j := i
		for j < n && cover[j] <= allowed {
			j++
		}
		if started && j < n && (j-i >= 3 || least == most && allowed == 0) {
			from, to := emptiest(all, i, j)
			edges = append(edges, x0+float32(from+to+1)/2)
		}
		i = j
	}
	return edges
}

// emptiest returns the longest run of the least values of cover from i to j.
func emptiest(cover []int, i, j int) (from, to int) {
	least := slices.Min(cover[i:j])
	from, to = i, i-1
	for a := i; a < j; a++ {
		b := a
		for b < j && cover[b] == least {
			b++
		}
		if b-a > to-from+1 {
			from, to = a, b-1
		}
		a = max(a, b-1)
	}
	return from, to
}
