// Package cyclelife predicts how many cycles a battery cell will last from its
// first hundred: from how the capacity that it gives down to each voltage
// changes between an early and a late one of these cycles, long before the
// capacity itself fades.
//
// References: Severson et al., Nature Energy 4 (2019) 383,
// doi:10.1038/s41560-019-0356-8 (the change of the curve as feature); Attia,
// Severson, Witmer, J. Electrochem. Soc. 168 (2021) 090547,
// doi:10.1149/1945-7111/ac2704 (linear models of the whole curve).
package cyclelife

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Cell is what was measured of a cell: Capacity[v][c], in Ah, is what it gave in
// cycle c from full down to voltage v. Voltages are evenly spaced from high to
// low, the same for all cells; cycles are in order, without gaps. Cycles that
// Compared does not name may be NaN.
type Cell struct {
	Capacity [][]float64
}

// windows are the numbers of cycles whose median stands for the early and the
// late curve. A single cycle is noisy, and many blur what happens at the
// beginning; no one of these is best for all cells, so all are used.
var windows = [...]int{1, 3, 5}

// Early is the first cycle of a Cell that is compared, Late the last, counting
// from 0: cycles 10 and 100 of Severson et al. in data that begin with cycle 2.
const (
	Early = 8
	Late  = 98
)

// Compared reports whether predictions look at cycle c, counting from 0.
func Compared(c int) bool {
	longest := windows[len(windows)-1]
	return c >= Early && c < Early+longest || c > Late-longest && c <= Late
}

// change returns, for each voltage, the square root of how much the capacity
// has changed, in units of 1 Ah: small changes count too, and the spread of the
// changes of long- and short-lived cells becomes alike.
func (c *Cell) change(window int) ([]float64, error) {
	if len(c.Capacity) == 0 || len(c.Capacity) > maxVoltages {
		return nil, fmt.Errorf("cyclelife: a cell has 1 to %d voltages, not %d", maxVoltages, len(c.Capacity))
	}
	out := make([]float64, len(c.Capacity))
	for v, row := range c.Capacity {
		if len(row) <= Late {
			return nil, fmt.Errorf("cyclelife: %d cycles at voltage %d, %d are needed", len(row), v+1, Late+1)
		}
		early, late := median(row[Early:Early+window]), median(row[Late-window+1:Late+1])
		d := late - early
		if math.IsNaN(d) || math.IsInf(d, 0) {
			return nil, fmt.Errorf("cyclelife: the capacity at voltage %d is not a number", v+1)
		}
		out[v] = math.Sqrt(math.Abs(d))
	}
	return out, nil
}

const maxVoltages = 10_000

// LogVariance returns the decimal logarithm of the variance over voltages of
// the change of capacity between two cycles, in Ah²: the single feature that
// says most.
func (c *Cell) LogVariance() (float64, error) {
	roots, err := c.change(1)
	if err != nil {
		return 0, err
	}
	mean, square := 0.0, 0.0
	for v, row := range c.Capacity {
		d := row[Late] - row[Early]
		delta := d - mean
		mean += delta / float64(v+1)
		square += delta * (d - mean)
	}
	return math.Log10(square / float64(len(roots))), nil
}

// median returns the middle of values, which is not empty.
func median(values []float64) float64 {
	s := slices.Clone(values)
	slices.Sort(s)
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// Model predicts cycle lives.
type Model struct {
	fits      []*ridge // one for each window
	low, high float64  // decimal logarithms between which predictions lie
	errors    []float64

	rows  [][]float64 // changes of the cells learned from, of window nearness
	reach float64     // distance within which nearly all of them have another

	lives, left []float64 // of the cells learned from: measured, and predicted from all others; cycles
}

// nearness is which of the windows distances between cells are measured in.
const nearness = 1

// nearlyAll is the share of the cells learned from that count as alike. The
// rest may be cells like no other, which must not say how far alike reaches.
const nearlyAll = 0.95

// Fit learns from cells with known cycle lives. At least ten are needed.
func Fit(cells []*Cell, lives []float64) (*Model, error) {
	if len(cells) != len(lives) || len(cells) < 10 {
		return nil, fmt.Errorf("cyclelife: %d cells and %d lives; at least ten of each are needed", len(cells), len(lives))
	}
	y := make([]float64, len(lives))
	m := &Model{low: math.Inf(1), high: math.Inf(-1)}
	for i, l := range lives {
		if !(l > 0) || math.IsInf(l, 0) {
			return nil, fmt.Errorf("cyclelife: the life of cell %d is %v", i+1, l)
		}
		y[i] = math.Log10(l)
		m.low, m.high = min(m.low, y[i]), max(m.high, y[i])
	}
	left := make([]float64, len(y)) // mean of what the fits predict of each cell from all others
	for _, w := range windows {
		x := make([][]float64, len(cells))
		for i, c := range cells {
			var err error
			if x[i], err = c.change(w); err != nil {
				return nil, fmt.Errorf("cell %d: %w", i+1, err)
			}
			if len(x[i]) != len(x[0]) {
				return nil, fmt.Errorf("cyclelife: cell %d has %d voltages, the first has %d", i+1, len(x[i]), len(x[0]))
			}
		}
		fit, out, err := fitRidge(x, y)
		if err != nil {
			return nil, err
		}
		m.fits = append(m.fits, fit)
		if w == windows[nearness] {
			m.rows = x
		}
		for i, v := range out {
			left[i] += m.clip(v) / float64(len(windows))
		}
	}
	var apart []float64
	for i := range y {
		m.errors = append(m.errors, math.Abs(y[i]-left[i]))
		m.left = append(m.left, math.Pow(10, left[i]))
		apart = append(apart, m.nearest(m.rows[i], i))
	}
	m.lives = slices.Clone(lives)
	slices.Sort(m.errors)
	slices.Sort(apart)
	m.reach = apart[int(math.Ceil(nearlyAll*float64(len(apart))))-1]
	return m, nil
}

// LeaveOneOut returns how far the model is off when it predicts each cell that
// it learned from without it: the root of the mean square, in cycles, and the
// mean of the error's size over the life. The strength of the fit was chosen
// with all cells, so other cells may be predicted a little worse.
func (m *Model) LeaveOneOut() (rmse, relative float64) {
	n := float64(len(m.lives))
	for i, life := range m.lives {
		rmse += (m.left[i] - life) * (m.left[i] - life) / n
		relative += math.Abs(m.left[i]-life) / life / n
	}
	return math.Sqrt(rmse), relative
}

// nearest returns how far x is from what changed most like it of the cells
// learned from, but cell without.
func (m *Model) nearest(x []float64, without int) float64 {
	least := math.Inf(1)
	for i, row := range m.rows {
		if i != without {
			least = min(least, floats.Distance(row, x, 2))
		}
	}
	return least
}

// clip keeps a prediction within what was ever seen: a curve that lies outside
// of all others would else give any number.
func (m *Model) clip(v float64) float64 { return min(max(v, m.low), m.high) }

// Prediction is how long a cell will last.
type Prediction struct {
	Life      float64 // cycles
	Low, High float64 // cycles; the interval
	// Distance is how far the change of the curve is from that of the cell
	// learned from that changed most alike, in units of the distance that 95 %
	// of these keep to their nearest other. A cell above 1 is unlike all.
	Distance float64
	// Beyond says that the prediction was a life longer or shorter than any
	// that was seen, and was moved to the longest or shortest.
	Beyond bool
}

// Predict returns the number of cycles that a cell will last, and an interval
// that holds it with the given probability: as far from the prediction as the
// same share of the cells learned from were, each predicted from the others.
func (m *Model) Predict(c *Cell, level float64) (*Prediction, error) {
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("cyclelife: level %v must lie between 0 and 1", level)
	}
	p := &Prediction{}
	mean := 0.0
	for k, f := range m.fits {
		x, err := c.change(windows[k])
		if err != nil {
			return nil, err
		}
		if len(x) != len(f.weights) {
			return nil, fmt.Errorf("cyclelife: the cell has %d voltages, those learned from %d", len(x), len(f.weights))
		}
		if k == nearness {
			if d := m.nearest(x, -1); d > 0 { // reach is 0 where cells have twins
				p.Distance = d / m.reach
			}
		}
		v := f.predict(x)
		mean += m.clip(v) / float64(len(m.fits))
		p.Beyond = p.Beyond || v != m.clip(v)
	}
	// Split conformal prediction with n errors takes the ⌈(n+1)level⌉-th.
	k := min(int(math.Ceil(float64(len(m.errors)+1)*level)), len(m.errors))
	half := m.errors[k-1]
	p.Life, p.Low, p.High = math.Pow(10, mean), math.Pow(10, mean-half), math.Pow(10, mean+half)
	return p, nil
}

// ridge is a linear model whose weights are kept small.
type ridge struct {
	center, weights []float64
	mean            float64
}

// fitRidge chooses the strength by the errors of predicting each row from all
// others, and returns those predictions too. With G the matrix of products of
// centred rows, the model with strength a predicts y - a(G + a)⁻¹y, and row i
// without itself is predicted from the diagonal of that inverse.
//
// Reference: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning,
// Springer 2009, equations 7.64 and 18.15.
func fitRidge(x [][]float64, y []float64) (*ridge, []float64, error) {
	n, d := len(x), len(x[0])
	r := &ridge{center: make([]float64, d), weights: make([]float64, d)}
	for i, row := range x {
		for j, v := range row {
			r.center[j] += v / float64(n)
		}
		r.mean += y[i] / float64(n)
	}
	gram := mat.NewSymDense(n, nil)
	trace := 0.0
	for i := range x {
		for k := i; k < n; k++ {
			sum := 0.0
			for j := range d {
				sum += (x[i][j] - r.center[j]) * (x[k][j] - r.center[j])
			}
			gram.SetSym(i, k, sum)
		}
		trace += gram.At(i, i)
	}
	if !(trace > 0) {
		return nil, nil, errors.New("cyclelife: all cells are equal")
	}
	least := math.Inf(1)
	var dual, left []float64
	for k := range 29 {
		a := trace / float64(n) * math.Pow(10, -6+0.25*float64(k))
		alpha, out, ok := solve(gram, y, r.mean, a)
		if !ok {
			continue
		}
		sum := 0.0
		for i := range y {
			sum += (y[i] - out[i]) * (y[i] - out[i])
		}
		if sum < least {
			least, dual, left = sum, alpha, out
		}
	}
	if dual == nil {
		return nil, nil, errors.New("cyclelife: the curves cannot be told apart")
	}
	for i, row := range x {
		for j, v := range row {
			r.weights[j] += dual[i] * (v - r.center[j])
		}
	}
	return r, left, nil
}

// solve returns (G + a)⁻¹(y - mean) and what each row is predicted to be without
// itself.
func solve(gram *mat.SymDense, y []float64, mean, a float64) (dual, left []float64, ok bool) {
	n := len(y)
	k := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			// The mean is estimated too: a constant feature that costs nothing.
			k.SetSym(i, j, gram.At(i, j)+1e6*a)
		}
		k.SetSym(i, i, k.At(i, i)+a)
	}
	var chol mat.Cholesky
	if !chol.Factorize(k) {
		return nil, nil, false
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		var c mat.Condition
		if !errors.As(err, &c) {
			return nil, nil, false
		}
	}
	dual, left = make([]float64, n), make([]float64, n)
	for i := range n {
		for j := range n {
			dual[i] += inverse.At(i, j) * (y[j] - mean)
		}
		left[i] = y[i] - dual[i]/inverse.At(i, i)
	}
	return dual, left, true
}

func (r *ridge) predict(x []float64) float64 {
	sum := r.mean
	for j, v := range x {
		sum += r.weights[j] * (v - r.center[j])
	}
	return sum
}
