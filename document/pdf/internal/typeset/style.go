package main

// style says how a page is set.
type style struct {
	name     string
	class    string // of LaTeX, with its options
	fonts    string // commands that choose fonts of the system: set by LuaTeX
	preamble string
	columns  int    // 2 for \twocolumn, 3 for multicols
	rules    string // in tables: "ruled" for level ones, "grid" for all, "open" for none
	scripts  string // "math" for $_{2}$, "stacked" for $_{4}^{2-}$ where both follow, "text" for \textsubscript{2}
	size     string // of tables
	lines    bool   // numbered
	sideways bool   // tables stand on pages of their own, turned by a quarter
	office   *office
	browser  string // style sheet: set by Chromium
	printer  string // style sheet: set by WeasyPrint
	typeset  string // rules: set by Typst
	long     bool   // tables of more than 25 rows go on over pages
}

// office says how LibreOffice sets a page.
type office struct {
	font    string
	size    int // points
	columns int
	valign  string // of cells
}

// running is a header that changes from page to page, and a footer.
const running = `\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}
\fancyhead[L]{\small Journal of Compiled Values \textbf{3} (2024) 117}\fancyfoot[C]{\thepage}
`

// every says that a page is set in every such style: all of them would show
// little more and take more room.
var every = map[string]int{"develop": 8, "heldout": 2, "stacks": 1, "blind": 2, "unfamiliar": 3}

// sets lists the styles of each folder of testdata.
var sets = map[string][]style{
	"develop": {
		{name: "one-ruled", class: `[10pt,a4paper]{article}`, preamble: running, rules: "ruled", scripts: "math"},
		{name: "two-ruled", class: `[10pt,twocolumn]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{mathptmx}\usepackage[margin=0.8in]{geometry}` + running, columns: 2, rules: "ruled", scripts: "math", size: `\footnotesize`},
		{name: "elsarticle-open", class: `[5p,twocolumn]{elsarticle}`, preamble: `\usepackage{txfonts}`, columns: 2, rules: "open", scripts: "math", size: `\scriptsize`},
		{name: "manuscript-open", class: `[12pt,letterpaper]{article}`, preamble: `\usepackage{setspace}\doublespacing\usepackage{lineno}\usepackage[margin=1in]{geometry}`, rules: "open", scripts: "text", lines: true},
		{name: "turned-grid", class: `[11pt]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{pdflscape}` + running, rules: "grid", scripts: "math", sideways: true},
		{name: "office-grid", rules: "grid", office: &office{font: "Liberation Serif", size: 11, columns: 1, valign: "top"}},
		{name: "office-open", rules: "open", office: &office{font: "Liberation Sans", size: 9, columns: 2, valign: "top"}},
		{name: "three-ruled", class: `[9pt]{extarticle}`, preamble: `\usepackage[T1]{fontenc}\usepackage{mathptmx}\usepackage{multicol}\usepackage[a4paper,landscape,margin=0.6in]{geometry}` + running, columns: 3, rules: "ruled", scripts: "math", size: `\scriptsize`},
		{name: "koma-open", class: `[10pt,a4paper]{scrartcl}`, preamble: `\usepackage[T1]{fontenc}\usepackage{mathpazo}` + running, rules: "open", scripts: "math"},
		{name: "two-open", class: `[11pt,twocolumn,letterpaper]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{helvet}\renewcommand{\familydefault}{\sfdefault}\usepackage[margin=0.7in]{geometry}` + running, columns: 2, rules: "open", scripts: "text", size: `\footnotesize`},
		{name: "lncs-grid", class: `{llncs}`, preamble: `\usepackage{lineno}`, rules: "grid", scripts: "math", lines: true},
		{name: "sideways-ruled", class: `[10pt]{article}`, preamble: `\usepackage{lscape}` + running, rules: "ruled", scripts: "math", sideways: true},
		{name: "officesans-grid", rules: "grid", office: &office{font: "Liberation Sans", size: 10, columns: 1, valign: "middle"}},
		{name: "officeserif-open", rules: "open", office: &office{font: "Liberation Serif", size: 10, columns: 2, valign: "top"}},
		{name: "three-open", class: `[9pt]{extarticle}`, preamble: `\usepackage{multicol}\usepackage[a3paper,margin=0.8in]{geometry}` + running, columns: 3, rules: "open", scripts: "math", size: `\footnotesize`},
	},
	"heldout": {
		{name: "charter-ruled", class: `[11pt,a4paper]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{charter}` + running, rules: "ruled", scripts: "math"},
		{name: "century-open", class: `[10pt,twocolumn,a4paper]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{newcent}\usepackage[margin=0.75in]{geometry}` + running, columns: 2, rules: "open", scripts: "text", size: `\scriptsize`},
		{name: "wide-grid", class: `[12pt,letterpaper]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{bookman}\usepackage{pdflscape}` + running, rules: "grid", scripts: "math", sideways: true, size: `\small`},
		{name: "palatino-open", class: `[9pt,twocolumn,letterpaper]{extarticle}`, preamble: `\usepackage[T1]{fontenc}\usepackage{palatino}\usepackage[margin=0.8in]{geometry}`, columns: 2, rules: "open", scripts: "math", size: `\footnotesize`},
		{name: "letter-ruled", class: `[11pt,twocolumn,letterpaper]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{mathptmx}\usepackage[margin=0.7in]{geometry}\usepackage{lineno}`, columns: 2, rules: "ruled", scripts: "text", size: `\footnotesize`},
		{name: "dejavu-grid", rules: "grid", office: &office{font: "DejaVu Serif", size: 9, columns: 1, valign: "middle"}},
		{name: "dejavusans-open", rules: "open", office: &office{font: "DejaVu Sans", size: 8, columns: 2, valign: "top"}},
		{name: "draft-open", class: `[11pt,a4paper]{article}`, preamble: `\usepackage{setspace}\onehalfspacing\usepackage{lineno}\usepackage[margin=1.2in]{geometry}`, rules: "open", scripts: "math", lines: true},
	},
	"stacks": {
		{name: "chrome-open", rules: "open", browser: `body{font:10pt/1.4 "Liberation Serif";text-align:justify;hyphens:auto}@page{size:A4;margin:2cm}`},
		{name: "luastack-open", class: `[11pt,a4paper,twocolumn]{article}`, fonts: `\setmainfont{DejaVu Serif}[Scale=0.85]`, preamble: `\usepackage[margin=0.8in]{geometry}` + running, columns: 2, rules: "open", scripts: "stacked", size: `\footnotesize`},
		{name: "stack-ruled", class: `[10pt,a4paper]{article}`, preamble: running, rules: "ruled", scripts: "stacked"},
		{name: "stacktimes-grid", class: `[10pt,twocolumn]{article}`, preamble: `\usepackage[T1]{fontenc}\usepackage{mathptmx}\usepackage[margin=0.8in]{geometry}` + running, columns: 2, rules: "grid", scripts: "stacked", size: `\footnotesize`},
		{name: "narrow-grid", rules: "grid", office: &office{font: "Liberation Sans Narrow", size: 12, columns: 1, valign: "top"}},
	},
	"blind": {
		{name: "libertine-ruled", class: `[11pt,a4paper]{scrreprt}`, fonts: `\setmainfont{Linux Libertine O}`, preamble: running, rules: "ruled", scripts: "text"},
		{name: "garamond-open", class: `[11pt,a4paper,twocolumn]{article}`, fonts: `\setmainfont{EB Garamond}`, preamble: `\usepackage[margin=0.75in]{geometry}`, columns: 2, rules: "open", scripts: "stacked", size: `\small`},
		{name: "stix-grid", class: `[10pt,letterpaper,twocolumn]{article}`, fonts: `\usepackage{unicode-math}\setmainfont{STIXGeneral}`, preamble: `\usepackage[margin=0.8in]{geometry}` + running, columns: 2, rules: "grid", scripts: "stacked", size: `\footnotesize`},
		{name: "memoir-ruled", class: `[12pt,letterpaper]{memoir}`, preamble: `\usepackage[T1]{fontenc}\usepackage{avant}\renewcommand{\familydefault}{\sfdefault}`, rules: "ruled", scripts: "stacked"},
		{name: "carlito-grid", rules: "grid", office: &office{font: "Carlito", size: 11, columns: 1, valign: "middle"}},
		{name: "caladea-open", rules: "open", office: &office{font: "Caladea", size: 10, columns: 2, valign: "top"}},
		{name: "webserif-ruled", rules: "ruled", browser: `body{font:11pt/1.5 "Linux Libertine O";text-align:justify}sub,sup{line-height:0}@page{size:A4;margin:2.2cm}`},
		{name: "websans-open", rules: "open", browser: `body{font:9.5pt/1.35 "Carlito";columns:2;column-gap:1cm}h1{column-span:all}sub,sup{font-size:65%;line-height:1}@page{size:Letter;margin:1.7cm}`},
	},
	"unfamiliar": {
		{name: "libertinus-ruled", rules: "ruled", typeset: `#set page(paper: "a4", margin: 2.4cm, header: [Compilations of data #h(1fr) Volume 7], numbering: "1")
#set text(font: "Libertinus Serif", size: 10.5pt)
#set par(justify: true)`},
		{name: "typst-open", rules: "open", typeset: `#set page(paper: "us-letter", margin: 2cm, columns: 2, numbering: "1 / 1")
#set text(font: "New Computer Modern", size: 9.5pt)
#set super(typographic: false)
#set sub(typographic: false)
#set par(justify: true, first-line-indent: 1.2em)`},
		{name: "biolinum-grid", rules: "grid", printer: `body{font:10.5pt/1.45 "Linux Biolinum O";text-align:justify;hyphens:auto}sub,sup{line-height:0;font-size:.7em}@page{size:A4;margin:2.3cm;@bottom-center{content:counter(page)}@top-right{content:"Data sheets in brief"}}`},
		{name: "condensed-open", rules: "open", printer: `body{font:9pt/1.35 "DejaVu Sans Condensed","DejaVu Sans";columns:2;column-gap:.8cm}h1{column-span:all}sub,sup{line-height:0}table{font-size:8pt;break-inside:auto!important}td,th{padding:.1em .3em!important}@page{size:A4;margin:1.8cm}`},
		{name: "utopia-ruled", class: `[journal]{IEEEtran}`, preamble: `\usepackage[T1]{fontenc}\usepackage{utopia}`, columns: 2, rules: "ruled", scripts: "stacked", size: `\footnotesize`},
		{name: "humanist-open", rules: "open", office: &office{font: "Linux Biolinum O", size: 11, columns: 1, valign: "middle"}},
		{name: "sanslong-ruled", class: `[11pt,a4paper]{amsart}`, fonts: `\setmainfont{Latin Modern Sans}`, preamble: `\usepackage{longtable}` + running, rules: "ruled", scripts: "math", long: true},
		{name: "dunhill-open", class: `[12pt,letterpaper]{article}`, fonts: `\setmainfont{Latin Modern Roman Dunhill}`, preamble: `\usepackage{longtable}\usepackage[margin=1.1in]{geometry}`, rules: "open", scripts: "text", long: true},
	},
}
