package tagger

import "math/bits"

// index finds the row of a feature: a hash table with linear probing whose keys
// are hashes already.
type index struct {
	keys  []uint32
	rows  []int32 // row + 1; 0 where there is no key
	used  int
	shift int
}

func newIndex(n int) *index {
	size := 1 << max(4, bits.Len(uint(n*3/2)))
	return &index{keys: make([]uint32, size), rows: make([]int32, size), shift: 32 - bits.Len(uint(size-1))}
}

// slot returns where key stands or would stand.
func (x *index) slot(key uint32) int {
	mask := len(x.keys) - 1
	i := int(key * 0x9E3779B1 >> x.shift)
	for x.rows[i] != 0 && x.keys[i] != key {
		i = (i + 1) & mask
	}
	return i
}

// row returns the row of key, or -1.
func (x *index) row(key uint32) int32 { return x.rows[x.slot(key)] - 1 }

// set gives key a row.
func (x *index) set(key uint32, row int32) {
	i := x.slot(key)
	if x.rows[i] == 0 {
		if x.used*3 >= len(x.keys)*2 {
			x.grow()
			i = x.slot(key)
		}
		x.used++
	}
	x.keys[i], x.rows[i] = key, row+1
}

func (x *index) grow() {
	next := &index{keys: make([]uint32, 2*len(x.keys)), rows: make([]int32, 2*len(x.keys)), shift: x.shift - 1, used: x.used}
	for i, r := range x.rows {
		if r != 0 {
			k := next.slot(x.keys[i])
			next.keys[k], next.rows[k] = x.keys[i], r
		}
	}
	*x = *next
}

// lookup finds the rows of keys that are in ascending order. Keys are hashes, so
// about as many begin with the same bits everywhere; it is made in one pass.
type lookup struct {
	keys   []uint32
	starts []int32 // by the first bits of a key, the first row of such keys; one more at the end
	shift  int
}

func newLookup(keys []uint32) lookup {
	length := min(max(1, bits.Len(uint(len(keys)))), 31)
	x := lookup{keys: keys, starts: make([]int32, 1<<length+1), shift: 32 - length}
	row := 0
	for i := range x.starts {
		for row < len(keys) && int(keys[row]>>x.shift) < i {
			row++
		}
		x.starts[i] = int32(row)
	}
	return x
}

// row returns the row of key, or -1.
func (x *lookup) row(key uint32) int32 {
	i := key >> x.shift
	for r := x.starts[i]; r < x.starts[i+1]; r++ {
		if x.keys[r] == key {
			return r
		}
	}
	return -1
}
