package cyclelife

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Correction says how far early predictions of cycle lives are off, from cells
// that were cycled to their end as well. Protocols that differ from those of
// the cells learned from are predicted with a bias that is much the same for
// all, as Attia et al. found: in the logarithm, a shift. A slope of its own
// would need more validation than anyone makes.
//
// Reference: Attia et al., Nature 578 (2020) 397, figure 4,
// doi:10.1038/s41586-020-1994-5.
type Correction struct {
	// Shift is what is added to the decimal logarithm of a predicted life.
	Shift float64
	// Deviation is that of the logarithm of single cells from what is
	// predicted after the shift.
	Deviation float64
	// Cells is how many cells say so.
	Cells int
}

// NewCorrection compares early predictions with the lives that were measured of
// the same cells, at least three.
func NewCorrection(early, measured []float64) (Correction, error) {
	if len(early) != len(measured) || len(early) < 3 {
		return Correction{}, fmt.Errorf("cyclelife: %d predictions and %d lives; at least three of each are needed", len(early), len(measured))
	}
	mean, square := 0.0, 0.0
	for i := range early {
		if !(early[i] > 0 && measured[i] > 0) || math.IsInf(early[i], 0) || math.IsInf(measured[i], 0) {
			return Correction{}, fmt.Errorf("cyclelife: cell %d is predicted to last %v cycles and lasted %v", i+1, early[i], measured[i])
		}
		off := math.Log10(measured[i] / early[i])
		delta := off - mean
		mean += delta / float64(i+1)
		square += delta * (off - mean)
	}
	return Correction{Shift: mean, Deviation: math.Sqrt(square / float64(len(early)-1)), Cells: len(early)}, nil
}

// Correct returns the life that an early prediction stands for, and an interval
// that holds the life of a single cell with the given probability, in cycles.
// Logarithms of lives are taken as normally distributed around it, so that the
// interval is that of Student's distribution for one more of n cells.
//
// Reference: Hahn, Meeker, Statistical Intervals, Wiley 1991, chapter 4.
func (c Correction) Correct(early, level float64) (life, low, high float64, err error) {
	if !(level > 0 && level < 1) {
		return 0, 0, 0, fmt.Errorf("cyclelife: level %v must lie between 0 and 1", level)
	}
	n := float64(c.Cells)
	student := distuv.StudentsT{Sigma: 1, Nu: n - 1}
	half := student.Quantile((1+level)/2) * c.Deviation * math.Sqrt(1+1/n)
	mean := math.Log10(early) + c.Shift
	return math.Pow(10, mean), math.Pow(10, mean-half), math.Pow(10, mean+half), nil
}
