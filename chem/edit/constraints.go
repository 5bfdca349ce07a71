package edit

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

// Constraints say which molecules are wanted. The zero value has no scaffold,
// forbids what is implausible and allows the usual elements and up to 70 heavy
// atoms.
type Constraints struct {
	Keep      []*smarts.Pattern // each must be there: the scaffold
	Forbidden []*smarts.Pattern // none may be there
	// Elements that edits bring in; nil means B, C, N, O, F, Si, P, S, Cl and Br
	// in shares as in drugs and materials.
	Elements           []chem.Element
	MinAtoms, MaxAtoms int // heavy atoms; MaxAtoms 0 means 70
	MaxRing            int // atoms of the largest smallest ring; 0 means 8
	// Strange allows what the table of implausible groups forbids: peroxides,
	// cumulated double bonds, bonds between halogens and heteroatoms.
	Strange bool
}

func (c *Constraints) maxAtoms() int {
	if c.MaxAtoms > 0 {
		return c.MaxAtoms
	}
	return 70
}

func (c *Constraints) maxRing() int {
	if c.MaxRing > 0 {
		return c.MaxRing
	}
	return 8
}

// usual are the elements that edits bring in, as often as they stand here; from
// their shares in drugs and organic electronic materials, roughly.
var usual = []chem.Element{6, 6, 6, 6, 6, 6, 7, 7, 7, 8, 8, 8, 16, 9, 9, 17, 35, 14, 15, 5}

func (c *Constraints) elements() []chem.Element {
	if c.Elements != nil {
		return c.Elements
	}
	return usual
}

//go:embed implausible.tsv
var implausibleData string

// implausible is a group that a molecule which someone should make does not
// have.
type implausible struct {
	pattern *smarts.Pattern
	reason  string
}

var implausibles = sync.OnceValue(func() []implausible {
	list, err := readImplausible(implausibleData)
	if err != nil {
		panic(err) // a test reads the file first
	}
	return list
})

func readImplausible(data string) ([]implausible, error) {
	var out []implausible
	line := 0
	for text := range strings.Lines(data) {
		line++
		text = strings.TrimRight(text, "\n")
		if text == "" || text[0] == '#' {
			continue
		}
		pattern, reason, ok := strings.Cut(text, "\t")
		if !ok {
			return nil, fmt.Errorf("implausible.tsv:%d: %q", line, text)
		}
		p, err := smarts.Parse(pattern)
		if err != nil {
			return nil, fmt.Errorf("implausible.tsv:%d: %w", line, err)
		}
		out = append(out, implausible{p, reason})
	}
	return out, nil
}

// Check returns nil if m is within the constraints, or else an error with the
// reason.
func (c *Constraints) Check(m *molecule.Molecule) error {
	heavy := 0
	for i := range m.NumAtoms() {
		a := m.Atom(i)
		if a.Element == 1 {
			continue
		}
		heavy++
		if c.Elements != nil && a.Element != 6 && !slices.Contains(c.Elements, a.Element) {
			return fmt.Errorf("element %s is not allowed", a.Element.Symbol())
		}
	}
	if heavy < c.MinAtoms {
		return fmt.Errorf("%d heavy atoms, fewer than %d", heavy, c.MinAtoms)
	}
	if heavy > c.maxAtoms() {
		return fmt.Errorf("%d heavy atoms, more than %d", heavy, c.maxAtoms())
	}
	for k := range m.NumRings() {
		if atoms, _ := m.Ring(k); len(atoms) > c.maxRing() {
			return fmt.Errorf("a ring of %d atoms, larger than %d", len(atoms), c.maxRing())
		}
	}
	t := smarts.NewTarget(m)
	for _, p := range c.Keep {
		if !p.In(t) {
			return fmt.Errorf("what has to be kept is not there: %s", p)
		}
	}
	for _, p := range c.Forbidden {
		if p.In(t) {
			return fmt.Errorf("forbidden: %s", p)
		}
	}
	if !c.Strange {
		for _, x := range implausibles() {
			if x.pattern.In(t) {
				return fmt.Errorf("implausible: %s", x.reason)
			}
		}
	}
	return nil
}
