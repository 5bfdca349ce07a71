package labsheet

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/internal/strictyaml"
	"github.com/alkahest/alkahest/quantity"
)

// Bounds on a mapping: as many tables as a workbook may have sheets, and as many
// columns as a sheet.
const (
	maxTables  = 1000
	maxColumns = 1024
)

// Parse reads a mapping, YAML or JSON; name stands for its file in errors. Every
// mistake is reported with its line, and what may be meant: keys that are not
// known or missing, columns that are named twice, properties that no field
// declares, units that are not known or not of the property, a table that says
// nothing of anything.
func Parse(name string, data []byte, fields *field.Set) (*Mapping, error) {
	p := parser{Reader: strictyaml.Reader{File: name}, fields: fields}
	m := &Mapping{file: name}
	root := p.Root(data, "maps one sheet")
	if root == nil {
		return nil, p.Err()
	}
	keys := p.Mapping(root, "the mapping of a sheet", "sheet", "tables")
	m.Sheet = p.scalar(keys["sheet"].Value, "sheet")
	if e, ok := p.Required(root, keys, "tables"); ok {
		for _, n := range p.list(e.Value, "tables", maxTables) {
			if t := p.table(n); slices.ContainsFunc(m.Tables, func(o Table) bool { return o.Table == t.Table }) {
				p.Errorf(n, "table %d is mapped twice", t.Table)
			} else {
				m.Tables = append(m.Tables, t)
			}
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

type parser struct {
	strictyaml.Reader
	fields *field.Set
}

// list returns the items of the list n, at least one.
func (p *parser) list(n *strictyaml.Node, key string, most int) []*strictyaml.Node {
	switch {
	case !strictyaml.IsList(n):
		p.Errorf(n, "%s should be a list, not %s", key, strictyaml.Kind(n))
		return nil
	case len(n.Content) == 0:
		p.Errorf(n, "%s is empty: nothing would be read", key)
	case len(n.Content) > most:
		p.Errorf(n, "%s has more than %d items", key, most)
		return nil
	}
	return n.Content
}

// scalar returns the text of n, which may be nil, as it stands there.
func (p *parser) scalar(n *strictyaml.Node, key string) string {
	switch {
	case n == nil:
		return ""
	case !strictyaml.IsScalar(n):
		p.Errorf(n, "%s should be text, not %s", key, strictyaml.Kind(n))
		return ""
	}
	return n.Value
}

func (p *parser) table(n *strictyaml.Node) Table {
	t := Table{line: n.Line}
	keys := p.Mapping(n, "a table", "table", "of", "columns")
	if e, ok := p.Required(n, keys, "table"); ok {
		t.Table, _ = p.Whole(e.Value, "the number of a table", 1)
	}
	t.Of = p.scalar(keys["of"].Value, "of")
	e, ok := p.Required(n, keys, "columns")
	if !ok {
		return t
	}
	var subjects, values []*strictyaml.Node
	seen := map[int]bool{}
	for _, n := range p.list(e.Value, "columns", maxColumns) {
		c := p.column(n)
		if c.Column > 0 && seen[c.Column] {
			p.Errorf(n, "column %d is mapped twice", c.Column)
		}
		seen[c.Column] = true
		switch {
		case c.Is == Subject:
			subjects = append(subjects, n)
		case p.fields.Property(c.Is) != nil:
			values = append(values, n)
		}
		t.Columns = append(t.Columns, c)
	}
	if len(subjects) > 1 {
		p.Errorf(subjects[1], "%d columns are the subject; one must be", len(subjects))
	}
	if len(subjects) == 0 && len(values) > 0 {
		p.Errorf(values[0], "table %d has values, but no column is their subject; write \"is: subject\" at the one that names the samples", t.Table)
	}
	return t
}

func (p *parser) column(n *strictyaml.Node) Column {
	c := Column{line: n.Line}
	keys := p.Mapping(n, "a column", "column", "head", "is", "unit", "because")
	if e, ok := p.Required(n, keys, "column"); ok {
		c.Column, _ = p.Whole(e.Value, "the number of a column", 1)
	}
	if e, ok := p.Required(n, keys, "head"); ok {
		c.Head = p.scalar(e.Value, "head")
	}
	c.Because = p.scalar(keys["because"].Value, "because")
	e, ok := p.Required(n, keys, "is")
	if !ok {
		return c
	}
	c.Is = p.scalar(e.Value, "is")
	property := p.fields.Property(c.Is)
	condition, isCondition := strings.CutPrefix(c.Is, Condition)
	switch {
	case c.Is == Subject, c.Is == Ignore, property != nil:
	case isCondition:
		p.condition(e.Value, strings.TrimSpace(condition))
	default:
		p.Errorf(e.Value, "%q is neither subject, ignore, condition NAME nor a property that a field declares%s",
			strictyaml.Clip(c.Is), nearest(c.Is, p.properties(), "; alkahest fields lists the properties"))
	}
	if e, ok := keys["unit"]; ok {
		c.Unit = p.unit(e.Value, property, condition)
	}
	return c
}

// condition reports a name that is nearly that of a known condition. Others may
// be conditions that only this laboratory has.
func (p *parser) condition(n *strictyaml.Node, name string) {
	var known []string
	for _, k := range conditionWords {
		known = append(known, k)
	}
	for property := range p.fields.Properties() {
		known = append(known, property.Conditions...)
	}
	slices.Sort(known)
	switch near := nearest(name, slices.Compact(known), ""); {
	case name == "":
		p.Errorf(n, "a condition needs a name: condition temperature")
	case !slices.Contains(known, name) && near != "":
		p.Errorf(n, "the condition %q is not known%s", strictyaml.Clip(name), near)
	}
}

// unit reads the unit of a property, or of a condition.
func (p *parser) unit(n *strictyaml.Node, property *field.Property, condition string) string {
	text := p.scalar(n, "unit")
	if text == "" {
		return ""
	}
	u, err := quantity.ParseUnit(text)
	switch {
	case err != nil || u.Unknown:
		p.Errorf(n, "the unit %q is not known", strictyaml.Clip(text))
	case property != nil && !fits(property, u):
		p.Errorf(n, "the unit %q is not one of %s, which is in %s", strictyaml.Clip(text), property.ID(), property.Unit)
	case condition == "temperature" && u.Dimension != kelvin.Dimension:
		p.Errorf(n, "the unit %q is not one of a temperature, which is in °C or K", strictyaml.Clip(text))
	}
	return text
}

// properties returns the names of all properties.
func (p *parser) properties() []string {
	var names []string
	for property := range p.fields.Properties() {
		names = append(names, property.ID())
	}
	return names
}

// nearest asks whether the one of known that is nearly word is meant, or returns
// otherwise.
func nearest(word string, known []string, otherwise string) string {
	if s := strictyaml.Suggest(word, known); strings.HasPrefix(s, "; did you mean") {
		return s
	}
	return otherwise
}
