package gaussian

import (
	"errors"
	"fmt"
)

// Mean is the mean of an exact process alone: a weighted sum of covariances. It
// takes little memory and time beside a process, and can be made again from its
// numbers.
type Mean struct {
	Parameters []float64   // of the kernel
	X          [][]float64 // inputs
	Weights    []float64   // of the inputs, in the unit of the outcomes
	Constant   float64     // the outcome far from all inputs

	cov Covariance
}

// Mean returns the mean of p. A sparse process has none of this form, and
// reports an error.
func (p *Process) Mean() (*Mean, error) {
	e, ok := p.posterior.(*exact)
	if !ok {
		return nil, errors.New("gaussian: the mean of a sparse process is no sum over observations")
	}
	m := &Mean{Parameters: p.Parameters()[:len(p.theta)-1], X: p.x, Constant: p.center + p.unit*e.beta, cov: p.cov}
	for _, a := range e.alpha {
		m.Weights = append(m.Weights, p.unit*a)
	}
	return m, nil
}

// Bind makes m, whose fields are set, ready to predict with the kernel that its
// parameters are of. It reports an error if their numbers do not fit.
func (m *Mean) Bind(kernel Kernel) error {
	if len(m.Parameters) != kernel.Len() || len(m.X) != len(m.Weights) {
		return fmt.Errorf("gaussian: %d parameters of %d, %d inputs with %d weights", len(m.Parameters), kernel.Len(), len(m.X), len(m.Weights))
	}
	m.cov = kernel.Bind(m.Parameters)
	return nil
}

// At returns the mean at x, which is as long as the inputs.
func (m *Mean) At(x []float64) float64 {
	sum := m.Constant
	for i, w := range m.Weights {
		sum += w * m.cov.At(m.X[i], x)
	}
	return sum
}
