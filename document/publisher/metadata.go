package publisher

import (
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/document/markup"
)

// metadata reads title, authors, identifiers, date and language, from the
// article and, where it lacks them, from what the interface says of it.
func (r *reader) metadata(root *markup.Node) {
	first := func(names ...string) string {
		for _, name := range names {
			if text := root.Find(name).Characters(); text != "" {
				return text
			}
		}
		return ""
	}
	head := root.Find("head")
	r.doc.Title = unmarked(head.Child("title")).Characters()
	if r.doc.Title == "" {
		r.doc.Title = unmarked(root.Find("articletitle")).Characters()
	}
	if r.doc.Title == "" {
		r.doc.Title = root.Find("coredata").Child("title").Characters()
	}
	doi := root.Find("item-info").Child("doi").Characters()
	if doi == "" {
		doi = first("doi", "articledoi")
	}
	r.identify("doi", strings.TrimPrefix(doi, "doi:"))
	r.identify("pii", first("pii-unformatted"))
	if pii := root.Find("item-info").Child("pii").Characters(); pii != "" {
		r.identify("pii", strings.Map(func(c rune) rune {
			if c == '-' || c == '(' || c == ')' {
				return -1
			}
			return c
		}, pii))
	}
	r.identify("pmid", root.Find("coredata").Child("pubmed-id").Characters())
	r.doc.Date = date(root, first("cover-date-start", "coverdate"))
	r.doc.Language = language(root)
	groups := root.Find("author-group")
	if groups == nil {
		groups = root.Find("authorgroup")
	}
	if groups != nil {
		r.authors(root)
	}
	if len(r.doc.Authors) == 0 {
		root.Find("coredata").All("creator", func(n *markup.Node) { r.author(reversed(n.Characters())) })
	}
}

func (r *reader) identify(kind, value string) {
	if value == "" || kind == "doi" && !strings.HasPrefix(value, "10.") {
		return
	}
	if r.doc.Identifiers == nil {
		r.doc.Identifiers = make(map[string]string)
	}
	if r.doc.Identifiers[kind] == "" {
		r.doc.Identifiers[kind] = value
	}
}

func (r *reader) author(name string) {
	if name != "" && len(r.doc.Authors) < 10000 {
		r.doc.Authors = append(r.doc.Authors, name)
	}
}

func (r *reader) authors(root *markup.Node) {
	for _, group := range [...]string{"author-group", "authorgroup"} {
		root.All(group, func(g *markup.Node) {
			g.All("author", func(n *markup.Node) {
				given, surname := n.Find("given-name").Characters(), n.Find("surname").Characters()
				if surname == "" {
					surname = n.Find("familyname").Characters()
					var names []string
					n.All("givenname", func(n *markup.Node) { names = append(names, n.Characters()) })
					given = strings.Join(names, " ")
				}
				r.author(strings.TrimSpace(given + " " + surname))
			})
			g.All("collaboration", func(n *markup.Node) { r.author(n.Find("text").Characters()) })
		})
		if len(r.doc.Authors) > 0 {
			return
		}
	}
}

// reversed returns "Given Surname" of "Surname, Given".
func reversed(name string) string {
	if surname, given, ok := strings.Cut(name, ", "); ok && !strings.Contains(given, ",") {
		return given + " " + surname
	}
	return name
}

var datePattern = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)

func date(root *markup.Node, cover string) string {
	if datePattern.MatchString(cover) {
		return cover
	}
	for _, name := range [...]string{"onlinedate", "coverdate", "printdate", "date-accepted"} {
		n := root.Find(name)
		if n == nil {
			continue
		}
		out := ""
		for _, part := range [...]string{"year", "month", "day"} {
			s := n.Child(part).Characters()
			if s == "" {
				s = n.Attribute(part)
			}
			if len(s) == 1 {
				s = "0" + s
			}
			if strings.Trim(s, "0123456789") != "" || s == "" {
				break
			}
			if out != "" {
				out += "-"
			}
			out += s
		}
		if datePattern.MatchString(out) {
			return out
		}
	}
	if year := root.Find("cover-date-year").Characters(); datePattern.MatchString(year) {
		return year
	}
	return ""
}

func language(root *markup.Node) string {
	for _, name := range [...]string{"article", "converted-article", "simple-article"} {
		if n := root.Find(name); n != nil {
			lang := n.Attribute("lang")
			if lang == "" {
				lang = n.Find("articleinfo").Attribute("language")
			}
			return strings.ToLower(lang)
		}
	}
	return ""
}
