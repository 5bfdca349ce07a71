package sheet

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/office"
)

// maxRepeated bounds the cells of a workbook that stand for several of the same
// content and are read as that many.
const maxRepeated = 1 << 16

// openDocument reads the sheets of a workbook of OpenDocument that are shown
// (OASIS, OpenDocument v1.3 part 3, chapter 9).
func (r *reader) openDocument(p *office.Package) error {
	if err := p.Unlocked(); err != nil {
		return err
	}
	tree, err := p.Tree("content.xml")
	if err != nil {
		return err
	}
	defer tree.Release()
	r.doc.Warnings = tree.Warnings()
	p.DescribeOpen(r.doc)
	b := openBook{reader: r, styles: p.OpenStyles(tree.Root), repeated: maxRepeated}
	var sheets []*markup.Node
	if book := tree.Root.Find("body").Child("spreadsheet"); book != nil {
		for _, n := range book.Children {
			if n.Name == "table" && !b.styles[n.Attribute("style-name")].Hidden {
				sheets = append(sheets, n)
			}
		}
	}
	for _, n := range sheets {
		b.rows, b.number = nil, 0
		if err := b.read(n); err != nil {
			return err
		}
		r.named(n.Attribute("name"), b.rows, len(sheets) > 1)
	}
	if b.wide {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("columns beyond %d were not read", blocks.MaxColumns))
	}
	if b.repeated < 0 {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("more than %d cells repeat others; the rest were not read", maxRepeated))
	}
	return nil
}

// openBook is a workbook of OpenDocument.
type openBook struct {
	*reader
	styles   office.OpenStyles
	rows     []row // of one sheet
	number   int   // of the next row
	wide     bool
	repeated int // cells that may yet repeat others
}

// read reads the rows at or below n.
func (b *openBook) read(n *markup.Node) error {
	for _, c := range n.Children {
		switch c.Name {
		case "table-header-rows", "table-rows", "table-row-group":
			if err := b.read(c); err != nil {
				return err
			}
		case "table-row":
			if err := b.row(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *openBook) row(n *markup.Node) error {
	first := row{number: b.number}
	column := 0
	for _, c := range n.Children {
		if c.Name != "table-cell" && c.Name != "covered-table-cell" {
			continue
		}
		times := repeats(c, "number-columns-repeated")
		text := b.text(c)
		if c.Name == "covered-table-cell" || empty(text) {
			column += times
			continue
		}
		k := cellOf(column, text)
		k.columns, k.rows = int32(repeats(c, "number-columns-spanned")), int32(repeats(c, "number-rows-spanned"))
		for i := range times {
			if column+i >= blocks.MaxColumns {
				b.wide = true
				break
			}
			if b.repeated -= min(i, 1); b.repeated < 0 {
				break
			}
			if err := b.count(); err != nil {
				return err
			}
			k.column = int32(column + i)
			first.cells = append(first.cells, k)
		}
		column += times
	}
	times := repeats(n, "number-rows-repeated")
	if len(first.cells) > 0 {
		b.rows = append(b.rows, first)
		for i := 1; i < times; i++ {
			if b.repeated -= len(first.cells); b.repeated < 0 {
				break
			}
			b.rows = append(b.rows, row{number: b.number + i, cells: first.cells})
		}
	}
	b.number += times
	return nil
}

// text returns what a cell holds: a number as it is stored, since it may show
// rounded, and everything else as it shows.
func (b *openBook) text(n *markup.Node) []run {
	switch n.Attribute("value-type") {
	case "float", "currency":
		if value := n.Attribute("value"); value != "" {
			return []run{{text: value}}
		}
	}
	for _, c := range n.Children {
		if c.Name == "p" {
			b.b.Space()
			b.write(c)
		}
	}
	text, shifts := b.b.Take()
	var out []run
	at := 0
	for _, s := range shifts {
		level := blocks.Lowered
		if s.Raised {
			level = blocks.Raised
		}
		out = append(out, run{text: text[at:s.Start]}, run{text[s.Start:s.End], level})
		at = s.End
	}
	return append(out, run{text: text[at:]})
}

// write writes a paragraph. What stands beside it, as comments and pictures do,
// is left out.
func (b *openBook) write(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "":
			b.b.WriteString(c.Text)
		case "span":
			old := b.b.SetLevel(b.styles.Level(c.Attribute("style-name"), b.b.Level()))
			b.write(c)
			b.b.SetLevel(old)
		case "a":
			b.write(c)
		case "s", "tab", "line-break":
			b.b.Space()
		}
	}
}

// repeats reads how often a cell or a row stands there, or how many it covers.
func repeats(n *markup.Node, attribute string) int {
	k, err := strconv.Atoi(strings.TrimSpace(n.Attribute(attribute)))
	if err != nil || k < 1 {
		return 1
	}
	return min(k, 1<<20) // the rows of a sheet
}
