package fingerprint

import (
	"cmp"
	"container/heap"
	"fmt"
	"math/bits"
	"slices"
)

// Index finds the fingerprints that are most similar to one among millions. They
// lie one after the other in memory, in the order of their numbers of bits, so that
// a search skips those that cannot be similar enough (Swamidass and Baldi, J. Chem.
// Inf. Model. 47 (2007) 302).
type Index struct {
	words int
	flat  []uint64 // fingerprints by number of bits
	ids   []int32  // their places in what NewIndex was given
	start []int32  // first one with at least that many bits
}

// NewIndex makes an index of fingerprints of one length. Their places in the slice
// identify them in results.
func NewIndex(fingerprints []Bits) (*Index, error) {
	x := &Index{}
	if len(fingerprints) == 0 {
		return x, nil
	}
	x.words = len(fingerprints[0])
	counts := make([]int32, len(fingerprints))
	x.start = make([]int32, x.words*64+2)
	for i, fp := range fingerprints {
		if len(fp) != x.words {
			return nil, fmt.Errorf("fingerprint: number %d has %d words, the first %d", i, len(fp), x.words)
		}
		counts[i] = int32(fp.Count())
		x.start[counts[i]+1]++
	}
	for c := 1; c < len(x.start); c++ {
		x.start[c] += x.start[c-1]
	}
	x.flat = make([]uint64, len(fingerprints)*x.words)
	x.ids = make([]int32, len(fingerprints))
	next := slices.Clone(x.start)
	for i, fp := range fingerprints {
		at := next[counts[i]]
		next[counts[i]]++
		copy(x.flat[int(at)*x.words:], fp)
		x.ids[at] = int32(i)
	}
	return x, nil
}

// Len returns the number of fingerprints.
func (x *Index) Len() int { return len(x.ids) }

// Hit is a fingerprint with its similarity.
type Hit struct {
	ID         int // place in what NewIndex was given
	Similarity float64
}

// Nearest returns the k fingerprints with the largest Tanimoto similarity to query,
// of at least least, the most similar first; among equal ones those with the
// smaller ID.
func (x *Index) Nearest(query Bits, k int, least float64) []Hit {
	if k <= 0 || len(x.ids) == 0 || len(query) != x.words {
		return nil
	}
	own := query.Count()
	best := hits{}
	bound := func() float64 {
		if len(best) == k {
			return max(least, best[0].Similarity)
		}
		return least
	}
	// From equal numbers of bits outwards: the similarity is at most the ratio of
	// the numbers.
	for low, high := own, own+1; low >= 0 || high <= x.words*64; {
		lowRatio, highRatio := -1.0, -1.0
		if low >= 0 {
			lowRatio = ratio(low, own)
		}
		if high <= x.words*64 {
			highRatio = ratio(own, high)
		}
		count := low
		if highRatio > lowRatio {
			count = high
			high++
		} else {
			low--
		}
		if max(lowRatio, highRatio) < bound() {
			break
		}
		x.scan(query, own, count, k, least, &best)
	}
	out := []Hit(best)
	slices.SortFunc(out, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// scan compares query, which has own bits, with the fingerprints that have count.
func (x *Index) scan(query Bits, own, count, k int, least float64, best *hits) {
	from, to := int(x.start[count]), int(x.start[count+1])
	sum := own + count
	// The smallest number of common bits that is worth it.
	need := func() int {
		s := least
		if len(*best) == k {
			s = max(s, (*best)[0].Similarity)
		}
		return int(s * float64(sum) / (1 + s))
	}
	worth := need()
	for i := from; i < to; i++ {
		fp := x.flat[i*x.words : (i+1)*x.words]
		q := query[:len(fp)]
		both := 0
		for w, word := range fp {
			both += bits.OnesCount64(word & q[w])
		}
		if both < worth {
			continue
		}
		h := Hit{ID: int(x.ids[i])}
		if sum > both {
			h.Similarity = float64(both) / float64(sum-both)
		}
		switch {
		case h.Similarity < least:
		case len(*best) < k:
			heap.Push(best, h)
			worth = need()
		case worse((*best)[0], h):
			(*best)[0] = h
			heap.Fix(best, 0)
			worth = need()
		}
	}
}

// worse reports whether a is less similar than b.
func worse(a, b Hit) bool {
	if a.Similarity != b.Similarity {
		return a.Similarity < b.Similarity
	}
	return a.ID > b.ID
}

// hits is a heap with the worst hit on top.
type hits []Hit

func (h hits) Len() int           { return len(h) }
func (h hits) Less(i, j int) bool { return worse(h[i], h[j]) }
func (h hits) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *hits) Push(x any)        { *h = append(*h, x.(Hit)) }
func (h *hits) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
