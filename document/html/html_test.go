package html_test

import (
	"errors"
	"flag"
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"

	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/html"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, html.Read)
}

func TestDeclaredEncoding(t *testing.T) {
	const want = "밴드갭은 1.5 eV이다."
	for _, head := range []string{
		`<html><head><meta charset="euc-kr"></head><body><p>`,
		`<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr"></head><body><p>`,
	} {
		data, err := korean.EUCKR.NewEncoder().String(head + want)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Read("page.html", []byte(data))
		if err != nil {
			t.Error(err)
			continue
		}
		if len(doc.Blocks) != 1 || doc.Blocks[0].Text != want {
			t.Errorf("%s: %+v", head, doc.Blocks)
		}
	}
	doc, err := html.Read("page.html", []byte("<meta charset=iso-8859-2><p>Sk\xb3odowska"))
	if err != nil || doc.Blocks[0].Text != "Skłodowska" {
		t.Errorf("Latin-2: %+v, %v", doc, err)
	}
}

func TestHostile(t *testing.T) {
	for name, data := range map[string]string{
		"deep":        strings.Repeat("<div>", 100_000) + "x",
		"deep inline": "<p>y" + strings.Repeat("<b><i>", 50_000) + "x",
		"deep tables": strings.Repeat("<table><tr><td>", 20_000) + "x",
		"spans":       "<table>" + strings.Repeat(`<tr><td rowspan=0 colspan=1000>1<td>2`, 5_000) + "</table>",
		"headings":    strings.Repeat("<h1>a<h6>b", 10_000),
	} {
		doc, err := html.Read(name, []byte(data))
		if err != nil {
			continue // refused is as good as read
		}
		documenttest.Check(t, doc)
	}
	if _, err := html.Read("empty", []byte("<html><body><script>1</script></body></html>")); !errors.Is(err, html.ErrNoText) {
		t.Errorf("empty: %v", err)
	}
}

func TestMemory(t *testing.T) {
	documenttest.Memory(t, 150, html.Read, nil,
		documenttest.Shape{Name: "paragraphs", Unit: "<p>The melt of Al<sub>2</sub>O<sub>3</sub> was kept at 2400 K for two hours.</p>\n"},
		documenttest.Shape{Name: "paragraphs of one letter", Unit: "<p>a"},
		documenttest.Shape{Name: "table", Before: "<table>", Unit: "<tr><td>1<td>2"},
		documenttest.Shape{Name: "spans", Before: "<table>", Unit: `<tr><td colspan="999" rowspan="999">1`},
		documenttest.Shape{Name: "tables", Unit: `<table><tr><td colspan="999">1</table>`},
		documenttest.Shape{Name: "empty elements", Before: "<p>a", Unit: "<br>"},
		documenttest.Shape{Name: "formatting", Before: "<p>a", Unit: "<b>a</b>"},
		documenttest.Shape{Name: "deep", Before: "<p>a", Unit: strings.Repeat("<i>", 200) + strings.Repeat("</i>", 200)},
		documenttest.Shape{Name: "scripts", Before: "<p>a", Unit: "a<sub>b</sub>"},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.html", html.Read) }

func BenchmarkRead(b *testing.B) {
	documenttest.Benchmark(b, "testdata/article.txtar", "<h2>Results", "<section class=\"references", html.Read)
}
