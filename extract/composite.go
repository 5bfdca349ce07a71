package extract

import (
	"strings"

	"github.com/alkahest/alkahest/record"
)

// composites extends each of found over what is glued to it with "@", "/" or
// "//" and is written like the label of a material: "NCO@CNTs" where only the
// nanotubes have a formula, "LFP/C14-86%". The name is then that of the whole,
// and what has no formula stands in the canonical formula as it is written.
func composites(text string, found []subjectMention) []subjectMention {
	out := found[:0]
	for _, s := range found {
		if s.subject.Kind == record.Composition && s.subject.Formula != "" {
			start := s.start
			for n := 0; n < 3; n++ {
				sign := jointBefore(text, start)
				from := labelBefore(text, start-sign)
				if sign == 0 || from == start-sign {
					break
				}
				start = from
			}
			end := s.end
			for n := 0; n < 3; n++ {
				sign := jointAt(text, end)
				to := labelAt(text, end+sign)
				if sign == 0 || to == end+sign {
					break
				}
				end = to
			}
			if len(out) > 0 && out[len(out)-1].end > start {
				start = s.start
			}
			if start < s.start || end > s.end {
				written := text[start:end]
				s.subject.Formula = text[start:s.start] + s.subject.Formula + text[s.end:end]
				s.start, s.end, s.single = start, end, false
				s.subject.Text, s.subject.Name, s.subject.Start, s.subject.End = written, nominal(written), start, end
				s.key = s.subject.Formula
			}
		}
		if len(out) > 0 && out[len(out)-1].end > s.start {
			continue // a part of the name before it
		}
		out = append(out, s)
	}
	return out
}

// grown extends the name of a material at s over what is glued to it with "@":
// "CD-MOF" and "SCU" to "SCU@CD-MOF".
func grown(text string, s span) span {
	for n := 0; n < 3 && strings.HasSuffix(text[:s.start], "@"); n++ {
		start := s.start - 1
		for start > 0 && (labelByte(text[start-1]) || text[start-1] == '-' && start > 1 && labelByte(text[start-2])) {
			start--
		}
		if start == s.start-1 {
			break
		}
		s.start = start
	}
	for n := 0; n < 3 && strings.HasPrefix(text[s.end:], "@"); n++ {
		end := labelAt(text, s.end+1)
		if end == s.end+1 {
			break
		}
		s.end = end
	}
	return s
}

// jointAt returns the length of the sign at i that joins the parts of a
// composite, 0 if there is none.
func jointAt(text string, i int) int {
	switch rest := text[i:]; {
	case strings.HasPrefix(rest, "//"):
		return 2
	case strings.HasPrefix(rest, "@"), strings.HasPrefix(rest, "/"):
		return 1
	}
	return 0
}

// jointBefore is jointAt for the sign that ends at i.
func jointBefore(text string, i int) int {
	switch before := text[:i]; {
	case strings.HasSuffix(before, "//"):
		return 2
	case strings.HasSuffix(before, "@"), strings.HasSuffix(before, "/"):
		return 1
	}
	return 0
}

// labelAt returns where the label that begins at i ends: letters and digits with
// a capital among them, and hyphens and a percentage behind them; or the symbol of
// carbon alone. It returns i if there is none.
func labelAt(text string, i int) int {
	end, capitals := i, 0
	for end < len(text) && (labelByte(text[end]) || text[end] == '-' && end+1 < len(text) && labelByte(text[end+1])) {
		if text[end] >= 'A' && text[end] <= 'Z' {
			capitals++
		}
		end++
	}
	if text[i:end] == "C" {
		return end
	}
	if capitals == 0 || end-i < 2 || end-i > 16 {
		return i
	}
	if end < len(text) && text[end] == '%' {
		end++
	}
	return end
}

// labelBefore returns where the label that ends at i begins, i if there is none.
func labelBefore(text string, i int) int {
	start, capitals := i, 0
	for start > 0 && labelByte(text[start-1]) {
		start--
		if text[start] >= 'A' && text[start] <= 'Z' {
			capitals++
		}
	}
	if capitals < 2 || i-start > 16 || start > 0 && (text[start-1] == '-' || text[start-1] == '.' || text[start-1] >= 0x80) {
		return i
	}
	return start
}
