package extract

import (
	"strings"

	"github.com/alkahest/alkahest/record"
)

// number learns the numbers that a paper gives to its compounds: "KV[Cr(CN)6] (1) and
// CsMn[Cr(CN)6] (2)", "Complex 1, [Dy(Cp*)2][B(C6F5)4],".
func (r *reading) number(b int, subjects []subjectMention) {
	text := r.doc.Blocks[b].Text
	for i := range subjects {
		s := &subjects[i]
		if s.host || s.single || ambient(s) {
			continue
		}
		if s.weak {
			noun, n, ok := strings.Cut(s.subject.Name, " ")
			if next := i + 1; ok && bearers[noun] && next < len(subjects) && !subjects[next].weak && text[s.end:subjects[next].start] == ", " && strings.HasPrefix(text[subjects[next].end:], ",") {
				r.giveNumber(n, subjects[next].subject)
			}
			continue
		}
		rest, ok := strings.CutPrefix(text[s.end:min(len(text), s.end+8)], " (")
		if !ok {
			continue
		}
		if end := strings.IndexByte(rest, ')'); end > 0 && isOwnNumber(rest[:end]) {
			r.giveNumber(rest[:end], s.subject)
		}
	}
}

func (r *reading) giveNumber(n string, s record.Subject) {
	if _, known := r.numbers[n]; !known {
		r.numbers[n] = s
	}
}

// isOwnNumber reports whether s is as papers number their compounds: "1", "12", "3a".
func isOwnNumber(s string) bool {
	digits := strings.TrimRight(s, "abcdefgh")
	return len(digits) > 0 && len(digits) <= 2 && len(s)-len(digits) <= 1 && allDigits(digits) && digits[0] != '0'
}

// byNumber gives the samples of found that the paper has numbered the names of their
// compounds, and adds those that only a number stands for: "for 1 and 2", "while 2 shows".
func (r *reading) byNumber(b int, text string, found []subjectMention) []subjectMention {
	if len(r.numbers) == 0 {
		return found
	}
	for i := range found {
		s := &found[i]
		if noun, n, ok := strings.Cut(s.subject.Name, " "); ok && s.weak && bearers[noun] {
			if def, ok := r.numbers[n]; ok {
				found[i] = numberedMention(b, text, s.span, def)
			}
		}
	}
	var added []subjectMention
	listed := -1 // where the number before ends, if it stands for a compound
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			continue
		}
		end := i + 1
		for end < len(text) && labelByte(text[end]) {
			end++
		}
		def, ok := r.numbers[text[i:end]]
		if ok && (i == 0 || text[i-1] == ' ') && closesNumber(text[end:]) && (listed >= 0 && text[listed:i] == " and " || standsFor(text[max(0, i-12):i], text[end:])) {
			added = append(added, numberedMention(b, text, span{i, end}, def))
			listed = end
		}
		i = end
	}
	return withNumbered(found, added)
}

// numberedMention returns a mention of def at s.
func numberedMention(b int, text string, s span, def record.Subject) subjectMention {
	m := subjectMention{span: s, block: b, key: def.Formula, subject: def}
	if m.key == "" {
		m.key = def.Name
	}
	m.subject.Text, m.subject.Start, m.subject.End, m.subject.Block = text[s.start:s.end], s.start, s.end, b
	return m
}

// closesNumber reports whether rest, behind a number, does not go on with what it would
// count.
func closesNumber(rest string) bool {
	if rest == "" {
		return true
	}
	switch rest[0] {
	case '.', ',':
		return len(rest) == 1 || rest[1] == ' '
	case ')', ';':
		return true
	case ' ':
		next, _ := nextWord(rest)
		return next == "and" || next == "or" || showing[next] || next == "in" || next == "at" || next == "under" || next == "as" || next == "with"
	}
	return false
}

// standsFor reports whether a number between before and rest is that of a compound.
func standsFor(before, rest string) bool {
	w := strings.Fields(asciiLower(before))
	if len(w) == 0 {
		return false
	}
	next, _ := nextWord(rest)
	switch w[len(w)-1] {
	case "of", "for", "in":
		return true
	case "while", "whereas", "and", "that", "but":
		return showing[next]
	}
	return false
}

// showing are verbs that say what a compound has or does.
var showing = map[string]bool{
	"shows": true, "show": true, "has": true, "have": true, "is": true, "are": true, "was": true, "exhibits": true, "displays": true, "orders": true, "undergoes": true, "remains": true, "behaves": true, "crystallizes": true, "crystallises": true, "begins": true, "decomposes": true, "emits": true, "melts": true, "absorbs": true, "gives": true, "gave": true, "showed": true, "exhibited": true, "had": true, "relaxes": true, "beginning": true,
}
