package space

import (
	"math"
	"math/rand/v2"
	"slices"
)

// maxEnumerated is the most points that All returns.
const maxEnumerated = 50_000

// All returns all points, or false if there are too many, or no end of them.
// They are tried in a fixed order.
func (s *Space) All() ([][]float64, bool) {
	total := 1.0
	if s.Rows != nil {
		total = float64(len(s.Rows))
	}
	for _, j := range s.free {
		n := s.Variables[j].steps()
		if n == 0 {
			return nil, false
		}
		if total *= float64(n); total > 20*maxEnumerated {
			return nil, false // constraints rarely leave less than a twentieth
		}
	}
	var mixtures [][][]float64
	for _, m := range s.Mixtures {
		all, ok := s.allMixtures(m)
		if !ok {
			return nil, false
		}
		mixtures = append(mixtures, all)
		if total *= float64(len(all)); total > 20*maxEnumerated {
			return nil, false
		}
	}
	var points [][]float64
	point := make([]float64, len(s.Variables))
	full := true
	var over func(part int)
	over = func(part int) {
		switch {
		case !full:
		case part < len(mixtures):
			for _, amounts := range mixtures[part] {
				for k, j := range s.Mixtures[part].Variables {
					point[j] = amounts[k]
				}
				over(part + 1)
			}
		case part < len(mixtures)+len(s.free):
			j := s.free[part-len(mixtures)]
			for k := range s.Variables[j].steps() {
				point[j] = s.Variables[j].at(k)
				over(part + 1)
			}
		default:
			if ok, _ := s.keeps(point); ok {
				points = append(points, slices.Clone(point))
				full = len(points) <= maxEnumerated
			}
		}
	}
	if s.Rows == nil {
		over(0)
	}
	for _, row := range s.Rows {
		s.setRow(point, row)
		over(0)
	}
	return points, full
}

func (s *Space) setRow(point, row []float64) {
	for k, j := range s.Joint {
		point[j] = row[k]
	}
}

// allMixtures returns the amounts of all mixtures, or false if there are too
// many.
func (s *Space) allMixtures(m Mixture) ([][]float64, bool) {
	step := s.Variables[m.Variables[0]].Step
	if step == 0 {
		return nil, false
	}
	var all [][]float64
	amounts := make([]float64, len(m.Variables))
	visited := 0
	var over func(k, present int, rest float64) bool
	over = func(k, present int, rest float64) bool {
		if visited++; visited > 100*maxEnumerated {
			return false
		}
		v := &s.Variables[m.Variables[k]]
		if k == len(amounts)-1 {
			x := tidy(rest)
			if math.Abs(x) < 1e-6*step {
				x = 0
			}
			if x > 0 {
				present++
			}
			if present <= m.AtMost && (x == 0 && v.Low == 0 || x >= v.Low-tolerance && x <= v.High+tolerance && math.Abs(v.snap(x)-x) < 1e-6*step) {
				amounts[k] = x
				all = append(all, slices.Clone(amounts))
			}
			return len(all) <= maxEnumerated
		}
		for i := range v.steps() {
			x := v.at(i)
			more := present
			if x > 0 {
				more++
			}
			if x > rest+1e-6*step || more > m.AtMost {
				break
			}
			amounts[k] = x
			if !over(k+1, more, rest-x) {
				return false
			}
		}
		return true
	}
	return all, over(0, 0, m.Total)
}

// tries bounds how often a point is drawn anew because it breaks a constraint.
const tries = 2000

// Draw returns a random point, or nil if constraints leave so little of the
// space that none was found.
func (s *Space) Draw(rnd *rand.Rand) []float64 {
	point := make([]float64, len(s.Variables))
	for range tries {
		if s.Rows != nil {
			s.setRow(point, s.Rows[rnd.IntN(len(s.Rows))])
		}
		for _, j := range s.free {
			s.drawVariable(point, j, rnd)
		}
		ok := true
		for _, m := range s.Mixtures {
			ok = ok && s.drawMixture(point, m, rnd)
		}
		if !ok {
			continue
		}
		if ok, _ := s.keeps(point); ok {
			return point
		}
	}
	return nil
}

func (s *Space) drawVariable(point []float64, j int, rnd *rand.Rand) {
	v := &s.Variables[j]
	if v.Kind != Number {
		k := rnd.IntN(v.allowed)
		if v.editor != nil {
			for range rnd.IntN(4) { // some edits away from where the search begins
				k = s.varyMolecule(j, k, k, rnd)
			}
		}
		point[j] = float64(k)
		return
	}
	if n := v.steps(); n > 0 && !v.Log {
		point[j] = v.at(rnd.IntN(n))
		return
	}
	point[j] = v.fromUnit(rnd.Float64())
}

// drawMixture sets random amounts, uniform but for rounding and ranges.
func (s *Space) drawMixture(point []float64, m Mixture, rnd *rand.Rand) bool {
	var present, optional []int
	for _, j := range m.Variables {
		point[j] = 0
		if s.Variables[j].Low > 0 {
			present = append(present, j)
		} else {
			optional = append(optional, j)
		}
	}
	rnd.Shuffle(len(optional), func(a, b int) { optional[a], optional[b] = optional[b], optional[a] })
	room := min(m.AtMost-len(present), len(optional))
	if room > 0 {
		least := 0
		if len(present) == 0 {
			least = 1
		}
		present = append(present, optional[:least+rnd.IntN(room-least+1)]...)
	}
	rest := m.Total
	shares := make([]float64, len(present))
	sum := 0.0
	for k, j := range present {
		point[j] = s.Variables[j].Low
		rest -= point[j]
		shares[k] = rnd.ExpFloat64()
		sum += shares[k]
	}
	for k, j := range present {
		point[j] = s.Variables[j].snap(s.round(point[j]+rest*shares[k]/sum, j))
	}
	return s.balance(point, m, present, rnd)
}

// round rounds an amount that has no step to four digits of its range.
func (s *Space) round(x float64, j int) float64 {
	v := &s.Variables[j]
	if v.Step > 0 || v.High <= v.Low {
		return x
	}
	return significant(x, v.High-v.Low)
}

// balance changes the amounts of the variables present, in random order, until
// they add up. It reports whether they do.
func (s *Space) balance(point []float64, m Mixture, present []int, rnd *rand.Rand) bool {
	for range 4 {
		rnd.Shuffle(len(present), func(a, b int) { present[a], present[b] = present[b], present[a] })
		for _, j := range present {
			off := m.Total
			for _, i := range m.Variables {
				off -= point[i]
			}
			if math.Abs(off) < 1e-9*m.Total {
				return true
			}
			point[j] = tidy(s.Variables[j].snap(tidy(point[j] + off)))
		}
	}
	ok, _ := s.Contains(point)
	return ok
}

// Vary returns a point near parent, or nil if none was found that keeps to the
// constraints. Other is a second parent, some of whose values are taken over;
// it may be nil.
func (s *Space) Vary(parent, other []float64, rnd *rand.Rand) []float64 {
	for range 50 {
		point := slices.Clone(parent)
		if other != nil && rnd.IntN(3) == 0 {
			s.cross(point, other, rnd)
		}
		changes := 1 + rnd.IntN(2)
		for range changes {
			s.mutate(point, other, rnd)
		}
		ok := true
		for _, m := range s.Mixtures {
			var present []int
			for _, j := range m.Variables {
				if point[j] > 0 {
					present = append(present, j)
				}
			}
			ok = ok && len(present) <= m.AtMost && s.balance(point, m, present, rnd)
		}
		if ok {
			if ok, _ = s.keeps(point); ok {
				return point
			}
		}
	}
	return nil
}

// cross takes about half of what may vary alone from other.
func (s *Space) cross(point, other []float64, rnd *rand.Rand) {
	for _, j := range s.free {
		if rnd.IntN(2) == 0 {
			point[j] = other[j]
		}
	}
	for _, m := range s.Mixtures {
		if rnd.IntN(2) == 0 {
			for _, j := range m.Variables {
				point[j] = other[j]
			}
		}
	}
	if s.Rows != nil && rnd.IntN(2) == 0 {
		for _, j := range s.Joint {
			point[j] = other[j]
		}
	}
}

// mutate changes one thing: a free variable, a mixture or the row. A molecule may
// be crossed with that of other, unless it is nil.
func (s *Space) mutate(point, other []float64, rnd *rand.Rand) {
	n := len(s.free)
	for _, m := range s.Mixtures {
		n += len(m.Variables)
	}
	if s.Rows != nil {
		n++
	}
	k := rnd.IntN(n)
	if k < len(s.free) {
		j := s.free[k]
		v := &s.Variables[j]
		switch {
		case v.editor != nil:
			k, mate := int(point[j]), int(point[j])
			if other != nil {
				mate = int(other[j])
			}
			point[j] = float64(s.varyMolecule(j, k, mate, rnd))
			return
		case v.Kind != Number:
			s.drawVariable(point, j, rnd)
			return
		}
		// Small steps and large ones, and at least one of the grid.
		width := math.Pow(10, -3*rnd.Float64())
		x := v.fromUnit(min(max(v.unit(point[j])+width*rnd.NormFloat64(), 0), 1))
		if x == point[j] && v.Step > 0 {
			x = v.snap(x + v.Step*float64(1-2*rnd.IntN(2)))
		}
		point[j] = x
		return
	}
	k -= len(s.free)
	for _, m := range s.Mixtures {
		if k >= len(m.Variables) {
			k -= len(m.Variables)
			continue
		}
		s.move(point, m, rnd)
		return
	}
	s.setRow(point, s.Rows[rnd.IntN(len(s.Rows))])
}

// move takes an amount of one component for another.
func (s *Space) move(point []float64, m Mixture, rnd *rand.Rand) {
	from, to := m.Variables[rnd.IntN(len(m.Variables))], m.Variables[rnd.IntN(len(m.Variables))]
	if from == to {
		return
	}
	amount := point[from]
	if rnd.IntN(3) > 0 {
		amount *= math.Pow(10, -3*rnd.Float64())
	}
	if step := s.Variables[from].Step; step > 0 {
		amount = step * max(1, math.Round(amount/step))
	}
	amount = min(amount, point[from]-s.Variables[from].Low, s.Variables[to].High-point[to])
	if amount <= 0 {
		return
	}
	point[from] = s.Variables[from].snap(s.round(point[from]-amount, from))
	point[to] = s.Variables[to].snap(s.round(point[to]+amount, to))
}
