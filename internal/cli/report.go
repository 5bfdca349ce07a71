package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/alkahest/alkahest/discover/report"
)

// reportCommand is "alkahest report".
type reportCommand struct {
	Campaign string `arg:"" help:"File that declares the campaign."`
	Output   string `short:"o" default:"report.html" help:"File to write (default ${default})."`
}

// Help is shown by "alkahest report --help".
func (*reportCommand) Help() string {
	return `Writes one HTML file with all experiments, what would be proposed next, and plots: progress against random choice, predicted against measured, calibration of the intervals, the Pareto front, and the effect of each variable. The file needs no network.`
}

// Run writes the report.
func (c *reportCommand) Run(ctx context.Context, e *environment) error {
	campaign, err := e.campaign(ctx, c.Campaign)
	if err != nil {
		return err
	}
	next, err := campaign.Propose(campaign.Batch)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.Write(&b, campaign, next); err != nil {
		return err
	}
	if err := os.WriteFile(c.Output, b.Bytes(), 0o666); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s: %s in %s\n", visible(campaign.Name), count(len(campaign.Experiments), "experiment"), c.Output)
	return nil
}
