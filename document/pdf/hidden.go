package pdf

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"
)

// Some writers leave an older version of the text in the file, clipped away
// from what is seen. Where it counts, as values of a table that were corrected
// later, it gives itself away: two captions of one table on different pages.

// repeatedTables returns the pages, as indices into leaves, that hold captions
// of a table whose caption stands on another page too.
func repeatedTables(leaves []*leaf) []int {
	pages := map[string][]int{}
	for i, l := range leaves {
		for _, s := range l.segs {
			label := tableLabel.FindString(s.text())
			if label == "" || !captionLike(s, label) {
				continue
			}
			label = strings.ToLower(strings.TrimRight(label, ".: "))
			if !slices.Contains(pages[label], i) {
				pages[label] = append(pages[label], i)
			}
		}
	}
	var out []int
	for _, list := range pages {
		if len(list) > 1 {
			out = append(out, list...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// maxHiddenPages bounds on how many pages at once hidden text is looked for:
// drawing a page takes longer than reading it.
const maxHiddenPages = 20

// dropHidden takes the segments out of pages with repeated captions that nothing
// is seen of.
func (e *engine) dropHidden(ctx context.Context, doc uint64, leaves []*leaf) error {
	repeated := repeatedTables(leaves)
	for _, i := range repeated[:min(len(repeated), maxHiddenPages)] {
		l := leaves[i]
		err := limited(ctx, func(ctx context.Context) error {
			picture, err := e.render(ctx, doc, l.page-1, 1)
			if err != nil {
				return err
			}
			l.segs = slices.DeleteFunc(l.segs, func(s *segment) bool {
				return len(s.chars) > 3 && blank(picture, image.Rect(int(s.x0), int(s.y-0.7*s.size), int(s.x1)+1, int(s.y)+1))
			})
			return nil
		})
		if err != nil {
			return fmt.Errorf("page %d: %w", l.page, err)
		}
	}
	return nil
}

// blank reports whether all dots in box have about one brightness.
func blank(picture *image.RGBA, box image.Rectangle) bool {
	box = box.Intersect(picture.Bounds())
	least, most := uint8(255), uint8(0)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			g := picture.RGBAAt(x, y).G
			least, most = min(least, g), max(most, g)
		}
	}
	return most < least || most-least < 16
}
