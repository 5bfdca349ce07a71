package xmltree

import (
	"sync"

	"github.com/alkahest/alkahest/document/markup"
)

// memory is what a tree is made of. A tree that is released leaves its memory
// to the next one: making it anew for each of the thousands of documents of a
// bulk file takes as long as parsing them.
type memory struct {
	nodes      slab[markup.Node]
	children   slab[*markup.Node]
	attributes slab[markup.Attribute]
	open       []element      // the stack of the parser
	pending    []*markup.Node // the children of all open elements, outermost first
}

var memories = sync.Pool{New: func() any { return new(memory) }}

// release empties the memory and leaves it to the next tree.
func (m *memory) release() {
	m.nodes.clear()
	m.children.clear()
	m.attributes.clear()
	clear(m.open[:cap(m.open)])
	clear(m.pending[:cap(m.pending)])
	memories.Put(m)
}

// slab hands out stretches of memory that it cuts from larger pieces: that
// halves the time to build a tree.
type slab[T any] struct {
	pieces [][]T
	used   int // pieces before this one have been cut
	piece  []T // the last of them
	at     int // what is left of it
}

// perPiece is how many elements a piece holds, unless more are asked for.
const perPiece = 512

// turn goes on to the next piece of at least n elements.
func (s *slab[T]) turn(n int) {
	for {
		if s.used == len(s.pieces) {
			s.pieces = append(s.pieces, make([]T, max(n, perPiece)))
		}
		s.piece, s.at = s.pieces[s.used], 0
		s.used++
		if len(s.piece) >= n {
			return
		}
	}
}

// take returns n elements, all zero.
func (s *slab[T]) take(n int) []T {
	if n > len(s.piece)-s.at {
		s.turn(n)
	}
	s.at += n
	return s.piece[s.at-n : s.at : s.at]
}

// lengthen appends v to last, the stretch that was taken last, which may be
// none.
func (s *slab[T]) lengthen(last []T, v T) []T {
	if s.at == len(s.piece) {
		s.turn(2*len(last) + 1)
		s.at = copy(s.piece, last)
	}
	s.piece[s.at] = v
	s.at++
	return s.piece[s.at-len(last)-1 : s.at : s.at]
}

// clear takes everything back.
func (s *slab[T]) clear() {
	for _, piece := range s.pieces[:s.used] {
		clear(piece)
	}
	*s = slab[T]{pieces: s.pieces}
}
