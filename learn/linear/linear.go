// Package linear fits linear models with shrinkage to standardised features.
package linear

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/alkahest/alkahest/learn/internal/wire"
)

// Scale standardises features: those that differ between rows, each minus its
// mean and over its standard deviation, and at most Far from 0, so that a row
// unlike all others is not carried away. A missing value becomes 0, the mean.
type Scale struct {
	columns         []int
	mean, deviation []float64
}

// Far bounds a standardised feature.
const Far = 5

// NewScale returns the scale of the rows of x with weights w, nil for equal ones.
// It leaves out the features for which use is false; nil uses all.
func NewScale(x [][]float64, w []float64, use func(j int) bool) *Scale {
	s := &Scale{}
	for j := range x[0] {
		if use != nil && !use(j) {
			continue
		}
		var sum, squares, total float64
		for pass := range 2 {
			for i, row := range x {
				v, k := row[j], 1.0
				if v != v {
					continue
				}
				if w != nil {
					k = w[i]
				}
				if pass == 0 {
					sum, total = sum+k*v, total+k
				} else {
					d := v - sum/total
					squares += k * d * d
				}
			}
		}
		mean := sum / total
		if d := math.Sqrt(squares / total); d > 1e-9*math.Abs(mean) {
			s.columns = append(s.columns, j)
			s.mean = append(s.mean, mean)
			s.deviation = append(s.deviation, d)
		}
	}
	return s
}

// Columns returns the features that differ between rows, by their number.
func (s *Scale) Columns() []int { return s.columns }

// Apply appends the standardised features of x to dst.
func (s *Scale) Apply(dst, x []float64) []float64 {
	for k, j := range s.columns {
		v := (x[j] - s.mean[k]) / s.deviation[k]
		if v != v {
			v = 0
		}
		dst = append(dst, min(max(v, -Far), Far))
	}
	return dst
}

// Encode writes s.
func (s *Scale) Encode(w *wire.Writer) {
	w.Uint(uint64(len(s.columns)))
	for k, j := range s.columns {
		w.Uint(uint64(j))
		w.Float(s.mean[k])
		w.Float(s.deviation[k])
	}
}

var errScale = errors.New("no sound scale of features")

// DecodeScale reads what Encode wrote of rows that are width wide.
func DecodeScale(r *wire.Reader, width int) *Scale {
	s := &Scale{}
	for range r.Len(17) {
		j, mean, deviation := r.Uint(), r.Float(), r.Float()
		if j >= uint64(width) || !(math.Abs(mean) <= math.MaxFloat64) || !(deviation > 0 && deviation <= math.MaxFloat64) {
			r.Fail(errScale)
			return s
		}
		s.columns = append(s.columns, int(j))
		s.mean = append(s.mean, mean)
		s.deviation = append(s.deviation, deviation)
	}
	return s
}

// Model is a linear function of features.
type Model struct {
	scale     *Scale
	intercept float64
	weights   []float64
}

// Predict returns the value for a row of features.
func (m *Model) Predict(x []float64) float64 {
	sum := m.intercept
	for k, j := range m.scale.columns {
		v := (x[j] - m.scale.mean[k]) / m.scale.deviation[k]
		if v == v {
			sum += m.weights[k] * min(max(v, -Far), Far)
		}
	}
	return sum
}

// Encode writes m.
func (m *Model) Encode(w *wire.Writer) {
	m.scale.Encode(w)
	w.Float(m.intercept)
	w.Floats(m.weights)
}

// Decode reads what Encode wrote of rows that are width wide.
func Decode(r *wire.Reader, width int) *Model {
	m := &Model{scale: DecodeScale(r, width), intercept: r.Float(), weights: r.Floats()}
	if r.Err() == nil && len(m.weights) != len(m.scale.columns) {
		r.Fail(errScale)
	}
	return m
}

// Ridge fits a linear model with an L2 penalty (Hoerl and Kennard,
// Technometrics 12 (1970) 55). Of penalties a factor of ten apart it takes the
// one with the least generalised cross-validation error (Golub, Heath, Wahba,
// Technometrics 21 (1979) 215). Rows of x are features, w weights, nil for
// equal ones.
func Ridge(x [][]float64, y, w []float64) (*Model, error) {
	if len(x) == 0 || len(y) != len(x) || w != nil && len(w) != len(x) {
		return nil, fmt.Errorf("linear: %d rows, %d targets, %d weights", len(x), len(y), len(w))
	}
	s := NewScale(x, w, nil)
	d := len(s.columns)
	m := &Model{scale: s, weights: make([]float64, d)}
	total := 0.0
	weight := func(i int) float64 {
		if w == nil {
			return 1
		}
		return w[i]
	}
	for i := range y {
		m.intercept += weight(i) * y[i]
		total += weight(i)
	}
	m.intercept /= total
	if d == 0 {
		return m, nil
	}
	design := mat.NewDense(len(x), d, nil)
	target := mat.NewVecDense(len(x), nil)
	squares := 0.0
	row := make([]float64, 0, d)
	for i := range x {
		root := math.Sqrt(weight(i))
		row = s.Apply(row[:0], x[i])
		for k := range row {
			row[k] *= root
		}
		design.SetRow(i, row)
		t := root * (y[i] - m.intercept)
		target.SetVec(i, t)
		squares += t * t
	}
	var gram mat.SymDense
	gram.SymOuterK(1, design.T())
	var moment mat.VecDense
	moment.MulVec(design.T(), target)
	var eigen mat.EigenSym
	if !eigen.Factorize(&gram, true) {
		return nil, errors.New("linear: the features have no eigenvalues; is one beyond all reason?")
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	var projected mat.VecDense
	projected.MulVec(vectors.T(), &moment)

	best, chosen := math.Inf(1), 0.0
	for power := -4; power <= 5; power++ {
		penalty := math.Pow10(power) * float64(len(x)) / 1000
		freedom, explained := 1.0, 0.0
		for k, v := range values {
			v = max(v, 0)
			p := projected.AtVec(k)
			freedom += v / (v + penalty)
			explained += p * p * (v + 2*penalty) / ((v + penalty) * (v + penalty))
		}
		left := float64(len(x)) - freedom
		if left <= 0 {
			continue
		}
		if gcv := max(squares-explained, 0) / (left * left); gcv < best {
			best, chosen = gcv, penalty
		}
	}
	if chosen == 0 {
		chosen = float64(len(x))
	}
	for k, v := range values {
		projected.SetVec(k, projected.AtVec(k)/(max(v, 0)+chosen))
	}
	weights := mat.NewVecDense(d, m.weights)
	weights.MulVec(&vectors, &projected)
	return m, nil
}
