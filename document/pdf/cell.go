package pdf

import (
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document/blocks"
)

// writeCell writes the lines of one cell. A formula or word that was broken at
// the end of a line is joined again.
func (b *tableScribe) writeCell(segs []*segment) {
	w := scribe{&b.Builder, b.trail}
	var above *line
	for _, l := range gatherLines(segs) {
		if above != nil && !brokenFormula(above, l) && !b.known.broken(above, l) {
			w.joinLine(above.segs, l.segs, b.known)
		}
		for j, s := range l.segs {
			if j > 0 {
				b.Space()
			}
			w.writeChars(s, len(s.chars))
		}
		above = l
	}
}

// brokenFormula reports whether line below goes on with the chemical formula
// that line above ends with: no white space in either, an index or digit at the
// end, a symbol of an element or a parenthesis at the beginning; or a capital at
// the end, and the rest of its symbol before an index.
func brokenFormula(above, below *line) bool {
	if len(above.segs) != 1 || len(below.segs) != 1 {
		return false
	}
	a, b := above.segs[0].chars, below.segs[0].chars
	for i := range a {
		if i > 0 && a[i].space {
			return false
		}
	}
	for i := range b {
		if i > 0 && b[i].space {
			return false
		}
	}
	last, first := a[len(a)-1], b[0]
	if last.level == blocks.Lowered && abs(first.size-last.size) < 0.05*last.size {
		// Within an index. What stands below, if alone, has nothing to be lowered from.
		for i := range b {
			if (unicode.IsDigit(b[i].r) || b[i].r == '.') && abs(b[i].size-last.size) < 0.05*last.size {
				b[i].level = blocks.Lowered
			}
		}
		return true
	}
	lowered := slices.ContainsFunc(a, func(c char) bool { return c.level == blocks.Lowered })
	if unicode.IsUpper(last.r) && unicode.IsLower(first.r) && last.level == first.level {
		return lowered && len(b) > 1 && b[1].level != blocks.OnLine
	}
	goes := unicode.IsUpper(first.r) || first.r == '(' || first.r == ')' || first.level == blocks.Lowered
	return lowered && goes && (unicode.IsDigit(last.r) || unicode.IsLetter(last.r) || last.r == ')' || last.r == '(')
}

// broken reports whether line below goes on with the word of the vocabulary that
// line above, which is nothing else, begins: office programs break a word
// wherever its cell ends.
func (v vocabulary) broken(above, below *line) bool {
	if len(above.segs) != 1 || len(below.segs) != 1 {
		return false
	}
	a, b := above.segs[0].chars, below.segs[0].chars
	if slices.ContainsFunc(a[1:], func(c char) bool { return c.space }) || !unicode.IsLower(b[0].r) {
		return false
	}
	word := func(chars []char) string {
		var w strings.Builder
		for i, c := range chars {
			if !unicode.IsLetter(c.r) || i > 0 && c.space {
				break
			}
			w.WriteRune(unicode.ToLower(c.r))
		}
		return w.String()
	}
	from := len(a)
	for from > 0 && unicode.IsLetter(a[from-1].r) {
		from--
	}
	head, tail := word(a[from:]), word(b)
	return head != "" && v[head+tail] && !(v[head] && v[tail])
}
