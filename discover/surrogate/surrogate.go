// Package surrogate models what experiments would give: a Gaussian process for
// each outcome, and one for whether an experiment succeeds at all.
package surrogate

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/alkahest/alkahest/discover/acquisition"
	"github.com/alkahest/alkahest/learn/gaussian"
)

// Kind says what a column of the inputs is.
type Kind int

// The kinds of columns.
const (
	Numeric  Kind = iota // a setting, scaled so that its range is 0 to 1
	Category             // the number of a choice
	Feature              // one of many numbers that describe a subject, in units of their spread
	Count                // one of many counts of parts, as in a fingerprint
)

// Kernel returns the kernel for inputs with these columns. Kinds multiply:
// what was seen with one solvent counts for another as much as the two are
// alike. The many columns that describe a subject have one length scale
// together, as there are more of them than experiments. Functions are rough: a
// kernel that believes in smooth ones is too sure of itself between few
// experiments.
func Kernel(columns []Kind) gaussian.Kernel {
	var by [4][]int
	for i, k := range columns {
		by[k] = append(by[k], i)
	}
	ones := func(n int) []float64 {
		s := make([]float64, n)
		for i := range s {
			s[i] = 1
		}
		return s
	}
	var kernel gaussian.Kernel
	for kind, c := range by {
		if len(c) == 0 {
			continue
		}
		var k gaussian.Kernel
		switch Kind(kind) {
		case Numeric:
			k = gaussian.Stationary{Shape: gaussian.Matern32, Columns: c, Spans: ones(len(c))}
		case Category:
			k = gaussian.Categorical{Columns: c}
		case Feature:
			k = gaussian.Stationary{Shape: gaussian.Matern32, Columns: c, Spans: ones(len(c)), Isotropic: true}
		case Count:
			k = gaussian.Tanimoto{Columns: c}
		}
		if kernel == nil {
			kernel = k
		} else {
			kernel = gaussian.Product{A: kernel, B: k}
		}
	}
	return gaussian.Scaled{Kernel: kernel}
}

// Data are experiments: a row of inputs and a row of outcomes for each. An
// outcome that was not measured is NaN. An experiment that failed has no
// outcomes.
type Data struct {
	X      [][]float64
	Y      [][]float64
	Failed []bool
	// Outside says of experiments that they lie beyond the candidates: they
	// teach, but there is nothing to better in them. Nil for none.
	Outside []bool
	// Variances of the noise of each outcome beyond what is estimated: records
	// of others count less than own experiments. Nil for none.
	Variances [][]float64
}

// Model predicts experiments.
//
// What it says of outcomes is on their scales, see Warp: only there it is a
// normal distribution.
type Model struct {
	outcomes []*gaussian.Process // nil where no outcome was ever measured
	warps    []Warp              // the scale of each outcome
	success  *gaussian.Process   // of 1 for success and 0 for failure; nil if none failed
}

// Options of Fit.
type Options struct {
	Kernel   gaussian.Kernel
	Outcomes int // number of outcomes
	Restarts int
	Rand     *rand.Rand
	Plain    bool   // outcomes are taken as they are, without a warp
	Before   *Model // an earlier model whose parameters are a good start, or nil
}

// Empty returns the model of nothing: it expects nothing of any outcome, and that
// every experiment succeeds.
func Empty(outcomes int) *Model {
	m := &Model{outcomes: make([]*gaussian.Process, outcomes), warps: make([]Warp, outcomes)}
	for j := range m.warps {
		m.warps[j] = Warp{unit: 1, power: 1}
	}
	return m
}

// ErrNoData reports that nothing was measured.
var ErrNoData = errors.New("no experiment has an outcome yet")

// Fit learns a model of the outcomes in data.
func Fit(data Data, o Options) (*Model, error) {
	m := Empty(o.Outcomes)
	any := false
	for j := range o.Outcomes {
		var x [][]float64
		var y, variances []float64
		for i, row := range data.Y {
			if data.Failed[i] || math.IsNaN(row[j]) {
				continue
			}
			x, y = append(x, data.X[i]), append(y, row[j])
			if data.Variances != nil {
				variances = append(variances, data.Variances[i][j])
			}
		}
		if len(x) == 0 {
			continue
		}
		any = true
		w := Warp{unit: 1, power: 1}
		if !o.Plain {
			w = newWarp(y)
		}
		m.warps[j] = w
		for i, v := range y {
			if variances != nil {
				variances[i] *= w.slope(v) * w.slope(v)
			}
			y[i] = w.To(v)
		}
		options := gaussian.Options{Restarts: o.Restarts, Rand: o.Rand, Variances: variances}
		if o.Before != nil && o.Before.outcomes[j] != nil {
			options.Start = o.Before.outcomes[j].Parameters()
		}
		p, err := gaussian.Fit(x, y, o.Kernel, options)
		if err != nil {
			return nil, fmt.Errorf("outcome %d: %w", j+1, err)
		}
		m.outcomes[j] = p
	}
	if !any {
		return nil, ErrNoData
	}
	var x [][]float64
	var y []float64
	failures := 0
	for i, f := range data.Failed {
		v := 1.0
		if f {
			v = 0
			failures++
		}
		x, y = append(x, data.X[i]), append(y, v)
	}
	if failures > 0 {
		options := gaussian.Options{}
		if o.Before != nil && o.Before.success != nil {
			options.Start = o.Before.success.Parameters()
		}
		p, err := gaussian.Fit(x, y, o.Kernel, options)
		if err != nil {
			return nil, fmt.Errorf("success: %w", err)
		}
		m.success = p
	}
	return m, nil
}

// Prediction is what a model expects of some candidates.
type Prediction struct {
	// Mean and Deviation of each outcome on its scale, by outcome, then
	// candidate; NaN where the outcome was never measured.
	Mean, Deviation [][]float64
	Success         []float64 // probability that the experiment succeeds
}

// Predict returns what is expected at the rows of x.
func (m *Model) Predict(x [][]float64) (*Prediction, error) {
	p := &Prediction{Success: make([]float64, len(x))}
	for i := range p.Success {
		p.Success[i] = 1
	}
	for _, process := range m.outcomes {
		mean, deviation := make([]float64, len(x)), make([]float64, len(x))
		if process == nil {
			for i := range mean {
				mean[i], deviation[i] = math.NaN(), math.NaN()
			}
		} else {
			if err := process.Predict(x, mean, deviation); err != nil {
				return nil, err
			}
			for i, v := range deviation {
				deviation[i] = math.Sqrt(v)
			}
		}
		p.Mean, p.Deviation = append(p.Mean, mean), append(p.Deviation, deviation)
	}
	if m.success != nil {
		variance := make([]float64, len(x))
		if err := m.success.Predict(x, p.Success, variance); err != nil {
			return nil, err
		}
		// The regression of labels is read as a probit: success is more likely
		// than not above one half.
		//
		// Reference: Rasmussen, Williams, Gaussian Processes for Machine
		// Learning, MIT Press 2006, section 6.5 (least-squares classification).
		for i, mean := range p.Success {
			p.Success[i] = acquisition.Normal((mean - 0.5) / math.Sqrt(variance[i]+m.success.Noise()))
		}
	}
	return p, nil
}

// Scale returns the scale of an outcome.
func (m *Model) Scale(outcome int) Warp { return m.warps[outcome] }

// Noise returns the deviation of the noise of an outcome on its scale, or NaN if
// it was never measured.
func (m *Model) Noise(outcome int) float64 {
	if p := m.outcomes[outcome]; p != nil {
		return math.Sqrt(p.Noise())
	}
	return math.NaN()
}

// Outcome returns the process of an outcome, or nil if it was never measured.
func (m *Model) Outcome(j int) *gaussian.Process { return m.outcomes[j] }

// Believe returns the model after experiments at x, had they given what it
// expects of them: it has become certain there, and has changed its mind
// nowhere.
//
// Reference: Ginsbourger, Le Riche, Carraro, in Computational Intelligence in
// Expensive Optimization Problems, Springer 2010, p. 131 (kriging believer).
func (m *Model) Believe(x [][]float64) (*Model, error) {
	after := &Model{outcomes: make([]*gaussian.Process, len(m.outcomes)), warps: m.warps}
	believe := func(p *gaussian.Process) (*gaussian.Process, error) {
		if p == nil {
			return nil, nil
		}
		mean := make([]float64, len(x))
		if err := p.Predict(x, mean, nil); err != nil {
			return nil, err
		}
		return p.Condition(x, mean)
	}
	var err error
	for j, p := range m.outcomes {
		if after.outcomes[j], err = believe(p); err != nil {
			return nil, err
		}
	}
	if after.success, err = believe(m.success); err != nil {
		return nil, err
	}
	return after, nil
}

// Observe returns the model after experiments at x with the outcomes y, with
// its parameters unchanged. No experiment has failed and no outcome is missing.
func (m *Model) Observe(x, y [][]float64) (*Model, error) {
	after := *m
	after.outcomes = make([]*gaussian.Process, len(m.outcomes))
	for j, p := range m.outcomes {
		column := make([]float64, len(y))
		for i, row := range y {
			column[i] = m.warps[j].To(row[j])
		}
		var err error
		if after.outcomes[j], err = p.Condition(x, column); err != nil {
			return nil, err
		}
	}
	return &after, nil
}
