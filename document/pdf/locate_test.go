package pdf

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
)

func TestLocate(t *testing.T) {
	r := newReader(t)
	ctx := context.Background()
	for _, test := range []struct{ file, text string }{
		{"electrolytes.three-ruled.pdf", "0.44 V"},
		{"electrolytes.three-ruled.pdf", "7.0 × 10−4"}, // a cell
		{"semiconductors.turned-grid.pdf", "5.869"},    // a page turned by a quarter
		{"polymers.officeserif-open.pdf", "elongation"},
		{"superconductors.manuscript-open.pdf", "105 A cm−2"}, // with superscripts, behind line numbers
	} {
		data, err := os.ReadFile(filepath.Join("testdata", "develop", test.file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.Read(ctx, test.file, data)
		if err != nil {
			t.Fatal(err)
		}
		i, at := find(doc, test.text)
		if i < 0 {
			t.Errorf("%s: %q is not found", test.file, test.text)
			continue
		}
		places, err := r.Locate(ctx, data, &doc.Blocks[i], at, at+len(test.text))
		if err != nil || len(places) != 1 {
			t.Errorf("%s: %q is at %v, %v", test.file, test.text, places, err)
			continue
		}
		picture, err := r.Render(ctx, data, places[0].Page, 72)
		if err != nil {
			t.Fatal(err)
		}
		// One dot is one point: the box is as wide as the text may be, holds ink,
		// and none of the letters beside it.
		b := places[0].Box
		if w := (b.Right - b.Left) / float64(len([]rune(test.text))); w < 2.5 || w > 8 {
			t.Errorf("%s: %q is %.1f points a character wide", test.file, test.text, w)
		}
		box := image.Rect(int(b.Left), int(b.Top), int(b.Right), int(b.Bottom))
		if ink(picture, box) < 2*len(test.text) {
			t.Errorf("%s: there is no %q in %v", test.file, test.text, box)
		}
		if beside := image.Rect(box.Min.X-1, box.Min.Y+3, box.Min.X, box.Max.Y-3); ink(picture, beside) > 2 {
			t.Errorf("%s: the box %v of %q begins inside a letter", test.file, box, test.text)
		}
	}
}

// TestTrail checks that every byte of the text of every block is located.
func TestTrail(t *testing.T) {
	r := newReader(t)
	for _, name := range []string{"emitters.office-open.pdf", "semiconductors.officesans-grid.pdf", "thermoelectrics.elsarticle-open.pdf"} {
		data, err := os.ReadFile(filepath.Join("testdata", "develop", name))
		if err != nil {
			t.Fatal(err)
		}
		var doc document.Document
		var from []*paragraph
		_, err = r.extract(context.Background(), data, span{0, MaxPages}, func(leaves []*leaf) bool {
			from = append(from, newLayout(&doc).add(leaves)...)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range from {
			end := 0
			for _, m := range p.trail() {
				if m.end < end || m.page < 1 || m.x1 < m.x0 {
					t.Fatalf("%s: block %d: mark %+v behind byte %d", name, i, m, end)
				}
				end = m.end
			}
			if text := doc.Blocks[i].Text; end != len(strings.TrimRight(text, "\t\n")) {
				t.Errorf("%s: block %d: the marks end at byte %d of %q", name, i, end, text)
			}
		}
	}
}

func TestLocateRefuses(t *testing.T) {
	r := newReader(t)
	data := samplePaper().bytes("")
	block := document.Block{Page: 1, Text: "what the paper does not say"}
	if _, err := r.Locate(context.Background(), data, &block, 0, 4); err == nil || !strings.Contains(err.Error(), "page 1") {
		t.Errorf("error %v", err)
	}
	if _, err := r.Locate(context.Background(), data, &block, 20, 40); err == nil {
		t.Error("a stretch beyond the text was located")
	}
}

func TestRender(t *testing.T) {
	r := newReader(t)
	ctx := context.Background()
	data := samplePaper().bytes("")
	picture, err := r.Render(ctx, data, 2, 144)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := picture.Bounds(), image.Rect(0, 0, 2*612, 2*792); got != want {
		t.Errorf("the picture is %v, want %v", got, want)
	}
	if ink(picture, image.Rect(2*54, 2*50, 2*300, 2*62)) < 500 || ink(picture, image.Rect(2*54, 2*300, 2*300, 2*700)) > 0 {
		t.Error("the first line is not where it should be, or there is more")
	}
	for _, test := range []struct {
		page       int
		resolution float64
		want       error
	}{{0, 72, nil}, {3, 72, nil}, {1, 0, ErrTooLarge}, {1, 1e9, ErrTooLarge}, {1, -3, ErrTooLarge}} {
		if _, err := r.Render(ctx, data, test.page, test.resolution); err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("page %d at %g dots an inch: error %v", test.page, test.resolution, err)
		}
	}
}

// find returns the block that holds text and where in it.
func find(doc *document.Document, text string) (block, at int) {
	for i := range doc.Blocks {
		if at := strings.Index(doc.Blocks[i].Text, text); at >= 0 {
			return i, at
		}
	}
	return -1, 0
}

// ink counts the dark dots in box.
func ink(picture *image.RGBA, box image.Rectangle) int {
	n := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if picture.RGBAAt(x, y).G < 0xB0 {
				n++
			}
		}
	}
	return n
}
