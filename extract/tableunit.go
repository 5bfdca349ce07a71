package extract

import (
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// headUnit is a unit that stands in a head, with the power of ten.
type headUnit struct {
	quantity.Unit
	scale, inverse float64
	at             int // where its bracket begins, behind "("
}

// headUnits reads the units of "σ (10−4 S cm−1)", "Capacity / mAh g−1",
// "Tg [°C]", "E, eV" or "Capacity (mAh g−1, 0.1C)" and the powers of ten with them,
// the likeliest first. A power before the unit belongs to the unit. One at the
// property, "σ × 104 (S cm−1)", tells by what the values were multiplied, but if it
// is negative, as most authors use it, what they are to be multiplied by; inverse
// is the other reading.
func headUnits(h headline) []headUnit {
	var out []headUnit
	found := func(s span, end int) {
		u, ok := scaledUnit(h, s)
		if !ok {
			return
		}
		if e := outerPower(h, end); e != 0 && u.inverse == 0 && u.scale == 1 {
			if u.scale, u.inverse = 1/e, e; e < 1 {
				u.scale, u.inverse = e, 1/e
			}
		}
		u.at = end
		out = append(out, u)
	}
	for _, s := range brackets(h.text) {
		for _, part := range listParts(h.text, s) {
			found(part, s.start)
		}
	}
	end := len(h.text) // without what stands in brackets behind the unit: "λem, nm (solvent)"
	if i := strings.LastIndexAny(h.text, "(["); i > 0 && strings.ContainsAny(h.text[len(h.text)-1:], ")]") {
		end = len(strings.TrimRight(h.text[:i], " "))
	}
	for _, sep := range []string{" / ", "/ ", ", ", "/"} {
		for _, to := range []int{len(h.text), end} {
			if i := strings.LastIndex(h.text[:to], sep); i > 0 && len(out) == 0 {
				found(span{i + len(sep), to}, i)
			}
		}
	}
	return out
}

// listParts returns the parts of s that commas and semicolons divide.
func listParts(text string, s span) []span {
	var out []span
	from := s.start
	for i := s.start; i <= s.end; i++ {
		if i == s.end || text[i] == ';' || text[i] == ',' && i+1 < s.end && text[i+1] == ' ' {
			out = append(out, trimmed(text, span{from, i}))
			from = i + 1
		}
	}
	return out
}

// outerPower returns the power of ten at the property in the first end bytes of a
// head, "σ × 104" or "104 σ", 0 if there is none.
func outerPower(h headline, end int) float64 {
	at := strings.Index(h.text, "10")
	for at >= 0 && at < end {
		before := strings.TrimRight(h.text[:at], " (")
		if before == "" || strings.HasSuffix(before, "×") || strings.HasSuffix(before, " x") || strings.HasSuffix(before, "·") || strings.HasSuffix(before, "*") {
			if q, ok := scanOne("1×"+h.text[at:], quantityShift(h.raised, at, len("1×"))); ok {
				return q
			}
		}
		next := strings.Index(h.text[at+2:], "10")
		if next < 0 {
			return 0
		}
		at += 2 + next
	}
	return 0
}

// scanOne returns the power of ten with which t begins.
func scanOne(t string, raised []quantity.Span) (float64, bool) {
	found := quantity.Scan(t, raised)
	if len(found) == 0 || found[0].Start != 0 || found[0].Quantity.Low != found[0].Quantity.High {
		return 0, false
	}
	q := found[0].Quantity.Low
	return q, q > 0 && q != 1
}

// quantityShift returns the spans behind from, moved to a text that begins there
// with lead bytes before it.
func quantityShift(raised []quantity.Span, from, lead int) []quantity.Span {
	var out []quantity.Span
	for _, s := range raised {
		if s.Start >= from {
			out = append(out, quantity.Span{Start: s.Start - from + lead, End: s.End - from + lead})
		}
	}
	return out
}

// brackets returns what stands inside ( ) and [ ] in text, last first.
func brackets(text string) []span {
	var out []span
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] != ')' && text[i] != ']' {
			continue
		}
		open := byte('(')
		if text[i] == ']' {
			open = '['
		}
		depth := 0
		for j := i; j >= 0; j-- {
			if text[j] == text[i] {
				depth++
			} else if text[j] == open {
				depth--
			}
			if depth == 0 {
				out = append(out, span{j + 1, i})
				i = j
				break
			}
		}
	}
	return out
}

// scaledUnit reads "mAh g−1", "in eV", "10−4 S cm−1", "×10−4 S/cm" or "S/cm × 10−4" at
// s in a head.
func scaledUnit(h headline, s span) (headUnit, bool) {
	s = trimmed(h.text, s)
	if strings.HasPrefix(h.text[s.start:s.end], "in ") {
		s.start += len("in ")
	}
	t := h.text[s.start:s.end]
	if t == "" || len(t) > 48 {
		return headUnit{}, false
	}
	if u, err := quantity.ParseUnit(t); err == nil && !u.Unknown && u.Symbol != "" {
		return headUnit{u, 1, 0, 0}, true
	}
	if i := strings.LastIndex(t, "×"); i > 0 {
		if u, err := quantity.ParseUnit(t[:i]); err == nil && !u.Unknown && u.Symbol != "" {
			if e, ok := scanOne("1"+t[i:], quantityShift(h.raised, s.start+i, len("1"))); ok {
				return headUnit{u, e, 1 / e, 0}, true
			}
		}
	}
	rest := strings.TrimSpace(strings.TrimLeft(t, "×x* "))
	from := s.end - len(rest)
	raised := quantityShift(h.raised, from, 0)
	found := quantity.Scan(rest, raised)
	if len(found) != 1 || found[0].Start != 0 || found[0].End != len(rest) || found[0].UnitSpan.End == found[0].UnitSpan.Start || found[0].Quantity.Unit.Unknown {
		return headUnit{}, false
	}
	number := rest[:found[0].Number.End]
	written := strings.Trim(number, "0123456789., ") != "" || len(raised) > 0 && raised[0].Start < len(number) // as a power, not "10 kHz"
	if q := found[0].Quantity; written && strings.HasPrefix(number, "10") && q.Low == q.High {
		return headUnit{q.Unit, q.Low, 0, 0}, true
	}
	return headUnit{}, false
}
