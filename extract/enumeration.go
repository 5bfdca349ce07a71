package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// enumerate adds the labels of sentences that may hold a record which are
// enumerated with subjects and named like them ("PTBBO, PTB25 and PTB50" where
// only the last two are known), and whole lists of labels that are named alike
// ("P1, P2 and P3"), where the sentence has a list of as many values; and labels
// beside a value of a property of the sentence, one of them in parentheses.
func (r *reading) enumerate(b int) {
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	var added []subjectMention
	for _, s := range m.sentences {
		quantities := within(m.quantities, quantitySpan, s)
		properties := within(m.properties, propertySpan, s)
		if !r.stateable(quantities, properties) {
			continue
		}
		labels := r.freeLabels(b, s)
		if len(labels) == 0 {
			continue
		}
		for _, l := range labels {
			if r.valueBehind(text, l.span, quantities, properties) || numberedLabel(l.subject.Text) && (ofProperty(text, l.span, properties) || shows(text[l.end:])) {
				added = append(added, l)
			}
		}
		known := within(m.subjects, subjectSpan, s)
		stands := map[span]bool{}
		for i := range known {
			stands[known[i].span] = true
		}
		members := map[int]int{} // of each list of values
		for i := range quantities {
			members[quantities[i].List]++
		}
		lengths := map[int]bool{}
		for list, n := range members {
			lengths[n] = lengths[n] || list > 0
		}
		for _, run := range coordinated(text, merged(known, labels)) {
			added = append(added, named(run, stands, lengths[len(run)], inOrderWords(text[s.start:s.end]) && len(quantities) >= len(run))...)
		}
	}
	slices.SortFunc(added, func(a, b subjectMention) int { return a.start - b.start })
	added = slices.CompactFunc(added, func(a, b subjectMention) bool { return a.span == b.span })
	m.subjects = merged(m.subjects, added)
}

// valueBehind reports whether a value of one of properties stands in parentheses
// directly behind s, or s in parentheses directly behind such a value.
func (r *reading) valueBehind(text string, s span, quantities []quantity.Found, properties []propertyMention) bool {
	for i := range quantities {
		q := &quantities[i]
		behind := q.Start >= s.end && strings.Trim(text[s.end:q.Start], " ~∼≈") == "("
		before := q.End <= s.start && strings.TrimSpace(text[q.End:s.start]) == "(" && strings.HasPrefix(text[s.end:], ")")
		if !behind && !before || q.UnitSpan.End == q.UnitSpan.Start {
			continue
		}
		for _, p := range properties {
			if slices.ContainsFunc(p.entries, func(e entry) bool { _, _, ok := convert(e.property, q.Quantity); return ok && !e.not }) {
				return true
			}
		}
	}
	return false
}

// numberedLabel reports whether s is a label with a number, such as papers give to
// their samples: "S1", "HC-1300", "L8-BO".
func numberedLabel(s string) bool {
	return s[0] >= 'A' && s[0] <= 'Z' && strings.ContainsAny(s, "0123456789") && !(strings.IndexByte("PIFRABC", s[0]) >= 0 && strings.Trim(s[1:], "0123456789mnabcd/-") == "" && strings.ContainsAny(s[1:], "mnabcd")) // a space group
}

// ofProperty reports whether the label at s stands directly behind a property and
// "of" or "for": "the Tg of CP-1 was".
func ofProperty(text string, s span, properties []propertyMention) bool {
	if before := asciiLower(text[max(0, s.start-len("that of ")):s.start]); before == "that of " && len(properties) > 0 {
		return true
	}
	for i := range properties {
		m := &properties[i]
		if m.end > s.start || s.start-m.end > 24 {
			continue
		}
		w := strings.Fields(asciiLower(text[m.end:s.start]))
		if n := len(w); n > 0 && n <= 3 && (w[n-1] == "of" || w[n-1] == "for" || n > 1 && w[n-1] == "the" && (w[n-2] == "of" || w[n-2] == "for")) {
			return true
		}
	}
	return false
}

// shows reports whether rest, behind a label, begins with a verb that says what
// property something has: "CP-1 exhibits".
func shows(rest string) bool {
	word, _ := nextWord(rest)
	switch word {
	case "shows", "showed", "show", "exhibits", "exhibited", "exhibit", "displays", "displayed", "display", "possesses", "possessed", "has", "had", "delivers", "delivered", "deliver", "reaches", "reached", "achieves", "achieved", "yields", "yielded", "gives", "gave", "presents", "presented", "emits", "emitted", "emit", "provides", "provided", "retains", "retained":
		return true
	}
	return false
}

// named returns the labels of run, an enumeration, that name subjects: those like
// one that is known, or all if they are like each other and counted, or if they
// differ in a number and the sentence has ordered lists.
func named(run []*subjectMention, known map[span]bool, counted, ordered bool) []subjectMention {
	var out []subjectMention
	alike := true
	for _, s := range run[1:] {
		alike = alike && (counted && sameFamily(run[0].subject.Text, s.subject.Text) || ordered && sameSeries(run[0].subject.Text, s.subject.Text))
	}
	for _, s := range run {
		if known[s.span] {
			continue
		}
		if alike || slices.ContainsFunc(run, func(o *subjectMention) bool {
			return known[o.span] && (sameFamily(o.subject.Text, s.subject.Text) || numberedLabel(s.subject.Text))
		}) {
			out = append(out, *s)
		}
	}
	return out
}

// enumeratedDoubt is how probable a label is no subject that is only known from
// an enumeration.
const enumeratedDoubt = 0.4

// freeLabels returns the labels in sentence s of block b that nothing else is.
func (r *reading) freeLabels(b int, s span) []subjectMention {
	text := r.doc.Blocks[b].Text
	var out []subjectMention
	for _, w := range labelWords(text[s.start:s.end]) {
		w = span{s.start + w.start, s.start + w.end}
		if w.end-w.start > 16 || r.abbreviations[text[w.start:w.end]] || numberedPlace(text, s, w.start) || !r.free(b, w) {
			continue
		}
		if one, ok := r.nameAt(b, w); ok && !one.host {
			one.doubt = enumeratedDoubt
			out = appendApart(out, one)
		}
	}
	return out
}

// numberedPlace reports whether what stands at start is the number of a figure,
// a table or another part of a paper.
func numberedPlace(text string, s span, start int) bool {
	before := strings.Fields(asciiLower(text[max(s.start, start-48):start]))
	for i := len(before) - 1; i >= 0 && i >= len(before)-6; i-- {
		w := strings.Trim(before[i], ".,()[]")
		switch strings.TrimSuffix(w, "s") {
		case "fig", "figure", "table", "scheme", "eq", "eqn", "equation", "ref", "reference", "section", "movie", "video", "chart", "note", "step", "appendix", "file":
			return true
		}
	}
	return false
}

// sameSeries reports whether two labels differ only in a number behind the same
// letters: "P1" and "P12".
func sameSeries(a, b string) bool {
	x, y := leadingLetters(a), leadingLetters(b)
	return x != "" && x == y && a != b && allDigits(a[len(x):]) && allDigits(b[len(y):])
}

// sameFamily reports whether two labels are of one series or begin alike.
func sameFamily(a, b string) bool {
	if sameSeries(a, b) {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= 3 && a != b
}

func leadingLetters(s string) string {
	i := 0
	for i < len(s) && (s[i] >= 'A' && s[i] <= 'Z' || s[i] >= 'a' && s[i] <= 'z') {
		i++
	}
	return s[:i]
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// inOrderWords reports whether sentence says that its lists go together by their
// order.
func inOrderWords(sentence string) bool {
	return strings.Contains(asciiLower(sentence), "respectively") || strings.Contains(sentence, "각각")
}
