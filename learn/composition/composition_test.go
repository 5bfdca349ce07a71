package composition

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/formula"
)

var formulas = []string{
	"NaCl", "Fe2O3", "Ag(AuS)2", "Cu2ZnSnS4", "Ag0.5Ge1Pb1.75S4", "LiNi0.8Co0.1Mn0.1O2", "Al2(SO4)3", "Ca10(PO4)6(OH)2",
	"Fe0.620C0.000953Mn0.000521", "Fe0.9803921568627451Ni0.0196078431372549", "K4[Fe(CN)6]", "Zr41.2Ti13.8Cu12.5Ni10Be22.5", "CO", "Co", "H2O", "Li7La3Zr2O12",
	"CaCO3·0.5H2O", "La0.6Sr0.4CoO3-δ", "MAPbI3", "Na₂O", "((Li))2O", "Li3(PO4", "2Li", "xLi", "", "()", "Li..5", "Li.5", "Li5.", "Li()2", "LI", "L", "Cf2O3", "Aa", "Li0", "Li2)", strings.Repeat("NaN", 40),
}

// TestPlainAgrees checks that the quick reader says what package formula says.
func TestPlainAgrees(t *testing.T) {
	for _, s := range formulas {
		agree(t, s)
	}
}

// longNumber is a number of more digits than package formula takes.
var longNumber = regexp.MustCompile(`[0-9.]{11}`)

func agree(t *testing.T, s string) {
	t.Helper()
	var atoms counts
	if !plain(s, &atoms) {
		return
	}
	f, err := formula.Parse(s)
	if err != nil && longNumber.MatchString(s) {
		return
	}
	if err != nil {
		t.Fatalf("%q: read as %v, but package formula says %v", s, atoms, err)
	}
	amounts, ok := f.Amounts()
	if !ok {
		t.Fatalf("%q: variables remain", s)
	}
	for e, n := range atoms {
		if math.Abs(n-amounts[chem.Element(e)]) > 1e-6*(1+n) {
			t.Fatalf("%q: %g of %s, but package formula says %g", s, n, chem.Element(e).Symbol(), amounts[chem.Element(e)])
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range formulas {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		agree(t, s)
		amounts, err := Parse(nil, s)
		if err != nil {
			return
		}
		dst := make([]float64, Count)
		Features(dst, amounts)
		for j, v := range dst {
			if math.IsInf(v, 0) {
				t.Fatalf("%q: feature %s is %g", s, names[j], v)
			}
		}
	})
}

func feature(t *testing.T, s, name string) float64 {
	t.Helper()
	amounts, err := Parse(nil, s)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, Count)
	Features(dst, amounts)
	j := slices.Index(names, name)
	if j < 0 {
		t.Fatalf("no feature %q", name)
	}
	return dst[j]
}

// TestFeatures checks features against values worked out by hand from the
// table of elements.
func TestFeatures(t *testing.T) {
	for _, test := range []struct {
		formula, name string
		want          float64
	}{
		{"NaCl", "mean number", 14},
		{"NaCl", "deviation number", 3},
		{"NaCl", "range number", 6},
		{"NaCl", "mode number", 14},
		{"Fe2O3", "mean number", 26*0.4 + 8*0.6},
		{"Fe2O3", "mode number", 8},
		{"Fe2O3", "least pauling", 1.83},
		{"Fe2O3", "most pauling", 3.44},
		{"Fe2O3", "fraction O", 0.6},
		{"Fe2O3", "elements", 2},
		{"Fe2O3", "norm 2", math.Sqrt(0.52)},
		{"Fe2O3", "mixing entropy", -0.4*math.Log(0.4) - 0.6*math.Log(0.6)},
		{"NaCl", "ionic most", 1 - math.Exp(-(3.16-0.93)*(3.16-0.93)/4)},
		{"NaCl", "ionic mean", (1 - math.Exp(-(3.16-0.93)*(3.16-0.93)/4)) / 2},
		{"NaCl", "s share", 3.0 / 8}, // Na 3s1, Cl 3s2 3p5
		{"NaCl", "p share", 5.0 / 8},
		{"NaCl", "neutral", 1},
		{"Fe2O3", "cation state", 3},
		{"Fe2O3", "anion fraction", 0.6},
		{"Fe2O3", "cation d electrons", 5},
		{"LiFePO4", "cation state", 8.0 / 3},
		{"NaCl", "odd electrons", 0},
		{"Na2Cl2", "odd electrons", 0},
		{"NaO", "odd electrons", 1}, // 19 electrons
		{"Na0.5Cl0.7", "odd electrons", 0.5},
		{"Na", "deviation number", 0},
		{"Fe", "ionic mean", 0},
	} {
		if got := feature(t, test.formula, test.name); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s of %s = %g, want %g", test.name, test.formula, got, test.want)
		}
	}
	if v := feature(t, "Fe", "anion electronegativity"); !math.IsNaN(v) {
		t.Errorf("the anions of iron have electronegativity %g", v)
	}
}

// TestScale checks that only the ratios of amounts count.
func TestScale(t *testing.T) {
	for _, pair := range [][2]string{{"Fe2O3", "Fe4O6"}, {"GaAs", "Ga0.5As0.5"}} {
		var dst [2][]float64
		for k, s := range pair {
			amounts, err := Parse(nil, s)
			if err != nil {
				t.Fatal(err)
			}
			dst[k] = make([]float64, Count)
			Features(dst[k], amounts)
		}
		for j := range dst[0] {
			if names[j] == "odd electrons" { // known of whole amounts only
				continue
			}
			if a, b := dst[0][j], dst[1][j]; math.Abs(a-b) > 1e-9*(1+math.Abs(a)) {
				t.Errorf("%v: %s is %g and %g", pair, names[j], a, b)
			}
		}
	}
}

// TestTable checks that the table has no gap and that its electrons are those
// of the elements.
func TestTable(t *testing.T) {
	for z := 1; z <= lastKnown; z++ {
		for j, v := range known[z] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s of %s is %g", properties[j], chem.Element(z).Symbol(), v)
			}
		}
	}
	if len(names) != Count || names[Fractions] != "fraction H" {
		t.Errorf("%d names, fractions begin with %q", len(names), names[Fractions])
	}
}

func TestDistance(t *testing.T) {
	profile := func(s string) Profile {
		amounts, err := Parse(nil, s)
		if err != nil {
			t.Fatal(err)
		}
		return NewProfile(amounts)
	}
	for _, test := range []struct {
		a, b string
		want float64
	}{
		{"NaCl", "Na2Cl2", 0},
		{"NaCl", "NaBr", 0.5 * 1}, // Cl 94, Br 95
		{"Fe", "Co", 3},           // 55, 58
		{"FeCo", "Fe", 1.5},
	} {
		a, b := profile(test.a), profile(test.b)
		if got := a.Distance(b); math.Abs(got-test.want) > 1e-9 || got != b.Distance(a) {
			t.Errorf("%s to %s is %g, %g back, want %g", test.a, test.b, got, b.Distance(a), test.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ formula, want string }{
		{"Li1-xFePO4", "variables"}, {"Cf2O3", "too little is known"}, {"Li0", "no element"}, {"hello", "expected"}, {"", "formula"},
		{"HHeLiBeBCNOFNeNaMgAlSiPSCl", "more than 16"},
	} {
		_, err := Parse(nil, test.formula)
		if err == nil || !strings.Contains(err.Error(), test.want) && test.want != "expected" {
			t.Errorf("%q: error %v, want %q", test.formula, err, test.want)
		}
	}
}

// TestCorpus reads every formula of the matbench sets, where they lie beside
// the project.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../../shared/property/matbench/*.csv")
	if err != nil || len(files) == 0 {
		t.Skip("the matbench sets do not lie beside the project")
	}
	for _, name := range files {
		if filepath.Base(name) == "mp_e_form.csv" && testing.Short() {
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Scan()
		for n := 0; lines.Scan() && n < 2000; n++ {
			s := strings.Split(lines.Text(), ",")[1]
			agree(t, s)
			if _, err := Parse(nil, s); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	var amounts []Amount
	b.ReportAllocs()
	for b.Loop() {
		amounts, _ = Parse(amounts[:0], "Li1.3Al0.3Ti1.7(PO4)3")
	}
}

func BenchmarkFeatures(b *testing.B) {
	amounts, _ := Parse(nil, "Li1.3Al0.3Ti1.7(PO4)3")
	dst := make([]float64, Count)
	b.ReportAllocs()
	for b.Loop() {
		Features(dst, amounts)
	}
}
