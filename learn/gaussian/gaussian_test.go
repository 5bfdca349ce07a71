package gaussian

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Observations and places to predict, used with kernels of known parameters.
var (
	smallX = [][]float64{{0, 0}, {.3, 1.1}, {.9, .2}, {1.4, 1.8}, {2.0, .7}, {2.6, 1.5}, {3.1, .1}, {3.3, 2.0}}
	smallY = []float64{1.2, 2.9, 1.7, 4.4, 0.3, -1.1, -0.4, 2.2}
	smallT = [][]float64{{0.5, 0.5}, {1.7, 1.2}, {5, 5}, {0.9, 0.2}}
)

// smallTheta are a variance of 1.3, length scales of 0.7 and 1.9, and a noise
// variance of 0.05.
var smallTheta = []float64{math.Log(1.3), math.Log(0.7), math.Log(1.9), math.Log(0.05)}

// TestScikitLearn compares with numbers of scikit-learn 1.9.1. There, the
// outcomes were standardised, the kernel was ConstantKernel(1.3) *
// Matern([.7, 1.9], nu) (or RBF) + ConstantKernel(1e7), which stands for the
// unknown mean, and GaussianProcessRegressor had alpha=0.05+1e-6 and
// optimizer=None. The restricted likelihood was computed with numpy from the
// matrix of that kernel; each point was left out by fitting without it.
func TestScikitLearn(t *testing.T) {
	for _, test := range []struct {
		shape           Shape
		mean, variance  []float64
		likelihood      float64
		looMean, looVar []float64
	}{
		{Matern52,
			[]float64{2.178145, 2.399708, 1.650521, 1.781350}, []float64{0.443941, 0.471050, 4.782055, 0.133561}, -11.22734774,
			[]float64{2.25127, 1.64043, 3.06841, 1.31459, 1.03019, 0.67379, 0.79514, -0.06091},
			[]float64{2.25666, 1.78394, 2.38868, 2.55220, 2.16312, 1.92227, 2.75614, 2.76498}},
		{Matern32,
			[]float64{2.216186, 2.341722, 1.608547, 1.764297}, []float64{0.687968, 0.742053, 4.737055, 0.134252}, -11.20093833,
			[]float64{2.23808, 1.63975, 2.87796, 1.21974, 1.15264, 0.79153, 0.85573, -0.00915},
			[]float64{2.51073, 2.05544, 2.60161, 2.76602, 2.43564, 2.19662, 2.92597, 2.97049}},
		{SquaredExponential,
			[]float64{2.066279, 2.360208, 1.781544, 1.833851}, []float64{0.183992, 0.187431, 4.863960, 0.131288}, -11.40031708,
			[]float64{2.16521, 1.69016, 3.47384, 1.66021, 0.60551, 0.50312, 0.63196, -0.15463},
			[]float64{1.78200, 1.30329, 1.88187, 2.00672, 1.49490, 1.30865, 2.37306, 2.23214}},
	} {
		p := fit(t, smallX, smallY, Scaled{Stationary{Shape: test.shape, Columns: Columns(0, 2)}}, Options{Start: smallTheta, Steps: -1})
		mean, variance := predict(t, p, smallT)
		near(t, "mean", mean, test.mean, 2e-5)
		near(t, "variance", variance, test.variance, 2e-5)
		near(t, "likelihood", []float64{p.LogLikelihood()}, []float64{test.likelihood}, 1e-7)
		looMean, looVar, err := p.LeaveOneOut()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "left out", looMean, test.looMean, 1e-4)
		near(t, "left out variance", looVar, test.looVar, 1e-4)
	}
}

// TestTwoPoints compares with ordinary kriging of two points by hand: with
// correlation c between them and r to the place asked for, each has weight
// (1 ± (r1-r2)/(1+σ²-c))/2.
func TestTwoPoints(t *testing.T) {
	p := fit(t, [][]float64{{0}, {1}}, []float64{-1, 3}, Stationary{Shape: SquaredExponential, Columns: []int{0}},
		Options{Start: []float64{0, math.Log(0.1 - noiseFloor)}, Steps: -1})
	r1, r2, c := math.Exp(-0.3*0.3/2), math.Exp(-0.7*0.7/2), math.Exp(-0.5)
	w := (1 + (r1-r2)/(1+0.1-c)) / 2
	mean, variance := predict(t, p, [][]float64{{0.3}})
	near(t, "mean", mean, []float64{-1*w + 3*(1-w)}, 1e-9)
	// The outcomes have variance 4, and the error is w f1 + (1-w) f2 - f.
	square := w*w + (1-w)*(1-w)
	near(t, "variance", variance, []float64{4 * (1 + square*1.1 + 2*w*(1-w)*c - 2*w*r1 - 2*(1-w)*r2)}, 1e-9)
}

func TestKernelGradients(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	x := inputs(rnd, 6)
	for name, k := range kernels() {
		theta := make([]float64, k.Len())
		for i := range theta {
			theta[i] = 0.5 * rnd.NormFloat64()
		}
		grad := make([]float64, k.Len())
		for _, a := range x {
			for _, b := range x {
				value := k.Bind(theta).Gradient(a, b, grad)
				if at := k.Bind(theta).At(a, b); math.Abs(at-value) > 1e-14 {
					t.Fatalf("%s: At gives %v, Gradient %v", name, at, value)
				}
				if back := k.Bind(theta).At(b, a); back != k.Bind(theta).At(a, b) {
					t.Fatalf("%s is not symmetric", name)
				}
				near(t, name, grad, differences(theta, func(theta []float64) float64 { return k.Bind(theta).At(a, b) }), 1e-8)
			}
		}
	}
}

func TestLossGradient(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	x := inputs(rnd, 20)
	z, row := make([]float64, len(x)), make([]float64, len(x))
	for i := range z {
		z[i], row[i] = rnd.NormFloat64(), rnd.Float64()/10
	}
	for name, k := range kernels() {
		priors, err := k.Priors(x)
		if err != nil {
			t.Fatal(err)
		}
		if len(priors) != k.Len() {
			t.Fatalf("%s: %d priors, %d parameters", name, len(priors), k.Len())
		}
		l := &likelihood{kernel: k, priors: append(priors, noisePrior), x: x, z: z, row: row}
		theta := make([]float64, len(l.priors))
		for i, p := range l.priors {
			theta[i] = p.Mean + 0.3*rnd.NormFloat64()
		}
		grad := make([]float64, len(theta))
		l.loss(theta, grad)
		near(t, name, grad, differences(theta, func(theta []float64) float64 { return l.loss(theta, nil) }), 1e-5)
	}
}

func TestCondition(t *testing.T) {
	k := Scaled{Stationary{Columns: Columns(0, 2)}}
	for _, exactly := range []int{100, 3} {
		o := Options{Start: smallTheta, Steps: -1, Exact: exactly, Inducing: 4}
		whole := fit(t, smallX, smallY, k, o)
		first := fit(t, smallX[:5], smallY[:5], k, o)
		grown, err := first.Condition(smallX[5:], smallY[5:])
		if err != nil {
			t.Fatal(err)
		}
		if grown.Len() != 8 || first.Len() != 5 || grown.Sparse() != (exactly == 3) {
			t.Fatalf("%d observations, sparse: %v", grown.Len(), grown.Sparse())
		}
		// The processes standardise differently, so only their shapes agree
		// unless the units are made equal.
		whole.center, whole.unit = first.center, first.unit
		for i, y := range smallY {
			whole.z[i] = (y - first.center) / first.unit
		}
		if err := whole.solve(); err != nil {
			t.Fatal(err)
		}
		wantMean, wantVariance := predict(t, whole, smallT)
		mean, variance := predict(t, grown, smallT)
		near(t, "mean", mean, wantMean, 1e-9)
		near(t, "variance", variance, wantVariance, 1e-9)
	}
}

// TestMean: the mean alone is that of the process, also when it is made again
// from its numbers.
func TestMean(t *testing.T) {
	k := Scaled{Stationary{Columns: Columns(0, 2)}}
	p := fit(t, smallX, smallY, k, Options{Start: smallTheta, Steps: -1})
	m, err := p.Mean()
	if err != nil {
		t.Fatal(err)
	}
	again := &Mean{Parameters: m.Parameters, X: m.X, Weights: m.Weights, Constant: m.Constant}
	if err := again.Bind(k); err != nil {
		t.Fatal(err)
	}
	want, _ := predict(t, p, smallT)
	for i, x := range smallT {
		near(t, "mean", []float64{m.At(x), again.At(x)}, []float64{want[i], want[i]}, 1e-9)
	}
	again.Weights = again.Weights[1:]
	if again.Bind(k) == nil {
		t.Error("weights that do not fit: no error")
	}
	if _, err := fit(t, smallX, smallY, k, Options{Start: smallTheta, Steps: -1, Exact: 4}).Mean(); err == nil {
		t.Error("a sparse process has no mean of this form")
	}
}

// TestSampleOfObservations: parameters that are found from a part of the
// observations are those of a fit to that part alone.
func TestSampleOfObservations(t *testing.T) {
	k := Scaled{Stationary{Columns: Columns(0, 2)}}
	p := fit(t, smallX, smallY, k, Options{Sample: 4})
	l := &likelihood{kernel: k, x: smallX, z: p.z}
	l.priors, _ = k.Priors(smallX)
	l.priors = append(l.priors, noisePrior)
	near(t, "parameters", p.Parameters(), l.sample(4).maximise(Options{Steps: 50}), 1e-12)
	if p.Len() != len(smallX) || p.Sparse() {
		t.Errorf("%d observations, sparse: %v", p.Len(), p.Sparse())
	}
}

// TestSparseLimit: with every observation an inducing point, the approximation
// is exact.
func TestSparseLimit(t *testing.T) {
	k := Scaled{Stationary{Columns: Columns(0, 2)}}
	exactly := fit(t, smallX, smallY, k, Options{Start: smallTheta, Steps: -1})
	sparsely := fit(t, smallX, smallY, k, Options{Start: smallTheta, Steps: -1, Exact: 4})
	if !sparsely.Sparse() || exactly.Sparse() {
		t.Fatal("which is sparse?")
	}
	wantMean, wantVariance := predict(t, exactly, smallT)
	mean, variance := predict(t, sparsely, smallT)
	near(t, "mean", mean, wantMean, 1e-4)
	// The sparse variance leaves out that of the constant mean, which matters
	// far away from the observations only.
	near(t, "variance", []float64{variance[0], variance[1], variance[3]}, []float64{wantVariance[0], wantVariance[1], wantVariance[3]}, 0.02)
	if !math.IsNaN(sparsely.LogLikelihood()) {
		t.Error("a sparse process has no likelihood")
	}
	if _, _, err := sparsely.LeaveOneOut(); err == nil {
		t.Error("a sparse process leaves none out")
	}
}

func TestSparseManyObservations(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	f := func(x []float64) float64 { return 10 + math.Sin(3*x[0])*x[1] }
	x, y := make([][]float64, 3000), make([]float64, 3000)
	for i := range x {
		x[i] = []float64{rnd.Float64(), rnd.Float64()}
		y[i] = f(x[i]) + 0.05*rnd.NormFloat64()
	}
	p := fit(t, x, y, Scaled{Stationary{Columns: Columns(0, 2)}}, Options{Exact: 400, Inducing: 60})
	if !p.Sparse() {
		t.Fatal("not sparse")
	}
	if n := math.Sqrt(p.Noise()); n < 0.04 || n > 0.06 {
		t.Errorf("the noise is %.3f, estimated as %.3f", 0.05, n)
	}
	mean, _ := predict(t, p, x[:200])
	for i, m := range mean {
		if math.Abs(m-f(x[i])) > 0.05 {
			t.Fatalf("f(%v) = %.3f, predicted %.3f", x[i], f(x[i]), m)
		}
	}
}

func TestFitFindsWhatMatters(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	x, y := make([][]float64, 60), make([]float64, 60)
	for i := range x {
		x[i] = []float64{rnd.Float64(), 100 * rnd.Float64(), rnd.Float64()}
		y[i] = 1e4 * (math.Sin(6*x[i][0]) + 0.01*x[i][1])
	}
	p := fit(t, x, y, Scaled{Stationary{Columns: Columns(0, 3)}}, Options{Restarts: 2, Rand: rand.New(rand.NewPCG(9, 9))})
	theta := p.Parameters()
	if theta[1] > theta[3] || theta[2]-math.Log(100) > theta[3] {
		t.Errorf("the third input matters most: length scales %.3v", []float64{math.Exp(theta[1]), math.Exp(theta[2]) / 100, math.Exp(theta[3])})
	}
	again := fit(t, x, y, Scaled{Stationary{Columns: Columns(0, 3)}}, Options{Restarts: 2, Rand: rand.New(rand.NewPCG(9, 9))})
	if !slices.Equal(theta, again.Parameters()) {
		t.Error("the same seed gives another fit")
	}
	mean, _ := predict(t, p, [][]float64{{0.5, 50, 0.1}})
	if want := 1e4 * (math.Sin(3) + 0.5); math.Abs(mean[0]-want) > 300 {
		t.Errorf("predicted %.0f, want %.0f", mean[0], want)
	}
}

// TestCoverage: intervals hold what they promise for functions drawn from the
// kernel when the parameters are known. Fitted to 30 observations they hold
// less, as the parameters are taken for known, but not much.
func TestCoverage(t *testing.T) {
	rnd := rand.New(rand.NewPCG(10, 11))
	k := Scaled{Stationary{Columns: Columns(0, 2), Spans: []float64{1, 1}}}
	known := func(unit float64) Options {
		u := unit * unit
		return Options{Start: []float64{-math.Log(u), math.Log(0.4), math.Log(0.8), math.Log(0.05 / u)}, Steps: -1}
	}
	var inside [2]int
	n := 0
	for range 30 {
		x := make([][]float64, 60)
		for i := range x {
			x[i] = []float64{rnd.Float64(), rnd.Float64()}
		}
		f, err := fit(t, [][]float64{{9, 9}}, []float64{0}, k, known(1)).Sample(x, 1, rnd)
		if err != nil {
			t.Fatal(err)
		}
		y := f[0]
		for i := range y {
			y[i] += math.Sqrt(0.05) * rnd.NormFloat64()
		}
		n += 30
		fitted := fit(t, x[:30], y[:30], k, Options{})
		for j, p := range []*Process{fit(t, x[:30], y[:30], k, known(fitted.unit)), fitted} {
			mean, variance := predict(t, p, x[30:])
			for i, m := range mean {
				if math.Abs(y[30+i]-m) < 1.645*math.Sqrt(variance[i]+p.Noise()) {
					inside[j]++
				}
			}
		}
	}
	for j, low := range []float64{0.88, 0.8} {
		if share := float64(inside[j]) / float64(n); share < low || share > 0.93 {
			t.Errorf("90 %% intervals hold %.1f %% of %d", 100*share, n)
		}
	}
}

func TestSample(t *testing.T) {
	p := fit(t, smallX, smallY, Scaled{Stationary{Columns: Columns(0, 2)}}, Options{Start: smallTheta, Steps: -1})
	x := append(smallT[:2:2], smallT[0]) // one place twice
	samples, err := p.Sample(x, 4000, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	wantMean, wantVariance := predict(t, p, x)
	for i := range x {
		mean, square := 0.0, 0.0
		for _, s := range samples {
			mean += s[i] / float64(len(samples))
			square += s[i] * s[i] / float64(len(samples))
		}
		if math.Abs(mean-wantMean[i]) > 0.05 || math.Abs(square-mean*mean-wantVariance[i]) > 0.05 {
			t.Errorf("place %d: mean %.3f, variance %.3f; want %.3f, %.3f", i, mean, square-mean*mean, wantMean[i], wantVariance[i])
		}
	}
	if math.Abs(samples[0][0]-samples[0][2]) > 1e-3 {
		t.Error("a function has two values at one place")
	}
}

func TestHardData(t *testing.T) {
	k := Scaled{Stationary{Columns: []int{0}}}
	for name, test := range map[string]struct {
		x [][]float64
		y []float64
	}{
		"one":         {[][]float64{{1}}, []float64{5}},
		"equal rows":  {[][]float64{{1}, {1}, {1}, {1}}, []float64{1, 2, 3, 4}},
		"equal y":     {[][]float64{{1}, {2}, {3}}, []float64{7, 7, 7}},
		"huge":        {[][]float64{{1}, {2}, {3}}, []float64{1e300, -1e300, 1e299}},
		"tiny":        {[][]float64{{1e-300}, {2e-300}, {3e-300}}, []float64{1e-300, 2e-300, 3e-300}},
		"all close":   {[][]float64{{1}, {1 + 1e-12}, {1 + 2e-12}, {5}}, []float64{0, 1e-9, -1e-9, 1}},
		"huge inputs": {[][]float64{{1e200}, {-1e200}, {0}}, []float64{1, 2, 3}},
	} {
		p, err := Fit(test.x, test.y, k, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		mean, variance := predict(t, p, append(test.x, []float64{2.5}))
		for i := range mean {
			if math.IsNaN(mean[i]) || math.IsNaN(variance[i]) || variance[i] < 0 {
				t.Errorf("%s: mean %v, variance %v", name, mean[i], variance[i])
			}
		}
	}
	for name, err := range map[string]error{
		"nothing":         fails(nil, nil, k, Options{}),
		"lengths":         fails(smallX, smallY[1:], k, Options{}),
		"ragged":          fails([][]float64{{1}, {1, 2}}, []float64{1, 2}, k, Options{}),
		"NaN input":       fails([][]float64{{math.NaN()}}, []float64{1}, k, Options{}),
		"infinite":        fails([][]float64{{1}}, []float64{math.Inf(1)}, k, Options{}),
		"column":          fails(smallX, smallY, Stationary{Columns: []int{2}}, Options{}),
		"negative column": fails(smallX, smallY, Stationary{Columns: []int{-1}}, Options{}),
		"no columns":      fails(smallX, smallY, Stationary{}, Options{}),
		"spans":           fails(smallX, smallY, Stationary{Columns: []int{0}, Spans: []float64{1, 2}}, Options{}),
		"start":           fails(smallX, smallY, k, Options{Start: []float64{1}}),
		"no random":       fails(smallX, smallY, k, Options{Restarts: 1}),
		"variances":       fails(smallX, smallY, k, Options{Variances: []float64{1}}),
		"bad variance":    fails(smallX[:1], smallY[:1], k, Options{Variances: []float64{-1}}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestKnownNoise: an outcome known to be bad counts less.
func TestKnownNoise(t *testing.T) {
	x, y := [][]float64{{0}, {0}, {1}, {2}}, []float64{0, 10, 1, 2}
	k := Stationary{Columns: []int{0}}
	o := Options{Start: []float64{0, -6}, Steps: -1}
	plain, _ := predict(t, fit(t, x, y, k, o), x[:1])
	o.Variances = []float64{0, 1e4, 0, 0}
	told, _ := predict(t, fit(t, x, y, k, o), x[:1])
	if math.Abs(plain[0]-5) > 0.5 || math.Abs(told[0]) > 0.1 {
		t.Errorf("predicted %.2f, and %.2f where the second is known to be bad", plain[0], told[0])
	}
}

func TestTanimoto(t *testing.T) {
	cov := Tanimoto{Columns: Columns(1, 5)}.Bind(nil)
	for _, test := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{9, 1, 1, 0, 0}, []float64{0, 1, 0, 1, 0}, 1. / 3}, {[]float64{9, 0, 0, 0, 0}, []float64{0, 0, 0, 0, 0}, 1},
		{[]float64{9, 2, 0, 0, 3}, []float64{0, 1, 0, 0, 4}, 4. / 6}, {[]float64{9, 2, 0, 0, 0}, []float64{0, 0, 1, 0, 0}, 0},
	} {
		if got := cov.At(test.a, test.b); math.Abs(got-test.want) > 1e-15 {
			t.Errorf("Tanimoto of %v and %v: %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// kernels returns one of each kind for inputs.
func kernels() map[string]Kernel {
	return map[string]Kernel{
		"Matérn 5/2": Stationary{Shape: Matern52, Columns: Columns(0, 2)},
		"Matérn 3/2": Stationary{Shape: Matern32, Columns: Columns(0, 2)},
		"squared":    Stationary{Shape: SquaredExponential, Columns: Columns(0, 2)},
		"isotropic":  Stationary{Columns: Columns(0, 2), Isotropic: true},
		"category":   Categorical{Columns: Columns(2, 4)},
		"one weight": Categorical{Columns: Columns(2, 4), Isotropic: true},
		"Tanimoto":   Scaled{Tanimoto{Columns: Columns(4, 8)}},
		"sum":        Sum{Scaled{Stationary{Columns: []int{1}}}, Scaled{Categorical{Columns: []int{2}}}},
		"mixed": Scaled{Sum{
			Product{Stationary{Columns: Columns(0, 2)}, Categorical{Columns: Columns(2, 4)}},
			Product{Tanimoto{Columns: Columns(4, 8)}, Scaled{Stationary{Columns: []int{0}}}},
		}},
	}
}

// inputs returns n rows of two numbers, two categories and four counts.
func inputs(rnd *rand.Rand, n int) [][]float64 {
	x := make([][]float64, n)
	for i := range x {
		x[i] = []float64{rnd.Float64(), rnd.Float64(), float64(rnd.IntN(3)), float64(rnd.IntN(2))}
		for range 4 {
			x[i] = append(x[i], float64(rnd.IntN(3)))
		}
	}
	return x
}

// differences returns the gradient of f by central differences.
func differences(theta []float64, f func([]float64) float64) []float64 {
	const step = 1e-5
	grad := make([]float64, len(theta))
	for i := range theta {
		up, down := slices.Clone(theta), slices.Clone(theta)
		up[i] += step
		down[i] -= step
		grad[i] = (f(up) - f(down)) / (2 * step)
	}
	return grad
}

func fit(t testing.TB, x [][]float64, y []float64, k Kernel, o Options) *Process {
	t.Helper()
	p, err := Fit(x, y, k, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func fails(x [][]float64, y []float64, k Kernel, o Options) error {
	_, err := Fit(x, y, k, o)
	return err
}

func predict(t testing.TB, p *Process, x [][]float64) (mean, variance []float64) {
	t.Helper()
	mean, variance = make([]float64, len(x)), make([]float64, len(x))
	if err := p.Predict(x, mean, variance); err != nil {
		t.Fatal(err)
	}
	return mean, variance
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}

func BenchmarkFit(b *testing.B) {
	for _, n := range []int{50, 200, 800} {
		x, y := problem(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fit(b, x, y, Scaled{Stationary{Columns: Columns(0, 5)}}, Options{})
			}
		})
	}
}

// BenchmarkPredict predicts 1000 inputs from 200 observations.
func BenchmarkPredict(b *testing.B) {
	x, y := problem(1200)
	p := fit(b, x[:200], y[:200], Scaled{Stationary{Columns: Columns(0, 5)}}, Options{})
	b.ReportAllocs()
	for b.Loop() {
		predict(b, p, x[200:])
	}
}

// BenchmarkCondition adds one observation to 200.
func BenchmarkCondition(b *testing.B) {
	x, y := problem(201)
	p := fit(b, x[:200], y[:200], Scaled{Stationary{Columns: Columns(0, 5)}}, Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Condition(x[200:], y[200:]); err != nil {
			b.Fatal(err)
		}
	}
}

func problem(n int) ([][]float64, []float64) {
	rnd := rand.New(rand.NewPCG(1, 2))
	x, y := make([][]float64, n), make([]float64, n)
	for i := range x {
		for range 5 {
			x[i] = append(x[i], rnd.Float64())
		}
		y[i] = math.Sin(4*x[i][0]) + x[i][1]*x[i][2] + 0.1*rnd.NormFloat64()
	}
	return x, y
}
