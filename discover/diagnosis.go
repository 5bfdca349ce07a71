package discover

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/alkahest/alkahest/discover/acquisition"
	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/space"
)

// Diagnosis says how a campaign goes and how far its model is to be trusted.
type Diagnosis struct {
	Outcomes []OutcomeDiagnosis // in the order of the campaign's; empty when too little is measured
	Front    []int              // experiments that no other betters in all goals, when there are several
}

// OutcomeDiagnosis is about one outcome.
type OutcomeDiagnosis struct {
	Outcome  *Outcome
	Left     []LeftOut // each experiment as the others predict it
	Coverage []Coverage
	Effects  []Effect
	// Best is the best outcome of use after each own experiment, in their
	// order; NaN before there is one. It is nil if the outcome has no goal.
	Best []float64
	// Chance is the best that as many candidates taken at random would have
	// given on average, in the eyes of the model.
	Chance []float64
}

// LeftOut is a measured outcome beside what all other experiments predict.
type LeftOut struct {
	Measured, Predicted, Low, High float64 // Low and High are the ends of a 90 % interval
}

// Coverage is the share of experiments within intervals that should hold Level
// of them.
type Coverage struct {
	Level, Share float64
}

// Effect is what is expected of an outcome when one variable is moved over its
// range and all others stay where the best experiment has them.
type Effect struct {
	Variable *space.Variable
	Levels   []float64
	Mean     []float64
	Low      []float64 // of the 90 % interval of the function, without noise
	High     []float64
	At       float64 // value of the best experiment
}

// Diagnose looks at the campaign with the model that its next proposal would
// use, before pending experiments are believed.
func (c *Campaign) Diagnose() (*Diagnosis, error) {
	rnd := rand.New(rand.NewPCG(c.Seed, uint64(c.batches)+1))
	m, err := c.model(rnd)
	if err != nil {
		return nil, err
	}
	d := &Diagnosis{}
	objectives := c.Policy.Objectives()
	if len(objectives) > 1 {
		d.Front = c.front(objectives)
	}
	if m.surrogate == nil {
		return d, nil
	}
	for j := range c.Outcomes {
		o := OutcomeDiagnosis{Outcome: &c.Outcomes[j]}
		if c.Outcomes[j].Goal.Direction != policy.None {
			o.Best = c.bestSoFar(j)
		}
		if m.surrogate.Outcome(j) != nil {
			o.Left, o.Coverage = m.leftOut(j)
			if o.Effects, err = m.effects(j); err != nil {
				return nil, err
			}
			if o.Best != nil {
				if o.Chance, err = m.chance(j, len(o.Best), rnd); err != nil {
					return nil, err
				}
			}
		}
		d.Outcomes = append(d.Outcomes, o)
	}
	return d, nil
}

// front returns the own experiments of use on the front of the goals.
func (c *Campaign) front(objectives []int) []int {
	var rows [][]float64
	var index []int
	for i := range c.Experiments {
		e := &c.Experiments[i]
		if e.Record || !c.Useful(e) {
			continue
		}
		row := make([]float64, len(objectives))
		for k, j := range objectives {
			row[k] = c.Outcomes[j].Goal.Utility(e.Outcomes[j])
		}
		rows, index = append(rows, row), append(index, i)
	}
	var front []int
	for _, i := range acquisition.Front(rows) {
		front = append(front, index[i])
	}
	return front
}

func (c *Campaign) bestSoFar(j int) []float64 {
	goal := c.Outcomes[j].Goal
	best := math.NaN()
	out := []float64{}
	for i := range c.Experiments {
		e := &c.Experiments[i]
		if e.Record {
			continue
		}
		if y := e.Outcomes[j]; c.Useful(e) && !math.IsNaN(y) && !(goal.Utility(y) <= goal.Utility(best)) {
			best = y
		}
		out = append(out, best)
	}
	return out
}

// leftOut predicts each experiment from the others.
func (m *model) leftOut(j int) ([]LeftOut, []Coverage) {
	mean, variance, err := m.surrogate.Outcome(j).LeaveOneOut()
	if err != nil {
		return nil, nil // too few experiments, or too many for the formula
	}
	scale := m.surrogate.Scale(j)
	var left []LeftOut
	var off []float64 // in deviations
	k := 0
	for i, y := range m.data.Y {
		if m.data.Failed[i] || math.IsNaN(y[j]) {
			continue
		}
		s := math.Sqrt(variance[k])
		left = append(left, LeftOut{y[j], scale.From(mean[k]), scale.From(mean[k] - 1.645*s), scale.From(mean[k] + 1.645*s)})
		off = append(off, math.Abs(scale.To(y[j])-mean[k])/s)
		k++
	}
	var coverage []Coverage
	for _, level := range []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95} {
		width := math.Sqrt2 * math.Erfinv(level)
		inside := 0
		for _, z := range off {
			if z <= width {
				inside++
			}
		}
		coverage = append(coverage, Coverage{level, float64(inside) / float64(len(off))})
	}
	return left, coverage
}

// effects moves each variable over its range from the best experiment.
func (m *model) effects(j int) ([]Effect, error) {
	c := m.campaign
	best := c.Best(c.Policy.Objectives()[0])
	if best == nil {
		best = &c.Experiments[0]
	}
	scale := m.surrogate.Scale(j)
	var effects []Effect
	for k := range c.Space.Variables {
		v := &c.Space.Variables[k]
		e := Effect{Variable: v, Levels: v.Levels(25), At: best.Point[k]}
		if len(e.Levels) < 2 {
			continue
		}
		x := make([][]float64, len(e.Levels))
		for i, l := range e.Levels {
			moved := slices.Clone(best.Point)
			moved[k] = l
			x[i] = m.encoder.Encode(moved)
		}
		p, err := m.surrogate.Predict(x)
		if err != nil {
			return nil, err
		}
		for i := range x {
			mean, half := p.Mean[j][i], 1.645*p.Deviation[j][i]
			e.Mean = append(e.Mean, scale.From(mean))
			e.Low, e.High = append(e.Low, scale.From(mean-half)), append(e.High, scale.From(mean+half))
		}
		effects = append(effects, e)
	}
	return effects, nil
}

// chance returns the mean, over many orders, of the best of the first k of
// random candidates as the model expects them, for k from 1 to n.
func (m *model) chance(j, n int, rnd *rand.Rand) ([]float64, error) {
	s := &search{campaign: m.campaign, rnd: rnd, encoder: m.encoder, taken: map[string]bool{}}
	points := s.draws(500)
	if len(points) == 0 {
		return nil, nil
	}
	p, err := m.surrogate.Predict(m.encoder.EncodeAll(points))
	if err != nil {
		return nil, err
	}
	goal, scale := m.campaign.Outcomes[j].Goal, m.surrogate.Scale(j)
	sum := make([]float64, n)
	const orders = 300
	for range orders {
		best := math.NaN()
		for k := range n {
			y := scale.From(p.Mean[j][rnd.IntN(len(points))])
			if !(goal.Utility(y) <= goal.Utility(best)) {
				best = y
			}
			sum[k] += best / orders
		}
	}
	return sum, nil
}
