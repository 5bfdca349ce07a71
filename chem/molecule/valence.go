package molecule

import "fmt"

// valencesOf returns the valences of an atom, those of the element with as many
// electrons if it is charged.
func valencesOf(a *Atom) []int8 {
	own := valences[a.Element]
	if own[0] == anyNumber || a.Charge == 0 {
		return own
	}
	z := int(a.Element) - int(a.Charge)
	if z < 0 || z >= len(valences) {
		return valences[0]
	}
	return valences[z]
}

// impliedHydrogens returns how many hydrogens an atom with bonds of total order
// v gets, and whether v is possible at all.
func impliedHydrogens(a *Atom, v int) (int, bool) {
	for _, usual := range valencesOf(a) {
		if usual == anyNumber {
			return 0, true
		}
		if v <= int(usual) {
			return int(usual) - v, true
		}
	}
	return 0, false
}

// maxValence returns the largest total bond order of an atom, -1 if there is no
// limit.
func maxValence(a *Atom) int {
	own := valences[a.Element]
	if own[len(own)-1] == anyNumber {
		return -1
	}
	if a.Element == 1 && a.Charge == -1 {
		return 2 // bridging hydride
	}
	z := int(a.Element) - int(a.Charge)
	// Anions of P, S, As and Se have the electrons of elements that form one
	// bond only, but more bonds are well known, as in [PF6-].
	if z > 16 && (a.Element == 15 || a.Element == 16) || z > 34 && (a.Element == 33 || a.Element == 34) {
		return int(own[len(own)-1]) + int(a.Charge)
	}
	vs := valencesOf(a)
	return int(vs[len(vs)-1])
}

// halfOrders returns twice the total order of the bonds of atom i to others of
// the graph, where a bond that is only known to be aromatic counts 3.
func (m *Molecule) halfOrders(i int) (sum int, unset bool) {
	for _, n := range m.Neighbors(i) {
		b := &m.bonds[n.Bond]
		switch b.Order {
		case Unset:
			sum += 3
			unset = true
		case Dative:
			if int(b.B) == i {
				sum += 2
			}
		default:
			sum += 2 * int(b.Order)
		}
	}
	return sum, unset
}

// Valence returns the total order of the bonds of atom i, hydrogens included, in
// a Kekulé structure.
func (m *Molecule) Valence(i int) int {
	sum, _ := m.halfOrders(i)
	return sum/2 + int(m.atoms[i].Hydrogens)
}

// fillHydrogens gives the atoms whose hydrogens are not fixed as many as their
// usual valence asks for and reports atoms with too many bonds.
func (m *Molecule) fillHydrogens() error {
	for i := range m.atoms {
		a := &m.atoms[i]
		if !a.Fixed {
			a.Hydrogens = 0
		}
		half, unset := m.halfOrders(i)
		half = roundAromatic(a, half+2*int(a.Hydrogens), unset)
		v := (half + 1) / 2
		if limit := maxValence(a); limit >= 0 && v > limit {
			return &AtomError{Atom: i, Reason: fmt.Sprintf("%s has valence %d, more than %d", a.describe(), v, limit)}
		}
		if a.Fixed || a.Element == 0 {
			continue
		}
		h, ok := freeHydrogens(a, half, unset)
		if !ok {
			return &AtomError{Atom: i, Reason: fmt.Sprintf("%s cannot have valence %d", a.describe(), v)}
		}
		a.Hydrogens = uint8(h)
	}
	return nil
}

// roundAromatic returns twice the valence that is meant by bonds of twice the
// total order half, some of them aromatic: the true order is then lower than 1½
// for each, so if the sum is above the usual valence it is the next lower usual
// valence that is meant.
func roundAromatic(a *Atom, half int, aromatic bool) int {
	vs := valencesOf(a)
	if !aromatic || half <= 2*int(vs[0]) {
		return half
	}
	best := vs[0]
	for _, v := range vs {
		if v == anyNumber || 2*int(v) > half {
			break
		}
		best = v
	}
	if half-2*int(best) <= 3 {
		return 2 * int(best)
	}
	return half
}

// freeHydrogens returns how many hydrogens an atom gets that has none stated, for
// bonds of twice the total order half, and whether that order is possible.
func freeHydrogens(a *Atom, half int, aromatic bool) (int, bool) {
	v := (roundAromatic(a, half, aromatic) + 1) / 2
	if aromatic && v > int(valencesOf(a)[0]) {
		return 0, true
	}
	return impliedHydrogens(a, v)
}

// describe returns the symbol and charge of an atom.
func (a *Atom) describe() string {
	if a.Element == 0 {
		return "*"
	}
	switch {
	case a.Charge == 0:
		return a.Element.Symbol()
	case a.Charge == 1:
		return a.Element.Symbol() + "+"
	case a.Charge == -1:
		return a.Element.Symbol() + "-"
	}
	return fmt.Sprintf("%s%+d", a.Element.Symbol(), a.Charge)
}

// releaseHydrogens makes hydrogens that were stated but are the usual ones free
// again, so that changing the molecule changes them.
func (m *Molecule) releaseHydrogens() {
	for i := range m.atoms {
		a := &m.atoms[i]
		if !a.Fixed || a.Element == 0 {
			continue
		}
		half, unset := m.halfOrders(i)
		if h, ok := impliedHydrogens(a, half/2); ok && !unset && h == int(a.Hydrogens) && valences[a.Element][0] != anyNumber {
			a.Fixed = false
		}
	}
}

// Radicals returns the number of unpaired electrons of atom i, by the count of
// electrons that its bonds and charge leave.
func (m *Molecule) Radicals(i int) int {
	a := &m.atoms[i]
	if !a.Fixed || a.Element == 0 {
		return 0
	}
	outer, charge := int(outerElectrons[a.Element]), int(a.Charge)
	if valences[a.Element][0] == anyNumber {
		if left := outer - charge; left > 0 && m.Degree(i) == 0 {
			return left % 2
		}
		return 0
	}
	v, shell := m.Valence(i), 8
	if a.Element <= 2 {
		shell = 2
	}
	n := shell - outer - v + charge
	if n < 0 {
		n = 0
		if len(valences[a.Element]) > 1 { // it may have more than eight electrons
			for _, usual := range valences[a.Element] {
				if int(usual)-v+charge >= 0 {
					n = int(usual) - v + charge
					break
				}
			}
		}
	}
	if left := outer - v - charge; left >= 0 {
		n = min(n, left)
	}
	return n
}

// normalize writes neutral atoms with too many bonds in the way with charges:
// nitro groups, N-oxides and azides; oxides of chlorine, bromine and iodine;
// R-P(=O)=C.
func (m *Molecule) normalize() {
	for i := range m.atoms {
		a := &m.atoms[i]
		if a.Charge != 0 {
			continue
		}
		switch a.Element {
		case 7, 15, 17, 35, 53:
		default:
			continue
		}
		half, _ := m.halfOrders(i)
		if a.Fixed {
			half += 2 * int(a.Hydrogens)
		}
		v := (half + 1) / 2
		switch a.Element {
		case 7:
			if v == 5 {
				m.separateNitrogen(i)
			}
		case 15:
			if v == 5 && m.Degree(i) == 3 {
				m.separatePhosphorus(i)
			}
		default:
			if v == 3 || v == 5 || v == 7 {
				m.separateHalogen(i)
			}
		}
	}
}

func (m *Molecule) separateNitrogen(i int) {
	for _, n := range m.Neighbors(i) {
		other, b := &m.atoms[n.Atom], &m.bonds[n.Bond]
		switch {
		case other.Charge != 0:
		case other.Element == 8 && b.Order == Double, other.Element == 7 && b.Order == Triple:
			b.Order--
			m.atoms[i].Charge, other.Charge = 1, -1
			return
		}
	}
}

func (m *Molecule) separatePhosphorus(i int) {
	oxygen, partner := -1, false
	for k, n := range m.Neighbors(i) {
		if m.bonds[n.Bond].Order != Double || m.atoms[n.Atom].Charge != 0 {
			continue
		}
		switch m.atoms[n.Atom].Element {
		case 8:
			oxygen = k
		case 6, 7:
			partner = partner || m.Degree(int(n.Atom)) >= 2
		}
	}
	if oxygen >= 0 && partner {
		n := m.Neighbors(i)[oxygen]
		m.bonds[n.Bond].Order = Single
		m.atoms[i].Charge, m.atoms[n.Atom].Charge = 1, -1
	}
}

func (m *Molecule) separateHalogen(i int) {
	for _, n := range m.Neighbors(i) {
		if m.atoms[n.Atom].Element != 8 {
			return
		}
	}
	for _, n := range m.Neighbors(i) {
		if b := &m.bonds[n.Bond]; b.Order == Double {
			b.Order = Single
			m.atoms[i].Charge++
			m.atoms[n.Atom].Charge--
		}
	}
}

// UsualHydrogens returns how many hydrogens atom i would have if none were stated,
// and whether its bonds allow that.
func (m *Molecule) UsualHydrogens(i int) (int, bool) {
	half, unset := m.halfOrders(i)
	return freeHydrogens(&m.atoms[i], half, unset)
}
