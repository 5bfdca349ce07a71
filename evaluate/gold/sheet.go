package gold

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// columns are the columns of a sheet, in order. They are only added to, at the
// end.
var columns = []string{
	"passage", "document", "block", "page", "kind", "text",
	"subject", "property", "value", "conditions", "confidence",
	"verdict", "right_subject", "right_property", "right_value", "document_id",
}

// Limits of a sheet that is read.
const (
	maxRows = 1_000_000
	maxCell = 1 << 20 // bytes
)

// byteOrderMark lets spreadsheet programs see that the file is UTF-8.
const byteOrderMark = "\ufeff"

// Write writes passages as a sheet.
func Write(w io.Writer, passages []*Passage) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	for i, p := range passages {
		kind := "sentence"
		if p.Table {
			kind = "table"
		}
		page, block := "", strconv.Itoa(p.Block)
		if p.Page > 0 {
			page = strconv.Itoa(p.Page)
		}
		for _, r := range p.Rows {
			confidence := ""
			if !r.empty() {
				confidence = strconv.FormatFloat(r.Confidence, 'f', -1, 64)
			}
			row := []string{
				strconv.Itoa(i + 1), guarded(p.Name), block, page, kind, guarded(p.Text),
				guarded(r.Subject), r.Property, guarded(r.Value), guarded(r.Conditions), confidence,
				string(r.Verdict), guarded(r.RightSubject), r.RightProperty, guarded(r.RightValue), string(p.Document),
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// guarded keeps a spreadsheet from running text as a formula: an apostrophe
// goes in front. See OWASP, "CSV Injection".
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	return s
}

// unguarded is the reverse of guarded. Spreadsheet programs may have dropped
// the apostrophe.
func unguarded(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(s[1])) {
		return s[1:]
	}
	return s
}

// verdicts are the words by which a verdict may be given.
var verdicts = map[string]Verdict{
	"": Open, "right": Right, "r": Right, "yes": Right, "y": Right, "1": Right, "ok": Right, "true": Right, "o": Right, "맞음": Right,
	"wrong": Wrong, "w": Wrong, "no": Wrong, "n": Wrong, "0": Wrong, "false": Wrong, "x": Wrong, "틀림": Wrong,
	"missed": Missed, "missing": Missed, "m": Missed, "+": Missed, "누락": Missed,
}

// ParseVerdict reads a verdict: right, wrong or missed, one of the shorter words for
// them, or nothing.
func ParseVerdict(s string) (Verdict, bool) {
	v, ok := verdicts[strings.ToLower(strings.TrimSpace(s))]
	return v, ok
}

// delimiter returns what divides the cells of a sheet: a comma, or the semicolon or
// tab that spreadsheet programs write in many countries. The head tells.
func delimiter(sheet []byte) rune {
	head, _, _ := bytes.Cut(sheet, []byte("\n"))
	for _, d := range []rune{';', '\t'} {
		if n := bytes.Count(head, []byte(string(d))); n > bytes.Count(head, []byte(",")) {
			return d
		}
	}
	return ','
}

// Read reads a sheet in UTF-8, with cells divided by commas, semicolons
// or tabs. Columns may stand in any order and others may stand among
// them; rows of one passage need not stand together. name is for messages,
// which name the row, the first under the head being row 2.
func Read(name string, r io.Reader) ([]*Passage, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma = delimiter(data)
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	head, err := in.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: the sheet is empty", name)
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	place := map[string]int{}
	for i, h := range head {
		place[strings.TrimSpace(h)] = i
	}
	for _, c := range columns {
		if _, ok := place[c]; !ok && c != "conditions" && c != "confidence" && c != "page" {
			return nil, fmt.Errorf("%s: row 1: there is no column %q; alkahest gold makes a sheet that has all", name, c)
		}
	}
	var out []*Passage
	byNumber := map[string]*Passage{}
	for n := 2; ; n++ {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if n > maxRows {
			return nil, fmt.Errorf("%s: more than %d rows", name, maxRows)
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue
		}
		get := func(column string) string {
			if i, ok := place[column]; ok && i < len(cells) {
				return unguarded(strings.TrimSpace(cells[i]))
			}
			return ""
		}
		fail := func(format string, args ...any) error {
			return fmt.Errorf("%s: row %d: %s", name, n, fmt.Sprintf(format, args...))
		}
		for _, c := range cells {
			if len(c) > maxCell {
				return nil, fail("a cell has more than %d bytes", maxCell)
			}
		}
		number := get("passage")
		if number == "" {
			return nil, fail("the number of the passage is missing; a row that you add takes that of the passage it belongs to")
		}
		verdict, ok := ParseVerdict(get("verdict"))
		if !ok {
			return nil, fail("%q is no verdict; there are right, wrong and missed", get("verdict"))
		}
		row := Row{
			Subject: get("subject"), Property: get("property"), Value: get("value"), Conditions: get("conditions"), Verdict: verdict,
			RightSubject: get("right_subject"), RightProperty: get("right_property"), RightValue: get("right_value"), Line: n,
		}
		if s := get("confidence"); s != "" {
			if row.Confidence, err = strconv.ParseFloat(s, 64); err != nil || !(row.Confidence >= 0 && row.Confidence <= 1) {
				return nil, fail("the confidence %q is no number from 0 to 1", s)
			}
		}
		if subject, property, value, states := row.truth(); states && (subject == "" || property == "" || value == "") {
			return nil, fail("a record needs a subject, a property and a value")
		}
		p := byNumber[number]
		if p == nil && get("document") == "" && get("block") == "" {
			return nil, fail("there is no passage %s above; a row that you add takes the number of the passage it belongs to", number)
		}
		if p == nil {
			p = &Passage{Name: get("document"), Document: document.ID(get("document_id")), Table: get("kind") == "table", Text: get("text")}
			if p.Block, err = strconv.Atoi(get("block")); err != nil || p.Block < 0 {
				return nil, fail("%q is no number of a block", get("block"))
			}
			if s := get("page"); s != "" {
				if p.Page, err = strconv.Atoi(s); err != nil || p.Page < 0 {
					return nil, fail("%q is no number of a page", s)
				}
			}
			if p.Name == "" || p.Document == "" {
				return nil, fail("the first row of passage %s does not name its document", number)
			}
			byNumber[number] = p
			out = append(out, p)
		}
		p.Rows = append(p.Rows, row)
	}
}
