// Package declared reads fields of expertise from their YAML files: the five
// that the program brings, and those in a user's folder.
package declared

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

//go:embed fields/*.yaml
var builtin embed.FS

// maxFile bounds a declaration, in bytes.
const maxFile = 1 << 20

// Builtin returns the fields that the program brings.
func Builtin() (*field.Set, error) {
	set := &field.Set{}
	entries, err := builtin.ReadDir("fields")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		data, err := builtin.ReadFile("fields/" + e.Name())
		if err != nil {
			return nil, err
		}
		f, err := Parse(e.Name(), data)
		if err != nil {
			return nil, err
		}
		if err := set.Add(f); err != nil {
			return nil, fmt.Errorf("%s: %v", e.Name(), err)
		}
	}
	return set, nil
}

// Load returns the fields that the program brings and those of the .yaml files
// in dir; an empty dir adds none.
func Load(dir string) (*field.Set, error) {
	set, err := Builtin()
	if err != nil || dir == "" {
		return set, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no .yaml file declares a field here", dir)
	}
	sort.Strings(names)
	var errs []error
	for _, name := range names {
		data, err := readBounded(name)
		if err == nil {
			var f *field.Field
			if f, err = Parse(name, data); err == nil {
				if err = set.Add(f); err != nil {
					err = fmt.Errorf("%s: %v", name, err)
				}
			}
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return set, errors.Join(errs...)
}

func readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	return data, err
}

// Parse reads one declaration. All that is wrong with it is reported, each with
// file, line and column.
func Parse(name string, data []byte) (*field.Field, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	p := &parser{name: name}
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:1:1: a field is declared by a mapping with the keys field, title, version and properties", name)
	}
	f := p.field(root.Content[0])
	return f, errors.Join(p.errs...)
}

type parser struct {
	name string
	errs []error
}

func (p *parser) fail(n *yaml.Node, format string, args ...any) {
	if len(p.errs) < 50 {
		p.errs = append(p.errs, fmt.Errorf("%s:%d:%d: %s", p.name, n.Line, n.Column, fmt.Sprintf(format, args...)))
	}
}

var (
	fieldKeys    = []string{"field", "title", "version", "description", "properties"}
	propertyKeys = []string{"title", "description", "unit", "alternatives", "range", "names", "korean", "symbols", "weak", "not", "conditions"}
	identifier   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// mapping calls do with each key of n, after testing that it is allowed and
// appears once.
func (p *parser) mapping(n *yaml.Node, allowed []string, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "expected a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case allowed != nil && !slices.Contains(allowed, k.Value):
			p.fail(k, "unknown key %q; the keys here are %s", k.Value, strings.Join(allowed, ", "))
		case seen[k.Value]:
			p.fail(k, "%q is given twice", k.Value)
		default:
			seen[k.Value] = true
			do(k, v)
		}
	}
}

func (p *parser) field(n *yaml.Node) *field.Field {
	f := &field.Field{}
	p.mapping(n, fieldKeys, func(k, v *yaml.Node) {
		switch k.Value {
		case "field":
			f.Name = p.text(v)
			if !identifier.MatchString(f.Name) {
				p.fail(v, "the name %q must be lower case letters, digits and hyphens", f.Name)
			}
		case "title":
			f.Title = p.text(v)
		case "version":
			if err := v.Decode(&f.Version); err != nil || f.Version < 1 {
				p.fail(v, "version must be a whole number from 1")
			}
		case "description":
			f.Description = p.text(v)
		case "properties":
			p.mapping(v, nil, func(k, v *yaml.Node) { f.Properties = append(f.Properties, p.property(k, v)) })
		}
	})
	for what, missing := range map[string]bool{"field": f.Name == "", "title": f.Title == "", "version": f.Version == 0, "properties": len(f.Properties) == 0} {
		if missing {
			p.fail(n, "%q is missing or empty", what)
		}
	}
	for _, q := range f.Properties {
		q.Field = f.Name
	}
	p.clashes(n, f)
	return f
}

// clashes reports names that two properties of f share without being weak.
func (p *parser) clashes(n *yaml.Node, f *field.Field) {
	owner := map[string]string{}
	for _, q := range f.Properties {
		for _, list := range [][]string{q.Names, q.Korean, q.Symbols} {
			for _, name := range list {
				if slices.Contains(q.Weak, name) {
					continue
				}
				if other, taken := owner[name]; taken {
					p.fail(n, "property %s: the name %q belongs to %s already; make it weak in both or remove it", q.Name, name, other)
				}
				owner[name] = q.Name
			}
		}
	}
}

func (p *parser) property(k, v *yaml.Node) *field.Property {
	q := &field.Property{Name: k.Value}
	if !identifier.MatchString(q.Name) {
		p.fail(k, "the name %q must be lower case letters, digits and hyphens", q.Name)
	}
	q.Title = strings.ReplaceAll(q.Name, "-", " ")
	unit, ranged := false, false
	p.mapping(v, propertyKeys, func(k, v *yaml.Node) {
		switch k.Value {
		case "title":
			q.Title = p.text(v)
		case "description":
			q.Description = p.text(v)
		case "unit":
			unit = true
			q.Unit = p.unit(q.Name, v)
		case "alternatives":
			for _, n := range p.items(v) {
				q.Alternatives = append(q.Alternatives, p.unit(q.Name, n))
			}
		case "range":
			ranged = true
			var ends []float64
			if err := v.Decode(&ends); err != nil || len(ends) != 2 || !(ends[0] < ends[1]) {
				p.fail(v, "property %s: range must be two numbers, the lower first, in the unit", q.Name)
				return
			}
			q.Low, q.High = ends[0], ends[1]
		case "names":
			q.Names = p.texts(v)
		case "korean":
			q.Korean = p.texts(v)
		case "symbols":
			q.Symbols = p.texts(v)
		case "weak":
			q.Weak = p.texts(v)
		case "not":
			q.Not = p.texts(v)
		case "conditions":
			q.Conditions = p.texts(v)
		}
	})
	if !unit {
		p.fail(k, "property %s: unit is missing; write 1 for pure numbers", q.Name)
	}
	if !ranged {
		p.fail(k, "property %s: range is missing", q.Name)
	}
	if len(q.Names) == 0 {
		p.fail(k, "property %s: names is missing or empty", q.Name)
	}
	return q
}

func (p *parser) unit(property string, n *yaml.Node) quantity.Unit {
	u, err := quantity.ParseUnit(p.text(n))
	if err != nil {
		p.fail(n, "property %s: %v", property, err)
	} else if u.Unknown {
		p.fail(n, "property %s: unknown unit %q", property, n.Value)
	}
	return u
}

func (p *parser) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		p.fail(n, "expected a text")
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func (p *parser) items(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "expected a list: [first, second]")
		return nil
	}
	return n.Content
}

func (p *parser) texts(n *yaml.Node) []string {
	var out []string
	for _, item := range p.items(n) {
		s := p.text(item)
		if s == "" {
			p.fail(item, "empty entry")
			continue
		}
		out = append(out, s)
	}
	return out
}
