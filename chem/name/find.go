package name

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Mention is a name in a running text.
type Mention struct {
	Start, End int // bytes of the text
	Structure  *Structure
	// Material is the entry of the table that the name is of, nil for a systematic
	// name.
	Material *Material
	// Confidence is how likely the text means this structure, from 0 to 1: high for
	// names in words, low for short names that stand for other things as well,
	// unless the text also has the name in words.
	Confidence float64
}

// Confidences of mentions, by how they were read.
const (
	inWords    = 0.95 // a name of the table that is spelled out
	byRules    = 0.9  // a systematic name with locants, or a long one
	byRulesToo = 0.8  // a short systematic name
	shortName  = 0.85 // a short name that the table knows no other meaning of
	doubtful   = 0.3  // a short name with other meanings
	confirmed  = 0.9  // the same, where the text also spells it out
)

// Limits of the search for systematic names.
const (
	longestName = 160 // bytes
	mostWords   = 4
)

// Find returns the names of molecules and polymers in text, from the left to the
// right, none within another: those of the table of materials, and systematic
// names. Words that name classes and ions ("amine", "carbonate") are left out.
func Find(text string) []Mention {
	t := prepare(text)
	var out []Mention
	for i := 0; i < len(t.raw); {
		if !begins(t.raw, i) {
			i++
			continue
		}
		m, end := t.tableAt(i)
		if n, far := t.systematicAt(i); far > end {
			m, end = n, far
		}
		if end == 0 {
			for i < len(t.raw) && inWord(t.raw, i) {
				i++
			}
			i++
			continue
		}
		m.Start, m.End = t.from[i], t.end(end)
		out = append(out, m)
		i = end
	}
	confirm(out)
	return out
}

// end returns the byte of the original at which what ends before byte i of the
// prepared text ends.
func (t *text) end(i int) int { return t.from[i-1] + runeLen(t.original[t.from[i-1]:]) }

func runeLen(s string) int {
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// confirm raises short names with other meanings whose material the text also
// names in words.
func confirm(mentions []Mention) {
	sure := map[*Material]bool{}
	for _, m := range mentions {
		if m.Material != nil && m.Confidence >= shortName {
			sure[m.Material] = true
		}
	}
	for i := range mentions {
		if m := &mentions[i]; m.Confidence == doubtful && sure[m.Material] {
			m.Confidence = confirmed
		}
	}
}

// begins reports whether a name may begin at byte i: not within a word or a
// number.
func begins(s string, i int) bool {
	c := s[i]
	if c < utf8.RuneSelf && !isAlnum(c) && c != '[' && c != '(' {
		return false
	}
	if !utf8.RuneStart(c) {
		return false
	}
	if i == 0 {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	if unicode.Is(unicode.Hangul, r) {
		first, _ := utf8.DecodeRuneInString(s[i:])
		return !unicode.Is(unicode.Hangul, first)
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' {
		return false
	}
	// "m-TPD" is not TPD; "PEO-LiTFSI" names both.
	if r == '-' && i >= 2 {
		if i == 2 || !isAlnum(s[i-3]) {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func inWord(s string, i int) bool { return isAlnum(s[i]) || s[i] >= utf8.RuneSelf }

// ends reports whether a name may end before byte i.
func ends(s string, i int) bool {
	if i >= len(s) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	if unicode.Is(unicode.Hangul, r) {
		return true // a particle
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
}

// entryName is a name of the table, for finding it in text.
type entryName struct {
	key   string // what the text has
	words bool   // in any case
	named
}

// starts are the names of the table by their first two bytes in small letters,
// the longest first.
var starts = sync.OnceValue(func() map[string][]entryName {
	out := map[string][]entryName{}
	for _, m := range materials().all {
		for _, n := range m.Names {
			key := prepare(n)
			e := entryName{key: key.raw, named: materials().exact[key.raw]}
			if spelledOut(n) {
				e.key, e.words = key.small, true
			}
			out[start(key.small)] = append(out[start(key.small)], e)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b entryName) int {
			return cmp.Or(cmp.Compare(len(b.key), len(a.key)), strings.Compare(a.key, b.key))
		})
	}
	return out
})

// tableAt returns the longest name of the table at byte i, and where it ends, 0
// for none.
func (t *text) tableAt(i int) (Mention, int) {
	if i+2 > len(t.raw) {
		return Mention{}, 0
	}
	for _, e := range starts()[start(t.small[i:])] {
		in := t.raw[i:]
		if e.words {
			in = t.small[i:]
		}
		end := i + len(e.key)
		if !strings.HasPrefix(in, e.key) || !ends(t.raw, end) {
			continue
		}
		if end < len(t.raw) && t.raw[end] == '-' && e.words && end+1 < len(t.raw) && t.small[end+1] >= 'a' && t.small[end+1] <= 'z' && glues(t.small[end+1:]) {
			continue // "styrene-co-…" is another material
		}
		m := Mention{Material: e.material, Structure: &Structure{Kind: e.material.Kind, SMILES: e.material.SMILES, Source: e.material.Source, Ambiguous: e.ambiguous}, Confidence: shortName}
		switch {
		case e.ambiguous:
			m.Confidence = doubtful
		case e.words:
			m.Confidence = inWords
		}
		return m, end
	}
	return Mention{}, 0
}

// glues reports whether s goes on with a word that makes one name of two.
func glues(s string) bool {
	for _, w := range []string{"co-", "block-", "b-", "alt-", "graft-", "g-", "ran-", "stat-"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// marks are parts of systematic names, at least one of which every word of one
// has.
var marks = []string{"yl", "oxy", "ane", "ene", "yne", "ol", "one", "amin", "amid", "imid", "nitril", "ate", "acid", "ether", "oxide", "fluor", "chlor", "brom", "iod", "nitro", "cyan", "ine", "ole", "ium", "an-", "in-", "furan", "pyran", "oxan"}

// classes are words that the rules would read as one molecule, but that texts use
// for a class, a group, an ion or something else.
var classes = map[string]bool{
	"amine": true, "silane": true, "borane": true, "phosphine": true, "phosphane": true, "sulfane": true, "stannane": true, "germane": true, "arsine": true, "diazene": true,
	"urea": false, "imidazole": false, "triazole": true, "oxazole": true, "thiazole": true, "oxadiazole": true, "thiadiazole": true, "carbodiimide": true, "ketene": true, "allene": true, "azane": true,
	"barbituric acid": false, "boronic acid": true, "phosphonic acid": true, "phosphinic acid": true, "carbamic acid": false,
}

// systematicAt returns the longest systematic name at byte i, and where it ends,
// 0 for none.
func (t *text) systematicAt(i int) (Mention, int) {
	// Where the first words end, as long as each could be part of a name.
	var ways []int
	begin := i
	for range mostWords {
		end, ok := t.word(begin)
		if !ok || end-i > longestName {
			break
		}
		ways = append(ways, end)
		if end >= len(t.raw) || t.raw[end] != ' ' {
			break
		}
		begin = end + 1
	}
	for k := len(ways) - 1; k >= 0; k-- {
		end := ways[k]
		s := t.raw[i:end]
		if k > 0 && !tail(t.small[i:end]) {
			continue
		}
		if classes[t.small[i:end]] {
			continue
		}
		structure, err := Parse(s)
		if err != nil || structure.Kind == Molecule && (structure.Source != "" || !substance(structure.SMILES)) {
			continue
		}
		m := Mention{Structure: structure, Confidence: byRules}
		if k == 0 && len(s) < 10 && !strings.ContainsAny(s, "0123456789") {
			m.Confidence = byRulesToo
		}
		return m, end
	}
	return Mention{}, 0
}

// word returns where the word at byte i ends, without punctuation behind it, and
// whether it could be part of a systematic name. Brackets may hold spaces.
func (t *text) word(i int) (int, bool) {
	depth, k := 0, i
	for k < len(t.raw) && k-i <= longestName {
		c := t.raw[k]
		switch {
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			if depth == 0 {
				goto done
			}
			depth--
		case c == ' ':
			if depth == 0 || k+1 < len(t.raw) && t.raw[k+1] == '(' {
				goto done
			}
		case isAlnum(c), c == '-', c == ',', c == '\'', c == '+', c == ':', c == '.', c == '^':
		case c >= utf8.RuneSelf:
			if r, size := utf8.DecodeRuneInString(t.raw[k:]); unicode.Is(unicode.Greek, r) || r == '±' {
				k += size - 1
			} else {
				goto done
			}
		default:
			goto done
		}
		k++
	}
done:
	if depth > 0 {
		// an opening bracket that belongs to the sentence
		if open := strings.LastIndexAny(t.raw[i:k], "([{"); open > 0 {
			k = i + open
		}
	}
	for k > i && strings.IndexByte(".,:;-+'^", t.raw[k-1]) >= 0 {
		k--
	}
	s := t.small[i:k]
	if len(s) < 4 {
		return k, s == "di" // nothing as short is a word of a name
	}
	if s[0] >= '0' && s[0] <= '9' && !strings.Contains(s, "-") {
		return k, false
	}
	if strings.HasPrefix(s, "poly") {
		return k, true
	}
	for _, m := range marks {
		if strings.Contains(s, m) {
			return k, true
		}
	}
	return k, false
}

// tail reports whether the last word of s can end a name of several words.
func tail(s string) bool {
	last := s[strings.LastIndexByte(s, ' ')+1:]
	if last == "acid" || strings.HasSuffix(last, "ate") || strings.HasSuffix(last, "oxide") || strings.HasSuffix(last, "imide") || strings.HasSuffix(last, "hydride") {
		return true
	}
	_, ok := joined[last]
	_, ok2 := ending[last]
	_, ok3 := anions[last]
	return ok || ok2 || ok3
}

// substance reports whether a structure is more than a bare ion: neutral as a
// whole, and of at least two atoms.
func substance(smiles string) bool {
	plus, minus, atoms := 0, 0, 0
	for i := 0; i < len(smiles); i++ {
		switch c := smiles[i]; {
		case c >= 'A' && c <= 'Z' && c != 'H':
			atoms++
		case c == '+':
			plus += charges(smiles[i+1:])
		case c == '-':
			minus += charges(smiles[i+1:])
		}
	}
	return plus == minus && atoms > 1
}

// charges returns the number at the beginning of s, 1 if there is none.
func charges(s string) int {
	if s != "" && s[0] >= '2' && s[0] <= '9' {
		return int(s[0] - '0')
	}
	return 1
}
