package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// head is what the heads of one column (or row) of a table say.
type head struct {
	headline
	property *pairing   // nil when no property is named
	list     []*pairing // of "HOMO/LUMO", whose cells hold as many values; nil for others
	unit     quantity.Unit
	hasUnit  bool
	scale    float64 // "10−3 S cm−1" in a head multiplies the values
	inverse  float64 // the other way to read a power of ten, 0 where there is none
	unitAt   int     // where the unit begins in text
	subject  *subjectMention
	several  bool // names more than one property

	coordinate bool  // x, y or z beside the others of them
	aside      *head // of a condition that cells give in brackets: "Capacity (mAh/g) (current density, A/g)"
}

// headline is the text of a head, with its superscripts and without the marks of
// its footnotes.
type headline struct {
	text   string
	raised []quantity.Span
	marks  []string
}

// headText joins the cells of a stretch of the grid, each once.
func headText(block *document.Block, grid [][]int, fromRow, toRow, fromColumn, toColumn int) headline {
	var h headline
	for _, i := range gridCells(grid, fromRow, toRow, fromColumn, toColumn) {
		cell := block.Table.Cells[i]
		h.add(block, span{cell.Start, cell.End})
	}
	return h
}

// gridCells returns the cells of a stretch of the grid, each once, in its order.
func gridCells(grid [][]int, fromRow, toRow, fromColumn, toColumn int) []int {
	var out []int
	for row := fromRow; row < min(toRow, len(grid)); row++ {
		for c := fromColumn; c < min(toColumn, len(grid[row])); c++ {
			if i := grid[row][c]; i >= 0 && !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

// add puts the text of s, a cell or a caption, behind h.
func (h *headline) add(block *document.Block, s span) {
	s = trimmed(block.Text, s)
	if s.start == s.end {
		return
	}
	if h.text != "" {
		h.text += " "
	}
	from := s.start
	put := func(to int) { // keeps what stands before to
		base := len(h.text) - from
		for _, shift := range shiftsIn(block, span{from, to}) {
			if shift.Raised {
				h.raised = append(h.raised, quantity.Span{Start: base + shift.Start, End: base + shift.End})
			}
		}
		h.text += block.Text[from:to]
	}
	for _, m := range headMarks(block, s) {
		put(m.start)
		from = m.end
		h.marks = append(h.marks, marksOf(block.Text[m.start:m.end])...)
	}
	put(s.end)
	h.text = strings.TrimRight(h.text, " ")
}

// shiftsIn returns the super- and subscripts of block inside s.
func shiftsIn(block *document.Block, s span) []document.Shift {
	return within(block.Shifts, func(shift document.Shift) span { return span{shift.Start, shift.End} }, s)
}

// trimmed returns s without the spaces at its ends.
func trimmed(text string, s span) span {
	for s.start < s.end && text[s.start] == ' ' {
		s.start++
	}
	for s.end > s.start && text[s.end-1] == ' ' {
		s.end--
	}
	return s
}

// headMarks returns where footnote marks stand in s, a head: raised behind a name or
// a bracket ("PLQY^b (%)"), in brackets ("Td[a] (°C)"), or as signs.
func headMarks(block *document.Block, s span) []span {
	text := block.Text
	if _, err := quantity.ParseUnit(text[s.start:s.end]); err == nil {
		return nil
	}
	var out []span
	shifts := shiftsIn(block, s)
	depth := 0
	for i := s.start; i < s.end; {
		for len(shifts) > 0 && shifts[0].Start < i {
			shifts = shifts[1:]
		}
		if len(shifts) > 0 && shifts[0].Start == i && shifts[0].Raised && depth == 0 && i > s.start {
			if end := shifts[0].End; raisedMark(text, s, span{i, end}) {
				out = append(out, span{i, end})
				i = end
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '[' && i > s.start && i+2 < s.end && text[i+2] == ']' && strings.IndexByte("abcef", text[i+1]) >= 0:
			out = append(out, span{i, i + 3})
			size = 3
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case strings.ContainsRune("ᵃᵇᶜᵈᵉ†‡§¶", r) && depth == 0 && i > s.start,
			r == '*' && depth == 0 && endsIn(text[s.start:i], 2):
			out = append(out, span{i, i + size})
		}
		i += size
	}
	return out
}

// endsIn reports whether t ends in at least n letters.
func endsIn(t string, n int) bool {
	for ; n > 0; n-- {
		r, size := utf8.DecodeLastRuneInString(t)
		if !letter(r) {
			return false
		}
		t = t[:len(t)-size]
	}
	return true
}

// raisedMark reports whether m, raised in the head s, is a footnote's mark: letters
// between commas or signs, or a number behind a word that no unit can be.
func raisedMark(text string, s, m span) bool {
	digits := true
	for _, part := range marksOf(text[m.start:m.end]) {
		if utf8.RuneCountInString(part) > 2 {
			return false
		}
		for _, r := range part {
			isDigit := r >= '0' && r <= '9'
			digits = digits && isDigit
			if !isDigit && !(r >= 'a' && r <= 'z' && len(part) == 1) && !strings.ContainsRune("*†‡§¶#", r) {
				return false
			}
		}
	}
	rest := strings.TrimLeft(text[m.end:s.end], " ")
	return !digits || endsIn(text[s.start:m.start], 3) && (rest == "" || rest[0] == '(' || rest[0] == '[')
}

// marksOf returns the marks in "a,b" or "[a]".
func marksOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(", []()", r) })
}

// tableWords is what the whole of a table says about the words in its heads.
type tableWords struct {
	votes   map[string]int     // how many heads name properties of each field beyond doubt
	symbols map[string][]entry // that the caption defines: "S, Seebeck coefficient"
	names   map[string]bool    // of the properties that its heads name
	caption string
	letters map[string][]entry // customary ones of pure numbers that the caption names
}

// head reads what the text of a head names.
func (r *reading) head(b int, line headline, in *tableWords) head {
	h := head{headline: line, scale: 1}
	if found := r.subjectsIn(b, h.text); h.text != "" && len(found) > 0 && !ambient(&found[0]) { // a gas heads what passes
		h.subject = &found[0]
	}
	r.nameProperties(&h, in)
	return h
}

// nameProperties finds the properties that h names and its unit.
func (r *reading) nameProperties(h *head, in *tableWords) {
	if h.text == "" {
		return
	}
	h.property = nil
	units := headUnits(headline{text: r.x.lexicon.declaredForm(h.text), raised: h.raised})
	for i, u := range append(units, headUnit{scale: 1}) {
		behind := 0 // where the unit must follow the property directly
		if i > 0 {
			behind = u.at
		}
		if r.readHead(h, u, behind, in); h.property != nil {
			break
		}
	}
	if h.property == nil && len(units) > 0 {
		h.setUnit(units[0])
	}
	h.aside = nil
	for _, s := range brackets(h.text) {
		if inner := h.text[s.start:s.end]; h.property != nil && len(inner) > 1 {
			a := head{headline: headline{text: inner, raised: localShifts(h.raised, s)}, scale: 1}
			for _, u := range headUnits(a.headline) {
				a.setUnit(u)
			}
			if _, ok := r.conditionHead(&a); ok {
				h.aside = &a
			}
		}
	}
}

// setUnit makes u the unit of h.
func (h *head) setUnit(u headUnit) {
	h.unit, h.hasUnit, h.scale, h.inverse, h.unitAt = u.Unit, u.Symbol != "", u.scale, u.inverse, u.at
}

// readHead looks for the properties in h if u is its unit, if behind is not 0 for
// those that end directly before it. What a bracket of a pure number has is no unit:
// "zT (T)".
func (r *reading) readHead(h *head, u headUnit, behind int, in *tableWords) {
	bracketed := h.hasUnit // by another unit, with which no property was found
	h.setUnit(u)
	h.several, h.list = false, nil
	named := r.x.lexicon.declaredForm(h.text)
	mentions := r.x.lexicon.find(named, words(named, span{0, len(named)}))
	mentions = slices.DeleteFunc(mentions, func(m propertyMention) bool { return m.symbol && r.otherThan(in.caption, m.key, m.entries) })
	if difference(named, mentions) {
		return
	}
	for i := range mentions {
		m := &mentions[i]
		h.several = h.several || !samePlace(m, &mentions[0])
		p := r.headProperty(named, m, h, in)
		if p == nil || behind > 0 && (m.end > behind || behind-m.end > len(" (")) || bracketed && !h.hasUnit && (p.score < 1.3 || !sameDimension(p.property.Unit, quantity.Unit{})) {
			continue
		}
		if len(h.list) < len(mentions) && (i == 0 || len(h.list) == i && strings.Trim(named[mentions[i-1].end:m.start], " ") == "/") {
			h.list = append(h.list, p)
		}
		if h.property == nil || p.score > h.property.score || p.score == h.property.score && r.prefers(p.property, h.property.property, in) {
			h.property = p
		}
	}
	if len(h.list) < 2 || len(h.list) != len(mentions) {
		h.list = nil
	}
	if len(mentions) == 1 && mentions[0].key == "CIE" && !h.hasUnit {
		h.list = chromaticity(&mentions[0], h)
	}
	switch {
	case h.property != nil || len(mentions) > 1:
	case h.list != nil:
		h.property = h.list[0]
	default:
		h.property = r.symbolProperty(h, in)
	}
}

// headProperty returns the property that mention m names in head h, nil if there is
// none that has the head's unit.
func (r *reading) headProperty(text string, m *propertyMention, h *head, in *tableWords) *pairing {
	var best *pairing
	for _, w := range r.headMeaning(text, m, h, in) {
		score := 1.6 + 1.2*(w.weight-1)
		if h.hasUnit {
			if _, _, ok := convert(w.property, quantity.Quantity{Unit: h.unit}); !ok && !sameDimension(w.property.Unit, h.unit) {
				continue
			}
			score += 0.5
		} else if w.weight < 0.5 {
			continue
		}
		if best == nil || score > best.score || score == best.score && r.prefers(w.property, best.property, in) {
			best = &pairing{property: w.property, mention: m, score: score, reasons: []string{"head “" + clip(h.text, 60) + "”"}}
		}
	}
	return best
}

// headMeaning is meaning for a head: beside a unit that few properties share, a
// symbol needs nothing else that speaks for it.
func (r *reading) headMeaning(text string, m *propertyMention, h *head, in *tableWords) []weighted {
	if entries := in.symbols[m.key]; m.symbol && entries != nil {
		out := make([]weighted, len(entries))
		for i, e := range entries {
			out[i] = weighted{e.property, 0.9}
		}
		return out
	}
	out := r.meaning(text, m)
	if m.symbol && r.symbols[m.key] == nil {
		for _, e := range m.entries {
			if slices.ContainsFunc(companions[e.property.Name], func(name string) bool { return in.names[name] }) {
				out = slices.DeleteFunc(out, func(w weighted) bool { return w.property == e.property })
				out = append(out, weighted{e.property, 0.8})
			}
		}
	}
	if !m.symbol || !h.hasUnit || !particular(h.unit) || r.symbols[m.key] != nil || r.foreign[m.key] == spelled {
		return out
	}
	for _, e := range m.entries {
		if !slices.ContainsFunc(out, func(w weighted) bool { return w.property == e.property }) {
			out = append(out, weighted{e.property, 0.4})
		}
	}
	return out
}

// companions are the properties that stand beside one with an ambiguous symbol, such
// as Tc, in tables about it and not in tables about the others.
var companions = map[string][]string{
	"curie-temperature":                      {"coercivity", "magnetisation", "remanence", "maximum-energy-product", "magnetic-entropy-change", "magnetic-moment", "remanent-polarisation"},
	"neel-temperature":                       {"curie-weiss-temperature", "effective-moment"},
	"superconducting-transition-temperature": {"upper-critical-field", "sommerfeld-coefficient", "critical-current-density"},
	"crystallisation-temperature":            {"enthalpy-of-fusion", "crystallinity"},
}

// particular reports whether u is not among the units that many properties have:
// temperatures, energies, lengths, voltages, stresses, times, angles and pure numbers.
func particular(u quantity.Unit) bool {
	for _, general := range generalUnits {
		if sameDimension(u, general) {
			return false
		}
	}
	return u.Symbol != ""
}

var generalUnits = func() []quantity.Unit {
	var out []quantity.Unit
	for _, s := range []string{"K", "eV", "nm", "V", "Pa", "s", "%", "kJ/mol", "g/mol", "T", "A/m", "Hz", "°", "g/cm3", "m2/s"} {
		if u, err := quantity.ParseUnit(s); err == nil {
			out = append(out, u)
		}
	}
	return out
}()

// prefers reports whether a is likelier than b, which the same head can name: the
// table, or else the document, names more properties of its field.
func (r *reading) prefers(a, b *field.Property, in *tableWords) bool {
	if in.votes[a.Field] != in.votes[b.Field] {
		return in.votes[a.Field] > in.votes[b.Field]
	}
	return r.fields[a.Field] > r.fields[b.Field]
}

// symbolProperty returns the property of a head that names none if its unit implies
// one (mAh/g), and of a head whose only word is a symbol that no property declares, if the caption defines it, if it is one of the letters that
// columns have, "S (μV/K)", or if its unit belongs to one property alone, of a field
// that other heads name.
func (r *reading) symbolProperty(h *head, in *tableWords) *pairing {
	symbol := strings.Trim(withoutUnit(h.text), " ×·*0123456789^-−⁻¹²³⁴⁵⁶⁷⁸⁹⁰")
	if symbol == "" {
		return nil
	}
	if !h.hasUnit {
		var found *field.Property
		entries := in.symbols[h.text]
		if entries == nil {
			entries = in.letters[h.text]
		}
		for _, e := range entries {
			if found == nil || r.prefers(e.property, found, in) {
				found = e.property
			}
		}
		if found == nil {
			return nil
		}
		return unitPairing(h, symbol, found)
	}
	if p := r.x.lexicon.implied[unitKey{h.unit.Dimension, h.unit.Factor}]; p != nil && h.unit.Offset == 0 {
		return unitPairing(h, symbol, p)
	}
	if utf8.RuneCountInString(symbol) > 8 || strings.Contains(symbol, " ") {
		return nil
	}
	fits := func(p *field.Property) bool {
		_, _, ok := convert(p, quantity.Quantity{Unit: h.unit})
		return ok || sameDimension(p.Unit, h.unit)
	}
	var found *field.Property
	for _, e := range in.symbols[symbol] {
		if fits(e.property) && (found == nil || r.prefers(e.property, found, in)) {
			found = e.property
		}
	}
	name, known := headLetters[symbol]
	sole := ""
	for p := range r.x.fields.Properties() {
		if found != nil {
			break
		}
		if !fits(p) {
			continue
		}
		if known && p.Name == name && (name != "lattice-parameter" || cellEdge(symbol, h.unit)) {
			found = p
			break
		}
		if sole != "" && sole != p.Name {
			sole = "-"
		} else {
			sole = p.Name
		}
	}
	if found == nil && sole != "" && sole != "-" && particular(h.unit) && utf8.RuneCountInString(symbol) == 1 && symbolic(symbol) {
		for p := range r.x.fields.Properties() {
			if p.Name == sole && in.votes[p.Field] > 0 && fits(p) && (found == nil || r.prefers(p, found, in)) {
				found = p
			}
		}
	}
	if found == nil {
		return nil
	}
	return unitPairing(h, symbol, found)
}

// unitPairing returns the pairing of h with p, which its unit tells.
func unitPairing(h *head, symbol string, p *field.Property) *pairing {
	m := &propertyMention{span: span{0, len(symbol)}, key: symbol, symbol: true, entries: []entry{{property: p, weak: true}}}
	return &pairing{property: p, mention: m, score: 1.6, reasons: []string{"head “" + clip(h.text, 60) + "”", "the unit or the caption tells the property"}}
}

// captionSymbols returns the symbols that text, a caption, defines: "S, Seebeck
// coefficient", "Seebeck coefficient S", "Seebeck coefficient (S)"; and the letters
// that are customary for what it names.
func (r *reading) captionSymbols(text string) (out, letters map[string][]entry) {
	out, letters = map[string][]entry{}, map[string][]entry{}
	mentions := r.x.lexicon.find(text, words(text, span{0, len(text)}))
	for i := range mentions {
		m := &mentions[i]
		if m.symbol {
			continue
		}
		for _, e := range m.entries {
			if letter := customary[e.property.Name]; letter != "" {
				letters[letter] = append(letters[letter], e)
			}
		}
		define := func(s string) {
			if s = strings.Trim(s, "$ "); s != "" && utf8.RuneCountInString(s) <= 5 && symbolic(s) && out[s] == nil {
				out[s] = m.entries
			}
		}
		before := strings.TrimSuffix(strings.TrimRight(text[:m.start], " "), " the")
		if n := i - 1; n >= 0 && mentions[n].symbol && n > 0 && !mentions[n-1].symbol && strings.Trim(text[mentions[n-1].end:mentions[n].start], " (") == "" {
			before = "" // the sign before is that of the name before it: "glass transition temperature Tg, melting temperature Tm"
		}
		for _, sign := range []string{",", ":", "=", "–", " is", " denotes"} {
			if rest, ok := strings.CutSuffix(before, sign); ok {
				define(rest[strings.LastIndexAny(rest, " (;,")+1:])
			}
		}
		after := strings.TrimLeft(text[m.end:], " ")
		if rest, ok := strings.CutPrefix(after, "("); ok {
			define(rest[:max(0, strings.IndexAny(rest, "),"))])
		} else if word, _, _ := strings.Cut(after, " "); word != "" && word[0] != ',' {
			if word = strings.Trim(word, ".,;$"); utf8.RuneCountInString(word) == 1 && word != "a" {
				define(word)
			}
		}
	}
	return out, letters
}

// symbolic reports whether s looks like a symbol and not like a word: one letter,
// or one with a subscript that was written on.
func symbolic(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return letter(r) && (size == len(s) || r >= 'A' && r <= 'Z' || r > 0x370)
}

// withoutUnit returns a head's text before its unit.
func withoutUnit(text string) string {
	if i := strings.IndexAny(text, "([/,"); i > 0 {
		return text[:i]
	}
	return text
}

// chromaticity returns the two properties of the head "CIE (x, y)", nil for others.
func chromaticity(m *propertyMention, h *head) []*pairing {
	if !strings.Contains(strings.ReplaceAll(h.text, " ", ""), "x,y") {
		return nil
	}
	var out []*pairing
	for _, name := range []string{"cie-x", "cie-y"} {
		for _, e := range m.entries {
			if e.property.Name == name {
				out = append(out, &pairing{property: e.property, mention: m, score: 1.6, reasons: []string{"head “" + clip(h.text, 60) + "”"}})
				break
			}
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func sameDimension(a, b quantity.Unit) bool { return a.Dimension == b.Dimension }
