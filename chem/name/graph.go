package name

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// atom is an atom of the structure that a name is turned into.
type atom struct {
	element chem.Element // 0 for an open end, "*"
	charge  int8
	valence int8 // of the lambda convention, 0 for the usual one
	// mancude marks an atom of a ring system with the maximum number of
	// noncumulative double bonds, whose place is found when all else is known.
	mancude bool
	// single takes a mancude atom out of that: it holds indicated, added or
	// hydro hydrogen.
	single   bool
	reserved int8 // free valences that are yet to be joined
	gone     bool // taken out of the structure again
	at       int  // byte of the name that the atom comes from
	bonds    []bond
}

type bond struct {
	to    int
	order int8
	open  bool // between mancude atoms of one ring system
}

// graph is a structure under construction.
type graph struct {
	atoms  []atom
	placed bool // kekulize has placed the double bonds
}

// add adds an atom of the element that the name has at byte at.
func (g *graph) add(e chem.Element, at int) int {
	g.atoms = append(g.atoms, atom{element: e, at: at})
	return len(g.atoms) - 1
}

// join adds a bond.
func (g *graph) join(a, b int, order int8) {
	g.atoms[a].bonds = append(g.atoms[a].bonds, bond{to: b, order: order})
	g.atoms[b].bonds = append(g.atoms[b].bonds, bond{to: a, order: order})
}

// openBond adds a bond whose order kekulize finds.
func (g *graph) openBond(a, b int) {
	g.atoms[a].bonds = append(g.atoms[a].bonds, bond{to: b, order: 1, open: true})
	g.atoms[b].bonds = append(g.atoms[b].bonds, bond{to: a, order: 1, open: true})
}

// setOrder changes the order of the bond between a and b, if there is one.
func (g *graph) setOrder(a, b int, order int8) bool {
	found := false
	for _, p := range [2][2]int{{a, b}, {b, a}} {
		for i := range g.atoms[p[0]].bonds {
			if g.atoms[p[0]].bonds[i].to == p[1] {
				g.atoms[p[0]].bonds[i].order = order
				found = true
			}
		}
	}
	return found
}

// remove takes atom i out of the structure.
func (g *graph) remove(i int) {
	for _, b := range g.atoms[i].bonds {
		other := &g.atoms[b.to]
		other.bonds = slices.DeleteFunc(other.bonds, func(b bond) bool { return b.to == i })
	}
	g.atoms[i].bonds, g.atoms[i].gone, g.atoms[i].mancude = nil, true, false
}

// used returns the sum of the bond orders of atom i, with its free valences.
func (g *graph) used(i int) int {
	n := int(g.atoms[i].reserved)
	for _, b := range g.atoms[i].bonds {
		n += int(b.order)
	}
	return n
}

// valences are the usual numbers of bonds of the elements that names are built
// of, lowest first (IUPAC 2013, P-14.1, bonding numbers). Charged atoms take
// those of the element with as many electrons.
func valences(a *atom) []int {
	if a.valence > 0 {
		return []int{int(a.valence)}
	}
	e := int(a.element)
	switch a.element {
	case 5, 6, 7, 8, 9, 14, 15, 16, 17, 32, 33, 34, 35, 50, 51, 52, 53:
		e -= int(a.charge)
	}
	switch e {
	case 5:
		return []int{3}
	case 6, 14, 32, 50:
		return []int{4}
	case 7:
		return []int{3}
	case 15, 33, 51:
		return []int{3, 5}
	case 8:
		return []int{2}
	case 16, 34, 52:
		return []int{2, 4, 6}
	case 9, 1:
		return []int{1}
	case 17, 35, 53:
		return []int{1, 3, 5, 7}
	}
	return nil
}

// lowest returns the lowest usual valence of atom i that holds n bonds, or -1.
func (g *graph) lowest(i, n int) int {
	for _, v := range valences(&g.atoms[i]) {
		if v >= n {
			return v
		}
	}
	return -1
}

// hydrogens returns the number of hydrogens that fill atom i up, or -1 if it
// has too many bonds already.
func (g *graph) hydrogens(i int) int {
	a := &g.atoms[i]
	if a.gone || valences(a) == nil {
		return 0 // an end or a metal
	}
	n := g.used(i)
	if g.wantsDouble(i) {
		n++
	}
	v := g.lowest(i, n)
	if v < 0 {
		return -1
	}
	return v - n
}

// wantsDouble reports whether the mancude atom i takes part in a double bond
// within its ring system.
func (g *graph) wantsDouble(i int) bool {
	a := &g.atoms[i]
	if !a.mancude || a.single || g.placed {
		return false
	}
	n := g.used(i)
	for _, b := range a.bonds {
		if !b.open && b.order > 1 {
			return a.valence > 0 && n < int(a.valence)
		}
	}
	vs := valences(a)
	return len(vs) > 0 && n < vs[0]
}

// kekulize places the double bonds of the mancude ring systems: a perfect
// matching of the atoms that want one over the bonds left open.
func (g *graph) kekulize() error {
	want := make([]bool, len(g.atoms))
	match := make([]int, len(g.atoms))
	for i := range g.atoms {
		want[i] = g.wantsDouble(i)
		match[i] = -1
	}
	// Atoms with one choice first, which for most ring systems is enough.
	for again := true; again; {
		again = false
		for i := range g.atoms {
			if !want[i] || match[i] >= 0 {
				continue
			}
			only, n := -1, 0
			for _, b := range g.atoms[i].bonds {
				if b.open && want[b.to] && match[b.to] < 0 {
					only = b.to
					n++
				}
			}
			if n == 1 {
				match[i], match[only] = only, i
				again = true
			}
		}
		if again {
			continue
		}
		for i := range g.atoms {
			if !want[i] || match[i] >= 0 {
				continue
			}
			for _, b := range g.atoms[i].bonds {
				if b.open && want[b.to] && match[b.to] < 0 {
					match[i], match[b.to] = b.to, i
					again = true
					break
				}
			}
			if again {
				break
			}
		}
	}
	for i := range g.atoms {
		if want[i] && match[i] < 0 && !g.augment(i, want, match) {
			return &Error{At: g.atoms[i].at, Reason: "the double bonds of the ring system do not work out: an indicated hydrogen (as in 1H-) is missing or wrong"}
		}
	}
	for i, j := range match {
		if j > i {
			g.setOrder(i, j, 2)
		}
	}
	g.placed = true
	return nil
}

// augment looks for a path of alternating bonds from the unmatched atom i to
// another one, by breadth first with contraction of odd rings avoided by
// trying simple paths to a bounded number of steps.
func (g *graph) augment(i int, want []bool, match []int) bool {
	steps := 0
	onPath := make([]bool, len(g.atoms))
	var walk func(i int) bool
	walk = func(i int) bool {
		onPath[i] = true
		defer func() { onPath[i] = false }()
		for _, b := range g.atoms[i].bonds {
			if steps++; steps > 200_000 {
				return false
			}
			j := b.to
			if !b.open || !want[j] || onPath[j] {
				continue
			}
			if match[j] < 0 {
				match[i], match[j] = j, i
				return true
			}
			next := match[j]
			if onPath[next] {
				continue
			}
			onPath[j] = true
			if walk(next) {
				match[i], match[j] = j, i
				onPath[j] = false
				return true
			}
			onPath[j] = false
		}
		return false
	}
	return walk(i)
}

// check reports atoms with more bonds than they can have.
func (g *graph) check() error {
	for i := range g.atoms {
		if g.hydrogens(i) < 0 {
			a := &g.atoms[i]
			return &Error{At: a.at, Reason: fmt.Sprintf("%s would have %d bonds", a.element.Name(), g.used(i))}
		}
	}
	return nil
}

// smiles returns the structure in Kekulé form, components one after another.
func (g *graph) smiles() string {
	s, _ := g.write()
	return s
}

// write writes the structure as smiles does, and returns the atoms in the order of
// writing.
func (g *graph) write() (smiles string, order []int) {
	w := smilesWriter{g: g, parent: make([]int, len(g.atoms)), seen: make([]bool, len(g.atoms)), closing: make([][]int, len(g.atoms)), children: make([][]int, len(g.atoms)), digits: map[[2]int]int{}}
	for i := range w.parent {
		w.parent[i] = -1
	}
	var starts []int
	// An open end is the best place to begin with.
	for pass := range 2 {
		for i := range g.atoms {
			if !w.seen[i] && !g.atoms[i].gone && (pass == 1 || g.atoms[i].element == 0) {
				starts = append(starts, i)
				w.plan(i)
			}
		}
	}
	for n, i := range starts {
		if n > 0 {
			w.out.WriteByte('.')
		}
		w.write(i)
	}
	return w.out.String(), w.order
}

type smilesWriter struct {
	g        *graph
	out      strings.Builder
	order    []int
	seen     []bool
	parent   []int
	children [][]int
	closing  [][]int // atoms to which a ring closes
	digits   map[[2]int]int
	taken    []bool
}

// plan finds the tree in which the component of i is written. It keeps its own
// stack, because a chain may be long.
func (w *smilesWriter) plan(i int) {
	type frame struct{ atom, next int }
	stack := []frame{{atom: i}}
	w.seen[i] = true
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		bonds := w.g.atoms[f.atom].bonds
		if f.next == len(bonds) {
			stack = stack[:len(stack)-1]
			continue
		}
		to := bonds[f.next].to
		f.next++
		switch {
		case to == w.parent[f.atom]:
		case !w.seen[to]:
			w.seen[to] = true
			w.parent[to] = f.atom
			w.children[f.atom] = append(w.children[f.atom], to)
			stack = append(stack, frame{atom: to})
		case !slices.Contains(w.closing[f.atom], to):
			w.closing[f.atom] = append(w.closing[f.atom], to)
			w.closing[to] = append(w.closing[to], f.atom)
		}
	}
}

func (w *smilesWriter) write(start int) {
	type step struct {
		atom int
		text string
	}
	stack := []step{{atom: start}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.text != "" {
			w.out.WriteString(s.text)
			if s.atom < 0 {
				continue
			}
		}
		i := s.atom
		w.symbol(i)
		w.order = append(w.order, i)
		for _, to := range w.closing[i] {
			key := [2]int{min(i, to), max(i, to)}
			d, open := w.digits[key]
			if !open {
				d = slices.Index(w.taken, false)
				if d < 0 {
					d = len(w.taken)
					w.taken = append(w.taken, false)
				}
				w.taken[d] = true
				w.digits[key] = d
				w.out.WriteString(w.bond(i, to))
			} else {
				w.taken[d] = false
			}
			if d+1 > 9 {
				w.out.WriteByte('%')
			}
			w.out.WriteString(strconv.Itoa(d + 1))
		}
		children := w.children[i]
		for n := len(children) - 1; n >= 0; n-- {
			to := children[n]
			if n == len(children)-1 {
				stack = append(stack, step{to, w.bond(i, to)})
			} else {
				stack = append(stack, step{-1, ")"}, step{to, "(" + w.bond(i, to)})
			}
		}
	}
}

func (w *smilesWriter) bond(i, to int) string {
	for _, b := range w.g.atoms[i].bonds {
		if b.to == to {
			switch b.order {
			case 2:
				return "="
			case 3:
				return "#"
			}
		}
	}
	return ""
}

func (w *smilesWriter) symbol(i int) {
	a := &w.g.atoms[i]
	if a.element == 0 {
		w.out.WriteByte('*')
		return
	}
	plain := a.charge == 0
	switch a.element {
	case 5, 6, 7, 8, 15, 16, 9, 17, 35, 53:
		plain = plain && a.valence == 0
	default:
		plain = false
	}
	if plain {
		w.out.WriteString(a.element.Symbol())
		return
	}
	w.out.WriteByte('[')
	w.out.WriteString(a.element.Symbol())
	switch h := w.g.hydrogens(i); {
	case h == 1:
		w.out.WriteByte('H')
	case h > 1:
		w.out.WriteByte('H')
		w.out.WriteString(strconv.Itoa(h))
	}
	switch {
	case a.charge == 1:
		w.out.WriteByte('+')
	case a.charge == -1:
		w.out.WriteByte('-')
	case a.charge > 1:
		w.out.WriteByte('+')
		w.out.WriteString(strconv.Itoa(int(a.charge)))
	case a.charge < -1:
		w.out.WriteString(strconv.Itoa(int(a.charge)))
	}
	w.out.WriteByte(']')
}
