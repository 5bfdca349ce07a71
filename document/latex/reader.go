package latex

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// reader turns a source into blocks.
type reader struct {
	doc     *document.Document
	b       *blocks.Builder
	kind    document.Kind // of the text being written
	section []string
	levels  []int
	labels  map[string]string // label → number
	notes   []note            // footnotes met in running text
	cell    bool              // the text being written is that of a cell, which nothing ends but the next
}

// note is a footnote, and how deep it stood.
type note struct {
	text  string
	depth int
}

// maxDepth bounds the arguments and environments inside each other.
const maxDepth = 48

func (r *reader) add(b document.Block) { blocks.Append(r.doc, r.section, b) }

// flush ends the running text.
func (r *reader) flush() {
	if r.cell {
		r.b.Space()
		return
	}
	text, shifts := r.b.Take()
	r.add(document.Block{Kind: r.kind, Text: text, Shifts: shifts})
	notes := r.notes
	r.notes = nil
	for _, n := range notes {
		r.as(document.Footnote, n.text, n.depth+1)
	}
}

// as reads s as blocks of one kind.
func (r *reader) as(kind document.Kind, s string, depth int) {
	r.flush()
	old := r.kind
	r.kind = kind
	r.read(s, depth)
	r.flush()
	r.kind = old
}

// text returns s as it shows, in one line.
func (r *reader) text(s string, depth int) (string, []document.Shift) {
	b, notes, blocksBefore, cell := r.b, r.notes, r.doc.Blocks, r.cell
	r.b, r.cell = new(blocks.Builder), false
	r.read(s, depth)
	text, shifts := r.b.Take()
	r.b, r.notes, r.doc.Blocks, r.cell = b, notes, blocksBefore, cell
	return text, shifts
}

// levels of headings.
var levels = map[string]int{"part": 0, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6}

// dropped are the commands whose arguments, as many as stated, do not show.
var dropped = map[string]int{
	"vspace": 1, "hspace": 1, "setlength": 2, "addtolength": 2, "bibliographystyle": 1, "bibliography": 1, "addbibresource": 1, "includegraphics": 1,
	"pagestyle": 1, "thispagestyle": 1, "usepackage": 1, "RequirePackage": 1, "documentclass": 1, "documentstyle": 1, "setcounter": 2, "addtocounter": 2,
	"color": 1, "rule": 2, "hypersetup": 1, "thanks": 1, "pacs": 1, "email": 1, "affiliation": 1, "address": 1, "institute": 1, "orcid": 1, "orcidlink": 1,
	"input": 1, "include": 1, "label": 1, "index": 1, "graphicspath": 1, "bibinfo": 1, "definecolor": 3, "newtheorem": 2, "theoremstyle": 1,
	"cmidrule": 1, "cline": 1, "arraystretch": 0, "markboth": 2, "markright": 1, "phantom": 1, "hphantom": 1, "vphantom": 1, "newenvironment": 3,
	"renewenvironment": 3, "DeclareGraphicsExtensions": 1, "altaffiliation": 1, "homepage": 1, "preprint": 1, "linespread": 1, "captionsetup": 1,
	"sisetup": 1, "setstretch": 1, "fontsize": 2, "selectfont": 0, "newcolumntype": 2, "PACS": 1, "correspondingauthor": 1, "collaboration": 1,
	"pdfbookmark": 2, "addcontentsline": 3, "resizebox": 2, "scalebox": 1, "rotatebox": 1, "raisebox": 1, "adjustbox": 1, "textcolor": 1, "colorbox": 1, "href": 1, "multicolumn": 2, "multirow": 2,
}

// accents are the commands that set a mark on the letter behind them, with the
// combining character (The TeXbook, chapter 9).
var accents = map[string]rune{
	"`": '\u0300', "'": '\u0301', "^": '\u0302', "~": '\u0303', "=": '\u0304', "u": '\u0306', ".": '\u0307', "\"": '\u0308', "r": '\u030A', "H": '\u030B', "v": '\u030C', "c": '\u0327', "k": '\u0328', "d": '\u0323',
}

// letters are the commands for characters in text.
var letters = map[string]string{
	"ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
	"dag": "†", "ddag": "‡", "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "textmu": "μ", "micro": "μ", "textregistered": "®", "texttrademark": "™",
	"textasciitilde": "~", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textbackslash": "\\", "LaTeX": "LaTeX", "TeX": "TeX",
	"textless": "<", "textgreater": ">", "textbar": "|", "textellipsis": "…", "celsius": "°C", "degreeCelsius": "°C", "ohm": "Ω", "textohm": "Ω", "textohms": "Ω",
	"etal": "et al.", "slash": "/", "-": "", "/": "", "@": "", ",": " ", "%": "%", "&": "&", "#": "#", "$": "$", "_": "_", "{": "{", "}": "}",
}

// read reads text, at a depth of arguments and environments.
func (r *reader) read(s string, depth int) {
	if depth > maxDepth {
		return
	}
	for s != "" {
		i := strings.IndexAny(s, "\\$~{}\n\"`'- \t")
		if i < 0 {
			r.b.WriteString(s)
			return
		}
		r.b.WriteString(s[:i])
		s = s[i:]
		switch s[0] {
		case '\\':
			s = r.command(s, depth)
		case '$':
			s = r.dollar(s)
		case '{', '}':
			s = s[1:]
		case '`':
			if strings.HasPrefix(s, "``") {
				r.b.WriteString("“")
				s = s[2:]
			} else {
				r.b.WriteString("‘")
				s = s[1:]
			}
		case '\'':
			if strings.HasPrefix(s, "''") {
				r.b.WriteString("”")
				s = s[2:]
			} else {
				r.b.WriteString("’")
				s = s[1:]
			}
		case '-':
			switch {
			case strings.HasPrefix(s, "---"):
				r.b.WriteString("—")
				s = s[3:]
			case strings.HasPrefix(s, "--"):
				r.b.WriteString("–")
				s = s[2:]
			default:
				r.b.WriteString("-")
				s = s[1:]
			}
		case '"':
			r.b.WriteString(`"`)
			s = s[1:]
		default: // white space
			n := 0
			for n < len(s) && strings.IndexByte(" \t\n~", s[n]) >= 0 {
				n++
			}
			space := s[:n]
			s = s[n:]
			if strings.Count(space, "\n") > 1 {
				r.flush()
				continue
			}
			if !silent(s) {
				r.b.Space()
			}
		}
	}
}

// silent reports whether s begins with a command that shows nothing, so that
// the space before it belongs to what follows.
func silent(s string) bool {
	if !strings.HasPrefix(s, `\`) {
		return false
	}
	switch name := s[1:commandEnd(s)]; name {
	case "label", "footnote", "footnotemark", "index":
		return true
	default:
		return citing(name)
	}
}

func citing(name string) bool {
	return strings.HasPrefix(name, "cite") || strings.HasSuffix(name, "cite") || strings.HasPrefix(name, "Cite") || name == "citet" || name == "parencite" || name == "textcite"
}

// dollar reads a formula between dollar signs.
func (r *reader) dollar(s string) string {
	mark := "$"
	if strings.HasPrefix(s, "$$") {
		mark = "$$"
	}
	body := s[len(mark):]
	for from := 0; ; {
		end := strings.Index(body[from:], mark)
		if end < 0 || end > maxFormula {
			return body // a dollar sign of its own
		}
		end += from
		if end > 0 && body[end-1] == '\\' {
			from = end + 1
			continue
		}
		if mark == "$$" {
			r.b.Space()
		}
		WriteMath(r.b, body[:end])
		if mark == "$$" {
			r.b.Space()
		}
		return body[end+len(mark):]
	}
}

// maxFormula bounds a formula in running text.
const maxFormula = 16 << 10

// command reads the command that s begins with and returns what follows it.
func (r *reader) command(s string, depth int) string {
	n := commandEnd(s)
	name, rest := s[1:n], s[n:]
	if level, ok := levels[name]; ok {
		return r.heading(level, rest, depth)
	}
	if mark, ok := accents[name]; ok {
		if len(name) > 1 || name[0] < 'A' || strings.HasPrefix(rest, "{") || strings.HasPrefix(rest, " ") {
			var letter string
			letter, rest = argument(rest)
			letter = dotless.Replace(letter)
			if utf8.RuneCountInString(letter) == 1 {
				r.b.WriteString(norm.NFC.String(letter + string(mark)))
			} else {
				r.b.WriteString(letter)
			}
			return rest
		}
	}
	if text, ok := letters[name]; ok {
		r.b.WriteString(text)
		if len(name) > 1 {
			rest = strings.TrimPrefix(rest, "{}")
			if strings.HasPrefix(rest, " ") && len(text) > 0 && n > 2 {
				rest = rest[1:]
			}
		}
		return rest
	}
	if citing(name) {
		for range 2 {
			_, rest, _ = option(rest)
		}
		_, rest = argument(rest)
		return rest
	}
	switch name {
	case "begin":
		return r.environment(rest, depth)
	case "end":
		_, rest = argument(rest)
		return rest
	case "par", "newpage", "clearpage", "maketitle":
		r.flush()
		return rest
	case "\\", "newline", "linebreak", "tabularnewline":
		rest = strings.TrimPrefix(rest, "*")
		_, rest, _ = option(rest)
		r.b.Space()
		return rest
	case "(", "[":
		end := strings.Index(rest, map[string]string{"(": `\)`, "[": `\]`}[name])
		if end < 0 || end > maxFormula {
			return rest
		}
		r.b.Space()
		WriteMath(r.b, rest[:end])
		if name == "[" {
			r.b.Space()
		}
		return rest[end+2:]
	case ")", "]":
		return rest
	case "title", "author", "date", "keywords": // read with the preamble
		_, rest, _ = option(rest)
		_, rest = argument(rest)
		return rest
	case "abstract":
		var arg string
		arg, rest = argument(rest)
		r.abstract(arg, depth)
		return rest
	case "footnote", "footnotetext", "tablenotetext", "tnote":
		var arg string
		_, rest, _ = option(rest)
		arg, rest = argument(rest)
		if len(r.notes) < 1000 {
			r.notes = append(r.notes, note{arg, depth})
		}
		return rest
	case "textsuperscript", "textsubscript", "sp", "sb":
		var arg string
		arg, rest = argument(rest)
		old := r.b.SetLevel(map[string]blocks.Level{"textsuperscript": blocks.Raised, "sp": blocks.Raised, "textsubscript": blocks.Lowered, "sb": blocks.Lowered}[name])
		r.read(arg, depth+1)
		r.b.SetLevel(old)
		return rest
	case "ensuremath":
		var arg string
		arg, rest = argument(rest)
		WriteMath(r.b, arg)
		return rest
	case "ref", "eqref", "autoref", "cref", "Cref", "pageref", "subref", "vref":
		var arg string
		arg, rest = argument(strings.TrimPrefix(rest, "*"))
		r.reference(name, arg)
		return rest
	case "item":
		r.flush()
		label, after, ok := option(rest)
		if ok {
			r.read(label, depth+1)
			r.b.Space()
			return after
		}
		return rest
	case "bibitem":
		r.flush()
		_, rest, _ = option(rest)
		_, rest = argument(rest)
		return rest
	case "newblock":
		r.b.Space()
		return rest
	case "caption", "captionof":
		if name == "captionof" {
			_, rest = argument(rest)
		}
		var arg string
		_, rest, _ = option(strings.TrimPrefix(rest, "*"))
		arg, rest = argument(rest)
		r.as(document.Caption, arg, depth+1)
		return rest
	case "verb":
		if rest != "" {
			if body, after, ok := strings.Cut(rest[1:], rest[:1]); ok && len(body) < maxOption {
				r.b.WriteString(body)
				return after
			}
		}
		return rest
	}
	if after, ok := writeScience(r.b, name, rest, depth); ok {
		return after
	}
	if count, ok := dropped[name]; ok {
		rest = strings.TrimPrefix(rest, "*")
		_, rest, _ = option(rest)
		for range count {
			_, rest = argument(rest)
			_, rest, _ = option(rest)
		}
		return rest
	}
	if text, ok := symbol(name); ok {
		r.b.WriteString(text)
		return strings.TrimPrefix(rest, "{}")
	}
	// Any other command: its letters do not show, its groups do.
	for {
		_, after, ok := option(rest)
		if !ok || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "\n") {
			break
		}
		rest = after
	}
	return strings.TrimPrefix(rest, "*")
}

// reference writes the number that a label has, where it is known.
func (r *reader) reference(command, label string) {
	number := r.labels[strings.TrimSpace(label)]
	if number == "" {
		number = "?"
	}
	kind, value, _ := strings.Cut(number, " ")
	switch command {
	case "eqref":
		r.b.WriteString("(" + value + ")")
	case "autoref", "cref", "Cref", "vref":
		r.b.WriteString(number)
	default:
		if value == "" {
			value = kind
		}
		r.b.WriteString(value)
	}
}

func (r *reader) heading(level int, rest string, depth int) string {
	r.flush()
	rest = strings.TrimPrefix(rest, "*")
	_, rest, _ = option(rest)
	arg, rest := argument(rest)
	text, shifts := r.text(arg, depth+1)
	if text == "" {
		return rest
	}
	for k := len(r.levels); k > 0 && r.levels[k-1] >= level; k-- {
		r.levels, r.section = r.levels[:k-1], r.section[:k-1]
	}
	r.add(document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
	r.levels, r.section = append(r.levels, level), append(r.section, text)
	return rest
}

func (r *reader) abstract(s string, depth int) {
	r.flush()
	section, levels := r.section, r.levels
	r.section, r.levels = []string{"Abstract"}, []int{0}
	r.as(document.Abstract, s, depth+1)
	r.section, r.levels = section, levels
}

// inside divides s, which follows \begin{name}, at the end of the environment.
func inside(s, name string) (body, rest string) {
	open := 1
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '\\')
		if i < 0 {
			return s, ""
		}
		at += i
		begin := strings.HasPrefix(s[at:], `\begin`)
		if !begin && !strings.HasPrefix(s[at:], `\end`) {
			at += min(2, len(s)-at)
			continue
		}
		from := at
		at = commandEnd(s[at:]) + at
		after, ok := strings.CutPrefix(strings.TrimLeft(s[at:], " "), "{"+name+"}")
		switch {
		case !ok || s[from:at] != `\begin` && s[from:at] != `\end`:
		case begin:
			open++
		default:
			if open--; open == 0 {
				return s[:from], after
			}
		}
	}
}

func (r *reader) environment(s string, depth int) string {
	name, s := argument(s)
	name = strings.TrimSpace(name)
	if depth >= maxDepth {
		return s
	}
	body, rest := inside(s, name)
	switch strings.TrimSuffix(name, "*") {
	case "abstract":
		r.abstract(body, depth)
	case "itemize", "enumerate", "description", "compactitem", "compactenum", "inparaenum":
		_, body, _ = option(body)
		old := r.kind
		kind := document.List
		if old != document.Paragraph {
			kind = old
		}
		r.as(kind, body, depth+1)
	case "tabular", "tabularx", "tabulary", "longtable", "array", "tblr", "supertabular", "longtblr", "xltabular", "NiceTabular":
		r.table(strings.TrimSuffix(name, "*"), body, depth)
	case "deluxetable":
		r.table(name, body, depth)
	case "table", "sidewaystable", "wraptable", "figure", "wrapfigure", "sidewaysfigure", "SCfigure", "marginfigure", "scheme":
		r.float(strings.Contains(name, "table"), body, depth)
	case "equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "alignat", "flalign", "split", "aligned":
		if strings.HasPrefix(name, "alignat") {
			_, body = argument(body)
		}
		r.b.Space()
		WriteMath(r.b, body)
		r.b.Space()
	case "thebibliography":
		_, body = argument(body)
		r.flush()
		section, levels := r.section, r.levels
		r.section, r.levels = []string{"References"}, []int{0}
		r.as(document.Reference, body, depth+1)
		r.section, r.levels = section, levels
	case "tablenotes":
		_, body, _ = option(body)
		r.as(document.Footnote, body, depth+1)
	case "comment", "tikzpicture", "filecontents", "picture", "lstlisting", "verbatim", "minted", "pspicture", "CCSXML", "algorithm", "algorithmic", "axis":
	case "quote", "quotation", "center", "flushleft", "flushright", "document", "acknowledgments", "acknowledgements", "acknowledgement", "widetext", "minipage":
		if name == "minipage" {
			_, body, _ = option(body)
			_, body = argument(body)
		}
		r.flush()
		r.read(body, depth+1)
		r.flush()
	default:
		_, body, _ = option(body)
		r.read(body, depth+1)
	}
	return rest
}

// float reads a table or figure: a table's caption before and its notes after
// it.
func (r *reader) float(table bool, body string, depth int) {
	r.flush()
	_, body, _ = option(body)
	from := len(r.doc.Blocks)
	number := ""
	if m := labelIn.FindStringSubmatch(body); m != nil {
		number = r.labels[m[1]]
	}
	r.read(body, depth+1)
	r.flush()
	r.arrange(table, from, number)
}

// dotless gives letters without a dot theirs, since an accent takes its place.
var dotless = strings.NewReplacer(`\i`, "i", `\j`, "j", "{", "", "}", "")

var labelIn = regexp.MustCompile(`\\label\s*\{([^{}]{1,200})\}`)

// arrange orders the blocks of a float from the place from on, and gives tables
// their caption. What is left of a figure but its caption (letters that mark
// its parts) is dropped.
func (r *reader) arrange(table bool, from int, number string) {
	var captions, tables, notes, rest []document.Block
	for _, b := range r.doc.Blocks[from:] {
		switch {
		case b.Kind == document.Caption:
			if number != "" && !strings.HasPrefix(b.Text, number) {
				lead := number + ". "
				b.Text = lead + b.Text
				shifts := make([]document.Shift, len(b.Shifts))
				for i, s := range b.Shifts {
					shifts[i] = document.Shift{Start: s.Start + len(lead), End: s.End + len(lead), Raised: s.Raised}
				}
				b.Shifts = shifts
			}
			captions = append(captions, b)
		case b.Table != nil:
			tables = append(tables, b)
		case b.Kind == document.Footnote || table:
			b.Kind = document.Footnote
			notes = append(notes, b)
		case len(b.Text) > 100:
			rest = append(rest, b)
		}
	}
	for i := range tables {
		t := tables[i].Table
		if len(captions) > 0 && t.Caption == "" {
			t.Caption, t.Label = captions[0].Text, number
		}
		for _, n := range notes {
			t.Footnotes = append(t.Footnotes, n.Text)
		}
	}
	r.doc.Blocks = r.doc.Blocks[:from]
	for _, group := range [...][]document.Block{captions, tables, notes, rest} {
		r.doc.Blocks = append(r.doc.Blocks, group...)
	}
}
