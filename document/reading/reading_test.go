package reading_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/reading"
)

const (
	plain   = "The optical gap of ZnO is 3.37 eV at 300 K.\n"
	page    = "<!doctype html><title>x</title><p>The gap is 1.1 eV."
	article = `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96)//EN" "x.dtd"><article><body><p>The gap is 2 eV.</p></body></article>`
	picture = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
)

func TestDetect(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"a.txt", plain, "text"},
		{"noext", plain, "text"},
		{"a.html", page, "html"},
		{"a.txt", page, "html"}, // content before name
		{"a.txt", "<html><body>x", "html"},
		{"a.txt", "\ufeff<!-- c --><HTML>", "html"},
		{"a.txt", "<p>x</p>", "html"},
		{"a.xml", `<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html xmlns="y"/>`, "html"},
		{"a.xml", article, "jats"},
		{"a.nxml", `<article article-type="x"><front>`, "jats"},
		{"a.xml", `<pmc-articleset><article>`, "jats"},
		{"a.txt", article, "jats"},
		{"a.html", "<article><h1>x</h1>", "html"},
		{"a.pdf", "%PDF-1.4\n", "pdf"},
		{"a.txt", "junk before\n%PDF-1.4\n", "pdf"},
		{"a.txt", "<d> is the mean distance of the planes.", "text"},
		{"a.txt", "\xff\xfeg\x00a\x00p\x00", "text"},
		{"a.txt", "\xff\xfe<\x00p\x00>\x00x\x00", "html"},
		{"a.txt", "5 \xb5m", "text"},
		{"a.xml", `<?xml version="1.0"?><us-patent-grant/>`, "patent"},
		{"a.xml", `<?xml version="1.0"?><!DOCTYPE PATDOC SYSTEM "x.dtd" [ <!ENTITY a SYSTEM "a" NDATA TIF> ]><PATDOC>`, "patent"},
		{"a.tex", "\\documentclass{article}", "latex"},
		{"a", "% x\n\\documentclass[a]{article}", "latex"},
		{"a.sty", "\\def\\x{}", "TeX style"},
		{"a.txt", "PATN\nWKU  059999999\n", "patent"},
		{"a.txt", "HHHHHT  APS1 ISSUE - 971223\nPATN\nWKU  059999999\n", "patent"},
		{"a.xml", `<?xml version="1.0"?><gpx><trk/></gpx>`, `XML with root element "gpx"`},
		{"a.svg", `<svg xmlns="x"/>`, "SVG image"},
		{"a.txt", picture, "image"},
		{"a.docx", "PK\x03\x04", "docx"},
		{"a", "PK\x03\x04.......xl/workbook.xml", "sheet"},
		{"a.odt", "PK\x03\x04", "odt"},
		{"a.ods", "PK\x03\x04", "sheet"},
		{"a.odp", "PK\x03\x04", "OpenDocument presentation"},
		{"a.hwpx", "PK\x03\x04", "hwpx"},
		{"a", "PK\x03\x04.......mimetypeapplication/hwp+zip", "hwpx"},
		{"a", "PK\x03\x04.......mimetypeapplication/vnd.oasis.opendocument.text", "odt"},
		{"a", "PK\x03\x04.......mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "sheet"},
		{"a", "PK\x03\x04.......mimetypeapplication/epub+zip", "EPUB book"},
		{"a.hwp", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "saves it as .hwpx"},
		{"a.eml", "Hello", "email"},
		{"a", "From: a@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nHello", "email"},
		{"a.txt", "Subject: the gap of ZnO\n\nIt is 3.37 eV.", "text"},
		{"a.csv", "a,b\n1,2\n", "sheet"},
		{"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Microsoft Office document"},
		{"a.json", `{"a": 1}`, "JSON data"},
		{"a.py", "print(1)", "program source"},
		{"a.txt", "", "empty file"},
		{"a.txt", " \n ", "empty file"},
		{"a.txt", "\x00\x01\x02\x03", "looks binary"},
	} {
		format, err := reading.Detect(tt.name, []byte(tt.data))
		got := string(format)
		if err != nil {
			if !errors.Is(err, reading.ErrUnsupported) {
				t.Errorf("%s, %.20q: %v does not wrap ErrUnsupported", tt.name, tt.data, err)
			}
			got = err.Error()
		}
		if err == nil && got != tt.want || err != nil && !strings.Contains(got, tt.want) {
			t.Errorf("%s, %.20q: %s, want %s", tt.name, tt.data, got, tt.want)
		}
	}
}

func TestOpen(t *testing.T) {
	readers := reading.All(nil)
	for data, want := range map[string]document.Format{plain: document.Text, page: document.HTML, article: document.JATS} {
		doc, err := readers.Open(t.Context(), "a", []byte(data))
		if err != nil {
			t.Error(err)
			continue
		}
		documenttest.Check(t, doc)
		if doc.Format != want || doc.ID != document.IDOf([]byte(data)) || doc.Name != "a" {
			t.Errorf("%+v", doc)
		}
	}
	if _, err := readers.Open(t.Context(), "a.pdf", []byte("%PDF-1.7")); !errors.Is(err, reading.ErrUnsupported) {
		t.Errorf("without a PDF reader: %v", err)
	}
	pdf := reading.Function(func(name string, data []byte) (*document.Document, error) {
		return &document.Document{Name: name, Format: document.PDF}, nil
	})
	if doc, err := reading.All(pdf).Open(t.Context(), "a.pdf", []byte("%PDF-1.7")); err != nil || doc.Format != document.PDF {
		t.Errorf("%+v, %v", doc, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readers.Open(ctx, "a", []byte(plain)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// entry is a file of an archive or folder.
type entry struct{ name, data string }

var entries = []entry{
	{"b.txt", plain},
	{"a/page.html", page},
	{"a/.hidden.txt", plain},
	{"__MACOSX/a/._page.html", "x"},
	{"../../escape.txt", plain},
	{"picture.png", picture},
	{"inner.zip", "PK\x03\x04"},
	{"paper.xml", article},
}

func zipped(t testing.TB, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(e.data))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t testing.TB, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := tar.NewWriter(&b)
	for _, e := range entries {
		if err := z.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.data)), Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		z.Write([]byte(e.data))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// listed walks paths and returns a line for each source and error, without the
// folder dir. It reads each source while the walk stands at it and again
// through Find.
func listed(t *testing.T, dir string, limits reading.Limits, paths ...string) string {
	t.Helper()
	var lines strings.Builder
	var later []*reading.Source
	for source, err := range reading.Walk(paths, limits) {
		if err != nil {
			var e *reading.Error
			if !errors.As(err, &e) || source != nil {
				t.Fatalf("%v is no *Error, or a source came with it", err)
			}
			fmt.Fprintf(&lines, "%v\n", err)
			continue
		}
		later = append(later, source)
		data, err := source.Data()
		if err != nil {
			fmt.Fprintf(&lines, "%s: %v\n", source.Name, err)
			continue
		}
		if source.Size >= 0 && source.Size != int64(len(data)) {
			t.Errorf("%s: size %d, %d bytes", source.Name, source.Size, len(data))
		}
		fmt.Fprintf(&lines, "%s %s %d\n", source.Name, source.Format, len(data))
		again, err := reading.Find(source.Name, limits)
		if err != nil {
			t.Errorf("Find: %v", err)
			continue
		}
		if found, err := again.Data(); err != nil || !bytes.Equal(found, data) || again.Format != source.Format {
			t.Errorf("Find(%s): %d bytes, %v", source.Name, len(found), err)
		}
	}
	for _, source := range later { // when the walk is over
		if _, err := source.Data(); err != nil && !strings.Contains(lines.String(), err.Error()) {
			t.Errorf("after the walk: %v", err)
		}
	}
	return strings.ReplaceAll(lines.String(), dir+string(filepath.Separator), "")
}

func TestWalk(t *testing.T) {
	dir := t.TempDir()
	for _, e := range entries {
		if !strings.HasPrefix(e.name, "..") && !strings.HasPrefix(e.name, "__") {
			write(t, filepath.Join(dir, "papers", e.name), []byte(e.data))
		}
	}
	write(t, filepath.Join(dir, "all.zip"), zipped(t, entries))
	write(t, filepath.Join(dir, "all.tar"), tarred(t, entries))
	write(t, filepath.Join(dir, "all.tgz"), gzipped(t, tarred(t, entries)))
	write(t, filepath.Join(dir, "one.txt.gz"), gzipped(t, []byte(plain)))
	write(t, filepath.Join(dir, "odd!name.zip"), zipped(t, entries[:1]))
	write(t, filepath.Join(dir, "cut.zip"), zipped(t, entries)[:200])
	write(t, filepath.Join(dir, "cut.tgz"), gzipped(t, tarred(t, entries))[:100])
	write(t, filepath.Join(dir, "empty.txt"), nil)
	if err := os.Symlink(dir, filepath.Join(dir, "papers", "loop")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("b.txt", filepath.Join(dir, "papers", "z-link.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "papers", "z-lost.txt")); err != nil {
		t.Fatal(err)
	}

	got := listed(t, dir, reading.Limits{}, dir, filepath.Join(dir, "missing"))
	archive := func(name string) string {
		s := `NAME!b.txt text 44
NAME!a/page.html html 52
NAME!escape.txt text 44
NAME!picture.png image 16
NAME!inner.zip: unsupported format: ZIP archive
NAME!paper.xml jats 141
`
		return strings.ReplaceAll(s, "NAME", name)
	}
	want := archive("all.tar") + archive("all.tgz") + archive("all.zip") +
		`cut.tgz: broken gzip data: unexpected EOF
cut.zip: broken ZIP archive: zip: not a valid zip file
empty.txt: unsupported format: empty file
odd!name.zip!b.txt text 44
one.txt.gz!one.txt text 44
papers/a/page.html html 52
papers/b.txt text 44
papers/inner.zip: broken ZIP archive: zip: not a valid zip file
papers/loop: link to a folder, not followed
papers/paper.xml jats 141
papers/picture.png image 16
papers/z-link.txt text 44
papers/z-lost.txt: no such file or directory
missing: no such file or directory
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := reading.Find(filepath.Join(dir, "all.zip!none.txt"), reading.Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an entry that is not there: %v", err)
	}
	n := 0
	for range reading.Walk([]string{dir}, reading.Limits{}) {
		if n++; n == 3 {
			break
		}
	}
}

func TestUnreadable(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("permissions do not bind this user")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a", "x.txt"), []byte(plain))
	write(t, filepath.Join(dir, "b.txt"), []byte(plain))
	write(t, filepath.Join(dir, "c.txt"), []byte(plain))
	if err := os.Chmod(filepath.Join(dir, "a"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(dir, "a"), 0o755)
	if err := os.Chmod(filepath.Join(dir, "b.txt"), 0); err != nil {
		t.Fatal(err)
	}
	want := "a: permission denied\nb.txt: permission denied\nc.txt text 44\n"
	if got := listed(t, dir, reading.Limits{}, dir); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLimits(t *testing.T) {
	dir := t.TempDir()
	big := strings.Repeat("The gap is 1 eV. ", 20_000) // 340,000 bytes, packs some 200 times
	blanks := "x" + strings.Repeat(" ", 8<<20)
	write(t, filepath.Join(dir, "big.txt"), []byte(big))
	write(t, filepath.Join(dir, "big.zip"), zipped(t, []entry{{"big.txt", big}, {"b.txt", plain}}))
	write(t, filepath.Join(dir, "bomb.zip"), zipped(t, []entry{{"blanks.txt", blanks}}))
	write(t, filepath.Join(dir, "bomb.gz"), gzipped(t, []byte(blanks)))
	write(t, filepath.Join(dir, "bomb.tgz"), gzipped(t, tarred(t, []entry{{"a.txt", plain}, {"blanks.txt", blanks}, {"c.txt", plain}})))
	write(t, filepath.Join(dir, "many.tar"), tarred(t, []entry{{"1.txt", plain}, {"2.txt", plain}, {"3.txt", plain}, {"4.txt", plain}}))

	got := listed(t, dir, reading.Limits{FileBytes: 100_000, Entries: 3}, filepath.Join(dir, "big.txt"), filepath.Join(dir, "big.zip"), filepath.Join(dir, "many.tar"))
	want := `big.txt: over the limit: 340000 bytes, a document may have 100000
big.zip!big.txt: over the limit: 340000 bytes, a document may have 100000
big.zip!b.txt text 44
many.tar!1.txt text 44
many.tar!2.txt text 44
many.tar!3.txt text 44
many.tar: over the limit: more than 3 files in the archive
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got = listed(t, dir, reading.Limits{}, filepath.Join(dir, "bomb.zip"), filepath.Join(dir, "bomb.gz"), filepath.Join(dir, "bomb.tgz"))
	for _, want := range []string{"bomb.zip!blanks.txt: over the limit: packed more than 200 times smaller", "bomb.gz!bomb: ", "bomb.tgz!a.txt text 44\n", "as ZIP bombs are"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwithout %q", got, want)
		}
	}
	if strings.Contains(got, "blanks.txt text") {
		t.Errorf("a bomb was unpacked:\n%s", got)
	}
	got = listed(t, dir, reading.Limits{ArchiveBytes: 100_000}, filepath.Join(dir, "big.zip"))
	if !strings.Contains(got, "big.zip: over the limit: unpacks to more than 100000 bytes") {
		t.Errorf("got\n%s", got)
	}
}

// An entry may state a size that is a lie.
func TestLyingSize(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	data := strings.Repeat("The gap is 1 eV. ", 2000)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "lie.txt", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(data)), CompressedSize64: uint64(len(data)), UncompressedSize64: 10})
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(data))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "lie.zip"), b.Bytes())
	for source, err := range reading.Walk([]string{dir}, reading.Limits{}) {
		if err != nil {
			continue
		}
		if data, err := source.Data(); err == nil {
			t.Errorf("%s: %d bytes without an error", source.Name, len(data))
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{plain, page, article, picture, "%PDF-1.7", "\xff\xfeg\x00"} {
		f.Add("a.txt", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		doc, err := reading.All(nil).Open(context.Background(), name, data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), name+": ") {
				t.Errorf("%q does not begin with the name %q", err, name)
			}
			return
		}
		documenttest.Check(t, doc)
	})
}

// Archives of any content are walked to an end, and what they yield can be read
// or fails with a name.
func FuzzArchive(f *testing.F) {
	f.Add(zipped(f, entries))
	f.Add(tarred(f, entries))
	f.Add(gzipped(f, tarred(f, entries)))
	f.Add(gzipped(f, []byte(plain)))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "a")
		write(t, file, data)
		for source, err := range reading.Walk([]string{file}, reading.Limits{FileBytes: 1 << 20, ArchiveBytes: 4 << 20}) {
			if err == nil {
				var data []byte
				if data, err = source.Data(); err == nil && len(data) > 1<<20 {
					t.Errorf("%d bytes", len(data))
				}
			}
			var e *reading.Error
			if err != nil && (!errors.As(err, &e) || !strings.HasPrefix(e.Name, file)) {
				t.Errorf("%v is no *Error of %s", err, file)
			}
		}
	})
}

func BenchmarkWalkZip(b *testing.B) {
	var many []entry
	for i := range 1000 {
		many = append(many, entry{fmt.Sprintf("%d.txt", i), strings.Repeat(plain, 20)})
	}
	file := filepath.Join(b.TempDir(), "a.zip")
	write(b, file, zipped(b, many))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range reading.Walk([]string{file}, reading.Limits{}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(many) {
			b.Fatal(n)
		}
	}
}
