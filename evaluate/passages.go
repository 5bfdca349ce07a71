package evaluate

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

//go:embed passages/*.txtar
var bundledPassages embed.FS

// blindSet is the set of bundled passages that no rule is made for.
const blindSet = "blind"

// expectation is a record that a passage states.
type expectation struct {
	subjects   []string // alternatives, in the words of the passage; nil for any
	properties []string // alternatives
	value      string   // as written; "*" for any
	conditions []expectedCondition
	line       string
}

// expectedCondition is a condition that an expected record has.
type expectedCondition struct{ name, text string }

// passage is a short document with what a careful reader would enter into a
// database.
type passage struct {
	name     string // with the ending that tells its format
	text     []byte
	stated   []expectation // to be found
	accepted []expectation // right when found, not missed otherwise: what others reported, or nearly says
}

// scorePassages scores records in passages and tables that were written for the
// purpose.
//
// A record counts when subject, property and value are right. The subject must
// be one of the alternatives that are given, as written, as it is normalised or
// by its formula, without regard to case, white space and kinds of dashes. The
// value must have the same ends and uncertainty, either in the unit of the
// property or as the passage writes them. Each expected record counts once. What
// is acceptable, without being expected, counts neither as found nor as wrong.
// Of records that are right, the expected conditions are scored on their own: one
// counts when its name and the number or words are there, and no second condition
// of that name.
//
// dir holds archives of passages (*.txtar), one set each; without one the
// passages that are part of the software are scored.
func scorePassages(ctx context.Context, dir string, o Options) (*Report, error) {
	return scoreSets(ctx, dir, o, func(string) bool { return true })
}

// scoreSets scores the sets of passages in dir for which counts holds.
func scoreSets(ctx context.Context, dir string, o Options, counts func(set string) bool) (*Report, error) {
	var files fs.FS = bundledPassages
	pattern := "passages/*.txtar"
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, err
		}
		files, pattern = os.DirFS(dir), "*.txtar"
	}
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !counts(stem(name)) })
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: %w: no file *.txtar", dir, ErrMalformed)
	}
	sets := make([][]passage, len(names))
	total := 0
	for i, name := range names {
		data, err := readWithin(files, name)
		if err != nil {
			return nil, err
		}
		if sets[i], err = parsePassages(name, data); err != nil {
			return nil, err
		}
		total += len(sets[i])
	}
	r := &Report{}
	if dir == "" {
		r.Split = "bundled; no rule is made for “blind”, all others are for development"
	}
	all, conditions := tally{name: "all records"}, tally{name: "conditions of records that are right"}
	for i, set := range sets {
		t := tally{name: stem(names[i])}
		before := len(r.Mistakes)
		for _, p := range set {
			p.name = stem(names[i]) + "/" + p.name
			_, records, err := o.extract(ctx, r, p.name, p.text)
			if err != nil {
				return nil, err
			}
			p.score(r, records, []*tally{&t, &all}, &conditions)
			r.Documents++
			o.Progress(r.Documents, total)
		}
		r.Tasks = append(r.Tasks, t.task())
		if dir == "" && t.name == blindSet {
			r.Mistakes = r.Mistakes[:before]
			r.note("mistakes in %s are not listed, so that no rule is made for them", blindSet)
		}
	}
	r.Tasks = append(r.Tasks, all.task(), conditions.task())
	return r, nil
}

// readWithin reads a file of at most maxFile bytes.
func readWithin(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(name, f)
}

// score compares what was found in p with what it states.
func (p *passage) score(r *Report, records []*record.Record, counts []*tally, conditions *tally) {
	var found []*record.Record
	for _, rec := range records {
		expected := func(e expectation) bool { return e.states(rec) }
		if !slices.ContainsFunc(p.accepted, expected) || slices.ContainsFunc(p.stated, expected) {
			found = append(found, rec)
		}
	}
	m := match(len(p.stated), len(found), func(g, f int) bool { return p.stated[g].states(found[f]) })
	// The same statement read twice is neither right twice nor wrong.
	again := func(f int) bool {
		return slices.ContainsFunc(p.stated, func(e expectation) bool { return e.states(found[f]) })
	}
	extra := slices.DeleteFunc(unmatched(m, len(found)), again)
	for _, t := range counts {
		t.add(float64(matched(m)), matched(m)+len(extra), len(p.stated))
	}
	r.judgePart(p.name, found, m, func(rec *record.Record) bool {
		f := slices.Index(found, rec)
		return slices.Contains(m, f) || slices.Contains(extra, f)
	})
	for g, f := range m {
		e := p.stated[g]
		if f < 0 {
			r.Mistakes = append(r.Mistakes, Mistake{Task: "records", Document: p.name, Kind: Missed, Gold: e.line})
			continue
		}
		missing := e.missing(found[f])
		conditions.add(float64(len(e.conditions)-len(missing)), len(e.conditions), len(e.conditions))
		for _, c := range missing {
			r.Mistakes = append(r.Mistakes, Mistake{Task: "conditions", Document: p.name, Kind: Missed, Gold: e.line + ": " + c.name, Found: wrongRecord("", "", found[f]).Found, Sentence: found[f].Evidence.Sentence})
		}
	}
	for _, f := range extra {
		r.Mistakes = append(r.Mistakes, wrongRecord("records", p.name, found[f]))
	}
}

// parsePassages reads an archive of passages: each is a file with its text, and
// behind it one of the same name with the ending ".records", in which a line is
//
//   - subject ~ alternative | property ~ alternative | value | condition=text; …
//
// for a record that is expected, or begins with "?" for one that is acceptable.
// The value is a number as a table would have it, "12.5±0.3", "300–320", "≥ 5";
// "*" stands for any subject or value.
func parsePassages(name string, data []byte) ([]passage, error) {
	var out []passage
	files := txtar.Parse(data).Files
	for i := 0; i < len(files); i += 2 {
		p := passage{name: files[i].Name, text: files[i].Data}
		want := stem(p.name) + ".records"
		if path.Ext(p.name) == "" || i+1 == len(files) || files[i+1].Name != want {
			return nil, fmt.Errorf("%s: %w: behind the passage %q there should be a file %q", name, ErrMalformed, p.name, want)
		}
		for n, line := range strings.Split(string(files[i+1].Data), "\n") {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			e, err := parseExpectation(line[1:])
			if err == nil && line[0] != '+' && line[0] != '?' {
				err = fmt.Errorf("%w: it should begin with + or ?", ErrMalformed)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %s: line %d: %w", name, want, n+1, err)
			}
			if line[0] == '+' {
				p.stated = append(p.stated, e)
			} else {
				p.accepted = append(p.accepted, e)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// parseExpectation reads one line without its sign.
func parseExpectation(line string) (expectation, error) {
	e := expectation{line: strings.TrimSpace(line)}
	parts := strings.Split(line, "|")
	if len(parts) < 3 || len(parts) > 4 {
		return e, fmt.Errorf("%w: subject, property, value and conditions should be divided by |", ErrMalformed)
	}
	e.properties = alternatives(parts[1])
	e.value = strings.TrimSpace(parts[2])
	if subjects := alternatives(parts[0]); !slices.Equal(subjects, []string{"*"}) {
		e.subjects = subjects
	}
	if _, err := quantity.ParseCell(e.value, nil); err != nil && e.value != "*" {
		return e, fmt.Errorf("value %q: %w", e.value, err)
	}
	if len(parts) < 4 {
		return e, nil
	}
	for _, c := range strings.Split(parts[3], ";") {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		condition, text, ok := strings.Cut(c, "=")
		if !ok {
			return e, fmt.Errorf("%w: a condition should be name=text, not %q", ErrMalformed, c)
		}
		e.conditions = append(e.conditions, expectedCondition{strings.TrimSpace(condition), strings.TrimSpace(text)})
	}
	return e, nil
}

// alternatives returns the parts of s between "~".
func alternatives(s string) []string {
	parts := strings.Split(s, "~")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// states reports whether rec is what e expects, conditions aside.
func (e *expectation) states(rec *record.Record) bool {
	return slices.Contains(e.properties, rec.Property) && e.names(&rec.Subject) && e.equals(rec)
}

func (e *expectation) names(s *record.Subject) bool {
	if e.subjects == nil {
		return true
	}
	return slices.ContainsFunc(e.subjects, func(name string) bool {
		name = strings.ToLower(plain(name))
		for _, read := range []string{s.Text, s.Name, s.Formula} {
			if name == strings.ToLower(plain(read)) {
				return true
			}
		}
		return false
	})
}

func (e *expectation) equals(rec *record.Record) bool {
	if e.value == "*" {
		return true
	}
	want, err := quantity.ParseCell(e.value, nil)
	if err != nil {
		return false
	}
	read := quantity.Quantity{Low: math.Inf(-1), High: math.Inf(1), Uncertainty: rec.Error}
	written, err := quantity.ParseCell(rec.Text, nil)
	if rec.Low != nil {
		read.Low = *rec.Low
	} else {
		written.Low = read.Low
	}
	if rec.High != nil {
		read.High = *rec.High
	} else {
		written.High = read.High
	}
	return sameQuantity(want, read) || err == nil && sameQuantity(want, written)
}

// sameQuantity reports whether the numbers of a and b agree within 0.1 %, the
// uncertainty only if a has one.
func sameQuantity(a, b quantity.Quantity) bool {
	same := func(x, y float64) bool { return x == y || !math.IsInf(x-y, 0) && near(x, y, 0.001*math.Abs(x)) }
	return same(a.Low, b.Low) && same(a.High, b.High) && (a.Uncertainty == 0 || same(a.Uncertainty, b.Uncertainty))
}

// missing returns the conditions of e that rec lacks.
func (e *expectation) missing(rec *record.Record) []expectedCondition {
	var out []expectedCondition
	for _, want := range e.conditions {
		names := strings.Split(want.name, "/")
		number, err := quantity.ParseCell(want.text, nil)
		there, named := false, 0
		for _, c := range rec.Conditions {
			if !slices.Contains(names, c.Name) {
				continue
			}
			named++
			there = there || strings.Contains(strings.ToLower(plain(c.Text)), strings.ToLower(plain(want.text))) ||
				err == nil && c.Low != nil && near(number.Low, *c.Low, 0.001*math.Abs(number.Low))
		}
		if !there || named > 1 {
			out = append(out, want)
		}
	}
	return out
}
