package latex

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/alkahest/alkahest/document"
)

// find returns the argument of the first use of a command.
func find(text, command string) (string, bool) {
	for from := 0; ; {
		i := strings.Index(text[from:], command)
		if i < 0 {
			return "", false
		}
		from += i + len(command)
		rest := text[from:]
		if rest != "" && (rest[0] == '{' || rest[0] == '[' || rest[0] == ' ' || rest[0] == '\n') {
			_, rest, _ = option(rest)
			if strings.HasPrefix(strings.TrimLeft(rest, " \n"), "{") {
				arg, _ := argument(rest)
				return arg, true
			}
		}
	}
}

var (
	doiPattern   = regexp.MustCompile(`\\doi\{\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s{}]+)\}`)
	authorBreak  = regexp.MustCompile(`\\and\b|\\AND\b|\\\\|,(?:\s|$)|\band\s`)
	authorMarks  = regexp.MustCompile(`\$[^$]*\$|\\(?:thanks|inst|footnote|affil|orcidlink|textsuperscript|email)\s*\{[^{}]*\}|\\(?:corref|fnref|altaffilmark)\{[^{}]*\}`)
	authorNumber = regexp.MustCompile(`[\d*†‡§]+$`)
)

// preamble reads title, authors and identifiers.
func (r *reader) preamble(text string) {
	if title, ok := find(text, `\title`); ok {
		r.doc.Title, _ = r.text(title, 1)
	}
	from := 0
	for len(r.doc.Authors) < 10000 {
		i := strings.Index(text[from:], `\author`)
		if i < 0 {
			break
		}
		rest := text[from+i+len(`\author`):]
		from += i + len(`\author`)
		_, rest, _ = option(rest)
		if !strings.HasPrefix(strings.TrimLeft(rest, " \n"), "{") {
			continue
		}
		arg, _ := argument(rest)
		for _, name := range authorBreak.Split(authorMarks.ReplaceAllString(arg[:min(len(arg), 1<<14)], ""), -1) {
			shown, _ := r.text(name, 1)
			shown = strings.TrimSpace(authorNumber.ReplaceAllString(shown, ""))
			if shown != "" && len(shown) < 80 && strings.Contains(shown, " ") {
				r.doc.Authors = append(r.doc.Authors, shown)
			}
		}
	}
	if m := doiPattern.FindStringSubmatch(text[:min(len(text), 1<<16)]); m != nil {
		r.doc.Identifiers = map[string]string{"doi": m[1]}
	}
}

// titled adds the title as a block.
func (r *reader) titled(text string) {
	title, ok := find(text, `\title`)
	if !ok {
		return
	}
	shown, shifts := r.text(title, 1)
	r.add(document.Block{Kind: document.Title, Text: shown, Shifts: shifts})
}

// labels numbers tables, figures, equations and sections in order, as LaTeX
// does, and returns what each label refers to: "Table 2", "Section 3.1".
func labels(text string) map[string]string {
	out := map[string]string{}
	counts := map[string]int{}
	current := ""
	next := func(kind string) { counts[kind]++; current = fmt.Sprintf("%s %d", kind, counts[kind]) }
	for len(out) < maxLabels {
		i := strings.IndexByte(text, '\\')
		if i < 0 {
			break
		}
		n := i + commandEnd(text[i:])
		name, rest := text[i:n], text[n:]
		text = rest
		rest, starred := strings.CutPrefix(strings.TrimLeft(rest, " \t\n"), "*")
		switch name {
		case `\label`:
			if target, ok := label(rest); ok && current != "" && out[target] == "" {
				out[target] = current
			}
		case `\section`:
			if !starred {
				next("Section")
				counts["sub"] = 0
			}
		case `\subsection`:
			if !starred {
				counts["sub"]++
				current = fmt.Sprintf("Section %d.%d", counts["Section"], counts["sub"])
			}
		case `\begin`:
			kind, _ := label(rest)
			switch strings.TrimSuffix(kind, "*") {
			case "table", "sidewaystable", "longtable", "deluxetable", "wraptable":
				next("Table")
			case "figure", "wrapfigure", "sidewaysfigure":
				next("Figure")
			case "scheme":
				next("Scheme")
			case "equation", "align", "gather", "multline", "eqnarray":
				if !strings.HasSuffix(kind, "*") {
					next("Equation")
				}
			}
		}
	}
	return out
}

// maxLabels bounds the labels of a source.
const maxLabels = 1 << 16

// label takes the short argument without braces that s begins with.
func label(s string) (name string, ok bool) {
	if !strings.HasPrefix(s, "{") {
		return "", false
	}
	name, _, ok = strings.Cut(s[1:min(len(s), 200)], "}")
	return name, ok && name != "" && strings.IndexByte(name, '{') < 0
}
