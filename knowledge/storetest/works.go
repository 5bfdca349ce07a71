package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/record"
)

// version returns a document of a work about iron, with one record for each of
// the values in kelvin.
func version(name string, change func(*document.Document), kelvin ...float64) (*document.Document, []*record.Record) {
	text := name + ":"
	for _, k := range kelvin {
		text += fmt.Sprintf(" %g K", k)
	}
	doc := Paper(name, text)
	doc.Title, doc.Authors, doc.Date = "Magnetic ordering temperatures of iron and of its alloys", []string{"Pierre Weiss"}, "2020"
	if change != nil {
		change(doc)
	}
	var records []*record.Record
	for _, k := range kelvin {
		records = append(records, Fact(doc, 0, Composition("Fe", "Fe"), "solid/curie-temperature", fmt.Sprintf("%g K", k), k, k, "K"))
	}
	return doc, records
}

// put reads documents one after the other.
func put(t *testing.T, store knowledge.Store, l *Library, name string, doc *document.Document, records []*record.Record) {
	t.Helper()
	l.Put(name, &File{Document: doc, Records: records, Modified: time.Unix(1_700_000_000+int64(len(l.calls)), 0)})
	fill(t, store, l)
}

// together returns the names of the documents of each work that has several.
func together(t *testing.T, store knowledge.Store) string {
	t.Helper()
	var order []document.ID
	names := map[document.ID][]string{}
	for _, info := range collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{})) {
		if info.Status != knowledge.Read {
			continue
		}
		if names[info.Work] == nil {
			order = append(order, info.Work)
			if info.Joined != "" || info.Work != info.ID {
				t.Errorf("%s is listed first of its work, but is %q", info.Names[0], info.Joined)
			}
		} else if info.Joined == "" {
			t.Errorf("%s belongs to a work and does not say why", info.Names[0])
		}
		names[info.Work] = append(names[info.Work], info.Names[0])
	}
	var out []string
	for _, work := range order {
		slices.Sort(names[work])
		if len(names[work]) > 1 {
			out = append(out, strings.Join(names[work], "="))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func identified(kind, id string) func(*document.Document) {
	return func(d *document.Document) { d.Identifiers = map[string]string{kind: id} }
}

func testWorks(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	add := func(name string, change func(*document.Document)) {
		doc, records := version(name, change, 1043)
		put(t, store, l, name, doc, records)
	}
	other := func(d *document.Document) { d.Title = "Critical behaviour of nickel in a weak magnetic field" }
	add("article.xml", identified("doi", "10.1000/Iron"))
	add("article.pdf", func(d *document.Document) {
		d.Title = "Unreadable"
		d.Identifiers = map[string]string{"doi": "https://doi.org/10.1000/iron"}
	})
	add("preprint.tex", identified("arxiv", "2001.01234v2"))
	add("nickel.txt", other)
	add("second.xml", identified("doi", "10.1000/other"))
	if got, want := together(t, store), "article.pdf=article.xml=preprint.tex"; got != want {
		t.Errorf("works %q, want %q", got, want)
	}
	if s := stats(t, store); s.Documents != 5 || s.Works != 3 || s.Records != 5 || s.Facts != 3 || s.Properties[0].Facts != 3 {
		t.Errorf("stats %+v, want 5 documents of 3 works, and 3 facts", s)
	}
	// A document that shows that two works are one brings them together.
	add("both.pdf", func(d *document.Document) {
		other(d)
		d.Identifiers = map[string]string{"doi": "10.1000/nickel", "arxiv": "2002.00001"}
	})
	add("nickel-preprint.pdf", func(d *document.Document) {
		d.Title, d.Authors = "Untitled", nil
		d.Identifiers = map[string]string{"arxiv": "2002.00001"}
	})
	if got, want := together(t, store), "article.pdf=article.xml=preprint.tex both.pdf=nickel-preprint.pdf=nickel.txt"; got != want {
		t.Errorf("works %q, want %q", got, want)
	}
	// What is alike to two works that differ belongs to neither.
	add("copy.txt", nil)
	if got, want := together(t, store), "article.pdf=article.xml=preprint.tex both.pdf=nickel-preprint.pdf=nickel.txt"; got != want {
		t.Errorf("works %q, want %q", got, want)
	}
}

func testFacts(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	pdf, fromPDF := version("iron.pdf", identified("doi", "10.1000/iron"), 1043, 1044)
	pdf.Format = document.PDF
	fromPDF[1].Property = "solid/neel-temperature" // not the same
	fromPDF[1].Identify()
	xml, fromXML := version("iron.xml", identified("doi", "10.1000/iron"), 1043, 1050)
	xml.Format = document.JATS
	text := xml.Blocks[0].Text
	xml.Blocks = append(xml.Blocks, document.Block{Kind: document.Paragraph, Text: text})
	again := *fromXML[0] // the same in another paragraph, less sure
	again.Evidence.Block, again.Confidence = 1, 0.3
	again.Identify()
	celsius := *fromXML[0]
	low, high := 769.85, 769.85
	celsius.Low, celsius.High, celsius.Unit = &low, &high, "°C"
	celsius.Evidence = record.Evidence{Block: 1, Start: 0, End: 4, Text: text[:4]}
	celsius.Approx = true
	celsius.Identify()
	fromXML = append(fromXML, &again, &celsius)
	put(t, store, l, "iron.pdf", pdf, fromPDF)
	put(t, store, l, "iron.xml", xml, fromXML)

	all := collect(t, store.Query(t.Context(), nil, "", 0))
	if !slices.Equal(ids(all), ids([]*record.Record{fromPDF[1], fromXML[0], fromXML[1]})) {
		t.Errorf("facts %s", dump(all))
	}
	for _, r := range all {
		want := 0
		if r.ID == fromXML[0].ID {
			want = 4
		}
		if r.Readings != want {
			t.Errorf("%s was read in %d places, want %d", r.ID, r.Readings, want)
		}
	}
	if got := collect(t, store.Query(t.Context(), &knowledge.Query{Every: true}, "", 0)); len(got) != 6 {
		t.Errorf("%d records of 6", len(got))
	}
	// Whichever is asked about, all readings are found, best first.
	for _, id := range []string{fromXML[0].ID, fromPDF[0].ID, again.ID, celsius.ID} {
		var got []string
		for _, r := range collect(t, store.Readings(t.Context(), id)) {
			got = append(got, r.ID)
		}
		if want := []string{fromXML[0].ID, celsius.ID, fromPDF[0].ID, again.ID}; !slices.Equal(got, want) {
			t.Errorf("readings of %s: %v, want %v", id, got, want)
		}
	}
	if got := collect(t, store.Readings(t.Context(), "none")); len(got) != 0 {
		t.Errorf("readings of nothing: %s", dump(got))
	}
	// A question that only the second best answers is answered by it.
	q := &knowledge.Query{Root: &knowledge.Document{Match: knowledge.Match{Like: true, Pattern: "*.pdf"}}}
	if got := collect(t, store.Query(t.Context(), q, "", 0)); !slices.Equal(ids(got), ids(fromPDF)) {
		t.Errorf("of the PDF: %s", dump(got))
	}
	// When the better document goes, the other stands for the fact again.
	empty := Paper("iron.xml", "Nothing about it.")
	l.Put("iron.xml", &File{Document: empty, Modified: time.Unix(1_800_000_000, 0)})
	fill(t, store, l)
	all = collect(t, store.Query(t.Context(), nil, "", 0))
	if !slices.Equal(ids(all), ids(fromPDF)) || all[0].Readings != 0 || all[1].Readings != 0 {
		t.Errorf("after the XML has gone: %s", dump(all))
	}
	if s := stats(t, store); s.Facts != 2 || s.Records != 2 {
		t.Errorf("after the XML has gone: %+v", s)
	}
}

// testWorksChange reads documents again that then show another work.
func testWorksChange(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	bridge, fromBridge := version("bridge", func(d *document.Document) {
		d.Identifiers = map[string]string{"doi": "10.1000/a", "arxiv": "2001.00001"}
	}, 1043)
	a, fromA := version("a", func(d *document.Document) { d.Title, d.Identifiers = "", map[string]string{"doi": "10.1000/a"} }, 1043)
	b, fromB := version("b", func(d *document.Document) { d.Title, d.Identifiers = "", map[string]string{"arxiv": "2001.00001"} }, 1043)
	put(t, store, l, "a", a, fromA)
	put(t, store, l, "b", b, fromB)
	if s := stats(t, store); s.Works != 2 || s.Facts != 2 {
		t.Errorf("two works: %+v", s)
	}
	put(t, store, l, "bridge", bridge, fromBridge)
	if got := together(t, store); got != "a=b=bridge" {
		t.Errorf("with the bridge: %q", got)
	}
	if s := stats(t, store); s.Works != 1 || s.Facts != 1 || s.Records != 3 {
		t.Errorf("with the bridge: %+v", s)
	}
	// The same bytes, read by a better reader that sees no identifier.
	plain := *bridge
	plain.Identifiers, plain.Title = nil, ""
	l.Put("bridge", &File{Document: &plain, Records: fromBridge})
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{Again: true}); err != nil {
		t.Fatal(err)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := together(t, store); got != "" {
		t.Errorf("without the bridge: %q", got)
	}
	if s := stats(t, store); s.Works != 3 || s.Facts != 3 || s.Records != 3 {
		t.Errorf("without the bridge: %+v", s)
	}
}

func testNotices(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	article, records := version("article.xml", identified("doi", "10.1000/iron"), 1043)
	put(t, store, l, "article.xml", article, records)
	sound, others := version("other.xml", func(d *document.Document) { d.Title, d.Authors = "Something else altogether, by others", nil }, 627)
	put(t, store, l, "other.xml", sound, others)
	if s := stats(t, store); s.Retracted != 0 {
		t.Errorf("nothing is retracted yet: %+v", s)
	}
	notice := Paper("notice.xml", "This article has been retracted.")
	notice.Title, notice.Notice, notice.About = "Retraction", document.Retracted, map[string]string{"doi": "10.1000/IRON"}
	put(t, store, l, "notice.xml", notice, nil)
	if got := together(t, store); got != "article.xml=notice.xml" {
		t.Errorf("works %q", got)
	}
	for _, r := range collect(t, store.Query(t.Context(), nil, "", 0)) {
		if want := map[string]document.Notice{"article.xml": document.Retracted}[r.Name]; r.Notice != want {
			t.Errorf("record of %s: notice %q, want %q", r.Name, r.Notice, want)
		}
	}
	if got := collect(t, store.Query(t.Context(), &knowledge.Query{NoRetracted: true}, "", 0)); !slices.Equal(ids(got), ids(others)) {
		t.Errorf("without retracted works: %s", dump(got))
	}
	for _, info := range collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{Like: "article*"})) {
		if info.WorkNotice != document.Retracted || info.Notice != document.NoNotice {
			t.Errorf("the article itself says nothing, its work does: %s", dump(info))
		}
	}
	if s := stats(t, store); s.Retracted != 2 {
		t.Errorf("the article and the notice belong to a retracted work: %+v", s)
	}
	// The notice was a mistake and is taken away.
	l.Put("notice.xml", &File{Document: Paper("notice.xml", "Nothing."), Modified: time.Unix(1_800_000_000, 0)})
	fill(t, store, l)
	if s := stats(t, store); s.Retracted != 0 || s.Works != 3 {
		t.Errorf("after the notice has gone: %+v", s)
	}
}

func testStateNotices(t *testing.T, store knowledge.Store) {
	l := NewLibrary()
	article, records := version("article.xml", identified("doi", "10.1000/iron"), 1043)
	put(t, store, l, "article.xml", article, records)
	state := func(doi string, notice document.Notice) int {
		t.Helper()
		n, err := store.StateNotices(t.Context(), []knowledge.StatedNotice{{DOI: doi, Notice: notice, Origin: "test", At: time.Unix(1_800_000_000, 0)}})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := state("https://doi.org/10.1000/IRON", document.Retracted) + state("10.1000/later", document.Concern) + state("10.1000/unknown", document.Retracted); n != 1 {
		t.Errorf("%d works are judged differently, want 1", n)
	}
	if s := stats(t, store); s.Retracted != 1 {
		t.Errorf("stats %+v, want one document of a retracted work", s)
	}
	// It holds when the document is read again, and for those read later.
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{Again: true}); err != nil {
		t.Fatal(err)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	later, others := version("later.xml", func(d *document.Document) {
		d.Title, d.Identifiers = "", map[string]string{"doi": "10.1000/later"}
	}, 627)
	put(t, store, l, "later.xml", later, others)
	for _, info := range collect(t, store.Documents(t.Context(), knowledge.DocumentFilter{})) {
		if want := map[string]document.Notice{"article.xml": document.Retracted, "later.xml": document.Concern}[info.Names[0]]; info.WorkNotice != want {
			t.Errorf("%s: notice %q, want %q", info.Names[0], info.WorkNotice, want)
		}
	}
	// The service takes it back.
	if n := state("10.1000/iron", document.NoNotice); n != 1 || stats(t, store).Retracted != 0 {
		t.Errorf("taken back: %d changed, stats %+v", n, stats(t, store))
	}
	if _, err := store.StateNotices(t.Context(), []knowledge.StatedNotice{{DOI: "no"}}); err == nil {
		t.Error("a notice about nothing is taken")
	}
}

// testWorksInAnyOrder checks that documents that identifiers hold together are
// one work in whatever order they come, and that counts agree with records.
func testWorksInAnyOrder(t *testing.T, store knowledge.Store) {
	rng := rand.New(rand.NewPCG(7, 9))
	l := NewLibrary()
	type part struct {
		name    string
		doc     *document.Document
		records []*record.Record
	}
	var parts []part
	want := ""
	for w := range 8 {
		var names []string
		for d := range 4 {
			name := fmt.Sprintf("%d-%d", w, d)
			doc, records := version(name, func(doc *document.Document) {
				// A chain: each has a number in common with the next.
				doc.Title = ""
				doc.Identifiers = [4]map[string]string{
					{"doi": fmt.Sprintf("10.1000/%d", w)},
					{"doi": fmt.Sprintf("10.1000/%d", w), "pmid": fmt.Sprint(1000 + w)},
					{"pmid": fmt.Sprint(1000 + w), "arxiv": fmt.Sprintf("2001.%05d", w)},
					{"arxiv": fmt.Sprintf("2001.%05d", w)},
				}[d]
			}, 1000, float64(1000+rng.IntN(3)+1))
			parts = append(parts, part{name, doc, records})
			names = append(names, name)
		}
		want += " " + strings.Join(names, "=")
	}
	rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	for _, p := range parts {
		put(t, store, l, p.name, p.doc, p.records)
	}
	if got := together(t, store); got != want[1:] {
		t.Errorf("works %q, want %q", got, want[1:])
	}
	before := stats(t, store)
	if facts := len(collect(t, store.Query(t.Context(), nil, "", 0))); before.Facts != facts || before.Works != 8 {
		t.Errorf("%d facts are found, stats say %+v", facts, before)
	}
	if _, err := store.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{Again: true}); err != nil {
		t.Fatal(err)
	}
	if err := store.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	if after := stats(t, store); !reflect.DeepEqual(before, after) {
		t.Errorf("reading again changed %+v to %+v", before, after)
	}
}

// checkFacts checks that got has of matches the best one of every fact of every
// work, where documents with the same DOI are one work.
func (ref *reference) checkFacts(t *testing.T, query string, got, matches []*record.Record) {
	t.Helper()
	key := func(r *record.Record) string {
		work := string(r.Document)
		if doi := ref.docs[r.Document].Identifiers["doi"]; doi != "" {
			work = doi
		}
		return work + "\x00" + knowledge.Fact(r)
	}
	compare := func(a, b *record.Record) int {
		exact := func(r *record.Record) int {
			switch {
			case r.Approx:
				return 2
			case r.Error > 0:
				return 0
			}
			return 1
		}
		return cmp.Or(knowledge.Precedence(ref.docs[a.Document], a)-knowledge.Precedence(ref.docs[b.Document], b), exact(a)-exact(b), cmp.Compare(b.Confidence, a.Confidence))
	}
	best := map[string]*record.Record{}
	for _, r := range matches {
		if b := best[key(r)]; b == nil || compare(r, b) < 0 {
			best[key(r)] = r
		}
	}
	for _, r := range got {
		b := best[key(r)]
		switch {
		case b == nil:
			t.Errorf("%s: a record too many: %s", query, dump(r))
		case compare(r, b) > 0:
			t.Errorf("%s: %s stands for a fact that %s states better", query, dump(r), dump(b))
		}
		delete(best, key(r))
	}
	if len(best) > 0 {
		t.Errorf("%s: %d facts are missing", query, len(best))
	}
}
