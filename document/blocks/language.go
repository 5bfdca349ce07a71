package blocks

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
)

// Language guesses the language of text, as a BCP 47 tag: "ko" when at least a
// tenth of the letters are Hangul, "ja" for kana, "zh" when a quarter are Han,
// "en" when the commonest English words make up a twelfth of the words, ""
// otherwise. It looks at the first 64 KiB.
func Language(text string) string {
	text = text[:floorRune(text, 1<<16)]
	var hangul, kana, han, letters int
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				letters++
			}
		case unicode.Is(unicode.Hangul, r):
			hangul++
			letters++
		case r >= 0x3041 && r <= 0x30FF:
			kana++
			letters++
		case unicode.Is(unicode.Han, r):
			han++
			letters++
		case unicode.IsLetter(r):
			letters++
		}
	}
	switch {
	case letters < 10:
		return ""
	case hangul*10 >= letters:
		return "ko"
	case kana*10 >= letters:
		return "ja"
	case han*4 >= letters:
		return "zh"
	}
	words, english := 0, 0
	for word := range strings.FieldsSeq(text) {
		words++
		switch word {
		case "the", "The", "of", "and", "in", "In", "to", "is", "are", "was", "were", "with", "for", "that", "by", "We", "we":
			english++
		}
	}
	if words >= 8 && english*12 >= words {
		return "en"
	}
	return ""
}

// floorRune returns the last border between characters of s at or before n.
func floorRune(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// LanguageOf guesses the language of a document by the text of its first
// blocks, as [Language] does.
func LanguageOf(doc *document.Document) string {
	var text strings.Builder
	for i := range doc.Blocks {
		if text.Len() > 1<<14 {
			break
		}
		s := doc.Blocks[i].Text
		text.WriteString(s[:floorRune(s, 1<<14)])
		text.WriteByte(' ')
	}
	return Language(text.String())
}
