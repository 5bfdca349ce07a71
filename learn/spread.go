package learn

import (
	"math"

	"github.com/alkahest/alkahest/learn/tree"
)

// spreadSettings are those of the forest that learns how far predictions are
// off, from the features and the prediction itself.
func spreadSettings(seed uint64) tree.Forest {
	return tree.Forest{Extra: true, Trees: 40, MinLeaf: 8, ColumnFraction: 0.1, Bins: 64, Seed: seed}
}

// spreadModel predicts how far a prediction is off.
type spreadModel struct {
	grove *tree.Grove
	floor float64 // a share of the mean, so that no interval vanishes by chance
}

// fitSpread learns from rows x, whose predictions for unseen subjects were off
// by errors, the spread of predictions.
func fitSpread(x [][]float64, predictions, errors, weights []float64, seed uint64) (*spreadModel, error) {
	rows := make([][]float64, len(x))
	mean := 0.0
	for i := range x {
		rows[i] = append(x[i][:len(x[i]):len(x[i])], predictions[i])
		mean += math.Abs(errors[i]) / float64(len(x))
	}
	size := make([]float64, len(errors))
	for i, e := range errors {
		size[i] = math.Abs(e)
	}
	g, err := spreadSettings(seed).Fit(rows, size, weights)
	if err != nil {
		return nil, err
	}
	return &spreadModel{g, max(0.1*mean, math.SmallestNonzeroFloat32)}, nil
}

// predict returns the spread of a prediction; row is x with the prediction
// behind it.
func (s *spreadModel) predict(row []float64) float64 {
	return s.floor + max(s.grove.Predict(row), 0)
}
