package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/fidelity"
)

// scoreFidelity scores how faithfully files are read whose truth is known. The
// truth is NAME.html or NAME.xml; beside it lie files that were set from it,
// NAME.STYLE.pdf or of other formats. The last part of the style, behind a
// hyphen, says how its tables are ruled. What counts is said in package
// fidelity.
func scoreFidelity(ctx context.Context, dir string, o Options) (*Report, error) {
	all, err := list(dir, "")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range all {
		if strings.Count(name, ".") == 2 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: %w: no files NAME.STYLE.pdf", dir, ErrMalformed)
	}
	r := &Report{}
	truths := map[string]*document.Document{}
	total, rules := fidelity.Score{}, map[string]*fidelity.Score{}
	var kinds []string
	for i, name := range names {
		stem, style, _ := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), ".")
		if truths[stem] == nil {
			ending := ".html"
			if slices.Contains(all, stem+".xml") {
				ending = ".xml"
			}
			if truths[stem], err = readDocument(ctx, filepath.Join(dir, stem+ending), o); err != nil {
				return nil, err
			}
		}
		read, err := readDocument(ctx, filepath.Join(dir, name), o)
		if err != nil {
			return nil, err
		}
		score, mistakes := fidelity.Compare(read, truths[stem])
		total.Add(score)
		kind := style[strings.LastIndexByte(style, '-')+1:]
		if rules[kind] == nil {
			rules[kind] = &fidelity.Score{}
			kinds = append(kinds, kind)
		}
		rules[kind].Add(score)
		for _, m := range mistakes {
			what := Missed
			if m.Truth == "" {
				what = Wrong
			}
			r.Mistakes = append(r.Mistakes, Mistake{Task: m.Kind, Document: name, Kind: what, Gold: m.Truth, Found: m.Read})
		}
		o.Progress(i+1, len(names))
	}
	r.Documents = total.Documents
	count := func(name string, c fidelity.Count) {
		r.Tasks = append(r.Tasks, NewTask(name, float64(c.Correct), c.Found, c.Truth))
	}
	right := total.Characters - total.Distance
	r.Tasks = append(r.Tasks, NewTask("characters, 1 − edit distance", float64(max(0, right)), total.Characters, total.Characters))
	count("super- and subscripts", total.Scripts)
	count("cells of tables", total.Cells)
	for _, kind := range kinds {
		count("  "+kind, rules[kind].Cells)
	}
	count("blocks in order", total.Order)
	r.note("%d tables on %d pages", total.Tables, total.Pages)
	return r, nil
}

func readDocument(ctx context.Context, path string, o Options) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return o.Read(ctx, path, data)
}
