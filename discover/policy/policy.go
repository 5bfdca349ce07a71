// Package policy chooses the next experiments among candidates: those from
// which most is to be gained under one or several goals, given what a surrogate
// model expects of them.
package policy

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/alkahest/alkahest/discover/acquisition"
	"github.com/alkahest/alkahest/discover/surrogate"
)

// Direction says which outcomes are better.
type Direction int

// The directions. An outcome that is only limited has none.
const (
	None Direction = iota
	Maximise
	Minimise
	Target // the nearer to a number, the better
)

// Goal is what is wanted of one outcome.
type Goal struct {
	Direction Direction
	Target    float64
	Weight    float64 // against other goals; 0 means 1
	// An experiment whose outcome is below Low or above High is of no use. NaN
	// means no limit.
	Low, High float64
}

// Rule says how an uncertain gain is valued.
type Rule int

// The rules.
const (
	Improvement Rule = iota // by its expectation
	Bound                   // by what is exceeded with some probability
	Thompson                // by one function drawn from all that are possible
	Many                    // by the probability that the candidate is one of the best share of all
)

// Policy is how to choose.
type Policy struct {
	Goals []Goal // one for each outcome
	Rule  Rule
	// Width is the number of deviations for the rule Bound (default 2).
	Width float64
	// Share of all candidates that the rule Many looks for (default 0.05).
	Share float64
	// Weighted adds several goals up by their weights. Otherwise all
	// compromises are looked for: the Pareto front.
	Weighted bool
}

// Objectives returns the outcomes that have a direction.
func (p *Policy) Objectives() []int {
	var o []int
	for j, g := range p.Goals {
		if g.Direction != None {
			o = append(o, j)
		}
	}
	return o
}

// Utility returns how good an outcome y is for the goal, larger being better,
// in the unit of the outcome.
func (g Goal) Utility(y float64) float64 {
	switch g.Direction {
	case Minimise:
		return -y
	case Target:
		return -math.Abs(y - g.Target)
	}
	return y
}

// moments returns mean and deviation of the utility.
func (g Goal) moments(mean, deviation float64) (float64, float64) {
	switch g.Direction {
	case Minimise:
		return -mean, deviation
	case Target:
		m, s := acquisition.Distance(mean, deviation, g.Target)
		return -m, s
	}
	return mean, deviation
}

// within returns the probability that a normal outcome keeps to the limits.
func (g Goal) within(mean, deviation float64) float64 {
	p := 1.0
	if math.IsNaN(mean) {
		return p // nothing is known of it
	}
	deviation = max(deviation, 1e-12*(1+math.Abs(mean)))
	if !math.IsNaN(g.High) {
		p = acquisition.Normal((g.High - mean) / deviation)
	}
	if !math.IsNaN(g.Low) {
		p -= acquisition.Normal((g.Low - mean) / deviation)
	}
	return max(p, 0)
}

// Score is what a candidate is worth.
type Score struct {
	// Value orders candidates of one scoring; with the rule Improvement it is
	// the logarithm of the expected gain times the probability of use.
	Value float64
	// Mean and Deviation of the utility, on the scale of the outcome for a
	// single goal. NaN when a front is looked for.
	Mean, Deviation float64
	// Use is the probability that the experiment succeeds and keeps to all
	// limits.
	Use float64
}

// Chooser chooses, given a model and the experiments that it has seen.
type Chooser struct {
	policy     *Policy
	goals      []Goal // on the scales of the outcomes
	objectives []int
	model      *surrogate.Model
	seen       [][]float64 // inputs of all experiments within the space, and of those that are believed
	rnd        *rand.Rand

	center, unit []float64 // of the outcomes
	best         float64   // utility, -Inf when no experiment was of use
	threshold    float64   // utility of the least of the best share, for the rule Many
	front        *acquisition.Front2
	weights      []float64 // of this scoring, when a front of many goals is looked for
}

// New returns a chooser for a model of data. Its random numbers come from rnd.
func (p *Policy) New(model *surrogate.Model, data surrogate.Data, rnd *rand.Rand) (*Chooser, error) {
	c := &Chooser{policy: p, objectives: p.Objectives(), model: model, rnd: rnd}
	for i, x := range data.X {
		if data.Outside == nil || !data.Outside[i] {
			c.seen = append(c.seen, x)
		}
	}
	if len(c.objectives) == 0 {
		return nil, errors.New("policy: no outcome has a goal")
	}
	if p.Rule == Many && c.pareto() {
		return nil, errors.New("policy: the best share is not defined where compromises are looked for")
	}
	c.center, c.unit = make([]float64, len(p.Goals)), make([]float64, len(p.Goals))
	for j, g := range p.Goals {
		scale := model.Scale(j)
		g.Target, g.Low, g.High = scale.To(g.Target), scale.To(g.Low), scale.To(g.High)
		c.goals = append(c.goals, g)
		c.center[j], c.unit[j] = spread(data, j, scale)
	}
	if err := c.update(); err != nil {
		return nil, err
	}
	return c, c.Survey(nil)
}

// spread returns mean and deviation of an outcome on its scale; the deviation is
// not zero.
func spread(data surrogate.Data, j int, scale surrogate.Warp) (mean, deviation float64) {
	n := 0.0
	for i, row := range data.Y {
		if !data.Failed[i] && !math.IsNaN(row[j]) {
			n++
			y := scale.To(row[j])
			d := y - mean
			mean += d / n
			deviation += d * (y - mean)
		}
	}
	if n > 0 {
		deviation = math.Sqrt(deviation / n)
	}
	if !(deviation > 0) {
		deviation = 1
	}
	return mean, deviation
}

// update computes what is the best so far. Noisy outcomes are replaced by what
// the model makes of them, so that a lucky measurement is no record.
func (c *Chooser) update() error {
	p, err := c.model.Predict(c.seen)
	if err != nil {
		return err
	}
	c.weights = c.drawWeights()
	c.best = math.Inf(-1)
	var useful [][]float64
	for i := range c.seen {
		if c.use(p, i) < 0.5 {
			continue
		}
		u, _ := c.utility(p, i, true)
		c.best = max(c.best, u)
		if c.pareto() {
			useful = append(useful, c.scaled(p, i, true))
		}
	}
	if c.pareto() && len(c.objectives) == 2 {
		c.front = newFront(useful)
	}
	return nil
}

// newFront returns the front of rows. Its corner lies a tenth of the span of
// the front below the worst of it, so that its ends can still be extended.
func newFront(rows [][]float64) *acquisition.Front2 {
	on := acquisition.Front(rows)
	corner := [2]float64{-3, -3} // deviations below the mean, before there is a front
	for k := range corner {
		low, high := math.Inf(1), math.Inf(-1)
		for _, i := range on {
			low, high = min(low, rows[i][k]), max(high, rows[i][k])
		}
		if len(on) > 1 {
			corner[k] = low - max(0.1*(high-low), 0.1)
		} else if len(on) == 1 {
			corner[k] = low - 1
		}
	}
	return acquisition.NewFront2(rows, corner)
}

// pareto reports whether a front is looked for.
func (c *Chooser) pareto() bool { return len(c.objectives) > 1 && !c.policy.Weighted }

// drawWeights returns weights for the Chebyshev scalarisation of many goals.
//
// Reference: Knowles, IEEE Trans. Evol. Comput. 10 (2006) 50 (ParEGO),
// doi:10.1109/TEVC.2005.851274.
func (c *Chooser) drawWeights() []float64 {
	w := make([]float64, len(c.objectives))
	sum := 0.0
	for k, j := range c.objectives {
		w[k] = weight(c.goals[j])
		if c.pareto() {
			w[k] *= c.rnd.ExpFloat64() // uniform on the simplex
		}
		sum += w[k]
	}
	for k := range w {
		w[k] /= sum
	}
	return w
}

func weight(g Goal) float64 {
	if g.Weight > 0 {
		return g.Weight
	}
	return 1
}

// use returns the probability that candidate i of p is of use.
func (c *Chooser) use(p *surrogate.Prediction, i int) float64 {
	u := p.Success[i]
	for j, g := range c.goals {
		u *= g.within(p.Mean[j][i], p.Deviation[j][i])
	}
	return u
}

// scaled returns the means of the utilities of all goals for candidate i, in
// units of the spread of the outcomes.
func (c *Chooser) scaled(p *surrogate.Prediction, i int, certain bool) []float64 {
	row := make([]float64, len(c.objectives))
	for k := range c.objectives {
		row[k], _ = c.goal(p, k, i, certain)
	}
	return row
}

// goal returns the moments of the utility of goal k for candidate i, in units
// of the spread of the outcome. An outcome that was never measured has none.
func (c *Chooser) goal(p *surrogate.Prediction, k, i int, certain bool) (float64, float64) {
	j := c.objectives[k]
	g := c.goals[j]
	mean, deviation := p.Mean[j][i], p.Deviation[j][i]
	if math.IsNaN(mean) {
		return 0, 0
	}
	if certain {
		deviation = 0
	}
	m, s := g.moments(mean, deviation)
	if g.Direction != Target {
		m -= g.Utility(c.center[j])
	}
	return m / c.unit[j], s / c.unit[j]
}

// utility returns the moments of the utility of candidate i: in the unit of the
// outcome for a single goal, and else in units of spreads. If certain, they are
// those of the mean.
func (c *Chooser) utility(p *surrogate.Prediction, i int, certain bool) (mean, deviation float64) {
	if len(c.objectives) == 1 {
		j := c.objectives[0]
		deviation = p.Deviation[j][i]
		if certain {
			deviation = 0
		}
		return c.goals[j].moments(p.Mean[j][i], deviation)
	}
	if c.policy.Weighted {
		square := 0.0
		for k, w := range c.weights {
			m, s := c.goal(p, k, i, certain)
			mean += w * m
			square += w * w * s * s
		}
		return mean, math.Sqrt(square)
	}
	// The augmented Chebyshev function, of the smallest weighted goal.
	sum := 0.0
	for k, w := range c.weights {
		m, s := c.goal(p, k, i, certain)
		m, s = w*m, w*s
		sum += m
		if k == 0 {
			mean, deviation = m, s
		} else {
			mean, deviation = acquisition.Smaller(mean, deviation, m, s)
		}
	}
	return mean + 0.05*sum, deviation
}

// Score values the candidates x.
func (c *Chooser) Score(x [][]float64) ([]Score, error) {
	p, err := c.model.Predict(x)
	if err != nil {
		return nil, err
	}
	return c.Value(p), nil
}

// Value values candidates of which p is expected, on the scales of the model.
func (c *Chooser) Value(p *surrogate.Prediction) []Score {
	scores := make([]Score, len(p.Success))
	for i := range scores {
		s := &scores[i]
		s.Use = c.use(p, i)
		s.Mean, s.Deviation = c.utility(p, i, false)
		logUse := math.Log(s.Use)
		switch {
		case len(c.seen) == 0: // nothing to better: what is expected decides
			s.Value = acquisition.UpperBound(s.Mean, s.Deviation, 1) - c.span()*-logUse
		case math.IsInf(c.best, -1):
			s.Value = logUse // first of all, something that works
		case c.policy.Rule == Many:
			s.Value = acquisition.LogNormal((s.Mean-c.threshold)/max(s.Deviation, 1e-12*c.span())) + logUse
		case c.policy.Rule == Bound:
			width := cmp.Or(c.policy.Width, 2)
			s.Value = acquisition.UpperBound(s.Mean, s.Deviation, width)
			if s.Use < 1 { // a candidate of no use is worth less than the best by far
				s.Value -= c.span() * -logUse
			}
		case c.front != nil:
			var mean, deviation [2]float64
			for k := range 2 {
				mean[k], deviation[k] = c.goal(p, k, i, false)
			}
			// Far from the front the gain is too small for a number; the
			// scalarised utility still orders.
			if gain := c.front.Improvement(mean, deviation); gain > 1e-200 {
				s.Value = math.Log(gain) + logUse
			} else {
				s.Value = -1000 + acquisition.LogImprovement(s.Mean, s.Deviation, c.best) + logUse
			}
		case len(c.objectives) == 1 && c.goals[c.objectives[0]].Direction == Target:
			j := c.objectives[0]
			s.Value = acquisition.LogTargetImprovement(p.Mean[j][i], p.Deviation[j][i], c.goals[j].Target, -c.best) + logUse
		default:
			s.Value = acquisition.LogImprovement(s.Mean, s.Deviation, c.best) + logUse
		}
		if c.front != nil {
			s.Mean, s.Deviation = math.NaN(), math.NaN()
		}
	}
	return scores
}

// Survey tells the rule Many what candidates there are, or a fair sample of
// them: it finds the utility that its share of them and of what was tried are
// expected to exceed. Until then, only what was tried counts.
//
// To find as many of the best as can be in a given number of experiments is
// active search; its greedy form takes the most probable of them first.
//
// Reference: Garnett et al., ICML 2012, arXiv:1206.6406.
func (c *Chooser) Survey(candidates [][]float64) error {
	if c.policy.Rule != Many {
		return nil
	}
	var means, deviations []float64
	for k, x := range [][][]float64{candidates, c.seen} {
		p, err := c.model.Predict(x)
		if err != nil {
			return err
		}
		for i := range x {
			m, s := c.utility(p, i, k == 1)
			means, deviations = append(means, m), append(deviations, s)
		}
	}
	c.threshold = acquisition.Exceeded(means, deviations, cmp.Or(c.policy.Share, 0.05))
	return nil
}

// Chance returns the probability that a candidate of which mean and deviation
// are expected, on the scale of the outcome, is one of the best share, for the
// rule Many and a single goal; and the outcome from which on it would be.
func (c *Chooser) Chance(mean, deviation float64) (probability, outcome float64) {
	j := c.objectives[0]
	m, s := c.goals[j].moments(mean, deviation)
	return acquisition.Normal((m - c.threshold) / max(s, 1e-12*c.span())), c.outcomeOf(c.threshold)
}

// span is the scale of the utility.
func (c *Chooser) span() float64 {
	if len(c.objectives) == 1 {
		return c.unit[c.objectives[0]]
	}
	return 1
}

// Best returns the outcome of the best experiment so far, in the model's eyes.
// It reports false when none was of use, and when there are several goals. For
// a target it is that on the near side of the best utility.
func (c *Chooser) Best() (outcome float64, ok bool) {
	if len(c.objectives) > 1 || math.IsInf(c.best, -1) {
		return 0, false
	}
	return c.outcomeOf(c.best), true
}

// outcomeOf returns the outcome whose utility is u, for a single goal.
func (c *Chooser) outcomeOf(u float64) float64 {
	j := c.objectives[0]
	scale := c.model.Scale(j)
	switch g := c.goals[j]; g.Direction {
	case Minimise:
		return scale.From(-u)
	case Target:
		return scale.From(g.Target + u)
	}
	return scale.From(u)
}

// Within returns the probability that an outcome keeps to its limits, given what
// is expected of it on its scale.
func (c *Chooser) Within(outcome int, mean, deviation float64) float64 {
	return c.goals[outcome].within(mean, deviation)
}

// Gain is by how much a candidate may better a single goal.
type Gain struct {
	Expected float64 // in the unit of the outcome
	Certain  float64 // if the outcome were what is most likely
	Chance   float64 // that there is any
}

// Gain returns the gain of a candidate of which mean and deviation are expected
// on the scale of the outcome, when there is a single goal and some experiment
// was of use.
func (c *Chooser) Gain(mean, deviation float64) Gain {
	j := c.objectives[0]
	scale, g := c.model.Scale(j), c.policy.Goals[j]
	best, _ := c.Best()
	over := func(z float64) float64 { return max(0, g.Utility(scale.From(mean+deviation*z))-g.Utility(best)) }
	var gain Gain
	gain.Certain = over(0)
	// The scale bends, so the mean is taken over evenly spaced quantiles.
	const quantiles = 400
	for k := range quantiles {
		v := over(math.Sqrt2 * math.Erfinv(2*(float64(k)+0.5)/quantiles-1))
		gain.Expected += v / quantiles
		if v > 0 {
			gain.Chance += 1. / quantiles
		}
	}
	return gain
}

// Take returns the chooser for the next of a batch, after the candidate x was
// chosen.
func (c *Chooser) Take(x []float64) (*Chooser, error) {
	model, err := c.model.Believe([][]float64{x})
	if err != nil {
		return nil, err
	}
	next := *c
	next.model = model
	next.seen = append(c.seen[:len(c.seen):len(c.seen)], x)
	return &next, next.update()
}

// Choice is a candidate that was chosen.
type Choice struct {
	Index int
	Score Score
}

// shortlist is how many candidates are looked at again for the second and later
// of a batch, and by the rule Thompson.
const shortlist = 1000

// Choose returns n different candidates of pool, the best first, or fewer if
// the pool is smaller. Costs, if not nil, are those of the candidates: with the
// rule Improvement, gain for cost is what counts.
func (c *Chooser) Choose(pool [][]float64, costs []float64, n int) ([]Choice, error) {
	scores, err := c.Score(pool)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(pool))
	for i := range order {
		order[i] = i
		scores[i].Value -= c.price(costs, i)
	}
	rank := func(order []int, scores []Score) {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b].Value, scores[a].Value) })
	}
	rank(order, scores)
	if c.policy.Rule == Thompson {
		return c.draw(pool, order, scores, n)
	}
	order = order[:min(len(order), shortlist+n)]
	var chosen []Choice
	for len(chosen) < n && len(order) > 0 {
		best := order[0]
		chosen = append(chosen, Choice{Index: best, Score: scores[best]})
		order = order[1:]
		if len(chosen) == n || len(order) == 0 {
			break
		}
		if c, err = c.Take(pool[best]); err != nil {
			return nil, err
		}
		x := make([][]float64, len(order))
		for k, i := range order {
			x[k] = pool[i]
		}
		again, err := c.Score(x)
		if err != nil {
			return nil, err
		}
		for k, i := range order {
			scores[i] = again[k]
			scores[i].Value -= c.price(costs, i)
		}
		rank(order, scores)
	}
	return chosen, nil
}

// price is what the cost of candidate i takes from its value.
func (c *Chooser) price(costs []float64, i int) float64 {
	if costs == nil || c.policy.Rule != Improvement {
		return 0
	}
	return math.Log(costs[i])
}

// draw chooses by functions that are drawn from the model, one for each
// candidate.
//
// Reference: Kandasamy et al., AISTATS 2018, arXiv:1705.09236 (batches).
func (c *Chooser) draw(pool [][]float64, order []int, scores []Score, n int) ([]Choice, error) {
	order = order[:min(len(order), shortlist)]
	x := make([][]float64, len(order))
	for k, i := range order {
		x[k] = pool[i]
	}
	drawn := &surrogate.Prediction{Success: make([]float64, len(x))}
	samples := make([][][]float64, len(c.goals))
	for j := range samples {
		drawn.Mean, drawn.Deviation = append(drawn.Mean, nil), append(drawn.Deviation, make([]float64, len(x)))
		if p := c.model.Outcome(j); p != nil {
			var err error
			if samples[j], err = p.Sample(x, n, c.rnd); err != nil {
				return nil, err
			}
			continue
		}
		unknown := make([]float64, len(x))
		for i := range unknown {
			unknown[i] = math.NaN()
		}
		samples[j] = slices.Repeat([][]float64{unknown}, n)
	}
	taken := make(map[int]bool)
	var chosen []Choice
	for s := range min(n, len(order)) {
		for j := range samples {
			drawn.Mean[j] = samples[j][s]
		}
		best, value := -1, math.Inf(-1)
		c.weights = c.drawWeights()
		for k, i := range order {
			if taken[i] {
				continue
			}
			u, _ := c.utility(drawn, k, true)
			if u -= c.span() * -math.Log(scores[i].Use); best < 0 || u > value {
				best, value = i, u
			}
		}
		taken[best] = true
		chosen = append(chosen, Choice{Index: best, Score: scores[best]})
	}
	return chosen, nil
}
