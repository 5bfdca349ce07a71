package molecular

import (
	"math"
	"slices"
	"testing"
)

func TestDescriptors(t *testing.T) {
	for _, test := range []struct {
		smiles, name string
		want         float64
	}{
		{"c1ccccc1", "atoms C", 6},
		{"c1ccccc1", "hydrogens", 6},
		{"c1ccccc1", "aromatic share", 1},
		{"c1ccccc1", "largest conjugated system", 6},
		{"c1ccccc1", "length of it", 3},
		{"CCO", "largest conjugated system", 0},
		{"C=CC=C", "largest conjugated system", 4},
		{"C=CC=C", "length of it", 3},
		{"C=CCC=C", "largest conjugated system", 2},
		{"C=CCC=C", "conjugated atoms", 4},
		{"CN(C)c1ccccc1C=O", "largest conjugated system", 8},
		{"CN(C)c1ccccc1C=O", "donors on it", 1},
		{"CN(C)c1ccccc1C=O", "acceptors on it", 1},
		{"CN(C)c1ccccc1C=O", "heteroatoms in it", 1},
		{"[Na+].[Cl-]", "molecules", 2},
		{"[Na+].[Cl-]", "positive atoms", 1},
		{"C1CCCC1c1ccncc1", "rings of 5", 1},
		{"C1CCCC1c1ccncc1", "rings of 6", 1},
		{"C1CCCC1c1ccncc1", "aromatic heteroatoms", 1},
		{"CC#N", "triple bonds", 1},
	} {
		m, err := Parse(test.smiles)
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]float64, Count)
		Descriptors(dst, m)
		j := slices.Index(names, test.name)
		if j < 0 {
			t.Fatalf("no descriptor %q", test.name)
		}
		if dst[j] != test.want {
			t.Errorf("%s of %s is %g, want %g", test.name, test.smiles, dst[j], test.want)
		}
		for k, v := range dst {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s of %s is %g", names[k], test.smiles, v)
			}
		}
	}
}

// TestVocabulary checks that the most frequent environments are kept and counted.
func TestVocabulary(t *testing.T) {
	var counts []map[uint32]int
	for _, s := range []string{"CCO", "CCCO", "CCCCO", "c1ccccc1"} {
		m, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, Environments(m))
	}
	all, shared, few := NewVocabulary(counts, 1, 1000), NewVocabulary(counts, 3, 1000), NewVocabulary(counts, 1, 2)
	if !(len(all) > len(shared) && len(shared) > 0 && len(few) == 2 && slices.IsSorted(all)) {
		t.Fatalf("%d environments, %d of three molecules, %d when two are asked for", len(all), len(shared), len(few))
	}
	dst := make([]float64, len(shared))
	shared.Counts(dst, counts[0])
	if slices.Max(dst) == 0 {
		t.Error("ethanol has none of the environments of alcohols")
	}
	shared.Counts(dst, counts[3])
	if slices.Max(dst) != 0 {
		t.Error("benzene has environments of alcohols")
	}
}

func TestParse(t *testing.T) {
	for _, s := range []string{"", "hello", "C(", "Cu2ZnSnS4"} {
		if _, err := Parse(s); err == nil {
			t.Errorf("%q is a molecule", s)
		}
	}
}

func BenchmarkDescriptors(b *testing.B) {
	m, err := Parse("CN(C)c1ccc(C=Cc2ccc([N+](=O)[O-])cc2)cc1")
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]float64, Count)
	b.ReportAllocs()
	for b.Loop() {
		Descriptors(dst, m)
	}
}
