package evaluate

import (
	"cmp"
	"math"
	"slices"

	"github.com/alkahest/alkahest/extract/tagger"
)

// typed is an annotated or found mention.
type typed struct {
	span
	kind string
}

// annotated is a text with mentions, made ready for tagging.
type annotated struct {
	name     string
	text     *tagger.Text
	mentions []typed
	cues     [][]uint32 // more features of each token; nil for none
	within   []span     // the parts that are annotated, each a sequence; nil for all sentences
}

// sequences returns the stretches of a that are tagged one by one.
func (a *annotated) sequences() []tagger.Sequence {
	parts := a.within
	if parts == nil {
		for _, s := range tagger.Sentences(a.text.Text) {
			parts = append(parts, span{s.Start, s.End})
		}
	}
	var out []tagger.Sequence
	for _, p := range parts {
		first := a.text.Search(p.start)
		last := first
		for last < len(a.text.Tokens) && a.text.Tokens[last].Start < p.end {
			last++
		}
		if last > first {
			s := tagger.Sequence{Text: a.text, First: first, Count: last - first}
			if a.cues != nil {
				s.Extra = a.cues[first:last]
			}
			out = append(out, s)
		}
	}
	return out
}

// tags returns "O" and a B- and an I- label for each kind.
func tags(kinds []string) []string {
	out := []string{"O"}
	for _, k := range kinds {
		out = append(out, "B-"+k, "I-"+k)
	}
	return out
}

// layer is the kinds of mentions that one tagger learns: of those that overlap the
// longest or, if inner, the shortest.
type layer struct {
	kinds []string
	inner bool
}

// trainTagger trains the tagger of one layer.
func trainTagger(docs []*annotated, l layer, o tagger.Training) *tagger.Tagger {
	labels := tags(l.kinds)
	var examples []tagger.Example
	for _, d := range docs {
		all := make([]uint8, len(d.text.Tokens))
		ms := slices.Clone(d.mentions)
		slices.SortStableFunc(ms, func(a, b typed) int {
			if l.inner {
				a, b = b, a
			}
			return cmp.Compare(b.end-b.start, a.end-a.start)
		})
		for _, m := range ms {
			y := slices.Index(labels, "B-"+m.kind)
			if y < 0 {
				continue
			}
			first, last := tokensOf(d.text, m.span)
			if slices.ContainsFunc(all[first:last+1], func(l uint8) bool { return l != 0 }) {
				continue
			}
			for k := first; k <= last; k++ {
				all[k] = uint8(y)
				if k > first {
					all[k]++
				}
			}
		}
		for _, s := range d.sequences() {
			examples = append(examples, tagger.Example{Sequence: s, Labels: all[s.First : s.First+s.Count]})
		}
	}
	return tagger.Train(labels, examples, o)
}

// leastMention is how probable a mention must be to be told. F1 is expected to be
// largest at about half of the F1 that is reached; the taggers here are less sure than
// they are right, and on folds of the training parts of mulms, sofc-exp and polyie
// 0.25 was best.
const leastMention = 0.25

// found returns what taggers find in d, each mention once.
func (a *annotated) found(taggers []*tagger.Tagger) []typed {
	var out []typed
	seen := map[typed]bool{}
	for _, s := range a.sequences() {
		for _, t := range taggers {
			for _, m := range t.Above(s, leastMention) {
				one := typed{span{m.Start, m.End}, m.Kind}
				if !seen[one] {
					seen[one] = true
					out = append(out, one)
				}
			}
		}
	}
	return out
}

// typedCount scores mentions by kind, exactly, and all kinds together.
type typedCount struct {
	kinds   []string
	by      map[string]*tally
	micro   tally
	overlap tally
}

func newTypedCount(name string, kinds []string) *typedCount {
	c := &typedCount{kinds: kinds, by: map[string]*tally{}, micro: tally{name: name + ", all kinds, exact span"}, overlap: tally{name: name + ", all kinds, overlapping span"}}
	for _, k := range kinds {
		c.by[k] = &tally{name: name + ", " + k + ", exact span"}
	}
	return c
}

// add scores one document. An annotated mention that stands twice counts once.
func (c *typedCount) add(gold, found []typed) {
	for _, k := range c.kinds {
		g, f := ofKind(gold, k), ofKind(found, k)
		exact := float64(matched(matchSpans(g, f, func(a, b span) bool { return a == b })))
		c.by[k].add(exact, len(f), len(g))
		c.micro.add(exact, len(f), len(g))
		c.overlap.add(float64(matched(matchSpans(g, f, func(a, b span) bool { return a.overlap(b) > 0 }))), len(f), len(g))
	}
}

func ofKind(ms []typed, kind string) []span {
	var out []span
	for _, m := range ms {
		if m.kind == kind {
			out = append(out, m.span)
		}
	}
	return distinctSpans(out)
}

func (c *typedCount) tasks() []Task {
	out := []Task{c.micro.task(), c.overlap.task()}
	for _, k := range c.kinds {
		out = append(out, c.by[k].task())
	}
	return out
}

// deviation is the standard deviation of a sample.
func deviation(xs []float64) float64 {
	if len(xs) < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sum += (x - mean) * (x - mean)
	}
	return math.Sqrt(sum / float64(len(xs)-1))
}

// scoreTrained trains on one part and scores another.
func scoreTrained(name string, train, test []*annotated, layers []layer) []Task {
	var taggers []*tagger.Tagger
	var kinds []string
	for _, l := range layers {
		taggers = append(taggers, trainTagger(train, l, tagger.Training{}))
		for _, k := range l.kinds {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	c := newTypedCount(name, kinds)
	for _, d := range test {
		c.add(d.mentions, d.found(taggers))
	}
	return c.tasks()
}
