package hwpx

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/markup"
)

// Bounds on an equation: what is longer is cut, what nests deeper is left out.
const (
	maxEquation = 16 << 10
	maxNesting  = 48
)

// equation returns an equation in the script of Hangul as MathML, which is how
// all other formats give theirs:
//
//	sigma = L over {R A}       x_1 ^2       sqrt {D t}
//
// Source: Hancom, Hwp Document File Formats, Equation.
func equation(script string) *markup.Node {
	if len(script) > maxEquation {
		script = strings.ToValidUTF8(script[:maxEquation], "")
	}
	p := equationParser{rest: script}
	row := node("math")
	for p.rest != "" {
		row.Children = append(row.Children, p.row(0).Children...)
		p.rest = strings.TrimPrefix(p.rest, "}") // one that closes nothing
	}
	return row
}

func node(name string, children ...*markup.Node) *markup.Node {
	return &markup.Node{Name: name, Children: children}
}

func leaf(name, text string) *markup.Node { return node(name, &markup.Node{Text: text}) }

type equationParser struct{ rest string }

// row reads up to the end or to a closing brace, which it leaves.
func (p *equationParser) row(depth int) *markup.Node {
	row := node("mrow")
	for {
		word := p.peek()
		if word == "" || word == "}" {
			return row
		}
		at := len(row.Children) - 1 // of what stands before a script or a fraction
		name, script := scripts[strings.ToLower(word)]
		switch {
		case script:
			p.next()
			if at < 0 {
				row.Children, at = append(row.Children, node("mrow")), 0
			}
			row.Children[at] = node(name, row.Children[at], p.term(depth+1))
		default:
			row.Children = append(row.Children, p.term(depth+1))
		}
	}
}

// scripts are what stands between two terms.
var scripts = map[string]string{
	"^": "msup", "sup": "msup", "to": "msup", "_": "msub", "sub": "msub", "from": "msub", "over": "mfrac", "atop": "mfrac",
}

// term reads a group, a root, a sign or a word.
func (p *equationParser) term(depth int) *markup.Node {
	word := p.peek()
	if word == "" || word == "}" {
		return node("mrow")
	}
	p.next()
	if depth > maxNesting {
		return node("mrow")
	}
	switch lower := strings.ToLower(word); {
	case word == "{":
		row := p.row(depth + 1)
		if p.peek() == "}" {
			p.next()
		}
		return row
	case lower == "sqrt":
		return node("msqrt", p.term(depth+1))
	case lower == "root":
		degree := p.term(depth + 1)
		if strings.EqualFold(p.peek(), "of") {
			p.next()
		}
		return node("mroot", p.term(depth+1), degree)
	case lower == "left" || lower == "right":
		if p.peek() == "." { // no bracket on this side
			p.next()
			return node("mrow")
		}
		return p.term(depth + 1)
	case dropped[lower]:
		return node("mrow")
	case word[0] == '"':
		return leaf("mtext", strings.Trim(word, `"`))
	case word == "~" || word == "`" || word == "#" || word == "&":
		return node("mspace")
	case signs[lower] != "":
		return leaf("mo", signs[lower])
	case greek[lower] != 0:
		letter := greek[lower]
		if unicode.IsUpper(rune(word[0])) {
			letter = unicode.ToUpper(letter)
		}
		return leaf("mi", string(letter))
	case word[0] >= '0' && word[0] <= '9':
		return leaf("mn", word)
	default:
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(r) {
			return leaf("mi", word)
		}
		return leaf("mo", word)
	}
}

// peek returns the next word: letters, a number, a text in quotes, a sign.
func (p *equationParser) peek() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	s := p.rest
	if s == "" {
		return ""
	}
	while := func(ok func(c byte) bool) string {
		n := 1
		for n < len(s) && ok(s[n]) {
			n++
		}
		return s[:n]
	}
	switch c := s[0]; {
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return while(func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' })
	case c >= '0' && c <= '9':
		return strings.TrimRight(while(func(c byte) bool { return c >= '0' && c <= '9' || c == '.' }), ".")
	case c == '"':
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			return s[:end+2]
		}
		return s[:1]
	}
	for _, sign := range [...]string{"<->", "->", "<-", "+-", "-+", "!=", "<=", ">=", "<<", ">>", "=="} {
		if strings.HasPrefix(s, sign) {
			return sign
		}
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

func (p *equationParser) next() { p.rest = p.rest[len(p.peek()):] }

// dropped are words that say how something looks: fonts, accents, arrangements.
var dropped = words("rm it bold rmbold itbold bar hat vec dot ddot tilde acute grave check arch under dyad box not big " +
	"matrix pmatrix bmatrix dmatrix cases pile lpile rpile cpile eqalign binom choose")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

var greek = map[string]rune{
	"alpha": 'α', "beta": 'β', "gamma": 'γ', "delta": 'δ', "epsilon": 'ε', "varepsilon": 'ε', "zeta": 'ζ', "eta": 'η', "theta": 'θ', "vartheta": 'ϑ',
	"iota": 'ι', "kappa": 'κ', "lambda": 'λ', "mu": 'μ', "nu": 'ν', "xi": 'ξ', "omicron": 'ο', "pi": 'π', "varpi": 'ϖ', "rho": 'ρ', "varrho": 'ϱ',
	"sigma": 'σ', "varsigma": 'ς', "tau": 'τ', "upsilon": 'υ', "phi": 'φ', "varphi": 'ϕ', "chi": 'χ', "psi": 'ψ', "omega": 'ω',
}

var signs = map[string]string{
	"-": "−", "'": "′", "*": "∗", "+-": "±", "-+": "∓", "->": "→", "<-": "←", "<->": "↔", "!=": "≠", "<=": "≤", ">=": "≥", "<<": "≪", ">>": "≫", "==": "≡",
	"times": "×", "div": "÷", "divide": "÷", "pm": "±", "plusminus": "±", "minusplus": "∓", "cdot": "·", "circ": "∘", "bullet": "∙", "deg": "°",
	"le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝",
	"inf": "∞", "infinity": "∞", "partial": "∂", "nabla": "∇", "prime": "′", "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮",
	"larrow": "←", "rarrow": "→", "lrarrow": "↔", "uparrow": "↑", "downarrow": "↓", "in": "∈", "cdots": "⋯", "ldots": "…", "dotsaxis": "⋯",
	"angstrom": "Å", "ohm": "Ω", "hbar": "ℏ", "ell": "ℓ", "centigrade": "℃", "fahrenheit": "℉", "mho": "℧", "dagger": "†", "therefore": "∴", "because": "∵", "angle": "∠",
}
