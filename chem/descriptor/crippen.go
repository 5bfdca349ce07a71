package descriptor

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

//go:embed crippen.tsv
var crippenTSV string

// crippenType is a type of atom with its contributions.
type crippenType struct {
	pattern  *smarts.Pattern
	logP, mr float64
}

// crippenTypes are the types of heavy atoms in the order in which they are tried: by
// element, first those of aliphatic atoms, then those of aromatic ones.
var crippenTypes = sync.OnceValue(func() *[2][119][]crippenType {
	var table [2][119][]crippenType
	for line := range strings.Lines(crippenTSV) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		p, err := smarts.ParseRooted(fields[1])
		if err != nil {
			panic(fmt.Sprintf("descriptor: crippen.tsv: %s: %v", fields[1], err))
		}
		t := crippenType{pattern: p}
		t.logP, _ = strconv.ParseFloat(fields[2], 64)
		t.mr, _ = strconv.ParseFloat(fields[3], 64) // some have none
		set, all := p.Elements()
		aromatic, aliphatic := p.Aromaticity()
		for k, may := range []bool{aliphatic, aromatic} {
			for e := range table[k] {
				if may && (all || set[e/64]&(1<<(e%64)) != 0) {
					table[k][e] = append(table[k][e], t)
				}
			}
		}
	}
	return &table
})

// Contributions of hydrogens, table 1 of the same paper.
var (
	hydrogenHydrocarbon = [2]float64{0.123, 1.057}   // H1: at carbon or hydrogen
	hydrogenAlcohol     = [2]float64{-0.2677, 1.395} // H2: at oxygen of alcohols, and at all else
	hydrogenAmine       = [2]float64{0.2142, 0.9627} // H3: at nitrogen, and N-OH
	hydrogenAcid        = [2]float64{0.298, 1.805}   // H4: acids and peroxides
	hydrogenOther       = [2]float64{0.1125, 1.112}  // HS
)

// Crippen returns the logarithm of the octanol-water partition coefficient and the
// molar refractivity in cm³/mol by the atomic contributions of Wildman and Crippen
// (J. Chem. Inf. Comput. Sci. 39 (1999) 868). Atoms without a type add nothing.
func Crippen(m *molecule.Molecule) (logP, mr float64) {
	types := crippenTypes()
	t := smarts.NewTarget(m)
	atoms := m.Atoms()
	for i := range atoms {
		a := &atoms[i]
		if a.Hydrogens > 0 {
			h := hydrogenType(m, i, int(a.Hydrogens))
			logP += float64(a.Hydrogens) * h[0]
			mr += float64(a.Hydrogens) * h[1]
		}
		if a.Element == 1 { // one that is an atom of the graph
			h := hydrogenOther
			if nbs := m.Neighbors(i); len(nbs) > 0 {
				h = hydrogenType(m, int(nbs[0].Atom), 1)
			} else if a.Hydrogens > 0 {
				h = hydrogenHydrocarbon
			}
			logP += h[0]
			mr += h[1]
			continue
		}
		kind := 0
		if a.Aromatic {
			kind = 1
		}
		for k := range types[kind][a.Element] {
			if c := &types[kind][a.Element][k]; c.pattern.At(t, i) {
				logP += c.logP
				mr += c.mr
				break
			}
		}
	}
	return logP, mr
}

// hydrogenType returns the contributions of one of the hydrogens at atom i, of
// which count are no atoms of the graph.
func hydrogenType(m *molecule.Molecule, i, count int) [2]float64 {
	a := m.Atom(i)
	switch {
	case a.Element == 6 || a.Element == 1:
		return hydrogenHydrocarbon
	case a.Element == 7:
		return hydrogenAmine
	case a.Element != 8:
		return hydrogenAlcohol
	}
	if count > 1 {
		return hydrogenAlcohol // water
	}
	// What else is bound to the oxygen decides.
	best := hydrogenOther
	for _, n := range m.Neighbors(i) {
		x := m.Atom(int(n.Atom))
		switch {
		case x.Element == 6 && x.Aromatic:
			return hydrogenAlcohol
		case x.Element == 6:
			if m.Degree(int(n.Atom))+int(x.Hydrogens) == 4 {
				return hydrogenAlcohol
			}
			for _, k := range m.Neighbors(int(n.Atom)) {
				switch y := m.Atom(int(k.Atom)); y.Element {
				case 6, 7, 8, 16:
					if b := m.Bond(int(k.Bond)); b.Order == molecule.Double && !b.Aromatic && (y.Element < 8 || !y.Aromatic) {
						best = hydrogenAcid
					}
				}
			}
		case x.Element == 7:
			best = hydrogenAmine
		case x.Element == 8, x.Element == 16:
			best = hydrogenAcid
		default:
			return hydrogenAlcohol
		}
	}
	return best
}
