// Package document is the model of what was read: a document is a list of
// blocks in reading order, and every later statement points into the text of
// one block by byte offsets. Readers for single formats stand in the packages
// below this one.
package document

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// ID identifies a document by its bytes: "sha256:" and 64 hexadecimal digits.
// The same bytes under two names are one document.
type ID string

// IDOf returns the identity of a document whose file has the bytes data.
func IDOf(data []byte) ID {
	sum := sha256.Sum256(data)
	return ID("sha256:" + hex.EncodeToString(sum[:]))
}

// Document is one paper, patent, report or sheet as it was read.
type Document struct {
	ID          ID
	Name        string // the path as the user gave it; "archive.zip!inner/name.txt" inside an archive
	Format      Format
	Title       string
	Authors     []string
	Identifiers map[string]string // "doi", "pmid", "pmcid", "arxiv", "patent", "application", "family"; nil when none was found
	Date        string            // ISO 8601, as precise as known: "2019", "2019-04", "2019-04-30"
	Language    string            // BCP 47, as declared or guessed from the script: "en", "ko"; empty when unknown
	Pages       int               // 0 for formats without pages
	Blocks      []Block
	Warnings    []string // what could not be read, each saying where

	License string            // an SPDX name ("CC-BY-4.0") or an address, as declared; empty when unknown
	Origin  string            // address that it was fetched from; empty when unknown
	Notice  Notice            // what its publisher has since said of it
	About   map[string]string // of a notice: identifiers of the work that it corrects or retracts; else nil
}

// Format names how a document is written.
type Format string

// The formats that have a reader.
const (
	Text Format = "text"
	HTML Format = "html"
	JATS Format = "jats"
	PDF  Format = "pdf"

	Patent    Format = "patent"    // XML of the patent offices, and text in USPTO's APS
	Publisher Format = "publisher" // XML of publishers that is not JATS
	LaTeX     Format = "latex"
	DOCX      Format = "docx"
	HWPX      Format = "hwpx"  // Hangul
	ODT       Format = "odt"   // texts of OpenDocument
	Sheet     Format = "sheet" // workbooks of Excel and OpenDocument, separated values
	Email     Format = "email"
	Image     Format = "image"
)

// Kind says what a block is.
type Kind string

// The kinds of block.
const (
	Title     Kind = "title"
	Abstract  Kind = "abstract" // a paragraph of the abstract
	Heading   Kind = "heading"
	Paragraph Kind = "paragraph"
	List      Kind = "list" // one item
	Caption   Kind = "caption"
	Tabular   Kind = "table"
	Footnote  Kind = "footnote"
	Reference Kind = "reference" // one entry of the bibliography
)

// Block is a stretch of text that belongs together. Text is NFC-free: exactly
// the characters that the source shows, with runs of white space made one
// space. Offsets everywhere are bytes into Text.
type Block struct {
	Kind    Kind
	Page    int      // from 1; 0 when the format has no pages
	Section []string // titles of the enclosing sections, outermost first
	Text    string
	Shifts  []Shift // super- and subscripts in Text, ascending, not overlapping
	Table   *Table  // only for Tabular
	Box     Box     // where the block stands on its page; zero when unknown

	Recognition float64  // of text recognised in a picture: how sure the recogniser is, above 0 to 1; 0 for text that was given as such
	Repairs     []Repair // what was corrected in recognised text, ascending, not overlapping
}

// Repair marks characters that recognition confuses and that were corrected:
// "Ti02" to "TiO2".
type Repair struct {
	Start, End int    // bytes into Block.Text
	Was        string // as it was recognised
}

// Shift marks a stretch of text set above or below the line.
type Shift struct {
	Start, End int  // bytes into Block.Text
	Raised     bool // superscript if true, subscript if false
}

// Box is a rectangle on a page in points (1/72 inch) from the upper left corner.
type Box struct {
	Left, Top, Right, Bottom float64
}

// Table is a grid of cells. The text of a table block is its cells in row
// order, cells divided by a tab and rows by a newline, so that each cell is a
// span of the block's text.
type Table struct {
	Label         string // "Table 2"
	Caption       string // copied from the caption block, for the reader of the table alone
	Rows, Columns int
	HeaderRows    int    // leading rows that name columns
	HeaderColumns int    // leading columns that name rows
	Cells         []Cell // by row, then column; spanned places have no cell of their own
	Footnotes     []string
}

// Cell is one cell of a table.
type Cell struct {
	Row, Column         int // of the upper left corner, from 0
	RowSpan, ColumnSpan int // at least 1
	Start, End          int // bytes into Block.Text
	Header              bool
}

// Grid returns the index into t.Cells of the cell that covers each place, by
// row then column, or -1 where none does.
func (t *Table) Grid() [][]int {
	grid := make([][]int, t.Rows)
	for r := range grid {
		grid[r] = make([]int, t.Columns)
		for c := range grid[r] {
			grid[r][c] = -1
		}
	}
	for i, cell := range t.Cells {
		for r := cell.Row; r < min(cell.Row+cell.RowSpan, t.Rows); r++ {
			for c := cell.Column; c < min(cell.Column+cell.ColumnSpan, t.Columns); c++ {
				grid[r][c] = i
			}
		}
	}
	return grid
}

// Check reports the first place where d breaks its own rules: offsets outside
// the text, shifts out of order, a cell outside its grid.
func (d *Document) Check() error {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		end := 0
		for _, s := range b.Shifts {
			if s.Start < end || s.End <= s.Start || s.End > len(b.Text) {
				return fmt.Errorf("%s: block %d: shift %d–%d does not fit text of %d bytes", d.Name, i, s.Start, s.End, len(b.Text))
			}
			end = s.End
		}
		end = 0
		for _, r := range b.Repairs {
			if r.Start < end || r.End <= r.Start || r.End > len(b.Text) {
				return fmt.Errorf("%s: block %d: repair %d–%d does not fit text of %d bytes", d.Name, i, r.Start, r.End, len(b.Text))
			}
			end = r.End
		}
		if !(b.Recognition >= 0 && b.Recognition <= 1) {
			return fmt.Errorf("%s: block %d: recognition %v is not from 0 to 1", d.Name, i, b.Recognition)
		}
		if b.Table == nil {
			continue
		}
		for _, c := range b.Table.Cells {
			if c.Start < 0 || c.End < c.Start || c.End > len(b.Text) || c.Row < 0 || c.Column < 0 ||
				c.RowSpan < 1 || c.ColumnSpan < 1 || c.Row+c.RowSpan > b.Table.Rows || c.Column+c.ColumnSpan > b.Table.Columns {
				return fmt.Errorf("%s: block %d: cell at row %d, column %d does not fit its table", d.Name, i, c.Row, c.Column)
			}
		}
	}
	return nil
}
