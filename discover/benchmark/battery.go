package benchmark

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/alkahest/alkahest/learn/cyclelife"
)

// CycleLife is how far predictions of cycle lives are off on a set of cells.
type CycleLife struct {
	Set      string  `json:"set"`
	Cells    int     `json:"cells"`
	RMSE     float64 `json:"rmse"`     // cycles
	Percent  float64 `json:"percent"`  // mean of |error|/life
	Variance float64 `json:"variance"` // RMSE of a line through the logarithm of the variance alone
	Cover    float64 `json:"coverage"` // of the 90 % intervals
}

// outlier is a cell that failed early of a cause that its first cycles do not
// show; Severson et al. state their errors without it.
const outlier = 200 // cycles: no other cell lasted less

// MeasureSeverson learns from the 41 training cells of Severson et al. and
// predicts both sets of test cells.
func MeasureSeverson(dir string) ([]CycleLife, error) {
	lives := map[string][]float64{}
	err := readCSV(filepath.Join(dir, "features_from_full_resolution.csv"), 0, func(line int, record []string) error {
		if line == 1 {
			return nil
		}
		if len(record) < 3 {
			return errors.New("fewer than 3 columns")
		}
		life, err := number(record[2])
		lives[record[0]] = append(lives[record[0]], life)
		return err
	})
	if err != nil {
		return nil, err
	}
	cells := map[string][]*cyclelife.Cell{}
	for set := range lives {
		for i := range lives[set] {
			c, err := readCell(filepath.Join(dir, "qv", set, fmt.Sprintf("cell%d.csv.gz", i+1)))
			if err != nil {
				return nil, err
			}
			cells[set] = append(cells[set], c)
		}
	}
	model, err := cyclelife.Fit(cells["train"], lives["train"])
	if err != nil {
		return nil, err
	}
	slope, offset, err := varianceLine(cells["train"], lives["train"])
	if err != nil {
		return nil, err
	}
	var out []CycleLife
	for _, set := range []string{"train", "test1", "test2"} {
		s := CycleLife{Set: set}
		for i, c := range cells[set] {
			life := lives[set][i]
			if life < outlier {
				continue
			}
			p, err := model.Predict(c, 0.9)
			if err != nil {
				return nil, err
			}
			variance, err := c.LogVariance()
			if err != nil {
				return nil, err
			}
			s.Cells++
			s.RMSE += (p.Life - life) * (p.Life - life)
			s.Percent += 100 * math.Abs(p.Life-life) / life
			line := math.Pow(10, offset+slope*variance)
			s.Variance += (line - life) * (line - life)
			if p.Low <= life && life <= p.High {
				s.Cover++
			}
		}
		n := float64(s.Cells)
		s.RMSE, s.Percent, s.Variance, s.Cover = math.Sqrt(s.RMSE/n), s.Percent/n, math.Sqrt(s.Variance/n), s.Cover/n
		out = append(out, s)
	}
	return out, nil
}

// varianceLine fits the logarithm of the life to that of the variance.
func varianceLine(cells []*cyclelife.Cell, lives []float64) (slope, offset float64, err error) {
	var sx, sy, sxx, sxy float64
	for i, c := range cells {
		x, err := c.LogVariance()
		if err != nil {
			return 0, 0, err
		}
		y := math.Log10(lives[i])
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(cells))
	slope = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	return slope, (sy - slope*sx) / n, nil
}

// readCell reads a gzipped CSV file of a line for each voltage.
func readCell(name string) (c *cyclelife.Cell, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := csv.NewReader(io.LimitReader(unzipped, 64<<20))
	c = &cyclelife.Cell{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		row := make([]float64, len(record))
		for i, s := range record {
			if row[i], err = number(s); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		c.Capacity = append(c.Capacity, row)
	}
}

// FastCharging is how soon the best charging protocol is found.
type FastCharging struct {
	Strategy string  `json:"strategy"`
	Noise    float64 `json:"noise"`  // deviation of a measured life, cycles
	Median   float64 `json:"median"` // protocols tried until the best was among them
	Low      float64 `json:"low"`    // where 90 % of the seeds lie
	High     float64 `json:"high"`
	// Loss is what the protocol that is held for the best after 40 trials
	// lacks of the life of the best, cycles, in the median.
	Loss float64 `json:"loss"`
}

// earlyError is the deviation of lives that are predicted early, in cycles, by
// which Attia et al. simulate their loop.
const earlyError = 164

// attiaSteps bounds the trials of a run.
const attiaSteps = 120

// MeasureAttia searches the 224 protocols of Attia et al. for the longest
// simulated life, with lives as they are and with the error of early
// prediction. A protocol is its three first currents; the fourth follows from
// them.
//
// Reference: Attia et al., Nature 578 (2020) 397, doi:10.1038/s41586-020-1994-5.
func MeasureAttia(ctx context.Context, dir string, o Options) ([]FastCharging, error) {
	var rows []row
	err := readCSV(filepath.Join(dir, "policies_lifetimes_sim_224.csv"), 5, func(_ int, record []string) error {
		y, err := number(record[4])
		rows = append(rows, row{record[:4], y})
		return err
	})
	if err != nil {
		return nil, err
	}
	exact, err := newPool("exact", rows, nil, false)
	if err != nil {
		return nil, err
	}
	best := exact.Top(0)[0]
	var out []FastCharging
	for _, noise := range []float64{0, earlyError} {
		runs := map[string][]FastCharging{}
		var order []string
		for seed := range o.Seeds {
			pool := *exact
			rnd := rand.New(rand.NewPCG(uint64(seed), 0x9e3779b97f4a7c15))
			pool.Y = append([]float64(nil), exact.Y...)
			for i := range pool.Y {
				pool.Y[i] += noise * rnd.NormFloat64()
			}
			for _, s := range strategies(&pool) {
				if o.Strategy != "" && s.Name != o.Strategy {
					continue
				}
				steps := limit(attiaSteps, o.Steps)
				if s.Policy == nil {
					steps = len(pool.X) // costs nothing
				}
				made, err := s.Run(ctx, &pool, 2, steps, uint64(seed))
				if err != nil {
					return nil, err
				}
				if seed == 0 {
					order = append(order, s.Name)
				}
				one := FastCharging{Median: float64(len(exact.Y))}
				held := made[0]
				for k, i := range made {
					if i == best {
						one.Median = min(one.Median, float64(k+1))
					}
					if k < 40 && pool.Y[i] > pool.Y[held] {
						held = i
					}
				}
				one.Loss = exact.Y[best] - exact.Y[held]
				runs[s.Name] = append(runs[s.Name], one)
			}
			if o.Progress != nil {
				done := seed + 1
				if noise > 0 {
					done += o.Seeds
				}
				o.Progress(done, 2*o.Seeds)
			}
		}
		for _, name := range order {
			var tried, loss []float64
			for _, r := range runs[name] {
				tried, loss = append(tried, r.Median), append(loss, r.Loss)
			}
			f := FastCharging{Strategy: name, Noise: noise, Median: median(tried), Loss: median(loss)}
			f.Low, f.High = ends(tried)
			out = append(out, f)
		}
	}
	return out, nil
}
