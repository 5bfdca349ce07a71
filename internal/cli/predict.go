package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/learn"
)

// predictCommand is "alkahest predict".
type predictCommand struct {
	Predictor string            `arg:"" help:"A property that was learned, or the file of a predictor."`
	Subjects  []string          `arg:"" help:"Compositions or SMILES, and files of comma-separated values with them."`
	With      map[string]string `placeholder:"NAME=VALUE" mapsep:"none" help:"Further input of the predictor, for all subjects; may be repeated."`
	Level     float64           `default:"0.9" help:"Probability with which the interval holds the truth (default ${default})."`
	Nearest   int               `short:"n" default:"2" help:"How many of the nearest training data to show (default ${default})."`
	JSON      bool              `xor:"form" help:"One JSON object a line."`
	CSV       bool              `xor:"form" help:"Comma-separated values with a head."`
}

// Help is shown by "alkahest predict --help".
func (*predictCommand) Help() string {
	return `Shows for each composition or molecule the value to expect, an interval, and the most similar ones that the predictor knows. A note says where it may know nothing.

  alkahest predict solid/band-gap Cu2ZnSnS4 candidates.csv`
}

// predicted is a prediction as --json shows it.
type predicted struct {
	Subject    []string    `json:"subject"`
	Value      float64     `json:"value"`
	Low        *float64    `json:"low"` // null without bound
	High       *float64    `json:"high"`
	Level      float64     `json:"level"`
	Unit       string      `json:"unit"`
	Outside    string      `json:"outside,omitempty"`
	Nearest    []neighbour `json:"nearest"`
	Error      string      `json:"error,omitempty"`
	prediction *learn.Prediction
}

type neighbour struct {
	Subject  []string `json:"subject"`
	Value    float64  `json:"value"`
	Bound    string   `json:"bound,omitempty"`
	Source   string   `json:"source"`
	Distance float64  `json:"distance"`
}

// Run predicts.
func (c *predictCommand) Run(e *environment) error {
	if !(c.Level > 0 && c.Level < 1) || c.Nearest < 0 {
		return usagef("--level must lie between 0 and 1, --nearest must not be negative")
	}
	p, err := e.predictor(c.Predictor)
	if err != nil {
		return err
	}
	subjects, err := c.subjects(p)
	if err != nil {
		return err
	}
	var out []*predicted
	failed := 0
	for _, s := range subjects {
		one := &predicted{Subject: s, Level: c.Level, Unit: p.Unit, Nearest: []neighbour{}}
		q, err := p.Predict(s, c.Level, c.Nearest)
		if err != nil {
			failed++
			one.Error = err.Error()
			fmt.Fprintf(e.errOut, "alkahest: %s: %v\n", visible(strings.Join(s, ", ")), err)
		} else {
			one.prediction = q
			one.Value, one.Low, one.High, one.Outside = q.Value, finite(q.Low), finite(q.High), q.Outside
			for _, n := range q.Nearest {
				one.Nearest = append(one.Nearest, neighbour{n.Inputs, n.Value, mark(n.Bound), n.Source, n.Distance})
			}
		}
		out = append(out, one)
	}
	switch {
	case c.JSON:
		encoder := json.NewEncoder(e.out)
		encoder.SetEscapeHTML(false)
		for _, one := range out {
			if err := encoder.Encode(one); err != nil {
				return err
			}
		}
	case c.CSV:
		err = e.predictionsCSV(p, out)
	default:
		err = e.predictionsTable(p, out, c.Level)
	}
	if err != nil {
		return err
	}
	if failed == len(out) {
		return errors.New("nothing could be predicted")
	}
	if failed > 0 {
		return errSomeFailed
	}
	return nil
}

// mark returns the sign of a bound.
func mark(b learn.Bound) string {
	return map[learn.Bound]string{learn.AtLeast: "≥", learn.AtMost: "≤"}[b]
}

// predictor loads the predictor that name means.
func (e *environment) predictor(name string) (*learn.Predictor, error) {
	file := name
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		file = modelFile(e.db, name)
		if _, err := os.Stat(file); err != nil {
			fields, fieldsErr := e.fields()
			if fieldsErr != nil {
				return nil, fieldsErr
			}
			if q, err := knowledge.ParseQuery(name, fields); err == nil {
				if property, ok := q.Root.(*knowledge.Property); ok && property.Comparison == nil {
					file = modelFile(e.db, property.ID)
				}
			}
		}
	}
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("nothing was learned of %q yet; learn it with\n  %s", name, e.suggest("learn", name))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := learn.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// subjects returns the inputs to predict for.
func (c *predictCommand) subjects(p *learn.Predictor) ([][]string, error) {
	inputs := p.Inputs()
	for name := range c.With {
		known := false
		for _, in := range inputs {
			known = known || in.Name == name
		}
		if !known {
			return nil, usagef("the predictor has no input %q", name)
		}
	}
	var out [][]string
	for _, s := range c.Subjects {
		if info, err := os.Stat(s); err == nil && !info.IsDir() {
			f, err := os.Open(s)
			if err != nil {
				return nil, err
			}
			rows, err := p.ReadSubjects(f, filepath.Base(s))
			f.Close()
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				for i, in := range inputs {
					if v, ok := c.With[in.Name]; ok {
						row[i] = v
					}
				}
			}
			out = append(out, rows...)
			continue
		}
		if strings.HasSuffix(strings.ToLower(s), ".csv") {
			return nil, fmt.Errorf("%s: no such file", s)
		}
		row := make([]string, len(inputs))
		given := false
		for i, in := range inputs {
			row[i] = c.With[in.Name]
			if (in.Kind == learn.Composition || in.Kind == learn.Molecule) && row[i] == "" && !given {
				row[i], given = s, true
			}
		}
		if !given {
			return nil, usagef("%q: the predictor asks for %s; use a file, or --with", s, inputNames(inputs))
		}
		out = append(out, row)
	}
	return out, nil
}

func inputNames(inputs []learn.Input) string {
	names := make([]string, len(inputs))
	for i, in := range inputs {
		names[i] = in.Name
	}
	return strings.Join(names, ", ")
}

// predictionsTable prints predictions for people.
func (e *environment) predictionsTable(p *learn.Predictor, all []*predicted, level float64) error {
	head := "VALUE"
	if p.Classes {
		head = "PROBABILITY"
	}
	g := &grid{columns: []column{{head: "SUBJECT", least: 12}, {head: head}, {head: fmt.Sprintf("%.3g %% INTERVAL", 100*level)}, {head: "NEAREST KNOWN", least: 20}, {head: "NOTE", least: 12}}}
	for _, one := range all {
		if one.prediction == nil {
			g.add(strings.Join(one.Subject, ", "), "", "", "", one.Error)
			continue
		}
		q := one.prediction
		var near []string
		for _, n := range q.Nearest {
			near = append(near, fmt.Sprintf("%s %s%s", strings.Join(n.Inputs, ", "), mark(n.Bound), number(significant(n.Value))))
		}
		value := number(significant(q.Value))
		if p.Unit != "" {
			value += " " + unit(p.Unit)
		}
		between := interval(finite(significant(q.Low)), finite(significant(q.High)))
		if p.Classes {
			between = ""
		}
		g.add(strings.Join(one.Subject, ", "), value, between, strings.Join(near, "; "), q.Outside)
	}
	return g.write(e.out, terminalWidth(e.out))
}

// predictionsCSV writes predictions for spreadsheets.
func (e *environment) predictionsCSV(p *learn.Predictor, all []*predicted) error {
	w := csv.NewWriter(e.out)
	var head []string
	for _, in := range p.Inputs() {
		head = append(head, in.Name)
	}
	if err := w.Write(append(head, "value", "low", "high", "unit", "outside", "error")); err != nil {
		return err
	}
	text := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'g', -1, 64)
	}
	for _, one := range all {
		row := append([]string(nil), one.Subject...)
		value := ""
		if one.prediction != nil {
			value = text(&one.Value)
		}
		if err := w.Write(append(row, value, text(one.Low), text(one.High), one.Unit, one.Outside, one.Error)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
