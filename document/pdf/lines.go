package pdf

import (
	"cmp"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/alkahest/alkahest/document/blocks"
)

// segment is a stretch of one line without a gap wider than one em: some words
// of running text, a cell of a table, a label in a figure.
type segment struct {
	x0, x1 float32
	y      float32 // base line
	size   float32 // of most of its characters
	chars  []char
	bold   bool // most of its letters are
	page   int  // from 1
}

// char is a visible character of a segment.
type char struct {
	r      rune
	space  bool // white space stands before it
	level  blocks.Level
	x0, x1 float32
	y      float32
	size   float32
	bold   bool
}

// width returns how far the segment reaches.
func (s *segment) width() float32 { return s.x1 - s.x0 }

// text returns what the segment shows, without its levels.
func (s *segment) text() string {
	b := make([]byte, 0, len(s.chars)+len(s.chars)/4)
	for i, c := range s.chars {
		if c.space && i > 0 {
			b = append(b, ' ')
		}
		b = utf8.AppendRune(b, c.r)
	}
	return string(b)
}

// upright keeps the glyphs of the page's main direction, so that a table set
// sideways reads like any other and the stamp in the margin vanishes. It returns
// by how many quarters the page was turned clockwise.
func upright(s *sheet) (turns int8) {
	var count [4]int
	for _, g := range s.glyphs {
		count[g.angle]++
	}
	main := int8(0)
	for a, n := range count {
		if n > count[main] {
			main = int8(a)
		}
	}
	var dx, dy float32
	switch main {
	case 1:
		dx = s.height
	case 2:
		dx, dy = s.width, s.height
	case 3:
		dy = s.width
	}
	if main&1 == 1 {
		s.width, s.height = s.height, s.width
	}
	s.turnRules(main)
	kept := s.glyphs[:0]
	for _, g := range s.glyphs {
		if g.angle != main {
			continue
		}
		g.x0 += dx
		g.x1 += dx
		g.y += dy
		if g.x1 < -1 || g.x0 > s.width+1 || g.y < -1 || g.y > s.height+1 {
			continue // outside the page, where nobody sees it
		}
		kept = append(kept, g)
	}
	s.glyphs = kept
	return main
}

// turnRules turns the rules of a page whose text is written in the direction
// main. Width and height are already those of the page as it is read.
func (s *sheet) turnRules(main int8) {
	turn := func(rules []rule, along, across float32) {
		for i, r := range rules {
			if along > 0 {
				r.x0, r.x1 = along-r.x1, along-r.x0
			}
			if across > 0 {
				r.y = across - r.y
			}
			rules[i] = r
		}
	}
	switch main {
	case 1:
		turn(s.posts, s.width, 0)
		turn(s.rules, 0, s.width)
		s.rules, s.posts = s.posts, s.rules
	case 2:
		turn(s.rules, s.width, s.height)
		turn(s.posts, s.height, s.width)
	case 3:
		turn(s.posts, 0, s.height)
		turn(s.rules, s.height, 0)
		s.rules, s.posts = s.posts, s.rules
	}
}

// wordGap is the least distance between words, in em. Letters stand less than
// a tenth apart, and the narrowest spaces seen in titles are 0.17.
const wordGap = 0.15

// leastSpace returns the least distance at which characters of two sizes are
// not of one word. An index may stand off a little further.
func leastSpace(a, b float32) float32 {
	if max(a, b) > 1.14*min(a, b) {
		return 0.2 * max(a, b)
	}
	return wordGap * min(a, b)
}

// segments joins the glyphs of a page. It follows the order in which the file
// draws them, which keeps the letters of a word together in every writer of
// PDF that is known; where that order jumps, a new segment begins.
func segments(s *sheet, page int) []*segment {
	var out []*segment
	var cur *segment
	space := false
	var pen float32 // right end of the wider of two indices, one above the other
	flush := func() {
		if cur != nil && len(cur.chars) > 0 {
			out = append(out, cur)
		}
		cur, space, pen = nil, false, 0
	}
	shapeShifts(s.glyphs)
	for _, g := range accented(s.glyphs) {
		if unicode.IsSpace(g.r) {
			space = true
			continue
		}
		c := char{r: g.r, x0: g.x0, x1: g.x1, y: g.y, size: g.size, bold: s.fonts[g.font].bold}
		if cur != nil {
			last := &cur.chars[len(cur.chars)-1]
			em := max(last.size, c.size)
			gap := c.x0 - last.x1
			dy := abs(c.y - last.y)
			if dy > 0 && pen > last.x1 {
				gap, pen = c.x0-pen, 0
			}
			if at, ok := cur.gap(c.x0, c.x1, c.y, c.size); ok {
				// A letter from another font, drawn after what follows it.
				cur.chars = slices.Insert(cur.chars, at, c)
				cur.spaces(at, at+1)
				space = false
				continue
			}
			if dy > 0 && cur.under(c) {
				pen = last.x1
			} else if c.x0 == last.x0 && dy == 0 && c.size == last.size {
				// A ligature: pdfium tells its letters one by one at one place.
				c.space = false
			} else if dy > 0.65*em || gap > 0.6*em && (abs(c.size-last.size) > 0.05*em || c.bold != last.bold) || gap > 1.0*em || gap < -0.6*em || c.size > 2.2*last.size || last.size > 2.2*c.size {
				flush()
			} else {
				c.space = space || gap > leastSpace(last.size, c.size)
				// A combining or overprinted mark does not move the pen.
				space = false
			}
		}
		if cur == nil {
			cur = &segment{page: page}
			c.space = true
		}
		for i, r := range s.fonts[g.font].shown(g.r) {
			c.r = r
			if i > 0 {
				c.space = false
			}
			cur.chars = append(cur.chars, c)
		}
		space = false
	}
	flush()
	out = attach(out)
	for _, seg := range out {
		seg.settle()
		seg.lowerSmallCapitals()
	}
	return out
}

// under reports whether c begins a second index or exponent of the symbol that
// the last characters of s belong to, above or below them, as in SO4 2−.
func (s *segment) under(c char) bool {
	n := len(s.chars)
	last := s.chars[n-1]
	i := n - 1
	for i > 0 && s.chars[i-1].y == last.y && !s.chars[i].space {
		i--
	}
	return i > 0 && !s.chars[i].space && abs(c.y-last.y) < 1.5*c.size && abs(c.x0-s.chars[i].x0) < 0.5*c.size &&
		max(c.size, last.size) < 0.9*s.chars[i-1].size
}

// accents are the spacing accents that typesetters draw over letters, with the
// combining characters that say the same (Unicode, Spacing Modifier Letters).
var accents = map[rune]rune{
	'`': 0x0300, '´': 0x0301, 'ˆ': 0x0302, '˜': 0x0303, '¯': 0x0304, '˘': 0x0306, '˙': 0x0307,
	'¨': 0x0308, '˚': 0x030A, '˝': 0x030B, 'ˇ': 0x030C, '¸': 0x0327, '˛': 0x0328,
}

// accented joins accents with the letters that they stand over, mostly drawn right
// before or after them. It changes glyphs.
func accented(glyphs []glyph) []glyph {
	out := glyphs[:0]
	for i := 0; i < len(glyphs); i++ {
		g := glyphs[i]
		if mark, ok := accents[g.r]; ok {
			if i+1 < len(glyphs) {
				if r, ok := over(g, glyphs[i+1], mark); ok {
					g = glyphs[i+1]
					g.r = r
					out = append(out, g)
					i++
					continue
				}
			}
			if n := len(out); n > 0 {
				if r, ok := over(g, out[n-1], mark); ok {
					out[n-1].r = r
					continue
				}
			}
			if letter, r := below(g, mark, out, glyphs[i+1:]); letter != nil {
				letter.r = r
				continue
			}
		}
		if (g.r == '√' || g.r == '∑' || g.r == '∫' || g.r == '∏') && i+1 < len(glyphs) {
			// TeX hangs these from their top; they stand on the line of what follows.
			if next := glyphs[i+1]; next.x0 > g.x0 && next.x0-g.x1 < 0.5*next.size && abs(next.y-g.y) < 1.2*next.size {
				g.y, g.size = next.y, next.size
			}
		}
		out = append(out, g)
	}
	return out
}

// below returns the letter that an accent drawn apart stands over, among the
// nearest ones drawn before and after it, and what both are together.
func below(accent glyph, mark rune, before, after []glyph) (*glyph, rune) {
	const line = 200 // glyphs
	for _, list := range [][]glyph{before[max(0, len(before)-line):], after[:min(line, len(after))]} {
		for i := range list {
			if r, ok := over(accent, list[i], mark); ok {
				return &list[i], r
			}
		}
	}
	return nil, 0
}

// over returns the letter with the accent where the accent stands over it.
func over(accent, letter glyph, mark rune) (rune, bool) {
	center := (accent.x0 + accent.x1) / 2
	if !unicode.IsLetter(letter.r) || center < letter.x0 || center > letter.x1 || abs(accent.y-letter.y) > 0.5*letter.size || accent.size > 1.5*letter.size {
		return 0, false
	}
	if mark == 0x0304 && letter.r == 'h' {
		return 'ħ', true
	}
	base := letter.r
	switch base {
	case 'ı':
		base = 'i'
	case 'ȷ':
		base = 'j'
	}
	composed := []rune(norm.NFC.String(string([]rune{base, mark})))
	return composed[0], len(composed) == 1
}

// settle works out size, base line, extent and levels from the characters.
func (s *segment) settle() {
	bold, letters := 0, 0
	s.x0, s.x1 = s.chars[0].x0, s.chars[0].x1
	for i := range s.chars {
		c := &s.chars[i]
		s.x0, s.x1 = min(s.x0, c.x0), max(s.x1, c.x1)
		if unicode.IsLetter(c.r) {
			letters++
			if c.bold {
				bold++
			}
		}
	}
	s.y, s.size = s.base()
	s.bold = letters > 0 && bold*10 >= letters*9
	for i := range s.chars {
		c := &s.chars[i]
		up := s.y - c.y
		c.level = blocks.OnLine
		switch {
		case c.size < 0.88*s.size && up > 0.12*s.size, up > 0.28*s.size:
			c.level = blocks.Raised
		case c.size < 0.88*s.size && up < -0.06*s.size, up < -0.2*s.size:
			c.level = blocks.Lowered
		}
	}
	s.unstack()
}

// base returns the base line and size of the characters that stand on the line:
// the largest size that has a fifth of the letters and digits, for in a formula
// such as Li2.9PO3.3N0.46 the indices outnumber the symbols.
func (s *segment) base() (y, size float32) {
	type style struct{ y, size float32 }
	type weight struct {
		style
		chars, marks int
		sum          float32 // of the base lines, which are rounded in style
	}
	var styles []weight
	total := 0
	for _, c := range s.chars {
		k := style{float32(math.Round(float64(c.y)*2) / 2), float32(math.Round(float64(c.size)*4) / 4)}
		i := slices.IndexFunc(styles, func(w weight) bool { return w.style == k })
		if i < 0 {
			i = len(styles)
			styles = append(styles, weight{style: k})
		}
		styles[i].sum += c.y
		if unicode.IsLetter(c.r) || unicode.IsDigit(c.r) {
			styles[i].chars++
			total++
		} else {
			styles[i].marks++
		}
	}
	best := styles[0]
	for _, w := range styles[1:] {
		larger, smaller := float32(1.1), float32(0.9) // fonts side by side differ a little
		if w.y != best.y {
			larger, smaller = 1.04, 0.96 // indices may be nearly as large
		}
		enough, had := w.chars*5 >= total && w.chars > 0, best.chars*5 >= total && best.chars > 0
		switch {
		case enough != had:
			if enough {
				best = w
			}
		case enough && (w.size > larger*best.size || w.size > smaller*best.size && w.chars > best.chars),
			!enough && w.chars+w.marks > best.chars+best.marks:
			best = w
		}
	}
	mean := best.sum / float32(best.chars+best.marks)
	return float32(math.Round(float64(mean)*16) / 16), best.size
}

// attach joins segments that are one stretch but were drawn apart: an exponent
// after its line, a word after a change of font.
func attach(segs []*segment) []*segment {
	for _, s := range segs {
		s.settle()
	}
	order := slices.Clone(segs)
	slices.SortStableFunc(order, func(a, b *segment) int { return cmp.Compare(a.x0, b.x0) })
	// Those that end near where this one begins are found among the recent ones.
	byRow := map[int][]*segment{}
	row := func(y float32) int { return int(math.Floor(float64(y) / 8)) }
	gone := map[*segment]bool{}
	for _, s := range order {
		var host *segment
		r := row(s.y)
		for k := r - 1; k <= r+1; k++ {
			for _, h := range byRow[k] {
				em := max(h.size, s.size)
				dy := h.y - s.y
				gap := s.x0 - h.x1
				limit := 0.3 * em
				switch {
				case h.size == s.size && dy == 0:
					limit = 0.8 * em
				case s.size < 0.8*h.size && len(s.chars) <= 3:
					limit = 0.5 * em // a mark behind a word
				}
				if gap < limit && gap > -0.35*em && dy < 0.6*em && dy > -0.6*em {
					if small := min(h.size, s.size); small > 0.93*em && (dy > 0.25*em || dy < -0.25*em) {
						continue
					}
					if host == nil || h.x1 > host.x1 {
						host = h
					}
				}
			}
		}
		if host == nil {
			if h, at := between(byRow, r, s); h != nil {
				h.chars = slices.Insert(h.chars, at, s.chars...)
				h.spaces(at, at+len(s.chars))
				h.settle()
				gone[s] = true
				continue
			}
		}
		if host == nil && len(s.chars) <= 4 {
			if h, at := stacked(byRow, r, s); h != nil {
				s.chars[0].space = false
				h.chars = slices.Insert(h.chars, at, s.chars...) // settle puts the lower one first
				h.settle()
				gone[s] = true
				continue
			}
		}
		if host == nil {
			byRow[r] = append(byRow[r], s)
			continue
		}
		gap := s.x0 - host.x1
		s.chars[0].space = gap > leastSpace(host.chars[len(host.chars)-1].size, s.chars[0].size)
		was := row(host.y)
		host.chars = append(host.chars, s.chars...)
		host.settle()
		if now := row(host.y); now != was {
			byRow[was] = slices.DeleteFunc(byRow[was], func(h *segment) bool { return h == host })
			byRow[now] = append(byRow[now], host)
		}
		gone[s] = true
	}
	return slices.DeleteFunc(segs, func(s *segment) bool { return gone[s] })
}

// between finds a gap that s fills in a segment on its base line: the segment,
// and the index of the character before which s is read.
func between(byRow map[int][]*segment, r int, s *segment) (host *segment, at int) {
	for k := r - 1; k <= r+1; k++ {
		for _, h := range byRow[k] {
			if abs(h.y-s.y) > 0.1*s.size || abs(h.size-s.size) > 0.1*s.size {
				continue
			}
			if at, ok := h.gap(s.x0, s.x1, s.y, s.size); ok {
				return h, at
			}
		}
	}
	return nil, 0
}

// gap returns the index of the character of s before which there is room from x0
// to x1 on a base line.
func (s *segment) gap(x0, x1, y, size float32) (at int, ok bool) {
	if x0 >= s.chars[len(s.chars)-1].x0 || x0 < s.chars[0].x0 || len(s.chars) > 2000 {
		return 0, false
	}
	slack := 0.15 * size
	at = slices.IndexFunc(s.chars, func(c char) bool { return c.x0 > x0 })
	if at <= 0 {
		return 0, false
	}
	before, after := s.chars[at-1], s.chars[at]
	return at, before.x1 <= x0+slack && x1 <= after.x0+slack && abs(before.y-y) < 0.6*size
}

// spaces says anew whether white space stands before the characters from and to
// of s, between which others were put in.
func (s *segment) spaces(from, to int) {
	for _, i := range []int{from, to} {
		s.chars[i].space = s.chars[i].x0-s.chars[i-1].x1 > leastSpace(s.chars[i-1].size, s.chars[i].size)
	}
}

// stacked finds where the few small characters of s stand right below or above
// an index of the other kind, as in the ion of a sulfate: the segment, and the
// index of the character behind which they are read.
func stacked(byRow map[int][]*segment, r int, s *segment) (host *segment, at int) {
	for k := r - 1; k <= r+1; k++ {
		for _, h := range byRow[k] {
			dy := h.y - s.y
			if s.size > 0.88*h.size || abs(dy) > 0.65*h.size || s.x0 < h.x0 || s.x0 >= h.x1 {
				continue
			}
			other := blocks.Lowered
			if dy < 0 {
				other = blocks.Raised
			}
			at = slices.IndexFunc(h.chars, func(c char) bool {
				return c.level == other && c.x1 > s.x0 && c.x0 < s.x0+0.5*s.size
			})
			if at < 0 {
				continue
			}
			for at < len(h.chars) && h.chars[at].level == other {
				at++
			}
			return h, at
		}
	}
	return nil, 0
}

// unstack puts an index before the exponent that stands right above it, in
// whichever order the two were drawn: SO4 2−, as chemists read it. What stands
// before a symbol, as the numbers of a nucleus do, is left as it is.
func (s *segment) unstack() {
	end := func(from int, level blocks.Level) int {
		for from < len(s.chars) && s.chars[from].level == level && (!s.chars[from].space || from == 0) {
			from++
		}
		return from
	}
	for i := 1; i < len(s.chars); i++ {
		if s.chars[i].level != blocks.Raised || s.chars[i].space || s.chars[i-1].level != blocks.OnLine {
			continue
		}
		j := end(i, blocks.Raised)
		k := end(j, blocks.Lowered)
		if k > j && s.chars[j].x0 < s.chars[i].x0+0.5*s.chars[i].size {
			raised := slices.Clone(s.chars[i:j])
			copy(s.chars[i:], s.chars[j:k])
			copy(s.chars[i+k-j:], raised)
		}
	}
}

// line is what stands on one base line of one column.
type line struct {
	segs   []*segment
	x0, x1 float32
	y      float32
	size   float32
	bold   bool
	page   int
	column *column
	table  *tableArea // the line stands for this table
}

// column is a stretch of lines that were set to one measure.
type column struct {
	x0, x1  float32
	leading float32 // usual distance of base lines
}

func (l *line) text() string {
	var b []byte
	for i, s := range l.segs {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, s.text()...)
	}
	return string(b)
}

// gatherLines joins the segments of one column into lines, from top to bottom.
func gatherLines(segs []*segment) []*line {
	if len(segs) == 0 {
		return nil
	}
	slices.SortStableFunc(segs, func(a, b *segment) int { return cmp.Compare(a.y, b.y) })
	var lines []*line
	for _, s := range segs {
		var host *line
		for i := len(lines) - 1; i >= 0 && i >= len(lines)-3; i-- {
			l := lines[i]
			apart := max(s.x0-l.x1, l.x0-s.x1) > 2*max(s.size, l.size)
			if apart && abs(s.size-l.size) > 0.15*max(s.size, l.size) {
				continue // beside it, not of it
			}
			within := float32(0.35)
			if s.size < 0.88*l.size || l.size < 0.88*s.size {
				within = 0.45 // an index that stands apart
			}
			if s.y-l.y <= within*min(max(l.size, s.size), 2*min(l.size, s.size)) {
				host = l
				break
			}
		}
		if host == nil {
			lines = append(lines, &line{segs: []*segment{s}, x0: s.x0, x1: s.x1, y: s.y, size: s.size, page: s.page})
			continue
		}
		if len(s.chars) > host.length() {
			host.y, host.size = s.y, s.size
		}
		host.segs = append(host.segs, s)
		host.x0, host.x1 = min(host.x0, s.x0), max(host.x1, s.x1)
	}
	col := &column{x0: lines[0].x0, x1: lines[0].x1}
	var steps []float32
	for i, l := range lines {
		slices.SortStableFunc(l.segs, func(a, b *segment) int { return cmp.Compare(a.x0, b.x0) })
		l.column = col
		col.x0, col.x1 = min(col.x0, l.x0), max(col.x1, l.x1)
		l.bold = true
		for _, s := range l.segs {
			l.bold = l.bold && (s.bold || len(s.chars) == 1)
		}
		if i > 0 && l.x1-l.x0 > 10*l.size {
			steps = append(steps, l.y-lines[i-1].y)
		}
	}
	if len(steps) > 0 {
		slices.Sort(steps)
		col.leading = steps[len(steps)/2]
	}
	if l := 1.15 * lines[0].size; len(steps) < 3 || col.leading < 0.5*l {
		col.leading = l
	}
	return lines
}

// has reports whether characters of l stand on the level.
func (l *line) has(level blocks.Level) bool {
	return slices.ContainsFunc(l.segs, func(s *segment) bool {
		return slices.ContainsFunc(s.chars, func(c char) bool { return c.level == level })
	})
}

func (l *line) length() int {
	n := 0
	for _, s := range l.segs {
		n += len(s.chars)
	}
	return n
}

// flow orders the segments of a region as they are read: where a gutter parts
// columns, the left one before the right one, in bands between the lines that
// run across. Where too little stands on a page to find its gutters, those of
// the page before are tried.
func flow(segs []*segment, before []float32, depth int) []*line {
	g, ok := gutter(segs)
	if !ok {
		g, ok = sameGutter(segs, before)
	}
	if !ok || depth > 3 {
		return gatherLines(segs)
	}
	if above, below, ok := cutReferences(segs, g); ok {
		return append(flow(above, before, depth+1), flow(below, before, depth+1)...)
	}
	slices.SortStableFunc(segs, func(a, b *segment) int { return cmp.Compare(a.y, b.y) })
	var out []*line
	var left, right, across []*segment
	columns := func() {
		out = append(out, flow(left, before, depth+1)...)
		out = append(out, flow(right, before, depth+1)...)
		left, right = nil, nil
	}
	for _, s := range segs {
		switch {
		case s.x0 < g-2 && s.x1 > g+2:
			if len(left)+len(right) > 0 {
				// What stands beside a line across belongs to it.
				beside := func(list []*segment) []*segment {
					for len(list) > 0 && s.y-list[len(list)-1].y < 0.35*s.size {
						across = append(across, list[len(list)-1])
						list = list[:len(list)-1]
					}
					return list
				}
				var row []*segment
				row, across = across, nil
				left, right = beside(left), beside(right)
				if len(row) > 0 && len(left)+len(right) > 0 {
					out = append(out, gatherLines(row)...)
					row = nil
				}
				if len(left)+len(right) > 0 {
					columns()
				}
				across = append(row, across...)
			}
			across = append(across, s)
		default:
			if len(across) > 0 {
				last := across[len(across)-1]
				if s.y-last.y < 0.35*max(s.size, last.size) {
					across = append(across, s)
					continue
				}
				out = append(out, gatherLines(across)...)
				across = nil
			}
			if s.x1 <= g+2 {
				left = append(left, s)
			} else {
				right = append(right, s)
			}
		}
	}
	if len(across) > 0 {
		out = append(out, gatherLines(across)...)
	}
	columns()
	return out
}

// sameGutter returns the first of gutters that has segments on both sides and
// none across.
func sameGutter(segs []*segment, gutters []float32) (float32, bool) {
	for _, g := range gutters {
		left, right, across := 0, 0, 0
		for _, s := range segs {
			switch {
			case s.x1 <= g:
				left++
			case s.x0 >= g:
				right++
			default:
				across++
			}
		}
		if left > 0 && right > 0 && across == 0 {
			return g, true
		}
	}
	return 0, false
}

// cutReferences parts a region above the heading of the bibliography where the
// text before it ends in columns of one height: then a white stripe runs across
// both columns at the heading.
func cutReferences(segs []*segment, g float32) (above, below []*segment, ok bool) {
	at := slices.IndexFunc(segs, func(s *segment) bool { return s.x1 < g && referencesTitle.MatchString(s.text()) })
	if at < 0 {
		return nil, nil, false
	}
	title := segs[at]
	y := title.y - title.size
	for _, s := range segs {
		if s == title {
			continue
		}
		if s.y > y-0.6*s.size && s.y-0.8*s.size < y+0.4*title.size {
			return nil, nil, false
		}
		if s.y < y {
			above = append(above, s)
		} else {
			below = append(below, s)
		}
	}
	below = append(below, title)
	right := func(list []*segment) int {
		n := 0
		for _, s := range list {
			if s.x0 > g {
				n++
			}
		}
		return n
	}
	if right(above) < 3 || right(below) < 3 {
		return nil, nil, false
	}
	return above, below, true
}

// gutter finds where a white stripe parts two columns of running text. Only
// segments long enough to be lines of text count: labels of figures and cells
// of tables do not make columns.
func gutter(segs []*segment) (x float32, ok bool) {
	if len(segs) < 8 {
		return 0, false
	}
	x0, x1 := segs[0].x0, segs[0].x1
	for _, s := range segs {
		x0, x1 = min(x0, s.x0), max(x1, s.x1)
	}
	if x1-x0 < 100 || x1-x0 > 1e5 {
		return 0, false
	}
	// Ends and starts of long segments, in steps of two points.
	const step = 2
	n := int((x1-x0)/step) + 2
	ends, starts, cover := make([]int, n), make([]int, n), make([]int, n+1)
	for _, s := range segs {
		if s.width() < 12*s.size {
			continue
		}
		a, b := int((s.x0-x0)/step), int((s.x1-x0)/step)
		starts[a]++
		ends[b]++
		cover[a]++
		cover[b+1]--
	}
	total := 0
	for _, c := range starts {
		total += c
	}
	if total < 8 {
		return 0, false
	}
	best, score := -1, 0
	leftOf, cross := 0, 0
	for i := range n {
		cross += cover[i]
		if i > 0 {
			leftOf += ends[i-1]
		}
		rightOf := total - leftOf - cross
		if v := min(leftOf, rightOf)*3 - cross; leftOf >= 4 && rightOf >= 4 && min(leftOf, rightOf)*8 >= total && v > score {
			best, score = i, v
		}
	}
	if best < 0 || score < total/8 {
		return 0, false
	}
	// The middle of the stripe that is as empty as its best place.
	last := best
	count := func(i int) int {
		c := 0
		at := x0 + (float32(i)+0.5)*step
		for _, s := range segs {
			if s.width() >= 12*s.size && s.x0 < at && s.x1 > at {
				c++
			}
		}
		return c
	}
	empty := count(best)
	for last+1 < n && count(last+1) <= empty && last-best < 40 {
		last++
	}
	return x0 + (float32(best+last)/2+0.5)*step, true
}

// allGutters returns the gutters of a page, from the left.
func allGutters(segs []*segment, depth int) []float32 {
	g, ok := gutter(segs)
	if !ok || depth > 3 {
		return nil
	}
	var left, right []*segment
	for _, s := range segs {
		switch {
		case s.x1 <= g+2:
			left = append(left, s)
		case s.x0 >= g-2:
			right = append(right, s)
		}
	}
	return append(append(allGutters(left, depth+1), g), allGutters(right, depth+1)...)
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
