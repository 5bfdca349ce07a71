// Package formula reads chemical formulas: "LiNi0.8Co0.1Mn0.1O2",
// "Li1+xAlxTi2−x(PO4)3", "La0.6Sr0.4CoO3−δ", "CaCO3·0.5H2O".
package formula

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// Formula is a chemical formula. Parts stand side by side as in a hydrate.
type Formula struct {
	parts  []part
	charge int
}

// part is one side of "CaCO3·0.5H2O".
type part struct {
	count amount
	items []item
}

// item is an element, a group in parentheses, or a placeholder such as the R of
// RCo2, with its amount.
type item struct {
	element     chem.Element // 0 for a group or a placeholder
	placeholder string
	group       []item
	amount      amount
}

// amount is a linear expression in the variables of the formula: "1+x", "2-x",
// "0.5", "3-δ".
type amount struct {
	constant float64
	terms    []term
}

type term struct {
	variable    string
	coefficient float64
}

func (a amount) plain() bool { return len(a.terms) == 0 }

func (a amount) times(b amount) amount {
	if a.plain() {
		a, b = b, a
	}
	// At most one side has variables; a product of two keeps the constant of
	// the second, which no known formula needs.
	out := amount{constant: round(a.constant * b.constant)}
	for _, t := range a.terms {
		out.terms = append(out.terms, term{t.variable, round(t.coefficient * b.constant)})
	}
	return out
}

func (a amount) plus(b amount) amount {
	out := amount{constant: round(a.constant + b.constant), terms: append([]term(nil), a.terms...)}
next:
	for _, t := range b.terms {
		for i := range out.terms {
			if out.terms[i].variable == t.variable {
				out.terms[i].coefficient = round(out.terms[i].coefficient + t.coefficient)
				continue next
			}
		}
		out.terms = append(out.terms, t)
	}
	return out
}

// round removes the noise of floating point from sums of decimal amounts.
func round(x float64) float64 { return math.Round(x*1e8) / 1e8 }

func (a amount) String() string {
	var b strings.Builder
	if a.constant != 0 || len(a.terms) == 0 {
		b.WriteString(strconv.FormatFloat(a.constant, 'f', -1, 64))
	}
	for _, t := range a.terms {
		switch {
		case t.coefficient < 0:
			b.WriteByte('-')
		case b.Len() > 0:
			b.WriteByte('+')
		}
		if c := math.Abs(t.coefficient); c != 1 {
			b.WriteString(strconv.FormatFloat(c, 'f', -1, 64))
		}
		b.WriteString(t.variable)
	}
	return b.String()
}

// flat is an element or placeholder with its whole amount.
type flat struct {
	element     chem.Element
	placeholder string
	amount      amount
}

func (f flat) symbol() string {
	if f.element != 0 {
		return f.element.Symbol()
	}
	return f.placeholder
}

func flatten(items []item, by amount, out []flat) []flat {
	for _, it := range items {
		a := it.amount.times(by)
		if it.group != nil {
			out = flatten(it.group, a, out)
			continue
		}
		added := false
		for i := range out {
			if out[i].element == it.element && out[i].placeholder == it.placeholder {
				out[i].amount = out[i].amount.plus(a)
				added = true
			}
		}
		if !added {
			out = append(out, flat{it.element, it.placeholder, a})
		}
	}
	return out
}

// String returns the canonical formula: groups multiplied out, elements from
// the most electropositive to the most electronegative (ties by symbol),
// carbon first then hydrogen in compounds of carbon and hydrogen (Hill, J. Am.
// Chem. Soc. 22 (1900) 478); placeholders lead. Parts keep their order and are
// divided by "·".
func (f *Formula) String() string {
	var out []string
	for _, p := range f.parts {
		fs := flatten(p.items, amount{constant: 1}, nil)
		order(fs)
		var b strings.Builder
		if !p.count.plain() || p.count.constant != 1 {
			b.WriteString(p.count.String())
		}
		for _, x := range fs {
			if x.amount.plain() && x.amount.constant == 0 {
				continue
			}
			b.WriteString(x.symbol())
			if !x.amount.plain() || x.amount.constant != 1 {
				written := x.amount.String()
				if _, clash := chem.BySymbol(x.symbol() + written[:1]); clash {
					b.WriteByte('1') // "C1m", because Cm is curium
				}
				b.WriteString(written)
			}
		}
		out = append(out, b.String())
	}
	s := strings.Join(out, "·")
	if f.charge != 0 {
		sign := "+"
		if f.charge < 0 {
			sign = "-"
		}
		s += "^"
		if n := max(f.charge, -f.charge); n > 1 {
			s += strconv.Itoa(n)
		}
		s += sign
	}
	return s
}

func order(fs []flat) {
	organic := false
	var c, h bool
	for _, x := range fs {
		c = c || x.element == 6
		h = h || x.element == 1
	}
	organic = c && h
	rank := func(x flat) float64 {
		switch {
		case x.placeholder != "":
			return -2
		case organic && x.element == 6:
			return -1
		case organic && x.element == 1:
			return -0.5
		}
		if e := x.element.Electronegativity(); e > 0 {
			return e
		}
		return 4.5
	}
	sort.SliceStable(fs, func(i, j int) bool {
		if a, b := rank(fs[i]), rank(fs[j]); a != b {
			return a < b
		}
		return fs[i].symbol() < fs[j].symbol()
	})
}

// Elements returns the elements of f. Placeholders have none.
func (f *Formula) Elements() chem.Set {
	var s chem.Set
	for _, p := range f.parts {
		addElements(p.items, &s)
	}
	return s
}

func addElements(items []item, s *chem.Set) {
	for _, it := range items {
		if it.element != 0 {
			s.Add(it.element)
		}
		addElements(it.group, s)
	}
}

// Variables returns the names of the variables of f, sorted; δ, which marks an
// unknown deviation, is not one.
func (f *Formula) Variables() []string {
	seen := map[string]bool{}
	for _, p := range f.parts {
		for _, x := range flatten(p.items, p.count, nil) {
			for _, t := range x.amount.terms {
				if t.variable != "δ" {
					seen[t.variable] = true
				}
			}
		}
	}
	var out []string
	for v := range seen {
		out = append(out, v)
	}
	sort.Strings(out)
	return out
}

// Placeholders reports whether f has sites that stand for several elements,
// such as the R of RCo2.
func (f *Formula) Placeholders() bool {
	for _, p := range f.parts {
		for _, x := range flatten(p.items, p.count, nil) {
			if x.placeholder != "" {
				return true
			}
		}
	}
	return false
}

// Amounts returns how many atoms of each element f has, over all parts. It
// reports false if variables or placeholders remain; δ counts as 0.
func (f *Formula) Amounts() (map[chem.Element]float64, bool) {
	out := map[chem.Element]float64{}
	for _, p := range f.parts {
		for _, x := range flatten(p.items, p.count, nil) {
			if x.placeholder != "" {
				return nil, false
			}
			for _, t := range x.amount.terms {
				if t.variable != "δ" {
					return nil, false
				}
			}
			out[x.element] = round(out[x.element] + x.amount.constant)
		}
	}
	return out, true
}

// Reduced returns the formula with the smallest whole amounts ("Li2O2" is
// "LiO"), or the canonical formula if amounts are not whole.
func (f *Formula) Reduced() string {
	amounts, ok := f.Amounts()
	if !ok {
		return f.String()
	}
	g := 0
	for _, a := range amounts {
		n := int(math.Round(a))
		if math.Abs(a-float64(n)) > 1e-6 || n <= 0 {
			return f.String()
		}
		g = gcd(n, g)
	}
	var fs []flat
	for e, a := range amounts {
		fs = append(fs, flat{element: e, amount: amount{constant: round(a / float64(g))}})
	}
	sort.Slice(fs, func(i, j int) bool { return fs[i].element < fs[j].element })
	items := make([]item, len(fs))
	for i, x := range fs {
		items[i] = item{element: x.element, amount: x.amount}
	}
	return (&Formula{parts: []part{{count: amount{constant: 1}, items: items}}}).String()
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Bind returns f with the variables replaced by values. It reports an error if
// an amount becomes negative.
func (f *Formula) Bind(values map[string]float64) (*Formula, error) {
	out := &Formula{charge: f.charge}
	for _, p := range f.parts {
		items, err := bind(p.items, values)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out.parts = append(out.parts, part{p.count.bind(values), items})
	}
	return out, nil
}

func (a amount) bind(values map[string]float64) amount {
	out := amount{constant: a.constant}
	for _, t := range a.terms {
		if v, ok := values[t.variable]; ok {
			out.constant = round(out.constant + t.coefficient*v)
		} else {
			out.terms = append(out.terms, t)
		}
	}
	return out
}

func bind(items []item, values map[string]float64) ([]item, error) {
	out := make([]item, len(items))
	for i, it := range items {
		it.amount = it.amount.bind(values)
		if it.amount.plain() && it.amount.constant < 0 {
			return nil, fmt.Errorf("amount of %s is %g", flat{element: it.element, placeholder: it.placeholder}.symbol(), it.amount.constant)
		}
		if it.group != nil {
			var err error
			if it.group, err = bind(it.group, values); err != nil {
				return nil, err
			}
		}
		out[i] = it
	}
	return out, nil
}
