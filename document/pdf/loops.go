package pdf

import "encoding/binary"

// A call into WebAssembly that can be stopped costs about two microseconds,
// because wazero starts a goroutine to watch the context, and pdfium tells one
// property of one character per call. So two loops run inside WebAssembly, in a
// module of some two hundred bytes that is put together here and imports
// pdfium's functions and memory: one call reads all characters of a page.
// Measured on seven papers of about 5,000 characters a page on one core, this
// reads 42 to 56 pages a second, where single calls read 14 to 28.
//
// The encoding is that of the WebAssembly Core Specification 1.0, chapter 5.

// Layout of what the loop "chars" writes for each character.
const (
	charUnicode  = 0  // u32
	charObject   = 4  // u32, 0 for characters that pdfium made up
	charBox      = 8  // 4 × f32: left, top, right, bottom
	charOriginX  = 24 // f64
	charOriginY  = 32 // f64
	charFontSize = 40 // f64, before the matrix
	charMatrix   = 48 // 6 × f32
	charFont     = 72 // u32
	charInk      = 80 // 4 × f64: left, right, bottom, top of what is drawn
	charBytes    = 112
)

// Layout of what the loop "objects" writes for each object of a page.
const (
	objectType   = 0 // u32
	objectBounds = 4 // 4 × f32: left, bottom, right, top
	objectBytes  = 20
)

// Types and instructions of WebAssembly that the loops use.
const (
	typeI32 = 0x7F
	typeF64 = 0x7C

	opBlock    = 0x02
	opLoop     = 0x03
	opEnd      = 0x0B
	opBranch   = 0x0C
	opBranchIf = 0x0D
	opCall     = 0x10
	opDrop     = 0x1A
	opGet      = 0x20
	opSet      = 0x21
	opTee      = 0x22
	opStoreI32 = 0x36
	opStoreF64 = 0x39
	opConstI32 = 0x41
	opGEI32    = 0x4E
	opAddI32   = 0x6A

	noType = 0x40
)

// loopsImport is the name under which the loops import pdfium.
const loopsImport = "pdfium"

// loops returns the module. It exports
//
//	chars(text, from, end, out)   the characters [from, end) of a text page
//	objects(page, from, end, out) the objects [from, end) of a page
func loops() []byte {
	signatures := [][]byte{
		signature(2, typeI32), // 0
		signature(3, typeI32), // 1
		signature(4, typeI32), // 2
		signature(2, typeF64), // 3
		signature(1, typeI32), // 4
		signature(5, typeI32), // 5
		signature(4),          // 6: the loops
		signature(6, typeI32), // 7
	}
	imported := []struct {
		name      string
		signature byte
	}{
		{"FPDFText_GetUnicode", 0},
		{"FPDFText_GetTextObject", 0},
		{"FPDFText_GetLooseCharBox", 1},
		{"FPDFText_GetCharBox", 7},
		{"FPDFText_GetCharOrigin", 2},
		{"FPDFText_GetFontSize", 3},
		{"FPDFText_GetMatrix", 1},
		{"FPDFTextObj_GetFont", 4},
		{"FPDFPage_GetObject", 0},
		{"FPDFPageObj_GetType", 4},
		{"FPDFPageObj_GetBounds", 5},
	}
	call := func(name string) []byte {
		for i, f := range imported {
			if f.name == name {
				return []byte{opCall, byte(i)}
			}
		}
		panic("not imported: " + name)
	}
	imports := [][]byte{join(text(loopsImport), text("memory"), []byte{0x02, 0x00, 0x00})}
	for _, f := range imported {
		imports = append(imports, join(text(loopsImport), text(f.name), []byte{0x00, f.signature}))
	}

	// Locals: 0 the page, 1 the index, 2 the end, 3 where to write, 4 an object.
	page, index, out, object := []byte{opGet, 0}, []byte{opGet, 1}, []byte{opGet, 3}, []byte{opGet, 4}
	to := func(offset int) []byte {
		return join(out, []byte{opConstI32}, signed(offset), []byte{opAddI32})
	}
	// each repeats body for every index.
	each := func(stride int, body ...[]byte) []byte {
		return functionBody(join(
			[]byte{opBlock, noType, opLoop, noType},
			index, []byte{opGet, 2, opGEI32, opBranchIf, 1},
			join(body...),
			to(stride), []byte{opSet, 3},
			index, []byte{opConstI32, 1, opAddI32, opSet, 1},
			[]byte{opBranch, 0, opEnd, opEnd},
		))
	}
	chars := each(charBytes,
		out, page, index, call("FPDFText_GetUnicode"), []byte{opStoreI32, 0, charUnicode},
		out, page, index, call("FPDFText_GetTextObject"), []byte{opTee, 4, opStoreI32, 0, charObject},
		page, index, to(charBox), call("FPDFText_GetLooseCharBox"), []byte{opDrop},
		page, index, to(charInk), to(charInk+8), to(charInk+16), to(charInk+24), call("FPDFText_GetCharBox"), []byte{opDrop},
		page, index, to(charOriginX), to(charOriginY), call("FPDFText_GetCharOrigin"), []byte{opDrop},
		out, page, index, call("FPDFText_GetFontSize"), []byte{opStoreF64, 0, charFontSize},
		page, index, to(charMatrix), call("FPDFText_GetMatrix"), []byte{opDrop},
		out, object, call("FPDFTextObj_GetFont"), []byte{opStoreI32, 0}, unsigned(charFont),
	)
	objects := each(objectBytes,
		page, index, call("FPDFPage_GetObject"), []byte{opSet, 4},
		out, object, call("FPDFPageObj_GetType"), []byte{opStoreI32, 0, objectType},
		object, to(objectBounds), to(objectBounds+4), to(objectBounds+8), to(objectBounds+12),
		call("FPDFPageObj_GetBounds"), []byte{opDrop},
	)
	first := byte(len(imported))
	return join(
		[]byte("\x00asm"), binary.LittleEndian.AppendUint32(nil, 1),
		section(1, signatures...),
		section(2, imports...),
		section(3, []byte{6}, []byte{6}),
		section(7, join(text("chars"), []byte{0, first}), join(text("objects"), []byte{0, first + 1})),
		section(10, chars, objects),
	)
}

// signature encodes a function type of n parameters of type i32.
func signature(n int, results ...byte) []byte {
	b := []byte{0x60, byte(n)}
	for range n {
		b = append(b, typeI32)
	}
	return append(append(b, byte(len(results))), results...)
}

// functionBody encodes the body of a function with one more local of type i32.
func functionBody(body []byte) []byte {
	body = join([]byte{1, 1, typeI32}, body, []byte{opEnd})
	return append(unsigned(len(body)), body...)
}

func section(id byte, entries ...[]byte) []byte {
	body := join(unsigned(len(entries)), join(entries...))
	return join([]byte{id}, unsigned(len(body)), body)
}

func text(s string) []byte { return append(unsigned(len(s)), s...) }

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// unsigned encodes n as LEB128.
func unsigned(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }

// signed encodes n, at least 0 and below 8192, as signed LEB128.
func signed(n int) []byte {
	if n < 64 {
		return []byte{byte(n)}
	}
	return []byte{byte(n) | 0x80, byte(n >> 7)}
}
