package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/ocr"
	"github.com/alkahest/alkahest/document/pdf"
	"github.com/alkahest/alkahest/internal/filecache"
)

// scans reads pictures of text by the installed recogniser, which it looks for
// when the first picture comes.
type scans struct {
	kept *filecache.Folder // what was recognised; nil keeps nothing

	once   sync.Once
	engine *ocr.Engine
	err    error
}

func (s *scans) find(ctx context.Context) (*ocr.Engine, error) {
	s.once.Do(func() {
		if s.engine, s.err = ocr.Find(ctx); s.err == nil {
			if s.err = s.engine.Keep(ctx, s.kept); s.err != nil {
				s.err = fmt.Errorf("%w; with --ocr-cache - nothing is kept", s.err)
			}
		}
	})
	return s.engine, s.err
}

// scanFlags are the flags of verbs that read scans.
type scanFlags struct {
	OCRCache string `name:"ocr-cache" placeholder:"DIR" help:"Folder that keeps what was recognised on scanned pages (default: the user's cache folder); - for none."`
}

// maxRecognised bounds the bytes of what was recognised on pages that are kept:
// some thirty thousand pages.
const maxRecognised = 512 << 20

// folder returns the folder of the flags. Without a cache folder of the user
// nothing is kept, which only takes longer when pages are read again.
func (f *scanFlags) folder() *filecache.Folder {
	kept, err := cacheFolder(f.OCRCache, "recognised", maxRecognised)
	if err != nil {
		return nil
	}
	return kept
}

// cacheFolder returns the folder dir, or the one of that name in the user's cache
// folder where dir is empty, or none where it is "-".
func cacheFolder(dir, name string, limit int64) (*filecache.Folder, error) {
	switch dir {
	case "":
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(cache, "alkahest", name)
	case "-":
		return nil, nil
	}
	return filecache.Open(dir, limit), nil
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
		found, warning, err := recognise(ctx, engine, r, data, page)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := cmp.Or(err, warning); err != nil {
			doc.Warnings = append(doc.Warnings, fmt.Sprintf("page %d: %v", page, err))
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

func recognise(ctx context.Context, engine *ocr.Engine, r *pdf.Reader, data []byte, page int) (found []document.Block, warning, err error) {
	picture, err := r.Render(ctx, data, page, scanResolution)
	if err != nil {
		return nil, nil, err
	}
	return engine.Drawn(ctx, picture, page, scanResolution)
}
