package extract

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/quantity"
)

// headLetters are the single letters that head columns beside a unit that leaves no
// doubt; as names of properties in text they would be too short.
var headLetters = map[string]string{
	"S": "seebeck-coefficient", "n": "carrier-concentration", "p": "carrier-concentration",
	"a": "lattice-parameter", "b": "lattice-parameter", "c": "lattice-parameter",
	"E": "youngs-modulus", "G": "shear-modulus", "B": "bulk-modulus", "K": "bulk-modulus", "H": "hardness",
}

// customary are the letters under which tables list pure numbers that their caption
// names.
var customary = map[string]string{"oscillator-strength": "f", "refractive-index": "n", "poisson-ratio": "ν", "ideality-factor": "n"}

// latticeUnits are the units of the edges of unit cells.
var latticeUnits = func() []quantity.Unit {
	var out []quantity.Unit
	for _, s := range []string{"Å", "nm", "pm"} {
		if u, err := quantity.ParseUnit(s); err == nil {
			out = append(out, u)
		}
	}
	return out
}()

// cellEdge reports whether a head is that of an edge of the unit cell, "a (Å)", and
// not of another length with that letter, "a (mm)".
func cellEdge(symbol string, u quantity.Unit) bool {
	for _, known := range latticeUnits {
		if u.Symbol == known.Symbol {
			return len(symbol) == 1 && symbol[0] >= 'a' && symbol[0] <= 'c'
		}
	}
	return false
}

// spelledOut gives symbols that heads divide the form in which properties declare
// them, in as many bytes.
var spelledOut = strings.NewReplacer("(BH)", "  BH", "(BH )", "   BH", "tan δ", " tanδ", "tan(δ)", "  tanδ")

// declaredForm returns the text of a head with its symbols as properties declare them:
// of "E(S1)" and of one with a suffix, "EgPBE", "PFmax", what is no part of the symbol
// becomes spaces, so that what stands behind it keeps its place.
func (lx *lexicon) declaredForm(text string) string {
	text = spelledOut.Replace(text)
	for _, w := range words(text, span{0, len(text)}) {
		if lx.symbols[w.text] != nil && !(w.end < len(text) && text[w.end] == '(') {
			continue
		}
		if end := strings.IndexByte(text[w.end:], ')'); strings.HasPrefix(text[w.end:], "(") && end > 1 && end <= 4 && len(w.text) <= 2 {
			if whole := w.text + text[w.end+1:w.end+end]; lx.symbols[whole] != nil {
				text = text[:w.start] + whole + "  " + text[w.end+end+1:]
				continue
			}
		}
		if n := lx.suffixed(w.text); n > 0 && w.end-w.start == len(w.text) {
			text = text[:w.start+n] + strings.Repeat(" ", len(w.text)-n) + text[w.end:]
		}
	}
	return text
}

// suffixed returns how long the symbol in word is that has a suffix which says which
// of its values is meant or how it was found, 0 if there is none.
func (lx *lexicon) suffixed(word string) int {
	if len(word) > 16 || lx.symbols[word] != nil {
		return 0
	}
	low := asciiLower(word)
	for n := 2; n < len(word); n++ {
		if utf8.RuneStart(word[n]) && lx.symbols[word[:n]] != nil && (symbolSuffixes[low[n:]] || isMethod(low[n:])) {
			return n
		}
	}
	return 0
}

// symbolSuffixes are what stands below or above a symbol and leaves the property what
// it is.
var symbolSuffixes = map[string]bool{
	"max": true, "min": true, "avg": true, "av": true, "ave": true, "mean": true, "peak": true, "exp": true, "expt": true, "obs": true, "calc": true, "cal": true, "theo": true, "th": true, "sim": true,
}

// isMethod reports whether low, in lower case, names a method of computation or
// measurement.
func isMethod(low string) bool {
	for _, p := range phrases {
		if p.name == "method" && p.words == low {
			return true
		}
	}
	return false
}

// difference reports whether a head lists how far apart two properties are:
// "Eg/q − VOC (V)".
func difference(text string, mentions []propertyMention) bool {
	for i := 1; i < len(mentions); i++ {
		gap := text[mentions[i-1].end:mentions[i].start]
		for _, sign := range []string{" − ", " – ", " - "} {
			if mentions[i].symbol && mentions[i-1].symbol && strings.HasSuffix(gap, sign) {
				return true
			}
		}
	}
	return false
}

// otherThan reports whether text, a caption, tells that symbol stands for something
// that is none of the properties of entries: "Ts: substrate temperature".
func (r *reading) otherThan(text, symbol string, entries []entry) bool {
	for _, sign := range []string{": ", " = ", " is the "} {
		i := strings.Index(text, symbol+sign)
		if i < 0 || i > 0 && labelByte(text[i-1]) {
			continue
		}
		meaning := text[i+len(symbol)+len(sign):]
		if k := strings.IndexAny(meaning, ";,.)"); k >= 0 {
			meaning = meaning[:k]
		}
		if wordCount(meaning) > 6 || meaning == "" || meaning[0] < 'a' || meaning[0] > 'z' {
			continue
		}
		for _, m := range r.x.lexicon.find(meaning, words(meaning, span{0, len(meaning)})) {
			if !m.symbol && samePlace(&m, &propertyMention{entries: entries}) {
				return false
			}
		}
		return true
	}
	return false
}
