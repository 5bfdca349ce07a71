package molecule

import (
	"fmt"
	"slices"
)

// MaxAtoms is the largest number of atoms of a molecule.
const MaxAtoms = 1 << 20

// Steps says what [Builder.BuildWith] finds out about a molecule. Each step
// needs those before it.
type Steps uint8

const (
	// Normalize writes pentavalent nitrogen as in CN(=O)=O with charges, and a
	// few groups like it, as RDKit does.
	Normalize Steps = 1 << iota
	// Valence fills up hydrogens and reports atoms with too many bonds.
	Valence
	// Rings finds the smallest rings.
	Rings
	// Kekule finds the orders of the bonds of which only aromaticity is known.
	Kekule
	// Aromaticity finds aromatic atoms and bonds.
	Aromaticity
	// Configuration removes stereo configurations where there is nothing to tell
	// apart.
	Configuration

	All = Normalize | Valence | Rings | Kekule | Aromaticity | Configuration
)

// Builder makes molecules and changes them. The zero value is ready to use.
type Builder struct {
	atoms []Atom
	bonds []Bond
}

// Edit returns a builder that holds a copy of m. Atoms whose hydrogens are not
// fixed get them anew when it builds.
func (m *Molecule) Edit() *Builder {
	return &Builder{atoms: slices.Clone(m.atoms), bonds: slices.Clone(m.bonds)}
}

// NumAtoms returns the number of atoms so far.
func (b *Builder) NumAtoms() int { return len(b.atoms) }

// NumBonds returns the number of bonds so far.
func (b *Builder) NumBonds() int { return len(b.bonds) }

// Atom returns atom i, which may be changed until the next atom is added or
// removed.
func (b *Builder) Atom(i int) *Atom { return &b.atoms[i] }

// Bond returns bond i, which may be changed until the next bond is added or
// removed.
func (b *Builder) Bond(i int) *Bond { return &b.bonds[i] }

// AddAtom adds an atom and returns its number.
func (b *Builder) AddAtom(a Atom) int {
	b.atoms = append(b.atoms, a)
	return len(b.atoms) - 1
}

// AddBond adds a bond from atom i to atom j and returns its number. The new
// neighbour is the last one of both atoms, which matters for their chirality.
func (b *Builder) AddBond(i, j int, order Order) int {
	b.bonds = append(b.bonds, Bond{A: int32(i), B: int32(j), Order: order, Aromatic: order == Unset, RefA: -1, RefB: -1})
	return len(b.bonds) - 1
}

// AddMolecule adds the atoms and bonds of m, not connected to what is there, and
// returns the number that its atom 0 now has.
func (b *Builder) AddMolecule(m *Molecule) int {
	offset := len(b.atoms)
	b.atoms = append(b.atoms, m.atoms...)
	for _, bond := range m.bonds {
		bond.A += int32(offset)
		bond.B += int32(offset)
		if bond.Stereo != NoStereo {
			bond.RefA += int32(offset)
			bond.RefB += int32(offset)
		}
		b.bonds = append(b.bonds, bond)
	}
	return offset
}

// BondBetween returns the number of the bond between atoms i and j, -1 if there
// is none.
func (b *Builder) BondBetween(i, j int) int {
	for k := range b.bonds {
		if x := &b.bonds[k]; int(x.A) == i && int(x.B) == j || int(x.A) == j && int(x.B) == i {
			return k
		}
	}
	return -1
}

// RemoveBond removes bond k; the numbers of later bonds become one less. Stereo
// configurations that need the bond are lost.
func (b *Builder) RemoveBond(k int) {
	gone := b.bonds[k]
	b.dropAxes(func(i int32) bool { return i == gone.A || i == gone.B })
	b.atoms[gone.A].Chirality, b.atoms[gone.B].Chirality = Achiral, Achiral
	for i := range b.bonds {
		x := &b.bonds[i]
		if x.Stereo == NoStereo {
			continue
		}
		for _, end := range [2][2]int32{{gone.A, gone.B}, {gone.B, gone.A}} {
			if x.A == end[0] && x.RefA == end[1] || x.B == end[0] && x.RefB == end[1] ||
				x.RefA == end[1] && b.BondBetween(int(x.A), int(end[1])) < 0 || x.RefB == end[1] && b.BondBetween(int(x.B), int(end[1])) < 0 {
				x.Stereo = NoStereo
			}
		}
	}
	b.bonds = slices.Delete(b.bonds, k, k+1)
}

// dropAxes removes the handedness of cumulated double bonds of which an end loses a
// neighbour.
func (b *Builder) dropAxes(loses func(end int32) bool) {
	if !slices.ContainsFunc(b.bonds, func(x Bond) bool {
		return x.Order == Double && (b.atoms[x.A].Chirality.Tetrahedral() || b.atoms[x.B].Chirality.Tetrahedral())
	}) {
		return
	}
	m := &Molecule{atoms: b.atoms, bonds: b.bonds}
	m.connect()
	for i := range m.atoms {
		if !m.atoms[i].Chirality.Tetrahedral() {
			continue
		}
		if ends, ok := m.axis(i); ok && (loses(ends[0].atom) || loses(ends[1].atom)) {
			b.atoms[i].Chirality = Achiral
		}
	}
}

// RemoveAtoms removes the atoms for which gone is true, with their bonds, and
// numbers the others anew in their order. Atoms that lose a neighbour lose their
// chirality.
func (b *Builder) RemoveAtoms(gone func(i int) bool) {
	number := make([]int32, len(b.atoms))
	kept := 0
	for i := range b.atoms {
		number[i] = -1
		if !gone(i) {
			number[i] = int32(kept)
			kept++
		}
	}
	if kept == len(b.atoms) {
		return
	}
	b.dropAxes(func(i int32) bool {
		return slices.ContainsFunc(b.bonds, func(x Bond) bool { return x.A == i && number[x.B] < 0 || x.B == i && number[x.A] < 0 })
	})
	bonds := b.bonds[:0]
	for _, x := range b.bonds {
		if number[x.A] < 0 || number[x.B] < 0 {
			b.atoms[x.A].Chirality, b.atoms[x.B].Chirality = Achiral, Achiral
			continue
		}
		if x.Stereo != NoStereo && (number[x.RefA] < 0 || number[x.RefB] < 0) {
			x.Stereo = NoStereo
		}
		x.A, x.B = number[x.A], number[x.B]
		if x.Stereo != NoStereo {
			x.RefA, x.RefB = number[x.RefA], number[x.RefB]
		}
		bonds = append(bonds, x)
	}
	b.bonds = bonds
	atoms := b.atoms[:0]
	for i, a := range b.atoms {
		if number[i] >= 0 {
			atoms = append(atoms, a)
		}
	}
	b.atoms = atoms
}

// Build returns the molecule with everything perceived, see [All]. The builder
// may be used further; the molecule does not share memory with it.
func (b *Builder) Build() (*Molecule, error) { return b.BuildWith(All) }

// BuildWith returns the molecule with what steps ask for. An error names the
// atom that is wrong, see [AtomError].
func (b *Builder) BuildWith(steps Steps) (*Molecule, error) {
	if len(b.atoms) > MaxAtoms {
		return nil, fmt.Errorf("molecule: %d atoms are more than %d", len(b.atoms), MaxAtoms)
	}
	for i := range b.bonds {
		x := &b.bonds[i]
		if x.A == x.B || x.A < 0 || x.B < 0 || int(x.A) >= len(b.atoms) || int(x.B) >= len(b.atoms) {
			return nil, fmt.Errorf("molecule: bond %d joins atoms %d and %d of %d", i, x.A, x.B, len(b.atoms))
		}
	}
	m := &Molecule{atoms: slices.Clone(b.atoms), bonds: slices.Clone(b.bonds)}
	m.connect()
	if err := m.checkBonds(); err != nil {
		return nil, err
	}
	if err := m.perceive(steps); err != nil {
		return nil, err
	}
	return m, nil
}

// AtomError says what is wrong with an atom.
type AtomError struct {
	Atom   int // its number
	Reason string
}

func (e *AtomError) Error() string { return fmt.Sprintf("molecule: atom %d: %s", e.Atom, e.Reason) }

// perceive finds out what steps ask for.
func (m *Molecule) perceive(steps Steps) error {
	if steps&Normalize != 0 {
		m.normalize()
	}
	if steps&Valence != 0 {
		if err := m.fillHydrogens(); err != nil {
			return err
		}
	}
	if steps&Rings != 0 {
		if err := m.findRings(); err != nil {
			return err
		}
	}
	if steps&Kekule != 0 {
		if err := m.kekulize(); err != nil {
			return err
		}
	}
	if steps&Aromaticity != 0 {
		m.findAromaticity()
	}
	m.perceived |= steps
	if steps&Configuration != 0 {
		m.cleanStereo()
	}
	return nil
}
