package gaussian

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Limits of what Fit takes.
const (
	MaxObservations = 200_000
	// noiseFloor is the least variance of the noise, in units of the variance
	// of the outcomes. It keeps the covariance of equal inputs invertible.
	noiseFloor = 1e-6
	// farthest is how many deviations a parameter may go from its prior mean.
	farthest = 10
)

// noisePrior is the prior of the logarithm of the noise variance in units of
// the variance of the outcomes, as in lengthPrior's reference: most of the
// spread of outcomes is explained, but never all.
var noisePrior = Prior{Mean: -4, Deviation: 2}

// Options of Fit. The zero value is right for most data.
type Options struct {
	// Variances of the noise of each outcome, where they are known, in units
	// of the outcome squared. They add to the noise that is estimated.
	Variances []float64
	// Start are the parameters to begin from, as an earlier fit's Parameters
	// gave them. Nil means the means of the priors.
	Start []float64
	// Restarts is the number of further beginnings, drawn from the priors. It
	// needs Rand.
	Restarts int
	Rand     *rand.Rand
	// Steps is the most steps of the optimiser from each beginning (default
	// 50). If negative, the parameters are Start, or the means of the priors.
	Steps int
	// Exact is the most observations for which all covariances are used
	// (default 2000). With more, the parameters come from a sample of half
	// as many, evenly spaced in the order of x, and predictions from Inducing
	// points (default 512).
	Exact, Inducing int
	// Sample, if positive, is the most observations from which parameters are
	// found, evenly spaced in the order of x. That is what takes most of the
	// time of an exact process.
	Sample int
}

// Fit finds the parameters of the kernel, and of the noise, that are most
// probable given that at the rows of x, the outcomes y were observed. Rows are
// kept, not copied. At least one observation is needed; numbers must be finite.
func Fit(x [][]float64, y []float64, kernel Kernel, o Options) (*Process, error) {
	if err := checkObservations(x, y); err != nil {
		return nil, err
	}
	n := len(x)
	if n > MaxObservations {
		return nil, fmt.Errorf("gaussian: %d observations, at most %d are taken", n, MaxObservations)
	}
	if o.Variances != nil && len(o.Variances) != n {
		return nil, fmt.Errorf("gaussian: %d variances of %d outcomes", len(o.Variances), n)
	}
	if o.Restarts > 0 && o.Rand == nil {
		return nil, fmt.Errorf("gaussian: restarts need a source of random numbers")
	}
	priors, err := kernel.Priors(x)
	if err != nil {
		return nil, err
	}
	priors = append(priors, noisePrior)
	if o.Start != nil && len(o.Start) != len(priors) {
		return nil, fmt.Errorf("gaussian: %d parameters to start from, the process has %d", len(o.Start), len(priors))
	}
	if o.Steps == 0 {
		o.Steps = 50
	}
	if o.Exact <= 0 {
		o.Exact = 2000
	}
	if o.Inducing <= 0 {
		o.Inducing = 512
	}

	p := &Process{kernel: kernel, x: x}
	p.standardise(y)
	if o.Variances != nil {
		p.row = make([]float64, n)
		for i, v := range o.Variances {
			if !(v >= 0) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("gaussian: variance %d is %v", i+1, v)
			}
			p.row[i] = v / (p.unit * p.unit)
		}
	}
	l := &likelihood{kernel: kernel, priors: priors, x: x, z: p.z, row: p.row}
	if n > o.Exact {
		p.inducing = min(o.Inducing, n)
		l = l.sample(max(1, o.Exact/2))
	} else if 0 < o.Sample && o.Sample < n {
		l = l.sample(o.Sample)
	}
	p.theta = l.maximise(o)
	if err := p.solve(); err != nil {
		return nil, err
	}
	return p, nil
}

func checkObservations(x [][]float64, y []float64) error {
	if len(x) == 0 || len(x) != len(y) {
		return fmt.Errorf("gaussian: %d inputs and %d outcomes", len(x), len(y))
	}
	for i, row := range x {
		if len(row) != len(x[0]) {
			return fmt.Errorf("gaussian: input %d has %d values, the first has %d", i+1, len(row), len(x[0]))
		}
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("gaussian: input %d, column %d is not a number", i+1, j+1)
			}
		}
		if math.IsNaN(y[i]) || math.IsInf(y[i], 0) {
			return fmt.Errorf("gaussian: outcome %d is not a number", i+1)
		}
	}
	return nil
}

// standardise sets the outcomes of p. Outcomes that are all equal keep their
// unit.
func (p *Process) standardise(y []float64) {
	largest := 0.0
	for _, v := range y {
		largest = max(largest, math.Abs(v))
	}
	largest = positiveOr1(largest) // so that no square overflows
	mean, square := 0.0, 0.0
	for i, v := range y {
		d := v/largest - mean
		mean += d / float64(i+1)
		square += d * (v/largest - mean)
	}
	p.center, p.unit = mean*largest, 1
	if deviation := math.Sqrt(square / float64(len(y))); deviation > 1e-12 {
		p.unit = deviation * largest
	}
	p.z = make([]float64, len(y))
	for i, v := range y {
		p.z[i] = (v - p.center) / p.unit
	}
}

// noiseVariance returns the variance that the last parameter stands for.
func noiseVariance(theta []float64) float64 { return noiseFloor + math.Exp(theta[len(theta)-1]) }

// likelihood is what the parameters are chosen by: the restricted likelihood of
// the outcomes times the priors.
type likelihood struct {
	kernel Kernel
	priors []Prior
	x      [][]float64
	z, row []float64
}

// sample returns the likelihood of n observations, evenly spaced in their
// order.
func (l *likelihood) sample(n int) *likelihood {
	s := *l
	s.x, s.z, s.row = make([][]float64, n), make([]float64, n), nil
	if l.row != nil {
		s.row = make([]float64, n)
	}
	for i := range n {
		j := i * len(l.x) / n
		s.x[i], s.z[i] = l.x[j], l.z[j]
		if l.row != nil {
			s.row[i] = l.row[j]
		}
	}
	return &s
}

// maximise returns the best parameters found.
func (l *likelihood) maximise(o Options) []float64 {
	mode := make([]float64, len(l.priors))
	for i, p := range l.priors {
		mode[i] = p.Mean
	}
	start := mode
	if o.Start != nil {
		start = o.Start
	}
	if o.Steps < 0 {
		return append([]float64(nil), start...)
	}
	best := append([]float64(nil), start...)
	lowest := l.loss(best, nil)
	for r := range o.Restarts + 1 {
		if r > 0 {
			start = make([]float64, len(l.priors))
			for i, p := range l.priors {
				start[i] = p.Mean + p.Deviation*o.Rand.NormFloat64()
			}
		}
		if theta, loss := l.descend(start, o.Steps); theta != nil && loss < lowest {
			best, lowest = theta, loss
		}
	}
	if math.IsInf(lowest, 1) {
		return mode
	}
	return best
}

// descend follows the gradient from start, and returns nil if start itself
// cannot be computed.
func (l *likelihood) descend(start []float64, steps int) ([]float64, float64) {
	at := make([]float64, len(start)) // where value and gradient were last computed
	gradient := make([]float64, len(start))
	value := math.NaN()
	evaluate := func(theta []float64) {
		if !math.IsNaN(value) && equal(at, theta) {
			return
		}
		copy(at, theta)
		value = l.loss(theta, gradient)
	}
	problem := optimize.Problem{
		Func: func(theta []float64) float64 { evaluate(theta); return value },
		Grad: func(grad, theta []float64) { evaluate(theta); copy(grad, gradient) },
	}
	if evaluate(start); math.IsInf(value, 1) {
		return nil, 0
	}
	// A line search that fails near the end is no mistake: the result is the
	// best point so far in any case.
	result, _ := optimize.Minimize(problem, start, &optimize.Settings{
		MajorIterations:   steps,
		FuncEvaluations:   4 * steps,
		GradientThreshold: 1e-3,
		Converger:         &optimize.FunctionConverge{Absolute: 1e-3, Iterations: 3},
	}, &optimize.LBFGS{})
	if result == nil {
		return nil, 0
	}
	return result.X, result.F
}

func equal(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// loss returns the negative logarithm of what is maximised, infinite where it
// cannot be computed, and puts its gradient into grad unless that is nil. With
// w = K⁻¹1, the derivative by a parameter of K is
//
//	½ Σ_ij (K⁻¹ - ααᵀ - wwᵀ/1ᵀw)_ij dK_ij.
func (l *likelihood) loss(theta, grad []float64) float64 {
	clear(grad)
	penalty := 0.0
	for i, p := range l.priors {
		if math.Abs(theta[i]-p.Mean) > farthest*p.Deviation || math.IsNaN(theta[i]) {
			clear(grad)
			return math.Inf(1)
		}
		v, slope := p.penalty(theta[i])
		penalty += v
		if grad != nil {
			grad[i] = slope
		}
	}
	last := len(theta) - 1
	noise := noiseVariance(theta)
	cov := l.kernel.Bind(theta[:last])
	e := newExact(cov, l.x, l.z, l.row, noise)
	if e == nil {
		clear(grad)
		return math.Inf(1)
	}
	if grad == nil {
		return e.loss + penalty
	}
	var inverse mat.SymDense
	if err := e.chol.InverseTo(&inverse); err != nil && !isCondition(err) {
		clear(grad)
		return math.Inf(1)
	}
	slopes := make([]float64, last)
	raw := inverse.RawSymmetric()
	for i := range l.x {
		line := raw.Data[i*raw.Stride:]
		for j := i; j < len(l.x); j++ {
			weight := line[j] - e.alpha[i]*e.alpha[j] - e.ones[i]*e.ones[j]/e.total
			if i == j {
				weight /= 2 // the others stand for two elements each
				grad[last] += weight * (noise - noiseFloor)
			}
			cov.Gradient(l.x[i], l.x[j], slopes)
			for k, s := range slopes {
				grad[k] += weight * s
			}
		}
	}
	return e.loss + penalty
}
