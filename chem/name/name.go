// Package name turns names of molecules and polymers into structures: common,
// trade and short names through a table with sources, and systematic names by
// the rules of IUPAC. What a name does not say is an error that tells which
// part of it is not understood; a structure is never guessed.
package name

import (
	"fmt"
	"unicode/utf8"
)

// Error reports what is not understood in a name.
type Error struct {
	Name   string
	At     int // byte of Name
	Reason string
	open   bool // only a position is not given
}

func (e *Error) Error() string {
	if e.Name == "" {
		return e.Reason
	}
	return fmt.Sprintf("name %q: character %d: %s", e.Name, utf8.RuneCountInString(e.Name[:min(e.At, len(e.Name))])+1, e.Reason)
}

// Systematic is a structure read from a systematic name.
type Systematic struct {
	SMILES string // in Kekulé form, if it has no configurations
	// NotKept are the stereo descriptors of the name that SMILES does not say.
	NotKept []string
}

// ParseSystematic reads a systematic name, in the manner of IUPAC or of
// Chemical Abstracts. The error is an [Error].
func ParseSystematic(name string) (*Systematic, error) {
	t := prepare(name)
	switch {
	case t.raw == "":
		return nil, &Error{Name: name, Reason: "empty"}
	case len(t.raw) > maxName:
		return nil, &Error{Name: name, At: maxName, Reason: fmt.Sprintf("longer than %d bytes", maxName)}
	}
	r := &reader{t: t, scan: &scanner{s: t.small, raw: t.raw, memo: map[[2]int][]*node{}}}
	b, err := r.systematic()
	if err != nil {
		return nil, t.fail(err)
	}
	smiles, notKept := b.structure()
	return &Systematic{SMILES: smiles, NotKept: notKept}, nil
}
