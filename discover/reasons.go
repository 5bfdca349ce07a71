package discover

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/discover/surrogate"
)

// explain fills in what is expected of the candidate and why it was chosen.
func (m *model) explain(candidate *Candidate, score policy.Score) error {
	c := m.campaign
	x := m.encoder.Encode(candidate.Point)
	p, err := m.surrogate.Predict([][]float64{x})
	if err != nil {
		return err
	}
	for j := range c.Outcomes {
		median, deviation := m.outcome(j, p.Mean[j][0], p.Deviation[j][0])
		candidate.Expected, candidate.Deviation = append(candidate.Expected, median), append(candidate.Deviation, deviation)
	}
	candidate.Use = score.Use
	candidate.Reasons = append(candidate.Reasons, m.gain(score, p)...)
	influences, err := m.influences(candidate.Point)
	if err != nil {
		return err
	}
	if influences != "" {
		candidate.Reasons = append(candidate.Reasons, influences)
	}
	if p.Success[0] < 0.9 {
		candidate.Reasons = append(candidate.Reasons, fmt.Sprintf("may fail: the probability of success is %.0f %%", 100*p.Success[0]))
	}
	for j, o := range c.Outcomes {
		if limits := limitText(&o); limits != "" && !math.IsNaN(p.Mean[j][0]) {
			probability := m.chooser.Within(j, p.Mean[j][0], p.Deviation[j][0])
			candidate.Reasons = append(candidate.Reasons, fmt.Sprintf("%s is %s with a probability of %.0f %%", o.Name, limits, 100*probability))
		}
	}
	return nil
}

// limitText says what the limits of an outcome are.
func limitText(o *Outcome) string {
	var parts []string
	if !math.IsNaN(o.Goal.Low) {
		parts = append(parts, "at least "+o.Value(o.Goal.Low))
	}
	if !math.IsNaN(o.Goal.High) {
		parts = append(parts, "at most "+o.Value(o.Goal.High))
	}
	return strings.Join(parts, " and ")
}

// gain says for which goal, by how much, and whether the gain comes from what
// is known or from what is not.
func (m *model) gain(score policy.Score, p *surrogate.Prediction) []string {
	c := m.campaign
	objectives := c.Policy.Objectives()
	if len(objectives) > 1 {
		return []string{m.compromise(p)}
	}
	best, ok := m.chooser.Best()
	if !ok {
		return []string{fmt.Sprintf("nothing of use was found yet: this is the most likely to be, with a probability of %.0f %%", 100*score.Use)}
	}
	o := &c.Outcomes[objectives[0]]
	if c.Policy.Rule == policy.Many {
		chance, from := m.chooser.Chance(p.Mean[objectives[0]][0], p.Deviation[objectives[0]][0])
		return []string{fmt.Sprintf("%s: with a probability of %.0f %% one of the best %.3g %% of all candidates, which the model puts from %s on", o.Name, 100*chance, 100*c.Policy.Share, o.Value(from))}
	}
	gain := m.chooser.Gain(p.Mean[objectives[0]][0], p.Deviation[objectives[0]][0])
	kind := "explores: most of the gain is in what is not known yet"
	switch share := gain.Certain / gain.Expected; {
	case share > 0.7:
		kind = "exploits: the model is fairly sure of it"
	case share > 0.3:
		kind = "both exploits what is known and explores what is not"
	}
	than := fmt.Sprintf("%s over the best so far, which the model puts at %s", o.Value(gain.Expected), o.Value(best))
	if o.Goal.Direction == policy.Target {
		than = fmt.Sprintf("%s nearer to %s", o.Value(gain.Expected), o.Value(o.Goal.Target))
	}
	return []string{fmt.Sprintf("%s: expected gain %s; better with a probability of %.0f %%", o.Name, than, 100*gain.Chance), kind}
}

// outcome returns the median and the deviation of one more measurement of
// outcome j, with its noise, from what is expected on its scale. The deviation
// is such that the median ± 1.645 of it is as wide as the 90 % interval.
func (m *model) outcome(j int, mean, deviation float64) (median, spread float64) {
	if math.IsNaN(mean) {
		return mean, mean
	}
	scale := m.surrogate.Scale(j)
	half := 1.645 * math.Hypot(deviation, m.surrogate.Noise(j))
	return scale.From(mean), (scale.From(mean+half) - scale.From(mean-half)) / (2 * 1.645)
}

// compromise says what a candidate does for each of several goals.
func (m *model) compromise(p *surrogate.Prediction) string {
	var better []string
	for _, j := range m.campaign.Policy.Objectives() {
		o := &m.campaign.Outcomes[j]
		if math.IsNaN(p.Mean[j][0]) {
			continue
		}
		best := math.Inf(-1)
		for _, e := range m.campaign.Experiments {
			if e.Status == OK && !math.IsNaN(e.Outcomes[j]) {
				best = max(best, o.Goal.Utility(e.Outcomes[j]))
			}
		}
		if u := o.Goal.Utility(m.surrogate.Scale(j).From(p.Mean[j][0])); u > best {
			better = append(better, o.Name)
		}
	}
	switch {
	case len(better) > 0:
		return "extends the front of compromises: best so far in " + strings.Join(better, " and ")
	case m.campaign.Policy.Weighted:
		return "raises the weighted sum of the goals"
	}
	return "fills the front of compromises between what was measured"
}

// influences names the variables that the expectation of the first goal depends
// on most at point: each is moved over its range with all others as they are.
func (m *model) influences(point []float64) (string, error) {
	j := m.campaign.Policy.Objectives()[0]
	if m.surrogate.Outcome(j) == nil || len(m.campaign.Space.Variables) == 1 {
		return "", nil
	}
	type influence struct {
		variable int
		span     float64
	}
	var found []influence
	total := 0.0
	for k := range m.campaign.Space.Variables {
		levels := levels(&m.campaign.Space.Variables[k])
		if len(levels) < 2 {
			continue
		}
		x := make([][]float64, len(levels))
		for i, l := range levels {
			moved := slices.Clone(point)
			moved[k] = l
			x[i] = m.encoder.Encode(moved)
		}
		p, err := m.surrogate.Predict(x)
		if err != nil {
			return "", err
		}
		scale := m.surrogate.Scale(j)
		span := scale.From(slices.Max(p.Mean[j])) - scale.From(slices.Min(p.Mean[j]))
		found = append(found, influence{k, span})
		total += span
	}
	slices.SortStableFunc(found, func(a, b influence) int { return cmp.Compare(b.span, a.span) })
	var words []string
	for _, f := range found[:min(2, len(found))] {
		if f.span > 0.1*total {
			words = append(words, fmt.Sprintf("%s (%s over its range)", m.campaign.Space.Variables[f.variable].Name, m.campaign.Outcomes[j].Value(f.span)))
		}
	}
	if len(words) == 0 {
		return "", nil
	}
	return fmt.Sprintf("here %s depends most on %s", m.campaign.Outcomes[j].Name, strings.Join(words, " and ")), nil
}

// levels returns values of a variable over its range: at most 11 numbers or 50
// choices.
func levels(v *space.Variable) []float64 {
	if v.Kind == space.Number {
		return v.Levels(11)
	}
	return v.Levels(50)
}

// advice says whether another batch is worth making, given the inputs of the
// best candidate.
func (m *model) advice(x []float64) (string, error) {
	c := m.campaign
	objectives := c.Policy.Objectives()
	if _, ok := m.chooser.Best(); !ok {
		return "", nil
	}
	j := objectives[0]
	o := &c.Outcomes[j]
	low, high := math.Inf(1), math.Inf(-1)
	n := 0
	for _, e := range c.Experiments {
		if e.Status == OK && !math.IsNaN(e.Outcomes[j]) {
			u := o.Goal.Utility(e.Outcomes[j])
			low, high = min(low, u), max(high, u)
			n++
		}
	}
	if n < 5 || high <= low {
		return "", nil
	}
	p, err := m.surrogate.Predict([][]float64{x})
	if err != nil {
		return "", err
	}
	if c.Policy.Rule == policy.Many {
		if chance, _ := m.chooser.Chance(p.Mean[j][0], p.Deviation[j][0]); chance < 0.05 && len(objectives) == 1 {
			return fmt.Sprintf("consider stopping: not even the most probable candidate is one of the best %.3g %%, but with a probability of %.2g %%", 100*c.Policy.Share, 100*chance), nil
		}
		return "", nil
	}
	gain := m.chooser.Gain(p.Mean[j][0], p.Deviation[j][0]).Expected
	_, noise := m.outcome(j, p.Mean[j][0], 0)
	share := gain / (high - low)
	switch {
	case share < 0.01:
		return fmt.Sprintf("consider stopping: the best candidate is expected to gain %s, %.1g %% of what was seen to vary", o.Value(gain), 100*share), nil
	case gain < 0.2*noise:
		return fmt.Sprintf("consider repeating measurements: the expected gain of %s is small beside the noise of %s", o.Value(gain), o.Value(noise)), nil
	}
	return fmt.Sprintf("going on is worth it: the best candidate is expected to gain %s, %.2g %% of what was seen to vary", o.Value(gain), 100*share), nil
}

// nearest returns the experiment most similar to point, and how far it is.
func (c *Campaign) nearest(encoder *space.Encoder, point []float64) (*Experiment, float64) {
	var best *Experiment
	least := math.Inf(1)
	for i := range c.Experiments {
		if d := encoder.Distance(c.Experiments[i].Point, point); d < least {
			best, least = &c.Experiments[i], d
		}
	}
	return best, least
}
