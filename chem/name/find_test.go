package name

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFind(t *testing.T) {
	for _, test := range []struct {
		text string
		want string // "text of the mention|…", those below 0.5 in parentheses
	}{
		{"The emitter 4CzIPN was doped into mCBP at 5 wt%.", "4CzIPN|mCBP"},
		{"1 M LiPF6 in ethylene carbonate (EC) and dimethyl carbonate (DMC) with 2% FEC", "LiPF6|ethylene carbonate|EC|dimethyl carbonate|DMC|FEC"},
		{"the EC countries", "(EC)"},
		{"Poly(ethylene oxide) (PEO) with LiTFSI; PEO-LiTFSI films", "Poly(ethylene oxide)|PEO|LiTFSI|PEO|LiTFSI"},
		{"blends of PLA and PBAT, and poly(3-hydroxybutyrate).", "PLA|PBAT|poly(3-hydroxybutyrate)"},
		{"2,4,6-triphenyl-1,3,5-triazine was recrystallized from ethanol.", "2,4,6-triphenyl-1,3,5-triazine|ethanol"},
		{"A solution of ethyl 4-aminobenzoate in diethyl ether", "ethyl 4-aminobenzoate|diethyl ether"},
		{"9,9′-(1,3-phenylene)bis(9H-carbazole), mCP, is a host", "9,9′-(1,3-phenylene)bis(9H-carbazole)|mCP"},
		{"poly(styrene-co-acrylonitrile) is not polystyrene", "poly(styrene-co-acrylonitrile)|polystyrene"},
		{"전해액은 에틸렌 카보네이트와 디메틸카보네이트를 섞었다", "에틸렌 카보네이트|디메틸카보네이트"},
		{"The amine and the carbonate groups, a phenyl ring, an alkane and an ester", ""},
		{"one of the lines in the table shows an increase since then", ""},
		{"We determine the outline of the machine and examine the zone", ""},
		{"m-TPD and α-NPD", "α-NPD"},
		{"(bis(2,2,2-trifluoroethyl) ether)", "bis(2,2,2-trifluoroethyl) ether"},
		{"tetrahydrofuran, N,N-dimethylformamide and dichloromethane", "tetrahydrofuran|N,N-dimethylformamide|dichloromethane"},
		{"2-methylpropan-2-ol.", "2-methylpropan-2-ol"},
		{"dichlorobenzene isomers", ""}, // which one is not said
	} {
		var got []string
		for _, m := range Find(test.text) {
			s := test.text[m.Start:m.End]
			if m.Confidence < 0.5 {
				s = "(" + s + ")"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != test.want {
			t.Errorf("%q: found %q, want %q", test.text, s, test.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("1 M LiPF6 in ethylene carbonate (EC) and 2-methyltetrahydrofuran; 4,4′-bis(N-carbazolyl)-1,1′-biphenyl (CBP)")
	f.Add("에틸렌 카보네이트 poly(3-hexylthiophene)")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, m := range Find(text) {
			if m.Start < last || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%q: mention at %d to %d behind %d", text, m.Start, m.End, last)
			}
			last = m.End
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Errorf("%q: a mention cuts a character", text)
			}
			if m.Structure == nil || m.Confidence <= 0 || m.Confidence > 1 {
				t.Errorf("%q: %+v", text, m)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("The electrolyte was 1 M LiPF6 in a mixture of ethylene carbonate (EC) and dimethyl carbonate (DMC); the cells were cycled between 3.0 and 4.3 V at a rate of 0.5C and 25 °C, and the electrodes were washed with N,N-dimethylformamide. ", 20)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Find(text)
	}
}
