package field

import (
	"errors"
	"fmt"
	"iter"
	"math"
)

// Set is the fields that a program knows. It does not change once made and is
// safe for concurrent use. A nil *Set is empty.
type Set struct {
	fields     []*Field
	properties map[string]*Property // by ID
}

// NewSet returns the set of fields, in that order. A field of a name that an
// earlier one has takes its place if it says so with Replaces; otherwise that
// is an error. Every field must pass Validate. All errors are reported, joined.
func NewSet(fields ...*Field) (*Set, error) {
	s := &Set{properties: map[string]*Property{}}
	at := map[string]int{}
	var errs []error
	for _, f := range fields {
		if err := f.Validate(); err != nil {
			errs = append(errs, err)
			continue
		}
		i, taken := at[f.Name]
		switch {
		case !taken:
			at[f.Name] = len(s.fields)
			s.fields = append(s.fields, f)
		case f.Replaces:
			s.fields[i] = f
		default:
			errs = append(errs, fmt.Errorf("field %s is declared twice; the later may say that it replaces the earlier", f.Name))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for _, f := range s.fields {
		for _, p := range f.Properties {
			s.properties[p.ID()] = p
		}
	}
	return s, nil
}

// Fields yields the fields in their order. The iterator may be used again.
func (s *Set) Fields() iter.Seq[*Field] {
	return func(yield func(*Field) bool) {
		if s == nil {
			return
		}
		for _, f := range s.fields {
			if !yield(f) {
				return
			}
		}
	}
}

// Properties yields the properties of all fields, in the order of the fields
// and of their declarations. The iterator may be used again.
func (s *Set) Properties() iter.Seq[*Property] {
	return func(yield func(*Property) bool) {
		for f := range s.Fields() {
			for _, p := range f.Properties {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// Len returns the number of properties in s.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.properties)
}

// Field returns the field called name, or nil.
func (s *Set) Field(name string) *Field {
	for f := range s.Fields() {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Property returns the property whose full name is id,
// "battery/specific-capacity", or nil.
func (s *Set) Property(id string) *Property {
	if s == nil {
		return nil
	}
	return s.properties[id]
}

// holds reports whether the finite ends of low to high lie in r.
func (r Range) holds(low, high float64) bool {
	openBelow, openAbove := math.IsInf(low, -1), math.IsInf(high, 1)
	if openBelow && openAbove || !(low <= high) {
		return false
	}
	return (openBelow || r.Low <= low && low <= r.High) && (openAbove || r.Low <= high && high <= r.High)
}
