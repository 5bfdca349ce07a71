package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/export"
	"github.com/alkahest/alkahest/record"
)

// queryCommand is "alkahest query".
type queryCommand struct {
	Query       []string `arg:"" optional:"" help:"What to ask for, such as 'battery/specific-capacity > 150 mAh/g and subject has Na'. Without it, all records."`
	Order       string   `enum:"confidence,value,value-descending,subject,document" default:"confidence" help:"Order of the records: ${enum}."`
	Limit       int      `short:"n" default:"50" help:"At most so many records; 0 for all. Only tables are limited unless it is given."`
	Every       bool     `help:"Every record, also where documents of the same work state the same; without it, the best of them."`
	NoRetracted bool     `help:"No records of works that were retracted."`
	JSON        bool     `xor:"form" help:"One JSON object a line."`
	CSV         bool     `xor:"form" help:"Comma-separated values with a head."`
	Evidence    bool     `xor:"form" help:"Below each record, the sentence or table cell it was read from."`
}

// Help is shown by "alkahest query --help".
func (*queryCommand) Help() string {
	return `Terms are joined with and, or, not and parentheses:

  battery/specific-capacity > 150 mAh/g      a property and its value, in any unit
  Tg between 50 and 70 °C                    any name or symbol of a property
  solid/band-gap                             the property, whatever its value
  subject has Na and Fe                      elements; also: has any (Na, K), only (Li, P, S)
  subject = "LiFePO4"     subject like "LLZ*"
  condition temperature between 20 and 30 °C
  confidence >= 0.8
  document like "*.pdf"   text "solid electrolyte"

Two properties joined by "and" ask for subjects that have both.`
}

// Run prints the records that c.Query asks for.
func (c *queryCommand) Run(ctx context.Context, e *environment) (err error) {
	fields, err := e.fields()
	if err != nil {
		return err
	}
	q, err := knowledge.ParseQuery(strings.Join(c.Query, " "), fields)
	if err != nil {
		return err
	}
	q.Every, q.NoRetracted = c.Every, c.NoRetracted
	if c.Limit < 0 {
		return usagef("--limit must not be negative")
	}
	db, err := e.store(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	switch {
	case c.JSON:
		return export.Write(e.out, export.JSONL, db.Query(ctx, q, knowledge.Order(c.Order), c.streamLimit()))
	case c.CSV:
		return export.Write(e.out, export.CSV, db.Query(ctx, q, knowledge.Order(c.Order), c.streamLimit()))
	}
	limit := c.Limit
	if limit > 0 {
		limit++ // to know whether there are more
	}
	records := db.Query(ctx, q, knowledge.Order(c.Order), limit)
	if c.Evidence {
		return c.evidence(ctx, e, db, records)
	}
	g := recordGrid()
	more, retracted := false, 0
	for r, err := range records {
		if err != nil {
			return err
		}
		if c.Limit > 0 && len(g.rows) == c.Limit {
			more = true
			break
		}
		g.addRecord(r)
		if r.Notice == document.Retracted {
			retracted++
		}
	}
	if len(g.rows) == 0 {
		fmt.Fprintln(e.out, "no record is known that answers this")
		fmt.Fprintf(e.out, "to see the names of properties: %s\n", e.suggest("fields"))
		return nil
	}
	if err := g.write(e.out, terminalWidth(e.out)); err != nil {
		return err
	}
	if more {
		fmt.Fprintf(e.out, "\nthe first %d; for all, add -n 0\n", c.Limit)
	}
	if retracted > 0 {
		fmt.Fprintf(e.out, "\n%d of these are of works that were retracted; to leave them out, add --no-retracted\n", retracted)
	}
	return nil
}

// streamLimit returns the limit for the forms that other programs read: none,
// unless the user gave another than the default.
func (c *queryCommand) streamLimit() int {
	if c.Limit == defaultLimit {
		return 0
	}
	return c.Limit
}

// defaultLimit is the number of rows of a table that fits on a few screens; it
// is the default of --limit.
const defaultLimit = 50

// evidence prints each record with the words it was read from.
func (c *queryCommand) evidence(ctx context.Context, e *environment, store knowledge.Store, records iter.Seq2[*record.Record, error]) error {
	n := 0
	for r, err := range records {
		if err != nil {
			return err
		}
		if c.Limit > 0 && n == c.Limit {
			fmt.Fprintf(e.out, "the first %d; for all, add -n 0\n", c.Limit)
			return nil
		}
		doc, err := store.Document(ctx, r.Document)
		if err != nil {
			return fmt.Errorf("document of record %s: %w", r.ID, err)
		}
		fmt.Fprintf(e.out, "%s  %s  %s  %s  %.2f%s\n", shortID(r), visible(r.Subject.Title()), r.Property, value(r), r.Confidence, remarks(r))
		if err := e.excerpt(doc, r); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "  %s\n\n", location(r))
		n++
	}
	if n == 0 {
		fmt.Fprintln(e.out, "no record is known that answers this")
	}
	return nil
}

// remarks writes what else a reader should know of r.
func remarks(r *record.Record) string {
	var s string
	if r.Readings > 1 {
		s = fmt.Sprintf("  read in %d places", r.Readings)
	}
	if r.Notice != document.NoNotice {
		s += "  " + strings.ToUpper(string(r.Notice))
	}
	return s
}

// encodeJSON writes v indented.
func (e *environment) encodeJSON(v any) error {
	encoder := json.NewEncoder(e.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
