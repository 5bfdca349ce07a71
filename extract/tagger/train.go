package tagger

import (
	"math"
	"math/rand/v2"
)

// Example is a text with the label of every token.
type Example struct {
	Sequence
	Labels []uint8
}

// Sequence is what a tagger labels: a stretch of a prepared text, with features
// that only this sequence has, such as where the quantity stands whose property
// is looked for.
type Sequence struct {
	Text  *Text
	First int        // index of the first token
	Count int        // number of tokens
	Extra [][]uint32 // for each token; nil for none
}

// Whole returns all of t as a sequence.
func Whole(t *Text) Sequence { return Sequence{Text: t, Count: len(t.Tokens)} }

// Training says how a tagger is trained. The zero value of each field stands
// for its default.
type Training struct {
	Epochs int     // passes over the examples; default 12
	Rate   float32 // of AdaGrad; default 0.02
	Shrink float32 // L1 penalty of a weight at each of its updates; default 1e-3
	Rare   int     // features seen less often are left out; default 2
	Seed   uint64
}

func (t Training) withDefaults() Training {
	if t.Epochs == 0 {
		t.Epochs = 12
	}
	if t.Rate == 0 {
		t.Rate = 0.02
	}
	if t.Shrink == 0 {
		t.Shrink = 1e-3
	}
	if t.Rare == 0 {
		t.Rare = 2
	}
	return t
}

// Train fits a conditional random field to examples by stochastic gradient
// steps on the likelihood, with a step for each weight (AdaGrad) and an L1
// penalty that keeps rare features out. It gives the same tagger for the same
// arguments on the same architecture.
//
// Reference: Duchi, Hazan, Singer, J. Mach. Learn. Res. 12 (2011) 2121, section 5.1.
func Train(labels []string, examples []Example, o Training) *Tagger {
	o = o.withDefaults()
	k := len(labels)
	keys, compiled := compile(examples, o.Rare)
	m := &trainer{k: k, rate: o.Rate, shrink: o.Shrink}
	m.weights, m.squares = make([]float32, k*len(keys)), make([]float32, k*len(keys))
	m.transition, m.transitionSquares = make([]float32, (k+1)*k), make([]float32, (k+1)*k)
	m.power = make([]float32, (k+1)*k)
	random := rand.New(rand.NewPCG(o.Seed, uint64(len(examples))))
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	for range o.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			if examples[i].Count > 0 {
				m.step(&compiled[i], examples[i].Labels)
			}
		}
	}
	return quantised(labels, keys, m.weights, m.transition)
}

type trainer struct {
	k                             int
	rate, shrink                  float32
	weights, squares              []float32
	transition, transitionSquares []float32
	power                         []float32 // exp(transition)
	lattice                       lattice
	gradient                      []float32
}

// rows is a sequence as rows of weights: those of token t stand at
// ids[ends[t-1]:ends[t]].
type rows struct {
	ids  []int32
	ends []int32
}

func (r *rows) at(t int) []int32 {
	if t == 0 {
		return r.ids[:r.ends[0]]
	}
	return r.ids[r.ends[t-1]:r.ends[t]]
}

// compile gives every feature that examples have at least rare times a row, in
// the order of first appearance.
func compile(examples []Example, rare int) ([]uint32, []rows) {
	count := newIndex(1 << 16)
	for i := range examples {
		examples[i].each(func(_ int, f uint32) { count.set(f, count.row(f)+1) })
	}
	var keys []uint32
	index := newIndex(count.used / 2)
	out := make([]rows, len(examples))
	for i := range examples {
		e := &examples[i]
		r := &out[i]
		r.ends = make([]int32, e.Count)
		e.each(func(t int, f uint32) {
			if int(count.row(f))+1 < rare {
				return
			}
			id := index.row(f)
			if id < 0 {
				id = int32(len(keys))
				index.set(f, id)
				keys = append(keys, f)
			}
			r.ids = append(r.ids, id)
			r.ends[t] = int32(len(r.ids))
		})
		for t := 1; t < e.Count; t++ {
			r.ends[t] = max(r.ends[t], r.ends[t-1])
		}
	}
	return keys, out
}

// step moves the weights along the gradient of one example.
func (m *trainer) step(e *rows, labels []uint8) {
	k := m.k
	n := len(labels)
	l := &m.lattice
	l.resize(n, k)
	for t := range n {
		out := l.emission[t*k:][:k]
		for _, id := range e.at(t) {
			for y, w := range m.weights[int(id)*k:][:k] {
				out[y] += w
			}
		}
	}
	for i, w := range m.transition {
		m.power[i] = float32(math.Exp(float64(w)))
	}
	l.sum(m.power)
	// Transitions: expected less observed.
	if cap(m.gradient) < len(m.transition) {
		m.gradient = make([]float32, len(m.transition))
	}
	g := m.gradient[:len(m.transition)]
	clear(g)
	for y := range k {
		g[k*k+y] = l.marginal(0, y)
	}
	g[k*k+int(labels[0])]--
	for t := 1; t < n; t++ {
		for from, a := range l.forward[(t-1)*k : t*k] {
			if a < 1e-6 {
				continue
			}
			a *= l.scale[t]
			for to := range k {
				g[from*k+to] += a * m.power[from*k+to] * l.local[t*k+to] * l.behind[t*k+to]
			}
		}
		g[int(labels[t-1])*k+int(labels[t])]--
	}
	for i, d := range g {
		m.update(&m.transition[i], &m.transitionSquares[i], d, 0)
	}
	// Emissions.
	residual := l.emission // no longer needed
	for t := range n {
		for y := range k {
			residual[t*k+y] = l.marginal(t, y)
		}
		residual[t*k+int(labels[t])]--
	}
	for t := range n {
		for y, d := range residual[t*k : (t+1)*k] {
			if d < 1e-3 && d > -1e-3 {
				continue
			}
			for _, id := range e.at(t) {
				at := int(id)*k + y
				m.update(&m.weights[at], &m.squares[at], d, m.shrink)
			}
		}
	}
}

func (m *trainer) update(w, square *float32, d, shrink float32) {
	if d == 0 {
		return
	}
	*square += d * d
	rate := m.rate / float32(math.Sqrt(float64(*square)))
	x := *w - rate*d
	if s := rate * shrink; shrink > 0 {
		switch {
		case x > s:
			x -= s
		case x < -s:
			x += s
		default:
			x = 0
		}
	}
	*w = x
}

// each calls f with every feature of every token of s.
func (s *Sequence) each(f func(t int, feature uint32)) {
	for t := range s.Count {
		for _, feature := range s.Text.Features(s.First + t) {
			f(t, feature)
		}
		if s.Extra != nil {
			for _, feature := range s.Extra[t] {
				f(t, feature)
			}
		}
	}
}
