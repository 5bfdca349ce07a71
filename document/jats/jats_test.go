package jats_test

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
	"github.com/alkahest/alkahest/document/jats"
	"github.com/alkahest/alkahest/document/xmltree"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, jats.Read)
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       error
	}{
		{"deep", "<article><body>" + strings.Repeat("<p>", 100_000), xmltree.ErrBomb},
		{"many", "<article><body>" + strings.Repeat("<p/>", xmltree.MaxNodes+1), xmltree.ErrBomb},
		{"entities", `<!DOCTYPE article [<!ENTITY x "y">]><article/>`, xmltree.ErrBomb},
		{"empty", "<article/>", jats.ErrNoText},
	} {
		if _, err := jats.Read(tt.name, []byte(tt.data)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// Cells that claim to span everything must not make a table that does not fit
// into memory.
func TestHostileSpans(t *testing.T) {
	rows := strings.Repeat(`<tr><td rowspan="65534" colspan="1000">1</td><td>2</td></tr>`, 20_000)
	doc, err := jats.Read("spans", []byte("<article><body><table-wrap><table>"+rows+"</table></table-wrap></body></article>"))
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, doc)
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "cut") {
		t.Errorf("warnings %q", doc.Warnings)
	}
}

// Articles of PubMed Central.
func TestArticles(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpora", "battery-papers", "*jats", "*.xml"))
	if len(files) == 0 {
		t.Skip("no articles in ../shared/corpora/battery-papers")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jats.Read(filepath.Base(f), data)
		if err != nil {
			t.Error(err)
			continue
		}
		documenttest.Check(t, doc)
		tables, captions, references := 0, 0, 0
		for _, b := range doc.Blocks {
			switch b.Kind {
			case document.Tabular:
				tables++
				if b.Table.Label == "" || b.Table.HeaderRows == 0 {
					t.Errorf("%s: table %q has no label or no head", doc.Name, b.Table.Caption)
				}
			case document.Caption:
				captions++
			case document.Reference:
				references++
			}
		}
		if want := bytes.Count(data, []byte("<table ")) + bytes.Count(data, []byte("<table>")); tables != want {
			t.Errorf("%s: %d tables, the file has %d", doc.Name, tables, want)
		}
		if want := bytes.Count(data, []byte("<ref ")); references != want {
			t.Errorf("%s: %d references, the file has %d", doc.Name, references, want)
		}
		if doc.Title == "" || doc.Identifiers["doi"] == "" || len(doc.Date) < 4 || len(doc.Authors) == 0 || captions == 0 {
			t.Errorf("%s: title %q, %v, date %q, %d authors, %d captions", doc.Name, doc.Title, doc.Identifiers, doc.Date, len(doc.Authors), captions)
		}
	}
}

func TestMemory(t *testing.T) {
	const before, after = "<article><body>", "</body></article>"
	documenttest.Memory(t, 80, jats.Read, nil,
		documenttest.Shape{Name: "paragraphs", Before: before, Unit: "<p>The melt of Al<sub>2</sub>O<sub>3</sub> was kept at 2400 K for two hours.</p>\n", After: after},
		documenttest.Shape{Name: "paragraphs of one letter", Before: before, Unit: "<p>a</p>", After: after},
		documenttest.Shape{Name: "table", Before: before + "<table-wrap><table>", Unit: "<tr><td>1</td><td>2</td></tr>", After: "</table></table-wrap>" + after},
		documenttest.Shape{Name: "spans", Before: before + "<table-wrap><table>", Unit: `<tr><td colspan="999" rowspan="999">1</td></tr>`, After: "</table></table-wrap>" + after},
		documenttest.Shape{Name: "tables", Before: before, Unit: `<table-wrap><table><tr><td colspan="999">1</td></tr></table></table-wrap>`, After: after},
		documenttest.Shape{Name: "empty elements", Before: before + "<p>a", Unit: "<b/>", After: "</p>" + after},
		documenttest.Shape{Name: "deep", Before: before + "<p>a", Unit: strings.Repeat("<b>", 200) + strings.Repeat("</b>", 200), After: "</p>" + after},
		documenttest.Shape{Name: "sections", Before: before, Unit: strings.Repeat("<sec><title>a</title>", 100) + strings.Repeat("</sec>", 100), After: after},
		documenttest.Shape{Name: "scripts", Before: before + "<p>a", Unit: "a<sub>b</sub>", After: "</p>" + after},
		documenttest.Shape{Name: "references", Before: "<article><body><p>a</p></body><back><ref-list>", Unit: "<ref><mixed-citation>a</mixed-citation></ref>", After: "</ref-list></back></article>"},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.xml", jats.Read) }

func BenchmarkRead(b *testing.B) {
	documenttest.Benchmark(b, "testdata/article.txtar", "<sec><label>", "</body>", jats.Read)
}

func TestNotices(t *testing.T) {
	const related = `<related-article related-article-type="%s" ext-link-type="doi" xlink:href="10.5555/first"/>`
	article := func(kind, meta string) string {
		return `<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="` + kind + `"><front><article-meta>` +
			`<title-group><article-title>On something</article-title></title-group>` + meta + `</article-meta></front><body><p>Text.</p></body></article>`
	}
	link := func(kind string) string { return strings.Replace(related, "%s", kind, 1) }
	for _, tt := range []struct {
		name, data string
		notice     document.Notice
		about      string
	}{
		{"article", article("research-article", ""), document.NoNotice, ""},
		{"retraction", article("retraction", link("retracted-article")), document.Retracted, "10.5555/first"},
		{"of two", article("retraction", link("retracted-article")+link("retracted-article")), document.Retracted, "10.5555/first"},
		{"correction", article("correction", link("corrected-article")), document.Corrected, "10.5555/first"},
		{"concern in an editorial", article("editorial", link("object-of-concern")), document.Concern, "10.5555/first"},
		{"retracted article", article("research-article", link("retraction-forward")), document.Retracted, ""},
		{"article with a companion", article("research-article", link("companion")), document.NoNotice, ""},
		{"marked", article("retracted-article", ""), document.Retracted, ""},
	} {
		doc, err := jats.Read(tt.name, []byte(tt.data))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if doc.Notice != tt.notice || doc.About["doi"] != tt.about {
			t.Errorf("%s: notice %q about %v, want %q about %q", tt.name, doc.Notice, doc.About, tt.notice, tt.about)
		}
	}
}

func TestLicense(t *testing.T) {
	for permissions, want := range map[string]string{
		`<license license-type="open-access" xlink:href="http://creativecommons.org/licenses/by/4.0/"><license-p>Free.</license-p></license>`:                                 "CC-BY-4.0",
		`<license><ali:license_ref xmlns:ali="http://www.niso.org/schemas/ali/1.0/">https://creativecommons.org/licenses/by-nc/4.0/</ali:license_ref></license>`:              "CC-BY-NC-4.0",
		`<license><license-p>Under <ext-link ext-link-type="uri" xlink:href="https://creativecommons.org/licenses/by-sa/3.0/">this licence</ext-link>.</license-p></license>`: "CC-BY-SA-3.0",
		`<license license-type="open-access"/>`:           "open-access",
		`<copyright-statement>Ours</copyright-statement>`: "",
	} {
		doc, err := jats.Read("x", []byte(`<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta><permissions>`+permissions+`</permissions></article-meta></front><body><p>Text.</p></body></article>`))
		if err != nil || doc.License != want {
			t.Errorf("%s: %q, %v, want %q", permissions, doc.License, err, want)
		}
	}
}
