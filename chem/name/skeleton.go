package name

import (
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// skeleton adds the structure s to g and returns its atoms in order. The
// notation is SMILES without aromaticity and stereo: capitals are atoms with
// written bonds; small letters are mancude atoms, the bonds between which are
// left open; [P^5] is phosphorus with five bonds; "*" is a free valence. It is
// used for the data files of this package only.
func (g *graph) skeleton(s string, at int) (atoms []int, outs []out, err error) {
	var stack []int
	previous := -1
	order := int8(0)
	rings := map[string]ringEnd{}
	link := func(a, b int, order int8) {
		if order == 0 && g.atoms[a].mancude && g.atoms[b].mancude {
			g.openBond(a, b)
			return
		}
		g.join(a, b, max(order, 1))
	}
	place := func(a int) {
		atoms = append(atoms, a)
		switch {
		case previous >= 0:
			link(previous, a, order)
		case previous == freeBefore:
			outs = append(outs, out{a, max(order, 1)})
			g.atoms[a].reserved += max(order, 1)
		}
		previous, order = a, 0
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			stack = append(stack, previous)
		case c == ')':
			if len(stack) == 0 {
				return nil, nil, fmt.Errorf("%s: unbalanced parenthesis", s)
			}
			previous = stack[len(stack)-1]
			stack = stack[:len(stack)-1]
		case c == '-':
			order = 1
		case c == '=':
			order = 2
		case c == '#':
			order = 3
		case c == '.':
			previous = -1
		case c == '*' && previous < 0:
			previous = freeBefore
		case c == '*':
			outs = append(outs, out{previous, max(order, 1)})
			g.atoms[previous].reserved += max(order, 1)
			order = 0
		case c >= '0' && c <= '9', c == '%':
			digit := s[i : i+1]
			if c == '%' {
				if i+3 > len(s) {
					return nil, nil, fmt.Errorf("%s: ring number cut off", s)
				}
				digit = s[i+1 : i+3]
				i += 2
			}
			if r, ok := rings[digit]; ok {
				link(r.atom, previous, max(order, r.order))
				delete(rings, digit)
			} else {
				rings[digit] = ringEnd{previous, order}
			}
			order = 0
		case c == '[':
			end := strings.IndexByte(s[i:], ']')
			if end < 0 {
				return nil, nil, fmt.Errorf("%s: bracket does not end", s)
			}
			a, err := g.bracket(s[i+1:i+end], at)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", s, err)
			}
			place(a)
			i += end
		default:
			n := 1
			if strings.HasPrefix(s[i:], "Cl") || strings.HasPrefix(s[i:], "Br") {
				n = 2
			}
			e, ok := chem.BySymbol(strings.ToUpper(s[i:i+1]) + s[i+1:i+n])
			if !ok {
				return nil, nil, fmt.Errorf("%s: unknown atom %q", s, s[i:i+n])
			}
			a := g.add(e, at)
			g.atoms[a].mancude = c >= 'a'
			place(a)
			i += n - 1
		}
	}
	if len(rings) > 0 || len(stack) > 0 {
		return nil, nil, fmt.Errorf("%s: a ring or branch does not end", s)
	}
	return atoms, outs, nil
}

// freeBefore stands for a free valence in front of the first atom.
const freeBefore = -2

// out is a free valence: the atom, and the order of the bond it wants.
type out struct {
	atom  int
	order int8
}

type ringEnd struct {
	atom  int
	order int8
}

// bracket adds the atom in the brackets s: an element, and a charge. Hydrogens
// are filled up as everywhere and only read over.
func (g *graph) bracket(s string, at int) (int, error) {
	letters := 0
	for letters < len(s) && (s[letters] >= 'a' && s[letters] <= 'z' || s[letters] >= 'A' && s[letters] <= 'Z' && letters == 0) {
		letters++
	}
	symbol := s[:letters]
	if symbol == "" {
		return 0, fmt.Errorf("unknown atom %q", s)
	}
	mancude := symbol[0] >= 'a'
	e, ok := chem.BySymbol(strings.ToUpper(symbol[:1]) + symbol[1:])
	if !ok {
		return 0, fmt.Errorf("unknown atom %q", s)
	}
	a := g.add(e, at)
	g.atoms[a].mancude = mancude
	rest := s[letters:]
	if strings.HasPrefix(rest, "H") {
		rest = strings.TrimLeft(rest[1:], "0123456789")
	}
	switch {
	case rest == "":
	case rest[0] == '^' && len(rest) == 2:
		g.atoms[a].valence = int8(rest[1] - '0')
	case rest[0] == '+', rest[0] == '-':
		n := int8(1)
		if len(rest) > 1 {
			n = int8(rest[1] - '0')
		}
		if rest[0] == '-' {
			n = -n
		}
		g.atoms[a].charge = n
	default:
		return 0, fmt.Errorf("unknown atom %q", s)
	}
	return a, nil
}
