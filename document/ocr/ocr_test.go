package ocr

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/pdf"
)

// fake returns a program in the place of Tesseract that prints a page.
func fake(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	page, err := filepath.Abs("testdata/page.tsv")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nPAGE='"+page+"'\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

const good = `if [ "$1" = --list-langs ]; then echo "List of available languages (2):"; echo eng; echo kor; exit 0; fi
cat > /dev/null
[ "$4" = eng+kor ] || exit 9
cat "$PAGE"
`

func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	m.Set(1, 1, color.Black)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	e, err := Open(t.Context(), fake(t, good))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := e.Read(t.Context(), "scan.png", picture(t, 1000, 500))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
	want := `format: image
title: Spinel cathodes
language: en

[heading]
Spinel cathodes

[paragraph]
The capacity of LiFePO4 at 25 °C is 160 mAh g−1.

[table]
, 3 rows, 2 columns, head 1 rows, 1 columns
#Sample | #Gap (eV)
#TiO2 | 3.2
#ZnO | 3.4
`
	if got := documenttest.Format(doc); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b := doc.Blocks[1]
	var repairs []string
	for _, r := range b.Repairs {
		repairs = append(repairs, r.Was+"→"+b.Text[r.Start:r.End])
	}
	if got, want := strings.Join(repairs, " "), "LiFeP04→LiFePO4 oC→°C 16O→160 g—1.→g−1."; got != want {
		t.Errorf("repairs %s, want %s", got, want)
	}
	// 7×60 + 15×90 + … by characters: between the least and the most.
	if b.Recognition < 0.6 || b.Recognition > 0.9 {
		t.Errorf("recognition %v", b.Recognition)
	}
	if b.Page != 1 || b.Box != (document.Box{Left: 48, Top: 96, Right: 266.4, Bottom: 117.6}) {
		t.Errorf("page %d, box %v", b.Page, b.Box)
	}
	if r := doc.Blocks[2].Repairs; len(r) != 1 || r[0].Was != "Ti02" || doc.Blocks[2].Text[r[0].Start:r[0].End] != "TiO2" {
		t.Errorf("repairs of the table %v", r)
	}
}

func TestFailures(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(t.Context()); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "install") {
		t.Errorf("without Tesseract: %v", err)
	}
	for _, system := range []string{"linux", "darwin", "windows"} {
		if !strings.Contains(install(system), "install ") {
			t.Errorf("%s: no command", system)
		}
	}
	t.Setenv("PATH", "/usr/bin:/bin")
	if _, err := Open(t.Context(), fake(t, "echo deu\n")); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "none of the languages eng, kor") {
		t.Errorf("without languages: %v", err)
	}
	e, err := Open(t.Context(), fake(t, strings.Replace(good, `cat "$PAGE"`, `echo "Image too small" >&2; exit 1`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Read(t.Context(), "x.png", picture(t, 1000, 500)); err == nil || !strings.Contains(err.Error(), "x.png: tesseract: exit status 1: Image too small") {
		t.Errorf("a failure: %v", err)
	}
	e, err = Open(t.Context(), fake(t, strings.Replace(good, `cat "$PAGE"`, `exec sleep 30`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	e.timeout = 50 * time.Millisecond
	if _, err := e.Read(t.Context(), "x.png", picture(t, 1000, 500)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a hanging program: %v", err)
	}
	e, err = Open(t.Context(), fake(t, strings.Replace(good, `cat "$PAGE"`, `head -n 2 "$PAGE"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Read(t.Context(), "x.png", picture(t, 1000, 500)); !errors.Is(err, ErrNoText) {
		t.Errorf("a blank page: %v", err)
	}
	if _, err := e.Read(t.Context(), "x.png", picture(t, 30, 30)); !errors.Is(err, ErrSmall) {
		t.Errorf("an icon: %v", err)
	}
	if _, err := e.Read(t.Context(), "x.png", picture(t, 30, 30)[:20]); !errors.Is(err, ErrBroken) {
		t.Errorf("a damaged picture: %v", err)
	}
	if _, err := e.Read(t.Context(), "x.png", huge(t)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a huge picture: %v", err)
	}
}

// huge returns the beginning of a picture of 60,000 × 60,000 pixels.
func huge(t *testing.T) []byte {
	data := picture(t, 10, 10)
	copy(data[16:24], []byte{0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60})
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29])) // of the header
	return data
}

func TestRepair(t *testing.T) {
	for _, tt := range []struct{ word, before, want string }{
		{"Ti02", "", "TiO2"}, {"TiO2", "", "TiO2"}, {"LiFeP04", "", "LiFePO4"}, {"Al203", "", "Al2O3"}, {"Fe304", "", "Fe3O4"},
		{"(Ni0)", "", "(NiO)"}, {"NaCI", "", "NaCl"}, {"H20", "", "H2O"}, {"Na2S04,", "", "Na2SO4,"}, {"C60", "", "C60"}, {"LiNi0.5Mn1.5O4", "", "LiNi0.5Mn1.5O4"},
		{"1O", "", "10"}, {"l0", "", "10"}, {"O.5", "", "0.5"}, {"O2", "", "O2"}, {"I2", "", "I2"}, {"10", "", "10"},
		{"oC", "25", "°C"}, {"oC", "the", "oC"}, {"25oC", "", "25°C"}, {"um", "5", "μm"}, {"um", "um", "um"}, {"cm~1", "S", "cm−1"}, {"g—1.", "mAh", "g−1."}, {"well—1", "", "well—1"},
		{"Table", "", "Table"}, {"I", "", "I"}, {"Co", "", "Co"}, {"PO4", "", "PO4"}, {"B20", "", "B20"},
	} {
		if got, ok := repair(tt.word, tt.before); got != tt.want || ok != (got != tt.word) {
			t.Errorf("repair(%q, %q) = %q, %v, want %q", tt.word, tt.before, got, ok, tt.want)
		}
	}
}

// The program itself, where it is installed: a page drawn from a PDF file must
// give the words that the file has as text.
func TestTesseract(t *testing.T) {
	e, err := Find(t.Context())
	if err != nil {
		t.Skip(err)
	}
	data, err := os.ReadFile(filepath.Join("..", "pdf", "testdata", "paper.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	r := pdf.New("")
	defer r.Close()
	truth, err := r.Read(t.Context(), "paper.pdf", data)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := r.Render(t.Context(), data, 1, 300)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := png.Encode(&page, drawn); err != nil {
		t.Fatal(err)
	}
	doc, err := e.Read(t.Context(), "page.png", page.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
	seen := map[string]bool{}
	for _, b := range doc.Blocks {
		for w := range strings.FieldsSeq(b.Text) {
			seen[w] = true
		}
	}
	found, words := 0, 0
	for _, b := range truth.Blocks {
		if b.Page != 1 {
			continue
		}
		for w := range strings.FieldsSeq(b.Text) {
			words++
			if seen[w] {
				found++
			}
		}
	}
	t.Logf("%d of %d words", found, words)
	if words == 0 || 10*found < 8*words {
		t.Errorf("%d of %d words of the page were recognised", found, words)
	}
}

// Memory for a page of many words.
func TestMemory(t *testing.T) {
	var tsv bytes.Buffer
	for line := range 10_000 {
		for word := range 10 {
			fmt.Fprintf(&tsv, "5\t1\t%d\t1\t%d\t%d\t%d\t%d\t90\t40\t96.1\tTi02\n", line/40, line%40, word, 100+100*word, 50*line)
		}
	}
	documenttest.MemoryOf(t, 30, func(name string, data []byte) (*document.Document, error) {
		words, err := parse(data)
		return &document.Document{Name: name, Blocks: layout(words, 1, 300)}, err
	}, tsv.Bytes(), tsv.Len())
}

func FuzzParse(f *testing.F) {
	page, err := os.ReadFile("testdata/page.tsv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(page)
	f.Fuzz(func(t *testing.T, tsv []byte) {
		words, err := parse(tsv)
		if err != nil || len(words) == 0 {
			return
		}
		doc := &document.Document{Name: "fuzz", Blocks: layout(words, 1, 300)}
		documenttest.Check(t, doc)
	})
}

func BenchmarkPage(b *testing.B) {
	page, err := os.ReadFile("testdata/page.tsv")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		words, err := parse(page)
		if err != nil {
			b.Fatal(err)
		}
		layout(words, 1, 300)
	}
}
