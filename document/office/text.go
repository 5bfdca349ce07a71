package office

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// Text gathers the blocks of a document of a word processor.
type Text struct {
	Doc     *document.Document
	section []string
	levels  []int
}

// maxHeading is the length in bytes from which a paragraph in the style of a
// heading is one of running text.
const maxHeading = 500

// Add adds a block to the section that is open. Running text and lists below
// the heading of an abstract or a bibliography are those.
func (t *Text) Add(b document.Block) {
	if len(t.section) > 0 && (b.Kind == document.Paragraph || b.Kind == document.List) {
		switch strings.ToLower(strings.Trim(t.section[len(t.section)-1], " .:0123456789")) {
		case "abstract", "summary", "초록", "요약":
			b.Kind = document.Abstract
		case "references", "bibliography", "literature", "참고문헌", "참고 문헌":
			b.Kind = document.Reference
		}
	}
	blocks.Append(t.Doc, t.section, b)
}

// Heading adds a heading and opens its section. Levels count from 1. It reports
// false, and adds nothing, for a text that is too long for a heading.
func (t *Text) Heading(text string, shifts []document.Shift, level int) bool {
	if len(text) >= maxHeading {
		return false
	}
	if text == "" {
		return true
	}
	for k := len(t.levels); k > 0 && t.levels[k-1] >= level; k-- {
		t.levels, t.section = t.levels[:k-1], t.section[:k-1]
	}
	blocks.Append(t.Doc, t.section, document.Block{Kind: document.Heading, Text: text, Shifts: shifts})
	t.levels, t.section = append(t.levels, level), append(t.section, text)
	return true
}

var labelPattern = regexp.MustCompile(`^(?i:table|tab\.)\s*(?:S?\d+|[IVX]+)\b|^[<\[]?표\s*\d+[>\]]?`)

// Table adds a table. Its caption is the block before it, by its kind or because
// it begins with "Table 3" or "<표 3>".
func (t *Text) Table(table *blocks.Table) {
	if table.Full() {
		t.Doc.Warnings = append(t.Doc.Warnings, fmt.Sprintf("a table is larger than %d places and was cut", blocks.MaxPlaces))
	}
	block, ok := table.Block()
	if !ok {
		return
	}
	if k := len(t.Doc.Blocks); k > 0 {
		last := &t.Doc.Blocks[k-1]
		if last.Kind == document.Caption || last.Kind == document.Paragraph && len(last.Text) < 1000 && labelPattern.MatchString(last.Text) {
			last.Kind = document.Caption
			block.Table.Caption, block.Table.Label = last.Text, labelPattern.FindString(last.Text)
		}
	}
	blocks.Append(t.Doc, t.section, block)
}

// Finish takes the title from the text where it has one, since what programs
// note as title is often that of a template, and guesses the language.
func (t *Text) Finish() {
	for i := range t.Doc.Blocks {
		if b := &t.Doc.Blocks[i]; b.Kind == document.Title {
			t.Doc.Title = b.Text
			break
		}
	}
	if t.Doc.Language == "" {
		t.Doc.Language = blocks.LanguageOf(t.Doc)
	}
}
