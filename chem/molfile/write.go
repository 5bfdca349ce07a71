package molfile

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/alkahest/alkahest/chem/molecule"
)

// maxV2000 is the largest number of atoms or bonds of a V2000 table.
const maxV2000 = 999

// Options say how a molecule is written.
type Options struct {
	// Name is the first line.
	Name string
	// Coordinates of every atom, nil for none. Configurations of double bonds are
	// read back only from coordinates; those of atoms are written as parity too.
	Coordinates [][3]float64
	// Wedge of every bond: 1 up, −1 down from its first atom; nil for none.
	Wedges []int8
	// V3000 asks for that format, which molecules of more than 999 atoms or bonds
	// get in any case.
	V3000 bool
}

// Write writes m as a molfile, in its Kekulé structure.
func Write(out io.Writer, m *molecule.Molecule, options Options) error {
	n := m.NumAtoms()
	if options.Coordinates != nil && len(options.Coordinates) != n {
		return fmt.Errorf("molfile: %d coordinates of %d atoms", len(options.Coordinates), n)
	}
	if options.Wedges != nil && len(options.Wedges) != m.NumBonds() {
		return fmt.Errorf("molfile: %d wedges of %d bonds", len(options.Wedges), m.NumBonds())
	}
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s\n  Alkahest\n\n", strings.NewReplacer("\n", " ", "\r", " ").Replace(options.Name))
	if options.V3000 || n > maxV2000 || m.NumBonds() > maxV2000 {
		writeV3000(w, m, options)
	} else {
		writeV2000(w, m, options)
	}
	fmt.Fprintln(w, "M  END")
	return w.Flush()
}

// WriteRecord writes a record of an SDF: the molecule, its data, "$$$$".
func WriteRecord(out io.Writer, r *Record, options Options) error {
	options.Name = r.Name
	if options.Coordinates == nil {
		options.Coordinates = r.Coordinates
	}
	if err := Write(out, r.Molecule, options); err != nil {
		return err
	}
	var b strings.Builder
	for _, d := range r.Data {
		fmt.Fprintf(&b, ">  <%s>\n%s\n\n", d.Name, d.Value)
	}
	b.WriteString("$$$$\n")
	_, err := io.WriteString(out, b.String())
	return err
}

func (o *Options) place(i int) [3]float64 {
	if o.Coordinates == nil {
		return [3]float64{}
	}
	return o.Coordinates[i]
}

func symbolOf(a molecule.Atom) string {
	if a.Element == 0 {
		return "*"
	}
	return a.Element.Symbol()
}

// valenceOf returns the valence to state for atom i, 0 for the usual one and −1
// for none.
func valenceOf(m *molecule.Molecule, i int) int {
	a := m.Atom(i)
	if a.Element == 0 {
		return 0
	}
	if h, ok := m.UsualHydrogens(i); ok && h == int(a.Hydrogens) {
		return 0
	}
	if v := m.Valence(i); v > 0 {
		return v
	}
	return -1
}

// parityOf is the inverse of parityToChirality.
func parityOf(m *molecule.Molecule, i int) int {
	c := m.Atom(i).Chirality
	if !c.Tetrahedral() || m.Degree(i) < 3 {
		return 0
	}
	if parityToChirality(m, i, 1) == c {
		return 1
	}
	return 2
}

// orderOf returns the type of a bond.
func orderOf(b molecule.Bond) int {
	switch b.Order {
	case molecule.Dative:
		return 9
	case molecule.Unset:
		return 4
	}
	return int(b.Order)
}

func writeV2000(w *bufio.Writer, m *molecule.Molecule, o Options) {
	fmt.Fprintf(w, "%3d%3d  0  0  0  0  0  0  0  0999 V2000\n", m.NumAtoms(), m.NumBonds())
	for i, a := range m.Atoms() {
		p := o.place(i)
		v := valenceOf(m, i)
		if v < 0 {
			v = 15
		}
		fmt.Fprintf(w, "%10.4f%10.4f%10.4f %-3s 0  0%3d  0  0%3d  0  0  0%3d  0  0\n", p[0], p[1], p[2], symbolOf(a), parityOf(m, i), v, a.Map%1000)
	}
	for k, b := range m.Bonds() {
		fmt.Fprintf(w, "%3d%3d%3d%3d\n", b.A+1, b.B+1, orderOf(b), o.wedge(k, 6))
	}
	list := func(name string, value func(i int, a molecule.Atom) int) {
		var entries []string
		for i, a := range m.Atoms() {
			if v := value(i, a); v != 0 {
				entries = append(entries, fmt.Sprintf(" %3d %3d", i+1, v))
			}
		}
		for len(entries) > 0 {
			n := min(8, len(entries))
			fmt.Fprintf(w, "M  %s%3d%s\n", name, n, strings.Join(entries[:n], ""))
			entries = entries[n:]
		}
	}
	list("CHG", func(_ int, a molecule.Atom) int { return int(a.Charge) })
	list("ISO", func(_ int, a molecule.Atom) int { return int(a.Isotope) })
}

// wedge returns the number of the wedge of bond k, down being the one for a bond
// that goes down.
func (o *Options) wedge(k, down int) int {
	switch {
	case o.Wedges == nil || o.Wedges[k] == 0:
		return 0
	case o.Wedges[k] > 0:
		return 1
	}
	return down
}

func writeV3000(w *bufio.Writer, m *molecule.Molecule, o Options) {
	fmt.Fprintf(w, "  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS %d %d 0 0 0\nM  V30 BEGIN ATOM\n", m.NumAtoms(), m.NumBonds())
	for i, a := range m.Atoms() {
		p := o.place(i)
		fmt.Fprintf(w, "M  V30 %d %s %.4f %.4f %.4f %d", i+1, symbolOf(a), p[0], p[1], p[2], a.Map)
		if a.Charge != 0 {
			fmt.Fprintf(w, " CHG=%d", a.Charge)
		}
		if a.Isotope != 0 {
			fmt.Fprintf(w, " MASS=%d", a.Isotope)
		}
		if c := parityOf(m, i); c != 0 {
			fmt.Fprintf(w, " CFG=%d", c)
		}
		if v := valenceOf(m, i); v != 0 {
			fmt.Fprintf(w, " VAL=%d", v)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "M  V30 END ATOM\nM  V30 BEGIN BOND")
	for k, b := range m.Bonds() {
		fmt.Fprintf(w, "M  V30 %d %d %d %d", k+1, orderOf(b), b.A+1, b.B+1)
		if c := o.wedge(k, 3); c != 0 {
			fmt.Fprintf(w, " CFG=%d", c)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "M  V30 END BOND\nM  V30 END CTAB")
}
