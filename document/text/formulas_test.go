package text_test

import (
	"testing"

	"github.com/alkahest/alkahest/document/text"
)

func TestFormulas(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`Films of Fe$_5$GeTe$_2$ have $T_{\rm C} = 293$ K and 1.9 $\mu_{\rm B}$ per Fe.`, "Films of Fe5GeTe2 have TC=293 K and 1.9 μB per Fe."},
		{`It is $-$48 $\mu$V/K at 6 $\times$ 10$^{18}$ cm$^{-3}$.`, "It is −48 μV/K at 6 × 1018 cm−3."},
		{"It costs $5 or $6, as a_b and c^d do.", "It costs $5 or $6, as a_b and c^d do."},
		{"It costs $5.", "It costs $5."},
		{"An open $T_c is left.", "An open $T_c is left."},
	} {
		doc, err := text.Read("case.txt", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Blocks[0].Text; got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}
