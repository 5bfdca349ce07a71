package patent

import (
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/markup"
)

// bibliography reads number, date, language, title and inventors. Either of
// root and n may lack what the other has.
func (r *reader) bibliography(root, n *markup.Node) {
	top := element(root)
	r.doc.Language = strings.ToLower(top.Attribute("lang"))
	if r.doc.Language == "" {
		r.doc.Language = strings.ToLower(top.Attribute("languagecode"))
	}
	country, number, kind, date := published(top, n)
	identify(r.doc, Number(country, number, kind))
	if id := applied(n, country); id != "" && r.doc.Identifiers != nil {
		r.doc.Identifiers["application"] = id
	}
	r.doc.Date = isoDate(date)
	if n == nil {
		n = top
	}
	r.doc.Title = firstTitle(r.inventionTitle(n).Characters())
	r.inventors(n)
}

// element returns the outermost element with attributes or several children:
// some offices put one envelope in another.
func element(root *markup.Node) *markup.Node {
	n := root
	for range 4 {
		var only *markup.Node
		count := 0
		for _, c := range n.Children {
			if c.Name != "" {
				only = c
				count++
			}
		}
		if count != 1 || n != root && (n.Attribute("doc-number") != "" || n.Attribute("lang") != "") {
			break
		}
		n = only
	}
	return n
}

// published returns what the document says of its own publication.
func published(top, n *markup.Node) (country, number, kind, date string) {
	country, number, kind = top.Attribute("country"), top.Attribute("doc-number"), top.Attribute("kind")
	date = top.Attribute("date-publ")
	if n == nil {
		return country, number, kind, date
	}
	set := func(field *string, value string) {
		if value != "" {
			*field = value
		}
	}
	for _, names := range [...]struct{ group, country, number, kind, date string }{
		{"publication-reference", "country", "doc-number", "kind", "date"},                                                    // ST.36
		{"document-id", "country-code", "doc-number", "kind-code", "document-date"},                                           // USPTO, applications before 2005
		{"b100", "b190", "b110", "b130", "b140"},                                                                              // ST.32
		{"patentgrantidentification", "ipofficecode", "patentnumber", "patentdocumentkindcode", "grantdate"},                  // ST.96
		{"patentpublicationidentification", "ipofficecode", "publicationnumber", "patentdocumentkindcode", "publicationdate"}, // ST.96
	} {
		g := n.Find(names.group)
		if g == nil {
			continue
		}
		set(&number, g.Find(names.number).Characters())
		set(&country, g.Find(names.country).Characters())
		set(&kind, g.Find(names.kind).Characters())
		set(&date, g.Find(names.date).Characters())
		if country == "" && names.group == "document-id" {
			country = "US"
		}
		break
	}
	return country, number, kind, date
}

// applied returns the number of the application that was published, which the
// publication of an application and the patent granted on it have in common, or
// "" when it is not given.
func applied(n *markup.Node, country string) string {
	if n == nil {
		return ""
	}
	for _, names := range [...]struct{ group, country, number string }{
		{"application-reference", "country", "doc-number"},                     // ST.36
		{"domestic-filing-data", "country-code", "doc-number"},                 // USPTO, applications before 2005
		{"b200", "b190", "b210"},                                               // ST.32
		{"applicationidentification", "ipofficecode", "applicationnumbertext"}, // ST.96
	} {
		g := n.Find(names.group)
		if g == nil {
			continue
		}
		if c := g.Find(names.country).Characters(); c != "" {
			country = c
		}
		return Number(country, g.Find(names.number).Characters(), "")
	}
	return ""
}

// inventionTitle returns the element with the title in the language of the
// document, else in English, else the first.
func (r *reader) inventionTitle(n *markup.Node) *markup.Node {
	var titles []*markup.Node
	for _, name := range [...]string{"invention-title", "title-of-invention", "inventiontitle"} {
		n.All(name, func(t *markup.Node) { titles = append(titles, t) })
	}
	if len(titles) > 0 {
		if t := r.inLanguage(titles); t != nil {
			return t
		}
		return titles[0]
	}
	b540 := n.Find("b540")
	if b540 == nil {
		return nil
	}
	// ST.32: languages (B541) and titles (B542) take turns.
	var first, english *markup.Node
	language := ""
	for _, c := range b540.Children {
		switch c.Name {
		case "b541":
			language = strings.ToLower(c.Characters())
		case "b542":
			if language == r.doc.Language && language != "" {
				return c
			}
			if language == "en" && english == nil {
				english = c
			}
			if first == nil {
				first = c
			}
		}
	}
	switch {
	case english != nil:
		return english
	case first != nil:
		return first
	}
	return b540
}

// firstTitle returns the Korean title of those that KIPO's editor for applicants
// writes as one, "고체 전해질{SOLID ELECTROLYTE}", and any other as it is.
func firstTitle(title string) string {
	korean, english, ok := strings.Cut(title, "{")
	if ok && strings.IndexByte(english, '}') == len(english)-1 && strings.ContainsFunc(korean, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
		return strings.TrimSpace(korean)
	}
	return title
}

// title adds the title as a block, with its sub- and superscripts.
func (r *reader) title(p parts) {
	n := p.bibliography
	if n != nil {
		if t := r.inventionTitle(n); t != nil {
			r.w.WriteChildren(t)
			r.emit(document.Title)
			return
		}
	}
	r.add(document.Block{Kind: document.Title, Text: r.doc.Title})
}

// inventors reads the inventors as authors. In USPTO's XML before 2012 they are
// the applicants.
func (r *reader) inventors(n *markup.Node) {
	seen := map[string]bool{}
	add := func(p *markup.Node) {
		if name := person(p); name != "" && !seen[name] && len(seen) < 10000 {
			seen[name] = true
			r.doc.Authors = append(r.doc.Authors, name)
		}
	}
	for _, name := range [...]string{"inventor", "first-named-inventor", "b721", "b722"} {
		if name == "inventor" {
			if group := n.Find("inventors"); group != nil {
				for _, c := range group.Children {
					if c.Name == "first-named-inventor" || c.Name == "inventor" {
						add(c)
					}
				}
				continue
			}
		}
		n.All(name, add)
	}
	if len(r.doc.Authors) > 0 {
		return
	}
	n.All("applicant", func(p *markup.Node) {
		if strings.Contains(p.Attribute("app-type"), "inventor") {
			add(p)
		}
	})
}

// person returns "Given Surname".
func person(n *markup.Node) string {
	for _, pair := range [...][2]string{
		{"first-name", "last-name"}, {"given-name", "family-name"}, {"fnm", "snm"}, {"firstname", "lastname"},
	} {
		surname := n.Find(pair[1])
		if surname == nil {
			continue
		}
		given := n.Find(pair[0]).Characters()
		return strings.TrimSpace(given + " " + surname.Characters())
	}
	for _, name := range [...]string{"name", "personfullname", "entityname", "inventor-name"} {
		if full := n.Find(name); full != nil {
			text := full.Characters()
			if surname, given, ok := strings.Cut(text, ", "); ok && !strings.Contains(given, ",") {
				text = given + " " + surname
			}
			return text
		}
	}
	return ""
}

// references adds the publications that the bibliographic data cite.
func (r *reader) references(n *markup.Node) {
	if n == nil {
		return
	}
	r.within("References cited", func() {
		for _, name := range [...]string{"patcit", "pcit"} {
			n.All(name, func(c *markup.Node) {
				country := c.Find("country").Characters()
				number := c.Find("doc-number").Characters()
				if number == "" {
					number = c.Find("dnum").Characters()
				}
				kind, holder := c.Find("kind").Characters(), c.Find("name").Characters()
				if holder == "" {
					holder = c.Find("snm").Characters()
				}
				if country == "" && name == "pcit" {
					country = "US"
				}
				text := Number(country, number, kind)
				if text == "" {
					text = c.Characters()
				}
				for _, part := range [...]string{holder, isoDate(c.Find("date").Characters())} {
					if part != "" {
						text += ", " + part
					}
				}
				r.add(document.Block{Kind: document.Reference, Text: text})
			})
		}
		for _, name := range [...]string{"nplcit", "ncit"} {
			n.All(name, func(c *markup.Node) {
				if text := c.Find("text"); text != nil {
					c = text
				}
				r.w.WriteChildren(c)
				r.emit(document.Reference)
			})
		}
	})
}
