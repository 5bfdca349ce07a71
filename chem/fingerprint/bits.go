package fingerprint

import (
	"fmt"
	"math/bits"
)

// Bits is a fingerprint of fixed length: bit i is bit i%64 of word i/64.
type Bits []uint64

// NewBits returns a fingerprint of n bits, a multiple of 64, all 0.
func NewBits(n int) Bits {
	if n <= 0 || n%64 != 0 {
		panic(fmt.Sprintf("fingerprint: %d bits are not a positive multiple of 64", n))
	}
	return make(Bits, n/64)
}

// Set sets bit i.
func (b Bits) Set(i int) { b[i/64] |= 1 << (i % 64) }

// Has reports whether bit i is set.
func (b Bits) Has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

// Count returns the number of bits that are set.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Contains reports whether all bits of other are set in b, which has the same
// length.
func (b Bits) Contains(other Bits) bool {
	for i, w := range other {
		if b[i]&w != w {
			return false
		}
	}
	return true
}

// Tanimoto returns the number of bits that a and b, of the same length, have in
// common over the number of bits that one of them has: from 0 to 1, and 0 for two
// empty ones.
func Tanimoto(a, b Bits) float64 {
	b = b[:len(a)]
	both, either := 0, 0
	for i, w := range a {
		both += bits.OnesCount64(w & b[i])
		either += bits.OnesCount64(w | b[i])
	}
	if either == 0 {
		return 0
	}
	return float64(both) / float64(either)
}

// TanimotoCounts returns the Tanimoto similarity of counted features: the sum of
// the smaller counts over the sum of the larger ones.
func TanimotoCounts[K comparable](a, b map[K]int) float64 {
	both, sum := 0, 0
	for k, n := range a {
		both += min(n, b[k])
		sum += n
	}
	for _, n := range b {
		sum += n
	}
	if sum == both {
		return 0
	}
	return float64(both) / float64(sum-both)
}
