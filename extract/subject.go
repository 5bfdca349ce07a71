package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/record"
)

// subjectMention is a place in a block that names a subject.
type subjectMention struct {
	span
	block   int
	subject record.Subject
	key     string  // what mentions of the same subject share
	made    bool    // something else was made from it
	host    bool    // named as a substrate, solvent or structure type rather than as what is measured
	medium  bool    // the solvent or solution that something else is measured in
	weak    bool    // a bare label or ambiguous abbreviation
	single  bool    // one element
	control bool    // a sample that only a word tells apart
	titled  bool    // a label behind the noun that it is the label of
	tagged  bool    // found by the trained tagger alone
	doubt   float64 // how probable the tagger is wrong
}

// subjects finds the subjects in block b, left to right. What was read there before
// the document's abbreviations were all known is read again only if they matter.
func (r *reading) subjects(b int) []subjectMention {
	m := &r.mentions[b]
	text := r.doc.Blocks[b].Text
	if m.known == nil || m.abbreviations != len(r.abbreviations) {
		m.abbreviations = len(r.abbreviations)
		m.known = append([]subjectMention{}, r.knownIn(b, text)...)
	}
	return outsideRanges(r.withLabels(b, text, m.words, slices.Clone(m.known)), m.ranges)
}

// subjectsIn finds the subjects in text, which is a part of block b; offsets are into
// text.
func (r *reading) subjectsIn(b int, text string) []subjectMention {
	return r.withLabels(b, text, words(text, span{0, len(text)}), r.knownIn(b, text))
}

// withLabels adds the abbreviations and labels that the document defines, and samples
// with numbers, to found. ws are the words of text.
func (r *reading) withLabels(b int, text string, ws []word, found []subjectMention) []subjectMention {
	found = withNumbered(r.labels(b, text, found), r.entitled(b, text))
	found = r.byNumber(b, text, withNumbered(found, numbered(b, text, ws)))
	return withNumbered(found, controls(b, text, ws, found))
}

// knownIn finds the subjects in text whose names tell what they are.
func (r *reading) knownIn(b int, text string) []subjectMention {
	var out []subjectMention
	for _, m := range formula.Find(text) {
		if written := text[m.Start:m.End]; r.serial[written] || len(written) > 2 && r.x.lexicon.symbols[strings.TrimRight(written, "0123456789")] != nil || ofUnit(written) { // "PCEs"
			continue
		}
		if written := text[m.Start:m.End]; m.Alias == nil && (instrument(written) || r.vacancies && isVacancy(written)) {
			continue
		}
		if m.Alias == nil && m.End-m.Start <= 2 && (strings.HasPrefix(strings.TrimLeft(text[m.End:], " "), "=") || text[m.Start:m.End] == "Tm" && !strings.Contains(text, "Tm3+") && !strings.Contains(text, "hulium")) {
			continue // "Mn = 21 kg/mol"; Tm is a melting temperature far more often than thulium
		}
		if m.Alias == nil && (r.abbreviations[text[m.Start:m.End]] || abbreviates(text, span{m.Start, m.End})) {
			r.abbreviations[strings.Trim(text[m.Start:m.End], "()")] = true
			continue
		}
		s := subjectMention{span: span{m.Start, m.End}, block: b}
		s.subject = record.Subject{Text: text[m.Start:m.End], Name: nominal(text[m.Start:m.End]), Start: m.Start, End: m.End, Block: b, Kind: record.Composition}
		if m.Formula != nil {
			s.subject.Formula = m.Canonical()
			s.subject.Elements = m.Elements().Symbols()
			s.single = len(s.subject.Elements) == 1 && m.Alias == nil && m.Dopants.Len() == 0 && m.Joined == nil && !m.Formula.Placeholders()
		}
		if m.Alias != nil {
			s.subject.Kind = record.Kind(m.Alias.Kind)
			s.weak = m.Alias.Ambiguous && m.End-m.Start == len(m.Alias.Name) // "epoxy/BN" is clear
		}
		s.key = s.subject.Formula
		if s.key == "" {
			s.key = s.subject.Name
		}
		s.host = hosts(text, s.span) || electrolytes[s.subject.Text] && isMedium(text, s.span, false)
		s.medium = s.host && isMedium(text, s.span, false)
		out = append(out, s)
	}
	out = structures(b, text, composites(text, dopedBefore(text, out)))
	out = bracketedPolymers(b, text, namedFrameworks(b, text, designated(b, text, out)))
	return withoutModifiers(text, stacks(text, out))
}

// ofUnit reports whether what reads as a formula is a power of a unit: "(MPa)1/2" names
// no protactinium.
func ofUnit(written string) bool {
	switch strings.Trim(written, "()0123456789/.·") {
	case "MPa", "GPa", "kPa", "Pa":
		return true
	}
	return false
}

// abbreviates reports whether s, in parentheses, is made of the initials of the
// words before it: "polymer solar cells (PSCs)" names no compound of phosphorus.
func abbreviates(text string, s span) bool {
	letters := strings.TrimSuffix(strings.Trim(text[s.start:s.end], "()"), "s")
	open := s.start
	if text[open] != '(' {
		open--
	}
	if open < 0 || text[open] != '(' || len(letters) < 2 || strings.ToUpper(letters) != letters || strings.ContainsAny(letters, "0123456789") {
		return false
	}
	initials := ""
	for _, w := range words(text, span{max(0, open-120), open}) {
		first, _ := utf8.DecodeRuneInString(w.text)
		initials += string(unicode.ToUpper(first))
	}
	return strings.HasSuffix(initials, letters)
}

// labels adds the mentions of abbreviations and sample labels that the
// document defines.
func (r *reading) labels(b int, text string, found []subjectMention) []subjectMention {
	if len(r.defined) == 0 {
		return found
	}
	var out []subjectMention
	next := 0
	for _, w := range labelWords(text) {
		for next < len(found) && found[next].start < w.end && found[next].end <= w.start {
			out = append(out, found[next])
			next++
		}
		if next < len(found) && found[next].overlaps(w) {
			continue
		}
		def, ok := r.defined[text[w.start:w.end]]
		if !ok {
			continue
		}
		m := subjectMention{span: w, block: b, subject: def, key: def.Formula}
		if whole := grown(text, w); whole != w && !slices.ContainsFunc(found, func(f subjectMention) bool { return f.overlaps(whole) }) {
			w = whole
			name := tidy(text[w.start:w.end])
			m = subjectMention{span: w, block: b, key: name, subject: record.Subject{Kind: record.Named, Name: name}}
		}
		if len(out) > 0 && out[len(out)-1].end > w.start {
			continue
		}
		m.subject.Text, m.subject.Start, m.subject.End, m.subject.Block = text[w.start:w.end], w.start, w.end, b
		if m.key == "" {
			m.key = def.Name
		}
		m.host = hosts(text, w)
		out = append(out, m)
	}
	return append(out, found[next:]...)
}

// labelWords returns the places in text that look like an abbreviation or a
// label: a capital or digit in a run of letters, digits and hyphens.
func labelWords(text string) []span {
	var out []span
	for i := 0; i < len(text); {
		if !labelByte(text[i]) {
			i++
			continue
		}
		start, capital := i, false
		for i < len(text) && (labelByte(text[i]) || text[i] == '-' && i+1 < len(text) && labelByte(text[i+1]) || text[i] == '(' && unitOfLabel(text[i:]) > 0) {
			if text[i] == '(' {
				i += unitOfLabel(text[i:])
				continue
			}
			capital = capital || text[i] >= 'A' && text[i] <= 'Z'
			i++
		}
		if capital && i-start >= 2 && i-start <= 24 {
			out = append(out, span{start, i})
		}
	}
	return out
}

// unitOfLabel returns the length of the parenthesis at the start of s that is a part
// of the name of a polymer, "(BT-DPP)" in "P(BT-DPP)-T", 0 if there is none.
func unitOfLabel(s string) int {
	capitals := 0
	for i := 1; i < len(s) && i < 24; i++ {
		switch {
		case s[i] == ')':
			if capitals < 2 {
				return 0
			}
			return i + 1
		case s[i] >= 'A' && s[i] <= 'Z':
			capitals++
		case !labelByte(s[i]) && s[i] != '-':
			return 0
		}
	}
	return 0
}

func labelByte(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// define learns "FORMULA (ABBR)" and "poly(lactic acid) (PLA)": an
// abbreviation in parentheses right behind a subject, or behind words whose
// initials it has.
func (r *reading) define(b int, subjects []subjectMention) {
	text := r.doc.Blocks[b].Text
	for i := 0; i < len(text); i++ {
		if text[i] != '(' {
			continue
		}
		end := strings.IndexByte(text[i:min(len(text), i+26)], ')')
		if end < 3 {
			continue
		}
		label := text[i+1 : i+end]
		if !isLabel(label) || r.x.lexicon.symbols[label] != nil {
			continue
		}
		for _, s := range subjects {
			gap := i - s.end
			if gap < 0 || gap > 14 || strings.ContainsAny(text[s.end:i], ".,;:()") || s.subject.Text == label {
				continue
			}
			if gap > 1 && !describes(text[s.end:i]) {
				continue
			}
			if _, known := r.defined[label]; !known {
				r.defined[label] = s.subject
			}
		}
	}
}

func isLabel(s string) bool {
	if len(s) < 2 || len(s) > 12 {
		return false
	}
	capitals := 0
	for i := 0; i < len(s); i++ {
		if !labelByte(s[i]) && s[i] != '-' {
			return false
		}
		if s[i] >= 'A' && s[i] <= 'Z' {
			capitals++
		}
	}
	return capitals >= 1 && s[0] >= 'A' && s[0] <= 'Z' && !instrument(s)
}

// isVacancy reports whether s is the symbol of a vacancy, which is also the formula
// of a compound of vanadium: "VZn".
func isVacancy(s string) bool {
	return len(s) >= 2 && len(s) <= 3 && s[0] == 'V' && s[1] >= 'A' && s[1] <= 'Z' && (len(s) == 2 || s[2] >= 'a' && s[2] <= 'z')
}

// instruments are abbreviations of methods, places and states that stand beside a
// material without naming it.
var instruments = map[string]bool{
	"XRD": true, "SEM": true, "TEM": true, "XPS": true, "DFT": true, "HOMO": true, "LUMO": true, "PL": true,
	"VBM": true, "CBM": true, "SOC": true, "FM": true, "AFM": true, "QAH": true, "TC": true, "TN": true,
	"PBE0": true, "PBEsol": true, "B3LYP": true, "SCAN": true, "mBJ": true, "MBJ": true, "G0W0": true, "LSDA": true, "TDDFT": true, "vdW": true,
	"PBE": true, "GGA": true, "LDA": true, "HSE": true, "HSE06": true, "NMR": true, "DSC": true, "TGA": true,
	"EIS": true, "CV": true, "SEI": true, "UV": true, "IR": true, "FTIR": true, "MD": true, "DOS": true,
	"PSC": true, "PSCs": true, "OSC": true, "OSCs": true, "OPV": true, "OPVs": true, "DSSC": true, "DSSCs": true, "BHJ": true, "OLED": true, "OLEDs": true, "LED": true, "LEDs": true, "OFET": true, "OFETs": true, "TFT": true, "TFTs": true, "LIB": true, "LIBs": true, "SIB": true, "SIBs": true,
	"ETL": true, "ETLs": true, "HTL": true, "HTLs": true, "EIL": true, "HIL": true, "EML": true, "EBL": true, "HBL": true, "CIL": true,
	"NPs": true, "NFs": true, "NWs": true, "NTs": true, "NRs": true, "NSs": true, "NCs": true, "QDs": true, "WE": true,
	"CB": true, "VB": true, "QP": true, "GW": true, "EF": true, "BSE": true,
	"NHE": true, "RHE": true, "SHE": true, "SCE": true, "EXAFS": true, "XANES": true, "XAFS": true, "XAS": true, "XRF": true, "PXRD": true, "SAXS": true, "WAXS": true, "GIWAXS": true, "HRTEM": true, "FESEM": true, "SAED": true, "EELS": true, "HAADF": true,
	"UVA": true, "UVB": true, "UVC": true, "NIR": true, "FWHM": true, "OER": true, "ORR": true, "HER": true, "HOR": true, "NRR": true, "CO2RR": true, "LSV": true, "GITT": true, "GPC": true, "SEC": true, "ICP": true, "DLS": true, "DMA": true, "TCSPC": true, "VSM": true, "SQUID": true,
	"KrF": true, "ArF": true, "XeCl": true, // lasers
	"LHV": true, "HHV": true, "LDA+U": true, "CALPHAD": true, "XMCD": true, "ESR": true, "EPR": true, "ZFC": true, "WHH": true, "RRR": true, "TMR": true, "GMR": true, "CMOS": true, "EBSD": true, "FIB": true, "SIMS": true, "MBE": true, "PLD": true, "CVD": true, "ALD": true, "SPS": true,
	"ARPES": true, "STM": true, "EDS": true, "EDX": true, "BET": true, "RT": true, "OCV": true, "ASR": true,
}

// instrument reports whether s is the abbreviation of a method or place, or joins
// such: "GGA-PBE".
func instrument(s string) bool {
	named := false
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == '+' || r == '/' || r == '–' }) {
		if !instruments[part] && part != "U" { // "LSDA+U"; alone it is uranium
			return false
		}
		named = named || part != "U"
	}
	return named
}

func describes(gap string) bool {
	for _, w := range strings.Fields(gap) {
		switch strings.ToLower(w) {
		case "film", "films", "alloy", "glass", "polymer", "monolayer", "nanoparticles", "powder", "crystal", "crystals", "cathode", "anode", "electrolyte":
		default:
			return false
		}
	}
	return true
}

var typeset = strings.NewReplacer("$", "", "{", "", "}", "", "_", "", `\mathrm`, "", `\rm`, "", `\`, "", "−", "-", "–", "-", "‐", "-", "‑", "-")

// tidy removes what typesetting left in a name: LaTeX marks and the spaces
// that text extraction put around subscripts.
func tidy(s string) string {
	s = typeset.Replace(s)
	if strings.IndexFunc(s, unicode.IsDigit) < 0 || strings.IndexFunc(s, unicode.IsSpace) < 0 {
		return s
	}
	return strings.Join(strings.Fields(s), "")
}

// nominal returns the name of a formula without what does not change its
// composition as it was meant: a phase prefix ("β-Ga2O3", "2H-VSeS") and an
// unknown deviation ("La0.6Sr0.4CoO3−δ").
func nominal(s string) string {
	s = tidy(s)
	if i := strings.IndexByte(s, '-'); i > 0 && i <= 8 && i+1 < len(s) && s[i+1] >= 'A' && s[i+1] <= 'Z' && !strings.ContainsAny(s, "/@: ,") {
		if _, err := formula.Parse(s[i+1:]); err == nil {
			s = s[i+1:]
		}
	}
	for _, deviation := range []string{"-δ", "-delta", "-d", "+δ", "±δ"} {
		if rest, ok := strings.CutSuffix(s, deviation); ok {
			return rest
		}
	}
	return s
}

// mainSubject returns the subject that the document is mostly about: the one
// named most often, with the title and abstract counting more, or the only one.
func (r *reading) mainSubject() *subjectMention {
	count := map[string]float64{}
	keys := map[string]bool{} // of all that are named, whatever as
	first := map[string]*subjectMention{}
	best := ""
	for i := range r.doc.Blocks {
		weight := 1.0
		switch r.doc.Blocks[i].Kind {
		case document.Title:
			weight = 6
		case document.Abstract:
			weight = 3
		case document.Reference:
			continue
		}
		for j := range r.mentions[i].subjects {
			s := &r.mentions[i].subjects[j]
			keys[s.key] = true
			if s.host || s.weak || ambient(s) {
				continue
			}
			if s.single {
				count[s.key] += weight / 3
			} else {
				count[s.key] += weight
			}
			if first[s.key] == nil {
				first[s.key] = s
			}
			if best == "" || count[s.key] > count[best] {
				best = s.key
			}
		}
	}
	if best == "" || count[best] < 2 && len(keys) > 1 {
		return nil
	}
	return first[best]
}
