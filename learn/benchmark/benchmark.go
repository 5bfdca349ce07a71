// Package benchmark measures predictors on public sets with their published
// splits, beside what others reached on the same splits.
//
// Nothing of a test part is used in training: all choices are made by
// cross-validation inside of the training part.
package benchmark

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/alkahest/alkahest/learn"
)

// Set is a public set of measured values.
type Set struct {
	Name    string
	Title   string
	Unit    string
	Split   string // how training and test parts are divided
	Metric  Metric
	Target  string // what the metric is of
	Anchors []Anchor
	// parts reads the set below a folder and divides it.
	parts    func(dir string, s Options) ([]part, error)
	settings learn.Settings
}

// Metric is the number by which a set is compared.
type Metric string

// The metrics.
const (
	MAE  Metric = "MAE"
	RMSE Metric = "RMSE"
	AUC  Metric = "ROC-AUC"
)

// Anchor is a published result on the same split.
type Anchor struct {
	Method string  `json:"method"`
	Value  float64 `json:"value"`
	Source string  `json:"source"`
}

// part is one division into training and test data.
type part struct {
	train learn.Table
	test  []learn.Row
}

// Options say how much to measure.
type Options struct {
	Parts    int     // at most so many of the splits; 0 for all
	Rows     int     // at most so many training rows, evenly spaced; 0 for all
	Budget   float64 // of each training, in seconds of one core; 0 for the default
	Seed     uint64
	Now      func() time.Time // to report the time of training; nil for none
	Progress func(done, total int)
	Measured func(split int, p Part) // called after each split; nil for none
}

// Result is what was measured.
type Result struct {
	Set     string   `json:"set"`
	Title   string   `json:"title"`
	Split   string   `json:"split"`
	Unit    string   `json:"unit"`
	Metric  Metric   `json:"metric"`
	Parts   []Part   `json:"parts"`
	Mean    float64  `json:"mean"`   // of the metric over parts
	Spread  float64  `json:"spread"` // its standard deviation over parts
	Dummy   float64  `json:"dummy"`
	Labels  float64  `json:"labels,omitempty"` // ROC-AUC of hard labels instead of probabilities
	Cover   float64  `json:"coverage"`         // of the 90 % intervals, over all parts
	Seed    uint64   `json:"seed"`
	Anchors []Anchor `json:"anchors"`
}

// Part is the result of one split.
type Part struct {
	Train   int     `json:"train"`
	Test    int     `json:"test"`
	Value   float64 `json:"value"`
	Dummy   float64 `json:"dummy"`
	Labels  float64 `json:"labels,omitempty"`
	Cover   float64 `json:"coverage"`
	Width   float64 `json:"width"`   // median width of the 90 % intervals
	Screen  float64 `json:"screen"`  // the metric of the screening model
	Seconds float64 `json:"seconds"` // of training
	Learned string  `json:"learned"` // weights of the learners, and their own loss in cross-validation
}

// ErrUnknown reports a name that is no set.
var ErrUnknown = errors.New("unknown set")

// Find returns the set with that name.
func Find(name string) (*Set, error) {
	var names []string
	for _, s := range Sets() {
		if s.Name == name {
			return &s, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("%w %q; there are %s", ErrUnknown, name, strings.Join(names, ", "))
}

// level is the probability of the intervals that are measured.
const level = 0.9

// Run measures a set that lies in dir.
func (s *Set) Run(ctx context.Context, dir string, o Options) (*Result, error) {
	parts, err := s.parts(dir, o)
	if err != nil {
		return nil, err
	}
	if o.Parts > 0 {
		parts = parts[:min(o.Parts, len(parts))]
	}
	out := &Result{Set: s.Name, Title: s.Title, Split: s.Split, Unit: s.Unit, Metric: s.Metric, Seed: o.Seed, Anchors: s.Anchors}
	if o.Parts > 0 || o.Rows > 0 {
		out.Split += fmt.Sprintf(" (only %d of the splits, at most %d training rows)", len(parts), o.Rows)
	}
	inside, tested := 0.0, 0.0
	for k := range parts {
		if o.Progress != nil {
			o.Progress(k, len(parts))
		}
		p, err := s.measure(ctx, &parts[k], o)
		if err != nil {
			return nil, fmt.Errorf("%s, split %d: %w", s.Name, k+1, err)
		}
		out.Parts = append(out.Parts, *p)
		if o.Measured != nil {
			o.Measured(k+1, *p)
		}
		inside += p.Cover * float64(p.Test)
		tested += float64(p.Test)
	}
	n := float64(len(out.Parts))
	for _, p := range out.Parts {
		out.Mean += p.Value / n
		out.Dummy += p.Dummy / n
		out.Labels += p.Labels / n
	}
	for _, p := range out.Parts {
		out.Spread += (p.Value - out.Mean) * (p.Value - out.Mean) / max(n-1, 1)
	}
	out.Spread = math.Sqrt(out.Spread)
	out.Cover = inside / tested
	return out, nil
}

// measure trains on one part and tests.
func (s *Set) measure(ctx context.Context, p *part, o Options) (*Part, error) {
	train := p.train
	if o.Rows > 0 && o.Rows < len(train.Rows) {
		all := train.Rows
		train.Rows = nil
		for i := range o.Rows {
			train.Rows = append(train.Rows, all[i*len(all)/o.Rows])
		}
	}
	settings := s.settings
	settings.Seed, settings.Budget = o.Seed, o.Budget
	now := o.Now
	if now == nil {
		now = func() time.Time { return time.Time{} }
	}
	start := now()
	predictor, err := learn.Train(ctx, &train, settings)
	if err != nil {
		return nil, err
	}
	out := &Part{Train: len(train.Rows), Test: len(p.test), Seconds: now().Sub(start).Seconds()}
	var learned []string
	for _, l := range predictor.Report.Learners {
		learned = append(learned, fmt.Sprintf("%.2f %s %s (%.4g)", l.Weight, l.Learner, l.Output, l.Loss))
	}
	out.Learned = strings.Join(learned, ", ")
	screener := predictor.Screener(level)
	var predicted, screened, values, widths []float64
	var bounds []learn.Bound
	scale := func(v float64) float64 {
		if settings.Log {
			return math.Log10(v)
		}
		return v
	}
	exact := 0.0
	for i := range p.test {
		r := &p.test[i]
		q, err := predictor.Predict(r.Inputs, level, 1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Source, err)
		}
		fast, _, _, err := screener.Predict(r.Inputs)
		if err != nil {
			return nil, err
		}
		predicted, screened, values = append(predicted, scale(q.Value)), append(screened, scale(fast)), append(values, scale(r.Value))
		bounds = append(bounds, r.Bound)
		if r.Bound != learn.Exact {
			continue
		}
		exact++
		widths = append(widths, scale(q.High)-scale(q.Low))
		if q.Low <= r.Value && r.Value <= q.High {
			out.Cover++
		}
	}
	out.Cover /= exact
	slices.Sort(widths)
	out.Width = widths[len(widths)/2]
	out.Value, out.Screen = s.Metric.of(predicted, values, bounds), s.Metric.of(screened, values, bounds)
	out.Dummy = s.dummy(train.Rows, values, bounds, scale)
	if s.Metric == AUC {
		labels := make([]float64, len(predicted))
		for i, v := range predicted {
			if v > 0.5 {
				labels[i] = 1
			}
		}
		out.Labels = AUC.of(labels, values, bounds)
	}
	return out, nil
}

// of returns the metric of predictions.
func (m Metric) of(predicted, values []float64, bounds []learn.Bound) float64 {
	switch m {
	case AUC:
		return learn.AUC(predicted, values)
	case RMSE:
		return learn.Evaluate(predicted, values, bounds).RMSE
	}
	return learn.Evaluate(predicted, values, bounds).MAE
}

// dummy returns the metric of always predicting the median or, for RMSE, the
// mean of the training values.
func (s *Set) dummy(train []learn.Row, values []float64, bounds []learn.Bound, scale func(float64) float64) float64 {
	var known []float64
	sum := 0.0
	for i := range train {
		known = append(known, scale(train[i].Value))
		sum += scale(train[i].Value)
	}
	slices.Sort(known)
	guess := known[len(known)/2]
	if s.Metric == RMSE {
		guess = sum / float64(len(known))
	}
	return s.Metric.of(slices.Repeat([]float64{guess}, len(values)), values, bounds)
}
