package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/extract/tagger"
)

// TrainSubjects trains the tagger of subjects on the training parts of the
// corpora of mentions in the folder dir: compounds of polyie and materials of
// mulms and sofc-exp. Words for classes of materials, such as "electrolyte", are
// annotated there but are no subjects: a mention is learned if it has a capital, a
// digit or a formula or name that the grammar knows.
func TrainSubjects(ctx context.Context, dir string, seed uint64) (*tagger.Tagger, error) {
	return trainSubjects(ctx, dir, seed, func(int) bool { return true })
}

// trainSubjects is TrainSubjects with those papers of polyie only for which
// polymer holds.
func trainSubjects(ctx context.Context, dir string, seed uint64, polymer func(paper int) bool) (*tagger.Tagger, error) {
	var docs []*annotated
	add := func(text string, mentions []typed, kind string, within []span) {
		a := &annotated{text: tagger.Prepare(text), within: within}
		for _, m := range mentions {
			if m.kind == kind && specific(text[m.start:m.end]) {
				a.mentions = append(a.mentions, typed{m.span, extract.SubjectKind})
			}
		}
		docs = append(docs, a)
	}
	polymers, err := readPolyIE(filepath.Join(dir, "polyie", "train.json"))
	if err != nil {
		return nil, err
	}
	for i, paragraphs := range polymers.Text {
		if !polymer(i) {
			continue
		}
		for n, tokens := range paragraphs {
			text, at := untokenised(tokens)
			add(text, tagged(at, polymers.Label[i][n]), "CN", nil)
		}
	}
	path := filepath.Join(dir, "mulms", "docs.jsonl.gz")
	data, err := readGzip(path)
	if err != nil {
		return nil, err
	}
	papers, err := jsonLines[mulmsDocument](path, data)
	if err != nil {
		return nil, err
	}
	for i := range papers {
		if papers[i].Set == "dev" {
			continue
		}
		a, err := papers[i].annotated(path)
		if err != nil {
			return nil, err
		}
		add(papers[i].Text, a.mentions, "MAT", a.within)
	}
	part := filepath.Join(dir, "sofc-exp", "train")
	files, err := list(filepath.Join(part, "texts"), ".txt")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		sentences, err := readSOFC(part, stem(file))
		if err != nil {
			return nil, err
		}
		for _, s := range sentences {
			add(s.text, s.mentions, "MATERIAL", []span{{0, len(s.text)}})
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("%s: %w: no texts", dir, ErrMalformed)
	}
	return trainTagger(docs, layer{kinds: []string{extract.SubjectKind}}, tagger.Training{Seed: seed, Rare: 3}), nil
}

// specific reports whether a name tells one material from others.
func specific(name string) bool {
	for i, r := range name {
		if unicode.IsDigit(r) || unicode.IsUpper(r) && (i > 0 || len(name) <= 3) {
			return true
		}
	}
	return len(formula.Find(name)) > 0 || strings.HasPrefix(strings.ToLower(name), "poly(")
}
