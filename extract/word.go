package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/extract/tagger"
)

// span is a stretch of a block's text, in bytes.
type span struct{ start, end int }

func (s span) overlaps(o span) bool { return s.start < o.end && o.start < s.end }

// sentences splits text into sentences.
func sentences(text string) []span {
	found := tagger.Sentences(text)
	out := make([]span, len(found))
	for i, s := range found {
		out[i] = span{s.Start, s.End}
	}
	return out
}

// word is a token of a block: a run of letters and digits, with markup of
// sub- and superscripts that plain text keeps ("T_{rm C}") squeezed out.
type word struct {
	span
	text string // "TC" for "T_{rm C}"
	key  string // lower case, singular: what names are looked up by
}

// words splits text[from:to] into words. Hangul words are kept whole, with
// their particles, and the lexicon looks for names inside them; particles behind
// Latin letters and digits are words of their own.
func words(text string, s span) []word {
	out := make([]word, 0, (s.end-s.start)/5)
	i := s.start
	for i < s.end {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			i += size
			continue
		}
		start := i
		latin := r < utf8.RuneSelf
		for i < s.end {
			r, size = utf8.DecodeRuneInString(text[i:])
			if !wordRune(r) || latin && unicode.Is(unicode.Hangul, r) { // "ZT는"
				break
			}
			i += size
		}
		w := text[start:i]
		if i < s.end && text[i] == '_' || i+1 < s.end && text[i] == '$' && text[i+1] == '_' {
			var sub string
			if text[i] == '$' {
				i++
			}
			sub, i = subscript(text, i, s.end)
			w += sub
		}
		out = append(out, word{span{start, i}, w, key(w)})
	}
	return out
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '′')
}

// subscript reads "_C", "_{rm C}" or "_{\mathrm{C}}" at i and returns its
// letters and digits and the offset behind it.
func subscript(text string, i, end int) (string, int) {
	i++ // the underscore
	if i >= end {
		return "", i
	}
	for _, m := range []string{"textrm{", "text{", "mathrm{", "rm{"} {
		if strings.HasPrefix(text[i:end], m) {
			i += len(m) - 1
		}
	}
	if text[i] != '{' {
		j := i
		for j < end {
			r, size := utf8.DecodeRuneInString(text[j:])
			if !wordRune(r) {
				break
			}
			j += size
		}
		return text[i:j], j
	}
	depth, j := 0, i
	for ; j < end && j-i < 64; j++ {
		switch text[j] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			j++
			break
		}
	}
	inner := subscriptMarks.Replace(text[i:j])
	inner = strings.TrimSpace(inner)
	if rest, ok := strings.CutPrefix(inner, "rm "); ok {
		inner = rest
	}
	return strings.ReplaceAll(inner, " ", ""), j
}

var subscriptMarks = strings.NewReplacer(`\mathrm`, "", `\textrm`, "", `\text`, "", `\rm`, "", "textrm", "", "text", "", "{", "", "}", "", `\`, "")

// key folds a word for look-up: lower case and, for English, singular.
func key(w string) string {
	w = strings.ToLower(w)
	n := len(w)
	switch {
	case w == "moduli":
		return "modulus"
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		return w[:n-1]
	}
	return w
}
