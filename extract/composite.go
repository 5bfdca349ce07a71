package extract

import (
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/record"
)

// composites extends each of found over what is glued to it with "@", "/" or
// "//" and is written like the label of a material: "NCO@CNTs" where only the
// nanotubes have a formula, "LFP/C14-86%". The name is then that of the whole,
// and what has no formula stands in the canonical formula as it is written.
func composites(text string, found []subjectMention) []subjectMention {
	out := found[:0]
	for _, s := range found {
		as := s.span
		if end := labelled(text, &s); end > s.end {
			s.end, s.single, s.subject.Kind, s.subject.Formula = end, false, record.Named, ""
			s.subject.Text, s.subject.End = text[s.start:end], end
			s.subject.Name = tidy(s.subject.Text)
			s.key = s.subject.Name
		}
		if rest, ok := strings.CutPrefix(text[s.end:], "·"); ok && s.subject.Kind == record.Composition && (strings.HasPrefix(rest, "nH2O") || strings.HasPrefix(rest, "xH2O") || strings.HasPrefix(rest, "yH2O")) {
			s.end += len("·nH2O")
			s.subject.End, s.subject.Text = s.end, text[s.start:s.end]
			s.subject.Name = nominal(s.subject.Text)
			s.key = s.subject.Name
		}
		if start := amountBefore(text, &s); start < s.start {
			s.start, s.subject.Start, s.subject.Text = start, start, text[start:s.end]
			s.subject.Name = nominal(s.subject.Text)
			s.subject.Formula = solution(s.subject.Formula, text[as.start:s.end])
			s.key = s.subject.Name
		}
		if start := labelledBefore(text, &s); start < s.start && (len(out) == 0 || out[len(out)-1].end <= start) {
			s.start, s.single, s.subject.Kind, s.subject.Formula, s.subject.Elements = start, false, record.Named, "", nil
			s.subject.Text, s.subject.Start = text[start:s.end], start
			s.subject.Name = tidy(s.subject.Text)
			s.key = s.subject.Name
		}
		if s.subject.Kind == record.Polymer {
			if sign := jointBefore(text, s.start); sign > 0 {
				if from := labelBefore(text, s.start-sign); from < s.start-sign && (len(out) == 0 || out[len(out)-1].end <= from) {
					s.start = from
					s.subject.Text, s.subject.Start = text[from:s.end], from
					s.subject.Name = tidy(s.subject.Text)
					s.key = s.subject.Name
				}
			}
			if sign := jointAt(text, s.end); sign > 0 {
				if end := labelAt(text, s.end+sign); end > s.end+sign { // "PP/GF30"
					s.end, s.subject.End, s.subject.Text = end, end, text[s.start:end]
					s.subject.Name = tidy(s.subject.Text)
					s.key = s.subject.Name
				}
			}
			if end := ratioBehind(text, &s); end > s.end {
				s.end, s.subject.End, s.subject.Text = end, end, text[s.start:end]
				s.subject.Name = s.subject.Text
				s.key = s.subject.Name
			}
		}
		if s.subject.Kind == record.Named && s.end > as.end {
			if sign := jointBefore(text, s.start); sign > 0 { // "S/Co-NC"
				if start := labelBefore(text, s.start-sign); start < s.start-sign && (len(out) == 0 || out[len(out)-1].end <= start) {
					s.start, s.subject.Start, s.subject.Text = start, start, text[start:s.end]
					s.subject.Name = tidy(s.subject.Text)
					s.key = s.subject.Name
				}
			}
		}
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
				if sign == 0 && strings.Contains(text[start:end], "/") { // "LiFePO4/PEO–LATP10/Li"
					sign = hyphenAt(text, end)
				}
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
		if s.span != as {
			s.host = hosts(text, s.span)
		}
		out = append(out, s)
	}
	return out
}

// dopedBefore joins an element and the compound that it dopes behind a colon: "Al:ZnO".
func dopedBefore(text string, found []subjectMention) []subjectMention {
	out := found[:0]
	for _, s := range found {
		if n := len(out) - 1; n >= 0 && out[n].single && !s.single && s.subject.Kind == record.Composition && text[out[n].end:s.start] == ":" {
			s.start, s.subject.Start = out[n].start, out[n].start
			s.subject.Text = text[s.start:s.end]
			s.subject.Name = tidy(s.subject.Text)
			s.key = s.subject.Name
			out[n] = s
			continue
		}
		out = append(out, s)
	}
	return out
}

// labelled returns where the label ends that s, an element, the short name of a
// polymer or a formula in capitals, begins: "Mn-BTC", "PA6-GF5", "BN-Cz", "PZT-5H". It
// is the end of s if there is none.
func labelled(text string, s *subjectMention) int {
	hyphen := hyphenAt(text, s.end)
	if hyphen == 0 {
		return s.end
	}
	tail := s.end + hyphen
	if s.subject.Kind == record.Composition && variable(s.subject.Name) { // "BCz-TRZ" holds carbazole
		return max(s.end, labelAt(text, tail))
	}
	if !capitals(s.subject.Text) {
		return s.end
	}
	if s.subject.Kind == record.Polymer && hyphen > 1 {
		if end := labelAt(text, tail); strings.ContainsAny(text[tail:end], "0123456789") {
			return end // "PEO–LATP10"
		}
	}
	if hyphen > 1 {
		return s.end
	}
	if s.single || s.subject.Kind == record.Polymer || len(s.subject.Text) <= 3 && strings.ToUpper(s.subject.Text) == s.subject.Text {
		if end := labelAt(text, tail); end > tail && text[tail] >= 'A' && text[tail] <= 'Z' {
			return end
		}
	}
	if s.single || strings.ContainsAny(s.subject.Text, "0123456789") {
		return s.end
	}
	end := tail // "LLZO-1"
	for end < len(text) && end-s.end < 5 && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	if end > tail && end+1 <= len(text) && end < len(text) && text[end] >= 'A' && text[end] <= 'Z' && (end+1 == len(text) || !labelByte(text[end+1])) {
		end++ // "PZT-5H"
	}
	if end == tail || end < len(text) && (labelByte(text[end]) || text[end] == '.' && end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9') || strings.HasPrefix(text[end:], " wt") || strings.HasPrefix(text[end:], "%") {
		return s.end
	}
	return end
}

// variable reports whether name is a formula with a variable amount and no number:
// "BCz", more often the short name of a group than boron with carbon.
func variable(name string) bool {
	if strings.ContainsAny(name, "0123456789") || !strings.ContainsAny(name, "xyz") {
		return false
	}
	f, err := formula.Parse(name)
	return err == nil && len(f.Variables()) > 0
}

// amountBefore returns where the amount of the first side of s, a solid solution,
// begins: "0.94(Na0.5Bi0.5)TiO3–0.06BaTiO3", "(1−x)PbZrO3–xPbTiO3". It is the start of
// s if there is none.
func amountBefore(text string, s *subjectMention) int {
	if s.subject.Kind != record.Composition || s.start == 0 {
		return s.start
	}
	if open := strings.LastIndexByte(text[max(0, s.start-16):s.start], '('); open >= 0 {
		open += max(0, s.start-16)
		if inside, ok := strings.CutPrefix(text[open:s.start], "(1"); ok && strings.HasSuffix(inside, ")") && strings.Trim(inside, " -−–‐‑xyz)") == "" {
			return open
		}
	}
	if !strings.Contains(s.subject.Formula, "–") {
		return s.start
	}
	start := s.start
	for start > 0 && s.start-start < 6 && (text[start-1] >= '0' && text[start-1] <= '9' || text[start-1] == '.') {
		start--
	}
	if !strings.HasPrefix(text[start:], "0.") || start > 0 && text[start-1] != ' ' && text[start-1] != '(' {
		return s.start
	}
	return start
}

// solution returns the formula of written, a solid solution whose second side has a
// variable amount: "BiFeO3–xBaTiO3", where known has taken the variable for one of the
// first side. All others keep what is known.
func solution(known, written string) string {
	for i := range written {
		hyphen := hyphenAt(written, i)
		if strings.HasPrefix(written[i:], "−") {
			hyphen = len("−")
		}
		if hyphen == 0 || i+hyphen+1 >= len(written) || written[i+hyphen] != 'x' && written[i+hyphen] != 'y' {
			continue
		}
		first, err := formula.Parse(written[:i])
		second, err2 := formula.Parse(written[i+hyphen+1:])
		if err == nil && err2 == nil {
			return first.String() + "–" + second.String()
		}
	}
	return known
}

// labelledBefore returns where the label begins that s, a formula in capitals, ends:
// "tBuCz-BN". It is the start of s if there is none.
func labelledBefore(text string, s *subjectMention) int {
	if len(s.subject.Text) > 3 || strings.ToUpper(s.subject.Text) != s.subject.Text || s.subject.Formula == "" || !strings.HasSuffix(text[:s.start], "-") {
		return s.start
	}
	start, capitals := s.start-1, 0
	for start > 0 && labelByte(text[start-1]) {
		start--
		if text[start] >= 'A' && text[start] <= 'Z' {
			capitals++
		}
	}
	if capitals == 0 || s.start-1-start < 2 && start > 0 && text[start-1] != ' ' && text[start-1] != '(' || start > 0 && text[start-1] >= 0x80 {
		return s.start
	}
	return start
}

// capitals reports whether s is the short name of a polymer, or the symbol of an
// element, and no word.
func capitals(s string) bool {
	small := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			small++
		} else if s[i] == ' ' || s[i] == '-' {
			return false
		}
	}
	return small <= 1 && len(s) > 0 && s[0] >= 'A' && s[0] <= 'Z'
}

// ratioBehind returns where the ratio ends that stands behind s, a blend, and has as
// many parts as it: "PLA/PBS 80/20", "PLA/PBAT (70/30)". It is the end of s if there
// is none.
func ratioBehind(text string, s *subjectMention) int {
	sides := strings.Count(s.subject.Text, "/")
	rest, ok := strings.CutPrefix(text[s.end:], " ")
	if sides == 0 || !ok {
		return s.end
	}
	open := strings.HasPrefix(rest, "(")
	i, slashes := 0, 0
	if open {
		i++
	}
	start := i
	for i < len(rest) && i < 16 && (rest[i] >= '0' && rest[i] <= '9' || rest[i] == '/' || rest[i] == ':' || rest[i] == '.' && i+1 < len(rest) && rest[i+1] >= '0' && rest[i+1] <= '9') {
		if rest[i] == '/' || rest[i] == ':' {
			slashes++
		}
		i++
	}
	if slashes != sides || i == start || rest[i-1] == '/' || rest[i-1] == ':' {
		return s.end
	}
	if open {
		if !strings.HasPrefix(rest[i:], ")") {
			return s.end
		}
		i++
	}
	return s.end + 1 + i
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
	for end < len(text) && (labelByte(text[end]) || text[end] == '-' && end+1 < len(text) && labelByte(text[end+1]) || text[end] == '.' && end > i && allDigits(text[end-1:end]) && end+1 < len(text) && allDigits(text[end+1:end+2])) {
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
	if sulfurOrCarbon(text, start, i) {
		return start
	}
	if capitals < 2 || i-start > 16 || start > 0 && (text[start-1] == '-' || text[start-1] == '.' || text[start-1] >= 0x80) {
		return i
	}
	return start
}

// sulfurOrCarbon reports whether text[start:i] is the symbol of one of the two that
// composites begin with: "S/CNT", "C/LiFePO4".
func sulfurOrCarbon(text string, start, i int) bool {
	return i == start+1 && (text[start] == 'S' || text[start] == 'C') && (start == 0 || text[start-1] == ' ' || text[start-1] == '(')
}
