package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/knowledge/storetest"
	"github.com/alkahest/alkahest/record"
)

// benchmarkRecords draws the records of one document: a hundred properties,
// values spread over three decades, subjects of two to five elements.
func benchmarkRecords(rng *rand.Rand, doc *document.Document, n int) []*record.Record {
	symbols := []string{"H", "Li", "C", "N", "O", "F", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "K", "Ti", "V", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Zr", "La", "W", "Pb"}
	records := make([]*record.Record, n)
	for i := range records {
		var elements []string
		formula := ""
		for _, k := range rng.Perm(len(symbols))[:2+rng.IntN(4)] {
			elements = append(elements, symbols[k])
			formula += symbols[k]
		}
		v := rng.Float64() * 1000
		r := storetest.Fact(doc, 0, storetest.Composition(formula, elements...), fmt.Sprintf("battery/property-%02d", rng.IntN(100)), "5 mA h g^-1", v, v, "mA h g^-1")
		r.ID = fmt.Sprintf("%016x", rng.Uint64())
		r.Confidence = rng.Float64()
		records[i] = r
	}
	return records
}

func fillBenchmark(b *testing.B, db *DB, n int) {
	b.Helper()
	const perDocument = 1000
	rng := rand.New(rand.NewPCG(3, 4))
	ctx := context.Background()
	for d := 0; d < n/perDocument; d += 20 {
		if err := db.transact(ctx, func(tx *sql.Tx) error {
			s := newSaver(ctx, tx)
			for k := d; k < min(d+20, n/perDocument); k++ {
				doc := storetest.Paper(fmt.Sprintf("%d.txt", k), fmt.Sprintf("%d: 5 mA h g^-1", k))
				if _, _, err := s.document(doc, benchmarkRecords(rng, doc, perDocument), 1, "", time.Unix(0, 0)); err != nil {
					return err
				}
			}
			return s.finish()
		}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInsert(b *testing.B) {
	db, err := Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		doc := storetest.Paper("x", fmt.Sprintf("%d: 5 mA h g^-1", n))
		records := benchmarkRecords(rng, doc, 1000)
		n++
		b.StartTimer()
		if err := db.transact(b.Context(), func(tx *sql.Tx) error {
			s := newSaver(b.Context(), tx)
			if _, _, err := s.document(doc, records, 1, "", time.Unix(0, 0)); err != nil {
				return err
			}
			return s.finish()
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkQuery(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		db, err := Open(b.Context(), b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		fillBenchmark(b, db, n)
		if _, err := db.write.ExecContext(b.Context(), `PRAGMA optimize`); err != nil {
			b.Fatal(err)
		}
		s, err := db.Stats(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for _, q := range []struct{ name, text string }{
			{"range", "battery/property-42 > 900 mAh/g"},
			{"range+elements", "battery/property-42 > 500 mAh/g and subject has Na and Fe"},
			{"below+elements", "battery/property-42 < 500 mAh/g and subject has Na and Fe"},
			{"join", "battery/property-42 > 900 mAh/g and battery/property-43 < 100 mAh/g"},
		} {
			query, err := knowledge.ParseQuery(q.text, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%d", q.name, n), func(b *testing.B) {
				b.ReportAllocs()
				rows := 0
				for b.Loop() {
					rows = 0
					for _, err := range db.Query(b.Context(), query, knowledge.ByConfidence, 100) {
						if err != nil {
							b.Fatal(err)
						}
						rows++
					}
				}
				b.ReportMetric(float64(rows), "rows")
				b.ReportMetric(float64(s.Bytes)/float64(n), "bytes/record")
			})
		}
	}
}

// BenchmarkWork reads documents of ten paragraphs and ten records, all of it:
// job, transaction, text index.
func BenchmarkWork(b *testing.B) {
	const documents = 1000
	library := storetest.NewLibrary()
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range documents {
		name := fmt.Sprintf("%04d.txt", i)
		paragraphs := []string{name + ": 5 mA h g^-1"}
		for range 10 {
			paragraphs = append(paragraphs, "The discharge capacity of the cathode was measured at room temperature between 2.0 and 4.2 V and compared with that of the pristine sample.")
		}
		doc := storetest.Paper(name, paragraphs...)
		library.Put(name, &storetest.File{Document: doc, Records: benchmarkRecords(rng, doc, 10)})
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		db, err := Open(b.Context(), b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, err := db.Enqueue(b.Context(), library.Sources(), knowledge.EnqueueOptions{}); err != nil {
			b.Fatal(err)
		}
		if err := db.Work(b.Context(), library.Read, knowledge.WorkOptions{}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(documents*float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		db, err := Open(b.Context(), dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
