package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// reader turns lines into blocks.
type reader struct {
	doc     *document.Document
	lines   []line
	hyphens spellings
	typical []int // by line: how wide lines of running text are around it
	wrapped bool  // paragraphs go over several lines

	b       blocks.Builder
	before  string // the line written last to b
	first   string // the line written first to b
	section []string
	levels  []int // of section
	in      section
	room    int    // bytes that the abstract may still take
	number  int    // of the last entry of the references
	last    string // label of the last heading, "2.1"

	gridless int // the lines before this one were searched for tables in vain
}

// abstractRoom bounds an abstract whose end no heading marks.
const abstractRoom = 4000

// measure finds how wide the lines of running text are around each line: the
// median of the lines of at least 25 columns among the 17 nearest. Headings,
// formulas and cells of tables are shorter; the abstract of a two-column paper
// is wider than its body.
func (r *reader) measure() {
	const reach = 8
	r.typical = make([]int, len(r.lines))
	window := make([]int, 0, 2*reach+1)
	long, several := 0, 0
	for i := range r.lines {
		window = window[:0]
		for j := max(0, i-reach); j <= min(len(r.lines)-1, i+reach); j++ {
			if w := r.lines[j].width; w >= 25 {
				window = append(window, w)
			}
		}
		if len(window) > 0 {
			slices.Sort(window)
			r.typical[i] = window[len(window)/2]
		}
		if w := r.lines[i].width; w > 160 {
			long++
		} else if w >= 40 && i+1 < len(r.lines) && !r.lines[i+1].blank {
			several++
		}
	}
	r.wrapped = several > long
}

// short reports whether line i ends well before the right margin.
func (r *reader) short(i int) bool {
	return 10*r.lines[i].width < 8*r.typical[i]
}

// ends reports whether the paragraph that holds line i ends with it, line i+1
// being running text.
func (r *reader) ends(i int) bool {
	this, next := r.lines[i], r.lines[i+1]
	if len(this.text) > maxLine-utf8.UTFMax && !terminal(this.text) {
		return false // cut by splitLines
	}
	switch {
	case lowerStart(next.text) && r.wrapped:
		return false // "i.e." ends no sentence
	case !terminal(this.text):
		return this.width > 160 && !lowerStart(next.text) && !r.wrapped
	case this.width > 160:
		return true
	case r.short(i):
		return true
	}
	return next.indent >= this.indent+2 && !lowerStart(next.text)
}

func (r *reader) read() {
	i := r.title()
	for i < len(r.lines) {
		i = r.step(i)
	}
	r.flush()
}

// step reads what stands at line i and returns the line after it.
func (r *reader) step(i int) int {
	l := r.lines[i]
	if l.blank {
		if i+1 < len(r.lines) && r.interrupted(i) {
			return i + 1
		}
		r.flush()
		return i + 1
	}
	if n := r.heading(i); n > 0 {
		return i + n
	}
	if r.in == references {
		return r.reference(i)
	}
	if n := r.caption(i); n > 0 {
		return i + n
	}
	if n := r.table(i); n > 0 {
		return i + n
	}
	if r.beginsReferences(i) {
		r.flush()
		r.open(0, "References", references)
		return i
	}
	if n := r.strays(i); n > 0 {
		return i + n
	}
	if item(l.text) && (terminal(r.before) || item(r.first)) {
		r.flush()
	}
	if dated(l.text) {
		r.flush()
		r.write(l.text)
		r.flush()
		if r.in == plain && len(r.section) == 0 && r.abstractFollows(i+1) {
			r.in, r.room = abstract, abstractRoom
		}
		return i + 1
	}
	r.write(l.text)
	switch {
	case i+1 == len(r.lines):
		r.flush()
	case r.lines[i+1].blank:
	case r.ends(i):
		r.flush()
	}
	return i + 1
}

// dated reports the line of a preprint that says when it was written, the last
// before its abstract.
func dated(s string) bool {
	return len(s) < 120 && (strings.HasPrefix(s, "(Dated") || strings.HasPrefix(s, "(Received")) && strings.HasSuffix(s, ")")
}

// abstractFollows reports whether the running text from line i on is an
// abstract without heading: its end is marked by numbers or key words of its
// subject or by the first heading.
func (r *reader) abstractFollows(i int) bool {
	for j := i; j < min(len(r.lines), i+60); j++ {
		s := r.lines[j].text
		if runInHeads.MatchString(s) {
			return true
		}
		if num := numberOf(s); num.level == 1 && j > i+1 {
			if _, known := named(num.rest); known || num.bare && j+1 < len(r.lines) && capitals(r.lines[j+1].text) {
				return true
			}
		}
	}
	return false
}

// interrupted reports whether a sentence goes on across the blank line i, as at
// the foot of a page.
func (r *reader) interrupted(i int) bool {
	if r.before == "" || terminal(r.before) || i == 0 || r.short(i-1) || !r.wrapped {
		return false
	}
	return lowerStart(r.lines[i+1].text)
}

// item reports whether s begins a list item.
func item(s string) bool {
	for _, bullet := range [...]string{"• ", "‣ ", "▪ ", "● ", "- ", "* ", "– ", "○ ", "◦ "} {
		if strings.HasPrefix(s, bullet) && len(s) > len(bullet)+1 {
			r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[len(bullet):], " "))
			return unicode.IsLetter(r)
		}
	}
	return false
}

// write adds a line to the paragraph.
func (r *reader) write(s string) {
	r.hyphens.join(&r.b, r.before, s)
	if r.before == "" {
		r.first = s
	}
	r.before = s
	// A text without any paragraphs is cut where a sentence ends.
	if r.b.Len() > blocks.MaxText/2 && terminal(s) || r.b.Len() > 16*blocks.MaxText {
		r.flush()
	}
}

// flush ends the paragraph.
func (r *reader) flush() {
	r.before, r.first = "", ""
	text, _ := r.b.Take()
	if text == "" {
		return
	}
	kind := document.Paragraph
	switch {
	case r.in == references:
		kind = document.Reference
	case r.in == abstract && r.room > 0:
		kind = document.Abstract
		r.room -= len(text)
	case item(text):
		kind = document.List
	}
	r.add(document.Block{Kind: kind, Text: text})
}

func (r *reader) add(b document.Block) { blocks.Append(r.doc, r.section, formulas(b)) }

// open begins a section. Level 0 is that of a name without number: the top.
func (r *reader) open(level int, title string, in section) {
	level = max(level, 1)
	for n := len(r.levels); n > 0 && r.levels[n-1] >= level; n-- {
		r.levels, r.section = r.levels[:n-1], r.section[:n-1]
	}
	r.levels, r.section = append(r.levels, level), append(r.section, title)
	r.in = in
	r.number = 0
	r.room = abstractRoom
}

// heading reads a heading at line i and returns how many lines it takes, 0 when
// there is none.
func (r *reader) heading(i int) int {
	s := r.lines[i].text
	if len(s) > 120 {
		return r.runIn(i)
	}
	markdown := 0
	for markdown < 6 && strings.HasPrefix(s[markdown:], "#") {
		markdown++
	}
	if markdown > 0 && strings.HasPrefix(s[markdown:], " ") {
		return r.head(i, 1, markdown, strings.Trim(s[markdown:], " #"))
	}
	if section, ok := named(s); ok {
		if r.in == references && section != afterwards {
			if section == references || utf8.RuneCountInString(s) < 6 {
				return 0
			}
		}
		if first, _ := utf8.DecodeRuneInString(s); unicode.IsLower(first) {
			return 0 // the middle of a sentence, wrapped
		}
		if !r.apart(i) || !r.leads(i+1) {
			return 0
		}
		return r.head(i, 1, 0, s)
	}
	if n := r.runIn(i); n > 0 {
		return n
	}
	num := numberOf(s)
	switch {
	case num.bare && i+1 < len(r.lines):
		// The label and the words of a heading on two lines.
		next := r.lines[i+1].text
		if r.lines[i+1].blank || len(next) > 100 || terminal(next) || !r.apart(i) || r.in == references {
			return 0
		}
		_, known := named(next)
		// Among the cells of a table stand bare numbers, too.
		if known || capitals(next) || s[0] > '9' && titled(next) && i+2 < len(r.lines) && r.lines[i+2].width >= 40 {
			return r.head(i, 2, num.level, s+" "+next)
		}
		return 0
	case num.level > 0 && !num.bare:
		_, known := named(num.rest)
		if known || capitals(num.rest) {
			if r.in == references && !known {
				return 0
			}
			return r.head(i, r.continued(i, num.rest), num.level, s)
		}
		if r.in == references || !titled(num.rest) || terminal(s) || !r.apart(i) {
			return 0
		}
		alone := i+1 < len(r.lines) && r.lines[i+1].blank || r.before == "" && num.follows(r.last)
		prose := i+1 < len(r.lines) && r.lines[i+1].width >= 40 && !lowerStart(r.lines[i+1].text)
		if (alone || prose && r.short(i)) && (num.level > 1 || strings.Contains(num.rest, " ") || len(num.rest) >= 6) {
			return r.head(i, 1, num.level, s)
		}
		return 0
	case capitals(s) && !terminal(s) && r.apart(i) && r.in != references && strings.Count(s, " ") < 12:
		if n := r.continued(i, s); r.leads(i + n) {
			return r.head(i, n, 0, s)
		}
	}
	return 0
}

// leads reports whether line i can follow a heading: running text, a further
// heading, a blank line or the end. Short lines are more cells of a table.
func (r *reader) leads(i int) bool {
	if i >= len(r.lines) || r.lines[i].blank {
		return true
	}
	l := r.lines[i]
	if 10*l.width >= 5*r.typical[i] || l.width >= 30 || terminal(l.text) {
		return true
	}
	if _, ok := named(l.text); ok || numberOf(l.text).level > 0 || capitals(l.text) {
		return true
	}
	n, _ := entryNumber(l.text)
	return n == 1
}

// continued counts the lines of a heading in capitals from line i on.
func (r *reader) continued(i int, s string) int {
	n := 1
	if !capitals(s) {
		return n
	}
	for n < 3 && i+n < len(r.lines) {
		next := r.lines[i+n]
		if next.blank || !capitals(next.text) || numberOf(next.text).level > 0 {
			break
		}
		if _, known := named(next.text); known {
			break
		}
		n++
	}
	return n
}

// apart reports whether line i can stand alone: nothing goes on into it. A
// sentence before it is finished, or it was broken off by a page.
func (r *reader) apart(i int) bool {
	if i == 0 || r.lines[i-1].blank || r.before == "" {
		return true
	}
	return terminal(r.before) || r.short(i-1)
}

// titled reports whether s could be the words of a heading: it begins with a
// capital or Hangul, holds a word of at least four letters and few figures.
func titled(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(first) && !unicode.Is(unicode.Hangul, first) || len(s) > 110 || strings.Count(s, " ") > 14 {
		return false
	}
	run, longest, digits := 0, 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			run++
			if unicode.Is(unicode.Hangul, r) {
				run++
			}
			longest = max(longest, run)
			continue
		}
		run = 0
		if unicode.IsDigit(r) {
			digits++
		}
		if r == '=' || r == '±' || r == '@' {
			return false
		}
	}
	return longest >= 4 && digits*4 <= len(s)
}

func (r *reader) head(i, n, level int, s string) int {
	r.flush()
	var b blocks.Builder
	b.WriteString(s)
	for k := 1; k < n; k++ {
		if next := r.lines[i+k].text; !strings.HasSuffix(s, next) {
			b.Space()
			b.WriteString(next)
		}
	}
	text, _ := b.Take()
	title := text
	if num := numberOf(text); num.level > 0 && num.rest != "" {
		title = num.rest
		r.last = num.label
	}
	in, known := named(title)
	if !known {
		in, _ = named(text)
	}
	if len(r.levels) == 0 || r.in == references || r.in == abstract || level == 0 {
		level = max(level, 1)
	}
	parent := r.section
	keep := len(r.levels)
	for keep > 0 && r.levels[keep-1] >= level {
		keep--
	}
	r.section, r.levels = parent[:keep], r.levels[:keep]
	r.add(document.Block{Kind: document.Heading, Text: text})
	r.open(level, title, in)
	return n
}

// runInHeads are the words that begin a paragraph and name it: "Abstract: We
// report", "Keywords: …".
var runInHeads = regexp.MustCompile(`^(?i:(abstract|summary|초\s?록|요\s?약)|(key\s?words?|pacs(?: numbers?)?|주제어|키워드|핵심어))\s*[.:—–-]+\s*`)

// runIn deals with such a line. The words stay in the paragraph: they are part
// of what is shown.
func (r *reader) runIn(i int) int {
	if len(r.doc.Blocks) > 40 || !r.apart(i) {
		return 0
	}
	s := r.lines[i].text
	m := runInHeads.FindStringSubmatchIndex(s)
	if m == nil {
		return 0
	}
	r.flush()
	switch {
	case m[2] >= 0 && m[1] < len(s):
		r.open(0, s[m[2]:m[3]], abstract)
		r.write(s)
	case m[4] >= 0:
		r.levels, r.section, r.in = nil, nil, frontal
		r.write(s)
		if i+1 < len(r.lines) && !r.lines[i+1].blank && (len(s) < m[1]+3 || !r.short(i)) && !strings.HasPrefix(strings.ToLower(s), "pacs") {
			return 1 // it goes on
		}
		r.flush()
	default:
		return 0
	}
	if i+1 < len(r.lines) && !r.lines[i+1].blank && r.in == abstract && r.ends(i) || i+1 == len(r.lines) {
		r.flush()
	}
	return 1
}

// title reads the title and what stands around it at the top, and returns the
// line from which running text begins. A text that is only a paragraph, an
// abstract, has none.
func (r *reader) title() int {
	i := 0
	for i < len(r.lines) && i < 4 {
		s := r.lines[i].text
		if id, ok := arxivLine(s); ok {
			r.identify("arxiv", id)
			r.add(document.Block{Kind: document.Paragraph, Text: blocks.Clean(s)})
			i++
			continue
		}
		if r.lines[i].blank {
			i++
			continue
		}
		break
	}
	if i >= len(r.lines) {
		return 0
	}
	r.findDOI()
	s := r.lines[i].text
	if len(s) > 300 || len(r.lines)-i < 3 && r.lines[len(r.lines)-1].width < 80 && terminal(s) {
		return i
	}
	markdown := strings.HasPrefix(s, "# ")
	s = strings.TrimPrefix(s, "# ")
	if _, isName := named(s); isName || terminal(s) && !strings.HasSuffix(s, "?") && !strings.HasSuffix(s, "!") || !titleStart(s) {
		return i
	}
	if _, _, isCaption := captionLabel(s); isCaption {
		return i
	}
	// The title goes on while it cannot end yet.
	n := 1
	for n < 4 && i+n < len(r.lines) && !markdown {
		last, next := r.lines[i+n-1].text, r.lines[i+n]
		if next.blank || len(next.text) > 200 {
			break
		}
		words := strings.Fields(last)
		open := functionWord(strings.Trim(words[len(words)-1], ",;:")) || strings.HasSuffix(last, "-") || strings.HasSuffix(last, ",") || strings.HasSuffix(last, ":")
		if !open && (!lowerStart(next.text) || authors(next.text) != nil) && !r.titleGoesOn(i, n) {
			break
		}
		n++
	}
	if i+n >= len(r.lines) {
		return i // nothing but these lines: a paragraph
	}
	// What looked like the first lines of a title may be those of a paragraph.
	follows := r.lines[i+n]
	names := authors(follows.text)
	if follows.blank && names == nil && i+n+1 < len(r.lines) {
		names = authors(r.lines[i+n+1].text)
	}
	if terminal(r.lines[i+n-1].text) && n > 1 && names == nil {
		return i
	}
	if !follows.blank && names == nil && !markdown {
		_, isName := named(follows.text)
		dated := strings.HasPrefix(follows.text, "(") || authorish(follows.text)
		if !isName && !dated && (n > 1 || lowerStart(follows.text) || len(s) > 150) {
			return i
		}
	}
	var b blocks.Builder
	before := ""
	for k := range n {
		line := r.lines[i+k].text
		if k == 0 {
			line = s
		}
		r.hyphens.join(&b, before, line)
		before = line
	}
	text, _ := b.Take()
	if len(text) > 500 {
		return i
	}
	r.doc.Title = text
	r.add(document.Block{Kind: document.Title, Text: text})
	i += n
	// The authors, perhaps over several lines, stay a paragraph.
	at := i
	for at < len(r.lines) && r.lines[at].blank {
		at++
	}
	for at < len(r.lines) && !r.lines[at].blank && at < i+8 {
		_, isName := named(r.lines[at].text)
		names := authors(strings.TrimSuffix(r.lines[at].text, ","))
		if names == nil || isName {
			break
		}
		for _, name := range names {
			r.doc.Authors = append(r.doc.Authors, blocks.Clean(name))
		}
		r.write(r.lines[at].text)
		at++
	}
	r.flush()
	if len(r.doc.Authors) > 0 {
		return at
	}
	return i
}

// titleGoesOn reports whether the line after n lines of a title from line i is
// one more: it is the last before the authors.
func (r *reader) titleGoesOn(i, n int) bool {
	next := r.lines[i+n].text
	if authors(next) != nil || authorish(next) || i+n+1 >= len(r.lines) || terminal(next) || !titleStart(next) {
		return false
	}
	if _, isName := named(next); isName {
		return false
	}
	after := r.lines[i+n+1].text
	if _, isName := named(after); isName {
		return false
	}
	return authors(after) != nil || authorish(after)
}

// authorish reports a line that looks like names with marks of affiliations,
// even if they could not be told apart: "R. Gaudoin1, J. M. Pitarke1,2".
var authorMarks = regexp.MustCompile(`\p{Ll}\s?[\d∗*†‡,]+(?:,| and|$|\s\p{Lu})|^\p{Lu}\.[ ~]?(?:\p{Lu}\.[ ~]?)*\p{Lu}\p{Ll}+`)

func authorish(s string) bool {
	return len(s) < 300 && authorMarks.MatchString(s) && (strings.Contains(s, ",") || strings.Contains(s, " and ") || len(s) < 60)
}

func titleStart(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) && !unicode.IsDigit(first) && first != '(' && first != '"' && first != '“' || unicode.IsDigit(first) && numberOf(s).level > 0 {
		return false
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 4 && letters*2 >= utf8.RuneCountInString(s) && !strings.ContainsAny(s, "\t|")
}

var (
	arxivPattern = regexp.MustCompile(`^arXiv:\s?([a-z.-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(v\d+)?\b`)
	doiPattern   = regexp.MustCompile(`(?i)(?:doi[:\s]\s*|doi\.org/)(10\.\d{4,9}/[^\s"<>]+)`)
)

// arxivLine returns the identifier in the stamp of an arXiv paper.
func arxivLine(s string) (string, bool) {
	if m := arxivPattern.FindStringSubmatch(s); m != nil && len(s) < 120 {
		return m[1], true
	}
	return "", false
}

func (r *reader) identify(kind, id string) {
	if r.doc.Identifiers == nil {
		r.doc.Identifiers = make(map[string]string)
	}
	if r.doc.Identifiers[kind] == "" {
		r.doc.Identifiers[kind] = id
	}
}

// findDOI looks for the paper's own identifier among the first lines; those of
// other papers stand in the references.
func (r *reader) findDOI() {
	for _, l := range r.lines[:min(len(r.lines), 40)] {
		if len(l.text) > 2000 {
			continue
		}
		if m := doiPattern.FindStringSubmatch(l.text); m != nil {
			r.identify("doi", strings.TrimRight(m[1], ".,;)]"))
			return
		}
	}
}

// caption reads a caption at line i.
func (r *reader) caption(i int) int {
	label, isTable, ok := captionLabel(r.lines[i].text)
	if !ok || !r.apart(i) && !allCaps(label) {
		return 0
	}
	n := 1
	size := len(r.lines[i].text)
	for i+n < len(r.lines) && size < 4000 {
		last, next := r.lines[i+n-1], r.lines[i+n]
		if next.blank {
			break
		}
		if _, _, another := captionLabel(next.text); another {
			break
		}
		if _, isName := named(next.text); isName && terminal(last.text) {
			break
		}
		if n == 1 && strings.TrimRight(last.text, ".: ") == label { // the words follow on the next line
			size += len(next.text)
			n++
			continue
		}
		if gapped(next.text) {
			break
		}
		if terminal(last.text) && (r.short(i+n-1) || last.width > 160) {
			break
		}
		if isTable && (blocks.ContentOf(next.text) == blocks.Number && len(next.text) < 30 && (terminal(last.text) || r.short(i+n-1))) {
			break
		}
		// The cells of a table that was taken apart line by line are short.
		if isTable && r.cellLike(i+n) && r.cellLike(i+n+1) && r.cellLike(i+n+2) && (terminal(last.text) || r.short(i+n-1)) && !lowerStart(next.text) {
			break
		}
		if !terminal(last.text) && r.short(i+n-1) && r.typical[i+n] > 0 && !lowerStart(next.text) && !isTable && next.width > last.width+20 {
			break
		}
		size += len(next.text)
		n++
	}
	if isTable {
		n = r.captionToCells(i, n)
	}
	r.flush()
	var b blocks.Builder
	before := ""
	for k := range n {
		r.hyphens.join(&b, before, r.lines[i+k].text)
		before = r.lines[i+k].text
	}
	text, _ := b.Take()
	r.add(document.Block{Kind: document.Caption, Text: text})
	if !isTable {
		return n
	}
	at := i + n
	if at < len(r.lines) && r.lines[at].blank {
		at++
	}
	if at < len(r.lines) {
		if k, block, ok := r.grid(at); ok {
			block.Table.Label, block.Table.Caption = blocks.Clean(label), text
			r.add(block)
			return at - i + k
		}
		if k, block, ok := r.flattened(at); ok {
			block.Table.Label, block.Table.Caption = blocks.Clean(label), text
			r.add(block)
			return at - i + k
		}
	}
	return n
}

func allCaps(s string) bool { return strings.ToUpper(s) == s }

// captionToCells returns how many lines a caption of n lines from line i on has
// if the sentences after it belong to it, too: those between it and the cells
// of the table.
func (r *reader) captionToCells(i, n int) int {
	for j := i + n; j < min(len(r.lines), i+n+12) && !r.lines[j].blank; j++ {
		if _, _, ok := captionLabel(r.lines[j].text); ok {
			break
		}
		if r.cellLike(j) && r.cellLike(j+1) && r.cellLike(j+2) && r.cellLike(j+3) {
			if terminal(r.lines[j-1].text) {
				return j - i
			}
			break
		}
	}
	return n
}

// table reads a table that no caption announces.
func (r *reader) table(i int) int {
	if i < r.gridless {
		return 0
	}
	n, block, ok := r.grid(i)
	if !ok {
		r.gridless = i + n
		return 0
	}
	r.flush()
	r.add(block)
	return n
}

// strays sets aside a run of many very short lines: the ticks of a diagram, the
// cells of a table that could not be put together. In running text they would
// only join what does not belong together.
func (r *reader) strays(i int) int {
	n := 0
	for i+n < len(r.lines) && !r.lines[i+n].blank && r.cellLike(i+n) {
		if n > 0 {
			if _, _, ok := captionLabel(r.lines[i+n].text); ok {
				break
			}
			if section, ok := named(r.lines[i+n].text); ok && (section != plain || len(r.lines[i+n].text) > 9) {
				break
			}
		}
		n++
	}
	if n < 6 {
		return 0
	}
	if i+n < len(r.lines) && !r.lines[i+n].blank && numberOf(r.lines[i+n-1].text).bare {
		n--
	}
	r.flush()
	for _, l := range r.lines[i : i+n] {
		r.write(l.text)
	}
	r.flush()
	return n
}

// cellLike reports whether line i is as short as the cell of a table that was
// taken apart, and no end of a sentence.
func (r *reader) cellLike(i int) bool {
	if i >= len(r.lines) || r.lines[i].blank {
		return false
	}
	l := r.lines[i]
	return l.width <= 32 && (10*l.width < 6*r.typical[i] || r.typical[i] == 0 || l.width <= 20) && !(terminal(l.text) && strings.Contains(l.text, " "))
}

// entry begins an entry of a list of references: "[12] ", "12. ", "12) ", "12 ".
var entry = regexp.MustCompile(`^(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)]?\s|(\d{1,3})\p{Lu})`)

// entryNumber returns the number that s begins with as an entry, and whether it
// is in brackets.
func entryNumber(s string) (n int, bracketed bool) {
	m := entry.FindStringSubmatchIndex(s)
	if m == nil {
		return 0, false
	}
	for g := 2; g < len(m); g += 2 {
		if m[g] >= 0 {
			for _, c := range s[m[g]:m[g+1]] {
				n = 10*n + int(c-'0')
			}
			return n, g < 6
		}
	}
	return 0, false
}

// reference reads a line of the bibliography.
func (r *reader) reference(i int) int {
	l := r.lines[i]
	n, bracketed := entryNumber(l.text)
	switch {
	case n > 0 && (n == r.number+1 || bracketed && n > r.number && n <= r.number+3 || r.number == 0 && bracketed):
		r.flush()
		r.number = n
	case n == 0 && r.number > 0:
		// A caption or a table may stand between the pages of references.
		if n := r.caption(i); n > 0 {
			return i + n
		}
	case r.number == 0 && r.before != "" && terminal(r.before) && r.short(i-1):
		r.flush() // entries without numbers
	}
	r.write(l.text)
	if r.b.Len() > 3000 { // no entry is so long: the list has ended unseen
		r.flush()
		if r.number > 0 {
			r.levels, r.section, r.in = nil, nil, plain
		}
	}
	if i+1 < len(r.lines) && l.width > 160 {
		r.flush()
	}
	return i + 1
}

// beginsReferences reports whether a list of references without heading begins
// at line i: an entry 1 here, an entry 2 within the next lines, an entry 3
// after it, in the last two thirds of the text.
func (r *reader) beginsReferences(i int) bool {
	if 3*i < len(r.lines) || !r.apart(i) {
		return false
	}
	n, bracketed := entryNumber(r.lines[i].text)
	if n != 1 || !bracketed && len(r.lines[i].text) < 20 {
		return false
	}
	want := 2
	for j := i + 1; j < min(len(r.lines), i+40); j++ {
		k, b := entryNumber(r.lines[j].text)
		if k == want && b == bracketed {
			if want++; want > 4 {
				return true
			}
		}
	}
	return false
}
