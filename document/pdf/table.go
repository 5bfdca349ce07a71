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
	rules, posts        []rule // inside, by height
	caption             *segment
	cells               *lattice // where rules part all rows and columns

	more  []*tableArea // rows in the next columns and on the next pages
	shift float32      // of these: how much further to the right their columns stand
}

// tables takes the tables out of a page. Each caption "Table N" is looked for a
// table in the measure it is set to: the cells between level and upright lines,
// the rows between level lines, or, without lines, rows whose cells stand apart.
// It returns the tables, what remains, and a caption that ends the page, whose
// table may be on the next. That of the page before is waiting; its gutters count
// where too little stands on this page to find some.
func tables(l *leaf, waiting *segment, before []float32) (found []*tableArea, rest []*segment, last *segment) {
	rest = l.segs
	var captions []*segment
	for _, s := range l.segs {
		if m := tableLabel.FindString(s.text()); m != "" && captionLike(s, m) {
			captions = append(captions, s)
		}
	}
	if len(captions) > 50 || len(captions) == 0 && waiting == nil {
		return nil, rest, nil
	}
	slices.SortStableFunc(captions, func(a, b *segment) int { return cmp.Compare(a.y, b.y) })
	gutters := allGutters(l.segs, 0)
	if len(gutters) == 0 {
		if g, ok := sameGutter(l.segs, before); ok {
			gutters = []float32{g}
		}
	}
	take := func(t *tableArea, c *segment) {
		t.label = strings.TrimRight(tableLabel.FindString(c.text()), ".: ")
		t.caption = c
		found = append(found, t)
		in := map[*segment]bool{}
		for _, s := range t.segs {
			in[s] = true
		}
		rest = slices.DeleteFunc(slices.Clone(rest), func(s *segment) bool { return in[s] })
		rest = t.fillColumns(l, rest, gutters)
	}
	if waiting != nil {
		if t := tableAtTop(waiting, captions, gutters, l, rest, -1e6); t != nil {
			take(t, waiting)
		}
	}
	for _, c := range captions {
		r := regionBelow(c, captions, gutters, l, rest)
		t := tableIn(r)
		if lines := gatherLines(slices.Clone(r.segs)); t == nil && captionEnd(c, lines) == len(lines) {
			// The caption ends its column: the table is in the next one.
			if r.x1 < 1e6 {
				t = tableAtTop(c, captions, gutters, l, rest, r.x1)
			} else if r.limit == 1e6 {
				last = c
			}
		}
		if t != nil {
			take(t, c)
		}
	}
	return found, rest, last
}

// tableIn returns the table in r, or nil.
func tableIn(r *region) *tableArea {
	if t := latticeTable(r); t != nil {
		return t
	}
	if t := ruledTable(r); t != nil {
		return t
	}
	return openTable(r)
}

// tableAtTop returns the table that begins at the top of the column right of x0,
// below a caption c that ended the column or the page before, or nil.
func tableAtTop(c *segment, captions []*segment, gutters []float32, l *leaf, segs []*segment, x0 float32) *tableArea {
	x1 := float32(1e6)
	if i := slices.IndexFunc(gutters, func(g float32) bool { return g > x0+1 }); i >= 0 {
		x1 = gutters[i]
	}
	var first *segment
	for _, s := range segs {
		if s.x0 >= x0-2 && s.x1 <= x1+2 && (first == nil || s.y < first.y) {
			first = s
		}
	}
	if first == nil {
		return nil
	}
	top := &segment{x0: first.x0, x1: first.x1, y: first.y - 2.5*c.size, size: c.size, page: first.page}
	t := tableIn(regionBelow(top, captions, gutters, l, segs))
	if t == nil || !slices.Contains(t.segs, first) {
		return nil
	}
	return t
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

// region is where the table of a caption is looked for: below it, above the
// next caption and above what runs across its measure.
type region struct {
	caption      *segment
	x0, x1       float32
	limit        float32
	segs         []*segment // inside, below the caption's first line
	rules, posts []rule     // inside
	continued    bool       // it goes on with a table of the page before
}

// regionBelow returns the region of caption c. The measure is the column of the
// page that the caption stands in, or several columns where the caption, a rule
// below it or rows below it run on into the next.
func regionBelow(c *segment, captions []*segment, gutters []float32, l *leaf, segs []*segment) *region {
	r := &region{caption: c, x0: -1e6, x1: 1e6, limit: 1e6}
	for _, g := range gutters {
		switch {
		case g < c.x0+2:
			r.x0 = max(r.x0, g)
		case g > c.x1-2 && r.x1 == 1e6 && !wide(c, g, l, segs):
			r.x1 = g
		}
	}
	for _, o := range captions {
		if o.y > c.y+c.size && o.x0 < r.x1 && o.x1 > r.x0 {
			r.limit = min(r.limit, o.y-o.size)
		}
	}
	for _, s := range segs {
		if s.y <= c.y+0.3*c.size || s.x0 >= r.x1 || s.x1 <= r.x0 {
			continue
		}
		if s.x0 < r.x0-2 || s.x1 > r.x1+2 {
			r.limit = min(r.limit, s.y-s.size) // it runs across
		}
	}
	for _, s := range segs {
		if s.y > c.y+0.3*c.size && s.y < r.limit && s.x0 >= r.x0-2 && s.x1 <= r.x1+2 {
			r.segs = append(r.segs, s)
		}
	}
	for _, o := range l.rules {
		if o.y > c.y && o.y < r.limit && o.x0 > r.x0-6 && o.x1 < r.x1+6 {
			r.rules = append(r.rules, o)
		}
	}
	for _, p := range l.posts {
		if p.x1 > c.y && p.x0 < r.limit && p.y > r.x0-6 && p.y < r.x1+6 {
			r.posts = append(r.posts, p)
		}
	}
	return r
}

// wide reports whether what stands below caption c, which ends left of gutter g,
// runs across g: a rule crosses it, or, without rules, short stretches on both
// sides stand on the same lines.
func wide(c *segment, g float32, l *leaf, segs []*segment) bool {
	for _, o := range l.rules {
		if o.y < c.y || o.y > c.y+14*c.size || o.x0 > c.x1 || o.x1 < c.x0 {
			continue
		}
		if o.x1-o.x0 > 8*c.size {
			return o.x0 < g-4 && o.x1 > g+4
		}
	}
	var left, right []*segment
	for _, s := range segs {
		if s.y < c.y+0.5*c.size || s.y > c.y+12*c.size {
			continue
		}
		switch {
		case s.x0 < g && s.x1 > g:
			return false // running text that goes across
		case s.x1 <= g && s.x1 > c.x0-20*c.size:
			left = append(left, s)
		case s.x0 >= g:
			if s.width() > 12*s.size {
				return false
			}
			right = append(right, s)
		}
	}
	rows := 0
	for _, s := range right {
		if slices.ContainsFunc(left, func(o *segment) bool { return abs(o.y-s.y) < 0.2*s.size && o.width() < 12*o.size }) {
			rows++
		}
	}
	return rows >= 3
}

// ruledTable returns the table between level rules in r.
func ruledTable(r *region) *tableArea {
	c := r.caption
	var top *rule
	for i := range r.rules {
		o := &r.rules[i]
		if o.y < c.y+14*c.size && o.x0 < c.x1 && o.x1 > c.x0-2*c.size && o.x1-o.x0 > 8*c.size {
			top = o
			break
		}
	}
	if top == nil {
		return nil
	}
	// Between the caption and the table stand only more lines of the caption.
	t := &tableArea{x0: top.x0, x1: top.x1, top: top.y, bottom: top.y, posts: r.posts}
	along := 1 // rules along the whole table
	for _, o := range r.rules {
		if o.y <= top.y {
			continue
		}
		same := abs(o.x0-top.x0) < 12 && abs(o.x1-top.x1) < 12
		inside := o.x0 > top.x0-6 && o.x1 < top.x1+6
		if !same && !inside {
			continue
		}
		if same && prose(r.segs, t, o.y) {
			break
		}
		if same {
			t.bottom = o.y
			along++
		}
		t.rules = append(t.rules, o)
	}
	if t.bottom-t.top < c.size {
		return nil
	}
	for _, s := range r.segs {
		mid := (s.x0 + s.x1) / 2
		if s.y > t.top && s.y < t.bottom+0.2*s.size && mid > t.x0-4 && mid < t.x1+4 {
			t.segs = append(t.segs, s)
		}
	}
	if len(t.segs) < 2 {
		return nil
	}
	rows := false
	if along == 2 {
		rows = t.runOn(r)
	}
	if !rows && t.bottom-t.top < 1.5*c.size {
		return nil
	}
	t.rules = slices.DeleteFunc(t.rules, func(o rule) bool { return o.y >= t.bottom-1 })
	return t
}

// runOn adds the rows below the last rule of t to it where they are all there is
// below: a page that ends in the middle of a table has no rule there.
func (t *tableArea) runOn(r *region) bool {
	var below []*segment
	for _, s := range r.segs {
		if s.y > t.bottom+0.2*s.size {
			below = append(below, s)
		}
	}
	lines := gatherLines(below)
	if len(lines) == 0 || lines[0].y-t.bottom > 3*lines[0].size {
		return false
	}
	if taken := goesOn(gatherLines(slices.Clone(t.segs)), lines, 0); len(taken) < len(lines) {
		return false
	}
	t.segs = append(t.segs, below...)
	t.bottom = lines[len(lines)-1].y
	return true
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

func abs(v float32) float32 { return max(v, -v) }

// tableScribe writes the cells of a table.
type tableScribe struct {
	*blocks.Table
	trail *[]mark
	known vocabulary
}

// write writes the table to b. It reports false where there is none.
func (t *tableArea) write(b *tableScribe) bool {
	if t.cells != nil {
		t.cells.write(b)
		return true
	}
	return t.writeRows(b)
}

// block builds the block of t. Words broken in cells are joined where the document
// uses them.
func (t *tableArea) block(known vocabulary) (document.Block, bool) {
	var b blocks.Table
	if !t.write(&tableScribe{Table: &b, known: known}) {
		return document.Block{}, false
	}
	block, ok := b.Block()
	if !ok {
		return document.Block{}, false
	}
	block.Page = t.segs[0].page
	block.Box = document.Box{Left: float64(t.x0), Top: float64(t.top), Right: float64(t.x1), Bottom: float64(t.bottom)}
	block.Table.Label = t.label
	return block, true
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
	p := &segment{page: s.page, chars: slices.Clone(s.chars[from:to])}
	p.settle()
	return p
}
