// Package record holds the atom of knowledge: what a document states of one
// property of one subject, under which conditions, and where it was read.
package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// Record states that a subject has a property with a value under conditions.
type Record struct {
	ID         string      `json:"id"`
	Document   document.ID `json:"document"`
	Name       string      `json:"name"` // the document's name
	Subject    Subject     `json:"subject"`
	Property   string      `json:"property"`        // field/property, as "battery/specific-capacity"
	Text       string      `json:"text"`            // the quantity as written
	Low        *float64    `json:"low"`             // in Unit; nil when open below
	High       *float64    `json:"high"`            // in Unit; equal to Low for a single number; nil when open above
	Error      float64     `json:"error,omitempty"` // half width of a stated uncertainty, in Unit
	Approx     bool        `json:"approximate,omitempty"`
	Unit       string      `json:"unit"` // the property's canonical unit
	Conditions []Condition `json:"conditions,omitempty"`
	Evidence   Evidence    `json:"evidence"`
	Confidence float64     `json:"confidence"`        // 0 to 1
	Reasons    []string    `json:"reasons,omitempty"` // what raised or lowered the confidence

	// What a database adds.
	Readings int             `json:"readings,omitempty"` // places in the documents of the same work that state the same, this one included; 0 for one
	Notice   document.Notice `json:"notice,omitempty"`   // what the publisher has since said of the work
}

// Subject is what a statement is about.
type Subject struct {
	Text     string   `json:"text"` // as written where it was found
	Kind     Kind     `json:"kind"`
	Formula  string   `json:"formula,omitempty"`  // canonical formula, when resolved
	Name     string   `json:"name,omitempty"`     // normalised name
	SMILES   string   `json:"smiles,omitempty"`   // structure of a molecule, or repeat unit of a polymer, when its name is known
	Elements []string `json:"elements,omitempty"` // symbols, by atomic number
	Start    int      `json:"start"`              // bytes into the text of Block
	End      int      `json:"end"`
	Block    int      `json:"block"` // where Text stands, which may be an earlier block than the value's
}

// Title is what people call s: the text, or the name where the text is the bare
// number of a sample: "complex 1b" for the "1b" of "complexes 1a and 1b".
func (s *Subject) Title() string {
	if s.Kind == Named && strings.HasSuffix(s.Name, " "+s.Text) {
		return s.Name
	}
	return s.Text
}

// Kind says what sort of thing a subject is.
type Kind string

// The kinds of subject.
const (
	Composition Kind = "composition"
	Molecule    Kind = "molecule"
	Polymer     Kind = "polymer"
	Device      Kind = "device"
	Named       Kind = "name" // a name or sample label that was not resolved
)

// Condition is something a value depends on.
type Condition struct {
	Name  string   `json:"name"` // "temperature", "current-rate", "cycle", "atmosphere", "method"
	Text  string   `json:"text"`
	Low   *float64 `json:"low,omitempty"` // in Unit
	High  *float64 `json:"high,omitempty"`
	Unit  string   `json:"unit,omitempty"`
	Block int      `json:"block"`
	Start int      `json:"start"`
	End   int      `json:"end"`
}

// Evidence is where a record was read. Text is exactly the bytes Start to End
// of the block's text.
type Evidence struct {
	Block    int    `json:"block"` // index into Document.Blocks
	Page     int    `json:"page,omitempty"`
	Start    int    `json:"start"` // of the value
	End      int    `json:"end"`
	Text     string `json:"text"`     // the value
	Sentence string `json:"sentence"` // the sentence, or the table's label, row and column heads
}

// Identify sets r.ID to a hash of what the record says and where it was read,
// so that reading the same document again gives the same identity.
func (r *Record) Identify() {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%d\x00%d\x00%d\x00%s", r.Document, r.Property, r.Evidence.Block, r.Evidence.Start, r.Evidence.End, r.Subject.Text)
	r.ID = hex.EncodeToString(h.Sum(nil)[:8])
}
