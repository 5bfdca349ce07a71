// Package filecache keeps what took long to find out in a folder, each under the
// hash of what was asked, so that asking again costs nothing. The folder may be
// shared by processes and deleted at any time.
package filecache

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrDamaged is wrapped where a file of the folder is not what was kept.
var ErrDamaged = errors.New("damaged")

// MaxEntry bounds the bytes of one entry.
const MaxEntry = 64 << 20

// Folder keeps entries in files. A nil Folder keeps nothing. It may be used by
// several goroutines.
type Folder struct {
	dir   string
	limit int64

	mu    sync.Mutex
	added int64 // bytes since the folder was last looked through; -1 before the first time
}

// Open returns the folder dir, which is made when the first entry is kept. Its
// files take no more than limit bytes for long: the ones that were not asked for
// longest go first.
func Open(dir string, limit int64) *Folder { return &Folder{dir: dir, limit: limit, added: -1} }

// Key is what an entry is kept under.
type Key [sha256.Size]byte

// KeyOf returns the key of a question of several parts.
func KeyOf(parts ...[]byte) Key {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return Key(h.Sum(nil))
}

func (f *Folder) path(k Key) string {
	name := hex.EncodeToString(k[:])
	return filepath.Join(f.dir, name[:2], name)
}

// Get returns the entry under k; ok is false where there is none. An entry that
// is not what was kept, as after a disk was full or somebody wrote there, is
// taken away; the error wraps [ErrDamaged].
func (f *Folder) Get(k Key) (data []byte, ok bool, err error) {
	if f == nil {
		return nil, false, nil
	}
	path := f.path(k)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err = unpack(raw, k)
	if err != nil {
		_ = os.Remove(path) // where that fails, the next one is told again
		return nil, false, fmt.Errorf("%s: %w", path, err)
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // only says what goes first when there is no room
	return data, true, nil
}

// Put keeps data under k. The file appears whole or not at all.
func (f *Folder) Put(k Key, data []byte) error {
	if f == nil {
		return nil
	}
	if len(data) > MaxEntry {
		return fmt.Errorf("%d bytes are too many to keep, at most %d", len(data), MaxEntry)
	}
	path := f.path(k)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return err
	}
	raw := pack(data, k)
	_, err = file.Write(raw)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return f.makeRoom(int64(len(raw)))
}

// pack returns data as it is kept: the hash of key and data, and data by gzip.
func pack(data []byte, k Key) []byte {
	var b bytes.Buffer
	sum := KeyOf(k[:], data)
	b.Write(sum[:])
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data) // a Buffer does not fail
	_ = w.Close()
	return b.Bytes()
}

func unpack(raw []byte, k Key) ([]byte, error) {
	if len(raw) < sha256.Size {
		return nil, fmt.Errorf("%w: %d bytes", ErrDamaged, len(raw))
	}
	r, err := gzip.NewReader(bytes.NewReader(raw[sha256.Size:]))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxEntry+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	if sum := KeyOf(k[:], data); !bytes.Equal(sum[:], raw[:sha256.Size]) {
		return nil, fmt.Errorf("%w: its check sum is another", ErrDamaged)
	}
	return data, nil
}

// own reports whether the file at path is one that Put made, or was making: the
// folder that a user names may have other files in it, which are left alone.
func (f *Folder) own(path string) bool {
	name, parent := filepath.Base(path), filepath.Dir(path)
	if filepath.Dir(parent) != filepath.Clean(f.dir) {
		return false
	}
	if key, err := hex.DecodeString(name); err == nil && len(key) == sha256.Size {
		return name[:2] == filepath.Base(parent)
	}
	first, err := hex.DecodeString(filepath.Base(parent))
	return err == nil && len(first) == 1 && strings.HasPrefix(name, "new-")
}

// makeRoom counts n bytes more, and takes away what was not asked for longest
// where the files may be too large together. The folder is looked through at the
// first call, and again after a sixteenth of its limit was added.
func (f *Folder) makeRoom(n int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.added += n; f.added-n >= 0 && f.added < f.limit/16 {
		return nil
	}
	f.added = 0
	type file struct {
		path     string
		size     int64
		modified time.Time
	}
	var files []file
	total := int64(0)
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another process took it away
		}
		if err != nil || !entry.Type().IsRegular() || !f.own(path) {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		files = append(files, file{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(a.modified.Compare(b.modified), cmp.Compare(a.path, b.path)) })
	for _, old := range files {
		if total <= f.limit-f.limit/16 {
			break
		}
		if err := os.Remove(old.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		total -= old.size
	}
	return nil
}
