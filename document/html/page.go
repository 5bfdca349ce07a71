package html

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
)

// reader turns the tree of a page into blocks.
type reader struct {
	doc     *document.Document
	w       markup.Writer
	kind    document.Kind // of the running text being written
	section []string
	levels  []int
	title   string // as shown, to find it again among the headings

	inAbstract, inReferences bool

	notes []*markup.Node // footnotes met inside running text, read after it
}

func newReader(doc *document.Document) *reader {
	r := &reader{doc: doc, kind: document.Paragraph}
	r.w = markup.Writer{Builder: new(blocks.Builder), Element: r.inline, Cites: cites}
	return r
}

// cites reports links within the page to an entry of the bibliography.
func cites(n *markup.Node) bool {
	if n.Name != "a" {
		return false
	}
	href := n.Attribute("href")
	i := strings.IndexByte(href, '#')
	if i < 0 {
		return false
	}
	target := strings.TrimPrefix(strings.ToLower(href[i+1:]), "bib.") // LaTeXML: "bib.bib12"
	for _, prefix := range [...]string{"ref", "cite", "cit", "cr", "bib", "b", "r", "note-ref", "_ref"} {
		if rest, ok := strings.CutPrefix(target, prefix); ok {
			rest = strings.TrimLeft(rest, "-_.")
			if prefix == "cite" || prefix == "ref" && len(rest) < len(target) || rest != "" && rest[0] >= '0' && rest[0] <= '9' || strings.HasPrefix(rest, "cr") {
				return true
			}
		}
	}
	return strings.Contains(n.Attribute("class"), "ref") && strings.Trim(n.Characters(), "0123456789[]") == ""
}

// inline deals with the elements of running text that are not written as they
// stand.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	if hidden(n) {
		return true
	}
	if class := n.Attribute("class"); strings.HasPrefix(class, "ltx_") && r.latexml(w, n, class) {
		return true
	}
	switch n.Name {
	case "img":
		// Formulas as pictures often carry their text.
		if class := n.Attribute("class"); strings.Contains(class, "math") || strings.Contains(class, "tex") {
			w.WriteString(n.Attribute("alt"))
		}
		return true
	case "span":
		// MathJax and KaTeX set a formula twice, once for the eye, once as MathML.
		if class := n.Attribute("class"); strings.Contains(class, "katex-html") || strings.Contains(class, "MathJax_Preview") {
			return true
		}
		switch style := strings.ReplaceAll(strings.ToLower(n.Attribute("style")), " ", ""); {
		case strings.Contains(style, "vertical-align:super"):
			old := w.SetLevel(blocks.Raised)
			w.WriteChildren(n)
			w.SetLevel(old)
			return true
		case strings.Contains(style, "vertical-align:sub"):
			old := w.SetLevel(blocks.Lowered)
			w.WriteChildren(n)
			w.SetLevel(old)
			return true
		}
	case "input", "button", "select", "textarea", "audio", "video", "map":
		return true
	case "table":
		if w.Builder != r.w.Builder { // nested in a cell: text of the cell
			w.Space()
		}
	}
	return false
}

// hidden reports elements that are not shown.
func hidden(n *markup.Node) bool {
	for _, a := range n.Attributes {
		switch a.Name {
		case "hidden":
			return true
		case "aria-hidden":
			return a.Value == "true" && n.Child("math") == nil && n.Name != "span" && n.Name != "table"
		case "style":
			if strings.Contains(strings.ReplaceAll(strings.ToLower(a.Value), " ", ""), "display:none") {
				return true
			}
		}
	}
	return false
}

func (r *reader) page(root *markup.Node) {
	if h := root.Find("html"); h != nil {
		r.doc.Language = strings.ToLower(h.Attribute("lang"))
	}
	r.metadata(root.Find("head"))
	body := root.Find("body")
	if body == nil {
		body = root
	}
	// The article alone if the page marks one with enough text.
	content := body
	for _, name := range [...]string{"article", "main"} {
		if found := body.Find(name); found != nil && found.Find("p") != nil {
			content = found
			break
		}
	}
	h1 := content.Find("h1")
	if h1 == nil {
		h1 = body.Find("h1")
	}
	if h1 != nil {
		r.w.WriteChildren(h1)
		text, shifts := r.w.Take()
		r.title = text
		if r.doc.Title == "" || len(text) > 0 && strings.HasPrefix(r.doc.Title, text) {
			r.doc.Title = text
		}
		r.add(document.Block{Kind: document.Title, Text: text, Shifts: shifts})
	} else if r.doc.Title != "" {
		r.title = r.doc.Title
		r.add(document.Block{Kind: document.Title, Text: r.doc.Title})
	}
	r.blocks(content)
	r.flush()
	if r.doc.Language == "" {
		r.doc.Language = blocks.LanguageOf(r.doc)
	}
}

var datePattern = regexp.MustCompile(`^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?`)

// metadata reads title and meta elements: those of Highwire Press that Google
// Scholar asks for ("citation_title"), Dublin Core, PRISM and Open Graph, in
// this order of trust.
func (r *reader) metadata(head *markup.Node) {
	if head == nil {
		return
	}
	rank := map[string]int{}
	set := func(field *string, key string, trust int, value string) {
		if value != "" && (*field == "" || trust < rank[key]) {
			*field, rank[key] = value, trust
		}
	}
	id := func(kind, value string) {
		if value == "" {
			return
		}
		if r.doc.Identifiers == nil {
			r.doc.Identifiers = make(map[string]string)
		}
		if r.doc.Identifiers[kind] == "" {
			r.doc.Identifiers[kind] = value
		}
	}
	var creators []string
	head.All("meta", func(m *markup.Node) {
		name := strings.ToLower(m.Attribute("name"))
		if name == "" {
			name = strings.ToLower(m.Attribute("property"))
		}
		value := blocks.Clean(m.Attribute("content"))
		switch name {
		case "citation_title":
			set(&r.doc.Title, "title", 1, value)
		case "dc.title", "dcterms.title":
			set(&r.doc.Title, "title", 2, value)
		case "og:title":
			set(&r.doc.Title, "title", 3, value)
		case "citation_author":
			if surname, given, ok := strings.Cut(value, ", "); ok && !strings.Contains(given, ",") {
				value = given + " " + surname
			}
			if value != "" && len(r.doc.Authors) < 10000 {
				r.doc.Authors = append(r.doc.Authors, value)
			}
		case "citation_authors":
			for a := range strings.SplitSeq(value, ";") {
				if a = strings.TrimSpace(a); a != "" {
					creators = append(creators, a)
				}
			}
		case "dc.creator", "author":
			if value != "" {
				creators = append(creators, value)
			}
		case "citation_doi", "prism.doi", "dc.identifier", "bepress_citation_doi":
			value = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(value, "https://doi.org/"), "http://dx.doi.org/"), "doi:")
			if strings.HasPrefix(value, "10.") {
				id("doi", value)
			}
		case "citation_pmid":
			id("pmid", value)
		case "citation_arxiv_id":
			id("arxiv", value)
		case "citation_patent_number":
			id("patent", value)
		case "citation_publication_date", "citation_date", "citation_online_date", "dc.date", "prism.publicationdate", "article:published_time", "citation_year":
			if m := datePattern.FindStringSubmatch(value); m != nil {
				date := m[1]
				for _, part := range m[2:] {
					if part == "" || part == "0" || part == "00" {
						break
					}
					if len(part) == 1 {
						part = "0" + part
					}
					date += "-" + part
				}
				trust := 2
				if strings.HasPrefix(name, "citation_publication") || name == "citation_date" {
					trust = 1
				}
				set(&r.doc.Date, "date", trust, date)
			}
		case "citation_language", "dc.language":
			set(&r.doc.Language, "language", 2, strings.ToLower(value))
		}
	})
	if len(r.doc.Authors) == 0 {
		r.doc.Authors = creators
	}
	if title := head.Child("title").Characters(); r.doc.Title == "" {
		r.doc.Title = arxivTitle.ReplaceAllString(title, "")
	}
	head.All("link", func(l *markup.Node) {
		if m := arxivLink.FindStringSubmatch(l.Attribute("href")); m != nil && l.Attribute("rel") == "canonical" {
			id("arxiv", m[1])
		}
	})
}

func (r *reader) add(b document.Block) { blocks.Append(r.doc, r.section, b) }

// flush ends the running text.
func (r *reader) flush() {
	text, shifts := r.w.Take()
	kind := r.kind
	if kind == document.Paragraph || kind == document.List {
		switch {
		case r.inReferences:
			kind = document.Reference
		case r.inAbstract && kind == document.Paragraph:
			kind = document.Abstract
		}
	}
	r.add(document.Block{Kind: kind, Text: text, Shifts: shifts})
	notes := r.notes
	r.notes = nil
	for _, n := range notes {
		r.note(n)
		text, shifts := r.w.Take()
		r.add(document.Block{Kind: document.Footnote, Text: text, Shifts: shifts})
	}
}

// as reads the content of n as blocks of one kind.
func (r *reader) as(kind document.Kind, n *markup.Node) {
	r.flush()
	old := r.kind
	r.kind = kind
	r.blocks(n)
	r.flush()
	r.kind = old
}

func (r *reader) blocks(n *markup.Node) {
	for _, c := range n.Children {
		r.block(c)
	}
}

func (r *reader) block(n *markup.Node) {
	if n.Name == "" {
		r.w.WriteString(n.Text)
		return
	}
	if hidden(n) || skipped(n) {
		return
	}
	switch n.Name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		r.heading(n)
	case "p":
		r.flush()
		r.blocks(n)
		r.flush()
	case "pre", "blockquote", "address", "dd", "dt", "details", "summary", "fieldset", "center":
		r.flush()
		r.blocks(n)
		r.flush()
	case "ul", "ol", "dl", "menu":
		r.list(n)
	case "li":
		r.as(document.List, n)
	case "table":
		r.flush()
		if strings.Contains(n.Attribute("class"), "ltx_eqn_table") {
			r.equation(n)
			return
		}
		r.table(n, "")
	case "figure":
		r.figure(n)
	case "figcaption":
		r.as(document.Caption, n)
	case "div", "section", "article", "main", "header", "body", "html", "form", "#document", "aside", "hgroup":
		r.division(n)
	case "br":
		r.br()
	case "hr":
		r.flush()
	case "nav", "footer", "button", "select", "textarea", "head", "dialog":
	case "a", "span", "em", "strong", "b", "i", "font", "label", "ins", "small", "u", "cite", "center-inline":
		// Inline elements may wrongly hold blocks.
		if holdsBlocks(n, 8) && !cites(n) {
			r.blocks(n)
			return
		}
		r.w.Write(n)
	default:
		r.w.Write(n)
	}
}

// br writes a line break. Two in a row end a paragraph in old pages.
func (r *reader) br() {
	if r.w.Last() == 0 && r.w.Len() > 0 {
		r.flush()
		return
	}
	r.w.Space()
}

// holdsBlocks reports whether n has blocks among its children, looking at most
// depth elements deep.
func holdsBlocks(n *markup.Node, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, c := range n.Children {
		switch c.Name {
		case "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "figure", "section", "dl":
			return true
		case "":
		default:
			if holdsBlocks(c, depth-1) {
				return true
			}
		}
	}
	return false
}

// skipped reports the parts of a page that are not its content.
func skipped(n *markup.Node) bool {
	switch n.Attribute("role") {
	case "navigation", "banner", "contentinfo", "search", "menu", "dialog", "toolbar":
		return true
	}
	return false
}

// division reads an element that only groups others, looking at its name for
// what it holds.
func (r *reader) division(n *markup.Node) {
	r.flush()
	class := strings.ToLower(n.Attribute("class") + " " + n.Attribute("id") + " " + n.Attribute("role"))
	wrapper := n.Name == "div" || n.Name == "section"
	switch {
	case strings.HasPrefix(class, "ltx_authors"):
		r.creators(n)
		return
	case wrapper && n.Child("table") != nil && (strings.Contains(class, "table") || strings.Contains(class, "tbl")):
		r.tableGroup(n)
		return
	case wrapper && anyWord(class, "abstract", "ltx_abstract", "doc-abstract", "abstract-content", "hlfld-abstract"):
		old := r.inAbstract
		r.inAbstract = true
		r.blocks(n)
		r.flush()
		r.inAbstract = old
		return
	case wrapper && anyWord(class, "references", "ref-list", "bibliography", "citation-list", "doc-endnotes", "doc-bibliography", "c-article-references", "reflist", "ltx_bibliography"):
		old := r.inReferences
		r.inReferences = true
		r.blocks(n)
		r.flush()
		r.inReferences = old
		return
	case wrapper && anyWord(class, "caption", "figcaption", "table-caption", "figure-caption", "thumbcaption"):
		r.as(document.Caption, n)
		return
	case wrapper && anyWord(class, "footnote", "footnotes", "fn", "table-fn", "doc-footnote", "table-wrap-foot", "tfoot"):
		r.as(document.Footnote, n)
		return
	}
	r.blocks(n)
	r.flush()
}

func anyWord(s string, words ...string) bool {
	for w := range strings.FieldsSeq(s) {
		for _, want := range words {
			if w == want {
				return true
			}
		}
	}
	return false
}

func (r *reader) heading(n *markup.Node) {
	r.flush()
	r.w.WriteChildren(n)
	text, shifts := r.w.Take()
	if text == "" || text == r.title && n.Name == "h1" {
		return
	}
	level := int(n.Name[1] - '0')
	for k := len(r.levels); k > 0 && r.levels[k-1] >= level; k-- {
		r.levels, r.section = r.levels[:k-1], r.section[:k-1]
	}
	r.add(document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
	r.levels, r.section = append(r.levels, level), append(r.section, text)
	switch name := strings.ToLower(strings.Trim(text, " .:0123456789")); name {
	case "abstract", "summary", "초록", "요약":
		r.inAbstract, r.inReferences = true, false
	case "references", "bibliography", "literature cited", "references and notes", "notes and references", "참고문헌", "참고 문헌":
		r.inAbstract, r.inReferences = false, true
	default:
		r.inAbstract, r.inReferences = false, false
	}
}

func (r *reader) list(n *markup.Node) {
	r.flush()
	if anyWord(strings.ToLower(n.Attribute("class")+" "+n.Attribute("id")), "references", "reference-list", "ltx_biblist", "citations") && !r.inReferences {
		r.inReferences = true
		defer func() { r.inReferences = false }()
	}
	term := ""
	for _, c := range n.Children {
		switch c.Name {
		case "":
		case "li", "dd":
			if term != "" {
				r.w.WriteString(term)
				r.w.WriteString(": ")
				term = ""
			}
			old := r.kind
			if r.kind == document.Paragraph {
				r.kind = document.List
			}
			r.blocks(c)
			r.flush()
			r.kind = old
		case "dt":
			term = strings.TrimRight(c.Characters(), ": ")
		default:
			r.block(c)
		}
	}
	r.flush()
}

// figure reads a figure: its tables with the caption before them, or its
// caption alone.
func (r *reader) figure(n *markup.Node) {
	r.flush()
	if n.Find("table") != nil {
		r.tableGroup(n)
		return
	}
	r.blocks(n)
	r.flush()
}

// tableGroup reads an element that holds a table and, before or after it, its
// caption and footnotes.
func (r *reader) tableGroup(n *markup.Node) {
	var caption []*markup.Node
	var tables, rest []*markup.Node
	var sort func(n *markup.Node, depth int)
	sort = func(n *markup.Node, depth int) {
		for _, c := range n.Children {
			class := strings.ToLower(c.Attribute("class"))
			switch {
			case c.Name == "" || hidden(c):
			case c.Name == "table":
				tables = append(tables, c)
			case c.Name == "figcaption", strings.Contains(class, "caption"), strings.Contains(class, "label") && len(tables) == 0,
				len(tables) == 0 && (c.Name == "h3" || c.Name == "h4" || c.Name == "h5" || c.Name == "p" || c.Name == "header"):
				caption = append(caption, c)
			case c.Find("table") != nil && depth < 16:
				sort(c, depth+1)
			case c.Name == "nav" || c.Name == "button" || c.Name == "a" || c.Name == "img" || c.Name == "footer" && c.Find("p") == nil:
			default:
				rest = append(rest, c)
			}
		}
	}
	sort(n, 0)
	for i, c := range caption {
		if i > 0 {
			r.w.Space()
		}
		r.w.WriteChildren(c)
	}
	text, shifts := r.w.Take()
	r.add(document.Block{Kind: document.Caption, Text: text, Shifts: shifts})
	from := len(r.doc.Blocks)
	for _, t := range tables {
		r.table(t, text)
	}
	to := len(r.doc.Blocks)
	for _, c := range rest {
		old := r.kind
		r.kind = document.Footnote
		r.block(c)
		r.flush()
		r.kind = old
	}
	for i := from; i < to; i++ {
		if t := r.doc.Blocks[i].Table; t != nil {
			for _, b := range r.doc.Blocks[to:] {
				t.Footnotes = append(t.Footnotes, b.Text)
			}
		}
	}
}

var labelPattern = regexp.MustCompile(`^(?i:table|tab\.|표)\s*(?:S?\d+|[IVX]+)\b`)

// table reads a table, or, where it only lays out the page, what it holds.
func (r *reader) table(n *markup.Node, caption string) {
	if layout(n) {
		for _, c := range n.Children {
			r.layoutCells(c)
		}
		r.flush()
		return
	}
	if c := n.Child("caption"); c != nil {
		r.w.WriteChildren(c)
		text, shifts := r.w.Take()
		r.add(document.Block{Kind: document.Caption, Text: text, Shifts: shifts})
		if caption == "" {
			caption = text
		}
	}
	block, dropped, ok := r.w.Table(n)
	if dropped {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("a table is larger than %d places and was cut", blocks.MaxPlaces))
	}
	if !ok {
		return
	}
	if caption == "" {
		// A paragraph right before it that reads "Table 3. …" is its caption.
		if k := len(r.doc.Blocks); k > 0 {
			if last := &r.doc.Blocks[k-1]; (last.Kind == document.Paragraph || last.Kind == document.Caption) && labelPattern.MatchString(last.Text) && len(last.Text) < 1000 {
				last.Kind = document.Caption
				caption = last.Text
			}
		}
	}
	block.Table.Caption = caption
	block.Table.Label = labelPattern.FindString(caption)
	r.add(block)
}

// layout reports whether a table only arranges the page: it says so, or holds
// headings, further tables or paragraphs by the dozen in a cell.
func layout(n *markup.Node) bool {
	switch n.Attribute("role") {
	case "presentation", "none":
		return true
	}
	if n.Find("th") != nil || n.Child("caption") != nil || n.Find("thead") != nil {
		return false
	}
	nested := false
	cells := 0
	n.All("td", func(td *markup.Node) {
		cells++
		if td.Find("table") != nil || td.Find("h1") != nil || td.Find("h2") != nil || td.Find("h3") != nil {
			nested = true
		}
	})
	return nested || cells == 1
}

func (r *reader) layoutCells(n *markup.Node) {
	switch n.Name {
	case "tbody", "tr", "tfoot":
		for _, c := range n.Children {
			r.layoutCells(c)
		}
	case "td", "th":
		r.flush()
		r.blocks(n)
		r.flush()
	}
}
