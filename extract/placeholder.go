package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/record"
)

// placeholders reads what letters stand for elements in block b: behind a formula that
// has the letter, "RCo2 (R = Gd, Tb)", the elements are no subjects; elsewhere, "for R =
// Gd and Tb", each of them is the compound that has it in place of the letter.
// templates has the formulas by the letter, and receives those that the block defines.
func (r *reading) placeholders(b int, templates map[string]string) {
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	var added []subjectMention
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '=')
		if i < 0 {
			break
		}
		equal := from + i
		from = equal + 1
		letter := letterBefore(text, equal)
		if letter.start == letter.end {
			continue
		}
		elements := elementsAt(text, equal+1)
		if len(elements) == 0 {
			continue
		}
		name := text[letter.start:letter.end]
		list := span{letter.start, elements[len(elements)-1].end}
		if template := templateBefore(text, letter.start, name); template.end > template.start {
			templates[name] = text[template.start:template.end]
			m.subjects = slices.DeleteFunc(m.subjects, func(s subjectMention) bool { return s.overlaps(list) })
			if _, known := overlapping(m.subjects, subjectSpan, template); !known {
				added = appendApart(added, sample(b, text, template))
			}
		} else if written := templates[name]; written != "" {
			m.subjects = slices.DeleteFunc(m.subjects, func(s subjectMention) bool { return s.overlaps(list) })
			for _, at := range elements {
				one := sample(b, text, at)
				one.subject.Name = insert(written, name, text[at.start:at.end])
				one.key = one.subject.Name
				if f, err := formula.Parse(one.subject.Name); err == nil {
					one.subject.Kind, one.subject.Formula, one.subject.Elements = record.Composition, f.String(), f.Elements().Symbols()
					one.key = one.subject.Formula
				}
				added = appendApart(added, one)
			}
		}
		from = max(from, list.end)
	}
	m.subjects = merged(m.subjects, added)
}

// sample returns a mention of the subject whose name stands at s.
func sample(b int, text string, s span) subjectMention {
	name := tidy(text[s.start:s.end])
	return subjectMention{span: s, block: b, key: name, subject: record.Subject{
		Text: text[s.start:s.end], Kind: record.Named, Name: name, Block: b, Start: s.start, End: s.end,
	}}
}

// letterBefore returns where the sign stands in front of the equals sign at i that may
// stand for an element: one capital, or "RE", "Ln", "TM".
func letterBefore(text string, i int) span {
	end := i
	if end > 0 && text[end-1] == ' ' {
		end--
	}
	start := end
	for start > 0 && end-start < 3 && labelByte(text[start-1]) {
		start--
	}
	switch s := text[start:end]; {
	case start > 0 && (labelByte(text[start-1]) || text[start-1] >= 0x80):
	case len(s) == 1 && s[0] >= 'A' && s[0] <= 'Z', s == "RE", s == "Ln", s == "TM", s == "Me":
		return span{start, end}
	}
	return span{}
}

// elementsAt returns where the symbols stand that are enumerated from i on.
func elementsAt(text string, i int) []span {
	var out []span
	for {
		for _, gap := range []string{",", " ", "and ", "or ", "& ", "/"} {
			i += len(text[i:]) - len(strings.TrimPrefix(text[i:], gap))
		}
		_, n := symbolAt(text, i)
		if n == 0 || i+n < len(text) && labelByte(text[i+n]) {
			break
		}
		out = append(out, span{i, i + n})
		i += n
		if i == len(text) || text[i] != ',' && text[i] != ' ' && text[i] != '/' {
			break
		}
		if rest := text[i:]; text[i] == ' ' && !strings.HasPrefix(rest, " and ") && !strings.HasPrefix(rest, " or ") && !strings.HasPrefix(rest, " & ") {
			break
		}
	}
	return out
}

// templateBefore returns where the formula with the letter stands before the
// parenthesis that opens in front of i: "CoFeMnZ (", "RCo2 compounds (". It returns an
// empty span if there is none.
func templateBefore(text string, i int, letter string) span {
	open := i - 1
	if open < 1 || text[open] != '(' {
		return span{}
	}
	end := open
	for range 3 {
		for end > 0 && (text[end-1] == ' ' || text[end-1] == ',') {
			end--
		}
		start := end
		for start > 0 && end-start < 48 && text[start-1] != ' ' && text[start-1] != '\n' {
			start--
		}
		if insert(text[start:end], letter, "Fe") != "" && strings.ContainsAny(text[start:end], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && end-start > len(letter)+1 {
			return span{start, end}
		}
		end = start
	}
	return span{}
}

// insert returns template with element in place of letter, and of the oxidation number
// behind it. It is empty if template does not have the letter as a symbol.
func insert(template, letter, element string) string {
	for from := 0; ; {
		i := strings.Index(template[from:], letter)
		if i < 0 {
			return ""
		}
		i += from
		end := i + len(letter)
		if end == len(template) || template[end] < 'a' || template[end] > 'z' {
			behind := strings.TrimLeft(template[end:], "IV")
			return template[:i] + element + behind
		}
		from = end
	}
}
