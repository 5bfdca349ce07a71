package declared

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
)

// Error is something wrong at a place of a declaration.
type Error struct {
	File         string
	Line, Column int    // from 1; Column counts characters; 0 when unknown
	Property     string // the property it is about, or empty
	What         string
}

// Error writes e as "battery.yaml:12:5: property specific-capacity: …".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": ")
	if e.Property != "" {
		b.WriteString("property " + e.Property + ": ")
	}
	b.WriteString(e.What)
	return b.String()
}

// Parse reads the declaration of one field from data; name stands for the file
// in errors. All errors are reported in the order of their lines, each an
// *Error, joined with errors.Join.
func Parse(name string, data []byte) (*field.Field, error) {
	p := &parser{file: name}
	f := p.parse(data)
	if len(p.errs) == 0 {
		// What the checks with line numbers let through by mistake.
		if err := f.Validate(); err != nil {
			return nil, &Error{File: name, What: err.Error()}
		}
		return f, nil
	}
	slices.SortStableFunc(p.errs, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		if a.Column != b.Column {
			return a.Column - b.Column
		}
		return strings.Compare(a.What, b.What)
	})
	errs := make([]error, len(p.errs))
	for i, e := range p.errs {
		errs[i] = e
	}
	return nil, errors.Join(errs...)
}

// parser walks over the nodes of one file. Errors are collected, and what is
// wrong is left out of the result.
type parser struct {
	file     string
	property string // being read
	errs     []*Error
}

// maxErrors bounds what is reported of one file.
const maxErrors = 100

func (p *parser) errorf(n *yaml.Node, format string, args ...any) {
	if len(p.errs) >= maxErrors {
		return
	}
	e := &Error{File: p.file, Property: p.property, What: fmt.Sprintf(format, args...)}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	p.errs = append(p.errs, e)
}

// yamlLine finds the line in the messages of package yaml.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func (p *parser) parse(data []byte) *field.Field {
	if len(data) > MaxBytes {
		p.errorf(nil, "the file has more than %d bytes", MaxBytes)
		return nil
	}
	if !utf8.Valid(data) {
		p.errorf(nil, "the file is not valid UTF-8")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		p.errorf(nil, "the file is empty")
		return nil
	case err != nil:
		p.yamlError(err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		p.errorf(&second, "one file declares one field; a second document starts here")
		return nil
	case !errors.Is(err, io.EOF):
		p.yamlError(err)
		return nil
	}
	if len(doc.Content) != 1 {
		p.errorf(nil, "the file is empty")
		return nil
	}
	return p.field(doc.Content[0])
}

func (p *parser) yamlError(err error) {
	what := err.Error()
	e := &Error{File: p.file}
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		e.Line, _ = strconv.Atoi(m[1]) // 0 without a line
		what = what[len(m[0]):]
	}
	e.What = what
	p.errs = append(p.errs, e)
}

// entry is one key of a mapping with its value.
type entry struct {
	key, value *yaml.Node
}

// mapping returns the entries of n, which holds what, and reports keys that
// stand twice or, unless known is nil, are not among known.
func (p *parser) mapping(n *yaml.Node, what string, known ...string) map[string]entry {
	out := map[string]entry{}
	for _, e := range p.entries(n, what, known...) {
		out[e.key.Value] = e
	}
	return out
}

func (p *parser) entries(n *yaml.Node, what string, known ...string) []entry {
	if n.Kind != yaml.MappingNode {
		p.errorf(n, "%s should be a mapping of keys to values, not %s", what, kind(n))
		return nil
	}
	var out []entry
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch first, twice := lines[k.Value]; {
		case k.Kind != yaml.ScalarNode:
			p.errorf(k, "a key of %s should be a word, not %s", what, kind(k))
		case twice:
			p.errorf(k, "%q stands twice in %s, first in line %d", clip(k.Value), what, first)
		case known != nil && !slices.Contains(known, k.Value):
			lines[k.Value] = k.Line
			p.errorf(k, "unknown key %q in %s%s", clip(k.Value), what, suggest(k.Value, known))
		default:
			lines[k.Value] = k.Line
			out = append(out, entry{k, v})
		}
	}
	return out
}

// kind names what n is, for errors.
func kind(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias (*" + clip(n.Value) + "), which declarations cannot have"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(clip(n.Value))
}

func clip(s string) string {
	if len(s) <= 60 {
		return s
	}
	cut := 57
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

func (p *parser) field(n *yaml.Node) *field.Field {
	f := &field.Field{}
	keys := p.mapping(n, "the declaration", "field", "title", "version", "replaces", "description", "properties")
	if n.Kind != yaml.MappingNode {
		return nil
	}
	if e, ok := p.required(n, keys, "field"); ok {
		f.Name = p.name(e.value, "the field's name")
	}
	if e, ok := p.required(n, keys, "version"); ok {
		v, err := strconv.Atoi(e.value.Value)
		if e.value.Kind != yaml.ScalarNode || err != nil || v < 1 {
			p.errorf(e.value, "version should be a whole number from 1, not %s", kind(e.value))
		}
		f.Version = v
	}
	if e, ok := keys["title"]; ok {
		f.Title = p.text(e.value, "title")
	}
	if f.Title == "" {
		f.Title = f.Name
	}
	if e, ok := keys["description"]; ok {
		f.Description = p.text(e.value, "description")
	}
	if e, ok := keys["replaces"]; ok {
		f.Replaces = p.boolean(e.value, "replaces")
	}
	e, ok := p.required(n, keys, "properties")
	if !ok {
		return f
	}
	entries := p.entries(e.value, "properties")
	if e.value.Kind == yaml.MappingNode && len(e.value.Content) == 0 {
		p.errorf(e.value, "properties is empty")
	}
	if len(entries) > MaxProperties {
		p.errorf(entries[MaxProperties].key, "more than %d properties", MaxProperties)
		return f
	}
	words := wordIndex{}
	for _, e := range entries {
		p.property = e.key.Value
		if len(p.property) > 64 {
			p.property = ""
		}
		if q := p.read(f.Name, e, words); q != nil {
			f.Properties = append(f.Properties, q)
		}
	}
	p.property = ""
	p.shared(f, words)
	return f
}

func (p *parser) required(n *yaml.Node, keys map[string]entry, key string) (entry, bool) {
	e, ok := keys[key]
	if !ok {
		p.errorf(n, "%s is missing", key)
	}
	return e, ok
}

// read reads one property.
func (p *parser) read(fieldName string, e entry, words wordIndex) *field.Property {
	q := &field.Property{Field: fieldName, Name: e.key.Value}
	if !field.IsName(q.Name) {
		p.errorf(e.key, "a name is lower-case letters and digits joined by hyphens")
	}
	n := e.value
	keys := p.mapping(n, "a property", "title", "description", "unit", "range", "alternatives", "fraction",
		"names", "korean", "symbols", "weak", "not", "conditions", "subjects")
	if n.Kind != yaml.MappingNode {
		return nil
	}
	q.Title = strings.ReplaceAll(q.Name, "-", " ")
	if e, ok := keys["title"]; ok {
		q.Title = p.text(e.value, "title")
	}
	if d, ok := p.required(e.key, keys, "description"); ok {
		q.Description = p.text(d.value, "description")
	}
	if u, ok := p.required(e.key, keys, "unit"); ok {
		q.Unit = p.unit(u.value)
	}
	if r, ok := p.required(e.key, keys, "range"); ok {
		q.Low, q.High = p.limits(r.value)
	}
	if a, ok := keys["alternatives"]; ok {
		p.alternatives(q, a.value)
	}
	if b, ok := keys["fraction"]; ok {
		q.Fraction = p.boolean(b.value, "fraction")
		if q.Fraction && q.Unit.Factor != 0 && !q.IsPercentage() {
			p.errorf(b.value, "only a percentage can be stated as a fraction, not %s", q.Unit)
		}
	}
	at := map[string]*yaml.Node{} // first place of each word of this property, by wordKey
	q.Names = p.words(keys["names"].value, "names", at)
	q.Korean = p.words(keys["korean"].value, "korean", at)
	q.Symbols = p.words(keys["symbols"].value, "symbols", at)
	for _, w := range q.Words() {
		k := wordKey(w, slices.Contains(q.Symbols, w))
		words[k] = append(words[k], use{q, at[k]})
	}
	if w, ok := keys["weak"]; ok {
		lists := p.mapping(w.value, "weak", "names", "korean", "symbols")
		names := p.words(lists["names"].value, "names", at)
		korean := p.words(lists["korean"].value, "korean", at)
		symbols := p.words(lists["symbols"].value, "symbols", at)
		q.Names = append(q.Names, names...)
		q.Korean = append(q.Korean, korean...)
		q.Symbols = append(q.Symbols, symbols...)
		q.Weak = slices.Concat(names, korean, symbols)
	}
	if len(q.Words()) == 0 {
		p.errorf(e.key, "names are missing: a property without any word is never found")
	}
	q.Not = p.words(keys["not"].value, "not", at)
	q.Conditions = p.names(keys["conditions"].value, "conditions")
	q.Subjects = p.names(keys["subjects"].value, "subjects")
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
				p.errorf(u.node, "%q cannot be excluded, because it names %s", w, first.Name)
			case j != i:
				p.errorf(u.node, "property %s: %q also names %s; make it weak in one of them", u.property.Name, w, first.Name)
			}
		}
	}
	for _, q := range f.Properties {
		for _, w := range q.Weak {
			for _, u := range words[wordKey(w, slices.Contains(q.Symbols, w))] {
				if u.property == nil {
					p.errorf(u.node, "%q cannot be excluded, because it names %s", w, q.Name)
				}
			}
		}
	}
}

func (p *parser) unit(n *yaml.Node) quantity.Unit {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.errorf(n, "a unit should be text such as mAh/g, or 1 for a pure number, not %s", kind(n))
		return quantity.Unit{}
	}
	u, err := quantity.ParseUnit(n.Value)
	if err != nil || u.Unknown {
		p.errorf(n, "unknown unit %q", clip(n.Value))
		return quantity.Unit{}
	}
	return u
}

// limits reads a range: a list of two finite numbers, the smaller first.
func (p *parser) limits(n *yaml.Node) (low, high float64) {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		p.errorf(n, "a range should be a list of two numbers, such as [0, 500]")
		return 0, 0
	}
	var ends [2]float64
	for i, c := range n.Content {
		x, err := strconv.ParseFloat(c.Value, 64)
		if c.Kind != yaml.ScalarNode || err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			p.errorf(c, "an end of a range should be a number, not %s", kind(c))
			return 0, 0
		}
		ends[i] = x
	}
	if ends[0] >= ends[1] {
		p.errorf(n, "the range starts at %v, which is not below its end %v", ends[0], ends[1])
	}
	return ends[0], ends[1]
}

func (p *parser) alternatives(q *field.Property, n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		p.errorf(n, "alternatives should be a list, not %s", kind(n))
		return
	}
	if len(n.Content) > MaxWords {
		p.errorf(n, "more than %d alternatives", MaxWords)
		return
	}
	for _, c := range n.Content {
		keys := p.mapping(c, "an alternative", "unit", "range")
		if c.Kind != yaml.MappingNode {
			continue
		}
		u, ok1 := p.required(c, keys, "unit")
		r, ok2 := p.required(c, keys, "range")
		if !ok1 || !ok2 {
			continue
		}
		unit := p.unit(u.value)
		low, high := p.limits(r.value)
		switch {
		case unit.Factor == 0:
			continue
		case q.Unit.Factor != 0 && unit.Dimension == q.Unit.Dimension:
			p.errorf(u.value, "%s is no alternative, because it converts to %s", unit, q.Unit)
			continue
		case slices.Contains(q.Alternatives, unit):
			p.errorf(u.value, "alternative %s stands twice", unit)
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
	for _, c := range p.list(n, key) {
		s := c.Value
		k := wordKey(s, key == "symbols")
		switch {
		case s != strings.Join(strings.Fields(s), " "):
			p.errorf(c, "%q has spare white space", clip(s))
		case field.Fold(s) == "":
			p.errorf(c, "%q in %s has no letter", clip(s), key)
		case at[k] != nil && at[k].Value != s:
			p.errorf(c, "%q is %q of line %d but for hyphens, which are matched anyway", s, at[k].Value, at[k].Line)
		case at[k] != nil:
			p.errorf(c, "%q stands twice, first in line %d", s, at[k].Line)
		case key == "symbols" && len(s) == 1:
			p.errorf(c, "%q is a single Latin letter, which is a unit or a word more often than the property", s)
		case (key == "names" || key == "not" && !hangul(s)) && s != strings.ToLower(s):
			p.errorf(c, "%q in %s is not lower case; is it a symbol?", s, key)
		case key == "korean" && !hangul(s):
			p.errorf(c, "%q in korean has no Korean letter", s)
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
	for _, c := range p.list(n, key) {
		switch {
		case !field.IsName(c.Value):
			p.errorf(c, "%q in %s should be lower-case letters and digits joined by hyphens", clip(c.Value), key)
		case slices.Contains(out, c.Value):
			p.errorf(c, "%q stands twice in %s", c.Value, key)
		default:
			out = append(out, c.Value)
		}
	}
	return out
}

// list returns the items of the list n, which may be nil, that are text.
func (p *parser) list(n *yaml.Node, key string) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		p.errorf(n, "%s should be a list, not %s", key, kind(n))
		return nil
	}
	if len(n.Content) > MaxWords {
		p.errorf(n, "more than %d items in %s", MaxWords, key)
		return nil
	}
	var out []*yaml.Node
	for _, c := range n.Content {
		switch {
		case c.Kind != yaml.ScalarNode:
			p.errorf(c, "an item of %s should be text, not %s", key, kind(c))
		case c.Value == "" || c.Tag == "!!null":
			p.errorf(c, "an item of %s is empty", key)
		case len(c.Value) > MaxWordBytes:
			p.errorf(c, "an item of %s has more than %d bytes", key, MaxWordBytes)
		default:
			out = append(out, c)
		}
	}
	return out
}

func (p *parser) name(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || !field.IsName(n.Value) {
		p.errorf(n, "%s should be lower-case letters and digits joined by hyphens, not %s", what, kind(n))
		return ""
	}
	return n.Value
}

// text reads a line of prose; line breaks in it become spaces.
func (p *parser) text(n *yaml.Node, key string) string {
	s := strings.Join(strings.Fields(n.Value), " ")
	switch {
	case n.Kind != yaml.ScalarNode:
		p.errorf(n, "%s should be text, not %s", key, kind(n))
		return ""
	case s == "" || n.Tag == "!!null":
		p.errorf(n, "%s is empty", key)
		return ""
	}
	return s
}

func (p *parser) boolean(n *yaml.Node, key string) bool {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		p.errorf(n, "%s should be true or false, not %s", key, kind(n))
	}
	return n.Value == "true"
}

// suggest returns ", did you mean …?" with the nearest of known, or nothing if
// none is near.
func suggest(word string, known []string) string {
	best, at := 3, ""
	if len(word) <= 32 {
		for _, k := range known {
			if d := distance(word, k); d < best && d < len(k) {
				best, at = d, k
			}
		}
	}
	if at == "" {
		return "; known are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("; did you mean %q?", at)
}

// distance returns the number of inserted, deleted and changed bytes between a
// and b. Reference: Levenshtein, Soviet Physics Doklady 10 (1966) 707.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
