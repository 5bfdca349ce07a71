// Package pdf reads born-digital PDF files: it asks pdfium, which runs in a
// WebAssembly sandbox without files, network or clock, where each character
// stands, and rebuilds from that lines, columns, paragraphs, headings, captions,
// tables and references. A scan, which has pictures but no characters, is
// refused with [ErrNoText]; [Reader.Render] makes the pictures that OCR reads.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
)

// Errors that [Reader.Read] wraps.
var (
	ErrEncrypted = errors.New("encrypted: a password is needed")
	ErrCorrupt   = errors.New("not a PDF file, or one that is damaged")
	ErrNoText    = errors.New("no text")
	ErrTooLarge  = errors.New("too large")
	ErrCrashed   = errors.New("the PDF engine gave up on it")
	ErrClosed    = errors.New("the reader is closed")
)

// Bounds on what is read.
const (
	MaxBytes = 256 << 20 // a file; pdfium's memory ends at 1 GiB
	MaxPages = 5000
	MaxText  = 32 << 20 // bytes of text of one document
)

// PageTime is how long one page may take. A page takes about 20 ms.
const PageTime = 20 * time.Second

// Reader reads PDF files. Pdfium is started by the first call of Read, which
// takes some seconds where its compiled form is not in the cache, a tenth of a
// second where it is. A Reader holds one instance of pdfium and may be used by
// several goroutines, which take turns file by file in pdfium and lay out what
// they read side by side; for more, make several Readers with the same cache.
type Reader struct {
	cacheDir string

	turn   chan struct{} // holds one token: whoever has it may use engine
	engine *engine
	closed bool
}

// New returns a Reader that keeps pdfium's compiled form below cacheDir, or in
// the user's cache directory where cacheDir is empty. It does without where
// that cannot be written to.
func New(cacheDir string) *Reader {
	if cacheDir == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			cacheDir = filepath.Join(dir, "alkahest", "pdfium")
		}
	}
	r := &Reader{cacheDir: cacheDir, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

// Close stops pdfium. Read fails with [ErrClosed] afterwards.
func (r *Reader) Close() error {
	<-r.turn
	defer func() { r.turn <- struct{}{} }()
	if r.engine != nil {
		r.engine.close()
		r.engine = nil
	}
	r.closed = true
	return nil
}

// Read reads the PDF file data. The name is used in messages and kept as the
// document's name. A page that cannot be read, or that has no text, becomes a
// warning; a file without any text is an error. All that is allocated, also what
// is freed on the way, is at most 80 times the content of the pages, not
// compressed, beside the memory of pdfium, which holds the file and is at most
// 1 GiB.
func (r *Reader) Read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	fail := func(err error) (*document.Document, error) { return nil, fmt.Errorf("%s: %w", name, err) }
	if len(data) > MaxBytes {
		return fail(fmt.Errorf("%w: %d bytes, a file may have %d", ErrTooLarge, len(data), MaxBytes))
	}
	// Readers of PDF accept up to a kilobyte of anything before the header
	// (Adobe, implementation note 13 to the PDF Reference 1.7).
	if !bytes.Contains(data[:min(len(data), 1024+5)], []byte("%PDF-")) {
		return fail(fmt.Errorf("%w: it does not begin with %%PDF", ErrCorrupt))
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.PDF}
	y := newLayout(doc)
	// All but the last pages are laid out while pdfium waits; those of most
	// documents are the last ones, and the next document is read meanwhile.
	var last []*leaf
	raw, err := r.extract(ctx, data, span{0, MaxPages}, func(leaves []*leaf) bool {
		if last != nil {
			y.add(last)
		}
		last = leaves
		return true
	})
	if err != nil {
		if errors.Is(err, ErrCorrupt) {
			err = fmt.Errorf("%w%s", err, damage(data))
		}
		return fail(err)
	}
	y.add(last)
	y.finish(raw.title)
	doc.Pages, doc.Warnings = raw.pages, raw.warnings
	if len(doc.Blocks) == 0 {
		if len(raw.scans) > 0 {
			return fail(fmt.Errorf("%w: %d of its %d pages are pictures, which need OCR", ErrNoText, len(raw.scans), raw.pages))
		}
		return fail(fmt.Errorf("%w on its %d pages", ErrNoText, raw.pages))
	}
	return doc, nil
}

// Scans returns the pages of a file, from 1, that are pictures without text:
// those that a reader of scans should be given, as [Reader.Render] draws them.
func (r *Reader) Scans(ctx context.Context, data []byte) ([]int, error) {
	raw, err := r.extract(ctx, data, span{0, MaxPages}, func([]*leaf) bool { return true })
	if err != nil {
		return nil, err
	}
	return raw.scans, nil
}

// damage says what is seen to be wrong with a file that pdfium refuses.
func damage(data []byte) string {
	tail := data[max(0, len(data)-2048):]
	switch {
	case !bytes.Contains(tail, []byte("%%EOF")):
		return ": its end is missing (truncated?)"
	case !bytes.Contains(tail, []byte("startxref")):
		return ": its cross-reference table is missing"
	}
	return ""
}

// raw is what is known of a file besides its pages.
type raw struct {
	pages    int
	title    string // of the information dictionary
	warnings []string
	scans    []int // pages, from 1, that are pictures without text
}

// leaf is one page in segments.
type leaf struct {
	page          int // from 1
	width, height float32
	segs          []*segment
	rules, posts  []rule
	running       []string // headers and footers taken out of segs
}

// leafOf returns what stands on s.
func leafOf(s *sheet, page int) *leaf {
	return &leaf{page: page, width: s.width, height: s.height, segs: segments(s, page), rules: joinRules(s.rules), posts: joinRules(s.posts)}
}

// extract reads some pages, in turns with others, and visits them some at a
// time until visit returns false.
func (r *Reader) extract(ctx context.Context, data []byte, pages span, visit func([]*leaf) bool) (*raw, error) {
	var out *raw
	err := r.use(ctx, func(e *engine) (err error) {
		out, err = e.read(ctx, data, pages, visit)
		return err
	})
	return out, err
}

// use calls f with the engine, in turns with others.
func (r *Reader) use(ctx context.Context, f func(*engine) error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-r.turn:
	}
	defer func() { r.turn <- struct{}{} }()
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.closed {
		return ErrClosed
	}
	if r.engine == nil {
		e, err := newEngine(r.cacheDir)
		if err != nil {
			return err
		}
		r.engine = e
	}
	err := f(r.engine)
	var c *crash
	if errors.As(err, &c) {
		// A broken instance must not read another file.
		if restart := r.engine.restart(); restart != nil {
			r.engine.close()
			r.engine = nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %w", ErrCrashed, err)
	}
	return err
}

// limited calls f with a context that ends after the time of one page.
func limited(ctx context.Context, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, PageTime)
	defer cancel()
	return f(ctx)
}

// open opens the file data, calls f with it and the number of its pages, and
// closes it.
func (e *engine) open(ctx context.Context, data []byte, f func(doc uint64, pages int) error) error {
	var doc uint64
	var free func(context.Context) error
	pages := 0
	err := limited(ctx, func(ctx context.Context) (err error) {
		if doc, free, err = e.load(ctx, data); err != nil {
			return err
		}
		n, err := e.call(ctx, fnPageCount, doc)
		pages = int(int32(n))
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case pages <= 0:
		err = fmt.Errorf("%w: it has no pages", ErrCorrupt)
	case pages > MaxPages:
		err = fmt.Errorf("%w: %d pages, a file may have %d", ErrTooLarge, pages, MaxPages)
	default:
		err = f(doc, pages)
	}
	var c *crash
	if errors.As(err, &c) {
		return err // nothing can be closed any more
	}
	return errors.Join(err, limited(ctx, free))
}

// read reads the given pages of data.
func (e *engine) read(ctx context.Context, data []byte, pages span, visit func([]*leaf) bool) (*raw, error) {
	out := new(raw)
	err := e.open(ctx, data, func(doc uint64, count int) error {
		out.pages = count
		err := limited(ctx, func(ctx context.Context) (err error) {
			out.title, err = e.meta(ctx, doc, "Title")
			return err
		})
		if err != nil {
			return err
		}
		return e.readPages(ctx, doc, span{max(0, pages.from), min(count, pages.end)}, out, visit)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// pagesAtOnce is how many pages are laid out together. Running heads show by
// repetition, and paragraphs and tables go on over pages, so it should be larger
// than most documents; it bounds the memory that a long one takes.
const pagesAtOnce = 64

// readPages reads the given pages of an open file.
func (e *engine) readPages(ctx context.Context, doc uint64, pages span, out *raw, visit func([]*leaf) bool) error {
	var s sheet
	var leaves []*leaf
	var open uint64 // the page before: while it is open, pdfium keeps its fonts
	size, read, unread := 0, 0, 0
	for i := pages.from; i < pages.end; i++ {
		var page uint64
		err := limited(ctx, func(ctx context.Context) (err error) {
			if page, err = e.page(ctx, doc, i, &s); err != nil || open == 0 {
				return err
			}
			_, err = e.call(ctx, fnClosePage, open)
			return err
		})
		var c *crash
		if errors.As(err, &c) {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
		if err != nil {
			unread++
			out.warn(fmt.Sprintf("page %d: %v", i+1, err))
			if unread > 100 && read == 0 {
				out.warn(fmt.Sprintf("page %d and the rest: not tried after so many that cannot be read", i+2))
				break
			}
			continue
		}
		open = page
		read++
		upright(&s)
		leaf := leafOf(&s, i+1)
		if len(leaf.segs) == 0 {
			if s.picture {
				out.scans = append(out.scans, i+1)
				out.warn(fmt.Sprintf("page %d is a picture without text: needs OCR", i+1))
			} else {
				out.warn(fmt.Sprintf("page %d has no text", i+1))
			}
			continue
		}
		leaves = append(leaves, leaf)
		if len(leaves) == pagesAtOnce {
			if err := e.dropHidden(ctx, doc, leaves); err != nil {
				return err
			}
			if !visit(leaves) {
				leaves = nil
				break
			}
			leaves = nil
		}
		if size += len(s.glyphs); size > MaxText {
			out.warn(fmt.Sprintf("page %d: the document has more than %d characters; the rest is left out", i+1, MaxText))
			break
		}
	}
	if open != 0 {
		if _, err := e.call(ctx, fnClosePage, open); err != nil {
			return err
		}
	}
	if len(leaves) == 0 {
		return nil
	}
	if err := e.dropHidden(ctx, doc, leaves); err != nil {
		return err
	}
	visit(leaves)
	return nil
}

// warn adds a warning, up to a number that somebody may still read.
func (r *raw) warn(s string) {
	switch len(r.warnings) {
	case 100:
		s = "more warnings left out"
		fallthrough
	default:
		if len(r.warnings) <= 100 {
			r.warnings = append(r.warnings, s)
		}
	}
}

// fontOf tells a bold or italic font by its flags (PDF 32000-1:2008, table 123)
// and its name: "CMBX10" is Computer Modern bold extended. The weight that pdfium
// works out from the width of stems is that of a bold font for some text faces.
func fontOf(name string, flags uint32) font {
	_, lower, _ := cutPrefix(strings.ToLower(name))
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(lower, w) {
				return true
			}
		}
		return false
	}
	bold := has("bold", "black", "heavy", "demi", "cmbx", "-bd", "sfbx")
	for _, end := range []string{"-b", ".b", "-medi", "-mediital"} { // Nimbus calls the bold face of Times medium
		bold = bold || strings.HasSuffix(lower, end)
	}
	f := font{
		name:   name,
		bold:   bold || flags&(1<<18) != 0 && !has("regular", "roman", "light", "book"),
		italic: flags&(1<<6) != 0 || has("italic", "oblique"),
	}
	f.setEncoding()
	return f
}

// cutPrefix removes the tag of a subset font: six letters and a plus sign.
func cutPrefix(name string) (tag, rest string, ok bool) {
	if len(name) > 7 && name[6] == '+' {
		return name[:6], name[7:], true
	}
	return "", name, false
}
