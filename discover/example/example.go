// Package example holds campaigns that are ready to run.
package example

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// files holds a folder for each example.
//
// absorber starts from band gaps that were measured of four halide perovskites;
// each line of known.csv names its source.
//
// fast-charging lists the 224 protocols of Attia et al., Nature 578 (2020) 397,
// doi:10.1038/s41586-020-1994-5: four steps of a fifth of the charge each, at
// currents C1 to C4 in units of the capacity per hour, with C1 to C3 from the
// grid of the paper and C4, at most 4.81, such that the four take ten minutes,
// 0.2/C1 + 0.2/C2 + 0.2/C3 + 0.2/C4 = 1/6, without the constant 4.8. Its
// measured.csv are the means of the nine protocols of which five cells each
// were cycled to their end for validation.
//
// Its three synthetic files are what a cycler might have measured of twelve
// finished and six running cells, with their protocols and lives; no cell was
// measured for them. In cycle n, a cell whose curve stands for a life of L
// cycles has given, down to V volts,
//
//	1.1/(1 + exp((V - 3.2)/0.03)) - D (n/100) exp(-((V - 2.95)/0.15)²)
//
// ampere-hours, with D = 0.03 (500/L)^1.3. Finished cells last L, running ones
// 0.85 L. Normal noise is added: to capacities, of 0.2 mAh, and to log10 D, of
// 0.02. Only the cycles that predictions compare are there. The test of the
// package makes the files.
//
//go:embed absorber fast-charging
var files embed.FS

// Names returns the names of the examples.
func Names() []string { return []string{"absorber", "fast-charging"} }

// Files returns the files of an example by name. Its declaration is named for
// it.
func Files(name string) (map[string][]byte, error) {
	entries, err := files.ReadDir(name)
	if err != nil {
		return nil, fmt.Errorf("there is no example %q; there are %s", name, strings.Join(Names(), ", "))
	}
	out := map[string][]byte{}
	for _, e := range entries {
		data, err := fs.ReadFile(files, path.Join(name, e.Name()))
		if err != nil {
			return nil, err
		}
		out[e.Name()] = data
	}
	return out, nil
}
