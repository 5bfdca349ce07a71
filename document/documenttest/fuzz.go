package documenttest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/alkahest/alkahest/document"
)

// Inputs returns the inputs of the golden files that match pattern.
func Inputs(tb testing.TB, pattern string) [][]byte {
	tb.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		tb.Fatalf("no files match %s: %v", pattern, err)
	}
	var out [][]byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		_, _, input, _, ok := parts(string(data))
		if !ok {
			tb.Fatalf("%s: no input", file)
		}
		out = append(out, []byte(input))
	}
	return out
}

// Fuzz checks that whatever read makes of bytes keeps the rules of documents.
// It begins with the inputs of the golden files that match pattern.
func Fuzz(f *testing.F, pattern, name string, read func(name string, data []byte) (*document.Document, error)) {
	for _, data := range Inputs(f, pattern) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if doc, err := read(name, data); err == nil {
			Check(t, doc)
		}
	})
}

// Benchmark reads the input of the golden file with what stands between from
// and to, the texts at which it begins and ends, fifty times.
func Benchmark(b *testing.B, file, from, to string, read func(name string, data []byte) (*document.Document, error)) {
	data := Inputs(b, file)[0]
	begin, end := bytes.Index(data, []byte(from)), bytes.Index(data, []byte(to))
	if begin < 0 || end < begin {
		b.Fatalf("%s: %q does not stand before %q", file, from, to)
	}
	data = bytes.Join([][]byte{data[:begin], bytes.Repeat(data[begin:end], 50), data[end:]}, nil)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(file, data); err != nil {
			b.Fatal(err)
		}
	}
}
