package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/ocr"
	"github.com/alkahest/alkahest/document/pdf"
)

// scans reads pictures of text by the installed recogniser, which it looks for
// when the first picture comes.
type scans struct {
	once   sync.Once
	engine *ocr.Engine
	err    error
}

func (s *scans) find(ctx context.Context) (*ocr.Engine, error) {
	s.once.Do(func() { s.engine, s.err = ocr.Find(ctx) })
	return s.engine, s.err
}

// Read implements reading.Reader for pictures.
func (s *scans) Read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	if err := ocr.Check(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	engine, err := s.find(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return engine.Read(ctx, name, data)
}

// scanResolution is at what resolution pages are drawn for recognition, in dots
// per inch: what Tesseract asks for.
const scanResolution = 300

// complete adds to what was read of a PDF file the pages that are pictures. doc
// is nil where there was nothing else, and err then says so.
func (s *scans) complete(ctx context.Context, r *pdf.Reader, name string, data []byte, doc *document.Document, err error) (*document.Document, error) {
	needed := func(w string) bool { return strings.HasSuffix(w, "needs OCR") }
	switch {
	case err != nil && !errors.Is(err, pdf.ErrNoText), err == nil && !slices.ContainsFunc(doc.Warnings, needed):
		return doc, err
	}
	pages, scanErr := r.Scans(ctx, data)
	if scanErr != nil || len(pages) == 0 {
		return doc, err
	}
	engine, missing := s.find(ctx)
	if missing != nil {
		if err != nil {
			return nil, fmt.Errorf("%w; %w", err, missing)
		}
		doc.Warnings = append(doc.Warnings, missing.Error())
		return doc, nil
	}
	if doc == nil {
		doc = &document.Document{ID: document.IDOf(data), Name: name, Format: document.PDF, Pages: pages[len(pages)-1]}
	}
	doc.Warnings = slices.DeleteFunc(doc.Warnings, needed)
	for _, page := range pages {
		found, err := recognise(ctx, engine, r, data, page)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			doc.Warnings = append(doc.Warnings, fmt.Sprintf("page %d: %v", page, err))
			continue
		}
		at, _ := slices.BinarySearchFunc(doc.Blocks, page, func(b document.Block, page int) int { return b.Page - page })
		doc.Blocks = slices.Insert(doc.Blocks, at, found...)
	}
	if len(doc.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ocr.ErrNoText)
	}
	ocr.Finish(doc)
	return doc, nil
}

func recognise(ctx context.Context, engine *ocr.Engine, r *pdf.Reader, data []byte, page int) ([]document.Block, error) {
	picture, err := r.Render(ctx, data, page, scanResolution)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, picture); err != nil {
		return nil, err
	}
	return engine.Page(ctx, b.Bytes(), page, scanResolution)
}
