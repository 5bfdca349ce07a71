package polymer

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
)

var units = []string{
	"*CC*", "*C*", "*CC(*)C", "*CC(*)c1ccccc1", "*CC(*)(C)C(=O)OC", "*OCC*", "*OC(C)C(*)=O", "*O[C@@H](C)C(*)=O", "*OCCOC(=O)c1ccc(cc1)C(*)=O",
	"*OCCCCOC(=O)CCC(*)=O", "*NCCCCCCNC(=O)CCCCC(*)=O", "*c1cc(CCCCCC)c(*)s1", "*C=C*", "*C/C=C/C*", "*C/C=C\\C*", "*CC=C(C)C*", "*O[Si](*)(C)C",
	"*c1ccc(cc1)Oc1ccc(cc1)N1C(=O)c2cc3C(=O)N(*)C(=O)c3cc2C1=O", "*Oc1ccc(cc1)C(C)(C)c1ccc(cc1)OC(*)=O", "*CC1CC(*)OC(CCC)O1", "*[C@H](F)[C@@H](*)Cl",
	"*OC1C(CO)OC(*)C(O)C1O", "*C(F)(F)C(*)(F)F", "*C#C*", "*N=P(*)(Cl)Cl",
}

func TestCanonical(t *testing.T) {
	for _, group := range [][]string{
		{"*OCC*", "*CCO*", "*COC*", "*OCCOCC*", "*CCOCCO*", "*COCCOC*"},
		{"*CC*", "*C*", "*CCCC*", "*CCC*"},
		{"*CC(*)C", "*C(C)C*", "*CC(C)CC(*)C"},
		{"*OC(C)C(*)=O", "*C(=O)C(C)O*", "*C(C)C(=O)O*", "*OC(=O)C(*)C"},
		{"*OCCOC(=O)c1ccc(cc1)C(*)=O", "*c1ccc(cc1)C(=O)OCCOC(*)=O", "*CCOC(=O)c1ccc(cc1)C(=O)O*"},
		{"*NCCCCCC(*)=O", "*CCCCCC(=O)N*"},
		{"*c1ccc(*)s1", "*c1ccc(-c2ccc(*)s2)s1"},
		{"*O[C@@H](C)C(*)=O", "*C(=O)[C@H](C)O*"},
		{"*C=C*", "*C=CC=C*"},
	} {
		want, err := CanonicalSMILES(group[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range group[1:] {
			got, err := CanonicalSMILES(s)
			if err != nil {
				t.Errorf("%s: %v", s, err)
			} else if got != want {
				t.Errorf("%s is %s, but %s is %s", s, got, group[0], want)
			}
		}
	}
	seen := map[string]string{}
	for _, s := range units {
		c, err := CanonicalSMILES(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
		} else if other, ok := seen[c]; ok && s != "*C*" {
			t.Errorf("%s and %s are both %s", s, other, c)
		} else {
			seen[c] = s
		}
		again, err := CanonicalSMILES(c)
		if err != nil || again != c {
			t.Errorf("%s: the canonical unit %s becomes %s (%v)", s, c, again, err)
		}
	}
	// D- and L-lactide are different chains.
	l, _ := CanonicalSMILES("*O[C@@H](C)C(*)=O")
	d, _ := CanonicalSMILES("*O[C@H](C)C(*)=O")
	if l == d || !strings.Contains(l, "@") {
		t.Errorf("poly(L-lactic acid) is %s, poly(D-lactic acid) %s", l, d)
	}
}

// repeated returns the unit u written n times in a row, at another place of the
// chain.
func repeated(t *testing.T, u *Unit, n int, random *rand.Rand) string {
	t.Helper()
	row := make([]int, len(u.segments))
	begin := random.IntN(len(row))
	for k := range row {
		row[k] = (begin + k) % len(row)
	}
	m, err := u.build(row, false)
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(m)
	if err != nil {
		t.Fatal(err)
	}
	var b molecule.Builder
	last := -1
	var gone []int
	for range n {
		offset := b.AddMolecule(v.mol)
		if last >= 0 {
			// The bond to the end before is led on to the new unit, so that the order
			// of neighbours stays; the other is removed with its end.
			k := b.BondBetween(last, last+v.ends[1]-v.next[1])
			x := b.Bond(k)
			if int(x.A) == last {
				x.B = int32(offset + v.next[0])
			} else {
				x.A = int32(offset + v.next[0])
			}
			gone = append(gone, last+v.ends[1]-v.next[1], offset+v.ends[0])
		}
		last = offset + v.next[1]
	}
	b.RemoveAtoms(func(i int) bool {
		for _, g := range gone {
			if g == i {
				return true
			}
		}
		return false
	})
	long, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return long.RandomSMILES(random)
}

func TestCanonicalShuffled(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, s := range units {
		if strings.ContainsAny(s, "@/\\") {
			continue // removing the ends makes repeated forget handedness
		}
		u, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		want, err := CanonicalSMILES(s)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 3; n++ {
			for range 3 {
				other := repeated(t, u, n, random)
				if got, err := CanonicalSMILES(other); err != nil || got != want {
					t.Errorf("%s as %s is %s (%v), want %s", s, other, got, err, want)
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ smiles, reason string }{
		{"CC", "0 ends"}, {"*CC", "1 ends"}, {"*C(*)C*", "more than two ends"}, {"**", "nothing between"}, {"*C.C*", "not connected"},
		{"C*C*", "end “*” with 2 bonds"}, {"*CC=*", "different order"}, {"*C(", "SMILES"},
	} {
		if _, err := Parse(test.smiles); err == nil || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: %v, want %q", test.smiles, err, test.reason)
		}
	}
}

func TestCopolymer(t *testing.T) {
	c, err := ParseCopolymer("*CC*.*OCC*.*CCCC*", []float64{20, 60, 20})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Units) != 2 || math.Abs(c.Fractions[0]-0.4)+math.Abs(c.Fractions[1]-0.6) > 1e-12 {
		t.Errorf("%s %v", c.SMILES(), c.Fractions)
	}
	for _, amounts := range [][]float64{{1}, {0, 0}, {math.NaN(), 1}, {-1, 2}} {
		if _, err := ParseCopolymer("*CC*.*OCC*", amounts); err == nil {
			t.Errorf("amounts %v are taken", amounts)
		}
	}
}

func TestBigSMILES(t *testing.T) {
	for _, test := range []struct{ big, units string }{
		{"{[$]CC[$]}", "*CC*"},
		{"{[][$]CC[$],[$]CC(CC)[$][]}", "*CC*.*CC(*)CC"},
		{"{[$][$]CC[$],[$]CC(CC)[$][$]}", "*CC*.*CC(*)CC"},
		{"{<OCC>}", "*OCC*"},
		{"{<O[Si](C)(C)>}", "*O[Si](*)(C)C"},
		{"{[<]OCC[>];[H][<]}", "*OCC*"},
	} {
		got, err := ParseBigSMILES(test.big)
		if err != nil {
			t.Errorf("%s: %v", test.big, err)
			continue
		}
		want, err := ParseCopolymer(test.units, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.SMILES() != want.SMILES() {
			t.Errorf("%s is %s, want %s", test.big, got.SMILES(), want.SMILES())
		}
		again, err := ParseBigSMILES(got.BigSMILES())
		if err != nil || again.SMILES() != got.SMILES() {
			t.Errorf("%s written as %s and read again: %v", test.big, got.BigSMILES(), err)
		}
	}
	for _, bad := range []string{"", "CC", "{[$]CC}", "{[$]CC[$]}C", "{{[$]CC[$]}}", "{[$]CC[$]"} {
		if c, err := ParseBigSMILES(bad); err == nil {
			t.Errorf("%s is read as %s", bad, c.SMILES())
		}
	}
}

func TestFeatures(t *testing.T) {
	get := func(s string) map[string]float64 {
		u, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		f := u.Features()
		if len(f) != len(FeatureNames) {
			t.Fatalf("%d features, %d names", len(f), len(FeatureNames))
		}
		out := map[string]float64{}
		for k, n := range FeatureNames {
			out[n] = f[k]
		}
		return out
	}
	for _, test := range []struct {
		smiles, feature string
		want            float64
	}{
		{"*CC(*)c1ccccc1", "mass", 104.152}, // C8H8
		{"*CC(*)c1ccccc1", "backbone-length", 2},
		{"*CC(*)c1ccccc1", "side-chain-share", 0.75},
		{"*CC(*)c1ccccc1", "side-chain-rings", 1},
		{"*CC(*)c1ccccc1", "backbone-rings", 0},
		{"*CC(*)c1ccccc1", "longest-side-chain", 6},
		{"*OCCOC(=O)c1ccc(cc1)C(*)=O", "esters", 2},
		{"*OCCOC(=O)c1ccc(cc1)C(*)=O", "backbone-length", 10},
		{"*OCCOC(=O)c1ccc(cc1)C(*)=O", "backbone-rings", 1},
		{"*OCCOC(=O)c1ccc(cc1)C(*)=O", "ethers", 0},
		{"*OCC*", "ethers", 1},
		{"*NCCCCCC(*)=O", "amides", 1},
		{"*NCCCCCC(*)=O", "hydrogen-bond-donors", 1},
		{"*OCC(C)OC(*)=O", "carbonates", 1},
		{"*c1cc(CCCCCC)c(*)s1", "backbone-share", 5.0 / 11},
		{"*CC1CC(*)OC(CCC)O1", "backbone-rings", 1},
	} {
		if got := get(test.smiles)[test.feature]; math.Abs(got-test.want) > 1e-3 {
			t.Errorf("%s: %s is %g, want %g", test.smiles, test.feature, got, test.want)
		}
	}
	// Where the chain is cut does not matter.
	for _, pair := range [][2]string{{"*OCCOC(=O)c1ccc(cc1)C(*)=O", "*CCOC(=O)c1ccc(cc1)C(=O)O*"}, {"*OC(C)C(*)=O", "*C(C)C(=O)O*"}, {"*NCCCCCC(*)=O", "*CCC(=O)NCCC*"}} {
		a, b := get(pair[0]), get(pair[1])
		for n := range a {
			if math.Abs(a[n]-b[n]) > 1e-9 {
				t.Errorf("%s of %v: %g and %g", n, pair, a[n], b[n])
			}
		}
		fingerprint := func(s string) []float64 {
			u, err := Parse(s)
			if err != nil {
				t.Fatal(err)
			}
			counts := make([]float64, 256)
			u.Fingerprint(counts, 3)
			return counts
		}
		x, y := fingerprint(pair[0]), fingerprint(pair[1])
		for k := range x {
			if x[k] != y[k] {
				t.Errorf("fingerprints of %v differ", pair)
				break
			}
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range units {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := Parse(s)
		if err != nil || u.mol.NumAtoms() > 60 {
			return
		}
		c, err := u.Canonical()
		if err != nil {
			return // an element whose hydrogens do not fit once it is cut
		}
		again, err := c.Canonical()
		if err != nil || again.SMILES() != c.SMILES() {
			t.Errorf("%s: the canonical unit %s becomes %v (%v)", s, c.SMILES(), again, err)
		}
		u.Features()
	})
}

func BenchmarkCanonical(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range units {
			if _, err := CanonicalSMILES(s); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(units))/b.Elapsed().Seconds(), "units/s")
}

func BenchmarkFeatures(b *testing.B) {
	u, err := Parse("*OCCOC(=O)c1ccc(cc1)C(*)=O")
	if err != nil {
		b.Fatal(err)
	}
	counts := make([]float64, 1024)
	b.ReportAllocs()
	for b.Loop() {
		u.Features()
		u.Fingerprint(counts, 3)
	}
}
