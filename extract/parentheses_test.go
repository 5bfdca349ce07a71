package extract

import (
	"strings"
	"testing"
)

func TestParentheses(t *testing.T) {
	text := "x) a (b (c) d) e ((f g"
	p := newParentheses(text, span{0, len(text)})
	for _, c := range []struct {
		what     string
		from, to int
		want     bool
	}{
		{"a", 0, len(text), false},
		{"b", 0, len(text), true},
		{"c", 0, len(text), true},
		{"d", 0, len(text), true},
		{"c", strings.Index(text, "b"), len(text), true},  // its own pair
		{"d", strings.Index(text, "c"), len(text), false}, // opened before
		{"b", 0, strings.Index(text, "d"), false},         // closed behind
		{"f", 0, len(text), false},                        // never closed
	} {
		if got := p.aside(c.from, c.to, strings.Index(text, c.what)); got != c.want {
			t.Errorf("%q between %d and %d: aside is %v, want %v", c.what, c.from, c.to, got, c.want)
		}
	}
	if got, want := outside(text), "x) a  e ((f g"; got != want {
		t.Errorf("outside is %q, want %q", got, want)
	}
}
