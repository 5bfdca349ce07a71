package publisher_test

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
	"github.com/alkahest/alkahest/document/publisher"
	"github.com/alkahest/alkahest/document/xmltree"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, publisher.Read)
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       error
	}{
		{"deep", "<article><body>" + strings.Repeat("<para>", 100_000), xmltree.ErrBomb},
		{"entities", `<!DOCTYPE article [<!ENTITY x "y">]><article/>`, xmltree.ErrBomb},
		{"empty", "<article/>", publisher.ErrNoText},
	} {
		if _, err := publisher.Read(tt.name, []byte(tt.data)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// Articles of Elsevier in ten sciences.
func TestArticles(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpora", "oastm-xml", "*.norm-xml"))
	if len(files) == 0 {
		t.Skip("no articles in ../shared/corpora/oastm-xml")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := publisher.Read(filepath.Base(f), data)
		if err != nil {
			t.Error(err)
			continue
		}
		documenttest.Check(t, doc)
		tables, references, paragraphs := 0, 0, 0
		for _, b := range doc.Blocks {
			switch b.Kind {
			case document.Tabular:
				tables++
			case document.Reference:
				references++
			case document.Paragraph:
				paragraphs++
			}
		}
		want, pictures := 0, 0
		for _, part := range bytes.Split(data, []byte("<ce:table "))[1:] {
			if part, _, _ = bytes.Cut(part, []byte("</ce:table>")); bytes.Count(part, []byte("<entry")) > 1 {
				want++
			} else {
				pictures++
			}
		}
		if tables != want {
			t.Errorf("%s: %d tables, the file has %d", doc.Name, tables, want)
		}
		if want := bytes.Count(data, []byte("<ce:bib-reference ")); references != want {
			t.Errorf("%s: %d references, the file has %d", doc.Name, references, want)
		}
		if doc.Title == "" || doc.Identifiers["doi"] == "" || len(doc.Date) < 4 || len(doc.Authors) == 0 || paragraphs == 0 || len(doc.Warnings) != min(pictures, 1) {
			t.Errorf("%s: title %q, %v, date %q, %d authors, %d paragraphs, %q", doc.Name, doc.Title, doc.Identifiers, doc.Date, len(doc.Authors), paragraphs, doc.Warnings)
		}
	}
}

func TestMemory(t *testing.T) {
	const before, after = "<article><body>", "</body></article>"
	documenttest.Memory(t, 60, publisher.Read, nil,
		documenttest.Shape{Name: "paragraphs", Before: before, Unit: "<ce:para>The melt of Al<ce:inf>2</ce:inf>O<ce:inf>3</ce:inf> was kept at 2400 K for two hours.</ce:para>", After: after},
		documenttest.Shape{Name: "paragraphs of one letter", Before: before, Unit: "<para>a</para>", After: after},
		documenttest.Shape{Name: "table", Before: before + `<ce:table><tgroup cols="2"><tbody>`, Unit: "<row><entry>1</entry><entry>2</entry></row>", After: "</tbody></tgroup></ce:table>" + after},
		documenttest.Shape{Name: "tables", Before: before, Unit: `<ce:table><tgroup cols="999"><tbody><row><entry>1</entry></row></tbody></tgroup></ce:table>`, After: after},
		documenttest.Shape{Name: "empty elements", Before: before + "<para>a", Unit: "<b/>", After: "</para>" + after},
		documenttest.Shape{Name: "deep", Before: before + "<para>a", Unit: strings.Repeat("<b>", 200) + strings.Repeat("</b>", 200), After: "</para>" + after},
		documenttest.Shape{Name: "scripts", Before: before + "<para>a", Unit: "a<inf>b</inf>", After: "</para>" + after},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.xml", publisher.Read) }

func BenchmarkRead(b *testing.B) {
	documenttest.Benchmark(b, "testdata/elsevier.txtar", `<ce:section id="s0005"`, "</ce:sections>", publisher.Read)
}
