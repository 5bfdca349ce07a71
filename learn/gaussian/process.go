// Package gaussian fits Gaussian processes: predictors that say how uncertain
// they are, for some hundreds to some ten thousand observations.
//
// A process is fitted to rows of inputs and one outcome for each. Outcomes are
// standardised inside; inputs are taken as they are, and kernels judge length
// scales by the spread of their columns. The mean of the process is an unknown
// constant, which is estimated together with everything else (ordinary
// kriging), so that predictions far from all observations return to it rather
// than to the plain average, and with an uncertainty that includes its own.
//
// References: Rasmussen, Williams, Gaussian Processes for Machine Learning, MIT
// Press 2006 (chapters 2 and 5); Cressie, Statistics for Spatial Data, Wiley
// 1993 (section 3.4, the unknown mean); Snelson, Ghahramani, NIPS 18 (2006)
// 1257 (many observations).
package gaussian

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ErrSingular reports that the covariance of the observations could not be
// factorised. It means inputs or outcomes beyond all reason.
var ErrSingular = errors.New("gaussian: the covariance matrix is singular")

// Process is a fitted Gaussian process. It may be used by several goroutines.
type Process struct {
	kernel Kernel
	theta  []float64 // parameters of the kernel, then the logarithm of the noise variance
	cov    Covariance

	x      [][]float64
	z      []float64 // outcomes, standardised
	row    []float64 // known variances of the outcomes, standardised; nil for none
	center float64   // of the outcomes
	unit   float64   // their standard deviation

	posterior posterior
	inducing  int // number of inducing points; 0 for an exact process
}

// posterior knows the function given the observations, all standardised.
type posterior interface {
	// predict puts mean and variance of the function at x into mean and
	// variance.
	predict(x [][]float64, mean, variance []float64)
	// joint returns the mean of the function at x and its covariance.
	joint(x [][]float64) ([]float64, *mat.SymDense)
}

// batch is the number of inputs that are predicted at once, which bounds the
// memory for their covariances.
const batch = 256

// Predict puts the mean of the function at the rows x into mean, and its
// variance into variance, which may be nil. Both are as long as x. The variance
// is that of the function, without the noise of an observation; see Noise.
func (p *Process) Predict(x [][]float64, mean, variance []float64) error {
	if err := p.check(x); err != nil {
		return err
	}
	if len(mean) != len(x) || variance != nil && len(variance) != len(x) {
		return fmt.Errorf("gaussian: room for %d means and %d variances of %d inputs", len(mean), len(variance), len(x))
	}
	if variance == nil {
		variance = make([]float64, len(x))
	}
	for i := 0; i < len(x); i += batch {
		end := min(i+batch, len(x))
		p.posterior.predict(x[i:end], mean[i:end], variance[i:end])
	}
	for i := range mean {
		mean[i] = p.center + p.unit*mean[i]
		variance[i] = p.unit * p.unit * max(variance[i], 0)
	}
	return nil
}

// Noise returns the variance of the noise that an observation without a
// variance of its own has.
func (p *Process) Noise() float64 { return p.unit * p.unit * noiseVariance(p.theta) }

// Parameters returns a copy of the parameters: those of the kernel, then the
// logarithm of the noise variance in units of the variance of the outcomes.
func (p *Process) Parameters() []float64 { return append([]float64(nil), p.theta...) }

// Len returns the number of observations.
func (p *Process) Len() int { return len(p.x) }

// Sparse reports whether the process is an approximation for many
// observations.
func (p *Process) Sparse() bool { return p.inducing > 0 }

// LogLikelihood returns the logarithm of the restricted likelihood of the
// standardised outcomes. It is NaN for a sparse process.
func (p *Process) LogLikelihood() float64 {
	e, ok := p.posterior.(*exact)
	if !ok {
		return math.NaN()
	}
	return -e.loss
}

// LeaveOneOut returns for each observation the mean and variance that the
// process predicts for it from all others, with the parameters unchanged. The
// variance is that of an observation, with its noise. A sparse process has no
// such formula and reports an error.
//
// Reference: Dubrule, Mathematical Geology 15 (1983) 687,
// doi:10.1007/BF01033232; without the unknown mean it is equation 5.12 of
// Rasmussen and Williams.
func (p *Process) LeaveOneOut() (mean, variance []float64, err error) {
	e, ok := p.posterior.(*exact)
	if !ok {
		return nil, nil, errors.New("gaussian: no leave-one-out formula for a sparse process")
	}
	n := len(p.z)
	if n < 2 {
		return nil, nil, errors.New("gaussian: leaving one out takes two observations")
	}
	var inverse mat.SymDense
	if err := e.chol.InverseTo(&inverse); err != nil && !isCondition(err) {
		return nil, nil, ErrSingular
	}
	mean, variance = make([]float64, n), make([]float64, n)
	for i := range n {
		precision := inverse.At(i, i) - e.ones[i]*e.ones[i]/e.total
		if !(precision > 0) {
			return nil, nil, ErrSingular
		}
		mean[i] = p.center + p.unit*(p.z[i]-e.alpha[i]/precision)
		variance[i] = p.unit * p.unit / precision
	}
	return mean, variance, nil
}

// Condition returns the process given more observations, with the parameters
// unchanged: what a batch of experiments would teach, or what one experiment
// has taught since the last fit. It costs a fraction of a fit. Rows of x are
// kept.
func (p *Process) Condition(x [][]float64, y []float64) (*Process, error) {
	if err := checkObservations(x, y); err != nil {
		return nil, err
	}
	if err := p.check(x); err != nil {
		return nil, err
	}
	q := *p
	q.x = append(p.x[:len(p.x):len(p.x)], x...)
	q.z = append([]float64(nil), p.z...)
	for _, v := range y {
		q.z = append(q.z, (v-p.center)/p.unit)
	}
	if p.row != nil {
		q.row = append(append([]float64(nil), p.row...), make([]float64, len(x))...)
	}
	if e, ok := p.posterior.(*exact); ok {
		if grown := e.grow(q.x, q.z, noiseVariance(p.theta)); grown != nil {
			q.posterior = grown
			return &q, nil
		}
	}
	return &q, q.solve()
}

// solve computes the posterior for the parameters of p.
func (p *Process) solve() error {
	p.cov = p.kernel.Bind(p.theta[:len(p.theta)-1])
	noise := noiseVariance(p.theta)
	// The noise makes the matrix positive definite but for rounding. Where it
	// does not, more noise is better than no prediction.
	for jitter := 0.0; jitter < 0.1; jitter = max(10*jitter, 1e-6) {
		if p.inducing > 0 {
			if s := newSparse(p.cov, p.x, p.z, p.row, noise+jitter, p.inducing); s != nil {
				p.posterior = s
				return nil
			}
			continue
		}
		if e := newExact(p.cov, p.x, p.z, p.row, noise+jitter); e != nil {
			p.posterior = e
			return nil
		}
	}
	return ErrSingular
}

// check reports an error unless x can be asked for.
func (p *Process) check(x [][]float64) error {
	for i, row := range x {
		if len(row) != len(p.x[0]) {
			return fmt.Errorf("gaussian: input %d has %d values, not %d", i+1, len(row), len(p.x[0]))
		}
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("gaussian: input %d, column %d is not a number", i+1, j+1)
			}
		}
	}
	return nil
}
