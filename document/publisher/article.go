package publisher

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
	floats  map[string]*markup.Node // by identifier: figures and tables apart from the text
	placed  map[*markup.Node]bool   // those that were read
	later   []*markup.Node          // met in running text, read after it
	images  int                     // tables that are pictures
}

func newReader(doc *document.Document) *reader {
	r := &reader{doc: doc, floats: map[string]*markup.Node{}, placed: map[*markup.Node]bool{}}
	r.w = markup.Writer{Builder: new(blocks.Builder), Element: r.inline, Cites: cites}
	return r
}

// cites reports references to the bibliography.
func cites(n *markup.Node) bool {
	switch n.Name {
	case "cross-ref", "cross-refs":
		return strings.HasPrefix(n.Attribute("refid"), "b")
	case "citationref":
		return true
	}
	return false
}

// inline deals with the elements of running text that are not written as they
// stand.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	level := blocks.OnLine
	switch n.Name {
	case "inf", "subscript":
		level = blocks.Lowered
	case "superscript":
		level = blocks.Raised
	case "hsp", "vsp":
		w.Space()
		return true
	case "float-anchor":
		if f := r.floats[n.Attribute("refid")]; f != nil {
			r.later = append(r.later, f)
		}
		return true
	case "table", "figure", "textbox", "footnote", "e-component":
		r.later = append(r.later, n)
		return true
	case "equation", "inlineequation":
		r.equation(w, n)
		return true
	case "equationsource", "equationnumber", "mediaobject", "inlinemediaobject", "imageobject", "inline-figure", "link", "glyph", "object-id", "anchor", "indexterm", "alt-text", "copyright":
		return true
	case "para", "simple-para", "simplepara", "list", "list-item", "itemcontent", "listitem", "unorderedlist", "orderedlist", "display", "formula", "caption", "captioncontent", "note-para", "definitionlist", "definitionlistentry":
		w.Space()
		w.WriteChildren(n)
		w.Space()
		return true
	case "label", "itemnumber", "captionnumber":
		w.WriteChildren(n)
		w.Space()
		return true
	}
	if level == blocks.OnLine {
		return false
	}
	old := w.SetLevel(level)
	if level == blocks.Raised && onlyCites(n) {
		w.SetLevel(old)
		return true
	}
	w.WriteChildren(n)
	w.SetLevel(old)
	return true
}

// onlyCites reports a superscript of Springer's that is a citation.
func onlyCites(n *markup.Node) bool {
	found := false
	for _, c := range n.Children {
		switch {
		case cites(c):
			found = true
		case strings.Trim(c.Characters(), " ,;–-[]") != "":
			return false
		}
	}
	return found
}

// equation writes the best form of a formula: MathML before TeX.
func (r *reader) equation(w *markup.Writer, n *markup.Node) {
	if math := n.Find("math"); math != nil {
		w.Write(math)
		return
	}
	tex := ""
	n.All("equationsource", func(s *markup.Node) {
		if strings.EqualFold(s.Attribute("format"), "tex") {
			tex = s.Characters()
		}
	})
	latex.WriteMath(w.Builder, tex)
}

// emit adds a block with what was written, and what was met on the way.
func (r *reader) emit(kind document.Kind) {
	text, shifts := r.w.Take()
	r.add(document.Block{Kind: kind, Text: text, Shifts: shifts})
	later := r.later
	r.later = nil
	for _, n := range later {
		r.float(n)
	}
}

func (r *reader) add(b document.Block) { blocks.Append(r.doc, r.section, b) }

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

func (r *reader) read(root *markup.Node) {
	r.metadata(root)
	article := root
	for _, name := range [...]string{"article", "converted-article", "simple-article", "book-review", "exam", "chapter"} {
		if found := root.Find(name); found != nil {
			article = found
			break
		}
	}
	if floats := article.Find("floats"); floats != nil {
		for _, f := range floats.Children {
			if id := f.Attribute("id"); id != "" {
				r.floats[id] = f
			}
		}
	}
	if r.doc.Title != "" {
		title := article.Find("articletitle")
		if title == nil {
			title = article.Child("head").Child("title")
		}
		if title != nil {
			r.w.WriteChildren(unmarked(title))
			r.emit(document.Title)
		} else {
			r.add(document.Block{Kind: document.Title, Text: r.doc.Title})
		}
	}
	head := article.Child("head")
	if head == nil {
		head = article.Find("articleheader")
	}
	if head != nil {
		head.All("abstract", r.abstract)
	}
	if body := article.Find("body"); body != nil {
		r.blocks(body)
	}
	for _, name := range [...]string{"tail", "articlebackmatter"} {
		if tail := article.Find(name); tail != nil {
			r.blocks(tail)
		}
	}
	if floats := article.Find("floats"); floats != nil {
		for _, f := range floats.Children {
			if f.Name != "" && !r.placed[f] {
				r.float(f)
			}
		}
	}
	if raw := root.Find("rawtext"); raw != nil && article.Find("body") == nil { // scanned articles
		r.add(document.Block{Kind: document.Paragraph, Text: raw.Characters()})
	}
	if r.images > 0 {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%d tables are pictures and were not read", r.images))
	}
}

// unmarked returns n without the marks and texts of notes on it.
func unmarked(n *markup.Node) *markup.Node {
	if n == nil {
		return nil
	}
	out := &markup.Node{Name: n.Name}
	for _, c := range n.Children {
		if c.Name != "cross-ref" && c.Name != "footnote" {
			out.Children = append(out.Children, c)
		}
	}
	return out
}

// abstract reads an abstract; its paragraphs are of their own kind, also below
// the headings of a structured one.
func (r *reader) abstract(n *markup.Node) {
	switch n.Attribute("class") {
	case "graphical", "author-highlights", "editor-highlights", "teaser":
		return
	}
	from := len(r.doc.Blocks)
	title := n.Child("section-title").Characters()
	if title == "" {
		title = n.Child("heading").Characters()
	}
	if title == "" {
		title = "Abstract"
	}
	r.within(title, func() { r.blocks(n) })
	for i := from; i < len(r.doc.Blocks); i++ {
		if b := &r.doc.Blocks[i]; b.Kind == document.Paragraph {
			b.Kind = document.Abstract
		}
	}
}

// blocks reads the content of an element that holds blocks.
func (r *reader) blocks(n *markup.Node) {
	for _, c := range n.Children {
		r.block(c)
	}
	r.emit(document.Paragraph)
}

func (r *reader) block(n *markup.Node) {
	name := n.Name
	if len(name) == len("section1") && strings.HasPrefix(name, "section") {
		name = "section"
	}
	switch name {
	case "":
		if strings.TrimSpace(n.Text) != "" {
			r.w.WriteString(n.Text)
		}
		return
	case "italic", "bold", "sup", "sub", "inf", "cross-ref", "cross-refs", "hsp", "emphasis", "superscript", "subscript", "internalref", "citationref":
		r.w.Write(n)
		return
	}
	r.emit(document.Paragraph)
	switch name {
	case "section", "abstract-sec", "abstractsection", "appendix", "acknowledgment", "acknowledgments", "nomenclature", "exam-answers", "enunciation", "textbox", "formalpara", "textbox-body", "data-availability", "conflict-of-interest":
		r.sectioned(n)
	case "para", "simple-para", "simplepara", "displayed-quote", "blockquote", "section-para":
		r.paragraph(n)
	case "display", "formula", "equation", "math":
		r.w.Write(n)
		r.emit(document.Paragraph)
	case "list", "unorderedlist", "orderedlist", "def-list", "definitionlist":
		r.list(n)
	case "table", "figure", "footnote", "e-component":
		r.float(n)
	case "float-anchor":
		r.w.Write(n)
		r.emit(document.Paragraph)
	case "bibliography", "further-reading":
		r.bibliography(n)
	case "section-title", "heading", "label", "keywords", "keywordgroup", "biography", "glossary", "anchor", "copyright", "preprint", "note", "articlenote":
		// Headings are written by whoever opened the section.
	default:
		r.blocks(n)
	}
}

// sectioned reads a section with its heading.
func (r *reader) sectioned(n *markup.Node) {
	heading := n.Child("section-title")
	if heading == nil {
		heading = n.Child("heading")
	}
	title := ""
	if heading != nil || n.Child("label") != nil && n.Name == "enunciation" {
		if label := n.Child("label"); label != nil {
			r.w.WriteChildren(label)
			r.w.Space()
		}
		if heading != nil {
			title = heading.Characters()
			r.w.WriteChildren(heading)
		}
		text, shifts := r.w.Take()
		if title == "" {
			title = text
		}
		r.later = nil
		r.add(document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
	} else if strings.HasPrefix(n.Name, "acknowledgment") {
		title = "Acknowledgements"
	}
	r.within(title, func() { r.blocks(n) })
}

// paragraph reads running text; lists in it are blocks of their own, a
// displayed formula stays part of the sentence.
func (r *reader) paragraph(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "list", "unorderedlist", "orderedlist", "def-list", "definitionlist", "displayed-quote", "enunciation", "formalpara":
			r.emit(document.Paragraph)
			r.block(c)
		default:
			r.w.Write(c)
		}
	}
	r.emit(document.Paragraph)
}

func (r *reader) list(n *markup.Node) {
	term := ""
	for _, c := range n.Children {
		switch c.Name {
		case "section-title":
			r.w.WriteChildren(c)
			r.emit(document.Paragraph)
		case "def-term":
			term = c.Characters()
		case "list-item", "itemcontent", "listitem", "def-description", "definitionlistentry":
			if term != "" {
				r.w.WriteString(strings.TrimRight(term, ": ") + ":")
				r.w.Space()
				term = ""
			}
			r.item(c)
			r.emit(document.List)
		}
	}
}

// item writes an item; a list in it begins new items.
func (r *reader) item(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "list", "unorderedlist", "orderedlist":
			r.emit(document.List)
			r.list(c)
		case "para", "itemcontent":
			r.w.Space()
			r.item(c)
			r.w.Space()
		default:
			r.w.Write(c)
		}
	}
}

// float reads a figure, a table or a footnote.
func (r *reader) float(n *markup.Node) {
	if r.placed[n] {
		return
	}
	r.placed[n] = true
	switch n.Name {
	case "table":
		r.table(n)
	case "textbox":
		r.sectioned(n)
	case "footnote":
		r.w.WriteChildren(n)
		r.emit(document.Footnote)
	default:
		if text, shifts := r.caption(n); text != "" {
			r.add(document.Block{Kind: document.Caption, Text: text, Shifts: shifts})
		}
	}
}

// caption takes the label and caption of a figure or table.
func (r *reader) caption(n *markup.Node) (string, []document.Shift) {
	label := n.Child("label")
	caption := n.Child("caption")
	if label == nil {
		label = caption.Child("captionnumber")
	}
	if label != nil {
		r.w.WriteChildren(label)
		if last := r.w.Last(); last != 0 && last != '.' && last != ':' {
			r.w.WriteString(".")
		}
		r.w.Space()
	}
	if caption != nil {
		for _, c := range caption.Children {
			if c.Name != "captionnumber" {
				r.w.Write(c)
			}
		}
	}
	r.later = nil
	return r.w.Take()
}

// table reads a table with its label, caption and footnotes.
func (r *reader) table(n *markup.Node) {
	label := n.Child("label").Characters()
	if label == "" {
		label = n.Child("caption").Child("captionnumber").Characters()
	}
	label = strings.TrimRight(label, ".: ")
	caption, shifts := r.caption(n)
	r.add(document.Block{Kind: document.Caption, Text: caption, Shifts: shifts})
	var notes []document.Block
	for _, c := range n.Children {
		switch c.Name {
		case "legend", "table-footnote", "tfooter":
			r.w.WriteChildren(c)
			if text, shifts := r.w.Take(); text != "" {
				notes = append(notes, document.Block{Kind: document.Footnote, Text: text, Shifts: shifts})
			}
		}
	}
	block, dropped, ok := r.w.Table(n)
	if dropped {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%s: the table is larger than %d places and was cut", label, blocks.MaxPlaces))
	}
	if ok {
		block.Table.Label, block.Table.Caption = label, caption
		for _, f := range notes {
			block.Table.Footnotes = append(block.Table.Footnotes, f.Text)
		}
		r.add(block)
	} else {
		r.images++
	}
	for _, f := range notes {
		r.add(f)
	}
	r.later = nil
}

func (r *reader) bibliography(n *markup.Node) {
	title := n.Child("section-title").Characters()
	if title == "" {
		title = n.Child("heading").Characters()
	}
	if title != "" {
		r.add(document.Block{Kind: document.Heading, Text: title})
	} else {
		title = "References"
	}
	r.within(title, func() {
		for _, name := range [...]string{"bib-reference", "citation"} {
			n.All(name, r.reference)
		}
	})
}

// reference writes an entry of the bibliography: as it stands where it does,
// else its parts joined.
func (r *reader) reference(n *markup.Node) {
	for _, name := range [...]string{"source-text", "bibunstructured"} {
		if text := n.Find(name); text != nil {
			r.w.WriteChildren(text)
			r.emit(document.Reference)
			return
		}
	}
	if label := n.Child("label"); label != nil {
		r.w.WriteChildren(label)
		r.w.Space()
	}
	for _, name := range [...]string{"reference", "other-ref", "bibarticle", "bibbook", "bibchapter"} {
		n.All(name, func(c *markup.Node) { r.citation(c, 0) })
	}
	r.emit(document.Reference)
}

// citation writes the parts of a citation with commas between them.
func (r *reader) citation(n *markup.Node, depth int) {
	for _, c := range n.Children {
		switch c.Name {
		case "", "label":
			continue
		case "author", "editor", "bibauthorname":
			given, surname := c.Find("given-name"), c.Find("surname")
			if surname == nil {
				given, surname = c.Find("initials"), c.Find("familyname")
			}
			r.part(strings.TrimSpace(given.Characters() + " " + surname.Characters()))
		case "textref", "title", "maintitle", "articletitle", "journaltitle", "booktitle", "volume-nr", "volumeid", "date", "year", "comment", "doi", "first-page", "firstpage", "inter-ref":
			r.part("")
			r.w.WriteChildren(c)
		case "last-page", "lastpage":
			r.w.WriteString("–" + c.Characters())
		case "e-host", "isbn", "issue-nr", "occurrence":
		default:
			if depth < 8 {
				r.citation(c, depth+1)
			}
		}
	}
}

// part begins another part of a citation.
func (r *reader) part(s string) {
	if last := r.w.Last(); last != 0 {
		if !strings.ContainsRune(".,;:]", last) {
			r.w.WriteString(",")
		}
		r.w.Space()
	}
	r.w.WriteString(s)
}
