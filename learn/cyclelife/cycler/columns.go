package cycler

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/alkahest/alkahest/quantity"
)

// role is what a column holds.
type role int

const (
	cellRole role = iota
	cycleRole
	voltageRole
	capacityRole
	currentRole
	lifeRole
	roles // their number
)

// columns says how columns of a role are named, in the order of preference:
// letters and digits in lower case, without unit. The names are those of files
// that Arbin, BioLogic, Maccor and Neware cyclers export, and of public sets.
var columns = [roles]struct {
	what  string
	unit  string // in which values are kept
	names []string
}{
	cellRole:     {what: "cell", names: []string{"cell", "cellid", "cellname", "cellnumber", "cellno", "cellcode", "barcode", "battery", "batteryid", "serialnumber"}},
	cycleRole:    {what: "cycle", names: []string{"cycle", "cycleindex", "cyclenumber", "cycleno", "cycleid", "cyc", "cycles"}},
	voltageRole:  {what: "voltage", unit: "V", names: []string{"voltage", "ecell", "ewe", "volt", "volts", "cellvoltage", "potential", "v", "u"}},
	capacityRole: {what: "discharge capacity", unit: "A h", names: []string{"dischargecapacity", "dischargedcapacity", "capacitydischarge", "dischgcapacity", "dchgcapacity", "dchgcap", "dischargecap", "qdischarge", "qdis", "qd", "capacity", "cap", "amphr", "q"}},
	currentRole:  {what: "current", unit: "A", names: []string{"current", "amps", "i"}},
	lifeRole:     {what: "life", names: []string{"life", "cyclelife", "lifetime", "cycles"}},
}

// found is a column of a file: where it stands, and what its values are
// multiplied with.
type found struct {
	index  int // -1 for none
	factor float64
}

// findColumns returns the columns of the roles wanted; of those that are not
// required it may be none.
func findColumns(heads []string, name string, wanted []role, required ...role) (at [roles]found, err error) {
	for r := range at {
		at[r].index = -1
	}
	for _, r := range wanted {
		for _, spelling := range columns[r].names {
			for j, head := range heads {
				bare, unit := split(head)
				if bare != spelling {
					continue
				}
				if k := at[r].index; k >= 0 {
					return at, fmt.Errorf("%s: columns %q and %q may both be the %s; rename one", name, heads[k], head, columns[r].what)
				}
				factor, err := factor(r, unit)
				if err != nil {
					return at, fmt.Errorf("%s: column %q: %w", name, head, err)
				}
				at[r] = found{j, factor}
			}
			if at[r].index >= 0 {
				break
			}
		}
	}
	for _, r := range required {
		if at[r].index < 0 {
			return at, fmt.Errorf("%s: no column of the first line is the %s; name one %q (there are %s)",
				name, columns[r].what, columns[r].what, strings.Join(heads, ", "))
		}
	}
	return at, nil
}

// split divides a head into its name, folded, and its unit: "Voltage(V)",
// "Ecell/V", "Discharge_Capacity [mAh]", "Voltage_V".
func split(head string) (bare, unit string) {
	head = strings.TrimSpace(head)
	if i := strings.LastIndexAny(head, "(["); i > 0 && strings.ContainsAny(head[len(head)-1:], ")]") {
		return fold(head[:i]), strings.TrimSpace(head[i+1 : len(head)-1])
	}
	if before, after, ok := strings.Cut(head, "/"); ok {
		return fold(before), strings.TrimSpace(after)
	}
	if i := strings.LastIndexAny(head, "_ "); i > 0 {
		switch unit = head[i+1:]; unit {
		case "V", "mV", "A", "mA", "Ah", "mAh":
			return fold(head[:i]), unit
		}
	}
	return fold(head), ""
}

// fold keeps letters and digits, in lower case.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// factor returns what values in unit are multiplied with.
func factor(r role, unit string) (float64, error) {
	want := columns[r].unit
	if want == "" || unit == "" {
		return 1, nil
	}
	target, err := quantity.ParseUnit(want)
	if err != nil {
		return 0, err
	}
	u, err := quantity.ParseUnit(strings.ReplaceAll(unit, ".", " ")) // BioLogic writes mA.h
	if err != nil || u.Unknown || u.Dimension != target.Dimension {
		return 0, fmt.Errorf("%q is no unit of %s; it should be in %s or a multiple", unit, columns[r].what, strings.ReplaceAll(want, " ", ""))
	}
	return u.Factor / target.Factor, nil
}
