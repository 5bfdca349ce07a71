package knowledge

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Fact returns what r states, in one form for all records of a work that state
// the same: subject, property, value and conditions. Numbers are compared in
// coherent SI units and six significant digits, as two places may give them in
// other units. A subject without formula is the same within a work when its
// name is. Uncertainty, "about", and the words themselves do not count: the
// abstract leaves out what the table has. Records whose values differ are
// different facts, and all are kept.
func Fact(r *record.Record) string {
	var b strings.Builder
	part := func(s string) {
		b.WriteString(s)
		b.WriteByte(0)
	}
	key, _ := subjectName(&r.Subject)
	part(key)
	part(r.Property)
	part(measure(r.Low, r.High, r.Unit))
	if r.Low == nil && r.High == nil {
		part(Fold(r.Text))
	}
	conditions := make([]string, len(r.Conditions))
	for i, c := range r.Conditions {
		value := measure(c.Low, c.High, c.Unit)
		if c.Low == nil && c.High == nil {
			value = Fold(c.Text)
		}
		conditions[i] = strings.ToLower(c.Name) + "\x00" + value
	}
	slices.Sort(conditions)
	for _, c := range slices.Compact(conditions) {
		part(c)
	}
	return b.String()
}

// measure writes an interval in one form.
func measure(low, high *float64, unit string) string {
	u, err := quantity.ParseUnit(unit)
	dimension := u.Dimension.String()
	if err != nil || u.Unknown {
		u, dimension = quantity.Unit{Factor: 1}, "?"+unit
	}
	end := func(x *float64) string {
		if x == nil {
			return "open"
		}
		v := Coherent(*x, u)
		// An offset unit loses digits near its zero: 0 °C is 273.15 K.
		if v == 0 || math.IsNaN(v) {
			return "0"
		}
		return strconv.FormatFloat(v, 'e', 5, 64)
	}
	return end(low) + "\x00" + end(high) + "\x00" + dimension
}

// Precedence ranks the places where a fact was read, lower before higher: what
// is doubtful stands behind what is not; formats with markup before PDF, PDF
// before plain text, that before what was read from a picture; in each, the cell of a table before running text. Of equal
// ones the more confident is first.
func Precedence(doc *document.Document, r *record.Record) int {
	rank := 0
	switch {
	case r.Confidence >= 0.8:
	case r.Confidence >= 0.5:
		rank = 100
	default:
		rank = 200
	}
	switch doc.Format {
	case document.PDF:
		rank += 10
	case document.Text, document.Email:
		rank += 20
	case document.Image:
		rank += 30
	}
	if b := r.Evidence.Block; b < 0 || b >= len(doc.Blocks) || doc.Blocks[b].Table == nil {
		rank++
	}
	return rank
}
