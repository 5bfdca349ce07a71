package sheet_test

import (
	"archive/zip"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/office"
	"github.com/alkahest/alkahest/document/sheet"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

// parts returns the parts of a workbook with that sheet, and one that is hidden.
func parts(body string) []documenttest.Part {
	return []documenttest.Part{
		{Name: "xl/workbook.xml", Data: `<workbook xmlns:r="r"><sheets><sheet name="Cells" sheetId="1" r:id="rId1"/><sheet name="Secret" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>`},
		{Name: "xl/_rels/workbook.xml.rels", Data: `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`},
		{Name: "xl/worksheets/sheet1.xml", Data: body},
		{Name: "xl/worksheets/sheet2.xml", Data: `<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`},
		{Name: "xl/sharedStrings.xml", Data: `<sst><si><t>Coin cells</t></si><si><r><t>Capacity (mAh g</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>−1</t></r><r><t>)</t></r></si></sst>`},
		{Name: "xl/styles.xml", Data: `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>`},
	}
}

func packed(body string) []byte {
	return documenttest.Pack(zip.Deflate, parts(body)...)
}

// opened returns the parts of a workbook of OpenDocument with that content.
func opened(content string) []documenttest.Part {
	return []documenttest.Part{
		{Name: "mimetype", Data: "application/vnd.oasis.opendocument.spreadsheet"},
		{Name: "content.xml", Data: content},
		{Name: "meta.xml", Data: `<office:document-meta><office:meta><dc:title>Cells of May</dc:title></office:meta></office:document-meta>`},
	}
}

func read(name string, data []byte) (*document.Document, error) {
	switch {
	case strings.HasSuffix(name, "content.xml"):
		data = documenttest.Pack(zip.Deflate, opened(string(data))...)
	case strings.HasSuffix(name, ".xml"):
		data = packed(string(data))
	}
	return sheet.Read(name, data)
}

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, read)
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"large", make([]byte, sheet.MaxBytes+1), sheet.ErrTooLarge},
		{"cells", []byte(strings.Repeat("1,1,1,1,1,1,1,1\n", sheet.MaxCells/8+1)), sheet.ErrTooLarge},
		{"bomb", packed(strings.Repeat(" ", 40<<20)), office.ErrTooLarge},
		{"no archive", []byte("PK\x03\x04"), office.ErrBroken},
		{"empty", packed("<worksheet/>"), sheet.ErrNoText},
	} {
		if _, err := sheet.Read(tt.name, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	// Rows and merged cells that claim the whole sheet.
	doc, err := sheet.Read("wide", packed(`<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c><c r="ZZZZZZZ1"><v>2</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c><c r="B1"><v>3</v></c></row><row><c><v>1</v></c><c><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1048576:XFD9999999"/></mergeCells></worksheet>`))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
}

func TestMemory(t *testing.T) {
	documenttest.Memory(t, 160, sheet.Read, nil,
		documenttest.Shape{Name: "values of one digit", Before: "a,b,c,d\n", Unit: "1,2,3,4\n"},
		documenttest.Shape{Name: "columns", Unit: strings.Repeat("1,", 1023) + "1\n"},
		documenttest.Shape{Name: "lines of one value", Unit: "a\n"},
		documenttest.Shape{Name: "values apart", Unit: "a,b\n\n"},
		documenttest.Shape{Name: "nothing", Before: "a,b\n1,2\n", Unit: ",\n"},
	)
	documenttest.Memory(t, 60, sheet.Read, func(text string) []byte { return documenttest.Pack(zip.Store, parts(text)...) },
		documenttest.Shape{Name: "cells of one digit", Before: "<worksheet><sheetData>", Unit: "<row><c><v>1</v></c><c><v>2</v></c></row>", After: "</sheetData></worksheet>"},
		documenttest.Shape{Name: "cells without a value", Before: "<worksheet><sheetData><row><c><v>1</v></c></row>", Unit: "<row><c/><c/></row>", After: "</sheetData></worksheet>"},
		documenttest.Shape{Name: "merged", Before: "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells>", Unit: `<mergeCell ref="A1:B2"/>`, After: "</mergeCells></worksheet>"},
	)
	documenttest.Memory(t, 60, sheet.Read, func(text string) []byte { return documenttest.Pack(zip.Store, opened(text)...) },
		documenttest.Shape{Name: "open cells of one digit", Before: "<document-content><body><spreadsheet><table>", Unit: "<table-row><table-cell><p>1</p></table-cell><table-cell><p>2</p></table-cell></table-row>", After: "</table></spreadsheet></body></document-content>"},
		documenttest.Shape{Name: "one cell of many stretches", Before: "<document-content><body><spreadsheet><table><table-row><table-cell><p>", Unit: "a<s/>", After: "</p></table-cell></table-row></table></spreadsheet></body></document-content>"},
	)
}

func TestNumbers(t *testing.T) {
	for stored, want := range map[string]string{
		"118.5": "118.5", "-3": "-3", "0": "0", "-0": "-0", "0.25": "0.25", "1.50": "1.5", "007": "7", "1.": "1", ".5": "0.5", "0.30000000000000004": "0.3",
		"118.45670000000001": "118.4567", "1E-3": "0.001", "0.0000001": "1E-07", "0.000002": "0.000002", "123456789012345": "123456789012345", "1e15": "1E+15", "1e300": "1E+300", " 5 ": "5", "NaN": "NaN", "1,5": "1,5", "1.2.3": "1.2.3", "": "",
	} {
		doc, err := sheet.Read("x", packed(`<worksheet><sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c t="str"><v>c</v></c><c><v>`+stored+`</v></c></row></sheetData></worksheet>`))
		if err != nil {
			t.Fatal(err)
		}
		text := doc.Blocks[len(doc.Blocks)-1].Text
		if got := text[strings.LastIndexAny(text, "\n\t")+1:]; got != want && !(want == "" && got == "c") {
			t.Errorf("%q: %q, want %q", stored, got, want)
		}
	}
}

func TestOpenDocumentBounds(t *testing.T) {
	const before, after = "<document-content><body><spreadsheet><table>", "</table></spreadsheet></body></document-content>"
	for name, row := range map[string]string{
		"columns":  `<table-row><table-cell number-columns-repeated="99999999"><p>1</p></table-cell></table-row>`,
		"rows":     `<table-row number-rows-repeated="99999999"><table-cell><p>1</p></table-cell><table-cell><p>2</p></table-cell></table-row>`,
		"both":     strings.Repeat(`<table-row number-rows-repeated="1048576"><table-cell number-columns-repeated="1024"><p>1</p></table-cell></table-row>`, 100),
		"blank":    `<table-row><table-cell><p>1</p></table-cell><table-cell><p>2</p></table-cell></table-row><table-row number-rows-repeated="1048574"><table-cell number-columns-repeated="16384"/></table-row><table-row><table-cell number-columns-repeated="16383"/><table-cell><p>1</p></table-cell></table-row>`,
		"spanning": `<table-row><table-cell number-columns-spanned="99999999" number-rows-spanned="99999999"><p>1</p></table-cell><table-cell><p>2</p></table-cell></table-row><table-row><table-cell><p>1</p></table-cell><table-cell><p>2</p></table-cell></table-row>`,
	} {
		doc, err := sheet.Read(name, documenttest.Pack(zip.Deflate, opened(before+row+after)...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, doc)
		for i := range doc.Blocks {
			if table := doc.Blocks[i].Table; table != nil && len(table.Cells) > 1<<17 {
				t.Errorf("%s: %d cells", name, len(table.Cells))
			}
		}
	}
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
		if !strings.HasSuffix(name, "content.xml") {
			f.Add(input, strings.HasSuffix(name, ".xml"))
		}
	}
	f.Fuzz(func(t *testing.T, body string, book bool) {
		data := []byte(body)
		if book {
			data = packed(body)
		}
		doc, err := sheet.Read("fuzz", data)
		if err != nil {
			return
		}
		documenttest.Check(t, doc)
	})
}

func FuzzOpenDocument(f *testing.F) { documenttest.Fuzz(f, "testdata/open.txtar", "content.xml", read) }

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

func BenchmarkOpenDocument(b *testing.B) {
	content := "<document-content><body><spreadsheet><table>" + strings.Repeat(`<table:table-row><table:table-cell office:value-type="string"><text:p>A1</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="118.5"><text:p>118.5</text:p></table:table-cell></table:table-row>`, 10_000) + "</table></spreadsheet></body></document-content>"
	data := documenttest.Pack(zip.Deflate, opened(content)...)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sheet.Read("x.ods", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWorkbook(b *testing.B) {
	body := "<worksheet><sheetData>" + strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>118.5</v></c><c><v>25</v></c></row>`, 10_000) + "</sheetData></worksheet>"
	data := packed(body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sheet.Read("x.xlsx", data); err != nil {
			b.Fatal(err)
		}
	}
}
