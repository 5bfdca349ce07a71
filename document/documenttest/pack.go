package documenttest

import (
	"archive/zip"
	"bytes"
)

// Part is a file in a package of Office.
type Part struct{ Name, Data string }

// Pack returns a ZIP archive of parts, packed by method: zip.Deflate, or
// zip.Store for what is so uniform that readers would take it for a bomb.
func Pack(method uint16, parts ...Part) []byte {
	var b bytes.Buffer // to which writing does not fail
	z := zip.NewWriter(&b)
	for _, part := range parts {
		if w, err := z.CreateHeader(&zip.FileHeader{Name: part.Name, Method: method}); err == nil {
			w.Write([]byte(part.Data))
		}
	}
	z.Close()
	return b.Bytes()
}
