package depict

import (
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
)

// templates are drawings of bridged ring systems as chemists are used to them:
// the skeleton as SMILES, and the places of its atoms in that order.
var templates = []struct {
	skeleton string
	places   []Point
}{
	// norbornane
	{"C12CCC(CC1)C2", []Point{{-1, 0}, {-0.5, -0.87}, {0.5, -0.87}, {1, 0}, {0.5, 0.87}, {-0.5, 0.87}, {0.12, 0.24}}},
	// bicyclo[2.2.2]octane
	{"C12CCC(CC1)CC2", []Point{{-1, 0}, {-0.5, -0.87}, {0.5, -0.87}, {1, 0}, {0.5, 0.87}, {-0.5, 0.87}, {0.32, -0.3}, {-0.32, 0.3}}},
	// bicyclo[1.1.1]pentane
	{"C12CC(C1)C2", []Point{{-0.85, 0}, {0, 0.8}, {0.85, 0}, {0, -0.8}, {0.12, 0.12}}},
	// cubane
	{"C12C3C4C1C5C2C3C45", []Point{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0.4, 1.35}, {0.4, 0.35}, {1.4, 0.35}, {1.4, 1.35}}},
	// adamantane
	{"C1C2CC3CC1CC(C2)C3", []Point{{-1.04, 0.6}, {-1.04, -0.6}, {0, -1.2}, {1.04, -0.6}, {1.04, 0.6}, {0, 1.2}, {0.4, 0.62}, {0, 0.1}, {-0.5, -0.12}, {0.5, -0.12}}},
}

// known are the templates by the canonical form of their skeletons, with the
// places in the canonical order.
var known = sync.OnceValue(func() map[string][]Point {
	out := map[string][]Point{}
	for _, t := range templates {
		m, err := molecule.ParseSMILES(t.skeleton)
		if err != nil {
			panic(t.skeleton + ": " + err.Error()) // tests draw every template
		}
		smiles, order := m.SMILESOrder()
		places := make([]Point, len(order))
		for k, a := range order {
			places[k] = t.places[a]
		}
		out[smiles] = places
	}
	return out
})

// maxTemplate is the size of the largest template.
const maxTemplate = 10

// template places the atoms of ring system s if its skeleton is that of a
// template.
func (l *layouter) template(s int, pos []Point) bool {
	atoms := l.atoms[s]
	if len(atoms) > maxTemplate {
		return false
	}
	var b molecule.Builder
	number := map[int]int{}
	for _, a := range atoms {
		number[a] = b.AddAtom(molecule.Atom{Element: 6})
	}
	for k := range l.m.NumBonds() {
		x := l.m.Bond(k)
		i, ok := number[int(x.A)]
		j, ok2 := number[int(x.B)]
		if ok && ok2 && !l.bridge[k] {
			b.AddBond(i, j, molecule.Single)
		}
	}
	m, err := b.Build()
	if err != nil {
		return false
	}
	smiles, order := m.SMILESOrder()
	places, ok := known()[smiles]
	if !ok {
		return false
	}
	for k, a := range order {
		pos[atoms[a]] = places[k]
	}
	return true
}
