package evaluate

import (
	"slices"
	"testing"

	"github.com/alkahest/alkahest/extract/tagger"
)

func TestChunks(t *testing.T) {
	text := "The glass-transition temperature of the new films is about 350 K."
	all, of := chunks(tagger.Prepare(text))
	tokens := tagger.Tokens(text)
	var got []string
	for n, c := range all {
		got = append(got, text[tokens[c.first].Start:tokens[c.last].End])
		for k := c.first; k <= c.last; k++ {
			if of[k] != n {
				t.Errorf("token %d is in chunk %d, want %d", k, of[k], n)
			}
		}
	}
	if want := []string{"glass-transition temperature", "new films", "350 K"}; !slices.Equal(got, want) {
		t.Errorf("chunks %q, want %q", got, want)
	}
}

func TestDopedText(t *testing.T) {
	for _, c := range []struct{ text, dopant, host string }{
		{"Luminescence of Er-doped ZnO powders.", "Er", "ZnO"},
		{"Photoanodes of CdSe layers, doped with different concentrations of Sb, are made.", "Sb", "CdSe"},
		{"The NaYF4:Er phosphor shines.", "Er", "NaYF4"},
		{"Doping of lanthanum into TiO2 was tried.", "lanthanum", "TiO2"},
		{"A silicon-doped gallium nitride film.", "silicon", "gallium nitride"},
	} {
		d := newDopedText(tagger.Prepare(c.text))
		of := func(run [2]int) string {
			return c.text[d.text.Tokens[run[0]].Start:d.text.Tokens[run[1]].End]
		}
		if !slices.ContainsFunc(d.joins, func(j dopingJoin) bool { return of(j.dopant) == c.dopant && of(j.host) == c.host }) {
			t.Errorf("%q: want %s in %s", c.text, c.dopant, c.host)
			for _, j := range d.joins {
				t.Logf("%s in %s", of(j.dopant), of(j.host))
			}
		}
	}
}
