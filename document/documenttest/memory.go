package documenttest

import (
	"runtime"
	"testing"

	"github.com/alkahest/alkahest/document"
)

// Memory reports a reader that allocates more than most bytes for each byte of
// data, all that it allocates counted, also what it frees on the way: a bound on
// what it ever holds. Data should be some megabytes, so that what every document
// costs does not count.
func Memory(t *testing.T, data []byte, most float64, read func(name string, data []byte) (*document.Document, error)) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	doc, err := read("memory", data)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(doc)
	got := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(data))
	t.Logf("%.1f bytes for each byte of %d", got, len(data))
	if got > most {
		t.Errorf("%.1f bytes are allocated for each byte of input, at most %v are promised", got, most)
	}
}
