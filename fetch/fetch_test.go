package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
)

const article = `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "x.dtd"><article><body><p>` + "The text of an article, of some length.</p></body></article>"

// these yields items that the service europepmc has at the given names.
func these(c *Client, content Content, names ...string) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for _, name := range names {
			item := &Item{ID: "europepmc:" + name, Title: "Title of " + name, Identifiers: map[string]string{"doi": "10.5555/" + name}, License: "CC-BY",
				Copies: []Copy{{Service: europePMC, URL: c.address(europePMC, name, nil), File: name, Content: content}}}
			if !yield(item, nil) {
				return
			}
		}
	}
}

// outcome fetches items and returns what became of each.
func outcome(t *testing.T, c *Client, dir string, items iter.Seq2[*Item, error]) []string {
	t.Helper()
	var out []string
	if err := c.Fetch(t.Context(), dir, items, func(e Event) {
		s := string(e.Entry.State) + " " + e.Entry.File
		if e.Known {
			s = "known " + e.Entry.File
		}
		if e.Entry.Reason != "" {
			s += ": " + e.Entry.Reason
		}
		out = append(out, s)
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// files returns the names of what is in dir, but for the lock, which stays.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != lockName {
			names = append(names, e.Name())
		}
	}
	return strings.Join(names, " ")
}

func TestFetch(t *testing.T) {
	requests := map[string]int{}
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests[r.URL.Path]++
		switch filepath.Base(r.URL.Path) {
		case "missing.xml":
			http.NotFound(w, r)
		case "page.xml":
			fmt.Fprint(w, "<!DOCTYPE html><html><body>Please log in</body></html>")
		default:
			fmt.Fprint(w, article)
		}
	}), nil)
	dir := filepath.Join(t.TempDir(), "new", "papers")
	got := outcome(t, c, dir, these(c, XML, "a.xml", "missing.xml", "page.xml", "b.xml"))
	if len(got) != 4 || got[0] != "done a.xml" || got[3] != "done b.xml" || !strings.Contains(got[1], "404") || !strings.Contains(got[2], "wrong contents") {
		t.Errorf("%q", got)
	}
	if got := files(t, dir); got != ManifestName+" a.xml b.xml" {
		t.Errorf("the folder has %s", got)
	}
	entries, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := entries["europepmc:a.xml"]
	if a.SHA256 != strings.TrimPrefix(string(document.IDOf([]byte(article))), "sha256:") || a.Size != int64(len(article)) || a.License != "CC-BY" || a.At.IsZero() || a.Identifiers["doi"] != "10.5555/a.xml" {
		t.Errorf("%+v", a)
	}
	// Again: only what is not there is asked for.
	clear(requests)
	got = outcome(t, c, dir, these(c, XML, "a.xml", "missing.xml", "b.xml"))
	if got[0] != "known a.xml" || got[2] != "known b.xml" || len(requests) != 1 {
		t.Errorf("%q after %v", got, requests)
	}
	// A file that was deleted is fetched again.
	if err := os.Remove(filepath.Join(dir, "a.xml")); err != nil {
		t.Fatal(err)
	}
	if got = outcome(t, c, dir, these(c, XML, "a.xml")); got[0] != "done a.xml" {
		t.Errorf("%q", got)
	}
	// What the service says since is noted.
	for _, notice := range []document.Notice{document.Retracted, document.Retracted, document.NoNotice} {
		outcome(t, c, dir, func(yield func(*Item, error) bool) {
			for item := range these(c, XML, "a.xml") {
				item.Notice = notice
				yield(item, nil)
			}
		})
		if entries, err = ReadManifest(dir); err != nil || entries["europepmc:a.xml"].Notice != notice {
			t.Errorf("%+v, %v", entries["europepmc:a.xml"], err)
		}
	}
}

func TestHostileNames(t *testing.T) {
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, article) }), nil)
	parent := t.TempDir()
	dir := filepath.Join(parent, "papers")
	names := []string{"../evil.xml", "/etc/evil.xml", `..\evil.xml`, ".hidden.xml", ManifestName, "", "a/b.xml", "CON:x", strings.Repeat("x", 300), "a\x00b", "..", "한글.xml"}
	for i, got := range outcome(t, c, dir, these(c, XML, names...)) {
		if !strings.Contains(got, "is no name for a file") {
			t.Errorf("%q: %s", names[i], got)
		}
	}
	if files(t, parent) != "papers" || files(t, dir) != ManifestName {
		t.Errorf("written: %s, %s", files(t, parent), files(t, dir))
	}
}

func TestSizes(t *testing.T) {
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch filepath.Base(r.URL.Path) {
		case "endless.xml":
			fmt.Fprint(w, article)
			endless(w)
		case "long.xml":
			w.Header().Set("Content-Length", "100000000")
		}
	}), func(o *Options) { o.MaxSize = 5 << 20 })
	dir := t.TempDir()
	for _, got := range outcome(t, c, dir, these(c, XML, "endless.xml", "long.xml")) {
		if !strings.Contains(got, "too large") {
			t.Errorf("%s", got)
		}
	}
	if files(t, dir) != ManifestName {
		t.Errorf("left behind: %s", files(t, dir))
	}
	told := func(yield func(*Item, error) bool) {
		yield(&Item{ID: "x", Copies: []Copy{{Service: europePMC, URL: c.address(europePMC, "x", nil), File: "x.zip", Size: 6 << 20, Content: ZIP}}}, nil)
	}
	if got := outcome(t, c, dir, told); !strings.Contains(got[0], "too large") {
		t.Errorf("%s", got)
	}
}

// flaky serves data in pieces of at most so many bytes, and cuts the connection
// after each. It honours ranges as RFC 9110 has them.
type flaky struct {
	data     string
	piece    int
	tag      string
	noRanges bool
	badRange bool
	requests []string
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := 0
	f.requests = append(f.requests, r.Header.Get("Range"))
	w.Header().Set("ETag", f.tag)
	if ranged := r.Header.Get("Range"); ranged != "" && !f.noRanges && r.Header.Get("If-Range") == f.tag {
		fmt.Sscanf(ranged, "bytes=%d-", &from)
		if from >= len(f.data) {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return
		}
		at := from
		if f.badRange {
			at = 0
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", at, len(f.data)-1, len(f.data)))
		w.Header().Set("Content-Length", fmt.Sprint(len(f.data)-from))
		w.WriteHeader(http.StatusPartialContent)
	} else {
		w.Header().Set("Content-Length", fmt.Sprint(len(f.data)))
	}
	end := min(len(f.data), from+f.piece)
	io.WriteString(w, f.data[from:end])
	if end < len(f.data) {
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func TestGoesOn(t *testing.T) {
	data := article + strings.Repeat(" ", 10_000)
	f := &flaky{data: data, piece: 4000, tag: `"one"`}
	c, _, _ := testClient(t, f, nil)
	dir := t.TempDir()
	if got := outcome(t, c, dir, these(c, XML, "a.xml")); got[0] != "done a.xml" {
		t.Fatalf("%q", got)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "a.xml")); err != nil || string(got) != data {
		t.Errorf("%d bytes, %v, want %d", len(got), err, len(data))
	}
	if len(f.requests) != 3 || f.requests[0] != "" || f.requests[1] != "bytes=4000-" || f.requests[2] != "bytes=8000-" {
		t.Errorf("requests for %q", f.requests)
	}
}

// TestGoesOnLater ends one fetch in the middle and checks that the next one
// takes what has come, if it is still of the same version.
func TestGoesOnLater(t *testing.T) {
	data := article + strings.Repeat(" ", 10_000)
	for _, test := range []struct {
		name   string
		change func(*flaky)
		first  string // range of the first request of the second fetch
	}{
		{"same version", func(*flaky) {}, "bytes=4000-"},
		{"new version", func(f *flaky) { f.tag, f.data = `"two"`, article+strings.Repeat("\n", 10_000) }, "bytes=4000-"},
		{"no ranges", func(f *flaky) { f.noRanges = true }, "bytes=4000-"},
		{"other range than asked for", func(f *flaky) { f.badRange = true }, "bytes=4000-"},
		{"shorter now", func(f *flaky) { f.data = article }, "bytes=4000-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &flaky{data: data, piece: 4000, tag: `"one"`}
			c, _, _ := testClient(t, f, func(o *Options) { o.Attempts = 1 })
			dir := t.TempDir()
			if got := outcome(t, c, dir, these(c, XML, "a.xml")); !strings.HasPrefix(got[0], "failed") {
				t.Fatalf("%q", got)
			}
			f.requests, f.piece = nil, 1<<20
			test.change(f)
			c, _, _ = testClient(t, f, func(o *Options) { o.Mirrors = c.options.Mirrors })
			if got := outcome(t, c, dir, these(c, XML, "a.xml")); got[0] != "done a.xml" {
				t.Fatalf("%q", got)
			}
			if got, err := os.ReadFile(filepath.Join(dir, "a.xml")); err != nil || string(got) != f.data {
				t.Errorf("%d bytes, %v, want %d", len(got), err, len(f.data))
			}
			if f.requests[0] != test.first {
				t.Errorf("requests for %q", f.requests)
			}
		})
	}
}

// TestInterrupted cancels in the middle of a file, and between files.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	n := 0
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 2 {
			w.Header().Set("Content-Length", "100000")
			w.Header().Set("ETag", `"x"`)
			io.WriteString(w, article)
			w.(http.Flusher).Flush()
			for arrived := false; !arrived; time.Sleep(time.Millisecond) {
				info, err := os.Stat(filepath.Join(dir, ".b.xml.part"))
				arrived = err == nil && info.Size() > 0
			}
			cancel()
			<-r.Context().Done()
			return
		}
		io.WriteString(w, article)
	}), nil)
	err := c.Fetch(ctx, dir, these(c, XML, "a.xml", "b.xml", "c.xml"), func(Event) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	entries, err := ReadManifest(dir)
	if err != nil || len(entries) != 2 || entries["europepmc:a.xml"].State != Done || entries["europepmc:b.xml"].State != Partial {
		t.Errorf("%+v, %v", entries, err)
	}
	if got := outcome(t, c, dir, these(c, XML, "a.xml", "b.xml", "c.xml")); !slices.Equal(got, []string{"known a.xml", "done b.xml", "done c.xml"}) {
		t.Errorf("going on: %q", got)
	}
}

func TestCopies(t *testing.T) {
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "second") {
			io.WriteString(w, "%PDF-1.7 rest")
			return
		}
		http.NotFound(w, r)
	}), nil)
	item := func(yield func(*Item, error) bool) {
		yield(&Item{ID: "doi:1", Copies: []Copy{
			{Service: europePMC, URL: c.address(europePMC, "first", nil), File: "first.xml", Content: XML},
			{Service: arXiv, URL: c.address(arXiv, "second", nil), File: "second.pdf", Content: PDF},
		}}, nil)
	}
	dir := t.TempDir()
	if got := outcome(t, c, dir, item); got[0] != "done second.pdf" {
		t.Errorf("%q", got)
	}
	if got := outcome(t, c, dir, item); got[0] != "known second.pdf" {
		t.Errorf("%q", got)
	}
}

func TestContents(t *testing.T) {
	packed := func(data string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, data)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	tar := "main.tex" + strings.Repeat("\x00", 249) + "ustar\x0000" + strings.Repeat("\x00", 1000)
	for _, test := range []struct {
		content Content
		data    string
		ending  string
		ok      bool
	}{
		{XML, article, "", true}, {XML, "\xef\xbb\xbf" + article, "", true}, {XML, "<pmc-articleset><article/></pmc-articleset>", "", true},
		{XML, "<html><article></html>", "", false}, {XML, "", "", false}, {XML, "%PDF-1.4", "", false}, {XML, `<?xml version="1.0" encoding="KOI8-R"?><article/>`, "", true},
		{XML, "<!DOCTYPE article [" + strings.Repeat("<!ENTITY a 'b'>", 10_000), "", false},
		{PDF, "%PDF-1.4", "", true}, {PDF, "\r\n%PDF-1.4", "", true}, {PDF, "<html>%pdf", "", false},
		{ZIP, "PK\x03\x04...", "", true}, {ZIP, "PK", "", false},
		{Source, packed(tar), ".tar.gz", true}, {Source, packed(`\documentclass{article}`), ".tex.gz", true}, {Source, "%PDF-1.5", ".pdf", true},
		{Source, `\documentclass{article}`, "", false}, {Source, "\x1f\x8bbroken", ".tex.gz", true},
	} {
		ending, err := check(bytes.NewReader([]byte(test.data)), test.content)
		if ending != test.ending || (err == nil) != test.ok || err != nil && !errors.Is(err, ErrContent) {
			t.Errorf("%s %.20q: %q, %v", test.content, test.data, ending, err)
		}
	}
}

// Two fetches into one folder do not mix: the second one says who is there, and
// goes on when the first has ended.
func TestLocked(t *testing.T) {
	came, answer := make(chan struct{}), make(chan struct{})
	first, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(came)
		<-answer
		fmt.Fprint(w, article)
	}), nil)
	second, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, article) }), nil)
	dir := t.TempDir()
	ended := make(chan error)
	go func() {
		ended <- first.Fetch(t.Context(), dir, these(first, XML, "a.xml"), func(Event) {})
	}()
	select {
	case <-came:
	case err := <-ended:
		t.Fatalf("the first fetch: %v", err)
	}
	err := second.Fetch(t.Context(), dir, these(second, XML, "b.xml"), func(Event) {})
	if !errors.Is(err, ErrLocked) || !strings.HasPrefix(err.Error(), dir+": ") || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("the second fetch: %v", err)
	}
	if got := outcome(t, second, t.TempDir(), these(second, XML, "b.xml")); got[0] != "done b.xml" {
		t.Errorf("into another folder: %q", got)
	}
	close(answer)
	if err := <-ended; err != nil {
		t.Errorf("the first fetch: %v", err)
	}
	if got := outcome(t, second, dir, these(second, XML, "a.xml", "b.xml")); got[0] != "known a.xml" || got[1] != "done b.xml" {
		t.Errorf("after the first: %q", got)
	}
}

func TestManifest(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, ManifestName)
	line := func(id, state string) string {
		return `{"id":"` + id + `","state":"` + state + `","at":"2026-01-01T00:00:00Z"}` + "\n"
	}
	// The last line for an item counts, and half a line at the end is dropped.
	if err := os.WriteFile(name, []byte(line("a", "failed")+line("b", "done")+line("a", "done")+`{"id":"c","sta`), 0o666); err != nil {
		t.Fatal(err)
	}
	m, err := OpenManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.note(Entry{Item: Item{ID: "d"}, State: Done}), m.Close()); err != nil {
		t.Fatal(err)
	}
	entries, err := ReadManifest(dir)
	if err != nil || len(entries) != 4-1 || entries["a"].State != Done || entries["d"] == nil {
		t.Errorf("%+v, %v", entries, err)
	}
	// Many lines for few items are made few.
	if err := os.WriteFile(name, []byte(strings.Repeat(line("a", "failed"), 2000)+line("a", "done")), 0o666); err != nil {
		t.Fatal(err)
	}
	if m, err = OpenManifest(dir); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.note(Entry{Item: Item{ID: "b"}, State: Done}), m.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || bytes.Count(data, []byte("\n")) != 2 || files(t, dir) != ManifestName {
		t.Errorf("%s, %v, %s", data, err, files(t, dir))
	}
	for _, test := range []struct{ data, want string }{
		{line("a", "done") + "garbage\n", "line 2"},
		{`{"state":"done"}` + "\n", "line 1: no identity"},
		{`{"id":"a","state":"done","file":"../../x"}` + "\n", "line 1: no identity, or a file outside"},
		{strings.Repeat("x", maxLine+1) + "\n", "line 1: too large"},
	} {
		if err := os.WriteFile(name, []byte(test.data), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenManifest(dir); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%.40q: %v, want %q and the name", test.data, err, test.want)
		}
	}
	if entries, err := ReadManifest(filepath.Join(dir, "none")); err != nil || entries != nil {
		t.Errorf("no folder: %v, %v", entries, err)
	}
}

func TestProvenance(t *testing.T) {
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".zip") {
			io.WriteString(w, "PK\x03\x04 patents")
			return
		}
		io.WriteString(w, article)
	}), nil)
	dir := filepath.Join(t.TempDir(), "papers!new")
	outcome(t, c, dir, these(c, XML, "a.xml"))
	outcome(t, c, dir, func(yield func(*Item, error) bool) {
		yield(&Item{ID: "uspto:x", Title: "Patents of a week", License: "public domain", Notice: "", Copies: []Copy{{Service: uspto, URL: c.address(uspto, "x.zip", nil), File: "x.zip", Content: ZIP}}}, nil)
	})
	var p Provenance
	doc := &document.Document{ID: document.IDOf([]byte(article)), Identifiers: map[string]string{"doi": "10.5555/cited", "pmid": "1"}, Authors: []string{"A"}}
	before := doc.Identifiers
	if err := p.Describe(doc, filepath.Join(dir, "a.xml")); err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"doi": "10.5555/a.xml", "pmid": "1"}; !reflect.DeepEqual(doc.Identifiers, want) || before["doi"] != "10.5555/cited" ||
		doc.License != "CC-BY" || doc.Title != "Title of a.xml" || doc.Authors[0] != "A" || doc.Origin != c.address(europePMC, "a.xml", nil) {
		t.Errorf("%+v", doc)
	}
	inside := &document.Document{ID: "sha256:1"}
	if err := p.Describe(inside, filepath.Join(dir, "x.zip")+"!US1.xml"); err != nil || inside.License != "public domain" || inside.Title != "" || inside.Origin == "" {
		t.Errorf("%+v, %v", inside, err)
	}
	// Another file under the same name is not what was fetched.
	other := &document.Document{ID: "sha256:2"}
	if err := p.Describe(other, filepath.Join(dir, "a.xml")); err != nil || !reflect.DeepEqual(other, &document.Document{ID: "sha256:2"}) {
		t.Errorf("%+v, %v", other, err)
	}
	if err := p.Describe(other, "b.xml"); err != nil || other.License != "" {
		t.Errorf("a file that was not fetched: %+v, %v", other, err)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"id":"europepmc:PMC1","title":"T","identifiers":{"doi":"10.5555/x"},"state":"done","file":"PMC1.xml","size":3,"at":"2026-01-01T00:00:00Z"}` + "\n{\"id\""))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries := map[string]*Entry{}
		end, lines, err := parse(bytes.NewReader(data), entries)
		if err != nil {
			return
		}
		if end > int64(len(data)) || lines < len(entries) || end > 0 && data[end-1] != '\n' {
			t.Fatalf("ends at %d of %d after %d lines with %d entries", end, len(data), lines, len(entries))
		}
		var again bytes.Buffer
		for _, e := range entries {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			again.Write(append(line, '\n'))
		}
		back := map[string]*Entry{}
		if _, _, err := parse(bytes.NewReader(again.Bytes()), back); err != nil {
			t.Fatal(err)
		}
		if a, b := mustJSON(t, entries), mustJSON(t, back); a != b {
			t.Errorf("came back as %s, was %s", b, a)
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func BenchmarkManifest(b *testing.B) {
	var data bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&data, `{"id":"europepmc:PMC%d","title":"A title of the usual length for a paper","identifiers":{"doi":"10.5555/%d"},"state":"done","file":"PMC%d.xml","size":3,"at":"2026-01-01T00:00:00Z"}`+"\n", i, i, i)
	}
	b.SetBytes(int64(data.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := parse(bytes.NewReader(data.Bytes()), map[string]*Entry{}); err != nil {
			b.Fatal(err)
		}
	}
}
