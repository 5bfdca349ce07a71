package extract

import (
	"maps"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// assignment is the subject that a value belongs to.
type assignment struct {
	subject *subjectMention
	score   float64
	reasons []string

	margin    float64 // how much more a subject from an earlier sentence has for it than the next
	announced bool    // that was named as what was made or studied
	rivals    int     // other subjects that it could be
}

// assign finds the subject of every pair of sentence index of block b. Lists
// of equal length are matched in order ("248 K and 222 K for A and B
// respectively"); otherwise each value takes the subject with the best cues.
func (r *reading) assign(b, index int, s span, quantities []quantity.Found, pairs []pairing, subjects []subjectMention) []assignment {
	out := make([]assignment, len(pairs))
	text := r.doc.Blocks[b].Text
	closers := closersOf(text, quantities, pairs, subjects)
	ordered := r.inOrder(b, s, quantities, pairs, subjects, closers, out)
	if !ordered {
		for k := range pairs {
			out[k] = r.nearest(text, s, quantities, pairs, k, subjects, closers)
		}
	}
	ofClass := !ordered && plural(within(r.mentions[b].words, wordSpan, s)) && !slices.ContainsFunc(subjects, func(sub subjectMention) bool { return !lends(text, sub.span) })
	if !ofClass {
		r.inEarlierOrder(b, index, quantities, pairs, out)
	}
	for k := range out {
		switch {
		case ofClass:
			out[k] = r.class(b, s, pairs[k].mention)
		case out[k].subject == nil:
			out[k] = r.topic(b, index)
		}
	}
	return out
}

// inOrder matches n values of one property to n subjects by their order, if
// the sentence says "respectively" or if one list stands directly behind the other.
func (r *reading) inOrder(b int, s span, quantities []quantity.Found, pairs []pairing, subjects []subjectMention, closers []bool, out []assignment) bool {
	text := r.doc.Blocks[b].Text
	said := inOrderWords(text[s.start:s.end])
	byProperty := map[string][]int{}
	for k, p := range pairs {
		byProperty[p.property.ID()] = append(byProperty[p.property.ID()], k)
	}
	lists := append(coordinated(text, subjects), r.seriesIn(b, s)...)
	done := false
	for _, ks := range seriesOf(quantities, pairs, byProperty) {
		var best []*subjectMention
		for _, list := range lists {
			if len(list) == len(ks) && (said || follows(text, list, quantities, pairs, ks)) && (best == nil || apart(list, quantities, pairs, ks) < apart(best, quantities, pairs, ks)) {
				best = list
			}
		}
		if best == nil {
			continue
		}
		a := assignment{score: 1.2, reasons: []string{"matched in order (“respectively”)"}}
		if !said {
			a = assignment{score: 0.9, reasons: []string{"matched in order (lists of equal length)"}}
		}
		for n, k := range ks {
			a.subject = best[n]
			out[k] = a
		}
		done = true
	}
	if !done {
		return false
	}
	for k := range pairs {
		if out[k].subject == nil {
			out[k] = r.nearest(text, s, quantities, pairs, k, subjects, closers)
		}
	}
	return true
}

// seriesOf returns what may be matched in order: all values of a property, and
// those of them that are one list.
func seriesOf(quantities []quantity.Found, pairs []pairing, byProperty map[string][]int) [][]int {
	var out [][]int
	for _, id := range slices.Sorted(maps.Keys(byProperty)) {
		ks := byProperty[id]
		if len(ks) < 2 {
			continue
		}
		out = append(out, ks)
		for from := 0; from < len(ks); {
			list, to := quantities[pairs[ks[from]].quantity].List, from+1
			for to < len(ks) && list > 0 && quantities[pairs[ks[to]].quantity].List == list {
				to++
			}
			if to-from > 1 && to-from < len(ks) {
				out = append(out, ks[from:to])
			}
			from = to
		}
	}
	return out
}

// follows reports whether the values pairs[ks] are one list that stands directly
// behind the subjects of list, as in "of A and B were 3.1 and 3.2 eV", or directly
// before them, as in "3.1 and 3.2 eV for A and B".
func follows(text string, list []*subjectMention, quantities []quantity.Found, pairs []pairing, ks []int) bool {
	first, last := &quantities[pairs[ks[0]].quantity], &quantities[pairs[ks[len(ks)-1]].quantity]
	for _, k := range ks {
		if q := &quantities[pairs[k].quantity]; q.List == 0 || q.List != first.List {
			return false
		}
	}
	if start := list[0].start; last.End <= start {
		return givenTo(text[last.End:start])
	}
	end := list[len(list)-1].end
	return end <= first.Start && wordCount(text[end:first.Start]) <= 4 && !turns(text[end:first.Start])
}

// givenTo reports whether gap, from a list of values to one of subjects, joins them:
// "for the polymers", "were found for".
func givenTo(gap string) bool {
	w := strings.Fields(strings.Trim(gap, " ),"))
	if len(w) > 5 {
		return false
	}
	for i, word := range w {
		switch word {
		case "for", "in", "of":
			return i == 0 && len(w) <= 3 || i >= len(w)-2
		case "was", "were", "are", "is", "found", "obtained", "measured", "observed", "calculated", "determined", "estimated", "reported", "recorded", "achieved":
		default:
			return false
		}
	}
	return false
}

// apart returns how many bytes lie between a list of subjects and the values
// pairs[ks].
func apart(list []*subjectMention, quantities []quantity.Found, pairs []pairing, ks []int) int {
	first, last := &quantities[pairs[ks[0]].quantity], &quantities[pairs[ks[len(ks)-1]].quantity]
	return max(first.Start-list[len(list)-1].end, list[0].start-last.End)
}

// coordinated returns the runs of subjects that are joined by commas, "and",
// "or" or "," only, without substrates, solvents and their like.
func coordinated(text string, subjects []subjectMention) [][]*subjectMention {
	var out [][]*subjectMention
	var run []*subjectMention
	for i := range subjects {
		if subjects[i].host {
			continue
		}
		if len(run) > 0 && !coordinates(text[run[len(run)-1].end:subjects[i].start]) {
			if len(run) > 1 {
				out = append(out, run)
			}
			run = nil
		}
		run = append(run, &subjects[i])
	}
	if len(run) > 1 {
		out = append(out, run)
	}
	return out
}

// longestJoint bounds what may stand between two subjects that are enumerated, in
// bytes.
const longestJoint = 80

func coordinates(gap string) bool {
	if len(gap) > longestJoint {
		return false
	}
	if rest, ok := strings.CutPrefix(gap, "- "); ok && joined(rest) {
		gap = rest // "BA- and NC-"
	}
	g := strings.Trim(asciiLower(gap), " ,")
	if first, rest, ok := strings.Cut(g, " "); isForm(strings.TrimRight(first, ",")) {
		if g = ""; ok {
			g = strings.Trim(rest, " ,")
		}
	}
	for _, noise := range []string{"and", "or", "for", "of", "the", "in", "및", "와", "과"} {
		g = strings.TrimSpace(strings.TrimPrefix(g, noise))
	}
	return g == ""
}

// isForm reports whether word, in lower case, tells the form that a material has:
// "films", "nanocubes".
func isForm(word string) bool {
	switch strings.TrimSuffix(word, "s") {
	case "film", "powder", "crystal", "composite", "mixture", "electrode", "ceramic", "sample", "layer", "alloy", "glasse", "membrane", "fiber", "fibre":
		return true
	}
	return len(word) > 6 && strings.HasPrefix(word, "nano")
}

// nearest scores the subjects of the sentence for the value of pairs[k].
func (r *reading) nearest(text string, s span, quantities []quantity.Found, pairs []pairing, k int, subjects []subjectMention, closers []bool) assignment {
	q := &quantities[pairs[k].quantity]
	m := pairs[k].mention
	var best assignment
	compound := slices.ContainsFunc(subjects, func(s subjectMention) bool { return !s.single && !s.host })
	owner := inParentheses(text, s, m.span, q, subjects)
	closer := -1 // the subject that closes the series of the value
	for i := range subjects {
		if closers[i] && subjects[i].start >= q.End {
			closer = i
			break
		}
	}
	for i := range subjects {
		sub := &subjects[i]
		if sub.overlaps(span{q.Start, q.End}) || sub.overlaps(m.span) || sub.host && (ambient(sub) || strings.HasSuffix(text[s.start:sub.start], " in ")) {
			continue // a medium
		}
		if r.partOfMain(text, sub) {
			continue
		}
		score := 0.5
		var reasons []string
		say := func(d float64, why string) { score += d; reasons = append(reasons, why) }
		switch {
		case sub.start >= q.End:
			gap := text[q.End:sub.start]
			n := wordCount(gap)
			if turns(gap) {
				score -= 1.4
			}
			switch {
			case strings.TrimSpace(gap) == "(" && strings.HasPrefix(text[sub.end:], ")"):
				say(1.4, "the subject in parentheses behind the value")
			case rivalBetween(quantities, pairs, k, q.End, sub.start):
				score -= 1.6
			case n <= 5 && startsWithWord(strings.TrimLeft(gap, " ),"), "for", "in", "of"):
				say(1.3, "“value for subject”")
			case i == closer:
				say(1.5, "“values for subject”")
			case n <= 3:
				score -= 0.2
			default:
				score -= 0.3 + 0.1*float64(min(n, 10))
			}
		default:
			gap := text[sub.end:q.Start]
			n := wordCount(gap)
			trimmed := strings.TrimSpace(gap)
			switch {
			case owner == sub:
				say(1.4, "in parentheses behind the subject, with its property")
			case trimmed == "(" || trimmed == "(~" || trimmed == ":" || trimmed == "=" || apposed(text, s, sub.span, q.Start):
				say(1.4, "value in parentheses behind the subject")
			case trimmed == "" && q.UnitSpan.End > q.UnitSpan.Start:
				say(1.2, "the subject directly before the value")
			case rivalBetween(quantities, pairs, k, sub.end, q.Start):
				score -= 0.7
			case n <= 8:
				score += 0.6
			default:
				score += 0.3 - 0.03*float64(min(n, 30))
			}
			if strings.Contains(gap, ";") {
				score -= 0.5
			}
		}
		// "the band gap of ZnO", "ZnO has a band gap"
		if !sub.host && sub.start >= m.end && sub.start-m.end < 40 {
			if g := text[m.end:sub.start]; (q.End <= m.start || q.Start >= sub.end) && wordCount(g) <= 4 && startsWithWord(strings.TrimLeft(g, " )"), "of", "for", "in") && !rivalBetween(quantities, pairs, k, m.end, sub.start) && !another(text, subjects[:i], m.end, sub.start) {
				say(1.0, "“property of subject”")
			}
		}
		if sub.end <= m.start && wordCount(text[sub.end:m.start]) <= 5 {
			score += 0.5
		}
		if sub.end <= q.Start && closers[i] {
			say(-1, "closes the values before it")
		}
		if lead := strings.TrimSpace(text[s.start:sub.start]); (lead == "For" || lead == "In" || lead == "In the case of") && strings.HasPrefix(text[sub.end:], ",") {
			say(1, "the topic of the sentence")
		}
		if ownedByRival(text, quantities, pairs, k, sub) {
			say(-1.5, "stands behind another value")
		}
		if sub.host {
			say(-1.6, "named as a substrate, solvent or structure type")
		}
		if sub.weak {
			score -= 0.5
		}
		if i+1 < len(subjects) && subjects[i+1].subject.Kind == record.Named && numberedLabel(subjects[i+1].subject.Text) && sub.subject.Kind == record.Polymer && subjects[i+1].start >= sub.end && wordCount(text[sub.end:subjects[i+1].start]) <= 1 && !strings.ContainsAny(text[sub.end:subjects[i+1].start], ",;:()/-") {
			say(-0.6, "what the label behind it is")
		}
		if acceptors[sub.subject.Text] && pairs[k].property.Field == "photovoltaic" {
			say(-1, "an acceptor that many cells share")
		}
		if sub.single && compound {
			say(-0.8, "an element beside a compound")
		}
		if sub.end <= q.Start && strings.HasSuffix(asciiLower(text[max(s.start, sub.start-12):sub.start]), "that of ") && contrasted(asciiLower(text[s.start:max(s.start, sub.start-len("that of "))])) {
			say(1, "“that of subject”")
		}
		if compared(text, s, sub.start) && owner != sub && !apposed(text, s, sub.span, q.Start) {
			say(-1.3, "named in a comparison")
		}
		if r.main != nil && r.main.key == sub.key {
			score += 0.25
		}
		if best.subject == nil || score > best.score {
			best = assignment{subject: sub, score: score, reasons: reasons}
		}
	}
	if best.subject != nil && best.score < -1 {
		return assignment{}
	}
	return best
}

// another reports whether one of subjects, those before the one at start, stands
// behind from and is not enumerated with that: A in "of A in B".
func another(text string, subjects []subjectMention, from, start int) bool {
	n := len(subjects)
	return n > 0 && subjects[n-1].start >= from && subjects[n-1].end <= start && !coordinates(text[subjects[n-1].end:start])
}

// inParentheses returns the subject in front of the parentheses in which value q
// and its property m stand together, nil if there are none: "better than A (Jsc =
// 7.2 mA/cm2, FF = 0.49)". No other subject may stand between or inside.
func inParentheses(text string, s, m span, q *quantity.Found, subjects []subjectMention) *subjectMention {
	open, depth := -1, 0
	for i := min(q.Start, m.start) - 1; i >= s.start && open < 0; i-- {
		switch text[i] {
		case ')':
			depth++
		case '(':
			if depth == 0 {
				open = i
			}
			depth--
		}
	}
	if open < 0 || strings.Contains(text[open:max(q.Start, m.end)], ")") && strings.Count(text[open:max(q.Start, m.end)], "(") == strings.Count(text[open:max(q.Start, m.end)], ")") {
		return nil
	}
	var owner *subjectMention
	for i := range subjects {
		sub := &subjects[i]
		if sub.end <= open {
			owner = sub
		} else if sub.start < q.End {
			return nil
		}
	}
	if owner == nil || wordCount(text[owner.end:open]) > 4 {
		return nil
	}
	return owner
}

// turns reports whether gap passes into another clause.
func turns(gap string) bool {
	for _, w := range []string{", while ", ", whereas ", ", but ", ", and ", ";", ", which ", " while ", " whereas "} {
		if strings.Contains(gap, w) {
			return true
		}
	}
	return false
}

// closersOf tells of each subject whether it ends a series of values of several
// properties, as A in "a Voc of 0.76 V and an FF of 0.51 for A and …".
func closersOf(text string, quantities []quantity.Found, pairs []pairing, subjects []subjectMention) []bool {
	out := make([]bool, len(subjects))
	next := 0 // the first pair behind the subject
	for i := range subjects {
		for next < len(pairs) && quantities[pairs[next].quantity].End <= subjects[i].start {
			next++
		}
		if next < 2 {
			continue
		}
		last := &pairs[next-1]
		out[i] = last.property != pairs[next-2].property && strings.TrimSpace(text[quantities[last.quantity].End:subjects[i].start]) == "for"
	}
	return out
}

// ownedByRival reports whether sub stands directly behind another value, as in
// "1930 K for Fe and 2550 K for fcc Co".
func ownedByRival(text string, quantities []quantity.Found, pairs []pairing, k int, sub *subjectMention) bool {
	for o := range pairs {
		q := &quantities[pairs[o].quantity]
		own := quantities[pairs[k].quantity].Start
		if o == k || pairs[o].property != pairs[k].property || q.End > sub.start || own >= q.End && own < sub.start {
			continue
		}
		gap := strings.TrimLeft(text[q.End:sub.start], " ),")
		if wordCount(gap) <= 5 && startsWithWord(gap, "for", "in", "of") {
			return true
		}
	}
	return false
}

// rivalBetween reports whether another value of the same property lies in
// [from, to).
func rivalBetween(quantities []quantity.Found, pairs []pairing, k, from, to int) bool {
	for o := range pairs {
		q := &quantities[pairs[o].quantity]
		if o != k && pairs[o].property == pairs[k].property && q.Start >= from && q.End <= to {
			return true
		}
	}
	return false
}

// compared reports whether the subject at start stands behind "than that of",
// "compared with" and their like.
func compared(text string, s span, start int) bool {
	before := asciiLower(text[max(s.start, start-40):start])
	for _, w := range []string{"than that of ", "than those of ", "than ", "compared with ", "compared to ", "comparable to ", "comparable with ", "corresponding ", "similar to ", "relative to ", "unlike ", "different from ", "in contrast to ", "that of "} {
		if i := strings.LastIndex(before, w); i >= 0 && wordCount(before[i+len(w):]) <= 3 && (w != "that of " || !contrasted(before[:i])) {
			return true
		}
	}
	return false
}

// contrasted reports whether before, in lower case and in front of "that of", ends
// in a word behind which another subject has its own value: "and that of B was 3 V".
func contrasted(before string) bool {
	w := strings.Fields(before)
	if len(w) == 0 {
		return true // the sentence begins so
	}
	switch strings.Trim(w[len(w)-1], ",;") {
	case "and", "while", "whereas", "but", "":
		return true
	}
	return strings.HasSuffix(w[len(w)-1], ",") || strings.HasSuffix(w[len(w)-1], ";")
}
