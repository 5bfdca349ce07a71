package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/record"
)

// classes are words for several materials at once.
var classes = map[string]bool{
	"polymers": true, "copolymers": true, "compounds": true, "materials": true, "composites": true, "complexes": true, "molecules": true, "emitters": true, "dyes": true,
	"perovskites": true, "oxides": true, "semiconductors": true, "alloys": true, "glasses": true, "ceramics": true, "blends": true, "chalcogenides": true, "halides": true, "insulators": true,
	"ferrites": true, "electrolytes": true, "membranes": true, "superconductors": true, "polyesters": true, "elastomers": true, "catalysts": true,
}

// pointing are words before the name of a class by which it stands for materials
// that were named before, or for too many.
var pointing = map[string]bool{
	"the": true, "these": true, "those": true, "this": true, "that": true, "both": true, "all": true, "such": true, "our": true, "their": true, "its": true, "some": true, "most": true, "many": true, "other": true,
	"two": true, "three": true, "four": true, "five": true, "several": true, "various": true, "different": true, "resulting": true, "obtained": true, "prepared": true, "synthesized": true, "synthesised": true, "studied": true,
	"present": true, "investigated": true, "new": true, "corresponding": true, "as": true, "any": true, "more": true, "respective": true, "certain": true, "few": true, "known": true, "reported": true,
}

// plural reports whether a sentence of words ws is about several materials named before, or
// about a class: "these copolymers", "the three oxides", "double perovskites".
func plural(ws []word) bool {
	for i, w := range ws {
		if i > 0 && ws[i-1].key == "this" && classes[w.key+"s"] {
			return false // of the one that was named: "this compound is the best of all oxides"
		}
	}
	for _, w := range ws {
		if classes[strings.ToLower(w.text)] {
			return true
		}
	}
	return false
}

// class returns as subject the class of materials whose property m sentence s
// states: "the band gaps of double perovskites range from", "Sn-based perovskites
// have band gaps of". It returns nothing if the class stands for what was named
// before.
func (r *reading) class(b int, s span, m *propertyMention) assignment {
	text := r.doc.Blocks[b].Text
	ws := words(text, s)
	for i, w := range ws {
		if !classes[strings.ToLower(w.text)] {
			continue
		}
		from := i
		for from > 0 && i-from < 4 && modifies(text[ws[from-1].end:ws[from].start]) && !stops[strings.ToLower(ws[from-1].text)] {
			from--
		}
		name := ws[from : i+1]
		if from == i || slices.ContainsFunc(name, func(w word) bool { return pointing[strings.ToLower(w.text)] }) {
			continue
		}
		at := span{name[0].start, w.end}
		owns := at.end <= m.start && at.start == s.start || at.start >= m.end && strings.TrimSpace(text[m.end:at.start]) == "of"
		if !owns || at.overlaps(m.span) {
			continue
		}
		sub := &subjectMention{span: at, block: b, key: strings.ToLower(text[at.start:at.end]), weak: true, subject: record.Subject{
			Text: text[at.start:at.end], Kind: record.Named, Name: tidy(text[at.start:at.end]), Block: b, Start: at.start, End: at.end,
		}}
		return assignment{subject: sub, score: -0.5, reasons: []string{"a class of materials"}}
	}
	return assignment{}
}

// lends reports whether the subject at s lends its name to a class: "Sn-based
// perovskites". What a device is based on is itself what is measured.
func lends(text string, s span) bool {
	ws := words(text, span{s.end, min(len(text), s.end+40)})
	if len(ws) < 2 || !modifies(text[s.end:ws[0].start]) || !modifies(text[ws[0].end:ws[1].start]) {
		return false
	}
	switch ws[0].text {
	case "based", "containing", "free", "rich":
		return inorganicClasses[strings.ToLower(ws[1].text)]
	}
	return false
}

// inorganicClasses are those of classes to which an element lends its name.
var inorganicClasses = map[string]bool{
	"perovskites": true, "oxides": true, "alloys": true, "glasses": true, "ceramics": true, "chalcogenides": true, "halides": true, "superconductors": true, "semiconductors": true, "ferrites": true, "compounds": true, "materials": true,
}

// modifies reports whether gap stands between a modifier and what it modifies.
func modifies(gap string) bool {
	return gap == " " || gap == "-" || gap == "‐" || gap == "‑" || gap == "–"
}

// stops are words before which a name does not reach back.
var stops = map[string]bool{
	"of": true, "for": true, "in": true, "with": true, "and": true, "or": true, "to": true, "by": true, "from": true, "on": true, "at": true, "is": true, "are": true, "was": true, "were": true, "as": true, "than": true,
	"although": true, "while": true, "whereas": true, "because": true, "since": true, "but": true, "also": true, "generally": true,
}
