package pdf

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
)

var update = flag.Bool("update", false, "rewrite testdata/paper.pdf")

// TestSample keeps testdata/paper.pdf, for those who want to look at the paper
// of these tests, what the tests make.
func TestSample(t *testing.T) {
	path := filepath.Join("testdata", "paper.pdf")
	want := samplePaper().bytes("")
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what samplePaper makes; go test -run Sample -update rewrites it", path)
	}
}

// cache is shared by the tests of one run, so that pdfium is compiled once.
func cache() string {
	return filepath.Join(os.TempDir(), "alkahest-pdfium-test")
}

func newReader(tb testing.TB) *Reader {
	r := New(cache())
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r
}

func TestReadPaper(t *testing.T) {
	r := newReader(t)
	doc, err := r.Read(context.Background(), "paper.pdf", samplePaper().bytes(""))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Check(); err != nil {
		t.Fatal(err)
	}
	if want := "Conductivity of Garnet Pellets Sintered Twice"; doc.Title != want {
		t.Errorf("title %q, want %q", doc.Title, want)
	}
	if got := doc.Identifiers["doi"]; got != "10.5555/alkahest.2021.345" {
		t.Errorf("doi %q", got)
	}
	if doc.Pages != 2 || doc.Language != "en" || doc.Format != document.PDF {
		t.Errorf("pages %d, language %q, format %q", doc.Pages, doc.Language, doc.Format)
	}
	want := []struct {
		kind    document.Kind
		page    int
		section string
		text    string
	}{
		{document.Title, 1, "", "Conductivity of Garnet Pellets Sintered Twice"},
		{document.Paragraph, 1, "", "A. Author and B. Writer"},
		{document.Paragraph, 1, "", "doi: 10.5555/alkahest.2021.345"},
		{document.Heading, 1, "", "Abstract"},
		{document.Abstract, 1, "Abstract", "We sinter garnet pellets twice and find that the second step closes the pores which the first one leaves open, so that the conductivity grows by a factor of two while the activation energy stays what it was before the second step."},
		{document.Heading, 1, "", "1. Introduction"},
		{document.Paragraph, 1, "1. Introduction", "Solid electrolytes carry lithium ions through a rigid lattice of oxygen or sulfur, and their ionic conductivity decides how thick a separator can be made. In garnets the room-temperature value depends on the density of the pellet and on the amount of alumina that is taken up from the crucible while sintering."},
		{document.Paragraph, 1, "1. Introduction", "The best pellet reached 3.2 × 10-4 S cm-1 at 298 K for Li7La3Zr2O12, which is more than twice that of the pellets that were sintered only once."},
		{document.Heading, 1, "", "2. Methods"},
		{document.Paragraph, 1, "2. Methods", "All pellets were polished with dry paper under argon and coated with gold by sputtering for ten minutes. Impedance was measured between 1 MHz and 0.1 Hz with an amplitude of 10 mV, in a climate chamber at temperatures between 298 and 373 K, after waiting for half an hour at each of the temperatures set."},
		{document.Caption, 1, "2. Methods", "Table 1. Pellets and what was measured of them."},
		{document.Tabular, 1, "2. Methods", "Pellet\tDensity (%)\tEa (eV)\nonce\t91.5\t0.36\ntwice\t96.2\t0.35\nhot pressed\t99.0\t0.34"},
		{document.Paragraph, 1, "2. Methods", "The density was found by the method of Archimedes and stayed the same, while the conductivity was found to be steady over six weeks in dry air. Wet air, however, lowered it by a third within a few days, as expected from the exchange of lithium for protons that others have reported for garnets of the same composition."},
		{document.Heading, 2, "", "References"},
		{document.Reference, 2, "References", "[1] C. Reader, J. Invented Results 1, 2 (2019)."},
		{document.Reference, 2, "References", "[2] D. Scribe and E. Penner, Solid Lore 3, 45–67 (2020)."},
		{document.Caption, 2, "References", "Fig. 1. Impedance of a pellet after each of the steps."},
	}
	for i, b := range doc.Blocks {
		if i >= len(want) {
			t.Errorf("block %d is too many: %s %q", i, b.Kind, b.Text)
			continue
		}
		w := want[i]
		if b.Kind != w.kind || b.Page != w.page || strings.Join(b.Section, "/") != w.section || b.Text != w.text {
			t.Errorf("block %d:\n got %s, page %d, in %q: %q\nwant %s, page %d, in %q: %q", i, b.Kind, b.Page, b.Section, b.Text, w.kind, w.page, w.section, w.text)
		}
	}
	if len(doc.Blocks) != len(want) {
		t.Fatalf("%d blocks, want %d", len(doc.Blocks), len(want))
	}
	var shifts []string
	for _, s := range doc.Blocks[7].Shifts {
		sign := "_"
		if s.Raised {
			sign = "^"
		}
		shifts = append(shifts, sign+doc.Blocks[7].Text[s.Start:s.End])
	}
	if got, want := strings.Join(shifts, " "), "^-4 ^-1 _7 _3 _2 _12"; got != want {
		t.Errorf("shifts %s, want %s", got, want)
	}
	if table := doc.Blocks[11].Table; table.Label != "Table 1" || table.HeaderRows != 1 || table.Rows != 4 || table.Columns != 3 || table.Caption != doc.Blocks[10].Text {
		t.Errorf("table %+v", table)
	}
	box := doc.Blocks[9].Box
	if box.Left < 316 || box.Left > 320 || box.Top < 212 || box.Top > 226 || box.Right < 500 || box.Right > 560 || box.Bottom < 284 || box.Bottom > 292 {
		t.Errorf("box %+v", box)
	}
}

func TestBroken(t *testing.T) {
	whole := samplePaper().bytes("")
	empty := &paper{}
	empty.page()
	lies := bytes.Replace(whole, []byte("/Count 2"), []byte("/Count 2147483647"), 1)
	length := bytes.Replace(whole, []byte("/Length "), []byte("/Length 99999999"), 1)
	locked := samplePaper().bytes("/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <" + strings.Repeat("4f", 32) + "> /U <" + strings.Repeat("55", 32) + "> >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]")
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty file", nil, ErrCorrupt},
		{"another format", []byte("<html>no</html>"), ErrCorrupt},
		{"only a header", []byte("%PDF-1.7\n"), ErrCorrupt},
		{"truncated in the first object", whole[:60], ErrCorrupt},
		{"no pages", (&paper{}).bytes(""), ErrCorrupt},
		{"no text", empty.bytes(""), ErrNoText},
		{"encrypted", locked, ErrEncrypted},
		{"too large", make([]byte, MaxBytes+1), ErrTooLarge},
		{"a count of pages that is not there", lies, nil},
		{"a length beyond the file", length, nil},
		{"truncated in the middle", whole[:len(whole)*2/3], nil},
	}
	r := newReader(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := r.Read(context.Background(), "bad.pdf", test.data)
			if test.want != nil && !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if err != nil {
				if !strings.HasPrefix(err.Error(), "bad.pdf: ") {
					t.Errorf("error %q does not name the file", err)
				}
				t.Log(err)
				return
			}
			if err := doc.Check(); err != nil {
				t.Error(err)
			}
			t.Logf("read: %d pages, %d blocks, %q", doc.Pages, len(doc.Blocks), doc.Warnings)
		})
	}
	// None of them did harm to what comes after.
	if _, err := r.Read(context.Background(), "paper.pdf", whole); err != nil {
		t.Error(err)
	}
}

func TestScannedPageIsNamed(t *testing.T) {
	r := newReader(t)
	p := samplePaper()
	p.page()
	p.picture()
	p.page()
	data := p.bytes("")
	doc, err := r.Read(context.Background(), "paper.pdf", data)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"page 3 is a picture without text: needs OCR", "page 4 has no text"}
	if !slices.Equal(doc.Warnings, want) {
		t.Errorf("warnings %q, want %q", doc.Warnings, want)
	}
	if scans, err := r.Scans(context.Background(), data); err != nil || !slices.Equal(scans, []int{3}) {
		t.Errorf("scans on pages %v, %v", scans, err)
	}
	scan := &paper{}
	scan.page()
	scan.picture()
	_, err = r.Read(context.Background(), "scan.pdf", scan.bytes(""))
	if want := "scan.pdf: no text: 1 of its 1 pages are pictures, which need OCR"; !errors.Is(err, ErrNoText) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestContext(t *testing.T) {
	r := newReader(t)
	data := samplePaper().bytes("")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Read(ctx, "paper.pdf", data); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	// A time-out in the middle of pdfium's work throws the instance away; the
	// next file gets a new one.
	long := &paper{}
	for range 400 {
		long.page()
		for y := range 60 {
			long.put(roman, 10, 54, float64(40+12*y), strings.Repeat("conductivity ", 8))
		}
	}
	ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Read(ctx, "long.pdf", long.bytes("")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
	if _, err := r.Read(context.Background(), "paper.pdf", data); err != nil {
		t.Errorf("after a time-out: %v", err)
	}
}

func TestCrashIsContained(t *testing.T) {
	r := newReader(t)
	data := samplePaper().bytes("")
	if _, err := r.Read(context.Background(), "paper.pdf", data); err != nil {
		t.Fatal(err)
	}
	// A call with a wild pointer traps inside WebAssembly.
	_, err := r.engine.call(context.Background(), fnPageCount, 0xFFFFFFF0)
	var c *crash
	if !errors.As(err, &c) {
		t.Fatalf("error %v, want a crash", err)
	}
	if err := r.engine.restart(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(context.Background(), "paper.pdf", data); err != nil {
		t.Errorf("after a crash: %v", err)
	}
}

func TestConcurrentUse(t *testing.T) {
	r := newReader(t)
	data := samplePaper().bytes("")
	var wg sync.WaitGroup
	texts := make([]string, 4)
	for i := range texts {
		wg.Go(func() {
			doc, err := r.Read(context.Background(), "paper.pdf", data)
			if err != nil {
				t.Error(err)
				return
			}
			texts[i] = fmt.Sprint(doc.Blocks[:3], doc.Blocks[7].Text)
		})
	}
	wg.Wait()
	for i := range texts {
		if texts[i] != texts[0] {
			t.Errorf("reader %d saw another text", i)
		}
	}
}

func TestClosed(t *testing.T) {
	r := New(cache())
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(context.Background(), "paper.pdf", samplePaper().bytes("")); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
}

func FuzzRead(f *testing.F) {
	whole := samplePaper().bytes("")
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(bytes.Replace(whole, []byte("/Count 2"), []byte("/Count 999999"), 1))
	f.Add(bytes.ReplaceAll(whole, []byte(" Tf "), []byte(" Tf 90 Tz ")))
	f.Add(bytes.ReplaceAll(whole, []byte("612 792"), []byte("1e9 -1")))
	r := newReader(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		doc, err := r.Read(ctx, "fuzz.pdf", data)
		if err != nil {
			return
		}
		if err := doc.Check(); err != nil {
			t.Error(err)
		}
		for i, b := range doc.Blocks {
			if b.Page < 1 || b.Page > doc.Pages || b.Text == "" || strings.Contains(b.Text, "  ") {
				t.Errorf("block %d: page %d of %d, text %q", i, b.Page, doc.Pages, b.Text)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	data := samplePaper().bytes("")
	files := map[string][]byte{"sample": data}
	if paper, err := os.ReadFile(filepath.Join(corpus, "pdf", "PMC7075112.pdf")); err == nil {
		files["paper"] = paper
	}
	for name, data := range files {
		b.Run(name, func(b *testing.B) {
			r := newReader(b)
			pages := 0
			if _, err := r.Read(context.Background(), name, data); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				doc, err := r.Read(context.Background(), name, data)
				if err != nil {
					b.Fatal(err)
				}
				pages += doc.Pages
			}
			b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
