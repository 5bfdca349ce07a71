package docx_test

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
	"github.com/alkahest/alkahest/document/docx"
	"github.com/alkahest/alkahest/document/ooxml"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

const styles = `<w:styles xmlns:w="x"><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="berschrift2"><w:name w:val="own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style><w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style></w:styles>`

const footnotes = `<w:footnotes xmlns:w="x"><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> In air.</w:t></w:r></w:p></w:footnote></w:footnotes>`

// packed returns a document with that main part.
func packed(tb testing.TB, body string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [...]struct{ name, data string }{
		{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", body}, {"word/styles.xml", styles}, {"word/footnotes.xml", footnotes},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:creator>Ada Berg</dc:creator><dcterms:created>2021-03-04T10:00:00Z</dcterms:created></cp:coreProperties>`},
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

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, func(name string, data []byte) (*document.Document, error) {
		return docx.Read(name, packed(t, string(data)))
	})
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"no archive", []byte("PK\x03\x04"), ooxml.ErrBroken},
		{"bomb", packed(t, "<w:document><w:body>"+strings.Repeat(" ", 40<<20)+"</w:body></w:document>"), ooxml.ErrTooLarge},
		{"empty", packed(t, "<w:document><w:body/></w:document>"), docx.ErrNoText},
		{"no body", packed(t, "<w:document/>"), docx.ErrNoText},
	} {
		if _, err := docx.Read(tt.name, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
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
		_, input, _ := strings.Cut(string(data), "xml --\n")
		input, _, _ = strings.Cut(input, "-- blocks --")
		f.Add(input)
	}
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := docx.Read("fuzz.docx", packed(t, body))
		if err != nil {
			return
		}
		documenttest.Check(t, doc)
	})
}

func BenchmarkRead(b *testing.B) {
	row := `<w:tr><w:tc><w:p><w:r><w:t>LMO</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>118</w:t></w:r></w:p></w:tc></w:tr>`
	paragraph := `<w:p><w:r><w:t xml:space="preserve">The capacity of the powder that was heated to 800 °C in air for ten hours is 118 mAh/g at 0.1 C. </w:t></w:r></w:p>`
	body := "<w:document><w:body>" + strings.Repeat(paragraph, 2000) + "<w:tbl>" + strings.Repeat(row, 2000) + "</w:tbl></w:body></w:document>"
	data := packed(b, body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := docx.Read("x.docx", data); err != nil {
			b.Fatal(err)
		}
	}
}
