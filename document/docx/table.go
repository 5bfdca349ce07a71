package docx

import (
	"strconv"

	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
)

// cell is a cell of a table in its place.
type cell struct {
	node            *markup.Node
	column, columns int
	rows            int
	continued       bool // part of the cell above
}

// table reads a table.
func (r *reader) table(n *markup.Node) {
	var rows [][]cell
	var heads []bool
	var collect func(n *markup.Node)
	collect = func(n *markup.Node) {
		for _, c := range n.Children {
			switch c.Name {
			case "tr":
				if len(rows) < blocks.MaxPlaces/8 {
					rows = append(rows, cells(c))
					heads = append(heads, c.Child("trpr").Child("tblheader") != nil)
				}
			case "sdt", "sdtcontent", "ins", "customxml":
				collect(c)
			}
		}
	}
	collect(n)
	merge(rows)
	t := &r.grid
	outer := r.w.Builder
	r.w.Builder = &t.Builder
	for i, row := range rows {
		if !t.Row(heads[i]) {
			break
		}
		for _, c := range row {
			if c.continued {
				continue
			}
			t.Skip(c.column)
			if t.Cell(c.rows, c.columns, heads[i]) {
				r.w.WriteChildren(c.node)
			}
		}
	}
	r.w.Builder = outer
	r.text.Table(t)
	r.footnotes()
}

// cells returns the cells of a row by column.
func cells(row *markup.Node) []cell {
	column := number(row.Child("trpr").Child("gridbefore").Attribute("val"), 0)
	var out []cell
	var collect func(n *markup.Node)
	collect = func(n *markup.Node) {
		for _, c := range n.Children {
			switch c.Name {
			case "tc":
				properties := c.Child("tcpr")
				k := cell{node: c, column: column, columns: max(1, number(properties.Child("gridspan").Attribute("val"), 1)), rows: 1}
				if m := properties.Child("vmerge"); m != nil && m.Attribute("val") != "restart" {
					k.continued = true
				}
				if column+k.columns > blocks.MaxColumns {
					return
				}
				column += k.columns
				out = append(out, k)
			case "sdt", "sdtcontent", "customxml":
				collect(c)
			}
		}
	}
	collect(row)
	return out
}

func number(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > blocks.MaxColumns {
		return otherwise
	}
	return n
}

// merge adds cells that continue the cell above to it.
func merge(rows [][]cell) {
	above := map[int]*cell{} // by column, the cell that a continuation would join
	for i := range rows {
		next := make(map[int]*cell, len(rows[i]))
		for k := range rows[i] {
			c := &rows[i][k]
			if c.continued {
				if top := above[c.column]; top != nil && top.columns == c.columns {
					top.rows++
					next[c.column] = top
					continue
				}
				c.continued = false // there is nothing above
			}
			next[c.column] = c
		}
		above = next
	}
}
