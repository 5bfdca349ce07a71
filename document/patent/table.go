package patent

import (
	"regexp"

	"github.com/alkahest/alkahest/document/markup"
)

var labelPattern = regexp.MustCompile(`^(?i:table)\s*[-.]?\s*(?:[0-9]+|[IVX]+)(?:[-.]?[0-9A-Za-z]{1,2})?\b|^[\[<【]?표\s*\d+(?:-\d+)?[\]>】]?`)

// tableLabel returns the label that a caption begins with, or "".
func tableLabel(s string) string { return labelPattern.FindString(s) }

// pieces divides a table in which further tables follow, each with its own
// "TABLE 2" across all columns, at these rows. USPTO's files hold tables that
// were printed below each other as one.
func pieces(t *markup.Node) []*markup.Node {
	var out []*markup.Node
	current := &markup.Node{Name: t.Name, Attributes: t.Attributes}
	begun := false
	for _, c := range t.Children {
		if c.Name == "tgroup" {
			if begun && labelled(c) {
				out = append(out, current)
				current = &markup.Node{Name: t.Name, Attributes: t.Attributes}
			}
			begun = true
		}
		current.Children = append(current.Children, c)
	}
	return append(out, current)
}

// labelled reports whether the first row of a group is the label of a table.
func labelled(group *markup.Node) bool {
	row := group.Find("row")
	return row != nil && labelPattern.MatchString(row.Characters())
}
