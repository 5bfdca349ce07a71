package evaluate

import (
	"cmp"
	"slices"

	"github.com/alkahest/alkahest/extract/linker"
	"github.com/alkahest/alkahest/extract/tagger"
)

// linking is how linkers are trained.
var linking = tagger.Training{Epochs: 6, Shrink: 5e-3}

// related is a relation between two mentions of a text, by index.
type related struct {
	kind       string
	head, tail int
}

// relational is a text with mentions and the relations between them.
type relational struct {
	annotated
	relations []related
}

// mentionScene returns mentions as tokens, in the order of the text, with the index
// of each in ms. Mentions with no token of their own are left out.
func mentionScene(t *tagger.Text, ms []typed) (*linker.Scene, []int) {
	order := make([]int, len(ms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(ms[a].start, ms[b].start), cmp.Compare(ms[a].end, ms[b].end))
	})
	var out []linker.Mention
	for _, i := range order {
		first, last := tokensOf(t, ms[i].span)
		out = append(out, linker.Mention{First: first, Last: last, Kind: ms[i].kind})
	}
	return linker.NewScene(t, out), order
}

// pairings returns the pairs of mentions whose kinds some relation joins, at
// most reach sentences apart, labelled with the relation that joins them.
func pairings(d *relational, joins map[[2]string]bool, reach int) []linker.Pair {
	if len(d.mentions) == 0 {
		return nil
	}
	scene, order := mentionScene(d.text, d.mentions)
	kind := map[[2]int]string{}
	for _, r := range d.relations {
		kind[[2]int{r.head, r.tail}] = r.kind
	}
	var out []linker.Pair
	for h := range scene.Mentions {
		for t := range scene.Mentions {
			if h == t || !joins[[2]string{scene.Mentions[h].Kind, scene.Mentions[t].Kind}] {
				continue
			}
			if apart := scene.Sentence(h) - scene.Sentence(t); apart > reach || apart < -reach {
				continue
			}
			out = append(out, linker.Pair{Scene: scene, Head: h, Tail: t, Relation: kind[[2]int{order[h], order[t]}]})
		}
	}
	return out
}

// joined returns the pairs of kinds that relations of docs join.
func joined(docs []*relational) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, d := range docs {
		for _, r := range d.relations {
			out[[2]string{d.mentions[r.head].kind, d.mentions[r.tail].kind}] = true
		}
	}
	return out
}

// trainLinker trains on the pairs of docs.
func trainLinker(docs []*relational, reach int, o tagger.Training) *linker.Linker {
	joins := joined(docs)
	var pairs []linker.Pair
	for _, d := range docs {
		pairs = append(pairs, pairings(d, joins, reach)...)
	}
	return linker.Train(pairs, o)
}

// leastRelation is how probable a relation must be to be told, chosen on a fold of
// the training part of mulms; see leastMention.
const leastRelation = 0.28

// scoreRelations scores the relations that l finds between the annotated
// mentions of docs: a relation counts if its kind and both ends are as
// annotated.
func scoreRelations(name string, l *linker.Linker, docs []*relational, joins map[[2]string]bool, reach int, kinds []string) []Task {
	all := tally{name: name + ", all relations, annotated mentions"}
	by := map[string]*tally{}
	for _, k := range kinds {
		by[k] = &tally{name: name + ", " + k}
	}
	for _, d := range docs {
		correct, found := map[string]int{}, map[string]int{}
		gold := map[string]int{}
		for _, r := range d.relations {
			gold[r.kind]++
		}
		for _, p := range pairings(d, joins, reach) {
			best, top := "", leastRelation
			for k, x := range l.Probabilities(p) {
				if x > top {
					best, top = k, x
				}
			}
			if best == "" {
				continue
			}
			found[best]++
			if best == p.Relation {
				correct[best]++
			}
		}
		sum := func(m map[string]int) int {
			n := 0
			for _, x := range m {
				n += x
			}
			return n
		}
		all.add(float64(sum(correct)), sum(found), sum(gold))
		for _, k := range kinds {
			by[k].add(float64(correct[k]), found[k], gold[k])
		}
	}
	out := []Task{all.task()}
	for _, k := range kinds {
		out = append(out, by[k].task())
	}
	return out
}

// scorePolymers trains on the papers of one part and scores another: mentions;
// relations between annotated mentions; and triples of compound, property and
// value between annotated mentions and between those found. A triple counts if
// all three members are exactly as annotated.
func scorePolymers(train, test []*relational) []Task {
	var trainMentions []*annotated
	for _, d := range train {
		trainMentions = append(trainMentions, &d.annotated)
	}
	kinds := []string{"CN", "PN", "PV", "Condition"}
	t := trainTagger(trainMentions, layer{kinds: kinds}, tagger.Training{})
	count := newTypedCount("trained", kinds)
	l := trainLinker(train, 2, linking)
	annotatedTriples := tally{name: "trained, triples, annotated mentions"}
	foundTriples := tally{name: "trained, triples, found mentions"}
	for _, d := range test {
		found := d.found([]*tagger.Tagger{t})
		count.add(d.mentions, found)
		gold := d.triples()
		for _, one := range []struct {
			mentions []typed
			tally    *tally
		}{{d.mentions, &annotatedTriples}, {found, &foundTriples}} {
			got := linkTriples(l, d.text, one.mentions)
			n := 0
			for x := range got {
				if gold[x] {
					n++
				}
			}
			one.tally.add(float64(n), len(got), len(gold))
		}
	}
	out := count.tasks()
	out = append(out, scoreRelations("trained", l, test, joined(train), 2, []string{"of CN", "of PN"})...)
	return append(out, annotatedTriples.task(), foundTriples.task())
}

// triple is the compound, property and value of one statement.
type triple [3]span

// triples returns the annotated triples of d.
func (d *relational) triples() map[triple]bool {
	out := map[triple]bool{}
	for i := 0; i+1 < len(d.relations); i++ {
		a, b := d.relations[i], d.relations[i+1]
		if a.kind == "of CN" && b.kind == "of PN" && a.head == b.head {
			out[triple{d.mentions[a.tail].span, d.mentions[b.tail].span, d.mentions[a.head].span}] = true
		}
	}
	return out
}

// linkTriples gives each value its most probable property and its probable
// compounds.
func linkTriples(l *linker.Linker, text *tagger.Text, ms []typed) map[triple]bool {
	out := map[triple]bool{}
	if len(ms) == 0 {
		return out
	}
	scene, order := mentionScene(text, ms)
	for h, m := range scene.Mentions {
		if m.Kind != "PV" {
			continue
		}
		property, best := -1, 0.3
		compound, top := -1, 0.2
		var compounds []int
		for t, o := range scene.Mentions {
			if apart := scene.Sentence(h) - scene.Sentence(t); o.Kind != "CN" && o.Kind != "PN" || apart > 2 || apart < -2 {
				continue
			}
			p := l.Probabilities(linker.Pair{Scene: scene, Head: h, Tail: t})
			if x := p["of PN"]; o.Kind == "PN" && x > best {
				property, best = t, x
			}
			if x := p["of CN"]; o.Kind == "CN" {
				if x > 0.5 {
					compounds = append(compounds, t)
				}
				if x > top {
					compound, top = t, x
				}
			}
		}
		if len(compounds) == 0 && compound >= 0 {
			compounds = []int{compound}
		}
		for _, c := range compounds {
			if property >= 0 {
				out[triple{ms[order[c]].span, ms[order[property]].span, ms[order[h]].span}] = true
			}
		}
	}
	return out
}
