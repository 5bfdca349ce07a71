package cycler

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Sheet says what is known of cells: a line for each.
type Sheet struct {
	Columns []string // beside those of the cell and the life
	Rows    map[string]Row
}

// Row is what is known of a cell.
type Row struct {
	Line  int
	Life  float64  // cycles; NaN where it is not known yet
	Cells []string // in the order of Columns
}

// ReadSheet reads a file of cells separated by commas, semicolons or tabs, whose
// first line names the columns: cell, and life if it is known of any, in cycles.
// Errors begin with name and line.
func ReadSheet(r io.Reader, name string) (*Sheet, error) {
	l, err := openLines(r, name)
	if err != nil {
		return nil, err
	}
	at, err := findColumns(l.heads, name, []role{cellRole, lifeRole}, cellRole)
	if err != nil {
		return nil, err
	}
	s := &Sheet{Rows: map[string]Row{}}
	var others []int
	for j, head := range l.heads {
		if j == at[cellRole].index || j == at[lifeRole].index {
			continue
		}
		if head == "" || slices.Contains(s.Columns, head) {
			return nil, l.errorf("the name of column %d, %q, is empty or stands twice", j+1, head)
		}
		s.Columns, others = append(s.Columns, head), append(others, j)
	}
	for {
		if err := l.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return s, nil
			}
			return nil, err
		}
		cell := string(l.cells[at[cellRole].index])
		if before, ok := s.Rows[cell]; ok {
			return nil, l.errorf("cell %q stands in line %d too", clip([]byte(cell)), before.Line)
		}
		if cell == "" || len(cell) > maxName {
			return nil, l.errorf("the name of the cell is empty or longer than %d bytes", maxName)
		}
		if len(s.Rows) == MaxCells {
			return nil, l.errorf("more than %d cells", MaxCells)
		}
		row := Row{Line: l.line, Life: math.NaN()}
		if j := at[lifeRole].index; j >= 0 && len(l.cells[j]) > 0 {
			if row.Life, err = l.number(at[lifeRole], fmt.Sprintf("the life of cell %s", clip([]byte(cell)))); err != nil {
				return nil, err
			}
			if !(row.Life > 0) {
				return nil, l.errorf("cell %s has a life of %v cycles; leave the life empty until it is known", clip([]byte(cell)), row.Life)
			}
		}
		for _, j := range others {
			row.Cells = append(row.Cells, string(l.cells[j]))
		}
		s.Rows[cell] = row
	}
}
