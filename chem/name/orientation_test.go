package name

import (
	"slices"
	"strings"
	"testing"
)

// systemOf returns the ring system of a skeleton of the lexicon.
func systemOf(t testing.TB, skeleton string) *ringSystem {
	t.Helper()
	var g graph
	atoms, _, err := g.skeleton(skeleton, 0)
	if err != nil {
		t.Fatal(err)
	}
	return g.ringSystem(atoms)
}

// traditional are the systems whose numbering is not that of the rules (IUPAC 1998,
// FR-5.5).
var traditional = []string{"anthracene", "phenanthrene", "purine", "carbazole", "acridine", "xanthene", "thioxanthene"}

// ringRows calls each with the names, the structure and the locants of the mancude rings
// of the table.
func ringRows(each func(names []string, skeleton string, locants []string)) {
	for line := range strings.Lines(ringData) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if line[0] != '#' && cols[1] == "m" {
			each(strings.Split(cols[0], "|"), cols[2], strings.Split(cols[3], ","))
		}
	}
}

// TestNumbering compares the numbering of the fused ring systems of the table, which
// OPSIN confirmed, with what follows from the rules.
func TestNumbering(t *testing.T) {
	same := 0
	ringRows(func(names []string, skeleton string, want []string) {
		s := systemOf(t, skeleton)
		got, err := s.number()
		if err != nil || slices.Contains(traditional, names[0]) {
			return
		}
		if n := (&numberer{s: s}); n.form(got) != n.form(want) {
			t.Errorf("%s: numbered %v, want %v", names[0], got, want)
			return
		}
		same++
	})
	if same < 280 {
		t.Errorf("%d systems are numbered, want at least 280", same)
	}
}

// TestFused puts the fused ring systems of the table together of the parts of their
// names.
func TestFused(t *testing.T) {
	same := 0
	ringRows(func(names []string, skeleton string, want []string) {
		for _, name := range names {
			if !strings.Contains(name, "[") {
				continue
			}
			name = strings.ToLower(name)
			p := &scanner{s: name, raw: name, memo: map[[2]int][]*node{}}
			for _, m := range p.fused(0, len(name)) {
				e := m.core.entry
				if m.end < len(name) {
					continue
				}
				if e.problem != "" {
					t.Logf("%s: %s", name, e.problem)
					continue
				}
				s := systemOf(t, e.skeleton)
				n := &numberer{s: s}
				of := systemOf(t, skeleton)
				if got, want := n.form(e.locants), (&numberer{s: of}).form(want); got != want {
					t.Errorf("%s is put together as %s, want %s", name, got, want)
					continue
				}
				same++
			}
		}
	})
	if same < 200 {
		t.Errorf("%d systems are put together, want at least 200", same)
	}
}

// TestFusedNames reads names of fused systems with substituents, whose places depend on
// the numbering.
func TestFusedNames(t *testing.T) {
	pairs(t, "fused.tsv", func(name, smiles string) {
		got, err := ParseSystematic(name)
		if err != nil {
			t.Errorf("%v, want %s", err, smiles)
		} else if canonical(t, got.SMILES) != canonical(t, smiles) {
			t.Errorf("%s is %s, want %s", name, got.SMILES, smiles)
		}
	})
}
