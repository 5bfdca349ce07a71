package depict

import (
	"math"

	"github.com/alkahest/alkahest/chem/molecule"
)

// Wedge says how a bond shows the handedness of the atom at its narrow end.
type Wedge struct {
	From int  // the stereocentre
	Up   bool // the wide end stands in front of the plane
}

// Wedges chooses, for every stereocentre, the bond that is drawn as a wedge, by
// number of the bond. Bonds to atoms that are not stereocentres, are in no ring
// and have few neighbours come first, as IUPAC asks (Brecher, Pure Appl. Chem.
// 78 (2006) 1897, ST-1).
func Wedges(m *molecule.Molecule, pos []Point) map[int]Wedge {
	out := map[int]Wedge{}
	for i := range m.NumAtoms() {
		if !m.Atom(i).Chirality.Tetrahedral() || m.Degree(i) < 3 {
			continue
		}
		next := m.Neighbors(i)
		best, bestRank := -1, math.Inf(1)
		for k, n := range next {
			b := m.Bond(int(n.Bond))
			if _, taken := out[int(n.Bond)]; taken || b.Order != molecule.Single {
				continue
			}
			rank := float64(m.Degree(int(n.Atom)))
			if m.Atom(int(n.Atom)).Chirality != molecule.Achiral {
				rank += 20
			}
			if m.BondRings(int(n.Bond)) > 0 {
				rank += 10
			}
			if m.Atom(int(n.Atom)).Element == 1 {
				rank -= 5
			}
			if len(next) == 3 && math.Abs(spread(m, pos, i, k)) < 0.2 {
				rank += 40 // the two others are drawn in line
			}
			if rank < bestRank {
				best, bestRank = k, rank
			}
		}
		if best < 0 {
			continue
		}
		out[int(next[best].Bond)] = Wedge{i, up(m, pos, i, best)}
	}
	return out
}

// up reports whether neighbour k of the stereocentre i stands in front of the
// plane.
func up(m *molecule.Molecule, pos []Point, i, k int) bool {
	next := m.Neighbors(i)
	c := m.Atom(i).Chirality
	angle := func(n int) float64 { return pos[next[n].Atom].minus(pos[i]).angle() }
	if len(next) == 3 {
		// The hydrogen or lone pair comes first in the order of neighbours. With k
		// in front it is behind, and from there the others go round the other way
		// than as drawn, or as drawn if k stands between them, less than half a turn
		// from each other: then the free place is opposite to k.
		return (c == molecule.Clockwise) == (spread(m, pos, i, k) > 0)
	}
	// Looking from neighbour k, in front, at the three others.
	if k%2 == 1 {
		c = c.Inverted()
	}
	var rest []float64
	for n := range next {
		if n != k {
			rest = append(rest, angle(n))
		}
	}
	return (c == molecule.Counterclockwise) == turn(rest[0], rest[1], rest[2])
}

// spread returns the sine of the angle from the neighbour that follows k to the one
// after, of three neighbours of atom i as drawn.
func spread(m *molecule.Molecule, pos []Point, i, k int) float64 {
	next := m.Neighbors(i)
	a, b := pos[next[(k+1)%3].Atom].minus(pos[i]), pos[next[(k+2)%3].Atom].minus(pos[i])
	return math.Sin(b.angle() - a.angle())
}

// turn reports whether the directions a, b, c follow one another
// counterclockwise.
func turn(a, b, c float64) bool {
	from := func(x float64) float64 { return math.Mod(x-a+4*math.Pi, 2*math.Pi) }
	return from(b) < from(c)
}
