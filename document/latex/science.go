package latex

import (
	"strings"
	"unicode/utf8"

	"github.com/alkahest/alkahest/document/blocks"
)

// writeScience writes what the commands of the packages mhchem and siunitx show
// and returns what follows; it reports false for any other command.
//
// Sources: M. Hensel, mhchem Bundle 4.08; J. Wright, siunitx 3.2.
func writeScience(b *blocks.Builder, name, s string, depth int) (rest string, ok bool) {
	var first, second, third string
	switch name {
	case "ce", "chem", "cf":
		first, rest = argument(s)
		writeFormula(b, first, depth+1)
	case "num":
		_, s, _ = option(s)
		first, rest = argument(s)
		writeNumber(b, first)
	case "ang":
		_, s, _ = option(s)
		first, rest = argument(s)
		writeNumber(b, first)
		b.WriteString("°")
	case "si", "unit":
		_, s, _ = option(s)
		first, rest = argument(s)
		writeUnit(b, first)
	case "SI", "qty":
		_, s, _ = option(s)
		first, rest = argument(s)
		_, rest, _ = option(rest)
		second, rest = argument(rest)
		writeNumber(b, first)
		b.Space()
		writeUnit(b, second)
	case "SIrange", "qtyrange":
		_, s, _ = option(s)
		first, rest = argument(s)
		second, rest = argument(rest)
		third, rest = argument(rest)
		writeNumber(b, first)
		b.WriteString(" to ")
		writeNumber(b, second)
		b.Space()
		writeUnit(b, third)
	case "numrange":
		_, s, _ = option(s)
		first, rest = argument(s)
		second, rest = argument(rest)
		writeNumber(b, first)
		b.WriteString(" to ")
		writeNumber(b, second)
	case "SIlist", "qtylist":
		_, s, _ = option(s)
		first, rest = argument(s)
		second, rest = argument(rest)
		writeList(b, first)
		b.Space()
		writeUnit(b, second)
	case "numlist":
		_, s, _ = option(s)
		first, rest = argument(s)
		writeList(b, first)
	default:
		return s, false
	}
	return rest, true
}

func writeList(b *blocks.Builder, s string) {
	parts := strings.Split(s, ";")
	for i, part := range parts {
		switch {
		case i == 0:
		case i == len(parts)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		writeNumber(b, part)
	}
}

var numberSigns = strings.NewReplacer(`\pm`, "±", "+-", "±", `\times`, "×", "x", "×", `\,`, "", "~", "", "{", "", "}", "", "$", "", `\%`, "%")

// writeNumber writes a number of siunitx: "1.5e-3" as 1.5 × 10 with a
// superscript, "2.5 +- 0.1" and "2.5 \pm 0.1" with ±, "3 x 4" with ×.
func writeNumber(b *blocks.Builder, s string) {
	s = numberSigns.Replace(s)
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == ' ':
		case r == '±' || r == '×':
			b.WriteString(" " + string(r) + " ")
		case r == '-':
			b.WriteString("−")
		case r == ',':
			b.WriteString(".") // a decimal mark of either kind is shown as a point
		case r == 'e' || r == 'E' || r == 'd' || r == 'D':
			end := n
			for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '-' || s[end] == '+') {
				end++
			}
			if end == n {
				b.WriteString(s[:n])
				break
			}
			if last := b.Last(); last >= '0' && last <= '9' || last == ')' {
				b.WriteString(" × ")
			}
			b.WriteString("10")
			old := b.SetLevel(blocks.Raised)
			b.WriteString(strings.ReplaceAll(strings.TrimPrefix(s[n:end], "+"), "-", "−"))
			b.SetLevel(old)
			n = end
		default:
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
}

// unitNames are the macros of siunitx for units and prefixes (siunitx manual,
// tables 1 to 8). A macro that is none of them is its own symbol: \mA.
var unitNames = map[string]string{
	"ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "metre": "m", "meter": "m", "mole": "mol", "second": "s", "gram": "g",
	"becquerel": "Bq", "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J", "lumen": "lm", "lux": "lx",
	"katal": "kat", "newton": "N", "ohm": "Ω", "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr", "tesla": "T",
	"volt": "V", "watt": "W", "weber": "Wb", "degreeCelsius": "°C", "celsius": "°C", "day": "d", "degree": "°", "hour": "h", "minute": "min",
	"hectare": "ha", "litre": "L", "liter": "L", "tonne": "t", "arcminute": "′", "arcsecond": "″", "percent": "%", "angstrom": "Å", "bar": "bar",
	"barn": "b", "dalton": "Da", "electronvolt": "eV", "atomicmassunit": "u", "mmHg": "mmHg", "torr": "Torr", "molar": "M", "atm": "atm",
	"decibel": "dB", "bel": "B", "neper": "Np", "calorie": "cal", "gauss": "G", "oersted": "Oe", "poise": "P", "siemen": "S", "atmosphere": "atm",
	"yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "μ", "milli": "m", "centi": "c", "deci": "d",
	"deca": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z", "yotta": "Y",
	"um": "μm", "uA": "μA", "uV": "μV", "uW": "μW", "us": "μs", "ug": "μg", "ul": "μl", "uL": "μL", "uF": "μF", "uC": "μC", "uJ": "μJ", "umol": "μmol",
}

// prefixes are the unit names that join the unit behind them.
const prefixes = " yocto zepto atto femto pico nano micro milli centi deci deca hecto kilo mega giga tera peta exa zetta yotta "

// writeUnit writes a unit of siunitx, by macros or by letters.
func writeUnit(b *blocks.Builder, s string) {
	power, per, joined := "", false, true
	raise := func(p string) {
		old := b.SetLevel(blocks.Raised)
		b.WriteString(p)
		b.SetLevel(old)
	}
	pending := "" // the power of a unit that \per, \square or \cubic stand before
	finish := func() {
		if pending != "" {
			raise(pending)
			pending = ""
		}
	}
	for s != "" {
		if s[0] != '\\' {
			r, n := utf8.DecodeRuneInString(s)
			switch r {
			case '.', '~', ' ', '\n', '·':
				finish()
				b.Space()
				joined = true
			case '^', '_':
				arg, rest := argument(s[1:])
				if r == '^' {
					raise(strings.ReplaceAll(arg, "-", "−"))
				}
				s = rest
				continue
			case '{', '}', '$':
			default:
				b.WriteString(s[:n])
				joined = false
			}
			s = s[n:]
			continue
		}
		n := commandEnd(s)
		name := s[1:n]
		s = s[n:]
		switch name {
		case "per":
			finish()
			per = true
			b.Space()
			joined = true
			continue
		case "square":
			power = "2"
			continue
		case "cubic":
			power = "3"
			continue
		case "squared", "cubed":
			pending = sign(pending) + map[string]string{"squared": "2", "cubed": "3"}[name]
			continue
		case "tothe", "raiseto", "of", "highlight", "cancel":
			arg, rest := argument(s)
			s = rest
			switch name {
			case "tothe":
				pending = sign(pending) + strings.ReplaceAll(arg, "-", "−")
			case "raiseto":
				power = strings.ReplaceAll(arg, "-", "−")
			}
			continue
		case ",", ";", ":", "!", " ", "quad", "cdot":
			finish()
			b.Space()
			continue
		}
		finish()
		symbol, ok := unitNames[name]
		if !ok {
			if symbol, ok = symbolOf(name); !ok {
				symbol = name
			}
		}
		if !joined {
			b.Space()
		}
		b.WriteString(symbol)
		if joined = strings.Contains(prefixes, " "+name+" "); joined {
			continue
		}
		switch {
		case per && power != "":
			pending = "−" + power
		case per:
			pending = "−1"
		default:
			pending = power
		}
		per, power = false, ""
	}
	finish()
}

// sign returns the minus of a power.
func sign(power string) string {
	if strings.HasPrefix(power, "−") {
		return "−"
	}
	return ""
}

func symbolOf(name string) (string, bool) {
	s, ok := symbol(name)
	return strings.TrimSpace(s), ok
}

// writeFormula writes a chemical formula or equation of mhchem: numbers behind
// letters and brackets below the line, charges above it, arrows.
func writeFormula(b *blocks.Builder, s string, depth int) {
	if depth > maxNesting {
		return
	}
	base := b.Level()
	after := false // a letter or bracket was the last, so that digits count it
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case strings.HasPrefix(s, "<=>") || strings.HasPrefix(s, "<->"):
			b.WriteString(" ⇌ ")
			s, after = arrowArguments(s[3:]), false
			continue
		case strings.HasPrefix(s, "->"):
			b.WriteString(" → ")
			s, after = arrowArguments(s[2:]), false
			continue
		case r == '^' || r == '_':
			arg, rest := argument(s[1:])
			if r == '^' && s[1:] != "" && s[1] != '{' { // "^2-" is one charge
				end := 1
				for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '+' || s[end] == '-') {
					end++
				}
				if end > 1 {
					arg, rest = s[1:end], s[end:]
				}
			}
			b.SetLevel(blocks.Raised)
			if r == '_' {
				b.SetLevel(blocks.Lowered)
			}
			writeMath(b, arg, depth+1)
			b.SetLevel(base)
			s, after = rest, true
			continue
		case r == '$':
			end := strings.IndexByte(s[1:], '$')
			if end < 0 {
				return
			}
			inner := s[1 : 1+end]
			if after {
				b.SetLevel(blocks.Lowered)
			}
			writeMath(b, inner, depth+1)
			b.SetLevel(base)
			s = s[end+2:]
			continue
		case r >= '0' && r <= '9':
			end := 0
			for end < len(s) && (s[end] >= '0' && s[end] <= '9' || (s[end] == '.' || s[end] == '/') && end+1 < len(s) && s[end+1] >= '0' && s[end+1] <= '9') {
				end++
			}
			if after {
				b.SetLevel(blocks.Lowered)
			}
			b.WriteString(s[:end])
			b.SetLevel(base)
			s = s[end:]
			continue
		case (r == '+' || r == '-') && after && (len(s) == 1 || strings.IndexByte(" )]}", s[1]) >= 0):
			b.SetLevel(blocks.Raised)
			b.WriteString(strings.Replace(string(r), "-", "−", 1))
			b.SetLevel(base)
		case r == '*' || r == '.':
			b.WriteString("·")
			after = false
		case r == ' ' || r == '~':
			b.Space()
			after = false
		case r == '\\':
			end := commandEnd(s)
			if text, ok := symbol(s[1:end]); ok {
				b.WriteString(text)
			}
			s = s[end:]
			continue
		case r == '{' || r == '}':
		default:
			b.WriteString(s[:n])
			after = r == ')' || r == ']' || r|0x20 >= 'a' && r|0x20 <= 'z'
		}
		s = s[n:]
	}
}

// arrowArguments passes over what stands above and below an arrow.
func arrowArguments(s string) string {
	for range 2 {
		_, s, _ = option(s)
	}
	return s
}
