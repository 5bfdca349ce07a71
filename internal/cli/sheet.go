package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/labsheet"
	"github.com/alkahest/alkahest/record"
)

// sheetCommand is "alkahest sheet".
type sheetCommand struct {
	File string `arg:"" name:"file" help:"A sheet: .xlsx or .csv."`
	Map  string `placeholder:"FILE" help:"Show the records that this mapping gives instead of guessing one."`
	Save bool   `help:"Write the mapping beside the sheet, as FILE.map.yaml, unless there is one."`
}

// Help is shown by "alkahest sheet --help".
func (*sheetCommand) Help() string {
	return `Guesses which columns of a lab sheet are properties, conditions and samples, and prints the mapping with its reasons as YAML. Save it with --save, correct it, look at what it gives with --map, and then read the sheet: "alkahest read" takes the mapping that it finds beside a sheet.`
}

// Run prints the mapping of c.File, or its records.
func (c *sheetCommand) Run(ctx context.Context, e *environment) (err error) {
	fields, err := e.fields()
	if err != nil {
		return err
	}
	shelf := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	doc, err := shelf.read(ctx, c.File)
	if err != nil {
		return err
	}
	if doc.Format != document.Sheet {
		return usagef("%s is no sheet, its format is %s", c.File, doc.Format)
	}
	if c.Map != "" {
		records, rejected, err := mapped(c.Map, doc, fields)
		if err != nil {
			return err
		}
		for _, why := range rejected {
			fmt.Fprintf(e.errOut, "alkahest: %s: %s\n", visible(c.File), visible(why))
		}
		g := recordGrid()
		for _, r := range records {
			g.addRecord(r)
		}
		return g.write(e.out, terminalWidth(e.out))
	}
	guess := labsheet.Guess(doc, fields)
	if len(guess.Tables) == 0 {
		return fmt.Errorf("%s has no table with a row that names its columns", c.File)
	}
	yaml, err := guess.YAML()
	if err != nil {
		return err
	}
	if !c.Save {
		_, err = e.out.Write(yaml)
		return err
	}
	name := c.File + labsheet.Extension
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if _, err = f.Write(yaml); err == nil {
		fmt.Fprintf(e.out, "wrote %s; check it, then: %s\n", name, e.suggest("read", c.File))
	}
	return errors.Join(err, f.Close())
}

// mapped returns the records of doc by the mapping in a file.
func mapped(name string, doc *document.Document, fields *field.Set) ([]*record.Record, []string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	m, err := labsheet.Parse(name, data, fields)
	if err != nil {
		return nil, nil, &mappingError{fmt.Errorf("%s; correct the mapping, or take it away to have its columns guessed", strings.ReplaceAll(err.Error(), "\n", "; "))}
	}
	records, rejected, err := m.Records(doc, fields)
	if err != nil {
		return nil, nil, &mappingError{err}
	}
	return records, rejected, nil
}

// mappingError says that the mapping of a sheet is wrong, so that the sheet is not
// read at all: a guess in its place would not be what the user wrote.
type mappingError struct{ err error }

func (e *mappingError) Error() string { return e.err.Error() }

// sheetReader is a recordReader that reads a sheet by the mapping beside it, if
// there is one, and leaves everything else to another.
type sheetReader struct {
	recordReader
	fields *field.Set
}

// Extract implements recordReader. What the mapping cannot read becomes a
// warning of doc.
func (r sheetReader) Extract(ctx context.Context, doc *document.Document) ([]*record.Record, error) {
	if doc.Format == document.Sheet {
		records, rejected, err := mapped(doc.Name+labsheet.Extension, doc, r.fields)
		if !errors.Is(err, fs.ErrNotExist) {
			doc.Warnings = append(doc.Warnings, rejected...)
			return records, err
		}
		for _, other := range misnamed {
			if _, err := os.Stat(doc.Name + other); err == nil {
				return nil, &mappingError{fmt.Errorf("%s: a mapping is looked for as %s; rename it", doc.Name+other, doc.Name+labsheet.Extension)}
			}
		}
	}
	return r.recordReader.Extract(ctx, doc)
}

// misnamed are endings of files that are meant to be mappings, but are not looked
// for.
var misnamed = []string{".map.yml", ".map.json", ".map"}
