// Package quantity reads numbers, units and intervals as science writes them
// and converts between units of one dimension.
package quantity

import (
	"fmt"
	"math"
	"strconv"
)

// Quantity is a number or an interval in a unit.
type Quantity struct {
	Low, High   float64 // ends, in Unit; equal for a single number; ±Inf for an open end ("> 5", "up to 7")
	Uncertainty float64 // half width stated as ± or in parentheses, in Unit; 0 when none is stated
	Approximate bool    // "~", "ca.", "about"
	Unit        Unit
}

// In returns q in unit u. Temperatures are points on their scales: 25 °C is
// 298.15 K; their uncertainties are differences. It reports an error if the
// dimensions differ or a unit is unknown.
func (q Quantity) In(u Unit) (Quantity, error) {
	if q.Unit.Unknown || u.Unknown {
		if q.Unit == u {
			return q, nil
		}
		return q, fmt.Errorf("cannot convert %s to %s: unknown unit", q.Unit, u)
	}
	if q.Unit.Dimension != u.Dimension {
		return q, fmt.Errorf("cannot convert %s to %s: dimension %s is not %s", q.Unit, u, q.Unit.Dimension, u.Dimension)
	}
	if q.Unit.Factor == u.Factor && q.Unit.Offset == u.Offset {
		q.Unit = u // exactly, without rounding
		return q, nil
	}
	scale := q.Unit.Factor / u.Factor
	shift := (q.Unit.Offset - u.Offset) / u.Factor
	q.Low = tidy(q.Low*scale + shift)
	q.High = tidy(q.High*scale + shift)
	q.Uncertainty = tidy(q.Uncertainty * scale)
	q.Unit = u
	return q, nil
}

// tidy rounds to 12 significant digits, so that 0.4 meV is 0.0004 eV and not
// 0.00040000000000000002.
func tidy(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// String writes q with its unit: "3.2 ± 0.4 eV", "0.5–0.8 V", "> 5 K".
func (q Quantity) String() string {
	num := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	var s string
	switch {
	case math.IsInf(q.High, 1):
		s = "> " + num(q.Low)
	case math.IsInf(q.Low, -1):
		s = "< " + num(q.High)
	case q.Low == q.High:
		s = num(q.Low)
	default:
		s = num(q.Low) + "–" + num(q.High)
	}
	if q.Uncertainty > 0 {
		s += " ± " + num(q.Uncertainty)
	}
	if q.Approximate {
		s = "~" + s
	}
	if q.Unit.Symbol != "" {
		s += " " + q.Unit.Symbol
	}
	return s
}
