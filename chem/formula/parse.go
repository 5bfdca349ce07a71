package formula

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
)

// Limits of what is read as one formula.
const (
	maxLength = 200 // bytes
	maxDepth  = 6   // nested groups
	maxItems  = 64
)

// SyntaxError says where a text stops being a formula.
type SyntaxError struct {
	Text   string
	Offset int // byte
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("formula %q, character %d: %s", e.Text, utf8.RuneCountInString(e.Text[:min(e.Offset, len(e.Text))])+1, e.Reason)
}

// Parse reads the whole of s as a formula. LaTeX and Unicode subscripts, all
// dashes and a trailing charge are understood. Errors are of type *SyntaxError.
func Parse(s string) (*Formula, error) {
	if len(s) > maxLength {
		return nil, &SyntaxError{s[:20] + "…", 0, fmt.Sprintf("longer than %d bytes", maxLength)}
	}
	p := parser{text: s}
	f, ends := p.formula(0)
	if len(ends) > 0 && ends[len(ends)-1].at == len(s) {
		last := ends[len(ends)-1]
		return f.upTo(last), nil
	}
	at := p.furthest
	reason := "expected an element"
	if at < len(s) {
		r, _ := utf8.DecodeRuneInString(s[at:])
		reason = fmt.Sprintf("unexpected %q", r)
	}
	return nil, &SyntaxError{s, at, reason}
}

// checkpoint is a place where a formula may end, with what was read up to it.
type checkpoint struct {
	at          int
	parts, last int // number of parts, and of items of the last
	charge      int
}

func (f *Formula) upTo(c checkpoint) *Formula {
	out := &Formula{parts: append([]part(nil), f.parts[:c.parts]...), charge: c.charge}
	out.parts[c.parts-1].items = out.parts[c.parts-1].items[:c.last]
	return out
}

type parser struct {
	text     string
	loose    bool // spaces may stand around amounts, as text extraction leaves them
	furthest int
	items    int
}

// formula reads parts from i and returns every place where the formula may end.
func (p *parser) formula(i int) (*Formula, []checkpoint) {
	f := &Formula{}
	var ends []checkpoint
	for {
		pt := part{count: amount{constant: 1}}
		if len(f.parts) > 0 {
			if a, j, ok := p.amount(i); ok {
				pt.count, i = a, j
			}
		}
		f.parts = append(f.parts, pt)
		cur := &f.parts[len(f.parts)-1]
		i = p.skipMarks(i)
		for p.items < maxItems {
			it, j, ok := p.item(i, 0, len(cur.items) == 0 && len(f.parts) == 1)
			if !ok {
				break
			}
			cur.items = append(cur.items, it)
			i = j
			ends = append(ends, checkpoint{i, len(f.parts), len(cur.items), 0})
			if closed := p.skipClosing(i); closed > i {
				ends = append(ends, checkpoint{closed, len(f.parts), len(cur.items), 0})
				i = closed
			}
			if charge, j, ok := p.charge(i); ok {
				ends = append(ends, checkpoint{j, len(f.parts), len(cur.items), charge})
			}
		}
		if len(cur.items) == 0 {
			return f, ends
		}
		r, size := utf8.DecodeRuneInString(p.text[i:])
		switch r {
		case '·', '•', '⋅', '∙', '*', '・':
			i += size
		default:
			return f, ends
		}
		if len(f.parts) >= 4 {
			return f, ends
		}
	}
}

// skipMarks passes over LaTeX marks that open a formula or a subscript.
func (p *parser) skipMarks(i int) int {
	for i < len(p.text) {
		switch {
		case p.text[i] == '{' || p.text[i] == '$':
			i++
		case strings.HasPrefix(p.text[i:], `\mathrm`), strings.HasPrefix(p.text[i:], `\textrm`):
			i += len(`\mathrm`)
		case strings.HasPrefix(p.text[i:], `\rm `):
			i += len(`\rm `)
		case strings.HasPrefix(p.text[i:], `\ce`):
			i += len(`\ce`)
		default:
			return i
		}
	}
	return i
}

func (p *parser) skipClosing(i int) int {
	for i < len(p.text) && (p.text[i] == '}' || p.text[i] == '$') {
		i++
	}
	return i
}

// organic are the molecular cations that perovskite formulas abbreviate, with their
// atoms of carbon, hydrogen and nitrogen. Those that are not bare are told from
// elements and placeholders by parentheses around them: "(BA)2PbI4". Names as in
// Saparov and Mitzi, Chem. Rev. 116 (2016) 4558.
var organic = []struct {
	symbol  string
	c, h, n float64
	bare    bool
}{
	{"MA", 1, 6, 1, true},    // methylammonium, CH3NH3
	{"FA", 1, 5, 2, true},    // formamidinium, CH(NH2)2
	{"PEA", 8, 12, 1, true},  // phenethylammonium, C6H5C2H4NH3
	{"DMA", 2, 8, 1, false},  // dimethylammonium
	{"TMA", 4, 12, 1, false}, // tetramethylammonium
	{"EA", 2, 8, 1, false},   // ethylammonium
	{"BA", 4, 12, 1, false},  // butylammonium
	{"GA", 1, 6, 3, false},   // guanidinium
}

// cation reads an organic cation at i.
func (p *parser) cation(i int) (item, int) {
	t := p.text[i:]
	grouped := i > 0 && p.text[i-1] == '('
	for _, o := range organic {
		rest, ok := strings.CutPrefix(t, o.symbol)
		if !ok || rest == "" || rest == "X" { // MAX phases
			continue
		}
		if whole := grouped && rest[0] == ')'; whole || o.bare && (rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] >= '0' && rest[0] <= '9' || strings.HasPrefix(rest, "₀") || strings.HasPrefix(rest, "_")) {
			of := func(element chem.Element, n float64) item { return item{element: element, amount: amount{constant: n}} }
			return item{group: []item{of(6, o.c), of(1, o.h), of(7, o.n)}}, len(o.symbol)
		}
	}
	return item{}, 0
}

// placeholders stand for one of several elements: rare earths, metals, halides
// and sites.
var placeholders = []string{"Ln", "RE", "TM", "R", "M", "X", "A"}

// terminations matches the terminations of the surface of a MXene: "Ti3C2Tx"
// (Naguib et al., Adv. Mater. 26 (2014) 992).
var terminations = regexp.MustCompile(`^T(?:[xz]|ₓ|\$?_\{?(?:\\rm |\\mathrm\{)?[xz])`)

// item reads an element or a group with its amount at i.
func (p *parser) item(i, depth int, first bool) (item, int, bool) {
	p.items++
	start := i
	i = p.gap(i)
	i = p.skipMarks(i)
	p.furthest = max(p.furthest, min(i, len(p.text)))
	if i >= len(p.text) || i-start > 12 {
		return item{}, start, false
	}
	var it item
	c := p.text[i]
	switch {
	case (c == '(' || c == '[') && depth < maxDepth:
		closing := byte(')')
		if c == '[' {
			closing = ']'
		}
		j := i + 1
		for p.items < maxItems {
			if j < len(p.text) && (p.text[j] == ',' || p.text[j] == '/') && len(it.group) > 0 {
				j++
			}
			inner, k, ok := p.item(j, depth+1, first && len(it.group) == 0)
			if !ok {
				break
			}
			it.group = append(it.group, inner)
			j = k
		}
		j = p.gap(p.skipClosing(j))
		if len(it.group) == 0 || j >= len(p.text) || p.text[j] != closing {
			return item{}, start, false
		}
		if !first && c == '(' && isPhase(p.text[i+1:j], p.text[j+1:]) {
			return item{}, start, false
		}
		i = j + 1
	case c >= 'A' && c <= 'Z':
		n := 0
		it, n = p.symbol(i)
		if n == 0 {
			return item{}, start, false
		}
		i += n
	default:
		return item{}, start, false
	}
	it.amount = amount{constant: 1}
	j := i
	if k := p.skipClosing(j); k < len(p.text) && (p.text[k] == '_' || p.text[k] == '$') {
		j = k
	}
	if k := p.gap(j); !p.chargeDigit(k, it.group != nil) {
		if a, k, ok := p.amount(k); ok {
			it.amount, i = a, k
		}
	} else if k+1 < len(p.text) && p.text[k+1] >= '0' && p.text[k+1] <= '9' {
		it.amount, i = amount{constant: float64(p.text[k] - '0')}, k+1
	}
	return it, i, true
}

// isPhase reports whether inside, which stands in parentheses before rest, is
// the label of a phase or an oxidation state at the end of a formula, as in
// "VO2(M)", "TiO2(B)" and "Fe(III)", and not a group of atoms.
func isPhase(inside, rest string) bool {
	if rest != "" {
		if c := rest[0]; c >= 'A' && c <= 'Z' || strings.IndexByte("([)]{}_$", c) >= 0 {
			return false // the formula goes on
		}
	}
	if _, _, amount := number(rest, 0); amount {
		return false
	}
	return IsLabel(inside)
}

// IsLabel reports whether s, in parentheses behind a formula, is the label of a
// phase or an oxidation state: one letter, or a Roman numeral.
func IsLabel(s string) bool {
	return len(s) == 1 || s != "" && len(s) <= 3 && strings.Trim(s, "IVX") == ""
}

// chargeDigit reports whether the digits at i end in the digit of a charge:
// "3+" of Fe3+, "42−" of SO42−, "3-" behind a bracket.
func (p *parser) chargeDigit(i int, group bool) bool {
	t := p.text
	j := i
	for j < len(t) && t[j] >= '1' && t[j] <= '9' {
		j++
	}
	if j == i || j-i > 2 {
		return false
	}
	r, size := utf8.DecodeRuneInString(t[j:])
	if j+size < len(t) {
		if n, _ := utf8.DecodeRuneInString(t[j+size:]); unicode.IsLetter(n) || unicode.IsDigit(n) {
			return false
		}
	}
	return r == '+' || isDash(r) && r != '–' && (j-i == 2 || group && strings.HasSuffix(t[:i], "]"))
}

// gap passes over the spaces that a loose reading allows.
func (p *parser) gap(i int) int {
	if !p.loose {
		return i
	}
	for n := 0; n < 2 && i < len(p.text) && p.text[i] == ' '; n++ {
		i++
	}
	return i
}

func (p *parser) symbol(i int) (item, int) {
	t := p.text[i:]
	if c, n := p.cation(i); n > 0 {
		return c, n
	}
	if len(t) > 1 && t[1] >= 'a' && t[1] <= 'z' {
		if e, ok := chem.BySymbol(t[:2]); ok {
			return item{element: e}, 2
		}
	}
	for _, s := range placeholders {
		if len(s) == 2 && strings.HasPrefix(t, s) {
			return item{placeholder: s}, 2
		}
	}
	if e, ok := chem.BySymbol(t[:1]); ok {
		return item{element: e}, 1
	}
	if t[0] == 'D' { // deuterium
		return item{element: 1}, 1
	}
	for _, s := range placeholders {
		if strings.HasPrefix(t, s) {
			return item{placeholder: s}, len(s)
		}
	}
	if terminations.MatchString(t) {
		return item{placeholder: "T"}, 1
	}
	return item{}, 0
}

// difference matches an amount in parentheses: "(1−x)", "(2-x-y)".
var difference = regexp.MustCompile(`^\([0-9.]+[-−–+][0-9.]*[xyzδ](?:[-−–+][0-9.]*[xyzδ])?\)`)

// amount reads "2", "0.8", "1/3", "1-x", "x", "2−x−y", "3-δ", "_{1-x}", "₂".
func (p *parser) amount(i int) (amount, int, bool) {
	t := p.text
	j := i
	braces := 0
	if j < len(t) && t[j] == '$' && j+1 < len(t) && t[j+1] == '_' {
		j++
	}
	if j < len(t) && t[j] == '_' {
		j++
		for j < len(t) && t[j] == '{' {
			braces++
			j++
		}
		for _, m := range []string{`\mathrm{`, `\rm `, "rm "} {
			if strings.HasPrefix(t[j:], m) {
				j += len(m)
				if strings.HasSuffix(m, "{") {
					braces++
				}
			}
		}
	}
	parenthesis := false // "Fe(1−x)TixO2"
	if braces == 0 && j < len(t) && t[j] == '(' && difference.MatchString(t[j:]) {
		parenthesis = true
		j++
	}
	var out amount
	sign, terms := 1.0, 0
	for terms < 6 {
		v, k, ok := number(t, j)
		name, m, isVar := variable(t, k, braces > 0, terms > 0 || braces > 0)
		switch {
		case isVar:
			if !ok {
				v = 1
			}
			if m+1 < len(t) && t[m] == '/' && t[m+1] >= '2' && t[m+1] <= '9' {
				v /= float64(t[m+1] - '0')
				m += 2
			}
			out = out.plus(amount{terms: []term{{name, sign * v}}})
			j = m
		case ok:
			out.constant = round(out.constant + sign*v)
			j = k
		default:
			if terms == 0 {
				return amount{}, i, false
			}
		}
		if !isVar && !ok {
			break
		}
		terms++
		// another term?
		r, size := utf8.DecodeRuneInString(t[j:])
		next := 1.0
		switch {
		case r == '+':
		case isDash(r):
			next = -1
		case r == '±':
			next = -1
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		k = j + size
		for k < len(t) && t[k] == ' ' && braces > 0 {
			k++
		}
		_, k2, ok2 := number(t, k)
		_, _, isVar2 := variable(t, k2, braces > 0, true)
		if !isVar2 && !(ok2 && len(out.terms) > 0) {
			break
		}
		sign, j = next, k
	}
	if parenthesis {
		if j >= len(t) || t[j] != ')' {
			return amount{}, i, false
		}
		j++
	}
	for ; braces > 0; braces-- {
		for j < len(t) && t[j] == ' ' {
			j++
		}
		if j >= len(t) || t[j] != '}' {
			return amount{}, i, false
		}
		j++
	}
	if j < len(t) && t[j] == '$' {
		j++
	}
	return out, j, true
}

// number reads "12", "0.8", "1/3", "₁₂" at i.
func number(t string, i int) (float64, int, bool) {
	j := i
	var digits strings.Builder
	point := false
	for j < len(t) && digits.Len() < 12 {
		r, size := utf8.DecodeRuneInString(t[j:])
		switch {
		case r >= '0' && r <= '9':
			digits.WriteByte(byte(r))
		case r >= '₀' && r <= '₉':
			digits.WriteByte(byte('0' + r - '₀'))
		case r == '.' && !point && j+1 < len(t) && (t[j+1] >= '0' && t[j+1] <= '9' || strings.HasPrefix(t[j+1:], "₀")) && digits.Len() > 0:
			point = true
			digits.WriteByte('.')
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		j += size
	}
	if digits.Len() == 0 {
		return 0, i, false
	}
	v, err := strconv.ParseFloat(digits.String(), 64)
	if err != nil {
		return 0, i, false
	}
	if !point && j+1 < len(t) && t[j] == '/' && t[j+1] >= '2' && t[j+1] <= '9' && v < 10 && (j+2 == len(t) || t[j+2] < '0' || t[j+2] > '9') {
		v, j = v/float64(t[j+1]-'0'), j+2
	}
	return v, j, true
}

// variable reads the name of an amount's variable at i.
func variable(t string, i int, braced, behindSign bool) (string, int, bool) {
	if i >= len(t) {
		return "", i, false
	}
	for _, s := range []string{"δ", `\delta`, "delta", "𝛿"} {
		if strings.HasPrefix(t[i:], s) {
			return "δ", i + len(s), true
		}
	}
	c := t[i]
	if strings.IndexByte("xyzwuvnm", c) >= 0 || behindSign && (c == 'd' || c == 'a' || c == 'b') {
		if i+1 < len(t) && t[i+1] >= 'a' && t[i+1] <= 'z' && !braced {
			return "", i, false
		}
		if c == 'd' {
			return "δ", i + 1, true
		}
		return string(c), i + 1, true
	}
	return "", i, false
}

// charge reads "3+", "2−", "+", "^{3+}" at i, behind the last item.
func (p *parser) charge(i int) (int, int, bool) {
	t := p.text
	j := i
	brace := false
	if j < len(t) && t[j] == '^' {
		j++
		if j < len(t) && t[j] == '{' {
			brace, j = true, j+1
		}
	}
	n := 1
	if j < len(t) && t[j] >= '1' && t[j] <= '9' {
		n, j = int(t[j]-'0'), j+1
	}
	r, size := utf8.DecodeRuneInString(t[j:])
	switch {
	case r == '+':
	case isDash(r):
		n = -n
	case r == '⁺':
	case r == '⁻':
		n = -n
	default:
		return 0, i, false
	}
	j += size
	if brace {
		if j >= len(t) || t[j] != '}' {
			return 0, i, false
		}
		j++
	}
	return n, j, true
}

func isDash(r rune) bool {
	switch r {
	case '-', '−', '–', '‐', '‑', '‒':
		return true
	}
	return false
}
