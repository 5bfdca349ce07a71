package evaluate

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/extract/chooser"
	"github.com/alkahest/alkahest/extract/tagger"
)

// measReader reads quantities with unit and modifiers with trained taggers, and
// chooses the entity, property and qualifier of each.
type measReader struct {
	quantities *tagger.Tagger     // O, N and U: outside, number or words, unit; "+" in front where a quantity begins
	modifiers  *tagger.Tagger     // of one quantity at a time
	contexts   []*chooser.Chooser // one for each of contextKinds; that of entities knows the property
}

var (
	quantityLabels = []string{"O", "+N", "N", "+U", "U"}
	contextKinds   = []string{"MeasuredEntity", "MeasuredProperty", "Qualifier"}
)

// trainMeas trains on paragraphs.
func trainMeas(ps []paragraph, texts []*tagger.Text, seed uint64) *measReader {
	r := &measReader{}
	var quantities, mods []tagger.Example
	var questions, entities []chooser.Question
	right := make([][][]float32, len(contextKinds))
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
		m := newMeasText(t)
		for n, q := range qs {
			class := strings.Join(q.mods, "+")
			y := slices.Index(modLabels, class)
			if y < 0 {
				y = len(modLabels)
				modLabels = append(modLabels, class)
			}
			mods = append(mods, tagger.Example{Sequence: modifierSequence(m, q), Labels: []uint8{uint8(y)}})
			s := m.around(qs, n)
			question, all := s.question()
			questions = append(questions, question)
			entities = append(entities, *s.given(&question, all, goldContext(&ps[i], t, q, contextKinds[1])[0]))
			for k, kind := range contextKinds {
				right[k] = append(right[k], rightStretches(all, goldContext(&ps[i], t, q, kind)))
			}
		}
	}
	// Its features are frequent and few: larger steps do no harm.
	r.quantities = tagger.Train(quantityLabels, quantities, tagger.Training{Seed: seed, Rate: 0.05, Shrink: 1e-5})
	r.modifiers = tagger.Train(modLabels, mods, tagger.Training{Seed: seed, Shrink: 5e-3})
	o := chooser.Training{Seed: seed}
	r.contexts = append(chooser.Train(entities, right[:1], o), chooser.Train(questions, right[1:], o)...)
	return r
}

// goldContext returns where the annotation has kind for q: nothing if it has none.
// Qualifiers of the entity or the property are left out.
func goldContext(p *paragraph, t *tagger.Text, q measQuantity, kind string) []stretch {
	var out []stretch
	for _, a := range p.annotations {
		if a.set == q.set && a.kind == kind && (a.rel != "Qualifies" || a.target == q.id) {
			first, last := tokensOf(t, a.span)
			out = append(out, stretch{first, last})
		}
	}
	if out == nil {
		out = append(out, nothing)
	}
	return out
}

// rightStretches returns how right each of all is: the most alike of each of gold
// have equal shares. It returns nil if none is alike.
func rightStretches(all, gold []stretch) []float32 {
	const alike = 0.3
	out := make([]float32, len(all))
	n := 0
	for _, g := range gold {
		best, top := -1, alike
		for i, c := range all {
			if f := c.f1(g); f > top {
				best, top = i, f
			}
		}
		if best >= 0 {
			out[best]++
			n++
		}
	}
	if n == 0 {
		return nil
	}
	for i := range out {
		out[i] /= float32(n)
	}
	return out
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
		q := measQuantity{set: a.set, id: a.id, unitFirst: 0, unitLast: -1, mods: slices.Sorted(slices.Values(a.mods))}
		q.first, q.last = tokensOf(t, a.span)
		if i := strings.LastIndex(a.text, a.unit); i >= 0 && a.unit != "" {
			q.unitFirst, q.unitLast = tokensOf(t, span{a.start + i, a.start + i + len(a.unit)})
		}
		out = append(out, q)
	}
	slices.SortStableFunc(out, func(a, b measQuantity) int { return a.first - b.first })
	return out
}

// modifierSequence is the quantity as one token that has the features of all, and
// of the words before its first number, whether they were found to belong to it or
// not.
func modifierSequence(t *measText, q measQuantity) tagger.Sequence {
	var extra []uint32
	number := q.first
	for number < q.last && !strings.ContainsAny(t.token(number), "0123456789") {
		number++
	}
	if !strings.ContainsAny(t.token(number), "0123456789") {
		number = q.first
	}
	for k := number - 5; k <= q.last+2; k++ {
		place := uint32(1)
		switch {
		case k < number:
			place = uint32(10 + number - k)
		case k > q.last:
			place = uint32(20 + k - q.last)
		}
		extra = append(extra, tagger.Hash(900+place, t.Word(k)), tagger.Hash(950+place, t.Word(k), t.Word(k+1)), tagger.Hash(980+place, t.Mark(k), t.Class(k)))
		if k < number {
			extra = append(extra, tagger.Hash(870, t.Word(k)), tagger.Hash(871, t.Word(k), t.Word(k+1)))
		}
	}
	unit := uint32(0)
	if q.unitLast >= q.unitFirst {
		unit = t.Word(q.unitFirst)
	}
	extra = append(extra, tagger.Hash(899, unit), tagger.Hash(898, uint32(min(q.last-number, 6))))
	read, numbers := t.grammar(q)
	extra = append(extra, tagger.Hash(897, read), tagger.Hash(896, read, numbers), tagger.Hash(895, read, unit), tagger.Hash(893, read, t.Word(number-1)), tagger.Hash(892, read, t.Word(number-2), t.Word(number-1)))
	return tagger.Sequence{Text: t.Text, First: number, Count: 1, Extra: [][]uint32{extra}}
}

// grammar returns a hash of what the grammar of quantities reads in q, and how many
// numbers, at most 3.
func (m *measText) grammar(q measQuantity) (read, numbers uint32) {
	at := span{m.Tokens[q.first].Start, m.Tokens[q.last].End}
	for _, f := range m.numbers {
		if at.overlap(span{f.Start, f.End}) == 0 {
			continue
		}
		v := f.Quantity
		for i, is := range []bool{v.Low < v.High, math.IsInf(v.Low, 0), math.IsInf(v.High, 0), v.Uncertainty > 0, v.Approximate, f.List > 0, hasUnit(f)} {
			if is {
				read |= 1 << i
			}
		}
		numbers = min(numbers+1, 3)
	}
	return read, numbers
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
	m := newMeasText(t)
	for n := range qs {
		q := &qs[n]
		q.set = n + 1
		s := span{t.Tokens[q.first].Start, t.Tokens[q.last].End}
		a := annotation{set: q.set, kind: "Quantity", id: "Q", span: s, text: t.Text[s.start:s.end], mods: r.told(m, q)}
		if q.unitLast >= q.unitFirst {
			a.unit = t.Text[t.Tokens[q.unitFirst].Start:t.Tokens[q.unitLast].End]
		}
		out = append(out, a)
		out = append(out, r.context(m, qs, n)...)
	}
	return out
}

// told returns the modifiers of q that are worth telling.
func (r *measReader) told(m *measText, q *measQuantity) []string {
	probable := map[string]float64{}
	for y, p := range r.modifiers.Marginals(modifierSequence(m, *q), 0) {
		if class := r.modifiers.Labels()[y]; class != "" {
			for _, one := range strings.Split(class, "+") {
				probable[one] += float64(p)
			}
		}
	}
	var out []string
	for _, one := range slices.Sorted(maps.Keys(probable)) {
		if worth(1, probable[one]) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// level is about the mean overlap that is reached: a row that matches nothing costs
// as much as it. It and presence were chosen by the cross-validation that scores
// them, on two of its folds; there the score differs by 0.005 between a level of 0.32
// and 0.38, and a presence of 1.5 and 3.
const level = 0.38

// worth is what rows add to the mean overlap if they match with probability p and
// then score overlap.
func worth(overlap, p float64) float64 { return overlap*p - level*(1-p) }

// chosen is the stretch of a kind that is expected to overlap most.
type chosen struct {
	stretch
	touches float64 // probability that it overlaps with what is annotated
	overlap float64 // expected F1 of words where it does
	absent  float64 // probability that there is nothing of its kind
}

// worth is what telling c adds to the mean overlap.
func (c *chosen) worth() float64 { return worth(c.overlap, c.touches) }

// presence is by how much the odds of there being a property are better than its
// chooser thinks: the penalty on its weights makes it doubt.
const presence = 2

// choose returns the best of all, whose probabilities are p.
func choose(all []stretch, p []float32) chosen {
	var live []int
	for i := range p {
		if i > 0 && p[i] > 0.003 {
			live = append(live, i)
		}
	}
	best := chosen{stretch: nothing}
	top := 0.0
	for _, a := range live {
		c := chosen{stretch: all[a], absent: float64(p[0])}
		sum := 0.0
		for _, b := range live {
			if f := all[a].f1(all[b]); f > 0 {
				c.touches += float64(p[b])
				sum += float64(p[b]) * f
			}
		}
		if sum > top {
			top = sum
			best = c
			best.overlap = sum / c.touches
		}
	}
	return best
}

// entities returns how probable each of all is the entity, over what the property
// may be, which is any of all with the probabilities properties.
func (r *measReader) entities(s *surroundings, question *chooser.Question, all []stretch, properties []float32) []float32 {
	out := make([]float32, len(all))
	total := float32(0)
	for i, weight := range properties {
		if weight < 0.05 {
			continue
		}
		total += weight
		for k, p := range r.contexts[0].Probabilities(s.given(question, all, all[i])) {
			out[k] += weight * p
		}
	}
	for k := range out {
		out[k] /= max(total, 1e-6)
	}
	return out
}

// context returns the entity, property and qualifier of quantity n, those of
// which telling is expected to raise the official score, with the relations
// between them.
func (r *measReader) context(m *measText, qs []measQuantity, n int) []annotation {
	s := m.around(qs, n)
	question, all := s.question()
	properties := r.contexts[1].Probabilities(&question)
	rest := 1 - properties[0]*(1-1.0/presence)
	properties[0] /= presence
	for i := range properties {
		properties[i] /= rest
	}
	property, entity := choose(all, properties), choose(all, r.entities(s, &question, all, properties))
	qualifier := choose(all, r.contexts[2].Probabilities(&question))
	var out []annotation
	tell := func(kind, id, rel, target string, c chosen) {
		s := span{m.Tokens[c.first].Start, m.Tokens[c.last].End}
		out = append(out, annotation{set: qs[n].set, kind: kind, id: id, rel: rel, target: target, span: s, text: m.Text.Text[s.start:s.end]})
	}
	// A relation is right if both its ends are; without a property, the entity has
	// the quantity.
	alone := entity.worth() + worth(1, entity.touches*property.absent)
	only := property.worth() + worth(1, property.touches)
	both := only + entity.worth() + worth(1, entity.touches*property.touches)
	switch most := max(alone, only, both); {
	case most <= 0:
	case most == both:
		tell(contextKinds[1], "P", "HasQuantity", "Q", property)
		tell(contextKinds[0], "E", "HasProperty", "P", entity)
	case most == only:
		tell(contextKinds[1], "P", "HasQuantity", "Q", property)
	default:
		tell(contextKinds[0], "E", "HasQuantity", "Q", entity)
	}
	if qualifier.worth()+worth(1, qualifier.touches) > 0 {
		tell(contextKinds[2], "X", "Qualifies", "Q", qualifier)
	}
	return out
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
