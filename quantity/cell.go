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
	found := Scan(t, up)
	if len(found) == 0 {
		// "12.3a": the footnote's letter hides the number.
		if cut := strings.TrimRightFunc(t, unicode.IsLetter); len(t)-len(cut) == 1 && cut != "" {
			found, t = Scan(cut, up), cut
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
