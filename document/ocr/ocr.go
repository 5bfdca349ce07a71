// Package ocr reads pictures of text by the program Tesseract, where it is
// installed. It keeps the layout that Tesseract finds and how sure it is, and
// repairs what recognition commonly confuses in formulas, numbers and units,
// marking each repair.
package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/internal/filecache"
)

// Errors that are wrapped.
var (
	ErrMissing  = errors.New("no program for recognition")
	ErrTooLarge = errors.New("too large")
	ErrNoText   = errors.New("no text was recognised")
	ErrBroken   = errors.New("not a picture, or one that is damaged")
	ErrSmall    = errors.New("too small for a page of text")
)

// Bounds on what is read.
const (
	MaxPixels = 200 << 20
	MinPixels = 200_000 // a page of A4 at 50 dots per inch, which nobody can read
	maxOutput = 64 << 20
)

// Languages are the languages that are asked for, in the order of preference;
// those that are not installed are left out.
var Languages = []string{"eng", "kor"}

// Engine is an installed Tesseract.
type Engine struct {
	path      string
	languages []string
	timeout   time.Duration
	kept      *filecache.Folder
	version   []byte // of Tesseract, where something is kept
}

// Find looks for Tesseract in the folders of PATH and asks it for its
// languages. The error wraps [ErrMissing] and says how to install it.
func Find(ctx context.Context) (*Engine, error) {
	path, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, fmt.Errorf("%w: to read scans, install Tesseract: %s", ErrMissing, install(runtime.GOOS))
	}
	return Open(ctx, path)
}

// Open returns the Tesseract at path.
func Open(ctx context.Context, path string) (*Engine, error) {
	e := &Engine{path: path, timeout: 5 * time.Minute}
	out, err := e.run(ctx, nil, "--list-langs")
	if err != nil {
		return nil, err
	}
	for _, l := range Languages {
		if slices.Contains(strings.Fields(string(out)), l) {
			e.languages = append(e.languages, l)
		}
	}
	if len(e.languages) == 0 {
		return nil, fmt.Errorf("%w: %s has none of the languages %s; install them: %s", ErrMissing, path, strings.Join(Languages, ", "), install(runtime.GOOS))
	}
	return e, nil
}

// install returns the command that installs Tesseract with its languages.
func install(system string) string {
	switch system {
	case "darwin":
		return "brew install tesseract tesseract-lang"
	case "windows":
		return "winget install UB-Mannheim.TesseractOCR, with Korean among the additional languages"
	}
	return "apt-get install tesseract-ocr tesseract-ocr-kor (Debian, Ubuntu), dnf install tesseract tesseract-langpack-kor (Fedora)"
}

// Keep has the engine keep what Tesseract says of each picture in folder, so that
// the same picture is not recognised again, in this run or another: not one with
// the same content, size and languages, by the same version of Tesseract.
func (e *Engine) Keep(ctx context.Context, folder *filecache.Folder) error {
	if folder == nil {
		return nil
	}
	out, err := e.run(ctx, nil, "--version")
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(out)) == 0 {
		return fmt.Errorf("%s does not say its version", e.path)
	}
	e.kept, e.version = folder, out
	return nil
}

// recognise returns what Tesseract says of a picture, or said before of one with
// the same content. The warning says why something cannot be kept, or was lost.
func (e *Engine) recognise(ctx context.Context, content [][]byte, picture func() ([]byte, error), args ...string) (out []byte, warning, err error) {
	key := filecache.KeyOf(append(content, e.version, []byte(strings.Join(args, "\x00")))...)
	out, ok, lost := e.kept.Get(key)
	if ok {
		return out, nil, nil
	}
	in, err := picture()
	if err != nil {
		return nil, nil, err
	}
	if out, err = e.run(ctx, in, args...); err != nil {
		return nil, nil, err
	}
	if lost != nil {
		lost = fmt.Errorf("it was recognised again: %w", lost)
	}
	full := e.kept.Put(key, out)
	if full != nil {
		full = fmt.Errorf("what was recognised is not kept: %w", full)
	}
	return out, errors.Join(lost, full), nil
}

// Languages returns the languages that the engine reads.
func (e *Engine) Languages() []string { return slices.Clone(e.languages) }

// run runs the program and returns what it prints.
func (e *Engine) run(ctx context.Context, in []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, e.path, args...)
	cmd.Stdin = bytes.NewReader(in)
	var out, problems bytes.Buffer
	cmd.Stdout = &bounded{&out, maxOutput}
	cmd.Stderr = &bounded{&problems, 1 << 16}
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1", "LC_ALL=C") // several pages at a time are quicker than several threads
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		said := strings.Join(strings.Fields(strings.ToValidUTF8(problems.String(), "")), " ")
		return nil, fmt.Errorf("tesseract: %w: %s", err, said[:min(len(said), 300)])
	}
	return out.Bytes(), nil
}

// bounded is a writer that takes only so much.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		return 0, fmt.Errorf("%w: more than was expected", ErrTooLarge)
	}
	b.left -= len(p)
	return b.w.Write(p)
}

// Read reads a picture as a document of one page. The name is used in messages
// and kept as the document's name.
func (e *Engine) Read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	if err := Check(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	doc := &document.Document{ID: document.IDOf(data), Name: name, Format: document.Image, Pages: 1}
	found, warning, err := e.Page(ctx, data, 1, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if warning != nil {
		doc.Warnings = append(doc.Warnings, warning.Error())
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoText)
	}
	doc.Blocks = found
	Finish(doc)
	return doc, nil
}

// Check reports a picture that is damaged, too large to be read or too small to
// be a page, by its head. It does not look at TIFF.
func Check(picture []byte) error {
	var c image.Config
	var err error
	switch {
	case bytes.HasPrefix(picture, []byte("\x89PNG")):
		c, err = png.DecodeConfig(bytes.NewReader(picture))
	case bytes.HasPrefix(picture, []byte("\xff\xd8")):
		c, err = jpeg.DecodeConfig(bytes.NewReader(picture))
	default:
		return nil
	}
	switch {
	case err != nil:
		return fmt.Errorf("%w: %v", ErrBroken, err)
	case c.Width*c.Height > MaxPixels:
		return fmt.Errorf("%w: %d × %d pixels, a picture may have %d", ErrTooLarge, c.Width, c.Height, MaxPixels)
	case c.Width*c.Height < MinPixels:
		return fmt.Errorf("%w: %d × %d pixels", ErrSmall, c.Width, c.Height)
	}
	return nil
}

// Page reads one page from its picture (PNG, JPEG or TIFF) at a resolution in
// dots per inch, or 0 for what the picture says of itself. Boxes of blocks are
// in points by that resolution, or by 300 where none is given. The warning says
// what is wrong with the folder of [Engine.Keep]; what was found is whole. Beside
// the picture this takes memory of at most 30 times what Tesseract prints, which
// is some 60 bytes for a word.
func (e *Engine) Page(ctx context.Context, picture []byte, page int, resolution float64) (found []document.Block, warning, err error) {
	if err := Check(picture); err != nil && !errors.Is(err, ErrSmall) {
		return nil, nil, err
	}
	return e.page(ctx, [][]byte{picture}, func() ([]byte, error) { return picture, nil }, page, resolution)
}

// Drawn is [Engine.Page] of a page that was drawn at a resolution in dots per
// inch. It is made a file only where it has to be recognised.
func (e *Engine) Drawn(ctx context.Context, picture *image.RGBA, page int, resolution float64) (found []document.Block, warning, err error) {
	encode := func() ([]byte, error) {
		var b bytes.Buffer
		err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, picture)
		return b.Bytes(), err
	}
	size := fmt.Appendf(nil, "%d × %d", picture.Rect.Dx(), picture.Rect.Dy())
	return e.page(ctx, [][]byte{size, picture.Pix}, encode, page, resolution)
}

func (e *Engine) page(ctx context.Context, content [][]byte, picture func() ([]byte, error), page int, resolution float64) (found []document.Block, warning, err error) {
	args := []string{"stdin", "stdout", "-l", strings.Join(e.languages, "+"), "--psm", "3"}
	if resolution > 0 {
		args = append(args, "--dpi", fmt.Sprintf("%.0f", resolution))
	} else {
		resolution = 300
	}
	out, warning, err := e.recognise(ctx, content, picture, append(args, "tsv")...)
	if err != nil {
		return nil, nil, err
	}
	words, err := parse(out)
	if err != nil {
		return nil, nil, err
	}
	return layout(words, page, resolution), warning, nil
}

// Finish sets what the text of a document shows of it: its title, if none is
// known, and its language.
func Finish(doc *document.Document) {
	for i := range doc.Blocks {
		if doc.Title == "" && doc.Blocks[i].Kind == document.Heading {
			doc.Title = doc.Blocks[i].Text
		}
	}
	if doc.Language == "" {
		doc.Language = blocks.LanguageOf(doc)
	}
}
