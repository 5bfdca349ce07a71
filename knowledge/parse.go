package knowledge

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// Bounds of a query. They are far above what anyone types and keep a hostile
// query from costing more than a page of text does.
const (
	maxQueryBytes = 8 << 10
	maxQueryDepth = 32
	maxQueryTerms = 64
)

// SyntaxError says where a query cannot be understood.
type SyntaxError struct {
	Query      string
	Column     int // in characters, from 1
	What       string
	Suggestion string // what to write instead; empty when nothing comes to mind
}

func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("query, column %d: %s", e.Column, e.What)
	if e.Suggestion != "" {
		s += "; " + e.Suggestion
	}
	return s
}

// ParseQuery reads a query such as
//
//	battery/specific-capacity > 150 mAh/g and subject has Na
//
// The grammar, in which words in quotes are literal and | separates choices:
//
//	query      = [ or ]
//	or         = and { "or" and }
//	and        = not { "and" not }
//	not        = "not" not | "(" or ")" | term
//	term       = property [ comparison ]
//	           | "subject" ( "has" | "has all" | "has any" | "only" ) elements
//	           | "subject" match      (of formula, alias, name or text)
//	           | "condition" name [ comparison | match ]
//	           | "confidence" comparison
//	           | "document" match
//	           | "text" string
//	elements   = symbol { ( "," | "and" ) symbol } | "(" symbol { "," symbol } ")"
//	comparison = ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//	           | "between" value "and" value
//	match      = ( "=" | "!=" | "like" | "not like" ) string
//	value      = number [ unit ]
//
// A property is written with its full name, with its name alone, or with any
// English or Korean name or symbol that its field declares, when only one
// property bears it; a name that contains "and" or "or" needs quotation marks.
// A value without a unit is in the property's own unit; in a condition it is
// compared with the number as it was stored. Of two values after "between",
// the first takes the unit of the second if it has none. A string is a word or
// stands between quotation marks, single or double, in which a backslash lets
// the next character stand for itself. The words of the grammar
// may also be written 그리고 (and), 또는 (or), 아닌 (not).
//
// Without fields, properties must be written with their full names, and their
// values are compared with units only if the query gives them.
//
// The error is a *SyntaxError.
func ParseQuery(s string, fields *field.Set) (*Query, error) {
	if len(s) > maxQueryBytes {
		return nil, &SyntaxError{Query: s[:80], Column: 1, What: fmt.Sprintf("the query has %d bytes, more than %d", len(s), maxQueryBytes)}
	}
	if !utf8.ValidString(s) {
		return nil, &SyntaxError{Query: strings.ToValidUTF8(s, "\uFFFD"), Column: 1, What: "the query is not valid UTF-8"}
	}
	p := &parser{text: s, fields: fields}
	p.space()
	if p.pos == len(s) {
		return &Query{Text: s}, nil
	}
	root, err := p.or(0)
	if err == nil && p.pos < len(s) {
		if s[p.pos] == ')' {
			err = p.errorf(p.pos, "", "there is no parenthesis for this one to close")
		} else {
			err = p.errorf(p.pos, `join terms with "and" or "or"`, "cannot go on with %q", p.rest())
		}
	}
	if err != nil {
		return nil, err
	}
	return &Query{Text: s, Root: root}, nil
}

// parser walks over text; pos always stands at a character that is not a space.
type parser struct {
	text   string
	pos    int
	terms  int
	fields *field.Set
}

func (p *parser) errorf(at int, suggestion, format string, args ...any) error {
	return &SyntaxError{
		Query: p.text, Column: utf8.RuneCountInString(p.text[:at]) + 1,
		What: fmt.Sprintf(format, args...), Suggestion: suggestion,
	}
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += n
	}
}

// rest returns the next few characters, for messages.
func (p *parser) rest() string {
	r := []rune(p.text[p.pos:])
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return string(r)
}

// wordEnd returns the end of the word at pos, which is pos if there is none.
func (p *parser) wordEnd(pos int) int {
	for pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[pos:])
		if unicode.IsSpace(r) || strings.ContainsRune(`(),"'=<>!≠≤≥“”`, r) {
			break
		}
		pos += n
	}
	return pos
}

func (p *parser) peek() string { return p.text[p.pos:p.wordEnd(p.pos)] }

// accept steps over the word w, in any case.
func (p *parser) accept(words ...string) bool {
	next := p.peek()
	for _, w := range words {
		if next != "" && strings.EqualFold(next, w) {
			p.pos += len(next)
			p.space()
			return true
		}
	}
	return false
}

func (p *parser) symbol(s string) bool {
	if strings.HasPrefix(p.text[p.pos:], s) {
		p.pos += len(s)
		p.space()
		return true
	}
	return false
}

func isAnd(w string) bool { return strings.EqualFold(w, "and") || w == "그리고" }
func isOr(w string) bool  { return strings.EqualFold(w, "or") || w == "또는" }
func isNot(w string) bool { return strings.EqualFold(w, "not") || w == "아닌" }

func (p *parser) or(depth int) (Expr, error) {
	if depth > maxQueryDepth {
		return nil, p.errorf(p.pos, "", "nested more than %d deep", maxQueryDepth)
	}
	first, err := p.and(depth)
	if err != nil {
		return nil, err
	}
	terms := []Expr{first}
	for isOr(p.peek()) {
		p.accept(p.peek())
		next, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		terms = append(terms, next)
	}
	if len(terms) == 1 {
		return first, nil
	}
	return &Or{terms}, nil
}

func (p *parser) and(depth int) (Expr, error) {
	first, err := p.not(depth)
	if err != nil {
		return nil, err
	}
	terms := []Expr{first}
	for isAnd(p.peek()) {
		p.accept(p.peek())
		next, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		terms = append(terms, next)
	}
	if len(terms) == 1 {
		return first, nil
	}
	return &And{terms}, nil
}

func (p *parser) not(depth int) (Expr, error) {
	if isNot(p.peek()) {
		at := p.pos
		p.accept(p.peek())
		if depth >= maxQueryDepth {
			return nil, p.errorf(at, "", "nested more than %d deep", maxQueryDepth)
		}
		e, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return &Not{e}, nil
	}
	if at := p.pos; p.symbol("(") {
		e, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.symbol(")") {
			return nil, p.errorf(at, "", "this parenthesis is not closed")
		}
		return e, nil
	}
	p.terms++
	if p.terms > maxQueryTerms {
		return nil, p.errorf(p.pos, "", "more than %d terms", maxQueryTerms)
	}
	return p.term()
}

func (p *parser) term() (Expr, error) {
	at := p.pos
	switch {
	case p.pos == len(p.text):
		return nil, p.errorf(at, "", "the query ends where a term should stand")
	case p.accept("subject"):
		return p.subject()
	case p.accept("condition"):
		return p.condition()
	case p.accept("confidence"):
		c, err := p.comparison(nil)
		if err != nil {
			return nil, err
		}
		if c == nil {
			return nil, p.errorf(p.pos, "write confidence >= 0.5", "confidence needs a comparison")
		}
		return &Confidence{*c}, nil
	case p.accept("document"):
		m, negated, err := p.match()
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, p.errorf(p.pos, `write document like "*.pdf"`, `document needs = or like`)
		}
		return negate(&Document{*m}, negated), nil
	case p.accept("text"):
		at := p.pos
		phrase, ok, err := p.str()
		if err != nil {
			return nil, err
		}
		if !ok || !strings.ContainsFunc(phrase, letterOrDigit) {
			return nil, p.errorf(at, `write text "solid electrolyte"`, "text needs the words to look for")
		}
		return &Text{phrase}, nil
	}
	id, property, err := p.property()
	if err != nil {
		return nil, err
	}
	c, err := p.comparison(property)
	if err != nil {
		return nil, err
	}
	return &Property{ID: id, Comparison: c}, nil
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func negate(e Expr, yes bool) Expr {
	if yes {
		return &Not{e}
	}
	return e
}

func (p *parser) subject() (Expr, error) {
	switch {
	case p.accept("has", "contains"):
		mode := HasAll
		switch {
		case p.accept("any"):
			mode = HasAny
		case p.accept("all"):
		case p.accept("only"):
			mode = HasOnly
		}
		return p.elements(mode)
	case p.accept("only"):
		return p.elements(HasOnly)
	}
	m, negated, err := p.match()
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, p.errorf(p.pos, `write subject has Na, subject = "LiFePO4" or subject like "LLZ*"`, `subject needs has, only, = or like`)
	}
	return negate(&Subject{*m, canonical(m)}, negated), nil
}

// canonical returns the canonical formula that m names, or "".
func canonical(m *Match) string {
	if m.Like {
		return ""
	}
	written := m.Pattern
	if a, ok := formula.LookupAlias(written); ok {
		if a.Ambiguous || a.Formula == "" {
			return ""
		}
		written = a.Formula
	}
	f, err := formula.Parse(written)
	if err != nil {
		return ""
	}
	return f.String()
}

func (p *parser) elements(mode ElementMode) (Expr, error) {
	at := p.pos
	parentheses := p.symbol("(")
	var set chem.Set
	for {
		w := p.peek()
		e, ok := chem.BySymbol(w)
		if !ok {
			if w == "" {
				return nil, p.errorf(p.pos, "", "an element symbol should stand here")
			}
			return nil, p.errorf(p.pos, elementLike(w), "%q is not the symbol of an element", w)
		}
		set.Add(e)
		p.accept(w)
		if p.symbol(",") {
			continue
		}
		if !isAnd(p.peek()) || !parentheses && !p.elementFollows() {
			break
		}
		p.accept(p.peek())
	}
	if parentheses && !p.symbol(")") {
		return nil, p.errorf(at, "", "this parenthesis is not closed")
	}
	return &Elements{Mode: mode, Symbols: set.Symbols()}, nil
}

// elementFollows reports whether the "and" at pos continues a list of elements:
// an element symbol follows that is not itself compared with something.
func (p *parser) elementFollows() bool {
	ahead := *p
	ahead.accept(ahead.peek())
	w := ahead.peek()
	if _, ok := chem.BySymbol(w); !ok {
		return false
	}
	ahead.accept(w)
	op, _ := ahead.operator()
	return op == ""
}

func elementLike(w string) string {
	if r := []rune(strings.ToLower(w)); len(r) > 0 && len(r) <= 2 {
		r[0] = unicode.ToUpper(r[0])
		if _, ok := chem.BySymbol(string(r)); ok {
			return "write " + string(r)
		}
	}
	if e, ok := chem.ByName(strings.ToLower(w)); ok {
		return "write " + e.Symbol()
	}
	return ""
}

func (p *parser) condition() (Expr, error) {
	name := p.peek()
	if name == "" || isAnd(name) || isOr(name) {
		return nil, p.errorf(p.pos, "write condition temperature between 20 and 30 °C", "the name of the condition is missing")
	}
	p.accept(name)
	c := &Condition{Name: strings.ToLower(name)}
	if op, end := p.operator(); op == Equal || op == NotEqual {
		ahead := *p
		ahead.pos = end
		ahead.space()
		if !ahead.numberFollows() {
			m, negated, err := p.match()
			if err != nil {
				return nil, err
			}
			c.Match = m
			return negate(c, negated), nil
		}
	}
	m, negated, err := p.like()
	if err != nil {
		return nil, err
	}
	if m != nil {
		c.Match = m
		return negate(c, negated), nil
	}
	c.Comparison, err = p.comparison(nil)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// match reads = "…", != "…", like "…" or not like "…", or nothing.
func (p *parser) match() (m *Match, negated bool, err error) {
	if op, end := p.operator(); op == Equal || op == NotEqual {
		p.pos = end
		p.space()
		at := p.pos
		s, ok, err := p.str()
		if err != nil {
			return nil, false, err
		}
		if !ok {
			return nil, false, p.errorf(at, "", "a name should stand here")
		}
		return &Match{Pattern: s}, op == NotEqual, nil
	}
	return p.like()
}

func (p *parser) like() (m *Match, negated bool, err error) {
	ahead := *p
	negated = ahead.accept("not")
	if !ahead.accept("like") {
		return nil, false, nil
	}
	p.pos = ahead.pos
	at := p.pos
	s, ok, err := p.str()
	if err != nil {
		return nil, false, err
	}
	if !ok {
		return nil, false, p.errorf(at, `write like "LLZ*"`, "a pattern should stand here")
	}
	return &Match{Like: true, Pattern: s}, negated, nil
}

// str reads a word or a string between quotation marks. It reports false, and
// no error, when neither stands there or the string is empty.
func (p *parser) str() (string, bool, error) {
	if p.pos == len(p.text) {
		return "", false, nil
	}
	open, n := utf8.DecodeRuneInString(p.text[p.pos:])
	end := map[rune]rune{'"': '"', '\'': '\'', '“': '”'}[open]
	if end == 0 {
		w := p.peek()
		p.accept(w)
		return w, w != "", nil
	}
	var b strings.Builder
	escaped := false
	for i, r := range p.text[p.pos+n:] {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == end:
			p.pos += n + i + utf8.RuneLen(r)
			p.space()
			return b.String(), b.Len() > 0, nil
		default:
			b.WriteRune(r)
		}
	}
	return "", false, p.errorf(p.pos, "", "this quotation mark is not closed")
}

// operator returns the comparison operator at pos and its end, or "".
func (p *parser) operator() (Operator, int) {
	rest := p.text[p.pos:]
	for _, o := range []struct {
		written string
		op      Operator
	}{
		{"<=", LessEqual}, {">=", GreaterEqual}, {"!=", NotEqual}, {"==", Equal}, {"<>", NotEqual},
		{"≤", LessEqual}, {"≥", GreaterEqual}, {"≠", NotEqual},
		{"<", Less}, {">", Greater}, {"=", Equal},
	} {
		if strings.HasPrefix(rest, o.written) {
			return o.op, p.pos + len(o.written)
		}
	}
	if w := p.peek(); strings.EqualFold(w, "between") {
		return Between, p.pos + len(w)
	}
	return "", p.pos
}

func (p *parser) numberFollows() bool {
	_, end := scanNumber(p.text[p.pos:])
	return end > 0
}

// comparison reads a comparison, or nothing. The value of a property is in one
// of the property's units; without a property any unit will do.
func (p *parser) comparison(property *field.Property) (*Comparison, error) {
	op, end := p.operator()
	if op == "" {
		return nil, nil
	}
	p.pos = end
	p.space()
	v, unit, at, err := p.value()
	if err != nil {
		return nil, err
	}
	c := &Comparison{Operator: op, Value: v, Upper: v}
	if op == Between {
		if !isAnd(p.peek()) {
			return nil, p.errorf(p.pos, "write between 1 and 2", `"and" and the second value are missing`)
		}
		p.accept(p.peek())
		upperStart := p.pos
		upper, upperUnit, upperAt, err := p.value()
		if err != nil {
			return nil, err
		}
		c.Upper = upper
		if unit != nil && upperUnit != nil && *unit != *upperUnit {
			q, err := quantity.Quantity{Low: v, High: v, Unit: *unit}.In(*upperUnit)
			if err != nil {
				return nil, p.errorf(at, "", "%v", err)
			}
			c.Value = q.Low
		}
		if upperUnit != nil {
			unit, at = upperUnit, upperAt
		}
		if c.Upper < c.Value {
			return nil, p.errorf(upperStart, "write the smaller value first", "between %v and %v is empty", c.Value, c.Upper)
		}
	}
	switch {
	case unit == nil && property == nil:
		c.Bare = true
	case unit == nil:
		c.Unit = property.Unit
	default:
		c.Unit = *unit
		if property != nil && !measures(property, *unit) {
			return nil, p.errorf(at, "write a value in "+property.Unit.String(), "%s is not a unit of %s", unit, property.ID())
		}
	}
	return c, nil
}

func measures(p *field.Property, u quantity.Unit) bool {
	if u.Dimension == p.Unit.Dimension {
		return true
	}
	return slices.ContainsFunc(p.Alternatives, func(a quantity.Unit) bool { return a.Dimension == u.Dimension })
}

// value reads a number and the unit behind it, nil if there is none. at is
// where the unit stands, or the number.
func (p *parser) value() (x float64, unit *quantity.Unit, at int, err error) {
	at = p.pos
	x, n := scanNumber(p.text[p.pos:])
	if n == 0 {
		if p.pos == len(p.text) {
			return 0, nil, at, p.errorf(at, "", "the query ends where a number should stand")
		}
		return 0, nil, at, p.errorf(at, "", "a number should stand here, not %q", p.rest())
	}
	if math.IsInf(x, 0) {
		return 0, nil, at, p.errorf(at, "", "this number is too large")
	}
	p.pos += n
	p.space()
	start := p.pos
	end := p.unitEnd(start)
	written := strings.TrimSpace(p.text[start:end])
	if written == "" {
		return x, nil, at, nil
	}
	u, uerr := quantity.ParseUnit(written)
	if uerr != nil || u.Unknown {
		return 0, nil, at, p.errorf(start, "", "%q is not a unit that is known", written)
	}
	if math.IsInf(Coherent(x, u), 0) {
		return 0, nil, at, p.errorf(at, "", "this number is too large")
	}
	p.pos = end
	p.space()
	return x, &u, start, nil
}

// unitEnd returns where the unit at pos ends: before a word of the grammar, a
// closing parenthesis that it did not open, or anything else that no unit has.
func (p *parser) unitEnd(pos int) int {
	depth, atWord := 0, true
	for pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[pos:])
		if atWord {
			if w := p.text[pos:p.wordEnd(pos)]; isAnd(w) || isOr(w) || isNot(w) {
				return pos
			}
		}
		switch {
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth < 0 {
				return pos
			}
		case strings.ContainsRune(`,"'=<>!≠≤≥`, r):
			return pos
		}
		atWord = unicode.IsSpace(r)
		pos += n
	}
	return pos
}

// scanNumber reads the number at the start of s, such as 150, -0.5, 1e-3 and
// 1.2×10^-3, and returns the bytes it takes, 0 if there is none.
func scanNumber(s string) (x float64, n int) {
	i := 0
	negative := false
	for _, sign := range []string{"-", "−", "–", "+"} {
		if strings.HasPrefix(s, sign) {
			i, negative = len(sign), sign != "+"
			break
		}
	}
	start := i
	digits := func() int {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i - from
	}
	whole := digits()
	if i < len(s) && s[i] == '.' {
		i++
		if digits() == 0 && whole == 0 {
			return 0, 0
		}
	} else if whole == 0 {
		return 0, 0
	}
	mantissa := s[start:i]
	exponent := "0"
	power := func(j int) {
		k := j
		if strings.HasPrefix(s[k:], "−") {
			k += len("−")
		} else if k < len(s) && (s[k] == '-' || s[k] == '+') {
			k++
		}
		d := k
		for k < len(s) && s[k] >= '0' && s[k] <= '9' {
			k++
		}
		if k > d && k-d <= 4 {
			exponent, i = strings.Replace(s[j:k], "−", "-", 1), k
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		power(i + 1)
	} else {
		t := strings.TrimLeft(s[i:], " ")
		for _, times := range []string{"×", "x", "*", "·"} {
			if rest, ok := strings.CutPrefix(t, times); ok {
				if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), "10^"); ok {
					power(len(s) - len(rest))
				}
			}
		}
	}
	x, err := strconv.ParseFloat(mantissa+"e"+exponent, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, 0
	}
	if negative {
		x = -x
	}
	return x, i
}
