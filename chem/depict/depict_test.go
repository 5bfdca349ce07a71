package depict

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem/molecule"
)

func parse(t testing.TB, smiles string) *molecule.Molecule {
	t.Helper()
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		t.Fatalf("%s: %v", smiles, err)
	}
	return m
}

// plain are molecules in which everything can be regular.
var plain = []string{
	"CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "c1ccc(N(c2ccccc2)c2ccc(-c3ccc(N(c4ccccc4)c4ccccc4)cc3)cc2)cc1",
	"CC(C)(C)c1ccc(-c2nnc(-c3ccc(-c4ccccc4)cc3)o2)cc1", "O=C1OCCO1", "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O", "C1CCC2(CC1)OCCO2",
	"FC(F)(F)C(F)(F)C(F)(F)C(F)(F)F", "CC#CC=C=CC", "CCO[Si](CCCN)(OCC)OCC", "*CC(*)c1ccccc1", "*OCCOC(=O)c1ccc(cc1)C(*)=O",
	"c1ccc2c(c1)C1(c3ccccc3Oc3ccccc31)c1ccccc1-2", "[Li+].O=S(=O)([N-]S(=O)(=O)C(F)(F)F)C(F)(F)F", "c1ccc2c(c1)ccc1c2ccc2ccccc21",
	"CN(C)c1ccc2nc3ccc(cc3sc2c1)=[N+](C)C.[Cl-]", "CCCCCCCCc1ccc2c(c1)sc1c2sc2cc(CCCCCCCC)ccc21",
}

// hard are molecules that the plane has no room for.
var hard = []string{
	"N#Cc1c(-n2c3ccccc3c3ccccc32)c(C#N)c(-n2c3ccccc3c3ccccc32)c(-n2c3ccccc3c3ccccc32)c1-n1c2ccccc2c2ccccc21",
	"CN1CCC23C4Oc5c3c(CC1C2C=CC4O)ccc5O", "[Cu+2].c1ccc2c(c1)c1nc2nc2[n-]c(nc3nc(nc4[n-]c(n1)c1ccccc41)c1ccccc31)c1ccccc21",
	"C1COCCOCCOCCOCCOCCO1", "COc1ccc2nccc(C(O)C3CC4CCN3CC4C=C)c2c1", "F[P-](F)(F)(F)(F)F", "C", "O", "", "[H][H]",
}

var stereo = []string{
	"C/C=C/C/C=C\\C", "C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", "CC(C)C[C@@H](C(=O)N[C@@H](C)C(=O)O)NC(=O)CN", "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O",
	"C[C@]12CC[C@H]3[C@@H](CCC4=CC(=O)CC[C@]34C)[C@@H]1CC[C@@H]2O", "F[C@](Cl)(Br)I", "C[S@](=O)c1ccccc1", "CC/C(C)=C(/C)CCO", "O[C@H]1CC[C@@H](C)CC1",
	"C[C@@H]1[C@H]2Cc3ccc(O)cc3[C@]1(C)CCN2C", "O=C1N(C)C(=O)[C@@H]2[C@H]1[C@H]1C[C@@H]2[C@H](O)[C@@H]1O",
}

// overlaps returns the pairs of atoms nearer than half a bond, and of crossing
// bonds.
func overlaps(m *molecule.Molecule, pos []Point) (atoms, bonds int) {
	for i := range pos {
		for j := range i {
			if m.BondBetween(i, j) < 0 && pos[i].minus(pos[j]).length() < 0.5 {
				atoms++
			}
		}
	}
	for i := range m.NumBonds() {
		for j := range i {
			a, b := m.Bond(i), m.Bond(j)
			if a.A != b.A && a.A != b.B && a.B != b.A && a.B != b.B && cross(pos[a.A], pos[a.B], pos[b.A], pos[b.B]) {
				bonds++
			}
		}
	}
	return atoms, bonds
}

func TestLayout(t *testing.T) {
	for _, s := range plain {
		m := parse(t, s)
		pos := Layout(m)
		for k := range m.NumBonds() {
			b := m.Bond(k)
			if d := pos[b.A].minus(pos[b.B]).length(); math.Abs(d-1) > 0.04 {
				t.Errorf("%s: the bond of atoms %d and %d is %.3f long", s, b.A, b.B, d)
			}
		}
		if atoms, bonds := overlaps(m, pos); atoms+bonds > 0 {
			t.Errorf("%s: %d overlaps, %d crossings", s, atoms, bonds)
		}
		again := Layout(m)
		for i := range pos {
			if pos[i] != again[i] {
				t.Errorf("%s: a second layout differs", s)
				break
			}
		}
	}
}

func TestTemplates(t *testing.T) {
	for _, template := range templates {
		m := parse(t, template.skeleton)
		pos := Layout(m)
		for k := range m.NumBonds() {
			b := m.Bond(k)
			if d := pos[b.A].minus(pos[b.B]).length(); d < 0.5 || d > 1.6 {
				t.Errorf("%s: the bond of atoms %d and %d is %.2f long", template.skeleton, b.A, b.B, d)
			}
		}
	}
}

// TestDoubleBonds checks that configurations are drawn as they are.
func TestDoubleBonds(t *testing.T) {
	for _, s := range stereo {
		m := parse(t, s)
		l := &layouter{m: m, pos: Layout(m)}
		for k := range m.NumBonds() {
			if b := m.Bond(k); b.Stereo != molecule.NoStereo && l.together(b) != (b.Stereo == molecule.Together) {
				t.Errorf("%s: bond %d is drawn the other way", s, k)
			}
		}
	}
}

// TestWedges reads the handedness back from the wedges, as a volume in space.
func TestWedges(t *testing.T) {
	centres := 0
	for _, s := range stereo {
		m := parse(t, s)
		pos := Layout(m)
		drawn := map[int]int{} // stereocentre → bond
		all := Wedges(m, pos)
		for bond, w := range all {
			drawn[w.From] = bond
		}
		for i := range m.NumAtoms() {
			want := m.Atom(i).Chirality
			if want == molecule.Achiral {
				continue
			}
			centres++
			bond, ok := drawn[i]
			if !ok {
				t.Errorf("%s: atom %d has no wedge", s, i)
				continue
			}
			var v [][3]float64
			var sum [3]float64
			for _, n := range m.Neighbors(i) {
				d := pos[n.Atom].minus(pos[i])
				z := 0.0
				if int(n.Bond) == bond {
					z = -0.7
					if all[bond].Up {
						z = 0.7
					}
				}
				v = append(v, [3]float64{d.X, d.Y, z})
				for k, c := range v[len(v)-1] {
					sum[k] += c
				}
			}
			if len(v) == 3 {
				v = append([][3]float64{{-sum[0], -sum[1], -sum[2]}}, v...)
			}
			a, b, c := v[1], v[2], v[3]
			volume := a[0]*(b[1]*c[2]-b[2]*c[1]) - a[1]*(b[0]*c[2]-b[2]*c[0]) + a[2]*(b[0]*c[1]-b[1]*c[0])
			got := molecule.Clockwise
			if volume < 0 {
				got = molecule.Counterclockwise
			}
			if len(m.Neighbors(i)) == 4 {
				// with one atom out of the plane only the sign against the first counts
				volume4 := 0.0
				for k := range 3 {
					volume4 += v[0][k] * cross3(a, b, c)[k]
				}
				got = molecule.Counterclockwise
				if volume4 < 0 {
					got = molecule.Clockwise
				}
			}
			if got != want {
				t.Errorf("%s: atom %d is drawn %v, is %v", s, i, got, want)
			}
		}
	}
	if centres < 15 {
		t.Errorf("%d stereocentres", centres)
	}
}

// cross3 returns the normal of the plane through three points, on the side from
// which they are seen counterclockwise.
func cross3(a, b, c [3]float64) [3]float64 {
	var u, v [3]float64
	for k := range 3 {
		u[k], v[k] = b[k]-a[k], c[k]-a[k]
	}
	return [3]float64{u[1]*v[2] - u[2]*v[1], u[2]*v[0] - u[0]*v[2], u[0]*v[1] - u[1]*v[0]}
}

// wellFormed reports whether s is XML.
func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestSVG(t *testing.T) {
	for _, s := range append(append(append([]string(nil), plain...), hard...), stereo...) {
		m := parse(t, s)
		for _, o := range []Options{{}, {Width: 200, Height: 100, Mono: true, Background: "#fff", Title: "a < b & \"c\""}} {
			svg := SVG(m, o)
			if err := wellFormed(svg); err != nil {
				t.Errorf("%s: %v\n%s", s, err, svg)
			}
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Errorf("%s: a place is not a number\n%s", s, svg)
			}
		}
	}
	svg := SVG(parse(t, "C[N+](C)(C)CCN"), Options{Width: 320, Height: 200})
	for _, want := range []string{`width="320" height="200"`, "<title>C[N+](C)(C)CCN</title>", ">N</text>", ">+</text>", ">H</text>", ">2</text>", colors[7]} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %s:\n%s", want, svg)
		}
	}
	if svg := SVG(parse(t, "OCCN"), Options{Mono: true}); strings.Contains(svg, colors[7]) {
		t.Error("a picture in black has colours")
	}
}

func FuzzSVG(f *testing.F) {
	for _, s := range append(append(append([]string(nil), plain...), hard...), stereo...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := molecule.ParseSMILES(s)
		if err != nil || m.NumAtoms() > 60 {
			return
		}
		svg := SVG(m, Options{})
		if err := wellFormed(svg); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		if strings.Contains(svg, "NaN") {
			t.Errorf("%s: a place is not a number", s)
		}
	})
}

func BenchmarkLayout(b *testing.B) {
	var ms []*molecule.Molecule
	for _, s := range plain {
		ms = append(ms, parse(b, s))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range ms {
			Layout(m)
		}
	}
	b.ReportMetric(float64(b.N*len(ms))/b.Elapsed().Seconds(), "molecules/s")
}

func BenchmarkSVG(b *testing.B) {
	m := parse(b, plain[0])
	b.ReportAllocs()
	for b.Loop() {
		SVG(m, Options{})
	}
}
