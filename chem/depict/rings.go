package depict

import (
	"math"
	"slices"
)

// ringSystem returns places for the atoms of ring system s, by number of the
// atom. The first ring is a regular polygon; every other is an arc between the
// atoms it shares with those before it. Where the rings do not fit together in
// the plane, as in bridged systems, springs find a compromise.
func (l *layouter) ringSystem(s int) []Point {
	pos := make([]Point, l.m.NumAtoms())
	placed := map[int]bool{}
	left := slices.Clone(l.rings[s])
	strained := false

	ring := func(k int) []int {
		atoms, _ := l.m.Ring(k)
		out := make([]int, len(atoms))
		for i, a := range atoms {
			out[i] = int(a)
		}
		return out
	}
	// Begin with the largest ring if it is a macrocycle, else with the ring that
	// has most others at its bonds.
	start, rank := 0, -1
	for n, k := range left {
		atoms, bonds := l.m.Ring(k)
		r := 0
		for _, b := range bonds {
			r += 10 * (l.m.BondRings(int(b)) - 1)
		}
		r += min(len(atoms), 8)
		if len(atoms) > 8 {
			r += 1000 * len(atoms)
		}
		if r > rank {
			start, rank = n, r
		}
	}
	first := ring(left[start])
	left = slices.Delete(left, start, start+1)
	radius := 0.5 / math.Sin(math.Pi/float64(len(first)))
	for n, a := range first {
		pos[a] = polar(math.Pi/2+2*math.Pi*float64(n)/float64(len(first)), radius)
		placed[a] = true
	}
	for len(left) > 0 {
		// Next the ring that shares one bond; then those that share more, then
		// those that share an atom.
		best, bestRank := -1, -1
		for n, k := range left {
			atoms := ring(k)
			shared, runs := 0, 0
			for i, a := range atoms {
				if placed[a] {
					shared++
					if !placed[atoms[(i+1)%len(atoms)]] {
						runs++
					}
				}
			}
			r := 0
			switch {
			case shared == 0:
				continue
			case shared == len(atoms):
				r = 1000
			case runs == 1 && shared == 2:
				r = 500 - len(atoms)
			case shared == 1:
				r = 100
			case runs == 1:
				r = 400 - len(atoms) + 10*shared
			default:
				r = 200
			}
			if r > bestRank {
				best, bestRank = n, r
			}
		}
		if best < 0 {
			break
		}
		atoms := ring(left[best])
		left = slices.Delete(left, best, best+1)
		strained = l.addRing(atoms, pos, placed) || strained
	}
	for _, a := range l.atoms[s] {
		for _, n := range l.m.Neighbors(a) {
			if placed[int(n.Atom)] && !l.bridge[n.Bond] && math.Abs(pos[a].minus(pos[n.Atom]).length()-1) > 0.05 {
				strained = true
			}
		}
	}
	if strained && !l.template(s, pos) {
		l.relax(s, pos)
	}
	return pos
}

// addRing places the atoms of a ring that have no place. It reports whether the
// ring cannot be regular.
func (l *layouter) addRing(atoms []int, pos []Point, placed map[int]bool) (strained bool) {
	n := len(atoms)
	begin := slices.IndexFunc(atoms, func(a int) bool { return placed[a] })
	for i := range n {
		// a run of unplaced atoms behind a placed one
		at := (begin + i) % n
		if !placed[atoms[at]] || placed[atoms[(at+1)%n]] {
			continue
		}
		var run []int
		j := at + 1
		for !placed[atoms[j%n]] {
			run = append(run, atoms[j%n])
			j++
		}
		from, to := atoms[at], atoms[j%n]
		if from == to {
			l.spiro(from, run, pos, placed)
			continue
		}
		chord := pos[to].minus(pos[from]).length()
		regular := len(run) == n-2 && math.Abs(chord-1) < 0.05
		strained = strained || !regular
		var bestArc []Point
		bestCrowd := math.Inf(1)
		for _, side := range []float64{1, -1} {
			arc := arcBetween(pos[from], pos[to], len(run), side)
			crowd := 0.0
			for _, p := range arc {
				for a := range placed {
					d := pos[a].minus(p).length()
					crowd += 1 / (0.05 + d*d*d)
				}
				if l.insideMacrocycle(atoms, p, pos, placed) {
					crowd += 100
				}
			}
			if crowd < bestCrowd-1e-9 {
				bestArc, bestCrowd = arc, crowd
			}
		}
		for k, a := range run {
			pos[a] = bestArc[k]
		}
		if bestCrowd > 0 {
			for _, p := range bestArc {
				for a := range placed {
					strained = strained || pos[a].minus(p).length() < 0.5
				}
			}
		}
		for _, a := range run {
			placed[a] = true
		}
	}
	return strained
}

// insideMacrocycle reports whether p is inside of a ring of more than eight atoms
// that is placed, other than the one with these atoms.
func (l *layouter) insideMacrocycle(atoms []int, p Point, pos []Point, placed map[int]bool) bool {
	s := l.system[atoms[0]]
	for _, k := range l.rings[s] {
		ring, _ := l.m.Ring(k)
		if len(ring) <= 8 || len(ring) == len(atoms) {
			continue
		}
		inside, all := false, true
		for i, a := range ring {
			all = all && placed[int(a)]
			q, r := pos[a], pos[ring[(i+1)%len(ring)]]
			if (q.Y > p.Y) != (r.Y > p.Y) && p.X < (r.X-q.X)*(p.Y-q.Y)/(r.Y-q.Y)+q.X {
				inside = !inside
			}
		}
		if all && inside {
			return true
		}
	}
	return false
}

// spiro places a ring that shares only atom a.
func (l *layouter) spiro(a int, run []int, pos []Point, placed map[int]bool) {
	var taken []float64
	for _, n := range l.m.Neighbors(a) {
		if placed[int(n.Atom)] {
			taken = append(taken, pos[n.Atom].minus(pos[a]).angle())
		}
	}
	from, gap := widest(taken)
	middle := from + gap/2
	n := len(run) + 1
	radius := 0.5 / math.Sin(math.Pi/float64(n))
	center := pos[a].plus(polar(middle, radius))
	for k, x := range run {
		pos[x] = center.plus(polar(middle+math.Pi+2*math.Pi*float64(k+1)/float64(n), radius))
		placed[x] = true
	}
}

// arcBetween returns k points between a and b, all one unit from the next, on an
// arc at the given side; on a line where a and b are too far apart.
func arcBetween(a, b Point, k int, side float64) []Point {
	d := b.minus(a)
	chord := d.length()
	out := make([]Point, k)
	n := float64(k + 1)
	if chord >= n-1e-6 || chord < 1e-9 {
		for i := range out {
			out[i] = a.plus(d.times(float64(i+1) / n)).plus(polar(d.angle()+side*math.Pi/2, 0.1))
		}
		return out
	}
	// Every step subtends phi: sin(n phi/2)/sin(phi/2) = chord, which falls as phi
	// grows.
	low, high := 1e-9, 2*math.Pi/n
	for range 60 {
		phi := (low + high) / 2
		if math.Sin(n*phi/2)/math.Sin(phi/2) > chord {
			low = phi
		} else {
			high = phi
		}
	}
	phi := (low + high) / 2
	// The first step leaves the chord by half the total turn less half a step.
	angle := d.angle() + side*(n-1)*phi/2
	p := a
	for i := range out {
		p = p.plus(polar(angle, 1))
		out[i] = p
		angle -= side * phi
	}
	return out
}

// relax moves the atoms of ring system s so that bonds have the usual length,
// small rings are near to regular and other atoms are apart.
func (l *layouter) relax(s int, pos []Point) {
	type spring struct {
		a, b        int
		length, how float64
		push        bool // only when nearer
	}
	var springs []spring
	atoms := l.atoms[s]
	tied := map[[2]int]bool{}
	tie := func(a, b int, length, how float64, push bool) {
		key := [2]int{min(a, b), max(a, b)}
		if !tied[key] {
			tied[key] = true
			springs = append(springs, spring{a, b, length, how, push})
		}
	}
	in := map[int]bool{}
	for _, a := range atoms {
		in[a] = true
	}
	for _, a := range atoms {
		for _, n := range l.m.Neighbors(a) {
			if in[int(n.Atom)] && !l.bridge[n.Bond] {
				tie(a, int(n.Atom), 1, 1, false)
			}
		}
	}
	for _, k := range l.rings[s] {
		ring, _ := l.m.Ring(k)
		n := len(ring)
		if n < 5 || n > 8 {
			continue
		}
		for i := range ring {
			tie(int(ring[i]), int(ring[(i+2)%n]), 2*math.Sin(math.Pi*float64(n-2)/float64(2*n)), 0.15, false)
		}
	}
	for i, a := range atoms {
		for _, b := range atoms[i+1:] {
			tie(a, b, 1.1, 0.4, true)
		}
	}
	force := make([]Point, len(pos))
	for step := range 600 {
		for _, a := range atoms {
			force[a] = Point{}
		}
		for _, sp := range springs {
			d := pos[sp.b].minus(pos[sp.a])
			r := d.length()
			if sp.push && r >= sp.length {
				continue
			}
			if r < 1e-6 { // atoms on top of each other part in a fixed direction
				d, r = Point{float64(sp.a%3) - 1, 1}, 1
			}
			f := d.times(sp.how * (r - sp.length) / r)
			force[sp.a] = force[sp.a].plus(f)
			force[sp.b] = force[sp.b].minus(f)
		}
		rate := 0.25
		if step > 400 {
			rate = 0.1
		}
		for _, a := range atoms {
			f := force[a].times(rate)
			if n := f.length(); n > 0.2 {
				f = f.times(0.2 / n)
			}
			pos[a] = pos[a].plus(f)
		}
	}
}
