package tagger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// format names how a tagger is stored, features included: it changes with every
// change of the templates or of tokens.
const format = "alkahest.Tagger.v1"

// ErrFormat is wrapped by errors about stored taggers that cannot be read.
var ErrFormat = errors.New("not a tagger of this version")

// Bounds of stored taggers, so that a broken file takes no memory.
const (
	maxLabels = 250
	maxRows   = 1 << 22
	maxName   = 100
)

// AppendBinary appends m in its stored form.
func (m *Tagger) AppendBinary(out []byte) ([]byte, error) {
	out = appendString(out, format)
	out = binary.AppendUvarint(out, uint64(len(m.labels)))
	for _, l := range m.labels {
		out = appendString(out, l)
	}
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(m.unit))
	for _, w := range m.transition {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(w))
	}
	out = binary.AppendUvarint(out, uint64(len(m.keys)))
	last := uint32(0)
	for _, k := range m.keys {
		out = binary.AppendUvarint(out, uint64(k-last))
		last = k
	}
	for _, w := range m.weights {
		out = append(out, byte(w))
	}
	return out, nil
}

// Decode reads a tagger in its stored form and returns what stands behind it.
func Decode(data []byte) (*Tagger, []byte, error) {
	d := decoder{data: data}
	if name := d.string(); d.err == nil && name != format {
		return nil, nil, fmt.Errorf("format %q, want %q: %w", name, format, ErrFormat)
	}
	m := &Tagger{}
	k := d.count(maxLabels)
	for range k {
		m.labels = append(m.labels, d.string())
	}
	m.unit = d.float()
	for range (k + 1) * k {
		m.transition = append(m.transition, d.float())
	}
	n := d.count(maxRows)
	if d.err == nil && len(d.data) < n*(k+1) {
		d.fail("%d rows in %d bytes", n, len(d.data))
	}
	if d.err != nil {
		return nil, nil, d.err
	}
	m.keys = make([]uint32, n)
	last := uint64(0)
	for i := range m.keys {
		step := d.uvarint()
		if i > 0 && step == 0 || last+step > math.MaxUint32 {
			d.fail("rows out of order")
		}
		last += step
		m.keys[i] = uint32(last)
	}
	if d.err == nil && len(d.data) < n*k {
		d.fail("%d rows in %d bytes", n, len(d.data))
	}
	if d.err != nil {
		return nil, nil, d.err
	}
	m.weights = make([]int8, n*k)
	for i := range m.weights {
		m.weights[i] = int8(d.data[i])
	}
	if k == 0 {
		d.fail("no labels")
	}
	if d.err != nil {
		return nil, nil, d.err
	}
	m.finish()
	return m, d.data[n*k:], nil
}

func appendString(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

// decoder reads from data until an error.
type decoder struct {
	data []byte
	err  error
}

func (d *decoder) fail(why string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: "+why, append([]any{ErrFormat}, args...)...)
	}
}

func (d *decoder) uvarint() uint64 {
	x, n := binary.Uvarint(d.data)
	if n <= 0 {
		d.fail("it breaks off")
		d.data = nil
		return 0
	}
	d.data = d.data[n:]
	return x
}

func (d *decoder) count(limit int) int {
	x := d.uvarint()
	if x > uint64(limit) {
		d.fail("a count of %d, at most %d", x, limit)
		return 0
	}
	return int(x)
}

func (d *decoder) string() string {
	n := d.count(maxName)
	if n > len(d.data) {
		d.fail("it breaks off")
		return ""
	}
	s := string(d.data[:n])
	d.data = d.data[n:]
	return s
}

func (d *decoder) float() float32 {
	if len(d.data) < 4 {
		d.fail("it breaks off")
		return 0
	}
	x := math.Float32frombits(binary.LittleEndian.Uint32(d.data))
	d.data = d.data[4:]
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		d.fail("a weight of %v", x)
	}
	return x
}
