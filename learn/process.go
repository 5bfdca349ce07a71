package learn

import (
	"errors"
	"math"
	"slices"

	"github.com/alkahest/alkahest/learn/gaussian"
	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/linear"
)

// Up to maxProcessRows rows, a Gaussian process takes part. Its parameters are
// found from all rows up to wholeRows, and beyond from sampledRows of them.
const (
	maxProcessRows = 4500
	wholeRows      = 1200
	sampledRows    = 600
)

func sampled(rows int) int {
	if rows > wholeRows {
		return sampledRows
	}
	return rows
}

// processLearner makes Gaussian processes of standardised features: one length
// scale for all descriptors, and for variables and, if they are few, fractions
// of elements one each. Environments of atoms are compared by the Tanimoto
// kernel of their counts. With plain set they see no descriptors, which is better
// where all subjects are of the same few elements, as alloys.
type processLearner struct{ plain bool }

const (
	processName      = "gaussian process"
	plainProcessName = "gaussian process of amounts"
)

func (l processLearner) name() string {
	if l.plain {
		return plainProcessName
	}
	return processName
}

func (processLearner) outputs() []string { return []string{"value"} }

func (processLearner) cost(rows, columns int) float64 {
	n, s, c := float64(rows), float64(sampled(rows)), float64(columns)
	return 2*processSteps*(1e-9*s*s*s+1.5e-9*s*s*c) + 0.3e-9*n*n*n + 0.5e-9*n*n*c
}

// processSteps is the number of steps in which kernel parameters are sought;
// later ones hardly change predictions.
const processSteps = 15

// maxSingle is up to how many columns have a length scale each.
const maxSingle = 20

// kernel returns the kernel for columns with these roles.
func kernel(roles []role) gaussian.Kernel {
	var wide, single, counts []int
	for j, r := range roles {
		switch r {
		case descriptor:
			wide = append(wide, j)
		case environment:
			counts = append(counts, j)
		default:
			single = append(single, j)
		}
	}
	var out gaussian.Kernel
	if len(counts) > 0 {
		out = gaussian.Scaled{Kernel: gaussian.Tanimoto{Columns: counts}}
	}
	for _, k := range []struct {
		columns   []int
		isotropic bool
	}{{wide, true}, {single, len(single) > maxSingle}} {
		if len(k.columns) == 0 {
			continue
		}
		next := gaussian.Scaled{Kernel: gaussian.Stationary{Shape: gaussian.Matern52, Columns: k.columns, Isotropic: k.isotropic}}
		if out == nil {
			out = next
		} else {
			out = gaussian.Sum{A: out, B: next}
		}
	}
	return out
}

func (l processLearner) fit(d *data, _ uint64) (model, error) {
	m := &processModel{scale: linear.NewScale(d.x, d.w, func(j int) bool { return !l.plain || d.columns[j] != descriptor })}
	for _, j := range m.scale.Columns() {
		m.roles = append(m.roles, d.columns[j])
	}
	if len(m.roles) == 0 {
		return nil, errors.New("no feature differs between rows")
	}
	var x [][]float64
	for _, row := range d.x {
		x = append(x, m.input(row))
	}
	p, err := gaussian.Fit(x, d.y, kernel(m.roles), gaussian.Options{Exact: maxProcessRows, Sample: sampled(len(x)), Steps: processSteps})
	if err != nil {
		return nil, err
	}
	m.mean, err = p.Mean()
	return m, err
}

// processModel is the mean of a process; how uncertain predictions are is learned
// from all learners together.
type processModel struct {
	scale *linear.Scale
	roles []role
	mean  *gaussian.Mean
}

// input returns the input of the process for a row of features.
func (m *processModel) input(x []float64) []float64 {
	out := m.scale.Apply(nil, x)
	for k, j := range m.scale.Columns() {
		if m.roles[k] == environment {
			out[k] = x[j]
		}
	}
	return out
}

func (m *processModel) predict(x, out []float64) { out[0] = m.mean.At(m.input(x)) }

func (m *processModel) write(w *wire.Writer) {
	m.scale.Encode(w)
	for _, r := range m.roles {
		w.Uint(uint64(r))
	}
	w.Floats(m.mean.Parameters)
	w.Float(m.mean.Constant)
	w.Floats(m.mean.Weights)
	for _, row := range m.mean.X {
		for k, v := range row {
			if m.roles[k] == environment {
				w.Uint(uint64(v)) // a count, and nearly always 0
			} else {
				w.Float(v)
			}
		}
	}
}

func readProcess(r *wire.Reader, columns int) model {
	m := &processModel{scale: linear.DecodeScale(r, columns), mean: &gaussian.Mean{}}
	for range m.scale.Columns() {
		m.roles = append(m.roles, role(r.Uint()))
	}
	m.mean.Parameters, m.mean.Constant, m.mean.Weights = r.Floats(), r.Float(), r.Floats()
	if len(m.roles) == 0 || len(m.mean.Weights) == 0 || len(m.mean.Weights) > maxProcessRows {
		r.Fail(errModel)
		return m
	}
	for range m.mean.Weights {
		if r.Left() < len(m.roles) { // each number takes a byte at least
			r.Fail(errModel)
			return m
		}
		row := make([]float64, len(m.roles))
		for k, of := range m.roles {
			if of == environment {
				row[k] = float64(r.Uint())
			} else {
				row[k] = r.Float()
			}
		}
		m.mean.X = append(m.mean.X, row)
	}
	if slices.ContainsFunc(m.mean.Parameters, func(p float64) bool { return !(math.Abs(p) < 100) }) {
		r.Fail(errModel)
		return m
	}
	if err := m.mean.Bind(kernel(m.roles)); err != nil {
		r.Fail(err)
	}
	return m
}
