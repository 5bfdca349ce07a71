// Package goldentest opens the compressed files of facts that tests of molecules
// compare with; the scripts beside them say how they were made.
package goldentest

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
)

// Molecules is where the golden molecules stand, seen from a package below
// chem.
const Molecules = "../testdata/golden.tsv.gz"

// count is how many golden molecules there are.
const count = 22_000

// Open returns the unpacked file at path, which is closed when the test ends.
func Open(tb testing.TB, path string) io.Reader {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
	return z
}

// Rows calls each with the cells of every line of the file at path, and returns
// how many lines there are. A file that is cut fails the test.
func Rows(tb testing.TB, path string, each func(columns []string)) int {
	tb.Helper()
	n := 0
	lines := bufio.NewScanner(Open(tb, path))
	for lines.Scan() {
		each(strings.Split(lines.Text(), "\t"))
		n++
	}
	if err := lines.Err(); err != nil {
		tb.Fatalf("%s: line %d: %v", path, n+1, err)
	}
	if path == Molecules && n != count {
		tb.Fatalf("%s: %d molecules, want %d", path, n, count)
	}
	return n
}

// SMILES returns the SMILES of the golden molecules.
func SMILES(tb testing.TB) []string {
	tb.Helper()
	var out []string
	Rows(tb, Molecules, func(columns []string) { out = append(out, columns[0]) })
	return out
}
