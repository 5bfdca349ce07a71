package evaluate

import (
	"math"
	"testing"
)

// published is the example in the description of the data of MeasEval.
func published() []annotation {
	return []annotation{
		{set: 1, kind: "Quantity", id: "T1", text: "13 kg", span: span{256, 261}, unit: "kg"},
		{set: 1, kind: "MeasuredEntity", id: "T3", text: "bed inventory", span: span{239, 252}, rel: "HasQuantity", target: "T1"},
		{set: 2, kind: "Quantity", id: "T2", text: "<2 ppm", span: span{383, 389}, unit: "ppm", mods: []string{"IsRange"}},
		{set: 2, kind: "MeasuredProperty", id: "T4", text: "concentrations", span: span{365, 379}, rel: "HasQuantity", target: "T2"},
		{set: 2, kind: "MeasuredEntity", id: "T6", text: "elements", span: span{297, 305}, rel: "HasProperty", target: "T4"},
	}
}

// TestOfficialScore follows the published program by hand.
func TestOfficialScore(t *testing.T) {
	gold := published()
	for _, tt := range []struct {
		name           string
		found          []annotation
		rows           int
		overlap, exact float64 // sums
		matches        int
	}{
		{"the annotation itself", published(), 11, 11, 11, 11},
		{"nothing", nil, 11, 0, 0, 0},
		{
			// The quantity "2 ppm" shares both words of "<2 ppm" and is not exact.
			// "carbonator bed inventory" has precision 2/3 and recall 2/2. The
			// entity of the second set is missed, with its relation, and a
			// qualifier is too much, with its relation.
			"in part", []annotation{
				{set: 7, kind: "Quantity", id: "a", text: "13 kg", span: span{256, 261}, unit: "kg"},
				{set: 7, kind: "MeasuredEntity", id: "b", text: "largest bed inventory", span: span{231, 252}, rel: "HasQuantity", target: "a"},
				{set: 8, kind: "Quantity", id: "a", text: "2 ppm", span: span{384, 389}, unit: "ppm"},
				{set: 8, kind: "MeasuredProperty", id: "b", text: "concentrations", span: span{365, 379}, rel: "HasQuantity", target: "a"},
				{set: 8, kind: "Qualifier", id: "c", text: "very low", span: span{356, 364}, rel: "Qualifies", target: "a"},
			},
			13, 1 + 0.8 + 1 + 1 + 1 + 1 + 1 + 1, 1 + 0 + 0 + 1 + 1 + 1 + 1 + 1, 8,
		},
		{"an entity of another quantity does not count", []annotation{
			{set: 1, kind: "Quantity", id: "a", text: "13 kg", span: span{256, 261}, unit: "kg"},
			{set: 1, kind: "MeasuredEntity", id: "b", text: "elements", span: span{297, 305}, rel: "HasQuantity", target: "a"},
		}, 13, 2, 2, 2},
	} {
		rows := measOfficial(gold, tt.found)
		overlap, exact, matches := 0.0, 0.0, 0
		for _, r := range rows {
			overlap += r.f1
			if r.exact {
				exact++
			}
			if r.match {
				matches++
			}
		}
		if len(rows) != tt.rows || math.Abs(overlap-tt.overlap) > 1e-9 || exact != tt.exact || matches != tt.matches {
			t.Errorf("%s: %d rows, overlap %.3f, exact %v, %d matches; want %d, %.3f, %v, %d", tt.name, len(rows), overlap, exact, matches, tt.rows, tt.overlap, tt.exact, tt.matches)
		}
	}
}
