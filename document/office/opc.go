package office

import (
	"path"
	"strings"

	"github.com/alkahest/alkahest/document/markup"
)

// The parts below are those of the Open Packaging Conventions (ECMA-376 part 2).

// Properties returns the title, the author and the date that the document has
// been given (docProps/core.xml), or nothing.
func (p *Package) Properties() (title, creator, date string) {
	if !p.Has("docProps/core.xml") {
		return "", "", ""
	}
	root, _, err := p.Tree("docProps/core.xml")
	if err != nil {
		return "", "", ""
	}
	date = root.Find("created").Characters()
	if len(date) > len("2006-01-02") {
		date = date[:len("2006-01-02")]
	}
	return root.Find("title").Characters(), root.Find("creator").Characters(), date
}

// Related returns the parts that the part name refers to, by the identifiers of
// its relationships.
func (p *Package) Related(name string) map[string]string {
	out := map[string]string{}
	relations := path.Join(path.Dir(name), "_rels", path.Base(name)+".rels")
	if !p.Has(relations) {
		return out
	}
	root, _, err := p.Tree(relations)
	if err != nil {
		return out
	}
	root.All("relationship", func(n *markup.Node) {
		target := n.Attribute("target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(name), target)
		}
		out[n.Attribute("id")] = strings.TrimPrefix(target, "/")
	})
	return out
}
