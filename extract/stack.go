package extract

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/record"
)

// stacks joins the layers of a stack whose thicknesses stand in parentheses behind
// them: "Ta(5 nm)/Pt(3 nm)/Co(t)/Ta(2 nm)", "[Co(0.4 nm)/Pt(0.7 nm)]3".
func stacks(text string, found []subjectMention) []subjectMention {
	if !strings.Contains(text, ")/") {
		return found
	}
	out := found[:0]
	for i := 0; i < len(found); i++ {
		s := found[i]
		end, layers, thick, next := s.end, 1, 0, i+1
		for {
			if n := thickness(text[end:]); n > 0 {
				end += n
				thick++
			}
			if !strings.HasPrefix(text[end:], "/") || end+1 >= len(text) {
				break
			}
			at := end + 1
			for next < len(found) && found[next].start < at {
				next++
			}
			if next < len(found) && found[next].start == at {
				end = found[next].end
				next++
			} else if to := layerAt(text, at); to > at {
				end = to
			} else {
				break
			}
			layers++
		}
		if before := layersBefore(text, s.start); before < s.start && (len(out) == 0 || out[len(out)-1].end <= before) {
			s.start = before
			layers, thick = layers+1, thick+1
		}
		if layers < 2 || thick == 0 {
			out = append(out, s)
			continue
		}
		if s.start > 0 && text[s.start-1] == '[' && strings.HasPrefix(text[end:], "]") {
			s.start--
			for end++; end < len(text) && text[end] >= '0' && text[end] <= '9'; end++ {
			}
		}
		written := text[s.start:end]
		s.end, s.single, s.key = end, false, tidy(written)
		s.subject = record.Subject{Text: written, Kind: record.Named, Name: s.key, Block: s.block, Start: s.start, End: end}
		s.host = hosts(text, s.span)
		out = append(out, s)
		for i+1 < len(found) && found[i+1].start < end {
			i++
		}
	}
	return out
}

// thickness returns the length of a thickness in parentheses at the start of s,
// "(5 nm)", "(t)", 0 if there is none.
func thickness(s string) int {
	if !strings.HasPrefix(s, "(") {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), 14)], ')')
	if end < 2 {
		return 0
	}
	inside := s[1:end]
	number := strings.TrimRight(inside, " nmÅLMucµμ.")
	switch {
	case number == "":
		return 0
	case strings.Trim(number, "0123456789.") == "" && (number != inside || len(number) < 3 || strings.Contains(number, ".")): // "(111)" is a plane
		return end + 1
	case (number == "t" || number == "d" || number == "x") && utf8.RuneCountInString(inside) <= 4:
		return end + 1
	}
	return 0
}

// layerAt returns where the label of a layer that begins at i ends, i if there is none.
func layerAt(text string, i int) int {
	end := i
	for end < len(text) && labelByte(text[end]) {
		end++
	}
	if end == i || end-i > 12 || text[i] < 'A' || text[i] > 'Z' || thickness(text[end:]) == 0 {
		return i
	}
	return end
}

// layersBefore returns where a layer begins that nothing else has read and that stands
// before the one at i: "W(t)/". It returns i if there is none.
func layersBefore(text string, i int) int {
	if !strings.HasSuffix(text[:i], ")/") {
		return i
	}
	open := max(0, i-16) + strings.LastIndexByte(text[max(0, i-16):i], '(')
	if open <= 0 || thickness(text[open:]) != i-1-open {
		return i
	}
	start := open
	for start > 0 && labelByte(text[start-1]) {
		start--
	}
	if start == open || open-start > 12 || text[start] < 'A' || text[start] > 'Z' || start > 0 && text[start-1] != ' ' && text[start-1] != '[' && text[start-1] != '(' {
		return i
	}
	return start
}
