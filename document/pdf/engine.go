package pdf

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode"
	"unicode/utf16"
	_ "unsafe" // for go:linkname

	_ "github.com/klippa-app/go-pdfium/webassembly" // holds the module
	"github.com/klippa-app/go-pdfium/webassembly/imports"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// memoryPages bounds the memory of pdfium to 1 GiB: 65536 bytes a page. It must
// hold the whole file and what pdfium unpacks of one page.
const memoryPages = 1 << 14

// module is pdfium as WebAssembly. go-pdfium embeds it in a variable that it
// does not export; a copy of our own would add 5 MB to the source.
//
//go:linkname module github.com/klippa-app/go-pdfium/webassembly.pdfiumWasm
var module []byte

// Error codes of FPDF_GetLastError, fpdfview.h.
const (
	errFormat   = 3
	errPassword = 4
	errSecurity = 5
)

// engine is pdfium in its sandbox: a WebAssembly memory of bounded size without
// files, clock or network. It is not safe for concurrent use. After an error of
// type *crash it must be thrown away.
//
// The wrapper of go-pdfium looks up two names, and allocates and frees memory,
// for each property of each character. The engine runs the module that
// go-pdfium brings, on its imports, without the wrapper.
type engine struct {
	cache    wazero.CompilationCache
	runtime  wazero.Runtime
	pdfium   wazero.CompiledModule
	loops    wazero.CompiledModule
	instance api.Module // of pdfium
	looping  api.Module // of loops, using instance
	memory   api.Memory // of instance
	chars    api.Function
	objects  api.Function
	fn       [len(functionNames)]api.Function
	scratch  uint32 // 64 bytes of the module's memory
	stack    [8]uint64
	items    []byte // of each, used again
}

// function is an index into functionNames.
type function int

const (
	fnInit function = iota
	fnMalloc
	fnFree
	fnLoadDocument
	fnCloseDocument
	fnLastError
	fnPageCount
	fnMetaText
	fnLoadPage
	fnClosePage
	fnPageBox
	fnTextLoad
	fnTextClose
	fnCountChars
	fnFontName
	fnFontFlags
	fnCountObjects
	fnRotation
	fnBitmapCreate
	fnBitmapFill
	fnBitmapRender
	fnBitmapStride
	fnBitmapBuffer
	fnBitmapDestroy
)

var functionNames = [...]string{
	fnInit:          "FPDF_InitLibrary",
	fnMalloc:        "malloc",
	fnFree:          "free",
	fnLoadDocument:  "FPDF_LoadMemDocument",
	fnCloseDocument: "FPDF_CloseDocument",
	fnLastError:     "FPDF_GetLastError",
	fnPageCount:     "FPDF_GetPageCount",
	fnMetaText:      "FPDF_GetMetaText",
	fnLoadPage:      "FPDF_LoadPage",
	fnClosePage:     "FPDF_ClosePage",
	fnPageBox:       "FPDF_GetPageBoundingBox",
	fnTextLoad:      "FPDFText_LoadPage",
	fnTextClose:     "FPDFText_ClosePage",
	fnCountChars:    "FPDFText_CountChars",
	fnFontName:      "FPDFFont_GetBaseFontName",
	fnFontFlags:     "FPDFFont_GetFlags",
	fnCountObjects:  "FPDFPage_CountObjects",
	fnRotation:      "FPDFPage_GetRotation",
	fnBitmapCreate:  "FPDFBitmap_Create",
	fnBitmapFill:    "FPDFBitmap_FillRect",
	fnBitmapRender:  "FPDF_RenderPageBitmap",
	fnBitmapStride:  "FPDFBitmap_GetStride",
	fnBitmapBuffer:  "FPDFBitmap_GetBuffer",
	fnBitmapDestroy: "FPDFBitmap_Destroy",
}

// crash says that pdfium stopped in the middle of its work: a fault in its
// code, no memory left, or the time was over.
type crash struct {
	function string
	err      error
}

func (c *crash) Error() string { return "pdfium stopped in " + c.function + ": " + c.err.Error() }
func (c *crash) Unwrap() error { return c.err }

// newEngine starts pdfium, with compiled code kept in cacheDir unless that is
// empty or cannot be written to.
func newEngine(cacheDir string) (*engine, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true)
	e := &engine{cache: wazero.NewCompilationCache()}
	if cacheDir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(cacheDir); err == nil {
			e.cache = cache
		}
	}
	ctx := context.Background()
	e.runtime = wazero.NewRuntimeWithConfig(ctx, config.WithCompilationCache(e.cache))
	err := e.compile(ctx)
	if err == nil {
		err = e.connect(ctx)
	}
	if err != nil {
		e.close()
		return nil, fmt.Errorf("start of pdfium: %w", err)
	}
	return e, nil
}

func (e *engine) compile(ctx context.Context) error {
	if len(module) == 0 {
		return errors.New("this version of go-pdfium keeps its module under another name")
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, e.runtime); err != nil {
		return err
	}
	var err error
	if e.pdfium, err = e.runtime.CompileModule(ctx, module); err != nil {
		return err
	}
	if _, err := imports.Instantiate(ctx, e.runtime, e.pdfium); err != nil {
		return err
	}
	e.loops, err = e.runtime.CompileModule(ctx, loops())
	return err
}

// connect makes a fresh instance and looks up what is needed of it.
func (e *engine) connect(ctx context.Context) error {
	instance, err := e.runtime.InstantiateModule(ctx, e.pdfium,
		wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize").WithRandSource(zeroes{}))
	if err != nil {
		return err
	}
	e.instance, e.memory = instance, instance.Memory()
	resolved := experimental.WithImportResolver(ctx, func(name string) api.Module {
		if name == loopsImport {
			return instance
		}
		return nil
	})
	looping, err := e.runtime.InstantiateModule(resolved, e.loops, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return err
	}
	e.looping = looping
	e.chars, e.objects = looping.ExportedFunction("chars"), looping.ExportedFunction("objects")
	for i, name := range functionNames {
		if e.fn[i] = instance.ExportedFunction(name); e.fn[i] == nil {
			return fmt.Errorf("function %s is missing", name)
		}
	}
	if _, err := e.call(ctx, fnInit); err != nil {
		return err
	}
	p, err := e.call(ctx, fnMalloc, 64)
	if err != nil {
		return err
	}
	if p == 0 {
		return errors.New("no memory")
	}
	e.scratch = uint32(p)
	return nil
}

// zeroes is the source of random numbers inside: reading must not depend on
// chance, and nothing secret is made there.
type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// restart throws the instance away, with all that it holds, and makes a new one.
func (e *engine) restart() error {
	ctx := context.Background()
	for _, m := range []api.Module{e.looping, e.instance} {
		if m != nil {
			_ = m.Close(ctx) // it is broken: that it also fails to stop says nothing new
		}
	}
	return e.connect(ctx)
}

func (e *engine) close() {
	_ = e.runtime.Close(context.Background())
	_ = e.cache.Close(context.Background())
}

// call calls a function of pdfium. Its only error is *crash.
func (e *engine) call(ctx context.Context, f function, params ...uint64) (uint64, error) {
	return e.run(ctx, e.fn[f], functionNames[f], params...)
}

func (e *engine) run(ctx context.Context, f api.Function, name string, params ...uint64) (result uint64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &crash{name, fmt.Errorf("%v", r)}
		}
	}()
	copy(e.stack[:], params)
	if err := f.CallWithStack(ctx, e.stack[:]); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return 0, &crash{name, err}
	}
	return e.stack[0], nil
}

func (e *engine) float32(at uint32) float32 {
	v, _ := e.memory.ReadFloat32Le(e.scratch + at)
	return v
}

// load puts data into pdfium's memory and opens it. The caller must call the
// returned function unless pdfium crashed.
func (e *engine) load(ctx context.Context, data []byte) (handle uint64, free func(context.Context) error, err error) {
	at, err := e.call(ctx, fnMalloc, uint64(len(data)))
	if err != nil {
		return 0, nil, err
	}
	if at == 0 || !e.memory.Write(uint32(at), data) {
		return 0, nil, &crash{"malloc", errors.New("out of memory")}
	}
	handle, err = e.call(ctx, fnLoadDocument, at, uint64(len(data)), 0)
	if err != nil {
		return 0, nil, err
	}
	if handle == 0 {
		code, err := e.call(ctx, fnLastError)
		if err != nil {
			return 0, nil, err
		}
		if _, err := e.call(ctx, fnFree, at); err != nil {
			return 0, nil, err
		}
		switch code {
		case errPassword, errSecurity:
			return 0, nil, ErrEncrypted
		}
		return 0, nil, ErrCorrupt
	}
	return handle, func(ctx context.Context) error {
		if _, err := e.call(ctx, fnCloseDocument, handle); err != nil {
			return err
		}
		_, err := e.call(ctx, fnFree, at)
		return err
	}, nil
}

// meta returns an entry of the information dictionary, "Title" or the like.
func (e *engine) meta(ctx context.Context, doc uint64, key string) (string, error) {
	if len(key) >= 32 {
		return "", nil
	}
	e.memory.Write(e.scratch, append([]byte(key), 0))
	n, err := e.call(ctx, fnMetaText, doc, uint64(e.scratch), 0, 0)
	if err != nil || uint32(n) < 4 || uint32(n) > 1<<16 {
		return "", err
	}
	buf, err := e.call(ctx, fnMalloc, n)
	if err != nil || buf == 0 {
		return "", err
	}
	if _, err := e.call(ctx, fnMetaText, doc, uint64(e.scratch), buf, n); err != nil {
		return "", err
	}
	raw, _ := e.memory.Read(uint32(buf), uint32(n))
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		u := binary.LittleEndian.Uint16(raw[i:])
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	if _, err := e.call(ctx, fnFree, buf); err != nil {
		return "", err
	}
	return string(utf16.Decode(units)), nil
}

// glyph is one character on a page. Coordinates are in points, from the upper
// left corner of the page, downwards.
type glyph struct {
	r      rune
	x0, x1 float32 // where the pen stood before and after
	y      float32 // base line
	size   float32 // of the font as shown, in points
	font   int32   // index into sheet.fonts

	foot, head float32 // how high above the base line what is drawn begins and ends

	angle int8 // quarter turns of the writing direction, anticlockwise; -1 for others
}

// font is what is known of a font.
type font struct {
	name   string
	bold   bool
	italic bool
	math   bool // of AdvP4C4E74
	adv    bool // of AdvOT…

	symbols bool // TeX's font of symbols
}

// rule is a thin filled or stroked line, as tables have: a level one, or, in
// the list of posts, an upright one, with x and y exchanged.
type rule struct {
	x0, x1, y float32
}

// sheet is one page as pdfium shows it.
type sheet struct {
	width, height float32
	glyphs        []glyph
	fonts         []font
	rules, posts  []rule // level lines, upright lines
	picture       bool   // a picture fills most of it
}

// Bounds on one page. A dense page has ten thousand characters.
const (
	maxGlyphs  = 200_000
	maxObjects = 20_000
)

// page opens page number index, from 0, and reads it. It reuses the memory of s.
// The caller must close the returned page.
func (e *engine) page(ctx context.Context, doc uint64, index int, s *sheet) (page uint64, err error) {
	page, err = e.call(ctx, fnLoadPage, doc, uint64(index))
	if err != nil {
		return 0, err
	}
	if page == 0 {
		return 0, errors.New("cannot be read")
	}
	box := e.scratch
	if _, err := e.call(ctx, fnPageBox, page, uint64(box)); err != nil {
		return 0, err
	}
	left, top, right, bottom := e.float32(0), e.float32(4), e.float32(8), e.float32(12)
	*s = sheet{width: right - left, height: top - bottom, glyphs: s.glyphs[:0], fonts: s.fonts[:0], rules: s.rules[:0], posts: s.posts[:0]}
	text, err := e.call(ctx, fnTextLoad, page)
	if err != nil {
		return 0, err
	}
	if text != 0 {
		if err := e.glyphs(ctx, text, left, top, s); err != nil {
			return 0, err
		}
		if _, err := e.call(ctx, fnTextClose, text); err != nil {
			return 0, err
		}
	}
	return page, e.rules(ctx, page, left, top, s)
}

// batch is how many characters or objects one call of a loop reads.
const batch = 2048

// each calls loop for count items of page in batches, and visit with the bytes
// of each item. The bytes may be overwritten by the next call of pdfium.
func (e *engine) each(ctx context.Context, loop api.Function, name string, page uint64, count, stride int, visit func(item []byte) error) error {
	if count <= 0 {
		return nil
	}
	size := min(count, batch) * stride
	buf, err := e.call(ctx, fnMalloc, uint64(size))
	if err != nil {
		return err
	}
	if buf == 0 {
		return &crash{"malloc", errors.New("out of memory")}
	}
	if cap(e.items) < size {
		e.items = make([]byte, size)
	}
	items := e.items[:size]
	for from := 0; from < count; from += batch {
		end := min(from+batch, count)
		if _, err := e.run(ctx, loop, name, page, uint64(from), uint64(end), buf); err != nil {
			return err
		}
		raw, ok := e.memory.Read(uint32(buf), uint32((end-from)*stride))
		if !ok {
			return &crash{name, errors.New("outside memory")}
		}
		n := copy(items, raw)
		for at := 0; at < n; at += stride {
			if err := visit(items[at : at+stride]); err != nil {
				return err
			}
		}
	}
	_, err = e.call(ctx, fnFree, buf)
	return err
}

func readFloat32(b []byte) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}

func readFloat64(b []byte) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (e *engine) glyphs(ctx context.Context, text uint64, left, top float32, s *sheet) error {
	count, err := e.call(ctx, fnCountChars, text)
	if err != nil {
		return err
	}
	fonts := map[uint32]int32{}
	var high rune // the first half of a character beyond U+FFFF, which pdfium tells in two
	return e.each(ctx, e.chars, "the loop over characters", text, min(int(int32(count)), maxGlyphs), charBytes, func(item []byte) error {
		r := rune(binary.LittleEndian.Uint32(item[charUnicode:]))
		if r == '\r' || r == '\n' || r == 0 || r >= 0xFFFE && r <= 0xFFFF || r > unicode.MaxRune || r < 0 ||
			binary.LittleEndian.Uint32(item[charObject:]) == 0 { // a space or line end that pdfium made up: the layout finds its own
			return nil
		}
		if utf16.IsSurrogate(r) {
			if high == 0 {
				high = r
				return nil
			}
			r = utf16.DecodeRune(high, r)
		}
		high = 0
		handle := binary.LittleEndian.Uint32(item[charFont:])
		number, ok := fonts[handle]
		if !ok {
			f, err := e.font(ctx, handle)
			if err != nil {
				return err
			}
			number = int32(len(s.fonts))
			fonts[handle] = number
			s.fonts = append(s.fonts, f)
		}
		m := item[charMatrix:]
		a, b, c, d := readFloat32(m), readFloat32(m[4:]), readFloat32(m[8:]), readFloat32(m[12:])
		g := glyph{
			r: r, font: number,
			size:  float32(math.Abs(readFloat64(item[charFontSize:])) * math.Hypot(float64(c), float64(d))),
			angle: quarter(a, b),
			x0:    float32(readFloat64(item[charOriginX:])) - left,
			y:     top - float32(readFloat64(item[charOriginY:])),
		}
		box, ink := item[charBox:], item[charInk:]
		inkLeft, inkRight := float32(readFloat64(ink))-left-g.x0, float32(readFloat64(ink[8:]))-left-g.x0
		inkBottom, inkTop := float32(readFloat64(ink[16:]))-top+g.y, float32(readFloat64(ink[24:]))-top+g.y
		switch g.angle {
		case 0:
			g.foot, g.head = inkBottom, inkTop
			g.x1 = max(g.x0, readFloat32(box[8:])-left)
		case 1: // written upwards: turned so that it reads to the right
			g.foot, g.head = -inkRight, -inkLeft
			g.x0, g.y, g.x1 = -g.y, g.x0, max(-g.y, readFloat32(box[4:])-top)
		case 2:
			g.foot, g.head = -inkTop, -inkBottom
			g.x0, g.y, g.x1 = -g.x0, -g.y, max(-g.x0, left-readFloat32(box))
		case 3: // written downwards
			g.foot, g.head = inkLeft, inkRight
			g.x0, g.y, g.x1 = g.y, -g.x0, max(g.y, top-readFloat32(box[12:]))
		}
		if finite(g.x0) && finite(g.x1) && finite(g.y) && g.size > 0.1 && g.size < 2000 && g.angle >= 0 {
			s.glyphs = append(s.glyphs, g)
		}
		return nil
	})
}

// font returns what pdfium knows of the font with the given handle.
func (e *engine) font(ctx context.Context, handle uint32) (font, error) {
	if handle == 0 {
		return font{}, nil
	}
	n, err := e.call(ctx, fnFontName, uint64(handle), uint64(e.scratch), 64)
	if err != nil {
		return font{}, err
	}
	var name string
	if length := uint32(n); length > 1 && length <= 64 {
		raw, _ := e.memory.Read(e.scratch, length-1)
		name = string(raw)
	}
	flags, err := e.call(ctx, fnFontFlags, uint64(handle))
	if err != nil {
		return font{}, err
	}
	return fontOf(name, uint32(flags)), nil
}

func finite(v float32) bool { return v > -1e6 && v < 1e6 }

// quarter returns the direction of writing for the text matrix [a b …], in
// quarter turns anticlockwise, or -1 when it is oblique.
func quarter(a, b float32) int8 {
	abs := func(v float32) float32 { return max(v, -v) }
	switch {
	case abs(b) <= 0.05*abs(a):
		if a < 0 {
			return 2
		}
		return 0
	case abs(a) <= 0.05*abs(b):
		if b > 0 {
			return 1
		}
		return 3
	}
	return -1
}

// rules collects what is drawn on the page: whether a picture fills most of it,
// and lines: paths less than 3 points thick, level
// ones at least 8 points long, upright ones 6.
func (e *engine) rules(ctx context.Context, page uint64, left, top float32, s *sheet) error {
	const path, picture, form = 2, 3, 5 // FPDF_PAGEOBJ_…
	count, err := e.call(ctx, fnCountObjects, page)
	if err != nil {
		return err
	}
	return e.each(ctx, e.objects, "the loop over objects", page, min(int(int32(count)), maxObjects), objectBytes, func(item []byte) error {
		kind := binary.LittleEndian.Uint32(item[objectType:])
		b := item[objectBounds:]
		x0, y0, x1, y1 := readFloat32(b)-left, top-readFloat32(b[12:]), readFloat32(b[8:])-left, top-readFloat32(b[4:])
		switch {
		case !finite(x0) || !finite(x1) || !finite(y0) || !finite(y1):
		case kind == picture || kind == form:
			s.picture = s.picture || (x1-x0)*(y1-y0) > 0.5*s.width*s.height
		case kind != path:
		case x1-x0 >= 8 && y1-y0 < 3:
			s.rules = append(s.rules, rule{x0, x1, (y0 + y1) / 2})
		case y1-y0 >= 6 && x1-x0 < 3:
			s.posts = append(s.posts, rule{y0, y1, (x0 + x1) / 2})
		}
		return nil
	})
}
