// Package strictyaml reads YAML files that people write by hand: every mistake
// is reported with its line and column, unknown keys with the nearest known
// one, and nothing is guessed. What the keys mean is up to its users.
package strictyaml

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
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Node is a place in a file.
type Node = yaml.Node

// Error is something wrong at a place of a file.
type Error struct {
	File         string
	Line, Column int    // from 1; Column counts characters; 0 when unknown
	About        string // the part of the file it is about, or empty
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
	if e.About != "" {
		b.WriteString(e.About + ": ")
	}
	b.WriteString(e.What)
	return b.String()
}

// MaxBytes is the most bytes of a file.
const MaxBytes = 1 << 20

// MaxItems is the most items of a list of words.
const MaxItems = 500

// MaxItemBytes bounds an item of a list of words.
const MaxItemBytes = 200

// maxErrors bounds what is reported of one file.
const maxErrors = 100

// Reader walks over the nodes of one file. Mistakes are collected, and what is
// wrong is left out of what its methods return.
type Reader struct {
	File  string
	About string // what the errors that follow are about
	errs  []*Error
}

// Err returns all errors in the order of their lines, each an *Error, joined
// with errors.Join, or nil.
func (r *Reader) Err() error {
	slices.SortStableFunc(r.errs, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		if a.Column != b.Column {
			return a.Column - b.Column
		}
		return strings.Compare(a.What, b.What)
	})
	errs := make([]error, len(r.errs))
	for i, e := range r.errs {
		errs[i] = e
	}
	return errors.Join(errs...)
}

// Errorf reports a mistake at n, which may be nil.
func (r *Reader) Errorf(n *Node, format string, args ...any) {
	if len(r.errs) >= maxErrors {
		return
	}
	e := &Error{File: r.File, About: r.About, What: fmt.Sprintf(format, args...)}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	r.errs = append(r.errs, e)
}

// yamlLine finds the line in the messages of package yaml.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// Root returns the only document of data, or nil with the reason reported.
// What says what one file holds: "declares one field".
func (r *Reader) Root(data []byte, what string) *Node {
	if len(data) > MaxBytes {
		r.Errorf(nil, "the file has more than %d bytes", MaxBytes)
		return nil
	}
	if !utf8.Valid(data) {
		r.Errorf(nil, "the file is not valid UTF-8")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		r.Errorf(nil, "the file is empty")
		return nil
	case err != nil:
		r.yamlError(err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		r.Errorf(&second, "one file %s; a second document starts here", what)
		return nil
	case !errors.Is(err, io.EOF):
		r.yamlError(err)
		return nil
	}
	if len(doc.Content) != 1 {
		r.Errorf(nil, "the file is empty")
		return nil
	}
	return doc.Content[0]
}

func (r *Reader) yamlError(err error) {
	what := err.Error()
	e := &Error{File: r.File}
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		e.Line, _ = strconv.Atoi(m[1]) // 0 without a line
		what = what[len(m[0]):]
	}
	e.What = what
	r.errs = append(r.errs, e)
}

// Entry is one key of a mapping with its value.
type Entry struct {
	Key, Value *Node
}

// Mapping returns the entries of n, which holds what, and reports keys that
// stand twice or, unless known is nil, are not among known.
func (r *Reader) Mapping(n *Node, what string, known ...string) map[string]Entry {
	out := map[string]Entry{}
	for _, e := range r.Entries(n, what, known...) {
		out[e.Key.Value] = e
	}
	return out
}

// Entries returns what Mapping returns, in the order of the file.
func (r *Reader) Entries(n *Node, what string, known ...string) []Entry {
	if n.Kind != yaml.MappingNode {
		r.Errorf(n, "%s should be a mapping of keys to values, not %s", what, Kind(n))
		return nil
	}
	var out []Entry
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch first, twice := lines[k.Value]; {
		case k.Kind != yaml.ScalarNode:
			r.Errorf(k, "a key of %s should be a word, not %s", what, Kind(k))
		case twice:
			r.Errorf(k, "%q stands twice in %s, first in line %d", Clip(k.Value), what, first)
		case known != nil && !slices.Contains(known, k.Value):
			lines[k.Value] = k.Line
			r.Errorf(k, "unknown key %q in %s%s", Clip(k.Value), what, Suggest(k.Value, known))
		default:
			lines[k.Value] = k.Line
			out = append(out, Entry{k, v})
		}
	}
	return out
}

// IsMapping reports whether n is a mapping.
func IsMapping(n *Node) bool { return n.Kind == yaml.MappingNode }

// IsList reports whether n is a list.
func IsList(n *Node) bool { return n.Kind == yaml.SequenceNode }

// IsScalar reports whether n is a text or number that is stated.
func IsScalar(n *Node) bool { return n.Kind == yaml.ScalarNode && n.Tag != "!!null" }

// Kind names what n is, for errors.
func Kind(n *Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias (*" + Clip(n.Value) + "), which declarations cannot have"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(Clip(n.Value))
}

// Clip shortens s for a message.
func Clip(s string) string {
	if len(s) <= 60 {
		return s
	}
	cut := 57
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// Required returns the entry of key, and reports at n if it is missing.
func (r *Reader) Required(n *Node, keys map[string]Entry, key string) (Entry, bool) {
	e, ok := keys[key]
	if !ok {
		r.Errorf(n, "%s is missing", key)
	}
	return e, ok
}

// List returns the items of the list n, which may be nil, that are text.
func (r *Reader) List(n *Node, key string) []*Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.Errorf(n, "%s should be a list, not %s", key, Kind(n))
		return nil
	}
	if len(n.Content) > MaxItems {
		r.Errorf(n, "more than %d items in %s", MaxItems, key)
		return nil
	}
	var out []*Node
	for _, c := range n.Content {
		switch {
		case c.Kind != yaml.ScalarNode:
			r.Errorf(c, "an item of %s should be text, not %s", key, Kind(c))
		case c.Value == "" || c.Tag == "!!null":
			r.Errorf(c, "an item of %s is empty", key)
		case len(c.Value) > MaxItemBytes:
			r.Errorf(c, "an item of %s has more than %d bytes", key, MaxItemBytes)
		default:
			out = append(out, c)
		}
	}
	return out
}

// Text returns a line of prose; line breaks in it become spaces.
func (r *Reader) Text(n *Node, key string) string {
	s := strings.Join(strings.Fields(n.Value), " ")
	switch {
	case n.Kind != yaml.ScalarNode:
		r.Errorf(n, "%s should be text, not %s", key, Kind(n))
		return ""
	case s == "" || n.Tag == "!!null":
		r.Errorf(n, "%s is empty", key)
		return ""
	}
	return s
}

// Boolean returns whether n is true.
func (r *Reader) Boolean(n *Node, key string) bool {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		r.Errorf(n, "%s should be true or false, not %s", key, Kind(n))
	}
	return n.Value == "true"
}

// Number returns a finite number; what says what it is, as "a weight".
func (r *Reader) Number(n *Node, what string) (float64, bool) {
	x, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		r.Errorf(n, "%s should be a number, not %s", what, Kind(n))
		return 0, false
	}
	return x, true
}

// Whole returns a whole number of at least low; what says what it is.
func (r *Reader) Whole(n *Node, what string, low int) (int, bool) {
	x, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || x < low {
		r.Errorf(n, "%s should be a whole number from %d, not %s", what, low, Kind(n))
		return 0, false
	}
	return x, true
}

// Range returns the numbers of a list of two, the smaller first.
func (r *Reader) Range(n *Node) (low, high float64, ok bool) {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		r.Errorf(n, "a range should be a list of two numbers, such as [0, 500]")
		return 0, 0, false
	}
	var ends [2]float64
	for i, c := range n.Content {
		if ends[i], ok = r.Number(c, "an end of a range"); !ok {
			return 0, 0, false
		}
	}
	if ends[0] >= ends[1] {
		r.Errorf(n, "the range starts at %v, which is not below its end %v", ends[0], ends[1])
	}
	return ends[0], ends[1], true
}

// Suggest returns ", did you mean …?" with the nearest of known, or nothing if
// none is near.
func Suggest(word string, known []string) string {
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
