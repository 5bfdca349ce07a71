package gaussian

import (
	"fmt"
	"math"
)

// Kernel is a covariance function up to its parameters. Parameters are
// logarithms of positive quantities, so that each may take any value.
type Kernel interface {
	// Len returns the number of parameters.
	Len() int
	// Priors returns what is believed of each parameter before any outcome is
	// seen. It may look at the inputs x, one row each, and reports an error if
	// the kernel cannot be used on them.
	Priors(x [][]float64) ([]Prior, error)
	// Bind returns the covariance with the parameters theta, one for each
	// prior. It keeps nothing of theta.
	Bind(theta []float64) Covariance
}

// Covariance is a kernel with its parameters. It may be used by several
// goroutines.
type Covariance interface {
	// At returns the covariance of the function at the inputs x and y.
	At(x, y []float64) float64
	// Gradient returns what At returns and puts the derivative by each
	// parameter into grad.
	Gradient(x, y, grad []float64) float64
}

// Prior is a normal distribution of a parameter, which is a logarithm: the
// quantity itself has a log-normal distribution.
type Prior struct {
	Mean, Deviation float64
}

// penalty returns the negative logarithm of the density at t, without the
// constant, and its derivative.
func (p Prior) penalty(t float64) (value, slope float64) {
	z := (t - p.Mean) / p.Deviation
	return z * z / 2, z / p.Deviation
}

// lengthPrior returns the prior of the length scale of one of d inputs whose
// values spread over span. The typical distance of two points in a cube grows
// with the square root of d, so the length scale has to, or else no point tells
// anything of another.
//
// Reference: Hvarfner, Hellsten, Nardi, ICML 2024, arXiv:2402.02229, section 5.
func lengthPrior(d int, span float64) Prior {
	return Prior{Mean: math.Sqrt2 + math.Log(float64(d))/2 + math.Log(span), Deviation: math.Sqrt(3)}
}

// Scaled multiplies a kernel with a variance, its first parameter. The
// variance is in units of the variance of the outcomes.
type Scaled struct {
	Kernel Kernel
}

// Len implements Kernel.
func (s Scaled) Len() int { return 1 + s.Kernel.Len() }

// Priors implements Kernel. The variance is within a factor of e of 1 in two
// cases of three, as outcomes are standardised.
func (s Scaled) Priors(x [][]float64) ([]Prior, error) {
	inner, err := s.Kernel.Priors(x)
	if err != nil {
		return nil, err
	}
	return append([]Prior{{Mean: 0, Deviation: 1}}, inner...), nil
}

// Bind implements Kernel.
func (s Scaled) Bind(theta []float64) Covariance {
	return scaled{math.Exp(theta[0]), s.Kernel.Bind(theta[1:])}
}

type scaled struct {
	variance float64
	inner    Covariance
}

func (s scaled) At(x, y []float64) float64 { return s.variance * s.inner.At(x, y) }

func (s scaled) Gradient(x, y, grad []float64) float64 {
	v := s.variance * s.inner.Gradient(x, y, grad[1:])
	for i := range grad[1:] {
		grad[i+1] *= s.variance
	}
	grad[0] = v
	return v
}

// Sum is the covariance of the sum of independent functions. Its parameters are
// those of A, then those of B.
type Sum struct {
	A, B Kernel
}

// Len implements Kernel.
func (s Sum) Len() int { return s.A.Len() + s.B.Len() }

// Priors implements Kernel.
func (s Sum) Priors(x [][]float64) ([]Prior, error) { return bothPriors(s.A, s.B, x) }

// Bind implements Kernel.
func (s Sum) Bind(theta []float64) Covariance {
	n := s.A.Len()
	return sum{s.A.Bind(theta[:n]), s.B.Bind(theta[n:]), n}
}

type sum struct {
	a, b Covariance
	n    int // parameters of a
}

func (s sum) At(x, y []float64) float64 { return s.a.At(x, y) + s.b.At(x, y) }

func (s sum) Gradient(x, y, grad []float64) float64 {
	return s.a.Gradient(x, y, grad[:s.n]) + s.b.Gradient(x, y, grad[s.n:])
}

// Product is large where both kernels are. With A on some inputs and B on
// others it is the usual kernel of mixed spaces. Its parameters are those of A,
// then those of B.
type Product struct {
	A, B Kernel
}

// Len implements Kernel.
func (p Product) Len() int { return p.A.Len() + p.B.Len() }

// Priors implements Kernel.
func (p Product) Priors(x [][]float64) ([]Prior, error) { return bothPriors(p.A, p.B, x) }

// Bind implements Kernel.
func (p Product) Bind(theta []float64) Covariance {
	n := p.A.Len()
	return product{p.A.Bind(theta[:n]), p.B.Bind(theta[n:]), n}
}

type product struct {
	a, b Covariance
	n    int // parameters of a
}

func (p product) At(x, y []float64) float64 { return p.a.At(x, y) * p.b.At(x, y) }

func (p product) Gradient(x, y, grad []float64) float64 {
	a, b := p.a.Gradient(x, y, grad[:p.n]), p.b.Gradient(x, y, grad[p.n:])
	for i := range grad {
		if i < p.n {
			grad[i] *= b
		} else {
			grad[i] *= a
		}
	}
	return a * b
}

func bothPriors(a, b Kernel, x [][]float64) ([]Prior, error) {
	pa, err := a.Priors(x)
	if err != nil {
		return nil, err
	}
	pb, err := b.Priors(x)
	if err != nil {
		return nil, err
	}
	return append(pa, pb...), nil
}

// checkColumns reports an error unless every row of x has all columns.
func checkColumns(columns []int, x [][]float64) error {
	if len(columns) == 0 {
		return fmt.Errorf("gaussian: a kernel without columns")
	}
	for _, c := range columns {
		if c < 0 || len(x) > 0 && c >= len(x[0]) {
			return fmt.Errorf("gaussian: the kernel uses column %d, which the inputs do not have", c)
		}
	}
	return nil
}

// Columns returns the numbers from first up to but not including end: the
// columns of a kernel that uses neighbouring inputs.
func Columns(first, end int) []int {
	c := make([]int, 0, max(0, end-first))
	for i := first; i < end; i++ {
		c = append(c, i)
	}
	return c
}
