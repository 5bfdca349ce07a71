package fingerprint

import (
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
	"github.com/alkahest/alkahest/chem/molecule"
)

// BenchmarkGoldenMorgan makes the fingerprint of one of the golden molecules.
func BenchmarkGoldenMorgan(b *testing.B) {
	ms := goldenMolecules(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		MorganBits(ms[i%len(ms)], 2, 2048)
	}
}

// BenchmarkGoldenNearest finds the 10 nearest of a million fingerprints.
func BenchmarkGoldenNearest(b *testing.B) {
	var fps []Bits
	for _, m := range goldenMolecules(b) {
		fps = append(fps, MorganBits(m, 2, 2048))
	}
	own := len(fps)
	for len(fps) < 1_000_000 {
		fps = append(fps, fps[:min(len(fps), 1_000_000-len(fps))]...)
	}
	x, err := NewIndex(fps)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		x.Nearest(fps[7*i%own], 10, 0)
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
