package cycler

import (
	"fmt"
	"math"
	"slices"

	"github.com/alkahest/alkahest/learn/cyclelife"
)

// Voltages is the number of voltages at which curves are compared: over 1.6 V,
// one every 13 mV. With steps of up to 40 mV, errors grow by less than 1 %, as
// the code to Attia, Severson, Witmer, J. Electrochem. Soc. 168 (2021) 090547
// says.
const Voltages = 125

// Grid is where curves are compared: Voltages of them, evenly spaced from High to
// Low, in V.
type Grid struct {
	High, Low float64
}

// shared is the share of the voltages that cells cover in the median that each
// must cover.
const shared = 0.8

// Share returns the voltages that all cells cover that cover nearly as much as
// most. The others, which would leave little to compare, are returned with what
// is wrong with them. All passed Check.
func Share(all []*Recording) (Grid, map[*Recording]error) {
	var highs, lows []float64
	for _, r := range all {
		high, low := r.span()
		highs, lows = append(highs, high), append(lows, low)
	}
	usual := Grid{median(highs), median(lows)}
	grid, narrow := Grid{math.Inf(1), math.Inf(-1)}, map[*Recording]error{}
	for i, r := range all {
		if min(highs[i], usual.High)-max(lows[i], usual.Low) < shared*(usual.High-usual.Low) {
			narrow[r] = fmt.Errorf("cell %s: its discharges have %.3f to %.3f V in common, but most cells cover %.3f to %.3f V; leave it out, or look for cycles that were cut off",
				r.Name, highs[i], lows[i], usual.High, usual.Low)
			continue
		}
		grid.High, grid.Low = min(grid.High, highs[i]), max(grid.Low, lows[i])
	}
	return grid, narrow
}

// median returns the middle of values, the lower one of two.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

// Cell returns the curves of r on the voltages of g, which they cover.
func (g Grid) Cell(r *Recording) *cyclelife.Cell {
	c := &cyclelife.Cell{Capacity: make([][]float64, Voltages)}
	for v := range c.Capacity {
		row := make([]float64, cyclelife.Late+1)
		for i := range row {
			row[i] = math.NaN()
		}
		voltage := g.High + (g.Low-g.High)*float64(v)/(Voltages-1)
		for k := range r.cycles {
			row[compared[k]-firstCycle] = r.cycles[k].curve.at(voltage)
		}
		c.Capacity[v] = row
	}
	return c
}
