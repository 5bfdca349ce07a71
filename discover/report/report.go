// Package report writes what is known of a campaign as one HTML file that needs
// nothing else: no network, no script, plots as SVG.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"

	"github.com/alkahest/alkahest/discover"
	"github.com/alkahest/alkahest/discover/space"
)

//go:embed report.html
var page string

// view is what the page shows.
type view struct {
	Campaign *discover.Campaign
	Standing []string
	Advice   string
	Sections []section
	Columns  []string
	Rows     []row
	Proposed []row
	Reasons  [][]string
}

type section struct {
	Title string
	Plots []plot
}

type plot struct {
	Title, Text string
	SVG         template.HTML
}

type row struct {
	Class string
	Cells []string
}

// Write writes the report. Next is a proposal to show, or nil.
func Write(w io.Writer, c *discover.Campaign, next *discover.Proposal) error {
	t, err := template.New("report").Parse(page)
	if err != nil {
		return err
	}
	d, err := c.Diagnose()
	if err != nil {
		return err
	}
	v := &view{Campaign: c, Standing: c.Standing(), Columns: heads(c)}
	for i := range c.Experiments {
		v.Rows = append(v.Rows, experimentRow(c, i, slices.Contains(d.Front, i)))
	}
	if next != nil {
		v.Advice = next.Advice
		for i := range next.Candidates {
			x := &next.Candidates[i]
			v.Proposed = append(v.Proposed, proposedRow(c, x))
			v.Reasons = append(v.Reasons, x.Reasons)
		}
	}
	if objectives := c.Policy.Objectives(); len(objectives) > 1 {
		v.Sections = append(v.Sections, section{"Compromises", []plot{front(c, d, objectives[0], objectives[1], next)}})
	}
	for i := range d.Outcomes {
		v.Sections = append(v.Sections, outcomeSection(&d.Outcomes[i]))
	}
	return t.Execute(w, v)
}

func heads(c *discover.Campaign) []string {
	var heads []string
	for _, x := range c.Space.Variables {
		heads = append(heads, withUnit(x.Name, x.Unit))
	}
	for _, o := range c.Outcomes {
		heads = append(heads, withUnit(o.Name, o.Unit))
	}
	return append(heads, "")
}

func withUnit(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " (" + unit + ")"
}

func experimentRow(c *discover.Campaign, i int, onFront bool) row {
	e := &c.Experiments[i]
	r := row{}
	for j := range c.Space.Variables {
		r.Cells = append(r.Cells, c.Space.Text(e.Point, j))
	}
	for _, y := range e.Outcomes {
		r.Cells = append(r.Cells, short(y))
	}
	note := e.Source
	switch {
	case e.Status == discover.Failed:
		r.Class, note = "failed", "failed, "+note
	case e.Record:
		r.Class = "record"
	case onFront || len(c.Policy.Objectives()) == 1 && c.Best(c.Policy.Objectives()[0]) == e:
		r.Class, note = "best", "best, "+note
	}
	r.Cells = append(r.Cells, note)
	return r
}

func proposedRow(c *discover.Campaign, x *discover.Candidate) row {
	r := row{}
	for j := range c.Space.Variables {
		r.Cells = append(r.Cells, c.Space.Text(x.Point, j))
	}
	for j := range c.Outcomes {
		cell := "?"
		if !math.IsNaN(x.Expected[j]) {
			cell = short(x.Expected[j]) + " ± " + short(1.645*x.Deviation[j])
		}
		r.Cells = append(r.Cells, cell)
	}
	r.Cells = append(r.Cells, x.ID)
	return r
}

func short(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return fmt.Sprintf("%.4g", x)
}

func outcomeSection(o *discover.OutcomeDiagnosis) section {
	s := section{Title: o.Outcome.Name}
	name := withUnit(o.Outcome.Name, o.Outcome.Unit)
	if o.Best != nil {
		s.Plots = append(s.Plots, progress(o, name))
	}
	if len(o.Left) > 0 {
		s.Plots = append(s.Plots, parity(o, name), calibration(o))
	}
	for _, e := range o.Effects {
		s.Plots = append(s.Plots, effect(&e, name))
	}
	return s
}

func progress(o *discover.OutcomeDiagnosis, name string) plot {
	ch := newChart("experiments", name)
	ch.steps(o.Best, "line")
	if len(o.Chance) > 0 {
		var xs []float64
		for k := range o.Chance {
			xs = append(xs, float64(k+1))
		}
		ch.line(xs, o.Chance, "reference")
	}
	return plot{"Progress", "The best so far (line), and the best that as many random candidates would give in the eyes of the model (dashes).", ch.svg()}
}

func parity(o *discover.OutcomeDiagnosis, name string) plot {
	ch := newChart("measured "+name, "predicted")
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range o.Left {
		ch.bar(l.Measured, l.Low, l.High)
		ch.point(l.Measured, l.Predicted, "dot")
		low, high = min(low, l.Measured), max(high, l.Measured)
	}
	ch.line([]float64{low, high}, []float64{low, high}, "reference")
	return plot{"Parity", "Each experiment as all others predict it, with 90 % intervals.", ch.svg()}
}

func calibration(o *discover.OutcomeDiagnosis) plot {
	ch := newChart("share that intervals should hold", "share that they hold")
	var xs, ys []float64
	for _, c := range o.Coverage {
		xs, ys = append(xs, c.Level), append(ys, c.Share)
	}
	ch.line([]float64{0, 1}, []float64{0, 1}, "reference")
	ch.line(xs, ys, "line")
	return plot{"Calibration", fmt.Sprintf("Above the diagonal the model is too careful, below it too sure of itself. From %d experiments.", len(o.Left)), ch.svg()}
}

func effect(e *discover.Effect, name string) plot {
	ch := newChart(withUnit(e.Variable.Name, e.Variable.Unit), name)
	text := "With all else as in the best experiment, whose value is marked; 90 % band."
	if e.Variable.Kind == space.Number {
		ch.logX = e.Variable.Log
		ch.band(e.Levels, e.Low, e.High)
		ch.line(e.Levels, e.Mean, "line")
		ch.mark(e.At)
	} else {
		for i := range e.Levels {
			ch.label(float64(i), e.Variable.Choices[int(e.Levels[i])])
			ch.bar(float64(i), e.Low[i], e.High[i])
			class := "dot"
			if e.Levels[i] == e.At {
				class = "chosen"
			}
			ch.point(float64(i), e.Mean[i], class)
		}
	}
	return plot{"Effect of " + e.Variable.Name, text, ch.svg()}
}

func front(c *discover.Campaign, d *discover.Diagnosis, a, b int, next *discover.Proposal) plot {
	ch := newChart(withUnit(c.Outcomes[a].Name, c.Outcomes[a].Unit), withUnit(c.Outcomes[b].Name, c.Outcomes[b].Unit))
	for i := range c.Experiments {
		class := "dot"
		if slices.Contains(d.Front, i) {
			class = "chosen"
		}
		ch.point(c.Experiments[i].Outcomes[a], c.Experiments[i].Outcomes[b], class)
	}
	if next != nil {
		for _, x := range next.Candidates {
			ch.point(x.Expected[a], x.Expected[b], "ring")
		}
	}
	return plot{"Pareto front", "Filled: no experiment is better in all goals. Rings: what is expected of the next candidates.", ch.svg()}
}
