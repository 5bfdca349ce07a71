package knowledge

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// Query is a question for records. The zero value asks for all records.
//
// # What a record matches
//
// A comparison with a property or condition holds for a record as follows,
// with both sides converted to the same unit. A value stated as a closed
// interval matches when any number in the interval does: "5–8" matches > 6,
// < 6 and = 6. A value with an open end ("up to 200", "> 100") is judged by
// the end that was stated alone: "up to 200" matches > 150, and "> 100" does
// not match > 150, for nobody stated more than 100. A stated uncertainty does
// not widen a value. The operator != is the contrary of =. Equal means equal
// to one part in 10^9, which is what unit conversion may lose.
//
// A single record has a single property, so two properties joined by "and"
// speak of the subject. In a conjunction with at least two terms that assert a
// property, a record matches when it satisfies one of those terms, and its
// subject (see [SubjectKey]) has, for every one of them, some record that
// satisfies it; all other terms of the conjunction must hold for each of these
// records. Hence "a > 1 and b < 2 and confidence >= 0.5" yields the records of
// a above 1 and of b below 2 of those subjects that have both, every one with
// a confidence of at least 0.5.
//
// "not" before an expression that asserts a property denies it of the subject:
// no record of the subject satisfies the expression. Before anything else it
// denies it of the record.
//
// # One record for each fact
//
// Of the matching records that state the same [Fact] in documents of the same
// work, only the best is an answer (see [Precedence]), unless Every is set.
type Query struct {
	Text        string // as it was written
	Root        Expr   // nil asks for all records
	Every       bool   // every record, also where others of the same work state the same
	NoRetracted bool   // no records of works that were retracted
}

// String writes q so that it reads as the same question.
func (q *Query) String() string {
	if q.Root == nil {
		return ""
	}
	return q.Root.String()
}

// Expr is part of a query: *And, *Or, *Not, *Property, *Elements, *Subject,
// *Condition, *Confidence, *Document or *Text.
type Expr interface {
	String() string
	expr()
}

// And holds when all of Terms do; see [Query] for terms that assert properties.
type And struct{ Terms []Expr }

// Or holds when one of Terms does.
type Or struct{ Terms []Expr }

// Not holds when Term does not.
type Not struct{ Term Expr }

// Property holds for records of the property ID, and when Comparison is set
// only for those whose value satisfies it.
type Property struct {
	ID         string
	Comparison *Comparison
}

// Elements compares the chemical elements of the subject.
type Elements struct {
	Mode    ElementMode
	Symbols []string // by atomic number, without repetition
}

// ElementMode says how Elements compares.
type ElementMode string

// The ways to compare elements.
const (
	HasAll  ElementMode = "has all"
	HasAny  ElementMode = "has any"
	HasOnly ElementMode = "only" // none but these, and at least one
)

// Subject compares the subject's formula, name and text; one of them must match.
// Formula is another formula that matches: the canonical one of a pattern that
// is a formula in another order or an unambiguous alias, such as LFP.
type Subject struct {
	Match   Match
	Formula string
}

// Matches reports whether a subject with this formula, name and text matches.
func (s *Subject) Matches(formula, name, text string) bool {
	return s.Match.Matches(formula) || s.Match.Matches(name) || s.Match.Matches(text) || s.Formula != "" && s.Formula == formula
}

// Condition holds for records with a condition of this name, and when
// Comparison or Match is set only if it satisfies that.
type Condition struct {
	Name       string
	Comparison *Comparison
	Match      *Match // of the condition's text
}

// Confidence compares the record's confidence.
type Confidence struct{ Comparison Comparison }

// Document compares the names of the record's document.
type Document struct{ Match Match }

// Text holds for records of documents that have a block in which the words of
// Phrase stand together.
type Text struct{ Phrase string }

// Match compares strings without regard to the case of the letters a to z.
type Match struct {
	Like    bool   // Pattern is one in which * stands for any characters and ? for one
	Pattern string // never empty
}

func (*And) expr()        {}
func (*Or) expr()         {}
func (*Not) expr()        {}
func (*Property) expr()   {}
func (*Elements) expr()   {}
func (*Subject) expr()    {}
func (*Condition) expr()  {}
func (*Confidence) expr() {}
func (*Document) expr()   {}
func (*Text) expr()       {}

// Matches reports whether s matches.
func (m *Match) Matches(s string) bool {
	if !m.Like {
		return lower(s) == lower(m.Pattern)
	}
	return glob([]rune(lower(m.Pattern)), []rune(lower(s)))
}

func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// glob matches in time proportional to the product of the lengths, by going
// back only to the last star.
func glob(pattern, s []rune) bool {
	p, i, star, back := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, back = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			back++
			p, i = star+1, back
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// Operator compares a stored value with the one in a query.
type Operator string

// The operators.
const (
	Equal        Operator = "="
	NotEqual     Operator = "!="
	Less         Operator = "<"
	LessEqual    Operator = "<="
	Greater      Operator = ">"
	GreaterEqual Operator = ">="
	Between      Operator = "between" // ends included
)

// Comparison compares a stored value with Value, or with Value to Upper.
type Comparison struct {
	Operator Operator
	Value    float64       // in Unit
	Upper    float64       // in Unit; only for Between, and then not below Value
	Unit     quantity.Unit // converted to when not Bare
	Bare     bool          // no unit is known: compare the numbers as they are stored
}

// tolerance is the relative difference below which two values are equal.
const tolerance = 1e-9

// Bounds returns what the comparison asks of the ends of a stored value, as
// [Ends] gives them: greatest >= above (or > above when strict) and least <=
// below (or < below when strict); infinite bounds ask nothing. For NotEqual
// they are the bounds of Equal, and negated is true. Bounds are in coherent SI
// units unless the comparison is bare. Inclusive bounds are widened and strict
// bounds are drawn in by the tolerance.
func (c *Comparison) Bounds() (above, below float64, strict, negated bool) {
	v, u := c.Value, c.Upper
	if !c.Bare {
		v, u = Coherent(v, c.Unit), Coherent(u, c.Unit)
	}
	down := func(x float64) float64 { return x - tolerance*math.Abs(x) }
	up := func(x float64) float64 { return x + tolerance*math.Abs(x) }
	inf := math.Inf(1)
	switch c.Operator {
	case Less:
		return -inf, down(v), true, false
	case LessEqual:
		return -inf, up(v), false, false
	case Greater:
		return up(v), inf, true, false
	case GreaterEqual:
		return down(v), inf, false, false
	case Between:
		return down(v), up(u), false, false
	default:
		return down(v), up(v), false, c.Operator == NotEqual
	}
}

// Matches reports whether a value from low to high in unit satisfies c, by the
// rule documented at [Query]. A nil end is open.
func (c *Comparison) Matches(low, high *float64, unit quantity.Unit) bool {
	if !c.Bare && (unit.Unknown || unit.Dimension != c.Unit.Dimension) {
		return false
	}
	least, greatest, ok := Ends(low, high)
	if !ok {
		return false
	}
	if !c.Bare {
		least, greatest = Coherent(least, unit), Coherent(greatest, unit)
	}
	above, below, strict, negated := c.Bounds()
	in := greatest >= above && least <= below
	if strict {
		in = greatest > above && least < below
	}
	return in != negated
}

// Ends returns the numbers by which a value from low to high is compared: its
// two ends, or twice the only end when the other is open. It reports false
// when both are open.
func Ends(low, high *float64) (least, greatest float64, ok bool) {
	switch {
	case low != nil && high != nil:
		return *low, *high, true
	case low != nil:
		return *low, *low, true
	case high != nil:
		return *high, *high, true
	}
	return 0, 0, false
}

// Coherent returns x, in unit, in the coherent SI unit of the same dimension.
func Coherent(x float64, unit quantity.Unit) float64 {
	if unit.Factor == 0 { // the zero Unit, of pure numbers
		return x + unit.Offset
	}
	return x*unit.Factor + unit.Offset
}

// Asserts reports whether e, outside of any "not", contains a term that
// asserts a property.
func Asserts(e Expr) bool {
	switch e := e.(type) {
	case *And:
		for _, t := range e.Terms {
			if Asserts(t) {
				return true
			}
		}
	case *Or:
		for _, t := range e.Terms {
			if Asserts(t) {
				return true
			}
		}
	case *Property:
		return true
	}
	return false
}

// Split divides the terms of a, and of conjunctions directly inside it, into
// those that assert a property and the others.
func (a *And) Split() (asserting, others []Expr) {
	for _, t := range a.Terms {
		inner, ok := t.(*And)
		switch {
		case ok:
			x, y := inner.Split()
			asserting, others = append(asserting, x...), append(others, y...)
		case Asserts(t):
			asserting = append(asserting, t)
		default:
			others = append(others, t)
		}
	}
	return asserting, others
}

func (a *And) String() string { return joined(a.Terms, " and ") }
func (o *Or) String() string  { return joined(o.Terms, " or ") }
func (n *Not) String() string { return "not " + nested(n.Term) }

func joined(terms []Expr, by string) string {
	parts := make([]string, len(terms))
	for i, t := range terms {
		parts[i] = nested(t)
	}
	return strings.Join(parts, by)
}

func nested(e Expr) string {
	switch e.(type) {
	case *And, *Or:
		return "(" + e.String() + ")"
	}
	return e.String()
}

func (p *Property) String() string {
	if p.Comparison == nil {
		return p.ID
	}
	return p.ID + " " + p.Comparison.String()
}

func (e *Elements) String() string {
	return "subject " + string(e.Mode) + " (" + strings.Join(e.Symbols, ", ") + ")"
}

func (s *Subject) String() string  { return "subject " + s.Match.String() }
func (d *Document) String() string { return "document " + d.Match.String() }
func (t *Text) String() string     { return "text " + quote(t.Phrase) }

func (c *Condition) String() string {
	s := "condition " + c.Name
	if c.Comparison != nil {
		s += " " + c.Comparison.String()
	}
	if c.Match != nil {
		s += " " + c.Match.String()
	}
	return s
}

func (c *Confidence) String() string { return "confidence " + c.Comparison.String() }

func (m Match) String() string {
	if m.Like {
		return "like " + quote(m.Pattern)
	}
	return "= " + quote(m.Pattern)
}

func (c *Comparison) String() string {
	unit := ""
	if !c.Bare && c.Unit.Symbol != "" {
		unit = " " + c.Unit.Symbol
	}
	num := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	if c.Operator == Between {
		return fmt.Sprintf("between %s and %s%s", num(c.Value), num(c.Upper), unit)
	}
	return string(c.Operator) + " " + num(c.Value) + unit
}

// quote writes s between quotation marks; a mark or backslash inside is
// preceded by a backslash.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
