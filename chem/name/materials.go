package name

import (
	_ "embed"
	"fmt"
	"iter"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Kind says what a name stands for.
type Kind string

// The kinds of structure.
const (
	Molecule Kind = "molecule" // also ions and salts
	Polymer  Kind = "polymer"
)

// Material is an entry of the table of common, trade and short names.
type Material struct {
	Name   string   // the first of Names
	Names  []string // all, in any language
	Kind   Kind
	SMILES string // of a polymer the repeat unit with its two ends "*", of a copolymer its units
	// Formula is the molecular formula, or that of the repeat unit, as the
	// literature gives it; empty for copolymers.
	Formula string
	// Use is what the material is mostly for: display, electronics, battery,
	// solvent, chemical, drug or polymer.
	Use    string
	Source string // where the name is used
}

//go:embed materials.tsv
var materialData string

// named is a name of a material.
type named struct {
	material  *Material
	ambiguous bool // stands for other things as well
}

// index finds materials by name.
type index struct {
	all   []*Material
	exact map[string]named // as written, with plain characters
	words map[string]named // in small letters, without those that are only letters to remember
}

var materials = sync.OnceValue(func() *index {
	x, err := readMaterials(materialData)
	if err != nil {
		panic(err) // a test reads the file first
	}
	return x
})

func readMaterials(data string) (*index, error) {
	x := &index{exact: map[string]named{}, words: map[string]named{}}
	line := 0
	for text := range strings.Lines(data) {
		line++
		text = strings.TrimRight(text, "\n")
		if text == "" || text[0] == '#' {
			continue
		}
		cols := strings.Split(text, "\t")
		if len(cols) != 6 {
			return nil, fmt.Errorf("materials.tsv:%d: %d columns, want 6", line, len(cols))
		}
		m := &Material{Kind: Kind(cols[1]), SMILES: cols[2], Formula: cols[3], Use: cols[4], Source: cols[5]}
		if m.Kind != Molecule && m.Kind != Polymer {
			return nil, fmt.Errorf("materials.tsv:%d: unknown kind %q", line, cols[1])
		}
		for n := range strings.SplitSeq(cols[0], "|") {
			n, ambiguous := strings.CutSuffix(n, "?")
			m.Names = append(m.Names, n)
			key := prepare(n)
			if _, twice := x.exact[key.raw]; twice {
				return nil, fmt.Errorf("materials.tsv:%d: %q is there twice", line, n)
			}
			x.exact[key.raw] = named{m, ambiguous}
			if spelledOut(n) {
				x.words[key.small] = named{m, ambiguous}
			}
		}
		m.Name = m.Names[0]
		x.all = append(x.all, m)
	}
	return x, nil
}

// spelledOut reports whether n is a name in words, that may begin with a capital
// letter at the beginning of a sentence, rather than letters whose case counts.
func spelledOut(n string) bool {
	run := 0
	for _, r := range n {
		if !unicode.IsLower(r) && !unicode.Is(unicode.Hangul, r) {
			run = 0
			continue
		}
		if run++; run >= 4 || unicode.Is(unicode.Hangul, r) {
			return true
		}
	}
	return false
}

// Materials returns the table of names.
func Materials() iter.Seq[*Material] {
	return func(yield func(*Material) bool) {
		for _, m := range materials().all {
			if !yield(m) {
				return
			}
		}
	}
}

// Lookup returns the material that the table has under this name, and whether
// the name stands for other things as well. Short names count as written; names
// in words in any case.
func Lookup(name string) (m *Material, ambiguous, ok bool) {
	t := prepare(name)
	n, ok := materials().exact[t.raw]
	if !ok {
		n, ok = materials().words[t.small]
	}
	return n.material, n.ambiguous, ok
}

// Structure is what a name stands for.
type Structure struct {
	Kind   Kind
	SMILES string // see [Material] for polymers
	// Source is where the table has the name from; empty for a name that was read
	// by its parts.
	Source    string
	Ambiguous bool     // the name stands for other things as well
	NotKept   []string // stereo descriptors of the name that SMILES does not say
}

// Parse returns the structure of a name: from the table of materials, or else
// read by the rules for polymers and molecules. The error is an [Error].
func Parse(name string) (*Structure, error) {
	if len(name) > 4*maxName {
		return nil, &Error{Name: name[:maxName] + "…", At: maxName, Reason: fmt.Sprintf("longer than %d bytes", maxName)}
	}
	if !utf8.ValidString(name) {
		return nil, &Error{Name: name, Reason: "not valid UTF-8"}
	}
	if m, ambiguous, ok := Lookup(name); ok {
		return &Structure{Kind: m.Kind, SMILES: m.SMILES, Source: m.Source, Ambiguous: ambiguous}, nil
	}
	t := prepare(name)
	if strings.HasPrefix(t.small, "poly") {
		if s, err := parsePolymer(t); err == nil || strings.HasPrefix(t.small, "poly(") || strings.HasPrefix(t.small, "poly[") {
			return s, err
		}
	}
	s, err := ParseSystematic(name)
	if err != nil {
		return nil, err
	}
	return &Structure{Kind: Molecule, SMILES: s.SMILES, NotKept: s.NotKept}, nil
}
