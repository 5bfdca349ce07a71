// Package field says what a field of expertise declares: the properties it
// knows, with their units, plausible ranges and words. Declarations are files;
// package field/declared reads them.
package field

import "github.com/alkahest/alkahest/quantity"

// Field is one field of expertise.
type Field struct {
	Name        string // "battery"
	Title       string // "Batteries and electrolytes"
	Version     int
	Description string
	Properties  []*Property
}

// Property is one property that a field knows.
type Property struct {
	Field        string // the field's name
	Name         string // "specific-capacity"
	Title        string // "specific capacity"
	Description  string
	Unit         quantity.Unit // canonical unit; values are stored in it
	Alternatives []quantity.Unit // units of another dimension that papers use for this property, such as wt% for a ratio; kept in that unit
	Low, High    float64       // plausible range in Unit, inclusive
	Names        []string      // English names, singular, lower case; matched with plural and hyphen variants
	Korean       []string      // Korean names
	Symbols      []string      // case-sensitive symbols and abbreviations: "Tg", "Eg", "PLQY"
	Conditions   []string      // names of the conditions that usually go with it
	Subjects     []string      // kinds of subject it is stated of: composition, molecule, polymer, device
	Not          []string      // phrases that contain a name but mean something else ("band gap tuning" is fine, "gap distance" is not)
}

// ID returns the property's full name, "battery/specific-capacity".
func (p *Property) ID() string { return p.Field + "/" + p.Name }
