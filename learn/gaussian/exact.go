package gaussian

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// exact is the posterior from the covariance of all observations. With K that
// covariance and 1 a column of ones, the constant mean is
//
//	β = 1ᵀK⁻¹z / 1ᵀK⁻¹1.
type exact struct {
	cov   Covariance
	x     [][]float64
	chol  *mat.Cholesky // of K
	alpha []float64     // K⁻¹(z - β)
	ones  []float64     // K⁻¹1
	total float64       // 1ᵀK⁻¹1
	beta  float64
	loss  float64 // negative logarithm of the restricted likelihood
}

// newExact returns the posterior, or nil if K is not positive definite. The
// variance of observation i is noise or, where it is known, row[i] as well.
func newExact(cov Covariance, x [][]float64, z, row []float64, noise float64) *exact {
	n := len(x)
	k := mat.NewSymDense(n, nil)
	raw := k.RawSymmetric()
	for i := range n {
		line := raw.Data[i*raw.Stride:]
		for j := i; j < n; j++ {
			line[j] = cov.At(x[i], x[j])
		}
		line[i] += noise + at(row, i)
	}
	e := &exact{cov: cov, x: x, chol: new(mat.Cholesky)}
	if !e.chol.Factorize(k) || !e.condition(z) {
		return nil
	}
	return e
}

// grow returns the posterior with the observations of x and z beyond those that
// e has, or nil if that cannot be computed from what e has.
func (e *exact) grow(x [][]float64, z []float64, noise float64) *exact {
	g := &exact{cov: e.cov, x: x, chol: e.chol}
	for i := len(e.x); i < len(x); i++ {
		column := mat.NewVecDense(i+1, nil)
		for j := range i {
			column.SetVec(j, e.cov.At(x[j], x[i]))
		}
		column.SetVec(i, e.cov.At(x[i], x[i])+noise)
		var longer mat.Cholesky
		if !longer.ExtendVecSym(g.chol, column) {
			return nil
		}
		g.chol = &longer
	}
	if !g.condition(z) {
		return nil
	}
	return g
}

// condition computes what follows from the factor of K and the outcomes.
func (e *exact) condition(z []float64) bool {
	n := len(z)
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	var w, kz mat.VecDense
	if err := e.chol.SolveVecTo(&w, mat.NewVecDense(n, ones)); err != nil && !isCondition(err) {
		return false
	}
	if err := e.chol.SolveVecTo(&kz, mat.NewVecDense(n, z)); err != nil && !isCondition(err) {
		return false
	}
	e.ones, e.alpha = w.RawVector().Data, kz.RawVector().Data
	weighted := 0.0
	e.total = 0
	for i, v := range e.ones {
		e.total += v
		weighted += v * z[i]
	}
	if !(e.total > 0) {
		return false
	}
	e.beta = weighted / e.total
	square := 0.0
	for i := range e.alpha {
		e.alpha[i] -= e.beta * e.ones[i]
		square += e.alpha[i] * z[i] // = (z-β)ᵀK⁻¹(z-β), as 1ᵀα = 0
	}
	e.loss = (square + e.chol.LogDet() + math.Log(e.total) + float64(n-1)*math.Log(2*math.Pi)) / 2
	return !math.IsNaN(e.loss) && !math.IsInf(e.loss, 0)
}

// at returns row[i], or 0 without rows.
func at(row []float64, i int) float64 {
	if row == nil {
		return 0
	}
	return row[i]
}

// isCondition reports whether err only warns of a badly conditioned matrix.
func isCondition(err error) bool {
	var c mat.Condition
	return errors.As(err, &c)
}

// whitened returns the mean at x, V = U⁻ᵀK(X, x) where K = UᵀU, and what the
// unknown mean adds, 1 - 1ᵀK⁻¹K(X, x) for each row of x.
func (e *exact) whitened(x [][]float64, mean []float64) (v blas64.General, rest []float64) {
	n, m := len(e.x), len(x)
	v = blas64.General{Rows: n, Cols: m, Stride: m, Data: make([]float64, n*m)}
	rest = make([]float64, m)
	for j := range m {
		mean[j], rest[j] = e.beta, 1
	}
	for i, a := range e.alpha {
		line := v.Data[i*m : i*m+m]
		for j, row := range x {
			c := e.cov.At(e.x[i], row)
			line[j] = c
			mean[j] += a * c
			rest[j] -= e.ones[i] * c
		}
	}
	blas64.Trsm(blas.Left, blas.Trans, 1, upper(e.chol), v)
	return v, rest
}

// upper returns the factor U of c, where UᵀU is what was factorised.
func upper(c *mat.Cholesky) blas64.Triangular { return c.RawU().(*mat.TriDense).RawTriangular() }

func (e *exact) predict(x [][]float64, mean, variance []float64) {
	v, rest := e.whitened(x, mean)
	for j, row := range x {
		variance[j] = e.cov.At(row, row) + rest[j]*rest[j]/e.total
	}
	for i := range v.Rows {
		for j, c := range v.Data[i*v.Stride : i*v.Stride+v.Cols] {
			variance[j] -= c * c
		}
	}
}

func (e *exact) joint(x [][]float64) ([]float64, *mat.SymDense) {
	mean := make([]float64, len(x))
	v, rest := e.whitened(x, mean)
	covariance := priorCovariance(e.cov, x)
	blas64.Syrk(blas.Trans, -1, v, 1, covariance.RawSymmetric())
	covariance.SymRankOne(covariance, 1/e.total, mat.NewVecDense(len(x), rest))
	return mean, covariance
}

// priorCovariance returns the covariance of the function at x before any
// observation.
func priorCovariance(cov Covariance, x [][]float64) *mat.SymDense {
	k := mat.NewSymDense(len(x), nil)
	for i := range x {
		for j := i; j < len(x); j++ {
			k.SetSym(i, j, cov.At(x[i], x[j]))
		}
	}
	return k
}
