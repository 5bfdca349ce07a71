// Package benchmark measures how fast campaigns find the best of pools of
// experiments that others have made: an experiment is made by looking its
// outcome up.
package benchmark

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/discover/surrogate"
)

// Pool is a set of experiments with known outcomes, each at another place.
type Pool struct {
	Name    string
	Columns []surrogate.Kind
	X       [][]float64
	Y       []float64 // larger is better
}

// Top returns the indices of the best share of the pool, at least one.
func (p *Pool) Top(share float64) []int {
	order := make([]int, len(p.Y))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.Y[b], p.Y[a]) })
	return order[:max(1, int(share*float64(len(order))))]
}

// Ranks returns the rank of each experiment, 1 for the best; equal outcomes
// share the best rank among them.
func (p *Pool) Ranks() []int {
	ranks := make([]int, len(p.Y))
	order := p.Top(1)
	for k, i := range order {
		ranks[i] = k + 1
		if k > 0 && p.Y[i] == p.Y[order[k-1]] {
			ranks[i] = ranks[order[k-1]]
		}
	}
	return ranks
}

// row is an experiment as a file states it.
type row struct {
	settings []string
	outcome  float64
}

// maxRows bounds the rows of a file.
const maxRows = 1_000_000

// newPool returns the pool of rows. Rows at the same place are one experiment
// with their mean. Settings that are all numbers are scaled to 0..1, others are
// choices, as are those that category says are.
func newPool(name string, rows []row, category func(column int) bool, minimise bool) (*Pool, error) {
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no experiments", name)
	}
	type group struct {
		settings []string
		sum      float64
		n        int
	}
	var groups []*group
	byPlace := map[string]*group{}
	for _, r := range rows {
		key := strings.Join(r.settings, "\x00")
		g := byPlace[key]
		if g == nil {
			g = &group{settings: r.settings}
			byPlace[key] = g
			groups = append(groups, g)
		}
		g.sum += r.outcome
		g.n++
	}
	p := &Pool{Name: name}
	for _, g := range groups {
		y := g.sum / float64(g.n)
		if minimise {
			y = -y
		}
		p.Y = append(p.Y, y)
		p.X = append(p.X, make([]float64, len(g.settings)))
	}
	for j := range groups[0].settings {
		kind := surrogate.Numeric
		low, high := math.Inf(1), math.Inf(-1)
		for i, g := range groups {
			v, err := strconv.ParseFloat(g.settings[j], 64)
			if err != nil || category != nil && category(j) {
				kind = surrogate.Category
				break
			}
			p.X[i][j] = v
			low, high = min(low, v), max(high, v)
		}
		codes := map[string]int{}
		for i, g := range groups {
			if kind == surrogate.Category {
				if _, ok := codes[g.settings[j]]; !ok {
					codes[g.settings[j]] = len(codes)
				}
				p.X[i][j] = float64(codes[g.settings[j]])
			} else if high > low {
				p.X[i][j] = (p.X[i][j] - low) / (high - low)
			}
		}
		p.Columns = append(p.Columns, kind)
	}
	return p, nil
}

// readCSV calls each for each line of the file, which has fields columns, or
// any number if that is 0.
func readCSV(name string, fields int, each func(line int, record []string) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = fields
	for n := 0; ; n++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if n == maxRows {
			return fmt.Errorf("%s: more than %d lines", name, maxRows)
		}
		line, _ := r.FieldPos(0)
		if err := each(line, record); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}

// number reads a finite number.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return v, nil
}

// PVLab reads the pools of the self-driving laboratories that Liang et al.
// compared: settings in the first columns, the outcome in the last, a line for
// each measurement. The loss of the silver nanoparticles is minimised, the
// others are maximised.
//
// Reference: Liang et al., npj Comput. Mater. 7 (2021) 188,
// doi:10.1038/s41524-021-00656-9.
func PVLab(dir string) ([]*Pool, error) {
	var pools []*Pool
	for _, set := range []struct {
		name     string
		minimise bool
	}{{"Crossed_barrel", false}, {"P3HT", false}, {"AgNP", true}} {
		var rows []row
		err := readCSV(filepath.Join(dir, set.name+".csv"), 0, func(line int, record []string) error {
			if line == 1 {
				return nil
			}
			last := len(record) - 1
			y, err := number(record[last])
			rows = append(rows, row{record[:last], y})
			return err
		})
		if err != nil {
			return nil, err
		}
		p, err := newPool(set.name, rows, nil, set.minimise)
		if err != nil {
			return nil, err
		}
		pools = append(pools, p)
	}
	return pools, nil
}

// olympusConfig is the config.json of an Olympus data set.
type olympusConfig struct {
	Parameters   []struct{ Name, Type string }
	Measurements []struct {
		Name    string
		Options []string // of an ordinal measurement, in their order
	}
	Goal any `json:"default_goal"`
}

// Olympus reads the data sets of dir, each a folder with config.json and
// data.csv: the parameters, then the measurements, of which the first is the
// outcome.
//
// Reference: Häse et al., Mach. Learn.: Sci. Technol. 2 (2021) 035021,
// doi:10.1088/2632-2153/abedc8.
func Olympus(dir string) ([]*Pool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var pools []*Pool
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name(), "config.json"))
		if err != nil {
			return nil, err
		}
		var config olympusConfig
		if err := json.Unmarshal(data, &config); err != nil {
			return nil, fmt.Errorf("%s: config.json: %w", e.Name(), err)
		}
		goal, ok := config.Goal.(string)
		if list, isList := config.Goal.([]any); isList && len(list) > 0 {
			goal, ok = list[0].(string)
		}
		n := len(config.Parameters)
		if !ok || goal != "minimize" && goal != "maximize" || n == 0 || len(config.Measurements) == 0 {
			return nil, fmt.Errorf("%s: config.json states no parameters, measurements, or goal", e.Name())
		}
		var rows []row
		err = readCSV(filepath.Join(dir, e.Name(), "data.csv"), 0, func(_ int, record []string) error {
			if len(record) <= n {
				return fmt.Errorf("%d columns, but there are %d parameters", len(record), n)
			}
			if k := slices.Index(config.Measurements[0].Options, record[n]); k >= 0 {
				rows = append(rows, row{record[:n], float64(k)})
				return nil
			}
			y, err := number(record[n])
			rows = append(rows, row{record[:n], y})
			return err
		})
		if err != nil {
			return nil, err
		}
		p, err := newPool(e.Name(), rows, func(j int) bool { return config.Parameters[j].Type == "categorical" }, goal == "minimize")
		if err != nil {
			return nil, err
		}
		pools = append(pools, p)
	}
	if len(pools) == 0 {
		return nil, fmt.Errorf("%s: no data sets", dir)
	}
	return pools, nil
}
