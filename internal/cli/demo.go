package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/samples"
)

// demoCommand is "alkahest demo".
type demoCommand struct {
	Copy string `placeholder:"DIR" help:"Instead, copy the samples into this folder, to look at them or to read them from there."`
}

// Help is shown by "alkahest demo --help".
func (*demoCommand) Help() string {
	return `Reads fifteen short documents that are part of the program, one of them broken on purpose, and shows what they state. The database is kept in your cache folder, or where --db says.`
}

// demoRecords is how many records of each sample the table shows, so that it
// stays on a screen.
const demoRecords = 3

// samplePrefix stands before the names of the samples in the database.
const samplePrefix = "samples/"

// Run reads the samples and shows the table.
func (c *demoCommand) Run(ctx context.Context, e *environment) (err error) {
	if c.Copy != "" {
		return c.copy(e)
	}
	fields, err := e.fields()
	if err != nil {
		return err
	}
	if !e.dbGiven {
		if e.db, err = demoFolder(); err != nil {
			return err
		}
	}
	reader := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, reader.Close()) }()
	db, err := e.store(ctx, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	x, err := e.extractor(fields)
	if err != nil {
		return err
	}
	in := intake{store: db, shelf: &sampleShelf{reader}, reader: grammars{x}, version: e.readerVersion(fields), again: true}
	sum, err := in.run(ctx, []string{"."})
	if err != nil {
		return err
	}
	q := &knowledge.Query{Root: &knowledge.Document{Match: knowledge.Match{Like: true, Pattern: samplePrefix + "*"}}}
	g := recordGrid()
	first := "" // a record worth looking at
	all, shown := 0, map[document.ID]int{}
	for r, err := range db.Query(ctx, q, knowledge.ByDocument, 0) {
		if err != nil {
			return err
		}
		all++
		if shown[r.Document]++; shown[r.Document] <= demoRecords {
			g.addRecord(r)
		}
		if first == "" && r.Property == "battery/specific-capacity" && r.Confidence >= 0.9 {
			first = shortID(r)
		}
	}
	if err := g.write(e.out, terminalWidth(e.out)); err != nil {
		return err
	}
	if all > len(g.rows) {
		fmt.Fprintf(e.out, "… at most %d of each document\n", demoRecords)
	}
	fmt.Fprintf(e.out, "\nread %s with %s", count(sum.read+sum.same, "document"), count(all, "fact"))
	for _, f := range sum.failures {
		fmt.Fprintf(e.out, "; could not read %s (broken on purpose)", f.name)
	}
	fmt.Fprintf(e.out, "\n\nto see them all:                  %s\n", e.suggest("query", "-n", "0"))
	fmt.Fprintf(e.out, "to see where a value was read:    %s\n", e.suggest("show", first))
	fmt.Fprintf(e.out, "to ask for what you need:         %s\n", e.suggest("query", "battery/specific-capacity > 150 mAh/g and subject has Na"))
	e.db = defaultDB
	fmt.Fprintf(e.out, "to read your own papers:          %s\n", e.suggest("read", "PATH"))
	for _, f := range sum.failures {
		if f.name != samplePrefix+samples.Broken {
			return errSomeFailed
		}
	}
	return nil
}

// copy writes the samples into c.Copy.
func (c *demoCommand) copy(e *environment) error {
	if err := os.CopyFS(c.Copy, samples.Papers()); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "the samples are in %s; to read them: %s\n", c.Copy, e.suggest("read", c.Copy))
	return nil
}

// demoFolder returns the folder for the database of the samples.
func demoFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err == nil {
		cache = filepath.Join(cache, "alkahest")
		if err = os.MkdirAll(cache, 0o777); err == nil {
			return filepath.Join(cache, "demo.db"), nil
		}
	}
	dir, tempErr := os.MkdirTemp("", "alkahest-demo-")
	if tempErr != nil {
		return "", errors.Join(err, tempErr)
	}
	return dir, nil
}

// sampleShelf yields the samples that are part of the program.
type sampleShelf struct{ reader *files }

func (s *sampleShelf) sources(_ context.Context, _ []string) iter.Seq2[*knowledge.Source, error] {
	return func(yield func(*knowledge.Source, error) bool) {
		entries, err := fs.ReadDir(samples.Papers(), ".")
		if err != nil {
			yield(nil, err)
			return
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&knowledge.Source{Name: samplePrefix + entry.Name(), Size: info.Size()}, nil) {
				return
			}
		}
	}
}

func (s *sampleShelf) data(name string) ([]byte, error) {
	return fs.ReadFile(samples.Papers(), strings.TrimPrefix(name, samplePrefix))
}

func (s *sampleShelf) identify(_ context.Context, source knowledge.Source) (document.ID, error) {
	data, err := s.data(source.Name)
	if err != nil {
		return "", err
	}
	return document.IDOf(data), nil
}

func (s *sampleShelf) read(ctx context.Context, name string) (*document.Document, error) {
	data, err := s.data(name)
	if err != nil {
		return nil, err
	}
	return s.reader.parse(ctx, name, data)
}
