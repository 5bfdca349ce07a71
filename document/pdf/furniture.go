package pdf

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"unicode"
)

// The margins in which headers and footers stand, as parts of the page's height.
const (
	headMargin = 0.15
	footMargin = 0.86
)

// dropRunning removes headers, footers and page numbers: what stands in the
// margins at the same height on several pages with the same words, numbers
// aside; a line above a rule along the page; and the number of the page.
func dropRunning(leaves []*leaf) {
	pages := map[runningPlace]map[int]bool{}
	for _, l := range leaves {
		for _, s := range l.segs {
			for _, k := range l.runningPlaces(s) {
				for _, y := range []int{k.y - 1, k.y, k.y + 1} {
					k.y = y
					if pages[k] == nil {
						pages[k] = map[int]bool{}
					}
					pages[k][l.page] = true
				}
			}
		}
	}
	need := 2
	if len(leaves) > 6 {
		need = 3
	}
	for _, l := range leaves {
		head := l.headRule()
		l.dropEnds(func(s *segment) bool {
			places := l.runningPlaces(s)
			repeated := slices.ContainsFunc(places, func(k runningPlace) bool { return len(pages[k]) >= need })
			return len(places) > 0 && (repeated || s.y < head || l.numbers(s)) && !captionStart.MatchString(s.text())
		})
	}
}

// runningPlace is a text that may run through pages, and its height.
type runningPlace struct {
	text string
	y    int
}

// runningPlaces returns what s has in common with segments of other pages if it
// runs: its words, numbers aside; or, without words, the numbers themselves or
// how far the first is from that of the page, for the numbers of a table that
// goes on stand at one height too.
func (l *leaf) runningPlaces(s *segment) []runningPlace {
	if s.y > headMargin*l.height && s.y < footMargin*l.height {
		return nil
	}
	y := int(s.y+2) / 4
	b := make([]rune, 0, len(s.chars))
	letters := false
	for _, c := range s.chars {
		switch {
		case unicode.IsDigit(c.r):
			if len(b) == 0 || b[len(b)-1] != '#' {
				b = append(b, '#')
			}
		default:
			b = append(b, c.r)
			letters = letters || unicode.IsLetter(c.r)
		}
	}
	if letters {
		return []runningPlace{{string(b), y}}
	}
	text := s.text()
	places := []runningPlace{{text, y}}
	if n, err := strconv.Atoi(firstNumber.FindString(text)); err == nil {
		places = append(places, runningPlace{string(b) + strconv.Itoa(n-l.page), y})
	}
	return places
}

var firstNumber = regexp.MustCompile(`\d{1,9}`)

// dropEnds takes what runs out of segs, from the top and from the bottom of the
// page up to the first line that does not run.
func (l *leaf) dropEnds(runs func(*segment) bool) {
	order := slices.Clone(l.segs)
	slices.SortStableFunc(order, func(a, b *segment) int { return cmp.Compare(a.y, b.y) })
	gone := map[*segment]bool{}
	drop := func(segs iter.Seq2[int, *segment]) {
		stay := float32(-1) // height of the first line that stays
		for _, s := range segs {
			if stay >= 0 && abs(s.y-stay) > 0.5*s.size {
				return
			}
			switch {
			case !runs(s):
				stay = s.y
			case !gone[s]:
				gone[s] = true
				l.running = append(l.running, s.text())
			}
		}
	}
	drop(slices.All(order))
	drop(slices.Backward(order))
	l.segs = slices.DeleteFunc(l.segs, func(s *segment) bool { return gone[s] })
}

// headRule returns the height of a rule that parts one line at the top of the
// page from the text: at least half as wide as the page, right below the line,
// and not that of a table. It returns 0 where there is none.
func (l *leaf) headRule() float32 {
	for _, r := range l.rules {
		if r.y > headMargin*l.height || r.x1-r.x0 < 0.5*l.width {
			continue
		}
		first, above, table := float32(0), 0, false
		for _, s := range l.segs {
			if s.y >= r.y {
				continue
			}
			if above++; above == 1 {
				first = s.y
			}
			table = table || captionStart.MatchString(s.text())
			if abs(s.y-first) > 0.5*s.size || r.y-s.y > 0.8*s.size {
				table = true // more than a line, or one that stands apart
			}
		}
		if above > 0 && !table {
			return r.y
		}
	}
	return 0
}

// pageNumber matches a line that only counts pages.
var pageNumber = regexp.MustCompile(`^(?i:(?:page |p\. ?|[-–—] ?|S-?)?\d{1,4}(?: (?:of|/) \d{1,4}|/\d{1,4})?(?: ?[-–—])?)$`)

// numbers reports whether s stands alone at the bottom or top of the page and
// counts pages.
func (l *leaf) numbers(s *segment) bool {
	if len(s.chars) > 16 || !pageNumber.MatchString(s.text()) {
		return false
	}
	bottom := s.y > 0.5*l.height
	for _, o := range l.segs {
		if o == s {
			continue
		}
		beyond := o.y > s.y-1.2*s.size
		if !bottom {
			beyond = o.y < s.y+1.2*s.size
		}
		if beyond {
			return false
		}
	}
	return true
}

// dropLineNumbers removes the numbers of lines that manuscripts have in their
// margin: they count the lines of the page by one or by five, stand left or
// right of everything else, one above the other.
func dropLineNumbers(l *leaf) {
	type number struct {
		seg    *segment
		n      int // characters at the beginning of the segment
		value  int
		x0, x1 float32
	}
	var found []number
	for _, s := range l.segs {
		n := 0
		for n < len(s.chars) && n < 5 && s.chars[n].r >= '0' && s.chars[n].r <= '9' && (n == 0 || !s.chars[n].space) {
			n++
		}
		if n == 0 || n == 5 || n < len(s.chars) && s.chars[n].x0-s.chars[n-1].x1 < 0.4*s.chars[n].size {
			continue
		}
		text := make([]byte, n)
		for i := range text {
			text[i] = byte(s.chars[i].r)
		}
		value, err := strconv.Atoi(string(text))
		if err != nil {
			continue
		}
		found = append(found, number{s, n, value, s.chars[0].x0, s.chars[n-1].x1})
	}
	slices.SortFunc(found, func(a, b number) int { return cmp.Compare(a.seg.y, b.seg.y) })
	// Numbers of one margin end, or begin, at one place.
	at := map[int][]number{}
	for _, f := range found {
		at[int(math.Round(float64(f.x1)/3))] = append(at[int(math.Round(float64(f.x1)/3))], f)
	}
	for _, place := range slices.Sorted(maps.Keys(at)) {
		column := append(slices.Clone(at[place]), at[place+1]...)
		slices.SortFunc(column, func(a, b number) int { return cmp.Compare(a.seg.y, b.seg.y) })
		counts := 0
		for i := 1; i < len(column); i++ {
			if step := column[i].value - column[i-1].value; step == 1 || step == 5 {
				counts++
			}
		}
		if counts < 4 || counts*10 < (len(column)-1)*8 {
			continue
		}
		// A list of references is numbered too, but most lines have no number.
		lines, outside := 0, true
		for _, s := range l.segs {
			from := s.x0
			for _, f := range column {
				if f.seg == s {
					from = 1e6
					if f.n < len(s.chars) {
						from = s.chars[f.n].x0
					}
				}
			}
			if s.width() > 12*s.size {
				lines++
			}
			outside = outside && (from > column[0].x1 || s.y < column[0].seg.y-s.size || s.y > column[len(column)-1].seg.y+s.size)
		}
		step := column[1].value - column[0].value
		if !outside || len(column)*step*10 < lines*6 {
			continue
		}
		gone := map[*segment]bool{}
		for _, f := range column {
			if f.n == len(f.seg.chars) {
				gone[f.seg] = true
				continue
			}
			f.seg.chars = f.seg.chars[f.n:]
			f.seg.settle()
		}
		l.segs = slices.DeleteFunc(l.segs, func(s *segment) bool { return gone[s] })
		delete(at, place+1)
	}
}
