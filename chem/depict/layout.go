package depict

import (
	"cmp"
	"math"
	"slices"

	"github.com/alkahest/alkahest/chem/molecule"
)

// Point is a place in the plane, in units of the usual bond length; y points
// up.
type Point struct{ X, Y float64 }

func (p Point) plus(q Point) Point    { return Point{p.X + q.X, p.Y + q.Y} }
func (p Point) minus(q Point) Point   { return Point{p.X - q.X, p.Y - q.Y} }
func (p Point) times(f float64) Point { return Point{p.X * f, p.Y * f} }
func (p Point) length() float64       { return math.Hypot(p.X, p.Y) }
func (p Point) angle() float64        { return math.Atan2(p.Y, p.X) }
func (p Point) cross(q Point) float64 { return p.X*q.Y - p.Y*q.X }
func (p Point) dot(q Point) float64   { return p.X*q.X + p.Y*q.Y }
func polar(angle, length float64) Point {
	return Point{length * math.Cos(angle), length * math.Sin(angle)}
}
func (p Point) turned(angle float64) Point {
	s, c := math.Sincos(angle)
	return Point{p.X*c - p.Y*s, p.X*s + p.Y*c}
}

// mirrored returns p reflected at the line through a and b.
func (p Point) mirrored(a, b Point) Point {
	d := b.minus(a)
	n := d.dot(d)
	if n == 0 {
		return p
	}
	v := p.minus(a)
	along := d.times(v.dot(d) / n)
	return a.plus(along.times(2)).minus(v)
}

// Layout returns a place for every atom of m: rings as regular polygons, chains
// in zigzag, double bonds in the configuration that m gives them, and parts of
// the molecule turned away from each other where they would overlap. The same
// molecule with its atoms in the same order gets the same layout.
func Layout(m *molecule.Molecule) []Point {
	l := newLayouter(m)
	for part := range l.parts {
		l.component(part)
	}
	l.arrange()
	return l.pos
}

// layouter places the atoms of a molecule.
type layouter struct {
	m      *molecule.Molecule
	pos    []Point
	placed []bool
	part   []int32
	parts  int
	system []int     // ring system of every atom, -1 for none
	rings  [][]int   // rings of every ring system
	local  [][]Point // places of the atoms of every ring system, by number of the atom
	atoms  [][]int   // atoms of every ring system
	bridge []bool    // bonds that are in no ring
}

func newLayouter(m *molecule.Molecule) *layouter {
	n := m.NumAtoms()
	l := &layouter{m: m, pos: make([]Point, n), placed: make([]bool, n), system: make([]int, n), bridge: make([]bool, m.NumBonds())}
	l.part, l.parts = m.Components()
	for i := range l.system {
		l.system[i] = -1
	}
	for i := range l.bridge {
		l.bridge[i] = m.BondRings(i) == 0
	}
	// Rings that share an atom make a system.
	for k := range m.NumRings() {
		atoms, _ := m.Ring(k)
		into := -1
		for _, a := range atoms {
			s := l.system[a]
			switch {
			case s < 0 || s == into:
			case into < 0:
				into = s
			default: // two systems meet
				l.rings[into] = append(l.rings[into], l.rings[s]...)
				l.rings[s] = nil
				for i := range l.system {
					if l.system[i] == s {
						l.system[i] = into
					}
				}
			}
		}
		if into < 0 {
			into = len(l.rings)
			l.rings = append(l.rings, nil)
		}
		l.rings[into] = append(l.rings[into], k)
		for _, a := range atoms {
			l.system[a] = into
		}
	}
	l.local = make([][]Point, len(l.rings))
	l.atoms = make([][]int, len(l.rings))
	for i, s := range l.system {
		if s >= 0 {
			l.atoms[s] = append(l.atoms[s], i)
		}
	}
	for s := range l.rings {
		if len(l.rings[s]) > 0 {
			l.local[s] = l.ringSystem(s)
		}
	}
	return l
}

// component places the atoms of one part.
func (l *layouter) component(part int) {
	root := l.root(part)
	if s := l.system[root]; s >= 0 {
		for _, a := range l.atoms[s] {
			l.pos[a], l.placed[a] = l.local[s][a], true
		}
	} else {
		l.placed[root] = true
	}
	// Breadth first, so that what is near the middle is regular.
	queue := []int{root}
	if s := l.system[root]; s >= 0 {
		queue = slices.Clone(l.atoms[s])
	}
	for len(queue) > 0 {
		a := queue[0]
		queue = append(queue[1:], l.around(a)...)
	}
	var atoms []int
	for i, p := range l.part {
		if int(p) == part {
			atoms = append(atoms, i)
		}
	}
	l.configure(atoms)
	l.separate(atoms)
	l.orient(atoms)
}

// root returns the atom to begin with: one of the largest ring system, or else
// the end of a longest chain.
func (l *layouter) root(part int) int {
	best, first := -1, -1
	for i, p := range l.part {
		if int(p) != part {
			continue
		}
		if first < 0 {
			first = i
		}
		if s := l.system[i]; s >= 0 && (best < 0 || len(l.atoms[s]) > len(l.atoms[l.system[best]])) {
			best = i
		}
	}
	if best >= 0 {
		return best
	}
	end, _ := l.farthest(first)
	return end
}

// farthest returns the atom with the most bonds between it and i.
func (l *layouter) farthest(i int) (int, int) {
	dist := map[int]int{i: 0}
	last := i
	for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
		last = queue[0]
		for _, n := range l.m.Neighbors(last) {
			if _, seen := dist[int(n.Atom)]; !seen {
				dist[int(n.Atom)] = dist[last] + 1
				queue = append(queue, int(n.Atom))
			}
		}
	}
	return last, dist[last]
}

// beyond returns the number of atoms on the side of b of the bond from a to b,
// which is in no ring.
func (l *layouter) beyond(a, b int) int { return len(l.side(a, b)) }

// side returns the atoms on the side of b of the bond from a to b.
func (l *layouter) side(a, b int) []int {
	seen := map[int]bool{a: true, b: true}
	out := []int{b}
	for n := 0; n < len(out); n++ {
		for _, x := range l.m.Neighbors(out[n]) {
			if !seen[int(x.Atom)] {
				seen[int(x.Atom)] = true
				out = append(out, int(x.Atom))
			}
		}
	}
	return out
}

// around places the neighbours of a that have no place yet, with the ring
// systems they belong to, and returns the atoms placed.
func (l *layouter) around(a int) []int {
	var children []int
	var taken []float64
	for _, n := range l.m.Neighbors(a) {
		if b := int(n.Atom); l.placed[b] {
			taken = append(taken, l.pos[b].minus(l.pos[a]).angle())
		} else {
			children = append(children, b)
		}
	}
	if len(children) == 0 {
		return nil
	}
	size := map[int]int{}
	for _, b := range children {
		size[b] = l.beyond(a, b)
	}
	slices.SortStableFunc(children, func(x, y int) int { return cmp.Compare(size[y], size[x]) })
	var placed []int
	best, bestCrowd := []float64(nil), math.Inf(1)
	for _, angles := range l.directions(a, taken, children) {
		crowd := 0.0
		for k, b := range children {
			crowd += l.crowd(l.pos[a].plus(polar(angles[k], 1)), a) * float64(min(size[b], 4))
			crowd += l.crowd(l.pos[a].plus(polar(angles[k], 2)), a) * float64(min(size[b]-1, 4)) / 4
		}
		if crowd < bestCrowd-1e-6 {
			best, bestCrowd = angles, crowd
		}
	}
	for k, b := range children {
		placed = append(placed, l.put(a, b, best[k])...)
	}
	return placed
}

// crowd says how near to p the atoms already placed are, those of the same part
// only.
func (l *layouter) crowd(p Point, a int) float64 {
	c := 0.0
	for i, ok := range l.placed {
		if !ok || i == a || l.part[i] != l.part[a] {
			continue
		}
		if d := l.pos[i].minus(p).length(); d < 4 {
			c += 1 / (0.1 + d*d*d)
		}
	}
	return c
}

// directions returns the sets of directions that the children of a, largest
// first, may take, when those in taken are.
func (l *layouter) directions(a int, taken []float64, children []int) [][]float64 {
	k := len(children)
	const third = 2 * math.Pi / 3
	if len(taken) == 0 {
		switch k {
		case 1:
			return [][]float64{{math.Pi / 6}}
		case 2:
			if l.linear(a) {
				return [][]float64{{0, math.Pi}}
			}
			return [][]float64{{math.Pi / 6, 5 * math.Pi / 6}}
		}
		out := make([]float64, k)
		for n := range out {
			out[n] = math.Pi/2 + 2*math.Pi*float64(n)/float64(k)
		}
		return [][]float64{out}
	}
	if len(taken) > 1 {
		// The widest gap is divided equally.
		from, gap := widest(taken)
		out := make([]float64, k)
		for n := range out {
			out[n] = from + gap*float64(n+1)/float64(k+1)
		}
		ways := [][]float64{out}
		if k > 1 {
			back := slices.Clone(out)
			slices.Reverse(back)
			ways = append(ways, back)
		}
		return ways
	}
	t := taken[0]
	switch {
	case k == 1 && l.linear(a):
		return [][]float64{{t + math.Pi}}
	case k == 1:
		return [][]float64{{t + third}, {t - third}}
	case k == 2:
		return [][]float64{{t + third, t - third}, {t - third, t + third}}
	case k == 3:
		if l.beyond(a, children[1]) == 1 && l.beyond(a, children[0]) > 1 {
			// A chain goes on in zigzag, with two small groups at its outside.
			const out, spread = math.Pi / 3, 27 * math.Pi / 180
			return [][]float64{
				{t + third, t + math.Pi + out - spread, t + math.Pi + out + spread},
				{t - third, t + math.Pi - out - spread, t + math.Pi - out + spread},
			}
		}
		return [][]float64{{t + math.Pi, t + math.Pi/2, t - math.Pi/2}}
	}
	out := make([]float64, k)
	for n := range out {
		out[n] = t + 2*math.Pi*float64(n+1)/float64(k+1)
	}
	return [][]float64{out}
}

// widest returns where the widest gap between angles begins, and how wide it
// is.
func widest(angles []float64) (from, gap float64) {
	sorted := make([]float64, len(angles))
	for i, a := range angles {
		sorted[i] = math.Mod(math.Mod(a, 2*math.Pi)+2*math.Pi, 2*math.Pi)
	}
	slices.Sort(sorted)
	for i, a := range sorted {
		next := sorted[(i+1)%len(sorted)]
		if i+1 == len(sorted) {
			next += 2 * math.Pi
		}
		if next-a > gap+1e-9 {
			from, gap = a, next-a
		}
	}
	return from, gap
}

// linear reports whether the bonds of atom a are in a line: those of a triple
// bond or of two double bonds.
func (l *layouter) linear(a int) bool {
	doubles := 0
	for _, n := range l.m.Neighbors(a) {
		switch l.m.Bond(int(n.Bond)).Order {
		case molecule.Triple:
			return true
		case molecule.Double:
			doubles++
		}
	}
	e := l.m.Atom(a).Element
	return doubles == 2 && l.m.Degree(a) == 2 && (e == 6 || e == 7)
}

// put places b, at an angle from a, with the ring system it belongs to.
func (l *layouter) put(a, b int, angle float64) []int {
	at := l.pos[a].plus(polar(angle, 1))
	s := l.system[b]
	if s < 0 {
		l.pos[b], l.placed[b] = at, true
		return []int{b}
	}
	local := l.local[s]
	var inside []float64
	outside := 0
	for _, n := range l.m.Neighbors(b) {
		if l.system[n.Atom] == s && !l.bridge[n.Bond] {
			inside = append(inside, local[n.Atom].minus(local[b]).angle())
		} else {
			outside++
		}
	}
	from, gap := widest(inside)
	// Where another substituent shares the gap, the ring is turned for both.
	turn := angle + math.Pi - (from + gap/float64(outside+1))
	for _, x := range l.atoms[s] {
		l.pos[x] = local[x].minus(local[b]).turned(turn).plus(at)
		l.placed[x] = true
	}
	return slices.Clone(l.atoms[s])
}

// configure turns the parts at double bonds so that they stand as the molecule
// says.
func (l *layouter) configure(atoms []int) {
	in := map[int]bool{}
	for _, a := range atoms {
		in[a] = true
	}
	for k := range l.m.NumBonds() {
		b := l.m.Bond(k)
		if b.Stereo == molecule.NoStereo || !in[int(b.A)] || !l.bridge[k] {
			continue
		}
		if l.together(b) != (b.Stereo == molecule.Together) {
			l.flip(int(b.A), int(b.B))
		}
	}
}

// together reports whether the reference atoms of b are drawn at one side of it.
func (l *layouter) together(b molecule.Bond) bool {
	d := l.pos[b.B].minus(l.pos[b.A])
	return d.cross(l.pos[b.RefA].minus(l.pos[b.A]))*d.cross(l.pos[b.RefB].minus(l.pos[b.B])) > 0
}

// flip mirrors the smaller side of the bond between a and b at the bond.
func (l *layouter) flip(a, b int) {
	side := l.side(a, b)
	if other := l.side(b, a); len(other) < len(side) {
		side = other
	}
	for _, x := range side {
		l.pos[x] = l.pos[x].mirrored(l.pos[a], l.pos[b])
	}
}

// orient turns the part so that it is wider than high and its bonds lie at
// multiples of 30°.
func (l *layouter) orient(atoms []int) {
	if len(atoms) < 2 {
		return
	}
	var center Point
	for _, a := range atoms {
		center = center.plus(l.pos[a])
	}
	center = center.times(1 / float64(len(atoms)))
	var xx, xy, yy float64
	for _, a := range atoms {
		d := l.pos[a].minus(center)
		xx += d.X * d.X
		xy += d.X * d.Y
		yy += d.Y * d.Y
	}
	main := math.Atan2(2*xy, xx-yy) / 2
	// The direction of the bonds modulo 30°, as the mean of their angles times 12.
	var mean Point
	for _, a := range atoms {
		for _, n := range l.m.Neighbors(a) {
			if int(n.Atom) > a {
				mean = mean.plus(polar(12*l.pos[n.Atom].minus(l.pos[a]).angle(), 1))
			}
		}
	}
	turn := -main
	if mean.length() > 1e-6 {
		step := math.Pi / 6
		offset := mean.angle() / 12
		turn = math.Round((-main+offset)/step)*step - offset
	}
	for _, a := range atoms {
		l.pos[a] = l.pos[a].minus(center).turned(turn)
	}
}

// arrange puts the parts side by side, from the left to the right in the order
// of their first atoms.
func (l *layouter) arrange() {
	x := 0.0
	for part := range l.parts {
		low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
		for i, p := range l.part {
			if int(p) == part {
				low = Point{min(low.X, l.pos[i].X), min(low.Y, l.pos[i].Y)}
				high = Point{max(high.X, l.pos[i].X), max(high.Y, l.pos[i].Y)}
			}
		}
		shift := Point{x - low.X, -(low.Y + high.Y) / 2}
		for i, p := range l.part {
			if int(p) == part {
				l.pos[i] = l.pos[i].plus(shift)
			}
		}
		x += high.X - low.X + 1.6
	}
}
