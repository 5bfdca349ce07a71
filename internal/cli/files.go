package cli

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/pdf"
	"github.com/alkahest/alkahest/document/reading"
	"github.com/alkahest/alkahest/fetch"
	"github.com/alkahest/alkahest/internal/filecache"
	"github.com/alkahest/alkahest/knowledge"
)

// files is the shelf of what lies on disk. It may be used by several
// goroutines.
type files struct {
	readers  reading.Readers
	fetched  fetch.Provenance
	pdf      *pdfPool
	archives *archives
}

var _ shelf = (*files)(nil)

// openFiles returns the files on disk with all readers, and what is recognised on
// scans kept in recognised. Nothing is started before it is needed.
func openFiles(recognised *filecache.Folder) *files {
	pictures := &scans{kept: recognised}
	pool := &pdfPool{limit: make(chan struct{}, max(1, runtime.GOMAXPROCS(0))), scans: pictures}
	return &files{readers: reading.All(pool).With(document.Image, pictures), pdf: pool, archives: &archives{}}
}

// Close stops the readers.
func (f *files) Close() error {
	f.archives.close()
	return f.pdf.close()
}

func (f *files) sources(_ context.Context, paths []string) iter.Seq2[*knowledge.Source, error] {
	return func(yield func(*knowledge.Source, error) bool) {
		for s, err := range reading.Walk(paths, reading.Limits{}) {
			source := &knowledge.Source{Size: -1}
			var failed *reading.Error
			switch {
			case errors.As(err, &failed):
				source.Name, err = failed.Name, failed.Err
			case err != nil:
				source = nil
			default:
				source = &knowledge.Source{Name: s.Name, Size: s.Size, Modified: s.Modified}
			}
			if !yield(source, err) {
				return
			}
		}
	}
}

func (f *files) read(ctx context.Context, name string) (*document.Document, error) {
	data, err := f.data(name)
	if err != nil {
		return nil, err
	}
	return f.parse(ctx, name, data)
}

// identify returns the identity of the source of that name.
func (f *files) identify(_ context.Context, source knowledge.Source) (document.ID, error) {
	data, err := f.data(source.Name)
	if err != nil {
		return "", err
	}
	return document.IDOf(data), nil
}

// data returns the bytes of the source of that name.
func (f *files) data(name string) ([]byte, error) {
	if data, ok := f.archives.data(name); ok {
		return data, nil
	}
	source, err := reading.Find(name, reading.Limits{})
	if err != nil {
		return nil, err
	}
	return source.Data()
}

// parse reads the document that data holds.
func (f *files) parse(ctx context.Context, name string, data []byte) (*document.Document, error) {
	doc, err := f.readers.Open(ctx, name, data)
	if err == nil {
		if err := f.fetched.Describe(doc, name); err != nil {
			doc.Warnings = append(doc.Warnings, "what it was fetched with is not known: "+err.Error())
		}
	}
	return doc, err
}

// pdfPool shares PDF readers, as one reads one file at a time. A reader is
// made when all others are at work.
type pdfPool struct {
	limit chan struct{} // as many readers as this has room for
	scans *scans        // for pages that are pictures; nil leaves them out

	mu   sync.Mutex
	idle []*pdf.Reader
	all  []*pdf.Reader
}

// Read implements reading.Reader.
func (p *pdfPool) Read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	select {
	case p.limit <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-p.limit }()
	r := p.take()
	defer p.give(r)
	doc, err := r.Read(ctx, name, data)
	if p.scans == nil {
		return doc, err
	}
	return p.scans.complete(ctx, r, name, data, doc, err)
}

func (p *pdfPool) take() *pdf.Reader {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		r := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return r
	}
	r := pdf.New("")
	p.all = append(p.all, r)
	return r
}

func (p *pdfPool) give(r *pdf.Reader) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, r)
}

func (p *pdfPool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, r := range p.all {
		errs = append(errs, r.Close())
	}
	p.idle, p.all = nil, nil
	return errors.Join(errs...)
}

// archives reads tar archives and bulk files forward. An entry of them is found
// by reading them up to it, so that looking for each entry anew would take
// time quadratic in their number. The store asks for sources nearly in the
// order in which it was told of them; so one walk goes on from where it was,
// and what it passes over is kept for a while, as other workers will ask for
// it.
type archives struct {
	mu   sync.Mutex
	name string // of the archive that is open
	next func() (*reading.Source, error, bool)
	stop func()
	kept []entry // oldest first
	size int
}

// entry is the content of an archive's entry.
type entry struct {
	name string
	data []byte
}

// Bounds on what archives keeps. An entry that was passed over and dropped is
// found again from the beginning of its archive.
const (
	maxKept      = 1024
	maxKeptBytes = 64 << 20
)

// data returns the bytes of the entry of that name, or false if it is not in a
// tar archive or bulk file or lies behind.
func (a *archives) data(name string) ([]byte, bool) {
	archive, ok := reading.Forward(name)
	if !ok {
		return nil, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.kept {
		if e.name == name {
			return e.data, true
		}
	}
	if a.name != archive {
		a.closeLocked()
		a.name = archive
		a.next, a.stop = iter.Pull2(reading.Walk([]string{archive}, reading.Limits{}))
	}
	if a.next == nil {
		return nil, false
	}
	for {
		s, err, ok := a.next()
		if !ok {
			a.stop()
			a.next, a.stop = nil, nil // all was seen; what is asked for now lies behind
			return nil, false
		}
		if err != nil {
			continue // the walk that noted the sources has reported it
		}
		data, err := s.Data()
		if err != nil {
			continue // found again, the entry gives the same error
		}
		a.keep(entry{s.Name, data})
		if s.Name == name {
			return data, true
		}
	}
}

// keep adds e and drops the oldest entries that are too many.
func (a *archives) keep(e entry) {
	a.kept = append(a.kept, e)
	a.size += len(e.data)
	for len(a.kept) > 1 && (len(a.kept) > maxKept || a.size > maxKeptBytes) {
		a.size -= len(a.kept[0].data)
		a.kept[0].data = nil
		a.kept = a.kept[1:]
	}
}

func (a *archives) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closeLocked()
}

func (a *archives) closeLocked() {
	if a.stop != nil {
		a.stop()
	}
	a.name, a.next, a.stop, a.kept, a.size = "", nil, nil, nil, 0
}
