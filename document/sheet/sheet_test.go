package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/ooxml"
	"github.com/alkahest/alkahest/document/sheet"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

// packed returns a workbook with that sheet, and one that is hidden.
func packed(tb testing.TB, body string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [...]struct{ name, data string }{
		{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Cells" sheetId="1" r:id="rId1"/><sheet name="Secret" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", body},
		{"xl/worksheets/sheet2.xml", `<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>Coin cells</t></si><si><r><t>Capacity (mAh g</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>−1</t></r><r><t>)</t></r></si></sst>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>`},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(part.data)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func read(tb testing.TB) func(name string, data []byte) (*document.Document, error) {
	return func(name string, data []byte) (*document.Document, error) {
		if strings.HasSuffix(name, ".xml") {
			data = packed(tb, string(data))
		}
		return sheet.Read(name, data)
	}
}

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, read(t))
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"large", make([]byte, sheet.MaxBytes+1), sheet.ErrTooLarge},
		{"cells", []byte(strings.Repeat("1,1,1,1,1,1,1,1\n", sheet.MaxCells/8+1)), sheet.ErrTooLarge},
		{"bomb", packed(t, strings.Repeat(" ", 40<<20)), ooxml.ErrTooLarge},
		{"no archive", []byte("PK\x03\x04"), ooxml.ErrBroken},
		{"empty", packed(t, "<worksheet/>"), sheet.ErrNoText},
	} {
		if _, err := sheet.Read(tt.name, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	// Rows and merged cells that claim the whole sheet.
	doc, err := sheet.Read("wide", packed(t, `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c><c r="ZZZZZZZ1"><v>2</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c><c r="B1"><v>3</v></c></row><row><c><v>1</v></c><c><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1048576:XFD9999999"/></mergeCells></worksheet>`))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
}

// Memory for values of one digit, which take most.
func TestMemory(t *testing.T) {
	documenttest.Memory(t, []byte("a,b,c,d\n"+strings.Repeat("1,2,3,4\n", 100_000)), 250, sheet.Read)
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, input, _ := strings.Cut(string(data), "\n-- ")
		name, input, _ := strings.Cut(input, " --\n")
		input, _, _ = strings.Cut(input, "-- blocks --")
		f.Add(input, strings.HasSuffix(name, ".xml"))
	}
	f.Fuzz(func(t *testing.T, body string, book bool) {
		data := []byte(body)
		if book {
			data = packed(t, body)
		}
		doc, err := sheet.Read("fuzz", data)
		if err != nil {
			return
		}
		documenttest.Check(t, doc)
	})
}

func BenchmarkValues(b *testing.B) {
	data := []byte("Sample,Capacity (mAh/g),T (°C)\n" + strings.Repeat("A1,118.5,25\n", 10_000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sheet.Read("x.csv", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWorkbook(b *testing.B) {
	body := "<worksheet><sheetData>" + strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>118.5</v></c><c><v>25</v></c></row>`, 10_000) + "</sheetData></worksheet>"
	data := packed(b, body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sheet.Read("x.xlsx", data); err != nil {
			b.Fatal(err)
		}
	}
}
