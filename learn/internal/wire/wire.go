// Package wire writes and reads the parts of saved models: numbers, texts and
// slices of them in a compact binary form. A Reader is made for hostile bytes:
// it allocates no more than the bytes it was given can hold.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Writer collects bytes. The zero value is empty and ready to use.
type Writer struct {
	data []byte
}

// Bytes returns what was written.
func (w *Writer) Bytes() []byte { return w.data }

// Uint writes a number that is mostly small.
func (w *Writer) Uint(v uint64) { w.data = binary.AppendUvarint(w.data, v) }

// Int writes a number that is mostly small and may be negative.
func (w *Writer) Int(v int) { w.data = binary.AppendVarint(w.data, int64(v)) }

// Bool writes one byte.
func (w *Writer) Bool(v bool) {
	b := byte(0)
	if v {
		b = 1
	}
	w.data = append(w.data, b)
}

// Float writes v in full.
func (w *Writer) Float(v float64) {
	w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(v))
}

// Floats writes a slice.
func (w *Writer) Floats(v []float64) {
	w.Uint(uint64(len(v)))
	for _, x := range v {
		w.Float(x)
	}
}

// String writes a text.
func (w *Writer) String(s string) {
	w.Uint(uint64(len(s)))
	w.data = append(w.data, s...)
}

// Reader reads what a Writer wrote, in the same order. After the first error
// every method returns a zero value; Err returns the error.
type Reader struct {
	data []byte
	at   int
	err  error
}

// NewReader returns a Reader of data.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Err returns the first error.
func (r *Reader) Err() error { return r.err }

// Fail makes err the error of r, unless there is one already.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = fmt.Errorf("byte %d: %w", r.at, err)
		r.data = nil
		r.at = 0
	}
}

// Left returns how many bytes were not read yet.
func (r *Reader) Left() int { return len(r.data) - r.at }

var errShort = errors.New("the data end too early")

// Uint reads what Writer.Uint wrote.
func (r *Reader) Uint() uint64 {
	v, n := binary.Uvarint(r.data[r.at:])
	if n <= 0 {
		r.Fail(errShort)
		return 0
	}
	r.at += n
	return v
}

// Int reads what Writer.Int wrote.
func (r *Reader) Int() int {
	v, n := binary.Varint(r.data[r.at:])
	if n <= 0 || v > math.MaxInt32 || v < math.MinInt32 {
		r.Fail(errShort)
		return 0
	}
	r.at += n
	return int(v)
}

// Bool reads what Writer.Bool wrote.
func (r *Reader) Bool() bool {
	if r.Left() < 1 || r.data[r.at] > 1 {
		r.Fail(errShort)
		return false
	}
	r.at++
	return r.data[r.at-1] == 1
}

// Float reads what Writer.Float wrote.
func (r *Reader) Float() float64 {
	if r.Left() < 8 {
		r.Fail(errShort)
		return 0
	}
	r.at += 8
	return math.Float64frombits(binary.LittleEndian.Uint64(r.data[r.at-8:]))
}

// Len reads the number of elements of a slice, each of which takes at least
// size bytes.
func (r *Reader) Len(size int) int {
	n := r.Uint()
	if n > uint64(r.Left()/size) {
		r.Fail(fmt.Errorf("%d elements announced, which the data cannot hold", n))
		return 0
	}
	return int(n)
}

// Floats reads what Writer.Floats wrote.
func (r *Reader) Floats() []float64 {
	out := make([]float64, r.Len(8))
	for i := range out {
		out[i] = r.Float()
	}
	return out
}

// String reads what Writer.String wrote.
func (r *Reader) String() string {
	n := r.Len(1)
	s := string(r.data[r.at : r.at+n])
	r.at += n
	return s
}
