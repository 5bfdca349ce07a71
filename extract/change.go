package extract

import (
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
			if directed(text, q.Number.Start) && strings.Count(text[q.Number.Start:q.Number.End], ".") == 2 || (directed(text, q.Number.Start) || ends[0].Quantity.Low > ends[1].Quantity.Low) && q.UnitSpan.End > q.UnitSpan.Start {
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
		for _, stem := range []string{"increas", "decreas", "reduc", "rais", "ris", "rose", "drop", "fell", "fall", "declin", "improv", "enhanc", "grew", "grow", "lower", "boost", "climb", "degrad", "shift", "diminish", "chang", "went", "goes", "go", "mov", "shrink", "shrank", "jump", "weaken", "strengthen", "broaden", "narrow", "widen"} {
			if strings.HasPrefix(w[i], stem) {
				return true
			}
		}
	}
	return false
}
