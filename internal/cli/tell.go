package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/alkahest/alkahest/discover"
)

// tellCommand is "alkahest tell".
type tellCommand struct {
	Campaign string `arg:"" help:"File that declares the campaign."`
	Results  string `arg:"" help:"CSV file with the results, or - for standard input."`
}

// Help is shown by "alkahest tell --help".
func (*tellCommand) Help() string {
	return `Takes what experiments gave: a column for each variable and each outcome. A cell of an outcome may be empty, where it was not measured; a column "status" says "failed" of an experiment that gave nothing, and "skipped" of one that was not made. Failures teach what to avoid. Telling the same file again changes nothing, so rows may be added to one sheet. In a column "id" an experiment can have a name: a row told later takes the place of what was told of that name, as the measured life of a cell does of the life predicted early.`
}

// Run takes the results.
func (c *tellCommand) Run(ctx context.Context, e *environment) error {
	campaign, err := discover.Load(c.Campaign)
	if err != nil {
		return err
	}
	var in io.Reader = e.in
	if c.Results != "-" {
		file, err := os.Open(c.Results)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	sheet, err := campaign.ReadResults(c.Results, in)
	if err != nil {
		return err
	}
	for _, note := range sheet.Notes {
		fmt.Fprintf(e.errOut, "note: %s\n", visible(note))
	}
	added, replaced, err := campaign.Tell(sheet)
	if err != nil {
		return err
	}
	counts := map[discover.Status]int{}
	for _, x := range added {
		counts[x.Status]++
	}
	fmt.Fprintf(e.out, "%s: %s new", visible(campaign.Name), count(len(added), "experiment"))
	if n := counts[discover.Failed]; n > 0 {
		fmt.Fprintf(e.out, ", %d of them failed", n)
	}
	if n := counts[discover.Skipped]; n > 0 {
		fmt.Fprintf(e.out, ", %d were skipped", n)
	}
	if len(replaced) > 0 {
		fmt.Fprintf(e.out, "; %d replaced", len(replaced))
	}
	if n := len(sheet.Experiments) - len(added) - len(replaced); n > 0 {
		fmt.Fprintf(e.out, "; %d were known", n)
	}
	fmt.Fprintf(e.out, "; %d are pending\n", len(campaign.Pending))
	for _, line := range campaign.Standing() {
		fmt.Fprintln(e.out, visible(line))
	}
	fmt.Fprintf(e.out, "next: %s\n", e.suggest("propose", c.Campaign))
	return nil
}
