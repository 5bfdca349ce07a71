// Package export writes records in forms that other programs read. All
// writers stream: memory does not grow with the number of records.
package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/alkahest/alkahest/record"
)

// Format names a form of output.
type Format string

// The formats.
const (
	CSV     Format = "csv"     // UTF-8 with a header, one row a record
	JSONL   Format = "jsonl"   // one JSON object a line, as package record defines it
	Parquet Format = "parquet" // Apache Parquet, Snappy-compressed, one row a record
)

// Formats lists all formats.
func Formats() []Format { return []Format{CSV, JSONL, Parquet} }

// Write writes records to w in the given format. It stops at the first error,
// of records or of w.
func Write(w io.Writer, format Format, records iter.Seq2[*record.Record, error]) error {
	switch format {
	case CSV:
		return writeCSV(w, records)
	case JSONL:
		return writeJSONL(w, records)
	case Parquet:
		return writeParquet(w, records)
	}
	return fmt.Errorf("unknown export format %q; known are %v", format, Formats())
}

// columns are the columns of CSV, in order. Once published they are only added
// to, at the end.
var columns = []string{
	"id", "subject", "formula", "name", "kind", "elements",
	"property", "low", "high", "error", "unit", "approximate", "text",
	"conditions", "confidence", "reasons",
	"document", "document_name", "block", "page", "start", "end", "evidence", "sentence",
	"readings", "notice", "smiles",
}

func writeCSV(w io.Writer, records iter.Seq2[*record.Record, error]) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	row := make([]string, 0, len(columns))
	for r, err := range records {
		if err != nil {
			return err
		}
		row = append(row[:0],
			r.ID, Cell(r.Subject.Text), Cell(r.Subject.Formula), Cell(r.Subject.Name), string(r.Subject.Kind), strings.Join(r.Subject.Elements, " "),
			r.Property, optional(r.Low), optional(r.High), nonzero(r.Error), Cell(r.Unit), strconv.FormatBool(r.Approx), Cell(r.Text),
			Cell(conditions(r.Conditions)), number(r.Confidence), Cell(strings.Join(r.Reasons, "; ")),
			string(r.Document), Cell(r.Name), strconv.Itoa(r.Evidence.Block), strconv.Itoa(r.Evidence.Page),
			strconv.Itoa(r.Evidence.Start), strconv.Itoa(r.Evidence.End), Cell(r.Evidence.Text), Cell(r.Evidence.Sentence),
			strconv.Itoa(max(1, r.Readings)), string(r.Notice), Cell(r.Subject.SMILES))
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Cell keeps a spreadsheet from running text as a formula: text that begins
// like one gets an apostrophe in front, unless it is a plain number. See OWASP,
// "CSV Injection".
func Cell(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x)
}

func nonzero(x float64) string {
	if x == 0 {
		return ""
	}
	return number(x)
}

// conditions writes conditions on one line: "temperature = 25 °C; cycle = 100".
func conditions(cs []record.Condition) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.Name + " = " + c.Text
	}
	return strings.Join(parts, "; ")
}

func writeJSONL(w io.Writer, records iter.Seq2[*record.Record, error]) error {
	buffered := bufio.NewWriterSize(w, 64<<10)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := out.Encode(r); err != nil {
			return fmt.Errorf("record %s: %w", r.ID, err)
		}
	}
	return buffered.Flush()
}

// row is the schema of the Parquet file.
type row struct {
	ID           string      `parquet:"id"`
	Subject      string      `parquet:"subject,dict"`
	Formula      *string     `parquet:"formula,optional,dict"`
	SubjectName  *string     `parquet:"name,optional,dict"`
	Kind         string      `parquet:"kind,dict"`
	Elements     []string    `parquet:"elements,list"`
	Property     string      `parquet:"property,dict"`
	Low          *float64    `parquet:"low,optional"`
	High         *float64    `parquet:"high,optional"`
	Error        float64     `parquet:"error"`
	Unit         string      `parquet:"unit,dict"`
	Approximate  bool        `parquet:"approximate"`
	Text         string      `parquet:"text"`
	Conditions   []condition `parquet:"conditions,list"`
	Confidence   float64     `parquet:"confidence"`
	Reasons      []string    `parquet:"reasons,list"`
	Document     string      `parquet:"document,dict"`
	DocumentName string      `parquet:"document_name,dict"`
	Block        int32       `parquet:"block"`
	Page         int32       `parquet:"page"`
	Start        int32       `parquet:"start"`
	End          int32       `parquet:"end"`
	Evidence     string      `parquet:"evidence"`
	Sentence     string      `parquet:"sentence"`
	Readings     int32       `parquet:"readings"`
	Notice       *string     `parquet:"notice,optional,dict"`
	SMILES       *string     `parquet:"smiles,optional,dict"`
}

type condition struct {
	Name string   `parquet:"name,dict"`
	Text string   `parquet:"text"`
	Low  *float64 `parquet:"low,optional"`
	High *float64 `parquet:"high,optional"`
	Unit string   `parquet:"unit,dict"`
}

// rowGroup is the number of rows after which a Parquet row group is written
// out, which bounds the memory used.
const rowGroup = 50_000

func writeParquet(w io.Writer, records iter.Seq2[*record.Record, error]) error {
	out := parquet.NewGenericWriter[row](w,
		parquet.Compression(&parquet.Snappy), parquet.CreatedBy("alkahest", "", ""), parquet.MaxRowsPerRowGroup(rowGroup))
	rows := make([]row, 0, 1024)
	flush := func() error {
		_, err := out.Write(rows)
		rows = rows[:0]
		return err
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		rows = append(rows, parquetRow(r))
		if len(rows) == cap(rows) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Close()
}

func parquetRow(r *record.Record) row {
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	cs := make([]condition, len(r.Conditions))
	for i, c := range r.Conditions {
		cs[i] = condition{c.Name, c.Text, c.Low, c.High, c.Unit}
	}
	return row{
		ID: r.ID, Subject: r.Subject.Text, Formula: text(r.Subject.Formula), SubjectName: text(r.Subject.Name),
		Kind: string(r.Subject.Kind), Elements: r.Subject.Elements,
		Property: r.Property, Low: r.Low, High: r.High, Error: r.Error, Unit: r.Unit, Approximate: r.Approx, Text: r.Text,
		Conditions: cs, Confidence: r.Confidence, Reasons: r.Reasons,
		Document: string(r.Document), DocumentName: r.Name,
		Block: int32(r.Evidence.Block), Page: int32(r.Evidence.Page), Start: int32(r.Evidence.Start), End: int32(r.Evidence.End),
		Evidence: r.Evidence.Text, Sentence: r.Evidence.Sentence,
		Readings: int32(max(1, r.Readings)), Notice: text(string(r.Notice)), SMILES: text(r.Subject.SMILES),
	}
}
