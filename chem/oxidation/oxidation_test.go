package oxidation

import (
	"math"
	"testing"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/formula"
)

func amountsOf(t *testing.T, text string) []Amount {
	t.Helper()
	f, err := formula.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	amounts, ok := f.Amounts()
	if !ok {
		t.Fatalf("%s has variables", text)
	}
	var out []Amount
	for z := chem.Element(1); z <= 118; z++ {
		if n := amounts[z]; n > 0 {
			out = append(out, Amount{z, n})
		}
	}
	return out
}

func TestGuess(t *testing.T) {
	for _, test := range []struct {
		formula string
		want    map[string]int8 // of neutral compositions
	}{
		{"NaCl", map[string]int8{"Na": 1, "Cl": -1}},
		{"Fe2O3", map[string]int8{"Fe": 3, "O": -2}},
		{"LiFePO4", map[string]int8{"Li": 1, "Fe": 2, "P": 5, "O": -2}},
		{"Cu2ZnSnS4", map[string]int8{"Cu": 1, "Zn": 2, "Sn": 4, "S": -2}},
		{"BaTiO3", map[string]int8{"Ba": 2, "Ti": 4, "O": -2}},
		{"GaAs", map[string]int8{"Ga": 3, "As": -3}},
		{"Li7La3Zr2O12", map[string]int8{"Li": 1, "La": 3, "Zr": 4, "O": -2}},
		{"CaH2", map[string]int8{"Ca": 2, "H": -1}},
		{"SO2", map[string]int8{"S": 4, "O": -2}},
		{"Li6PS5Cl", map[string]int8{"Li": 1, "P": 5, "S": -2, "Cl": -1}},
		{"CuFeTe2", nil},
	} {
		amounts := amountsOf(t, test.formula)
		guess := make([]int8, len(amounts))
		charge, ok := Guess(amounts, guess)
		if !ok {
			t.Errorf("%s: no guess", test.formula)
			continue
		}
		if test.want == nil {
			continue
		}
		if math.Abs(charge) > 1e-12 {
			t.Errorf("%s: charge %g is left", test.formula, charge)
		}
		for i, a := range amounts {
			if guess[i] != test.want[a.Element.Symbol()] {
				t.Errorf("%s: %s is %+d, want %+d", test.formula, a.Element.Symbol(), guess[i], test.want[a.Element.Symbol()])
			}
		}
	}
	for _, text := range []string{"HeNe", "TiVCrMnMoRuURe"} {
		amounts := amountsOf(t, text)
		guess := make([]int8, len(amounts))
		if charge, ok := Guess(amounts, guess); ok && math.Abs(charge) < 1e-9 {
			t.Errorf("%s: guessed %v", text, guess)
		}
	}
}

func TestStates(t *testing.T) {
	for e := chem.Element(1); e <= 118; e++ {
		seen := map[int8]bool{}
		for _, q := range States(e) {
			if q == 0 || q < -4 || q > 8 || seen[q] {
				t.Errorf("%s: state %d", e.Symbol(), q)
			}
			seen[q] = true
		}
	}
}

func BenchmarkGuess(b *testing.B) {
	amounts := []Amount{{29, 2}, {30, 1}, {50, 1}, {16, 4}}
	guess := make([]int8, 4)
	b.ReportAllocs()
	for b.Loop() {
		Guess(amounts, guess)
	}
}
