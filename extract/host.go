package extract

import "strings"

// behindHost is what stands directly behind a material that is a substrate, a part of
// another one or its origin.
var behindHost = []string{
	" concentration", " sublattice", "-sublattice", " moments", "-moments", " spins", " planes", " content", " doping", " ions", " ion ", " atoms", " atom ", " impurities", " vacancies", " vacancy", " site", " orbital", " 3d", " 4f",
	" 5d", " L", " K-edge", " substrate", "-type", " type ", "-like", "-coated", "-modified", "-decorated", "-supported", "-functionalized", "-functionalised", "-rich", "-poor",
	"-free", "-containing", "-ion ", "-ion-", "-doped ", "-substituted ", "-terminated", "-loaded", "+", "2+", "3+", " structure", " target", " buffer",
	" foil", " flux", " crucible", " die", " mold", " mould", " substitution", " addition", " incorporation", " alloying", " treatment", "를 첨가", "을 첨가", "를 도핑",
	"을 도핑", " solution", " additive", " template", " tube", " ampoule", " reactor", " contacts", " binder", " standard", " peak", " laser", " lamp", " autoclave", " balls", " seed layer", " source and drain", " source/drain", " gate ", " underlayer", " acceptor", " fullerene", "(111)", "(001)", "(100)", "(110)",
}

// beforeHost is what stands directly before such a material, in lower case.
var beforeHost = []string{
	"activated by ", "activated with ", "sensitized by ", "sensitized with ", "grown on ", "deposited on ", "adsorbed on ", "films on ", "film on ", "layers on ",
	"supported on ", "onto ", "substitution of ", "mixed with ", "blended with ", "blend with ", "blends with ", "combined with ", "treated with ", "passivated with ",
	"coated with ", "capped with ", "modified with ", "functionalized with ", "functionalised with ", "decorated with ", "filled with ", "reinforced with ", "crosslinked with ", "loaded with ",
	"impregnated with ", "washed with ", "etched with ", "residual ", "etching with ", "treatment with ", "reduction with ", "reduction by ", "dedoping by ", "dedoped by ", "treated by ", "reduced by ", "reducing ", "decomposing ", "traces of ", "% doped ", "doped into ", "dispersed in ", "embedded in ", "dissolved in ", "immersed in ", "addition of ", "reacted with ",
	"excess of ", "wt% of ", "wt% ", "vol% of ", "% of ", "vs ", "vs. ", "versus ", "against ", "vol% ", "mol% ", "mol % ", "at% ", "at.% ", "wt.% ", "vol.% ",
	"wt % ", "vol % ", "deionized ", "deionised ", "distilled ", "ultrapure ", "milli-q ", "tap ",
}

// hosts reports whether the subject at s stands for a substrate, a structure
// type or a comparison rather than for what is measured.
func hosts(text string, s span) bool {
	after := text[s.end:min(len(text), s.end+24)]
	for _, suffix := range behindHost {
		if strings.HasPrefix(after, suffix) {
			return true
		}
	}
	if strings.HasPrefix(after, " electrode") && !strings.ContainsAny(text[s.start:s.end], "0123456789") {
		return true // a platinum electrode measures, one of NiCo2S4 is measured
	}
	if first, _, _ := strings.Cut(strings.TrimLeft(asciiLower(after), " "), " "); processes[strings.TrimRight(first, ".,;)")] {
		return true
	}
	before := strings.ToLower(text[max(0, s.start-24):s.start])
	if open := strings.LastIndexByte(before, '('); open >= 0 && strings.HasSuffix(before, ")") && strings.Trim(before[open+1:len(before)-1], "0123456789") == "" {
		before = before[:open] // "on (100)SrTiO3"
	}
	if strings.HasSuffix(before, "/") && s.end-s.start <= 2 {
		return true // "µB/Fe"
	}
	for _, prefix := range beforeHost {
		if strings.HasSuffix(before, prefix) {
			return true
		}
	}
	if n := len(before); n > 2 && strings.HasSuffix(before, "% ") && before[n-3] >= '0' && before[n-3] <= '9' {
		return true // "2% DIO"
	}
	if measuredOut(before) || givenBy(asciiLower(text[max(0, s.start-48):s.start])) {
		return true
	}
	if strings.HasSuffix(before, " on ") && !reportedOn(before) || strings.HasPrefix(after, " on ") && asciiLower(text[s.start:s.end]) == "water" {
		return true
	}
	if strings.Contains(asciiLower(text[max(0, s.start-40):s.start]), "substitut") && (strings.HasSuffix(before, " by ") || strings.HasSuffix(before, " of ") || strings.HasSuffix(before, " for ")) {
		return true
	}
	if rest := text[s.end:min(len(text), s.end+64)]; s.end > s.start && text[s.end-1] >= 0x80 {
		if i := strings.Index(rest, "첨가"); i >= 0 && !strings.Contains(rest[:i], "복합") {
			return true
		}
	}
	if s.end-s.start <= 2 && strings.HasSuffix(before, "doped with ") {
		return true
	}
	if w := strings.Fields(before); len(w) >= 3 && w[len(w)-1] == "m" && w[len(w)-3] == "in" || dissolved(text[max(0, s.start-24):s.start]) && !strings.HasPrefix(after, " in ") {
		return true // "in 6 M KOH", "with 0.5 M Na2SO4"
	}
	if i := strings.IndexByte(text[s.start:s.end], '/'); i > 0 && gases[text[s.start:s.start+i]] && gases[text[s.start+i+1:s.end]] || gases[text[s.start:s.end]] && strings.HasPrefix(after, "/") {
		return true // "CO2/N2 selectivity", "H2/air cell"
	}
	if asciiLower(text[s.start:s.end]) == "water" && (surrounds(before) || strings.HasSuffix(before, "into ") || strings.HasSuffix(before, "lattice ") || strings.HasSuffix(before, "point of ") || strings.HasSuffix(before, " and ") || strings.HasSuffix(before, "l of ")) {
		return true
	}
	return castFrom[text[s.start:s.end]] || gases[text[s.start:s.end]] && surrounds(before) || dosed(text[s.end:]) || actsAs(text[s.end:], s.end-s.start, strings.HasSuffix(before, "using "))
}

// gases are formulas of what a sample is measured in.
var gases = map[string]bool{
	"H2": true, "O2": true, "N2": true, "CH4": true, "CO": true, "CO2": true, "H2S": true, "NH3": true, "H2O": true, "Ar": true, "He": true, "SO2": true, "NO2": true, "NO": true, "Cl2": true, "SF6": true,
}

// ambient reports whether s is a solvent, a gas or an ion that goes with many
// materials. It may be what a sentence is about, but not what a document is about
// although a sentence names nothing.
func ambient(s *subjectMention) bool {
	if s.medium {
		return true
	}
	switch name := s.subject.Formula; name {
	case "":
		return false
	case "BF4", "PF6", "ClO4", "NO3", "SO4", "PO4", "CO3", "OH", "NH4", "H3O":
		return true
	default:
		return gases[name]
	}
}

// dissolved reports whether before ends in a concentration behind which stands what is
// dissolved: "with 0.5 M ". In the first words of a cell that is the sample.
func dissolved(before string) bool {
	rest, ok := strings.CutSuffix(before, " M ")
	if !ok {
		return false
	}
	number := strings.TrimRight(rest, "0123456789.")
	return len(number) < len(rest) && strings.TrimSpace(number) != ""
}

// givenBy reports whether before, in lower case, says that what stands behind it was
// given to another material: "infiltration of a low-melting ".
func givenBy(before string) bool {
	w := strings.Fields(before)
	for i := len(w) - 1; i >= 2 && i >= len(w)-3; i-- {
		if (w[i] == "a" || w[i] == "an" || w[i] == "the") && w[i-1] == "of" {
			switch w[i-2] {
			case "diffusion", "infiltration", "addition", "incorporation", "impregnation":
				return true
			}
		}
	}
	return false
}

// measuredOut reports whether before, in lower case, ends in an amount of what stands
// behind it: "with 0.5 mol kg–1 of ", "20 mg of ".
func measuredOut(before string) bool {
	rest, ok := strings.CutSuffix(before, " of ")
	if !ok {
		return false
	}
	for _, unit := range []string{" mol", " mmol", " mg", " g", " ml", " l", " µl", " μl", " equiv.", "mol kg–1", "mol kg−1", "mol kg-1", "mol l−1", "mol l–1", "mol l-1", " m"} {
		if number, ok := strings.CutSuffix(rest, unit); ok && number != "" && (unit[0] == 'm' || number[len(number)-1] >= '0' && number[len(number)-1] <= '9') {
			return true
		}
	}
	return false
}

// electrolytes are formulas of acids, bases and salts whose solutions are what a sample
// is measured or treated in.
var electrolytes = map[string]bool{
	"KOH": true, "NaOH": true, "LiOH": true, "H2SO4": true, "HCl": true, "HNO3": true, "HClO4": true, "H3PO4": true, "Na2SO4": true, "K2SO4": true, "Li2SO4": true, "KCl": true, "NaCl": true, "LiClO4": true, "NaClO4": true,
}

// isMedium reports whether the host at s is the solvent or the solution in which
// something else is measured: "in degassed CH2Cl2", "with 6 M KOH".
func isMedium(text string, s span, solvent bool) bool {
	before := text[max(0, s.start-32):s.start]
	if dissolved(before) || addedShare(before) {
		return true
	}
	written := text[s.start:s.end]
	if !solvent && !castFrom[written] && !electrolytes[written] {
		return false
	}
	if rest := text[s.end:]; strings.HasPrefix(rest, " 용액") || strings.HasPrefix(rest, "에서") || strings.HasPrefix(rest, " 중") {
		return true
	}
	w := strings.Fields(before)
	for i := len(w) - 1; i >= 0 && i >= len(w)-3; i-- {
		switch w[i] {
		case "in", "In", "into", "from", "using", "(in":
			return true
		case "with", "With":
			if electrolytes[written] {
				return true
			}
		}
	}
	return false
}

// addedShare reports whether before ends in words that say that a share of what stands
// behind it was added to something else: "adding 4 mol% ".
func addedShare(before string) bool {
	rest, ok := strings.CutSuffix(before, "% ")
	if !ok {
		return false
	}
	w := strings.Fields(asciiLower(rest))
	for i := len(w) - 1; i >= 0 && i >= len(w)-3; i-- {
		if strings.HasPrefix(w[i], "add") || strings.HasPrefix(w[i], "introduc") || strings.HasPrefix(w[i], "incorporat") {
			return true
		}
	}
	return false
}

// surrounds reports whether before ends in a word behind which a gas stands that
// surrounds the sample.
func surrounds(before string) bool {
	w := strings.Fields(before)
	if len(w) == 0 || !strings.HasSuffix(before, " ") {
		return false
	}
	switch w[len(w)-1] {
	case "in", "under", "with", "using", "on", "wet", "dry", "humidified", "flowing", "pure", "bar", "mbar", "mpa", "kpa", "pa", "atm", "torr":
		return true
	}
	return false
}

// dosed reports whether rest, behind a subject, says how much of it was added:
// "(2.0%, by volume)".
func dosed(rest string) bool {
	if !strings.HasPrefix(rest, " (") {
		return false
	}
	end := strings.IndexByte(rest[:min(len(rest), 32)], ')')
	if end < 0 || rest[2] < '0' || rest[2] > '9' || !strings.Contains(rest[:end], "%") || strings.Contains(rest[:end], ":") { // "(1:4 in wt%)" is a ratio
		return false
	}
	for _, unit := range []string{"vol", "v/v", "w/w", "wt", "mol%", "mol %"} {
		if strings.Contains(rest[:end], unit) {
			return true
		}
	}
	return false
}

// actsAs reports whether rest, behind a subject, says that it serves to make or
// measure something else: "(2% by volume) as the additive", "as solvent". length is
// that of the subject, in bytes, and using whether "using" stands before it.
func actsAs(rest string, length int, using bool) bool {
	rest = strings.TrimLeft(rest, " ")
	if strings.HasPrefix(rest, "(") {
		if end := strings.IndexByte(rest[:min(len(rest), 40)], ')'); end > 0 {
			rest = strings.TrimLeft(rest[end+1:], " ,")
		}
	}
	w := strings.Fields(asciiLower(rest[:min(len(rest), 48)]))
	if len(w) < 2 || w[0] != "as" {
		return false
	}
	for _, role := range w[1:min(len(w), 5)] {
		switch strings.TrimRight(role, ",.;)") {
		case "solvent", "additive", "precursor", "initiator", "substrate", "reference", "standard", "template", "acceptor", "reductant", "surfactant", "binder", "source", "filler", "interlayer", "buffer", "aid", "fuel", "oxidant", "agent", "flux", "medium", "co-catalyst":
			return true
		case "electrolyte":
			return using
		case "dopant":
			return length <= 2 // of an emitter it is what shines
		}
	}
	return false
}

// processes are what a material undergoes or takes part in: "water splitting" is
// not about a property of water.
var processes = map[string]bool{
	"electrolysis": true, "splitting": true, "oxidation": true, "reduction": true, "evolution": true, "adsorption": true, "uptake": true, "intercalation": true,
	"permeability": true, "permeance": true, "selectivity": true, "solubility": true, "diffusivity": true, "sorption": true, "foam": true,
	"insertion": true, "deintercalation": true, "extraction": true, "plating": true, "stripping": true, "diffusion": true, "storage": true, "capture": true, "separation": true, "sensing": true, "detection": true, "production": true, "vapor": true, "vapour": true, "gas": true, "atmosphere": true, "flow": true,
}

// reportedOn reports whether before, in lower case, ends in a word with "on" behind
// which stands what a work is about, and not a substrate: "based on".
func reportedOn(before string) bool {
	w := strings.Fields(before)
	if len(w) < 2 {
		return true
	}
	if processes[w[len(w)-2]] {
		return true // "oxygen reduction on"
	}
	switch strings.TrimSuffix(w[len(w)-2], "s") {
	case "based", "depend", "depending", "dependent", "report", "reported", "study", "studie", "focu", "focused", "work", "data", "measurement", "measured", "performed", "experiment", "effect", "influence", "research", "out", "investigation", "calculation", "test", "carried", "done", "made", "relie", "impact", "information":
		return true
	}
	return false
}

// castFrom are short names of solvents and additives from which films are cast.
var castFrom = map[string]bool{
	"CB": true, "DCB": true, "ODCB": true, "o-DCB": true, "oDCB": true, "TCB": true, "CF": true, "THF": true, "DMF": true, "DMSO": true, "NMP": true, "DMAc": true, "DCM": true, "IPA": true, "DIO": true, "ODT": true, "GBL": true,
	"CH2Cl2": true, "CHCl3": true, "CCl4": true, "CDCl3": true, "C6D6": true, "CH3CN": true, "MeCN": true, "MeOH": true, "CH3OH": true, "EtOH": true, "C2H5OH": true,
}

// acceptors are the fullerenes that solar cells of many polymers share.
var acceptors = map[string]bool{
	"PCBM": true, "PC60BM": true, "PC61BM": true, "PC70BM": true, "PC71BM": true, "PC 61 BM": true, "PC 71 BM": true, "PC 70 BM": true, "ICBA": true, "IC60BA": true, "C60": true, "C70": true,
}

// ingredients makes the subjects of a sentence hosts that something was made from, or
// that came of it: "was prepared from NaF, NH4VO3 and NH4H2PO4", "decomposes into Fe and
// Fe4N".
func ingredients(text string, sentences []span, subjects []subjectMention) {
	for _, s := range sentences {
		inside := within(subjects, subjectSpan, s)
		for i := range inside {
			before := asciiLower(text[max(s.start, inside[i].start-48):inside[i].start])
			if i > 0 && inside[i-1].host && inside[i-1].made && coordinates(text[inside[i-1].end:inside[i].start]) || madeFrom(before) {
				inside[i].host, inside[i].made = true, true
			}
		}
	}
}

// madeFrom reports whether before, in lower case, ends in words behind which stands
// what something was made from or what came of it.
func madeFrom(before string) bool {
	w := strings.Fields(before)
	for i := len(w) - 1; i >= 1 && i >= len(w)-3; i-- {
		switch {
		case w[i] == "from":
			for k := i - 1; k >= 0 && k >= i-3; k-- {
				if strings.HasPrefix(w[k], "prepared") || strings.HasPrefix(w[k], "synthes") {
					return true
				}
			}
			return false
		case w[i] == "into" && i == len(w)-1:
			return strings.HasPrefix(w[i-1], "decompos") || strings.HasPrefix(w[i-1], "transform") || strings.HasPrefix(w[i-1], "convert") || strings.HasPrefix(w[i-1], "dissociat")
		case w[i] == "of":
			return strings.HasSuffix(w[i-1], "melting") || strings.HasSuffix(w[i-1], "milling")
		}
	}
	return false
}
