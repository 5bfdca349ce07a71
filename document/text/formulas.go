package text

import (
	"strings"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
	"github.com/alkahest/alkahest/document/latex"
)

// maxFormula bounds the formulas that are read inside plain text.
const maxFormula = 400

// formulas sets the TeX formulas of b, which abstracts keep ("Fe$_5$GeTe$_2$ with
// $T_{\rm C}$ = 293 K"), as text with its super- and subscripts. Dollar signs of
// prices stay.
func formulas(b document.Block) document.Block {
	if !strings.Contains(b.Text, "$") || !strings.ContainsAny(b.Text, `\_^`) {
		return b
	}
	var out blocks.Builder
	rest, marked := b.Text, false
	for {
		open, end := formula(rest)
		if open < 0 {
			break
		}
		out.WriteString(rest[:open])
		inner := rest[open+1 : end]
		marked = marked || strings.ContainsAny(inner, `\_^`)
		latex.WriteMath(&out, inner)
		rest = rest[end+1:]
	}
	if !marked {
		return b
	}
	out.WriteString(rest)
	b.Text, b.Shifts = out.Take()
	return b
}

// formula returns where the first formula of s opens and closes, -1 if there is none:
// between two dollar signs without space inside them, and no price.
func formula(s string) (open, end int) {
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '$')
		if i < 0 {
			return -1, -1
		}
		open = from + i
		from = open + 1
		n := strings.IndexByte(s[from:min(len(s), from+maxFormula)], '$')
		if n < 0 {
			continue
		}
		if n == 0 {
			from++ // "$$"
			continue
		}
		inner := s[from : from+n]
		if inner[0] == ' ' || inner[n-1] == ' ' || inner[0] >= '0' && inner[0] <= '9' && !strings.ContainsAny(inner, `\^_=`) {
			continue
		}
		return open, from + n
	}
}
