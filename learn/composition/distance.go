package composition

import (
	"cmp"
	"math"
	"slices"
)

// Profile is a composition along the Mendeleev numbers of Pettifor (J. Phys. C
// 19 (1986) 285), which put like elements side by side.
type Profile []step

// step is the fraction of atoms at one place.
type step struct {
	place, fraction float64
}

// NewProfile returns the profile of amounts.
func NewProfile(amounts []Amount) Profile {
	total := 0.0
	for _, a := range amounts {
		total += a.Atoms
	}
	p := make(Profile, len(amounts))
	for i, a := range amounts {
		p[i] = step{known[a.Element][mendeleev], a.Atoms / total}
	}
	slices.SortFunc(p, func(a, b step) int { return cmp.Compare(a.place, b.place) })
	return p
}

// Distance returns the least work that turns p into q: the fraction of atoms
// that is moved times the places it is moved by. It is 0 for the same ratios,
// and about 1 when every element is replaced by its neighbour.
//
// Reference: Hargreaves et al., Chem. Mater. 32 (2020) 10610 (element mover's
// distance).
func (p Profile) Distance(q Profile) float64 {
	work, ahead, last := 0.0, 0.0, 0.0
	i, j := 0, 0
	for i < len(p) || j < len(q) {
		place := math.Inf(1)
		if i < len(p) {
			place = p[i].place
		}
		if j < len(q) {
			place = min(place, q[j].place)
		}
		work += math.Abs(ahead) * (place - last)
		last = place
		if i < len(p) && p[i].place == place {
			ahead += p[i].fraction
			i++
		}
		if j < len(q) && q[j].place == place {
			ahead -= q[j].fraction
			j++
		}
	}
	return work
}
