package molecule

import (
	"strconv"
	"strings"
	"testing"
)

// TestLarge reads and writes large and deep molecules, which must take neither deep
// recursion nor time that grows with the square of their size, and refuses what is
// beyond bounds.
func TestLarge(t *testing.T) {
	for name, s := range map[string]string{
		"chain":    strings.Repeat("C", 100_000),
		"branches": strings.Repeat("C(", 50_000) + "C" + strings.Repeat(")", 50_000),
		"parts":    "C" + strings.Repeat(".C", 50_000),
		"ring":     "C1" + strings.Repeat("C", 50_000) + "1",
		"rings":    strings.Repeat("C1CC1", 10_000),
		"phenyls":  strings.Repeat("c1ccccc1", 5_000),
		"centres":  strings.Repeat("[C@](F)(Cl)", 10_000) + "Br",
	} {
		m, err := ParseSMILES(s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := ParseSMILES(m.SMILES())
		if err != nil {
			t.Errorf("%s, written: %v", name, err)
		} else if again.NumAtoms() != m.NumAtoms() || again.NumBonds() != m.NumBonds() {
			t.Errorf("%s: %d atoms and %d bonds, written and read %d and %d", name, m.NumAtoms(), m.NumBonds(), again.NumAtoms(), again.NumBonds())
		}
	}
	for name, s := range map[string]string{
		"open rings": manyOpenRings(2000),
		"long":       strings.Repeat("C", MaxSMILES+1),
		"star":       "*" + strings.Repeat("(C)", 300),
	} {
		if _, err := ParseSMILES(s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// manyOpenRings returns a chain of n atoms that each open a ring.
func manyOpenRings(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("C%(")
		b.WriteString(strings.Repeat("0", 5-len(strconv.Itoa(i+10))) + strconv.Itoa(i+10))
		b.WriteString(")")
	}
	return b.String()
}
