package works

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/alkahest/alkahest/document"
)

// heading is a title with what publishers write before it.
type heading struct {
	title  string
	part   Part
	notice document.Notice
}

// headings are the words before a title, as they stand in the journals of
// Elsevier, Springer Nature, Wiley, ACS, RSC and PLOS, and what they mean.
var headings = []struct {
	form   *regexp.Regexp
	part   Part
	notice document.Notice
}{
	{regexp.MustCompile(`(?i)^\W*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?\s*[:\])—–-]+\s*`), Main, document.Retracted},
	{regexp.MustCompile(`(?i)^(?:retraction|withdrawal)(?:\s+(?:note|notice|statement))?(?:\s*:|\s+(?:to|for)\b:?|\s+of\s*[:"“‘'])\s*`), NoticePart, document.Retracted},
	{regexp.MustCompile(`(?i)^(?:editorial\s+)?(?:expression\s+of\s+concern|note\s+of\s+concern)(?:\s*:|\s+(?:to|for|on|about|regarding|over)\b:?)\s*`), NoticePart, document.Concern},
	{regexp.MustCompile(`(?i)^(?:(?:author|publisher|editorial)(?:['’]s)?\s+)?(?:correction|corrigendum|erratum|addendum)s?(?:\s*:|\s+(?:to|for)\b:?)\s*`), NoticePart, document.Corrected},
	{regexp.MustCompile(`(?i)^(?:electronic\s+)?(?:supporting|supplementary|supplemental)\s+(?:online\s+)?(?:information|materials?|data|note)s?(?:\s*:|\s+(?:to|for|of)\b:?|$)\s*`), Supplement, document.NoNotice},
}

// quoted is the title in a notice that quotes it and then says where it was
// published: Corrigendum to “Title” [J. Power Sources 195 (2010) 939–954].
var quoted = regexp.MustCompile(`^["“‘']([^"”]{10,})["”’']`)

// readTitle divides a title from what stands before it.
func readTitle(s string) heading {
	h := heading{title: strings.TrimSpace(s)}
	for _, f := range headings {
		at := f.form.FindStringIndex(h.title)
		if at == nil {
			continue
		}
		h.title, h.part, h.notice = h.title[at[1]:], f.part, f.notice
		if m := quoted.FindStringSubmatch(h.title); m != nil {
			h.title = m[1]
		}
		break
	}
	return h
}

// letters returns the letters and digits of s in lower case, without accents,
// and with ligatures, super- and subscripts taken apart: what is left when a
// title is set in another type.
func letters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String()) // which puts Korean syllables together again
}

// titleLength returns how much a normalised title says, in Latin letters.
func titleLength(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= '\u1100' { // Hangul, and the scripts of East Asia
			n++
		}
	}
	return n
}

// nameWords returns the words of a person's name that are more than initials.
func nameWords(name string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == ',' || r == '.' || r == '\u00A0' }) {
		plain := letters(w)
		n := len([]rune(plain))
		if n < 2 || n <= 3 && w == strings.ToUpper(w) && w != strings.ToLower(w) { // "A", "AB", "J-P"
			continue
		}
		words = append(words, plain)
	}
	return words
}
