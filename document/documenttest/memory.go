package documenttest

import (
	"runtime"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
)

// Shape is a document that takes much memory for its size: unit over and over,
// between a beginning and an end.
type Shape struct {
	Name                string
	Before, Unit, After string
}

// shapeBytes is the size of the documents that [Memory] makes, large enough
// that what every document costs does not count.
const shapeBytes = 1 << 19

// Memory reports a reader that allocates more than most bytes for each byte of
// a document of one of the shapes, all that it allocates counted, also what it
// frees on the way: a bound on what it ever holds. Where read needs more than
// the bytes of the shape, as those of a package, pack makes it of them; else
// pack is nil.
func Memory(t *testing.T, most float64, read func(name string, data []byte) (*document.Document, error), pack func(text string) []byte, shapes ...Shape) {
	t.Helper()
	if testing.Short() {
		t.Skip("short tests run with the race detector, under which more is allocated")
	}
	for _, s := range shapes {
		text := s.Before + strings.Repeat(s.Unit, shapeBytes/len(s.Unit)) + s.After
		data := []byte(text)
		if pack != nil {
			data = pack(text)
		}
		allocates(t, s.Name, most, read, data, len(text))
	}
}

// MemoryOf is Memory for one whole document, whose content takes size bytes.
func MemoryOf(t *testing.T, most float64, read func(name string, data []byte) (*document.Document, error), data []byte, size int) {
	t.Helper()
	if testing.Short() {
		t.Skip("short tests run with the race detector, under which more is allocated")
	}
	allocates(t, "document", most, read, data, size)
}

// allocates reports if reading data allocates more than most times size.
func allocates(t *testing.T, name string, most float64, read func(name string, data []byte) (*document.Document, error), data []byte, size int) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC() // twice, to empty what readers keep for the next document
	runtime.GC()
	runtime.ReadMemStats(&before)
	doc, err := read("memory", data)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	runtime.KeepAlive(doc)
	got := float64(after.TotalAlloc-before.TotalAlloc) / float64(size)
	t.Logf("%s: %.1f bytes for each byte", name, got)
	if got > most {
		t.Errorf("%s: %.1f bytes are allocated for each byte of input, at most %v are promised", name, got, most)
	}
}
