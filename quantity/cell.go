package quantity

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of ParseCell.
var (
	ErrNoValue     = errors.New("no value")       // the cell says that there is none: "–", "n.d."
	ErrNotQuantity = errors.New("not a quantity") // the cell has other text
)

// ParseCell reads a table cell that holds one quantity, with or without unit;
// footnote marks behind it are passed over. raised are the superscripts.
func ParseCell(text string, raised []Span) (Quantity, error) {
	t := strings.TrimSpace(text)
	switch strings.ToLower(t) {
	case "", "-", "–", "—", "−", "--", "n.d.", "nd", "n.a.", "na", "n/a", "n.r.", "nr", "…", "...", "/", "×", "none", "*":
		return Quantity{}, fmt.Errorf("cell %q: %w", t, ErrNoValue)
	}
	if len(t) > 200 {
		return Quantity{}, fmt.Errorf("cell of %d bytes: %w", len(t), ErrNotQuantity)
	}
	lead := strings.Index(text, t)
	var up []Span
	for _, s := range raised {
		s.Start, s.End = s.Start-lead, s.End-lead
		if s.Start >= 0 && s.End <= len(t) && s.Start < s.End {
			up = append(up, s)
		}
	}
	if q, ok := bareNumber(t); ok {
		return q, nil
	}
	if n := len(up); n > 0 && up[n-1].End == len(t) && up[n-1].Start > 0 && mark(t[up[n-1].Start:]) {
		t, up = strings.TrimRight(t[:up[n-1].Start], " "), up[:n-1]
	}
	found := scan(t, up, true)
	if len(found) == 0 {
		// "12.3a": the footnote's letter hides the number.
		if cut := strings.TrimRightFunc(t, unicode.IsLetter); len(t)-len(cut) == 1 && cut != "" {
			found, t = scan(cut, up, true), cut
		}
		if len(found) == 0 {
			return Quantity{}, fmt.Errorf("cell %q: %w", t, ErrNotQuantity)
		}
	}
	f := found[0]
	if strings.Trim(t[:f.Start], " ($") != "" || !footnote(t[f.End:], len(found) > 1) {
		return Quantity{}, fmt.Errorf("cell %q: %w", t, ErrNotQuantity)
	}
	return f.Quantity, nil
}

// bareNumber reads a cell that only stands alone for one number: "12 400", whose
// space divides thousands, and "24(1)" with an uncertainty in the last place.
func bareNumber(t string) (Quantity, bool) {
	sign, digits := 1.0, t
	if r, size := utf8.DecodeRuneInString(t); isMinus(r) {
		sign, digits = -1, t[size:]
	}
	plain := 0
	for digitAt(digits, plain) {
		plain++
	}
	if plain == 0 || plain > 15 {
		return Quantity{}, false
	}
	n, ok := readNumeral(digits[:plain], nil, 0)
	if !ok {
		return Quantity{}, false
	}
	if u, end, ok := lastPlaces(digits[plain:]+" ", n); ok && plain+end == len(digits) && u <= n.value {
		return Quantity{Low: sign * n.value, High: sign * n.value, Uncertainty: u, Unit: Unit{Factor: 1}}, true
	}
	groups := strings.Split(digits, " ")
	if len(groups) < 2 || len(groups) > 5 || len(groups[0]) != plain || plain > 3 || digits[0] == '0' {
		return Quantity{}, false
	}
	if plain == 3 && len(groups) == 2 && !strings.HasSuffix(groups[1], "00") {
		return Quantity{}, false // "120 135" are two values
	}
	for i, g := range groups[1:] {
		whole, fraction, point := strings.Cut(g, ".")
		if point && i == len(groups)-2 && fraction != "" && allDigits(fraction) {
			g = whole
		}
		if len(g) != 3 || !allDigits(g) {
			return Quantity{}, false
		}
	}
	n, ok = readNumeral(strings.Join(groups, ""), nil, 0)
	return Quantity{Low: sign * n.value, High: sign * n.value, Unit: Unit{Factor: 1}}, ok
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !digitAt(s, i) {
			return false
		}
	}
	return s != ""
}

// mark reports whether s, raised behind a value, is only a footnote's mark: letters
// or signs.
func mark(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || strings.ContainsRune("*†‡§¶#, ", r)) {
			return false
		}
	}
	return len(s) <= 6
}

// footnote reports whether rest, behind a cell's quantity, is only a mark: a
// letter, an asterisk, a citation in brackets.
func footnote(rest string, more bool) bool {
	rest = strings.TrimSpace(rest)
	if rest == "" || rest == ")" || rest == "$" {
		return true
	}
	if utf8.RuneCountInString(rest) == 1 && !more {
		return true
	}
	if (rest[0] == '[' && strings.HasSuffix(rest, "]") || rest[0] == '(' && strings.HasSuffix(rest, ")")) && len(rest) < 40 {
		return true
	}
	for _, r := range rest {
		if !strings.ContainsRune("*†‡§¶#,⁰¹²³⁴⁵⁶⁷⁸⁹ ᵃᵇᶜ", r) {
			return false
		}
	}
	return true
}
