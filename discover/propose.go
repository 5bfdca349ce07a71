package discover

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/discover/surrogate"
)

// Proposal is a batch of candidates to make next.
type Proposal struct {
	Batch      int
	Candidates []Candidate
	// Modelled says that a model chose. Otherwise too little is measured, and
	// the candidates are spread over the space.
	Modelled bool
	// Exhausted says that there are no more candidates than these.
	Exhausted bool
	Advice    string // whether going on is worth it; empty when there is no telling
}

// Candidate is a proposed experiment and why it was proposed.
type Candidate struct {
	ID    string
	Point []float64
	// Expected and Deviation of each outcome, as one more measurement would
	// give it, with its noise; NaN where nothing is known.
	Expected, Deviation []float64
	Use                 float64 // probability that it succeeds and keeps to all limits
	Reasons             []string
	Nearest             *Experiment // the most similar that is known, or nil
	Distance            float64     // to Nearest; see space.Encoder
	Cost                float64     // 0 when all cost the same
}

// fewest is how many measurements the first goal needs before a model chooses.
const fewest = 2

// Propose returns the n best experiments to make next. None was made, by us or
// in the literature, failed, is pending, or stands twice; all are candidates of
// the space. It changes
// nothing; see Accept.
func (c *Campaign) Propose(n int) (*Proposal, error) {
	if n < 1 || n > MaxBatch {
		return nil, fmt.Errorf("a batch has 1 to %d experiments, not %d", MaxBatch, n)
	}
	rnd := rand.New(rand.NewPCG(c.Seed, uint64(c.batches)+1))
	m, err := c.model(rnd)
	if err != nil {
		return nil, err
	}
	s := &search{campaign: c, rnd: rnd, encoder: m.encoder, taken: map[string]bool{}}
	for _, e := range c.Experiments {
		s.taken[c.Space.Key(e.Point)] = true
	}
	for _, p := range c.Pending {
		s.taken[c.Space.Key(p.Point)] = true
	}
	proposal := &Proposal{Batch: c.batches + 1, Modelled: m.chooser != nil}
	var chosen [][]float64
	var scores []policy.Score
	if m.chooser == nil {
		chosen = s.spread(n)
	} else {
		if chosen, scores, err = s.best(m.chooser, n); err != nil {
			return nil, err
		}
		if len(chosen) > 0 {
			if proposal.Advice, err = m.advice(m.encoder.Encode(chosen[0])); err != nil {
				return nil, err
			}
		}
	}
	proposal.Exhausted = len(chosen) < n
	for i, point := range chosen {
		candidate := Candidate{ID: fmt.Sprintf("%d.%d", proposal.Batch, i+1), Point: point, Use: 1}
		if c.Cost != nil {
			candidate.Cost = c.Cost.Of(point)
		}
		if m.chooser == nil {
			candidate.Reasons = []string{"too little is measured to predict: spread over the space, far from what is known"}
			candidate.Expected, candidate.Deviation = unknown(len(c.Outcomes)), unknown(len(c.Outcomes))
		} else if err := m.explain(&candidate, scores[i]); err != nil {
			return nil, err
		}
		candidate.Nearest, candidate.Distance = c.nearest(m.encoder, point)
		proposal.Candidates = append(proposal.Candidates, candidate)
	}
	return proposal, nil
}

func unknown(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}

// Accept notes in the log that p was proposed; its candidates are pending from
// now on.
func (c *Campaign) Accept(p *Proposal) error {
	var entries []entry
	for _, x := range p.Candidates {
		e := entry{Event: "proposed", Batch: p.Batch, ID: x.ID, Seed: c.Seed, Values: c.Values(x.Point), Expected: c.Expectation(&x)}
		entries = append(entries, e)
	}
	if err := c.appendLog(entries); err != nil {
		return err
	}
	for _, x := range p.Candidates {
		c.Pending = append(c.Pending, Pending{ID: x.ID, Point: x.Point})
	}
	c.batches = p.Batch
	return nil
}

// model is what was learned from the experiments.
type model struct {
	campaign  *Campaign
	encoder   *space.Encoder
	data      surrogate.Data
	surrogate *surrogate.Model // nil when too little is measured
	chooser   *policy.Chooser  // nil when too little is measured
}

// model learns from all experiments, and believes the pending ones.
func (c *Campaign) model(rnd *rand.Rand) (*model, error) {
	encoder, err := c.Space.Encoder()
	if err != nil {
		return nil, err
	}
	m := &model{campaign: c, encoder: encoder, data: c.data(encoder)}
	measured := false
	for _, j := range c.Policy.Objectives() {
		n := 0
		for i, y := range m.data.Y {
			if !m.data.Failed[i] && !math.IsNaN(y[j]) {
				n++
			}
		}
		measured = measured || n >= fewest
	}
	if !measured {
		return m, nil
	}
	m.surrogate, err = surrogate.Fit(m.data, surrogate.Options{
		Kernel: surrogate.Kernel(encoder.Columns()), Outcomes: len(c.Outcomes), Restarts: 2, Rand: rnd,
	})
	if err != nil {
		return nil, err
	}
	if m.chooser, err = c.Policy.New(m.surrogate, m.data, rnd); err != nil {
		return nil, err
	}
	for _, p := range c.Pending {
		if m.chooser, err = m.chooser.Take(encoder.Encode(p.Point)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// data returns the experiments as a surrogate learns from them.
func (c *Campaign) data(encoder *space.Encoder) surrogate.Data {
	var d surrogate.Data
	known := slices.ContainsFunc(c.Experiments, func(e Experiment) bool { return e.Deviations != nil })
	for _, e := range c.Experiments {
		d.X = append(d.X, encoder.Encode(e.Point))
		d.Y = append(d.Y, e.Outcomes)
		d.Failed = append(d.Failed, e.Status == Failed)
		inside, _ := c.Space.Contains(e.Point)
		d.Outside = append(d.Outside, e.Record && !inside)
		if known {
			variances := make([]float64, len(c.Outcomes))
			for j := range variances {
				if e.Deviations != nil {
					variances[j] = e.Deviations[j] * e.Deviations[j]
				}
			}
			d.Variances = append(d.Variances, variances)
		}
	}
	return d
}

// search finds candidates of a space.
type search struct {
	campaign *Campaign
	rnd      *rand.Rand
	encoder  *space.Encoder
	taken    map[string]bool // keys of what must not be proposed
}

// Sizes of the search in spaces that cannot be enumerated.
const (
	drawn   = 1000 // points at random to begin with
	rounds  = 6
	parents = 40
	varied  = 400 // points near the best of each round
)

// fresh appends to pool those of points that are neither taken nor in seen, and
// notes them in seen.
func (s *search) fresh(pool, points [][]float64, seen map[string]bool) [][]float64 {
	for _, p := range points {
		if p == nil {
			continue
		}
		key := s.campaign.Space.Key(p)
		if !s.taken[key] && !seen[key] {
			seen[key] = true
			pool = append(pool, p)
		}
	}
	return pool
}

func (s *search) draws(n int) [][]float64 {
	var points [][]float64
	for range n {
		p := s.campaign.Space.Draw(s.rnd)
		if p == nil {
			break // the constraints leave too little to hit by chance
		}
		points = append(points, p)
	}
	return points
}

// start returns candidates to begin with, and whether they are all.
func (s *search) start(seen map[string]bool) (pool [][]float64, all bool) {
	if points, ok := s.campaign.Space.All(); ok {
		return s.fresh(nil, points, seen), true
	}
	pool = s.fresh(nil, s.draws(drawn), seen)
	// What was measured lies in the space even where chance finds nothing.
	for _, e := range s.campaign.Experiments {
		if ok, _ := s.campaign.Space.Contains(e.Point); ok {
			var near [][]float64
			for range 10 {
				near = append(near, s.campaign.Space.Vary(e.Point, nil, s.rnd))
			}
			pool = s.fresh(pool, near, seen)
		}
	}
	return pool, false
}

// spread returns n candidates, each as far as can be from those before it and
// from all that was tried.
func (s *search) spread(n int) [][]float64 {
	pool, _ := s.start(map[string]bool{})
	// An order by chance: among equally far ones the first is taken.
	s.rnd.Shuffle(len(pool), func(a, b int) { pool[a], pool[b] = pool[b], pool[a] })
	far := make([]float64, len(pool))
	for i := range far {
		far[i] = math.Inf(1)
	}
	approach := func(point []float64) {
		for i, p := range pool {
			far[i] = min(far[i], s.encoder.Distance(p, point))
		}
	}
	for _, e := range s.campaign.Experiments {
		approach(e.Point)
	}
	for _, p := range s.campaign.Pending {
		approach(p.Point)
	}
	var chosen [][]float64
	for len(chosen) < min(n, len(pool)) {
		best := 0
		for i, d := range far {
			if d > far[best] {
				best = i
			}
		}
		chosen = append(chosen, pool[best])
		approach(pool[best])
		far[best] = -1
	}
	return chosen
}

// best returns the n candidates that the chooser likes most. Where the space is
// too large to look at each, the best are varied again and again.
func (s *search) best(chooser *policy.Chooser, n int) ([][]float64, []policy.Score, error) {
	seen := map[string]bool{}
	pool, all := s.start(seen)
	if err := chooser.Survey(s.encoder.EncodeAll(pool)); err != nil {
		return nil, nil, err
	}
	if !all {
		var err error
		if pool, err = s.evolve(chooser, pool, seen); err != nil {
			return nil, nil, err
		}
	}
	if len(pool) == 0 {
		return nil, nil, nil
	}
	choices, err := chooser.Choose(s.encoder.EncodeAll(pool), s.costs(pool), n)
	if err != nil {
		return nil, nil, err
	}
	var chosen [][]float64
	var scores []policy.Score
	for _, c := range choices {
		chosen, scores = append(chosen, pool[c.Index]), append(scores, c.Score)
	}
	return chosen, scores, nil
}

func (s *search) costs(points [][]float64) []float64 {
	if s.campaign.Cost == nil {
		return nil
	}
	costs := make([]float64, len(points))
	for i, p := range points {
		costs[i] = s.campaign.Cost.Of(p)
	}
	return costs
}

// evolve adds candidates near the best of pool, and crosses of them, for some
// rounds, and returns the best.
func (s *search) evolve(chooser *policy.Chooser, pool [][]float64, seen map[string]bool) ([][]float64, error) {
	type scored struct {
		point []float64
		value float64
	}
	var all []scored
	score := func(points [][]float64) error {
		scores, err := chooser.Score(s.encoder.EncodeAll(points))
		if err != nil {
			return err
		}
		costs := s.costs(points)
		for i, p := range points {
			value := scores[i].Value
			if costs != nil && s.campaign.Policy.Rule == policy.Improvement {
				value -= math.Log(costs[i])
			}
			all = append(all, scored{p, value})
		}
		slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.value, a.value) })
		return nil
	}
	if err := score(pool); err != nil {
		return nil, err
	}
	for range rounds {
		if len(all) == 0 {
			break
		}
		best := all[:min(parents, len(all))]
		var near [][]float64
		for range varied {
			a, b := best[s.rnd.IntN(len(best))], best[s.rnd.IntN(len(best))]
			near = append(near, s.campaign.Space.Vary(a.point, b.point, s.rnd))
		}
		if err := score(s.fresh(nil, near, seen)); err != nil {
			return nil, err
		}
	}
	pool = pool[:0:0]
	for _, x := range all[:min(len(all), 2*drawn)] {
		pool = append(pool, x.point)
	}
	return pool, nil
}
