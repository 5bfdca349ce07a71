package gold

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/evaluate"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// Score compares the records of documents with a sheet. records returns those
// that are read in a document now, or why it cannot be read.
//
// A record counts when it stands in the passage and property, subject and value
// agree: subjects by the same words or the same canonical formula, values within
// 0.1 % in the property's unit. Only passages with all verdicts count. The first
// task is over all properties, then there is one for each.
func Score(passages []*Passage, fields *field.Set, records func(*Passage) ([]*record.Record, error)) (*evaluate.Report, error) {
	r := &evaluate.Report{Title: "annotated passages of your own papers"}
	counts := map[string]*[3]int{} // right, found, stated
	count := func(property string, i int) {
		for _, name := range []string{all, property} {
			if counts[name] == nil {
				counts[name] = &[3]int{}
			}
			counts[name][i]++
		}
	}
	documents := map[string]bool{}
	open, lost := 0, map[string]bool{}
	for _, p := range passages {
		if !p.Judged() {
			open++
			continue
		}
		read, err := records(p)
		if err != nil {
			if !lost[p.Name] {
				lost[p.Name] = true
				r.Notes = append(r.Notes, err.Error())
			}
			continue
		}
		documents[p.Name] = true
		stated, err := p.stated(fields)
		if err != nil {
			return nil, err
		}
		var found []*record.Record
		for _, rec := range read {
			if rec.Evidence.Block == p.Block && (p.Table || rec.Evidence.Sentence == p.Text) {
				found = append(found, rec)
				count(rec.Property, 1)
			}
		}
		taken := make([]bool, len(found))
		for _, s := range stated {
			count(s.property.ID(), 2)
			i := slices.IndexFunc(found, func(rec *record.Record) bool { return s.agrees(rec) && !taken[slices.Index(found, rec)] })
			if i < 0 {
				r.Mistakes = append(r.Mistakes, evaluate.Mistake{Task: s.property.ID(), Document: p.String(), Kind: evaluate.Missed, Gold: s.subject + ": " + s.value, Sentence: p.Text})
				continue
			}
			taken[i] = true
			count(s.property.ID(), 0)
		}
		for i, rec := range found {
			r.Verdicts = append(r.Verdicts, evaluate.Verdict{Document: p.Name, Record: rec, Right: taken[i]})
			if !taken[i] {
				r.Mistakes = append(r.Mistakes, evaluate.Mistake{Task: rec.Property, Document: p.String(), Kind: evaluate.Wrong, Found: rec.Subject.Text + ": " + rec.Text, Sentence: rec.Evidence.Sentence})
			}
		}
	}
	r.Documents = len(documents)
	if len(r.Verdicts) > 0 {
		r.Calibration = evaluate.Calibrate(r.Verdicts, counts[all][2])
	}
	if open > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d of %d passages have rows without a verdict and do not count", open, len(passages)))
	}
	var names []string
	for name := range counts {
		if name != all {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if counts[all] == nil {
		counts[all] = &[3]int{}
	}
	for _, name := range append([]string{all}, names...) {
		n := counts[name]
		r.Tasks = append(r.Tasks, evaluate.NewTask(name, float64(n[0]), n[1], n[2]))
	}
	return r, nil
}

// all names the task over all properties.
const all = "all properties"

// statement is a record that a passage states, as the reader says.
type statement struct {
	subject, value string
	canonical      string // formula of the subject, if it is one
	property       *field.Property
	low, high      float64 // in unit
	unit           quantity.Unit
}

// stated returns what p states.
func (p *Passage) stated(fields *field.Set) ([]statement, error) {
	var out []statement
	for i := range p.Rows {
		s, ok, err := p.Rows[i].statement(fields)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// RowError says what is wrong with a row of a sheet.
type RowError struct {
	Line     int    // row of the sheet, 0 if it is of none
	Property string // that no field declares; empty where something else is wrong
	Err      error
}

// Error names the row.
func (e *RowError) Error() string {
	if e.Line == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("row %d: %v", e.Line, e.Err)
}

// Unwrap returns what is wrong.
func (e *RowError) Unwrap() error { return e.Err }

// Check reports what is wrong with the record that r says is stated: a property that
// no field declares, a value that is no quantity of it. The error is a *RowError.
func (r *Row) Check(fields *field.Set) error {
	_, _, err := r.statement(fields)
	return err
}

// statement returns what r says is stated, and whether anything is.
func (r *Row) statement(fields *field.Set) (s statement, ok bool, err error) {
	subject, property, value, ok := r.truth()
	if !ok {
		return s, false, nil
	}
	s = statement{subject: subject, value: value, property: fields.Property(property)}
	if s.property == nil {
		return s, false, &RowError{r.Line, property, fmt.Errorf("no field declares a property %q", property)}
	}
	in, unit, err := valueIn(s.property, value)
	if err != nil {
		return s, false, &RowError{r.Line, "", fmt.Errorf("the value %q of %s: %w", value, subject, err)}
	}
	s.low, s.high, s.unit = in.Low, in.High, unit
	if f, err := formula.Parse(subject); err == nil {
		s.canonical = f.String()
	}
	return s, true, nil
}

// valueIn reads value in the unit of p, or in one of the others that p takes. A
// number without a unit is in p's own.
func valueIn(p *field.Property, value string) (quantity.Quantity, quantity.Unit, error) {
	found := quantity.Scan(value, nil)
	if len(found) == 0 {
		return quantity.Quantity{}, quantity.Unit{}, errors.New("this is no quantity")
	}
	q := found[0].Quantity
	if found[0].UnitSpan.End == found[0].UnitSpan.Start {
		rest, _, _ := strings.Cut(strings.TrimSpace(value[found[0].End:]), " ")
		if first, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(first) && rest != "at" {
			return q, q.Unit, fmt.Errorf("%q is no unit that is known; %s is in %s", rest, p.ID(), p.Unit)
		}
		q.Unit = p.Unit
	}
	var err error
	for _, unit := range append([]quantity.Unit{p.Unit}, p.Alternatives...) {
		in, e := q.In(unit)
		if e == nil {
			return in, unit, nil
		}
		if err == nil {
			err = e
		}
	}
	return q, q.Unit, fmt.Errorf("%w; %s is in %s", err, p.ID(), p.Unit)
}

// agrees reports whether rec says the same as s.
func (s *statement) agrees(rec *record.Record) bool {
	if rec.Property != s.property.ID() || rec.Unit != s.unit.Symbol {
		return false
	}
	subject := s.canonical != "" && s.canonical == rec.Subject.Formula
	for _, name := range []string{rec.Subject.Text, rec.Subject.Name} {
		subject = subject || field.Fold(name) == field.Fold(s.subject)
	}
	return subject && same(s.low, rec.Low) && same(s.high, rec.High)
}

// same reports whether an end of an interval is x, within 0.1 %. An open end,
// nil, is infinite.
func same(x float64, end *float64) bool {
	if end == nil {
		return math.IsInf(x, 0)
	}
	return math.Abs(x-*end) <= 0.001*math.Max(math.Abs(x), math.Abs(*end))
}

// Verdicts returns how many passages and rows of a sheet are judged.
func Verdicts(passages []*Passage) (judged int, rows map[Verdict]int) {
	rows = map[Verdict]int{}
	for _, p := range passages {
		if p.Judged() {
			judged++
		}
		for _, r := range p.Rows {
			rows[r.Verdict]++
		}
	}
	return judged, rows
}
