package acquisition

import (
	"cmp"
	"math"
	"slices"
)

// Dominates reports whether a is at least as good as b in everything and better
// in something.
func Dominates(a, b []float64) bool {
	better := false
	for i := range a {
		if a[i] < b[i] || math.IsNaN(a[i]) {
			return false
		}
		better = better || a[i] > b[i]
	}
	return better
}

// Front returns the indices of the rows of y that no other row dominates, in
// their order. Of equal rows the first is kept. Rows with NaN are not on the
// front.
func Front(y [][]float64) []int {
	var front []int
	for i, a := range y {
		if slices.ContainsFunc(a, math.IsNaN) {
			continue
		}
		on := true
		for j, b := range y {
			if Dominates(b, a) || j < i && slices.Equal(a, b) {
				on = false
				break
			}
		}
		if on {
			front = append(front, i)
		}
	}
	return front
}

// Front2 is a front of two objectives with the corner from which volumes are
// measured.
type Front2 struct {
	steps []step
}

// step is a strip of first objectives from low to high that is dominated up to
// the second objective level.
type step struct {
	low, high, level float64
}

// NewFront2 returns the front of the rows of y, which have two values each,
// above the corner reference. Rows that are not better than the corner in both
// add nothing.
func NewFront2(y [][]float64, reference [2]float64) *Front2 {
	var points [][2]float64
	for _, p := range y {
		if p[0] > reference[0] && p[1] > reference[1] {
			points = append(points, [2]float64{p[0], p[1]})
		}
	}
	// From the largest first objective down, the level is the best second
	// objective seen.
	slices.SortFunc(points, func(a, b [2]float64) int { return cmp.Or(cmp.Compare(b[0], a[0]), cmp.Compare(b[1], a[1])) })
	f := &Front2{}
	high, level := math.Inf(1), reference[1]
	for _, p := range points {
		if p[1] <= level {
			continue
		}
		if p[0] < high {
			f.steps = append(f.steps, step{p[0], high, level})
		}
		high, level = p[0], p[1]
	}
	f.steps = append(f.steps, step{reference[0], high, level})
	return f
}

// Volume returns the area that the front dominates above its corner.
func (f *Front2) Volume() float64 {
	v := 0.0
	reference := f.steps[0].level
	for _, s := range f.steps {
		if !math.IsInf(s.high, 1) {
			v += (s.high - s.low) * (s.level - reference)
		}
	}
	return v
}

// Improvement returns by how much the area is expected to grow by an outcome of
// two independent normal objectives. A strip grows by the product of what the
// first objective covers of it and what the second exceeds its level, so the
// expectation is exact:
//
//	Σ (E[y₁ - low]₊ - E[y₁ - high]₊) E[y₂ - level]₊.
//
// Reference: Emmerich, Yang, Deutz, Wang, Fonseca, in Advances in Stochastic and
// Deterministic Global Optimization, Springer 2016, p. 229, give the same sum.
func (f *Front2) Improvement(mean, deviation [2]float64) float64 {
	v := 0.0
	for _, s := range f.steps {
		width := Improvement(mean[0], deviation[0], s.low)
		if !math.IsInf(s.high, 1) {
			width -= Improvement(mean[0], deviation[0], s.high)
		}
		v += max(0, width) * Improvement(mean[1], deviation[1], s.level)
	}
	return v
}
