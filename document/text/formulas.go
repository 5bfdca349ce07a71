package text

import (
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/latex"
)

// maxFormula bounds the formulas that are read inside plain text, in bytes.
const maxFormula = 400

// formulas sets the TeX formulas of b as text with its super- and subscripts.
// Abstracts keep them, "Fe$_5$GeTe$_2$ with $T_{\rm C}$ = 293(2) K", and often
// without the dollars, "T_{C} = 3 K". Dollar signs of prices stay. So do the tags of
// scripts and faces that others keep, "Fe<sub>5</sub>GeTe<sub>2</sub>".
func formulas(b document.Block) document.Block {
	if b.Table != nil || !strings.ContainsAny(b.Text, `\_^`) && !strings.Contains(b.Text, "</") {
		return b // the cells of a table are places in its text
	}
	var out blocks.Builder
	written, marked := 0, false
	for i := 0; i < len(b.Text); {
		if level, end := tag(b.Text, i, out.Level()); end > 0 {
			out.WriteString(b.Text[written:i])
			out.SetLevel(level)
			marked = true
			i, written = end, end
			continue
		}
		end := formulaEnd(b.Text, i)
		if end == 0 {
			i++
			continue
		}
		out.WriteString(b.Text[written:i])
		latex.WriteMath(&out, b.Text[i:end])
		marked = marked || strings.ContainsAny(b.Text[i:end], `\_^`)
		i, written = end, end
	}
	if !marked {
		return b
	}
	out.WriteString(b.Text[written:])
	if text, shifts := out.Take(); text != "" {
		b.Text, b.Shifts = text, shifts
	}
	return b
}

// tag returns where the tag of HTML at i ends that raises or lowers what follows it,
// sets it in another face, or ends that, and the level behind it, before which it is
// at; 0 if there is none.
func tag(text string, i int, at blocks.Level) (blocks.Level, int) {
	if text[i] != '<' {
		return at, 0
	}
	n := strings.IndexByte(text[i:min(len(text), i+12)], '>')
	if n < 0 {
		return at, 0
	}
	switch strings.ToLower(text[i+1 : i+n]) {
	case "sub":
		return blocks.Lowered, i + n + 1
	case "sup":
		return blocks.Raised, i + n + 1
	case "/sub", "/sup":
		return blocks.OnLine, i + n + 1
	case "i", "/i", "b", "/b", "em", "/em", "strong", "/strong":
		return at, i + n + 1
	}
	return at, 0
}

// formulaEnd returns where the formula that begins at i ends, 0 if none does.
func formulaEnd(text string, i int) int {
	switch text[i] {
	case '$':
		n := strings.IndexByte(text[i+1:min(len(text), i+1+maxFormula)], '$')
		if n <= 0 {
			return 0
		}
		inner := text[i+1 : i+1+n]
		if inner[0] == ' ' || inner[n-1] == ' ' || inner[0] >= '0' && inner[0] <= '9' && !strings.ContainsAny(inner, `\^_=`) {
			return 0 // the price of something
		}
		return i + n + 2
	case '_', '^':
		if i+1 < len(text) && text[i+1] == '{' {
			return group(text, i+1)
		}
		if text[i] == '_' && i+1 < len(text) && symbolic(text, i) && letterOrDigit(text[i+1]) && (i+2 == len(text) || !letterOrDigit(text[i+2])) {
			return i + 2
		}
	case '{':
		if i+1 < len(text) && text[i+1] == '\\' {
			return group(text, i)
		}
	case '\\':
		return command(text, i)
	}
	return 0
}

// group returns where the group in braces at i ends, 0 if it does not within a few
// dozen bytes.
func group(text string, i int) int {
	depth := 0
	for k := i; k < min(len(text), i+60); k++ {
		switch text[k] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return k + 1
			}
		case '\n':
			return 0
		}
	}
	return 0
}

// command returns where the command of TeX at i ends, 0 if the backslash begins none
// that stands for a character.
func command(text string, i int) int {
	end := i + 1
	for end < len(text) && (text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z') {
		end++
	}
	var b blocks.Builder
	latex.WriteMath(&b, text[i:end])
	if b.Len() == 0 {
		return 0
	}
	return end
}

// symbolic reports whether a single capital letter stands before i, as in "T_C".
func symbolic(text string, i int) bool {
	return i > 0 && text[i-1] >= 'A' && text[i-1] <= 'Z' && (i == 1 || !letterOrDigit(text[i-2]) && text[i-2] != '_')
}

func letterOrDigit(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}
