package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/record"
)

// number writes x as a scientist does: six significant digits at most, but all
// before the point, and a power of ten only for the very large and very small.
func number(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-3 || a >= 1e7) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', 5, 64), "e")
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		n, err := strconv.Atoi(exponent)
		if err != nil { // infinite
			return strconv.FormatFloat(x, 'g', 6, 64)
		}
		return mantissa + "×10" + superscript(n)
	}
	s := strconv.FormatFloat(x, 'g', 6, 64)
	if strings.Contains(s, "e") {
		s = strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strings.Replace(s, "-", "−", 1)
}

func superscript(n int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
		"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(n))
}

// value writes a record's value with its unit: "170 mAh/g", "60–65 °C",
// "≥ 90 GPa", "94 ± 2 %".
func value(r *record.Record) string {
	s := interval(r.Low, r.High)
	if r.Error > 0 {
		s += " ± " + number(r.Error)
	}
	if r.Approx {
		s = "~" + s
	}
	if r.Unit != "" {
		s += " " + unit(r.Unit)
	}
	return s
}

// unit writes the symbol of a unit with raised exponents: "mA h g⁻¹".
func unit(symbol string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(symbol, "^")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		end := len(after) - len(strings.TrimLeft(after, "-0123456789"))
		n, err := strconv.Atoi(after[:end])
		if err != nil {
			b.WriteByte('^')
			symbol = after
			continue
		}
		b.WriteString(superscript(n))
		symbol = after[end:]
	}
}

func interval(low, high *float64) string {
	switch {
	case low != nil && high != nil && *low == *high:
		return number(*low)
	case low != nil && high != nil:
		return number(*low) + "–" + number(*high)
	case low != nil:
		return "≥ " + number(*low)
	case high != nil:
		return "≤ " + number(*high)
	}
	return "?"
}

// conditions writes what a value depends on, on one line.
func conditions(cs []record.Condition) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.Name + " " + c.Text
	}
	return strings.Join(parts, ", ")
}

// place says where a record was read: the document, and the page if it has any.
func place(r *record.Record) string {
	if r.Evidence.Page > 0 {
		return fmt.Sprintf("%s:%d", r.Name, r.Evidence.Page)
	}
	return r.Name
}

// shortID is the beginning of a record's identity that tables show.
func shortID(r *record.Record) string { return r.ID[:min(8, len(r.ID))] }

// recordGrid returns an empty table for records.
func recordGrid() *grid {
	return &grid{columns: []column{
		{head: "RECORD"},
		{head: "SUBJECT", least: 12},
		{head: "PROPERTY", least: 26},
		{head: "VALUE"},
		{head: "CONDITIONS", least: 10},
		{head: "CONF", right: true},
		{head: "READ", right: true, rare: true},
		{head: "NOTICE", rare: true},
		{head: "SOURCE", least: 12},
	}}
}

// addRecord adds a row for r.
func (g *grid) addRecord(r *record.Record) {
	g.add(shortID(r), r.Subject.Title(), r.Property, value(r), conditions(r.Conditions),
		strconv.FormatFloat(r.Confidence, 'f', 2, 64), times(r), string(r.Notice), place(r))
}

// times writes in how many places the fact of r was read, if in several: "3×".
func times(r *record.Record) string {
	if r.Readings < 2 {
		return ""
	}
	return strconv.Itoa(r.Readings) + "×"
}

// count writes "1 record", "2 records".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
