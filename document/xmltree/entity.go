package xmltree

import (
	"html"
	"strings"
)

// maxEntity is the length of the longest name of an entity with its marks,
// "&CounterClockwiseContourIntegral;".
const maxEntity = 34

// unescape replaces references to characters and entities: those of HTML 5,
// which contain the ISO sets that publishers use, and the Greek letters of
// ISOgrk1, which HTML 5 leaves out and USPTO's DTDs before 2005 name.
func (p *parser) unescape(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
		if end < 0 {
			b.WriteByte('&')
			s = s[1:]
			continue
		}
		b.WriteString(entity(s[:end+1]))
		s = s[end+1:]
	}
}

// entity returns what the reference, from & to ;, stands for, or itself.
func entity(reference string) string {
	switch reference {
	case "&lt;":
		return "<"
	case "&gt;":
		return ">"
	case "&amp;":
		return "&"
	case "&quot;":
		return `"`
	case "&apos;":
		return "'"
	}
	if name, ok := strings.CutSuffix(reference, "gr;"); ok {
		if r := greek(name[1:]); r != 0 {
			return string(r)
		}
	}
	return html.UnescapeString(reference)
}

// greek returns the letter of an entity of ISOgrk1 (ISO 8879:1986, Annex D),
// whose name is given without the ending "gr", or 0.
func greek(name string) rune {
	const lower = "a b g d e z ee th i k l m n x o p r sf s t u ph kh ps oh"
	at := 'α'
	for letter := range strings.FieldsSeq(lower) {
		if letter == name {
			return at
		}
		if upper := strings.ToUpper(letter[:1]) + letter[1:]; upper == name || strings.ToUpper(letter) == name {
			return at - 'α' + 'Α'
		}
		at++
	}
	return 0
}
