package learn

import "math"

// Loss is what a predictor makes small, and so what its value is.
type Loss uint8

// The losses.
const (
	Absolute Loss = iota // the value is the median, which wrong records hardly move
	Squared              // the value is the mean
	logistic             // of classes: the value is a probability
)

// of returns the loss of a prediction.
func (l Loss) of(prediction, target float64) float64 {
	d := prediction - target
	switch l {
	case Absolute:
		return math.Abs(d)
	case Squared:
		return d * d
	}
	p := min(max(prediction, 1e-4), 1-1e-4)
	return -target*math.Log(p) - (1-target)*math.Log(1-p)
}

// selections is the number of steps of weigh, and so the fineness of weights.
const selections = 30

// weigh returns weights, not negative and of sum 1, with which predictions,
// one row for each target, have a small mean loss: the one that lowers it most
// is added again and again (Caruana et al., ICML 2004). It looks at the rows
// for which use is true.
func weigh(predictions [][]float64, targets, weights []float64, loss Loss, use func(i int) bool) []float64 {
	n := len(predictions[0])
	counts := make([]float64, n)
	sums := make([]float64, len(predictions))
	for step := range selections {
		best, least := 0, math.Inf(1)
		for m := range n {
			total := 0.0
			for i, p := range predictions {
				if use(i) {
					total += weights[i] * loss.of((sums[i]+p[m])/float64(step+1), targets[i])
				}
			}
			if total < least {
				best, least = m, total
			}
		}
		counts[best]++
		for i, p := range predictions {
			sums[i] += p[best]
		}
	}
	for m := range counts {
		counts[m] /= selections
	}
	return counts
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
