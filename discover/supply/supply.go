// Package supply says what speaks against an element whatever its properties:
// that few countries produce it, that it is a critical raw material, or that it
// is hazardous.
package supply

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// elements holds, by symbol: the Herfindahl-Hirschman indices of production and
// of reserves, the sums of the squares of the shares of all countries in
// percent, from Gaultois et al., Chem. Mater. 25 (2013) 2911,
// doi:10.1021/cm400893e, table S1; whether the element or a mineral named for
// it is a critical raw material of the European Union, from Regulation (EU)
// 2024/1252, annex II, the list of 2023; and hazards: substances restricted by
// Directive 2011/65/EU (RoHS), annex II, carcinogens of group 1 in IARC
// Monographs 100C (2012), thallium from Regulation (EC) 1272/2008, annex VI,
// and elements without a stable isotope.
//
//go:embed elements.tsv
var elements string

// Concentrated is the index above which a market is called highly concentrated
// by the guidelines that Gaultois et al. follow (US Department of Justice,
// 2010).
const Concentrated = 2500

// Element is what is known of the supply of an element.
type Element struct {
	Production, Reserves int // indices, 0 to 10,000; 0 when unknown
	Critical             bool
	Hazard               string // empty for none
}

var table = func() map[chem.Element]Element {
	t := map[chem.Element]Element{}
	for i, line := range strings.Split(strings.TrimSpace(elements), "\n") {
		if i == 0 {
			continue
		}
		cells := strings.Split(line, "\t")
		e, ok := chem.BySymbol(cells[0])
		if !ok || len(cells) != 5 {
			panic("supply: elements.tsv: " + line)
		}
		x := Element{Critical: cells[3] == "yes", Hazard: cells[4]}
		x.Production, _ = strconv.Atoi(cells[1]) // empty where unknown
		x.Reserves, _ = strconv.Atoi(cells[2])
		t[e] = x
	}
	return t
}()

// Of returns what is known of the supply of e.
func Of(e chem.Element) Element { return table[e] }

// Warnings returns what speaks against each of the elements in set, in the
// order of their atomic numbers.
func Warnings(set chem.Set) []string {
	var warnings []string
	for _, symbol := range set.Symbols() {
		e, _ := chem.BySymbol(symbol)
		x := Of(e)
		var parts []string
		if x.Hazard != "" {
			parts = append(parts, x.Hazard)
		}
		if x.Critical {
			parts = append(parts, "critical raw material (EU 2023)")
		}
		if x.Production > Concentrated {
			parts = append(parts, fmt.Sprintf("production highly concentrated (HHI %d)", x.Production))
		}
		if len(parts) > 0 {
			warnings = append(warnings, symbol+": "+strings.Join(parts, "; "))
		}
	}
	return warnings
}
