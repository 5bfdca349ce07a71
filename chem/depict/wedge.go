package depict

import (
	"math"

	"github.com/alkahest/alkahest/chem/molecule"
)

// wedge says how a bond shows the handedness of the atom at its narrow end.
type wedge struct {
	from int // the stereocentre
	up   bool
}

// wedges chooses, for every stereocentre, the bond that is drawn as a wedge, by
// number of the bond. Bonds to atoms that are not stereocentres, are in no ring
// and have few neighbours come first, as IUPAC asks (Brecher, Pure Appl. Chem.
// 78 (2006) 1897, ST-1).
func wedges(m *molecule.Molecule, pos []Point) map[int]wedge {
	out := map[int]wedge{}
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
			if rank < bestRank {
				best, bestRank = k, rank
			}
		}
		if best < 0 {
			continue
		}
		out[int(next[best].Bond)] = wedge{i, up(m, pos, i, best)}
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
		// than as drawn. The two others span less than half a turn away from k, or
		// the drawing would be read the other way.
		drawn := turn(angle(0), angle(1), angle(2))
		return (c == molecule.Clockwise) == drawn
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

// turn reports whether the directions a, b, c follow one another
// counterclockwise.
func turn(a, b, c float64) bool {
	from := func(x float64) float64 { return math.Mod(x-a+4*math.Pi, 2*math.Pi) }
	return from(b) < from(c)
}
