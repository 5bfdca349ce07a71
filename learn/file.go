package learn

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"github.com/alkahest/alkahest/learn/internal/wire"
	"github.com/alkahest/alkahest/learn/tree"
)

// A saved predictor is this line, the version of the format in 2 bytes, the
// CRC-32 of all that follows in 4, both little endian, and the model,
// compressed with DEFLATE.
const magic = "alkahest predictor\n"

// formatVersion is raised when the format changes; older formats stay readable
// or are refused by name.
const formatVersion = 2

// maxModel bounds a model once it is unpacked.
const maxModel = 2 << 30

// ErrFormat reports that a file is no predictor that this program can read.
var ErrFormat = errors.New("not a predictor that this version can read")

// Write writes p.
func (p *Predictor) Write(w io.Writer) error {
	var out wire.Writer
	if err := p.encode(&out); err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := z.Write(out.Bytes()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	head := append([]byte(magic), 0, 0, 0, 0, 0, 0)
	binary.LittleEndian.PutUint16(head[len(magic):], formatVersion)
	binary.LittleEndian.PutUint32(head[len(magic)+2:], crc32.ChecksumIEEE(packed.Bytes()))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = w.Write(packed.Bytes())
	return err
}

// Read reads what Predictor.Write wrote. Any bytes may be given to it.
func Read(r io.Reader) (*Predictor, error) {
	head := make([]byte, len(magic)+6)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: it does not begin as one", ErrFormat)
	}
	if v := binary.LittleEndian.Uint16(head[len(magic):]); v != formatVersion {
		return nil, fmt.Errorf("%w: it is of format %d, this program reads %d; train it anew", ErrFormat, v, formatVersion)
	}
	packed, err := io.ReadAll(io.LimitReader(r, maxModel))
	if err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(packed) != binary.LittleEndian.Uint32(head[len(magic)+2:]) {
		return nil, fmt.Errorf("%w: it is damaged", ErrFormat)
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxModel+1))
	if err != nil || len(data) > maxModel {
		return nil, fmt.Errorf("%w: it is damaged or too large", ErrFormat)
	}
	return decode(data)
}

// decode reads an unpacked model.
func decode(data []byte) (*Predictor, error) {
	in := wire.NewReader(data)
	p := readPredictor(in)
	if in.Err() == nil && in.Left() > 0 {
		in.Fail(errors.New("something stands behind its end"))
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return p, nil
}

func (p *Predictor) encode(w *wire.Writer) error {
	report, err := json.Marshal(p.Report)
	if err != nil {
		return fmt.Errorf("learn: %w", err)
	}
	w.String(p.Property)
	w.String(p.Unit)
	w.Bool(p.Classes)
	w.Bool(p.Log)
	w.String(string(report))
	p.encoder.write(w)
	w.Uint(uint64(p.width))
	w.Float(p.low)
	w.Float(p.high)
	w.Float(p.near)
	w.Uint(uint64(len(p.learners)))
	for _, name := range p.learners {
		w.String(name)
	}
	w.Floats(p.weights)
	p.calibration.write(w)
	p.screenScale.write(w)
	p.screen.Encode(w)
	w.Uint(uint64(len(p.known)))
	for _, k := range p.known {
		for _, s := range k.inputs {
			w.String(s)
		}
		w.Float(k.value)
		w.Int(int(k.bound))
		w.String(k.source)
	}
	w.Uint(uint64(len(p.members)))
	for _, m := range p.members {
		w.Float(m.spread.floor)
		m.spread.grove.Encode(w)
		for _, model := range m.models {
			model.write(w)
		}
	}
	return nil
}

func readPredictor(r *wire.Reader) *Predictor {
	p := &Predictor{Property: r.String(), Unit: r.String(), Classes: r.Bool(), Log: r.Bool(), Report: &Report{}}
	if report := r.String(); r.Err() == nil {
		if err := json.Unmarshal([]byte(report), p.Report); err != nil {
			r.Fail(err)
		}
	}
	p.encoder = readEncoder(r)
	width := r.Uint()
	if r.Err() == nil && width != uint64(len(p.encoder.columns())) {
		r.Fail(errors.New("the features are not those of this version"))
	}
	if r.Err() != nil {
		return nil
	}
	p.width = int(width)
	p.low, p.high, p.near = r.Float(), r.Float(), r.Float()
	for range r.Len(1) {
		p.learners = append(p.learners, r.String())
	}
	p.weights = r.Floats()
	p.calibration = readCalibration(r)
	p.screenScale = readCalibration(r)
	p.screen = tree.DecodeBoosted(r)
	for range r.Len(10) {
		k := knownRow{inputs: make([]string, len(p.encoder.inputs))}
		for i := range k.inputs {
			k.inputs[i] = r.String()
		}
		k.value, k.bound, k.source = r.Float(), Bound(r.Int()), r.String()
		if r.Err() != nil {
			return nil
		}
		k.place = p.encoder.place(k.inputs)
		p.known = append(p.known, k)
	}
	outputs := 0
	for range r.Len(16) {
		m := member{spread: &spreadModel{floor: r.Float(), grove: tree.DecodeGrove(r)}}
		outputs = 0
		for _, name := range p.learners {
			model := readModel(name, p.width, r)
			if r.Err() != nil {
				return nil
			}
			m.models = append(m.models, model)
			outputs += outputsOf(model)
		}
		if m.spread.grove.Columns() != p.width+1 || m.spread.grove.Trees() == 0 || !(m.spread.floor > 0 && m.spread.floor <= math.MaxFloat64) {
			r.Fail(errModel)
			return nil
		}
		p.members = append(p.members, m)
	}
	if r.Err() == nil && (len(p.members) == 0 || len(p.known) == 0 || outputs == 0 || len(p.weights) != outputs || p.screen.Columns() != p.width ||
		!(p.low <= p.high) || math.IsNaN(p.near)) {
		r.Fail(errModel)
	}
	return p
}
