package sqlite

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/storetest"
	"github.com/alkahest/alkahest/record"
)

// versions returns n documents of which each has a title of its own and three
// have the same DOI, with records that partly say the same.
func versions(n int) *storetest.Library {
	l := storetest.NewLibrary()
	rng := rand.New(rand.NewPCG(11, 12))
	for i := range n {
		name := fmt.Sprintf("%05d.txt", i)
		doc := storetest.Paper(name, name+": 5 mA h g^-1")
		doc.Title, doc.Authors = fmt.Sprintf("Paper number %d of a long series on cathodes", i), []string{"A. Author"}
		doc.Identifiers = map[string]string{"doi": fmt.Sprintf("10.1000/%d", i/3)}
		var records []*record.Record
		for j := range 10 {
			v := float64(rng.IntN(20))
			r := storetest.Fact(doc, 0, storetest.Composition("LiFePO4", "Li", "O", "P", "Fe"), fmt.Sprintf("battery/property-%02d", j), "5 mA h g^-1", v, v, "mA h g^-1")
			records = append(records, r)
		}
		l.Put(name, &storetest.File{Document: doc, Records: records})
	}
	return l
}

func read(t testing.TB, db *DB, l *storetest.Library, options knowledge.EnqueueOptions) {
	t.Helper()
	if _, err := db.Enqueue(t.Context(), l.Sources(), options); err != nil {
		t.Fatal(err)
	}
	if err := db.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2}); err != nil {
		t.Fatal(err)
	}
}

// TestOldDatabase opens a database with the schema from before there were
// works: what it shows then is what it would show had it been read now.
func TestOldDatabase(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	read(t, db, versions(200), knowledge.EnqueueOptions{})
	state := func() (stats knowledge.Stats, places []string) {
		s, err := db.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		stats = *s
		stats.Bytes = 0
		for r, err := range db.Query(t.Context(), nil, knowledge.ByDocument, 0) {
			if err != nil {
				t.Fatal(err)
			}
			places = append(places, fmt.Sprint(r.Name, r.ID, r.Readings))
		}
		slices.Sort(places)
		return stats, places
	}
	stats, places := state()
	if stats.Works != 67 || stats.Facts >= stats.Records {
		t.Fatalf("stats %+v", stats)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	gotStats, gotPlaces := state()
	if !reflect.DeepEqual(gotStats, stats) {
		t.Errorf("after the change of schema %+v, before %+v", gotStats, stats)
	}
	if !slices.Equal(gotPlaces, places) {
		t.Error("after the change of schema other records stand for facts")
	}
	checkIntegrity(t, db)
}

// TestManyAlike reads documents that all claim to be the same work, as when the
// number of the journal is taken for that of the paper: they are bounded.
func TestManyAlike(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l := storetest.NewLibrary()
	for i := range 100 {
		name := fmt.Sprintf("%03d.txt", i)
		doc := storetest.Paper(name, name+": 5 K")
		doc.Identifiers = map[string]string{"doi": "10.1000/journal"}
		l.Put(name, &storetest.File{Document: doc, Records: []*record.Record{storetest.Fact(doc, 0, storetest.Composition("Fe", "Fe"), "solid/curie-temperature", "5 K", 5, 5, "K")}})
	}
	read(t, db, l, knowledge.EnqueueOptions{})
	s, err := db.Stats(t.Context())
	if err != nil || s.Works != 100/maxDocuments+1 || s.Facts != s.Works || s.Records != 100 {
		t.Errorf("stats %+v, %v, want works of at most %d documents", s, err, maxDocuments)
	}
	read(t, db, l, knowledge.EnqueueOptions{Again: true})
	checkIntegrity(t, db)
}

// TestAlikeText reads versions of a text that have nothing else in common.
func TestAlikeText(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("alpha battery cathode density electrolyte film garnet hydride interface junction kinetics lattice membrane nickel oxide phase")
	l := storetest.NewLibrary()
	for i := range 6 {
		var paragraphs []string
		for range 40 {
			var p strings.Builder
			for range 30 {
				p.WriteString(words[rng.IntN(len(words))] + " ")
			}
			paragraphs = append(paragraphs, p.String())
		}
		for _, version := range []string{"preprint", "article"} {
			name := fmt.Sprintf("%d-%s.txt", i, version)
			l.Put(name, &storetest.File{Document: storetest.Paper(name, append([]string{"Version " + version}, paragraphs...)...)})
		}
	}
	read(t, db, l, knowledge.EnqueueOptions{})
	works := map[document.ID]int{}
	for info, err := range db.Documents(t.Context(), knowledge.DocumentFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if works[info.Work]++; works[info.Work] == 2 && !strings.HasPrefix(info.Joined, "same text") {
			t.Errorf("%s belongs to its work because of %q", info.Names[0], info.Joined)
		}
	}
	if len(works) != 6 {
		t.Errorf("%d works, want 6", len(works))
	}
}

// BenchmarkWorks reads documents of works of three, into a database that has
// many already: the time of one must not grow with their number.
func BenchmarkWorks(b *testing.B) {
	const documents = 500
	for _, before := range []int{0, 5_000, 10_000} {
		b.Run(fmt.Sprint(before), func(b *testing.B) {
			all := versions(before + documents)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				db, err := Open(b.Context(), b.TempDir())
				if err != nil {
					b.Fatal(err)
				}
				old := versions(before)
				read(b, db, old, knowledge.EnqueueOptions{})
				if _, err := db.Enqueue(b.Context(), all.Sources(), knowledge.EnqueueOptions{}); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := db.Work(b.Context(), all.Read, knowledge.WorkOptions{}); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(documents*float64(b.N)/b.Elapsed().Seconds(), "documents/s")
		})
	}
}
