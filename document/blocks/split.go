package blocks

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
)

// Append adds a block of a section to doc, in pieces of at most [MaxText] bytes.
// It adds none without text. Neighbouring blocks share their section.
func Append(doc *document.Document, section []string, block document.Block) {
	if block.Text == "" {
		return
	}
	if len(section) > 0 {
		if n := len(doc.Blocks); n > 0 && slices.Equal(doc.Blocks[n-1].Section, section) {
			block.Section = doc.Blocks[n-1].Section
		} else {
			block.Section = slices.Clone(section)
		}
	}
	if len(doc.Blocks) == cap(doc.Blocks) { // append alone adds a quarter each time, and copies four times as much
		doc.Blocks = slices.Grow(doc.Blocks, len(doc.Blocks)+16)
	}
	if len(block.Text) <= MaxText {
		doc.Blocks = append(doc.Blocks, block)
		return
	}
	doc.Blocks = append(doc.Blocks, Split(block, MaxText)...)
}

// Split divides a block whose text is longer than limit bytes into several of
// at most limit, at the end of a sentence where one is near, else at a space,
// else between two characters. Their kind, page, section and box are those of
// block. Tables are not divided. A limit below 16 counts as 16.
func Split(block document.Block, limit int) []document.Block {
	limit = max(limit, 16)
	if len(block.Text) <= limit || block.Table != nil {
		return []document.Block{block}
	}
	var out []document.Block
	text, shifts, from := block.Text, block.Shifts, 0
	for len(text) > 0 {
		n := cut(text, limit)
		piece := block
		piece.Text = strings.TrimRight(text[:n], " ")
		piece.Shifts = nil
		for len(shifts) > 0 && shifts[0].Start < from+n {
			s := shifts[0]
			part := document.Shift{Start: max(s.Start-from, 0), End: min(s.End-from, len(piece.Text)), Raised: s.Raised}
			if part.End > part.Start {
				piece.Shifts = append(piece.Shifts, part)
			}
			if s.End > from+n {
				break // the rest belongs to the next piece
			}
			shifts = shifts[1:]
		}
		if piece.Text != "" {
			out = append(out, piece)
		}
		rest := strings.TrimLeft(text[n:], " ")
		from += len(text) - len(rest)
		text = rest
	}
	return out
}

// cut returns where to divide text, which is longer than zero.
func cut(text string, limit int) int {
	if len(text) <= limit {
		return len(text)
	}
	head := text[:limit]
	for i := len(head) - 2; i > limit/2; i-- {
		if head[i+1] == ' ' && (head[i] == '.' || head[i] == '?' || head[i] == '!') {
			return i + 2
		}
	}
	if i := strings.LastIndexByte(head, ' '); i > 0 {
		return i + 1
	}
	n := limit
	for n > limit-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return n
}
