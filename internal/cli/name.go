package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem/descriptor"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/name"
	"github.com/alkahest/alkahest/chem/polymer"
)

// nameCommand is "alkahest name".
type nameCommand struct {
	Names []string `arg:"" name:"name" help:"Names of molecules and polymers."`
	JSON  bool     `help:"As JSON lines."`
}

// Help explains the verb.
func (nameCommand) Help() string {
	return `A name is a common, trade or short name that the program knows, or a systematic name, or "poly(...)". A polymer is its repeat unit, with "*" at its two ends; formula and mass are those of the unit. What is not understood is said with its place in the name; a structure is never guessed.`
}

// namedStructure is a name and its structure as "alkahest name --json" writes
// them.
type namedStructure struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	SMILES  string   `json:"smiles"`
	Formula string   `json:"formula"`
	Mass    float64  `json:"mass"` // g/mol
	Source  string   `json:"source,omitempty"`
	NotKept []string `json:"not_kept,omitempty"` // stereo descriptors
	Doubt   bool     `json:"ambiguous,omitempty"`
}

// Run prints the structures of names.
func (c *nameCommand) Run(e *environment) error {
	g := &grid{columns: []column{{head: "NAME", least: 20}, {head: "KIND"}, {head: "SMILES"}, {head: "FORMULA"}, {head: "G/MOL", right: true}}}
	failed := 0
	for _, n := range c.Names {
		s, err := structureOf(n)
		if err != nil {
			failed++
			e.explainName(n, err)
			continue
		}
		if c.JSON {
			if err := e.encodeJSON(s); err != nil {
				return err
			}
			continue
		}
		g.add(s.Name, s.Kind, s.SMILES, s.Formula, fmt.Sprintf("%.3f", s.Mass))
		if len(s.NotKept) > 0 {
			fmt.Fprintf(e.errOut, "alkahest: %s: the SMILES does not say %s\n", visible(n), visible(strings.Join(s.NotKept, ", ")))
		}
		if s.Doubt {
			fmt.Fprintf(e.errOut, "alkahest: %s has other meanings too\n", visible(n))
		}
	}
	if len(g.rows) > 0 {
		if err := g.write(e.out, terminalWidth(e.out)); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d names have no structure", failed, len(c.Names))
	}
	return nil
}

// explainName prints why a name has no structure, and points at the place.
func (e *environment) explainName(n string, err error) {
	fmt.Fprintf(e.errOut, "alkahest: %s\n", visible(err.Error()))
	var bad *name.Error
	if errors.As(err, &bad) && bad.Name == n && utf8.ValidString(n) {
		fmt.Fprintf(e.errOut, "  %s\n  %s^\n", visible(n), strings.Repeat(" ", widthOfFirst(n, utf8.RuneCountInString(n[:bad.At]))))
	}
}

// structureOf returns the structure of a name in canonical form.
func structureOf(n string) (*namedStructure, error) {
	s, err := name.Parse(n)
	if err != nil {
		return nil, err
	}
	out := &namedStructure{Name: n, Kind: string(s.Kind), SMILES: s.SMILES, Source: s.Source, NotKept: s.NotKept, Doubt: s.Ambiguous}
	if s.Kind == name.Polymer {
		p, err := polymer.ParseCopolymer(s.SMILES, nil)
		if err != nil {
			return nil, err
		}
		out.SMILES = p.SMILES()
	}
	m, err := molecule.ParseSMILES(out.SMILES)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n, err)
	}
	if s.Kind == name.Molecule {
		out.SMILES = m.SMILES()
	}
	out.Formula, out.Mass = withoutEnds(descriptor.Formula(m)), descriptor.Mass(m)
	return out, nil
}

// withoutEnds returns a formula without the ends "*" of repeat units.
func withoutEnds(formula string) string {
	before, after, ok := strings.Cut(formula, "*")
	if !ok {
		return formula
	}
	return before + strings.TrimLeft(after, "0123456789")
}
