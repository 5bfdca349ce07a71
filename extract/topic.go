package extract

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/quantity"
)

// A sentence without a subject of its own is about the topic: what the sentences
// before it were about. Candidates are the subjects that these name, each with the
// weight of its mentions.
const (
	topicSentences = 40 // how many sentences back are looked at
	topicBlocks    = 3  // how many blocks back
)

// candidate is what a sentence may be about.
type candidate struct {
	subject   *subjectMention // its last mention
	weight    float64         // of its best mention
	times     int             // how often it is named
	distance  int             // sentences back to its last mention
	announced bool            // named as what was made or studied
}

// topic returns the subject of sentence index of block b, which names none.
func (r *reading) topic(b, index int) assignment {
	found := r.candidates(b, index)
	var best, second *candidate
	for i := range found {
		c := &found[i]
		if best == nil || c.total() > best.total() {
			best, second = c, best
		} else if second == nil || c.total() > second.total() {
			second = c
		}
	}
	if best == nil {
		if r.main != nil {
			return assignment{subject: r.main, score: -2.2, reasons: []string{"the document's main subject"}}
		}
		return assignment{}
	}
	margin := 2.0 // of one that is alone
	if second != nil {
		margin = min(margin, best.total()-second.total())
	}
	s := r.mentions[b].sentences[index]
	a := assignment{subject: best.subject, score: -2.3, reasons: []string{"subject from an earlier sentence"}, margin: margin, announced: best.announced, rivals: len(found) - 1}
	if best.distance == 1 && refers(r.doc.Blocks[b].Text[s.start:s.end]) {
		a.score, a.reasons = -1.2, []string{"the subject of the sentence before"}
	}
	return a
}

// total is how well c explains what a later sentence is about.
func (c *candidate) total() float64 { return c.weight + 0.25*math.Log(float64(c.times)) }

// candidates returns what sentence index of block b may be about.
func (r *reading) candidates(b, index int) []candidate {
	var out []candidate
	at := map[string]int{}
	distance := 0
	variable := variableIn(r.doc.Blocks[b].Text, r.mentions[b].sentences[index])
	for block, blocks := b, 0; block >= 0 && blocks <= topicBlocks && distance < topicSentences; block-- {
		m := &r.mentions[block]
		last := len(m.sentences)
		if block == b {
			last = index
		}
		for i := last - 1; i >= 0 && distance < topicSentences; i-- {
			distance++
			announces := r.announces(block, i)
			subjects := within(m.subjects, subjectSpan, m.sentences[i])
			first := true
			for j := range subjects {
				s := &subjects[j]
				if s.host || ambient(s) {
					continue
				}
				weight := -0.25 * math.Log2(float64(distance))
				if compared(r.doc.Blocks[block].Text, m.sentences[i], s.start) {
					weight--
				} else {
					if first {
						weight += 0.4
					}
					first = false
					if m.valued[i] == s.key {
						weight += 0.6
					}
				}
				if announces {
					weight += 0.8
				}
				if variable != 0 && varies(s.subject.Text, variable) {
					weight += 2
				}
				if s.single {
					weight--
				}
				if s.weak {
					weight -= 0.8
				}
				if r.main != nil && r.main.key == s.key {
					weight += 0.5
				}
				k, known := at[s.key]
				if !known {
					k = len(out)
					at[s.key] = k
					out = append(out, candidate{subject: s, weight: weight, distance: distance})
				}
				c := &out[k]
				c.times++
				c.weight = max(c.weight, weight)
				c.announced = c.announced || announces
			}
		}
		if len(m.sentences) > 0 {
			blocks++
		}
	}
	return out
}

// variableIn returns the variable of a composition to which s gives a number, 0 if
// there is none: 'x' in "for x = 0.2".
func variableIn(text string, s span) byte {
	for i := s.start + 1; i < s.end; i++ {
		if text[i] != '=' {
			continue
		}
		v := i - 1
		for v > s.start && text[v] == ' ' {
			v--
		}
		if strings.IndexByte("xyz", text[v]) >= 0 && (v == s.start || !labelByte(text[v-1])) && digitBehind(text[i+1:]) {
			return text[v]
		}
	}
	return 0
}

// digitBehind reports whether t begins with a digit, spaces aside.
func digitBehind(t string) bool {
	t = strings.TrimLeft(t, " ")
	return t != "" && t[0] >= '0' && t[0] <= '9'
}

// varies reports whether name is a formula with the amount variable: "La1−xSrxMnO3".
func varies(name string, variable byte) bool {
	for i := 1; i < len(name); i++ {
		if name[i] == variable && (name[i-1] < 'A' || name[i-1] > 'Z' || variable == 'x') && strings.IndexFunc(name, unicode.IsUpper) >= 0 {
			return true
		}
	}
	return false
}

// inEarlierOrder matches lists of values of one property, of which the sentence names
// no subject, to the subjects that were enumerated last, if they are as many: "A and
// B were sintered. Densities of 97 and 95 % were reached."
func (r *reading) inEarlierOrder(b, index int, quantities []quantity.Found, pairs []pairing, out []assignment) {
	byProperty := map[string][]int{}
	for k, p := range pairs {
		if out[k].subject == nil && quantities[p.quantity].List > 0 {
			byProperty[p.property.ID()] = append(byProperty[p.property.ID()], k)
		}
	}
	if len(byProperty) == 0 {
		return
	}
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	for _, ks := range seriesOf(quantities, pairs, byProperty) {
		list := quantities[pairs[ks[0]].quantity].List
		if slices.ContainsFunc(ks, func(k int) bool { return quantities[pairs[k].quantity].List != list }) {
			continue
		}
		for back := 1; back <= 5 && index-back >= 0; back++ {
			lists := coordinated(text, within(m.subjects, subjectSpan, m.sentences[index-back]))
			if len(lists) == 0 {
				continue
			}
			if last := lists[len(lists)-1]; len(last) == len(ks) {
				for n, k := range ks {
					out[k] = assignment{subject: last[n], score: -1.5, reasons: []string{"matched in order with subjects from an earlier sentence"}}
				}
			}
			break
		}
	}
}

// announcing are the beginnings of words, lower case, with which a sentence says
// what was made or studied.
var announcing = []string{
	"report", "investigat", "stud", "prepar", "synthes", "grew", "grown", "fabricat", "deposit", "sinter", "examin", "present", "develop", "introduc", "design",
	"propos", "predict", "explor", "characteri", "describ", "obtained", "produc", "consider",
}

// announces reports whether sentence i of block b says what was made or studied.
func (r *reading) announces(b, i int) bool {
	m := &r.mentions[b]
	if m.announcing == nil {
		m.announcing = make([]bool, len(m.sentences))
		for k, s := range m.sentences {
			m.announcing[k] = slices.ContainsFunc(within(m.words, wordSpan, s), func(w word) bool {
				low := strings.ToLower(w.text)
				return slices.ContainsFunc(announcing, func(stem string) bool { return strings.HasPrefix(low, stem) })
			})
		}
	}
	return m.announcing[i]
}

// refers reports whether sentence begins with a word that stands for the subject of
// the sentence before: "Its band gap", "This polymer".
func refers(sentence string) bool {
	w := strings.Fields(asciiLower(sentence[:min(len(sentence), 48)]))
	if len(w) < 2 {
		return false
	}
	switch w[0] {
	case "it", "its":
		return true
	case "the":
		return w[1] == "material" || w[1] == "compound"
	case "this":
		switch w[1] {
		case "material", "compound", "polymer", "copolymer", "sample", "alloy", "electrolyte", "phase", "emitter", "dye", "complex", "glass", "oxide", "perovskite", "composite", "membrane", "catalyst", "electrode", "device":
			return true
		}
	}
	return false
}

// partOfMain reports whether sub is a layer or sublattice of the document's main
// subject, which has all its elements and more: "the FeAs layers" of RbEuFe4As4.
func (r *reading) partOfMain(text string, sub *subjectMention) bool {
	if r.main == nil || len(sub.subject.Elements) == 0 || len(r.main.subject.Elements) <= len(sub.subject.Elements) {
		return false
	}
	switch word, _ := nextWord(text[sub.end:]); word {
	case "layer", "layers", "plane", "planes", "block", "blocks", "sublattice", "sublattices", "chain", "chains", "moment", "moments":
	default:
		return false
	}
	return !slices.ContainsFunc(sub.subject.Elements, func(e string) bool { return !slices.Contains(r.main.subject.Elements, e) })
}
