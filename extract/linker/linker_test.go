package linker

import (
	"strings"
	"testing"

	"github.com/alkahest/alkahest/extract/tagger"
)

// scene makes a scene of a text in which values are written in digits and names
// in capitals.
func scene(text string) *Scene {
	t := tagger.Prepare(text)
	var ms []Mention
	for k, tok := range t.Tokens {
		switch w := text[tok.Start:tok.End]; {
		case w[0] >= '0' && w[0] <= '9':
			ms = append(ms, Mention{k, k, "VALUE"})
		case len(w) > 1 && w == strings.ToUpper(w) && w[0] >= 'A':
			ms = append(ms, Mention{k, k, "NAME"})
		}
	}
	return NewScene(t, ms)
}

func pairs(s *Scene, links map[int]int) []Pair {
	var out []Pair
	for h, m := range s.Mentions {
		for t, o := range s.Mentions {
			if m.Kind == "VALUE" && o.Kind == "NAME" {
				p := Pair{Scene: s, Head: h, Tail: t}
				if to, ok := links[h]; ok && to == t {
					p.Relation = "of"
				}
				out = append(out, p)
			}
		}
	}
	return out
}

func TestLinker(t *testing.T) {
	var train []Pair
	for _, names := range [][2]string{{"ABC", "DEF"}, {"GHI", "JKL"}, {"MNO", "PQR"}, {"STU", "VWX"}} {
		train = append(train, pairs(scene("We found that "+names[0]+" has 12 and "+names[1]+" has 34 in air."), map[int]int{1: 0, 3: 2})...)
		train = append(train, pairs(scene("It is 12 for "+names[0]+", but 34 for "+names[1]+"."), map[int]int{0: 1, 2: 3})...)
	}
	l := Train(train, tagger.Training{Seed: 1})
	s := scene("It is 56 for XYZ, but 78 for UVW.")
	for _, p := range pairs(s, nil) {
		right := p.Tail == p.Head+1
		if x := l.Probabilities(p)["of"]; x > 0.5 != right {
			t.Errorf("value %d and name %d: probability %.3f", p.Head, p.Tail, x)
		}
	}
	data, err := l.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	back, rest, err := Decode(data)
	if err != nil || len(rest) > 0 {
		t.Fatalf("%d bytes left: %v", len(rest), err)
	}
	p := pairs(s, nil)[0]
	if a, b := l.Probabilities(p)["of"], back.Probabilities(p)["of"]; a != b {
		t.Errorf("probability %v, read back %v", a, b)
	}
}

func TestScene(t *testing.T) {
	s := scene("ABC has 1. DEF and GHI have 2 and 3, respectively.")
	for i, want := range []int{0, 0, 1, 1, 1, 1} {
		if got := s.Sentence(i); got != want {
			t.Errorf("mention %d is in sentence %d, want %d", i, got, want)
		}
	}
	if place, count := s.place(3); place != 1 || count != 2 {
		t.Errorf("GHI is name %d of %d, want 1 of 2", place, count)
	}
}

func BenchmarkProbabilities(b *testing.B) {
	s := scene("It is 12 for ABC, but 34 for DEF.")
	ps := pairs(s, map[int]int{0: 1, 2: 3})
	l := Train(ps, tagger.Training{Seed: 1})
	b.ReportAllocs()
	for b.Loop() {
		l.Probabilities(ps[0])
	}
}
