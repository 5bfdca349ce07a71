package latex

import "strings"

// pattern is the parameter text of a macro (Knuth, The TeXbook, 1986, chapter
// 20): what stands before the first argument, then behind each of them. In
// \def\at#1(#2)#3 it is "", "(", ")", "". An argument with nothing behind it is
// the next group or character; any other ends where the text behind it comes
// first, outside of braces.
type pattern []string

// Bounds on arguments that end with a text.
const (
	maxPattern   = 64       // bytes of a parameter text
	maxDelimited = 16 << 10 // bytes of an argument
	maxSearched  = 8        // times the source, searched for their ends
)

// newPattern reads the parameter text of a definition, up to its body. It
// reports false for one that TeX would not take, whose arguments are not counted
// from 1.
func newPattern(s string) (pattern, bool) {
	p := pattern{""}
	for s != "" {
		last := &p[len(p)-1]
		switch n := 1; s[0] {
		case '#':
			if len(s) == 1 { // #{ : ends before a group
				*last += "{"
				return p, true
			}
			if len(p) > 9 || s[1] != '0'+byte(len(p)) {
				return nil, false
			}
			p = append(p, "")
			s = s[2:]
		case ' ', '\t', '\n':
			s = strings.TrimLeft(s, " \t\n")
			if *last != "" && !endsInCommand(*last) || len(p) > 1 && *last == "" {
				*last += " "
			}
		default:
			if s[0] == '\\' {
				n = commandEnd(s)
			}
			*last += s[:n]
			s = s[n:]
		}
	}
	return p, true
}

// delimited reports whether a text stands before or behind an argument.
func (p pattern) delimited() bool {
	for _, text := range p {
		if text != "" {
			return true
		}
	}
	return false
}

// take takes the arguments from s, the text behind the name of a macro, and
// reports how many bytes it searched for their ends. It reports false where s
// does not fit. Only in a long macro arguments hold several paragraphs.
func (p pattern) take(s string, long bool) (args [9]string, rest string, searched int, ok bool) {
	n, ok := follows(s, p[0])
	if !ok {
		return args, s, 0, false
	}
	rest = s[n:]
	for k, text := range p[1:] {
		if text == "" {
			args[k], rest = argument(rest)
			continue
		}
		end, n, ok := ending(rest, text, long)
		searched += end
		if !ok {
			return args, s, searched, false
		}
		args[k] = rest[:end]
		if strings.HasPrefix(args[k], "{") && closing(args[k], '{', '}') == end {
			args[k] = args[k][1 : end-1] // the braces that keep a mark inside from ending it
		}
		rest = rest[end+n:]
	}
	return args, rest, searched, true
}

// ending finds text in s outside of braces, and returns where it begins and its
// length.
func ending(s, text string, long bool) (at, length int, ok bool) {
	window := s[:min(len(s), maxDelimited)]
	for at < len(window) {
		if n, ok := follows(s[at:], text); ok {
			return at, n, true
		}
		switch window[at] {
		case '\\':
			at += commandEnd(window[at:])
		case '{':
			at += closing(window[at:], '{', '}')
		case '}':
			return at, 0, false // the group that the macro stands in ends
		case '\n':
			if at++; !long && strings.HasPrefix(strings.TrimLeft(window[at:], " \t"), "\n") {
				return at, 0, false
			}
		default:
			at++
		}
	}
	return min(at, len(window)), 0, false
}

// follows reports whether s begins with text, and with how many bytes: a space
// stands for any white space, and a command ends with its letters.
func follows(s, text string) (length int, ok bool) {
	n := 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == ' ':
			k := len(s[n:]) - len(strings.TrimLeft(s[n:], " \t\n"))
			if k == 0 {
				return 0, false
			}
			n += k
		case n < len(s) && s[n] == text[i]:
			n++
		default:
			return 0, false
		}
	}
	if endsInCommand(text) {
		if n < len(s) && letter(s[n]) {
			return 0, false
		}
		n += len(s[n:]) - len(strings.TrimLeft(s[n:], " \t"))
	}
	return n, true
}

// endsInCommand reports whether text ends with a command of letters.
func endsInCommand(text string) bool {
	i := len(text)
	for i > 0 && letter(text[i-1]) {
		i--
	}
	return i < len(text) && i > 0 && text[i-1] == '\\'
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '@' }
