package learn

import (
	"errors"

	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/linear"
)

// errModel reports that a saved model contradicts itself.
var errModel = errors.New("no sound model")

// ridgeLearner makes linear models with shrinkage.
type ridgeLearner struct{}

const ridgeName = "ridge regression"

func (ridgeLearner) name() string      { return ridgeName }
func (ridgeLearner) outputs() []string { return []string{"value"} }

func (ridgeLearner) cost(rows, columns int) float64 {
	d := float64(columns)
	return 1e-9*d*d*float64(rows) + 10e-9*d*d*d
}

func (ridgeLearner) fit(d *data, _ uint64) (model, error) {
	m, err := linear.Ridge(d.x, d.y, d.w)
	if err != nil {
		return nil, err
	}
	low, high := d.y[0], d.y[0]
	for _, v := range d.y {
		low, high = min(low, v), max(high, v)
	}
	return &ridgeModel{m, low, high}, nil
}

// ridgeModel stays within the targets that were seen: a straight line far from
// all data says nothing.
type ridgeModel struct {
	linear    *linear.Model
	low, high float64
}

func (m *ridgeModel) predict(x, out []float64) {
	out[0] = min(max(m.linear.Predict(x), m.low), m.high)
}

func (m *ridgeModel) write(w *wire.Writer) {
	m.linear.Encode(w)
	w.Float(m.low)
	w.Float(m.high)
}

func readRidge(r *wire.Reader, columns int) model {
	return &ridgeModel{linear.Decode(r, columns), r.Float(), r.Float()}
}
