package extract

import (
	"math/rand/v2"
	"testing"

	"github.com/alkahest/alkahest/field/declared"
)

// Mentions ascend and do not overlap, also where names that share words stand
// together.
func TestMentionsAscend(t *testing.T) {
	fields, err := declared.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	lx := newLexicon(fields)
	var names []string
	for p := range fields.Properties() {
		names = append(names, p.Words()...)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := ""
		for i := range 4 {
			if i > 0 {
				text += []string{" and ", ", ", " or ", " "}[random.IntN(4)]
			}
			text += names[random.IntN(len(names))]
		}
		end := 0
		for _, m := range lx.find(text, words(text, span{0, len(text)})) {
			if m.start < end || m.end <= m.start {
				t.Fatalf("mention %q of %q at %d begins before %d", text[m.start:m.end], text, m.start, end)
			}
			end = m.end
		}
	}
}
