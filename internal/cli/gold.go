package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/evaluate"
	"github.com/alkahest/alkahest/evaluate/gold"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/record"
)

// goldCommand is "alkahest gold".
type goldCommand struct {
	Paths    []string `arg:"" name:"path" help:"Papers to choose passages from; with --ask, the sheet."`
	Output   string   `short:"o" default:"gold.csv" placeholder:"FILE" help:"The sheet (${default})."`
	Passages int      `short:"n" default:"100" placeholder:"N" help:"Passages in the sheet (${default})."`
	Property []string `short:"p" sep:"none" placeholder:"NAME" help:"Only passages with records of this property or field; may be repeated."`
	Seed     uint64   `default:"1" placeholder:"N" help:"Another number chooses other passages (${default})."`
	Ask      bool     `help:"Go through the sheet in the terminal, one record after the other."`
}

// Help is shown by "alkahest gold --help".
func (*goldCommand) Help() string {
	return `Makes a sheet of passages from your own papers, with what was read in each, to find out how well your papers are read. Open it in a spreadsheet or go through it with --ask: beside every record write right or wrong as its verdict, in right_subject, right_property and right_value what the passage says instead, and add a row with the verdict missed, and the number of the passage, for what was not read. Then score it: alkahest eval gold.csv`
}

// Run makes the sheet, or goes through it.
func (c *goldCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.Ask {
		if len(c.Paths) != 1 {
			return usagef("--ask goes through one sheet, not %d", len(c.Paths))
		}
		return c.ask(ctx, e, c.Paths[0])
	}
	if c.Passages < 1 {
		return usagef("--passages must be at least 1")
	}
	if _, err := os.Stat(c.Output); err == nil {
		return fmt.Errorf("%s is there already, perhaps with your verdicts; name another file with -o", c.Output)
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	wanted, err := properties(fields, c.Property)
	if err != nil {
		return err
	}
	shelf := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	x, err := e.extractor(fields)
	if err != nil {
		return err
	}
	sampler := gold.NewSampler(c.Passages, rand.New(rand.NewPCG(c.Seed, 0)))
	failed, documents := 0, 0
	for s, err := range shelf.sources(ctx, c.Paths) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		name := ""
		if s != nil {
			name = s.Name
		}
		if err == nil {
			err = c.offer(ctx, shelf, x, name, wanted, sampler)
		}
		if err != nil {
			failed++
			fmt.Fprintf(e.errOut, "alkahest: %s: %s\n", visible(name), visible(strings.TrimPrefix(err.Error(), name+": ")))
			continue
		}
		documents++
	}
	passages := sampler.Passages()
	if len(passages) == 0 {
		return fmt.Errorf("no passage with a quantity was found in %s", count(documents, "document"))
	}
	if err := writeSheet(c.Output, passages); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s of %s in %s\n\nto go through it here: %s\nor open it in a spreadsheet; then: %s\n",
		count(len(passages), "passage"), count(documents, "document"), c.Output, e.suggest("gold", "--ask", c.Output), e.suggest("eval", c.Output))
	if failed > 0 {
		return errSomeFailed
	}
	return nil
}

// offer offers the passages of one document to the sampler.
func (c *goldCommand) offer(ctx context.Context, shelf *files, x *extract.Extractor, name string, wanted map[string]bool, sampler *gold.Sampler) error {
	doc, err := shelf.read(ctx, name)
	if err != nil {
		return err
	}
	for _, p := range gold.Draft(x, doc, x.Extract(doc)) {
		if wanted == nil {
			sampler.Add(p)
			continue
		}
		for _, r := range p.Rows {
			if wanted[r.Property] {
				sampler.Add(p)
				break
			}
		}
	}
	return nil
}

// writeSheet writes a sheet to path; it appears whole or not at all.
func writeSheet(path string, passages []*gold.Passage) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".gold-*")
	if err != nil {
		return err
	}
	err = gold.Write(f, passages)
	if err == nil {
		err = f.Chmod(0o644)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// readSheet reads the sheet at path, in UTF-8 or in the UTF-16 of spreadsheet
// programs.
func readSheet(path string) ([]*gold.Passage, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSheet+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxSheet {
		return nil, fmt.Errorf("%s: the sheet has more than %d bytes", path, maxSheet)
	}
	text, err := charset.Decode(data, "")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !strings.HasPrefix(text.Name, "utf-") || text.Replaced > 0 {
		return nil, fmt.Errorf("%s: the sheet is not in UTF-8, so some characters of the papers are lost; make it again or open the first one, and save it as “CSV UTF-8”", path)
	}
	return gold.Read(path, bytes.NewReader(text.Text))
}

// maxSheet bounds a sheet, in bytes.
const maxSheet = 1 << 28

// ask goes through the rows of the sheet at path that have no verdict. After
// each answer the sheet is kept, so that she can stop at any time.
func (c *goldCommand) ask(ctx context.Context, e *environment, path string) error {
	passages, err := readSheet(path)
	if err != nil {
		return err
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(e.in)
	answer := func(prompt string) (string, bool) {
		fmt.Fprint(e.out, prompt)
		ok := lines.Scan()
		return strings.TrimSpace(lines.Text()), ok && ctx.Err() == nil
	}
	width := cmp.Or(terminalWidth(e.out), 80)
	for i, p := range passages {
		if p.Judged() {
			continue
		}
		fmt.Fprintf(e.out, "\n%d of %d  %s\n", i+1, len(passages), visible(p.String()))
		for _, line := range wrap(visible(p.Text), width-2) {
			fmt.Fprintf(e.out, "  %s\n", line)
		}
		stopped := false
		for k := range p.Rows {
			r := &p.Rows[k]
			if r.Verdict != gold.Open {
				continue
			}
			if r.Property == "" {
				r.Verdict = gold.Right // what is stated, if anything, follows
				continue
			}
			for r.Verdict != gold.Right && r.Verdict != gold.Wrong && !stopped {
				s, ok := answer(fmt.Sprintf("%s | %s | %s  right? [y, n, q to stop] ", visible(r.Subject), r.Property, visible(r.Value)))
				if stopped = !ok || s == "q"; stopped {
					break
				}
				switch v, ok := gold.ParseVerdict(s); {
				case ok && (v == gold.Right || v == gold.Wrong):
					r.Verdict = v
				default:
					fmt.Fprintln(e.out, "  y (right) if the passage states this, n (wrong) if not, q to stop")
				}
			}
		}
		for !stopped {
			s, ok := answer("what else is stated? [subject | property | value, empty for nothing, q to stop] ")
			if stopped = !ok || s == "q"; stopped || s == "" {
				break
			}
			parts := strings.Split(s, "|")
			if len(parts) != 3 {
				fmt.Fprintln(e.out, "  write, for example: GaAs | solid/band-gap | 1.42 eV")
				continue
			}
			row := gold.Row{Verdict: gold.Missed, Subject: strings.TrimSpace(parts[0]), Property: strings.TrimSpace(parts[1]), Value: strings.TrimSpace(parts[2])}
			if err := row.Check(fields); err != nil {
				fmt.Fprintf(e.out, "  %s\n", visible(advised(err, fields).Error()))
				continue
			}
			p.Rows = append(p.Rows, row)
		}
		if stopped {
			fmt.Fprintf(e.out, "\nkept in %s as far as passage %d\n", path, i)
			return ctx.Err()
		}
		if err := writeSheet(path, passages); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.out, "\nall passages are judged; to score them: %s\n", e.suggest("eval", path))
	return nil
}

// scoreSheet scores what is read in the papers of the sheet at path. dir is
// where they lie, or empty if they lie where they lay when it was made.
func scoreSheet(ctx context.Context, e *environment, path, dir string, progress *bar, x evaluate.Extractor) (report *evaluate.Report, err error) {
	passages, err := readSheet(path)
	if err != nil {
		return nil, err
	}
	fields, err := e.fields()
	if err != nil {
		return nil, err
	}
	shelf := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	type outcome struct {
		records []*record.Record
		err     error
	}
	known := map[string]outcome{}
	done := 0
	report, err = gold.Score(passages, fields, func(p *gold.Passage) ([]*record.Record, error) {
		done++
		progress.set(done, len(passages))
		if o, ok := known[p.Name]; ok {
			return o.records, o.err
		}
		name := p.Name
		if dir != "" {
			name = filepath.Join(dir, filepath.Base(name))
		}
		var o outcome
		doc, err := shelf.read(ctx, name)
		switch {
		case err != nil:
			o.err = fmt.Errorf("%s: not read: %w", name, err)
		case doc.ID != p.Document:
			o.err = fmt.Errorf("%s: has changed since the sheet was made; its passages do not count", name)
		default:
			o.records = x.Extract(doc)
		}
		known[p.Name] = o
		return o.records, o.err
	})
	if err != nil {
		var row *gold.RowError
		if errors.As(err, &row) {
			return nil, fmt.Errorf("%s: %w", path, advised(err, fields))
		}
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	report.Corpus = filepath.Base(path)
	return report, nil
}

// advised adds to an error about a row which property it may mean.
func advised(err error, fields *field.Set) error {
	var row *gold.RowError
	if !errors.As(err, &row) || row.Property == "" {
		return err
	}
	if advice := nearProperty(fields, row.Property); advice != "" {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return fmt.Errorf("%w; alkahest fields lists them", err)
}

// isSheet reports whether the name of a corpus is the path of a sheet.
func isSheet(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv":
		return true
	}
	return false
}
