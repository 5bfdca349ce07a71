package evaluate

import (
	"slices"
	"strings"
)

// annotation is one row of the annotation of MeasEval.
type annotation struct {
	set    int    // which quantity it belongs to
	kind   string // Quantity, MeasuredEntity, MeasuredProperty, Qualifier
	id     string
	text   string
	unit   string   // of a Quantity
	mods   []string // of a Quantity
	rel    string   // HasQuantity, HasProperty, Qualifies
	target string   // id of what rel points at
	span
}

// The kinds of rows that the official score counts.
var measKinds = []string{"Quantity", "MeasuredEntity", "MeasuredProperty", "Qualifier", "Unit", "modifier", "HasQuantity", "HasProperty", "Qualifies"}

// measRow is one row of the official score: a match with its F1 of words, or a
// row of one side only, which scores 0.
type measRow struct {
	kind                  string
	match, goldOnly       bool
	exact                 bool
	f1                    float64
	goldIndex, foundIndex int
}

// measOfficial scores found against gold in one document as the shared task
// does: any quantity that touches an annotated one matches it; everything else
// counts only within a matched pair of quantities; and the overlap score is the
// mean over matches and unmatched rows of both sides.
//
// Reference: Harper et al., SemEval-2021 Task 8, section 4, and the program
// that the organisers published (github.com/harperco/MeasEval, eval).
func measOfficial(gold, found []annotation) []measRow {
	var rows []measRow
	goldOf := map[int]int{} // found set → gold set
	type pair struct{ f, g int }
	pairs := map[string][]pair{} // by kind
	of := func(as []annotation, kind string) []int {
		var out []int
		for i := range as {
			if as[i].kind == kind {
				out = append(out, i)
			}
		}
		return out
	}
	touches := func(a, b span) bool { return a.start <= b.end && b.start <= a.end }
	for _, kind := range []string{"Quantity", "MeasuredEntity", "MeasuredProperty", "Qualifier"} {
		gs, fs := of(gold, kind), of(found, kind)
		hitGold, hitFound := map[int]bool{}, map[int]bool{}
		for _, f := range fs {
			best, first := 0.0, len(rows)
			for _, g := range gs {
				if !touches(found[f].span, gold[g].span) {
					continue
				}
				if kind != "Quantity" {
					if set, ok := goldOf[found[f].set]; !ok || set != gold[g].set {
						continue
					}
				}
				hitGold[g], hitFound[f] = true, true
				pairs[kind] = append(pairs[kind], pair{f, g})
				if kind == "Quantity" {
					goldOf[found[f].set] = gold[g].set
				}
				best = max(best, officialF1(&found[f], &gold[g]))
				rows = append(rows, measRow{kind: kind, match: true, exact: found[f].span == gold[g].span, foundIndex: f, goldIndex: g})
			}
			for i := first; i < len(rows); i++ {
				rows[i].f1 = best
			}
		}
		for _, g := range gs {
			if !hitGold[g] {
				rows = append(rows, measRow{kind: kind, goldOnly: true, goldIndex: g})
			}
		}
		for _, f := range fs {
			if !hitFound[f] {
				rows = append(rows, measRow{kind: kind, foundIndex: f})
			}
		}
	}
	rows = append(rows, attributes("Unit", gold, found, goldOf, func(a *annotation) []string {
		if a.unit == "" {
			return nil
		}
		return []string{a.unit}
	})...)
	rows = append(rows, attributes("modifier", gold, found, goldOf, func(a *annotation) []string { return a.mods })...)
	// A relation matches if both its ends match and the annotation has it.
	for _, rel := range []string{"HasQuantity", "HasProperty", "Qualifies"} {
		partners := func(f int) []int {
			var out []int
			for _, ps := range pairs {
				for _, p := range ps {
					if p.f == f {
						out = append(out, p.g)
					}
				}
			}
			return out
		}
		hitGold := map[int]bool{}
		for f := range found {
			if found[f].rel != rel {
				continue
			}
			target := slices.IndexFunc(found, func(a annotation) bool { return a.set == found[f].set && a.id == found[f].target })
			hit := false
			for _, g := range partners(f) {
				if gold[g].rel != rel || target < 0 {
					continue
				}
				for _, gt := range partners(target) {
					if gold[gt].id == gold[g].target && gold[gt].set == gold[g].set {
						hit, hitGold[g] = true, true
						rows = append(rows, measRow{kind: rel, match: true, exact: true, f1: 1, foundIndex: f, goldIndex: g})
					}
				}
			}
			if !hit {
				rows = append(rows, measRow{kind: rel, foundIndex: f})
			}
		}
		for g := range gold {
			if gold[g].rel == rel && !hitGold[g] {
				rows = append(rows, measRow{kind: rel, goldOnly: true, goldIndex: g})
			}
		}
	}
	return rows
}

// attributes matches what quantities of matched sets carry beside their span.
func attributes(kind string, gold, found []annotation, goldOf map[int]int, of func(*annotation) []string) []measRow {
	var rows []measRow
	hit := map[[2]string]bool{}
	key := func(set int, value string) [2]string { return [2]string{string(rune(set)), value} }
	for f := range found {
		if found[f].kind != "Quantity" {
			continue
		}
		set, aligned := goldOf[found[f].set]
		for _, v := range of(&found[f]) {
			matched := false
			for g := range gold {
				if aligned && gold[g].kind == "Quantity" && gold[g].set == set && slices.Contains(of(&gold[g]), v) {
					matched, hit[key(set, v)] = true, true
					rows = append(rows, measRow{kind: kind, match: true, exact: true, f1: 1, foundIndex: f, goldIndex: g})
				}
			}
			if !matched {
				rows = append(rows, measRow{kind: kind, foundIndex: f})
			}
		}
	}
	for g := range gold {
		if gold[g].kind != "Quantity" {
			continue
		}
		for _, v := range of(&gold[g]) {
			if !hit[key(gold[g].set, v)] {
				rows = append(rows, measRow{kind: kind, goldOnly: true, goldIndex: g})
			}
		}
	}
	return rows
}

// officialF1 is the F1 of words, divided at single spaces, that the official
// score gives a pair of spans.
func officialF1(found, gold *annotation) float64 {
	n := func(s string) float64 { return float64(strings.Count(s, " ") + 1) }
	start, end := max(found.start, gold.start), min(found.end, gold.end)
	from := max(0, start-found.start)
	shared := n(found.text[from:min(len(found.text), from+max(0, end-start))])
	p, r := shared/n(found.text), shared/n(gold.text)
	return 2 * p * r / (p + r)
}

// measTasks sums rows up: for each kind and overall the precision, recall and
// F-measure of matches, and the mean overlap F1 and exact match.
func measTasks(rows []measRow) []Task {
	var out []Task
	for _, kind := range append([]string{""}, measKinds...) {
		matches, f, g, all := 0, 0, 0, 0
		overlap, exact := 0.0, 0.0
		for _, r := range rows {
			if kind != "" && r.kind != kind {
				continue
			}
			all++
			switch {
			case r.match:
				matches++
				f++
				g++
				overlap += r.f1
				if r.exact {
					exact++
				}
			case r.goldOnly:
				g++
			default:
				f++
			}
		}
		name := kind
		if kind == "" {
			name = "overall"
		}
		t := NewTask("official "+name, float64(matches), f, g)
		if all > 0 {
			t.Overlap, t.Exact = overlap/float64(all), exact/float64(all)
		}
		out = append(out, t)
	}
	return out
}
