package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/knowledge"
	"github.com/alkahest/alkahest/record"
)

// showCommand is "alkahest show".
type showCommand struct {
	Record string `arg:"" help:"Identity of the record, or the beginning of it, as tables show."`
	JSON   bool   `xor:"form" help:"The record as a JSON object."`
	Image  string `xor:"form" placeholder:"FILE" help:"Write a picture (PNG) of the page, with value and subject marked."`
}

// Run prints one record and the words it was read from.
func (c *showCommand) Run(ctx context.Context, e *environment) (err error) {
	db, err := e.store(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := db.Record(ctx, c.Record)
	if errors.Is(err, knowledge.ErrNotFound) {
		return fmt.Errorf("no record begins with %q; to see which there are: %s", c.Record, e.suggest("query"))
	}
	if err != nil {
		return err
	}
	var others []*record.Record // where the same is stated
	for o, err := range db.Readings(ctx, r.ID) {
		if err != nil {
			return err
		}
		if o.ID != r.ID {
			others = append(others, o)
		}
	}
	if c.JSON {
		return e.encodeJSON(struct {
			*record.Record
			Others []*record.Record `json:"others,omitempty"`
		}{r, others})
	}
	doc, err := db.Document(ctx, r.Document)
	if err != nil {
		return fmt.Errorf("document of record %s: %w", r.ID, err)
	}
	if c.Image != "" {
		page, err := drawEvidence(ctx, doc, r, c.Image)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "page %d of %s, the value marked: %s\n", page, visible(r.Name), visible(c.Image))
		return nil
	}
	line := func(name, format string, args ...any) {
		fmt.Fprintf(e.out, "%s%s\n", pad(name, 12), visible(fmt.Sprintf(format, args...)))
	}
	line("record", "%s", r.ID)
	line("subject", "%s", subject(&r.Subject))
	line("property", "%s", r.Property)
	line("value", "%s  (written %q)", value(r), r.Text)
	for _, condition := range r.Conditions {
		line("condition", "%s: %s", condition.Name, condition.Text)
	}
	line("confidence", "%.2f", r.Confidence)
	for i, reason := range r.Reasons {
		name := ""
		if i == 0 {
			name = "because"
		}
		line(name, "%s", reason)
	}
	line("document", "%s", r.Name)
	if doc.Title != "" {
		line("", "%s", doc.Title)
	}
	line("place", "%s", location(r))
	switch r.Notice {
	case document.Retracted:
		line("notice", "RETRACTED: the publisher has withdrawn this work")
	case document.Concern:
		line("notice", "the publisher has expressed concern about this work")
	case document.Corrected:
		line("notice", "a correction of this work was published")
	}
	fmt.Fprintln(e.out)
	if err := e.excerpt(doc, r); err != nil {
		return err
	}
	for i, o := range others {
		if i == 0 {
			fmt.Fprintln(e.out, "\nthe same is stated in")
		}
		if o.Document != doc.ID {
			if doc, err = db.Document(ctx, o.Document); err != nil {
				return fmt.Errorf("document of record %s: %w", o.ID, err)
			}
		}
		fmt.Fprintf(e.out, "\n%s  %s  %.2f\n  %s\n", shortID(o), value(o), o.Confidence, location(o))
		if err := e.excerpt(doc, o); err != nil {
			return err
		}
	}
	return nil
}

// subject writes a subject with what is known of it.
func subject(s *record.Subject) string {
	known := []string{string(s.Kind)}
	if s.Name != "" && s.Name != s.Text {
		known = append(known, s.Name)
	}
	if s.Formula != "" && s.Formula != s.Text {
		known = append(known, s.Formula)
	}
	if s.Formula == "" && len(s.Elements) > 0 {
		known = append(known, strings.Join(s.Elements, " "))
	}
	return s.Text + "  (" + strings.Join(known, "; ") + ")"
}

// location says where in the document a record was read.
func location(r *record.Record) string {
	page := ""
	if r.Evidence.Page > 0 {
		page = fmt.Sprintf("page %d, ", r.Evidence.Page)
	}
	return fmt.Sprintf("%s: %sblock %d, bytes %d to %d", visible(r.Name), page, r.Evidence.Block, r.Evidence.Start, r.Evidence.End)
}

// span is a stretch of a block's text to be highlighted.
type span struct{ start, end int }

// Marks that stand around highlighted text until it is laid out. They take no
// room on the screen, and visible removes them from the text of documents.
const (
	markOn    = "\x01"
	markOff   = "\x02"
	markSpace = "\x03" // a space at which lines are not broken
)

// unbroken is the width up to which highlighted text stays on one line.
const unbroken = 40

// excerptWidth is the width of quoted sentences where the terminal has none.
const excerptWidth = 88

// excerpt prints the sentence or the table rows that r was read from, with the
// value and the subject highlighted.
func (e *environment) excerpt(doc *document.Document, r *record.Record) error {
	if r.Evidence.Block < 0 || r.Evidence.Block >= len(doc.Blocks) {
		return fmt.Errorf("record %s points to block %d of %d", r.ID, r.Evidence.Block, len(doc.Blocks))
	}
	spans := []span{{r.Evidence.Start, r.Evidence.End}}
	sameBlock := r.Subject.Block == r.Evidence.Block
	if sameBlock {
		spans = append(spans, span{r.Subject.Start, r.Subject.End})
	}
	if !sameBlock && r.Subject.Block >= 0 && r.Subject.Block < len(doc.Blocks) {
		b := &doc.Blocks[r.Subject.Block]
		at := span{r.Subject.Start, r.Subject.End}
		e.quote(marked(b.Text, around(b.Text, at, ""), []span{at}))
	}
	b := &doc.Blocks[r.Evidence.Block]
	if b.Table != nil {
		return e.quoteTable(b, r.Evidence.Start, spans)
	}
	whole := around(b.Text, spans[0], r.Evidence.Sentence)
	if sameBlock && (r.Subject.End <= whole.start || r.Subject.Start >= whole.end) {
		// The subject stands in another sentence of the block.
		at := spans[1]
		e.quote(marked(b.Text, around(b.Text, at, ""), []span{at}))
	}
	e.quote(marked(b.Text, whole, spans))
	return nil
}

// quote prints a marked text in indented lines.
func (e *environment) quote(text string) {
	columns := excerptWidth
	if w := terminalWidth(e.out); w > 20 {
		columns = min(columns, w-4)
	}
	open := false // a highlight that goes on from the line before
	for _, line := range wrap(text, columns) {
		if open {
			line = markOn + line
		}
		open = strings.LastIndex(line, markOn) > strings.LastIndex(line, markOff)
		if open {
			line += markOff
		}
		fmt.Fprintf(e.out, "  %s\n", e.highlight(line))
	}
}

// highlight replaces the marks in one line by what shows them.
func (e *environment) highlight(s string) string {
	if coloured(e.out) {
		return strings.NewReplacer(markOn, "\x1b[1;33m", markOff, "\x1b[0m", markSpace, " ").Replace(s)
	}
	return strings.NewReplacer(markOn, "«", markOff, "»", markSpace, " ").Replace(s)
}

// around returns the stretch of text to show for what stands at: the sentence,
// where it is known, or a window.
func around(text string, at span, sentence string) span {
	if sentence != "" {
		for from := 0; from <= at.start; {
			i := strings.Index(text[from:], sentence)
			if i < 0 || from+i > at.start {
				break
			}
			if end := from + i + len(sentence); end >= at.end {
				return span{from + i, end}
			}
			from += i + 1
		}
	}
	const window = 160
	w := span{max(0, at.start-window), min(len(text), at.end+window)}
	// A sentence end near the window's border is a better border.
	if i := strings.LastIndex(text[w.start:at.start], ". "); i >= 0 {
		w.start += i + 2
	}
	if i := strings.Index(text[at.end:w.end], ". "); i >= 0 {
		w.end = at.end + i + 1
	}
	for w.start > 0 && w.start < len(text) && !utf8.RuneStart(text[w.start]) {
		w.start--
	}
	for w.end < len(text) && !utf8.RuneStart(text[w.end]) {
		w.end++
	}
	return w
}

// marked returns the stretch whole of text with marks around spans.
func marked(text string, whole span, spans []span) string {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	at := whole.start
	for _, s := range spans {
		if s.start < at || s.end > whole.end || s.end <= s.start {
			continue
		}
		b.WriteString(visible(text[at:s.start]))
		inside := visible(text[s.start:s.end])
		if width(inside) <= unbroken {
			inside = strings.ReplaceAll(inside, " ", markSpace)
		}
		b.WriteString(markOn + inside + markOff)
		at = s.end
	}
	b.WriteString(visible(text[at:whole.end]))
	return b.String()
}

// quoteTable prints the head rows of a table and the row of the cell that
// contains byte at.
func (e *environment) quoteTable(b *document.Block, at int, spans []span) error {
	t := b.Table
	row := -1
	for _, c := range t.Cells {
		if c.Start <= at && at < c.End {
			row = c.Row
		}
	}
	if row < 0 {
		return fmt.Errorf("no cell of the table contains byte %d", at)
	}
	title := t.Caption
	if !strings.HasPrefix(title, t.Label) {
		title = t.Label + " " + title
	}
	e.quote(visible(title))
	place := t.Grid()
	rows := []int{}
	for i := range min(t.HeaderRows, t.Rows) {
		rows = append(rows, i)
	}
	if row >= t.HeaderRows {
		rows = append(rows, row)
	}
	widths := make([]int, t.Columns)
	texts := make([][]string, len(rows))
	for i, at := range rows {
		texts[i] = make([]string, t.Columns)
		for c := range t.Columns {
			n := place[at][c]
			if n < 0 || t.Cells[n].Column != c || at < t.HeaderRows && t.Cells[n].Row != at {
				continue // covered by a cell further left, or shown in the head above
			}
			cell := t.Cells[n]
			texts[i][c] = marked(b.Text, span{cell.Start, cell.End}, spans)
			if cell.ColumnSpan == 1 {
				widths[c] = max(widths[c], width(e.plain(texts[i][c])))
			}
		}
	}
	for _, cells := range texts {
		var line strings.Builder
		for c, text := range cells {
			line.WriteString(text)
			line.WriteString(strings.Repeat(" ", max(0, widths[c]-width(e.plain(text)))+len(gap)))
		}
		fmt.Fprintf(e.out, "  %s\n", strings.TrimRight(e.highlight(line.String()), " "))
	}
	for _, note := range t.Footnotes {
		e.quote(visible(note))
	}
	return nil
}

// plain returns a marked text as wide as it will be shown.
func (e *environment) plain(s string) string {
	if coloured(e.out) {
		return strings.NewReplacer(markOn, "", markOff, "", markSpace, " ").Replace(s)
	}
	return e.highlight(s)
}
