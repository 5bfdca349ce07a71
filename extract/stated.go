package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// bounds makes the quantities of text that verbs bound what they are: "exceeded
// 120" is more than 120, "never exceeded 120" at most 120, "did not drop below 70"
// at least 70.
func bounds(text string, quantities []quantity.Found) {
	for i := range quantities {
		q := &quantities[i]
		w := strings.Fields(asciiLower(text[max(0, q.Number.Start-48):q.Number.Start]))
		if len(w) == 0 {
			continue
		}
		denied := slices.ContainsFunc(w[max(0, len(w)-5):], func(s string) bool { return s == "not" || s == "never" || s == "cannot" || s == "hardly" })
		low, high := q.Quantity.Low, q.Quantity.High
		switch last := w[len(w)-1]; {
		case (last == "exceed" || last == "exceeds" || last == "exceeded" || last == "surpass" || last == "surpasses" || last == "surpassed") && (low == high || math.IsInf(high, 1)):
			q.Quantity.High = math.Inf(1)
			if denied {
				q.Quantity.Low, q.Quantity.High = math.Inf(-1), low
			}
		case last == "below" && denied && math.IsInf(low, -1):
			q.Quantity.Low, q.Quantity.High = high, math.Inf(1)
		case last == "above" && denied && math.IsInf(high, 1):
			q.Quantity.Low, q.Quantity.High = math.Inf(-1), low
		}
	}
}

// measuresOut reports whether q says how much of something a sample holds: "with 20
// wt% PBAT", "20 wt% doped", "4% SrTe".
func measuresOut(text string, q *quantity.Found, subjects []subjectMention) bool {
	if q.UnitSpan.End == q.UnitSpan.Start || q.UnitSpan.End > q.End || !share(q.Quantity.Unit) && q.Quantity.Unit.Symbol != "%" {
		return false
	}
	word, _ := nextWord(text[q.End:])
	if share(q.Quantity.Unit) && (word == "doped" || word == "of") {
		return true
	}
	i, found := slices.BinarySearchFunc(subjects, q.End+1, func(s subjectMention, at int) int { return s.start - at })
	return found && text[q.End] == ' ' && !subjects[i].weak
}

// layered reports whether q is the thickness of a layer behind its name, without a
// space: "Py(5 nm)".
func layered(text string, q *quantity.Found) bool {
	if q.Start < 2 || text[q.Start-1] != '(' || !labelByte(text[q.Start-2]) || !strings.HasPrefix(text[q.End:], ")") {
		return false
	}
	switch q.Quantity.Unit.Symbol {
	case "nm", "Å", "µm":
		return true
	}
	return false
}

// absent reports whether the words before the property at m say that there is none:
// "no superconductivity", "shows no sign of superconductivity".
func absent(text string, s span, m *propertyMention) bool {
	w := strings.Fields(asciiLower(text[max(s.start, m.start-48):m.start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-4; i-- {
		switch w[i] {
		case "no", "without", "neither", "nor":
			return true
		case "sign", "signs", "evidence", "indication", "indications", "trace", "traces", "signature", "signatures", "of", "bulk", "clear", "any", "the", "absence", "lack":
			if w[i] == "absence" || w[i] == "lack" {
				return true
			}
		default:
			return false
		}
	}
	return false
}

// refuted reports whether a "not" stands before the value at start, "is not 61 K", or
// a sign that makes it an uncertainty, "±2 °C".
func refuted(text string, start int) bool {
	return leadWord(text, start) == "not" || strings.HasSuffix(strings.TrimRight(text[:start], " "), "±")
}

// hoped reports whether the words before start say that a value is expected of what
// was not made or measured yet: "is expected to exceed", "a target of".
func hoped(text string, s span, start int) bool {
	w := strings.Fields(asciiLower(text[max(s.start, start-64):start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-5; i-- {
		switch w[i] {
		case "expected", "anticipated", "hoped", "projected":
			return i+1 < len(w) && w[i+1] == "to"
		case "target", "targets", "goal", "goals", "requirement", "requirements":
			return true
		}
	}
	return false
}

// source reports whether the words before start say that something else was derived
// from what stands there: "estimated from the onset of absorption".
func source(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-40):start]))
	if n := len(w); n > 0 && (w[n-1] == "the" || w[n-1] == "their" || w[n-1] == "its") {
		w = w[:n-1]
	}
	if len(w) < 2 || w[len(w)-1] != "from" && w[len(w)-1] != "by" {
		return false
	}
	switch strings.TrimLeft(w[len(w)-2], "(,") {
	case "estimated", "calculated", "determined", "derived", "obtained", "deduced", "extracted", "evaluated", "inferred":
		return true
	}
	return false
}

// shareOf reports whether gap joins a share and what it is a share of: "70% of the
// initial capacity".
func shareOf(gap string) bool {
	switch strings.TrimSpace(gap) {
	case "of", "of the", "of its", "of their", "of the initial", "of its initial", "of the original", "of its original", "of the maximum":
		return true
	}
	return false
}

// keeps reports whether a verb that says what is left of a property stands shortly
// before start: "recovered 80%".
func keeps(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-32):start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-3; i-- {
		for _, stem := range []string{"recover", "retain", "maintain", "keep", "kept", "preserv", "regain", "restor", "lost", "loses", "losing"} {
			if strings.HasPrefix(w[i], stem) {
				return true
			}
		}
	}
	return false
}

// changed returns the word by which a value of m is a change of the property and
// not the property, "the band gap reduction (0.58 eV)", "an increase in the band
// gap of 0.1 eV", or nothing. What the property changes to is its value.
func changed(text string, m *propertyMention, q *quantity.Found) string {
	if lead := leadWord(text, q.Start); q.Start < m.end || lead == "to" || lead == "from" || q.Quantity.Low < q.Quantity.High && !math.IsInf(q.Quantity.High-q.Quantity.Low, 0) {
		return ""
	}
	after := strings.TrimLeft(asciiLower(text[m.end:min(q.Start, m.end+24)]), " ")
	if first, _, _ := strings.Cut(after, " "); changes[strings.TrimRight(first, ",")] || strings.HasSuffix(first, "ions") && changes[strings.TrimSuffix(first, "s")] {
		return first
	} else if changes[strings.TrimSuffix(first, "s")] && wordCount(text[m.end:q.Start]) <= 2 {
		return first // "increases about 20 K", but not "decreases with x, being 3.2 eV"
	}
	before := strings.Fields(asciiLower(text[max(0, m.start-48):m.start]))
	for i := len(before) - 1; i > 0 && i >= len(before)-4 && !strings.HasSuffix(before[i], ","); i-- {
		if w := before[i]; (w == "in" || w == "of") && changes[strings.TrimSuffix(before[i-1], "s")] {
			return before[i-1]
		}
	}
	return ""
}

// moved reports whether a verb of change stands shortly before start: "decreases by
// nearly 580 K".
func moved(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-48):start]))
	for i := len(w) - 1; i >= 0 && i >= len(w)-4; i-- {
		for _, stem := range []string{"increas", "decreas", "reduc", "rais", "lower", "shift", "drop", "enhanc", "improv", "differ", "exceed", "chang", "widen", "narrow", "var", "rose", "fell", "fall", "grew", "boost"} {
			if strings.HasPrefix(w[i], stem) {
				return true
			}
		}
	}
	return false
}

// changes are the words for a change of a property.
var changes = map[string]bool{
	"reduction": true, "decrease": true, "increase": true, "change": true, "shift": true, "difference": true, "variation": true, "narrowing": true,
	"widening": true, "renormalization": true, "renormalisation": true, "enhancement": true, "improvement": true, "drop": true, "gain": true, "loss": true, "rise": true, "splitting": true, "correction": true,
	"lowering": true, "modulation": true, "broadening": true,
	"uncertainty": true, "error": true, "accuracy": true, "precision": true, "deviation": true, "discrepancy": true, "underestimation": true, "overestimation": true, "scatter": true,
}

// extents are nouns for how far something reaches, and not where it lies.
var extents = map[string]bool{
	"hysteresis": true, "interval": true, "width": true, "window": true, "span": true, "lag": true, "linewidth": true,
}

// extent returns the noun that makes a value how far something reaches, "a hysteresis
// of 10 K", and nothing where that noun belongs to the name of m, "window".
func extent(text string, m *propertyMention, start int) string {
	from := max(0, start-40)
	if m.end <= start {
		from = max(from, m.end)
	}
	w := strings.Fields(strings.TrimRight(asciiLower(text[from:start]), " (~∼≈"))
	for len(w) > 0 && hedges(w[len(w)-1]) && w[len(w)-1] != "of" {
		w = w[:len(w)-1]
	}
	if n := len(w); n >= 2 && (w[n-1] == "of" || w[n-1] == "is" || w[n-1] == "was") && extents[w[n-2]] {
		return w[n-2]
	}
	return ""
}

// besides reports whether the words before a property at start say that something
// happens above, below or near it: "well above Tc", "close to the Curie temperature".
func besides(text string, start int) bool {
	before := strings.TrimSuffix(asciiLower(text[max(0, start-24):start]), "the ")
	for _, w := range []string{"above ", "below ", "near ", "around ", "close to ", "beyond ", "across "} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}
