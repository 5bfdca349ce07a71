package gaussian

import (
	"fmt"
	"math"
)

// Shape says how a stationary kernel falls with the distance r, which is
// measured in length scales.
type Shape int

// The shapes, from rough functions to smooth ones.
//
// Reference: Rasmussen, Williams, Gaussian Processes for Machine Learning, MIT
// Press 2006, equations 4.9 and 4.17.
const (
	Matern52           Shape = iota // (1 + √5 r + 5r²/3) exp(-√5 r)
	Matern32                        // (1 + √3 r) exp(-√3 r)
	SquaredExponential              // exp(-r²/2)
)

// Stationary is a kernel of the distance between numeric inputs,
//
//	r² = Σ ((x_j - y_j) / ℓ_j)²,
//
// with value 1 at distance 0. Its parameters are the logarithms of the length
// scales ℓ, one for each column, or one for all.
type Stationary struct {
	Shape   Shape
	Columns []int // of the inputs
	// Isotropic kernels have one length scale for all columns.
	Isotropic bool
	// Spans are the widths of the columns, by which length scales are judged.
	// Nil means what the training inputs spread over.
	Spans []float64
}

// Len implements Kernel.
func (s Stationary) Len() int {
	if s.Isotropic {
		return 1
	}
	return len(s.Columns)
}

// Priors implements Kernel.
func (s Stationary) Priors(x [][]float64) ([]Prior, error) {
	if err := checkColumns(s.Columns, x); err != nil {
		return nil, err
	}
	d := len(s.Columns)
	if s.Spans != nil && len(s.Spans) != d {
		return nil, fmt.Errorf("gaussian: %d spans for %d columns", len(s.Spans), d)
	}
	spans := make([]float64, d)
	widest := 0.0
	for i := range spans {
		if s.Spans != nil {
			spans[i] = s.Spans[i]
		} else {
			spans[i] = spanOf(x, s.Columns[i])
		}
		widest = max(widest, spans[i])
	}
	if s.Isotropic {
		return []Prior{lengthPrior(d, positiveOr1(widest))}, nil
	}
	priors := make([]Prior, d)
	for i := range priors {
		priors[i] = lengthPrior(d, positiveOr1(spans[i]))
	}
	return priors, nil
}

// positiveOr1 returns the span of a column for its prior. The length scale of
// a constant column never counts.
func positiveOr1(span float64) float64 {
	if span > 0 {
		return span
	}
	return 1
}

// spanOf returns the largest less the smallest value of a column.
func spanOf(x [][]float64, column int) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range x {
		low, high = min(low, row[column]), max(high, row[column])
	}
	return high - low
}

// Bind implements Kernel.
func (s Stationary) Bind(theta []float64) Covariance {
	inverse := make([]float64, len(s.Columns))
	for i := range inverse {
		inverse[i] = math.Exp(-theta[min(i, len(theta)-1)])
	}
	return stationary{s.Shape, s.Columns, inverse, s.Isotropic}
}

type stationary struct {
	shape     Shape
	columns   []int
	inverse   []float64 // of the length scale of each column
	isotropic bool
}

func (s stationary) At(x, y []float64) float64 {
	r2 := 0.0
	for i, c := range s.columns {
		d := (x[c] - y[c]) * s.inverse[i]
		r2 += d * d
	}
	v, _ := s.shape.at(r2)
	return v
}

func (s stationary) Gradient(x, y, grad []float64) float64 {
	r2 := 0.0
	for i, c := range s.columns {
		d := (x[c] - y[c]) * s.inverse[i]
		r2 += d * d
		if !s.isotropic {
			grad[i] = d * d
		}
	}
	v, slope := s.shape.at(r2)
	if s.isotropic {
		grad[0] = slope * r2
		return v
	}
	for i := range grad {
		grad[i] *= slope
	}
	return v
}

// at returns the covariance k at the squared distance r2, and -2 dk/d(r²): the
// derivative by the logarithm of a length scale is that times the share of its
// column in r2.
func (s Shape) at(r2 float64) (value, slope float64) {
	if r2 > 1e5 { // every shape is below 1e-130, and r2 may be infinite
		return 0, 0
	}
	switch s {
	case Matern32:
		a := math.Sqrt(3 * r2)
		e := math.Exp(-a)
		return (1 + a) * e, 3 * e
	case SquaredExponential:
		e := math.Exp(-r2 / 2)
		return e, e
	}
	a := math.Sqrt(5 * r2)
	e := math.Exp(-a)
	return (1 + a + a*a/3) * e, 5. / 3 * (1 + a) * e
}
