package tagger

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence bounds a sentence, in bytes, so that a text without full stops
// cannot make the work on it quadratic.
const maxSentence = 4 << 10

// notEnd lists words, lower case, whose full stop does not end a sentence.
var notEnd = map[string]bool{
	"fig": true, "figs": true, "eq": true, "eqs": true, "ref": true, "refs": true, "tab": true,
	"al": true, "ca": true, "e.g": true, "i.e": true, "vs": true, "cf": true, "approx": true,
	"no": true, "nos": true, "dr": true, "prof": true, "mr": true, "st": true, "wt": true, "at": true,
	"vol": true, "mol": true, "resp": true, "sec": true, "temp": true, "viz": true, "etc": true, "inc": true,
	"co": true, "ltd": true, "suppl": true, "chem": true, "phys": true, "rev": true, "lett": true, "sci": true,
}

// Sentences splits text into sentences: at . ? ! or 。 followed by white space
// and something that can open a sentence, unless the stop belongs to an
// abbreviation, an initial or a number.
func Sentences(text string) []Span {
	var out []Span
	start := 0
	emit := func(end int) {
		for start < end && text[start] == ' ' {
			start++
		}
		stop := end
		for stop > start && text[stop-1] == ' ' {
			stop--
		}
		if stop > start {
			out = append(out, Span{start, stop})
		}
		start = end
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if i-start >= maxSentence && c == ' ' {
			emit(i)
			continue
		}
		if c == '\n' {
			emit(i)
			continue
		}
		if c != '.' && c != '?' && c != '!' {
			continue
		}
		end := i + 1
		for end < len(text) && strings.IndexByte(`)]"'`, text[end]) >= 0 {
			end++
		}
		if end < len(text) && text[end] != ' ' && text[end] != '\n' {
			continue
		}
		if c == '.' && !stopEnds(text[start:i], text[end:]) {
			continue
		}
		emit(end)
		i = end - 1
	}
	emit(len(text))
	return out
}

// stopEnds reports whether a full stop between before and after ends a sentence.
func stopEnds(before, after string) bool {
	word := before
	if i := strings.LastIndexAny(before, " ([\n"); i >= 0 {
		word = before[i+1:]
	}
	if notEnd[strings.ToLower(word)] {
		return false
	}
	if r, size := utf8.DecodeRuneInString(word); size == len(word) && unicode.IsUpper(r) && strings.HasSuffix(before, word) {
		// An initial ("J. Smith") or the end of "… at 66 K. The": a unit stands
		// behind a number.
		rest := strings.TrimRight(before[:len(before)-len(word)], " ")
		if rest == "" || rest[len(rest)-1] < '0' || rest[len(rest)-1] > '9' {
			return false
		}
	}
	after = strings.TrimLeft(after, " \n")
	r, _ := utf8.DecodeRuneInString(after)
	return after == "" || !unicode.IsLower(r)
}
