// Package works tells which documents are the same work: a preprint, the
// article in the journal as PDF and as XML, its supporting information, a
// notice that corrects or retracts it.
//
// What a document shows of its work is its [Traits]. Two documents that may be
// the same work have a key in common (see [Traits.Keys]), and [Compare] says
// whether they are, and why. Everything here is a pure function of documents;
// a store finds candidates by their keys, so that no document is compared with
// all others.
package works

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// Traits are what tells a work from others. They are stored, so that a later
// document can be compared without reading this one again.
type Traits struct {
	Identifiers map[string]string `json:"identifiers,omitempty"` // normalised, by kind
	About       map[string]string `json:"about,omitempty"`       // identifiers of the work that this notice is about
	Title       string            `json:"title,omitempty"`       // letters and digits only, without "Retracted:" and the like
	Part        Part              `json:"part,omitempty"`
	First       []string          `json:"first,omitempty"`   // words of the name of the first author
	Authors     []string          `json:"authors,omitempty"` // words of the names of the first few authors
	Year        int               `json:"year,omitempty"`
	Notice      document.Notice   `json:"notice,omitempty"`
	Sketch      Sketch            `json:"sketch,omitzero"`
}

// Part says which part of a work a document is.
type Part string

// The parts.
const (
	Main       Part = ""
	Supplement Part = "supplement" // supporting information
	NoticePart Part = "notice"     // of a correction, concern or retraction
)

// Describe returns the traits of doc.
func Describe(doc *document.Document) *Traits {
	heading := readTitle(doc.Title)
	t := &Traits{
		Identifiers: identifiers(doc.Identifiers),
		About:       identifiers(doc.About),
		Title:       letters(heading.title),
		Part:        heading.part,
		Notice:      document.Worst(doc.Notice, heading.notice),
		Sketch:      sketch(doc),
	}
	if len(t.About) > 0 {
		t.Part = NoticePart
	}
	const named = 10 // authors looked at
	for i, a := range doc.Authors[:min(named, len(doc.Authors))] {
		words := nameWords(a)
		if i == 0 {
			t.First = words
		}
		t.Authors = append(t.Authors, words...)
	}
	slices.Sort(t.Authors)
	t.Authors = slices.Compact(t.Authors)
	if len(doc.Date) >= 4 {
		if year, err := strconv.Atoi(doc.Date[:4]); err == nil {
			t.Year = year
		}
	}
	return t
}

// Key is a hash that documents of the same work are likely to share.
type Key struct {
	Hash   int64
	Strong bool // of an identifier, which alone is enough
}

// Lengths of normalised titles in letters, of which a Korean syllable or a
// Chinese character counts as two. A shorter one, such as "Introduction",
// says nothing.
const (
	minTitle      = 20 // together with the first author
	minTitleAlone = 40 // where the authors of one document are not known
)

// Keys returns the keys of t, strong ones first.
func (t *Traits) Keys() []Key {
	var keys []Key
	add := func(strong bool, s string) {
		h := fnv.New64a()
		h.Write([]byte(s)) // never fails
		k := Key{int64(h.Sum64()), strong}
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, ids := range []map[string]string{t.Identifiers, t.About} {
		for _, kind := range slices.Sorted(maps.Keys(ids)) {
			add(true, kind+":"+ids[kind])
			if id, ok := arxivOfDOI(ids[kind]); ok && kind == doi {
				add(true, arxiv+":"+id)
			}
		}
	}
	if titleLength(t.Title) >= minTitle {
		add(false, "title:"+t.Title)
	}
	for i, band := range t.Sketch.bands() {
		if band != 0 {
			add(false, fmt.Sprintf("text%d:%x", i, band))
		}
	}
	return keys
}

// Relation is what two documents are to each other.
type Relation int

// The relations.
const (
	Unknown   Relation = iota // nothing says that they belong together, or that they do not
	Different                 // not the same work, whatever else they have in common
	Alike                     // the same work by title or text, unless something speaks against it
	Same                      // the same work by an identifier
)

// Compare says what two documents are to each other, and for Alike and Same
// what shows it.
func Compare(a, b *Traits) (Relation, string) {
	if kind, id, ok := sharedIdentifier(a, b); ok {
		if contradict(a, b) {
			// A number read from the wrong place: of a cited paper, or of the journal.
			return Different, ""
		}
		return Same, fmt.Sprintf("same %s %s", kindNames[kind], id)
	}
	length := titleLength(a.Title)
	sameTitle := length >= minTitle && a.Title == b.Title
	authors := share(a.First, b.First)
	known := len(a.First) > 0 && len(b.First) > 0
	if (a.Part == NoticePart) != (b.Part == NoticePart) {
		// A notice has identifiers and often authors of its own.
		if sameTitle && (authors || length >= minTitleAlone) {
			return Alike, "a notice names its title"
		}
		return Unknown, ""
	}
	if conflict(a, b) {
		return Different, ""
	}
	near := a.Year == 0 || b.Year == 0 || max(a.Year-b.Year, b.Year-a.Year) <= maxYears
	switch {
	case sameTitle && near && authors && a.Year != 0 && b.Year != 0:
		return Alike, "same title, first author and year"
	case sameTitle && near && authors:
		return Alike, "same title and first author"
	case sameTitle && known:
		return Unknown, "" // the same words by others, or at another time
	case sameTitle && near && length >= minTitleAlone:
		return Alike, "same title"
	}
	if j := a.Sketch.similarity(&b.Sketch); j >= minSimilarity {
		return Alike, fmt.Sprintf("same text (similarity %.2f)", j)
	}
	return Unknown, ""
}

// maxYears is how many years may lie between a preprint and its article.
const maxYears = 2

// contradict reports whether neither title nor authors have anything in
// common, where both are known.
func contradict(a, b *Traits) bool {
	return titleLength(a.Title) >= minTitle && titleLength(b.Title) >= minTitle && len(a.Authors) > 0 && len(b.Authors) > 0 &&
		a.Part == b.Part && a.Title != b.Title &&
		!strings.Contains(a.Title, b.Title) && !strings.Contains(b.Title, a.Title) && !share(a.Authors, b.Authors)
}

// share reports whether two lists have a word in common.
func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
