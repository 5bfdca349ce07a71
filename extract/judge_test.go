package extract

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBuiltIn reads the weights that are part of the program.
func TestBuiltIn(t *testing.T) {
	if _, err := ReadJudge(judgeFile); err != nil {
		t.Error(err)
	}
	if _, err := ReadSubjects(subjectsFile); err != nil {
		t.Error(err)
	}
}

func TestReadJudge(t *testing.T) {
	for name, data := range map[string]string{
		"no JSON":       "weights",
		"other version": `{"version": "alkahest.Judge.v0"}`,
		"other cues":    `{"version": "alkahest.Judge.v1", "cues": ["bias"], "weights": [1]}`,
	} {
		if _, err := ReadJudge([]byte(data)); !errors.Is(err, ErrJudge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFitJudge draws readings whose truth follows known weights, and wants
// confidences that are near the true probabilities.
func TestFitJudge(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	true := make([]float64, cues)
	true[cueBias], true[cuePair], true[cueSubject], true[cueHedged] = 0.5, 0.8, 0.8, -1.5
	draw := func() (Judged, float64) {
		c := make(Cues, cues)
		c[cueBias], c[cuePair], c[cueSubject], c[cueHedged] = 1, random.NormFloat64(), random.NormFloat64(), float64(random.IntN(2))
		p := probability(true, c)
		return Judged{Cues: c, Right: random.Float64() < p}, p
	}
	var examples []Judged
	for range 2000 {
		e, _ := draw()
		examples = append(examples, e)
	}
	j := FitJudge(examples, 1, "of a test")
	for range 100 {
		e, p := draw()
		if got := j.Confidence(e.Cues); math.Abs(got-p) > 0.08 {
			t.Errorf("confidence %.3f where the probability is %.3f", got, p)
		}
	}
	// Without examples the judge is what it starts from.
	if got := FitJudge(nil, 1, "").Weights[cuePair]; math.Abs(got-1) > 1e-3 {
		t.Errorf("weight of the pair without examples is %v, want 1", got)
	}
}

func TestCueNames(t *testing.T) {
	if got := len(CueNames()); got != cues {
		t.Errorf("%d names for %d cues", got, cues)
	}
}

func TestTone(t *testing.T) {
	c := make(Cues, cues)
	const sentence = "The gap is expected to exceed that of Si, as reported previously."
	c.tone(words(sentence, span{0, len(sentence)}))
	for cue, want := range map[int]float64{cueHedged: 1, cueCompared: 1, cueCited: 1, cueComputed: 0, cueNegated: 0} {
		if c[cue] != want {
			t.Errorf("cue %q is %v, want %v", CueNames()[cue], c[cue], want)
		}
	}
}

func TestAbbreviates(t *testing.T) {
	for text, want := range map[string]bool{
		"polymer solar cells (PSCs) were made": true,
		"gallium arsenide (GaAs) was grown":    false,
		"polymer solar cells (PCBM) were made": false,
	} {
		from, to := 0, 0
		for i, c := range text {
			switch c {
			case '(':
				from = i
			case ')':
				to = i + 1
			}
		}
		if got := abbreviates(text, span{from, to}); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func BenchmarkReadWeights(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadSubjects(subjectsFile); err != nil {
			b.Fatal(err)
		}
	}
}
