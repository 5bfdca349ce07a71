package evaluate

// match pairs gold and found one to one so that as many as possible agree, and
// returns for each gold the index of its found, or -1. The pairing is a maximum
// matching by augmenting paths (Kuhn, Naval Research Logistics Quarterly 2
// (1955) 83; in this form Ahuja, Magnanti and Orlin, Network Flows (1993),
// section 12.3), so that the score does not depend on the order in which
// findings come.
func match(gold, found int, agree func(g, f int) bool) []int {
	edges := make([][]int, gold)
	for g := range edges {
		for f := range found {
			if agree(g, f) {
				edges[g] = append(edges[g], f)
			}
		}
	}
	taker := make([]int, found)
	for f := range taker {
		taker[f] = -1
	}
	seen := make([]int, found) // the gold in whose search f was last visited
	for f := range seen {
		seen[f] = -1
	}
	var augment func(g, root int) bool
	augment = func(g, root int) bool {
		for _, f := range edges[g] {
			if seen[f] == root {
				continue
			}
			seen[f] = root
			if taker[f] < 0 || augment(taker[f], root) {
				taker[f] = g
				return true
			}
		}
		return false
	}
	for g := range edges {
		augment(g, g)
	}
	out := make([]int, gold)
	for g := range out {
		out[g] = -1
	}
	for f, g := range taker {
		if g >= 0 {
			out[g] = f
		}
	}
	return out
}

// matched counts the pairs of a matching.
func matched(m []int) int {
	n := 0
	for _, f := range m {
		if f >= 0 {
			n++
		}
	}
	return n
}

// unmatched returns the found of n that are in no pair of m, ascending.
func unmatched(m []int, n int) []int {
	taken := make([]bool, n)
	for _, f := range m {
		if f >= 0 {
			taken[f] = true
		}
	}
	var out []int
	for f, t := range taken {
		if !t {
			out = append(out, f)
		}
	}
	return out
}
