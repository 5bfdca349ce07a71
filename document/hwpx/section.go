package hwpx

import (
	"strconv"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/office"
)

type reader struct {
	text    office.Text
	w       markup.Writer
	grid    blocks.Table            // one table after the other is gathered in it
	levels  map[string]blocks.Level // by the number of a shape of characters, where not on the line
	shapes  map[string]style        // by the number of a shape of paragraphs
	styles  map[string]style
	kind    document.Kind  // of the paragraph that is written
	level   int            // of the heading that is written; 0 for none
	cell    bool           // a cell is written, whose tables and boxes are text
	deleted bool           // what follows is marked as deleted
	notes   []*markup.Node // met in running text, read after it
	boxes   []*markup.Node
}

// paragraphs reads the paragraphs of a section, a note or a box.
func (r *reader) paragraphs(n *markup.Node, kind document.Kind) {
	if n == nil {
		return
	}
	for _, c := range n.Children {
		switch c.Name {
		case "p":
			r.paragraph(c, kind)
		case "sublist":
			r.paragraphs(c, kind)
		}
	}
}

func (r *reader) paragraph(n *markup.Node, kind document.Kind) {
	s := r.styles[n.Attribute("styleidref")]
	if s == (style{}) {
		s = r.shapes[n.Attribute("parapridref")]
	}
	outerKind, outerLevel := r.kind, r.level
	r.kind, r.level = kind, 0
	if kind == document.Paragraph {
		r.level = s.level
		if s.kind != "" {
			r.kind = s.kind
		}
	}
	for _, run := range n.Children {
		if run.Name == "run" {
			r.w.Write(run)
		}
	}
	r.flush()
	r.kind, r.level = outerKind, outerLevel
	r.follow()
}

// flush ends the block that is written.
func (r *reader) flush() {
	text, shifts := r.w.Take()
	if r.level > 0 && r.text.Heading(text, shifts, r.level) {
		return
	}
	r.text.Add(document.Block{Kind: r.kind, Text: text, Shifts: shifts})
}

// follow reads the boxes and notes that were met in a paragraph.
func (r *reader) follow() {
	boxes, notes := r.boxes, r.notes
	r.boxes, r.notes = nil, nil
	for _, n := range boxes {
		kind := document.Paragraph
		if n.Name == "caption" {
			kind = document.Caption
		}
		r.paragraphs(n, kind)
	}
	for _, n := range notes {
		r.paragraphs(n, document.Footnote)
	}
}

// inline writes the elements of running text.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	switch n.Name {
	case "deletebegin":
		r.deleted = true
	case "deleteend":
		r.deleted = false
	case "run":
		old := w.SetLevel(r.levels[n.Attribute("charpridref")])
		w.WriteChildren(n)
		w.SetLevel(old)
	case "t":
		for _, c := range n.Children {
			switch c.Name {
			case "":
				if !r.deleted {
					w.WriteString(c.Text)
				}
			case "linebreak", "tab", "nbspace", "fwspace":
				w.Space()
			case "hyphen":
				w.WriteString("-")
			default:
				w.Write(c)
			}
		}
	default:
		if !r.deleted {
			r.object(w, n)
		}
	}
	return true
}

// object writes what stands between texts. What is not named is settings.
func (r *reader) object(w *markup.Writer, n *markup.Node) {
	switch n.Name {
	case "ctrl":
		w.WriteChildren(n)
	case "autonum", "newnum":
		switch n.Attribute("numtype") { // of a caption; notes need none
		case "TABLE", "PICTURE", "EQUATION":
			w.WriteString(n.Attribute("num"))
		}
	case "equation":
		markup.WriteMath(w.Builder, equation(n.Child("script").Characters()))
	case "compose":
		w.WriteString(n.Attribute("composetext"))
	case "dutmal": // a text with a smaller one above it
		w.WriteString(n.Child("maintext").Characters())
	case "tbl":
		r.table(w, n)
	case "footnote", "endnote":
		r.notes = append(r.notes, n)
	case "pic", "rect", "ellipse", "polygon", "curve", "arc", "container", "ole", "chart", "video":
		n.All("drawtext", r.box)
		n.All("caption", r.box)
	}
}

// box notes a text box or a caption. In a cell it is part of the text.
func (r *reader) box(n *markup.Node) {
	if r.cell {
		r.flow(n)
		return
	}
	r.boxes = append(r.boxes, n)
}

// flow writes the paragraphs of n as one text.
func (r *reader) flow(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "sublist", "p":
			r.w.Space()
			r.flow(c)
			r.w.Space()
		case "run":
			r.w.Write(c)
		}
	}
}

// table reads a table. A table of one cell is a frame around text; a table in a
// cell is text of it.
func (r *reader) table(w *markup.Writer, n *markup.Node) {
	if r.cell {
		n.All("tc", r.flow)
		return
	}
	r.flush()
	if caption := n.Child("caption"); caption != nil {
		r.paragraphs(caption, document.Caption)
	}
	if cell := only(n); cell != nil {
		r.paragraphs(cell, document.Paragraph)
		return
	}
	t := &r.grid
	outer := w.Builder
	w.Builder, r.cell = &t.Builder, true
	for _, row := range n.Children {
		if row.Name != "tr" {
			continue
		}
		cells := make([]*markup.Node, 0, len(row.Children))
		head := true
		for _, c := range row.Children {
			if c.Name == "tc" && !covered(c) {
				cells = append(cells, c)
				head = head && c.Attribute("header") == "1"
			}
		}
		if !t.Row(head && len(cells) > 0) {
			break
		}
		for _, c := range cells {
			t.Skip(number(c.Child("celladdr").Attribute("coladdr")))
			span := c.Child("cellspan")
			if t.Cell(number(span.Attribute("rowspan")), number(span.Attribute("colspan")), c.Attribute("header") == "1") {
				r.flow(c)
			}
		}
	}
	w.Builder, r.cell = outer, false
	r.text.Table(t)
}

// only returns the cell of a table that has one.
func only(table *markup.Node) *markup.Node {
	var cell *markup.Node
	for _, row := range table.Children {
		if row.Name != "tr" {
			continue
		}
		for _, c := range row.Children {
			if c.Name != "tc" {
				continue
			}
			if cell != nil {
				return nil
			}
			cell = c
		}
	}
	return cell
}

// covered reports a cell without extent, as some programs leave them below the
// one that spans their place.
func covered(cell *markup.Node) bool {
	size := cell.Child("cellsz")
	return size.Attribute("width") == "0" && size.Attribute("height") == "0"
}

// number reads a place or a span; 0 for what is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > blocks.MaxPlaces {
		return 0
	}
	return n
}
