package cli

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
)

// scannedPDF returns a file of one page that is a picture.
func scannedPDF(t *testing.T) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 620, 877))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for x := 100; x < 500; x++ {
		m.Set(x, 100, color.Black)
	}
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, m, nil); err != nil {
		t.Fatal(err)
	}
	content := "q 595 0 0 842 0 0 cm /P Do Q"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width 620 /Height 877 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream", picture.Len(), picture.String()),
	}
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
	data := scannedPDF(t)
	folder := t.TempDir()
	path := os.Getenv("PATH")
	t.Setenv("PATH", folder)
	none := openFiles()
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
	f := openFiles()
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
