package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/storetest"
	"github.com/alkahest/alkahest/record"
)

func library(n int) *storetest.Library {
	l := storetest.NewLibrary()
	for i := range n {
		name := fmt.Sprintf("%04d.txt", i)
		doc := storetest.Paper(name, name, strings.Repeat("Nothing to see. ", 200)+"Fe: 1043 K")
		doc.Identifiers = map[string]string{"doi": "10.1000/" + name}
		l.Put(name, &storetest.File{Document: doc, Records: []*record.Record{
			storetest.Fact(doc, 1, storetest.Composition("Fe", "Fe"), "solid/curie-temperature", "1043 K", 1043, 1043, "K")}})
	}
	return l
}

// checkIntegrity checks the file itself, the text index, and that every record,
// condition and block belongs to a document.
func checkIntegrity(t *testing.T, db *DB) {
	t.Helper()
	for _, pragma := range []string{"integrity_check", "foreign_key_check"} {
		rows, err := db.write.QueryContext(t.Context(), "PRAGMA "+pragma)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			columns, _ := rows.Columns()
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			if s, _ := (*values[0].(*any)).(string); s != "ok" {
				t.Errorf("%s: %v", pragma, *values[0].(*any))
			}
		}
		rows.Close()
	}
	if _, err := db.write.ExecContext(t.Context(), `INSERT INTO blocks_text (blocks_text, rank) VALUES ('integrity-check', 1)`); err != nil {
		t.Errorf("text index: %v", err)
	}
	var strays, sum, counted int
	if err := db.write.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM blocks WHERE id >> 20 NOT IN (SELECT id FROM documents)),
		(SELECT count(*) FROM records), (SELECT coalesce(sum(records), 0) FROM property_counts)`).Scan(&strays, &sum, &counted); err != nil {
		t.Fatal(err)
	}
	if strays != 0 || sum != counted {
		t.Errorf("%d blocks without a document; %d records, of which %d are counted", strays, sum, counted)
	}
	var leading, facts, lost, keys int
	if err := db.write.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM records WHERE place = 0), (SELECT coalesce(sum(facts), 0) FROM property_counts),
		(SELECT count(*) FROM documents WHERE work NOT IN (SELECT id FROM documents WHERE work = id)),
		(SELECT count(*) FROM work_keys WHERE work NOT IN (SELECT work FROM documents))`).Scan(&leading, &facts, &lost, &keys); err != nil {
		t.Fatal(err)
	}
	if leading != facts || lost != 0 || keys != 0 {
		t.Errorf("%d facts, of which %d are counted; %d documents without a work; %d keys of works that are gone", leading, facts, lost, keys)
	}
}

func TestDiskFull(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l := library(400)
	if _, err := db.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := db.write.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := db.write.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages + 150)
	err = db.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2})
	if err == nil || !strings.Contains(err.Error(), "full") || !strings.Contains(err.Error(), db.dir) {
		t.Fatalf("Work on a full disk: %v, want an error that names the directory and says that it is full", err)
	}
	s, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Documents == 0 || s.Pending == 0 || s.Documents+s.Pending != 400 || s.Records != s.Documents || s.Failed != 0 {
		t.Errorf("on the full disk: %+v, want some whole documents and the rest waiting", s)
	}
	checkIntegrity(t, db)
	limit(1 << 30)
	if err := db.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	if s, err = db.Stats(t.Context()); err != nil || s.Documents != 400 || s.Records != 400 || s.Pending != 0 || s.Failed != 0 {
		t.Errorf("with room again: %+v, %v, want 400 documents", s, err)
	}
	checkIntegrity(t, db)
}

// TestStoreFailsAnywhere lets the nth statement of a transaction fail, for
// many n, and checks that nothing half-written is left.
func TestStoreFailsAnywhere(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l := library(10)
	if _, err := db.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"documents", "blocks", "records", "property_counts", "work_keys"} {
		if _, err := db.write.ExecContext(t.Context(), `CREATE TRIGGER fault BEFORE INSERT ON `+table+` BEGIN SELECT RAISE(ABORT, 'injected'); END`); err != nil {
			t.Fatal(err)
		}
		if err := db.Work(t.Context(), l.Read, knowledge.WorkOptions{Workers: 2}); err == nil || !strings.Contains(err.Error(), "injected") {
			t.Errorf("%s: Work returned %v, want the injected failure", table, err)
		}
		if _, err := db.write.ExecContext(t.Context(), `DROP TRIGGER fault`); err != nil {
			t.Fatal(err)
		}
		s, err := db.Stats(t.Context())
		if err != nil || s.Documents != 0 || s.Records != 0 || s.Blocks != 0 || s.Failed != 0 || s.Pending != 10 {
			t.Errorf("%s: %+v, %v, want nothing stored and 10 waiting", table, s, err)
		}
		checkIntegrity(t, db)
	}
	if err := db.Work(t.Context(), l.Read, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	if s, err := db.Stats(t.Context()); err != nil || s.Documents != 10 {
		t.Errorf("%+v, %v, want 10 documents", s, err)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatalf("a second process may look: %v", err)
	}
	defer second.Close()
	l := library(3)
	if _, err := first.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err = second.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{})
	if !errors.Is(err, knowledge.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second reader: %v, want ErrLocked with the process number", err)
	}
	if err := first.Work(t.Context(), l.Read, knowledge.WorkOptions{}); err != nil {
		t.Fatal(err)
	}
	if s, err := second.Stats(t.Context()); err != nil || s.Documents != 3 {
		t.Errorf("what the second sees: %+v, %v", s, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Enqueue(t.Context(), l.Sources(), knowledge.EnqueueOptions{}); err != nil {
		t.Errorf("after the first has closed: %v", err)
	}
}

func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir); !errors.Is(err, knowledge.ErrNewer) || !strings.Contains(err.Error(), "schema 99") {
		t.Errorf("Open: %v, want ErrNewer and the version", err)
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file instead of a directory: %v, want an error with its name", err)
	}
	broken := filepath.Join(dir, "broken")
	if err := os.Mkdir(broken, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, FileName), []byte(strings.Repeat("not a database ", 1000)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), broken); err == nil || !strings.Contains(err.Error(), filepath.Join(broken, FileName)) {
		t.Errorf("a broken file: %v, want an error with its name", err)
	}
	odd := filepath.Join(dir, "100% odd?name#한글 &x=1")
	db, err := Open(t.Context(), odd)
	if err != nil {
		t.Fatalf("a directory with an odd name: %v", err)
	}
	defer db.Close()
	if _, err := os.Stat(filepath.Join(odd, FileName)); err != nil {
		t.Errorf("the database is not where it should be: %v", err)
	}
}

// TestMigrations checks what migrate relies on: the numbering of the files and
// the last version of the job tables.
func TestMigrations(t *testing.T) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for i, f := range files {
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(f, want) {
			t.Errorf("%s does not begin with %s", f, want)
		}
	}
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	jobs, err := db.version(t.Context(), `SELECT max(version) FROM river_migration WHERE line = 'main'`, "river_migration")
	if err != nil || jobs != riverVersion {
		t.Errorf("job tables are at version %d, %v; riverVersion is %d", jobs, err, riverVersion)
	}
}
