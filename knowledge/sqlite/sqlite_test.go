package sqlite_test

import (
	"testing"

	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/sqlite"
	"github.com/alkahest/alkahest/knowledge/storetest"
)

func open(t testing.TB, dir string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) knowledge.Store { return open(t, t.TempDir()) })
}
