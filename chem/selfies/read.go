package selfies

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// MaxLength is the longest text that is read, in bytes.
const MaxLength = 1 << 20

// symbol is a piece of the text with its place.
type symbol struct {
	text   string
	offset int
}

// Parse reads a molecule; hydrogens become part of the atoms that they are bound to,
// as in [molecule.ParseSMILES]. Every sequence of known symbols is one; an error, a
// *[molecule.ParseError], says which symbol is not known.
func Parse(s string) (*molecule.Molecule, error) {
	fail := func(offset int, format string, args ...any) error {
		return &molecule.ParseError{Format: "SELFIES", Offset: offset, Reason: fmt.Sprintf(format, args...)}
	}
	if len(s) > MaxLength {
		return nil, fail(MaxLength, "longer than %d bytes", MaxLength)
	}
	r := &reader{}
	var part []symbol
	flush := func() error {
		r.symbols, r.at, r.base = part, 0, r.builder.NumAtoms()
		err := r.derive()
		part = part[:0]
		return err
	}
	for at := 0; at < len(s); {
		switch s[at] {
		case '.':
			if err := flush(); err != nil {
				return nil, err
			}
			at++
		case '[':
			end := strings.IndexByte(s[at:], ']')
			if end < 0 {
				return nil, fail(at, "[ is not closed")
			}
			part = append(part, symbol{s[at : at+end+1], at})
			at += end + 1
		default:
			return nil, fail(at, "a symbol must begin with [")
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	r.formRings()
	r.settle()
	r.configurations()
	m, err := r.builder.Build()
	if err == nil {
		m, err = m.WithoutHydrogens()
	}
	if err != nil {
		return nil, fail(0, "%v", err)
	}
	return m, nil
}

// reader derives a molecule from symbols.
type reader struct {
	builder molecule.Builder
	symbols []symbol
	at      int
	base    int   // number of the first atom of the part
	used    []int // total order of the bonds of every atom
	room    []int // capacity of every atom
	rings   []ring
	order   [][]int // bonds of every atom in the order that chirality is about, rings first
	parent  []int   // bond to the atom before, −1 for none
	marks   []byte  // of every bond: '/' or '\\', seen from the atom that came first, 0 for none
}

// ring is a bond to be formed, and its mark seen from the left.
type ring struct {
	left, right, order int
	mark               byte
}

// next returns the next symbol, false at the end.
func (r *reader) next() (symbol, bool) {
	if r.at == len(r.symbols) {
		return symbol{}, false
	}
	r.at++
	return r.symbols[r.at-1], true
}

// number reads a number of n digits.
func (r *reader) number(n int) int {
	value := 0
	for range n {
		s, _ := r.next()
		value = value*16 + indexCodes[s.text]
	}
	return value
}

// frame is a chain of atoms or a branch that is being derived.
type frame struct {
	end   int // place of the first symbol behind it
	state int // bonds that the next atom may have to the one before; 0 at the beginning
	prev  int // the atom before
}

// derive reads the symbols of a part.
func (r *reader) derive() error {
	stack := []frame{{len(r.symbols), 0, -1}}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		if f.state < 0 || r.at >= f.end || r.at >= len(r.symbols) {
			// What is left of a branch that is complete says nothing.
			r.at = min(max(r.at, f.end), len(r.symbols))
			stack = stack[:len(stack)-1]
			continue
		}
		s, _ := r.next()
		name, order, mark, n := numberedSymbol(s.text)
		switch {
		case name == "Branch":
			if f.state <= 1 {
				continue
			}
			inside := min(f.state-1, order)
			f.state -= inside
			length := r.number(n) + 1
			stack = append(stack, frame{min(r.at+length, len(r.symbols)), inside, f.prev})
		case name == "Ring":
			if f.state == 0 {
				continue
			}
			o := min(order, f.state)
			if f.state -= o; f.state == 0 {
				f.state = -1
			}
			left := max(r.base, f.prev-r.number(n)-1)
			r.rings = append(r.rings, ring{left, f.prev, o, mark})
		case s.text == "[nop]":
		case strings.Contains(s.text, "eps"):
			if f.state != 0 {
				f.state = -1
			}
		default:
			a, order, mark, err := atomOf(s)
			if err != nil {
				return err
			}
			room := capacity(&a)
			if f.state == 0 {
				order = 0
			}
			order = min(order, f.state, room)
			if order == 0 && f.state != 0 {
				f.state = -1 // an atom that cannot be bound
				continue
			}
			i := r.builder.AddAtom(a)
			r.used, r.room, r.order, r.parent = append(r.used, order), append(r.room, room), append(r.order, nil), append(r.parent, -1)
			if order > 0 {
				k := r.builder.AddBond(f.prev, i, molecule.Order(order))
				r.marks = append(r.marks, mark)
				r.used[f.prev] += order
				r.parent[i] = k
				r.order[f.prev] = append(r.order[f.prev], k)
			}
			f.prev = i
			if f.state = room - order; f.state == 0 {
				f.state = -1
			}
		}
	}
	return nil
}

// formRings forms the ring bonds, as far as the atoms have room.
func (r *reader) formRings() {
	ringBonds := make([][]int, len(r.order))
	for _, x := range r.rings {
		if x.left == x.right {
			continue
		}
		order := min(x.order, r.room[x.left]-r.used[x.left], r.room[x.right]-r.used[x.right])
		if order <= 0 {
			continue
		}
		if k := r.between(x.left, x.right, ringBonds); k >= 0 {
			b := r.builder.Bond(k)
			order = min(int(b.Order)+order, 3) - int(b.Order)
			b.Order += molecule.Order(order)
		} else {
			k := r.builder.AddBond(x.left, x.right, molecule.Order(order))
			r.marks = append(r.marks, x.mark)
			ringBonds[x.left] = append(ringBonds[x.left], k)
			ringBonds[x.right] = append(ringBonds[x.right], k)
		}
		r.used[x.left] += order
		r.used[x.right] += order
	}
	for i := range r.order {
		r.order[i] = append(ringBonds[i], r.order[i]...)
		if r.parent[i] >= 0 {
			r.order[i] = append([]int{r.parent[i]}, r.order[i]...)
		}
	}
}

// between returns the bond between atoms i and j, −1 if there is none.
func (r *reader) between(i, j int, ringBonds [][]int) int {
	for _, list := range [...][]int{r.order[i], ringBonds[i], {r.parent[i]}} {
		for _, k := range list {
			if k >= 0 && r.builder.Bond(k).Other(i) == j {
				return k
			}
		}
	}
	return -1
}

// settle turns chiralities from the order of writing to the order of bonds.
func (r *reader) settle() {
	for i, order := range r.order {
		a := r.builder.Atom(i)
		if a.Chirality == molecule.Achiral {
			continue
		}
		if len(order) < 3 || len(order) > 4 {
			a.Chirality = molecule.Achiral
			continue
		}
		odd := len(order) == 3 && (r.parent[i] >= 0 || a.Hydrogens == 0)
		for x := range order {
			for y := range x {
				odd = odd != (order[y] > order[x])
			}
		}
		if odd {
			a.Chirality = a.Chirality.Inverted()
		}
	}
}

// configurations finds the configurations of double bonds from the marks beside them.
// Marks that contradict each other say nothing.
func (r *reader) configurations() {
	// marked lists, for every atom, its neighbours with a mark and whether they stand
	// above.
	type side struct {
		ref int32
		up  bool
	}
	marked := map[int32][]side{}
	for k, mark := range r.marks {
		if b := r.builder.Bond(k); mark != 0 && b.Order == molecule.Single {
			marked[b.A] = append(marked[b.A], side{b.B, mark == '/'})
			marked[b.B] = append(marked[b.B], side{b.A, mark != '/'})
		}
	}
	for k := range r.marks {
		b := r.builder.Bond(k)
		x, y := marked[b.A], marked[b.B]
		if b.Order != molecule.Double || len(x) == 0 || len(y) == 0 ||
			len(x) > 1 && x[0].up == x[1].up || len(y) > 1 && y[0].up == y[1].up {
			continue
		}
		b.RefA, b.RefB, b.Stereo = x[0].ref, y[0].ref, molecule.Opposite
		if x[0].up == y[0].up {
			b.Stereo = molecule.Together
		}
	}
}

// numberedSymbol reads "[=Ring2]": its name, the order of its bond and its mark, seen
// from the left, and the digits of its number.
func numberedSymbol(s string) (name string, order int, mark byte, digits int) {
	s = s[1 : len(s)-1]
	order = 1
	switch {
	case strings.HasPrefix(s, "="):
		order, s = 2, s[1:]
	case strings.HasPrefix(s, "#"):
		order, s = 3, s[1:]
	case len(s) > 2 && strings.Trim(s[:2], `-/\`) == "": // marks at the two ends of a ring bond
		switch {
		case s[0] != '-':
			mark = s[0]
		case s[1] != '-':
			mark = '/' + '\\' - s[1]
		}
		s = s[2:]
	}
	for _, n := range [...]string{"Branch", "Ring"} {
		if d, ok := strings.CutPrefix(s, n); ok && len(d) == 1 && d[0] >= '1' && d[0] <= '3' {
			return n, order, mark, int(d[0] - '0')
		}
	}
	return "", 0, 0, 0
}

// atomOf reads the symbol of an atom and the order and the mark of its bond to the one
// before.
func atomOf(s symbol) (a molecule.Atom, order int, mark byte, err error) {
	fail := func() (molecule.Atom, int, byte, error) {
		return a, 0, 0, &molecule.ParseError{Format: "SELFIES", Offset: s.offset, Reason: fmt.Sprintf("%q is not a symbol", s.text)}
	}
	t := s.text[1 : len(s.text)-1]
	order = 1
	if t != "" {
		switch t[0] {
		case '=':
			order, t = 2, t[1:]
		case '#':
			order, t = 3, t[1:]
		case '/', '\\':
			mark, t = t[0], t[1:]
		}
	}
	digits := func(most int) (int, bool) {
		n := 0
		for n < len(t) && n < most && t[n] >= '0' && t[n] <= '9' {
			n++
		}
		v, err := strconv.Atoi(t[:n])
		t = t[n:]
		return v, err == nil
	}
	if isotope, ok := digits(3); ok {
		a.Isotope = uint16(isotope)
		a.Fixed = true
	}
	switch {
	case strings.HasPrefix(t, "*"):
		t = t[1:]
	case len(t) >= 2 && t[1] >= 'a' && t[1] <= 'z':
		e, ok := chem.BySymbol(t[:2])
		if !ok {
			return fail()
		}
		a.Element, t = e, t[2:]
	case len(t) >= 1:
		e, ok := chem.BySymbol(t[:1])
		if !ok {
			return fail()
		}
		a.Element, t = e, t[1:]
	default:
		return fail()
	}
	switch {
	case strings.HasPrefix(t, "@@"):
		a.Chirality, t = molecule.Clockwise, t[2:]
	case strings.HasPrefix(t, "@"):
		a.Chirality, t = molecule.Counterclockwise, t[1:]
	}
	a.Fixed = a.Fixed || t != "" || a.Chirality != molecule.Achiral
	if strings.HasPrefix(t, "H") {
		t = t[1:]
		h, ok := digits(2)
		if !ok {
			return fail()
		}
		a.Hydrogens = uint8(h)
	}
	if t != "" && (t[0] == '+' || t[0] == '-') {
		sign := t[0]
		t = t[1:]
		c, ok := digits(2)
		if !ok {
			return fail()
		}
		if sign == '-' {
			c = -c
		}
		a.Charge = int8(c)
	}
	if t != "" {
		return fail()
	}
	switch a.Element { // others have no hydrogens unless stated
	case 5, 6, 7, 8, 9, 15, 16, 17, 35, 53:
	default:
		a.Fixed = true
	}
	return a, order, mark, nil
}
