package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// carried is what the sentences of a paragraph, read in order, said of circumstances.
type carried struct {
	block   int
	setting []scoped           // what a sentence without values said of how the following ones were measured
	last    []record.Condition // of each name, what was said last
}

// carries are the conditions that hold until another one of their name is stated.
var carries = map[string]bool{
	"temperature": true, "current-rate": true, "current-density": true, "voltage-window": true, "luminance": true, "frequency": true, "magnetic-field": true, "humidity": true, "scan-rate": true, "atmosphere": true,
}

// rivalNames are the conditions of which a value has one only.
var rivalNames = map[string]string{"current-rate": "current-density", "current-density": "current-rate"}

// setUp remembers what sentence s of block b, which states no value, says of how
// those of the following sentences were measured: "All cells were cycled at 0.5C."
func (r *reading) setUp(b int, s span) {
	text := r.doc.Blocks[b].Text
	if sentence := text[s.start:s.end]; !tellsHow(sentence) || madeAt(sentence) {
		return
	}
	quantities := within(r.mentions[b].quantities, quantitySpan, s)
	conditions := r.conditions(b, s, quantities, nil)
	for _, q := range quantities {
		if q.UnitSpan.End > q.UnitSpan.Start && !coveredBy(conditions, q.Start) && !strings.HasSuffix(strings.TrimRight(text[:q.Start], " "), "=") && q.Quantity.Unit.Dimension != (quantity.Dimension{}) {
			return // states a value of something
		}
	}
	conditions = slices.DeleteFunc(conditions, func(c record.Condition) bool {
		return !carries[c.Name] || c.Name == "voltage-window" && !ranges(c) || processed(text, c.Start) || lasted(text, c.End) || strings.HasSuffix(text[:c.Start], "up to ")
	})
	r.remember(b, conditions)
	r.circum.setting = append(r.circum.setting, r.scopes(b, s, conditions)...)
}

// ranges reports whether c is an interval: one voltage is no window.
func ranges(c record.Condition) bool { return c.Low != nil && c.High != nil && *c.Low < *c.High }

// lasted reports whether what ends at i goes on for a time, as what is done to a sample
// does: "at 350 °C for 24 h".
func lasted(text string, i int) bool {
	rest, ok := strings.CutPrefix(text[i:], " for ")
	return ok && rest != "" && rest[0] >= '0' && rest[0] <= '9'
}

// remember notes that conditions are the last of their names in block b: what was set
// before holds no longer.
func (r *reading) remember(b int, conditions []record.Condition) {
	if r.circum.block != b {
		r.circum = carried{block: b}
	}
	for _, c := range conditions {
		r.circum.last = slices.DeleteFunc(r.circum.last, func(o record.Condition) bool { return o.Name == c.Name })
		r.circum.last = append(r.circum.last, c)
		r.circum.setting = slices.DeleteFunc(r.circum.setting, func(o scoped) bool { return o.Name == c.Name || o.Name == rivalNames[c.Name] })
	}
}

// carry adds to own, the conditions of a value of p in sentence s of block b, those that
// an earlier sentence set, or to which s refers: "at the same temperature".
func (r *reading) carry(b int, s span, p *field.Property, own []record.Condition) []record.Condition {
	if r.circum.block != b || len(r.circum.last) == 0 {
		return own
	}
	low := asciiLower(r.doc.Blocks[b].Text[s.start:s.end])
	if strings.Contains(low, "theoretical") {
		return own // computed, and measured under no condition
	}
	add := func(c record.Condition) {
		if c.Name == "temperature" && p.Unit.Dimension == kelvin || !slices.Contains(p.Conditions, c.Name) {
			return
		}
		if !slices.ContainsFunc(own, func(o record.Condition) bool { return o.Name == c.Name || o.Name == rivalNames[c.Name] }) {
			own = append(own, c)
		}
	}
	for _, c := range belonging(r.circum.setting, p, false) {
		add(c)
	}
	for _, again := range repeats {
		i := strings.Index(low, again.words)
		if i < 0 || !wholeWord(low, i, i+len(again.words)) {
			continue
		}
		for _, c := range r.circum.last {
			if carries[c.Name] && (again.name == "" || again.name == c.Name) {
				add(c)
			}
		}
	}
	slices.SortStableFunc(own, func(a, b record.Condition) int { return a.Start - b.Start })
	return own
}

// repeats are the words that refer to a condition stated before, "" to all.
var repeats = []struct{ words, name string }{
	{"same temperature", "temperature"}, {"this temperature", "temperature"}, {"that temperature", "temperature"}, {"same current density", "current-density"}, {"this current density", "current-density"},
	{"same rate", "current-rate"}, {"this rate", "current-rate"}, {"same luminance", "luminance"}, {"this luminance", "luminance"}, {"same brightness", "luminance"}, {"this brightness", "luminance"},
	{"same frequency", "frequency"}, {"this frequency", "frequency"}, {"same field", "magnetic-field"}, {"this field", "magnetic-field"}, {"same humidity", "humidity"},
	{"same conditions", ""}, {"identical conditions", ""}, {"same condition", ""},
}
