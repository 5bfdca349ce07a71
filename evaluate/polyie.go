package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
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
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Text  [][][]string `json:"text"`  // paper, paragraph, token
		Label [][][]string `json:"label"` // a tag for each token
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrMalformed, err)
	}
	if len(file.Text) != len(file.Label) {
		return nil, fmt.Errorf("%s: %w: %d papers, but %d with tags", path, ErrMalformed, len(file.Text), len(file.Label))
	}
	r := &Report{Split: "validation", Documents: len(file.Text), Notes: []string{grammarOnly}}
	compound, value := newMentionCount("compound mentions"), newMentionCount("property value mentions")
	for i, paragraphs := range file.Text {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(paragraphs) != len(file.Label[i]) {
			return nil, fmt.Errorf("%s: paper %d: %w: %d paragraphs, but %d with tags", path, i, ErrMalformed, len(paragraphs), len(file.Label[i]))
		}
		for n, tokens := range paragraphs {
			tags := file.Label[i][n]
			if len(tags) != len(tokens) {
				return nil, fmt.Errorf("%s: paper %d, paragraph %d: %w: %d tokens, but %d tags", path, i, n, ErrMalformed, len(tokens), len(tags))
			}
			text, at := join(tokens)
			name := fmt.Sprintf("%d, paragraph %d", i, n)
			r.Mistakes = append(r.Mistakes, compound.add(name, text, tagged(at, tags, "CN"), widen(at, materials(text)))...)
			r.Mistakes = append(r.Mistakes, value.add(name, text, tagged(at, tags, "PV"), widen(at, values(text)))...)
		}
		o.Progress(i+1, len(file.Text))
	}
	r.Tasks = append(compound.tasks(), value.tasks()...)
	return r, nil
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

// tagged returns the spans of tokens tagged "B-kind", "I-kind".
func tagged(at []span, tags []string, kind string) []span {
	var out []span
	last := "O"
	for i, tag := range tags {
		if tag == "B-"+kind || tag == "I-"+kind {
			out = extend(out, at[i], tag, last)
		}
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
