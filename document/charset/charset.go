// Package charset finds how the characters of a file are encoded and turns
// them into UTF-8.
//
// It knows UTF-8, UTF-16 with and without a byte order mark, EUC-KR with its
// CP949 extension, Windows-1252 (of which Latin-1 is a part) and whatever label
// of the WHATWG Encoding Standard a document declares of itself.
package charset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/korean"
)

// ErrBinary is wrapped by the errors of [Decode] for data that is not text.
var ErrBinary = errors.New("looks binary")

// sampled bounds the bytes from which the encoding is guessed; validity is
// always checked on the whole.
const sampled = 1 << 20

// Result is a decoded text.
type Result struct {
	Text     []byte // valid UTF-8 without byte order mark; may share memory with the input
	Name     string // of the encoding as found: "utf-8", "utf-16le", "utf-16be", "euc-kr", "windows-1252", …
	Replaced int    // invalid sequences that became U+FFFD
}

// Decode returns data as UTF-8. The label declared, which may be empty, is what
// the document says of itself (an XML declaration, a meta element); it is
// believed only where the bytes do not contradict it: a byte order mark and
// valid UTF-8 come first, since wrong declarations are common and text that is
// valid UTF-8 with characters beyond ASCII is practically never anything else.
//
// The error wraps [ErrBinary] and says what the data looks like.
func Decode(data []byte, declared string) (Result, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return utf8Result(data[3:])
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}) && !bytes.HasPrefix(data, []byte{0xFF, 0xFE, 0, 0}):
		return utf16Result(data[2:], false)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return utf16Result(data[2:], true)
	}
	if kind := Magic(data); kind != "" {
		return Result{}, fmt.Errorf("%w (%s)", ErrBinary, kind)
	}
	head := data[:min(len(data), sampled)]
	if big, ok := looksUTF16(head); ok {
		return utf16Result(data, big)
	}
	if err := checkText(head); err != nil {
		return Result{}, err
	}
	if utf8.Valid(data) {
		return Result{Text: data, Name: "utf-8"}, nil
	}
	if mostlyUTF8(data) {
		return utf8Result(data)
	}
	if looksKorean(head) {
		return decodeWith(data, korean.EUCKR, "euc-kr")
	}
	if enc, name := lookup(declared); enc != nil {
		return decodeWith(data, enc, name)
	}
	return decodeWith(data, charmap.Windows1252, "windows-1252")
}

// lookup returns the encoding of a declared label, or nil for an unknown one
// and for those that the bytes have already ruled out.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.TrimSpace(label)
	if label == "" {
		return nil, ""
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, ""
	}
	name, err := htmlindex.Name(enc)
	if err != nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") || name == "replacement" {
		return nil, ""
	}
	return enc, name
}

func utf8Result(data []byte) (Result, error) {
	if utf8.Valid(data) {
		return Result{Text: data, Name: "utf-8"}, nil
	}
	out := bytes.ToValidUTF8(data, []byte("\uFFFD"))
	return Result{Text: out, Name: "utf-8", Replaced: bytes.Count(out, []byte("\uFFFD"))}, nil
}

func utf16Result(data []byte, big bool) (Result, error) {
	name := "utf-16le"
	if big {
		name = "utf-16be"
	}
	out := make([]byte, 0, len(data)/2+len(data)/4)
	replaced := 0
	for i := 0; i+1 < len(data); i += 2 {
		r := rune(unit(data[i:], big))
		if utf16.IsSurrogate(r) {
			if i+3 < len(data) {
				r = utf16.DecodeRune(r, rune(unit(data[i+2:], big)))
			} else {
				r = utf8.RuneError
			}
			if r == utf8.RuneError {
				replaced++
			} else {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	if len(data)%2 != 0 {
		replaced++
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	if err := checkText(out[:min(len(out), sampled)]); err != nil {
		return Result{}, err
	}
	return Result{Text: out, Name: name, Replaced: replaced}, nil
}

func unit(b []byte, big bool) uint16 {
	if big {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return uint16(b[1])<<8 | uint16(b[0])
}

func decodeWith(data []byte, enc encoding.Encoding, name string) (Result, error) {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return Result{}, fmt.Errorf("not %s: %v", name, err)
	}
	return Result{Text: out, Name: name, Replaced: bytes.Count(out, []byte("\uFFFD"))}, nil
}

// looksUTF16 reports whether head is UTF-16 without a byte order mark, and its
// byte order. Texts of every script hold spaces, line ends and digits, whose
// high byte is zero; so zeros stand on one side of the units and never on the
// other.
func looksUTF16(head []byte) (big, ok bool) {
	units := len(head) / 2
	if units < 2 || bytes.IndexByte(head, 0) < 0 {
		return false, false
	}
	var zero [2]int
	for i := 0; i < 2*units; i++ {
		if head[i] == 0 {
			zero[i&1]++
		}
	}
	if zeros := zero[0] + zero[1]; 4*zeros < len(head) && !bytes.ContainsFunc(head, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return false, false // ASCII with some zeros; in UTF-16 it would be half zeros
	}
	many := max(1, units/100)
	switch {
	case zero[1] >= many && zero[0]*50 <= zero[1]:
		big = false
	case zero[0] >= many && zero[1]*50 <= zero[0]:
		big = true
	default:
		return false, false
	}
	// Little-endian integers also have zero high bytes; text, though, is made
	// of printable characters.
	odd := 0
	for i := 0; i < units; i++ {
		u := unit(head[2*i:], big)
		if u < 0x20 && u != '\t' && u != '\n' && u != '\r' && u != '\f' || u >= 0xFFF0 && u != 0xFFFD || u >= 0xE000 && u < 0xF900 {
			odd++
		}
	}
	return big, odd*50 <= units
}

// checkText reports data that no text would hold: many control characters.
// A few stay: texts taken from PDFs often hold some.
func checkText(head []byte) error {
	nul, control := bytes.Count(head, []byte{0}), 0
	for _, b := range head {
		control += int(controls[b])
	}
	switch {
	case nul > 2 && nul*500 > len(head), nul > 0 && nul*20 > len(head):
		return fmt.Errorf("%w (%d NUL bytes in the first %d)", ErrBinary, nul, len(head))
	case control*50 > len(head):
		return fmt.Errorf("%w (%d control characters in the first %d bytes)", ErrBinary, control, len(head))
	}
	return nil
}

// controls is 1 for the control characters that texts do not hold.
var controls = [256]uint8{
	1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, '\b': 1, 14: 1, 15: 1, 16: 1, 17: 1, 18: 1, 19: 1,
	20: 1, 21: 1, 22: 1, 23: 1, 24: 1, 25: 1, 26: 1, 28: 1, 29: 1, 30: 1, 31: 1, // not ESC, 27: ISO 2022
}

// mostlyUTF8 reports whether data is UTF-8 with some damage: at least nine of
// ten sequences beyond ASCII are valid.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		if data[0] < utf8.RuneSelf {
			data = data[1:]
			continue
		}
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		data = data[n:]
	}
	return good >= 9*bad
}

// looksKorean reports whether the bytes beyond ASCII are mostly syllables of
// KS X 1001 (rows 16–40, lead bytes B0–C8, trail bytes A1–FE). CP949 pairs with
// a letter as trail byte are not counted: in Latin-1 "5 µm" is such a pair.
func looksKorean(head []byte) bool {
	syllables, high := 0, 0
	for i := 0; i < len(head); i++ {
		if head[i] < 0x80 {
			continue
		}
		high++
		if i+1 < len(head) && head[i] >= 0xA1 && head[i+1] >= 0xA1 {
			if head[i] >= 0xB0 && head[i] <= 0xC8 {
				syllables++
			}
			high++
			i++
		}
	}
	return syllables >= 2 && 2*syllables*10 >= high*6
}
