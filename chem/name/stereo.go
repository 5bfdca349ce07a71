package name

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem/cip"
	"github.com/alkahest/alkahest/chem/molecule"
)

// claim is a descriptor of configuration and the part of the structure that it is
// about.
type claim struct {
	text  string
	group *group
	end   int // behind the last atom of the group with its substituents
}

// structure returns the SMILES of the finished structure, with the configurations
// that its name tells, and the descriptors that it does not keep.
func (b *builder) structure() (smiles string, notKept []string) {
	smiles, order := b.graph.write()
	for _, c := range b.claims {
		notKept = append(notKept, c.text)
	}
	if len(b.claims) == 0 {
		return smiles, nil
	}
	m, err := molecule.ParseSMILESWith(smiles, unchecked)
	if err != nil || m.NumAtoms() != len(order) {
		return smiles, unique(notKept)
	}
	s := &configurer{b: b, m: m, place: map[int]int{}}
	for k, i := range order {
		s.place[i] = k
	}
	kept, notKept := s.configure()
	if kept != nil {
		smiles = kept.SMILESInOrder()
	}
	return smiles, unique(notKept)
}

// unchecked finds all of a molecule but which configurations tell something apart.
const unchecked = molecule.All &^ molecule.Configuration

// configurer gives a structure the configurations that its name claims.
type configurer struct {
	b     *builder
	m     *molecule.Molecule
	place map[int]int // number in m of an atom of the builder
	// atoms and bonds are the names of the configurations when all that may have one
	// have one: Undecided where the rules do not tell the neighbours apart.
	atoms, bonds []cip.Label
	set          map[int]bool // atoms and, from numAtoms on, bonds that a claim was found for
}

// configure returns the molecule with its configurations, nil if there are none.
func (s *configurer) configure() (m *molecule.Molecule, notKept []string) {
	s.set = map[int]bool{}
	n := s.m.NumAtoms()
	var found []resolved
	// Those of double bonds come first, because names of atoms may depend on them.
	for _, ofBonds := range [2]bool{true, false} {
		if !s.label(ofBonds) {
			return nil, s.texts()
		}
		for _, c := range s.b.claims {
			if !ofBonds && s.racemic() {
				break // no one hand is meant
			}
			if r, ok := s.resolve(c, ofBonds); ok {
				found = append(found, r)
			}
		}
		s.forget(ofBonds)
	}
	m, err := s.m.Edit().Build()
	if err != nil || len(found) == 0 {
		return nil, s.texts()
	}
	e := m.Edit()
	// What tells nothing apart, or has another name by now, is not kept.
	atoms, bonds := cip.Labels(m)
	for _, c := range s.b.claims {
		ok := false
		for _, r := range found {
			if r.claim != c {
				continue
			}
			ok = !r.relative || s.ownImage(m, r.at)
			for _, x := range r.at {
				label := cip.None
				if x < n {
					label = atoms[x]
				} else {
					label = bonds[x-n]
				}
				ok = ok && label != cip.None && (r.label == cip.None || label == r.label)
			}
			for _, x := range r.at {
				switch {
				case ok:
				case x < n:
					e.Atom(x).Chirality = molecule.Achiral
				default:
					e.Bond(x - n).Stereo = molecule.NoStereo
				}
			}
		}
		if !ok {
			notKept = append(notKept, c.text)
		}
	}
	if m, err = e.Build(); err != nil {
		return nil, s.texts()
	}
	return m, notKept
}

// racemic reports whether the name says that it is about both hands.
func (s *configurer) racemic() bool {
	return slices.ContainsFunc(s.b.claims, func(c claim) bool {
		return slices.Contains([]string{"rac", "±", "+/", "+/-", "dl", "DL"}, c.text) || strings.HasSuffix(c.text, "RS") || strings.HasSuffix(c.text, "SR")
	})
}

// texts returns all descriptors.
func (s *configurer) texts() []string {
	var out []string
	for _, c := range s.b.claims {
		out = append(out, c.text)
	}
	return out
}

// resolved is a claim and the atoms and, from the number of atoms on, bonds that it
// is about, with the name that they must have, if it tells one.
type resolved struct {
	claim    claim
	at       []int
	label    cip.Label
	relative bool // the claim is the same for the mirror image
}

// ownImage reports whether m is the same when the atoms at are inverted, so that what
// is said of their relation says all.
func (s *configurer) ownImage(m *molecule.Molecule, at []int) bool {
	e := m.Edit()
	for _, i := range at {
		e.Atom(i).Chirality = e.Atom(i).Chirality.Inverted()
	}
	mirror, err := e.Build()
	return err == nil && mirror.SMILES() == m.SMILES()
}

// label gives all double bonds, or all atoms, that may have a configuration one, and
// names them.
func (s *configurer) label(ofBonds bool) bool {
	e := s.m.Edit()
	for k := range e.NumBonds() {
		if x := e.Bond(k); ofBonds && s.mayBeDouble(k) {
			x.RefA, x.RefB, x.Stereo = s.besides(x.A, x.B), s.besides(x.B, x.A), molecule.Together
		}
	}
	for i := range e.NumAtoms() {
		a := e.Atom(i)
		if ligands := s.m.Degree(i) + int(a.Hydrogens); !ofBonds && ligands == 4 && a.Hydrogens <= 1 && s.m.Degree(i) >= 3 {
			a.Chirality = molecule.Clockwise
		}
	}
	m, err := e.BuildWith(unchecked)
	if err != nil {
		return false
	}
	s.m = m
	s.atoms, s.bonds = cip.Labels(m)
	return true
}

// forget takes the configurations away that no claim was found for.
func (s *configurer) forget(ofBonds bool) {
	e := s.m.Edit()
	n := e.NumAtoms()
	for k := range e.NumBonds() {
		if ofBonds && !s.set[n+k] {
			e.Bond(k).Stereo = molecule.NoStereo
		}
	}
	for i := range n {
		if !ofBonds && !s.set[i] {
			e.Atom(i).Chirality = molecule.Achiral
		}
	}
	if m, err := e.BuildWith(unchecked); err == nil {
		s.m = m
	}
}

// mayBeDouble reports whether bond k is a double bond that may be cis or trans.
func (s *configurer) mayBeDouble(k int) bool {
	x := s.m.Bond(k)
	if x.Order != molecule.Double || x.Aromatic || s.smallRing(k) {
		return false
	}
	for _, end := range [2]int32{x.A, x.B} {
		if d := s.m.Degree(int(end)); d < 2 || d > 3 || s.m.Atom(int(end)).Hydrogens > 1 {
			return false
		}
	}
	return true
}

// smallRing reports whether bond k is in a ring of fewer than eight atoms.
func (s *configurer) smallRing(k int) bool {
	for r := range s.m.NumRings() {
		if _, bonds := s.m.Ring(r); len(bonds) < 8 && slices.Contains(bonds, int32(k)) {
			return true
		}
	}
	return false
}

// besides returns the first neighbour of i that is not j.
func (s *configurer) besides(i, j int32) int32 {
	for _, n := range s.m.Neighbors(int(i)) {
		if n.Atom != j {
			return n.Atom
		}
	}
	return -1
}

// resolve finds what a claim is about and gives it the configuration.
func (s *configurer) resolve(c claim, ofBonds bool) (resolved, bool) {
	locant, word := c.text, ""
	for _, w := range []string{"cis", "trans", "E", "Z", "R", "S", "D", "L"} {
		if before, ok := strings.CutSuffix(c.text, w); ok {
			locant, word = before, w
		}
	}
	switch word {
	case "E", "Z":
		if !ofBonds {
			break
		}
		k := s.doubleAt(c, locant)
		if k < 0 || s.bonds[k] == cip.Undecided {
			break
		}
		if s.bonds[k] != cip.Label(word) {
			s.turnBond(k)
		}
		return s.found(c, cip.Label(word), s.m.NumAtoms()+k)
	case "cis", "trans":
		if ofBonds {
			return s.resolveSides(c, word == "cis")
		}
		return s.resolveRing(c, word == "cis")
	case "R", "S":
		if ofBonds {
			break
		}
		i := s.atomAt(c, locant)
		if i < 0 || s.atoms[i] == cip.Undecided {
			break
		}
		if s.atoms[i] != cip.Label(word) {
			s.turnAtom(i)
		}
		return s.found(c, cip.Label(word), i)
	case "D", "L":
		if !ofBonds {
			return s.resolveAminoAcid(c, word == "L")
		}
	}
	return resolved{}, false
}

func (s *configurer) found(c claim, label cip.Label, at ...int) (resolved, bool) {
	for _, x := range at {
		if s.set[x] {
			return resolved{}, false // said twice
		}
	}
	for _, x := range at {
		s.set[x] = true
	}
	return resolved{claim: c, at: at, label: label}, true
}

// turnAtom inverts atom i.
func (s *configurer) turnAtom(i int) {
	e := s.m.Edit()
	e.Atom(i).Chirality = e.Atom(i).Chirality.Inverted()
	s.rebuilt(e)
}

// turnBond makes bond k trans if it is cis.
func (s *configurer) turnBond(k int) {
	e := s.m.Edit()
	x := e.Bond(k)
	x.Stereo = molecule.Together + molecule.Opposite - x.Stereo
	s.rebuilt(e)
}

func (s *configurer) rebuilt(e *molecule.Builder) {
	if m, err := e.BuildWith(unchecked); err == nil {
		s.m = m
	}
}

// within reports whether atom i of the builder belongs to the group of c.
func (c *claim) within(i int) bool { return i >= c.group.begin && i < c.end }

// atomAt returns the atom that c is about, -1 if it is not clear.
func (s *configurer) atomAt(c claim, locant string) int {
	if locant != "" {
		if a, ok := c.group.locant[locant]; ok {
			if i, ok := s.place[a]; ok && s.m.Atom(i).Chirality != molecule.Achiral {
				return i
			}
		}
		return -1
	}
	for _, inSkeleton := range [2]bool{true, false} {
		one, n := -1, 0
		for a, i := range s.place {
			if c.within(a) && (!inSkeleton || slices.Contains(c.group.skel, a)) && s.atoms[i] != cip.None && s.atoms[i] != cip.Undecided {
				one = i
				n++
			}
		}
		if n == 1 {
			return one
		}
		if n > 1 {
			return -1
		}
	}
	return -1
}

// doubleAt returns the double bond that c is about, -1 if it is not clear.
func (s *configurer) doubleAt(c claim, locant string) int {
	var candidates []int
	for k, x := range s.m.Bonds() {
		if x.Stereo == molecule.NoStereo {
			continue
		}
		in := 0
		for a, i := range s.place {
			if c.within(a) && (i == int(x.A) || i == int(x.B)) {
				in++
			}
		}
		if in == 2 && s.bonds[k] != cip.Undecided {
			candidates = append(candidates, k)
		}
	}
	if locant != "" {
		a, ok := c.group.locant[locant]
		if !ok {
			return -1
		}
		i := s.place[a]
		candidates = slices.DeleteFunc(candidates, func(k int) bool {
			x := s.m.Bond(k)
			return int(x.A) != i && int(x.B) != i
		})
		// The bond to the next position, if there is more than one.
		if next, err := strconv.Atoi(locant); err == nil && len(candidates) > 1 {
			j, ok := s.place[c.group.locant[strconv.Itoa(next+1)]]
			candidates = slices.DeleteFunc(candidates, func(k int) bool {
				x := s.m.Bond(k)
				return !ok || x.Other(i) != j
			})
		}
	}
	if len(candidates) != 1 {
		return -1
	}
	return candidates[0]
}

// resolveSides reads cis and trans of the one double bond of a group, whose ends have
// one hydrogen each.
func (s *configurer) resolveSides(c claim, cis bool) (resolved, bool) {
	k := s.doubleAt(c, "")
	if k < 0 {
		return resolved{}, false
	}
	x := s.m.Bond(k)
	for _, end := range [2]int32{x.A, x.B} {
		if s.m.Degree(int(end)) != 2 {
			return resolved{}, false
		}
	}
	if (x.Stereo == molecule.Together) != cis {
		s.turnBond(k)
	}
	return s.found(c, cip.None, s.m.NumAtoms()+k)
}

// resolveRing reads cis and trans of the two atoms of a ring that have a hydrogen and
// a substituent each: whether the substituents stand at the same side of the ring.
func (s *configurer) resolveRing(c claim, cis bool) (resolved, bool) {
	var centres []int
	for a, i := range s.place {
		if slices.Contains(c.group.skel, a) && s.m.AtomRings(i) > 0 && s.m.Atom(i).Chirality != molecule.Achiral && s.m.Atom(i).Hydrogens == 1 {
			centres = append(centres, i)
		}
	}
	if len(centres) != 2 {
		return resolved{}, false
	}
	slices.Sort(centres)
	for r := range s.m.NumRings() {
		ring, _ := s.m.Ring(r)
		if !slices.Contains(ring, int32(centres[0])) || !slices.Contains(ring, int32(centres[1])) {
			continue
		}
		if s.sideOf(centres[0], ring) != (s.sideOf(centres[1], ring) == cis) {
			s.turnAtom(centres[1])
		}
		out, ok := s.found(c, cip.None, centres...)
		out.relative = true
		return out, ok
	}
	return resolved{}, false
}

// sideOf reports whether the substituent of atom i of a ring, which has a hydrogen
// beside it, stands above the ring, its atoms following each other counterclockwise.
func (s *configurer) sideOf(i int, ring []int32) bool {
	at := slices.Index(ring, int32(i))
	n := len(ring)
	before, after := ring[(at+n-1)%n], ring[(at+1)%n]
	// Seen from the substituent above: the atom before, the next, the hydrogen.
	keys := []int32{3}
	for _, nb := range s.m.Neighbors(i) {
		switch nb.Atom {
		case before:
			keys = append(keys, 1)
		case after:
			keys = append(keys, 2)
		default:
			keys = append(keys, 0)
		}
	}
	return s.m.Atom(i).Chirality.Arranged(keys) == molecule.Clockwise
}

// resolveAminoAcid reads D and L of an amino acid: with the hydrogen in front, the
// carboxyl group, the side chain and the amino group of an L acid turn clockwise
// (IUPAC and IUBMB, Pure Appl. Chem. 56 (1984) 595, 3AA-3.2).
func (s *configurer) resolveAminoAcid(c claim, left bool) (resolved, bool) {
	centre := -1
	var keys []int32
	for a, i := range s.place {
		if !c.within(a) || s.m.Atom(i).Element != 6 || s.m.Atom(i).Hydrogens != 1 || s.m.Degree(i) != 3 {
			continue
		}
		own := []int32{0}
		sum := int32(0)
		for _, n := range s.m.Neighbors(i) {
			key := int32(2) // the side chain
			switch {
			case s.m.Atom(int(n.Atom)).Element == 7:
				key = 3
			case s.carboxyl(int(n.Atom)):
				key = 1
			}
			own = append(own, key)
			sum += key
		}
		if slices.Contains(own, 1) && slices.Contains(own, 3) && sum == 6 {
			if centre >= 0 {
				return resolved{}, false
			}
			centre, keys = i, own
		}
	}
	if centre < 0 {
		return resolved{}, false
	}
	if (s.m.Atom(centre).Chirality.Arranged(keys) == molecule.Clockwise) != left {
		s.turnAtom(centre)
	}
	return s.found(c, cip.None, centre)
}

// carboxyl reports whether atom i is the carbon of a carboxyl group or of what is made
// of one.
func (s *configurer) carboxyl(i int) bool {
	double := false
	for _, n := range s.m.Neighbors(i) {
		double = double || s.m.Atom(int(n.Atom)).Element == 8 && s.m.Bond(int(n.Bond)).Order == molecule.Double
	}
	return double && s.m.Degree(i) == 3
}
