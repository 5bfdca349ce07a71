package evaluate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// bandGapProperty is what the corpus is about.
const bandGapProperty = "solid/band-gap"

// gap is one annotated band gap.
type gap struct {
	Paper    string   `json:"paper"`
	DOI      string   `json:"doi"`
	Names    []string `json:"material_names"`
	Value    string   `json:"value"`
	Unit     string   `json:"unit"`
	Source   []string `json:"source"`
	TextFile string   `json:"text_file"`

	parsed value
	unit   quantity.Unit
}

// scoreBandGaps scores records of band gaps in full papers, end to end. Papers
// without annotated band gaps count too: whatever is found in them is wrong.
//
// A record counts when paper, value and material agree.
//
//   - Values agree when the number, or both ends of an interval, are equal in
//     electronvolts; the last digit of the annotated value may be rounded (see
//     value.rounds). Bounds count by their number and approximate values by the
//     value. An interval never agrees with a number.
//   - Materials agree when one of the annotated aliases is the text, the name or
//     the formula of the record's subject. Both are compared in one way of
//     writing: white space, dashes and the case of words make no difference
//     (see plain), and formulas agree when their canonical forms do. An alias
//     stands also without its qualification: a parenthesis behind a space or at
//     the end of the alias that belongs to no formula ("SmN (FM phase,
//     LSDA+U+SO)"), and words for methods and phases at either end
//     ("MgSO4·H2O HSE06", "Cs3Sb2I9 2D"; see qualifies). So may the text of the
//     subject.
//
// A second task takes aliases only as they are annotated.
//
// Annotated and found records are paired one to one. Found records of one paper
// with the same material and the same value, including signs such as "~" and
// "<", are one; the annotation keeps "~0.7" and "0.7" apart in the same way.
//
// The corpus is of Ning, Li, Reimers and Kobayashi, Digital Discovery (2026),
// doi:10.1039/D5DD00482A. The text of an annotated paper is found by its DOI,
// because two names of text files in the annotation are those of other papers.
func scoreBandGaps(ctx context.Context, dir string, o Options) (*Report, error) {
	path := filepath.Join(dir, "gold.jsonl")
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	gold, err := jsonLines[gap](path, data)
	if err != nil {
		return nil, err
	}
	files, err := list(filepath.Join(dir, "texts"), ".txt")
	if err != nil {
		return nil, err
	}
	r := &Report{Documents: len(files)}
	byFile := map[string][]gap{}
	for i, g := range gold {
		var ok bool
		if g.parsed, ok = parseValue(g.Value); !ok {
			return nil, fmt.Errorf("%s: record %d: %w: value %q", path, i+1, ErrMalformed, g.Value)
		}
		if g.unit, err = quantity.ParseUnit(g.Unit); err != nil {
			return nil, fmt.Errorf("%s: record %d: %w: %w", path, i+1, ErrMalformed, err)
		}
		file := textOf(g, files)
		if file == "" {
			r.note("no text for paper %s (%s); its records count as missed", g.Paper, g.DOI)
		} else if file != g.TextFile {
			r.note("paper %s is %s by its DOI; the annotation names %s", g.Paper, file, g.TextFile)
		}
		byFile[file] = append(byFile[file], g)
	}
	r.Notes = distinct(r.Notes)
	whole := tally{name: "material and band gap"}
	strict := tally{name: "material and band gap, alias as annotated"}
	for i, file := range files {
		data, err := readFile(filepath.Join(dir, "texts", file))
		if err != nil {
			return nil, err
		}
		_, records, err := o.extract(ctx, r, file, data)
		if err != nil {
			return nil, err
		}
		found := distinctGaps(records)
		gold := byFile[file]
		m := matchGaps(gold, found, true)
		r.judge(file, found, m)
		whole.add(float64(matched(m)), len(found), len(gold))
		strict.add(float64(matched(matchGaps(gold, found, false))), len(found), len(gold))
		r.Mistakes = append(r.Mistakes, gapMistakes(whole.name, file, gold, found, m)...)
		o.Progress(i+1, len(files))
	}
	if lost := byFile[""]; len(lost) > 0 {
		r.annotated += len(lost)
		whole.add(0, 0, len(lost))
		strict.add(0, 0, len(lost))
		r.Mistakes = append(r.Mistakes, gapMistakes(whole.name, "", lost, nil, matchGaps(lost, nil, true))...)
	}
	r.Tasks = []Task{whole.averaged(), strict.averaged()}
	return r, nil
}

// textOf returns the text file of g: the one whose name ends in its DOI, or
// else the one that the annotation names.
func textOf(g gap, files []string) string {
	flat := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "/", "_")) }
	if g.DOI != "" {
		for _, f := range files {
			if strings.HasSuffix(strings.ToLower(f), "_"+flat(g.DOI)+".txt") {
				return f
			}
		}
	}
	for _, f := range files {
		if f == g.TextFile {
			return f
		}
	}
	return ""
}

// distinct drops doubles, keeping the order.
func distinct(ss []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range ss {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// distinctGaps returns the records of band gaps without doubles, of each the
// most confident.
func distinctGaps(records []*record.Record) []*record.Record {
	seen := map[string]int{}
	var out []*record.Record
	for _, rec := range records {
		if rec.Property != bandGapProperty {
			continue
		}
		name := rec.Subject.Formula
		if name == "" {
			name = plain(rec.Subject.Text)
		}
		k := fmt.Sprintf("%s\x00%s\x00%s\x00%t\x00%s", name, number(rec.Low), number(rec.High), rec.Approx, rec.Unit)
		if i, ok := seen[k]; !ok {
			seen[k] = len(out)
			out = append(out, rec)
		} else if rec.Confidence > out[i].Confidence {
			out[i] = rec
		}
	}
	return out
}

// number writes x, or "open" for an open end.
func number(x *float64) string {
	if x == nil {
		return "open"
	}
	return fmt.Sprintf("%.9g", *x)
}

// matchGaps pairs annotated and found band gaps of one paper.
func matchGaps(gold []gap, found []*record.Record, unqualified bool) []int {
	return match(len(gold), len(found), func(g, f int) bool {
		low, high, ok := ends(found[f], gold[g].unit)
		if !ok || !gold[g].parsed.rounds(low, high) || gold[g].parsed.interval != (low != high) {
			return false
		}
		for _, name := range gold[g].Names {
			if aliasAgrees(name, &found[f].Subject, unqualified) {
				return true
			}
		}
		return false
	})
}

// aliasAgrees reports whether alias is what s says. If unqualified is set, both
// may lose their qualification.
func aliasAgrees(alias string, s *record.Subject, unqualified bool) bool {
	if sameCompound(alias, s) {
		return true
	}
	wanted := map[string]bool{plain(alias): true}
	has := []string{s.Text, s.Name, s.Formula}
	if unqualified {
		bare := unqualify(alias)
		if sameCompound(bare, s) {
			return true
		}
		wanted[plain(bare)] = true
		bare = unqualify(s.Text)
		if c := canonical(bare); c != "" && (c == canonical(alias) || c == canonical(unqualify(alias))) {
			return true
		}
		has = append(has, bare)
	}
	for _, h := range has {
		if h = plain(h); h != "" && wanted[h] {
			return true
		}
	}
	return false
}

// unqualify returns alias without parentheses that qualify it and without words
// for methods and phases at its ends. An alias that is a formula or would lose
// everything stays as it is.
func unqualify(alias string) string {
	s := alias
	for canonical(s) == "" {
		t, ok := dropParenthesis(s)
		if !ok {
			break
		}
		s = t
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\u00a0' || r == '\t' })
	for len(words) > 1 && qualifies(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	for len(words) > 1 && qualifies(words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return alias
	}
	return strings.Join(words, " ")
}

// dropParenthesis removes the last parenthesis of s that stands behind a space
// or at the end and does not belong to a formula.
func dropParenthesis(s string) (string, bool) {
	s = strings.TrimSpace(s)
	for end := len(s) - 1; end > 0; end-- {
		if s[end] != ')' {
			continue
		}
		depth, start := 0, end
		for ; start >= 0; start-- {
			switch s[start] {
			case ')':
				depth++
			case '(':
				depth--
			}
			if depth == 0 {
				break
			}
		}
		if start <= 0 {
			return s, false
		}
		inside := s[start+1 : end]
		spaced := s[start-1] == ' '
		if spaced || end == len(s)-1 && !isFormula(inside) {
			return strings.TrimSpace(strings.TrimSpace(s[:start]) + " " + strings.TrimSpace(s[end+1:])), true
		}
		end = start
	}
	return s, false
}

func isFormula(s string) bool {
	_, err := formula.Parse(s)
	return err == nil
}

// qualifies reports whether word names a method of measurement or calculation,
// a phase or form, or joins such words. Parts joined by "+", "-" or "/" must
// all do so.
func qualifies(word string) bool {
	parts := strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return strings.ContainsRune("+-/()[],;:‐‑–−", r) })
	if len(parts) == 0 {
		return true // punctuation alone
	}
	for _, p := range parts {
		switch p {
		case "dft", "lda", "lsda", "gga", "pbe", "pbe0", "pbesol", "hse", "hse03", "hse06", "mbj", "tb", "scan", "b3lyp", "gw", "g0w0", "gw0", "u", "so", "soc", "vdw",
			"calculated", "calc", "theory", "theoretical", "computed", "experiment", "experimental", "exp", "measured", "estimated",
			"with", "without", "no", "including", "and", "by", "from", "the", "in",
			"phase", "polymorph", "bulk", "monolayer", "bilayer", "film", "films", "thin", "nanosheet", "nanosheets", "crystal", "crystals", "single", "powder",
			"0d", "1d", "2d", "3d", "fm", "afm", "ferromagnetic", "antiferromagnetic", "pristine", "undoped", "isolated", "adsorbed", "absorbed", "gas":
		default:
			return false
		}
	}
	return true
}

func gapMistakes(task, file string, gold []gap, found []*record.Record, m []int) []Mistake {
	var out []Mistake
	for g, f := range m {
		if f < 0 {
			out = append(out, Mistake{Task: task, Document: file, Kind: Missed,
				Gold: strings.Join(gold[g].Names, " | ") + ": " + gold[g].Value + " " + gold[g].Unit, Sentence: strings.Join(gold[g].Source, " … ")})
		}
	}
	for _, f := range unmatched(m, len(found)) {
		out = append(out, wrongRecord(task, file, found[f]))
	}
	return out
}

// wrongRecord is the mistake of a record that no annotation has.
func wrongRecord(task, file string, rec *record.Record) Mistake {
	return Mistake{Task: task, Document: file, Kind: Wrong, Found: rec.Subject.Text + ": " + rec.Property + " " + rec.Text, Sentence: rec.Evidence.Sentence}
}

// exists reports whether path is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
