package discover

import (
	"math"
	"slices"

	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/record"
)

// foreign is the deviation of a record's value, as a share of the spread of
// those of its property, that is assumed for other laboratories, samples and
// methods. A record of confidence c counts with foreign/c.
const foreign = 0.25

// FromRecord returns what a record says of an outcome, as an experiment. It
// reports false if the record says nothing that the campaign can use: another
// property, no composition, an open interval, a condition that is missing or
// in another unit, or too little confidence.
func (c *Campaign) FromRecord(r *record.Record) (Experiment, bool) {
	outcome := slices.IndexFunc(c.Outcomes, func(o Outcome) bool { return o.Property == r.Property })
	if outcome < 0 || c.Literature == nil || r.Subject.Formula == "" || r.Low == nil || r.High == nil || r.Confidence < c.Literature.Confidence {
		return Experiment{}, false
	}
	e := Experiment{Status: OK, Outcomes: unknown(len(c.Outcomes)), Deviations: make([]float64, len(c.Outcomes)), Source: "record " + r.ID + " of " + r.Name, Record: true}
	e.Outcomes[outcome] = (*r.Low + *r.High) / 2
	// A stated uncertainty or interval; what comes from the source being
	// another laboratory is added by AddRecords, which sees all records.
	e.Deviations[outcome] = r.Error + (*r.High-*r.Low)/4
	e.confidence = r.Confidence
	for j := range c.Space.Variables {
		v := &c.Space.Variables[j]
		x, ok := 0.0, false
		switch name := c.Literature.Conditions[j]; {
		case v.Kind == space.Formula:
			k, err := c.Space.Read(j, r.Subject.Formula)
			x, ok = k, err == nil && usable(v.Choices[int(k)])
		case name != "":
			for _, condition := range r.Conditions {
				if condition.Name == name && condition.Low != nil && condition.High != nil && (v.Unit == "" || condition.Unit == v.Unit) {
					x, ok = (*condition.Low+*condition.High)/2, true
				}
			}
		}
		if !ok {
			if x, ok = c.Literature.Given[j]; !ok {
				return Experiment{}, false
			}
		}
		e.Point = append(e.Point, x)
	}
	return e, true
}

// usable reports whether features of the formula can be computed.
func usable(formula string) bool {
	_, err := space.RawFeatures(formula)
	return err == nil
}

// AddRecords takes experiments from records up. They teach, but are not among
// those that were made, and count less the less they are believed.
func (c *Campaign) AddRecords(records []Experiment) {
	for j := range c.Outcomes {
		mean, square, n := 0.0, 0.0, 0.0
		for _, e := range records {
			if y := e.Outcomes[j]; !math.IsNaN(y) {
				n++
				d := y - mean
				mean += d / n
				square += d * (y - mean)
			}
		}
		spread := math.Sqrt(square / max(n, 1))
		if spread == 0 {
			spread = math.Abs(mean)
		}
		for i := range records {
			if e := &records[i]; !math.IsNaN(e.Outcomes[j]) {
				e.Deviations[j] = math.Hypot(e.Deviations[j], foreign*spread/max(e.confidence, 0.1))
			}
		}
	}
	c.Experiments = append(c.Experiments, records...)
}
