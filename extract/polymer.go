package extract

import (
	"strings"

	"github.com/alkahest/alkahest/record"
)

// longestPolymer bounds what stands in the parentheses of a polymer's name, in bytes.
const longestPolymer = 90

// bracketedPolymers adds the polymers of text whose names put the monomers in
// parentheses and that nothing else has read, in place of what is a part of their
// names: "poly(MMA-co-BA)", "P(LLA-CL)", "poly(A)-b-poly(B)".
func bracketedPolymers(b int, text string, found []subjectMention) []subjectMention {
	var added []subjectMention
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '(')
		if i < 0 {
			break
		}
		start, end := polymerAt(text, from+i)
		from += i + 1
		if end == 0 {
			continue
		}
		for n := 0; n < 4; n++ {
			next := blockBehind(text, end)
			if next == 0 {
				break
			}
			end = next
		}
		from = end
		at := span{start, end}
		name := tidy(text[start:end])
		added = append(added, subjectMention{span: at, block: b, key: name, host: hosts(text, at), subject: record.Subject{
			Text: text[start:end], Kind: record.Polymer, Name: name, Block: b, Start: start, End: end,
		}})
	}
	return inPlaceOf(found, added)
}

// polymerAt returns where the name of the polymer stands whose monomers are in the
// parentheses that open at i, zeros if they are none.
func polymerAt(text string, i int) (start, end int) {
	least := 2 // capitals in the parentheses
	switch before := text[:i]; {
	case strings.HasSuffix(before, "poly"), strings.HasSuffix(before, "Poly"):
		start, least = i-4, 0
	case strings.HasSuffix(before, "P"), strings.HasSuffix(before, "p"):
		start = i - 1
	default:
		return 0, 0
	}
	if start > 0 && (labelByte(text[start-1]) || text[start-1] >= 0x80) {
		return 0, 0
	}
	depth, capitals, letters := 0, 0, 0
	for j := i; j < len(text) && j-i < longestPolymer; j++ {
		switch c := text[j]; {
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				if capitals < least || letters < 2 || least == 0 && text[j-1] == '(' {
					return 0, 0
				}
				return start, j + 1
			}
		case c == ' ' && least > 0, c == '=' || c == ';' || c == '\n':
			return 0, 0
		case c >= 'A' && c <= 'Z':
			capitals, letters = capitals+1, letters+1
		case c >= 'a' && c <= 'z':
			letters++
		}
	}
	return 0, 0
}

// blockBehind returns where the next block of a copolymer ends whose name so far
// ends at i, "-b-poly(lactide)" or "-PEG", 0 if there is none.
func blockBehind(text string, i int) int {
	rest := text[i:]
	for _, joint := range []string{"-b-", "-block-", "-g-", "-graft-", "-co-", "-alt-", "-ran-", "-stat-", "-"} {
		if !strings.HasPrefix(rest, joint) {
			continue
		}
		at := i + len(joint)
		if open := strings.IndexByte(text[at:min(len(text), at+5)], '('); open > 0 {
			if start, end := polymerAt(text, at+open); end > 0 && start == at {
				return end
			}
		}
		if end := labelAt(text, at); end > at && joint != "-" {
			return end
		}
	}
	return 0
}
