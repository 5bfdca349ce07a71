// Package learn trains predictors of a property from a table of what is known,
// and says how far they can be trusted.
//
// A [Table] has one row for each statement: inputs, such as a composition and
// a temperature, and a value, which may be a bound ("> 500"). [Train] turns
// inputs into features, trains several learners on folds that never divide the
// statements about one subject, and combines them by what they predict for
// subjects that they did not see. The same predictions tell the error to expect
// and calibrate the intervals of the [Predictor] (Vovk, Ann. Math. Artif.
// Intell. 74 (2015) 9; Barber et al., Ann. Stat. 49 (2021) 486).
//
// Everything is a function of the table and the settings: the same ones give
// the same predictor.
package learn

import (
	"errors"
	"fmt"
	"math"
)

// Kind says what an input is.
type Kind uint8

// The kinds of input.
const (
	Number      Kind = iota // a process variable or condition; empty if unknown
	Category                // one of a few words
	Composition             // a chemical formula
	Molecule                // SMILES
)

var kindNames = [...]string{"number", "category", "composition", "molecule"}

func (k Kind) String() string { return kindNames[k] }

// Input is a column of a table that predictions are made from.
type Input struct {
	Name string
	Kind Kind
}

// Bound says what a value is to the truth.
type Bound int8

// The bounds.
const (
	Exact   Bound = 0
	AtLeast Bound = 1  // the truth is the value or more: "> 500"
	AtMost  Bound = -1 // the truth is the value or less: "< 1e-10"
)

// Row is one statement.
type Row struct {
	Inputs []string // one text for each input of the table
	Value  float64
	Bound  Bound
	Weight float64 // relative to other rows; 0 stands for 1
	Group  string  // rows of one group share a fold; empty for the subject
	Source string  // where the statement stands, for messages
}

// Table is what a predictor learns from.
type Table struct {
	Property string // what the values are
	Unit     string
	Inputs   []Input
	Rows     []Row
}

// Limits of a table.
const (
	MaxRows   = 1 << 20
	maxInputs = 1 << 10
)

func (t *Table) validate() error {
	if len(t.Inputs) == 0 || len(t.Inputs) > maxInputs {
		return fmt.Errorf("learn: a table needs from 1 to %d inputs, this one has %d", maxInputs, len(t.Inputs))
	}
	if len(t.Rows) > MaxRows {
		return fmt.Errorf("learn: %d rows are more than %d", len(t.Rows), MaxRows)
	}
	for _, in := range t.Inputs {
		if int(in.Kind) >= len(kindNames) {
			return fmt.Errorf("learn: input %q is of unknown kind", in.Name)
		}
	}
	for _, r := range t.Rows {
		switch {
		case len(r.Inputs) != len(t.Inputs):
			return fmt.Errorf("learn: %s: %d inputs, want %d", r.Source, len(r.Inputs), len(t.Inputs))
		case r.Weight < 0 || math.IsNaN(r.Weight) || math.IsInf(r.Weight, 0):
			return fmt.Errorf("learn: %s: weight %g", r.Source, r.Weight)
		case r.Bound < AtMost || r.Bound > AtLeast:
			return fmt.Errorf("learn: %s: unknown bound", r.Source)
		}
	}
	return nil
}

// Dropped says why a row was not learned from.
type Dropped struct {
	Source string
	Reason string
}

// ErrTooFew reports that a table has too few usable rows.
var ErrTooFew = errors.New("too few values to learn from")

// minRows is the smallest number of rows that folds, weights and intervals can
// be made from.
const minRows = 20
