package tree

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Forest holds the settings of a random forest (Breiman, Mach. Learn. 45
// (2001) 5) or, with Extra, of extremely randomised trees (Geurts, Ernst,
// Wehenkel, Mach. Learn. 63 (2006) 3). Targets are numbers, or classes 0 and 1,
// for which a tree predicts the share of 1. The zero value of a field means its
// default.
type Forest struct {
	Trees          int     // default 300
	Extra          bool    // thresholds are drawn, and trees see all rows instead of a bootstrap sample
	MinLeaf        int     // fewest rows of a leaf; default 1
	Depth          int     // most splits between root and leaf; default 40
	ColumnFraction float64 // of the columns, drawn for each split; default 1/3
	Bins           int     // of each column, at most 256; default 256
	Seed           uint64
}

// Grove is a forest that was fitted. Its trees vote with equal weight.
type Grove struct {
	columns int
	trees   []grown
}

// Columns returns the number of features of a row.
func (m *Grove) Columns() int { return m.columns }

// Trees returns the number of trees.
func (m *Grove) Trees() int { return len(m.trees) }

// Each sets votes, which must have Trees elements, to what each tree predicts
// for a row of features. As leaves are small, the votes approximate the
// distribution of the target (Meinshausen, J. Mach. Learn. Res. 7 (2006) 983).
func (m *Grove) Each(x, votes []float64) {
	for i, t := range m.trees {
		votes[i] = t.value(x)
	}
}

// Predict returns the mean of the trees for a row of features.
func (m *Grove) Predict(x []float64) float64 {
	sum := 0.0
	for _, t := range m.trees {
		sum += t.value(x)
	}
	return sum / float64(len(m.trees))
}

// Fit grows trees that predict y from x with weights w, nil for equal ones.
func (f Forest) Fit(x [][]float64, y, w []float64) (*Grove, error) {
	if f.Trees == 0 {
		f.Trees = 300
	}
	if f.MinLeaf == 0 {
		f.MinLeaf = 1
	}
	if f.Depth == 0 {
		f.Depth = 40
	}
	if f.ColumnFraction == 0 {
		f.ColumnFraction = 1.0 / 3
	}
	if f.Bins == 0 {
		f.Bins = maxBins
	}
	columns, err := check(x, y, w)
	if err != nil {
		return nil, err
	}
	if f.Trees < 1 || f.MinLeaf < 1 || f.Depth < 1 || f.Bins < 4 || !(f.ColumnFraction > 0 && f.ColumnFraction <= 1) {
		return nil, fmt.Errorf("tree: trees %d, rows of a leaf %d, depth %d, bins %d, fraction of columns %g: out of range", f.Trees, f.MinLeaf, f.Depth, f.Bins, f.ColumnFraction)
	}
	b := newBins(x, f.Bins)
	m := &Grove{columns: columns, trees: make([]grown, f.Trees)}
	var group sync.WaitGroup
	var next atomic.Int64
	for range min(f.Trees, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			g := newPlanter(f, b, y, w)
			for {
				k := int(next.Add(1)) - 1
				if k >= f.Trees {
					return
				}
				m.trees[k] = g.plant(uint64(k))
			}
		})
	}
	group.Wait()
	return m, nil
}

// planter grows the trees of a forest, one after the other.
type planter struct {
	Forest
	bins           *bins
	target, weight []float64
	source         *rand.PCG
	rng            *rand.Rand
	rows, scratch  []int32
	columns        []int32 // in an order that changes as columns are drawn
	tried          int     // columns for each split
	spread         float64 // weighted sum of squared targets about their mean, against which noise of rounding is nothing
	tree           grown
	cells          [maxBins]cell // gradient holds weighted targets, hessian weights
}

func newPlanter(f Forest, b *bins, y, w []float64) *planter {
	columns := len(b.column)
	g := &planter{
		Forest: f, bins: b, target: y, weight: w, source: rand.NewPCG(0, 0),
		rows: make([]int32, len(y)), scratch: make([]int32, len(y)), columns: make([]int32, columns),
		tried: max(1, int(math.Round(f.ColumnFraction*float64(columns)))),
	}
	g.rng = rand.New(g.source)
	var sum, squares, total float64
	for i, v := range y {
		k := g.weightOf(int32(i))
		sum, total = sum+k*v, total+k
	}
	for i, v := range y {
		squares += g.weightOf(int32(i)) * (v - sum/total) * (v - sum/total)
	}
	g.spread = squares / float64(len(y))
	return g
}

// plant grows tree number k. It depends on nothing but the data, the settings
// and k.
func (g *planter) plant(k uint64) grown {
	g.source.Seed(g.Seed, k)
	for j := range g.columns {
		g.columns[j] = int32(j)
	}
	for i := range g.rows {
		if g.Extra {
			g.rows[i] = int32(i)
		} else {
			g.rows[i] = int32(g.rng.IntN(len(g.rows)))
		}
	}
	if !g.Extra {
		slices.Sort(g.rows)
	}
	g.tree = make(grown, 1, 256)
	g.grow(0, 0, len(g.rows), 0, 0)
	return slices.Clip(g.tree)
}

func (g *planter) weightOf(i int32) float64 {
	if g.weight == nil {
		return 1
	}
	return g.weight[i]
}

// grow makes node at of rows start to end, and all below it. The first constant
// columns of g.columns are equal in all these rows.
func (g *planter) grow(at int32, start, end, depth, constant int) {
	var sum cell
	low, high := math.Inf(1), math.Inf(-1)
	for _, i := range g.rows[start:end] {
		w, y := g.weightOf(i), g.target[i]
		sum.gradient += w * y
		sum.hessian += w
		low, high = min(low, y), max(high, y)
	}
	sum.rows = int32(end - start)
	value := float64(float32(sum.gradient / sum.hessian))
	g.tree[at] = node{column: leaf, threshold: value}
	if low == high || end-start < 2*g.MinLeaf || depth >= g.Depth {
		return
	}
	best, constant := g.search(start, end, sum, constant)
	if best.gain <= 0 {
		return
	}
	column := g.bins.column[best.column]
	middle, other := start, 0
	for _, i := range g.rows[start:end] {
		if b := column[i]; b == 0 && best.missingLeft || b != 0 && b <= best.bin {
			g.rows[middle] = i
			middle++
		} else {
			g.scratch[other] = i
			other++
		}
	}
	copy(g.rows[middle:end], g.scratch[:other])
	left := int32(len(g.tree))
	g.tree = append(g.tree, node{}, node{})
	n := node{column: best.column, left: left, threshold: g.bins.edges[best.column][best.bin-1]}
	if best.missingLeft {
		n.left = -left
	}
	g.tree[at] = n
	g.grow(left, start, middle, depth+1, constant)
	g.grow(left+1, middle, end, depth+1, constant)
}

// search finds the best split of rows start to end among columns that it draws.
// Columns in which all these rows are equal do not count as tried; those found
// are put to the others at the front of g.columns, and their new number is
// returned.
func (g *planter) search(start, end int, sum cell, constant int) (split, int) {
	var best split
	rows := g.rows[start:end]
	origin := sum.gradient * sum.gradient / sum.hessian
	for drawn, tried := constant, 0; tried < g.tried && drawn < len(g.columns); drawn++ {
		k := drawn + g.rng.IntN(len(g.columns)-drawn)
		g.columns[drawn], g.columns[k] = g.columns[k], g.columns[drawn]
		j := g.columns[drawn]
		column := g.bins.column[j]
		first, last := column[rows[0]], column[rows[0]]
		for _, i := range rows[1:] {
			b := column[i]
			first, last = min(first, b), max(last, b)
		}
		if first == last {
			g.columns[drawn], g.columns[constant] = g.columns[constant], g.columns[drawn]
			constant++
			continue
		}
		missing := first == 0
		if missing {
			first = last
			for _, i := range rows {
				if b := column[i]; b != 0 {
					first = min(first, b)
				}
			}
		}
		tried++
		if g.Extra {
			g.random(&best, j, rows, sum, origin, first, last, missing)
		} else {
			g.exhaust(&best, j, rows, sum, origin, first, last)
		}
	}
	return best, constant
}

// random tries one threshold of column j, between bins first and last.
func (g *planter) random(best *split, j int32, rows []int32, sum cell, origin float64, first, last uint8, missing bool) {
	column := g.bins.column[j]
	s := split{column: j, bin: first}
	if first < last {
		s.bin += uint8(g.rng.IntN(int(last - first)))
	}
	if missing {
		s.missingLeft = first < last && g.rng.IntN(2) == 0
	}
	if g.weight == nil && !missing {
		for _, i := range rows {
			if column[i] <= s.bin {
				s.left.gradient += g.target[i]
				s.left.rows++
			}
		}
		s.left.hessian = float64(s.left.rows)
	} else {
		for _, i := range rows {
			if b := column[i]; b == 0 && s.missingLeft || b != 0 && b <= s.bin {
				w := g.weightOf(i)
				s.left.gradient += w * g.target[i]
				s.left.hessian += w
				s.left.rows++
			}
		}
	}
	g.judge(best, s, sum, origin)
}

// exhaust tries all thresholds of column j, with missing values on either side.
func (g *planter) exhaust(best *split, j int32, rows []int32, sum cell, origin float64, first, last uint8) {
	column := g.bins.column[j]
	cells := g.cells[:int(last)+1]
	clear(cells)
	for _, i := range rows {
		w := g.weightOf(i)
		c := &cells[column[i]]
		c.gradient += w * g.target[i]
		c.hessian += w
		c.rows++
	}
	for _, missingLeft := range []bool{false, true} {
		s := split{column: j, missingLeft: missingLeft}
		if missingLeft {
			if cells[0].rows == 0 {
				break
			}
			s.left = cells[0]
		}
		for b := first; b <= last && int(b) <= len(g.bins.edges[j]); b++ {
			s.left.gradient += cells[b].gradient
			s.left.hessian += cells[b].hessian
			s.left.rows += cells[b].rows
			s.bin = b
			g.judge(best, s, sum, origin)
			if b == maxBins-1 {
				break
			}
		}
	}
}

// judge makes s the best split if it is.
func (g *planter) judge(best *split, s split, sum cell, origin float64) {
	if n := int32(g.MinLeaf); s.left.rows < n || sum.rows-s.left.rows < n {
		return
	}
	rest := sum.gradient - s.left.gradient
	s.gain = s.left.gradient*s.left.gradient/s.left.hessian + rest*rest/(sum.hessian-s.left.hessian) - origin
	if s.gain > best.gain && s.gain > 1e-9*g.spread {
		*best = s
	}
}
