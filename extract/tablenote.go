package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/record"
)

// note is what a note of a table says for the values that have its mark, or for all.
type note struct {
	mark       string
	conditions []record.Condition
	slash      int // where it divides what it says of the first and of the second value of a cell, -1 if it does not
}

// maxNotes bounds a block of notes, in bytes; what is longer is text.
const maxNotes = 4000

// tableNotes reads the notes behind the table: footnotes, and a paragraph directly
// behind it that begins as one.
func (r *reading) tableNotes(b int) []note {
	var out []note
	for i := b + 1; i < len(r.doc.Blocks) && i <= b+40; i++ {
		block := &r.doc.Blocks[i]
		if block.Kind != document.Footnote && !(block.Kind == document.Paragraph && i == b+1 && len(block.Text) <= maxNotes && notelike(block)) {
			break
		}
		if len(block.Text) > maxNotes {
			continue
		}
		for _, n := range noteSpans(block) {
			if found := r.conditions(i, n.span, r.mentions[i].quantities, nil); len(found) > 0 && len(out) < maxStated {
				found = found[:min(len(found), maxStated)]
				out = append(out, note{n.mark, found, slashIn(block.Text, n.span, found)})
			}
		}
	}
	return out
}

// slashIn returns where a slash in s stands between words, and not in one of found.
func slashIn(text string, s span, found []record.Condition) int {
	i := strings.IndexByte(text[s.start:s.end], '/')
	if i <= 0 || coveredBy(found, s.start+i) || found[0].Start > s.start+i && strings.Contains(text[s.start+i+1:found[0].Start], "/") {
		return -1
	}
	return s.start + i
}

// of returns the conditions that the note has for value line of a cell.
func (n *note) of(line int) []record.Condition {
	if n.slash < 0 {
		return n.conditions
	}
	return slices.DeleteFunc(slices.Clone(n.conditions), func(c record.Condition) bool { return (c.Start > n.slash) != (line > 0) })
}

// notelike reports whether a paragraph begins as the note of a table does.
func notelike(block *document.Block) bool {
	first := noteSpans(block)
	return len(first) > 0 && first[0].start <= 4 && (first[0].mark != "" || strings.HasPrefix(block.Text, "Note"))
}

// noteSpan is where the note with a mark stands in a block.
type noteSpan struct {
	span
	mark string
}

// noteSpans divides a block of notes at their marks: raised letters, signs, "a)",
// "(a)" and "[a]" at its start and behind the end of a sentence. Text without a mark
// counts if it says how all was measured.
func noteSpans(block *document.Block) []noteSpan {
	text := block.Text
	var out []noteSpan
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		if before := strings.TrimRight(text[:i], " "); before == "" || strings.ContainsRune(".;,)", rune(before[len(before)-1])) {
			if mark, end := noteMark(block, i); mark != "" {
				out = append(out, noteSpan{span{end, len(text)}, mark})
				if len(out) > 1 {
					out[len(out)-2].end = i
				}
				i = end
				continue
			}
		}
		i += size
	}
	first := len(text)
	if len(out) > 0 {
		first = out[0].start
	}
	for _, opening := range []string{"Note", "Measured", "All ", "Conditions", "Data ", "Values ", "Recorded", "Determined", "Test", "Obtained"} {
		if strings.HasPrefix(text, opening) && first > len(opening) {
			end := first
			if len(out) > 0 {
				end = max(0, first-1)
			}
			return slices.Insert(out, 0, noteSpan{span{0, end}, ""})
		}
	}
	return out
}

// noteMark returns the mark at i in a block of notes and where it ends, "" if there
// is none.
func noteMark(block *document.Block, i int) (string, int) {
	text := block.Text
	for _, s := range shiftsIn(block, span{i, min(len(text), i+3)}) {
		if s.Start == i && s.Raised {
			if m := strings.TrimSpace(text[s.Start:s.End]); len(m) == 1 && (m[0] >= 'a' && m[0] <= 'z' || m[0] >= '0' && m[0] <= '9') || strings.ContainsAny(m, "*†‡§¶#") {
				return m, s.End
			}
		}
	}
	rest := text[i:]
	for _, sign := range []string{"***", "**", "*", "††", "†", "‡", "§", "¶", "#"} {
		if strings.HasPrefix(rest, sign) {
			return sign, i + len(sign)
		}
	}
	switch {
	case len(rest) > 3 && (rest[0] == '(' && rest[2] == ')' || rest[0] == '[' && rest[2] == ']') && rest[1] >= 'a' && rest[1] <= 'h':
		return rest[1:2], i + 3
	case len(rest) > 2 && rest[0] >= 'a' && rest[0] <= 'h' && (rest[1] == ')' || rest[1] == ' ' && rest[2] >= 'A' && rest[2] <= 'Z' && i == 0):
		return rest[:1], i + 2
	}
	return "", i
}

// cellMarks returns the footnote marks in s, a cell with a value.
func cellMarks(block *document.Block, s span) []string {
	var out []string
	text := block.Text[s.start:s.end]
	for _, shift := range shiftsIn(block, s) {
		if shift.Raised && shift.Start > s.start && raisedMark(block.Text, s, span{shift.Start, shift.End}) {
			out = append(out, marksOf(block.Text[shift.Start:shift.End])...)
		}
	}
	for _, sign := range []string{"***", "**", "*", "††", "†", "‡", "§", "¶"} {
		if strings.HasSuffix(text, sign) && len(text) > len(sign) {
			return append(out, sign)
		}
	}
	return out
}
