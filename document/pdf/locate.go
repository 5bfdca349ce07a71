package pdf

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

// Place is where a stretch of text stands: a box on a page, from 1. Boxes are
// in points from the upper left corner of the page as [Reader.Render] shows it.
type Place struct {
	Page int
	Box  document.Box
}

// Locate returns the places of bytes start to end of the text of block, which
// Read made of the file data: one for each line of the page that they stand on.
// Nothing is kept of where characters stand, as that would take more room than
// the text; the pages around the block are read again.
func (r *Reader) Locate(ctx context.Context, data []byte, block *document.Block, start, end int) ([]Place, error) {
	if start < 0 || end <= start || end > len(block.Text) {
		return nil, fmt.Errorf("bytes %d to %d are not a stretch of a text of %d bytes", start, end, len(block.Text))
	}
	// A paragraph may go on for some pages, and running heads show by the pages
	// around. What the whole document decides, such as the size of its text, may
	// differ on so few pages; then all are read.
	const around = 3
	for _, pages := range []span{{block.Page - 1 - around, block.Page + around}, {0, MaxPages}} {
		var found []Place
		y := newLayout(new(document.Document))
		_, err := r.extract(ctx, data, pages, func(leaves []*leaf) bool {
			y.doc.Blocks = y.doc.Blocks[:0]
			found = locate(y.add(leaves), y.doc.Blocks, block, start, end)
			return found == nil
		})
		if err != nil {
			return nil, err
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, fmt.Errorf("page %d does not hold the block %.40q…: was the file changed?", block.Page, block.Text)
}

// span is a range of pages, from 0, the last not included.
type span struct{ from, end int }

// locate finds block among list, which were made from paragraphs.
func locate(from []*paragraph, list []document.Block, block *document.Block, start, end int) []Place {
	for i := range list {
		b := &list[i]
		if b.Text != block.Text || b.Page != block.Page || b.Box != block.Box {
			continue
		}
		shift := 0
		if b.Table == nil {
			// A long paragraph was divided; the pieces follow each other.
			whole, at := from[i].text, 0
			for j := i; j > 0 && from[j-1] == from[i]; j-- {
				at = j - 1
			}
			if from[at] == from[i] {
				for ; at < i; at++ {
					shift += strings.Index(whole[shift:], list[at].Text) + len(list[at].Text)
				}
			}
			shift += max(0, strings.Index(whole[shift:], b.Text))
		}
		return places(from[i].trail(), start+shift, end+shift)
	}
	return nil
}

// trail returns where each character of p stands.
func (p *paragraph) trail() []mark {
	var trail []mark
	if p.table != nil {
		p.table.write(&tableScribe{new(blocks.Table), &trail, p.known})
	} else {
		p.write(&scribe{new(blocks.Builder), &trail})
	}
	return trail
}

// places returns the boxes around the characters at bytes start to end, one for
// each line.
func places(trail []mark, start, end int) []Place {
	var out []Place
	from, last := 0, mark{}
	for _, m := range trail {
		if from < end && m.end > start && m.end > from {
			box := document.Box{Left: float64(m.x0), Top: float64(m.y - 0.8*m.size), Right: float64(m.x1), Bottom: float64(m.y + 0.25*m.size)}
			// The same line goes on to the right, an index a little off it.
			if n := len(out); n > 0 && m.page == last.page && m.x0 > last.x0-0.5*m.size && m.x0-last.x1 < 3*max(m.size, last.size) && abs(m.y-last.y) < 0.8*max(m.size, last.size) {
				b := &out[n-1].Box
				b.Left, b.Top = min(b.Left, box.Left), min(b.Top, box.Top)
				b.Right, b.Bottom = max(b.Right, box.Right), max(b.Bottom, box.Bottom)
			} else {
				out = append(out, Place{m.page, box})
			}
			last = m
		}
		from = m.end
	}
	for i := range out {
		b := &out[i].Box
		b.Left, b.Top = math.Floor(b.Left), math.Floor(b.Top)
		b.Right, b.Bottom = math.Ceil(b.Right), math.Ceil(b.Bottom)
	}
	return out
}
