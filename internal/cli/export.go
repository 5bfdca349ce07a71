package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alkahest/alkahest/knowledge/export"
)

// exportCommand is "alkahest export".
type exportCommand struct {
	CSV     bool   `xor:"form" required:"" help:"Comma-separated values, for spreadsheets."`
	JSONL   bool   `xor:"form" required:"" help:"One JSON object a line."`
	Parquet bool   `xor:"form" required:"" help:"Apache Parquet, for pandas, DuckDB, Spark."`
	Output  string `short:"o" placeholder:"FILE" help:"Write here instead of to standard output. The file is replaced only when all has been written."`
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
	if c.Output == "" || c.Output == standardInput {
		return db.Export(ctx, e.out, format, nil)
	}
	if err := replaceFile(c.Output, func(w io.Writer) error { return db.Export(ctx, w, format, nil) }); err != nil {
		return err
	}
	stats, err := db.Stats(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "wrote %s to %s\n", count(stats.Records, "record"), c.Output)
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
