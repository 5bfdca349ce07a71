package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/learn"
	"github.com/alkahest/alkahest/record"
	"github.com/alkahest/alkahest/samples"
)

// learnCommand is "alkahest learn".
type learnCommand struct {
	Property   string   `arg:"" help:"What to predict: a property of the database, or a name for what --data holds."`
	Data       string   `placeholder:"FILE" xor:"source" help:"Learn from comma-separated values instead of the database; - is standard input."`
	Sample     bool     `xor:"source" help:"Learn from the table of band gaps that is part of the program, to try it out."`
	Subject    []string `sep:"none" placeholder:"COLUMN" help:"Column of --data with compositions or SMILES; may be repeated."`
	Value      string   `placeholder:"COLUMN" help:"Column of --data with what is learned."`
	Input      []string `sep:"none" placeholder:"NAME" help:"Column of --data, or condition of the database, to predict from as well; may be repeated."`
	Group      string   `placeholder:"COLUMN" help:"Column of --data; rows with the same cell are tested together. By default these are the rows of one subject."`
	Confidence float64  `default:"0.5" help:"Least confidence of the records that are learned from (default ${default})."`
	Classes    bool     `help:"Values are 0 and 1, and predictions probabilities."`
	Log        *bool    `negatable:"" help:"Learn the decimal logarithm. By default where values are positive and span a factor of a thousand."`
	Mean       bool     `help:"Predict means instead of medians. Wrong records move means more."`
	Budget     float64  `default:"240" help:"About how long to train, in seconds of one core (default ${default}). Learners that take longer are left out."`
	Seed       uint64   `default:"1" help:"Of all that is drawn by chance (default ${default}); the same seed gives the same predictor."`
	Output     string   `short:"o" placeholder:"FILE" help:"Save the predictor here instead of in the folder of the database."`
	JSON       bool     `help:"The report as one JSON object."`
}

// Help is shown by "alkahest learn --help".
func (*learnCommand) Help() string {
	return `Trains a predictor of a property of compositions or molecules and says what to expect of it: the error for those that it has not seen, how many true values lie in its intervals, and how the error falls with more data. Bounds such as "> 500" are understood.

  alkahest learn solid/band-gap
  alkahest learn hardness --data alloys.csv --input 'temperature (K)'`
}

// Run trains and saves a predictor.
func (c *learnCommand) Run(ctx context.Context, e *environment) (err error) {
	fields, err := e.fields()
	if err != nil {
		return err
	}
	query, queryErr := knowledge.ParseQuery(c.Property, fields)
	var property *field.Property
	if queryErr == nil {
		if p, ok := query.Root.(*knowledge.Property); ok && p.Comparison == nil {
			property = fields.Property(p.ID)
		}
	}
	if !(c.Budget > 0) || !(c.Confidence >= 0 && c.Confidence <= 1) {
		return usagef("--budget must be positive, --confidence between 0 and 1")
	}
	var data source
	switch {
	case c.Data != "" || c.Sample:
		data, err = c.file(e, property)
	case queryErr != nil:
		return queryErr
	case property == nil:
		return usagef("%q asks for more than one property; name one", c.Property)
	case len(c.Subject) > 0 || c.Value != "" || c.Group != "":
		return usagef("--subject, --value and --group name columns of --data")
	default:
		data, err = c.database(ctx, e, property)
	}
	if err != nil {
		return err
	}
	t := &data.table
	settings := learn.Settings{Classes: c.Classes, Budget: c.Budget, Seed: c.Seed, Curve: true}
	if c.Mean {
		settings.Loss = learn.Squared
	}
	if c.Log != nil {
		settings.Log = *c.Log
	} else {
		settings.Log = !c.Classes && spansDecades(t.Rows)
	}
	if property != nil && data.unit == property.Unit.Symbol {
		settings.Low, settings.High = finite(property.Low), finite(property.High)
	}
	progress := newBar(e.errOut)
	settings.Progress = progress.set
	p, err := learn.Train(ctx, t, settings)
	progress.clear()
	if errors.Is(err, learn.ErrTooFew) {
		return fmt.Errorf("%w%s", err, data.hint)
	}
	if err != nil {
		return err
	}
	p.Report.Rows += len(data.dropped)
	p.Report.Dropped = append(data.dropped, p.Report.Dropped...)
	name := c.Output
	if name == "" {
		name = modelFile(e.db, t.Property)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
	}
	if err := replaceFile(name, p.Write); err != nil {
		return err
	}
	if c.JSON {
		return e.encodeJSON(p.Report)
	}
	return e.reportLearned(p, data.from, name)
}

// source is a table to learn from, and where it came from.
type source struct {
	table   learn.Table
	unit    string
	from    string
	hint    string // what to do when there is too little
	dropped []learn.Dropped
}

// modelFile returns the file of the predictor of a property.
func modelFile(db, property string) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, property)
	return filepath.Join(db, "predictors", safe+".predictor")
}

// file reads c.Data or the sample.
func (c *learnCommand) file(e *environment, property *field.Property) (out source, err error) {
	var in io.Reader
	name := c.Data
	switch {
	case c.Sample:
		in, name = bytes.NewReader(samples.BandGaps), "band-gaps.csv"
	case c.Data == standardInput:
		in, name = e.in, "standard input"
	default:
		f, err := os.Open(c.Data)
		if err != nil {
			return out, err
		}
		defer f.Close()
		in = f
	}
	columns := learn.Columns{Value: c.Value, Subjects: c.Subject, Inputs: c.Input, Group: c.Group, Property: []string{c.Property}}
	if property != nil {
		columns.Property = append(columns.Property, property.ID(), property.Name, property.Title)
		columns.Property = append(columns.Property, property.Words()...)
	}
	f, err := learn.ReadCSV(in, filepath.Base(name), columns)
	if err != nil {
		return out, err
	}
	out = source{table: f.Table, unit: f.Unit, dropped: f.Unread, from: fmt.Sprintf("column %q of %s", f.ValueColumn, filepath.Base(name))}
	out.table.Property = c.Property
	if property != nil {
		out.table.Property = property.ID()
	}
	return out, nil
}

// database reads the records of a property.
func (c *learnCommand) database(ctx context.Context, e *environment, property *field.Property) (out source, err error) {
	q, err := knowledge.ParseQuery(fmt.Sprintf("%s and confidence >= %g", property.ID(), c.Confidence), nil)
	if err != nil {
		return out, err
	}
	db, err := e.store(ctx, false)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	out = source{unit: property.Unit.Symbol, from: fmt.Sprintf("the records of %s with a confidence of at least %g", property.ID(), c.Confidence),
		hint: "; read more documents, allow a lower --confidence, or give a table with --data"}
	out.table = learn.Table{Property: property.ID(), Unit: property.Unit.Symbol, Inputs: []learn.Input{{Name: "composition", Kind: learn.Composition}}}
	for _, name := range c.Input {
		out.table.Inputs = append(out.table.Inputs, learn.Input{Name: name, Kind: learn.Number})
	}
	for r, err := range db.Query(ctx, q, knowledge.ByDocument, 0) {
		if err != nil {
			return out, err
		}
		row, reason := rowOf(r, property, c.Input)
		if reason != "" {
			out.dropped = append(out.dropped, learn.Dropped{Source: row.Source, Reason: reason})
			continue
		}
		out.table.Rows = append(out.table.Rows, row)
	}
	return out, nil
}

// rowOf returns a record as a row to learn from, or why it cannot be one.
func rowOf(r *record.Record, property *field.Property, inputs []string) (row learn.Row, reason string) {
	row = learn.Row{Weight: max(r.Confidence, 0.01), Source: shortID(r)}
	if r.Subject.Formula == "" {
		return row, fmt.Sprintf("its subject %q is no composition", r.Subject.Text)
	}
	if f, err := formula.Parse(r.Subject.Formula); err != nil || len(f.Variables()) > 0 || f.Placeholders() {
		return row, fmt.Sprintf("the composition %s is not fixed", r.Subject.Formula)
	}
	if r.Unit != property.Unit.Symbol {
		return row, "its unit is " + r.Unit
	}
	switch {
	case r.Low != nil && r.High != nil:
		row.Value = *r.Low + (*r.High-*r.Low)/2
	case r.Low != nil:
		row.Value, row.Bound = *r.Low, learn.AtLeast
	case r.High != nil:
		row.Value, row.Bound = *r.High, learn.AtMost
	default:
		return row, "it has no value"
	}
	row.Inputs = []string{r.Subject.Formula}
	for _, name := range inputs {
		text := ""
		for _, condition := range r.Conditions {
			if condition.Name == name && condition.Low != nil && condition.High != nil {
				text = fmt.Sprint(*condition.Low + (*condition.High-*condition.Low)/2)
			}
		}
		row.Inputs = append(row.Inputs, text)
	}
	return row, ""
}

// spansDecades reports whether all values are positive and the middle 96 % of
// them span a factor of a thousand.
func spansDecades(rows []learn.Row) bool {
	var values []float64
	for _, r := range rows {
		if !(r.Value > 0) {
			return false
		}
		values = append(values, r.Value)
	}
	slices.Sort(values)
	n := len(values)
	return n > 0 && values[n-1-n/50] > 1000*values[n/50]
}

// finite returns v, or nil if it is infinite.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// listed is how many reasons, conflicts and the like are shown.
const listed = 5

// reportLearned prints what p has learned from and how well.
func (e *environment) reportLearned(p *learn.Predictor, from, name string) error {
	r := p.Report
	fmt.Fprintf(e.out, "%s from %s\n", visible(p.Property), visible(from))
	fmt.Fprintf(e.out, "%s of %s used, %s, %d features", count(r.Used, "row"), count(r.Rows, "row"), count(r.Subjects, "subject"), r.Features)
	if r.Bounds > 0 {
		fmt.Fprintf(e.out, ", %s", count(r.Bounds, "bound"))
	}
	fmt.Fprintln(e.out)
	e.reportDropped(r)
	unitName := unit(p.Unit)
	if p.Log {
		unitName = "decades"
	}
	fmt.Fprintf(e.out, "\nfor subjects not seen in training, %d-fold cross-validation:\n", r.Folds)
	g := &grid{columns: []column{{head: ""}, {head: "PREDICTOR", right: true}, {head: "DUMMY", right: true}, {head: "UNIT"}}}
	if p.Classes {
		g.add("ROC-AUC", number(significant(r.Error.AUC)), number(r.Dummy.AUC), "")
		g.add("log loss", number(significant(r.Error.LogLoss)), number(significant(r.Dummy.LogLoss)), "")
	} else {
		g.add("mean absolute error", number(significant(r.Error.MAE)), number(significant(r.Dummy.MAE)), unitName)
		g.add("root mean square error", number(significant(r.Error.RMSE)), number(significant(r.Dummy.RMSE)), unitName)
		g.add("R²", number(significant(r.Error.R2)), number(significant(r.Dummy.R2)), "")
	}
	if err := g.write(e.out, 0); err != nil {
		return err
	}
	fmt.Fprint(e.out, "\nof the true values, intervals hold:")
	for i, c := range r.Coverage {
		if i > 0 {
			fmt.Fprint(e.out, ",")
		}
		fmt.Fprintf(e.out, " at %.0f %% %.1f %%", 100*c.Level, 100*c.Share)
	}
	fmt.Fprintln(e.out)
	if len(r.Curve) > 0 {
		fmt.Fprint(e.out, "error of the first learner with more data:")
		for i, c := range r.Curve {
			if i > 0 {
				fmt.Fprint(e.out, ",")
			}
			fmt.Fprintf(e.out, " %s %s", count(c.Rows, "row"), number(significant(c.Error)))
		}
		fmt.Fprintln(e.out)
	}
	fmt.Fprintln(e.out)
	g = &grid{columns: []column{{head: "LEARNER"}, {head: "ESTIMATE"}, {head: "ITS LOSS", right: true}, {head: "WEIGHT", right: true}}}
	for _, l := range r.Learners {
		g.add(l.Learner, l.Output, number(significant(l.Loss)), fmt.Sprintf("%.2f", l.Weight))
	}
	if err := g.write(e.out, 0); err != nil {
		return err
	}
	if len(r.Skipped) > 0 {
		fmt.Fprintf(e.out, "left out to keep the budget: %s\n", strings.Join(r.Skipped, ", "))
	}
	fmt.Fprintf(e.out, "\nsaved in %s; ask it with\n  %s\n", visible(filepath.ToSlash(name)), e.suggest("predict", cmp.Or(p.Property, name), "Cu2ZnSnS4"))
	return nil
}

// reportDropped prints what was not learned from and what contradicts itself.
func (e *environment) reportDropped(r *learn.Report) {
	if r.Repeated > 0 {
		fmt.Fprintf(e.out, "%s left out: said before\n", count(r.Repeated, "row"))
	}
	if n := len(r.Dropped); n > 0 {
		fmt.Fprintf(e.out, "%s left out:\n", count(n, "row"))
		for _, d := range r.Dropped[:min(listed, n)] {
			fmt.Fprintf(e.out, "  %s: %s\n", visible(d.Source), visible(d.Reason))
		}
		if n > listed {
			fmt.Fprintf(e.out, "  and %d more, which --json lists\n", n-listed)
		}
	}
	if n := len(r.Conflicts); n > 0 {
		fmt.Fprintf(e.out, "%s with values far apart, all kept:\n", count(n, "subject"))
		for _, c := range r.Conflicts[:min(listed, n)] {
			fmt.Fprintf(e.out, "  %s: %s and %s (%s, %s)\n", visible(strings.Join(c.Inputs, ", ")), number(c.Values[0]), number(c.Values[1]), visible(c.Where[0]), visible(c.Where[1]))
		}
		if n > listed {
			fmt.Fprintf(e.out, "  and %d more, which --json lists\n", n-listed)
		}
	}
}

// significant rounds x to three significant digits.
func significant(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) || scale == 0 {
		return x
	}
	return math.Round(x*scale) / scale
}
