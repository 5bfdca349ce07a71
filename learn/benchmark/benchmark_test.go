package benchmark

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file of dir with these lines.
func write(t *testing.T, dir, name string, lines ...string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// tiny is a budget in which only one learner has room.
const tiny = 1e-9

// TestRun measures a made-up set in the form of matbench: the value is the share
// of nickel, which every learner finds.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	lines := []string{"mbid,composition,target,test_fold"}
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("%d,Fe%gNi%g,%g,%d", i, 1-float64(i+1)/102, float64(i+1)/102, 1000*float64(i+1)/102, i%5))
	}
	write(t, dir, "steels.csv", lines...)
	s, err := Find("steels")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	r, err := s.Run(t.Context(), dir, Options{Parts: 2, Rows: 60, Budget: tiny, Seed: 1, Measured: func(int, Part) { calls++ }})
	if err != nil {
		t.Fatal(err)
	}
	if calls != 2 || len(r.Parts) != 2 || r.Parts[0].Train != 60 || r.Parts[0].Test != 20 {
		t.Fatalf("%d calls, parts %+v", calls, r.Parts)
	}
	if r.Mean > 50 || r.Dummy < 150 || r.Cover < 0.6 || math.Abs(r.Mean-(r.Parts[0].Value+r.Parts[1].Value)/2) > 1e-9 {
		t.Errorf("mean %g, dummy %g, coverage %g, parts %+v", r.Mean, r.Dummy, r.Cover, r.Parts)
	}
	write(t, dir, "glass.csv", "mbid,composition,target,test_fold", "1,Fe,1,7")
	for _, test := range []struct{ set, want string }{{"glass", `glass.csv: row 2: fold "7"`}, {"jdft2d", "jdft2d.csv"}} {
		s, _ := Find(test.set)
		if _, err := s.Run(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.set, err, test.want)
		}
	}
	if _, err := Find("phlogiston"); !errors.Is(err, ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

// TestSplits checks how molecules are divided.
func TestSplits(t *testing.T) {
	dir := t.TempDir()
	lines := []string{"smiles,solvent,peakwavs_max"}
	for n := range 30 {
		lines = append(lines, fmt.Sprintf("%sc1ccccc1,O,%d", strings.Repeat("C", n), 300+n))
	}
	for _, split := range []string{"random", "scaffold"} {
		for _, file := range []string{"train.csv", "val.csv", "test.csv"} {
			write(t, dir, filepath.Join("splits_deep4chem", split, file), lines...)
		}
		parts, err := chromophores(split)(dir, Options{})
		if err != nil || len(parts) != 1 || len(parts[0].train.Rows) != 60 || len(parts[0].test) != 30 {
			t.Fatalf("%s: %d parts, %v", split, len(parts), err)
		}
		a, b := parts[0].train.Rows[0].Group, parts[0].train.Rows[1].Group
		if same := a == b; same != (split == "scaffold") {
			t.Errorf("%s: toluene and benzene are of groups %q and %q", split, a, b)
		}
	}
	write(t, dir, "Lipophilicity.csv", "smiles,exp", "C,1", "CC,2", "CCC,", "CCCC,NaN", "CCCCC,3", "CCCCCC,4")
	parts, err := molecules("Lipophilicity.csv", "smiles", "exp", 3, 4)(dir, Options{Seed: 1})
	if err != nil || len(parts) != 3 || len(parts[0].test) != 1 || len(parts[0].train.Rows) != 3 {
		t.Fatalf("%+v, %v", parts, err)
	}
	again, _ := molecules("Lipophilicity.csv", "smiles", "exp", 3, 4)(dir, Options{Seed: 1})
	for k := range parts {
		if parts[k].test[0].Source != again[k].test[0].Source {
			t.Error("the seed does not fix the splits")
		}
	}
}

// TestObelix checks that a conductivity below what can be measured is a bound.
func TestObelix(t *testing.T) {
	dir := t.TempDir()
	lines := []string{"True Composition,Ionic conductivity (S cm-1)"}
	for n := range 20 {
		lines = append(lines, fmt.Sprintf("Li%dP1S4,1e-%d", n+1, n%9+1))
	}
	write(t, dir, "train.csv", append(lines, "Li1Cl1,<1E-10")...)
	parts, err := obelix(dir, Options{Seed: 1})
	if err != nil || len(parts) != 5 {
		t.Fatal(len(parts), err)
	}
	bounds, tested := 0, 0
	for _, p := range parts {
		for _, r := range p.test {
			tested++
			if r.Bound != 0 {
				bounds++
				if r.Value != 1e-10 {
					t.Errorf("%+v", r)
				}
			}
		}
	}
	if tested != 21 || bounds != 1 {
		t.Errorf("%d rows tested, %d bounds", tested, bounds)
	}
}
