// Package reading finds documents in files, folders and archives, tells their
// formats apart by content and hands each to its reader.
package reading

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/alkahest/alkahest/document"
)

// ErrUnsupported is wrapped by the errors for files that are no document of a
// known format; the message says what they are.
var ErrUnsupported = errors.New("unsupported format")

// ErrLimit is wrapped by the errors for what exceeds a limit.
var ErrLimit = errors.New("over the limit")

// Reader reads the documents of one format. The name is for messages.
type Reader interface {
	Read(ctx context.Context, name string, data []byte) (*document.Document, error)
}

// Function is a function that is a [Reader]. It is not interrupted by the end
// of the context.
type Function func(name string, data []byte) (*document.Document, error)

// Read calls f unless ctx has ended.
func (f Function) Read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f(name, data)
}

// Readers is the set of readers that stand by.
type Readers []struct {
	Format document.Format
	Reader Reader
}

// With returns r and a reader of one more format.
func (r Readers) With(format document.Format, reader Reader) Readers {
	return append(slices.Clip(r), struct {
		Format document.Format
		Reader Reader
	}{format, reader})
}

// Open reads a document of any known format. What it is shows by its content;
// the name decides only between kinds of plain text.
func (r Readers) Open(ctx context.Context, name string, data []byte) (*document.Document, error) {
	format, err := Detect(name, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, entry := range r {
		if entry.Format == format && entry.Reader != nil {
			return entry.Reader.Read(ctx, name, data)
		}
	}
	return nil, fmt.Errorf("%s: %w: no reader for %s", name, ErrUnsupported, format)
}
