package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/evaluate"
)

// evalCommand is "alkahest eval".
type evalCommand struct {
	Corpus        string  `arg:"" help:"Name of the corpus, or a sheet that alkahest gold made."`
	Dir           string  `arg:"" optional:"" help:"Folder where the corpus lies; for a sheet, where the papers lie now."`
	JSON          bool    `help:"One JSON object with precision, recall and f1 for each task."`
	MinConfidence float64 `default:"0.3" placeholder:"C" help:"Only records with at least this confidence, from 0 to 1 (${default}, as read and extract keep them)."`
	Train         bool    `help:"Also train on the corpus and score that, by cross-validation where the corpus has no split; takes minutes."`
	Mistakes      bool    `help:"Also what was missed and what was found wrongly."`
}

// Help is shown by "alkahest eval --help".
func (*evalCommand) Help() string {
	var b strings.Builder
	b.WriteString("The corpora:\n\n")
	for _, c := range evaluate.Corpora() {
		fmt.Fprintf(&b, "  %s%s\n", pad(c.Name, 20), c.Title)
	}
	return b.String()
}

// scoreCorpus scores the extractor on an annotated corpus.
func (c *evalCommand) scoreCorpus(ctx context.Context, e *environment, progress *bar) (report *evaluate.Report, err error) {
	if c.Dir == "" && !evaluate.Bundled(c.Corpus) {
		return nil, usagef("the folder where the corpus lies is missing")
	}
	fields, err := e.fields()
	if err != nil {
		return nil, err
	}
	x, err := e.extractor(fields)
	if err != nil {
		return nil, err
	}
	shelf := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	return evaluate.Run(ctx, c.Corpus, c.Dir, evaluate.Options{Extractor: x.WithFloor(c.MinConfidence), Read: shelf.parse, Progress: progress.set, Train: c.Train})
}

// scoreSheet scores what is read in the papers of a sheet.
func (c *evalCommand) scoreSheet(ctx context.Context, e *environment, progress *bar) (*evaluate.Report, error) {
	fields, err := e.fields()
	if err != nil {
		return nil, err
	}
	x, err := e.extractor(fields)
	if err != nil {
		return nil, err
	}
	return scoreSheet(ctx, e, c.Corpus, c.Dir, progress, x.WithFloor(c.MinConfidence))
}

// Run scores the extractor.
func (c *evalCommand) Run(ctx context.Context, e *environment) (err error) {
	progress := newBar(e.errOut)
	var report *evaluate.Report
	if isSheet(c.Corpus) {
		report, err = c.scoreSheet(ctx, e, progress)
	} else {
		report, err = c.scoreCorpus(ctx, e, progress)
	}
	progress.clear()
	if errors.Is(err, evaluate.ErrUnknownCorpus) {
		return &usageError{err: err}
	}
	if err != nil {
		return err
	}
	if !c.Mistakes {
		report.Mistakes = nil
	}
	if c.JSON {
		return e.encodeJSON(report)
	}
	fmt.Fprintf(e.out, "%s: %s", report.Corpus, report.Title)
	if report.Split != "" {
		fmt.Fprintf(e.out, " (%s)", report.Split)
	}
	fmt.Fprintf(e.out, ", %s\n\n", count(report.Documents, "document"))
	g := &grid{columns: []column{
		{head: "TASK"}, {head: "PRECISION", right: true}, {head: "RECALL", right: true}, {head: "F1", right: true},
		{head: "CORRECT", right: true}, {head: "FOUND", right: true}, {head: "GOLD", right: true},
	}}
	score := func(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }
	add := func(name string, t evaluate.Task) {
		g.add(name, score(t.Precision), score(t.Recall), score(t.F1), strconv.FormatFloat(math.Round(10*t.Correct)/10, 'f', -1, 64), strconv.Itoa(t.Found), strconv.Itoa(t.Gold))
	}
	for _, t := range report.Tasks {
		add(t.Name, t)
		if a := t.Average; a != nil {
			g.add(fmt.Sprintf("  mean of %s", count(a.Documents, "document")), score(a.Precision), score(a.Recall), score(a.F1), "", "", "")
		}
	}
	for _, t := range report.Tasks {
		if t.Overlap > 0 {
			g.add("mean overlap of "+t.Name, "", "", score(t.Overlap), "", "", "")
		}
		if t.Spread > 0 {
			g.add("deviation between folds of "+t.Name, "", "", score(t.Spread), "", "", "")
		}
	}
	for _, t := range report.Peers {
		add("other tool: "+t.Name, t)
	}
	if err := g.write(e.out, 0); err != nil {
		return err
	}
	if err := writeCalibration(e, report.Calibration); err != nil {
		return err
	}
	for _, note := range report.Notes {
		fmt.Fprintf(e.out, "\nnote: %s", visible(note))
	}
	if len(report.Notes) > 0 {
		fmt.Fprintln(e.out)
	}
	for _, m := range report.Mistakes {
		fmt.Fprintf(e.out, "\n%s, %s, %s\n", m.Kind, m.Task, visible(m.Document))
		for _, part := range []struct{ name, text string }{{"gold", m.Gold}, {"found", m.Found}, {"sentence", m.Sentence}} {
			if part.text != "" {
				fmt.Fprintf(e.out, "  %s%s\n", pad(part.name, 10), visible(part.text))
			}
		}
	}
	return nil
}

// writeCalibration shows how precision and recall depend on the least
// confidence.
func writeCalibration(e *environment, c *evaluate.Calibration) error {
	if c == nil {
		return nil
	}
	fmt.Fprintf(e.out, "\nconfidence and truth of %s: expected calibration error %.3f, of which chance alone would show %.3f\n\n", count(c.Records, "record"), c.Error, c.Chance)
	g := &grid{columns: []column{
		{head: "CONFIDENCE FROM", right: true}, {head: "RECORDS", right: true}, {head: "PRECISION", right: true}, {head: "RECALL", right: true}, {head: "F1", right: true},
	}}
	score := func(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }
	for _, p := range c.Curve {
		g.add(strconv.FormatFloat(p.Least, 'f', 1, 64), strconv.Itoa(p.Records), score(p.Precision), score(p.Recall), score(p.F1))
	}
	return g.write(e.out, 0)
}
