package learn

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/learn/composition"
	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/tree"
)

// made returns a table of n made-up values: of binary compounds at some
// temperature, the difference in electronegativity with a slope in temperature
// and noise.
func made(n int, seed uint64) *Table {
	rng := rand.New(rand.NewPCG(seed, 1))
	metals := []string{"Li", "Na", "K", "Mg", "Ca", "Al", "Ti", "Fe", "Zn", "Ag"}
	others := []string{"O", "S", "Se", "N", "Cl", "F"}
	t := &Table{Property: "made", Unit: "eV", Inputs: []Input{{"composition", Composition}, {"temperature", Number}, {"method", Category}}}
	for i := range n {
		a, b := metals[rng.IntN(len(metals))], others[rng.IntN(len(others))]
		temperature := float64(100 * (1 + rng.IntN(5)))
		ea, _ := chem.BySymbol(a)
		eb, _ := chem.BySymbol(b)
		v := 3 + eb.Electronegativity() - ea.Electronegativity() - temperature/500 + 0.05*rng.NormFloat64()
		method := []string{"optical", "Transport"}[rng.IntN(2)]
		t.Rows = append(t.Rows, Row{Inputs: []string{fmt.Sprintf("%s%d%s%d", a, 1+rng.IntN(2), b, 1+rng.IntN(3)), fmt.Sprint(temperature), method}, Value: v, Source: fmt.Sprintf("made:%d", i+2)})
	}
	return t
}

// quick is a budget in which only trees have room.
const quick = 1e-9

func train(t testing.TB, table *Table, s Settings) *Predictor {
	t.Helper()
	p, err := Train(t.Context(), table, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTrain checks error, intervals and neighbours on unseen rows, and that a
// saved predictor says the same.
func TestTrain(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds; not with -short")
	}
	p := train(t, made(240, 1), Settings{Budget: 4, Folds: 4, Curve: true})
	unseen := made(200, 2)
	var off, inside float64
	for _, r := range unseen.Rows {
		q, err := p.Predict(r.Inputs, 0.9, 3)
		if err != nil {
			t.Fatal(err)
		}
		off += math.Abs(q.Value-r.Value) / 200
		if q.Low <= r.Value && r.Value <= q.High {
			inside += 1.0 / 200
		}
		if len(q.Nearest) != 3 || q.Nearest[0].Distance > q.Nearest[2].Distance || !(q.Spread > 0) {
			t.Fatalf("neighbours %+v, spread %g", q.Nearest, q.Spread)
		}
	}
	if r := p.Report; off > 0.25 || r.Error.MAE > 0.25 || r.Dummy.MAE < 0.5 || r.Error.R2 < 0.9 {
		t.Errorf("unseen rows are off by %g, cross-validated by %+v, a dummy by %+v", off, r.Error, r.Dummy)
	}
	if inside < 0.82 || inside > 0.99 {
		t.Errorf("%.3f of the values lie in intervals of 0.9", inside)
	}
	if c := p.Report.Curve; len(c) < 3 || c[0].Error < c[len(c)-1].Error {
		t.Errorf("learning curve %v", c)
	}
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		t.Fatal(err)
	}
	saved, err := Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	a, b := p.Screener(0.9), saved.Screener(0.9)
	for _, r := range unseen.Rows[:20] {
		x, _ := p.Predict(r.Inputs, 0.8, 1)
		y, err := saved.Predict(r.Inputs, 0.8, 1)
		if err != nil || math.Abs(x.Value-y.Value) > 1e-9 || math.Abs(x.Low-y.Low) > 1e-9 || x.Outside != y.Outside || x.Nearest[0].Source != y.Nearest[0].Source {
			t.Fatalf("%v: %+v, saved %+v, %v", r.Inputs, x, y, err)
		}
		v, low, high, err := a.Predict(r.Inputs)
		w, _, _, _ := b.Predict(r.Inputs)
		if err != nil || v != w || !(low < v && v < high) || math.Abs(v-r.Value) > 1 {
			t.Fatalf("%v: screened %g (%g to %g), saved %g, value %g, %v", r.Inputs, v, low, high, w, r.Value, err)
		}
	}
}

// TestRepeatable checks that two trainings give the same file.
func TestRepeatable(t *testing.T) {
	var files [2]bytes.Buffer
	for i := range files {
		if err := train(t, made(60, 1), Settings{Budget: 2, Folds: 3, Seed: 5}).Write(&files[i]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("two trainings differ")
	}
}

// TestOutside checks what is said of subjects that are unlike the training data.
func TestOutside(t *testing.T) {
	p := train(t, made(60, 1), Settings{Budget: quick, Folds: 3})
	for _, test := range []struct {
		inputs []string
		want   string
	}{
		{[]string{"MgO", "300", "optical"}, ""},
		{[]string{"MgO", "", "optical"}, ""},
		{[]string{"UO2", "300", "optical"}, "no uranium"},
		{[]string{"MgO", "900", "optical"}, "temperature 900 lies outside of 100 to 500"},
		{[]string{"MgO", "300", "guess"}, `method "guess" was never seen`},
		{[]string{"Hg", "300", "optical"}, "far from all"},
	} {
		q, err := p.Predict(test.inputs, 0.9, 1)
		if err != nil {
			t.Fatal(err)
		}
		if (test.want == "") != (q.Outside == "") || !strings.Contains(q.Outside, test.want) {
			t.Errorf("%v: %q, want %q", test.inputs, q.Outside, test.want)
		}
	}
	for _, test := range []struct {
		inputs []string
		want   string
	}{
		{[]string{"MgO"}, "1 inputs, want 3"},
		{[]string{"hello", "300", "optical"}, "composition: "},
		{[]string{"MgO", "warm", "optical"}, `temperature: "warm" is no number`},
	} {
		if _, err := p.Predict(test.inputs, 0.9, 1); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: error %v, want %q", test.inputs, err, test.want)
		}
	}
	if _, err := p.Predict([]string{"MgO", "300", "optical"}, 1, 1); err == nil {
		t.Error("a level of 1 is taken")
	}
}

// TestDropped checks the account of rows that are not learned from.
func TestDropped(t *testing.T) {
	table := made(60, 1)
	bad := func(inputs []string, v float64) {
		table.Rows = append(table.Rows, Row{Inputs: inputs, Value: v, Source: "bad"})
	}
	bad([]string{"nothing", "300", "optical"}, 1)
	bad([]string{"MgO", "x", "optical"}, 1)
	bad([]string{"MgO", "300", "optical"}, math.NaN())
	table.Rows = append(table.Rows, table.Rows[0])
	// The same compound, written otherwise, with a value far off.
	bad([]string{"K4O2", "300", "optical"}, 1)
	bad([]string{"K2O", "300", "optical"}, 5)
	p := train(t, table, Settings{Budget: quick, Folds: 3})
	r := p.Report
	if r.Rows != 66 || r.Used != 62 || r.Repeated != 1 || len(r.Dropped) != 3 {
		t.Errorf("%d rows, %d used, %d repeated, dropped %v", r.Rows, r.Used, r.Repeated, r.Dropped)
	}
	if len(r.Conflicts) != 1 || !slices.Equal(r.Conflicts[0].Values, []float64{1, 5}) {
		t.Errorf("conflicts %v", r.Conflicts)
	}
}

// TestBounds checks that bounds move predictions to their side: of values cut
// off at 3, what lies beyond is predicted above what it is without the bounds'
// meaning.
func TestBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds; not with -short")
	}
	cut, plain := made(200, 1), made(200, 1)
	for i := range cut.Rows {
		if cut.Rows[i].Value > 4 {
			cut.Rows[i].Value, cut.Rows[i].Bound = 4, AtLeast
			plain.Rows[i].Value = 4
		}
	}
	s := Settings{Budget: quick, Folds: 4}
	with, without := train(t, cut, s), train(t, plain, s)
	if with.Report.Bounds == 0 {
		t.Fatal("no bounds")
	}
	var sumWith, sumWithout, truth, n float64
	for i, r := range made(200, 1).Rows {
		if cut.Rows[i].Bound == Exact {
			continue
		}
		a, err := with.Predict(r.Inputs, 0.9, 1)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := without.Predict(r.Inputs, 0.9, 1)
		sumWith, sumWithout, truth, n = sumWith+a.Value, sumWithout+b.Value, truth+r.Value, n+1
	}
	if !(sumWith > sumWithout && math.Abs(sumWith-truth) < math.Abs(sumWithout-truth)) {
		t.Errorf("mean %g with bounds, %g without, truly %g", sumWith/n, sumWithout/n, truth/n)
	}
}

func TestBeyond(t *testing.T) {
	// The mean of a standard normal distribution above 0 is √(2/π).
	if got := beyond(0, 1, 0, AtLeast); math.Abs(got-math.Sqrt(2/math.Pi)) > 1e-12 {
		t.Errorf("above 0: %g", got)
	}
	if got := beyond(5, 2, 5, AtMost); math.Abs(got-(5-2*math.Sqrt(2/math.Pi))) > 1e-12 {
		t.Errorf("below the mean: %g", got)
	}
	if got := beyond(0, 1, 50, AtLeast); got != 50 {
		t.Errorf("far above: %g", got)
	}
	if got := beyond(10, 1, 0, AtLeast); math.Abs(got-10) > 1e-9 {
		t.Errorf("a bound that says nothing gives %g", got)
	}
}

// TestClasses checks probabilities of classes.
func TestClasses(t *testing.T) {
	table := made(200, 1)
	for i := range table.Rows {
		if table.Rows[i].Value > 3.5 {
			table.Rows[i].Value = 1
		} else {
			table.Rows[i].Value = 0
		}
	}
	p := train(t, table, Settings{Classes: true, Budget: 3, Folds: 3})
	if e := p.Report.Error; e.AUC < 0.9 || e.LogLoss > p.Report.Dummy.LogLoss {
		t.Errorf("%+v", e)
	}
	q, err := p.Predict(table.Rows[0].Inputs, 0.9, 1)
	if err != nil || q.Value < 0 || q.Value > 1 {
		t.Errorf("%+v, %v", q, err)
	}
	table.Rows[0].Value = 0.5
	if p := train(t, table, Settings{Classes: true, Budget: quick, Folds: 3}); len(p.Report.Dropped) != 1 {
		t.Errorf("dropped %v", p.Report.Dropped)
	}
}

// TestLog checks that the logarithm is learned and undone.
func TestLog(t *testing.T) {
	table := made(100, 1)
	for i := range table.Rows {
		table.Rows[i].Value = math.Pow(10, table.Rows[i].Value)
	}
	table.Rows = append(table.Rows, Row{Inputs: []string{"MgO", "300", "optical"}, Value: 0, Source: "zero"})
	p := train(t, table, Settings{Log: true, Budget: quick, Folds: 3})
	r := table.Rows[0]
	q, err := p.Predict(r.Inputs, 0.9, 1)
	if err != nil || math.Abs(math.Log10(q.Value)-math.Log10(r.Value)) > 0.6 || !(0 < q.Low && q.Low < q.Value && q.Value < q.High) {
		t.Errorf("%g predicted %+v, %v", r.Value, q, err)
	}
	if len(p.Report.Dropped) != 1 {
		t.Errorf("dropped %v", p.Report.Dropped)
	}
}

func TestTrainErrors(t *testing.T) {
	equal := made(60, 1)
	for i := range equal.Rows {
		equal.Rows[i].Value = 1
	}
	for _, test := range []struct {
		table *Table
		s     Settings
		want  string
	}{
		{made(10, 1), Settings{}, "10 of 10 rows can be used"},
		{equal, Settings{}, "all values are equal"},
		{&Table{}, Settings{}, "inputs"},
		{&Table{Inputs: []Input{{"a", Number}}, Rows: []Row{{Source: "x:2"}}}, Settings{}, "x:2: 0 inputs, want 1"},
		{made(60, 1), Settings{Folds: 1}, "1 folds"},
		{made(60, 1), Settings{Loss: 9}, "unknown loss"},
	} {
		if _, err := Train(t.Context(), test.table, test.s); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want %q", err, test.want)
		}
	}
}

// TestFolds checks that folds are even and divide no group.
func TestFolds(t *testing.T) {
	var groups []string
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		groups = append(groups, fmt.Sprint(rng.IntN(150)))
	}
	fold := Folds(groups, 5, 3)
	sizes := make([]int, 5)
	of := map[string]int{}
	for i, g := range groups {
		if f, ok := of[g]; ok && f != fold[i] {
			t.Fatalf("group %s lies in folds %d and %d", g, f, fold[i])
		}
		of[g] = fold[i]
		sizes[fold[i]]++
	}
	if slices.Max(sizes)-slices.Min(sizes) > 10 {
		t.Errorf("folds of %v rows", sizes)
	}
	if slices.Equal(fold, Folds(groups, 5, 4)) {
		t.Error("the seed changes nothing")
	}
}

// TestSubjects checks that a composition is one subject however it is written.
func TestSubjects(t *testing.T) {
	e := newEncoder(made(1, 1), nil)
	if e.subject([]string{"Fe2O3", "1", "a"}) != e.subject([]string{"Fe4O6", "2", "b"}) {
		t.Error("Fe2O3 and Fe4O6 are two subjects")
	}
	if e.subject([]string{"FeO", "1", "a"}) == e.subject([]string{"Fe2O3", "1", "a"}) {
		t.Error("FeO and Fe2O3 are one subject")
	}
}

// TestFactor checks the rank ⌈(n+1)·level⌉.
func TestFactor(t *testing.T) {
	var scores []float64
	for i := range 99 {
		scores = append(scores, float64(i+1))
	}
	c := newCalibration(slices.Clone(scores))
	for _, test := range []struct{ level, want float64 }{{0.9, 90}, {0.5, 50}, {0.99, 99}, {0.995, math.Inf(1)}} {
		if got := c.factor(test.level); got != test.want {
			t.Errorf("factor(%g) = %g, want %g", test.level, got, test.want)
		}
	}
	many := make([]float64, 100_000)
	for i := range many {
		many[i] = float64(len(many) - i)
	}
	if got := newCalibration(many).factor(0.9); math.Abs(got-90_000) > 100 {
		t.Errorf("of many scores: %g", got)
	}
}

func TestWeigh(t *testing.T) {
	targets := []float64{0, 1, 2, 3}
	weights := []float64{1, 1, 1, 1}
	predictions := [][]float64{{9, 1, -1}, {9, 2, 0}, {9, 3, 1}, {9, 4, 2}} // one useless, two that cancel
	w := weigh(predictions, targets, weights, Squared, func(int) bool { return true })
	if w[0] != 0 || math.Abs(w[1]-0.5) > 0.01 || math.Abs(w[1]+w[2]-1) > 1e-9 {
		t.Errorf("weights %v", w)
	}
}

func TestAUC(t *testing.T) {
	for _, test := range []struct {
		scores, classes []float64
		want            float64
	}{
		{[]float64{1, 2, 3, 4}, []float64{0, 0, 1, 1}, 1},
		{[]float64{4, 3, 2, 1}, []float64{0, 0, 1, 1}, 0},
		{[]float64{1, 1, 1, 1}, []float64{0, 1, 0, 1}, 0.5},
		{[]float64{0.1, 0.4, 0.35, 0.8}, []float64{0, 0, 1, 1}, 0.75},
	} {
		if got := AUC(test.scores, test.classes); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("AUC of %v is %g, want %g", test.scores, got, test.want)
		}
	}
}

func TestEvaluate(t *testing.T) {
	s := Evaluate([]float64{1, 3, 8, 2}, []float64{2, 3, 5, 4}, []Bound{Exact, Exact, AtLeast, AtMost})
	if s.MAE != 0.25 || s.RMSE != 0.5 {
		t.Errorf("%+v", s)
	}
}

func TestReadErrors(t *testing.T) {
	var file bytes.Buffer
	if err := train(t, made(60, 1), Settings{Budget: quick, Folds: 2}).Write(&file); err != nil {
		t.Fatal(err)
	}
	good := file.Bytes()
	newer := slices.Clone(good)
	newer[len(magic)]++
	damaged := slices.Clone(good)
	damaged[len(good)/2] ^= 1
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("composition,value\n"), "newer": newer, "damaged": damaged, "short": good[:len(good)-9]} {
		if _, err := Read(bytes.NewReader(data)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// small returns a predictor of two numbers and a word with all learners that
// takes few bytes: its trees are replaced by a few shallow ones.
func small(t testing.TB) *Predictor {
	table := &Table{Property: "small", Inputs: []Input{{"a", Number}, {"b", Number}, {"c", Category}}}
	for i := range 24 {
		table.Rows = append(table.Rows, Row{Inputs: []string{fmt.Sprint(i), fmt.Sprint(i * i % 7), "word"}, Value: float64(i % 5), Source: fmt.Sprint(i)})
	}
	p := train(t, table, Settings{Folds: 2})
	tiny := func(width int) ([][]float64, []float64) {
		x := make([][]float64, 2)
		for i := range x {
			x[i] = slices.Repeat([]float64{float64(i)}, width)
		}
		return x, []float64{0, 1}
	}
	grove := func(width int) *tree.Grove {
		x, y := tiny(width)
		g, err := tree.Forest{Trees: 1, Extra: true}.Fit(x, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	x, y := tiny(p.width)
	boosted, err := tree.Boosting{Rounds: 1, MinLeaf: 1}.Fit(x, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.screen = boosted
	for _, m := range p.members {
		m.spread.grove = grove(p.width + 1)
		for _, model := range m.models {
			switch model := model.(type) {
			case *forestModel:
				model.grove = grove(p.width)
			case *boostModel:
				model.trees = boosted
			}
		}
	}
	return p
}

// FuzzDecode checks that whatever is read as a predictor can be asked.
func FuzzDecode(f *testing.F) {
	var w wire.Writer
	if err := small(f).encode(&w); err != nil {
		f.Fatal(err)
	}
	f.Add(w.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decode(data)
		if err != nil {
			if p != nil || !errors.Is(err, ErrFormat) {
				t.Fatalf("a predictor beside the error %v", err)
			}
			return
		}
		inputs := make([]string, len(p.Inputs()))
		for i, in := range p.Inputs() {
			if in.Kind == Composition {
				inputs[i] = "MgO"
			}
		}
		if q, err := p.Predict(inputs, 0.9, 2); err == nil && len(q.Nearest) == 0 {
			t.Fatal("no neighbours")
		}
		var w wire.Writer
		if err := p.encode(&w); err != nil {
			t.Fatal(err)
		}
		if _, err := decode(w.Bytes()); err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
	})
}

func BenchmarkScreen(b *testing.B) {
	table := made(500, 1)
	table.Inputs = table.Inputs[:1]
	for i := range table.Rows {
		table.Rows[i].Inputs = table.Rows[i].Inputs[:1]
	}
	p := train(b, table, Settings{Budget: quick, Folds: 2})
	s := p.Screener(0.9)
	var amounts []composition.Amount
	texts := []string{"Cu2ZnSnS4", "LiNi0.8Co0.1Mn0.1O2", "GaAs", "Li7La3Zr2O12"}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		amounts, _ = composition.Parse(amounts[:0], texts[i%len(texts)])
		if _, _, _, err := s.Composition(amounts); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkScreenMolecules reads molecules of the size of drugs and predicts them.
func BenchmarkScreenMolecules(b *testing.B) {
	table := &Table{Property: "boiling", Unit: "K", Inputs: []Input{{"smiles", Molecule}}}
	texts := []string{
		"CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "c1ccc2c(c1)[nH]c1ccccc12",
		"CN1CCN(CC1)Cc1ccc(cc1)C(=O)Nc1ccc(C)c(Nc2nccc(n2)-c2cccnc2)c1", "COc1ccc2nc(sc2c1)S(=O)Cc1ncc(C)c(OC)c1C", "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O",
	}
	for n := range 8 {
		for i, s := range texts {
			table.Rows = append(table.Rows, Row{Inputs: []string{strings.Repeat("C", n) + s}, Value: float64(n + i)})
		}
	}
	s := train(b, table, Settings{Budget: quick, Folds: 2}).Screener(0.9)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, _, _, err := s.Predict(texts[i%len(texts) : i%len(texts)+1]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkPredict(b *testing.B) {
	p := train(b, made(500, 1), Settings{Budget: quick, Folds: 5})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Predict([]string{"Cu2ZnSnS4", "300", "optical"}, 0.9, 2); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMolecules checks that molecules are learned from, and that a molecule is
// one subject however it is written.
func TestMolecules(t *testing.T) {
	table := &Table{Property: "boiling", Unit: "K", Inputs: []Input{{"smiles", Molecule}}}
	for n := 1; n <= 15; n++ { // the value grows with the chain, and by 60 for an alcohol
		chain := strings.Repeat("C", n)
		for k, s := range []string{chain, chain + "O", "O" + chain, "Cl" + chain} {
			if n == 1 && k == 2 {
				continue
			}
			v := 200 + 30*float64(n)
			if k == 1 || k == 2 {
				v += 60
			}
			table.Rows = append(table.Rows, Row{Inputs: []string{s}, Value: v, Source: s})
		}
	}
	table.Rows = append(table.Rows, Row{Inputs: []string{"hello"}, Value: 1, Source: "bad"})
	p := train(t, table, Settings{Budget: quick, Folds: 5})
	if r := p.Report; r.Subjects != 45 || len(r.Dropped) != 1 || r.Error.MAE > 0.4*r.Dummy.MAE {
		t.Errorf("%d subjects, dropped %v, error %+v, dummy %+v", r.Subjects, r.Dropped, r.Error, r.Dummy)
	}
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		t.Fatal(err)
	}
	saved, err := Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"CCCCCO", "OCCCCC"} {
		q, err := saved.Predict([]string{s}, 0.9, 2)
		if err != nil || math.Abs(q.Value-410) > 60 || q.Nearest[0].Distance != 0 {
			t.Errorf("%s: %+v, %v", s, q, err)
		}
	}
	if q, err := saved.Predict([]string{"c1cc[se]c1[Si](F)(F)F"}, 0.9, 1); err != nil || q.Outside == "" {
		t.Errorf("a strange molecule: %+v, %v", q, err)
	}
}
