package evaluate

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// digits matches an unsigned decimal number.
var digits = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)

// numberSet returns the numbers in s as a sorted list without doubles, written
// in one way: "700-900K." is "700 900", "3.30 K" is "3.3". White space is taken
// out first, because tools that work on tokens write "27 4 K" for 274 K.
func numberSet(s string) string {
	var xs []float64
	for _, d := range digits.FindAllString(despace(s), -1) {
		if x, err := strconv.ParseFloat(d, 64); err == nil {
			xs = append(xs, x)
		}
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strings.Join(out, " ")
}

// value is a number or an interval of an annotation.
type value struct {
	low, high float64
	half      float64 // half a unit of the last digit that is written
	interval  bool
}

var (
	single   = regexp.MustCompile(`^([~≈∼<>≤≥]*)(-?[0-9]+(?:\.[0-9]+)?)(?:±[0-9.]+)?$`)
	interval = regexp.MustCompile(`^([~≈∼]*)(-?[0-9]+(?:\.[0-9]+)?)(?:-|to)(-?[0-9]+(?:\.[0-9]+)?)$`)
	power    = regexp.MustCompile(`^(?:([0-9]+(?:\.[0-9]+)?)\*)?10\^?-([0-9]{1,2})$`)
)

// maxValue bounds the length of a value, in bytes.
const maxValue = 100

// parseValue reads a value as annotators write it: "3.43", "~0.7", "<0.002",
// "1.23-1.4", "1.67±0.09", "0.2 to 0.45", "2.4*10-7", "10-4". Of a bound or a
// value with an uncertainty it takes the number.
func parseValue(s string) (value, bool) {
	if len(s) > maxValue {
		return value{}, false
	}
	s = despace(s)
	s = strings.NewReplacer("−", "-", "–", "-", "×", "*", "·", "*", ",", "").Replace(s)
	if m := power.FindStringSubmatch(s); m != nil {
		mantissa := m[1]
		if mantissa == "" {
			mantissa = "1"
		}
		x, err := strconv.ParseFloat(mantissa+"e-"+m[2], 64)
		if err != nil {
			return value{}, false
		}
		e, _ := strconv.Atoi(m[2])
		return value{low: x, high: x, half: halfUnit(mantissa) * math.Pow(10, -float64(e))}, true
	}
	if m := single.FindStringSubmatch(s); m != nil {
		x, err := strconv.ParseFloat(m[2], 64)
		return value{low: x, high: x, half: halfUnit(m[2])}, err == nil
	}
	if m := interval.FindStringSubmatch(s); m != nil {
		a, err1 := strconv.ParseFloat(m[2], 64)
		b, err2 := strconv.ParseFloat(m[3], 64)
		return value{low: min(a, b), high: max(a, b), half: min(halfUnit(m[2]), halfUnit(m[3])), interval: true}, err1 == nil && err2 == nil
	}
	if a, b, ok := strings.Cut(s, "to"); ok {
		x, ok1 := parseValue(a)
		y, ok2 := parseValue(b)
		if ok1 && ok2 && !x.interval && !y.interval {
			return value{low: min(x.low, y.low), high: max(x.low, y.low), half: min(x.half, y.half), interval: true}, true
		}
	}
	return value{}, false
}

// halfUnit returns half a unit of the last digit of s: 0.005 for "3.43".
func halfUnit(s string) float64 {
	_, decimals, _ := strings.Cut(s, ".")
	return 0.5 * math.Pow(10, -float64(len(decimals)))
}

// ends returns the ends of the value of r in unit. An open end is the closed
// one: a bound counts by its number. It reports false if r has no number or the
// units differ in dimension.
func ends(r *record.Record, unit quantity.Unit) (low, high float64, ok bool) {
	if r.Low == nil && r.High == nil {
		return 0, 0, false
	}
	switch {
	case r.Low == nil:
		low, high = *r.High, *r.High
	case r.High == nil:
		low, high = *r.Low, *r.Low
	default:
		low, high = *r.Low, *r.High
	}
	from, err := quantity.ParseUnit(r.Unit)
	if err != nil {
		return 0, 0, false
	}
	q, err := quantity.Quantity{Low: low, High: high, Unit: from}.In(unit)
	if err != nil {
		return 0, 0, false
	}
	return q.Low, q.High, true
}

// is reports whether low and high are the ends of v, each within the given part
// of its size.
func (v value) is(low, high, part float64) bool {
	return near(v.low, low, part*math.Abs(v.low)) && near(v.high, high, part*math.Abs(v.high))
}

// rounds reports whether low and high are the ends of v if the last digit of v
// may be rounded: they differ by at most half a unit of it. The difference must
// also stay below one part in a hundred, because half a unit of "2" is a lot.
func (v value) rounds(low, high float64) bool {
	return near(v.low, low, min(v.half, math.Abs(v.low)/100)) && near(v.high, high, min(v.half, math.Abs(v.high)/100))
}

// near reports whether a and b differ by at most tolerance, but for the noise
// of floating point.
func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance+1e-9*max(math.Abs(a), math.Abs(b))
}
