// Package chooser chooses one of many candidates, such as the stretch of text that
// names what a quantity is of, with a conditional logit over sparse features.
//
// Reference: McFadden, in Zarembka (ed.), Frontiers in Econometrics, 1974, 105.
package chooser

import (
	"math"
	"math/rand/v2"
)

// Question is a set of candidates of which one is right.
type Question struct {
	Parts      [][]uint32 // features that several candidates share
	Candidates []Candidate
}

// Candidate is one possible answer: what it shares with others, and features of
// its own.
type Candidate struct {
	Parts    []int32 // indices of Question.Parts
	Features []uint32
}

// Chooser tells how probable each candidate is the right one. It is safe for
// concurrent use.
type Chooser struct {
	weights map[uint32]float32
}

// Training says how a chooser is trained. The zero value of each field stands for
// its default.
type Training struct {
	Epochs int     // passes over the questions; default 10
	Rate   float32 // of AdaGrad; default 0.01
	Shrink float32 // L1 penalty of a weight at each of its updates; default 3e-3
	Rare   int     // features of fewer questions are left out; default 3
	Seed   uint64
}

func (o Training) withDefaults() Training {
	if o.Epochs == 0 {
		o.Epochs = 10
	}
	if o.Rate == 0 {
		o.Rate = 0.01
	}
	if o.Shrink == 0 {
		o.Shrink = 3e-3
	}
	if o.Rare == 0 {
		o.Rare = 3
	}
	return o
}

// Train fits a chooser for each kind of answer that the questions have. right has,
// for each kind and question, how right each candidate is, summing to 1; nil where
// that is not known. It takes stochastic gradient steps on the likelihood, with a
// step for each weight (AdaGrad) and an L1 penalty. It gives the same choosers for
// the same arguments on the same architecture.
func Train(questions []Question, right [][][]float32, o Training) []*Chooser {
	o = o.withDefaults()
	rows, features := number(questions, o.Rare)
	compiled := make([]compiled, len(questions))
	for i := range questions {
		compiled[i] = questions[i].compile(rows)
	}
	out := make([]*Chooser, len(right))
	for kind, answers := range right {
		t := &trainer{weights: make([]weight, len(features)), gradient: make([]float32, len(features)), rate: o.Rate, shrink: o.Shrink}
		random := rand.New(rand.NewPCG(o.Seed, uint64(len(questions))))
		order := random.Perm(len(questions))
		for range o.Epochs {
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			for _, i := range order {
				if answers[i] != nil {
					t.step(&compiled[i], answers[i])
				}
			}
		}
		c := &Chooser{weights: map[uint32]float32{}}
		for row, f := range features {
			if w := t.weights[row].w; w != 0 {
				c.weights[f] = w
			}
		}
		out[kind] = c
	}
	return out
}

// number gives every feature that at least rare questions have a row, in the order
// of first appearance.
func number(questions []Question, rare int) (rows map[uint32]int32, features []uint32) {
	type seen struct{ questions, last int }
	count := map[uint32]seen{}
	for i := range questions {
		questions[i].each(func(f uint32) {
			if c := count[f]; c.last != i+1 {
				count[f] = seen{c.questions + 1, i + 1}
			}
		})
	}
	rows = map[uint32]int32{}
	for i := range questions {
		questions[i].each(func(f uint32) {
			if count[f].questions < rare {
				return
			}
			if _, ok := rows[f]; !ok {
				rows[f] = int32(len(features))
				features = append(features, f)
			}
		})
	}
	return rows, features
}

func (q *Question) each(f func(feature uint32)) {
	for _, p := range q.Parts {
		for _, x := range p {
			f(x)
		}
	}
	for i := range q.Candidates {
		for _, x := range q.Candidates[i].Features {
			f(x)
		}
	}
}

// compiled is a question whose features are rows of weights.
type compiled struct {
	parts [][]int32
	of    [][]int32 // parts of each candidate
	own   [][]int32
}

func (q *Question) compile(rows map[uint32]int32) compiled {
	translate := func(features []uint32) []int32 {
		out := make([]int32, 0, len(features))
		for _, f := range features {
			if r, ok := rows[f]; ok {
				out = append(out, r)
			}
		}
		return out
	}
	var c compiled
	for _, p := range q.Parts {
		c.parts = append(c.parts, translate(p))
	}
	for i := range q.Candidates {
		c.of = append(c.of, q.Candidates[i].Parts)
		c.own = append(c.own, translate(q.Candidates[i].Features))
	}
	return c
}

type weight struct{ w, squares float32 }

type trainer struct {
	weights      []weight
	gradient     []float32
	touched      []int32 // rows with a gradient
	rate, shrink float32
	parts, p     []float32
}

// step moves the weights along the gradient of one question.
func (t *trainer) step(q *compiled, right []float32) {
	t.parts, t.p = t.parts[:0], t.p[:0]
	for _, rows := range q.parts {
		t.parts = append(t.parts, t.sum(rows))
	}
	for i, rows := range q.own {
		s := t.sum(rows)
		for _, k := range q.of[i] {
			s += t.parts[k]
		}
		t.p = append(t.p, s)
	}
	normalise(t.p)
	clear(t.parts)
	for i := range q.own {
		d := t.p[i] - right[i]
		for _, k := range q.of[i] {
			t.parts[k] += d
		}
		t.add(q.own[i], d)
	}
	for k, d := range t.parts {
		t.add(q.parts[k], d)
	}
	for _, r := range t.touched {
		t.update(r)
	}
	t.touched = t.touched[:0]
}

func (t *trainer) sum(rows []int32) float32 {
	s := float32(0)
	for _, r := range rows {
		s += t.weights[r].w
	}
	return s
}

func (t *trainer) add(rows []int32, d float32) {
	if d < 1e-5 && d > -1e-5 {
		return
	}
	for _, r := range rows {
		if t.gradient[r] == 0 {
			t.touched = append(t.touched, r)
		}
		t.gradient[r] += d
	}
}

// update moves the weight of one row along its gradient and clears that.
//
// Reference: Duchi, Hazan, Singer, J. Mach. Learn. Res. 12 (2011) 2121, section 5.1.
func (t *trainer) update(row int32) {
	d := t.gradient[row]
	t.gradient[row] = 0
	if d == 0 {
		return
	}
	w := &t.weights[row]
	w.squares += d * d
	rate := t.rate / float32(math.Sqrt(float64(w.squares)))
	x := w.w - rate*d
	switch s := rate * t.shrink; {
	case x > s:
		w.w = x - s
	case x < -s:
		w.w = x + s
	default:
		w.w = 0
	}
}

// Probabilities returns how probable each candidate of q is the right one; they sum
// to 1.
func (c *Chooser) Probabilities(q *Question) []float32 {
	parts := make([]float32, len(q.Parts))
	for i, p := range q.Parts {
		parts[i] = c.sum(p)
	}
	out := make([]float32, len(q.Candidates))
	for i := range q.Candidates {
		out[i] = c.sum(q.Candidates[i].Features)
		for _, p := range q.Candidates[i].Parts {
			out[i] += parts[p]
		}
	}
	normalise(out)
	return out
}

func (c *Chooser) sum(features []uint32) float32 {
	s := float32(0)
	for _, f := range features {
		s += c.weights[f]
	}
	return s
}

// normalise turns scores into probabilities.
func normalise(xs []float32) {
	top := float32(math.Inf(-1))
	for _, x := range xs {
		top = max(top, x)
	}
	sum := float32(0)
	for i, x := range xs {
		xs[i] = float32(math.Exp(float64(x - top)))
		sum += xs[i]
	}
	for i := range xs {
		xs[i] /= sum
	}
}
