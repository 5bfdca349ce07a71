package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/record"
)

// frameworks are the letters before the number in names of porous materials:
// metal-organic and covalent frameworks, zeolites and their relatives, ordered
// silicas and carbons, polymers of intrinsic microporosity.
//
// Sources: Baerlocher, McCusker, Olson, Atlas of Zeolite Framework Types, 6th
// edition, 2007; Furukawa et al., Science 341 (2013) 1230444; Diercks and Yaghi,
// Science 355 (2017) eaal1585; Wan and Zhao, Chem. Rev. 107 (2007) 2821.
var frameworks = map[string]bool{
	"MOF": true, "IRMOF": true, "ZIF": true, "MIL": true, "UiO": true, "HKUST": true, "NU": true, "DUT": true, "PCN": true, "CAU": true, "CPO": true, "UTSA": true, "NOTT": true, "JUC": true, "MAF": true, "BUT": true,
	"COF": true, "CTF": true, "PAF": true, "PIM": true, "SBA": true, "MCM": true, "KIT": true, "FDU": true, "CMK": true, "ZSM": true, "SSZ": true, "SAPO": true, "AlPO": true, "ITQ": true,
}

// groups are what stands behind the number of a framework whose linkers bear it.
var groups = []string{"-NH2", "-NO2", "-COOH", "-OH", "-SO3H", "-F", "-Cl", "-Br", "-CH3", "-2OH", "-(OH)2"}

// namedFrameworks adds the porous materials in text to found, in place of what is
// a part of their names: "MIL-101(Cr)", "NH2-UiO-66", "H-ZSM-5", "ZIF-8@SiO2".
func namedFrameworks(b int, text string, found []subjectMention) []subjectMention {
	var added []subjectMention
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '-')
		if i < 0 {
			break
		}
		hyphen := from + i
		from = hyphen + 1
		start := hyphen
		for start > 0 && labelByte(text[start-1]) {
			start--
		}
		end := hyphen + 1
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		if !frameworks[text[start:hyphen]] || end == hyphen+1 || end-hyphen > 5 {
			continue
		}
		if end < len(text) && labelByte(text[end]) { // "ZIF-8s", "MOF-74a"
			end++
		}
		if end < len(text) && labelByte(text[end]) {
			continue
		}
		if n := metalInParentheses(text[end:]); n > 0 {
			end += n
		}
		for _, g := range groups {
			if strings.HasPrefix(text[end:], g) && (end+len(g) == len(text) || !labelByte(text[end+len(g)])) {
				end += len(g)
				break
			}
		}
		if start > 1 && text[start-1] == '-' { // "NH2-", "H-", "Cu-"
			prefix := start - 1
			for prefix > 0 && start-prefix < 6 && labelByte(text[prefix-1]) {
				prefix--
			}
			if c := text[prefix]; c >= 'A' && c <= 'Z' {
				start = prefix
			}
		}
		if start > 1 && text[start-1] == '/' { // "sulfur/CMK-3"
			word := start - 1
			for word > 0 && labelByte(text[word-1]) {
				word--
			}
			if start-1-word >= 2 {
				start = word
			}
		}
		at := grown(text, span{start, end})
		added = append(added, subjectMention{span: at, block: b, key: tidy(text[at.start:at.end]), host: hosts(text, at), subject: record.Subject{
			Text: text[at.start:at.end], Kind: record.Named, Name: tidy(text[at.start:at.end]), Block: b, Start: at.start, End: at.end,
		}})
		from = max(from, at.end)
	}
	return inPlaceOf(found, added)
}

// metalInParentheses returns the length of a parenthesis at the start of s that
// names the metal of a framework, "(Cr)", 0 if there is none.
func metalInParentheses(s string) int {
	end := strings.IndexByte(s[:min(len(s), 8)], ')')
	if end < 2 || s[0] != '(' || s[1] < 'A' || s[1] > 'Z' {
		return 0
	}
	for _, c := range []byte(s[1:end]) {
		if !labelByte(c) {
			return 0
		}
	}
	return end + 1
}

// inPlaceOf returns found, ascending, with those of added that are no part of one
// of found, in place of what overlaps them.
func inPlaceOf(found, added []subjectMention) []subjectMention {
	if len(added) == 0 {
		return found
	}
	added = slices.DeleteFunc(added, func(a subjectMention) bool {
		whole, ok := overlapping(found, subjectSpan, a.span)
		return ok && whole.start <= a.start && a.end <= whole.end
	})
	found = slices.DeleteFunc(found, func(f subjectMention) bool {
		_, replaced := overlapping(added, subjectSpan, f.span)
		return replaced
	})
	return merged(found, added)
}
