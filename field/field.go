// Package field says what a field of expertise declares: the properties it
// knows, with their units, plausible ranges and words. Declarations are files;
// package field/declared reads them.
package field

import (
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/quantity"
)

// Field is one field of expertise.
type Field struct {
	Name        string // "battery"
	Title       string // "Batteries and electrolytes"
	Version     int    // of the declaration, from 1; a change of meaning raises it
	Replaces    bool   // takes the place of an earlier field of the same name in a Set
	Description string
	Properties  []*Property // in the order of the declaration
}

// Property is one property that a field knows.
//
// Names, Korean and Symbols are all the words it goes by; Weak says which of
// them cannot be trusted alone. Processes, States and Unclear do not name the property
// but what its value is the place of.
type Property struct {
	Field        string          // the field's name
	Name         string          // "specific-capacity"
	Title        string          // "specific capacity"
	Description  string          //
	Unit         quantity.Unit   // canonical unit; values are stored in it
	Alternatives []quantity.Unit // units of another dimension that papers use for this property, such as kJ/mol beside eV; values are kept in that unit
	Ranges       []Range         // plausible range of each of Alternatives, in that unit
	Low, High    float64         // plausible range in Unit, inclusive
	Fraction     bool            // a number without a unit is a fraction of one: 0.85 for 85 %; only where Unit is a percentage
	Implied      bool            // a value in exactly Unit is of this property even where no name of it stands: mAh/g
	Decades      bool            // values are mostly told by their power of ten, "above 10⁷": a bare 107 has lost its superscript
	Names        []string        // English names, singular, lower case; matched with plural and hyphen variants
	Korean       []string        // Korean names
	Symbols      []string        // case-sensitive symbols and abbreviations, subscripts written on ("Tg", "PLQY"); never a single Latin letter, which is a unit or a word more often
	Weak         []string        // those of Names, Korean and Symbols that also mean other things ("gap", "Tc") and count only when the unit agrees and something else speaks for the property
	Processes    []string        // what happens at a value ("orders ferromagnetically"): names the property where "at", "below" or the like leads from it to the value
	States       []string        // what holds up to a value ("ferromagnetic"): names the property where "below" or "up to" leads from it to the value
	Unclear      []string        // processes of other properties too ("transition"), which name this one where the document is about it
	Conditions   []string        // names of the conditions that usually go with it
	Subjects     []string        // kinds of subject it is stated of: composition, molecule, polymer, device
	Context      []string        // beginnings of words, lower case, that a document about the property has ("superconduct"); they decide what weak words mean
	Not          []string        // phrases that contain a name but mean something else ("gap distance"); a phrase that names another property needs no mention, the longer name wins
}

// Range is an interval with both ends inside.
type Range struct {
	Low, High float64
}

// ID returns the property's full name, "battery/specific-capacity".
func (p *Property) ID() string { return p.Field + "/" + p.Name }

// Fold returns name as names are compared: lower case, with hyphens, dashes
// and slashes as spaces. Two words of one property must differ folded.
func Fold(name string) string {
	if folded(name) {
		return name
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		switch r {
		case '-', '‐', '‑', '–', '−', '/':
			return true
		}
		return unicode.IsSpace(r)
	}), " ")
}

// folded reports whether name is lower-case ASCII letters and digits with
// single spaces between them, as most names are, so that Fold has no work.
func folded(name string) bool {
	space := true // a space may not come next
	for i := range len(name) {
		switch c := name[i]; {
		case c == ' ' && !space:
			space = true
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			space = false
		default:
			return false
		}
	}
	return !space
}

// Words returns all names and symbols of p: English, Korean, symbols.
func (p *Property) Words() []string {
	return slices.Concat(p.Names, p.Korean, p.Symbols)
}

// IsWeak reports whether word is one of p's weak words.
func (p *Property) IsWeak(word string) bool { return slices.Contains(p.Weak, word) }

// Plausible reports whether a value from low to high, in p.Unit, lies in the
// plausible range with both ends. An infinite end is open ("> 5" is 5 to +Inf)
// and is not looked at, but one end must be finite.
func (p *Property) Plausible(low, high float64) bool {
	return Range{p.Low, p.High}.holds(low, high)
}

// PlausibleIn is Plausible for a value in unit u, which must be p.Unit or one
// of p.Alternatives; in any other unit nothing is plausible.
func (p *Property) PlausibleIn(u quantity.Unit, low, high float64) bool {
	if u == p.Unit {
		return p.Plausible(low, high)
	}
	for i, a := range p.Alternatives {
		if u == a {
			return i < len(p.Ranges) && p.Ranges[i].holds(low, high)
		}
	}
	return false
}
