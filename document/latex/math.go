package latex

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/blocks"
)

// symbol returns the character that a TeX command stands for, from Appendix F
// of D. E. Knuth, The TeXbook, 1984, and the LaTeX packages upgreek and
// textcomp. The upright Greek letters of upgreek are the same letters.
func symbol(command string) (string, bool) {
	if rest, ok := strings.CutPrefix(command, "up"); ok && len(rest) > 1 {
		command = rest
	}
	switch command {
	case "alpha":
		return "α", true
	case "beta":
		return "β", true
	case "gamma":
		return "γ", true
	case "delta":
		return "δ", true
	case "epsilon", "varepsilon":
		return "ε", true
	case "zeta":
		return "ζ", true
	case "eta":
		return "η", true
	case "theta", "vartheta":
		return "θ", true
	case "kappa":
		return "κ", true
	case "lambda":
		return "λ", true
	case "mu":
		return "μ", true
	case "nu":
		return "ν", true
	case "xi":
		return "ξ", true
	case "pi":
		return "π", true
	case "rho":
		return "ρ", true
	case "sigma":
		return "σ", true
	case "tau":
		return "τ", true
	case "phi", "varphi":
		return "φ", true
	case "chi":
		return "χ", true
	case "psi":
		return "ψ", true
	case "omega":
		return "ω", true
	case "Gamma":
		return "Γ", true
	case "Delta":
		return "Δ", true
	case "Theta":
		return "Θ", true
	case "Lambda":
		return "Λ", true
	case "Pi":
		return "Π", true
	case "Sigma":
		return "Σ", true
	case "Phi":
		return "Φ", true
	case "Psi":
		return "Ψ", true
	case "Omega":
		return "Ω", true
	case "times":
		return " × ", true
	case "cdot", "bullet":
		return "·", true
	case "pm":
		return " ± ", true
	case "sim":
		return "∼", true
	case "approx":
		return " ≈ ", true
	case "le", "leq", "leqslant":
		return " ≤ ", true
	case "ge", "geq", "geqslant":
		return " ≥ ", true
	case "ne", "neq":
		return " ≠ ", true
	case "to", "rightarrow":
		return " → ", true
	case "circ", "degree", "textdegree":
		return "°", true
	case "infty":
		return "∞", true
	case "AA", "angstrom":
		return "Å", true
	case "ell":
		return "ℓ", true
	case "prime":
		return "′", true
	case "partial":
		return "∂", true
	case "sqrt":
		return "√", true
	case "ldots", "dots", "cdots":
		return "…", true
	case "quad", "qquad", ",", ";", ":", " ", "!":
		return " ", true
	case "%", "&", "#", "$", "_", "{", "}":
		return command, true
	}
	return "", false
}

// WriteMath writes a TeX formula as text where no better form of it is given:
// scripts as super- and subscripts, known commands as characters, fractions
// with a slash, everything else by its letters. The document class and packages
// that Springer's formulas begin with are left out.
func WriteMath(b *blocks.Builder, s string) {
	if _, body, ok := strings.Cut(s, `\begin{document}`); ok {
		s, _, _ = strings.Cut(body, `\end{document}`)
	}
	writeMath(b, s, 0)
}

func writeMath(b *blocks.Builder, s string, depth int) {
	t := tex{b: b, s: strings.Trim(s, "$ "), depth: depth}
	for t.s != "" {
		t.next()
		if t.s != "" && t.s[0] == '}' {
			t.s = t.s[1:] // one that nothing opened
		}
	}
}

// maxNesting bounds the groups and scripts inside each other.
const maxNesting = 100

type tex struct {
	b     *blocks.Builder
	s     string
	depth int
}

// next writes one character, command or group. It leaves a closing brace.
func (t *tex) next() {
	switch c := t.s[0]; c {
	case '}':
	case '{':
		t.s = t.s[1:]
		if t.depth >= maxNesting {
			return
		}
		t.depth++
		for t.s != "" && t.s[0] != '}' {
			t.next()
		}
		t.depth--
		if t.s != "" {
			t.s = t.s[1:]
		}
	case '^', '_':
		t.s = t.s[1:]
		level := blocks.Raised
		if c == '_' {
			level = blocks.Lowered
		}
		if rest := strings.TrimLeft(t.s, "{ "); strings.HasPrefix(rest, `\circ`) {
			level = t.b.Level() // ^\circ is the degree sign
		}
		old := t.b.SetLevel(level)
		t.argument()
		t.b.SetLevel(old)
	case '$', '&':
		t.s = t.s[1:]
	case '~':
		t.s = t.s[1:]
		t.b.Space()
	case '-':
		t.s = t.s[1:]
		t.b.WriteString("−")
	case '\\':
		t.command()
	case ' ', '\n', '\t', '\r':
		t.s = t.s[1:] // TeX spaces formulas by itself
	default:
		_, n := utf8.DecodeRuneInString(t.s)
		t.b.WriteString(t.s[:n])
		t.s = t.s[n:]
	}
}

// argument writes what a command or a script applies to.
func (t *tex) argument() {
	t.s = strings.TrimLeft(t.s, " ")
	if t.s != "" && t.depth < maxNesting {
		t.depth++
		t.next()
		t.depth--
	}
}

// enclosed writes an argument in parentheses if it has more than one character
// or command.
func (t *tex) enclosed() {
	t.s = strings.TrimLeft(t.s, " ")
	group, _, _ := strings.Cut(strings.TrimPrefix(t.s, "{"), "}")
	if !strings.HasPrefix(t.s, "{") || utf8.RuneCountInString(group) <= 1 || group[0] == '\\' && !strings.ContainsAny(group[1:], `\ {^_`) {
		t.argument()
		return
	}
	t.b.WriteString("(")
	t.argument()
	t.b.WriteString(")")
}

func (t *tex) command() {
	n := 1
	for n < len(t.s) && (t.s[n]|0x20 >= 'a' && t.s[n]|0x20 <= 'z') {
		n++
	}
	if n == 1 && n < len(t.s) {
		_, size := utf8.DecodeRuneInString(t.s[1:])
		n += size
	}
	name := t.s[1:n]
	t.s = t.s[n:]
	switch name {
	case "frac", "dfrac", "tfrac":
		t.enclosed()
		t.b.WriteString("/")
		t.enclosed()
		return
	case "begin", "end":
		if rest, ok := strings.CutPrefix(t.s, "{"); ok {
			if _, after, ok := strings.Cut(rest, "}"); ok {
				t.s = after
			}
		}
		return
	case "\\":
		t.b.Space()
		return
	case "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr":
		if rest, ok := strings.CutPrefix(t.s, "."); ok { // no bracket
			t.s = rest
		}
		return
	case "text", "mathrm", "textrm", "mbox", "hbox", "textit", "textbf":
		t.verbatim()
		return
	case "label", "tag", "nonumber", "notag":
		_, t.s = argument(t.s)
		return
	}
	if rest, ok := writeScience(t.b, name, t.s, t.depth); ok {
		t.s = rest
		return
	}
	if s, ok := symbol(name); ok {
		t.b.WriteString(s)
	}
}

// verbatim writes the words of a group with their spaces.
func (t *tex) verbatim() {
	rest, ok := strings.CutPrefix(strings.TrimLeft(t.s, " "), "{")
	if !ok {
		return
	}
	end := strings.IndexAny(rest, `{}\^_$`)
	if end < 0 || rest[end] != '}' {
		return // a formula again: its group follows
	}
	t.b.WriteString(rest[:end])
	t.s = rest[end+1:]
}
