package xmltree_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/xmltree"
)

// show writes a tree with one character for each mark, so that tests can say
// what they expect: a[b="c"](d, 'text').
func show(n *markup.Node) string {
	if n.Name == "" {
		return "'" + n.Text + "'"
	}
	var b strings.Builder
	b.WriteString(n.Name)
	for _, a := range n.Attributes {
		fmt.Fprintf(&b, "[%s=%q]", a.Name, a.Value)
	}
	if len(n.Children) > 0 {
		b.WriteByte('(')
		for i, c := range n.Children {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(show(c))
		}
		b.WriteByte(')')
	}
	return b.String()
}

var cases = []struct{ name, text, want, broken string }{
	{"text and attributes", `<a b="c" d='e"f'>x<g/>y</a>`, `#document(a[b="c"][d="e\"f"]('x', g, 'y'))`, ""},
	{"prefix and case", `<ce:Para XML:lang="en"/>`, `#document(para[lang="en"])`, ""},
	{"entities", `<a b="&lt;&#x41;">&alpha;&agr;&Agr;&ohgr;&lsqb;&#945;&nosuch;&&amp;lt;</a>`, `#document(a[b="<A"]('ααΑω[α&nosuch;&&lt;'))`, ""},
	{"comment, instruction, CDATA", `<?xml version="1.0"?><a><!-- <b> --><?x <c> ?><![CDATA[<d>&amp;]]></a>`, `#document(a('<d>&amp;'))`, ""},
	{"pictures as entities", `<!DOCTYPE a SYSTEM "a.dtd" [<!ENTITY f.TIF SYSTEM "f.TIF" NDATA TIF> ]><a/>`, `#document(a)`, ""},
	{"comment in a document type", `<!DOCTYPE a [<!-- don't > --><!ELEMENT a ANY>]><a>x</a>`, `#document(a('x'))`, ""},
	{"not closed", `<a><b>x<c>y</a>z`, `#document(a(b('x', c('y'))))`, "line 1, column 12: end of element a where c is open"},
	{"breaks off", "<a>\n<b>x", "#document(a('\n', b('x')))", "line 2, column 5: the document breaks off inside element b"},
	{"breaks off in a tag", `<a><b c="d`, `#document(a(b[c="d"]))`, `line 1, column 10: value of attribute c that does not end`},
	{"stray mark", `<a>1 < 2</a>`, `#document(a('1 ', '<', ' 2'))`, "line 1, column 6: a < that begins no element"},
	{"end of nothing", `<a></b>x</a>`, `#document(a('x'))`, "line 1, column 4: end of element b where a is open"},
	{"several roots", `<a/> <b/>`, `#document(a, b)`, ""},
}

func TestParse(t *testing.T) {
	for _, tt := range cases {
		root, broken, err := xmltree.Parse(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := show(root); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
		if got := fmt.Sprint(broken); got != tt.broken && !(broken == nil && tt.broken == "") {
			t.Errorf("%s: broken %q, want %q", tt.name, got, tt.broken)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       error
	}{
		{"deep", strings.Repeat("<a>", 100_000), xmltree.ErrBomb},
		{"deep and torn", strings.Repeat("<a ", 100_000), xmltree.ErrBomb},
		{"many", "<a>" + strings.Repeat("<b/>", xmltree.MaxNodes+1), xmltree.ErrBomb},
		{"many attributes", "<a " + strings.Repeat("b ", xmltree.MaxNodes+1), xmltree.ErrBomb},
		{"entities", `<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>`, xmltree.ErrBomb},
		{"files", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, xmltree.ErrBomb},
		{"parameters", `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.org/">%x;]><a/>`, xmltree.ErrBomb},
		{"bytes", strings.Repeat(" ", xmltree.MaxBytes+1), xmltree.ErrTooLarge},
	} {
		if _, err := xmltree.Read([]byte(tt.text)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// The memory of a tree is bounded by a multiple of its text.
func TestMemory(t *testing.T) {
	const size = 4 << 20
	for _, tt := range []struct {
		name, unit string
		most       float64
	}{
		{"empty elements", "<b/>", 40},
		{"attributes", `<b c="" d="" e="" f=""/>`, 40},
		{"paragraphs", "<p>Films of TiO<sub>2</sub> were annealed at 450 °C for two hours in air before use.</p>", 8},
	} {
		text := "<a>" + strings.Repeat(tt.unit, size/len(tt.unit)) + "</a>"
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		root, _, err := xmltree.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if got := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(text)); got > tt.most {
			t.Errorf("%s: %.1f bytes allocated for each byte of XML, want at most %v", tt.name, got, tt.most)
		}
		runtime.KeepAlive(root)
	}
}

// Whatever is parsed keeps to its bounds and holds nothing but what the text
// has: the characters of the tree are not longer than the text.
func FuzzParse(f *testing.F) {
	for _, tt := range cases {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		root, _, err := xmltree.Parse(text)
		if err != nil {
			return
		}
		length := 0
		var walk func(n *markup.Node, depth int)
		walk = func(n *markup.Node, depth int) {
			if depth > markup.MaxDepth+1 {
				t.Fatal("nests too deep")
			}
			if !utf8.ValidString(n.Text) || !utf8.ValidString(n.Name) {
				t.Fatalf("not valid UTF-8: %q %q", n.Name, n.Text)
			}
			length += len(n.Text)
			for _, a := range n.Attributes {
				length += len(a.Value)
			}
			for _, c := range n.Children {
				walk(c, depth+1)
			}
		}
		walk(root, 0)
		// The longest expansion of HTML 5: 6 bytes for the 5 of "&nGt;".
		if length > 2*len(text) {
			t.Errorf("%d bytes of text make %d", len(text), length)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := "<article>" + strings.Repeat(`<p id="p-0001" num="0001">The catalyst of <b>Example 3</b> contains 12.5 wt% of Pt on Al<sub>2</sub>O<sub>3</sub> &#x2014; it was calcined at 550&#xb0; C. in air, and then reduced in hydrogen for two hours at the same temperature.</p>
`, 4000) + "</article>"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := xmltree.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
