package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alkahest/alkahest/learn/benchmark"
)

// benchmarkCommand is "alkahest benchmark".
type benchmarkCommand struct {
	Set    string  `arg:"" help:"Name of the set; a wrong one lists all."`
	Dir    string  `arg:"" help:"Folder where the set lies."`
	Splits int     `help:"At most so many of its splits; 0 for all."`
	Rows   int     `help:"At most so many training rows; 0 for all."`
	Budget float64 `help:"Of each training, in seconds of one core; 0 for what learn takes."`
	Seed   uint64  `default:"1" help:"Of all that is drawn by chance (default ${default})."`
	JSON   bool    `help:"One JSON object."`
}

// Help is shown by "alkahest benchmark --help".
func (*benchmarkCommand) Help() string {
	var b strings.Builder
	b.WriteString("Trains as learn does on the training part of each split and predicts its test part. The sets:\n\n")
	for _, s := range benchmark.Sets() {
		fmt.Fprintf(&b, "  %s%s; %s\n", pad(s.Name, 20), s.Title, s.Split)
	}
	return b.String()
}

// Run measures.
func (c *benchmarkCommand) Run(ctx context.Context, e *environment) error {
	if c.Splits < 0 || c.Rows < 0 || c.Budget < 0 {
		return usagef("--splits, --rows and --budget must not be negative")
	}
	set, err := benchmark.Find(c.Set)
	if errors.Is(err, benchmark.ErrUnknown) {
		return &usageError{err: err}
	}
	progress := newBar(e.errOut)
	r, err := set.Run(ctx, c.Dir, benchmark.Options{Parts: c.Splits, Rows: c.Rows, Budget: c.Budget, Seed: c.Seed, Now: time.Now, Progress: progress.set,
		Measured: func(split int, p benchmark.Part) { // a run may take an hour, and may be cut short
			progress.clear()
			fmt.Fprintf(e.errOut, "split %d: %s %s, %.1f %% in intervals of 90 %%\n", split, set.Metric, number(significant(p.Value)), 100*p.Cover)
		}})
	progress.clear()
	if err != nil {
		return err
	}
	if c.JSON {
		return e.encodeJSON(r)
	}
	fmt.Fprintf(e.out, "%s: %s; %s\n\n", r.Set, r.Title, r.Split)
	g := &grid{columns: []column{
		{head: "SPLIT"}, {head: "TRAIN", right: true}, {head: "TEST", right: true}, {head: string(r.Metric), right: true}, {head: "DUMMY", right: true},
		{head: "IN 90 %", right: true}, {head: "SECONDS", right: true},
	}}
	share := func(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }
	for k, p := range r.Parts {
		g.add(fmt.Sprint(k+1), fmt.Sprint(p.Train), fmt.Sprint(p.Test), number(significant(p.Value)), number(significant(p.Dummy)), share(p.Cover), fmt.Sprintf("%.0f", p.Seconds))
	}
	g.add("mean", "", "", number(significant(r.Mean)), number(significant(r.Dummy)), share(r.Cover), "")
	g.add("spread", "", "", number(significant(r.Spread)), "", "", "")
	for _, a := range r.Anchors {
		g.add(a.Method, "", "", number(significant(a.Value)), "", "", "")
	}
	if err := g.write(e.out, 0); err != nil {
		return err
	}
	if r.Labels > 0 {
		fmt.Fprintf(e.out, "\nof hard labels instead of probabilities, ROC-AUC is %s\n", number(significant(r.Labels)))
	}
	return nil
}
