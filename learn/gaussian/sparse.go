package gaussian

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// sparse is the posterior of the fully independent training conditional: given
// the function at inducing points, the observations are independent. With K the
// covariance of the inducing points, C that of inducing points and
// observations, and Λ the variances of the observations given the inducing
// points, it needs the factors of K and of K + C Λ⁻¹ Cᵀ only.
//
// Reference: Snelson, Ghahramani, NIPS 18 (2006) 1257.
type sparse struct {
	cov     Covariance
	points  [][]float64   // inducing
	prior   *mat.Cholesky // of K
	weights *mat.Cholesky // of K + C Λ⁻¹ Cᵀ
	alpha   []float64
	beta    float64
}

// newSparse returns the posterior with m inducing points, or nil if a matrix is
// not positive definite.
func newSparse(cov Covariance, x [][]float64, z, row []float64, noise float64, m int) *sparse {
	s := &sparse{cov: cov, prior: new(mat.Cholesky), weights: new(mat.Cholesky)}
	s.points = inducingPoints(cov, x, m)
	m = len(s.points)
	k := priorCovariance(cov, s.points)
	for i := range m {
		k.SetSym(i, i, k.At(i, i)+noiseFloor)
	}
	if !s.prior.Factorize(k) {
		return nil
	}
	ones, target := make([]float64, m), make([]float64, m) // C Λ⁻¹1 and C Λ⁻¹z
	plain, weighted := 0.0, 0.0                            // 1ᵀΛ⁻¹1 and 1ᵀΛ⁻¹z
	sum := k.RawSymmetric()
	for i := 0; i < len(x); i += batch {
		rows := x[i:min(i+batch, len(x))]
		c := cross(cov, s.points, rows)
		explained := blas64.General{Rows: c.Rows, Cols: c.Cols, Stride: c.Stride, Data: append([]float64(nil), c.Data...)}
		blas64.Trsm(blas.Left, blas.Trans, 1, upper(s.prior), explained)
		rest := make([]float64, len(rows)) // the root of Λ⁻¹
		for j, r := range rows {
			rest[j] = cov.At(r, r)
		}
		for p := range m {
			for j, v := range explained.Data[p*c.Stride : p*c.Stride+c.Cols] {
				rest[j] -= v * v
			}
		}
		for j := range rest {
			lambda := noise + at(row, i+j) + max(rest[j], 0)
			plain += 1 / lambda
			weighted += z[i+j] / lambda
			rest[j] = 1 / math.Sqrt(lambda)
		}
		for p := range m {
			line := c.Data[p*c.Stride : p*c.Stride+c.Cols]
			for j := range line {
				line[j] *= rest[j]
				ones[p] += line[j] * rest[j]
				target[p] += line[j] * rest[j] * z[i+j]
			}
		}
		blas64.Syrk(blas.NoTrans, 1, c, 1, sum)
	}
	if !s.weights.Factorize(k) {
		return nil
	}
	// The constant mean by generalised least squares, as for exact.
	var solved mat.VecDense
	if err := s.weights.SolveVecTo(&solved, mat.NewVecDense(m, ones)); err != nil && !isCondition(err) {
		return nil
	}
	w := solved.RawVector().Data
	total := plain
	for p := range m {
		total -= w[p] * ones[p]
		weighted -= w[p] * target[p]
	}
	if !(total > 0) {
		return nil
	}
	s.beta = weighted / total
	for p := range m {
		target[p] -= s.beta * ones[p]
	}
	var alpha mat.VecDense
	if err := s.weights.SolveVecTo(&alpha, mat.NewVecDense(m, target)); err != nil && !isCondition(err) {
		return nil
	}
	s.alpha = alpha.RawVector().Data
	return s
}

// inducingPoints returns m rows of x, or fewer if they explain all others. Each
// is the one that those before it explain least: a pivoted Cholesky
// factorisation of the covariance that stops after m columns.
//
// Reference: Burt, Rasmussen, van der Wilk, JMLR 21 (2020) 131, section 4.1.
func inducingPoints(cov Covariance, x [][]float64, m int) [][]float64 {
	n := len(x)
	rest := make([]float64, n)
	for i, row := range x {
		rest[i] = cov.At(row, row)
	}
	columns := make([][]float64, 0, m)
	points := make([][]float64, 0, m)
	for len(points) < m {
		pivot := 0
		for i, r := range rest {
			if r > rest[pivot] {
				pivot = i
			}
		}
		if rest[pivot] < 1e-8 {
			break
		}
		scale := math.Sqrt(rest[pivot])
		column := make([]float64, n)
		for i, row := range x {
			column[i] = cov.At(x[pivot], row)
		}
		for _, c := range columns {
			blas64.Axpy(-c[pivot], blas64.Vector{N: n, Inc: 1, Data: c}, blas64.Vector{N: n, Inc: 1, Data: column})
		}
		for i := range column {
			column[i] /= scale
			rest[i] -= column[i] * column[i]
		}
		rest[pivot] = 0
		columns = append(columns, column)
		points = append(points, x[pivot])
	}
	return points
}

// cross returns the covariances of a, in rows, and b, in columns.
func cross(cov Covariance, a, b [][]float64) blas64.General {
	g := blas64.General{Rows: len(a), Cols: len(b), Stride: len(b), Data: make([]float64, len(a)*len(b))}
	for i := range a {
		for j := range b {
			g.Data[i*g.Stride+j] = cov.At(a[i], b[j])
		}
	}
	return g
}

// whitened returns the covariance of the inducing points and x, whitened by the
// prior and by the weights, and puts the mean at x into mean.
func (s *sparse) whitened(x [][]float64, mean []float64) (prior, weights blas64.General) {
	prior = cross(s.cov, s.points, x)
	for j := range mean {
		mean[j] = s.beta
	}
	for p, a := range s.alpha {
		for j, c := range prior.Data[p*prior.Stride : p*prior.Stride+prior.Cols] {
			mean[j] += a * c
		}
	}
	weights = prior
	weights.Data = append([]float64(nil), prior.Data...)
	blas64.Trsm(blas.Left, blas.Trans, 1, upper(s.prior), prior)
	blas64.Trsm(blas.Left, blas.Trans, 1, upper(s.weights), weights)
	return prior, weights
}

func (s *sparse) predict(x [][]float64, mean, variance []float64) {
	prior, weights := s.whitened(x, mean)
	for j, row := range x {
		variance[j] = s.cov.At(row, row)
	}
	for i := range prior.Rows {
		for j := range x {
			a, b := prior.Data[i*prior.Stride+j], weights.Data[i*weights.Stride+j]
			variance[j] += b*b - a*a
		}
	}
}

func (s *sparse) joint(x [][]float64) ([]float64, *mat.SymDense) {
	mean := make([]float64, len(x))
	prior, weights := s.whitened(x, mean)
	covariance := priorCovariance(s.cov, x)
	blas64.Syrk(blas.Trans, -1, prior, 1, covariance.RawSymmetric())
	blas64.Syrk(blas.Trans, 1, weights, 1, covariance.RawSymmetric())
	return mean, covariance
}
