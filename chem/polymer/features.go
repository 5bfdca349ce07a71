package polymer

import (
	"math"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// FeatureNames are the names of the numbers that [Unit.Features] returns, in
// order. Counts are those of one repeat unit; shares are between 0 and 1.
var FeatureNames = []string{
	"mass",                    // molar mass of the unit, g/mol
	"backbone-length",         // atoms on the shortest path through the unit
	"backbone-share",          // share of the heavy atoms that are on some path through the unit
	"side-chain-share",        // share of the heavy atoms that are not
	"side-chains",             // number of side chains
	"longest-side-chain",      // heavy atoms of the largest side chain
	"backbone-rings",          // rings with atoms of the backbone
	"side-chain-rings",        // rings without
	"backbone-aromatic",       // share of the backbone's atoms that are aromatic
	"aromatic-share",          // share of all heavy atoms that are aromatic
	"backbone-rotatable",      // single bonds on the shortest path, out of rings and not those of amides, per atom of the path
	"backbone-hetero",         // share of the backbone's atoms that are not carbon
	"sp3-share",               // share of the carbon atoms with four single bonds
	"oxygen-share",            // shares of the heavy atoms
	"nitrogen-share",          //
	"sulfur-share",            //
	"silicon-share",           //
	"halogen-share",           //
	"esters",                  // C(=O)O in the backbone
	"amides",                  // C(=O)N in the backbone
	"ethers",                  // C-O-C in the backbone, without esters
	"carbonates",              // O-C(=O)-O in the backbone
	"hydrogen-bond-donors",    // O-H and N-H
	"hydrogen-bond-acceptors", // O and N that are not cations
	"charge",                  // sum of the absolute formal charges
	"quaternary-backbone",     // backbone atoms with four heavy neighbours per atom of the path
}

// Features returns numbers that describe the unit for learning, in the order of
// FeatureNames. Units that are cut from the same chain at another place have the
// same features, up to the number of repeats: take those of [Unit.Canonical].
func (u *Unit) Features() []float64 {
	m := u.mol
	backbone := u.backbone()
	path := u.path()
	heavy, onBackbone := 0.0, 0.0
	count := map[chem.Element]float64{}
	var mass, aromatic, backboneAromatic, backboneHetero, carbon, sp3, donors, acceptors, charge, quaternary float64
	for i := range m.NumAtoms() {
		a := m.Atom(i)
		if a.Element == 0 {
			continue
		}
		mass += a.Element.Weight() + float64(a.Hydrogens)*chem.Element(1).Weight()
		charge += math.Abs(float64(a.Charge))
		if a.Element == 1 {
			continue
		}
		heavy++
		count[a.Element]++
		if a.Aromatic {
			aromatic++
		}
		if backbone[i] {
			onBackbone++
			if a.Aromatic {
				backboneAromatic++
			}
			if a.Element != 6 {
				backboneHetero++
			}
			if m.Degree(i) == 4 {
				quaternary++
			}
		}
		if a.Element == 6 {
			carbon++
			if m.Degree(i)+int(a.Hydrogens) == 4 {
				sp3++
			}
		}
		if a.Element == 7 || a.Element == 8 {
			if m.TotalHydrogens(i) > 0 {
				donors++
			}
			if a.Charge <= 0 {
				acceptors++
			}
		}
	}
	sides, longest := u.sideChains(backbone)
	backboneRings, sideRings := 0.0, 0.0
	for k := range m.NumRings() {
		atoms, _ := m.Ring(k)
		within := false
		for _, a := range atoms {
			within = within || backbone[a]
		}
		if within {
			backboneRings++
		} else {
			sideRings++
		}
	}
	var esters, amides, ethers, carbonates, rotatable float64
	n := len(path)
	// The path goes on beyond the end of the unit with its beginning.
	at := func(k int) int { return path[((k%n)+n)%n] }
	carbonyl := func(i int) bool {
		if m.Atom(i).Element != 6 {
			return false
		}
		for _, x := range m.Neighbors(i) {
			if m.Bond(int(x.Bond)).Order == molecule.Double && m.Atom(int(x.Atom)).Element == 8 {
				return true
			}
		}
		return false
	}
	for k := range path {
		a, before, behind := at(k), at(k-1), at(k+1)
		e := m.Atom(a).Element
		inRing := m.AtomRings(a) > 0
		switch {
		case e == 6 && carbonyl(a):
			o1, o2 := m.Atom(before).Element == 8, m.Atom(behind).Element == 8
			n1, n2 := m.Atom(before).Element == 7, m.Atom(behind).Element == 7
			switch {
			case o1 && o2 && n > 1:
				carbonates++
			case (o1 || o2) && !n1 && !n2:
				esters++
			case n1 || n2:
				amides++
			}
		case e == 8 && !inRing && m.Atom(before).Element == 6 && m.Atom(behind).Element == 6 && !carbonyl(before) && !carbonyl(behind):
			ethers++
		}
		order := molecule.Single
		rings := 0
		if k+1 < n {
			b := m.BondBetween(a, behind)
			order, rings = m.Bond(b).Order, m.BondRings(b)
		} else {
			order = u.endOrder(0)
		}
		amide := carbonyl(a) && m.Atom(behind).Element == 7 || carbonyl(behind) && e == 7
		if order == molecule.Single && rings == 0 && !amide {
			rotatable++
		}
	}
	share := func(x, of float64) float64 {
		if of == 0 {
			return 0
		}
		return x / of
	}
	length := float64(n)
	return []float64{
		mass, length, share(onBackbone, heavy), share(heavy-onBackbone, heavy), float64(sides), float64(longest),
		backboneRings, sideRings, share(backboneAromatic, onBackbone), share(aromatic, heavy), share(rotatable, length), share(backboneHetero, onBackbone), share(sp3, carbon),
		share(count[8], heavy), share(count[7], heavy), share(count[16], heavy), share(count[14], heavy), share(count[9]+count[17]+count[35]+count[53], heavy),
		esters, amides, ethers, carbonates, donors, acceptors, charge, share(quaternary, length),
	}
}

// backbone returns which atoms are on some path between the ends that goes
// through no atom twice: those of the biconnected component that a bond between
// the ends would belong to.
func (u *Unit) backbone() []bool {
	m := u.mol
	n := m.NumAtoms()
	next := func(i int) []int {
		var out []int
		for _, x := range m.Neighbors(i) {
			out = append(out, int(x.Atom))
		}
		switch i {
		case u.ends[0]:
			out = append(out, u.ends[1])
		case u.ends[1]:
			out = append(out, u.ends[0])
		}
		return out
	}
	depth, low := make([]int, n), make([]int, n)
	out := make([]bool, n)
	var stack []int
	type frame struct {
		atom, parent, at int
		next             []int
	}
	depth[u.ends[0]] = 1
	low[u.ends[0]] = 1
	stack = append(stack, u.ends[0])
	frames := []frame{{atom: u.ends[0], parent: -1, next: next(u.ends[0])}}
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if f.at < len(f.next) {
			b := f.next[f.at]
			f.at++
			switch {
			case b == f.parent:
			case depth[b] > 0:
				low[f.atom] = min(low[f.atom], depth[b])
			default:
				depth[b] = depth[f.atom] + 1
				low[b] = depth[b]
				stack = append(stack, b)
				frames = append(frames, frame{atom: b, parent: f.atom, next: next(b)})
			}
			continue
		}
		done := *f
		frames = frames[:len(frames)-1]
		if len(frames) == 0 {
			break
		}
		p := &frames[len(frames)-1]
		low[p.atom] = min(low[p.atom], low[done.atom])
		if low[done.atom] >= depth[p.atom] {
			// A component ends here; the one with both ends is the backbone.
			var component []int
			for {
				a := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				component = append(component, a)
				if a == done.atom {
					break
				}
			}
			component = append(component, p.atom)
			both := 0
			for _, a := range component {
				if a == u.ends[0] || a == u.ends[1] {
					both++
				}
			}
			if both == 2 {
				for _, a := range component {
					out[a] = m.Atom(a).Element != 0
				}
			}
		}
	}
	return out
}

// sideChains returns the number of parts beside the backbone and the size of the
// largest, in heavy atoms.
func (u *Unit) sideChains(backbone []bool) (number, largest int) {
	m := u.mol
	seen := make([]bool, m.NumAtoms())
	for i := range m.NumAtoms() {
		if backbone[i] || seen[i] || m.Atom(i).Element < 2 {
			continue
		}
		number++
		seen[i] = true
		size := 0
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			size++
			for _, x := range m.Neighbors(queue[0]) {
				a := int(x.Atom)
				if !seen[a] && !backbone[a] && m.Atom(a).Element > 1 {
					seen[a] = true
					queue = append(queue, a)
				}
			}
		}
		largest = max(largest, size)
	}
	return number, largest
}

// Fingerprint adds to counts, folded to its length, the circular environments of
// the atoms of the unit up to radius bonds away (after Rogers and Hahn, J. Chem.
// Inf. Model. 50 (2010) 742), taken in the endless chain: behind the end of a
// unit comes the next one, so that it does not matter where the chain is cut.
// Counts are those of one unit.
func (u *Unit) Fingerprint(counts []float64, radius int) {
	m := u.mol
	n := m.NumAtoms()
	code := make([]uint64, n)
	type edge struct {
		to    int
		order uint64
	}
	next := make([][]edge, n)
	for i := range n {
		a := m.Atom(i)
		if a.Element == 0 {
			continue
		}
		h := uint64(a.Element)
		for _, v := range []uint64{uint64(m.Degree(i)), uint64(a.Hydrogens), uint64(a.Charge + 16), uint64(min(m.AtomRings(i), 3)), flag(a.Aromatic)} {
			h = mix(h*31 + v)
		}
		code[i] = h
		for _, x := range m.Neighbors(i) {
			to := int(x.Atom)
			if to == u.ends[0] {
				to = u.next[1]
			} else if to == u.ends[1] {
				to = u.next[0]
			}
			b := m.Bond(int(x.Bond))
			order := uint64(b.Order)
			if b.Aromatic {
				order = 9
			}
			next[i] = append(next[i], edge{to, order})
		}
	}
	for r := 0; ; r++ {
		for i := range n {
			if m.Atom(i).Element > 1 {
				counts[code[i]%uint64(len(counts))]++
			}
		}
		if r == radius {
			return
		}
		after := make([]uint64, n)
		for i := range n {
			// A sum does not depend on the order of the neighbours.
			sum := uint64(0)
			for _, e := range next[i] {
				sum += mix(code[e.to]*17 + e.order)
			}
			after[i] = mix(code[i]*1_000_003 + sum + uint64(r))
		}
		code = after
	}
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// mix is the finaliser of SplitMix64 (Steele et al., OOPSLA 2014).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
