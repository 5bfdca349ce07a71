package knowledge

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/field"
)

// property reads the name of a property and looks it up. The property is nil
// when there are no fields.
func (p *parser) property() (string, *field.Property, error) {
	at := p.pos
	var name string
	if r := p.text[p.pos]; r == '"' || r == '\'' || strings.HasPrefix(p.text[p.pos:], "“") {
		s, ok, err := p.str()
		if err != nil {
			return "", nil, err
		}
		if !ok {
			return "", nil, p.errorf(at, "", "the name of a property should stand here")
		}
		name = s
	} else {
		var words []string
		for {
			w := p.peek()
			if w == "" || isAnd(w) || isOr(w) || isNot(w) {
				break
			}
			if op, _ := p.operator(); op != "" {
				break
			}
			words = append(words, w)
			p.accept(w)
		}
		if words == nil {
			return "", nil, p.errorf(at, "", "a term should stand here, not %q", p.rest())
		}
		name = strings.Join(words, " ")
	}
	if p.fields == nil {
		if family, rest, ok := strings.Cut(name, "/"); !ok || family == "" || rest == "" || strings.ContainsAny(name, " \"'\\(),=<>!") {
			return "", nil, p.errorf(at, "write field/property", "%q is not the full name of a property", name)
		}
		return name, nil, nil
	}
	found, near := lookup(p.fields, name)
	switch len(found) {
	case 1:
		return found[0].ID(), found[0], nil
	case 0:
		suggestion := ""
		if near != nil {
			suggestion = "did you mean " + near.ID() + "?"
		}
		return "", nil, p.errorf(at, suggestion, "no field declares a property %q", name)
	}
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.ID()
	}
	slices.Sort(ids)
	return "", nil, p.errorf(at, "write one of them in full", "%q names several properties: %s", name, strings.Join(ids, ", "))
}

// lookup returns the properties called name, and when there is none the one
// whose name is nearest, if any is near.
func lookup(fields *field.Set, name string) (found []*field.Property, near *field.Property) {
	folded := foldName(name)
	best := 1 + len([]rune(folded))/3 // edits beyond which a suggestion is noise
	var byName []*field.Property
	for property := range fields.Properties() {
		if property.ID() == name {
			return []*field.Property{property}, nil
		}
		if slices.Contains(property.Symbols, name) {
			found = append(found, property)
			continue
		}
		names := slices.Concat([]string{property.Name, property.ID(), property.Title}, property.Names, property.Korean)
		for i, n := range names {
			n = foldName(n)
			if n == folded {
				byName = append(byName, property)
				break
			}
			if i > 1 && strings.ContainsRune(name, '/') {
				continue
			}
			if d := distance(n, folded, best); d < best {
				best, near = d, property
			}
		}
	}
	if found == nil {
		found = byName
	}
	return found, near
}

func foldName(s string) string {
	return Fold(strings.NewReplacer("-", " ", "_", " ").Replace(s))
}

// distance returns the number of inserted, deleted and changed characters
// between a and b (Levenshtein, Soviet Physics Doklady 10 (1966) 707), or
// limit if it is not below limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
	}
	return min(row[len(y)], limit)
}
