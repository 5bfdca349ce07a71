package descriptor

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
)

// TestSyntheticAccessibility compares with RDKit's score, which has more rare
// fragments; chem/testdata/sascore.py says how the file was made.
func TestSyntheticAccessibility(t *testing.T) {
	f, err := os.Open("testdata/sascore.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var sum, largest float64
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		smiles, score, _ := strings.Cut(lines.Text(), "\t")
		want, err := strconv.ParseFloat(score, 64)
		if err != nil {
			t.Fatal(err)
		}
		m, err := molecule.ParseSMILES(smiles)
		if err != nil {
			t.Fatal(err)
		}
		d := math.Abs(SyntheticAccessibility(m) - want)
		sum += d
		if d > largest {
			largest = d
		}
		if d > 0.8 { // rare fragments
			t.Errorf("%s: %.3f, RDKit has %.3f", smiles, SyntheticAccessibility(m), want)
		}
		n++
	}
	t.Logf("%d molecules: mean difference %.3f, largest %.3f", n, sum/float64(n), largest)
	if n != 1100 || sum/float64(n) > 0.03 {
		t.Errorf("%d molecules with a mean difference of %.3f", n, sum/float64(n))
	}
}
