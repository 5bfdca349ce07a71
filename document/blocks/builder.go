// Package blocks builds the blocks of a document: running text with its white
// space collapsed and its super- and subscripts marked, tables as grids of
// cells, long paragraphs in pieces. The readers of single formats share it.
package blocks

import (
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
)

// MaxText is the size in bytes above which [Split] divides a paragraph.
const MaxText = 64 << 10

// Level is where characters stand: on the line, above or below it.
type Level int8

// The levels.
const (
	Lowered Level = -1
	OnLine  Level = 0
	Raised  Level = 1
)

// Builder gathers the text of one block. Runs of white space, also no-break,
// thin and ideographic spaces, become one plain space and vanish at both ends;
// characters without a shape of their own (zero-width, soft hyphen, control,
// invisible operators) vanish; typographic ligatures such as "ﬁ" are spelled
// out. The zero value is ready to use.
type Builder struct {
	text   []byte
	shifts []document.Shift
	level  Level
	run    int // counts the calls of SetLevel
	owner  int // the run that wrote the last shift
	start  int // where the line or cell began: no white space is kept before it
	space  bool
}

// SetLevel says where the characters that follow stand, and returns the level
// until now, to be set again afterwards.
func (b *Builder) SetLevel(l Level) Level {
	old := b.level
	if l != old {
		b.run++
	}
	b.level = l
	return old
}

// Level returns where the characters that follow stand.
func (b *Builder) Level() Level { return b.level }

// Len returns the number of bytes written so far.
func (b *Builder) Len() int { return len(b.text) }

// Last returns the last character written, or 0 when there is none or white
// space follows it.
func (b *Builder) Last() rune {
	if b.space || len(b.text) == b.start {
		return 0
	}
	r, _ := utf8.DecodeLastRune(b.text)
	return r
}

// Tail returns up to n of the last bytes written, for a look back.
func (b *Builder) Tail(n int) string {
	return string(b.text[max(b.start, len(b.text)-n):])
}

// Space adds white space.
func (b *Builder) Space() { b.space = true }

// WriteString adds s.
func (b *Builder) WriteString(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c > ' ' && c < 0x7F {
			j := i + 1
			for j < len(s) && s[j] > ' ' && s[j] < 0x7F {
				j++
			}
			b.put(s[i:j])
			i = j
			continue
		}
		if c == ' ' || c >= '\t' && c <= '\r' {
			b.space = true
			i++
			continue
		}
		if c < utf8.RuneSelf {
			i++ // a control character
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b.put("\uFFFD")
		case unicode.IsSpace(r):
			b.space = true
		case invisible(r):
		case r >= 0xFB00 && r <= 0xFB06:
			b.put(ligatures[r-0xFB00])
		default:
			b.put(s[i : i+n])
		}
		i += n
	}
}

// ligatures spells out U+FB00 to U+FB06 (Unicode, Alphabetic Presentation
// Forms): the same letters in another shape.
var ligatures = [...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}

// invisible reports characters that show nothing: C1 controls, soft hyphen,
// zero-width characters and direction marks, word joiner, the invisible
// operators of MathML, byte order mark and non-characters.
func invisible(r rune) bool {
	switch {
	case r < 0xA0, r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E,
		r >= 0x2060 && r <= 0x2064, r >= 0x2066 && r <= 0x206F, r == 0xFEFF, r >= 0xFE00 && r <= 0xFE0F,
		r&0xFFFE == 0xFFFE:
		return true
	}
	return false
}

func (b *Builder) put(s string) {
	gap := false
	if b.space {
		if gap = len(b.text) > b.start; gap {
			b.text = append(b.text, ' ')
		}
		b.space = false
	}
	at := len(b.text)
	b.text = append(b.text, s...)
	if b.level == OnLine {
		return
	}
	if n := len(b.shifts); n > 0 {
		last := &b.shifts[n-1]
		if last.Raised == (b.level == Raised) && (last.End == at || gap && last.End == at-1 && b.owner == b.run) {
			last.End = len(b.text)
			b.owner = b.run
			return
		}
	}
	b.shifts = append(b.shifts, document.Shift{Start: at, End: len(b.text), Raised: b.level == Raised})
	b.owner = b.run
}

// separate ends a cell: c, a tab or newline, stands between it and the next.
func (b *Builder) separate(c byte) {
	b.space = false
	b.text = append(b.text, c)
	b.start = len(b.text)
	b.run++
}

// open says that a cell begins here.
func (b *Builder) open() {
	b.space = false
	b.start = len(b.text)
	b.run++
}

// Take returns what was written, and empties the builder.
func (b *Builder) Take() (text string, shifts []document.Shift) {
	text, shifts = string(b.text), b.shifts
	*b = Builder{text: b.text[:0], level: b.level, run: b.run + 1}
	return text, shifts
}

// Clean returns s as a [Builder] would show it.
func Clean(s string) string {
	var b Builder
	b.WriteString(s)
	text, _ := b.Take()
	return text
}

// DropLast takes back the last character written, such as the hyphen of a
// divided word. It does nothing at the beginning and where a shift ends.
func (b *Builder) DropLast() {
	if len(b.text) == b.start {
		return
	}
	_, n := utf8.DecodeLastRune(b.text)
	if k := len(b.shifts); k > 0 && b.shifts[k-1].End > len(b.text)-n {
		return
	}
	b.text = b.text[:len(b.text)-n]
	b.space = false
}
