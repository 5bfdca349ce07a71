package surrogate

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func TestWarp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	y := make([]float64, 200)
	for i := range y {
		y[i] = math.Exp(1.5*rnd.NormFloat64()) + 100 // a long tail above
	}
	w := newWarp(y)
	if w.power > 0.7 {
		t.Errorf("the power of a long tail is %v", w.power)
	}
	for _, v := range []float64{-1e6, 0, 99, 100, 101, 110, 1e6} {
		if back := w.From(w.To(v)); math.Abs(back-v) > 1e-6*(1+math.Abs(v)) {
			t.Errorf("%v there and back is %v", v, back)
		}
		const step = 1e-4
		if slope := (w.To(v+step) - w.To(v-step)) / (2 * step); math.Abs(slope-w.slope(v)) > 1e-4*(1e-6+math.Abs(slope)) && math.Abs(v) < 1e5 {
			t.Errorf("the slope at %v is %v, want %v", v, w.slope(v), slope)
		}
	}
	last := math.Inf(-1)
	for v := -1000.0; v < 1000; v += 10 {
		if z := w.To(v); z <= last {
			t.Fatalf("not monotone at %v", v)
		} else {
			last = z
		}
	}
	for i := range y {
		y[i] = rnd.NormFloat64()
	}
	if w := newWarp(y); math.Abs(w.power-1) > 0.2 {
		t.Errorf("the power of normal outcomes is %v", w.power)
	}
	if w := newWarp([]float64{7, 7, 7}); w.To(7) != 0 || w.From(0) != 7 {
		t.Errorf("equal outcomes: %+v", w)
	}
}

// data are experiments on two settings and a choice; those with a large first
// setting fail.
func data(n int) Data {
	rnd := rand.New(rand.NewPCG(3, 4))
	var d Data
	for range n {
		x := []float64{rnd.Float64(), rnd.Float64(), float64(rnd.IntN(2))}
		y := []float64{math.Sin(3*x[0]) + x[2], math.NaN()}
		if rnd.IntN(2) == 0 {
			y[1] = x[1]
		}
		failed := x[0] > 0.8
		if failed {
			y = []float64{math.NaN(), math.NaN()}
		}
		d.X, d.Y, d.Failed = append(d.X, x), append(d.Y, y), append(d.Failed, failed)
	}
	return d
}

func TestFit(t *testing.T) {
	kernel := Kernel([]Kind{Numeric, Numeric, Category})
	m, err := Fit(data(60), Options{Kernel: kernel, Outcomes: 2})
	if err != nil {
		t.Fatal(err)
	}
	x := [][]float64{{0.3, 0.5, 1}, {0.95, 0.5, 0}}
	p, err := m.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Scale(0).From(p.Mean[0][0]), math.Sin(0.9)+1; math.Abs(got-want) > 0.1 {
		t.Errorf("predicted %v, want %v", got, want)
	}
	if p.Success[0] < 0.8 || p.Success[1] > 0.3 {
		t.Errorf("success: %v", p.Success)
	}
	after, err := m.Believe(x[:1])
	if err != nil {
		t.Fatal(err)
	}
	q, err := after.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(q.Mean[0][0]-p.Mean[0][0]) > 1e-6 || q.Deviation[0][0] >= p.Deviation[0][0] {
		t.Errorf("after believing: %v ± %v, before %v ± %v", q.Mean[0][0], q.Deviation[0][0], p.Mean[0][0], p.Deviation[0][0])
	}
	if _, err := Fit(Data{}, Options{Kernel: kernel, Outcomes: 1}); !errors.Is(err, ErrNoData) {
		t.Errorf("a model of nothing: %v", err)
	}
}

// TestKnownNoise: an outcome that is known to be uncertain counts less.
func TestKnownNoise(t *testing.T) {
	d := Data{X: [][]float64{{0.5}, {0.5}, {0.1}, {0.9}, {0.3}, {0.7}}, Y: [][]float64{{1}, {9}, {1}, {1.2}, {0.9}, {1.1}}, Failed: make([]bool, 6)}
	o := Options{Kernel: Kernel([]Kind{Numeric}), Outcomes: 1}
	at := func() float64 {
		m, err := Fit(d, o)
		if err != nil {
			t.Fatal(err)
		}
		p, err := m.Predict([][]float64{{0.5}})
		if err != nil {
			t.Fatal(err)
		}
		return m.Scale(0).From(p.Mean[0][0])
	}
	plain := at()
	d.Variances = [][]float64{{0}, {100}, {0}, {0}, {0}, {0}}
	if told := at(); told >= plain || told > 1.5 {
		t.Errorf("predicted %v, and %v when one is known to be doubtful", plain, told)
	}
}
