// Package pdf reads born-digital PDF files: it asks pdfium, which runs in a
// WebAssembly sandbox without files, network or clock, where each character
// stands, and rebuilds from that lines, columns, paragraphs, headings, captions,
// tables and references. A scan, which has pictures but no characters, is
// refused with [ErrNoText].
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
	ErrNoText    = errors.New("no text (a scan?)")
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
// warning; a file without any text is an error.
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
	raw, err := r.extract(ctx, data)
	if err != nil {
		if errors.Is(err, ErrCorrupt) {
			err = fmt.Errorf("%w%s", err, damage(data))
		}
		return fail(err)
	}
	doc := &document.Document{
		ID: document.IDOf(data), Name: name, Format: document.PDF,
		Pages: raw.pages, Warnings: raw.warnings,
	}
	lay(doc, raw)
	if len(doc.Blocks) == 0 {
		return fail(fmt.Errorf("%w: none on its %d pages", ErrNoText, raw.pages))
	}
	return doc, nil
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

// raw is a file as pdfium shows it.
type raw struct {
	pages    int
	title    string // of the information dictionary
	author   string
	sheets   []*leaf
	warnings []string
}

// leaf is one page in segments.
type leaf struct {
	page          int // from 1
	width, height float32
	segs          []*segment
	rules, posts  []rule
	running       []string // headers and footers taken out of segs
}

// extract reads all pages, in turns with others.
func (r *Reader) extract(ctx context.Context, data []byte) (*raw, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.turn:
	}
	defer func() { r.turn <- struct{}{} }()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.closed {
		return nil, ErrClosed
	}
	if r.engine == nil {
		e, err := newEngine(r.cacheDir)
		if err != nil {
			return nil, err
		}
		r.engine = e
	}
	out, err := r.engine.read(ctx, data)
	var c *crash
	if errors.As(err, &c) {
		// A broken instance must not read another file.
		if restart := r.engine.restart(); restart != nil {
			r.engine.close()
			r.engine = nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrCrashed, err)
	}
	return out, err
}

// read reads all pages of data.
func (e *engine) read(ctx context.Context, data []byte) (*raw, error) {
	out := new(raw)
	limited := func(f func(ctx context.Context) error) error {
		ctx, cancel := context.WithTimeout(ctx, PageTime)
		defer cancel()
		return f(ctx)
	}
	var doc uint64
	var free func(context.Context) error
	err := limited(func(ctx context.Context) (err error) {
		doc, free, err = e.load(ctx, data)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = limited(func(ctx context.Context) error {
		n, err := e.call(ctx, fnPageCount, doc)
		if err != nil {
			return err
		}
		out.pages = int(int32(n))
		if out.title, err = e.meta(ctx, doc, "Title"); err != nil {
			return err
		}
		out.author, err = e.meta(ctx, doc, "Author")
		return err
	})
	if err != nil {
		return nil, err
	}
	switch {
	case out.pages <= 0:
		return nil, errors.Join(fmt.Errorf("%w: it has no pages", ErrCorrupt), limited(free))
	case out.pages > MaxPages:
		return nil, errors.Join(fmt.Errorf("%w: %d pages, a file may have %d", ErrTooLarge, out.pages, MaxPages), limited(free))
	}
	var s sheet
	size, unread := 0, 0
	for i := range out.pages {
		err := limited(func(ctx context.Context) error { return e.page(ctx, doc, i, &s) })
		var c *crash
		if errors.As(err, &c) {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		if err != nil {
			unread++
			out.warn(fmt.Sprintf("page %d: %v", i+1, err))
			if unread > 100 && len(out.sheets) == 0 {
				out.warn(fmt.Sprintf("page %d and the rest: not tried after so many that cannot be read", i+2))
				break
			}
			continue
		}
		upright(&s)
		leaf := &leaf{page: i + 1, width: s.width, height: s.height, segs: segments(&s), rules: joinRules(s.rules), posts: joinRules(s.posts)}
		if len(leaf.segs) == 0 {
			out.warn(fmt.Sprintf("page %d: no text (scan?)", i+1))
			continue
		}
		out.sheets = append(out.sheets, leaf)
		if size += len(s.glyphs); size > MaxText {
			out.warn(fmt.Sprintf("page %d: the document has more than %d characters; the rest is left out", i+1, MaxText))
			break
		}
	}
	if err := limited(free); err != nil {
		return nil, err
	}
	return out, nil
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
