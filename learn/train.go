package learn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/alkahest/alkahest/learn/tree"
)

// Settings says how to train. The zero value is sensible.
type Settings struct {
	Loss    Loss // Absolute or Squared; of classes it is the logarithm of the likelihood
	Classes bool // values are classes 0 and 1
	Log     bool // learn the decimal logarithm; all values must be positive
	Folds   int  // default 10 below 500 rows, 5 from there on
	// Budget is the time to spend, in seconds of one core (default 240). It is
	// compared with estimates, not with a clock, so that the machine does not
	// change the result. Learners that do not fit into it are left out; the
	// first always takes part.
	Budget float64
	// Low and High are the smallest and largest value that can be; nil stands
	// for none, but that nothing is below 0 if nothing known is.
	Low, High *float64
	// Curve asks for a learning curve in the report.
	Curve bool
	Seed  uint64
	// Progress, when set, is told how much of the work is done. Calls do not
	// overlap.
	Progress func(done, total int)
}

// Train learns from t. Rows that cannot be used are left out and reported.
func Train(ctx context.Context, t *Table, s Settings) (*Predictor, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	if s.Budget == 0 {
		s.Budget = 240
	}
	if s.Classes {
		s.Loss = logistic
	} else if s.Loss > Squared {
		return nil, fmt.Errorf("learn: unknown loss %d", s.Loss)
	}
	if s.Folds < 0 || s.Folds == 1 || s.Folds > 50 {
		return nil, fmt.Errorf("learn: %d folds, want from 2 to 50", s.Folds)
	}
	tr := &trainer{ctx: ctx, s: s, p: &Predictor{Property: t.Property, Unit: t.Unit, Classes: s.Classes, Log: s.Log}}
	tr.report = &Report{Rows: len(t.Rows), Classes: s.Classes, Log: s.Log, Seed: s.Seed}
	tr.p.Report = tr.report
	for _, step := range []func(*Table) error{tr.read, tr.deal, tr.choose, tr.train, tr.combine, tr.calibrate, tr.curve, tr.place} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(t); err != nil {
			return nil, err
		}
	}
	return tr.p, nil
}

// trainer is one run of Train.
type trainer struct {
	ctx    context.Context
	s      Settings
	p      *Predictor
	report *Report

	rows   []*Row
	bounds []Bound
	values []float64 // as they were learned, before bounds were replaced
	d      *data
	fold   []int

	learners    []learner
	predictions [][]float64 // of each row, by models that have not seen its group
	combined    []float64   // the same, combined with weights from other folds
	screened    []float64   // those of the screening model
}

// read encodes the rows and leaves out what cannot be used.
func (tr *trainer) read(t *Table) error {
	var usable []*Row
	var s scratch
	drop := func(r *Row, reason string) {
		tr.report.Dropped = append(tr.report.Dropped, Dropped{r.Source, reason})
	}
	probe := newEncoder(t, nil)
	seen := map[string]bool{}
	for i := range t.Rows {
		r := &t.Rows[i]
		switch {
		case math.IsNaN(r.Value) || math.IsInf(r.Value, 0):
			drop(r, "no value")
			continue
		case tr.s.Log && r.Value <= 0:
			drop(r, fmt.Sprintf("value %g has no logarithm", r.Value))
			continue
		case tr.s.Classes && r.Value != 0 && r.Value != 1:
			drop(r, fmt.Sprintf("value %g is no class 0 or 1", r.Value))
			continue
		case tr.s.Classes && r.Bound != Exact:
			drop(r, "a bound is no class")
			continue
		}
		if _, err := probe.encode(nil, r.Inputs, &s); err != nil {
			drop(r, err.Error())
			continue
		}
		key := fmt.Sprintf("%q %g %d", r.Inputs, r.Value, r.Bound)
		if seen[key] {
			tr.report.Repeated++
			continue
		}
		seen[key] = true
		usable = append(usable, r)
	}
	if len(usable) < minRows {
		return fmt.Errorf("learn: %w: %d of %d rows can be used, %d are needed%s", ErrTooFew, len(usable), len(t.Rows), minRows, tr.report.firstReason())
	}
	tr.rows = usable
	e := newEncoder(t, usable)
	tr.p.encoder = e
	tr.d = &data{columns: e.columns(), classes: tr.s.Classes, loss: tr.s.Loss}
	tr.p.width = len(tr.d.columns)
	least, most := math.Inf(1), math.Inf(-1)
	for _, r := range usable {
		x, err := e.encode(make([]float64, 0, tr.p.width), r.Inputs, &s)
		if err != nil {
			return err
		}
		v := r.Value
		if tr.s.Log {
			v = math.Log10(v)
		}
		w := r.Weight
		if w == 0 {
			w = 1
		}
		tr.d.x, tr.d.y, tr.d.w = append(tr.d.x, x), append(tr.d.y, v), append(tr.d.w, w)
		tr.bounds = append(tr.bounds, r.Bound)
		if r.Bound != Exact {
			tr.report.Bounds++
		}
		least, most = min(least, v), max(most, v)
	}
	tr.values = slices.Clone(tr.d.y)
	tr.report.Used = len(usable)
	tr.report.Features = tr.p.width
	if least == most {
		return errors.New("learn: all values are equal, there is nothing to learn")
	}
	tr.report.findConflicts(usable, e, most-least, tr.s.Log)
	tr.limit(least)
	return nil
}

// limit sets the bounds of predictions, in the units that are learned.
func (tr *trainer) limit(least float64) {
	tr.p.low, tr.p.high = math.Inf(-1), math.Inf(1)
	if tr.s.Classes {
		tr.p.low, tr.p.high = 0, 1
		return
	}
	scale := func(v float64) float64 {
		if tr.s.Log {
			return math.Log10(max(v, 0)) // −Inf from 0 on
		}
		return v
	}
	if tr.s.Low != nil {
		tr.p.low = scale(*tr.s.Low)
	} else if least >= 0 && !tr.s.Log {
		tr.p.low = 0
	}
	if tr.s.High != nil {
		tr.p.high = scale(*tr.s.High)
	}
}

// deal makes the folds, then replaces bounds by what may be expected.
func (tr *trainer) deal(*Table) error {
	k := tr.s.Folds
	if k == 0 {
		k = 5
		if len(tr.rows) < 500 {
			k = 10
		}
	}
	groups := make([]string, len(tr.rows))
	distinct := map[string]bool{}
	for i, r := range tr.rows {
		if groups[i] = r.Group; groups[i] == "" {
			groups[i] = tr.p.encoder.subject(r.Inputs)
		}
		distinct[groups[i]] = true
	}
	tr.report.Subjects = len(distinct)
	if k = min(k, len(distinct)); k < 2 {
		return fmt.Errorf("learn: %w: all values are of one subject", ErrTooFew)
	}
	tr.report.Folds = k
	tr.fold = Folds(groups, k, tr.s.Seed)
	return impute(tr.d, tr.bounds, tr.fold, tr.s.Seed)
}

// choose takes the learners that the budget has room for.
func (tr *trainer) choose(*Table) error {
	spent := 0.0
	for i, l := range learners(len(tr.rows), tr.s.Classes) {
		cost := float64(tr.report.Folds) * l.cost(len(tr.rows)-len(tr.rows)/tr.report.Folds, tr.p.width)
		if i > 0 && spent+cost > tr.s.Budget {
			tr.report.Skipped = append(tr.report.Skipped, l.name())
			continue
		}
		spent += cost
		tr.learners = append(tr.learners, l)
		tr.p.learners = append(tr.p.learners, l.name())
	}
	return nil
}

// screening is the model for many subjects: few and shallow trees.
func (tr *trainer) screening() boostLearner {
	b := tree.Boosting{Rounds: 120, Rate: 0.1, ColumnFraction: 0.15, Leaves: 16, Depth: 6, Bins: 64}
	if tr.s.Loss == Absolute {
		b.Loss = tree.Absolute
	}
	return boostLearner{b}
}

// train fits every learner on all folds but one, for each fold, and predicts
// the rows of that fold.
func (tr *trainer) train(*Table) error {
	k := tr.report.Folds
	tr.p.members = make([]member, k)
	width := 0
	var offsets []int
	for _, l := range tr.learners {
		offsets = append(offsets, width)
		width += len(l.outputs())
	}
	tr.predictions = make([][]float64, len(tr.rows))
	for i := range tr.predictions {
		tr.predictions[i] = make([]float64, width)
	}
	tr.screened = make([]float64, len(tr.rows))
	for f := range k {
		tr.p.members[f].models = make([]model, len(tr.learners))
	}
	return tr.each(k*(len(tr.learners)+1), func(job int) error {
		f, n := job/(len(tr.learners)+1), job%(len(tr.learners)+1)
		rest, held := divide(tr.fold, f)
		d := tr.d.at(rest)
		if n == len(tr.learners) {
			m, err := tr.screening().fit(d, tr.s.Seed)
			if err != nil {
				return err
			}
			for _, i := range held {
				m.predict(tr.d.x[i], tr.screened[i:i+1])
			}
			return nil
		}
		l := tr.learners[n]
		m, err := l.fit(d, tr.s.Seed+uint64(f)<<32)
		if err != nil {
			return fmt.Errorf("learn: %s: %w", l.name(), err)
		}
		tr.p.members[f].models[n] = m
		for _, i := range held {
			m.predict(tr.d.x[i], tr.predictions[i][offsets[n]:offsets[n]+len(l.outputs())])
		}
		return nil
	})
}

// each runs n independent jobs on all processors.
func (tr *trainer) each(n int, job func(int) error) error {
	errs := make([]error, n)
	next, done := 0, 0
	var mu sync.Mutex
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= n || tr.ctx.Err() != nil {
					return
				}
				errs[i] = job(i)
				mu.Lock()
				done++
				if tr.s.Progress != nil {
					tr.s.Progress(done, n)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return errors.Join(append(errs, tr.ctx.Err())...)
}

// combine weighs the learners: for the predictor by all rows, and to know its
// error, for each fold by the rows of the others.
func (tr *trainer) combine(*Table) error {
	tr.p.weights = weigh(tr.predictions, tr.d.y, tr.d.w, tr.s.Loss, func(int) bool { return true })
	tr.combined = make([]float64, len(tr.rows))
	for f := range tr.report.Folds {
		weights := weigh(tr.predictions, tr.d.y, tr.d.w, tr.s.Loss, func(i int) bool { return tr.fold[i] != f })
		for i, k := range tr.fold {
			if k == f {
				tr.combined[i] = tr.p.clip(dot(tr.predictions[i], weights))
			}
		}
	}
	return tr.score()
}

// calibrate learns how far predictions are off, and by how many of these
// spreads at which probability. Bounds say little of that and are not counted.
func (tr *trainer) calibrate(*Table) error {
	off := make([]float64, len(tr.rows))
	for i := range off {
		off[i] = tr.combined[i] - tr.d.y[i]
	}
	scores := make([]float64, len(tr.rows))
	for f := range tr.report.Folds {
		rest, held := divide(tr.fold, f)
		pick := func(v []float64) []float64 {
			out := make([]float64, len(rest))
			for k, i := range rest {
				out[k] = v[i]
			}
			return out
		}
		spread, err := fitSpread(tr.d.at(rest).x, pick(tr.combined), pick(off), pick(tr.d.w), tr.s.Seed)
		if err != nil {
			return err
		}
		tr.p.members[f].spread = spread
		for _, i := range held {
			row := append(slices.Clip(tr.d.x[i]), tr.combined[i])
			scores[i] = math.Abs(off[i]) / spread.predict(row)
		}
	}
	exact := func(fold int) (out []float64) { // scores outside of that fold
		for i, s := range scores {
			if tr.bounds[i] == Exact && tr.fold[i] != fold {
				out = append(out, s)
			}
		}
		return out
	}
	if len(exact(-1)) < minRows {
		return fmt.Errorf("learn: %w: only %d values are more than bounds", ErrTooFew, len(exact(-1)))
	}
	tr.p.calibration = newCalibration(exact(-1))
	others := make([]calibration, tr.report.Folds)
	for f := range others {
		others[f] = newCalibration(exact(f))
	}
	tr.report.cover(scores, tr.bounds, func(i int, level float64) float64 { return others[tr.fold[i]].factor(level) })

	m, err := tr.screening().fit(tr.d, tr.s.Seed)
	if err != nil {
		return err
	}
	tr.p.screen = m.(*boostModel).trees
	var errs []float64
	for i, v := range tr.screened {
		if tr.bounds[i] == Exact {
			errs = append(errs, math.Abs(tr.p.clip(v)-tr.d.y[i]))
		}
	}
	tr.report.Screening = mean(errs)
	tr.p.screenScale = newCalibration(errs)
	return nil
}

// curve trains the first learner on parts of the data.
func (tr *trainer) curve(*Table) error {
	if !tr.s.Curve {
		return nil
	}
	l := learners(len(tr.rows), tr.s.Classes)[0].(forestLearner)
	l.settings.Trees = 50
	rest, held := divide(tr.fold, 0)
	for _, part := range []float64{0.125, 0.25, 0.5, 1} {
		// Rows are in the order of the table, so parts are drawn by fold numbers
		// anew: a part is a share of the subjects.
		n := int(part * float64(len(rest)))
		if n < minRows/2 {
			continue
		}
		groups := make([]string, len(rest))
		for k, i := range rest {
			groups[k] = tr.p.encoder.subject(tr.rows[i].Inputs)
		}
		share := Folds(groups, max(1, int(math.Round(1/part))), tr.s.Seed)
		var use []int
		for k, i := range rest {
			if share[k] == 0 {
				use = append(use, i)
			}
		}
		m, err := l.fit(tr.d.at(use), tr.s.Seed)
		if err != nil {
			return err
		}
		var errs []float64
		for _, i := range held {
			var out [2]float64
			m.predict(tr.d.x[i], out[:])
			e := math.Abs(out[1] - tr.d.y[i])
			switch tr.s.Loss {
			case Squared:
				e = (out[0] - tr.d.y[i]) * (out[0] - tr.d.y[i])
			case logistic:
				e = logistic.of(out[0], tr.d.y[i])
			}
			errs = append(errs, e)
		}
		e := mean(errs)
		if tr.s.Loss == Squared {
			e = math.Sqrt(e)
		}
		tr.report.Curve = append(tr.report.Curve, CurvePoint{len(use), e})
	}
	return nil
}

// place keeps the rows for neighbours, and finds how near one another they lie.
func (tr *trainer) place(*Table) error {
	for i, r := range tr.rows {
		tr.p.known = append(tr.p.known, knownRow{r.Inputs, r.Value, tr.bounds[i], r.Source, tr.p.encoder.place(r.Inputs)})
	}
	// Of at most 300 rows, spread over the table, the distance to the nearest
	// other subject.
	var distances []float64
	step := max(1, len(tr.p.known)/300)
	for i := 0; i < len(tr.p.known); i += step {
		subject := tr.p.encoder.subject(tr.p.known[i].inputs)
		for _, n := range tr.p.nearest(tr.p.known[i].place, len(tr.p.known)) {
			if tr.p.encoder.subject(n.Inputs) != subject {
				distances = append(distances, n.Distance)
				break
			}
		}
	}
	slices.Sort(distances)
	if len(distances) > 0 {
		tr.p.near = distances[int(0.99*float64(len(distances)-1)+0.5)]
	}
	return nil
}
