package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem/alert"
	"github.com/alkahest/alkahest/chem/cip"
	"github.com/alkahest/alkahest/chem/descriptor"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/molfile"
	"github.com/alkahest/alkahest/knowledge/export"
)

// moleculeCommand is "alkahest molecule".
type moleculeCommand struct {
	Molecules []string `arg:"" name:"molecule" help:"SMILES, or files: .mol and .sdf, all others lines of SMILES and a name; - for lines on standard input."`
	JSON      bool     `xor:"form" help:"One JSON object in each line, with all that is computed."`
	CSV       bool     `xor:"form" name:"csv" help:"Comma-separated values, with all that is computed."`
}

// Help is shown by "alkahest molecule --help".
func (*moleculeCommand) Help() string {
	return `Reads molecules, checks them, and writes for each the canonical SMILES, the formula, masses, descriptors, which rules of thumb for drugs it breaks, and alerts: groups that disturb assays (PAINS) or are reactive or unstable (Brenk). What cannot be read is named with its place on standard error, and the exit status is 3 when all else was read.`
}

// moleculeReport is what is said of a molecule.
type moleculeReport struct {
	Name   string `json:"name,omitempty"`
	Input  string `json:"input,omitempty"` // as written, for SMILES
	SMILES string `json:"smiles"`          // canonical
	Key    string `json:"key"`
	descriptor.Properties
	Stereo []string `json:"stereo"` // names of configurations, at atoms of SMILES from 1
	Breaks []string `json:"breaks"` // names of rules
	Alerts []string `json:"alerts"`
}

// reportOf computes all that is said of m.
func reportOf(m *molecule.Molecule) *moleculeReport {
	smiles, order := m.SMILESOrder()
	d := &moleculeReport{SMILES: smiles, Key: m.Key(), Properties: descriptor.Of(m), Stereo: stereoOf(m, order), Breaks: []string{}, Alerts: []string{}}
	for _, x := range []*float64{&d.Mass, &d.ExactMass, &d.LogP, &d.MolarRefract, &d.TPSA, &d.FractionSP3, &d.QED, &d.Synthesis} {
		*x = math.Round(*x*1e6) / 1e6 // without the noise of sums
	}
	for _, rule := range descriptor.Rules() {
		if !rule.Holds(&d.Properties, m) {
			d.Breaks = append(d.Breaks, rule.Name)
		}
	}
	for _, a := range alert.Find(m) {
		d.Alerts = append(d.Alerts, a.Set+" "+a.Name)
	}
	return d
}

// stereoOf names the configurations of m: "2S" of the second atom in order, "1=2E" of
// the double bond between the first two.
func stereoOf(m *molecule.Molecule, order []int32) []string {
	place := make([]int, len(order))
	for k, i := range order {
		place[i] = k + 1
	}
	out := []string{}
	atoms, bonds := cip.Labels(m)
	for _, i := range order {
		if atoms[i] != cip.None {
			out = append(out, fmt.Sprintf("%d%s", place[i], atoms[i]))
		}
	}
	for k, b := range m.Bonds() {
		if bonds[k] != cip.None {
			out = append(out, fmt.Sprintf("%d=%d%s", min(place[b.A], place[b.B]), max(place[b.A], place[b.B]), bonds[k]))
		}
	}
	return out
}

// Run describes the molecules.
func (c *moleculeCommand) Run(ctx context.Context, e *environment) error {
	var write func(*moleculeReport) error
	end := func() error { return nil }
	switch {
	case c.JSON:
		encoder := json.NewEncoder(e.out)
		encoder.SetEscapeHTML(false)
		write = func(d *moleculeReport) error { return encoder.Encode(d) }
	case c.CSV:
		w := csv.NewWriter(e.out)
		if err := w.Write(moleculeHead); err != nil {
			return err
		}
		write = func(d *moleculeReport) error { return w.Write(d.row()) }
		end = func() error { w.Flush(); return w.Error() }
	default:
		g := &grid{columns: []column{
			{head: "NAME", least: 8}, {head: "SMILES", least: 20}, {head: "FORMULA"}, {head: "MASS", right: true}, {head: "LOGP", right: true},
			{head: "TPSA", right: true}, {head: "QED", right: true}, {head: "BREAKS", least: 8}, {head: "ALERTS", least: 12},
		}}
		write = func(d *moleculeReport) error {
			g.add(d.Name, d.SMILES, d.Formula, decimals(d.Mass, 2), decimals(d.LogP, 2), decimals(d.TPSA, 1), decimals(d.QED, 2),
				strings.Join(d.Breaks, ", "), strings.Join(d.Alerts, ", "))
			return nil
		}
		end = func() error { return g.write(e.out, terminalWidth(e.out)) }
	}
	read, failed := 0, 0
	for d, err := range c.all(e) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Fprintf(e.errOut, "alkahest: %s\n", visible(err.Error()))
			continue
		}
		read++
		if err := write(d); err != nil {
			return err
		}
	}
	if read > 0 {
		if err := end(); err != nil {
			return err
		}
	}
	switch {
	case failed > 0 && read > 0:
		return errSomeFailed
	case failed > 0:
		return errors.New("no molecule could be read")
	}
	return nil
}

// all describes what the arguments name, one after the other. Errors say where and
// do not end it.
func (c *moleculeCommand) all(e *environment) iter.Seq2[*moleculeReport, error] {
	return func(yield func(*moleculeReport, error) bool) {
		for _, name := range c.Molecules {
			ok := true
			switch {
			case name == standardInput:
				ok = smilesLines("standard input", e.in, yield)
			case isFile(name):
				ok = moleculeFile(name, yield)
			default:
				m, err := molecule.ParseSMILES(name)
				if err != nil {
					ok = yield(nil, fmt.Errorf("%s: %w", name, err))
					break
				}
				d := reportOf(m)
				d.Input = name
				ok = yield(d, nil)
			}
			if !ok {
				return
			}
		}
	}
}

// isFile reports whether name is a file, or looks like one that is missing.
func isFile(name string) bool {
	if _, err := os.Stat(name); err == nil {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".smi", ".smiles", ".txt", ".csv", ".mol", ".sdf", ".sd":
		return true
	}
	return false
}

func moleculeFile(name string, yield func(*moleculeReport, error) bool) bool {
	f, err := os.Open(name)
	if err != nil {
		return yield(nil, fmt.Errorf("%s: %w", name, errors.Unwrap(err)))
	}
	defer f.Close()
	switch strings.ToLower(filepath.Ext(name)) {
	case ".mol", ".sdf", ".sd":
	default:
		return smilesLines(name, f, yield)
	}
	for r, err := range molfile.Records(f) {
		if err != nil {
			if !yield(nil, fmt.Errorf("%s: %w", name, err)) {
				return false
			}
			continue
		}
		d := reportOf(r.Molecule)
		d.Name = r.Name
		if !yield(d, nil) {
			return false
		}
	}
	return true
}

func smilesLines(name string, in io.Reader, yield func(*moleculeReport, error) bool) bool {
	for line, err := range molecule.Lines(in) {
		if err != nil {
			if !yield(nil, fmt.Errorf("%s: %w", name, err)) {
				return false
			}
			continue
		}
		d := reportOf(line.Molecule)
		d.Name, d.Input = line.Name, line.SMILES
		if !yield(d, nil) {
			return false
		}
	}
	return true
}

// decimals writes x with n decimals, and no sign before zero.
func decimals(x float64, n int) string {
	s := strconv.FormatFloat(x, 'f', n, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// moleculeHead names the columns of row.
var moleculeHead = []string{
	"name", "input", "smiles", "key", "formula", "mass", "exactMass", "heavyAtoms", "charge", "rings", "aromaticRings", "logP",
	"molarRefractivity", "tpsa", "donors", "acceptors", "rotatableBonds", "fractionSp3", "stereocentres", "qed", "syntheticAccessibility", "stereo", "breaks", "alerts",
}

func (d *moleculeReport) row() []string {
	return []string{
		export.Cell(d.Name), export.Cell(d.Input), export.Cell(d.SMILES), d.Key, d.Formula, decimals(d.Mass, 3), decimals(d.ExactMass, 5),
		strconv.Itoa(d.HeavyAtoms), strconv.Itoa(d.Charge), strconv.Itoa(d.Rings), strconv.Itoa(d.AromaticRings), decimals(d.LogP, 4),
		decimals(d.MolarRefract, 3), decimals(d.TPSA, 2), strconv.Itoa(d.Donors), strconv.Itoa(d.Acceptors), strconv.Itoa(d.RotatableBonds),
		decimals(d.FractionSP3, 3), strconv.Itoa(d.Stereocentres), decimals(d.QED, 4), decimals(d.Synthesis, 3), strings.Join(d.Stereo, "; "), strings.Join(d.Breaks, "; "), strings.Join(d.Alerts, "; "),
	}
}
