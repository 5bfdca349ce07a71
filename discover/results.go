package discover

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/internal/strictyaml"
)

// Columns that every sheet of results may have beside variables and outcomes.
const (
	statusColumn = "status" // ok, failed or skipped; empty means ok
	noteColumn   = "note"   // for people
	idColumn     = "id"     // of the experiment: a later row of the same replaces an earlier one; empty for none
)

// Sheet is what a file of results holds.
type Sheet struct {
	Experiments []Experiment
	Notes       []string // what the user should know
}

// ReadResults reads a sheet of results: a CSV file with a column for each
// variable, columns for outcomes, one for the status if any failed, and one for
// IDs if results may be replaced by later ones. A cell of an outcome may be
// empty: it was not measured. Every mistake is reported
// with its line, joined with errors.Join; then nothing is returned.
func (c *Campaign) ReadResults(name string, r io.Reader) (*Sheet, error) {
	head, rows, err := readTable(name, r)
	if err != nil {
		return nil, err
	}
	reader := &strictyaml.Reader{File: name}
	at := func(row int, format string, args ...any) {
		reader.Errorf(&strictyaml.Node{Line: row + 2}, format, args...)
	}
	column := map[string]int{}
	for i, h := range head {
		column[h] = i
	}
	var known []string
	for _, v := range c.Space.Variables {
		known = append(known, v.Name)
		if _, ok := column[v.Name]; !ok {
			at(-1, "the column of variable %q is missing", v.Name)
		}
	}
	measured := 0
	for _, o := range c.Outcomes {
		known = append(known, o.Name)
		if _, ok := column[o.Name]; ok {
			measured++
		}
	}
	_, hasStatus := column[statusColumn]
	if measured == 0 && !hasStatus {
		at(-1, "no column is an outcome of the campaign, such as %q", c.Outcomes[0].Name)
	}
	sheet := &Sheet{}
	named := -1 // column of the experiments' IDs
	if k, ok := column[idColumn]; ok && !slices.Contains(known, idColumn) {
		named = k
	}
	known = append(known, statusColumn, noteColumn, idColumn)
	var others []string
	for _, h := range head {
		if !slices.Contains(known, h) {
			others = append(others, h)
		}
	}
	if len(others) > 0 {
		sheet.Notes = append(sheet.Notes, fmt.Sprintf("%s: columns that the campaign does not know are passed over: %s", name, strings.Join(others, ", ")))
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	for i, row := range rows {
		e := Experiment{Status: OK, Source: fmt.Sprintf("%s:%d", name, i+2)}
		if named >= 0 {
			e.ID = row[named]
		}
		for j, v := range c.Space.Variables {
			x, err := c.Space.Read(j, row[column[v.Name]])
			if err != nil {
				at(i, "%v", err)
			}
			e.Point = append(e.Point, x)
		}
		if hasStatus {
			switch s := Status(strings.ToLower(row[column[statusColumn]])); s {
			case OK, Failed, Skipped:
				e.Status = s
			case "":
			default:
				at(i, "status should be ok, failed or skipped, not %q", strictyaml.Clip(string(s)))
			}
		}
		any := false
		for _, o := range c.Outcomes {
			y := math.NaN()
			if k, ok := column[o.Name]; ok && row[k] != "" {
				y, err = strconv.ParseFloat(row[k], 64)
				if err != nil || math.IsNaN(y) || math.IsInf(y, 0) {
					at(i, "%s should be a number or empty, not %q", o.Name, strictyaml.Clip(row[k]))
				}
				any = true
			}
			e.Outcomes = append(e.Outcomes, y)
		}
		if e.Status == OK && !any {
			at(i, "nothing was measured; if the experiment failed or was not made, say so in a column \"status\"")
		}
		if e.Status != OK && any {
			at(i, "the experiment is %s, but has an outcome", e.Status)
		}
		sheet.Experiments = append(sheet.Experiments, e)
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	return sheet, nil
}

// Tell takes the experiments of a sheet up and appends those that are new to
// the log. An experiment with an ID replaces what was told before of that ID.
// Telling the same sheet again changes nothing, also after some of it was
// replaced.
func (c *Campaign) Tell(sheet *Sheet) (added, replaced []Experiment, err error) {
	// The log is written first: what is not safe there was not told.
	before := *c
	before.told = maps.Clone(c.told)
	before.Experiments, before.Pending = slices.Clone(c.Experiments), slices.Clone(c.Pending)
	var entries []entry
	for _, e := range c.add(sheet.Experiments) {
		entries = append(entries, c.resultEntry(&e))
		if e.replaced {
			replaced = append(replaced, e.Experiment)
		} else {
			added = append(added, e.Experiment)
		}
	}
	if err := c.appendLog(entries); err != nil {
		*c = before
		return nil, nil, err
	}
	return added, replaced, nil
}
