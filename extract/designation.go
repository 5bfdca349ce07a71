package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/record"
)

// designated adds the alloys and complexes of text that are written in ways of
// their own, in place of what is a part of their names: "Ti-6Al-4V", "Nd–Fe–B",
// "Inconel 718", "316L stainless steel", "Ir(piq)2(acac)", "[EMIM][BF4]".
func designated(b int, text string, found []subjectMention) []subjectMention {
	var added []subjectMention
	last := 0
	for i := 0; i < len(text); i++ {
		if i < last || i > 0 && (labelByte(text[i-1]) || text[i-1] >= 0x80) {
			continue
		}
		var end int
		kind := record.Composition
		var elements chem.Set
		switch c := text[i]; {
		case c == '[' || c == '{':
			if end = ionicLiquid(text, i); end == 0 {
				end = bracketed(text, i)
			}
			kind = record.Molecule
		case c == '(':
			if end, kind = ligandsFirst(text, i), record.Molecule; end == 0 {
				end, elements = groupAlloy(text, i)
				kind = record.Composition
			}
		case c >= 'A' && c <= 'Z':
			if end, elements = alloy(text, i); end == 0 {
				end, kind = grade(text, i), record.Named
			}
			if end == 0 {
				if end, elements = complexAt(text, i); end > 0 {
					kind = record.Molecule
				}
			}
		case c >= '2' && c <= '9':
			end, kind = steel(text, i), record.Named
		}
		if end == 0 {
			if end = deviceAt(text, i); end > 0 {
				kind, elements = record.Named, chem.Set{}
			}
		}
		if end == 0 {
			continue
		}
		start := i
		if sign := jointBefore(text, i); sign > 0 && elements.Has(6) { // "S@Co–N–C"
			start = labelBefore(text, i-sign)
			if start == i-sign {
				start = i
			}
		}
		at, written := span{start, end}, text[start:end]
		name := written
		if kind != record.Named && text[i] != '{' || strings.ContainsAny(written, `$_\`) {
			name = tidy(written)
		}
		added = append(added, subjectMention{span: at, block: b, key: name, host: hosts(text, at), subject: record.Subject{
			Text: written, Kind: kind, Name: name, Elements: elements.Symbols(), Block: b, Start: start, End: end,
		}})
		last = end
	}
	return inPlaceOf(found, added)
}

// alloy returns where the designation of an alloy that begins at i ends, and its
// elements: symbols joined by hyphens, with amounts ("Ti-6Al-4V", "Sn-3.0Ag-0.5Cu")
// or three of them and more without ("Nd–Fe–B", and catalysts such as "Fe–N–C"). It
// returns 0 if there is none.
func alloy(text string, i int) (int, chem.Set) {
	var elements chem.Set
	parts, amounts, metals := 0, 0, 0
	end := 0
	for at := i; ; {
		if parts > 0 {
			number := at
			for number < len(text) && (text[number] >= '0' && text[number] <= '9' || text[number] == '.') {
				number++
			}
			if number > at {
				amounts++
			}
			at = number
		}
		e, n := symbolAt(text, at)
		if n == 0 || elements.Has(e) || !e.Metal() && (parts == 0 || !alloyed[e.Symbol()]) {
			break
		}
		elements.Add(e)
		if e.Metal() {
			metals++
		}
		parts++
		at += n
		end = at
		hyphen := hyphenAt(text, at)
		if hyphen == 0 {
			break
		}
		at += hyphen
	}
	if end < len(text) && (labelByte(text[end]) || hyphenAt(text, end) > 0 && end+1 < len(text) && labelByte(text[end+hyphenAt(text, end)])) || metals < 2 && !(metals == 1 && parts == 3 && elements.Has(6) && elements.Has(7)) || parts < 3 && amounts == 0 ||
		strings.HasPrefix(text[end:], " bond") || strings.HasPrefix(text[end:], " angle") {
		return 0, chem.Set{}
	}
	return end, elements
}

// groupAlloy is alloy for a designation that begins with several elements of one site:
// "(Nd,Dy)-Fe-B".
func groupAlloy(text string, i int) (int, chem.Set) {
	var elements chem.Set
	at := i + 1
	for {
		e, n := symbolAt(text, at)
		if n == 0 || !e.Metal() || at+n >= len(text) {
			return 0, chem.Set{}
		}
		elements.Add(e)
		at += n
		if text[at] == ')' {
			break
		}
		if text[at] != ',' {
			return 0, chem.Set{}
		}
		at++
	}
	at++
	parts := 0
	for {
		hyphen := hyphenAt(text, at)
		e, n := symbolAt(text, at+hyphen)
		if hyphen == 0 || n == 0 || elements.Has(e) {
			break
		}
		elements.Add(e)
		parts++
		at += hyphen + n
	}
	if parts < 2 || elements.Len() < 4 || at < len(text) && labelByte(text[at]) {
		return 0, chem.Set{}
	}
	return at, elements
}

// alloyed are the elements other than metals that alloys hold.
var alloyed = map[string]bool{"B": true, "C": true, "N": true, "P": true, "Si": true, "Ge": true, "Sb": true, "Te": true}

// symbolAt returns the element whose symbol stands at i and is not continued by
// small letters, and the length of the symbol, 0 if there is none.
func symbolAt(text string, i int) (chem.Element, int) {
	for _, n := range []int{2, 1} {
		if i+n > len(text) || i+n < len(text) && text[i+n] >= 'a' && text[i+n] <= 'z' {
			continue
		}
		if e, ok := chem.BySymbol(text[i : i+n]); ok {
			return e, n
		}
	}
	return 0, 0
}

// hyphenAt returns the length of the hyphen or dash at i, 0 if there is none.
func hyphenAt(text string, i int) int {
	for _, h := range []string{"-", "–", "‐", "‑"} {
		if strings.HasPrefix(text[i:], h) {
			return len(h)
		}
	}
	return 0
}

// brands are names of alloys and membranes that a grade follows, and societies
// whose numbers designate alloys.
var brands = map[string]bool{
	"Inconel": true, "Incoloy": true, "Hastelloy": true, "Monel": true, "Nimonic": true, "Waspaloy": true, "Stellite": true, "Zircaloy": true, "Haynes": true, "Rene": true,
	"Metglas": true, "METGLAS": true, "Vitrovac": true, "Vitroperm": true, "Hiperco": true, "Vacoflux": true, "AISI": true, "SUS": true, "AA": true, "AZ": true, "ZK": true, "Nafion": true, "Aquivion": true, "Celgard": true, "Kapton": true,
}

// grade returns where the name of a brand with its grade that begins at i ends:
// "Inconel 718", "AA7075-T6", "Nafion 117". It returns 0 if there is none.
func grade(text string, i int) int {
	end := i
	for end < len(text) && (text[end] >= 'a' && text[end] <= 'z' || text[end] >= 'A' && text[end] <= 'Z') {
		end++
	}
	if !brands[text[i:end]] {
		return 0
	}
	at := end
	if at < len(text) && (text[at] == ' ' || text[at] == '-') {
		at++
	}
	if at >= len(text) || text[at] < '0' || text[at] > '9' {
		return 0
	}
	for at < len(text) && (labelByte(text[at]) || text[at] == '-' && at+1 < len(text) && labelByte(text[at+1])) {
		at++
	}
	if at-end > 12 {
		return 0
	}
	return at
}

// steel returns where the name of a steel that begins with its number at i ends:
// "316L stainless steel". It returns 0 if there is none.
func steel(text string, i int) int {
	end := i
	for end < len(text) && labelByte(text[end]) {
		end++
	}
	if end-i < 3 || end-i > 6 || !allDigits(text[i:i+3]) {
		return 0
	}
	for _, name := range []string{" stainless steel", " steel", " aluminium alloy", " aluminum alloy"} {
		if strings.HasPrefix(text[end:], name) {
			return end + len(name)
		}
	}
	return 0
}

// deviceAt returns where the pair of donor and acceptor, or of host and guest, that
// begins at i ends: "PM6:Y6", "D18:L8-BO", "PM6:L8-BO:BTP-eC9". It returns 0 if there
// is none.
func deviceAt(text string, i int) int {
	end, sides := i, 0
	for {
		start := end
		end = memberAt(text, start)
		if end == start {
			return 0
		}
		sides++
		if end+1 >= len(text) || text[end] != ':' || memberAt(text, end+1) == end+1 {
			break
		}
		end++
	}
	if sides < 2 || sides > 4 {
		return 0
	}
	return end
}

// memberAt returns where the label ends that begins at i and may be a side of a pair:
// letters, digits and hyphens, two bytes or more, a capital and a digit or two
// capitals among them.
func memberAt(text string, i int) int {
	end, capitals, digits := i, 0, 0
	for end < len(text) && (labelByte(text[end]) || text[end] == '-' && end > i && end+1 < len(text) && labelByte(text[end+1])) {
		switch c := text[end]; {
		case c >= 'A' && c <= 'Z':
			capitals++
		case c >= '0' && c <= '9':
			digits++
		}
		end++
	}
	if end-i < 2 || end-i > 20 || capitals == 0 || capitals+digits < 2 || text[i] >= '0' && text[i] <= '9' {
		return i
	}
	return end
}

// states are what stands in parentheses behind a symbol without being a ligand.
var states = []string{"bcc", "fcc", "hcp", "aq", "liq", "gas", "sol", "ads", "bulk", "surf", "ref", "wt", "at", "am", "cr"}

// complexAt returns where the formula of a complex that begins at i ends whose
// ligands have short names, and its metal: "Ir(piq)2(acac)", "Ru(bpy)3(PF6)2". It
// returns 0 if there is none.
func complexAt(text string, i int) (int, chem.Set) {
	var metal chem.Set
	e, n := symbolAt(text, i)
	if n != 2 || !e.Metal() {
		return 0, metal
	}
	end, ligands, counts := i+n, 0, 0
	for end < len(text) && text[end] == '(' {
		closing := strings.IndexByte(text[end:min(len(text), end+20)], ')')
		if closing < 3 {
			break
		}
		inside := text[end+1 : end+closing]
		small := 0
		for j := 0; j < len(inside); j++ {
			switch c := inside[j]; {
			case c >= 'a' && c <= 'z':
				small++
			case !labelByte(c) && c != '-' && c != ',' && c != '\'':
				return 0, chem.Set{}
			}
		}
		if slices.Contains(states, inside) {
			break
		}
		if small >= 2 {
			ligands++
		}
		end += closing + 1
		if end < len(text) && text[end] >= '1' && text[end] <= '6' {
			counts++
			end++
		}
	}
	if ligands == 0 || counts == 0 && end > 0 && strings.Count(text[i:end], "(") < 2 {
		return 0, metal
	}
	metal.Add(e)
	return end, metal
}

// ligandsFirst returns where the formula of a complex ends whose first ligands stand in
// parentheses at i, before the metal: "(ppy)2Ir(acac)". It returns 0 if there is none.
func ligandsFirst(text string, i int) int {
	end := ligand(text, i)
	if end == 0 || end == len(text) {
		return 0
	}
	if text[end] >= '2' && text[end] <= '4' {
		end++
	}
	e, n := symbolAt(text, end)
	if n != 2 || !e.Metal() {
		return 0
	}
	end += n
	more := ligand(text, end)
	if more == 0 {
		return 0
	}
	for more != 0 {
		if end = more; end < len(text) && text[end] >= '2' && text[end] <= '4' {
			end++
		}
		more = ligand(text, end)
	}
	return end
}

// ligand returns where the short name of a ligand ends that stands in parentheses at
// i, "(acac)", 0 if there is none.
func ligand(text string, i int) int {
	if i >= len(text) || text[i] != '(' {
		return 0
	}
	closing := strings.IndexByte(text[i:min(len(text), i+20)], ')')
	if closing < 3 {
		return 0
	}
	small := 0
	for _, c := range []byte(text[i+1 : i+closing]) {
		switch {
		case c >= 'a' && c <= 'z':
			small++
		case !labelByte(c) && c != '-':
			return 0
		}
	}
	if small < 2 || slices.Contains(states, text[i+1:i+closing]) {
		return 0
	}
	return i + closing + 1
}

// longestComplex bounds the formula of a complex in brackets, in bytes.
const longestComplex = 96

// bracketed returns where the formula of a complex in brackets that begins at i ends,
// with its counter-ions: "[Dy(Cp*)2][B(C6F5)4]", "{[NBu4][MnCr(ox)3]}n". A metal with a
// ligand in parentheses must be in it. It returns 0 if there is none.
func bracketed(text string, i int) int {
	depth, end, metal := 0, 0, false
	for k := i; k < len(text) && k-i < longestComplex; k++ {
		switch c := text[k]; {
		case c == '[' || c == '{' || c == '(':
			if c == '(' && depth > 0 {
				for n := 1; n <= 2 && k-n > i; n++ {
					e, size := symbolAt(text, k-n)
					metal = metal || size == n && e.Metal() && (ligand(text, k) > 0 || strings.HasPrefix(text[k:], "(C"))
				}
			}
			depth++
		case c == ']' || c == '}' || c == ')':
			if depth--; depth < 0 {
				return 0
			}
			if depth == 0 {
				end = k + 1
				if c == '}' && strings.HasPrefix(text[end:], "n") {
					end++
				}
				for end < len(text) && text[end] >= '2' && text[end] <= '9' {
					end++
				}
				for _, charge := range []string{"+", "−", "⁺", "⁻"} {
					if strings.HasPrefix(text[end:], charge) {
						end += len(charge)
					}
				}
				if end >= len(text) || text[end] != '[' && text[end] != '(' {
					k = len(text)
				} else {
					k = end - 1
				}
			}
		case depth == 0 || c == ' ' || c == '=' || c == ';' || c == '|':
			k = len(text)
		}
	}
	if !metal || depth != 0 || end < len(text) && labelByte(text[end]) {
		return 0
	}
	return end
}

// ionicLiquid returns where the ionic liquid ends whose cation in brackets begins at
// i: "[EMIM][BF4]", "[C4mim]Cl". It returns 0 if there is none.
func ionicLiquid(text string, i int) int {
	cation := strings.IndexByte(text[i:min(len(text), i+16)], ']')
	if cation < 4 || !ionName(text[i+1:i+cation]) {
		return 0
	}
	at := i + cation + 1
	if strings.HasPrefix(text[at:], "[") {
		anion := strings.IndexByte(text[at:min(len(text), at+16)], ']')
		if anion < 3 || !ionName(text[at+1:at+anion]) {
			return 0
		}
		return at + anion + 1
	}
	for _, anion := range []string{"Cl", "Br", "I", "BF4", "PF6", "NTf2", "TFSI", "OAc", "SCN", "DCA"} {
		if rest, ok := strings.CutPrefix(text[at:], anion); ok && (rest == "" || !labelByte(rest[0])) {
			return at + len(anion)
		}
	}
	return 0
}

// ionName reports whether s is the short name of an ion: letters and digits, two
// capitals or more, "C4mim" or its like.
func ionName(s string) bool {
	letters := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			letters++
		case c < '0' || c > '9':
			return false
		}
	}
	return letters >= 2 && s[0] >= 'A' && s[0] <= 'Z'
}
