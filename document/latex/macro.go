package latex

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// macro is a command that the source defines.
type macro struct {
	parameters []parameter
	pattern    pattern // nil where no argument ends with a text
	long       bool    // arguments may hold several paragraphs
	body       string
}

// Bounds on macros: they may stand inside each other, and make a source grow,
// only so far.
const (
	maxMacros    = 4096
	maxMacro     = 8 << 10 // bytes of a body
	maxInside    = 24
	maxGrowth    = 4 // times the source
	freeGrowth   = 1 << 20
	freeCommands = 1 << 16 // macros that are replaced, besides one for each byte of the source
)

// expand takes out the definitions of s and replaces what they define. The
// warnings say what it could not replace.
func expand(s string) (text string, warnings []string) {
	e := expander{macros: map[string]macro{}, room: maxGrowth*len(s) + freeGrowth, left: freeCommands + len(s), search: maxSearched*len(s) + freeGrowth}
	s = e.definitions(s)
	if len(e.macros) == 0 {
		return s, nil
	}
	e.expand(s, 0)
	if e.grown {
		warnings = append(warnings, "the macros of the source grow without end; those that do were left out")
	}
	if len(e.unfit) > 0 {
		names := slices.Sorted(maps.Keys(e.unfit))
		more := ""
		if len(names) > maxNamed {
			names, more = names[:maxNamed], ", …"
		}
		warnings = append(warnings, "macros were left out where what follows them does not fit their definition: "+strings.Join(names, ", ")+more)
	}
	return e.out.String(), warnings
}

// maxNamed is how many macros a warning names.
const maxNamed = 10

type expander struct {
	macros map[string]macro
	out    strings.Builder
	room   int
	left   int
	search int // bytes that may yet be searched for the ends of arguments
	grown  bool
	unfit  map[string]bool // macros that were used otherwise than they are defined
}

// definitions returns s without its definitions, which it notes.
func (e *expander) definitions(s string) string {
	var b strings.Builder
	long := false
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		n := commandEnd(s)
		rest := s[n:]
		var name string
		m := macro{long: long}
		long = false
		switch s[:n] {
		case `\newcommand`, `\renewcommand`, `\providecommand`, `\DeclareRobustCommand`, `\DeclareMathOperator`:
			name, rest = argument(strings.TrimPrefix(rest, "*"))
			if count, after, ok := option(rest); ok {
				if k, err := strconv.Atoi(strings.TrimSpace(count)); err == nil && k > 0 && k <= 9 {
					m.parameters = make([]parameter, k)
				}
				rest = after
			}
			if otherwise, after, ok := option(rest); ok {
				if rest = after; len(m.parameters) > 0 {
					m.parameters[0] = parameter{open: '[', end: ']', otherwise: otherwise}
				}
			}
			m.body, rest = argument(rest)
		case `\NewDocumentCommand`, `\RenewDocumentCommand`, `\ProvideDocumentCommand`, `\DeclareDocumentCommand`, `\NewExpandableDocumentCommand`:
			var spec string
			name, rest = argument(rest)
			spec, rest = argument(rest)
			m.body, rest = argument(rest)
			var ok bool
			if m.parameters, ok = newParameters(spec); !ok {
				s = rest
				continue
			}
		case `\def`, `\gdef`, `\edef`, `\xdef`:
			rest = strings.TrimLeft(rest, " ")
			if !strings.HasPrefix(rest, `\`) {
				b.WriteString(s[:n])
				s = s[n:]
				continue
			}
			k := commandEnd(rest)
			name, rest = rest[:k], rest[k:]
			open := strings.IndexByte(rest, '{')
			if open < 0 || open > maxPattern {
				b.WriteString(s[:n])
				s = s[n:]
				continue
			}
			p, ok := newPattern(rest[:open])
			m.body, rest = argument(rest[open:])
			if !ok {
				s = rest
				continue
			}
			if m.parameters = make([]parameter, len(p)-1); p.delimited() {
				m.pattern = p
			}
			if strings.HasSuffix(p[len(p)-1], "{") {
				m.body += "{"
			}
		case `\long`:
			long = true
			s = rest
			continue
		default:
			b.WriteString(s[:n])
			s = rest
			continue
		}
		name = strings.TrimSpace(name)
		if strings.HasPrefix(name, `\`) && len(name) > 1 && len(m.body) <= maxMacro && len(e.macros) < maxMacros && (!known[name[1:]] || m.pattern != nil) {
			e.macros[name] = m
		}
		s = rest
	}
}

// expand writes s with its macros replaced.
func (e *expander) expand(s string, depth int) {
	for s != "" {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			e.write(s)
			return
		}
		e.write(s[:i])
		s = s[i:]
		n := commandEnd(s)
		name := s[:n]
		s = s[n:]
		m, ok := e.macros[name]
		if !ok {
			branch, rest, ok := choose(name, s)
			if s = rest; !ok {
				e.write(name)
			} else if e.enter(depth) {
				e.expand(branch, depth+1)
			}
			continue
		}
		if !e.enter(depth) {
			continue
		}
		args, rest, ok := e.arguments(&m, s)
		if s = rest; !ok {
			if e.unfit == nil {
				e.unfit = map[string]bool{}
			}
			e.unfit[name] = true
			continue
		}
		e.expand(m.fill(args), depth+1)
	}
}

// enter reports whether one more macro may be replaced, inside of depth others.
func (e *expander) enter(depth int) bool {
	if e.left--; depth >= maxInside || e.left < 0 {
		e.grown = true
		return false
	}
	return true
}

// arguments takes the arguments of m from s, the text behind its name. It
// reports false, and takes nothing, where s does not fit the pattern of m.
func (e *expander) arguments(m *macro, s string) (args [9]string, rest string, ok bool) {
	if m.pattern != nil {
		if e.search < 0 {
			e.grown = true
			return args, s, false
		}
		args, rest, searched, ok := m.pattern.take(strings.TrimLeft(s, " \t\n"), m.long)
		e.search -= searched
		if !ok {
			rest = s
		}
		return args, rest, ok
	}
	for k, p := range m.parameters {
		args[k], s = p.take(s)
	}
	if len(m.parameters) == 0 && strings.HasPrefix(s, " ") && len(s) > 1 {
		s = s[1:] // white space ends the name
	}
	return args, s, true
}

// fill returns the body with its arguments.
func (m *macro) fill(args [9]string) string {
	if len(m.parameters) == 0 {
		return m.body
	}
	var b strings.Builder
	body := m.body
	for {
		i := strings.IndexByte(body, '#')
		if i < 0 || i+1 == len(body) {
			b.WriteString(body)
			return b.String()
		}
		b.WriteString(body[:i])
		if k := int(body[i+1] - '1'); k >= 0 && k < len(m.parameters) {
			if b.Len() < maxMacro*8 { // arguments of arguments grow without end
				b.WriteString(args[k])
			}
		}
		body = body[i+2:]
	}
}

func (e *expander) write(s string) {
	if len(s) > e.room {
		e.grown = true
		e.room = 0
		return
	}
	e.room -= len(s)
	e.out.WriteString(s)
}

// known are commands of LaTeX that papers define again with the same meaning,
// which is read better than their definitions.
var known = map[string]bool{
	"section": true, "subsection": true, "subsubsection": true, "caption": true, "title": true, "author": true, "cite": true, "label": true, "ref": true,
	"begin": true, "end": true, "item": true, "footnote": true, "ce": true, "SI": true, "si": true, "num": true, "qty": true, "unit": true, "abstract": true,
	"maketitle": true, "thefootnote": true, "thesection": true, "textsuperscript": true, "textsubscript": true, "degree": true, "angstrom": true,
}
