package space

import (
	"fmt"
	"math"

	"github.com/alkahest/alkahest/discover/surrogate"
	"github.com/alkahest/alkahest/learn/composition"
)

// Encoder turns points into inputs of a surrogate model.
type Encoder struct {
	space   *Space
	columns []surrogate.Kind
	first   []int // column of each variable
	// Features of the choices of each variable of formulas or molecules, by
	// choice; those of molecules are computed when they are asked for.
	features map[int][][]float64
	scale    []scale // of the features of a composition, the same for all variables
}

type scale struct {
	column  int // of the raw features
	center  float64
	inverse float64 // of the spread
}

// Encoder returns the encoder of s. Features of compositions are in units of
// their spread over the choices known now; those that do not differ are left
// out.
func (s *Space) Encoder() (*Encoder, error) {
	e := &Encoder{space: s, features: map[int][][]float64{}}
	if err := e.compositions(); err != nil {
		return nil, err
	}
	for j, v := range s.Variables {
		e.first = append(e.first, len(e.columns))
		switch v.Kind {
		case Number:
			e.columns = append(e.columns, surrogate.Numeric)
		case Choice:
			e.columns = append(e.columns, surrogate.Category)
		case Formula:
			for range e.features[j][0] {
				e.columns = append(e.columns, surrogate.Feature)
			}
		case Molecule:
			for range folded {
				e.columns = append(e.columns, surrogate.Count)
			}
		}
	}
	return e, nil
}

// compositions computes the features of all formulas.
func (e *Encoder) compositions() error {
	var raw [][]float64
	for j, v := range e.space.Variables {
		if v.Kind != Formula {
			continue
		}
		for _, c := range v.Choices {
			features, err := RawFeatures(c)
			if err != nil {
				return fmt.Errorf("%s: %w", v.Name, err)
			}
			e.features[j] = append(e.features[j], features)
			raw = append(raw, features)
		}
	}
	if len(raw) == 0 {
		return nil
	}
	for c := range raw[0] {
		mean, square, n := 0.0, 0.0, 0.0
		for _, r := range raw {
			if math.IsNaN(r[c]) {
				continue // a missing feature counts as the average
			}
			n++
			d := r[c] - mean
			mean += d / n
			square += d * (r[c] - mean)
		}
		if deviation := math.Sqrt(square / max(n, 1)); deviation > 1e-9*(1+math.Abs(mean)) {
			e.scale = append(e.scale, scale{c, mean, 1 / deviation})
		}
	}
	if len(e.scale) == 0 { // a single formula
		e.scale = []scale{{0, raw[0][0], 1}}
	}
	for _, choices := range e.features { // only formulas have any yet
		for k := range choices {
			choices[k] = e.scaled(choices[k])
		}
	}
	return nil
}

// RawFeatures returns the features of a formula as package composition has
// them.
func RawFeatures(text string) ([]float64, error) {
	amounts, err := composition.Parse(nil, text)
	if err != nil {
		return nil, err
	}
	features := make([]float64, composition.Count)
	composition.Features(features, amounts)
	return features, nil
}

func (e *Encoder) scaled(raw []float64) []float64 {
	out := make([]float64, len(e.scale))
	for i, s := range e.scale {
		if v := raw[s.column]; !math.IsNaN(v) {
			out[i] = (v - s.center) * s.inverse
		}
	}
	return out
}

// molecule returns the counts of choice k of variable j.
func (e *Encoder) molecule(j, k int) []float64 {
	for len(e.features[j]) <= k {
		e.features[j] = append(e.features[j], nil)
	}
	if e.features[j][k] == nil {
		counts, err := moleculeFeatures(e.space.Variables[j].Choices[k])
		if err != nil {
			panic("space: a choice is no molecule: " + err.Error()) // Read has parsed it
		}
		e.features[j][k] = counts
	}
	return e.features[j][k]
}

// Columns returns the kinds of the inputs.
func (e *Encoder) Columns() []surrogate.Kind { return e.columns }

// Encode returns the inputs of a point.
func (e *Encoder) Encode(point []float64) []float64 {
	x := make([]float64, 0, len(e.columns))
	for j := range e.space.Variables {
		v := &e.space.Variables[j]
		switch v.Kind {
		case Number:
			x = append(x, v.unit(point[j]))
		case Choice:
			x = append(x, point[j])
		case Formula:
			x = append(x, e.features[j][int(point[j])]...)
		case Molecule:
			x = append(x, e.molecule(j, int(point[j]))...)
		}
	}
	return x
}

// EncodeText returns the inputs of a candidate whose formulas and choices are
// written and need not be known, and whose numbers are those of point. Nothing
// is kept of it.
func (e *Encoder) EncodeText(point []float64, texts []string) ([]float64, error) {
	x := make([]float64, 0, len(e.columns))
	for j := range e.space.Variables {
		v := &e.space.Variables[j]
		switch v.Kind {
		case Number:
			x = append(x, v.unit(point[j]))
		case Choice:
			k, ok := e.space.known[j][texts[j]]
			if !ok {
				k = -1 // like none that is known
			}
			x = append(x, float64(k))
		case Formula:
			raw, err := RawFeatures(texts[j])
			if err != nil {
				return nil, err
			}
			x = append(x, e.scaled(raw)...)
		case Molecule:
			counts, err := moleculeFeatures(texts[j])
			if err != nil {
				return nil, err
			}
			x = append(x, counts...)
		}
	}
	return x, nil
}

// EncodeAll returns the inputs of all points.
func (e *Encoder) EncodeAll(points [][]float64) [][]float64 {
	x := make([][]float64, len(points))
	for i, p := range points {
		x[i] = e.Encode(p)
	}
	return x
}

// Distance returns how far two points are from each other: settings in units of
// their range, choices 1 if they differ, formulas in spreads of their features.
func (e *Encoder) Distance(a, b []float64) float64 {
	sum := 0.0
	for j := range e.space.Variables {
		v := &e.space.Variables[j]
		switch v.Kind {
		case Number:
			d := v.unit(a[j]) - v.unit(b[j])
			sum += d * d
		case Choice:
			if a[j] != b[j] {
				sum++
			}
		case Formula:
			fa, fb := e.features[j][int(a[j])], e.features[j][int(b[j])]
			d2 := 0.0
			for k := range fa {
				d := fa[k] - fb[k]
				d2 += d * d
			}
			sum += d2 / float64(len(fa))
		case Molecule:
			low, high := 0.0, 0.0
			fb := e.molecule(j, int(b[j]))
			for k, v := range e.molecule(j, int(a[j])) {
				low, high = low+min(v, fb[k]), high+max(v, fb[k])
			}
			if high > 0 {
				sum += (1 - low/high) * (1 - low/high)
			}
		}
	}
	return math.Sqrt(sum)
}
