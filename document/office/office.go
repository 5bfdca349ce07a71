// Package office is what the readers of Office documents share: it opens their
// packages, ZIP archives whose parts are XML, within bounds, and gathers the
// blocks of a text with its headings, captions and notes.
package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/alkahest/alkahest/document/markup"
	"github.com/alkahest/alkahest/document/xmltree"
)

// Bounds on what is unpacked.
const (
	MaxParts = 20_000
	MaxBytes = 512 << 20 // of all parts that are read together
	MaxRatio = 300       // of a part to its packed size, beyond the first MiB
)

// ratioFree is the size below which the ratio does not matter.
const ratioFree = 1 << 20

// Errors that a [Package] wraps.
var (
	ErrTooLarge = errors.New("too large")
	ErrBroken   = errors.New("broken Office document")
)

// Package is an open package.
type Package struct {
	parts map[string]*zip.File
	left  int64
}

// Open opens the package that data holds.
func Open(data []byte) (*Package, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	if len(z.File) > MaxParts {
		return nil, fmt.Errorf("%w: %d parts, a document may have %d", ErrTooLarge, len(z.File), MaxParts)
	}
	p := &Package{parts: make(map[string]*zip.File, len(z.File)), left: MaxBytes}
	for _, f := range z.File {
		p.parts[strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")] = f
	}
	return p, nil
}

// Has reports whether there is a part of that name.
func (p *Package) Has(name string) bool { return p.parts[name] != nil }

// Stream opens a part as a stream, which fails where it unpacks to too much.
func (p *Package) Stream(name string) (io.ReadCloser, error) {
	f := p.parts[name]
	if f == nil {
		return nil, fmt.Errorf("%w: there is no part %s", ErrBroken, name)
	}
	if f.Flags&1 != 0 {
		return nil, fmt.Errorf("%w: encrypted", ErrBroken)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v", ErrBroken, name, err)
	}
	return &gauge{ReadCloser: r, name: name, all: &p.left, most: max(ratioFree, int64(f.CompressedSize64)*MaxRatio)}, nil
}

// gauge stops unpacking what grows too much.
type gauge struct {
	io.ReadCloser
	name string
	all  *int64 // left for all parts
	most int64  // left for this one
}

func (g *gauge) Read(b []byte) (int, error) {
	n, err := g.ReadCloser.Read(b)
	*g.all -= int64(n)
	g.most -= int64(n)
	if *g.all < 0 || g.most < 0 {
		return 0, fmt.Errorf("%w: %s unpacks to too much", ErrTooLarge, g.name)
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %s: %v", ErrBroken, g.name, err)
	}
	return n, err
}

// Tree reads a part as XML.
func (p *Package) Tree(name string) (*xmltree.Tree, error) {
	r, err := p.Stream(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f := p.parts[name]
	data := bytes.NewBuffer(make([]byte, 0, bytes.MinRead+min(f.UncompressedSize64, f.CompressedSize64*MaxRatio, xmltree.MaxBytes)))
	if _, err := data.ReadFrom(io.LimitReader(r, xmltree.MaxBytes+1)); err != nil {
		return nil, err
	}
	tree, err := xmltree.Read(data.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return tree, nil
}

// Look calls see with the root of a part that a document can do without, if
// there is one and it can be read. No node of it may be used afterwards.
func (p *Package) Look(name string, see func(root *markup.Node)) {
	if !p.Has(name) {
		return
	}
	if tree, err := p.Tree(name); err == nil {
		see(tree.Root)
		tree.Release()
	}
}
