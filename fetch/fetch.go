// Package fetch brings documents from the public services of Europe PMC, arXiv,
// OpenAlex and the United States Patent and Trademark Office into a folder, and
// notes there what they say of each: identifiers, licence, retraction.
//
// A [Client] connects only to the service that it is asked for, and to hosts
// that the caller names; never to an address inside of the own network, unless
// the caller named it. It keeps to the pace that each service asks for, and
// bounds what it takes. What was fetched is in the folder's [Manifest], so that
// the same call, after whatever ended it, goes on where it was.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"regexp"

	"github.com/alkahest/alkahest/document"
)

// Item is a document that a service has, or a file of many.
type Item struct {
	ID          string            `json:"id"` // service and its name there: "europepmc:PMC123"
	Title       string            `json:"title,omitempty"`
	Authors     []string          `json:"authors,omitempty"`
	Date        string            `json:"date,omitempty"`        // as document.Document has it
	Identifiers map[string]string `json:"identifiers,omitempty"` // as document.Document has them
	License     string            `json:"license,omitempty"`
	Notice      document.Notice   `json:"notice,omitempty"`
	Copies      []Copy            `json:"copies,omitempty"`  // where it can be had, best first
	Missing     string            `json:"missing,omitempty"` // why there is no copy
}

// Copy is a file that can be had from a service.
type Copy struct {
	Service string  `json:"service"`
	URL     string  `json:"url"`
	File    string  `json:"file"` // name for it in the folder; without ending for Source
	Content Content `json:"content"`
	Size    int64   `json:"size,omitempty"` // bytes; 0 when unknown
}

// Content is what a file must contain to be taken.
type Content string

// The contents.
const (
	XML    Content = "xml"    // an article in JATS
	PDF    Content = "pdf"    //
	Source Content = "source" // of arXiv: a gzip file, of one TeX file or of a tar archive, or a PDF
	ZIP    Content = "zip"    //
)

// Errors that a fetch may end with. They are wrapped in messages that say
// where.
var (
	ErrRefused  = errors.New("not connected")  // a host or address that was not asked for
	ErrTooLarge = errors.New("too large")      // more bytes than allowed
	ErrContent  = errors.New("wrong contents") // a page for people where a document should be
	ErrAnswer   = errors.New("answer not understood")
	ErrLocked   = errors.New("another process is fetching into this folder")
)

// Event says what became of an item.
type Event struct {
	Entry Entry
	Known bool // it was there already
}

// fileName is what a name in the folder may look like. Names come from
// services.
var fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$`)

// Fetch fetches items into the folder dir, one after the other, and calls
// progress after each. An item that cannot be fetched is noted as failed and
// does not end the call; an error of the list of items, of the folder, or the
// end of ctx does.
func (c *Client) Fetch(ctx context.Context, dir string, items iter.Seq2[*Item, error], progress func(Event)) (err error) {
	var m *Manifest // opened when there is something to fetch
	defer func() {
		if m != nil {
			err = errors.Join(err, m.Close())
		}
	}()
	for item, err := range items {
		if err != nil {
			return err
		}
		if m == nil {
			if m, err = OpenManifest(dir); err != nil {
				return err
			}
		}
		if entry, ok := m.have(item); ok {
			progress(Event{entry, true})
			continue
		}
		entry, err := c.fetchItem(ctx, m, item)
		if err != nil {
			return err
		}
		progress(Event{entry, false})
	}
	return ctx.Err()
}

// fetchItem fetches the first copy of item that can be had.
func (c *Client) fetchItem(ctx context.Context, m *Manifest, item *Item) (Entry, error) {
	entry := Entry{Item: *item, State: Failed, Reason: item.Missing}
	for _, copy := range item.Copies {
		err := c.fetchCopy(ctx, m, &entry, copy)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return entry, ctx.Err()
		}
		var file *fs.PathError
		if errors.As(err, &file) {
			return entry, err // of the folder: the next item would fare no better
		}
		entry.State, entry.Reason = Failed, err.Error()
	}
	entry.At = c.options.Now().UTC()
	return entry, m.note(entry)
}

// fetchCopy fetches one file. What comes is kept in a hidden file until it is
// complete, and whatever interrupts it, what has come is not fetched again.
func (c *Client) fetchCopy(ctx context.Context, m *Manifest, entry *Entry, copy Copy) error {
	if !fileName.MatchString(copy.File) {
		return fmt.Errorf("%s: %w: %q is no name for a file", copy.URL, ErrAnswer, copy.File)
	}
	if copy.Size > c.options.MaxSize {
		return fmt.Errorf("%s: %w: %d bytes, allowed are %d", copy.URL, ErrTooLarge, copy.Size, c.options.MaxSize)
	}
	part := "." + copy.File + ".part"
	f, err := m.root.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	d := &download{client: c, copy: copy, file: f}
	if before, ok := m.entries[entry.ID]; ok && before.State != Done && before.URL == copy.URL {
		d.validator = before.Validator
	}
	err = d.run(ctx, func(validator string) error { // before the first byte: killed, we know what the part is of
		partial := *entry
		partial.State, partial.URL, partial.Validator, partial.Reason = Partial, copy.URL, validator, ""
		partial.At = c.options.Now().UTC()
		return m.note(partial)
	})
	if err != nil {
		size, sizeErr := f.Seek(0, io.SeekEnd)
		if sizeErr != nil || size == 0 || d.validator == "" || errors.Is(err, ErrTooLarge) {
			return errors.Join(err, m.root.Remove(part))
		}
		entry.URL, entry.Validator = copy.URL, d.validator // to go on from there
		return err
	}
	ending, err := check(f, copy.Content)
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", copy.URL, err), m.root.Remove(part))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	name := copy.File + ending
	if err := errors.Join(f.Close(), m.root.Rename(part, name)); err != nil {
		return err
	}
	entry.State, entry.Reason, entry.URL, entry.File, entry.Validator = Done, "", copy.URL, name, ""
	entry.Size, entry.SHA256 = size, hex.EncodeToString(h.Sum(nil))
	return nil
}
