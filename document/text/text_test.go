package text_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/korean"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/text"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, text.Read)
}

func TestEncodings(t *testing.T) {
	const want = "이온전도도는 25 °C에서 1.2 mS/cm이고, 활성화 에너지는 0.31 eV로 낮다."
	euckr, err := korean.EUCKR.NewEncoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	units := func(big, mark bool) string {
		var b []byte
		if mark {
			if b = []byte{0xFF, 0xFE}; big {
				b = []byte{0xFE, 0xFF}
			}
		}
		for _, u := range utf16.Encode([]rune(want)) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return string(b)
	}
	for name, data := range map[string]string{
		"utf-8":                   want,
		"utf-8 with mark":         "\ufeff" + want,
		"euc-kr":                  euckr,
		"utf-16le with mark":      units(false, true),
		"utf-16be with mark":      units(true, true),
		"utf-16le without a mark": units(false, false),
		"utf-16be without a mark": units(true, false),
	} {
		doc, err := text.Read(name, []byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(doc.Blocks) != 1 || doc.Blocks[0].Text != want || doc.Language != "ko" {
			t.Errorf("%s: language %q, blocks %+v", name, doc.Language, doc.Blocks)
		}
	}
	doc, err := text.Read("latin-1", []byte("Films of 5 \xb5m had a gap of 1.1 \xb1 0.1 eV at 20 \xb0C (Gr\xfc\xdfe)."))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := doc.Blocks[0].Text, "Films of 5 µm had a gap of 1.1 ± 0.1 eV at 20 °C (Grüße)."; got != want {
		t.Errorf("latin-1: %q, want %q", got, want)
	}
}

func TestErrors(t *testing.T) {
	if _, err := text.Read("image.txt", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")); !errors.Is(err, charset.ErrBinary) || !strings.Contains(err.Error(), "image.txt: looks binary (PNG image)") {
		t.Errorf("PNG: %v", err)
	}
	if _, err := text.Read("zeros", make([]byte, 1000)); !errors.Is(err, charset.ErrBinary) {
		t.Errorf("zeros: %v", err)
	}
	if _, err := text.Read("huge", make([]byte, text.MaxBytes+1)); !errors.Is(err, text.ErrTooLarge) {
		t.Errorf("huge: %v", err)
	}
}

// A text of the largest size in one line, with spaces and without, comes in
// blocks of bounded size that lose no character.
func TestMonsterLine(t *testing.T) {
	size := text.MaxBytes
	if testing.Short() {
		size = 4 << 20
	}
	for name, unit := range map[string]string{
		"sentences": "The gap of ZnO is 3.37 eV. ",
		"words":     "gap ",
		"letters":   "x",
		"Hangul":    "가",
	} {
		data := bytes.Repeat([]byte(unit), size/len(unit))
		doc, err := text.Read(name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, doc)
		got := 0
		for _, b := range doc.Blocks {
			if len(b.Text) > blocks.MaxText {
				t.Fatalf("%s: block of %d bytes", name, len(b.Text))
			}
			got += len(b.Text) - strings.Count(b.Text, " ")
		}
		if want := len(data) - bytes.Count(data, []byte(" ")); got != want {
			t.Errorf("%s: %d bytes without spaces, want %d", name, got, want)
		}
	}
}

// Lines that begin tables, captions, headings and references over and over must
// not be looked at over and over.
func TestHostileRepetition(t *testing.T) {
	const n = 200_000
	for name, line := range map[string]string{
		"gaps":       "aa  bb bb bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp\n",
		"tabs":       "a\t" + strings.Repeat("b", 400) + "\n",
		"bars":       "|" + strings.Repeat("c", 400) + "|\n",
		"captions":   "Table 1.\na\n1\n",
		"references": "[1] A. Author\n",
		"numbers":    "1.\n",
		"headings":   "1 Introduction\n",
		"hyphens":    "abcde-\n",
		"indents":    "    x\n",
		"cells":      "Table 2. Long\n" + strings.Repeat("a\n2\n", 100),
	} {
		data := []byte(strings.Repeat(line, n/len(line)*10))
		doc, err := text.Read(name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, doc)
	}
}

// The papers on band gaps are texts taken out of PDFs.
func TestPapers(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "corpora", "bandgap-papers", "texts")
	files, _ := filepath.Glob(filepath.Join(dir, "*.txt"))
	if len(files) == 0 {
		t.Skip("no papers in " + dir)
	}
	titles, references := 0, 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := text.Read(filepath.Base(f), data)
		if err != nil {
			t.Error(err)
			continue
		}
		documenttest.Check(t, doc)
		if doc.Title != "" {
			titles++
		}
		for _, b := range doc.Blocks {
			if b.Kind == document.Reference {
				references++
				break
			}
		}
		// Words are neither lost nor made: as many letters as in the source,
		// ligatures, hyphens and formulas aside.
		got, want := 0, letters(string(data))
		for _, b := range doc.Blocks {
			got += letters(b.Text)
		}
		if got != want && !bytes.Contains(data, []byte("\\")) { // commands of formulas are no letters
			t.Errorf("%s: %d letters and figures, the file has %d", doc.Name, got, want)
		}
	}
	t.Logf("%d papers, %d with title, %d with references", len(files), titles, references)
	if titles*10 < len(files)*7 || references*10 < len(files)*8 {
		t.Errorf("of %d papers only %d have a title and %d references", len(files), titles, references)
	}
}

// letters counts the letters and figures of s with ligatures spelled out.
func letters(s string) int {
	n := 0
	for _, r := range blocks.Clean(s) {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x391 && r <= 0x3C9 || r >= 0xAC00 && r <= 0xD7A3 {
			n++
		}
	}
	return n
}

func TestMemory(t *testing.T) {
	documenttest.Memory(t, 90, text.Read, nil,
		documenttest.Shape{Name: "paragraphs", Unit: "The melt of Al2O3 was kept at 2400 K for two hours, as it was before.\n\n"},
		documenttest.Shape{Name: "paragraphs of one letter", Unit: "a\n\n"},
		documenttest.Shape{Name: "one line", Unit: "a "},
		documenttest.Shape{Name: "lines", Unit: "a\n"},
		documenttest.Shape{Name: "blank lines", Before: "a", Unit: "\n"},
		documenttest.Shape{Name: "table of tabs", Unit: "1\t2\t3\t4\n"},
		documenttest.Shape{Name: "table of spaces", Unit: "1   2   3   4\n"},
		documenttest.Shape{Name: "headings", Unit: "1. A\n\n"},
		documenttest.Shape{Name: "divided words", Unit: "a-\n"},
	)
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(bytes.ReplaceAll(data, []byte("␉"), []byte("\t")))
	}
	f.Add([]byte("a\x00b\x00c\x00\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := text.Read("fuzz", data)
		if err != nil {
			return
		}
		documenttest.Check(t, doc)
		// UTF-8 without marks that vanish: no letter is lost.
		if utf8Plain(data) {
			got, want := 0, letters(string(data))
			for _, b := range doc.Blocks {
				got += letters(b.Text)
			}
			if got != want {
				t.Errorf("%d letters and figures, want %d", got, want)
			}
		}
	})
}

func utf8Plain(data []byte) bool {
	r, err := charset.Decode(data, "")
	return err == nil && r.Name == "utf-8" && r.Replaced == 0 && len(r.Text) == len(data)
}

func BenchmarkRead(b *testing.B) {
	archive, err := os.ReadFile("testdata/paper.txtar")
	if err != nil {
		b.Fatal(err)
	}
	_, data, _ := bytes.Cut(archive, []byte("--\n"))
	data, _, _ = bytes.Cut(data, []byte("-- blocks"))
	data = bytes.Repeat(data, 30)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := text.Read("paper.txt", data); err != nil {
			b.Fatal(err)
		}
	}
}

// Abstracts, one paragraph each, stay one paragraph without a title.
func TestAbstracts(t *testing.T) {
	file := filepath.Join("..", "..", "..", "shared", "corpora", "curie-temperature", "abstracts.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skip(err)
	}
	var corpus struct{ Abstracts []string }
	if err := json.Unmarshal(data, &corpus); err != nil {
		t.Fatal(err)
	}
	for i, s := range corpus.Abstracts {
		doc, err := text.Read("abstract", []byte(s))
		if err != nil {
			t.Errorf("abstract %d: %v", i, err)
			continue
		}
		if doc.Title != "" || len(doc.Blocks) != 1 || doc.Blocks[0].Kind != document.Paragraph && doc.Blocks[0].Kind != document.Abstract || doc.Blocks[0].Text != blocks.Clean(s) && !strings.ContainsAny(s, `$_^\`) {
			t.Errorf("abstract %d: title %q, %d blocks, the first of kind %s: %.60q", i, doc.Title, len(doc.Blocks), doc.Blocks[0].Kind, doc.Blocks[0].Text)
		}
	}
}
