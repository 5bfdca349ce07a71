package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field/declared"
)

// Korean sentences as papers and patents have them: particles behind formulas,
// units and names, compound nouns with and without spaces, units in words,
// English among Korean. Every record names the property that an English sentence
// would, and its evidence is Korean.
func TestKorean(t *testing.T) {
	fields, err := declared.Load()
	if err != nil {
		t.Fatal(err)
	}
	x := New(fields)
	for _, tt := range []struct{ text, want string }{
		{"LiFePO4의 방전 용량은 0.1 C에서 165 mAh/g이었다.", "LiFePO4 battery/specific-capacity 165–165 mA h g^-1 (current-rate 0.1 C)"},
		{"TiO2의 밴드갭은 3.2 eV로 측정되었다.", "TiO2 solid/band-gap 3.2–3.2 eV"},
		{"TiO2는 3.0 eV에서 3.2 eV까지의 밴드 갭을 가진다.", "TiO2 solid/band-gap 3–3.2 eV"},
		{"GaN의 밴드 갭 에너지는 3.4eV이고 ZnS의 밴드갭은 3.6eV이다.", "GaN solid/band-gap 3.4–3.4 eV; ZnS solid/band-gap 3.6–3.6 eV"},
		{"고체 전해질 Li6PS5Cl의 이온 전도도는 25 ℃에서 1.2×10-3 S/cm로 나타났다.", "Li6PS5Cl battery/ionic-conductivity 0.0012–0.0012 S cm^-1 (temperature 25 ℃)"},
		{"Li7La3Zr2O12의 이온전도도는 실온에서 3×10⁻⁴ S/cm이다.", "Li7La3Zr2O12 battery/ionic-conductivity 0.0003–0.0003 S cm^-1 (temperature 실온)"},
		{"LiCoO2와 LiFePO4의 방전용량은 각각 145 및 165 mAh/g이었다.", "LiCoO2 battery/specific-capacity 145–145 mA h g^-1; LiFePO4 battery/specific-capacity 165–165 mA h g^-1"},
		{"폴리락트산의 유리 전이 온도는 약 60℃이며, 녹는점은 섭씨 170도이다.", "폴리락트산 plastic/glass-transition-temperature 60–60 °C; 폴리락트산 plastic/melting-temperature 170–170 °C"},
		{"PLA의 인장강도는 60 메가파스칼이고 신율은 5%이다.", "PLA plastic/tensile-strength 60–60 MPa; PLA plastic/elongation-at-break 5–5 %"},
		{"Fe3O4의 퀴리온도는 858 켈빈이었다.", "Fe3O4 solid/curie-temperature 858–858 K"},
		{"본 발명의 CH3NH3PbI3 박막의 광학 밴드갭(optical band gap)은 1.55 eV~1.60 eV 범위였다.", "CH3NH3PbI3 solid/band-gap 1.55–1.6 eV"},
		{"실시예 1의 LiMn2O4는 100회 사이클 후 용량 유지율이 92 퍼센트였다.", "LiMn2O4 battery/capacity-retention 92–92 %"},
		{"소성 온도는 850 ℃이고 시간은 10시간이다.", ""},
	} {
		doc := &document.Document{Name: "ko", Blocks: []document.Block{{Kind: document.Paragraph, Text: tt.text}}}
		var got []string
		for _, r := range x.Extract(doc) {
			s := fmt.Sprintf("%s %s %v–%v %s", r.Subject.Text, r.Property, *r.Low, *r.High, r.Unit)
			for _, c := range r.Conditions {
				if c.Name != "cycle" {
					s += fmt.Sprintf(" (%s %s)", c.Name, c.Text)
				}
			}
			if tt.text[r.Evidence.Start:r.Evidence.End] != r.Text || !strings.Contains(tt.text, r.Evidence.Sentence) {
				t.Errorf("%s: evidence %+v", tt.text, r.Evidence)
			}
			got = append(got, s)
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.text, strings.Join(got, "; "), tt.want)
		}
	}
}
