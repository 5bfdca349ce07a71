// Package tagger finds mentions in text with a trained model: a linear-chain
// conditional random field over features of words, their neighbours and what
// the grammars of quantities and formulas read there.
//
// A tagger points at words of the text; it never makes any.
package tagger

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Tagger labels the tokens of a text. It is safe for concurrent use.
type Tagger struct {
	labels     []string // "O", "B-MATERIAL", "I-MATERIAL", …
	keys       []uint32 // the feature of each row, ascending
	rows       lookup
	weights    []int8 // rows of len(labels), in steps of unit
	unit       float32
	transition []float32 // len(labels)+1 rows: from each label, and from the start
	power      []float32 // exp(transition)
	allowed    []float32 // transition, -Inf where an I- follows what it does not continue
}

// Labels returns the labels.
func (m *Tagger) Labels() []string { return m.labels }

// finish computes what is derived from the stored parts.
func (m *Tagger) finish() {
	k := len(m.labels)
	m.rows = newLookup(m.keys)
	m.power, m.allowed = make([]float32, len(m.transition)), make([]float32, len(m.transition))
	for from := range k + 1 {
		for to := range k {
			i := from*k + to
			m.power[i], m.allowed[i] = float32(math.Exp(float64(m.transition[i]))), m.transition[i]
			if kind, inside := strings.CutPrefix(m.labels[to], "I-"); inside {
				if from == k || m.labels[from] != "B-"+kind && m.labels[from] != "I-"+kind {
					m.allowed[i], m.power[i] = float32(math.Inf(-1)), 0
				}
			}
		}
	}
}

// quantised stores weights in 8 bits, in ascending order of their keys, and
// drops rows that are zero.
func quantised(labels []string, keys []uint32, weights, transition []float32) *Tagger {
	k := len(labels)
	m := &Tagger{labels: labels, transition: transition}
	top := float32(0)
	for _, w := range weights {
		top = max(top, w, -w)
	}
	m.unit = max(min(top, 4), 1e-6) / 127
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	row := make([]int8, k)
	for _, i := range order {
		empty := true
		for y := range k {
			q := math.Round(float64(weights[i*k+y] / m.unit))
			row[y] = int8(max(-127, min(127, q)))
			empty = empty && row[y] == 0
		}
		if !empty {
			m.keys = append(m.keys, keys[i])
			m.weights = append(m.weights, row...)
		}
	}
	m.finish()
	return m
}

// emissions fills l with the scores of s.
func (m *Tagger) emissions(l *lattice, s *Sequence) {
	k := len(m.labels)
	l.resize(s.Count, k)
	sums := make([]int32, k)
	for t := range s.Count {
		clear(sums)
		for _, f := range s.Text.Features(s.First + t) {
			m.add(sums, f)
		}
		if s.Extra != nil {
			for _, f := range s.Extra[t] {
				m.add(sums, f)
			}
		}
		out := l.emission[t*k:][:k]
		for y, sum := range sums {
			out[y] = float32(sum) * m.unit
		}
	}
}

func (m *Tagger) add(sums []int32, feature uint32) {
	r := m.rows.row(feature)
	if r < 0 {
		return
	}
	row := m.weights[int(r)*len(sums):][:len(sums)]
	for y, w := range row {
		sums[y] += int32(w)
	}
}

// Mention is a stretch of tokens with one kind.
type Mention struct {
	First, Last int     // tokens of the text, both included
	Kind        string  // "MATERIAL"
	Start, End  int     // bytes of the text
	Probability float64 // that exactly this stretch has this kind
}

// Tag returns the mentions in s on the best path, left to right.
func (m *Tagger) Tag(s Sequence) []Mention {
	if s.Count == 0 {
		return nil
	}
	var l lattice
	m.emissions(&l, &s)
	path := l.best(m.allowed)
	return m.mentions(&l, &s, path)
}

// Labelled returns the best label of every token of s.
func (m *Tagger) Labelled(s Sequence) []string {
	if s.Count == 0 {
		return nil
	}
	var l lattice
	m.emissions(&l, &s)
	out := make([]string, s.Count)
	for t, y := range l.best(m.allowed) {
		out[t] = m.labels[y]
	}
	return out
}

func (m *Tagger) mentions(l *lattice, s *Sequence, path []uint8) []Mention {
	var out []Mention
	for t := 0; t < len(path); t++ {
		kind, ok := strings.CutPrefix(m.labels[path[t]], "B-")
		if !ok {
			continue
		}
		from := t
		for t+1 < len(path) && m.labels[path[t+1]] == "I-"+kind {
			t++
		}
		out = append(out, Mention{
			First: s.First + from, Last: s.First + t, Kind: kind,
			Start: s.Text.Tokens[s.First+from].Start, End: s.Text.Tokens[s.First+t].End,
		})
	}
	if len(out) == 0 {
		return nil
	}
	l.sum(m.power)
	for i := range out {
		out[i].Probability = m.probability(l, path, out[i].First-s.First, out[i].Last-s.First)
	}
	return out
}

// probability returns that of the labels path[from…to], not continued behind.
func (m *Tagger) probability(l *lattice, path []uint8, from, to int) float64 {
	k := len(m.labels)
	p := float64(l.forward[from*k+int(path[from])])
	for t := from + 1; t <= to; t++ {
		y := int(path[t])
		p *= float64(m.power[int(path[t-1])*k+y]) * float64(l.local[t*k+y]) * float64(l.scale[t])
	}
	last := int(path[to])
	return p * m.closes(l, last, m.label("I-"+m.labels[last][2:]), to)
}

// Likeliest returns the stretch of at most longest tokens in s that most
// probably is a mention of kind, and false if s has no tokens.
func (m *Tagger) Likeliest(s Sequence, kind string, longest int) (Mention, bool) {
	best := Mention{Probability: -1}
	m.stretches(s, kind, longest, func(one Mention) float64 {
		if one.Probability > best.Probability {
			best = one
		}
		return best.Probability
	})
	return best, best.Probability >= 0
}

// Candidates returns the stretches of at most longest tokens in s that are a
// mention of kind with a probability above least, from left to right. They may
// overlap.
func (m *Tagger) Candidates(s Sequence, kind string, longest int, least float64) []Mention {
	var out []Mention
	m.stretches(s, kind, longest, func(one Mention) float64 {
		if one.Probability > least {
			out = append(out, one)
		}
		return least
	})
	return out
}

// stretches calls f with the stretches of at most longest tokens in s and the
// probability that each is a mention of kind. f returns the probability up to
// which it needs no more.
func (m *Tagger) stretches(s Sequence, kind string, longest int, f func(Mention) float64) {
	first, inside := m.label("B-"+kind), m.label("I-"+kind)
	if s.Count == 0 || first < 0 {
		return
	}
	var l lattice
	m.emissions(&l, &s)
	l.sum(m.power)
	k := l.k
	enough := -1.0
	for from := range s.Count {
		p := float64(l.forward[from*k+first])
		last := first
		for to := from; to < min(s.Count, from+longest); to++ {
			if to > from {
				if inside < 0 {
					break
				}
				p *= float64(m.power[last*k+inside]) * float64(l.local[to*k+inside]) * float64(l.scale[to])
				last = inside
			}
			if p <= enough {
				break
			}
			enough = f(Mention{
				First: s.First + from, Last: s.First + to, Kind: kind,
				Start: s.Text.Tokens[s.First+from].Start, End: s.Text.Tokens[s.First+to].End,
				Probability: p * m.closes(&l, last, inside, to),
			})
		}
	}
}

func (m *Tagger) label(name string) int { return slices.Index(m.labels, name) }

// closes returns the probability, given what l.forward has up to token t, that a
// mention whose label there is last ends with it.
func (m *Tagger) closes(l *lattice, last, inside, t int) float64 {
	if t+1 == l.n {
		return 1
	}
	k := l.k
	rest := 0.0
	for y := range k {
		if y != inside {
			rest += float64(m.power[last*k+y]) * float64(l.local[(t+1)*k+y]) * float64(l.behind[(t+1)*k+y])
		}
	}
	return rest * float64(l.scale[t+1])
}

// Marginals returns the probability of each label at token t of s.
func (m *Tagger) Marginals(s Sequence, t int) []float32 {
	var l lattice
	m.emissions(&l, &s)
	l.sum(m.power)
	out := make([]float32, l.k)
	for y := range out {
		out[y] = l.marginal(t, y)
	}
	return out
}

// Above returns mentions of s that do not overlap, left to right, such that the
// sum of their probabilities, each less least, is largest. With least half of the
// F1 that is reached, F1 is expected to be largest.
//
// Reference: Lipton, Elkan, Narayanaswamy, ECML PKDD 2014, section 4.
func (m *Tagger) Above(s Sequence, least float64) []Mention {
	var all []Mention
	for _, label := range m.labels {
		if kind, ok := strings.CutPrefix(label, "B-"); ok {
			all = append(all, m.Candidates(s, kind, longestMention, least)...)
		}
	}
	slices.SortFunc(all, func(a, b Mention) int { return cmp.Or(a.Last-b.Last, a.First-b.First) })
	// best[i] is the largest sum of the first i; taken, what it ends with.
	best := make([]float64, len(all)+1)
	before := make([]int, len(all))
	for i, a := range all {
		n, _ := slices.BinarySearchFunc(all[:i], a.First, func(b Mention, first int) int { return cmp.Compare(b.Last, first) })
		before[i] = n
		best[i+1] = max(best[i], best[n]+a.Probability-least)
	}
	var out []Mention
	for i := len(all); i > 0; {
		if best[i] == best[i-1] {
			i--
			continue
		}
		out = append(out, all[i-1])
		i = before[i-1]
	}
	slices.Reverse(out)
	return out
}

// longestMention bounds mentions that Above returns, in tokens.
const longestMention = 40
