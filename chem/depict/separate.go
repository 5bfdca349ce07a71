package depict

import (
	"math"

	"github.com/alkahest/alkahest/chem/molecule"
)

// near is the distance below which two atoms that are not bonded count as
// overlapping, in bond lengths.
const near = 0.75

// badness measures how much the atoms overlap: near atoms, and bonds that cross.
func (l *layouter) badness(atoms []int, bonds [][2]int) float64 {
	total := 0.0
	for i, a := range atoms {
		pa := l.pos[a]
		for _, b := range atoms[i+1:] {
			dx := pa.X - l.pos[b].X
			if dx > near || dx < -near {
				continue
			}
			dy := pa.Y - l.pos[b].Y
			d := dx*dx + dy*dy
			if d >= near*near {
				continue
			}
			if l.m.BondBetween(a, b) < 0 {
				total += 0.5 + (near-math.Sqrt(d))/near*2
			}
		}
	}
	for i, x := range bonds {
		for _, y := range bonds[i+1:] {
			if x[0] == y[0] || x[0] == y[1] || x[1] == y[0] || x[1] == y[1] {
				continue
			}
			if cross(l.pos[x[0]], l.pos[x[1]], l.pos[y[0]], l.pos[y[1]]) {
				total++
			}
		}
	}
	return total
}

// cross reports whether the lines from a to b and from c to d cross.
func cross(a, b, c, d Point) bool {
	if max(a.X, b.X) < min(c.X, d.X) || max(c.X, d.X) < min(a.X, b.X) || max(a.Y, b.Y) < min(c.Y, d.Y) || max(c.Y, d.Y) < min(a.Y, b.Y) {
		return false
	}
	side := func(p, q, r Point) float64 { return q.minus(p).cross(r.minus(p)) }
	return side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
}

// move is a change of one side of a bond that is in no ring.
type move struct {
	side []int
	kind moveKind
	by   float64
	cost float64
}

type moveKind uint8

const (
	flipMove moveKind = iota
	turnMove
	stretchMove
)

func (l *layouter) apply(m move, a, b int) {
	at, to := l.pos[a], l.pos[b]
	for _, x := range m.side {
		switch m.kind {
		case flipMove:
			l.pos[x] = l.pos[x].mirrored(at, to)
		case turnMove:
			l.pos[x] = l.pos[x].minus(at).turned(m.by).plus(at)
		case stretchMove:
			l.pos[x] = l.pos[x].plus(to.minus(at).times(m.by))
		}
	}
}

// separate mirrors, turns and as a last resort moves away parts of the molecule
// until none of that makes the overlaps fewer.
func (l *layouter) separate(atoms []int) {
	var bonds [][2]int
	in := map[int]bool{}
	for _, a := range atoms {
		in[a] = true
	}
	type hinge struct {
		a, b int
		side []int
		free bool // may be mirrored: not a double bond with a configuration
	}
	var hinges []hinge
	for k := range l.m.NumBonds() {
		b := l.m.Bond(k)
		x, y := int(b.A), int(b.B)
		if !in[x] {
			continue
		}
		bonds = append(bonds, [2]int{x, y})
		if !l.bridge[k] || l.m.Degree(x) == 1 && l.m.Degree(y) == 1 {
			continue
		}
		side := l.side(x, y)
		if 2*len(side) > len(atoms) {
			x, y = y, x
			side = l.side(x, y)
		}
		hinges = append(hinges, hinge{x, y, side, b.Stereo == molecule.NoStereo})
	}
	const tooMany = 250 // atoms, beyond which only a few rounds are made
	rounds := 40
	if len(atoms) > tooMany {
		rounds = 4
	}
	now := l.badness(atoms, bonds)
	saved := make([]Point, len(l.pos))
	for range rounds {
		if now == 0 {
			return
		}
		var best move
		var bestHinge hinge
		bestGain := 1e-6
		for _, h := range hinges {
			try := func(m move) {
				m.side = h.side
				for _, x := range m.side {
					saved[x] = l.pos[x]
				}
				l.apply(m, h.a, h.b)
				if gain := now - l.badness(atoms, bonds) - m.cost; gain > bestGain {
					best, bestHinge, bestGain = m, h, gain
				}
				for _, x := range m.side {
					l.pos[x] = saved[x]
				}
			}
			if h.free && len(h.side) > 1 {
				try(move{kind: flipMove})
			}
			for _, by := range []float64{15, -15, 30, -30, 60, -60} {
				if l.keeps(h.a, h.b, by*math.Pi/180) {
					try(move{kind: turnMove, by: by * math.Pi / 180, cost: math.Abs(by) / 120})
				}
			}
			if now > 1 {
				try(move{kind: stretchMove, by: 0.5, cost: 0.6})
				try(move{kind: stretchMove, by: 1, cost: 1.2})
			}
		}
		if best.side == nil {
			return
		}
		l.apply(best, bestHinge.a, bestHinge.b)
		now = l.badness(atoms, bonds)
	}
}

// keeps reports whether turning what is at b around a keeps the order of the
// bonds around a, and with it configurations at double bonds and stereocentres.
func (l *layouter) keeps(a, b int, by float64) bool {
	d := l.pos[b].minus(l.pos[a])
	for _, n := range l.m.Neighbors(a) {
		if int(n.Atom) == b {
			continue
		}
		between := math.Mod(l.pos[n.Atom].minus(l.pos[a]).angle()-d.angle()+4*math.Pi, 2*math.Pi)
		if between > math.Pi {
			between -= 2 * math.Pi
		}
		// no nearer to it than 45°, and not past it
		if by > 0 && between > 0 && between-by < math.Pi/4 || by < 0 && between < 0 && between-by > -math.Pi/4 {
			return false
		}
	}
	return true
}
