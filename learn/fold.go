package learn

import (
	"math/rand/v2"
	"slices"
)

// Folds deals rows to k folds of about equal size, all rows of a group to one.
// Groups are dealt from the largest to the smallest, in an order that is drawn
// among those of equal size, each to the fold that has the fewest rows.
func Folds(groups []string, k int, seed uint64) []int {
	byName := map[string][]int{}
	var names []string
	for i, g := range groups {
		if byName[g] == nil {
			names = append(names, g)
		}
		byName[g] = append(byName[g], i)
	}
	rng := rand.New(rand.NewPCG(seed, 0x666f6c64))
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	slices.SortStableFunc(names, func(a, b string) int { return len(byName[b]) - len(byName[a]) })
	out := make([]int, len(groups))
	sizes := make([]int, k)
	for _, name := range names {
		least := 0
		for f, n := range sizes {
			if n < sizes[least] {
				least = f
			}
		}
		for _, i := range byName[name] {
			out[i] = least
		}
		sizes[least] += len(byName[name])
	}
	return out
}
