package depict

import (
	"fmt"
	"math"
	"strconv"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// label is what is written at an atom: its symbol, on which the bonds end, and
// its hydrogens, charge and isotope around it.
type label struct {
	symbol    string
	isotope   string
	charge    string
	hydrogens int
	side      side // where the hydrogens stand
	color     string
}

// nonmetals are the elements at which unpaired electrons are shown.
var nonmetals = map[uint8]bool{1: true, 5: true, 6: true, 7: true, 8: true, 9: true, 14: true, 15: true, 16: true, 17: true, 34: true, 35: true, 53: true}

type side uint8

const (
	right side = iota
	left
	above
	below
)

// label returns what is written at atom i; nothing for most carbon atoms.
func (p *picture) label(i int) label {
	a := p.m.Atom(i)
	var l label
	if a.Element == 0 {
		return label{symbol: "∗", color: "#666"}
	}
	plainCarbon := a.Element == 6 && a.Charge == 0 && a.Isotope == 0 && p.m.Degree(i) > 0 && p.m.Radicals(i) == 0
	if plainCarbon && !p.straight(i) {
		return l
	}
	l.symbol = a.Element.Symbol()
	if a.Isotope > 0 {
		l.isotope = strconv.Itoa(int(a.Isotope))
	}
	switch c := int(a.Charge); {
	case c == 1:
		l.charge = "+"
	case c == -1:
		l.charge = "−"
	case c > 1:
		l.charge = strconv.Itoa(c) + "+"
	case c < -1:
		l.charge = strconv.Itoa(-c) + "−"
	}
	if nonmetals[uint8(a.Element)] {
		for range p.m.Radicals(i) {
			l.charge += "•"
		}
	}
	if a.Element != 6 || !plainCarbon {
		l.hydrogens = int(a.Hydrogens)
	}
	if !p.o.Mono {
		l.color = colors[uint8(a.Element)]
	}
	if l.hydrogens > 0 {
		l.side = p.free(i)
	}
	return l
}

// straight reports whether the bonds of carbon i are in a line, so that it would
// not be seen: the middle of two double bonds.
func (p *picture) straight(i int) bool {
	if p.m.Degree(i) != 2 {
		return false
	}
	for _, n := range p.m.Neighbors(i) {
		if p.m.Bond(int(n.Bond)).Order != molecule.Double {
			return false
		}
	}
	return true
}

// free returns the side of atom i where its hydrogens hinder least.
func (p *picture) free(i int) side {
	if p.m.Degree(i) == 0 {
		if e := p.m.Atom(i).Element; e == chem.Element(8) || e == 16 || e == 9 || e == 17 || e == 35 || e == 53 {
			return left // H2O, HCl
		}
		return right
	}
	hindrance := func(direction float64) float64 {
		worst := 0.0
		for _, n := range p.m.Neighbors(i) {
			d := p.pos[n.Atom].minus(p.pos[i])
			between := math.Abs(math.Remainder(d.angle()-direction, 2*math.Pi))
			worst = max(worst, math.Pi-between)
		}
		return worst
	}
	if p.m.Degree(i) == 1 {
		if p.pos[p.m.Neighbors(i)[0].Atom].X > p.pos[i].X+0.1 {
			return left
		}
		return right
	}
	best, bestValue := right, hindrance(0)
	for _, s := range []struct {
		side      side
		direction float64
		handicap  float64
	}{{left, math.Pi, 0}, {below, math.Pi / 2, 0.35}, {above, -math.Pi / 2, 0.35}} {
		if v := hindrance(s.direction) + s.handicap; v < bestValue-0.05 {
			best, bestValue = s.side, v
		}
	}
	return best
}

// width returns about how wide s is in Helvetica, in bond lengths.
func width(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		switch r {
		case 'i', 'l', 'I', 'j':
			w += 0.25
		case 'C', 'H', 'N', 'O', 'B', 'P', 'S', 'F', 'K':
			w += 0.7
		case 'r', 't', 'f':
			w += 0.34
		default:
			w += 0.56
		}
	}
	return w * size
}

const small = 0.7 // size of sub- and superscripts against the letters

// box returns the corners of what is written at an atom that stands at q.
func (l *label) box(q Point) (low, high Point) {
	if l.symbol == "" {
		return q, q
	}
	w, h := width(l.symbol, fontSize)/2, fontSize*0.37
	low, high = Point{q.X - w, q.Y - h}, Point{q.X + w, q.Y + h}
	if n := width(l.charge, fontSize*small); n > 0 {
		high.X += n
		low.Y -= fontSize * 0.3
	}
	if n := width(l.isotope, fontSize*small); n > 0 {
		low.X -= n
		low.Y -= fontSize * 0.3
	}
	if l.hydrogens > 0 {
		n := l.hydrogenWidth()
		switch l.side {
		case right:
			high.X += n
		case left:
			low.X -= n
		case above:
			low.Y -= fontSize * 0.9
		case below:
			high.Y += fontSize * 0.9
		}
		if l.hydrogens > 1 {
			high.Y += fontSize * 0.2
		}
	}
	return low, high
}

func (l *label) hydrogenWidth() float64 {
	n := width("H", fontSize)
	if l.hydrogens > 1 {
		n += width(strconv.Itoa(l.hydrogens), fontSize*small)
	}
	return n
}

// radius returns how far from the middle of the label in direction d a line
// ends.
func (l *label) radius(d Point) float64 {
	if l.symbol == "" {
		return 0
	}
	n := d.length()
	if n == 0 {
		return 0
	}
	w, h := width(l.symbol, fontSize)/2+gap, fontSize*0.37+gap
	x, y := math.Abs(d.X)/n, math.Abs(d.Y)/n
	r := math.Inf(1)
	if x > 1e-9 {
		r = w / x
	}
	if y > 1e-9 {
		r = min(r, h/y)
	}
	// A round corner is nearer than that of the box.
	return min(r, math.Hypot(w, h)*0.92)
}

// text writes the label of atom i.
func (p *picture) text(i int) {
	l := &p.labels[i]
	if l.symbol == "" {
		return
	}
	q := p.pos[i]
	fill := ""
	if l.color != "" && !p.o.Mono {
		fill = fmt.Sprintf(` fill="%s"`, l.color)
	}
	write := func(at Point, size float64, s string) {
		at = at.minus(p.low).times(p.scale)
		attribute := ""
		if size != 1 {
			attribute = fmt.Sprintf(` font-size="%s"`, num(fontSize*size*p.scale))
		}
		fmt.Fprintf(&p.out, `<text x="%s" y="%s"%s%s>%s</text>`+"\n", num(at.X), num(at.Y), attribute, fill, s)
	}
	base := q.Y + fontSize*0.36 // of the letters
	half := width(l.symbol, fontSize) / 2
	write(Point{q.X - half, base}, 1, l.symbol)
	end := q.X + half
	if l.isotope != "" {
		write(Point{q.X - half - width(l.isotope, fontSize*small), base - fontSize*0.42}, small, l.isotope)
	}
	if l.hydrogens > 0 {
		at := Point{end, base}
		switch l.side {
		case left:
			at.X = q.X - half - l.hydrogenWidth()
		case above:
			at = Point{q.X - width("H", fontSize)/2, base - fontSize*0.86}
		case below:
			at = Point{q.X - width("H", fontSize)/2, base + fontSize*0.86}
		}
		write(at, 1, "H")
		if l.hydrogens > 1 {
			write(Point{at.X + width("H", fontSize), at.Y + fontSize*0.16}, small, strconv.Itoa(l.hydrogens))
		}
		if l.side == right {
			end += l.hydrogenWidth()
		}
	}
	if l.charge != "" {
		write(Point{end, base - fontSize*0.42}, small, l.charge)
	}
}
