package molecule

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Chiralities of centres with other geometries than the tetrahedron are the first
// one of their class and those that follow it.
const (
	firstSquarePlanar        = Clockwise + 1
	firstTrigonalBipyramidal = firstSquarePlanar + 3
	firstOctahedral          = firstTrigonalBipyramidal + 20
	numChiralities           = firstOctahedral + 30
)

// geometry is a shape of places around an atom, and the arrangements of ligands
// at them that OpenSMILES numbers.
type geometry struct {
	class  string // in SMILES
	first  Chirality
	places int
	// arrangements lists the number 1 first: for each ligand, in order, its place.
	arrangements [][]int8
	// turns are rotations that generate all others: for each place, the one to
	// which it goes.
	turns [][]int8
	// mirror is a reflection.
	mirror []int8
}

// geometries are the shapes of the OpenSMILES specification, section 3.9.
var geometries = []geometry{
	{
		class: "SP", first: firstSquarePlanar, places: 4,
		// Around the square; the ligands lie on it as the lines of U, 4 and Z.
		arrangements: [][]int8{{0, 1, 2, 3}, {0, 2, 1, 3}, {0, 1, 3, 2}},
		turns:        [][]int8{{1, 2, 3, 0}, {0, 3, 2, 1}},
		mirror:       []int8{0, 1, 2, 3},
	},
	{
		class: "TB", first: firstTrigonalBipyramidal, places: 5,
		arrangements: trigonal(`ae@ ae@@ ad@ ad@@ ac@ ac@@ ab@ ab@@ be@ bd@
			be@@ bd@@ bc@ bc@@ ce@ cd@ de@ de@@ cd@@ ce@@`),
		turns:  [][]int8{{0, 2, 3, 1, 4}, {4, 1, 3, 2, 0}},
		mirror: []int8{4, 1, 2, 3, 0},
	},
	{
		class: "OH", first: firstOctahedral, places: 6,
		arrangements: octahedral(`Uf@ Uf@@ Ue@ Zf@ Ze@ Ud@ Zd@ 4f@@ 4e@@ 4f@
			4e@ 4d@@ 4d@ Zf@@ Ze@@ Ue@@ Zd@@ Ud@@ Uc@ Zc@
			4c@@ 4c@ Zc@@ Uc@@ Ub@ Zb@ 4b@@ 4b@ Zb@@ Ub@@`),
		turns:  [][]int8{{0, 2, 3, 4, 1, 5}, {1, 5, 2, 0, 4, 3}},
		mirror: []int8{5, 1, 2, 3, 4, 0},
	},
}

// trigonal returns arrangements that are stated by the two ligands on the axis and
// the sense in which the others follow each other, seen from the first. The places
// are the first end of the axis, three around it counterclockwise, and the other
// end.
func trigonal(table string) (out [][]int8) {
	for _, s := range strings.Fields(table) {
		p := make([]int8, 5)
		from, to := s[0]-'a', s[1]-'a'
		around := []int8{1, 2, 3}
		if strings.HasSuffix(s, "@@") {
			around = []int8{3, 2, 1}
		}
		next := 0
		for i := range p {
			switch byte(i) {
			case from:
				p[i] = 0
			case to:
				p[i] = 4
			default:
				p[i] = around[next]
				next++
			}
		}
		out = append(out, p)
	}
	return out
}

// octahedral returns arrangements that are stated by the letter that the other
// ligands draw, the ligand opposite to the first, and the sense in which the first
// two of them beside each other follow each other, seen from the first. The places
// are the first end of the axis,
// four around it counterclockwise, and the other end.
func octahedral(table string) (out [][]int8) {
	shapes := map[byte][4]int8{'U': {1, 2, 3, 4}, 'Z': {1, 2, 4, 3}, '4': {1, 3, 4, 2}}
	for _, s := range strings.Fields(table) {
		p := make([]int8, 6)
		shape := shapes[s[0]]
		opposite := s[1] - 'a'
		next := 0
		for i := 1; i < len(p); i++ {
			if byte(i) == opposite {
				p[i] = 5
				continue
			}
			p[i] = shape[next]
			if strings.HasSuffix(s, "@@") {
				p[i] = 5 - p[i]
			}
			next++
		}
		out = append(out, p)
	}
	return out
}

// chiralityTable says what becomes of every chirality that is not tetrahedral.
type chiralityTable struct {
	swapped  [numChiralities][5]Chirality // when ligands i and i+1 change their places in the order
	mirrored [numChiralities]Chirality
}

var chiralities = sync.OnceValue(func() *chiralityTable {
	t := new(chiralityTable)
	for _, g := range geometries {
		number := map[string]Chirality{} // of the least of the turned arrangements
		for k, p := range g.arrangements {
			number[g.least(p)] = g.first + Chirality(k)
		}
		for k, p := range g.arrangements {
			c := g.first + Chirality(k)
			for i := range g.places - 1 {
				q := slices.Clone(p)
				q[i], q[i+1] = q[i+1], q[i]
				t.swapped[c][i] = number[g.least(q)]
			}
			t.mirrored[c] = number[g.least(apply(g.mirror, p))]
		}
	}
	return t
})

// least returns the first, in the order of places, of the arrangements to which
// rotations take p.
func (g *geometry) least(p []int8) string {
	key := func(p []int8) string {
		b := make([]byte, len(p))
		for i, x := range p {
			b[i] = byte(x)
		}
		return string(b)
	}
	best := key(p)
	seen := map[string]bool{best: true}
	queue := [][]int8{p}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for _, turn := range g.turns {
			q := apply(turn, p)
			if k := key(q); !seen[k] {
				seen[k] = true
				best = min(best, k)
				queue = append(queue, q)
			}
		}
	}
	return best
}

// apply moves the ligands of p as move says.
func apply(move, p []int8) []int8 {
	q := make([]int8, len(p))
	for i, x := range p {
		q[i] = move[x]
	}
	return q
}

// geometry returns the shape that c is about, nil for tetrahedra.
func (c Chirality) geometry() *geometry {
	switch {
	case c >= firstOctahedral:
		return &geometries[2]
	case c >= firstTrigonalBipyramidal:
		return &geometries[1]
	case c >= firstSquarePlanar:
		return &geometries[0]
	}
	return nil
}

// Tetrahedral reports whether c is the handedness of a tetrahedron, or of one that
// cumulated double bonds stretch.
func (c Chirality) Tetrahedral() bool { return c == Counterclockwise || c == Clockwise }

// Places returns the number of ligands that c is about, empty places included: 4, 5
// or 6.
func (c Chirality) Places() int {
	if g := c.geometry(); g != nil {
		return g.places
	}
	return 4
}

// Inverted returns the chirality of the mirror image.
func (c Chirality) Inverted() Chirality {
	switch {
	case c == Counterclockwise:
		return Clockwise
	case c == Clockwise:
		return Counterclockwise
	case c >= firstSquarePlanar && c < numChiralities:
		return chiralities().mirrored[c]
	}
	return c
}

// chiralityClass returns the first chirality of a class, and how many there are: 0
// if there is no such class.
func chiralityClass(class string) (first Chirality, count int) {
	switch class {
	case "TH", "AL":
		return Counterclockwise, 2
	}
	for _, g := range geometries {
		if g.class == class {
			return g.first, len(g.arrangements)
		}
	}
	return Achiral, 0
}

// ChiralityOf returns what SMILES writes as "@", the class (TH, AL, SP, TB or OH) and
// the number n; false if there is none.
func ChiralityOf(class string, n int) (c Chirality, ok bool) {
	first, count := chiralityClass(class)
	if n < 1 || n > count {
		return Achiral, false
	}
	return first + Chirality(n-1), true
}

// String returns the mark of c in SMILES, such as "@" or "@OH3".
func (c Chirality) String() string {
	switch c {
	case Achiral:
		return ""
	case Counterclockwise:
		return "@"
	case Clockwise:
		return "@@"
	}
	g := c.geometry()
	return "@" + g.class + strconv.Itoa(int(c-g.first)+1)
}

// Arranged returns what c is when its ligands are put into the order of keys, which
// stand in the present order and are sorted. Ligands with the same key, which must
// stand for the same, may change places: of the chiralities that then say the same it
// returns the first. If there are fewer keys than ligands they are those of the last
// ones, and the others stay before them.
func (c Chirality) Arranged(keys []int32) Chirality {
	g := c.geometry()
	if g == nil {
		for i := range keys {
			for j := i; j > 0 && keys[j-1] > keys[j]; j-- {
				keys[j-1], keys[j] = keys[j], keys[j-1]
				c = c.Inverted()
			}
		}
		return c
	}
	table := chiralities()
	skip := g.places - len(keys)
	for i := range keys {
		for j := i; j > 0 && keys[j-1] > keys[j]; j-- {
			keys[j-1], keys[j] = keys[j], keys[j-1]
			c = table.swapped[c][skip+j-1]
		}
	}
	seen, todo := uint64(1)<<c, uint64(1)<<c
	for todo != 0 {
		c := bits.TrailingZeros64(todo)
		todo &^= 1 << c
		for i := range len(keys) - 1 {
			if keys[i] != keys[i+1] {
				continue
			}
			if next := uint64(1) << table.swapped[c][skip+i]; seen&next == 0 {
				seen |= next
				todo |= next
			}
		}
	}
	return Chirality(bits.TrailingZeros64(seen))
}

// others returns the chiralities of the same class.
func (c Chirality) others() []Chirality {
	g := c.geometry()
	if g == nil {
		return []Chirality{c.Inverted()}
	}
	var out []Chirality
	for k := range g.arrangements {
		if x := g.first + Chirality(k); x != c {
			out = append(out, x)
		}
	}
	return out
}

// hiddenLigands returns keys for [Chirality.Arranged] of what stands around atom i
// before its neighbours: its hydrogens, and then empty places, each kind with a key
// of its own below 0.
func (m *Molecule) hiddenLigands(i, places int) []int32 {
	keys := make([]int32, 0, places)
	for range m.atoms[i].Hydrogens {
		keys = append(keys, -2)
	}
	for range places - m.Degree(i) - int(m.atoms[i].Hydrogens) {
		keys = append(keys, -1)
	}
	return keys
}
