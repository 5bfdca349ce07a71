// Package discover runs campaigns: it says which experiments to make next,
// learns what they gave, and says so again.
//
// A campaign is declared in a file by its user: what is wanted, what can be
// varied and what must hold. What was proposed and measured is appended to a
// log beside that file. The same file and the same log give the same
// proposals.
package discover

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/space"
)

// Outcome is something that is measured of an experiment.
type Outcome struct {
	Name     string
	Unit     string // as written; empty for none
	Property string // of the database, from which records may be taken; empty for none
	Goal     policy.Goal
}

// Campaign is a declared campaign and all that is known of it.
type Campaign struct {
	Name        string
	Description string
	File        string // the declaration
	Seed        uint64
	Batch       int // experiments that are proposed at once
	Outcomes    []Outcome
	Policy      policy.Policy
	Space       *space.Space
	Cost        *Cost  // nil when all experiments cost the same
	Results     string // file with what was measured before; empty for none
	Literature  *Literature

	Experiments []Experiment // in the order in which they became known
	Pending     []Pending    // proposed and not yet told
	Notes       []string     // what the user should know of the files
	batches     int          // number of batches proposed
	told        map[string]int
}

// Cost is what an experiment costs: a sum of variables.
type Cost struct {
	Text     string
	Terms    []space.Term
	Constant float64
}

// Of returns the cost of point.
func (c *Cost) Of(point []float64) float64 {
	sum := c.Constant
	for _, t := range c.Terms {
		sum += t.Factor * point[t.Variable]
	}
	return sum
}

// Literature says which records of the database a campaign starts from.
type Literature struct {
	Confidence float64 // the least of a record that counts
	// Given are the values of variables that records do not state.
	Given map[int]float64
	// Conditions are the names of the conditions of records that are
	// variables.
	Conditions map[int]string
}

// Status says how an experiment ended.
type Status string

// The statuses.
const (
	OK      Status = "ok"
	Failed  Status = "failed"  // nothing was made or measured: not to be tried again
	Skipped Status = "skipped" // not made: what was proposed is proposed no more
)

// Experiment is what was done and measured.
type Experiment struct {
	ID       string // by which its results are told again; empty for none
	Point    []float64
	Outcomes []float64 // NaN where not measured
	Status   Status
	Source   string // file and line, or a record
	// Deviation of each outcome beyond the noise of own experiments, or nil.
	Deviations []float64
	Record     bool // read in the literature, not made
	confidence float64
}

// Pending is a candidate that was proposed and of which nothing was told yet.
type Pending struct {
	ID    string
	Point []float64
}

// Load reads the declaration in file, the results that it names, and the log
// beside it.
func Load(file string) (*Campaign, error) {
	data, err := readLimited(file)
	if err != nil {
		return nil, err
	}
	c, err := Parse(file, data)
	if err != nil {
		return nil, err
	}
	if c.Results != "" {
		r, err := os.Open(c.Results)
		if err != nil {
			return nil, fmt.Errorf("%s: results: %w", file, err)
		}
		defer r.Close()
		sheet, err := c.ReadResults(c.Results, r)
		if err != nil {
			return nil, err
		}
		c.add(sheet.Experiments)
		c.Notes = append(c.Notes, sheet.Notes...)
	}
	return c, c.readLog()
}

// LogFile returns the name of the log of the campaign declared in file.
func LogFile(file string) string {
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".log.jsonl"
}

// taken is an experiment that was not known.
type taken struct {
	Experiment
	replaced bool // one of the same ID
}

// add takes experiments up, each once: the k-th of equal ones in a source is
// the k-th of those known, but equal ones with an ID are the same.
func (c *Campaign) add(experiments []Experiment) (added []taken) {
	here := map[string]int{}
	for _, e := range experiments {
		key := c.identity(e)
		here[key]++
		if here[key] <= c.told[key] || e.ID != "" && c.told[key] > 0 {
			continue
		}
		added = append(added, taken{e, c.take(e)})
	}
	return added
}

// take takes one experiment up, in the place of one of the same ID, and reports
// whether there was one.
func (c *Campaign) take(e Experiment) (replaced bool) {
	if c.told == nil {
		c.told = map[string]int{}
	}
	c.told[c.identity(e)]++
	at := -1
	if e.ID != "" {
		at = slices.IndexFunc(c.Experiments, func(x Experiment) bool { return x.ID == e.ID })
	}
	switch {
	case at >= 0 && e.Status == Skipped:
		c.Experiments = slices.Delete(c.Experiments, at, at+1)
	case at >= 0:
		c.Experiments[at] = e
	case e.Status != Skipped:
		c.Experiments = append(c.Experiments, e)
	}
	c.settle(e.Point)
	return at >= 0
}

// settle removes the candidate from those of which nothing was told.
func (c *Campaign) settle(point []float64) {
	key := c.Space.Key(point)
	for i, p := range c.Pending {
		if c.Space.Key(p.Point) == key {
			c.Pending = append(c.Pending[:i], c.Pending[i+1:]...)
			return
		}
	}
}

// identity returns a text that two experiments share if all that is known of
// them is equal.
func (c *Campaign) identity(e Experiment) string {
	return fmt.Sprintf("%s\x1e%s\x1e%v\x1e%s", c.Space.Key(e.Point), e.Status, e.Outcomes, e.ID)
}

// Wanted says what is wanted of the outcome.
func (o *Outcome) Wanted() string {
	var parts []string
	switch o.Goal.Direction {
	case policy.Maximise:
		parts = append(parts, "as large as possible")
	case policy.Minimise:
		parts = append(parts, "as small as possible")
	case policy.Target:
		parts = append(parts, "near "+o.Value(o.Goal.Target))
	}
	if limits := limitText(o); limits != "" {
		parts = append(parts, limits)
	}
	return strings.Join(parts, ", ")
}

// Value returns an outcome with its unit, and the unit's blank.
func (o *Outcome) Value(v float64) string {
	if math.IsNaN(v) {
		return "?"
	}
	s := fmt.Sprintf("%.4g", v)
	if o.Unit != "" {
		s += " " + o.Unit
	}
	return s
}

// Normal is a normal distribution.
type Normal struct {
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
}

// Expectation returns what is expected of x, by the names of the outcomes.
// Outcomes of which nothing is known are left out.
func (c *Campaign) Expectation(x *Candidate) map[string]Normal {
	expected := map[string]Normal{}
	for j, o := range c.Outcomes {
		if !math.IsNaN(x.Expected[j]) {
			expected[o.Name] = Normal{x.Expected[j], x.Deviation[j]}
		}
	}
	return expected
}

// Measured returns the outcomes of e that were measured, by their names.
func (c *Campaign) Measured(e *Experiment) map[string]float64 {
	measured := map[string]float64{}
	for j, o := range c.Outcomes {
		if !math.IsNaN(e.Outcomes[j]) {
			measured[o.Name] = e.Outcomes[j]
		}
	}
	return measured
}

// Useful reports whether e succeeded and keeps to all limits of its outcomes, as
// far as they were measured.
func (c *Campaign) Useful(e *Experiment) bool {
	if e.Status != OK {
		return false
	}
	for j, o := range c.Outcomes {
		if y := e.Outcomes[j]; y < o.Goal.Low || y > o.Goal.High {
			return false
		}
	}
	return true
}

// Best returns the own experiment that is of use and best in the outcome, or
// nil.
func (c *Campaign) Best(outcome int) *Experiment {
	var best *Experiment
	goal := c.Outcomes[outcome].Goal
	for i := range c.Experiments {
		e := &c.Experiments[i]
		if e.Record || math.IsNaN(e.Outcomes[outcome]) || !c.Useful(e) {
			continue
		}
		if best == nil || goal.Utility(e.Outcomes[outcome]) > goal.Utility(best.Outcomes[outcome]) {
			best = e
		}
	}
	return best
}

// Standing says in a line for each goal how far the campaign is.
func (c *Campaign) Standing() []string {
	var lines []string
	for _, j := range c.Policy.Objectives() {
		o := &c.Outcomes[j]
		if best := c.Best(j); best != nil {
			lines = append(lines, fmt.Sprintf("best %s so far: %s (%s)", o.Name, o.Value(best.Outcomes[j]), best.Source))
		} else {
			lines = append(lines, fmt.Sprintf("no experiment of use has measured %s yet", o.Name))
		}
	}
	return lines
}
