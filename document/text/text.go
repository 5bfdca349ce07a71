// Package text reads plain text: papers as tools take them out of PDFs, hard
// wrapped or with one paragraph a line, abstracts, lab notes.
//
// Plain text says little of its structure, so the reader goes by how it looks:
// blank lines, the length of lines, numbering, a short list of names of
// sections. What it cannot tell apart stays a paragraph.
package text

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/charset"
)

// MaxBytes bounds the size of a text; a paper has about 0.1 MB.
const MaxBytes = 64 << 20

// maxLine bounds the lines that are looked at as one; longer ones are divided
// at a space, and so are the paragraphs made of them.
const maxLine = blocks.MaxText

// Errors that [Read] wraps.
var (
	ErrTooLarge = errors.New("too large")
	ErrNoText   = errors.New("no text")
)

// Read reads a text in any encoding that package charset knows. The name is
// used in messages and kept as the document's name. Reading takes memory of at
// most ninety times the size of data, where that is paragraphs of one letter, and
// of about ten times for papers.
func Read(name string, data []byte) (*document.Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: %w: %d bytes, a text may have %d", name, ErrTooLarge, len(data), MaxBytes)
	}
	decoded, err := charset.Decode(data, "")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.Text}
	if decoded.Replaced > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name))
	}
	lines := splitLines(decoded.Text)
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	doc.Language = language(lines)
	doc.Blocks = make([]document.Block, 0, paragraphs(lines)+1) // with room for the subject of a mail
	r := &reader{doc: doc, lines: lines, hyphens: hyphenations(lines)}
	r.measure()
	r.read()
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	return doc, nil
}

// line is a line of the source without the space at its ends.
type line struct {
	text   string
	indent int // columns of space before the text
	width  int // of the text, in columns
	blank  bool
}

// splitLines divides text at line ends of every kind. Blank lines at both ends
// are dropped, runs of them made one.
func splitLines(text []byte) []line {
	lines := make([]line, 0, 1+bytes.Count(text, []byte("\n")))
	add := func(raw string) {
		trimmed := strings.TrimRight(raw, " \t\u00a0\u3000")
		body := strings.TrimLeft(trimmed, " \t\u00a0\u3000")
		if body == "" {
			if n := len(lines); n > 0 && !lines[n-1].blank {
				lines = append(lines, line{blank: true})
			}
			return
		}
		indent := 0
		for _, r := range trimmed[:len(trimmed)-len(body)] {
			if r == '\t' {
				indent += 8 - indent%8
			} else {
				indent++
			}
		}
		for len(body) > maxLine {
			n := strings.LastIndexByte(body[:maxLine], ' ')
			if n <= 0 {
				n = maxLine
				for n > 0 && body[n]&0xC0 == 0x80 {
					n--
				}
			}
			lines = append(lines, line{text: body[:n], width: n})
			body = strings.TrimLeft(body[n:], " ")
		}
		if body != "" {
			lines = append(lines, line{text: body, indent: indent, width: blocks.Width(body)})
		}
	}
	s := string(text)
	for len(s) > 0 {
		i := 0
		for i < len(s) {
			c := s[i]
			if c == '\n' || c == '\r' || c == '\f' || c == '\v' {
				break
			}
			if c == 0xE2 && strings.HasPrefix(s[i:], "\u2028") || c == 0xE2 && strings.HasPrefix(s[i:], "\u2029") || c == 0xC2 && strings.HasPrefix(s[i:], "\u0085") {
				break
			}
			i++
		}
		add(s[:i])
		switch {
		case i >= len(s):
			s = ""
		case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
			s = s[i+2:]
		case s[i] == 0xE2:
			add("") // a separator of paragraphs, or as good as one
			s = s[i+3:]
		case s[i] == 0xC2:
			s = s[i+2:]
		default:
			s = s[i+1:]
		}
	}
	if n := len(lines); n > 0 && lines[n-1].blank {
		lines = lines[:n-1]
	}
	return lines
}

// paragraphs counts the stretches of lines between blank ones.
func paragraphs(lines []line) int {
	n := 1
	for i := range lines {
		if lines[i].blank {
			n++
		}
	}
	return n
}

func language(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		if b.Len() > 1<<16 {
			break
		}
		b.WriteString(l.text)
		b.WriteByte(' ')
	}
	return blocks.Language(b.String())
}
