package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/alkahest/alkahest/evaluate"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field"
)

// trainCommand is "alkahest train".
type trainCommand struct {
	Extractor trainExtractorCommand `cmd:"" help:"Train the tagger of subjects and the judge of confidence on annotated corpora."`
}

// trainExtractorCommand is "alkahest train extractor".
type trainExtractorCommand struct {
	Corpora string   `arg:"" help:"Folder with the annotated corpora, each in a folder of its name."`
	Output  string   `short:"o" default:"weights" placeholder:"DIR" help:"Folder to write the weights to (${default})."`
	Add     []string `sep:"none" placeholder:"SHEET" help:"Also train on the verdicts in a sheet that alkahest gold made; may be repeated."`
	Weight  float64  `default:"3" placeholder:"W" help:"How much a verdict of a sheet counts beside one of a corpus (${default})."`
	Seed    uint64   `default:"1" placeholder:"N" help:"Another number shuffles the examples in another way (${default})."`
}

// Help is shown by "alkahest train extractor --help".
func (*trainExtractorCommand) Help() string {
	return `Trains the tagger of subjects on the training parts of polyie, mulms and sofc-exp. Then reads the corpora of records (bandgap-papers, battery-papers, polyie) and the bundled passages, compares what is read with what is annotated, and fits the weights of the cues from which the confidence of a record follows. Prints how confidence and truth agree in cross-validation, and writes both. Use them with --weights DIR. The same corpora, sheets and seed give the same bytes.`
}

// The files in a folder of weights.
const (
	subjectsName = "subjects.bin"
	judgeName    = "judge.json"
)

// Run trains a tagger and a judge.
func (c *trainExtractorCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.Weight <= 0 {
		return usagef("--weight must be above 0, not %v", c.Weight)
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Output, 0o777); err != nil {
		return err
	}
	shelf := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	progress := newBar(e.errOut)
	defer progress.clear()
	subjects, err := evaluate.TrainSubjects(ctx, c.Corpora, c.Seed)
	if err != nil {
		return err
	}
	x := extract.New(fields).WithSubjects(subjects)
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
	judge, report, err := evaluate.TrainJudge(ctx, c.Corpora, x, evaluate.Options{Read: shelf.parse, Progress: progress.set}, c.Seed, more)
	if err != nil {
		return err
	}
	progress.clear()
	data, err := extract.WriteSubjects(subjects)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Output, subjectsName), data, 0o666); err != nil {
		return err
	}
	if data, err = json.MarshalIndent(judge, "", " "); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Output, judgeName), append(data, '\n'), 0o666); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s, %s\n", report.Split, count(report.Documents, "document"))
	if err := writeCalibration(e, report.Calibration); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "\nthe weights are in %s; to use them: %s\n", c.Output, e.suggest("--weights", c.Output, "eval", "CORPUS", "DIR"))
	return nil
}

// extractor returns the extractor of fields, with the weights that the user named
// or the built-in ones.
func (e *environment) extractor(fields *field.Set) (*extract.Extractor, error) {
	x := extract.New(fields)
	if e.weights == "" {
		return x, nil
	}
	path := filepath.Join(e.weights, judgeName)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	judge, err := extract.ReadJudge(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	path = filepath.Join(e.weights, subjectsName)
	if data, err = os.ReadFile(path); err != nil {
		return nil, err
	}
	subjects, err := extract.ReadSubjects(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x.WithJudge(judge).WithSubjects(subjects), nil
}
