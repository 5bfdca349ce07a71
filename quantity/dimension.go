package quantity

import (
	"strconv"
	"strings"
)

// Dimension holds the exponents of the seven SI base quantities, and of plane
// angle and cycles, which SI calls dimensionless but which must not be mixed
// with percentages. Exponents are counted in halves, so that Hz^1/2 fits.
type Dimension [9]int8

const (
	length = iota
	mass
	time
	current
	temperature
	amount
	luminosity
	angle
	cycles
)

var baseSymbols = [9]string{"m", "kg", "s", "A", "K", "mol", "cd", "rad", "cycle"}

// String writes d in base units: "m^2 kg s^-3 A^-1", or "1".
func (d Dimension) String() string {
	var parts []string
	for i, e := range d {
		switch {
		case e == 0:
		case e == 2:
			parts = append(parts, baseSymbols[i])
		case e%2 == 0:
			parts = append(parts, baseSymbols[i]+"^"+strconv.Itoa(int(e/2)))
		default:
			parts = append(parts, baseSymbols[i]+"^"+strconv.Itoa(int(e))+"/2")
		}
	}
	if parts == nil {
		return "1"
	}
	return strings.Join(parts, " ")
}

// plus returns d with halves/2 times e added.
func (d Dimension) plus(e Dimension, halves int) Dimension {
	for i := range d {
		d[i] += int8(int(e[i]) * halves / 2)
	}
	return d
}
