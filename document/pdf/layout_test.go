package pdf

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
)

// sheetsOf makes pages from bytes: eight for each glyph or rule. All that pdfium
// could say of a page can be said this way, coarsely.
func sheetsOf(data []byte) []*sheet {
	sheets := []*sheet{{width: 612, height: 792, fonts: []font{{}, {bold: true}}}}
	for len(data) >= 8 && len(sheets) < 6 {
		b := data[:8]
		data = data[8:]
		s := sheets[len(sheets)-1]
		x, y := float32(b[0])*2.5+float32(b[1]&15)*0.3, float32(b[2])*3.2+float32(b[3]&15)*0.3
		size, width := float32(b[4]&31)+0.5, float32(b[5]&31)*0.5
		switch b[6] >> 5 {
		case 0:
			s.rules = append(s.rules, rule{x, x + 20*width, y})
		case 1:
			s.posts = append(s.posts, rule{y, y + 20*width, x})
		case 2:
			if b[7] < 4 {
				sheets = append(sheets, &sheet{width: 612, height: 792, fonts: s.fonts})
			}
		default:
			r := rune(b[7])
			switch {
			case b[6]&1 != 0:
				r += 0x2C0 // accents and Greek
			case r == 0:
				r = ' '
			}
			s.glyphs = append(s.glyphs, glyph{r: r, x0: x, x1: x + width, y: y, size: size, font: int32(b[6] >> 1 & 1), angle: int8(b[6] >> 2 & 1)})
		}
	}
	return sheets
}

// bytesOf writes words, each at a place, as sheetsOf reads them.
func bytesOf(words ...any) []byte {
	var out []byte
	for i := 0; i+2 < len(words); i += 3 {
		x, y := float32(words[i].(int)), byte(words[i+1].(int))
		for _, r := range words[i+2].(string) {
			out = append(out, byte(x/2.5), byte((x-2.5*float32(int(x/2.5)))/0.3), y, 0, 10, 10, 0xE0, byte(r))
			x += 5
		}
	}
	return out
}

// FuzzLayout rebuilds documents from glyphs and rules at any places, without
// pdfium.
func FuzzLayout(f *testing.F) {
	table := bytesOf(50, 20, "Table 1. Two metals.", 50, 26, "metal", 150, 26, "Tm", 250, 26, "a",
		50, 30, "Fe", 150, 30, "1811", 250, 30, "2.87", 50, 34, "Ni", 150, 34, "1728", 250, 34, "3.52")
	f.Add(table)
	f.Add(append(table, 20, 0, 24, 0, 0, 31, 0, 0, 20, 0, 40, 0, 0, 31, 0, 0, 20, 0, 24, 0, 0, 8, 0x20, 0, 80, 0, 24, 0, 0, 8, 0x20, 0))
	f.Add(bytesOf(50, 20, "1 A line with a number", 50, 24, "2 and a divided con-", 50, 28, "3 ductivity of it", 50, 32, "4 all", 50, 36, "5 the", 50, 40, "6 way"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		var leaves []*leaf
		for i, s := range sheetsOf(data) {
			upright(s)
			leaves = append(leaves, leafOf(s, i+1))
		}
		repeatedTables(leaves)
		doc := &document.Document{Name: "fuzz", Pages: len(leaves)}
		from := newLayout(doc).add(leaves)
		if err := doc.Check(); err != nil {
			t.Fatal(err)
		}
		if len(from) != len(doc.Blocks) {
			t.Fatalf("%d blocks of %d paragraphs", len(doc.Blocks), len(from))
		}
		for i, b := range doc.Blocks {
			if b.Page < 1 || b.Page > doc.Pages || b.Text == "" || !utf8.ValidString(b.Text) || b.Table == nil && strings.Contains(b.Text, "  ") {
				t.Errorf("block %d: page %d of %d, text %q", i, b.Page, doc.Pages, b.Text)
			}
			for _, p := range places(from[i].trail(), 0, len(b.Text)) {
				if p.Page < 1 || p.Page > doc.Pages || p.Box.Right < p.Box.Left || p.Box.Bottom < p.Box.Top {
					t.Errorf("block %d stands at %+v", i, p)
				}
			}
		}
	})
}
