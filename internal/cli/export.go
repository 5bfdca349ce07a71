package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/export"
	"github.com/alkahest/alkahest/record"
)

// exportCommand is "alkahest export".
type exportCommand struct {
	CSV         bool   `xor:"form" required:"" help:"Comma-separated values, for spreadsheets."`
	JSONL       bool   `xor:"form" required:"" help:"One JSON object a line."`
	Parquet     bool   `xor:"form" required:"" help:"Apache Parquet, for pandas, DuckDB, Spark."`
	Every       bool   `help:"Every record, also where documents of the same work state the same; without it, the best of them."`
	NoRetracted bool   `help:"No records of works that were retracted."`
	Output      string `short:"o" placeholder:"FILE" help:"Write here instead of to standard output. The file is replaced only when all has been written."`
}

// Run writes all records.
func (c *exportCommand) Run(ctx context.Context, e *environment) (err error) {
	format := export.CSV
	switch {
	case c.JSONL:
		format = export.JSONL
	case c.Parquet:
		format = export.Parquet
		if c.Output == "" && isTerminal(e.out) {
			return usagef("a Parquet file is not for a terminal; name a file with -o")
		}
	}
	db, err := e.store(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	written := 0
	records := func(yield func(*record.Record, error) bool) {
		for r, err := range db.Query(ctx, &knowledge.Query{Every: c.Every, NoRetracted: c.NoRetracted}, knowledge.ByDocument, 0) {
			written++
			if !yield(r, err) {
				return
			}
		}
	}
	if c.Output == "" || c.Output == standardInput {
		return export.Write(e.out, format, records)
	}
	if err := replaceFile(c.Output, func(w io.Writer) error { return export.Write(w, format, records) }); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "wrote %s to %s\n", count(written, "record"), c.Output)
	return nil
}

// replaceFile writes a file and puts it in the place of name once it is
// complete and on the disk.
func replaceFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync()); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
