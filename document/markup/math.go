package markup

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/blocks"
)

// WriteMath writes a MathML element as text on one line: scripts as super- and
// subscripts, fractions with a slash, roots with √, accents left out. It knows
// the presentation elements of MathML 3; of a semantics element it takes the
// presentation.
func WriteMath(b *blocks.Builder, n *Node) {
	if n.Name == "" {
		b.WriteString(n.Text)
		return
	}
	switch n.Name {
	case "mi", "mn", "mtext", "ms":
		for _, c := range n.Children {
			WriteMath(b, c)
		}
	case "mo":
		op := n.Characters()
		if spaced(op) && b.Len() > 0 && b.Level() == blocks.OnLine {
			b.Space()
			b.WriteString(op)
			b.Space()
			return
		}
		b.WriteString(op)
		if op == "," || op == ";" {
			b.Space()
		}
	case "mspace":
		b.Space()
	case "mphantom", "annotation", "annotation-xml", "maligngroup", "malignmark", "none", "mprescripts":
	case "semantics":
		if args := arguments(n); len(args) > 0 {
			WriteMath(b, args[0])
		}
	case "msup", "msub", "msubsup", "mmultiscripts":
		scripts(b, n)
	case "munder", "mover", "munderover":
		args := arguments(n)
		for i, c := range args {
			switch {
			case i == 0:
				WriteMath(b, c)
			case isAccent(c):
			default: // limits of a sum, words over an arrow
				old := b.SetLevel(blocks.Lowered)
				if n.Name == "mover" || i == 2 {
					b.SetLevel(blocks.Raised)
				}
				WriteMath(b, c)
				b.SetLevel(old)
			}
		}
	case "mfrac":
		args := arguments(n)
		for i, c := range args {
			if i > 0 {
				b.WriteString("/")
			}
			enclosed(b, c)
		}
	case "msqrt":
		b.WriteString("√(")
		for _, c := range n.Children {
			WriteMath(b, c)
		}
		b.WriteString(")")
	case "mroot":
		if args := arguments(n); len(args) == 2 {
			old := b.SetLevel(blocks.Raised)
			WriteMath(b, args[1])
			b.SetLevel(old)
			b.WriteString("√(")
			WriteMath(b, args[0])
			b.WriteString(")")
		}
	case "mfenced":
		open, end, marks := "(", ")", ","
		for _, a := range n.Attributes {
			switch a.Name {
			case "open":
				open = a.Value
			case "close":
				end = a.Value
			case "separators":
				marks = strings.TrimSpace(a.Value)
			}
		}
		b.WriteString(open)
		for i, c := range arguments(n) {
			if i > 0 && marks != "" {
				r, size := utf8.DecodeRuneInString(marks)
				b.WriteString(string(r) + " ")
				if len(marks) > size { // the last mark serves all the rest
					marks = marks[size:]
				}
			}
			WriteMath(b, c)
		}
		b.WriteString(end)
	case "mtr", "mlabeledtr", "mtd":
		b.Space()
		for _, c := range n.Children {
			WriteMath(b, c)
		}
		b.Space()
	default:
		for _, c := range n.Children {
			if c.Name != "" { // white space between elements does not show
				WriteMath(b, c)
			}
		}
	}
}

// arguments returns the children of n that are elements.
func arguments(n *Node) []*Node {
	args := make([]*Node, 0, 3)
	for _, c := range n.Children {
		if c.Name != "" {
			args = append(args, c)
		}
	}
	return args
}

// scripts writes a base with what stands above and below it. In mmultiscripts,
// whose children are base, pairs of (sub, sup), mprescripts and further pairs,
// the pairs after mprescripts stand before the base.
func scripts(b *blocks.Builder, n *Node) {
	args := arguments(n)
	if len(args) == 0 {
		return
	}
	write := func(c *Node, level blocks.Level) {
		old := b.SetLevel(level)
		WriteMath(b, c)
		b.SetLevel(old)
	}
	base, after := args[0], args[1:]
	switch n.Name {
	case "msup":
		WriteMath(b, base)
		for _, c := range after {
			if !isAccent(c) {
				write(c, blocks.Raised)
			}
		}
		return
	case "mmultiscripts":
		for i, c := range after {
			if c.Name == "mprescripts" {
				for j, pre := range after[i+1:] {
					write(pre, [...]blocks.Level{blocks.Lowered, blocks.Raised}[j%2])
				}
				after = after[:i]
				break
			}
		}
	}
	WriteMath(b, base)
	for i, c := range after {
		write(c, [...]blocks.Level{blocks.Lowered, blocks.Raised}[i%2])
	}
}

// enclosed writes n in parentheses unless it is a single thing.
func enclosed(b *blocks.Builder, n *Node) {
	single := n
	for {
		args := arguments(single)
		if single.Name != "mrow" && single.Name != "mstyle" && single.Name != "mpadded" || len(args) != 1 {
			break
		}
		single = args[0]
	}
	switch single.Name {
	case "mrow", "mstyle", "mpadded", "mfrac":
		b.WriteString("(")
		WriteMath(b, single)
		b.WriteString(")")
	default:
		WriteMath(b, single)
	}
}

// isAccent reports whether a script over or under its base is a mark such as a
// bar or an arrow.
func isAccent(n *Node) bool {
	switch n.Characters() {
	case "¯", "‾", "^", "˜", "~", "ˆ", "→", "⇀", "˙", "¨", "_", "ˇ", "\u0302", "\u0303", "\u0304", "\u0305", "\u0307", "\u0308", "\u20d7", "⏞", "⏟", "︷", "︸":
		return true
	}
	return false
}

// spaced reports the operators that are written with space around them.
func spaced(op string) bool {
	switch op {
	case "=", "≈", "≃", "≅", "∼", "<", ">", "≤", "≥", "≪", "≫", "≠", "≡", "∝", "→", "↔", "⇌", "×", "±", "∈", "+":
		return true
	}
	return false
}
