package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/discover"
	"github.com/alkahest/alkahest/discover/example"
	"github.com/alkahest/alkahest/discover/space"
)

// campaignCommand is "alkahest campaign".
type campaignCommand struct {
	Example campaignExampleCommand `cmd:"" help:"Write a campaign that is ready to run into the current folder."`
	Check   campaignCheckCommand   `cmd:"" help:"Say what a campaign file declares, or what is wrong with it."`
	Eval    campaignEvalCommand    `cmd:"" help:"Measure how fast campaigns find the best of public sets of experiments."`
}

// campaignExampleCommand is "alkahest campaign example".
type campaignExampleCommand struct {
	Name string `arg:"" enum:"absorber,fast-charging" help:"One of ${enum}."`
}

// Run writes the files of the example, none of which may exist.
func (c *campaignExampleCommand) Run(e *environment) error {
	files, err := example.Files(c.Name)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return err
		}
		_, err = file.Write(files[name])
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.out, "wrote %s\nnext: %s\n", strings.Join(names, ", "), e.suggest("propose", c.Name+".yaml"))
	return nil
}

// campaignCheckCommand is "alkahest campaign check".
type campaignCheckCommand struct {
	Campaign string `arg:"" help:"File that declares the campaign."`
}

// Run checks.
func (c *campaignCheckCommand) Run(ctx context.Context, e *environment) error {
	campaign, err := discover.Load(c.Campaign)
	if err != nil {
		return err
	}
	for _, note := range campaign.Notes {
		fmt.Fprintf(e.errOut, "note: %s\n", visible(note))
	}
	fmt.Fprintf(e.out, "%s\n\n", visible(campaign.Name))
	g := &grid{columns: []column{{head: "VARIABLE"}, {head: "VALUES", least: 40}}}
	for _, v := range campaign.Space.Variables {
		g.add(headed(v.Name, v.Unit), values(&v))
	}
	if err := g.write(e.out, terminalWidth(e.out)); err != nil {
		return err
	}
	fmt.Fprintln(e.out)
	g = &grid{columns: []column{{head: "OUTCOME"}, {head: "WANTED"}}}
	for _, o := range campaign.Outcomes {
		g.add(headed(o.Name, o.Unit), o.Wanted())
	}
	if err := g.write(e.out, 0); err != nil {
		return err
	}
	size := "too many candidates to list"
	if points, ok := campaign.Space.All(); ok {
		size = count(len(points), "candidate")
	}
	fmt.Fprintf(e.out, "\n%s; %s known, %d pending\n", size, count(len(campaign.Experiments), "experiment"), len(campaign.Pending))
	return nil
}

// values says what a variable may be.
func values(v *space.Variable) string {
	if v.Kind == space.Number {
		s := number(v.Low) + " to " + number(v.High)
		if v.Step > 0 {
			s += " in steps of " + number(v.Step)
		}
		if v.Log {
			s += ", logarithmic"
		}
		return s
	}
	if len(v.Choices) > 12 {
		return fmt.Sprintf("%d, such as %s", len(v.Choices), strings.Join(v.Choices[:6], ", "))
	}
	return strings.Join(v.Choices, ", ")
}
