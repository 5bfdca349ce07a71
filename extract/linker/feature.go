package linker

import (
	"hash/fnv"

	"github.com/alkahest/alkahest/extract/tagger"
)

// turns are words that open another clause.
var turns = hashed("while", "whereas", "but", "however", "which", "whose", "although", "and", "when")

// compares are words behind which stands what something is compared with.
var compares = hashed("than", "compared", "comparison", "unlike", "versus", "similar", "relative")

func hashed(words ...string) map[uint32]bool {
	out := map[uint32]bool{}
	for _, w := range words {
		out[tagger.Prepare(w).Word(0)] = true
	}
	return out
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// features returns the features of the pair. The order of the templates is part
// of the format of stored linkers.
func (p Pair) features() []uint32 {
	s, t := p.Scene, p.Scene.Text
	head, tail := s.Mentions[p.Head], s.Mentions[p.Tail]
	kinds := hash(head.Kind + "\x00" + tail.Kind)
	before := tail.First < head.First
	from, to := head.Last+1, tail.First // what stands between
	side := uint32(2)
	if before {
		from, to, side = tail.Last+1, head.First, 1
	}
	apart := s.sentence[p.Head] - s.sentence[p.Tail]
	side = tagger.Hash(1, side, uint32(int32(max(-2, min(2, apart)))), kinds)
	// Mentions between, by whether they are of the kind of either end.
	var headRivals, tailRivals, others uint32
	low, high := min(p.Head, p.Tail), max(p.Head, p.Tail)
	for _, m := range s.Mentions[low+1 : high] {
		switch m.Kind {
		case head.Kind:
			headRivals++
		case tail.Kind:
			tailRivals++
		default:
			others++
		}
	}
	headRivals, tailRivals, others = min(headRivals, 4), min(tailRivals, 4), min(others, 4)
	var commas, brackets, semicolons, clause, compared uint32
	for k := from; k < to; k++ {
		switch t.Text[t.Tokens[k].Start:t.Tokens[k].End] {
		case ",":
			commas = min(commas+1, 3)
		case "(", "[":
			brackets |= 1
		case ")", "]":
			brackets |= 2
		case ";", ":":
			semicolons = 1
		}
		if turns[t.Word(k)] {
			clause = min(clause+1, 2)
		}
	}
	for k := max(0, tail.First-4); k < tail.First; k++ {
		if compares[t.Word(k)] {
			compared = 1
		}
	}
	distance := tagger.DistanceClass(to - from)
	headPlace, headCount := s.place(p.Head)
	tailPlace, tailCount := s.place(p.Tail)
	inOrder := uint32(0)
	if headCount == tailCount && s.sentence[p.Head] == s.sentence[p.Tail] {
		inOrder = 1
		if headPlace == tailPlace {
			inOrder = 2
		}
	}
	listed := uint32(0)
	if s.listed[s.sentence[p.Head]] {
		listed = 1
	}
	path := uint32(0)
	if n := to - from; n >= 0 && n <= 4 {
		path = 1
		for k := from; k < to; k++ {
			path = tagger.Hash(2, path, t.Word(k))
		}
	}
	rivals := tagger.Hash(3, headRivals, tailRivals)
	nest := nesting(head, tail)
	ranks := tagger.Hash(4, s.rank(p.Head, p.Tail), s.rank(p.Tail, p.Head))
	crossed := s.crossed(low, high, from, to)
	return []uint32{
		tagger.Hash(2040, kinds, nest), tagger.Hash(2041, side, nest, distance), tagger.Hash(2042, side, ranks), tagger.Hash(2043, side, ranks, distance),
		tagger.Hash(2044, side, ranks, nest), tagger.Hash(2045, side, crossed), tagger.Hash(2046, kinds, nest, t.Word(head.Last), t.Word(tail.Last)), tagger.Hash(2047, side, ranks, uint32(min(tailCount, 5)), uint32(min(headCount, 5))),
		tagger.Hash(2048, side, ranks, inOrder), tagger.Hash(2049, side, ranks, clause, commas), tagger.Hash(2050, side, t.Word(from), t.Word(to-1)), tagger.Hash(2051, kinds, t.Suffix(head.Last), t.Suffix(tail.Last)),
		tagger.Hash(2052, side, s.between(low, high)),
		tagger.Hash(2000, kinds), tagger.Hash(2001, side), tagger.Hash(2002, side, distance), tagger.Hash(2003, side, rivals),
		tagger.Hash(2004, side, tailRivals), tagger.Hash(2005, side, headRivals), tagger.Hash(2006, side, rivals, others), tagger.Hash(2007, side, others),
		tagger.Hash(2008, side, commas, brackets), tagger.Hash(2009, side, semicolons, clause), tagger.Hash(2010, side, clause, rivals),
		tagger.Hash(2011, kinds, compared), tagger.Hash(2012, side, inOrder, listed), tagger.Hash(2013, side, inOrder, rivals, listed),
		tagger.Hash(2014, side, path), tagger.Hash(2015, kinds, path), tagger.Hash(2016, side, t.Word(from)), tagger.Hash(2017, side, t.Word(to-1)),
		tagger.Hash(2018, side, t.Word(head.First-1)), tagger.Hash(2019, side, t.Word(head.Last+1)), tagger.Hash(2020, side, t.Word(tail.First-1)), tagger.Hash(2021, side, t.Word(tail.Last+1)),
		tagger.Hash(2022, kinds, t.Word(head.Last)), tagger.Hash(2023, kinds, t.Word(tail.Last)), tagger.Hash(2024, kinds, t.Word(head.Last), t.Word(tail.Last)),
		tagger.Hash(2025, kinds, t.Word(tail.First)), tagger.Hash(2026, side, rivals, distance), tagger.Hash(2027, side, uint32(min(tailCount, 5)), uint32(min(headCount, 5))),
		tagger.Hash(2028, side, brackets, rivals), tagger.Hash(2029, kinds, t.Word(head.First-1), rivals), tagger.Hash(2030, kinds, t.Word(tail.First-1), rivals),
	}
}

// place returns the place of mention i among those of its kind in its sentence,
// from 0, and how many there are.
func (s *Scene) place(i int) (place, count int) {
	for k := i - 1; k >= 0 && s.sentence[k] == s.sentence[i]; k-- {
		if s.Mentions[k].Kind == s.Mentions[i].Kind {
			place++
		}
	}
	count = place
	for k := i; k < len(s.Mentions) && s.sentence[k] == s.sentence[i]; k++ {
		if s.Mentions[k].Kind == s.Mentions[i].Kind {
			count++
		}
	}
	return place, count
}

// nesting tells how two mentions overlap: 0 if they do not.
func nesting(head, tail Mention) uint32 {
	switch {
	case tail.First > head.Last || head.First > tail.Last:
		return 0
	case tail.First == head.First && tail.Last == head.Last:
		return 1
	case tail.First >= head.First && tail.Last <= head.Last:
		return 2
	case head.First >= tail.First && head.Last <= tail.Last:
		return 3
	}
	return 4
}

// rank returns how many mentions of the kind of "to", in its sentence, are nearer
// to "from" than it is, at most 4.
func (s *Scene) rank(from, to int) uint32 {
	d := gap(s.Mentions[from], s.Mentions[to])
	n := uint32(0)
	for _, step := range []int{-1, 1} {
		for k := to + step; k >= 0 && k < len(s.Mentions) && s.sentence[k] == s.sentence[to]; k += step {
			if k != from && s.Mentions[k].Kind == s.Mentions[to].Kind && gap(s.Mentions[from], s.Mentions[k]) < d {
				n++
			}
		}
	}
	return min(n, 4)
}

// gap is the number of tokens between two mentions.
func gap(a, b Mention) int { return max(0, b.First-a.Last-1, a.First-b.Last-1) }

// between is a hash of the kinds of at most four mentions between two.
func (s *Scene) between(low, high int) uint32 {
	if high-low > 5 {
		return 1
	}
	h := uint32(0)
	for _, m := range s.Mentions[low+1 : high] {
		h = tagger.Hash(5, h, hash(m.Kind))
	}
	return h
}

// crossed is a hash of what stands in tokens from to to, mentions as their kind: 0
// where that is more than eight things.
func (s *Scene) crossed(low, high, from, to int) uint32 {
	h, n := uint32(1), 0
	next := low + 1
	for k := from; k < to; n++ {
		if n == 8 {
			return 0
		}
		for next < high && s.Mentions[next].First < k {
			next++
		}
		if next < high && s.Mentions[next].First == k && s.Mentions[next].Last < to {
			h = tagger.Hash(6, h, hash(s.Mentions[next].Kind))
			k = s.Mentions[next].Last + 1
			continue
		}
		h = tagger.Hash(7, h, s.Text.Word(k))
		k++
	}
	return h
}
