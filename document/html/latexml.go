package html

import (
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/markup"
)

// arXiv shows papers as LaTeXML makes them of their source, with a name of a
// class on every element (https://math.nist.gov/~BMiller/LaTeXML/manual/):
// tables may be made of spans, equations are tables, footnotes stand inside the
// text.

// tabular gives the spans and divisions that make a table the names of what
// they are.
func tabular(n *markup.Node) {
	class := n.Attribute("class")
	if !strings.HasPrefix(class, "ltx_") {
		return
	}
	switch first, _, _ := strings.Cut(class, " "); first {
	case "ltx_tabular":
		n.Name = "table"
	case "ltx_thead":
		n.Name = "thead"
	case "ltx_tbody":
		n.Name = "tbody"
	case "ltx_tr":
		n.Name = "tr"
	case "ltx_td":
		n.Name = "td"
		if strings.Contains(class, "ltx_th ") || strings.HasSuffix(class, "ltx_th") {
			n.Name = "th"
		}
	}
}

// latexml deals with an inline element of LaTeXML that is not written as it
// stands.
func (r *reader) latexml(w *markup.Writer, n *markup.Node, class string) bool {
	switch {
	case strings.HasPrefix(class, "ltx_note"):
		if strings.Contains(class, "ltx_role_") {
			r.notes = append(r.notes, n)
		}
		return true
	case strings.HasPrefix(class, "ltx_tag"):
		w.WriteChildren(n)
		w.Space()
		return true
	case strings.HasPrefix(class, "ltx_ERROR"):
		return true
	}
	return false
}

// note reads a footnote that stood inside running text.
func (r *reader) note(n *markup.Node) {
	for _, c := range n.Children {
		class := c.Attribute("class")
		switch {
		case strings.HasPrefix(class, "ltx_note_mark"), strings.HasPrefix(class, "ltx_tag"):
		case strings.HasPrefix(class, "ltx_note_outer"), strings.HasPrefix(class, "ltx_note_content"):
			r.note(c)
		default:
			r.w.Write(c)
		}
	}
}

// equation reads the cells of a displayed formula, its number last.
func (r *reader) equation(n *markup.Node) {
	n.All("td", func(c *markup.Node) {
		r.w.WriteChildren(c)
		r.w.Space()
	})
	text, shifts := r.w.Take()
	r.add(document.Block{Kind: document.Paragraph, Text: text, Shifts: shifts})
}

// creators reads the authors, without their addresses.
func (r *reader) creators(n *markup.Node) {
	n.All("span", func(c *markup.Node) {
		if !strings.Contains(c.Attribute("class"), "ltx_role_author") || len(r.doc.Authors) >= 10000 {
			return
		}
		for _, name := range c.Children {
			if strings.Contains(name.Attribute("class"), "ltx_personname") {
				if text := name.Characters(); text != "" {
					r.doc.Authors = append(r.doc.Authors, text)
				}
			}
		}
	})
}

// arxivLink is the address of a paper on arXiv or on ar5iv, which shows it.
var arxivLink = regexp.MustCompile(`arxiv\.org/(?:abs|html|pdf)/(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})`)

// arxivTitle is how arXiv begins the title of such a page.
var arxivTitle = regexp.MustCompile(`^\[(?:\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?:v\d+)?\]\s*`)
