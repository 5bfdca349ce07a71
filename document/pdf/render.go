package pdf

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
)

// MaxPixels bounds the picture of a page. A page of A4 at 300 dots an inch has
// 9 million.
const MaxPixels = 50_000_000

// Render returns a picture of a page, from 1, with resolution dots an inch.
// The page is turned so that most of its text reads upright. A picture is made
// of every page, with text or without: it is what a reader of scans works on.
func (r *Reader) Render(ctx context.Context, data []byte, page int, resolution float64) (*image.RGBA, error) {
	var picture *image.RGBA
	err := r.use(ctx, func(e *engine) error {
		return e.open(ctx, data, func(doc uint64, pages int) error {
			if page < 1 || page > pages {
				return fmt.Errorf("page %d of %d", page, pages)
			}
			ctx, cancel := context.WithTimeout(ctx, PageTime)
			defer cancel()
			var err error
			if picture, err = e.render(ctx, doc, page-1, resolution/72); err != nil {
				return fmt.Errorf("page %d: %w", page, err)
			}
			return nil
		})
	})
	return picture, err
}

// render draws page index, from 0, with scale dots a point.
func (e *engine) render(ctx context.Context, doc uint64, index int, scale float64) (*image.RGBA, error) {
	var s sheet
	page, err := e.page(ctx, doc, index, &s)
	if err != nil {
		return nil, err
	}
	turn := upright(&s)
	width, height := int(math.Ceil(float64(s.width)*scale)), int(math.Ceil(float64(s.height)*scale))
	if !(scale > 0) || width < 1 || height < 1 || width > MaxPixels || height > MaxPixels || width*height > MaxPixels {
		return nil, fmt.Errorf("%w: a picture of %d by %d dots, one may have %d", ErrTooLarge, width, height, MaxPixels)
	}
	turned, err := e.call(ctx, fnRotation, page) // clockwise, by pdfium itself
	if err != nil {
		return nil, err
	}
	bitmap, err := e.call(ctx, fnBitmapCreate, uint64(width), uint64(height), 0)
	if err != nil {
		return nil, err
	}
	if bitmap == 0 {
		return nil, &crash{"FPDFBitmap_Create", errors.New("out of memory")}
	}
	const white, withAnnotations = 0xFFFFFFFF, 1
	if _, err := e.call(ctx, fnBitmapFill, bitmap, 0, 0, uint64(width), uint64(height), white); err != nil {
		return nil, err
	}
	rotate := uint64((int(turn) - int(int32(turned)) + 8) % 4)
	if _, err := e.call(ctx, fnBitmapRender, bitmap, page, 0, 0, uint64(width), uint64(height), rotate, withAnnotations); err != nil {
		return nil, err
	}
	picture, err := e.pixels(ctx, bitmap, width, height)
	if err != nil {
		return nil, err
	}
	if _, err := e.call(ctx, fnBitmapDestroy, bitmap); err != nil {
		return nil, err
	}
	_, err = e.call(ctx, fnClosePage, page)
	return picture, err
}

// pixels copies a bitmap out of pdfium's memory. Its pixels are blue, green,
// red and an unused byte.
func (e *engine) pixels(ctx context.Context, bitmap uint64, width, height int) (*image.RGBA, error) {
	stride, err := e.call(ctx, fnBitmapStride, bitmap)
	if err != nil {
		return nil, err
	}
	buffer, err := e.call(ctx, fnBitmapBuffer, bitmap)
	if err != nil {
		return nil, err
	}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row, ok := e.memory.Read(uint32(buffer)+uint32(y)*uint32(stride), uint32(4*width))
		if !ok {
			return nil, &crash{"FPDFBitmap_GetBuffer", errors.New("outside memory")}
		}
		out := picture.Pix[y*picture.Stride : y*picture.Stride+4*width]
		for x := 0; x < len(row); x += 4 {
			out[x], out[x+1], out[x+2], out[x+3] = row[x+2], row[x+1], row[x], 0xFF
		}
	}
	return picture, nil
}
