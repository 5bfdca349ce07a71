package edit

import (
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

func parse(t testing.TB, smiles string) *molecule.Molecule {
	t.Helper()
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		t.Fatalf("%s: %v", smiles, err)
	}
	return m
}

func pattern(t testing.TB, s string) *smarts.Pattern {
	t.Helper()
	p, err := smarts.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// golden calls test with the molecules of testdata/brics.tsv and their parts.
func golden(t testing.TB, test func(smiles string, parts []string)) {
	t.Helper()
	data, err := os.ReadFile("testdata/brics.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if smiles, list, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && line[0] != '#' {
			test(smiles, strings.Fields(list))
		}
	}
}

func TestFragments(t *testing.T) {
	n := 0
	golden(t, func(smiles string, want []string) {
		n++
		got, err := Fragments(parse(t, smiles))
		if err != nil {
			t.Errorf("%s: %v", smiles, err)
			return
		}
		for k, s := range want {
			want[k] = parse(t, s).SMILES()
		}
		slices.Sort(want)
		want = slices.Compact(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", smiles, got, want)
		}
	})
	if n < 250 {
		t.Errorf("%d molecules", n)
	}
}

// library returns fragments with one open end.
func library(t testing.TB) []*molecule.Molecule {
	var out []*molecule.Molecule
	seen := map[string]bool{}
	golden(t, func(_ string, parts []string) {
		for _, s := range parts {
			if strings.Count(s, "*") == 1 && !seen[s] && len(out) < 200 {
				seen[s] = true
				out = append(out, parse(t, s))
			}
		}
	})
	return out
}

var edits = flag.Int("edits", 3000, "number of edits that TestEdits makes")

// TestEdits walks through the space of molecules and checks everything that it
// meets: valid, canonical, connected, within the constraints.
func TestEdits(t *testing.T) {
	steps := *edits
	scaffold := pattern(t, "c1ccc2c(c1)[nX3]c1ccccc12") // carbazole
	nitro := pattern(t, "[N+](=O)[O-]")
	carbazole := []string{"c1ccc2c(c1)[nH]c1ccccc12", "CCn1c2ccccc2c2ccccc21", "c1ccc(-n2c3ccccc3c3ccccc32)cc1"}
	var others []string
	golden(t, func(smiles string, _ []string) { others = append(others, smiles) })
	for _, test := range []struct {
		name   string
		editor Editor
		start  []string
	}{
		{"free", Editor{Fragments: library(t)}, others[:100]},
		{"scaffold", Editor{Fragments: library(t), Constraints: Constraints{
			Keep: []*smarts.Pattern{scaffold}, Forbidden: []*smarts.Pattern{nitro}, MaxAtoms: 40, Elements: []chem.Element{6, 7, 8, 9, 16}, MaxRing: 7,
		}}, carbazole},
	} {
		t.Run(test.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, uint64(len(test.name))))
			var pool []*molecule.Molecule
			for _, s := range test.start {
				pool = append(pool, parse(t, s))
			}
			kinds, none := map[Kind]int{}, 0
			for n := range steps / 2 {
				i := random.IntN(len(pool))
				var out *molecule.Molecule
				var err error
				kind := Crossed
				if n%5 == 0 {
					out, err = test.editor.Crossover(pool[i], pool[random.IntN(len(pool))], random)
				} else {
					out, kind, err = test.editor.Mutate(pool[i], random)
				}
				if err != nil {
					if !errors.Is(err, ErrNone) {
						t.Fatal(err)
					}
					none++
					continue
				}
				kinds[kind]++
				smiles := out.SMILES()
				again, err := molecule.ParseSMILES(smiles)
				if err != nil {
					t.Fatalf("%s of %s gave %s: %v", kind, pool[i].SMILES(), smiles, err)
				}
				if again.SMILES() != smiles || out.SMILESInOrder() == "" {
					t.Fatalf("%s of %s gave %s, which is not canonical: %s", kind, pool[i].SMILES(), smiles, again.SMILES())
				}
				if err := test.editor.Constraints.Check(again); err != nil {
					t.Fatalf("%s of %s gave %s: %v", kind, pool[i].SMILES(), smiles, err)
				}
				pool[i] = out
				if n%500 == 0 { // begin anew, so that the walk does not stay at the largest size
					for k, s := range test.start {
						pool[k] = parse(t, s)
					}
				}
			}
			if none > steps/50 {
				t.Errorf("%d of %d edits found nothing", none, steps/2)
			}
			for _, k := range []Kind{ChangeAtom, AddAtom, InsertAtom, DeleteAtom, ChangeBond, CloseRing, OpenRing, AddFragment, ReplaceFragment, Crossed} {
				if kinds[k] == 0 {
					t.Errorf("no edit of the kind “%s”", k)
				}
			}
		})
	}
}

func TestSameSeed(t *testing.T) {
	e := Editor{Fragments: library(t)}
	run := func() string {
		random := rand.New(rand.NewPCG(3, 4))
		m := parse(t, "CC(=O)Oc1ccccc1C(=O)O")
		for range 20 {
			next, _, err := e.Mutate(m, random)
			if err != nil {
				t.Fatal(err)
			}
			m = next
		}
		return m.SMILES()
	}
	if a, b := run(), run(); a != b {
		t.Errorf("the same seed gave %s and %s", a, b)
	}
}

func TestCheck(t *testing.T) {
	c := Constraints{Keep: []*smarts.Pattern{pattern(t, "c1ccccc1")}, Forbidden: []*smarts.Pattern{pattern(t, "Br")}, MinAtoms: 7, MaxAtoms: 12, Elements: []chem.Element{7, 8, 35}, MaxRing: 6}
	for _, test := range []struct{ smiles, reason string }{
		{"Cc1ccccc1", ""}, {"CCCCCCC", "kept"}, {"Brc1ccccc1", "forbidden"}, {"c1ccccc1", "fewer"}, {"CCCCCCCc1ccccc1", "more than 12"},
		{"Sc1ccccc1", "element S"}, {"C1CCCCCCc2ccccc12", "more than 12"}, {"C1CCCc2ccccc2C1", "a ring of 7"}, {"Cc1ccccc1OO", "implausible"},
	} {
		err := c.Check(parse(t, test.smiles))
		if (err == nil) != (test.reason == "") || err != nil && !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: %v, want %q", test.smiles, err, test.reason)
		}
	}
}

// TestPlausible checks that the table of implausible groups leaves what is made
// and sold alone.
func TestPlausible(t *testing.T) {
	if _, err := readImplausible(implausibleData); err != nil {
		t.Fatal(err)
	}
	if _, err := readRules(bricsData); err != nil {
		t.Fatal(err)
	}
	c := Constraints{MaxAtoms: 200, MaxRing: 40}
	refused, n := 0, 0
	golden(t, func(smiles string, _ []string) {
		n++
		if err := c.Check(parse(t, smiles)); err != nil {
			refused++
			t.Logf("%s: %v", smiles, err)
		}
	})
	if refused*20 > n {
		t.Errorf("%d of %d molecules are called implausible", refused, n)
	}
	for _, s := range []string{"CC(=O)Oc1ccccc1C(=O)O", "O=C1OCCO1", "CCOC(C)=O", "c1ccc2c(c1)[nH]c1ccccc12", "CS(C)=O", "NS(=O)(=O)c1ccccc1", "C[N+](C)(C)C", "O=[N+]([O-])c1ccccc1", "CN=C=O", "C1CO1"} {
		if err := c.Check(parse(t, s)); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func FuzzMutate(f *testing.F) {
	golden(f, func(smiles string, _ []string) { f.Add(smiles, uint64(1)) })
	e := Editor{Fragments: library(f), Tries: 5}
	f.Fuzz(func(t *testing.T, s string, seed uint64) {
		m, err := molecule.ParseSMILES(s)
		if err != nil || m.NumAtoms() == 0 || m.NumAtoms() > 60 {
			return
		}
		random := rand.New(rand.NewPCG(seed, 0))
		if out, kind, err := e.Mutate(m, random); err == nil {
			if err := e.Constraints.Check(parse(t, out.SMILES())); err != nil {
				t.Errorf("%s of %s: %v", kind, s, err)
			}
		}
		if out, err := e.Crossover(m, m, random); err == nil {
			parse(t, out.SMILES())
		}
		if _, err := Fragments(m); err != nil {
			t.Logf("%s: %v", s, err)
		}
	})
}

func BenchmarkMutate(b *testing.B) {
	e := Editor{Fragments: library(b)}
	m := parse(b, "CC(=O)Oc1ccccc1C(=O)O")
	random := rand.New(rand.NewPCG(1, 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := e.Mutate(m, random); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCrossover(b *testing.B) {
	var e Editor
	m, n := parse(b, "CC(=O)Oc1ccccc1C(=O)O"), parse(b, "CC(C)Cc1ccc(cc1)C(C)C(=O)O")
	random := rand.New(rand.NewPCG(1, 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Crossover(m, n, random); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFragments(b *testing.B) {
	m := parse(b, "Cc1ccc(cc1Nc1nccc(n1)-c1cccnc1)NC(=O)c1ccc(CN2CCN(C)CC2)cc1")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Fragments(m); err != nil {
			b.Fatal(err)
		}
	}
}
