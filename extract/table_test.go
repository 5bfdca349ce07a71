package extract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
)

// grid builds a table block from rows of cells. "<" continues the cell on the left,
// "^" the one above; "^{a}" is raised. notes become footnotes behind the table.
func grid(caption string, headerRows int, notes []string, rows ...[]string) []document.Block {
	raise := func(b *document.Block, s string) {
		for {
			before, rest, found := strings.Cut(s, "^{")
			b.Text += before
			if !found {
				return
			}
			up, after, _ := strings.Cut(rest, "}")
			b.Shifts = append(b.Shifts, document.Shift{Start: len(b.Text), End: len(b.Text) + len(up), Raised: true})
			b.Text += up
			s = after
		}
	}
	captioned := document.Block{Kind: document.Caption}
	raise(&captioned, caption)
	b := document.Block{Kind: document.Tabular, Table: &document.Table{Label: "Table 1", Caption: captioned.Text, Rows: len(rows), Columns: len(rows[0]), HeaderRows: headerRows, HeaderColumns: 1}}
	for i, row := range rows {
		for j, cell := range row {
			if cell == "<" || cell == "^" {
				for k := range b.Table.Cells {
					c := &b.Table.Cells[k]
					if cell == "<" && c.Row == i && c.Column+c.ColumnSpan == j {
						c.ColumnSpan++
					}
					if cell == "^" && c.Column == j && c.Row+c.RowSpan == i {
						c.RowSpan++
					}
				}
				continue
			}
			start := len(b.Text)
			raise(&b, cell)
			b.Table.Cells = append(b.Table.Cells, document.Cell{Row: i, Column: j, RowSpan: 1, ColumnSpan: 1, Start: start, End: len(b.Text), Header: i < headerRows})
			b.Text += "\t"
		}
		b.Text += "\n"
	}
	out := []document.Block{captioned, b}
	for _, n := range notes {
		note := document.Block{Kind: document.Footnote}
		raise(&note, n)
		out = append(out, note)
	}
	return out
}

// With a head of several rows, conditions in heads, cells, notes and captions.
func TestTableConditions(t *testing.T) {
	for _, c := range []struct {
		name   string
		blocks []document.Block
		want   []string
	}{
		{"behind at in the head, over the caption's", grid("Table 1. Ionic conductivity at 20 and 80 °C.", 1, nil,
			[]string{"Electrolyte", "Ionic conductivity at 20 °C (mS/cm)", "Ionic conductivity at 80 °C (mS/cm)"},
			[]string{"Li3YCl6", "0.5", "2.4"}),
			[]string{"Li3YCl6 | battery/ionic-conductivity | 0.0005 S cm^-1 | temperature 20 °C", "Li3YCl6 | battery/ionic-conductivity | 0.0024 S cm^-1 | temperature 80 °C"}},
		{"no head decides between the caption's", grid("Table 1. Thermal conductivity (W/mK) at 300 and 800 K.", 1, nil,
			[]string{"Compound", "Value"},
			[]string{"SnTe", "2.9"}),
			[]string{"SnTe | solid/thermal-conductivity | 2.9 W m^-1 K^-1"}},
		{"below a property", grid("Table 1. Cells.", 2, nil,
			[]string{"Cathode", "Discharge capacity (mAh g^{−1})", "<", "Coulombic efficiency (%)"},
			[]string{"^", "0.2C", "2C", "^"},
			[]string{"LiNiO2", "205", "171", "99.1"}),
			[]string{"LiNiO2 | battery/specific-capacity | 205 mA h g^-1 | current-rate 0.2C", "LiNiO2 | battery/specific-capacity | 171 mA h g^-1 | current-rate 2C", "LiNiO2 | battery/coulombic-efficiency | 99.1 %"}},
		{"numbers below a condition, property in the caption", grid("Table 1. Specific capacitance (F g^{−1}) of oxides.", 2, nil,
			[]string{"Oxide", "Current density (A/g)", "<"},
			[]string{"^", "1", "8"},
			[]string{"NiCo2O4", "840", "655"}),
			[]string{"NiCo2O4 | battery/specific-capacitance | 840 F g^-1 | current-density 1", "NiCo2O4 | battery/specific-capacitance | 655 F g^-1 | current-density 8"}},
		{"cycles by their number", grid("Table 1. Cells.", 2, nil,
			[]string{"Anode", "Capacity (mAh/g)", "<"},
			[]string{"^", "2nd cycle", "60th cycle"},
			[]string{"SnO2", "910", "640"}),
			[]string{"SnO2 | battery/specific-capacity | 910 mA h g^-1 | cycle 2nd cycle", "SnO2 | battery/specific-capacity | 640 mA h g^-1 | cycle 60th cycle"}},
		{"in the cell", grid("Table 1. Cells.", 1, nil,
			[]string{"Cathode", "Capacity (mAh/g)"},
			[]string{"LiCoO2", "151 (0.5C)"},
			[]string{"LiMn2O4", "118 @ 2C"}),
			[]string{"LiCoO2 | battery/specific-capacity | 151 mA h g^-1 | current-rate 0.5C", "LiMn2O4 | battery/specific-capacity | 118 mA h g^-1 | current-rate 2C"}},
		{"what the cells have in brackets", grid("Table 1. Cells.", 1, nil,
			[]string{"Anode", "Capacity (mAh g^{−1}) (current density, A g^{−1})", "Capacity retention (cycles)"},
			[]string{"MoS2", "610 (0.2)", "88% (150)"}),
			[]string{"MoS2 | battery/specific-capacity | 610 mA h g^-1 | current-density 0.2", "MoS2 | battery/capacity-retention | 88 % | cycle 150"}},
		{"fields, luminances and gases", grid("Table 1. Films.", 2, nil,
			[]string{"Film", "Magnetization (emu/g) at 3 T", "EQE (%)", "<", "Electrical conductivity (S/cm)", "<"},
			[]string{"^", "^", "Max", "100 cd m^{−2}", "Air", "4% H2/Ar"},
			[]string{"SrFeO3", "12", "9.5", "7.7", "2.0", "0.3"}),
			[]string{"SrFeO3 | solid/magnetisation | 12 emu g^-1 | magnetic-field 3 T", "SrFeO3 | emitter/eqe | 9.5 %", "SrFeO3 | emitter/eqe | 7.7 % | luminance 100 cd m−2",
				"SrFeO3 | solid/electrical-conductivity | 2 S cm^-1 | atmosphere Air", "SrFeO3 | solid/electrical-conductivity | 0.3 S cm^-1 | atmosphere 4% H2/Ar"}},
		{"conditions joined by and, in a row's head", grid("Table 1. Sorption at 77 K and 2 bar.", 1, nil,
			[]string{"", "MOF-5"},
			[]string{"Surface area (m2/g)", "3500"},
			[]string{"EQE at 500 cd m^{−2} (%)", "3"}),
			[]string{"MOF-5 | battery/surface-area | 3500 m^2 g^-1 | temperature 77 K; pressure 2 bar", "MOF-5 | emitter/eqe | 3 % | temperature 77 K; pressure 2 bar; luminance 500 cd m−2"}},
		{"unit and condition in one bracket", grid("Table 1. Ceramics.", 1, nil,
			[]string{"Ceramic", "Dielectric constant (10 kHz)", "Capacity (mAh g^{−1}, 0.1C)"},
			[]string{"BaTiO3", "1 730", "12"}),
			[]string{"BaTiO3 | solid/dielectric-constant | 1730 | frequency 10 kHz", "BaTiO3 | battery/specific-capacity | 12 mA h g^-1 | current-rate 0.1C"}},
		{"columns of conditions", grid("Table 1. Membranes.", 1, nil,
			[]string{"Oxide", "T (°C)", "RH (%)", "Atmosphere", "Voltage range (V)", "Activation energy (eV)"},
			[]string{"BaZrO3", "70", "95", "wet Ar", "2.5–4.1", "0.44"}),
			[]string{"BaZrO3 | battery/activation-energy | 0.44 eV | temperature 70; humidity 95; atmosphere wet Ar; voltage-window 2.5–4.1"}},
		{"composition in a column", grid("Table 1. Properties of Zn1−xMgxO.", 1, nil,
			[]string{"x", "Band gap (eV)"},
			[]string{"0.12", "3.5"}),
			[]string{"Zn1−xMgxO | solid/band-gap | 3.5 eV | composition-variable 0.12"}},
		{"quantities of the sample are no conditions", grid("Table 1. Electrocatalysts.", 1, nil,
			[]string{"Catalyst", "Light-off temperature (°C)", "Measurement temperature (°C)", "Surface area (m2/g)"},
			[]string{"IrO2", "310", "25", "41"}),
			[]string{"IrO2 | battery/surface-area | 41 m^2 g^-1 | temperature 25"}},
		{"coordinates are no compositions", grid("Table 1. Atoms in CdO and its band gap.", 1, nil,
			[]string{"Atom", "x", "y", "z", "Band gap (eV)"},
			[]string{"CdO", "0.5", "0", "0.25", "2.2"}),
			[]string{"CdO | solid/band-gap | 2.2 eV"}},
		{"how values were calculated", grid("Table 1. Band gaps (in eV) from DFT.", 1, nil,
			[]string{"Oxide", "PBE", "HSE06", "Experiment"},
			[]string{"In2O3", "0.9", "2.7", "2.9"}),
			[]string{"In2O3 | solid/band-gap | 0.9 eV | method PBE", "In2O3 | solid/band-gap | 2.7 eV | method HSE06", "In2O3 | solid/band-gap | 2.9 eV"}},
		{"not how samples were made", grid("Table 1. Hardness of samples sintered at 1500 °C.", 1, nil,
			[]string{"Ceramic", "Sintering temperature (°C)", "Hardness (GPa)"},
			[]string{"ZrO2", "1500", "12.4"}),
			[]string{"ZrO2 | fuelcell/sintering-temperature | 1500 °C", "ZrO2 | solid/hardness | 12.4 GPa"}},
		{"notes with marks", grid("Table 1. Dyes.", 1, []string{"^{a}Measured in degassed toluene. ^{b}At 77 K."},
			[]string{"Compound", "PLQY^{a} (%)", "ΔEST^{b} (eV)"},
			[]string{"4CzIPN", "93", "0.08"}),
			[]string{"4CzIPN | emitter/plqy | 93 % | solvent in degassed toluene", "4CzIPN | emitter/delta-est | 0.08 eV | temperature 77 K"}},
		{"notes for all and for one cell", grid("Table 1. Electrodes.", 1, []string{"Note: measured at 2 A g^{−1}. † After 500 cycles."},
			[]string{"Electrode", "Specific capacitance (F/g)"},
			[]string{"MnO2", "230"},
			[]string{"V2O5", "190†"}),
			[]string{"MnO2 | battery/specific-capacitance | 230 F g^-1 | current-density 2 A g−1", "V2O5 | battery/specific-capacitance | 190 F g^-1 | current-density 2 A g−1; cycle 500 cycles"}},
		{"how many were measured", grid("Table 1. Elongation of the films (mean ± SD, n = 7).", 1, nil,
			[]string{"Film", "Elongation at break (%)"},
			[]string{"PLA", "6.1 ± 0.4"}),
			[]string{"PLA | plastic/elongation-at-break | 6.1 %"}},
		{"each property has its own in the caption", grid("Table 1. Ionic conductivity at 700 °C, density and thermal expansion coefficient (30–800 °C) of electrolytes.", 1, nil,
			[]string{"Electrolyte", "σ (S/cm)", "Density (g/cm3)", "Thermal expansion coefficient (10^{−6} K^{−1})"},
			[]string{"Ce0.9Gd0.1O1.95", "0.05", "7.1", "12.1"}),
			[]string{"Ce0.9Gd0.1O1.95 | battery/ionic-conductivity | 0.05 S cm^-1 | temperature 700 °C", "Ce0.9Gd0.1O1.95 | solid/density | 7.1 g cm^-3", "Ce0.9Gd0.1O1.95 | fuelcell/thermal-expansion-coefficient | 1.21e-05 K^-1 | temperature 30–800 °C"}},
		{"a number goes before room temperature", grid("Table 1. Densities and room-temperature ionic conductivities (27 °C).", 1, nil,
			[]string{"Electrolyte", "Ionic conductivity (S/cm)"},
			[]string{"Li3YCl6", "0.0005"}),
			[]string{"Li3YCl6 | battery/ionic-conductivity | 0.0005 S cm^-1 | temperature 27 °C"}},
		{"a temperature for each column of values", grid("Table 1. Hardness and best values.", 1, nil,
			[]string{"Compound", "Power factor (μW cm^{−1} K^{−2})", "T (K)", "zT", "T (K)", "Hardness (GPa)"},
			[]string{"SnSe", "9.2", "700", "1.4", "850", "0.6"}),
			[]string{"SnSe | solid/power-factor | 9.2 µW cm^-1 K^-2 | temperature 700", "SnSe | solid/figure-of-merit | 1.4 | temperature 850", "SnSe | solid/hardness | 0.6 GPa"}},
		{"a method for a suffix", grid("Table 1. Band gaps.", 1, nil,
			[]string{"Compound", "EgHSE06 (eV)", "Egexp (eV)"},
			[]string{"SnO2", "3.5", "3.6"}),
			[]string{"SnO2 | solid/band-gap | 3.5 eV | method HSE06", "SnO2 | solid/band-gap | 3.6 eV"}},
		{"edges are axes", grid("Table 1. Cells by XRD.", 1, nil,
			[]string{"Compound", "c (Å)"},
			[]string{"ZnO", "5.207"}),
			[]string{"ZnO | solid/lattice-parameter | 5.207 Å | method XRD; axis c"}},
		{"transposed, conditions over the columns", grid("Table 1. Thermoelectric properties of PbTe.", 1, nil,
			[]string{"Property", "300 K", "700 K"},
			[]string{"Seebeck coefficient (µV/K)", "110", "240"}),
			[]string{"PbTe | solid/seebeck-coefficient | 110 µV K^-1 | temperature 300 K", "PbTe | solid/seebeck-coefficient | 240 µV K^-1 | temperature 700 K"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := tableRecords(t, c.blocks, true)
			for i, w := range c.want { // conditions in any order
				if i < len(got) && sortedParts(got[i]) == sortedParts(w) {
					got[i] = w
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf(" got: %s\nwant: %s", strings.Join(got, "\n      "), strings.Join(c.want, "\n      "))
			}
		})
	}
}

// What the paragraph before a table says of how its values were measured.
func TestAnnouncedConditions(t *testing.T) {
	table := grid("Table 1. Anodes.", 1, nil, []string{"Anode", "Capacity (mAh g^{−1})", "Surface area (m2/g)"}, []string{"MoS2", "610", "31"})
	for _, c := range []struct {
		paragraph string
		want      []string // conditions of the capacity and of the area
	}{
		{"Table 1 lists the results. All half cells were cycled between 0.01 and 3.0 V at 0.2C.", []string{"0.01 and 3.0 V, 0.2C", ""}},
		{"The results are in Table 1. The capacity was measured at 100 mA/g; surface areas are from BET analysis.", []string{"100 mA/g", "BET"}},
		{"The results are in Table 1. The samples were sintered at 900 °C in argon.", []string{"", ""}},
		{"Table 1 lists the results. SnO2 delivered a capacity of 700 mAh/g at 0.5C.", []string{"", ""}},
		{"The cells were tested at 0.2C.", []string{"", ""}},
	} {
		blocks := append([]document.Block{{Kind: document.Paragraph, Text: c.paragraph}}, table...)
		doc := &document.Document{ID: "sha256:0", Name: "case", Blocks: blocks}
		var got []string
		for _, r := range newExtractor(t).Extract(doc) {
			checkSpans(t, doc, r)
			if r.Evidence.Block != 2 {
				continue
			}
			var texts []string
			for _, condition := range r.Conditions {
				texts = append(texts, condition.Text)
			}
			got = append(got, strings.Join(texts, ", "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: conditions %q, want %q", c.paragraph, got, c.want)
		}
	}
}

// tableRecords returns what is read in the table, with or without conditions.
func tableRecords(t *testing.T, blocks []document.Block, conditions bool) []string {
	t.Helper()
	doc := &document.Document{ID: "sha256:0", Name: "case", Blocks: blocks}
	if err := doc.Check(); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range newExtractor(t).Extract(doc) {
		checkSpans(t, doc, r)
		if r.Evidence.Block != 1 {
			continue
		}
		l := line(r)
		for i, c := range r.Conditions {
			if conditions {
				l += []string{" | ", "; "}[min(i, 1)] + c.Name + " " + c.Text
			}
		}
		out = append(out, l)
	}
	return out
}

func sortedParts(s string) string {
	i := strings.LastIndex(s, " | ") + len(" | ")
	parts := strings.Split(s[i:], "; ")
	slices.Sort(parts)
	return s[:i] + strings.Join(parts, "; ")
}

func TestTableHeads(t *testing.T) {
	for _, c := range []struct {
		name   string
		blocks []document.Block
		want   []string
	}{
		{"properties over columns", grid("Table 1. Semiconductors.", 1, nil,
			[]string{"Material", "Band gap (eV)", "Density (g cm−3)"},
			[]string{"GaAs", "1.42", "5.32"},
			[]string{"InP", "1.34", "–"}),
			[]string{"GaAs | solid/band-gap | 1.42 eV", "GaAs | solid/density | 5.32 g cm^-3", "InP | solid/band-gap | 1.34 eV"}},
		{"properties before rows", grid("Table 1. Semiconductors.", 1, nil,
			[]string{"", "GaAs", "InP"},
			[]string{"Band gap (eV)", "1.42", "1.34 ± 0.02"}),
			[]string{"GaAs | solid/band-gap | 1.42 eV", "InP | solid/band-gap | 1.34 eV"}},
		{"property in the caption", grid("Table 1. Curie temperature (K) of the elements.", 1, nil,
			[]string{"Element", "Measured"},
			[]string{"Fe", "1043"},
			[]string{"Ni", "627"}),
			[]string{"Fe | solid/curie-temperature | 1043 K", "Ni | solid/curie-temperature | 627 K"}},
		{"power of ten in the head", grid("Table 1. Electrolytes.", 1, nil,
			[]string{"Sample", "Ionic conductivity (10−4 S cm−1)"},
			[]string{"Li7La3Zr2O12", "3.0"}),
			[]string{"Li7La3Zr2O12 | battery/ionic-conductivity | 0.0003 S cm^-1"}},
		{"values multiplied by a power", grid("Table 1. Polymers.", 1, nil,
			[]string{"Polymer", "Hole mobility × 10^{4} (cm^{2} V^{−1} s^{−1})"},
			[]string{"P3HT", "2.2"}),
			[]string{"P3HT | solid/mobility | 0.00022 cm^2 V^-1 s^-1"}},
		{"values to be multiplied by a power", grid("Table 1. Polymers.", 1, nil,
			[]string{"Polymer", "Hole mobility × 10^{−3} (cm^{2}/Vs)"},
			[]string{"P3HT", "2.2"}),
			[]string{"P3HT | solid/mobility | 0.0022 cm^2 V^-1 s^-1"}},
		{"the power that alone gives plausible values", grid("Table 1. Polymers.", 1, nil,
			[]string{"Polymer", "Mw × 10^{−3} (g/mol)", "Mn × 10^{4} (g/mol)"},
			[]string{"P3HT", "41", "2.6"}),
			[]string{"P3HT | plastic/weight-average-molar-mass | 41000 g mol^-1", "P3HT | plastic/number-average-molar-mass | 26000 g mol^-1"}},
		{"a power before the unit", grid("Table 1. Electrolytes.", 1, nil,
			[]string{"Sample", "Ionic conductivity (10^{−5} S cm^{−1})", "Ionic conductivity / 10^{−5} S cm^{−1}"},
			[]string{"LiTi2(PO4)3", "6.0", "7.0"}),
			[]string{"LiTi2(PO4)3 | battery/ionic-conductivity | 6e-05 S cm^-1", "LiTi2(PO4)3 | battery/ionic-conductivity | 7e-05 S cm^-1"}},
		{"symbols by their units", grid("Table 1. Transport.", 1, nil,
			[]string{"Compound", "S (μV/K)", "σ (S/cm)", "κ (W/mK)", "n (10^{19} cm^{−3})"},
			[]string{"SnSe", "310", "42", "0.7", "1.5"}),
			[]string{"SnSe | solid/seebeck-coefficient | 310 µV K^-1", "SnSe | solid/electrical-conductivity | 42 S cm^-1", "SnSe | solid/thermal-conductivity | 0.7 W m^-1 K^-1", "SnSe | solid/carrier-concentration | 1.5e+19 cm^-3"}},
		{"a symbol by the caption", grid("Table 1. Magnets. D, density.", 1, nil,
			[]string{"Alloy", "D (g/cm3)", "(BH)max (MGOe)"},
			[]string{"SmCo5", "8.3", "20"}),
			[]string{"SmCo5 | solid/density | 8.3 g cm^-3", "SmCo5 | solid/maximum-energy-product | 159.155 kJ m^-3"}},
		{"a column of units", grid("Table 1. Semiconductors.", 1, nil,
			[]string{"Property", "Unit", "GaN", "AlN"},
			[]string{"Band gap", "eV", "3.4", "6.0"},
			[]string{"Density", "g cm^{−3}", "6.1", "3.3"}),
			[]string{"GaN | solid/band-gap | 3.4 eV", "AlN | solid/band-gap | 6 eV", "GaN | solid/density | 6.1 g cm^-3", "AlN | solid/density | 3.3 g cm^-3"}},
		{"edges of the unit cell", grid("Table 1. Cells.", 1, nil,
			[]string{"Compound", "a / Å", "c (Å)", "b (mm)"},
			[]string{"ZnO", "3.2498(3)", "5.2066(5)", "4"}),
			[]string{"ZnO | solid/lattice-parameter | 3.2498 Å", "ZnO | solid/lattice-parameter | 5.2066 Å"}},
		{"symbols with a suffix", grid("Table 1. Measured and calculated band gaps.", 1, nil,
			[]string{"Compound", "PFmax (μW cm^{−1} K^{−2})", "Egexp (eV)", "EgPBE (eV)", "E (GPa)"},
			[]string{"SnSe", "9.2", "0.9", "0.6", "27"}),
			[]string{"SnSe | solid/power-factor | 9.2 µW cm^-1 K^-2", "SnSe | solid/band-gap | 0.9 eV", "SnSe | solid/band-gap | 0.6 eV", "SnSe | solid/youngs-modulus | 27 GPa"}},
		{"symbols with an argument", grid("Table 1. Data.", 1, nil,
			[]string{"Compound", "E(T1)/eV", "E(S1) (eV)"},
			[]string{"4CzIPN", "2.6", "2.7"}),
			[]string{"4CzIPN | emitter/t1-energy | 2.6 eV", "4CzIPN | emitter/s1-energy | 2.7 eV"}},
		{"a letter that is customary for what the caption names", grid("Table 1. Singlet energies and oscillator strengths.", 1, nil,
			[]string{"Compound", "S1 energy (eV)", "f"},
			[]string{"4CzIPN", "2.8", "0.09"}),
			[]string{"4CzIPN | emitter/s1-energy | 2.8 eV", "4CzIPN | emitter/oscillator-strength | 0.09"}},
		{"no property, but a difference and what the caption calls otherwise", grid("Table 1. Cells (Tm: module temperature).", 1, nil,
			[]string{"Absorber", "Band gap (eV)", "VOC (V)", "Eg/q − VOC (V)", "FF (%)", "Tm (°C)"},
			[]string{"CsPbI3", "1.72", "1.2", "0.52", "79", "45"}),
			[]string{"CsPbI3 | solid/band-gap | 1.72 eV", "CsPbI3 | photovoltaic/open-circuit-voltage | 1.2 V", "CsPbI3 | photovoltaic/fill-factor | 79 %"}},
		{"two values in a cell", grid("Table 1. Emitters.", 1, nil,
			[]string{"Compound", "HOMO/LUMO (eV)", "CIE (x, y)"},
			[]string{"4CzIPN", "−5.8/−3.4", "(0.31, 0.59)"}),
			[]string{"4CzIPN | emitter/homo | -5.8 eV", "4CzIPN | emitter/lumo | -3.4 eV", "4CzIPN | emitter/cie-x | 0.31", "4CzIPN | emitter/cie-y | 0.59"}},
		{"blank cells repeat the group", grid("Table 1. Oxides.", 1, nil,
			[]string{"Oxide", "T (K)", "Electrical conductivity (S/cm)"},
			[]string{"CoO", "300", "0.1"},
			[]string{"", "600", "4"},
			[]string{"NiO", "300", "0.02"}),
			[]string{"CoO | solid/electrical-conductivity | 0.1 S cm^-1", "CoO | solid/electrical-conductivity | 4 S cm^-1", "NiO | solid/electrical-conductivity | 0.02 S cm^-1"}},
		{"a symbol by the properties beside it", grid("Table 1. Data.", 1, nil,
			[]string{"Compound", "TC (K)", "Hc (Oe)"},
			[]string{"MnBi", "628", "9100"}),
			[]string{"MnBi | solid/curie-temperature | 628 K", "MnBi | solid/coercivity | 9100 Oe"}},
		{"what a bracket has is no unit of a pure number", grid("Table 1. Thermoelectrics.", 1, nil,
			[]string{"Compound", "zTmax (T)"},
			[]string{"GeTe", "2.1 (720 K)"}),
			[]string{"GeTe | solid/figure-of-merit | 2.1"}},
		{"the power of an unknown symbol", grid("Table 1. Transport.", 1, nil,
			[]string{"Compound", "10^{−20} n (cm^{−3})"},
			[]string{"In2O3", "3.2"}),
			[]string{"In2O3 | solid/carrier-concentration | 3.2e+20 cm^-3"}},
		{"the caption's unit for a head that repeats its property", grid("Table 1. Peak power density (W cm^{−2}) and more.", 1, nil,
			[]string{"Cathode", "Peak power density"},
			[]string{"La2NiO4", "0.43"}),
			[]string{"La2NiO4 | fuelcell/power-density | 430 mW cm^-2"}},
		{"a unit that implies its property", grid("Table 1. Rate performance (mAh g^{−1}) of oxides.", 1, nil,
			[]string{"Oxide", "0.1C", "Q / mAh g^{−1}"},
			[]string{"LiCoO2", "151", "149"}),
			[]string{"LiCoO2 | battery/specific-capacity | 151 mA h g^-1", "LiCoO2 | battery/specific-capacity | 149 mA h g^-1"}},
		{"electrolytes beside electrodes are no subjects", grid("Table 1. Cells.", 1, nil,
			[]string{"Electrolyte", "Cathode", "Capacity (mAh/g)"},
			[]string{"LiPF6", "LiFePO4", "158"}),
			[]string{"LiFePO4 | battery/specific-capacity | 158 mA h g^-1"}},
		{"electrolytes are subjects", grid("Table 1. Conductors with lithium.", 1, nil,
			[]string{"Electrolyte", "Ionic conductivity (mS/cm)"},
			[]string{"Li6PS5Cl", "2.2"}),
			[]string{"Li6PS5Cl | battery/ionic-conductivity | 0.0022 S cm^-1"}},
		{"symbols of something else than the caption names", grid("Table 1. Elastic constants and bulk modulus B (GPa).", 1, nil,
			[]string{"Phase", "C11", "C12", "B"},
			[]string{"TiC", "510", "120", "250"}),
			[]string{"TiC | solid/bulk-modulus | 250 GPa"}},
		{"a solution is its subject whole", grid("Table 1. Electrolytes.", 1, nil,
			[]string{"Electrolyte", "Ionic conductivity (mS/cm)"},
			[]string{"2 M LiTFSI in DOL/DME", "8.1"},
			[]string{"LiTFSI", "0.4"}),
			[]string{"2 M LiTFSI in DOL/DME | battery/ionic-conductivity | 0.0081 S cm^-1", "LiTFSI | battery/ionic-conductivity | 0.0004 S cm^-1"}},
		{"forms of one compound that rows tell apart", grid("Table 1. Semiconductors.", 1, nil,
			[]string{"Sample", "Band gap (eV)"},
			[]string{"ZnO nanorods", "3.31"},
			[]string{"ZnO film", "3.27"},
			[]string{"SnO2 film", "3.8"},
			[]string{"CdO [12]", "2.2"},
			[]string{"CdO (this work)", "2.3"}),
			[]string{"ZnO nanorods | solid/band-gap | 3.31 eV", "ZnO film | solid/band-gap | 3.27 eV", "SnO2 | solid/band-gap | 3.8 eV", "CdO | solid/band-gap | 2.2 eV", "CdO | solid/band-gap | 2.3 eV"}},
		{"forms of one compound that columns tell apart", grid("Table 1. Semiconductors.", 1, nil,
			[]string{"", "ZnO nanorods", "ZnO film"},
			[]string{"Band gap (eV)", "3.31", "3.27"}),
			[]string{"ZnO nanorods | solid/band-gap | 3.31 eV", "ZnO film | solid/band-gap | 3.27 eV"}},
		{"rows that only tell how the sample was made", grid("Table 1. Devices.", 1, nil,
			[]string{"Annealing", "PCE (%)"},
			[]string{"none", "5.1"},
			[]string{"90 °C", "8.4"}),
			[]string{"none | photovoltaic/power-conversion-efficiency | 5.1 %", "90 °C | photovoltaic/power-conversion-efficiency | 8.4 %"}},
		{"dopants are no subjects", grid("Table 1. Band gaps of doped SnO2 films.", 1, nil,
			[]string{"Dopant", "Band gap (eV)"},
			[]string{"Sb", "3.8"}),
			[]string{"SnO2 | solid/band-gap | 3.8 eV"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := tableRecords(t, c.blocks, false)
			if !slices.Equal(got, c.want) {
				t.Errorf(" got: %s\nwant: %s", strings.Join(got, "\n      "), strings.Join(c.want, "\n      "))
			}
		})
	}
}

// A table with footnote marks in every cell, as supplements have them.
func BenchmarkTable(b *testing.B) {
	rows := [][]string{{"Compound", "T (K)", "Band gap^{a} (eV)", "Density (g/cm3)"}}
	for range 500 {
		rows = append(rows, []string{"ZnO^{b}", "300", "3.3^{a}", "5.6"})
	}
	doc := &document.Document{ID: "sha256:0", Name: "case", Blocks: grid("Table 1. Oxides at 1 bar.", 1, []string{"^{a}In air. ^{b}At 77 K."}, rows...)}
	x := newExtractor(b)
	b.SetBytes(int64(len(doc.Blocks[1].Text)))
	b.ReportAllocs()
	for b.Loop() {
		if n := len(x.Extract(doc)); n != 1000 {
			b.Fatalf("%d records", n)
		}
	}
}
