package molecule

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// SMILES returns the canonical SMILES of m: the same for all orders of its atoms,
// different for different molecules. It keeps isotopes, charges, atom maps and
// the configurations of atoms and double bonds. The form is this package's own;
// it is not the canonical form of another program.
func (m *Molecule) SMILES() string {
	s, _ := m.canonical(false)
	return s
}

// SMILESOrder returns the canonical SMILES and the atoms in the order in which
// they stand in it.
func (m *Molecule) SMILESOrder() (smiles string, order []int32) { return m.canonical(true) }

func (m *Molecule) canonical(wantOrder bool) (string, []int32) {
	s := getScratch()
	defer putScratch(s)
	r := newRefiner(m)
	defer r.release()
	w := writers.Get().(*smilesWriter)
	defer writers.Put(w)
	w.reset(m)
	type piece struct {
		text  string
		atoms []int32
	}
	var pieces []piece
	parts := 0
	m.eachPart(s, func(part []int32) {
		if parts++; parts > 1 { // several parts: keep the first one
			pieces = append(pieces, piece{string(w.out), slices.Clone(w.order)})
			w.out, w.order = w.out[:0], w.order[:0]
		}
		if m.classes != nil {
			r.resume(part, m.classes)
		} else {
			r.begin(part)
		}
		r.label()
		w.write(r.order[0], r.rank)
	})
	if parts < 2 {
		if wantOrder {
			return string(w.out), slices.Clone(w.order)
		}
		return string(w.out), nil
	}
	pieces = append(pieces, piece{string(w.out), slices.Clone(w.order)})
	slices.SortStableFunc(pieces, func(a, b piece) int { return strings.Compare(a.text, b.text) })
	var b strings.Builder
	var order []int32
	for i, p := range pieces {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(p.text)
		order = append(order, p.atoms...)
	}
	return b.String(), order
}

// RandomSMILES returns one of the SMILES of m, in an order that random chooses.
func (m *Molecule) RandomSMILES(random *rand.Rand) string {
	s := getScratch()
	defer putScratch(s)
	w := writers.Get().(*smilesWriter)
	defer writers.Put(w)
	w.reset(m)
	rank := make([]int32, len(m.atoms))
	for i, p := range random.Perm(len(rank)) {
		rank[i] = int32(p)
	}
	m.eachPart(s, func(part []int32) {
		if len(w.out) > 0 {
			w.out = append(w.out, '.')
		}
		w.write(part[random.IntN(len(part))], rank)
	})
	return string(w.out)
}

// SMILESInOrder returns a SMILES of m that begins with its atom 0 and follows the
// numbers of the atoms.
func (m *Molecule) SMILESInOrder() string {
	s := getScratch()
	defer putScratch(s)
	w := writers.Get().(*smilesWriter)
	defer writers.Put(w)
	w.reset(m)
	rank := make([]int32, len(m.atoms))
	for i := range rank {
		rank[i] = int32(i)
	}
	m.eachPart(s, func(part []int32) {
		if len(w.out) > 0 {
			w.out = append(w.out, '.')
		}
		w.write(part[0], rank)
	})
	return string(w.out)
}

var writers = sync.Pool{New: func() any { return new(smilesWriter) }}

// smilesWriter writes connected parts of a molecule. First it walks by depth to
// decide which bonds are written between atoms and which as ring numbers; then it
// writes the atoms, smaller branches before larger ones.
type smilesWriter struct {
	m      *Molecule
	rank   []int32
	out    []byte
	order  []int32 // atoms as written
	parent []int32 // bond to the atom before, -1 for the first, -2 if not yet visited
	first  []int32 // first child of every atom
	next   []int32 // next child of the same atom
	size   []int32 // atoms of the branch
	walk   []int32 // atoms in the order of the walk
	step   []int32 // neighbours of an atom that were looked at
	closes []ringBond
	stack  []int32
	opens  []int32    // ring bonds that open at an atom: the first in closes
	shuts  []int32    // those that close
	visit  []int32    // place of an atom in walk
	nbs    []Neighbor // neighbours of all atoms in the order of the walk
	digits []uint64   // ring numbers in use, by bit
	local  []int32    // bonds of an atom as written

	configurations bool        // there are double bonds with a configuration
	dirs           []direction // of bonds, from the atom that is written first
	queue          []int32
}

// ringBond is a bond written as a ring number, from the atom where it opens to
// the atom where it closes.
type ringBond struct {
	from, to, bond     int32
	nextOpen, nextShut int32 // the next one that opens at from, that closes at to
	number             int32
}

func (w *smilesWriter) reset(m *Molecule) {
	w.m = m
	w.out, w.order, w.walk, w.closes = w.out[:0], w.order[:0], w.walk[:0], w.closes[:0]
	n := len(m.atoms)
	for _, a := range [...]*[]int32{&w.parent, &w.first, &w.next, &w.size, &w.step, &w.opens, &w.shuts, &w.visit} {
		grow(a, n)
	}
	for i := range w.parent {
		w.parent[i] = -2
	}
	grow(&w.nbs, len(m.next))
	clear(grow(&w.dirs, len(m.bonds)))
	w.configurations = m.hasConfigurations()
}

// write writes the part that root is in.
func (w *smilesWriter) write(root int32, rank []int32) {
	w.rank = rank
	w.walk, w.closes = w.walk[:0], w.closes[:0]
	w.plan(root)
	w.emit(root)
}

// enter begins the visit of atom a. Its neighbours are sorted by rank, those at
// double and triple bonds of rings first: they should not become ring numbers.
func (w *smilesWriter) enter(a int32) {
	w.first[a], w.next[a], w.size[a], w.step[a] = -1, -1, 1, 0
	w.opens[a], w.shuts[a] = -1, -1
	w.visit[a] = int32(len(w.walk))
	w.walk = append(w.walk, a)
	m := w.m
	nbs := w.nbs[m.start[a]:m.start[a+1]]
	copy(nbs, m.Neighbors(int(a)))
	key := func(n Neighbor) int32 {
		b := &m.bonds[n.Bond]
		if !b.Aromatic && (b.Order == Double || b.Order == Triple) && m.rings.bond(int(n.Bond)) {
			return w.rank[n.Atom] - int32(len(w.rank))
		}
		return w.rank[n.Atom]
	}
	if len(nbs) > 16 {
		slices.SortFunc(nbs, func(x, y Neighbor) int { return int(key(x) - key(y)) })
		return
	}
	for i := 1; i < len(nbs); i++ {
		n := nbs[i]
		k := key(n)
		j := i
		for ; j > 0 && key(nbs[j-1]) > k; j-- {
			nbs[j] = nbs[j-1]
		}
		nbs[j] = n
	}
}

// plan walks by depth from root.
func (w *smilesWriter) plan(root int32) {
	m := w.m
	w.parent[root] = -1
	stack := append(w.stack[:0], root)
	w.enter(root)
	for len(stack) > 0 {
		a := stack[len(stack)-1]
		at := m.start[a] + w.step[a]
		if at == m.start[a+1] {
			stack = stack[:len(stack)-1]
			continue
		}
		n := w.nbs[at]
		w.step[a]++
		switch {
		case n.Bond == w.parent[a]:
		case w.parent[n.Atom] == -2:
			w.parent[n.Atom] = n.Bond
			w.enter(n.Atom)
			stack = append(stack, n.Atom)
		case int(w.step[n.Atom]) < m.Degree(int(n.Atom)):
			// Not all neighbours of n were looked at: it is on the way from the
			// root to a, and this bond is seen for the first time.
			w.closes = append(w.closes, ringBond{from: n.Atom, to: a, bond: n.Bond, nextOpen: w.opens[n.Atom], nextShut: w.shuts[a]})
			w.opens[n.Atom], w.shuts[a] = int32(len(w.closes)-1), int32(len(w.closes)-1)
		}
	}
	w.stack = stack
	for k := len(w.walk) - 1; k > 0; k-- {
		a := w.walk[k]
		p := int32(m.bonds[w.parent[a]].Other(int(a)))
		w.size[p] += w.size[a]
		// Insert into the children by size and rank.
		at := &w.first[p]
		for *at >= 0 && (w.size[*at] < w.size[a] || w.size[*at] == w.size[a] && w.rank[*at] < w.rank[a]) {
			at = &w.next[*at]
		}
		w.next[a] = *at
		*at = a
	}
	if w.configurations {
		w.direct()
	}
}

func (m *Molecule) hasConfigurations() bool {
	for i := range m.bonds {
		if m.bonds[i].Stereo != NoStereo {
			return true
		}
	}
	return false
}

// Steps of emit beside atoms.
const (
	openBranch  = -1
	closeBranch = -2
)

// emit writes the part with root first.
func (w *smilesWriter) emit(root int32) {
	stack := append(w.stack[:0], root)
	for len(stack) > 0 {
		a := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch a {
		case openBranch:
			w.out = append(w.out, '(')
			continue
		case closeBranch:
			w.out = append(w.out, ')')
			continue
		}
		if k := w.parent[a]; k >= 0 {
			w.bond(k, int32(w.m.bonds[k].Other(int(a))))
		}
		w.atom(a)
		w.order = append(w.order, a)
		// The last child goes on without parentheses; the stack is read from
		// its end, so children are put on it from last to first.
		from := len(stack)
		for c := w.first[a]; c >= 0; c = w.next[c] {
			if w.next[c] >= 0 {
				stack = append(stack, openBranch, c, closeBranch)
			} else {
				stack = append(stack, c)
			}
		}
		slices.Reverse(stack[from:])
	}
	w.stack = stack
}

// atom writes atom a and its ring numbers.
func (w *smilesWriter) atom(a int32) {
	m := w.m
	x := &m.atoms[a]
	// The bonds in the order of writing decide what handedness is written.
	chirality := x.Chirality
	switch {
	case chirality == Achiral:
	case !chirality.Tetrahedral():
		chirality = w.arranged(a, chirality)
	case m.Degree(int(a)) == 2 && x.Hydrogens == 0:
		chirality = w.aboutAxis(a, chirality)
	default:
		local := w.written(a)
		odd := len(local) == 3 && (x.Hydrogens == 0 || w.parent[a] >= 0)
		for i := range local {
			for j := range i {
				odd = odd != (local[j] > local[i])
			}
		}
		if odd {
			chirality = chirality.Inverted()
		}
	}
	w.symbol(a, x, chirality)
	released := w.shuts[a]
	for k := released; k >= 0; k = w.closes[k].nextShut {
		w.ringNumber(w.closes[k].number)
	}
	for k := w.opens[a]; k >= 0; k = w.closes[k].nextOpen {
		c := &w.closes[k]
		c.number = w.freeNumber()
		w.bond(c.bond, a)
		w.ringNumber(c.number)
	}
	for k := released; k >= 0; k = w.closes[k].nextShut {
		n := w.closes[k].number
		w.digits[n/64] &^= 1 << (n % 64)
	}
}

// written returns the bonds of atom a in the order of writing.
func (w *smilesWriter) written(a int32) []int32 {
	local := w.local[:0]
	if w.parent[a] >= 0 {
		local = append(local, w.parent[a])
	}
	for k := w.shuts[a]; k >= 0; k = w.closes[k].nextShut {
		local = append(local, w.closes[k].bond)
	}
	for k := w.opens[a]; k >= 0; k = w.closes[k].nextOpen {
		local = append(local, w.closes[k].bond)
	}
	for c := w.first[a]; c >= 0; c = w.next[c] {
		local = append(local, w.parent[c])
	}
	w.local = local
	return local
}

// arranged returns c, which is not tetrahedral, for the order of writing.
// Hydrogens and empty places are written behind the atom before.
func (w *smilesWriter) arranged(a int32, c Chirality) Chirality {
	keys := w.m.hiddenLigands(int(a), c.geometry().places)
	local := w.written(a)
	for _, n := range w.m.Neighbors(int(a)) {
		key := int32(slices.Index(local, n.Bond))
		if n.Bond == w.parent[a] {
			key = math.MinInt32
		}
		keys = append(keys, key)
	}
	return c.Arranged(keys)
}

// aboutAxis returns c, the handedness of cumulated double bonds around atom a, for
// the order of writing.
func (w *smilesWriter) aboutAxis(a int32, c Chirality) Chirality {
	ends, _ := w.m.axis(int(a))
	for _, e := range ends {
		nbs := w.m.Neighbors(int(e.atom))
		local := w.written(e.atom)
		first, second := e.ligands(w.m)
		switch {
		case second >= 0 && slices.Index(local, nbs[first].Bond) > slices.Index(local, nbs[second].Bond),
			second < 0 && nbs[first].Bond == w.parent[e.atom]:
			c = c.Inverted()
		}
	}
	return c
}

// freeNumber takes the smallest ring number, from 1, that is not in use.
func (w *smilesWriter) freeNumber() int32 {
	for i := 0; ; i++ {
		if i == len(w.digits) {
			w.digits = append(w.digits, 0)
		}
		if i == 0 {
			w.digits[0] |= 1 // no ring has the number 0
		}
		if free := ^w.digits[i]; free != 0 {
			bit := bits.TrailingZeros64(free)
			w.digits[i] |= 1 << bit
			return int32(i*64 + bit)
		}
	}
}

func (w *smilesWriter) ringNumber(n int32) {
	switch {
	case n < 10:
		w.out = append(w.out, '0'+byte(n))
	case n < 100:
		w.out = append(w.out, '%', '0'+byte(n/10), '0'+byte(n%10))
	default:
		w.out = append(w.out, '%', '(')
		w.out = strconv.AppendInt(w.out, int64(n), 10)
		w.out = append(w.out, ')')
	}
}

// lower reports whether an atom is written in lower case.
func (a *Atom) lower() bool { return a.Aromatic && mayBeWrittenAromatic(a.Element) }

// bond writes bond k, from being the atom that is written first.
func (w *smilesWriter) bond(k, from int32) {
	b := &w.m.bonds[k]
	switch w.dirs[k] {
	case rising:
		w.out = append(w.out, '/')
		return
	case falling:
		w.out = append(w.out, '\\')
		return
	}
	lower := w.m.atoms[b.A].lower() && w.m.atoms[b.B].lower()
	switch {
	case b.Aromatic:
		if !lower {
			w.out = append(w.out, ':')
		}
	case b.Order == Single:
		if lower {
			w.out = append(w.out, '-')
		}
	case b.Order == Double:
		w.out = append(w.out, '=')
	case b.Order == Triple:
		w.out = append(w.out, '#')
	case b.Order == Quadruple:
		w.out = append(w.out, '$')
	case b.Order == Dative && b.A == from:
		w.out = append(w.out, '-', '>')
	case b.Order == Dative:
		w.out = append(w.out, '<', '-')
	}
}

// symbol writes an atom without ring numbers.
func (w *smilesWriter) symbol(i int32, a *Atom, chirality Chirality) {
	if w.plain(i, a) && chirality == Achiral {
		if a.Element == 0 {
			w.out = append(w.out, '*')
			return
		}
		w.out = appendSymbol(w.out, a)
		return
	}
	w.out = append(w.out, '[')
	if a.Isotope != 0 {
		w.out = strconv.AppendInt(w.out, int64(a.Isotope), 10)
	}
	if a.Element == 0 {
		w.out = append(w.out, '*')
	} else {
		w.out = appendSymbol(w.out, a)
	}
	switch chirality {
	case Achiral:
	case Counterclockwise:
		w.out = append(w.out, '@')
	case Clockwise:
		w.out = append(w.out, '@', '@')
	default:
		w.out = append(w.out, chirality.String()...)
	}
	if a.Hydrogens > 0 {
		w.out = append(w.out, 'H')
		if a.Hydrogens > 1 {
			w.out = strconv.AppendInt(w.out, int64(a.Hydrogens), 10)
		}
	}
	if a.Charge != 0 {
		sign, n := byte('+'), int64(a.Charge)
		if n < 0 {
			sign, n = '-', -n
		}
		w.out = append(w.out, sign)
		if n > 1 {
			w.out = strconv.AppendInt(w.out, n, 10)
		}
	}
	if a.Map != 0 {
		w.out = append(w.out, ':')
		w.out = strconv.AppendInt(w.out, int64(a.Map), 10)
	}
	w.out = append(w.out, ']')
}

func appendSymbol(out []byte, a *Atom) []byte {
	s := a.Element.Symbol()
	if a.lower() {
		out = append(out, s[0]|0x20)
		return append(out, s[1:]...)
	}
	return append(out, s...)
}

// plain reports whether an atom may stand without brackets: reading it that way
// gives it the same hydrogens.
func (w *smilesWriter) plain(i int32, a *Atom) bool {
	if a.Charge != 0 || a.Isotope != 0 || a.Map != 0 {
		return false
	}
	switch a.Element {
	case 0:
		return a.Hydrogens == 0
	case 5, 6, 7, 8, 15, 16:
	case 9, 17, 35, 53:
		if a.Aromatic {
			return false
		}
	default:
		return false
	}
	half, aromatic := 0, false
	for _, n := range w.m.Neighbors(int(i)) {
		b := &w.m.bonds[n.Bond]
		switch {
		case b.Aromatic:
			half += 3
			aromatic = true
		case b.Order == Dative:
			if b.B == i {
				half += 2
			}
		default:
			half += 2 * int(b.Order)
		}
	}
	h, ok := freeHydrogens(a, half, aromatic)
	return ok && h == int(a.Hydrogens)
}
