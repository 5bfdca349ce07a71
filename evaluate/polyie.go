package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/extract/tagger"
	"github.com/alkahest/alkahest/record"
)

// scorePolyIE scores mentions of compounds (CN) and property values (PV) in
// papers on polymers. The papers come as tokens; they are joined by spaces, and
// a mention found in the joined text is widened to the tokens that it touches.
// A mention counts if its tokens are exactly those that are annotated; a second
// score takes any overlap. Compounds are found by the grammar of formulas and
// its names, values by the grammar of quantities if they have a unit; polymers
// named only in their paper ("PTBBO") are out of its reach.
//
// The corpus is of Cheung et al., PolyIE, NAACL 2024 (arXiv:2311.07715); its
// validation part is scored.
func scorePolyIE(ctx context.Context, dir string, o Options) (*Report, error) {
	path := filepath.Join(dir, "validation.json")
	file, err := readPolyIE(path)
	if err != nil {
		return nil, err
	}
	r := &Report{Split: "validation", Documents: len(file.Text), Notes: []string{grammarOnly}}
	compound, value := newMentionCount("compound mentions"), newMentionCount("property value mentions")
	for i, paragraphs := range file.Text {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for n, tokens := range paragraphs {
			text, at := join(tokens)
			mentions := tagged(at, file.Label[i][n])
			name := fmt.Sprintf("%d, paragraph %d", i, n)
			r.Mistakes = append(r.Mistakes, compound.add(name, text, ofKind(mentions, "CN"), widen(at, materials(text)))...)
			r.Mistakes = append(r.Mistakes, value.add(name, text, ofKind(mentions, "PV"), widen(at, values(text)))...)
		}
		o.Progress(i+1, len(file.Text))
	}
	r.Tasks = append(compound.tasks(), value.tasks()...)
	if o.Extractor != nil {
		if err := polymerRecords(ctx, r, path, file, o, func(int) bool { return true }); err != nil {
			return nil, err
		}
	}
	if o.Train {
		train, err := annotatedPolyIE(filepath.Join(dir, "train.json"))
		if err != nil {
			return nil, err
		}
		validation, err := annotatedPolyIE(path)
		if err != nil {
			return nil, err
		}
		r.Tasks = append(r.Tasks, scorePolymers(train, validation)...)
	}
	return r, nil
}

// polyIE is one part of the corpus.
type polyIE struct {
	Text     [][][]string   `json:"text"`     // paper, paragraph, token
	Label    [][][]string   `json:"label"`    // a tag for each token
	Relation [][][][][2]int `json:"relation"` // paper, paragraph, relation, member: first token, and the one behind the last
}

func readPolyIE(path string) (*polyIE, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var file polyIE
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrMalformed, err)
	}
	if len(file.Text) != len(file.Label) {
		return nil, fmt.Errorf("%s: %w: %d papers, but %d with tags", path, ErrMalformed, len(file.Text), len(file.Label))
	}
	for i, paragraphs := range file.Text {
		if len(paragraphs) != len(file.Label[i]) {
			return nil, fmt.Errorf("%s: paper %d: %w: %d paragraphs, but %d with tags", path, i, ErrMalformed, len(paragraphs), len(file.Label[i]))
		}
		for n, tokens := range paragraphs {
			if tags := file.Label[i][n]; len(tags) != len(tokens) {
				return nil, fmt.Errorf("%s: paper %d, paragraph %d: %w: %d tokens, but %d tags", path, i, n, ErrMalformed, len(tokens), len(tags))
			}
		}
	}
	return &file, nil
}

// annotatedPolyIE returns the paragraphs of one part made ready for tagging.
func annotatedPolyIE(path string) ([]*relational, error) {
	file, err := readPolyIE(path)
	if err != nil {
		return nil, err
	}
	var out []*relational
	for i, paragraphs := range file.Text {
		for n, tokens := range paragraphs {
			text, at := join(tokens)
			a := &relational{annotated: annotated{name: strconv.Itoa(i), text: tagger.Prepare(text), mentions: tagged(at, file.Label[i][n])}}
			if i < len(file.Relation) && n < len(file.Relation[i]) {
				a.relate(at, file.Relation[i][n])
			}
			out = append(out, a)
		}
	}
	return out, nil
}

// relate adds the relations of one paragraph, each a compound, a property and a
// value, as two: from the value to either. Members that are no mention are left
// out.
func (d *relational) relate(at []span, relations [][][2]int) {
	index := map[span]int{}
	for i, m := range d.mentions {
		index[m.span] = i
	}
	for _, members := range relations {
		of := map[string]int{}
		for _, m := range members {
			if m[0] < 0 || m[1] <= m[0] || m[1] > len(at) {
				continue
			}
			if i, ok := index[span{at[m[0]].start, at[m[1]-1].end}]; ok {
				of[d.mentions[i].kind] = i
			}
		}
		value, ok := of["PV"]
		for _, kind := range []string{"CN", "PN"} {
			if i, there := of[kind]; ok && there {
				d.relations = append(d.relations, related{"of " + kind, value, i})
			}
		}
	}
}

// join joins tokens by spaces and returns where each stands.
func join(tokens []string) (string, []span) {
	var b strings.Builder
	at := make([]span, len(tokens))
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		at[i].start = b.Len()
		b.WriteString(t)
		at[i].end = b.Len()
	}
	return b.String(), at
}

// tagged returns the mentions that the tags of tokens mark.
func tagged(at []span, tags []string) []typed {
	var out []typed
	last := "O"
	for k, tag := range tags {
		out = extendTyped(out, at[k], tag, last)
		last = tag
	}
	return out
}

// widen returns spans grown to the tokens that they touch. Both are sorted.
func widen(at, spans []span) []span {
	var out []span
	i := 0
	for _, s := range spans {
		for i < len(at) && at[i].end <= s.start {
			i++
		}
		if i == len(at) || at[i].start >= s.end {
			continue
		}
		w := at[i]
		for k := i; k < len(at) && at[k].start < s.end; k++ {
			w.end = at[k].end
		}
		out = append(out, w)
	}
	return out
}

// polymerRecords scores records of a compound and a value against the annotated
// relations, over the papers for which counts holds: a record counts if a relation of its paper has the same
// numbers and, of the name of its compound and the one that was read, one
// contains the other, looking at letters and digits only. Papers are put together
// from their tokens. Relations are annotated for the properties that the
// annotators were after, so precision is a lower bound; verdicts are passed on
// records whose numbers stand in some relation of their paper.
func polymerRecords(ctx context.Context, r *Report, path string, file *polyIE, o Options, counts func(paper int) bool) error {
	t := tally{name: "compound and value"}
	for i, paragraphs := range file.Text {
		if !counts(i) {
			continue
		}
		type stated struct{ compound, numbers string }
		seen := map[stated]bool{}
		numbers := map[string]bool{}
		var gold []stated
		var whole strings.Builder
		for n, tokens := range paragraphs {
			text, _ := untokenised(tokens)
			whole.WriteString(text + "\n\n")
			if i >= len(file.Relation) || n >= len(file.Relation[i]) {
				continue
			}
			for _, members := range file.Relation[i][n] {
				of := map[string]string{}
				for _, m := range members {
					if m[0] >= 0 && m[1] > m[0] && m[1] <= len(tokens) && len(file.Label[i][n][m[0]]) > 2 {
						of[file.Label[i][n][m[0]][2:]] = strings.Join(tokens[m[0]:m[1]], " ")
					}
				}
				s := stated{of["CN"], numberSet(of["PV"])}
				if s.compound != "" && s.numbers != "" && !seen[s] {
					seen[s], numbers[s.numbers] = true, true
					gold = append(gold, s)
				}
			}
		}
		name := fmt.Sprintf("%s %d.txt", stem(path), i)
		_, records, err := o.extract(ctx, r, name, []byte(whole.String()))
		if err != nil {
			return err
		}
		at := map[string]int{}
		var found []*record.Record
		for _, rec := range records {
			k := rec.Property + "\x00" + plain(rec.Subject.Text) + "\x00" + numberSet(rec.Text)
			if f, ok := at[k]; !ok {
				at[k] = len(found)
				found = append(found, rec)
			} else if rec.Confidence > found[f].Confidence {
				found[f] = rec
			}
		}
		m := match(len(gold), len(found), func(g, f int) bool {
			return gold[g].numbers == numberSet(found[f].Text) && nameContained(gold[g].compound, &found[f].Subject)
		})
		r.judgePart(name, found, m, func(rec *record.Record) bool { return numbers[numberSet(rec.Text)] })
		t.add(float64(matched(m)), len(found), len(gold))
		for _, f := range unmatched(m, len(found)) {
			r.Mistakes = append(r.Mistakes, wrongRecord(t.name, name, found[f]))
		}
		for g, f := range m {
			if f < 0 {
				r.Mistakes = append(r.Mistakes, Mistake{Task: t.name, Document: name, Kind: Missed, Gold: gold[g].compound + ": " + gold[g].numbers})
			}
		}
	}
	r.Tasks = append(r.Tasks, t.task())
	return nil
}

// untokenised joins tokens as they are set in print, without spaces around
// hyphens and slashes, inside brackets and before marks, and returns where each
// stands.
func untokenised(tokens []string) (string, []span) {
	var b strings.Builder
	at := make([]span, len(tokens))
	open := true
	for i, t := range tokens {
		if !open && !strings.Contains(".,;:)]}%", t) && t != "-" && t != "–" && t != "/" {
			b.WriteByte(' ')
		}
		at[i].start = b.Len()
		b.WriteString(t)
		at[i].end = b.Len()
		open = t == "(" || t == "[" || t == "{" || t == "-" || t == "–" || t == "/"
	}
	return b.String(), at
}
