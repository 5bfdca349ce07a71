package extract

import (
	"slices"
	"strings"
)

// formerAndLatter adds mentions of the two subjects that "the former" and "the
// latter" in block b stand for: those enumerated last before them, in the same
// sentence or the one before.
func (r *reading) formerAndLatter(b int) {
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	if !strings.Contains(text, "former") && !strings.Contains(text, "latter") {
		return
	}
	var added []subjectMention
	for i, s := range m.sentences {
		from := s.start
		if i > 0 {
			from = m.sentences[i-1].start
		}
		for _, which := range []string{"former", "latter"} {
			at := strings.Index(asciiLower(text[s.start:s.end]), which)
			if at < 0 {
				continue
			}
			word := span{s.start + at, s.start + at + len(which)}
			if !wholeWord(text, word.start, word.end) || !strings.HasSuffix(asciiLower(text[max(0, word.start-len("the ")):word.start]), "the ") || !r.free(b, word) {
				continue
			}
			var pair []*subjectMention
			for _, list := range coordinated(text, within(m.subjects, subjectSpan, span{from, word.start})) {
				if len(list) == 2 {
					pair = list
				}
			}
			if pair == nil {
				continue
			}
			one := *pair[0]
			if which == "latter" {
				one = *pair[1]
			}
			one.span = word
			added = append(added, one)
		}
	}
	slices.SortFunc(added, func(a, b subjectMention) int { return a.start - b.start })
	m.subjects = merged(m.subjects, added)
}
