package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/record"
)

// scoped is a condition that a caption or a sentence about a table states, with the
// properties whose values it belongs to.
type scoped struct {
	record.Condition
	of []*propertyMention // nil for those of the whole table
}

// scopes says which of the properties that s, a sentence of block i, names each of its
// conditions belongs to: "conductivity at 800 °C and expansion coefficient (25–800 °C)".
// Conditions belong to what is named before them, back to the last ones or to a
// semicolon; those with nothing before them to what follows directly, "room-temperature
// conductivity", or to all.
func (r *reading) scopes(i int, s span, conditions []record.Condition) []scoped {
	text := r.doc.Blocks[i].Text
	named := within(r.mentions[i].properties, propertySpan, s)
	var out []scoped
	from := s.start
	var group []*propertyMention
	for _, c := range conditions[:min(len(conditions), maxStated)] {
		if k := strings.LastIndexByte(text[from:c.Start], ';'); k >= 0 {
			from, group = from+k, nil
		}
		var before []*propertyMention
		for j := range named {
			if named[j].start >= from && named[j].end <= c.Start {
				before = append(before, &named[j])
			}
		}
		if before == nil {
			before = group
		}
		if k := slices.IndexFunc(named, func(m propertyMention) bool { return m.start <= c.Start && c.End < m.end }); k >= 0 {
			out = append(out, scoped{c, []*propertyMention{&named[k]}}) // a part of the name
			continue
		}
		if next := behind(text, named, c.End); next != nil && (before == nil || attribute(text, &c)) {
			out = append(out, scoped{c, []*propertyMention{next}})
			continue
		}
		if before == nil {
			out = append(out, scoped{c, nil})
			continue
		}
		if n := len(before); strings.LastIndexByte(text[before[n-1].end:max(before[n-1].end, c.Start)], '(') >= 0 {
			out = append(out, scoped{c, before[n-1:]}) // only what stands before the bracket
			continue
		}
		out = append(out, scoped{c, before})
		from, group = c.End, before
	}
	return out
}

// behind returns the one of named that follows directly behind at, nil if none does.
func behind(text string, named []propertyMention, at int) *propertyMention {
	for i := range named {
		if m := &named[i]; m.start >= at {
			if m.start-at <= 24 && !strings.ContainsAny(text[at:m.start], ",;()") {
				return m
			}
			return nil
		}
	}
	return nil
}

// attribute reports whether c stands before what it belongs to: "room-temperature
// conductivity", "700 °C에서의 이온전도도".
func attribute(text string, c *record.Condition) bool {
	return strings.HasPrefix(text[c.End:], "에서") || c.Name == "temperature" && c.Low == nil && strings.Contains(c.Text, "-")
}

// names reports whether one of mentions can name p, of whatever field.
func names(mentions []*propertyMention, p *field.Property) bool {
	return slices.ContainsFunc(mentions, func(m *propertyMention) bool {
		return slices.ContainsFunc(m.entries, func(e entry) bool { return e.property.Name == p.Name })
	})
}

// belonging returns the conditions among found that belong to values of p. With others,
// that of other properties is taken for p too if p declares it and it is the only one
// of its name.
func belonging(found []scoped, p *field.Property, others bool) []record.Condition {
	var out []record.Condition
	for i := range found {
		c := &found[i]
		if c.Name == "temperature" && p.Unit.Dimension == kelvin {
			continue // a temperature is measured at none
		}
		if c.of != nil && !names(c.of, p) && !measures(found, c, p) && (!others || !slices.Contains(p.Conditions, c.Name) ||
			slices.ContainsFunc(found, func(o scoped) bool { return o.Name == c.Name && !sameCondition(&o.Condition, &c.Condition) })) {
			continue
		}
		out = append(out, c.Condition)
	}
	return settled(out)
}

// measures reports whether c is the only method among found that measures p.
func measures(found []scoped, c *scoped, p *field.Property) bool {
	by := func(o *scoped) bool {
		return o.Name == "method" && slices.Contains(measuring[asciiLower(o.Text)], p.Name)
	}
	return by(c) && !slices.ContainsFunc(found, func(o scoped) bool { return by(&o) && !sameCondition(&o.Condition, &c.Condition) })
}

// settled returns conditions without "room temperature" where a number says it too.
func settled(conditions []record.Condition) []record.Condition {
	if !slices.ContainsFunc(conditions, func(c record.Condition) bool { return c.Name == "temperature" && c.Low != nil }) {
		return conditions
	}
	return slices.DeleteFunc(conditions, func(c record.Condition) bool { return c.Name == "temperature" && c.Low == nil })
}

// captionScopes reads the conditions of the caption, without the temperatures at which
// samples were made.
func (t *tableReading) captionScopes() []scoped {
	i := t.captionBlock(t.b)
	if i < 0 {
		return nil
	}
	var out []scoped
	for _, s := range t.mentions[i].sentences {
		out = append(out, t.scopes(i, s, t.unmade(i, t.reading.conditions(i, s, within(t.mentions[i].quantities, quantitySpan, s), nil)))...)
	}
	return out[:min(len(out), maxStated)]
}

// unmade returns conditions of block i without those of the making of samples and the
// bounds of what was measured.
func (t *tableReading) unmade(i int, conditions []record.Condition) []record.Condition {
	text := t.doc.Blocks[i].Text
	return slices.DeleteFunc(conditions, func(c record.Condition) bool {
		return madeAt(text[max(0, c.Start-24):c.Start]) || processed(text, c.Start) || strings.HasSuffix(text[:c.Start], "up to ")
	})
}

// announced reads the conditions in the paragraph before the table, in the sentences that
// state no value: only methods of measuring if it does not speak of a table.
func (t *tableReading) announced() []scoped {
	i := t.b - 1
	if t.captionBlock(t.b) >= 0 {
		i--
	}
	if i < 0 || t.doc.Blocks[i].Kind != document.Paragraph {
		return nil
	}
	refers := refersToTable(t.doc.Blocks[i].Text)
	m := &t.mentions[i]
	var out []scoped
	for k, s := range m.sentences {
		text := t.doc.Blocks[i].Text[s.start:s.end]
		if !refersToTable(text) && !tellsHow(text) || madeAt(text) && !refersToTable(text) || len(out) >= maxStated {
			continue
		}
		quantities := within(m.quantities, quantitySpan, s)
		if len(quantities) > 0 && len(t.pairs(i, k, s, quantities, within(m.properties, propertySpan, s), within(m.subjects, subjectSpan, s))) > 0 {
			continue
		}
		out = append(out, t.scopes(i, s, t.unmade(i, t.reading.conditions(i, s, quantities, nil)))...)
	}
	if !refers {
		out = slices.DeleteFunc(out, func(c scoped) bool { return measuring[asciiLower(c.Text)] == nil })
	}
	return out[:min(len(out), maxStated)]
}

// refersToTable reports whether text speaks of a table.
func refersToTable(text string) bool {
	return strings.Contains(text, "Table") || strings.Contains(text, " table") || strings.Contains(text, "표 ") || strings.Contains(text, "TABLE") || strings.Contains(text, " below")
}

// tellsHow reports whether a sentence says how something was measured.
func tellsHow(text string) bool {
	return slices.ContainsFunc(words(text, span{0, len(text)}), func(w word) bool { return howWords[w.key] || strings.HasPrefix(w.text, "측정") })
}

// howWords are the words of sentences that say how something was measured.
var howWords = map[string]bool{
	"measured": true, "recorded": true, "tested": true, "cycled": true, "determined": true, "collected": true, "obtained": true, "performed": true, "conducted": true, "evaluated": true,
	"acquired": true, "operated": true, "taken": true, "calculated": true, "computed": true, "all": true, "carried": true, "refer": true,
}
