package ocr

import (
	"strings"

	"github.com/alkahest/alkahest/chem"
)

// repair corrects what recognition confuses in a word: the letter O and the
// digit 0, the letters l and I and the digit 1, in formulas and numbers; the
// signs of degree, micro and minus in units. before is the word before it. It
// reports whether anything was corrected; what can be read as it stands is left
// alone.
func repair(word, before string) (string, bool) {
	core := strings.TrimRight(word, ".,;:)]")
	lead := core[:len(core)-len(strings.TrimLeft(core, "(["))]
	core = core[len(lead):]
	tail := word[len(lead)+len(core):]
	for _, f := range [...]func(core, before string) (string, bool){unit, number, formula} {
		if fixed, ok := f(core, before); ok && fixed != core {
			return lead + fixed + tail, true
		}
	}
	return word, false
}

// numeric reports whether a word is a number.
func numeric(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(".,+-−–~±()", r):
		default:
			return false
		}
	}
	return digits > 0
}

// unit corrects units, most of them only behind a number.
func unit(s, before string) (string, bool) {
	behind := numeric(before)
	switch s {
	case "oC", "°c", "ºC", "˚C", "°¢", "“C", "*C", "°C":
		return "°C", behind
	case "um", "µm":
		return "μm", behind
	case "uL", "uA", "uV", "uW", "ug", "us":
		return "μ" + s[1:], behind
	}
	for _, mark := range [...]string{"oC", "ºC", "˚C"} { // "25oC"
		if n, ok := strings.CutSuffix(s, mark); ok && numeric(n) {
			return n + "°C", true
		}
	}
	// The minus of a negative power: "cm~1", "g—1".
	for _, mark := range [...]string{"~", "—", "–", "_"} {
		base, power, ok := strings.Cut(s, mark)
		if ok && powers[base] && len(power) == 1 && power[0] >= '1' && power[0] <= '3' {
			return base + "−" + power, true
		}
	}
	return s, false
}

// powers are the units that often have a negative power.
var powers = map[string]bool{"g": true, "kg": true, "cm": true, "m": true, "s": true, "mol": true, "K": true, "h": true, "L": true, "min": true, "V": true}

// number corrects letters in what is a number but for them: "1O", "l0", "O.5".
func number(s, _ string) (string, bool) {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == 'O' || r == 'o' || r == 'l' || r == 'I':
			letters++
		case strings.ContainsRune(".,-−–", r):
		default:
			return s, false
		}
	}
	if letters == 0 || digits == 0 || letters > 1 && letters > digits {
		return s, false
	}
	if s[0] == 'O' && !strings.HasPrefix(s, "O.") { // O2 is oxygen
		return s, false
	}
	if s[0] == 'I' && !strings.ContainsAny(s, ".0") { // I2 is iodine
		return s, false
	}
	return strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1").Replace(s), true
}

// formula corrects digits in what is a formula but for them: "Ti02", "LiFeP04",
// "Fe304", "NaCI".
func formula(s, _ string) (string, bool) {
	if len(s) < 2 || len(s) > 40 || s[0] < 'A' || s[0] > 'Z' {
		return s, false
	}
	if s == "H20" { // possible by itself, but never meant
		return "H2O", true
	}
	if base, ok := strings.CutSuffix(s, "CI"); ok && len(base) >= 1 && valid(base) && valid(base+"Cl") {
		return base + "Cl", true
	}
	if !strings.ContainsAny(s, "0") || valid(s) {
		return s, false
	}
	// Each 0 may be an O: try the fewest changes first.
	var zeros []int
	for i := range len(s) {
		if s[i] == '0' {
			zeros = append(zeros, i)
		}
	}
	if len(zeros) > 6 {
		return s, false
	}
	for changes := 1; changes <= len(zeros); changes++ {
		for mask := 1; mask < 1<<len(zeros); mask++ {
			if ones(mask) != changes {
				continue
			}
			b := []byte(s)
			for k, at := range zeros {
				if mask&(1<<k) != 0 {
					b[at] = 'O'
				}
			}
			if valid(string(b)) {
				return string(b), true
			}
		}
	}
	return s, false
}

func ones(mask int) int {
	n := 0
	for ; mask > 0; mask &= mask - 1 {
		n++
	}
	return n
}

// valid reports whether s is a formula as papers have them: symbols of elements
// and groups in parentheses with amounts of at most 60, without a leading zero
// but before a point; no element twice in a row.
func valid(s string) bool {
	last, depth, symbols := "", 0, 0
	for s != "" {
		switch {
		case s[0] == '(':
			depth++
			s, last = s[1:], ""
			continue
		case s[0] == ')':
			if depth--; depth < 0 {
				return false
			}
			s = s[1:]
		default:
			n := min(2, len(s))
			for n > 0 {
				if _, ok := chem.BySymbol(s[:n]); ok {
					break
				}
				n--
			}
			if n == 0 || s[:n] == last {
				return false
			}
			last = s[:n]
			symbols++
			s = s[n:]
		}
		n := 0
		for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.' && n > 0 && n+1 < len(s) && s[n+1] >= '0' && s[n+1] <= '9') {
			n++
		}
		if !amount(s[:n]) {
			return false
		}
		s = s[n:]
	}
	return depth == 0 && symbols > 0
}

func amount(s string) bool {
	whole, _, point := strings.Cut(s, ".")
	switch {
	case s == "":
		return true
	case s[0] == '0':
		return point && whole == "0"
	}
	return len(whole) < 2 || len(whole) == 2 && whole <= "60"
}
