package evaluate

import (
	"context"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/extract/tagger"
)

// measReader reads quantities with unit and modifiers, and the entity, property
// and qualifier of each, with trained taggers.
type measReader struct {
	quantities *tagger.Tagger // O, N and U: outside, number or words, unit; "+" in front where a quantity begins
	modifiers  *tagger.Tagger // of one quantity at a time
	contexts   *tagger.Tagger // entity, property and qualifier of one quantity
}

var (
	quantityLabels = []string{"O", "+N", "N", "+U", "U"}
	contextLabels  = []string{"O", "B-MeasuredEntity", "I-MeasuredEntity", "B-MeasuredProperty", "I-MeasuredProperty", "B-Qualifier", "I-Qualifier"}
)

// trainMeas trains on paragraphs.
func trainMeas(ps []paragraph, texts []*tagger.Text, seed uint64) *measReader {
	r := &measReader{}
	var quantities, contexts []tagger.Example
	var mods []tagger.Example
	modLabels := []string{""}
	for i := range ps {
		t := texts[i]
		qs := goldQuantities(&ps[i], t)
		labels := make([]uint8, len(t.Tokens))
		for _, q := range qs {
			for k := q.first; k <= q.last; k++ {
				labels[k] = 2
				if k >= q.unitFirst && k <= q.unitLast {
					labels[k] = 4
				}
				if k == q.first {
					labels[k]--
				}
			}
		}
		quantities = append(quantities, tagger.Example{Sequence: tagger.Whole(t), Labels: labels})
		sentences := tagger.Sentences(t.Text)
		for n, q := range qs {
			class := strings.Join(q.mods, "+")
			y := slices.Index(modLabels, class)
			if y < 0 {
				y = len(modLabels)
				modLabels = append(modLabels, class)
			}
			mods = append(mods, tagger.Example{Sequence: modifierSequence(t, q), Labels: []uint8{uint8(y)}})
			s := contextSequence(t, sentences, qs, n)
			labels := make([]uint8, s.Count)
			for _, a := range ps[i].annotations {
				y := uint8(slices.Index(contextLabels, "B-"+a.kind))
				if a.set != q.set || a.kind == "Quantity" || a.kind == "Qualifier" && a.target != q.id {
					continue
				}
				first, last := tokensOf(t, a.span)
				if first < s.First || last >= s.First+s.Count {
					continue
				}
				for k := first; k <= last; k++ {
					labels[k-s.First] = y
					if k > first {
						labels[k-s.First]++
					}
				}
			}
			contexts = append(contexts, tagger.Example{Sequence: s, Labels: labels})
		}
	}
	// Their features are frequent and few: larger steps do no harm.
	steps := tagger.Training{Seed: seed, Rate: 0.05, Shrink: 1e-5}
	r.quantities = tagger.Train(quantityLabels, quantities, steps)
	r.modifiers = tagger.Train(modLabels, mods, steps)
	o := contextTraining
	o.Seed = seed
	r.contexts = tagger.Train(contextLabels, contexts, o)
	return r
}

// measQuantity is a quantity in tokens.
type measQuantity struct {
	set                 int
	id                  string
	first, last         int
	unitFirst, unitLast int // empty if last is before first
	mods                []string
}

// tokensOf returns the first and last token that s touches.
func tokensOf(t *tagger.Text, s span) (first, last int) {
	first = t.Search(s.start)
	last = first
	for last+1 < len(t.Tokens) && t.Tokens[last+1].Start < s.end {
		last++
	}
	return min(first, len(t.Tokens)-1), min(last, len(t.Tokens)-1)
}

func goldQuantities(p *paragraph, t *tagger.Text) []measQuantity {
	var out []measQuantity
	for _, a := range p.annotations {
		if a.kind != "Quantity" {
			continue
		}
		q := measQuantity{set: a.set, id: a.id, unitFirst: 0, unitLast: -1, mods: a.mods}
		q.first, q.last = tokensOf(t, a.span)
		if i := strings.LastIndex(a.text, a.unit); i >= 0 && a.unit != "" {
			q.unitFirst, q.unitLast = tokensOf(t, span{a.start + i, a.start + i + len(a.unit)})
		}
		out = append(out, q)
	}
	slices.SortStableFunc(out, func(a, b measQuantity) int { return a.first - b.first })
	return out
}

// modifierSequence is the quantity as one token that has the features of all.
func modifierSequence(t *tagger.Text, q measQuantity) tagger.Sequence {
	var extra []uint32
	for k := q.first - 3; k <= q.last+2; k++ {
		place := uint32(1)
		switch {
		case k < q.first:
			place = uint32(10 + q.first - k)
		case k > q.last:
			place = uint32(20 + k - q.last)
		}
		extra = append(extra, tagger.Hash(900+place, t.Word(k)), tagger.Hash(950+place, t.Word(k), t.Word(k+1)), tagger.Hash(980+place, t.Mark(k), t.Class(k)))
	}
	unit := uint32(0)
	if q.unitLast >= q.unitFirst {
		unit = t.Word(q.unitFirst)
	}
	extra = append(extra, tagger.Hash(899, unit), tagger.Hash(898, uint32(min(q.last-q.first, 6))))
	return tagger.Sequence{Text: t, First: q.first, Count: 1, Extra: [][]uint32{extra}}
}

// contextSequence is the sentence of quantity n and the one before it, with
// features of where each token stands from the quantity.
func contextSequence(t *tagger.Text, sentences []tagger.Span, qs []measQuantity, n int) tagger.Sequence {
	q := qs[n]
	at := t.Tokens[q.first].Start
	own := 0
	for own+1 < len(sentences) && sentences[own].End <= at {
		own++
	}
	from := sentences[max(0, own-1)].Start
	s := tagger.Sequence{Text: t, First: t.Search(from)}
	end := t.Search(sentences[own].End)
	if end < len(t.Tokens) && t.Tokens[end].Start < sentences[own].End {
		end++
	}
	s.Count = max(end, q.last+1) - s.First
	ownFirst := t.Search(sentences[own].Start)
	unit := t.Class(q.first)
	if q.unitLast >= q.unitFirst {
		unit = t.Word(q.unitFirst)
	}
	inside := make([]bool, s.Count) // in a quantity
	for _, o := range qs {
		for k := max(o.first, s.First); k <= o.last && k < s.First+s.Count; k++ {
			inside[k-s.First] = true
		}
	}
	all, of := chunks(t)
	for i := range s.Count {
		k := s.First + i
		d, side := 0, uint32(0)
		rivals, commas := uint32(0), uint32(0)
		switch {
		case k < q.first:
			d, side = q.first-k, 1
			for j := k + 1; j < q.first; j++ {
				if inside[j-s.First] && !inside[j-s.First-1] {
					rivals++
				}
				if t.Tokens[j].End-t.Tokens[j].Start == 1 && strings.ContainsAny(t.Text[t.Tokens[j].Start:t.Tokens[j].End], ",;()") {
					commas++
				}
			}
		case k > q.last:
			d, side = k-q.last, 2
			for j := q.last + 1; j < k; j++ {
				if inside[j-s.First] && !inside[j-s.First-1] {
					rivals++
				}
				if t.Tokens[j].End-t.Tokens[j].Start == 1 && strings.ContainsAny(t.Text[t.Tokens[j].Start:t.Tokens[j].End], ",;()") {
					commas++
				}
			}
		}
		here := uint32(0)
		if inside[i] {
			here = 1
		}
		if k < ownFirst {
			side += 4
		}
		place := tagger.Hash(1, side, tagger.DistanceClass(d))
		near := tagger.Hash(2, side, min(uint32(d), 4))
		rivals, commas = min(rivals, 3), min(commas, 3)
		x := []uint32{
			tagger.Hash(1000, place), tagger.Hash(1001, side, t.Word(k)), tagger.Hash(1002, place, t.Class(k)),
			tagger.Hash(1003, side, rivals), tagger.Hash(1004, side, rivals, commas), tagger.Hash(1005, side, here),
			tagger.Hash(1006, unit, t.Word(k)), tagger.Hash(1007, unit, side), tagger.Hash(1008, unit, t.Suffix(k)), tagger.Hash(1009, unit, place),
			tagger.Hash(1010, side, t.Word(q.first-1), t.Word(k)), tagger.Hash(1011, place, t.Word(q.first-1)), tagger.Hash(1012, place, t.Word(q.last+1)),
			tagger.Hash(1013, side, rivals, t.Mark(k)), tagger.Hash(1014, near, t.Word(k-1), t.Word(k+1)), tagger.Hash(1015, side, t.Suffix(k)),
			tagger.Hash(1016, near, t.Word(k)), tagger.Hash(1017, place, rivals, commas),
			tagger.Hash(1018, side, t.Word(k-1)), tagger.Hash(1019, side, t.Word(k+1)), tagger.Hash(1020, side, rivals, t.Class(k)),
			tagger.Hash(1021, near, t.Word(q.first-1), t.Word(q.last+1)),
		}
		s.Extra = append(s.Extra, append(x, chunkCues(t, all, of, k, q.first, q.last, side, unit)...))
	}
	return s
}

// read returns the annotation that r makes of a paragraph.
func (r *measReader) read(t *tagger.Text) []annotation {
	var out []annotation
	var qs []measQuantity
	labels := r.quantities.Labelled(tagger.Whole(t))
	for i := 0; i < len(labels); i++ {
		if labels[i] == "O" {
			continue
		}
		q := measQuantity{first: i, unitFirst: 0, unitLast: -1}
		for j := i; ; j++ {
			if strings.HasSuffix(labels[j], "U") {
				if q.unitLast < 0 {
					q.unitFirst = j
				}
				q.unitLast = j
			}
			if j+1 == len(labels) || labels[j+1] == "O" || labels[j+1][0] == '+' {
				q.last = j
				break
			}
		}
		i = q.last
		qs = append(qs, q)
	}
	sentences := tagger.Sentences(t.Text)
	for n := range qs {
		q := &qs[n]
		set := n + 1
		s := span{t.Tokens[q.first].Start, t.Tokens[q.last].End}
		a := annotation{set: set, kind: "Quantity", id: "Q", span: s, text: t.Text[s.start:s.end]}
		if q.unitLast >= q.unitFirst {
			a.unit = t.Text[t.Tokens[q.unitFirst].Start:t.Tokens[q.unitLast].End]
		}
		if mods := r.modifiers.Labelled(modifierSequence(t, *q))[0]; mods != "" {
			a.mods = strings.Split(mods, "+")
		}
		out = append(out, a)
		c := contextSequence(t, sentences, qs, n)
		target, rel := "Q", "HasQuantity"
		if m, ok := r.expected(c, "MeasuredProperty", 12, leastProperty); ok {
			out = append(out, annotation{set: set, kind: "MeasuredProperty", id: "P", rel: rel, target: target, span: span{m.Start, m.End}, text: t.Text[m.Start:m.End]})
			target, rel = "P", "HasProperty"
		}
		if m, ok := r.expected(c, "MeasuredEntity", 12, leastEntity); ok {
			out = append(out, annotation{set: set, kind: "MeasuredEntity", id: "E", rel: rel, target: target, span: span{m.Start, m.End}, text: t.Text[m.Start:m.End]})
		}
		if m, ok := r.expected(c, "Qualifier", 20, leastQualifier); ok {
			out = append(out, annotation{set: set, kind: "Qualifier", id: "X", rel: "Qualifies", target: "Q", span: span{m.Start, m.End}, text: t.Text[m.Start:m.End]})
		}
	}
	return out
}

// What is expected of a stretch must be above these for it to be told. They and
// contextTraining were chosen by the cross-validation that scores them; the score
// depends on them by less than 0.005.
const (
	leastProperty  = 0.3
	leastEntity    = 0.2
	leastQualifier = 0.2
)

// contextTraining is how the tagger of entities, properties and qualifiers is
// trained: in small steps and with a strong penalty, because there are few examples.
var contextTraining = tagger.Training{Rate: 0.02, Shrink: 1e-3}

// expected returns the stretch of c whose expected F1 of words with the mention
// of kind is largest, over what the mention may be; its Probability is that
// expectation. It reports false if that is below least.
func (r *measReader) expected(c tagger.Sequence, kind string, longest int, least float64) (tagger.Mention, bool) {
	all := r.contexts.Candidates(c, kind, longest, 0.002)
	var best tagger.Mention
	for _, a := range all {
		sum := 0.0
		for _, b := range all {
			shared := min(a.Last, b.Last) - max(a.First, b.First) + 1
			if shared > 0 {
				sum += b.Probability * 2 * float64(shared) / float64(a.Last-a.First+b.Last-b.First+2)
			}
		}
		if sum > best.Probability {
			best, best.Probability = a, sum
		}
	}
	return best, best.Probability > least
}

// folds assigns each name to one of n folds by the order in which its group
// first appears, so that texts of one group are never on both sides.
func folds(groups []string, n int) []int {
	seen := map[string]int{}
	out := make([]int, len(groups))
	for i, g := range groups {
		f, ok := seen[g]
		if !ok {
			f = len(seen) % n
			seen[g] = f
		}
		out[i] = f
	}
	return out
}

// crossMeas cross-validates the trained reader over papers.
func crossMeas(ctx context.Context, ps []paragraph, seed uint64) ([]Task, error) {
	texts := make([]*tagger.Text, len(ps))
	groups := make([]string, len(ps))
	for i := range ps {
		texts[i] = tagger.Prepare(ps[i].text)
		groups[i], _, _ = strings.Cut(ps[i].name, "-")
	}
	fold := folds(groups, 5)
	var rows []measRow
	for f := range 5 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var train []paragraph
		var prepared []*tagger.Text
		for i := range ps {
			if fold[i] != f {
				train, prepared = append(train, ps[i]), append(prepared, texts[i])
			}
		}
		r := trainMeas(train, prepared, seed)
		for i := range ps {
			if fold[i] == f {
				rows = append(rows, measOfficial(ps[i].annotations, r.read(texts[i]))...)
			}
		}
	}
	return measTasks(rows), nil
}
