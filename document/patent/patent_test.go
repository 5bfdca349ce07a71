package patent_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/patent"
	"github.com/alkahest/alkahest/document/xmltree"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, patent.Read)
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct{ country, number, kind, want string }{
		{"US", "06840965", "B2", "US6840965B2"},
		{"US", "D0701016", "S1", "USD701016S1"},
		{"US", "RE043123", "E1", "USRE43123E1"},
		{"US", "20180000016", "A1", "US20180000016A1"},
		{"KR", "10-2019-0012345", "A", "KR1020190012345A"},
		{"WO", "WO 2021/012345", "A1", "WO2021012345A1"},
		{"EP", "", "B1", ""},
	} {
		if got := patent.Number(tt.country, tt.number, tt.kind); got != tt.want {
			t.Errorf("Number(%q, %q, %q) = %q, want %q", tt.country, tt.number, tt.kind, got, tt.want)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       error
	}{
		{"deep", "<us-patent-grant>" + strings.Repeat("<p>", 100_000), xmltree.ErrBomb},
		{"entities", `<!DOCTYPE us-patent-grant [<!ENTITY x "y">]><us-patent-grant/>`, xmltree.ErrBomb},
		{"empty", "<us-patent-grant/>", patent.ErrNoText},
		{"fields", "PATN\nWKU  1\n" + strings.Repeat("A\n", 1<<19), xmltree.ErrTooLarge},
		{"no fields", "PATN\nWKU  1\n", patent.ErrNoText},
	} {
		if _, err := patent.Read(tt.name, []byte(tt.data)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// Cells that claim to span everything must not make a table that does not fit
// into memory.
func TestHostileSpans(t *testing.T) {
	rows := strings.Repeat(`<row><entry morerows="65000" namest="a" nameend="b">1</entry><entry>2</entry></row>`, 20_000)
	doc, err := patent.Read("spans", []byte(`<us-patent-grant><description><table><tgroup cols="60000"><colspec colname="a" colnum="1"/><colspec colname="b" colnum="1000"/><tbody>`+rows+"</tbody></tgroup></table></description></us-patent-grant>"))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
}

// Patents of the USPTO in all its formats.
func TestPatents(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "corpora", "patents", "tests", "data", "uspto")
	files, _ := filepath.Glob(filepath.Join(folder, "sources", "[ip]*"))
	files = append(files, filepath.Join(folder, "US06840965B2.xml"))
	if len(files) < 5 {
		t.Skip("no patents in ../shared/corpora/patents")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := patent.Read(filepath.Base(f), data)
		if err != nil {
			t.Error(err)
			continue
		}
		documenttest.Check(t, doc)
		claims, paragraphs, tables := 0, 0, 0
		for _, b := range doc.Blocks {
			switch {
			case b.Kind == document.Tabular:
				tables++
			case b.Kind == document.Paragraph && len(b.Section) > 0 && b.Section[0] == "Claims":
				claims++
			case b.Kind == document.Paragraph:
				paragraphs++
			}
		}
		wantClaims := max(bytes.Count(data, []byte("<claim id")), bytes.Count(data, []byte("<CLM ID")), bytes.Count(data, []byte("\nNUM ")))
		wantTables := max(bytes.Count(data, []byte("<tables ")), bytes.Count(data, []byte("<table-cwu ")))
		if claims != wantClaims {
			t.Errorf("%s: %d claims, the file has %d", doc.Name, claims, wantClaims)
		}
		if tables < wantTables {
			t.Errorf("%s: %d tables, the file has %d", doc.Name, tables, wantTables)
		}
		if doc.Title == "" || doc.Identifiers["patent"] == "" || len(doc.Date) != 10 || len(doc.Authors) == 0 || paragraphs == 0 || doc.Language != "en" || len(doc.Warnings) > 0 {
			t.Errorf("%s: title %q, %v, date %q, %d authors, %d paragraphs, language %q, %q", doc.Name, doc.Title, doc.Identifiers, doc.Date, len(doc.Authors), paragraphs, doc.Language, doc.Warnings)
		}
	}
}

func TestMemory(t *testing.T) {
	const before, after = "<us-patent-grant><description>", "</description></us-patent-grant>"
	documenttest.Memory(t, 90, patent.Read, nil,
		documenttest.Shape{Name: "paragraphs", Before: before, Unit: "<p>The melt of Al<sub>2</sub>O<sub>3</sub> was kept at 2400 K for two hours.</p>\n", After: after},
		documenttest.Shape{Name: "paragraphs of one letter", Before: before, Unit: "<p>a</p>", After: after},
		documenttest.Shape{Name: "table", Before: before + `<table><tgroup cols="2"><tbody>`, Unit: "<row><entry>1</entry><entry>2</entry></row>\n", After: "</tbody></tgroup></table>" + after},
		documenttest.Shape{Name: "tables", Before: before, Unit: `<table><tgroup cols="999"><tbody><row><entry>1</entry></row></tbody></tgroup></table>`, After: after},
		documenttest.Shape{Name: "columns", Before: before + `<table><tgroup cols="999"><tbody>`, Unit: `<row><entry>1</entry></row>`, After: "</tbody></tgroup></table>" + after},
		documenttest.Shape{Name: "groups", Before: before + `<table>`, Unit: `<tgroup cols="999"><tbody><row><entry>1</entry></row></tbody></tgroup>`, After: "</table>" + after},
		documenttest.Shape{Name: "empty elements", Before: before + "<p>a", Unit: "<b/>", After: "</p>" + after},
		documenttest.Shape{Name: "attributes", Before: before + "<p>a<b ", Unit: "a ", After: "/></p>" + after},
		documenttest.Shape{Name: "deep", Before: before + "<p>a", Unit: strings.Repeat("<b>", 200) + strings.Repeat("</b>", 200), After: "</p>" + after},
		documenttest.Shape{Name: "claims", Before: before + "<p>a</p></description><claims>", Unit: "<claim>a</claim>", After: "</claims></us-patent-grant>"},
		documenttest.Shape{Name: "APS", Before: "PATN\nWKU  040000015\nDETD\n", Unit: "PAR  a\n"},
		documenttest.Shape{Name: "scripts", Before: before + "<p>a", Unit: "a<sub>b</sub>", After: "</p>" + after},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz", patent.Read) }

func BenchmarkRead(b *testing.B) {
	documenttest.Benchmark(b, "testdata/grant.txtar", `<heading id="h-0002"`, "</description>", patent.Read)
}

// The publication of an application and the patent granted on it name the same
// application.
func TestApplication(t *testing.T) {
	const reference = `<application-reference appl-type="utility"><document-id><country>US</country><doc-number>15123456</doc-number><date>20160901</date></document-id></application-reference>`
	for name, data := range map[string]string{
		"grant": `<us-patent-grant lang="EN" country="US"><us-bibliographic-data-grant><publication-reference><document-id><country>US</country><doc-number>09999991</doc-number><kind>B2</kind><date>20180619</date></document-id></publication-reference>` +
			reference + `<invention-title id="d2e43">Garnet</invention-title></us-bibliographic-data-grant><description><p>Text.</p></description></us-patent-grant>`,
		"publication": `<us-patent-application lang="EN" country="US"><us-bibliographic-data-application lang="EN" country="US"><publication-reference><document-id><country>US</country><doc-number>20170012345</doc-number><kind>A1</kind><date>20170112</date></document-id></publication-reference>` +
			reference + `<invention-title id="d0e43">Garnet</invention-title></us-bibliographic-data-application><description><p>Text.</p></description></us-patent-application>`,
		"publication of 2001": `<patent-application-publication><subdoc-bibliographic-information><document-id><doc-number>20010000001</doc-number><kind-code>A1</kind-code><document-date>20010315</document-date></document-id>` +
			`<domestic-filing-data><application-number><doc-number>15123456</doc-number></application-number></domestic-filing-data><technical-information><title-of-invention>Garnet</title-of-invention></technical-information></subdoc-bibliographic-information>` +
			`<subdoc-description><section><paragraph>Text.</paragraph></section></subdoc-description></patent-application-publication>`,
	} {
		doc, err := patent.Read(name, []byte(data))
		if err != nil || doc.Identifiers["application"] != "US15123456" || doc.Identifiers["patent"] == "" {
			t.Errorf("%s: %v, %v", name, doc, err)
		}
	}
}
