// Package smarts finds substructures of molecules by SMARTS patterns (Daylight
// Theory Manual, chapter 4).
//
// Beyond it, as in RDKit, "{2-4}" after D, H, h, R, r, v, X, x, k and z gives a
// range of numbers, k<n> asks for a ring of n atoms, z<n> for n neighbours that
// are neither carbon nor hydrogen, and "->" and "<-" for dative bonds. R<n>
// counts the smallest rings as [molecule.Molecule.NumRings] does.
package smarts

import (
	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
	"slices"
)

// Pattern is a compiled SMARTS. It does not change and may be used by many
// goroutines.
type Pattern struct {
	text   string
	atoms  []queryAtom
	bonds  []queryBond
	steps  []step      // the order in which atoms are matched
	groups bool        // there are component groups
	least  []need      // elements that a molecule must have
	subs   int         // number of recursive patterns
	first  elementMask // elements that the first step may match
}

// need is a number of atoms of an element that a molecule must have at least.
type need struct {
	element chem.Element
	count   int32
}

// elementMask is the set of elements that an atom expression can match; any
// means all.
type elementMask struct {
	set chem.Set
	any bool
}

// queryAtom is an atom of a pattern.
type queryAtom struct {
	tests     []test // an and of ors of ands, see test
	chirality molecule.Chirality
	unsure    bool // "@?"
	degree    int
	mapped    int32 // atom map number
	group     int32 // component group, 0 for none
	// neighbours are the bonds in the order of writing, which chirality is about;
	// hydrogen stands for the H written in the brackets.
	neighbours []int32
	hydrogen   bool
	atStart    bool // no atom was written before it
}

// queryBond is a bond of a pattern.
type queryBond struct {
	a, b      int32
	tests     []bondTest // empty: single or aromatic
	direction int8       // +1 for "/", −1 for "\", from a to b
}

// kind is what a test asks of an atom.
type kind uint8

const (
	isAny kind = iota
	isAromatic
	isAliphatic
	isElement
	isIsotope
	hasDegree
	hasHydrogens
	hasImplicitHydrogens
	inRings
	inSmallestRing
	inRingOfSize
	hasValence
	hasConnections
	hasRingBonds
	hasHeteroNeighbours
	hasCharge
	isCentre // "@": a configuration, which is checked after matching
	isRecursive
)

// test is a primitive of an atom expression. Tests follow each other as an or of
// ands inside an and: or starts the next alternative, and starts the next factor
// of the lowest precedence, ";".
type test struct {
	kind     kind
	not      bool
	or, and  bool
	low, up  int16 // the number asked for lies between them
	sub      *Pattern
	subIndex int
}

type bondKind uint8

const (
	bondAny bondKind = iota
	bondSingle
	bondDouble
	bondTriple
	bondQuadruple
	bondAromatic
	bondRing
	bondDirected // "/" or "\": single or aromatic
	bondDative   // from a to b
	bondDativeBack
)

type bondTest struct {
	kind    bondKind
	not     bool
	or, and bool
}

// step matches an atom of the pattern.
type step struct {
	atom    int32
	bond    int32   // bond to an atom matched before, −1 for none
	from    int32   // that atom
	closing []int32 // more bonds to atoms matched before
}

// Elements returns the elements that the first atom of a pattern can match; all is
// true if it can match any.
func (p *Pattern) Elements() (elements chem.Set, all bool) {
	if len(p.atoms) == 0 {
		return chem.Set{}, false
	}
	m := p.atoms[0].mask()
	return m.set, m.any
}

// Aromaticity reports whether the first atom of a pattern may match atoms that are
// aromatic, and such that are not.
func (p *Pattern) Aromaticity() (aromatic, aliphatic bool) {
	aromatic, aliphatic = true, true
	if len(p.atoms) == 0 || slices.ContainsFunc(p.atoms[0].tests, func(t test) bool { return t.or }) {
		return aromatic, aliphatic
	}
	for _, t := range p.atoms[0].tests { // all must hold
		if t.kind == isAliphatic && !t.not || t.kind == isAromatic && t.not {
			aromatic = false
		}
		if t.kind == isAromatic && !t.not || t.kind == isAliphatic && t.not {
			aliphatic = false
		}
	}
	return aromatic, aliphatic
}

// String returns the SMARTS.
func (p *Pattern) String() string { return p.text }

// NumAtoms returns the number of atoms of the pattern.
func (p *Pattern) NumAtoms() int { return len(p.atoms) }

// AtomMap returns the atom map number of atom i of the pattern, 0 for none.
func (p *Pattern) AtomMap(i int) int32 { return p.atoms[i].mapped }

// MustParse is [Parse] for patterns that are part of the program: it panics on an
// error.
func MustParse(s string) *Pattern {
	p, err := Parse(s)
	if err != nil {
		panic("smarts: " + s + ": " + err.Error())
	}
	return p
}

// mask returns the elements that a can match.
func (a *queryAtom) mask() elementMask {
	result := elementMask{any: true}
	// Each factor between ";" restricts; a factor is an or of ands.
	for from := 0; from < len(a.tests); {
		to := from + 1
		for to < len(a.tests) && !a.tests[to].and {
			to++
		}
		factor := elementMask{}
		for s := from; s < to; {
			e := s + 1
			for e < to && !a.tests[e].or {
				e++
			}
			one := elementMask{any: true}
			for _, t := range a.tests[s:e] {
				if t.kind == isElement && !t.not && t.low > 0 {
					one = elementMask{}
					one.set.Add(chem.Element(t.low))
				}
				if t.kind == isRecursive && !t.not && len(t.sub.atoms) > 0 {
					if sub := t.sub.atoms[0].mask(); !sub.any && one.any {
						one = sub
					}
				}
			}
			if one.any {
				factor.any = true
			}
			factor.set[0] |= one.set[0]
			factor.set[1] |= one.set[1]
			s = e
		}
		if !factor.any {
			if result.any {
				result = factor
			} else {
				result.set[0] &= factor.set[0]
				result.set[1] &= factor.set[1]
			}
		}
		from = to
	}
	return result
}

// plan chooses the order of matching: each part from its rarest atom, or from
// atom 0 for recursive patterns, and on along bonds.
func (p *Pattern) plan(fromFirst bool) {
	n := len(p.atoms)
	around := make([][]int32, n)
	for k, b := range p.bonds {
		around[b.a] = append(around[b.a], int32(k))
		around[b.b] = append(around[b.b], int32(k))
	}
	for i := range p.atoms {
		p.atoms[i].degree = len(around[i])
	}
	cost := make([]int, n)
	counts := map[chem.Element]int32{}
	for i := range p.atoms {
		m := p.atoms[i].mask()
		cost[i] = 1000
		if !m.any {
			cost[i] = 100 * m.set.Len()
			if m.set.Len() == 1 {
				e, _ := chem.BySymbol(m.set.Symbols()[0])
				counts[e]++
				switch e {
				case 6:
					cost[i] = 90
				case 7, 8:
					cost[i] = 50
				default:
					cost[i] = 10
				}
			}
		}
		cost[i] = cost[i]*8 - 2*min(len(p.atoms[i].tests), 3) - p.atoms[i].degree
	}
	for e := chem.Element(1); e <= 118; e++ {
		if c := counts[e]; c > 0 && e != 1 { // hydrogens may be part of other atoms
			p.least = append(p.least, need{e, c})
		}
	}
	seen := make([]bool, n)
	used := make([]bool, len(p.bonds))
	for {
		root := -1
		for i := range n {
			if !seen[i] && (root < 0 || cost[i] < cost[root]) {
				root = i
			}
			if fromFirst && len(p.steps) == 0 && i == 0 {
				break
			}
		}
		if root < 0 {
			break
		}
		seen[root] = true
		begin := len(p.steps)
		p.steps = append(p.steps, step{atom: int32(root), bond: -1, from: -1})
		for {
			// The next atom: bound to one that is matched, and rare.
			next := step{atom: -1}
			for _, s := range p.steps[begin:] {
				for _, k := range around[s.atom] {
					b := p.bonds[k]
					other := b.a + b.b - s.atom
					if !seen[other] && (next.atom < 0 || cost[other] < cost[next.atom]) {
						next = step{atom: other, bond: k, from: s.atom}
					}
				}
			}
			if next.atom < 0 {
				break
			}
			used[next.bond] = true
			seen[next.atom] = true
			for _, k := range around[next.atom] {
				b := p.bonds[k]
				if other := b.a + b.b - next.atom; seen[other] && !used[k] {
					used[k] = true
					next.closing = append(next.closing, k)
				}
			}
			p.steps = append(p.steps, next)
		}
	}
	if n > 0 {
		p.first = p.atoms[p.steps[0].atom].mask()
	}
}
