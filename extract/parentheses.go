package extract

import "strings"

// outside returns s without what stands in parentheses that open and close in it.
func outside(s string) string {
	if strings.IndexByte(s, ')') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	var open []int // where the parentheses that are open begin in out
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ')' && len(open) > 0:
			out, open = out[:open[len(open)-1]], open[:len(open)-1]
			continue
		case s[i] == '(':
			open = append(open, len(out))
		}
		out = append(out, s[i])
	}
	return string(out)
}

// parentheses tells which parentheses stand around the bytes of a sentence.
type parentheses struct {
	start  int // of the sentence
	end    int
	pairs  []span  // from "(" to ")"
	around []int32 // of each byte, 1 + the index of the innermost pair, 0 for none
}

func newParentheses(text string, s span) parentheses {
	b := parentheses{start: s.start, end: s.end}
	if strings.IndexByte(text[s.start:s.end], ')') < 0 {
		return b
	}
	var open []int
	pairAt := map[int]int32{} // by "(" and by ")"
	for i := s.start; i < s.end; i++ {
		switch {
		case text[i] == '(':
			open = append(open, i)
		case text[i] == ')' && len(open) > 0:
			b.pairs = append(b.pairs, span{open[len(open)-1], i})
			pairAt[open[len(open)-1]], pairAt[i] = int32(len(b.pairs)), int32(len(b.pairs))
			open = open[:len(open)-1]
		}
	}
	b.around = make([]int32, s.end-s.start)
	var inside []int32
	for i := range b.around {
		p := pairAt[s.start+i]
		if p > 0 && b.pairs[p-1].end == s.start+i {
			inside = inside[:len(inside)-1]
		}
		if len(inside) > 0 {
			b.around[i] = inside[len(inside)-1]
		}
		if p > 0 && b.pairs[p-1].start == s.start+i {
			inside = append(inside, p)
		}
	}
	return b
}

// aside reports whether what stands at i is in parentheses that open and close
// between from and to.
func (b *parentheses) aside(from, to, i int) bool {
	if b.around == nil || b.around[i-b.start] == 0 {
		return false
	}
	p := b.pairs[b.around[i-b.start]-1]
	return p.start >= from && p.end < to
}
