package gaussian

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Sample returns n functions drawn from the process, each as its values at the
// rows of x. The time grows with the third power of the number of rows.
func (p *Process) Sample(x [][]float64, n int, rnd *rand.Rand) ([][]float64, error) {
	if err := p.check(x); err != nil {
		return nil, err
	}
	if len(x) == 0 {
		return make([][]float64, n), nil
	}
	mean, covariance := p.posterior.joint(x)
	var chol mat.Cholesky
	// Close rows are all but perfectly correlated, so a little is added to the
	// diagonal.
	for jitter := 1e-9; ; jitter *= 10 {
		if jitter > 0.1 {
			return nil, ErrSingular
		}
		for i := range x {
			covariance.SetSym(i, i, covariance.At(i, i)+jitter)
		}
		if chol.Factorize(covariance) {
			break
		}
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	samples := make([][]float64, n)
	normal := mat.NewVecDense(len(x), nil)
	for k := range samples {
		for i := range x {
			normal.SetVec(i, rnd.NormFloat64())
		}
		values := make([]float64, len(x))
		drawn := mat.NewVecDense(len(x), values)
		drawn.MulVec(&lower, normal)
		for i := range values {
			values[i] = p.center + p.unit*(mean[i]+values[i])
		}
		samples[k] = values
	}
	return samples, nil
}
