package jats

import (
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/latex"
	"github.com/alkahest/alkahest/document/markup"
)

// reader turns the tree of an article into blocks.
type reader struct {
	doc     *document.Document
	section []string
	w       markup.Writer
	tables  int // without text, as images only
}

func newReader(doc *document.Document) *reader {
	r := &reader{doc: doc}
	r.w = markup.Writer{Builder: new(blocks.Builder), Element: r.inline, Cites: cites}
	return r
}

func cites(n *markup.Node) bool {
	return n.Name == "xref" && n.Attribute("ref-type") == "bibr"
}

// inline deals with the elements of running text that are not written as they
// stand.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	switch n.Name {
	case "xref":
		// Marks of footnotes, affiliations and the like, unless in a table,
		// where they say what a value depends on.
		if t := n.Attribute("ref-type"); t == "fn" || t == "aff" || t == "corresp" || t == "author-notes" {
			return true
		}
	case "alternatives":
		if c := best(n); c != nil {
			w.Write(c)
		}
		return true
	case "inline-formula", "disp-formula":
		// A formula with several forms may also lack the element alternatives.
		if n.Find("math") != nil && n.Find("tex-math") != nil {
			w.Write(n.Find("math"))
			return true
		}
	case "tex-math":
		latex.WriteMath(w.Builder, n.Characters())
		return true
	case "label":
		w.WriteChildren(n)
		w.Space()
		return true
	case "fn", "graphic", "inline-graphic", "media", "object-id", "alt-text", "long-desc", "index-term",
		"supplementary-material", "inline-supplementary-material", "private-char", "permissions", "attrib":
		return true
	case "list", "list-item", "def-list", "def-item", "p", "disp-quote", "title", "chem-struct", "verse-line", "term", "def":
		w.Space()
		w.WriteChildren(n)
		w.Space()
		return true
	case "table-wrap", "fig", "table-wrap-group", "fig-group", "boxed-text":
		// Inside a paragraph they are read after it.
		return true
	}
	return false
}

// best chooses among alternatives: MathML, a table or text before TeX before
// pictures.
func best(n *markup.Node) *markup.Node {
	var chosen *markup.Node
	rank := 0
	for _, c := range n.Children {
		k := 0
		switch c.Name {
		case "", "graphic", "inline-graphic", "media":
		case "math", "table":
			k = 3
		case "textual-form", "string-name", "name":
			k = 2
		default:
			k = 1
		}
		if k > rank {
			chosen, rank = c, k
		}
	}
	return chosen
}

// emit adds a block with what was written.
func (r *reader) emit(kind document.Kind) {
	text, shifts := r.w.Take()
	r.add(document.Block{Kind: kind, Text: text, Shifts: shifts})
}

func (r *reader) add(b document.Block) { blocks.Append(r.doc, r.section, b) }

func (r *reader) article(n *markup.Node) {
	front := n.Child("front")
	if front == nil {
		front = n.Child("front-stub")
	}
	r.doc.Language = strings.ToLower(n.Attribute("lang"))
	r.front(front)
	r.notice(n.Attribute("article-type"), front)
	if body := n.Child("body"); body != nil {
		r.blocks(body)
	}
	if back := n.Child("back"); back != nil {
		r.back(back)
	}
	if floats := n.Child("floats-group"); floats != nil {
		r.blocks(floats)
	}
	if floats := n.Child("floats-wrap"); floats != nil { // NLM 2
		r.blocks(floats)
	}
	for _, c := range n.Children {
		if c.Name == "sub-article" || c.Name == "response" {
			title := c.Find("article-title").Characters()
			if title != "" {
				r.add(document.Block{Kind: document.Heading, Text: title})
			}
			r.within(title, func() {
				if body := c.Child("body"); body != nil {
					r.blocks(body)
				}
				if back := c.Child("back"); back != nil {
					r.back(back)
				}
			})
		}
	}
	if r.doc.Language == "" {
		r.doc.Language = blocks.LanguageOf(r.doc)
	}
	if r.tables > 0 {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%d tables are pictures and were not read", r.tables))
	}
}

// front reads the metadata, the title and the abstracts.
func (r *reader) front(n *markup.Node) {
	meta := n.Find("article-meta")
	if meta == nil {
		meta = n // front-stub holds the same elements itself
	}
	if meta == nil {
		return
	}
	if title := meta.Find("article-title"); title != nil {
		r.w.WriteChildren(title)
		text, shifts := r.w.Take()
		r.doc.Title = text
		r.add(document.Block{Kind: document.Title, Text: text, Shifts: shifts})
	}
	for _, c := range meta.Children {
		switch c.Name {
		case "permissions":
			if r.doc.License == "" {
				r.doc.License = license(c)
			}
		case "article-id":
			r.identifier(c.Attribute("pub-id-type"), c.Characters())
		case "contrib-group":
			c.All("contrib", func(n *markup.Node) {
				if t := n.Attribute("contrib-type"); t == "author" || t == "" {
					if name := person(n); name != "" {
						r.doc.Authors = append(r.doc.Authors, name)
					}
				}
			})
		case "pub-date":
			if d := date(c); d != "" && (r.doc.Date == "" || d < r.doc.Date && len(d) >= len(r.doc.Date) || len(d) > len(r.doc.Date) && d[:4] <= r.doc.Date[:4]) {
				r.doc.Date = d
			}
		}
	}
	for _, c := range meta.Children {
		if c.Name != "abstract" && c.Name != "trans-abstract" {
			continue
		}
		switch c.Attribute("abstract-type") {
		case "graphical", "toc", "web-summary", "teaser":
			continue
		}
		r.abstract(c)
	}
}

func (r *reader) identifier(kind, value string) {
	switch kind {
	case "pmc", "pmcid":
		kind = "pmcid"
		if value != "" && !strings.HasPrefix(value, "PMC") {
			value = "PMC" + value
		}
	case "doi", "pmid", "arxiv":
	default:
		return
	}
	if value == "" {
		return
	}
	if r.doc.Identifiers == nil {
		r.doc.Identifiers = make(map[string]string)
	}
	if _, ok := r.doc.Identifiers[kind]; !ok {
		r.doc.Identifiers[kind] = value
	}
}

// person returns "Given Surname" of a contributor.
func person(n *markup.Node) string {
	name := n.Find("name")
	if name == nil {
		name = n.Find("string-name")
	}
	if name == nil {
		return n.Find("collab").Characters()
	}
	given, surname := name.Find("given-names").Characters(), name.Find("surname").Characters()
	if given == "" && surname == "" {
		return name.Characters()
	}
	return strings.TrimSpace(given + " " + surname)
}

// date returns a pub-date in ISO 8601, as precise as it is given.
func date(n *markup.Node) string {
	year := n.Child("year").Characters()
	if len(year) != 4 || strings.Trim(year, "0123456789") != "" {
		return ""
	}
	two := func(name string) string {
		s := n.Child(name).Characters()
		if s == "" || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
			return ""
		}
		if len(s) == 1 {
			s = "0" + s
		}
		return s
	}
	month := two("month")
	if month == "" || month < "01" || month > "12" {
		return year
	}
	day := two("day")
	if day == "" || day < "01" || day > "31" {
		return year + "-" + month
	}
	return year + "-" + month + "-" + day
}

// abstract reads an abstract: its paragraphs are of their own kind, also below
// the headings of a structured one.
func (r *reader) abstract(n *markup.Node) {
	title := n.Child("title").Characters()
	if title == "" {
		title = "Abstract"
	}
	r.within(title, func() {
		from := len(r.doc.Blocks)
		r.blocks(n)
		for i := from; i < len(r.doc.Blocks); i++ {
			if b := &r.doc.Blocks[i]; b.Kind == document.Paragraph {
				b.Kind = document.Abstract
			}
		}
	})
}

// within calls f with a section open.
func (r *reader) within(title string, f func()) {
	if title == "" {
		f()
		return
	}
	r.section = append(r.section, title)
	f()
	r.section = r.section[:len(r.section)-1]
}

// blocks reads the content of an element that holds blocks.
func (r *reader) blocks(n *markup.Node) {
	for _, c := range n.Children {
		r.block(c)
	}
	r.emit(document.Paragraph) // characters that stand outside any paragraph
}

func (r *reader) block(n *markup.Node) {
	switch n.Name {
	case "":
		if strings.TrimSpace(n.Text) != "" {
			r.w.WriteString(n.Text)
		}
		return
	case "bold", "italic", "sup", "sub", "xref", "ext-link", "email", "named-content", "styled-content", "underline", "sc", "roman", "monospace", "inline-formula":
		r.w.Write(n)
		return
	}
	r.emit(document.Paragraph)
	switch n.Name {
	case "sec", "app", "ack", "notes", "glossary", "bio", "abstract", "trans-abstract", "front-stub":
		r.sec(n)
	case "p":
		r.paragraph(n, document.Paragraph)
	case "disp-formula", "disp-formula-group", "preformat", "tex-math", "math", "code", "speech", "statement", "array", "chem-struct-wrap", "verse-group":
		r.paragraph(n, document.Paragraph)
	case "list", "def-list":
		r.list(n)
	case "table-wrap":
		r.table(n)
	case "table-wrap-group", "fig-group", "app-group", "disp-quote", "boxed-text", "alternatives", "ref-list", "fn-group", "def-item", "floats-group", "body":
		switch n.Name {
		case "ref-list":
			r.references(n)
		case "boxed-text":
			r.sec(n)
		default:
			r.blocks(n)
		}
	case "fig", "chem-struct", "supplementary", "scheme":
		r.caption(n)
	case "fn":
		r.paragraph(n, document.Footnote)
	case "title", "label", "subtitle":
		// written by whoever opened the section
	case "sec-meta", "supplementary-material", "graphic", "media", "object-id", "permissions", "attrib", "kwd-group", "related-article", "hr", "break":
	default:
		r.paragraph(n, document.Paragraph)
	}
}

// sec reads a section with its heading.
func (r *reader) sec(n *markup.Node) {
	heading := n.Child("title")
	if heading == nil {
		if caption := n.Child("caption"); caption != nil {
			heading = caption.Child("title")
		}
	}
	title := ""
	if heading != nil {
		title = heading.Characters()
		if label := n.Child("label").Characters(); label != "" {
			r.w.WriteString(label)
			r.w.Space()
		}
		r.w.WriteChildren(heading)
		text, shifts := r.w.Take()
		r.add(document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
	} else if n.Name == "ack" {
		title = "Acknowledgements"
	}
	r.within(title, func() { r.blocks(n) })
}

// paragraph reads running text. Lists, tables and figures inside it follow as
// blocks of their own; a displayed formula stays part of the sentence.
func (r *reader) paragraph(n *markup.Node, kind document.Kind) {
	for _, c := range n.Children {
		switch c.Name {
		case "list", "def-list", "table-wrap", "table-wrap-group", "fig", "fig-group", "boxed-text", "disp-quote":
			if c.Name == "list" || c.Name == "def-list" || c.Name == "boxed-text" || c.Name == "disp-quote" {
				r.emit(kind) // they stand where they are named
				r.block(c)
			}
		case "disp-formula":
			r.w.Space()
			r.w.Write(c)
			r.w.Space()
		case "p":
			r.w.Space()
			r.w.WriteChildren(c)
			r.w.Space()
		case "label":
			r.w.WriteChildren(c)
			r.w.Space()
		default:
			r.w.Write(c)
		}
	}
	r.emit(kind)
	r.floats(n)
}

// floats reads the tables and figures inside the paragraph n.
func (r *reader) floats(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "":
		case "table-wrap", "fig", "table-wrap-group", "fig-group":
			r.block(c)
		case "list", "def-list", "boxed-text", "disp-quote":
		default:
			r.floats(c)
		}
	}
}

func (r *reader) list(n *markup.Node) {
	if title := n.Child("title"); title != nil {
		r.w.WriteChildren(title)
		r.emit(document.Paragraph)
	}
	for _, item := range n.Children {
		switch item.Name {
		case "list-item":
			for _, c := range item.Children {
				switch c.Name {
				case "label":
					r.w.WriteChildren(c)
					r.w.Space()
				case "list", "def-list":
					r.emit(document.List)
					r.list(c)
				case "p":
					r.w.Space()
					r.nested(c)
					r.w.Space()
				case "table-wrap", "fig":
					r.emit(document.List)
					r.block(c)
				default:
					r.w.Write(c)
				}
			}
			r.emit(document.List)
			r.floats(item)
		case "def-item":
			if term := item.Child("term"); term != nil {
				r.w.WriteChildren(term)
				r.w.WriteString(":")
				r.w.Space()
			}
			for _, c := range item.Children {
				if c.Name == "def" {
					r.w.Write(c)
				}
			}
			r.emit(document.List)
		}
	}
}

// nested writes a paragraph of a list item; a list in it begins new items.
func (r *reader) nested(n *markup.Node) {
	for _, c := range n.Children {
		if c.Name == "list" || c.Name == "def-list" {
			r.emit(document.List)
			r.list(c)
			continue
		}
		r.w.Write(c)
	}
}

// caption reads the label and caption of a figure.
func (r *reader) caption(n *markup.Node) {
	if text, shifts := r.captionText(n); text != "" {
		r.add(document.Block{Kind: document.Caption, Text: text, Shifts: shifts})
	}
}

func (r *reader) captionText(n *markup.Node) (string, []document.Shift) {
	if label := n.Child("label"); label != nil {
		r.w.WriteChildren(label)
		if last := r.w.Last(); last != 0 && last != '.' && last != ':' {
			r.w.WriteString(".")
		}
		r.w.Space()
	}
	if caption := n.Child("caption"); caption != nil {
		for _, c := range caption.Children {
			r.w.Space()
			r.w.Write(c)
			if last := r.w.Last(); c.Name == "title" && last != 0 && !strings.ContainsRune(".:?!", last) {
				r.w.WriteString(".")
			}
		}
	}
	return r.w.Take()
}

// table reads a table with its label, caption and footnotes.
func (r *reader) table(n *markup.Node) {
	label := strings.TrimRight(n.Child("label").Characters(), ".: ")
	caption, shifts := r.captionText(n)
	if caption != "" {
		r.add(document.Block{Kind: document.Caption, Text: caption, Shifts: shifts})
	}
	var footnotes []document.Block
	note := func(n *markup.Node) {
		for _, c := range n.Children {
			if c.Name != "title" && (c.Name != "label" || n.Name != "table-wrap-foot") {
				if c.Name == "label" {
					r.w.WriteChildren(c)
					r.w.Space()
					continue
				}
				r.w.Write(c)
			}
		}
		if text, shifts := r.w.Take(); text != "" {
			footnotes = append(footnotes, document.Block{Kind: document.Footnote, Text: text, Shifts: shifts})
		}
	}
	n.All("table-wrap-foot", func(foot *markup.Node) {
		for _, c := range foot.Children {
			switch c.Name {
			case "fn-group":
				c.All("fn", note)
			case "fn", "p":
				note(c)
			}
		}
	})
	found := false
	n.All("table", func(t *markup.Node) {
		block, dropped, ok := r.w.Table(t)
		if dropped {
			r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%s: the table is larger than %d places and was cut", label, blocks.MaxPlaces))
		}
		if !ok {
			return
		}
		found = true
		block.Table.Label, block.Table.Caption = label, caption
		for _, f := range footnotes {
			block.Table.Footnotes = append(block.Table.Footnotes, f.Text)
		}
		r.add(block)
	})
	if !found {
		r.tables++
	}
	for _, f := range footnotes {
		r.add(f)
	}
}

// back reads what stands after the body.
func (r *reader) back(n *markup.Node) {
	r.blocks(n)
}

// references reads a list of references; it may hold further lists.
func (r *reader) references(n *markup.Node) {
	title := n.Child("title").Characters()
	if title != "" {
		r.add(document.Block{Kind: document.Heading, Text: title})
	} else {
		title = "References"
	}
	r.within(title, func() {
		for _, c := range n.Children {
			switch c.Name {
			case "ref":
				r.reference(c)
			case "ref-list":
				r.references(c)
			case "p":
				r.paragraph(c, document.Paragraph)
			}
		}
	})
}

// reference writes an entry of the bibliography: the names joined, the rest as
// it stands, its parts divided by spaces where the XML has none.
func (r *reader) reference(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "label":
			r.w.WriteChildren(c)
			r.w.Space()
		case "alternatives", "citation-alternatives":
			if b := best(c); b != nil {
				r.citation(b)
			}
		case "element-citation", "mixed-citation", "citation", "nlm-citation", "note", "product":
			r.citation(c)
		}
	}
	r.emit(document.Reference)
}

func (r *reader) citation(n *markup.Node) {
	mixed := false
	for _, c := range n.Children {
		if c.Name == "" && strings.TrimSpace(c.Text) != "" {
			mixed = true
		}
	}
	if mixed {
		r.w.WriteChildren(n)
		r.w.Space()
		return
	}
	before := false
	for _, c := range n.Children {
		if c.Name == "" || c.Name == "pub-id" && c.Attribute("pub-id-type") != "doi" {
			continue
		}
		switch {
		case before && c.Name == "lpage":
			r.w.WriteString("–")
		case before:
			if last := r.w.Last(); last != 0 && !strings.ContainsRune(".,;:", last) {
				r.w.WriteString(",")
			}
			r.w.Space()
		}
		before = true
		if c.Name == "person-group" || c.Name == "name" || c.Name == "string-name" {
			first := true
			names := func(n *markup.Node) {
				if !first {
					r.w.WriteString(", ")
				}
				first = false
				r.w.WriteString(strings.TrimSpace(n.Find("given-names").Characters() + " " + n.Find("surname").Characters()))
			}
			c.All("name", names)
			if first {
				c.All("string-name", names)
			}
			if first {
				r.w.Write(c)
			}
		} else {
			r.w.Write(c)
		}
	}
	r.w.Space()
}
