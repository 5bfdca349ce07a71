package formula

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Alias is a short or trivial name of a material.
type Alias struct {
	Name      string
	Kind      string // composition, polymer, molecule, name
	Formula   string // empty if it has none
	Title     string // what the name stands for
	Source    string
	Ambiguous bool // stands for other things as well
	formula   *Formula
}

//go:embed aliases.tsv
var aliasData string

// aliases are the aliases by their first word, in lower case, longest name first.
var aliases, aliasByName = func() (map[string][]*Alias, map[string]*Alias) {
	byFirst, byName := map[string][]*Alias{}, map[string]*Alias{}
	for line := range strings.Lines(aliasData) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		a, err := parseAlias(line)
		if err != nil {
			panic("aliases.tsv: " + err.Error()) // a test reads the file first
		}
		byName[a.Name] = a
		first := strings.ToLower(firstWord(a.Name))
		list := byFirst[first]
		at := 0
		for at < len(list) && len(list[at].Name) >= len(a.Name) {
			at++
		}
		byFirst[first] = append(list[:at], append([]*Alias{a}, list[at:]...)...)
	}
	return byFirst, byName
}()

// parseAlias reads one line of aliases.tsv.
func parseAlias(line string) (*Alias, error) {
	cols := strings.Split(line, "\t")
	if len(cols) != 5 {
		return nil, fmt.Errorf("%q: %d columns, want 5", line, len(cols))
	}
	a := &Alias{Name: cols[0], Kind: cols[1], Formula: cols[2], Title: cols[3], Source: cols[4]}
	a.Name, a.Ambiguous = strings.CutSuffix(a.Name, "?")
	switch a.Kind {
	case "composition", "polymer", "molecule", "name":
	default:
		return nil, fmt.Errorf("%s: unknown kind %q", a.Name, a.Kind)
	}
	if a.Formula != "" {
		f, err := Parse(a.Formula)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		a.formula = f
	}
	return a, nil
}

// LookupAlias returns the alias with exactly this name.
func LookupAlias(name string) (*Alias, bool) {
	a, ok := aliasByName[name]
	return a, ok
}

func firstWord(s string) string {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if i == 0 {
				return s
			}
			return s[:i]
		}
	}
	return s
}

// aliasAt reads the longest alias at i. Names with capitals match as written,
// other names in any case.
func aliasAt(text string, i int) (Mention, bool) {
	end := i
	for end < len(text) && end-i < 24 {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		if unicode.Is(unicode.Hangul, r) && end > i {
			if first, _ := utf8.DecodeRuneInString(text[i:]); !unicode.Is(unicode.Hangul, first) {
				break
			}
		}
		end += size
	}
	word := text[i:end]
	candidates := aliases[strings.ToLower(word)]
	if candidates == nil && word != "" {
		if r, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Hangul, r) {
			candidates = koreanAliases(word)
		}
	}
	for _, a := range candidates {
		stop := i + len(a.Name)
		if stop > len(text) {
			continue
		}
		got := text[i:stop]
		if got != a.Name && (strings.ContainsFunc(a.Name, unicode.IsUpper) || strings.ToLower(got) != a.Name) {
			continue
		}
		if stop < len(text) {
			r, _ := utf8.DecodeRuneInString(text[stop:])
			last, _ := utf8.DecodeLastRuneInString(a.Name)
			if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Hangul, r) && last != ')' {
				continue
			}
		}
		return Mention{Start: i, End: stop, Text: got, Formula: a.formula, Alias: a}, true
	}
	return Mention{}, false
}

// koreanAliases returns the aliases that start the Korean word, to which
// particles may be glued.
func koreanAliases(word string) []*Alias {
	for end := len(word); end > 0; {
		if list := aliases[word[:end]]; list != nil {
			return list
		}
		_, size := utf8.DecodeLastRuneInString(word[:end])
		end -= size
	}
	return nil
}
