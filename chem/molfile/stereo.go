package molfile

import (
	"math"

	"github.com/alkahest/alkahest/chem/molecule"
)

// findStereo finds configurations: of atoms from the coordinates if the molecule
// has three dimensions, else from wedges, or from the stated parity if there are no
// coordinates; of double bonds from the coordinates. Where there is nothing to tell
// apart, building the molecule removes them again.
func (t *table) findStereo(m *molecule.Molecule) {
	flat, none := true, true
	for _, p := range t.places {
		flat = flat && p[2] == 0
		none = none && p == [3]float64{}
	}
	for i := range m.NumAtoms() {
		if m.Degree(i) < 3 || m.Degree(i) > 4 {
			continue
		}
		c := molecule.Achiral
		switch {
		case none:
			c = parityToChirality(m, i, t.parity[i])
		case flat:
			c = t.fromWedges(m, i)
		default:
			c = t.fromPlaces(m, i, nil)
		}
		t.builder.Atom(i).Chirality = c
	}
	if none {
		return
	}
	for k := range m.NumBonds() {
		b := t.builder.Bond(k)
		if b.Order == molecule.Double && t.wedges[k] == 0 {
			t.configuration(m, b)
		}
	}
}

// parityToChirality turns the parity of an atom to its chirality: seen with the
// neighbour with the highest number (or hydrogen) behind, the others, by number,
// turn clockwise for 1.
func parityToChirality(m *molecule.Molecule, i int, parity int8) molecule.Chirality {
	if parity != 1 && parity != 2 {
		return molecule.Achiral
	}
	// The neighbours by number, hydrogen last; ours are by bond, hydrogen first.
	nbs := m.Neighbors(i)
	odd := false
	for a := range nbs {
		for b := range a {
			odd = odd != (nbs[b].Atom > nbs[a].Atom)
		}
	}
	if len(nbs) == 3 {
		odd = !odd // hydrogen moves from the first place over three others
	}
	// Looking from the first with the last behind or in front: clockwise with the
	// last behind is clockwise from the first.
	c := molecule.Clockwise
	if (parity == 2) != odd {
		c = molecule.Counterclockwise
	}
	return c
}

// fromWedges returns the chirality of atom i by the wedges that begin at it.
func (t *table) fromWedges(m *molecule.Molecule, i int) molecule.Chirality {
	var lift [4]float64
	any := false
	for k, n := range m.Neighbors(i) {
		if b := m.Bond(int(n.Bond)); int(b.A) == i {
			switch t.wedges[n.Bond] {
			case 1, -1:
				lift[k] = float64(t.wedges[n.Bond])
				any = true
			case 2:
				return molecule.Achiral
			}
		}
	}
	if !any {
		return molecule.Achiral
	}
	return t.fromPlaces(m, i, lift[:])
}

// fromPlaces returns the chirality of atom i by the places of its neighbours, which
// lift raises by its number times the length of the bond.
func (t *table) fromPlaces(m *molecule.Molecule, i int, lift []float64) molecule.Chirality {
	var v [4][3]float64
	nbs := m.Neighbors(i)
	at := t.places[i]
	from := 4 - len(nbs)
	for k, n := range nbs {
		p := t.places[n.Atom]
		d := [3]float64{p[0] - at[0], p[1] - at[1], p[2] - at[2]}
		length := math.Sqrt(d[0]*d[0] + d[1]*d[1] + d[2]*d[2])
		if length == 0 {
			return molecule.Achiral
		}
		for x := range d {
			d[x] /= length
		}
		if lift != nil {
			d[2] += lift[k]
		}
		v[from+k] = d
	}
	if from == 1 { // hydrogen or a lone pair stands opposite to the others
		for x := range 3 {
			v[0][x] = -(v[1][x] + v[2][x] + v[3][x])
		}
	}
	var e [3][3]float64
	for k := range e {
		for x := range 3 {
			e[k][x] = v[k][x] - v[3][x]
		}
	}
	volume := e[0][0]*(e[1][1]*e[2][2]-e[1][2]*e[2][1]) - e[0][1]*(e[1][0]*e[2][2]-e[1][2]*e[2][0]) + e[0][2]*(e[1][0]*e[2][1]-e[1][1]*e[2][0])
	switch {
	case volume > 0.05:
		return molecule.Counterclockwise
	case volume < -0.05:
		return molecule.Clockwise
	}
	return molecule.Achiral // flat
}

// configuration sets the configuration of a double bond by the places of the atoms
// around it.
func (t *table) configuration(m *molecule.Molecule, b *molecule.Bond) {
	ref := func(i, other int32) int32 {
		for _, n := range m.Neighbors(int(i)) {
			if n.Atom != other && t.wedges[n.Bond] != 2 {
				return n.Atom
			}
		}
		return -1
	}
	refA, refB := ref(b.A, b.B), ref(b.B, b.A)
	if refA < 0 || refB < 0 {
		return
	}
	a, c := t.places[b.A], t.places[b.B]
	axis := [3]float64{c[0] - a[0], c[1] - a[1], c[2] - a[2]}
	axisLength := axis[0]*axis[0] + axis[1]*axis[1] + axis[2]*axis[2]
	if axisLength == 0 {
		return
	}
	// What of each neighbour stands off the axis; the two compare by direction.
	off := func(ref int32, at [3]float64) [3]float64 {
		p := t.places[ref]
		d := [3]float64{p[0] - at[0], p[1] - at[1], p[2] - at[2]}
		along := (d[0]*axis[0] + d[1]*axis[1] + d[2]*axis[2]) / axisLength
		return [3]float64{d[0] - along*axis[0], d[1] - along*axis[1], d[2] - along*axis[2]}
	}
	x, y := off(refA, a), off(refB, c)
	norm := math.Sqrt((x[0]*x[0] + x[1]*x[1] + x[2]*x[2]) * (y[0]*y[0] + y[1]*y[1] + y[2]*y[2]))
	if norm < 1e-3*axisLength {
		return // in line
	}
	switch cosine := (x[0]*y[0] + x[1]*y[1] + x[2]*y[2]) / norm; {
	case cosine > 0.2:
		b.Stereo, b.RefA, b.RefB = molecule.Together, refA, refB
	case cosine < -0.2:
		b.Stereo, b.RefA, b.RefB = molecule.Opposite, refA, refB
	}
}
