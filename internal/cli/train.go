package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/alkahest/alkahest/evaluate"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field"
)

// trainCommand is "alkahest train".
type trainCommand struct {
	Extractor trainExtractorCommand `cmd:"" help:"Train what judges the confidence of records on annotated corpora."`
}

// trainExtractorCommand is "alkahest train extractor".
type trainExtractorCommand struct {
	Corpora string   `arg:"" help:"Folder with the annotated corpora, each in a folder of its name."`
	Output  string   `short:"o" default:"judge.json" placeholder:"FILE" help:"Where to write the judge (${default})."`
	Add     []string `sep:"none" placeholder:"SHEET" help:"Also train on the verdicts in a sheet that alkahest gold made; may be repeated."`
	Weight  float64  `default:"3" placeholder:"W" help:"How much a verdict of a sheet counts beside one of a corpus (${default})."`
}

// Help is shown by "alkahest train extractor --help".
func (*trainExtractorCommand) Help() string {
	return `Reads the corpora of records (bandgap-papers, battery-papers, battery-sentences), compares what is read with what is annotated, and fits the weights of the cues from which the confidence of a record follows. Prints how confidence and truth agree in cross-validation, and writes the weights. Use them with --judge FILE. The same corpora and sheets give the same weights.`
}

// Run trains a judge.
func (c *trainExtractorCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.Weight <= 0 {
		return usagef("--weight must be above 0, not %v", c.Weight)
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	shelf := openFiles()
	defer func() { err = errors.Join(err, shelf.Close()) }()
	progress := newBar(e.errOut)
	defer progress.clear()
	x := extract.New(fields)
	var more []extract.Judged
	for _, sheet := range c.Add {
		reader := evaluate.NewCueReader(x)
		report, err := scoreSheet(ctx, e, sheet, "", progress, reader)
		if err != nil {
			return err
		}
		for _, j := range reader.Judged(report.Verdicts) {
			j.Weight = c.Weight
			more = append(more, j)
		}
	}
	judge, report, err := evaluate.TrainJudge(ctx, c.Corpora, x, evaluate.Options{Read: shelf.parse, Progress: progress.set}, more)
	if err != nil {
		return err
	}
	progress.clear()
	data, err := json.MarshalIndent(judge, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Output, append(data, '\n'), 0o666); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s, %s\n", report.Split, count(report.Documents, "document"))
	if err := writeCalibration(e, report.Calibration); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "\nthe judge is in %s; to use it: %s\n", c.Output, e.suggest("--judge", c.Output, "eval", "CORPUS", "DIR"))
	return nil
}

// extractor returns the extractor of fields, with the judge that the user named
// or the built-in one.
func (e *environment) extractor(fields *field.Set) (*extract.Extractor, error) {
	x := extract.New(fields)
	if e.judgeFile == "" {
		return x, nil
	}
	data, err := os.ReadFile(e.judgeFile)
	if err != nil {
		return nil, err
	}
	j, err := extract.ReadJudge(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.judgeFile, err)
	}
	return x.WithJudge(j), nil
}
