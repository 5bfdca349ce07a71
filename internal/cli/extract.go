package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/reading"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/export"
	"github.com/alkahest/alkahest/record"
)

// extractCommand is "alkahest extract".
type extractCommand struct {
	Paths         []string `arg:"" name:"path" help:"Files, folders and archives; - for one document on standard input."`
	Format        string   `short:"f" enum:"table,jsonl,csv" default:"table" help:"${enum}."`
	Property      []string `short:"p" sep:"none" placeholder:"NAME" help:"Only records of this property, such as solid/curie-temperature, or of a field, such as solid; may be repeated."`
	MinConfidence float64  `default:"0.5" placeholder:"C" help:"Only records with at least this confidence, from 0 to 1 (${default}: more likely right than wrong); 0 for all."`
	Workers       int      `placeholder:"N" help:"Documents read at the same time (default: one for each processor)."`
	modelFlags
	scanFlags
}

// Help is shown by "alkahest extract --help".
func (*extractCommand) Help() string {
	return `Writes what documents state, in the order of the documents, and keeps nothing. With --format jsonl each line is one record: document, name, subject, property, text, low, high, unit, conditions, evidence (block, start, end, text, sentence) and confidence. Files that cannot be read are reported on standard error.`
}

// standardInput is the path that means it.
const standardInput = "-"

// Run writes the records of c.Paths.
func (c *extractCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.MinConfidence < 0 || c.MinConfidence > 1 {
		return usagef("--min-confidence must be from 0 to 1, not %v", c.MinConfidence)
	}
	if c.Workers < 0 {
		return usagef("--workers must not be negative")
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	wanted, err := properties(fields, c.Property)
	if err != nil {
		return err
	}
	shelf := openFiles(c.folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	x, report, err := c.reader(e, fields)
	if err != nil {
		return err
	}
	defer report()
	failed := 0
	records := func(yield func(*record.Record, error) bool) {
		for out := range c.results(ctx, e, shelf, x) {
			if out.err != nil {
				failed++
				reason := strings.TrimPrefix(out.err.Error(), out.name+": ")
				fmt.Fprintf(e.errOut, "alkahest: %s: %s\n", visible(out.name), visible(reason))
				continue
			}
			if out.warning != "" {
				fmt.Fprintf(e.errOut, "alkahest: %s: not read in full: %s\n", visible(out.name), visible(out.warning))
			}
			for _, r := range out.records {
				if r.Confidence < c.MinConfidence || wanted != nil && !wanted[r.Property] {
					continue
				}
				if !yield(r, nil) {
					return
				}
			}
		}
		if ctx.Err() != nil {
			yield(nil, ctx.Err())
		}
	}
	switch c.Format {
	case "jsonl", "csv":
		err = export.Write(e.out, export.Format(c.Format), records)
	default:
		g := recordGrid()
		for r, recordErr := range records {
			if recordErr != nil {
				err = recordErr
				break
			}
			g.addRecord(r)
		}
		if err == nil {
			err = g.write(e.out, terminalWidth(e.out))
		}
	}
	if err == nil && failed > 0 {
		return errSomeFailed
	}
	return err
}

// properties returns the set of the properties that names mean, or nil for
// all.
func properties(fields *field.Set, names []string) (map[string]bool, error) {
	if len(names) == 0 {
		return nil, nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		found := false
		for p := range fields.Properties() {
			if p.ID() == name || p.Field == name {
				wanted[p.ID()] = true
				found = true
			}
		}
		if !found {
			if advice := nearProperty(fields, name); advice != "" {
				return nil, usagef("no field declares a property %q; %s", name, advice)
			}
			return nil, &usageError{fmt.Errorf("no field declares a property %q", name), "alkahest fields lists them"}
		}
	}
	return wanted, nil
}

// nearProperty says which property may be meant by a name that no field declares,
// "" if none is near. The query language knows how to suggest.
func nearProperty(fields *field.Set, name string) string {
	_, err := knowledge.ParseQuery(name, fields)
	var syntax *knowledge.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Suggestion
	}
	return ""
}

// outcome is what one document gave.
type outcome struct {
	name    string
	records []*record.Record
	warning string // what was left undone
	err     error
}

// results reads the documents at c.Paths, several at a time, and yields what
// they give in their order.
func (c *extractCommand) results(ctx context.Context, e *environment, shelf *files, x recordReader) iter.Seq[outcome] {
	workers := c.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return func(yield func(outcome) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		// A queue of promises: the order of the documents, and no more of them
		// read ahead than it has room for.
		queue := make(chan chan outcome, 2*workers)
		running := make(chan struct{}, workers)
		go func() {
			defer close(queue)
			for job := range c.jobs(ctx, e, shelf) {
				promise := make(chan outcome, 1)
				select {
				case queue <- promise:
				case <-ctx.Done():
					return
				}
				select {
				case running <- struct{}{}:
				case <-ctx.Done():
					close(promise)
					return
				}
				go func() {
					defer func() { <-running }()
					promise <- job.run(ctx, x)
				}()
			}
		}()
		stopped := false
		for promise := range queue { // to its end, so that no goroutine outlives this
			out, ok := <-promise
			if stopped || !ok || ctx.Err() != nil {
				stopped = true
				continue
			}
			if !yield(out) {
				stopped = true
				cancel()
			}
		}
	}
}

// job is one document to read.
type job struct {
	name string
	read func(context.Context) (*document.Document, error)
	err  error // instead of read
}

// run reads the document. A reader that fails on it does not end the program.
func (j *job) run(ctx context.Context, x recordReader) (out outcome) {
	out.name = j.name
	if j.err != nil {
		out.err = j.err
		return out
	}
	defer func() {
		if p := recover(); p != nil {
			out = outcome{name: j.name, err: fmt.Errorf("the reader failed: %v", p)}
		}
	}()
	doc, err := j.read(ctx)
	if err == nil {
		err = doc.Check()
	}
	if err != nil {
		out.err = err
		return out
	}
	records, err := x.Extract(ctx, doc)
	out.warning, out.err = undone(ctx, err)
	if out.err == nil {
		out.records = records
	}
	return out
}

// maxInput bounds a document on standard input, in bytes, as reading.Limits
// does for files.
const maxInput = 256 << 20

// jobs yields the documents at c.Paths.
func (c *extractCommand) jobs(ctx context.Context, e *environment, shelf *files) iter.Seq[*job] {
	return func(yield func(*job) bool) {
		for _, path := range c.Paths {
			if path == standardInput {
				data, err := io.ReadAll(io.LimitReader(e.in, maxInput+1))
				if err == nil && len(data) > maxInput {
					err = fmt.Errorf("%w: more than %d bytes", reading.ErrLimit, maxInput)
				}
				j := &job{name: "standard input", err: err}
				j.read = func(ctx context.Context) (*document.Document, error) { return shelf.parse(ctx, j.name, data) }
				if !yield(j) {
					return
				}
				continue
			}
			for s, err := range shelf.sources(ctx, []string{path}) {
				j := &job{err: err}
				if s != nil {
					j.name = s.Name
					j.read = func(ctx context.Context) (*document.Document, error) { return shelf.read(ctx, j.name) }
				}
				if !yield(j) {
					return
				}
			}
		}
	}
}
