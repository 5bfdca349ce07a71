package declared

import (
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/internal/strictyaml"
	"github.com/alkahest/alkahest/quantity"
)

// Parse reads the declaration of one field from data; name stands for the file
// in errors. All errors are reported in the order of their lines, each an
// *Error, joined with errors.Join.
func Parse(name string, data []byte) (*field.Field, error) {
	p := &parser{strictyaml.Reader{File: name}}
	f := p.parse(data)
	if p.Err() == nil {
		// What the checks with line numbers let through by mistake.
		if err := f.Validate(); err != nil {
			return nil, &strictyaml.Error{File: name, What: err.Error()}
		}
		return f, nil
	}
	return nil, p.Err()
}

// parser walks over the nodes of one file. What is wrong is left out of the
// result.
type parser struct {
	strictyaml.Reader
}

func (p *parser) parse(data []byte) *field.Field {
	root := p.Root(data, "declares one field")
	if root == nil {
		return nil
	}
	return p.field(root)
}

func (p *parser) field(n *yaml.Node) *field.Field {
	f := &field.Field{}
	keys := p.Mapping(n, "the declaration", "field", "title", "version", "replaces", "description", "properties")
	if n.Kind != yaml.MappingNode {
		return nil
	}
	if e, ok := p.Required(n, keys, "field"); ok {
		f.Name = p.name(e.Value, "the field's name")
	}
	if e, ok := p.Required(n, keys, "version"); ok {
		f.Version, _ = p.Whole(e.Value, "version", 1)
	}
	if e, ok := keys["title"]; ok {
		f.Title = p.Text(e.Value, "title")
	}
	if f.Title == "" {
		f.Title = f.Name
	}
	if e, ok := keys["description"]; ok {
		f.Description = p.Text(e.Value, "description")
	}
	if e, ok := keys["replaces"]; ok {
		f.Replaces = p.Boolean(e.Value, "replaces")
	}
	e, ok := p.Required(n, keys, "properties")
	if !ok {
		return f
	}
	entries := p.Entries(e.Value, "properties")
	if e.Value.Kind == yaml.MappingNode && len(e.Value.Content) == 0 {
		p.Errorf(e.Value, "properties is empty")
	}
	if len(entries) > MaxProperties {
		p.Errorf(entries[MaxProperties].Key, "more than %d properties", MaxProperties)
		return f
	}
	words := wordIndex{}
	for _, e := range entries {
		p.About = ""
		if len(e.Key.Value) <= 64 {
			p.About = "property " + e.Key.Value
		}
		if q := p.read(f.Name, e, words); q != nil {
			f.Properties = append(f.Properties, q)
		}
	}
	p.About = ""
	p.shared(f, words)
	return f
}

// read reads one property.
func (p *parser) read(fieldName string, e strictyaml.Entry, words wordIndex) *field.Property {
	q := &field.Property{Field: fieldName, Name: e.Key.Value}
	if !field.IsName(q.Name) {
		p.Errorf(e.Key, "a name is lower-case letters and digits joined by hyphens")
	}
	n := e.Value
	keys := p.Mapping(n, "a property", "title", "description", "unit", "range", "alternatives", "fraction", "implied", "decades",
		"names", "korean", "symbols", "weak", "processes", "states", "context", "not", "conditions", "subjects")
	if n.Kind != yaml.MappingNode {
		return nil
	}
	q.Title = strings.ReplaceAll(q.Name, "-", " ")
	if e, ok := keys["title"]; ok {
		q.Title = p.Text(e.Value, "title")
	}
	if d, ok := p.Required(e.Key, keys, "description"); ok {
		q.Description = p.Text(d.Value, "description")
	}
	if u, ok := p.Required(e.Key, keys, "unit"); ok {
		q.Unit = p.unit(u.Value)
	}
	if r, ok := p.Required(e.Key, keys, "range"); ok {
		q.Low, q.High = p.limits(r.Value)
	}
	if a, ok := keys["alternatives"]; ok {
		p.alternatives(q, a.Value)
	}
	if b, ok := keys["implied"]; ok {
		q.Implied = p.Boolean(b.Value, "implied")
	}
	if b, ok := keys["decades"]; ok {
		q.Decades = p.Boolean(b.Value, "decades")
	}
	if b, ok := keys["fraction"]; ok {
		q.Fraction = p.Boolean(b.Value, "fraction")
		if q.Fraction && q.Unit.Factor != 0 && !q.IsPercentage() {
			p.Errorf(b.Value, "only a percentage can be stated as a fraction, not %s", q.Unit)
		}
	}
	at := map[string]*yaml.Node{} // first place of each word of this property, by wordKey
	q.Names = p.words(keys["names"].Value, "names", at)
	q.Korean = p.words(keys["korean"].Value, "korean", at)
	q.Symbols = p.words(keys["symbols"].Value, "symbols", at)
	for _, w := range q.Words() {
		k := wordKey(w, slices.Contains(q.Symbols, w))
		words[k] = append(words[k], use{q, at[k]})
	}
	if w, ok := keys["weak"]; ok {
		lists := p.Mapping(w.Value, "weak", "names", "korean", "symbols", "processes")
		names := p.words(lists["names"].Value, "names", at)
		korean := p.words(lists["korean"].Value, "korean", at)
		symbols := p.words(lists["symbols"].Value, "symbols", at)
		q.Names = append(q.Names, names...)
		q.Korean = append(q.Korean, korean...)
		q.Symbols = append(q.Symbols, symbols...)
		q.Weak = slices.Concat(names, korean, symbols)
		q.Unclear = p.words(lists["processes"].Value, "processes", map[string]*yaml.Node{})
	}
	happens := map[string]*yaml.Node{}
	q.Processes = p.words(keys["processes"].Value, "processes", happens)
	q.States = p.words(keys["states"].Value, "states", happens)
	if len(q.Words()) == 0 {
		p.Errorf(e.Key, "names are missing: a property without any word is never found")
	}
	q.Context = p.contexts(keys["context"].Value)
	q.Not = p.words(keys["not"].Value, "not", at)
	q.Conditions = p.names(keys["conditions"].Value, "conditions")
	q.Subjects = p.names(keys["subjects"].Value, "subjects")
	for _, s := range q.Not {
		k := wordKey(s, false)
		words[k] = append(words[k], use{nil, at[k]})
	}
	return q
}

// use is a place where a property takes a word, or, without a property, where
// a phrase is excluded.
type use struct {
	property *field.Property
	node     *yaml.Node
}

// wordIndex maps words that are not weak, by wordKey, to their uses.
type wordIndex map[string][]use

// wordKey returns what a word is compared by: symbols and Korean as
// they are, English names and phrases folded.
func wordKey(word string, symbol bool) string {
	switch {
	case symbol:
		return "symbol " + word
	case hangul(word):
		return "name " + word
	}
	return "name " + field.Fold(word)
}

// shared reports words that two properties of f take without calling them
// weak, and excluded phrases that name a property.
func (p *parser) shared(f *field.Field, words wordIndex) {
	for key, uses := range words {
		_, w, _ := strings.Cut(key, " ")
		i := slices.IndexFunc(uses, func(u use) bool { return u.property != nil })
		if i < 0 {
			continue // excluded by several
		}
		first := uses[i].property
		for j, u := range uses {
			switch {
			case u.property == nil:
				p.Errorf(u.node, "%q cannot be excluded, because it names %s", w, first.Name)
			case j != i:
				p.Errorf(u.node, "property %s: %q also names %s; make it weak in one of them", u.property.Name, w, first.Name)
			}
		}
	}
	for _, q := range f.Properties {
		for _, w := range q.Weak {
			for _, u := range words[wordKey(w, slices.Contains(q.Symbols, w))] {
				if u.property == nil {
					p.Errorf(u.node, "%q cannot be excluded, because it names %s", w, q.Name)
				}
			}
		}
	}
}

func (p *parser) unit(n *yaml.Node) quantity.Unit {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.Errorf(n, "a unit should be text such as mAh/g, or 1 for a pure number, not %s", strictyaml.Kind(n))
		return quantity.Unit{}
	}
	u, err := quantity.ParseUnit(n.Value)
	if err != nil || u.Unknown {
		p.Errorf(n, "unknown unit %q", strictyaml.Clip(n.Value))
		return quantity.Unit{}
	}
	return u
}

// limits reads a range.
func (p *parser) limits(n *yaml.Node) (low, high float64) {
	low, high, _ = p.Range(n)
	return low, high
}

func (p *parser) alternatives(q *field.Property, n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		p.Errorf(n, "alternatives should be a list, not %s", strictyaml.Kind(n))
		return
	}
	if len(n.Content) > strictyaml.MaxItems {
		p.Errorf(n, "more than %d alternatives", strictyaml.MaxItems)
		return
	}
	for _, c := range n.Content {
		keys := p.Mapping(c, "an alternative", "unit", "range")
		if c.Kind != yaml.MappingNode {
			continue
		}
		u, ok1 := p.Required(c, keys, "unit")
		r, ok2 := p.Required(c, keys, "range")
		if !ok1 || !ok2 {
			continue
		}
		unit := p.unit(u.Value)
		low, high := p.limits(r.Value)
		switch {
		case unit.Factor == 0:
			continue
		case q.Unit.Factor != 0 && unit.Dimension == q.Unit.Dimension:
			p.Errorf(u.Value, "%s is no alternative, because it converts to %s", unit, q.Unit)
			continue
		case slices.Contains(q.Alternatives, unit):
			p.Errorf(u.Value, "alternative %s stands twice", unit)
			continue
		}
		q.Alternatives = append(q.Alternatives, unit)
		q.Ranges = append(q.Ranges, field.Range{Low: low, High: high})
	}
}

// words reads a list of words; n may be nil. at holds the words of the
// property so far.
func (p *parser) words(n *yaml.Node, key string, at map[string]*yaml.Node) []string {
	var out []string
	for _, c := range p.List(n, key) {
		s := c.Value
		k := wordKey(s, key == "symbols")
		switch {
		case s != strings.Join(strings.Fields(s), " "):
			p.Errorf(c, "%q has spare white space", strictyaml.Clip(s))
		case field.Fold(s) == "":
			p.Errorf(c, "%q in %s has no letter", strictyaml.Clip(s), key)
		case at[k] != nil && at[k].Value != s:
			p.Errorf(c, "%q is %q of line %d but for hyphens, which are matched anyway", s, at[k].Value, at[k].Line)
		case at[k] != nil:
			p.Errorf(c, "%q stands twice, first in line %d", s, at[k].Line)
		case key == "symbols" && len(s) == 1:
			p.Errorf(c, "%q is a single Latin letter, which is a unit or a word more often than the property", s)
		case (key == "names" || key == "processes" || key == "states" || key == "not" && !hangul(s)) && s != strings.ToLower(s):
			p.Errorf(c, "%q in %s is not lower case; is it a symbol?", s, key)
		case key == "korean" && !hangul(s):
			p.Errorf(c, "%q in korean has no Korean letter", s)
		default:
			at[k] = c
			out = append(out, s)
		}
	}
	return out
}

func hangul(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) >= 0
}

// names reads a list of names of conditions or subjects; n may be nil.
func (p *parser) names(n *yaml.Node, key string) []string {
	var out []string
	for _, c := range p.List(n, key) {
		switch {
		case !field.IsName(c.Value):
			p.Errorf(c, "%q in %s should be lower-case letters and digits joined by hyphens", strictyaml.Clip(c.Value), key)
		case slices.Contains(out, c.Value):
			p.Errorf(c, "%q stands twice in %s", c.Value, key)
		default:
			out = append(out, c.Value)
		}
	}
	return out
}

// contexts reads a list of beginnings of words; n may be nil.
func (p *parser) contexts(n *yaml.Node) []string {
	var out []string
	for _, c := range p.List(n, "context") {
		switch {
		case !field.IsContext(c.Value):
			p.Errorf(c, "%q in context should be the beginning of a word: four lower-case letters or more, or two Korean ones", strictyaml.Clip(c.Value))
		case slices.Contains(out, c.Value):
			p.Errorf(c, "%q stands twice in context", c.Value)
		default:
			out = append(out, c.Value)
		}
	}
	return out
}

func (p *parser) name(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || !field.IsName(n.Value) {
		p.Errorf(n, "%s should be lower-case letters and digits joined by hyphens, not %s", what, strictyaml.Kind(n))
		return ""
	}
	return n.Value
}
