package smarts

import (
	"fmt"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// Bounds of what is read.
const (
	maxLength    = 1 << 16 // bytes
	maxAtoms     = 1000
	maxRecursion = 8    // $( inside $(
	maxRange     = 9999 // numbers
)

// Parse compiles a SMARTS. The error is a *[molecule.ParseError].
func Parse(s string) (*Pattern, error) {
	return parse(s, false, false)
}

// ParseMerging is Parse for patterns that were written for molecules whose
// hydrogens are all atoms: an end "[#1]" of the pattern becomes a condition on the
// hydrogens of its neighbour.
func ParseMerging(s string) (*Pattern, error) { return parse(s, true, false) }

// ParseRooted is Parse for patterns that are matched from their first atom on, see
// [Pattern.At].
func ParseRooted(s string) (*Pattern, error) { return parse(s, false, true) }

func parse(s string, merge, rooted bool) (*Pattern, error) {
	if len(s) > maxLength {
		return nil, &molecule.ParseError{Format: "SMARTS", Offset: maxLength, Reason: fmt.Sprintf("longer than %d bytes", maxLength)}
	}
	c := &compiler{text: s, merge: merge}
	p, err := c.pattern(0)
	if err != nil {
		return nil, err
	}
	if c.pos < len(s) {
		return nil, c.errorf(c.pos, "nothing was opened by )")
	}
	p.text = s
	p.subs = c.subs
	p.plan(rooted)
	return p, nil
}

type compiler struct {
	text  string
	pos   int
	merge bool // hydrogen atoms become conditions on their neighbours
	subs  int
	total int // atoms of all patterns
}

func (c *compiler) errorf(offset int, format string, args ...any) error {
	return &molecule.ParseError{Format: "SMARTS", Offset: offset, Reason: fmt.Sprintf(format, args...)}
}

func (c *compiler) peek() byte {
	if c.pos < len(c.text) {
		return c.text[c.pos]
	}
	return 0
}

// ringEnd is a ring bond of which one end was read.
type ringEnd struct {
	number, atom int
	bond         queryBond
	explicit     bool
	offset       int
	slot         int
}

// pattern reads up to the end of the text, or to the parenthesis that closes a
// recursive pattern.
func (c *compiler) pattern(depth int) (*Pattern, error) {
	p := &Pattern{}
	prev := int32(-1)
	var bond queryBond
	explicit := false
	bondAt := 0
	type branch struct {
		atom   int32
		offset int
		group  bool
	}
	var branches []branch
	var open []ringEnd
	group, groups := int32(0), int32(0)
	for c.pos < len(c.text) {
		at := c.pos
		ch := c.peek()
		if ch == ')' && len(branches) == 0 {
			if depth == 0 {
				return nil, c.errorf(at, "nothing was opened by )")
			}
			break
		}
		switch {
		case ch == '(':
			if explicit {
				return nil, c.errorf(at, "a branch must begin with its bond inside the parenthesis")
			}
			if prev < 0 {
				if depth > 0 || group != 0 {
					return nil, c.errorf(at, "a branch must follow an atom")
				}
				groups++
				group = groups
				p.groups = true
				branches = append(branches, branch{-1, at, true})
			} else {
				branches = append(branches, branch{prev, at, false})
			}
			c.pos++
		case ch == ')':
			if explicit {
				return nil, c.errorf(bondAt, "a bond must be followed by an atom")
			}
			b := branches[len(branches)-1]
			branches = branches[:len(branches)-1]
			prev = b.atom
			if b.group {
				group = 0
			}
			c.pos++
		case ch == '.':
			if explicit || len(p.atoms) == 0 || c.pos+1 == len(c.text) {
				return nil, c.errorf(at, "a dot must stand between atoms")
			}
			prev = -1
			c.pos++
		case ch >= '0' && ch <= '9' || ch == '%':
			number, err := c.ringNumber()
			if err != nil {
				return nil, err
			}
			if prev < 0 {
				return nil, c.errorf(at, "a ring number must follow an atom")
			}
			if open, err = c.ring(p, open, number, prev, bond, explicit, at); err != nil {
				return nil, err
			}
			bond, explicit = queryBond{}, false
		case isBondSymbol(ch):
			if prev < 0 {
				return nil, c.errorf(at, "a bond must follow an atom")
			}
			if explicit {
				return nil, c.errorf(at, "two bonds follow each other")
			}
			var err error
			if bond, err = c.bond(); err != nil {
				return nil, err
			}
			explicit, bondAt = true, at
		default:
			a, err := c.atom(depth)
			if err != nil {
				return nil, err
			}
			if c.total++; c.total > maxAtoms {
				return nil, c.errorf(at, "more than %d atoms", maxAtoms)
			}
			a.group = group
			a.atStart = prev < 0
			i := int32(len(p.atoms))
			p.atoms = append(p.atoms, a)
			if prev >= 0 {
				bond.a, bond.b = prev, i
				k := int32(len(p.bonds))
				p.bonds = append(p.bonds, bond)
				p.atoms[prev].neighbours = append(p.atoms[prev].neighbours, k)
				p.atoms[i].neighbours = append(p.atoms[i].neighbours, k)
			}
			prev = i
			bond, explicit = queryBond{}, false
		}
	}
	switch {
	case len(branches) > 0:
		return nil, c.errorf(branches[len(branches)-1].offset, "( is not closed")
	case explicit:
		return nil, c.errorf(bondAt, "a bond must be followed by an atom")
	case len(open) > 0:
		return nil, c.errorf(open[len(open)-1].offset, "ring %d is not closed", open[len(open)-1].number)
	case depth > 0 && len(p.atoms) == 0:
		return nil, c.errorf(c.pos, "a recursive pattern must have an atom")
	}
	if c.merge {
		p.mergeHydrogens()
	}
	return p, nil
}

func (c *compiler) ringNumber() (int, error) {
	at := c.pos
	if ch := c.peek(); ch != '%' {
		c.pos++
		return int(ch - '0'), nil
	}
	c.pos++
	if c.peek() == '(' {
		c.pos++
		n, digits := c.number(5)
		if digits == 0 || c.peek() != ')' {
			return 0, c.errorf(at, "%%( must be followed by up to five digits and )")
		}
		c.pos++
		return n, nil
	}
	n, digits := c.number(2)
	if digits != 2 {
		return 0, c.errorf(at, "%% must be followed by two digits")
	}
	return n, nil
}

func (c *compiler) number(most int) (n, digits int) {
	for digits < most && c.peek() >= '0' && c.peek() <= '9' {
		n = n*10 + int(c.peek()-'0')
		c.pos++
		digits++
	}
	return n, digits
}

// ring opens or closes a ring bond.
func (c *compiler) ring(p *Pattern, open []ringEnd, number int, atom int32, bond queryBond, explicit bool, at int) ([]ringEnd, error) {
	for k := len(open) - 1; k >= 0; k-- {
		o := open[k]
		if o.number != number {
			continue
		}
		if o.atom == int(atom) {
			return nil, c.errorf(at, "ring %d closes at the atom where it opens", number)
		}
		for _, b := range p.bonds {
			if int(b.a+b.b) == o.atom+int(atom) && (int(b.a) == o.atom || b.a == atom) {
				return nil, c.errorf(at, "ring %d joins two atoms that are already bound", number)
			}
		}
		b := o.bond
		if explicit && !o.explicit {
			b = bond
			b.direction = -b.direction
			for i := range b.tests {
				switch b.tests[i].kind {
				case bondDative:
					b.tests[i].kind = bondDativeBack
				case bondDativeBack:
					b.tests[i].kind = bondDative
				}
			}
		}
		b.a, b.b = int32(o.atom), atom
		id := int32(len(p.bonds))
		p.bonds = append(p.bonds, b)
		p.atoms[o.atom].neighbours[o.slot] = id
		p.atoms[atom].neighbours = append(p.atoms[atom].neighbours, id)
		return append(open[:k], open[k+1:]...), nil
	}
	o := ringEnd{number, int(atom), bond, explicit, at, len(p.atoms[atom].neighbours)}
	p.atoms[atom].neighbours = append(p.atoms[atom].neighbours, -1)
	return append(open, o), nil
}

func isBondSymbol(ch byte) bool {
	switch ch {
	case '-', '=', '#', '$', ':', '~', '@', '/', '\\', '!', '<', '&', ',', ';':
		return true
	}
	return false
}

// bond reads a bond expression.
func (c *compiler) bond() (b queryBond, err error) {
	at := c.pos
	var t bondTest
	first, dangling := true, false
	for {
		ch := c.peek()
		switch ch {
		case '!':
			t.not = !t.not
			c.pos++
			dangling = true
			continue
		case '&', ',', ';':
			if first || dangling {
				return b, c.errorf(c.pos, "unexpected %q in a bond", ch)
			}
			t = bondTest{or: ch == ',', and: ch == ';'}
			c.pos++
			dangling = true
			continue
		case '-':
			t.kind = bondSingle
			if c.pos+1 < len(c.text) && c.text[c.pos+1] == '>' {
				t.kind = bondDative
				c.pos++
			}
		case '<':
			if c.pos+1 >= len(c.text) || c.text[c.pos+1] != '-' {
				return b, c.errorf(c.pos, "< must be followed by -")
			}
			t.kind = bondDativeBack
			c.pos++
		case '=':
			t.kind = bondDouble
		case '#':
			t.kind = bondTriple
		case '$':
			t.kind = bondQuadruple
		case ':':
			t.kind = bondAromatic
		case '~':
			t.kind = bondAny
		case '@':
			t.kind = bondRing
		case '/', '\\':
			t.kind = bondDirected
			b.direction = 1
			if ch == '\\' {
				b.direction = -1
			}
			if c.pos+1 < len(c.text) && c.text[c.pos+1] == '?' { // or unspecified
				b.direction = 0
				c.pos++
			}
		default:
			if first || dangling {
				return b, c.errorf(at, "a bond is not complete")
			}
			return b, nil
		}
		if len(b.tests) > 64 {
			return b, c.errorf(at, "a bond with more than 64 conditions")
		}
		c.pos++
		b.tests = append(b.tests, t)
		t = bondTest{}
		first, dangling = false, false
	}
}

// atom reads an atom, with or without brackets.
func (c *compiler) atom(depth int) (a queryAtom, err error) {
	at := c.pos
	ch := c.peek()
	c.pos++
	switch ch {
	case '[':
		return c.bracket(depth)
	case '*':
		a.tests = []test{{kind: isAny}}
	case 'a':
		a.tests = []test{{kind: isAromatic}}
	case 'A':
		a.tests = []test{{kind: isAliphatic}}
	case 'B', 'C', 'N', 'O', 'P', 'S', 'F', 'I':
		symbol := string(ch)
		if ch == 'B' && c.peek() == 'r' || ch == 'C' && c.peek() == 'l' {
			symbol += string(c.peek())
			c.pos++
		}
		e, _ := chem.BySymbol(symbol)
		a.tests = []test{{kind: isElement, low: int16(e), up: int16(e)}, {kind: isAliphatic}}
	case 'b', 'c', 'n', 'o', 'p', 's':
		e, _ := chem.BySymbol(string(ch - 0x20))
		a.tests = []test{{kind: isElement, low: int16(e), up: int16(e)}, {kind: isAromatic}}
	default:
		if ch < 0x20 || ch >= 0x7F {
			return a, c.errorf(at, "unexpected byte %#02x", ch)
		}
		return a, c.errorf(at, "unexpected %q", ch)
	}
	return a, nil
}

// bracket reads an atom expression after "[".
func (c *compiler) bracket(depth int) (a queryAtom, err error) {
	at := c.pos - 1
	or, and, not, dangling := false, false, false, true
	for {
		ch := c.peek()
		switch {
		case c.pos >= len(c.text):
			return a, c.errorf(at, "[ is not closed")
		case ch == ']':
			if dangling {
				return a, c.errorf(c.pos, "an atom expression is not complete")
			}
			c.pos++
			return a, nil
		case ch == '!':
			not = !not
			dangling = true
			c.pos++
			continue
		case ch == '&' || ch == ',' || ch == ';':
			if dangling {
				return a, c.errorf(c.pos, "unexpected %q in an atom expression", ch)
			}
			or, and, dangling = ch == ',', ch == ';', true
			c.pos++
			continue
		case ch == ':':
			c.pos++
			n, digits := c.number(9)
			if digits == 0 || dangling {
				return a, c.errorf(c.pos, "a number must follow the colon, and the expression stand before it")
			}
			a.mapped = int32(n)
			if c.peek() != ']' {
				return a, c.errorf(c.pos, "an atom map number must be the last")
			}
			continue
		}
		if len(a.tests) > 256 {
			return a, c.errorf(at, "an atom with more than 256 conditions")
		}
		from := len(a.tests)
		if err := c.primitive(&a, depth, from == 0); err != nil {
			return a, err
		}
		if len(a.tests) > from {
			if not && len(a.tests)-from == 2 {
				// A symbol is an element and aromatic or aliphatic: "!C" is not
				// both. That is an or, so it becomes a pattern of its own.
				sub := &Pattern{atoms: []queryAtom{{tests: append([]test(nil), a.tests[from:]...)}}}
				sub.plan(true)
				a.tests = append(a.tests[:from], test{kind: isRecursive, sub: sub, subIndex: -1})
			}
			a.tests[from].not = not
			a.tests[from].or, a.tests[from].and = or, and
		}
		or, and, not, dangling = false, false, false, false
	}
}

// primitive reads one primitive of an atom expression.
func (c *compiler) primitive(a *queryAtom, depth int, first bool) error {
	at := c.pos
	ch := c.peek()
	add := func(k kind, low, up int) {
		a.tests = append(a.tests, test{kind: k, low: int16(low), up: int16(up)})
	}
	// counted reads a number or a range after a letter.
	counted := func(k kind, low, up int) error {
		c.pos++
		if c.peek() == '{' {
			return c.numberRange(k, a)
		}
		if n, digits := c.number(4); digits > 0 {
			low, up = n, n
		}
		add(k, low, up)
		return nil
	}
	switch {
	case ch == '*':
		c.pos++
		add(isAny, 0, 0)
		return nil
	case ch >= '0' && ch <= '9':
		n, _ := c.number(4)
		add(isIsotope, n, n)
		if c.peek() == 'H' && first && c.hydrogenAtom(c.pos) {
			c.pos++
			add(isElement, 1, 1)
		}
		return nil
	case ch == '#':
		c.pos++
		n, digits := c.number(3)
		if digits == 0 || n > 118 {
			return c.errorf(at, "# must be followed by an atomic number")
		}
		add(isElement, n, n)
		return nil
	case ch == '+' || ch == '-':
		n := 0
		for c.peek() == ch {
			n++
			c.pos++
		}
		if n == 1 {
			if v, digits := c.number(2); digits > 0 {
				n = v
			}
		}
		if n > 99 {
			return c.errorf(at, "charge %d is larger than 99", n)
		}
		if ch == '-' {
			n = -n
		}
		add(hasCharge, n, n)
		return nil
	case ch == '@':
		return c.chirality(a)
	case ch == '$':
		return c.recursive(a, depth)
	}
	// Two-letter symbols go before letters with another meaning.
	if ch >= 'A' && ch <= 'Z' && c.pos+1 < len(c.text) {
		if next := c.text[c.pos+1]; next >= 'a' && next <= 'z' {
			if e, ok := chem.BySymbol(c.text[c.pos : c.pos+2]); ok {
				c.pos += 2
				add(isElement, int(e), int(e))
				add(isAliphatic, 0, 0)
				return nil
			}
		}
	}
	if c.pos+1 < len(c.text) {
		switch c.text[c.pos : c.pos+2] {
		case "se", "as", "te", "si":
			e, _ := chem.BySymbol(string(ch-0x20) + c.text[c.pos+1:c.pos+2])
			c.pos += 2
			add(isElement, int(e), int(e))
			add(isAromatic, 0, 0)
			return nil
		}
	}
	switch ch {
	case 'a':
		c.pos++
		add(isAromatic, 0, 0)
	case 'A':
		c.pos++
		add(isAliphatic, 0, 0)
	case 'D':
		return counted(hasDegree, 1, 1)
	case 'H':
		if first && c.hydrogenAtom(c.pos) {
			c.pos++
			add(isElement, 1, 1)
			return nil
		}
		a.hydrogen = true
		return counted(hasHydrogens, 1, 1)
	case 'h':
		return counted(hasImplicitHydrogens, 1, maxRange)
	case 'R':
		return counted(inRings, 1, maxRange)
	case 'r':
		return counted(inSmallestRing, 1, maxRange)
	case 'k':
		return counted(inRingOfSize, 1, maxRange)
	case 'v':
		return counted(hasValence, 1, 1)
	case 'X':
		return counted(hasConnections, 1, 1)
	case 'x':
		return counted(hasRingBonds, 1, maxRange)
	case 'z':
		return counted(hasHeteroNeighbours, 1, maxRange)
	case 'b', 'c', 'n', 'o', 'p', 's':
		e, _ := chem.BySymbol(string(ch - 0x20))
		c.pos++
		add(isElement, int(e), int(e))
		add(isAromatic, 0, 0)
	default:
		if ch >= 'A' && ch <= 'Z' {
			if e, ok := chem.BySymbol(string(ch)); ok {
				c.pos++
				add(isElement, int(e), int(e))
				add(isAliphatic, 0, 0)
				return nil
			}
		}
		return c.errorf(at, "unexpected %q in an atom expression", ch)
	}
	return nil
}

// hydrogenAtom reports whether the H at the position is the element: "[H]",
// "[H+]", "[H:1]".
func (c *compiler) hydrogenAtom(at int) bool {
	if at+1 >= len(c.text) {
		return false
	}
	switch c.text[at+1] {
	case ']', '+', '-', ':':
		return true
	}
	return false
}

// numberRange reads "{2-4}", "{2-}" or "{-4}".
func (c *compiler) numberRange(k kind, a *queryAtom) error {
	at := c.pos
	c.pos++
	low, lowDigits := c.number(4)
	if c.peek() != '-' {
		return c.errorf(at, "{ must be followed by a range such as 2-4")
	}
	c.pos++
	up, upDigits := c.number(4)
	if upDigits == 0 {
		up = maxRange
	}
	if lowDigits+upDigits == 0 || c.peek() != '}' || low > up {
		return c.errorf(at, "{ must be followed by a range such as 2-4")
	}
	c.pos++
	a.tests = append(a.tests, test{kind: k, low: int16(low), up: int16(up)})
	return nil
}

// chirality reads "@", "@@", "@TH1" and the like, and "?" after it.
func (c *compiler) chirality(a *queryAtom) error {
	at := c.pos
	c.pos++
	a.chirality = molecule.Counterclockwise
	if c.peek() == '@' {
		c.pos++
		a.chirality = molecule.Clockwise
	} else if c.pos+2 <= len(c.text) {
		switch class := c.text[c.pos : c.pos+2]; class {
		case "TH", "AL", "SP", "TB", "OH":
			save := c.pos
			c.pos += 2
			n, digits := c.number(2)
			switch {
			case digits == 0:
				c.pos = save // "@" and then a count of hydrogens, as in "[C@H]"
			case class == "AL":
				return c.errorf(at, "the handedness of cumulated double bonds is not compared")
			default:
				var ok bool
				if a.chirality, ok = molecule.ChiralityOf(class, n); !ok {
					return c.errorf(at, "@%s has no number %d", class, n)
				}
			}
		}
	}
	if c.peek() == '?' {
		c.pos++
		a.unsure = true
	}
	a.tests = append(a.tests, test{kind: isCentre})
	return nil
}

// recursive reads "$(...)".
func (c *compiler) recursive(a *queryAtom, depth int) error {
	at := c.pos
	c.pos++
	if c.peek() != '(' {
		return c.errorf(at, "$ must be followed by (")
	}
	if depth >= maxRecursion {
		return c.errorf(at, "more than %d patterns inside each other", maxRecursion)
	}
	c.pos++
	index := c.subs
	c.subs++
	sub, err := c.pattern(depth + 1)
	if err != nil {
		return err
	}
	if c.peek() != ')' {
		return c.errorf(at, "$( is not closed")
	}
	sub.text = c.text[at+2 : c.pos]
	c.pos++
	sub.plan(true)
	a.tests = append(a.tests, test{kind: isRecursive, sub: sub, subIndex: index})
	return nil
}

// mergeHydrogens removes the hydrogen atoms at the ends of p, except atom 0, and
// asks their neighbours to have as many hydrogens.
func (p *Pattern) mergeHydrogens() {
	degree := make([]int, len(p.atoms))
	for _, b := range p.bonds {
		degree[b.a]++
		degree[b.b]++
	}
	hydrogen := func(i int32) bool {
		a := &p.atoms[i]
		return i > 0 && degree[i] == 1 && len(a.tests) == 1 && a.tests[0].kind == isElement && a.tests[0].low == 1 && !a.tests[0].not
	}
	count := make([]int, len(p.atoms))
	number := make([]int32, len(p.atoms))
	bonds := p.bonds[:0]
	gone := make([]bool, len(p.atoms))
	for _, b := range p.bonds {
		switch {
		case hydrogen(b.a) && !hydrogen(b.b):
			gone[b.a] = true
			count[b.b]++
		case hydrogen(b.b) && !hydrogen(b.a):
			gone[b.b] = true
			count[b.a]++
		default:
			bonds = append(bonds, b)
		}
	}
	atoms := p.atoms[:0]
	for i, a := range p.atoms {
		if gone[i] {
			continue
		}
		if count[i] > 0 {
			a.tests = append(a.tests, test{kind: hasHydrogens, and: true, low: int16(count[i]), up: maxRange})
		}
		a.neighbours = nil
		number[i] = int32(len(atoms))
		atoms = append(atoms, a)
	}
	p.atoms = atoms
	for k := range bonds {
		bonds[k].a, bonds[k].b = number[bonds[k].a], number[bonds[k].b]
		for _, i := range [2]int32{bonds[k].a, bonds[k].b} {
			p.atoms[i].neighbours = append(p.atoms[i].neighbours, int32(k))
		}
	}
	p.bonds = bonds
}
