package smarts

import (
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
	"github.com/alkahest/alkahest/chem/molecule"
)

// BenchmarkGoldenMatch looks for ten patterns in one of the golden molecules.
func BenchmarkGoldenMatch(b *testing.B) {
	var patterns []*Pattern
	for _, s := range []string{
		"c1ccccc1", "[NX3;H2]", "C(=O)N", "[#6]S(=O)(=O)[#7]", "c1ccc2[nH]ccc2c1",
		"[$([CX3]=[OX1]),$([CX3+]-[OX1-])]", "[F,Cl,Br,I]c", "C1CCNCC1", "[OX2H][CX3]=O", "n1ccccc1",
	} {
		patterns = append(patterns, MustParse(s))
	}
	ms := goldenMolecules(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		t := NewTarget(ms[i%len(ms)])
		for _, p := range patterns {
			p.In(t)
		}
	}
}

// goldenMolecules returns the golden molecules.
func goldenMolecules(b *testing.B) []*molecule.Molecule {
	b.Helper()
	var out []*molecule.Molecule
	for _, s := range goldentest.SMILES(b) {
		m, err := molecule.ParseSMILES(s)
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}
