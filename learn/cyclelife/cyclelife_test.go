package cyclelife

import (
	"math"
	"math/rand/v2"
	"testing"
)

// made returns a cell whose capacity at middle voltages fades as the inverse of
// its life, with some noise.
func made(rnd *rand.Rand, life float64) *Cell {
	c := &Cell{Capacity: make([][]float64, 40)}
	for v := range c.Capacity {
		c.Capacity[v] = make([]float64, Late+1)
		shape := math.Exp(-math.Pow((float64(v)-20)/6, 2))
		for k := range c.Capacity[v] {
			c.Capacity[v][k] = 1 - shape*20/life*float64(k)/Late + 2e-4*rnd.NormFloat64()
		}
	}
	return c
}

func TestFit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var cells []*Cell
	var lives []float64
	for range 60 {
		life := 300 * math.Pow(8, rnd.Float64())
		cells, lives = append(cells, made(rnd, life)), append(lives, life)
	}
	m, err := Fit(cells[:30], lives[:30])
	if err != nil {
		t.Fatal(err)
	}
	inside := 0
	for i, c := range cells[30:] {
		p, err := m.Predict(c, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		truth := lives[30+i]
		if math.Abs(math.Log(p.Life/truth)) > 0.3 {
			t.Errorf("a life of %.0f is predicted as %.0f", truth, p.Life)
		} else if p.Low <= truth && truth <= p.High {
			inside++
		}
		if p.Distance > 1.5 {
			t.Errorf("a life of %.0f is %v off from what was seen", truth, p.Distance)
		}
	}
	if inside < 23 {
		t.Errorf("90 %% intervals hold %d of 30", inside)
	}
	// What lies outside of all that was seen is kept within it.
	if p, err := m.Predict(made(rnd, 1), 0.9); err != nil || p.Life < 300 || p.Life > 2400 || !p.Beyond || p.Distance < 5 {
		t.Errorf("a cell like no other is predicted to last %+v, %v", p, err)
	}
	if rmse, relative := m.LeaveOneOut(); rmse < 1 || rmse > 150 || relative < 0.001 || relative > 0.15 {
		t.Errorf("left out, cells are predicted with an error of %v cycles, %v", rmse, relative)
	}
	// What is not compared may be missing.
	hole := made(rnd, 900)
	for _, row := range hole.Capacity {
		for k := range row {
			if !Compared(k) {
				row[k] = math.NaN()
			}
		}
	}
	if _, err := m.Predict(hole, 0.9); err != nil {
		t.Error(err)
	}
}

// TestLeaveOneOut: the formula gives what fitting without a row gives.
func TestLeaveOneOut(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	x, y := make([][]float64, 12), make([]float64, 12)
	for i := range x {
		x[i] = []float64{rnd.NormFloat64(), rnd.NormFloat64(), rnd.NormFloat64()}
		y[i] = x[i][0] - x[i][1] + 0.1*rnd.NormFloat64() + 5
	}
	r, left, err := fitRidge(x, y)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x {
		var restX [][]float64
		var restY []float64
		for k := range x {
			if k != i {
				restX, restY = append(restX, x[k]), append(restY, y[k])
			}
		}
		without, _, err := fitRidge(restX, restY)
		if err != nil {
			t.Fatal(err)
		}
		// The strength may be chosen differently without the row.
		if math.Abs(without.predict(x[i])-left[i]) > 0.03 {
			t.Errorf("row %d: %v by the formula, %v without it", i, left[i], without.predict(x[i]))
		}
	}
	if math.Abs(r.predict([]float64{1, 1, 0})-5) > 0.2 {
		t.Errorf("predicts %v, want about 5", r.predict([]float64{1, 1, 0}))
	}
}

func TestErrors(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	var cells []*Cell
	var lives []float64
	for range 12 {
		cells, lives = append(cells, made(rnd, 500)), append(lives, 400+100*rnd.Float64())
	}
	if _, err := Fit(cells[:5], lives[:5]); err == nil {
		t.Error("five cells are enough")
	}
	m, err := Fit(cells, lives)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*Cell{
		"nothing": {}, "few cycles": {Capacity: [][]float64{{1, 2}}}, "other voltages": {Capacity: cells[0].Capacity[:5]},
	} {
		if _, err := m.Predict(c, 0.9); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := m.Predict(cells[0], 1.5); err == nil {
		t.Error("a level of 1.5")
	}
	bad := made(rnd, 500)
	bad.Capacity[3][Late] = math.NaN()
	if _, err := Fit(append(cells, bad), append(lives, 500)); err == nil {
		t.Error("a capacity of NaN")
	}
	if _, err := Fit(cells, append(lives[:11:11], -1)); err == nil {
		t.Error("a life of -1")
	}
}

func BenchmarkFit(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var cells []*Cell
	var lives []float64
	for range 40 {
		life := 300 * math.Pow(8, rnd.Float64())
		cells, lives = append(cells, made(rnd, life)), append(lives, life)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Fit(cells, lives); err != nil {
			b.Fatal(err)
		}
	}
}
