package learn

import (
	"errors"
	"math"
	"slices"

	"github.com/alkahest/alkahest/learn/gaussian"
	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/linear"
)

// maxProcessRows is up to how many rows a Gaussian process takes part.
const maxProcessRows = 1200

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
	n := float64(rows)
	return 2 * processSteps * (1e-9*n*n*n + 1.5e-9*n*n*float64(columns))
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
	m := &processModel{scale: linear.NewScale(d.x, d.w, func(j int) bool { return !l.plain || d.columns[j] != descriptor }), y: d.y}
	for _, j := range m.scale.Columns() {
		m.roles = append(m.roles, d.columns[j])
	}
	if len(m.roles) == 0 {
		return nil, errors.New("no feature differs between rows")
	}
	for _, row := range d.x {
		m.x = append(m.x, m.input(row))
	}
	return m, m.condition(gaussian.Options{Exact: maxProcessRows, Steps: processSteps})
}

// processModel keeps what its process is made from, as that is what is saved.
type processModel struct {
	scale   *linear.Scale
	roles   []role
	x       [][]float64
	y       []float64
	process *gaussian.Process
}

func (m *processModel) condition(o gaussian.Options) (err error) {
	m.process, err = gaussian.Fit(m.x, m.y, kernel(m.roles), o)
	return err
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

func (m *processModel) predict(x, out []float64) {
	if err := m.process.Predict([][]float64{m.input(x)}, out[:1], nil); err != nil {
		out[0] = math.NaN() // for shapes and numbers that cannot come here
	}
}

func (m *processModel) write(w *wire.Writer) {
	m.scale.Encode(w)
	w.Floats(m.process.Parameters())
	w.Floats(m.y)
	for _, r := range m.roles {
		w.Uint(uint64(r))
	}
	for _, row := range m.x {
		w.Floats(row)
	}
}

func readProcess(r *wire.Reader, columns int) model {
	m := &processModel{scale: linear.DecodeScale(r, columns)}
	parameters := r.Floats()
	m.y = r.Floats()
	width := len(m.scale.Columns())
	for range width {
		m.roles = append(m.roles, role(r.Uint()))
	}
	for range m.y {
		row := r.Floats()
		if len(row) != width {
			r.Fail(errModel)
			return m
		}
		m.x = append(m.x, row)
	}
	if r.Err() != nil || len(m.y) == 0 || len(m.y) > maxProcessRows || width == 0 {
		r.Fail(errModel)
		return m
	}
	k := kernel(m.roles)
	if len(parameters) != k.Len()+1 || slices.ContainsFunc(parameters, func(p float64) bool { return !(math.Abs(p) < 100) }) {
		r.Fail(errModel)
		return m
	}
	if err := m.condition(gaussian.Options{Exact: maxProcessRows, Start: parameters, Steps: -1}); err != nil {
		r.Fail(err)
	}
	return m
}
