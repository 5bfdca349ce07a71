package fidelity

import (
	"fmt"

	"github.com/alkahest/alkahest/document"
)

// cell is a cell with text, and where it stands.
type cell struct {
	row, rows     int // rows it may be found in: a tall cell may be set at any height
	column, width int
	text          string
}

func cellsOf(b *document.Block) []cell {
	var out []cell
	for _, c := range b.Table.Cells {
		if text := squeeze(alike(b.Text[c.Start:c.End])); text != "" {
			out = append(out, cell{c.Row, c.RowSpan, c.Column, c.ColumnSpan, text})
		}
	}
	return out
}

// compareTables pairs each table of the truth with the one most like it and
// counts the cells that stand in the right place with the right width and text.
// Empty cells do not count.
func (s *Score) compareTables(read, truth *document.Document) []Mistake {
	var tables [][]cell
	for i := range read.Blocks {
		if b := &read.Blocks[i]; b.Table != nil {
			tables = append(tables, cellsOf(b))
			s.Cells.Found += len(tables[len(tables)-1])
		}
	}
	used := make([]bool, len(tables))
	var mistakes []Mistake
	for i := range truth.Blocks {
		b := &truth.Blocks[i]
		if b.Table == nil {
			continue
		}
		s.Tables++
		want := cellsOf(b)
		s.Cells.Truth += len(want)
		best := -1
		var correct int
		var missing []cell
		for j, got := range tables {
			if used[j] {
				continue
			}
			if n, m := matchCells(want, got); best < 0 || n > correct {
				best, correct, missing = j, n, m
			}
		}
		if correct == 0 {
			mistakes = append(mistakes, Mistake{Kind: "cell", Truth: fmt.Sprintf("%s of %d cells", b.Table.Label, len(want))})
			continue
		}
		used[best] = true
		s.Cells.Correct += correct
		for _, c := range missing {
			mistakes = append(mistakes, Mistake{Kind: "cell", Truth: fmt.Sprintf("%s, row %d, column %d, %d wide: %s", b.Table.Label, c.row+1, c.column+1, c.width, c.text)})
		}
	}
	return mistakes
}

// matchCells counts the cells of want that got has, and lists the others.
func matchCells(want, got []cell) (correct int, missing []cell) {
	type key struct {
		row, column, width int
		text               string
	}
	have := map[key]bool{}
	for _, c := range got {
		have[key{c.row, c.column, c.width, c.text}] = true
	}
	for _, c := range want {
		found := false
		for row := c.row; row < c.row+c.rows && !found; row++ {
			k := key{row, c.column, c.width, c.text}
			if found = have[k]; found {
				delete(have, k)
			}
		}
		if found {
			correct++
		} else {
			missing = append(missing, c)
		}
	}
	return correct, missing
}
