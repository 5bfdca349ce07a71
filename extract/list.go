package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// distribute pairs the values of a list with enumerated properties before it by
// their order: "the HOMO and LUMO energies of ZnPc were −5.2 and −3.1 eV", "Voc, Jsc
// and FF of 0.58 V, 1.5 mA/cm2 and 0.34". It returns pairs with those of such lists
// anew.
func (r *reading) distribute(text string, quantities []quantity.Found, properties []propertyMention, subjects []subjectMention, pairs []pairing) []pairing {
	lists := coordinated(text, subjects)
	for from := 0; from < len(quantities); {
		to := from + 1
		for to < len(quantities) && enumerated(text[quantities[to-1].End:quantities[to].Start]) {
			to++
		}
		values, first := quantities[from:to], from
		from = to
		run := enumeratedBefore(text, properties, values[0].Start)
		if len(run) < 2 || wordCount(text[run[len(run)-1].end:values[0].Start]) > 40 {
			continue
		}
		property := orderOf(text, values, len(run), lists)
		if property == nil {
			continue
		}
		var ordered []pairing
		read := slices.Clone(values)
		for i := range read {
			m := run[property(i)]
			p := r.orderedProperty(text, m, &read[i])
			if p == nil && fractional(&read[i]) {
				// "0.34 and 0.3%" for a fill factor and an efficiency
				read[i].Quantity.Unit, read[i].UnitSpan = quantity.Unit{Factor: 1}, quantity.Span{Start: read[i].End, End: read[i].End}
				p = r.orderedProperty(text, m, &read[i])
			}
			if p == nil {
				break
			}
			ordered = append(ordered, pairing{first + i, p, m, 1, []string{"properties and values in order"}})
		}
		if len(ordered) < len(values) {
			continue
		}
		copy(values, read)
		kept := slices.DeleteFunc(slices.Clone(pairs), func(p pairing) bool { return p.quantity >= first && p.quantity < to })
		pairs = append(kept, ordered...)
		slices.SortFunc(pairs, func(a, b pairing) int { return a.quantity - b.quantity })
	}
	return pairs
}

// orderOf returns which of k enumerated properties each of values belongs to: of as
// many values in order, unless they may belong to as many of the subjects of lists;
// or of n subjects the values of k lists of n ("the Tg and Td of A and B are 1 and
// 2 °C and 3 and 4 °C") or n groups of k with slashes ("HOMO/LUMO of A and B are 1/2
// and 3/4 eV"). It returns nil if values are none of these.
func orderOf(text string, values []quantity.Found, k int, lists [][]*subjectMention) func(i int) int {
	subjects := func(n int) bool {
		return slices.ContainsFunc(lists, func(l []*subjectMention) bool { return len(l) == n })
	}
	n := len(values) / k
	switch {
	case len(values) == k && !subjects(k):
		return func(i int) int { return i }
	case len(values) != n*k || n < 2 || !subjects(n):
		return nil
	case slashed(text, values, k):
		return func(i int) int { return i % k }
	case listsOf(values, n):
		return func(i int) int { return i / n }
	}
	return nil
}

// orderedProperty returns the property that m names and q can be a value of, nil if
// there is none; of several the likeliest, and of those the one whose field the
// document names most.
func (r *reading) orderedProperty(text string, m *propertyMention, q *quantity.Found) *field.Property {
	var best *field.Property
	weight := 0.0
	for _, w := range r.meaning(text, m) {
		if _, _, ok := convert(w.property, q.Quantity); ok && !bare(q, w.property) && (best == nil || w.weight > weight || w.weight == weight && r.fields[w.property.Field] > r.fields[best.Field]) {
			best, weight = w.property, w.weight
		}
	}
	return best
}

// fractional reports whether q may be a fraction although a list gives it the
// percent sign behind the last of its members.
func fractional(q *quantity.Found) bool {
	return q.UnitSpan.Start >= q.End && q.Quantity.Unit.Dimension == (quantity.Dimension{}) && q.Quantity.High <= 1
}

// enumerated reports whether gap joins the members of a list of values.
func enumerated(gap string) bool {
	switch strings.TrimSpace(gap) {
	case ",", "and", ", and", "/":
		return true
	}
	return false
}

// enumeratedBefore returns the last run of mentions of different properties before
// start that are joined by commas and "and".
func enumeratedBefore(text string, properties []propertyMention, start int) []*propertyMention {
	var run []*propertyMention
	for i := len(properties) - 1; i >= 0; i-- {
		m := &properties[i]
		if m.end > start {
			continue
		}
		if len(run) > 0 && samePlace(m, run[0]) && strings.Trim(text[m.end:run[0].start], " (,") == "" {
			run[0] = m // "the onset of crystallisation Tx"
			continue
		}
		if len(run) > 0 && (!coordinates(text[m.end:run[0].start]) && text[m.end:run[0].start] != "/" || samePlace(m, run[0])) {
			break
		}
		run = slices.Insert(run, 0, m)
	}
	return run
}

// unlisted returns gap, from a property to a number, without the numbers that are
// enumerated before that one: " of 2.8, 2.5 and " is " of".
func unlisted(gap string) string {
	listed := strings.TrimRight(gap, " ")
	for {
		rest := strings.TrimSuffix(listed, "and")
		rest = strings.TrimRight(rest, ", ")
		number := strings.TrimRight(rest, "0123456789.")
		if len(rest) == len(listed) || len(number) == len(rest) {
			return gap
		}
		gap = number
		listed = strings.TrimRight(number, " ")
	}
}

// listed reports whether quantity i is one of several that are enumerated:
// "1930 K for Fe and 2550 K for fcc Co", "from 25 K … to 69–102 K".
func listed(text string, quantities []quantity.Found, i int) bool {
	if quantities[i].List > 0 {
		return true
	}
	if i == 0 {
		return false
	}
	gap := asciiLower(outside(text[quantities[i-1].End:quantities[i].Start]))
	if wordCount(gap) > 9 {
		return false
	}
	for _, w := range []string{" and ", " or ", ", ", " to ", " while ", " whereas "} {
		if strings.Contains(gap, w) {
			return true
		}
	}
	return strings.HasSuffix(gap, " to ")
}

// continues reports whether value i goes on after value before, of another subject or
// under another circumstance: "328 K for x = 12 and 377 K for x = 15", "60 MPa in PE and
// of PP at 25 °C 31 MPa".
func (r *reading) continues(text string, quantities []quantity.Found, before, i int, subjects []subjectMention) bool {
	a, b := &quantities[before], &quantities[i]
	if a.Quantity.Unit != b.Quantity.Unit || b.UnitSpan.End == b.UnitSpan.Start || b.Start-a.End > 120 {
		return false
	}
	if at := leadWord(text, b.Start); located(" is "+at) && leadWord(text, a.Start) != at {
		return false
	}
	gap := []byte(text[a.End:b.Start])
	for _, s := range within(subjects, subjectSpan, span{a.End, b.Start}) {
		for at := s.start; at < s.end; at++ {
			gap[at-a.End] = ' '
		}
	}
	joined := false
	for _, w := range strings.Fields(outside(string(gap))) {
		joined = joined || strings.ContainsAny(w, ",;")
		if _, element := chem.BySymbol(w); element {
			continue // "for Mn concentrations of"
		}
		switch w = asciiLower(strings.Trim(w, ",;()")); w {
		case "and", "or", "to", "through", "while", "whereas", "but", "against", "versus":
			joined = true
		case "for", "in", "of", "at", "from", "with", "the", "a", "an", "=", "that", "those", "only", "about", "even", "still", "compared", "is", "are", "was", "were", "lies", "has", "have", "shows", "reaches", "", "sample", "samples", "film", "films", "compound", "alloy", "bulk", "pure", "undoped", "doped", "concentration", "concentrations", "content", "contents", "doping", "composition", "second", "first":
		default:
			if !label(w) {
				return false
			}
		}
	}
	return joined
}

// stands reports whether "it" stands for the property of value before in a clause whose
// value is i: "is 162 K; under strain it is reduced to 149 K".
func stands(text string, quantities []quantity.Found, before, i int, properties []propertyMention) bool {
	a, b := &quantities[before], &quantities[i]
	if a.Quantity.Unit != b.Quantity.Unit || b.UnitSpan.End == b.UnitSpan.Start || b.Start-a.End > 160 || claimed(b, within(properties, propertySpan, span{a.End, b.Start})) {
		return false
	}
	w := strings.Fields(asciiLower(text[a.End:b.Start]))
	for k := max(0, len(w)-6); k+1 < len(w); k++ {
		if w[k] != "it" {
			continue
		}
		switch w[k+1] {
		case "is", "was", "becomes", "became", "increases", "increased", "decreases", "decreased", "falls", "fell", "rises", "rose", "drops", "dropped", "reaches", "reached", "amounts", "has", "still":
			return true
		}
	}
	return false
}

// alike pairs values that are left over, and that a verb states of a subject, with the
// property of another value in the same unit: "A shows 3.1 mS/cm, whereas B raises the
// conductivity to 7.4 mS/cm".
func alike(text string, s span, quantities []quantity.Found, properties []propertyMention, pairs []pairing) []pairing {
	for i := range quantities {
		q := &quantities[i]
		if q.UnitSpan.End == q.UnitSpan.Start || q.Quantity.Unit.Symbol == "%" || !stating(leadWord(text, q.Start)) || slices.ContainsFunc(pairs, func(p pairing) bool { return p.quantity == i }) {
			continue
		}
		clause := s.start + strings.LastIndexAny(text[s.start:q.Start], ",;(") + 1
		if claimed(q, within(properties, propertySpan, span{clause, q.Start})) {
			continue
		}
		for k := range pairs {
			if quantities[pairs[k].quantity].Quantity.Unit != q.Quantity.Unit {
				continue
			}
			if _, _, fits := convert(pairs[k].property, q.Quantity); fits {
				p := pairs[k]
				p.quantity, p.score, p.reasons = i, min(p.score, 0.2), []string{"in the unit of the other value"}
				pairs = append(pairs, p)
				break
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pairing) int { return a.quantity - b.quantity })
	return pairs
}

// claimed reports whether q can be a value of one of properties.
func claimed(q *quantity.Found, properties []propertyMention) bool {
	return slices.ContainsFunc(properties, func(m propertyMention) bool {
		return slices.ContainsFunc(m.entries, func(e entry) bool {
			_, _, ok := convert(e.property, q.Quantity)
			return ok
		})
	})
}

// stating reports whether word, in lower case, is a verb behind which a value stands that
// a subject has.
func stating(word string) bool {
	switch word {
	case "shows", "showed", "has", "had", "exhibits", "exhibited", "displays", "displayed", "gives", "gave", "delivers", "delivered", "reaches", "reached", "yields", "yielded", "attains", "attained", "possesses", "supplies", "supplied":
		return true
	}
	return false
}

// label reports whether word, in lower case, is a number, with its unit or a variable
// before it, or the variable alone: "0.5", "x=0.5", "5%", "y".
func label(word string) bool {
	rest := strings.TrimLeft(word, "xyz")
	if len(word)-len(rest) > 1 {
		return false
	}
	rest = strings.TrimPrefix(rest, "=")
	return rest == "" || strings.Trim(rest, "0123456789.%") == ""
}

// slashed reports whether values are groups of k with slashes inside and commas or
// "and" between.
func slashed(text string, values []quantity.Found, k int) bool {
	for i := 1; i < len(values); i++ {
		slash := strings.TrimSpace(text[values[i-1].End:values[i].Start]) == "/"
		if slash != (i%k != 0) {
			return false
		}
	}
	return true
}

// listsOf reports whether values are lists of n each, of which the last member has
// the unit.
func listsOf(values []quantity.Found, n int) bool {
	for i := range values {
		q := &values[i]
		own := q.UnitSpan.End > q.UnitSpan.Start && q.UnitSpan.End <= q.End
		if last := i%n == n-1; own != last {
			return false
		}
	}
	return true
}
