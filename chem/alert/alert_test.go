package alert

import (
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
)

func TestFind(t *testing.T) {
	if n := len(All()); n != 585 {
		t.Errorf("%d alerts, want 480 of PAINS and 105 of Brenk", n)
	}
	for _, test := range []struct {
		smiles string
		want   []string
	}{
		{"CCO", nil},
		{"CC(=O)Cl", []string{"Brenk acid_halide"}},
		{"c1ccccc1N=Nc1ccccc1", []string{"PAINS-A azo_A(324)", "Brenk diazo_group"}},
		{"O=C1C=CC(=O)C=C1", []string{"PAINS-A quinone_A(370)", "Brenk chinone_1"}},
	} {
		m, err := molecule.ParseSMILES(test.smiles)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, a := range Find(m) {
			found[a.Set+" "+a.Name] = true
		}
		for _, name := range test.want {
			if !found[name] {
				t.Errorf("%s: alert %q is missing in %v", test.smiles, name, found)
			}
		}
		if test.want == nil && len(found) > 0 {
			t.Errorf("%s: alerts %v", test.smiles, found)
		}
	}
}
