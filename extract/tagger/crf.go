package tagger

import "math"

// lattice holds the sums of a linear chain over one sequence of n tokens and k
// labels, in linear space with one scale for each token.
//
// Reference: Lafferty, McCallum, Pereira, ICML 2001; scaling as in Rabiner,
// Proc. IEEE 77 (1989) 257, section V.A.
type lattice struct {
	n, k            int
	emission        []float32 // n×k scores
	local           []float32 // exp(emission − max of the token)
	forward, behind []float32
	scale           []float32 // 1 ÷ sum of forward at each token
	norm            float64   // log of the sum over all paths
}

func (l *lattice) resize(n, k int) {
	l.n, l.k = n, k
	size := n * k
	if cap(l.emission) < size {
		l.emission, l.local = make([]float32, size), make([]float32, size)
		l.forward, l.behind = make([]float32, size), make([]float32, size)
	}
	l.emission, l.local, l.forward, l.behind = l.emission[:size], l.local[:size], l.forward[:size], l.behind[:size]
	if cap(l.scale) < n {
		l.scale = make([]float32, n)
	}
	l.scale = l.scale[:n]
	clear(l.emission)
}

// sum runs forward and backward with transition weights exp(transition), k+1
// rows of k: from each label and, in the last row, from the start.
func (l *lattice) sum(transition []float32) {
	n, k := l.n, l.k
	l.norm = 0
	for t := range n {
		e, p := l.emission[t*k:(t+1)*k], l.local[t*k:(t+1)*k]
		top := e[0]
		for _, x := range e {
			top = max(top, x)
		}
		for y, x := range e {
			p[y] = float32(math.Exp(float64(x - top)))
		}
		l.norm += float64(top)
		f := l.forward[t*k : (t+1)*k]
		if t == 0 {
			copy(f, transition[k*k:])
		} else {
			clear(f)
			for from, a := range l.forward[(t-1)*k : t*k] {
				if a == 0 {
					continue
				}
				for to, w := range transition[from*k : (from+1)*k] {
					f[to] += a * w
				}
			}
		}
		total := float32(0)
		for y := range f {
			f[y] *= p[y]
			total += f[y]
		}
		s := 1 / total
		for y := range f {
			f[y] *= s
		}
		l.scale[t] = s
		l.norm -= math.Log(float64(s))
	}
	last := l.behind[(n-1)*k:]
	for y := range last {
		last[y] = 1
	}
	for t := n - 2; t >= 0; t-- {
		b, next, p := l.behind[t*k:(t+1)*k], l.behind[(t+1)*k:(t+2)*k], l.local[(t+1)*k:(t+2)*k]
		s := l.scale[t+1]
		for from := range b {
			sum := float32(0)
			for to, w := range transition[from*k : (from+1)*k] {
				sum += w * p[to] * next[to]
			}
			b[from] = sum * s
		}
	}
}

// marginal returns the probability of label y at token t.
func (l *lattice) marginal(t, y int) float32 { return l.forward[t*l.k+y] * l.behind[t*l.k+y] }

// best returns the labels of the best path under transition scores, k+1 rows of
// k, -Inf where a transition is not allowed.
func (l *lattice) best(transition []float32) []uint8 {
	n, k := l.n, l.k
	score := l.forward[:n*k]
	back := make([]uint8, n*k)
	for t := range n {
		for to := range k {
			var top float32
			var from int
			if t == 0 {
				top = transition[k*k+to]
			} else {
				top = float32(math.Inf(-1))
				for y := range k {
					if s := score[(t-1)*k+y] + transition[y*k+to]; s > top {
						top, from = s, y
					}
				}
			}
			score[t*k+to], back[t*k+to] = top+l.emission[t*k+to], uint8(from)
		}
	}
	out := make([]uint8, n)
	end := 0
	for y := range k {
		if score[(n-1)*k+y] > score[(n-1)*k+end] {
			end = y
		}
	}
	for t := n - 1; t >= 0; t-- {
		out[t] = uint8(end)
		end = int(back[t*k+end])
	}
	return out
}
