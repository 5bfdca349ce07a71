package hwpx_test

import (
	"archive/zip"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/hwpx"
	"github.com/alkahest/alkahest/document/office"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

const list = `<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:metadata><opf:title/><opf:language>ko</opf:language><opf:meta name="creator" content="text">김민지</opf:meta><opf:meta name="CreatedDate" content="text">2023-05-11T02:06:03Z</opf:meta></opf:metadata>` +
	`<opf:manifest><opf:item id="header" href="Contents/header.xml"/><opf:item id="section1" href="Contents/section1.xml"/><opf:item id="section0" href="Contents/section0.xml"/></opf:manifest>` +
	`<opf:spine><opf:itemref idref="header"/><opf:itemref idref="section0"/><opf:itemref idref="section1"/></opf:spine></opf:package>`

const header = `<hh:head xmlns:hh="h" xmlns:hp="p"><hh:refList>` +
	`<hh:charProperties><hh:charPr id="0"/><hh:charPr id="1"><hh:bold/><hh:supscript/></hh:charPr><hh:charPr id="2"><hh:subscript/></hh:charPr><hh:charPr id="3"><hh:supscript type="none"/></hh:charPr></hh:charProperties>` +
	`<hh:paraProperties><hh:paraPr id="0"><hh:heading type="NONE" level="0"/></hh:paraPr><hh:paraPr id="1"><hp:switch><hp:case><hh:heading type="OUTLINE" level="0"/></hp:case></hp:switch></hh:paraPr><hh:paraPr id="2"><hh:heading type="BULLET" level="0"/></hh:paraPr></hh:paraProperties>` +
	`<hh:styles><hh:style id="0" type="PARA" name="바탕글" engName="Normal" paraPrIDRef="0"/><hh:style id="1" type="PARA" name="개요 2" engName="Outline 2" paraPrIDRef="0"/><hh:style id="2" type="PARA" name="제목" engName="Title" paraPrIDRef="0"/></hh:styles></hh:refList></hh:head>`

// parts returns the parts of a document with that first section, and a second.
func parts(section string) []documenttest.Part {
	return []documenttest.Part{
		{Name: "mimetype", Data: "application/hwp+zip"},
		{Name: "Contents/content.hpf", Data: list},
		{Name: "Contents/header.xml", Data: header},
		{Name: "Contents/section0.xml", Data: section},
		{Name: "Contents/section1.xml", Data: `<hs:sec><hp:p><hp:run><hp:t>끝.</hp:t></hp:run></hp:p></hs:sec>`},
	}
}

func packed(section string) []byte {
	return documenttest.Pack(zip.Deflate, parts(section)...)
}

func read(name string, data []byte) (*document.Document, error) {
	return hwpx.Read(name, packed(string(data)))
}

func TestGolden(t *testing.T) { documenttest.Golden(t, "testdata/*.txtar", *update, read) }

// Without a list of its parts a document has the sections that are numbered.
func TestParts(t *testing.T) {
	doc, err := hwpx.Read("x", documenttest.Pack(zip.Deflate, parts(`<hs:sec><hp:p><hp:run><hp:t>처음.</hp:t></hp:run></hp:p></hs:sec>`)[2:]...))
	if err != nil || len(doc.Blocks) != 2 || doc.Blocks[0].Text != "처음." || doc.Blocks[1].Text != "끝." {
		t.Errorf("%v, %v", doc, err)
	}
}

func TestEquations(t *testing.T) {
	for script, want := range map[string]string{
		`sigma = {L} over {R A}`:                "σ = L/(RA)",
		`x_1 ^2 + y`:                            "x_{1}^{2} + y",
		`10 ^{-3} `:                             "10^{−3}",
		`rm D = sqrt {4 Dt}`:                    "D = √(4Dt)",
		`DELTA G = - RT ln K`:                   "ΔG = −RTlnK",
		`LEFT ( {a} over {b} RIGHT )`:           "(a/b)",
		`sum from {i=1} to n x_i`:               "∑_{i=1}^{n}x_{i}",
		`25 "℃" ~ leq T`:                        "25℃ ≤ T",
		`root 3 of x`:                           "^{3}√(x)",
		`matrix {1 & 2 # 3 & 4}`:                "1 2 3 4",
		`}} a {b`:                               "ab",
		strings.Repeat("{", 9000) + "x":         "",
		strings.Repeat("sqrt ", 3000) + "x":     "",
		strings.Repeat("a over ", 2000) + "b":   "",
		`Li sub {1-x} CoO sub 2 , Na^{+} -> Na`: "Li_{1−x}CoO_{2}, Na^{+} → Na",
		`^{57} Fe "text`:                        "^{57}Fetext",
		`alpha beta'`:                           "αβ′",
	} {
		xml := `<hs:sec><hp:p><hp:run><hp:equation><hp:script>` + strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(script) + `</hp:script></hp:equation><hp:t>.</hp:t></hp:run></hp:p></hs:sec>`
		doc, err := hwpx.Read("x", packed(xml))
		if err != nil {
			t.Errorf("%s: %v", script, err)
			continue
		}
		documenttest.Check(t, doc)
		_, got, _ := strings.Cut(documenttest.Format(doc), "[paragraph]\n")
		got, _, _ = strings.Cut(got, ".\n")
		if want != "" && got != want {
			t.Errorf("%s: %s, want %s", script, got, want)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"no archive", []byte("PK\x03\x04"), office.ErrBroken},
		{"locked", documenttest.Pack(zip.Deflate, append(parts("\x93\x01\x02"), documenttest.Part{Name: "META-INF/manifest.xml", Data: `<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`})...), office.ErrBroken},
		{"bomb", packed("<hs:sec>" + strings.Repeat(" ", 40<<20) + "</hs:sec>"), office.ErrTooLarge},
		{"empty", documenttest.Pack(zip.Deflate, parts("<hs:sec/>")[2:4]...), hwpx.ErrNoText},
		{"nothing", documenttest.Pack(zip.Deflate, documenttest.Part{Name: "mimetype", Data: "application/hwp+zip"}), hwpx.ErrNoText},
	} {
		if _, err := hwpx.Read(tt.name, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestMemory(t *testing.T) {
	const before, after = "<sec>", "</sec>"
	documenttest.Memory(t, 50, hwpx.Read, func(text string) []byte { return documenttest.Pack(zip.Store, parts(text)...) },
		documenttest.Shape{Name: "paragraphs", Before: before, Unit: `<hp:p styleIDRef="0"><hp:run charPrIDRef="0"><hp:t>The melt of Al</hp:t></hp:run><hp:run charPrIDRef="2"><hp:t>2</hp:t></hp:run></hp:p>`, After: after},
		documenttest.Shape{Name: "paragraphs of one letter", Before: before, Unit: "<p><run><t>a</t></run></p>", After: after},
		documenttest.Shape{Name: "table", Before: before + "<p><run><tbl>", Unit: "<tr><tc><p><run><t>1</t></run></p></tc></tr>", After: "</tbl></run></p>" + after},
		documenttest.Shape{Name: "tables", Before: before, Unit: `<p><run><tbl><tr><tc><cellSpan colSpan="999"/><p><run><t>1</t></run></p></tc><tc/></tr></tbl></run></p>`, After: after},
		documenttest.Shape{Name: "empty cells", Before: before + "<p><run><t>a</t><tbl>", Unit: "<tr><tc/></tr>", After: "</tbl></run></p>" + after},
		documenttest.Shape{Name: "empty elements", Before: before + "<p><run><t>a", Unit: "<b/>", After: "</t></run></p>" + after},
		documenttest.Shape{Name: "notes", Before: before + "<p><run><t>a</t>", Unit: "<footNote><p><run><t>a</t></run></p></footNote>", After: "</run></p>" + after},
		documenttest.Shape{Name: "equations", Before: before + "<p><run>", Unit: "<equation><script>a^b over c_d</script></equation>", After: "</run></p>" + after},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.hwpx", read) }

func BenchmarkRead(b *testing.B) {
	row := `<hp:tr><hp:tc><hp:subList><hp:p><hp:run charPrIDRef="0"><hp:t>LMO</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr="0"/></hp:tc><hp:tc><hp:subList><hp:p><hp:run><hp:t>118</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr="1"/></hp:tc></hp:tr>`
	paragraph := `<hp:p styleIDRef="0"><hp:run charPrIDRef="0"><hp:t>공기 중 800 °C에서 10시간 가열한 분말의 용량은 0.1 C에서 118 mAh/g이었다. </hp:t></hp:run></hp:p>`
	section := "<hs:sec>" + strings.Repeat(paragraph, 2000) + "<hp:p><hp:run><hp:tbl>" + strings.Repeat(row, 2000) + "</hp:tbl></hp:run></hp:p></hs:sec>"
	data := packed(section)
	b.SetBytes(int64(len(section)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hwpx.Read("x.hwpx", data); err != nil {
			b.Fatal(err)
		}
	}
}
