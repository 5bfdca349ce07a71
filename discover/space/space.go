// Package space holds the candidates of a campaign: variables with their
// ranges and choices, mixtures, lists, enumerated formulas, and the constraints
// that candidates must keep to.
//
// A point is a row of numbers, one for each variable: the value of a setting,
// or the number of a choice.
package space

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem/edit"
)

// Kind says what a variable is.
type Kind int

// The kinds of variables.
const (
	Number   Kind = iota // a setting between two ends
	Choice               // one of several names
	Formula              // one of several compositions
	Molecule             // one of several molecules, or any that edits of them lead to
)

// Variable is a setting or choice that an experiment has.
type Variable struct {
	Name string
	Unit string // as written; empty for none
	Kind Kind
	// Low and High are the ends of a number, Step the distance of its allowed
	// values from Low on, or 0 for any.
	Low, High, Step float64
	Log             bool // ratios count, not differences; Low is positive
	// Choices are the allowed names or formulas. More may be known than are
	// allowed: what was tried elsewhere.
	Choices []string
	allowed int
	editor  *edit.Editor // of a molecule that may be invented, else nil
}

// Term is a variable times a number.
type Term struct {
	Variable int
	Factor   float64
}

// Linear says that the sum of terms lies between Low and High, either of which
// may be infinite.
type Linear struct {
	Text      string // as the user wrote it
	Terms     []Term
	Low, High float64
}

// Mixture says that variables are amounts that add up to Total, and that at
// most AtMost of them are not zero. Their steps are equal.
type Mixture struct {
	Variables []int
	Total     float64
	AtMost    int
}

// Space is a set of points. The zero value has no variables and is of no use;
// fill in the exported fields, then call Prepare.
type Space struct {
	Variables []Variable
	Linear    []Linear
	Mixtures  []Mixture
	// Rows, unless nil, are the only values that the variables Joint have
	// together: the lines of a list.
	Joint []int
	Rows  [][]float64
	// Allow, unless nil, is asked of each point that keeps to everything else.
	Allow func(point []float64) bool

	free  []int         // numbers and choices in no row and no mixture
	known map[int]index // choices by name
}

type index map[string]int

// tolerance is by how much sums may be off, relative to the size of their
// terms.
const tolerance = 1e-9

// Limits of a space.
const (
	MaxVariables = 200
	MaxRows      = 2_000_000
	MaxChoices   = 100_000
)

// Prepare checks s and makes it ready for use.
func (s *Space) Prepare() error {
	if len(s.Variables) == 0 {
		return fmt.Errorf("the space has no variables")
	}
	if len(s.Variables) > MaxVariables || len(s.Rows) > MaxRows {
		return fmt.Errorf("the space has more than %d variables or %d rows", MaxVariables, MaxRows)
	}
	s.known = map[int]index{}
	bound := make([]bool, len(s.Variables))
	for _, j := range s.Joint {
		bound[j] = true
	}
	for i := range s.Mixtures {
		m := &s.Mixtures[i]
		if m.AtMost <= 0 || m.AtMost > len(m.Variables) {
			m.AtMost = len(m.Variables)
		}
		for _, j := range m.Variables {
			if bound[j] {
				return fmt.Errorf("%s is in two mixtures, or in a mixture and a list", s.Variables[j].Name)
			}
			bound[j] = true
		}
		if err := s.checkMixture(m); err != nil {
			return err
		}
	}
	for j := range s.Variables {
		v := &s.Variables[j]
		v.allowed = len(v.Choices)
		if v.Kind != Number {
			if len(v.Choices) == 0 && !slices.Contains(s.Joint, j) || len(v.Choices) > MaxChoices {
				return fmt.Errorf("%s has no choices, or more than %d", v.Name, MaxChoices)
			}
			s.known[j] = index{}
			for k, c := range v.Choices {
				s.known[j][c] = k
			}
		} else if !(v.Low <= v.High) || v.Step < 0 || v.Log && !(v.Low > 0) {
			return fmt.Errorf("%s has the range %v to %v with step %v", v.Name, v.Low, v.High, v.Step)
		}
		if !bound[j] {
			s.free = append(s.free, j)
		}
	}
	return nil
}

// checkMixture reports an error if no amounts add up to the total.
func (s *Space) checkMixture(m *Mixture) error {
	var low float64
	var highs []float64
	required := 0
	for _, j := range m.Variables {
		v := s.Variables[j]
		if v.Kind != Number || v.Low < 0 || v.Step != s.Variables[m.Variables[0]].Step {
			return fmt.Errorf("%s cannot be in a mixture: its amounts must be numbers from 0 on, with the same step as all others", v.Name)
		}
		low += v.Low
		if v.Low > 0 {
			required++
		}
		highs = append(highs, v.High)
	}
	slices.SortFunc(highs, func(a, b float64) int { return -compare(a, b) })
	high := 0.0
	for _, h := range highs[:m.AtMost] {
		high += h
	}
	if low > m.Total*(1+tolerance) || high < m.Total*(1-tolerance) || required > m.AtMost {
		return fmt.Errorf("no mixture of at most %d components adds up to %v: the ranges give %v to %v", m.AtMost, m.Total, low, high)
	}
	return nil
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Contains reports whether point is a candidate, and if not, why.
func (s *Space) Contains(point []float64) (bool, string) {
	for j, v := range s.Variables {
		if x := point[j]; v.Kind != Number && !slices.Contains(s.Joint, j) && (x != math.Trunc(x) || x < 0 || int(x) >= v.most()) {
			return false, fmt.Sprintf("%s is none of its choices", v.Name)
		}
	}
	if s.Rows != nil && !slices.ContainsFunc(s.Rows, func(row []float64) bool { return s.matches(row, point) }) {
		return false, "it is not in the list"
	}
	return s.ContainsNumbers(point)
}

// ContainsNumbers reports whether the numbers of point keep to their ranges,
// mixtures and constraints, whatever its choices, and if not, why.
func (s *Space) ContainsNumbers(point []float64) (bool, string) {
	for j, v := range s.Variables {
		x := point[j]
		switch {
		case v.Kind != Number, slices.Contains(s.Joint, j):
		case s.inMixture(j) && x == 0 && v.Low == 0:
		case x < v.Low-tolerance*v.size() || x > v.High+tolerance*v.size() || math.IsNaN(x):
			return false, fmt.Sprintf("%s = %s is outside of %s to %s", v.Name, decimal(x), decimal(v.Low), decimal(v.High))
		case v.Step > 0 && math.Abs(v.snap(x)-x) > 1e-6*v.Step:
			return false, fmt.Sprintf("%s = %s is not on its grid of step %s", v.Name, decimal(x), decimal(v.Step))
		}
	}
	for _, m := range s.Mixtures {
		sum, present := 0.0, 0
		for _, j := range m.Variables {
			sum += point[j]
			if point[j] > 0 {
				present++
			}
		}
		if math.Abs(sum-m.Total) > 1e-7*m.Total {
			return false, fmt.Sprintf("the mixture adds up to %s, not %s", decimal(sum), decimal(m.Total))
		}
		if present > m.AtMost {
			return false, fmt.Sprintf("the mixture has %d components, not at most %d", present, m.AtMost)
		}
	}
	return s.keeps(point)
}

// keeps reports whether point keeps to the linear constraints and to Allow.
func (s *Space) keeps(point []float64) (bool, string) {
	for _, l := range s.Linear {
		sum, size := 0.0, 0.0
		for _, t := range l.Terms {
			sum += t.Factor * point[t.Variable]
			size += math.Abs(t.Factor * point[t.Variable])
		}
		if sum < l.Low-tolerance*(size+1) || sum > l.High+tolerance*(size+1) {
			return false, fmt.Sprintf("it breaks %q", l.Text)
		}
	}
	if s.Allow != nil && !s.Allow(point) {
		return false, "it is not allowed"
	}
	return true, ""
}

func (s *Space) matches(row, point []float64) bool {
	for k, j := range s.Joint {
		if row[k] != point[j] {
			return false
		}
	}
	return true
}

func (s *Space) inMixture(j int) bool {
	return slices.ContainsFunc(s.Mixtures, func(m Mixture) bool { return slices.Contains(m.Variables, j) })
}

// size is the scale of the values of v.
func (v *Variable) size() float64 { return max(math.Abs(v.Low), math.Abs(v.High), v.High-v.Low) }

// snap returns the allowed value nearest to x.
func (v *Variable) snap(x float64) float64 {
	x = min(max(x, v.Low), v.High)
	if v.Step > 0 {
		k := math.Round((x - v.Low) / v.Step)
		if v.Low+k*v.Step > v.High*(1+tolerance)+tolerance {
			k--
		}
		x = tidy(v.Low + k*v.Step)
	}
	return x
}

// tidy removes the last digits of x, which sums of steps leave behind, so that
// equal values are equal.
func tidy(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// steps returns the number of allowed values of v, or 0 if there is no end of
// them.
func (v *Variable) steps() int {
	switch {
	case v.editor != nil:
		return 0
	case v.Kind != Number:
		return v.allowed
	case v.Low == v.High:
		return 1
	case v.Step == 0 || (v.High-v.Low)/v.Step > 1e6:
		return 0
	}
	return int((v.High-v.Low)/v.Step+1e-6) + 1
}

// most returns the number of choices that are allowed now.
func (v *Variable) most() int {
	if v.editor != nil {
		return len(v.Choices)
	}
	return v.allowed
}

// at returns the k-th allowed value of v.
func (v *Variable) at(k int) float64 {
	if v.Kind != Number {
		return float64(k)
	}
	return tidy(v.Low + float64(k)*v.Step)
}

// unit returns where x lies between the ends of v: 0 to 1 within them.
func (v *Variable) unit(x float64) float64 {
	if v.High <= v.Low {
		return 0
	}
	if v.Log {
		return math.Log(x/v.Low) / math.Log(v.High/v.Low)
	}
	return (x - v.Low) / (v.High - v.Low)
}

// fromUnit returns the allowed value nearest to u of the way between the ends.
// Where any is allowed, it has few digits: nobody sets a dial to 17.
func (v *Variable) fromUnit(u float64) float64 {
	x, scale := v.Low+u*(v.High-v.Low), v.High-v.Low
	if v.Log {
		x = v.Low * math.Pow(v.High/v.Low, u)
		scale = x
	}
	if v.Step == 0 {
		x = significant(x, scale)
	}
	return v.snap(x)
}

// significant rounds x to a thousandth of scale, or finer by less than ten.
func significant(x, scale float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(scale))-3)
	if unit == 0 || math.IsInf(unit, 0) || math.IsNaN(unit) {
		return x
	}
	return tidy(math.Round(x/unit) * unit)
}

// Text returns the value of variable j of point as it is written.
func (s *Space) Text(point []float64, j int) string {
	v := &s.Variables[j]
	if v.Kind != Number {
		return v.Choices[int(point[j])]
	}
	return decimal(point[j])
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'g', 10, 64) }

// Key returns a text that two points share if they are the same candidate.
func (s *Space) Key(point []float64) string {
	var b strings.Builder
	for j, v := range s.Variables {
		if j > 0 {
			b.WriteByte('\x1f')
		}
		if v.Kind != Number {
			b.WriteString(v.Choices[int(point[j])])
		} else {
			b.WriteString(strconv.FormatFloat(point[j]+0, 'g', 9, 64)) // + 0 makes -0 0
		}
	}
	return b.String()
}

// Read returns the value of variable j that text states. A choice that is not
// among the allowed ones becomes known, so that what was tried outside of the
// space teaches too.
func (s *Space) Read(j int, text string) (float64, error) {
	v := &s.Variables[j]
	text = strings.TrimSpace(text)
	if v.Kind == Number {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, fmt.Errorf("%s should be a number, not %q", v.Name, clip(text))
		}
		if v.Log && x <= 0 {
			return 0, fmt.Errorf("%s is on a logarithmic scale and should be above 0, not %s", v.Name, text)
		}
		return x, nil
	}
	if text == "" {
		return 0, fmt.Errorf("%s is empty", v.Name)
	}
	text, err := v.Canonical(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", v.Name, err)
	}
	if k, ok := s.known[j][text]; ok {
		return float64(k), nil
	}
	if len(v.Choices) > MaxChoices {
		return 0, fmt.Errorf("%s has more than %d different values", v.Name, MaxChoices)
	}
	v.Choices = append(v.Choices, text)
	s.known[j][text] = len(v.Choices) - 1
	return float64(len(v.Choices) - 1), nil
}

// clip shortens text for a message.
func clip(text string) string {
	if len(text) > 60 {
		return text[:60] + "…"
	}
	return text
}

// Column returns the variable of that name, or -1.
func (s *Space) Column(name string) int {
	return slices.IndexFunc(s.Variables, func(v Variable) bool { return v.Name == name })
}

// Levels returns at most n values of v, spread evenly over its range or its
// allowed choices.
func (v *Variable) Levels(n int) []float64 {
	if steps := v.steps(); steps > 0 && steps <= n {
		values := make([]float64, steps)
		for k := range values {
			values[k] = v.at(k)
		}
		return values
	}
	var values []float64
	for k := range n {
		u := float64(k) / float64(n-1)
		x := float64(int(u * float64(v.allowed-1)))
		if v.Kind == Number {
			x = v.fromUnit(u)
		}
		if len(values) == 0 || values[len(values)-1] != x {
			values = append(values, x)
		}
	}
	return values
}
