package extract

import (
	"slices"
	"strings"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

// headConditions lists the words in a head, lower case, whose cells are
// conditions of the values beside them.
var headConditions = []struct{ word, name string }{
	{"current density", "current-density"}, {"current rate", "current-rate"}, {"c-rate", "current-rate"}, {"heating rate", "heating-rate"}, {"scan rate", "scan-rate"},
	{"sweep rate", "scan-rate"}, {"rate", "current-rate"}, {"current", "current-density"}, {"cycle", "cycle"}, {"temperature", "temperature"}, {"temp.", "temperature"},
	{"voltage", "voltage-window"}, {"potential", "voltage-window"}, {"cut-off", "voltage-window"}, {"cutoff", "voltage-window"},
	{"pressure", "pressure"}, {"frequency", "frequency"}, {"wavelength", "wavelength"}, {"humidity", "humidity"}, {"thickness", "thickness"}, {"magnetic field", "magnetic-field"}, {"applied field", "magnetic-field"},
}

// wholeHeads are the heads, in lower case and without unit, that only together are a
// condition.
var wholeHeads = map[string]string{
	"t": "temperature", "temp": "temperature", "rh": "humidity", "r.h.": "humidity", "f": "frequency", "ν": "frequency", "p": "pressure", "field": "magnetic-field", "h": "magnetic-field", "b": "magnetic-field",
	"solvent": "solvent", "solvents": "solvent", "medium": "medium", "state": "medium", "environment": "medium", "atmosphere": "atmosphere", "gas": "atmosphere", "fuel": "atmosphere", "method": "method", "functional": "method", "technique": "method",
	"composition x": "composition-variable", "composition (x)": "composition-variable", "x value": "composition-variable",
}

// wordedConditions are the conditions that words state, not quantities.
var wordedConditions = map[string]bool{"solvent": true, "medium": true, "atmosphere": true, "method": true}

// tableConditionUnits are conditions that only heads of tables tell from other
// quantities of their units.
var tableConditionUnits = []conditionUnit{
	newConditionUnit("humidity", "%"), newConditionUnit("thickness", "nm"), newConditionUnit("magnetic-field", "T", "Oe"), newConditionUnit("luminance", "cd m^-2"),
}

// gasWords are the words of heads that say in which gas values were measured.
var gasWords = map[string]bool{
	"air": true, "ar": true, "argon": true, "n2": true, "nitrogen": true, "o2": true, "oxygen": true, "h2": true, "hydrogen": true, "vacuum": true, "co2": true, "he": true, "h2o": true, "nh3": true, "ch4": true,
}

// gaseous reports whether a head is the name of a gas or a mixture: "wet air",
// "5% H2/Ar".
func gaseous(head string) bool {
	gas := false
	for _, w := range strings.FieldsFunc(asciiLower(head), func(r rune) bool { return r == ' ' || r == '/' || r == '-' || r == '–' || r == '−' || r == ',' }) {
		switch {
		case gasWords[w]:
			gas = true
		case w == "wet", w == "dry", w == "pure", w == "humidified", w == "in", w == "balance", w == "%", strings.Trim(w, "0123456789.%") == "":
		default:
			return false
		}
	}
	return gas
}

// made lists words in a head that tell how a sample was made rather than how it
// was measured.
var made = []string{"sinter", "anneal", "calcin", "pyroly", "carboni", "deposit", "growth", "synthes", "firing", "fired", "reaction", "curing", "drying", "heat treat", "heat-treat", "hydrothermal", "substrate temp"}

// madeAt reports whether text, in any case, speaks of how a sample was made.
func madeAt(text string) bool {
	low := asciiLower(text)
	return slices.ContainsFunc(made, func(w string) bool { return strings.Contains(low, w) })
}

// conditionHead returns the condition whose values stand under h. Its units are nil
// if words state it.
func (r *reading) conditionHead(h *head) (conditionUnit, bool) {
	if madeAt(h.text) {
		return conditionUnit{}, false
	}
	low := asciiLower(h.text)
	name := wholeHeads[strings.TrimRight(withoutHeadUnit(low, h.hasUnit), " ")]
	if (h.text == "x" || h.text == "y") && !h.coordinate {
		name = "composition-variable"
	}
	if h.property != nil && !h.property.mention.symbol && !strings.Contains(low, "range") && !strings.Contains(low, "cut") && !(strings.Contains(low, "window") && strings.Contains(low, "voltage")) {
		return conditionUnit{}, false
	}
	if name != "" {
		if wordedConditions[name] && h.hasUnit || len(low) == 1 && name != "composition-variable" {
			return conditionUnit{}, false // a letter needs its unit
		}
		if name == "composition-variable" || wordedConditions[name] {
			return conditionUnit{name: name}, true
		}
		return r.conditionOf(name, h)
	}
	for _, hc := range headConditions {
		i := strings.Index(low, hc.word)
		if i < 0 || !ofMeasurement(low[:i]) {
			continue
		}
		if cu, ok := r.conditionOf(hc.name, h); ok {
			return cu, true
		}
	}
	return conditionUnit{}, false
}

// ofMeasurement reports whether before, in front of the word for a condition, leaves
// it one: "test temperature" and not "onset temperature".
func ofMeasurement(before string) bool {
	for _, w := range strings.FieldsFunc(before, func(r rune) bool { return !letter(r) }) {
		switch w {
		case "applied", "specific", "cycling", "cycle", "charge", "discharge", "charging", "discharging", "test", "testing", "measurement", "measured", "measuring", "operating", "operation", "working", "cell", "ambient", "sample",
			"number", "no", "of", "relative", "upper", "lower", "excitation", "gas", "feed", "total", "external", "film", "layer", "at", "the", "in", "and", "c", "hot", "cold", "charge-discharge":
		default:
			return false
		}
	}
	return true
}

// withoutHeadUnit returns low, a head, without its unit.
func withoutHeadUnit(low string, hasUnit bool) string {
	if i := strings.IndexAny(low, "([/,"); hasUnit && i > 0 {
		return low[:i]
	}
	return low
}

// conditionOf returns the condition that is called name if the unit of h, where it
// has one, is the condition's.
func (r *reading) conditionOf(name string, h *head) (conditionUnit, bool) {
	for _, known := range [][]conditionUnit{r.x.conditionUnits, tableConditionUnits} {
		for _, cu := range known {
			if cu.name != name {
				continue
			}
			if !h.hasUnit {
				return cu, true
			}
			if _, ok := cu.in(quantity.Quantity{Unit: h.unit}); ok {
				return cu, true
			}
		}
	}
	return conditionUnit{}, false
}

// circumstances says whether the cells under a head are conditions, and which.
type circumstances struct {
	conditionUnit
	ok bool
}

// findCircumstances finds the columns, or rows if transposed, that hold conditions.
// "600" below "Temperature (°C)" heads values instead.
func (t *tableReading) findCircumstances() {
	heads := t.columns
	if t.transposed {
		heads = t.rows
	}
	t.circum = make([]circumstances, len(heads))
	for k := range heads {
		cu, ok := t.conditionHead(&heads[k])
		if ok && !t.transposed && slices.ContainsFunc(t.headSays[k], func(c record.Condition) bool { return c.Name == cu.name }) {
			ok = false
		}
		t.circum[k] = circumstances{cu, ok}
		if ok && len(t.holders) < maxHolders {
			t.holders = append(t.holders, k)
		}
	}
	t.findReach(heads)
}

// findReach finds of which columns, or rows if transposed, each holder is: all, or of
// several of one condition those behind each up to the next, or the one before it
// where values stand before the first of them.
func (t *tableReading) findReach(heads []head) {
	t.reach = make([]span, len(t.holders))
	for i, k := range t.holders {
		t.reach[i] = span{0, len(heads)}
		like := func(o int) bool { return t.circum[o].name == t.circum[k].name }
		first := t.holders[slices.IndexFunc(t.holders, like)]
		next := slices.IndexFunc(t.holders[i+1:], like)
		switch {
		case first == k && next < 0:
		case slices.ContainsFunc(heads[:first], func(h head) bool { return h.property != nil }):
			t.reach[i] = span{k - 1, k}
		case next >= 0:
			t.reach[i] = span{k + 1, t.holders[i+1+next]}
		default:
			t.reach[i].start = k + 1
		}
	}
}

// maxHolders bounds how many columns of a table are looked at for conditions.
const maxHolders = 64

// rowSaid is what the heads of a row state.
type rowSaid struct {
	row        int
	conditions []record.Condition
}

// conditionsOf returns the conditions of the value of p in line line of the cell at row,
// c. What stands nearer to the value decides: of each name, the conditions in the
// cell go before those in the cells beside it, in its heads, in notes, in the row
// that heads its section and in the caption. Several of one name in one of these
// places, which nothing nearer decides, belong to no value.
func (t *tableReading) conditionsOf(p *field.Property, row, c, line int, own []record.Condition, marks []string, section []record.Condition) []record.Condition {
	named := &t.columns[c]
	if t.transposed {
		named = &t.rows[row]
	}
	layers := [][]record.Condition{own, t.beside(row, c, line), t.stated(row, c), nil, nil, section}
	for _, n := range t.notes {
		switch {
		case n.mark == "":
			layers[4] = append(layers[4], n.conditions...)
		case slices.Contains(marks, n.mark) || slices.Contains(named.marks, n.mark) || slices.Contains(t.columns[c].marks, n.mark) || slices.Contains(t.rows[row].marks, n.mark):
			layers[3] = append(layers[3], n.conditions...)
		}
	}
	out := suited(nearest(append(layers, t.around(p)...)), p)
	if experimental(t.columns[c].text) || experimental(t.rows[row].text) {
		out = slices.DeleteFunc(out, computes)
	}
	return out
}

// around returns the conditions of values of p that the caption states, and those that
// the paragraph before the table does.
func (t *tableReading) around(p *field.Property) [][]record.Condition {
	layers, known := t.general[p]
	if !known {
		i := t.captionBlock(t.b)
		named := i >= 0 && slices.ContainsFunc(t.mentions[i].properties, func(m propertyMention) bool { return names([]*propertyMention{&m}, p) })
		announced := belonging(t.announcement, p, false)
		layers = [][]record.Condition{belonging(t.captionSays, p, !named), slices.DeleteFunc(announced, func(c record.Condition) bool {
			return !slices.Contains(p.Conditions, c.Name) && measuring[asciiLower(c.Text)] == nil
		})}
		t.general[p] = layers
	}
	return layers
}

// nearest merges layers of conditions, the nearest to the value first.
func nearest(layers [][]record.Condition) []record.Condition {
	var out []record.Condition
	decided := map[string]bool{}
	for _, layer := range layers {
		for i := range layer {
			c := &layer[i]
			if decided[c.Name] || slices.ContainsFunc(layer, func(o record.Condition) bool { return o.Name == c.Name && !sameCondition(&o, c) }) {
				continue
			}
			if !slices.ContainsFunc(out, func(o record.Condition) bool { return o.Name == c.Name }) {
				out = append(out, *c)
			}
		}
		for i := range layer {
			decided[layer[i].Name] = true
		}
	}
	slices.SortStableFunc(out, func(a, b record.Condition) int {
		if a.Block != b.Block {
			return a.Block - b.Block
		}
		return a.Start - b.Start
	})
	return out
}

// sameCondition reports whether a and b, of one name, say the same.
func sameCondition(a, b *record.Condition) bool {
	same := func(x, y *float64) bool { return x == nil && y == nil || x != nil && y != nil && *x == *y }
	if a.Low == nil && a.High == nil {
		return strings.EqualFold(a.Text, b.Text)
	}
	return same(a.Low, b.Low) && same(a.High, b.High) && a.Unit == b.Unit
}

// experimental reports whether a head says that its values were measured.
func experimental(head string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(asciiLower(head), " ("), " ")
	first = strings.TrimRight(first, ".,:)")
	return strings.HasPrefix(first, "experiment") || first == "exp" || first == "expt" || first == "measured" || first == "observed" || strings.HasSuffix(asciiLower(head), "(exp.)") || strings.HasSuffix(asciiLower(head), "(experiment)")
}

// beside returns the conditions in the cells of the row, or of the column if
// transposed, of the value at row, c.
func (t *tableReading) beside(row, c, line int) []record.Condition {
	var out []record.Condition
	heads, at := t.columns, func(k int) int { return t.grid[row][k] }
	if t.transposed {
		heads, at = t.rows, func(k int) int { return t.grid[k][c] }
	}
	own := c
	if t.transposed {
		own = row
	}
	for i, k := range t.holders {
		if reach := t.reach[i]; at(k) < 0 || at(k) == t.grid[row][c] || own < reach.start || own >= reach.end {
			continue
		}
		cu := t.circum[k].conditionUnit
		cell := t.block.Table.Cells[at(k)]
		part := span{cell.Start, cell.End}
		if ns := numbers(t.block.Text, cell); len(ns) > 1 && line < len(ns) {
			part = ns[line]
		}
		if condition, ok := t.under(cu, &heads[k], part); ok {
			out = append(out, condition)
		}
	}
	return out
}

// under reads s, a cell under the head h of condition cu.
func (t *tableReading) under(cu conditionUnit, h *head, s span) (record.Condition, bool) {
	s = trimmed(t.block.Text, s)
	text := t.block.Text[s.start:s.end]
	out := record.Condition{Name: cu.name, Text: text, Block: t.b, Start: s.start, End: s.end}
	if cu.name == "method" { // of computing or measuring, not of making
		for _, c := range t.conditions(t.b, s, nil, nil) {
			if c.Name == cu.name {
				return c, true
			}
		}
		return out, false
	}
	if wordedConditions[cu.name] {
		return out, len(text) <= 60 && strings.ContainsFunc(text, letter) && !missing(text)
	}
	q, err := quantity.ParseCell(text, localShifts(t.raised, s))
	if err != nil {
		return out, false
	}
	switch {
	case cu.name == "composition-variable":
		out.Low, out.High, out.Unit = finite(q.Low), finite(q.High), q.Unit.Symbol
		return out, q.Unit.Symbol == "" || q.Unit.Symbol == "%"
	case q.Unit.Symbol != "":
	case h.hasUnit:
		q.Unit, q.Low, q.High = h.unit, q.Low*h.scale, q.High*h.scale
	case cu.name == "cycle":
		q.Unit = cu.units[0]
	default:
		return out, false
	}
	in, ok := cu.in(q)
	if !ok && strings.HasPrefix(cu.name, "current") { // a column of currents may mix "0.1C" and "50 mA/g"
		for _, other := range t.x.conditionUnits {
			if in, ok = other.in(q); ok {
				out.Name = other.name
				break
			}
		}
	}
	out.Low, out.High, out.Unit = finite(in.Low), finite(in.High), in.Unit.Symbol
	return out, ok
}

// missing reports whether a cell says that it has nothing.
func missing(text string) bool {
	switch asciiLower(text) {
	case "n.a.", "na", "n/a", "n.d.", "nd", "n.r.", "nr", "none":
		return true
	}
	return false
}

// localShifts returns the raised spans in s, from its start.
func localShifts(raised []quantity.Span, s span) []quantity.Span {
	var out []quantity.Span
	for _, u := range within(raised, func(u quantity.Span) span { return span{u.Start, u.End} }, s) {
		out = append(out, offset(u, -s.start))
	}
	return out
}

// stated returns the conditions that the heads of the column and of the row of the
// value at row, c state: "Ionic conductivity at 25 °C", "0.1C" below a property.
func (t *tableReading) stated(row, c int) []record.Condition {
	if t.last.row != row {
		t.last = rowSaid{row, t.rowSays(row)}
	}
	return append(slices.Clip(t.headSays[c]), t.last.conditions...)
}

// columnConditions reads the conditions that the head cells of column c state.
func (t *tableReading) columnConditions(c int) []record.Condition {
	var out []record.Condition
	var above *head // of a group of columns, that names a condition
	for _, i := range gridCells(t.grid, 0, max(t.block.Table.HeaderRows, 1), c, c+1) {
		cell := t.block.Table.Cells[i]
		s := span{cell.Start, cell.End}
		if above != nil {
			if cu, ok := t.conditionHead(above); ok {
				if condition, ok := t.under(cu, above, s); ok {
					out = append(out, condition)
					continue
				}
			}
		}
		out = append(out, t.said(s, true)...)
		out = append(out, t.edge(&t.columns[c], s)...)
		out = append(out, t.suffix(s)...)
		var line headline
		line.add(t.block, s)
		h := t.head(t.b, line, &tableWords{})
		above = &h
	}
	return out
}

// rowSays reads the conditions that the head cells of a row state, without those
// under a head of their own.
func (t *tableReading) rowSays(row int) []record.Condition {
	var out []record.Condition
	for _, i := range gridCells(t.grid, row, row+1, 0, max(t.block.Table.HeaderColumns, 1)) {
		cell := t.block.Table.Cells[i]
		if cell.Header && cell.Row < t.block.Table.HeaderRows {
			continue
		}
		h := &t.columns[cell.Column]
		if _, ok := t.conditionHead(h); ok && !t.transposed || madeAt(h.text) {
			continue
		}
		out = append(out, t.said(span{cell.Start, cell.End}, h.text == "" || t.transposed)...)
		out = append(out, t.edge(&t.rows[row], span{cell.Start, cell.End})...)
		out = append(out, t.suffix(span{cell.Start, cell.End})...)
	}
	return out
}

// edge returns which edge of the unit cell s, a cell of the head h, lists: "a (Å)".
func (t *tableReading) edge(h *head, s span) []record.Condition {
	s = trimmed(t.block.Text, s)
	text := t.block.Text[s.start:s.end]
	if h.property == nil || h.property.property.Name != "lattice-parameter" || text == "" || text[0] < 'a' || text[0] > 'c' || len(text) > 1 && labelByte(text[1]) {
		return nil
	}
	return []record.Condition{{Name: "axis", Text: text[:1], Block: t.b, Start: s.start, End: s.start + 1}}
}

// suffix returns the method that a symbol in s, a head, has for a suffix: "EgPBE".
func (t *tableReading) suffix(s span) []record.Condition {
	for _, w := range words(t.block.Text, s) {
		if n := t.x.lexicon.suffixed(w.text); n > 0 && isMethod(asciiLower(w.text[n:])) && w.end-w.start == len(w.text) {
			return []record.Condition{{Name: "method", Text: w.text[n:], Block: t.b, Start: w.start + n, End: w.end}}
		}
	}
	return nil
}

// said reads the conditions that s, a head, states: behind "at" and its like, in
// brackets, as an ordinal of a cycle, in words, and, if whole, as all that it says.
func (t *tableReading) said(s span, whole bool) []record.Condition {
	s = trimmed(t.block.Text, s)
	text := t.block.Text[s.start:s.end]
	if text == "" || len(text) > 200 || madeAt(text) {
		return nil
	}
	found := quantity.Scan(text, localShifts(t.raised, s))
	for i := range found {
		q := &found[i]
		q.Span, q.Number, q.UnitSpan = offset(q.Span, s.start), offset(q.Number, s.start), offset(q.UnitSpan, s.start)
	}
	out := t.conditions(t.b, s, found, nil)
	for _, q := range found {
		if q.UnitSpan.End == q.UnitSpan.Start || coveredBy(out, q.Start) {
			continue
		}
		before, after := strings.TrimRight(t.block.Text[s.start:q.Start], " "), strings.TrimLeft(t.block.Text[q.End:s.end], " ")
		fills := before == "" && after == ""
		if fills && (!whole || t.making && q.Quantity.Unit.Dimension == t.x.conditionUnits[0].units[0].Dimension) {
			continue
		}
		if !fills && !setApart(before, after) {
			continue
		}
		if condition, ok := t.conditionFrom(&q, fills); ok {
			out = append(out, condition)
		}
	}
	if whole && gaseous(text) && len(out) == 0 {
		out = append(out, record.Condition{Name: "atmosphere", Text: text, Block: t.b, Start: s.start, End: s.end})
	}
	return out
}

// setApart reports whether a quantity in a head, between before and after, is marked
// as a condition: behind "at" or "@", as a part of a bracket, or behind the bracket
// with the unit.
func setApart(before, after string) bool {
	if strings.HasSuffix(before, " at") {
		return true
	}
	if before == "" || after != "" && !strings.ContainsRune("),];", rune(after[0])) {
		return false
	}
	switch before[len(before)-1] {
	case '(', '[', ',', ';', '@', '=':
		return true
	case ')', ']':
		return after == ""
	}
	return false
}

// offset returns s, moved by n bytes.
func offset(s quantity.Span, n int) quantity.Span {
	return quantity.Span{Start: s.Start + n, End: s.End + n}
}

// conditionFrom returns the condition that q, which nothing but its place marks as
// one, is. A length is a wavelength only where alone does not hold: where the head says
// more than it.
func (t *tableReading) conditionFrom(q *quantity.Found, alone bool) (record.Condition, bool) {
	for _, known := range [][]conditionUnit{t.x.conditionUnits, tableConditionUnits} {
		for _, cu := range known {
			in, ok := cu.in(q.Quantity)
			if !ok || cu.name == "wavelength" && (alone || in.Low < 150) || cu.name == "humidity" || cu.name == "thickness" {
				continue
			}
			return record.Condition{
				Name: cu.name, Text: t.block.Text[q.Start:q.End], Low: finite(in.Low), High: finite(in.High), Unit: in.Unit.Symbol, Block: t.b, Start: q.Start, End: q.End,
			}, true
		}
	}
	return record.Condition{}, false
}

// maxStated bounds how many conditions a caption or a note states, and how many notes
// a table has: all are looked at for every value.
const maxStated = 32
