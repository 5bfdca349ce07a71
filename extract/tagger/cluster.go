package tagger

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Clusters puts words into classes by the company they keep, finely and
// coarsely. A nil *Clusters knows no word.
type Clusters struct {
	index  *index   // hash of the lower-case word → row
	words  []uint32 // the hash of each row
	fine   []uint16 // class of each row, from 1
	coarse []uint8
}

// The numbers of classes, and how vectors of words are made.
const (
	fineClasses   = 600
	coarseClasses = 80
	dimensions    = 50
	window        = 4
	negatives     = 5
	vectorEpochs  = 5
	rareWord      = 5 // words seen less often have no class
)

// classes returns the fine and coarse class of the word with the given hash, 0
// if it is unknown.
func (c *Clusters) classes(word uint32) (fine, coarse uint32) {
	if c == nil {
		return 0, 0
	}
	row := c.index.row(word)
	if row < 0 {
		return 0, 0
	}
	return uint32(c.fine[row]), uint32(c.coarse[row])
}

// TrainClusters reads vectors of words off texts and gathers them into classes.
// It gives the same classes for the same arguments on the same architecture.
//
// The vectors are skip-grams with negative samples (Mikolov et al., NIPS 2013);
// the classes are found by k-means on their directions.
func TrainClusters(texts []string, seed uint64) *Clusters {
	random := rand.New(rand.NewPCG(seed, 1))
	words, sequences, counts := vocabulary(texts)
	vectors := skipGrams(sequences, counts, random)
	c := &Clusters{index: newIndex(len(words)), words: words, fine: make([]uint16, len(words)), coarse: make([]uint8, len(words))}
	for row, w := range words {
		c.index.set(w, int32(row))
	}
	for row, class := range kMeans(vectors, counts, min(fineClasses, len(words)), random) {
		c.fine[row] = uint16(class + 1)
	}
	for row, class := range kMeans(vectors, counts, min(coarseClasses, len(words)), random) {
		c.coarse[row] = uint8(class + 1)
	}
	return c
}

// vocabulary returns the words that are not rare, most frequent first, the
// texts as rows of them, and how often each stands.
func vocabulary(texts []string) (words []uint32, sequences [][]int32, counts []int32) {
	count := newIndex(1 << 16)
	hashed := make([][]uint32, len(texts))
	for i, text := range texts {
		for _, t := range Tokens(text) {
			w := look(text[t.Start:t.End]).lower
			hashed[i] = append(hashed[i], w)
			count.set(w, count.row(w)+1)
		}
	}
	for i, r := range count.rows {
		if r >= rareWord {
			words = append(words, count.keys[i])
		}
	}
	slices.SortFunc(words, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(count.row(b), count.row(a)), cmp.Compare(a, b))
	})
	row := newIndex(len(words))
	for i, w := range words {
		row.set(w, int32(i))
		counts = append(counts, count.row(w)+1)
	}
	for _, ws := range hashed {
		var s []int32
		for _, w := range ws {
			if r := row.row(w); r >= 0 {
				s = append(s, r)
			}
		}
		sequences = append(sequences, s)
	}
	return words, sequences, counts
}

// skipGrams trains a vector for each word and returns them at length 1.
func skipGrams(sequences [][]int32, counts []int32, random *rand.Rand) [][]float32 {
	n := len(counts)
	in, out := make([]float32, n*dimensions), make([]float32, n*dimensions)
	for i := range in {
		in[i] = (random.Float32() - 0.5) / dimensions
	}
	// Negative words are drawn by count^0.75, frequent words skipped by count.
	total := 0.0
	for _, c := range counts {
		total += float64(c)
	}
	const draws = 1 << 20
	table := make([]int32, 0, draws)
	mass := 0.0
	for _, c := range counts {
		mass += math.Pow(float64(c), 0.75)
	}
	for w, c := range counts {
		for range int(math.Ceil(math.Pow(float64(c), 0.75) / mass * draws)) {
			table = append(table, int32(w))
		}
	}
	keep := make([]float32, n)
	for w, c := range counts {
		keep[w] = float32(math.Sqrt(1e-3 * total / float64(c)))
	}
	gradient := make([]float32, dimensions)
	kept := make([]int32, 0, 1024)
	done, all := 0.0, total*vectorEpochs
	for range vectorEpochs {
		for _, s := range sequences {
			kept = kept[:0]
			for _, w := range s {
				if random.Float32() < keep[w] {
					kept = append(kept, w)
				}
			}
			done += float64(len(s))
			rate := float32(0.05 * max(0.02, 1-done/all))
			for i, w := range kept {
				reach := 1 + random.IntN(window)
				for j := max(0, i-reach); j <= min(len(kept)-1, i+reach); j++ {
					if j == i {
						continue
					}
					x := in[int(kept[j])*dimensions:][:dimensions]
					clear(gradient)
					for k := range negatives + 1 {
						target, label := w, float32(1)
						if k > 0 {
							target, label = table[random.IntN(len(table))], 0
							if target == w {
								continue
							}
						}
						y := out[int(target)*dimensions:][:dimensions]
						dot := float32(0)
						for d, v := range x {
							dot += v * y[d]
						}
						g := rate * (label - 1/(1+float32(math.Exp(float64(-dot)))))
						for d, v := range y {
							gradient[d] += g * v
							y[d] += g * x[d]
						}
					}
					for d, g := range gradient {
						x[d] += g
					}
				}
			}
		}
	}
	vectors := make([][]float32, n)
	for w := range vectors {
		v := in[w*dimensions:][:dimensions]
		norm := float32(0)
		for _, x := range v {
			norm += x * x
		}
		norm = float32(math.Sqrt(float64(norm)))
		for d := range v {
			v[d] /= norm
		}
		vectors[w] = v
	}
	return vectors
}

// kMeans returns the class of each vector, 0…k−1. Words count by the square
// root of how often they stand.
func kMeans(vectors [][]float32, counts []int32, k int, random *rand.Rand) []int {
	centres := make([][]float32, k)
	for i, w := range random.Perm(min(len(vectors), 10*k))[:k] {
		centres[i] = slices.Clone(vectors[w])
	}
	class := make([]int, len(vectors))
	for range 12 {
		for w, v := range vectors {
			best := float32(-2)
			for c, centre := range centres {
				dot := float32(0)
				for d, x := range v {
					dot += x * centre[d]
				}
				if dot > best {
					best, class[w] = dot, c
				}
			}
		}
		for _, centre := range centres {
			clear(centre)
		}
		for w, v := range vectors {
			weight := float32(math.Sqrt(float64(counts[w])))
			for d, x := range v {
				centres[class[w]][d] += weight * x
			}
		}
		for _, centre := range centres {
			norm := float32(1e-12)
			for _, x := range centre {
				norm += x * x
			}
			norm = float32(math.Sqrt(float64(norm)))
			for d := range centre {
				centre[d] /= norm
			}
		}
	}
	return class
}
