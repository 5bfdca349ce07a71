package name

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// ringSystem is an ortho-fused system of rings: elements of its atoms, and bonds.
type ringSystem struct {
	elements []chem.Element
	bonds    [][2]int
}

// errOrientation reports a ring system whose numbering this package does not find.
var errOrientation = errors.New("the numbering of this ring system does not follow from the rules that are applied here")

// The sides of a ring as it is drawn, and where the centre of the ring beyond one
// lies: in half distances between rings that stand side by side.
const (
	west = iota
	southwest
	south
	southeast
	east
	northeast
	north
	northwest
	nowhere // a side at which no ring can be drawn
)

var beyond = [8][2]int{west: {-2, 0}, southwest: {-1, -1}, south: {0, -2}, southeast: {1, -1}, east: {2, 0}, northeast: {1, 1}, north: {0, 2}, northwest: {-1, 1}}

// opposite returns the side by which a ring is met that is entered through side.
func opposite(side int) int { return (side + 4) % 8 }

// shapes are the permitted ways to draw a ring, by its size: its sides,
// counterclockwise (IUPAC, Fused and Bridged Fused Ring Nomenclature 1998, FR-5.1).
var shapes = map[int][][]int{
	4: {{west, south, east, north}},
	5: {
		{west, south, east, northeast, northwest}, {west, southwest, southeast, east, north},
		{southwest, nowhere, northeast, northwest, west}, {southwest, southeast, east, northeast, nowhere},
		{southeast, east, northeast, northwest, nowhere}, {southeast, nowhere, northwest, west, southwest},
	},
	6: {{west, southwest, southeast, east, northeast, northwest}},
	7: {{west, southwest, south, southeast, east, northeast, northwest}, {west, southwest, southeast, east, northeast, north, northwest}},
	8: {{west, southwest, south, southeast, east, northeast, north, northwest}},
}

// drawing is a ring system as it is drawn.
type drawing struct {
	at    [][2]int // centres of rings
	sides [][]int  // by ring, the side of each bond in the order of its atoms
}

// numberer finds the numbering of a ring system.
type numberer struct {
	s      *ringSystem
	rings  [][]int        // atoms, all in the same sense of rotation once oriented
	across map[[2]int]int // ring on the left of the bond from one atom to the next
	in     []int          // number of rings of each atom
}

// number returns the locants of the atoms by the rules for fused rings
// (IUPAC 1998, FR-5.1 to FR-5.4; 2013, P-25.3.1.3).
func (s *ringSystem) number() ([]string, error) {
	n := &numberer{s: s, in: make([]int, len(s.elements))}
	if err := n.findRings(); err != nil {
		return nil, err
	}
	if len(n.rings) < 2 {
		return nil, errOrientation
	}
	var best []candidate
	for _, path := range n.paths() {
		c := n.candidate(path)
		switch {
		case len(best) == 0:
			best = append(best, c)
		default:
			if d := c.compare(best[0]); d < 0 {
				best = []candidate{c}
			} else if d == 0 {
				best = append(best, c)
			}
		}
	}
	if len(best) == 0 {
		return nil, errOrientation
	}
	for _, c := range best[1:] {
		if n.form(c.locants) != n.form(best[0].locants) {
			return nil, errOrientation // indicated hydrogen would decide
		}
	}
	return best[0].locants, nil
}

// findRings finds the rings and orients them alike. It is an error if there are none,
// if an atom belongs to three of them, or if they surround a place.
func (n *numberer) findRings() error {
	var b molecule.Builder
	for range n.s.elements {
		b.AddAtom(molecule.Atom{Element: 6})
	}
	for _, x := range n.s.bonds {
		b.AddBond(x[0], x[1], molecule.Single)
	}
	m, err := b.BuildWith(molecule.Rings)
	if err != nil {
		return err
	}
	bonds := map[[2]int][]int{} // rings of a bond
	for k := range m.NumRings() {
		atoms, _ := m.Ring(k)
		ring := make([]int, len(atoms))
		for i, a := range atoms {
			ring[i] = int(a)
			n.in[a]++
		}
		n.rings = append(n.rings, ring)
		for i, a := range ring {
			c := ring[(i+1)%len(ring)]
			key := [2]int{min(a, c), max(a, c)}
			bonds[key] = append(bonds[key], k)
		}
	}
	if len(n.rings) != len(n.s.bonds)-len(n.s.elements)+1 || len(n.rings) == 0 {
		return errOrientation
	}
	shared := 0
	for _, of := range bonds {
		if len(of) > 2 {
			return errOrientation
		}
		if len(of) == 2 {
			shared++
		}
	}
	if shared != len(n.rings)-1 || slices.Max(n.in) > 2 {
		return errOrientation
	}
	n.across = map[[2]int]int{}
	done := make([]bool, len(n.rings))
	queue := []int{0}
	done[0] = true
	for len(queue) > 0 {
		k := queue[0]
		queue = queue[1:]
		ring := n.rings[k]
		for i, a := range ring {
			c := ring[(i+1)%len(ring)]
			n.across[[2]int{a, c}] = k
			for _, other := range bonds[[2]int{min(a, c), max(a, c)}] {
				if done[other] {
					continue
				}
				// The neighbour passes the bond the other way.
				next := n.rings[other]
				if j := slices.Index(next, a); next[(j+1)%len(next)] == c {
					slices.Reverse(next)
				}
				done[other] = true
				queue = append(queue, other)
			}
		}
	}
	return nil
}

// paths returns the ways around the system, clockwise from where numbering may begin,
// of the preferred drawings.
func (n *numberer) paths() [][]int {
	if len(n.rings) == 2 {
		// Two rings lie in a row in any case, and either may be on the right.
		var out [][]int
		around := n.around()
		for range 2 {
			for i := range around {
				before := around[(i+len(around)-1)%len(around)]
				if n.in[around[i]] == 1 && n.in[before] == 2 {
					out = append(out, slices.Concat(around[i:], around[:i]))
				}
			}
			slices.Reverse(around)
		}
		return out
	}
	var out [][]int
	var best [4]float64
	for mirrored := range 2 {
		if mirrored == 1 {
			for _, ring := range n.rings {
				slices.Reverse(ring)
			}
			across := map[[2]int]int{}
			for b, k := range n.across {
				across[[2]int{b[1], b[0]}] = k
			}
			n.across = across
		}
		for _, d := range n.drawings() {
			value, ok := n.value(d)
			if !ok {
				continue
			}
			if c := slices.Compare(value[:], best[:]); c < 0 {
				continue
			} else if c > 0 {
				best, out = value, nil
			}
			if path := n.path(d); path != nil {
				out = append(out, path)
			} else {
				return nil
			}
		}
	}
	return out
}

// maxDrawings bounds the ways to draw a system that are looked at.
const maxDrawings = 4096

// drawings returns the permitted ways to draw the rings.
func (n *numberer) drawings() []*drawing {
	var out []*drawing
	var place func(d *drawing, queue []int)
	clone := func(d *drawing) *drawing {
		return &drawing{slices.Clone(d.at), slices.Clone(d.sides)}
	}
	place = func(d *drawing, queue []int) {
		if len(out) >= maxDrawings {
			return
		}
		if len(queue) == 0 {
			out = append(out, d)
			return
		}
		k := queue[0]
		// All rings beyond the sides of ring k that are not placed yet.
		type entering struct{ ring, bond, side int }
		var next []entering
		ring := n.rings[k]
		for i, a := range ring {
			c := ring[(i+1)%len(ring)]
			if other, ok := n.across[[2]int{c, a}]; ok && d.sides[other] == nil {
				next = append(next, entering{other, slices.Index(n.rings[other], c), d.sides[k][i]})
			}
		}
		var enter func(d *drawing, todo []entering, queue []int)
		enter = func(d *drawing, todo []entering, queue []int) {
			if len(todo) == 0 {
				place(d, queue)
				return
			}
			e := todo[0]
			if e.side == nowhere {
				return
			}
			at := [2]int{d.at[k][0] + beyond[e.side][0], d.at[k][1] + beyond[e.side][1]}
			for r, sides := range d.sides {
				if sides != nil && d.at[r] == at {
					return // one above the other
				}
			}
			for _, shape := range shapes[len(n.rings[e.ring])] {
				first := slices.Index(shape, opposite(e.side))
				if first < 0 {
					continue
				}
				with := clone(d)
				with.at[e.ring] = at
				with.sides[e.ring] = turned(shape, first-e.bond)
				enter(with, todo[1:], append(slices.Clip(queue), e.ring))
			}
		}
		enter(d, next, queue[1:])
	}
	size := len(n.rings[0])
	for _, shape := range shapes[size] {
		for first := range size {
			d := &drawing{make([][2]int, len(n.rings)), make([][]int, len(n.rings))}
			d.sides[0] = turned(shape, first)
			place(d, []int{0})
		}
	}
	return out
}

// turned returns the sides of the bonds of a ring whose bond 0 is at side first of
// shape.
func turned(shape []int, first int) []int {
	n := len(shape)
	out := make([]int, n)
	for i := range out {
		out[i] = shape[((first+i)%n+n)%n]
	}
	return out
}

// value tells how good a drawing is: most rings in a horizontal row, most in the upper
// right quadrant, fewest in the lower left one, most above the row.
func (n *numberer) value(d *drawing) (best [4]float64, ok bool) {
	for k := range n.rings {
		row := []int{k}
		for {
			last := row[len(row)-1]
			next := n.neighbour(d, last, east)
			if next < 0 {
				break
			}
			row = append(row, next)
		}
		if n.neighbour(d, k, west) >= 0 {
			continue
		}
		y := d.at[k][1]
		x := float64(d.at[k][0]+d.at[row[len(row)-1]][0]) / 2
		value := [4]float64{float64(len(row))}
		for _, at := range d.at {
			right, above := part(float64(at[0])-x), part(float64(at[1]-y))
			value[1] += right * above
			value[2] -= (1 - right) * (1 - above)
			if at[1] > y {
				value[3]++
			}
		}
		if !ok || slices.Compare(value[:], best[:]) > 0 {
			best, ok = value, true
		}
	}
	return best, ok
}

// part returns how much of a ring lies beyond an axis: half of it if the axis passes
// through its centre.
func part(distance float64) float64 {
	switch {
	case distance > 0:
		return 1
	case distance < 0:
		return 0
	}
	return 0.5
}

// neighbour returns the ring beyond a side of ring k, -1 if there is none.
func (n *numberer) neighbour(d *drawing, k, side int) int {
	ring := n.rings[k]
	for i, a := range ring {
		if d.sides[k][i] == side {
			if other, ok := n.across[[2]int{ring[(i+1)%len(ring)], a}]; ok {
				return other
			}
		}
	}
	return -1
}

// around returns the atoms of the outer bonds, against the sense of the rings.
func (n *numberer) around() []int {
	next := map[int]int{}
	first := -1
	for b := range n.across {
		if _, inner := n.across[[2]int{b[1], b[0]}]; !inner {
			next[b[1]] = b[0]
			if first < 0 || b[1] < first {
				first = b[1]
			}
		}
	}
	var out []int
	for a, ok := first, true; ok && len(out) <= len(next); {
		out = append(out, a)
		if a, ok = next[a]; a == first {
			break
		}
	}
	return out
}

// path returns the atoms around a drawing, clockwise from the most counterclockwise
// atom of the upper right ring that is in no other ring; nil if there is no one such.
func (n *numberer) path(d *drawing) []int {
	right := 0
	for k, at := range d.at {
		if c := cmp.Or(cmp.Compare(at[1], d.at[right][1]), cmp.Compare(at[0], d.at[right][0])); c > 0 {
			right = k
		}
	}
	around := n.around()
	var starts []int
	for i, a := range around {
		before := around[(i+len(around)-1)%len(around)]
		if n.in[a] == 1 && n.in[before] == 2 && slices.Contains(n.rings[right], a) {
			starts = append(starts, i)
		}
	}
	if len(starts) != 1 {
		return nil
	}
	return slices.Concat(around[starts[0]:], around[:starts[0]])
}

// candidate is a numbering and what is compared of it.
type candidate struct {
	locants []string
	hetero  []int    // numbers of heteroatoms
	carbons [][2]int // locants of carbons that rings share: number and letter
	fusion  []int    // numbers of heteroatoms that rings share
	senior  []int    // numbers of heteroatoms, the senior elements first
}

// seniority is the order of heteroatoms in names of rings (IUPAC 2013, P-31.1.4.2.4).
var seniority = []chem.Element{9, 17, 35, 53, 8, 16, 34, 52, 7, 15, 33, 51, 83, 14, 32, 50, 82, 5}

func (n *numberer) candidate(path []int) candidate {
	c := candidate{locants: make([]string, len(n.s.elements))}
	number, letter := 0, 0
	type placed struct{ rank, number int }
	var order []placed
	for _, a := range path {
		e := n.s.elements[a]
		if n.in[a] > 1 && e == 6 {
			letter++
			c.locants[a] = strconv.Itoa(number) + string(rune('a'+letter-1))
			c.carbons = append(c.carbons, [2]int{number, letter})
			continue
		}
		number++
		letter = 0
		c.locants[a] = strconv.Itoa(number)
		if e == 6 {
			continue
		}
		c.hetero = append(c.hetero, number)
		order = append(order, placed{slices.Index(seniority, e), number})
		if n.in[a] > 1 {
			c.fusion = append(c.fusion, number)
		}
	}
	slices.SortFunc(order, func(x, y placed) int { return cmp.Or(cmp.Compare(x.rank, y.rank), cmp.Compare(x.number, y.number)) })
	for _, p := range order {
		c.senior = append(c.senior, p.number)
	}
	return c
}

// compare compares numberings; the preferred one is the lower.
func (c candidate) compare(d candidate) int {
	return cmp.Or(
		slices.Compare(c.hetero, d.hetero),
		slices.CompareFunc(c.carbons, d.carbons, func(x, y [2]int) int { return slices.Compare(x[:], y[:]) }),
		slices.Compare(c.fusion, d.fusion),
		slices.Compare(c.senior, d.senior),
	)
}

// form writes the system by its locants: numberings with one form are the same.
func (n *numberer) form(locants []string) string {
	var lines []string
	for a, e := range n.s.elements {
		lines = append(lines, fmt.Sprintf("%s=%d", locants[a], e))
	}
	for _, b := range n.s.bonds {
		x, y := locants[b[0]], locants[b[1]]
		lines = append(lines, min(x, y)+"-"+max(x, y))
	}
	slices.Sort(lines)
	return strings.Join(lines, ",")
}
