package pdf

import (
	"fmt"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
)

// Memory for pages of text and tables whose content is not compressed, so that
// the size of the file is that of its content.
func TestMemory(t *testing.T) {
	r := newReader(t)
	read := func(name string, data []byte) (*document.Document, error) { return r.Read(t.Context(), name, data) }
	if _, err := read("start", samplePaper().bytes("")); err != nil { // pdfium is started once
		t.Fatal(err)
	}
	p := &paper{title: "long"}
	for page := range 150 {
		p.page()
		y := 60.0
		for i := range 42 {
			y = p.column(54, y, fmt.Sprintf("Line %d of page %d tells how the conductivity of the pellet grew with its density and age.", i, page))
		}
		p.put(bold, 9, 54, y+12, fmt.Sprintf("Table %d.", page+1))
		for i := range 10 {
			for j := range 5 {
				p.put(roman, 9, float64(54+90*j), y+26+11*float64(i), fmt.Sprintf("%d.%d", page+i, j))
			}
		}
	}
	data := p.bytes("")
	documenttest.MemoryOf(t, 80, read, data, len(data))
}
