package selfies

import (
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/chem/molecule"
)

// maxDepth bounds how deep branches may lie inside each other.
const maxDepth = 1000

// Write returns m as SELFIES. It reports atoms with more bonds than SELFIES allows,
// quadruple and dative bonds, configurations of other shapes than the tetrahedron, and
// atom maps.
func Write(m *molecule.Molecule) (string, error) {
	w := &writer{m: m, number: make([]int, m.NumAtoms()), rank: make([]int32, m.NumAtoms())}
	for i := range w.number {
		w.number[i], w.rank[i] = -1, -1
	}
	for i, a := range m.Atoms() {
		if a.Map != 0 {
			return "", fmt.Errorf("selfies: atom %d has a map number", i)
		}
		if c := a.Chirality; c != molecule.Achiral && (!c.Tetrahedral() || m.Degree(i) < 3) {
			return "", fmt.Errorf("selfies: atom %d has a configuration that is not tetrahedral", i)
		}
		if used := m.Valence(i) - int(a.Hydrogens); used > capacity(&a) {
			return "", fmt.Errorf("selfies: atom %d, %s, has bonds of total order %d, more than %d", i, atomSymbol(m, i, 0), used, capacity(&a))
		}
	}
	for i, b := range m.Bonds() {
		if b.Order > molecule.Triple || b.Order == molecule.Unset {
			return "", fmt.Errorf("selfies: bond %d has an order that is not 1, 2 or 3", i)
		}
		if b.Stereo != molecule.NoStereo && m.BondBetween(int(b.A), int(b.RefA)) < 0 {
			return "", fmt.Errorf("selfies: bond %d has a configuration of cumulated double bonds", i)
		}
	}
	for i := range w.rank {
		if w.rank[i] < 0 {
			w.walk(int32(i))
		}
	}
	w.marks = m.Directions(w.rank)
	var parts []string
	for i := range w.number {
		if w.number[i] < 0 {
			symbols, err := w.chain(int32(i), -1, 0)
			if err != nil {
				return "", err
			}
			parts = append(parts, strings.Join(symbols, ""))
		}
	}
	return strings.Join(parts, "."), nil
}

// writer writes atoms by depth, in the order of their neighbours.
type writer struct {
	m      *molecule.Molecule
	number []int   // of every atom in the order of writing, −1 before
	rank   []int32 // as number, found by a first walk: the rings an atom closes must be known when it is written
	marks  []byte  // of every bond, for configurations of double bonds
	next   int
	seen   int32
}

// walk finds the order of writing.
func (w *writer) walk(root int32) {
	stack := []int32{root}
	step := map[int32]int{}
	w.rank[root] = w.seen
	w.seen++
	for len(stack) > 0 {
		a := stack[len(stack)-1]
		nbs := w.m.Neighbors(int(a))
		if step[a] == len(nbs) {
			stack = stack[:len(stack)-1]
			continue
		}
		n := nbs[step[a]].Atom
		step[a]++
		if w.rank[n] < 0 {
			w.rank[n] = w.seen
			w.seen++
			stack = append(stack, n)
		}
	}
}

// chain returns the symbols of atom a, reached by bond came, and of all behind it.
func (w *writer) chain(a, came int32, depth int) ([]string, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("selfies: branches more than %d deep", maxDepth)
	}
	var out []string
	m := w.m
	for {
		w.number[a] = w.next
		w.next++
		var written []int32 // bonds in the order of writing, which chirality is about
		prefix := ""
		if came >= 0 {
			written = append(written, came)
			prefix = prefixes[m.Bond(int(came)).Order]
			if mark := w.marks[came]; mark != 0 {
				prefix = string(mark)
			}
		}
		var rings, later, children []molecule.Neighbor
		for _, n := range m.Neighbors(int(a)) {
			switch {
			case n.Bond == came:
			case w.number[n.Atom] >= 0:
				rings = append(rings, n)
			default:
				children = append(children, n)
			}
		}
		// A neighbour that is reached through another one closes a ring here.
		kept := children[:0]
		for _, n := range children {
			if w.child(a, n) {
				kept = append(kept, n)
			} else {
				later = append(later, n)
			}
		}
		children = kept
		// Rings are formed in the order in which they are closed.
		for i := 1; i < len(later); i++ {
			for j := i; j > 0 && w.rank[later[j].Atom] < w.rank[later[j-1].Atom]; j-- {
				later[j], later[j-1] = later[j-1], later[j]
			}
		}
		for _, group := range [][]molecule.Neighbor{rings, later, children} {
			for _, n := range group {
				written = append(written, n.Bond)
			}
		}
		x := m.Atom(int(a))
		chirality := x.Chirality
		odd := len(written) == 3 && (came >= 0 || x.Hydrogens == 0)
		for i := range written {
			for j := range i {
				odd = odd != (written[j] > written[i])
			}
		}
		if odd {
			chirality = chirality.Inverted()
		}
		out = append(out, "["+prefix+atomSymbol(m, int(a), chirality)+"]")
		for _, n := range rings {
			prefix := prefixes[m.Bond(int(n.Bond)).Order]
			if mark := w.marks[n.Bond]; mark != 0 {
				prefix = string(mark) + "-" // seen from the atom where the ring begins
			}
			symbols, err := numbered(prefix+"Ring", w.number[a]-w.number[n.Atom]-1)
			if err != nil {
				return nil, err
			}
			out = append(out, symbols...)
		}
		if len(children) == 0 {
			return out, nil
		}
		for _, n := range children[:len(children)-1] {
			branch, err := w.chain(n.Atom, n.Bond, depth+1)
			if err != nil {
				return nil, err
			}
			symbols, err := numbered(prefixes[m.Bond(int(n.Bond)).Order]+"Branch", len(branch)-1)
			if err != nil {
				return nil, err
			}
			out = append(append(out, symbols...), branch...)
		}
		last := children[len(children)-1]
		a, came = last.Atom, last.Bond
	}
}

// child reports whether n is written right behind a: no neighbour of n stands
// between them in the order of writing.
func (w *writer) child(a int32, n molecule.Neighbor) bool {
	for _, x := range w.m.Neighbors(int(n.Atom)) {
		if x.Atom != a && w.rank[x.Atom] > w.rank[a] && w.rank[x.Atom] < w.rank[n.Atom] {
			return false
		}
	}
	return true
}

// numbered returns a ring or branch symbol and the symbols of its number.
func numbered(name string, n int) ([]string, error) {
	var digits []string
	for {
		digits = append([]string{indexSymbols[n%16]}, digits...)
		if n /= 16; n == 0 {
			break
		}
	}
	if len(digits) > 3 {
		return nil, fmt.Errorf("selfies: a ring or branch of more than 4096 symbols")
	}
	return append([]string{fmt.Sprintf("[%s%d]", name, len(digits))}, digits...), nil
}
