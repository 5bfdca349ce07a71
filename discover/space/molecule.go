package space

import (
	"fmt"
	"math/rand/v2"

	"github.com/alkahest/alkahest/chem/edit"
	"github.com/alkahest/alkahest/chem/fingerprint"
	"github.com/alkahest/alkahest/chem/molecule"
)

// CanonicalMolecule returns the canonical SMILES of a molecule.
func CanonicalMolecule(smiles string) (string, error) {
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		return "", err
	}
	return m.SMILES(), nil
}

// Canonical returns the form by which choices of v are compared.
func (v *Variable) Canonical(text string) (string, error) {
	switch v.Kind {
	case Formula:
		return Canonical(text)
	case Molecule:
		return CanonicalMolecule(text)
	}
	return text, nil
}

// Invent lets the variable take molecules that nobody has listed: its choices
// are only where the search begins. Fragments for the search are those of the
// choices.
func (v *Variable) Invent(maxAtoms int) error {
	editor := &edit.Editor{Constraints: edit.Constraints{MaxAtoms: maxAtoms}}
	seen := map[string]bool{}
	for _, c := range v.Choices {
		m, err := molecule.ParseSMILES(c)
		if err != nil {
			return err
		}
		if err := editor.Constraints.Check(m); err != nil {
			return fmt.Errorf("%s: %w", c, err)
		}
		fragments, err := edit.Fragments(m)
		if err != nil {
			return fmt.Errorf("%s: %w", c, err)
		}
		for _, f := range fragments {
			if seen[f] {
				continue
			}
			seen[f] = true
			if piece, err := molecule.ParseSMILES(f); err == nil && ends(piece) == 1 {
				editor.Fragments = append(editor.Fragments, piece)
			}
		}
	}
	v.editor = editor
	return nil
}

// ends returns the number of open ends of a fragment.
func ends(m *molecule.Molecule) int {
	n := 0
	for _, a := range m.Atoms() {
		if a.Element == 0 {
			n++
		}
	}
	return n
}

// varyMolecule returns the number of a molecule that differs from choice k of variable
// j by an edit, or a cross with choice other; it is k when nothing was found.
func (s *Space) varyMolecule(j, k, other int, rnd *rand.Rand) int {
	v := &s.Variables[j]
	a, err := molecule.ParseSMILES(v.Choices[k])
	if err != nil {
		return k
	}
	var out *molecule.Molecule
	if other != k && rnd.IntN(3) == 0 {
		b, err := molecule.ParseSMILES(v.Choices[other])
		if err != nil {
			return k
		}
		out, err = v.editor.Crossover(a, b, rnd)
		if err != nil {
			return k
		}
	} else if out, _, err = v.editor.Mutate(a, rnd); err != nil {
		return k
	}
	x, err := s.Read(j, out.SMILES())
	if err != nil {
		return k
	}
	return int(x)
}

// folded is the number of columns into which the counts of the environments of
// atoms are folded.
const folded = 1024

// moleculeFeatures returns how often each environment of up to two bonds around
// an atom occurs (Morgan counts).
func moleculeFeatures(smiles string) ([]float64, error) {
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		return nil, err
	}
	x := make([]float64, folded)
	for hash, n := range fingerprint.MorganCounts(m, 2) {
		x[hash%folded] += float64(n)
	}
	return x, nil
}
