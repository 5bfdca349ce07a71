package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/quantity"
)

// scoreMeasEval scores quantities in paragraphs of scientific papers, found by
// the grammar of quantities. Three things are scored:
//
//   - the span, exactly as annotated;
//   - the span, in part: annotated and found quantities are paired by their
//     overlap, largest first, and a pair scores the F1 of its words as in SQuAD
//     (Rajpurkar et al., EMNLP 2016, section 6.1), here words divided by white
//     space in lower case;
//   - the unit of such pairs, if the annotation or the finding has one: the same
//     unit, or the same characters but for white space if the unit is unknown.
//
// The annotation has counts ("12 patients") but few of the other numbers without
// a unit; the tasks "with unit" leave numbers without unit out on both sides.
// The official score of the shared task also has the measured entity and
// property and is not computed here.
//
// The corpus is of Harper et al., SemEval-2021 Task 8, doi:10.18653/v1/2021.semeval-1.38;
// its training and trial parts are scored.
func scoreMeasEval(ctx context.Context, dir string, o Options) (*Report, error) {
	var paragraphs []paragraph
	var parts []string
	for _, part := range []string{"train", "trial"} {
		ps, err := readMeasEval(filepath.Join(dir, part))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		paragraphs = append(paragraphs, ps...)
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("%s: %w: neither train nor trial is there", dir, ErrMalformed)
	}
	r := &Report{Split: strings.Join(parts, " and "), Documents: len(paragraphs), Notes: []string{grammarOnly}}
	all, united := newQuantityCount("quantity"), newQuantityCount("quantity with unit")
	for i, p := range paragraphs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found := quantity.Scan(p.text, nil)
		r.Mistakes = append(r.Mistakes, all.add(p.name, p.text, p.quantities, found)...)
		var gold []annotatedQuantity
		for _, q := range p.quantities {
			if q.unit != "" {
				gold = append(gold, q)
			}
		}
		var with []quantity.Found
		for _, f := range found {
			if hasUnit(f) {
				with = append(with, f)
			}
		}
		united.add(p.name, p.text, gold, with)
		o.Progress(i+1, len(paragraphs))
	}
	r.Tasks = append(all.tasks(), united.tasks()...)
	if o.Train {
		tasks, err := crossMeas(ctx, paragraphs, 1)
		if err != nil {
			return nil, err
		}
		r.Tasks = append(r.Tasks, tasks...)
	}
	return r, nil
}

// paragraph is one annotated text.
type paragraph struct {
	name, text  string
	quantities  []annotatedQuantity
	annotations []annotation
}

type annotatedQuantity struct {
	span
	unit string // as written; "" if there is none
}

// readMeasEval reads one part: texts in "text" or "txt", annotations in "tsv"
// with offsets in characters. A text without annotations has no quantities.
func readMeasEval(dir string) ([]paragraph, error) {
	folder := filepath.Join(dir, "text")
	if !exists(folder) {
		folder = filepath.Join(dir, "txt")
	}
	files, err := list(folder, ".txt")
	if err != nil {
		return nil, err
	}
	var out []paragraph
	for _, file := range files {
		data, err := readFile(filepath.Join(folder, file))
		if err != nil {
			return nil, err
		}
		p := paragraph{name: stem(file), text: string(data)}
		chars := newOffsets(p.text)
		path := filepath.Join(dir, "tsv", p.name+".tsv")
		data, err = readFile(path)
		if errors.Is(err, os.ErrNotExist) {
			out = append(out, p)
			continue
		}
		if err != nil {
			return nil, err
		}
		rows, err := tabbed(path, data, 7)
		if err != nil {
			return nil, err
		}
		for n, row := range rows {
			if row[0] == "docId" {
				continue
			}
			a, err := readAnnotation(row)
			if err != nil {
				return nil, fmt.Errorf("%s: line %d: %w", path, n+1, err)
			}
			var ok bool
			if a.span, ok = numbered(chars, row[3], row[4]); !ok {
				return nil, fmt.Errorf("%s: line %d: %w: %s outside its text", path, n+1, ErrMalformed, a.kind)
			}
			a.text = p.text[a.start:a.end]
			p.annotations = append(p.annotations, a)
			if a.kind == "Quantity" {
				p.quantities = append(p.quantities, annotatedQuantity{a.span, a.unit})
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// readAnnotation reads the columns of one row but for its place.
func readAnnotation(row []string) (annotation, error) {
	a := annotation{kind: row[2], id: row[5]}
	var err error
	if a.set, err = strconv.Atoi(row[1]); err != nil {
		return a, fmt.Errorf("%w: set %q", ErrMalformed, row[1])
	}
	if len(row) < 8 || row[7] == "" {
		return a, nil
	}
	var other struct {
		Unit                                string   `json:"unit"`
		Mods                                []string `json:"mods"`
		HasQuantity, HasProperty, Qualifies string
	}
	if err := json.Unmarshal([]byte(row[7]), &other); err != nil {
		return a, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	a.unit, a.mods = other.Unit, other.Mods
	for _, r := range []struct{ rel, target string }{{"HasQuantity", other.HasQuantity}, {"HasProperty", other.HasProperty}, {"Qualifies", other.Qualifies}} {
		if r.target != "" {
			a.rel, a.target = r.rel, r.target
		}
	}
	return a, nil
}

// quantityCount adds up the scores of quantities.
type quantityCount struct {
	exact, part, unit tally
}

func newQuantityCount(name string) *quantityCount {
	return &quantityCount{exact: tally{name: name + ", exact span"}, part: tally{name: name + ", overlap F1"}, unit: tally{name: name + ", unit"}}
}

func (c *quantityCount) tasks() []Task {
	return []Task{c.exact.task(), c.part.task(), c.unit.task()}
}

func (c *quantityCount) add(name, text string, gold []annotatedQuantity, found []quantity.Found) []Mistake {
	pairs := byOverlap(gold, found)
	exact, part, units := 0, 0.0, 0
	var out []Mistake
	for g, f := range pairs {
		if f < 0 {
			out = append(out, Mistake{Task: c.exact.name, Document: name, Kind: Missed, Gold: text[gold[g].start:gold[g].end], Sentence: around(text, gold[g].span)})
			continue
		}
		q := found[f]
		a, b := text[gold[g].start:gold[g].end], text[q.Start:q.End]
		part += wordF1(a, b)
		if gold[g].span == (span{q.Start, q.End}) {
			exact++
		} else {
			out = append(out, Mistake{Task: c.exact.name, Document: name, Kind: Missed, Gold: a, Found: b, Sentence: around(text, gold[g].span)})
		}
		if gold[g].unit != "" && sameUnit(gold[g].unit, unitOf(text, q)) {
			units++
		}
	}
	for _, f := range unmatched(pairs, len(found)) {
		s := span{found[f].Start, found[f].End}
		out = append(out, Mistake{Task: c.exact.name, Document: name, Kind: Wrong, Found: text[s.start:s.end], Sentence: around(text, s)})
	}
	goldUnits, foundUnits := 0, 0
	for _, q := range gold {
		if q.unit != "" {
			goldUnits++
		}
	}
	for _, f := range found {
		if hasUnit(f) {
			foundUnits++
		}
	}
	c.exact.add(float64(exact), len(found), len(gold))
	c.part.add(part, len(found), len(gold))
	c.unit.add(float64(units), foundUnits, goldUnits)
	return out
}

// byOverlap pairs annotated and found quantities that overlap, the largest
// overlap first, and returns for each gold the index of its found, or -1.
func byOverlap(gold []annotatedQuantity, found []quantity.Found) []int {
	type candidate struct{ g, f, bytes int }
	var cs []candidate
	for g := range gold {
		for f := range found {
			if n := gold[g].overlap(span{found[f].Start, found[f].End}); n > 0 {
				cs = append(cs, candidate{g, f, n})
			}
		}
	}
	sort.SliceStable(cs, func(i, j int) bool { return cs[i].bytes > cs[j].bytes })
	out := make([]int, len(gold))
	for g := range out {
		out[g] = -1
	}
	taken := make([]bool, len(found))
	for _, c := range cs {
		if out[c.g] < 0 && !taken[c.f] {
			out[c.g], taken[c.f] = c.f, true
		}
	}
	return out
}

// wordF1 is the harmonic mean of the parts of the words of a and of b that they
// share.
func wordF1(a, b string) float64 {
	as, bs := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	count := map[string]int{}
	for _, w := range as {
		count[w]++
	}
	shared := 0
	for _, w := range bs {
		if count[w] > 0 {
			count[w]--
			shared++
		}
	}
	if shared == 0 {
		return 0
	}
	return 2 * float64(shared) / float64(len(as)+len(bs))
}

// unitOf returns the unit of f as written, or its symbol if it is not written.
func unitOf(text string, f quantity.Found) string {
	if f.UnitSpan.End > f.UnitSpan.Start {
		return text[f.UnitSpan.Start:f.UnitSpan.End]
	}
	return f.Quantity.Unit.Symbol
}

// sameUnit reports whether two units as written are the same unit.
func sameUnit(a, b string) bool {
	if despace(a) == despace(b) {
		return true
	}
	u, err1 := quantity.ParseUnit(a)
	v, err2 := quantity.ParseUnit(b)
	return err1 == nil && err2 == nil && !u.Unknown && !v.Unknown && u.Dimension == v.Dimension && u.Offset == v.Offset && near(u.Factor, v.Factor, 0)
}
