package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// writeTar writes a .tar.gz archive of n entries, each of size bytes that
// differ from entry to entry.
func writeTar(tb testing.TB, n, size int) string {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for i := range n {
		data := entryText(i, size)
		if err := w.WriteHeader(&tar.Header{Name: fmt.Sprintf("%04d.txt", i), Mode: 0o644, Size: int64(len(data)), Typeflag: tar.TypeReg}); err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	name := filepath.Join(tb.TempDir(), "papers.tar.gz")
	if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
		tb.Fatal(err)
	}
	return name
}

func entryText(i, size int) []byte {
	random := rand.New(rand.NewPCG(uint64(i), 1)) // what packs too well is refused
	var text []byte
	for len(text) < size {
		text = fmt.Appendf(text, "Entry %d has a Curie temperature of %d K. ", i, random.IntN(1000))
	}
	return text
}

// TestArchives checks that every entry is found whatever the order in which
// entries are asked for, also those that are not kept any more.
func TestArchives(t *testing.T) {
	const entries = 1300 // more than are kept
	name := writeTar(t, entries, 100)
	f := openFiles(nil)
	defer f.Close()
	check := func(i int) {
		t.Helper()
		got, err := f.data(fmt.Sprintf("%s!%04d.txt", name, i))
		if err != nil || !bytes.Equal(got, entryText(i, 100)) {
			t.Fatalf("entry %d: %d bytes, error %v", i, len(got), err)
		}
	}
	for i := 0; i < entries; i += 2 {
		check(i)
		check(max(0, i-15)) // another worker, a little behind
	}
	check(0)
	check(entries - 1)
	check(3)
	if n := len(f.archives.kept); n > maxKept {
		t.Errorf("%d entries are kept, more than %d", n, maxKept)
	}
	if _, err := f.data(name + "!none.txt"); err == nil {
		t.Error("an entry that is not there is found")
	}
}

func TestArchivesKeepFewBytes(t *testing.T) {
	a := &archives{}
	for i := range 10 {
		a.keep(entry{fmt.Sprint(i), make([]byte, maxKeptBytes/4)})
		if a.size > maxKeptBytes || len(a.kept) == 0 {
			t.Fatalf("%d bytes in %d entries are kept", a.size, len(a.kept))
		}
	}
	if a.kept[len(a.kept)-1].name != "9" {
		t.Error("the latest entry is not kept")
	}
}

// BenchmarkArchives reads all entries of an archive in order, as a run does.
func BenchmarkArchives(b *testing.B) {
	const entries, size = 200, 20 << 10
	name := writeTar(b, entries, size)
	b.SetBytes(entries * size)
	b.ReportAllocs()
	for b.Loop() {
		f := openFiles(nil)
		for i := range entries {
			if _, err := f.data(fmt.Sprintf("%s!%04d.txt", name, i)); err != nil {
				b.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGrid(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		g := recordGrid()
		for range 50 {
			g.add("511f1e7f", "Li9.54Si1.74P1.44S11.7Cl0.3", "battery/ionic-conductivity", "25 mS cm⁻¹", "온도 25 °C", "0.98", "papers/electrolytes.html")
		}
		var out bytes.Buffer
		if err := g.write(&out, 100); err != nil {
			b.Fatal(err)
		}
	}
}
