// Package labsheet makes records of lab sheets: it guesses which column of a
// table is which property, condition or sample, says why, lets a person correct
// the guess in a file beside the sheet, and reads records by what that file
// says.
package labsheet

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/alkahest/alkahest/document"
)

// Extension is what the name of a mapping file adds to that of its sheet:
// "cells.xlsx" has its mapping in "cells.xlsx.map.yaml".
const Extension = ".map.yaml"

// Mapping says what the columns of the tables of one sheet are.
type Mapping struct {
	Sheet  string  `yaml:"sheet"` // the name of the file, for the reader alone
	Tables []Table `yaml:"tables"`

	file string // the mapping was read from
}

// Table says what the columns of one table are.
type Table struct {
	Table   int      `yaml:"table"`        // which of the tables of the document, from 1
	Of      string   `yaml:"of,omitempty"` // its sheet or caption, for the reader alone
	Columns []Column `yaml:"columns"`      // those that are not named are ignored

	line int // where it begins in the file of the mapping
}

// Column says what one column is.
type Column struct {
	Column  int    `yaml:"column"`            // from 1
	Head    string `yaml:"head"`              // must be what the sheet has
	Is      string `yaml:"is"`                // "subject", "ignore", "condition temperature", or a property: "battery/specific-capacity"
	Unit    string `yaml:"unit,omitempty"`    // of numbers without one
	Because string `yaml:"because,omitempty"` // why this was guessed, for the reader alone

	line int // where it begins in the file of the mapping
}

// The words of Column.Is that are no property.
const (
	Subject   = "subject"
	Ignore    = "ignore"
	Condition = "condition " // and its name
)

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
