package formula

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// piece matches what a space has torn off a formula: an element with its amount.
var piece = regexp.MustCompile(`^ ([A-Z][a-z]?)([0-9]+(?:\.[0-9]+)?)`)

// pieceAt returns the element, its amount and the length of the piece behind the space
// at the beginning of t, or 0 if there is none. Molecules of one element stand for
// themselves: "LaNi5 H2".
func pieceAt(t string) (amount float64, n int) {
	if !strings.HasPrefix(t, " ") {
		return 0, 0
	}
	m := piece.FindStringSubmatch(t[:min(len(t), 16)])
	if m == nil || molecules[m[1]+m[2]] || !boundary(t, len(m[0])) {
		return 0, 0
	}
	if _, known := chem.BySymbol(m[1]); !known {
		return 0, 0
	}
	amount, err := strconv.ParseFloat(m[2], 64)
	if err != nil || amount <= 0 {
		return 0, 0
	}
	return amount, len(m[0])
}

// mended returns m with the pieces behind it that a space has torn off: "RbEuFe4 As4",
// "MnFe2 O4".
func mended(text string, m Mention) Mention {
	if m.Alias != nil || m.Formula == nil || m.Joined != nil || m.Dopants.Len() > 0 {
		return m
	}
	for {
		last := text[m.End-1]
		_, n := pieceAt(text[m.End:])
		if n == 0 || last < '0' || last > '9' {
			return m
		}
		f, err := Parse(unmarked.Replace(text[m.Start : m.End+n]))
		if err != nil {
			return m
		}
		m.End += n
		m.Text, m.Formula = text[m.Start:m.End], f
	}
}

// tornAlloy reads an alloy that spaces have torn into its elements, whose amounts in
// percent tell that they belong together: "Gd70 Y30".
func tornAlloy(text string, i int) (Mention, bool) {
	digit := i + 1
	if digit < len(text) && text[digit] >= 'a' && text[digit] <= 'z' {
		digit++
	}
	if digit >= len(text) || text[digit] < '0' || text[digit] > '9' {
		return Mention{}, false
	}
	sum, end := 0.0, i
	for k := 0; k < 8; k++ {
		t := text[end:]
		if k == 0 {
			t = " " + text[i:min(len(text), i+16)]
		}
		amount, n := pieceAt(t)
		if n == 0 {
			break
		}
		if k == 0 {
			n--
		}
		sum, end = sum+amount, end+n
	}
	if !strings.Contains(text[i:end], " ") || sum < 99.9 || sum > 100.1 {
		return Mention{}, false
	}
	f, err := Parse(strings.ReplaceAll(text[i:end], " ", ""))
	if err != nil {
		return Mention{}, false
	}
	return Mention{Start: i, End: end, Text: text[i:end], Formula: f}, true
}
