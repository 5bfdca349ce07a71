package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/blocks"
)

// spellings counts how often words that are divided at a line end occur
// undivided in the same text, by their lower-case form with and without hyphen.
type spellings map[string]int

// hyphenations collects the words that a hyphen at a line end divides and
// counts how the rest of the text spells them.
func hyphenations(lines []line) spellings {
	var seen spellings
	for i := 0; i+1 < len(lines) && len(seen) < 1<<17; i++ {
		first, ok := divided(lines[i].text)
		if !ok {
			continue
		}
		second := leadingWord(lines[i+1].text)
		if second == "" {
			continue
		}
		if seen == nil {
			seen = make(spellings)
		}
		seen[strings.ToLower(first+second)] = 0
		seen[strings.ToLower(first+"-"+second)] = 0
	}
	if seen == nil {
		return nil
	}
	for _, l := range lines {
		for word := range strings.FieldsFuncSeq(l.text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '‐' }) {
			word = strings.Trim(word, "-‐")
			if len(word) < 4 || len(word) > 64 {
				continue
			}
			word = strings.ToLower(strings.ReplaceAll(word, "‐", "-"))
			if n, ok := seen[word]; ok {
				seen[word] = n + 1
			}
		}
	}
	return seen
}

// divided returns the last word of s without the hyphen at its end.
func divided(s string) (string, bool) {
	body, ok := strings.CutSuffix(s, "-")
	if !ok {
		if body, ok = strings.CutSuffix(s, "‐"); !ok {
			return "", false
		}
	}
	start := len(body)
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(body[:start])
		if !unicode.IsLetter(r) {
			break
		}
		start -= n
	}
	// A digit before the letters is a formula, "Nd2Fe-".
	if start == len(body) || start > 0 && body[start-1] >= '0' && body[start-1] <= '9' {
		return "", false
	}
	return body[start:], true
}

// leadingWord returns the letters that s begins with, if the first is a small
// one.
func leadingWord(s string) string {
	for i, r := range s {
		if i == 0 && !unicode.IsLower(r) {
			return ""
		}
		if !unicode.IsLetter(r) {
			return s[:i]
		}
	}
	return s
}

// keepsHyphen reports whether the hyphen between the two parts of a divided
// word belongs to it: the text spells it so elsewhere, or, where it does not
// occur elsewhere, the first part is one that forms compounds.
func (s spellings) keepsHyphen(first, second string) bool {
	joined, hyphened := s[strings.ToLower(first+second)], s[strings.ToLower(first+"-"+second)]
	if joined != hyphened {
		return hyphened > joined
	}
	switch strings.ToLower(first) {
	case "self", "non", "high", "low", "first", "second", "third", "well", "so", "long", "short", "one", "two", "three", "four", "half",
		"quasi", "cross", "near", "zero", "single", "double", "triple", "room", "solid", "electron", "spin", "time", "close", "all", "post", "pre", "semi", "co", "in", "ex", "on":
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(first)
	return unicode.IsUpper(r) // "Li-doped", "DFT-based"
}

// join writes line after what b holds: after a space, or without one where the
// line before ended in a hyphen, a slash or in a script written without spaces.
func (s spellings) join(b *blocks.Builder, before, line string) {
	if before == "" {
		b.WriteString(line)
		return
	}
	first, _ := utf8.DecodeRuneInString(line)
	last, size := utf8.DecodeLastRuneInString(before)
	switch {
	case last == '\u00ad':
	case last == '-' || last == '‐':
		if prior, _ := utf8.DecodeLastRuneInString(before[:len(before)-size]); prior == ' ' || prior == utf8.RuneError {
			b.Space() // a dash
			break
		}
		if word, ok := divided(before); ok {
			if second := leadingWord(line); second != "" && !s.keepsHyphen(word, second) {
				b.DropLast()
			}
		}
	case last == '/' && len(before) > 1 && before[len(before)-2] != ' ':
	case (last == '−' || last == '–') && first >= '0' && first <= '9':
	case unspaced(last) && unspaced(first):
	default:
		b.Space()
	}
	b.WriteString(line)
}

// unspaced reports the scripts that set no spaces between words: Han and kana.
func unspaced(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3040 && r <= 0x30FF || r == '、' || r == '。'
}
