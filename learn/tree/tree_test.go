package tree

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/learn/internal/wire"
)

// friedman returns n rows of the first problem of Friedman, Ann. Stat. 19
// (1991) 1: five features that matter and five that do not.
func friedman(n int, seed uint64) (x [][]float64, y []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for range n {
		row := make([]float64, 10)
		for j := range row {
			row[j] = rng.Float64()
		}
		x = append(x, row)
		y = append(y, 10*math.Sin(math.Pi*row[0]*row[1])+20*(row[2]-0.5)*(row[2]-0.5)+10*row[3]+5*row[4]+rng.NormFloat64())
	}
	return x, y
}

// explained returns the share of the variance of y that predictions explain.
func explained(predict func([]float64) float64, x [][]float64, y []float64) float64 {
	mean := 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	var left, all float64
	for i, v := range y {
		left += (predict(x[i]) - v) * (predict(x[i]) - v)
		all += (v - mean) * (v - mean)
	}
	return 1 - left/all
}

// TestFriedman asks for what good implementations reach with 1000 rows: the
// noise leaves 0.96 to be explained.
func TestFriedman(t *testing.T) {
	x, y := friedman(1000, 1)
	testX, testY := friedman(1000, 2)
	forest, err := Forest{Trees: 100, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	extra, err := Forest{Trees: 100, Extra: true, ColumnFraction: 1, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	boosted, err := Boosting{Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	median, err := Boosting{Loss: Absolute, Rate: 0.1, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		predict func([]float64) float64
		least   float64
	}{{"forest", forest.Predict, 0.83}, {"extra trees", extra.Predict, 0.87}, {"boosting", boosted.Predict, 0.9}, {"boosting of the median", median.Predict, 0.86}} {
		if got := explained(test.predict, testX, testY); got < test.least {
			t.Errorf("%s explains %.3f, want at least %.3f", test.name, got, test.least)
		}
	}
}

// TestQuantile checks that a tenth of unseen targets lie below the quantile 0.1.
func TestQuantile(t *testing.T) {
	x, y := friedman(2000, 3)
	m, err := Boosting{Loss: Quantile, Quantile: 0.1, Rounds: 150, MinLeaf: 20, Leaves: 8, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	testX, testY := friedman(2000, 4)
	below := 0.0
	for i, row := range testX {
		if testY[i] < m.Predict(row) {
			below += 1 / float64(len(testX))
		}
	}
	if below < 0.06 || below > 0.18 {
		t.Errorf("%.3f of the targets lie below the quantile 0.1", below)
	}
}

func TestLogistic(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var x [][]float64
	var y []float64
	for range 2000 {
		v := rng.Float64()
		c := 0.0
		if rng.Float64() < v {
			c = 1
		}
		x, y = append(x, []float64{v}), append(y, c)
	}
	m, err := Boosting{Loss: Logistic, Rounds: 100, MinLeaf: 50, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []float64{0.1, 0.5, 0.9} {
		if got := 1 / (1 + math.Exp(-m.Predict([]float64{p}))); math.Abs(got-p) > 0.1 {
			t.Errorf("probability %.2f at %.2f", got, p)
		}
	}
}

// TestMissing checks that missing values go where they belong.
func TestMissing(t *testing.T) {
	var x [][]float64
	var y []float64
	for i := range 90 {
		v := float64(i % 3)
		target := v
		if v == 2 {
			v, target = math.NaN(), 10
		}
		x, y = append(x, []float64{v}), append(y, target)
	}
	forest, err := Forest{Trees: 20, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	extra, err := Forest{Trees: 50, Extra: true, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	boosted, err := Boosting{Rate: 0.3, RowFraction: 1, ColumnFraction: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, predict := range []func([]float64) float64{forest.Predict, extra.Predict, boosted.Predict} {
		for _, test := range []struct{ x, want float64 }{{0, 0}, {1, 1}, {math.NaN(), 10}} {
			if got := predict([]float64{test.x}); math.Abs(got-test.want) > 0.1 {
				t.Errorf("%g is predicted %g, want %g", test.x, got, test.want)
			}
		}
	}
}

// TestMonotone checks that predictions never fall with a feature that must not
// lower them, although the targets sometimes do.
func TestMonotone(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var x [][]float64
	var y []float64
	for range 500 {
		row := []float64{rng.Float64(), rng.Float64()}
		x, y = append(x, row), append(y, row[0]+0.3*math.Sin(20*row[0])+row[1])
	}
	for _, sign := range []int8{1, -1} {
		for _, loss := range []Loss{Squared, Absolute} {
			m, err := Boosting{Loss: loss, Monotone: []int8{sign, 0}, ColumnFraction: 1, Seed: 1}.Fit(x, y, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []float64{0.2, 0.7} {
				last := m.Predict([]float64{0, other})
				for v := 0.01; v <= 1; v += 0.01 {
					now := m.Predict([]float64{v, other})
					if float64(sign)*(now-last) < -1e-6 {
						t.Fatalf("loss %d, sign %d: from %g to %g at %g", loss, sign, last, now, v)
					}
					last = now
				}
			}
		}
	}
}

// TestWeights checks that a weight of three is three rows.
func TestWeights(t *testing.T) {
	x := [][]float64{{0}, {0}, {1}, {1}}
	y := []float64{0, 4, 10, 20}
	w := []float64{3, 1, 1, 1}
	f, err := Forest{Trees: 1, Extra: true}.Fit(x, y, w)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Predict([]float64{0}); math.Abs(got-1) > 1e-6 {
		t.Errorf("weighted mean %g, want 1", got)
	}
	b, err := Boosting{Loss: Absolute, Rounds: 200, Rate: 0.3, MinLeaf: 1, RowFraction: 1, ColumnFraction: 1}.Fit(x, y, w)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Predict([]float64{0}); math.Abs(got) > 0.1 {
		t.Errorf("weighted median %g, want 0", got)
	}
}

// TestRepeatable checks that neither a second run nor the number of processors
// changes a prediction, and that a saved model predicts the same.
func TestRepeatable(t *testing.T) {
	x, y := friedman(300, 1)
	fit := func() (*Grove, *Boosted) {
		f, err := Forest{Trees: 20, Extra: true, Seed: 7}.Fit(x, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Boosting{Rounds: 20, Seed: 7}.Fit(x, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f, b
	}
	forest, boosted := fit()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, boostedAgain := fit()
	var w wire.Writer
	forest.Encode(&w)
	boosted.Encode(&w)
	r := wire.NewReader(w.Bytes())
	saved, boostedSaved := DecodeGrove(r), DecodeBoosted(r)
	if r.Err() != nil || r.Left() != 0 {
		t.Fatal(r.Err(), r.Left())
	}
	for _, row := range x {
		if v := forest.Predict(row); again.Predict(row) != v || saved.Predict(row) != v {
			t.Fatalf("%g, again %g, saved %g", v, again.Predict(row), saved.Predict(row))
		}
		if v := boosted.Predict(row); boostedAgain.Predict(row) != v || boostedSaved.Predict(row) != v {
			t.Fatalf("%g, again %g, saved %g", v, boostedAgain.Predict(row), boostedSaved.Predict(row))
		}
	}
}

func TestErrors(t *testing.T) {
	x, y := [][]float64{{1}, {2}}, []float64{1, 2}
	for _, test := range []struct {
		err  error
		want string
	}{
		{second(Forest{}.Fit(nil, nil, nil)), "no rows"},
		{second(Forest{}.Fit(x, y[:1], nil)), "1 targets"},
		{second(Forest{}.Fit([][]float64{{1}, {2, 3}}, y, nil)), "row 1 has 2 columns"},
		{second(Forest{}.Fit([][]float64{{1}, {math.Inf(1)}}, y, nil)), "infinite"},
		{second(Forest{}.Fit(x, []float64{1, math.NaN()}, nil)), "target 1"},
		{second(Forest{}.Fit(x, y, []float64{1, 0})), "weight 1"},
		{second(Forest{Trees: -1}.Fit(x, y, nil)), "out of range"},
		{second(Boosting{Leaves: 1}.Fit(x, y, nil)), "too small"},
		{second(Boosting{RowFraction: 2}.Fit(x, y, nil)), "fractions"},
		{second(Boosting{Loss: Quantile}.Fit(x, y, nil)), "quantile"},
		{second(Boosting{Loss: Logistic}.Fit(x, y, nil)), "class"},
		{second(Boosting{Monotone: []int8{1, 1}}.Fit(x, y, nil)), "monotone"},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("error %v, want one with %q", test.err, test.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestCut(t *testing.T) {
	for _, test := range []struct {
		values []float64
		parts  int
		want   []float64
	}{
		{nil, 4, nil},
		{[]float64{1, 1, 1}, 4, nil},
		{[]float64{1, 2, 4}, 4, []float64{1.5, 3}},
		{[]float64{1, 1, 1, 1, 2, 3}, 2, []float64{1.5}},
		{[]float64{1, 2, 3, 4, 5, 6}, 3, []float64{2.5, 4.5}},
	} {
		if got := cut(test.values, test.parts); !slices.Equal(got, test.want) {
			t.Errorf("cut(%v, %d) = %v, want %v", test.values, test.parts, got, test.want)
		}
	}
	if e := between(1, math.Nextafter(1, 2)); e != 1 {
		t.Errorf("between neighbours lies %g", e)
	}
}

// FuzzDecode checks that whatever is read as trees can be asked and written.
func FuzzDecode(f *testing.F) {
	x, y := friedman(30, 1)
	forest, err := Forest{Trees: 2, Seed: 7}.Fit(x, y, nil)
	if err != nil {
		f.Fatal(err)
	}
	var w wire.Writer
	forest.Encode(&w)
	f.Add(w.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		r := wire.NewReader(data)
		g := DecodeGrove(r)
		if r.Err() != nil || g.Columns() > 1000 {
			return
		}
		row := make([]float64, g.Columns())
		before := g.Predict(row)
		var w wire.Writer
		g.Encode(&w)
		again := DecodeGrove(wire.NewReader(w.Bytes()))
		if after := again.Predict(row); after != before && before == before {
			t.Fatalf("%g before, %g after", before, after)
		}
	})
}

func BenchmarkForest(b *testing.B) {
	x, y := friedman(2000, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Forest{Trees: 10, Extra: true, Seed: 1}).Fit(x, y, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBoosting(b *testing.B) {
	x, y := friedman(2000, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Boosting{Rounds: 50, Seed: 1}).Fit(x, y, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPredict(b *testing.B) {
	x, y := friedman(2000, 1)
	m, err := Boosting{Rounds: 120, Leaves: 16, Depth: 6, Seed: 1}.Fit(x, y, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		m.Predict(x[i%len(x)])
		i++
	}
}
