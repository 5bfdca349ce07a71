package molecule

import (
	"fmt"
	"slices"
	"sync"

	"github.com/alkahest/alkahest/chem"
)

// ParseError says where a text is not what it should be.
type ParseError struct {
	Format string // "SMILES", "SMARTS", …
	Offset int    // byte of the text, from 0
	Reason string
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s: byte %d: %s", e.Format, e.Offset, e.Reason)
}

// MaxSMILES is the longest SMILES that is read, in bytes.
const MaxSMILES = 1 << 20

// ParseSMILES reads a molecule from SMILES (OpenSMILES specification, version
// 1.0, 2016), and perceives everything about it. Beyond the specification it
// reads ring numbers "%(123)" and dative bonds "->" and "<-".
//
// Hydrogens written as atoms, such as in "[H]C", become part of the atom they
// are bound to, unless they are isotopes, are charged, bridge atoms, are bound
// to hydrogen or "*", or are needed to tell the configuration of a double bond.
// All configurations of the specification are kept, also those of cumulated double
// bonds. A place around an atom at which nothing is written is empty, as that of a lone
// pair, and stands where a hydrogen would.
//
// The error is a *[ParseError].
func ParseSMILES(s string) (*Molecule, error) { return ParseSMILESWith(s, All) }

// ParseSMILESWith is ParseSMILES with only the given steps of perception.
// Without [Valence], hydrogens written as atoms stay atoms.
func ParseSMILESWith(s string, steps Steps) (*Molecule, error) {
	p := parsers.Get().(*smilesParser)
	defer parsers.Put(p)
	p.reset(s)
	if err := p.parse(); err != nil {
		return nil, err
	}
	m, err := p.molecule(steps)
	if err != nil {
		if atom, ok := err.(*AtomError); ok {
			return nil, &ParseError{Format: "SMILES", Offset: int(p.offsets[atom.Atom]), Reason: atom.Reason}
		}
		return nil, &ParseError{Format: "SMILES", Reason: err.Error()}
	}
	return m, nil
}

var parsers = sync.Pool{New: func() any { return new(smilesParser) }}

// direction is the mark of a bond beside a double bond.
type direction uint8

const (
	level   direction = iota
	rising            // "/": the second atom stands above the first
	falling           // "\"
)

func (d direction) reversed() direction {
	switch d {
	case rising:
		return falling
	case falling:
		return rising
	}
	return level
}

// opening is a ring bond of which one end was read.
type opening struct {
	number int
	atom   int32
	bond   writtenBond
	offset int
}

// writtenBond is what stands between two atoms.
type writtenBond struct {
	order     Order
	explicit  bool // something stands there
	aromatic  bool // ":"
	reversed  bool // "<-"
	direction direction
}

// centre is an atom with a chirality and the class that was written, if any.
type centre struct {
	atom  int32
	class string
}

// ringPlace says where the two numbers of a ring bond stand.
type ringPlace struct{ bond, open, shut int32 }

type smilesParser struct {
	text     string
	pos      int
	atoms    []Atom
	bonds    []Bond
	dirs     []direction // of every bond
	offsets  []int32     // of every atom in text
	branches []int32
	branchAt []int32 // offsets of the open parentheses
	open     []opening
	centres  []centre
	closed   []ringPlace // in the order of their bonds
	marked   bool        // a bond has a direction
	drop     []int32
}

func (p *smilesParser) reset(s string) {
	*p = smilesParser{
		text: s, atoms: p.atoms[:0], bonds: p.bonds[:0], dirs: p.dirs[:0], offsets: p.offsets[:0],
		branches: p.branches[:0], branchAt: p.branchAt[:0], open: p.open[:0], centres: p.centres[:0], closed: p.closed[:0], drop: p.drop[:0],
	}
}

func (p *smilesParser) errorf(offset int, format string, args ...any) error {
	return &ParseError{Format: "SMILES", Offset: offset, Reason: fmt.Sprintf(format, args...)}
}

// parse reads text into atoms and bonds.
func (p *smilesParser) parse() error {
	if len(p.text) > MaxSMILES {
		return p.errorf(MaxSMILES, "longer than %d bytes", MaxSMILES)
	}
	prev := int32(-1)
	var bond writtenBond
	bondAt := 0
	for p.pos < len(p.text) {
		at := p.pos
		c := p.text[p.pos]
		switch {
		case c == '(':
			if prev < 0 || bond.explicit {
				return p.errorf(at, "a branch must follow an atom")
			}
			if p.pos+1 < len(p.text) && (p.text[p.pos+1] == '(' || p.text[p.pos+1] == ')') {
				return p.errorf(at, "a branch must begin with an atom")
			}
			p.branches = append(p.branches, prev)
			p.branchAt = append(p.branchAt, int32(at))
			p.pos++
			if p.pos < len(p.text) && p.text[p.pos] == '.' { // "C(.C)"
				prev = -1
				p.pos++
			}
		case c == ')':
			if len(p.branches) == 0 {
				return p.errorf(at, "nothing was opened by (")
			}
			if bond.explicit {
				return p.errorf(bondAt, "a bond must be followed by an atom")
			}
			prev = p.branches[len(p.branches)-1]
			p.branches = p.branches[:len(p.branches)-1]
			p.branchAt = p.branchAt[:len(p.branchAt)-1]
			p.pos++
		case c == '.':
			if prev < 0 || bond.explicit {
				return p.errorf(at, "a dot must stand between atoms")
			}
			if p.pos+1 == len(p.text) {
				return p.errorf(at, "a dot must be followed by an atom")
			}
			prev = -1
			p.pos++
		case c >= '0' && c <= '9' || c == '%':
			number, err := p.ringNumber()
			if err != nil {
				return err
			}
			if prev < 0 {
				return p.errorf(at, "a ring number must follow an atom")
			}
			if err := p.ring(number, prev, bond, at); err != nil {
				return err
			}
			bond = writtenBond{}
		case p.bondSymbol(&bond):
			if bond.explicit {
				return p.errorf(at, "two bonds follow each other")
			}
			if prev < 0 {
				return p.errorf(at, "a bond must follow an atom")
			}
			p.readBond(&bond)
			bondAt = at
		default:
			if err := p.atom(); err != nil {
				return err
			}
			i := int32(len(p.atoms) - 1)
			if prev >= 0 {
				p.addBond(prev, i, bond)
			}
			prev = i
			bond = writtenBond{}
		}
	}
	switch {
	case len(p.branches) > 0:
		return p.errorf(int(p.branchAt[len(p.branchAt)-1]), "( is not closed")
	case bond.explicit:
		return p.errorf(bondAt, "a bond must be followed by an atom")
	case len(p.open) > 0:
		o := p.open[len(p.open)-1]
		return p.errorf(o.offset, "ring %d is not closed", o.number)
	}
	return nil
}

// bondSymbol reports whether a bond begins at the position.
func (p *smilesParser) bondSymbol(*writtenBond) bool {
	switch p.text[p.pos] {
	case '-', '=', '#', '$', ':', '/', '\\', '<':
		return true
	}
	return false
}

func (p *smilesParser) readBond(b *writtenBond) {
	b.explicit = true
	switch p.text[p.pos] {
	case '-':
		b.order = Single
		if p.pos+1 < len(p.text) && p.text[p.pos+1] == '>' {
			b.order = Dative
			p.pos++
		}
	case '=':
		b.order = Double
	case '#':
		b.order = Triple
	case '$':
		b.order = Quadruple
	case ':':
		b.aromatic = true
	case '/':
		b.order, b.direction = Single, rising
	case '\\':
		b.order, b.direction = Single, falling
	case '<':
		b.order, b.reversed = Dative, true
		if p.pos+1 < len(p.text) && p.text[p.pos+1] == '-' {
			p.pos++
		}
	}
	p.pos++
}

// ringNumber reads "1", "%12" or "%(123)".
func (p *smilesParser) ringNumber() (int, error) {
	at := p.pos
	if c := p.text[p.pos]; c != '%' {
		p.pos++
		return int(c - '0'), nil
	}
	p.pos++
	if p.pos < len(p.text) && p.text[p.pos] == '(' {
		p.pos++
		number, digits := p.number(5)
		if digits == 0 || p.pos == len(p.text) || p.text[p.pos] != ')' {
			return 0, p.errorf(at, "%%( must be followed by up to five digits and )")
		}
		p.pos++
		return number, nil
	}
	number, digits := p.number(2)
	if digits != 2 {
		return 0, p.errorf(at, "%% must be followed by two digits")
	}
	return number, nil
}

// number reads up to most digits.
func (p *smilesParser) number(most int) (n, digits int) {
	for digits < most && p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
		n = n*10 + int(p.text[p.pos]-'0')
		p.pos++
		digits++
	}
	return n, digits
}

// ring opens or closes a ring bond at atom i.
func (p *smilesParser) ring(number int, i int32, bond writtenBond, at int) error {
	k := len(p.open) - 1
	for k >= 0 && p.open[k].number != number {
		k--
	}
	if k < 0 {
		if len(p.open) >= maxOpenRings {
			return p.errorf(at, "more than %d rings are open", maxOpenRings)
		}
		p.open = append(p.open, opening{number: number, atom: i, bond: bond, offset: at})
		return nil
	}
	o := p.open[k]
	p.open = append(p.open[:k], p.open[k+1:]...)
	if o.atom == i {
		return p.errorf(at, "ring %d closes at the atom where it opens", number)
	}
	b := o.bond
	if bond.explicit {
		back := bond
		back.direction = bond.direction.reversed()
		if bond.order == Dative {
			back.reversed = !bond.reversed
		}
		switch {
		case !b.explicit:
			b = back
		case b.direction != level && back.direction == level && back.order == Single:
		case b.direction == level && b.order == Single && back.direction != level:
			b = back
		case b != back:
			return p.errorf(at, "ring %d has different bonds at its two ends", number)
		}
	}
	p.closed = append(p.closed, ringPlace{int32(len(p.bonds)), int32(o.offset), int32(at)})
	p.addBond(o.atom, i, b)
	return nil
}

// maxOpenRings bounds the work of finding the other end of a ring bond.
const maxOpenRings = 1024

func (p *smilesParser) addBond(i, j int32, b writtenBond) {
	x := Bond{A: i, B: j, Order: b.order, RefA: -1, RefB: -1}
	switch {
	case b.aromatic:
		x.Order, x.Aromatic = Unset, true
	case !b.explicit, b.direction != level:
		x.Order = Single
		if p.atoms[i].Aromatic && p.atoms[j].Aromatic {
			// Single if it turns out not to lie in a ring; see kekulize.
			x.Order, x.Aromatic = Unset, false
		}
	case b.reversed:
		x.A, x.B = j, i
	}
	p.bonds = append(p.bonds, x)
	p.dirs = append(p.dirs, b.direction)
	p.marked = p.marked || b.direction != level
}

// atom reads an atom.
func (p *smilesParser) atom() (err error) {
	at := p.pos
	c := p.text[p.pos]
	var a Atom
	switch c {
	case '[':
		if a, err = p.bracket(); err != nil {
			return err
		}
	case '*':
		p.pos++
	case 'B':
		a.Element = 5
		p.pos++
		if p.pos < len(p.text) && p.text[p.pos] == 'r' {
			a.Element = 35
			p.pos++
		}
	case 'C':
		a.Element = 6
		p.pos++
		if p.pos < len(p.text) && p.text[p.pos] == 'l' {
			a.Element = 17
			p.pos++
		}
	case 'N', 'O', 'P', 'S', 'F', 'I', 'b', 'c', 'n', 'o', 'p', 's':
		a.Element = symbols[c&31][0]
		a.Aromatic = c >= 'a'
		p.pos++
	default:
		if c < 0x20 || c >= 0x7F {
			return p.errorf(at, "unexpected byte %#02x", c)
		}
		return p.errorf(at, "unexpected %q", c)
	}
	if len(p.atoms) >= MaxAtoms {
		return p.errorf(at, "more than %d atoms", MaxAtoms)
	}
	p.atoms = append(p.atoms, a)
	p.offsets = append(p.offsets, int32(at))
	return nil
}

// symbols finds elements by symbol: first letter and second letter, each counted
// from 1, and 0 for no second letter.
var symbols = func() (table [27][27]chem.Element) {
	for z := chem.Element(1); z <= 118; z++ {
		s := z.Symbol()
		second := 0
		if len(s) == 2 {
			second = int(s[1] & 31)
		}
		table[s[0]&31][second] = z
	}
	return table
}()

// mayBeWrittenAromatic reports whether e has a lower-case symbol in SMILES.
func mayBeWrittenAromatic(e chem.Element) bool {
	switch e {
	case 5, 6, 7, 8, 14, 15, 16, 33, 34, 52:
		return true
	}
	return false
}

// bracket reads an atom in brackets.
func (p *smilesParser) bracket() (a Atom, err error) {
	at := p.pos
	p.pos++
	a.Fixed = true
	peek := func() byte {
		if p.pos < len(p.text) {
			return p.text[p.pos]
		}
		return 0
	}
	isotope, digits := p.number(5)
	if digits > 0 && isotope > 999 {
		return a, p.errorf(at+1, "isotope %d is larger than 999", isotope)
	}
	a.Isotope = uint16(isotope)
	c := peek()
	switch {
	case c == '*':
		p.pos++
	case c >= 'A' && c <= 'Z':
		p.pos++
		if d := peek(); d >= 'a' && d <= 'z' && symbols[c&31][d&31] != 0 {
			a.Element = symbols[c&31][d&31]
			p.pos++
		} else if a.Element = symbols[c&31][0]; a.Element == 0 {
			return a, p.errorf(p.pos-1, "no element has the symbol %q", c)
		}
	case c >= 'a' && c <= 'z':
		p.pos++
		a.Aromatic = true
		if d := peek(); d >= 'a' && d <= 'z' {
			if e := symbols[c&31][d&31]; e != 0 && mayBeWrittenAromatic(e) {
				a.Element = e
				p.pos++
				break
			}
		}
		if a.Element = symbols[c&31][0]; !mayBeWrittenAromatic(a.Element) {
			return a, p.errorf(p.pos-1, "no aromatic element has the symbol %q", c)
		}
	default:
		return a, p.errorf(p.pos, "a symbol of an element must stand here")
	}
	if peek() == '@' {
		var class string
		if a.Chirality, class, err = p.chirality(); err != nil {
			return a, err
		}
		p.centres = append(p.centres, centre{int32(len(p.atoms)), class})
	}
	if peek() == 'H' {
		hAt := p.pos
		p.pos++
		n, digits := p.number(3)
		if digits == 0 {
			n = 1
		}
		if n > 99 {
			return a, p.errorf(hAt, "%d hydrogens are more than 99", n)
		}
		a.Hydrogens = uint8(n)
	}
	if c := peek(); c == '+' || c == '-' {
		chargeAt := p.pos
		charge := 0
		for peek() == c {
			charge++
			p.pos++
		}
		if charge == 1 {
			if n, digits := p.number(3); digits > 0 {
				charge = n
			}
		}
		if charge > 99 {
			return a, p.errorf(chargeAt, "charge %d is larger than 99", charge)
		}
		if c == '-' {
			charge = -charge
		}
		a.Charge = int8(charge)
	}
	if peek() == ':' {
		mapAt := p.pos
		p.pos++
		n, digits := p.number(9)
		if digits == 0 {
			return a, p.errorf(mapAt, "a number must follow the colon")
		}
		a.Map = int32(n)
	}
	if peek() != ']' {
		if p.pos >= len(p.text) {
			return a, p.errorf(at, "[ is not closed")
		}
		return a, p.errorf(p.pos, "unexpected %q in brackets", p.text[p.pos])
	}
	p.pos++
	return a, nil
}

// chirality reads "@", "@@" or "@TH1" and the like.
func (p *smilesParser) chirality() (c Chirality, class string, err error) {
	at := p.pos
	p.pos++
	if p.pos < len(p.text) && p.text[p.pos] == '@' {
		p.pos++
		return Clockwise, "", nil
	}
	if p.pos+2 >= len(p.text) {
		return Counterclockwise, "", nil
	}
	class = p.text[p.pos : p.pos+2]
	_, most := chiralityClass(class)
	if most == 0 {
		return Counterclockwise, "", nil
	}
	p.pos += 2
	n, _ := p.number(2)
	c, ok := ChiralityOf(class, n)
	if !ok {
		return Achiral, "", p.errorf(at, "@%s must be followed by a number from 1 to %d", class, most)
	}
	return c, class, nil
}

// molecule builds the molecule that was read.
func (p *smilesParser) molecule(steps Steps) (*Molecule, error) {
	m := &Molecule{atoms: make([]Atom, len(p.atoms)), bonds: make([]Bond, len(p.bonds))}
	copy(m.atoms, p.atoms)
	copy(m.bonds, p.bonds)
	m.connect()
	if err := m.checkBonds(); err != nil {
		return nil, err
	}
	for k := range p.centres {
		p.settle(m, &p.centres[k])
	}
	if p.marked {
		if err := p.configurations(m); err != nil {
			return nil, err
		}
	}
	var err error
	if steps&Valence != 0 {
		before := steps & (Normalize | Valence)
		if err = m.perceive(before); err != nil {
			return nil, err
		}
		if m, err = p.absorbHydrogens(m); err != nil {
			return nil, err
		}
		steps &^= before
	}
	if err := m.perceive(steps); err != nil {
		return nil, err
	}
	return m, nil
}

// written returns where neighbour n of atom i stands in the text: at its ring
// number, or else at its atom.
func (p *smilesParser) written(i int32, n Neighbor) int32 {
	k, ring := slices.BinarySearchFunc(p.closed, n.Bond, func(r ringPlace, bond int32) int { return int(r.bond - bond) })
	switch {
	case !ring:
		return p.offsets[n.Atom]
	case i < n.Atom:
		return p.closed[k].open
	}
	return p.closed[k].shut
}

// settle turns the chirality of a centre, which is written for the order of
// writing, to the order of neighbours.
func (p *smilesParser) settle(m *Molecule, c *centre) {
	a := &m.atoms[c.atom]
	nbs := m.Neighbors(int(c.atom))
	ligands := len(nbs) + int(a.Hydrogens)
	if c.class == "" && a.Hydrogens <= 1 { // @ and @@ go for other shapes as well
		switch ligands {
		case 5:
			a.Chirality += firstTrigonalBipyramidal - Counterclockwise
		case 6:
			a.Chirality += firstOctahedral - Counterclockwise
		}
	}
	switch g := a.Chirality.geometry(); {
	case g != nil && ligands <= g.places:
		a.Chirality = a.Chirality.Arranged(p.ligandPlaces(m, c.atom, g.places))
		return
	case g == nil && len(nbs) == 2 && a.Hydrogens == 0 && c.class != "TH":
		p.settleAxis(m, c.atom)
		return
	case g != nil || ligands > 4 || ligands < 3 || a.Hydrogens > 1 || c.class == "AL":
		a.Chirality = Achiral
		return
	}
	var place [4]int32
	odd, first := false, true
	for i, n := range nbs {
		place[i] = p.written(c.atom, n)
		first = first && place[i] > p.offsets[c.atom]
		for _, before := range place[:i] {
			odd = odd != (before > place[i])
		}
	}
	// Hydrogen is written after the first neighbour, if there is one. A lone pair
	// counts as if it always were, as in RDKit.
	if odd != (len(nbs) == 3 && (a.Hydrogens == 0 || !first)) {
		a.Chirality = a.Chirality.Inverted()
	}
}

// ligandPlaces returns, for every ligand of atom i in the order of writing, its
// place in the order of [Molecule.Neighbors]: hydrogens and empty places before the
// neighbours. Written, they follow the atom before, if there is one.
func (p *smilesParser) ligandPlaces(m *Molecule, i int32, places int) []int32 {
	nbs := m.Neighbors(int(i))
	order := make([]int32, len(nbs))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int { return int(p.written(i, nbs[a]) - p.written(i, nbs[b])) })
	at := 0
	if len(order) > 0 && p.written(i, nbs[order[0]]) < p.offsets[i] {
		at = 1
	}
	return slices.Insert(order, at, m.hiddenLigands(int(i), places)...)
}

// settleAxis is settle for the middle of cumulated double bonds.
func (p *smilesParser) settleAxis(m *Molecule, i int32) {
	a := &m.atoms[i]
	ends, ok := m.axis(int(i))
	if !ok {
		a.Chirality = Achiral
		return
	}
	for _, e := range ends {
		nbs := m.Neighbors(int(e.atom))
		first, second := e.ligands(m)
		switch {
		case second >= 0 && p.written(e.atom, nbs[first]) > p.written(e.atom, nbs[second]),
			second < 0 && p.written(e.atom, nbs[first]) < p.offsets[e.atom]:
			a.Chirality = a.Chirality.Inverted()
		}
	}
}

const sameSide = "both neighbours are said to stand at the same side of a double bond"

// configurations finds the stereo configuration of double bonds from the
// directions of the bonds beside them.
func (p *smilesParser) configurations(m *Molecule) error {
	above := func(i int32, skip int) (ref int32, up, conflict bool) {
		ref = -1
		for _, n := range m.Neighbors(int(i)) {
			d := p.dirs[n.Bond]
			if int(n.Bond) == skip || d == level {
				continue
			}
			if m.bonds[n.Bond].A != i {
				d = d.reversed()
			}
			if ref < 0 {
				ref, up = n.Atom, d == rising
			} else {
				conflict = up == (d == rising)
			}
		}
		return ref, up, conflict
	}
	for k := range m.bonds {
		b := &m.bonds[k]
		if b.Order != Double {
			continue
		}
		endA, _, endB, _ := m.StereoEnds(k)
		refA, upA, conflictA := above(endA, k)
		refB, upB, conflictB := above(endB, k)
		switch {
		case refA < 0 || refB < 0:
			continue
		case conflictA:
			return &AtomError{Atom: int(endA), Reason: sameSide}
		case conflictB:
			return &AtomError{Atom: int(endB), Reason: sameSide}
		}
		b.RefA, b.RefB, b.Stereo = refA, refB, Opposite
		if upA == upB {
			b.Stereo = Together
		}
	}
	return nil
}

// absorbHydrogens returns m without the hydrogen atoms that need not be atoms of
// the graph.
func (p *smilesParser) absorbHydrogens(m *Molecule) (*Molecule, error) {
	p.drop = m.removableHydrogens(p.drop[:0])
	if len(p.drop) == 0 {
		return m, nil
	}
	kept, next := p.offsets[:0], 0
	for i, offset := range p.offsets {
		if next < len(p.drop) && p.drop[next] == int32(i) {
			next++
			continue
		}
		kept = append(kept, offset)
	}
	p.offsets = kept
	return m.withoutHydrogens(p.drop), nil
}
