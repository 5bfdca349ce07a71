package gaussian

import "math"

// Categorical is a kernel of inputs whose values are names, coded as numbers:
//
//	exp(-Σ [x_j ≠ y_j] / ℓ_j),
//
// a Hamming distance with a weight for each column. Its parameters are the
// logarithms of the ℓ, one for each column, or one for all.
//
// Reference: Ru et al., ICML 2020, arXiv:1906.08878, use the same distance; the
// exponential form is that of Wan et al., ICML 2021, arXiv:2102.07188.
type Categorical struct {
	Columns   []int
	Isotropic bool // one ℓ for all columns
}

// Len implements Kernel.
func (c Categorical) Len() int {
	if c.Isotropic {
		return 1
	}
	return len(c.Columns)
}

// Priors implements Kernel.
func (c Categorical) Priors(x [][]float64) ([]Prior, error) {
	if err := checkColumns(c.Columns, x); err != nil {
		return nil, err
	}
	priors := make([]Prior, c.Len())
	for i := range priors {
		// Two rows that differ in all columns are correlated by about 1/e.
		priors[i] = Prior{Mean: math.Log(float64(len(c.Columns))), Deviation: 1.5}
	}
	return priors, nil
}

// Bind implements Kernel.
func (c Categorical) Bind(theta []float64) Covariance {
	inverse := make([]float64, len(c.Columns))
	for i := range inverse {
		inverse[i] = math.Exp(-theta[min(i, len(theta)-1)])
	}
	return categorical{c.Columns, inverse}
}

type categorical struct {
	columns []int
	inverse []float64
}

func (c categorical) At(x, y []float64) float64 {
	s := 0.0
	for i, column := range c.columns {
		if x[column] != y[column] {
			s += c.inverse[i]
		}
	}
	return math.Exp(-s)
}

func (c categorical) Gradient(x, y, grad []float64) float64 {
	v := c.At(x, y)
	clear(grad)
	for i, column := range c.columns {
		if x[column] != y[column] {
			grad[min(i, len(grad)-1)] += v * c.inverse[i]
		}
	}
	return v
}

// Tanimoto is a kernel of inputs that are not negative, as the counts or bits
// of a fingerprint: Σ min(x_j, y_j) / Σ max(x_j, y_j), and 1 between two rows of
// zeros. It has no parameters.
//
// Reference: Ralaivola, Swamidass, Saigo, Baldi, Neural Networks 18 (2005) 1093
// (there called MinMax), doi:10.1016/j.neunet.2005.07.009.
type Tanimoto struct {
	Columns []int
}

// Len implements Kernel.
func (t Tanimoto) Len() int { return 0 }

// Priors implements Kernel.
func (t Tanimoto) Priors(x [][]float64) ([]Prior, error) {
	return nil, checkColumns(t.Columns, x)
}

// Bind implements Kernel.
func (t Tanimoto) Bind([]float64) Covariance { return tanimoto(t) }

type tanimoto Tanimoto

func (t tanimoto) At(x, y []float64) float64 {
	// Of two numbers, the sum is max + min and the distance max - min. Neither
	// needs a branch.
	sum, distance := 0.0, 0.0
	for _, c := range t.Columns {
		a, b := x[c], y[c]
		sum += a + b
		distance += math.Abs(a - b)
	}
	if sum <= 0 {
		return 1
	}
	return (sum - distance) / (sum + distance)
}

func (t tanimoto) Gradient(x, y, _ []float64) float64 { return t.At(x, y) }
