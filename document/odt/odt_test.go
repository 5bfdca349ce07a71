package odt_test

import (
	"archive/zip"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/odt"
	"github.com/alkahest/alkahest/document/office"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

// parts returns the parts of a document with that content.
func parts(content string) []documenttest.Part {
	return []documenttest.Part{
		{Name: "mimetype", Data: "application/vnd.oasis.opendocument.text"},
		{Name: "content.xml", Data: content},
		{Name: "styles.xml", Data: `<office:document-styles xmlns:office="o"><office:styles><style:style style:name="Title" style:family="paragraph"/><style:style style:name="Heading_20_2" style:display-name="Heading 2" style:default-outline-level="2"/><style:style style:name="Caption"/><style:style style:name="Table" style:parent-style-name="Caption"/><style:style style:name="Abstract"/></office:styles></office:document-styles>`},
		{Name: "meta.xml", Data: `<office:document-meta><office:meta><meta:initial-creator>Ada Berg</meta:initial-creator><meta:creation-date>2022-02-03T10:00:00</meta:creation-date></office:meta></office:document-meta>`},
		{Name: "Object 1/content.xml", Data: `<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>σ</mi><mo>=</mo><mfrac><mi>L</mi><mrow><mi>R</mi><mi>A</mi></mrow></mfrac></mrow><annotation>sigma = L over RA</annotation></semantics></math>`},
	}
}

func packed(content string) []byte {
	return documenttest.Pack(zip.Deflate, parts(content)...)
}

func read(name string, data []byte) (*document.Document, error) {
	return odt.Read(name, packed(string(data)))
}

func TestGolden(t *testing.T) { documenttest.Golden(t, "testdata/*.txtar", *update, read) }

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"no archive", []byte("PK\x03\x04"), office.ErrBroken},
		{"locked", documenttest.Pack(zip.Deflate, append(parts("\x93\x01\x02"), documenttest.Part{Name: "META-INF/manifest.xml", Data: `<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`})...), office.ErrBroken},
		{"bomb", packed("<body><text>" + strings.Repeat(" ", 40<<20) + "</text></body>"), office.ErrTooLarge},
		{"empty", packed("<document-content><body><text/></body></document-content>"), odt.ErrNoText},
		{"sheet", packed("<document-content><body><spreadsheet/></body></document-content>"), odt.ErrNoText},
	} {
		if _, err := odt.Read(tt.name, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	// Styles that descend from each other, columns that are repeated without end.
	doc, err := odt.Read("loops", packed(`<document-content><automatic-styles><style name="A" parent-style-name="B"/><style name="B" parent-style-name="A"/></automatic-styles><body><text><p style-name="A"><span style-name="B">x</span></p>`+
		`<table><table-row><table-cell><p>1</p></table-cell><table-cell number-columns-repeated="9999999"/><covered-table-cell number-columns-repeated="4000000"/><table-cell number-rows-spanned="4000000" number-columns-spanned="4000000"><p>2</p></table-cell></table-row></table></text></body></document-content>`))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
}

func TestMemory(t *testing.T) {
	const before, after = "<document-content><body><text>", "</text></body></document-content>"
	documenttest.Memory(t, 80, odt.Read, func(text string) []byte { return documenttest.Pack(zip.Store, parts(text)...) },
		documenttest.Shape{Name: "paragraphs", Before: before, Unit: `<text:p text:style-name="P1">The melt of Al<text:span text:style-name="T1">2</text:span>O<text:span text:style-name="T1">3</text:span> was kept at 2400 K.</text:p>`, After: after},
		documenttest.Shape{Name: "paragraphs of one letter", Before: before, Unit: "<p>a</p>", After: after},
		documenttest.Shape{Name: "table", Before: before + "<table>", Unit: "<table-row><table-cell><p>1</p></table-cell></table-row>", After: "</table>" + after},
		documenttest.Shape{Name: "tables", Before: before, Unit: `<table><table-row><table-cell number-columns-spanned="999"><p>1</p></table-cell></table-row></table>`, After: after},
		documenttest.Shape{Name: "empty cells", Before: before + "<p>a</p><table>", Unit: "<table-row><table-cell/></table-row>", After: "</table>" + after},
		documenttest.Shape{Name: "empty elements", Before: before + "<p>a", Unit: "<s/>", After: "</p>" + after},
		documenttest.Shape{Name: "styles", Before: "<document-content><automatic-styles>", Unit: `<style name="a"/>`, After: "</automatic-styles><body><text><p>a</p></text></body></document-content>"},
		documenttest.Shape{Name: "notes", Before: before + "<p>a", Unit: "<note><note-body><p>a</p></note-body></note>", After: "</p>" + after},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.odt", read) }

func BenchmarkRead(b *testing.B) {
	row := `<table:table-row><table:table-cell office:value-type="string"><text:p>LMO</text:p></table:table-cell><table:table-cell><text:p>118</text:p></table:table-cell></table:table-row>`
	paragraph := `<text:p text:style-name="P1">The capacity of the powder that was heated to 800 °C in air for ten hours is 118 mAh/g at 0.1 C. </text:p>`
	content := "<office:document-content><office:body><office:text>" + strings.Repeat(paragraph, 2000) + "<table:table>" + strings.Repeat(row, 2000) + "</table:table></office:text></office:body></office:document-content>"
	data := packed(content)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := odt.Read("x.odt", data); err != nil {
			b.Fatal(err)
		}
	}
}
