// Package acquisition says how much an experiment is worth before it is made,
// given what is predicted of its outcome: a normal distribution with a mean and
// a deviation. All functions take larger outcomes for better ones.
package acquisition

import "math"

var logRoot2Pi = math.Log(2*math.Pi) / 2

// density returns φ(z), the density of the standard normal distribution.
func density(z float64) float64 { return math.Exp(-z*z/2 - logRoot2Pi) }

// Normal returns Φ(z), the probability that a standard normal number is below
// z.
func Normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// LogNormal returns log Φ(z), also where Φ(z) is too small for a number.
func LogNormal(z float64) float64 {
	if z > -25 {
		return math.Log(Normal(z))
	}
	z2 := 1 / (z * z)
	return -z*z/2 - logRoot2Pi - math.Log(-z) + math.Log1p(-z2+3*z2*z2)
}

// Improvement returns the expected improvement over best, E[max(0, y - best)].
//
// Reference: Jones, Schonlau, Welch, Journal of Global Optimization 13 (1998)
// 455, doi:10.1023/A:1008306431147.
func Improvement(mean, deviation, best float64) float64 {
	if !(deviation > 0) {
		return max(0, mean-best)
	}
	z := (mean - best) / deviation
	if z < -25 {
		return math.Exp(LogImprovement(mean, deviation, best))
	}
	return max(0, deviation*(density(z)+z*Normal(z)))
}

// LogImprovement returns the logarithm of Improvement, accurate where that is
// too small for a number: candidates far from promising still have an order.
//
// Reference: Ament et al., NeurIPS 2023, arXiv:2310.20708, section 4.1.
func LogImprovement(mean, deviation, best float64) float64 {
	if !(deviation > 0) {
		return math.Log(max(0, mean-best))
	}
	z := (mean - best) / deviation
	if z > -25 {
		return math.Log(deviation) + math.Log(density(z)+z*Normal(z))
	}
	// φ(z) + zΦ(z) ~ φ(z) (1/z² - 3/z⁴ + 15/z⁶)
	z2 := 1 / (z * z)
	return math.Log(deviation) - z*z/2 - logRoot2Pi - 2*math.Log(-z) + math.Log1p(-3*z2+15*z2*z2)
}

// TargetImprovement returns how much nearer to target the outcome is expected
// to be than a distance, E[max(0, distance - |y - target|)]. That is a tent: the
// second difference of what Improvement measures.
func TargetImprovement(mean, deviation, target, distance float64) float64 {
	if !(distance > 0) {
		return 0
	}
	if !(deviation > 0) {
		return max(0, distance-math.Abs(mean-target))
	}
	// From the side where the mean lies all terms are small, so that little is
	// lost in the differences.
	if mean > target {
		mean = 2*target - mean
	}
	return max(0, Improvement(mean, deviation, target-distance)-2*Improvement(mean, deviation, target)+Improvement(mean, deviation, target+distance))
}

// LogTargetImprovement returns the logarithm of TargetImprovement. Far away
// the nearer foot of the tent decides.
func LogTargetImprovement(mean, deviation, target, distance float64) float64 {
	if v := TargetImprovement(mean, deviation, target, distance); v > 1e-250 || !(deviation > 0) || !(distance > 0) {
		return math.Log(v)
	}
	return LogImprovement(target-math.Abs(mean-target), deviation, target-distance)
}

// Distance returns mean and deviation of |y - target|, a folded normal
// distribution.
//
// Reference: Leone, Nelson, Nottingham, Technometrics 3 (1961) 543,
// doi:10.1080/00401706.1961.10489974.
func Distance(mean, deviation, target float64) (float64, float64) {
	d := math.Abs(mean - target)
	if !(deviation > 0) {
		return d, 0
	}
	z := d / deviation
	m := 2*deviation*density(z) + d*(1-2*Normal(-z))
	return m, math.Sqrt(max(0, d*d+deviation*deviation-m*m))
}

// Smaller returns mean and deviation of the smaller of two independent normal
// outcomes.
//
// Reference: Clark, Operations Research 9 (1961) 145, doi:10.1287/opre.9.2.145.
func Smaller(meanA, deviationA, meanB, deviationB float64) (mean, deviation float64) {
	spread := math.Hypot(deviationA, deviationB)
	if !(spread > 0) {
		return min(meanA, meanB), 0
	}
	z := (meanB - meanA) / spread // that A is the smaller one has probability Φ(z)
	a, b, d := Normal(z), Normal(-z), density(z)
	mean = meanA*a + meanB*b - spread*d
	// Around the mean, so that large means do not cancel.
	meanA, meanB = meanA-mean, meanB-mean
	square := (meanA*meanA+deviationA*deviationA)*a + (meanB*meanB+deviationB*deviationB)*b - (meanA+meanB)*spread*d
	return mean, math.Sqrt(max(0, square))
}

// UpperBound returns the outcome that is exceeded with the probability that the
// normal distribution has beyond width deviations.
//
// Reference: Srinivas et al., ICML 2010, arXiv:0912.3995.
func UpperBound(mean, deviation, width float64) float64 { return mean + width*deviation }

// Exceeded returns the outcome that a share of all outcomes is expected to
// exceed, each of them normal with its mean and deviation.
func Exceeded(means, deviations []float64, share float64) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for i, m := range means {
		low, high = min(low, m-10*deviations[i]), max(high, m+10*deviations[i])
	}
	wanted := share * float64(len(means))
	for range 60 { // a bisection, to the last digits
		middle := low + (high-low)/2
		above := 0.0
		for i, m := range means {
			if deviations[i] > 0 {
				above += Normal((m - middle) / deviations[i])
			} else if m > middle {
				above++
			}
		}
		if above > wanted {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}
