package quantity

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of text, in bytes.
type Span struct{ Start, End int }

// Found is a quantity in a text.
type Found struct {
	Span              // modifier, number and unit
	Number   Span     // the number or interval alone
	UnitSpan Span     // empty for a number without unit; where the unit is written if a list shares it
	Quantity Quantity //
	List     int      // quantities that are enumerated together share a number above 0
}

// Scan finds all quantities in text, left to right, not overlapping. raised
// are the superscripts of text, ascending, where they are known; nil
// otherwise. Numbers without a unit are found too.
func Scan(text string, raised []Span) []Found { return scan(text, raised, false) }

// scan is Scan for running text, or for the text of one cell, where "1300–1350" is
// no pair of years.
func scan(text string, raised []Span, cell bool) []Found {
	var out []Found
	for i := 0; i < len(text); {
		c := text[i]
		if c < '0' || c > '9' {
			if c < utf8.RuneSelf {
				if asciiLetter(c) || c == '_' {
					if f, ok := cRate(text, i); ok {
						out = append(out, f)
						i = f.End
						continue
					}
					i = skipWord(text, i)
					continue
				}
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if unicode.IsLetter(r) && !unicode.Is(unicode.Hangul, r) {
				i = skipWord(text, i)
				continue
			}
			i += size
			continue
		}
		if _, up := raisedAt(raised, i); up {
			// A superscript number is a reference or an isotope.
			for digitAt(text, i) {
				i++
			}
			continue
		}
		if countsGroup(text, i) {
			i = skipWord(text, i)
			continue
		}
		s := scanner{text: text, raised: raised, cell: cell}
		f, end, ok := s.fractionOfC(i)
		if !ok {
			f, end, ok = s.quantity(i)
		}
		if !ok {
			for i = max(end, i+1); i < len(text) && (digitAt(text, i) || asciiLetter(text[i])); i++ {
			}
			continue
		}
		out = append(out, f)
		i = f.End
	}
	share(text, out)
	return out
}

// countsGroup reports whether the number at i tells how often the group before it
// stands in a formula: the 3 of "Al(OH)3".
func countsGroup(t string, i int) bool {
	if i == 0 || t[i-1] != ')' && t[i-1] != ']' {
		return false
	}
	open := strings.LastIndexAny(t[max(0, i-24):i], "([")
	at := max(0, i-24) + open - 1
	return open > 0 && (asciiLetter(t[at]) || digitAt(t, at))
}

// skipWord returns the offset behind the word at i. Digits that are glued to
// letters, as in a formula or a sample label, belong to the word; so do
// numbers that follow a hyphen ("CP-3").
func skipWord(t string, i int) int {
	for i < len(t) {
		r, size := utf8.DecodeRuneInString(t[i:])
		switch {
		case unicode.Is(unicode.Hangul, r):
			return i
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_':
			i += size
		case isMinus(r) && r != '–' && r != '—' && digitAt(t, i+size):
			if r == '−' && lowerWord(t[:i]) {
				return i
			}
			i += size
		case r == '.' && digitAt(t, i+1) && i > 0 && digitAt(t, i-1):
			i++
		default:
			return i
		}
	}
	return i
}

// cRate reads "C/10": a current that empties the cell in ten hours.
func cRate(t string, i int) (Found, bool) {
	if t[i] != 'C' || i+2 >= len(t) || t[i+1] != '/' || !digitAt(t, i+2) || i > 0 && (asciiLetter(t[i-1]) || digitAt(t, i-1) || t[i-1] >= utf8.RuneSelf) {
		return Found{}, false
	}
	n, ok := readNumeral(t, nil, i+2)
	if !ok || n.value <= 0 || n.value > 1000 || n.end < len(t) && asciiLetter(t[n.end]) {
		return Found{}, false
	}
	k := symbols["C-rate"]
	rate := tidy(1 / n.value)
	return Found{
		Span: Span{i, n.end}, Number: Span{i, n.end}, UnitSpan: Span{i, i + 1},
		Quantity: Quantity{Low: rate, High: rate, Unit: Unit{Symbol: k.symbol, Dimension: k.dim, Factor: k.factor}},
	}, true
}

// fractionOfC reads "1/3 C", a C-rate, which would otherwise be the list of 1 C
// and 3 C.
func (s *scanner) fractionOfC(i int) (Found, int, bool) {
	t := s.text
	if i+2 >= len(t) || t[i] == '0' || t[i+1] != '/' || !digitAt(t, i+2) || t[i+2] == '0' || i > 0 && (asciiLetter(t[i-1]) || t[i-1] == '/' || t[i-1] == '.') {
		return Found{}, i, false
	}
	end := i + 2
	for digitAt(t, end) && end < i+4 {
		end++
	}
	below, _ := strconv.Atoi(t[i+2 : end])
	value := float64(t[i]-'0') / float64(below)
	if value >= 1 {
		return Found{}, i, false
	}
	unit, span, stop := s.unit(numeral{start: i, end: end, value: value})
	if unit.Symbol != symbols["C-rate"].symbol {
		return Found{}, i, false
	}
	rate := tidy(value)
	return Found{Span: Span{i, stop}, Number: Span{i, end}, UnitSpan: span, Quantity: Quantity{Low: rate, High: rate, Unit: unit}}, stop, true
}

type scanner struct {
	text   string
	raised []Span
	cell   bool // text is that of one cell
}

// quantity reads a number or interval at i, with what stands before and
// behind it. If there is none it returns where to go on.
func (s *scanner) quantity(i int) (Found, int, bool) {
	t := s.text
	start := i
	sign := 1.0
	if i > 0 {
		r, size := utf8.DecodeLastRuneInString(t[:i])
		switch {
		case isMinus(r):
			before, _ := utf8.DecodeLastRuneInString(t[:i-size])
			switch {
			case i-size == 0 || before == ' ' || before == '(' || before == '=' || before == '[' || before == '~' || before == '∼' || before == '≈' || before == '\t' || before == '\n' || before == '<' || before == '>' || before == '/' || unicode.IsLetter(before) && r == '−' && i-size > 1 && lowerWord(t[:i-size]):
				sign, start = -1, i-size
			default:
				return Found{}, i, false
			}
		case unicode.IsLetter(r) && !unicode.Is(unicode.Hangul, r), r == '_':
			return Found{}, i, false
		case r == '.' && i > 1 && digitAt(t, i-2):
			return Found{}, i, false
		}
	}
	n, ok := readNumeral(t, s.raised, i)
	if !ok {
		return Found{}, i, false
	}
	lo, hi := sign*n.value, sign*n.value
	first := n
	unit, unitSpan, end := s.unit(n)
	plain := t[n.start:n.end]
	if n.scaled && strings.HasPrefix(plain, "10") && n.end-n.start > 3 && !strings.ContainsAny(plain, "^⁻") && !s.isRaised(n.start+2) && n.value <= 1e-10 && !strings.Contains(unit.Symbol, "^") {
		// "10–20 nm" is an interval; "10−20 cm2" a power.
		if m, ok := readPlain(t, i); ok {
			n, first = m, m
			lo, hi = sign*n.value, sign*n.value
			unit, unitSpan, end = s.unit(n)
		}
	}
	if u, uEnd, ok := s.bracketedUncertainty(n); ok && unitSpan.End == unitSpan.Start {
		if u2, u2Span, e2 := s.unit(numeral{start: i, end: uEnd}); u2Span.End > u2Span.Start && !u2.Unknown || n.integer {
			n.uncertainty, n.end = u, uEnd
			unit, unitSpan, end = u2, u2Span, e2
		}
	}
	open := start > 0 && t[start-1] == '('
	uncertainty := n.uncertainty
	approx := false
	numEnd := n.end

	// ± behind the number or behind its unit
	if u, uEnd, ok := s.plusMinus(numEnd); ok {
		uncertainty, numEnd = u, uEnd
		unit, unitSpan, end = s.unit(numeral{start: i, end: numEnd})
	} else if unitSpan.End > unitSpan.Start {
		if u, uEnd, ok := s.plusMinus(end); ok {
			if u2, u2Span, e2 := s.unit(numeral{start: i, end: uEnd}); u2.Symbol == unit.Symbol || u2Span.End == u2Span.Start {
				uncertainty, end = u, max(uEnd, e2)
			}
		}
	}
	// interval
	if hi2, n2, ok := s.second(first, numEnd, end, unit, sign, start); ok {
		u2, u2Span, e2 := s.unit(n2)
		if unitSpan.End > unitSpan.Start && u2Span.End > u2Span.Start && u2.Dimension == unit.Dimension && u2.Symbol != unit.Symbol && u2.Offset == 0 && unit.Offset == 0 && !u2.Unknown {
			lo *= unit.Factor / u2.Factor // "800 meV–1.2 eV"
			lo = tidy(lo)
		}
		if u2Span.End > u2Span.Start || unitSpan.End == unitSpan.Start {
			unit, unitSpan = u2, u2Span
		}
		if n2.scaled && !first.scaled && first.value >= 1 && first.value < 1000 && hi2 != 0 && (lo > 100*hi2 || lo < hi2/100) {
			lo = shift10(lo, powerOf(t[n2.start:n2.end])) // 1–5 × 10−3
		}
		hi, numEnd, end = hi2, n2.end, e2
		uncertainty = n2.uncertainty
	}
	// (5 ± 0.1) K, (1–3) × 10−4 S cm−1
	if open && numEnd < len(t) && t[numEnd] == ')' && unitSpan.End == unitSpan.Start {
		after := numEnd + 1
		e, stop, scaled := readPower(t, s.raised, after)
		if scaled {
			lo, hi, uncertainty = shift10(lo, e), shift10(hi, e), shift10(uncertainty, e)
			after = stop
		}
		if u, us, e2 := s.unit(numeral{start: i, end: after}); us.End > us.Start && !u.Unknown && (uncertainty > 0 || lo != hi || scaled) {
			unit, unitSpan, numEnd, end = u, us, after, e2
			start--
		} else if scaled {
			numEnd, end = after, after
			start--
		}
	}
	if lo > hi {
		lo, hi = hi, lo
	}
	if unitSpan.End == unitSpan.Start {
		end = numEnd
		if end < len(t) && (asciiLetter(t[end]) || digitAt(t, end)) {
			return Found{}, end, false
		}
		if end < len(t) {
			if r, _ := utf8.DecodeRuneInString(t[end:]); unicode.IsLetter(r) && !unicode.Is(unicode.Hangul, r) {
				return Found{}, end, false
			}
		}
	}
	q := Quantity{Low: lo, High: hi, Uncertainty: uncertainty, Approximate: approx, Unit: unit}
	start, end = s.modifiers(&q, start, end)
	return Found{Span: Span{start, end}, Number: Span{i, numEnd}, UnitSpan: unitSpan, Quantity: q}, end, true
}

// lowerWord reports whether t ends in an ordinary word, as in "about−0.15",
// where a space was lost, and not in a label as in "CP−3".
func lowerWord(t string) bool {
	n := 0
	for i := len(t) - 1; i >= 0 && t[i] >= 'a' && t[i] <= 'z'; i-- {
		n++
	}
	return n >= 4 && (n == len(t) || t[len(t)-n-1] == ' ')
}

func (s *scanner) isRaised(i int) bool { _, up := raisedAt(s.raised, i); return up }

// readPlain reads the digits at i as a whole number and nothing else.
func readPlain(t string, i int) (numeral, bool) {
	j := i
	for digitAt(t, j) {
		j++
	}
	return readNumeral(t[:j], nil, i)
}

// powerOf returns the exponent of ten that the numeral s has.
func powerOf(s string) int {
	for i := range s {
		if e, _, ok := readPower(s, nil, i); ok && i > 0 {
			return e
		}
	}
	return 0
}

// plusMinus reads "± 0.1", "+/- 0.1" or "(±0.1)" at i.
func (s *scanner) plusMinus(i int) (u float64, end int, ok bool) {
	t := s.text
	j := skipSpaces(t, i, 1)
	paren := false
	if j < len(t) && t[j] == '(' {
		paren, j = true, j+1
	}
	signed := false
	for _, sign := range []string{"±", "∓", "+/-", "+/−", "+-", `\pm`} {
		if strings.HasPrefix(t[j:], sign) {
			j, signed = j+len(sign), true
			break
		}
	}
	if !signed && !paren && i > 0 && j == i && digitAt(t, i-1) && strings.HasPrefix(t[j:], "+0.") && digitAt(t, j+3) {
		j, signed = j+1, true // "3.4+0.1 eV", from an underlined plus sign
	}
	if !signed {
		return 0, i, false
	}
	j = skipSpaces(t, j, 1)
	if !digitAt(t, j) {
		return 0, i, false
	}
	n, ok := readNumeral(t, s.raised, j)
	if !ok {
		return 0, i, false
	}
	end = n.end
	if paren {
		if end >= len(t) || t[end] != ')' {
			return 0, i, false
		}
		end++
	}
	return n.value, end, true
}

// bracketedUncertainty reads "1.54 (2)" or "523(2)", whose digits in parentheses
// count in the last place, behind n. Without a unit behind it, or behind the list
// that it begins, "(2)" is a reference, the number of an equation or of a part.
func (s *scanner) bracketedUncertainty(n numeral) (u float64, end int, ok bool) {
	t := s.text
	if n.scaled || n.uncertainty > 0 {
		return 0, n.end, false
	}
	if n.decimals > 0 {
		rest, spaced := strings.CutPrefix(t[n.end:], " ")
		if !spaced {
			return 0, n.end, false
		}
		u, end, ok = lastPlaces(rest, n)
		return u, n.end + 1 + end, ok
	}
	if u, end, ok = lastPlaces(t[n.end:], n); !ok || u > n.value {
		return 0, n.end, false
	}
	end += n.end
	for at, members := end, 0; members < 12; members++ {
		if s.unitFollows(numeral{start: n.start, end: at, value: n.value}) {
			return u, end, true
		}
		gap := 0
		for gap < min(10, len(t)-at) && !digitAt(t, at+gap) {
			gap++
		}
		if !enumerates(strings.TrimRight(t[at:at+gap], "-−–")) || !digitAt(t, at+gap) {
			break
		}
		next, ok := readNumeral(t, s.raised, at+gap)
		if !ok {
			break
		}
		at = next.end
		if _, more, ok := lastPlaces(t[at:], next); ok {
			at += more
		}
	}
	return 0, n.end, false
}

// lastPlaces reads the digits in parentheses with which rest, behind n, begins, and
// returns what they count in n's last place and where they end.
func lastPlaces(rest string, n numeral) (u float64, end int, ok bool) {
	to := 1
	for digitAt(rest, to) {
		to++
	}
	if to == 1 || to > 3 || rest[0] != '(' || to >= len(rest) || rest[to] != ')' {
		return 0, 0, false
	}
	digits, _ := strconv.Atoi(rest[1:to])
	return tidy(float64(digits) * math.Pow10(-n.decimals)), to + 1, true
}

// second reads the upper end of an interval behind the number that ends at
// numEnd, or behind its unit, which ends at unitEnd.
func (s *scanner) second(first numeral, numEnd, unitEnd int, unit Unit, sign float64, start int) (float64, numeral, bool) {
	t := s.text
	for _, at := range []int{unitEnd, numEnd} {
		j := skipSpaces(t, at, 1)
		if j >= len(t) {
			continue
		}
		r, size := utf8.DecodeRuneInString(t[j:])
		word := false
		from := strings.HasPrefix(t[j:], "에서 ")
		tight := j == at
		switch {
		case isMinus(r), r == '~', r == '∼', r == '～', r == '÷':
			j += size
			tight = tight && j < len(t) && t[j] != ' '
			if strings.HasPrefix(t[j:], "-") { // "5--8"
				j++
			}
		case strings.HasPrefix(t[j:], "to ") && j > at, strings.HasPrefix(t[j:], "and ") && j > at && s.leads(start, "between "):
			j += strings.IndexByte(t[j:], ' ')
			word = true
		case from && digitAt(t, j+len("에서 ")), strings.HasPrefix(t[j:], "내지 ") && digitAt(t, j+len("내지 ")):
			j += len("에서")
			word = true
		default:
			continue
		}
		j = skipSpaces(t, j, 1)
		sign2 := 1.0
		if r2, size2 := utf8.DecodeRuneInString(t[j:]); word && isMinus(r2) {
			sign2, j = -1, j+size2
		}
		if !digitAt(t, j) {
			continue
		}
		n, ok := readNumeral(t, s.raised, j)
		if !ok || !word && n.end < len(t) && n.end > 0 && asciiLetter(t[n.end]) && !s.unitFollows(n) {
			continue
		}
		if from && !s.reaches(n, unit) || word && unit.Symbol == "" && s.unitFollows(n) && assigned(t[:start]) {
			continue
		}
		if unit.Symbol != "" && !unit.Unknown && unit.Symbol != "C-rate" { // "20 C to 80 °C" lost a degree sign
			if u, span, _ := s.unit(n); span.End > span.Start && !u.Unknown && u.Dimension != unit.Dimension {
				continue // "at 300 K to 0.4 W/mK"
			}
		}
		v := sign2 * n.value
		if sign < 0 && !word {
			v = -n.value // −0.2–0.5: the sign belongs to both
			if n.value < first.value {
				v = n.value
			}
		}
		if !word && !n.scaled && !first.scaled && v <= sign*first.value {
			// Descending: "5-3" is a label, a date or a page range, unless a unit
			// follows.
			if !s.unitFollows(n) || !tight {
				continue
			}
		}
		if !s.cell && first.integer && n.integer && first.value >= 1000 && unit.Symbol == "" && !s.unitFollows(n) && first.value < 2100 && n.value < 2100 {
			continue // years
		}
		return v, n, true
	}
	return 0, numeral{}, false
}

// reaches reports whether n ends an interval that began with 에서: "3.0 V에서
// 4.3 V까지". Without the second mark 에서 only says where: "25 ℃에서 1.2 mS/cm".
func (s *scanner) reaches(n numeral, first Unit) bool {
	u, span, end := s.unit(n)
	if span.End > span.Start && first.Symbol != "" && u.Dimension != first.Dimension {
		return false
	}
	rest := strings.TrimLeft(s.text[end:], " ")
	for _, mark := range [...]string{"까지", "사이", "범위", "의 범위"} {
		if strings.HasPrefix(rest, mark) {
			return true
		}
	}
	return false
}

func (s *scanner) unitFollows(n numeral) bool {
	_, span, _ := s.unit(n)
	return span.End > span.Start
}

// celsius reports whether 섭씨, degrees Celsius, stands before the number, and
// its sign, that begins at start.
func (s *scanner) celsius(start int) bool {
	before := s.text[max(0, start-16):start]
	before = strings.TrimRight(strings.TrimRight(before, "-−–"), " ")
	return strings.HasSuffix(before, "섭씨") || strings.HasSuffix(before, "섭씨 약")
}

// leads reports whether word stands directly before start.
func (s *scanner) leads(start int, word string) bool {
	b := s.text[max(0, start-len(word)):start]
	return strings.EqualFold(b, word)
}

// unit reads the unit behind n. It returns an empty span if there is none.
func (s *scanner) unit(n numeral) (Unit, Span, int) {
	t := s.text
	none := Unit{Factor: 1}
	if n.end >= len(t) {
		return none, Span{n.end, n.end}, n.end
	}
	i := skipSpaces(t, n.end, 1)
	if strings.HasPrefix(t[i:], "\u2009") || strings.HasPrefix(t[i:], "\u202f") || strings.HasPrefix(t[i:], "\u00a0") {
		_, size := utf8.DecodeRuneInString(t[i:])
		i += size
	}
	glued := i == n.end
	if i+1 < len(t) && t[i] == '~' && glued && asciiLetter(t[i+1]) {
		i++ // LaTeX's tie
	}
	if i < len(t) && t[i] == '-' && glued && i+1 < len(t) && asciiLetter(t[i+1]) {
		i++ // "50-nm film"
	}
	if i >= len(t) || t[i] == ' ' {
		return none, Span{n.end, n.end}, n.end
	}
	if strings.HasPrefix(t[i:], "도") && s.celsius(n.start) {
		if k, ok := symbols["°C"]; ok {
			return Unit{Symbol: k.symbol, Dimension: k.dim, Factor: k.factor, Offset: k.offset}, Span{i, i + len("도")}, i + len("도")
		}
	}
	p := unitParser{text: t, raised: s.raised, strict: true}
	if k, end, ok := s.sentenceCase(n, i); ok {
		return k, Span{i, end}, end
	}
	u, end, ok := p.parse(i)
	if !ok || !s.boundary(i, end) || s.refuses(n, t[i:end], u, glued) {
		if ok && end < len(t) {
			// A shorter unit may end at a border: "5 V Li".
			return s.unknown(n, i)
		}
		return s.unknown(n, i)
	}
	return u, Span{i, end}, end
}

// sentenceCase reads a C behind a number as a C-rate.
func (s *scanner) sentenceCase(n numeral, i int) (Unit, int, bool) {
	t := s.text
	if t[i] != 'C' || n.value > 500 {
		return Unit{}, i, false
	}
	end := i + 1
	if strings.HasPrefix(t[end:], "-rate") || strings.HasPrefix(t[end:], " rate") {
		end += len("-rate")
	} else if end < len(t) {
		r, _ := utf8.DecodeRuneInString(t[end:])
		if unicode.IsLetter(r) && !unicode.Is(unicode.Hangul, r) || unicode.IsDigit(r) || r == '/' || r == '·' || r == '^' || r == '_' || isMinus(r) || isSuper(string(r)) {
			return Unit{}, i, false
		}
		if r == ' ' {
			if _, _, ok := (&unitParser{text: t, strict: true}).parse(i); ok {
				if u, e, _ := (&unitParser{text: t, strict: true}).parse(i); e > i+1 && u.Symbol != "C" {
					return Unit{}, i, false
				}
			}
		}
	}
	k := symbols["C-rate"]
	return Unit{Symbol: k.symbol, Dimension: k.dim, Factor: k.factor}, end, true
}

// boundary reports whether a unit may end at end: no letter or digit follows.
func (s *scanner) boundary(start, end int) bool {
	if end >= len(s.text) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(s.text[start:end])
	next, _ := utf8.DecodeRuneInString(s.text[end:])
	if unicode.Is(unicode.Hangul, next) {
		return true
	}
	if last == '%' || last == '‰' {
		return true
	}
	if unicode.IsDigit(next) || next == '_' {
		_, up := raisedAt(s.raised, end)
		return up && !unicode.IsDigit(last)
	}
	if next == '-' && end+1 < len(s.text) && asciiLetter(s.text[end+1]) {
		// "5 A-type"; but "1.2 eV-wide" and "3 V-class" are values
		return end-start > 1 || strings.HasPrefix(s.text[end:], "-class")
	}
	if next == '\'' || next == '′' {
		return false
	}
	return !unicode.IsLetter(next)
}

// refuses reports whether the letters that read as unit u are something else
// behind this number: an orbital ("3d"), a dimension ("2D"), an element
// ("3 In"), a figure's part ("Fig. 3 A").
func (s *scanner) refuses(n numeral, written string, u Unit, glued bool) bool {
	if len(written) == 1 {
		c := written[0]
		if glued && n.integer && n.value < 10 && strings.IndexByte("dfspDHTPtGF", c) >= 0 {
			return true
		}
		if strings.IndexByte("dltPHFD", c) >= 0 && !(c == 'd' && n.integer && n.value < 1000) {
			if c != 'D' && c != 'F' && c != 'l' || glued {
				return true
			}
		}
	}
	before := strings.ToLower(s.text[max(0, n.start-8):n.start])
	for _, w := range []string{"fig. ", "figs. ", "fig ", "figure ", "table ", "ref. ", "refs. ", "eq. ", "sec. ", "figure s"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

// unknown keeps a unit that the table does not have, if its shape is a unit's:
// letters with a negative exponent or a slash, such as "foo cm−2".
func (s *scanner) unknown(n numeral, i int) (Unit, Span, int) {
	t := s.text
	none := Unit{Factor: 1}
	j, letters := i, 0
	for j < len(t) && j-i < 12 && asciiLetter(t[j]) {
		j++
		letters++
	}
	if letters == 0 || letters > 10 || j >= len(t) || joins[t[i:j]] {
		return none, Span{n.end, n.end}, n.end
	}
	p := unitParser{text: t, raised: s.raised}
	end := j
	if halves, k, ok := p.exponent(j); ok && halves < 0 {
		end = k
	} else {
		k, slash, ok := p.separator(j)
		if !ok || letters > 8 {
			return none, Span{n.end, n.end}, n.end
		}
		fs, e, has, ok := p.one(k)
		if !ok || len(fs) == 0 || !slash && !(has && fs[len(fs)-1].halves < 0) || slash && k > j+1 {
			return none, Span{n.end, n.end}, n.end
		}
		end = e
	}
	if !s.boundary(i, end) {
		return none, Span{n.end, n.end}, n.end
	}
	return Unit{Symbol: t[i:end], Factor: 1, Unknown: true}, Span{i, end}, end
}

// joins are words between two numbers, of which the second may be negative.
var joins = map[string]bool{"and": true, "or": true, "to": true, "vs": true, "than": true, "versus": true, "from": true, "by": true, "at": true}

// openings are words before a number that make it one end of an interval or an
// estimate, longest first within an ending. low means the number is a lower
// bound.
var openings = []struct {
	word                string
	lower, upper, rough bool
}{
	{"approximately", false, false, true}, {"about", false, false, true}, {"around", false, false, true}, {"roughly", false, false, true},
	{"nearly", false, false, true}, {"almost", false, false, true}, {"ca.", false, false, true}, {"ca", false, false, true}, {"circa", false, false, true},
	{"close to", false, false, true}, {"approx.", false, false, true}, {"of the order of", false, false, true}, {"약", false, false, true},
	{"~", false, false, true}, {"∼", false, false, true}, {"≈", false, false, true}, {"≃", false, false, true}, {"≅", false, false, true}, {"˜", false, false, true}, {`\sim`, false, false, true},
	{"more than", true, false, false}, {"greater than", true, false, false}, {"higher than", true, false, false}, {"larger than", true, false, false},
	{"at least", true, false, false}, {"above", true, false, false}, {"exceeding", true, false, false}, {"exceeds", true, false, false}, {"over", true, false, false}, {"in excess of", true, false, false},
	{">", true, false, false}, {"≥", true, false, false}, {"⩾", true, false, false}, {"≳", true, false, false},
	{"less than", false, true, false}, {"lower than", false, true, false}, {"smaller than", false, true, false}, {"at most", false, true, false},
	{"up to", false, true, false}, {"최대", false, true, false}, {"최소", true, false, false},
	{"below", false, true, false}, {"under", false, true, false}, {"<", false, true, false}, {"≤", false, true, false}, {"⩽", false, true, false}, {"≲", false, true, false},
}

// modifiers reads what stands before and behind the number and changes its
// meaning, and returns the span with it.
func (s *scanner) modifiers(q *Quantity, start, end int) (int, int) {
	t := s.text
	for range 2 {
		j := start
		for j > 0 && j > start-1 && t[j-1] == ' ' {
			j--
		}
		if j > 0 && t[j-1] == '$' {
			j--
		}
		before := t[max(0, j-16):j]
		matched := false
		for _, o := range openings {
			n := len(o.word)
			if len(before) < n || !strings.EqualFold(before[len(before)-n:], o.word) {
				continue
			}
			if asciiLetter(o.word[0]) && len(before) > n && asciiLetter(before[len(before)-n-1]) {
				continue
			}
			if (o.word == "<" || o.word == ">") && len(before) > n && before[len(before)-n-1] == before[len(before)-1] {
				continue
			}
			start = j - n
			q.Approximate = q.Approximate || o.rough
			if o.lower && q.Low == q.High {
				q.High = math.Inf(1)
			}
			if o.upper && q.Low == q.High {
				q.Low = math.Inf(-1)
			}
			matched = true
			break
		}
		if !matched {
			break
		}
	}
	rest := strings.TrimPrefix(t[end:], " ")
	for _, o := range []struct {
		word         string
		lower, upper bool
	}{{"이상", true, false}, {"초과", true, false}, {"이하", false, true}, {"미만", false, true}, {"or more", true, false}, {"or less", false, true}} {
		if strings.HasPrefix(rest, o.word) && q.Low == q.High {
			end = len(t) - len(rest) + len(o.word)
			if o.lower {
				q.High = math.Inf(1)
			} else {
				q.Low = math.Inf(-1)
			}
		}
	}
	return start, end
}

// share gives the members of a list a common number, and the unit that stands
// only behind the last ("1.2, 3.4 and 5.6 eV") to all.
func share(t string, found []Found) {
	list, power := 0, 0 // power of ten of the last member of the list
	for i := len(found) - 2; i >= 0; i-- {
		a, b := &found[i], &found[i+1]
		if !enumerates(t[a.End:b.Start]) {
			continue
		}
		hasA, hasB := a.UnitSpan.End > a.UnitSpan.Start, b.UnitSpan.End > b.UnitSpan.Start
		switch {
		case !hasA && hasB && assigned(t[:a.Start]):
			continue
		case !hasA && hasB && !b.Quantity.Unit.Unknown:
			a.Quantity.Unit, a.UnitSpan = b.Quantity.Unit, b.UnitSpan
			if b.List == 0 {
				power = powerOf(t[b.Number.Start:b.Number.End])
			}
			if power != 0 && powerOf(t[a.Number.Start:a.Number.End]) == 0 {
				// "3.1 and 8.9 × 10−4 cm2/Vs"
				q := &a.Quantity
				q.Low, q.High, q.Uncertainty = shift10(q.Low, power), shift10(q.High, power), shift10(q.Uncertainty, power)
			}
		case hasA != hasB || a.Quantity.Unit.Dimension != b.Quantity.Unit.Dimension:
			continue
		}
		if b.List == 0 {
			list++
			b.List = list
		}
		a.List = b.List
	}
}

// assigned reports whether before ends by giving a variable of composition, which has
// no unit, a number: "for x = " in "5 K for x = 0 and 7 K for x = 1".
func assigned(before string) bool {
	b, ok := strings.CutSuffix(strings.TrimRight(before, " "), "=")
	b = strings.TrimRight(b, " ")
	n := len(b)
	return ok && n > 0 && (b[n-1] == 'x' || b[n-1] == 'y' || b[n-1] == 'z') && (n == 1 || b[n-2] == ' ' || b[n-2] == '(')
}

// enumerates reports whether gap joins the members of a list.
func enumerates(gap string) bool {
	switch strings.TrimSpace(gap) {
	case ",", "and", ", and", ", to", "or", ", or", "/", "&", "및", "와", "과", ";":
		return true
	}
	return false
}
