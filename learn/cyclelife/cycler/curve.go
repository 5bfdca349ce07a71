package cycler

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
)

// point is a point of a discharge curve.
type point struct {
	voltage  float64 // V
	capacity float64 // Ah given so far
}

// curve is a discharge curve: the capacity given until the voltage has fallen to
// each value. Points may be added in any order; settled, they are thinned out and
// sorted from high to low voltage.
type curve struct {
	points  []point
	settled int // that many of the points are
}

// resolution is the distance, in V, that voltages of settled points keep: far
// below that of the grid, and above the noise of a voltage that is held at the
// end of a discharge, of which only the beginning counts.
const resolution = 1e-3

// few is how many points are added before they are thinned out.
const few = 4096

func (c *curve) add(p point) {
	c.points = append(c.points, p)
	if len(c.points) >= few+2*c.settled {
		c.settle()
	}
}

// settle sorts the points and keeps, of those of nearly one voltage, the first of
// the highest voltage: the one with the least capacity.
func (c *curve) settle() {
	if c.settled == len(c.points) {
		return
	}
	slices.SortFunc(c.points, func(a, b point) int {
		return cmp.Or(cmp.Compare(b.voltage, a.voltage), cmp.Compare(a.capacity, b.capacity))
	})
	kept := c.points[:0]
	for _, p := range c.points {
		// The small share less is for the rounding of steps of just this size.
		if n := len(kept); n == 0 || kept[n-1].voltage-p.voltage > resolution*(1-1e-6) {
			kept = append(kept, p)
		}
	}
	c.points, c.settled = kept, len(kept)
}

// Bounds on curves that can be used.
const (
	fewestPoints = 10
	// A curve that falls back by more than the share backwards of its capacity
	// at more than the share mostFalls of its points is mixed with another. A few
	// stray points, as one cycle has in four of the 124 cells of Severson et
	// al., do no harm: medians of cycles are compared.
	backwards = 0.05
	mostFalls = 0.1
)

// check says why the curve cannot be used, or nothing. It lets the capacity begin
// at about 0: some cyclers count on over all cycles.
func (c *curve) check() error {
	c.settle()
	if len(c.points) == 0 {
		return errors.New("no row has a negative current; discharging, the current should be negative")
	}
	if len(c.points) < fewestPoints {
		return fmt.Errorf("%d voltages of the discharge are too few; %d are needed", len(c.points), fewestPoints)
	}
	least, most := c.points[0].capacity, c.points[0].capacity
	for _, p := range c.points {
		least, most = min(least, p.capacity), max(most, p.capacity)
	}
	if !(most > least) {
		return errors.New("the discharge capacity is the same at all voltages")
	}
	// Counted from the beginning of the cycle, the least is near 0; counted on,
	// it is what all cycles before have given.
	if least > (most-least)/2 {
		for i := range c.points {
			c.points[i].capacity -= least
		}
	}
	falls, first := 0, 0.0
	for i, p := range c.points[1:] {
		if c.points[i].capacity-p.capacity > backwards*(most-least) {
			if falls++; falls == 1 {
				first = p.voltage
			}
		}
	}
	if float64(falls) > mostFalls*float64(len(c.points)) {
		return fmt.Errorf("at %d of %d voltages, the highest of them %.3f V, the discharge has given less than before: it is mixed with a charge or another discharge; add the column \"current\", negative when discharging, or leave these rows out",
			falls, len(c.points), first)
	}
	return nil
}

// span returns the ends of the curve, in V. The curve has passed check.
func (c *curve) span() (high, low float64) {
	return c.points[0].voltage, c.points[len(c.points)-1].voltage
}

// at returns the capacity at a voltage, in Ah, on straight lines between points,
// and beyond the ends what it is there.
func (c *curve) at(voltage float64) float64 {
	i := sort.Search(len(c.points), func(i int) bool { return c.points[i].voltage <= voltage })
	switch {
	case i == 0:
		return c.points[0].capacity
	case i == len(c.points):
		return c.points[i-1].capacity
	}
	a, b := c.points[i-1], c.points[i]
	return a.capacity + (b.capacity-a.capacity)*(a.voltage-voltage)/(a.voltage-b.voltage)
}
