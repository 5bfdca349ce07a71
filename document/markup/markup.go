// Package markup turns trees of elements, as readers of HTML and XML make them,
// into the blocks of a document: inline text with its super- and subscripts,
// mathematics as readable text, tables as grids.
package markup

import (
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// MaxDepth is how deep elements may nest. Readers flatten or refuse what is
// deeper, so that walks by recursion are safe.
const MaxDepth = 256

// Node is an element or a stretch of characters.
type Node struct {
	Name       string // local name in lower case; "" for characters
	Text       string // only for characters
	Attributes []Attribute
	Children   []*Node
}

// Attribute is an attribute of an element. Name is in lower case, without
// prefix.
type Attribute struct {
	Name, Value string
}

// Attribute returns the value of an attribute, or "".
func (n *Node) Attribute(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// Child returns the first child element of that name, or nil.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Find returns the first element of that name at or below n in document order,
// or nil.
func (n *Node) Find(name string) *Node {
	if n == nil || n.Name == name {
		return n
	}
	for _, c := range n.Children {
		if c.Name == "" {
			continue
		}
		if found := c.Find(name); found != nil {
			return found
		}
	}
	return nil
}

// All calls yield for each element of that name at or below n, in document
// order, without looking inside those found.
func (n *Node) All(name string, yield func(*Node)) {
	if n == nil {
		return
	}
	if n.Name == name {
		yield(n)
		return
	}
	for _, c := range n.Children {
		if c.Name != "" {
			c.All(name, yield)
		}
	}
}

// Characters returns all characters at or below n, white space collapsed.
func (n *Node) Characters() string {
	if n == nil {
		return ""
	}
	var b blocks.Builder
	n.characters(&b)
	text, _ := b.Take()
	return text
}

// Blank reports whether nothing at or below n shows: no characters but white
// space. It is what Characters() == "" says, without making the text.
func (n *Node) Blank() bool {
	if n == nil {
		return true
	}
	if n.Name == "" {
		for i := 0; i < len(n.Text); i++ {
			switch c := n.Text[i]; {
			case c == ' ', c >= '\t' && c <= '\r':
			case c < 0x80:
				return c < ' ' && blocks.Clean(n.Text[i:]) == ""
			default:
				return blocks.Clean(n.Text[i:]) == ""
			}
		}
		return true
	}
	for _, c := range n.Children {
		if !c.Blank() {
			return false
		}
	}
	return true
}

func (n *Node) characters(b *blocks.Builder) {
	if n.Name == "" {
		b.WriteString(n.Text)
		return
	}
	for _, c := range n.Children {
		c.characters(b)
	}
}

// Writer writes inline content to a builder.
type Writer struct {
	*blocks.Builder
	// Element, if not nil, is asked first about each element. It returns true
	// when it has dealt with it.
	Element func(w *Writer, n *Node) bool
	// Cites reports whether an element is a reference to the bibliography.
	Cites func(n *Node) bool
	// Titled says that CALS tables have their label, caption and footnotes in
	// rows across all columns, and rules between head and body, as in patents.
	Titled bool

	table *table // to be used again; nil while it is used
}

// table is the memory in which a table is gathered.
type table struct {
	blocks.Table
	rows  []calsRow
	cells []calsCell
}

// Write writes n and what is below it.
func (w *Writer) Write(n *Node) {
	if n.Name == "" {
		w.WriteString(n.Text)
		return
	}
	if w.Element != nil && w.Element(w, n) {
		return
	}
	switch n.Name {
	case "sup", "sub":
		level := blocks.Raised
		if n.Name == "sub" {
			level = blocks.Lowered
		}
		if level == blocks.Raised && w.onlyCites(n) {
			return
		}
		old := w.SetLevel(level)
		w.WriteChildren(n)
		w.SetLevel(old)
	case "math":
		WriteMath(w.Builder, n)
	case "br", "break", "hr", "wbr":
		w.Space()
	case "script", "style", "template", "noscript":
	default:
		if w.Cites != nil && w.Cites(n) {
			w.writeCitation(n)
			return
		}
		w.WriteChildren(n)
	}
}

// WriteChildren writes what is below n.
func (w *Writer) WriteChildren(n *Node) {
	for _, c := range n.Children {
		w.Write(c)
	}
}

// onlyCites reports whether n holds citations and, outside them, nothing but
// the marks that divide and enclose them.
func (w *Writer) onlyCites(n *Node) bool {
	if w.Cites == nil {
		return false
	}
	cited := false
	var only func(n *Node) bool
	only = func(n *Node) bool {
		if n.Name == "" {
			return strings.Trim(n.Text, " \t\n\r,;–−-‐‑—[]()\u00a0\u2009\u202f") == ""
		}
		if w.Cites(n) {
			cited = true
			return true
		}
		for _, c := range n.Children {
			if !only(c) {
				return false
			}
		}
		return true
	}
	return only(n) && cited
}

// writeCitation writes a reference to the bibliography as text where it reads
// as text, "[12]" or "ref. 12". A bare number after a letter, digit or full
// stop stood above the line in print: left there, "0.85" cited as 12 would read
// "0.8512".
func (w *Writer) writeCitation(n *Node) {
	text := n.Characters()
	if strings.Trim(text, "0123456789,;–−-‐‑ ") == "" && text != "" {
		tail := w.Tail(48)
		open := strings.LastIndexAny(tail, "[(") > strings.LastIndexAny(tail, "])")
		if last := w.Last(); !open && last != 0 && last != '[' && last != '(' {
			return
		}
	}
	if child := n.Child("sup"); child != nil && len(n.Children) == 1 {
		return
	}
	w.WriteChildren(n)
}

// Table writes the rows and cells at or below n, an element "table" as HTML and
// JATS have it or in the CALS model, to a block. Nested tables become text of
// their cell. It reports
// false for a table without text; dropped says that the table was too large for
// its bounds and was cut.
func (w *Writer) Table(n *Node) (block document.Block, dropped, ok bool) {
	t := w.table
	if w.table = nil; t == nil {
		t = new(table)
	}
	outer := w.Builder
	w.Builder = &t.Builder
	defer func() { w.Builder, w.table = outer, t }()
	if group := n.Child("tgroup"); group != nil && group.Attribute("cols") != "" {
		return w.cals(t, n)
	}
	w.rows(&t.Table, n, false)
	dropped = t.Full()
	block, ok = t.Block()
	return block, dropped, ok
}

func (w *Writer) rows(t *blocks.Table, n *Node, head bool) {
	var feet []*Node // a tfoot may stand before the tbody but shows after it
	for _, c := range n.Children {
		switch c.Name {
		case "thead":
			w.rows(t, c, true)
		case "tbody", "tgroup":
			w.rows(t, c, head)
		case "tfoot":
			feet = append(feet, c)
		case "tr", "row":
			w.cells(t, c, head)
		}
	}
	for _, c := range feet {
		w.rows(t, c, false)
	}
}

func (w *Writer) cells(t *blocks.Table, n *Node, head bool) {
	all, some := true, false
	for _, c := range n.Children {
		switch c.Name {
		case "th":
			some = some || len(c.Children) > 0
		case "td", "entry":
			if !c.Blank() || c.Find("math") != nil {
				all = false
			}
		}
	}
	// A row with one th for its name and nothing else names what follows.
	if !t.Row(head || all && some) {
		return
	}
	for _, c := range n.Children {
		if c.Name != "td" && c.Name != "th" && c.Name != "entry" {
			continue
		}
		if t.Cell(span(c.Attribute("rowspan")), span(c.Attribute("colspan")), head || c.Name == "th") {
			w.flow(c)
		}
	}
}

// flow writes what may hold paragraphs, lists and the like as one text.
func (w *Writer) flow(n *Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "p", "div", "li", "ul", "ol", "list", "list-item", "tr", "td", "th", "table", "tbody", "thead", "dd", "dt":
			w.Space()
			w.flow(c)
			w.Space()
		default:
			w.Write(c)
		}
	}
}

// span reads a rowspan or colspan. The value 0 of HTML means the rest of the
// group, which a large number gives, too.
func span(s string) int {
	if s == "" {
		return 1
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	switch {
	case err != nil || n < 0:
		return 1
	case n == 0 || n > 65534: // the bound of the HTML Standard
		return 65534
	}
	return n
}
