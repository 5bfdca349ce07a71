// Package depict draws molecules in two dimensions: coordinates in which rings
// are regular, chains go in zigzag and parts do not overlap, and pictures of
// them as SVG.
package depict

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem/molecule"
)

// Options say how a picture looks. The zero value is the usual look.
type Options struct {
	Bond       float64 // length of a bond in pixels; 0 means 30
	Width      float64 // of the picture in pixels; 0 means as wide as the molecule needs
	Height     float64 // likewise; a molecule that does not fit is made smaller
	Mono       bool    // all in black, instead of elements in colours
	Background string  // a colour of SVG; empty means none
	Title      string  // for readers that do not see the picture; empty means the SMILES
}

// colors are the colours of elements, in the tradition of Corey, Pauling and
// Koltun, dark enough for white paper.
var colors = map[uint8]string{
	5: "#b5651d", 7: "#2244cc", 8: "#cc1111", 9: "#118833", 14: "#8a6d3b", 15: "#cc6600", 16: "#997700", 17: "#118833", 34: "#996600", 35: "#8b2b1a", 53: "#660099",
}

// Proportions of the picture, in bond lengths.
const (
	lineWidth  = 0.055
	fontSize   = 0.42
	offset     = 0.16 // between the lines of a double bond
	wedgeWidth = 0.16 // at the wide end
	gap        = 0.06 // between a letter and a line
	margin     = 0.5
)

// picture is a drawing in progress, in bond lengths with y pointing down.
type picture struct {
	m      *molecule.Molecule
	o      Options
	pos    []Point
	labels []label
	scale  float64
	out    strings.Builder
	low    Point
}

// SVG returns a picture of m.
func SVG(m *molecule.Molecule, o Options) string {
	return Draw(m, Layout(m), o)
}

// Draw returns a picture of m with its atoms at the places in pos, which has one
// for every atom.
func Draw(m *molecule.Molecule, pos []Point, o Options) string {
	p := &picture{m: m, o: o, pos: make([]Point, len(pos))}
	for i, q := range pos {
		p.pos[i] = Point{q.X, -q.Y}
	}
	p.labels = make([]label, len(pos))
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for i := range p.pos {
		p.labels[i] = p.label(i)
		a, b := p.labels[i].box(p.pos[i])
		low = Point{min(low.X, a.X), min(low.Y, a.Y)}
		high = Point{max(high.X, b.X), max(high.Y, b.Y)}
	}
	if len(pos) == 0 {
		low, high = Point{}, Point{1, 1}
	}
	low, high = low.minus(Point{margin, margin}), high.plus(Point{margin, margin})
	size := high.minus(low)
	p.scale = o.Bond
	if p.scale <= 0 {
		p.scale = 30
	}
	width, height := size.X*p.scale, size.Y*p.scale
	if o.Width > 0 && width > o.Width || o.Height > 0 && height > o.Height {
		shrink := 1.0
		if o.Width > 0 {
			shrink = min(shrink, o.Width/width)
		}
		if o.Height > 0 {
			shrink = min(shrink, o.Height/height)
		}
		p.scale *= shrink
		width, height = size.X*p.scale, size.Y*p.scale
	}
	p.low = low
	if o.Width > 0 {
		p.low.X -= (o.Width - width) / 2 / p.scale
		width = o.Width
	}
	if o.Height > 0 {
		p.low.Y -= (o.Height - height) / 2 / p.scale
		height = o.Height
	}
	title := o.Title
	if title == "" {
		title = m.SMILES()
	}
	fmt.Fprintf(&p.out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img">`+"\n", num(width), num(height), num(width), num(height))
	fmt.Fprintf(&p.out, "<title>%s</title>\n", html.EscapeString(title))
	if o.Background != "" {
		fmt.Fprintf(&p.out, `<rect width="100%%" height="100%%" fill="%s"/>`+"\n", html.EscapeString(o.Background))
	}
	fmt.Fprintf(&p.out, `<g fill="none" stroke="#000" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round">`+"\n", num(lineWidth*p.scale))
	p.bonds(Wedges(m, pos))
	p.out.WriteString("</g>\n")
	fmt.Fprintf(&p.out, `<g font-family="Helvetica, Arial, sans-serif" font-size="%s" fill="#000">`+"\n", num(fontSize*p.scale))
	for i := range p.labels {
		p.text(i)
	}
	p.out.WriteString("</g>\n</svg>\n")
	return p.out.String()
}

// num writes a number with at most two digits behind the point.
func num(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	s := strconv.FormatFloat(f, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// xy writes a point in pixels.
func (p *picture) xy(q Point) string {
	q = q.minus(p.low).times(p.scale)
	return num(q.X) + " " + num(q.Y)
}
