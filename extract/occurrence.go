package extract

import (
	"math"
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// farthestOccurrence bounds how many bytes lie between what happens and its value.
const farthestOccurrence = 240

// happening pairs value i with the property whose value is the place of what happens
// there: "orders ferromagnetically at 42 K", "is ferromagnetic below 42 K".
func (r *reading) happening(text string, quantities []quantity.Found, i int, occurrences []propertyMention) (pairing, bool) {
	q := &quantities[i]
	if q.UnitSpan.End == q.UnitSpan.Start {
		return pairing{}, false
	}
	for j := len(occurrences) - 1; j >= 0; j-- {
		m := &occurrences[j]
		if m.end > q.Start {
			continue
		}
		if q.Start-m.end > farthestOccurrence {
			break
		}
		aside := inserted(text, m.end, q.Start)
		gap := outside(text[m.end:aside.start] + text[aside.end:q.Start])
		place, end := leadOf(gap + text[q.Start:q.Number.Start])
		if !place && !end || wordCount(gap) > 9 || strings.ContainsAny(gap, ";:") || parted(gap) || processed(text, q.Start) || denies(text, m.start) {
			return pairing{}, false
		}
		if m.entries[0].weak && j+1 < len(occurrences) && occurrences[j+1].end <= q.Start && occurrences[j+1].entries[0].state && leadsInto(text[m.end:occurrences[j+1].start]) {
			// "a transition to an antiferromagnetic state at"
			return pairing{i, occurrences[j+1].entries[0].property, m, 0.7, []string{"what happens at the value (“" + m.key + "”)"}}, true
		}
		best := pairing{score: -1}
		for _, w := range r.meaning(text, m) {
			if len(m.entries) == 1 && begins(gap) {
				w.weight = max(w.weight, 0.7)
			}
			if _, _, ok := convert(w.property, q.Quantity); !ok || w.weight < 0.4 || stateOf(m, &w) && !end || !stateOf(m, &w) && !place {
				continue
			}
			score := 1 + 1.2*(w.weight-1)
			if wordCount(gap) > 4 {
				score -= 0.3
			}
			if between := within(quantities[:i], quantitySpan, span{m.end, q.Start}); len(between) > 0 && !again(text[between[len(between)-1].End:q.Start]) {
				score -= 0.6
			}
			if score > best.score {
				best = pairing{i, w.property, m, score, []string{"what happens at the value (“" + m.key + "”)"}}
			}
		}
		if best.property != nil {
			if s := stateBehind(text, q, occurrences[j+1:]); s != nil {
				best.property, best.mention = s.entries[0].property, s
			}
			return best, best.score > -0.5
		}
	}
	return pairing{}, false
}

// leadsInto reports whether gap, from a transition to a state, says that the one leads to
// the other.
func leadsInto(gap string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(gap, " "), " ")
	return (first == "to" || first == "into") && wordCount(gap) <= 5
}

// stateBehind returns the one of occurrences that is a state in parentheses behind q,
// nil if there is none: "order at 17 K (A, antiferromagnetic) and 61 K (B, ferromagnetic)".
func stateBehind(text string, q *quantity.Found, occurrences []propertyMention) *propertyMention {
	rest := text[q.End:]
	length := strings.IndexByte(rest, ')')
	if !strings.HasPrefix(rest, " (") || length < 0 {
		return nil
	}
	for k := range occurrences {
		if m := &occurrences[k]; m.start > q.End && m.end <= q.End+length && m.entries[0].state {
			return m
		}
	}
	return nil
}

// leadOf returns whether gap, from what happens to a value, says that the value is the
// place where it happens, " at ", " below TC = ", and whether it is the end of where it
// holds, " below TC = ", " up to about ".
func leadOf(gap string) (place, end bool) {
	g := strings.TrimRight(asciiLower(gap), " (~∼≈$−–-+")
	if before, ok := strings.CutSuffix(g, "="); ok {
		before = strings.TrimRight(before, " ")
		k := strings.LastIndexByte(before, ' ') // the symbol
		if k < 0 || len(before)-k > 24 {
			return false, false
		}
		g = strings.TrimRight(before[:k], " (")
	}
	w := strings.Fields(g)
	if n := len(w); n > 1 && w[n-1] == "of" && (w[n-2] == "temperature" || w[n-2] == "temperatures") {
		return true, false // "in two steps with peak temperatures of"
	}
	for len(w) > 0 && hedges(w[len(w)-1]) {
		w = w[:len(w)-1]
	}
	if len(w) == 0 {
		return false, false
	}
	switch w[len(w)-1] {
	case "at", "near", "around", "above":
		return true, false
	case "below", "until":
		return true, true
	case "to":
		up := len(w) > 1 && w[len(w)-2] == "up"
		return false, up
	}
	return false, false
}

// begins reports whether gap has a word that says where something begins: "decomposition
// of A begins at".
func begins(gap string) bool {
	for _, w := range strings.Fields(asciiLower(gap)) {
		switch w {
		case "begins", "began", "beginning", "starts", "started", "starting", "sets", "onset", "commences":
			return true
		}
	}
	return false
}

// hedges reports whether word, in lower case, only says that a value is not exact.
func hedges(word string) bool {
	switch word {
	case "about", "approximately", "ca.", "ca", "roughly", "nearly", "temperatures", "a", "temperature", "of", "the", "as", "only", "well", "just", "~":
		return true
	}
	return false
}

// parted reports whether gap passes into a clause with its own verb, or says how a
// sample was made or measured.
func parted(gap string) bool {
	for _, w := range strings.Fields(asciiLower(gap)) {
		switch strings.Trim(w, ",()") {
		case "which", "while", "whereas", "but", "measured", "annealed", "grown", "sintered", "deposited", "prepared", "cooled", "heated", "studied", "recorded", "fields", "moment", "moments", "film", "films", "resonance":
			return true
		}
	}
	return false
}

// denies reports whether the words in front of start deny what stands there: "no
// structural transition".
func denies(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-40):start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-4; i-- {
		switch w[i] {
		case "no", "not", "without", "nor", "neither", "any", "absence":
			return true
		}
	}
	return false
}

// again reports whether gap, behind one value of what happens, leads to another one:
// "and at", "and below".
func again(gap string) bool {
	w := strings.Fields(strings.Trim(asciiLower(gap), " ,"))
	return len(w) > 0 && len(w) <= 3 && w[0] == "and"
}

// stateOf reports whether m stands for the property of w as a state.
func stateOf(m *propertyMention, w *weighted) bool {
	for _, e := range m.entries {
		if e.property == w.property {
			return e.state
		}
	}
	return false
}

// exact makes of a bound, as "below 42 K" is read, its value, "42 K".
func exact(q *quantity.Found) {
	switch v := &q.Quantity; {
	case math.IsInf(v.Low, -1):
		v.Low = v.High
	case math.IsInf(v.High, 1):
		v.High = v.Low
	default:
		return
	}
	if q.Quantity.Low >= 0 { // no sign
		q.Start = q.Number.Start
	}
}
