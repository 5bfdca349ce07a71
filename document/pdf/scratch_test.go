package pdf

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestScratch(t *testing.T) {
	f := os.Getenv("PDF")
	if f == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(f)
	r := New("/tmp/pdfcache")
	t0 := time.Now()
	d, err := r.Read(context.Background(), f, data)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(d.Title, d.Identifiers, d.Language, d.Warnings, time.Since(t0))
	for _, b := range d.Blocks {
		fmt.Printf("[%d %s] %s\n", b.Page, b.Kind, b.Text)
		if b.Table != nil {
			fmt.Println("   TABLE", b.Table.Rows, b.Table.Columns, b.Table.HeaderRows)
		}
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
}

func TestFonts(t *testing.T) {
	f := os.Getenv("PDF")
	if f == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(f)
	e, _ := newEngine("/tmp/pdfcache")
	ctx := context.Background()
	d, _, err := e.load(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	var s sheet
	e.page(ctx, d, 2, &s)
	seen := map[rune]int{}
	ex := map[rune]string{}
	for p := range 7 {
		e.page(ctx, d, p, &s)
		for i, g := range s.glyphs {
			if g.r > 127 || g.r < 32 {
				seen[g.r]++
				if i > 8 && i+4 < len(s.glyphs) {
					x := ""
					for _, h := range s.glyphs[i-8 : i+4] {
						x += string(h.r)
					}
					ex[g.r] = fmt.Sprintf("%q %s", x, s.fonts[g.font].name)
				}
			}
		}
	}
	for r, n := range seen {
		fmt.Printf("%U %d %s\n", r, n, ex[r])
	}
}
