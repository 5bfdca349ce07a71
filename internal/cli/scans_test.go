package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/internal/filecache"
)

// scannedPDF returns a file whose pages are pictures, each another one.
func scannedPDF(t *testing.T, pages int) []byte {
	t.Helper()
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}
	kids := ""
	for page := range pages {
		m := image.NewGray(image.Rect(0, 0, 620, 877))
		for i := range m.Pix {
			m.Pix[i] = 255
		}
		for x := 100; x < 500; x++ {
			m.Set(x, 100+50*page, color.Black)
		}
		var picture bytes.Buffer
		if err := jpeg.Encode(&picture, m, nil); err != nil {
			t.Fatal(err)
		}
		content := "q 150 0 0 212 0 0 cm /P Do Q"
		n := len(objects) + 1
		kids += fmt.Sprintf("%d 0 R ", n)
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 150 212] /Contents %d 0 R /Resources << /XObject << /P %d 0 R >> >> >>", n+1, n+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
			fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width 620 /Height 877 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream", picture.Len(), picture.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, pages)
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// A scan is read by the recogniser on PATH, and refused with the way to install
// one where there is none.
func TestScans(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	data := scannedPDF(t, 1)
	folder := t.TempDir()
	path := os.Getenv("PATH")
	t.Setenv("PATH", folder)
	none := openFiles(nil)
	_, err := none.parse(t.Context(), "scan.pdf", data)
	if err == nil || !strings.Contains(err.Error(), "need OCR") || !strings.Contains(err.Error(), "install Tesseract") {
		t.Errorf("without a recogniser: %v", err)
	}
	if err := none.Close(); err != nil {
		t.Error(err)
	}

	t.Setenv("PATH", folder+string(os.PathListSeparator)+path)
	program := `#!/bin/sh
[ "$1" = --list-langs ] && { echo eng; exit 0; }
cat > /dev/null
printf 'level\n5\t1\t1\t1\t1\t1\t100\t100\t90\t40\t90\tTi02\n5\t1\t1\t1\t1\t2\t200\t100\t90\t40\t70\tmelts.\n'
`
	if err := os.WriteFile(filepath.Join(folder, "tesseract"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	f := openFiles(nil)
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	doc, err := f.parse(t.Context(), "scan.pdf", data)
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
	if len(doc.Blocks) != 1 || doc.Blocks[0].Text != "TiO2 melts." || doc.Blocks[0].Recognition == 0 || len(doc.Blocks[0].Repairs) != 1 || doc.Blocks[0].Page != 1 || doc.Format != document.PDF || len(doc.Warnings) != 0 {
		t.Errorf("%+v", doc)
	}
}

// What was recognised on the pages of a file before its reading was ended is not
// recognised again; what was damaged since is, with a warning.
func TestScansKept(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	folder, kept := t.TempDir(), t.TempDir()
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	calls := filepath.Join(folder, "calls")
	install := func(version, third string) {
		program := `#!/bin/sh
[ "$1" = --list-langs ] && { echo eng; exit 0; }
[ "$1" = --version ] && { echo tesseract ` + version + `; exit 0; }
cat > /dev/null
echo call >> '` + calls + `'
[ $(wc -l < '` + calls + `') = 3 ] && ` + third + `
printf 'level\n5\t1\t1\t1\t1\t1\t100\t100\t90\t40\t90\tTi02\n5\t1\t1\t1\t1\t2\t200\t100\t90\t40\t70\tmelts.\n'
`
		if err := os.WriteFile(filepath.Join(folder, "tesseract"), []byte(program), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	called := func() int {
		data, err := os.ReadFile(calls)
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		return bytes.Count(data, []byte("\n"))
	}
	data := scannedPDF(t, 5)
	read := func(ctx context.Context, recognised *filecache.Folder) (*document.Document, error) {
		f := openFiles(recognised)
		defer func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}()
		return f.parse(ctx, "scan.pdf", data)
	}

	install("5.3.0", "exec sleep 60")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil && called() < 3 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	defer cancel()
	if _, err := read(ctx, filecache.Open(kept, 1<<20)); !errors.Is(err, context.Canceled) || called() != 3 {
		t.Fatalf("ended on the third page: %v, %d calls", err, called())
	}

	install("5.3.0", "true")
	doc, err := read(t.Context(), filecache.Open(kept, 1<<20))
	if err != nil || len(doc.Blocks) != 5 || called() != 6 || len(doc.Warnings) != 0 {
		t.Fatalf("taken up: %v, %d calls, %+v", err, called(), doc)
	}
	first := documenttest.Format(doc)
	doc, err = read(t.Context(), filecache.Open(kept, 1<<20))
	if err != nil || documenttest.Format(doc) != first || called() != 6 {
		t.Errorf("read again: %v, %d calls, %+v", err, called(), doc)
	}

	err = filepath.WalkDir(kept, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.WriteFile(path, []byte("not what was kept"), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err = read(t.Context(), filecache.Open(kept, 1<<20))
	if err != nil || called() != 11 || len(doc.Warnings) != 5 || !strings.Contains(doc.Warnings[0], "page 1: it was recognised again: ") || !strings.Contains(doc.Warnings[0], "damaged") {
		t.Errorf("damaged: %v, %d calls, %+v", err, called(), doc)
	}
	if _, err = read(t.Context(), nil); err != nil || called() != 16 {
		t.Errorf("nothing kept: %v, %d calls", err, called())
	}
	install("5.4.0", "true")
	if _, err = read(t.Context(), filecache.Open(kept, 1<<20)); err != nil || called() != 21 {
		t.Errorf("a newer Tesseract: %v, %d calls", err, called())
	}
}
