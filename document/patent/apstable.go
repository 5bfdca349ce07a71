package patent

import (
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
)

// apsTable reads a table that is set with spaces, its parts divided by lines of
// underscores: caption, head, body, footnotes. A table whose columns do not
// show (TBL3 and the like are run-in) is read as a paragraph.
func (r *apsReader) apsTable(f field) {
	if f.tag != "TBL" && len(f.lines) > 0 {
		r.write(f, document.Paragraph)
		return
	}
	parts := [][]string{nil}
	for _, line := range f.lines {
		if strings.Trim(line, "_ ") == "" {
			if len(parts[len(parts)-1]) > 0 {
				parts = append(parts, nil)
			}
			continue
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], line)
	}
	if len(parts[len(parts)-1]) == 0 {
		parts = parts[:len(parts)-1]
	}
	var caption string
	if len(parts) > 0 && markup.TableLabel(strings.TrimSpace(parts[0][0])) != "" {
		caption = r.decoded(strings.Join(parts[0], " "))
		parts = parts[1:]
	}
	if len(parts) == 0 {
		r.write(f, document.Paragraph)
		return
	}
	var head, body, notes []string
	body = parts[0]
	if len(parts) > 1 {
		head, body = parts[0], parts[1]
	}
	for _, more := range parts[min(2, len(parts)):] {
		if len(gaps(more)) == 0 {
			notes = append(notes, r.decoded(strings.Join(more, " ")))
		} else {
			body = append(body, more...)
		}
	}
	edges := gaps(body)
	if len(edges) == 0 || len(body) < 2 {
		r.write(f, document.Paragraph)
		return
	}
	if caption != "" {
		r.add(document.Block{Kind: document.Caption, Text: caption})
	}
	var t blocks.Table
	r.begun = false
	for _, line := range head {
		r.row(&t, edges, line, true)
	}
	for _, line := range body {
		r.row(&t, edges, line, false)
	}
	block, ok := t.Block()
	if !ok {
		return
	}
	block.Table.Label, block.Table.Caption, block.Table.Footnotes = markup.TableLabel(caption), caption, notes
	r.add(block)
	for _, note := range notes {
		r.add(document.Block{Kind: document.Footnote, Text: note})
	}
}

func (r *apsReader) decoded(s string) string {
	var b blocks.Builder
	decode(&b, s)
	text, _ := b.Take()
	return text
}

// maxWidth is how wide a line of a table may be; APS sets 80 columns.
const maxWidth = 400

// gaps returns the places at which columns begin, after the first: those behind
// two or more spaces that all lines but few leave free.
func gaps(lines []string) []int {
	var filled [maxWidth]int
	width := 0
	for _, line := range lines {
		line = line[:min(len(line), maxWidth)]
		if !strings.Contains(strings.TrimSpace(line), "  ") {
			// One long cell may run over several columns; where it begins, one does.
			if at := len(line) - len(strings.TrimLeft(line, " ")); at < len(line) {
				filled[at]++
			}
			continue
		}
		width = max(width, len(line))
		for i := range len(line) {
			if line[i] != ' ' {
				filled[i]++
			}
		}
	}
	allowed := len(lines) / 20
	var edges []int
	free, begun := 0, false
	for i := range width {
		if filled[i] <= allowed {
			free++
			continue
		}
		if begun && free >= 2 {
			edges = append(edges, i)
		}
		free, begun = 0, true
	}
	return edges
}

// row writes the pieces of a line, which two or more spaces divide, into the
// columns over which they stand. A line that begins right of where the line
// before ended goes on with its row: APS sets cells that are too long for their
// columns as stairs.
func (r *apsReader) row(t *blocks.Table, edges []int, line string, head bool) {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if indent == len(line) {
		return
	}
	if first := column(edges, indent+1); !r.begun || r.inHead != head || first <= r.last {
		if !t.Row(head) {
			return
		}
		r.begun, r.inHead, r.last = true, head, -1
	}
	at, open := 0, false
	for at < len(line) {
		for at < len(line) && line[at] == ' ' {
			at++
		}
		end := at
		for end < len(line) && !strings.HasPrefix(line[end:], "  ") {
			end++
		}
		if end == at {
			break
		}
		// Columns hold the cells from their edge to the next one; a piece
		// belongs where most of it stands, one over several columns spans them.
		from, to := column(edges, at+1), column(edges, max(at, end-2))
		if !head {
			to = from
		}
		switch {
		case from <= r.last && open:
			t.Space()
		default:
			t.Skip(from)
			t.Cell(1, to-from+1, head)
			open = true
		}
		r.last = max(r.last, to)
		decode(&t.Builder, strings.TrimRight(line[at:end], " "))
		at = end
	}
}

// column returns the column in which place stands.
func column(edges []int, place int) int {
	n := 0
	for n < len(edges) && edges[n] <= place {
		n++
	}
	return n
}
