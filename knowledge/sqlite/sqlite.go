// Package sqlite keeps the knowledge of one machine in one directory, in an
// embedded SQLite database that needs no C compiler and no server. Copying the
// directory while no process reads into it is a backup.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/alkahest/alkahest/knowledge"
)

// FileName is the name of the database inside its directory. SQLite keeps two
// more files beside it while the database is open.
const FileName = "alkahest.sqlite"

const lockName = "alkahest.lock"

//go:embed migrations/*.sql
var migrations embed.FS

// DB is an open database. It may be used by several goroutines. Several
// processes may have the same directory open; one of them at a time may read
// documents into it.
type DB struct {
	dir    string
	write  *sql.DB // one connection: SQLite has one writer, and waiting here is fair
	read   *sql.DB // sees the last commit while a write is in progress
	logger *slog.Logger

	mu   sync.Mutex
	lock *os.File // held from the first Enqueue or Work until Close
}

var _ knowledge.Store = (*DB)(nil)

// Open opens the database in directory dir, creating both as needed, and
// brings its schema, and what is derived from its documents, up to date: the
// first time after a change of the schema this takes some milliseconds for each
// document. It reports an error that wraps
// knowledge.ErrNewer when a newer version of the program wrote the database.
func Open(ctx context.Context, dir string) (*DB, error) {
	db := &DB{dir: dir, logger: slog.New(slog.DiscardHandler)}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("database directory: %w", err)
	}
	path := filepath.Join(dir, FileName)
	// Writers begin with the write lock, so that no transaction finds at its
	// end that another process wrote in between. Every commit is on the disk
	// before it is reported: synchronous(FULL) is what the WAL needs for that.
	var err error
	db.write, err = sql.Open("sqlite", dsn(path, "_txlock=immediate", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)",
		"_pragma=busy_timeout(30000)", "_pragma=foreign_keys(1)", "_pragma=cache_size(-32768)", "_pragma=temp_store(MEMORY)",
		"_pragma=wal_autocheckpoint(4096)")) // pages: a page written often goes to its place once
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	db.write.SetMaxOpenConns(1)
	db.read, err = sql.Open("sqlite", dsn(path, "_pragma=query_only(1)", "_pragma=busy_timeout(30000)", "_pragma=cache_size(-16384)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.write.Close())
	}
	db.read.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return db, nil
}

func dsn(path string, options ...string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	for i, o := range options {
		if i > 0 {
			u.RawQuery += "&"
		}
		u.RawQuery += o
	}
	return u.String()
}

// Dir returns the directory given to Open.
func (db *DB) Dir() string { return db.dir }

// Close waits for calls in progress and closes the database.
func (db *DB) Close() error {
	err := errors.Join(db.read.Close(), db.write.Close())
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.lock != nil {
		err = errors.Join(err, db.lock.Close()) // which releases the lock
		db.lock = nil
	}
	return err
}

// riverVersion is the last migration of the job tables that the driver has.
const riverVersion = 8

func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	latest := int64(len(names)) // they are numbered from 1 without gaps, which a test checks
	version, err := db.version(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`, "goose_db_version")
	if err != nil {
		return err
	}
	jobs, err := db.version(ctx, `SELECT coalesce(max(version), 0) FROM river_migration WHERE line = 'main'`, "river_migration")
	if err != nil {
		return err
	}
	switch {
	case version > latest || jobs > riverVersion:
		return fmt.Errorf("schema %d, jobs %d; this version knows schema %d, jobs %d: %w", version, jobs, latest, riverVersion, knowledge.ErrNewer)
	case version == latest && jobs == riverVersion:
		return db.tell(ctx)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	migrator, err := rivermigrate.New(riversqlite.New(db.write), &rivermigrate.Config{Logger: db.logger})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("schema of jobs: %w", err)
	}
	return db.tell(ctx)
}

// version returns what query yields, or 0 when the table does not exist.
func (db *DB) version(ctx context.Context, query, table string) (int64, error) {
	var n int64
	if err := db.write.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1`, table).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	err := db.write.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}

// transact runs do in one transaction of the writing connection.
func (db *DB) transact(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// ignoreDone drops the report that a transaction has ended already, which is
// what a rollback after a failure of the disk finds.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
