package evaluate

import (
	"sort"
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/quantity"
)

// span is a stretch of a text, in bytes or in tokens.
type span struct{ start, end int }

func (s span) overlap(t span) int { return max(0, min(s.end, t.end)-max(s.start, t.start)) }

// mentionCount adds up mentions that are exactly where they are annotated, and
// mentions that overlap with one.
type mentionCount struct {
	exact, overlap tally
}

func newMentionCount(name string) *mentionCount {
	return &mentionCount{exact: tally{name: name + ", exact span"}, overlap: tally{name: name + ", overlapping span"}}
}

// add scores found against gold in one text, and returns the mistakes of exact
// spans. Doubles count once.
func (c *mentionCount) add(document, text string, gold, found []span) []Mistake {
	gold, found = distinctSpans(gold), distinctSpans(found)
	m := matchSpans(gold, found, func(a, b span) bool { return a == b })
	c.exact.add(float64(matched(m)), len(found), len(gold))
	o := matchSpans(gold, found, func(a, b span) bool { return a.overlap(b) > 0 })
	c.overlap.add(float64(matched(o)), len(found), len(gold))
	var out []Mistake
	for g, f := range m {
		if f < 0 {
			out = append(out, Mistake{Task: c.exact.name, Document: document, Kind: Missed, Gold: text[gold[g].start:gold[g].end], Sentence: around(text, gold[g])})
		}
	}
	for _, f := range unmatched(m, len(found)) {
		out = append(out, Mistake{Task: c.exact.name, Document: document, Kind: Wrong, Found: text[found[f].start:found[f].end], Sentence: around(text, found[f])})
	}
	return out
}

func (c *mentionCount) tasks() []Task { return []Task{c.exact.task(), c.overlap.task()} }

// distinctSpans sorts spans and drops doubles and empty ones.
func distinctSpans(ss []span) []span {
	ss = append([]span(nil), ss...)
	sort.Slice(ss, func(i, j int) bool {
		return ss[i].start < ss[j].start || ss[i].start == ss[j].start && ss[i].end < ss[j].end
	})
	out := ss[:0]
	for _, s := range ss {
		if s.end > s.start && (len(out) == 0 || out[len(out)-1] != s) {
			out = append(out, s)
		}
	}
	return out
}

// matchSpans is match for sorted spans: it looks only at spans that overlap, in
// groups that no overlap joins, so that a long text takes no quadratic time.
func matchSpans(gold, found []span, agree func(a, b span) bool) []int {
	out := make([]int, len(gold))
	g, f := 0, 0
	for g < len(gold) || f < len(found) {
		// The next group starts at the leftmost span and grows while one starts
		// inside of it.
		g0, f0, end := g, f, -1
		for {
			switch {
			case g < len(gold) && (end < 0 && (f >= len(found) || gold[g].start <= found[f].start) || gold[g].start < end):
				end = max(end, gold[g].end)
				g++
				continue
			case f < len(found) && (end < 0 || found[f].start < end):
				end = max(end, found[f].end)
				f++
				continue
			}
			break
		}
		for i, k := range match(g-g0, f-f0, func(i, k int) bool { return agree(gold[g0+i], found[f0+k]) }) {
			if k >= 0 {
				k += f0
			}
			out[g0+i] = k
		}
	}
	return out
}

// around returns s with some text on both sides, cut at spaces.
func around(text string, s span) string {
	const reach = 60
	from, to := max(0, s.start-reach), min(len(text), s.end+reach)
	if from > 0 {
		if i := strings.IndexByte(text[from:s.start], ' '); i >= 0 {
			from += i + 1
		} else {
			from = s.start
		}
	}
	if to < len(text) {
		if i := strings.LastIndexByte(text[s.end:to], ' '); i >= 0 {
			to = s.end + i
		} else {
			to = s.end
		}
	}
	return strings.ReplaceAll(text[from:to], "\n", " ")
}

// materials returns the spans of the formulas and names of materials that the
// grammar finds.
func materials(text string) []span {
	var out []span
	for _, m := range formula.Find(text) {
		out = append(out, span{m.Start, m.End})
	}
	return out
}

// hasUnit reports whether f has a unit, its own or one that its list shares.
func hasUnit(f quantity.Found) bool {
	return f.UnitSpan.End > f.UnitSpan.Start || f.Quantity.Unit.Symbol != ""
}

// values returns the spans of the quantities with a unit that the grammar
// finds, with the words that modify them ("about", "from … to").
func values(text string) []span {
	var out []span
	for _, f := range quantity.Scan(text, nil) {
		if hasUnit(f) {
			out = append(out, span{f.Start, f.End})
		}
	}
	return out
}

// grammarOnly is noted where no trained part takes part in the score.
const grammarOnly = "rows that do not begin with trained or official: mentions by the grammars of formulas and quantities alone, a baseline"
