package molecule

import (
	"errors"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	var got []string
	for line, err := range Lines(strings.NewReader("# drugs\nCCO ethanol, pure\n\nC1CC\tbroken\n  c1ccccc1\n")) {
		var bad *LineError
		switch {
		case errors.As(err, &bad):
			got = append(got, bad.Error())
		case err != nil:
			t.Fatal(err)
		default:
			got = append(got, line.Molecule.SMILES()+" "+line.Name)
		}
	}
	want := "CCO ethanol, pure|line 4: SMILES: byte 1: ring 1 is not closed|c1ccccc1 "
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("%s, want %s", s, want)
	}
}

func TestKey(t *testing.T) {
	key := func(s string) string {
		m, err := ParseSMILES(s)
		if err != nil {
			t.Fatal(err)
		}
		return m.Key()
	}
	if a, b := key("OCC"), key("CCO"); a != b || len(a) != 30 {
		t.Errorf("keys %s and %s of ethanol", a, b)
	}
	if a, b := key("N[C@@H](C)C(=O)O"), key("N[C@H](C)C(=O)O"); a == b {
		t.Errorf("the two alanines have the same key %s", a)
	}
}

// TestRegular canonicalises molecules whose symmetry makes a search necessary.
func TestRegular(t *testing.T) {
	for _, s := range []string{
		"C12C3C4C1C5C2C3C45",                         // cubane
		"C12C3C4C5C1C6C7C2C8C3C9C4C1C5C6C2C7C8C9C12", // dodecahedrane
		"C[Si](C)(C)[Si]([Si](C)(C)C)([Si](C)(C)C)[Si](C)(C)C",
		"c1ccc(cc1)C(c1ccccc1)(c1ccccc1)c1ccccc1",
		"C1CC2CCC1CC2.C1CC2CCC1CC2",
		"O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@H](O)[C@@H]1O", // myo-inositol
		"C[C@H]1CC[C@@H](C)CC1",
		"F[P-](F)(F)(F)(F)F.F[P-](F)(F)(F)(F)F",
	} {
		checkShuffled(t, s)
	}
}
