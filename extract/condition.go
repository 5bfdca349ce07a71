package extract

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// condition names, in the order in which a quantity is tried.
var conditionUnits = []struct {
	name  string
	units []string
}{
	{"temperature", []string{"K"}},
	{"current-rate", []string{"C-rate"}},
	{"current-density", []string{"mA g^-1", "mA cm^-2"}},
	{"cycle", []string{"cycle"}},
	{"voltage-window", []string{"V"}},
	{"pressure", []string{"Pa"}},
	{"frequency", []string{"Hz"}},
	{"wavelength", []string{"nm"}},
	{"heating-rate", []string{"K min^-1"}},
	{"scan-rate", []string{"mV s^-1"}},
	{"luminance", []string{"cd m^-2"}},
	{"magnetic-field", []string{"T", "Oe"}},
	{"time", []string{"h"}},
	{"heat-flux", []string{"kW m^-2"}},
}

// phrase is a condition in words, lower case.
type phrase struct{ words, name string }

// phrases are the conditions in words but for gases, solvents and methods of measuring.
var phrases = []phrase{
	{"room temperature", "temperature"}, {"room-temperature", "temperature"}, {"ambient temperature", "temperature"}, {"실온", "temperature"}, {"상온", "temperature"},
	{"zero temperature", "temperature"}, {"absolute zero", "temperature"},
	{"ambient pressure", "pressure"}, {"atmospheric pressure", "pressure"},
	{"humidified hydrogen", "atmosphere"}, {"humidified h2", "atmosphere"},
	{"hse06", "method"}, {"pbe0", "method"}, {"pbe", "method"}, {"pbesol", "method"}, {"gga+u", "method"}, {"lda+u", "method"}, {"lsda+u", "method"}, {"g0w0", "method"},
	{"gga", "method"}, {"lda", "method"}, {"first-principles", "method"}, {"monte carlo", "method"}, {"quantum monte carlo", "method"}, {"density functional theory", "method"}, {"density-functional theory", "method"},
	{"dft", "method"}, {"td-dft", "method"}, {"tda-dft", "method"}, {"mbj", "method"}, {"tb-mbj", "method"},
	{"spin-orbit coupling", "method"}, {"uv-vis", "method"}, {"photoluminescence", "method"},
	{"cyclic voltammetry", "method"}, {"photoelectron spectroscopy", "method"},
	{"neat film", "medium"}, {"neat films", "medium"}, {"doped film", "medium"}, {"doped films", "medium"},
}

// phrasesBy are the phrases and the methods of measuring by their first byte, the
// longest first.
var phrasesBy = func() (out [256][]phrase) {
	for _, p := range phrases {
		out[p.words[0]] = append(out[p.words[0]], p)
	}
	for words := range measuring {
		out[words[0]] = append(out[words[0]], phrase{words, "method"})
	}
	for _, of := range out {
		slices.SortFunc(of, func(a, b phrase) int { return cmp.Or(len(b.words)-len(a.words), strings.Compare(a.words, b.words)) })
	}
	return out
}()

// inWords reads the conditions in words in low, the text of s in lower case, each
// phrase where it stands first.
func inWords(text, low string, b int, s span, out []record.Condition) []record.Condition {
	var seen []string
	for i := 0; i < len(low); i++ {
		if i > 0 && labelByte(low[i-1]) {
			continue
		}
		for _, p := range phrasesBy[low[i]] {
			end := i + len(p.words)
			if !strings.HasPrefix(low[i:], p.words) || !wholeWord(low, i, end) {
				continue
			}
			if !slices.Contains(seen, p.words) && !coveredBy(out, s.start+i) {
				seen = append(seen, p.words)
				c := record.Condition{Name: p.name, Text: text[s.start+i : s.start+end], Block: b, Start: s.start + i, End: s.start + end}
				if p.words == "zero temperature" || p.words == "absolute zero" {
					c.Low, c.High, c.Unit = new(float64), new(float64), "K"
				}
				out = append(out, c)
			}
			i = end - 1
			break
		}
		if c, ok := inGas(low, i); ok && !coveredBy(out, s.start+i) && !processed(text, s.start+i) {
			out = append(out, record.Condition{Name: "atmosphere", Text: text[s.start+c.start : s.start+c.end], Block: b, Start: s.start + c.start, End: s.start + c.end})
		}
	}
	return out
}

// gasStates are the words between "in" and a gas.
var gasStates = []string{"wet ", "dry ", "humid ", "humidified ", "flowing ", "synthetic ", "pure ", "static ", "ambient "}

// inGas returns what of low, in lower case, names a gas behind "in" or "under" at i:
// "in wet argon".
func inGas(low string, i int) (span, bool) {
	at := i
	for _, w := range []string{"in ", "under "} {
		if strings.HasPrefix(low[i:], w) {
			at = i + len(w)
		}
	}
	if at == i {
		return span{}, false
	}
	name := at
	for _, w := range gasStates {
		if strings.HasPrefix(low[name:], w) {
			name += len(w)
		}
	}
	end := name
	for end < len(low) && labelByte(low[end]) {
		end++
	}
	return span{i, end}, gasWords[low[name:end]] && low[name:end] != "h2o" && !strings.HasPrefix(low[end:], "-")
}

// solvents are what follows "in", with or without one of deaerations, where a value
// was measured in solution. All are lower case.
var (
	solvents = []string{"toluene", "dichloromethane", "dcm", "ch2cl2", "thf", "tetrahydrofuran", "2-methf", "chloroform", "chcl3", "chlorobenzene", "dmf", "dmso", "ethanol", "methanol",
		"acetonitrile", "mecn", "hexane", "n-hexane", "cyclohexane", "water"}
	deaerations = []string{"degassed ", "deaerated ", "aerated ", "oxygen-free ", "air-saturated ", "dilute ", "diluted ", "anhydrous "}
)

// inSolvent returns where low, in lower case, says "in" a solvent.
func inSolvent(low string) (span, bool) {
	for i := 0; ; {
		k := strings.Index(low[i:], "in ")
		if k < 0 {
			return span{}, false
		}
		start := i + k
		i = start + len("in ")
		if start > 0 && labelByte(low[start-1]) {
			continue
		}
		name := i
		for _, d := range deaerations {
			if strings.HasPrefix(low[name:], d) {
				name += len(d)
				break
			}
		}
		for _, s := range solvents {
			if end := name + len(s); strings.HasPrefix(low[name:], s) && wholeWord(low, name, end) {
				return span{start, end}, true
			}
		}
	}
}

// leadsCondition lists the words before a quantity that make it a condition.
var leadsCondition = []string{"at ", "at around ", "at about ", "after ", "from ", "between ", "under ", "over ", "for ", "rate of ", "density of ", "up to ", "in the range ", "range of ", "voltage range ", "potential range ", "voltage window ", "voltage window of ", "potential window of ", "temperature of ", "field of ", "fields of ", "field change of ", "field variation of ", "field change ", "luminance of ", "pressure of ", "heat flux ", "heat flux of ", "에서 "}

// conditions reads what the sentence s of block b says of the circumstances.
// taken are the quantities that are values of records.
func (r *reading) conditions(b int, s span, quantities []quantity.Found, taken map[int]bool) []record.Condition {
	text := r.doc.Blocks[b].Text
	var out []record.Condition
	joined := -1 // the end of the condition before, to which "and 1 bar" may be joined
	for i := range quantities {
		q := exposed(text, &quantities[i])
		if taken[i] || q.Start < s.start || q.End > s.end || q.UnitSpan.Start == q.UnitSpan.End {
			continue
		}
		if humid(text, q) {
			joined = q.End
			out = append(out, record.Condition{
				Name: "humidity", Text: text[q.Start:q.End], Low: finite(q.Quantity.Low), High: finite(q.Quantity.High), Unit: q.Quantity.Unit.Symbol,
				Block: b, Start: q.Start, End: q.End,
			})
			continue
		}
		if !conditional(text, q) && !(joined >= 0 && joined <= q.Start && text[joined:q.Start] == " and ") &&
			!slices.ContainsFunc(quantities, func(o quantity.Found) bool { return o.List == q.List && o.List > 0 && conditional(text, &o) }) {
			continue
		}
		joined = q.End
		for _, c := range r.x.conditionUnits {
			in, ok := c.in(q.Quantity)
			if !ok || c.name == "pressure" && treated(text, max(s.start, q.Start-32), q.Start) || c.name == "voltage-window" && inBrackets(text, q) && in.Low == in.High {
				continue
			}
			out = append(out, record.Condition{
				Name: c.name, Text: text[q.Start:q.End], Low: finite(in.Low), High: finite(in.High), Unit: in.Unit.Symbol,
				Block: b, Start: q.Start, End: q.End,
			})
			break
		}
	}
	low := asciiLower(text[s.start:s.end])
	out = inWords(text, low, b, s, out)
	if in, ok := inSolvent(low); ok {
		in = span{s.start + in.start, s.start + in.end}
		out = append(out, record.Condition{Name: "solvent", Text: text[in.start:in.end], Block: b, Start: in.start, End: in.end})
	}
	out = append(out, assignments(text, b, s)...)
	out = append(out, cycleOrdinals(text, b, s)...)
	slices.SortStableFunc(out, func(a, b record.Condition) int { return a.Start - b.Start })
	return out
}

// measured reports whether the words beside q say that it was measured although
// the sentence names a method of computation: "(2.8 eV experimentally)", "the
// experimental value is 3.3 eV".
func measured(text string, s span, q *quantity.Found) bool {
	after := strings.Fields(asciiLower(text[q.End:min(s.end, q.End+24)]))
	if len(after) > 0 && strings.HasPrefix(strings.TrimLeft(after[0], "(["), "exp") {
		return true
	}
	before := asciiLower(text[max(s.start, q.Start-48):q.Start])
	i := strings.LastIndex(before, "experiment")
	return i >= 0 && wordCount(before[i:]) <= 5 && !strings.ContainsAny(before[i:], "0123456789;")
}

// computes reports whether c is a method of computation.
func computes(c record.Condition) bool {
	if c.Name != "method" {
		return false
	}
	switch low := asciiLower(c.Text); low {
	case "uv-vis", "photoluminescence", "cyclic voltammetry", "photoelectron spectroscopy":
		return false
	default:
		return measuring[low] == nil
	}
}

// ownConditions returns those of the conditions of a sentence that belong to
// value k of values, the places of all values of its property, ascending. A condition that
// is the only one of its name belongs to all values. Of several, as in "7 S/cm at
// 600 °C and 9 S/cm at 750 °C", each value has one: in order, if there are as
// many as values and all stand on one side of them, or else the nearest, where
// one in front is as far as one behind at twice the distance and none is reached
// across another value or, behind the value, across a semicolon.
func ownConditions(text string, conditions []record.Condition, values []span, k int) []record.Condition {
	var out []record.Condition
	for i := range conditions {
		c := &conditions[i]
		var named []*record.Condition
		for j := range conditions {
			if conditions[j].Name == c.Name {
				named = append(named, &conditions[j])
			}
		}
		if len(named) == 1 || c == ownOf(text, named, values, k) {
			out = append(out, *c)
		}
	}
	return out
}

// ownOf returns the one of several conditions of one name that value k has.
func ownOf(text string, named []*record.Condition, values []span, k int) *record.Condition {
	last := len(named) - 1
	if len(named) == len(values) && (named[0].Start >= values[len(values)-1].end || named[last].End <= values[0].start) {
		return named[k]
	}
	v := values[k]
	var best *record.Condition
	near := math.MaxInt
	for _, c := range named {
		from, to := v.end, c.Start
		distance := to - from
		if c.Start < v.start {
			from, to = c.End, v.start
			distance = 2 * (to - from + 1)
		} else if strings.Contains(text[from:to], ";") {
			distance += 2000 // of another clause
		}
		for o, other := range values {
			if o != k && other.start >= from && other.end <= to {
				distance += 1000
			}
		}
		if distance < near {
			best, near = c, distance
		}
	}
	return best
}

// conditional reports whether q stands as a circumstance: behind "at", "after"
// and their like, or before 에서.
func conditional(text string, q *quantity.Found) bool {
	before := asciiLower(text[max(0, q.Start-20):q.Start])
	for _, w := range leadsCondition {
		if strings.HasSuffix(before, w) || before+" " == w {
			return w != "at " || !processed(text, q.Start)
		}
	}
	if inBrackets(text, q) || strings.HasPrefix(text[q.Start:], "between ") || strings.HasPrefix(text[q.Start:], "from ") || strings.HasPrefix(text[q.Start:], "over ") {
		return true
	}
	return strings.HasPrefix(text[q.End:], "에서") || strings.HasPrefix(text[q.End:], " 후")
}

// inBrackets reports whether q stands in parentheses that hold nothing but quantities and
// commas up to it, "(2.8–4.3 V, 30 °C)", or at the end of those that begin with a few words.
func inBrackets(text string, q *quantity.Found) bool {
	before := text[max(0, q.Start-40):q.Start]
	open := strings.LastIndexByte(before, '(')
	if open >= 0 && strings.HasSuffix(before, ", ") && strings.HasPrefix(text[q.End:], ")") && !strings.ContainsAny(before[open:], ");=") && wordCount(before[open:]) <= 3 {
		return true // "(Aurbach protocol, 0.5 mA cm−2)"
	}
	return open >= 0 && (open+1 == len(before) || strings.HasSuffix(before, ", ") && !strings.ContainsAny(before[open:], ");=") && before[open+1] >= '0' && before[open+1] <= '9')
}

// humid reports whether the percentage q is a relative humidity: "95% RH".
func humid(text string, q *quantity.Found) bool {
	if q.Quantity.Unit.Symbol != "%" {
		return false
	}
	rest := strings.TrimLeft(text[q.End:min(len(text), q.End+24)], " ")
	return strings.HasPrefix(rest, "RH") || strings.HasPrefix(rest, "R.H.") || strings.HasPrefix(asciiLower(rest), "relative humidity")
}

// processed reports whether what stands before start tells how a sample was made:
// "sintered at 1150 °C", "cooled from 900 to 600 K".
func processed(text string, start int) bool {
	w := strings.Fields(asciiLower(text[max(0, start-32):start]))
	n := len(w) - 1 // "at"
	if n > 2 && w[n] == "to" && w[n-2] == "from" {
		n -= 2
	}
	return n > 0 && (madeAt(w[n-1]) || slices.ContainsFunc(treatments, func(stem string) bool { return strings.HasPrefix(w[n-1], stem) }))
}

// treated reports whether the words from start to end tell what was done to a sample.
func treated(text string, start, end int) bool {
	if madeAt(text[start:end]) {
		return true
	}
	for _, w := range strings.Fields(asciiLower(text[start:end])) {
		if slices.ContainsFunc(treatments, func(stem string) bool { return strings.HasPrefix(w, stem) }) {
			return true
		}
	}
	return false
}

// treatments are the beginnings of words that say what was done to a sample.
var treatments = []string{"grown", "prepared", "heated", "cooled", "dried", "cured", "nitrid", "nitrogenat", "hydrogenat", "oxidi", "quench", "stored", "storage", "aged", "ageing", "aging", "soaked", "pressed", "sputter", "evaporat", "melted", "homogeni", "compact"}

// exposed returns q, or, of one behind "under" or "over", which bound a value, what a
// sample was exposed to: "under 4 GPa", "over 2000 cycles".
func exposed(text string, q *quantity.Found) *quantity.Found {
	for _, w := range []string{"under ", "over "} {
		if !strings.HasPrefix(asciiLower(text[q.Start:min(len(text), q.Start+len(w))]), w) {
			continue
		}
		out := *q
		if w == "under " { // what was gone through is not what one value was measured after
			out.Start += len(w)
		}
		switch low, high := q.Quantity.Low, q.Quantity.High; {
		case math.IsInf(low, -1):
			out.Quantity.Low = high
		case math.IsInf(high, 1):
			out.Quantity.High = low
		}
		return &out
	}
	return q
}

// appliedField reports whether q is a field in which something was measured: "in a
// field of 2 T", "for a field change of 5 T", and no coercive or critical field.
func appliedField(text string, q *quantity.Found) bool {
	w := strings.Fields(asciiLower(text[max(0, q.Start-48):q.Start]))
	n := len(w)
	for n > 0 && (w[n-1] == "of" || w[n-1] == "up" || w[n-1] == "to" || w[n-1] == "change" || w[n-1] == "variation" || w[n-1] == "about") {
		n--
	}
	if n < 2 || n == len(w) || w[n-1] != "field" && w[n-1] != "fields" {
		return false
	}
	switch strings.Trim(w[n-2], "(,") {
	case "a", "an", "the", "applied", "magnetic", "external", "electric", "in", "under", "for", "maximum", "dc", "static", "high", "low":
		return true
	}
	return false
}

func coveredBy(conditions []record.Condition, at int) bool {
	for _, c := range conditions {
		if c.Start <= at && at < c.End {
			return true
		}
	}
	return false
}

// cellAxis returns which edge of the unit cell the value q is of: "a = 5.72 Å", "the c
// lattice parameter is 6.29 Å".
func cellAxis(text string, b int, m *propertyMention, q *quantity.Found) (record.Condition, bool) {
	at := len(strings.TrimRight(text[:q.Start], " =≈~"))
	if at == q.Start || at == 0 || !strings.ContainsAny(text[at:q.Start], "=≈~") {
		at = len(strings.TrimRight(text[:m.start], " -"))
	}
	if at < 2 || text[at-1] < 'a' || text[at-1] > 'c' || text[at-2] != ' ' && text[at-2] != '(' {
		return record.Condition{}, false
	}
	if before := text[max(0, at-6) : at-1]; text[at-1] == 'a' && at <= m.start && !strings.HasSuffix(asciiLower(before), "the ") {
		return record.Condition{}, false // an article
	}
	return record.Condition{Name: "axis", Text: text[at-1 : at], Block: b, Start: at - 1, End: at}, true
}

// assignments reads "x = 0.35" and "x = 35%": the value of a composition variable.
func assignments(text string, b int, s span) []record.Condition {
	var out []record.Condition
	t := text[s.start:s.end]
	for i := 0; i < len(t); i++ {
		if t[i] != '=' || i == 0 {
			continue
		}
		v := i - 1
		for v > 0 && t[v] == ' ' {
			v--
		}
		if strings.IndexByte("xyzn", t[v]) < 0 || v > 0 && labelByte(t[v-1]) {
			continue
		}
		end := i + 1
		for end < len(t) && t[end] == ' ' {
			end++
		}
		stop := end
		for stop < len(t) && (t[stop] >= '0' && t[stop] <= '9' || t[stop] == '.') {
			stop++
		}
		number := strings.TrimRight(t[end:stop], ".")
		if number == "" {
			continue
		}
		q, err := quantity.ParseCell(number, nil)
		if err != nil {
			continue
		}
		stop = end + len(number)
		unit := ""
		if strings.HasPrefix(t[stop:], "%") {
			unit = "%"
			stop++
		}
		if t[v] == 'n' && counts(t, v, stop) {
			continue
		}
		out = append(out, record.Condition{
			Name: "composition-variable", Text: t[v:stop], Low: finite(q.Low), High: finite(q.High), Unit: unit,
			Block: b, Start: s.start + v, End: s.start + stop,
		})
	}
	return out
}

// cycleOrdinals reads "1st cycle", "2nd, 5th and 10th discharge" and "cycle 100" in s,
// without those with which something is compared.
func cycleOrdinals(text string, b int, s span) []record.Condition {
	low := asciiLower(text[s.start:s.end])
	if rest, ok := strings.CutPrefix(low, "cycle "); ok {
		return countedCycle(text, b, s, rest)
	}
	var ordinals []span // of the digits, in low
	for i := 1; i+2 < len(low); i++ {
		if low[i-1] < '0' || low[i-1] > '9' || !ordinal[low[i:i+2]] || labelByte(low[i+2]) {
			continue
		}
		from := i
		for from > 0 && low[from-1] >= '0' && low[from-1] <= '9' {
			from--
		}
		ordinals = append(ordinals, span{from, i})
	}
	var out []record.Condition
	counted := false // the ordinal behind
	for k := len(ordinals) - 1; k >= 0; k-- {
		o := ordinals[k]
		end := o.end + len("th")
		listed := counted && k+1 < len(ordinals) && enumerated(low[end:ordinals[k+1].start])
		if !listed {
			n := countedWord(low[end:])
			counted, end = n > 0, end+n
		}
		if counted && !reference(low[:o.start]) {
			out = append(out, countedCycle(text, b, span{s.start + o.start, s.start + end}, low[o.start:o.end])...)
		}
	}
	slices.Reverse(out)
	return out
}

// ordinal lists the endings of ordinal numbers.
var ordinal = map[string]bool{"st": true, "nd": true, "rd": true, "th": true}

// countedWord returns how much of text, behind an ordinal, says that it counts cycles.
func countedWord(text string) int {
	for _, w := range []string{" cycle", " discharge", " charge"} {
		if strings.HasPrefix(text, w) {
			return len(w)
		}
	}
	return 0
}

// reference reports whether text, in lower case, leads to what something is compared with.
func reference(text string) bool {
	text = text[max(0, len(text)-24):]
	return strings.Contains(text, "compared") || strings.Contains(text, "relative") || strings.Contains(text, "respect") || strings.Contains(text, "versus")
}

// countedCycle returns the condition that s, with the number digits, names a cycle.
func countedCycle(text string, b int, s span, digits string) []record.Condition {
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 1e6 {
		return nil
	}
	x := float64(n)
	return []record.Condition{{Name: "cycle", Text: text[s.start:s.end], Low: &x, High: &x, Unit: "cycle", Block: b, Start: s.start, End: s.end}}
}

// counts reports whether "n = 5" from start to end of t is how many were measured:
// "(mean ± SD, n = 5)", "n = 6 specimens".
func counts(t string, start, end int) bool {
	before, after := asciiLower(t[max(0, start-48):start]), asciiLower(t[end:min(len(t), end+24)])
	for _, w := range []string{"±", "mean", "average", "sd", "s.d.", "s.e", "deviation", "error", "replicate", "confidence"} {
		if strings.Contains(before, w) || w != "±" && strings.Contains(after, w) {
			return true
		}
	}
	for _, w := range []string{"sample", "specimen", "device", "cell", "measurement", "independent", "experiment", "test", "batch", "repeat"} {
		if strings.Contains(after, w) {
			return true
		}
	}
	return false
}

// finite returns a pointer to x, or nil if x is an open end.
func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// asciiLower lowers A to Z only, so that offsets stay the same.
func asciiLower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			continue
		}
		var out strings.Builder
		out.Grow(len(s))
		out.WriteString(s[:i])
		for ; i < len(s); i++ {
			c := s[i]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			out.WriteByte(c)
		}
		return out.String()
	}
	return s
}

func wholeWord(s string, start, end int) bool {
	return (start == 0 || !labelByte(s[start-1])) && (end == len(s) || !labelByte(s[end]))
}

// conditionUnit is a condition with the units that its quantities take.
type conditionUnit struct {
	name  string
	units []quantity.Unit
}

func newConditionUnits() []conditionUnit {
	var out []conditionUnit
	for _, c := range conditionUnits {
		out = append(out, newConditionUnit(c.name, c.units...))
	}
	return out
}

func newConditionUnit(name string, units ...string) conditionUnit {
	u := conditionUnit{name: name}
	for _, s := range units {
		if unit, err := quantity.ParseUnit(s); err == nil {
			u.units = append(u.units, unit)
		}
	}
	return u
}

func (c conditionUnit) in(q quantity.Quantity) (quantity.Quantity, bool) {
	for _, u := range c.units {
		if q.Unit.Symbol == "" || q.Unit.Unknown || q.Unit.Symbol == "rpm" { // of a mill, a stirrer or an electrode
			return q, false
		}
		if c.name == "current-rate" && q.Unit.Symbol != u.Symbol || c.name == "cycle" && q.Unit.Symbol != u.Symbol {
			continue
		}
		if in, err := q.In(u); err == nil {
			return in, true
		}
	}
	return q, false
}
