package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/record"
)

// readCommand is "alkahest read".
type readCommand struct {
	Paths   []string `arg:"" optional:"" name:"path" help:"Files, folders, and archives (.zip, .tar.gz). Without any, goes on with what an interrupted run left."`
	Retry   bool     `help:"Also try again what failed before."`
	Again   bool     `help:"Read everything again, changed or not."`
	Workers int      `placeholder:"N" help:"Documents read at the same time (default: one for each processor)."`
	Quiet   bool     `short:"q" help:"No bar and no summary, only the exit status."`
	modelFlags
	scanFlags
}

// Help is shown by "alkahest read --help".
func (*readCommand) Help() string {
	return `Reads papers, patents, web pages, Word documents, sheets, mails and scans, whatever their names end in. What was read before and has not changed is passed over, so an interrupted run is taken up by typing the same command again. Files that cannot be read are listed with the reason; everything else is read, and the exit status is 3.`
}

// Run reads c.Paths into the database.
func (c *readCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.Workers < 0 {
		return usagef("--workers must not be negative")
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	reader, report, err := c.reader(e, fields)
	if err != nil {
		return err
	}
	shelf := openFiles(c.folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	db, err := e.store(ctx, len(c.Paths) > 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	in := intake{store: db, shelf: shelf, reader: reader, version: e.readerVersion(fields) + c.version(), retry: c.Retry, again: c.Again, workers: c.Workers}
	if c.Quiet {
		e.out = io.Discard
	} else {
		in.bar = newBar(e.errOut)
	}
	sum, err := in.run(ctx, c.Paths)
	if !c.Quiet {
		report()
	}
	if err := e.summarise(ctx, sum, err, c.Paths); err != nil {
		return err
	}
	if sum.records > 0 {
		fmt.Fprintf(e.out, "\nto see the records: %s\n", e.suggest("query"))
	}
	return nil
}

// shelf is where documents come from.
type shelf interface {
	// sources yields what lies under paths. A source that cannot be opened
	// comes beside its error.
	sources(ctx context.Context, paths []string) iter.Seq2[*knowledge.Source, error]
	// read reads the source of that name.
	read(ctx context.Context, name string) (*document.Document, error)
	// identify returns the identity of a source's bytes.
	identify(ctx context.Context, source knowledge.Source) (document.ID, error)
}

// intake reads documents into a store.
type intake struct {
	store        knowledge.Store
	shelf        shelf
	reader       recordReader
	version      string // of the reader; documents read by another are read again
	retry, again bool
	workers      int
	bar          *bar // nil for none
}

// tally is what became of the sources of one run.
type tally struct {
	queued    knowledge.Queued
	unopened  int // sources that could not even be opened; queued.Failed counts them too
	read      int // documents read now
	same      int // sources whose bytes were in the store already
	records   int // in the documents read now
	failed    int // sources that failed now
	failures  []failure
	warnings  []failure
	unlisted  int // warnings beyond maxListed
	remaining int // sources that still wait because the run was ended
	duration  time.Duration
}

// failure is a source that could not be read, or not in full, and why.
type failure struct{ name, reason string }

// maxListed is how many failures, and how many warnings, are listed before
// only their number is given; "alkahest documents --failed" has them all.
const maxListed = 20

// before is the number of sources that were passed over because they had
// failed in an earlier run.
func (s *tally) before() int { return s.queued.Failed - s.unopened }

func (s *tally) fail(name string, reason string) {
	s.failed++
	if len(s.failures) < maxListed {
		s.failures = append(s.failures, failure{name, reason})
	}
}

func (s *tally) warn(name string, warnings []string) {
	for _, w := range warnings {
		if len(s.warnings) == maxListed {
			s.unlisted++
			continue
		}
		s.warnings = append(s.warnings, failure{name, w})
	}
}

// run reads all that lies under paths, and what waits from an earlier run. The
// tally is good also when there is an error.
func (in *intake) run(ctx context.Context, paths []string) (*tally, error) {
	begin := time.Now()
	sum := &tally{}
	defer func() { sum.duration = time.Since(begin) }()
	sources := func(yield func(*knowledge.Source, error) bool) {
		for s, err := range in.shelf.sources(ctx, paths) {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if s != nil && err != nil {
				sum.unopened++
				sum.fail(s.Name, err.Error())
			}
			if !yield(s, err) {
				return
			}
		}
	}
	var err error
	sum.queued, err = in.store.Enqueue(ctx, sources, knowledge.EnqueueOptions{Retry: in.retry, Again: in.again, Reader: in.version})
	if err != nil {
		return sum, err
	}
	read := func(ctx context.Context, s knowledge.Source) (*document.Document, []*record.Record, error) {
		doc, err := in.shelf.read(ctx, s.Name)
		if err != nil {
			return doc, nil, err
		}
		records, err := in.reader.Extract(ctx, doc)
		warning, err := undone(ctx, err)
		if err != nil {
			return doc, nil, err
		}
		if warning != "" {
			doc.Warnings = append(doc.Warnings, warning)
		}
		return doc, records, nil
	}
	err = in.store.Work(ctx, read, knowledge.WorkOptions{
		Workers: in.workers, Reader: in.version, Identify: in.shelf.identify,
		Progress: func(event knowledge.Event) {
			switch {
			case event.Status == knowledge.Failed:
				sum.fail(event.Source.Name, event.Reason)
			case event.Known:
				sum.same++
			default:
				sum.read++
				sum.records += event.Records
				sum.warn(event.Source.Name, event.Warnings)
			}
			sum.remaining = event.Total - event.Done
			if in.bar != nil {
				in.bar.set(event.Done, event.Total)
			}
		},
	})
	if in.bar != nil {
		in.bar.clear()
	}
	return sum, err
}

// summarise prints what became of a run that read paths and ended with err,
// and returns the error to report.
func (e *environment) summarise(ctx context.Context, sum *tally, err error, paths []string) error {
	w := e.out
	fmt.Fprintf(w, "read %s with %s in %s\n", count(sum.read, "document"), count(sum.records, "record"), sum.duration.Round(10*time.Millisecond))
	if n := sum.queued.Known; n > 0 {
		fmt.Fprintf(w, "%s unchanged since read before\n", count(n, "file"))
	}
	if sum.same > 0 {
		fmt.Fprintf(w, "%s with the same contents as a document read before\n", count(sum.same, "file"))
	}
	if sum.failed > 0 {
		fmt.Fprintf(w, "could not read %s:\n", count(sum.failed, "file"))
		list(w, sum.failures)
		if more := sum.failed - len(sum.failures); more > 0 {
			fmt.Fprintf(w, "  and %d more: %s\n", more, e.suggest("documents", "--failed"))
		}
	}
	if n := sum.before(); n > 0 {
		fmt.Fprintf(w, "%s failed before and not changed since; to try again: %s\n", count(n, "file"), e.suggest("read", append([]string{"--retry"}, paths...)...))
	}
	if len(sum.warnings) > 0 {
		fmt.Fprintf(w, "not read in full:\n")
		list(w, sum.warnings)
		if sum.unlisted > 0 {
			fmt.Fprintf(w, "  and %s more: %s\n", count(sum.unlisted, "warning"), e.suggest("documents", "--json"))
		}
	}
	switch {
	case ctx.Err() != nil:
		if sum.remaining > 0 {
			fmt.Fprintf(w, "%s not read yet; ", count(sum.remaining, "file"))
		}
		fmt.Fprintf(w, "what was read is kept; to go on: %s\n", e.suggest("read", paths...))
		return ctx.Err()
	case err != nil:
		return err
	case sum.failed+sum.before() > 0:
		return errSomeFailed
	}
	return nil
}

// list writes failures, each on a line of its own.
func list(w io.Writer, failures []failure) {
	for _, f := range failures {
		fmt.Fprintf(w, "  %s: %s\n", visible(f.name), visible(reason([]string{f.name}, f.reason)))
	}
}
