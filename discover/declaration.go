package discover

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alkahest/alkahest/discover/policy"
	"github.com/alkahest/alkahest/discover/space"
	"github.com/alkahest/alkahest/internal/strictyaml"
)

// Limits of a campaign.
const (
	MaxOutcomes = 20
	MaxBatch    = 1000
)

// Parse reads the declaration of a campaign; name stands for the file in
// errors, and files that the declaration names are looked for beside it. All
// mistakes are reported, each a *strictyaml.Error, joined with errors.Join.
func Parse(name string, data []byte) (*Campaign, error) {
	p := &parser{Reader: strictyaml.Reader{File: name}, campaign: &Campaign{File: name, Seed: 1, Batch: 4}}
	if root := p.Root(data, "declares one campaign"); root != nil {
		p.read(root)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return p.campaign, nil
}

// readLimited reads a regular file that people write.
func readLimited(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, strictyaml.MaxBytes+1))
}

// parser walks over the nodes of a declaration.
type parser struct {
	strictyaml.Reader
	campaign *Campaign
	space    space.Space
	at       map[string]*strictyaml.Node // where each name was declared
}

func (p *parser) read(n *strictyaml.Node) {
	keys := p.Mapping(n, "the campaign", "campaign", "description", "seed", "batch", "outcomes", "compromise", "rule", "share",
		"variables", "list", "mixtures", "constraints", "cost", "results", "literature")
	if !strictyaml.IsMapping(n) {
		return
	}
	c := p.campaign
	p.at = map[string]*strictyaml.Node{}
	if e, ok := p.Required(n, keys, "campaign"); ok {
		c.Name = p.Text(e.Value, "campaign")
	}
	if e, ok := keys["description"]; ok {
		c.Description = p.Text(e.Value, "description")
	}
	if e, ok := keys["seed"]; ok {
		seed, _ := p.Whole(e.Value, "the seed", 0)
		c.Seed = uint64(seed)
	}
	if e, ok := keys["batch"]; ok {
		if c.Batch, ok = p.Whole(e.Value, "a batch", 1); ok && c.Batch > MaxBatch {
			p.Errorf(e.Value, "a batch of more than %d experiments", MaxBatch)
		}
	}
	if e, ok := keys["list"]; ok {
		p.list(e.Value)
	}
	if e, ok := keys["variables"]; ok {
		p.variables(e.Value)
	}
	if len(p.space.Variables) == 0 && p.Err() == nil {
		p.Errorf(n, "variables or list are missing: there is nothing to vary")
	}
	if e, ok := keys["mixtures"]; ok {
		p.mixtures(e.Value)
	}
	if e, ok := keys["constraints"]; ok {
		for _, item := range p.List(e.Value, "constraints") {
			l, err := p.space.ParseLinear(item.Value)
			if err != nil && len(p.space.Variables) < len(p.at) {
				continue // it may be about a variable whose declaration is wrong
			}
			if err != nil {
				p.Errorf(item, "%v", err)
				continue
			}
			p.space.Linear = append(p.space.Linear, l)
		}
	}
	if e, ok := p.Required(n, keys, "outcomes"); ok {
		p.outcomes(e.Value)
	}
	p.manner(keys)
	if e, ok := keys["cost"]; ok {
		p.cost(e.Value)
	}
	if e, ok := keys["results"]; ok {
		c.Results = p.beside(p.Text(e.Value, "results"))
	}
	if e, ok := keys["literature"]; ok {
		p.literature(e.Value)
	}
	if p.Err() != nil {
		return
	}
	if err := p.space.Prepare(); err != nil {
		p.Errorf(n, "%v", err)
		return
	}
	c.Space = &p.space
	p.possible(n)
}

// possible reports if no candidate keeps to the constraints.
func (p *parser) possible(n *strictyaml.Node) {
	if points, ok := p.campaign.Space.All(); ok && len(points) == 0 {
		p.Errorf(n, "no candidate keeps to all constraints")
	}
}

// beside returns the path of a file that the declaration names.
func (p *parser) beside(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(p.File), name)
}

// declare reports a name that was taken before.
func (p *parser) declare(n *strictyaml.Node, name string) bool {
	switch {
	case strings.TrimSpace(name) != name || name == "":
		p.Errorf(n, "a name is empty or has blanks at its ends")
		return false
	case slices.Contains([]string{statusColumn, noteColumn}, name):
		p.Errorf(n, "%q is the name of a column that every sheet of results may have", name)
		return false
	case p.at[name] != nil:
		p.Errorf(n, "%q is declared twice, first in line %d", strictyaml.Clip(name), p.at[name].Line)
		return false
	}
	p.at[name] = n
	return true
}

func (p *parser) variables(n *strictyaml.Node) {
	entries := p.Entries(n, "variables")
	if len(entries) > space.MaxVariables {
		p.Errorf(n, "more than %d variables", space.MaxVariables)
		return
	}
	for _, e := range entries {
		if !p.declare(e.Key, e.Key.Value) {
			continue
		}
		if v, ok := p.variable(e.Key, e.Value); ok {
			v.Name = e.Key.Value
			p.space.Variables = append(p.space.Variables, v)
		}
	}
}

func (p *parser) variable(key, n *strictyaml.Node) (v space.Variable, ok bool) {
	keys := p.Mapping(n, "a variable", "range", "step", "integer", "log", "unit", "choices", "formulas", "molecules", "invent", "max-atoms")
	if !strictyaml.IsMapping(n) {
		return v, false
	}
	kinds := 0
	for _, k := range []string{"range", "choices", "formulas", "molecules"} {
		if _, ok := keys[k]; ok {
			kinds++
		}
	}
	if kinds != 1 {
		p.Errorf(key, "a variable has a range, or choices, or formulas, or molecules")
		return v, false
	}
	if e, ok := keys["unit"]; ok {
		v.Unit = p.Text(e.Value, "unit")
	}
	if e, ok := keys["choices"]; ok {
		v.Kind = space.Choice
		for _, c := range p.List(e.Value, "choices") {
			p.choice(&v, c, c.Value)
		}
		return v, p.onlyNumbers(keys)
	}
	if e, ok := keys["formulas"]; ok {
		v.Kind = space.Formula
		p.formulas(&v, e.Value)
		return v, p.onlyNumbers(keys) && len(v.Choices) > 0
	}
	if e, ok := keys["molecules"]; ok {
		v.Kind = space.Molecule
		for _, c := range p.List(e.Value, "molecules") {
			p.choice(&v, c, c.Value)
		}
		return v, p.onlyNumbers(keys) && p.invent(&v, keys) && len(v.Choices) > 0
	}
	r := keys["range"].Value
	if v.Low, v.High, ok = p.Range(r); !ok || v.Low >= v.High {
		return v, false
	}
	if e, ok := keys["step"]; ok {
		if v.Step, ok = p.Number(e.Value, "a step"); ok && !(v.Step > 0 && v.Step <= v.High-v.Low) {
			p.Errorf(e.Value, "a step should be above 0 and not wider than the range, not %v", v.Step)
		}
	}
	if e, ok := keys["integer"]; ok && p.Boolean(e.Value, "integer") {
		if v.Step != 0 && v.Step != math.Trunc(v.Step) || v.Low != math.Trunc(v.Low) {
			p.Errorf(e.Value, "whole numbers need a range, and a step if there is one, of whole numbers")
		}
		if v.Step == 0 {
			v.Step = 1
		}
	}
	if e, ok := keys["log"]; ok && p.Boolean(e.Value, "log") {
		if v.Log = true; v.Low <= 0 {
			p.Errorf(r, "a logarithmic scale begins above 0, not at %v", v.Low)
		}
	}
	return v, true
}

// invent reads whether molecules may be invented.
func (p *parser) invent(v *space.Variable, keys map[string]strictyaml.Entry) bool {
	most := 0
	if e, ok := keys["max-atoms"]; ok {
		most, _ = p.Whole(e.Value, "max-atoms", 1)
	}
	e, ok := keys["invent"]
	if !ok || !p.Boolean(e.Value, "invent") {
		return true
	}
	if err := v.Invent(most); err != nil {
		p.Errorf(e.Value, "%v", err)
		return false
	}
	return true
}

// onlyNumbers reports keys that make sense for numbers only.
func (p *parser) onlyNumbers(keys map[string]strictyaml.Entry) bool {
	ok := true
	for _, k := range []string{"step", "integer", "log"} {
		if e, has := keys[k]; has {
			p.Errorf(e.Key, "%s is for a range of numbers", k)
			ok = false
		}
	}
	return ok
}

// choice adds a choice, a formula or molecule in its canonical form.
func (p *parser) choice(v *space.Variable, n *strictyaml.Node, text string) {
	text, err := v.Canonical(text)
	if err != nil {
		p.Errorf(n, "%v", err)
		return
	}
	if slices.Contains(v.Choices, text) {
		p.Errorf(n, "%q stands twice", strictyaml.Clip(text))
		return
	}
	v.Choices = append(v.Choices, text)
}

// formulas reads a list of formulas, or a pattern with sites.
func (p *parser) formulas(v *space.Variable, n *strictyaml.Node) {
	if strictyaml.IsList(n) {
		for _, c := range p.List(n, "formulas") {
			p.choice(v, c, c.Value)
		}
		return
	}
	keys := p.Mapping(n, "formulas", "pattern", "sites", "charged")
	pattern, ok1 := p.Required(n, keys, "pattern")
	sites, ok2 := p.Required(n, keys, "sites")
	if !ok1 || !ok2 {
		return
	}
	s := space.Substitution{Pattern: p.Text(pattern.Value, "pattern")}
	for _, e := range p.Entries(sites.Value, "sites") {
		site := space.Site{Name: e.Key.Value}
		for _, c := range p.List(e.Value, "a site") {
			site.Choices = append(site.Choices, c.Value)
		}
		s.Sites = append(s.Sites, site)
	}
	if e, ok := keys["charged"]; ok {
		s.Charged = p.Boolean(e.Value, "charged")
	}
	if p.Err() != nil {
		return
	}
	formulas, charged, err := s.Formulas()
	switch {
	case err != nil:
		p.Errorf(pattern.Value, "%v", err)
	case len(formulas) == 0:
		p.Errorf(pattern.Value, "none of %d formulas is neutral with usual oxidation states; \"charged: true\" keeps them", charged)
	case len(formulas) > space.MaxChoices:
		p.Errorf(pattern.Value, "more than %d formulas", space.MaxChoices)
	}
	if charged > 0 {
		p.campaign.Notes = append(p.campaign.Notes, fmt.Sprintf("%d of %d formulas of %s are left out: no usual oxidation states make them neutral", charged, charged+len(formulas), s.Pattern))
	}
	v.Choices = formulas
}

func (p *parser) mixtures(n *strictyaml.Node) {
	if !strictyaml.IsList(n) {
		p.Errorf(n, "mixtures should be a list, not %s", strictyaml.Kind(n))
		return
	}
	for _, item := range n.Content {
		keys := p.Mapping(item, "a mixture", "components", "total", "at-most")
		components, ok := p.Required(item, keys, "components")
		if !ok {
			continue
		}
		m := space.Mixture{Total: 1}
		for _, c := range p.List(components.Value, "components") {
			j := p.space.Column(c.Value)
			if j < 0 && p.at[c.Value] != nil {
				continue // its declaration is wrong
			}
			if j < 0 {
				p.Errorf(c, "component %q is not declared among the variables", strictyaml.Clip(c.Value))
				continue
			}
			if slices.Contains(m.Variables, j) {
				p.Errorf(c, "component %q stands twice", c.Value)
				continue
			}
			m.Variables = append(m.Variables, j)
		}
		if len(components.Value.Content) < 2 {
			p.Errorf(components.Value, "a mixture has at least two components")
			continue
		}
		if e, ok := keys["total"]; ok {
			if m.Total, ok = p.Number(e.Value, "a total"); ok && m.Total <= 0 {
				p.Errorf(e.Value, "a total should be above 0, not %v", m.Total)
			}
		}
		if e, ok := keys["at-most"]; ok {
			if m.AtMost, ok = p.Whole(e.Value, "at-most", 1); ok && m.AtMost > len(m.Variables) {
				p.Errorf(e.Value, "at most %d of %d components says nothing", m.AtMost, len(m.Variables))
			}
		}
		p.space.Mixtures = append(p.space.Mixtures, m)
	}
}

func (p *parser) outcomes(n *strictyaml.Node) {
	entries := p.Entries(n, "outcomes")
	if len(entries) > MaxOutcomes {
		p.Errorf(n, "more than %d outcomes", MaxOutcomes)
		return
	}
	c := p.campaign
	for _, e := range entries {
		if !p.declare(e.Key, e.Key.Value) {
			continue
		}
		o := Outcome{Name: e.Key.Value, Goal: policy.Goal{Low: math.NaN(), High: math.NaN()}}
		keys := p.Mapping(e.Value, "an outcome", "goal", "target", "weight", "unit", "at-least", "at-most", "property")
		if !strictyaml.IsMapping(e.Value) {
			continue
		}
		p.goal(&o.Goal, e.Key, keys)
		if u, ok := keys["unit"]; ok {
			o.Unit = p.Text(u.Value, "unit")
		}
		if u, ok := keys["property"]; ok {
			o.Property = p.Text(u.Value, "property")
		}
		c.Outcomes = append(c.Outcomes, o)
		c.Policy.Goals = append(c.Policy.Goals, o.Goal)
	}
	if len(entries) > 0 && p.Err() == nil && len(c.Policy.Objectives()) == 0 {
		p.Errorf(n, "no outcome has a goal: one should be maximised, minimised or brought to a target")
	}
	if strictyaml.IsMapping(n) && len(entries) == 0 {
		p.Errorf(n, "outcomes is empty")
	}
}

func (p *parser) goal(g *policy.Goal, key *strictyaml.Node, keys map[string]strictyaml.Entry) {
	if e, ok := keys["goal"]; ok {
		switch e.Value.Value {
		case "maximise", "maximize":
			g.Direction = policy.Maximise
		case "minimise", "minimize":
			g.Direction = policy.Minimise
		default:
			p.Errorf(e.Value, "a goal should be maximise or minimise, not %s; for a value to reach, write \"target: 1.5\"", strictyaml.Kind(e.Value))
		}
	}
	if e, ok := keys["target"]; ok {
		if g.Direction != policy.None {
			p.Errorf(e.Key, "an outcome has a goal or a target, not both")
		}
		g.Direction = policy.Target
		g.Target, _ = p.Number(e.Value, "a target")
	}
	if e, ok := keys["weight"]; ok {
		if g.Weight, ok = p.Number(e.Value, "a weight"); ok && g.Weight <= 0 {
			p.Errorf(e.Value, "a weight should be above 0, not %v", g.Weight)
		}
	}
	if e, ok := keys["at-least"]; ok {
		g.Low, _ = p.Number(e.Value, "at-least")
	}
	if e, ok := keys["at-most"]; ok {
		g.High, _ = p.Number(e.Value, "at-most")
		if g.Low > g.High {
			p.Errorf(e.Value, "at most %v, but at least %v", g.High, g.Low)
		}
	}
	if _, tried := keys["goal"]; !tried && g.Direction == policy.None && math.IsNaN(g.Low) && math.IsNaN(g.High) {
		p.Errorf(key, "an outcome needs a goal, a target, at-least or at-most")
	}
}

// manner reads how gains are valued.
func (p *parser) manner(keys map[string]strictyaml.Entry) {
	c := p.campaign
	if e, ok := keys["compromise"]; ok {
		switch e.Value.Value {
		case "pareto":
		case "weighted":
			c.Policy.Weighted = true
		default:
			p.Errorf(e.Value, "compromise should be pareto or weighted, not %s", strictyaml.Kind(e.Value))
		}
	}
	if e, ok := keys["rule"]; ok {
		switch e.Value.Value {
		case "improvement":
		case "bound":
			c.Policy.Rule = policy.Bound
		case "thompson":
			c.Policy.Rule = policy.Thompson
		case "many":
			c.Policy.Rule, c.Policy.Share = policy.Many, 0.05
			if len(c.Policy.Objectives()) > 1 && !c.Policy.Weighted {
				p.Errorf(e.Value, "rule many needs a single goal or compromise: weighted, as of a front there is no best share")
			}
		default:
			p.Errorf(e.Value, "rule should be improvement, bound, thompson or many, not %s", strictyaml.Kind(e.Value))
		}
	}
	if e, ok := keys["share"]; ok {
		share, ok := p.Number(e.Value, "share")
		switch {
		case c.Policy.Rule != policy.Many:
			p.Errorf(e.Value, "share says how many rule many looks for, but the rule is another one")
		case ok && !(share > 0 && share <= 0.5):
			p.Errorf(e.Value, "share should be above 0 and at most 0.5, not %v", share)
		}
		c.Policy.Share = share
	}
}

func (p *parser) cost(n *strictyaml.Node) {
	text := p.Text(n, "cost")
	if text == "" {
		return
	}
	terms, constant, err := p.space.ParseSum(text)
	if err != nil {
		p.Errorf(n, "%v", err)
		return
	}
	least := constant
	for _, t := range terms {
		v := p.space.Variables[t.Variable]
		least += min(t.Factor*v.Low, t.Factor*v.High)
	}
	if !(least > 0) {
		p.Errorf(n, "the cost %q can be %v; it should always be above 0", text, least)
	}
	p.campaign.Cost = &Cost{Text: text, Terms: terms, Constant: constant}
}

func (p *parser) literature(n *strictyaml.Node) {
	keys := p.Mapping(n, "literature", "confidence", "given", "conditions")
	l := &Literature{Confidence: 0.5, Given: map[int]float64{}, Conditions: map[int]string{}}
	if e, ok := keys["confidence"]; ok {
		if l.Confidence, ok = p.Number(e.Value, "confidence"); ok && (l.Confidence < 0 || l.Confidence > 1) {
			p.Errorf(e.Value, "confidence should be from 0 to 1, not %v", l.Confidence)
		}
	}
	if e, ok := keys["given"]; ok {
		for _, g := range p.Entries(e.Value, "given") {
			j := p.space.Column(g.Key.Value)
			if j < 0 || p.space.Variables[j].Kind > space.Choice {
				p.Errorf(g.Key, "%q is no variable that records could leave out", strictyaml.Clip(g.Key.Value))
				continue
			}
			v := p.space.Variables[j]
			if v.Kind == space.Number {
				if x, ok := p.Number(g.Value, "a given value"); ok {
					l.Given[j] = x
				}
			} else if k := slices.Index(v.Choices, g.Value.Value); k < 0 {
				p.Errorf(g.Value, "%s is no choice of %s", strictyaml.Kind(g.Value), v.Name)
			} else {
				l.Given[j] = float64(k)
			}
		}
	}
	if e, ok := keys["conditions"]; ok {
		for _, g := range p.Entries(e.Value, "conditions") {
			j := p.space.Column(g.Key.Value)
			if j < 0 || p.space.Variables[j].Kind != space.Number {
				p.Errorf(g.Key, "%q is no variable with a range", strictyaml.Clip(g.Key.Value))
				continue
			}
			l.Conditions[j] = p.Text(g.Value, "a condition")
		}
	}
	if !slices.ContainsFunc(p.campaign.Outcomes, func(o Outcome) bool { return o.Property != "" }) {
		p.Errorf(n, "no outcome names the property of the database that it is")
	}
	if !slices.ContainsFunc(p.space.Variables, func(v space.Variable) bool { return v.Kind == space.Formula }) {
		p.Errorf(n, "records of the database are about compositions, but no variable has formulas")
	}
	p.campaign.Literature = l
}
