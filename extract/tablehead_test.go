package extract

import (
	"testing"

	"github.com/alkahest/alkahest/field/declared"
)

// The names of properties in the tables of heads are those that fields declare.
func TestHeadPropertiesExist(t *testing.T) {
	fields, err := declared.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for p := range fields.Properties() {
		known[p.Name] = true
	}
	for letter, name := range headLetters {
		if !known[name] {
			t.Errorf("%s: no field declares %s", letter, name)
		}
	}
	for name, beside := range companions {
		for _, n := range append(beside, name) {
			if !known[n] {
				t.Errorf("%s: no field declares %s", name, n)
			}
		}
	}
}
