package edit

import (
	"errors"
	"math/rand/v2"
	"slices"

	"github.com/alkahest/alkahest/chem/molecule"
)

// Editor makes new molecules from others. The zero value has no fragments to
// add, and so makes only edits of single atoms and bonds. It does not change and
// may be used by many goroutines, each with its own source of randomness.
type Editor struct {
	Constraints Constraints
	// Fragments are the pieces that mutations attach: molecules with one "*", the
	// isotope of which may be a label of BRICS, as [Fragments] writes them.
	Fragments []*molecule.Molecule
	// Tries is how many edits are made before one without a molecule within the
	// constraints gives up; 0 means 50.
	Tries int
}

// Kind is a kind of edit.
type Kind string

// The kinds of edit.
const (
	ChangeAtom      Kind = "change atom"
	AddAtom         Kind = "add atom"
	InsertAtom      Kind = "insert atom"
	DeleteAtom      Kind = "delete atom"
	ChangeBond      Kind = "change bond"
	CloseRing       Kind = "close ring"
	OpenRing        Kind = "open ring"
	AddFragment     Kind = "add fragment"
	ReplaceFragment Kind = "replace fragment"
	Crossed         Kind = "crossover"
)

// ErrNone reports that no edit within the constraints was found in the tries
// allowed.
var ErrNone = errors.New("edit: no molecule within the constraints was found")

// mutations are the edits of [Editor.Mutate], as often as they stand here.
var mutations = []struct {
	kind  Kind
	apply func(e *Editor, d *draft, random *rand.Rand) bool
}{
	{ChangeAtom, (*Editor).changeAtom}, {ChangeAtom, (*Editor).changeAtom}, {ChangeAtom, (*Editor).changeAtom},
	{AddAtom, (*Editor).addAtom}, {AddAtom, (*Editor).addAtom}, {AddAtom, (*Editor).addAtom},
	{InsertAtom, (*Editor).insertAtom},
	{DeleteAtom, (*Editor).deleteAtom}, {DeleteAtom, (*Editor).deleteAtom},
	{ChangeBond, (*Editor).changeBond}, {ChangeBond, (*Editor).changeBond},
	{CloseRing, (*Editor).closeRing}, {OpenRing, (*Editor).openRing},
	{AddFragment, (*Editor).addFragment}, {AddFragment, (*Editor).addFragment},
	{ReplaceFragment, (*Editor).replaceFragment}, {ReplaceFragment, (*Editor).replaceFragment},
}

// Mutate returns a molecule that differs from m by one edit, and the kind of
// edit. It is within the constraints even if m is not. The error is [ErrNone].
func (e *Editor) Mutate(m *molecule.Molecule, random *rand.Rand) (*molecule.Molecule, Kind, error) {
	before := m.SMILES()
	for range e.tries() {
		mutation := mutations[random.IntN(len(mutations))]
		d := newDraft(m)
		if !mutation.apply(e, d, random) {
			continue
		}
		if out := e.finish(d, before); out != nil {
			return out, mutation.kind, nil
		}
	}
	return nil, "", ErrNone
}

// Crossover returns a molecule made of a part of a and a part of b, each cut at a
// bond that is in no ring, one that BRICS cuts where there is one. The error is
// [ErrNone].
func (e *Editor) Crossover(a, b *molecule.Molecule, random *rand.Rand) (*molecule.Molecule, error) {
	sa, sb := a.SMILES(), b.SMILES()
	for range e.tries() {
		d := newDraft(a)
		at, ok := d.splitOff(random)
		if !ok {
			return nil, ErrNone
		}
		other := newDraft(b)
		from, ok := other.splitOff(random)
		if !ok {
			return nil, ErrNone
		}
		other.drop()
		rest, err := other.b.BuildWith(0)
		if err != nil {
			continue
		}
		d.drop()
		offset := d.b.AddMolecule(rest)
		d.b.AddBond(d.number(at), offset+other.number(from), molecule.Single)
		if out := e.finish(d, sa); out != nil && out.SMILES() != sb {
			return out, nil
		}
	}
	return nil, ErrNone
}

func (e *Editor) tries() int {
	if e.Tries > 0 {
		return e.Tries
	}
	return 50
}

// finish builds the draft, and returns it in canonical form if it is a new,
// connected molecule within the constraints; otherwise nil.
func (e *Editor) finish(d *draft, before string) *molecule.Molecule {
	m, err := d.build()
	if err != nil {
		return nil
	}
	_, parts := m.Components()
	if _, had := d.m.Components(); parts > had || m.NumAtoms() == 0 {
		return nil
	}
	for i := range m.NumAtoms() {
		if d.m.NumAtoms() > 0 && m.Radicals(i) > 0 && !d.radicals {
			return nil
		}
	}
	smiles := m.SMILES()
	if smiles == before {
		return nil
	}
	// The canonical order of atoms is that of the canonical SMILES.
	m, err = molecule.ParseSMILES(smiles)
	if err != nil || e.Constraints.Check(m) != nil {
		return nil
	}
	return m
}

// draft is a molecule being changed.
type draft struct {
	m        *molecule.Molecule // as it was
	b        *molecule.Builder
	gone     map[int]bool // atoms to remove
	radicals bool         // the molecule had unpaired electrons before
	removed  []int        // atoms removed so far by drop, ascending
}

// newDraft returns a draft of m. Hydrogens of uncharged atoms are filled up
// again when it is built, and aromaticity is found again.
func newDraft(m *molecule.Molecule) *draft {
	d := &draft{m: m, b: m.Edit(), gone: map[int]bool{}}
	for i := range m.NumAtoms() {
		a := d.b.Atom(i)
		radical := m.Radicals(i) > 0
		d.radicals = d.radicals || radical
		a.Aromatic = false
		if a.Charge == 0 && !radical && fills(a) {
			a.Fixed = false
		}
	}
	for k := range m.NumBonds() {
		d.b.Bond(k).Aromatic = false
	}
	return d
}

// fills reports whether the hydrogens of a follow from its bonds.
func fills(a *molecule.Atom) bool {
	switch a.Element {
	case 5, 6, 7, 8, 9, 15, 16, 17, 35, 53:
		return a.Isotope == 0
	}
	return false
}

// touched forgets configurations that atom i takes part in.
func (d *draft) touched(i int) {
	d.b.Atom(i).Chirality = molecule.Achiral
	for k := range d.b.NumBonds() {
		b := d.b.Bond(k)
		if b.Stereo != molecule.NoStereo && (int(b.A) == i || int(b.B) == i || int(b.RefA) == i || int(b.RefB) == i) {
			b.Stereo = molecule.NoStereo
		}
	}
}

// drop removes the atoms that are to go.
func (d *draft) drop() {
	if len(d.gone) == 0 {
		return
	}
	for i := range d.m.NumAtoms() {
		if d.gone[i] {
			d.removed = append(d.removed, i)
		}
	}
	d.b.RemoveAtoms(func(i int) bool { return d.gone[i] })
	d.gone = map[int]bool{}
}

// number returns the number that atom i has after drop.
func (d *draft) number(i int) int {
	n, _ := slices.BinarySearch(d.removed, i)
	return i - n
}

func (d *draft) build() (*molecule.Molecule, error) {
	d.drop()
	return d.b.Build()
}

// open reports whether atom i may take another bond: it has a hydrogen and is an
// ordinary uncharged atom.
func (d *draft) open(i int) bool {
	a := d.m.Atom(i)
	return a.Hydrogens > 0 && a.Charge == 0 && a.Element > 1
}

// pick returns one of the numbers below n for which ok is true, -1 if there is
// none.
func pick(n int, random *rand.Rand, ok func(i int) bool) int {
	chosen, seen := -1, 0
	for i := range n {
		if ok(i) {
			if seen++; random.IntN(seen) == 0 {
				chosen = i
			}
		}
	}
	return chosen
}

// splitOff chooses a bond out of rings, one of BRICS in three of four cases where
// there are any, and marks one side of it as gone. It returns the atom at which
// the other side was cut.
func (d *draft) splitOff(random *rand.Rand) (int, bool) {
	cuts := Cuts(d.m)
	bond := -1
	if len(cuts) > 0 && random.IntN(4) > 0 {
		if c := cuts[random.IntN(len(cuts))]; d.m.Bond(c.Bond).Order == molecule.Single {
			bond = c.Bond
		}
	}
	if bond < 0 {
		bond = pick(d.m.NumBonds(), random, func(k int) bool {
			b := d.m.Bond(k)
			return b.Order == molecule.Single && d.m.BondRings(k) == 0 && d.m.Atom(int(b.A)).Charge == 0 && d.m.Atom(int(b.B)).Charge == 0 &&
				d.m.Atom(int(b.A)).Element > 1 && d.m.Atom(int(b.B)).Element > 1
		})
	}
	if bond < 0 {
		return 0, false
	}
	b := d.m.Bond(bond)
	keep, lose := int(b.A), int(b.B)
	if random.IntN(2) == 0 {
		keep, lose = lose, keep
	}
	d.touched(keep)
	d.loseSide(keep, lose)
	return keep, true
}

// loseSide marks the side of lose of the bond between keep and lose as gone.
func (d *draft) loseSide(keep, lose int) {
	d.gone[lose] = true
	for queue := []int{lose}; len(queue) > 0; queue = queue[1:] {
		for _, n := range d.m.Neighbors(queue[0]) {
			if a := int(n.Atom); a != keep && !d.gone[a] {
				d.gone[a] = true
				queue = append(queue, a)
			}
		}
	}
}
