package extract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/record"
)

// labelRange is a place in a block that names a series of samples by its first and
// last label: "P1–P8", "PI-1–PI-4", "P1-3".
type labelRange struct {
	span
	members []subjectMention // all samples of the series, each at the place of the range
}

// longestSeries bounds the samples of a series.
const longestSeries = 40

// labelRanges finds the ranges of labels in text, left to right.
func labelRanges(b int, text string) []labelRange {
	var out []labelRange
	for i := 0; i < len(text); i++ {
		if text[i] < 'A' || text[i] > 'Z' || i > 0 && (labelByte(text[i-1]) || text[i-1] >= 0x80 || text[i-1] == '-' || text[i-1] == '.') {
			continue
		}
		stem, first, at := numberedStem(text, i)
		if at == i {
			continue
		}
		n := hyphenAt(text, at)
		if n == 0 {
			continue
		}
		from := at + n
		if from < len(text) && text[from] == ' ' && strings.HasPrefix(text[from+1:], stem) {
			from++ // a line ended there
		}
		if again, _, end := numberedStem(text, from); end > from && again == stem {
			from += len(stem)
		}
		end := from
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		last, err := strconv.Atoi(text[from:end])
		if err != nil || last <= first+1 || last-first >= longestSeries || end < len(text) && (labelByte(text[end]) || hyphenAt(text, end) > 0 || strings.HasPrefix(text[end:], ".") && end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9') ||
			numberedPlace(text, span{0, len(text)}, i) {
			continue
		}
		r := labelRange{span: span{i, end}}
		for k := first; k <= last; k++ {
			name := stem + strconv.Itoa(k)
			r.members = append(r.members, subjectMention{span: r.span, block: b, key: name, tagged: true, doubt: enumeratedDoubt, subject: record.Subject{
				Text: text[i:end], Kind: record.Named, Name: name, Block: b, Start: i, End: end,
			}})
		}
		out = append(out, r)
		i = end - 1
	}
	return out
}

// numberedStem reads a label with a number at its end at i, "P1" or "PI-12", and
// returns what stands before the number, the number, and where the label ends, i if
// there is none.
func numberedStem(text string, i int) (string, int, int) {
	stem := i
	for stem < len(text) && stem-i < 12 && (text[stem] >= 'A' && text[stem] <= 'Z' || text[stem] >= 'a' && text[stem] <= 'z') {
		stem++
	}
	if stem == i || text[i] < 'A' || text[i] > 'Z' || stem == i+1 && strings.IndexByte("CHNO", text[i]) >= 0 { // atoms of a structure
		return "", 0, i
	}
	if stem-i >= 2 && stem < len(text) && text[stem] == '-' {
		stem++
	}
	end := stem
	for end < len(text) && end-stem < 3 && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(text[stem:end])
	if err != nil || end < len(text) && labelByte(text[end]) {
		return "", 0, i
	}
	return text[i:stem], n, end
}

// outsideRanges returns found, ascending, without what stands inside one of ranges:
// "PI" and "P8" are no subjects where they begin and end a series.
func outsideRanges(found []subjectMention, ranges []labelRange) []subjectMention {
	if len(ranges) == 0 {
		return found
	}
	return slices.DeleteFunc(found, func(s subjectMention) bool {
		_, inside := overlapping(ranges, func(r labelRange) span { return r.span }, s.span)
		return inside
	})
}

// seriesIn returns the series that sentence s of block b names by a range.
func (r *reading) seriesIn(b int, s span) [][]*subjectMention {
	var out [][]*subjectMention
	for i := range r.mentions[b].ranges {
		series := &r.mentions[b].ranges[i]
		if series.start < s.start || series.end > s.end {
			continue
		}
		var list []*subjectMention
		for k := range series.members {
			list = append(list, &series.members[k])
		}
		out = append(out, list)
	}
	return out
}

// enumeratedLabels adds to serial the labels of text that are enumerated and differ
// in a number only: "S1, S2 and S3".
func enumeratedLabels(text string, serial map[string]bool) {
	stem, last, end := "", 0, 0 // of the label before
	var run []string
	flush := func() {
		if len(run) >= 3 {
			for _, name := range run {
				serial[name] = true
			}
		}
		run = run[:0]
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 'A' || text[i] > 'Z' || i > 0 && (labelByte(text[i-1]) || text[i-1] >= 0x80 || text[i-1] == '-') {
			continue
		}
		s, n, stop := numberedStem(text, i)
		if stop == i || numberedPlace(text, span{0, len(text)}, i) {
			continue
		}
		if len(run) == 0 || s != stem || n != last+1 || !coordinates(text[end:i]) {
			flush()
		}
		run = append(run, text[i:stop])
		stem, last, end = s, n, stop
		i = stop - 1
	}
	flush()
}
