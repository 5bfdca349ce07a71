package latex

import "strings"

// parameter is what a macro takes as one of its arguments. The zero value is
// the next group or character.
type parameter struct {
	open, end byte   // around an argument that may be left out; 0 for one that may not
	otherwise string // what stands for one that was left out
	mark      string // the argument says only whether this stands there
}

// What an argument is that says whether a mark stands there, and one that was
// left out.
const (
	present = `\BooleanTrue`
	absent  = `\BooleanFalse`
	noValue = `\NoValue`
)

// take takes an argument from s.
func (p parameter) take(s string) (arg, rest string) {
	switch {
	case p.mark != "":
		if rest, ok := strings.CutPrefix(strings.TrimLeft(s, " \t\n"), p.mark); ok {
			return present, rest
		}
		return absent, s
	case p.open != 0:
		if arg, rest, ok := bracketed(s, p.open, p.end); ok {
			return arg, rest
		}
		return p.otherwise, s
	}
	return argument(s)
}

// newParameters reads the parameters of \NewDocumentCommand ("s O{x} m"; LaTeX
// Project, usrguide: LaTeX for authors, 2020). It reports false for kinds that
// are not known here, those that take what is not balanced.
func newParameters(spec string) ([]parameter, bool) {
	var out []parameter
	for {
		spec = strings.TrimLeft(spec, " \t\n+!")
		if spec == "" {
			return out, len(out) <= 9
		}
		kind := spec[0]
		spec = spec[1:]
		p := parameter{otherwise: noValue}
		switch kind {
		case 'm':
			p = parameter{}
		case 's':
			p.mark = "*"
		case 't':
			p.mark, spec = argument(spec)
			if p.mark == "" {
				return nil, false
			}
		case 'o', 'O':
			p.open, p.end = '[', ']'
		case 'd', 'D', 'r', 'R':
			if spec = strings.TrimLeft(spec, " "); len(spec) < 2 {
				return nil, false
			}
			p.open, p.end = spec[0], spec[1]
			if spec = spec[2:]; p.open == p.end {
				return nil, false
			}
		case '>': // how the argument is processed
			_, spec = argument(spec)
			continue
		default:
			return nil, false
		}
		if kind == 'O' || kind == 'D' || kind == 'R' {
			p.otherwise, spec = argument(spec)
		}
		out = append(out, p)
	}
}

// conditions are the commands that ask what an argument is, without the letters
// of their branches.
var conditions = map[string]struct {
	argument string
	not      bool
}{
	`\IfNoValue`: {noValue, false}, `\IfValue`: {noValue, true}, `\IfBoolean`: {present, false},
}

// choose returns the branch of a condition that holds, where name is the
// command of one and s the text behind it.
func choose(name, s string) (branch, rest string, ok bool) {
	command := strings.TrimRight(name, "TF")
	c, ok := conditions[command]
	if !ok {
		return "", s, false
	}
	asked, rest := argument(s)
	holds := (strings.TrimSpace(asked) == c.argument) != c.not
	for _, letter := range name[len(command):] {
		text, after := argument(rest)
		rest = after
		if (letter == 'T') == holds {
			branch = text
		}
	}
	return branch, rest, true
}
