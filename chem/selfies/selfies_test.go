package selfies

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
)

// TestReference reads random symbols as the reference implementation does.
func TestReference(t *testing.T) {
	f, err := os.Open("testdata/decoded.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		text, smiles, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			continue
		}
		want, err := molecule.ParseSMILES(smiles)
		if err != nil {
			// RDKit and this package do not know all that SELFIES allows.
			continue
		}
		n++
		got, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v, want %s", text, err, smiles)
		} else if got.SMILES() != want.SMILES() {
			t.Errorf("%s: %s, want %s", text, got.SMILES(), want.SMILES())
		}
	}
	if n < 400 {
		t.Errorf("%d molecules, want more than 400", n)
	}
}

// TestConfigurations reads what the reference implementation writes, and what is
// written here.
func TestConfigurations(t *testing.T) {
	f, err := os.Open("testdata/encoded.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		smiles, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			continue
		}
		n++
		m, err := molecule.ParseSMILES(smiles)
		if err != nil {
			t.Fatal(err)
		}
		own, err := Write(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range [...]string{text, own} {
			if got, err := Parse(text); err != nil {
				t.Errorf("%s: %v", text, err)
			} else if got.SMILES() != m.SMILES() {
				t.Errorf("%s: %s, want %s", text, got.SMILES(), m.SMILES())
			}
		}
	}
	if n < 150 {
		t.Errorf("%d molecules, want more than 150", n)
	}
}

var written = []struct{ smiles, want string }{
	{"CCO", "[C][C][O]"},
	{"C=C(F)Cl", "[C][=C][Branch1][C][F][Cl]"},
	{"c1ccccc1", "[C][=C][C][=C][C][=C][Ring1][=Branch1]"},
	{"N[C@@H](C)C(=O)O", "[N][C@@H1][Branch1][C][C][C][=Branch1][C][=O][O]"},
	{"[Na+].[Cl-]", "[Na+1].[Cl-1]"},
	{"[13CH4]", "[13CH4]"},
	{"F/C=C/F", "[F][/C][=C][/F]"},
	{`F/C=C\Cl`, `[F][/C][=C][\Cl]`},
	{`CC(/F)=C/Cl`, `[C][/C][Branch1][C][F][=C][/Cl]`},
}

func TestWrite(t *testing.T) {
	for _, test := range written {
		m, err := molecule.ParseSMILES(test.smiles)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Write(m)
		if err != nil {
			t.Errorf("%s: %v", test.smiles, err)
			continue
		}
		again, err := Parse(got)
		if err != nil {
			t.Errorf("%s: %s: %v", test.smiles, got, err)
		} else if again.SMILES() != m.SMILES() {
			t.Errorf("%s: %s reads as %s", test.smiles, got, again.SMILES())
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.smiles, got, test.want)
		}
	}
	for _, s := range []string{"[CH3:1]C", "N->[Fe]", "F[Cl](F)F", "N[Pt@SP1](N)(Cl)Cl", "OC=[C@]=CF", "F/C=C=C=C/F"} {
		m, err := molecule.ParseSMILES(s)
		if err != nil {
			continue
		}
		if text, err := Write(m); err == nil {
			t.Errorf("%s was written as %s", s, text)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, offset := range map[string]int{"[C]C": 3, "[C][C": 3, "[C][Xy]": 3, "[]": 0, "[C][C@@H]": 3} {
		_, err := Parse(text)
		var syntax *molecule.ParseError
		if !errors.As(err, &syntax) || syntax.Offset != offset {
			t.Errorf("%s: error %v, want one at byte %d", text, err, offset)
		}
	}
}

// FuzzParse checks that what is read and can be written is read again the same.
func FuzzParse(f *testing.F) {
	for _, test := range written {
		f.Add(test.want)
	}
	f.Add("[C][C@@H1][Ring1][Ring2][=Branch2][C][P][S][#N][nop][epsilon].[O-1][/C]")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 400 {
			return
		}
		m, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Write(m)
		if err != nil {
			return // aromatic nitrogens and the like may get more bonds than SELFIES allows
		}
		m2, err := Parse(again)
		if err != nil {
			t.Fatalf("%s is written as %s: %v", text, again, err)
		}
		if m2.SMILES() != m.SMILES() {
			t.Fatalf("%s is %s, written as %s, which is %s", text, m.SMILES(), again, m2.SMILES())
		}
	})
}
