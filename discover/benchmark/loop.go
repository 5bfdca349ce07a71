package benchmark

import (
	"context"
	"math/rand/v2"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/surrogate"
	"github.com/alkahest/alkahest/learn/gaussian"
)

// Strategy chooses experiments of a pool one after the other.
type Strategy struct {
	Name   string
	Policy *policy.Policy  // nil for random choice
	Kernel gaussian.Kernel // nil for the kernel that campaigns use
	Plain  bool            // outcomes are taken as they are
	// Refit says after how many new experiments, as a share of those made, the
	// parameters of the model are found anew; between that the model only
	// learns of them. 0 means after each.
	Refit float64
}

// Run makes up to steps experiments of pool, the first of them initial random
// ones, and returns them in order.
func (s *Strategy) Run(ctx context.Context, pool *Pool, initial, steps int, seed uint64) ([]int, error) {
	rnd := rand.New(rand.NewPCG(seed, 0x5851f42d4c957f2d))
	left := rnd.Perm(len(pool.X))
	steps = min(steps, len(left))
	if s.Policy == nil {
		return left[:steps], nil
	}
	made := append([]int(nil), left[:min(initial, steps)]...)
	left = left[len(made):]
	kernel := s.Kernel
	if kernel == nil {
		kernel = surrogate.Kernel(pool.Columns)
	}
	var model *surrogate.Model
	fitted := 0
	for len(made) < steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data := surrogate.Data{Failed: make([]bool, len(made))}
		for _, i := range made {
			data.X, data.Y = append(data.X, pool.X[i]), append(data.Y, []float64{pool.Y[i]})
		}
		var err error
		last := len(made) - 1
		if model == nil || float64(len(made)-fitted) >= s.Refit*float64(fitted) {
			model, err = surrogate.Fit(data, surrogate.Options{Kernel: kernel, Outcomes: 1, Rand: rnd, Before: model, Plain: s.Plain})
			fitted = len(made)
		} else {
			model, err = model.Observe(data.X[last:], data.Y[last:])
		}
		if err != nil {
			return nil, err
		}
		chooser, err := s.Policy.New(model, data, rnd)
		if err != nil {
			return nil, err
		}
		x := make([][]float64, len(left))
		for k, i := range left {
			x[k] = pool.X[i]
		}
		if err := chooser.Survey(x); err != nil {
			return nil, err
		}
		chosen, err := chooser.Choose(x, nil, 1)
		if err != nil {
			return nil, err
		}
		k := chosen[0].Index
		made = append(made, left[k])
		left = append(left[:k], left[k+1:]...)
	}
	return made, nil
}
