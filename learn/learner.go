package learn

import (
	"fmt"
	"math"
	"slices"

	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/tree"
)

// data is what learners see: features, targets and weights.
type data struct {
	x       [][]float64
	y, w    []float64
	columns []role
	classes bool // targets are 0 and 1
	loss    Loss
}

// at returns the rows of d with these numbers; they share their features.
func (d *data) at(rows []int) *data {
	out := &data{columns: d.columns, classes: d.classes, loss: d.loss}
	for _, i := range rows {
		out.x = append(out.x, d.x[i])
		out.y = append(out.y, d.y[i])
		out.w = append(out.w, d.w[i])
	}
	return out
}

// learner makes models. Its settings are its fields.
type learner interface {
	name() string
	// outputs names what its models predict: one or several estimates of the
	// target.
	outputs() []string
	// cost estimates how long one fit takes, in seconds of one core.
	cost(rows, columns int) float64
	fit(d *data, seed uint64) (model, error)
}

// model predicts. It may be used by several goroutines.
type model interface {
	// predict sets out to the outputs for a row of features.
	predict(x, out []float64)
	write(w *wire.Writer)
}

// learners lists what may take part, in the order in which a budget is spent
// on them. It is the one list of them: a saved model names its learner as here.
func learners(rows int, classes bool) []learner {
	forest := forestLearner{tree.Forest{Extra: true, Trees: min(100, max(40, 400_000/max(rows, 1))), MinLeaf: 1, ColumnFraction: 0.25, Bins: 128}}
	boosting := boostLearner{tree.Boosting{Rounds: 400, Rate: 0.06, ColumnFraction: 0.15, Leaves: 24, Bins: min(128, max(32, rows/4)), MinLeaf: 4}}
	all := []learner{forest, boosting}
	if !classes {
		if rows <= maxProcessRows {
			all = append(all, processLearner{}, processLearner{plain: true})
		}
		all = append(all, ridgeLearner{})
	}
	return all
}

// readModel reads a model of the learner with that name.
func readModel(name string, columns int, r *wire.Reader) model {
	var m model
	got := columns
	switch name {
	case forestName:
		g := tree.DecodeGrove(r)
		m, got = &forestModel{g}, g.Columns()
		if g.Trees() == 0 {
			r.Fail(errModel)
		}
	case boostName:
		b := &boostModel{classes: r.Bool(), trees: tree.DecodeBoosted(r)}
		m, got = b, b.trees.Columns()
	case ridgeName:
		m = readRidge(r, columns)
	case processName, plainProcessName:
		m = readProcess(r, columns)
	default:
		r.Fail(fmt.Errorf("unknown learner %q; the file may be of a newer version", name))
		return nil
	}
	if r.Err() == nil && got != columns {
		r.Fail(errModel)
	}
	return m
}

// forestLearner makes extremely randomised trees. Their votes have a mean and a
// median: the median is better where a share of the values is exactly zero, as
// the gap of metals, or where some are far off.
type forestLearner struct{ settings tree.Forest }

const forestName = "extra trees"

func (forestLearner) name() string      { return forestName }
func (forestLearner) outputs() []string { return []string{"mean", "median"} }

func (l forestLearner) cost(rows, columns int) float64 {
	tried := l.settings.ColumnFraction * float64(columns)
	return 3e-9 * float64(l.settings.Trees) * tried * float64(rows) * (3 + math.Log2(float64(rows)))
}

func (l forestLearner) fit(d *data, seed uint64) (model, error) {
	f := l.settings
	f.Seed = seed
	g, err := f.Fit(d.x, d.y, d.w)
	if err != nil {
		return nil, err
	}
	return &forestModel{g}, nil
}

type forestModel struct{ grove *tree.Grove }

func (m *forestModel) predict(x, out []float64) {
	var room [128]float64
	votes := slices.Grow(room[:0], m.grove.Trees())[:m.grove.Trees()]
	m.grove.Each(x, votes)
	sum := 0.0
	for _, v := range votes {
		sum += v
	}
	out[0] = sum / float64(len(votes))
	slices.Sort(votes)
	n := len(votes)
	out[1] = (votes[(n-1)/2] + votes[n/2]) / 2
}

func (m *forestModel) write(w *wire.Writer) { m.grove.Encode(w) }

// boostLearner makes boosted trees; of classes they predict the probability.
type boostLearner struct{ settings tree.Boosting }

const boostName = "boosted trees"

func (boostLearner) name() string      { return boostName }
func (boostLearner) outputs() []string { return []string{"value"} }

func (l boostLearner) cost(rows, columns int) float64 {
	used := l.settings.ColumnFraction * float64(columns)
	return float64(l.settings.Rounds) * (3e-9*used*float64(rows)*4 + 4e-9*used*float64(l.settings.Bins*l.settings.Leaves) + 60e-9*float64(rows))
}

func (l boostLearner) fit(d *data, seed uint64) (model, error) {
	b := l.settings
	b.Seed = seed
	if d.classes {
		b.Loss = tree.Logistic
	}
	trees, err := b.Fit(d.x, d.y, d.w)
	if err != nil {
		return nil, err
	}
	return &boostModel{d.classes, trees}, nil
}

type boostModel struct {
	classes bool
	trees   *tree.Boosted
}

func (m *boostModel) predict(x, out []float64) {
	out[0] = m.trees.Predict(x)
	if m.classes {
		out[0] = 1 / (1 + math.Exp(-out[0]))
	}
}

func (m *boostModel) write(w *wire.Writer) {
	w.Bool(m.classes)
	m.trees.Encode(w)
}
