package policy

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/alkahest/alkahest/discover/surrogate"
)

var none = math.NaN()

// chooser returns a chooser of what was measured of f at some places in 0..1,
// where f is x for the first outcome and 1 - x² for the second.
func chooser(t *testing.T, p Policy) *Chooser {
	t.Helper()
	var d surrogate.Data
	for _, x := range []float64{0, 0.15, 0.3, 0.4, 0.55} {
		d.X, d.Y, d.Failed = append(d.X, []float64{x}), append(d.Y, []float64{10 * x, 1 - x*x}[:len(p.Goals)]), append(d.Failed, false)
	}
	m, err := surrogate.Fit(d, surrogate.Options{Kernel: surrogate.Kernel([]surrogate.Kind{surrogate.Numeric}), Outcomes: len(p.Goals)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.New(m, d, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func pool() [][]float64 {
	var x [][]float64
	for k := range 21 {
		x = append(x, []float64{float64(k) / 20})
	}
	return x
}

// TestChoose: every goal leads where it should.
func TestChoose(t *testing.T) {
	for name, test := range map[string]struct {
		policy    Policy
		low, high float64 // where the first choice lies
	}{
		"maximise":         {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}}, 0.6, 1},
		"bound":            {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}, Rule: Bound}, 0.6, 1},
		"thompson":         {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}, Rule: Thompson}, 0.5, 1},
		"many":             {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}, Rule: Many, Share: 0.2}, 0.54, 1}, // what was measured may stand in a pool
		"many of a target": {Policy{Goals: []Goal{{Direction: Target, Target: 4.8, Low: none, High: none}}, Rule: Many}, 0.44, 0.52},
		"minimise":         {Policy{Goals: []Goal{{Direction: Minimise, Low: none, High: none}}}, 0, 0.1},
		"target":           {Policy{Goals: []Goal{{Direction: Target, Target: 4.8, Low: none, High: none}}}, 0.44, 0.52},
		"limited":          {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}, {Low: 0.75, High: none}}}, 0.39, 0.56},
		"weighted":         {Policy{Goals: []Goal{{Direction: Maximise, Weight: 100, Low: none, High: none}, {Direction: Maximise, Weight: 1, Low: none, High: none}}, Weighted: true}, 0.6, 1},
		"no use so far":    {Policy{Goals: []Goal{{Direction: Maximise, Low: 7, High: none}}}, 0.7, 1},
		"front":            {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}, {Direction: Maximise, Low: none, High: none}}}, 0.6, 1},
		"several of three": {Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}, {Direction: Minimise, Low: none, High: none}}}, 0.6, 1},
	} {
		choices, err := chooser(t, test.policy).Choose(pool(), nil, 5)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int]bool{}
		for _, c := range choices {
			seen[c.Index] = true
		}
		if len(seen) != 5 {
			t.Errorf("%s: %d different choices of 5", name, len(seen))
		}
		if x := pool()[choices[0].Index][0]; x < test.low || x > test.high {
			t.Errorf("%s: chose %v, want %v to %v", name, x, test.low, test.high)
		}
	}
}

// TestMany: the rule looks for as many as its share says, which a survey tells
// it, and not for the front of several goals.
func TestMany(t *testing.T) {
	goal := Goal{Direction: Maximise, Low: none, High: none}
	best, from := 0.0, math.Inf(1)
	for _, share := range []float64{0.1, 0.2, 0.4} {
		c := chooser(t, Policy{Goals: []Goal{goal}, Rule: Many, Share: share})
		if err := c.Survey(pool()); err != nil {
			t.Fatal(err)
		}
		chance, begin := c.Chance(5.5, 0.5) // as for the best that was measured
		if begin >= from || chance <= best {
			t.Errorf("the best %v begin at %v, and 5.5 ± 0.5 is one of them with %v", share, begin, chance)
		}
		best, from = chance, begin
	}
	p := Policy{Goals: []Goal{goal, goal}, Rule: Many}
	if _, err := p.New(surrogate.Empty(2), surrogate.Data{}, nil); err == nil {
		t.Error("the best share of a front: no error")
	}
}

// TestCosts: of equal gains the cheaper is chosen.
func TestCosts(t *testing.T) {
	c := chooser(t, Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}})
	costs := make([]float64, 21)
	for i := range costs {
		costs[i] = 1
	}
	plain, err := c.Choose(pool(), costs, 1)
	if err != nil {
		t.Fatal(err)
	}
	costs[plain[0].Index] = 1000
	dear, err := c.Choose(pool(), costs, 1)
	if err != nil {
		t.Fatal(err)
	}
	if plain[0].Index == dear[0].Index {
		t.Error("a thousandfold cost changes nothing")
	}
}

func TestGain(t *testing.T) {
	c := chooser(t, Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}})
	best, ok := c.Best()
	if !ok || math.Abs(best-5.5) > 0.5 {
		t.Errorf("best %v, %v", best, ok)
	}
	scale := c.model.Scale(0)
	g := c.Gain(scale.To(best+1), 1e-9)
	if math.Abs(g.Expected-1) > 1e-3 || math.Abs(g.Certain-1) > 1e-3 || g.Chance < 0.99 {
		t.Errorf("a sure gain of 1: %+v", g)
	}
	if g := c.Gain(scale.To(best-3), 1e-9); g.Expected != 0 || g.Chance != 0 {
		t.Errorf("a sure loss: %+v", g)
	}
	if _, err := (&Policy{Goals: []Goal{{Low: 1, High: none}}}).New(surrogate.Empty(1), surrogate.Data{}, rand.New(rand.NewPCG(1, 1))); err == nil {
		t.Error("a policy without a goal")
	}
}

func BenchmarkChoose(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var d surrogate.Data
	for range 50 {
		x := []float64{rnd.Float64(), rnd.Float64()}
		d.X, d.Y, d.Failed = append(d.X, x), append(d.Y, []float64{x[0] - x[1]*x[1]}), append(d.Failed, false)
	}
	var pool [][]float64
	for range 1000 {
		pool = append(pool, []float64{rnd.Float64(), rnd.Float64()})
	}
	m, err := surrogate.Fit(d, surrogate.Options{Kernel: surrogate.Kernel([]surrogate.Kind{surrogate.Numeric, surrogate.Numeric}), Outcomes: 1})
	if err != nil {
		b.Fatal(err)
	}
	p := Policy{Goals: []Goal{{Direction: Maximise, Low: none, High: none}}}
	b.ReportAllocs()
	for b.Loop() {
		c, err := p.New(m, d, rnd)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Choose(pool, nil, 8); err != nil {
			b.Fatal(err)
		}
	}
}
