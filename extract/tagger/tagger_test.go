package tagger

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                 nil,
		"13kg of LiFePO4.":                 {"13", "kg", "of", "LiFePO4", "."},
		"1,234.5 mA h g−1 (at 25 °C)":      {"1,234.5", "mA", "h", "g", "−", "1", "(", "at", "25", "°", "C", ")"},
		"α-Fe2O3@C, 0.1–0.5 Å\n ~7%":       {"α", "-", "Fe2O3", "@", "C", ",", "0.1", "–", "0.5", "Å", "~", "7", "%"},
		"전기 전도도는 3 S/cm":                   {"전기", "전도도는", "3", "S", "/", "cm"},
		"bad \xff\xfe bytes ended by \xc3": {"bad", "\xff", "\xfe", "bytes", "ended", "by", "\xc3"},
	} {
		var got []string
		for _, s := range Tokens(text) {
			got = append(got, text[s.Start:s.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("Tokens(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestFeatures(t *testing.T) {
	text := Prepare("The band gap of ZnO is 3.3 eV.")
	if got := len(text.features); got != perToken*len(text.Tokens) {
		t.Fatalf("%d features for %d tokens, want %d each", got, len(text.Tokens), perToken)
	}
	zno := text.Search(strings.Index(text.Text, "ZnO"))
	if m := text.Mark(zno); m != markFormula {
		t.Errorf("mark of ZnO is %d, want %d", m, markFormula)
	}
	if m := text.Mark(zno + 2); m != markNumber {
		t.Errorf("mark of 3.3 is %d, want %d", m, markNumber)
	}
	if m := text.Mark(zno + 3); m != markUnit {
		t.Errorf("mark of eV is %d, want %d", m, markUnit)
	}
}

// made returns sentences in which capital words behind "of" are names.
func made(n int) []Example {
	names := []string{"Alpha", "Beta Prime", "Gamma", "Delta Minor", "Epsilon"}
	var out []Example
	for i := range n {
		name := names[i%len(names)]
		text := Prepare("We measured the mass of " + name + " at night and Then the rest.")
		labels := make([]uint8, len(text.Tokens))
		labels[5] = 1
		for k := range strings.Count(name, " ") {
			labels[6+k] = 2
		}
		out = append(out, Example{Whole(text), labels})
	}
	return out
}

var nameLabels = []string{"O", "B-NAME", "I-NAME"}

func TestTrain(t *testing.T) {
	m := Train(nameLabels, made(20), Training{Seed: 1})
	text := Prepare("They weighed the charge of Zeta Major at night and Then the rest.")
	got := m.Tag(Whole(text))
	if len(got) != 1 || text.Text[got[0].Start:got[0].End] != "Zeta Major" || got[0].Kind != "NAME" {
		t.Fatalf("found %+v, want the one name", got)
	}
	if p := got[0].Probability; p < 0.5 || p > 1.0001 {
		t.Errorf("probability %v of a clear name", p)
	}
	best, ok := m.Likeliest(Whole(text), "NAME", 5)
	if !ok || best.Start != got[0].Start || best.End != got[0].End || math.Abs(best.Probability-got[0].Probability) > 1e-4 {
		t.Errorf("Likeliest is %+v, want %+v", best, got[0])
	}
	if again := Train(nameLabels, made(20), Training{Seed: 1}); !reflect.DeepEqual(m, again) {
		t.Error("the same examples and seed gave another tagger")
	}
}

// TestLattice compares sums over paths with those of all paths one by one.
func TestLattice(t *testing.T) {
	const n, k = 4, 3
	var l lattice
	l.resize(n, k)
	transition := make([]float32, (k+1)*k)
	power := make([]float32, len(transition))
	for i := range l.emission {
		l.emission[i] = float32(i*7%5) - 2
	}
	for i := range transition {
		transition[i] = float32(i*5%7)/3 - 1
		power[i] = float32(math.Exp(float64(transition[i])))
	}
	total, marginal := 0.0, make([]float64, n*k)
	best, bestPath := math.Inf(-1), []uint8(nil)
	path := make([]uint8, n)
	var walk func(t int, score float64)
	walk = func(t int, score float64) {
		if t == n {
			p := math.Exp(score)
			total += p
			for i, y := range path {
				marginal[i*k+int(y)] += p
			}
			if score > best {
				best, bestPath = score, slices.Clone(path)
			}
			return
		}
		for y := range k {
			from := k
			if t > 0 {
				from = int(path[t-1])
			}
			path[t] = uint8(y)
			walk(t+1, score+float64(l.emission[t*k+y])+float64(transition[from*k+y]))
		}
	}
	walk(0, 0)
	l.sum(power)
	if math.Abs(l.norm-math.Log(total)) > 1e-4 {
		t.Errorf("log of the sum is %v, want %v", l.norm, math.Log(total))
	}
	for i := range n {
		for y := range k {
			if got, want := float64(l.marginal(i, y)), marginal[i*k+y]/total; math.Abs(got-want) > 1e-4 {
				t.Errorf("marginal of %d at %d is %v, want %v", y, i, got, want)
			}
		}
	}
	if got := l.best(transition); !slices.Equal(got, bestPath) {
		t.Errorf("best path %v, want %v", got, bestPath)
	}
}

func TestEncode(t *testing.T) {
	m := Train(nameLabels, made(20), Training{Seed: 1})
	data, err := m.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	back, rest, err := Decode(append(data, "rest"...))
	if err != nil || string(rest) != "rest" || !reflect.DeepEqual(back, m) {
		t.Fatalf("read back %v with %q left: %v", back, rest, err)
	}
	for n := range data {
		if _, _, err := Decode(data[:n]); !errors.Is(err, ErrFormat) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	m := Train(nameLabels, made(5), Training{Seed: 1, Epochs: 1})
	data, _ := m.AppendBinary(nil)
	f.Add(data)
	f.Add([]byte("\x12alkahest.Tagger.v1\x01\x01O"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, rest, err := Decode(data)
		if err != nil {
			return
		}
		m.Tag(Whole(Prepare("The band gap of ZnO is 3.3 eV.")))
		again, err := m.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if back, _, err := Decode(again); err != nil || !reflect.DeepEqual(back, m) {
			t.Errorf("stored again, it reads as %v: %v", back, err)
		}
		if !bytes.HasSuffix(data, rest) {
			t.Error("what is left is not the end of the data")
		}
	})
}

func FuzzPrepare(f *testing.F) {
	for _, s := range []string{"", "13kg of LiFePO4.", "bad \xff bytes", "α-Fe2O3 ~7%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := Prepare(text)
		end := 0
		for _, s := range p.Tokens {
			if s.Start < end || s.End <= s.Start || s.End > len(text) || strings.TrimSpace(text[end:s.Start]) != "" {
				t.Fatalf("token %v behind %d in %q", s, end, text)
			}
			end = s.End
		}
		if len(p.features) != perToken*len(p.Tokens) {
			t.Fatalf("%d features for %d tokens", len(p.features), len(p.Tokens))
		}
	})
}

var benchText = strings.Repeat("The LiNi0.8Co0.1Mn0.1O2 cathode delivered a discharge capacity of 203.5 mAh g−1 at 0.1 C and 25 °C after 100 cycles. ", 20)

func BenchmarkPrepare(b *testing.B) {
	b.SetBytes(int64(len(benchText)))
	b.ReportAllocs()
	for b.Loop() {
		Prepare(benchText)
	}
}

func BenchmarkTag(b *testing.B) {
	m := Train(nameLabels, made(20), Training{Seed: 1})
	text := Prepare(benchText)
	b.SetBytes(int64(len(benchText)))
	b.ReportAllocs()
	for b.Loop() {
		m.Tag(Whole(text))
	}
}

// TestLookup compares with the hash table, for keys at both ends of the range, and
// for many keys that begin alike, which hostile weights may have.
func TestLookup(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 1000} {
		for _, bound := range []uint32{1 << 12, math.MaxUint32} {
			set := map[uint32]bool{0: true, bound: true}
			for len(set) < n {
				set[random.Uint32N(bound)] = true
			}
			keys := slices.Sorted(maps.Keys(set))
			index := newIndex(0)
			for row, key := range keys {
				index.set(key, int32(row))
			}
			x := newLookup(keys)
			for range 2000 {
				key := random.Uint32N(bound)
				if random.IntN(2) == 0 {
					key = keys[random.IntN(len(keys))]
				}
				if got, want := x.row(key), index.row(key); got != want {
					t.Fatalf("%d keys: row %d of %d, want %d", n, got, key, want)
				}
			}
		}
	}
	if none := newLookup(nil); none.row(7) != -1 {
		t.Error("a key among none")
	}
}

// TestAbove compares with all sets of mentions that do not overlap.
func TestAbove(t *testing.T) {
	m := Train(nameLabels, made(20), Training{Seed: 1, Epochs: 1})
	s := Whole(Prepare("We measured the mass of Zeta Major and of Beta Prime at Night and Then the rest."))
	const least = 0.02
	all := m.Candidates(s, "NAME", longestMention, least)
	if len(all) < 4 {
		t.Fatalf("%d candidates, want some to choose from", len(all))
	}
	sum := func(ms []Mention) float64 {
		total := 0.0
		for i, a := range ms {
			if i > 0 && a.First <= ms[i-1].Last {
				return math.Inf(-1)
			}
			total += a.Probability - least
		}
		return total
	}
	top := 0.0
	for set := range 1 << len(all) {
		var some []Mention
		for i, a := range all {
			if set>>i&1 == 1 {
				some = append(some, a)
			}
		}
		top = max(top, sum(some))
	}
	if got := sum(m.Above(s, least)); math.Abs(got-top) > 1e-9 {
		t.Errorf("sum above least is %v, want %v", got, top)
	}
	if got := m.Above(s, 1); len(got) > 0 {
		t.Errorf("mentions that are more than certain: %v", got)
	}
}
