package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/pdf"
	"github.com/alkahest/alkahest/record"
)

// imageResolution is that of the pictures of pages, in dots an inch.
const imageResolution = 150

// Colours of the marks around the value and around the subject.
var (
	valueColour   = color.RGBA{0xFF, 0xB3, 0x00, 0xFF}
	subjectColour = color.RGBA{0x4F, 0xC3, 0xF7, 0xFF}
)

// drawEvidence writes a picture of the page that r was read from to the file
// path, with the value and the subject marked, and returns the page.
func drawEvidence(ctx context.Context, doc *document.Document, r *record.Record, path string) (page int, err error) {
	if doc.Format != document.PDF {
		return 0, fmt.Errorf("%s is %s; only pages of PDF can be shown as pictures", r.Name, doc.Format)
	}
	shelf := openFiles(new(scanFlags).folder())
	defer func() { err = errors.Join(err, shelf.Close()) }()
	data, err := shelf.data(r.Name)
	if err != nil {
		return 0, fmt.Errorf("the document of the record is needed: %w", err)
	}
	if document.IDOf(data) != r.Document {
		return 0, fmt.Errorf("%s is not the file any more that the record was read from", r.Name)
	}
	reader := shelf.pdf.take()
	defer shelf.pdf.give(reader)
	if r.Evidence.Block < 0 || r.Evidence.Block >= len(doc.Blocks) {
		return 0, fmt.Errorf("record %s points to block %d of %d", r.ID, r.Evidence.Block, len(doc.Blocks))
	}
	values, err := reader.Locate(ctx, data, &doc.Blocks[r.Evidence.Block], r.Evidence.Start, r.Evidence.End)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", r.Name, err)
	}
	if len(values) == 0 {
		return 0, fmt.Errorf("%s: the value stands nowhere on page %d", r.Name, r.Evidence.Page)
	}
	var subjects []pdf.Place
	if b := r.Subject.Block; b >= 0 && b < len(doc.Blocks) && r.Subject.End > r.Subject.Start {
		if subjects, err = reader.Locate(ctx, data, &doc.Blocks[b], r.Subject.Start, r.Subject.End); err != nil {
			return 0, fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	page = values[0].Page
	picture, err := reader.Render(ctx, data, page, imageResolution)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", r.Name, err)
	}
	for _, p := range subjects {
		if p.Page == page {
			outline(picture, p.Box, subjectColour)
		}
	}
	for _, p := range values {
		if p.Page == page {
			outline(picture, p.Box, valueColour)
		}
	}
	return page, writePNG(path, picture)
}

// outline lays colour over box as a text marker does, so that what is dark stays
// so, and draws a frame around it.
func outline(picture *image.RGBA, box document.Box, colour color.RGBA) {
	const scale, frame = imageResolution / 72.0, 3
	area := image.Rect(
		int(math.Floor(box.Left*scale))-frame, int(math.Floor(box.Top*scale))-frame,
		int(math.Ceil(box.Right*scale))+frame, int(math.Ceil(box.Bottom*scale))+frame)
	inner := area.Inset(2)
	area = area.Intersect(picture.Bounds())
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			was := picture.RGBAAt(x, y)
			part := func(old, new uint8) uint8 { return uint8(int(old) * (255 + int(new)) / 510) }
			now := color.RGBA{part(was.R, colour.R), part(was.G, colour.G), part(was.B, colour.B), 0xFF}
			if !image.Pt(x, y).In(inner) {
				now = colour
			}
			picture.SetRGBA(x, y, now)
		}
	}
}

// writePNG writes picture to a new file, or over an old one.
func writePNG(path string, picture image.Image) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return png.Encode(f, picture)
}
