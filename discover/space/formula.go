package space

import (
	"fmt"
	"math"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/chem/formula"
	"github.com/alkahest/alkahest/chem/oxidation"
	"github.com/alkahest/alkahest/learn/composition"
)

// Canonical returns the formula in the form by which compositions are compared:
// the smallest whole amounts.
func Canonical(text string) (string, error) {
	f, err := formula.Parse(text)
	if err != nil {
		return "", err
	}
	if _, ok := f.Amounts(); !ok {
		return "", fmt.Errorf("%q has variables or sites without an element; give their values", text)
	}
	return f.Reduced(), nil
}

// Substitution enumerates formulas: a pattern in which sites in braces, as
// {A}2{B}{X}4, are filled with elements or groups.
type Substitution struct {
	Pattern string
	Sites   []Site
	// Charged also gives formulas for which no usual oxidation states add up
	// to zero.
	Charged bool
}

// Site is a place in a pattern and what may stand there.
type Site struct {
	Name    string
	Choices []string
}

// maxSubstitutions bounds the formulas of one pattern before charges are
// counted.
const maxSubstitutions = 2_000_000

// Formulas returns the canonical formulas of s, each once, in the order of the
// choices of its sites, the last site varying first, and the number of those
// left out because they are not neutral.
func (s *Substitution) Formulas() (formulas []string, charged int, err error) {
	total := 1
	for _, site := range s.Sites {
		if !strings.Contains(s.Pattern, "{"+site.Name+"}") {
			return nil, 0, fmt.Errorf("the pattern %q has no site {%s}", s.Pattern, site.Name)
		}
		if len(site.Choices) == 0 {
			return nil, 0, fmt.Errorf("site %s has no choices", site.Name)
		}
		if total *= len(site.Choices); total > maxSubstitutions {
			return nil, 0, fmt.Errorf("the pattern gives more than %d formulas", maxSubstitutions)
		}
	}
	seen := map[string]bool{}
	choice := make([]int, len(s.Sites))
	for range total {
		text := s.Pattern
		for k, site := range s.Sites {
			filling := site.Choices[choice[k]]
			if _, single := chem.BySymbol(filling); !single {
				filling = "(" + filling + ")"
			}
			text = strings.ReplaceAll(text, "{"+site.Name+"}", filling)
		}
		canonical, err := Canonical(text)
		if err != nil {
			return nil, 0, fmt.Errorf("the pattern gives %s: %w", text, err)
		}
		if !seen[canonical] {
			seen[canonical] = true
			neutral := s.Charged
			if !neutral {
				if neutral, err = isNeutral(canonical); err != nil {
					return nil, 0, err
				}
			}
			if neutral {
				formulas = append(formulas, canonical)
			} else {
				charged++
			}
		}
		for k := len(choice) - 1; k >= 0; k-- {
			if choice[k]++; choice[k] < len(s.Sites[k].Choices) {
				break
			}
			choice[k] = 0
		}
	}
	return formulas, charged, nil
}

// isNeutral reports whether usual oxidation states of the elements add up to
// zero.
func isNeutral(text string) (bool, error) {
	amounts, err := composition.Parse(nil, text)
	if err != nil {
		return false, err
	}
	states := make([]int8, len(amounts))
	charge, ok := oxidation.Guess(amounts, states)
	return ok && math.Abs(charge) < 1e-6, nil
}
