package text

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numbering is the label that a heading begins with.
type numbering struct {
	level int // 1 for "2", "II", 2 for "2.1", "B", 3 for "2.1.1"; 0 when there is none
	bare  bool
	label string // "2.1"; only of decimal numbers
	rest  string // what follows the label
}

// follows reports whether a decimal label comes right after the label last:
// "2.1" after "2", "2.2" or "3" after "2.1".
func (n numbering) follows(last string) bool {
	if n.label == "" || last == "" {
		return false
	}
	if n.label == last+".1" {
		return true
	}
	for parts := strings.Split(last, "."); len(parts) > 0; parts = parts[:len(parts)-1] {
		k, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil {
			return false
		}
		next := append(parts[:len(parts)-1:len(parts)-1], strconv.Itoa(k+1))
		if strings.Join(next, ".") == n.label {
			return true
		}
	}
	return false
}

// numberOf splits the label off a heading: "2.1 Synthesis", "IV. RESULTS",
// "B. Samples", "제2장 실험". A label alone is bare.
func numberOf(s string) numbering {
	if rest, ok := strings.CutPrefix(s, "제"); ok { // "chapter" in Korean
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits > 0 {
			for _, unit := range []string{"장", "절"} {
				if body, ok := strings.CutPrefix(strings.TrimLeft(rest[digits:], " "), unit); ok {
					level := 1
					if unit == "절" {
						level = 2
					}
					return numbering{level: level, rest: strings.TrimLeft(body, " ."), bare: body == ""}
				}
			}
		}
	}
	end := strings.IndexAny(s, " \t\u00a0\u2003")
	label, rest := s, ""
	if end > 0 {
		label, rest = s[:end], strings.TrimLeft(s[end:], " \t\u00a0\u2003|.–-")
	}
	if len(label) > 12 {
		return numbering{}
	}
	core := strings.TrimRight(label, ".):")
	dotted := core != label
	if core == "" {
		return numbering{}
	}
	if core[0] >= '0' && core[0] <= '9' {
		level, digits := 1, 0
		for i := 0; i < len(core); i++ {
			switch c := core[i]; {
			case c >= '0' && c <= '9':
				if digits++; digits > 2 {
					return numbering{}
				}
			case c == '.' && digits > 0 && i+1 < len(core):
				level++
				digits = 0
			default:
				return numbering{}
			}
		}
		if core[0] == '0' || level > 4 {
			return numbering{}
		}
		return numbering{level: level, label: core, rest: rest, bare: rest == ""}
	}
	if !dotted {
		return numbering{}
	}
	if strings.Trim(core, "IVX") == "" && len(core) <= 5 {
		return numbering{level: 1, rest: rest, bare: rest == ""}
	}
	if len(core) == 1 && core[0] >= 'A' && core[0] <= 'H' {
		return numbering{level: 2, rest: rest, bare: rest == ""}
	}
	return numbering{}
}

// section is what a heading opens, as far as the reader cares.
type section uint8

const (
	plain section = iota
	abstract
	references
	afterwards // what ends the references: an appendix and the like
	frontal    // keywords and such lines that end the abstract
)

// named returns the section that a heading without its number names, and
// whether the words are the name of a section at all. Names are matched whole:
// a sentence that begins with "Results" is no heading.
func named(s string) (section, bool) {
	if len(s) > 80 {
		return plain, false
	}
	s = strings.ToLower(strings.Trim(s, " .:*#=—–-_"))
	if strings.Contains(s, " ") {
		// "초 록", "A B S T R A C T"
		if letters := strings.ReplaceAll(s, " ", ""); utf8.RuneCountInString(s) >= 2*utf8.RuneCountInString(letters)-1 {
			s = letters
		}
	}
	switch s {
	case "abstract", "summary", "초록", "요약", "국문초록", "국문요약", "요지", "영문초록":
		return abstract, true
	case "references", "reference", "bibliography", "literature cited", "works cited", "references and notes",
		"notes and references", "literature", "참고문헌", "참고 문헌", "인용문헌":
		return references, true
	case "supplementary", "supplementary material", "supplementary materials", "supplementary information",
		"supporting information", "supplemental material", "supplemental materials", "appendix", "appendices", "부록",
		"author contributions", "additional information", "competing interests", "competing financial interests",
		"figure captions", "figure legends", "list of figures", "tables", "figures", "methods", "online methods":
		return afterwards, true
	case "keywords", "key words", "키워드", "주제어", "핵심어", "색인어":
		return frontal, true
	case "introduction", "background", "experimental", "experiment", "experiments", "experimental section", "experimental methods",
		"experimental details", "experimental procedure", "experimental procedures", "materials", "method", "methodology", "materials and methods", "methods and materials",
		"theory", "theoretical background", "computational details", "computational methods", "computational method", "calculation details", "calculations",
		"results", "result", "results and discussion", "results and discussions", "results & discussion", "discussion", "discussions",
		"conclusion", "conclusions", "concluding remarks", "summary and conclusion", "summary and conclusions",
		"conclusion and outlook", "conclusions and outlook", "outlook", "acknowledgement", "acknowledgements", "acknowledgment", "acknowledgments",
		"data availability", "data availability statement", "code availability", "conflict of interest", "conflicts of interest",
		"declaration of competing interest", "funding", "notes", "characterization", "synthesis", "sample preparation", "measurements", "model", "related work", "motivation",
		"서론", "머리말", "이론", "이론적배경", "이론적 배경", "실험", "실험방법", "실험 방법", "재료및방법", "재료 및 방법", "연구방법", "연구 방법",
		"결과", "결과및고찰", "결과 및 고찰", "결과및논의", "결과 및 논의", "고찰", "논의", "결론", "맺음말", "감사의글", "감사의 글", "후기", "사사":
		return plain, true
	}
	return plain, false
}

// capitals reports a line set in capitals that reads as words: "RESULTS AND
// DISCUSSION", not "NMC811" or "SEM, TEM, XRD".
func capitals(s string) bool {
	letters, longest, run := 0, 0, 0
	digits := 0
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			return false
		case r >= '0' && r <= '9':
			digits++
			run = 0
		case unicode.IsUpper(r):
			letters++
			run++
			longest = max(longest, run)
		case r == ',' || r == '=' || r == '(' || r == ';' || r == '/' || r == '|':
			return false
		default:
			run = 0
		}
	}
	return letters >= 5 && longest >= 5 && digits*3 <= letters
}

// captionLabel returns the label that s begins with, "Table 2" or "FIG. 1", and
// whether s looks like the caption itself rather than a sentence about it.
func captionLabel(s string) (label string, table, ok bool) {
	for _, k := range captionWords {
		if !strings.HasPrefix(s, k.word) {
			continue
		}
		rest := strings.TrimLeft(s[len(k.word):], " .\u00a0")
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if n == 0 {
			n = len(rest) - len(strings.TrimLeft(rest, "IVX"))
		}
		if n == 0 {
			if body, found := strings.CutPrefix(rest, "S"); found { // supplementary tables: "S1"
				if digits := len(body) - len(strings.TrimLeft(body, "0123456789")); digits > 0 {
					n = 1 + digits
				}
			}
		}
		if n == 0 || n > 6 {
			continue
		}
		label = strings.TrimSpace(s[:len(s)-len(rest)+n])
		after := rest[n:]
		trimmed := strings.TrimLeft(after, " \u00a0")
		switch {
		case trimmed == "":
			return label, k.table, true
		case strings.IndexByte(".:|", trimmed[0]) >= 0, strings.HasPrefix(trimmed, "—"), strings.HasPrefix(trimmed, "–"):
			return label, k.table, true
		case trimmed[0] == '(' && !k.korean && after != trimmed:
			// "Fig. 2 (Color online)", "Table 1 (continued)"
			return label, k.table, len(trimmed) > 3 && trimmed[2] != ')'
		case after == trimmed:
			return "", false, false // "Table 1a", "Fig. 2,"
		case k.korean:
			return label, k.table, true
		}
		r, _ := utf8.DecodeRuneInString(trimmed)
		// "Table 1 Properties of …" is a caption, "Table 1 shows" is not.
		return label, k.table, unicode.IsUpper(r)
	}
	return "", false, false
}

var captionWords = [...]struct {
	word   string
	table  bool
	korean bool
}{
	{"Table", true, false}, {"TABLE", true, false}, {"Tab.", true, false},
	{"Figure", false, false}, {"FIGURE", false, false}, {"Fig.", false, false}, {"FIG.", false, false}, {"Fig", false, false},
	{"Scheme", false, false}, {"SCHEME", false, false},
	{"표", true, true}, {"<표", true, true}, {"그림", false, true}, {"<그림", false, true},
}

// terminal reports whether s ends as sentences do.
func terminal(s string) bool {
	s = strings.TrimRight(s, ")]\"'”’»")
	if s == "" {
		return false
	}
	switch s[len(s)-1] {
	case '.', '!', '?', ':', ';':
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r == '。' || r == '…'
}

// lowerStart reports whether s goes on with a sentence: it begins with a small
// letter of the Latin alphabet or with a mark that no sentence begins with.
func lowerStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Latin, r) && unicode.IsLower(r) || strings.ContainsRune(",;.)]%:", r)
}

var betweenAuthors = strings.NewReplacer(" and ", ",", " & ", ",", ";", ",", "·", ",")

// authors returns the names in a line that lists the authors of a paper, or
// nil when the line is something else: each of its parts must be two to five
// words that begin with a capital, particles aside, marks of affiliations aside.
func authors(s string) []string {
	if utf8.RuneCountInString(s) > 600 {
		return nil
	}
	s = betweenAuthors.Replace(s)
	var names []string
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "and ")
		part = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsDigit(r), unicode.Is(unicode.No, r), r >= '\u2217' && r <= '\u2219', strings.ContainsRune("*†‡§¶#∥", r):
				return -1
			}
			return r
		}, part)
		part = strings.TrimSpace(part)
		if part == "" || utf8.RuneCountInString(part) == 1 { // an affiliation mark
			continue
		}
		words := strings.Fields(part)
		if n := utf8.RuneCountInString(part); len(words) == 1 && n >= 2 && n <= 4 && hangul(part) {
			names = append(names, part) // Korean names are written as one word
			continue
		}
		if len(words) < 2 || len(words) > 5 {
			return nil
		}
		for _, w := range words {
			r, _ := utf8.DecodeRuneInString(w)
			switch {
			case unicode.IsUpper(r), unicode.Is(unicode.Hangul, r):
			case w == "de", w == "van", w == "von", w == "der", w == "den", w == "di", w == "da", w == "la", w == "del", w == "el", w == "al", w == "bin", w == "ten", w == "dos":
			default:
				return nil
			}
			if len(w) > 3 && strings.ToUpper(w) == w && !strings.Contains(w, ".") && !unicode.Is(unicode.Hangul, r) {
				return nil // "RESULTS", an institution
			}
			switch strings.TrimRight(w, ".,") {
			case "University", "Institute", "Department", "Laboratory", "School", "College", "Center", "Centre", "Academy",
				"USA", "China", "Germany", "Japan", "Korea", "France", "The", "Of", "Effect", "Study", "Properties", "On", "In":
				return nil
			}
		}
		names = append(names, strings.Join(words, " "))
	}
	return names
}

func hangul(s string) bool {
	for _, r := range s {
		if r < 0xAC00 || r > 0xD7A3 {
			return false
		}
	}
	return true
}

// functionWord reports the words after which a title cannot end.
func functionWord(w string) bool {
	switch strings.ToLower(w) {
	case "a", "an", "the", "of", "in", "on", "for", "from", "with", "and", "or", "to", "by", "at", "as", "via", "between", "under", "using", "into", "its", "their", "through", "during":
		return true
	}
	return false
}
