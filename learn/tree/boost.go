package tree

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Loss is what boosting makes small.
type Loss uint8

// The losses.
const (
	Squared  Loss = iota // predicts the mean
	Absolute             // predicts the median
	Quantile             // predicts the quantile Boosting.Quantile
	Logistic             // targets are 0 or 1; predicts the logarithm of the odds of 1
)

// Boosting holds the settings of gradient-boosted trees (Friedman, Ann. Stat.
// 29 (2001) 1189), grown leaf by leaf on histograms (Ke et al., NeurIPS 30
// (2017)). The zero value of a field means its default.
type Boosting struct {
	Loss           Loss
	Quantile       float64 // for Loss Quantile, between 0 and 1
	Rounds         int     // number of trees; default 300
	Rate           float64 // of learning, by which each tree is scaled; default 0.05
	Leaves         int     // most leaves of a tree; default 31
	Depth          int     // most splits between root and leaf; default 8
	MinLeaf        int     // fewest rows of a leaf; default 5
	Ridge          float64 // L2 penalty on the values of leaves; default 1
	RowFraction    float64 // of the rows, drawn for each tree; default 0.8
	ColumnFraction float64 // of the columns, drawn for each tree; default 0.5
	Bins           int     // of each column, at most 256; default 256
	Monotone       []int8  // for each column 1 if the prediction must not fall with it, −1 if it must not rise, 0 for neither; nil for none
	Seed           uint64
}

func (b Boosting) withDefaults() Boosting {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	defF := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&b.Rounds, 300)
	def(&b.Leaves, 31)
	def(&b.Depth, 8)
	def(&b.MinLeaf, 5)
	def(&b.Bins, maxBins)
	defF(&b.Rate, 0.05)
	defF(&b.Ridge, 1)
	defF(&b.RowFraction, 0.8)
	defF(&b.ColumnFraction, 0.5)
	return b
}

func (b Boosting) validate(columns int) error {
	switch {
	case b.Rounds < 1 || b.Leaves < 2 || b.Depth < 1 || b.MinLeaf < 1 || b.Bins < 4:
		return fmt.Errorf("tree: rounds %d, leaves %d, depth %d, rows of a leaf %d, bins %d: too small", b.Rounds, b.Leaves, b.Depth, b.MinLeaf, b.Bins)
	case !(b.RowFraction > 0 && b.RowFraction <= 1) || !(b.ColumnFraction > 0 && b.ColumnFraction <= 1):
		return fmt.Errorf("tree: fractions of rows %g and columns %g must lie above 0 and not above 1", b.RowFraction, b.ColumnFraction)
	case !(b.Rate > 0) || b.Ridge < 0:
		return fmt.Errorf("tree: rate %g, ridge %g: must not be negative", b.Rate, b.Ridge)
	case b.Loss == Quantile && !(b.Quantile > 0 && b.Quantile < 1):
		return fmt.Errorf("tree: quantile %g must lie between 0 and 1", b.Quantile)
	case b.Monotone != nil && len(b.Monotone) != columns:
		return fmt.Errorf("tree: %d monotone constraints for %d columns", len(b.Monotone), columns)
	}
	return nil
}

// Boosted is a sum of trees.
type Boosted struct {
	columns int
	start   float64 // the prediction before the first tree
	trees   []grown
}

// Columns returns the number of features of a row.
func (m *Boosted) Columns() int { return m.columns }

// Predict returns the prediction for a row of features; for Logistic that is
// the logarithm of the odds.
func (m *Boosted) Predict(x []float64) float64 {
	sum := m.start
	for _, t := range m.trees {
		sum += t.value(x)
	}
	return sum
}

// Fit grows trees that predict y from x with weights w, nil for equal ones.
func (b Boosting) Fit(x [][]float64, y, w []float64) (*Boosted, error) {
	b = b.withDefaults()
	columns, err := check(x, y, w)
	if err != nil {
		return nil, err
	}
	if err := b.validate(columns); err != nil {
		return nil, err
	}
	if b.Loss == Logistic {
		for i, v := range y {
			if v != 0 && v != 1 {
				return nil, fmt.Errorf("tree: target %d is %g, want a class 0 or 1", i, v)
			}
		}
	}
	rng := rand.New(rand.NewPCG(b.Seed, 0x626f6f7374))
	g := newGrower(newBins(x, b.Bins), b)
	m := &Boosted{columns: columns, start: b.origin(y, w)}
	prediction := make([]float64, len(x))
	for i := range prediction {
		prediction[i] = m.start
	}
	rows := make([]int32, len(x))
	cols := make([]int32, columns)
	for j := range cols {
		cols[j] = int32(j)
	}
	nRows := max(1, int(math.Round(b.RowFraction*float64(len(x)))))
	nCols := max(1, int(math.Round(b.ColumnFraction*float64(columns))))
	for range b.Rounds {
		b.gradients(y, w, prediction, g.gradient, g.hessian)
		for i := range rows {
			rows[i] = int32(i)
		}
		draw(rng, rows, nRows)
		draw(rng, cols, nCols)
		slices.Sort(rows[:nRows])
		t := g.grow(rows[:nRows], cols[:nCols])
		if b.Loss == Absolute || b.Loss == Quantile {
			b.renew(t, g, y, w, prediction)
		}
		for i := range t {
			if t[i].column == leaf {
				t[i].threshold = float64(float32(t[i].threshold * b.Rate))
			}
		}
		for i, row := range x {
			prediction[i] += t.value(row)
		}
		m.trees = append(m.trees, t)
	}
	return m, nil
}

// draw puts n elements of s, drawn without replacement, to its front.
func draw(rng *rand.Rand, s []int32, n int) {
	if n == len(s) {
		return
	}
	for i := range n {
		j := i + rng.IntN(len(s)-i)
		s[i], s[j] = s[j], s[i]
	}
}

// origin returns the best constant prediction.
func (b Boosting) origin(y, w []float64) float64 {
	switch b.Loss {
	case Absolute:
		return weightedQuantile(slices.Clone(y), w, 0.5)
	case Quantile:
		return weightedQuantile(slices.Clone(y), w, b.Quantile)
	}
	sum, total := 0.0, 0.0
	for i, v := range y {
		wi := 1.0
		if w != nil {
			wi = w[i]
		}
		sum += wi * v
		total += wi
	}
	mean := sum / total
	if b.Loss == Logistic {
		p := min(max(mean, 1e-6), 1-1e-6)
		return math.Log(p / (1 - p))
	}
	return mean
}

// gradients sets the first and second derivatives of the loss.
func (b Boosting) gradients(y, w, prediction, gradient, hessian []float64) {
	for i, v := range y {
		d := prediction[i] - v
		g, h := d, 1.0
		switch b.Loss {
		case Absolute, Quantile:
			q := 0.5
			if b.Loss == Quantile {
				q = b.Quantile
			}
			switch {
			case d > 0:
				g = 1 - q
			case d < 0:
				g = -q
			default:
				g = 0
			}
		case Logistic:
			p := 1 / (1 + math.Exp(-prediction[i]))
			g, h = p-v, max(p*(1-p), 1e-6)
		}
		if w != nil {
			g *= w[i]
			h *= w[i]
		}
		gradient[i], hessian[i] = g, h
	}
}

// renew sets the value of each leaf to the quantile of what is still missing
// in its rows, as the gradient of these losses knows only the direction.
func (b Boosting) renew(t grown, g *grower, y, w, prediction []float64) {
	q := 0.5
	if b.Loss == Quantile {
		q = b.Quantile
	}
	var residuals, weights []float64
	for _, l := range g.leaves {
		residuals, weights = residuals[:0], weights[:0]
		for _, i := range g.rows[l.start:l.end] {
			residuals = append(residuals, y[i]-prediction[i])
			if w != nil {
				weights = append(weights, w[i])
			}
		}
		if w == nil {
			t[l.node].threshold = weightedQuantile(residuals, nil, q)
		} else {
			t[l.node].threshold = weightedQuantile(residuals, weights, q)
		}
		t[l.node].threshold = min(max(t[l.node].threshold, l.low), l.high)
	}
}

// weightedQuantile returns the quantile q of values, which it may reorder. The
// weights are read in the order in which the values came.
func weightedQuantile(values, weights []float64, q float64) float64 {
	if weights == nil {
		slices.Sort(values)
		at := q * float64(len(values)-1)
		i := int(at)
		if i+1 >= len(values) {
			return values[len(values)-1]
		}
		return values[i] + (at-float64(i))*(values[i+1]-values[i])
	}
	order := make([]int, len(values))
	total := 0.0
	for i := range order {
		order[i] = i
		total += weights[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	below := 0.0
	for _, i := range order {
		if below += weights[i]; below >= q*total {
			return values[i]
		}
	}
	return values[order[len(order)-1]]
}
