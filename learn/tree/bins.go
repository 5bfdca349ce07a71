package tree

import (
	"math"
	"slices"
)

// maxBins is the largest number of bins of a column, the one for missing
// values included.
const maxBins = 256

// bins is a table of features, each value replaced by the number of the
// interval that it lies in.
type bins struct {
	edges  [][]float64 // of each column, ascending: bin b holds values in (edges[b-2], edges[b-1]]; bin 0 is for missing values
	column [][]uint8   // bin of each row, column by column
}

// newBins puts x into at most limit bins for each column, with about as many
// rows in each.
func newBins(x [][]float64, limit int) *bins {
	limit = min(limit, maxBins)
	columns := len(x[0])
	b := &bins{edges: make([][]float64, columns), column: make([][]uint8, columns)}
	codes := make([]uint8, len(x)*columns)
	sorted := make([]float64, 0, len(x))
	for j := range columns {
		sorted = sorted[:0]
		for _, row := range x {
			if v := row[j]; v == v {
				sorted = append(sorted, v)
			}
		}
		slices.Sort(sorted)
		edges := cut(sorted, limit-2)
		if len(sorted) < len(x) {
			edges = append(edges, math.MaxFloat64) // divides known values from missing ones
		}
		b.edges[j] = edges
		column := codes[j*len(x) : (j+1)*len(x)]
		for i, row := range x {
			if v := row[j]; v == v {
				k, _ := slices.BinarySearch(edges, v)
				column[i] = uint8(k + 1)
			}
		}
		b.column[j] = column
	}
	return b
}

// cut returns the edges that divide sorted values into at most parts
// intervals. An edge lies half-way between two neighbouring values.
func cut(sorted []float64, parts int) []float64 {
	distinct := 0
	for i, v := range sorted {
		if i == 0 || v != sorted[i-1] {
			distinct++
		}
	}
	var edges []float64
	if distinct <= 1 {
		return nil
	}
	left, since := parts, 0 // intervals still to fill, rows since the last edge
	for i := 1; i < len(sorted) && left > 1; i++ {
		since++
		if sorted[i] == sorted[i-1] {
			continue
		}
		// The rows that remain, this interval included, over the intervals that remain.
		if distinct <= parts || since*left >= len(sorted)-i+since {
			edges = append(edges, between(sorted[i-1], sorted[i]))
			left--
			since = 0
		}
	}
	return edges
}

// between returns a number from a up to but not including b, half-way between
// them and with the precision of float32 where possible, which makes saved
// trees small.
func between(a, b float64) float64 {
	middle := a + (b-a)/2
	for _, edge := range [...]float64{float64(float32(middle)), middle} {
		if a <= edge && edge < b {
			return edge
		}
	}
	return a
}
