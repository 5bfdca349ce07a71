package fingerprint

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/alkahest/alkahest/chem/molecule"
	"github.com/alkahest/alkahest/chem/smarts"
)

//go:embed maccs.tsv
var maccsTSV string

// maccsKey is one of the keys that are patterns.
type maccsKey struct {
	key     int
	pattern *smarts.Pattern
	exceeds int
}

var maccsKeys = sync.OnceValue(func() []maccsKey {
	var keys []maccsKey
	for line := range strings.Lines(maccsTSV) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		p, err := smarts.Parse(fields[1])
		if err != nil {
			panic(fmt.Sprintf("fingerprint: maccs.tsv: key %s: %v", fields[0], err))
		}
		key, _ := strconv.Atoi(fields[0])
		exceeds, _ := strconv.Atoi(fields[2])
		keys = append(keys, maccsKey{key, p, exceeds})
	}
	return keys
})

// MACCS returns the MACCS keys of m: bit k, from 1 to 166, is key k. It has 192
// bits.
func MACCS(m *molecule.Molecule) Bits {
	fp := NewBits(192)
	t := smarts.NewTarget(m)
	for _, k := range maccsKeys() {
		if k.exceeds == 0 && k.pattern.In(t) || k.exceeds > 0 && len(k.pattern.MatchesIn(t, smarts.Options{Most: k.exceeds + 1})) > k.exceeds {
			fp.Set(k.key)
		}
	}
	aromatic := 0
rings:
	for r := range m.NumRings() {
		_, bonds := m.Ring(r)
		for _, b := range bonds {
			if !m.Bonds()[b].Aromatic {
				continue rings
			}
		}
		aromatic++
	}
	if aromatic > 1 {
		fp.Set(125)
	}
	if _, parts := m.Components(); parts > 1 {
		fp.Set(166)
	}
	return fp
}
