package patent

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
)

// reader turns the tree of a patent into blocks.
type reader struct {
	doc     *document.Document
	w       markup.Writer
	section []string
	levels  []int
	depth   int            // of sections that are elements
	tables  []*markup.Node // met inside a paragraph, read after it
	images  int            // tables without text, as images only
}

func newReader(doc *document.Document) *reader {
	r := &reader{doc: doc}
	r.w = markup.Writer{Builder: new(blocks.Builder), Element: r.inline, Titled: true}
	return r
}

// inline deals with the elements of running text that are not written as they
// stand.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	level := blocks.OnLine
	switch n.Name {
	case "sb", "subscript", "sub2":
		level = blocks.Lowered
	case "sp", "superscript", "sup2":
		level = blocks.Raised
	case "tables", "table-cwu", "table-us", "table", "cwu", "table-external-doc":
		if holdsTable(n) {
			if w.Builder == r.w.Builder {
				r.tables = append(r.tables, n)
			}
			w.Space()
			return true
		}
		return n.Name != "cwu" // a complex work unit may also be a formula
	case "img", "image", "emi", "mathematica", "mathematica-file", "chemistry-chemdraw-file", "chemistry-mol-file",
		"chem-us-file", "chemcdx", "chemmol", "custom-character", "number", "object-id", "sequence-cwu", "sequence-list", "us-sequence-list-doc", "ftnote-ref":
		return true
	case "claim-text", "clmstep", "ptext", "para", "p", "li", "ul", "ol", "dl", "dt", "dd", "claimtext", "listitem":
		// Steps of a claim and items follow each other without a space; a claim
		// that is referred to is a claim-text, too, but only one word.
		w.Space()
		w.WriteChildren(n)
		w.Space()
		return true
	case "dependent-claim-reference", "claim-ref", "clref", "claimreference":
		w.WriteString(n.Characters())
		return true
	}
	if level == blocks.OnLine {
		return false
	}
	old := w.SetLevel(level)
	w.WriteChildren(n)
	w.SetLevel(old)
	return true
}

func holdsTable(n *markup.Node) bool {
	return n.Find("tgroup") != nil || n.Find("tr") != nil || n.Find("row") != nil
}

// emit adds a block with what was written, and the tables met on the way.
func (r *reader) emit(kind document.Kind) {
	text, shifts := r.w.Take()
	r.add(document.Block{Kind: kind, Text: text, Shifts: shifts})
	tables := r.tables
	r.tables = nil
	for _, t := range tables {
		r.table(t)
	}
}

func (r *reader) add(b document.Block) { blocks.Append(r.doc, r.section, b) }

// within calls f with one section open and none around it.
func (r *reader) within(title string, f func()) {
	r.section, r.levels = []string{title}, []int{0}
	f()
	r.section, r.levels = nil, nil
}

// read reads a document: bibliographic data, abstract, description, claims,
// whatever their order.
func (r *reader) read(root *markup.Node) {
	parts := find(root)
	r.bibliography(root, parts.bibliography)
	if r.doc.Title != "" {
		r.title(parts)
	}
	if n := r.inLanguage(parts.abstracts); n != nil {
		r.within("Abstract", func() { r.children(n, document.Abstract) })
	}
	if n := r.inLanguage(parts.descriptions); n != nil {
		r.children(n, document.Paragraph)
		r.section, r.levels = nil, nil
	}
	if n := r.inLanguage(parts.claims); n != nil {
		r.within("Claims", func() { r.claims(n) })
	}
	r.references(parts.bibliography)
	if r.images > 0 {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%d tables are pictures and were not read", r.images))
	}
}

// parts are the main parts of a document, the text in one or more languages.
type parts struct {
	bibliography                    *markup.Node
	abstracts, descriptions, claims []*markup.Node
}

// find looks for the parts near the root.
func find(root *markup.Node) parts {
	var p parts
	var look func(n *markup.Node, depth int)
	look = func(n *markup.Node, depth int) {
		for _, c := range n.Children {
			switch c.Name {
			case "":
			case "sdobi", "bibliographic-data", "us-bibliographic-data-grant", "us-bibliographic-data-application",
				"subdoc-bibliographic-information", "wo-bibliographic-data", "kr-bibliographic-data", "bibliographicdata",
				"patentgrantbibliographicdata", "patentpublicationbibliographicdata", "applicationbibliographicdata":
				if p.bibliography == nil {
					p.bibliography = c
				}
				if c.Name == "bibliographic-data" { // of an exchange document: the abstract stands beside it
					c.All("abstract", func(n *markup.Node) { p.abstracts = append(p.abstracts, n) })
				}
			case "abstract", "sdoab", "subdoc-abstract":
				p.abstracts = append(p.abstracts, c)
			case "description", "sdode", "subdoc-description":
				p.descriptions = append(p.descriptions, c)
			case "claims", "sdocl", "subdoc-claims":
				p.claims = append(p.claims, c)
			default:
				if depth < 6 {
					look(c, depth+1)
				}
			}
		}
	}
	look(root, 0)
	return p
}

// inLanguage returns the node in the language of the document, else in
// English, else the first that holds text.
func (r *reader) inLanguage(nodes []*markup.Node) *markup.Node {
	for _, want := range [...]string{r.doc.Language, "en", ""} {
		for _, n := range nodes {
			lang := strings.ToLower(n.Attribute("lang"))
			if lang == "" {
				lang = strings.ToLower(n.Attribute("languagecode"))
			}
			if (want == "" || lang == want) && len(n.Children) > 0 {
				return n
			}
		}
	}
	return nil
}

// titled gives the elements that are sections by their name (ST.36 and the
// forms of the PCT and of KIPO) a title, for where they have no heading.
var titled = map[string]string{
	"technical-field": "Technical field", "background-art": "Background art", "disclosure": "Disclosure of the invention",
	"summary-of-invention": "Summary of the invention", "tech-problem": "Technical problem", "technical-problem": "Technical problem",
	"tech-solution": "Solution to the problem", "solution-to-problem": "Solution to the problem", "technical-solution": "Solution to the problem",
	"advantageous-effects": "Advantageous effects", "description-of-drawings": "Description of the drawings",
	"brief-description-of-drawings": "Description of the drawings", "drwdesc": "Description of the drawings",
	"best-mode": "Best mode", "mode-for-invention": "Mode for the invention", "description-of-embodiments": "Description of embodiments",
	"industrial-applicability": "Industrial applicability", "embodiments-example": "Examples", "examples": "Examples", "example": "Example",
	"comparative-example": "Comparative example", "reference-example": "Reference example",
	"citation-list": "Citation list", "patent-literature": "Patent literature", "non-patent-literature": "Non-patent literature",
	"reference-signs-list": "Reference signs", "detailed-description": "Detailed description", "detdesc": "Detailed description",
	"cross-reference-to-related-applications": "Related applications", "relapp": "Related applications",
}

// children reads the content of an element that holds blocks.
func (r *reader) children(n *markup.Node, kind document.Kind) {
	for _, c := range n.Children {
		r.block(c, kind)
	}
	r.emit(kind) // characters outside any paragraph
}

func (r *reader) block(n *markup.Node, kind document.Kind) {
	switch n.Name {
	case "":
		if strings.TrimSpace(n.Text) != "" {
			r.w.WriteString(n.Text)
		}
		return
	case "b", "i", "u", "sub", "sup", "figref", "crossref", "highlight", "hil", "pdat", "br":
		r.w.Write(n)
		return
	}
	r.emit(kind)
	switch n.Name {
	case "heading", "h", "headingtext":
		r.heading(n)
	case "p", "para", "paragraph":
		r.paragraph(n, kind)
	case "ul", "ol", "dl", "sl", "list", "orderedlist", "unorderedlist":
		r.list(n)
	case "tables", "table-cwu", "table-us", "table":
		r.table(n)
	case "maths", "math-us", "math-cwu", "math", "chemistry", "chem-us", "chemistry-cwu", "f", "chemicalformulae":
		r.w.Write(n)
		r.emit(kind)
	case "cwu":
		r.w.Write(n)
		r.emit(kind)
	case "invention-title", "title-of-invention", "inventiontitle", "doc-page", "img", "image", "figure", "drawings",
		"sequence-list", "sequence-cwu", "us-sequence-list-doc", "sequence-list-text", "program-listing-deposit", "us-megatable-doc":
	default:
		title := titled[n.Name]
		if title == "" || begins(n) {
			r.children(n, kind)
			return
		}
		// These sections are around all headings: no level of a heading ends one.
		if r.depth == 0 {
			r.section, r.levels = nil, nil
		}
		r.depth++
		outer := len(r.section)
		r.section, r.levels = append(r.section, title), append(r.levels, 0)
		r.children(n, kind)
		r.section, r.levels = r.section[:outer], r.levels[:outer]
		r.depth--
	}
}

// begins reports whether n begins with a heading of its own.
func begins(n *markup.Node) bool {
	for _, c := range n.Children {
		switch c.Name {
		case "":
		case "heading", "h":
			return true
		case "btext", "section":
			return begins(c)
		default:
			return false
		}
	}
	return false
}

// heading reads a heading and opens its section.
func (r *reader) heading(n *markup.Node) {
	r.w.WriteChildren(n)
	text, shifts := r.w.Take()
	r.tables = nil
	if text == "" {
		return
	}
	level, err := strconv.Atoi(n.Attribute("level") + n.Attribute("lvl"))
	if err != nil || level < 1 {
		level = 1
	}
	for k := len(r.levels); k > 0 && r.levels[k-1] >= level; k-- {
		r.levels, r.section = r.levels[:k-1], r.section[:k-1]
	}
	r.add(document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
	r.levels, r.section = append(r.levels, level), append(r.section, text)
}

// paragraph reads running text; lists in it are blocks of their own, a table
// follows it.
func (r *reader) paragraph(n *markup.Node, kind document.Kind) {
	for _, c := range n.Children {
		switch c.Name {
		case "ul", "ol", "dl", "sl", "list", "orderedlist", "unorderedlist":
			r.emit(kind)
			r.list(c)
		case "maths", "math-us", "math-cwu", "chemistry", "chem-us", "f":
			r.w.Space()
			r.w.Write(c)
			r.w.Space()
		case "ptext":
			r.w.WriteChildren(c)
		default:
			r.w.Write(c)
		}
	}
	r.emit(kind)
}

// list reads the items of a list. USPTO sets indented text as lists inside
// lists without marks; each innermost item is a block.
func (r *reader) list(n *markup.Node) {
	term := ""
	for _, item := range n.Children {
		switch item.Name {
		case "":
			continue
		case "dt":
			term = item.Characters()
			continue
		}
		if term != "" {
			r.w.WriteString(strings.TrimRight(term, ": ") + ":")
			r.w.Space()
			term = ""
		}
		for _, c := range item.Children {
			switch c.Name {
			case "ul", "ol", "dl", "sl":
				r.emit(document.List)
				r.list(c)
			default:
				r.w.Write(c)
			}
		}
		r.emit(document.List)
	}
}

// table reads a table with its caption and footnotes.
func (r *reader) table(n *markup.Node) {
	found := false
	n.All("table", func(t *markup.Node) {
		for _, part := range pieces(t) {
			block, dropped, ok := r.w.Table(part)
			r.tables = nil
			if dropped {
				r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%s: the table is larger than %d places and was cut", block.Table.Label, blocks.MaxPlaces))
			}
			if !ok {
				continue
			}
			found = true
			if title := t.Child("title"); title != nil && block.Table.Caption == "" {
				block.Table.Caption = title.Characters()
				block.Table.Label = markup.TableLabel(block.Table.Caption)
			}
			r.caption(&block)
			r.add(block)
			for _, note := range block.Table.Footnotes {
				r.add(document.Block{Kind: document.Footnote, Text: note})
			}
		}
	})
	if !found && n.Find("img") != nil {
		r.images++
	}
}

// caption adds the caption of a table before it. Where the table itself has
// none, a paragraph before it that begins with "TABLE 3" is its caption.
func (r *reader) caption(table *document.Block) {
	t := table.Table
	if t.Caption != "" {
		r.add(document.Block{Kind: document.Caption, Text: t.Caption})
		return
	}
	if k := len(r.doc.Blocks); k > 0 {
		last := &r.doc.Blocks[k-1]
		if label := markup.TableLabel(last.Text); label != "" && len(last.Text) < 300 && (last.Kind == document.Paragraph || last.Kind == document.Heading) {
			last.Kind = document.Caption
			t.Label, t.Caption = label, last.Text
		}
	}
}

func (r *reader) claims(n *markup.Node) {
	for _, part := range [...]string{"claim", "clm"} {
		n.All(part, func(c *markup.Node) {
			num := digits(c.Attribute("num"))
			if num == "" {
				num = digits(c.Find("claimnumber").Characters())
			}
			for _, child := range c.Children {
				if child.Name != "claimnumber" {
					r.w.Write(child)
				}
			}
			text, shifts := r.w.Take()
			if num != "" && text != "" && (text[0] < '0' || text[0] > '9') {
				lead := num + ". "
				for i := range shifts {
					shifts[i].Start += len(lead)
					shifts[i].End += len(lead)
				}
				text = lead + text
			}
			r.add(document.Block{Kind: document.Paragraph, Text: text, Shifts: shifts})
			r.emit(document.Paragraph) // the tables
		})
	}
}

// digits returns the number that s begins with, without leading zeros.
func digits(s string) string {
	s = strings.TrimLeft(s, "0 ")
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
