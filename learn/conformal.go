package learn

import (
	"errors"
	"math"
	"slices"

	"github.com/alkahest/alkahest/learn/internal/wire"
)

// calibration turns the spread that a predictor expects into intervals that
// hold as often as they say: it knows by how many spreads predictions were off
// for subjects that they had not seen.
type calibration struct {
	scores []float64 // |error| / spread, ascending, at evenly spaced ranks
	n      int       // how many scores there were
}

// maxScores bounds the scores that are kept.
const maxScores = 2001

// newCalibration takes scores, which it sorts.
func newCalibration(scores []float64) calibration {
	slices.Sort(scores)
	c := calibration{scores: scores, n: len(scores)}
	if len(scores) > maxScores {
		c.scores = make([]float64, maxScores)
		for i := range c.scores {
			c.scores[i] = scores[(i*(len(scores)-1)+(maxScores-1)/2)/(maxScores-1)]
		}
	}
	return c
}

// factor returns how many spreads on either side an interval has that holds
// the truth with probability level: the score of rank ⌈(n+1)·level⌉ (Vovk,
// Gammerman, Shafer, Algorithmic Learning in a Random World, Springer 2005). It
// is infinite if there are too few scores to say.
func (c calibration) factor(level float64) float64 {
	rank := math.Ceil(float64(c.n+1) * level)
	if rank > float64(c.n) {
		return math.Inf(1)
	}
	if c.n == 1 {
		return c.scores[0]
	}
	at := (rank - 1) / float64(c.n-1) * float64(len(c.scores)-1)
	return c.scores[int(math.Ceil(at-1e-9))]
}

func (c calibration) write(w *wire.Writer) {
	w.Uint(uint64(c.n))
	w.Floats(c.scores)
}

var errCalibration = errors.New("no sound calibration")

func readCalibration(r *wire.Reader) calibration {
	c := calibration{n: int(r.Uint() & math.MaxInt32), scores: r.Floats()}
	bad := len(c.scores) == 0 || c.n < len(c.scores) || !slices.IsSorted(c.scores)
	for _, s := range c.scores {
		bad = bad || !(s >= 0 && s <= math.MaxFloat64)
	}
	if bad {
		r.Fail(errCalibration)
	}
	return c
}
