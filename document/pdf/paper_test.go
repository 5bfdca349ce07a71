package pdf

import (
	"bytes"
	"fmt"
	"strings"
)

// A paper is a PDF file in the making: plain objects, the standard fonts.
type paper struct {
	pages []*bytes.Buffer
	title string
}

// Fonts of a paper: the names of its resources.
const (
	roman  = "F1" // Times-Roman
	bold   = "F2" // Times-Bold
	symbol = "F3" // Helvetica
)

// page begins a page of 612 by 792 points.
func (p *paper) page() { p.pages = append(p.pages, new(bytes.Buffer)) }

// winAnsi returns s as a string of PDF.
func winAnsi(s string) []byte {
	b := []byte{'('}
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '–':
			b = append(b, 0x96)
		case r < 256:
			b = append(b, byte(r))
		default:
			panic(fmt.Sprintf("no place for %q in WinAnsi", r))
		}
	}
	return append(b, ')')
}

// put writes s with its base line y points from the top.
func (p *paper) put(font string, size, x, y float64, s string) {
	fmt.Fprintf(p.pages[len(p.pages)-1], "BT /%s %.2f Tf %.2f %.2f Td %s Tj ET\n", font, size, x, 792-y, winAnsi(s))
}

// rich writes parts one after the other; one that begins with ^ or _ is raised
// or lowered, and smaller.
func (p *paper) rich(size, x, y float64, parts ...string) {
	w := p.pages[len(p.pages)-1]
	fmt.Fprintf(w, "BT %.2f %.2f Td\n", x, 792-y)
	for _, s := range parts {
		part, rise := size, 0.0
		switch s[0] {
		case '^':
			part, rise, s = 0.65*size, 0.35*size, s[1:]
		case '_':
			part, rise, s = 0.65*size, -0.2*size, s[1:]
		}
		fmt.Fprintf(w, "/%s %.2f Tf %.2f Ts %s Tj\n", roman, part, rise, winAnsi(s))
	}
	fmt.Fprintf(w, "ET\n")
}

// rule draws a level line.
func (p *paper) rule(x0, x1, y float64) {
	fmt.Fprintf(p.pages[len(p.pages)-1], "0.5 w %.2f %.2f m %.2f %.2f l S\n", x0, 792-y, x1, 792-y)
}

// picture draws a grey picture over the whole page.
func (p *paper) picture() {
	fmt.Fprint(p.pages[len(p.pages)-1], "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n")
}

// column writes lines of 10 points with a leading of 12, and returns the next
// base line.
func (p *paper) column(x, y float64, lines ...string) float64 {
	for _, l := range lines {
		p.put(roman, 10, x, y, l)
		y += 12
	}
	return y
}

// bytes returns the file. Extra is put into the trailer.
func (p *paper) bytes(extra string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(at))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	const first = 7 // number of the first page object
	var kids []string
	for i := range p.pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", first+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Count %d /Kids [%s] >>", len(p.pages), strings.Join(kids, " "))
	for _, name := range []string{"Times-Roman", "Times-Bold", "Helvetica"} {
		object("<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>", name)
	}
	object("<< /Title (%s) >>", p.title)
	for i, content := range p.pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> >>", first+2*i+1)
		object("<< /Length %d >>\nstream\n%sendstream", content.Len(), content)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, extra, xref)
	return b.Bytes()
}

// samplePaper is a paper of two pages in two columns, with what papers have.
func samplePaper() *paper {
	p := &paper{title: "untitled"}
	left := []string{
		"Solid electrolytes carry lithium ions through a rigid",
		"lattice of oxygen or sulfur, and their ionic conduc-",
		"tivity decides how thick a separator can be made. In",
		"garnets the room-temperature value depends on the",
		"density of the pellet and on the amount of alumina",
		"that is taken up from the crucible while sintering.",
	}
	right := []string{
		"All pellets were polished with dry paper under argon",
		"and coated with gold by sputtering for ten minutes.",
		"Impedance was measured between 1 MHz and 0.1 Hz",
		"with an amplitude of 10 mV, in a climate chamber at",
		"temperatures between 298 and 373 K, after waiting",
		"for half an hour at each of the temperatures set.",
	}
	furniture := func(page int) {
		p.put(symbol, 8, 54, 30, "Journal of Invented Results 12 (2021) 345")
		p.put(symbol, 8, 300, 770, fmt.Sprint(344+page))
	}
	p.page()
	furniture(1)
	p.put(bold, 18, 90, 80, "Conductivity of Garnet Pellets Sintered Twice")
	p.put(roman, 10, 200, 105, "A. Author and B. Writer")
	p.put(roman, 8, 200, 118, "doi: 10.5555/alkahest.2021.345")
	p.put(bold, 10, 54, 150, "Abstract")
	p.column(54, 164,
		"We sinter garnet pellets twice and find that the second step closes the pores which the first one leaves open, so that",
		"the conductivity grows by a factor of two while the activation energy stays what it was before the second step.")
	p.put(bold, 11, 54, 210, "1. Introduction")
	y := p.column(54, 226, left...)
	p.rich(10, 64, y, "The best pellet reached 3.2 × 10", "^-4", " S cm", "^-1", " at 298 K")
	p.rich(10, 54, y+12, "for Li", "_7", "La", "_3", "Zr", "_2", "O", "_12", ", which is more than twice that of")
	p.column(54, y+24, "the pellets that were sintered only once.")
	p.put(bold, 11, 318, 210, "2. Methods")
	y = p.column(318, 226, right...)
	p.put(bold, 9, 318, y+20, "Table 1.")
	p.put(roman, 9, 354, y+20, "Pellets and what was measured of them.")
	y += 28
	p.rule(318, 558, y)
	row := func(y float64, cells ...string) {
		for i, c := range cells {
			p.put(roman, 9, []float64{318, 390, 470}[i], y, c)
		}
	}
	row(y+10, "Pellet", "Density (%)", "Ea (eV)")
	p.rule(318, 558, y+14)
	row(y+24, "once", "91.5", "0.36")
	row(y+35, "twice", "96.2", "0.35")
	row(y+46, "hot pressed", "99.0", "0.34")
	p.rule(318, 558, y+50)
	p.column(318, y+80, "The density was found by the method of Archimedes and", "stayed the same, while the conductivity was found to be")
	p.page()
	furniture(2)
	p.column(54, 60,
		"steady over six weeks in dry air. Wet air, however,",
		"lowered it by a third within a few days, as expected",
		"from the exchange of lithium for protons that others",
		"have reported for garnets of the same composition.")
	p.put(bold, 11, 54, 130, "References")
	p.column(54, 146,
		"[1] C. Reader, J. Invented Results 1, 2 (2019).",
		"[2] D. Scribe and E. Penner, Solid Lore 3, 45–67",
		"(2020).")
	p.put(roman, 8, 54, 240, "Fig. 1. Impedance of a pellet after each of the steps.")
	return p
}
