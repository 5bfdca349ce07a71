package documenttest

import (
	"archive/zip"
	"bytes"
	"testing"
)

// Part is a file in a package of Office.
type Part struct{ Name, Data string }

// Pack returns a ZIP archive of parts, packed by method: zip.Deflate, or
// zip.Store for what is so uniform that readers would take it for a bomb.
func Pack(tb testing.TB, method uint16, parts ...Part) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.Name, Method: method})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(part.Data)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}
