package molecule

import "github.com/alkahest/alkahest/chem"

// Bounds of the search for aromatic systems.
const (
	maxFusedRing     = 24  // atoms of a ring that may be fused with others; the ring of porphin is smaller
	maxFusedRings    = 6   // rings that are aromatic together
	maxRingsOfSystem = 300 // in larger systems only single rings and pairs are tried
	maxRingSubsets   = 200_000
	chalcogenSe      = 34
	chalcogenTe      = 52
	lastOfThirdRow   = 18
)

// donor says how many electrons an atom gives to an aromatic ring.
type donor uint8

const (
	donorUnknown donor = iota
	donorNone          // cannot be in an aromatic ring
	donorVacant        // an empty orbital
	donorOne
	donorTwo
	donorAny // "*": none, one or two
)

// findAromaticity marks aromatic atoms and bonds by Hückel's rule, on single
// rings and on up to six fused rings, as RDKit's default model does; see "The
// RDKit Book", section Aromaticity. Bonds need an order.
func (m *Molecule) findAromaticity() {
	for i := range m.atoms {
		m.atoms[i].Aromatic = false
	}
	for i := range m.bonds {
		m.bonds[i].Aromatic = false
	}
	if m.NumRings() == 0 {
		return
	}
	s := getScratch()
	defer putScratch(s)
	donors := grow(&s.bytes, len(m.atoms))
	clear(donors)
	candidates := s.ints[0][:0]
	for k := range m.NumRings() {
		atoms, _ := m.Ring(k)
		ok, dummies := true, true
		for _, a := range atoms {
			if donors[a] == uint8(donorUnknown) {
				d := m.donor(int(a))
				if d != donorNone && !m.mayBeAromatic(int(a)) {
					d = donorNone
				}
				donors[a] = uint8(d)
			}
			ok = ok && donor(donors[a]) != donorNone
			dummies = dummies && m.atoms[a].Element == 0
		}
		if ok && !dummies {
			candidates = append(candidates, int32(k))
		}
	}
	s.ints[0] = candidates
	if len(candidates) == 0 {
		return
	}
	h := huckel{m: m, donors: donors, rings: candidates, times: grow(&s.ints[1], max(len(m.atoms), len(m.bonds)))}
	clear(h.times)
	h.connect(s)
	done := grow(&s.ints[3], len(candidates))
	clear(done)
	system := s.ints[4][:0]
	for k := range candidates {
		if done[k] != 0 {
			continue
		}
		system = append(system[:0], int32(k))
		done[k] = 1
		for at := 0; at < len(system); at++ {
			for _, j := range h.fusedWith(system[at]) {
				if done[j] == 0 {
					done[j] = 1
					system = append(system, j)
				}
			}
		}
		h.system(system)
	}
	s.ints[4] = system
}

// donor returns how many electrons atom i can give.
func (m *Molecule) donor(i int) donor {
	a := &m.atoms[i]
	if a.Element == 0 {
		for _, n := range m.Neighbors(i) {
			if b := &m.bonds[n.Bond]; b.Order >= Double && b.Order != Dative && m.rings.bond(int(n.Bond)) {
				return donorOne
			}
		}
		return donorAny
	}
	usual := int(valences[a.Element][0])
	degree := m.Degree(i) + int(a.Hydrogens)
	if usual <= 1 || degree > 3 {
		return donorNone
	}
	outside, inside, multiple := -1, false, false // multiple bonds out of rings, in rings, anywhere
	v := int(a.Hydrogens)
	for _, n := range m.Neighbors(i) {
		b := &m.bonds[n.Bond]
		order := int(b.Order)
		if b.Order == Dative {
			order = 1
			if int(b.A) == i {
				order = 0
			}
		}
		v += order
		if order >= 2 {
			multiple = true
			if m.rings.bond(int(n.Bond)) {
				inside = true
			} else if outside < 0 {
				outside = int(n.Atom)
			}
		}
	}
	lone := max(int(outerElectrons[a.Element])-usual-int(a.Charge), 0)
	electrons := usual - degree + lone - m.Radicals(i)
	if electrons > 1 && v-degree > 1 {
		electrons = 1 // a triple bond gives one
	}
	stolen := outside >= 0 && moreElectronegative(m.atoms[outside].Element, a.Element)
	switch {
	case electrons < 0:
		return donorNone
	case electrons == 0:
		switch {
		case outside >= 0:
			return donorVacant
		case inside:
			return donorOne
		}
		return donorNone
	case electrons == 1:
		switch {
		case stolen:
			return donorVacant
		case outside >= 0, multiple:
			return donorOne
		case a.Charge == 1:
			return donorVacant // as in tropylium
		}
		return donorNone
	}
	if stolen {
		electrons--
	}
	if electrons%2 == 1 {
		return donorOne
	}
	return donorTwo
}

// moreElectronegative reports whether a takes the electrons of a double bond to
// b: more outer electrons, then the smaller atom.
func moreElectronegative(a, b chem.Element) bool {
	if outerElectrons[a] != outerElectrons[b] {
		return outerElectrons[a] > outerElectrons[b]
	}
	return a < b
}

// mayBeAromatic reports whether atom i is of a kind that aromatic rings have.
func (m *Molecule) mayBeAromatic(i int) bool {
	a := &m.atoms[i]
	if a.Element > lastOfThirdRow && a.Element != chalcogenSe && a.Element != chalcogenTe {
		return false
	}
	if usual := valences[a.Element][0]; usual > 0 {
		if limit := valencesOf(a)[0]; m.Valence(i) > int(limit) {
			return false
		}
	}
	if (a.Element != 6 || a.Charge != 0) && m.Radicals(i) > 0 {
		return false
	}
	double := 0
	for _, n := range m.Neighbors(i) {
		if o := m.bonds[n.Bond].Order; o == Double || o == Triple {
			double++
		}
	}
	return double <= 1
}

// huckel applies Hückel's rule to the rings of a molecule whose atoms may all be
// aromatic.
type huckel struct {
	m      *Molecule
	donors []uint8
	rings  []int32 // numbers of the candidate rings; below, a ring is an index of this
	fused  []int32 // for every ring those that it is fused with
	start  []int32
	times  []int32 // all 0 between uses
}

// connect finds out which rings are fused: they share one bond. The rings of
// porphin that share two with the large one do not count.
func (h *huckel) connect(s *scratch) {
	h.start = grow(&s.ints[5], len(h.rings)+1)
	h.fused = s.ints[6][:0]
	for k, r := range h.rings {
		h.start[k] = int32(len(h.fused))
		_, bonds := h.m.Ring(int(r))
		if len(bonds) > maxFusedRing {
			continue
		}
		shares := false
		for _, b := range bonds {
			shares = shares || h.m.rings.ofBond[b] > 1
			h.times[b] = 1
		}
		if shares {
			for j, other := range h.rings {
				if j == k {
					continue
				}
				_, theirs := h.m.Ring(int(other))
				if len(theirs) > maxFusedRing {
					continue
				}
				shared := 0
				for _, b := range theirs {
					shared += int(h.times[b])
				}
				if shared == 1 {
					h.fused = append(h.fused, int32(j))
				}
			}
		}
		for _, b := range bonds {
			h.times[b] = 0
		}
	}
	h.start[len(h.rings)] = int32(len(h.fused))
	s.ints[6] = h.fused
}

func (h *huckel) fusedWith(k int32) []int32 { return h.fused[h.start[k]:h.start[k+1]] }

// system looks for aromaticity in a system of fused rings: in every ring, then
// in every two that are fused, and so on, until all bonds are aromatic.
func (h *huckel) system(rings []int32) {
	for _, k := range rings {
		h.try([]int32{k})
	}
	if len(rings) == 1 || h.allAromatic(rings) {
		return
	}
	budget := maxRingSubsets
	for size := 2; size <= min(len(rings), maxFusedRings); size++ {
		if size > 2 && len(rings) > maxRingsOfSystem {
			return
		}
		for _, k := range rings {
			h.grow([]int32{k}, h.after(k, h.fusedWith(k)), size, &budget)
		}
		if h.allAromatic(rings) {
			return
		}
	}
}

// after returns those of rings with a number above k.
func (h *huckel) after(k int32, rings []int32) []int32 {
	var out []int32
	for _, j := range rings {
		if j > k {
			out = append(out, j)
		}
	}
	return out
}

// grow tries all connected sets of size rings that contain set, each once: set
// grows by rings of extension, and by those that only the new ring is fused with
// (Wernicke, IEEE/ACM Trans. Comput. Biol. Bioinform. 3 (2006) 347).
func (h *huckel) grow(set, extension []int32, size int, budget *int) {
	if len(set) == size {
		*budget--
		h.try(set)
		return
	}
	for len(extension) > 0 && *budget > 0 {
		k := extension[len(extension)-1]
		extension = extension[:len(extension)-1]
		wider := append([]int32(nil), extension...)
		for _, j := range h.fusedWith(k) {
			if j > set[0] && !h.touches(set, j) {
				wider = append(wider, j)
			}
		}
		h.grow(append(append([]int32(nil), set...), k), wider, size, budget)
	}
}

// touches reports whether ring j is in set or fused with a ring of it.
func (h *huckel) touches(set []int32, j int32) bool {
	for _, k := range set {
		if k == j {
			return true
		}
		for _, other := range h.fusedWith(k) {
			if other == j {
				return true
			}
		}
	}
	return false
}

func (h *huckel) allAromatic(rings []int32) bool {
	for _, k := range rings {
		_, bonds := h.m.Ring(int(h.rings[k]))
		for _, b := range bonds {
			if !h.m.bonds[b].Aromatic {
				return false
			}
		}
	}
	return true
}

// try marks the rings of set as aromatic if the electrons of their atoms are 4n+2
// in number. Atoms in three of them lie inside and do not count; bonds in two of
// them stay as they are.
func (h *huckel) try(set []int32) {
	m := h.m
	for _, k := range set {
		atoms, _ := m.Ring(int(h.rings[k]))
		for _, a := range atoms {
			h.times[a]++
		}
	}
	low, high := 0, 0
	for _, k := range set {
		atoms, _ := m.Ring(int(h.rings[k]))
		for _, a := range atoms {
			if n := h.times[a]; n == 1 || n == 2 {
				switch donor(h.donors[a]) {
				case donorOne:
					low, high = low+1, high+1
				case donorTwo:
					low, high = low+2, high+2
				case donorAny:
					high += 2
				}
			}
			h.times[a] = 0
		}
	}
	aromatic := false
	if high >= 6 {
		for n := low; n <= high; n++ {
			aromatic = aromatic || n >= 2 && (n-2)%4 == 0
		}
	} else {
		aromatic = high == 2
	}
	if !aromatic {
		return
	}
	for _, k := range set {
		atoms, bonds := m.Ring(int(h.rings[k]))
		for _, a := range atoms {
			m.atoms[a].Aromatic = true
		}
		for _, b := range bonds {
			h.times[b]++
		}
	}
	for _, k := range set {
		_, bonds := m.Ring(int(h.rings[k]))
		for _, b := range bonds {
			if x := &m.bonds[b]; h.times[b] == 1 && x.Order <= Double {
				x.Aromatic = true
			}
			h.times[b] = 0
		}
	}
}
