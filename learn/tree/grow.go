package tree

import "math"

// cell sums the rows of one bin.
type cell struct {
	gradient, hessian float64
	rows              int32
}

// split is the best way found to divide a leaf.
type split struct {
	gain        float64
	column      int32
	bin         uint8 // rows with a bin up to it go left
	missingLeft bool
	left        cell // sum of the left side
}

// part is a leaf of the tree that grows.
type part struct {
	start, end int // of grower.rows
	depth      int
	node       int32
	sum        cell
	low, high  float64 // bounds of its value, from monotone constraints
	histogram  []cell
	best       split
}

// grower grows the trees of boosting. Its buffers serve tree after tree.
type grower struct {
	bins              *bins
	settings          Boosting
	gradient, hessian []float64
	rows, scratch     []int32
	columns           []int32 // that the tree may use
	leaves            []*part
	width             int // cells of a column in a histogram
	free              [][]cell
}

func newGrower(b *bins, settings Boosting) *grower {
	n := len(b.column[0])
	g := &grower{bins: b, settings: settings, gradient: make([]float64, n), hessian: make([]float64, n), scratch: make([]int32, n)}
	for _, e := range b.edges {
		g.width = max(g.width, len(e)+2)
	}
	return g
}

// grow returns a tree of rows. The rows are reordered so that those of a leaf
// stand together; g.leaves tells where.
func (g *grower) grow(rows, columns []int32) grown {
	g.rows, g.columns = rows, columns
	t := make(grown, 1, 2*g.settings.Leaves)
	root := &part{end: len(rows), low: math.Inf(-1), high: math.Inf(1), histogram: g.histogram()}
	g.fill(root)
	g.total(root)
	g.search(root)
	g.leaves = append(g.leaves[:0], root)
	for len(g.leaves) < g.settings.Leaves {
		best := -1
		for i, l := range g.leaves {
			if l.best.gain > 0 && (best < 0 || l.best.gain > g.leaves[best].best.gain) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		p := g.leaves[best]
		left, right := g.divide(p)
		left.node, right.node = int32(len(t)), int32(len(t)+1)
		n := node{column: p.best.column, left: left.node, threshold: g.bins.edges[p.best.column][p.best.bin-1]}
		if p.best.missingLeft {
			n.left = -n.left
		}
		t[p.node] = n
		t = append(t, node{column: leaf}, node{column: leaf})
		g.leaves[best] = left
		g.leaves = append(g.leaves, right)
	}
	for _, l := range g.leaves {
		t[l.node] = node{column: leaf, threshold: g.weight(l.sum, l.low, l.high)}
		g.release(l)
	}
	return t
}

// weight returns the best value of a leaf with that sum.
func (g *grower) weight(c cell, low, high float64) float64 {
	return min(max(-c.gradient/(c.hessian+g.settings.Ridge), low), high)
}

// score returns how much a leaf with that sum and value lowers the loss, twice.
func (g *grower) score(c cell, weight float64) float64 {
	return -weight * (2*c.gradient + weight*(c.hessian+g.settings.Ridge))
}

// divide makes the two parts of p.
func (g *grower) divide(p *part) (left, right *part) {
	column, bin := g.bins.column[p.best.column], p.best.bin
	at, other := p.start, 0
	for _, i := range g.rows[p.start:p.end] {
		if b := column[i]; b == 0 && p.best.missingLeft || b != 0 && b <= bin {
			g.rows[at] = i
			at++
		} else {
			g.scratch[other] = i
			other++
		}
	}
	copy(g.rows[at:p.end], g.scratch[:other])
	left = &part{start: p.start, end: at, depth: p.depth + 1, sum: p.best.left, low: p.low, high: p.high}
	right = &part{start: at, end: p.end, depth: p.depth + 1, sum: cell{
		p.sum.gradient - p.best.left.gradient, p.sum.hessian - p.best.left.hessian, p.sum.rows - p.best.left.rows,
	}, low: p.low, high: p.high}
	if m := g.settings.Monotone; m != nil && m[p.best.column] != 0 {
		middle := (g.weight(left.sum, p.low, p.high) + g.weight(right.sum, p.low, p.high)) / 2
		if m[p.best.column] > 0 {
			left.high, right.low = middle, middle
		} else {
			left.low, right.high = middle, middle
		}
	}
	if left.depth >= g.settings.Depth {
		g.release(p)
		return left, right
	}
	// The histogram of the larger side is what remains of the parent's.
	small, large := left, right
	if right.end-right.start < left.end-left.start {
		small, large = right, left
	}
	small.histogram = g.histogram()
	g.fill(small)
	large.histogram, p.histogram = p.histogram, nil
	for i := range large.histogram {
		c, d := &large.histogram[i], &small.histogram[i]
		c.gradient -= d.gradient
		c.hessian -= d.hessian
		c.rows -= d.rows
	}
	g.search(left)
	g.search(right)
	return left, right
}

// histogram returns a clear histogram.
func (g *grower) histogram() []cell {
	if n := len(g.free); n > 0 {
		h := g.free[n-1]
		g.free = g.free[:n-1]
		clear(h)
		return h
	}
	return make([]cell, len(g.columns)*g.width)
}

func (g *grower) release(p *part) {
	if p.histogram != nil {
		g.free = append(g.free, p.histogram)
		p.histogram = nil
	}
}

// fill adds the rows of p to its histogram.
func (g *grower) fill(p *part) {
	rows := g.rows[p.start:p.end]
	for k, j := range g.columns {
		cells, column := p.histogram[k*g.width:(k+1)*g.width], g.bins.column[j]
		for _, i := range rows {
			c := &cells[column[i]]
			c.gradient += g.gradient[i]
			c.hessian += g.hessian[i]
			c.rows++
		}
	}
}

func (g *grower) total(p *part) {
	for _, i := range g.rows[p.start:p.end] {
		p.sum.gradient += g.gradient[i]
		p.sum.hessian += g.hessian[i]
		p.sum.rows++
	}
}

// search finds the best split of p.
func (g *grower) search(p *part) {
	p.best = split{}
	least := int32(g.settings.MinLeaf)
	if p.sum.rows < 2*least {
		return
	}
	origin := g.score(p.sum, g.weight(p.sum, p.low, p.high))
	for k, j := range g.columns {
		cells := p.histogram[k*g.width : (k+1)*g.width]
		last := len(g.bins.edges[j]) // of the bins that may be the last on the left
		missing := cells[0]
		for pass := range 2 { // missing values to the right, then to the left
			var left cell
			if pass == 1 {
				if missing.rows == 0 {
					break
				}
				left = missing
			}
			for b := 1; b <= last; b++ {
				c := &cells[b]
				if c.rows == 0 {
					continue
				}
				left.gradient += c.gradient
				left.hessian += c.hessian
				left.rows += c.rows
				if left.rows < least {
					continue
				}
				right := cell{p.sum.gradient - left.gradient, p.sum.hessian - left.hessian, p.sum.rows - left.rows}
				if right.rows < least {
					break
				}
				var gain float64
				if g.settings.Monotone == nil {
					gain = left.gradient*left.gradient/(left.hessian+g.settings.Ridge) + right.gradient*right.gradient/(right.hessian+g.settings.Ridge) - origin
				} else {
					l, r := g.weight(left, p.low, p.high), g.weight(right, p.low, p.high)
					if float64(g.settings.Monotone[j])*(r-l) < 0 {
						continue
					}
					gain = g.score(left, l) + g.score(right, r) - origin
				}
				if gain > p.best.gain && gain > 1e-9*math.Abs(origin) {
					p.best = split{gain, j, uint8(b), pass == 1, left}
				}
			}
		}
	}
}
