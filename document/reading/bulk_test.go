package reading_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/reading"
)

// grant returns a patent with a given number of bytes of text.
func grant(number, size int) string {
	var text strings.Builder // that does not pack too well
	for i := 0; text.Len() < size; i++ {
		fmt.Fprintf(&text, "Alloy %d melts at %d K. ", i*7919%1000, i*104729%2000)
	}
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>
<us-patent-grant lang="EN" country="US"><us-bibliographic-data-grant><publication-reference><document-id><country>US</country><doc-number>%08d</doc-number><kind>B2</kind><date>20180612</date></document-id></publication-reference><invention-title>Alloy %d</invention-title></us-bibliographic-data-grant><description><p>%s</p></description></us-patent-grant>
`, number, number, &text)
}

func aps(number int) string {
	return fmt.Sprintf("PATN\nWKU  %08d1\nTTL  Alloy\nABST\nPAL  It melts at 950 K.\n", number)
}

func pmc(number int) string {
	return fmt.Sprintf(`<article article-type="research-article"><front><article-meta><article-id pub-id-type="pmcid">PMC%d</article-id></article-meta></front><body><p>It melts at 950 K.</p></body></article>`, number)
}

// packed writes data in each of the ways that files come in.
func packed(t *testing.T, name, data string) []string {
	t.Helper()
	folder := t.TempDir()
	write := func(ending string, data []byte) string {
		path := filepath.Join(folder, name+ending)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var z, g, tg bytes.Buffer
	zw := zip.NewWriter(&z)
	w, err := zw.Create(name)
	check(err)
	_, err = io.WriteString(w, data)
	check(err)
	check(zw.Close())
	gw := gzip.NewWriter(&g)
	_, err = io.WriteString(gw, data)
	check(err)
	check(gw.Close())
	tgw := gzip.NewWriter(&tg)
	tw := tar.NewWriter(tgw)
	check(tw.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data)), Typeflag: tar.TypeReg}))
	_, err = io.WriteString(tw, data)
	check(err)
	check(tw.Close())
	check(tgw.Close())
	return []string{write("", []byte(data)), write(".zip", z.Bytes()), write(".gz", g.Bytes()), write(".tar.gz", tg.Bytes())}
}

func TestBulk(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       []string // inside the file
		format     document.Format
	}{
		{"grants.xml", grant(7000001, 100) + grant(7000002, 3<<20) + grant(7000002, 10) + grant(7000003, 100),
			[]string{"US7000001B2", "US7000002B2", "US7000002B2~2", "US7000003B2"}, document.Patent},
		{"grants.txt", "HHHHHT  APS1 ISSUE - 971223\n" + aps(5700001) + aps(5700002), []string{"US5700001A", "US5700002A"}, document.Patent},
		{"nohead.txt", aps(5700001) + aps(5700002), []string{"US5700001A", "US5700002A"}, document.Patent},
		{"articles.xml", "<articles>" + pmc(1) + "\n" + pmc(2) + "</articles>", []string{"PMC1", "PMC2"}, document.JATS},
		{"ops.xml", `<?xml version="1.0"?><ops:x xmlns:ops="o"><exch:exchange-documents>` +
			`<exch:exchange-document country="EP" doc-number="1000001" kind="A1"><exch:abstract><exch:p>It melts.</exch:p></exch:abstract></exch:exchange-document>` +
			`<exch:exchange-document country="EP" doc-number="1000002" kind="A1"><exch:abstract><exch:p>It melts.</exch:p></exch:abstract></exch:exchange-document>` +
			`</exch:exchange-documents></ops:x>`, nil, ""},
		{"exchange.xml", `<?xml version="1.0"?><exch:exchange-documents>` +
			`<exch:exchange-document country="EP" doc-number="1000001" kind="A1"><exch:abstract><exch:p>It melts.</exch:p></exch:abstract></exch:exchange-document>` +
			`<exch:exchange-document country="EP" doc-number="1000002" kind="A1"><exch:abstract><exch:p>It melts.</exch:p></exch:abstract></exch:exchange-document>` +
			`</exch:exchange-documents>`, []string{"EP1000001A1", "EP1000002A1"}, document.Patent},
		{"one.xml", grant(7000001, 100), []string{""}, document.Patent},
		{"one.txt", aps(5700001), []string{""}, document.Patent},
		{"onearticle.xml", "<articles>" + pmc(1) + "</articles>", []string{""}, document.JATS},
	} {
		for _, path := range packed(t, tt.name, tt.data) {
			var got []string
			for s, err := range reading.Walk([]string{path}, reading.Limits{}) {
				if err != nil {
					if tt.want != nil {
						t.Errorf("%s: %v", path, err)
					}
					continue
				}
				if s.Format != tt.format {
					t.Errorf("%s: format %s", s.Name, s.Format)
				}
				inside := strings.TrimPrefix(strings.TrimPrefix(s.Name, path), "!"+tt.name)
				got = append(got, strings.TrimPrefix(inside, "!"))
				data, err := s.Data()
				if err != nil {
					t.Error(err)
					continue
				}
				doc, err := reading.All(nil).Open(t.Context(), s.Name, data)
				if err != nil {
					t.Error(err)
				} else if inside != "" && inside[1:] != doc.Identifiers["patent"]+doc.Identifiers["pmcid"] && !strings.Contains(inside, "~") {
					t.Errorf("%s holds %v", s.Name, doc.Identifiers)
				}
				again, err := reading.Find(s.Name, reading.Limits{})
				if err != nil {
					t.Errorf("found once, not again: %v", err)
					continue
				}
				if found, err := again.Data(); err != nil || !bytes.Equal(found, data) {
					t.Errorf("%s: found again it differs: %v", s.Name, err)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s: %q, want %q", path, got, tt.want)
			}
		}
	}
}

// A document over the limit is passed over, and reported.
func TestBulkLimit(t *testing.T) {
	path := packed(t, "grants.xml", grant(7000001, 100)+grant(7000002, 9<<20)+grant(7000003, 100)+grant(7000004, 9<<20))[0]
	var names []string
	failed := 0
	for s, err := range reading.Walk([]string{path}, reading.Limits{FileBytes: 4 << 20}) {
		if err != nil {
			if !errors.Is(err, reading.ErrLimit) {
				t.Error(err)
			}
			failed++
			continue
		}
		names = append(names, filepath.Base(s.Name))
	}
	if want := []string{"grants.xml!US7000001B2", "grants.xml!US7000003B2"}; !slices.Equal(names, want) || failed != 2 {
		t.Errorf("%q and %d failures, want %q and 2", names, failed, want)
	}
	n := 0
	for _, err := range reading.Walk([]string{path}, reading.Limits{FileBytes: 64 << 20, Entries: 2}) {
		if err != nil && !errors.Is(err, reading.ErrLimit) {
			t.Error(err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d documents and failures, want 2 and 1", n)
	}
}

// Memory does not grow with the size of a bulk file or an archive.
func TestBulkMemory(t *testing.T) {
	const many = 150
	var data strings.Builder
	var entries []entry
	for i := range many {
		one := grant(7000001+i, 100_000)
		data.WriteString(one)
		entries = append(entries, entry{fmt.Sprintf("%d.xml", i), one})
	}
	paths := packed(t, "grants.xml", data.String())
	for name, archive := range map[string][]byte{"many.zip": zipped(t, entries), "many.tar": tarred(t, entries)} {
		path := filepath.Join(t.TempDir(), name)
		write(t, path, archive)
		paths = append(paths, path)
	}
	for _, path := range paths {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		n := 0
		for _, err := range reading.Walk([]string{path}, reading.Limits{}) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == many-10 {
				runtime.GC()
				runtime.ReadMemStats(&after)
			}
		}
		if n != many {
			t.Errorf("%s: %d documents", path, n)
		}
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 6<<20 {
			t.Errorf("%s: the heap has grown by %d bytes while a file of %d was walked", path, grown, data.Len())
		}
	}
}

func TestForward(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.tar.gz", "A.TGZ", "a.tar", "a.zip", "a!b.xml", "grants.xml", "g.xml.gz"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"a.tar.gz!b/c.txt": "a.tar.gz", "A.TGZ!x": "A.TGZ", "a.tar!b.tar!c": "a.tar", "a.zip!b.txt": "", "a.txt": "", "a.tar": "",
		"a.zip!b.xml!US1B2": "a.zip", "grants.xml!US1B2": "grants.xml", "a!b.xml!US1B2": "a!b.xml", "a!b.xml": "", "g.xml.gz!g.xml": "", "g.xml.gz!g.xml!US1B2": "g.xml.gz",
	} {
		if got, ok := reading.Forward(name); ok != (want != "") || ok && got != want {
			t.Errorf("Forward(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
}

func FuzzBulk(f *testing.F) {
	f.Add(grant(1, 10)+grant(2, 10), 1000)
	f.Add(aps(1)+aps(2), 30)
	f.Add("<articles>"+pmc(1)+pmc(2), 200)
	f.Add("<articles>"+pmc(1)+pmc(2)+"</articles>", 1)
	path := filepath.Join(f.TempDir(), "x")
	f.Fuzz(func(t *testing.T, data string, limit int) {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		total := int64(0)
		for s, err := range reading.Walk([]string{path}, reading.Limits{FileBytes: int64(max(1, limit))}) {
			if err != nil {
				continue
			}
			if seen[s.Name] {
				t.Fatalf("%q twice", s.Name)
			}
			seen[s.Name] = true
			total += s.Size
		}
		if total > int64(len(data)) {
			t.Errorf("documents of %d bytes in a file of %d", total, len(data))
		}
	})
}

func BenchmarkBulk(b *testing.B) {
	var data strings.Builder
	for i := range 100 {
		data.WriteString(grant(7000001+i, 100_000))
	}
	path := filepath.Join(b.TempDir(), "grants.xml")
	if err := os.WriteFile(path, []byte(data.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(data.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range reading.Walk([]string{path}, reading.Limits{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
