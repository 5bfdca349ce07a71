package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/alkahest/alkahest/discover/benchmark"
)

// campaignEvalCommand is "alkahest campaign eval".
type campaignEvalCommand struct {
	Set      string `arg:"" enum:"pvlab,olympus,severson2019,attia2020" help:"One of ${enum}."`
	Dir      string `arg:"" help:"Folder where the set lies."`
	Seeds    int    `default:"50" help:"Runs of each strategy, each from another start."`
	Steps    int    `placeholder:"N" help:"At most so many experiments of a run."`
	Only     string `placeholder:"POOL" help:"Only this pool of the set."`
	Strategy string `placeholder:"NAME" help:"Only this strategy, as the table names it."`
	JSON     bool   `help:"One JSON object."`
}

// Help is shown by "alkahest campaign eval --help".
func (*campaignEvalCommand) Help() string {
	return `The sets:

  pvlab         pools of three self-driving laboratories (Liang et al. 2021): how much sooner than by chance half of the best 5 % are found
  olympus       pools of the Olympus collection (Häse et al. 2021): the rank of the best of 30 experiments
  severson2019  cycle lives of 124 battery cells, predicted from their first 100 cycles
  attia2020     224 fast-charging protocols: trials until the one with the longest life is found`
}

// Run measures.
func (c *campaignEvalCommand) Run(ctx context.Context, e *environment) error {
	if c.Seeds < 1 || c.Steps < 0 {
		return usagef("--seeds must be at least 1, and --steps not negative")
	}
	progress := newBar(e.errOut)
	o := benchmark.Options{Seeds: c.Seeds, Steps: c.Steps, Only: c.Only, Strategy: c.Strategy, Progress: progress.set}
	var results any
	var g *grid
	var err error
	switch c.Set {
	case "pvlab":
		results, g, err = accelerations(ctx, c.Dir, o)
	case "olympus":
		results, g, err = standings(ctx, c.Dir, o)
	case "severson2019":
		results, g, err = cycleLives(c.Dir)
	case "attia2020":
		results, g, err = fastCharging(ctx, c.Dir, o)
	}
	progress.clear()
	if err != nil {
		return err
	}
	if c.JSON {
		return e.encodeJSON(map[string]any{"set": c.Set, "seeds": c.Seeds, "results": results})
	}
	return g.write(e.out, 0)
}

// fixed writes x with so many digits behind the point.
func fixed(x float64, digits int) string { return strconv.FormatFloat(x, 'f', digits, 64) }

func accelerations(ctx context.Context, dir string, o benchmark.Options) (any, *grid, error) {
	results, err := benchmark.MeasurePVLab(ctx, dir, o)
	g := &grid{columns: []column{
		{head: "POOL"}, {head: "SIZE", right: true}, {head: "STRATEGY"}, {head: "HALF OF TOP 5 % AFTER", right: true},
		{head: "ACCELERATION", right: true}, {head: "OF 90 % OF RUNS"}, {head: "ENHANCEMENT", right: true},
	}}
	for _, r := range results {
		half := strconv.Itoa(r.Half)
		if r.Half == 0 {
			half = "never"
		}
		g.add(r.Pool, strconv.Itoa(r.Size), r.Strategy, half, fixed(r.Factor, 2), fixed(r.Low, 1)+" to "+fixed(r.High, 1), fixed(r.Enhancement, 1))
	}
	return results, g, err
}

func standings(ctx context.Context, dir string, o benchmark.Options) (any, *grid, error) {
	results, err := benchmark.MeasureOlympus(ctx, dir, o)
	g := &grid{columns: []column{
		{head: "POOL"}, {head: "SIZE", right: true}, {head: "STRATEGY"}, {head: "EXPERIMENTS", right: true},
		{head: "MEDIAN RANK", right: true}, {head: "OF 90 % OF RUNS"}, {head: "PLACE", right: true},
	}}
	places, pools := map[string]float64{}, map[string]float64{}
	var names []string
	for _, r := range results {
		g.add(r.Pool, strconv.Itoa(r.Size), r.Strategy, strconv.Itoa(r.Steps), fixed(r.Rank, 1), fixed(r.Low, 0)+" to "+fixed(r.High, 0), fixed(r.Place, 1))
		if pools[r.Strategy] == 0 {
			names = append(names, r.Strategy)
		}
		places[r.Strategy] += r.Place
		pools[r.Strategy]++
	}
	for _, name := range names {
		g.add("mean of all", "", name, "", "", "", fixed(places[name]/pools[name], 2))
	}
	return results, g, err
}

func cycleLives(dir string) (any, *grid, error) {
	results, err := benchmark.MeasureSeverson(dir)
	g := &grid{columns: []column{
		{head: "CELLS"}, {head: "NUMBER", right: true}, {head: "RMSE (cycles)", right: true}, {head: "MEAN ERROR", right: true},
		{head: "90 % INTERVALS HOLD", right: true}, {head: "RMSE OF THE VARIANCE ALONE", right: true},
	}}
	for _, r := range results {
		g.add(r.Set, strconv.Itoa(r.Cells), fixed(r.RMSE, 1), fixed(r.Percent, 1)+" %", fixed(100*r.Cover, 0)+" %", fixed(r.Variance, 1))
	}
	return results, g, err
}

func fastCharging(ctx context.Context, dir string, o benchmark.Options) (any, *grid, error) {
	results, err := benchmark.MeasureAttia(ctx, dir, o)
	g := &grid{columns: []column{
		{head: "LIVES"}, {head: "STRATEGY"}, {head: "BEST FOUND AFTER", right: true}, {head: "OF 90 % OF RUNS"}, {head: "LOSS AFTER 40", right: true},
	}}
	for _, r := range results {
		lives := "exact"
		if r.Noise > 0 {
			lives = fmt.Sprintf("± %.0f cycles", r.Noise)
		}
		g.add(lives, r.Strategy, fixed(r.Median, 1), fixed(r.Low, 0)+" to "+fixed(r.High, 0), fixed(r.Loss, 0))
	}
	return results, g, err
}
