package fidelity

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/document/blocks"
)

func text(s ...string) *document.Document {
	d := &document.Document{Pages: 1}
	for _, s := range s {
		kind := document.Paragraph
		if strings.HasPrefix(s, "Table") {
			kind = document.Caption
		}
		d.Blocks = append(d.Blocks, document.Block{Kind: kind, Text: s})
	}
	return d
}

func table(rows ...string) document.Block {
	var t blocks.Table
	for _, row := range rows {
		t.Row(false)
		for cell := range strings.SplitSeq(row, "|") {
			span := 1 + strings.Count(cell, ">")
			t.Cell(1, span, false)
			t.WriteString(strings.Trim(cell, ">"))
		}
	}
	b, _ := t.Block()
	return b
}

func TestCompareText(t *testing.T) {
	truth := text("The first block of the text.", "Table 1. A caption.", "The second block of the text.", "And the third one.")
	for _, test := range []struct {
		name            string
		read            *document.Document
		distance, order int
	}{
		{"the same", truth, 0, 2},
		{"a caption that moved", text("Table 1. A caption.", "The first block of the text.", "The second block of the text.", "And the third one."), 0, 2},
		{"characters that look alike", text("The first block of the text.", "Table 1. A caption.", "The second block of the text.", "And the third one."), 0, 2},
		{"a header too much", text("Header", "The first block of the text.", "Table 1. A caption.", "The second block of the text.", "And the third one."), 7, 2},
		{"a block lost", text("The first block of the text.", "Table 1. A caption.", "The second block of the text."), 19, 1},
		{"blocks exchanged", text("The first block of the text.", "And the third one.", "Table 1. A caption.", "The second block of the text."), 38, 0},
		{"a block divided", text("The first block", "of the text.", "Table 1. A caption.", "The second block of the text.", "And the third one."), 1, 2},
	} {
		s, _ := Compare(test.read, truth)
		if s.Distance != test.distance || s.Order.Correct != test.order || s.Order.Truth != 2 {
			t.Errorf("%s: distance %d, want %d; order %+v, want %d", test.name, s.Distance, test.distance, s.Order, test.order)
		}
	}
	s, _ := Compare(truth, truth)
	if s.Characters != 96 || s.CharacterAccuracy() != 1 {
		t.Errorf("%d characters, accuracy %g", s.Characters, s.CharacterAccuracy())
	}
}

func TestCompareScripts(t *testing.T) {
	with := func(shifts ...document.Shift) *document.Document {
		d := text("SO42− in cm−1")
		d.Blocks[0].Shifts = shifts
		return d
	}
	truth := with(document.Shift{Start: 2, End: 3}, document.Shift{Start: 3, End: 7, Raised: true}, document.Shift{Start: 13, End: 17, Raised: true})
	for _, test := range []struct {
		read           *document.Document
		correct, found int
	}{
		{truth, 3, 3},
		{with(document.Shift{Start: 2, End: 3}), 1, 1},
		{with(document.Shift{Start: 2, End: 7, Raised: true}, document.Shift{Start: 13, End: 17, Raised: true}), 1, 2},
		{with(document.Shift{Start: 2, End: 3, Raised: true}, document.Shift{Start: 3, End: 7, Raised: true}, document.Shift{Start: 13, End: 17}), 1, 3},
	} {
		s, mistakes := Compare(test.read, truth)
		if s.Scripts != (Count{test.correct, test.found, 3}) || len(mistakes) != 3+test.found-2*test.correct {
			t.Errorf("scripts %+v, mistakes %v", s.Scripts, mistakes)
		}
	}
}

func TestCompareTables(t *testing.T) {
	truth := &document.Document{Blocks: []document.Block{table("metal|Tm (K)>", "|bcc|fcc", "Fe|1811|", "Ni||1728")}}
	for _, test := range []struct {
		name           string
		rows           []string
		correct, found int
	}{
		{"the same", []string{"metal|Tm (K)>", "|bcc|fcc", "Fe|1811|", "Ni||1728"}, 8, 8},
		{"a head that does not span", []string{"metal|Tm (K)|", "|bcc|fcc", "Fe|1811|", "Ni||1728"}, 7, 8},
		{"rows joined", []string{"metal|Tm (K)>", "|bcc|fcc", "Fe Ni|1811|1728"}, 5, 7},
		{"a column lost", []string{"metal|Tm (K)", "|bcc", "Fe|1811", "Ni|1728"}, 5, 7},
	} {
		read := &document.Document{Blocks: []document.Block{table("another|table"), table(test.rows...)}}
		s, _ := Compare(read, truth)
		if s.Cells != (Count{test.correct, test.found + 2, 8}) {
			t.Errorf("%s: cells %+v, want %d of %d", test.name, s.Cells, test.correct, test.found+2)
		}
	}
}

// TestEditDistance compares the banded distance with the plain one.
func TestEditDistance(t *testing.T) {
	plain := func(a, b []rune) int {
		row := make([]int, len(b)+1)
		for j := range row {
			row[j] = j
		}
		for i := range a {
			diagonal := row[0]
			row[0] = i + 1
			for j := range b {
				replace := diagonal
				if a[i] != b[j] {
					replace++
				}
				diagonal = row[j+1]
				row[j+1] = min(replace, row[j]+1, diagonal+1)
			}
		}
		return row[len(b)]
	}
	random := rand.New(rand.NewPCG(1, 2))
	word := func() []rune {
		out := make([]rune, random.IntN(60))
		for i := range out {
			out[i] = 'a' + rune(random.IntN(3))
		}
		return out
	}
	for range 300 {
		a, b := word(), word()
		if got, want := editDistance(a, b), plain(a, b); got != want {
			t.Fatalf("distance of %q and %q is %d, want %d", string(a), string(b), got, want)
		}
	}
}

func BenchmarkEditDistance(b *testing.B) {
	x := []rune(strings.Repeat("The conductivity is 3.2 × 10−4 S cm−1 at 298 K. ", 200))
	y := []rune(strings.Replace(string(x), "298", "300", 50))
	b.ReportAllocs()
	for b.Loop() {
		if d := editDistance(x, y); d != 150 {
			b.Fatal(fmt.Sprint(d))
		}
	}
}
