package acquisition

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestImprovement compares with integrals.
func TestImprovement(t *testing.T) {
	for _, test := range []struct{ mean, deviation, best float64 }{
		{0, 1, 0}, {1, 2, 0}, {-3, 1, 0}, {5, 0.1, 4}, {-1, 0.2, 0}, {1e3, 50, 1100},
	} {
		want := integral(test.mean, test.deviation, func(y float64) float64 { return max(0, y-test.best) })
		if got := Improvement(test.mean, test.deviation, test.best); math.Abs(got-want) > 1e-6*test.deviation {
			t.Errorf("Improvement(%v): %v, want %v", test, got, want)
		}
		if got := LogImprovement(test.mean, test.deviation, test.best); math.Abs(got-math.Log(want)) > 1e-3 {
			t.Errorf("LogImprovement(%v): %v, want %v", test, got, math.Log(want))
		}
		want = integral(test.mean, test.deviation, func(y float64) float64 { return max(0, 1.5-math.Abs(y-test.best)) })
		if got := TargetImprovement(test.mean, test.deviation, test.best, 1.5); math.Abs(got-want) > 1e-6 {
			t.Errorf("TargetImprovement(%v): %v, want %v", test, got, want)
		}
	}
	if got := Improvement(3, 0, 1); got != 2 {
		t.Errorf("certain improvement: %v", got)
	}
}

// TestFarTails: the logarithms stay ordered and smooth where their arguments
// are no numbers any more. log Φ(-40) and log h(-40) are from mpmath 1.3.0 with
// 50 digits.
func TestFarTails(t *testing.T) {
	if got, want := LogNormal(-40), -804.6084420137538; math.Abs(got-want) > 1e-6 {
		t.Errorf("log Φ(-40) = %v, want %v", got, want)
	}
	last := math.Inf(-1)
	for z := -1000.0; z < 10; z += 0.25 {
		v := LogImprovement(z, 1, 0)
		if math.IsNaN(v) || v <= last {
			t.Fatalf("log EI at %v: %v after %v", z, v, last)
		}
		last = v
	}
	if a, b := LogImprovement(-25.0001, 1, 0), LogImprovement(-24.9999, 1, 0); math.Abs(a-b+0.0002*25.08) > 1e-3 {
		t.Errorf("a step where the formula changes: %v, %v", a, b)
	}
}

func TestFront(t *testing.T) {
	y := [][]float64{{1, 1}, {2, 0}, {0, 2}, {1, 0}, {1, 1}, {math.NaN(), 9}}
	if got := Front(y); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("front %v", got)
	}
	f := NewFront2(y[:5], [2]float64{-1, -1})
	if got := f.Volume(); math.Abs(got-(3*1+2*1+1*1)) > 1e-12 {
		t.Errorf("volume %v, want 6", got)
	}
	if got := NewFront2(nil, [2]float64{0, 0}).Volume(); got != 0 {
		t.Errorf("the volume of nothing is %v", got)
	}
}

// TestFrontImprovement compares with the mean over many outcomes.
func TestFrontImprovement(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	y := [][]float64{{1, 1}, {2, 0.2}, {0.1, 2}, {-5, 9}, {0.5, 0.5}}
	reference := [2]float64{0, 0}
	f := NewFront2(y, reference)
	before := f.Volume()
	for _, test := range [][2][2]float64{{{1, 1}, {1, 0.5}}, {{0, 0}, {0.5, 0.5}}, {{3, 3}, {0.1, 0.1}}, {{-2, 1}, {2, 1}}} {
		want, n := 0.0, 40000
		for range n {
			p := []float64{test[0][0] + test[1][0]*rnd.NormFloat64(), test[0][1] + test[1][1]*rnd.NormFloat64()}
			want += (NewFront2(append(y[:5:5], p), reference).Volume() - before) / float64(n)
		}
		if got := f.Improvement(test[0], test[1]); math.Abs(got-want) > 0.03*(want+0.1) {
			t.Errorf("improvement of %v: %.4f, mean of %d outcomes %.4f", test, got, n, want)
		}
	}
}

// integral returns the mean of f over a normal distribution.
func integral(mean, deviation float64, f func(float64) float64) float64 {
	const steps = 200_000
	sum := 0.0
	for i := range steps {
		z := -10 + 20*(float64(i)+0.5)/steps
		sum += f(mean+deviation*z) * density(z) * 20 / steps
	}
	return sum
}

func BenchmarkLogImprovement(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		LogImprovement(-1, 0.5, 0.2)
	}
}

func BenchmarkFrontImprovement(b *testing.B) {
	var y [][]float64
	for i := range 20 {
		y = append(y, []float64{float64(i), float64(20 - i)})
	}
	f := NewFront2(y, [2]float64{-1, -1})
	b.ReportAllocs()
	for b.Loop() {
		f.Improvement([2]float64{10, 10}, [2]float64{2, 2})
	}
}

// TestMoments compares with the moments of many outcomes.
func TestMoments(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	check := func(what string, mean, deviation float64, draw func() float64) {
		m, s, n := 0.0, 0.0, 200_000
		for range n {
			v := draw() - mean
			m += v / float64(n)
			s += v * v / float64(n)
		}
		if math.Abs(m) > 0.01 || math.Abs(math.Sqrt(s)-deviation) > 0.01 {
			t.Errorf("%s: mean is %v off, deviation %v, want %v", what, m, deviation, math.Sqrt(s))
		}
	}
	for _, d := range []float64{0, 0.5, -3} {
		m, s := Distance(10+d, 1, 10)
		check("distance", m, s, func() float64 { return math.Abs(d + rnd.NormFloat64()) })
		m, s = Smaller(d, 1, 0.3, 0.5)
		check("smaller", m, s, func() float64 { return min(d+rnd.NormFloat64(), 0.3+0.5*rnd.NormFloat64()) })
	}
	near, far := LogTargetImprovement(5, 1, 0, 1), LogTargetImprovement(-60, 1, 0, 1)
	if math.Abs(near-math.Log(TargetImprovement(5, 1, 0, 1))) > 1e-9 || math.IsInf(far, 0) || far > near {
		t.Errorf("log of target improvement: %v near, %v far", near, far)
	}
}

func TestExceeded(t *testing.T) {
	zero := make([]float64, 5)
	for _, test := range []struct {
		means, deviations []float64
		share, want       float64
	}{
		{[]float64{1, 2, 3, 4, 5}, zero, 0.2, 4}, // one of five is above 4
		{[]float64{1, 2, 3, 4, 5}, zero, 0.6, 2},
		{[]float64{7, 7, 7}, []float64{2, 2, 2}, 0.5, 7},
		{[]float64{0}, []float64{1}, 0.05, 1.6449}, // the 95 % quantile of the normal distribution
	} {
		if got := Exceeded(test.means, test.deviations, test.share); math.Abs(got-test.want) > 1e-3 {
			t.Errorf("Exceeded(%v, %v, %v) = %v, want %v", test.means, test.deviations, test.share, got, test.want)
		}
	}
}
