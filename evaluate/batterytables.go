package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// tableValue is one annotated value of a table.
type tableValue struct {
	Document   string            `json:"doc"`
	Table      int               `json:"table"`
	Row        int               `json:"row"`
	Material   string            `json:"material"`
	Property   string            `json:"property"`
	Value      string            `json:"value"`
	Unit       string            `json:"unit"`
	Conditions map[string]string `json:"conditions"`

	parsed     value
	unit       quantity.Unit
	conditions []tableCondition
}

type tableCondition struct {
	names  []string // names of our conditions that say the same
	parsed value
	unit   quantity.Unit
}

// tableProperties returns the properties of the fields that an annotated
// property may be read as.
func tableProperties(annotated string) []string {
	switch annotated {
	case "ionic conductivity":
		return []string{"battery/ionic-conductivity"}
	case "activation energy":
		return []string{"battery/activation-energy"}
	case "reversible capacity":
		return []string{"battery/specific-capacity"}
	case "lattice parameter":
		return []string{"solid/lattice-parameter"}
	case "relative density":
		return []string{"solid/relative-density"}
	}
	return nil
}

// conditionNames returns the names of the conditions of records that an
// annotated condition may be read as; nil for those that are not scored.
func conditionNames(annotated string) []string {
	switch annotated {
	case "temperature":
		return []string{"temperature"}
	case "current_density":
		return []string{"current-density", "current-rate"}
	case "cycle":
		return []string{"cycle"}
	}
	return nil
}

// scoreBatteryTables scores records read from tables of papers.
//
// A record counts when the paper and the property agree, the value is equal
// within 1 % in the annotated unit, and of the material as annotated and as
// read one contains the other, looking at letters and digits only. The tasks
// with conditions want every annotated temperature, current density and cycle
// as well, each within 1 %. Found are all records of the annotated properties
// of a paper that stand in its tables.
//
// The JATS and the PDF version of the papers are two tasks each; papers without
// a PDF are not in the second.
func scoreBatteryTables(ctx context.Context, dir string, o Options) (*Report, error) {
	path := filepath.Join(dir, "gold_tables.jsonl")
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	gold, err := jsonLines[tableValue](path, data)
	if err != nil {
		return nil, err
	}
	r := &Report{Split: "tables"}
	byDocument := map[string][]tableValue{}
	var names []string
	for i := range gold {
		g := &gold[i]
		if err := g.parse(); err != nil {
			return nil, fmt.Errorf("%s: record %d: %w", path, i+1, err)
		}
		if tableProperties(g.Property) == nil {
			r.note("property %q has no counterpart and is not scored", g.Property)
			continue
		}
		if byDocument[g.Document] == nil {
			names = append(names, g.Document)
		}
		byDocument[g.Document] = append(byDocument[g.Document], *g)
	}
	r.Notes = distinct(r.Notes)
	done, total := 0, 2*len(names)
	for _, format := range []struct{ name, folder, ending string }{{"jats", "jats", ".xml"}, {"pdf", "pdf", ".pdf"}} {
		values := tally{name: format.name + ": values of tables"}
		conditions := tally{name: format.name + ": values of tables with conditions"}
		documents := 0
		for _, name := range names {
			path := filepath.Join(dir, format.folder, name+format.ending)
			done++
			if !exists(path) {
				r.note("%s: no %s; not scored", name, format.name)
				o.Progress(done, total)
				continue
			}
			data, err := readFile(path)
			if err != nil {
				return nil, err
			}
			documents++
			doc, records, err := o.extract(ctx, r, filepath.Base(path), data)
			if err != nil {
				return nil, err
			}
			gold := byDocument[name]
			found := tabular(doc, records, gold)
			m := matchTable(gold, found, false)
			r.judge(filepath.Base(path), found, m)
			values.add(float64(matched(m)), len(found), len(gold))
			conditions.add(float64(matched(matchTable(gold, found, true))), len(found), len(gold))
			r.Mistakes = append(r.Mistakes, tableMistakes(values.name, filepath.Base(path), gold, found, m)...)
			o.Progress(done, total)
		}
		if documents == 0 {
			continue
		}
		r.Documents += documents
		r.Tasks = append(r.Tasks, values.averaged(), conditions.averaged())
	}
	return r, nil
}

func (g *tableValue) parse() error {
	var ok bool
	var err error
	if g.parsed, ok = parseValue(g.Value); !ok {
		// The annotation has values such as "5.1e-05".
		if _, err := fmt.Sscanf(g.Value, "%g", &g.parsed.low); err != nil {
			return fmt.Errorf("%w: value %q", ErrMalformed, g.Value)
		}
		g.parsed.high = g.parsed.low
	}
	if g.unit, err = quantity.ParseUnit(g.Unit); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	for name, text := range g.Conditions {
		names := conditionNames(name)
		if names == nil {
			continue
		}
		number, unit, _ := strings.Cut(text, " ")
		c := tableCondition{names: names}
		if c.parsed, ok = parseValue(number); !ok {
			return fmt.Errorf("%w: condition %s %q", ErrMalformed, name, text)
		}
		if c.unit, err = quantity.ParseUnit(unit); err != nil {
			return fmt.Errorf("%w: condition %s %q: %w", ErrMalformed, name, text, err)
		}
		g.conditions = append(g.conditions, c)
	}
	return nil
}

// tabular returns the records that stand in tables of doc and state one of the
// annotated properties.
func tabular(doc *document.Document, records []*record.Record, gold []tableValue) []*record.Record {
	var wanted []string
	for _, g := range gold {
		wanted = append(wanted, tableProperties(g.Property)...)
	}
	var out []*record.Record
	for _, rec := range records {
		b := rec.Evidence.Block
		if slices.Contains(wanted, rec.Property) && b >= 0 && b < len(doc.Blocks) && doc.Blocks[b].Kind == document.Tabular {
			out = append(out, rec)
		}
	}
	return out
}

func matchTable(gold []tableValue, found []*record.Record, conditions bool) []int {
	return match(len(gold), len(found), func(g, f int) bool {
		a, b := &gold[g], found[f]
		if !slices.Contains(tableProperties(a.Property), b.Property) || !nameContained(a.Material, &b.Subject) {
			return false
		}
		low, high, ok := ends(b, a.unit)
		if !ok || !a.parsed.is(low, high, 0.01) {
			return false
		}
		return !conditions || a.conditionsIn(b.Conditions)
	})
}

// conditionsIn reports whether each annotated condition is among cs.
func (g *tableValue) conditionsIn(cs []record.Condition) bool {
	for _, want := range g.conditions {
		if !slices.ContainsFunc(cs, func(c record.Condition) bool {
			low, high, ok := ends(&record.Record{Low: c.Low, High: c.High, Unit: c.Unit}, want.unit)
			if !ok && want.unit.Symbol == "" { // a count, whatever it is a count of
				low, high, ok = bare(c)
			}
			return ok && slices.Contains(want.names, c.Name) && want.parsed.is(low, high, 0.01)
		}) {
			return false
		}
	}
	return true
}

// bare returns the ends of c in its own unit.
func bare(c record.Condition) (low, high float64, ok bool) {
	if c.Low == nil || c.High == nil {
		return 0, 0, false
	}
	return *c.Low, *c.High, true
}

func tableMistakes(task, file string, gold []tableValue, found []*record.Record, m []int) []Mistake {
	var out []Mistake
	for g, f := range m {
		if f < 0 {
			v := gold[g]
			out = append(out, Mistake{Task: task, Document: file, Kind: Missed,
				Gold: v.Material + ": " + v.Property + " " + v.Value + " " + v.Unit, Sentence: fmt.Sprintf("table %d, row %d", v.Table, v.Row)})
		}
	}
	for _, f := range unmatched(m, len(found)) {
		out = append(out, wrongRecord(task, file, found[f]))
	}
	return out
}
