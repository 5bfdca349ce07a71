package benchmark

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem/fingerprint"
	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/learn"
)

// Sets lists the sets.
func Sets() []Set {
	const official = "official 5 folds, composition only"
	const board = "matbench leaderboard v0.1"
	absolute, classes := learn.Settings{Loss: learn.Absolute}, learn.Settings{Classes: true}
	return []Set{
		{
			Name: "expt_gap", Title: "measured band gaps", Unit: "eV", Split: official, Metric: MAE, parts: matbench("expt_gap"), settings: absolute,
			Anchors: []Anchor{{"MODNet", 0.3327, board}, {"CrabNet", 0.3463, board}, {"random forest", 0.4461, board}},
		},
		{
			Name: "steels", Title: "yield strength of steels", Unit: "MPa", Split: official, Metric: MAE, parts: matbench("steels"), settings: absolute,
			Anchors: []Anchor{{"TPOT", 79.95, board}, {"random forest", 103.51, board}, {"CrabNet", 107.31, board}},
		},
		{
			Name: "glass", Title: "metallic glass forming", Split: official, Metric: AUC, parts: matbench("glass"), settings: classes,
			Anchors: []Anchor{{"MODNet", 0.9603, board}, {"random forest", 0.8587, board}},
		},
		{
			Name: "expt_is_metal", Title: "metal or not, measured", Split: official, Metric: AUC, parts: matbench("expt_is_metal"), settings: classes,
			Anchors: []Anchor{{"Darwin", 0.9599, board}, {"AutoMatminer", 0.9209, board}, {"random forest", 0.9167, board}},
		},
		{
			Name: "jdft2d", Title: "exfoliation energy, computed", Unit: "meV/atom", Split: official, Metric: MAE, parts: matbench("jdft2d"), settings: absolute,
			Anchors: []Anchor{{"CrabNet", 45.61, board}, {"random forest", 50.04, board}},
		},
		{
			Name: "log_gvrh", Title: "logarithm of the shear modulus in GPa, computed", Split: official, Metric: MAE, parts: matbench("log_gvrh"), settings: absolute,
			Anchors: []Anchor{{"CrabNet", 0.1014, board}},
		},
		{
			Name: "obelix", Title: "log10 of the room-temperature conductivity of lithium electrolytes in S/cm", Split: "5 folds of the training part by composition", Metric: MAE,
			parts: obelix, settings: learn.Settings{Loss: learn.Absolute, Log: true},
		},
		{
			Name: "photoswitch", Title: "absorption of the E isomers of photoswitches, π-π*", Unit: "nm", Split: "20 random splits 80/20", Metric: RMSE,
			parts: photoswitch, settings: learn.Settings{Loss: learn.Squared},
			Anchors: []Anchor{{"Gaussian process, Tanimoto", 20.9, "Griffiths et al. 2022"}},
		},
		{
			Name: "esol", Title: "logarithm of the solubility in water in mol/L", Split: "5 random splits 90/10", Metric: RMSE,
			parts: molecules("ESOL_delaney-processed.csv", "smiles", "measured log solubility in mols per litre", 5, 10), settings: learn.Settings{Loss: learn.Squared},
			Anchors: []Anchor{{"message passing, random split 80/10/10", 0.58, "Wu et al. 2018"}},
		},
		{
			Name: "lipophilicity", Title: "logD at pH 7.4", Split: "5 random splits 90/10", Metric: RMSE,
			parts: molecules("Lipophilicity.csv", "smiles", "exp", 5, 10), settings: learn.Settings{Loss: learn.Squared},
			Anchors: []Anchor{{"graph convolution, random split 80/10/10", 0.655, "Wu et al. 2018"}},
		},
		{
			Name: "chromophores-random", Title: "absorption maximum of chromophores in solvents", Unit: "nm", Split: "random split of the authors, train and validation/test", Metric: MAE,
			parts: chromophores("random"), settings: absolute,
		},
		{
			Name: "chromophores-scaffold", Title: "absorption maximum of chromophores in solvents", Unit: "nm", Split: "scaffold split of the authors, train and validation/test", Metric: MAE,
			parts: chromophores("scaffold"), settings: absolute,
		},
	}
}

// columns reads a file of comma-separated values below dir and returns its
// columns of these names.
func columns(dir, name string, heads ...string) ([][]string, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(all) < 2 {
		return nil, fmt.Errorf("%s: %w", name, errors.New("no rows"))
	}
	at := make([]int, len(heads))
	for k, h := range heads {
		at[k] = slices.IndexFunc(all[0], func(s string) bool { return strings.TrimPrefix(s, "\uFEFF") == h })
		if at[k] < 0 {
			return nil, fmt.Errorf("%s: no column %q", name, h)
		}
	}
	out := make([][]string, len(all)-1)
	for i, row := range all[1:] {
		for _, j := range at {
			out[i] = append(out[i], row[j])
		}
	}
	return out, nil
}

// matbench reads a task of matbench as composition, target and the fold in which
// it is tested (Dunn et al., npj Comput. Mater. 6 (2020) 138).
func matbench(task string) func(string, Options) ([]part, error) {
	return func(dir string, _ Options) ([]part, error) {
		rows, err := columns(dir, task+".csv", "composition", "target", "test_fold")
		if err != nil {
			return nil, err
		}
		folds := make([]int, len(rows))
		all := make([]learn.Row, len(rows))
		for i, r := range rows {
			value, err := strconv.ParseFloat(r[1], 64)
			if err != nil {
				return nil, fmt.Errorf("%s.csv: row %d: %w", task, i+2, err)
			}
			if folds[i], err = strconv.Atoi(r[2]); err != nil || folds[i] < 0 || folds[i] > 4 {
				return nil, fmt.Errorf("%s.csv: row %d: fold %q", task, i+2, r[2])
			}
			all[i] = learn.Row{Inputs: []string{r[0]}, Value: value, Source: fmt.Sprintf("%s.csv:%d", task, i+2)}
		}
		return divided(learn.Table{Property: task, Inputs: []learn.Input{{Name: "composition", Kind: learn.Composition}}}, all, folds, 5), nil
	}
}

// divided makes a part of each fold.
func divided(t learn.Table, rows []learn.Row, folds []int, k int) []part {
	parts := make([]part, k)
	for f := range parts {
		parts[f].train = t
		for i, r := range rows {
			if folds[i] == f {
				parts[f].test = append(parts[f].test, r)
			} else {
				parts[f].train.Rows = append(parts[f].train.Rows, r)
			}
		}
	}
	return parts
}

// obelix reads the training part of OBELiX (Therrien et al., arXiv:2502.14234).
// Conductivities below what could be measured are bounds. As compositions recur,
// folds never divide one; they are dealt by the seed.
func obelix(dir string, o Options) ([]part, error) {
	rows, err := columns(dir, "train.csv", "True Composition", "Ionic conductivity (S cm-1)")
	if err != nil {
		return nil, err
	}
	var all []learn.Row
	var groups []string
	for i, r := range rows {
		text, bound := r[1], learn.Exact
		if rest, ok := strings.CutPrefix(text, "<"); ok {
			text, bound = rest, learn.AtMost
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return nil, fmt.Errorf("train.csv: row %d: %w", i+2, err)
		}
		all = append(all, learn.Row{Inputs: []string{r[0]}, Value: value, Bound: bound, Source: fmt.Sprintf("train.csv:%d", i+2)})
		groups = append(groups, r[0])
	}
	t := learn.Table{Property: "ionic-conductivity", Unit: "S/cm", Inputs: []learn.Input{{Name: "composition", Kind: learn.Composition}}}
	return divided(t, all, learn.Folds(groups, 5, o.Seed), 5), nil
}

// photoswitch reads the photoswitch data set (Griffiths et al., Chem. Sci. 13
// (2022) 13541) and divides it at random.
func photoswitch(dir string, o Options) ([]part, error) {
	return molecules("photoswitches.csv", "SMILES", "E isomer pi-pi* wavelength in nm", 20, 5)(dir, o)
}

// molecules reads molecules with a value, leaves out rows without one, and
// makes n random splits, each of which tests one row in so many.
func molecules(name, smiles, value string, n, oneIn int) func(string, Options) ([]part, error) {
	return func(dir string, o Options) ([]part, error) {
		rows, err := columns(dir, name, smiles, value)
		if err != nil {
			return nil, err
		}
		t := learn.Table{Property: name, Inputs: []learn.Input{{Name: "molecule", Kind: learn.Molecule}}}
		var all []learn.Row
		for i, r := range rows {
			v, err := strconv.ParseFloat(r[1], 64)
			if err != nil || math.IsNaN(v) {
				continue // not measured
			}
			all = append(all, learn.Row{Inputs: []string{strings.TrimSpace(r[0])}, Value: v, Source: fmt.Sprintf("%s:%d", name, i+2)})
		}
		parts := make([]part, n)
		for k := range parts {
			rng := rand.New(rand.NewPCG(o.Seed, uint64(k)))
			parts[k].train = t
			for at, i := range rng.Perm(len(all)) {
				if at < len(all)/oneIn {
					parts[k].test = append(parts[k].test, all[i])
				} else {
					parts[k].train.Rows = append(parts[k].train.Rows, all[i])
				}
			}
		}
		return parts, nil
	}
}

// chromophores reads a split of absorption maxima (Joung et al., Sci. Data 7
// (2020) 295; splits of Greenman et al., Chem. Sci. 13 (2022) 1152). In the
// random split rows of one chromophore stand on both sides, so they do in
// training, too; in the scaffold split folds are dealt by scaffold.
func chromophores(split string) func(string, Options) ([]part, error) {
	return func(dir string, _ Options) ([]part, error) {
		p := part{train: learn.Table{Property: "absorption-maximum", Unit: "nm", Inputs: []learn.Input{{Name: "chromophore", Kind: learn.Molecule}, {Name: "solvent", Kind: learn.Molecule}}}}
		for _, file := range []string{"train.csv", "val.csv", "test.csv"} {
			name := filepath.Join("splits_deep4chem", split, file)
			rows, err := columns(dir, name, "smiles", "solvent", "peakwavs_max")
			if err != nil {
				return nil, err
			}
			for i, r := range rows {
				source := fmt.Sprintf("%s:%d", file, i+2)
				v, err := strconv.ParseFloat(r[2], 64)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", source, err)
				}
				row := learn.Row{Inputs: []string{r[0], r[1]}, Value: v, Group: source, Source: source}
				if split == "scaffold" {
					if row.Group, err = scaffold(r[0]); err != nil {
						return nil, fmt.Errorf("%s: %w", source, err)
					}
				}
				if file == "test.csv" {
					p.test = append(p.test, row)
				} else {
					p.train.Rows = append(p.train.Rows, row)
				}
			}
		}
		return []part{p}, nil
	}
}

// scaffold returns the scaffold of a molecule as SMILES.
func scaffold(smiles string) (string, error) {
	m, err := molecule.ParseSMILES(smiles)
	if err != nil {
		return "", err
	}
	s, err := fingerprint.Scaffold(m)
	if err != nil {
		return "", err
	}
	return s.SMILES(), nil
}
