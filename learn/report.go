package learn

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Report says what was learned from and how well. Errors are those of
// predictions for subjects that the models had not seen, in the units that were
// learned: of the decimal logarithm if Log is set.
type Report struct {
	Rows      int        `json:"rows"`     // of the table
	Used      int        `json:"used"`     // that were learned from
	Repeated  int        `json:"repeated"` // rows that say again what another says
	Bounds    int        `json:"bounds"`   // values that are only bounds
	Subjects  int        `json:"subjects"`
	Features  int        `json:"features"`
	Folds     int        `json:"folds"`
	Seed      uint64     `json:"seed"`
	Log       bool       `json:"log"`
	Classes   bool       `json:"classes"`
	Dropped   []Dropped  `json:"dropped"`
	Conflicts []Conflict `json:"conflicts"` // largest first
	Error     Score      `json:"error"`
	Dummy     Score      `json:"dummy"` // of always predicting the median, or for RMSE the mean
	Learners  []Share    `json:"learners"`
	Skipped   []string   `json:"skipped,omitempty"` // learners that the budget had no room for
	Coverage  []Coverage `json:"coverage"`
	// Screening is the mean absolute error of the screening model.
	Screening float64      `json:"screening"`
	Curve     []CurvePoint `json:"curve,omitempty"`
}

// Score is how well predictions agree with values.
type Score struct {
	MAE     float64 `json:"mae"` // mean absolute error
	RMSE    float64 `json:"rmse"`
	R2      float64 `json:"r2"`
	AUC     float64 `json:"auc,omitempty"`      // of classes: area under the receiver operating characteristic
	LogLoss float64 `json:"log_loss,omitempty"` // of classes
}

// Share is the part that an estimate has in the predictions, and its own error.
type Share struct {
	Learner string  `json:"learner"`
	Output  string  `json:"output"`
	Weight  float64 `json:"weight"`
	Loss    float64 `json:"loss"` // mean, of the loss that was made small
}

// Coverage is how many values lie in intervals that hold with probability
// Level.
type Coverage struct {
	Level float64 `json:"level"`
	Share float64 `json:"share"`
}

// CurvePoint is the error of the first learner after that many rows.
type CurvePoint struct {
	Rows  int     `json:"rows"`
	Error float64 `json:"error"`
}

// Conflict is two statements that cannot both be right.
type Conflict struct {
	Inputs []string  `json:"inputs"`
	Values []float64 `json:"values"` // the smallest and the largest
	Where  []string  `json:"where"`
}

func (r *Report) firstReason() string {
	if len(r.Dropped) == 0 {
		return ""
	}
	return fmt.Sprintf("; the first that cannot: %s: %s", r.Dropped[0].Source, r.Dropped[0].Reason)
}

// conflictShare is the part of the whole span of values by which two values for
// the same inputs are in conflict.
const conflictShare = 0.1

// findConflicts lists inputs with values that differ by more than a tenth of
// their whole span. Both are learned from.
func (r *Report) findConflicts(rows []*Row, e *encoder, span float64, log bool) {
	scale := func(v float64) float64 {
		if log {
			return math.Log10(v)
		}
		return v
	}
	first := map[string][2]*Row{}
	var keys []string
	for _, row := range rows {
		if row.Bound != Exact {
			continue
		}
		key := fmt.Sprintf("%q", e.canonical(row.Inputs))
		ends, ok := first[key]
		if !ok {
			keys = append(keys, key)
			ends = [2]*Row{row, row}
		}
		if row.Value < ends[0].Value {
			ends[0] = row
		}
		if row.Value > ends[1].Value {
			ends[1] = row
		}
		first[key] = ends
	}
	for _, key := range keys {
		a, b := first[key][0], first[key][1]
		if scale(b.Value)-scale(a.Value) > conflictShare*span {
			r.Conflicts = append(r.Conflicts, Conflict{a.Inputs, []float64{a.Value, b.Value}, []string{a.Source, b.Source}})
		}
	}
	slices.SortStableFunc(r.Conflicts, func(a, b Conflict) int {
		return cmp.Compare(scale(b.Values[1])-scale(b.Values[0]), scale(a.Values[1])-scale(a.Values[0]))
	})
}

// score reports the errors of predictions for unseen subjects.
func (tr *trainer) score() error {
	r, y := tr.report, tr.values
	middle, average := make([]float64, len(y)), make([]float64, len(y))
	for f := range r.Folds {
		rest, held := divide(tr.fold, f)
		known := make([]float64, len(rest))
		for k, i := range rest {
			known[k] = y[i]
		}
		slices.Sort(known)
		for _, i := range held {
			middle[i], average[i] = known[len(known)/2], mean(known)
		}
	}
	r.Error = Evaluate(tr.combined, y, tr.bounds)
	r.Dummy = Evaluate(average, y, tr.bounds)
	if !tr.s.Classes {
		r.Dummy.MAE = Evaluate(middle, y, tr.bounds).MAE
	} else {
		r.Error.AUC, r.Error.LogLoss = AUC(tr.combined, y), logLoss(tr.combined, y)
		r.Dummy.AUC, r.Dummy.LogLoss = 0.5, logLoss(average, y)
	}
	m := 0
	for _, l := range tr.learners {
		for _, output := range l.outputs() {
			total, weight := 0.0, 0.0
			for i, p := range tr.predictions {
				total += tr.d.w[i] * tr.s.Loss.of(p[m], tr.d.y[i])
				weight += tr.d.w[i]
			}
			r.Learners = append(r.Learners, Share{l.name(), output, tr.p.weights[m], total / weight})
			m++
		}
	}
	return nil
}

// Evaluate compares predictions with values. A bound, where bounds is not nil,
// is missed only by what lies on its wrong side.
func Evaluate(predictions, values []float64, bounds []Bound) Score {
	var s Score
	average := mean(values)
	var squares, spread float64
	for i, v := range values {
		e := predictions[i] - v
		if bounds != nil && (bounds[i] == AtLeast && e > 0 || bounds[i] == AtMost && e < 0) {
			e = 0
		}
		s.MAE += math.Abs(e) / float64(len(values))
		squares += e * e
		spread += (v - average) * (v - average)
	}
	s.RMSE = math.Sqrt(squares / float64(len(values)))
	s.R2 = 1 - squares/spread
	return s
}

// AUC returns the area under the receiver operating characteristic: the
// probability that a 1 has a larger score than a 0, ties counted half (Hanley,
// McNeil, Radiology 143 (1982) 29). It is NaN without both classes.
func AUC(scores, classes []float64) float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	ranks, ones := 0.0, 0.0
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && scores[order[j]] == scores[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			if classes[k] == 1 {
				ranks += float64(i+j+1) / 2
				ones++
			}
		}
		i = j
	}
	return (ranks - ones*(ones+1)/2) / (ones * (float64(len(scores)) - ones))
}

func logLoss(p, classes []float64) float64 {
	sum := 0.0
	for i := range p {
		sum += logistic.of(p[i], classes[i]) / float64(len(p))
	}
	return sum
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// levels are the probabilities for which coverage is reported.
var levels = [...]float64{0.5, 0.8, 0.9, 0.95}

// cover reports how many scores are not above the factor of their row.
func (r *Report) cover(scores []float64, bounds []Bound, factor func(i int, level float64) float64) {
	for _, level := range levels {
		inside, n := 0.0, 0.0
		for i, s := range scores {
			if bounds[i] != Exact {
				continue
			}
			n++
			if s <= factor(i, level) {
				inside++
			}
		}
		r.Coverage = append(r.Coverage, Coverage{level, inside / n})
	}
}
