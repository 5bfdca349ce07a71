package evaluate

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/chem"
	"github.com/alkahest/alkahest/extract/tagger"
)

// The places that the grammar of doping sees, as features of tokens.
const (
	dopantBefore = 1 + iota // Er in "Er-doped", "Er and Yb co-doped"
	dopantBehind            // Er in "doped with 2 % Er"
	dopantNoun              // Er in "Er doping", "Er ions"
	dopantColon             // Er in "NaYF4:Er"
	hostBehind              // ZnO in "doped ZnO"
	hostBefore              // ZnO in "ZnO films doped with"
	hostIn                  // ZnO in "doping of Al into ZnO"
	hostColon               // NaYF4 in "NaYF4:Er"
	dopingPlaces
)

// dopingCues gives each token as features what the grammar of doping sees there,
// where the nearest word about doping stands, what the word is, and what the
// grammars read between.
func dopingCues(t *tagger.Text) [][]uint32 {
	d := newDopedText(t)
	out := make([][]uint32, len(t.Tokens))
	for k := range out {
		left, right := -1, -1
		for _, c := range d.cues {
			if c < k {
				left = c
			}
			if c > k && right < 0 {
				right = c
			}
		}
		add := func(side uint32, at int) {
			if at < 0 {
				out[k] = append(out[k], tagger.Hash(3000, side))
				return
			}
			from, to := min(at, k)+1, max(at, k)
			materials := uint32(0)
			for j := from; j < to; j++ {
				if m := t.Mark(j); m != 0 && m != t.Mark(j-1) {
					materials = min(materials+1, 3)
				}
			}
			near := tagger.Hash(3001, side, tagger.DistanceClass(to-from))
			out[k] = append(out[k], near, tagger.Hash(3002, side, materials), tagger.Hash(3003, near, t.Mark(k)), tagger.Hash(3004, side, t.Word(at), t.Mark(k)),
				tagger.Hash(3005, side, t.Word(at+1), t.Mark(k)), tagger.Hash(3006, near, t.Class(k)), tagger.Hash(3007, side, t.Word(at), t.Word(at+1)), tagger.Hash(3008, side, materials, t.Mark(k)))
		}
		add(1, left)
		add(2, right)
		any := uint32(0)
		for place := range uint32(dopingPlaces) {
			part := d.places[k][place]
			if part == 0 {
				continue
			}
			any |= 1 << place
			out[k] = append(out[k], tagger.Hash(3010, place, uint32(part)), tagger.Hash(3011, place, uint32(part), t.Mark(k)), tagger.Hash(3012, place, uint32(part), t.Class(k)))
		}
		material := uint32(0)
		if d.material(k) {
			material = 1
		}
		out[k] = append(out[k], tagger.Hash(3013, any), tagger.Hash(3014, any, material), tagger.Hash(3015, any, t.Mark(k)), tagger.Hash(3016, material))
	}
	return out
}

// dopedText is a text with the words about doping in it.
type dopedText struct {
	text   *tagger.Text
	low    []string // tokens, lower case
	cues   []int
	places [][dopingPlaces]uint8 // of each token: 1 where a place begins, 2 inside
	joins  []dopingJoin
}

// dopingJoin is a dopant and a host that one word about doping joins, in tokens.
type dopingJoin struct{ dopant, host [2]int }

// dopingStems are how words about doping begin.
var dopingStems = []string{"dop", "codop", "substitut", "implant", "impurit", "incorporat", "activat"}

// dopingSkipped are words that may stand between "doped with" or "doped" and the
// name of the material.
var dopingSkipped = words("a an the of with by in into and or both different various small large low high amount amounts concentration concentrations level levels content contents mol wt at ppm trivalent divalent heavily lightly highly singly co trace ions ion atoms atom")

// dopingForms are words for the form of a material, which may stand between it
// and "doped with".
var dopingForms = words("film films crystal crystals nanocrystal nanocrystals nanoparticle nanoparticles powder powders ceramic ceramics glass glasses nanotube nanotubes nanowire nanowires nanorod nanorods layer layers thin single sample samples phosphor phosphors system systems lattice matrix host was were is are be been being can could and when")

// dopantGroups are words for groups of elements.
var dopantGroups = words("lanthanide lanthanides")

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// newDopedText finds the words about doping in t and what stands around them.
func newDopedText(t *tagger.Text) *dopedText {
	d := &dopedText{text: t, places: make([][dopingPlaces]uint8, len(t.Tokens))}
	for _, tok := range t.Tokens {
		d.low = append(d.low, strings.ToLower(t.Text[tok.Start:tok.End]))
	}
	for k, w := range d.low {
		if slices.ContainsFunc(dopingStems, func(stem string) bool { return strings.HasPrefix(w, stem) }) {
			d.cues = append(d.cues, k)
		}
		if w == ":" && k > 0 && k+1 < len(d.low) && d.material(k-1) {
			host := d.runBefore(k - 1)
			d.mark(hostColon, host)
			next := k + 1
			for next < len(d.low) && next < k+4 && !d.material(next) {
				next++
			}
			if next < len(d.low) && next < k+4 {
				dopant := d.runBehind(next)
				d.mark(dopantColon, dopant)
				d.joins = append(d.joins, dopingJoin{dopant, host})
			}
		}
	}
	for _, c := range d.cues {
		d.around(c)
	}
	return d
}

// around marks what stands around the word about doping at c.
func (d *dopedText) around(c int) {
	passive := strings.HasSuffix(d.low[c], "ed")
	with := d.at(c+1) == "with" || d.at(c+1) == "by" || !passive && d.at(c+1) == "of"
	var dopants, hosts [][2]int
	// Before the word: its dopant, or the host of "doped with".
	before := c - 1
	for before >= 0 && (isHyphen(d.low[before]) || d.written(before) == "co" || d.low[before] == "tri" || d.low[before] == "heavily" || d.low[before] == "lightly" || d.low[before] == "highly") {
		before--
	}
	switch {
	case with && passive:
		if run, ok := d.phraseBefore(before); ok {
			d.mark(hostBefore, run)
			hosts = append(hosts, run)
		}
	case before >= 0:
		place := dopantNoun
		if passive {
			place = dopantBefore
		}
		for at, n := before, 0; at >= 0 && n < 4; n++ {
			if d.low[at] == ")" {
				at--
			}
			if at < 0 || !d.nominal(at) || n > 0 && !d.material(at) {
				break
			}
			run := d.runBefore(at)
			d.mark(place, run)
			dopants = append(dopants, run)
			at = run[0] - 1
			for at >= 0 && (d.low[at] == "(" || d.low[at] == "," || d.low[at] == "and" || d.low[at] == "or" || d.low[at] == "/" || isHyphen(d.low[at])) {
				at--
			}
			if at == run[0]-1 {
				break
			}
		}
	}
	// Behind it: the dopant of "doped with", or the host.
	if with {
		at := c + 2
		for at < len(d.low) && at < c+9 && !d.material(at) && (dopingSkipped[d.low[at]] || !isWord(d.low[at])) {
			at++
		}
		for n := 0; at < len(d.low) && n < 4 && d.material(at); n++ {
			run := d.runBehind(at)
			d.mark(dopantBehind, run)
			dopants = append(dopants, run)
			at = run[1] + 1
			for at < len(d.low) && (d.low[at] == "," || d.low[at] == "and" || d.low[at] == "/" || d.low[at] == "or" || d.low[at] == "(") {
				at++
			}
			if at == run[1]+1 {
				break
			}
		}
	} else if passive {
		if run, ok := d.phraseBehind(c + 1); ok {
			d.mark(hostBehind, run)
			hosts = append(hosts, run)
		}
	}
	// "into", "in", "of" further behind: the host.
	behind := c + 1
	if with && len(dopants) > 0 {
		behind = dopants[len(dopants)-1][1] + 1
	}
	for at := behind; len(hosts) == 0 && at < len(d.low) && at < c+8; at++ {
		if d.low[at] != "in" && d.low[at] != "into" && d.low[at] != "of" && d.low[at] != "on" {
			continue
		}
		for k := at + 1; k < min(at+4, len(d.low)); k++ {
			if d.material(k) {
				run, _ := d.phraseBehind(k)
				d.mark(hostIn, run)
				hosts = append(hosts, run)
				break
			}
		}
	}
	for _, dopant := range dopants {
		for _, host := range hosts {
			d.joins = append(d.joins, dopingJoin{dopant, host})
		}
	}
}

// phraseEnds are words that end the name of a material.
var phraseEnds = words("and or with by in into on of for from to at as via using through is are was were has have had be been can could may which that the an a than under upon after before during when while show shows exhibit exhibits prepared obtained grown synthesized deposited fabricated")

// phraseBehind returns the name of the material that begins at token k: a run
// with a formula in it, or the words up to the end of the phrase without words
// for its form.
func (d *dopedText) phraseBehind(k int) ([2]int, bool) {
	last := k - 1
	for at := k; at < len(d.low) && at < k+8; at++ {
		w := d.low[at]
		if phraseEnds[w] || w == "," || w == "." || w == ";" || w == "(" && d.text.Tokens[at].Start > d.text.Tokens[max(0, at-1)].End || w == ":" {
			break
		}
		if d.text.Material(at) && w != d.written(at) {
			run := d.runBehind(at)
			for run[1]+1 < len(d.low) && d.text.Text[d.text.Tokens[run[1]].Start] >= 'A' && isDigits(d.low[run[1]+1]) {
				run[1]++
				if run[1]+1 < len(d.low) && d.text.Material(run[1]+1) {
					run = [2]int{run[0], d.runBehind(run[1] + 1)[1]}
				}
			}
			return run, true
		}
		last = at
	}
	for last > k && dopingForms[d.low[last]] {
		last--
	}
	return [2]int{k, last}, last >= k && isWord(d.low[k])
}

// phraseBefore returns the name of the material before the words that end at
// token k, such as "crystals were".
func (d *dopedText) phraseBefore(k int) ([2]int, bool) {
	at := k
	for at > 0 && at > k-6 && !d.text.Material(at) && (dopingForms[d.low[at]] || dopingSkipped[d.low[at]] || d.low[at] == ",") {
		at--
	}
	if at < 0 {
		return [2]int{}, false
	}
	for back := at; back >= max(0, at-3); back-- {
		if d.text.Material(back) {
			return d.runBefore(back), true
		}
		if phraseEnds[d.low[back]] {
			break
		}
	}
	if !isWord(d.low[at]) || phraseEnds[d.low[at]] {
		return [2]int{}, false
	}
	first := at
	for first > 0 && first > at-4 && isWord(d.low[first-1]) && !phraseEnds[d.low[first-1]] && !dopingSkipped[d.low[first-1]] {
		first--
	}
	return [2]int{first, at}, true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }

// at returns token k in lower case, and nothing outside the text.
func (d *dopedText) at(k int) string {
	if k < 0 || k >= len(d.low) {
		return ""
	}
	return d.low[k]
}

// written returns token k as it is written.
func (d *dopedText) written(k int) string {
	return d.text.Text[d.text.Tokens[k].Start:d.text.Tokens[k].End]
}

// material reports whether a formula, an element or the name of one stands at
// token k.
func (d *dopedText) material(k int) bool {
	_, element := chem.ByName(d.low[k])
	return element || d.text.Material(k) || dopantGroups[d.low[k]]
}

// nominal reports whether token k may name a dopant.
func (d *dopedText) nominal(k int) bool {
	return d.material(k) || isWord(d.low[k]) && !dopingSkipped[d.low[k]] && !dopingForms[d.low[k]] || d.low[k] == "+" || d.low[k] == "−"
}

func isWord(s string) bool { return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 0x80) }

func isHyphen(s string) bool { return s == "-" || s == "–" || s == "‐" || s == "‑" || s == "−" }

// runBefore returns the first and last token of the run without space that ends
// at token k and does not cross a hyphen or colon.
func (d *dopedText) runBefore(k int) [2]int {
	first := k
	for first > 0 && d.text.Tokens[first-1].End == d.text.Tokens[first].Start && !d.divides(first-1) {
		first--
	}
	return [2]int{first, k}
}

// runBehind is runBefore for the run that begins at token k.
func (d *dopedText) runBehind(k int) [2]int {
	last := k
	for last+1 < len(d.low) && d.text.Tokens[last+1].Start == d.text.Tokens[last].End && !d.divides(last+1) {
		last++
	}
	return [2]int{k, last}
}

func (d *dopedText) divides(k int) bool {
	switch d.low[k] {
	case ":", "/", ",", ";", ".":
		return true
	}
	return isHyphen(d.low[k])
}

// mark notes place on a run of tokens.
func (d *dopedText) mark(place int, run [2]int) {
	for k := run[0]; k <= run[1]; k++ {
		part := uint8(2)
		if k == run[0] {
			part = 1
		}
		d.places[k][place] = part
	}
}
