package tagger

import (
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text, in bytes.
type Span struct{ Start, End int }

// Tokens divides text: at white space, around every sign, and between a number
// and the letters behind it ("13kg"). A word that starts with a letter keeps
// its digits ("LiFePO4"), and a number its decimal point and thousands commas.
func Tokens(text string) []Span {
	out := make([]Span, 0, len(text)/4)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		start := i
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case digit(text, i):
			for digit(text, i) || i+1 < len(text) && (text[i] == '.' || text[i] == ',') && digit(text, i+1) {
				i++
			}
		case letterRune(r):
			for i < len(text) {
				r, size = utf8.DecodeRuneInString(text[i:])
				if !letterRune(r) && !digit(text, i) {
					break
				}
				i += size
			}
		default:
			i += size
		}
		out = append(out, Span{start, i})
	}
	return out
}

func digit(t string, i int) bool { return i < len(t) && t[i] >= '0' && t[i] <= '9' }

func letterRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.Is(unicode.No, r))
}
