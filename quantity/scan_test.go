package quantity

import (
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// scanCases are texts and the quantities in them, written by Quantity.String
// and divided by "; ". Numbers without unit are left out.
var scanCases = []struct{ text, want string }{
	// numbers
	{"a gap of 1.2 eV was", "1.2 eV"},
	{"1.2 × 10−3 S cm−1", "0.0012 S cm^-1"},
	{"1.2 x 10-3 S cm-1", "0.0012 S cm^-1"},
	{"1.2·10^-3 S/cm", "0.0012 S cm^-1"},
	{"1.2*10⁻³ S·cm⁻¹", "0.0012 S cm^-1"},
	{"1.2E-3 S cm^{-1}", "0.0012 S cm^-1"},
	{"1.2 $\\times$ 5", ""},
	{"1.5 \\times 10^{-3} S/cm", "0.0015 S cm^-1"},
	{"about 10−4 S cm−1", "~0.0001 S cm^-1"},
	{"(∼10−4 S/cm)", "~0.0001 S cm^-1"},
	{"10-4 S cm-1", "0.0001 S cm^-1"},
	{"10−12 cm2 s−1", "1e-12 cm^2 s^-1"},
	{"10–20 nm", "10–20 nm"},
	{"2.5 × 104 cm−1", "25000 cm^-1"},
	{"1,200 mAh/g", "1200 mA h g^-1"},
	{"1\u2009200 K", "1200 K"},
	{"0,5 V", "0.5 V"},
	{"after 1 000 cycles", "1000 cycle"},
	{"1.54 (2) Å long", "1.54 ± 0.02 Å"},
	{"5 (2) Å", ""},
	{"3.2(4) eV", "3.2 ± 0.4 eV"},
	{"1.67±0.09 eV", "1.67 ± 0.09 eV"},
	{"melts at 412(3) K", "412 ± 3 K"}, {"of −37(4) K", "-37 ± 4 K"}, {"88(6) µV/K", "88 ± 6 µV K^-1"}, {"61(2), 70(3) and −118(12) K", "61 ± 2 K; 70 ± 3 K; -118 ± 12 K"},
	{"in Fig. 3(2)", ""}, {"sample 5(2) was", ""}, {"2(15) K", ""},
	{"5 ± 0.1 K", "5 ± 0.1 K"},
	{"(5 ± 0.1) K", "5 ± 0.1 K"},
	{"(1.2 ± 0.3) × 10−4 S/cm", "0.00012 ± 3e-05 S cm^-1"},
	{"5+/-0.1 GPa", "5 ± 0.1 GPa"},
	{"3.4+0.1 eV", "3.4 ± 0.1 eV"},
	{"2+3 eV", "3 eV"},
	{"−0.15 eV", "-0.15 eV"},
	{"is about−0.15 eV", "~-0.15 eV"},
	{"2 . 4 K", "2.4 K"},
	{"to be 274~K.", "274 K"},
	{"1041K", "1041 K"},
	{"at 66 K. Then", "66 K"},
	{"(TCurie ~ 5.5 K)", "~5.5 K"},
	// intervals
	{"0.5–0.8 V", "0.5–0.8 V"},
	{"0.5-0.8 V", "0.5–0.8 V"},
	{"700 - 900 K", "700–900 K"},
	{"0.5 to 0.8 eV", "0.5–0.8 eV"},
	{"between 2 and 3 V", "2–3 V"},
	{"from 586 to 543 K.", "543–586 K"},
	{"2 V to 3 V", "2–3 V"},
	{"from 2.1 W/mK at 290 K to 0.7 W/mK", "2.1 W m^-1 K^-1; 290 K; 0.7 W m^-1 K^-1"},
	{"(1–3) × 10−4 S cm−1", "0.0001–0.0003 S cm^-1"},
	{"1–5 × 10−3 S/cm", "0.001–0.005 S cm^-1"},
	{"-0.2 to 0.5 V", "-0.2–0.5 V"},
	{"> 500 cycles", "> 500 cycle"},
	{"more than 500 cycles", "> 500 cycle"},
	{"<0.002 eV", "< 0.002 eV"},
	{"less than 5 nm", "< 5 nm"},
	{"at least 3 h", "> 3 h"},
	{"≥ 99.9 %", "> 99.9 %"},
	{"ca. 30 nm", "~30 nm"},
	{"약 30 nm", "~30 nm"},
	{"up to 500 °C", "< 500 °C"},
	{"최대 500 °C", "< 500 °C"},
	{"10 내지 20 nm", "10–20 nm"},
	{"500 mAh/g 이상이다", "> 500 mA h g^-1"},
	// lists
	{"1.2, 3.4 and 5.6 eV", "1.2 eV; 3.4 eV; 5.6 eV"},
	{"423 nm (P1), 467 nm (P2) and 1.2 W / (m K)", "423 nm; 467 nm; 1.2 W m^-1 K^-1"},
	{"3579 mAh per gram of silicon, 2 V per cell", "3579 mA h g^-1; 2 V"},
	{"389 K for y=0, 501 K for y=1 and 578 K", "389 K; 501 K; 578 K"}, {"from 793 K for x = 0.1 to 741 K for x = 0 to 0.8", "793 K; 741 K"},
	{"−4.82 and −2.71 eV", "-4.82 eV; -2.71 eV"},
	{"-0.3 and -2 V", "-0.3 V; -2 V"},
	{"3.1, 4 and 8.9 × 10−4 cm2 V−1 s−1", "0.00031 cm^2 V^-1 s^-1; 0.0004 cm^2 V^-1 s^-1; 0.00089 cm^2 V^-1 s^-1"},
	{"3.1 × 10−3 and 8.9 × 10−4 S/cm", "0.0031 S cm^-1; 0.00089 S cm^-1"},
	{"248 K and 222 K", "248 K; 222 K"},
	{"189, 182 and 150 mAh g− 1", "189 mA h g^-1; 182 mA h g^-1; 150 mA h g^-1"},
	{"Mn = 58 300 g/mol", "58300 g mol^-1"}, {"6.6 MPa m1/2 and 7 MPa·m0.5", "6.6 MPa m^1/2; 7 MPa m^1/2"},
	// units
	{"170 mAh/g", "170 mA h g^-1"}, {"170 mAhg−1", "170 mA h g^-1"}, {"170 mA h g−1", "170 mA h g^-1"}, {"170 mAh·g⁻¹", "170 mA h g^-1"}, {"170 mA·h·g−1", "170 mA h g^-1"},
	{"0.5C", "0.5 C-rate"}, {"at 1 C for", "1 C-rate"}, {"C/10 rate", "0.1 C-rate"}, {"at 1/3 C", "0.333333333333 C-rate"}, {"1 / 3 C", "1 C-rate; 3 C-rate"}, {"25 °C", "25 °C"}, {"25 ℃", "25 °C"}, {"25 ◦C", "25 °C"}, {"25 oC and", "25 °C"},
	{"5 μC cm−2", "5 µC cm^-2"}, {"10 Ω cm2", "10 Ω cm^2"}, {"10 Ω·cm²", "10 Ω cm^2"}, {"0.3 mΩ", "0.3 mΩ"},
	{"3 W m−1 K−1", "3 W m^-1 K^-1"}, {"3 W/(m K)", "3 W m^-1 K^-1"}, {"3 W/m·K", "3 W m^-1 K^-1"}, {"3 W (m K)−1", "3 W m^-1 K^-1"}, {"3 W / (m K)", "3 W m^-1 K^-1"}, {"at 5 K (emu/g)", "5 K"}, {"3 W/mK", "3 W m^-1 K^-1"}, {"3 W/(mK)", "3 W m^-1 K^-1"}, {"3 W/m-K", "3 W m^-1 K^-1"}, {"3 mW/mK2", "3 mW m^-1 K^-2"}, {"3 K/mK", "3 K mK^-1"}, {"3 J/gK", "3 J g^-1 K^-1"}, {"3 J/molK", "3 J mol^-1 K^-1"}, {"2 emu/gOe", "2 emu g^-1 Oe^-1"}, {"5 J/(mol·K)", "5 J mol^-1 K^-1"},
	{"5 wt %", "5 wt%"}, {"5 wt.%", "5 wt%"}, {"5 at.% Mn", "5 at%"}, {"98.5%", "98.5 %"}, {"5.43 Å", "5.43 Å"}, {"5.43 Å and", "5.43 Å"},
	{"30 cd/A", "30 cd A^-1"}, {"1000 cd m−2", "1000 cd m^-2"}, {"40 lm/W", "40 lm W^-1"}, {"29.8 emu/g", "29.8 emu g^-1"}, {"4.2 MPa·m1/2.", "4.2 MPa m^1/2"}, {"4.2 MPa m0.5 at", "4.2 MPa m^1/2"}, {"2.1 μB", "2.1 µB"}, {"27.6 μB/f.u.", "27.6 µB f.u.^-1"},
	{"1.2 mW cm−2", "1.2 mW cm^-2"}, {"250 Wh/kg", "250 W h kg^-1"}, {"41.65 W h kg−1", "41.65 W h kg^-1"}, {"3 m2 g−1", "3 m^2 g^-1"}, {"1000 cm2 V−1 s−1", "1000 cm^2 V^-1 s^-1"}, {"1000 cm2/Vs", "1000 cm^2 V^-1 s^-1"},
	{"4.2 V vs. Li/Li+", "4.2 V"}, {"45 kJ mol-1", "45 kJ mol^-1"}, {"12 kDa", "12 kDa"}, {"50 μV K−1", "50 µV K^-1"}, {"10 K min−1", "10 K min^-1"}, {"10 °C/min", "10 °C min^-1"},
	{"60° contact", "60 °"}, {"30 min", "30 min"}, {"2 hours", "2 h"}, {"12 h", "12 h"}, {"100 cycles", "100 cycle"}, {"0.1 M", "0.1 M"}, {"1 mol L−1", "1 mol L^-1"},
	{"5 V in", "5 V"}, {"66 K at", "66 K"}, {"3 g of", "3 g"}, {"60 °C에서", "60 °C"}, {"155 mAh/g이다", "155 mA h g^-1"}, {"12시간", "12 h"},
	// Korean: where and from, spelled units, particles
	{"0.1 C에서 165 mAh/g이었다", "0.1 C-rate; 165 mA h g^-1"}, {"25 ℃에서 1.2×10-3 S/cm로", "25 °C; 0.0012 S cm^-1"}, {"3.0 V에서 4.3 V까지", "3–4.3 V"}, {"300 K에서 350 K 사이", "300–350 K"},
	{"3.0 내지 4.3 V", "3–4.3 V"}, {"300 K에서 350 K로 높였다", "300 K; 350 K"}, {"섭씨 170도이다", "170 °C"}, {"섭씨 -110도", "-110 °C"}, {"90도 돌린다", ""}, {"60 메가파스칼이고", "60 MPa"},
	{"3.37 전자볼트이다", "3.37 eV"}, {"500 나노미터", "500 nm"}, {"5 밀리그램을", "5 mg"}, {"858 켈빈", "858 K"},
	{"12 foo cm−2", "12 foo cm−2"}, {"70 mJ/K2 mol", "70 mJ K^-2 mol^-1"},
	// not quantities with a unit
	{"Li7La3Zr2O12", ""}, {"of LiTi2(PO4)3 to 1.3 S/cm", "1.3 S cm^-1"}, {"Al(OH)3 K", ""}, {"1.5(2) eV", "1.5 ± 0.2 eV"}, {"NMC811", ""}, {"3D and 2D", ""}, {"the 3d states", ""}, {"Fig. 3 A", ""}, {"[12] shows", ""}, {"in 2015 we", ""}, {"10.1016/j.ssi.2006.11.017", ""},
	{"CP-3 K", ""}, {"3 Cu atoms", ""}, {"2 In atoms", ""}, {"1T' phase", ""}, {"C60 V", ""}, {"HSE06", ""},
}

func withUnit(found []Found) string {
	var out []string
	for _, f := range found {
		if f.UnitSpan.End > f.UnitSpan.Start {
			out = append(out, f.Quantity.String())
		}
	}
	return strings.Join(out, "; ")
}

func TestScan(t *testing.T) {
	for _, c := range scanCases {
		if got := withUnit(Scan(c.text, nil)); got != c.want {
			t.Errorf("Scan(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestScanRaised(t *testing.T) {
	text := "conductivity of 104 S cm−1 at 300 K12"
	raised := []Span{{18, 19}, {24, 28}, {37, 39}}
	found := Scan(text, raised)
	if got := withUnit(found); got != "10000 S cm^-1; 300 K" {
		t.Errorf("got %q", got)
	}
}

func TestList(t *testing.T) {
	found := Scan("1.2, 3.4 and 5.6 eV, then 7 K", nil)
	if len(found) != 4 || found[0].List == 0 || found[0].List != found[2].List || found[3].List != 0 {
		t.Errorf("lists of %+v", found)
	}
}

func TestParseCell(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"12.3", "12.3"}, {" 12.3a", "12.3"}, {"0.5*", "0.5"}, {"1.42 eV", "1.42 eV"}, {"5.2 ± 0.1", "5.2 ± 0.1"}, {"1.23–1.4", "1.23–1.4"}, {"~2", "~2"}, {">500", "> 500"},
		{"3.4 [12]", "3.4"}, {"3.2 × 10−4", "0.00032"}, {"1.5(2)", "1.5 ± 0.2"},
		{"24(1)", "24 ± 1"}, {"−31(2)", "-31 ± 2"}, {"7 350", "7350"}, {"120 500", "120500"}, {"12 400.5", "12400.5"}, {"1300–1350", "1300–1350"},
	} {
		q, err := ParseCell(c.text, nil)
		if err != nil || q.String() != c.want {
			t.Errorf("ParseCell(%q) = %q, %v, want %q", c.text, q, err, c.want)
		}
	}
	for _, s := range []string{"–", "n.d.", "", "N/A", "ZnO", "1.2 / 3.4 / 5", "see text 5", "581.2 298.5", "12 34", "120 135"} {
		if q, err := ParseCell(s, nil); err == nil {
			t.Errorf("ParseCell(%q) = %v, want an error", s, q)
		}
	}
}

// A raised letter behind the last number of a cell is a footnote's mark.
func TestParseCellMark(t *testing.T) {
	q, err := ParseCell("8.4 (8.1 ± 0.2)b", []Span{{16, 17}})
	if err != nil || q.String() != "8.4" {
		t.Errorf("got %v, %v", q, err)
	}
}

func TestIn(t *testing.T) {
	for _, c := range []struct {
		value    float64
		from, to string
		want     float64
	}{
		{25, "°C", "K", 298.15}, {300, "K", "°C", 26.85}, {1450, "meV", "eV", 1.45}, {1, "mAh/g", "C/kg", 3600}, {1, "S/cm", "S/m", 100}, {10, "°C/min", "K/min", 10},
		{1, "kWh", "MJ", 3.6}, {600, "g/10min", "g/s", 1}, {2, "1/K", "K^-1", 2}, {60, "mV/dec", "V/decade", 0.06}, {4 * math.Pi, "MGOe", "kJ/m3", 100}, {100, "%", "1", 1}, {1, "g/cm3", "kg m-3", 1000}, {1, "mN/m", "dyn/cm", 1}, {180, "deg", "rad", math.Pi}, {760, "Torr", "atm", 1},
	} {
		from, err := ParseUnit(c.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := ParseUnit(c.to)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Quantity{Low: c.value, High: c.value, Unit: from}.In(to)
		if err != nil || math.Abs(q.Low-c.want) > 1e-9*math.Abs(c.want) {
			t.Errorf("%g %s in %s = %g, %v, want %g", c.value, c.from, c.to, q.Low, err, c.want)
		}
	}
	volt, _ := ParseUnit("V")
	kelvin, _ := ParseUnit("K")
	if _, err := (Quantity{Unit: volt}).In(kelvin); err == nil {
		t.Error("V in K gives no error")
	}
}

func TestParseUnitErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mAh/", `unit "mAh/", character 4: cannot read "/": not a unit`},
		{"xyz", `unit "xyz", character 1: not a unit`},
		{"kJ mol% %", `unit "kJ mol% %", character 1: not a unit`},
	} {
		if _, err := ParseUnit(c.text); err == nil || err.Error() != c.want {
			t.Errorf("ParseUnit(%q): %v, want %s", c.text, err, c.want)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, c := range scanCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, q := range Scan(text, nil) {
			if q.Start < end || q.End <= q.Start || q.End > len(text) || q.Number.Start < q.Start || q.Number.End > q.End {
				t.Fatalf("span %+v after %d in text of %d bytes", q, end, len(text))
			}
			end = q.End
			if v := q.Quantity; math.IsNaN(v.Low) || math.IsNaN(v.High) || v.Low > v.High || v.Uncertainty < 0 {
				t.Fatalf("quantity %+v", v)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[q.Start:q.End]) {
				t.Fatalf("span cuts a character: %q", text[q.Start:q.End])
			}
		}
	})
}

func FuzzParseUnit(f *testing.F) {
	for _, c := range scanCases {
		for _, q := range Scan(c.text, nil) {
			f.Add(c.text[q.UnitSpan.Start:q.UnitSpan.End])
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := ParseUnit(s)
		if err != nil || u.Symbol == "" {
			return
		}
		again, err := ParseUnit(u.String())
		if err != nil {
			if len(u.String()) > maxUnit {
				return
			}
			t.Fatalf("%q is %q, which does not parse: %v", s, u, err)
		}
		if again.Dimension != u.Dimension || math.Abs(again.Factor-u.Factor) > 1e-9*u.Factor {
			t.Fatalf("%q is %+v, read again %+v", s, u, again)
		}
	})
}

const prose = "The samples were sintered at 1100 °C for 12 h in air, and the ionic conductivity of Li7La3Zr2O12 was then 3.2 × 10−4 S cm−1 at 25 °C, which is more than twice that of the undoped sample and agrees with Fig. 3 of earlier work. No other phase was found in the diffraction pattern. "

func BenchmarkScan(b *testing.B) {
	text := strings.Repeat(prose, 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Scan(text, nil)
	}
}

// BenchmarkScanRegexp is the yardstick: the usual pattern for a number with a
// unit, which reads no intervals, powers, lists or modifiers.
func BenchmarkScanRegexp(b *testing.B) {
	re := regexp.MustCompile(`[-+−]?\d+(?:\.\d+)?\s*(?:°C|K|eV|meV|nm|S cm−1|mAh/g|h|V|%)\b`)
	text := strings.Repeat(prose, 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		re.FindAllStringIndex(text, -1)
	}
}
