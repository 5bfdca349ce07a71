package smarts

import (
	"slices"
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
)

// DefaultMatches is the largest number of matches that is looked for if
// [Options] say nothing else.
const DefaultMatches = 1000

// maxWork bounds the search: steps of matching one pattern with one molecule.
// Patterns of many equal atoms in large regular molecules could take for ever.
const maxWork = 20_000_000

// Options say what is a match.
type Options struct {
	// All matches, also those that cover the same atoms in another order. By
	// default one is enough.
	All bool
	// Stereo asks for the configurations of atoms and double bonds that the
	// pattern has. By default they do not matter.
	Stereo bool
	// Most is the largest number of matches, DefaultMatches if 0.
	Most int
}

// Target is a molecule prepared for many patterns. It must not be used by several
// goroutines at a time.
type Target struct {
	m      *molecule.Molecule
	counts [119]int32
	ring   []uint8 // number of ring bonds of every atom
	x      matcher
}

// NewTarget prepares m.
func NewTarget(m *molecule.Molecule) *Target {
	t := &Target{}
	t.reset(m)
	return t
}

func (t *Target) reset(m *molecule.Molecule) {
	t.m = m
	t.counts = [119]int32{}
	t.ring = append(t.ring[:0], make([]uint8, m.NumAtoms())...)
	atoms := m.Atoms()
	for i := range atoms {
		t.counts[atoms[i].Element]++
	}
	for k, b := range m.Bonds() {
		if m.BondRings(k) > 0 {
			t.ring[b.A]++
			t.ring[b.B]++
		}
	}
}

var targets = sync.Pool{New: func() any { return new(Target) }}

// Matches returns the matches of p in m: for each the atoms of m in the order of
// the atoms of p.
func (p *Pattern) Matches(m *molecule.Molecule, options Options) [][]int32 {
	t := targets.Get().(*Target)
	defer targets.Put(t)
	t.reset(m)
	return p.MatchesIn(t, options)
}

// Match reports whether p is in m.
func (p *Pattern) Match(m *molecule.Molecule) bool {
	t := targets.Get().(*Target)
	defer targets.Put(t)
	t.reset(m)
	return p.In(t)
}

// Count returns the number of matches of p in m that cover different atoms.
func (p *Pattern) Count(m *molecule.Molecule) int {
	return len(p.Matches(m, Options{Most: 1 << 20}))
}

// In reports whether p is in t.
func (p *Pattern) In(t *Target) bool {
	found := false
	p.run(t, Options{}, func([]int32) bool {
		found = true
		return false
	})
	return found
}

// MatchesIn is Matches for a prepared molecule.
func (p *Pattern) MatchesIn(t *Target, options Options) [][]int32 {
	most := options.Most
	if most == 0 {
		most = DefaultMatches
	}
	var out [][]int32
	seen := map[string]bool{}
	var key []byte
	var sorted []int32
	p.run(t, options, func(atoms []int32) bool {
		if !options.All {
			sorted = append(sorted[:0], atoms...)
			slices.Sort(sorted)
			key = key[:0]
			for _, a := range sorted {
				key = append(key, byte(a), byte(a>>8), byte(a>>16))
			}
			if seen[string(key)] {
				return true
			}
			seen[string(key)] = true
		}
		out = append(out, slices.Clone(atoms))
		return len(out) < most
	})
	return out
}

// run calls yield for every match, until it returns false.
func (p *Pattern) run(t *Target, options Options, yield func(atoms []int32) bool) {
	if len(p.atoms) == 0 || len(p.atoms) > t.m.NumAtoms() {
		return
	}
	for _, n := range p.least {
		if t.counts[n.element] < n.count {
			return
		}
	}
	x := &t.x
	x.begin(p, t, options)
	x.yield = yield
	x.search(p)
	x.yield = nil
}

// matcher matches a pattern with a molecule.
type matcher struct {
	t       *Target
	m       *molecule.Molecule
	options Options
	yield   func([]int32) bool
	work    int
	known   []uint8 // for every recursive pattern and atom: 1 it matches, 2 it does not
	frames  [maxRecursion + 2]frame
	depth   int
}

// frame is the state of matching one pattern.
type frame struct {
	atoms []int32 // of the molecule, for every atom of the pattern
	used  []bool  // atoms of the molecule
	at    []int32 // place in the candidates, for every step
}

func (x *matcher) begin(p *Pattern, t *Target, options Options) {
	x.t, x.m, x.options, x.work, x.depth = t, t.m, options, 0, 0
	if p.subs == 0 {
		return
	}
	n := p.subs * t.m.NumAtoms()
	if cap(x.known) < n {
		x.known = make([]uint8, n)
	}
	x.known = x.known[:n]
	clear(x.known)
}

// search finds the matches of the whole pattern.
func (x *matcher) search(p *Pattern) {
	f := &x.frames[0]
	f.prepare(p, x.m)
	x.match(p, f, -1, x.yield)
}

func (f *frame) prepare(p *Pattern, m *molecule.Molecule) {
	n := len(p.atoms)
	if cap(f.atoms) < n {
		f.atoms, f.at = make([]int32, n), make([]int32, n)
	}
	f.atoms, f.at = f.atoms[:n], f.at[:n]
	if cap(f.used) < m.NumAtoms() {
		f.used = make([]bool, m.NumAtoms())
	}
	f.used = f.used[:m.NumAtoms()]
	clear(f.used)
}

// match walks through the steps of p without recursion. If root is not negative
// the first step is matched with that atom only. It returns false if yield did.
func (x *matcher) match(p *Pattern, f *frame, root int32, yield func([]int32) bool) bool {
	m := x.m
	k := 0
	f.at[0] = 0
	if root >= 0 {
		f.at[0] = root
	}
	for k >= 0 {
		s := &p.steps[k]
		found := false
		if s.bond < 0 {
			end := int32(m.NumAtoms())
			if k == 0 && root >= 0 {
				end = root + 1
			}
			for f.at[k] < end {
				a := f.at[k]
				f.at[k]++
				if x.fits(p, f, s, a, -1) {
					f.atoms[s.atom], f.used[a], found = a, true, true
					break
				}
			}
		} else {
			nbs := m.Neighbors(int(f.atoms[s.from]))
			for int(f.at[k]) < len(nbs) {
				n := nbs[f.at[k]]
				f.at[k]++
				if x.fits(p, f, s, n.Atom, n.Bond) {
					f.atoms[s.atom], f.used[n.Atom], found = n.Atom, true, true
					break
				}
			}
		}
		if !found {
			k--
			if k >= 0 {
				f.used[f.atoms[p.steps[k].atom]] = false
			}
			continue
		}
		if k+1 < len(p.steps) {
			k++
			f.at[k] = 0
			continue
		}
		if x.accepts(p, f.atoms) && !yield(f.atoms) {
			return false
		}
		f.used[f.atoms[s.atom]] = false
	}
	return true
}

// fits reports whether atom a can be matched at step s.
func (x *matcher) fits(p *Pattern, f *frame, s *step, a, bond int32) bool {
	if x.work++; x.work > maxWork || f.used[a] {
		return false
	}
	q := &p.atoms[s.atom]
	if x.m.Degree(int(a)) < q.degree {
		return false
	}
	if bond >= 0 && !x.bondFits(&p.bonds[s.bond], bond, f.atoms[s.from], s.from) {
		return false
	}
	if !x.atomFits(q, int(a)) {
		return false
	}
	for _, k := range s.closing {
		b := &p.bonds[k]
		other := b.a + b.b - s.atom
		have := x.m.BondBetween(int(a), int(f.atoms[other]))
		if have < 0 || !x.bondFits(b, int32(have), f.atoms[other], other) {
			return false
		}
	}
	return true
}

// bondFits reports whether a bond of the molecule, of which from is an atom,
// matches b, whose atom there is queryFrom.
func (x *matcher) bondFits(b *queryBond, bond, from, queryFrom int32) bool {
	have := &x.m.Bonds()[bond]
	if len(b.tests) == 0 {
		return have.Aromatic || have.Order == molecule.Single
	}
	alternative, factor := true, false
	for _, t := range b.tests {
		switch {
		case t.and:
			if !(factor || alternative) {
				return false
			}
			factor, alternative = false, true
		case t.or:
			factor = factor || alternative
			alternative = true
		}
		if !alternative {
			continue
		}
		ok := false
		switch t.kind {
		case bondAny:
			ok = true
		case bondSingle:
			ok = have.Order == molecule.Single && !have.Aromatic
		case bondDouble:
			ok = have.Order == molecule.Double && !have.Aromatic
		case bondTriple:
			ok = have.Order == molecule.Triple
		case bondQuadruple:
			ok = have.Order == molecule.Quadruple
		case bondAromatic:
			ok = have.Aromatic
		case bondRing:
			ok = x.m.BondRings(int(bond)) > 0
		case bondDirected:
			ok = have.Aromatic || have.Order == molecule.Single
		case bondDative, bondDativeBack:
			forward := (have.A == from) == (queryFrom == b.a)
			ok = have.Order == molecule.Dative && forward == (t.kind == bondDative)
		}
		alternative = ok != t.not
	}
	return factor || alternative
}

// atomFits reports whether atom i of the molecule matches q.
func (x *matcher) atomFits(q *queryAtom, i int) bool {
	alternative, factor := true, false
	for k := range q.tests {
		t := &q.tests[k]
		switch {
		case t.and:
			if !(factor || alternative) {
				return false
			}
			factor, alternative = false, true
		case t.or:
			factor = factor || alternative
			alternative = true
		}
		if alternative {
			alternative = x.passes(t, i) != t.not
		}
	}
	return factor || alternative
}

// passes reports whether atom i passes t.
func (x *matcher) passes(t *test, i int) bool {
	m := x.m
	a := &m.Atoms()[i]
	value := 0
	switch t.kind {
	case isAny, isCentre:
		return true
	case isAromatic:
		return a.Aromatic
	case isAliphatic:
		return !a.Aromatic
	case isElement:
		return int16(a.Element) == t.low
	case isIsotope:
		return int16(a.Isotope) == t.low
	case hasDegree:
		value = m.Degree(i)
	case hasHydrogens:
		value = m.TotalHydrogens(i)
	case hasImplicitHydrogens:
		value = int(a.Hydrogens)
	case inRings:
		value = m.AtomRings(i)
	case inSmallestRing:
		value = m.SmallestRing(i)
	case inRingOfSize:
		for size := int(t.low); size <= min(int(t.up), m.NumAtoms()); size++ {
			if m.InRingOfSize(i, size) {
				return true
			}
		}
		return false
	case hasValence:
		value = m.Valence(i)
	case hasConnections:
		value = m.Degree(i) + int(a.Hydrogens)
	case hasRingBonds:
		value = int(x.t.ring[i])
	case hasHeteroNeighbours:
		for _, n := range m.Neighbors(i) {
			if e := m.Atoms()[n.Atom].Element; e != 6 && e != 1 {
				value++
			}
		}
	case hasCharge:
		value = int(a.Charge)
	case isRecursive:
		return x.recursive(t, i)
	}
	return value >= int(t.low) && value <= int(t.up)
}

// recursive reports whether the pattern of t matches from atom i on.
func (x *matcher) recursive(t *test, i int) bool {
	if t.subIndex < 0 { // one atom
		return x.atomFits(&t.sub.atoms[0], i)
	}
	known := &x.known[t.subIndex*x.m.NumAtoms()+i]
	if *known == 0 {
		*known = 2
		x.depth++
		f := &x.frames[x.depth]
		f.prepare(t.sub, x.m)
		x.match(t.sub, f, int32(i), func([]int32) bool {
			*known = 1
			return false
		})
		x.depth--
	}
	return *known == 1
}

// At reports whether p matches with its first atom at atom i of t. It needs a
// pattern of [ParseRooted].
func (p *Pattern) At(t *Target, i int) bool {
	if len(p.atoms) == 0 || p.steps[0].atom != 0 {
		return false
	}
	x := &t.x
	x.begin(p, t, Options{})
	if first := &p.atoms[0]; t.m.Degree(i) < first.degree || !x.atomFits(first, i) {
		return false
	}
	if len(p.atoms) == 1 {
		return true
	}
	f := &x.frames[0]
	f.prepare(p, t.m)
	found := false
	x.match(p, f, int32(i), func(atoms []int32) bool {
		found = !p.groups || x.groupsFit(p, atoms)
		return !found
	})
	return found
}
