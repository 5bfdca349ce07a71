package extract_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/text"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field/declared"
	"github.com/alkahest/alkahest/record"
)

func newExtractor(t testing.TB) *extract.Extractor {
	t.Helper()
	fields, err := declared.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return extract.New(fields)
}

func paragraph(s string) *document.Document {
	return &document.Document{ID: document.IDOf([]byte(s)), Name: "case.txt", Format: document.Text, Blocks: []document.Block{{Kind: document.Paragraph, Text: s}}}
}

// line writes a record as the cases do.
func line(r *record.Record) string {
	value := "?"
	switch {
	case r.Low != nil && r.High != nil && *r.Low == *r.High:
		value = fmt.Sprintf("%.6g", *r.Low)
	case r.Low != nil && r.High != nil:
		value = fmt.Sprintf("%.6g..%.6g", *r.Low, *r.High)
	case r.Low != nil:
		value = fmt.Sprintf("%.6g..", *r.Low)
	case r.High != nil:
		value = fmt.Sprintf("..%.6g", *r.High)
	}
	return strings.TrimSpace(fmt.Sprintf("%s | %s | %s %s", r.Subject.Text, r.Property, value, r.Unit))
}

func TestProse(t *testing.T) {
	data, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		t.Fatal(err)
	}
	x := newExtractor(t)
	for _, c := range cases(string(data)) {
		t.Run(c.name, func(t *testing.T) {
			doc := paragraph(c.text)
			var got []string
			for _, r := range x.Extract(doc) {
				got = append(got, line(r))
				checkSpans(t, doc, r)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("text: %s\n got: %s\nwant: %s", c.text, strings.Join(got, "\n      "), strings.Join(c.want, "\n      "))
			}
		})
	}
}

func TestConditions(t *testing.T) {
	x := newExtractor(t)
	for _, c := range []struct {
		text string
		want []string // of each record
	}{
		{"The ionic conductivity of LLZO is 7.7 × 10−4 S cm−1 at 600 °C and 3.7 × 10−3 S cm−1 at 750 °C.", []string{"600 °C", "750 °C"}},
		{"The ionic conductivities of LLZO are 7.7 × 10−4 and 3.7 × 10−3 S cm−1 at 600 and 750 °C, respectively.", []string{"600", "750 °C"}},
		{"At 600 and 750 °C the ionic conductivity of LLZO is 7.7 × 10−4 and 3.7 × 10−3 S cm−1.", []string{"600", "750 °C"}},
		{"On LLZO that is 20 µm thick the ionic conductivities at 600 °C and 500 °C were 0.1 and 0.04 S cm−1, respectively.", []string{"600 °C", "600 °C", "500 °C"}}, // the first is the thickness
		{"Annealed at 1100 °C, LLZO has an ionic conductivity of 3 × 10−4 S cm−1 at 25 °C.", []string{"25 °C"}},
		{"LLZO pellets sintered at 1150 °C have a room-temperature ionic conductivity of 3 × 10−4 S cm−1.", []string{"room-temperature"}},
		{"Lithium can be taken out of LiFePO4 at about 3.4 V. The specific capacity of LiFePO4 is 160 mAh/g.", []string{""}}, // one voltage is no window
		{"LiFePO4 cells were cycled at 0.1C. The specific capacity of LiFePO4 is 160 mAh/g. The theoretical capacity of LiFePO4 is 170 mAh/g.", []string{"0.1C", ""}},
		{"ZnO films grown at 200 °C have a Curie temperature of 300 K at 1 bar.", []string{"1 bar"}},
		{"Nafion has a proton conductivity of 98 mS/cm at 80 °C and 95% RH.", []string{"80 °C, 95%"}},
		{"The capacity of LiCoO2 is 150 mAh/g (2.8–4.3 V, 25 °C).", []string{"2.8–4.3 V, 25 °C"}},
		{"By DSC, PET has a glass transition temperature of 78 °C and a density of 1.38 g/cm3.", []string{"DSC", ""}},
		{"Hall measurements on ZnO gave a carrier concentration of 3 × 10^18 cm−3; its band gap is 3.3 eV.", []string{"Hall", ""}},
		{"In wet argon, BaZrO3 has an ionic conductivity of 2 × 10−3 S/cm at 500 °C.", []string{"In wet argon, 500 °C"}},
		{"The magnetization of SrFe12O19 is 62 emu/g at 300 K in a field of 2 T.", []string{"300 K, 2 T"}},
		{"The upper critical field of NbN extrapolated to zero temperature is 16 T.", []string{"zero temperature"}},
		{"LiMn2O4 still had a specific capacity of 96 mAh/g in the 300th cycle.", []string{"300th cycle"}},
		{"The 2nd and 40th discharge capacities of LiMn2O4 are 118 and 96 mAh/g.", []string{"2nd", "40th discharge"}},
		{"LiMn2O4 has a specific capacity of 96 mAh/g after 500 cycles (compared with 118 mAh/g in the 2nd cycle).", []string{"500 cycles", "2nd cycle"}},
		{"The capacity retention of LiMn2O4 after 500 cycles is 81% relative to the 2nd cycle.", []string{"500 cycles"}},
		{"Under 4 GPa MnP has a Curie temperature of 204 K. The capacity retention of V2O5 is 87% over 2000 cycles.", []string{"4 GPa", "over 2000 cycles"}},
		{"DyCo2 has a magnetic entropy change of 13.8 J/kg K for a field change 0–4 T.", []string{"0–4 T"}},
		{"MnBi compacted at 593 K under 300 MPa has a density of 8.6 g/cm3.", []string{""}},
		{"After nitridation at 750 K, SmFe11Ti has a Curie temperature of 740 K and a room-temperature magnetization of 120 emu/g.", []string{"", "room-temperature"}},
		{"PET takes up water: after 24 h the water uptake is 0.3%.", []string{"24 h"}},
		{"At ambient pressure CrI3 has a lattice parameter a = 6.87 Å and c = 19.81 Å.", []string{"ambient pressure, a", "ambient pressure, c"}},
		{"The c lattice parameter of ZnO is 5.21 Å.", []string{"c"}},
		{"A lattice parameter of 5.43 Å was found for Si.", []string{""}},
		{"The thermal conductivity at 300 K is 3 W/mK for SnTe and 2 W/mK for GeTe; at 800 K it falls.", []string{"300 K", "300 K"}},
		// what an earlier sentence sets, and what a later one refers to
		{"All cells were cycled between 2.5 and 4.0 V at 0.2C. The specific capacity of LiFePO4 is 158 mAh/g. At 5C the specific capacity of LiFePO4 is 120 mAh/g.", []string{"2.5 and 4.0 V, 0.2C", "2.5 and 4.0 V, 5C"}},
		{"We studied LiFePO4 after reduction at 600 °C for 5 h, as was determined by XRD. The ionic conductivity of LiFePO4 is 10−9 S/cm.", []string{""}},
		{"The ionic conductivity of LLZO is 3 × 10−4 S/cm at 25 °C. The ionic conductivity of LATP is 7 × 10−4 S/cm at the same temperature.", []string{"25 °C", "25 °C"}},
		{"At 0.1 A/g the specific capacity of MoS2 is 820 mAh/g. For SnS2, tested under identical conditions, the specific capacity is 610 mAh/g.", []string{"0.1 A/g", "0.1 A/g"}},
		{"At 25 °C the ionic conductivity of LLZO is 3 × 10−4 S cm−1 and its activation energy is 0.3 eV.", []string{"25 °C", "25 °C"}},
	} {
		var got []string
		for _, r := range x.Extract(paragraph(c.text)) {
			var texts []string
			for _, condition := range r.Conditions {
				texts = append(texts, condition.Text)
			}
			got = append(got, strings.Join(texts, ", "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: conditions %q, want %q", c.text, got, c.want)
		}
	}
}

type testCase struct {
	name, text string
	want       []string
}

// cases reads the file of cases: comment, text, "----", records, empty line.
func cases(data string) []testCase {
	var out []testCase
	c, behind := testCase{}, false
	for l := range strings.Lines(data + "\n") {
		l = strings.TrimSpace(l)
		switch {
		case l == "" && behind:
			out = append(out, c)
			c, behind = testCase{}, false
		case l == "":
		case strings.HasPrefix(l, "#"):
			c.name = strings.TrimSpace(l[1:])
		case l == "----":
			behind = true
		case behind:
			c.want = append(c.want, l)
		default:
			c.text = l
		}
	}
	return out
}

// checkSpans tests that every part of r is where it says it is.
func checkSpans(t *testing.T, doc *document.Document, r *record.Record) {
	t.Helper()
	b := doc.Blocks[r.Evidence.Block].Text
	if got := b[r.Evidence.Start:r.Evidence.End]; got != r.Evidence.Text || got != r.Text {
		t.Errorf("evidence is %q, record says %q", got, r.Evidence.Text)
	}
	if got := doc.Blocks[r.Subject.Block].Text[r.Subject.Start:r.Subject.End]; got != r.Subject.Text {
		t.Errorf("subject at its span is %q, record says %q", got, r.Subject.Text)
	}
	for _, c := range r.Conditions {
		if got := doc.Blocks[c.Block].Text[c.Start:c.End]; got != c.Text {
			t.Errorf("condition at its span is %q, record says %q", got, c.Text)
		}
	}
	if r.Confidence < extract.Floor || r.Confidence > 1 {
		t.Errorf("confidence %v", r.Confidence)
	}
}

// Reading again gives the same records with the same identities.
func TestExtractIsRepeatable(t *testing.T) {
	x := newExtractor(t)
	doc := paragraph("The band gap of ZnO is 3.37 eV and that of TiO2 is 3.2 eV. Fe and Co have Curie temperatures of 1043 K and 1388 K, respectively.")
	a, b := x.Extract(doc), x.Extract(doc)
	if len(a) == 0 || len(a) != len(b) {
		t.Fatalf("%d records, then %d", len(a), len(b))
	}
	for i := range a {
		if a[i].ID != b[i].ID {
			t.Errorf("record %d is %s, then %s", i, a[i].ID, b[i].ID)
		}
	}
}

func FuzzExtract(f *testing.F) {
	data, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases(string(data)) {
		f.Add(c.text)
	}
	x := newExtractor(f)
	f.Fuzz(func(t *testing.T, s string) {
		doc, err := text.Read("fuzz.txt", []byte(s))
		if err != nil {
			return
		}
		for _, r := range x.Extract(doc) {
			checkSpans(t, doc, r)
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	data, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		b.Fatal(err)
	}
	var page strings.Builder
	for page.Len() < 100<<10 {
		for _, c := range cases(string(data)) {
			page.WriteString(c.text + " We then repeated the synthesis in the same furnace with fresh precursors, as described above, and found no difference. ")
		}
		page.WriteString("\n\n")
	}
	doc, err := text.Read("bench.txt", []byte(page.String()))
	if err != nil {
		b.Fatal(err)
	}
	x := newExtractor(b)
	b.SetBytes(int64(page.Len()))
	b.ReportAllocs()
	for b.Loop() {
		x.Extract(doc)
	}
}

// BenchmarkHostile reads sentences of nothing but parentheses, values and names,
// which would take minutes if each pair of them looked at all between.
func BenchmarkHostile(b *testing.B) {
	x := newExtractor(b)
	doc := paragraph("The band gap of ZnO " + strings.Repeat("(", 1500) + strings.Repeat(" band gap 1.2 eV", 140) + ".")
	b.ReportAllocs()
	for b.Loop() {
		x.Extract(doc)
	}
}
