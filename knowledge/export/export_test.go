package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/alkahest/alkahest/knowledge/export"
	"github.com/alkahest/alkahest/record"
)

func pointer(x float64) *float64 { return &x }

var records = []*record.Record{
	{
		ID: "00ff", Document: "sha256:1", Name: "논문, 1.pdf", Property: "solid/band-gap", Text: "-1.5 eV", Low: pointer(-1.5), High: pointer(-1.5), Error: .25, Unit: "eV",
		Subject:    record.Subject{Text: `=HYPERLINK("x")`, Kind: record.Composition, Formula: "SiC", Elements: []string{"C", "Si"}},
		Conditions: []record.Condition{{Name: "temperature", Text: "300 K", Low: pointer(300), High: pointer(300), Unit: "K"}, {Name: "method", Text: "PL"}},
		Evidence:   record.Evidence{Block: 3, Page: 2, Start: 7, End: 14, Text: "-1.5 eV", Sentence: "line one\nline \"two\""}, Confidence: .5, Reasons: []string{"a", "b"},
	},
	{ID: "01", Document: "sha256:2", Name: "b.txt", Property: "solid/hardness", Text: "-12", High: pointer(12), Unit: "GPa", Subject: record.Subject{Text: "@x", Kind: record.Named}},
}

func all() iter.Seq2[*record.Record, error] {
	return func(yield func(*record.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := export.Write(&out, export.CSV, all()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	get := func(row int, column string) string { return rows[row][slices.Index(rows[0], column)] }
	for _, test := range []struct {
		row          int
		column, want string
	}{
		{1, "subject", `'=HYPERLINK("x")`},
		{1, "text", "'-1.5 eV"}, // not a number, so it could be a formula
		{2, "text", "-12"},
		{2, "subject", "'@x"},
		{1, "low", "-1.5"},
		{2, "low", ""},
		{2, "high", "12"},
		{1, "error", "0.25"},
		{1, "elements", "C Si"},
		{1, "conditions", "temperature = 300 K; method = PL"},
		{1, "document_name", "논문, 1.pdf"},
		{1, "sentence", "line one\nline \"two\""},
		{1, "page", "2"},
	} {
		if got := get(test.row, test.column); got != test.want {
			t.Errorf("row %d, %s: %q, want %q", test.row, test.column, got, test.want)
		}
	}
}

func TestJSONL(t *testing.T) {
	var out bytes.Buffer
	if err := export.Write(&out, export.JSONL, all()); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(records) {
		t.Fatalf("%d lines, want %d", len(lines), len(records))
	}
	for i, line := range lines {
		var r record.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(&r, records[i]) {
			t.Errorf("line %d came back as %+v, want %+v", i+1, r, records[i])
		}
	}
}

func TestParquet(t *testing.T) {
	var out bytes.Buffer
	if err := export.Write(&out, export.Parquet, all()); err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID         string   `parquet:"id"`
		Subject    string   `parquet:"subject"`
		Formula    *string  `parquet:"formula,optional"`
		Elements   []string `parquet:"elements,list"`
		Low        *float64 `parquet:"low,optional"`
		High       *float64 `parquet:"high,optional"`
		Conditions []struct {
			Name string   `parquet:"name"`
			Low  *float64 `parquet:"low,optional"`
		} `parquet:"conditions,list"`
		Page int32 `parquet:"page"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(rows) != len(records) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	first, second := rows[0], rows[1]
	if first.ID != "00ff" || first.Subject != `=HYPERLINK("x")` || first.Formula == nil || *first.Formula != "SiC" || !slices.Equal(first.Elements, []string{"C", "Si"}) ||
		*first.Low != -1.5 || len(first.Conditions) != 2 || first.Conditions[0].Name != "temperature" || *first.Conditions[0].Low != 300 || first.Conditions[1].Low != nil || first.Page != 2 {
		t.Errorf("first row %+v", first)
	}
	if second.Formula != nil || second.Low != nil || *second.High != 12 || len(second.Conditions) != 0 {
		t.Errorf("second row %+v", second)
	}
}

// failingWriter takes n bytes.
type failingWriter struct{ n int }

var errDisk = errors.New("disk full")

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestErrors(t *testing.T) {
	cause := errors.New("store failed")
	broken := func(yield func(*record.Record, error) bool) { _ = yield(records[0], nil) && yield(nil, cause) }
	for _, format := range export.Formats() {
		if err := export.Write(new(bytes.Buffer), format, broken); !errors.Is(err, cause) {
			t.Errorf("%s: %v, want the error of the records", format, err)
		}
		if err := export.Write(&failingWriter{10}, format, all()); !errors.Is(err, errDisk) {
			t.Errorf("%s: %v, want the error of the writer", format, err)
		}
	}
	if err := export.Write(new(bytes.Buffer), "xls", all()); err == nil || !strings.Contains(err.Error(), "xls") {
		t.Errorf("unknown format: %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	const n = 10_000
	many := func(yield func(*record.Record, error) bool) {
		for i := range n {
			r := *records[i%2]
			r.ID = fmt.Sprintf("%016x", i)
			if !yield(&r, nil) {
				return
			}
		}
	}
	for _, format := range export.Formats() {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var size failingWriter
				size.n = 1 << 40
				if err := export.Write(&size, format, many); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(1<<40 - int64(size.n))
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
