package fetch

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/document"
)

// Provenance knows what was fetched into the folders that documents are read
// from. Its methods may be called by several goroutines. The zero value is
// ready.
type Provenance struct {
	mu      sync.Mutex
	folders map[string]map[string]*Entry // by folder, then by file
}

// Describe adds to a document that was read under name what the service that it
// was fetched from says of it: identifiers, licence, notice, address, and
// title, authors and date where the document itself has none. A document that
// was not fetched stays as it is. The error is of the folder's manifest.
func (p *Provenance) Describe(doc *document.Document, name string) error {
	// In "papers/a.tar.gz!b/c.tex" the file that was fetched is the archive;
	// but a folder may also have an exclamation mark in its name.
	for end := 0; end <= len(name); end++ {
		if end < len(name) && name[end] != '!' {
			continue
		}
		path := name[:end]
		entry, err := p.entry(path)
		if err != nil {
			return err
		}
		if entry == nil {
			continue
		}
		if info, err := os.Stat(path); err != nil || info.Size() != entry.Size {
			continue // another file has taken its place
		}
		if end == len(name) && doc.ID != "sha256:"+document.ID(entry.SHA256) && !strings.HasSuffix(name, ".gz") {
			continue
		}
		describe(doc, entry)
		return nil
	}
	return nil
}

// entry returns what is known of the file at path, or nil.
func (p *Provenance) entry(path string) (*Entry, error) {
	dir, file := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	files, ok := p.folders[dir]
	if !ok {
		entries, err := ReadManifest(dir)
		if err != nil {
			return nil, err
		}
		files = map[string]*Entry{}
		for _, e := range entries {
			if e.State == Done {
				files[e.File] = e
			}
		}
		if p.folders == nil {
			p.folders = map[string]map[string]*Entry{}
		}
		p.folders[dir] = files
	}
	return files[file], nil
}

func describe(doc *document.Document, e *Entry) {
	ids := map[string]string{}
	for kind, id := range doc.Identifiers {
		ids[kind] = id
	}
	for kind, id := range e.Identifiers { // surer than what was found in the text
		ids[kind] = id
	}
	if len(ids) > 0 {
		doc.Identifiers = ids
	}
	if doc.License == "" {
		doc.License = e.License
	}
	doc.Notice = document.Worst(doc.Notice, e.Notice)
	doc.Origin = e.URL
	if len(e.Identifiers) == 0 {
		return // a file of many documents, whose title is not that of each
	}
	if doc.Title == "" {
		doc.Title = e.Title
	}
	if len(doc.Authors) == 0 {
		doc.Authors = e.Authors
	}
	if doc.Date == "" {
		doc.Date = e.Date
	}
}
