package molecule

import (
	"fmt"
	"strings"
	"testing"
)

// rdkitSwaps are the numbers that RDKit 2026.09.1 gives, in its canonical SMILES, to
// the arrangements 1, 2, … of different ligands when the first and the second are
// exchanged in the text, the second and the third, and so on.
var rdkitSwaps = map[string][]string{
	"SP": {"3 2 1", "2 1 3", "3 2 1"},
	"TB": {
		"9 11 10 12 13 14 8 7 1 3 2 4 5 6 20 19 18 17 16 15",
		"2 1 4 3 7 8 5 6 15 16 20 19 14 13 9 10 18 17 12 11",
		"2 1 5 6 3 4 8 7 11 13 9 14 10 12 17 19 15 20 16 18",
		"3 4 1 2 6 5 8 7 10 9 12 11 14 13 16 15 18 17 20 19",
	},
	"OH": {
		"17 7 18 15 14 16 2 23 24 20 19 22 21 5 4 6 1 3 11 10 13 12 8 9 30 29 28 27 26 25",
		"14 4 15 2 16 17 18 10 11 8 9 13 12 1 3 5 6 7 25 26 27 28 29 30 19 20 21 22 23 24",
		"8 10 9 14 15 19 20 1 3 2 16 21 22 4 5 11 23 24 6 7 12 13 17 18 29 30 28 27 25 26",
		"4 14 6 1 7 3 5 10 12 8 13 9 11 2 17 18 15 16 21 23 19 24 20 22 27 29 25 30 26 28",
		"3 16 1 5 4 7 6 9 8 11 10 13 12 15 14 2 18 17 20 19 22 21 24 23 26 25 28 27 30 29",
	},
}

func TestSwapsAsRDKit(t *testing.T) {
	for _, g := range geometries {
		if len(rdkitSwaps[g.class]) != g.places-1 {
			t.Fatalf("%s: %d rows", g.class, len(rdkitSwaps[g.class]))
		}
		for i, row := range rdkitSwaps[g.class] {
			for k, want := range strings.Fields(row) {
				c := g.first + Chirality(k)
				if got := chiralities().swapped[c][i]; got.String() != "@"+g.class+want {
					t.Errorf("%s with ligands %d and %d exchanged: %s, want @%s%s", c, i+1, i+2, got, g.class, want)
				}
			}
		}
	}
}

// TestIsomers counts the stereoisomers of complexes, as textbooks do (Pólya,
// Acta Math. 68 (1937) 145), and checks that each has one form for all orders.
func TestIsomers(t *testing.T) {
	ligands := map[byte]string{'a': "F", 'b': "Cl", 'c': "Br", 'd': "I", 'e': "O", 'f': "N", 'h': "[2H]"}
	for _, test := range []struct {
		class, formula string
		want           int
	}{
		{"SP", "abcd", 3}, {"SP", "aabb", 2}, {"SP", "aabc", 2}, {"SP", "aaab", 1}, {"SP", "abc", 3}, {"SP", "aab", 2},
		{"TB", "abcde", 20}, {"TB", "aaaab", 2}, {"TB", "aaabb", 3}, {"TB", "aaabc", 4}, {"TB", "aabbc", 6}, {"TB", "aabcd", 10}, {"TB", "abcd", 20},
		{"OH", "abcdef", 30}, {"OH", "aaaabb", 2}, {"OH", "aaabbb", 2}, {"OH", "aabbcc", 6}, {"OH", "aabbcd", 8},
		{"OH", "aaabbc", 3}, {"OH", "aaabcd", 5}, {"OH", "aaaabc", 2}, {"OH", "aabcde", 15}, {"OH", "aaaaab", 1}, {"OH", "aaaab", 2},
	} {
		forms := map[string]bool{}
		for _, g := range geometries {
			if g.class != test.class {
				continue
			}
			for n := range len(g.arrangements) {
				var s strings.Builder
				for k := range len(test.formula) {
					switch l := ligands[test.formula[k]]; k {
					case 0:
						fmt.Fprintf(&s, "%s[Co@%s%d]", l, g.class, n+1)
					case len(test.formula) - 1:
						s.WriteString(l)
					default:
						s.WriteString("(" + l + ")")
					}
				}
				m, err := ParseSMILES(s.String())
				if err != nil {
					t.Fatal(err)
				}
				forms[m.SMILES()] = true
				checkShuffled(t, s.String())
			}
		}
		if len(forms) != test.want {
			t.Errorf("%s %s: %d isomers, want %d", test.class, test.formula, len(forms), test.want)
		}
	}
}

func TestGeometries(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		// Examples of the OpenSMILES specification, sections 3.9.3 to 3.9.7.
		{"S[As@@](F)(Cl)(Br)C=O", "O=C[As@](F)(Cl)(Br)S", true},
		{"S[As@TB1](F)(Cl)(Br)N", "S[As@TB2](Br)(Cl)(F)N", true},
		{"S[As@TB5](F)(N)(Cl)Br", "F[As@TB10](S)(Cl)(N)Br", true},
		{"F[As@TB15](Cl)(S)(Br)N", "Br[As@TB20](Cl)(S)(F)N", true},
		{"C[Co@](F)(Cl)(Br)(I)S", "F[Co@@](S)(I)(C)(Cl)Br", true},
		{"S[Co@OH5](F)(I)(Cl)(C)Br", "Br[Co@OH9](C)(S)(Cl)(F)I", true},
		{"Br[Co@OH12](Cl)(I)(F)(S)C", "Cl[Co@OH15](C)(Br)(F)(I)S", true},
		{"Cl[Co@OH19](C)(I)(F)(S)Br", "I[Co@OH27](Cl)(Br)(F)(S)C", true},
		{"F[Po@SP1](Cl)(Br)I", "F[Po@SP2](Br)(Cl)I", true},
		{"F[Po@SP1](Cl)(Br)I", "F[Po@SP3](Cl)(I)Br", true},
		{"OC(Cl)=[C@]=C(C)F", "OC=[C@]=CF", false},
		{"OC(Cl)=[C@]=C(C)F", "OC(Cl)=[C@AL1]=C(C)F", true},
		{"OC=[C@]=CF", "OC([H])=[C@]=C([H])F", true},
		// Cisplatin and transplatin.
		{"N[Pt@SP1](N)(Cl)Cl", "N[Pt@SP3](N)(Cl)Cl", true},
		{"N[Pt@SP1](N)(Cl)Cl", "N[Pt@SP2](N)(Cl)Cl", false},
		// Where there is nothing to tell apart nothing is kept.
		{"N[Pt@SP2](N)(N)Cl", "N[Pt](N)(N)Cl", true},
		{"CC(C)=[C@]=C(C)F", "CC(C)=C=C(C)F", true},
		{"C=[C@@]=CF", "C=C=CF", true},
		{"C[C@AL1](F)(Cl)Br", "CC(F)(Cl)Br", true},
		{"FC=C=[C@]=CF", "FC=C=C=CF", true},
		{"CC(C)(C)C=[C@]=C1CCC(C)CC1", "CC(C)(C)C=C=C1CCC(C)CC1", true},
		// Hydrogens, stated and as atoms, follow the atom before.
		{"F[Pt@SP1H](Cl)Br", "F[Pt@SP1]([H])(Cl)Br", true},
		{"[H][Pt@SP1](F)(Cl)Br", "F[Pt@SP3H](Cl)Br", true},
		{"F[Pt@SP1H2]Cl", "F[Pt@SP2H2]Cl", true},
		{"F[Pt@SP1H2]Cl", "F[Pt@SP3H2]Cl", false},
		// Handedness of allenes and of longer chains.
		{"OC=[C@]=CF", "OC=[C@@]=CF", false},
		{"OC=[C@]=CF", "FC=[C@]=CO", true},
		{"OC=[C@]=C(C)F", "OC=[C@@]=C(F)C", true},
		{"OC=[C@]=C(C)F", "O([H])C=[C@]=C1F.C1", true},
		{"OC=C=[C@]=C=CF", "OC=C=[C@@]=C=CF", false},
		{"C1CCC[C@@H](F)C1=[C@]=CCl", "C1CCC[C@@H](F)C1=[C@@]=CCl", false},
		// Cumulated double bonds in odd numbers are cis or trans.
		{"F/C=C=C=C/F", "F/C=C=C=C\\F", false},
		{"F/C=C=C=C/F", "F\\C=C=C=C\\F", true},
		{"F/C=C=C=C/F", "C(\\F)=C=C=C/F", true},
		{"F/C(Cl)=C=C=C(/F)C", "F/C(Cl)=C=C=C(\\C)F", true},
		{"F/C=C=C/F", "FC=C=CF", true},
		{"F/C=C=C=C=C/F", "FC=C=C=C=CF", true},
		{"F/C=C=C=C=C=C/F", "F/C=C=C=C=C=C\\F", false},
		{"C/C=C=C=C/C=C/F", "C/C=C=C=C/C=C\\F", false},
		{"C/C=C=C=C/C=C/F", "C/C=C=C=C\\C=C\\F", false},
		{"[H]/C(F)=C=C=C/F", "F\\C=C=C=C/F", true},
		{"C/C(C)=C=C=C/F", "CC(C)=C=C=CF", true},
		// A spiro-like centre that two chiral groups make: inversion matters.
		{"F[C@H](Cl)C([C@@H](F)Cl)=[C@]=CBr", "F[C@H](Cl)C([C@@H](F)Cl)=[C@@]=CBr", false},
		{"F[C@H](Cl)C([C@H](F)Cl)=[C@]=CBr", "F[C@H](Cl)C([C@H](F)Cl)=C=CBr", true},
	} {
		a, err := ParseSMILES(test.a)
		if err != nil {
			t.Fatalf("%s: %v", test.a, err)
		}
		b, err := ParseSMILES(test.b)
		if err != nil {
			t.Fatalf("%s: %v", test.b, err)
		}
		if same := a.SMILES() == b.SMILES(); same != test.same {
			t.Errorf("%s is %s and %s is %s: the same %t, want %t", test.a, a.SMILES(), test.b, b.SMILES(), same, test.same)
		}
		checkShuffled(t, test.a)
		checkShuffled(t, test.b)
	}
}

// TestTrisChelate tells the two hands of a complex of three chelates apart, which
// only the rings give.
func TestTrisChelate(t *testing.T) {
	forms := map[string]int{}
	for n := range 30 {
		s := fmt.Sprintf("[Co@OH%d]123(NCCN1)(NCCN2)NCCN3", n+1)
		m, err := ParseSMILES(s)
		if err != nil {
			t.Fatal(err)
		}
		forms[m.SMILES()]++
		checkShuffled(t, s)
	}
	// Arrangements with trans positions spanned by a chelate are counted too.
	hands := 0
	for form := range forms {
		m, _ := ParseSMILES(form)
		b := m.Edit()
		for i := range b.NumAtoms() {
			b.Atom(i).Chirality = b.Atom(i).Chirality.Inverted()
		}
		mirror, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if mirror.SMILES() != form {
			hands++
		}
	}
	if hands != 2 {
		t.Errorf("%d of the forms %v are chiral, want 2", hands, forms)
	}
}
