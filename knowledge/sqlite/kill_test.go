package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/sqlite"
	"github.com/alkahest/alkahest/knowledge/storetest"
	"github.com/alkahest/alkahest/record"
)

// killDir names the variable that makes the test program read into a database
// instead of testing. When endsOn is set as well, reading the document of that
// name ends the program, as one does that takes all memory.
const (
	killDir = "ALKAHEST_TEST_READ_INTO"
	endsOn  = "ALKAHEST_TEST_ENDS_ON"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		if err := readUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const killDocuments = 1000

func killSources() iter.Seq2[*knowledge.Source, error] {
	return func(yield func(*knowledge.Source, error) bool) {
		for i := range killDocuments {
			if !yield(&knowledge.Source{Name: fmt.Sprintf("paper-%04d.txt", i), Size: 1000, Modified: time.Unix(1_700_000_000, 0)}, nil) {
				return
			}
		}
	}
}

// killRead returns a document and three records that depend on the name alone.
// Four documents each are one work.
func killRead(_ context.Context, s knowledge.Source) (*document.Document, []*record.Record, error) {
	if os.Getenv(killDir) != "" {
		time.Sleep(3 * time.Millisecond) // as if there were something to understand
	}
	if bad := os.Getenv(endsOn); bad != "" {
		if s.Name == bad {
			os.Exit(3)
		}
		if s.Name == "paper-0032.txt" {
			time.Sleep(300 * time.Millisecond) // likely in progress when another ends the program
		}
	}
	doc := storetest.Paper(s.Name, s.Name, "Fe: 1043 K, 1044 K, 1045 K")
	doc.Identifiers = map[string]string{"doi": killWork(s.Name)}
	var records []*record.Record
	for i := range 3 {
		v := 1043 + float64(i)
		records = append(records, storetest.Fact(doc, 1, storetest.Composition("Fe", "Fe"), "solid/curie-temperature", fmt.Sprintf("%g K", v), v, v, "K"))
	}
	return doc, records, nil
}

// killWork returns the DOI of a document's work. Its documents are not read one
// after the other.
func killWork(name string) string {
	var n int
	fmt.Sscanf(name, "paper-%d.txt", &n)
	return fmt.Sprintf("10.1000/%d", n%(killDocuments/4))
}

// readUntilKilled says "begun" once the database is open and "stored" after
// the first document.
func readUntilKilled(dir string) error {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Println("begun")
	if _, err := db.Enqueue(ctx, killSources(), knowledge.EnqueueOptions{}); err != nil {
		return err
	}
	if err := db.Work(ctx, killRead, knowledge.WorkOptions{Workers: 3, Progress: func(e knowledge.Event) {
		if e.Done == 1 {
			fmt.Println("stored")
		}
	}}); err != nil {
		return err
	}
	return db.Close()
}

func TestKilled(t *testing.T) {
	kills := 10
	if testing.Short() {
		kills = 3
	}
	rng := rand.New(rand.NewPCG(20, 26))
	dir := filepath.Join(t.TempDir(), "db")
	killed := 0
	for i := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Some are killed while they note what to read, or before that.
		wait := "stored"
		if i%4 == 1 {
			wait = "begun"
		}
		for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != wait; {
		}
		time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond)
		if err := cmd.Process.Kill(); err == nil {
			killed++
		}
		cmd.Wait() // says that it was killed
		check(t, dir, false)
	}
	if killed != kills {
		t.Errorf("%d of %d processes were still there to be killed", killed, kills)
	}
	db := open(t, dir)
	before, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("after %d kills: %d documents read, %d waiting", kills, before.Documents, before.Pending)
	if before.Pending == 0 {
		t.Error("everything was read before the last kill: the test tests nothing")
	}
	if _, err := db.Enqueue(t.Context(), killSources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Work(t.Context(), killRead, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	check(t, dir, true)
}

// check compares the database with what was to be read: what is there is there
// once and whole, and when complete is set nothing is missing.
func check(t *testing.T, dir string, complete bool) {
	t.Helper()
	db := open(t, dir)
	defer db.Close()
	want := map[string][]string{}
	for s := range killSources() {
		_, records, _ := killRead(t.Context(), *s)
		for _, r := range records {
			want[s.Name] = append(want[s.Name], r.ID)
		}
		slices.Sort(want[s.Name])
	}
	got := map[string][]string{}
	for r, err := range db.Query(t.Context(), &knowledge.Query{Every: true}, knowledge.ByDocument, 0) {
		if err != nil {
			t.Fatal(err)
		}
		got[r.Name] = append(got[r.Name], r.ID)
	}
	documents, works := 0, map[string]document.ID{}
	for info, err := range db.Documents(t.Context(), knowledge.DocumentFilter{Status: knowledge.Read}) {
		if err != nil {
			t.Fatal(err)
		}
		documents++
		name := info.Names[0]
		if work := works[killWork(name)]; work != "" && work != info.Work {
			t.Fatalf("%s: its work is %s, that of others with its DOI is %s", name, info.Work, work)
		}
		works[killWork(name)] = info.Work
		slices.Sort(got[name])
		if len(info.Names) != 1 || info.Blocks != 2 || !slices.Equal(got[name], want[name]) {
			t.Fatalf("%s: names %v, %d blocks, records %v, want %v", name, info.Names, info.Blocks, got[name], want[name])
		}
		delete(got, name)
	}
	if len(got) != 0 {
		t.Fatalf("records without a document: %v", got)
	}
	s, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	facts := 0
	for r, err := range db.Query(t.Context(), nil, "", 0) {
		if err != nil || r.Readings > 4 {
			t.Fatal(r, err)
		}
		facts++
	}
	if s.Failed != 0 || s.Documents != documents || s.Records != 3*documents || s.Works != len(works) || s.Facts != 3*len(works) || facts != s.Facts {
		t.Fatalf("stats %+v for %d documents of %d works with %d facts", s, documents, len(works), facts)
	}
	if complete && (documents != killDocuments || s.Pending != 0) {
		t.Fatalf("%d documents and %d waiting, want %d and 0", documents, s.Pending, killDocuments)
	}
}

// TestEndsTheProgram reads a document that ends the program each time. All
// others must be read in spite of it, and it must be given up in the end.
func TestEndsTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a thousand documents in programs of its own; not with -short")
	}
	const bad = "paper-0002.txt"
	dir := filepath.Join(t.TempDir(), "db")
	deaths := 0
	for ; deaths < 10; deaths++ {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killDir+"="+dir, endsOn+"="+bad)
		cmd.Stderr = os.Stderr
		err := cmd.Run()
		if err == nil {
			break
		}
		if cmd.ProcessState.ExitCode() != 3 {
			t.Fatal(err)
		}
		db := open(t, dir)
		s, err := db.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// What was in progress beside it, a chunk in each of three workers,
		// may fall with it; nothing else waits behind it.
		if deaths == 1 && s.Documents < killDocuments-2*3*16 {
			t.Errorf("after it ended the program twice, only %d documents are read", s.Documents)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if deaths != 4 {
		t.Errorf("it ended the program %d times, want 4", deaths)
	}
	db := open(t, dir)
	defer db.Close()
	failed := 0
	for info, err := range db.Documents(t.Context(), knowledge.DocumentFilter{Status: knowledge.Failed}) {
		if err != nil || info.Names[0] != bad || info.Reason != "reading it ended the program 4 times" {
			t.Errorf("failed: %+v, %v", info, err)
		}
		failed++
	}
	if s, err := db.Stats(t.Context()); err != nil || failed != 1 || s.Documents != killDocuments-1 {
		t.Errorf("%+v, %v, want all documents but one", s, err)
	}
}
