package works

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/alkahest/alkahest/document"
)

// Constants of the sketch.
const (
	bins      = 64 // of the sketch
	bandWidth = 4  // bins that make one key
	shingle   = 5  // words that are looked at together
	minWords  = 300

	// minSimilarity is the share of common shingles (Jaccard) above which two
	// texts are taken for the same. Two versions of a paper have .6 to 1, two
	// papers of one group that share an experimental section less than .2.
	minSimilarity = 0.6
)

// Sketch is a one-permutation MinHash of the text of a document: in each bin
// the least hash of the shingles that fall into it, 0 when none does. It is
// zero for a text too short to tell.
//
// Reference: Li, Owen and Zhang, One Permutation Hashing, NIPS 2012.
type Sketch [bins]uint32

// IsZero reports whether there is no sketch.
func (s *Sketch) IsZero() bool { return *s == Sketch{} }

// MarshalText writes the bins in base64.
func (s *Sketch) MarshalText() ([]byte, error) {
	var b [4 * bins]byte
	for i, v := range s {
		binary.LittleEndian.PutUint32(b[4*i:], v)
	}
	return base64.RawStdEncoding.AppendEncode(nil, b[:]), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Sketch) UnmarshalText(text []byte) error {
	b, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("sketch: %w", err)
	}
	if len(b) != 4*bins {
		return fmt.Errorf("sketch: %d bytes instead of %d", len(b), 4*bins)
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return nil
}

// similarity estimates the Jaccard similarity of the two texts: the share of
// equal bins among those that are not empty in both. Its standard error is at
// most 0.07.
func (s *Sketch) similarity(t *Sketch) float64 {
	equal, filled := 0, 0
	for i := range s {
		if s[i] == 0 && t[i] == 0 {
			continue
		}
		filled++
		if s[i] == t[i] {
			equal++
		}
	}
	if filled == 0 {
		return 0
	}
	return float64(equal) / float64(filled)
}

// bands returns hashes of groups of bins, 0 for a group with an empty bin. Of
// 16 bands of 4 bins, texts of similarity j share one with the probability
// 1-(1-j^4)^16: .89 at .6, .99 at .7, .03 at .2.
func (s *Sketch) bands() [bins / bandWidth]uint64 {
	var out [bins / bandWidth]uint64
	for i := range out {
		h := uint64(1)
		for _, v := range s[bandWidth*i : bandWidth*(i+1)] {
			if v == 0 {
				h = 0
				break
			}
			h = mix(h ^ uint64(v))
		}
		out[i] = h
	}
	return out
}

// sketch returns the sketch of the running text of doc. Tables and references
// are left out, and so are numbers and short words, in which formulas fall
// apart differently in every format.
func sketch(doc *document.Document) Sketch {
	var s Sketch
	var window [shingle]uint64 // hashes of the last words
	words := 0
	word := func(h uint64) {
		copy(window[:], window[1:])
		window[shingle-1] = h
		if words++; words < shingle {
			return
		}
		sum := uint64(0)
		for _, w := range window {
			sum = mix(sum ^ w)
		}
		bin, value := sum>>58, uint32(sum)|1
		if s[bin] == 0 || value < s[bin] {
			s[bin] = value
		}
	}
	for i := range doc.Blocks {
		switch b := &doc.Blocks[i]; b.Kind {
		case document.Tabular, document.Reference, document.Footnote:
		default:
			eachWord(b.Text, word)
		}
	}
	if words < minWords {
		return Sketch{}
	}
	return s
}

// eachWord calls do with the hash of each word of text: a run of at least three
// letters (two of Hangul), or one Chinese character or kana. Case and accents
// do not count.
func eachWord(text string, do func(uint64)) {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h, n, least := uint64(offset), 0, 3
	end := func() {
		if n >= least {
			do(h)
		}
		h, n, least = offset, 0, 3
	}
	letter := func(r rune) {
		h = (h ^ uint64(r)) * prime
		n++
	}
	if !isASCII(text) {
		text = norm.NFKC.String(text)
	}
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z':
			letter(r)
		case r >= 'A' && r <= 'Z':
			letter(r + 'a' - 'A')
		case r < 0x80:
			end()
		case unicode.Is(unicode.Hangul, r):
			least = 2
			letter(r)
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			end()
			least = 1
			letter(r)
			end()
		case unicode.IsLetter(r):
			letter(unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r) || r == '\u00AD': // an accent that stands alone; a soft hyphen
		default:
			end()
		}
	}
	end()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// mix is the finaliser of SplitMix64.
//
// Reference: Steele, Lea and Flood, Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014, doi:10.1145/2660193.2660195.
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
