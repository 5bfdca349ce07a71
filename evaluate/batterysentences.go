package evaluate

import (
	"context"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// sentenceProperty is one file of the corpus and how its property is read.
type sentenceProperty struct {
	name string   // in the first column, and as the name of the file with "_" for " "
	ids  []string // properties of the fields that say the same
}

func sentenceProperties() []sentenceProperty {
	return []sentenceProperty{
		{"Capacity", []string{"battery/specific-capacity"}},
		{"Conductivity", []string{"battery/ionic-conductivity", "battery/electronic-conductivity", "solid/electrical-conductivity"}},
		{"Coulombic Efficiency", []string{"battery/coulombic-efficiency", "battery/initial-coulombic-efficiency"}},
		{"Energy", []string{"battery/energy-density"}},
		{"Voltage", []string{"battery/discharge-voltage", "battery/open-circuit-voltage", "battery/electrochemical-window", "battery/overpotential", "battery/redox-potential"}},
	}
}

// states reports whether rec states property p.
func (p sentenceProperty) states(rec *record.Record) bool {
	return slices.Contains(p.ids, rec.Property)
}

// stated is one annotated value in a sentence.
type stated struct {
	name     string
	value    value
	unit     quantity.Unit
	written  string
	sentence string
}

// scoreBatterySentences scores records in single sentences.
//
// A record counts when the sentence and the property agree, the value is equal
// within 0.1 % in the annotated unit, and of the name as annotated and as read
// one contains the other, looking at letters and digits only. A row of several
// values ("189, 182 and 150") is several annotated records. Each sentence is a
// document of its own; rows with the same sentence belong together, and a
// record found twice in a sentence with the same name and value is one.
//
// The rows annotate one material of a sentence, not all that it states, so the
// precision is a lower bound. What is said of the annotated material is scored
// beside it: there only those records count as found that have its name or its
// value.
//
// The corpus is of Huang and Cole, Chemical Science 13 (2022) 11487,
// doi:10.1039/D2SC04322J.
func scoreBatterySentences(ctx context.Context, dir string, o Options) (*Report, error) {
	r := &Report{Split: "rows that are whole"}
	r.note("a row annotates one material of its sentence, so precision is a lower bound")
	type job struct {
		p         sentenceProperty
		sentences []string
		gold      map[string][]stated
	}
	var jobs []job
	total := 0
	for _, p := range sentenceProperties() {
		path := filepath.Join(dir, strings.ToLower(strings.ReplaceAll(p.name, " ", "_"))+".csv")
		data, err := readFile(path)
		if err != nil {
			return nil, err
		}
		rows, torn := wholeRows(string(data), p.name)
		if torn > 0 {
			r.note("%s: %d rows are torn and left out", filepath.Base(path), torn)
		}
		j := job{p: p, gold: map[string][]stated{}}
		for _, row := range rows {
			values, err := statedValues(row)
			if err != nil {
				r.note("%s: %v; row left out", filepath.Base(path), err)
				continue
			}
			text := row[5]
			if j.gold[text] == nil {
				j.sentences = append(j.sentences, text)
			}
			j.gold[text] = append(j.gold[text], values...)
		}
		jobs = append(jobs, j)
		total += len(j.sentences)
	}
	micro, own := tally{name: "all properties"}, tally{name: "all properties, of the annotated materials"}
	for _, j := range jobs {
		t := tally{name: strings.ToLower(j.p.name)}
		for _, sentence := range j.sentences {
			gold := j.gold[sentence]
			r.Documents++
			name := fmt.Sprintf("%s %d.txt", t.name, r.Documents)
			_, records, err := o.extract(ctx, r, name, []byte(sentence))
			if err != nil {
				return nil, err
			}
			found := distinctStated(records, j.p)
			valued := func(g, f int) bool {
				low, high, ok := ends(found[f], gold[g].unit)
				return ok && gold[g].value.is(low, high, 0.001)
			}
			named := func(g, f int) bool { return nameContained(gold[g].name, &found[f].Subject) }
			m := match(len(gold), len(found), func(g, f int) bool { return valued(g, f) && named(g, f) })
			judgeable := 0
			for f := range found {
				for g := range gold {
					if valued(g, f) || named(g, f) {
						judgeable++
						break
					}
				}
			}
			own.add(float64(matched(m)), judgeable, len(gold))
			r.judge(name, found, m)
			t.add(float64(matched(m)), len(found), len(gold))
			micro.add(float64(matched(m)), len(found), len(gold))
			for g, f := range m {
				if f < 0 {
					r.Mistakes = append(r.Mistakes, Mistake{Task: t.name, Document: name, Kind: Missed, Gold: gold[g].name + ": " + gold[g].written, Sentence: sentence})
				}
			}
			for _, f := range unmatched(m, len(found)) {
				r.Mistakes = append(r.Mistakes, wrongRecord(t.name, name, found[f]))
			}
			o.Progress(r.Documents, total)
		}
		r.Tasks = append(r.Tasks, t.task())
	}
	r.Tasks = append(r.Tasks, micro.task(), own.task())
	return r, nil
}

// wholeRows returns the rows of property, name, value, unit, DOI and text, and
// how many lines belong to rows that are not whole. The files have rows over
// several lines of which a part is missing; read as one stream they would swallow
// the rows behind them. A row is whole if it is one line, or two lines of which
// the second has the text for the first.
func wholeRows(data, property string) (rows [][]string, torn int) {
	lines := strings.Split(data, "\n")
	for i := 1; i < len(lines); i++ { // the first line names the columns
		line := strings.TrimSuffix(lines[i], "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if row, ok := oneRow(line, property); ok {
			rows = append(rows, row)
			continue
		}
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], `"`) {
			row, ok := oneRow(line+"\n"+strings.TrimSuffix(lines[i+1], "\r"), property)
			if d := digits.FindString(rowValue(row)); ok && d != "" && strings.Contains(row[5], d) {
				rows = append(rows, row)
				i++
				continue
			}
		}
		torn++
	}
	return rows, torn
}

func oneRow(s, property string) ([]string, bool) {
	c := csv.NewReader(strings.NewReader(s))
	c.FieldsPerRecord = 6
	row, err := c.Read()
	if err != nil || row[0] != property || strings.TrimSpace(row[5]) == "" {
		return nil, false
	}
	if _, err := c.Read(); err == nil {
		return nil, false
	}
	return row, true
}

func rowValue(row []string) string {
	if len(row) < 3 {
		return ""
	}
	return row[2]
}

// statedValues returns what a row annotates.
func statedValues(row []string) ([]stated, error) {
	unit, err := quantity.ParseUnit(strings.ReplaceAll(row[3], " -", "-"))
	if err != nil {
		return nil, err
	}
	var out []stated
	for _, part := range strings.Split(strings.ReplaceAll(row[2], " and ", ","), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		v, ok := parseValue(part)
		if !ok {
			return nil, fmt.Errorf("value %q: %w", row[2], ErrMalformed)
		}
		out = append(out, stated{strings.TrimSpace(row[1]), v, unit, part + " " + row[3], row[5]})
	}
	return out, nil
}

// distinctStated returns the records of p without doubles.
func distinctStated(records []*record.Record, p sentenceProperty) []*record.Record {
	seen := map[string]bool{}
	var out []*record.Record
	for _, rec := range records {
		k := rec.Property + "\x00" + plain(rec.Subject.Text) + "\x00" + number(rec.Low) + "\x00" + number(rec.High) + "\x00" + rec.Unit
		if p.states(rec) && !seen[k] {
			seen[k] = true
			out = append(out, rec)
		}
	}
	return out
}
