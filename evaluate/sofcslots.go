package evaluate

import (
	"slices"

	"github.com/alkahest/alkahest/extract/tagger"
)

// slotReader finds what mentions are in the experiment of their sentence: a tagger
// finds the mentions, a classifier tells for each, as one token, which slot it fills.
type slotReader struct {
	mentions *tagger.Tagger
	slots    *tagger.Tagger
}

// noSlot is the label of mentions that fill no slot.
const noSlot = "none"

// trainSlots trains on sentences with mentions and on the same sentences with slots.
func trainSlots(mentions, slots []*annotated) *slotReader {
	labels := slices.Concat([]string{noSlot}, sofcSlots)
	var examples []tagger.Example
	for i, d := range mentions {
		ms := inOrder(d)
		for n, m := range ms {
			y := 0
			for _, s := range slots[i].mentions {
				first, last := tokensOf(d.text, s.span)
				if m.Last >= first && m.First <= last {
					y = max(0, slices.Index(labels, s.kind))
				}
			}
			examples = append(examples, tagger.Example{Sequence: slotSequence(d.text, ms, n), Labels: []uint8{uint8(y)}})
		}
	}
	return &slotReader{
		mentions: trainTagger(mentions, layer{kinds: sofcKinds}, tagger.Training{}),
		slots:    tagger.Train(labels, examples, tagger.Training{Shrink: 5e-3}),
	}
}

// inOrder returns the mentions of d as a tagger finds them, left to right.
func inOrder(d *annotated) []tagger.Mention {
	var out []tagger.Mention
	for _, m := range d.mentions {
		first, last := tokensOf(d.text, m.span)
		out = append(out, tagger.Mention{First: first, Last: last, Kind: m.kind, Start: m.start, End: m.end, Probability: 1})
	}
	slices.SortStableFunc(out, func(a, b tagger.Mention) int { return a.First - b.First })
	return out
}

// found returns the slots that r finds in a sentence: a mention and its slot must
// together be as probable as a mention is elsewhere.
func (r *slotReader) found(d *annotated) []typed {
	var out []typed
	for _, s := range d.sequences() {
		ms := r.mentions.Above(s, leastMention)
		for n, m := range ms {
			for y, p := range r.slots.Marginals(slotSequence(d.text, ms, n), 0) {
				if y > 0 && m.Probability*float64(p) > leastMention {
					out = append(out, typed{span{m.Start, m.End}, r.slots.Labels()[y]})
				}
			}
		}
	}
	return out
}

// slotSequence is mention n of ms as one token with features of its words, of those
// around it and of the other mentions.
func slotSequence(t *tagger.Text, ms []tagger.Mention, n int) tagger.Sequence {
	m := ms[n]
	kind := tagger.Prepare(m.Kind).Word(0)
	a, b := m.First, m.Last
	x := []uint32{
		tagger.Hash(7000, kind), tagger.Hash(7001, kind, t.Word(b)), tagger.Hash(7002, kind, t.Word(a)), tagger.Hash(7003, kind, t.Suffix(b)), tagger.Hash(7004, kind, t.Word(b-1), t.Word(b)),
		tagger.Hash(7005, kind, t.Word(a-1)), tagger.Hash(7006, kind, t.Word(a-2)), tagger.Hash(7007, kind, t.Word(a-2), t.Word(a-1)), tagger.Hash(7008, kind, t.Word(b+1)), tagger.Hash(7009, kind, t.Word(b+2)), tagger.Hash(7010, kind, t.Word(b+1), t.Word(b+2)),
		tagger.Hash(7011, kind, t.Word(a-1), t.Word(b+1)), tagger.Hash(7012, kind, t.Mark(b)), tagger.Hash(7013, kind, uint32(min(b-a, 5))), tagger.Hash(7014, kind, t.Word(a-3)), tagger.Hash(7015, kind, t.Word(b+3)),
	}
	const near = 8
	for k := range t.Tokens {
		if w := t.Text[t.Tokens[k].Start:t.Tokens[k].End]; closedClass[w] || k >= a && k <= b || len(w) < 3 {
			continue
		}
		x = append(x, tagger.Hash(7020, kind, t.Word(k)))
		switch {
		case k < a && k >= a-near:
			x = append(x, tagger.Hash(7021, kind, t.Word(k)))
		case k > b && k <= b+near:
			x = append(x, tagger.Hash(7022, kind, t.Word(k)))
		}
	}
	for i, o := range ms {
		if i == n {
			continue
		}
		other := tagger.Prepare(o.Kind).Word(0)
		side := uint32(1)
		distance := tagger.DistanceClass(o.First - b)
		if i < n {
			side, distance = 2, tagger.DistanceClass(a-o.Last)
		}
		x = append(x, tagger.Hash(7030, kind, other, side, distance), tagger.Hash(7031, kind, other, side, t.Word(o.Last)))
		if i == n-1 || i == n+1 {
			x = append(x, tagger.Hash(7032, kind, other, side), tagger.Hash(7033, kind, other, side, t.Word(o.Last), distance))
		}
	}
	slices.Sort(x)
	return tagger.Sequence{Text: t, First: b, Count: 1, Extra: [][]uint32{slices.Compact(x)}}
}
