package molecule

import "sync"

// scratch is memory that building and writing molecules use again.
type scratch struct {
	bytes []uint8
	ints  [12][]int32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func getScratch() *scratch  { return scratches.Get().(*scratch) }
func putScratch(s *scratch) { scratches.Put(s) }

// grow returns buf with length n. What is in it is arbitrary.
func grow[T any](buf *[]T, n int) []T {
	if cap(*buf) < n {
		*buf = make([]T, n, n+n/2)
	}
	*buf = (*buf)[:n]
	return *buf
}
