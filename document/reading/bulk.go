package reading

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/jats"
	"github.com/alkahest/alkahest/document/patent"
)

// A bulk file holds many documents one after another: patent offices and
// PubMed Central publish thousands as one file. It is read as a stream, of
// which one document at a time is in memory, and its documents are named as
// entries of archives are: "ipg180612.xml!US9999991B2".

// bulkKind says how the documents of a bulk file are told apart.
type bulkKind struct {
	mark string // a document begins at this mark, or
	item string // is an element of this name
}

// bulkOf returns how a file that begins with head would be divided, or false
// for formats that do not come in bulk.
func bulkOf(format document.Format, head []byte) (bulkKind, bool) {
	switch format {
	case document.Patent:
		if patent.IsAPS(head) {
			return bulkKind{mark: "\nPATN"}, true
		}
		if i := bytes.Index(head, []byte("exchange-documents")); i >= 0 {
			return bulkKind{item: prefix(head, i) + "exchange-document"}, true
		}
		return bulkKind{mark: "<?xml v"}, true
	case document.JATS:
		for _, wrapper := range [...]string{"<pmc-articleset", "<articles>"} {
			if bytes.Contains(head, []byte(wrapper)) {
				return bulkKind{item: "article"}, true
			}
		}
	}
	return bulkKind{}, false
}

// prefix returns the prefix, with its colon, of the name that stands at i.
func prefix(head []byte, i int) string {
	j := i
	for j > 0 && head[j-1] != '<' && i-j < 32 {
		j--
	}
	if j > 0 && head[j-1] == '<' && i > j && head[i-1] == ':' {
		return string(head[j:i])
	}
	return ""
}

// splitter divides a stream into documents of at most limit bytes.
type splitter struct {
	r     io.Reader
	kind  bulkKind
	limit int

	store []byte // behind buf
	buf   []byte // read and not yet returned
	done  int    // of buf that was returned by the last call
	err   error
}

// errTooLong is returned for a document over the limit; the next call goes on
// behind it.
var errTooLong = fmt.Errorf("%w: a document of the bulk file is too large", ErrLimit)

// chunk is how much is read at a time.
const chunk = 1 << 20

// next returns the next document, valid until the call after, or io.EOF.
func (s *splitter) next() ([]byte, error) {
	s.drop(s.done)
	s.done = 0
	begin, ok := s.seek(0, s.beginning)
	if !ok {
		return nil, s.failure()
	}
	if s.kind.item != "" {
		s.drop(begin)
		end, ok := s.seek(1, func(b []byte) (int, int) { return find(b, "</"+s.kind.item, " >") })
		if !ok {
			return nil, s.failure()
		}
		if close := bytes.IndexByte(s.buf[end:], '>'); close >= 0 {
			end += close + 1
		} else {
			end = len(s.buf)
		}
		s.done = end
		return s.buf[:end], nil
	}
	// A document reaches to the beginning of the next one.
	end, ok := s.seek(begin+1, s.beginning)
	switch {
	case ok:
	case errors.Is(s.err, io.EOF) && len(s.buf) > begin:
		end = len(s.buf)
	default:
		return nil, s.failure()
	}
	s.done = end
	return bytes.TrimPrefix(s.buf[:end], []byte("\n")), nil
}

func (s *splitter) failure() error {
	if s.err == errTooLong {
		s.err = nil
		return errTooLong
	}
	if s.err == nil {
		return io.EOF
	}
	return s.err
}

func (s *splitter) drop(n int) { s.buf = s.buf[n:] }

// beginning finds where a document begins in b, and how much of b holds no
// beginning for certain.
func (s *splitter) beginning(b []byte) (at, searched int) {
	if s.kind.item != "" {
		return find(b, "<"+s.kind.item, " >\r\n\t")
	}
	return find(b, s.kind.mark, "")
}

// find returns the place in b of mark with one of the characters after behind
// it (any, if after is empty), or -1.
func find(b []byte, mark, after string) (at, searched int) {
	from := 0
	for {
		i := bytes.Index(b[from:], []byte(mark))
		if i < 0 {
			return -1, max(from, len(b)-len(mark))
		}
		i += from
		behind := i + len(mark)
		if after == "" {
			return i, i
		}
		if behind == len(b) {
			return -1, i
		}
		if strings.IndexByte(after, b[behind]) >= 0 {
			return i, i
		}
		from = behind
	}
}

// seek reads on until match finds a place at or behind from. Without one it
// returns false, with s.err set.
func (s *splitter) seek(from int, match func([]byte) (at, searched int)) (int, bool) {
	whole := from > 0 // a document is being gathered, which must fit
	for {
		at, searched := match(s.buf[min(from, len(s.buf)):])
		if at >= 0 {
			return from + at, true
		}
		from += max(0, searched)
		if s.err != nil {
			return 0, false
		}
		switch {
		case !whole && from > chunk:
			s.drop(from) // nothing begins here
			from = 0
		case whole && len(s.buf) > s.limit:
			// Pass over it, in pieces.
			if !s.skip(match) {
				return 0, false
			}
			s.err = errTooLong
			return 0, false
		}
		s.fill()
	}
}

// skip drops what is there up to the next place that match finds.
func (s *splitter) skip(match func([]byte) (at, searched int)) bool {
	s.drop(1)
	for {
		at, searched := match(s.buf)
		if at >= 0 {
			s.drop(at)
			return true
		}
		if s.err != nil {
			if s.err == io.EOF {
				s.buf = nil
				return true
			}
			return false
		}
		s.drop(min(max(0, searched), len(s.buf)))
		s.fill()
	}
}

func (s *splitter) fill() {
	n := len(s.buf)
	if cap(s.buf)-n < chunk {
		if cap(s.store) < n+chunk {
			s.store = make([]byte, 2*n+2*chunk)
		}
		copy(s.store, s.buf)
		s.buf = s.store[:n]
	}
	k, err := io.ReadFull(s.r, s.buf[n:n+chunk])
	s.buf = s.buf[:n+k]
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	if err != nil && s.err == nil {
		s.err = err
	}
}

// newSplitter returns a splitter of r. A mark that begins with a line end also
// stands at the beginning of the stream.
func newSplitter(r io.Reader, kind bulkKind, limit int64) *splitter {
	s := &splitter{r: r, kind: kind, limit: int(min(limit, 1<<31-1))}
	if strings.HasPrefix(kind.mark, "\n") {
		s.buf = []byte("\n")
	}
	return s
}

// recorder keeps what is read through it, for a document that may turn out to
// be alone, until it is known not to be.
type recorder struct {
	r       io.Reader
	kept    []byte
	stopped bool
}

func (r *recorder) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if !r.stopped {
		r.kept = append(r.kept, b[:n]...)
	}
	return n, err
}

func (r *recorder) stop() { r.kept, r.stopped = nil, true }

// bulk walks the documents of the stream r. It yields none and reports single
// where there are not several, and goOn as the walk says. Before it yields the
// first of several it calls several, which may be nil.
func (w *walker) bulk(name string, r io.Reader, modified time.Time, format document.Format, kind bulkKind, several func()) (single, goOn bool, err error) {
	s := newSplitter(r, kind, w.limits.FileBytes)
	var first []byte // kept until it is known that there is a second
	seen := map[string]int{}
	for k := 0; ; k++ {
		part, err := s.next()
		switch {
		case err == io.EOF:
			return k == 0 || k == 1 && first != nil, true, nil
		case err == errTooLong:
			if !w.fail(name, err) {
				return false, false, nil
			}
			continue
		case err != nil && k < 2:
			return true, true, err
		case err != nil:
			return false, w.fail(name, err), nil
		case k == 0:
			first = bytes.Clone(part)
			continue
		}
		if first != nil {
			if several != nil {
				several()
			}
			if !w.part(name, first, modified, format, seen) {
				return false, false, nil
			}
			first = nil
		}
		if len(seen) >= w.limits.Entries {
			return false, w.fail(name, fmt.Errorf("%w: more than %d documents in the bulk file", ErrLimit, w.limits.Entries)), nil
		}
		if !w.part(name, part, modified, format, seen) {
			return false, false, nil
		}
	}
}

// part yields one document of a bulk file.
func (w *walker) part(name string, part []byte, modified time.Time, format document.Format, seen map[string]int) bool {
	id := identity(format, part, len(seen)+1)
	seen[id]++
	if n := seen[id]; n > 1 {
		id = fmt.Sprintf("%s~%d", id, n)
		seen[id]++
	}
	inside := name + "!" + id
	if !w.wants(inside) {
		return true
	}
	here := true // the stream stands at this document
	var data []byte
	limits := w.limits
	source := &Source{Name: inside, Size: int64(len(part)), Modified: modified, Format: format}
	source.data = func() ([]byte, error) {
		switch {
		case data != nil:
			return data, nil
		case here:
			return bytes.Clone(part), nil
		}
		again, err := Find(inside, limits)
		if err != nil {
			return nil, err
		}
		return again.data()
	}
	if w.want != "" { // the stream is closed when Find returns
		data = bytes.Clone(part)
	}
	ok := w.yield(source, nil)
	here = false
	return ok
}

// identity returns the name of a document in a bulk file: its number, or what
// it is by order.
func identity(format document.Format, part []byte, order int) string {
	head := part[:min(len(part), headBytes)]
	id := ""
	switch format {
	case document.Patent:
		id = patent.NumberIn(head)
	case document.JATS:
		id = jats.IdentifierIn(head)
	}
	if id == "" {
		return fmt.Sprintf("document-%06d", order)
	}
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '!' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, id)
}

// Forward reports the file whose documents are found only by reading it from
// its beginning, a tar archive or a bulk file, if name is that of a document in
// one.
func Forward(name string) (file string, ok bool) {
	for i := 0; i < len(name); i++ {
		if name[i] != '!' {
			continue
		}
		file := name[:i]
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		lower := strings.ToLower(file)
		if strings.HasSuffix(lower, ".tgz") || strings.HasSuffix(lower, ".tar.gz") {
			return file, true
		}
		switch filepath.Ext(lower) {
		case ".zip", ".gz": // one document of them needs no others, unless it is in bulk
			return file, strings.Contains(name[i+1:], "!")
		}
		return file, true
	}
	return "", false
}
