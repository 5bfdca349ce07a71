package pdf

import (
	"unicode"

	"github.com/alkahest/alkahest/document/blocks"
)

// Fonts hold figures and letters that are drawn small and high or low, as indices
// and exponents (OpenType features sups, subs and sinf). In a PDF they have the
// size and the base line of the text around them and are told from it only by
// where their ink is.

// shapeShifts moves glyphs that are drawn as indices or exponents to where, and
// to the size in which, others would be set. It changes glyphs.
func shapeShifts(glyphs []glyph) {
	var raised, lowered []int
	for i := range glyphs {
		g := &glyphs[i]
		foot, head := g.foot/g.size, g.head/g.size
		if head-foot < 0.05 || !plain(g.r) {
			continue
		}
		// Letters and figures of text stand on the line or reach below it, and are
		// at least as high as an x, 0.4 em.
		switch {
		case foot > 0.22:
			raised = append(raised, i)
		case head < 0.38 && foot < -0.05:
			lowered = append(lowered, i)
		}
	}
	for _, i := range raised {
		shift(glyphs, i, 0.35, func(r rune, foot, head float32) bool {
			switch r {
			case '.', ':', ',', ';':
				return foot > 0.2
			case '(', ')', '[', ']', '/':
				return foot > 0.05
			}
			return foot+head > 0.82 // the middle of a minus is 0.25 to 0.35 high
		})
	}
	for _, i := range lowered {
		shift(glyphs, i, -0.14, func(r rune, foot, head float32) bool {
			switch r {
			case '.', ':':
				return foot < -0.04
			case ',', ';':
				return foot < -0.25
			case '(', ')', '[', ']', '/':
				return head < 0.5
			}
			return foot+head < 0.3
		})
	}
}

// plain reports whether r is a letter or figure of whose ink enough is known.
func plain(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || unicode.Is(unicode.Greek, r)
}

// shift moves glyph i up by some em, and the signs right beside it whose ink is
// where index says.
func shift(glyphs []glyph, i int, em float32, index func(r rune, foot, head float32) bool) {
	set := func(g *glyph) {
		g.y -= em * g.size
		g.size *= 0.65
	}
	for _, step := range []int{-1, 1} {
		last := glyphs[i]
		for j := i + step; j >= 0 && j < len(glyphs) && j != i+4*step; j += step {
			g := &glyphs[j]
			gap := max(g.x0-last.x1, last.x0-g.x1)
			if plain(g.r) || unicode.IsSpace(g.r) || g.y != last.y || g.size != last.size || gap > 0.2*g.size || !index(g.r, g.foot/g.size, g.head/g.size) {
				break
			}
			last = *g
			set(g)
		}
	}
	set(&glyphs[i])
}

// lowerSmallCapitals turns capitals set small, as in headings, into small letters:
// those of a word that begins with a larger capital on the same base line, and,
// where there are no small letters, those of the words beside it.
func (s *segment) lowerSmallCapitals() {
	large, lower := float32(0), false
	onLine := func(c *char) bool { return c.level == blocks.OnLine && abs(c.y-s.y) < 0.03*c.size }
	for i := range s.chars {
		c := &s.chars[i]
		if onLine(c) && unicode.IsUpper(c.r) {
			large = max(large, c.size)
		}
		lower = lower || unicode.IsLower(c.r)
	}
	small := func(c *char) bool {
		return onLine(c) && unicode.IsUpper(c.r) && c.size > 0.65*large && c.size < 0.88*large
	}
	begun, words := false, 0 // words that begin large and go on small
	inside := make([]bool, len(s.chars))
	for i := range s.chars {
		c := &s.chars[i]
		if i == 0 || c.space {
			begun = onLine(c) && unicode.IsUpper(c.r) && c.size > 0.97*large
			continue
		}
		if begun && small(c) {
			inside[i] = true
			if !small(&s.chars[i-1]) {
				words++
			}
		}
	}
	for i := range s.chars {
		if c := &s.chars[i]; inside[i] || words > 0 && !lower && small(c) {
			c.r = unicode.ToLower(c.r)
		}
	}
}
