package pdf

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Some fonts of publishers carry no table to Unicode, or a wrong one, so that
// every reader of PDF sees other characters than the eye. The tables below give
// what is shown. Source: Royal Society of Chemistry articles compared with the
// JATS of the same articles (for instance doi:10.1039/c9sc04175c, where the
// PDF's "6.73\x0510\x0111 cm2 s\x011" is "6.73 × 10−11 cm2 s−1").
var (
	// Mathematical signs of the typesetting system Arbortext Advanced Print
	// Publisher, font AdvP4C4E74.
	advMath = map[rune]string{
		0x01: "−", 0x03: "°", 0x04: "~", 0x05: "×", '¼': "=", 'þ': "+",
	}
	// Its ligatures without a place in Unicode, fonts AdvOT….
	advText = map[rune]string{
		0xE103: "fi", 0xE104: "fl", 0xE09D: "ft",
	}
)

// texSymbols are the signs that TeX's font of mathematical symbols, cmsy, has in
// the places 0x21 to 0x40 and of the small letters (Knuth, The TeXbook, appendix
// F). Those whose names are not in the Adobe Glyph List are told as what stands in
// their place in ASCII.
const (
	texSymbols = "→↑↓↔↗↘≃⇐⇒⇑⇓⇔↖↙∝′∞∈∋△▽̸↦∀∃¬∅ℜℑ⊤⊥ℵ"
	texLetters = "⊣⌊⌋⌈⌉{}⟨⟩|∥↕⇕\\≀√⨿∇∫⊔⊓⊑⊒§†‡"
)

// shown returns what the character r of font f looks like. A character that is
// certainly not what it claims, a control character or one of private use, is
// shown as U+FFFD: a number must not lose its minus sign without a trace.
func (f *font) shown(r rune) string {
	switch {
	case f.symbols && r >= 'a' && r <= 'z':
		return string([]rune(texLetters)[r-'a'])
	case f.symbols && r > ' ' && r <= '@':
		return string([]rune(texSymbols)[r-'!'])
	case r >= 0x20 && r < 0x7F:
		return ascii[r-0x20 : r-0x20+1]
	case f.math:
		if s, ok := advMath[r]; ok {
			return s
		}
	case f.adv:
		if s, ok := advText[r]; ok {
			return s
		}
	}
	switch {
	case r >= 0x1D400 && r <= 0x1D7FF, r == 0x210E:
		return norm.NFKC.String(string(r)) // letters slanted as in formulas
	case r == 0x2206:
		return "Δ" // the Adobe Glyph List calls the letter Delta an increment
	case r == 0x2126:
		return "Ω" // and the letter Omega the sign for ohm
	case r == 0x02:
		return "-" // pdfium's sign for a hyphen at the end of a line
	case r < 0x20 || r >= 0x7F && r < 0xA0 || r >= 0xE000 && r <= 0xF8FF:
		return "\uFFFD"
	}
	return string(r)
}

const ascii = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// setEncoding finds out whether the font's encoding is known to be wrong.
func (f *font) setEncoding() {
	_, name, _ := cutPrefix(f.name)
	f.math = strings.HasPrefix(name, "AdvP4C4E74")
	f.adv = strings.HasPrefix(name, "AdvOT")
	f.symbols = strings.HasPrefix(strings.ToUpper(name), "CMSY")
}
