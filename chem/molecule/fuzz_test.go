package molecule

import (
	"math/rand/v2"
	"testing"
)

// FuzzSMILES checks that a molecule that was read is written, read and written
// again the same, and has one canonical form for all orders of its atoms.
func FuzzSMILES(f *testing.F) {
	for _, test := range canonical {
		f.Add(test.in)
	}
	for _, s := range drugs {
		f.Add(s)
	}
	f.Add("C12C3C4C1C5C2C3C45.[Fe@OH3](Cl)(Br)(I)(F)(N)O")
	f.Add(`C/C=C\C=C(/F)\N=N\O.[nH]1cc[se]c1.*1:c:c:c:1->[Pt]<-N`)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 120 {
			return
		}
		m, err := ParseSMILES(s)
		if err != nil {
			return
		}
		form := m.SMILES()
		again, err := ParseSMILES(form)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", s, form, err)
		}
		if got := again.SMILES(); got != form {
			t.Fatalf("%q is written as %q and then as %q", s, form, got)
		}
		random := rand.New(rand.NewPCG(3, 4))
		shuffled := m.RandomSMILES(random)
		again, err = ParseSMILES(shuffled)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", s, shuffled, err)
		}
		if got := again.SMILES(); got != form {
			t.Fatalf("%q has the form %q, and %q when written as %q", s, form, got, shuffled)
		}
	})
}
