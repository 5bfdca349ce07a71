package name

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
)

// canonical returns the canonical form of a SMILES.
func canonical(t testing.TB, smiles string) string {
	t.Helper()
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		t.Fatalf("%s: %v", smiles, err)
	}
	return m.SMILES()
}

// pairs calls test with the two columns of each line of a file of testdata.
func pairs(t testing.TB, file string, test func(name, smiles string)) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if line[0] == '#' {
			continue
		}
		name, smiles, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			t.Fatalf("%s: %q", file, line)
		}
		test(name, smiles)
	}
}

func TestSystematic(t *testing.T) {
	pairs(t, "names.tsv", func(name, smiles string) {
		got, err := ParseSystematic(name)
		if err != nil {
			t.Errorf("%v, want %s", err, smiles)
			return
		}
		if canonical(t, got.SMILES) != canonical(t, smiles) {
			t.Errorf("%s is %s, want %s", name, got.SMILES, smiles)
		}
	})
}

func TestPolymers(t *testing.T) {
	pairs(t, "polymers.tsv", func(name, smiles string) {
		got, err := Parse(name)
		if err != nil {
			t.Errorf("%v, want %s", err, smiles)
			return
		}
		if got.Kind != Polymer || canonical(t, got.SMILES) != canonical(t, smiles) {
			t.Errorf("%s is %s %s, want %s", name, got.Kind, got.SMILES, smiles)
		}
	})
}

// TestNames pins names for which no reference program gives a structure, and
// those that common programs get wrong.
func TestNames(t *testing.T) {
	for _, test := range []struct{ name, smiles string }{
		{"4,4',4''-tris(carbazol-9-yl)triphenylamine", "c1ccc2c(c1)c1ccccc1n2-c1ccc(N(c2ccc(-n3c4ccccc4c4ccccc43)cc2)c2ccc(-n3c4ccccc4c4ccccc43)cc2)cc1"},
		{"N-methyl-N-propylpyrrolidinium bis(fluorosulfonyl)imide", "CCC[N+]1(C)CCCC1.O=S(=O)(F)[N-]S(=O)(=O)F"},
		{"lithium difluoro(oxalato)borate", "[Li+].O=C1C(=O)O[B-](F)(F)O1"},
		{"3,3′,4,4′-biphenyltetracarboxylic dianhydride", "O=C1OC(=O)c2cc(-c3ccc4c(c3)C(=O)OC4=O)ccc21"},
		{"2,5-dihydro-3,6-di-2-thienyl-pyrrolo[3,4-c]pyrrole-1,4-dione", "O=C1NC(c2cccs2)=C2C(=O)NC(c3cccs3)=C12"},
		{"propan‐2‐ol", "CC(C)O"}, // typographic hyphens
		{"aluminium chloride", "[Al+3].[Cl-].[Cl-].[Cl-]"},
		{"sodium dodecyl sulfate", "CCCCCCCCCCCCOS(=O)(=O)[O-].[Na+]"},
		{"4CzIPN", "N#Cc1c(-n2c3ccccc3c3ccccc32)c(C#N)c(-n2c3ccccc3c3ccccc32)c(-n2c3ccccc3c3ccccc32)c1-n1c2ccccc2c2ccccc21"},
		{"Ethylene carbonate", "O=C1OCCO1"},
		{"에틸렌 카보네이트", "O=C1OCCO1"},
		{"poly(butylene succinate)", "*OCCCCOC(=O)CCC(*)=O"},
		{"poly(styrene-co-acrylonitrile)", "*CC(*)c1ccccc1.*CC(*)C#N"},
		{"poly(ethylene oxide-co-propylene oxide)", "*OCC*.*OCC(*)C"},
		{"poly(oxy-1,2-ethanediyl)", "*OCC*"},
		{"dimethylamino(4-chlorophenyl)methane", "CN(C)Cc1ccc(Cl)cc1"},
		{"4-diphenylaminobenzaldehyde", "O=Cc1ccc(N(c2ccccc2)c2ccccc2)cc1"},
		{"poly(oxyethyleneoxyterephthaloyl)", "*OCCOC(=O)c1ccc(cc1)C(*)=O"},
		{"poly(oxydiphenylsilylene-1,3-phenylene)", "*O[Si](c1ccccc1)(c1ccccc1)c1cccc(*)c1"},
		{"poly(oxy-1,4-phenyleneisopropylidene-1,4-phenylene)", "*Oc1ccc(cc1)C(C)(C)c1ccc(*)cc1"},
		{"poly(3-octylthiophene)", "*c1sc(*)cc1CCCCCCCC"},
	} {
		got, err := Parse(test.name)
		if err != nil {
			t.Errorf("%v, want %s", err, test.smiles)
			continue
		}
		if canonical(t, got.SMILES) != canonical(t, test.smiles) {
			t.Errorf("%s is %s, want %s", test.name, got.SMILES, test.smiles)
		}
	}
}

// TestErrors checks that names which do not say enough are refused, at the
// right place.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		at     int
		reason string
	}{
		{"", 0, "empty"},
		{"dichlorobenzene", 0, "the position of this prefix is not given"},
		{"hexanol", 5, "the position of -ol is not given"},
		{"2-chlorobenzalcohol", 8, "not understood"},
		{"1-chloropropane-7-ol", 15, "there is no position 7"},
		{"1,2-dimethylfoobarene", 12, "not understood"},
		{"2,2,2-trichloro-2-methylpropane", 6, "no hydrogen left"},
		{"1-methylpyridine", 0, "added hydrogen is missing"},
		{"1,2-dichloro-3-methylhexa", 21, "not understood"},
		{"chloromethylsilane", 0, "more than one way"},
		{"aminoethylacetic acid", 0, "more than one way"},
		{"fluoropiperazine", 0, "position"},
		{"poly(2,3-dimethyl-1,3-butadiene)", 5, "does not follow"},
		{"poly(oxy", 4, ""},
		{"thieno[3,2-x]furan", 0, `rings that are fused at "x"`},
		{"2-methylbenzo[e]pyrrole", 8, "different atoms"},
		{"thieno[2,4-b]pyridine", 0, "not next to each other"},
		{"pyrido[b]pyridine", 0, "the positions of pyridine are not given"},
		{"naphtho[2,3-a]pyrene", 0, "fused at"},
		{"indeno[1,2-h]quinoline", 0, "indicated hydrogen"},
	} {
		_, err := Parse(test.name)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v, want an error", test.name, err)
			continue
		}
		if e.At != test.at || !strings.Contains(e.Reason, test.reason) {
			t.Errorf("%q: %v, at byte %d, want %q at byte %d", test.name, err, e.At, test.reason, test.at)
		}
	}
}

func TestStereo(t *testing.T) {
	pairs(t, "stereo.tsv", func(name, smiles string) {
		got, err := ParseSystematic(name)
		if err != nil {
			t.Errorf("%v, want %s", err, smiles)
			return
		}
		if canonical(t, got.SMILES) != canonical(t, smiles) || len(got.NotKept) > 0 {
			t.Errorf("%s is %s without %q, want %s", name, got.SMILES, got.NotKept, smiles)
		}
	})
}

// TestNotKept names what the structure does not say: descriptors of what has no
// configuration, or the other one of two that are told only in relation, or that the
// rules do not decide.
func TestNotKept(t *testing.T) {
	for _, test := range []struct{ name, smiles, notKept string }{
		{"(2R)-2-methylpropanoic acid", "CC(C)C(=O)O", "2R"},
		{"(2R,3S)-2-amino-3-methylbutanoic acid", "CC(C)[C@@H](N)C(=O)O", "3S"},
		{"trans-1,2-dimethylcyclohexane", "CC1CCCCC1C", "trans"},
		{"rac-(2R)-butan-2-ol", "CCC(C)O", "rac 2R"},
		{"(1r,4r)-4-methylcyclohexan-1-ol", "CC1CCC(O)CC1", "1r 4r"},
		{"(S)-2,3-dihydroxybutanoic acid", "CC(O)C(O)C(=O)O", "S"},
		{"cis-3-methylpent-2-ene", "CC=C(C)CC", "cis"},
		{"(2E)-3-methylbut-2-enoic acid", "CC(C)=CC(=O)O", "2E"},
		{"(+)-2-aminopropanoic acid", "CC(N)C(=O)O", "+"},
	} {
		got, err := ParseSystematic(test.name)
		if err != nil {
			t.Error(err)
			continue
		}
		if canonical(t, got.SMILES) != canonical(t, test.smiles) || strings.Join(got.NotKept, " ") != test.notKept {
			t.Errorf("%s is %s without %q, want %s without %s", test.name, got.SMILES, got.NotKept, test.smiles, test.notKept)
		}
	}
}

// TestMaterials checks every entry of the table against the formula that the
// literature gives.
func TestMaterials(t *testing.T) {
	if _, err := readMaterials(materialData); err != nil {
		t.Fatal(err)
	}
	n := 0
	for m := range Materials() {
		mol, err := molecule.ParseSMILES(m.SMILES)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		ends := 0
		for i := range mol.NumAtoms() {
			if mol.Atom(i).Element == 0 {
				ends++
			}
		}
		units := strings.Count(m.SMILES, ".") + 1
		if m.Kind == Polymer && ends != 2*units || m.Kind == Molecule && ends != 0 {
			t.Errorf("%s: %s has %d ends", m.Name, m.SMILES, ends)
		}
		if got := hillFormula(mol); m.Formula != "" && got != m.Formula {
			t.Errorf("%s: %s is %s, the literature says %s", m.Name, m.SMILES, got, m.Formula)
		}
		if m.Source == "" {
			t.Errorf("%s has no source", m.Name)
		}
		if !slices.Contains([]string{"display", "electronics", "battery", "solvent", "chemical", "drug", "polymer"}, m.Use) {
			t.Errorf("%s: unknown use %q", m.Name, m.Use)
		}
		n++
	}
	if n < 500 {
		t.Errorf("%d entries", n)
	}
}

func TestLexicon(t *testing.T) {
	l, err := readLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range l.byStart {
		for _, e := range list {
			for _, s := range []string{e.skeleton, e.several} {
				if s == "" {
					continue
				}
				var g graph
				atoms, _, err := g.skeleton(s, 0)
				if err != nil {
					t.Errorf("%s: %v", e.name, err)
				}
				if len(e.locants) > len(atoms) {
					t.Errorf("%s: %d locants for %d atoms", e.name, len(e.locants), len(atoms))
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	pairs(f, "names.tsv", func(name, _ string) { f.Add(name) })
	pairs(f, "polymers.tsv", func(name, _ string) { f.Add(name) })
	pairs(f, "stereo.tsv", func(name, _ string) { f.Add(name) })
	pairs(f, "fused.tsv", func(name, _ string) { f.Add(name) })
	f.Add("((((((((((((methyl")
	f.Add("di-di-di-di-di-di-ol")
	f.Fuzz(func(t *testing.T, name string) {
		s, err := Parse(name)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.At < 0 || e.At > len(e.Name) {
				t.Errorf("%q: error %v", name, err)
			}
			return
		}
		// Whatever is read is a structure that can exist.
		if _, err := molecule.ParseSMILES(s.SMILES); err != nil {
			t.Errorf("%q is %s: %v", name, s.SMILES, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	names := []string{"2-methylpropan-2-ol", "N,N'-di(naphthalen-1-yl)-N,N'-diphenylbenzidine", "2-(4-biphenylyl)-5-(4-tert-butylphenyl)-1,3,4-oxadiazole", "poly(butylene adipate-co-terephthalate)", "dimethyl terephthalate"}
	b.ReportAllocs()
	for b.Loop() {
		for _, n := range names {
			if _, err := Parse(n); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(names))/b.Elapsed().Seconds(), "names/s")
}
