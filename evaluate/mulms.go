package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/extract/tagger"
	"github.com/alkahest/alkahest/quantity"
)

// scoreMuLMS scores mentions of materials, numbers and values in papers of
// seven fields of materials science. A mention counts if it is exactly where it
// is annotated; a second score takes any overlap.
//
// MAT is compared with the grammar of formulas; the annotation also has plain
// names ("seawater", "electrolyte"), which a grammar of formulas cannot find.
// VALUE, a number or interval with its unit, is compared with quantities that
// have a unit. The annotation leaves "~" and "about" out of a value and "<" in,
// and so does the comparison. NUM, a number alone, is compared with the numbers
// of all quantities; those of intervals, which are two in the annotation, count
// as two where both are written in digits.
//
// The corpus is of Schrader et al., WIESP 2023 (arXiv:2310.15569); the documents
// of its development part are scored.
func scoreMuLMS(ctx context.Context, dir string, o Options) (*Report, error) {
	path := filepath.Join(dir, "docs.jsonl.gz")
	data, err := readGzip(path)
	if err != nil {
		return nil, err
	}
	all, err := jsonLines[mulmsDocument](path, data)
	if err != nil {
		return nil, err
	}
	var docs []mulmsDocument
	for _, d := range all {
		if d.Set == "dev" {
			docs = append(docs, d)
		}
	}
	r := &Report{Split: "dev", Documents: len(docs), Notes: []string{grammarOnly}}
	material, numbers, value := newMentionCount("MAT mentions"), newMentionCount("NUM mentions"), newMentionCount("VALUE mentions")
	for i, d := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		chars := newOffsets(d.Text)
		gold := map[string][]span{}
		for _, e := range d.Entities {
			s, ok := chars.span(e.Begin, e.End)
			if !ok {
				return nil, fmt.Errorf("%s: %s: entity at %d–%d: %w: outside its text", path, d.Name, e.Begin, e.End, ErrMalformed)
			}
			gold[e.Type] = append(gold[e.Type], s)
		}
		r.Mistakes = append(r.Mistakes, material.add(d.Name, d.Text, gold["MAT"], materials(d.Text))...)
		var all, united []span
		for _, f := range quantity.Scan(d.Text, nil) {
			all = append(all, numbersIn(d.Text, f)...)
			if hasUnit(f) {
				united = append(united, withoutAbout(d.Text, f))
			}
		}
		r.Mistakes = append(r.Mistakes, numbers.add(d.Name, d.Text, gold["NUM"], all)...)
		r.Mistakes = append(r.Mistakes, value.add(d.Name, d.Text, gold["VALUE"], united)...)
		o.Progress(i+1, len(docs))
	}
	r.Tasks = append(append(material.tasks(), numbers.tasks()...), value.tasks()...)
	if o.Train {
		var train, dev []*annotated
		var trainRelations, devRelations []*relational
		for i := range all {
			a, err := all[i].annotated(path)
			if err != nil {
				return nil, err
			}
			a.within = slices.Compact(a.within) // many sentences stand twice
			if all[i].Set == "dev" {
				dev, devRelations = append(dev, a), append(devRelations, all[i].relational(a))
			} else {
				train, trainRelations = append(train, a), append(trainRelations, all[i].relational(a))
			}
		}
		l := trainLinker(trainRelations, 0, linking)
		r.Tasks = append(r.Tasks, scoreRelations("trained", l, devRelations, joined(trainRelations), 0, mulmsRelations)...)
		r.Tasks = append(r.Tasks, scoreTrained("trained", train, dev, mulmsLayers)...)
	}
	return r, nil
}

// mulmsDocument is one document; offsets are characters of its text.
type mulmsDocument struct {
	Name     string `json:"doc"`
	Set      string `json:"set"`
	Text     string `json:"text"`
	Entities []struct {
		ID    int    `json:"id"`
		Type  string `json:"type"`
		Begin int    `json:"begin"`
		End   int    `json:"end"`
	} `json:"entities"`
	Relations []struct {
		Type string `json:"type"`
		Head int    `json:"head"`
		Tail int    `json:"tail"`
	} `json:"relations"`
	Sentences []struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	} `json:"sentences"`
}

// mulmsLayers are the kinds of mentions that are scored, in layers within which
// mentions seldom overlap. A fifth of the materials lie inside another.
var mulmsLayers = []layer{
	{kinds: []string{"MAT"}},
	{kinds: []string{"MAT"}, inner: true},
	{kinds: []string{"PROPERTY", "TECHNIQUE", "SAMPLE", "MEASUREMENT", "QUAL_MEAS"}},
	{kinds: []string{"VALUE", "INSTRUMENT", "CITE", "DEV"}},
	{kinds: []string{"NUM", "UNIT"}},
	{kinds: []string{"FORM", "RANGE"}},
}

// annotated returns d made ready for tagging.
func (d *mulmsDocument) annotated(path string) (*annotated, error) {
	chars := newOffsets(d.Text)
	a := &annotated{name: d.Name, text: tagger.Prepare(d.Text)}
	for _, e := range d.Entities {
		s, ok := chars.span(e.Begin, e.End)
		if !ok {
			return nil, fmt.Errorf("%s: %s: entity at %d–%d: %w: outside its text", path, d.Name, e.Begin, e.End, ErrMalformed)
		}
		a.mentions = append(a.mentions, typed{s, e.Type})
	}
	for _, e := range d.Sentences {
		if s, ok := chars.span(e.Begin, e.End); ok {
			a.within = append(a.within, s)
		}
	}
	return a, nil
}

// mulmsRelations are the kinds of relations that are scored one by one.
var mulmsRelations = []string{"measuresProperty", "propertyValue", "conditionProperty", "conditionSampleFeatures", "hasForm", "usedAs", "usesTechnique", "usedIn", "conditionEnvironment", "dopedBy"}

// relational adds the relations of d to its mentions. Where one stretch is
// annotated twice as the same kind, both have the relations of either.
func (d *mulmsDocument) relational(a *annotated) *relational {
	out := &relational{annotated: annotated{name: a.name, text: a.text, within: a.within}}
	at := map[int]int{}
	seen := map[typed]int{}
	for i, e := range d.Entities {
		m := a.mentions[i]
		n, ok := seen[m]
		if !ok {
			n = len(out.mentions)
			seen[m] = n
			out.mentions = append(out.mentions, m)
		}
		at[e.ID] = n
	}
	done := map[related]bool{}
	for _, r := range d.Relations {
		head, ok1 := at[r.Head]
		tail, ok2 := at[r.Tail]
		one := related{r.Type, head, tail}
		if ok1 && ok2 && r.Type != "" && head != tail && !done[one] {
			done[one] = true
			out.relations = append(out.relations, one)
		}
	}
	return out
}

// numbersIn returns the numbers of f: its number, or the two ends of an
// interval.
func numbersIn(text string, f quantity.Found) []span {
	s := span{f.Number.Start, f.Number.End}
	if f.Quantity.Low == f.Quantity.High {
		return []span{s}
	}
	at := digits.FindAllStringIndex(text[s.start:s.end], -1)
	if len(at) != 2 {
		return []span{s}
	}
	return []span{{s.start + at[0][0], s.start + at[0][1]}, {s.start + at[1][0], s.start + at[1][1]}}
}

// withoutAbout returns the span of f without a leading word or sign that says
// it is not exact.
func withoutAbout(text string, f quantity.Found) span {
	s := span{f.Start, f.End}
	before := strings.TrimSpace(text[f.Start:max(f.Start, f.Number.Start)])
	if f.Quantity.Approximate && !strings.ContainsAny(before, "<>≤≥") {
		s.start = f.Number.Start
	}
	return s
}
