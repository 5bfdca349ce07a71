// Package evaluate reads annotated corpora of scientific papers and scores what
// the software reads in them.
//
// Each corpus has one scorer, which says in its comment exactly when a finding
// counts. The texts of the corpora are not part of the software: a scorer takes
// the folder where they lie.
package evaluate

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/jats"
	"github.com/alkahest/alkahest/document/text"
	"github.com/alkahest/alkahest/record"
)

// Extractor reads the records of a document; package extract has one.
type Extractor interface {
	Extract(*document.Document) []*record.Record
}

// Reader makes a document of the bytes of a file.
type Reader func(ctx context.Context, name string, data []byte) (*document.Document, error)

// Options says what is scored.
type Options struct {
	Extractor Extractor             // must be set for the corpora of records; the corpora of mentions do without
	Read      Reader                // nil reads plain text (.txt) and JATS (.xml) only
	Train     bool                  // also train on the corpora of mentions and score that, by cross-validation where one has no split
	Progress  func(done, total int) // called after each document, from one goroutine; may be nil
}

// Verdict says of one found record whether the annotation has it.
type Verdict struct {
	Document string
	Record   *record.Record
	Right    bool
}

// judge notes the records of one document, of which m, from each of the annotated
// records to its found one, has those that are right.
func (r *Report) judge(document string, found []*record.Record, m []int) {
	r.judgePart(document, found, m, func(*record.Record) bool { return true })
}

// judgePart is judge for the found records for which counts holds.
func (r *Report) judgePart(document string, found []*record.Record, m []int, counts func(*record.Record) bool) {
	r.annotated += len(m)
	for f, rec := range found {
		if !counts(rec) {
			continue
		}
		r.Verdicts = append(r.Verdicts, Verdict{document, rec, slices.Contains(m, f)})
	}
}

// Corpus is an annotated corpus.
type Corpus struct {
	Name  string // "curie-temperature"
	Title string // "Curie temperatures in 200 abstracts"
	score func(ctx context.Context, dir string, o Options) (*Report, error)
}

// Corpora returns all corpora that can be scored.
func Corpora() []Corpus {
	return []Corpus{
		{"curie-temperature", "Curie temperatures in abstracts", scoreCurie},
		{"bandgap-papers", "band gaps in full papers", scoreBandGaps},
		{"battery-papers", "tables in papers on batteries", scoreBatteryTables},
		{"battery-sentences", "properties of batteries in sentences", scoreBatterySentences},
		{"measeval", "quantities in paragraphs of many sciences (grammar only)", scoreMeasEval},
		{"sofc-exp", "materials and values in papers on solid oxide fuel cells (grammar only)", scoreSOFC},
		{"mulms", "materials and values in papers of materials science (grammar only)", scoreMuLMS},
		{"nerre-doping", "dopants and their host materials in abstracts (trained only)", scoreDoping},
		{"polyie", "compounds and property values in papers on polymers (grammar only)", scorePolyIE},
		{"passages", "passages and tables written for the purpose (bundled: works without a folder)", scorePassages},
		{"fidelity", "text, scripts and tables of files beside their truth (readers only)", scoreFidelity},
	}
}

// Bundled reports whether the corpus with the given name is part of the software,
// so that it can be scored without a folder.
func Bundled(name string) bool { return name == "passages" }

// Errors that [Run] and [Corpus.Score] wrap.
var (
	ErrUnknownCorpus = errors.New("unknown corpus")
	ErrNoExtractor   = errors.New("no extractor given")
	ErrMalformed     = errors.New("malformed corpus")
	ErrTooLarge      = errors.New("too large")
	errNoReader      = errors.New("no reader for this format")
)

// Run scores the corpus with the given name, whose files lie in dir.
func Run(ctx context.Context, name, dir string, o Options) (*Report, error) {
	var names []string
	for _, c := range Corpora() {
		if c.Name == name {
			return c.Score(ctx, dir, o)
		}
		names = append(names, c.Name)
	}
	return nil, fmt.Errorf("%q: %w: there are %s", name, ErrUnknownCorpus, strings.Join(names, ", "))
}

// Score scores the corpus, whose files lie in dir. It reports an error if the
// corpus is missing or malformed, or ctx ends. Documents that cannot be read
// are noted in the report and have no records.
func (c Corpus) Score(ctx context.Context, dir string, o Options) (*Report, error) {
	r, err := c.score(ctx, dir, o.complete())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	if len(r.Verdicts) > 0 {
		r.Calibration = Calibrate(r.Verdicts, r.annotated)
	}
	r.Corpus, r.Title = c.Name, c.Title
	return r, nil
}

// complete returns o with what was left to the default.
func (o Options) complete() Options {
	if o.Read == nil {
		o.Read = readTextAndJATS
	}
	if o.Progress == nil {
		o.Progress = func(done, total int) {}
	}
	return o
}

func readTextAndJATS(_ context.Context, name string, data []byte) (*document.Document, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt":
		return text.Read(name, data)
	case ".xml":
		return jats.Read(name, data)
	}
	return nil, fmt.Errorf("%s: %w", name, errNoReader)
}

// extract reads the records of one file, or notes why it could not.
func (o *Options) extract(ctx context.Context, r *Report, name string, data []byte) (*document.Document, []*record.Record, error) {
	if o.Extractor == nil {
		return nil, nil, ErrNoExtractor
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	doc, err := o.Read(ctx, name, data)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		r.note("not read: %v", err)
		return nil, nil, nil
	}
	return doc, o.Extractor.Extract(doc), nil
}
