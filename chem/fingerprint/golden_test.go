package fingerprint

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/goldentest"
	"github.com/alkahest/alkahest/chem/molecule"
)

func parse(t *testing.T, smiles string) *molecule.Molecule {
	t.Helper()
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		t.Fatalf("%s: %v", smiles, err)
	}
	return m
}

// TestEnvironments compares the numbers of Morgan environments with RDKit's.
func TestEnvironments(t *testing.T) {
	if testing.Short() {
		t.Skip("facts of 22,000 molecules; not with -short")
	}
	goldentest.Rows(t, goldentest.Molecules, func(columns []string) {
		squares, counts := 0, MorganCounts(parse(t, columns[0]), 2)
		for _, n := range counts {
			squares += n * n
		}
		if got := fmt.Sprintf("%d %d", len(counts), squares); got != columns[9] {
			t.Errorf("%s: %s environments, RDKit has %s", columns[0], got, columns[9])
		}
	})
}

// TestFacts compares fingerprints and scaffolds with RDKit's. Five scaffolds differ:
// a cation that loses a substituent gets a hydrogen here, and none in RDKit. Three
// sets of atom pairs differ: RDKit has one kind for all metals, and counts
// deuterium.
func TestFacts(t *testing.T) {
	if testing.Short() {
		t.Skip("facts of 22,000 molecules; not with -short")
	}
	morgan, maccs, pairs, scaffolds, n := 0, 0, 0, 0, 0
	goldentest.Rows(t, "testdata/facts.tsv.gz", func(columns []string) {
		n++
		m := parse(t, columns[0])
		var bytes []byte
		for _, w := range MorganBits(m, 2, 2048) {
			bytes = binary.LittleEndian.AppendUint64(bytes, w)
		}
		if got := fmt.Sprintf("%08x", crc32.ChecksumIEEE(bytes)); got != columns[1] {
			if morgan++; morgan <= 5 {
				t.Errorf("%s: Morgan fingerprint differs from RDKit's", columns[0])
			}
		}
		var keys []string
		fp := MACCS(m)
		for k := 1; k <= 166; k++ {
			if fp.Has(k) {
				keys = append(keys, strconv.Itoa(k))
			}
		}
		if got := strings.Join(keys, " "); got != columns[2] {
			if maccs++; maccs <= 5 {
				t.Errorf("%s: MACCS keys\n%s, RDKit has\n%s", columns[0], got, columns[2])
			}
		}
		scaffold, err := Scaffold(m)
		if err != nil {
			t.Errorf("%s: scaffold: %v", columns[0], err)
		} else if got, want := scaffold.SMILES(), parse(t, columns[3]).SMILES(); got != want {
			if scaffolds++; scaffolds > 5 {
				t.Errorf("%s: scaffold %s, RDKit has %s", columns[0], got, want)
			}
		}
		sum, squares := 0, 0
		for _, c := range AtomPairs(m) {
			sum += c
			squares += c * c
		}
		if got := fmt.Sprintf("%d %d", sum, squares); got != columns[4] {
			if pairs++; pairs > 3 {
				t.Errorf("%s: atom pairs %s, RDKit has %s", columns[0], got, columns[4])
			}
		}
	})
	t.Logf("of %d molecules differ: Morgan %d, MACCS %d, scaffold %d, atom pairs %d", n, morgan, maccs, scaffolds, pairs)
}
