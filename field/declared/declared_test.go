package declared

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/internal/strictyaml"
	"github.com/alkahest/alkahest/quantity"
	"github.com/alkahest/alkahest/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestBuiltin(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	least := map[string]int{"battery": 30, "fuelcell": 12, "solid": 30, "emitter": 25, "plastic": 28, "photovoltaic": 15}
	for f := range set.Fields() {
		if len(f.Properties) < least[f.Name] {
			t.Errorf("%s has %d properties, want at least %d", f.Name, len(f.Properties), least[f.Name])
		}
		delete(least, f.Name)
	}
	if len(least) > 0 {
		t.Errorf("fields are missing: %v", least)
	}
	names := map[string]*field.Property{}
	for p := range set.Properties() {
		for _, n := range p.Names {
			names[field.Fold(n)] = p
		}
	}
	kinds := []string{string(record.Composition), string(record.Molecule), string(record.Polymer), string(record.Device), string(record.Named)}
	for p := range set.Properties() {
		if len(p.Names) == 0 || len(p.Korean) == 0 {
			t.Errorf("%s: %d English and %d Korean names", p.ID(), len(p.Names), len(p.Korean))
		}
		if len(p.Subjects) == 0 {
			t.Errorf("%s: no kind of subject", p.ID())
		}
		for _, s := range p.Subjects {
			if !slices.Contains(kinds, s) {
				t.Errorf("%s: no subject is a %q", p.ID(), s)
			}
		}
		// Without one trusted word a property is read only by its symbols.
		if !slices.ContainsFunc(p.Names, func(n string) bool { return !p.IsWeak(n) }) {
			t.Errorf("%s: every English name is weak", p.ID())
		}
		// Fields are loaded together: what one excludes must not silence another.
		for _, n := range p.Not {
			if o := names[field.Fold(n)]; o != nil {
				t.Errorf("%s excludes %q, which names %s", p.ID(), n, o.ID())
			}
		}
	}
}

// TestPlausible holds values that are known, with their sources, and numbers
// that a misreading would give.
func TestPlausible(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id    string
		value float64
		unit  string
		want  bool
	}{
		{"battery/specific-capacity", 3.861, "Ah/g", true}, // lithium metal, from its molar mass and the Faraday constant
		{"battery/specific-capacity", 170, "mAh/g", true},  // LiFePO4, from its molar mass
		{"battery/specific-capacity", 17000, "mAh/g", false},
		{"battery/ionic-conductivity", 12, "mS/cm", true}, // Li10GeP2S12, Kamaya et al., Nat. Mater. 10 (2011) 682
		{"battery/ionic-conductivity", 1200, "S/cm", false},
		{"battery/coulombic-efficiency", 99.98, "%", true},
		{"battery/coulombic-efficiency", 160, "%", false},
		{"battery/open-circuit-voltage", 400, "V", false},
		{"battery/activation-energy", 340, "meV", true},
		{"solid/band-gap", 21.7, "eV", true}, // neon, Runne and Zimmerer, Nucl. Instrum. Methods B 101 (1995) 156
		{"solid/band-gap", 532, "eV", false}, // the oxygen K edge
		{"solid/band-gap", 0.4, "meV", true},
		{"solid/curie-temperature", 1388, "K", true}, // cobalt
		{"solid/curie-temperature", 770, "°C", true}, // iron
		{"solid/curie-temperature", 9000, "K", false},
		{"solid/superconducting-transition-temperature", 250, "K", true}, // LaH10, Drozdov et al., Nature 569 (2019) 528
		{"solid/superconducting-transition-temperature", 800, "K", false},
		{"solid/hardness", 1800, "HV", true},
		{"solid/hardness", 2500, "GPa", false},
		{"solid/density", 22.59, "g/cm3", true}, // osmium
		{"solid/density", 2330, "kg/m3", true},  // silicon
		{"solid/density", 50, "g/cm3", false},
		{"solid/lattice-parameter", 0.543, "nm", true}, // silicon
		{"emitter/homo", -5.4, "eV", true},
		{"emitter/power-efficiency", 700.1, "lm/W", false}, // above 683 lm/W at 555 nm nothing can be
		{"emitter/cie-y", 1.2, "1", false},
		{"plastic/glass-transition-temperature", -127, "°C", true}, // polydimethylsiloxane
		{"plastic/glass-transition-temperature", 378, "K", true},   // polystyrene
		{"plastic/glass-transition-temperature", 1500, "°C", false},
		{"plastic/number-average-molar-mass", 25, "kDa", true},
		{"plastic/contact-angle", 200, "°", false},
		{"fuelcell/power-density", 1.2, "W/cm2", true},
		{"fuelcell/open-circuit-voltage", 12, "V", false},
	} {
		p := set.Property(c.id)
		if p == nil {
			t.Errorf("no property %s", c.id)
			continue
		}
		u, err := quantity.ParseUnit(c.unit)
		if err != nil {
			t.Fatal(err)
		}
		q, err := quantity.Quantity{Low: c.value, High: c.value, Unit: u}.In(p.Unit)
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
			continue
		}
		if got := p.Plausible(q.Low, q.High); got != c.want {
			t.Errorf("%s = %v %s (%v): plausible is %t, want %t", c.id, c.value, c.unit, q, got, c.want)
		}
	}
}

// TestErrors reads every testdata/*.yaml, which are wrong, and compares the
// errors with the .golden file beside it.
func TestErrors(t *testing.T) {
	inputs, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(inputs) == 0 {
		t.Fatalf("%d test files, %v", len(inputs), err)
	}
	for _, name := range inputs {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".yaml"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(filepath.Base(name), data)
			if err == nil {
				t.Fatalf("no error; read %+v", f)
			}
			var e *strictyaml.Error
			if !errors.As(err, &e) || e.File != filepath.Base(name) {
				t.Errorf("%T does not hold an *Error of the file", err)
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(name, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

const law = `field: law
title: Criminal law
version: 1
properties:
  prison-term:
    description: Length of a sentence of imprisonment.
    unit: month
    range: [0.03, 1200]
    names: [prison term, imprisonment]
    korean: [징역]
    weak:
      names: [sentence]
    conditions: [court]
    subjects: [name]
`

func TestHostile(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "hostile.yaml: the file is empty"},
		{"only a comment", "# nothing\n", "hostile.yaml: the file is empty"},
		{"too large", law + strings.Repeat("#", strictyaml.MaxBytes), "hostile.yaml: the file has more than 1048576 bytes"},
		{"not UTF-8", "field: l\xffw\n", "hostile.yaml: the file is not valid UTF-8"},
		{"two documents", law + "---\n" + law, "hostile.yaml:15:1: one file declares one field; a second document starts here"},
		{"deep", strings.Repeat("[", 100000), "hostile.yaml:"},
		{"aliases", "field: law\nversion: 1\nproperties: &a\n  b: *a\n", "hostile.yaml:4:6: property b: a property should be a mapping of keys to values, not an alias (*a), which declarations cannot have"},
		{"billion laughs", "a: &a [x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n", `hostile.yaml:1:1: unknown key "a" in the declaration`},
		{"merge key", "base: &b {field: law}\n<<: *b\n", `hostile.yaml:2:1: unknown key "<<" in the declaration`},
		{"a long list", strings.Replace(law, "[prison term", "["+strings.Repeat("x, ", strictyaml.MaxItems+1)+"prison term", 1), "more than 500 items in names"},
		{"a long word", strings.Replace(law, "prison term", strings.Repeat("x", strictyaml.MaxItemBytes+1), 1), "more than 200 bytes"},
		{"infinite range", strings.Replace(law, "1200", ".inf", 1), `an end of a range should be a number, not ".inf"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("hostile.yaml", []byte(c.data))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	write := func(dir, name, data string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	battery := strings.Replace(law, "field: law", "field: battery", 1)
	dir := t.TempDir()
	write(dir, "law.yaml", law)
	write(dir, "notes.txt", "not a declaration")
	set, err := Load("", dir)
	if err != nil {
		t.Fatal(err)
	}
	if p := set.Property("law/prison-term"); p == nil || p.Title != "prison term" || !p.IsWeak("sentence") || p.IsWeak("imprisonment") {
		t.Errorf("law/prison-term is %+v", p)
	}
	if set.Property("battery/specific-capacity") == nil {
		t.Error("the fields of the program are gone")
	}

	write(dir, "ours.yml", battery)
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "field battery is declared twice") {
		t.Errorf("a second field battery: %v", err)
	}
	write(dir, "ours.yml", strings.Replace(battery, "version: 1", "version: 1\nreplaces: true", 1))
	set, err = Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if set.Property("battery/prison-term") == nil || set.Property("battery/specific-capacity") != nil {
		t.Error("the field did not replace the program's")
	}

	write(dir, "worse.yaml", "field: [")
	fields, err := LoadDir(dir)
	if err == nil || !strings.Contains(err.Error(), "worse.yaml:") || len(fields) != 2 {
		t.Errorf("one broken file of three: %d fields, %v", len(fields), err)
	}
	if _, err := LoadDir(t.TempDir()); err == nil {
		t.Error("a folder without declarations is no error")
	}
	if _, err := LoadDir(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent folder: %v", err)
	}
}

// TestDocumented reads the examples of docs/fields.md.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "fields.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rest := text; ; n++ {
		_, after, ok := bytes.Cut(rest, []byte("```yaml\n"))
		if !ok {
			break
		}
		example, after, _ := bytes.Cut(after, []byte("```"))
		rest = after
		if _, err := Parse("docs/fields.md", example); err != nil {
			t.Errorf("example %d: %v", n+1, err)
		}
	}
	if n == 0 {
		t.Error("docs/fields.md has no example")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(law))
	for _, name := range builtin {
		data, err := files.ReadFile("fields/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:bytes.LastIndex(data[:2000], []byte("\n\n"))])
	}
	inputs, _ := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	for _, name := range inputs {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Parse("fuzz.yaml", data)
		if err != nil {
			var e *strictyaml.Error
			if !errors.As(err, &e) || e.What == "" || e.Line < 0 || e.Line > bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r"))+2 {
				t.Fatalf("error %#v", err)
			}
			// The checks with line numbers must find all that Validate would.
			if e.Line == 0 && strings.Contains(e.What, "property ") && strings.Contains(e.What, "/") {
				t.Fatalf("without a line: %v", err)
			}
			return
		}
		if err := got.Validate(); err != nil {
			t.Fatalf("accepted %v", err)
		}
		if _, err := field.NewSet(got); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleParse() {
	f, err := Parse("law.yaml", []byte(law))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range f.Properties {
		fmt.Println(p.ID(), p.Unit, p.Low, p.High, p.Korean)
	}
	_, err = Parse("law.yaml", []byte(strings.Replace(law, "month", "moonth", 1)))
	fmt.Println(err)
	// Output:
	// law/prison-term month 0.03 1200 [징역]
	// law.yaml:7:11: property prison-term: unknown unit "moonth"
}

func ExampleBuiltin() {
	fields, err := Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	p := fields.Property("solid/band-gap")
	fmt.Println(p.Title, "in", p.Unit, p.Plausible(1.12, 1.12), p.Plausible(532, 532))
	// Output: band gap in eV true false
}
