package latex_test

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document/documenttest"
	"github.com/alkahest/alkahest/document/latex"
)

var update = flag.Bool("update", false, "rewrite the expected blocks")

func TestGolden(t *testing.T) {
	documenttest.Golden(t, "testdata/*.txtar", *update, latex.Read)
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       error
	}{
		{"empty", `\documentclass{article}\begin{document}\end{document}`, latex.ErrNoText},
		{"large", strings.Repeat("x", latex.MaxBytes+1), latex.ErrTooLarge},
	} {
		if _, err := latex.Read(tt.name, []byte(tt.data)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	// What nests, or never ends, must take neither the stack nor all day.
	for name, unit := range map[string]string{
		"groups": "{", "formulas": "$x_{", "chemistry": `\ce{^{`, "environments": `\begin{itemize}`, "tables": `\begin{tabular}{c}`, "arguments": `\textbf{`,
		"superscripts": `\textsuperscript{`, "options": `\\[`, "scripts": "$^", "accents": `\"`, "sections": `\section{`, "notes": `\footnote{`, "units": `\SI{1}{\m\tothe{`, "verb": `\verb`,
	} {
		doc, err := latex.Read(name, []byte("Begin. "+strings.Repeat(unit, 10_000)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, doc)
	}
}

func TestScience(t *testing.T) {
	for source, want := range map[string]string{
		`\ce{Li_{1+x}Mn2O4}`:           "Li_{1+x}Mn_{2}O_{4}",
		`\ce{LiNi0.8Co0.1Mn0.1O2}`:     "LiNi_{0.8}Co_{0.1}Mn_{0.1}O_{2}",
		`\ce{^{7}Li}`:                  "^{7}Li",
		`\ce{PO4^3-}`:                  "PO_{4}^{3−}",
		`\ce{Ca(OH)2}`:                 "Ca(OH)_{2}",
		`\ce{N2 + 3H2 <=>[cat.] 2NH3}`: "N_{2} + 3H_{2} ⇌ 2NH_{3}",
		`$\ce{TiO2}$`:                  "TiO_{2}",
		`\SI{5}{\milli\ampere\per\square\centi\metre}`: "5 mA cm^{−2}",
		`\SI{5}{\milli\ampere\hour\per\gram}`:          "5 mA h g^{−1}",
		`\SI{2.5(1)}{\electronvolt}`:                   "2.5(1) eV",
		`\qty{1,5e3}{m.s^{-1}}`:                        "1.5 × 10^{3} m s^{−1}",
		`\SI{300}{\K}`:                                 "300 K",
		`\num{-1e-5}`:                                  "−1 × 10^{−5}",
		`\SIlist{1;2;3}{\percent}`:                     "1, 2 and 3 %",
		`\SI{9.81}{\metre\per\second\squared}`:         "9.81 m s^{−2}",
		`$10^{-3}\,\mathrm{S\,cm^{-1}}$`:               "10^{−3} S cm^{−1}",
		`25\,$^\circ$C`:                                "25 °C",
		`50\,\textmu m`:                                "50 μm",
		`caf\'e na\"{\i}ve \v{S}koda stra\ss e`:        "café naïve Škoda straße",
	} {
		doc, err := latex.Read("x.tex", []byte(source+"."))
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		_, got, _ := strings.Cut(documenttest.Format(doc), "[paragraph]\n")
		if got = strings.TrimSuffix(strings.TrimSpace(got), "."); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestJoin(t *testing.T) {
	files := map[string][]byte{
		"p/main.tex":          []byte("\\documentclass{article}\n\\input{intro}\n% \\input{no}\n\\include{parts/results.tex}\\input{../secret}\\input{/etc/passwd}\n\\bibliography{refs}\nEnd"),
		"p/intro.tex":         []byte("Intro \\input{intro}\\input main "),
		"p/parts/results.tex": []byte("Results"),
		"p/main.bbl":          []byte("[refs]"),
		"secret.tex":          []byte("SECRET"),
	}
	got := string(latex.Join("p/main.tex", files))
	want := "\\documentclass{article}\nIntro \\input{intro}\\input main \n% \\input{no}\nResults\\input{../secret}\\input{/etc/passwd}\n[refs]\nEnd"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i := range 40 { // files that include two others each
		files["b"+string(rune('A'+i))] = bytes.Repeat([]byte("\\input{b"+string(rune('A'+i+1))+"}\nx"), 20)
	}
	if n := len(latex.Join("bA", files)); n > latex.MaxBytes {
		t.Errorf("%d bytes", n)
	}
	if latex.Main([]byte("% \\documentclass{x}\ntext")) || !latex.Main([]byte("%\n \\documentclass{x}")) {
		t.Error("a comment is taken for the beginning of a document, or a beginning is not")
	}
}

func TestMemory(t *testing.T) {
	documenttest.Memory(t, 90, latex.Read, nil,
		documenttest.Shape{Name: "paragraphs", Before: "\\begin{document}", Unit: "The melt of \\ce{Al2O3} was kept at \\SI{2400}{\\K} for $t_0 = 2$ hours.\n\n", After: "\\end{document}"},
		documenttest.Shape{Name: "paragraphs of one letter", Before: "\\begin{document}", Unit: "a\n\n", After: "\\end{document}"},
		documenttest.Shape{Name: "table", Before: "\\begin{document}\\begin{tabular}{cc}", Unit: "1&2\\\\", After: "\\end{tabular}\\end{document}"},
		documenttest.Shape{Name: "scripts", Before: "\\begin{document}", Unit: "$a_1^2$", After: "\\end{document}"},
		documenttest.Shape{Name: "groups", Before: "\\begin{document}", Unit: strings.Repeat("{", 100) + "x" + strings.Repeat("}", 100), After: "\\end{document}"},
		documenttest.Shape{Name: "macros", Before: "\\begin{document}", Unit: "\\def\\a{b}", After: "x\\end{document}"},
		documenttest.Shape{Name: "ends that never come", Before: "\\def\\x#1;{#1}\\begin{document}", Unit: "\\x a ", After: "\\end{document}"},
		documenttest.Shape{Name: "columns", Before: "\\begin{document}\\begin{tabular}{c}", Unit: "\\multicolumn{1000}{c}{1}\\\\", After: "\\end{tabular}\\end{document}"},
	)
}

func FuzzRead(f *testing.F) { documenttest.Fuzz(f, "testdata/*.txtar", "fuzz.tex", latex.Read) }

func BenchmarkRead(b *testing.B) {
	documenttest.Benchmark(b, "testdata/paper.txtar", `\section{Intro`, `\begin{thebib`, latex.Read)
}
