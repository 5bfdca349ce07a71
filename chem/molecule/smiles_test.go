package molecule

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// canonical lists SMILES and the canonical form that this package gives them.
var canonical = []struct{ in, want string }{
	{"", ""},
	{"OCC", "CCO"},
	{"[H]O[H]", "O"},
	{"C(C)(C)C", "CC(C)C"},
	{"C1=CC=CC=C1", "c1ccccc1"},
	{"C1=CC=CN1", "c1cc[nH]c1"},
	{"[Na+].[Cl-]", "[Cl-].[Na+]"},
	{"CN(=O)=O", "C[N+]([O-])=O"},
	{"N[C@@H](C)C(=O)O", "C[C@H](N)C(=O)O"},
	{"C[C@H](C)O", "CC(C)O"},
	{`F\C=C\F`, "F/C=C/F"},
	{`F/C=C\F`, `F/C=C\F`},
	{`C(/F)=C/F`, `F/C=C\F`},
	{`[H]/N=C/C`, "[H]/N=C/C"},
	{"C[C@H]1CCC(C)CC1", "CC1CCC(C)CC1"},
	{"C%12CCCC%12", "C1CCCC1"},
	{"C%(1234)CC%(1234)", "C1CC1"},
	{"[13CH4]", "[13CH4]"},
	{"[CH3:7]C", "C[CH3:7]"},
	{"*CC*", "*CC*"},
	{"[NH4+]", "[NH4+]"},
	{"[Fe++]", "[Fe+2]"},
	{"c1ccccc1-c1ccccc1", "c1ccc(cc1)-c1ccccc1"},
	{"Cl[Pt@SP1](Cl)(N)N", "N[Pt@SP1](N)(Cl)Cl"},
	{"FC=[C@]=CO", "OC=[C@]=CF"},
	{`F\C=C=C=C\Cl`, "F/C=C=C=C/Cl"},
	{"F[P@TB3](Cl)(Cl)(Br)Br", "F[P@TB1](Cl)(Cl)(Br)Br"},
	{"[Co@OH3]123(NCCN1)(NCCN2)NCCN3", "C1CN[Co@OH23]23(N1)(NCCN3)NCCN2"},
}

func TestCanonical(t *testing.T) {
	for _, test := range canonical {
		m, err := ParseSMILES(test.in)
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if got := m.SMILES(); got != test.want {
			t.Errorf("%s: canonical form %s, want %s", test.in, got, test.want)
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 10 {
			shuffled := m.RandomSMILES(random)
			again, err := ParseSMILES(shuffled)
			if err != nil {
				t.Errorf("%s: written as %s: %v", test.in, shuffled, err)
			} else if got := again.SMILES(); got != test.want {
				t.Errorf("%s: written as %s: canonical form %s, want %s", test.in, shuffled, got, test.want)
			}
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct {
		in     string
		offset int
		reason string
	}{
		{"C1CC", 1, "ring 1 is not closed"},
		{"CC(C", 2, "( is not closed"},
		{"CC)C", 2, "nothing was opened by ("},
		{"(C)C", 0, "a branch must follow an atom"},
		{"C()C", 1, "a branch must begin with an atom"},
		{"C==C", 2, "two bonds follow each other"},
		{"=C", 0, "a bond must follow an atom"},
		{"CC=", 2, "a bond must be followed by an atom"},
		{"C=1CC-1", 6, "ring 1 has different bonds at its two ends"},
		{"C11", 2, "ring 1 closes at the atom where it opens"},
		{"C12CC12", 4, "two bonds to the same atom"},
		{"C[Xy]", 2, `no element has the symbol 'X'`},
		{"C[C", 1, "[ is not closed"},
		{"C[C@@H2?]", 7, `unexpected '?' in brackets`},
		{"CC C", 2, "unexpected ' '"},
		{"C(C)(C)(C)(C)C", 0, "C has valence 5, more than 4"},
		{"c1cccc1", 0, "cannot be kekulised: no alternating double bonds fit the aromatic atoms around C"},
		{"Cc", 1, "aromatic atom outside of a ring"},
		{"C%1", 1, "% must be followed by two digits"},
		{"C.", 1, "a dot must be followed by an atom"},
		{"N[Pt@SP4](N)(Cl)Cl", 4, "@SP must be followed by a number from 1 to 3"},
	} {
		_, err := ParseSMILES(test.in)
		var syntax *ParseError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v, want one with a place", test.in, err)
			continue
		}
		if syntax.Reason != test.reason || syntax.Offset != test.offset && syntax.Reason[0] != 'c' {
			t.Errorf("%s: byte %d: %s, want byte %d: %s", test.in, syntax.Offset, syntax.Reason, test.offset, test.reason)
		}
	}
}

// TestBuilderAxis checks that the handedness of an allene goes with a ligand of its
// end, and that others stay.
func TestBuilderAxis(t *testing.T) {
	m, err := ParseSMILES("OC(Cl)=[C@]=C(C)F")
	if err != nil {
		t.Fatal(err)
	}
	for gone, want := range map[int]string{0: "CC(F)=C=CCl", 2: "CC(F)=C=CO"} {
		b := m.Edit()
		b.RemoveAtoms(func(i int) bool { return i == gone })
		less, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if got := less.SMILES(); got != want {
			t.Errorf("without atom %d: %s, want %s", gone, got, want)
		}
	}
	b := m.Edit()
	b.AddAtom(Atom{Element: 8})
	with, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := with.SMILES(), m.SMILES()+".O"; got != want {
		t.Errorf("with water: %s, want %s", got, want)
	}
}

func TestBuilder(t *testing.T) {
	m, err := ParseSMILES("OCc1ccccc1")
	if err != nil {
		t.Fatal(err)
	}
	b := m.Edit()
	c := b.AddAtom(Atom{Element: 6})
	b.AddBond(0, c, Single)
	ether, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ether.SMILES(), "COCc1ccccc1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	b.RemoveAtoms(func(i int) bool { return i == 0 })
	parts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := parts.SMILES(), "C.Cc1ccccc1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	b.AddBond(0, 0, Single)
	if _, err := b.Build(); err == nil {
		t.Error("a bond from an atom to itself was built")
	}
}

// checkShuffled checks that s has one canonical form for 30 orders of its atoms.
func checkShuffled(t *testing.T, s string) {
	t.Helper()
	m, err := ParseSMILES(s)
	if err != nil {
		t.Errorf("%s: %v", s, err)
		return
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		shuffled := m.RandomSMILES(random)
		again, err := ParseSMILES(shuffled)
		if err != nil {
			t.Errorf("%s: written as %s: %v", s, shuffled, err)
		} else if got := again.SMILES(); got != m.SMILES() {
			t.Errorf("%s: form %s, and %s when written as %s", s, m.SMILES(), got, shuffled)
			return
		}
	}
}
