package samples_test

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alkahest/alkahest/samples"
)

func TestPapers(t *testing.T) {
	formats := map[string]int{}
	citation := regexp.MustCompile(`(19|20)\d\d`)
	err := fs.WalkDir(samples.Papers(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		formats[path.Ext(name)]++
		data, err := fs.ReadFile(samples.Papers(), name)
		if err != nil {
			return err
		}
		if len(data) > 16<<10 {
			t.Errorf("%s has %d bytes; the samples are carried by every binary", name, len(data))
		}
		if name == samples.Broken {
			if !bytes.HasPrefix(data, []byte("%PDF-")) || bytes.Contains(data, []byte("%%EOF")) {
				t.Errorf("%s is not the beginning of a PDF", name)
			}
			return nil
		}
		if !citation.Match(data) {
			t.Errorf("%s cites no work", name)
		}
		if valid := utf8.Valid(data); path.Ext(name) != ".pdf" && valid == strings.Contains(name, "euckr") {
			t.Errorf("%s: valid UTF-8 is %v", name, valid)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for ext, want := range map[string]int{".txt": 6, ".html": 3, ".xml": 3, ".pdf": 3} {
		if formats[ext] != want {
			t.Errorf("%d samples end in %s, want %d", formats[ext], ext, want)
		}
	}
}
