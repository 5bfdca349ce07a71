package molfile

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/molecule"
)

// table is a connection table while it is read.
type table struct {
	reader   *reader
	builder  molecule.Builder
	places   [][3]float64
	parity   []int8  // as stated for atoms, 1 odd, 2 even
	radicals []uint8 // unpaired electrons
	valence  []int8  // stated total valence, −1 for none, 0 for no stated one
	wedges   []int8  // of bonds: 1 up, −1 down, 2 either
}

func (t *table) errorf(format string, args ...any) error {
	return &Error{t.reader.line, fmt.Sprintf(format, args...)}
}

// field returns columns from to to of a line, counted from 0, without spaces.
func field(line string, from, to int) string {
	if from >= len(line) {
		return ""
	}
	return strings.TrimSpace(line[from:min(to, len(line))])
}

// number returns the whole number in columns from to to, 0 if they are blank.
func (t *table) number(line string, from, to int) (int, error) {
	text := field(line, from, to)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, t.errorf("%q is not a whole number", text)
	}
	return n, nil
}

func (t *table) coordinate(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, t.errorf("%q is not a coordinate", text)
	}
	return x, nil
}

// readV2000 reads the rest of a table whose counts line is given.
func (t *table) readV2000(counts string) error {
	atoms, err := t.number(counts, 0, 3)
	if err != nil {
		return err
	}
	bonds, err := t.number(counts, 3, 6)
	if err != nil {
		return err
	}
	if atoms < 0 || bonds < 0 || !strings.Contains(counts, "V2000") && len(counts) > 33 {
		return t.errorf("%q is not the counts line of a V2000 or V3000 table", counts)
	}
	for range atoms {
		line, err := t.reader.next()
		if err != nil {
			return err
		}
		if err := t.atomV2000(line); err != nil {
			return err
		}
	}
	for range bonds {
		line, err := t.reader.next()
		if err != nil {
			return err
		}
		var n [4]int
		for k := range n {
			if n[k], err = t.number(line, 3*k, 3*k+3); err != nil {
				return err
			}
		}
		wedge := int8(0)
		switch n[3] {
		case 1:
			wedge = 1
		case 6:
			wedge = -1
		case 3, 4:
			wedge = 2
		}
		if err := t.bond(n[0], n[1], n[2], wedge); err != nil {
			return err
		}
	}
	stated := false // charges and radicals on M lines replace those of the atoms
	for {
		line, err := t.reader.next()
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(line, "M  END"):
			return nil
		case strings.HasPrefix(line, "M  CHG"), strings.HasPrefix(line, "M  RAD"), strings.HasPrefix(line, "M  ISO"):
			if !stated && line[3:6] != "ISO" {
				stated = true
				for i := range atoms {
					t.builder.Atom(i).Charge = 0
					t.radicals[i] = 0
				}
			}
			if err := t.property(line); err != nil {
				return err
			}
		}
	}
}

// atomV2000 reads a line of the atom block.
func (t *table) atomV2000(line string) error {
	var place [3]float64
	for k := range place {
		x, err := t.coordinate(field(line, 10*k, 10*k+10))
		if err != nil {
			return err
		}
		place[k] = x
	}
	a, err := t.symbol(field(line, 31, 34))
	if err != nil {
		return err
	}
	if len(line) < 34 && field(line, 31, 34) == "" {
		return t.errorf("an atom without symbol")
	}
	var n [5]int // mass difference, charge, parity, valence, map
	for k, at := range [5][2]int{{34, 36}, {36, 39}, {39, 42}, {48, 51}, {60, 63}} {
		if n[k], err = t.number(line, at[0], at[1]); err != nil {
			return err
		}
	}
	if n[0] != 0 && a.Element > 0 {
		a.Isotope = uint16(max(0, int(math.Round(a.Element.Weight()))+n[0]))
	}
	radicals := uint8(0)
	switch {
	case n[1] == 4:
		radicals = 1
	case n[1] >= 1 && n[1] <= 7:
		a.Charge = int8(4 - n[1])
	}
	a.Map = int32(max(n[4], 0))
	t.add(a, place, int8(n[2]&3), radicals, n[3])
	return nil
}

// symbol returns an atom by its symbol in the file.
func (t *table) symbol(s string) (molecule.Atom, error) {
	switch s {
	case "*", "A", "Q", "X", "L", "LP", "R", "R#":
		return molecule.Atom{}, nil
	case "D":
		return molecule.Atom{Element: 1, Isotope: 2}, nil
	case "T":
		return molecule.Atom{Element: 1, Isotope: 3}, nil
	}
	e, ok := chem.BySymbol(s)
	if !ok {
		return molecule.Atom{}, t.errorf("%q is not an element", s)
	}
	return molecule.Atom{Element: e}, nil
}

func (t *table) add(a molecule.Atom, place [3]float64, parity int8, radicals uint8, valence int) {
	t.builder.AddAtom(a)
	t.places = append(t.places, place)
	t.parity = append(t.parity, parity)
	t.radicals = append(t.radicals, radicals)
	v := int8(0)
	switch {
	case valence == 15 || valence == -1:
		v = -1 // stated as none
	case valence > 0 && valence < 100:
		v = int8(valence)
	}
	t.valence = append(t.valence, v)
}

// bond adds a bond between atoms counted from 1.
func (t *table) bond(a, b, order int, wedge int8) error {
	n := t.builder.NumAtoms()
	if a < 1 || b < 1 || a > n || b > n || a == b {
		return t.errorf("a bond joins atoms %d and %d of %d", a, b, n)
	}
	var o molecule.Order
	switch order {
	case 1, 2, 3:
		o = molecule.Order(order)
	case 4:
		o = molecule.Unset
		t.builder.Atom(a - 1).Aromatic = true
		t.builder.Atom(b - 1).Aromatic = true
	case 9:
		o = molecule.Dative
	default:
		return t.errorf("bond type %d is not supported", order)
	}
	t.builder.AddBond(a-1, b-1, o)
	t.wedges = append(t.wedges, wedge)
	return nil
}

// property reads a line "M  CHG", "M  RAD" or "M  ISO".
func (t *table) property(line string) error {
	count, err := t.number(line, 6, 9)
	if err != nil {
		return err
	}
	for k := range count {
		i, err := t.number(line, 9+8*k, 13+8*k)
		if err != nil {
			return err
		}
		v, err := t.number(line, 13+8*k, 17+8*k)
		if err != nil {
			return err
		}
		if i < 1 || i > t.builder.NumAtoms() {
			return t.errorf("atom %d of %d", i, t.builder.NumAtoms())
		}
		if err := t.set(i-1, line[3:6], v); err != nil {
			return err
		}
	}
	return nil
}

// set sets a property of an atom.
func (t *table) set(i int, name string, v int) error {
	a := t.builder.Atom(i)
	switch name {
	case "CHG":
		if v < -99 || v > 99 {
			return t.errorf("charge %d", v)
		}
		a.Charge = int8(v)
	case "RAD":
		switch v {
		case 0:
		case 1, 3: // singlet and triplet: two electrons
			t.radicals[i] = 2
		case 2:
			t.radicals[i] = 1
		default:
			return t.errorf("radical %d is not 1, 2 or 3", v)
		}
	case "ISO", "MASS":
		if v < 0 || v > 999 {
			return t.errorf("isotope %d", v)
		}
		a.Isotope = uint16(v)
	}
	return nil
}

// readV3000 reads the rest of a V3000 table.
func (t *table) readV3000() error {
	number := map[string]int{} // atoms by their number in the file
	section := ""
	for {
		line, err := t.reader.next()
		if err != nil {
			return err
		}
		if strings.HasPrefix(line, "M  END") {
			return nil
		}
		rest, ok := strings.CutPrefix(line, "M  V30 ")
		if !ok {
			continue
		}
		for strings.HasSuffix(rest, "-") {
			line, err := t.reader.next()
			if err != nil {
				return err
			}
			more, ok := strings.CutPrefix(line, "M  V30 ")
			if !ok {
				return t.errorf("a line that continues must begin with M  V30")
			}
			if rest = rest[:len(rest)-1] + more; len(rest) > maxLine {
				return t.errorf("longer than %d bytes", maxLine)
			}
		}
		words := strings.Fields(rest)
		switch {
		case len(words) == 0:
		case words[0] == "BEGIN" && len(words) > 1:
			section = words[1]
		case words[0] == "END":
			section = ""
		case section == "ATOM":
			if err := t.atomV3000(words, number); err != nil {
				return err
			}
		case section == "BOND":
			if err := t.bondV3000(words, number); err != nil {
				return err
			}
		}
	}
}

func (t *table) atomV3000(words []string, number map[string]int) error {
	if len(words) < 6 {
		return t.errorf("an atom needs a number, a symbol, three coordinates and a map number")
	}
	if t.builder.NumAtoms() >= molecule.MaxAtoms {
		return t.errorf("more than %d atoms", molecule.MaxAtoms)
	}
	a, err := t.symbol(words[1])
	if err != nil {
		return err
	}
	var place [3]float64
	for k := range place {
		if place[k], err = t.coordinate(words[2+k]); err != nil {
			return err
		}
	}
	mapped, err := strconv.Atoi(words[5])
	if err != nil {
		return t.errorf("%q is not an atom map number", words[5])
	}
	a.Map = int32(max(0, min(mapped, 1<<30)))
	if _, ok := number[words[0]]; ok {
		return t.errorf("two atoms have the number %s", words[0])
	}
	i := t.builder.NumAtoms()
	number[words[0]] = i
	t.add(a, place, 0, 0, 0)
	for _, w := range words[6:] {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			continue
		}
		switch name {
		case "CHG", "RAD", "MASS", "CFG", "VAL":
		default:
			continue
		}
		v, err := strconv.Atoi(value)
		if err != nil {
			return t.errorf("%s is not a whole number", w)
		}
		switch name {
		case "CFG":
			t.parity[i] = int8(v & 3)
		case "VAL":
			if t.valence[i] = int8(max(-1, min(v, 99))); v == 0 {
				t.valence[i] = 0
			}
		default:
			if err := t.set(i, name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *table) bondV3000(words []string, number map[string]int) error {
	if len(words) < 4 {
		return t.errorf("a bond needs a number, a type and two atoms")
	}
	order, err := strconv.Atoi(words[1])
	if err != nil {
		return t.errorf("%q is not a bond type", words[1])
	}
	var ends [2]int
	for k := range ends {
		i, ok := number[words[2+k]]
		if !ok {
			return t.errorf("there is no atom %s", words[2+k])
		}
		ends[k] = i + 1
	}
	wedge := int8(0)
	for _, w := range words[4:] {
		switch w {
		case "CFG=1":
			wedge = 1
		case "CFG=2":
			wedge = 2
		case "CFG=3":
			wedge = -1
		}
	}
	return t.bond(ends[0], ends[1], order, wedge)
}

// build makes the molecule of the table, and the coordinates of its atoms.
func (t *table) build() (*molecule.Molecule, [][3]float64, error) {
	b := &t.builder
	raw, err := b.BuildWith(0)
	if err != nil {
		return nil, nil, err
	}
	t.findStereo(raw)
	// Hydrogens: those of the usual valence, or of the stated one, without those
	// that radicals lack.
	filled, err := b.BuildWith(molecule.Normalize | molecule.Valence)
	if err != nil {
		return nil, nil, err
	}
	for i := range b.NumAtoms() {
		a := b.Atom(i)
		switch {
		case t.valence[i] == -1:
			a.Fixed, a.Hydrogens = true, 0
		case t.valence[i] > 0:
			h := int(t.valence[i]) - (filled.Valence(i) - int(filled.Atom(i).Hydrogens))
			a.Fixed, a.Hydrogens = true, uint8(max(0, h))
		case t.radicals[i] > 0:
			a.Fixed, a.Hydrogens = true, uint8(max(0, int(filled.Atom(i).Hydrogens)-int(t.radicals[i])))
		}
	}
	m, err := b.Build()
	if err != nil {
		return nil, nil, err
	}
	small, err := m.WithoutHydrogens()
	if err != nil {
		return nil, nil, err
	}
	if small.NumAtoms() == m.NumAtoms() {
		return m, t.places, nil
	}
	drop := m.RemovableHydrogens()
	places := t.places[:0]
	for i, p := range t.places {
		if len(drop) > 0 && int(drop[0]) == i {
			drop = drop[1:]
			continue
		}
		places = append(places, p)
	}
	return small, places, nil
}
