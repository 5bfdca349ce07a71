package formula

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alkahest/alkahest/chem"
)

// Mention is a formula, an alias or a named compound in a text.
type Mention struct {
	Start, End int // bytes
	Text       string
	Formula    *Formula // nil if the alias has none
	Alias      *Alias   // nil for a formula
	Joined     []Part   // what follows the first formula of a composite or solid solution; nil for all others
	Dopants    chem.Set // elements named as dopants: "Mn-doped ZnO", "ZnO:Al"
}

// Part is a further side of a composite ("NiO/YSZ", "Fe3O4@C") or of a solid
// solution ("BiFeO3–BaTiO3").
type Part struct {
	Sign    string   // "/", "@" or "–"
	Text    string   // as written
	Formula *Formula // nil if the part is an alias that has none
}

// Canonical returns the canonical formula of what m names, with all sides of a
// composite: "NiO/YSZ". It is empty if the first side has no formula.
func (m *Mention) Canonical() string {
	if m.Formula == nil {
		return ""
	}
	s := m.Formula.String()
	for _, p := range m.Joined {
		s += p.Sign
		if p.Formula != nil {
			s += p.Formula.String()
		} else {
			s += p.Text
		}
	}
	return s
}

// Elements returns the elements of all sides of m, without dopants.
func (m *Mention) Elements() chem.Set {
	var s chem.Set
	if m.Formula != nil {
		s = m.Formula.Elements()
	}
	for _, p := range m.Joined {
		if p.Formula != nil {
			s = s.Union(p.Formula.Elements())
		}
	}
	return s
}

// Find returns the formulas, aliases and named compounds in text, left to
// right, not overlapping. It is made to leave words, acronyms, units, methods
// and sample labels alone, at the price of missing a formula that looks like
// one of them.
func Find(text string) []Mention {
	var out []Mention
	previous := rune(' ')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		start := !unicode.IsLetter(previous) && (!unicode.IsDigit(previous) || prefixNumber(text, i))
		if start && (r >= 'A' && r <= 'Z' || r == '(' || r == '[' || r == '{' || r == '$' || r == '\\') {
			m, ok := tornAlloy(text, i)
			if !ok {
				m, ok = formulaAt(text, i)
			}
			if ok {
				if a, ok := aliasAt(text, i); ok && a.End > m.End {
					m = a // "Ir(ppy)3"
				}
				m = shell(text, mended(text, bare(text, m)))
				out = append(out, m)
				i = m.End
				previous, _ = utf8.DecodeLastRuneInString(text[:i])
				continue
			}
		}
		if start && (unicode.IsLetter(r) || (r == '8' || r == '4') && !unicode.IsDigit(previous) && previous != '.') {
			if m, ok := aliasAt(text, i); ok {
				out = append(out, m)
				i = m.End
				previous, _ = utf8.DecodeLastRuneInString(text[:i])
				continue
			}
			if m, ok := namedAt(text, i); ok {
				out = append(out, m)
				i = m.End
				previous, _ = utf8.DecodeLastRuneInString(text[:i])
				continue
			}
			for i < len(text) {
				r, size = utf8.DecodeRuneInString(text[i:])
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					break
				}
				previous = r
				i += size
			}
			continue
		}
		previous = r
		i += size
	}
	return join(text, out)
}

// bare returns m without parentheses that stand around all of it: "5.6 eV (ZrO2)".
func bare(text string, m Mention) Mention {
	if m.Alias != nil || text[m.Start] != '(' || text[m.End-1] != ')' || strings.IndexByte(text[m.Start:m.End], ')') != m.End-m.Start-1 {
		return m
	}
	m.Start, m.End = m.Start+1, m.End-1
	m.Text = text[m.Start:m.End]
	return m
}

// shell extends m over "@C": what is coated, whose symbol would not be
// believed alone.
func shell(text string, m Mention) Mention {
	if !strings.HasPrefix(text[m.End:], "@") {
		return m
	}
	window := text[m.End+1 : min(len(text), m.End+1+maxLength)]
	p := parser{text: window}
	if f, ends := p.formula(0); len(ends) > 0 && boundary(window, ends[len(ends)-1].at) {
		last := ends[len(ends)-1]
		m.Joined = append(m.Joined, Part{"@", window[:last.at], f.upTo(last)})
		m.End += 1 + last.at
		m.Text = text[m.Start:m.End]
	}
	return m
}

// prefixNumber reports whether the digits before i belong to no word, so that a
// formula may start at i: a mass number ("57Fe") or the share of one side of a
// solid solution ("0.3BaTiO3").
func prefixNumber(text string, i int) bool {
	j := i
	point := false
	for j > 0 && (text[j-1] >= '0' && text[j-1] <= '9' || text[j-1] == '.' && !point && j < i) {
		point = point || text[j-1] == '.'
		j--
	}
	if i == j || i-j > 3 && !point || i-j > 6 {
		return false
	}
	r, size := utf8.DecodeLastRuneInString(text[:j])
	if r == '-' && !point && j > size {
		// "ITIC-4Cl" is one name
		before, _ := utf8.DecodeLastRuneInString(text[:j-size])
		return !unicode.IsLetter(before) && !unicode.IsDigit(before)
	}
	return j == 0 || r == ' ' || r == '(' || r == '-' || point && isDash(r)
}

// formulaAt reads the formula at i, if it is believable.
func formulaAt(text string, i int) (Mention, bool) {
	window := text[i:min(len(text), i+maxLength)]
	p := parser{text: window}
	f, ends := p.formula(0)
	var best Mention
	found := false
	try := func(f *Formula, ends []checkpoint) {
		for k := len(ends) - 1; k >= 0; k-- {
			c := ends[k]
			if !boundary(window, c.at) {
				continue
			}
			g := f.upTo(c)
			written := strings.Trim(window[:c.at], "{}$")
			if c.charge != 0 && (c.at < len(window) && unicode.IsDigit(rune(window[c.at])) || g.Elements().Len() == 1 && !strings.ContainsAny(written, "0123456789")) {
				continue
			}
			if balanced(window[:c.at]) && believable(written, g, text, i, i+c.at) {
				best = Mention{Start: i, End: i + c.at, Text: text[i : i+c.at], Formula: g}
				found = true
			}
			return
		}
	}
	try(f, ends)
	if len(ends) > 0 {
		end := ends[len(ends)-1].at
		if end+1 < len(window) && !neverAlone[window[:end]] && (window[end] == ' ' && spacedDigit(window[end:]) || spacedGroup.MatchString(window[end:])) {
			loose := parser{text: window, loose: true}
			f2, ends2 := loose.formula(0)
			before, had := best, found
			try(f2, looseEnds(window, ends2))
			if found && best.Formula.Elements().Len() < 2 {
				best, found = before, had
			}
		}
	}
	return best, found
}

// spacedGroup matches a group whose amounts stand behind spaces: "(Co 0.98 Os 0.02 )".
var spacedGroup = regexp.MustCompile(`^\([A-Z][a-z]? [0-9]`)

func spacedDigit(s string) bool {
	s = strings.TrimLeft(s, " ")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// looseEnds drops the ends at which a spaced reading has swallowed a unit or a
// word: a single capital behind a space ("FeCl 2 K") or a number that a unit
// follows ("ZnO 3 eV").
func looseEnds(t string, ends []checkpoint) []checkpoint {
	for len(ends) > 0 {
		at := ends[len(ends)-1].at
		tail := t[:at]
		cut := strings.LastIndexByte(tail, ' ')
		last := tail[cut+1:]
		rest := strings.TrimLeft(t[at:], " ")
		swallowed := len(last) == 1 && last[0] >= 'A' && last[0] <= 'Z' || cut >= 0 && len(last) > 1 && last[0] >= '0' && last[0] <= '9' && !strings.Contains(tail[:cut], " ")
		if cut >= 0 && last != "" && last[0] >= '0' && last[0] <= '9' {
			for _, u := range []string{"eV", "meV", "K ", "K.", "K,", "K)", "nm", "%", "°", "Å", "mA", "V ", "h ", "T ", "GPa", "at.", "wt"} {
				swallowed = swallowed || strings.HasPrefix(rest, u)
			}
		}
		if !swallowed {
			break
		}
		ends = ends[:len(ends)-1]
	}
	return ends
}

func balanced(s string) bool {
	return strings.Count(s, "{") == strings.Count(s, "}") && strings.Count(s, "(") == strings.Count(s, ")")
}

// boundary reports whether a formula may end at i.
func boundary(t string, i int) bool {
	if i >= len(t) {
		return true
	}
	r, size := utf8.DecodeRuneInString(t[i:])
	switch {
	case unicode.Is(unicode.Hangul, r):
		return true
	case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '^', r == '\'':
		return false
	case isDash(r) || r == '+':
		if i+size < len(t) {
			n, _ := utf8.DecodeRuneInString(t[i+size:])
			return !unicode.IsDigit(n) || r == '–' || solution.MatchString(t[i+size:])
		}
	case r == '(' && phase.MatchString(t[i:]):
		return true
	case r == '(':
		// "Si(111)" and "BaTiO3(001)" end here, "C(CH3)" does not.
		n, _ := utf8.DecodeRuneInString(t[i+1:])
		return n >= '0' && n <= '9' || n >= 'a' && n <= 'z' || n == '-' || n == '−' || n == '≈'
	}
	return true
}

// solution matches what follows the dash in a solid solution whose next side has
// an amount in front: "Ba(Zr0.2Ti0.8)O3-0.5(Ba0.7Ca0.3)TiO3".
var solution = regexp.MustCompile(`^[0-9.]+[(\[]?[A-Z]`)

// phase matches the label of a phase or polymorph: "VO2(M)", "TiO2 (B)".
var phase = regexp.MustCompile(`^\((?:[A-Z]|[IVX]{2,3})\)(?:[^A-Za-z0-9(]|$)`)

// gases and other molecules of one element that papers name as substances.
var molecules = map[string]bool{"H2": true, "O2": true, "N2": true, "Cl2": true, "F2": true, "Br2": true, "I2": true, "O3": true, "C60": true, "C70": true, "S8": true, "P4": true}

// capitals are compounds written in capitals only, without digits. All other
// such words are taken for acronyms.
var capitals = map[string]bool{"CO": true, "HF": true, "KI": true, "BN": true, "BP": true, "KF": true, "VN": true, "WC": true, "VC": true, "UN": true, "YN": true, "KOH": true, "UC": true, "YP": true, "HCN": true, "BAs": true, "KCN": true, "KSCN": true, "KBH": true}

// neverAlone are symbols that are words, initials or units more often than
// elements when they stand alone.
var neverAlone = map[string]bool{
	"In": true, "As": true, "At": true, "He": true, "No": true, "Be": true, "Am": true, "Es": true, "Md": true, "Np": true, "Pa": true,
	"Po": true, "Ac": true, "Fr": true, "Ra": true, "Cm": true, "Ts": true, "Og": true, "Lv": true, "Mc": true, "Fl": true, "Nh": true,
	"Cn": true, "Rg": true, "Ds": true, "Mt": true, "Hs": true, "Bh": true, "Sg": true, "Db": true, "Rf": true, "Lr": true, "Fm": true, "Cf": true, "Bk": true,
	"Ar": true, "Ne": true, "Kr": true, "Xe": true, "Rn": true, "Tc": true, "Cl": true, "Br": true, "La": true, "Th": true,
}

// words are readable as formulas but mean something else in papers.
var words = map[string]bool{
	"CoV": true, "NaN": true, "HeLa": true, "LiB": true, "NiMH": true, "SnO": false, "PbE": true, "ScF": true, "PhD": true, "SiP": true,
	"SN1": true, "SN2": true, "HOH": true, "POS": true, "CaCO": true, "InC": true, "NoSe": true, "AsIs": true, "OsC": true, "SiPh": true,
	"MnO": false, "CuO": false, "PBe": true, "BiC": true, "HfS": false, "CIs": true, "NIr": true, "UV": true, "IV": true, "VI": true, "CV": true, "BCs": true, "HV": true,
	"CBe": true, "AlC": true, "ErC": true, "PoC": true, "VB": true, "CB": true, "NbC": false, "PrO": true, "InO": true, "CoC": true, "MnV": true, "MnSi": false, "COS": true, "HI": true,
	"ScI": true, "CuAu": false, "LaTeX": true, "DOI": true, "PuC": true, "CaS": false, "Ni3": true, "Fe3": true, "HoM": true, "NiP": false, "CrO": true, "BaC": true, "NaCs": true, "CsI": false,
}

// unmarked removes the marks of LaTeX and spaces.
var unmarked = strings.NewReplacer("_", "", "{", "", "}", "", "$", "", " ", "")

// believable decides whether what parses as f, written as s at text[start:end],
// is meant as a formula.
func believable(s string, f *Formula, text string, start, end int) bool {
	n := f.Elements().Len()
	if w, listed := words[s]; listed && w || n == 0 {
		return false
	}
	compact := unmarked.Replace(s)
	digits := strings.ContainsAny(compact, "0123456789₀₁₂₃₄₅₆₇₈₉")
	lower := strings.ContainsFunc(compact, func(r rune) bool { return r >= 'a' && r <= 'z' })
	placeholder := f.Placeholders()
	if n == 1 && !placeholder {
		if molecules[compact] {
			return true
		}
		// one element: only as a bare two-letter symbol
		if _, symbol := chem.BySymbol(s); !symbol || len(s) != 2 || !lower || neverAlone[s] || digits || f.charge != 0 {
			return false
		}
		return aloneStands(text, start, end)
	}
	if placeholder {
		// RCo2, MPbI3: at least an element with lower case and a digit or
		// another element.
		return n >= 1 && digits && lower && len(compact) >= 4 && !strings.HasPrefix(compact, "A") && explicitOnes(f) == 0
	}
	for _, suffix := range []string{"NP", "NW", "NC", "NR", "NT", "QD"} {
		if strings.HasSuffix(s, suffix) && n >= 2 {
			return false
		}
	}
	if !lower {
		switch {
		case !digits:
			return capitals[compact]
		case len(compact) < 3:
			return false
		case hugeAmount(f) || explicitOnes(f) > 0:
			return false
		}
		// An anion closes an inorganic formula.
		last := f.parts[len(f.parts)-1]
		switch e := last.items[len(last.items)-1]; {
		case e.group != nil:
			return true
		case strings.Contains("O N F S H C B I P", e.element.Symbol()):
			return !(len(compact) == 3 && compact[2] >= '0' && compact[2] <= '9' && !knownShort[compact])
		}
		return false
	}
	if len(f.Variables()) > 0 && (n < 2 || !digits && start > 0 && text[start-1] >= '0' && text[start-1] <= '9') {
		return false // "2CzPN" holds carbazole, not carbon with a variable amount
	}
	if !digits && f.charge == 0 && n > 4 {
		return len(f.Variables()) > 0 || strings.ContainsAny(s, "(,") || metals(f)
	}
	// "Co" + "Pt" and their like are compounds; with a lone trailing capital
	// such as "FeV" they may be a voltage or a valence band.
	return true
}

// metals reports whether f has only metals, as the formula of a high-entropy alloy.
func metals(f *Formula) bool {
	elements := f.Elements()
	for e := chem.Element(1); e < 119; e++ {
		if elements.Has(e) && !e.Metal() {
			return false
		}
	}
	return true
}

// knownShort are three-character formulas in capitals with a digit.
var knownShort = map[string]bool{"H2O": true, "CO2": true, "NO2": true, "SO2": true, "N2O": true, "NH3": true, "CH4": true, "WO3": true, "UO2": true, "VO2": true, "WS2": true, "K2O": true, "BF3": true, "PH3": true, "CF4": true, "SF6": true, "H2S": true, "CS2": true, "YB6": true, "SO3": true, "NH4": true, "PO4": true, "SO4": true, "NO3": true, "PF6": true, "BF4": true, "CO3": true, "YH3": true, "YH6": true, "YH9": true, "VS2": true, "WN2": true, "UH3": true, "VI3": true, "PF5": true, "D2O": true, "BH4": true, "BH3": true, "C2H": false, "YF3": true, "VF3": true, "VF2": true, "WF6": true, "UF6": true, "KO2": true, "BI3": true}

func explicitOnes(f *Formula) int {
	n := 0
	for _, p := range f.parts {
		for _, it := range p.items {
			if it.placeholder != "" && it.amount.plain() && it.amount.constant > 9 {
				n++
			}
		}
	}
	return n
}

func hugeAmount(f *Formula) bool {
	amounts, ok := f.Amounts()
	if !ok {
		return false
	}
	for e, a := range amounts {
		if a > 30 && e != 6 && e != 1 && e != 8 {
			return true
		}
	}
	return false
}

// aloneStands reports whether the two-letter symbol at start is a word of its
// own that can be a substance: not an initial, a journal or a part of a label.
func aloneStands(text string, start, end int) bool {
	after := text[end:min(len(text), end+3)]
	if strings.HasPrefix(after, ".") && len(after) > 1 && after[1] != ' ' || strings.HasPrefix(after, ". ,") || strings.HasPrefix(after, "'") {
		return false
	}
	switch text[start:end] {
	case "Co":
		return !strings.HasPrefix(after, ".") && !strings.HasPrefix(after, "-a") && !strings.HasPrefix(after, "-w") && !strings.HasPrefix(after, "-o")
	case "Dr", "Mo", "Re", "Al":
		if before := strings.TrimRight(text[max(0, start-4):start], " "); strings.HasSuffix(before, "et") {
			return false
		}
		return !strings.HasPrefix(after, ".")
	}
	return true
}

// join merges mentions that are one subject: "Mn-doped ZnO", "NbN/HoNi5",
// "SnO2@C", "ZnO:Al", "β-Ga2O3".
func join(text string, found []Mention) []Mention {
	var out []Mention
	for _, m := range found {
		if start := prefixed(text, m.Start); len(out) == 0 || out[len(out)-1].End <= start {
			m.Start = start
			m.Text = text[m.Start:m.End]
		}
		if n := len(out); n > 0 && out[n-1].End <= m.Start {
			last := &out[n-1]
			gap := text[last.End:m.Start]
			switch {
			case (gap == "-doped " || gap == " doped " || gap == "-substituted ") && last.Formula != nil && m.Formula != nil && last.Formula.Elements().Len() == 1:
				m.Dopants, m.Start = last.Formula.Elements(), last.Start
				m.Text = text[m.Start:m.End]
				*last = m
				continue
			case (gap == "/" || gap == "@" || gap == " @ ") && last.Formula != nil && (m.Formula != nil || m.Alias != nil):
				last.append(text, strings.TrimSpace(gap), m)
				continue
			case cermet(gap, last, &m):
				last.append(text, "–", m)
				continue
			case blend(gap, last, &m):
				last.End, last.Text = m.End, text[last.Start:m.End]
				continue
			case isSolution(gap, last, &m):
				last.append(text, "–", m)
				continue
			case gap == ":" && last.Formula != nil && m.Formula != nil && m.Formula.Elements().Len() == 1:
				last.End, last.Dopants = m.End, m.Formula.Elements()
				last.Text = text[last.Start:last.End]
				continue
			}
		}
		if n := len(out); n > 0 && out[n-1].End > m.Start {
			m.Start = out[n-1].End
			m.Text = text[m.Start:m.End]
		}
		out = append(out, m)
	}
	return out
}

// blend reports whether a, which has no formula, and b are sides of one material:
// "PLA/PBAT", "P3HT:PCBM", "PEO–LiTFSI".
func blend(gap string, a, b *Mention) bool {
	if a.Alias == nil || a.Formula != nil || b.Alias == nil && b.Formula == nil {
		return false
	}
	switch gap {
	case "/", ":", "@":
		return true
	case "-", "–":
		salt := func(m *Mention) bool { return strings.HasPrefix(m.Text, "Li") || strings.HasPrefix(m.Text, "Na") }
		return a.Alias.Kind == "polymer" && salt(b) || salt(a) && b.Alias != nil && b.Alias.Kind == "polymer"
	}
	return false
}

// cermet reports whether a, a metal, and b, the short name of an oxide, are sides of
// one electrode: "Ni-YSZ".
func cermet(gap string, a, b *Mention) bool {
	return (gap == "-" || gap == "–") && a.Alias == nil && a.Formula != nil && a.Formula.Elements().Len() == 1 && metals(a.Formula) && b.Alias != nil && b.Alias.Kind == "composition"
}

// append makes next, which stands behind m, the last side of m.
func (m *Mention) append(text, sign string, next Mention) {
	m.Joined = append(m.Joined, Part{sign, next.Text, next.Formula})
	m.Joined = append(m.Joined, next.Joined...)
	m.End = next.End
	m.Text = text[m.Start:m.End]
}

// isSolution reports whether a and b, with gap between them, are sides of one
// solid solution: two compounds joined by a dash, with an amount that may stand
// in front of the second ("–0.5", "-x").
func isSolution(gap string, a, b *Mention) bool {
	if gap == "" || a.Formula == nil || b.Formula == nil || a.Formula.Elements().Len() < 2 || b.Formula.Elements().Len() < 2 || a.Alias != nil || b.Alias != nil {
		return false
	}
	r, size := utf8.DecodeRuneInString(gap)
	return isDash(r) && strings.Trim(gap[size:], "0123456789.xy") == ""
}

// prefixed extends start over a phase or polytype prefix: "β-", "wz-", "4H-",
// "BPN-".
func prefixed(text string, start int) int {
	if start < 2 {
		return start
	}
	r, size := utf8.DecodeLastRuneInString(text[:start])
	if !isDash(r) || r == '–' {
		return start
	}
	i := start - size
	letters, lower, greek := 0, 0, 0
	for i > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if letters == 0 && (r == '′' || r == '″' || r == '\'') { // "γ′-Fe4N"
			i -= size
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		letters++
		if unicode.IsLower(r) {
			lower++
		}
		if r >= 'α' && r <= 'ω' {
			greek++
		}
		i -= size
	}
	if i > 0 {
		if r, _ := utf8.DecodeLastRuneInString(text[:i]); isDash(r) || r == '/' {
			return start
		}
	}
	prefix := text[i : start-size]
	switch {
	case letters == 0:
		return start
	case greek == letters && letters <= 2, letters <= 2 && lower == letters && prefix != "in" && prefix != "of" && prefix != "co" && prefix != "or" && prefix != "by", lower == 0 && letters >= 2 && letters <= 4:
		return i
	}
	return start
}
