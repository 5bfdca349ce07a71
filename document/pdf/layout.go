package pdf

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// layout rebuilds the blocks of a document from its pages, some pages at a time,
// so that a long document takes no more memory than its text.
type layout struct {
	doc     *document.Document
	sizes   map[int]int // characters by size, in quarters of a point
	words   vocabulary
	gutters []float32 // of the last page that had some

	section                          []string
	depth                            []int // levels of the headings in section
	inReferences, inAbstract, inBody bool
	sample                           []byte   // of the text, to tell its language
	running                          []string // headers and footers of the first pages
}

func newLayout(doc *document.Document) *layout {
	return &layout{doc: doc, sizes: map[int]int{}, words: vocabulary{}}
}

// add adds the blocks of the next pages to the document. It returns for each
// block the paragraph that it was made from.
func (y *layout) add(leaves []*leaf) []*paragraph {
	body := y.bodySize(leaves)
	for _, l := range leaves {
		dropLineNumbers(l)
	}
	dropRunning(leaves)
	var lines []*line
	var last *tableArea  // of the page before, if it may go on
	var waiting *segment // a caption that ended it
	for _, l := range leaves {
		if l.page <= titlePages {
			y.running = append(y.running, l.running...)
		}
		if last != nil && !last.goOn(l) {
			last = nil
		}
		found, rest, caption := tables(l, waiting, y.gutters)
		if t := lastTable(found, rest); t != nil {
			last = t
		}
		page := flow(rest, y.gutters, 0)
		if own := allGutters(l.segs, 0); len(own) > 0 {
			y.gutters = own
		}
		lines = append(lines, insertTables(page, found, waiting)...)
		waiting = caption
	}
	y.words.gather(lines)
	paragraphs := gatherParagraphs(lines, body, y.words)
	return y.classify(mergeBroken(paragraphs, y.words, body), body)
}

// titlePages is on how many pages title, abstract and DOI are looked for.
const titlePages = 2

// finish sets what the whole text tells. The title is that of the file's
// information dictionary.
func (y *layout) finish(title string) {
	y.doc.Language = blocks.Language(string(y.sample))
	if title := blocks.Clean(title); y.doc.Title == "" && len(title) > 12 && strings.Contains(title, " ") {
		y.doc.Title = title
	}
	if doi := y.findDOI(); doi != "" {
		y.doc.Identifiers = map[string]string{"doi": doi}
	}
}

// insertTables puts a line that stands for each table after the caption it belongs
// to; that of the caption waiting, which ended the page before, comes first.
func insertTables(lines []*line, found []*tableArea, waiting *segment) []*line {
	for _, t := range found {
		at := -1
		for i, l := range lines {
			if slices.Contains(l.segs, t.caption) {
				at = i
				break
			}
		}
		stand := &line{page: t.segs[0].page, table: t, x0: t.x0, x1: t.x1, y: t.top, column: &column{x0: t.x0, x1: t.x1, leading: 10}}
		if at < 0 && t.caption == waiting {
			lines = slices.Insert(lines, 0, stand)
			continue
		}
		if at < 0 {
			lines = append(lines, stand)
			continue
		}
		// The caption may go on for some lines, above the table.
		first := lines[at]
		for at+1 < len(lines) && lines[at+1].y < t.top && lines[at+1].y > lines[at].y && lines[at+1].y-lines[at].y < 1.7*first.size && lines[at+1].table == nil {
			at++
		}
		lines = slices.Insert(lines, at+1, stand)
	}
	return lines
}

// bodySize returns the size of most characters of the pages so far.
func (y *layout) bodySize(leaves []*leaf) float32 {
	for _, l := range leaves {
		for _, s := range l.segs {
			y.sizes[int(s.size*4+0.5)] += len(s.chars)
		}
	}
	best := 0
	for k, n := range y.sizes {
		if n > y.sizes[best] || n == y.sizes[best] && k > best {
			best = k
		}
	}
	return max(float32(best)/4, 1)
}

// paragraph is some lines that belong together.
type paragraph struct {
	lines []*line
	text  string
	shift []document.Shift
	size  float32
	bold  bool
	table *tableArea
	known vocabulary // that it was written with
}

func (p *paragraph) page() int { return p.lines[0].page }

func gatherParagraphs(lines []*line, body float32, known vocabulary) []*paragraph {
	var out []*paragraph
	var cur []*line
	flush := func() {
		if len(cur) > 0 {
			out = append(out, newParagraph(cur, known))
		}
		cur = nil
	}
	for _, l := range lines {
		if l.table != nil {
			flush()
			out = append(out, &paragraph{lines: []*line{l}, table: l.table, known: known})
			continue
		}
		if len(cur) > 0 && breaks(cur, l, body) {
			flush()
		}
		cur = append(cur, l)
	}
	flush()
	return out
}

// captionStart matches the beginning of a caption; submatch 1 is what follows
// the number.
var captionStart = regexp.MustCompile(`^(?:Table|TABLE|Fig\.|FIG\.|Figure|FIGURE|Fig|Scheme|SCHEME|Chart)\s*S?(?:\d{1,3}|[IVX]{1,5})[a-z]?\b\s*([.:|)–—-]?)\s*(.?)`)

// referenceStart matches the beginning of an entry of the bibliography.
var referenceStart = regexp.MustCompile(`^(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\.(?:\s|[A-Z])|\d{1,3}\s+[A-Z])`)

// bracketed matches an entry of a bibliography without a heading.
var bracketed = regexp.MustCompile(`^\[\d{1,3}\] .*\b(?:19|20)\d\d\b`)

// listStart matches the beginning of an item of a list.
var listStart = regexp.MustCompile(`^(?:[•▪◦‣■–]\s|\(?(?:[ivx]{1,4}|[a-h]|\d{1,2})\)\s)`)

// breaks reports whether l begins a new paragraph after the lines cur.
func breaks(cur []*line, l *line, body float32) bool {
	last := cur[len(cur)-1]
	if abs(l.size-last.size) > 0.08*max(l.size, last.size) {
		return true
	}
	if l.bold != last.bold && (l.bold || allBold(cur)) {
		return true
	}
	em := l.size
	text := l.text()
	if l.bold && known.MatchString(text) {
		return true
	}
	if m := captionStart.FindStringSubmatch(text); m != nil && isCaption(m, l, body) {
		return true
	}
	if last.page != l.page || last.column != l.column {
		if l.y > last.y && l.y-last.y < 1.6*em && last.page == l.page && abs(l.x0-last.x0) < em {
			return false // the last line of a paragraph across, taken for a column
		}
		return true // joined later where the sentence goes on
	}
	step := l.y - last.y
	leading := min(max(last.column.leading, 1.0*em), 2.6*em)
	if em > 1.3*body && !numbered.MatchString(text) {
		leading = max(leading, 2*em) // a title in a manuscript
	}
	slack := float32(0.5)
	if (l.has(blocks.Raised) || last.has(blocks.Lowered)) && last.x1 > last.column.x1-4*em && !endsSentence(last.text()) {
		slack += 0.5 * em // browsers make room for scripts between lines
	}
	if step > 1.35*leading+slack || step < -em {
		return true
	}
	if len(cur) > 1 {
		if usual := cur[1].y - cur[0].y; usual > 0.5*em && step > 1.3*usual+slack {
			return true
		}
	}
	first := cur[0]
	hanging := len(cur) >= 2 && cur[1].x0 > first.x0+0.6*em
	if centred := abs((l.x0+l.x1)-(last.x0+last.x1)) < em; centred && em > 1.1*body && l.bold == last.bold {
		return false
	}
	if len(cur) == 1 && l.x0 > last.x0+0.6*em {
		// An indent, unless the line before began a hanging one.
		return !(referenceStart.MatchString(last.text()) || listStart.MatchString(last.text())) && last.x1 < last.column.x1-2*em
	}
	if hanging {
		if l.x0 < cur[1].x0-0.6*em {
			return true
		}
	} else if l.x0 > last.x0+0.6*em && l.x0 < last.x0+4*em && l.x1 > l.x0+6*em {
		return true
	}
	if listStart.MatchString(text) && last.x1 < last.column.x1-em {
		return true
	}
	if referenceStart.MatchString(text) && referenceStart.MatchString(first.text()) && abs(l.x0-first.x0) < 0.9*em {
		return true
	}
	if last.x1 < last.column.x1-4*em && endsSentence(last.text()) && last.x1-last.x0 < 0.8*(last.column.x1-last.column.x0) {
		return startsUpper(text)
	}
	return false
}

func allBold(lines []*line) bool {
	for _, l := range lines {
		if !l.bold {
			return false
		}
	}
	return true
}

// isCaption reports whether p begins as a caption does.
func (p *paragraph) isCaption(body float32) bool {
	m := captionStart.FindStringSubmatch(p.text)
	return m != nil && isCaption(m, p.lines[0], body)
}

func isCaption(m []string, l *line, body float32) bool {
	r, _ := utf8.DecodeRuneInString(m[2])
	if m[1] != "" || m[2] == "" || r == '(' {
		return true
	}
	if unicode.IsLower(r) {
		return false // "Figure 6 shows"
	}
	bold := 0
	for i, c := range l.segs[0].chars {
		if i < 5 && c.bold {
			bold++
		}
	}
	return bold >= 4 || unicode.IsUpper(r) && l.size < 0.97*body
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, `)]”"’' `)
	return s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, ":")
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsDigit(r) || r == '[' || r == '('
}

// mergeBroken joins paragraphs that a new column, a new page or a figure broke
// in the middle of a sentence.
func mergeBroken(list []*paragraph, known vocabulary, body float32) []*paragraph {
	gone := make([]bool, len(list))
	for i, p := range list {
		if gone[i] || p.table != nil || len(p.text) < 40 || p.isCaption(body) {
			continue
		}
		for {
			j, ok := continuation(list, gone, i, body)
			if !ok {
				break
			}
			q := list[j]
			p.lines = append(slices.Clone(p.lines), q.lines...)
			joined := newParagraph(p.lines, known)
			p.text, p.shift = joined.text, joined.shift
			gone[j] = true
		}
	}
	out := list[:0]
	for i, p := range list {
		if !gone[i] {
			out = append(out, p)
		}
	}
	return out
}

// withoutMark returns the text of p without what is raised at its end, as the
// number of a reference is.
func (p *paragraph) withoutMark() string {
	if n := len(p.shift); n > 0 && p.shift[n-1].Raised && p.shift[n-1].End == len(p.text) {
		return p.text[:p.shift[n-1].Start]
	}
	return p.text
}

// continuation finds the paragraph that continues paragraph i.
func continuation(list []*paragraph, gone []bool, i int, body float32) (int, bool) {
	p := list[i]
	last := p.lines[len(p.lines)-1]
	tail := last.segs[len(last.segs)-1]
	if endsSentence(p.withoutMark()) || p.bold || len(p.lines) > 2000 {
		return 0, false
	}
	full := last.x1 > last.column.x1-3*last.size
	for j := i + 1; j < len(list) && j < i+40; j++ {
		q := list[j]
		if gone[j] || q.table != nil {
			continue
		}
		first := q.lines[0]
		if first.page > last.page+1 {
			return 0, false
		}
		if q.bold && q.size > 0.95*p.size && len(q.text) > 6 && !q.isCaption(body) {
			return 0, false // a heading
		}
		if noteMark(first) || q.isCaption(body) || len(q.text) < 20 && !endsSentence(q.text) || abs(q.size-p.size) > 0.06*p.size || q.bold {
			continue
		}
		if first.column == last.column {
			return 0, false // a break inside a column was meant
		}
		r, _ := utf8.DecodeRuneInString(q.text)
		if unicode.IsLower(r) || hyphenated(tail) || full && !referenceStart.MatchString(q.text) && !listStart.MatchString(q.text) && abs(first.x0-first.column.x0) < 0.6*first.size {
			return j, true
		}
		return 0, false
	}
	return 0, false
}

// numbered matches the number of a section: "2.", "2.1", "IV.", "A.".
var numbered = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.|[A-Z]\.)\s+[\p{Lu}]`)

// known are headings that need no other sign.
var known = regexp.MustCompile(`^(?i:(?:\d{1,2}\.?\s*|[IVX]+\.\s*)?(abstract|summary|introduction|background|experimental(?: section| details| methods)?|materials and methods|methods?|results(?: and discussions?)?|discussions?|conclusions?(?: and outlook)?|references|bibliography|literature cited|references and notes|notes and references|acknowledge?ments?|supporting information|supplementary (?:information|materials?)|author contributions?|competing interests?|conflicts? of interest|appendix|data availability))\s*[:.]?$`)

var referencesTitle = regexp.MustCompile(`^(?i:(?:\d{1,2}\.?\s*|[IVX]+\.\s*)?(references|bibliography|literature cited|references and notes|notes and references))\s*[:.]?$`)

var doiPattern = regexp.MustCompile(`\b10\.\d{4,9}/[-._;()/:A-Za-z0-9]+[A-Za-z0-9]`)

// classify turns paragraphs into blocks.
func (y *layout) classify(list []*paragraph, body float32) (from []*paragraph) {
	doc := y.doc
	add := func(p *paragraph, blocks ...document.Block) {
		doc.Blocks = append(doc.Blocks, blocks...)
		for range blocks {
			from = append(from, p)
		}
	}
	titleAt := findTitle(list, body)
	type onPage struct {
		page int
		text string
	}
	seen := map[onPage]bool{}
	table := -1 // the block right before, if it is a table
	for i, p := range list {
		if p.table == nil && len(p.text) > 40 {
			// Writers leave an older version of the text below the one that is
			// seen, clipped away.
			k := onPage{p.page(), p.text}
			if seen[k] {
				continue
			}
			seen[k] = true
		}
		if p.table != nil {
			b, ok := p.table.block(p.known)
			if !ok {
				for _, l := range gatherLines(p.table.segs) {
					q := newParagraph([]*line{l}, nil)
					add(q, q.block(document.Paragraph, y.section))
				}
				continue
			}
			b.Section = y.section
			if n := len(doc.Blocks); n > 0 && doc.Blocks[n-1].Kind == document.Caption {
				b.Table.Caption = doc.Blocks[n-1].Text
			}
			add(p, b)
			table = len(doc.Blocks) - 1
			continue
		}
		if p.text == "" {
			continue
		}
		if table >= 0 && len(doc.Blocks[table].Table.Footnotes) < 50 && p.page() == doc.Blocks[table].Page && noteMark(p.lines[0]) {
			// The notes of a table follow it.
			doc.Blocks[table].Table.Footnotes = append(doc.Blocks[table].Table.Footnotes, p.text)
			add(p, p.block(document.Footnote, y.section))
			continue
		}
		table = -1
		kind := document.Paragraph
		switch {
		case i == titleAt:
			kind = document.Title
			doc.Title = p.text
		case p.isCaption(body):
			kind = document.Caption
		case isHeading(p, body, y.inReferences) && (y.inBody || p.page() > 1 || known.MatchString(p.text) || p.text[0] >= '0' && p.text[0] <= '9' && numbered.MatchString(p.text)):
			y.inBody = true // before the first heading stand authors and their addresses
			kind = document.Heading
		case y.inReferences, bracketed.MatchString(p.text):
			kind = document.Reference
		case listStart.MatchString(p.text):
			kind = document.List
		case y.inAbstract:
			kind = document.Abstract
		}
		if kind == document.Paragraph {
			if rest, ok := cutAbstract(p.text); ok && p.page() <= titlePages && rest != "" {
				kind = document.Abstract
			}
		}
		if kind == document.Heading {
			level := 1
			if n := numbered.FindStringSubmatch(p.text); n != nil {
				level = strings.Count(strings.TrimRight(n[1], "."), ".") + 1
			} else if !known.MatchString(p.text) && len(y.depth) > 0 && p.size <= body*1.05 {
				level = min(y.depth[0]+1, 2)
			}
			for len(y.depth) > 0 && y.depth[len(y.depth)-1] >= level {
				y.depth, y.section = y.depth[:len(y.depth)-1], y.section[:len(y.section)-1]
			}
			b := p.block(kind, y.section)
			y.section = append(slices.Clone(y.section), p.text)
			y.depth = append(y.depth, level)
			y.inReferences = referencesTitle.MatchString(p.text)
			y.inAbstract = strings.EqualFold(strings.Trim(p.text, ":. "), "abstract")
			add(p, b)
			continue
		}
		b := p.block(kind, y.section)
		if len(y.sample) < 1<<16 && kind != document.Reference {
			y.sample = append(append(y.sample, b.Text...), ' ')
		}
		add(p, blocks.Split(b, blocks.MaxText)...)
	}
	return from
}

// findDOI returns the DOI that stands on the first pages, perhaps in a header
// or footer.
func (y *layout) findDOI() string {
	for i := range y.doc.Blocks {
		b := &y.doc.Blocks[i]
		if b.Page > titlePages || b.Kind == document.Reference {
			continue
		}
		if doi := doiPattern.FindString(b.Text); doi != "" {
			return strings.TrimRight(doi, ".)")
		}
	}
	for _, text := range y.running {
		if doi := doiPattern.FindString(text); doi != "" {
			return strings.TrimRight(doi, ".)")
		}
	}
	return ""
}

func cutAbstract(s string) (string, bool) {
	for _, w := range []string{"Abstract", "ABSTRACT", "abstract", "A B S T R A C T"} {
		if rest, ok := strings.CutPrefix(s, w); ok {
			return strings.TrimLeft(rest, " .:—–-"), true
		}
	}
	return s, false
}

// block returns p as a block, with the box of what stands on its first page.
func (p *paragraph) block(kind document.Kind, section []string) document.Block {
	b := document.Block{Kind: kind, Page: p.page(), Section: section, Text: p.text, Shifts: p.shift}
	first := p.lines[0]
	box := document.Box{Left: float64(first.x0), Top: float64(first.y - first.size), Right: float64(first.x1), Bottom: float64(first.y)}
	for _, l := range p.lines {
		if l.page != first.page || l.column != first.column {
			break
		}
		box.Left, box.Right = min(box.Left, float64(l.x0)), max(box.Right, float64(l.x1))
		box.Bottom = max(box.Bottom, float64(l.y+0.25*l.size))
	}
	b.Box = box
	return b
}

// findTitle returns the paragraph of the first page that is set largest, if it
// is clearly larger than the text, or else the first one that stands out.
func findTitle(list []*paragraph, body float32) int {
	best, plain := -1, -1
	for i, p := range list {
		if p.page() > 1 || i > 60 {
			break
		}
		if p.table != nil || len(p.text) < 12 || !strings.Contains(p.text, " ") || len(p.text) > 500 {
			continue
		}
		if plain < 0 && i < 6 && len(p.text) > 30 && len(p.lines) <= 4 && (p.size > 1.04*body || p.bold || allUpper(p.text)) {
			plain = i
		}
		if p.size <= 1.15*body {
			continue
		}
		// A journal's name may be set larger, but has few words.
		few := strings.Count(p.text, " ") < 3
		if best < 0 || !few && strings.Count(list[best].text, " ") < 3 || p.size > list[best].size*1.02 && !few {
			best = i
		}
	}
	if best < 0 {
		return plain // a manuscript, set in one size: bold or capitals at its top
	}
	return best
}

func allUpper(s string) bool { return strings.ToUpper(s) == s && strings.ToLower(s) != s }

func isHeading(p *paragraph, body float32, inReferences bool) bool {
	if len(p.lines) > 3 || len(p.text) > 160 || !strings.ContainsFunc(p.text, unicode.IsLetter) {
		return false
	}
	if known.MatchString(p.text) {
		return true
	}
	if inReferences || strings.HasSuffix(p.text, ".") && !p.bold || strings.HasSuffix(p.text, ",") {
		return false
	}
	letters := 0
	for _, r := range p.text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 4 || letters*2 < len([]rune(p.text)) {
		return false
	}
	if !startsUpper(p.text) {
		return false
	}
	return p.bold && p.size > 0.85*body || p.size > 1.12*body || numbered.MatchString(p.text) && len(p.text) < 100 && !endsSentence(p.text)
}
