package learn

import (
	"math"

	"github.com/alkahest/alkahest/learn/tree"
)

// impute replaces targets that are only bounds by what they may be expected to
// be (Buckley, James, Biometrika 66 (1979) 429): the mean of a normal
// distribution about the prediction for an unseen subject, cut off at the
// bound. Predictions come from forests on the given folds.
func impute(d *data, bounds []Bound, fold []int, seed uint64) error {
	censored := false
	for _, b := range bounds {
		censored = censored || b != Exact
	}
	if !censored {
		return nil
	}
	limit := append([]float64(nil), d.y...)
	for range 3 {
		prediction := make([]float64, len(d.y))
		for k := range maxFold(fold) + 1 {
			train, test := divide(fold, k)
			t := d.at(train)
			g, err := tree.Forest{Extra: true, Trees: 50, MinLeaf: 3, ColumnFraction: 0.2, Bins: 64, Seed: seed}.Fit(t.x, t.y, t.w)
			if err != nil {
				return err
			}
			for _, i := range test {
				prediction[i] = g.Predict(d.x[i])
			}
		}
		squares, n := 0.0, 0.0
		for i, b := range bounds {
			if b == Exact {
				e := d.y[i] - prediction[i]
				squares += e * e
				n++
			}
		}
		if n == 0 {
			return nil
		}
		sigma := math.Sqrt(squares / n)
		for i, b := range bounds {
			if b != Exact {
				d.y[i] = beyond(prediction[i], sigma, limit[i], b)
			}
		}
	}
	return nil
}

// beyond returns the mean of a normal distribution of that mean and standard
// deviation, cut off at limit.
func beyond(mean, sigma, limit float64, b Bound) float64 {
	if sigma == 0 {
		return limit
	}
	sign := float64(b)
	a := sign * (limit - mean) / sigma
	tail := math.Erfc(a/math.Sqrt2) / 2
	if tail < 1e-12 { // the bound is all that is known
		return limit
	}
	return mean + sign*sigma*math.Exp(-a*a/2)/math.Sqrt(2*math.Pi)/tail
}

func maxFold(fold []int) int {
	most := 0
	for _, f := range fold {
		most = max(most, f)
	}
	return most
}

// divide returns the rows outside of fold k and those in it.
func divide(fold []int, k int) (train, test []int) {
	for i, f := range fold {
		if f == k {
			test = append(test, i)
		} else {
			train = append(train, i)
		}
	}
	return train, test
}
