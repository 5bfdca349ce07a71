// Package cycler reads the discharge curves of battery cells from the files
// that cyclers export: a line for each point measured, with the cell, the
// cycle, the voltage and the capacity given so far. Of hundreds of cycles only
// the few are kept from which package cyclelife predicts.
package cycler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/alkahest/alkahest/learn/cyclelife"
)

// firstCycle is the number of the cycle that a cyclelife.Cell begins with.
const firstCycle = 2

// LastCycle is the number of the cycle that a cell must have finished, counting
// from 1, before its life can be predicted.
const LastCycle = firstCycle + cyclelife.Late

// compared are the numbers of the cycles that predictions look at: 10 to 14 and
// 96 to 100.
var compared = func() (numbers []int) {
	for c := range cyclelife.Late + 1 {
		if cyclelife.Compared(c) {
			numbers = append(numbers, firstCycle+c)
		}
	}
	return numbers
}()

// Limits of what is read.
const (
	MaxCells  = 10_000
	maxPoints = 20_000_000 // of the cycles compared, in all cells
	maxName   = 200        // bytes
	// MaxVoltage is the largest voltage, in V, of a single cell of any
	// chemistry, and more: beyond it, the unit is another.
	MaxVoltage = 10
	// MaxCapacity, in Ah, is far more than any cell holds, also counted on over
	// all its cycles.
	MaxCapacity = 1e9
)

// Recording is what was recorded of a cell.
type Recording struct {
	Name string
	Last int // highest number of a cycle with any rows

	cycles []cycle // in the order of compared
}

// cycle is what was recorded of a cycle.
type cycle struct {
	file  string // where it stands; empty where it was not seen
	curve curve
}

// Recordings collects the recordings of cells out of any number of files. The
// zero value is empty.
type Recordings struct {
	all    []*Recording
	names  map[string]*Recording
	points int
}

// All returns the recordings in the order in which their cells were met.
func (rs *Recordings) All() []*Recording { return rs.all }

// Read reads a file of cells separated by commas, semicolons or tabs. Its first
// line names the columns, in the usual spellings and without regard to case:
// cycle, voltage, discharge capacity, and if there are any, cell and current.
// Units stand in brackets or behind a slash; without, they are V, Ah and A.
// Without a column for the cell, all rows are of the cell given. Where there is
// a current, rows in which it is not negative are charging or rest and are
// passed over. Rows may stand in any order. Errors begin with name and line; what
// was read before stays.
func (rs *Recordings) Read(ctx context.Context, r io.Reader, name, cell string) error {
	l, err := openLines(r, name)
	if err != nil {
		return err
	}
	at, err := findColumns(l.heads, name, []role{cellRole, cycleRole, voltageRole, capacityRole, currentRole},
		cycleRole, voltageRole, capacityRole)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := l.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := rs.row(l, &at, cell); err != nil {
			return err
		}
	}
}

// row takes the line up at which l stands.
func (rs *Recordings) row(l *lines, at *[roles]found, cell string) error {
	number, err := l.number(at[cycleRole], "the cycle")
	if err != nil {
		return err
	}
	if number != float64(int32(number)) || number < 0 {
		return l.errorf("the cycle should be a whole number, not %v", number)
	}
	name := []byte(cell)
	if j := at[cellRole].index; j >= 0 {
		name = l.cells[j]
	}
	rec, ok := rs.names[string(name)]
	if !ok {
		if rec, err = rs.open(l, string(name)); err != nil {
			return err
		}
	}
	rec.Last = max(rec.Last, int(number))
	k, ok := slices.BinarySearch(compared, int(number))
	if !ok {
		return nil
	}
	fail := func(err error) error { return fmt.Errorf("%w (cell %s, cycle %d)", err, rec.Name, compared[k]) }
	c := &rec.cycles[k]
	if c.file == "" {
		c.file = l.name
	} else if c.file != l.name {
		return fail(l.errorf("this cycle stands in %s too; leave one out, or name the cells in a column \"cell\"", c.file))
	}
	if at[currentRole].index >= 0 {
		current, err := l.number(at[currentRole], "the current")
		if err != nil {
			return fail(err)
		}
		if current >= 0 {
			return nil
		}
	}
	voltage, err := l.number(at[voltageRole], "the voltage")
	if err != nil {
		return fail(err)
	}
	if voltage < -MaxVoltage || voltage > MaxVoltage {
		return fail(l.errorf("a voltage of %v V; if it is in mV, name the column \"Voltage(mV)\"", voltage))
	}
	capacity, err := l.number(at[capacityRole], "the discharge capacity")
	if err != nil {
		return fail(err)
	}
	if capacity < -MaxCapacity || capacity > MaxCapacity {
		return fail(l.errorf("a discharge capacity of %v Ah", capacity))
	}
	before := len(c.curve.points)
	c.curve.add(point{voltage, capacity})
	if rs.points += len(c.curve.points) - before; rs.points > maxPoints {
		return fail(l.errorf("more than %d points; read fewer cells at once", maxPoints))
	}
	return nil
}

// open returns the recording of a cell that was not met before.
func (rs *Recordings) open(l *lines, name string) (*Recording, error) {
	if name == "" {
		return nil, l.errorf("the name of the cell is empty")
	}
	if len(name) > maxName || !utf8.ValidString(name) {
		return nil, l.errorf("the name of the cell, %q, is longer than %d bytes or no UTF-8", clip([]byte(name)), maxName)
	}
	if len(rs.all) == MaxCells {
		return nil, l.errorf("more than %d cells; read fewer at once", MaxCells)
	}
	if rs.names == nil {
		rs.names = map[string]*Recording{}
	}
	rec := &Recording{Name: name, cycles: make([]cycle, len(compared))}
	rs.all, rs.names[name] = append(rs.all, rec), rec
	return rec, nil
}

// Check says why the life of the cell cannot be predicted, or nothing where it
// can: cycles are missing, or their curves cannot be used.
func (r *Recording) Check() error {
	if r.Last < LastCycle {
		return fmt.Errorf("cell %s: has reached cycle %d; %d are needed", r.Name, r.Last, LastCycle)
	}
	for k := range r.cycles {
		c := &r.cycles[k]
		if c.file == "" {
			return fmt.Errorf("cell %s: cycle %d is missing; %d to %d and %d to %d are needed",
				r.Name, compared[k], compared[0], compared[len(compared)/2-1], compared[len(compared)/2], compared[len(compared)-1])
		}
		if err := c.curve.check(); err != nil {
			return fmt.Errorf("%s: cell %s, cycle %d: %w", c.file, r.Name, compared[k], err)
		}
	}
	return nil
}

// span returns the voltages that all curves of the cell cover, which passed
// Check.
func (r *Recording) span() (high, low float64) {
	high, low = MaxVoltage, -MaxVoltage
	for k := range r.cycles {
		h, l := r.cycles[k].curve.span()
		high, low = min(high, h), max(low, l)
	}
	return high, low
}
