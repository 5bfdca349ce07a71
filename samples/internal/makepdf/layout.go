package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A4, in points, and the two columns on it.
const (
	pageWidth, pageHeight = 595, 842
	margin                = 56
	gutter                = 22
	columnWidth           = (pageWidth - 2*margin - gutter) / 2.0
	bodySize              = 9.5
	leading               = 12.5
	indexScale            = 0.68 // size of a sub- or superscript
)

// font is one of the fonts that every PDF reader has.
type font struct {
	name, resource string
	wider          float64 // than Times-Roman, about; bold letters are
}

var (
	roman  = font{"Times-Roman", "F1", 1}
	bold   = font{"Times-Bold", "F2", 1.06}
	italic = font{"Times-Italic", "F3", 0.98}
)

// run is a stretch of text at one height.
type run struct {
	text  string
	shift int // +1 raised, -1 lowered
}

// page collects the drawing of pages.
type page struct {
	content bytes.Buffer
}

// layOut reads a source and returns a PDF. A source is a list of paragraphs
// divided by empty lines. The first character of a paragraph says what it is:
// "# " the title, "@ " the authors, "= " a paragraph over the whole width,
// "## " a heading, "T " a caption, "|" a table, one row a line, with cells
// divided by "|" and a first row of heads, "R " an entry of the references.
// Everything else is a paragraph. Between _{ and } stands a subscript, between
// ^{ and } a superscript. Columns are filled from left to right.
func layOut(src string) ([]byte, error) {
	pages := []*page{{}}
	p := pages[0]
	column, top := 0, float64(pageHeight-margin)
	y := top
	left := func() float64 { return margin + float64(column)*(columnWidth+gutter) }
	// room goes to the next column or page when height does not fit any more.
	room := func(height float64) {
		if y-height >= margin {
			return
		}
		if column++; column == 2 {
			column, top = 0, pageHeight-margin
			p = &page{}
			pages = append(pages, p)
		}
		y = top
	}
	for _, paragraph := range strings.Split(strings.TrimSpace(src), "\n\n") {
		mark, rest, _ := strings.Cut(paragraph, " ")
		text := strings.Join(strings.Fields(rest), " ")
		wide, f, size := float64(columnWidth), roman, bodySize
		indent := 0.0
		switch {
		case mark == "#":
			wide, f, size = pageWidth-2*margin, bold, 16
		case mark == "@":
			wide, f, size = pageWidth-2*margin, italic, 10
		case mark == "=":
			wide = pageWidth - 2*margin
		case mark == "##":
			f, size = bold, 11
			room(3 * leading)
			y -= 4
		case mark == "T" || mark == "R":
			size = 8.5
		case strings.HasPrefix(mark, "|"):
			rows := strings.Split(paragraph, "\n")
			room(float64(len(rows)+1) * leading)
			y -= 2
			for i, row := range rows {
				f := roman
				if i == 0 {
					f = bold
				}
				cells := strings.Split(strings.Trim(row, "| "), "|")
				for j, cell := range cells {
					runs, err := parseRuns(strings.TrimSpace(cell))
					if err != nil {
						return nil, err
					}
					p.line(left()+float64(j)*columnWidth/float64(len(cells)), y-9, runs, f, 8.5)
				}
				y -= leading
				if i == 0 {
					p.rule(left(), y-0.5+leading-13, columnWidth)
				}
			}
			y -= leading / 2
			continue
		default:
			text = strings.Join(strings.Fields(paragraph), " ")
			indent = 10
		}
		lines, err := wrap(text, wide, indent, f, size)
		if err != nil {
			return nil, err
		}
		height := leading * size / bodySize
		for i, line := range lines {
			room(height)
			x := left()
			if i == 0 {
				x += indent
			}
			p.line(x, y-size, line, f, size)
			y -= height
		}
		switch mark {
		case "#", "@", "=":
			y -= 8
			top = y
		case "##", "T":
			y -= 2
		}
	}
	return write(pages), nil
}

// parseRuns divides s at its sub- and superscripts.
func parseRuns(s string) ([]run, error) {
	var runs []run
	for s != "" {
		at := strings.IndexAny(s, "^_")
		if at < 0 || at+1 >= len(s) || s[at+1] != '{' {
			return append(runs, run{text: s}), nil
		}
		if at > 0 {
			runs = append(runs, run{text: s[:at]})
		}
		end := strings.IndexByte(s[at:], '}')
		if end < 0 {
			return nil, fmt.Errorf("no } behind %q", s[at:])
		}
		shift := 1
		if s[at] == '_' {
			shift = -1
		}
		runs = append(runs, run{s[at+2 : at+end], shift})
		s = s[at+end+1:]
	}
	return runs, nil
}

// wrap breaks text into lines of at most width points, the first of which is
// shorter by indent.
func wrap(text string, width, indent float64, f font, size float64) ([][]run, error) {
	var lines [][]run
	var line []string
	used := indent
	flush := func() error {
		runs, err := parseRuns(strings.Join(line, " "))
		lines = append(lines, runs)
		line, used = line[:0], 0
		return err
	}
	for word := range strings.FieldsSeq(text) {
		runs, err := parseRuns(word)
		if err != nil {
			return nil, err
		}
		w := f.width(runs, size)
		if len(line) > 0 && used+w > width {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		line = append(line, word)
		used += w + f.width([]run{{text: " "}}, size)
	}
	return lines, flush()
}

// line draws runs on the base line y from x.
func (p *page) line(x, y float64, runs []run, f font, size float64) {
	fmt.Fprintf(&p.content, "BT 1 0 0 1 %.2f %.2f Tm\n", x, y)
	for _, r := range runs {
		s := size
		if r.shift != 0 {
			s *= indexScale
		}
		fmt.Fprintf(&p.content, "/%s %.2f Tf %.2f Ts (%s) Tj\n", f.resource, s, float64(r.shift)*size*0.3, escape(r.text))
	}
	p.content.WriteString("ET\n")
}

// rule draws a thin line.
func (p *page) rule(x, y, width float64) {
	fmt.Fprintf(&p.content, "0.5 w %.2f %.2f m %.2f %.2f l S\n", x, y, x+width, y)
}

// winAnsi gives the bytes of the characters outside ASCII that the sources use
// in WinAnsiEncoding, ISO 32000-1:2008, annex D.
var winAnsi = map[rune]byte{'–': 0x96, '’': 0x92, '°': 0xB0, '±': 0xB1, '·': 0xB7, '×': 0xD7, 'µ': 0xB5, 'ö': 0xF6, 'Ö': 0xD6, 'å': 0xE5, 'Ü': 0xDC, 'ü': 0xFC}

// escape writes s as the inside of a PDF string.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch c, ok := winAnsi[r]; {
		case ok:
			fmt.Fprintf(&b, `\%03o`, c)
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// widths are those of the characters of Times-Roman from space to tilde, in
// thousandths of the size. Source: Adobe Core 14 font metrics, Times-Roman.afm.
var widths = [...]int{
	250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
	500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
	921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
	556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
	333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
	500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
}

// width returns the width of runs in points.
func (f font) width(runs []run, size float64) float64 {
	total := 0.0
	for _, r := range runs {
		s := size
		if r.shift != 0 {
			s *= indexScale
		}
		for _, c := range r.text {
			w := 500
			if c >= ' ' && c <= '~' {
				w = widths[c-' ']
			}
			total += float64(w) / 1000 * s * f.wider
		}
	}
	return total
}

// write returns the PDF file of pages: a catalog, the pages, three fonts, and
// the table of where each object stands.
func write(pages []*page) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	const first = 6 // number of the first page's object
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", first+2*i)
	}
	object("<< /Type /Pages /Count %d /Kids [ %s] >>", len(pages), kids.String())
	for _, f := range []font{roman, bold, italic} {
		object("<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>", f.name)
	}
	for i, p := range pages {
		p.line(pageWidth/2-4, margin/2, []run{{text: fmt.Sprint(i + 1)}}, roman, 8)
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents %d 0 R >>",
			pageWidth, pageHeight, first+2*i+1)
		object("<< /Length %d >>\nstream\n%sendstream", p.content.Len(), p.content.String())
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return b.Bytes()
}
