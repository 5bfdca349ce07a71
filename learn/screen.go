package learn

import (
	"fmt"
	"math"
	"slices"

	"github.com/alkahest/alkahest/learn/composition"
)

// Screener predicts many subjects fast: with one model of few trees instead of
// all, and with intervals of one width, calibrated for that model. What it
// ranks high should be asked of the predictor again. It is for one goroutine;
// make one for each.
type Screener struct {
	p    *Predictor
	s    scratch
	row  []float64
	half float64
}

// Screener returns a screener whose intervals hold with probability level.
func (p *Predictor) Screener(level float64) *Screener {
	return &Screener{p: p, half: p.screenScale.factor(level)}
}

// Predict returns the value for inputs and the ends of its interval. The error
// names the input that cannot be read.
func (s *Screener) Predict(inputs []string) (value, low, high float64, err error) {
	if s.row, err = s.p.encoder.encode(s.row[:0], inputs, &s.s); err != nil {
		return 0, 0, 0, err
	}
	value, low, high = s.value()
	return value, low, high, nil
}

// Composition is Predict for a predictor whose only input is a composition,
// given by its amounts. It is an error of the caller to give another predictor
// amounts.
func (s *Screener) Composition(amounts []composition.Amount) (value, low, high float64, err error) {
	if e := s.p.encoder; len(e.inputs) != 1 || e.inputs[0].Kind != Composition {
		return 0, 0, 0, fmt.Errorf("this predictor also needs %s", e.names())
	}
	s.row = slices.Grow(s.row[:0], composition.Count)[:composition.Count]
	composition.Features(s.row, amounts)
	value, low, high = s.value()
	return value, low, high, nil
}

func (s *Screener) value() (value, low, high float64) {
	v := s.p.screen.Predict(s.row)
	if s.p.Classes {
		v = 1 / (1 + math.Exp(-v))
	}
	v = s.p.clip(v)
	value, low, high = v, s.p.clip(v-s.half), s.p.clip(v+s.half)
	if s.p.Log {
		value, low, high = math.Pow(10, value), math.Pow(10, low), math.Pow(10, high)
	}
	return value, low, high
}
