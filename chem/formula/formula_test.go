package formula

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/chem"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, canonical string }{
		{"LiFePO4", "LiFePO4"}, {"LiNi0.8Co0.1Mn0.1O2", "LiMn0.1Co0.1Ni0.8O2"}, {"LiNi1/3Co1/3Mn1/3O2", "LiMn0.33333333Co0.33333333Ni0.33333333O2"},
		{"Li1+xAlxTi2−x(PO4)3", "Li1+xTi2-xAlxP3O12"}, {"La0.6Sr0.4CoO3−δ", "Sr0.4La0.6CoO3-δ"}, {"CaCO3·0.5H2O", "CaCO3·0.5H2O"}, {"H2O", "H2O"}, {"C60", "C60"},
		{"Li₇La₃Zr₂O₁₂", "Li7La3Zr2O12"}, {"Fe$_2$O$_3$", "Fe2O3"}, {"BaFeO_{3-delta}", "BaFeO3-δ"}, {"(Ga1-x,Fex)Sb", "Ga1-xFexSb"}, {"(Ga_{1-x},Fe_x)Sb", "Ga1-xFexSb"}, {"Sn0.95Co0.05O2-d", "Co0.05Sn0.95O2-δ"},
		{"FeGa_{3-y}Ge_{y}", "Ga3-yFeGey"}, {"(NH4)3Bi2I9", "Bi2H12I9N3"}, {"Fe3+", "Fe^3+"}, {"SO42−", "SO4^2-"}, {"MAPbI3", "CH6PbI3N"}, {"RCo2", "RCo2"}, {"[Fe(CN)6]3-", "FeC6N6^3-"}, {"Mg(OH)2", "MgH2O2"},
		{"Li1.15(Zn0.9Mn0.1)P", "Li1.15Mn0.1Zn0.9P"}, {"C2H5OH", "C2H6O"}, {"GaAs", "GaAs"},
	} {
		f, err := Parse(c.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.text, err)
			continue
		}
		if got := f.String(); got != c.canonical {
			t.Errorf("Parse(%q) is %q, want %q", c.text, got, c.canonical)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
	}{{"Li2Q", 3}, {"", 0}, {"hello", 0}, {"Fe2(O3", 4}, {strings.Repeat("H", 300), 0}} {
		_, err := Parse(c.text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Parse(%q): %v, want a SyntaxError", c.text, err)
		}
	}
}

func TestBind(t *testing.T) {
	f, err := Parse("Li1+xAlxTi2−x(PO4)3")
	if err != nil {
		t.Fatal(err)
	}
	if v := f.Variables(); len(v) != 1 || v[0] != "x" {
		t.Errorf("variables %v", v)
	}
	g, err := f.Bind(map[string]float64{"x": 0.3})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.String(), "Li1.3Ti1.7Al0.3P3O12"; got != want {
		t.Errorf("bound: %s, want %s", got, want)
	}
	if _, err := f.Bind(map[string]float64{"x": 3}); err == nil {
		t.Error("x = 3 gives Ti−1 without an error")
	}
}

func TestReduced(t *testing.T) {
	for _, c := range []struct{ text, want string }{{"Li2O2", "LiO"}, {"Fe4O6", "Fe2O3"}, {"C6H12O6", "CH2O"}, {"LiNi0.5Mn1.5O4", "LiMn1.5Ni0.5O4"}} {
		f, err := Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Reduced(); got != c.want {
			t.Errorf("%s reduced is %s, want %s", c.text, got, c.want)
		}
	}
}

var findCases = []struct{ text, want string }{
	{"We made LiFePO4 and Li4Ti5O12.", "LiFePO4|Li4Ti5O12"},
	{"CaCO3·0.5H2O was dried", "CaCO3·0.5H2O"},
	{"La0.6Sr0.4CoO3−δ cathodes", "La0.6Sr0.4CoO3−δ"},
	{"metallic iron forms", "iron"},
	{"for Fe and for fcc Co, which", "Fe|Co"},
	{"The RCo2Mn (R= Ho and Er) alloys", "RCo2Mn|Ho|Er"},
	{"RuSr 2 GdCu 2 O 8 is", "RuSr 2 GdCu 2 O 8"},
	{"monolayer CrI 3 shows", "CrI 3"},
	{"CrI_3, showing", "CrI_3"},
	{"RuSr_{2}GdCu_{2}O_{8}, the", "RuSr_{2}GdCu_{2}O_{8}"},
	{"(Ga_{1-x},Fe_x)Sb is one", "(Ga_{1-x},Fe_x)Sb"},
	{"{Li_2Fe_2SSe} is", "{Li_2Fe_2SSe}"},
	{"BaFeO_{3-delta} (0 le delta)", "BaFeO_{3-delta}"},
	{"using Mn-doped BaZn2As2, which", "Mn-doped BaZn2As2"},
	{"a NbN/HoNi5 bilayer", "NbN/HoNi5"},
	{"SnO2@C composites", "SnO2@C"},
	{"VO2(M) and TiO2(B) form", "VO2|TiO2"},
	{"K4[Fe(C)N6] and VO2(M), dry", "K4[Fe(C)N6]|VO2"},
	{"Fe(III) in FeO", "Fe|FeO"},
	{"Y2O3-ZrO2 and BiFeO3–0.3BaTiO3.", "Y2O3-ZrO2|BiFeO3–0.3BaTiO3"},
	{"0.5Ba(Zr0.2Ti0.8)O3-0.5(Ba0.7Ca0.3)TiO3", "Ba(Zr0.2Ti0.8)O3-0.5(Ba0.7Ca0.3)TiO3"},
	{"a NiO/YSZ anode", "NiO/YSZ"},
	{"β-Ga2O3 and wz-AlN", "β-Ga2O3|wz-AlN"},
	{"57Fe spectra", "Fe"},
	{"on Si(111) substrate", "Si"},
	{"NMC811 with LLZO", "NMC811|LLZO"},
	{"CoCrFeMnNi alloys and Ti3C2Tx films", "CoCrFeMnNi|Ti3C2Tx"},
	{"PLA/PBAT blends, PEO–LiTFSI and Ni-YSZ", "PLA/PBAT|PEO–LiTFSI|Ni-YSZ"},
	{"Ir(ppy)3 emits, ZrO2 (ZrO2) and U(Co 0.98 Os 0.02 )Al", "Ir(ppy)3|ZrO2|ZrO2|U(Co 0.98 Os 0.02 )Al"},
	{"ITIC-4Cl and carbon black", "carbon black"},
	{"RbEuFe4 As4 and MnFe2 O4, Gd70 Y30, LaNi5 H2, Fe2O3 Al2O3, Fe80 B10", "RbEuFe4 As4|MnFe2 O4|Gd70 Y30|LaNi5|H2|Fe2O3|Al2O3"},
	{"Fe(1−x)TixF3 and Ba(1-x)SrxTiO3", "Fe(1−x)TixF3|Ba(1-x)SrxTiO3"},
	{"poly(lactic acid) blends", "poly(lactic acid)"},
	{"gallium arsenide and scandium monochloride", "gallium arsenide|scandium monochloride"},
	{"LiCoO2의 용량", "LiCoO2"},
	{"산화아연은 넓은", "산화아연"},
	{"Nd2Fe14B at 400 K", "Nd2Fe14B"},
	{"AgBiS2, NaBiS2 and BiOI", "AgBiS2|NaBiS2|BiOI"},
	{"hexagonal boron nitride (hBN)", "hexagonal boron nitride|hBN"},
	{"the phase of SmN 10 where", "SmN"},
	// words, acronyms, methods, units, labels
	{"In this work we use SOC and HOMO levels", ""},
	{"NIST, CNN, COI, UV, PHONON and HIV", ""},
	{"As shown by DFT with HSE06 and PBE0 in VASP", ""},
	{"He said No. I was in the US", ""},
	{"XRD, XPS, SEM, NMR, SN1 and BRCA1", ""},
	{"Fig. 3 and Ref. 12 at 5 K", ""},
	{"SARS-CoV and NaN", ""},
	{"S1, S2, P2 and B12 samples", ""},
	{"Since the Poly Snow Nice Bio", ""},
	{"VBM, CBM, FCC, BCC and AFM", ""},
	{"a voltage of 3 V in C/10", ""},
	{"OLED, LED, PIN and TFT devices", ""},
	{"the lead author", ""},
	{"On the other hand", ""},
	{"lithium-ion batteries", ""},
	{"Inc. and Co. Ltd", ""},
	{"AuNP and AgNW inks", ""},
	{"2CzPN emits", ""},
	{"10.1016/S0167-2738(99)00012-X", ""},
}

func TestFind(t *testing.T) {
	for _, c := range findCases {
		var got []string
		for _, m := range Find(c.text) {
			got = append(got, m.Text)
			if c.text[m.Start:m.End] != m.Text {
				t.Errorf("Find(%q): %q is not at %d–%d", c.text, m.Text, m.Start, m.End)
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("Find(%q) = %q, want %q", c.text, s, c.want)
		}
	}
}

func TestComposite(t *testing.T) {
	for _, c := range []struct{ text, canonical, elements string }{
		{"a NiO/YSZ anode", "NiO/YSZ", "O Ni"},
		{"NiO/Ce0.8Gd0.2O1.9", "NiO/Ce0.8Gd0.2O1.9", "O Ni Ce Gd"},
		{"Fe3O4@C shells", "Fe3O4@C", "C O Fe"},
		{"BiFeO3-0.3BaTiO3", "FeBiO3–BaTiO3", "O Ti Fe Ba Bi"},
		{"ZnO", "ZnO", "O Zn"},
	} {
		found := Find(c.text)
		if len(found) != 1 {
			t.Errorf("Find(%q) has %d mentions", c.text, len(found))
			continue
		}
		if got := found[0].Canonical(); got != c.canonical {
			t.Errorf("%q is %s, want %s", c.text, got, c.canonical)
		}
		if got := strings.Join(found[0].Elements().Symbols(), " "); got != c.elements {
			t.Errorf("%q has elements %s, want %s", c.text, got, c.elements)
		}
	}
}

func TestAliases(t *testing.T) {
	n := 0
	for line := range strings.Lines(aliasData) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		a, err := parseAlias(line)
		if err != nil {
			t.Error(err)
			continue
		}
		if a.Title == "" || a.Source == "" {
			t.Errorf("%s has no title or source", a.Name)
		}
		n++
	}
	if n < 200 {
		t.Errorf("%d aliases", n)
	}
	if a, ok := LookupAlias("LFP"); !ok || a.Formula != "LiFePO4" {
		t.Errorf("LFP is %+v", a)
	}
}

func TestElements(t *testing.T) {
	f, err := Parse("Li10GeP2S12")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.Elements().Symbols(), " "); got != "Li P S Ge" {
		t.Errorf("elements %s", got)
	}
	amounts, ok := f.Amounts()
	li, _ := chem.BySymbol("Li")
	if !ok || amounts[li] != 10 {
		t.Errorf("amounts %v, %v", amounts, ok)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"LiFePO4", "Li1+xAlxTi2−x(PO4)3", "CaCO3·0.5H2O", "(Ga_{1-x},Fe_x)Sb", "[Fe(CN)6]3-", "Fe$_2$O$_3$"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := Parse(s)
		if err != nil || g.charge != 0 {
			return
		}
		canonical := g.String()
		if len(canonical) > maxLength || strings.Contains(canonical, "e") && false {
			return
		}
		again, err := Parse(canonical)
		if err != nil {
			return // an amount of 0 or a variable in front may leave nothing to read
		}
		if again.Elements() != g.Elements() && !strings.ContainsAny(s, "0") {
			t.Fatalf("%q is %q, whose elements are %v, not %v", s, canonical, again.Elements().Symbols(), g.Elements().Symbols())
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, c := range findCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, m := range Find(s) {
			if m.Start < end || m.End <= m.Start || m.End > len(s) || s[m.Start:m.End] != m.Text {
				t.Fatalf("mention %d–%d after %d: %q", m.Start, m.End, end, m.Text)
			}
			end = m.End
		}
	})
}

const prose = "The samples of Li7La3Zr2O12 were sintered at 1100 °C in air. In this work, X-ray diffraction (XRD) and SEM show that NMC811 and LiFePO4 are stable against the electrolyte, as DFT predicted for Al-doped garnets, whereas others are not. "

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat(prose, 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Find(text)
	}
}

// BenchmarkFindRegexp is the yardstick: the usual pattern for a run of element
// symbols with amounts, which also takes "HOMO", "SOC" and "In".
func BenchmarkFindRegexp(b *testing.B) {
	re := regexp.MustCompile(`\b(?:(?:[A-Z][a-z]?)(?:\d+(?:\.\d+)?)?){2,}\b`)
	text := strings.Repeat(prose, 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		re.FindAllStringIndex(text, -1)
	}
}
