// Package labsheet makes records of lab sheets: it guesses which column of a
// table is which property, condition or sample, says why, lets a person correct
// the guess in a file beside the sheet, and reads records by what that file
// says.
package labsheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// Extension is what the name of a mapping file adds to that of its sheet:
// "cells.xlsx" has its mapping in "cells.xlsx.map.yaml".
const Extension = ".map.yaml"

// Mapping says what the columns of the tables of one sheet are.
type Mapping struct {
	Sheet  string  `yaml:"sheet"` // the name of the file, for the reader alone
	Tables []Table `yaml:"tables"`
}

// Table says what the columns of one table are.
type Table struct {
	Table   int      `yaml:"table"`        // which of the tables of the document, from 1
	Of      string   `yaml:"of,omitempty"` // its sheet or caption, for the reader alone
	Columns []Column `yaml:"columns"`      // those that are not named are ignored
}

// Column says what one column is.
type Column struct {
	Column  int    `yaml:"column"`            // from 1
	Head    string `yaml:"head"`              // must be what the sheet has
	Is      string `yaml:"is"`                // "subject", "ignore", "condition temperature", or a property: "battery/specific-capacity"
	Unit    string `yaml:"unit,omitempty"`    // of numbers without one
	Because string `yaml:"because,omitempty"` // why this was guessed, for the reader alone
}

// The words of Column.Is that are no property.
const (
	Subject   = "subject"
	Ignore    = "ignore"
	Condition = "condition " // and its name
)

// maxMapping bounds a mapping file, in bytes.
const maxMapping = 4 << 20

// Parse reads a mapping; name stands for its file in errors. Every property
// must be one of fields, every unit one that is known.
func Parse(name string, data []byte, fields *field.Set) (*Mapping, error) {
	if len(data) > maxMapping {
		return nil, fmt.Errorf("%s: %d bytes, a mapping may have %d", name, len(data), maxMapping)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	var m Mapping
	if err := d.Decode(&m); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: the mapping is empty", name)
		}
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	for _, t := range m.Tables {
		subjects := 0
		for _, c := range t.Columns {
			at := fmt.Sprintf("%s: table %d, column %d (%s)", name, t.Table, c.Column, c.Head)
			switch {
			case c.Column < 1:
				return nil, fmt.Errorf("%s: columns count from 1", at)
			case c.Is == Subject:
				subjects++
			case c.Is == Ignore, strings.HasPrefix(c.Is, Condition) && len(c.Is) > len(Condition):
			case fields.Property(c.Is) == nil:
				return nil, fmt.Errorf("%s: %q is neither subject, ignore, condition NAME nor a property that a field declares", at, c.Is)
			}
			if u, err := quantity.ParseUnit(c.Unit); err != nil && c.Unit != "" || u.Unknown {
				return nil, fmt.Errorf("%s: the unit %q is not known", at, c.Unit)
			}
		}
		if subjects > 1 {
			return nil, fmt.Errorf("%s: table %d: %d columns are the subject; one must be", name, t.Table, subjects)
		}
	}
	return &m, nil
}

// YAML writes the mapping with a note on how to use it.
func (m *Mapping) YAML() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# What the columns of the sheet are. Correct \"is\" and \"unit\" where the guess is\n# wrong: is may be subject, ignore, condition NAME (condition temperature) or a\n# property, as \"alkahest fields\" lists them.\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}

// tables returns the indices of the blocks of doc that are tables with a head.
func tables(doc *document.Document) []int {
	var out []int
	for i := range doc.Blocks {
		if t := doc.Blocks[i].Table; t != nil && t.HeaderRows > 0 && t.Rows > t.HeaderRows {
			out = append(out, i)
		}
	}
	return out
}

// heads returns the text of the head of each column: the cells of all head
// rows, from the top.
func heads(b *document.Block, grid [][]int) []string {
	out := make([]string, b.Table.Columns)
	for c := range out {
		var parts []string
		last := -1
		for r := range b.Table.HeaderRows {
			if i := grid[r][c]; i >= 0 && i != last {
				last = i
				if text := b.Text[b.Table.Cells[i].Start:b.Table.Cells[i].End]; text != "" {
					parts = append(parts, text)
				}
			}
		}
		out[c] = strings.Join(parts, " ")
	}
	return out
}
