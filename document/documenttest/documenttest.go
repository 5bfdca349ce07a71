// Package documenttest tests readers of documents against files of expected
// blocks.
package documenttest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document"
)

// Golden reads each txtar archive that matches pattern. Its first file is the
// input, kept under its name; its second, "blocks", what [Format] shows of the
// document, or "error: …". With update the second is rewritten. The comment at
// the top of the archive says what the case is about.
func Golden(t *testing.T, pattern string, update bool, read func(name string, data []byte) (*document.Document, error)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no files match %s", pattern)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			comment, name, input, want, ok := parts(string(archive))
			if !ok {
				t.Fatalf("%s holds no input", file)
			}
			// A tab shows as a mark: editors change tabs.
			data := []byte(strings.ReplaceAll(input, "␉", "\t"))
			got := ""
			doc, err := read(name, data)
			if err != nil {
				got = "error: " + err.Error() + "\n"
			} else {
				Check(t, doc)
				got = Format(doc)
			}
			if update {
				text := comment + "-- " + name + " --\n" + input + mark + got
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s: blocks differ; run with -update if they should\n%s", file, diff(want, got))
			}
		})
	}
}

// mark begins the expected blocks.
const mark = "-- blocks --\n"

// parts takes a txtar archive (golang.org/x/tools/txtar) of a comment, an input
// and the blocks expected apart.
func parts(archive string) (comment, name, input, want string, ok bool) {
	archive, want, _ = strings.Cut(archive, mark)
	comment, rest, ok := strings.Cut(archive, "-- ")
	if !ok {
		return "", "", "", "", false
	}
	name, input, ok = strings.Cut(rest, " --\n")
	return comment, name, input, want, ok
}

// diff shows the first lines in which two texts differ.
func diff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b || i >= len(w) || i >= len(g) {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, a, b)
		}
	}
	return ""
}

// Check reports a document that breaks the rules of package document or holds
// text that is not valid UTF-8, has white space that should have been
// collapsed, or cells that differ from their table's text.
func Check(t testing.TB, doc *document.Document) {
	t.Helper()
	if err := doc.Check(); err != nil {
		t.Error(err)
	}
	if len(doc.Blocks) == 0 {
		t.Errorf("%s: no blocks and no error", doc.Name)
	}
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		switch {
		case b.Text == "":
			t.Errorf("block %d: no text", i)
		case !utf8.ValidString(b.Text):
			t.Errorf("block %d: not valid UTF-8: %q", i, b.Text)
		case (b.Kind == document.Tabular) != (b.Table != nil):
			t.Errorf("block %d: kind %s, table %v", i, b.Kind, b.Table)
		}
		for _, s := range b.Shifts {
			if !boundary(b.Text, s.Start) || !boundary(b.Text, s.End) || strings.ContainsAny(b.Text[s.Start:s.End], "\t\n") {
				t.Errorf("block %d: shift %d–%d cuts a character or a cell of %q", i, s.Start, s.End, b.Text)
			}
		}
		if b.Table == nil {
			if strings.ContainsAny(b.Text, "\t\n\r") || strings.Contains(b.Text, "  ") || strings.TrimSpace(b.Text) != b.Text {
				t.Errorf("block %d: white space in %q", i, b.Text)
			}
			continue
		}
		checkTable(t, i, b)
	}
}

// checkTable reports a table whose text is not its cells in row order.
func checkTable(t testing.TB, i int, b *document.Block) {
	t.Helper()
	row, end, rebuilt := 0, 0, new(strings.Builder)
	column := -1
	for _, c := range b.Table.Cells {
		switch {
		case c.Row < row || c.Row == row && c.Column <= column:
			t.Errorf("block %d: cell at row %d, column %d is out of order", i, c.Row, c.Column)
			return
		case c.Row > row:
			rebuilt.WriteString(strings.Repeat("\n", c.Row-row))
		case column >= 0:
			rebuilt.WriteByte('\t')
		}
		row, column = c.Row, c.Column
		cell := b.Text[c.Start:c.End]
		if strings.ContainsAny(cell, "\t\n") || strings.TrimSpace(cell) != cell {
			t.Errorf("block %d: cell %q holds white space", i, cell)
		}
		if c.Start < end {
			t.Errorf("block %d: cell at %d begins before the last ends at %d", i, c.Start, end)
			return
		}
		end = c.End
		rebuilt.WriteString(cell)
	}
	rebuilt.WriteString(strings.Repeat("\n", max(0, b.Table.Rows-1-row)))
	if rebuilt.String() != b.Text {
		t.Errorf("block %d: the cells make %q, the text is %q", i, rebuilt, b.Text)
	}
	if b.Table.HeaderRows > b.Table.Rows || b.Table.HeaderColumns > b.Table.Columns {
		t.Errorf("block %d: %d header rows of %d, %d header columns of %d", i, b.Table.HeaderRows, b.Table.Rows, b.Table.HeaderColumns, b.Table.Columns)
	}
}

func boundary(s string, i int) bool {
	return i >= 0 && i <= len(s) && (i == len(s) || utf8.RuneStart(s[i]))
}

// Format shows a document as text: metadata, then each block with its section,
// superscripts as ^{…}, subscripts as _{…}, cells divided by " | ", cells that
// span as "text <rows×columns>", header cells with "#".
func Format(doc *document.Document) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	line("format", string(doc.Format))
	line("title", doc.Title)
	line("authors", strings.Join(doc.Authors, "; "))
	for _, kind := range slices.Sorted(maps.Keys(doc.Identifiers)) {
		line(kind, doc.Identifiers[kind])
	}
	line("date", doc.Date)
	line("language", doc.Language)
	for _, w := range doc.Warnings {
		line("warning", w)
	}
	for i := range doc.Blocks {
		block := &doc.Blocks[i]
		fmt.Fprintf(&b, "\n[%s]", block.Kind)
		if len(block.Section) > 0 {
			fmt.Fprintf(&b, " in %s", strings.Join(block.Section, " > "))
		}
		b.WriteByte('\n')
		if block.Table == nil {
			b.WriteString(marked(block, 0, len(block.Text)))
			b.WriteByte('\n')
			continue
		}
		t := block.Table
		fmt.Fprintf(&b, "%s, %d rows, %d columns, head %d rows, %d columns\n", t.Label, t.Rows, t.Columns, t.HeaderRows, t.HeaderColumns)
		row := -1
		for _, c := range t.Cells {
			if c.Row != row {
				if row >= 0 {
					b.WriteByte('\n')
				}
				row = c.Row
			} else {
				b.WriteString(" | ")
			}
			if c.Header {
				b.WriteByte('#')
			}
			b.WriteString(marked(block, c.Start, c.End))
			if c.RowSpan > 1 || c.ColumnSpan > 1 {
				fmt.Fprintf(&b, " <%d×%d>", c.RowSpan, c.ColumnSpan)
			}
		}
		b.WriteByte('\n')
		for _, f := range t.Footnotes {
			fmt.Fprintf(&b, "note: %s\n", f)
		}
	}
	return b.String()
}

// marked returns the text of block from one offset to another with its shifts
// marked.
func marked(block *document.Block, from, to int) string {
	var b strings.Builder
	at := from
	for _, s := range block.Shifts {
		if s.Start < from || s.End > to {
			continue
		}
		b.WriteString(block.Text[at:s.Start])
		mark := "_{"
		if s.Raised {
			mark = "^{"
		}
		b.WriteString(mark + block.Text[s.Start:s.End] + "}")
		at = s.End
	}
	b.WriteString(block.Text[at:to])
	return b.String()
}
