package descriptor

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/alkahest/alkahest/chem/fingerprint"
	"github.com/alkahest/alkahest/chem/molecule"
)

// sascoreTable holds the contributions of fragments; chem/testdata/sascore.py says
// where they come from and how they are written.
//
//go:embed sascore.bin.gz
var sascoreTable []byte

// fragments are the numbers of environments, ascending, with their contributions in
// units of 0.05.
var fragments = sync.OnceValue(func() (f struct {
	ids    []uint32
	scores []int8
}) {
	z, err := gzip.NewReader(bytes.NewReader(sascoreTable))
	if err != nil {
		panic(fmt.Sprintf("descriptor: sascore.bin.gz: %v", err))
	}
	data, err := io.ReadAll(z)
	if err != nil {
		panic(fmt.Sprintf("descriptor: sascore.bin.gz: %v", err))
	}
	id := uint64(0)
	for len(data) > 0 {
		gap, n := binary.Uvarint(data)
		if n <= 0 || n == len(data) {
			panic("descriptor: sascore.bin.gz is cut off")
		}
		id += gap
		f.ids = append(f.ids, uint32(id))
		f.scores = append(f.scores, int8(data[n]))
		data = data[n+1:]
	}
	return f
})

// unknownFragment is the contribution of a fragment that the table does not have.
const unknownFragment = -4

// SyntheticAccessibility returns how hard a molecule is to make, from 1, easy, to
// 10: from how common its fragments are, its size, stereocentres, spiro and bridge
// atoms and large rings (Ertl and Schuffenhauer, J. Cheminform. 1 (2009) 8, with
// RDKit's changes). The table of fragments is that of the authors without the
// rarest, so scores are a little higher for unusual molecules: by 0.02 on average.
// It returns 0 for a molecule without atoms.
func SyntheticAccessibility(m *molecule.Molecule) float64 {
	atoms := m.NumAtoms()
	if atoms == 0 {
		return 0
	}
	f := fragments()
	environments := fingerprint.Morgan(m, 2)
	seen := map[uint32]bool{}
	score := 0.0
	for _, e := range environments {
		seen[e.ID] = true
		if k, ok := slices.BinarySearch(f.ids, e.ID); ok {
			score += float64(f.scores[k]) * 0.05
		} else {
			score += unknownFragment
		}
	}
	score /= float64(len(environments))

	spiro, bridge := ringJoints(m)
	large := 0
	for k := range m.NumRings() {
		if ring, _ := m.Ring(k); len(ring) > 8 {
			large = 1
		}
	}
	n := float64(atoms)
	score -= math.Pow(n, 1.005) - n
	for _, count := range [...]int{m.PossibleCentres(), spiro, bridge, large} {
		score -= math.Log10(float64(count) + 1)
	}
	if atoms > len(seen) { // symmetric molecules are easier
		score += 0.5 * math.Log(n/float64(len(seen)))
	}
	const low, high = -4.0, 2.5
	score = 11 - (score-low+1)/(high-low)*9
	if score > 8 {
		score = 8 + math.Log(score-8)
	}
	return min(max(score, 1), 10)
}

// ringJoints counts the atoms in which two rings meet in nothing else, and those
// where bridges end: two rings share several bonds behind them.
func ringJoints(m *molecule.Molecule) (spiro, bridge int) {
	isSpiro, isBridge := map[int32]bool{}, map[int32]bool{}
	for k := range m.NumRings() {
		atoms, bonds := m.Ring(k)
		for j := range k {
			otherAtoms, otherBonds := m.Ring(j)
			var common []int32
			for _, a := range atoms {
				if slices.Contains(otherAtoms, a) {
					common = append(common, a)
				}
			}
			if len(common) == 1 {
				isSpiro[common[0]] = true
			}
			ends := map[int32]int{}
			shared := 0
			for _, b := range bonds {
				if slices.Contains(otherBonds, b) {
					shared++
					x := m.Bond(int(b))
					ends[x.A]++
					ends[x.B]++
				}
			}
			if shared < 2 {
				continue
			}
			for a, times := range ends {
				if times == 1 {
					isBridge[a] = true
				}
			}
		}
	}
	return len(isSpiro), len(isBridge)
}
