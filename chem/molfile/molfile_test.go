package molfile

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
	"github.com/alkahest/alkahest/chem/molecule"
)

// TestRDKit reads molfiles that RDKit wrote; chem/testdata/molfile.py says how they
// were made. They have their SMILES beside them.
func TestRDKit(t *testing.T) {
	z := goldentest.Open(t, "testdata/rdkit.sdf.gz")
	n := 0
	for r, err := range Records(z) {
		if err != nil {
			t.Error(err)
			continue
		}
		n++
		want, _ := r.Get("SMILES")
		m, err := molecule.ParseSMILES(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Molecule.SMILES(); got != m.SMILES() {
			t.Errorf("line %d: %s, want %s", r.Line, got, m.SMILES())
		}
		if len(r.Coordinates) != r.Molecule.NumAtoms() {
			t.Errorf("line %d: %d coordinates of %d atoms", r.Line, len(r.Coordinates), r.Molecule.NumAtoms())
		}
		// A new layout tells all configurations, and so do the coordinates.
		for _, places := range [][][3]float64{nil, r.Coordinates} {
			for _, v3000 := range []bool{false, true} {
				var out bytes.Buffer
				if err := Write(&out, r.Molecule, Options{V3000: v3000, Coordinates: places}); err != nil {
					t.Error(err)
					continue
				}
				again, err := Parse(&out)
				if err != nil {
					t.Errorf("line %d: written: %v", r.Line, err)
				} else if got := again.Molecule.SMILES(); got != m.SMILES() {
					t.Errorf("line %d: written and read: %s, want %s", r.Line, got, m.SMILES())
				}
			}
		}
	}
	if n < 400 {
		t.Errorf("%d molecules, want more than 400", n)
	}
}

const ethanol = `ethanol
  Alkahest

  3  2  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
    0.0000    0.0000    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
    0.0000    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
  1  2  1  0
  2  3  1  0
M  END
`

func TestWrite(t *testing.T) {
	m, err := molecule.ParseSMILES("CCO")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Write(&out, m, Options{Name: "ethanol"}); err != nil {
		t.Fatal(err)
	}
	if out.String() != ethanol {
		t.Errorf("written\n%s\nwant\n%s", out.String(), ethanol)
	}
	for _, s := range []string{"[Na+].[Cl-]", "[13CH4]", "[CH3]", "*CC*", "[NH4+]", "O=S(C)C", "[2H]O[2H]", "C[C@H](N)C(=O)O", "[Fe]", "N->[Fe]", "C[N+](=O)[O-]", "c1cc[nH]c1", "[CH2:3]=C", "F/C=C/F", `F/C=C\F`, "FC=CF", "C/C=C/C=CC"} {
		m, err := molecule.ParseSMILES(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, v3000 := range []bool{false, true} {
			var out bytes.Buffer
			if err := Write(&out, m, Options{V3000: v3000}); err != nil {
				t.Fatal(err)
			}
			r, err := Parse(&out)
			if err != nil {
				t.Errorf("%s: %v", s, err)
			} else if got := r.Molecule.SMILES(); got != m.SMILES() {
				t.Errorf("%s: written and read: %s", s, got)
			}
		}
	}
}

// TestLossy refuses what would read back as another molecule, unless asked.
func TestLossy(t *testing.T) {
	for smiles, want := range map[string]string{"N[Pt@SP1](N)(Cl)Cl": "N[Pt](N)(Cl)Cl", "OC=[C@]=CF": "OC=C=CF", "F/C=C=C=C/F": "FC=C=C=CF"} {
		m, err := molecule.ParseSMILES(smiles)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Write(&out, m, Options{}); err == nil || out.Len() > 0 {
			t.Errorf("%s: error %v and %d bytes, want an error", smiles, err, out.Len())
		}
		if err := Write(&out, m, Options{Lossy: true}); err != nil {
			t.Fatal(err)
		}
		r, err := Parse(&out)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Molecule.SMILES(); got != want {
			t.Errorf("%s is read back as %s, want %s", smiles, got, want)
		}
	}
}

func TestBadRecords(t *testing.T) {
	bad := strings.Replace(ethanol, " C  ", " Xy ", 1) + "> <a>\n1\n\n$$$$\n"
	five := strings.Replace(ethanol, "  2  3  1  0", "  2  3  5  0", 1) + "$$$$\n"
	good := ethanol + ">  <name>\nethanol\nspirit\n\n> <b>\n2\n\n$$$$\n"
	var names []string
	var lines []int
	for r, err := range Records(strings.NewReader(good + bad + good + five + good + "\n")) {
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			lines = append(lines, e.Line)
			continue
		}
		name, _ := r.Get("name")
		names = append(names, name)
	}
	if len(names) != 3 || names[2] != "ethanol\nspirit" {
		t.Errorf("names %q", names)
	}
	if len(lines) != 2 || lines[0] != 23 || lines[1] != 59 {
		t.Errorf("errors in lines %v, want 23 and 59", lines)
	}
	if _, err := Parse(strings.NewReader("")); err == nil {
		t.Error("an empty file was read")
	}
	if _, err := Parse(strings.NewReader(ethanol[:strings.Index(ethanol, "  2  3")])); err == nil || !strings.Contains(err.Error(), "ends inside a molecule") {
		t.Errorf("a file cut off gave %v", err)
	}
}

// FuzzRecords checks that what is read can be written and read again.
func FuzzRecords(f *testing.F) {
	f.Add(ethanol + "> <a>\n1\n\n$$$$\n")
	for _, s := range []string{"C[C@H](N)C(=O)[O-]", "[13CH3]c1cc[nH]c1", "*CC*"} {
		m, err := molecule.ParseSMILES(s)
		if err != nil {
			f.Fatal(err)
		}
		var out strings.Builder
		if err := Write(&out, m, Options{V3000: true}); err != nil {
			f.Fatal(err)
		}
		f.Add(out.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		for r, err := range Records(strings.NewReader(text)) {
			if err != nil {
				continue
			}
			var out bytes.Buffer
			if err := WriteRecord(&out, &Record{Molecule: r.Molecule}, Options{Lossy: true}); err != nil {
				t.Fatal(err)
			}
			again, err := Parse(&out)
			if err != nil {
				t.Fatalf("%s written and read: %v", r.Molecule.SMILES(), err)
			}
			if again.Molecule.NumAtoms() > r.Molecule.NumAtoms() || again.Molecule.NumBonds() > r.Molecule.NumBonds() {
				t.Fatalf("%s written and read is %s", r.Molecule.SMILES(), again.Molecule.SMILES())
			}
		}
	})
}
