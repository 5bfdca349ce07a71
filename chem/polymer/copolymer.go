package polymer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Copolymer is a polymer of several repeat units.
type Copolymer struct {
	Units []*Unit // canonical, in the order of their SMILES, none twice
	// Fractions are the shares of the units among all units, which add up to 1;
	// nil if they are not known.
	Fractions []float64
}

// NewCopolymer returns the copolymer of these units in these amounts, which may
// be shares, percent or parts; nil if they are not known. Units that are the
// same chain are joined.
func NewCopolymer(units []*Unit, amounts []float64) (*Copolymer, error) {
	if len(units) == 0 {
		return nil, fmt.Errorf("no units")
	}
	if amounts != nil && len(amounts) != len(units) {
		return nil, fmt.Errorf("%d amounts for %d units", len(amounts), len(units))
	}
	type part struct {
		unit   *Unit
		smiles string
		amount float64
	}
	var parts []part
	total := 0.0
	for k, u := range units {
		c, err := u.Canonical()
		if err != nil {
			return nil, err
		}
		p := part{unit: c, smiles: c.SMILES()}
		if amounts != nil {
			p.amount = amounts[k]
			if !(p.amount >= 0) || math.IsInf(p.amount, 0) {
				return nil, fmt.Errorf("amount %g of %s", p.amount, p.smiles)
			}
			total += p.amount
		}
		if i := slices.IndexFunc(parts, func(q part) bool { return q.smiles == p.smiles }); i >= 0 {
			parts[i].amount += p.amount
			continue
		}
		parts = append(parts, p)
	}
	if amounts != nil && !(total > 0) {
		return nil, fmt.Errorf("the amounts add up to %g", total)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.smiles, b.smiles) })
	c := &Copolymer{}
	for _, p := range parts {
		c.Units = append(c.Units, p.unit)
		if amounts != nil {
			c.Fractions = append(c.Fractions, p.amount/total)
		}
	}
	return c, nil
}

// ParseCopolymer reads repeat units with a point between them: "*CC*.*CC(*)C".
func ParseCopolymer(smiles string, amounts []float64) (*Copolymer, error) {
	var units []*Unit
	for s := range strings.SplitSeq(smiles, ".") {
		u, err := Parse(s)
		if err != nil {
			return nil, err
		}
		units = append(units, u)
	}
	return NewCopolymer(units, amounts)
}

// SMILES returns the SMILES of the units with a point between them.
func (c *Copolymer) SMILES() string {
	var out []string
	for _, u := range c.Units {
		out = append(out, u.SMILES())
	}
	return strings.Join(out, ".")
}
