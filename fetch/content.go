package fetch

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// sniffed is how many bytes of a file are looked at.
const sniffed = 64 << 10

// check reports an error that wraps ErrContent unless f contains what it
// should, and returns the ending for its name.
func check(f io.ReaderAt, content Content) (ending string, err error) {
	head := make([]byte, sniffed)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	head = head[:n]
	pdf := bytes.Contains(head[:min(n, 1024)], []byte("%PDF-"))
	switch content {
	case XML:
		if root := rootElement(head); root == "article" || root == "pmc-articleset" {
			return "", nil
		}
	case PDF:
		if pdf {
			return "", nil
		}
	case ZIP:
		if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
			return "", nil
		}
	case Source:
		switch {
		case pdf:
			return ".pdf", nil
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}) && isTar(head):
			return ".tar.gz", nil
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			return ".tex.gz", nil
		}
	}
	return "", fmt.Errorf("%w: expected %s, it begins with %q", ErrContent, content, beginning(head))
}

// rootElement returns the name of the first element in the beginning of an XML
// file. Entities are not resolved.
func rootElement(head []byte) string {
	d := xml.NewDecoder(bytes.NewReader(head))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the name is ASCII
	for {
		t, err := d.RawToken()
		if err != nil {
			return ""
		}
		if e, ok := t.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
}

// isTar reports whether the beginning of a gzip file is that of a tar archive.
func isTar(head []byte) bool {
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return false
	}
	const magic = 257 // the place of "ustar", POSIX.1-1988
	b, err := bufio.NewReaderSize(z, 512).Peek(magic + 5)
	return err == nil && string(b[magic:]) == "ustar"
}

// beginning returns the first characters of a file, for messages.
func beginning(head []byte) string {
	return strings.ToValidUTF8(string(head[:min(len(head), 40)]), "\uFFFD")
}
