package pdf

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// tableLabel matches the beginning of a table's caption.
var tableLabel = regexp.MustCompile(`^(?i:table)\s*(S?\d{1,3}[a-z]?|[IVX]{1,5})\b[.:]?`)

// tableArea is a table found on a page.
type tableArea struct {
	label               string
	x0, top, x1, bottom float32
	segs                []*segment
	rules               []rule // inside, by height
	ruled               bool
	caption             *segment
}

// tables takes the tables out of a page: for each caption "Table N", the rows
// between the level rules below it, or, without rules, the rows below it whose
// cells stand apart. It returns the tables and what remains.
func tables(l *leaf) (found []*tableArea, rest []*segment) {
	rest = l.segs
	var captions []*segment
	for _, s := range l.segs {
		if m := tableLabel.FindString(s.text()); m != "" && captionLike(s, m) {
			captions = append(captions, s)
		}
	}
	if len(captions) == 0 || len(captions) > 50 {
		return nil, rest
	}
	slices.SortStableFunc(captions, func(a, b *segment) int { return cmp.Compare(a.y, b.y) })
	rules := joinRules(l.rules)
	for _, c := range captions {
		t := ruledTable(c, captions, rules, rest)
		if t == nil {
			t = openTable(c, captions, rest)
		}
		if t == nil {
			continue
		}
		t.label = strings.TrimRight(tableLabel.FindString(c.text()), ".: ")
		t.caption = c
		found = append(found, t)
		in := map[*segment]bool{}
		for _, s := range t.segs {
			in[s] = true
		}
		rest = slices.DeleteFunc(slices.Clone(rest), func(s *segment) bool { return in[s] })
	}
	return found, rest
}

// captionLike tells the caption "Table 1. Properties" from a line that happens
// to begin with "Table 1 shows".
func captionLike(s *segment, label string) bool {
	text := s.text()
	rest := strings.TrimSpace(text[len(label):])
	if rest == "" || strings.HasSuffix(label, ".") || strings.HasSuffix(label, ":") {
		return true
	}
	letters := 0
	for i := range s.chars {
		if i < 5 && s.chars[i].bold {
			letters++
		}
	}
	if letters >= 4 {
		return true
	}
	r := rest[0]
	return r >= 'A' && r <= 'Z' || r == '|' || r == '('
}

// joinRules sorts rules from top to bottom and joins those that continue each
// other on one height.
func joinRules(rules []rule) []rule {
	rules = slices.Clone(rules)
	slices.SortFunc(rules, func(a, b rule) int {
		return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x0, b.x0))
	})
	var out []rule
	for _, r := range rules {
		joined := false
		for i := len(out) - 1; i >= 0 && r.y-out[i].y < 1.5; i-- {
			if r.x0 <= out[i].x1+4 && r.x1 >= out[i].x0-4 {
				out[i].x0, out[i].x1 = min(out[i].x0, r.x0), max(out[i].x1, r.x1)
				joined = true
				break
			}
		}
		if !joined {
			out = append(out, r)
		}
	}
	return out
}

// ruledTable returns the table between rules below caption c.
func ruledTable(c *segment, captions []*segment, rules []rule, segs []*segment) *tableArea {
	limit := nextCaption(c, captions)
	var top *rule
	for i := range rules {
		r := &rules[i]
		if r.y > c.y && r.y < c.y+14*c.size && r.y < limit && r.x0 < c.x1 && r.x1 > c.x0-2*c.size && r.x1-r.x0 > 8*c.size {
			top = r
			break
		}
	}
	if top == nil {
		return nil
	}
	// Between the caption and the table stand only more lines of the caption.
	t := &tableArea{x0: top.x0, x1: top.x1, top: top.y, bottom: top.y, ruled: true}
	for _, r := range rules {
		if r.y <= top.y || r.y >= limit {
			continue
		}
		same := abs(r.x0-top.x0) < 12 && abs(r.x1-top.x1) < 12
		inside := r.x0 > top.x0-6 && r.x1 < top.x1+6
		if !same && !inside {
			continue
		}
		if same && prose(segs, t, r.y) {
			break
		}
		if same {
			t.bottom = r.y
		}
		t.rules = append(t.rules, r)
	}
	if t.bottom-t.top < 1.5*c.size {
		return nil
	}
	t.rules = slices.DeleteFunc(t.rules, func(r rule) bool { return r.y >= t.bottom-1 })
	for _, s := range segs {
		mid := (s.x0 + s.x1) / 2
		if s.y > t.top && s.y < t.bottom+0.2*s.size && mid > t.x0-4 && mid < t.x1+4 {
			t.segs = append(t.segs, s)
		}
	}
	if len(t.segs) < 2 {
		return nil
	}
	return t
}

// prose reports whether running text stands in the measure of t between its
// present bottom and y.
func prose(segs []*segment, t *tableArea, y float32) bool {
	full := 0
	for _, s := range segs {
		if s.y > t.bottom && s.y < y && s.x0 > t.x0-6 && s.x1 < t.x1+6 && s.width() > 0.85*(t.x1-t.x0) {
			full++
		}
	}
	return full >= 3
}

func nextCaption(c *segment, captions []*segment) float32 {
	limit := float32(1e6)
	for _, o := range captions {
		if o.y > c.y+c.size && o.x0 < c.x1+100 && o.x1 > c.x0-100 {
			limit = min(limit, o.y-o.size)
		}
	}
	return limit
}

func abs(v float32) float32 { return max(v, -v) }

// openTable returns the table without rules below caption c: rows of at least
// two cells, one close below the other.
func openTable(c *segment, captions []*segment, segs []*segment) *tableArea {
	limit := nextCaption(c, captions)
	var below []*segment
	for _, s := range segs {
		if s.y > c.y+0.5*c.size && s.y < limit && s.x1 > c.x0-60 {
			below = append(below, s)
		}
	}
	rows := gatherLines(below, 0)
	t := &tableArea{x0: 1e6, top: c.y, bottom: c.y}
	last := c.y
	wide := 0
	for i, row := range rows {
		gap := 3 * c.size
		if len(t.segs) == 0 {
			gap = 4 * c.size // between caption and table
		}
		if i > 200 || row.y-last > gap {
			break
		}
		split := splitCells(row.segs)
		cells, long := len(split), false
		for _, s := range split {
			long = long || s.width() > 24*s.size
		}
		if cells < 2 || long {
			if len(t.segs) == 0 && i < 6 {
				last = row.y // more lines of the caption
				continue
			}
			break
		}
		if cells >= 3 {
			wide++
		}
		t.segs = append(t.segs, row.segs...)
		t.x0, t.x1 = min(t.x0, row.x0), max(t.x1, row.x1)
		t.bottom, last = row.y, row.y
	}
	if len(t.segs) < 6 || wide < 2 {
		return nil
	}
	t.top = t.segs[0].y - t.segs[0].size
	return t
}

// splitCells divides segments at gaps wider than words have.
func splitCells(segs []*segment) []*segment {
	var out []*segment
	for _, s := range segs {
		from := 0
		for i := 1; i < len(s.chars); i++ {
			if s.chars[i].x0-s.chars[i-1].x1 > 0.55*s.size {
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

func part(s *segment, from, to int) *segment {
	p := &segment{chars: slices.Clone(s.chars[from:to])}
	p.settle()
	return p
}

// block builds the grid.
func (t *tableArea) block(page int) (document.Block, bool) {
	lines := gatherLines(splitCells(t.segs), page)
	if len(lines) == 0 || len(lines) > 2000 {
		return document.Block{}, false
	}
	edges := columnEdges(lines, t.x0, t.x1)
	columns := len(edges) + 1
	if columns < 2 || columns > 64 {
		return document.Block{}, false
	}
	// Rows: lines, of which some continue the one above.
	type place struct {
		segs []*segment
		span int
	}
	type row struct {
		cells  []place // by column
		y      float32
		header bool
	}
	var rows []row
	between := func(a, b float32) bool {
		return slices.ContainsFunc(t.rules, func(r rule) bool { return r.y > a && r.y < b })
	}
	headEnd := float32(-1)
	for _, r := range t.rules {
		// The rule below the head runs along the whole table and has rows above.
		if abs(r.x0-t.x0) < 12 && abs(r.x1-t.x1) < 12 && r.y > lines[0].y-lines[0].size*0.3 {
			headEnd = r.y
			break
		}
	}
	grid := 0 // rules along the whole table: more than a head has
	for _, r := range t.rules {
		if abs(r.x0-t.x0) < 12 && abs(r.x1-t.x1) < 12 {
			grid++
		}
	}
	for i, l := range lines {
		cells := make([]place, columns)
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
		header := headEnd > 0 && l.y < headEnd
		if n := len(rows); n > 0 && !between(lines[i-1].y, l.y) {
			prev := &rows[n-1]
			filled, fits, shared := 0, true, 0
			for c, p := range cells {
				if len(p.segs) > 0 {
					filled++
					if len(prev.cells[c].segs) > 0 {
						shared++
					}
					fits = fits && len(prev.cells[c].segs) > 0 && p.span <= 1 && prev.cells[c].span <= 1
				}
			}
			step := l.y - lines[i-1].y
			inGrid := grid >= max(3, len(rows)/2)
			spans := func(cells []place) bool {
				return slices.ContainsFunc(cells, func(p place) bool { return p.span > 1 })
			}
			// Lines that overlap, as where short cells stand at half the height
			// of tall ones, are one row; so is a head without cells that span.
			overlaps := step < 0.85*l.size && shared < 2 && !spans(cells) && !spans(prev.cells)
			if overlaps || header && prev.header && step < 2.2*l.size && !spans(cells) && !spans(prev.cells) {
				for c, p := range cells {
					prev.cells[c].segs = append(prev.cells[c].segs, p.segs...)
					prev.cells[c].span = max(prev.cells[c].span, p.span)
				}
				continue
			}
			if fits && len(cells[0].segs) == 0 && step < 1.45*l.size && filled*2 <= columns+1 || fits && inGrid && !header && step < 1.6*l.size {
				for c, p := range cells {
					prev.cells[c].segs = append(prev.cells[c].segs, p.segs...)
				}
				continue
			}
		}
		rows = append(rows, row{cells, l.y, header})
	}
	if len(rows) < 2 {
		return document.Block{}, false
	}
	var b blocks.Table
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
			for i, s := range p.segs {
				if i > 0 {
					b.Space()
				}
				writeSegment(&b.Builder, s)
			}
			c += span
		}
	}
	block, ok := b.Block()
	if !ok {
		return document.Block{}, false
	}
	block.Page = page
	block.Box = document.Box{Left: float64(t.x0), Top: float64(t.top), Right: float64(t.x1), Bottom: float64(t.bottom)}
	block.Table.Label = t.label
	return block, true
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
	cover := make([]int, n)
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
	for _, l := range lines {
		if len(l.segs) < least {
			continue
		}
		rows++
		for _, s := range l.segs {
			for i := max(0, int(s.x0-x0)); i <= min(n-1, int(s.x1-x0)); i++ {
				cover[i]++
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
		if started && j < n && j-i >= 3 {
			// Where the stripe is emptiest.
			least := slices.Min(cover[i:j])
			from := i + slices.Index(cover[i:j], least)
			to := from
			for to+1 < j && cover[to+1] == least {
				to++
			}
			edges = append(edges, x0+float32(from+to+1)/2)
		}
		i = j
	}
	return edges
}
