package labsheet

import (
	"fmt"
	"math"
	"path"
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// Guess says what the columns of doc's tables seem to be, each with the reason.
func Guess(doc *document.Document, fields *field.Set) *Mapping {
	m := &Mapping{Sheet: path.Base(strings.ReplaceAll(doc.Name, `\`, "/"))}
	for n, i := range tables(doc) {
		b := &doc.Blocks[i]
		grid := b.Table.Grid()
		t := Table{Table: n + 1, Of: b.Table.Label}
		if b.Table.Caption != "" {
			t.Of = strings.TrimSpace(t.Of + " " + b.Table.Caption)
		}
		for c, head := range heads(b, grid) {
			t.Columns = append(t.Columns, guessColumn(b, grid, c, head, fields))
		}
		chooseSubject(b, grid, t.Columns)
		m.Tables = append(m.Tables, t)
	}
	return m
}

// conditionWords are the heads of columns that hold conditions.
var conditionWords = map[string]string{
	"temperature": "temperature", "t": "temperature", "temp": "temperature", "온도": "temperature", "측정 온도": "temperature",
	"rate": "current-rate", "c rate": "current-rate", "current rate": "current-rate", "current density": "current-density", "전류 밀도": "current-density",
	"cycle": "cycle", "cycle number": "cycle", "cycles": "cycle", "사이클": "cycle", "frequency": "frequency", "주파수": "frequency", "pressure": "pressure", "압력": "pressure",
	"wavelength": "wavelength", "파장": "wavelength", "heating rate": "heating-rate", "scan rate": "scan-rate", "atmosphere": "atmosphere", "분위기": "atmosphere", "solvent": "solvent", "용매": "solvent", "method": "method",
}

// subjectWords are the heads of columns that say what a row is about, the
// better ones first.
var subjectWords = []string{"composition", "formula", "compound", "material", "polymer", "molecule", "조성", "화학식", "화합물", "재료", "물질", "고분자", "sample name", "sample", "sample id", "specimen", "name", "id", "시료", "시료명", "샘플", "시편", "no."}

func guessColumn(b *document.Block, grid [][]int, c int, head string, fields *field.Set) Column {
	col := Column{Column: c + 1, Head: head, Is: Ignore}
	name, unit, written := divide(head)
	folded := field.Fold(name)
	numbers, filled := values(b, grid, c)
	if folded == "" || filled == 0 {
		col.Because = "no head or no values"
		return col
	}
	if condition, ok := conditionWords[folded]; ok && (folded != "t" || unit.Dimension == kelvin.Dimension && written != "") {
		col.Is, col.Unit = Condition+condition, written
		col.Because = fmt.Sprintf("%q is a condition", name)
		return col
	}
	if 2*numbers < filled {
		col.Because = "words, not numbers"
		return col
	}
	best, word, score := (*field.Property)(nil), "", 0.0
	for p := range fields.Properties() {
		for _, w := range p.Words() {
			s := matches(folded, name, w, p)
			if s == 0 {
				continue
			}
			switch {
			case written != "" && fits(p, unit):
				s += 1
			case written != "":
				continue // the unit says that it is something else
			case p.Unit.Symbol != "" && p.IsWeak(w):
				continue
			}
			if s > score {
				best, word, score = p, w, s
			}
		}
	}
	if best == nil {
		col.Because = "no property goes by this name in this unit"
		return col
	}
	if written == "" && best.Unit.Symbol != "" && !united(b, grid, c, best) {
		col.Because = fmt.Sprintf("head names %q, which is %s, but no unit: to use it, say which", word, best.ID())
		return col
	}
	col.Is, col.Unit = best.ID(), written
	col.Because = fmt.Sprintf("head names %q", word)
	if written != "" {
		col.Because += " in a unit of it"
	}
	if out := implausible(b, grid, c, best, col.Unit); out > 0 {
		col.Because += fmt.Sprintf("; %d of %d values are implausible", out, numbers)
	}
	return col
}

var kelvin, _ = quantity.ParseUnit("K")

// matches scores how well a head names word: 0 for not at all, more the more of
// the head the word is.
func matches(folded, name, word string, p *field.Property) float64 {
	w := field.Fold(word)
	switch {
	case folded == w:
		return 3
	case w == strings.ToLower(word) && !strings.Contains(" "+folded+" ", " "+w+" "):
		return 0
	case w != strings.ToLower(word) && !strings.Contains(" "+name+" ", " "+word+" "): // a symbol keeps its case
		return 0
	}
	for _, not := range p.Not {
		if strings.Contains(folded, field.Fold(not)) {
			return 0
		}
	}
	return 1 + float64(len(w))/float64(len(folded))
}

func fits(p *field.Property, u quantity.Unit) bool {
	if u.Unknown {
		return false
	}
	if u.Dimension == p.Unit.Dimension {
		return true
	}
	for _, a := range p.Alternatives {
		if u.Dimension == a.Dimension {
			return true
		}
	}
	return false
}

// divide takes the unit off a head: "Capacity (mAh/g)", "T / °C", "E, eV".
func divide(head string) (name string, unit quantity.Unit, written string) {
	head = strings.TrimSpace(head)
	for _, pair := range [...][2]string{{"(", ")"}, {"[", "]"}} {
		i, j := strings.LastIndex(head, pair[0]), strings.LastIndex(head, pair[1])
		if i > 0 && j > i {
			if u, err := quantity.ParseUnit(strings.TrimSpace(head[i+1 : j])); err == nil && !u.Unknown && u.Symbol != "" {
				return strings.TrimSpace(head[:i] + " " + head[j+1:]), u, strings.TrimSpace(head[i+1 : j])
			}
		}
	}
	for _, mark := range [...]string{" / ", "/ ", ", ", "/", " in "} {
		if i := strings.LastIndex(head, mark); i > 0 {
			s := strings.TrimSpace(head[i+len(mark):])
			if u, err := quantity.ParseUnit(s); err == nil && !u.Unknown && u.Symbol != "" {
				return strings.TrimSpace(head[:i]), u, s
			}
		}
	}
	return head, quantity.Unit{}, ""
}

// values counts the cells of a column that hold something, and those that hold
// a number.
func values(b *document.Block, grid [][]int, c int) (numbers, filled int) {
	for r := b.Table.HeaderRows; r < b.Table.Rows; r++ {
		if i := grid[r][c]; i >= 0 {
			text := b.Text[b.Table.Cells[i].Start:b.Table.Cells[i].End]
			if strings.TrimSpace(text) == "" {
				continue
			}
			filled++
			if _, err := parse(text, nil); err == nil {
				numbers++
			}
		}
	}
	return numbers, filled
}

// united reports whether most numbers of a column have a unit of property p.
func united(b *document.Block, grid [][]int, c int, p *field.Property) bool {
	numbers, fitting := 0, 0
	for r := b.Table.HeaderRows; r < b.Table.Rows; r++ {
		if i := grid[r][c]; i >= 0 {
			if q, err := parse(b.Text[b.Table.Cells[i].Start:b.Table.Cells[i].End], nil); err == nil {
				numbers++
				if q.Unit.Symbol != "" && fits(p, q.Unit) {
					fitting++
				}
			}
		}
	}
	return fitting > 0 && 2*fitting >= numbers
}

// implausible counts the values of a column that property p cannot have.
func implausible(b *document.Block, grid [][]int, c int, p *field.Property, unit string) int {
	u, err := quantity.ParseUnit(unit)
	if err != nil {
		return 0
	}
	n := 0
	for r := b.Table.HeaderRows; r < b.Table.Rows; r++ {
		i := grid[r][c]
		if i < 0 {
			continue
		}
		q, err := parse(b.Text[b.Table.Cells[i].Start:b.Table.Cells[i].End], nil)
		if err != nil {
			continue
		}
		if q.Unit.Symbol == "" {
			q.Unit = u
		}
		if _, in, ok := convert(p, q); !ok && !math.IsNaN(in.Low) {
			n++
		}
	}
	return n
}

// chooseSubject marks the column that says what a row is about: the one with
// the best head of those without numbers, one of formulas before others.
func chooseSubject(b *document.Block, grid [][]int, columns []Column) {
	best, score := -1, 0.0
	for i := range columns {
		c := &columns[i]
		if c.Is != Ignore {
			continue
		}
		name, _, _ := divide(c.Head)
		folded := field.Fold(name)
		s := 0.0
		for rank, w := range subjectWords {
			if folded == w || strings.HasPrefix(folded, w+" ") || strings.HasSuffix(folded, " "+w) {
				s = 2 - float64(rank)/float64(len(subjectWords))
				break
			}
		}
		if share := formulas(b, grid, i); share > 0.5 {
			s += 2
		}
		if s == 0 && i == 0 && strings.HasPrefix(c.Because, "words") {
			s = 0.5
		}
		if s > score {
			best, score = i, s
		}
	}
	if best < 0 {
		return
	}
	c := &columns[best]
	c.Is = Subject
	if c.Because = fmt.Sprintf("head %q names what a row is about", c.Head); score >= 2.5 || score == 2 {
		c.Because = "holds formulas"
	} else if score == 0.5 {
		c.Because = "first column, and words"
	}
}

// formulas returns the share of the cells of a column that are formulas.
func formulas(b *document.Block, grid [][]int, c int) float64 {
	found, filled := 0, 0
	for r := b.Table.HeaderRows; r < b.Table.Rows; r++ {
		if i := grid[r][c]; i >= 0 {
			text := strings.TrimSpace(b.Text[b.Table.Cells[i].Start:b.Table.Cells[i].End])
			if text == "" {
				continue
			}
			filled++
			if m := formula.Find(text); len(m) == 1 && m[0].Start == 0 && m[0].End == len(text) {
				found++
			}
		}
	}
	if filled == 0 {
		return 0
	}
	return float64(found) / float64(filled)
}
