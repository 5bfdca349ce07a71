package quantity

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// numeral is one number as written, before its unit.
type numeral struct {
	start, end  int // bytes
	value       float64
	uncertainty float64
	decimals    int  // digits behind the point, for ranges such as 1.23–1.4
	integer     bool // written without point and power
	scaled      bool // has a power of ten
}

// raisedAt returns the end of the superscript that starts at i.
func raisedAt(raised []Span, i int) (int, bool) {
	for _, s := range raised {
		if s.Start == i {
			return s.End, true
		}
		if s.Start > i {
			break
		}
	}
	return 0, false
}

// readNumeral reads a number at i, whose first byte is a digit, without sign.
func readNumeral(t string, raised []Span, i int) (numeral, bool) {
	n := numeral{start: i, integer: true}
	var digits strings.Builder
	j := i
	for digitAt(t, j) {
		if j > i {
			if _, up := raisedAt(raised, j); up {
				break
			}
		}
		digits.WriteByte(t[j])
		j++
	}
	if j-i > 18 {
		return n, false
	}
	// thousands: 1,200, 1 200 with a thin space, 1 000
	for j-i <= 3+4*4 {
		size := 0
		switch {
		case strings.HasPrefix(t[j:], ","):
			size = 1
		case strings.HasPrefix(t[j:], "\u2009"), strings.HasPrefix(t[j:], "\u202f"):
			size = 3
		case strings.HasPrefix(t[j:], " 000"):
			size = 1 // no number of its own begins so
		case j < len(t) && t[j] == ' ' && j-i <= 3 && t[i] != '0' && strings.HasSuffix(t[:i], "= ") && len(t) > j+5 && t[j+4] == ' ' && t[j+5] > '9':
			size = 1 // "Mn = 58 300 g/mol"
		}
		if size == 0 || j-i > 3 && digits.Len() <= 3 || !digitAt(t, j+size) || !digitAt(t, j+size+1) || !digitAt(t, j+size+2) || digitAt(t, j+size+3) || digits.String() == "0" {
			break
		}
		if digits.Len() > 3 && digits.Len()%3 != 0 && j == i+digits.Len() {
			break
		}
		digits.WriteString(t[j+size : j+size+3])
		j += size + 3
	}
	// point
	switch {
	case j+1 < len(t) && t[j] == '.' && digitAt(t, j+1):
		j = n.fraction(t, raised, &digits, j+1)
	case j+3 < len(t) && strings.HasPrefix(t[j:], " . ") && digitAt(t, j+3) && j-i <= 3:
		// "2 . 4 K": the text layer of a PDF put spaces around the point
		j = n.fraction(t, raised, &digits, j+3)
	case j+1 < len(t) && t[j] == ',' && digitAt(t, j+1) && j-i <= 2 && t[i] == '0' && j == i+1:
		// 0,5 can only be a decimal comma
		j = n.fraction(t, raised, &digits, j+1)
	}
	v, err := strconv.ParseFloat(digits.String(), 64)
	if err != nil {
		return n, false
	}
	n.value, n.end = v, j
	// 3.2(4): the digits in parentheses count in the last place
	if j+2 < len(t) && t[j] == '(' && digitAt(t, j+1) {
		k := j + 1
		for digitAt(t, k) {
			k++
		}
		if k-j <= 4 && k < len(t) && t[k] == ')' && !n.integer {
			u, _ := strconv.ParseFloat(t[j+1:k], 64)
			n.uncertainty, n.end = tidy(u*math.Pow10(-n.decimals)), k+1
		}
	}
	if e, end, ok := readPower(t, raised, n.end); ok {
		n.value, n.uncertainty, n.end, n.integer, n.scaled = shift10(n.value, e), shift10(n.uncertainty, e), end, false, true
	} else if digits.String() == "10" && n.integer {
		if e, end, ok := readBarePower(t, raised, n.end); ok {
			n.value, n.end, n.integer, n.scaled = math.Pow10(e), end, false, true
		}
	}
	return n, !math.IsInf(n.value, 0)
}

func (n *numeral) fraction(t string, raised []Span, digits *strings.Builder, j int) int {
	n.integer = false
	digits.WriteByte('.')
	from := j
	for digitAt(t, j) {
		if _, up := raisedAt(raised, j); up {
			break
		}
		digits.WriteByte(t[j])
		j++
	}
	n.decimals = j - from
	return j
}

// shift10 returns x times 10^e, rounded as the decimal numeral would be read.
func shift10(x float64, e int) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', -1, 64)+"e"+strconv.Itoa(e), 64)
	if err != nil {
		return x * math.Pow10(e)
	}
	return y
}

// readPower reads "× 10−3", "x10^-3", "·10⁻³", "*10^{-3}", "E-3", "e5" at i.
func readPower(t string, raised []Span, i int) (e, end int, ok bool) {
	if i < len(t) && (t[i] == 'E' || t[i] == 'e') {
		j := i + 1
		sign := 1
		if j < len(t) {
			if r, size := utf8.DecodeRuneInString(t[j:]); isMinus(r) {
				sign, j = -1, j+size
			} else if r == '+' {
				j++
			}
		}
		k := j
		for digitAt(t, k) && k-j < 3 {
			k++
		}
		if k == j || digitAt(t, k) || k < len(t) && asciiLetter(t[k]) {
			return 0, i, false
		}
		e, _ = strconv.Atoi(t[j:k])
		return sign * e, k, true
	}
	j := skipSpaces(t, i, 1)
	r, size := utf8.DecodeRuneInString(t[j:])
	switch r {
	case '×', 'x', 'X', '·', '⋅', '∙', '*', '✕', '⨯', '∗':
		j += size
	case '\\':
		if !strings.HasPrefix(t[j:], `\times`) {
			return 0, i, false
		}
		j += len(`\times`)
	default:
		return 0, i, false
	}
	j = skipSpaces(t, j, 1)
	if !strings.HasPrefix(t[j:], "10") {
		return 0, i, false
	}
	j += 2
	if e, end, ok := readBarePower(t, raised, j); ok {
		return e, end, true
	}
	// The superscript was lost: "× 104", "× 10 −3", "× 10 4 cm".
	k := j
	for digitAt(t, k) {
		k++
	}
	if k > j && k-j <= 2 {
		e, _ = strconv.Atoi(t[j:k])
		return e, k, true
	}
	if k == j {
		k = skipSpaces(t, j, 1)
		sign := 1
		if r, size := utf8.DecodeRuneInString(t[k:]); isMinus(r) {
			sign, k = -1, skipSpaces(t, k+size, 1)
		}
		m := k
		for digitAt(t, m) {
			m++
		}
		if m > k && m-k <= 2 && k > j {
			e, _ = strconv.Atoi(t[k:m])
			return sign * e, m, true
		}
	}
	return 0, i, false
}

// readBarePower reads the exponent behind "10": raised, after a caret, in
// Unicode superscripts, or a minus sign and digits.
func readBarePower(t string, raised []Span, i int) (e, end int, ok bool) {
	if stop, up := raisedAt(raised, i); up {
		if e, ok := signedInt(t[i:stop]); ok {
			return e, stop, true
		}
		return 0, i, false
	}
	if i >= len(t) {
		return 0, i, false
	}
	j := i
	caret := false
	if t[j] == '$' && j+1 < len(t) && t[j+1] == '^' {
		j++
	}
	if t[j] == '^' {
		caret, j = true, j+1
		if j < len(t) && t[j] == '{' {
			if k := strings.IndexByte(t[j:min(len(t), j+8)], '}'); k > 0 {
				if e, ok := signedInt(t[j+1 : j+k]); ok {
					j += k + 1
					if j < len(t) && t[j] == '$' {
						j++
					}
					return e, j, true
				}
			}
			return 0, i, false
		}
	}
	k := j
	for k < len(t) && k-j < 12 {
		r, size := utf8.DecodeRuneInString(t[k:])
		if _, is := superscripts[r]; is || k == j && isMinus(r) || r >= '0' && r <= '9' && (caret || k > j && !isSuper(t[j:k])) {
			k += size
			continue
		}
		break
	}
	if k == j || !caret && digitAt(t, j) {
		return 0, i, false
	}
	if e, ok := signedInt(t[j:k]); ok {
		return e, k, true
	}
	return 0, i, false
}

func isSuper(s string) bool {
	for _, r := range s {
		if _, is := superscripts[r]; is && r != '⁻' {
			return true
		}
	}
	return false
}

// signedInt reads "−3", "⁻³" or "4", of at most two digits.
func signedInt(s string) (int, bool) {
	sign, n, digits := 1, 0, 0
	for _, r := range s {
		if up, is := superscripts[r]; is && up != '-' && up != '+' {
			r = rune(up)
		}
		switch {
		case r == ' ':
		case digits == 0 && isMinus(r):
			sign = -1
		case digits == 0 && (r == '+' || r == '⁺'):
		case r >= '0' && r <= '9':
			n, digits = 10*n+int(r-'0'), digits+1
		default:
			return 0, false
		}
	}
	return sign * n, digits > 0 && digits <= 2
}

// skipSpaces returns the offset behind at most n spaces at i.
func skipSpaces(t string, i, n int) int {
	for ; n > 0 && i < len(t) && t[i] == ' '; n-- {
		i++
	}
	return i
}

func asciiLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
