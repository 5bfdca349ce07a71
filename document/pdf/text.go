package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/blocks"
)

// vocabulary is the words of a document in small letters, with their hyphens,
// other than those divided at the end of a line.
type vocabulary map[string]bool

// maxWords bounds the words of a vocabulary.
const maxWords = 1 << 20

// gather adds the words of lines.
func (v vocabulary) gather(lines []*line) {
	cut := false
	for _, l := range lines {
		if len(v) > maxWords {
			return
		}
		words := strings.Fields(strings.ToLower(l.text()))
		for i, w := range words {
			if i == 0 && cut {
				continue
			}
			if i == len(words)-1 && cutWord(w) {
				continue
			}
			w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
			v[w] = true
			for part := range strings.SplitSeq(w, "-") {
				v[part] = true
			}
		}
		cut = len(words) > 0 && cutWord(words[len(words)-1])
	}
}

// cutWord reports whether w ends with a hyphen.
func cutWord(w string) bool {
	return strings.HasSuffix(w, "-") || strings.HasSuffix(w, "\u2010") || strings.HasSuffix(w, "\u00AD")
}

// newParagraph writes the text of lines, words that were divided at the end of
// a line joined again.
func newParagraph(lines []*line, known vocabulary) *paragraph {
	p := &paragraph{lines: lines, size: lines[0].size, bold: allBold(lines), known: known}
	var b blocks.Builder
	p.write(&scribe{Builder: &b})
	p.text, p.shift = b.Take()
	return p
}

// write writes the lines of p.
func (p *paragraph) write(b *scribe) {
	lines, known := p.lines, p.known
	for i, l := range lines {
		if i > 0 {
			b.joinLine(lines[i-1].segs, l.segs, known)
		}
		for j, s := range l.segs {
			if j > 0 {
				b.Space()
			}
			end := len(s.chars)
			if j == len(l.segs)-1 && i+1 < len(lines) && divided(s, lines[i+1].segs[0], known) {
				end--
			}
			b.writeChars(s, end)
		}
	}
}

// joinLine writes what stands between two lines: nothing after a hyphen or
// dash, a space elsewhere.
func (b *scribe) joinLine(above, below []*segment, known vocabulary) {
	last := above[len(above)-1]
	if divided(last, below[0], known) || hyphenated(last) {
		return
	}
	b.Space()
}

func hyphenated(s *segment) bool {
	n := len(s.chars)
	if n < 2 || s.chars[n-1].space {
		return false
	}
	switch s.chars[n-1].r {
	case '-', '\u2010', '\u2011', '\u00AD', '–', '/':
		return unicode.IsLetter(s.chars[n-2].r) || unicode.IsDigit(s.chars[n-2].r)
	}
	return false
}

// divided reports whether the hyphen at the end of s only divides a word: small
// letters stand before it and after it, in next, and the document does not use
// the two halves as words, or the word with a hyphen, elsewhere.
func divided(s, next *segment, known vocabulary) bool {
	n := len(s.chars)
	if n < 3 || len(next.chars) < 2 {
		return false
	}
	switch s.chars[n-1].r {
	case '-', '\u2010', '\u00AD':
	default:
		return false
	}
	if s.chars[n-1].level != blocks.OnLine || s.chars[n-1].space {
		return false
	}
	before, after := s.chars[n-2].r, next.chars[0].r
	capitals := unicode.IsUpper(before) && unicode.IsUpper(after) // "LISI-CON", if "LISICON" is known
	if !capitals && (!unicode.IsLower(before) || !unicode.IsLower(after)) {
		return false
	}
	// "non-", "pre-" and the like, and words that already have a hyphen
	// ("state-of-the-art"), keep it.
	i := n - 2
	for i >= 0 && unicode.IsLetter(s.chars[i].r) && (i == n-2 || !s.chars[i+1].space) {
		i--
	}
	word := make([]rune, 0, 16)
	for _, c := range s.chars[i+1 : n-1] {
		word = append(word, unicode.ToLower(c.r))
	}
	if i >= 0 && s.chars[i].r == '-' && !s.chars[i+1].space {
		return false
	}
	rest := make([]rune, 0, 16)
	for i, c := range next.chars {
		if !unicode.IsLetter(c.r) || i > 0 && c.space {
			break
		}
		rest = append(rest, unicode.ToLower(c.r))
	}
	head, tail := string(word), string(rest)
	switch {
	case known[head+tail]:
		return true
	case capitals, known[head+"-"+tail]:
		return false
	}
	if slices.Contains(attached, tail) {
		return false
	}
	switch head {
	case "non", "self", "high", "low", "well", "solid", "long", "short", "room", "half", "all", "near", "cross", "x", "p", "n":
		return false
	}
	return !(len(word) >= 4 && len(rest) >= 3 && known[head] && known[tail])
}

// attached lists words that are mostly written with a hyphen before them.
var attached = []string{
	"assisted", "average", "based", "coated", "containing", "controlled", "defined", "dependent", "derived", "doped", "driven",
	"free", "induced", "like", "modified", "resolved", "rich", "shaped", "substituted", "supported", "type", "workers",
}

// scribe writes characters to a builder and, where trail is set, remembers for
// each where it stands.
type scribe struct {
	*blocks.Builder
	trail *[]mark
}

// mark says where a character stands that ends at a byte of the text.
type mark struct {
	end    int
	page   int
	x0, x1 float32
	y      float32 // base line of the segment
	size   float32
}

// writeChars writes the first n characters of s.
func (b *scribe) writeChars(s *segment, n int) {
	var one [utf8.UTFMax]byte
	for i, c := range s.chars[:n] {
		if c.space && i > 0 {
			b.Space()
		}
		r, level := c.r, c.level
		switch {
		case level == blocks.Raised && (r == '◦' || r == '∘'):
			r, level = '°', blocks.OnLine // how TeX sets a degree
		case r == '′' || r == '″':
			level = blocks.OnLine // raised by its shape
		}
		b.SetLevel(level)
		n := utf8.EncodeRune(one[:], r)
		b.WriteString(string(one[:n]))
		if b.trail != nil {
			*b.trail = append(*b.trail, mark{b.Len(), s.page, c.x0, c.x1, c.y, c.size})
		}
	}
	b.SetLevel(blocks.OnLine)
}
