package learn

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem/fingerprint"
	"github.com/alkahest/alkahest/learn/composition"
	"github.com/alkahest/alkahest/learn/molecular"
	"github.com/alkahest/alkahest/learn/tree"
)

// Predictor is a trained model of one property. It may be used by several
// goroutines.
type Predictor struct {
	Property string
	Unit     string
	Classes  bool // values are 0 or 1, and predictions probabilities
	Log      bool // the decimal logarithm was learned; spreads and errors are in its units
	Report   *Report

	encoder     *encoder
	width       int // features of a row
	low, high   float64
	members     []member // one for each fold
	learners    []string // names, in the order of member.models
	weights     []float64
	calibration calibration
	screen      *tree.Boosted
	screenScale calibration
	known       []knownRow
	near        float64 // distance to the nearest training subject beyond which a subject lies outside
}

// member is what was trained without one of the folds.
type member struct {
	models []model
	spread *spreadModel
}

// knownRow is a row that was learned from.
type knownRow struct {
	inputs []string
	value  float64
	bound  Bound
	source string
	place  place
}

// Prediction is what a predictor says.
type Prediction struct {
	Value   float64     // the median or mean; of classes the probability of 1
	Low     float64     // of the interval
	High    float64     //
	Spread  float64     // how far predictions like this one are off on average, in the units that were learned
	Nearest []Neighbour // training data, nearest first
	Outside string      // why the predictor may know nothing of this, empty if it may
}

// Neighbour is a row of the training data.
type Neighbour struct {
	Inputs   []string
	Value    float64
	Bound    Bound
	Source   string
	Distance float64
}

// Inputs returns what predictions are made from.
func (p *Predictor) Inputs() []Input { return slices.Clone(p.encoder.inputs) }

// Predict returns the prediction for inputs, one text for each of Inputs, with
// an interval that holds the truth with probability level and the given number
// of neighbours. The error names the input that cannot be read.
func (p *Predictor) Predict(inputs []string, level float64, neighbours int) (*Prediction, error) {
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("level %g must lie between 0 and 1", level)
	}
	var s scratch
	x, err := p.encoder.encode(nil, inputs, &s)
	if err != nil {
		return nil, err
	}
	value, spread := p.at(x)
	out := &Prediction{Value: value, Spread: spread}
	half := p.calibration.factor(level) * spread
	out.Low, out.High = p.clip(value-half), p.clip(value+half)
	if p.Log {
		out.Value, out.Low, out.High = math.Pow(10, value), math.Pow(10, out.Low), math.Pow(10, out.High)
	}
	at := p.encoder.place(inputs)
	out.Nearest = p.nearest(at, max(1, neighbours))
	out.Outside = p.encoder.strange(inputs)
	if d := out.Nearest[0].Distance; d > p.near {
		out.Outside = strings.Join(slices.DeleteFunc([]string{out.Outside, fmt.Sprintf("far from all training data (distance %.2g; of them, 99 %% lie within %.2g of another)", d, p.near)}, func(s string) bool { return s == "" }), "; ")
	}
	out.Nearest = out.Nearest[:min(neighbours, len(out.Nearest))]
	return out, nil
}

// at returns value and spread for a row of features, as they were learned.
func (p *Predictor) at(x []float64) (value, spread float64) {
	row := make([]float64, len(x)+1)
	copy(row, x)
	outputs := make([]float64, len(p.weights))
	for i := range p.members {
		m := &p.members[i]
		v := p.clip(dot(m.predict(x, outputs), p.weights))
		row[len(x)] = v
		value += v / float64(len(p.members))
		spread += m.spread.predict(row) / float64(len(p.members))
	}
	return value, spread
}

// predict sets outputs to those of all models for a row of features.
func (m *member) predict(x, outputs []float64) []float64 {
	at := 0
	for _, model := range m.models {
		var two [2]float64
		model.predict(x, two[:])
		at += copy(outputs[at:], two[:outputsOf(model)])
	}
	return outputs
}

// outputsOf returns how many outputs a model has.
func outputsOf(m model) int {
	if _, ok := m.(*forestModel); ok {
		return 2
	}
	return 1
}

func (p *Predictor) clip(v float64) float64 { return min(max(v, p.low), p.high) }

// place is where inputs lie, for distances.
type place struct {
	profiles []composition.Profile // of the inputs that are compositions
	numbers  []float64             // of the numbers, in spans
	words    []string              // of the categories

	molecules []map[uint32]int // environments of the molecules
}

func (e *encoder) place(inputs []string) place {
	var p place
	for i, in := range e.inputs {
		switch in.Kind {
		case Number:
			v, err := number(inputs[i])
			if span := e.spans[i][1] - e.spans[i][0]; err == nil && span > 0 {
				p.numbers = append(p.numbers, v/span)
			}
		case Category:
			p.words = append(p.words, word(inputs[i]))
		case Composition:
			amounts, _ := composition.Parse(nil, strings.TrimSpace(inputs[i]))
			p.profiles = append(p.profiles, composition.NewProfile(amounts))
		case Molecule:
			var counts map[uint32]int
			if m, err := molecular.Parse(strings.TrimSpace(inputs[i])); err == nil {
				counts = molecular.Environments(m)
			}
			p.molecules = append(p.molecules, counts)
		}
	}
	return p
}

// distance adds the distances of the inputs: of compositions that of their
// profiles, of molecules one minus the Tanimoto similarity of their counted
// environments, of numbers the difference in units of the span seen, times ten so
// that a tenth of it counts as much as a neighbouring element, and 1 for each
// category that differs. Numbers that are missing add nothing.
func (p *place) distance(q *place) float64 {
	sum := 0.0
	for i := range min(len(p.profiles), len(q.profiles)) {
		sum += p.profiles[i].Distance(q.profiles[i])
	}
	for i := range min(len(p.numbers), len(q.numbers)) {
		if d := math.Abs(p.numbers[i] - q.numbers[i]); d == d {
			sum += 10 * d
		}
	}
	for i := range min(len(p.molecules), len(q.molecules)) {
		sum += 1 - fingerprint.TanimotoCounts(p.molecules[i], q.molecules[i])
	}
	for i, w := range p.words {
		if w != q.words[i] {
			sum++
		}
	}
	return sum
}

// nearest returns the n rows that lie nearest, those of one distance by value.
func (p *Predictor) nearest(at place, n int) []Neighbour {
	distances := make([]float64, len(p.known))
	order := make([]int, len(p.known))
	for i := range p.known {
		order[i] = i
		distances[i] = at.distance(&p.known[i].place)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(distances[a], distances[b]), cmp.Compare(p.known[a].value, p.known[b].value), a-b)
	})
	var out []Neighbour
	for _, i := range order[:min(n, len(order))] {
		k := &p.known[i]
		out = append(out, Neighbour{k.inputs, k.value, k.bound, k.source, distances[i]})
	}
	return out
}
