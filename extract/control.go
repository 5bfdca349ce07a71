package extract

import (
	"strings"

	"github.com/alkahest/alkahest/record"
)

// controls finds the samples in text, of words ws and where found are its other
// subjects, that only a word tells from those that the work is about: "the pristine
// electrode", "the control device", "the control". They are weak: what has a name of
// its own goes before them.
func controls(b int, text string, ws []word, found []subjectMention) []subjectMention {
	var out []subjectMention
	for i, w := range ws {
		start := w.start
		adjective := strings.ToLower(w.text)
		if adjective == "free" && i > 0 && additions[strings.ToLower(ws[i-1].text)] && modifies(text[ws[i-1].end:w.start]) {
			start = ws[i-1].start
		} else if counterparts[adjective] {
			if i == 0 || ws[i-1].key != "the" || len(out) == 0 || start-out[len(out)-1].end > nearControl {
				continue
			}
		} else if !contrasts[adjective] {
			continue
		}
		end := 0
		if i+1 < len(ws) && text[w.end:ws[i+1].start] == " " && tested[ws[i+1].key] {
			end = ws[i+1].end
		} else if (adjective == "control" || adjective == "reference") && i > 0 && ws[i-1].key == "the" && alone(text[w.end:]) {
			end = w.end
		}
		if end == 0 {
			continue
		}
		if _, behind := overlapping(found, subjectSpan, span{max(0, start-2), start}); behind {
			continue // "our FASnI3 reference film"
		}
		name := strings.ToLower(text[start:end])
		out = append(out, subjectMention{span: span{start, end}, block: b, key: name, weak: true, control: true, subject: record.Subject{
			Text: text[start:end], Kind: record.Named, Name: name, Block: b, Start: start, End: end,
		}})
	}
	return out
}

// contrasts are words that tell a sample from those that were treated.
var contrasts = map[string]bool{
	"bare": true, "pristine": true, "uncoated": true, "untreated": true, "unmodified": true, "control": true, "reference": true, "blank": true, "unfilled": true,
}

// counterparts are words for the samples that those with a word of contrasts are
// compared with.
var counterparts = map[string]bool{"coated": true, "treated": true, "modified": true, "doped": true, "filled": true}

// nearControl is how far behind the sample that it is compared with a counterpart may
// stand, in bytes.
const nearControl = 250

// additions are what a sample is free of that is compared with those that have it.
var additions = map[string]bool{"filler": true, "additive": true}

// tested are nouns, singular, for samples.
var tested = map[string]bool{
	"sample": true, "electrode": true, "material": true, "membrane": true, "film": true, "cell": true, "device": true, "separator": true, "cathode": true, "anode": true, "electrolyte": true, "specimen": true, "powder": true, "composite": true, "polymer": true, "resin": true,
}

// alone reports whether rest, behind a word, lets it stand for a sample itself.
func alone(rest string) bool {
	if rest == "" {
		return true
	}
	switch rest[0] {
	case '.', ',', ';', ')':
		return true
	case ' ':
		next, _ := nextWord(rest)
		return next == "and" || showing[next] || next == "fell" || next == "dropped" || next == "retained" || next == "reached"
	}
	return false
}
