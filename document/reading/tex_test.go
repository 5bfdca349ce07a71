package reading_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/reading"
)

// texTree is a source in LaTeX with a figure, a style and an old paper.
var texTree = []struct{ name, data string }{
	{"main.tex", "\\documentclass{article}\n\\begin{document}\n\\input{sections/one}\n\\end{document}\n"},
	{"fig.pdf", "%PDF-1.4\n"},
	{"own.sty", "\\def\\x{}\n"},
	{"sections/one.tex", "The gap is 3.2 eV.\n"},
}

// A source in LaTeX is one document, whatever it comes in.
func TestTeX(t *testing.T) {
	folder := t.TempDir()
	var z, g bytes.Buffer
	zw := zip.NewWriter(&z)
	gw := gzip.NewWriter(&g)
	tw := tar.NewWriter(gw)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range texTree {
		path := filepath.Join(folder, "paper", f.name)
		check(os.MkdirAll(filepath.Dir(path), 0o700))
		check(os.WriteFile(path, []byte(f.data), 0o600))
		w, err := zw.Create(f.name)
		check(err)
		_, err = w.Write([]byte(f.data))
		check(err)
		check(tw.WriteHeader(&tar.Header{Name: f.name, Mode: 0o600, Size: int64(len(f.data)), Typeflag: tar.TypeReg}))
		_, err = tw.Write([]byte(f.data))
		check(err)
	}
	check(zw.Close())
	check(tw.Close())
	check(gw.Close())
	check(os.WriteFile(filepath.Join(folder, "paper.zip"), z.Bytes(), 0o600))
	check(os.WriteFile(filepath.Join(folder, "paper.tar.gz"), g.Bytes(), 0o600))
	check(os.WriteFile(filepath.Join(folder, "outside.tex"), []byte("Nothing."), 0o600))

	for _, tt := range []struct{ path, want string }{
		{"paper/main.tex", "paper/main.tex"}, {"paper.zip", "paper.zip!main.tex"}, {"paper.tar.gz", "paper.tar.gz!main.tex"},
	} {
		var names []string
		for s, err := range reading.Walk([]string{filepath.Join(folder, tt.path)}, reading.Limits{}) {
			if err != nil {
				t.Error(err)
				continue
			}
			name, _ := filepath.Rel(folder, s.Name)
			names = append(names, filepath.ToSlash(name))
			for _, open := range []func() (*reading.Source, error){
				func() (*reading.Source, error) { return s, nil },
				func() (*reading.Source, error) { return reading.Find(s.Name, reading.Limits{}) },
			} {
				s, err := open()
				check(err)
				data, err := s.Data()
				check(err)
				doc, err := reading.All(nil).Open(t.Context(), s.Name, data)
				check(err)
				if doc.Format != document.LaTeX || len(doc.Blocks) != 1 || doc.Blocks[0].Text != "The gap is 3.2 eV." {
					t.Errorf("%s: %v", s.Name, doc)
				}
			}
		}
		if !slices.Equal(names, []string{tt.want}) {
			t.Errorf("%s: %q, want %q", tt.path, names, tt.want)
		}
	}
	for _, err := range reading.Walk([]string{filepath.Join(folder, "outside.tex")}, reading.Limits{}) {
		if err == nil || !strings.Contains(err.Error(), "part of a source in LaTeX") {
			t.Errorf("a part: %v", err)
		}
	}
}
