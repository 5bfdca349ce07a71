// Package fidelity measures how faithfully a document was read: it compares
// what a reader made of a file with the truth, a document that was read from
// the source the file was made from.
//
// Four things are measured. Characters: one less the edit distance of the texts
// by the length of the truth (Levenshtein, Soviet Physics Doklady 10 (1966)
// 707). Scripts: super- and subscripts, each with what it stands on. Cells: the
// cells of tables with their place, width and text. Order: whether neighbouring
// blocks of the truth follow each other in what was read.
package fidelity

import (
	"slices"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/document"
)

// Score says how much of one document, or of several, was read right.
type Score struct {
	Documents, Pages, Tables int
	Characters               int // of the truth, outside of tables
	Distance                 int // characters to insert, delete or replace to get the truth
	Scripts                  Count
	Cells                    Count
	Order                    Count // pairs of neighbouring blocks
}

// Add adds the counts of another score.
func (s *Score) Add(o Score) {
	s.Documents += o.Documents
	s.Pages += o.Pages
	s.Tables += o.Tables
	s.Characters += o.Characters
	s.Distance += o.Distance
	s.Scripts.add(o.Scripts)
	s.Cells.add(o.Cells)
	s.Order.add(o.Order)
}

// CharacterAccuracy returns 1 − distance / characters, at least 0.
func (s *Score) CharacterAccuracy() float64 {
	if s.Characters == 0 {
		return 0
	}
	return max(0, 1-float64(s.Distance)/float64(s.Characters))
}

// Count is how many things are right of those that were found and those that
// are there.
type Count struct{ Correct, Found, Truth int }

func (c *Count) add(o Count) {
	c.Correct += o.Correct
	c.Found += o.Found
	c.Truth += o.Truth
}

// F1 returns the harmonic mean of precision and recall, 0 when nothing is right.
func (c Count) F1() float64 {
	if c.Found+c.Truth == 0 {
		return 0
	}
	return 2 * float64(c.Correct) / float64(c.Found+c.Truth)
}

// Mistake is one difference between the documents.
type Mistake struct {
	Kind        string // "script", "cell", "order", "text"
	Truth, Read string // empty where there is nothing
}

// Compare scores read against truth and lists the differences, those of the
// text as the blocks of the truth that were not found word for word.
func Compare(read, truth *document.Document) (Score, []Mistake) {
	s := Score{Documents: 1, Pages: read.Pages}
	var mistakes []Mistake
	mistakes = append(mistakes, s.compareText(read, truth)...)
	mistakes = append(mistakes, s.compareScripts(read, truth)...)
	mistakes = append(mistakes, s.compareTables(read, truth)...)
	return s, mistakes
}

// floats reports the kinds of block whose place in the order is the
// typesetter's choice.
func floats(k document.Kind) bool { return k == document.Caption || k == document.Footnote }

// compareText compares the running text as a whole, so that what is missing,
// doubled or out of order counts, and each caption and footnote with the block
// that is most like it.
func (s *Score) compareText(read, truth *document.Document) []Mistake {
	var blocks []string // what was read
	for i := range read.Blocks {
		if read.Blocks[i].Table == nil {
			blocks = append(blocks, alike(read.Blocks[i].Text))
		}
	}
	var flow []string
	for i := range truth.Blocks {
		b := &truth.Blocks[i]
		if b.Table != nil {
			continue
		}
		text := alike(b.Text)
		if !floats(b.Kind) {
			flow = append(flow, text)
			continue
		}
		s.Characters += length(text)
		best, distance := -1, length(text)
		for j, r := range blocks {
			if n := length(r); n > 2*length(text) || n < length(text)/2 {
				continue
			}
			if d := editDistance([]rune(r), []rune(text)); d < distance && d < length(text)/2 {
				best, distance = j, d
			}
		}
		s.Distance += distance
		if best >= 0 {
			blocks = slices.Delete(blocks, best, best+1)
		}
	}
	want, got := strings.Join(flow, "\n"), strings.Join(blocks, "\n")
	s.Characters += length(want)
	s.Distance += editDistance([]rune(got), []rune(want))
	mistakes := s.compareOrder(flow, blocks)
	for _, text := range flow {
		if !slices.Contains(blocks, text) {
			mistakes = append(mistakes, Mistake{Kind: "text", Truth: text})
		}
	}
	return mistakes
}

// compareOrder counts the neighbouring blocks of the truth that follow each
// other in what was read: the end of the first is found, and the beginning of
// the second behind it before that of any other block.
func (s *Score) compareOrder(flow, blocks []string) []Mistake {
	text := squeeze(strings.Join(blocks, ""))
	const probe = 24 // bytes that tell a place in the text
	ends, starts := make([]int, len(flow)), make([]int, len(flow))
	for i, block := range flow {
		block = squeeze(block)
		starts[i] = strings.Index(text, block[:min(probe, len(block))])
		ends[i] = strings.LastIndex(text, block[max(0, len(block)-probe):])
	}
	var mistakes []Mistake
	for i := 1; i < len(flow); i++ {
		s.Order.Truth++
		next := -1 // where the next block begins
		for _, at := range starts {
			if at > ends[i-1] && (next < 0 || at < next) {
				next = at
			}
		}
		if ends[i-1] < 0 || starts[i] < 0 {
			mistakes = append(mistakes, Mistake{Kind: "order", Truth: flow[i], Read: "not found"})
			continue
		}
		s.Order.Found++
		if starts[i] == next {
			s.Order.Correct++
		} else {
			mistakes = append(mistakes, Mistake{Kind: "order", Truth: flow[i]})
		}
	}
	return mistakes
}

// compareScripts compares super- and subscripts by level, text and the six
// characters they stand behind, each as often as it occurs.
func (s *Score) compareScripts(read, truth *document.Document) []Mistake {
	count := func(d *document.Document) map[string]int {
		found := map[string]int{}
		for i := range d.Blocks {
			b := &d.Blocks[i]
			for _, shift := range b.Shifts {
				sign := "_"
				if shift.Raised {
					sign = "^"
				}
				// In a cell, what stands in other cells is not looked at.
				before := b.Text[:shift.Start]
				before = before[strings.LastIndexAny(before, "\t\n")+1:]
				host := []rune(squeeze(alike(before)))
				found[string(host[max(0, len(host)-6):])+sign+squeeze(alike(b.Text[shift.Start:shift.End]))]++
			}
		}
		return found
	}
	got, want := count(read), count(truth)
	var mistakes []Mistake
	for key, n := range want {
		s.Scripts.Truth += n
		s.Scripts.Correct += min(n, got[key])
		for range n - got[key] {
			mistakes = append(mistakes, Mistake{Kind: "script", Truth: key})
		}
	}
	for key, n := range got {
		s.Scripts.Found += n
		for range n - want[key] {
			mistakes = append(mistakes, Mistake{Kind: "script", Read: key})
		}
	}
	return mistakes
}

// alike returns s with characters that look the same made the same: the two
// signs for micro, for ohm and for the reduced Planck constant, hyphens, apostrophes, asterisks, primes.
func alike(s string) string {
	return alikeReplacer.Replace(s)
}

var alikeReplacer = strings.NewReplacer("\u03BC", "\u00B5", "\u2126", "\u03A9", "\u210F", "\u0127", "‐", "-", "’", "'", "∗", "*", "″", "′′")

// squeeze returns s without white space.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func length(s string) int { return len([]rune(s)) }
