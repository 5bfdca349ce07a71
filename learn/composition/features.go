package composition

import (
	"math"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/oxidation"
)

// The features of a composition, in order: statistics of each property of the
// elements, then extra, then the fraction of atoms of each element.
var (
	statistics = [...]string{"mean", "deviation", "range", "least", "most", "mode"}
	extra      = [...]string{
		"elements", "norm 2", "norm 3", "norm 5", "norm 7", "norm 10", "mixing entropy",
		"s share", "p share", "d share", "f share",
		"ionic most", "ionic mean", "size mismatch", "electronegativity mismatch", "odd electrons",
		"neutral", "charge", "cation state", "cation state deviation", "anion fraction",
		"cation electronegativity", "anion electronegativity", "cation d electrons", "cation radius", "anion radius", "cation period", "anion period",
	}
	names = func() (out []string) {
		for _, p := range properties {
			for _, s := range statistics {
				out = append(out, s+" "+p)
			}
		}
		out = append(out, extra[:]...)
		for z := 1; z <= lastKnown; z++ {
			out = append(out, "fraction "+chem.Element(z).Symbol())
		}
		return out
	}()
)

// Count is the number of features of a composition.
var Count = len(names)

// Fractions is the index of the feature that holds the fraction of hydrogen;
// those of the other elements follow, by atomic number, to the end.
var Fractions = Count - lastKnown

// Names returns the names of the features. The caller must not change it.
func Names() []string { return names }

// Columns of the table that extra features use.
var (
	pauling    = column("pauling")
	sValence   = column("s-valence")
	dValence   = column("d-valence")
	group      = column("group")
	period     = column("period")
	covalent   = column("covalent-radius")
	metallic   = column("atomic-radius")
	ionic      = column("ionic-radius")
	deviations = 1 // index of "deviation" in statistics
)

// Features sets dst, which must have Count elements, to the features of a
// composition as Parse returns it: one amount for each element, none zero.
// Amounts count relative to each other.
func Features(dst []float64, amounts []Amount) {
	clear(dst)
	var fraction [MaxElements]float64
	total := 0.0
	for _, a := range amounts {
		total += a.Atoms
	}
	mode := 0
	for i, a := range amounts {
		fraction[i] = a.Atoms / total
		if fraction[i] > fraction[mode] {
			mode = i
		}
	}
	modes := 0.0 // elements that share the largest fraction
	for i := range amounts {
		if fraction[i] > fraction[mode]-1e-9 {
			modes++
		}
	}
	const n = len(statistics)
	if len(amounts) > 0 {
		first := known[amounts[0].Element]
		for j := range properties {
			s := dst[j*n : j*n+n : j*n+n]
			s[3], s[4] = first[j], first[j]
		}
	}
	for i, a := range amounts {
		row, f := known[a.Element], fraction[i]
		isMode := f > fraction[mode]-1e-9
		for j, v := range row {
			s := dst[j*n : j*n+n : j*n+n]
			s[0] += f * v
			if v < s[3] {
				s[3] = v
			}
			if v > s[4] {
				s[4] = v
			}
			if isMode {
				s[5] += v / modes
			}
		}
	}
	for i, a := range amounts {
		row, f := known[a.Element], fraction[i]
		for j, v := range row {
			s := dst[j*n : j*n+n : j*n+n]
			s[deviations] += f * math.Abs(v-s[0])
		}
	}
	for j := range properties {
		s := dst[j*n : j*n+n : j*n+n]
		s[2] = s[4] - s[3]
	}
	extras(dst[len(properties)*n:Fractions], dst, amounts, &fraction)
	for i, a := range amounts {
		dst[Fractions+int(a.Element)-1] = fraction[i]
	}
}

// extras sets dst to the extra features; all holds the statistics.
func extras(dst, all []float64, amounts []Amount, fraction *[MaxElements]float64) {
	const n = len(statistics)
	put := func(v float64) { dst[0] = v; dst = dst[1:] }
	put(float64(len(amounts)))
	var p2, p3, p5, p7, p10, entropy float64
	for i := range amounts {
		f := fraction[i]
		f2 := f * f
		f5 := f2 * f2 * f
		p2 += f2
		p3 += f2 * f
		p5 += f5
		p7 += f5 * f2
		p10 += f5 * f5
		entropy -= f * math.Log(f)
	}
	put(math.Sqrt(p2))
	put(math.Cbrt(p3))
	put(math.Pow(p5, 1.0/5))
	put(math.Pow(p7, 1.0/7))
	put(math.Pow(p10, 1.0/10))
	put(entropy)

	// Shares of s, p, d and f electrons in all valence electrons (Meredig et
	// al., Phys. Rev. B 89 (2014) 094104).
	valence := 0.0
	for k := range 4 {
		valence += all[(sValence+k)*n]
	}
	for k := range 4 {
		share := 0.0
		if valence > 0 {
			share = all[(sValence+k)*n] / valence
		}
		put(share)
	}

	// Ionic character of pairs, 1 − exp(−Δχ²/4) (Pauling); mismatch of radii and
	// electronegativities (Zhang et al., Adv. Eng. Mater. 10 (2008) 534).
	var most, mean, size, en float64
	meanRadius, meanEN := all[metallic*n], all[pauling*n]
	for i, a := range amounts {
		row := known[a.Element]
		for k, b := range amounts[:i] {
			d := row[pauling] - known[b.Element][pauling]
			c := 1 - math.Exp(-d*d/4)
			most = max(most, c)
			mean += 2 * fraction[i] * fraction[k] * c
		}
		r, x := 1-row[metallic]/meanRadius, row[pauling]-meanEN
		size += fraction[i] * r * r
		en += fraction[i] * x * x
	}
	put(most)
	put(mean)
	put(math.Sqrt(size))
	put(math.Sqrt(en))
	put(oddElectrons(amounts))
	oxidationFeatures(dst, amounts, fraction)
}

// oddElectrons returns 1 if the formula unit has whole amounts and an odd
// number of electrons, so that some band is half filled, 0 if it is even, and
// ½ if amounts are not whole.
func oddElectrons(amounts []Amount) float64 {
	electrons := 0
	divisor := 0
	for _, a := range amounts {
		k := math.Round(a.Atoms)
		if math.Abs(k-a.Atoms) > 1e-6 || k > 1e6 {
			return 0.5
		}
		divisor = gcd(int(k), divisor)
	}
	for _, a := range amounts {
		electrons += int(math.Round(a.Atoms)) / max(1, divisor) * int(a.Element)
	}
	return float64(electrons % 2)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// oxidationFeatures sets dst to what the guessed oxidation states say. Values
// that need cations or anions are missing where there are none.
func oxidationFeatures(dst []float64, amounts []Amount, fraction *[MaxElements]float64) {
	var states [MaxElements]int8
	charge, ok := oxidation.Guess(amounts, states[:len(amounts)])
	neutral := 0.0
	if ok && math.Abs(charge) < 1e-6 {
		neutral = 1
	}
	if !ok {
		charge = math.NaN()
	}
	var cations, anions, state, cationEN, anionEN, dElectrons, cationRadius, anionRadius, cationPeriod, anionPeriod float64
	for i, a := range amounts {
		f, row := fraction[i], known[a.Element]
		switch q := float64(states[i]); {
		case q > 0:
			cations += f
			state += f * q
			cationEN += f * row[pauling]
			cationRadius += f * row[ionic]
			cationPeriod += f * row[period]
			if g := row[group]; g >= 3 && g <= 12 && row[dValence] > 0 {
				dElectrons += f * max(0, g-q)
			}
		case q < 0:
			anions += f
			anionEN += f * row[pauling]
			anionRadius += f * row[covalent]
			anionPeriod += f * row[period]
		}
	}
	over := func(sum, weight float64) float64 {
		if weight == 0 {
			return math.NaN()
		}
		return sum / weight
	}
	meanState := over(state, cations)
	deviation := 0.0
	for i := range amounts {
		if q := float64(states[i]); q > 0 {
			deviation += fraction[i] * math.Abs(q-meanState)
		}
	}
	for i, v := range [...]float64{
		neutral, charge, meanState, over(deviation, cations), anions,
		over(cationEN, cations), over(anionEN, anions), over(dElectrons, cations),
		over(cationRadius, cations), over(anionRadius, anions), over(cationPeriod, cations), over(anionPeriod, anions),
	} {
		dst[i] = v
	}
}
