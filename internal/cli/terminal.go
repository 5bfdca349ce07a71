package cli

import (
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
)

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth returns the number of columns of w, or 0 for no limit.
func terminalWidth(w io.Writer) int {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 0
}

// coloured reports whether w takes escape sequences and the user has not
// declined them; see https://no-color.org.
func coloured(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// visible returns s with control characters replaced, so that text out of a
// document cannot send commands to the terminal, and direction marks dropped.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r):
			return '\uFFFD'
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// width returns the number of columns that s takes: two for each wide East
// Asian character, none for combining marks.
func width(s string) int { return uniseg.StringWidth(s) }

// widthOfFirst returns the columns that the first n characters of s take.
func widthOfFirst(s string, n int) int {
	for i := range s {
		if n == 0 {
			return width(visible(s[:i]))
		}
		n--
	}
	return width(visible(s))
}

// clip returns s in at most limit columns, with "…" where something is left out.
func clip(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	var b strings.Builder
	used := 0
	state := -1
	for s != "" && limit > 0 {
		var cluster string
		var w int
		cluster, s, w, state = uniseg.FirstGraphemeClusterInString(s, state)
		if used+w > limit-1 {
			break
		}
		b.WriteString(cluster)
		used += w
	}
	return b.String() + "…"
}

// pad returns s followed by spaces up to columns.
func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-width(s)))
}

// wrap breaks s at spaces into lines of at most columns.
func wrap(s string, columns int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for word := range strings.FieldsSeq(s) {
		w := width(word) + strings.Count(word, markSpace)
		if used > 0 && used+1+w > columns {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += w
	}
	if used > 0 {
		lines = append(lines, line.String())
	}
	return lines
}
