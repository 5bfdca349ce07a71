package evaluate

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/record"
)

// Point is one point of the curve of precision over recall.
type Point struct {
	Least     float64 `json:"least"` // confidence from which records count
	Records   int     `json:"records"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"` // of all annotated
	F1        float64 `json:"f1"`
}

// Calibration compares confidence with truth.
type Calibration struct {
	Records int     `json:"records"`
	Error   float64 `json:"error"`  // expected calibration error, in ten bins of equal width
	Chance  float64 `json:"chance"` // the error that confidences without any would show on so many records
	Curve   []Point `json:"curve"`
}

// Calibrate compares the confidences of judged records with their truth. gold
// is how many records are annotated.
//
// The expected calibration error is the mean over bins, by their records, of the
// distance between mean confidence and the part that is right (Naeini, Cooper,
// Hauskrecht, AAAI 2015), here in ten bins of equal width. Even true
// probabilities show some, because few records fall into a bin: of a bin with
// confidences p the normal approximation expects √(2Σp(1−p)/π).
func Calibrate(vs []Verdict, gold int) *Calibration {
	c := &Calibration{Records: len(vs)}
	const bins = 10
	for b := range bins {
		low, high := float64(b)/bins, float64(b+1)/bins
		var part []Verdict
		for _, v := range vs {
			if p := v.Record.Confidence; p >= low && (p < high || b == bins-1) {
				part = append(part, v)
			}
		}
		confidence, right, variance := 0.0, 0.0, 0.0
		for _, v := range part {
			p := v.Record.Confidence
			confidence += p
			variance += p * (1 - p)
			if v.Right {
				right++
			}
		}
		c.Error += math.Abs(confidence-right) / float64(len(vs))
		c.Chance += math.Sqrt(2*variance/math.Pi) / float64(len(vs))
	}
	for _, least := range []float64{0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		p := Point{Least: least}
		right := 0
		for _, v := range vs {
			if v.Record.Confidence >= least {
				p.Records++
				if v.Right {
					right++
				}
			}
		}
		t := NewTask("", float64(right), p.Records, gold)
		p.Precision, p.Recall, p.F1 = t.Precision, t.Recall, t.F1
		c.Curve = append(c.Curve, p)
	}
	return c
}

// CueReader is an extractor that returns all readings, however unlikely, and
// remembers the cues of each.
type CueReader struct {
	extractor *extract.Extractor
	cues      map[*record.Record]extract.Cues
}

// NewCueReader returns a reader that reads as x does.
func NewCueReader(x *extract.Extractor) *CueReader {
	return &CueReader{x, map[*record.Record]extract.Cues{}}
}

// Judged returns verdicts on records that r has read as examples for a judge.
func (r *CueReader) Judged(vs []Verdict) []extract.Judged {
	out := make([]extract.Judged, len(vs))
	for i, v := range vs {
		out[i] = extract.Judged{Cues: r.cues[v.Record], Right: v.Right}
	}
	return out
}

// Extract returns all readings of doc.
func (r *CueReader) Extract(doc *document.Document) []*record.Record {
	records, cues := r.extractor.Readings(doc)
	for i, rec := range records {
		r.cues[rec] = cues[i]
	}
	return records
}

// judgeCorpora are the corpora in a folder on which judges are trained: those of
// records whose annotation is meant to be complete.
var judgeCorpora = []string{"bandgap-papers", "battery-papers", "polyie"}

// judgePenalty is the penalty on the weights of judges.
const judgePenalty = 1.0

// judgeFolds is how many parts the cross-validation of judges has.
const judgeFolds = 10

// judgePolymers passes verdicts on what x reads in the training papers of polyie.
// The tagger of subjects learns from these papers: each half is read with one that
// has learned from the other half, so that the judge does not take for granted what
// a tagger is sure of because it has seen it.
func judgePolymers(ctx context.Context, dir string, x *extract.Extractor, o Options, seed uint64) (*judgedPolymers, error) {
	path := filepath.Join(dir, "polyie", "train.json")
	file, err := readPolyIE(path)
	if err != nil {
		return nil, err
	}
	r := &judgedPolymers{report: &Report{Documents: len(file.Text)}}
	for half := range 2 {
		subjects, err := trainSubjects(ctx, dir, seed, func(paper int) bool { return paper%2 != half })
		if err != nil {
			return nil, err
		}
		reader := NewCueReader(x.WithSubjects(subjects))
		o.Extractor = reader
		before := len(r.report.Verdicts)
		if err := polymerRecords(ctx, r.report, path, file, o, func(paper int) bool { return paper%2 == half }); err != nil {
			return nil, err
		}
		r.examples = append(r.examples, reader.Judged(r.report.Verdicts[before:])...)
	}
	return r, nil
}

// judgedPolymers is what judgePolymers found.
type judgedPolymers struct {
	report   *Report
	examples []extract.Judged // of its verdicts
}

// TrainJudge trains a judge on the corpora of records in the folder dir, on bundled
// passages, and on more records whose truth is known. seed is that of the taggers of
// subjects. What is read is judged by the written rules alone, so that the result does
// not depend on the judge that x has.
//
// The rules were made while looking at most of the passages, and read what is new less
// well. All readings tell what the cues are worth; how sure the judge may be is told by
// those in papers, in passages that no rule was made for, and by more. The report is of
// the confidences in these papers and passages, cross-validated over documents.
func TrainJudge(ctx context.Context, dir string, x *extract.Extractor, o Options, seed uint64, more []extract.Judged) (*extract.Judge, *Report, error) {
	x = x.WithJudge(extract.FitJudge(nil, judgePenalty, "on nothing"))
	reader := NewCueReader(x)
	o.Extractor = reader
	o = o.complete()
	r := &Report{Corpus: "judge", Title: "confidence of records", Split: fmt.Sprintf("%d-fold cross-validation by document", judgeFolds)}
	gold := 0
	var verdicts []Verdict // of papers and blind passages
	note := func(one *Report, err error) error {
		if err != nil {
			return err
		}
		r.Documents += one.Documents
		gold += one.annotated
		verdicts = append(verdicts, one.Verdicts...)
		return nil
	}
	for _, name := range judgeCorpora {
		if err := note(Run(ctx, name, filepath.Join(dir, name), o)); err != nil {
			return nil, nil, err
		}
	}
	if err := note(scoreSets(ctx, "", o, func(set string) bool { return set == blindSet })); err != nil {
		return nil, nil, err
	}
	level := reader.Judged(verdicts)
	polymers, err := judgePolymers(ctx, dir, x, o, seed)
	if err != nil {
		return nil, nil, err
	}
	if err := note(polymers.report, nil); err != nil {
		return nil, nil, err
	}
	// Where there are more readings of polymers than of all else, they count as much in
	// sum, so that they do not decide of batteries.
	share := min(1, float64(len(level))/float64(max(1, len(polymers.examples))))
	for i := range polymers.examples {
		polymers.examples[i].Weight = share
	}
	level = append(level, polymers.examples...)
	developed, err := scoreSets(ctx, "", o, func(set string) bool { return set != blindSet })
	if err != nil {
		return nil, nil, err
	}
	passages := reader.Judged(developed.Verdicts)
	train := func(level []extract.Judged) *extract.Judge {
		trainedOn := fmt.Sprintf("on %d readings", len(level)+len(passages)+len(more))
		j := extract.FitJudge(slices.Concat(level, passages, more), judgePenalty, trainedOn)
		return j.Rescaled(slices.Concat(level, more), judgePenalty)
	}
	var groups []string
	for _, v := range verdicts {
		groups = append(groups, v.Document)
	}
	fold := folds(groups, judgeFolds)
	var held []Verdict
	for f := range judgeFolds {
		var rest []extract.Judged
		for i := range level {
			if fold[i] != f {
				rest = append(rest, level[i])
			}
		}
		j := train(rest)
		for i, v := range verdicts {
			if fold[i] == f {
				again := *v.Record
				again.Confidence = j.Confidence(level[i].Cues)
				held = append(held, Verdict{v.Document, &again, v.Right})
			}
		}
	}
	r.Calibration = Calibrate(held, gold)
	return train(level), r, nil
}
