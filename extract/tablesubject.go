package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// cellSubject finds what the value at row, c is about: the row's head, another
// cell of the row, the column's head, a section row, the caption, or the
// document's main subject. A first cell that is blank repeats the one above. What
// stands in a column of dopants or solvents is the subject only if nothing else is
// named.
func (t *tableReading) cellSubject(row, c int, section *subjectMention) (*subjectMention, float64, string) {
	table := t.block.Table
	var helper *subjectMention      // in a column of dopants and their like
	var electrolyte *subjectMention // the subject, unless a column beside names electrodes
	if t.transposed {
		if s := t.columns[c].subject; s != nil {
			if placed := t.place(t.b, t.grid, 0, table.HeaderRows, c, c+1, s); placed != nil {
				return t.form(placed), 1, "subject in the column's head"
			}
		}
		if s := t.label(t.b, t.grid, 0, max(table.HeaderRows, 1), c); s != nil {
			return s, 0, "sample named in the column's head"
		}
	} else {
		for k := 0; k < table.Columns; k++ {
			i := t.grid[row][k]
			if k == 0 {
				i = t.grid[t.lead[row]][0]
			}
			if i < 0 || k == c || t.columns[k].property != nil && k >= max(table.HeaderColumns, 1) {
				continue
			}
			if found := t.subjectsAt(t.b, table.Cells[i]); len(found) > 0 {
				switch {
				case strings.HasPrefix(asciiLower(t.columns[k].text), "electrolyte"):
					electrolyte = &found[0]
				case t.circum[k].ok: // a solvent
				case helps(t.columns[k].text):
					helper = &found[0]
				default:
					return t.form(&found[0]), 1, sameRow
				}
				continue
			}
			if k >= max(table.HeaderColumns, 1)+1 {
				break
			}
		}
		if electrolyte != nil {
			return electrolyte, 1, sameRow
		}
		if s := t.columns[c].subject; s != nil && t.columns[c].property == nil {
			if placed := t.place(t.b, t.grid, 0, table.HeaderRows, c, c+1, s); placed != nil {
				return placed, 0.7, "subject in the column's head"
			}
		}
		if s := t.label(t.b, t.grid, t.lead[row], t.lead[row]+1, 0); s != nil && !helps(t.columns[0].text) {
			if section != nil {
				return section, 0.4, "subject in a section row"
			}
			return s, 0, "sample named in the row's head"
		}
	}
	if section != nil {
		return section, 0.4, "subject in a section row"
	}
	ofState := !t.transposed && table.HeaderColumns > 0 && isState(t.rows[t.lead[row]].text)
	if i := t.captionBlock(t.b); i >= 0 && len(t.mentions[i].subjects) > 0 {
		named := t.mentions[i].subjects
		k := slices.IndexFunc(named, func(s subjectMention) bool { return !s.host })
		if k >= 0 || !ofState {
			return &named[max(0, k)], 0.2, "subject in the caption"
		}
	}
	if ofState {
		return nil, 0, "" // of something that the caption names and that was not recognised
	}
	if helper != nil {
		return helper, 1, sameRow
	}
	if t.main != nil {
		return t.main, -0.4, "the document's main subject"
	}
	if !t.transposed && madeAt(t.columns[0].text) {
		if s := t.cellName(t.b, t.grid, t.lead[row], t.lead[row]+1, 0, func(string) bool { return true }); s != nil {
			return s, 0, "the row's head says how the sample was made"
		}
	}
	return nil, 0, ""
}

// sameRow is the reason for a subject that another cell of the row names.
const sameRow = "subject in the same row"

// helps reports whether a column with this head names what was added to the samples
// or what they were measured in, and not what they are.
func helps(head string) bool {
	first, rest, _ := strings.Cut(asciiLower(head), " ")
	switch strings.Trim(first, ".,:()") {
	case "dopant", "dopants", "additive", "additives", "substrate", "substrates", "solvent", "solvents", "filler", "fillers", "impurity", "precursor", "precursors", "salt", "medium", "atmosphere", "gas", "buffer", "ligand":
		return true
	case "doping", "substituting", "substituted":
		return strings.HasPrefix(rest, "element") || strings.HasPrefix(rest, "ion") || strings.HasPrefix(rest, "species")
	}
	return false
}

// captionBlock returns the index of the caption block of table block b, or -1.
func (r *reading) captionBlock(b int) int {
	if b > 0 && r.doc.Blocks[b-1].Kind == document.Caption {
		return b - 1
	}
	return -1
}

// place points subject s, read from a joined head, at the cell that shows it.
func (r *reading) place(b int, grid [][]int, fromRow, toRow, fromColumn, toColumn int, s *subjectMention) *subjectMention {
	t := r.doc.Blocks[b].Table
	for row := fromRow; row < max(toRow, fromRow+1) && row < len(grid); row++ {
		for c := fromColumn; c < toColumn; c++ {
			if i := grid[row][c]; i >= 0 {
				for _, found := range r.subjectsAt(b, t.Cells[i]) {
					if found.key == s.key {
						return &found
					}
				}
			}
		}
	}
	return nil
}

// label returns the text of a head cell as an unresolved sample name.
func (r *reading) label(b int, grid [][]int, fromRow, toRow, c int) *subjectMention {
	return r.cellName(b, grid, fromRow, toRow, c, labels)
}

// cellName returns the text of the first head cell that may be a name as such.
func (r *reading) cellName(b int, grid [][]int, fromRow, toRow, c int, may func(string) bool) *subjectMention {
	block := &r.doc.Blocks[b]
	for row := fromRow; row < min(toRow, len(grid)); row++ {
		i := grid[row][c]
		if i < 0 {
			continue
		}
		cell := block.Table.Cells[i]
		text := strings.TrimSpace(block.Text[cell.Start:cell.End])
		if text == "" || len(text) > 60 || !strings.ContainsFunc(text, letter) || !may(text) {
			continue
		}
		start := cell.Start + strings.Index(block.Text[cell.Start:cell.End], text)
		return &subjectMention{
			span: span{start, start + len(text)}, block: b, key: text, weak: true,
			subject: record.Subject{Text: text, Kind: record.Named, Name: tidy(text), Block: b, Start: start, End: start + len(text)},
		}
	}
	return nil
}

// labels reports whether the head of a row or column may name a sample: it is no
// quantity ("74 nm"), no state ("gas phase"), no statistic ("Mean") and no reference ("Kim et al. (2006)").
func labels(text string) bool {
	if found := quantity.Scan(text, nil); len(found) == 1 && found[0].Start == 0 && found[0].End == len(text) {
		return false
	}
	if isState(text) || strings.HasPrefix(asciiLower(text), "as-") { // "as-cast"
		return false
	}
	first, _, _ := strings.Cut(asciiLower(text), " ")
	switch strings.TrimRight(first, ".:,") {
	case "mean", "average", "median", "minimum", "maximum", "min", "max", "std", "sd", "s.d", "total", "sum", "range", "n", "rsd", "ref", "refs", "reference", "references", "literature", "unit", "units", "value", "values", "parameter", "parameters", "property", "result", "results":
		return false
	}
	return !strings.Contains(text, "et al") && !yearInParentheses(text)
}

// isState reports whether the head of a row says in which state a sample was, or
// where the value is from, and not which sample it is.
func isState(text string) bool {
	switch strings.TrimSuffix(asciiLower(text), " molecule") {
	case "adsorbed", "isolated", "free", "gas phase", "gas", "bulk", "solid", "solution", "solid state", "film", "thin film", "neat film", "powder", "single crystal", "surface", "initial", "final", "this work", "theory", "calculated", "experimental":
		return true
	}
	return false
}

// yearInParentheses reports whether text cites a work: "(2006)".
func yearInParentheses(text string) bool {
	for i := 0; i+5 < len(text); i++ {
		if text[i] == '(' && (text[i+1:i+3] == "19" || text[i+1:i+3] == "20") && allDigits(text[i+1:i+5]) {
			return true
		}
	}
	return false
}

func letter(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x370 && unicode.IsLetter(r)
}

// cutShort reports whether text, a cell, is one label of which name, the material
// that was read there, is a part only: "LLZO-Ta", "S/CNT-TiN", "Flax/epoxy".
func cutShort(text, name string) bool {
	if len(text) > 40 || strings.ContainsAny(text, " ()[]*") {
		return false
	}
	if rest, ok := strings.CutPrefix(text, name); ok && rest != "" && hyphenAt(rest, 0) <= 1 {
		return (rest[0] == '-' || rest[0] == '/' || rest[0] == '_') && len(rest) > 1 && labelByte(rest[1])
	}
	before, ok := strings.CutSuffix(text, name)
	return ok && len(before) > 3 && strings.HasSuffix(before, "/") && endsIn(before[:len(before)-1], 3)
}

// concentration reports whether text, a cell, begins with how much of something a
// solution holds: "1 M LiPF6 in EC/DMC" is the solution, and not the salt.
func concentration(text string) bool {
	if text[0] < '0' || text[0] > '9' || len(text) > 80 {
		return false
	}
	found := quantity.Scan(text, nil)
	if len(found) == 0 || found[0].Start != 0 {
		return false
	}
	q := &found[0]
	unit := text[q.UnitSpan.Start:q.UnitSpan.End]
	return unit == "M" || unit == "m" || sameDimension(q.Quantity.Unit, molar) || sameDimension(q.Quantity.Unit, molal)
}

// molar and molal are units of what a solution holds.
var molar, molal = mustParse("mol/L"), mustParse("mol/kg")

// mustParse returns the unit that s is, one of the program's own.
func mustParse(s string) quantity.Unit {
	u, err := quantity.ParseUnit(s)
	if err != nil {
		panic(err) // a test of the units would fail first
	}
	return u
}

// findForms notes the subjects that several rows, or columns if transposed, name, in
// different words: of "Fe3O4 film" and "Fe3O4 powder" each is a sample of its own.
func (t *tableReading) findForms() {
	t.forms = map[string]map[int]span{}
	cells := gridCells(t.grid, t.block.Table.HeaderRows, t.block.Table.Rows, 0, 1)
	if t.transposed {
		cells = gridCells(t.grid, 0, max(t.block.Table.HeaderRows, 1), 1, t.block.Table.Columns)
	}
	seen := map[string]map[string]bool{}
	for _, i := range cells {
		cell := t.block.Table.Cells[i]
		found := t.subjectsAt(t.b, cell)
		if len(found) != 1 {
			continue
		}
		s, key := t.formSpan(cell, &found[0]), found[0].key
		if seen[key] == nil {
			seen[key], t.forms[key] = map[string]bool{}, map[int]span{}
		}
		seen[key][asciiLower(t.block.Text[s.start:s.end])] = true
		t.forms[key][found[0].start] = s
	}
	for key, texts := range seen {
		if len(texts) < 2 {
			delete(t.forms, key)
		}
	}
}

// formSpan returns the stretch of cell that names s and its form: s alone where the
// words beside it are conditions, a citation or too many.
func (t *tableReading) formSpan(cell document.Cell, s *subjectMention) span {
	all := trimmed(t.block.Text, span{cell.Start, cell.End})
	text := t.block.Text[all.start:all.end]
	beside := t.block.Text[all.start:s.start] + " " + t.block.Text[s.end:all.end]
	if len(text) > 60 || strings.ContainsAny(beside, "[]@,;=") || strings.Contains(text, "et al") || yearInParentheses(text) || len(t.said(all, true)) > 0 || madeAt(beside) {
		return s.span
	}
	for _, w := range strings.FieldsFunc(asciiLower(beside), func(r rune) bool { return r == ' ' || r == '(' || r == ')' }) {
		switch w {
		case "this", "work", "ref", "ref.", "exp", "exp.", "calc", "calc.", "theory", "experiment", "experimental", "calculated", "literature", "bulk", "pure", "our":
			return s.span
		}
	}
	if !hasWord(beside) {
		return s.span
	}
	return all
}

// hasWord reports whether s has a word of at least three letters.
func hasWord(s string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool { return !letter(r) }), func(w string) bool { return utf8.RuneCountInString(w) >= 3 })
}

// form returns s as the sample that its cell names.
func (t *tableReading) form(s *subjectMention) *subjectMention {
	at, ok := t.forms[s.key][s.start]
	if !ok || at == s.span {
		return s
	}
	sample := *s
	sample.span = at
	sample.subject.Text, sample.subject.Start, sample.subject.End = t.block.Text[at.start:at.end], at.start, at.end
	sample.subject.Name = tidy(sample.subject.Text)
	return &sample
}

// subjectsAt finds the subjects in a cell.
func (r *reading) subjectsAt(b int, cell document.Cell) []subjectMention {
	block := &r.doc.Blocks[b]
	text := block.Text[cell.Start:cell.End]
	if len(text) > 200 {
		return nil
	}
	found := r.subjectsIn(b, text)
	whole := strings.TrimSpace(text)
	if len(found) == 1 && cutShort(whole, found[0].subject.Text) {
		found = nil // a label of its own
	}
	if len(found) > 0 && concentration(whole) {
		s := &found[0]
		s.start = strings.Index(text, whole)
		s.end = s.start + len(whole)
		s.key, s.subject = whole, record.Subject{Text: whole, Kind: record.Named, Name: tidy(whole), Block: b}
		found = found[:1]
	}
	for i := range found {
		s := &found[i]
		s.start, s.end = s.start+cell.Start, s.end+cell.Start
		s.subject.Start, s.subject.End = s.start, s.end
	}
	return found
}
