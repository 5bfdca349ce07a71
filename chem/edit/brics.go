// Package edit changes molecules, for searches that make new ones: it cuts them
// into fragments where chemists could make the bond, mutates them and crosses
// them with each other. What it returns is always a molecule that can exist, in
// canonical form, and within the constraints it was given.
package edit

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

//go:embed brics.tsv
var bricsData string

// rules are the environments of BRICS and the links between them.
type rules struct {
	environments []environment
	links        []link
}

type environment struct {
	label   uint16
	pattern *smarts.Pattern
}

type link struct {
	order molecule.Order
	a, b  uint16
}

var brics = sync.OnceValue(func() *rules {
	r, err := readRules(bricsData)
	if err != nil {
		panic(err) // a test reads the file first
	}
	return r
})

func readRules(data string) (*rules, error) {
	r := &rules{}
	line := 0
	for text := range strings.Lines(data) {
		line++
		text = strings.TrimRight(text, "\n")
		if text == "" || text[0] == '#' {
			continue
		}
		cols := strings.Split(text, "\t")
		number := func(n int) uint16 {
			v, _ := strconv.ParseUint(cols[n], 10, 8)
			return uint16(v)
		}
		switch {
		case cols[0] == "env" && len(cols) == 3:
			p, err := smarts.ParseRooted(cols[2])
			if err != nil {
				return nil, fmt.Errorf("brics.tsv:%d: %w", line, err)
			}
			r.environments = append(r.environments, environment{number(1), p})
		case cols[0] == "link" && len(cols) == 4:
			r.links = append(r.links, link{molecule.Order(number(1)) + molecule.Single - 1, number(2), number(3)})
		default:
			return nil, fmt.Errorf("brics.tsv:%d: %q", line, text)
		}
	}
	return r, nil
}

// Cut is a bond that BRICS cuts. Labels are the numbers of the environments of
// its atoms, 1 to 16.
type Cut struct {
	Bond           int
	A, B           int // atoms
	LabelA, LabelB uint16
}

// Cuts returns the bonds of m that BRICS cuts, in the order of their numbers: the
// retrosynthetically interesting bonds of Degen et al., ChemMedChem 3 (2008)
// 1503, between single environments and out of rings.
func Cuts(m *molecule.Molecule) []Cut {
	r := brics()
	t := smarts.NewTarget(m)
	in := make([]uint32, m.NumAtoms()) // bit n is set for environment n
	for _, e := range r.environments {
		for i := range in {
			if e.pattern.At(t, i) {
				in[i] |= 1 << e.label
			}
		}
	}
	var out []Cut
	for k := range m.NumBonds() {
		b := m.Bond(k)
		if m.BondRings(k) > 0 {
			continue
		}
		for _, l := range r.links {
			if b.Order != l.order {
				continue
			}
			i, j := int(b.A), int(b.B)
			if in[i]&(1<<l.a) == 0 || in[j]&(1<<l.b) == 0 {
				i, j = j, i
				if in[i]&(1<<l.a) == 0 || in[j]&(1<<l.b) == 0 {
					continue
				}
			}
			out = append(out, Cut{k, i, j, l.a, l.b})
			break
		}
	}
	return out
}

// Fragments cuts m at all bonds of [Cuts] and returns the canonical SMILES of the
// parts, each once, in alphabetical order. Where a bond was cut stands "*" with
// the number of the environment as its isotope: "[16*]c1ccccc1".
func Fragments(m *molecule.Molecule) ([]string, error) {
	b := m.Edit()
	for _, c := range Cuts(m) {
		cutBond(b, c)
	}
	cut, err := b.Build()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range parts(cut) {
		out = append(out, p.SMILES())
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// cutBond leads the bond of c to an end at each of its atoms, at the same place
// in the order of neighbours.
func cutBond(b *molecule.Builder, c Cut) {
	x, y := b.AddAtom(molecule.Atom{Fixed: true, Isotope: c.LabelA}), b.AddAtom(molecule.Atom{Fixed: true, Isotope: c.LabelB})
	bond := b.Bond(c.Bond)
	order := bond.Order
	bond.Stereo = molecule.NoStereo
	if int(bond.A) == c.A {
		bond.B = int32(x)
	} else {
		bond.A = int32(x)
	}
	for k := range b.NumBonds() { // configurations that look at the atoms of the bond
		if s := b.Bond(k); s.Stereo != molecule.NoStereo {
			if int(s.A) == c.A || int(s.B) == c.A || int(s.A) == c.B || int(s.B) == c.B {
				s.Stereo = molecule.NoStereo
			}
		}
	}
	b.Atom(c.B).Chirality = molecule.Achiral
	b.AddBond(c.B, y, order)
}

// parts returns the connected parts of m.
func parts(m *molecule.Molecule) []*molecule.Molecule {
	part, n := m.Components()
	if n == 1 {
		return []*molecule.Molecule{m}
	}
	var out []*molecule.Molecule
	for p := range n {
		b := m.Edit()
		b.RemoveAtoms(func(i int) bool { return int(part[i]) != p })
		if one, err := b.Build(); err == nil {
			out = append(out, one)
		}
	}
	return out
}

// linked reports whether BRICS joins the environments a and b, and by which
// order of bond.
func linked(a, b uint16) (molecule.Order, bool) {
	for _, l := range brics().links {
		if l.a == a && l.b == b || l.a == b && l.b == a {
			return l.order, true
		}
	}
	return 0, false
}
