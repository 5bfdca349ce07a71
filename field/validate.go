package field

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Validate reports what is wrong with f and its properties, all of it, joined;
// nil if nothing is. Each error says which property it is about.
func (f *Field) Validate() error {
	var errs []error
	if !IsName(f.Name) {
		errs = append(errs, fmt.Errorf("field %q: a name is lower-case letters and digits joined by hyphens", f.Name))
	}
	if f.Version < 1 {
		errs = append(errs, fmt.Errorf("field %s: version %d is less than 1", f.Name, f.Version))
	}
	seen := map[string]bool{}
	owner := map[string]*Property{}
	for _, p := range f.Properties {
		if seen[p.Name] {
			errs = append(errs, fmt.Errorf("field %s: property %s is declared twice", f.Name, p.Name))
		}
		seen[p.Name] = true
		if p.Field != f.Name {
			errs = append(errs, fmt.Errorf("field %s: property %s says it is of field %q", f.Name, p.Name, p.Field))
		}
		if err := p.Validate(); err != nil {
			errs = append(errs, err)
		}
		for _, w := range p.Words() {
			if p.IsWeak(w) {
				continue
			}
			if !slices.Contains(p.Symbols, w) {
				w = Fold(w)
			}
			if o := owner[w]; o != nil && o != p {
				errs = append(errs, fmt.Errorf("property %s: %q also names %s; make it weak in one of them", p.ID(), w, o.ID()))
			}
			owner[w] = p
		}
	}
	names := map[string]*Property{}
	for _, p := range f.Properties {
		for _, n := range slices.Concat(p.Names, p.Korean) {
			names[Fold(n)] = p
		}
	}
	for _, p := range f.Properties {
		for _, phrase := range p.Not {
			if o := names[Fold(phrase)]; o != nil {
				errs = append(errs, fmt.Errorf("property %s: %q cannot be excluded, because it names %s", p.ID(), phrase, o.ID()))
			}
		}
	}
	return errors.Join(errs...)
}

// Validate reports what is wrong with p alone, all of it, joined; nil if
// nothing is.
func (p *Property) Validate() error {
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("property "+p.ID()+": "+format, args...))
	}
	if !IsName(p.Name) {
		wrong("a name is lower-case letters and digits joined by hyphens")
	}
	if p.Unit.Unknown || p.Unit.Factor == 0 {
		wrong("unknown unit %q", p.Unit.Symbol)
	}
	if err := (Range{p.Low, p.High}).validate(); err != nil {
		wrong("%v", err)
	}
	if len(p.Ranges) != len(p.Alternatives) {
		wrong("%d alternative units, but %d ranges", len(p.Alternatives), len(p.Ranges))
	}
	for i, u := range p.Alternatives {
		switch {
		case u.Unknown || u.Factor == 0:
			wrong("unknown alternative unit %q", u.Symbol)
		case u.Dimension == p.Unit.Dimension:
			wrong("%s is no alternative, because it converts to %s", u, p.Unit)
		}
		if i < len(p.Ranges) {
			if err := p.Ranges[i].validate(); err != nil {
				wrong("alternative unit %s: %v", u, err)
			}
		}
	}
	if p.Fraction && !p.IsPercentage() {
		wrong("only a percentage can be stated as a fraction, not %s", p.Unit)
	}
	if len(p.Words()) == 0 {
		wrong("no names")
	}
	for _, n := range slices.Concat(p.Names, p.Processes, p.States, p.Unclear) {
		if n != strings.ToLower(n) {
			wrong("name %q is not lower case; is it a symbol?", n)
		}
	}
	folded := map[string]string{}
	for _, n := range p.Names {
		if first, twice := folded[Fold(n)]; twice {
			wrong("name %q is %q but for hyphens, which are matched anyway", n, first)
		}
		folded[Fold(n)] = n
	}
	for _, s := range p.Symbols {
		if len(s) == 1 {
			wrong("symbol %q is a single Latin letter, which is a unit or a word more often than the property", s)
		}
	}
	for _, c := range p.Context {
		if !IsContext(c) {
			wrong("context %q is not the beginning of a word: four lower-case letters or more, or two Korean ones", c)
		}
	}
	for _, n := range p.Korean {
		if strings.IndexFunc(n, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) < 0 {
			wrong("%q has no Korean letter", n)
		}
	}
	for _, list := range []struct {
		what  string
		items []string
	}{{"name", p.Names}, {"Korean name", p.Korean}, {"symbol", p.Symbols}, {"weak word", p.Weak}, {"context", p.Context}, {"excluded phrase", p.Not}, {"process", p.Processes}, {"state", p.States}, {"unclear process", p.Unclear}, {"condition", p.Conditions}, {"subject", p.Subjects}} {
		for i, s := range list.items {
			switch {
			case strings.TrimSpace(s) == "":
				wrong("empty %s", list.what)
			case s != strings.Join(strings.Fields(s), " "):
				wrong("%s %q has spare white space", list.what, s)
			case slices.Contains(list.items[:i], s):
				wrong("%s %q stands twice", list.what, s)
			}
		}
	}
	for _, w := range p.Weak {
		if !slices.Contains(p.Words(), w) {
			wrong("weak word %q is none of its names and symbols", w)
		}
	}
	for _, s := range slices.Concat(p.Conditions, p.Subjects) {
		if !IsName(s) {
			wrong("%q should be lower-case letters and digits joined by hyphens", s)
		}
	}
	return errors.Join(errs...)
}

// IsPercentage reports whether p's unit is a pure number other than one, such
// as % or wt%.
func (p *Property) IsPercentage() bool {
	return p.Unit.Factor == 0.01 && p.Unit.Offset == 0 && p.Unit.Dimension.String() == "1"
}

func (r Range) validate() error {
	switch {
	case math.IsNaN(r.Low) || math.IsNaN(r.High) || math.IsInf(r.Low, 0) || math.IsInf(r.High, 0):
		return errors.New("the range has an end that is no finite number")
	case r.Low >= r.High:
		return fmt.Errorf("the range starts at %v, which is not below its end %v", r.Low, r.High)
	}
	return nil
}

// IsContext reports whether s can be the beginning of a word that tells what a
// document is about, or words: four lower-case letters or more, or two Korean ones,
// and spaces between words.
func IsContext(s string) bool {
	korean := true
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Hangul, r):
		case r >= 'a' && r <= 'z', r == ' ':
			korean = false
		default:
			return false
		}
	}
	n := utf8.RuneCountInString(s)
	return n >= 4 || korean && n >= 2
}

// IsName reports whether s can name a field, property, condition or kind of
// subject: lower-case letters and digits in words joined by single hyphens,
// starting with a letter, at most 64 bytes.
func IsName(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'a' || s[0] > 'z' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
