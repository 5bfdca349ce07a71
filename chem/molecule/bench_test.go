package molecule

import (
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
)

// drugs are some molecules of usual size, for benchmarks.
var drugs = []string{
	"CC(=O)Oc1ccccc1C(=O)O",
	"CN1CCC[C@H]1c1cccnc1",
	"Cn1cnc2c1c(=O)n(C)c(=O)n2C",
	"CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O",
	"N#Cc1ccc(-c2ccc(O[C@@H](C(=O)N3CCCC3)c3ccccc3)cc2)cc1",
	"CC(C)(C)c1ccc2occ(CC(=O)Nc3ccccc3F)c2c1",
	"CCOC(=O)[C@@H]1CCCN(C(=O)c2nc(-c3ccc(C)cc3)n3c2CCCCC3)C1",
	"C[C@]12CC[C@H]3[C@@H](CCc4cc(O)ccc34)[C@@H]1CC[C@@H]2O",
	"CN1CCN(CC1)Cc1ccc(cc1)C(=O)Nc1ccc(C)c(c1)Nc1nccc(n1)-c1cccnc1",
	"c1ccc2c(c1)c1ccccc1n2-c1ccc(-c2ccc(-n3c4ccccc4c4ccccc43)cc2)cc1",
}

func BenchmarkParseSMILES(b *testing.B) {
	b.ReportAllocs()
	for i := range b.N {
		if _, err := ParseSMILES(drugs[i%len(drugs)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCanonicalSMILES(b *testing.B) {
	var ms []*Molecule
	for _, s := range drugs {
		m, err := ParseSMILES(s)
		if err != nil {
			b.Fatal(err)
		}
		ms = append(ms, m)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		ms[i%len(ms)].SMILES()
	}
}

// BenchmarkGoldenParseCanonical reads and writes one of the golden molecules.
func BenchmarkGoldenParseCanonical(b *testing.B) {
	smiles := goldentest.SMILES(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		m, err := ParseSMILES(smiles[i%len(smiles)])
		if err != nil {
			b.Fatal(err)
		}
		m.SMILES()
	}
}
