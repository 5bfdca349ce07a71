package text_test

import (
	"testing"

	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/text"
)

func TestFormulas(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`Films of Fe$_5$GeTe$_2$ have $T_{\rm C} = 293$ K and 1.9 $\mu_{\rm B}$ per Fe.`, "Films of Fe5GeTe2 have TC=293 K and 1.9 μB per Fe."},
		{`It is $-$48 $\mu$V/K at 6 $\times$ 10$^{18}$ cm$^{-3}$.`, "It is −48 μV/K at 6 × 1018 cm−3."},
		{"It costs $5 or $6, as a_b and c^d do.", "It costs $5 or $6, as a_b and c^d do."},
		{"It costs $5.", "It costs $5."},
		{"An open $T_{c is left.", "An open $T_{c is left."},
		{`$T_{\rm C}$ = 62.65$\pm$0.07 K in CrGeTe$_3$`, "TC = 62.65 ± 0.07 K in CrGeTe3"},
		{"a Curie temperature T_{C}= 3 K, T_C = 3 K and T_s", "a Curie temperature TC= 3 K, TC = 3 K and Ts"},
		{`(160{\pm}5) Oe, 0.03 \mu_{B}, 10^{-3}`, "(160 ± 5) Oe, 0.03 μB, 10−3"},
		{"Gd<sub>0.3</sub>Dy<sub>0.7</sub>Al<sub>2</sub> at 10<sup>−3</sup> Pa, <i>T</i> < 5 K, a</b and <div>", "Gd0.3Dy0.7Al2 at 10−3 Pa, T < 5 K, a</b and <div>"},
		{`See C:\data\run_7 and my_file, a_b, X_12, \3+ {x}`, `See C:\data\run_7 and my_file, a_b, X_12, \3+ {x}`},
	} {
		doc, err := text.Read("case.txt", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		documenttest.Check(t, doc)
		if got := doc.Blocks[0].Text; got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
		}
	}
	doc, err := text.Read("case.txt", []byte(`Single crystals of MnBi$_2$Te$_4$ and 10$^{-3}$ S/cm.`))
	if err != nil {
		t.Fatal(err)
	}
	if s := doc.Blocks[0].Shifts; len(s) != 3 || s[0].Raised || !s[2].Raised {
		t.Errorf("shifts %+v", s)
	}
	doc, err = text.Read("case.txt", []byte("Table 1. Gaps.\n\n| Material | Gap (eV) |\n|---|---|\n| CsPbBr_{3} | 2.25 |\n| CsPbI_{3} | 1.73 |\n"))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
}
