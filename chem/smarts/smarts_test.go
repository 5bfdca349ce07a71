package smarts

import (
	"bufio"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
	"github.com/alkahest/alkahest/chem/molecule"
)

// TestCounts compares with how often RDKit finds 200 patterns in 1100 molecules;
// chem/testdata/smarts.py says how the file was made.
func TestCounts(t *testing.T) {
	lines := bufio.NewScanner(goldentest.Open(t, "testdata/counts.tsv.gz"))
	var patterns []*Pattern
	molecules := 0
	for lines.Scan() {
		left, right, _ := strings.Cut(lines.Text(), "\t")
		if len(patterns) < 200 {
			parse := Parse
			if left == "merging" {
				parse = ParseMerging
			}
			p, err := parse(right)
			if err != nil {
				t.Fatalf("%s: %v", right, err)
			}
			patterns = append(patterns, p)
			continue
		}
		m, err := molecule.ParseSMILES(left)
		if err != nil {
			t.Fatalf("%s: %v", left, err)
		}
		molecules++
		target := NewTarget(m)
		for k, want := range strings.Fields(right) {
			if got := strconv.Itoa(len(patterns[k].MatchesIn(target, Options{Most: 1 << 20}))); got != want {
				t.Errorf("%s in %s: %s matches, RDKit has %s", patterns[k], left, got, want)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if molecules != 1100 {
		t.Errorf("%d molecules, want 1100", molecules)
	}
}

var matches = []struct {
	smarts, smiles string
	stereo         bool
	want           int
}{
	{"C", "CCO", false, 2},
	{"[#6]", "c1ccccc1C", false, 7},
	{"(C).(C)", "CC.CC", false, 4},
	{"(C.C)", "CC.CC", false, 2},
	{"[C@H](N)(C)C(=O)O", "C[C@H](N)C(=O)O", true, 1},
	{"[C@@H](N)(C)C(=O)O", "C[C@H](N)C(=O)O", true, 0},
	{"N[C@@H](C)C(=O)O", "C[C@H](N)C(=O)O", true, 1},
	{"N[C@H](C)C(=O)O", "C[C@H](N)C(=O)O", true, 0},
	{"N[C@H](C)C(=O)O", "C[C@H](N)C(=O)O", false, 1},
	{"N[C@?H](C)C(=O)O", "CC(N)C(=O)O", true, 1},
	{`F/C=C/F`, `F/C=C/F`, true, 1},
	{`F/C=C/F`, `F/C=C\F`, true, 0},
	{`F/C=C/F`, `F/C=C\F`, false, 1},
	{"N[Pt@SP1](N)(Cl)Cl", "Cl[Pt@SP3](Cl)(N)N", true, 1},
	{"N[Pt@SP1](N)(Cl)Cl", "Cl[Pt@SP2](Cl)(N)N", true, 0},
	{"N[Pt@SP1](N)(Cl)Cl", "Cl[Pt@SP2](Cl)(N)N", false, 1},
	{"Cl[Pt@SP1](Cl)N", "Cl[Pt@SP2](Cl)(N)N", true, 2}, // the missing ligand follows the first
	{"Cl[Pt@SP2](Cl)N", "Cl[Pt@SP2](Cl)(N)N", true, 0},
	{"N[Pt@](N)(Cl)Cl", "Cl[Pt@SP2](Cl)(N)N", true, 0},
	{"[2H]", "[2H]C", false, 1},
	{"[H+]", "[H+].[Cl-]", false, 1},
	{"[!C]", "CO", false, 1},
	{"[C,N;R]", "C1CNC1", false, 4},
	{"[#7]->[Fe]", "N->[Fe]", false, 1},
	{"[#7]<-[Fe]", "N->[Fe]", false, 0},
}

func TestMatches(t *testing.T) {
	for _, test := range matches {
		p, err := Parse(test.smarts)
		if err != nil {
			t.Errorf("%s: %v", test.smarts, err)
			continue
		}
		m, err := molecule.ParseSMILES(test.smiles)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(p.Matches(m, Options{Stereo: test.stereo})); got != test.want {
			t.Errorf("%s in %s: %d matches, want %d", test.smarts, test.smiles, got, test.want)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct {
		in     string
		offset int
		reason string
	}{
		{"[C", 0, "[ is not closed"},
		{"[]", 1, "an atom expression is not complete"},
		{"[C&]", 3, "an atom expression is not complete"},
		{"[$(C]", 4, "unexpected ']'"},
		{"[$(C", 1, "$( is not closed"},
		{"C1CC", 1, "ring 1 is not closed"},
		{"C(", 1, "( is not closed"},
		{"C)", 1, "nothing was opened by )"},
		{"C=", 1, "a bond must be followed by an atom"},
		{"[C{2}]", 2, `unexpected '{' in an atom expression`},
		{"[D{3-2}]", 2, "{ must be followed by a range such as 2-4"},
		{"[#119]", 1, "# must be followed by an atomic number"},
		{strings.Repeat("[$(", 10) + "C", 28, ""},
	} {
		_, err := Parse(test.in)
		var syntax *molecule.ParseError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v, want one with a place", test.in, err)
			continue
		}
		if test.reason != "" && (syntax.Reason != test.reason || syntax.Offset != test.offset) {
			t.Errorf("%s: byte %d: %s, want byte %d: %s", test.in, syntax.Offset, syntax.Reason, test.offset, test.reason)
		}
	}
}

// FuzzParse checks that every pattern that compiles can be matched, and that what
// it finds is in the molecule.
func FuzzParse(f *testing.F) {
	for _, test := range matches {
		f.Add(test.smarts, test.smiles)
	}
	f.Add("[$([#6]1~[#7]~[$(C=O)]1),!$(*#*);R{1-2}]", "O=C1NC1")
	f.Fuzz(func(t *testing.T, smarts, smiles string) {
		if len(smarts) > 200 || len(smiles) > 100 {
			return
		}
		p, err := Parse(smarts)
		if err != nil {
			return
		}
		m, err := molecule.ParseSMILES(smiles)
		if err != nil {
			return
		}
		for _, match := range p.Matches(m, Options{Most: 10}) {
			if len(match) != p.NumAtoms() {
				t.Fatalf("%d atoms matched by %d", len(match), p.NumAtoms())
			}
			seen := map[int32]bool{}
			for _, a := range match {
				if a < 0 || int(a) >= m.NumAtoms() || seen[a] {
					t.Fatalf("match %v in %d atoms", match, m.NumAtoms())
				}
				seen[a] = true
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	p := MustParse("[$([NX3;H2]),$([NX3;H1])]C(=O)c1ccccc1")
	m, err := molecule.ParseSMILES("CN1CCN(CC1)Cc1ccc(cc1)C(=O)Nc1ccc(C)c(c1)Nc1nccc(n1)-c1cccnc1")
	if err != nil {
		b.Fatal(err)
	}
	t := NewTarget(m)
	b.ReportAllocs()
	for b.Loop() {
		p.In(t)
	}
}
