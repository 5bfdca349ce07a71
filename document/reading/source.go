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
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/charset"
	"github.com/alkahest/alkahest/document/latex"
)

// Limits bound what is read. A zero field means its default.
type Limits struct {
	FileBytes    int64 // of one document, default 256 MiB
	ArchiveBytes int64 // unpacked, of one archive, default 2 GiB
	Entries      int   // of one archive, default 100,000
	Ratio        int64 // of unpacked to packed size beyond the first MiB, default 200
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	if l.ArchiveBytes <= 0 {
		l.ArchiveBytes = 2 << 30
	}
	if l.Entries <= 0 {
		l.Entries = 100_000
	}
	if l.Ratio <= 0 {
		l.Ratio = 200
	}
	return l
}

// ratioFree is the unpacked size below which the ratio does not matter: a page
// of blanks packs well.
const ratioFree = 1 << 20

// Error says why the file of that name was not read. Entries of archives are
// named "archive.zip!inner/name.txt".
type Error struct {
	Name string
	Err  error
}

// Error returns "name: reason".
func (e *Error) Error() string { return e.Name + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Source is a document that was found and not read yet.
type Source struct {
	Name     string // path as given; "archive.zip!inner/name.txt" inside an archive
	Size     int64  // in bytes; -1 when the archive does not say
	Modified time.Time
	Format   document.Format

	data func() ([]byte, error)
}

// Data returns the bytes of the document. For an entry of a tar archive it is
// quick only until the walk goes on; after that the archive is read again from
// its beginning. The error is an [*Error].
func (s *Source) Data() ([]byte, error) {
	data, err := s.data()
	if err != nil {
		return nil, asError(s.Name, err)
	}
	return data, nil
}

func asError(name string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	var p *fs.PathError // it repeats the name
	if errors.As(err, &p) && p.Path == name {
		err = p.Err
	}
	return &Error{Name: name, Err: err}
}

// Walk finds the documents at paths: files, the files in folders and below, and
// the entries of .zip, .tar, .tar.gz, .tgz and .gz archives, and the documents of
// bulk files, also inside archives. Within a folder it
// goes by name. Hidden files and folders are passed over; links to folders are
// not followed. What cannot be read and what is no document comes as an
// [*Error] with a nil source, and the walk goes on. Nothing is unpacked to
// disk. Archives inside archives are not opened.
//
// The iterator can be used several times; each time it looks anew.
func Walk(paths []string, limits Limits) iter.Seq2[*Source, error] {
	limits = limits.withDefaults()
	return func(yield func(*Source, error) bool) {
		w := walker{limits: limits, yield: yield}
		for _, p := range paths {
			if !w.path(p) {
				return
			}
		}
	}
}

// Find returns the source that [Walk] gave that name.
func Find(name string, limits Limits) (*Source, error) {
	limits = limits.withDefaults()
	var found *Source
	var failed error
	w := walker{limits: limits, want: name}
	w.yield = func(s *Source, err error) bool {
		if err != nil {
			var e *Error
			if errors.As(err, &e) && e.Name == name || failed == nil {
				failed = err
			}
			return true
		}
		if s.Name == name {
			found = s
			return false
		}
		return true
	}
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		w.path(name)
	} else {
		// The mark may also be part of a name: try each.
		for i := 0; i < len(name) && found == nil; i++ {
			if name[i] != '!' {
				continue
			}
			if info, err := os.Stat(name[:i]); err == nil && info.Mode().IsRegular() {
				w.path(name[:i])
			}
		}
	}
	switch {
	case found != nil:
		return found, nil
	case failed != nil:
		return nil, failed
	}
	return nil, &Error{Name: name, Err: fs.ErrNotExist}
}

type walker struct {
	limits Limits
	yield  func(*Source, error) bool
	want   string // if not empty, the only name that matters
}

func (w *walker) fail(name string, err error) bool { return w.yield(nil, asError(name, err)) }

// path walks a path that was given: links are followed.
func (w *walker) path(name string) bool {
	info, err := os.Stat(name)
	if err != nil {
		return w.fail(name, err)
	}
	if info.IsDir() {
		return w.folder(name)
	}
	return w.file(name, info)
}

func (w *walker) folder(name string) bool {
	entries, err := os.ReadDir(name) // sorted; what was read before an error counts
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), ".map.yaml") { // what the columns of the sheet beside it are
			continue
		}
		inner := filepath.Join(name, e.Name())
		switch {
		case e.IsDir():
			if !w.folder(inner) {
				return false
			}
		case e.Type()&fs.ModeSymlink != 0:
			info, err := os.Stat(inner)
			switch {
			case err != nil:
				if !w.fail(inner, err) {
					return false
				}
			case info.IsDir():
				if !w.fail(inner, errors.New("link to a folder, not followed")) {
					return false
				}
			default:
				if !w.file(inner, info) {
					return false
				}
			}
		default:
			info, err := e.Info()
			if err != nil {
				if !w.fail(inner, err) {
					return false
				}
				continue
			}
			if !w.file(inner, info) {
				return false
			}
		}
	}
	if err != nil {
		return w.fail(name, err)
	}
	return true
}

// file looks at a file: it is a document, an archive or nothing to read.
func (w *walker) file(name string, info fs.FileInfo) bool {
	if !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return w.fail(name, errors.New("not a regular file"))
	}
	f, err := os.Open(name)
	if err != nil {
		return w.fail(name, err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, headBytes))
	if err != nil {
		return w.fail(name, err)
	}
	switch charset.Magic(head) {
	case "ZIP archive":
		if zipKind(name, head) == "ZIP archive" {
			return w.zip(name, f, info.Size())
		}
	case "empty ZIP archive":
		return w.fail(name, errors.New("empty archive"))
	case "tar archive":
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return w.fail(name, err)
		}
		return w.tar(name, info.Size(), f, nil)
	case "gzip data":
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return w.fail(name, err)
		}
		return w.gzip(name, f, info)
	}
	format, err := Detect(name, head)
	if err != nil {
		return w.fail(name, err)
	}
	switch format {
	case document.LaTeX:
		return w.texFile(name, head, info)
	case document.Email:
		return w.mail(name, info)
	}
	if kind, ok := bulkOf(format, head); ok {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return w.fail(name, err)
		}
		single, goOn, err := w.bulk(name, f, info.ModTime(), format, kind, nil)
		switch {
		case err != nil:
			return w.fail(name, err)
		case !single:
			return goOn
		}
	}
	if info.Size() > w.limits.FileBytes {
		return w.fail(name, tooLarge(info.Size(), w.limits.FileBytes))
	}
	limit := w.limits.FileBytes
	return w.yield(&Source{
		Name: name, Size: info.Size(), Modified: info.ModTime(), Format: format,
		data: func() ([]byte, error) {
			f, err := os.Open(name)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			return readAll(f, info.Size(), limit)
		},
	}, nil)
}

func tooLarge(size, limit int64) error {
	return fmt.Errorf("%w: %d bytes, a document may have %d", ErrLimit, size, limit)
}

// readAll reads at most limit bytes and fails when there are more. A size that
// is announced is not trusted beyond a first buffer of 1 MiB.
func readAll(r io.Reader, size, limit int64) ([]byte, error) {
	var b bytes.Buffer
	if size > 0 {
		b.Grow(int(min(size, limit, 1<<20)) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrLimit, limit)
	}
	return b.Bytes(), nil
}

// inner returns the name of an entry, or false for entries that are passed
// over: folders, hidden files, the forks that macOS adds.
func inner(archive, entry string) (string, bool) {
	entry = strings.ReplaceAll(entry, `\`, "/")
	if strings.HasSuffix(entry, "/") {
		return "", false
	}
	// Cleaned, ".." cannot leave the archive in a message either.
	entry = strings.TrimPrefix(path.Clean("/"+entry), "/")
	for part := range strings.SplitSeq(entry, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "" {
			return "", false
		}
	}
	return archive + "!" + strings.ToValidUTF8(entry, "\uFFFD"), true
}

func (w *walker) wants(name string) bool {
	return w.want == "" || w.want == name || strings.HasPrefix(w.want, name) && w.want[len(name)] == '!'
}

func (w *walker) zip(name string, f *os.File, size int64) bool {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return w.fail(name, fmt.Errorf("broken ZIP archive: %v", err))
	}
	left := w.limits.ArchiveBytes
	entries := 0
	hasTeX := texInZip(z)
	var tex texFiles
	for i, entry := range z.File {
		inside, ok := inner(name, entry.Name)
		if !ok || !entry.Mode().IsRegular() {
			continue
		}
		if entries++; entries > w.limits.Entries {
			return w.fail(name, fmt.Errorf("%w: more than %d files in the archive", ErrLimit, w.limits.Entries))
		}
		if !w.wants(inside) && !hasTeX {
			continue
		}
		if err := w.checkPacking(entry); err != nil {
			if !w.fail(inside, err) {
				return false
			}
			continue
		}
		if left -= int64(entry.UncompressedSize64); left < 0 {
			return w.fail(name, fmt.Errorf("%w: unpacks to more than %d bytes", ErrLimit, w.limits.ArchiveBytes))
		}
		head, err := zipHead(entry)
		if err != nil {
			if !w.fail(inside, fmt.Errorf("broken in the archive: %v", err)) {
				return false
			}
			continue
		}
		if hasTeX && texName(inside) {
			if data, err := w.zipData(name, i, entry.Name); err == nil && tex.add(strings.TrimPrefix(inside, name+"!"), data, entry.Modified) {
				continue
			}
		}
		if hasTeX && figure(inside, head) || !w.wants(inside) {
			continue
		}
		format, err := Detect(inside, head)
		if err == nil && format == document.LaTeX {
			err = errPart
		}
		if err != nil {
			if !w.fail(inside, err) {
				return false
			}
			continue
		}
		if kind, ok := bulkOf(format, head); ok {
			single, goOn, err := w.zipBulk(inside, entry, format, kind)
			switch {
			case err != nil:
				if !w.fail(inside, fmt.Errorf("broken in the archive: %w", err)) {
					return false
				}
				continue
			case !goOn:
				return false
			case !single:
				continue
			}
		}
		if size := entry.UncompressedSize64; size > uint64(w.limits.FileBytes) {
			if !w.fail(inside, tooLarge(int64(min(size, 1<<62)), w.limits.FileBytes)) {
				return false
			}
			continue
		}
		if !w.yield(&Source{
			Name: inside, Size: int64(entry.UncompressedSize64), Modified: entry.Modified, Format: format,
			data: func() ([]byte, error) { return w.zipData(name, i, entry.Name) },
		}, nil) {
			return false
		}
	}
	if entries == 0 {
		return w.fail(name, errors.New("no files in the archive"))
	}
	return tex.sources(w, name)
}

// zipBulk looks for several documents in an entry.
func (w *walker) zipBulk(inside string, entry *zip.File, format document.Format, kind bulkKind) (single, goOn bool, err error) {
	r, err := entry.Open()
	if err != nil {
		return true, true, err
	}
	defer r.Close()
	return w.bulk(inside, r, entry.Modified, format, kind, nil)
}

// checkPacking refuses an entry by what the archive says of how it is packed.
func (w *walker) checkPacking(entry *zip.File) error {
	const encrypted = 1 // APPNOTE.TXT 6.3.10, section 4.4.4, bit 0
	if entry.Flags&encrypted != 0 {
		return errors.New("encrypted")
	}
	size, packed := entry.UncompressedSize64, entry.CompressedSize64
	if size > ratioFree && size/uint64(w.limits.Ratio) > packed {
		return fmt.Errorf("%w: packed more than %d times smaller, as ZIP bombs are", ErrLimit, w.limits.Ratio)
	}
	return nil
}

func zipHead(entry *zip.File) ([]byte, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, headBytes))
}

// zipData opens the archive again and reads entry i.
func (w *walker) zipData(archive string, i int, name string) ([]byte, error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return nil, fmt.Errorf("broken ZIP archive: %v", err)
	}
	defer z.Close()
	if i >= len(z.File) || z.File[i].Name != name {
		return nil, errors.New("the archive has changed")
	}
	r, err := z.File[i].Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// The size that the archive states may be a lie; what comes out is counted.
	limit := w.limits.FileBytes
	if most := max(ratioFree, int64(z.File[i].CompressedSize64)*w.limits.Ratio); most < limit {
		limit = most
	}
	return readAll(r, int64(z.File[i].UncompressedSize64), limit)
}

// gzip looks into a .gz file: a tar archive or a single document.
func (w *walker) gzip(name string, f *os.File, info fs.FileInfo) bool {
	packed := &counter{r: f}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return w.fail(name, fmt.Errorf("broken gzip data: %v", err))
	}
	defer z.Close()
	plain := &gauge{r: z, packed: packed, ratio: w.limits.Ratio, left: w.limits.ArchiveBytes, most: w.limits.ArchiveBytes}
	head, err := io.ReadAll(io.LimitReader(plain, headBytes))
	if err != nil {
		return w.fail(name, fmt.Errorf("broken gzip data: %w", err))
	}
	rest := io.MultiReader(bytes.NewReader(head), plain)
	if charset.Magic(head) == "tar archive" {
		return w.tar(name, info.Size(), rest, plain)
	}
	inside := path.Base(strings.ReplaceAll(z.Name, `\`, "/"))
	if z.Name == "" {
		inside = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	full, ok := inner(name, inside)
	if !ok {
		full = name + "!data"
	}
	if !w.wants(full) {
		return true
	}
	format, err := Detect(full, head)
	if err != nil {
		return w.fail(full, err)
	}
	if kind, ok := bulkOf(format, head); ok {
		single, goOn, err := w.bulk(full, rest, info.ModTime(), format, kind, nil)
		switch {
		case err != nil:
			return w.fail(full, fmt.Errorf("broken gzip data: %w", err))
		case !single:
			return goOn
		}
	}
	limits := w.limits
	return w.yield(&Source{
		Name: full, Size: -1, Modified: info.ModTime(), Format: format,
		data: func() ([]byte, error) {
			f, err := os.Open(name)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			packed := &counter{r: f}
			z, err := gzip.NewReader(packed)
			if err != nil {
				return nil, err
			}
			defer z.Close()
			return readAll(&gauge{r: z, packed: packed, ratio: limits.Ratio, left: limits.FileBytes + 1, most: limits.FileBytes}, 0, limits.FileBytes)
		},
	}, nil)
}

// tar walks the entries of a tar archive as they come. The gauge, if any, has
// the say over what is unpacked.
func (w *walker) tar(name string, size int64, r io.Reader, plain *gauge) bool {
	t := tar.NewReader(r)
	entries := 0
	hasTeX := w.texInTar(name, size)
	var tex texFiles
	for {
		header, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			if plain != nil && plain.err != nil {
				err = plain.err
			}
			return w.fail(name, fmt.Errorf("broken tar archive: %w", err))
		}
		inside, ok := inner(name, header.Name)
		if !ok || header.Typeflag != tar.TypeReg {
			continue
		}
		if entries++; entries > w.limits.Entries {
			return w.fail(name, fmt.Errorf("%w: more than %d files in the archive", ErrLimit, w.limits.Entries))
		}
		if !w.wants(inside) && !hasTeX {
			continue
		}
		head := make([]byte, min(headBytes, header.Size))
		if _, err := io.ReadFull(t, head); err != nil {
			return w.fail(name, fmt.Errorf("broken tar archive: %w", err))
		}
		if hasTeX && texName(inside) && header.Size <= latex.MaxBytes {
			data, err := readAll(io.MultiReader(bytes.NewReader(head), t), header.Size, latex.MaxBytes)
			if err != nil {
				return w.fail(name, fmt.Errorf("broken tar archive: %w", err))
			}
			if tex.add(strings.TrimPrefix(inside, name+"!"), data, header.ModTime) {
				continue
			}
		}
		if hasTeX && figure(inside, head) || !w.wants(inside) {
			continue
		}
		format, err := Detect(inside, head)
		if err == nil && format == document.LaTeX {
			err = errPart
		}
		if err != nil {
			if !w.fail(inside, err) {
				return false
			}
			continue
		}
		here := true // the archive stands at this entry
		var data []byte
		if kind, ok := bulkOf(format, head); ok {
			r := &recorder{r: io.MultiReader(bytes.NewReader(head), t)}
			r.stopped = header.Size > w.limits.FileBytes
			single, goOn, err := w.bulk(inside, r, header.ModTime, format, kind, r.stop)
			data = r.kept // of a single one, which is asked for later
			switch {
			case err != nil:
				return w.fail(name, fmt.Errorf("broken tar archive: %w", err))
			case !goOn:
				return false
			case !single:
				continue
			}
		}
		if header.Size > w.limits.FileBytes {
			if !w.fail(inside, tooLarge(header.Size, w.limits.FileBytes)) {
				return false
			}
			continue
		}
		limits := w.limits
		source := &Source{Name: inside, Size: header.Size, Modified: header.ModTime, Format: format}
		source.data = func() ([]byte, error) {
			if data != nil {
				return data, nil
			}
			if !here {
				again, err := Find(inside, limits)
				if err != nil {
					return nil, err
				}
				return again.data()
			}
			rest, err := readAll(io.MultiReader(bytes.NewReader(head), t), header.Size, limits.FileBytes)
			here = false
			if err != nil {
				return nil, err
			}
			return rest, nil
		}
		if w.want != "" && data == nil { // the archive is closed when Find returns
			if data, err = source.data(); err != nil {
				return w.fail(inside, err)
			}
		}
		if !w.yield(source, nil) {
			return false
		}
		here = false
	}
	if entries == 0 {
		return w.fail(name, errors.New("no files in the archive"))
	}
	return tex.sources(w, name)
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// gauge stops unpacking what grows too much.
type gauge struct {
	r      io.Reader
	packed *counter
	n      int64
	ratio  int64
	left   int64
	most   int64
	err    error
}

func (g *gauge) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	g.left -= int64(n)
	switch {
	case g.left < 0:
		g.err = fmt.Errorf("%w: unpacks to more than %d bytes", ErrLimit, g.most)
		return 0, g.err
	case g.n > ratioFree && g.n/g.ratio > g.packed.n:
		g.err = fmt.Errorf("%w: packed more than %d times smaller, as ZIP bombs are", ErrLimit, g.ratio)
		return 0, g.err
	}
	return n, err
}
