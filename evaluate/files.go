package evaluate

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// maxFile bounds the size of one file of a corpus, unpacked, in bytes.
const maxFile = 256 << 20

// readFile returns the bytes of a file of at most maxFile bytes.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(path, f)
}

func readAll(name string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", name, ErrTooLarge, maxFile)
	}
	return data, nil
}

// readGzip returns the unpacked bytes of a gzip file.
func readGzip(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer z.Close()
	return readAll(path, z)
}

// list returns the names of the files in dir with the given ending, sorted.
func list(dir, ending string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ending) {
			out = append(out, e.Name())
		}
	}
	sort.Strings(out)
	return out, nil
}

// jsonLines decodes each line of data that is not empty.
func jsonLines[T any](name string, data []byte) ([]T, error) {
	var out []T
	for n := 1; len(data) > 0; n++ {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w: %w", name, n, ErrMalformed, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// table reads comma-separated values whose first row must be head.
func table(name string, data []byte, head ...string) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = len(head)
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, ErrMalformed, err)
	}
	if len(rows) == 0 || strings.TrimPrefix(strings.Join(rows[0], ","), "\ufeff") != strings.Join(head, ",") {
		return nil, fmt.Errorf("%s: %w: the first row is not %q", name, ErrMalformed, strings.Join(head, ","))
	}
	return rows[1:], nil
}

// tabbed reads lines of n or more columns divided by tabs, without quoting.
func tabbed(name string, data []byte, n int) ([][]string, error) {
	var out [][]string
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) < n {
			return nil, fmt.Errorf("%s: line %d: %w: %d columns, want %d", name, i+1, ErrMalformed, len(columns), n)
		}
		out = append(out, columns)
	}
	return out, nil
}

// offsets translates offsets in characters into offsets in bytes.
type offsets []int

// newOffsets returns the byte offset of every character of s, and its length.
func newOffsets(s string) offsets {
	out := make(offsets, 0, len(s)+1)
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}

// span returns the bytes of the characters from start to end, or false if they
// are not in the text.
func (o offsets) span(start, end int) (span, bool) {
	if start < 0 || end < start || end >= len(o) {
		return span{}, false
	}
	return span{o[start], o[end]}, true
}

// stem returns the name of a file without folder and ending.
func stem(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}
