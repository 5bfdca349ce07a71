package markup_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/markup"
)

// tree parses well-formed XML.
func tree(t testing.TB, s string) *markup.Node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	stack := []*markup.Node{{Name: "#document"}}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return stack[0].Children[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &markup.Node{Name: token.Name.Local}
			for _, a := range token.Attr {
				n.Attributes = append(n.Attributes, markup.Attribute{Name: a.Name.Local, Value: a.Value})
			}
			top.Children = append(top.Children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.Children = append(top.Children, &markup.Node{Text: string(token)})
		}
	}
}

// show returns a block with its scripts marked, as documenttest does.
func show(text string, shifts []document.Shift) string {
	s := documenttest.Format(&document.Document{Blocks: []document.Block{{Kind: document.Paragraph, Text: text, Shifts: shifts}}})
	_, s, _ = strings.Cut(s, "[paragraph]\n")
	return strings.TrimSuffix(s, "\n")
}

func TestMath(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"<mi>x</mi><mo>=</mo><mn>0.3</mn>", "x = 0.3"},
		{"<msup><mi>cm</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup>", "cm^{−1}"},
		{"<msub><mi>E</mi><mi mathvariant='normal'>g</mi></msub>", "E_{g}"},
		{"<msubsup><mi>SO</mi><mn>4</mn><mrow><mn>2</mn><mo>−</mo></mrow></msubsup>", "SO_{4}^{2−}"},
		{"<msup><mi>Li</mi><mo>+</mo></msup>", "Li^{+}"},
		{"<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>", "a/(b + c)"},
		{"<msqrt><mi>D</mi><mi>t</mi></msqrt>", "√(Dt)"},
		{"<mroot><mi>x</mi><mn>3</mn></mroot>", "^{3}√(x)"},
		{"<mfenced open='[' close=']' separators=';'><mi>a</mi><mi>b</mi><mi>c</mi></mfenced>", "[a; b; c]"},
		{"<mover><mi>R</mi><mo>¯</mo></mover>", "R"},
		{"<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", "∑_{i}^{n}"},
		{"<mmultiscripts><mi>Fe</mi><mprescripts/><none/><mn>57</mn></mmultiscripts>", "^{57}Fe"},
		{"<semantics><mi>y</mi><annotation>\\gamma</annotation></semantics>", "y"},
		{"<mn>1.2</mn><mo>×</mo><msup><mn>10</mn><mn>5</mn></msup>", "1.2 × 10^{5}"},
		{"<mi>f</mi><mo>\u2061</mo><mi>x</mi><mphantom><mi>z</mi></mphantom>", "fx"},
		{"<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable>", "1 0"},
	} {
		var b blocks.Builder
		markup.WriteMath(&b, tree(t, "<math>"+tt.in+"</math>"))
		if got := show(b.Take()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestWrite(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a<b>b</b> <i> c</i>", "ab c"},
		{"Li<sub>7</sub>La<sub>3</sub>", "Li_{7}La_{3}"},
		{"x<sub>i<sup>2</sup></sub>", "x_{i}^{2}"},
		{"one<br/>two", "one two"},
		{"a<script>b</script>", "a"},
		{"known<sup><x>1</x>, <x>2</x>–<x>5</x></sup>.", "known."},
		{"10<sup>5</sup> as in<sup>a</sup>", "10^{5} as in^{a}"},
		{"[<x>1</x>, <x>2</x>]", "[1, 2]"},
		{"(see <x>Author 2001</x>)", "(see Author 2001)"},
		{"0.31<x>12</x> eV", "0.31 eV"},
		{"ref. <x>12</x>", "ref. 12"},
	} {
		w := markup.Writer{Builder: new(blocks.Builder), Cites: func(n *markup.Node) bool { return n.Name == "x" }}
		w.Write(tree(t, "<p>"+tt.in+"</p>"))
		if got := show(w.Take()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestTable(t *testing.T) {
	w := markup.Writer{Builder: new(blocks.Builder)}
	w.WriteString("kept")
	block, dropped, ok := w.Table(tree(t, `<table><tfoot><tr><td>mean</td><td>1.5</td></tr></tfoot><thead><tr><th>S</th><th>v</th></tr></thead><tbody><tr><td>a<p>b</p><ul><li>c</li></ul></td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></tbody></table>`))
	if !ok || dropped {
		t.Fatal(dropped, ok)
	}
	if want := "S\tv\na b c\t1 2\nmean\t1.5"; block.Text != want {
		t.Errorf("%q, want %q", block.Text, want)
	}
	if text, _ := w.Take(); text != "kept" {
		t.Errorf("the text around is %q", text)
	}
	if _, _, ok := w.Table(tree(t, "<table><tr><td/></tr></table>")); ok {
		t.Error("a table without text")
	}
}

func TestBlank(t *testing.T) {
	for _, text := range []string{"", " \n\t", "\u00a0\u2009", "\u200b\u00ad", "a", " a", "\x00", "\x01b", "가", "\u200b가"} {
		n := &markup.Node{Name: "p", Children: []*markup.Node{{Text: text}}}
		if got, want := n.Blank(), n.Characters() == ""; got != want {
			t.Errorf("%q: blank %v, its characters are %q", text, got, n.Characters())
		}
	}
}

func TestTableLabel(t *testing.T) {
	for in, want := range map[string]string{
		"TABLE 2": "TABLE 2", "Table 1. Films": "Table 1", "table IV": "table IV", "Table S3": "", "[표 1]": "[표 1]", "표 2-1 조성": "표 2-1", "【표 3】": "【표 3】", "<표 4>": "<표 4>",
		"": "", "Tablets": "", "Sample": "", "135": "", "조성": "",
	} {
		if got := markup.TableLabel(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
