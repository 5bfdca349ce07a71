package reading

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/latex"
)

// A source in LaTeX is one document made of several files, in a folder or an
// archive: the one that begins it, which gives it its name, and those that it
// includes. Pictures beside it are its figures, not documents.

// errPart is reported for a file that only has a part of a source.
var errPart = fmt.Errorf("%w: part of a source in LaTeX without a beginning (no \\documentclass)", ErrUnsupported)

// isTeX reports whether text, which begins a file of that name, is LaTeX.
func isTeX(name, text string) bool {
	switch strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/"))) {
	case ".tex", ".ltx", ".latex":
		return true
	case ".sty", ".cls", ".bst", ".bib", ".dtx", ".ins":
		return false
	}
	return latex.Main([]byte(text))
}

// texName reports files that a source in LaTeX may include.
func texName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".tex", ".ltx", ".latex", ".bbl", ".txt":
		return true
	}
	return false
}

// texFiles are the files of sources in one archive or folder, by their names
// inside it.
type texFiles struct {
	files    map[string][]byte
	modified map[string]time.Time
	size     int
}

// add keeps a file, unless there are too many.
func (t *texFiles) add(name string, data []byte, modified time.Time) bool {
	if len(t.files) >= 1000 || t.size+len(data) > latex.MaxBytes {
		return false
	}
	if t.files == nil {
		t.files, t.modified = map[string][]byte{}, map[string]time.Time{}
	}
	t.files[name], t.modified[name] = data, modified
	t.size += len(data)
	return true
}

// sources yields the documents among the files of an archive.
func (t *texFiles) sources(w *walker, archive string) bool {
	found := false
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		if !latex.Main(t.files[name]) {
			continue
		}
		found = true
		full := archive + "!" + name
		if !w.wants(full) {
			continue
		}
		data := latex.Join(name, t.files)
		if !w.yield(&Source{
			Name: full, Size: int64(len(data)), Modified: t.modified[name], Format: document.LaTeX,
			data: func() ([]byte, error) { return data, nil },
		}, nil) {
			return false
		}
	}
	if found {
		return true
	}
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		if ext := path.Ext(name); ext != ".bbl" && ext != ".txt" && w.wants(archive+"!"+name) && !w.fail(archive+"!"+name, errPart) {
			return false
		}
	}
	return true
}

// texFile yields the source that begins in a file on disk.
func (w *walker) texFile(name string, head []byte, info fs.FileInfo) bool {
	if !latex.Main(head) {
		return w.fail(name, errPart)
	}
	return w.yield(&Source{
		Name: name, Size: info.Size(), Modified: info.ModTime(), Format: document.LaTeX,
		data: func() ([]byte, error) { return joinFolder(name) },
	}, nil)
}

// joinFolder reads a source with what it includes from its folder and below.
func joinFolder(name string) ([]byte, error) {
	folder := filepath.Dir(name)
	var t texFiles
	read := func(inside string) error {
		f, err := os.Open(filepath.Join(folder, filepath.FromSlash(inside)))
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		data, err := readAll(f, info.Size(), latex.MaxBytes)
		if err != nil {
			return err
		}
		t.add(inside, data, info.ModTime())
		return nil
	}
	main := filepath.Base(name)
	if err := read(main); err != nil {
		return nil, err
	}
	if !latex.Includes(t.files[main]) {
		return t.files[main], nil
	}
	entries := 0
	err := filepath.WalkDir(folder, func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be read is not included
		}
		if entries++; entries > 10_000 {
			return filepath.SkipAll
		}
		inside, err := filepath.Rel(folder, p)
		if err != nil {
			return err
		}
		inside = filepath.ToSlash(inside)
		switch {
		case entry.IsDir() && inside != "." && (strings.HasPrefix(entry.Name(), ".") || strings.Count(inside, "/") >= 3):
			return filepath.SkipDir
		case entry.Type().IsRegular() && inside != main && texName(inside) && path.Ext(inside) != ".txt":
			if err := read(inside); err != nil && !errors.Is(err, ErrLimit) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return latex.Join(main, t.files), nil
}

// maxTeXArchive is the packed size up to which a tar archive is looked through
// for sources in LaTeX before it is read: those of arXiv have a few megabytes.
const maxTeXArchive = 64 << 20

// texInTar reports whether a tar archive has a source in LaTeX.
func (w *walker) texInTar(name string, size int64) bool {
	if size > maxTeXArchive {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false
	}
	var r io.Reader = f
	if charset.Magic(head[:n]) == "gzip data" {
		packed := &counter{r: f}
		z, err := gzip.NewReader(packed)
		if err != nil {
			return false
		}
		defer z.Close()
		r = &gauge{r: z, packed: packed, ratio: w.limits.Ratio, left: w.limits.ArchiveBytes, most: w.limits.ArchiveBytes}
	}
	t := tar.NewReader(r)
	for range w.limits.Entries {
		header, err := t.Next()
		if err != nil {
			return false
		}
		if header.Typeflag == tar.TypeReg && strings.EqualFold(path.Ext(header.Name), ".tex") {
			begin, _ := io.ReadAll(io.LimitReader(t, headBytes))
			if latex.Main(begin) {
				return true
			}
		}
	}
	return false
}

// texInZip reports whether a ZIP archive has a source in LaTeX.
func texInZip(z *zip.Reader) bool {
	for _, entry := range z.File {
		if strings.EqualFold(path.Ext(entry.Name), ".tex") {
			if head, err := zipHead(entry); err == nil && latex.Main(head) {
				return true
			}
		}
	}
	return false
}

// figure reports files that are the figures or the style of a source in LaTeX.
func figure(name string, head []byte) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".png", ".jpg", ".jpeg", ".eps", ".ps", ".tif", ".tiff", ".gif", ".svg", ".sty", ".cls", ".bst", ".bib", ".clo", ".def", ".fd", ".aux", ".log", ".out", ".toc", ".cfg", ".json":
		return true
	}
	return bytes.HasPrefix(head, []byte("%!PS"))
}
