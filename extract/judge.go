package extract

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// Judge turns cues into a confidence: how probable it is that a record is right,
// by a logistic regression fitted to records whose truth is known.
type Judge struct {
	Version string    `json:"version"` // "alkahest.Judge.v1" and what it was trained on
	Names   []string  `json:"cues"`    // CueNames of its training
	Weights []float64 `json:"weights"`
}

// JudgeFormat is how the version of every judge begins.
const JudgeFormat = "alkahest.Judge.v1"

// ErrJudge is wrapped by errors about judges that do not fit the cues.
var ErrJudge = errors.New("not a judge of these cues")

//go:embed weights/judge.json
var judgeFile []byte

// builtIn returns the judge that is part of the program.
var builtIn = sync.OnceValue(func() *Judge {
	j, err := ReadJudge(judgeFile)
	if err != nil {
		panic(err) // a broken build; a test reads the file
	}
	return j
})

// ReadJudge reads a judge as JSON.
func ReadJudge(data []byte) (*Judge, error) {
	var j Judge
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJudge, err)
	}
	if !strings.HasPrefix(j.Version, JudgeFormat) {
		return nil, fmt.Errorf("version %q, want %s: %w", j.Version, JudgeFormat, ErrJudge)
	}
	if !slices.Equal(j.Names, CueNames()) || len(j.Weights) != cues {
		return nil, fmt.Errorf("%d cues and %d weights, want the %d of this program: %w", len(j.Names), len(j.Weights), cues, ErrJudge)
	}
	return &j, nil
}

// Confidence returns the probability that a record with these cues is right, to
// three digits.
func (j *Judge) Confidence(c Cues) float64 {
	return math.Round(1000*probability(j.Weights, c)) / 1000
}

func probability(weights []float64, c Cues) float64 {
	sum := 0.0
	for i, x := range c {
		sum += weights[i] * x
	}
	return 1 / (1 + math.Exp(-sum))
}

// Judged is a record whose truth is known.
type Judged struct {
	Cues   Cues
	Right  bool
	Weight float64 // how much it counts; 0 stands for 1
}

// FitJudge fits a judge by penalised maximum likelihood. First the sum of the cues
// of property and subject, which the written rules make, is stretched and shifted
// alone (Platt, Advances in Large Margin Classifiers (1999), 61); then all weights
// are fitted with a Gaussian prior of variance 1/penalty around that, so that few
// examples leave the rules as they are.
func FitJudge(examples []Judged, penalty float64, trainedOn string) *Judge {
	sums := make([]Judged, len(examples))
	for i, e := range examples {
		sums[i] = Judged{Cues{1, e.Cues[cuePair] + e.Cues[cueSubject]}, e.Right, e.Weight}
	}
	start := fit(sums, []float64{0, 1}, 1e-3)
	prior := make([]float64, cues)
	prior[cueBias], prior[cuePair], prior[cueSubject] = start[0], start[1], start[1]
	w := fit(examples, prior, penalty)
	for i := range w {
		w[i] = math.Round(w[i]*1e4) / 1e4
	}
	return &Judge{Version: JudgeFormat + " " + trainedOn, Names: CueNames(), Weights: w}
}

// Rescaled returns j with its sum of cues stretched and shifted so that its
// confidences suit examples (Platt, Advances in Large Margin Classifiers (1999), 61).
// They should be of documents that no rule was made for: what rules were made for is
// read better than what is new.
func (j *Judge) Rescaled(examples []Judged, penalty float64) *Judge {
	sums := make([]Judged, len(examples))
	for i, e := range examples {
		sum := 0.0
		for k, x := range e.Cues {
			sum += j.Weights[k] * x
		}
		sums[i] = Judged{Cues{1, sum}, e.Right, e.Weight}
	}
	scale := fit(sums, []float64{0, 1}, penalty)
	out := &Judge{Version: j.Version, Names: j.Names, Weights: slices.Clone(j.Weights)}
	for k := range out.Weights {
		out.Weights[k] = math.Round(out.Weights[k]*scale[1]*1e4) / 1e4
	}
	out.Weights[cueBias] += math.Round(scale[0]*1e4) / 1e4
	return out
}

// fit returns the weights of a logistic regression with a Gaussian prior of
// variance 1/penalty around prior on every weight but the first, by Newton's
// method with steps that never make it worse.
//
// Reference: Bishop, Pattern Recognition and Machine Learning (2006), sections
// 4.3.3 and 5.5.
func fit(examples []Judged, prior []float64, penalty float64) []float64 {
	n := len(prior)
	w := slices.Clone(prior)
	for range 50 {
		gradient := make([]float64, n)
		hessian := make([][]float64, n)
		for i := range hessian {
			hessian[i] = make([]float64, n)
			hessian[i][i] = penalty
			if i == 0 {
				hessian[i][i] = 1e-6
			}
			gradient[i] = hessian[i][i] * (w[i] - prior[i])
		}
		for _, e := range examples {
			weight := e.Weight
			if weight == 0 {
				weight = 1
			}
			p := probability(w, e.Cues)
			for i, x := range e.Cues {
				if x == 0 {
					continue
				}
				gradient[i] += weight * (p - flag(e.Right)) * x
				for k, y := range e.Cues {
					hessian[i][k] += weight * p * (1 - p) * x * y
				}
			}
		}
		step := solve(hessian, gradient)
		moved := 0.0
		// A whole step may go too far where the confidences are near 0 and 1.
		before := loss(examples, w, prior, penalty)
		for scale := 1.0; scale > 1e-6; scale /= 2 {
			next := make([]float64, n)
			moved = 0
			for i := range w {
				next[i] = w[i] - scale*step[i]
				moved = max(moved, math.Abs(scale*step[i]))
			}
			if loss(examples, next, prior, penalty) <= before || moved < 1e-8 {
				w = next
				break
			}
		}
		if moved < 1e-8 {
			break
		}
	}
	return w
}

// loss is what fit minimises: the negative logarithm of the likelihood and the prior.
func loss(examples []Judged, w, prior []float64, penalty float64) float64 {
	sum := 0.0
	for i := range w {
		p := penalty
		if i == 0 {
			p = 1e-6
		}
		sum += p * (w[i] - prior[i]) * (w[i] - prior[i]) / 2
	}
	for _, e := range examples {
		weight := e.Weight
		if weight == 0 {
			weight = 1
		}
		p := probability(w, e.Cues)
		if !e.Right {
			p = 1 - p
		}
		sum -= weight * math.Log(max(p, 1e-300))
	}
	return sum
}

// solve solves a x = b for a symmetric positive definite a by Cholesky's
// decomposition; a and b are overwritten.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= a[i][k] * a[j][k]
			}
			if i == j {
				a[i][i] = math.Sqrt(max(sum, 1e-12))
			} else {
				a[i][j] = sum / a[j][j]
			}
		}
	}
	for i := range n {
		for k := range i {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= a[k][i] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}
