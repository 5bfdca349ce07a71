package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// changesApart takes intervals apart that are no intervals: "decreased from 160 to
// 120 mAh/g" states two values, "increases by 0.1 eV to 2.4 eV" a difference and a
// value, "from 1.96 to 1.82 to 1.78 eV" three values.
func changesApart(text string, quantities []quantity.Found) []quantity.Found {
	out := quantities[:0:0]
	list := 0
	for i := range quantities {
		list = max(list, quantities[i].List)
	}
	for i := 0; i < len(quantities); i++ {
		q := quantities[i]
		ends, ok := twoEnds(text, &q)
		if !ok {
			out = append(out, q)
			continue
		}
		switch leadWord(text, q.Number.Start) {
		case "from":
			list++
			ends[0].List, ends[1].List = list, list
			if q.UnitSpan.End == q.UnitSpan.Start && i+1 < len(quantities) && strings.TrimSpace(text[q.End:quantities[i+1].Start]) == "to" && quantities[i+1].UnitSpan.End > quantities[i+1].UnitSpan.Start {
				next := quantities[i+1]
				for k := range ends {
					ends[k].Quantity.Unit, ends[k].UnitSpan = next.Quantity.Unit, next.UnitSpan
				}
				next.List = list
				out = append(out, ends[0], ends[1], next)
				i++
				continue
			}
			if directed(text, q.Number.Start) && q.UnitSpan.End > q.UnitSpan.Start {
				out = append(out, ends[0], ends[1])
				continue
			}
		case "by":
			if moved(text, q.Number.Start) && q.UnitSpan.End > q.UnitSpan.Start {
				out = append(out, ends[0], ends[1])
				continue
			}
		}
		out = append(out, q)
	}
	return out
}

// twoEnds returns the two numbers of an interval that is written with "to" as
// quantities of their own, in the order of the text.
func twoEnds(text string, q *quantity.Found) ([2]quantity.Found, bool) {
	var ends [2]quantity.Found
	if q.Quantity.Low == q.Quantity.High {
		return ends, false
	}
	first, _, ok := strings.Cut(text[q.Number.Start:q.Number.End], " to ")
	if !ok {
		return ends, false
	}
	at := q.Number.Start + len(first) + len(" to ")
	read := quantity.Scan(first, nil)
	if len(read) != 1 {
		return ends, false
	}
	low := read[0].Quantity
	if low.Unit != q.Quantity.Unit && read[0].UnitSpan.End > read[0].UnitSpan.Start {
		in, err := low.In(q.Quantity.Unit)
		if err != nil {
			return ends, false
		}
		low = in
	}
	value, other := q.Quantity.Low, q.Quantity.High
	if nearer(low.Low, other, value) {
		value, other = other, value
	}
	for k, v := range []float64{value, other} {
		ends[k] = *q
		ends[k].Quantity.Low, ends[k].Quantity.High, ends[k].Quantity.Uncertainty = v, v, 0
	}
	ends[0].End = q.Number.Start + len(strings.TrimRight(first, " "))
	ends[0].Number.End = ends[0].End
	ends[1].Start, ends[1].Number.Start = at, at
	return ends, true
}

// nearer reports whether x is nearer to a than to b.
func nearer(x, a, b float64) bool { return max(x-a, a-x) < max(x-b, b-x) }

// directed reports whether a verb shortly before "from" at start says that
// something went from one value to another, and not over a range.
func directed(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-64):start]))
	for i := len(w) - 2; i >= 0 && i >= len(w)-5; i-- {
		for _, stem := range []string{"increas", "decreas", "reduc", "rais", "ris", "rose", "drop", "fell", "fall", "declin", "improv", "enhanc", "grew", "grow", "lower", "boost", "climb", "degrad"} {
			if strings.HasPrefix(w[i], stem) {
				return true
			}
		}
	}
	return false
}

// crossed pairs the values of k properties for n subjects with the properties, when
// they stand as k lists of n ("the Tg and Td of A and B are 1 and 2 °C and 3 and
// 4 °C") or as n groups of k with slashes ("HOMO/LUMO of A and B are 1/2 and 3/4 eV").
// It returns pairs with those values anew.
func (r *reading) crossed(text string, quantities []quantity.Found, properties []propertyMention, subjects []subjectMention, pairs []pairing) []pairing {
	for from := 0; from < len(quantities); {
		to := from + 1
		for to < len(quantities) && enumerated(text[quantities[to-1].End:quantities[to].Start]) {
			to++
		}
		values, first := quantities[from:to], from
		from = to
		run := enumeratedBefore(text, properties, values[0].Start)
		k := len(run)
		if k < 2 || len(values)%k != 0 || len(values) == k || wordCount(text[run[k-1].end:values[0].Start]) > 40 {
			continue
		}
		n := len(values) / k
		if !slices.ContainsFunc(coordinated(text, subjects), func(l []*subjectMention) bool { return len(l) == n }) {
			continue
		}
		property := func(i int) int { return i / n } // k lists of n
		if slashed(text, values, k) {
			property = func(i int) int { return i % k } // n groups of k
		} else if !listsOf(values, n) {
			continue
		}
		var ordered []pairing
		for i := range values {
			p := r.orderedProperty(text, run[property(i)], &values[i])
			if p == nil {
				break
			}
			ordered = append(ordered, pairing{first + i, p, run[property(i)], 1, []string{"properties and values in order"}})
		}
		if len(ordered) < len(values) {
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(pairs), func(p pairing) bool { return p.quantity >= first && p.quantity < to })
		pairs = append(kept, ordered...)
		slices.SortFunc(pairs, func(a, b pairing) int { return a.quantity - b.quantity })
	}
	return pairs
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
