package formula

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
)

// anions maps the second word of a binary compound's name to its element.
var anions = map[string]string{
	"oxide": "O", "chloride": "Cl", "sulfide": "S", "sulphide": "S", "nitride": "N", "selenide": "Se", "telluride": "Te", "iodide": "I", "bromide": "Br",
	"fluoride": "F", "phosphide": "P", "arsenide": "As", "antimonide": "Sb", "carbide": "C", "boride": "B", "silicide": "Si", "hydride": "H",
}

// multipliers are the prefixes of IUPAC's compositional names (Nomenclature of
// Inorganic Chemistry, 2005, table IV).
var multipliers = []struct {
	prefix string
	n      float64
}{{"mono", 1}, {"mon", 1}, {"di", 2}, {"tri", 3}, {"tetra", 4}, {"tetr", 4}, {"penta", 5}, {"pent", 5}, {"hexa", 6}, {"hex", 6}}

// simple are binary compounds whose plain name has one common meaning.
var simple = map[string]string{
	"gallium arsenide": "GaAs", "gallium nitride": "GaN", "gallium phosphide": "GaP", "indium phosphide": "InP", "indium arsenide": "InAs", "indium nitride": "InN",
	"aluminium nitride": "AlN", "aluminum nitride": "AlN", "boron nitride": "BN", "zinc oxide": "ZnO", "zinc sulfide": "ZnS", "zinc selenide": "ZnSe", "cadmium sulfide": "CdS",
	"cadmium selenide": "CdSe", "cadmium telluride": "CdTe", "silicon carbide": "SiC", "silicon nitride": "Si3N4", "magnesium oxide": "MgO", "lithium fluoride": "LiF",
	"sodium chloride": "NaCl", "nickel oxide": "NiO", "bismuth telluride": "Bi2Te3", "lead telluride": "PbTe", "lead sulfide": "PbS", "germanium telluride": "GeTe", "gallium oxide": "Ga2O3",
	"europium oxide": "EuO", "indium antimonide": "InSb", "gallium antimonide": "GaSb", "aluminium oxide": "Al2O3", "aluminum oxide": "Al2O3", "lithium cobalt oxide": "LiCoO2", "lithium iron phosphate": "LiFePO4",
}

// metalsAlone are the elements whose written name can be a subject by itself.
// Names that are words ("lead") or gases are left out.
var metalsAlone = map[string]bool{
	"lithium": true, "sodium": true, "magnesium": true, "aluminium": true, "aluminum": true, "silicon": true, "potassium": true, "calcium": true, "scandium": true, "titanium": true, "vanadium": true,
	"chromium": true, "manganese": true, "iron": true, "cobalt": true, "nickel": true, "copper": true, "zinc": true, "gallium": true, "germanium": true, "selenium": true, "yttrium": true,
	"zirconium": true, "niobium": true, "molybdenum": true, "ruthenium": true, "rhodium": true, "palladium": true, "silver": true, "cadmium": true, "indium": true, "tin": true, "antimony": true, "tellurium": true,
	"barium": true, "strontium": true, "lanthanum": true, "cerium": true, "neodymium": true, "samarium": true, "europium": true, "gadolinium": true, "terbium": true, "dysprosium": true, "holmium": true,
	"erbium": true, "ytterbium": true, "hafnium": true, "tantalum": true, "tungsten": true, "rhenium": true, "osmium": true, "iridium": true, "platinum": true, "gold": true, "bismuth": true, "uranium": true,
}

// namedAt reads a compound or element named in words at i: "zinc oxide",
// "scandium monochloride", "iron".
func namedAt(text string, i int) (Mention, bool) {
	end := wordEnd(text, i)
	first := strings.ToLower(text[i:end])
	e, ok := chem.ByName(first)
	if !ok || len(first) < 3 {
		return Mention{}, false
	}
	if end < len(text) && text[end] == ' ' {
		second := strings.ToLower(text[end+1 : wordEnd(text, end+1)])
		stop := end + 1 + len(second)
		if s, ok := simple[first+" "+second]; ok {
			if f, err := Parse(s); err == nil {
				return Mention{Start: i, End: stop, Text: text[i:stop], Formula: f}, true
			}
		}
		if n, anion := multiplied(second); anion != 0 && n > 0 {
			f := &Formula{parts: []part{{count: amount{constant: 1}, items: []item{{element: e, amount: amount{constant: 1}}, {element: anion, amount: amount{constant: n}}}}}}
			return Mention{Start: i, End: stop, Text: text[i:stop], Formula: f}, true
		}
		if _, is := anions[second]; is {
			return Mention{}, false // "iron oxide" may be one of several
		}
		switch second {
		case "ion", "ions", "battery", "batteries", "content", "atom", "atoms", "concentration", "doping", "vacancy", "vacancies", "foil", "site", "sites", "age", "metal", "species", "electrode", "source", "rule", "standard":
			return Mention{}, false
		}
	}
	if !metalsAlone[first] || end < len(text) && (text[end] == '-' && !strings.HasPrefix(text[end:], "-doped")) {
		return Mention{}, false
	}
	f := &Formula{parts: []part{{count: amount{constant: 1}, items: []item{{element: e, amount: amount{constant: 1}}}}}}
	return Mention{Start: i, End: end, Text: text[i:end], Formula: f}, true
}

func multiplied(word string) (float64, chem.Element) {
	for _, m := range multipliers {
		if rest, ok := strings.CutPrefix(word, m.prefix); ok {
			if s, ok := anions[rest]; ok {
				e, _ := chem.BySymbol(s)
				return m.n, e
			}
		}
	}
	return 0, 0
}

// wordEnd returns the end of the run of letters at i.
func wordEnd(text string, i int) int {
	for i < len(text) {
		c := text[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r >= 0xAC00 && r <= 0xD7A3 {
				i += size
				continue
			}
		}
		break
	}
	return i
}
