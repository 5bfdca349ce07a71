package molfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem/depict"
	"github.com/alkahest/alkahest/chem/molecule"
)

// maxV2000 is the largest number of atoms or bonds of a V2000 table.
const maxV2000 = 999

// Options say how a molecule is written.
type Options struct {
	// Name is the first line.
	Name string
	// Coordinates of every atom in Å. With nil a molecule that has configurations is
	// laid out in the plane, since those of double bonds are told by coordinates only,
	// and others get none. In the plane wedges tell the configurations of atoms.
	Coordinates [][3]float64
	// Lossy writes a molecule although its configurations are not all kept.
	Lossy bool
	// V3000 asks for that format, which molecules of more than 999 atoms or bonds
	// get in any case.
	V3000 bool
}

// bondLength is that of a layout in the plane, in Å.
const bondLength = 1.5

// Write writes m as a molfile, in its Kekulé structure. It is an error if the file
// would read back with other configurations than m has: those of other shapes than
// tetrahedra and double bonds, or ones that the coordinates do not show.
func Write(out io.Writer, m *molecule.Molecule, options Options) error {
	n := m.NumAtoms()
	if options.Coordinates != nil && len(options.Coordinates) != n {
		return fmt.Errorf("molfile: %d coordinates of %d atoms", len(options.Coordinates), n)
	}
	f := &file{m: m, options: options, places: options.Coordinates}
	f.place()
	if !f.configured || options.Lossy {
		return f.write(out)
	}
	var text bytes.Buffer
	if err := f.write(&text); err != nil {
		return err
	}
	bare, err := m.WithoutHydrogens()
	if err != nil {
		return err
	}
	again, err := Parse(bytes.NewReader(text.Bytes()))
	if err != nil {
		return fmt.Errorf("molfile: %s cannot be read back: %w", m.SMILES(), err)
	}
	if want, got := bare.SMILES(), again.Molecule.SMILES(); want != got {
		return fmt.Errorf("molfile: %s would read back as %s; Options.Lossy writes it all the same", want, got)
	}
	_, err = out.Write(text.Bytes())
	return err
}

// file is a molfile that is being written.
type file struct {
	m          *molecule.Molecule
	options    Options
	places     [][3]float64
	wedges     map[int]depict.Wedge // by bond
	either     map[int]bool         // double bonds whose configuration is not known
	configured bool                 // there are configurations
}

// place finds coordinates if there must be some, and what they do not tell.
func (f *file) place() {
	m := f.m
	f.configured = slices.ContainsFunc(m.Atoms(), func(a molecule.Atom) bool { return a.Chirality != molecule.Achiral }) ||
		slices.ContainsFunc(m.Bonds(), func(b molecule.Bond) bool { return b.Stereo != molecule.NoStereo })
	if f.places == nil && f.configured {
		for _, p := range depict.Layout(m) {
			f.places = append(f.places, [3]float64{bondLength * p.X, bondLength * p.Y, 0})
		}
	}
	if f.places == nil {
		return
	}
	if !slices.ContainsFunc(f.places, func(p [3]float64) bool { return p[2] != 0 }) {
		pos := make([]depict.Point, len(f.places))
		for i, p := range f.places {
			pos[i] = depict.Point{X: p[0], Y: p[1]}
		}
		f.wedges = depict.Wedges(m, pos)
	}
	f.either = map[int]bool{}
	for k, b := range m.Bonds() {
		f.either[k] = b.Order == molecule.Double && !b.Aromatic && b.Stereo == molecule.NoStereo && open(m, b.A) && open(m, b.B)
	}
}

// open reports whether the other neighbours of an atom at a double bond could differ.
func open(m *molecule.Molecule, i int32) bool {
	return m.Degree(int(i)) > 1 && m.Atom(int(i)).Hydrogens < 2
}

func (f *file) write(out io.Writer) error {
	m, n := f.m, f.m.NumAtoms()
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s\n  Alkahest\n\n", strings.NewReplacer("\n", " ", "\r", " ").Replace(f.options.Name))
	if f.options.V3000 || n > maxV2000 || m.NumBonds() > maxV2000 {
		f.writeV3000(w)
	} else {
		f.writeV2000(w)
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

func (f *file) at(i int) [3]float64 {
	if f.places == nil {
		return [3]float64{}
	}
	return f.places[i]
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

func (f *file) writeV2000(w *bufio.Writer) {
	m := f.m
	fmt.Fprintf(w, "%3d%3d  0  0  0  0  0  0  0  0999 V2000\n", m.NumAtoms(), m.NumBonds())
	for i, a := range m.Atoms() {
		p := f.at(i)
		v := valenceOf(m, i)
		if v < 0 {
			v = 15
		}
		fmt.Fprintf(w, "%10.4f%10.4f%10.4f %-3s 0  0%3d  0  0%3d  0  0  0%3d  0  0\n", p[0], p[1], p[2], symbolOf(a), parityOf(m, i), v, a.Map%1000)
	}
	for k, b := range m.Bonds() {
		from, mark := f.mark(k, marks{up: 1, down: 6, either: 3})
		fmt.Fprintf(w, "%3d%3d%3d%3d\n", from+1, b.Other(from)+1, orderOf(b), mark)
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

// marks are the numbers that tell wedges and double bonds of either configuration.
type marks struct{ up, down, either int }

// mark returns the number of bond k, and its atom that is written first.
func (f *file) mark(k int, is marks) (from, mark int) {
	w, wedge := f.wedges[k]
	switch {
	case wedge && w.Up:
		return w.From, is.up
	case wedge:
		return w.From, is.down
	case f.either[k]:
		mark = is.either
	}
	return int(f.m.Bonds()[k].A), mark
}

func (f *file) writeV3000(w *bufio.Writer) {
	m := f.m
	fmt.Fprintf(w, "  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS %d %d 0 0 0\nM  V30 BEGIN ATOM\n", m.NumAtoms(), m.NumBonds())
	for i, a := range m.Atoms() {
		p := f.at(i)
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
		from, mark := f.mark(k, marks{up: 1, down: 3, either: 2})
		fmt.Fprintf(w, "M  V30 %d %d %d %d", k+1, orderOf(b), from+1, b.Other(from)+1)
		if mark != 0 {
			fmt.Fprintf(w, " CFG=%d", mark)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "M  V30 END BOND\nM  V30 END CTAB")
}
