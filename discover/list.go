package discover

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/internal/strictyaml"
)

// list reads the candidates of a file: a head, and a line for each.
func (p *parser) list(n *strictyaml.Node) {
	keys := p.Mapping(n, "list", "file", "formulas", "molecules", "ignore")
	e, ok := p.Required(n, keys, "file")
	if !ok {
		return
	}
	var formulas, molecules, ignored []string
	words := map[string]*strictyaml.Node{}
	for key, into := range map[string]*[]string{"formulas": &formulas, "molecules": &molecules, "ignore": &ignored} {
		for _, c := range p.List(keys[key].Value, key) {
			*into = append(*into, c.Value)
			words[c.Value] = c
		}
	}
	name := p.Text(e.Value, "file")
	if name == "" {
		return
	}
	file, err := os.Open(p.beside(name))
	if err != nil {
		p.Errorf(e.Value, "%v", err)
		return
	}
	defer file.Close()
	head, rows, err := readTable(name, file)
	if err != nil {
		p.Errorf(e.Value, "%v", err)
		return
	}
	for _, w := range slices.Concat(formulas, molecules, ignored) {
		if !slices.Contains(head, w) {
			p.Errorf(words[w], "%s has no column %q%s", name, strictyaml.Clip(w), strictyaml.Suggest(w, head))
		}
	}
	s := &p.space
	s.Rows = make([][]float64, len(rows))
	for c, column := range head {
		if slices.Contains(ignored, column) {
			continue
		}
		if !p.declare(e.Value, column) {
			continue
		}
		kind := space.Number
		if slices.Contains(formulas, column) {
			kind = space.Formula
		} else if slices.Contains(molecules, column) {
			kind = space.Molecule
		}
		v, values, err := listed(rows, c, kind)
		if err != nil {
			p.Errorf(e.Value, "%s: column %s: %v", name, column, err)
			continue
		}
		v.Name = column
		s.Joint = append(s.Joint, len(s.Variables))
		s.Variables = append(s.Variables, v)
		for i, x := range values {
			s.Rows[i] = append(s.Rows[i], x)
		}
	}
	if len(rows) == 0 {
		p.Errorf(e.Value, "%s holds no candidates", name)
	}
	slices.SortStableFunc(s.Rows, slices.Compare)
	s.Rows = slices.CompactFunc(s.Rows, slices.Equal)
}

// listed returns the variable of column c of rows: numbers, if all cells are,
// else choices. Of another kind it is what kind says.
func listed(rows [][]string, c int, kind space.Kind) (v space.Variable, values []float64, err error) {
	v = space.Variable{Kind: kind, Low: math.Inf(1), High: math.Inf(-1)}
	if kind == space.Number {
		for _, row := range rows {
			x, err := strconv.ParseFloat(row[c], 64)
			if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
				v.Kind = space.Choice
				break
			}
			v.Low, v.High = min(v.Low, x), max(v.High, x)
			values = append(values, x)
		}
		if v.Kind == space.Number {
			return v, values, nil
		}
	}
	codes := map[string]int{}
	values = values[:0]
	for i, row := range rows {
		text := row[c]
		if text == "" {
			return v, nil, fmt.Errorf("the cell of candidate %d is empty", i+1)
		}
		if text, err = v.Canonical(text); err != nil {
			return v, nil, fmt.Errorf("candidate %d: %w", i+1, err)
		}
		k, ok := codes[text]
		if !ok {
			k = len(codes)
			codes[text] = k
			v.Choices = append(v.Choices, text)
		}
		values = append(values, float64(k))
	}
	return v, values, nil
}

// readTable reads a CSV file with a head; blanks around cells are dropped. It
// reports lines that have another number of cells than the head, and cells that
// are not valid UTF-8, because the log could not keep them.
func readTable(name string, r io.Reader) (head []string, rows [][]string, err error) {
	c := csv.NewReader(r)
	c.ReuseRecord = false
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			if head == nil {
				return nil, nil, fmt.Errorf("%s: the file is empty", name)
			}
			return head, rows, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		for i, cell := range record {
			if len(cell) > maxCell {
				return nil, nil, fmt.Errorf("%s: a cell of more than %d bytes", name, maxCell)
			}
			if !utf8.ValidString(cell) {
				line, column := c.FieldPos(i)
				return nil, nil, fmt.Errorf("%s:%d:%d: the cell is not valid UTF-8; save the table as UTF-8", name, line, column)
			}
			record[i] = strings.TrimSpace(cell)
		}
		if head == nil {
			record[0] = strings.TrimPrefix(record[0], "\ufeff") // as spreadsheets write it
			head = record
			for i, h := range head {
				if h == "" || slices.Contains(head[:i], h) {
					return nil, nil, fmt.Errorf("%s:1: the name of column %d is empty or stands twice", name, i+1)
				}
			}
			if len(head) > maxColumns {
				return nil, nil, fmt.Errorf("%s: more than %d columns", name, maxColumns)
			}
			continue
		}
		if len(rows) == space.MaxRows {
			return nil, nil, fmt.Errorf("%s: more than %d lines", name, space.MaxRows)
		}
		rows = append(rows, record)
	}
}

// Limits of a table.
const (
	maxColumns = 1000
	maxCell    = 10_000 // bytes
)
