package chooser

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// made returns questions of candidates with a colour and a size, of which the red
// one is right; where there are two, the large one. The colour is shared, the size
// is not. The other kind of answer is the first candidate, always.
func made(n int) (questions []Question, right [][][]float32) {
	const red, blue, small, large = 1, 2, 3, 4
	random := rand.New(rand.NewPCG(1, 2))
	right = make([][][]float32, 2)
	for range n {
		q := Question{Parts: [][]uint32{{red}, {blue}}}
		answers := make([]float32, 5)
		best, top := 0, -1
		for i := range answers {
			colour, size := int32(random.IntN(2)), uint32(small+random.IntN(2))
			q.Candidates = append(q.Candidates, Candidate{Parts: []int32{colour}, Features: []uint32{size, uint32(100 + i)}})
			if worth := 2*int(1-colour) + int(size-small); worth > top {
				best, top = i, worth
			}
		}
		answers[best] = 1
		questions, right[0] = append(questions, q), append(right[0], answers)
		right[1] = append(right[1], []float32{1, 0, 0, 0, 0})
	}
	right[1][0] = nil
	return questions, right
}

func TestTrain(t *testing.T) {
	questions, right := made(400)
	o := Training{Seed: 1, Rate: 0.1}
	choosers := Train(questions[:300], [][][]float32{right[0][:300], right[1][:300]}, o)
	wrong := 0
	for i := 300; i < len(questions); i++ {
		p := choosers[0].Probabilities(&questions[i])
		sum, best := 0.0, 0
		for k, x := range p {
			sum += float64(x)
			if x > p[best] {
				best = k
			}
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Fatalf("probabilities %v sum to %v", p, sum)
		}
		same := questions[i].Candidates[best]
		for k, x := range right[0][i] {
			// Candidates that look alike are as good.
			c := questions[i].Candidates[k]
			if x == 1 && (c.Parts[0] != same.Parts[0] || c.Features[0] != same.Features[0]) {
				wrong++
			}
		}
		if p := choosers[1].Probabilities(&questions[i]); p[0] < 0.9 {
			t.Errorf("the first candidate, which is always right, has probability %v", p[0])
		}
	}
	if wrong > 0 {
		t.Errorf("%d of 100 answers are wrong", wrong)
	}
	if again := Train(questions[:300], [][][]float32{right[0][:300], right[1][:300]}, o); !reflect.DeepEqual(again, choosers) {
		t.Error("the same questions gave other choosers")
	}
}

func TestRare(t *testing.T) {
	questions, right := made(20)
	questions[3].Candidates[0].Features = append(questions[3].Candidates[0].Features, 77, 77, 77)
	c := Train(questions, right, Training{Rare: 2})[0]
	if _, ok := c.weights[77]; ok {
		t.Error("a feature of one question has a weight")
	}
}

func BenchmarkProbabilities(b *testing.B) {
	questions, right := made(50)
	c := Train(questions, right, Training{Seed: 1})[0]
	b.ReportAllocs()
	for b.Loop() {
		c.Probabilities(&questions[0])
	}
}
