// Package knowledge is the database of what was read: documents, their blocks
// and the records stated in them, the language in which one asks for records,
// and the jobs by which documents come in. It knows no SQL; a store is a
// package below this one, and every store passes the suite in storetest.
package knowledge

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/record"
)

// Store is a database of documents and records. All methods may be called from
// several goroutines; streams are single-use, and a stream that fails yields
// its error last, beside a nil value.
type Store interface {
	// Enqueue notes the sources that have to be read. Those that were read
	// before and have not changed since are passed over. A source that arrives
	// with an error is stored as failed for that reason; an error without a
	// source ends the call.
	Enqueue(ctx context.Context, sources iter.Seq2[*Source, error], options EnqueueOptions) (Queued, error)

	// Work reads everything that waits to be read and returns when nothing
	// waits any longer. A source that cannot be read becomes a failed source
	// and does not end the call; an error of the store itself does, and leaves
	// unread sources waiting for the next call.
	Work(ctx context.Context, read ReadFunc, options WorkOptions) error

	// Documents lists what was read, the documents of a work together, behind
	// the one that stands for it and by its name; then the sources that failed, then those
	// that wait.
	Documents(ctx context.Context, filter DocumentFilter) iter.Seq2[*DocumentInfo, error]

	// Document returns one document with all its blocks, or ErrNotFound.
	Document(ctx context.Context, id document.ID) (*document.Document, error)

	// Query streams the records that q asks for. A limit of 0 or less means all.
	Query(ctx context.Context, q *Query, order Order, limit int) iter.Seq2[*record.Record, error]

	// Record returns the record whose identity begins with prefix, ErrNotFound,
	// or an *AmbiguousError.
	Record(ctx context.Context, prefix string) (*record.Record, error)

	// Readings streams all records of the fact that the record with this
	// identity states, in all documents of its work, best first.
	Readings(ctx context.Context, id string) iter.Seq2[*record.Record, error]

	// StateNotices notes what a service says of works, in place of what was
	// noted before, and returns how many works are judged differently now. It
	// also counts for documents that are read later.
	StateNotices(ctx context.Context, notices []StatedNotice) (changed int, err error)

	// Search streams the blocks that contain all words of text, best first.
	// Words between double quotes must stand together.
	Search(ctx context.Context, text string, limit int) iter.Seq2[*Passage, error]

	// Stats counts what is stored.
	Stats(ctx context.Context) (*Stats, error)

	// Close waits for calls in progress and releases the store.
	Close() error
}

// Errors that stores report.
var (
	// ErrNotFound reports that nothing has the identity asked for.
	ErrNotFound = errors.New("not found")
	// ErrLocked reports that another process is reading into the store.
	ErrLocked = errors.New("another process is reading into this database")
	// ErrNewer reports that the store was written by a newer version of the
	// program, whose schema this version does not know.
	ErrNewer = errors.New("written by a newer version of the program")
)

// AmbiguousError reports that several records have an identity that begins
// with Prefix.
type AmbiguousError struct {
	Prefix string
	IDs    []string // the first few of them
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q is the beginning of several records: %s", e.Prefix, strings.Join(e.IDs, ", "))
}

// Source is something to read: a file, or an entry of an archive.
type Source struct {
	Name     string    // as the user gave it; "archive.zip!inner/name.txt" inside an archive
	Size     int64     // bytes; -1 when unknown
	Modified time.Time // of the file, or of the archive that contains it; zero when unknown
}

// ReadFunc reads one source. When it reports an error the source is stored as
// failed with that reason; a document returned beside the error only lends its
// identity. It is called from several goroutines. A panic becomes a failure of
// that source.
type ReadFunc func(ctx context.Context, source Source) (*document.Document, []*record.Record, error)

// EnqueueOptions says what to read again. The zero value reads what is new,
// changed, or was read by another version of the reader.
type EnqueueOptions struct {
	Retry  bool   // also sources that failed and have not changed since
	Again  bool   // everything, changed or not
	Reader string // version of the reader; documents read by another version are read again
}

// Queued counts what Enqueue did.
type Queued struct {
	New    int // sources that now wait to be read
	Known  int // sources that were read before and have not changed
	Failed int // sources that failed before and have not changed, or came with an error
}

// WorkOptions says how to read. The zero value is sensible.
type WorkOptions struct {
	Workers int    // readers at a time; 0 means one for each processor
	Reader  string // version of the reader, stored with each document

	// Identify, when set, returns the identity of a source's bytes without
	// understanding them. A source whose bytes are in the store already is then
	// noted as another name of that document and not read.
	Identify func(ctx context.Context, source Source) (document.ID, error)

	// Progress, when set, is called after each source, once its result is
	// safely stored. Calls do not overlap.
	Progress func(Event)
}

// Event says what became of one source.
type Event struct {
	Source   Source
	Document document.ID // empty when nothing could be identified
	Status   Status      // Read or Failed
	Known    bool        // the same bytes were in the store already
	Reason   string      // of a failure
	Warnings []string    // of the document
	Blocks   int
	Records  int
	Done     int // sources finished in this call of Work, this one included
	Total    int // sources that this call of Work has to finish
}

// Status says how far a source has come.
type Status string

// The states of a source.
const (
	Pending Status = "pending"
	Read    Status = "read"
	Failed  Status = "failed"
)

// DocumentInfo describes a document without its blocks, or a source of which
// there is no document because it failed or waits.
type DocumentInfo struct {
	ID          document.ID       `json:"id,omitempty"` // empty unless read
	Names       []string          `json:"names"`        // every name under which these bytes were read
	Status      Status            `json:"status"`
	Reason      string            `json:"reason,omitempty"` // of a failure
	Format      document.Format   `json:"format,omitempty"`
	Title       string            `json:"title,omitempty"`
	Authors     []string          `json:"authors,omitempty"`
	Identifiers map[string]string `json:"identifiers,omitempty"`
	Date        string            `json:"date,omitempty"`
	Language    string            `json:"language,omitempty"`
	Pages       int               `json:"pages,omitempty"`
	Blocks      int               `json:"blocks"`
	Records     int               `json:"records"`
	Size        int64             `json:"size"` // bytes; -1 when unknown
	Warnings    []string          `json:"warnings,omitempty"`
	Reader      string            `json:"reader,omitempty"`
	ReadAt      time.Time         `json:"read_at,omitzero"`
	License     string            `json:"license,omitempty"`
	Origin      string            `json:"origin,omitempty"` // address that it was fetched from
	Work        document.ID       `json:"work,omitempty"`   // of the document that stands for the work; empty unless read
	Joined      string            `json:"joined,omitempty"` // why it belongs to the work; empty for the one that stands for it
	Notice      document.Notice   `json:"notice,omitempty"`
	WorkNotice  document.Notice   `json:"work_notice,omitempty"` // the gravest of all documents of the work
}

// StatedNotice is what a service says of a work.
type StatedNotice struct {
	DOI    string
	Notice document.Notice // none takes back what was noted
	Origin string          // who says so
	At     time.Time
}

// DocumentFilter chooses documents. The zero value chooses all.
type DocumentFilter struct {
	Status Status // only this state
	Like   string // only names that match this pattern, in which * stands for any characters and ? for one
}

// Passage is a block found by Search.
type Passage struct {
	Document document.ID   `json:"document"`
	Name     string        `json:"name"`
	Title    string        `json:"title,omitempty"`
	Block    int           `json:"block"` // index into Document.Blocks
	Kind     document.Kind `json:"kind"`
	Page     int           `json:"page,omitempty"`
	Section  []string      `json:"section,omitempty"`
	Text     string        `json:"text"`
	Score    float64       `json:"score"` // larger is better; comparable only within one search
}

// Stats counts what is stored.
type Stats struct {
	Documents  int             `json:"documents"`
	Works      int             `json:"works"`     // documents of the same work counted once
	Retracted  int             `json:"retracted"` // documents of retracted works
	Sources    int             `json:"sources"`   // names; one document may have several
	Failed     int             `json:"failed"`
	Pending    int             `json:"pending"`
	Blocks     int             `json:"blocks"`
	Records    int             `json:"records"`
	Facts      int             `json:"facts"`      // records that state the same in one work counted once
	Properties []PropertyCount `json:"properties"` // most facts first
	Bytes      int64           `json:"bytes"`      // that the store occupies
}

// PropertyCount is the number of facts, and of the records that state them, of
// one property.
type PropertyCount struct {
	Property string `json:"property"`
	Facts    int    `json:"facts"`
	Records  int    `json:"records"`
}

// Order says in which order Query yields records.
type Order string

// The orders. Records of equal rank stand by identity, so that every order is
// total and repeatable.
const (
	ByConfidence      Order = "confidence"       // most confident first; the zero Order means this
	ByValue           Order = "value"            // by property, smallest first, in coherent SI units
	ByValueDescending Order = "value-descending" // by property, largest first
	BySubject         Order = "subject"
	ByDocument        Order = "document" // by document name, then as read
)

// SubjectKey returns the key under which statements are held to be about the
// same subject: the canonical formula, else the normalised name. A subject
// that was not resolved, such as a sample label, is only the same within one
// document, so its key contains the document's identity.
func SubjectKey(r *record.Record) string {
	name, resolved := subjectName(&r.Subject)
	if !resolved {
		return string(r.Document) + ":" + name
	}
	return name
}

// subjectName returns the name of a subject in one form, and whether it means
// the same in every document.
func subjectName(s *record.Subject) (name string, resolved bool) {
	switch {
	case s.Formula != "":
		return "formula:" + s.Formula, true
	case s.Name != "" && s.Kind != record.Named:
		return "name:" + Fold(s.Name), true
	case s.Name != "":
		return Fold(s.Name), false
	default:
		return Fold(s.Text), false
	}
}

// Fold returns s in lower case, with runs of white space made one space.
func Fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
