package evaluate

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/record"
)

func TestPassages(t *testing.T) {
	nickel := rec(curieProperty, "Nickel", "627 °C", at(900.15), at(900.15), "K")
	iron := rec(curieProperty, "iron", "1043(3) K", at(1043), at(1043), "K")
	iron.Error = 3
	film := rec(curieProperty, "film of cobalt", "between 1300 and 1350 K", at(1300), at(1350), "K",
		record.Condition{Name: "magnetic-field", Text: "0.1 T", Low: at(0.1), Unit: "T"})
	reported := rec(curieProperty, "cobalt", "1388 K", at(1388), at(1388), "K")
	other := rec("solid/coercivity", "whatever", "5 Oe", at(5), at(5), "Oe")
	furnace := rec(curieProperty, "furnace", "900 K", at(900), at(900), "K")
	all := []*record.Record{nickel, iron, film, reported, other}
	edited := func(r *record.Record, edit func(*record.Record)) *record.Record {
		c := *r
		edit(&c)
		return &c
	}
	for _, tt := range []struct {
		name       string
		x          canned
		records    want
		conditions want
	}{
		{"all", canned{"metals/nickel.txt": all}, want{"all records", 3, 3, 3, 1, 1, 1}, want{"conditions of records that are right", 1, 2, 2, .5, .5, .5}},
		{"one of a passage without any", canned{"metals/nickel.txt": all, "metals/none.txt": {furnace}}, want{"all records", 3, 4, 3, .75, 1, .8571}, want{"metals", 3, 4, 3, .75, 1, .8571}},
		{"the same twice", canned{"metals/nickel.txt": append(all, edited(nickel, func(r *record.Record) {}))}, want{"all records", 3, 3, 3, 1, 1, 1}, want{"metals", 3, 3, 3, 1, 1, 1}},
		{"another uncertainty", canned{"metals/nickel.txt": {edited(iron, func(r *record.Record) { r.Error, r.Text = 5, "1043(5) K" })}}, want{"all records", 0, 1, 3, 0, 0, 0}, want{"metals", 0, 1, 3, 0, 0, 0}},
		{"one end", canned{"metals/nickel.txt": {edited(film, func(r *record.Record) { r.High, r.Text = r.Low, "1300 K" })}}, want{"all records", 0, 1, 3, 0, 0, 0}, want{"metals", 0, 1, 3, 0, 0, 0}},
		{"an open end", canned{"metals/nickel.txt": {edited(nickel, func(r *record.Record) { r.Low, r.Text = nil, "up to 627 °C" })}}, want{"all records", 0, 1, 3, 0, 0, 0}, want{"metals", 0, 1, 3, 0, 0, 0}},
		{"two conditions of a name", canned{"metals/nickel.txt": {edited(film, func(r *record.Record) {
			r.Conditions = append(r.Conditions, record.Condition{Name: "magnetic-field", Text: "5 T"})
		})}}, want{"all records", 1, 1, 3, 1, .3333, .5}, want{"conditions of records that are right", 0, 2, 2, 0, 0, 0}},
		{"another property", canned{"metals/nickel.txt": {edited(nickel, func(r *record.Record) { r.Property = "solid/neel-temperature" })}}, want{"all records", 0, 1, 3, 0, 0, 0}, want{"metals", 0, 1, 3, 0, 0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, "passages", tt.x)
			check(t, r.Tasks, tt.records, tt.conditions)
			if r.Documents != 2 {
				t.Errorf("%d documents", r.Documents)
			}
		})
	}
}

func TestPassagesErrors(t *testing.T) {
	for _, tt := range []struct{ archive, want string }{
		{"-- a.txt --\nx\n", `behind the passage "a.txt" there should be a file "a.records"`},
		{"-- a.txt --\nx\n-- b.records --\n", `"a.records"`}, {"-- a --\nx\n-- a.records --\n", `"a.records"`},
		{"-- a.txt --\nx\n-- a.records --\n\n- x | y | 1\n", "f: a.records: line 2: malformed corpus: it should begin with + or ?"},
		{"-- a.txt --\nx\n-- a.records --\n+ x | y\n", "divided by |"}, {"-- a.txt --\nx\n-- a.records --\n+ x | y | 1 | z | q\n", "divided by |"},
		{"-- a.txt --\nx\n-- a.records --\n+ x | y | much\n", `value "much"`}, {"-- a.txt --\nx\n-- a.records --\n? x | y | 1 | hot\n", `name=text, not "hot"`},
	} {
		if _, err := parsePassages("f", []byte(tt.archive)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v\nwant %s", tt.archive, err, tt.want)
		}
	}
	if _, err := Run(context.Background(), "passages", "nowhere", Options{Extractor: canned{}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := Run(context.Background(), "passages", t.TempDir(), Options{Extractor: canned{}}); !errors.Is(err, ErrMalformed) {
		t.Errorf("an empty folder: %v", err)
	}
}

// FuzzParsePassages: an archive is refused with its name, or every line of it is a
// record that can be compared.
func FuzzParsePassages(f *testing.F) {
	f.Add("-- a.txt --\nx\n-- a.records --\n+ x ~ X | y | 1±2 | z=3; q=\n? * | y | *\n")
	f.Add("-- a.txt --\nx\n-- a.records --\n~|~|-|=")
	nothing := rec("", "", "", nil, nil, "")
	f.Fuzz(func(t *testing.T, archive string) {
		passages, err := parsePassages("f", []byte(archive))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f: ") {
				t.Fatalf("no name: %v", err)
			}
			return
		}
		for _, p := range passages {
			for _, e := range append(p.stated, p.accepted...) {
				if strings.Count(archive, strings.TrimSpace(e.line)) == 0 {
					t.Fatalf("%q is not in the archive", e.line)
				}
				e.states(nothing)
				if len(e.missing(nothing)) != len(e.conditions) {
					t.Fatalf("%q: no condition is there, but not all are missing", e.line)
				}
			}
		}
	})
}
