package cli

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/learn/cyclelife"
	"github.com/alkahest/alkahest/learn/cyclelife/cycler"
)

// cycleLifeCommand is "alkahest cycle-life".
type cycleLifeCommand struct {
	Running   []string `arg:"" help:"CSV files of the cycler, or folders of such, with the cells to predict."`
	From      []string `required:"" sep:"none" placeholder:"PATH" help:"The same of the cells to learn from, at least ten that were cycled to their end; may be repeated."`
	Lives     string   `required:"" placeholder:"FILE" help:"CSV file with columns cell and life (in cycles; empty where it is not known yet)."`
	Protocols string   `placeholder:"FILE" help:"CSV file with a column cell and those that --output shall have of each cell; without it they are the further columns of --lives."`
	Output    string   `short:"o" placeholder:"FILE" help:"Write the lives as a CSV file to tell a campaign."`
	Level     float64  `default:"0.9" help:"Probability with which the interval holds the life (default ${default})."`
	JSON      bool     `help:"One JSON object."`
}

// Help is shown by "alkahest cycle-life --help".
func (*cycleLifeCommand) Help() string {
	return fmt.Sprintf(`Predicts how many cycles battery cells will last from their first %d: from how the curve of capacity against voltage, discharging, changes between cycles 10 and 100.

  alkahest cycle-life running/ --from finished/ --lives lives.csv -o early.csv
  alkahest tell fast-charging.yaml early.csv

Files have a line for each point measured, and columns for the cycle, the voltage (V) and the discharge capacity (Ah), as cyclers name them ("Cycle_Index", "Voltage(V)", "Discharge_Capacity(Ah)"). With a column for the current (A), only lines where it is negative count. A column for the cell tells cells apart; without it, a file is a cell of its name. Files may be compressed with gzip.

Cells that run under other conditions than those learned from are predicted with a bias that is much the same for all. Where the life of three or more of them is known by now, the others are corrected by what these were off.

In the file of --output, the column "id" names the cell: told again when its life is measured, the cell counts with that life and no longer with the early prediction.`, cycler.LastCycle)
}

// forecast is what is known of a running cell.
type forecast struct {
	Cell      string   `json:"cell"`
	Early     float64  `json:"early"`               // cycles, as predicted
	Corrected *float64 `json:"corrected,omitempty"` // cycles
	Low       float64  `json:"low"`                 // of the corrected life, if it is
	High      float64  `json:"high"`
	Measured  *float64 `json:"measured,omitempty"`
	Distance  *float64 `json:"distance"` // see cyclelife.Prediction; null where it has no bound
	Unlike    bool     `json:"unlike"`   // all cells learned from
	Beyond    bool     `json:"beyond"`   // the lives learned from
}

// life returns the best that is known of the cell's life, and what it is.
func (f *forecast) life() (cycles float64, what string) {
	switch {
	case f.Measured != nil:
		return *f.Measured, "measured"
	case f.Corrected != nil:
		return *f.Corrected, "predicted early, corrected"
	}
	return f.Early, "predicted early"
}

// forecasts is what the verb has found.
type forecasts struct {
	Learned struct {
		Cells    int     `json:"cells"`
		Shortest float64 `json:"shortest"` // life, cycles
		Longest  float64 `json:"longest"`
		RMSE     float64 `json:"rmse"`     // cycles; each predicted from the others
		Relative float64 `json:"relative"` // mean of |error|/life
	} `json:"learned"`
	High       float64     `json:"from_voltage"` // V
	Low        float64     `json:"to_voltage"`
	Level      float64     `json:"level"`
	Correction *factor     `json:"correction"` // null without
	Known      int         `json:"known"`      // running cells whose life is known
	Cells      []*forecast `json:"cells"`
	LeftOut    []string    `json:"left_out"` // why cells were
}

// factor is a correction.
type factor struct {
	Factor    float64 `json:"factor"`    // between early predictions and lives
	Deviation float64 `json:"deviation"` // of single cells, a factor too
	Cells     int     `json:"cells"`
}

// Run predicts.
func (c *cycleLifeCommand) Run(ctx context.Context, e *environment) error {
	if !(c.Level > 0 && c.Level < 1) {
		return usagef("--level must lie between 0 and 1")
	}
	lives, err := readCells(c.Lives)
	if err != nil {
		return err
	}
	protocols := lives
	if c.Protocols != "" {
		if protocols, err = readCells(c.Protocols); err != nil {
			return err
		}
	}
	finished, err := recordings(ctx, c.From)
	if err != nil {
		return err
	}
	running, err := recordings(ctx, c.Running)
	if err != nil {
		return err
	}
	found := &forecasts{Level: c.Level, Cells: []*forecast{}, LeftOut: []string{}}
	err = found.predict(finished, running, lives)
	for _, why := range found.LeftOut {
		fmt.Fprintf(e.errOut, "left out: %s\n", visible(why))
	}
	if err != nil {
		return err
	}
	if c.Output != "" {
		if err := found.writeCSV(c.Output, protocols, cmp.Or(c.Protocols, c.Lives)); err != nil {
			return err
		}
	}
	if c.JSON {
		err = e.encodeJSON(found)
	} else {
		err = found.show(e)
	}
	if err != nil {
		return err
	}
	if c.Output != "" && !c.JSON {
		fmt.Fprintf(e.out, "\n%s in %s\nnext: %s\n", count(len(found.Cells), "cell"), c.Output, e.suggest("tell", "CAMPAIGN.yaml", c.Output))
	}
	if len(found.LeftOut) > 0 {
		return errSomeFailed
	}
	return nil
}

// readCells reads a file that says what is known of cells.
func readCells(name string) (*cycler.Sheet, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in, err := unzipped(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return cycler.ReadSheet(in, name)
}

// recordings reads files of cyclers, and those in folders.
func recordings(ctx context.Context, paths []string) ([]*cycler.Recording, error) {
	var out cycler.Recordings
	for _, path := range paths {
		var files []string
		err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && (name == path || exported(name)) {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: no .csv, .csv.gz or .tsv file is in this folder", path)
		}
		for _, name := range files {
			if err := recording(ctx, &out, name); err != nil {
				return nil, err
			}
		}
	}
	return out.All(), nil
}

// exported reports whether a file in a folder is taken for that of a cycler.
func exported(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".tsv")
}

// recording reads one file into out.
func recording(ctx context.Context, out *cycler.Recordings, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	in, err := unzipped(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	cell := filepath.Base(name)
	if strings.EqualFold(filepath.Ext(cell), ".gz") {
		cell = strings.TrimSuffix(cell, filepath.Ext(cell))
	}
	return out.Read(ctx, in, name, strings.TrimSuffix(cell, filepath.Ext(cell)))
}

// predict learns from the finished cells and predicts those that run.
func (f *forecasts) predict(finished, running []*cycler.Recording, lives *cycler.Sheet) error {
	usable := func(all []*cycler.Recording, check func(r *cycler.Recording) error) (good []*cycler.Recording) {
		for _, r := range all {
			if err := check(r); err != nil {
				f.LeftOut = append(f.LeftOut, err.Error())
			} else {
				good = append(good, r)
			}
		}
		return good
	}
	from := map[string]bool{}
	finished = usable(finished, func(r *cycler.Recording) error {
		from[r.Name] = true
		if lifeOf(lives, r) == nil {
			return fmt.Errorf("cell %s: nothing can be learned from it without its life", r.Name)
		}
		return r.Check()
	})
	running = usable(running, func(r *cycler.Recording) error {
		if from[r.Name] {
			return fmt.Errorf("cell %s: stands in --from too; a cell is learned from or predicted", r.Name)
		}
		return r.Check()
	})
	grid, narrow := cycler.Share(slices.Concat(finished, running))
	wide := func(r *cycler.Recording) error { return narrow[r] }
	finished, running = usable(finished, wide), usable(running, wide)
	var cells []*cyclelife.Cell
	var known []float64
	for _, r := range finished {
		cells, known = append(cells, grid.Cell(r)), append(known, *lifeOf(lives, r))
	}
	model, err := cyclelife.Fit(cells, known)
	if err != nil {
		return err
	}
	f.High, f.Low = grid.High, grid.Low
	f.Learned.Cells = len(cells)
	f.Learned.RMSE, f.Learned.Relative = model.LeaveOneOut()
	f.Learned.Shortest, f.Learned.Longest = slices.Min(known), slices.Max(known)
	for _, r := range running {
		p, err := model.Predict(grid.Cell(r), f.Level)
		if err != nil {
			return fmt.Errorf("cell %s: %w", r.Name, err)
		}
		f.Cells = append(f.Cells, &forecast{
			Cell: r.Name, Early: p.Life, Low: p.Low, High: p.High, Measured: lifeOf(lives, r),
			Distance: finite(p.Distance), Unlike: p.Distance > 1, Beyond: p.Beyond,
		})
	}
	if len(f.Cells) == 0 {
		return errors.New("no cell is left to predict")
	}
	return f.correct()
}

// lifeOf returns the life of a cell, or nil where it is not known.
func lifeOf(lives *cycler.Sheet, r *cycler.Recording) *float64 {
	if row, ok := lives.Rows[r.Name]; ok && !math.IsNaN(row.Life) {
		return &row.Life
	}
	return nil
}

// fewestKnown is how many running cells must have a known life before they
// correct the others.
const fewestKnown = 3

// correct shifts what is predicted of cells by what it was off for cells whose
// life is known, if these are enough.
func (f *forecasts) correct() error {
	var early, measured []float64
	for _, x := range f.Cells {
		if x.Measured != nil {
			early, measured = append(early, x.Early), append(measured, *x.Measured)
		}
	}
	f.Known = len(measured)
	if f.Known < fewestKnown {
		return nil
	}
	correction, err := cyclelife.NewCorrection(early, measured)
	if err != nil {
		return err
	}
	f.Correction = &factor{math.Pow(10, correction.Shift), math.Pow(10, correction.Deviation), f.Known}
	for _, x := range f.Cells {
		if x.Measured != nil {
			continue
		}
		var life float64
		if life, x.Low, x.High, err = correction.Correct(x.Early, f.Level); err != nil {
			return err
		}
		x.Corrected = &life
	}
	return nil
}

// show prints what was found for people.
func (f *forecasts) show(e *environment) error {
	fmt.Fprintf(e.out, "learned from %s that lasted %.0f to %.0f cycles, on %.2f to %.2f V; each predicted from the others, lives are off by %.0f cycles (%.1f %%)\n",
		count(f.Learned.Cells, "cell"), f.Learned.Shortest, f.Learned.Longest, f.High, f.Low, f.Learned.RMSE, 100*f.Learned.Relative)
	switch {
	case f.Correction != nil:
		fmt.Fprintf(e.out, "corrected by %s, as %s of known life were off in the mean; from that, single ones deviate by %s\n",
			percent(f.Correction.Factor), count(f.Correction.Cells, "running cell"), strings.TrimPrefix(percent(f.Correction.Deviation), "+"))
	case f.Known > 0:
		fmt.Fprintf(e.out, "not corrected: the life of %s is known; %d are needed\n", count(f.Known, "running cell"), fewestKnown)
	default:
		fmt.Fprintf(e.out, "not corrected: no life of a running cell is known; %d are needed\n", fewestKnown)
	}
	fmt.Fprintln(e.out)
	g := &grid{columns: []column{
		{head: "CELL", least: 8}, {head: "EARLY PREDICTION", right: true}, {head: "CORRECTED", right: true, rare: true},
		{head: fmt.Sprintf("%.3g %% INTERVAL", 100*f.Level)}, {head: "MEASURED", right: true, rare: true}, {head: "NOTE", rare: true, least: 12},
	}}
	whole := func(v *float64) string {
		if v == nil {
			return ""
		}
		return fixed(*v, 0)
	}
	for _, x := range f.Cells {
		g.add(x.Cell, fixed(x.Early, 0), whole(x.Corrected), fixed(x.Low, 0)+"–"+fixed(x.High, 0), whole(x.Measured), x.warning())
	}
	return g.write(e.out, terminalWidth(e.out))
}

// percent writes a factor as the change that it makes: "+4.0 %".
func percent(factor float64) string {
	return strings.Replace(fmt.Sprintf("%+.1f %%", 100*(factor-1)), "-", "−", 1)
}

// warning says why a prediction may be worth little.
func (x *forecast) warning() string {
	var parts []string
	if x.Unlike {
		parts = append(parts, "its curve is unlike those learned from")
		if x.Distance != nil {
			parts[0] += fmt.Sprintf(" (distance %.1f)", *x.Distance)
		}
	}
	if x.Beyond {
		parts = append(parts, "kept within the lives learned from")
	}
	return strings.Join(parts, "; ")
}

// writeCSV writes what a campaign is told: the cell as id, the columns of its
// protocol, the life and what it is.
func (f *forecasts) writeCSV(name string, protocols *cycler.Sheet, source string) (err error) {
	own := []string{"id", "life", "note", "status"}
	for _, column := range protocols.Columns {
		if slices.Contains(own, column) {
			return fmt.Errorf("%s: the column %q would stand twice in %s; rename it", source, column, name)
		}
	}
	rows := [][]string{slices.Concat(own[:1], protocols.Columns, own[1:3])}
	for _, x := range f.Cells {
		row, ok := protocols.Rows[x.Cell]
		if !ok {
			return fmt.Errorf("%s: no line is about cell %s; give it one with its protocol", source, x.Cell)
		}
		life, what := x.life()
		rows = append(rows, slices.Concat([]string{x.Cell}, row.Cells, []string{fixed(life, 0), what}))
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return csv.NewWriter(file).WriteAll(rows)
}
