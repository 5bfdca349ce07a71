package polymer

import (
	"fmt"
	"strings"
)

// BigSMILES returns c as a stochastic object of BigSMILES with the ends of its
// units as [<] and [>] (Lin et al., ACS Cent. Sci. 5 (2019) 1523). Shares of
// units have no place in it.
func (c *Copolymer) BigSMILES() string {
	var units []string
	for _, u := range c.Units {
		s := u.SMILES()
		s = strings.Replace(s, "*", "[<]", 1)
		units = append(units, strings.Replace(s, "*", "[>]", 1))
	}
	return "{[]" + strings.Join(units, ",") + "[]}"
}

// ParseBigSMILES reads one stochastic object of BigSMILES: "{[$]CC[$],
// [$]CC(C)[$]}" and its older form "{<OCC>}". Each unit must have two bonding
// descriptors $, < or >. End groups behind ";" are read over. What stands
// outside of the braces, nested objects and networks are errors.
func ParseBigSMILES(s string) (*Copolymer, error) {
	fail := func(at int, format string, args ...any) (*Copolymer, error) {
		return nil, fmt.Errorf("BigSMILES %s: byte %d: %s", s, at+1, fmt.Sprintf(format, args...))
	}
	body := strings.TrimSpace(s)
	if !strings.HasPrefix(body, "{") {
		return fail(0, "want { at the beginning")
	}
	if !strings.HasSuffix(body, "}") {
		return fail(len(s)-1, "want } at the end")
	}
	body = body[1 : len(body)-1]
	if i := strings.IndexAny(body, "{}"); i >= 0 {
		return fail(i+1, "a stochastic object within another or behind it")
	}
	body, _, _ = strings.Cut(body, ";")
	var units []*Unit
	parts := splitUnits(body)
	for k, part := range parts {
		part = strings.TrimSpace(part)
		unit, ends := openEnds(part)
		// The outer brackets are the terminals of the object: a unit with three or
		// four descriptors at its edges has them in addition to its own.
		if k == 0 {
			if rest, ok := terminal(part); ok && (ends > 2 || strings.HasPrefix(part, "[]")) {
				part = rest
				unit, ends = openEnds(part)
			}
		}
		if k == len(parts)-1 && (ends > 2 || strings.HasSuffix(part, "[]")) {
			if i := strings.LastIndexByte(part, '['); i >= 0 && strings.HasSuffix(part, "]") {
				part = part[:i]
				unit, ends = openEnds(part)
			}
		}
		if ends != 2 {
			return fail(1+strings.Index(body, part), "unit %s has %d bonding descriptors, want 2", part, ends)
		}
		u, err := Parse(unit)
		if err != nil {
			return nil, fmt.Errorf("BigSMILES %s: %w", s, err)
		}
		units = append(units, u)
	}
	return NewCopolymer(units, nil)
}

// splitUnits divides s at commas outside of brackets.
func splitUnits(s string) []string {
	var out []string
	depth, begin := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '[', '(':
			depth++
		case ']', ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, s[begin:i])
				begin = i + 1
			}
		}
	}
	return append(out, s[begin:])
}

// terminal cuts a bonding descriptor off the beginning of s.
func terminal(s string) (string, bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	end := strings.IndexByte(s, ']')
	if end < 0 || !descriptor(s[1:end]) && end != 1 {
		return s, false
	}
	return s[end+1:], true
}

// descriptor reports whether s is $, < or >, with a number.
func descriptor(s string) bool {
	return s != "" && strings.ContainsRune("$<>", rune(s[0])) && strings.Trim(s[1:], "0123456789") == ""
}

// openEnds replaces the bonding descriptors of a unit by "*" and counts them.
func openEnds(s string) (string, int) {
	var out strings.Builder
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '[':
			end := strings.IndexByte(s[i:], ']')
			if end > 0 && descriptor(s[i+1:i+end]) {
				out.WriteByte('*')
				n++
				i += end
				continue
			}
			if end > 0 {
				out.WriteString(s[i : i+end+1])
				i += end
				continue
			}
			out.WriteByte(c)
		case c == '$' || c == '<' || c == '>':
			out.WriteByte('*')
			n++
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), n
}
