package supply

import (
	"slices"
	"testing"

	"github.com/alkahest/alkahest/chem"
)

func TestWarnings(t *testing.T) {
	var set chem.Set
	for _, s := range []string{"Cd", "O", "Nd", "Fe"} {
		e, _ := chem.BySymbol(s)
		set.Add(e)
	}
	want := []string{
		"Cd: restricted in electronics (RoHS), carcinogenic",
		"Nd: critical raw material (EU 2023); production highly concentrated (HHI 9500)",
	}
	if got := Warnings(set); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTable(t *testing.T) {
	for e, x := range table {
		for _, index := range []int{x.Production, x.Reserves} {
			if index != 0 && (index < 100 || index > 10_000) {
				t.Errorf("%s has an index of %d", e.Symbol(), index)
			}
		}
	}
	pm, _ := chem.BySymbol("Pm")
	if Of(pm).Hazard != "radioactive" {
		t.Error("promethium is radioactive")
	}
}
