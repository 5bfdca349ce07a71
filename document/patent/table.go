package patent

import "github.com/alkahest/alkahest/document/markup"

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
	return row != nil && markup.TableLabel(row.Characters()) != ""
}
