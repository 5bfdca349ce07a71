package name

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed rings.tsv
var ringData string

//go:embed compounds.tsv
var compoundData string

//go:embed groups.tsv
var groupData string

//go:embed acids.tsv
var acidData string

// entryKind says which data file an entry of the lexicon comes from.
type entryKind uint8

const (
	ringEntry entryKind = iota
	compoundEntry
	groupEntry
	acidEntry
)

// entry is a part of a name that the lexicon knows.
type entry struct {
	name      string // small letters
	kind      entryKind
	skeleton  string   // with one free valence, for a group
	several   string   // with several free valences, for a group
	locants   []string // by atom of the skeleton, "-" for none
	indicated []string // default indicated hydrogen of a ring
	mancude   bool
	class     string // of a group
	form      string // of an acid: "ic acid", "ate", "yl", "amide", "amido", "onitrile", "aldehyde"
	// stem marks the short form of a ring before -yl and the like: "phen".
	stem bool
	// problem says why there is no skeleton.
	problem string
}

// lexicon finds entries by the beginning of a text.
type lexicon struct{ byStart map[string][]*entry }

// match returns the entries that s begins with, longest first.
func (l *lexicon) match(s string) []*entry {
	var out []*entry
	for _, e := range l.byStart[start(s)] {
		if strings.HasPrefix(s, e.name) {
			out = append(out, e)
		}
	}
	return out
}

func start(s string) string { return s[:min(2, len(s))] }

// contractions are the stems that rings have before -yl, -ylene and -oxy in
// retained names (IUPAC 2013, P-29.6 and P-63.2; 1979 rules, A-13, A-24, B-5).
var contractions = map[string]string{
	"phen": "benzene", "naphth": "naphthalene", "anthr": "anthracene", "phenanthr": "phenanthrene",
	"pyrid": "pyridine", "fur": "furan", "thien": "thiophene", "quinol": "quinoline", "isoquinol": "isoquinoline",
	"piperid": "piperidine", "adamant": "adamantane",
}

// fusionLetters matches the letters of the bonds where rings are fused.
var fusionLetters = regexp.MustCompile(`\[([a-z]{1,3})\]`)

// words is the lexicon, read on first use.
var words = sync.OnceValue(func() *lexicon {
	l, err := readLexicon()
	if err != nil {
		panic(err) // a test reads the files first
	}
	return l
})

func readLexicon() (*lexicon, error) {
	l := &lexicon{byStart: map[string][]*entry{}}
	add := func(e entry) { l.byStart[start(e.name)] = append(l.byStart[start(e.name)], &e) }
	for _, file := range []struct {
		name, data string
		least      int // columns
		read       func(cols []string)
	}{
		{"rings.tsv", ringData, 4, func(cols []string) {
			e := entry{kind: ringEntry, skeleton: cols[2], mancude: cols[1] == "m", locants: strings.Split(cols[3], ",")}
			if len(cols) > 4 && cols[4] != "" {
				e.indicated = strings.Split(cols[4], ",")
			}
			for n := range strings.SplitSeq(cols[0], "|") {
				e.name = strings.ToLower(n)
				add(e)
				// older names have the letters of fusion in parentheses
				if round := fusionLetters.ReplaceAllString(e.name, "($1)"); round != e.name {
					older := e
					older.name = round
					add(older)
				}
				for stem, ring := range contractions {
					if ring == e.name {
						short := e
						short.name, short.stem = stem, true
						add(short)
					}
				}
			}
		}},
		{"compounds.tsv", compoundData, 2, func(cols []string) {
			e := entry{kind: compoundEntry, skeleton: cols[1], locants: locantColumn(cols, 2)}
			for n := range strings.SplitSeq(cols[0], "|") {
				e.name = n
				add(e)
			}
		}},
		{"groups.tsv", groupData, 3, func(cols []string) {
			e := entry{kind: groupEntry, class: cols[1], locants: locantColumn(cols, 4)}
			if cols[2] != "-" {
				e.skeleton = cols[2]
			}
			if len(cols) > 3 && cols[3] != "-" {
				e.several = cols[3]
			}
			for n := range strings.SplitSeq(cols[0], "|") {
				e.name = n
				add(e)
			}
		}},
		{"acids.tsv", acidData, 4, func(cols []string) {
			e := entry{kind: acidEntry, skeleton: cols[3], locants: locantColumn(cols, 4)}
			with := func(name, form string) {
				e.name, e.form = name, form
				add(e)
			}
			for stem := range strings.SplitSeq(cols[0], "|") {
				if acid, anion, ok := strings.Cut(stem, "="); ok {
					with(acid, "ic acid")
					with(anion, "ate")
					continue
				}
				with(stem+"ic acid", "ic acid")
				with(stem+"ate", "ate")
			}
			if cols[1] != "-" {
				with(cols[1], "yl")
			}
			if cols[2] != "-" {
				with(cols[2]+"amide", "amide")
				with(cols[2]+"amido", "amido")
				if cols[2] == "propion" {
					with("propionitrile", "onitrile")
				} else {
					with(cols[2]+"onitrile", "onitrile")
				}
				with(cols[2]+"aldehyde", "aldehyde")
			}
		}},
	} {
		line := 0
		for text := range strings.Lines(file.data) {
			line++
			text = strings.TrimRight(text, "\n")
			if text == "" || text[0] == '#' {
				continue
			}
			cols := strings.Split(text, "\t")
			if len(cols) < file.least {
				return nil, fmt.Errorf("%s:%d: %d columns, want at least %d", file.name, line, len(cols), file.least)
			}
			file.read(cols)
		}
	}
	for _, list := range l.byStart {
		slices.SortStableFunc(list, func(a, b *entry) int { return len(b.name) - len(a.name) })
	}
	return l, nil
}

func locantColumn(cols []string, n int) []string {
	if len(cols) <= n || cols[n] == "-" || cols[n] == "" {
		return nil
	}
	return strings.Split(cols[n], ",")
}

// chainStems are the stems of the unbranched hydrocarbons (IUPAC 2013,
// P-14.2 and P-21.2.1), longest first where one begins another.
var chainStems = []struct {
	stem string
	n    int
}{
	{"hentriacont", 31}, {"dotriacont", 32}, {"tritriacont", 33}, {"tetratriacont", 34}, {"pentatriacont", 35}, {"hexatriacont", 36},
	{"tetracont", 40}, {"pentacont", 50}, {"triacont", 30}, {"nonacos", 29}, {"octacos", 28}, {"heptacos", 27}, {"hexacos", 26},
	{"pentacos", 25}, {"tetracos", 24}, {"tricos", 23}, {"docos", 22}, {"henicos", 21}, {"heneicos", 21}, {"icos", 20}, {"eicos", 20},
	{"nonadec", 19}, {"octadec", 18}, {"heptadec", 17}, {"hexadec", 16}, {"pentadec", 15}, {"tetradec", 14}, {"tridec", 13},
	{"dodec", 12}, {"undec", 11}, {"dec", 10}, {"non", 9}, {"oct", 8}, {"hept", 7}, {"hex", 6}, {"pent", 5}, {"but", 4}, {"prop", 3}, {"eth", 2}, {"meth", 1},
}

// multipliers are the multiplying prefixes (IUPAC 2013, P-14.2), longest first
// where one begins another.
var multipliers = []struct {
	word string
	n    int
}{
	{"tetrakis", 4}, {"pentakis", 5}, {"hexakis", 6}, {"heptakis", 7}, {"octakis", 8}, {"dodecakis", 12}, {"bis", 2}, {"tris", 3},
	{"tetradeca", 14}, {"trideca", 13}, {"pentadeca", 15}, {"hexadeca", 16}, {"heptadeca", 17}, {"octadeca", 18}, {"undeca", 11}, {"dodeca", 12},
	{"mono", 1}, {"di", 2}, {"tri", 3}, {"tetra", 4}, {"penta", 5}, {"hexa", 6}, {"hepta", 7}, {"octa", 8}, {"nona", 9}, {"deca", 10},
}

// replacements are the prefixes of skeletal replacement (IUPAC 2013, P-15.4).
var replacements = []struct {
	word   string
	symbol string
}{{"oxa", "O"}, {"thia", "S"}, {"selena", "Se"}, {"aza", "N"}, {"phospha", "P"}, {"sila", "Si"}, {"germa", "Ge"}, {"bora", "B"}}

// suffixes are the endings for functions and free valences, longest first
// where one begins another (IUPAC 2013, P-31.1, P-33, P-29, P-61 to P-67).
var suffixes = []string{
	"carboximidamide", "carbohydrazide", "carbothioamide", "carboxylic acid", "carboxaldehyde", "carbaldehyde", "carbonitrile", "carboxamido", "carboxamide", "carboxylate",
	"thiocarboxamide", "sulfonic acid", "sulphonic acid", "sulfonamido", "sulfonamide", "sulphonamide", "sulfonate", "sulphonate", "sulfinic acid", "sulfinate",
	"phosphonic acid", "phosphonate", "boronic acid", "boronate", "sulfonyl", "sulphonyl", "carbonyl", "sulfinyl",
	"thioamide", "hydrazide", "oic acid", "oate", "oyl", "aminium", "amine", "amide", "amido", "nitrile", "imine", "thiolate", "thiol", "selenol", "thione", "olate",
	"ylidene", "ylidyne", "ylene", "yl", "oxy", "ium", "one", "ol", "al",
}

// substituents are the suffixes that leave a free valence.
var substituents = map[string]bool{
	"ylidene": true, "ylidyne": true, "ylene": true, "yl": true, "oxy": true, "oyl": true, "sulfonyl": true, "sulphonyl": true, "carbonyl": true, "sulfinyl": true,
	"amido": true, "carboxamido": true, "sulfonamido": true,
}
