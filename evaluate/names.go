package evaluate

import (
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/record"
)

// despace removes white space and invisible characters, which differ between
// ways of taking the same text out of a file.
func despace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// plain writes s in one way: one kind of dash, dot and digit, words in lower
// case, white space removed. Words that are formulas keep their case, so that
// CO is not Co.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r) || r == '−' || r == '⁻' || r == '₋':
			return '-'
		case r >= '₀' && r <= '₉':
			return r - '₀' + '0'
		case r >= '⁰' && r <= '⁹' && r != 'ⁱ':
			return r - '⁰' + '0'
		case r == '⋅' || r == '∙' || r == '•' || r == '*':
			return '·'
		case r == 'µ':
			return 'μ'
		}
		return r
	}, s)
	words := strings.Fields(s)
	for i, w := range words {
		w = despace(w)
		if _, err := formula.Parse(w); err != nil {
			w = strings.ToLower(w)
		}
		words[i] = w
	}
	return strings.Join(words, "")
}

// canonical returns the canonical formula of s, or "" if s is not a formula.
func canonical(s string) string {
	f, err := formula.Parse(despace(s))
	if err != nil {
		return ""
	}
	return f.String()
}

// stoichiometric returns the compound name s without white space and without an
// unknown deviation at its end: "Sn0.95Co0.05O2-d" is "Sn0.95Co0.05O2".
func stoichiometric(s string) string {
	s = despace(s)
	for _, letter := range []string{"δ", "d"} {
		if t, ok := strings.CutSuffix(s, letter); ok {
			for _, sign := range []string{"-", "−", "–", "+", "±"} {
				if u, ok := strings.CutSuffix(t, sign); ok && u != "" {
					return u
				}
			}
		}
	}
	return s
}

// sameCompound reports whether name is what s says: the same characters but for
// white space and an unknown deviation, or the same formula.
func sameCompound(name string, s *record.Subject) bool {
	n := stoichiometric(name)
	if n == "" {
		return false
	}
	if n == stoichiometric(s.Text) || n == stoichiometric(s.Name) {
		return true
	}
	c := canonical(name)
	return c != "" && (c == s.Formula || c == canonical(s.Text))
}

// letters returns the letters and digits of s in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '₀' && r <= '₉':
			return r - '₀' + '0'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// contains reports whether one of the two names contains the other, looking at
// letters and digits only. Names of one letter contain nothing.
func contains(a, b string) bool {
	a, b = letters(a), letters(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 2 && strings.Contains(b, a)
}

// nameContained reports whether the name of s and name contain one another.
func nameContained(name string, s *record.Subject) bool {
	return contains(name, s.Text) || contains(name, s.Name) || sameCompound(name, s)
}
