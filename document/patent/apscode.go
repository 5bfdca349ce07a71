package patent

import (
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/document/blocks"
)

// codes are the names that APS writes between full stops for characters that
// are not in ASCII (USPTO, Green Book documentation, appendix of special
// characters). Greek letters are their names, capitals in capitals.
var codes = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ",
	"sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"GAMMA": "Γ", "DELTA": "Δ", "THETA": "Θ", "LAMBDA": "Λ", "XI": "Ξ", "PI": "Π", "SIGMA": "Σ", "PHI": "Φ", "PSI": "Ψ", "OMEGA": "Ω",
	"degree": "°", "times": "×", "+-": "±", "-+": "∓", "about": "∼", "apprxeq": "≅", "apprxgeq": "≳", "apprxleq": "≲", "congruent": "≅",
	"ltoreq": "≤", "gtoreq": "≥", "noteq": "≠", "ident": "≡", "tbd": "≡", "dbd": "=", "dbdbd": "=", "angstrom": "Å", "ANG": "Å",
	"multidot": "·", "cndot": "·", "div": "÷", "sqroot": "√", "intg": "∫", "infin": "∞", "varies": "∝", "perp": "⊥", "parallel": "∥",
	"fwdarw": "→", "rarw": "←", "revreaction": "⇌", "uparw": "↑", "dwnarw": "↓", "crclbar": "⊖", "sym": "⊕", "circle-solid": "●",
	"smallcircle": "∘", "circle": "○", "square": "□", "quadrature": "□", "prime": "′", "vertline": "|", "permill": "‰", "cent": "¢",
	"copyrgt": "©", "RTM": "®", "TM": "™", "differential": "∂", "hoarfrost": "*", "ang": "∠", "gradient": "∇",
}

// decode writes text with its codes as characters and its scripts set above and
// below the line: "LiMn.sub.2 O.sub.4", "10.sup.-3", "5.degree. C.". The names
// ##STR1## of structures and equations, which are pictures, are left out.
func decode(b *blocks.Builder, s string) {
	if strings.IndexByte(s, '&') >= 0 {
		s = escapes.Replace(s)
	}
	for s != "" {
		i := strings.IndexAny(s, ".#")
		if i < 0 {
			b.WriteString(s)
			return
		}
		b.WriteString(s[:i])
		s = s[i:]
		if s[0] == '#' {
			if n := picture(s); n > 0 {
				b.Space()
				s = s[n:]
				continue
			}
			b.WriteString("#")
			s = s[1:]
			continue
		}
		if rest, ok := strings.CutPrefix(s, ".sub."); ok {
			s = script(b, rest, blocks.Lowered)
			continue
		}
		if rest, ok := strings.CutPrefix(s, ".sup."); ok {
			s = script(b, rest, blocks.Raised)
			continue
		}
		if character, n := code(s); n > 0 {
			b.WriteString(character)
			s = s[n:]
			continue
		}
		b.WriteString(".")
		s = s[1:]
	}
}

// escapes are what the files of later years have for three characters.
var escapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// code returns the character of the code that s begins with and its length, or
// a length of 0.
func code(s string) (character string, n int) {
	end := strings.IndexByte(s[1:min(len(s), 20)], '.')
	if end < 1 {
		return "", 0
	}
	character, ok := codes[s[1:1+end]]
	if !ok {
		return "", 0
	}
	return character, end + 2
}

// picture returns the length of a name such as ##STR12## that s begins with.
func picture(s string) int {
	rest, ok := strings.CutPrefix(s, "##")
	if !ok {
		return 0
	}
	end := strings.Index(rest[:min(len(rest), 16)], "##")
	if end < 3 || !strings.HasPrefix(rest, "STR") && !strings.HasPrefix(rest, "EQU") && !strings.HasPrefix(rest, "SPC") {
		return 0
	}
	return 2 + end + 2
}

// script writes the sub- or superscript that s begins with and returns the rest
// of s. A script ends at a space; after the subscript of a formula the space is
// only its end, and the formula goes on: "H.sub.2 O".
func script(b *blocks.Builder, s string, level blocks.Level) string {
	old := b.SetLevel(level)
	for s != "" {
		if s[0] == '.' {
			if strings.HasPrefix(s, ".sub.") || strings.HasPrefix(s, ".sup.") {
				break
			}
			if character, n := code(s); n > 0 {
				b.WriteString(character)
				s = s[n:]
				continue
			}
			if len(s) < 2 || s[1] < '0' || s[1] > '9' {
				break
			}
		}
		if s[0] == ',' && (len(s) < 2 || s[1] < '0' || s[1] > '9') || strings.IndexByte(" ()[]{};:=<>", s[0]) >= 0 {
			break
		}
		b.WriteString(s[:1])
		s = s[1:]
	}
	b.SetLevel(old)
	if level == blocks.Lowered && len(s) > 1 && s[0] == ' ' && goesOn(s[1:]) {
		return s[1:]
	}
	if len(s) > 1 && s[0] == ' ' && (s[1] == '/' || s[1] == ')' || s[1] == ']') {
		return s[1:]
	}
	return s
}

// words are the words of English that could be symbols of elements.
var words = map[string]bool{"I": true, "In": true, "As": true, "At": true, "No": true, "He": true, "Be": true, "Am": true}

// goesOn reports whether s continues a chemical formula: with the symbol of an
// element that further symbols, a number, a bracket or the end of the word
// follow, or with the mark of a bond or a hydrate.
func goesOn(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	word = strings.TrimRight(word, ",;:.")
	switch {
	case word == "":
		return false
	case strings.HasPrefix(s, ".multidot.") || strings.HasPrefix(s, ".cndot."):
		return true
	case word[0] == '-' || word[0] == '/' || word[0] == '+':
		return len(word) > 1
	case word[0] == '(' || word[0] == '[':
		rest := word[1:]
		n := symbol(rest)
		return n > 0 && (strings.Contains(rest, ".sub.") || strings.HasPrefix(rest[n:], ")"))
	}
	if words[word] {
		return false
	}
	seen := 0
	for word != "" {
		n := symbol(word)
		switch {
		case n > 0:
			seen++
		case seen > 0 && (strings.HasPrefix(word, ".sub.") || strings.HasPrefix(word, ".sup.")):
			return true
		case seen > 0 && strings.IndexByte("()[]-/+0123456789", word[0]) >= 0:
			n = 1
		default:
			return false
		}
		word = word[n:]
	}
	return seen > 0
}

// symbol returns the length of the symbol of an element that s begins with.
func symbol(s string) int {
	for n := min(2, len(s)); n > 0; n-- {
		if _, ok := chem.BySymbol(s[:n]); ok {
			return n
		}
	}
	return 0
}
