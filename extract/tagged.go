package extract

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/extract/tagger"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// SubjectKind is the kind of the mentions that the tagger of subjects finds.
const SubjectKind = "SUBJECT"

//go:embed weights/subjects.bin
var subjectsFile []byte

// maxWeights bounds the unpacked size of stored weights, in bytes.
const maxWeights = 64 << 20

// builtInSubjects returns the tagger of subjects that is part of the program.
var builtInSubjects = sync.OnceValue(func() *tagger.Tagger {
	t, err := ReadSubjects(subjectsFile)
	if err != nil {
		panic(err) // a broken build; a test reads the file
	}
	return t
})

// ReadSubjects reads a tagger of subjects in its stored form.
func ReadSubjects(data []byte) (*tagger.Tagger, error) {
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), maxWeights))
	if err != nil {
		return nil, err
	}
	t, _, err := tagger.Decode(raw)
	return t, err
}

// WriteSubjects returns the stored form of a tagger of subjects.
func WriteSubjects(t *tagger.Tagger) ([]byte, error) {
	raw, err := t.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// sureSubject is the probability from which a tagged mention is a subject.
const sureSubject = 0.5

// tag adds the subjects that the trained tagger finds in the sentences of block
// b that may hold a record, where the grammar finds none.
func (r *reading) tag(b int) {
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	subjects := r.x.subjects
	var added []subjectMention
	for _, s := range m.sentences {
		quantities := within(m.quantities, quantitySpan, s)
		properties := within(m.properties, propertySpan, s)
		if !r.stateable(quantities, properties) {
			continue
		}
		if subjects == nil {
			subjects = builtInSubjects()
		}
		for _, found := range subjects.Tag(tagger.Whole(tagger.Prepare(text[s.start:s.end]))) {
			at := span{s.start + found.Start, s.start + found.End}
			if found.Probability < sureSubject || !r.free(b, at) {
				continue
			}
			if one, ok := r.nameAt(b, at); ok {
				one.doubt = 1 - found.Probability
				added = appendApart(added, one)
			}
		}
	}
	if len(added) > 0 {
		m.subjects = merged(m.subjects, added)
	}
}

// stateable reports whether one of quantities can be a value of one of
// properties, or tells its property itself.
func (r *reading) stateable(quantities []quantity.Found, properties []propertyMention) bool {
	for k := range quantities {
		if r.x.lexicon.implies(&quantities[k]) != nil {
			return true
		}
	}
	for i := range properties {
		for _, e := range properties[i].entries {
			for k := range quantities {
				if _, _, ok := convert(e.property, quantities[k].Quantity); ok && !bare(&quantities[k], e.property) {
					return true
				}
			}
		}
	}
	return false
}

// spread adds mentions of the names that the tagger has found elsewhere in the
// document.
func (r *reading) spread() {
	names := map[string]float64{} // the least doubt
	for i := range r.mentions {
		for _, s := range r.mentions[i].subjects {
			if !s.tagged && !s.titled {
				continue
			}
			if doubt, ok := names[s.subject.Text]; !ok || s.doubt < doubt {
				names[s.subject.Text] = s.doubt
			}
		}
	}
	for label := range r.serial {
		if _, ok := names[label]; !ok {
			names[label] = enumeratedDoubt
		}
	}
	if len(names) == 0 {
		return
	}
	for i := range r.mentions {
		if r.mentions[i].sentences == nil {
			continue
		}
		var added []subjectMention
		for _, w := range labelWords(r.doc.Blocks[i].Text) {
			doubt, ok := names[r.doc.Blocks[i].Text[w.start:w.end]]
			if !ok || !r.free(i, w) {
				continue
			}
			if one, ok := r.nameAt(i, w); ok {
				one.doubt = doubt
				added = appendApart(added, one)
			}
		}
		r.mentions[i].subjects = merged(r.mentions[i].subjects, added)
	}
}

// free reports whether no subject, property or quantity stands at s.
func (r *reading) free(b int, s span) bool {
	m := &r.mentions[b]
	_, subject := overlapping(m.subjects, subjectSpan, s)
	_, property := overlapping(m.properties, propertySpan, s)
	_, number := overlapping(m.quantities, quantitySpan, s)
	_, series := overlapping(m.ranges, func(r labelRange) span { return r.span }, s)
	return !subject && !property && !number && !series
}

// nameAt returns the mention of a subject known by its name alone. Names of
// methods and words without a letter are none.
func (r *reading) nameAt(b int, s span) (subjectMention, bool) {
	text := strings.TrimRight(r.doc.Blocks[b].Text[s.start:s.end], ".,;:")
	s.end = s.start + len(text)
	if whole := wholeLabel(r.doc.Blocks[b].Text, s); whole != s && r.free(b, whole) {
		s, text = whole, r.doc.Blocks[b].Text[whole.start:whole.end]
	}
	if instrument(text) || r.x.lexicon.symbols[text] != nil && !r.serial[text] || !strings.ContainsFunc(text, letter) || len(text) < 2 {
		return subjectMention{}, false
	}
	if _, symbol := chem.BySymbol(text); symbol || isElement(text) {
		return subjectMention{}, false // whether an element is a material the grammar knows better
	}
	if first, second, ok := strings.Cut(text, "-"); ok && bond(first, second, r.doc.Blocks[b].Text[s.end:]) {
		return subjectMention{}, false
	}
	name := tidy(text)
	return subjectMention{
		span: s, block: b, key: name, tagged: true, host: hosts(r.doc.Blocks[b].Text, s),
		subject: record.Subject{Text: text, Kind: record.Named, Name: name, Block: b, Start: s.start, End: s.end},
	}, true
}

// bond reports whether two symbols, with rest behind them, are those of a bond: "Mg-O
// distances".
func bond(first, second, rest string) bool {
	_, one := chem.BySymbol(first)
	_, two := chem.BySymbol(second)
	if !one || !two {
		return false
	}
	switch next, _ := nextWord(rest); key(next) {
	case "bond", "distance", "length", "stretch", "stretching", "vibration", "hybridization", "hybridisation", "interaction", "coordination":
		return true
	}
	return false
}

// wholeLabel extends s, a part of a label, over all of it: "PFPy" to "PFPy-FO", "Cl" to
// "ITIC-4Cl", "SCU" to "SCU@CD-MOF".
func wholeLabel(text string, s span) span {
	for s.start > 0 && (labelByte(text[s.start-1]) || text[s.start-1] == '-' && s.start > 1 && (text[s.start-2] >= 'A' && text[s.start-2] <= 'Z' || allDigits(text[s.start-2:s.start-1]))) {
		s.start--
	}
	if start := greekBefore(text, s.start); start < s.start { // "ν-DABNA"
		s.start = start
	}
	if s.end > s.start+1 && text[s.end-1] == '-' { // the tagger stops at hyphens
		s.end--
	}
	s.end = tailAt(text, s.end)
	return grown(text, s)
}

// greekBefore returns where the Greek letter stands that a hyphen joins to the label at
// i, i if there is none.
func greekBefore(text string, i int) int {
	if i < 3 || text[i-1] != '-' {
		return i
	}
	r, size := utf8.DecodeLastRuneInString(text[:i-1])
	if start := i - 1 - size; r >= 'α' && r <= 'ω' && (start == 0 || text[start-1] == ' ' || text[start-1] == '(') {
		return start
	}
	return i
}

// appendApart appends one to list, which ascends, unless it overlaps the last.
func appendApart(list []subjectMention, one subjectMention) []subjectMention {
	if len(list) > 0 && list[len(list)-1].end > one.start {
		return list
	}
	return append(list, one)
}

// merged returns two ascending lists as one.
func merged(a, b []subjectMention) []subjectMention {
	out := make([]subjectMention, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].start <= b[0].start {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
