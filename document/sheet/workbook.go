package sheet

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/office"
)

// packed reads the sheets of a workbook in a package.
func (r *reader) packed(data []byte) error {
	p, err := office.Open(data)
	if err != nil {
		return err
	}
	if p.Has("content.xml") {
		return r.openDocument(p)
	}
	return r.workbook(p)
}

// workbook reads the sheets of a workbook of Excel that are shown.
func (r *reader) workbook(p *office.Package) error {
	book, err := p.Tree("xl/workbook.xml")
	if err != nil {
		return err
	}
	defer book.Release()
	var author string
	r.doc.Title, author, r.doc.Date = p.Properties()
	if author != "" {
		r.doc.Authors = []string{author}
	}
	b := workbook{formats: formats(p)}
	date1904 := book.Root.Find("workbookpr").Attribute("date1904")
	b.from1904 = date1904 == "1" || date1904 == "true"
	if p.Has("xl/sharedStrings.xml") {
		shared, err := p.Tree("xl/sharedStrings.xml")
		if err != nil {
			return err
		}
		shared.Root.All("si", func(n *markup.Node) { b.shared = append(b.shared, runs(n)) })
		shared.Release()
	}
	parts := p.Related("xl/workbook.xml")
	var sheets []*markup.Node
	book.Root.All("sheet", func(n *markup.Node) {
		if n.Attribute("state") == "" || n.Attribute("state") == "visible" {
			sheets = append(sheets, n)
		}
	})
	for _, n := range sheets {
		part := parts[n.Attribute("id")]
		if !p.Has(part) || !strings.Contains(part, "worksheets/") {
			continue
		}
		tree, err := p.Tree(part)
		if err != nil {
			return err
		}
		name := n.Attribute("name")
		for _, w := range tree.Warnings() {
			r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("sheet %s: %s", name, w))
		}
		rows, err := b.rows(r, tree.Root)
		tree.Release()
		if err != nil {
			return err
		}
		r.named(name, rows, len(sheets) > 1)
	}
	return nil
}

// named makes blocks of the rows of a sheet, below its name where it is one of
// several.
func (r *reader) named(name string, rows []row, several bool) {
	r.section = ""
	if len(rows) > 0 && several {
		r.add(document.Block{Kind: document.Heading, Text: blocks.Clean(name)})
	}
	r.section = blocks.Clean(name)
	r.sheet(rows)
}

// workbook is what the cells of all sheets refer to.
type workbook struct {
	shared   [][]run
	formats  []format // by style
	from1904 bool
}

// format says how a number shows.
type format uint8

const (
	plain format = iota
	percent
	date
)

// runs returns the text of an element si or is: plain, or runs of which some
// stand above or below the line.
func runs(n *markup.Node) []run {
	var out []run
	for _, c := range n.Children {
		switch c.Name {
		case "t":
			out = append(out, run{text: raw(c)})
		case "r":
			level := blocks.OnLine
			switch c.Child("rpr").Child("vertalign").Attribute("val") {
			case "superscript":
				level = blocks.Raised
			case "subscript":
				level = blocks.Lowered
			}
			out = append(out, run{text: raw(c.Child("t")), level: level})
		}
	}
	return out
}

// raw returns the characters of an element with their white space.
func raw(n *markup.Node) string {
	if n == nil {
		return ""
	}
	if len(n.Children) == 1 {
		return n.Children[0].Text
	}
	var b strings.Builder
	for _, c := range n.Children {
		b.WriteString(c.Text)
	}
	return b.String()
}

// datePattern matches format codes that show a date or a time, once colours,
// conditions and text in quotes are taken out.
var (
	datePattern   = regexp.MustCompile(`(?i)[dyhs]|mm`)
	quotedPattern = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.`)
)

// formats returns how the styles of cells show numbers (ECMA-376 part 1,
// 18.8.30: built-in formats 9 and 10 are percentages, 14 to 22 and 45 to 47
// dates).
func formats(p *office.Package) (out []format) {
	p.Look("xl/styles.xml", func(root *markup.Node) {
		own := map[string]format{}
		root.All("numfmt", func(n *markup.Node) {
			code := quotedPattern.ReplaceAllString(n.Attribute("formatcode"), "")
			switch {
			case strings.Contains(code, "%"):
				own[n.Attribute("numfmtid")] = percent
			case datePattern.MatchString(code) && !strings.ContainsAny(code, "#?"):
				own[n.Attribute("numfmtid")] = date
			}
		})
		root.Find("cellxfs").All("xf", func(xf *markup.Node) {
			id := xf.Attribute("numfmtid")
			f := own[id]
			switch n, _ := strconv.Atoi(id); {
			case n == 9 || n == 10:
				f = percent
			case n >= 14 && n <= 22 || n >= 45 && n <= 47:
				f = date
			}
			out = append(out, f)
		})
	})
	return out
}

// rows returns the rows of a sheet that hold something.
func (b *workbook) rows(r *reader, tree *markup.Node) ([]row, error) {
	data := tree.Find("sheetdata")
	if data == nil {
		return nil, nil
	}
	spans := merged(tree)
	rows := make([]row, 0, len(data.Children))
	number, wide := -1, false
	for _, n := range data.Children {
		if n.Name != "row" {
			continue
		}
		number++
		if at := n.Attribute("r"); at != "" {
			if k, err := strconv.Atoi(at); err == nil && k > number && k <= 1<<20 {
				number = k - 1
			}
		}
		one := row{number: number, cells: make([]cell, 0, min(len(n.Children), blocks.MaxColumns))}
		column := -1
		for _, c := range n.Children {
			if c.Name != "c" {
				continue
			}
			column++
			if at, ok := place(c.Attribute("r")); ok && at >= column {
				column = at
			}
			if column >= blocks.MaxColumns {
				wide = true
				break
			}
			text := b.text(c)
			if empty(text) {
				continue
			}
			if err := r.count(); err != nil {
				return nil, err
			}
			k := cellOf(column, text)
			if s, ok := spans[[2]int{number, column}]; ok {
				k.rows, k.columns = s[0], s[1]
			}
			one.cells = append(one.cells, k)
		}
		if len(one.cells) > 0 {
			rows = append(rows, one)
		}
	}
	if wide {
		r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf("columns beyond %d were not read", blocks.MaxColumns))
	}
	return rows, nil
}

// cellOf returns a cell of one place.
func cellOf(column int, text []run) cell {
	c := cell{column: int32(column), runs: text, columns: 1, rows: 1}
	if len(text) == 1 && text[0].level == blocks.OnLine {
		c.text, c.runs = text[0].text, nil
	}
	return c
}

func empty(runs []run) bool {
	for _, r := range runs {
		if strings.TrimSpace(r.text) != "" {
			return false
		}
	}
	return true
}

// place returns the column of a reference such as "AB12", from 0.
func place(reference string) (column int, ok bool) {
	for i := 0; i < len(reference); i++ {
		c := reference[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			return column - 1, i > 0
		}
		if column = 26*column + int(c-'A') + 1; column > 1<<15 {
			return 0, false
		}
	}
	return 0, false
}

var mergedPattern = regexp.MustCompile(`^([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})$`)

// merged returns the rows and columns that merged cells cover, by the place of
// the upper left one.
func merged(tree *markup.Node) map[[2]int][2]int32 {
	out := map[[2]int][2]int32{}
	tree.All("mergecell", func(n *markup.Node) {
		m := mergedPattern.FindStringSubmatch(n.Attribute("ref"))
		if m == nil {
			return
		}
		left, _ := place(m[1] + "1")
		right, _ := place(m[3] + "1")
		top, _ := strconv.Atoi(m[2])
		bottom, _ := strconv.Atoi(m[4])
		if right >= left && bottom >= top && top > 0 {
			out[[2]int{top - 1, left}] = [2]int32{int32(min(bottom-top+1, 1<<15)), int32(min(right-left+1, blocks.MaxColumns))}
		}
	})
	return out
}

// text returns what a cell shows.
func (b *workbook) text(c *markup.Node) []run {
	value := raw(c.Child("v"))
	switch c.Attribute("t") {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && i >= 0 && i < len(b.shared) {
			return b.shared[i]
		}
		return nil
	case "inlineStr":
		if is := c.Child("is"); is != nil {
			return runs(is)
		}
		return nil
	case "e": // #DIV/0! and the like are no values
		return nil
	case "b":
		return []run{{text: map[string]string{"1": "TRUE", "0": "FALSE"}[value]}}
	case "str", "d":
		return []run{{text: value}}
	}
	f := plain
	if style := c.Attribute("s"); style != "" {
		if k, err := strconv.Atoi(style); err == nil && k >= 0 && k < len(b.formats) {
			f = b.formats[k]
		}
	}
	if f == plain && short(value) {
		return []run{{text: value}}
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return []run{{text: value}}
	}
	switch f {
	case percent:
		return []run{{text: shown(v*100) + " %"}}
	case date:
		if s, ok := b.date(v); ok {
			return []run{{text: s}}
		}
	}
	return []run{{text: shown(v)}}
}

// short reports whether a number is written as [shown] writes it: plainly, with
// at most 15 digits. Most are, so that they need not be read.
func short(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	whole, rest, fraction := strings.Cut(digits, ".")
	return len(digits) <= 15 && whole != "" && (whole[0] != '0' || whole == "0" && fraction) &&
		fraction == (rest != "") && !strings.HasSuffix(rest, "0") && !strings.HasPrefix(rest, "00000") &&
		strings.Trim(whole, "0123456789") == "" && strings.Trim(rest, "0123456789") == ""
}

// shown writes a number with the 15 digits that Excel keeps, so that 0.1 + 0.2
// is 0.3.
func shown(v float64) string {
	s := strconv.FormatFloat(v, 'g', 15, 64)
	if short, err := strconv.ParseFloat(s, 64); err == nil {
		v = short
	}
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.FormatFloat(v, 'E', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// date returns the date that is v days after the day 0 of Excel, with the time
// if there is one. The calendar of 1900 counts a 29 February 1900 that never
// was; dates before March 1900 are given as numbers.
func (b *workbook) date(v float64) (string, bool) {
	if v < 61 && !b.from1904 || v < 0 || v >= 2958466 {
		return "", false
	}
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.from1904 {
		day = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	whole := math.Floor(v)
	t := day.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round((v-whole)*86400)) * time.Second)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02"), true
	}
	return t.Format("2006-01-02 15:04"), true
}
