package evaluate

import (
	"strings"

	"github.com/alkahest/alkahest/extract/tagger"
)

// chunk is a run of tokens between words of the closed classes and marks: about a
// noun phrase without its article, or a verb.
type chunk struct{ first, last int }

// closedClass are articles, prepositions, conjunctions, pronouns, auxiliaries and
// other words that stand between noun phrases.
var closedClass = words(`a an the this that these those its their our his her each every all both some any no such other another
of in on at by for with from to into onto over under between among through during after before within without per via as than about above below against along across near since until upon toward towards
and or but nor while whereas although though because if when where which who whose whom what how so then thus hence therefore however also only just both either neither not
is are was were be been being am has have had having do does did can could may might will would shall should must
it they we he she i you there here respectively approximately about around ca up down out more less most least very`)

// chunks divides the tokens of t and returns the number of the chunk of each token,
// -1 between them.
func chunks(t *tagger.Text) (all []chunk, of []int) {
	of = make([]int, len(t.Tokens))
	open := false
	for k, tok := range t.Tokens {
		w := t.Text[tok.Start:tok.End]
		of[k] = -1
		sign := !strings.ContainsFunc(w, letterOrDigit)
		if sign && strings.ContainsAny(w, "-–‐‑/'’+") && k > 0 && t.Tokens[k-1].End == tok.Start && open {
			all[len(all)-1].last = k
			of[k] = len(all) - 1
			continue
		}
		if sign || closedClass[strings.ToLower(w)] {
			open = false
			continue
		}
		if !open {
			all = append(all, chunk{k, k})
			open = true
		}
		all[len(all)-1].last = k
		of[k] = len(all) - 1
	}
	return all, of
}

func letterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xC0
}

// chunkCues are the features of token k that come of its chunk, seen from the
// quantity in tokens first to last.
func chunkCues(t *tagger.Text, all []chunk, of []int, k, first, last int, side, unit uint32) []uint32 {
	c := of[k]
	if c < 0 {
		return []uint32{tagger.Hash(1100, side)}
	}
	place := uint32(1)
	switch {
	case all[c].first == k && all[c].last == k:
		place = 4
	case all[c].first == k:
		place = 2
	case all[c].last == k:
		place = 3
	}
	// How many chunks lie between it and the quantity.
	apart := 0
	if k < first {
		for n := c + 1; n < len(all) && all[n].last < first; n++ {
			apart++
		}
	} else if k > last {
		for n := c - 1; n >= 0 && all[n].first > last; n-- {
			apart++
		}
	}
	near := uint32(min(apart, 8))
	before, article := all[c].first-1, uint32(0)
	if w := t.Word(before); w == articleThe || w == articleA {
		before, article = before-1, 1
	}
	lead, next := t.Word(before), t.Word(all[c].last+1)
	head, suffix := t.Word(all[c].last), t.Suffix(all[c].last)
	return []uint32{
		tagger.Hash(1101, place), tagger.Hash(1102, place, lead), tagger.Hash(1103, side, near), tagger.Hash(1104, side, near, place), tagger.Hash(1105, side, near, lead),
		tagger.Hash(1106, side, near, next), tagger.Hash(1107, head), tagger.Hash(1108, suffix, place), tagger.Hash(1109, side, lead, next), tagger.Hash(1110, place, next),
		tagger.Hash(1111, unit, head), tagger.Hash(1112, place, article), tagger.Hash(1113, lead, suffix), tagger.Hash(1114, side, near, suffix), tagger.Hash(1115, place, head),
	}
}

var articleThe, articleA = tagger.Prepare("the").Word(0), tagger.Prepare("a").Word(0)
