package depict

import (
	"fmt"
	"math"

	"github.com/alkahest/alkahest/chem/molecule"
)

// bonds draws all bonds.
func (p *picture) bonds(wedges map[int]Wedge) {
	for k := range p.m.NumBonds() {
		b := p.m.Bond(k)
		i, j := int(b.A), int(b.B)
		if w, ok := wedges[k]; ok {
			if w.From == j {
				i, j = j, i
			}
			p.wedge(i, j, w.Up)
			continue
		}
		switch b.Order {
		case molecule.Double:
			p.double(k, i, j)
		case molecule.Triple:
			p.lines(i, j, -offset, 0, offset)
		case molecule.Quadruple:
			p.lines(i, j, -offset*1.5, -offset*0.5, offset*0.5, offset*1.5)
		case molecule.Dative:
			p.arrow(i, j)
		default:
			p.lines(i, j, 0)
		}
	}
}

// ends returns where the line from atom i to atom j begins and ends, clear of
// their labels.
func (p *picture) ends(i, j int) (Point, Point) {
	a, b := p.pos[i], p.pos[j]
	d := b.minus(a)
	n := d.length()
	if n == 0 {
		return a, b
	}
	from := p.labels[i].radius(d)
	to := p.labels[j].radius(d)
	if from+to > n*0.85 { // short bonds keep a visible rest
		shrink := n * 0.85 / (from + to)
		from, to = from*shrink, to*shrink
	}
	return a.plus(d.times(from / n)), b.minus(d.times(to / n))
}

func (p *picture) line(a, b Point) {
	fmt.Fprintf(&p.out, `<path d="M%s L%s"/>`+"\n", p.xy(a), p.xy(b))
}

// lines draws parallel lines from i to j, at distances from the middle.
func (p *picture) lines(i, j int, distances ...float64) {
	a, b := p.ends(i, j)
	d := p.pos[j].minus(p.pos[i])
	n := d.length()
	if n == 0 {
		return
	}
	normal := Point{-d.Y / n, d.X / n}
	for _, by := range distances {
		p.line(a.plus(normal.times(by)), b.plus(normal.times(by)))
	}
}

// double draws a double bond: in a ring the second line is inside of it; at a
// chain it is on the side of more neighbours; between atoms with no neighbours
// to choose by, both lines are beside the middle.
func (p *picture) double(k, i, j int) {
	a, b := p.pos[i], p.pos[j]
	d := b.minus(a)
	n := d.length()
	if n == 0 {
		return
	}
	normal := Point{-d.Y / n, d.X / n}
	side := p.inner(k, i, j, normal)
	if side == 0 {
		p.lines(i, j, -offset/2, offset/2)
		return
	}
	p.lines(i, j, 0)
	// The second line is shorter where the first goes on at an unlabelled atom.
	from, to := p.ends(i, j)
	cut := func(end int) Point {
		if p.labels[end].symbol != "" || p.m.Degree(end) == 1 {
			return Point{}
		}
		return d.times(offset * 0.65 / n)
	}
	shift := normal.times(side * offset)
	p.line(from.plus(shift).plus(cut(i)), to.plus(shift).minus(cut(j)))
}

// inner returns the side of the bond, 1 for that of normal, on which the second
// line of a double bond belongs, and 0 for both.
func (p *picture) inner(k, i, j int, normal Point) float64 {
	middle := p.pos[i].plus(p.pos[j]).times(0.5)
	// The ring that decides is the smallest, among those of six aromatic first.
	best, bestRank := 0.0, math.Inf(1)
	for r := range p.m.NumRings() {
		atoms, bonds := p.m.Ring(r)
		within := false
		doubles := 0
		for _, b := range bonds {
			within = within || int(b) == k
			if p.m.Bond(int(b)).Order == molecule.Double {
				doubles++
			}
		}
		if !within {
			continue
		}
		var center Point
		for _, a := range atoms {
			center = center.plus(p.pos[a])
		}
		center = center.times(1 / float64(len(atoms)))
		rank := float64(len(atoms)) - 2*float64(doubles)
		if len(atoms) == 6 {
			rank -= 3
		}
		if len(atoms) > 8 {
			rank += 20
		}
		if rank < bestRank {
			best, bestRank = 1, rank
			if center.minus(middle).dot(normal) < 0 {
				best = -1
			}
		}
	}
	if best != 0 {
		return best
	}
	di, dj := p.m.Degree(i), p.m.Degree(j)
	if di == 1 || dj == 1 {
		other := i
		if di == 1 {
			other = j
		}
		if p.m.Degree(other) != 2 || p.labels[i].symbol != "" || p.labels[j].symbol != "" {
			return 0 // C=O, C=CH2
		}
	}
	balance := 0.0
	for _, end := range [2]int{i, j} {
		for _, n := range p.m.Neighbors(end) {
			if a := int(n.Atom); a != i && a != j {
				s := p.pos[a].minus(p.pos[end]).dot(normal)
				if math.Abs(s) > 0.1 {
					balance += math.Copysign(1, s)
				}
			}
		}
	}
	switch {
	case balance > 0:
		return 1
	case balance < 0:
		return -1
	case di == 2 && dj == 2:
		return 1 // trans: either side
	}
	return 0
}

// wedge draws a bond that comes out of the plane, or goes behind it, from atom i.
func (p *picture) wedge(i, j int, up bool) {
	a, b := p.ends(i, j)
	d := b.minus(a)
	n := d.length()
	if n == 0 {
		return
	}
	normal := Point{-d.Y / n, d.X / n}.times(wedgeWidth / 2)
	if up {
		fmt.Fprintf(&p.out, `<path d="M%s L%s L%s Z" fill="#000" stroke="none"/>`+"\n", p.xy(a), p.xy(b.plus(normal)), p.xy(b.minus(normal)))
		return
	}
	const steps = 7
	for s := 1; s <= steps; s++ {
		f := float64(s) / steps
		q := a.plus(d.times(f))
		p.line(q.plus(normal.times(f)), q.minus(normal.times(f)))
	}
}

// arrow draws a dative bond.
func (p *picture) arrow(i, j int) {
	a, b := p.ends(i, j)
	d := b.minus(a)
	n := d.length()
	if n == 0 {
		return
	}
	u := d.times(1 / n)
	normal := Point{-u.Y, u.X}
	tip := b.minus(u.times(0.16))
	p.line(a, tip)
	fmt.Fprintf(&p.out, `<path d="M%s L%s L%s Z" fill="#000" stroke="none"/>`+"\n", p.xy(b), p.xy(tip.plus(normal.times(0.07))), p.xy(tip.minus(normal.times(0.07))))
}
