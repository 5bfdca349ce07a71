package cli

import (
	"fmt"
	"strings"

	"github.com/alkahest/alkahest/field"
)

// fieldsCommand is "alkahest fields".
type fieldsCommand struct {
	Name string `arg:"" optional:"" help:"Only this field, or one property with all that is known of it."`
	JSON bool   `help:"As JSON."`
}

// Run lists what the fields declare.
func (c *fieldsCommand) Run(e *environment) error {
	fields, err := e.fields()
	if err != nil {
		return err
	}
	if strings.Contains(c.Name, "/") {
		for p := range fields.Properties() {
			if p.ID() == c.Name {
				if c.JSON {
					return e.encodeJSON(describe(p))
				}
				return c.property(e, p)
			}
		}
		_, err := properties(fields, []string{c.Name})
		return err
	}
	if c.Name != "" {
		if _, err := properties(fields, []string{c.Name}); err != nil {
			return err
		}
	}
	var list []propertyJSON
	g := &grid{columns: []column{{head: "PROPERTY"}, {head: "UNIT"}, {head: "FROM", right: true}, {head: "TO", right: true}, {head: "WORDS", least: 20}}}
	for p := range fields.Properties() {
		if c.Name != "" && p.Field != c.Name {
			continue
		}
		list = append(list, describe(p))
		g.add(p.ID(), unit(p.Unit.Symbol), number(p.Low), number(p.High), strings.Join(p.Words(), ", "))
	}
	if c.JSON {
		return e.encodeJSON(list)
	}
	limit := terminalWidth(e.out)
	if limit == 0 {
		limit = fieldsWidth
	}
	if err := g.write(e.out, limit); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "\n%d properties; for all of one: %s\n", len(list), e.suggest("fields", list[0].ID))
	return nil
}

// fieldsWidth is the width of the list where the terminal has none: the words
// of a property may be hundreds of characters.
const fieldsWidth = 120

// property prints all that is known of p.
func (c *fieldsCommand) property(e *environment, p *field.Property) error {
	symbol := unit(p.Unit.Symbol)
	if symbol == "" {
		symbol = "none"
	}
	rows := [][2]string{
		{"property", p.ID()},
		{"", p.Title},
		{"", p.Description},
		{"unit", symbol},
		{"plausible", number(p.Low) + " to " + number(p.High)},
		{"names", strings.Join(p.Names, ", ")},
		{"Korean", strings.Join(p.Korean, ", ")},
		{"symbols", strings.Join(p.Symbols, ", ")},
		{"weak", strings.Join(p.Weak, ", ")},
		{"not", strings.Join(p.Not, ", ")},
		{"conditions", strings.Join(p.Conditions, ", ")},
		{"subjects", strings.Join(p.Subjects, ", ")},
	}
	for _, u := range p.Alternatives {
		rows = append(rows, [2]string{"also in", unit(u.Symbol)})
	}
	for _, row := range rows {
		for i, line := range wrap(visible(row[1]), excerptWidth) {
			head := row[0]
			if i > 0 {
				head = ""
			}
			fmt.Fprintf(e.out, "%s%s\n", pad(head, 12), line)
		}
	}
	return nil
}

// propertyJSON is a property as "alkahest fields --json" writes it.
type propertyJSON struct {
	ID           string   `json:"id"`
	Title        string   `json:"title"`
	Description  string   `json:"description,omitempty"`
	Unit         string   `json:"unit"`
	Low          float64  `json:"low"` // of the plausible range, in Unit
	High         float64  `json:"high"`
	Alternatives []string `json:"alternatives,omitempty"`
	Names        []string `json:"names"`
	Korean       []string `json:"korean,omitempty"`
	Symbols      []string `json:"symbols,omitempty"`
	Weak         []string `json:"weak,omitempty"`
	Not          []string `json:"not,omitempty"`
	Conditions   []string `json:"conditions,omitempty"`
	Subjects     []string `json:"subjects,omitempty"`
}

func describe(p *field.Property) propertyJSON {
	out := propertyJSON{
		ID: p.ID(), Title: p.Title, Description: p.Description, Unit: p.Unit.Symbol, Low: p.Low, High: p.High,
		Names: p.Names, Korean: p.Korean, Symbols: p.Symbols, Weak: p.Weak, Not: p.Not, Conditions: p.Conditions, Subjects: p.Subjects,
	}
	for _, u := range p.Alternatives {
		out.Alternatives = append(out.Alternatives, u.Symbol)
	}
	return out
}
