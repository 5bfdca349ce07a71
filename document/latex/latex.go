// Package latex reads papers in LaTeX, as their authors and arXiv have them:
// sections, paragraphs, lists, tables, captions, references, with formulas,
// chemistry (mhchem) and quantities (siunitx) as text.
//
// Nothing is executed. Of TeX's language only what papers define at their
// beginning is understood, macros that stand for text, and the growth of text
// by them is bounded. Files that a paper includes are looked for among those
// that the caller gives, see [Join].
package latex

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/charset"
)

// MaxBytes bounds the size of a source with all that it includes.
const MaxBytes = 32 << 20

// Errors that [Read] wraps.
var (
	ErrTooLarge = errors.New("too large")
	ErrNoText   = errors.New("no text")
)

// Read reads a source. The name is used in messages and kept as the document's
// name. Reading takes memory of at most ninety times the size of the source,
// which is what tables of one-digit cells take.
func Read(name string, data []byte) (*document.Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: %w: %d bytes, a source in LaTeX may have %d", name, ErrTooLarge, len(data), MaxBytes)
	}
	decoded, err := charset.Decode(data, "")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.LaTeX}
	if decoded.Replaced > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name))
	}
	text, warnings := expand(uncomment(string(decoded.Text)))
	doc.Warnings = append(doc.Warnings, warnings...)
	r := &reader{doc: doc, b: new(blocks.Builder), kind: document.Paragraph, labels: labels(text)}
	r.preamble(text)
	body := text
	if _, rest, ok := strings.Cut(text, `\begin{document}`); ok {
		body, _, _ = strings.Cut(rest, `\end{document}`)
	}
	doc.Blocks = make([]document.Block, 0, 1+strings.Count(body, "\n\n"))
	r.titled(text)
	r.read(body, 0)
	r.flush()
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	if doc.Language == "" {
		doc.Language = blocks.LanguageOf(doc)
	}
	return doc, nil
}

// uncomment leaves out what stands behind a percent sign, and the white space
// that begins the next line with it, as TeX does.
func uncomment(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		line, rest, more := strings.Cut(s, "\n")
		s = rest
		at := comment(line)
		if at < 0 {
			b.WriteString(line)
			if more {
				b.WriteByte('\n')
			}
			continue
		}
		b.WriteString(line[:at])
		if strings.TrimSpace(line[:at]) != "" {
			s = strings.TrimLeft(s, " \t")
		}
	}
	return b.String()
}

// comment returns where the comment of a line begins, or -1.
func comment(line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '%':
			return i
		}
	}
	return -1
}

// argument takes the argument that s begins with: a group in braces, without
// them, else a command or a character.
func argument(s string) (arg, rest string) {
	s = strings.TrimLeft(s, " \t\n")
	if s == "" {
		return "", ""
	}
	switch s[0] {
	case '{':
		n := closing(s, '{', '}')
		return s[1:max(1, n-1)], s[n:]
	case '\\':
		n := commandEnd(s)
		return s[:n], s[n:]
	}
	for i := range s {
		if i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// option takes the optional argument in square brackets that s begins with.
func option(s string) (arg, rest string, ok bool) { return bracketed(s, '[', ']') }

// bracketed takes the argument between two characters that s begins with.
func bracketed(s string, open, end byte) (arg, rest string, ok bool) {
	t := strings.TrimLeft(s, " \t\n")
	if t == "" || t[0] != open {
		return "", s, false
	}
	window := t[:min(len(t), maxOption)]
	n := closing(window, open, end)
	if window[n-1] != end {
		return "", s, false
	}
	return t[1:max(1, n-1)], t[n:], true
}

// maxOption bounds an optional argument.
const maxOption = 4096

// closing returns the place behind the bracket that closes the one that s
// begins with, or the end of s. Brackets of any kind count only outside braces.
func closing(s string, open, end byte) int {
	depth, braces := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == open && braces == 0:
			depth++
		case c == end && braces == 0:
			if depth--; depth == 0 {
				return i + 1
			}
		case c == '{' && open != '{':
			braces++
		case c == '}' && open != '{':
			braces = max(0, braces-1)
		}
	}
	return len(s)
}

// commandEnd returns the place behind the command that s begins with.
func commandEnd(s string) int {
	n := 1
	for n < len(s) && letter(s[n]) {
		n++
	}
	if n == 1 && n < len(s) {
		for i := range s[1:] {
			if i > 0 {
				return 1 + i
			}
		}
		return len(s)
	}
	return n
}
