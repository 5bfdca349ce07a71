package docx_test

import (
	"archive/zip"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/docx"
	"github.com/alkahest/alkahest/document/office"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

const styles = `<w:styles xmlns:w="x"><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="berschrift2"><w:name w:val="own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style><w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style></w:styles>`

const footnotes = `<w:footnotes xmlns:w="x"><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> In air.</w:t></w:r></w:p></w:footnote></w:footnotes>`

// parts returns the parts of a document with that main part.
func parts(body string) []documenttest.Part {
	return []documenttest.Part{
		{Name: "[Content_Types].xml", Data: "<Types/>"},
		{Name: "word/document.xml", Data: body},
		{Name: "word/styles.xml", Data: styles},
		{Name: "word/footnotes.xml", Data: footnotes},
		{Name: "docProps/core.xml", Data: `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:creator>Ada Berg</dc:creator><dcterms:created>2021-03-04T10:00:00Z</dcterms:created></cp:coreProperties>`},
	}
}

func packed(body string) []byte {
	return documenttest.Pack(zip.Deflate, parts(body)...)
}

func read(name string, data []byte) (*document.Document, error) {
	return docx.Read(name, packed(string(data)))
}

func TestGolden(t *testing.T) { documenttest.Golden(t, "testdata/*.txtar", *update, read) }

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"no archive", []byte("PK\x03\x04"), office.ErrBroken},
		{"bomb", packed("<w:document><w:body>" + strings.Repeat(" ", 40<<20) + "</w:body></w:document>"), office.ErrTooLarge},
		{"empty", packed("<w:document><w:body/></w:document>"), docx.ErrNoText},
		{"no body", packed("<w:document/>"), docx.ErrNoText},
	} {
		if _, err := docx.Read(tt.name, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestMemory(t *testing.T) {
	const before, after = "<document><body>", "</body></document>"
	documenttest.Memory(t, 70, docx.Read, func(text string) []byte { return documenttest.Pack(zip.Store, parts(text)...) },
		documenttest.Shape{Name: "paragraphs", Before: before, Unit: `<w:p><w:r><w:t>The melt of Al</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>2</w:t></w:r></w:p>`, After: after},
		documenttest.Shape{Name: "paragraphs of one letter", Before: before, Unit: "<p><t>a</t></p>", After: after},
		documenttest.Shape{Name: "table", Before: before + "<tbl>", Unit: "<tr><tc><p><t>1</t></p></tc></tr>", After: "</tbl>" + after},
		documenttest.Shape{Name: "tables", Before: before, Unit: `<tbl><tr><tc><tcPr><gridSpan val="999"/></tcPr><p><t>1</t></p></tc></tr></tbl>`, After: after},
		documenttest.Shape{Name: "empty cells", Before: before + "<p><t>a</t></p><tbl>", Unit: "<tr><tc/></tr>", After: "</tbl>" + after},
		documenttest.Shape{Name: "spans", Before: before + "<tbl>", Unit: `<tr><tc><tcPr><gridSpan val="999"/></tcPr><p><t>1</t></p></tc></tr>`, After: "</tbl>" + after},
		documenttest.Shape{Name: "merged", Before: before + "<tbl>", Unit: `<tr><tc><tcPr><vMerge/></tcPr><p><t>1</t></p></tc></tr>`, After: "</tbl>" + after},
		documenttest.Shape{Name: "empty elements", Before: before + "<p><t>a</t>", Unit: "<b/>", After: "</p>" + after},
		documenttest.Shape{Name: "deep", Before: before + "<p><t>a</t>", Unit: strings.Repeat("<b>", 200) + strings.Repeat("</b>", 200), After: "</p>" + after},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.docx", read) }

func BenchmarkRead(b *testing.B) {
	row := `<w:tr><w:tc><w:p><w:r><w:t>LMO</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>118</w:t></w:r></w:p></w:tc></w:tr>`
	paragraph := `<w:p><w:r><w:t xml:space="preserve">The capacity of the powder that was heated to 800 °C in air for ten hours is 118 mAh/g at 0.1 C. </w:t></w:r></w:p>`
	body := "<w:document><w:body>" + strings.Repeat(paragraph, 2000) + "<w:tbl>" + strings.Repeat(row, 2000) + "</w:tbl></w:body></w:document>"
	data := packed(body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := docx.Read("x.docx", data); err != nil {
			b.Fatal(err)
		}
	}
}
