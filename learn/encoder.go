package learn

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/learn/composition"
	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/molecular"
)

// role says what a feature is, as learners treat features differently.
type role uint8

const (
	descriptor  role = iota
	fraction         // of an element
	variable         // a number that the user gave, or a category
	environment      // how often a molecule has an environment of atoms
)

// encoder turns inputs into features. It knows what it has seen.
type encoder struct {
	inputs   []Input
	levels   [][]string   // of each input that is a category: its words, sorted
	spans    [][2]float64 // of each input that is a number: least and largest seen
	elements chem.Set     // seen in compositions

	environments []molecular.Vocabulary // of each input that is a molecule
}

// At least so many molecules have an environment that is a feature, and at most
// so many environments are.
const (
	leastMolecules  = 3
	maxEnvironments = 768
)

// newEncoder returns the encoder for the rows of t.
func newEncoder(t *Table, rows []*Row) *encoder {
	e := &encoder{inputs: t.Inputs, levels: make([][]string, len(t.Inputs)), spans: make([][2]float64, len(t.Inputs)), environments: make([]molecular.Vocabulary, len(t.Inputs))}
	var amounts []composition.Amount
	for i, in := range t.Inputs {
		e.spans[i] = [2]float64{math.Inf(1), math.Inf(-1)}
		words := map[string]bool{}
		counts := map[string]map[uint32]int{} // of each molecule as written
		for _, r := range rows {
			switch s := r.Inputs[i]; in.Kind {
			case Category:
				words[word(s)] = true
			case Number:
				if v, err := number(s); err == nil && v == v {
					e.spans[i][0], e.spans[i][1] = min(e.spans[i][0], v), max(e.spans[i][1], v)
				}
			case Composition:
				amounts, _ = composition.Parse(amounts[:0], s)
				for _, a := range amounts {
					e.elements.Add(a.Element)
				}
			case Molecule:
				if counts[s] == nil {
					if m, err := molecular.Parse(strings.TrimSpace(s)); err == nil {
						counts[s] = molecular.Environments(m)
					}
				}
			}
		}
		e.environments[i] = molecular.NewVocabulary(slices.Collect(maps.Values(counts)), leastMolecules, maxEnvironments)
		e.levels[i] = slices.Sorted(maps.Keys(words))
	}
	return e
}

func word(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// number reads a number; an empty text is NaN, a value that is missing.
func number(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(strings.Replace(s, "−", "-", 1), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return v, nil
}

// columns returns the roles of the features.
func (e *encoder) columns() []role {
	var out []role
	for i, in := range e.inputs {
		switch in.Kind {
		case Number:
			out = append(out, variable)
		case Category:
			out = append(out, slices.Repeat([]role{variable}, len(e.levels[i]))...)
		case Composition:
			out = append(out, slices.Repeat([]role{descriptor}, composition.Fractions)...)
			out = append(out, slices.Repeat([]role{fraction}, composition.Count-composition.Fractions)...)
		case Molecule:
			out = append(out, slices.Repeat([]role{descriptor}, molecular.Count)...)
			out = append(out, slices.Repeat([]role{environment}, len(e.environments[i]))...)
		}
	}
	return out
}

// scratch is what encoding needs besides its result.
type scratch struct {
	amounts []composition.Amount
}

// encode appends the features of inputs to dst. The error names the input that
// is wrong.
func (e *encoder) encode(dst []float64, inputs []string, s *scratch) ([]float64, error) {
	if len(inputs) != len(e.inputs) {
		return dst, fmt.Errorf("%d inputs, want %d: %s", len(inputs), len(e.inputs), e.names())
	}
	for i, in := range e.inputs {
		switch in.Kind {
		case Number:
			v, err := number(inputs[i])
			if err != nil {
				return dst, fmt.Errorf("%s: %w", in.Name, err)
			}
			dst = append(dst, v)
		case Category:
			w := word(inputs[i])
			for _, level := range e.levels[i] {
				v := 0.0
				if level == w {
					v = 1
				}
				dst = append(dst, v)
			}
		case Composition:
			var err error
			if s.amounts, err = composition.Parse(s.amounts[:0], strings.TrimSpace(inputs[i])); err != nil {
				return dst, fmt.Errorf("%s: %w", in.Name, err)
			}
			n := len(dst)
			dst = slices.Grow(dst, composition.Count)[:n+composition.Count]
			composition.Features(dst[n:], s.amounts)
		case Molecule:
			m, err := molecular.Parse(strings.TrimSpace(inputs[i]))
			if err != nil {
				return dst, fmt.Errorf("%s: %w", in.Name, err)
			}
			n := len(dst)
			end := n + molecular.Count + len(e.environments[i])
			dst = slices.Grow(dst, end-n)[:end]
			molecular.Descriptors(dst[n:n+molecular.Count], m)
			e.environments[i].Counts(dst[n+molecular.Count:], molecular.Environments(m))
		}
	}
	return dst, nil
}

func (e *encoder) names() string {
	names := make([]string, len(e.inputs))
	for i, in := range e.inputs {
		names[i] = in.Name
	}
	return strings.Join(names, ", ")
}

// subject returns the key of what inputs are about: the first composition or
// molecule among them, else all inputs. A solvent, which stands behind the
// molecule that it dissolves, makes no new subject.
func (e *encoder) subject(inputs []string) string {
	var key []string
	for i, in := range e.inputs {
		if key == nil && (in.Kind == Composition || in.Kind == Molecule) {
			key = append(key, keyOf(in.Kind, inputs[i]))
		}
	}
	if key == nil {
		return strings.Join(inputs, "\x00")
	}
	return strings.Join(key, "\x00")
}

// keyOf is the same for texts that mean the same.
func keyOf(kind Kind, s string) string {
	switch kind {
	case Composition:
		return compositionKey(s)
	case Molecule:
		if m, err := molecular.Parse(strings.TrimSpace(s)); err == nil {
			return m.SMILES()
		}
	case Category:
		return word(s)
	}
	return s
}

// compositionKey is the same for formulas of equal ratios.
func compositionKey(s string) string {
	amounts, err := composition.Parse(nil, strings.TrimSpace(s))
	if err != nil {
		return s
	}
	total := 0.0
	for _, a := range amounts {
		total += a.Atoms
	}
	var b strings.Builder
	for _, a := range amounts {
		fmt.Fprintf(&b, "%s%.5f", a.Element.Symbol(), a.Atoms/total)
	}
	return b.String()
}

// strange says in which way inputs lie outside of what was seen, beside their
// distance from it; it is empty if they do not.
func (e *encoder) strange(inputs []string) string {
	var why []string
	for i, in := range e.inputs {
		switch in.Kind {
		case Number:
			if v, err := number(inputs[i]); err == nil && (v < e.spans[i][0] || v > e.spans[i][1]) {
				why = append(why, fmt.Sprintf("%s %g lies outside of %g to %g", in.Name, v, e.spans[i][0], e.spans[i][1]))
			}
		case Category:
			if _, ok := slices.BinarySearch(e.levels[i], word(inputs[i])); !ok {
				why = append(why, fmt.Sprintf("%s %q was never seen", in.Name, inputs[i]))
			}
		case Composition:
			amounts, _ := composition.Parse(nil, strings.TrimSpace(inputs[i]))
			for _, a := range amounts {
				if !e.elements.Has(a.Element) {
					why = append(why, fmt.Sprintf("no %s among the training data", a.Element.Name()))
				}
			}
		}
	}
	return strings.Join(why, "; ")
}

func (e *encoder) write(w *wire.Writer) {
	w.Uint(uint64(len(e.inputs)))
	for i, in := range e.inputs {
		w.String(in.Name)
		w.Uint(uint64(in.Kind))
		w.Uint(uint64(len(e.levels[i])))
		for _, s := range e.levels[i] {
			w.String(s)
		}
		w.Uint(uint64(len(e.environments[i])))
		for _, id := range e.environments[i] {
			w.Uint(uint64(id))
		}
		w.Float(e.spans[i][0])
		w.Float(e.spans[i][1])
	}
	w.Uint(e.elements[0])
	w.Uint(e.elements[1])
}

var errEncoder = errors.New("no sound list of inputs")

func readEncoder(r *wire.Reader) *encoder {
	e := &encoder{}
	for range r.Len(20) {
		in := Input{Name: r.String()}
		k := r.Uint()
		if k >= uint64(len(kindNames)) {
			r.Fail(errEncoder)
			return e
		}
		in.Kind = Kind(k)
		levels := make([]string, r.Len(1))
		for j := range levels {
			levels[j] = r.String()
		}
		if !slices.IsSortedFunc(levels, cmp.Compare) {
			r.Fail(errEncoder)
		}
		environments := make(molecular.Vocabulary, r.Len(1))
		for j := range environments {
			environments[j] = uint32(min(r.Uint(), math.MaxUint32))
		}
		if !slices.IsSorted(environments) {
			r.Fail(errEncoder)
		}
		e.environments = append(e.environments, environments)
		e.inputs = append(e.inputs, in)
		e.levels = append(e.levels, levels)
		e.spans = append(e.spans, [2]float64{r.Float(), r.Float()})
	}
	if len(e.inputs) == 0 || len(e.inputs) > maxInputs {
		r.Fail(errEncoder)
	}
	e.elements = chem.Set{r.Uint(), r.Uint()}
	return e
}

// canonical returns inputs as texts that are the same where they mean the same.
func (e *encoder) canonical(inputs []string) []string {
	out := make([]string, len(inputs))
	for i, in := range e.inputs {
		out[i] = keyOf(in.Kind, inputs[i])
	}
	return out
}
