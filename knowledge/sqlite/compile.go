package sqlite

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
)

// Bounds of one compiled query. Joins compile their terms more than once, so
// deep nesting grows faster than the query does.
const (
	maxSQL       = 256 << 10
	maxArguments = 4000
)

// compiler turns the tree of a query into one condition on rows of records.
// Everything that the user wrote goes into args.
type compiler struct {
	args  []any
	names int // of table aliases
	size  int
}

// query returns the WHERE clause of q on the record r of the document d. Of the
// records with the same fact that match, only the best is asked for; it is the
// first of all for nearly every fact, so the look at the others is rare.
func (c *compiler) query(q *knowledge.Query) (string, error) {
	var parts []string
	if q.Root != nil {
		s, err := c.compile(q.Root, "r")
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	if q.NoRetracted {
		parts = append(parts, "d.work_notice <> "+c.arg(string(document.Retracted)))
	}
	switch {
	case q.Every:
	case q.Root == nil:
		parts = append(parts, "r.place = 0")
	default:
		o, m := c.alias(), c.alias()
		s, err := c.compile(q.Root, o)
		if err != nil {
			return "", err
		}
		parts = append(parts, fmt.Sprintf(`(r.place = 0 OR NOT EXISTS (SELECT 1 FROM documents %[2]s JOIN records %[1]s ON %[1]s.document = %[2]s.id AND %[1]s.fact = r.fact
			WHERE %[2]s.work = d.work AND %[1]s.place < r.place AND %[3]s))`, o, m, s))
	}
	if len(parts) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(parts, " AND "), nil
}

// compile returns the condition that e puts on the row with the given alias.
func (c *compiler) compile(e knowledge.Expr, alias string) (string, error) {
	s, err := c.expr(e, alias)
	if err != nil {
		return "", err
	}
	if c.size += len(s); c.size > maxSQL || len(c.args) > maxArguments {
		return "", fmt.Errorf("the query is too large: join fewer properties")
	}
	return s, nil
}

func (c *compiler) expr(e knowledge.Expr, a string) (string, error) {
	switch e := e.(type) {
	case *knowledge.And:
		return c.and(e, a)
	case *knowledge.Or:
		return c.all(e.Terms, " OR ", a)
	case *knowledge.Not:
		if !knowledge.Asserts(e.Term) {
			s, err := c.compile(e.Term, a)
			// A comparison with a value that is not there is unknown to SQL;
			// its contrary holds.
			return "NOT coalesce(" + s + ", 0)", err
		}
		in := c.alias()
		s, err := c.compile(e.Term, in)
		return fmt.Sprintf("%s.subject_key NOT IN (SELECT %s.subject_key FROM records %s WHERE %s)", a, in, in, s), err
	case *knowledge.Property:
		s := a + ".property = " + c.arg(e.ID)
		if e.Comparison != nil {
			s += " AND " + c.compare(e.Comparison, a, a+".low", a+".high")
		}
		return "(" + s + ")", nil
	case *knowledge.Elements:
		return c.elements(e, a), nil
	case *knowledge.Subject:
		s := c.match(&e.Match, a+".formula") + " OR " + c.match(&e.Match, a+".subject_name") + " OR " + c.match(&e.Match, a+".subject")
		if e.Formula != "" {
			s += " OR " + a + ".formula = " + c.arg(e.Formula)
		}
		return "(" + s + ")", nil
	case *knowledge.Condition:
		in := c.alias()
		s := fmt.Sprintf("EXISTS (SELECT 1 FROM conditions %s WHERE %s.record = %s.id AND %s.name = %s", in, in, a, in, c.arg(e.Name))
		if e.Comparison != nil {
			s += " AND " + c.compare(e.Comparison, in, in+".low", in+".high")
		}
		if e.Match != nil {
			s += " AND " + c.match(e.Match, in+".text")
		}
		return s + ")", nil
	case *knowledge.Confidence:
		return c.bounds(&e.Comparison, a+".confidence", a+".confidence"), nil
	case *knowledge.Document:
		in := c.alias()
		return fmt.Sprintf("EXISTS (SELECT 1 FROM sources %s WHERE %s.document = %s.document AND %s)", in, in, a, c.match(&e.Match, in+".name")), nil
	case *knowledge.Text:
		return fmt.Sprintf("%s.document IN (SELECT rowid >> %d FROM blocks_text WHERE blocks_text MATCH %s)", a, ordinalBits, c.arg(phrase(e.Phrase))), nil
	}
	return "", fmt.Errorf("the store does not know the query term %T", e)
}

func (c *compiler) all(terms []knowledge.Expr, by, a string) (string, error) {
	parts := make([]string, len(terms))
	for i, t := range terms {
		s, err := c.compile(t, a)
		if err != nil {
			return "", err
		}
		parts[i] = s
	}
	return "(" + strings.Join(parts, by) + ")", nil
}

// and compiles a conjunction as knowledge.Query documents it.
func (c *compiler) and(e *knowledge.And, a string) (string, error) {
	asserting, others := e.Split()
	if len(asserting) < 2 {
		return c.all(append(others, asserting...), " AND ", a)
	}
	some, err := c.all(asserting, " OR ", a)
	if err != nil {
		return "", err
	}
	parts := []string{some}
	if len(others) > 0 {
		s, err := c.all(others, " AND ", a)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	for _, t := range asserting {
		in := c.alias()
		s, err := c.all(append([]knowledge.Expr{t}, others...), " AND ", in)
		if err != nil {
			return "", err
		}
		parts = append(parts, fmt.Sprintf("%s.subject_key IN (SELECT %s.subject_key FROM records %s WHERE %s)", a, in, in, s))
	}
	return "(" + strings.Join(parts, " AND ") + ")", nil
}

// arg notes a value and returns the place where it stands in the statement.
func (c *compiler) arg(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d", len(c.args))
}

func (c *compiler) alias() string {
	c.names++
	return fmt.Sprintf("t%d", c.names)
}

// compare compares a value of the row a, in coherent units of one dimension or,
// when the comparison is bare, as it stands in low and high.
func (c *compiler) compare(q *knowledge.Comparison, a, low, high string) string {
	if q.Bare {
		return c.bounds(q, "coalesce("+low+", "+high+")", "coalesce("+high+", "+low+")")
	}
	return a + ".dimension = " + c.arg(q.Unit.Dimension.String()) + " AND " + c.bounds(q, a+".least", a+".greatest")
}

func (c *compiler) bounds(q *knowledge.Comparison, least, greatest string) string {
	above, below, strict, negated := q.Bounds()
	equal := "="
	if strict {
		equal = ""
	}
	var parts []string
	if !math.IsInf(above, -1) {
		parts = append(parts, fmt.Sprintf("%s >%s %s", greatest, equal, c.arg(above)))
	}
	if !math.IsInf(below, 1) {
		parts = append(parts, fmt.Sprintf("%s <%s %s", least, equal, c.arg(below)))
	}
	s := strings.Join(parts, " AND ")
	if negated {
		return "NOT (" + s + ")" // unknown, and so no match, when there is no value
	}
	return s
}

func (c *compiler) elements(e *knowledge.Elements, a string) string {
	low, high := mask(e.Symbols)
	part := func(column string, m int64, form string) string {
		return "(" + fmt.Sprintf(form, a, column, c.arg(m)) + ")"
	}
	switch e.Mode {
	case knowledge.HasAny:
		return "(" + part("elements_low", low, "%s.%s & %s") + " <> 0 OR " + part("elements_high", high, "%s.%s & %s") + " <> 0)"
	case knowledge.HasOnly:
		return "(" + part("elements_low", ^low, "%s.%s & %s") + " = 0 AND " + part("elements_high", ^high, "%s.%s & %s") +
			fmt.Sprintf(" = 0 AND (%s.elements_low <> 0 OR %s.elements_high <> 0))", a, a)
	default:
		return "(" + part("elements_low", low, "%s.%s & %s") + " = " + c.arg(low) + " AND " + part("elements_high", high, "%s.%s & %s") + " = " + c.arg(high) + ")"
	}
}

// match compares a column without regard to the case of ASCII letters, which
// is what LIKE does.
func (c *compiler) match(m *knowledge.Match, column string) string {
	return fmt.Sprintf(`%s LIKE %s ESCAPE '\'`, column, c.arg(like(m)))
}

func like(m *knowledge.Match) string {
	s := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(m.Pattern)
	if m.Like {
		s = strings.NewReplacer(`*`, `%`, `?`, `_`).Replace(s)
	}
	return s
}

// phrase returns text as one phrase of the text index. The last word of a
// Korean phrase may go on, as particles are written without a space.
func phrase(text string) string {
	s := `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	last := strings.TrimRightFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if r := []rune(last); len(r) > 0 && unicode.Is(unicode.Hangul, r[len(r)-1]) {
		s += "*"
	}
	return s
}

// words returns what a user typed as an expression of the text index: all
// words, and those between quotation marks together. It returns "" when there
// is nothing to look for.
func words(text string) string {
	var out []string
	quoted := false
	for part := range strings.SplitSeq(text, `"`) {
		terms := []string{part}
		if !quoted {
			terms = strings.Fields(part)
		}
		quoted = !quoted
		for _, t := range terms {
			if strings.ContainsFunc(t, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				out = append(out, phrase(t))
			}
		}
	}
	return strings.Join(out, " AND ")
}

// symbols returns the elements of a row, and nil for none.
func symbols(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, " ")
}
