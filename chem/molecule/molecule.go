// Package molecule holds molecules as graphs of atoms and bonds: reading and
// writing them as SMILES, their valences, rings, aromaticity and stereo
// configuration, and their canonical form.
//
// A [Molecule] does not change once it is built, so any number of goroutines
// may read it. A [Builder] makes one, from nothing or from another molecule:
//
//	m, err := molecule.ParseSMILES("OCc1ccccc1")
//	b := m.Edit()
//	c := b.AddAtom(molecule.Atom{Element: 6})
//	b.AddBond(0, c, molecule.Single)
//	ether, err := b.Build()
//	fmt.Println(ether.SMILES())
//
// What is perceived follows RDKit's default models, so that results can be
// compared: its valences, its aromaticity, its symmetrised smallest rings.
package molecule

import (
	"fmt"

	"github.com/alkahest/alkahest/chem"
)

// Atom is an atom of a molecule. Element 0 stands for an atom of any kind, the
// "*" of SMILES; polymers use it for their ends.
type Atom struct {
	Element   chem.Element // atomic number, 0 for "*"
	Charge    int8         // formal charge in units of e
	Hydrogens uint8        // hydrogens that are not atoms of the graph
	Chirality Chirality
	Isotope   uint16 // mass number, 0 if the natural mixture is meant
	Aromatic  bool
	Fixed     bool  // Hydrogens is as stated, as in the brackets of SMILES, and not filled up to the usual valence
	Map       int32 // atom map number, 0 for none
}

// Chirality is the arrangement of the neighbours of an atom, in the order of
// [Molecule.Neighbors]. A hydrogen that is not an atom of the graph, a lone pair or
// an empty place stands before all neighbours. It is the convention of SMILES, with
// the order of neighbours instead of the order of writing.
//
// Beyond the constants there are the values that SMILES writes as @SP1 to @SP3
// (square-planar), @TB1 to @TB20 (trigonal-bipyramidal) and @OH1 to @OH30
// (octahedral); [Chirality.String] tells them, [Chirality.Tetrahedral] tells them
// from the others. The middle atom of cumulated double bonds as in allene has the
// handedness of the neighbours of their ends, first those of one end and then those
// of the other.
type Chirality uint8

const (
	Achiral          Chirality = iota // no configuration, or an unknown one
	Counterclockwise                  // the @ of SMILES: so the others turn, seen from the first neighbour
	Clockwise                         // the @@ of SMILES
)

// Order is the order of a bond, in a Kekulé structure.
type Order uint8

const (
	// Unset is the order of a bond that is only known to be aromatic; building
	// a molecule finds its order.
	Unset Order = iota
	Single
	Double
	Triple
	Quadruple
	// Dative is a bond whose electrons all come from its atom A. It counts for
	// the valence of B only.
	Dative
)

// Stereo is the configuration of a double bond.
type Stereo uint8

const (
	NoStereo Stereo = iota // no configuration, or an unknown one
	Together               // the two reference atoms stand at the same side
	Opposite               // the two reference atoms stand at different sides
)

// Bond is a bond between the atoms A and B.
type Bond struct {
	A, B     int32
	Order    Order // in one of the Kekulé structures, if the bond is aromatic
	Aromatic bool
	Stereo   Stereo
	// RefA and RefB are the neighbours of A and B that Stereo is about. In the middle
	// of cumulated double bonds, as in butatriene, they are those of the ends of these;
	// see [Molecule.StereoEnds].
	RefA, RefB int32
}

// Other returns the atom at the end of b that is not i.
func (b *Bond) Other(i int) int { return int(b.A+b.B) - i }

// Neighbor is an atom next to another one and the bond between them.
type Neighbor struct{ Atom, Bond int32 }

// Molecule is a molecule, or several that belong together as in a salt. Atoms
// and bonds have numbers from 0 in the order in which they were added. The zero
// value has no atoms.
type Molecule struct {
	atoms     []Atom
	bonds     []Bond
	start     []int32 // first neighbour of every atom in next, and the end
	next      []Neighbor
	rings     rings
	perceived Steps
	// classes are the symmetry classes by constitution, kept because finding
	// stereo configurations and the canonical form both need them.
	classes []int32
}

// NumAtoms returns the number of atoms of the graph.
func (m *Molecule) NumAtoms() int { return len(m.atoms) }

// NumBonds returns the number of bonds.
func (m *Molecule) NumBonds() int { return len(m.bonds) }

// Atom returns the atom with number i.
func (m *Molecule) Atom(i int) Atom { return m.atoms[i] }

// Bond returns the bond with number i.
func (m *Molecule) Bond(i int) Bond { return m.bonds[i] }

// Atoms returns all atoms. The caller must not change them.
func (m *Molecule) Atoms() []Atom { return m.atoms }

// Bonds returns all bonds. The caller must not change them.
func (m *Molecule) Bonds() []Bond { return m.bonds }

// Neighbors returns the neighbours of atom i in the order of their bonds. The
// caller must not change them.
func (m *Molecule) Neighbors(i int) []Neighbor { return m.next[m.start[i]:m.start[i+1]] }

// Degree returns the number of neighbours of atom i in the graph.
func (m *Molecule) Degree(i int) int { return int(m.start[i+1] - m.start[i]) }

// BondBetween returns the number of the bond between atoms i and j, -1 if there
// is none.
func (m *Molecule) BondBetween(i, j int) int {
	for _, n := range m.Neighbors(i) {
		if int(n.Atom) == j {
			return int(n.Bond)
		}
	}
	return -1
}

// TotalHydrogens returns the number of hydrogens at atom i, those that are atoms
// of the graph included.
func (m *Molecule) TotalHydrogens(i int) int {
	h := int(m.atoms[i].Hydrogens)
	for _, n := range m.Neighbors(i) {
		if m.atoms[n.Atom].Element == 1 {
			h++
		}
	}
	return h
}

// Components returns for every atom the number of the part that it is in, from 0
// in the order of their first atoms, and how many parts there are.
func (m *Molecule) Components() (part []int32, parts int) {
	part = make([]int32, len(m.atoms))
	for i := range part {
		part[i] = -1
	}
	var stack []int32
	for i := range part {
		if part[i] >= 0 {
			continue
		}
		part[i] = int32(parts)
		stack = append(stack[:0], int32(i))
		for len(stack) > 0 {
			a := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, n := range m.Neighbors(int(a)) {
				if part[n.Atom] < 0 {
					part[n.Atom] = int32(parts)
					stack = append(stack, n.Atom)
				}
			}
		}
		parts++
	}
	return part, parts
}

// connect fills start and next.
func (m *Molecule) connect() {
	n := len(m.atoms)
	m.start = make([]int32, n+1)
	m.next = make([]Neighbor, 2*len(m.bonds))
	for i := range m.bonds {
		m.start[m.bonds[i].A]++
		m.start[m.bonds[i].B]++
	}
	var sum int32
	for i := range m.start {
		sum, m.start[i] = sum+m.start[i], sum
	}
	for i := range m.bonds {
		b := &m.bonds[i]
		m.next[m.start[b.A]] = Neighbor{b.B, int32(i)}
		m.start[b.A]++
		m.next[m.start[b.B]] = Neighbor{b.A, int32(i)}
		m.start[b.B]++
	}
	copy(m.start[1:], m.start[:n])
	if n > 0 {
		m.start[0] = 0
	}
}

// maxDegree is the largest number of neighbours of an atom.
const maxDegree = 255

// checkBonds reports atoms with two bonds to the same neighbour or with too many
// neighbours.
func (m *Molecule) checkBonds() error {
	s := getScratch()
	defer putScratch(s)
	last := grow(&s.ints[0], len(m.atoms)) // atom that was last seen next to this one
	for i := range last {
		last[i] = -1
	}
	for i := range m.atoms {
		if m.Degree(i) > maxDegree {
			return &AtomError{Atom: i, Reason: fmt.Sprintf("%d neighbours are more than %d", m.Degree(i), maxDegree)}
		}
		for _, n := range m.Neighbors(i) {
			if last[n.Atom] == int32(i) {
				return &AtomError{Atom: max(i, int(n.Atom)), Reason: "two bonds to the same atom"}
			}
			last[n.Atom] = int32(i)
		}
	}
	return nil
}
