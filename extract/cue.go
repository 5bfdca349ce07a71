package extract

import (
	"math"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Cues is what speaks for and against a record, as numbers in the order of
// [CueNames].
type Cues []float64

// The cues. A judge is trained for exactly these.
const (
	cueBias         = iota
	cuePair         // the sum of what joins value and property
	cueSubject      // the sum of what joins value and subject
	cueElsewhere    // the subject is from another sentence
	cueMain         // the subject is the document's main one
	cueInOrder      // matched by "respectively"
	cueHost         // the subject is named as a substrate, solvent or structure type
	cueWeakSubject  // a bare label or ambiguous abbreviation
	cueElement      // the subject is one element
	cueName         // the subject has no formula
	cueBare         // the value has no unit of its own
	cueApproximate  // "about", "~"
	cueBound        // "above", "<"
	cueInterval     //
	cueSymbol       // the property is named by a symbol
	cueMeanings     // the property's words have other meanings
	cueRivals       // other quantities of the dimension in the sentence
	cueSubjects     // other subjects in the sentence
	cueProperties   // other properties in the sentence
	cueLength       // words of the sentence
	cueFarSubject   // bytes between value and subject
	cueFarProperty  // bytes between value and property
	cueHedged       // "expected", "may"
	cueComputed     // "calculated", "DFT"
	cueCited        // citation marks, "reported"
	cueCompared     // "than", "compared"
	cueChanged      // "increase", "shift"
	cueNegated      // "not", "no"
	cueAbstract     // in a title or abstract
	cueCaption      // in a caption
	cueTable        // in a table
	cueExtreme      // the value lies near an end of what is plausible
	cueAfter        // the property stands behind the value
	cueSubjectAfter // the subject stands behind the value
	cueTagged       // the subject is found by the trained tagger alone
	cueDoubt        // how probable that is wrong
	cueMargin       // how much more the subject from another sentence has for it than the next
	cueAnnounced    // that subject was named as what was made or studied
	cueCandidates   // other subjects that the sentence could be about, where the subject is from another sentence
	cues            // how many there are
)

// CueNames names the cues in their order.
func CueNames() []string {
	return []string{
		"bias", "pair", "subject", "elsewhere", "main", "in order", "host", "weak subject", "element", "name", "bare", "approximate", "bound",
		"interval", "symbol", "meanings", "rivals", "subjects", "properties", "length", "far subject", "far property", "hedged", "computed",
		"cited", "compared", "changed", "negated", "abstract", "caption", "table", "extreme", "after", "subject after", "tagged", "doubt", "margin", "announced", "candidates",
	}
}

// tones lists the words, lower case, by which a sentence is hedged, computed and
// so on. A word that ends in "-" stands for all that begin so.
var tones = []struct {
	cue   int
	words []string
}{
	{cueHedged, []string{"expect-", "predict-", "may", "might", "could", "would", "should", "possibl-", "estimat-", "suggest-", "extrapolat-", "assum-", "theoretical-", "ideal-", "target-", "propos-", "requir-", "desir-"}},
	{cueComputed, []string{"calculat-", "comput-", "simulat-", "dft", "gga", "lda", "hse", "hse06", "pbe", "first", "ab", "theor-", "monte", "model-"}},
	{cueCited, []string{"report-", "previous-", "literature", "ref", "refs", "et", "published", "known", "earlier"}},
	{cueCompared, []string{"than", "compar-", "versus", "relative", "similar", "unlike", "exceed-", "higher", "lower", "larger", "smaller"}},
	{cueChanged, []string{"increas-", "decreas-", "shift-", "reduc-", "enhanc-", "chang-", "differen-", "rais-", "drop-", "vari-", "range-", "from"}},
	{cueNegated, []string{"not", "no", "without", "neither", "nor", "cannot", "absence", "never"}},
}

// tone sets the cues of the words of a sentence.
func (c Cues) tone(ws []word) {
	for _, w := range ws {
		low := strings.ToLower(w.text)
		for _, t := range tones {
			if c[t.cue] > 0 {
				continue
			}
			for _, word := range t.words {
				if stem, open := strings.CutSuffix(word, "-"); low == stem || open && strings.HasPrefix(low, stem) {
					c[t.cue] = 1
					break
				}
			}
		}
	}
}

func flag(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// proseCues describes the record of pair k of a sentence with its subject.
func (r *reading) proseCues(b int, s span, quantities []quantity.Found, pairs []pairing, k int, a assignment, subject *subjectMention, subjects []subjectMention, properties []propertyMention) Cues {
	p, q, m := &pairs[k], &quantities[pairs[k].quantity], pairs[k].mention
	c := r.sharedCues(b, subject)
	c[cuePair], c[cueSubject] = p.score, a.score
	elsewhere := subject.block != b || subject.start < s.start || subject.end > s.end
	c[cueElsewhere], c[cueMargin], c[cueAnnounced], c[cueCandidates] = flag(elsewhere), a.margin, flag(a.announced), math.Log1p(float64(a.rivals))
	c[cueInOrder] = flag(slices.ContainsFunc(a.reasons, func(why string) bool { return strings.HasPrefix(why, "matched in order") }))
	c[cueBare] = flag(q.UnitSpan.End == q.UnitSpan.Start && !p.property.Fraction)
	c.value(q.Quantity)
	c[cueSymbol] = flag(m.symbol)
	c[cueMeanings] = flag(slices.ContainsFunc(p.reasons, func(why string) bool { return strings.HasSuffix(why, "has other meanings") }))
	rivals := 0
	for i := range quantities {
		if i != p.quantity && quantities[i].Quantity.Unit.Dimension == q.Quantity.Unit.Dimension && quantities[i].UnitSpan.End > quantities[i].UnitSpan.Start {
			rivals++
		}
	}
	others := map[string]bool{}
	for i := range subjects {
		if subjects[i].key != subject.key {
			others[subjects[i].key] = true
		}
	}
	c[cueRivals], c[cueSubjects] = math.Log1p(float64(rivals)), math.Log1p(float64(len(others)))
	c[cueProperties] = math.Log1p(float64(between(&parentheses{}, properties, s.start, s.end, m)))
	text := r.doc.Blocks[b].Text
	c[cueLength] = float64(min(wordCount(text[s.start:s.end]), 100)) / 50
	if !elsewhere {
		c[cueFarSubject] = far(span{q.Start, q.End}, subject.span)
		c[cueSubjectAfter] = flag(subject.start >= q.End)
	}
	c[cueFarProperty] = far(span{q.Start, q.End}, m.span)
	c[cueAfter] = flag(m.start >= q.End)
	c.tone(within(r.mentions[b].words, wordSpan, s))
	kind := r.doc.Blocks[b].Kind
	c[cueAbstract], c[cueCaption] = flag(kind == document.Abstract || kind == document.Title), flag(kind == document.Caption)
	return c
}

// sharedCues sets the cues that prose and tables share.
func (r *reading) sharedCues(b int, subject *subjectMention) Cues {
	c := make(Cues, cues)
	c[cueBias] = 1
	c[cueMain] = flag(r.main != nil && r.main.key == subject.key)
	c[cueHost], c[cueWeakSubject], c[cueElement] = flag(subject.host), flag(subject.weak), flag(subject.single)
	c[cueName] = flag(subject.subject.Formula == "")
	c[cueTagged], c[cueDoubt] = flag(subject.tagged), subject.doubt
	return c
}

// value sets the cues of the value itself.
func (c Cues) value(q quantity.Quantity) {
	c[cueApproximate] = flag(q.Approximate)
	c[cueBound] = flag(math.IsInf(q.Low, 0) || math.IsInf(q.High, 0))
	c[cueInterval] = flag(q.Low != q.High && c[cueBound] == 0)
}

// far is the logarithm of the bytes between two spans.
func far(a, b span) float64 {
	return math.Log1p(float64(max(0, b.start-a.end, a.start-b.end))) / 4
}

// extreme sets the cue of a value in p's unit that is near an end of the
// plausible range, on the logarithmic scale where both ends are above 0.
func (c Cues) extreme(rec *record.Record, low, high float64) {
	if rec.Low == nil || rec.High == nil || !(high > low) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return
	}
	x := (*rec.Low + *rec.High) / 2
	if low > 0 && x > 0 {
		x, low, high = math.Log(x), math.Log(low), math.Log(high)
	}
	at := (x - low) / (high - low)
	c[cueExtreme] = flag(at < 0.03 || at > 0.97)
}

// tableCues describes a record of a table.
func (r *reading) tableCues(b int, p *pairing, score float64, subject *subjectMention, rec *record.Record) Cues {
	c := r.sharedCues(b, subject)
	c[cueTable], c[cuePair], c[cueSubject] = 1, p.score, score
	c[cueSymbol] = flag(p.mention != nil && p.mention.symbol)
	c[cueApproximate] = flag(rec.Approx)
	c[cueBound] = flag(rec.Low == nil || rec.High == nil)
	return c
}
