package fetch

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/alkahest/alkahest/internal/filelock"
)

// ManifestName is the name of the manifest in its folder. It is hidden, so that
// reading the folder passes over it.
const ManifestName = ".alkahest-fetch.jsonl"

// lockName is the name of the file that is locked while a process fetches into
// its folder. It stays there, unlocked.
const lockName = ".alkahest-fetch.lock"

// Bounds of a manifest.
const (
	maxManifest = 1 << 30
	maxLine     = 1 << 20
)

// State says how far an item has come.
type State string

// The states.
const (
	Partial State = "partial" // some of the file is there
	Done    State = "done"
	Failed  State = "failed"
)

// Entry is what is known of an item in a folder.
type Entry struct {
	Item
	State     State     `json:"state"`
	Reason    string    `json:"reason,omitempty"`    // of a failure
	URL       string    `json:"url,omitempty"`       // that the file, or a part of it, was fetched from
	File      string    `json:"file,omitempty"`      // its name in the folder
	Size      int64     `json:"size,omitempty"`      // bytes
	SHA256    string    `json:"sha256,omitempty"`    // of its bytes
	Validator string    `json:"validator,omitempty"` // ETag or Last-Modified, of a part that is there
	At        time.Time `json:"at"`
}

// Manifest is the list of what was fetched into a folder: a file of JSON lines,
// of which the last one for an item counts, so that a line is added and nothing
// is ever changed.
type Manifest struct {
	root    *os.Root
	file    *os.File
	lock    *os.File
	entries map[string]*Entry // by Item.ID
}

// OpenManifest opens the manifest of the folder dir, making both as needed. One
// process at a time may have it open: for others the error wraps [ErrLocked],
// until it is closed or its process ends, however it ends.
func OpenManifest(dir string) (*Manifest, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	m := &Manifest{root: root, entries: map[string]*Entry{}}
	if m.lock, err = root.OpenFile(lockName, os.O_CREATE|os.O_RDWR, 0o666); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	ok, owner, err := filelock.Take(m.lock)
	if err == nil && !ok {
		err = fmt.Errorf("%w (process %s)", ErrLocked, owner)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), m.lock.Close(), root.Close())
	}
	if m.file, err = root.OpenFile(ManifestName, os.O_CREATE|os.O_RDWR, 0o666); err != nil {
		return nil, errors.Join(err, m.lock.Close(), root.Close())
	}
	end, lines, err := parse(m.file, m.entries)
	if err == nil && lines > 2*len(m.entries)+1000 {
		end, err = m.compact()
	}
	if err == nil {
		// Half a line at the end is what a killed process leaves.
		if err = m.file.Truncate(end); err == nil {
			_, err = m.file.Seek(end, io.SeekStart)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", filepath.Join(dir, ManifestName), err), m.Close())
	}
	return m, nil
}

// Close closes the manifest, and lets others open it.
func (m *Manifest) Close() error {
	return errors.Join(m.file.Close(), m.lock.Close(), m.root.Close())
}

// Entries yields the entries by their IDs.
func (m *Manifest) Entries() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, id := range slices.Sorted(maps.Keys(m.entries)) {
			if !yield(m.entries[id]) {
				return
			}
		}
	}
}

// parse reads the lines of r into entries, and returns where the last whole
// line ends and how many there are.
func parse(r io.Reader, entries map[string]*Entry) (end int64, lines int, err error) {
	in := bufio.NewReaderSize(io.LimitReader(r, maxManifest+1), maxLine)
	for {
		line, err := in.ReadSlice('\n')
		switch {
		case err == io.EOF:
			return end, lines, nil
		case errors.Is(err, bufio.ErrBufferFull):
			return end, lines, fmt.Errorf("line %d: %w: more than %d bytes", lines+1, ErrTooLarge, maxLine)
		case err != nil:
			return end, lines, err
		}
		lines++
		if end += int64(len(line)); end > maxManifest {
			return end, lines, fmt.Errorf("line %d: %w: more than %d bytes", lines, ErrTooLarge, maxManifest)
		}
		e := &Entry{}
		if err := json.Unmarshal(line, e); err != nil {
			return end, lines, fmt.Errorf("line %d: %w", lines, err)
		}
		if e.ID == "" || e.File != "" && !fileName.MatchString(e.File) {
			return end, lines, fmt.Errorf("line %d: no identity, or a file outside of the folder", lines)
		}
		entries[e.ID] = e
	}
}

// compact writes the manifest anew with one line for each entry.
func (m *Manifest) compact() (end int64, err error) {
	const name = ManifestName + ".new"
	f, err := m.root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o666)
	if err != nil {
		return 0, err
	}
	var b bytes.Buffer
	for e := range m.Entries() {
		line, err := json.Marshal(e)
		if err != nil {
			return 0, errors.Join(err, f.Close())
		}
		b.Write(append(line, '\n'))
	}
	if _, err = f.Write(b.Bytes()); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = m.root.Rename(name, ManifestName)
	}
	if err != nil {
		return 0, errors.Join(err, f.Close())
	}
	err = m.file.Close()
	m.file = f
	return int64(b.Len()), err
}

// note adds an entry, on the disk when it returns.
func (m *Manifest) note(e Entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if len(line) >= maxLine {
		return fmt.Errorf("%s: %w: its description has %d bytes", e.ID, ErrTooLarge, len(line))
	}
	if _, err := m.file.Write(append(line, '\n')); err != nil {
		return err
	}
	m.entries[e.ID] = &e
	return m.file.Sync()
}

// have returns the entry of an item whose file is there. What the service says
// of it now, such as that it was retracted since, is noted.
func (m *Manifest) have(item *Item) (Entry, bool) {
	e := m.entries[item.ID]
	if e == nil || e.State != Done {
		return Entry{}, false
	}
	info, err := m.root.Stat(e.File)
	if err != nil || info.Size() != e.Size {
		return Entry{}, false
	}
	if e.Notice != item.Notice || item.License != "" && e.License != item.License {
		updated := *e
		updated.Notice, updated.License = item.Notice, cmp.Or(item.License, e.License)
		if m.note(updated) == nil { // else the next run does it
			return updated, true
		}
	}
	return *e, true
}

// ReadManifest returns the entries of the folder's manifest, or none when it
// has no manifest.
func ReadManifest(dir string) (map[string]*Entry, error) {
	name := filepath.Join(dir, ManifestName)
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries := map[string]*Entry{}
	if _, _, err := parse(f, entries); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return entries, nil
}
