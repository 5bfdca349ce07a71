// Package odt reads texts of OpenDocument (OASIS, OpenDocument v1.3 part 3,
// 2021), as LibreOffice writes them: paragraphs, headings, lists, tables with
// spans, super- and subscripts, formulas, footnotes, text boxes. What is marked
// as deleted is left out.
package odt

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/office"
)

// ErrNoText is wrapped by the error of [Read] for a document without text. The
// errors of packages office and xmltree are wrapped, too.
var ErrNoText = errors.New("no text")

// Read reads a document. The name is used in messages and kept as the
// document's name. Reading takes memory of at most eighty times the size of the
// unpacked XML.
func Read(name string, data []byte) (*document.Document, error) {
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.ODT}
	if err := read(doc, data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

func read(doc *document.Document, data []byte) error {
	p, err := office.Open(data)
	if err != nil {
		return err
	}
	if err := p.Unlocked(); err != nil {
		return err
	}
	tree, err := p.Tree("content.xml")
	if err != nil {
		return err
	}
	defer tree.Release()
	doc.Warnings = tree.Warnings()
	p.DescribeOpen(doc)
	r := &reader{text: office.Text{Doc: doc}, packed: p, styles: p.OpenStyles(tree.Root)}
	r.w = markup.Writer{Builder: new(blocks.Builder), Element: r.inline}
	if body := tree.Root.Find("body").Child("text"); body != nil {
		r.children(body, document.Paragraph)
	}
	if len(doc.Blocks) == 0 {
		return ErrNoText
	}
	r.text.Finish()
	return nil
}

type reader struct {
	text   office.Text
	w      markup.Writer
	packed *office.Package
	styles office.OpenStyles
	grid   blocks.Table   // one table after the other is gathered in it
	cell   bool           // a cell is written, whose boxes are text
	notes  []*markup.Node // met in running text, read after it
	boxes  []*markup.Node
}

// children reads what holds paragraphs, which are of the given kind unless their
// styles say more.
func (r *reader) children(n *markup.Node, kind document.Kind) {
	for _, c := range n.Children {
		switch c.Name {
		case "h", "p":
			r.paragraph(c, kind)
		case "list", "list-item", "list-header", "numbered-paragraph":
			if kind == document.Paragraph {
				r.children(c, document.List)
			} else {
				r.children(c, kind)
			}
		case "table":
			r.table(c)
		case "section", "index-body":
			r.children(c, kind)
		case "bibliography":
			r.children(c, document.Reference)
		case "frame", "text-box":
			r.children(c, kind)
		}
	}
}

func (r *reader) paragraph(n *markup.Node, kind document.Kind) {
	level := 0
	if n.Name == "h" {
		if level, _ = strconv.Atoi(n.Attribute("outline-level")); level < 1 {
			level = 1
		}
	}
	if kind == document.Paragraph || kind == document.List {
		for _, s := range r.styles.Line(n.Attribute("style-name")) {
			if k := kindOf(s.Shown); k != "" {
				kind = k
				break
			}
			if s.Outline > 0 && level == 0 {
				level = s.Outline
			}
		}
	}
	r.w.WriteChildren(n)
	text, shifts := r.w.Take()
	if level == 0 || kind == document.Title || !r.text.Heading(text, shifts, level) {
		r.text.Add(document.Block{Kind: kind, Text: text, Shifts: shifts})
	}
	r.follow()
}

// follow reads the boxes and notes that were met in a paragraph or a table.
func (r *reader) follow() {
	boxes, notes := r.boxes, r.notes
	r.boxes, r.notes = nil, nil
	for _, box := range boxes {
		r.children(box, document.Paragraph)
	}
	for _, note := range notes {
		r.children(note, document.Footnote)
	}
}

// kindOf returns what the name of a style says, one of those that LibreOffice
// brings, whatever its language.
func kindOf(style string) document.Kind {
	switch style {
	case "title":
		return document.Title
	case "caption":
		return document.Caption
	case "abstract":
		return document.Abstract
	case "bibliography 1", "references":
		return document.Reference
	case "list":
		return document.List
	}
	return ""
}

// inline writes the elements of running text.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	switch n.Name {
	case "span":
		old := w.SetLevel(r.styles.Level(n.Attribute("style-name"), w.Level()))
		w.WriteChildren(n)
		w.SetLevel(old)
	case "s", "tab", "line-break":
		w.Space()
	case "p", "h", "list", "list-item", "list-header", "table", "table-row", "table-cell", "table-header-rows": // in a cell
		w.Space()
		w.WriteChildren(n)
		w.Space()
	case "note":
		if body := n.Child("note-body"); body != nil {
			r.notes = append(r.notes, body)
		}
	case "frame", "custom-shape", "rect":
		r.object(n)
	case "ruby":
		if base := n.Child("ruby-base"); base != nil {
			w.WriteChildren(base)
		}
	case "annotation", "tracked-changes", "note-citation":
	default:
		return false
	}
	return true
}

// object writes a formula, and keeps the text of a box for after the paragraph.
func (r *reader) object(n *markup.Node) {
	if object := n.Child("object"); object != nil {
		write := func(n *markup.Node) {
			if formula := n.Find("math"); formula != nil {
				markup.WriteMath(r.w.Builder, formula)
			}
		}
		write(object)
		r.packed.Look(path.Join(strings.TrimPrefix(object.Attribute("href"), "./"), "content.xml"), write)
		return
	}
	box := n
	if n.Name == "frame" {
		box = n.Child("text-box")
	}
	switch {
	case box == nil:
	case r.cell:
		for _, c := range box.Children {
			r.w.Write(c)
		}
	default:
		r.boxes = append(r.boxes, box)
	}
}

// table reads a table. A table in a cell is text of it.
func (r *reader) table(n *markup.Node) {
	t := &r.grid
	outer := r.w.Builder
	r.w.Builder, r.cell = &t.Builder, true
	r.rows(t, n, false)
	r.w.Builder, r.cell = outer, false
	r.text.Table(t)
	r.follow()
}

func (r *reader) rows(t *blocks.Table, n *markup.Node, head bool) {
	for _, c := range n.Children {
		switch c.Name {
		case "table-header-rows":
			r.rows(t, c, true)
		case "table-rows", "table-row-group":
			r.rows(t, c, head)
		case "table-row":
			if !t.Row(head) {
				return
			}
			r.cells(t, c, head)
		}
	}
}

func (r *reader) cells(t *blocks.Table, row *markup.Node, head bool) {
	column := 0
	for _, c := range row.Children {
		if c.Name != "table-cell" && c.Name != "covered-table-cell" {
			continue
		}
		if c.Name == "table-cell" {
			t.Skip(column)
			if t.Cell(number(c, "number-rows-spanned"), number(c, "number-columns-spanned"), head) {
				r.w.WriteChildren(c)
			}
		}
		column += number(c, "number-columns-repeated")
	}
}

// number reads an attribute that counts; 1 where there is none.
func number(n *markup.Node, attribute string) int {
	k, err := strconv.Atoi(n.Attribute(attribute))
	if err != nil || k < 1 || k > blocks.MaxPlaces {
		return 1
	}
	return k
}
