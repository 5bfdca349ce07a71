package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/extract/tagger"
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
	if o.Train {
		train, err := annotatedPolyIE(filepath.Join(dir, "train.json"), o.Classes)
		if err != nil {
			return nil, err
		}
		validation, err := annotatedPolyIE(path, o.Classes)
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
func annotatedPolyIE(path string, classes *tagger.Clusters) ([]*relational, error) {
	file, err := readPolyIE(path)
	if err != nil {
		return nil, err
	}
	var out []*relational
	for i, paragraphs := range file.Text {
		for n, tokens := range paragraphs {
			text, at := join(tokens)
			a := &relational{annotated: annotated{name: strconv.Itoa(i), text: tagger.Prepare(text, classes), mentions: tagged(at, file.Label[i][n])}}
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
