package learn

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/learn/composition"
	"github.com/alkahest/alkahest/learn/molecular"
)

// Columns says which columns of a file hold what. Columns are named by their
// heads, without regard to case; a unit in brackets behind may be left out.
type Columns struct {
	Value    string   // default: the column named as Property, or "value" or "target", or the only other one with numbers
	Subjects []string // compositions or SMILES; default: a column named as one, else the one whose cells are
	Inputs   []string // further inputs: numbers if all cells are, else categories
	Group    string   // rows with the same cell share a fold; none by default
	Property []string // names of the property, in order of preference
}

// Limits of what ReadCSV takes.
const (
	maxFileColumns = 4096
	maxFileBytes   = 1 << 30
)

// File is a table that was read from comma-separated values.
type File struct {
	Table
	ValueColumn string    // which were taken
	Unread      []Dropped // rows whose value could not be read
}

// ReadCSV reads a table of values separated by commas, semicolons or tabs, the
// first line of which names the columns. Errors begin with name and line.
func ReadCSV(r io.Reader, name string, c Columns) (*File, error) {
	heads, rows, err := readCells(r, name)
	if err != nil {
		return nil, err
	}
	out := &File{}
	taken := map[int]bool{}
	for _, s := range c.Inputs {
		j, err := findColumn(heads, s, name)
		if err != nil {
			return nil, err
		}
		taken[j] = true
	}
	group := -1
	if c.Group != "" {
		if group, err = findColumn(heads, c.Group, name); err != nil {
			return nil, err
		}
		taken[group] = true
	}
	var subjects []int
	for _, s := range c.Subjects {
		j, err := findColumn(heads, s, name)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, j)
		taken[j] = true
	}
	value := -1
	if c.Value != "" {
		if value, err = findColumn(heads, c.Value, name); err != nil {
			return nil, err
		}
	}
	if value >= 0 {
		taken[value] = true
	}
	if len(subjects) == 0 {
		if j := guessSubject(heads, rows, taken); j >= 0 {
			subjects = append(subjects, j)
			taken[j] = true
		} else if len(c.Inputs) == 0 {
			return nil, fmt.Errorf("%s: no column holds compositions or SMILES; say which with --subject, or name the columns to learn from with --input; there are %s", name, strings.Join(heads, ", "))
		}
	}
	if value < 0 {
		if value, err = guessValue(heads, rows, taken, c.Property, name); err != nil {
			return nil, err
		}
	}
	out.ValueColumn, out.Unit = heads[value], unitOf(heads[value])
	inputs := subjects
	for _, j := range subjects {
		kind := Composition
		if named(heads[j], moleculeHeads) || share(rows, j, isComposition) < share(rows, j, isMolecule) {
			kind = Molecule
		}
		out.Inputs = append(out.Inputs, Input{bare(heads[j]), kind})
	}
	for _, s := range c.Inputs {
		j, err := findColumn(heads, s, name)
		if err != nil {
			return nil, err
		}
		kind := Number
		for _, r := range rows {
			if _, err := number(r.cells[j]); err != nil {
				kind = Category
				break
			}
		}
		inputs = append(inputs, j)
		out.Inputs = append(out.Inputs, Input{bare(heads[j]), kind})
	}
	for _, r := range rows {
		source := fmt.Sprintf("%s:%d", name, r.line)
		v, bound, err := readValue(r.cells[value])
		if err != nil {
			out.Unread = append(out.Unread, Dropped{source, fmt.Sprintf("%s: %v", heads[value], err)})
			continue
		}
		row := Row{Value: v, Bound: bound, Source: source}
		for _, j := range inputs {
			row.Inputs = append(row.Inputs, strings.TrimSpace(r.cells[j]))
		}
		if group >= 0 {
			row.Group = r.cells[group]
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// ReadSubjects reads the inputs of p from a file as ReadCSV does: columns are
// found by the names of the inputs, a composition or molecule also as ReadCSV
// guesses it. Missing numbers stay empty.
func (p *Predictor) ReadSubjects(r io.Reader, name string) ([][]string, error) {
	heads, rows, err := readCells(r, name)
	if err != nil {
		return nil, err
	}
	at := make([]int, len(p.encoder.inputs))
	taken := map[int]bool{}
	for i, in := range p.encoder.inputs {
		j, err := findColumn(heads, in.Name, name)
		if err != nil && (in.Kind == Composition || in.Kind == Molecule) {
			if j = guessSubject(heads, rows, taken); j >= 0 {
				err = nil
			}
		}
		if err != nil && in.Kind != Number {
			return nil, err
		}
		at[i] = j
		taken[j] = true
	}
	var out [][]string
	for _, r := range rows {
		inputs := make([]string, len(at))
		for i, j := range at {
			if j >= 0 {
				inputs[i] = strings.TrimSpace(r.cells[j])
			}
		}
		out = append(out, inputs)
	}
	return out, nil
}

// line is a row of a file.
type line struct {
	line  int
	cells []string
}

// readCells reads a file with its heads. Every row has a cell for each.
func readCells(r io.Reader, name string) ([]string, []line, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxFileBytes {
		return nil, nil, fmt.Errorf("%s: longer than %d bytes", name, maxFileBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	in := csv.NewReader(bufio.NewReader(bytes.NewReader(data)))
	in.FieldsPerRecord = -1
	in.Comma = separator(data)
	heads, err := in.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(heads) > maxFileColumns {
		return nil, nil, fmt.Errorf("%s: %d columns are more than %d", name, len(heads), maxFileColumns)
	}
	for j := range heads {
		heads[j] = strings.TrimSpace(heads[j])
	}
	var rows []line
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return heads, rows, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		at, _ := in.FieldPos(0)
		if len(cells) != len(heads) {
			return nil, nil, fmt.Errorf("%s:%d: %d cells, but line 1 names %d columns", name, at, len(cells), len(heads))
		}
		if len(rows) == MaxRows {
			return nil, nil, fmt.Errorf("%s:%d: more than %d rows", name, at, MaxRows)
		}
		rows = append(rows, line{at, cells})
	}
}

// separator returns what most likely stands between the cells of data: of
// comma, semicolon and tab the most frequent in the first line.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(first, []byte(string(r))) > bytes.Count(first, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// bare returns a head without the unit in brackets behind it.
func bare(head string) string {
	if i := strings.LastIndexAny(head, "(["); i > 0 && (strings.HasSuffix(head, ")") || strings.HasSuffix(head, "]")) {
		return strings.TrimSpace(head[:i])
	}
	return head
}

// unitOf returns the unit in brackets behind a head.
func unitOf(head string) string {
	if b := bare(head); b != head {
		return strings.Trim(strings.TrimSpace(head[len(b):]), "()[] ")
	}
	return ""
}

// fold makes heads and names comparable: letters and digits in lower case.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// findColumn returns the column with that head, −1 with an error if there is
// none or if there are several.
func findColumn(heads []string, want, name string) (int, error) {
	for _, same := range []func(head string) bool{
		func(head string) bool { return head == want },
		func(head string) bool { return fold(head) == fold(want) },
		func(head string) bool { return fold(bare(head)) == fold(want) },
	} {
		found := -1
		for j, h := range heads {
			if !same(h) {
				continue
			}
			if found >= 0 {
				return -1, fmt.Errorf("%s: several columns are named %q", name, want)
			}
			found = j
		}
		if found >= 0 {
			return found, nil
		}
	}
	return -1, fmt.Errorf("%s: no column %q; there are %s", name, want, strings.Join(heads, ", "))
}

// Heads of columns with compositions and with SMILES.
var (
	compositionHeads = []string{"composition", "formula", "chemicalformula", "reducedcomposition", "compound", "material", "subject", "조성", "화학식"}
	moleculeHeads    = []string{"smiles", "canonicalsmiles", "molecule", "chromophore"}
)

func named(head string, names []string) bool {
	return slices.Contains(names, fold(head)) || slices.Contains(names, fold(bare(head)))
}

func isComposition(s string) bool {
	_, err := composition.Parse(nil, s)
	return err == nil
}

func isMolecule(s string) bool {
	_, err := molecular.Parse(s)
	return err == nil
}

// share returns the share of cells of a column, of the first hundred, that are
// such.
func share(rows []line, j int, such func(s string) bool) float64 {
	n, good := 0.0, 0.0
	for _, r := range rows[:min(len(rows), 100)] {
		n++
		if such(strings.TrimSpace(r.cells[j])) {
			good++
		}
	}
	return good / max(n, 1)
}

// guessSubject returns the column that holds compositions or SMILES, −1 if none
// does.
func guessSubject(heads []string, rows []line, taken map[int]bool) int {
	for _, kind := range []struct {
		heads []string
		such  func(s string) bool
	}{{compositionHeads, isComposition}, {moleculeHeads, isMolecule}} {
		for j, h := range heads {
			if !taken[j] && named(h, kind.heads) && share(rows, j, kind.such) > 0.2 {
				return j
			}
		}
	}
	best, most := -1, 0.8
	for j := range heads {
		if taken[j] {
			continue
		}
		if s := max(share(rows, j, isComposition), share(rows, j, isMolecule)); s > most {
			best, most = j, s
		}
	}
	return best
}

// guessValue returns the column that holds the values.
func guessValue(heads []string, rows []line, taken map[int]bool, names []string, name string) (int, error) {
	for _, want := range append(slices.Clone(names), "value", "target", "값") {
		if j, err := findColumn(heads, want, name); err == nil && !taken[j] {
			return j, nil
		}
	}
	found := -1
	for j := range heads {
		n := 0
		for _, r := range rows {
			if _, _, err := readValue(r.cells[j]); err == nil {
				n++
			}
		}
		if taken[j] || n == 0 || 2*n < len(rows) {
			continue
		}
		if found >= 0 {
			return -1, fmt.Errorf("%s: several columns hold numbers; say with --value which is learned; there are %s", name, strings.Join(heads, ", "))
		}
		found = j
	}
	if found < 0 {
		return -1, fmt.Errorf("%s: no column holds numbers; say with --value which is learned; there are %s", name, strings.Join(heads, ", "))
	}
	return found, nil
}

// readValue reads "1.2", "~1.2", "1.2 ± 0.1", "1.1–1.3" (its middle), "> 500",
// "≤ 1e-10". The errors of measurement are not kept.
func readValue(s string) (float64, Bound, error) {
	s = strings.NewReplacer("−", "-", "×10^", "e", "\u00A0", " ").Replace(strings.TrimSpace(s))
	if s == "" {
		return 0, Exact, errors.New("empty")
	}
	bound := Exact
	for _, mark := range []struct {
		text  string
		bound Bound
	}{{">=", AtLeast}, {"<=", AtMost}, {">", AtLeast}, {"<", AtMost}, {"≥", AtLeast}, {"≤", AtMost}, {"≳", AtLeast}, {"≲", AtMost}, {"~", Exact}, {"≈", Exact}} {
		if rest, ok := strings.CutPrefix(s, mark.text); ok {
			s, bound = strings.TrimSpace(rest), mark.bound
			break
		}
	}
	if before, _, ok := strings.Cut(s, "±"); ok {
		s = strings.TrimSpace(before)
	}
	if low, high, ok := strings.Cut(s, "–"); ok && bound == Exact {
		a, errA := strconv.ParseFloat(strings.TrimSpace(low), 64)
		b, errB := strconv.ParseFloat(strings.TrimSpace(high), 64)
		if errA == nil && errB == nil && a <= b {
			return a + (b-a)/2, Exact, nil
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, Exact, fmt.Errorf("%q is no number", s)
	}
	return v, bound, nil
}
