// Package alert finds groups that make trouble: those that disturb biological
// assays (PAINS) and those that are reactive, toxic or unstable (Brenk).
package alert

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

//go:embed pains.tsv
var painsTSV string

//go:embed brenk.tsv
var brenkTSV string

// Alert is a group to be warned of.
type Alert struct {
	Set     string // "PAINS-A", "PAINS-B", "PAINS-C" or "Brenk"
	Name    string
	Pattern *smarts.Pattern
}

var all = sync.OnceValue(func() []Alert {
	var out []Alert
	for _, table := range [...]struct{ prefix, text string }{{"PAINS-", painsTSV}, {"", brenkTSV}} {
		for line := range strings.Lines(table.text) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
			p, err := smarts.ParseMerging(fields[2])
			if err != nil {
				panic(fmt.Sprintf("alert: %s: %v", fields[1], err))
			}
			out = append(out, Alert{table.prefix + fields[0], fields[1], p})
		}
	}
	return out
})

// All returns all alerts: 480 of PAINS and 105 of Brenk. The caller must not change
// them.
func All() []Alert { return all() }

// Find returns the alerts that m has.
func Find(m *molecule.Molecule) []Alert {
	var out []Alert
	t := smarts.NewTarget(m)
	for _, a := range all() {
		if a.Pattern.In(t) {
			out = append(out, a)
		}
	}
	return out
}
