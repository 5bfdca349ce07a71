package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// typst returns doc as a document of Typst.
func (s style) typst(doc *document.Document) string {
	var b strings.Builder
	b.WriteString(s.typeset + "\n")
	head := true // title and abstract run across the columns
	b.WriteString("#place(top, scope: \"parent\", float: true, block(width: 100%)[\n")
	for i := range doc.Blocks {
		block := &doc.Blocks[i]
		text := s.content(block, 0, len(block.Text))
		if head && block.Kind == document.Heading && !strings.HasPrefix(block.Text, "Abstract") {
			head = false
			b.WriteString("])\n")
		}
		switch block.Kind {
		case document.Title:
			b.WriteString("#align(center, text(size: 1.5em, weight: \"bold\")[" + text + "])\n\n")
		case document.Heading:
			b.WriteString("#heading(outlined: false)[" + text + "]\n\n")
		case document.Caption:
			end, rest := label(block)
			fmt.Fprintf(&b, "#block(sticky: true, above: 1.5em)[#text(size: 0.9em)[#strong[%s] %s]]\n\n", quoted(block.Text[:end]), s.content(block, rest, len(block.Text)))
		case document.Tabular:
			b.WriteString(s.typstTable(block) + "\n\n")
		case document.Footnote, document.Reference, document.List:
			b.WriteString("#par(hanging-indent: 1.5em, first-line-indent: 0pt, text(size: 0.9em)[" + text + "])\n\n")
		default:
			b.WriteString(text + "\n\n")
		}
	}
	return b.String()
}

// typstTable returns the table of b.
func (s style) typstTable(b *document.Block) string {
	t := b.Table
	rules := map[string]string{"grid": "0.5pt", "ruled": "none", "open": "none"}[s.rules]
	var out strings.Builder
	fmt.Fprintf(&out, "#align(center, text(size: 0.9em, table(columns: %d, stroke: %s, align: (x, y) => if x == 0 { left } else { center },\n", t.Columns, rules)
	line := func() {
		if s.rules == "ruled" {
			out.WriteString("table.hline(stroke: 0.7pt),\n")
		}
	}
	line()
	out.WriteString("table.header(")
	for i, cell := range t.Cells {
		if cell.Row >= t.HeaderRows && (i == 0 || t.Cells[i-1].Row < t.HeaderRows) {
			out.WriteString("),\n")
			line()
		}
		fmt.Fprintf(&out, "table.cell(colspan: %d, rowspan: %d)[%s], ", cell.ColumnSpan, cell.RowSpan, s.content(b, cell.Start, cell.End))
	}
	out.WriteString("\n")
	line()
	out.WriteString(")))")
	return out.String()
}

// content returns bytes from to end of the text of b.
func (s style) content(b *document.Block, from, end int) string {
	var out strings.Builder
	for _, p := range pieces(b, from, end) {
		switch p.level {
		case "^":
			out.WriteString("#super[" + quoted(p.text) + "]")
		case "_":
			out.WriteString("#sub[" + quoted(p.text) + "]")
		default:
			out.WriteString(quoted(p.text))
		}
	}
	return out.String()
}

// quoted returns text as a string of Typst, in which no sign has a meaning.
func quoted(text string) string { return "#" + strconv.Quote(text) + ";" }
