package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
)

// withoutModifiers returns found without the elements that are no material of their own
// where they stand: parts of compounds named in words, what an amount counts, what was
// added to another material, and what only tells another noun apart.
func withoutModifiers(text string, found []subjectMention) []subjectMention {
	dropped := -1 // where the last one that was left out ends
	return slices.DeleteFunc(found, func(s subjectMention) bool {
		if !s.single || ambient(&s) || strings.ContainsAny(s.subject.Name, "0123456789") { // C60 is a molecule
			return false
		}
		enumerated := dropped >= 0 && dropped <= s.start && coordinates(text[dropped:s.start]) && text[dropped:s.start] != " "
		if !s.host && !modifier(text, s.span) && !ingredient(text, s.span) && !enumerated {
			return false
		}
		dropped = s.end
		return true
	})
}

// modifier reports whether the element at s is a part of what a compound, a device or
// a quantity is called: "nickel–zinc ferrite", "lithium metal anode", "Fe moment",
// "Cu Kα", "vanadium(II) salts", "per Mn", "29Si NMR".
func modifier(text string, s span) bool {
	if before := text[:s.start]; before != "" {
		last, size := utf8.DecodeLastRuneInString(before)
		switch {
		case last >= '0' && last <= '9', last == '|':
			return true
		case isHyphen(last):
			word := before[lastWord(before[:len(before)-size]) : len(before)-size]
			if word != "" && !forms[asciiLower(word)] {
				return true
			}
		}
		switch asciiLower(before[lastWord(strings.TrimRight(before, " ")):]) {
		case "per ", "each ", "every ", "effective ", "elemental ", "interstitial ":
			return true
		}
	}
	rest := text[s.end:]
	if rest == "" {
		return false
	}
	first, size := utf8.DecodeRuneInString(rest)
	switch {
	case first == '|', first >= '⁰' && first <= '⁾', first == '²', first == '³', first == '¹':
		return true
	case isHyphen(first):
		next, _ := utf8.DecodeRuneInString(rest[size:])
		return unicode.IsLetter(next)
	case first == '(':
		end := strings.IndexByte(rest[:min(len(rest), 6)], ')')
		return end > 1 && (strings.Trim(rest[1:end], "IV") == "" || end < 4 && allDigits(rest[1:end])) // not the plane of "Si(111)"
	case first == ' ':
		word := rest[1:wordEnd(rest, 1)]
		if isElement(word) { // "sodium bismuth titanate"
			return true
		}
		if heads[key(word)] || compounds(word) {
			return true
		}
		return strings.HasPrefix(rest, " K") && len(word) <= 3 || strings.HasPrefix(rest, " metal ") && heads[key(rest[7:wordEnd(rest, 7)])]
	}
	return false
}

// isElement reports whether word is the name of an element.
func isElement(word string) bool {
	_, ok := chem.ByName(asciiLower(word))
	return ok
}

// isHyphen reports whether r is a hyphen or a dash that joins words.
func isHyphen(r rune) bool { return r == '-' || r == '–' || r == '‐' || r == '‑' }

// lastWord returns where the last word of s begins, a run without spaces, dashes and
// brackets.
func lastWord(s string) int {
	i := strings.LastIndexFunc(s, func(r rune) bool { return r == ' ' || r == '(' || r == '[' || r == '/' || isHyphen(r) })
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return i + size
}

// wordEnd returns where the run of letters ends that begins at i.
func wordEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) {
			break
		}
		i += size
	}
	return i
}

// forms are what stands with a hyphen before an element that is a material in that
// form: "bcc-Fe", "poly-Si".
var forms = map[string]bool{
	"poly": true, "nano": true, "micro": true, "bcc": true, "fcc": true, "hcp": true, "porous": true, "a": true, "c": true, "p": true, "n": true,
}

// heads are nouns, singular and in lower case, that an element in front of them only
// tells apart.
var heads = map[string]bool{
	"atom": true, "ion": true, "cation": true, "anion": true, "site": true, "sublattice": true, "vacancy": true, "moment": true, "spin": true, "orbital": true, "edge": true, "nucleu": true, "interstitial": true,
	"content": true, "concentration": true, "doping": true, "dopant": true, "substitution": true, "addition": true, "impurity": true, "precipitate": true, "deficiency": true, "excess": true, "loading": true,
	"battery": true, "cell": true, "redox": true, "anode": true, "cathode": true, "photodiode": true, "detector": true, "spacer": true, "contact": true, "lamp": true, "host": true, "target": true, "source": true, "precursor": true,
	"salt": true, "alloy": true, "ferrite": true, "garnet": true, "bronze": true, "complex": true, "complexe": true, "phthalocyanine": true, "porphyrin": true, "acetylacetonate": true, "carbonyl": true, "metallocene": true, "perovskite": true,
	"compound": true, "dichalcogenide": true, "trihalide": true, "halide": true, "chalcogenide": true, "pnictide": true, "monopnictide": true, "hydroxide": true, "hexaferrite": true,
	"ka": true, "kα": true, "radiation": true, "x": true, "deposition": true, "dissolution": true, "stripping": true, "plating": true, "migration": true, "segregation": true, "dendrite": true, "transference": true, "inventory": true, "utilization": true, "utilisation": true, "thickness": true,
}

// compounds reports whether word ends as names of compounds do whose first part the
// element before it is: "zinc chromite", "indium niobate", "vanadium oxides".
func compounds(word string) bool {
	w := strings.TrimSuffix(asciiLower(word), "s")
	if len(w) < 5 || notCompounds[w] {
		return false
	}
	return strings.HasSuffix(w, "ate") || strings.HasSuffix(w, "ide") || strings.HasSuffix(w, "ite")
}

// notCompounds are words with the endings of compounds that are none.
var notCompounds = map[string]bool{
	"plate": true, "substrate": true, "side": true, "beside": true, "wide": true, "inside": true, "outside": true, "provide": true, "divide": true, "despite": true, "composite": true, "white": true, "quite": true, "write": true, "site": true,
	"state": true, "indicate": true, "demonstrate": true, "oxidate": true, "dominate": true, "rate": true, "generate": true, "facilitate": true, "intermediate": true, "aggregate": true, "particulate": true, "late": true, "correlate": true, "originate": true, "crystallite": true, "coordinate": true, "nucleate": true, "evaporate": true, "separate": true, "create": true, "migrate": true, "participate": true, "precipitate": true, "infinite": true, "definite": true, "finite": true, "opposite": true,
}

// ingredient reports whether the element at s is named as what another material holds
// or as what replaces a part of it: "8% Mn", "replacing Ni by Co", "doping with Fe".
func ingredient(text string, s span) bool {
	before := asciiLower(text[max(0, s.start-48):s.start])
	if i := strings.LastIndexAny(before, ".;"); i >= 0 && i+1 < len(before) && before[i+1] == ' ' && (i == 0 || before[i-1] != 't' && before[i-1] != 'l') { // "at.%", "vol.%"
		before = before[i+1:]
	}
	if start := s.start - len("With "); start >= 0 && text[start:s.start] == "With " && (start == 0 || strings.HasSuffix(text[:start], ". ")) {
		return true // "With Mn the loss falls"
	}
	for _, suffix := range addedBy {
		if strings.HasSuffix(before, suffix) {
			return true
		}
	}
	if strings.HasSuffix(before, "%") || strings.HasSuffix(before, "% ") || strings.HasSuffix(before, "% of ") {
		return true
	}
	if i := max(strings.LastIndex(before, "replac"), strings.LastIndex(before, "substitut")); i >= 0 {
		behind := before[i:]
		if strings.Count(behind, " ") == 1 || onlyElements(behind) || strings.HasSuffix(behind, " by ") || strings.HasSuffix(behind, " with ") || strings.HasSuffix(behind, " for ") || strings.HasSuffix(behind, " of ") {
			return true
		}
	}
	switch next, _ := nextWord(text[s.end:]); next {
	case "replaces", "replaced", "replacing", "substitutes", "substituted", "substituting", "occupies", "occupy", "occupying":
		return true
	}
	return false
}

// onlyElements reports whether s, from a verb on, goes on with "with" or "by" and
// elements alone: "substituted with La and ".
func onlyElements(s string) bool {
	w := strings.Fields(s)
	for i, word := range w {
		word = strings.TrimRight(word, ",")
		symbol := ""
		if word != "" {
			symbol = strings.ToUpper(word[:1]) + word[1:]
		}
		_, known := chem.BySymbol(symbol)
		switch {
		case i == 0:
		case i == 1 && (word == "with" || word == "by" || word == "for"):
		case i > 1 && (word == "and" || word == "or" || known || isElement(word)):
		default:
			return false
		}
	}
	return len(w) > 2
}

// addedBy is what stands, in lower case, before an element that another material holds
// or was given.
var addedBy = []string{
	"doped with ", "doping with ", "doped by ", "codoped with ", "co-doped with ", "alloyed with ", "alloying with ", "modified with ", "enriched in ", "enriched with ", "depleted in ", "depleted of ", "rich in ", "poor in ",
	"amount of ", "amounts of ", "trace of ", "traces of ", "excess of ", "fraction of ", "content of ", "contents of ", "concentration of ", "concentrations of ", "proportion of ", "loss of ", "lack of ", "presence of ", "absence of ",
	"formula unit of ", "atom of ", "atoms of ", "ion of ", "ions of ", "addition of ", "additions of ", "incorporation of ", "introduction of ", "introducing ", "adding ", "incorporating ", "segregation of ", "diffusion of ", "dissolution of ", "intercalation of ", "valence of ", "nuclei of ", "containing ",
}
