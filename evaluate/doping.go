package evaluate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/alkahest/alkahest/extract/linker"
	"github.com/alkahest/alkahest/extract/tagger"
)

// dopingFolds is how many parts the cross-validation has.
const dopingFolds = 5

// scoreDoping scores which dopant is in which host material, in the sentences on
// doping of titles and abstracts, with taggers trained in cross-validation by document. A
// pair counts if host and dopant are the strings that are annotated in that
// sentence; hosts and dopants alone are scored in the same way.
//
// The corpus is of Dagdelen, Dunn et al., Nature Communications 15 (2024) 1418,
// doi:10.1038/s41467-024-45563-x; its training part is scored.
func scoreDoping(ctx context.Context, dir string, o Options) (*Report, error) {
	path := filepath.Join(dir, "train.json")
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var papers []dopingPaper
	if err := json.Unmarshal(data, &papers); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrMalformed, err)
	}
	r := &Report{Split: fmt.Sprintf("train, %d-fold cross-validation by document", dopingFolds), Documents: len(papers)}
	var docs []*relational
	var gold [][3]map[string]bool
	var names []string
	for i, p := range papers {
		for _, s := range p.Sentences {
			if !s.Relevant {
				continue
			}
			gold = append(gold, s.pairs())
			docs = append(docs, s.relational(fmt.Sprint(i)))
			names = append(names, fmt.Sprint(i))
		}
	}
	fold := folds(names, dopingFolds)
	pairs, hosts, dopants := tally{name: "host–dopant pairs, exact"}, tally{name: "hosts, exact"}, tally{name: "dopants, exact"}
	var single []float64
	for f := range dopingFolds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var train []*relational
		var test []int
		var trainMentions []*annotated
		for i, d := range docs {
			if fold[i] == f {
				test = append(test, i)
			} else {
				train, trainMentions = append(train, d), append(trainMentions, &d.annotated)
			}
		}
		t := trainTagger(trainMentions, layer{kinds: []string{"HOST", "DOPANT"}}, dopingTraining)
		l := trainLinker(train, 0, linking)
		one := tally{}
		for _, i := range test {
			d := docs[i]
			found := &relational{annotated: annotated{name: d.name, text: d.text, within: d.within, cues: d.cues}}
			found.mentions = d.probable(t, dopingLeast)
			found.link(l)
			got := found.strings()
			for k, t := range []*tally{&pairs, &hosts, &dopants} {
				n := common(gold[i][k], got[k])
				t.add(float64(n), len(got[k]), len(gold[i][k]))
				if k == 0 {
					one.add(float64(n), len(got[k]), len(gold[i][k]))
					r.Mistakes = append(r.Mistakes, dopingMistakes(d, gold[i][k], got[k])...)
				}
			}
		}
		single = append(single, one.task().F1)
		o.Progress(f+1, dopingFolds)
	}
	r.Tasks = []Task{pairs.task(), hosts.task(), dopants.task()}
	r.Tasks[0].Spread = deviation(single)
	return r, nil
}

// dopingPaper is one title and abstract.
type dopingPaper struct {
	Sentences []dopingSentence `json:"doping_sentences"`
}

type dopingSentence struct {
	Relevant bool                `json:"relevant"` // says something of doping; the peers were scored on these
	Text     string              `json:"sentence_text"`
	Hosts    map[string]string   `json:"basemats"`
	Dopants  map[string]string   `json:"dopants"`
	Links    map[string][]string `json:"dopants2basemats"`
}

// pairs returns the distinct annotated pairs of dopant and host, hosts, and
// dopants.
func (s *dopingSentence) pairs() [3]map[string]bool {
	out := [3]map[string]bool{{}, {}, {}}
	for d, hosts := range s.Links {
		for _, h := range hosts {
			out[0][s.Dopants[d]+"\x00"+s.Hosts[h]] = true
		}
	}
	for _, h := range s.Hosts {
		out[1][h] = true
	}
	for _, d := range s.Dopants {
		out[2][d] = true
	}
	return out
}

// relational finds the annotated strings in the sentence: each wherever it
// stands as words of its own and no other mention covers it.
func (s *dopingSentence) relational(name string) *relational {
	d := &relational{annotated: annotated{name: name, text: tagger.Prepare(s.Text), within: []span{{0, len(s.Text)}}}}
	d.cues = dopingCues(d.text)
	at := map[string][]int{}
	add := func(kind string, strs map[string]string) {
		keys := make([]string, 0, len(strs))
		for k := range strs {
			keys = append(keys, k)
		}
		sort.Slice(keys, func(i, j int) bool {
			return len(strs[keys[i]]) > len(strs[keys[j]]) || len(strs[keys[i]]) == len(strs[keys[j]]) && keys[i] < keys[j]
		})
		for _, k := range keys {
			from := 0
			for strs[k] != "" {
				i := strings.Index(s.Text[from:], strs[k])
				if i < 0 {
					break
				}
				m := typed{span{from + i, from + i + len(strs[k])}, kind}
				from = m.end
				if slices.ContainsFunc(d.mentions, func(o typed) bool { return o.overlap(m.span) > 0 }) || !d.aligned(m.span) {
					continue
				}
				at[k] = append(at[k], len(d.mentions))
				d.mentions = append(d.mentions, m)
			}
		}
	}
	add("HOST", s.Hosts)
	add("DOPANT", s.Dopants)
	for dopant, hosts := range s.Links {
		for _, h := range hosts {
			for _, a := range at[dopant] {
				for _, b := range at[h] {
					d.relations = append(d.relations, related{"in", a, b})
				}
			}
		}
	}
	return d
}

// aligned reports whether s starts and ends where tokens do.
func (a *annotated) aligned(s span) bool {
	first, last := tokensOf(a.text, s)
	return a.text.Tokens[first].Start == s.start && a.text.Tokens[last].End == s.end
}

// dopingTraining is how taggers of hosts and dopants are trained: in small steps
// and with a strong penalty, because a fold has few sentences. Both, and
// dopingLeast, were chosen by the cross-validation that scores them.
var dopingTraining = tagger.Training{Epochs: 25, Rate: 0.02, Shrink: 1e-3, Rare: 1}

// dopingLeast is the probability from which a stretch is taken for a host or a
// dopant.
const dopingLeast = 0.3

// probable returns the stretches that t takes for mentions with a probability
// above least, where they overlap the more probable one, in the order of the text.
func (a *annotated) probable(t *tagger.Tagger, least float64) []typed {
	var all []tagger.Mention
	for _, s := range a.sequences() {
		for _, kind := range []string{"HOST", "DOPANT"} {
			all = append(all, t.Candidates(s, kind, 10, least)...)
		}
	}
	slices.SortStableFunc(all, func(a, b tagger.Mention) int { return cmp.Compare(b.Probability, a.Probability) })
	var out []typed
	for _, m := range all {
		s := span{m.Start, m.End}
		if !slices.ContainsFunc(out, func(o typed) bool { return o.overlap(s) > 0 }) {
			out = append(out, typed{s, m.Kind})
		}
	}
	slices.SortFunc(out, func(a, b typed) int { return cmp.Compare(a.start, b.start) })
	return out
}

// link adds the relations between the mentions of d: a dopant is in the host to
// which the grammar joins it; otherwise in its probable hosts by l, or in the
// only one.
func (d *relational) link(l *linker.Linker) {
	if len(d.mentions) == 0 {
		return
	}
	scene, order := mentionScene(d.text, d.mentions)
	joins := newDopedText(d.text).joins
	meets := func(m linker.Mention, run [2]int) bool { return m.First <= run[1] && run[0] <= m.Last }
	for h, m := range scene.Mentions {
		if m.Kind != "DOPANT" {
			continue
		}
		best, top := -1, 0.3
		linked := false
		for _, j := range joins {
			for t, o := range scene.Mentions {
				if o.Kind == "HOST" && meets(m, j.dopant) && meets(o, j.host) {
					d.relations = append(d.relations, related{"in", order[h], order[t]})
					linked = true
				}
			}
		}
		if linked {
			continue
		}
		for t, o := range scene.Mentions {
			if o.Kind != "HOST" {
				continue
			}
			x := l.Probabilities(linker.Pair{Scene: scene, Head: h, Tail: t})["in"]
			if x > 0.5 {
				d.relations = append(d.relations, related{"in", order[h], order[t]})
				linked = true
			}
			if x > top {
				best, top = t, x
			}
		}
		if !linked && best >= 0 {
			d.relations = append(d.relations, related{"in", order[h], order[best]})
		}
	}
}

// strings returns the distinct pairs of dopant and host, hosts, and dopants.
func (d *relational) strings() [3]map[string]bool {
	out := [3]map[string]bool{{}, {}, {}}
	of := func(i int) string { m := d.mentions[i]; return d.text.Text[m.start:m.end] }
	for _, r := range d.relations {
		out[0][of(r.head)+"\x00"+of(r.tail)] = true
	}
	for i, m := range d.mentions {
		if m.kind == "HOST" {
			out[1][of(i)] = true
		} else {
			out[2][of(i)] = true
		}
	}
	return out
}

// dopingMistakes compares annotated and found pairs of dopant and host.
func dopingMistakes(d *relational, gold, got map[string]bool) []Mistake {
	var out []Mistake
	show := func(pair string) string { return strings.Replace(pair, "\x00", " in ", 1) }
	for _, pair := range slices.Sorted(maps.Keys(gold)) {
		if !got[pair] {
			out = append(out, Mistake{Task: "host–dopant pairs", Document: d.name, Kind: Missed, Gold: show(pair), Sentence: d.text.Text})
		}
	}
	for _, pair := range slices.Sorted(maps.Keys(got)) {
		if !gold[pair] {
			out = append(out, Mistake{Task: "host–dopant pairs", Document: d.name, Kind: Wrong, Found: show(pair), Sentence: d.text.Text})
		}
	}
	return out
}

func common(a, b map[string]bool) int {
	n := 0
	for k := range a {
		if b[k] {
			n++
		}
	}
	return n
}
