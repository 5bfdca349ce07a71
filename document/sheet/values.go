package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/charset"
)

// values reads separated values.
func (r *reader) values(name string, data []byte) error {
	decoded, err := charset.Decode(data, "")
	if err != nil {
		return err
	}
	if decoded.Replaced > 0 {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("%d characters are not valid %s", decoded.Replaced, decoded.Name))
	}
	c := csv.NewReader(bytes.NewReader(decoded.Text))
	c.Comma = separator(name, decoded.Text)
	c.LazyQuotes = true
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	rows := make([]row, 0, 1+bytes.Count(decoded.Text, []byte("\n")))
	wide := false
	offset := 0 // lines of records before, since blank lines are not records
	for {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		one := row{number: line - 1 - offset, cells: make([]cell, 0, min(len(record), blocks.MaxColumns))}
		for column, text := range record {
			if strings.TrimSpace(text) == "" {
				continue
			}
			if column >= blocks.MaxColumns {
				wide = true
				break
			}
			if err := r.count(); err != nil {
				return err
			}
			one.cells = append(one.cells, cell{column: int32(column), text: text, columns: 1, rows: 1})
		}
		if len(one.cells) > 0 {
			rows = append(rows, one)
		}
		// A cell with line ends takes several lines but is one row.
		end, _ := c.FieldPos(len(record) - 1)
		offset += end - line + strings.Count(record[len(record)-1], "\n")
	}
	if wide {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("columns beyond %d were not read", blocks.MaxColumns))
	}
	r.sheet(rows)
	return nil
}

// separator returns the character between values: the one of tab, semicolon
// and comma that divides the first lines most evenly.
func separator(name string, text []byte) rune {
	if strings.EqualFold(path.Ext(name), ".tsv") {
		return '\t'
	}
	best, most := ',', 0
	for _, candidate := range [...]rune{'\t', ';', ','} {
		counts := map[int]int{}
		lines := 0
		for line := range bytes.Lines(text) {
			if n := bytes.Count(line, []byte(string(candidate))); n > 0 {
				counts[n]++
			}
			if lines++; lines == 50 {
				break
			}
		}
		for _, n := range counts {
			if n > most { // lines with the same number of separators
				best, most = candidate, n
			}
		}
	}
	return best
}
