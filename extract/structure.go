package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem/name"
	"github.com/alkahest/alkahest/record"
)

// sureName is the confidence from which a name in a text counts as a subject by
// itself.
const sureName = 0.8

// structures gives the subjects found in text the structures of their names, and
// adds the molecules and polymers whose names the formulas do not tell.
func structures(b int, text string, found []subjectMention) []subjectMention {
	var out []subjectMention
	next := 0
	for _, n := range name.Find(text) {
		at := span{n.Start, n.End}
		for next < len(found) && found[next].end <= at.start {
			out = append(out, found[next])
			next++
		}
		kind := record.Molecule
		if n.Structure.Kind == name.Polymer {
			kind = record.Polymer
		}
		if next < len(found) && found[next].overlaps(at) {
			// The formula or alias stays what the subject is; the name may be longer
			// than it ("LiPF6" within "LiPF6 salt" or "PEO" in "PEO"), never shorter.
			s := &found[next].subject
			if found[next].start >= at.start && found[next].end <= at.end && (s.Kind == kind || s.Kind == record.Composition) {
				s.SMILES = n.Structure.SMILES
				if s.Kind == record.Composition && n.Material == nil {
					s.SMILES = ""
				}
			}
			continue
		}
		if n.Confidence < sureName {
			continue
		}
		written := text[n.Start:n.End]
		m := subjectMention{span: at, block: b, subject: record.Subject{
			Text: written, Kind: kind, Name: nominal(written), SMILES: n.Structure.SMILES, Start: n.Start, End: n.End, Block: b,
		}}
		if n.Material != nil {
			m.subject.Name = n.Material.Name
			// What others are dissolved in and made of is rarely what was measured.
			m.host = n.Material.Use == "solvent" || n.Material.Use == "chemical"
		}
		m.key = m.subject.Name
		m.host = m.host || hosts(text, at)
		m.medium = m.host && isMedium(text, at, n.Material != nil && n.Material.Use == "solvent")
		out = append(out, m)
	}
	out = append(out, found[next:]...)
	for i := range out {
		s := &out[i]
		if s.subject.SMILES == "" || !strings.HasPrefix(text[s.end:], "-") || !numberedLabel(text[s.start:s.end]) && (text[s.start] < '0' || text[s.start] > '9') && !hyphenated(text[s.start:s.end]) {
			continue
		}
		if end := tailAt(text, s.end); end > s.end && (i+1 == len(out) || out[i+1].start >= end) { // "4CzTPN-Ph" is not 4CzTPN
			s.end, s.subject.End, s.subject.Text, s.subject.SMILES = end, end, text[s.start:end], ""
			s.subject.Name = tidy(s.subject.Text)
			s.key = s.subject.Name
			s.host, s.medium = hosts(text, s.span), false
		}
	}
	slices.SortStableFunc(out, func(a, b subjectMention) int { return a.start - b.start })
	return out
}

// hyphenated reports whether s is a label of two parts or more in capitals: "DMAC-TRZ".
func hyphenated(s string) bool {
	first, second, ok := strings.Cut(s, "-")
	return ok && len(first) > 1 && len(second) > 1 && strings.ToUpper(s) == s
}

// tailAt returns where what follows the hyphen at i and goes on a label ends: a label, or
// a capital alone. It returns i if there is none.
func tailAt(text string, i int) int {
	if i+1 >= len(text) || text[i] != '-' {
		return i
	}
	if c := text[i+1]; (c == 'm' || c == 'o' || c == 'p' || c == 't') && i+3 < len(text) && text[i+2] >= 'A' && text[i+2] <= 'Z' && text[i+3] >= 'A' && text[i+3] <= 'Z' {
		return max(i, labelAt(text, i+1)) // "6FDA-mPDA"
	}
	if text[i+1] < 'A' || text[i+1] > 'Z' {
		return i
	}
	if i+2 == len(text) || !labelByte(text[i+2]) && (text[i+2] != '-' || i+3 == len(text) || !labelByte(text[i+3])) {
		return i + 2
	}
	if end := labelAt(text, i+1); end > i+1 {
		return end
	}
	return i
}
