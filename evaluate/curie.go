package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/alkahest/alkahest/record"
)

// curieProperty is what the corpus is about.
const curieProperty = "solid/curie-temperature"

// pair is a compound and its Curie temperature in one abstract.
type pair struct {
	compound string
	numbers  string // see numberSet
	abstract int
	text     string         // the temperature as written
	record   *record.Record // nil for pairs of a file
}

func (p pair) String() string { return p.compound + ": " + p.text }

// scoreCurie scores pairs of compound and Curie temperature in abstracts.
//
// A pair counts when the abstract, the compound and the numbers of the
// temperature all agree. Compounds agree when they are the same characters but
// for white space and an unknown deviation at the end ("O2-d"); for records of
// our own also when both are formulas with the same canonical form. Numbers
// agree when the sets of unsigned numbers in the temperatures as written are
// equal, so an interval must have both ends, and "about" and units do not
// matter. Each annotated pair counts once, and equal pairs found twice in one
// abstract are one finding.
//
// The corpus is of Gilligan, Cobelli, Taufour and Sanvito, npj Computational
// Materials 9 (2023) 222, doi:10.1038/s41524-023-01171-9, with the output of
// ChemDataExtractor and BERT-PSIE on the same abstracts, which are scored by
// the same function as peers: 21 of 33 and 13 of 21 pairs are right. If the
// deviation had to agree too, it would be 20 of 33 and 13 of 21.
func scoreCurie(ctx context.Context, dir string, o Options) (*Report, error) {
	path := filepath.Join(dir, "abstracts.json")
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Abstracts []string `json:"abstracts"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrMalformed, err)
	}
	gold, err := readPairs(filepath.Join(dir, "gold.csv"))
	if err != nil {
		return nil, err
	}
	r := &Report{Documents: len(file.Abstracts)}
	var found []pair
	for i, abstract := range file.Abstracts {
		_, records, err := o.extract(ctx, r, strconv.Itoa(i)+".txt", []byte(abstract))
		if err != nil {
			return nil, err
		}
		for _, rec := range records {
			if rec.Property == curieProperty {
				found = append(found, pair{rec.Subject.Text, numberSet(rec.Text), i, rec.Text, rec})
			}
		}
		o.Progress(i+1, len(file.Abstracts))
	}
	found = distinctPairs(found)
	task, mistakes, m := scorePairs("compound and temperature", gold, found)
	var records []*record.Record
	for _, p := range found {
		records = append(records, p.record)
	}
	r.judge("abstracts", records, m)
	for i, m := range mistakes {
		// The sentence of a missed pair is not annotated: show the abstract.
		if n, err := strconv.Atoi(m.Document); err == nil && m.Sentence == "" && n >= 0 && n < len(file.Abstracts) {
			mistakes[i].Sentence = file.Abstracts[n]
		}
	}
	r.Tasks = []Task{task}
	r.Mistakes = mistakes
	for _, peer := range []struct{ name, file string }{
		{"ChemDataExtractor", "chemdataextractor.csv"},
		{"BERT-PSIE", "bert-psie.csv"},
	} {
		pairs, err := readPairs(filepath.Join(dir, peer.file))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		task, _, _ := scorePairs(peer.name, gold, distinctPairs(pairs))
		r.Peers = append(r.Peers, task)
	}
	return r, nil
}

// readPairs reads rows of compound, temperature and number of abstract.
func readPairs(path string) ([]pair, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	rows, err := table(path, data, "compound", "Tc", "source")
	if err != nil {
		return nil, err
	}
	var out []pair
	for i, row := range rows {
		n, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w: source %q", path, i+2, ErrMalformed, row[2])
		}
		out = append(out, pair{compound: row[0], numbers: numberSet(row[1]), abstract: n, text: row[1]})
	}
	return out, nil
}

// distinctPairs drops pairs that say the same of the same compound in one
// abstract.
func distinctPairs(ps []pair) []pair {
	type key struct {
		compound, numbers string
		abstract          int
	}
	seen := map[key]int{}
	var out []pair
	for _, p := range ps {
		k := key{despace(p.compound), p.numbers, p.abstract}
		if p.record != nil && p.record.Subject.Formula != "" {
			k.compound = p.record.Subject.Formula
		}
		if i, ok := seen[k]; !ok {
			seen[k] = len(out)
			out = append(out, p)
		} else if p.record != nil && p.record.Confidence > out[i].record.Confidence {
			out[i] = p
		}
	}
	return out
}

// scorePairs scores found against gold, and returns which found pair each
// annotated one is.
func scorePairs(name string, gold, found []pair) (Task, []Mistake, []int) {
	m := match(len(gold), len(found), func(g, f int) bool {
		a, b := gold[g], found[f]
		if a.abstract != b.abstract || a.numbers != b.numbers {
			return false
		}
		return stoichiometric(a.compound) == stoichiometric(b.compound) || b.record != nil && sameCompound(a.compound, &b.record.Subject)
	})
	var mistakes []Mistake
	for g, f := range m {
		if f < 0 {
			mistakes = append(mistakes, Mistake{Task: name, Document: strconv.Itoa(gold[g].abstract), Kind: Missed, Gold: gold[g].String()})
		}
	}
	for _, f := range unmatched(m, len(found)) {
		p := found[f]
		mistake := Mistake{Task: name, Document: strconv.Itoa(p.abstract), Kind: Wrong, Found: p.String()}
		if p.record != nil {
			mistake.Sentence = p.record.Evidence.Sentence
		}
		mistakes = append(mistakes, mistake)
	}
	return NewTask(name, float64(matched(m)), len(found), len(gold)), mistakes, m
}
