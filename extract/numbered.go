package extract

import (
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// bearers are nouns, singular, that a number of a paper's own makes the name of a
// sample: "copolymer 2", "complexes 1a and 1b".
var bearers = map[string]bool{
	"compound": true, "complex": true, "copolymer": true, "polymer": true, "terpolymer": true, "dye": true, "emitter": true, "ligand": true, "sample": true, "monomer": true, "catalyst": true, "oligomer": true,
	"derivative": true, "molecule": true, "alloy": true, "blend": true, "electrolyte": true, "composite": true, "specimen": true, "dendrimer": true, "chromophore": true, "fluorophore": true, "inhibitor": true, "peptide": true,
	"example": true, "화합물": true, "고분자": true, "공중합체": true, "착물": true, "시료": true, "염료": true, "합금": true, "촉매": true, "전해질": true, "복합체": true, "실시예": true, "비교예": true,
}

// numbered finds the samples in text, of words ws, that are named by a noun and a
// number.
func numbered(b int, text string, ws []word) []subjectMention {
	var out []subjectMention
	for i := 0; i+1 < len(ws); i++ {
		noun := ws[i].key
		if noun == "complexe" { // which key makes of "complexes"
			noun = "complex"
		}
		if !bearers[noun] || noun == "example" && text[ws[i].start] != 'E' { // of a patent
			continue
		}
		start := ws[i].start
		if noun == "example" && i > 0 && ws[i-1].key == "comparative" && modifies(text[ws[i-1].end:start]) {
			noun, start = "comparative example", ws[i-1].start
		}
		for k := i + 1; k < len(ws) && k < i+8; k++ {
			if gap := text[ws[k-1].end:ws[k].start]; k == i+1 && gap != " " || k > i+1 && !coordinates(gap) && strings.TrimSpace(gap) != "" {
				break
			}
			if ws[k].key == "and" || ws[k].key == "or" {
				continue
			}
			w := ws[k]
			w.text = strings.TrimRightFunc(w.text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
			w.end = w.start + len(w.text)
			if !ownNumber(text, w) && !ownLetter(noun, w.text) {
				break
			}
			if k > i+1 {
				start = w.start
			}
			at := span{start, w.end}
			name := noun + " " + w.text
			out = append(out, subjectMention{span: at, block: b, key: name, weak: true, subject: record.Subject{
				Text: text[at.start:at.end], Kind: record.Named, Name: name, Block: b, Start: at.start, End: at.end,
			}})
		}
	}
	return out
}

// entitled finds the labels in text that a noun before them makes the name of a
// sample, "copolymer PBDT-TPDS", and those that are written as only names of molecules
// are, "4CzBN".
func (r *reading) entitled(b int, text string) []subjectMention {
	var out []subjectMention
	last := span{} // the label before, if it is one
	for _, w := range labelWords(text) {
		if w.start < last.end {
			continue
		}
		if end := blended(text, w); end > w.end {
			last = span{w.start, end}
			one := sample(b, text, last)
			one.titled = true
			out = append(out, one)
			continue
		}
		if hyphen := strings.LastIndexByte(text[w.start:w.end], '-'); hyphen > 0 && w.end-w.start-hyphen > 4 && strings.Trim(text[w.start+hyphen+1:w.end], "abcdefghijklmnopqrstuvwxyz") == "" {
			w.end = w.start + hyphen // "PBTT-TQ-based"
		}
		label := text[w.start:w.end]
		if w.start > 0 && (text[w.start-1] == '-' || text[w.start-1] >= 0x80 || text[w.start-1] == '/') || instrument(label) || r.x.lexicon.symbols[label] != nil || !ownLabel(label) {
			continue
		}
		before := strings.TrimSuffix(text[:w.start], " ")
		noun := key(before[lastWord(before):])
		if !(bearers[noun] || titled[noun]) && !(last.end > 0 && coordinates(text[last.end:w.start])) && !molecular(label) {
			continue
		}
		last = w
		one := sample(b, text, w)
		one.host, one.titled = hosts(text, w), true
		out = append(out, one)
	}
	return out
}

// blended returns where the labels joined by slashes end that begin with the one at w,
// if the noun behind them says that they are one material: "EP/DOPO–POSS composite". It
// is the end of w if there are none.
func blended(text string, w span) int {
	end, slashes := w.end, 0
	if instrument(text[w.start:w.end]) {
		return w.end
	}
	for n := 0; n < 3; n++ {
		sign := hyphenAt(text, end)
		if strings.HasPrefix(text[end:], "/") {
			sign = 1
			slashes++
		}
		to := end
		if sign > 0 {
			to = labelAt(text, end+sign)
		}
		if to <= end+sign || instrument(text[end+sign:to]) {
			break
		}
		end = to
	}
	if slashes == 0 || end == w.end || text[end-1] == '/' {
		return w.end
	}
	switch next, _ := nextWord(text[end:]); key(next) {
	case "composite", "nanocomposite", "blend", "hydrogel", "heterostructure", "membrane":
		return end
	}
	return w.end
}

// titled are further nouns, singular, before the label of a sample.
var titled = map[string]bool{
	"donor": true, "acceptor": true, "host": true, "isomer": true, "analogue": true, "analog": true, "superalloy": true, "membrane": true, "resin": true, "glass": true, "glasse": true, "complexe": true, "mof": true, "cof": true, "steel": true, "homopolymer": true, "ionomer": true, "molecule": true, "photocatalyst": true, "sensitizer": true, "elastomer": true, "vitrimer": true,
}

// ownLabel reports whether s has the letters of a label that an author gives: two
// capitals or more, and a hyphen, a digit or a third one.
func ownLabel(s string) bool {
	capitals, digits := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			capitals++
		case c >= '0' && c <= '9':
			digits++
		}
	}
	return len(s) >= 4 && capitals >= 2 && (digits > 0 || capitals > 2 || strings.Contains(s, "-"))
}

// molecular reports whether s begins with a number of groups and goes on with their
// short names: "4CzBN", "2TCz-TRZ".
func molecular(s string) bool {
	if s[0] < '2' || s[0] > '9' {
		return false
	}
	capitals, small := 0, 0
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			capitals++
		case c >= 'a' && c <= 'z':
			small++
		}
	}
	return s[1] >= 'A' && s[1] <= 'Z' && capitals >= 3 && small >= 1 && len(s) >= 5
}

// ownNumber reports whether w is a number as papers give to samples, "12" or "3a",
// and no quantity.
func ownNumber(text string, w word) bool {
	digits := 0
	for digits < len(w.text) && w.text[digits] >= '0' && w.text[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits > 3 || w.text[0] == '0' || len(w.text) > digits+1 {
		return false
	}
	if len(w.text) > digits && (w.text[digits] < 'a' || w.text[digits] > 'h') {
		return false
	}
	rest := text[w.end:]
	if strings.HasPrefix(rest, ".") && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9' || strings.HasPrefix(rest, "%") || strings.HasPrefix(rest, " %") {
		return false
	}
	found := quantity.Scan(text[w.start:min(len(text), w.end+12)], nil)
	return len(found) == 0 || found[0].Start > 0 || found[0].UnitSpan.End == found[0].UnitSpan.Start || found[0].UnitSpan.Start >= found[0].End
}

// ownLetter reports whether s, behind noun, is a capital that names a sample:
// "sample A".
func ownLetter(noun, s string) bool {
	switch noun {
	case "sample", "specimen", "alloy", "device", "시료":
		return len(s) == 1 && s[0] >= 'A' && s[0] <= 'Z'
	}
	return false
}

// withNumbered adds numbered samples to found, both ascending, where nothing else
// stands.
func withNumbered(found, samples []subjectMention) []subjectMention {
	if len(samples) == 0 {
		return found
	}
	samples = slices.DeleteFunc(samples, func(s subjectMention) bool {
		_, taken := overlapping(found, subjectSpan, s.span)
		return taken
	})
	return merged(found, samples)
}
