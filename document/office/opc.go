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
	p.Look("docProps/core.xml", func(root *markup.Node) {
		title, creator, date = root.Find("title").Characters(), root.Find("creator").Characters(), root.Find("created").Characters()
	})
	return title, creator, date[:min(len(date), len("2006-01-02"))]
}

// Related returns the parts that the part name refers to, by the identifiers of
// its relationships.
func (p *Package) Related(name string) map[string]string {
	out := map[string]string{}
	p.Look(path.Join(path.Dir(name), "_rels", path.Base(name)+".rels"), func(root *markup.Node) {
		root.All("relationship", func(n *markup.Node) {
			target := n.Attribute("target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(path.Dir(name), target)
			}
			out[n.Attribute("id")] = strings.TrimPrefix(target, "/")
		})
	})
	return out
}
