package text

import (
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/latex"
)

// Abstracts come from archives of preprints with formulas in TeX: "$T_{\rm C}$ =
// 62.65$\pm$0.07 K", and often without the dollars, "T_{C} = 3 K".

// maxFormula bounds the length of a formula in running text, in bytes.
const maxFormula = 400

// typeset returns text with its formulas as text, and what is raised and lowered in
// it. It reports false if there are none.
func typeset(text string) (string, []document.Shift, bool) {
	if !strings.ContainsAny(text, `$\`) && !strings.Contains(text, "_{") && !strings.Contains(text, "^{") && !strings.Contains(text, "_") {
		return "", nil, false
	}
	var b blocks.Builder
	written := 0
	for i := 0; i < len(text); {
		end := formulaEnd(text, i)
		if end == 0 {
			i++
			continue
		}
		b.WriteString(text[written:i])
		latex.WriteMath(&b, text[i:end])
		i, written = end, end
	}
	if written == 0 {
		return "", nil, false
	}
	b.WriteString(text[written:])
	out, shifts := b.Take()
	return out, shifts, true
}

// formulaEnd returns where the formula that begins at i ends, 0 if none does.
func formulaEnd(text string, i int) int {
	switch text[i] {
	case '$':
		// As Pandoc tells formulas from sums of money: no space inside of either
		// sign.
		n := strings.IndexByte(text[i+1:min(len(text), i+maxFormula)], '$')
		if n > 0 && text[i+1] != ' ' && text[i+n] != ' ' && strings.ContainsAny(text[i+1:i+1+n], `\_^{`) {
			return i + n + 2
		}
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
