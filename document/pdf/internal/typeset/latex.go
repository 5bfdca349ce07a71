package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
)

// engine is the program that sets the style.
func (s style) engine() string {
	if s.fonts != "" {
		return "lualatex"
	}
	return "pdflatex"
}

// latex returns doc as a document of LaTeX.
func (s style) latex(doc *document.Document) string {
	var b strings.Builder
	compress, encoding := `\pdfcompresslevel9\pdfobjcompresslevel2`, `\usepackage[utf8]{inputenc}`
	if s.fonts != "" {
		compress = `\pdfvariable compresslevel 9\pdfvariable objcompresslevel 2`
		encoding = `\usepackage{fontspec}` + s.fonts
	}
	b.WriteString(compress + `
\documentclass` + s.class + `
\usepackage{amsmath,amssymb,booktabs,graphicx}
` + encoding + `
` + s.preamble + `
\hyphenpenalty=20
\begin{document}
`)
	if s.lines {
		b.WriteString("\\linenumbers\n")
	}
	// Title and abstract run across the columns.
	head := len(doc.Blocks)
	for i, block := range doc.Blocks {
		if block.Kind == document.Heading && i > 1 && !strings.HasPrefix(block.Text, "Abstract") {
			head = i
			break
		}
	}
	if s.columns == 2 {
		b.WriteString("\\twocolumn[{%\n")
	}
	for i := range doc.Blocks {
		if i == head {
			switch s.columns {
			case 2:
				b.WriteString("\\vspace{2ex}}]\n")
			case 3:
				b.WriteString("\\begin{multicols}{3}\n")
			}
		}
		block := &doc.Blocks[i]
		text := s.inline(block, 0, len(block.Text))
		switch block.Kind {
		case document.Title:
			b.WriteString("\\begin{center}\\LARGE\\bfseries " + text + "\\end{center}\n")
		case document.Heading:
			if i < head {
				b.WriteString("\\noindent\\textbf{" + text + "}\\par\n")
			} else {
				b.WriteString("\\section*{" + text + "}\n")
			}
		case document.Caption:
			if i+1 < len(doc.Blocks) && doc.Blocks[i+1].Kind == document.Tabular {
				continue // set with its table
			}
			b.WriteString(s.float("figure", false, "\\fbox{\\rule{0pt}{6ex}\\rule{12em}{0pt}}\\par\\smallskip\n"+s.caption(block)))
		case document.Tabular:
			if s.long && block.Table.Rows > 25 {
				b.WriteString(s.longTable(block, &doc.Blocks[i-1]))
				continue
			}
			body := s.tabular(block) + "\n"
			if i > 0 && doc.Blocks[i-1].Kind == document.Caption {
				body = s.caption(&doc.Blocks[i-1]) + "\\par\\smallskip\n" + body
			}
			b.WriteString(s.float("table", block.Table.Columns >= 6, body))
		case document.Footnote:
			b.WriteString("{\\let\\thefootnote\\relax\\footnotetext{" + text + "}}\n")
		case document.Reference, document.List:
			b.WriteString("{\\small\\noindent\\hangindent=1.5em " + text + "\\par}\n")
		default:
			b.WriteString(text + "\\par\n")
		}
	}
	if s.columns == 3 {
		b.WriteString("\\end{multicols}\n")
	}
	b.WriteString("\\end{document}\n")
	return b.String()
}

// float sets body as a figure or table that may move.
func (s style) float(kind string, wide bool, body string) string {
	body = "\\centering" + s.size + "\n" + body
	switch {
	case kind == "table" && s.sideways:
		return "\\begin{landscape}\\begin{table}[p]" + body + "\\end{table}\\end{landscape}\n"
	case s.columns == 3:
		return "\\par\\medskip\\noindent\\begin{minipage}{\\columnwidth}" + body + "\\end{minipage}\\par\\medskip\n"
	case wide && s.columns == 2:
		kind += "*"
	}
	place := "[htbp]"
	if strings.HasSuffix(kind, "*") {
		place = "[t]"
	}
	return "\\begin{" + kind + "}" + place + body + "\\end{" + kind + "}\n"
}

func (s style) caption(b *document.Block) string {
	end, rest := label(b)
	return "{\\raggedright\\textbf{" + escape(b.Text[:end]) + "} " + s.inline(b, rest, len(b.Text)) + "\\par}"
}

// tabular returns the table of b. One that is too wide is made smaller, as it
// would hide other text.
func (s style) tabular(b *document.Block) string {
	return "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n\\begin{tabular}{" + s.columnsOf(b.Table) + "}\n" +
		s.rowsOf(b, "") + "\\end{tabular}}"
}

// longTable returns the table of b, below its caption, to go on over pages with
// its head repeated.
func (s style) longTable(b, caption *document.Block) string {
	return "\\bigskip" + s.caption(caption) + "\\nopagebreak\\begin{longtable}{" + s.columnsOf(b.Table) + "}\n" +
		s.rowsOf(b, "\\endhead\n") + "\\end{longtable}\n"
}

// columnsOf returns how the columns of t are aligned and parted.
func (s style) columnsOf(t *document.Table) string {
	bar := ""
	if s.rules == "grid" {
		bar = "|"
	}
	return bar + "l" + bar + strings.Repeat("c"+bar, t.Columns-1)
}

// rowsOf returns the rows of b with the rules between them, and endHead below the
// head.
func (s style) rowsOf(b *document.Block, endHead string) string {
	t := b.Table
	grid := t.Grid()
	bar := ""
	if s.rules == "grid" {
		bar = "|"
	}
	var out strings.Builder
	rule := func(ruled, all string) {
		switch s.rules {
		case "ruled":
			out.WriteString(ruled + "\n")
		case "grid":
			out.WriteString(all + "\n")
		}
	}
	rule("\\toprule", "\\hline")
	for r := range t.Rows {
		var cells, partial []string
		below := "" // rules of a grid below the cells that end here
		for c := 0; c < t.Columns; {
			i := grid[r][c]
			if i < 0 || t.Cells[i].Row != r {
				cells = append(cells, "")
				if i >= 0 && t.Cells[i].Row+t.Cells[i].RowSpan == r+1 || i < 0 {
					below += fmt.Sprintf("\\cline{%d-%d}", c+1, c+1)
				}
				c++
				continue
			}
			cell := t.Cells[i]
			text := s.inline(b, cell.Start, cell.End)
			if cell.ColumnSpan > 1 {
				text = fmt.Sprintf("\\multicolumn{%d}{c%s}{%s}", cell.ColumnSpan, bar, text)
				partial = append(partial, fmt.Sprintf("\\cmidrule(lr){%d-%d}", c+1, c+cell.ColumnSpan))
			}
			if cell.RowSpan == 1 {
				below += fmt.Sprintf("\\cline{%d-%d}", c+1, c+cell.ColumnSpan)
			}
			cells = append(cells, text)
			c += cell.ColumnSpan
		}
		out.WriteString(strings.Join(cells, " & ") + " \\\\\n")
		switch {
		case r == t.Rows-1:
			rule("\\bottomrule", "\\hline")
		case r == t.HeaderRows-1:
			rule("\\midrule", "\\hline")
			if s.rules == "open" {
				out.WriteString("\\addlinespace\n")
			}
			out.WriteString(endHead)
		case r < t.HeaderRows-1:
			rule(strings.Join(partial, ""), below)
		default:
			rule("", "\\hline")
		}
	}
	return out.String()
}

// inline returns bytes from to end of the text of b.
func (s style) inline(b *document.Block, from, end int) string {
	var out strings.Builder
	before := ""
	for _, p := range pieces(b, from, end) {
		command := map[string]string{"^": "\\textsuperscript{", "_": "\\textsubscript{"}[p.level]
		switch {
		case p.level == "":
			out.WriteString(escape(p.text))
		case s.scripts == "stacked" && before != "" && before != p.level:
			stack := strings.TrimSuffix(out.String(), "$")
			out.Reset()
			out.WriteString(stack + p.level + "{" + mathematics(p.text) + "}$")
			p.level = "" // a third one stands for itself
		case s.scripts == "math" || s.scripts == "stacked":
			out.WriteString("$" + p.level + "{" + mathematics(p.text) + "}$")
		default:
			out.WriteString(command + escape(p.text) + "}")
		}
		before = p.level
	}
	return out.String()
}

// signs gives the commands for characters that LaTeX has in formulas only.
var signs = map[rune]string{
	'−': "-", '×': `\times`, '°': `{}^\circ`, '≈': `\approx`, '≤': `\le`, '≥': `\ge`, '→': `\rightarrow`, '∝': `\propto`,
	'ħ': `\hbar`, '′': `{}'`, '″': `{}''`, '√': `\surd`, '∞': `\infty`, '±': `\pm`, '<': "<", '>': ">", '*': `*`,
	'α': `\alpha`, 'β': `\beta`, 'γ': `\gamma`, 'δ': `\delta`, 'ε': `\varepsilon`, 'η': `\eta`, 'θ': `\theta`, 'κ': `\kappa`, 'λ': `\lambda`, 'µ': `\mu`, 'ν': `\nu`,
	'ξ': `\xi`, 'ρ': `\rho`, 'σ': `\sigma`, 'τ': `\tau`, 'ω': `\omega`, 'Δ': `\Delta`, 'Θ': `\Theta`, 'Σ': `\Sigma`, '⟨': `\langle `, '⟩': `\rangle `, 'Λ': `\Lambda`, 'Φ': `\Phi`, 'Ω': `\Omega`,
}

// escape returns s for running text.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch sign, ok := signs[r]; {
		case ok:
			b.WriteString("$" + sign + "$")
		case strings.ContainsRune("%&#_{}$", r):
			b.WriteString("\\" + string(r))
		case r == '–':
			b.WriteString("--")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mathematics returns s for a formula, its letters upright.
func mathematics(s string) string {
	var b strings.Builder
	upright := false
	for i, r := range s {
		letter := unicode.IsLetter(r) && r < utf8.RuneSelf
		if letter != upright {
			if upright {
				b.WriteByte('}')
			} else {
				b.WriteString("\\mathrm{")
			}
			upright = letter
		}
		switch sign, ok := signs[r]; {
		case ok:
			b.WriteString("{" + sign + "}")
		case r == ' ':
			b.WriteString("\\ ")
		case r == '–':
			b.WriteString("\\text{--}")
		default:
			b.WriteString(s[i : i+utf8.RuneLen(r)])
		}
	}
	if upright {
		b.WriteByte('}')
	}
	return b.String()
}
