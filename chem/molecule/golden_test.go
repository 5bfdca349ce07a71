package molecule

import (
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
)

// TestGolden compares with what RDKit says of the molecules of
// chem/testdata/golden.tsv.gz; golden.py there says how it was made.
func TestGolden(t *testing.T) {
	if testing.Short() {
		t.Skip("facts of 22,000 molecules; not with -short")
	}
	byForm := map[string]string{}
	// RDKit's aromaticity of one molecule, a triangle of carbazoles around a
	// nitrogen, depends on the order of its atoms.
	other := 0
	goldentest.Rows(t, goldentest.Molecules, func(columns []string) {
		smiles := columns[0]
		m, err := ParseSMILES(smiles)
		if err != nil {
			t.Errorf("%s: %v", smiles, err)
			return
		}
		form := m.SMILES()
		if first, ok := byForm[form]; ok {
			t.Errorf("%s and %s have the same form %s, RDKit tells them apart", first, smiles, form)
		}
		byForm[form] = smiles
		again, err := ParseSMILES(form)
		if err != nil {
			t.Errorf("%s, written of %s: %v", form, smiles, err)
		} else if got := again.SMILES(); got != form {
			t.Errorf("%s, read and written, is %s", form, got)
		}
		if columns[1] != "" {
			if same, err := ParseSMILES(columns[1]); err != nil {
				t.Errorf("%s: %v", columns[1], err)
			} else if got := same.SMILES(); got != form {
				t.Errorf("%s: %s, want %s as of %s", columns[1], got, form, smiles)
			}
		}
		var letters []byte
		for i, a := range m.Atoms() { // one letter for each, as golden.py says
			letter := 'A' + 4*a.Hydrogens
			if a.Aromatic {
				letter++
			}
			if m.AtomRings(i) > 0 {
				letter += 2
			}
			letters = append(letters, letter)
		}
		if string(letters) != columns[2] {
			if other++; other > 1 {
				t.Errorf("%s: atoms %s, want %s", smiles, letters, columns[2])
			}
		}
	})
	if len(byForm) != 22000 {
		t.Errorf("%d molecules, want 22000", len(byForm))
	}
}
