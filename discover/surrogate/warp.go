package surrogate

import "math"

// Warp is a monotone scale on which the outcomes of experiments are more nearly
// normal: a power of their distance from the mean, with an exponent for each
// side. A few huge outcomes would otherwise be all that a model sees.
//
// Reference: Yeo, Johnson, Biometrika 87 (2000) 954, doi:10.1093/biomet/87.4.954.
type Warp struct {
	center, unit, power float64
}

// The powers that are tried: within them, every number has an inverse.
const (
	leastPower, mostPower, powerStep = 0, 2, 0.05
	powerDeviation                   = 0.5 // of the prior of the power, whose mean is 1: no warp
)

// newWarp returns the most probable warp of y.
func newWarp(y []float64) Warp {
	w := Warp{unit: 1, power: 1}
	w.center, w.unit = moments(y)
	if len(y) < 3 || w.unit == 1 && y[0] == y[len(y)-1] {
		return w
	}
	best := math.Inf(-1)
	chosen := 1.0
	warped := make([]float64, len(y))
	for k := range int((mostPower-leastPower)/powerStep) + 1 {
		w.power = leastPower + powerStep*float64(k)
		logSlope := 0.0
		for i, v := range y {
			warped[i] = w.To(v)
			z := (v - w.center) / w.unit
			logSlope += (w.power - 1) * math.Copysign(math.Log1p(math.Abs(z)), z)
		}
		_, deviation := moments(warped)
		p := (w.power - 1) / powerDeviation
		if l := -float64(len(y))*math.Log(deviation) + logSlope - p*p/2; l > best {
			best, chosen = l, w.power
		}
	}
	w.power = chosen
	return w
}

// moments returns mean and deviation of y; a deviation of 0 is 1.
func moments(y []float64) (mean, deviation float64) {
	for i, v := range y {
		d := v - mean
		mean += d / float64(i+1)
		deviation += d * (v - mean)
	}
	if deviation = math.Sqrt(deviation / float64(len(y))); !(deviation > 1e-12*math.Abs(mean)) {
		deviation = 1
	}
	return mean, deviation
}

// To returns where y lies on the scale.
func (w Warp) To(y float64) float64 {
	z := (y - w.center) / w.unit
	if z < 0 {
		return -power(-z, 2-w.power)
	}
	return power(z, w.power)
}

// power returns ((1+z)^p - 1)/p for z from 0 on, or its limit for p = 0.
func power(z, p float64) float64 {
	if math.Abs(p) < 1e-9 {
		return math.Log1p(z)
	}
	return math.Expm1(p*math.Log1p(z)) / p
}

// From returns the outcome that lies at z on the scale.
func (w Warp) From(z float64) float64 {
	if z < 0 {
		return w.center - w.unit*root(-z, 2-w.power)
	}
	return w.center + w.unit*root(z, w.power)
}

// root is the inverse of power.
func root(v, p float64) float64 {
	if math.Abs(p) < 1e-9 {
		return math.Expm1(v)
	}
	return math.Expm1(math.Log1p(p*v) / p)
}

// slope returns the derivative of To at y.
func (w Warp) slope(y float64) float64 {
	z := (y - w.center) / w.unit
	if z < 0 {
		return math.Pow(1-z, 1-w.power) / w.unit
	}
	return math.Pow(1+z, w.power-1) / w.unit
}
