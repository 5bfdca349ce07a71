package cli

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/discover"
	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/learn"
)

// screenCommand is "alkahest screen".
type screenCommand struct {
	Campaign   string   `arg:"" help:"File that declares the campaign."`
	Candidates string   `arg:"" help:"CSV file with a column for each variable, or a list of formulas; may be compressed with gzip."`
	Output     string   `short:"o" default:"ranked.csv" help:"File for the best (default ${default})."`
	Top        int      `short:"n" default:"1000" help:"How many of the best to keep (default ${default})."`
	Model      []string `sep:"none" placeholder:"OUTCOME=FILE" help:"A trained predictor for an outcome, as \"alkahest learn\" saves it; may be repeated. Without, the campaign's own model predicts."`
}

// Help is shown by "alkahest screen --help".
func (*screenCommand) Help() string {
	return `Ranks candidates of a file, of any number, by what they are worth to the campaign: memory does not grow with the file. A screen that was interrupted goes on where it was when the same command is typed again. What was tried, and what breaks a constraint, is left out.`
}

// Run screens.
func (c *screenCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.Top < 1 || c.Top > 1_000_000 {
		return usagef("-n must be from 1 to 1000000")
	}
	campaign, err := e.campaign(ctx, c.Campaign)
	if err != nil {
		return err
	}
	s := &discover.Screen{Top: c.Top, Checkpoint: c.Output + ".partial"}
	for _, m := range c.Model {
		t, err := trained(campaign, m)
		if err != nil {
			return err
		}
		s.Trained = append(s.Trained, t)
	}
	info, err := os.Stat(c.Candidates)
	if err != nil {
		return err
	}
	s.Identity = fmt.Sprintf("%s of %d bytes, %d experiments, models %s, the best %d", c.Candidates, info.Size(), len(campaign.Experiments), strings.Join(c.Model, " "), c.Top)
	file, err := os.Open(c.Candidates)
	if err != nil {
		return err
	}
	defer file.Close()
	in, err := unzipped(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Candidates, err)
	}
	progress := newBar(e.errOut)
	s.Progress = func(rows int) { progress.set(rows, rows+1) }
	result, err := s.Run(ctx, campaign, in)
	progress.clear()
	if err != nil {
		return fmt.Errorf("%s: %w", c.Candidates, err)
	}
	if err := writeRanked(c.Output, campaign, result); err != nil {
		return err
	}
	if err := s.Done(); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s, %d left out by constraints or as tried; the best %d are in %s\n", count(result.Rows, "candidate"), result.Excluded, len(result.Best), c.Output)
	if result.Unread > 0 {
		fmt.Fprintf(e.errOut, "%d could not be read; the first was %s\n", result.Unread, visible(result.Reason))
		return errSomeFailed
	}
	return nil
}

// unzipped returns what file holds, unpacked if it is a gzip file.
func unzipped(file io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(file, 1<<20)
	if head, err := r.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		return gzip.NewReader(r)
	}
	return r, nil
}

// trained reads "outcome=file".
func trained(c *discover.Campaign, text string) (t discover.Trained, err error) {
	name, path, ok := strings.Cut(text, "=")
	if !ok {
		return t, usagef("--model %q should be OUTCOME=FILE", text)
	}
	t.Outcome = slices.IndexFunc(c.Outcomes, func(o discover.Outcome) bool { return o.Name == name })
	if t.Outcome < 0 {
		return t, usagef("--model %q: the campaign has no outcome %q", text, name)
	}
	file, err := os.Open(path)
	if err != nil {
		return t, err
	}
	defer file.Close()
	p, err := learn.Read(bufio.NewReader(file))
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	for _, in := range p.Inputs() {
		j := c.Space.Column(in.Name)
		if j < 0 && in.Kind == learn.Composition {
			j = slices.IndexFunc(c.Space.Variables, func(v space.Variable) bool { return v.Kind == space.Formula })
		}
		if j < 0 {
			return t, usagef("%s predicts from %q, which is no variable of the campaign", path, in.Name)
		}
		t.Inputs = append(t.Inputs, j)
	}
	t.Level = 0.9
	t.New = func() discover.Estimator { return p.Screener(t.Level) }
	return t, nil
}

// writeRanked writes the best candidates as CSV.
func writeRanked(name string, c *discover.Campaign, s *discover.Screened) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	head := []string{"rank", "row"}
	for _, v := range c.Space.Variables {
		head = append(head, v.Name)
	}
	for _, o := range c.Outcomes {
		head = append(head, "expected "+o.Name, "half of 90 % interval")
	}
	if err := w.Write(append(head, "probability of use")); err != nil {
		return err
	}
	for i, r := range s.Best {
		cells := append([]string{strconv.Itoa(i + 1), strconv.Itoa(r.Row)}, r.Texts...)
		for j := range c.Outcomes {
			if r.Half[j] < 0 {
				cells = append(cells, "", "")
				continue
			}
			cells = append(cells, strconv.FormatFloat(r.Expected[j], 'g', 5, 64), strconv.FormatFloat(r.Half[j], 'g', 3, 64))
		}
		if err := w.Write(append(cells, strconv.FormatFloat(r.Use, 'g', 3, 64))); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), file.Sync())
}
