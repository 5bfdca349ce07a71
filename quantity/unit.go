package quantity

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unit is a unit of measurement. The zero value is the unit of pure numbers.
type Unit struct {
	Symbol    string    // canonical: "mA h g^-1"; exactly as written if Unknown
	Dimension Dimension // of the coherent SI unit
	Factor    float64   // a value times Factor, plus Offset, is in the coherent SI unit
	Offset    float64   // kelvin; not 0 only for temperature scales
	Unknown   bool      // looks like a unit, but the table does not have it
}

// String returns the symbol.
func (u Unit) String() string {
	if u.Symbol == "" {
		return "1"
	}
	return u.Symbol
}

// maxUnit bounds the length of a unit, in bytes.
const maxUnit = 64

// maxFactors bounds how many symbols a unit has.
const maxFactors = 8

// ErrNoUnit reports an empty or unreadable unit.
var ErrNoUnit = errors.New("not a unit")

// ParseUnit reads the whole of s as a unit: "mAh/g", "mA h g−1", "W/(m K)",
// "S cm^{-1}". The empty string and "1" are the unit of pure numbers.
func ParseUnit(s string) (Unit, error) {
	t := strings.TrimSpace(s)
	if t == "" || t == "1" {
		return Unit{Factor: 1}, nil
	}
	if len(t) > maxUnit {
		return Unit{}, fmt.Errorf("unit of %d bytes: %w", len(t), ErrNoUnit)
	}
	p := unitParser{text: t}
	u, end, ok := p.parse(0)
	if rest, inverse := strings.CutPrefix(t, "1/"); inverse {
		p.text = rest
		var fs []factor
		if fs, end, ok = p.factors(0, true); ok {
			u, ok = compose(fs)
		}
		end += len("1/")
	}
	if !ok {
		return Unit{}, fmt.Errorf("unit %q, character 1: %w", s, ErrNoUnit)
	}
	if end != len(t) {
		return Unit{}, fmt.Errorf("unit %q, character %d: cannot read %q: %w", s, utf8.RuneCountInString(t[:end])+1, t[end:], ErrNoUnit)
	}
	return u, nil
}

// factor is one symbol with its exponent.
type factor struct {
	known
	halves int // exponent, in halves
}

// unitParser reads a unit at a place in a text.
type unitParser struct {
	text   string
	raised []Span // superscripts in text; nil when unknown
	strict bool   // in running text: symbols joined by a space must earn it
	depth  int
}

// parse reads the longest unit that starts at i.
func (p *unitParser) parse(i int) (Unit, int, bool) {
	factors, end, ok := p.factors(i, false)
	if !ok {
		return Unit{}, i, false
	}
	u, ok := compose(factors)
	return u, end, ok
}

// factors reads factors joined by spaces, dots and slashes. inverse is the
// state inside a denominator.
func (p *unitParser) factors(i int, inverse bool) ([]factor, int, bool) {
	var out []factor
	closed, closedLen := -1, 0 // how far the unit is certain
	start, below, slashed := i, inverse, false
	for len(out) < 24 && i-start < maxUnit {
		fs, end, exponent, ok := p.one(i)
		if !ok {
			break
		}
		if below {
			for k := range fs {
				fs[k].halves = -fs[k].halves
			}
			fs = parted(out, fs)
		}
		spaced := i > start && p.text[i-1] == ' '
		aside := spaced && !slashed && p.text[i] == '(' // "at 5 K (emu/g)"
		out = append(out, fs...)
		i = end
		if !p.strict || !spaced || exponent || !aside && earnsSpace(out) {
			closed, closedLen = i, len(out)
		}
		next, slash, ok := p.separator(i)
		if below && strings.HasPrefix(p.text[i:], "-K") && endsWord("K", p.text[i+2:]) {
			next, ok = i+1, true // "W/m-K"
		}
		if !ok {
			break
		}
		below, slashed = below || slash, slash
		i = next
	}
	if closed < 0 {
		return nil, start, false
	}
	return out[:closedLen], closed, true
}

// parted reads the mK below a power as metre and kelvin, as authors mean "W/mK" and
// "W/(mK)": nothing conducts heat per millikelvin.
func parted(above, below []factor) []factor {
	if len(above) == 0 || !strings.HasSuffix(above[0].symbol, "W") {
		return below
	}
	for i, f := range below {
		if f.symbol == "mK" {
			return slices.Replace(slices.Clone(below), i, i+1, factor{symbols["m"], -2}, factor{symbols["K"], f.halves})
		}
	}
	return below
}

// earnsSpace reports whether the last factor may follow the one before it
// behind a space without an exponent: "A h", "Pa s", "N m".
func earnsSpace(fs []factor) bool {
	if len(fs) < 2 {
		return true
	}
	a, b := fs[len(fs)-2].symbol, fs[len(fs)-1].symbol
	switch b {
	case "h":
		return strings.HasSuffix(a, "A") || strings.HasSuffix(a, "W")
	case "s":
		return strings.HasSuffix(a, "Pa")
	case "m", "cm":
		return a == "N" || strings.HasSuffix(a, "Ω")
	}
	return fs[len(fs)-1].halves < 0
}

// separator reads what may stand between two factors.
func (p *unitParser) separator(i int) (next int, slash, ok bool) {
	j := i
	for j < len(p.text) && p.text[j] == ' ' {
		j++
	}
	if j-i > 1 {
		return i, false, false
	}
	if j > i && strings.HasPrefix(p.text[j:], "per ") {
		return j + 4, true, j+4 < len(p.text)
	}
	if j < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[j:])
		switch r {
		case '/', '∕', '⁄':
			j += size
			if j < len(p.text) && p.text[j] == ' ' {
				j++
			}
			return j, true, j < len(p.text)
		case '·', '⋅', '∙', '•', '*', '×', '.', '・':
			j += size
			if j < len(p.text) && p.text[j] == ' ' {
				j++
			}
			return j, false, j < len(p.text)
		}
	}
	return j, false, j > i && j < len(p.text) || j == i && i < len(p.text)
}

// one reads one factor at i: a symbol, several symbols written together, or a
// parenthesis, with an exponent.
func (p *unitParser) one(i int) (fs []factor, end int, exponent, ok bool) {
	if i >= len(p.text) {
		return nil, i, false, false
	}
	if p.text[i] == '(' && p.depth < 4 {
		p.depth++
		strict := p.strict
		p.strict = false
		inner, j, ok := p.factors(i+1, false)
		p.strict = strict
		p.depth--
		if !ok || j >= len(p.text) || p.text[j] != ')' {
			return nil, i, false, false
		}
		halves, k, has := p.exponent(j + 1)
		if has {
			for n := range inner {
				inner[n].halves = inner[n].halves * halves / 2
			}
			j = k - 1
		}
		return inner, j + 1, has, true
	}
	parts, j := p.symbol(i)
	if parts == nil {
		return nil, i, false, false
	}
	for _, k := range parts {
		fs = append(fs, factor{k, 2})
	}
	halves, k, has := p.exponent(j)
	if has {
		fs[len(fs)-1].halves = halves
		j = k
	}
	// A symbol ends at the end of a word, unless another symbol or an exponent
	// follows; the caller tests that for the whole unit.
	return fs, j, has, true
}

// symbol reads the symbol or the symbols written together at i.
func (p *unitParser) symbol(i int) ([]known, int) {
	rest := p.text[i:min(len(p.text), i+maxUnit)]
	for _, s := range spellings {
		if s[0] == rest[0] && strings.HasPrefix(rest, s) && endsWord(s, rest[len(s):]) {
			return []known{symbols[s]}, i + len(s)
		}
	}
	n := 0
	for n < len(rest) {
		r, size := utf8.DecodeRuneInString(rest[n:])
		if !unitLetter(r) {
			break
		}
		n += size
	}
	if n == 0 {
		return nil, i
	}
	run := rest[:n]
	if k, ok := symbols[run]; ok {
		return []known{k}, i + n
	}
	if r, _ := utf8.DecodeRuneInString(run); unicode.Is(unicode.Hangul, r) {
		// Particles follow a Korean unit without a space.
		for end := len(run); end > 0; {
			if k, ok := symbols[run[:end]]; ok {
				return []known{k}, i + end
			}
			if k, ok := spelled(run[:end]); ok {
				return []known{k}, i + end
			}
			_, size := utf8.DecodeLastRuneInString(run[:end])
			end -= size
		}
		return nil, i
	}
	// A unit with a Korean particle behind it: "eV이다".
	if cut := strings.IndexFunc(run, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }); cut > 0 {
		if k, ok := symbols[run[:cut]]; ok {
			return []known{k}, i + cut
		}
		run = run[:cut]
	}
	if parts := split(run, 4); parts != nil {
		return parts, i + len(run)
	}
	return nil, i
}

func endsWord(s, rest string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	next, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsLetter(last) || !unicode.IsLetter(next) || unicode.Is(unicode.Hangul, next)
}

// together lists the symbols that are written without a space inside longer
// units, such as "mAhg", "Scm", "WmK".
var together = map[string]bool{
	"mAh": true, "Ah": true, "Wh": true, "kWh": true, "mWh": true, "mA": true, "A": true, "W": true, "mW": true, "S": true, "mS": true,
	"cm": true, "m": true, "g": true, "kg": true, "V": true, "s": true, "h": true, "K": true, "mol": true, "J": true, "kJ": true,
	"L": true, "Pa": true, "N": true, "mg": true, "Ω": true, "mΩ": true, "kΩ": true, "MPa": true, "mV": true, "emu": true, "Oe": true, "cd": true, "µV": true, "nm": true, "F": true, "mm": true, "µm": true,
}

// split reads run as at most n symbols written together.
func split(run string, n int) []known {
	if n == 0 || run == "" {
		return nil
	}
	for end := min(len(run), 5); end > 0; end-- {
		head := run[:end]
		if !together[head] {
			continue
		}
		if end == len(run) {
			return []known{symbols[head]}
		}
		if tail := split(run[end:], n-1); tail != nil {
			return append([]known{symbols[head]}, tail...)
		}
	}
	return nil
}

func unitLetter(r rune) bool {
	return unicode.IsLetter(r) && r != 'ᵃ' || r == 'µ'
}

// superscripts are the raised digits and signs that Unicode has.
var superscripts = map[rune]byte{
	'⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9', '⁻': '-', '⁺': '+',
}

// isMinus reports whether r is one of the characters that papers use as minus
// sign.
func isMinus(r rune) bool {
	switch r {
	case '-', '−', '–', '‐', '‑', '‒', '﹣', '－', '—', '⁻':
		return true
	}
	return false
}

// koreanPrefixes and koreanUnits are the Korean words for prefixes and units.
// Words that mean other things more often (줄, 몰, 옴) are left out.
var koreanPrefixes = [...]struct{ word, symbol string }{
	{"나노", "n"}, {"마이크로", "µ"}, {"밀리", "m"}, {"센티", "c"}, {"킬로", "k"}, {"메가", "M"}, {"기가", "G"}, {"", ""},
}

var koreanUnits = map[string]string{
	"미터": "m", "그램": "g", "볼트": "V", "암페어": "A", "파스칼": "Pa", "와트": "W", "헤르츠": "Hz", "켈빈": "K", "지멘스": "S", "리터": "L", "전자볼트": "eV", "테슬라": "T",
}

// spelled returns the unit that a Korean word spells, such as 메가파스칼.
func spelled(word string) (known, bool) {
	for _, p := range koreanPrefixes {
		if rest, ok := strings.CutPrefix(word, p.word); ok {
			if symbol, ok := koreanUnits[rest]; ok {
				k, ok := symbols[p.symbol+symbol]
				return k, ok
			}
		}
	}
	return known{}, false
}

// exponent reads an exponent at i: "-1", "−1", "2", "^{-1}", "⁻¹", "$^{-1}$",
// "− 1", "1/2", "0.5". It returns it in halves.
func (p *unitParser) exponent(i int) (halves, end int, ok bool) {
	t := p.text
	j := i
	caret := false
	if j < len(t) && t[j] == '$' {
		j++
	}
	if j < len(t) && t[j] == ' ' && j+1 < len(t) {
		// "cm -1", "g− 1": a sign and one digit behind a space, then no letter.
		r, size := utf8.DecodeRuneInString(t[j+1:])
		if isMinus(r) && j+1+size < len(t) && t[j+1+size] >= '1' && t[j+1+size] <= '4' && !digitAt(t, j+2+size) && !(strings.HasPrefix(t[j+2+size:], ".") && digitAt(t, j+3+size)) {
			return -2 * int(t[j+1+size]-'0'), j + 2 + size, true
		}
		return 0, i, false
	}
	if j < len(t) && t[j] == '^' {
		caret = true
		j++
	}
	brace := false
	if j < len(t) && t[j] == '{' && caret {
		brace = true
		j++
	}
	sign, digits, seenSuper := 1, "", false
	for j < len(t) && len(digits) < 3 {
		r, size := utf8.DecodeRuneInString(t[j:])
		if s, is := superscripts[r]; is {
			seenSuper = true
			switch s {
			case '-':
				sign = -1
			case '+':
			default:
				digits += string(s)
			}
			j += size
			continue
		}
		if seenSuper {
			break
		}
		if isMinus(r) && digits == "" && sign == 1 {
			sign = -1
			j += size
			for j < len(t) && t[j] == ' ' {
				j++
			}
			continue
		}
		if r == '+' && digits == "" && caret {
			j += size
			continue
		}
		if r < '0' || r > '9' {
			break
		}
		digits += string(r)
		j += size
	}
	if digits == "" {
		return 0, i, false
	}
	n, err := strconv.Atoi(digits)
	half := strings.HasPrefix(t[j:], "/2") && (caret || n == 1 && !brace && wordEnds(t, j+len("/2")))
	if err != nil || n == 0 && !strings.HasPrefix(t[j:], ".5") || n > 9 && !caret || n > 12 {
		return 0, i, false
	}
	halves = 2 * sign * n
	if half {
		halves, j = sign*n, j+2
	} else if strings.HasPrefix(t[j:], ".5") && (caret || n == 0 && wordEnds(t, j+len(".5"))) {
		halves, j = sign*(2*n+1), j+2
	}
	if brace {
		if j >= len(t) || t[j] != '}' {
			return 0, i, false
		}
		j++
	}
	if j < len(t) && t[j] == '$' {
		j++
	}
	if j < len(t) && !caret && t[j] >= '0' && t[j] <= '9' {
		return 0, i, false
	}
	return halves, j, true
}

// wordEnds reports whether nothing at i goes on with what stands before it.
func wordEnds(t string, i int) bool {
	return i >= len(t) || !digitAt(t, i) && !(t[i] == '.' && digitAt(t, i+1)) && !(t[i] >= 'a' && t[i] <= 'z') && !(t[i] >= 'A' && t[i] <= 'Z')
}

func digitAt(t string, i int) bool { return i < len(t) && t[i] >= '0' && t[i] <= '9' }

// compose multiplies factors into a unit.
func compose(fs []factor) (Unit, bool) {
	u := Unit{Factor: 1}
	n := 0
	for _, f := range fs {
		n += 1 + strings.Count(f.symbol, " ")
	}
	if n > maxFactors {
		return u, false
	}
	if len(fs) == 1 && fs[0].halves == 2 {
		k := fs[0].known
		return Unit{Symbol: k.symbol, Dimension: k.dim, Factor: k.factor, Offset: k.offset}, true
	}
	var parts []string
	for _, f := range fs {
		if f.symbol == "C-rate" || f.symbol == "%" && len(parts) > 0 || f.halves < -24 || f.halves > 24 {
			return u, false
		}
		u.Dimension = u.Dimension.plus(f.dim, f.halves)
		u.Factor *= math.Pow(f.factor, float64(f.halves)/2)
		symbol := f.symbol
		if symbol == "°" {
			symbol = "deg" // "° C" would be a temperature
		}
		switch {
		case f.halves == 2:
			parts = append(parts, symbol)
		case f.halves%2 == 0:
			for _, s := range strings.Fields(symbol) {
				parts = append(parts, s+"^"+strconv.Itoa(f.halves/2))
			}
		default:
			parts = append(parts, symbol+"^"+strconv.Itoa(f.halves)+"/2")
		}
	}
	u.Symbol = strings.Join(parts, " ")
	u.Factor = tidy(u.Factor)
	return u, u.Factor > 0 && !math.IsInf(u.Factor, 0)
}
