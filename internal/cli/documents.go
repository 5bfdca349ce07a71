package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/knowledge"
)

// documentsCommand is "alkahest documents".
type documentsCommand struct {
	Name   string `arg:"" optional:"" help:"Only documents whose name matches, with * for any characters and ? for one."`
	Failed bool   `help:"Only what could not be read, with the reason."`
	JSON   bool   `help:"One JSON object a line."`
}

// Help is shown by "alkahest documents --help".
func (*documentsCommand) Help() string {
	return `Documents of the same work, such as a preprint, the article as PDF and as XML, and a notice that retracts it, stand together, with what shows that they are.`
}

// Run lists documents.
func (c *documentsCommand) Run(ctx context.Context, e *environment) (err error) {
	db, err := e.store(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	filter := knowledge.DocumentFilter{Like: c.Name}
	if c.Failed {
		filter.Status = knowledge.Failed
	}
	encoder := json.NewEncoder(e.out)
	encoder.SetEscapeHTML(false)
	columns := []column{{head: "DOCUMENT", least: 16}, {head: "FORMAT"}, {head: "PAGES", right: true}, {head: "RECORDS", right: true},
		{head: "LICENSE", rare: true}, {head: "NOTICE", rare: true}, {head: "TITLE OR REASON", least: 20}}
	if c.Failed {
		columns = []column{{head: "DOCUMENT", least: 16}, {head: "REASON", least: 20}}
	}
	g := &grid{columns: columns}
	for d, err := range db.Documents(ctx, filter) {
		if err != nil {
			return err
		}
		if c.JSON {
			if err := encoder.Encode(d); err != nil {
				return err
			}
			continue
		}
		name := strings.Join(d.Names, " = ")
		about := d.Title
		switch d.Status {
		case knowledge.Failed:
			about = reason(d.Names, d.Reason)
		case knowledge.Pending:
			about = "waits to be read"
		}
		if c.Failed {
			g.add(name, about)
			continue
		}
		if d.Status == knowledge.Failed {
			about = "failed: " + about
		}
		pages := ""
		if d.Pages > 0 {
			pages = strconv.Itoa(d.Pages)
		}
		if d.Joined != "" { // it stands below the first document of its work
			name, about = "  "+name, d.Joined
		}
		g.add(name, string(d.Format), pages, strconv.Itoa(d.Records), d.License, string(d.WorkNotice), about)
	}
	switch {
	case c.JSON:
		return nil
	case len(g.rows) == 0 && c.Failed:
		fmt.Fprintln(e.out, "nothing has failed")
		return nil
	case len(g.rows) == 0:
		fmt.Fprintln(e.out, "no such document")
		return nil
	}
	return g.write(e.out, terminalWidth(e.out))
}

// reason returns why a source failed, without its name at the beginning.
func reason(names []string, reason string) string {
	for _, name := range names {
		if rest, ok := strings.CutPrefix(reason, name+": "); ok {
			return rest
		}
	}
	return reason
}
