// Package linker decides which mentions of a text belong together, such as a
// value and the property and the material that it is of, with a trained
// classifier of pairs: a logistic regression over what stands between and
// around the two.
package linker

import (
	"strings"

	"github.com/alkahest/alkahest/extract/tagger"
)

// Mention is a stretch of tokens of a text with a kind.
type Mention struct {
	First, Last int // tokens, both included
	Kind        string
}

// Scene is a text with all the mentions that may be linked in it, in order.
type Scene struct {
	Text     *tagger.Text
	Mentions []Mention

	sentence []int // of each mention
	listed   []bool
}

// NewScene returns the scene of mentions, which must ascend.
func NewScene(text *tagger.Text, mentions []Mention) *Scene {
	s := &Scene{Text: text, Mentions: mentions}
	sentences := tagger.Sentences(text.Text)
	s.listed = make([]bool, len(sentences)+1)
	for i, sentence := range sentences {
		s.listed[i] = strings.Contains(text.Text[sentence.Start:sentence.End], "espectively")
	}
	n := 0
	for _, m := range mentions {
		at := text.Tokens[m.First].Start
		for n < len(sentences) && sentences[n].End <= at {
			n++
		}
		s.sentence = append(s.sentence, n)
	}
	return s
}

// Sentence returns the number of the sentence of mention i.
func (s *Scene) Sentence(i int) int { return s.sentence[i] }

// Pair is a pair of mentions of a scene, by index: of a head, such as a value,
// and of what may belong to it.
type Pair struct {
	Scene      *Scene
	Head, Tail int
	Relation   string // in training: what links them, "" for nothing
}

// Linker tells what links pairs of mentions. It is safe for concurrent use.
type Linker struct {
	tagger *tagger.Tagger
}

// none is the label of pairs that nothing links.
const none = "none"

// Train fits a linker to pairs.
func Train(pairs []Pair, o tagger.Training) *Linker {
	labels := []string{none}
	at := map[string]uint8{"": 0}
	var examples []tagger.Example
	for i := range pairs {
		y, ok := at[pairs[i].Relation]
		if !ok {
			y = uint8(len(labels))
			at[pairs[i].Relation] = y
			labels = append(labels, pairs[i].Relation)
		}
		examples = append(examples, tagger.Example{Sequence: pairs[i].sequence(), Labels: []uint8{y}})
	}
	return &Linker{tagger.Train(labels, examples, o)}
}

// Probabilities returns for each relation how probable it links pair.
func (l *Linker) Probabilities(p Pair) map[string]float64 {
	out := map[string]float64{}
	for y, x := range l.tagger.Marginals(p.sequence(), 0) {
		if y > 0 {
			out[l.tagger.Labels()[y]] = float64(x)
		}
	}
	return out
}

// AppendBinary appends l in its stored form.
func (l *Linker) AppendBinary(out []byte) ([]byte, error) { return l.tagger.AppendBinary(out) }

// Decode reads a linker in its stored form and returns what stands behind it.
func Decode(data []byte) (*Linker, []byte, error) {
	t, rest, err := tagger.Decode(data)
	if err != nil {
		return nil, nil, err
	}
	return &Linker{t}, rest, nil
}

// sequence is the pair as one token with the features of both.
func (p Pair) sequence() tagger.Sequence {
	return tagger.Sequence{Text: p.Scene.Text, First: p.Scene.Mentions[p.Tail].Last, Count: 1, Extra: [][]uint32{p.features()}}
}
