package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/discover"
)

// proposeCommand is "alkahest propose".
type proposeCommand struct {
	Campaign string `arg:"" help:"File that declares the campaign; see docs/propose.md."`
	Count    int    `short:"n" placeholder:"N" help:"How many experiments (default: the batch of the campaign)."`
	Look     bool   `help:"Only show them: nothing is noted as proposed."`
	JSON     bool   `xor:"form" help:"One JSON object a line."`
	CSV      bool   `xor:"form" help:"A sheet to fill in and to tell."`
}

// Help is shown by "alkahest propose --help".
func (*proposeCommand) Help() string {
	return `Says which experiments to make next, and why. What is proposed is noted in the log beside the campaign's file as pending, so that the next call proposes something else; "alkahest tell" takes the results. With the same file and the same log, the proposals are the same.`
}

// Run proposes.
func (c *proposeCommand) Run(ctx context.Context, e *environment) error {
	campaign, err := e.campaign(ctx, c.Campaign)
	if err != nil {
		return err
	}
	n := c.Count
	if n == 0 {
		n = campaign.Batch
	}
	proposal, err := campaign.Propose(n)
	if err != nil {
		return err
	}
	if len(proposal.Candidates) == 0 {
		return errors.New("every candidate of the campaign was tried or is pending")
	}
	known, err := e.known(ctx, campaign, proposal)
	if err != nil {
		return err
	}
	if !c.Look {
		if err := campaign.Accept(proposal); err != nil {
			return err
		}
	}
	switch {
	case c.JSON:
		return e.proposalJSON(campaign, proposal)
	case c.CSV:
		return e.proposalSheet(campaign, proposal)
	}
	return c.show(e, campaign, proposal, known)
}

// campaign loads a campaign and shows what its user should know of the files.
func (e *environment) campaign(ctx context.Context, file string) (*discover.Campaign, error) {
	campaign, err := discover.Load(file)
	if err != nil {
		return nil, err
	}
	for _, note := range campaign.Notes {
		fmt.Fprintf(e.errOut, "note: %s\n", visible(note))
	}
	return campaign, e.literature(ctx, campaign)
}

// show prints the proposal for people.
func (c *proposeCommand) show(e *environment, campaign *discover.Campaign, p *discover.Proposal, known map[string][]string) error {
	manner := "spread over the space, as too little is measured to predict"
	if p.Modelled {
		manner = fmt.Sprintf("chosen by a model of %s", count(len(campaign.Experiments), "experiment"))
	}
	fmt.Fprintf(e.out, "%s, batch %d: %s, %s\n\n", visible(campaign.Name), p.Batch, count(len(p.Candidates), "candidate"), manner)
	g := &grid{columns: []column{{head: "ID"}}}
	for _, v := range campaign.Space.Variables {
		g.columns = append(g.columns, column{head: headed(v.Name, v.Unit), right: v.Kind == 0})
	}
	for _, o := range campaign.Outcomes {
		g.columns = append(g.columns, column{head: headed(o.Name, o.Unit), right: true})
	}
	if campaign.Cost != nil {
		g.columns = append(g.columns, column{head: "COST", right: true})
	}
	for i := range p.Candidates {
		x := &p.Candidates[i]
		cells := []string{x.ID}
		for j := range campaign.Space.Variables {
			cells = append(cells, campaign.Space.Text(x.Point, j))
		}
		for j := range campaign.Outcomes {
			cells = append(cells, plusMinus(x.Expected[j], x.Deviation[j]))
		}
		if campaign.Cost != nil {
			cells = append(cells, number(x.Cost))
		}
		g.add(cells...)
	}
	if err := g.write(e.out, 0); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "\nExpected are 90 % intervals of one measurement.")
	for i := range p.Candidates {
		x := &p.Candidates[i]
		fmt.Fprintf(e.out, "\n%s\n", x.ID)
		for _, r := range x.Reasons {
			fmt.Fprintf(e.out, "  %s\n", visible(r))
		}
		if x.Nearest != nil {
			fmt.Fprintf(e.out, "  nearest known: %s\n", visible(described(campaign, x.Nearest)))
		}
		for _, note := range known[x.ID] {
			fmt.Fprintf(e.out, "  %s\n", visible(note))
		}
	}
	if p.Exhausted {
		fmt.Fprintln(e.out, "\nThese are all candidates that are left.")
	}
	if p.Advice != "" {
		fmt.Fprintf(e.out, "\n%s\n", visible(p.Advice))
	}
	if !c.Look {
		fmt.Fprintf(e.out, "\nWhen they are made: %s\n", e.suggest("tell", c.Campaign, "RESULTS.csv"))
	}
	return nil
}

// headed is the head of a column with its unit.
func headed(name, unit string) string {
	if unit == "" {
		return visible(name)
	}
	return visible(name + " (" + unit + ")")
}

// plusMinus writes the middle of a normal distribution and half the width of its
// 90 % interval, with as many digits as that has.
func plusMinus(mean, deviation float64) string {
	if math.IsNaN(mean) {
		return "?"
	}
	half := 1.645 * deviation
	digits := 2
	if half > 0 {
		digits = min(max(1-int(math.Floor(math.Log10(half))), 0), 12)
	}
	return strconv.FormatFloat(mean, 'f', digits, 64) + " ± " + strconv.FormatFloat(half, 'f', digits, 64)
}

// described writes an experiment in one line.
func described(c *discover.Campaign, x *discover.Experiment) string {
	var parts []string
	for j, v := range c.Space.Variables {
		parts = append(parts, strings.TrimSpace(v.Name+" "+c.Space.Text(x.Point, j)+" "+v.Unit))
	}
	var outcomes []string
	for j, o := range c.Outcomes {
		if !math.IsNaN(x.Outcomes[j]) {
			outcomes = append(outcomes, o.Name+" "+o.Value(x.Outcomes[j]))
		}
	}
	if x.Status == discover.Failed {
		outcomes = append(outcomes, "failed")
	}
	return strings.Join(parts, ", ") + ": " + strings.Join(outcomes, ", ") + " (" + x.Source + ")"
}

// proposedCandidate is a candidate as JSON.
type proposedCandidate struct {
	ID       string                     `json:"id"`
	Values   map[string]any             `json:"values"`
	Expected map[string]discover.Normal `json:"expected"`
	Use      float64                    `json:"probability_of_use"`
	Cost     float64                    `json:"cost,omitempty"`
	Reasons  []string                   `json:"reasons"`
	Nearest  *proposedNearest           `json:"nearest,omitempty"`
}

type proposedNearest struct {
	Values   map[string]any     `json:"values"`
	Outcomes map[string]float64 `json:"outcomes"`
	Distance float64            `json:"distance"`
	Source   string             `json:"source"`
}

func (e *environment) proposalJSON(c *discover.Campaign, p *discover.Proposal) error {
	encoder := json.NewEncoder(e.out)
	encoder.SetEscapeHTML(false)
	for i := range p.Candidates {
		x := &p.Candidates[i]
		out := proposedCandidate{ID: x.ID, Values: c.Values(x.Point), Expected: c.Expectation(x), Use: x.Use, Cost: x.Cost, Reasons: x.Reasons}
		if x.Nearest != nil {
			out.Nearest = &proposedNearest{Values: c.Values(x.Nearest.Point), Outcomes: c.Measured(x.Nearest), Distance: x.Distance, Source: x.Nearest.Source}
		}
		if err := encoder.Encode(out); err != nil {
			return err
		}
	}
	return nil
}

// proposalSheet writes the candidates with empty cells for their results.
func (e *environment) proposalSheet(c *discover.Campaign, p *discover.Proposal) error {
	w := csv.NewWriter(e.out)
	var head []string
	for _, v := range c.Space.Variables {
		head = append(head, v.Name)
	}
	for _, o := range c.Outcomes {
		head = append(head, o.Name)
	}
	if err := w.Write(append(head, "status", "note")); err != nil {
		return err
	}
	for i := range p.Candidates {
		row := make([]string, len(head)+2)
		for j := range c.Space.Variables {
			row[j] = c.Space.Text(p.Candidates[i].Point, j)
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
