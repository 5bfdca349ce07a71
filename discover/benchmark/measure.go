package benchmark

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/surrogate"
	"github.com/alkahest/alkahest/learn/gaussian"
)

// Options say how much to measure.
type Options struct {
	Seeds    int    // runs of each strategy, each from another start
	Steps    int    // at most so many experiments of a run; 0 for all that the measure needs
	Only     string // one pool, or empty for all
	Strategy string // one strategy, or empty for all
	Progress func(done, total int)
}

// strategies are those that are compared: what campaigns do, by default and with
// the rules that look further around and for many good ones, a Gaussian process
// with expected improvement as textbooks have it, and choice by chance.
//
// The plain one has one length scale for all settings (Matérn 5/2), one weight
// for all choices, and no warp.
func strategies(pool *Pool) []*Strategy {
	goal := policy.Goal{Direction: policy.Maximise, Low: math.NaN(), High: math.NaN()}
	improve := &policy.Policy{Goals: []policy.Goal{goal}}
	return []*Strategy{
		{Name: "campaign", Policy: improve, Refit: 0.1},
		{Name: "campaign, rule bound", Policy: &policy.Policy{Goals: improve.Goals, Rule: policy.Bound}, Refit: 0.1},
		{Name: "campaign, rule many", Policy: &policy.Policy{Goals: improve.Goals, Rule: policy.Many, Share: TopShare}, Refit: 0.1},
		{Name: "plain GP-EI", Policy: improve, Refit: 0.1, Kernel: plainKernel(pool), Plain: true},
		{Name: "random"},
	}
}

func plainKernel(pool *Pool) gaussian.Kernel {
	var numbers, choices []int
	for i, k := range pool.Columns {
		if k == surrogate.Category {
			choices = append(choices, i)
		} else {
			numbers = append(numbers, i)
		}
	}
	var kernel gaussian.Kernel
	if len(numbers) > 0 {
		kernel = gaussian.Stationary{Columns: numbers, Isotropic: true}
	}
	if len(choices) > 0 {
		c := gaussian.Categorical{Columns: choices, Isotropic: true}
		if kernel == nil {
			kernel = c
		} else {
			kernel = gaussian.Product{A: kernel, B: c}
		}
	}
	return gaussian.Scaled{Kernel: kernel}
}

// run is what a strategy did on a pool: the experiments of each seed, in order.
type run struct {
	pool     *Pool
	strategy *Strategy
	made     [][]int
}

// runAll runs each strategy with each seed on each pool, on all processors.
func runAll(ctx context.Context, pools []*Pool, steps func(*Pool) int, o Options) ([]run, error) {
	var runs []run
	for _, p := range pools {
		if o.Only != "" && p.Name != o.Only {
			continue
		}
		for _, s := range strategies(p) {
			if o.Strategy != "" && s.Name != o.Strategy {
				continue
			}
			runs = append(runs, run{p, s, make([][]int, o.Seeds)})
		}
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("no pool and strategy is called %q, %q", o.Only, o.Strategy)
	}
	total := len(runs) * o.Seeds
	var mu sync.Mutex
	var failed error
	next, done := 0, 0
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				stop := i >= total || failed != nil
				mu.Unlock()
				if stop {
					return
				}
				r := &runs[i/o.Seeds]
				made, err := r.strategy.Run(ctx, r.pool, 2, steps(r.pool), uint64(i%o.Seeds))
				mu.Lock()
				r.made[i%o.Seeds] = made
				if err != nil && failed == nil {
					failed = fmt.Errorf("%s, %s: %w", r.pool.Name, r.strategy.Name, err)
				}
				done++
				if o.Progress != nil {
					o.Progress(done, total)
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return runs, failed
}

// Acceleration is how much sooner than by chance a strategy finds half of the
// best of a pool.
type Acceleration struct {
	Pool     string  `json:"pool"`
	Size     int     `json:"size"`
	Top      int     `json:"top"` // experiments among the best share
	Strategy string  `json:"strategy"`
	Half     int     `json:"half"` // experiments until the mean of all seeds has found half of them; 0 if never
	Factor   float64 `json:"acceleration"`
	// Low and High are where 90 % of the factors of single seeds lie.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Enhancement is the largest ratio of what was found to what chance finds
	// with as many experiments.
	Enhancement float64 `json:"enhancement"`
}

// TopShare is the share of a pool that counts as its best in Liang et al.
const TopShare = 0.05

// MeasurePVLab compares strategies as Liang et al. do: two experiments at
// random, then one at a time. By chance, half of the best are found after half
// of the pool.
func MeasurePVLab(ctx context.Context, dir string, o Options) ([]Acceleration, error) {
	pools, err := PVLab(dir)
	if err != nil {
		return nil, err
	}
	runs, err := runAll(ctx, pools, func(p *Pool) int { return limit(len(p.X), o.Steps) }, o)
	if err != nil {
		return nil, err
	}
	var out []Acceleration
	for _, r := range runs {
		out = append(out, accelerate(r))
	}
	return out, nil
}

func limit(n, most int) int {
	if most > 0 {
		return min(n, most)
	}
	return n
}

func accelerate(r run) Acceleration {
	top := r.pool.Top(TopShare)
	isTop := map[int]bool{}
	for _, i := range top {
		isTop[i] = true
	}
	n := len(r.pool.X)
	chance := float64(n) / 2
	a := Acceleration{Pool: r.pool.Name, Size: n, Top: len(top), Strategy: r.strategy.Name}
	curve := make([]float64, len(r.made[0]))
	var factors []float64
	for _, made := range r.made {
		found, half := 0.0, 0
		for k, i := range made {
			if isTop[i] {
				found++
			}
			if half == 0 && found >= float64(len(top))/2 {
				half = k + 1
			}
			curve[k] += found / float64(len(top)) / float64(len(r.made))
		}
		if half == 0 {
			half = n // a run that was cut short
		}
		factors = append(factors, chance/float64(half))
	}
	for k, share := range curve {
		if a.Half == 0 && share >= 0.5 {
			a.Half = k + 1
			a.Factor = chance / float64(k+1)
		}
		if k >= 2 {
			a.Enhancement = max(a.Enhancement, share/(float64(k+1)/float64(n)))
		}
	}
	a.Low, a.High = ends(factors)
	return a
}

// ends returns where the middle 90 % of values lie.
func ends(values []float64) (low, high float64) {
	s := slices.Clone(values)
	slices.Sort(s)
	return s[int(0.05*float64(len(s)-1)+0.5)], s[int(0.95*float64(len(s)-1)+0.5)]
}

// median returns the middle of values.
func median(values []float64) float64 {
	s := slices.Clone(values)
	slices.Sort(s)
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// Standing is how good the best experiment is that a strategy has found.
type Standing struct {
	Pool     string  `json:"pool"`
	Size     int     `json:"size"`
	Strategy string  `json:"strategy"`
	Steps    int     `json:"steps"`
	Rank     float64 `json:"rank"` // median over seeds of the rank in the pool; 1 is the best
	// Low and High are where 90 % of the ranks lie.
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Place float64 `json:"place"` // among the strategies, by median rank; those that are equal share places
}

// olympusSteps is the number of experiments after which strategies are compared:
// what a laboratory makes in a few weeks.
const olympusSteps = 30

// MeasureOlympus compares the best that strategies find with 30 experiments, two
// of them at random.
func MeasureOlympus(ctx context.Context, dir string, o Options) ([]Standing, error) {
	pools, err := Olympus(dir)
	if err != nil {
		return nil, err
	}
	steps := olympusSteps
	if o.Steps > 0 {
		steps = o.Steps
	}
	runs, err := runAll(ctx, pools, func(p *Pool) int { return min(steps, len(p.X)/2) }, o)
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, r := range runs {
		ranks := r.pool.Ranks()
		var best []float64
		for _, made := range r.made {
			rank := len(ranks)
			for _, i := range made {
				rank = min(rank, ranks[i])
			}
			best = append(best, float64(rank))
		}
		s := Standing{Pool: r.pool.Name, Size: len(r.pool.X), Strategy: r.strategy.Name, Steps: len(r.made[0]), Rank: median(best)}
		s.Low, s.High = ends(best)
		out = append(out, s)
	}
	for i := range out {
		for j := range out {
			if i != j && out[i].Pool == out[j].Pool {
				if out[j].Rank < out[i].Rank {
					out[i].Place++
				} else if out[j].Rank == out[i].Rank {
					out[i].Place += 0.5
				}
			}
		}
		out[i].Place++
	}
	return out, nil
}
