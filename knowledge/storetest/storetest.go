// Package storetest is the suite that every store of knowledge must pass.
package storetest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Run runs the suite. open returns an empty store; the suite closes it.
func Run(t *testing.T, open func(t *testing.T) knowledge.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, knowledge.Store)
	}{
		{"DocumentRoundTrip", testDocumentRoundTrip},
		{"ReadTwice", testReadTwice},
		{"SameBytesTwoNames", testSameBytesTwoNames},
		{"ChangedFile", testChangedFile},
		{"OtherReader", testOtherReader},
		{"Failure", testFailure},
		{"ArrivesWithError", testArrivesWithError},
		{"Panic", testPanic},
		{"UnsoundRecords", testUnsoundRecords},
		{"Cancelled", testCancelled},
		{"Progress", testProgress},
		{"Record", testRecord},
		{"Query", testQuery},
		{"QueryAgainstReference", testQueryAgainstReference},
		{"Search", testSearch},
		{"Works", testWorks},
		{"Facts", testFacts},
		{"WorksChange", testWorksChange},
		{"Notices", testNotices},
		{"StateNotices", testStateNotices},
		{"WorksInAnyOrder", testWorksInAnyOrder},
		{"DocumentFilter", testDocumentFilter},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := open(t)
			t.Cleanup(func() {
				if err := store.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			test.run(t, store)
		})
	}
}

// Library is a set of documents in memory that a store reads.
type Library struct {
	mu    sync.Mutex
	files map[string]*File
	calls map[string]int // how often each was read
}

// File is one readable thing of a Library.
type File struct {
	Document *document.Document
	Records  []*record.Record
	Err      error
	Panic    any
	Modified time.Time
}

// NewLibrary returns an empty library.
func NewLibrary() *Library {
	return &Library{files: map[string]*File{}, calls: map[string]int{}}
}

// Put adds or replaces a file.
func (l *Library) Put(name string, f *File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.Modified.IsZero() {
		f.Modified = time.Unix(1_700_000_000, 0)
	}
	l.files[name] = f
}

// Sources yields the files by name.
func (l *Library) Sources() iter.Seq2[*knowledge.Source, error] {
	return func(yield func(*knowledge.Source, error) bool) {
		l.mu.Lock()
		names := slices.Sorted(maps.Keys(l.files))
		l.mu.Unlock()
		for _, name := range names {
			if !yield(&knowledge.Source{Name: name, Size: 100, Modified: l.files[name].Modified}, nil) {
				return
			}
		}
	}
}

// Read is a knowledge.ReadFunc.
func (l *Library) Read(_ context.Context, s knowledge.Source) (*document.Document, []*record.Record, error) {
	l.mu.Lock()
	f := l.files[s.Name]
	l.calls[s.Name]++
	l.mu.Unlock()
	if f == nil {
		return nil, nil, fmt.Errorf("open %s: %w", s.Name, fs.ErrNotExist)
	}
	if f.Panic != nil {
		panic(f.Panic)
	}
	return f.Document, f.Records, f.Err
}

// Calls returns how often a file was read.
func (l *Library) Calls(name string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls[name]
}

// Paper returns a document of the given paragraphs.
func Paper(name string, paragraphs ...string) *document.Document {
	doc := &document.Document{ID: document.IDOf([]byte(strings.Join(paragraphs, "\n"))), Name: name, Format: document.Text, Language: "en"}
	for _, p := range paragraphs {
		doc.Blocks = append(doc.Blocks, document.Block{Kind: document.Paragraph, Text: p})
	}
	return doc
}

// Fact returns a record of doc whose value is written as text in the given
// block. It panics if it is not, for that is a mistake in a test.
func Fact(doc *document.Document, block int, subject record.Subject, property, text string, low, high float64, unit string) *record.Record {
	start := strings.Index(doc.Blocks[block].Text, text)
	if start < 0 {
		panic(fmt.Sprintf("block %d of %s does not contain %q", block, doc.Name, text))
	}
	r := &record.Record{
		Document: doc.ID, Name: doc.Name, Subject: subject, Property: property, Text: text, Low: &low, High: &high, Unit: unit,
		Evidence:   record.Evidence{Block: block, Start: start, End: start + len(text), Text: text, Sentence: doc.Blocks[block].Text},
		Confidence: 0.8,
	}
	r.Identify()
	return r
}

// Composition returns a resolved subject with the elements of symbols.
func Composition(formula string, symbols ...string) record.Subject {
	return record.Subject{Text: formula, Kind: record.Composition, Formula: formula, Elements: symbols}
}

func fill(t *testing.T, store knowledge.Store, l *Library) {
	t.Helper()
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatalf("Enqueue: %v", err)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2}); err != nil {
		t.Fatalf("Work: %v", err)
	}
}

func collect[T any](t *testing.T, seq iter.Seq2[*T, error]) []*T {
	t.Helper()
	var out []*T
	for v, err := range seq {
		if err != nil {
			t.Fatalf("after %d: %v", len(out), err)
		}
		out = append(out, v)
	}
	return out
}

func stats(t *testing.T, store knowledge.Store) knowledge.Stats {
	t.Helper()
	s, err := store.Stats(t.Context())
	if err != nil {
		t.Fatalf("Stats: %v", err)
	}
	s.Bytes = 0
	return *s
}

func ids(records []*record.Record) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i] = r.ID
	}
	slices.Sort(out)
	return out
}

// iron returns a paper with one record.
func iron(name string) (*document.Document, []*record.Record) {
	doc := Paper(name, "Magnetism of iron", "Fe has a Curie temperature of 1043 K.")
	return doc, []*record.Record{Fact(doc, 1, Composition("Fe", "Fe"), "solid/curie-temperature", "1043 K", 1043, 1043, "K")}
}

func testDocumentRoundTrip(t *testing.T, store knowledge.Store) {
	low, high := 20.0, 30.0
	doc := &document.Document{
		ID: document.IDOf([]byte("round trip")), Name: "a.zip!b.xml", Format: document.JATS, Title: "고체 전해질 & <b>",
		Authors: []string{"Kim, A.", "Müller, B."}, Identifiers: map[string]string{"doi": "10.1000/1"}, Date: "2019-04", Language: "ko", Pages: 3,
		License: "CC-BY-4.0", Origin: "https://example.org/1", Notice: document.Corrected, About: map[string]string{"doi": "10.1000/2"},
		Blocks: []document.Block{
			{Kind: document.Heading, Text: "Results"},
			{Kind: document.Paragraph, Page: 2, Section: []string{"Results", "Conductivity"}, Text: "σ of 10−3 S cm−1 at 25 °C",
				Shifts: []document.Shift{{Start: 9, End: 13, Raised: true}}, Box: document.Box{Left: 1, Top: 2, Right: 3.5, Bottom: 4}},
			{Kind: document.Tabular, Text: "a\tb\n1\t2", Table: &document.Table{Label: "Table 1", Caption: "c", Rows: 2, Columns: 2, HeaderRows: 1,
				Cells: []document.Cell{{RowSpan: 1, ColumnSpan: 1, End: 1, Header: true}, {Column: 1, RowSpan: 1, ColumnSpan: 1, Start: 2, End: 3, Header: true},
					{Row: 1, RowSpan: 1, ColumnSpan: 1, Start: 4, End: 5}, {Row: 1, Column: 1, RowSpan: 1, ColumnSpan: 1, Start: 6, End: 7}},
				Footnotes: []string{"a note"}}},
		},
		Warnings: []string{"page 3: no text"},
	}
	r := Fact(doc, 1, record.Subject{Text: "LLZO", Kind: record.Composition, Formula: "Li7La3Zr2O12", Name: "LLZO", Elements: []string{"Li", "O", "Zr", "La"}, Block: 0, Start: 0, End: 4},
		"battery/ionic-conductivity", "10−3 S cm−1", 1e-3, 1e-3, "S cm^-1")
	r.Error, r.Approx, r.Reasons, r.Confidence = 1e-4, true, []string{"same sentence"}, 0.875
	r.Evidence.Page = 2
	r.Conditions = []record.Condition{{Name: "temperature", Text: "25 °C", Low: &low, High: &high, Unit: "°C", Block: 1, Start: 20, End: 26}, {Name: "atmosphere", Text: "argon"}}
	open := Fact(doc, 1, record.Subject{Text: "LLZO", Kind: record.Named}, "battery/activation-energy", "25", 0, 0, "eV")
	open.Low, open.High = nil, nil
	polymer := Fact(doc, 1, record.Subject{Text: "PEO", Kind: record.Polymer, Name: "PEO", SMILES: "*CCO*"}, "battery/activation-energy", "25", 25, 25, "eV")

	l := NewLibrary()
	l.Put(doc.Name, &File{Document: doc, Records: []*record.Record{r, open, polymer}})
	fill(t, store, l)
	got, err := store.Document(t.Context(), doc.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, doc) {
		t.Errorf("document came back as\n%s\nwant\n%s", dump(got), dump(doc))
	}
	for _, want := range []*record.Record{r, open, polymer} {
		got, err := store.Record(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		want.Notice = doc.Notice
		if !reflect.DeepEqual(got, want) {
			t.Errorf("record came back as\n%s\nwant\n%s", dump(got), dump(want))
		}
	}
	if _, err := store.Document(t.Context(), "sha256:none"); !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("unknown document: %v, want ErrNotFound", err)
	}
}

func dump(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func testReadTwice(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	for i := range 40 {
		name := fmt.Sprintf("paper-%02d.txt", i)
		doc := Paper(name, fmt.Sprintf("Sample %d has 5 K.", i))
		r := Fact(doc, 0, Composition("Fe", "Fe"), "solid/curie-temperature", "5 K", 5, 5, "K")
		l.Put(name, &File{Document: doc, Records: []*record.Record{r, r}}) // the same statement twice is one record
	}
	fill(t, store, l)
	before := stats(t, store)
	want := knowledge.Stats{Documents: 40, Works: 40, Sources: 40, Blocks: 40, Records: 40, Facts: 40,
		Properties: []knowledge.PropertyCount{{Property: "solid/curie-temperature", Facts: 40, Records: 40}}}
	if !reflect.DeepEqual(before, want) {
		t.Errorf("after the first reading: %+v, want %+v", before, want)
	}
	q, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{})
	if want := (knowledge.Queued{Known: 40}); err != nil || q != want {
		t.Errorf("second Enqueue: %+v, %v, want %+v", q, err, want)
	}
	q, err = store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{Again: true})
	if want := (knowledge.Queued{New: 40}); err != nil || q != want {
		t.Errorf("Enqueue with Again: %+v, %v, want %+v", q, err, want)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := l.Calls("paper-07.txt"); n != 2 {
		t.Errorf("paper-07.txt was read %d times, want 2", n)
	}
	if after := stats(t, store); !reflect.DeepEqual(before, after) {
		t.Errorf("reading again changed %+v to %+v", before, after)
	}
}

func testSameBytesTwoNames(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc, records := iron("a.txt")
	l.Put("a.txt", &File{Document: doc, Records: records})
	fill(t, store, l)
	l.Put("copy/a.txt", &File{Document: doc, Records: records})
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	var events []knowledge.Event
	err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{
		Identify: func(context.Context, knowledge.Source) (document.ID, error) { return doc.ID, nil },
		Progress: func(e knowledge.Event) { events = append(events, e) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 1 || !events[0].Known || events[0].Records != 1 || events[0].Status != knowledge.Read {
		t.Errorf("events %+v, want one of a known document with 1 record", events)
	}
	if n := l.Calls("copy/a.txt"); n != 0 {
		t.Errorf("the copy was read %d times although its bytes were known", n)
	}
	infos := collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{}))
	if len(infos) != 1 || !slices.Equal(infos[0].Names, []string{"a.txt", "copy/a.txt"}) {
		t.Errorf("documents %s, want one with two names", dump(infos))
	}
	if s := stats(t, store); s.Documents != 1 || s.Sources != 2 || s.Records != 1 {
		t.Errorf("stats %+v, want 1 document, 2 sources, 1 record", s)
	}
}

func testChangedFile(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc, records := iron("a.txt")
	l.Put("a.txt", &File{Document: doc, Records: records})
	fill(t, store, l)
	changed := Paper("a.txt", "Ni has a Curie temperature of 627 K.")
	fact := Fact(changed, 0, Composition("Ni", "Ni"), "solid/curie-temperature", "627 K", 627, 627, "K")
	// While the new version cannot be read, the old one stays.
	l.Put("a.txt", &File{Err: errors.New("truncated"), Modified: time.Unix(1_700_000_001, 0)})
	fill(t, store, l)
	if got := collect(t, store.Query(t.Context(), nil, "", 0)); !slices.Equal(ids(got), ids(records)) {
		t.Errorf("after a failed reading of the changed file: %s", dump(got))
	}
	l.Put("a.txt", &File{Document: changed, Records: []*record.Record{fact}, Modified: time.Unix(1_700_000_002, 0)})
	fill(t, store, l)
	if got := collect(t, store.Query(t.Context(), nil, "", 0)); !slices.Equal(ids(got), []string{fact.ID}) {
		t.Errorf("after the file changed: %s", dump(got))
	}
	if got := collect(t, store.Search(t.Context(), "iron", 0)); len(got) != 0 {
		t.Errorf("text of the old version is still found: %s", dump(got))
	}
	want := knowledge.Stats{Documents: 1, Works: 1, Sources: 1, Blocks: 1, Records: 1, Facts: 1,
		Properties: []knowledge.PropertyCount{{Property: "solid/curie-temperature", Facts: 1, Records: 1}}}
	if s := stats(t, store); !reflect.DeepEqual(s, want) {
		t.Errorf("stats %+v, want %+v", s, want)
	}
}

func testOtherReader(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc, records := iron("a.txt")
	l.Put("a.txt", &File{Document: doc, Records: records})
	for i, reader := range []string{"1", "1", "2"} {
		if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{Reader: reader}); err != nil {
			t.Fatal(err)
		}
		if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{Reader: reader}); err != nil {
			t.Fatal(err)
		}
		if got, want := l.Calls("a.txt"), []int{1, 1, 2}[i]; got != want {
			t.Errorf("after reader %s: read %d times, want %d", reader, got, want)
		}
	}
	if s := stats(t, store); s.Documents != 1 || s.Records != 1 {
		t.Errorf("stats %+v, want 1 document with 1 record", s)
	}
}

func testFailure(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc, records := iron("good.txt")
	l.Put("good.txt", &File{Document: doc, Records: records})
	l.Put("bad.pdf", &File{Err: errors.New("bad.pdf: page 3: the file ends early")})
	fill(t, store, l)
	failed := collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{Status: knowledge.Failed}))
	if len(failed) != 1 || failed[0].Names[0] != "bad.pdf" || failed[0].Reason != "bad.pdf: page 3: the file ends early" || failed[0].Status != knowledge.Failed {
		t.Errorf("failed documents %s", dump(failed))
	}
	if s := stats(t, store); s.Documents != 1 || s.Failed != 1 || s.Pending != 0 {
		t.Errorf("stats %+v, want 1 document and 1 failed", s)
	}
	fill(t, store, l)
	if n := l.Calls("bad.pdf"); n != 1 {
		t.Errorf("an unchanged failed file was read %d times, want 1", n)
	}
	repaired := Paper("bad.pdf", "Co: 1388 K")
	l.Put("bad.pdf", &File{Document: repaired})
	q, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{Retry: true})
	if want := (knowledge.Queued{New: 1, Known: 1}); err != nil || q != want {
		t.Errorf("Enqueue with Retry: %+v, %v, want %+v", q, err, want)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	if s := stats(t, store); s.Documents != 2 || s.Failed != 0 {
		t.Errorf("stats after repair %+v, want 2 documents and none failed", s)
	}
}

func testArrivesWithError(t *testing.T, store knowledge.Store) {
	stop := errors.New("walk ended")
	sources := func(yield func(*knowledge.Source, error) bool) {
		_ = yield(&knowledge.Source{Name: "locked/", Size: -1}, errors.New("permission denied")) &&
			yield(&knowledge.Source{Name: "a.txt", Size: 1}, nil) && yield(nil, stop)
	}
	q, err := store.Enqueue(t.Context(), sources, knowledge.EnqueueOptions{})
	if want := (knowledge.Queued{New: 1, Failed: 1}); !errors.Is(err, stop) || q != want {
		t.Errorf("Enqueue: %+v, %v, want %+v and the error of the sources", q, err, want)
	}
	failed := collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{Status: knowledge.Failed}))
	if len(failed) != 1 || failed[0].Names[0] != "locked/" || failed[0].Reason != "permission denied" {
		t.Errorf("failed: %s", dump(failed))
	}
}

func testPanic(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc, records := iron("good.txt")
	l.Put("good.txt", &File{Document: doc, Records: records})
	l.Put("evil.pdf", &File{Panic: "index out of range"})
	fill(t, store, l)
	failed := collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{Status: knowledge.Failed}))
	if len(failed) != 1 || !strings.Contains(failed[0].Reason, "index out of range") || !strings.Contains(failed[0].Reason, "storetest.go:") {
		t.Errorf("failed: %s, want the panic and its place", dump(failed))
	}
	if s := stats(t, store); s.Documents != 1 {
		t.Errorf("stats %+v, want the good document", s)
	}
}

func testUnsoundRecords(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc, records := iron("a.txt")
	nan := *records[0]
	nan.Low = new(float64)
	*nan.Low /= *nan.Low // NaN
	nan.Evidence.Start--
	nan.Evidence.Text = " 1043 K"
	nan.Identify()
	away := *records[0]
	away.Evidence.End += 100
	away.Identify()
	other := *records[0]
	other.Evidence.Text = "1044 K"
	other.Subject.Text = "Co"
	other.Identify()
	l.Put("a.txt", &File{Document: doc, Records: []*record.Record{&nan, &away, records[0], &other}})
	fill(t, store, l)
	if got := collect(t, store.Query(t.Context(), nil, "", 0)); !slices.Equal(ids(got), ids(records)) {
		t.Errorf("stored %s, want the sound record alone", dump(got))
	}
	got, err := store.Document(t.Context(), doc.ID)
	if err != nil || len(got.Warnings) != 3 {
		t.Errorf("warnings %q, %v, want one for each record left out", got.Warnings, err)
	}
}

func testCancelled(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	const n = 200
	for i := range n {
		name := fmt.Sprintf("%03d.txt", i)
		l.Put(name, &File{Document: Paper(name, name)})
	}
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := store.Work(ctx, l.Read, knowledge.WorkOptions{Workers: 2, Progress: func(e knowledge.Event) {
		if e.Done == 5 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Work: %v, want context.Canceled", err)
	}
	s := stats(t, store)
	if s.Documents < 5 || s.Pending == 0 || s.Documents+s.Pending != n {
		t.Errorf("after cancelling: %+v, want all %d read or waiting", s, n)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	if s := stats(t, store); s.Documents != n || s.Pending != 0 || s.Failed != 0 {
		t.Errorf("after going on: %+v, want %d documents", s, n)
	}
}

func testProgress(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	for i := range 30 {
		name := fmt.Sprintf("%03d.txt", i)
		l.Put(name, &File{Document: Paper(name, name, "second")})
	}
	l.Put("bad", &File{Err: errors.New("no")})
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	last := 0
	err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 3, Progress: func(e knowledge.Event) {
		if e.Done != last+1 || e.Total != 31 || seen[e.Source.Name] {
			t.Errorf("event %+v after %d", e, last)
		}
		last = e.Done
		seen[e.Source.Name] = true
		if (e.Source.Name == "bad") != (e.Status == knowledge.Failed) || e.Status == knowledge.Read && e.Blocks != 2 {
			t.Errorf("event %+v", e)
		}
	}})
	if err != nil || last != 31 {
		t.Errorf("%d events, %v, want 31", last, err)
	}
}

func testRecord(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc := Paper("a.txt", "5 K")
	var records []*record.Record
	for i := range 300 {
		r := Fact(doc, 0, record.Subject{Text: fmt.Sprintf("sample %d", i), Kind: record.Named}, "solid/curie-temperature", "5 K", 5, 5, "K")
		records = append(records, r)
	}
	l.Put("a.txt", &File{Document: doc, Records: records})
	fill(t, store, l)
	r, err := store.Record(t.Context(), records[17].ID[:12])
	if err != nil || r.ID != records[17].ID {
		t.Errorf("by prefix: %v, %v", r, err)
	}
	if r, err = store.Record(t.Context(), strings.ToUpper(records[17].ID)); err != nil || r.ID != records[17].ID {
		t.Errorf("in upper case: %v, %v", r, err)
	}
	// Of 300 identities some share the first digit, of which there are 16.
	var ambiguous *knowledge.AmbiguousError
	if _, err := store.Record(t.Context(), records[0].ID[:1]); !errors.As(err, &ambiguous) || len(ambiguous.IDs) < 2 {
		t.Errorf("short prefix: %v, want *AmbiguousError", err)
	}
	for _, prefix := range []string{"", "zz", "ffffffffffffffffffff", "%"} {
		if _, err := store.Record(t.Context(), prefix); !errors.Is(err, knowledge.ErrNotFound) {
			t.Errorf("Record(%q): %v, want ErrNotFound", prefix, err)
		}
	}
}

func testSearch(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	doc := Paper("a.txt", "A solid electrolyte for sodium.", "The electrolyte is solid.", "고체전해질은 안전하다. 이온 전도도를 재었다.", `Conductivity of Li7La3Zr2O12 in mAh/g "quoted"`)
	l.Put("a.txt", &File{Document: doc})
	fill(t, store, l)
	for _, test := range []struct {
		text string
		want []int
	}{
		{"solid electrolyte", []int{0, 1}},
		{`"solid electrolyte"`, []int{0}},
		{"SODIUM", []int{0}},
		{"고체전해질", []int{2}},
		{"이온 전도도", []int{2}},
		{"li7la3zr2o12", []int{3}},
		{"mAh/g", []int{3}},
		{"absent", nil},
		{`AND OR NEAR( * ^ "`, nil},
	} {
		var got []int
		for _, p := range collect(t, store.Search(t.Context(), test.text, 0)) {
			if p.Document != doc.ID || p.Name != "a.txt" || p.Text != doc.Blocks[p.Block].Text {
				t.Errorf("Search(%q): %+v", test.text, p)
			}
			got = append(got, p.Block)
		}
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("Search(%q) found blocks %v, want %v", test.text, got, test.want)
		}
	}
	if got := collect(t, store.Search(t.Context(), "electrolyte", 1)); len(got) != 1 {
		t.Errorf("limit 1 gave %d", len(got))
	}
	for _, err := range store.Search(t.Context(), " - ", 1) {
		if err == nil {
			t.Error("a search without words is not an error")
		}
	}
}

func testDocumentFilter(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	for _, name := range []string{"b.txt", "a.txt", "z!c_1.pdf"} {
		l.Put(name, &File{Document: Paper(name, name)})
	}
	l.Put("bad.pdf", &File{Err: errors.New("no")})
	fill(t, store, l)
	for _, test := range []struct {
		filter knowledge.DocumentFilter
		want   string
	}{
		{knowledge.DocumentFilter{}, "a.txt b.txt z!c_1.pdf bad.pdf"},
		{knowledge.DocumentFilter{Like: "*.pdf"}, "z!c_1.pdf bad.pdf"},
		{knowledge.DocumentFilter{Like: "?.TXT"}, "a.txt b.txt"},
		{knowledge.DocumentFilter{Like: "z*c_1*"}, "z!c_1.pdf"},
		{knowledge.DocumentFilter{Like: "a_txt"}, ""},
		{knowledge.DocumentFilter{Status: knowledge.Failed}, "bad.pdf"},
		{knowledge.DocumentFilter{Status: knowledge.Pending}, ""},
	} {
		var got []string
		for _, info := range collect(t, store.Documents(t.Context(), test.filter)) {
			got = append(got, info.Names...)
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%+v: %q, want %q", test.filter, s, test.want)
		}
	}
}

// random returns documents whose records are drawn from few values, so that
// queries hit and miss.
func random(rng *rand.Rand) (docs []*document.Document, records []*record.Record) {
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	properties := map[string][]string{
		"battery/specific-capacity": {"mAh/g"},
		"solid/band-gap":            {"eV", "meV"},
		"solid/hardness":            {"GPa", "HV"},
		"solid/odd":                 {"foozle"},
	}
	for d := range 12 {
		doc := Paper(fmt.Sprintf("paper-%d.%s", d, pick("pdf", "txt")), fmt.Sprintf("paper %d on %s: 5 units", d, pick("glass", "solid electrolytes", "고체 전해질")))
		if d%2 == 0 { // two works of three documents; the others stand alone
			doc.Identifiers = map[string]string{"doi": fmt.Sprintf("10.1000/%d", d%4)}
			doc.Format = []document.Format{document.PDF, document.JATS, document.Text}[rng.IntN(3)]
		}
		docs = append(docs, doc)
		for i := range 12 {
			var subject record.Subject
			switch rng.IntN(4) {
			case 0:
				subject = record.Subject{Text: pick("sample A", "sample B"), Kind: record.Named}
			case 1:
				subject = record.Subject{Text: "P3HT", Kind: record.Polymer, Name: "P3HT", Elements: []string{"H", "C", "S"}}
			default:
				all := []string{"Li", "O", "Na", "Fe", "La", "Pb"}
				var symbols []string
				for _, s := range all {
					if rng.IntN(2) == 0 {
						symbols = append(symbols, s)
					}
				}
				subject = Composition(strings.Join(symbols, ""), symbols...)
			}
			names := slices.Sorted(maps.Keys(properties))
			property := names[rng.IntN(len(names))]
			low := float64(rng.IntN(8))
			high := low + float64(rng.IntN(3))
			r := Fact(doc, 0, subject, property, "5 units", low, high, pick(properties[property]...))
			switch rng.IntN(5) {
			case 0:
				r.Low = nil
			case 1:
				r.High = nil
			}
			if rng.IntN(9) == 0 {
				r.Low, r.High = nil, nil
			}
			r.ID = fmt.Sprintf("%08x%08x", d, i)
			r.Confidence = float64(rng.IntN(10)) / 10
			if rng.IntN(2) == 0 {
				v := float64(rng.IntN(5)) * 10
				r.Conditions = append(r.Conditions, record.Condition{Name: "temperature", Text: fmt.Sprint(v), Low: &v, High: &v, Unit: pick("°C", "K")})
			}
			if rng.IntN(3) == 0 {
				r.Conditions = append(r.Conditions, record.Condition{Name: "atmosphere", Text: pick("in Argon", "air")})
			}
			records = append(records, r)
		}
	}
	return docs, records
}

// reference answers queries by going through all records, straight from the
// documentation of knowledge.Query.
type reference struct {
	records []*record.Record
	docs    map[document.ID]*document.Document
}

func (ref *reference) matches(e knowledge.Expr, r *record.Record) bool {
	about := func(e ...knowledge.Expr) bool { // some record of the same subject satisfies all of e
		return slices.ContainsFunc(ref.records, func(o *record.Record) bool {
			return knowledge.SubjectKey(o) == knowledge.SubjectKey(r) && !slices.ContainsFunc(e, func(e knowledge.Expr) bool { return !ref.matches(e, o) })
		})
	}
	switch e := e.(type) {
	case nil:
		return true
	case *knowledge.Or:
		return slices.ContainsFunc(e.Terms, func(t knowledge.Expr) bool { return ref.matches(t, r) })
	case *knowledge.Not:
		if knowledge.Asserts(e.Term) {
			return !about(e.Term)
		}
		return !ref.matches(e.Term, r)
	case *knowledge.And:
		asserting, others := e.Split()
		for _, t := range others {
			if !ref.matches(t, r) {
				return false
			}
		}
		some := len(asserting) == 0
		for _, t := range asserting {
			some = some || ref.matches(t, r)
			if !about(append([]knowledge.Expr{t}, others...)...) {
				return false
			}
		}
		return some
	case *knowledge.Property:
		return r.Property == e.ID && (e.Comparison == nil || e.Comparison.Matches(r.Low, r.High, unit(r.Unit)))
	case *knowledge.Elements:
		return elements(e, r.Subject.Elements)
	case *knowledge.Subject:
		return e.Matches(r.Subject.Formula, r.Subject.Name, r.Subject.Text)
	case *knowledge.Condition:
		return slices.ContainsFunc(r.Conditions, func(c record.Condition) bool {
			return c.Name == e.Name && (e.Comparison == nil || e.Comparison.Matches(c.Low, c.High, unit(c.Unit))) && (e.Match == nil || e.Match.Matches(c.Text))
		})
	case *knowledge.Confidence:
		return e.Comparison.Matches(&r.Confidence, &r.Confidence, quantity.Unit{})
	case *knowledge.Document:
		return e.Match.Matches(r.Name)
	case *knowledge.Text:
		return strings.Contains(ref.docs[r.Document].Blocks[0].Text, e.Phrase)
	}
	panic(fmt.Sprintf("unknown term %T", e))
}

func unit(s string) quantity.Unit {
	u, err := quantity.ParseUnit(s)
	if err != nil {
		return quantity.Unit{Symbol: s, Unknown: true}
	}
	return u
}

func elements(e *knowledge.Elements, has []string) bool {
	set := func(symbols []string) (s chem.Set) {
		for _, symbol := range symbols {
			z, ok := chem.BySymbol(symbol)
			if !ok {
				panic(symbol)
			}
			s.Add(z)
		}
		return s
	}
	switch e.Mode {
	case knowledge.HasAll:
		return set(has).Contains(set(e.Symbols))
	case knowledge.HasOnly:
		return len(has) > 0 && set(e.Symbols).Contains(set(has))
	default:
		return slices.ContainsFunc(has, func(s string) bool { return slices.Contains(e.Symbols, s) })
	}
}

func testQueryAgainstReference(t *testing.T, store knowledge.Store) {
	rng := rand.New(rand.NewPCG(1, 2))
	docs, records := random(rng)
	ref := &reference{records: records, docs: map[document.ID]*document.Document{}}
	l := NewLibrary()
	for _, doc := range docs {
		ref.docs[doc.ID] = doc
		l.Put(doc.Name, &File{Document: doc, Records: slices.DeleteFunc(slices.Clone(records), func(r *record.Record) bool { return r.Document != doc.ID })})
	}
	fill(t, store, l)
	terms := []string{
		"battery/specific-capacity > %d mAh/g", "solid/band-gap <= %d00 meV", "solid/band-gap = %d eV", "solid/hardness >= %d GPa",
		"solid/band-gap between 1 and %d eV", "solid/hardness != %d GPa", "solid/odd < %d", "solid/band-gap", "solid/hardness > %d HV", "battery/specific-capacity != %d",
		"subject has Li", "subject has any (Na, Pb)", "subject only (Li, O, La)", "subject has Fe and O", `subject like "*la*"`, `subject = "P3HT"`,
		"condition temperature < %d °C", "condition temperature between 10 and %d0", "condition temperature", `condition atmosphere like "*argon*"`,
		"condition temperature != %d0", "confidence >= 0.%d", `document like "*.pdf"`, `text "solid electrolytes"`, `text "고체 전해질"`,
	}
	var build func(depth int) string
	build = func(depth int) string {
		if depth == 0 || rng.IntN(3) == 0 {
			s := terms[rng.IntN(len(terms))]
			if strings.Contains(s, "%d") {
				s = fmt.Sprintf(s, 1+rng.IntN(7))
			}
			return s
		}
		a, b := build(depth-1), build(depth-1)
		return []string{"(" + a + " and " + b + ")", "(" + a + " and " + b + ")", "(" + a + " or " + b + ")", "not " + a}[rng.IntN(4)]
	}
	hits, queries := 0, 600
	if testing.Short() {
		queries = 60
	}
	for range queries {
		s := build(3)
		q, err := knowledge.ParseQuery(s, nil)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		var want []*record.Record
		for _, r := range records {
			if ref.matches(q.Root, r) {
				want = append(want, r)
			}
		}
		ref.checkFacts(t, s, collect(t, store.Query(t.Context(), q, knowledge.ByValue, 0)), want)
		q.Every = true
		got := collect(t, store.Query(t.Context(), q, knowledge.ByValue, 0))
		if !slices.Equal(ids(got), ids(want)) {
			t.Errorf("%s: %d records, want %d", s, len(got), len(want))
		}
		if len(want) > 0 && len(want) < len(records) {
			hits++
		}
	}
	if hits < queries/3 {
		t.Errorf("only %d of %d queries tell records apart", hits, queries)
	}
	every := &knowledge.Query{Every: true}
	ref.checkFacts(t, "all", collect(t, store.Query(t.Context(), nil, "", 0)), records)
	for _, order := range []knowledge.Order{knowledge.ByConfidence, knowledge.BySubject, knowledge.ByDocument, knowledge.ByValue, knowledge.ByValueDescending} {
		got := collect(t, store.Query(t.Context(), every, order, 0))
		if !slices.Equal(ids(got), ids(records)) {
			t.Errorf("order %s yields %d records, want %d", order, len(got), len(records))
		}
		first := collect(t, store.Query(t.Context(), every, order, 5))
		if !reflect.DeepEqual(first, got[:5]) {
			t.Errorf("order %s with limit 5 is not the beginning of the whole", order)
		}
		if order == knowledge.ByConfidence && !slices.IsSortedFunc(got, func(a, b *record.Record) int { return cmp.Compare(b.Confidence, a.Confidence) }) {
			t.Error("not ordered by confidence")
		}
	}
	for _, err := range store.Query(t.Context(), nil, "sideways", 0) {
		if err == nil {
			t.Error("an unknown order is not an error")
		}
	}
}
