// Package docx reads documents of Microsoft Word since 2007 (ECMA-376,
// WordprocessingML): paragraphs, headings, lists, tables with spans, super- and
// subscripts, formulas, footnotes. What is marked as deleted is left out, what
// is marked as inserted is read.
package docx

import (
	"errors"
	"fmt"
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
// document's name. Reading takes memory of at most seventy times the size of
// the unpacked XML.
func Read(name string, data []byte) (*document.Document, error) {
	p, err := office.Open(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	tree, err := p.Tree("word/document.xml")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer tree.Release()
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.DOCX}
	doc.Warnings = tree.Warnings()
	r := &reader{text: office.Text{Doc: doc}, w: markup.Writer{Builder: new(blocks.Builder)}, styles: styles(p), notes: map[string]*markup.Node{}}
	r.w.Element = r.inline
	for _, part := range [...]string{"footnote", "endnote"} {
		if tree, err := p.Tree("word/" + part + "s.xml"); err == nil {
			defer tree.Release()
			tree.Root.All(part, func(n *markup.Node) { r.notes[part+n.Attribute("id")] = n })
		}
	}
	var author string
	doc.Title, author, doc.Date = p.Properties()
	if author != "" {
		doc.Authors = []string{author}
	}
	body := tree.Root.Find("body")
	if body == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	r.children(body)
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	r.text.Finish()
	return doc, nil
}

// style is what matters of a style: the level of a heading, or its name.
type style struct {
	name  string
	level int // from 1; 0 for none
}

// styles returns the styles of paragraphs by their identifiers. Their names are
// English whatever the language of Word.
func styles(p *office.Package) map[string]style {
	out := map[string]style{}
	note := func(n *markup.Node) {
		s := style{name: strings.ToLower(n.Child("name").Attribute("val"))}
		if level, ok := strings.CutPrefix(s.name, "heading "); ok {
			s.level, _ = strconv.Atoi(level)
		} else if level := n.Child("ppr").Child("outlinelvl").Attribute("val"); level != "" {
			if k, err := strconv.Atoi(level); err == nil && k >= 0 && k < 9 {
				s.level = k + 1
			}
		}
		out[n.Attribute("styleid")] = s
	}
	p.Look("word/styles.xml", func(root *markup.Node) { root.All("style", note) })
	return out
}

type reader struct {
	text   office.Text
	w      markup.Writer
	grid   blocks.Table // one table after the other is gathered in it
	styles map[string]style
	notes  map[string]*markup.Node // "footnote3" → its text
	later  []*markup.Node          // notes met in running text
}

func (r *reader) children(n *markup.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "p":
			r.paragraph(c)
		case "tbl":
			r.table(c)
		case "sdt", "sdtcontent", "ins", "moveto", "customxml", "smarttag", "txbxcontent", "alternatecontent", "choice":
			r.children(c)
		}
	}
}

func (r *reader) paragraph(n *markup.Node) {
	properties := n.Child("ppr")
	s := r.styles[properties.Child("pstyle").Attribute("val")]
	if level := properties.Child("outlinelvl").Attribute("val"); level != "" && level != "9" {
		if k, err := strconv.Atoi(level); err == nil {
			s.level = k + 1
		}
	}
	r.w.WriteChildren(n)
	text, shifts := r.w.Take()
	kind := document.Paragraph
	switch {
	case s.level > 0 && r.text.Heading(text, shifts, s.level):
		r.footnotes()
		return
	case s.name == "title":
		kind = document.Title
	case s.name == "caption":
		kind = document.Caption
	case strings.Contains(s.name, "abstract"):
		kind = document.Abstract
	case strings.Contains(s.name, "bibliography") || strings.Contains(s.name, "reference"):
		kind = document.Reference
	case properties.Child("numpr") != nil || strings.HasPrefix(s.name, "list"):
		kind = document.List
	}
	r.text.Add(document.Block{Kind: kind, Text: text, Shifts: shifts})
	r.footnotes()
}

func (r *reader) footnotes() {
	later := r.later
	r.later = nil
	for _, n := range later {
		r.w.WriteChildren(n)
		text, shifts := r.w.Take()
		r.text.Add(document.Block{Kind: document.Footnote, Text: text, Shifts: shifts})
	}
	r.later = nil
}

// inline writes the elements of running text.
func (r *reader) inline(w *markup.Writer, n *markup.Node) bool {
	switch n.Name {
	case "r":
		r.run(w, n)
	case "t":
		for _, text := range n.Children {
			w.WriteString(text.Text)
		}
	case "omath", "omathpara":
		r.math(w, n)
	case "ppr", "rpr", "instrtext", "del", "movefrom", "bookmarkstart", "bookmarkend", "prooferr", "commentreference", "fallback", "sectpr", "pict", "annotationref":
	case "drawing":
		// Text boxes follow the paragraph that they are anchored in.
		n.All("txbxcontent", func(t *markup.Node) {
			w.Space()
			w.WriteChildren(t)
			w.Space()
		})
	case "p": // in a text box or a note
		w.Space()
		w.WriteChildren(n)
		w.Space()
	case "tbl":
		w.Space()
		n.All("t", func(t *markup.Node) { w.Write(t); w.Space() })
	default:
		return false
	}
	return true
}

func (r *reader) run(w *markup.Writer, n *markup.Node) {
	properties := n.Child("rpr")
	if properties.Child("vanish") != nil {
		return
	}
	level := w.Level()
	switch properties.Child("vertalign").Attribute("val") {
	case "superscript":
		level = blocks.Raised
	case "subscript":
		level = blocks.Lowered
	}
	old := w.SetLevel(level)
	for _, c := range n.Children {
		switch c.Name {
		case "t":
			for _, text := range c.Children {
				w.WriteString(text.Text)
			}
		case "tab", "br", "cr", "ptab":
			w.Space()
		case "nobreakhyphen":
			w.WriteString("-")
		case "sym":
			w.WriteString(symbol(c.Attribute("font"), c.Attribute("char")))
		case "footnotereference", "endnotereference":
			if note := r.notes[strings.TrimSuffix(c.Name, "reference")+c.Attribute("id")]; note != nil && len(r.later) < 1000 {
				r.later = append(r.later, note)
			}
		case "", "rpr", "footnoteref", "endnoteref":
		default:
			w.Write(c)
		}
	}
	w.SetLevel(old)
}

// math writes a formula of Office Math (ECMA-376 part 1, 22.1) on one line.
func (r *reader) math(w *markup.Writer, n *markup.Node) {
	raised := func(c *markup.Node, level blocks.Level) {
		if c != nil {
			old := w.SetLevel(level)
			r.math(w, c)
			w.SetLevel(old)
		}
	}
	group := func(c *markup.Node) {
		if c == nil {
			return
		}
		simple := len([]rune(c.Characters())) <= 1
		if !simple {
			w.WriteString("(")
		}
		r.math(w, c)
		if !simple {
			w.WriteString(")")
		}
	}
	for _, c := range n.Children {
		switch c.Name {
		case "":
		case "r":
			c.All("t", func(t *markup.Node) { w.WriteString(t.Characters()) })
		case "ssup":
			r.math(w, base(c))
			raised(c.Child("sup"), blocks.Raised)
		case "ssub":
			r.math(w, base(c))
			raised(c.Child("sub"), blocks.Lowered)
		case "ssubsup":
			r.math(w, base(c))
			raised(c.Child("sub"), blocks.Lowered)
			raised(c.Child("sup"), blocks.Raised)
		case "f":
			group(c.Child("num"))
			w.WriteString("/")
			group(c.Child("den"))
		case "rad":
			w.WriteString("√(")
			r.math(w, base(c))
			w.WriteString(")")
		case "d":
			open, end := "(", ")"
			if properties := c.Child("dpr"); properties != nil {
				if n := properties.Child("begchr"); n != nil {
					open = n.Attribute("val")
				}
				if n := properties.Child("endchr"); n != nil {
					end = n.Attribute("val")
				}
			}
			w.WriteString(open)
			r.math(w, c)
			w.WriteString(end)
		default:
			if !strings.HasSuffix(c.Name, "pr") {
				r.math(w, c)
			}
		}
	}
}

// base returns what a script or a root applies to.
func base(n *markup.Node) *markup.Node {
	if e := n.Child("e"); e != nil {
		return e
	}
	return &markup.Node{}
}

// symbol returns a character of the font Symbol, which Word writes by its
// place. Other fonts of signs have no letters.
func symbol(font, char string) string {
	code, err := strconv.ParseUint(char, 16, 16)
	if err != nil {
		return ""
	}
	if !strings.EqualFold(font, "Symbol") {
		if code < 0xE000 && code >= ' ' {
			return string(rune(code))
		}
		return ""
	}
	// Adobe Symbol Encoding: the Greek letters in the places of Latin ones.
	const capitals, smalls = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
	switch code &= 0xFF; {
	case code >= 'A' && code <= 'Z':
		return string([]rune(capitals)[code-'A'])
	case code >= 'a' && code <= 'z':
		return string([]rune(smalls)[code-'a'])
	}
	signs := map[uint64]string{0xA3: "≤", 0xB3: "≥", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xAE: "→", 0xAC: "←", 0xA5: "∞", 0xD7: "⋅", 0xD6: "√", 0x7E: "∼", 0x2D: "−", 0xA2: "′", 0xC5: "⊕"}
	if s, ok := signs[code]; ok {
		return s
	}
	if code >= ' ' && code < 0x7F {
		return string(rune(code))
	}
	return ""
}
